"""ArchiMate beyond the plain file: folders of a file a concept, archives, specializations, several files, relationships
that end at relationships; and what is refused."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from pyoxigraph import Literal
from test_archimate import ENDS, adds_up, archi, exchange, fields, left, link, relations, said, thing, triggers

from itsm_ontology import InputError, Model, load
from itsm_ontology.document import Document, open_document
from itsm_ontology.names import DCTERMS, ITSM
from itsm_ontology.sources.archimate import is_archi, is_exchange, is_folder
from itsm_ontology.sources.formats import FORMATS
from itsm_ontology.sources.syntax import zip as zip_syntax

DATA = ROOT / "tests" / "data"
BAKERY = DATA / "sources" / "archimate" / "bakery"
NATIVE = DATA / "sources" / "archimate" / "bakery.archimate"
IRI = "urn:archimate:ba0e:"

# --------------------------------------------------------------------------------------------------------------------
# A model in a folder

EXPECTED = """
a1 flowsTo a2
x1 connectedTo a1
x1 connectedTo a2
d1 connectedTo x1
a1 realizes s1
s1 supports r1
s1 usedBy r1
b1 triggers b2
b1 triggers b3
a2 accesses d1
"""


@pytest.mark.parametrize("path", [BAKERY, BAKERY / "model", NATIVE], ids=["repository", "its model", "one file"])
def test_a_model_is_the_same_in_a_folder_and_in_a_file(path: Path) -> None:
    model = load(path)
    assert model.report.format == ("archi" if path == NATIVE else "coarchi")
    assert relations(model) == {tuple(line.split()) for line in EXPECTED.strip().split("\n")}
    assert len(model.elements) == 10
    assert model.declarations(f"{IRI}n1") == ("archimate-3:Node",)
    facts = said(model)
    assert (DCTERMS.description, f"{IRI}a1", Literal("Takes orders, \nday and night.")) in facts
    owners = {value for relation, _, value in facts if relation == "urn:archimate:property:Owner"}
    assert owners == {Literal("Counter"), Literal("Oven & co")}
    assert any("alternatives" in note for note in model.report.notes)
    assert not model.problems
    adds_up(model)


def test_what_a_folder_has_is_counted_by_its_files() -> None:
    model = load(BAKERY)
    counted = Counter(path.name.partition("_")[0] for path in (BAKERY / "model").rglob("*_*.xml"))
    assert sum(counted.values()) == 19
    read = {name.removesuffix("Relationship"): count for name, count in counted.items()}
    assert {name: model.report.read.get(name) for name in read} == read
    assert model.report.read["folder"] == len(list((BAKERY / "model").rglob("folder.xml"))) - 1
    files = [path for path in BAKERY.rglob("*") if path.is_file()]
    assert model.report.read["file"] == len(files)
    assert left(model, "file") == {"it is in none of the formats that are read": 2}
    assert fields(model)["Access.accessType"] == (1, 0)
    assert fields(model)["ApplicationComponent.property.Owner"] == (2, 2)


CONCEPT = '<archimate:{} xmlns:archimate="http://www.archimatetool.com/archimate" id="{}"/>'


def kept(folder: Path, model: str = "m", *concepts: tuple[str, str]) -> Path:
    """Write a model into a folder, a file a concept."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "folder.xml").write_text(CONCEPT.format("ArchimateModel", model))
    for kind, identifier in concepts:
        (folder / f"{kind}_{identifier}.xml").write_text(CONCEPT.format(kind, identifier))
    return folder


def flow(folder: Path, source: str, target: str) -> None:
    """Write a flow into a folder; the ends are `Type_identifier`."""
    ends = "".join(
        f'<{end} xsi:type="archimate:{name.partition("_")[0]}" href="{name}.xml#{name.partition("_")[2]}"/>'
        for end, name in (("source", source), ("target", target))
    )
    (folder / "FlowRelationship_f.xml").write_text(
        '<archimate:FlowRelationship xmlns:archimate="http://www.archimatetool.com/archimate" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="f">{ends}</archimate:FlowRelationship>'
    )


def test_an_end_that_is_not_in_the_folder_is_known_by_name_only(tmp_path: Path) -> None:
    """Merging branches of a repository can take a concept away and leave what ends at it."""
    flow(kept(tmp_path, "m", ("Node", "n")), "Node_n", "Device_gone")
    model = load(tmp_path)
    assert relations(model) == {("n", "flowsTo", "gone")}
    assert model.declarations("urn:archimate:m:gone") == ("archimate-3:Device",)
    assert "1 x Device named, but not in the source: known by name only." in model.report.notes


def test_two_models_in_one_folder_stay_two(tmp_path: Path) -> None:
    kept(tmp_path / "a" / "model", "a", ("Node", "n"))
    kept(tmp_path / "b" / "model", "b", ("Device", "n"), ("Node", "o"))
    (tmp_path / "Node_stray.xml").write_text(CONCEPT.format("Node", "stray"))
    model = load(tmp_path)
    assert set(model.elements) == {"urn:archimate:a:n", "urn:archimate:b:n", "urn:archimate:b:o"}
    assert any(note.startswith("1 x identifier in ") and "kept apart" in note for note in model.report.notes)
    assert left(model, "Node outside of a model") == {"no folder above it is that of a model": 1}
    adds_up(model)


def test_a_concept_in_two_files_is_an_error_with_both(tmp_path: Path) -> None:
    kept(tmp_path, "m", ("Node", "n"))
    again = tmp_path / "sub"
    again.mkdir()
    shutil.copy(tmp_path / "Node_n.xml", again)
    with pytest.raises(InputError) as caught:
        load(tmp_path)
    assert caught.value.source == str(again / "Node_n.xml")
    assert str(tmp_path / "Node_n.xml") in caught.value.problem


@pytest.mark.parametrize("part", ["application", "application/DataObject_id-d1.xml", "folder.xml"])
def test_a_part_of_a_folder_says_what_to_load(part: str) -> None:
    with pytest.raises(InputError, match="without the rest of it") as caught:
        load(BAKERY / "model" / part)
    assert "Load the whole folder" in str(caught.value.repair)


def test_a_conflict_that_was_left_in_a_file_is_an_error_with_its_place(tmp_path: Path) -> None:
    repository = shutil.copytree(BAKERY, tmp_path / "bakery")
    torn = repository / "model" / "application" / "DataObject_id-d1.xml"
    torn.write_text(torn.read_text().replace('    name="Order"', '<<<<<<< HEAD\n    name="Order"'))
    with pytest.raises(InputError, match="not well-formed") as caught:
        load(repository)
    assert (caught.value.source, caught.value.line) == (str(torn), 3)


def test_the_root_of_a_folder_may_be_spelt_as_in_one_file(tmp_path: Path) -> None:
    folder = kept(tmp_path, "m", ("Node", "n"))
    (folder / "folder.xml").write_text(CONCEPT.format("model", "m"))
    assert load(folder).elements == ("urn:archimate:m:n",)


def test_a_file_a_model_in_a_repository_is_read_with_its_images_beside(tmp_path: Path) -> None:
    shutil.copy(NATIVE, tmp_path / "model.archimate")
    shutil.copytree(BAKERY / "images", tmp_path / "images")
    assert said(load(tmp_path)) == said(load(NATIVE))


# --------------------------------------------------------------------------------------------------------------------
# Several files


def written(folder: Path, **files: bytes) -> Path:
    for name, data in files.items():
        (folder / f"{name}.archimate").write_bytes(data)
    return folder


def of_model(identifier: str, *elements: str) -> bytes:
    return archi(*elements).replace(b'id="m"', f'id="{identifier}"'.encode(), 1)


def test_two_states_of_a_model_are_not_mixed(tmp_path: Path) -> None:
    written(tmp_path, before=archi(thing("a")), after=archi(thing("b"), thing("a")))
    with pytest.raises(InputError) as caught:
        load(tmp_path)
    assert caught.value.source == str(tmp_path / "before.archimate")
    assert f"on line 4 of {tmp_path / 'after.archimate'}" in caught.value.problem
    assert "load one" in str(caught.value.repair)


def test_parts_of_a_model_are_put_together(tmp_path: Path) -> None:
    written(tmp_path, one=archi(thing("a")), two=archi(thing("b"), link("r", "Flow", "a", "b")))
    assert relations(load(tmp_path)) == {("a", "flowsTo", "b")}


def test_models_with_identifiers_of_their_own_stay_apart(tmp_path: Path) -> None:
    written(tmp_path, one=of_model("1", thing("a"), thing("b")), two=of_model("2", thing("a")))
    model = load(tmp_path)
    assert set(model.elements) == {"urn:archimate:1:a", "urn:archimate:1:b", "urn:archimate:2:a"}
    assert [note for note in model.report.notes if "kept apart" in note] == [
        f"1 x identifier in {tmp_path / 'one.archimate'} and in {tmp_path / 'two.archimate'} too: they are kept apart, "
        "since the models have identifiers of their own."
    ]
    adds_up(model)


def test_two_exchange_files_are_not_mixed_either(tmp_path: Path) -> None:
    element = '<element identifier="id-a" xsi:type="BusinessRole"/>'
    for name in ("one", "two"):
        (tmp_path / f"{name}.xml").write_bytes(exchange(element))
    with pytest.raises(InputError, match=r"one\.xml too"):
        load(tmp_path)


# --------------------------------------------------------------------------------------------------------------------
# Specializations


@pytest.mark.parametrize("path", [BAKERY, NATIVE], ids=["folder", "file"])
def test_a_specialization_is_declared_with_the_type(path: Path) -> None:
    model = load(path)
    assert model.declarations(f"{IRI}a1") == (
        "archimate-3:ApplicationComponent",
        "archimate-3:ApplicationComponent/Web shop",
    )
    assert model.declarations(f"{IRI}a2") == ("archimate-3:ApplicationComponent",)
    assert left(model, "specialization (profile)").popitem()[1] == 2


def test_specializations_of_one_element_and_one_that_there_is_not() -> None:
    profiles = '<profile name="Batch" id="id-1"/><profile name="Bought" id="2"/>'
    model = load(
        archi(thing("a", "Node", 'profiles="id-1 2 id-9"')).replace(b"</archi", profiles.encode() + b"</archi")
    )
    assert set(model.declarations("urn:archimate:m:a")) == {
        "archimate-3:Node",
        "archimate-3:Node/Batch",
        "archimate-3:Node/Bought",
    }
    assert fields(model)["Node.specialization"] == (2, 2)
    assert fields(model)["Node.profiles"] == (1, 0)
    adds_up(model)


@pytest.mark.parametrize("key", ["Specialization", "specialisation"])
def test_a_property_that_names_the_specialization_is_declared_and_kept(key: str) -> None:
    element = (
        '<element identifier="id-a" xsi:type="Node"><properties><property propertyDefinitionRef="p">'
        '<value xml:lang="en">Rack</value></property></properties></element>'
    )
    keys = f'<propertyDefinitions><propertyDefinition identifier="p"><name>{key}</name></propertyDefinition>'
    model = load(exchange(element, more=f"{keys}</propertyDefinitions>"))
    assert model.declarations("urn:archimate:m:a") == ("archimate-3:Node", "archimate-3:Node/Rack")
    assert (f"urn:archimate:property:{key}", "urn:archimate:m:a", Literal("Rack", language="en")) in said(model)


# --------------------------------------------------------------------------------------------------------------------
# Relationships that begin or end at relationships


def test_such_a_relationship_keeps_what_is_said_of_it() -> None:
    model = load(BAKERY)
    flow_ = f"{IRI}x1"
    assert model.label(flow_) == "orders of the day"
    assert model.kinds(flow_) == ()
    assert model.declarations(flow_) == ("archimate-3:FlowRelationship", "archimate-3:FlowRelationship/Message")
    facts = said(model)
    assert ("urn:archimate:property:Format", flow_, Literal("CSV")) in facts
    assert (DCTERMS.description, flow_, Literal("Every morning at four.")) in facts
    assert (model.report.read["Flow"], model.report.read["FlowRelationship"]) == (1, 1)
    assert (model.report.used["Flow"], model.report.used["FlowRelationship"]) == (1, 1)


def test_only_such_a_relationship_becomes_an_element() -> None:
    model = load(
        archi(*ENDS, link("r", "Flow", "a", "b"), link("s", "UsedBy", "a", "b"), link("t", "Access", "c", "s"))
    )
    assert set(model.elements) == {f"urn:archimate:m:{name}" for name in "abcds"}
    assert model.declarations("urn:archimate:m:s") == ("archimate-3:ServingRelationship",)
    assert {row for row in relations(model) if "s" in row} == {
        ("s", "connectedTo", "a"),
        ("s", "connectedTo", "b"),
        ("c", "accesses", "s"),
    }
    adds_up(model)


def test_relationships_can_end_at_each_other() -> None:
    model = load(archi(thing("a"), link("r", "Association", "s", "a"), link("s", "Association", "r", "a")))
    assert relations(model) == {
        ("r", "connectedTo", "s"),
        ("r", "connectedTo", "a"),
        ("s", "connectedTo", "r"),
        ("s", "connectedTo", "a"),
    }
    adds_up(model)


def test_one_that_leads_through_a_junction_is_connected_to_what_is_no_junction() -> None:
    links = [link("r", "Flow", "a", "J"), link("s", "Flow", "J", "b"), link("t", "Association", "c", "r")]
    model = load(archi(*ENDS, thing("J", "Junction"), *links))
    assert relations(model) == {("a", "flowsTo", "b"), ("r", "connectedTo", "a"), ("c", "connectedTo", "r")}
    adds_up(model)


def test_one_of_an_unknown_type_is_not_followed() -> None:
    model = load(archi(*ENDS, link("r", "Flow", "a", "b"), link("s", "Haunting", "c", "r")))
    assert relations(model) == {("a", "flowsTo", "b")}
    assert left(model, "Haunting") == {"the mapping has no such link": 1}


@pytest.mark.parametrize("kind", ["Grouping", "Plateau", "Location"])
def test_a_junction_may_be_put_into_a_grouping(kind: str) -> None:
    """ArchiMate 3.2, 5.5.1: what meets at the junction is read without the relationship that puts it there."""
    links = [*triggers("aJ", "Jb"), link("in", "Composition", "g", "J")]
    model = load(archi(*ENDS, thing("g", kind), thing("J", "Junction"), *links))
    assert relations(model) == {("a", "triggers", "b")}
    assert left(model, "Composition") == {
        "it puts a junction into a grouping, plateau or location, and a junction is no element": 1
    }
    adds_up(model)


def test_a_grouping_may_have_its_parts_through_a_junction() -> None:
    links = [link("1", "Aggregation", "g", "J"), link("2", "Aggregation", "J", "a"), link("3", "Aggregation", "J", "b")]
    model = load(archi(*ENDS, thing("g", "Grouping"), thing("J", "Junction"), *links))
    assert relations(model) == {("g", "hasPart", "a"), ("g", "hasPart", "b")}


# --------------------------------------------------------------------------------------------------------------------
# Archives


def archive(method: int = zipfile.ZIP_DEFLATED, **members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as opened:
        for name, data in members.items():
            opened.writestr(f"{name}.xml" if name == "model" else f"images/{name}.png", data)
    return stream.getvalue()


def test_the_model_is_taken_out_of_an_archive() -> None:
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        model = load(archive(method, oven=b"\x89PNG", model=NATIVE.read_bytes()), name="bakery.archimate")
        assert model.report.format == "archi"
        assert said(model) == said(load(NATIVE))


def test_an_error_in_an_archive_names_the_file_in_it() -> None:
    with pytest.raises(InputError) as caught:
        load(archive(model=archi(thing("a"), thing("a"))), name="two.archimate")
    assert (caught.value.source, caught.value.line) == ("two.archimate (model.xml)", 4)


def test_an_archive_that_unpacks_beyond_bounds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_syntax, "FREE_EXPANSION", 100_000)
    monkeypatch.setattr(zip_syntax, "MOST_EXPANSION", 10)
    padded = archi(thing("a")) + b" " * 200_000
    with pytest.raises(InputError, match="unpacks to more than 100000 bytes") as caught:
        load(archive(model=padded), name="bomb")
    assert caught.value.repair


def locked(data: bytes) -> bytes:
    """Say in its headers that a file in an archive is encrypted."""
    return data.replace(b"PK\x03\x04\x14\x00\x00\x00", b"PK\x03\x04\x14\x00\x01\x00").replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"
    )


GOOD = archive(model=NATIVE.read_bytes())
BROKEN = {
    "cut": GOOD[:-30],
    "flipped": GOOD[:200] + bytes([GOOD[200] ^ 0xFF]) + GOOD[201:],
    "no model": archive(oven=b"\x89PNG"),
    "a password": locked(GOOD),
    "no archive": b"PK\x03\x04" + b"\x00" * 100,
    "another XML": archive(model=b"<catalogue/>"),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("asked", [None, "archi"])
def test_a_broken_archive_is_one_error(data: bytes, asked: str | None) -> None:
    assert data != GOOD
    with pytest.raises(InputError):
        load(data, format=asked, name="broken.archimate")


# --------------------------------------------------------------------------------------------------------------------
# Recognising

OWN = {
    "archi": [NATIVE, DATA / "archimate" / "library.archimate"],
    "coarchi": sorted((BAKERY / "model").rglob("*.xml")),
    "archimate-exchange": sorted((DATA / "archimate").glob("*.xml")),
}
SNIFFS = {"archi": is_archi, "coarchi": is_folder, "archimate-exchange": is_exchange}


@pytest.mark.parametrize("name", SNIFFS)
def test_a_format_takes_its_own_files_and_no_other(name: str) -> None:
    mine = set(OWN[name])
    assert mine
    files = [path for path in DATA.rglob("*") if path.is_file() and path.stat().st_size and path.suffix != ".txt"]
    assert {path for path in files if SNIFFS[name](open_document(path))} == mine


@pytest.mark.parametrize("path", [path for paths in OWN.values() for path in paths[:2]], ids=lambda path: path.name)
def test_no_other_format_takes_them(path: Path) -> None:
    document = open_document(path)
    taken = [one.name for one in FORMATS if one.sniff(document)]
    assert len(taken) == 1
    assert path in OWN[taken[0]]


def test_a_head_full_of_comments_is_looked_through_at_once() -> None:
    for data in (b"<!--" * 20_000, b"<?a" * 20_000, b"<" * 60_000, b"<!" * 30_000, b"<a " * 20_000):
        document = Document("head", data)
        assert not any(sniff(document) for sniff in SNIFFS.values())


def test_comments_before_the_model_are_no_hindrance() -> None:
    data = b"<?xml version='1.0'?><!-- <catalogue> -->\n<!-- a --><?a b?>\n" + archi(thing("a"))
    assert load(data).elements == ("urn:archimate:m:a",)


# --------------------------------------------------------------------------------------------------------------------
# What is torn or of the wrong shape


def loads_or_refuses(read: Callable[[], Model]) -> bool:
    """Tell whether it loads; anything but a model or an InputError is a failure."""
    try:
        adds_up(read())
    except InputError:
        return False
    return True


@pytest.mark.parametrize("path", [NATIVE, DATA / "archimate" / "library-3.0.xml"], ids=lambda path: path.name)
def test_a_torn_file_is_an_error(path: Path) -> None:
    data = path.read_bytes()
    for length in range(1, len(data) - 2, 97):
        assert not loads_or_refuses(lambda cut=data[:length]: load(cut))  # type: ignore[misc]


def spoiled(text: str) -> Iterator[str]:
    """Give a text with an attribute emptied, taken out or doubled in its value, or a tag renamed, one at a time."""
    for found in re.finditer(r' [\w:]+="([^"]*)"', text):
        before, after = text[: found.start()], text[found.end() :]
        yield before + after
        yield before + found[0].replace(found[1], "") + after if found[1] else text
        yield before + found[0].replace(found[1] or "=", "id-x1 12 \u20ac/%") + after
    for name in set(re.findall(r"<(\w+)[ >]", text)):
        yield re.sub(rf"(</?){name}\b", r"\1thing", text)


@pytest.mark.parametrize("path", [NATIVE, DATA / "archimate" / "library-3.0.xml"], ids=lambda path: path.name)
def test_a_spoiled_file_loads_or_is_an_error(path: Path) -> None:
    outcomes = Counter(
        loads_or_refuses(lambda text=text: load(text.encode()))  # type: ignore[misc]
        for text in spoiled(path.read_text())
    )
    assert outcomes[True] > 50
    assert outcomes[False] > 50


def test_a_spoiled_folder_loads_or_is_an_error(tmp_path: Path) -> None:
    repository = shutil.copytree(BAKERY / "model", tmp_path / "model")
    names = ("folder.xml", "relations/FlowRelationship_id-x1.xml", "application/folder.xml", "other/Junction_id-j1.xml")
    outcomes: Counter[bool] = Counter()
    for name in names:
        path = repository / name
        text = path.read_text()
        for changed in (*spoiled(text), "", text[:-9], text[:40], "<a/>", CONCEPT.format("model", "z")):
            path.write_text(changed)
            outcomes[loads_or_refuses(lambda: load(repository))] += 1
        path.write_text(text)
    assert outcomes[True] > 10
    assert outcomes[False] > 10


# --------------------------------------------------------------------------------------------------------------------
# A mapping of one's own


def test_the_mapping_can_be_extended(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        'system = "archimate-3"\nextends = "archimate-3"\n'
        '[classes.Node]\nkinds = ["Server"]\nreason = "we draw servers as nodes"\n'
        '[fields."property.Owner"]\nfacts = [{ relation = "ownedBy" }]\nreason = "we name the owner so"\n'
    )
    model = load(NATIVE, mapping=own)
    assert model.kinds(f"{IRI}n1") == (ITSM.Server,)
    assert (f"{IRI}a1", ITSM.ownedBy, f"{IRI}Counter") in {
        (subject, relation, getattr(value, "value", value)) for relation, subject, value in said(model)
    }
