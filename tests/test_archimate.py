"""ArchiMate files: what they state, what is left of them, and what is refused."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from conftest import beside
from pyoxigraph import Literal, NamedNode

from itsm_ontology.document import Document
from itsm_ontology.errors import InputError
from itsm_ontology.model import Model
from itsm_ontology.names import DCTERMS, ITSM, RDF_TYPE, RDFS, local_name
from itsm_ontology.sources import load
from itsm_ontology.sources.archimate.junctions import MOST_STEPS
from itsm_ontology.sources.mapping_file import read_mapping, shipped_mapping
from itsm_ontology.vocabulary import vocabulary

MAPPING = shipped_mapping("archimate-3")
SAMPLES = Path(__file__).parent / "data" / "archimate"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

ARCHI_HEAD = (
    '<archimate:model xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:archimate="http://www.archimatetool.com/archimate" name="m" id="m">'
)
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def archi(*elements: str) -> bytes:
    """A native file with these elements, each on a line of its own from line 3 on."""
    return "\n".join([ARCHI_HEAD, '<folder name="f" id="f">', *elements, "</folder></archimate:model>"]).encode()


def thing(identifier: str, kind: str = "BusinessActor", more: str = "") -> str:
    return f'<element xsi:type="archimate:{kind}" id="{identifier}" name="{identifier}" {more}/>'


def link(identifier: str, kind: str, source: str, target: str) -> str:
    return f'<element xsi:type="archimate:{kind}Relationship" id="{identifier}" source="{source}" target="{target}"/>'


def exchange(
    elements: str, relationships: str = "", more: str = "", *, namespace: str = "/3.0/", head: str = 'identifier="id-m"'
) -> bytes:
    relationships = f"<relationships>{relationships}</relationships>" if relationships else ""
    return (
        f'<model xmlns="http://www.opengroup.org/xsd/archimate{namespace}" {XSI} {head}><name>m</name>'
        f"<elements>{elements}</elements>{relationships}{more}</model>"
    ).encode()


def said(model: Model, *, languages: bool = True) -> set[tuple[str, str, object]]:
    """Every fact, as relation, subject and object, and every declaration."""
    facts = model.facts
    found: set[tuple[str, str, object]] = set()
    for relation, pairs in facts.pairs.items():
        for subject, object_ in pairs:
            value = facts.terms[object_]
            known: object = value.value if isinstance(value, Literal) and not languages else value
            found.add((relation, facts.terms[subject].value, known))
    for node, declarations in facts.declared.items():
        found |= {("declared", facts.terms[node].value, declaration) for declaration in declarations}
    return found


def relations(model: Model) -> set[tuple[str, str, str]]:
    """The facts between elements, by local names."""
    return {
        (local_name(subject), local_name(relation), local_name(value.value))
        for relation, subject, value in said(model)
        if relation.startswith(ITSM) and isinstance(value, NamedNode)
    }


def adds_up(model: Model) -> None:
    report = model.report
    settled = Counter(report.used)
    for item in report.left:
        assert item.reason
        assert item.count > 0
        settled[item.what] += item.count
    assert settled == Counter(report.read)
    for field in report.fields:
        assert field.read == field.used + sum(field.left.values())
        assert all(field.left)


def left(model: Model, what: str) -> dict[str, int]:
    return {item.reason: item.count for item in model.report.left if item.what == what}


def fields(model: Model) -> dict[str, tuple[int, int]]:
    """Class and field to how many values were read, and how many became facts."""
    return {f"{item.type}.{item.field}": (item.read, item.used) for item in model.report.fields}


# --------------------------------------------------------------------------------------------------------------------
# The same content in three formats

FORMATS = {
    "library.archimate": "archi",
    "library-2.1.xml": "archimate-exchange",
    "library-3.0.xml": "archimate-exchange",
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_sample_is_recognised_and_its_report_adds_up(name: str) -> None:
    model = load(SAMPLES / name)
    assert model.report.format == FORMATS[name]
    assert len(model.elements) == 22
    adds_up(model)
    assert not model.problems


@pytest.mark.parametrize("name", ["library-2.1.xml", "library-3.0.xml"])
def test_the_three_formats_give_the_same_facts(name: str) -> None:
    assert said(load(SAMPLES / name)) == said(load(SAMPLES / "library.archimate"))


@pytest.mark.parametrize("name", FORMATS)
def test_an_element_keeps_what_the_file_says_of_it(name: str) -> None:
    model = load(SAMPLES / name)
    lend = "urn:archimate:lib-1:13"
    assert model.find("Lend a book") == lend
    assert model.declarations(lend) == ("archimate-3:BusinessProcess",)
    assert model.kinds(lend) == (ITSM.Process,)
    facts = said(model, languages=False)
    assert (DCTERMS.description, lend, "From the request to the stamp.") in facts
    assert ("urn:archimate:property:Busy%20days", lend, "Tuesday & Friday") in facts


EXPECTED = """
11 filledBy 10
13 performedBy 11
13 realizes 14
14 accessedThrough 15
14 supports 12
14 usedBy 12
13 accesses 16
21 performedBy 20
20 providesFunctionality 21
21 realizes 22
22 supports 13
22 usedBy 13
23 realizes 16
23 represents 16
32 runsOn 31
35 deployedOn 32
30 realizes 33
33 supports 20
30 hasPart 31
30 hasPart 34
34 connectedTo 31
41 influences 40
18 specializes 17
17 flowsTo 18
13 triggers 17
13 triggers 18
r20 connectedTo 17
r20 connectedTo 18
r20 connectedTo 16
"""


@pytest.mark.parametrize("name", FORMATS)
def test_the_sample_states_these_relations_and_no_other(name: str) -> None:
    assert relations(load(SAMPLES / name)) == {tuple(line.split()) for line in EXPECTED.split("\n") if line}


@pytest.mark.parametrize("name", FORMATS)
def test_what_a_sample_has_and_no_fact_says_is_counted(name: str) -> None:
    model = load(SAMPLES / name)
    assert fields(model)["Access.name"] == (1, 0)
    assert sum(left(model, "AndJunction" if "3.0" in name else "Junction").values()) == 1
    assert any(note.startswith("1 x Value without a kind") for note in model.report.notes)


def test_names_of_version_2_are_said_once() -> None:
    notes = load(SAMPLES / "library-2.1.xml").report.notes
    assert [note for note in notes if "version 3" in note] == [
        "Read by the names of version 3: InfrastructureService as TechnologyService, Network as CommunicationNetwork, "
        "Realisation as Realization, Specialisation as Specialization, UsedBy as Serving."
    ]


# --------------------------------------------------------------------------------------------------------------------
# Names, languages, identifiers

SOME = '<element identifier="id-a" xsi:type="BusinessRole">{}</element>'


def test_languages_are_kept() -> None:
    names = '<name xml:lang="nl">Rol</name><name xml:lang="pt_BR">Papel</name>'
    facts = said(load(exchange(SOME.format(names + '<documentation xml:lang="nl">x</documentation>'))))
    assert (RDFS.label, "urn:archimate:m:a", Literal("Rol", language="nl")) in facts
    assert (RDFS.label, "urn:archimate:m:a", Literal("Papel", language="pt-br")) in facts
    assert (DCTERMS.description, "urn:archimate:m:a", Literal("x", language="nl")) in facts


def test_identifiers_are_percent_encoded() -> None:
    model = load(archi(thing("a b/ü#1")))
    assert model.elements == ("urn:archimate:m:a%20b%2F%C3%BC%231",)


@pytest.mark.parametrize("namespace", ["", "/3.0/", "/3.1/", "/3.2"])
def test_exchange_namespaces(namespace: str) -> None:
    tag = "name" if namespace else "label"
    model = load(exchange(SOME.format(f"<{tag}>Reader</{tag}>"), namespace=namespace))
    assert model.label("urn:archimate:m:a") == "Reader"


def test_a_prefixed_namespace_is_read() -> None:
    data = (
        f'<x:model xmlns:x="http://www.opengroup.org/xsd/archimate/3.0/" {XSI} identifier="id-m"><x:elements>'
        '<x:element identifier="id-a" xsi:type="x:BusinessRole"><x:name>Reader</x:name></x:element>'
        "</x:elements></x:model>"
    )
    assert load(data.encode()).find("Reader") == "urn:archimate:m:a"


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf" + archi(thing("a")), archi(thing("a")).decode().encode("utf-16")])
def test_a_byte_order_mark_is_no_hindrance(data: bytes) -> None:
    assert load(data).elements == ("urn:archimate:m:a",)


def test_an_unknown_type_keeps_its_declaration_and_has_no_kind() -> None:
    model = load(archi(thing("a", "BusinessActr"), thing("b"), link("r", "Association", "a", "b")))
    assert model.declarations("a") == ("archimate-3:BusinessActr",)
    assert model.kinds("a") == ()
    assert model.label("urn:archimate:m:a") == "a"
    assert model.report.used["BusinessActr"] == 1
    assert model.report.notes == (
        "1 x BusinessActr without a kind: archimate-3.toml has no such class. Did you mean BusinessActor?",
    )
    adds_up(model)


def test_an_unknown_relationship_is_left() -> None:
    model = load(archi(thing("a"), thing("b"), link("r", "Haunting", "a", "b")))
    assert left(model, "Haunting") == {"the mapping has no such link": 1}
    adds_up(model)


def test_details_without_a_place_are_counted() -> None:
    relationship = (
        '<relationship identifier="r" source="a" target="a" xsi:type="Influence" modifier="++"><name>n</name>'
        "<documentation>d</documentation><properties><property propertyDefinitionRef='p'><value>1</value></property>"
        "</properties></relationship>"
    )
    key = '<propertyDefinition identifier="p"><name>k</name></propertyDefinition>'
    model = load(exchange(SOME.format(""), relationship, f"<propertyDefinitions>{key}</propertyDefinitions>"))
    for detail in ("modifier", "name", "documentation", "property.k"):
        assert fields(model)[f"Influence.{detail}"] == (1, 0)
    assert model.report.used == {"BusinessRole": 1, "Influence": 1}
    adds_up(model)


def test_a_property_without_a_key_is_left() -> None:
    element = '<element xsi:type="archimate:BusinessRole" id="a"><property key="" value="1"/></element>'
    model = load(archi(element))
    assert fields(model) == {"BusinessRole.property.": (1, 0)}
    adds_up(model)


# --------------------------------------------------------------------------------------------------------------------
# Junctions

ENDS = [thing(name, "BusinessProcess") for name in "abcd"]


def junction(identifier: str, kind: str = "Junction", more: str = "") -> str:
    return thing(identifier, kind, more)


def triggers(*pairs: str) -> list[str]:
    return [link(f"r{number}", "Triggering", *pair) for number, pair in enumerate(pairs)]


def test_junctions_in_a_row_are_read_from_end_to_end() -> None:
    model = load(archi(*ENDS, junction("J"), junction("K"), *triggers("aJ", "bJ", "JK", "Kc", "Jd")))
    assert relations(model) == {(source, "triggers", target) for source, target in ("ac", "bc", "ad", "bd")}
    assert model.report.used["Triggering"] == 5
    adds_up(model)


def test_junctions_in_a_circle_end() -> None:
    model = load(archi(*ENDS, junction("J"), junction("K"), *triggers("aJ", "JK", "KJ", "Kb")))
    assert relations(model) == {("a", "triggers", "b")}
    adds_up(model)


def test_a_junction_that_leads_nowhere() -> None:
    model = load(archi(*ENDS, junction("J"), *triggers("aJ", "bJ")))
    assert relations(model) == set()
    assert left(model, "Triggering") == {"its junction leads nowhere, or comes from nowhere": 2}
    adds_up(model)


def test_a_junction_of_several_types_is_left() -> None:
    model = load(archi(*ENDS, junction("J"), *triggers("aJ", "Jb"), link("f", "Flow", "J", "c")))
    assert relations(model) == set()
    assert left(model, "Triggering") == {"relationships of several types meet at its junction": 2}
    assert left(model, "Flow") == {"relationships of several types meet at its junction": 1}
    adds_up(model)


def test_a_junction_between_types_that_say_nothing_neutral() -> None:
    elements = [
        thing("a", "Resource"),
        thing("b", "Capability"),
        thing("c", "BusinessRole"),
        thing("d", "BusinessProcess"),
    ]
    links = [link(f"r{n}", "Assignment", *pair) for n, pair in enumerate(("aJ", "Jb", "cK", "Kd"))]
    model = load(archi(*elements, junction("J"), junction("K"), *links))
    assert relations(model) == {("d", "performedBy", "c")}
    assert sum(left(model, "Assignment").values()) == 2
    adds_up(model)


@pytest.mark.parametrize(
    ("kind", "more", "noted"),
    [("Junction", 'type="or"', True), ("OrJunction", "", True), ("AndJunction", "", False), ("Junction", "", False)],
)
def test_alternatives_are_noted(kind: str, more: str, noted: bool) -> None:
    model = load(archi(*ENDS, junction("J", kind, more), *triggers("aJ", "Jb", "Jc")))
    assert len(relations(model)) == 2
    assert any("alternatives" in note for note in model.report.notes) is noted


def test_a_junction_of_very_many_is_left() -> None:
    many = 1 + int(MOST_STEPS**0.5)
    ends = [thing(f"{side}{number}") for side in "st" for number in range(many)]
    into = [link(f"i{number}", "Flow", f"s{number}", "J") for number in range(many)]
    out = [link(f"o{number}", "Flow", "J", f"t{number}") for number in range(many)]
    model = load(archi(*ends, junction("J"), *into, *out))
    assert relations(model) == set()
    assert left(model, "Flow") == {"its junctions join more relationships than are followed": 2 * many}


# --------------------------------------------------------------------------------------------------------------------
# What is refused

BOMB = b'<!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>\n'
DTD = b'<!DOCTYPE model SYSTEM "http://localhost/nothing.dtd">\n'
OUTSIDE = b'<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n'
WRONG = [
    ("truncated", archi(thing("a"))[:-20], "not well-formed", 4),
    ("bomb", BOMB + archi(thing("a")), "document type", 1),
    ("dtd", DTD + archi(thing("a")), "document type", 1),
    ("outside", OUTSIDE + exchange(SOME.format("")), "document type", 1),
    ("deep", archi("<folder>" * 300), "nests deeper than 200", 3),
    ("duplicate", archi(thing("a"), thing("a", "BusinessRole")), "is that of BusinessActor a (a) on line 3 too", 4),
    ("duplicate after id-", archi(thing("a"), thing("id-a")), "the identifier a is that of", 4),
    ("duplicate relationship", archi(thing("a"), link("a", "Flow", "a", "a")), "the identifier a is that of", 4),
    ("dangling source", archi(thing("a"), link("r", "Flow", "b", "a")), "its source 'b' is no element", 4),
    ("dangling target", archi(thing("a"), link("r", "Flow", "a", "b")), "its target 'b' is no element", 4),
    (
        "no target",
        archi(thing("a"), '<element xsi:type="archimate:FlowRelationship" id="r" source="a"/>'),
        "no target",
        4,
    ),
    ("no id", archi('<element xsi:type="archimate:BusinessRole" name="a"/>'), "BusinessRole has no id", 3),
    ("no type", archi('<element id="a"/>'), "this has no type", 3),
    ("no model id", exchange(SOME.format(""), head=""), "<model> has no identifier", 1),
    ("empty", archi(), "nothing in it that could be used", None),
    ("no elements", exchange(""), "nothing in it that could be used", None),
    ("another version", exchange(SOME.format(""), namespace="/9.0/"), "not in the exchange format 2.1 or 3", 1),
    ("no language", exchange(SOME.format('<name xml:lang="12 !">a</name>')), "no language", 1),
    ("encoding", b'<?xml version="1.0" encoding="klingon"?>\n' + archi(thing("a")), "encoding can't be read", 1),
    (
        "property of nothing",
        exchange(
            SOME.format('<properties><property propertyDefinitionRef="p"><value>1</value></property></properties>')
        ),
        "the definition 'p', which the file does not have",
        1,
    ),
]


@pytest.mark.parametrize(("data", "problem", "line"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_wrong_input_is_one_error_with_place_and_repair(data: bytes, problem: str, line: int | None) -> None:
    with pytest.raises(InputError) as caught:
        load(data, name="model.xml")
    assert problem in str(caught.value)
    assert (caught.value.source, caught.value.line) == ("model.xml", line)
    assert caught.value.repair


@pytest.mark.parametrize("format_name", ["archi", "archimate-exchange"])
def test_other_xml_is_refused(format_name: str) -> None:
    with pytest.raises(InputError, match="this XML is not in") as caught:
        load(b"<catalogue>\n<model/></catalogue>", format=format_name)
    assert caught.value.line == 1
    with pytest.raises(InputError, match="none of the formats"):
        load(b"<catalogue>\n<model/></catalogue>")


def test_a_relationship_that_dangles_is_named() -> None:
    relationship = (
        '<relationship identifier="id-r" source="id-a" target="id-x" xsi:type="Flow"><name>books</name></relationship>'
    )
    with pytest.raises(InputError) as caught:
        load(exchange(SOME.format(""), relationship))
    assert caught.value.record == "Flow r (books)"


# --------------------------------------------------------------------------------------------------------------------
# The mapping

CONCRETE = tuple(
    """
Stakeholder Driver Assessment Goal Outcome Principle Requirement Constraint Meaning Value
Resource Capability CourseOfAction ValueStream
BusinessActor BusinessRole BusinessCollaboration BusinessInterface BusinessProcess BusinessFunction BusinessInteraction
BusinessEvent BusinessService BusinessObject Contract Representation Product
ApplicationComponent ApplicationCollaboration ApplicationInterface ApplicationFunction ApplicationInteraction
ApplicationProcess ApplicationEvent ApplicationService DataObject
Node Device SystemSoftware TechnologyCollaboration TechnologyInterface Path CommunicationNetwork TechnologyFunction
TechnologyProcess TechnologyInteraction TechnologyEvent TechnologyService Artifact
Equipment Facility DistributionNetwork Material
WorkPackage Deliverable ImplementationEvent Plateau Gap Grouping Location
    """.split()  # noqa: SIM905 (sixty names read better so)
)
RELATIONSHIPS = (
    "Composition",
    "Aggregation",
    "Assignment",
    "Realization",
    "Serving",
    "Access",
    "Influence",
    "Association",
    "Triggering",
    "Flow",
    "Specialization",
)  # fmt: skip
NEVER = {"customer", "customerOf", "deliveredTo", "receives", "paidBy", "paysFor", "providedBy", "provides", "sponsor"}


def test_the_mapping_has_every_type_of_the_language_and_a_reason_for_each() -> None:
    assert set(MAPPING.classes) == {*CONCRETE, *(f"{name}Relationship" for name in RELATIONSHIPS)}
    assert set(MAPPING.links) == set(RELATIONSHIPS)
    assert all(element.reason for element in MAPPING.classes.values())
    assert all(rule.reason for rules in MAPPING.links.values() for rule in rules)
    assert not any(MAPPING.classes[f"{name}Relationship"].kinds for name in RELATIONSHIPS)


def test_no_relationship_makes_a_customer_a_provider_or_a_payer() -> None:
    stated = {local_name(iri) for rules in MAPPING.links.values() for rule in rules for iri, _ in rule.facts}
    assert len(stated) > 10
    assert not stated & NEVER
    for relation in stated:
        wider = {local_name(iri) for iri, _ in vocabulary().wider_edges(ITSM.term(relation))}
        assert not wider & NEVER


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"ApplicationSoftware"', '"ApplicationSoftwares"'),
        ('relation = "flowsTo"', 'relation = "flowTo"'),
        ('target = ["Artifact"]', 'target = ["Artifacts"]'),
        ('target = ["party", "behaviour"]', 'target = ["parties"]'),
        ('Network = "CommunicationNetwork"', 'Network = "ComunicationNetwork"'),
        ('kinds = ["Network"]', 'kind = ["Network"]'),
        ('kinds = ["Network"]', 'kinds = ["Network", "Role"]'),
        ("[groups]", "[group]"),
        ("[groups]", "[groups"),
    ],
)
def test_a_misspelt_mapping_is_refused(old: str, new: str) -> None:
    path = Path(__file__).parents[1] / "itsm_ontology" / "sources" / "archimate-3.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(InputError):
        read_mapping(Document("mapping", text.replace(old, new, 1).encode()))


def test_a_misspelt_kind_is_found_by_line_and_corrected() -> None:
    path = Path(__file__).parents[1] / "itsm_ontology" / "sources" / "archimate-3.toml"
    text = path.read_text(encoding="utf-8").replace('["Objective"]', '["Objectiv"]', 1)
    with pytest.raises(InputError) as caught:
        read_mapping(Document("mapping", text.encode()))
    assert caught.value.line == text[: text.index("Objectiv")].count("\n") + 1
    assert "Did you mean Objective?" in str(caught.value)


@pytest.mark.parametrize("kind", CONCRETE)
def test_every_type_loads_with_the_kinds_of_the_mapping(kind: str) -> None:
    model = load(archi(thing("a", kind), thing("b"), link("r", "Association", "a", "b")))
    assert set(model.kinds("a")) == set(MAPPING.classes[kind].kinds)
    assert model.declarations("a") == (f"archimate-3:{kind}",)
    assert not model.problems
    adds_up(model)


# --------------------------------------------------------------------------------------------------------------------
# Real files

OLD = {
    "InfrastructureService": "TechnologyService",
    "Network": "CommunicationNetwork",
    "UsedBy": "Serving",
    "Realisation": "Realization",
    "Specialisation": "Specialization",
}
FILES = ("archisurance.archimate", "archisurance-oef-2.1.xml", "over-gemma-oef-3.0.xml")


def real(name: str) -> Path:
    return beside("data", "archimate", name)


def plain_count(path: Path) -> Counter[str]:
    """Count elements and relationships by type, knowing nothing of the reader."""
    found: Counter[str] = Counter()
    for tag in ElementTree.parse(path).iter():
        if tag.tag.rpartition("}")[2] in ("element", "relationship"):
            name = tag.attrib[TYPE].rpartition(":")[2].removesuffix("Relationship")
            found[OLD.get(name, name)] += 1
    return found


def ended_at(path: Path) -> Counter[str]:
    """Count the relationships that another one begins or ends at, by type."""
    tags = [tag.attrib for tag in ElementTree.parse(path).iter() if "source" in tag.attrib and TYPE in tag.attrib]
    found = {tag["identifier"]: tag[TYPE] for tag in tags if "identifier" in tag and "relationshipRef" not in tag}
    ends = {tag[end] for tag in tags for end in ("source", "target")} & found.keys()
    return Counter(f"{found[end]}Relationship" for end in ends)


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_is_read_whole(name: str) -> None:
    model = load(real(name))
    adds_up(model)
    counted = plain_count(real(name))
    assert sum(counted.values()) > 290
    assert {what: model.report.read.get(what) for what in counted} == counted
    elements = {what: count for what, count in counted.items() if what in CONCRETE} | ended_at(real(name))
    assert {what: model.report.used[what] for what in elements} == elements
    assert len(model.elements) == sum(elements.values())
    declared = Counter(said for node in model.facts.declared.values() for said in node)
    assert declared == {f"archimate-3:{what}": count for what, count in elements.items()}


@pytest.mark.parametrize("name", FILES)
def test_every_relationship_of_a_real_file_is_a_fact_or_left(name: str) -> None:
    model = load(real(name))
    for what in RELATIONSHIPS:
        count = plain_count(real(name))[what]
        assert model.report.used.get(what, 0) + sum(left(model, what).values()) == count
    assert sum(model.report.used.get(what, 0) for what in RELATIONSHIPS) >= 176


def about(facts: Iterable[tuple[str, str, object]], iris: set[str]) -> set[tuple[str, str, object]]:
    return {fact for fact in facts if fact[1] in iris or getattr(fact[2], "value", None) in iris}


def test_one_model_in_two_formats_agrees_element_by_element() -> None:
    native, exchanged = load(real("archisurance.archimate")), load(real("archisurance-oef-2.1.xml"))
    only_native = set(native.elements) - set(exchanged.elements)
    assert set(exchanged.elements) <= set(native.elements)
    assert {native.declarations(iri) for iri in only_native} == {("archimate-3:Grouping",), ("archimate-3:Resource",)}
    here, there = said(native, languages=False), said(exchanged, languages=False)
    properties = {fact for fact in here if fact[0].startswith("urn:archimate:property:")}
    assert len(properties) == 5
    assert not there - here
    assert here - there - properties == about(here, only_native) - properties
    assert len(there) > 500


def test_a_relationship_that_another_one_ends_at_is_an_element_too() -> None:
    """Couplings of packages, with the standard and the intermediary that the model says they use."""
    model = load(real("over-gemma-oef-3.0.xml"))
    couplings = {iri for iri in model.elements if model.declarations(iri) == ("archimate-3:FlowRelationship",)}
    connected = {
        (model.label(subject), model.label(value.value))
        for relation, subject, value in said(model)
        if relation == ITSM.connectedTo and subject in couplings and isinstance(value, NamedNode)
    }
    assert connected == {
        ("interne koppeling", "Pakket"),
        ("interne koppeling", "Standaardversie"),
        ("interne koppeling", "Intermediair-pakket"),
        ("externe koppeling", "Pakket"),
        ("externe koppeling", "Buitengemeentelijke component"),
        ("externe koppeling", "Standaardversie"),
        ("externe koppeling", "Intermediair-pakket"),
    }
    assert left(model, "Association") == {}


def test_the_software_of_a_real_file() -> None:
    model = load(real("over-gemma-oef-3.0.xml"))
    kinds = Counter(local_name(value.value) for relation, _, value in said(model) if relation == RDF_TYPE)  # type: ignore[attr-defined]
    assert kinds["ApplicationSoftware"] == 37
