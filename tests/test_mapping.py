"""The mapping language, and what records become by a mapping."""

from __future__ import annotations

import pytest

from itsm_ontology import InputError, Model
from itsm_ontology.document import Document
from itsm_ontology.facts_builder import FactsBuilder
from itsm_ontology.names import ITSM, local_name
from itsm_ontology.sources.mapping import SourceMapping
from itsm_ontology.sources.mapping_file import read_mapping, shipped_mapping, shipped_names
from itsm_ontology.sources.record import Record, Reference, Text, Value
from itsm_ontology.sources.stating import state

MAPPING = """
system = "shop"
title = "A shop's register"
frameworks = ["obashi"]

[renamed]
Application = "App"

[left]
Note = "a note to readers"

[groups]
program = ["App", "WebApp"]

[fields]
name = { label = true }
about = { description = true }

[classes.App]
kinds = ["ApplicationSoftware"]
reason = "a program"

[classes.App.fields]
host = { facts = [{ relation = "runsOn" }], reason = "it runs there" }
part = { facts = [{ relation = "hasPart" }, { relation = "dependsOn" }], split = ";" }
owner = { facts = [{ relation = "ownedBy" }], to = "Team" }
user = { facts = [{ relation = "usedBy", forwards = true }, { relation = "accesses", forwards = false }] }
up = { attribute = "operational", values = { yes = true, "1" = true, no = false } }
done = { attribute = "automated" }
version = { attribute = "version" }
calls = { link = "call" }
sort = { declares = true, kinds = { tool = ["Interface"] } }
colour = { keep = true }
age = { left = "nobody needs it" }

[classes.WebApp]
like = "App"
reason = "a program in a browser"

[classes.WebApp.fields]
host = { left = "a browser runs it" }

[classes.Box]
kinds = []
reason = "a box may be anything"

[classes.Host]
kinds = ["Server"]
reason = "a machine"

[[links.call]]
source = ["program"]
target = ["program"]
facts = [{ relation = "dependsOn" }]
reason = "one needs the other"

[[links.call]]
source = ["App"]
target = ["Host"]
facts = []
reason = "a program calls no machine"
"""
MAPPING = MAPPING.replace(', kinds = { tool = ["Interface"] }', "")


def mapping(text: str = MAPPING, name: str = "shop.toml") -> SourceMapping:
    return read_mapping(Document(name, text.encode()))


def record(type_: str, key: str, **fields: Value | list[Value]) -> Record:
    listed = {name: value if isinstance(value, list) else [value] for name, value in fields.items()}
    return Record(type_, key, listed, "shop.csv", 7)


def stated(*records: Record, text: str = MAPPING) -> Model:
    builder = FactsBuilder("shop.csv", "shop")
    state(records, mapping(text), builder)
    return Model(builder.build())


def facts(model: Model) -> set[tuple[str, str, str]]:
    terms = model.facts.terms
    return {
        (terms[s].value.removeprefix("urn:shop:"), local_name(r), terms[o].value.removeprefix("urn:shop:"))
        for r, pairs in model.facts.pairs.items()
        for s, o in pairs
        if r.startswith(ITSM)
    }


# ---------------------------------------------------------------------------------------------------------------------
# What records become


def test_fields_state_what_the_mapping_says() -> None:
    model = stated(
        record(
            "Application",
            "a",
            name="Till",
            about=Text("Kasse", "de"),
            host=Reference("h", "Host", "Big one"),
            part="x; y ;",
            owner="blue",
            user=Reference("u"),
            up="yes",
            done="FALSE",
            version=2,
        ),
        record("WebApp", "w", host=Reference("h"), up="no"),
    )
    assert facts(model) == {
        ("a", "runsOn", "h"),
        ("a", "hasPart", "x"),
        ("a", "dependsOn", "x"),
        ("a", "hasPart", "y"),
        ("a", "dependsOn", "y"),
        ("a", "ownedBy", "Team/blue"),
        ("a", "usedBy", "u"),
        ("u", "accesses", "a"),
        ("a", "operational", "true"),
        ("a", "automated", "false"),
        ("a", "version", "2"),
        ("w", "operational", "false"),
    }
    kinds = {name: list(map(local_name, model.kinds(f"urn:shop:{name}"))) for name in ("a", "w", "h", "u")}
    assert kinds == {"a": ["ApplicationSoftware"], "w": ["ApplicationSoftware"], "h": ["Server"], "u": []}
    assert model.find("Till") == "urn:shop:a"
    assert model.find("Big one") == "urn:shop:h"
    assert model.declarations("urn:shop:a") == ("shop:App",)
    assert "1 x Host named, but not in the source: known by name only." in model.report.notes


def test_everything_read_is_used_or_left_for_a_reason() -> None:
    model = stated(
        record(
            "App",
            "a",
            age="4",
            size="9",
            up="perhaps",
            done="maybe",
            colour="red",
            host="",
            sort="tool",
            calls=Reference("w"),
        ),
        record("WebApp", "w", host="h", calls=[Reference("b"), Reference("gone", "Host")]),
        record("Box", "b"),
        record("Crate", "c", name="C"),
        record("Note", "n", name="N"),
        Record("call", "", {"source": [Reference("a")], "target": [Reference("h", "Host")], "when": ["now"]}),
        Record("call", "", {"source": [Reference("a")]}),
        Record("hug", "", {"source": [Reference("a")], "target": [Reference("w")]}),
    )
    report = model.report
    assert report.read == {"App": 1, "WebApp": 1, "Box": 1, "Crate": 1, "Note": 1, "call": 2, "hug": 1}
    assert report.used == {"App": 1, "WebApp": 1, "Box": 1, "Crate": 1}
    assert {(left.what, left.count, left.reason) for left in report.left} == {
        ("Note", 1, "a note to readers"),
        ("call", 1, "a program calls no machine"),
        ("call", 1, "it lacks one of its ends"),
        ("hug", 1, "the mapping has no such link"),
    }
    counts = {f"{one.type}.{one.field}": (one.read, one.used, dict(one.left)) for one in report.fields}
    assert counts == {
        "App.age": (1, 0, {"nobody needs it": 1}),
        "App.size": (1, 0, {"the mapping does not name it": 1}),
        "App.up": (1, 0, {"the mapping does not say what 'perhaps' means": 1}),
        "App.done": (1, 0, {"its value is no boolean; `values` in the mapping can say what it means": 1}),
        "App.colour": (1, 1, {}),
        "App.host": (1, 0, {"it names nothing": 1}),
        "App.sort": (1, 1, {}),
        "App.calls": (1, 1, {}),
        "WebApp.host": (1, 0, {"a browser runs it": 1}),
        "WebApp.calls": (
            2,
            0,
            {"between records of these classes it has no neutral relation": 1, "a program calls no machine": 1},
        ),
        "Crate.name": (1, 1, {}),
        "call.when": (1, 0, {"the neutral facts have no place for it": 1}),
    }
    assert all(one.read == one.used + sum(one.left.values()) for one in report.fields)
    assert model.declarations("urn:shop:a") == ("shop:App", "shop:App/tool")
    assert model.declarations("urn:shop:c") == ("shop:Crate",)
    assert any("1 x Crate without a kind" in note for note in report.notes)
    assert any("1 x Box without a kind: a box may be anything" in note for note in report.notes)
    rows = report.to_records()
    assert all(row["read"] == row["used"] + row["left"] for row in rows)
    assert {"class": "App", "field": "age", "read": 1, "used": 0, "left": 1, "why": ["nobody needs it"]} in rows


def test_a_field_without_a_name_is_counted_beside_its_class() -> None:
    report = stated(record("App", "a", name="n", **{"": "x"})).report
    rows = [(row["field"], row["read"], row["left"]) for row in report.to_records() if row["class"] == "App"]
    assert rows == [("", 1, 0), ("", 1, 1), ("name", 1, 0)]


def test_links_may_stand_before_what_they_link() -> None:
    link = Record("call", "", {"source": [Reference("a")], "target": [Reference("w")]})
    assert ("a", "dependsOn", "w") in facts(stated(link, record("App", "a"), record("WebApp", "w")))


def test_a_link_with_several_ends_holds_between_each_two() -> None:
    model = stated(
        record("App", "a"),
        record("App", "b"),
        record("App", "c"),
        record("Host", "h"),
        Record("call", "", {"source": [Reference("a"), Reference("b")], "target": [Reference("c"), Reference("h")]}),
        Record("call", "", {"source": [Reference("a"), Reference("b")], "target": [Reference("h")]}),
    )
    assert facts(model) == {("a", "dependsOn", "c"), ("b", "dependsOn", "c")}
    assert model.report.used["call"] == 1
    assert [(left.what, left.count, left.reason) for left in model.report.left] == [
        ("call", 1, "a program calls no machine")
    ]


STEMS = """
system = "shop"
[classes.App]
kinds = ["ApplicationSoftware"]
reason = "a program"
[fields."label.*"]
keep = true
[fields."label.team.*"]
keep = "urn:team:"
[fields."label.age"]
left = "nobody needs it"
[fields."note*"]
left = "a note to readers"
"""


def test_a_rule_can_be_for_all_fields_that_begin_alike() -> None:
    fields = ("label.a/b", "label.team.x y", "label.age", "label.", "notes", "other")
    model = stated(Record("App", "a", {name: ["1"] for name in fields}), text=STEMS)
    kept = {relation for relation in model.facts.pairs if relation.startswith("urn:")}
    assert kept == {"urn:shop:field:label.a%2Fb", "urn:shop:field:label.", "urn:team:x%20y"}
    left = {one.field: dict(one.left) for one in model.report.fields if one.left}
    assert left == {
        "label.age": {"nobody needs it": 1},
        "notes": {"a note to readers": 1},
        "other": {"the mapping does not name it": 1},
    }


def test_two_records_with_one_key_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        stated(record("App", "a"), record("WebApp", "a"))
    assert "another record has the key 'a' too (shop.csv, line 7)" in str(caught.value)
    assert caught.value.line == 7


@pytest.mark.parametrize("key", ["a b", "ü/ö", "<x>", "a\nb", "%", "\U0001f600"])
def test_any_key_makes_an_iri(key: str) -> None:
    model = stated(record("App", key, name="n"))
    assert model.elements == (model.find("n"),)
    assert " " not in model.elements[0]


def test_a_key_that_is_no_text_is_one_error() -> None:
    with pytest.raises(InputError, match="can be no IRI or no text"):
        stated(record("App", "\ud800"))


# ---------------------------------------------------------------------------------------------------------------------
# Mapping files


def test_the_mappings_that_ship_are_whole() -> None:
    assert len(shipped_names()) >= 1
    for name in shipped_names():
        found = shipped_mapping(name)
        assert found.title != found.system, name
        assert all(rule.reason for rule in found.classes.values()), name
        assert all(rule.reason for rules in found.links.values() for rule in rules), name
        assert all(found.left.values()), name


def test_frameworks_of_mappings_are_in_the_catalogue() -> None:
    import itsm_ontology as itsm

    known = itsm.catalogue().frameworks
    assert {token for name in shipped_names() for token in shipped_mapping(name).frameworks} <= known.keys()


def test_a_class_takes_over_from_the_one_it_is_like() -> None:
    found = mapping()
    assert found.lineage("WebApp") == ("WebApp", "App")
    assert found.fields_of("WebApp")["host"].left == "a browser runs it"
    assert found.fields_of("WebApp")["name"].label
    assert found.fields_of("Unknown").keys() == {"name", "about"}


def test_yaml_says_the_same() -> None:
    text = (
        'system: shop\nclasses:\n  App:\n    kinds: [Software]\n    reason: "x"\n    fields:\n      n: {label: true}\n'
    )
    found = mapping(text, "shop.yaml")
    assert found.fields_of("App")["n"].label


def test_a_mapping_extends_another() -> None:
    base = shipped_mapping("archimate-3")
    text = 'system = "mine"\nextends = "archimate-3"\n[classes.Widget]\nkinds = ["Software"]\nreason = "ours"'
    found = mapping(text)
    assert found.system == "mine"
    assert found.classes.keys() == base.classes.keys() | {"Widget"}


FAULTS = [
    (
        'system = "s"\n[classes.A]\nkinds = ["Sofware"]\nreason = "x"',
        "there is no kind Sofware. Did you mean Software?",
        3,
    ),
    ('system = "s"\n[classes.A]\nkinds = ["Person", "Software"]\nreason = "x"', "nothing can be both", None),
    ('system = "s"\n[classes.A]\nkinds = []', "'reason' is missing", None),
    ('system = "s"\n[clases.A]\nkinds = []', "there is no key clases. Did you mean classes?", 2),
    ('[classes.A]\nkinds = []\nreason = "x"', "'system' is missing", None),
    ('system = "A B"', "is no name for a system", None),
    ('system = "s"\nbase = "acme/"', "'acme/' is not what IRIs can begin with", 2),
    ('system = "s"\n[fields]\nx = { keep = "no iri" }', "'no iri' is not what IRIs can begin with", 3),
    ('system = "s"\n[fields]\nx = { }', "nothing of what the field states", None),
    ('system = "s"\n[fields]\nx = { label = true, keep = true }', "label and keep at once", None),
    ('system = "s"\n[fields]\nx = { facts = [{ relation = "runson" }] }', "Did you mean runsOn?", 3),
    ('system = "s"\n[fields]\nx = { attribute = "versoin" }', "Did you mean version?", 3),
    ('system = "s"\n[fields]\nx = { link = "l" }', "there is no link l", None),
    ('system = "s"\n[fields]\nx = "label"', "is not what is expected here", None),
    ('system = "s"\nclasses = []', "Expected keys with values", None),
    ('system = "s"\n[classes.A]\nlike = "A"\nkinds = []\nreason = "x"', "A is like itself", None),
    ('system = "s"\n[classes.A]\nlike = "B"\nkinds = []\nreason = "x"', "there is no class B", None),
    ('system = "s"\n[[links.l]]\nsource = ["A"]\nfacts = []\nreason = "x"', "there is no class or group A", None),
    ('system = "s"\nextends = "archimate-4"', "there is no mapping 'archimate-4' to extend", None),
    ('system = "s', "this is not TOML", None),
    ("system = 3", "is not what is expected here", None),
]


@pytest.mark.parametrize(("text", "part", "line"), FAULTS, ids=range(len(FAULTS)))
def test_a_faulty_mapping_is_refused(text: str, part: str, line: int | None) -> None:
    with pytest.raises(InputError) as caught:
        mapping(text)
    assert part in str(caught.value)
    assert caught.value.source == "shop.toml"
    assert line is None or caught.value.line == line
