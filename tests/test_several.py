"""Several sources in one model: one thing by explicit keys only; each fact knows who says it; conflicts are listed."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest
from conftest import ROOT

import itsm_ontology as itsm
from itsm_ontology import InputError, Source
from itsm_ontology.names import ITSM, RDF_TYPE, RDFS

HEAD = """@prefix : <urn:x:> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix itsm: <https://w3id.org/itsm-ontology/itsm#> .
@prefix meta: <https://w3id.org/itsm-ontology/meta#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""

CMDB = (
    HEAD
    + """
:snow1 a itsm:ApplicationSoftware ; rdfs:label "Payroll" ; dcterms:identifier "APP-1" ; itsm:runsOn :srv ;
    itsm:version "1" ; meta:declaredAs "servicenow:cmdb_ci_appl" .
:snow2 a itsm:ApplicationSoftware ; rdfs:label "Mail" ; dcterms:identifier "APP-2" .
:srv a itsm:Server .
:srv meta:completeFor itsm:hasPart .
"""
)
CATALOGUE = (
    HEAD
    + """
:web a itsm:Software ; rdfs:label "payroll-web" ; dcterms:source "APP-1" ; itsm:ownedBy :team ; itsm:version "2" ;
    itsm:runsOn :srv ; meta:declaredAs "backstage:Component" .
:mail a itsm:Document ; dcterms:source "APP-2" .
:other a itsm:Software ; dcterms:source "APP-9" .
"""
)
KEYS = b"""
[keys]
asset = [
    { of = "cmdb", field = "dcterms:identifier" },
    { of = "catalogue", field = "dcterms:source" },
]
"""


def both(keys: bytes | None = KEYS, catalogue: str = CATALOGUE, cmdb: str = CMDB) -> itsm.Model:
    return itsm.load(
        [Source(cmdb.encode(), name="cmdb"), Source(catalogue.encode(), name="catalogue")],
        keys=io.BytesIO(keys) if keys else None,
    )


def test_without_keys_nothing_is_merged() -> None:
    model = both(None)
    assert model.merged == ()
    assert {iri for iri in model.elements if iri.startswith("urn:x:")} == {
        f"urn:x:{name}" for name in ("snow1", "snow2", "srv", "web", "mail", "other", "team")
    }
    assert model.sources == ("cmdb", "catalogue")
    assert [report.source for report in model.reports] == ["cmdb", "catalogue"]


def test_a_key_makes_one_thing_of_two_records() -> None:
    model = both()
    assert [(one.element, one.others, one.key, one.value) for one in model.merged] == [
        ("urn:x:snow1", ("urn:x:web",), "asset", "APP-1"),
        ("urn:x:snow2", ("urn:x:mail",), "asset", "APP-2"),
    ]
    assert "urn:x:web" not in model.elements
    assert model.declarations("urn:x:snow1") == ("servicenow:cmdb_ci_appl", "backstage:Component")
    assert set(model.kinds("urn:x:snow1")) == {ITSM.ApplicationSoftware, ITSM.Software}
    assert "urn:x:other" in model.elements


def test_each_fact_knows_who_says_it() -> None:
    model = both()
    assert model.said_by("urn:x:snow1", "itsm:runsOn", "urn:x:srv") == ("cmdb", "catalogue")
    assert model.said_by("urn:x:snow1", "itsm:ownedBy", "urn:x:team") == ("catalogue",)
    assert model.said_by("Payroll", RDF_TYPE, ITSM.ApplicationSoftware) == ("cmdb",)
    assert model.said_by("Payroll", "itsm:hasPart", "urn:x:srv") == ()


def test_what_sources_contradict_each_other_in_is_listed() -> None:
    found = {(one.element, one.relation): one.said for one in both().conflicts}
    assert found == {
        ("urn:x:snow1", RDFS.label): (("cmdb", ("Payroll",)), ("catalogue", ("payroll-web",))),
        ("urn:x:snow1", ITSM.version): (("cmdb", ("1",)), ("catalogue", ("2",))),
        ("urn:x:snow2", RDF_TYPE): (
            ("cmdb", (ITSM.ApplicationSoftware,)),
            ("catalogue", (ITSM.Document,)),
        ),
    }
    assert both(None).conflicts == ()
    assert [problem.element for problem in both().problems] == ["urn:x:snow2"]


def test_completeness_stays_that_of_its_source() -> None:
    model = both()
    (item,) = model.facts.completeness
    assert item.relation == ITSM.hasPart
    assert item.node is not None
    assert model.facts.terms[item.node].value == "urn:x:srv"
    everywhere = HEAD + "meta:Everything meta:completeFor itsm:ownedBy . :a a itsm:Server ."
    whole = itsm.load(
        [Source((HEAD + ":b a itsm:Server .").encode(), name="one"), Source(everywhere.encode(), name="two")]
    )
    assert len(whole.facts.completeness) == 1


def test_a_key_that_two_records_of_one_source_have_is_refused() -> None:
    twice = CMDB.replace('"APP-2"', '"APP-1"')
    with pytest.raises(InputError) as caught:
        both(cmdb=twice)
    assert "the key asset (APP-1)" in caught.value.problem
    assert "urn:x:snow1" in caught.value.problem
    assert "urn:x:snow2" in caught.value.problem
    assert caught.value.source == "cmdb"


def test_a_chain_of_keys_that_joins_two_of_one_source_is_refused() -> None:
    chained = CATALOGUE.replace('dcterms:source "APP-1"', 'dcterms:source "APP-1", "APP-2"')
    with pytest.raises(InputError, match="tells them apart"):
        both(catalogue=chained)


def test_a_value_that_only_one_source_has_twice_does_no_harm() -> None:
    model = both(catalogue=CATALOGUE + ':more a itsm:Software ; dcterms:source "APP-9" .')
    assert len(model.merged) == 2


def test_three_sources() -> None:
    third = HEAD + ':third a itsm:Software ; dcterms:source "APP-1" ; itsm:dependsOn :db .'
    keys = KEYS + b"\n[keys.x]\n"
    with pytest.raises(InputError):
        itsm.load([Source(CMDB.encode(), name="cmdb")], keys=io.BytesIO(keys))
    named = KEYS.replace(b"]\n", b'    { of = "third", field = "dcterms:source" },\n]\n', 2).replace(
        b'[keys    { of = "third", field = "dcterms:source" },\n]\n', b"[keys]\n"
    )
    model = itsm.load(
        [
            Source(text.encode(), name=name)
            for text, name in ((CMDB, "cmdb"), (CATALOGUE, "catalogue"), (third, "third"))
        ],
        keys=io.BytesIO(named),
    )
    assert model.merged[0].others == ("urn:x:third", "urn:x:web")
    assert model.said_by("urn:x:snow1", RDF_TYPE, ITSM.Software) == ("catalogue", "third")
    assert model.said_by("urn:x:snow1", "itsm:dependsOn", "urn:x:db") == ("third",)


def test_the_order_gives_the_iri_and_nothing_else() -> None:
    def verdicts(names: tuple[str, str]) -> set[tuple[str, str]]:
        texts = {"cmdb": CMDB, "catalogue": CATALOGUE}
        model = itsm.load([Source(texts[name].encode(), name=name) for name in names], keys=io.BytesIO(KEYS))
        element = next(one.element for one in model.merged if one.value == "APP-1")
        assert element == {"cmdb": "urn:x:snow1", "catalogue": "urn:x:web"}[names[0]]
        found = itsm.evaluate(model, terms=["application"], elements=[element])
        return {(verdict.definition, verdict.outcome.value) for verdict in found.all()}

    assert verdicts(("cmdb", "catalogue")) == verdicts(("catalogue", "cmdb"))


@pytest.mark.parametrize(
    ("keys", "part"),
    [
        (b'[keys]\na = [{ of = "cmbd", field = "x" }]', "Did you mean cmdb?"),
        (b'[keys]\na = [{ of = "cmdb" }]', "Expected a text"),
        (b'[keys]\na = [{ of = "cmdb", field = "x", clas = "y" }]', "Did you mean class?"),
        (b'[keys]\na = "x"', "Expected a list"),
        (b"keys = 3", "Expected keys with values"),
        (b'[key]\na = [{ of = "cmdb", field = "x" }]', "Did you mean keys?"),
        (b"[keys", "this is not TOML"),
    ],
)
def test_faulty_keys_are_refused(keys: bytes, part: str) -> None:
    with pytest.raises(InputError) as caught:
        both(keys)
    assert part in str(caught.value)


def test_a_field_may_hold_several_keys() -> None:
    tags = b'{ of = "catalogue", field = "itsm:version" }'
    more = KEYS + b'other = [{ of = "cmdb", field = "dcterms:identifier" }, ' + tags + b"]\n"
    assert [one.value for one in both(more).merged] == ["APP-1", "APP-2"]


def test_two_of_one_source_stay_two_also_where_another_source_names_one_of_them() -> None:
    again = HEAD + ':snow1 a itsm:Software ; dcterms:source "X" . :new a itsm:Software ; dcterms:source "APP-1" .'
    with pytest.raises(InputError, match="tells them apart") as caught:
        both(catalogue=again)
    assert caught.value.source == "catalogue"


def test_a_key_that_makes_nothing_one_is_noted() -> None:
    misspelt = both(KEYS.replace(b"dcterms:source", b"dcterms:sourc"))
    assert misspelt.merged == ()
    assert [report.notes for report in misspelt.reports] == [
        ("the key asset: no other source has one of its 2 values here.",),
        ("the key asset: no record has a value in *.dcterms:sourc.",),
    ]
    assert [report.notes for report in both().reports] == [(), ()]


def test_an_unknown_source_of_a_key_is_named_with_the_file() -> None:
    with pytest.raises(InputError) as caught:
        itsm.load([Source(CMDB.encode(), name="cmdb")], keys=named(KEYS, "keys.toml"))
    assert (caught.value.source, caught.value.record) == ("keys.toml", "keys.asset")


def named(data: bytes, name: str) -> io.BytesIO:
    stream = io.BytesIO(data)
    stream.name = name
    return stream


# ---------------------------------------------------------------------------------------------------------------------
# Sources files


@pytest.fixture
def written(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "cmdb.ttl").write_text(CMDB, "utf-8")
    (tmp_path / "catalogue.ttl").write_text(CATALOGUE, "utf-8")
    sources = (
        '[[sources]]\npath = "in/cmdb.ttl"\nname = "cmdb"\n\n[[sources]]\npath = "catalogue.ttl"\nname = "catalogue"\n'
    )
    (tmp_path / "all.toml").write_text(sources + KEYS.decode(), "utf-8")
    return tmp_path / "all.toml"


def test_a_sources_file_names_all(written: Path) -> None:
    model = itsm.load(written)
    assert len(model.merged) == 2
    assert model.sources == ("cmdb", "catalogue")
    assert itsm.load(str(written), format="sources").merged == model.merged


def test_the_keys_of_a_sources_file_may_come_first(written: Path) -> None:
    said = written.read_text("utf-8").removesuffix(KEYS.decode())
    written.write_text(KEYS.decode().lstrip() + said, "utf-8")
    assert len(itsm.load(written).merged) == 2


def test_a_mapping_for_a_sources_file_is_refused(written: Path) -> None:
    with pytest.raises(InputError, match="this names several sources, and a mapping or a base is for one"):
        itsm.load(written, mapping=b'system = "x"')


def test_the_page_on_sources_files_shows_that_of_an_example(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "several-sources.md").read_text("utf-8")
    monkeypatch.chdir(ROOT / "examples" / "47-services-or-applications")
    assert re.findall(r"^```toml\n(.*?)^```$", page, re.M | re.S) == [Path("landscape.toml").read_text("utf-8")]
    (code,) = re.findall(r"^```python\n(.*?)^```$", page, re.M | re.S)
    exec(compile(code, "several-sources.md", "exec"), {})


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("in/cmdb.ttl", "in/gone.ttl", "there is no such file"),
        ('path = "catalogue.ttl"', 'pat = "catalogue.ttl"', "Did you mean path?"),
        ('path = "catalogue.ttl"\n', "", "a source has no path"),
        ('name = "cmdb"', "name = 3", "Expected a text"),
        ('path = "catalogue.ttl"', 'path = "all.toml"', "in none of the formats"),
    ],
)
def test_a_faulty_sources_file_is_refused(written: Path, old: str, new: str, part: str) -> None:
    written.write_text(written.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(InputError) as caught:
        itsm.load(written)
    assert part in str(caught.value)


def test_one_bad_source_spoils_the_load(written: Path) -> None:
    (written.parent / "catalogue.ttl").write_text(":a :b", "utf-8")
    with pytest.raises(InputError) as caught:
        itsm.load(written)
    assert caught.value.source == "catalogue"


def test_the_same_name_twice_is_told_apart() -> None:
    texts = [HEAD + ":a a itsm:Server .", HEAD + ":a itsm:hasPart :b ."]
    model = itsm.load([Source(text.encode(), name="x") for text in texts])
    assert model.sources == ("x", "x (2)")


def test_what_a_load_refuses() -> None:
    with pytest.raises(InputError, match="nothing to load"):
        itsm.load([])
    with pytest.raises(InputError, match="is for one source"):
        itsm.load([CMDB.encode()], format="turtle")
    with pytest.raises(InputError, match="a base can't change them"):
        itsm.load(Source(CMDB.encode(), base="urn:y:"))


# ---------------------------------------------------------------------------------------------------------------------
# Folders


def test_a_folder_of_one_format_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(CMDB, "utf-8")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.ttl").write_text(CATALOGUE, "utf-8")
    (tmp_path / "note.txt").write_text("Once upon a time", "utf-8")
    (tmp_path / ".hidden.ttl").write_text("broken", "utf-8")
    model = itsm.load(tmp_path)
    assert {"urn:x:snow1", "urn:x:web"} <= set(model.elements)
    assert model.report.read["file"] == 3
    assert model.report.used["file"] == 2
    assert [(left.what, left.count) for left in model.report.left] == [("file", 1)]


def test_a_folder_of_several_formats_must_be_told_which(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(CMDB, "utf-8")
    (tmp_path / "b.nt").write_text("<urn:a> <urn:b> <urn:c> .\n", "utf-8")
    with pytest.raises(InputError, match=r"several formats: 1 turtle .* 1 n-triples"):
        itsm.load(tmp_path)
    assert itsm.load(tmp_path, format="n-triples").report.used["file"] == 1


def test_links_out_of_a_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.ttl").write_text(CATALOGUE, "utf-8")
    (tmp_path / "in" / "a.ttl").write_text(CMDB, "utf-8")
    (tmp_path / "in" / "b.ttl").symlink_to(tmp_path / "secret.ttl")
    assert "urn:x:web" not in itsm.load(tmp_path / "in").elements


def test_a_blank_file_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(CMDB, "utf-8")
    (tmp_path / "b.ttl").write_text(" \n", "utf-8")
    (tmp_path / "c.ttl").write_text("", "utf-8")
    assert itsm.load(tmp_path).report.read["file"] == 1


def test_a_folder_that_cannot_be_read_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.ttl").write_text(CMDB, "utf-8")
    (tmp_path / "locked").mkdir()
    scandir = os.scandir

    def guarded(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    with pytest.raises(InputError, match="Permission denied") as caught:
        itsm.load(tmp_path)
    assert caught.value.source == str(tmp_path / "locked")


# ---------------------------------------------------------------------------------------------------------------------
# What is asked for


def test_a_wrong_format_is_told_from_the_content() -> None:
    for data, asked, likely in (
        (b'{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": []}', "structurizr", "cyclonedx"),
        (b'{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": []}', "archi", "cyclonedx"),
        (CMDB.encode(), "servicenow", "turtle"),
    ):
        with pytest.raises(InputError) as caught:
            itsm.load(data, format=asked)
        assert f"read as {asked}, and looks like {likely}:" in caught.value.repair


@pytest.mark.parametrize("base", ["", "acme", "urn:a b:", "<", "\0", "\ud800"])
def test_a_base_that_begins_no_iri_is_refused(base: str) -> None:
    with pytest.raises(InputError, match="is not what IRIs can begin with"):
        itsm.load(Source(ROOT / "tests" / "data" / "sources" / "cyclonedx" / "dispatch.json", base=base))


def test_a_long_name_is_no_path(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services:\n  web:\n    image: web\n", "utf-8")
    assert itsm.load(tmp_path / "compose.yaml", name="x" * 5000).elements


def test_progress_is_told() -> None:
    lines = "".join(f"<urn:a{n}> <urn:b> <urn:c> .\n" for n in range(5000))
    told: list[tuple[str, int]] = []
    itsm.load(lines.encode(), name="many.nt", progress=lambda name, count: told.append((name, count)))
    assert [name for name, _ in told] == ["many.nt"] * len(told)
    assert [count for _, count in told] == [1000, 2000, 3000, 4000, 5000]
