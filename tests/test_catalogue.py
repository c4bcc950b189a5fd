"""The published definitions: their own examples, what they cover, and what they promise."""

from __future__ import annotations

import csv
from collections import defaultdict

import pytest
from conftest import ROOT, beside

from itsm_ontology import Catalogue, Definition, InputError, Model, Outcome, catalogue, evaluate
from itsm_ontology.definitions import Example
from itsm_ontology.facts_builder import FactsBuilder
from itsm_ontology.names import ITSM
from itsm_ontology.sources.rdf import add_statements

DEFINITIONS = sorted(catalogue().all_definitions.values(), key=lambda d: d.token)
EXAMPLES = [(d, example) for d in DEFINITIONS for example in d.examples]

# The columns of the matrix of frameworks, and the frameworks of the catalogue that speak for them.
COLUMNS = {
    "ITIL v2": ["itil-2"], "ITIL 2007": ["itil-2007"], "ITIL 2011": ["itil-2011"], "ITIL 4": ["itil-4"],
    "ITIL 5": ["itil-5"], "Pre-v2 / Clark": ["clark"], "ASL 1/2": ["asl-1", "asl-2"], "NEN 3434": ["nen-3434-2007"],
    "BiSL (Next)": ["bisl-next"], "USMBOK": ["usmbok-2008"], "FitSM-0": ["fitsm-3"],
    "ISO 20000:2005": ["iso-20000-2005"], "ISO 20000:2011": ["iso-20000-2011"], "ISO 20000:2018": ["iso-20000-2018"],
    "ISO 27000": ["iso-27000-2018"], "COBIT 5/2019": ["cobit-2019"], "SFIA": ["sfia-9"],
    "von Neumann/ENIAC": ["von-neumann"], "OASIS SOA-RM": ["soa-rm-1.0"],
    "Fowler / microservice": ["fowler-2003", "microservices-2014"], "APM / M&H": ["wikipedia-apm"],
    "ArchiMate 3.x": ["archimate-3"], "OBASHI": ["obashi"], "TOGAF 9.2": ["togaf-9.2"], "CSDM 4/5": ["csdm-5"],
    "Betz": ["betz-2010"], "IT Skeptic": ["skeptic-2010", "skeptic-2008"], "Valle": ["valle-2010"],
    "Roos": ["roos-2010"],
    "Dutch D/S (Meijer)": ["meijer-2010"], "Vinod/ITIL": ["vinod-2010"], "Enterprise-IT (ENT)": ["enterprise-it-2010"],
    "Late-to-the-party (LP)": ["late-to-the-party-2010"], "Value commenter (VAL)": ["value-commenter-2010"],
    "Chocolate-teapot (TEA)": ["chocolate-teapot-2010"], "Underscore": ["underscore-2010"],
}  # fmt: skip
TERMS = {
    "service": "service",
    "application": "application",
    "information service": "information-service",
    "availability (service sense)": "service-availability",
    "availability (security sense)": "information-availability",
    "BRM (process/function/practice)": "business-relationship-management",
}
USERS_FOUR_SENSES = ("itil-2011", "asl-2", "usmbok-2008", "von-neumann")
# Definitions that are nothing but a genus, so that a kind alone meets them.
GENUS_ONLY = {"underscore-2010:business-relationship-management", "vinod-2010:application.software"}


def model_of(example: Example) -> Model:
    builder = FactsBuilder(example.iri, "example")
    add_statements(example.statements, builder)
    return Model(builder.build())


def failing(definition: Definition, model: Model, element: str) -> tuple[Outcome, set[str]]:
    verdict = evaluate(model, definitions=[definition.token], elements=[element])[element, definition.token]
    return verdict.outcome, {finding.constraint for finding in (*verdict.missing, *verdict.conflicts)}


@pytest.mark.parametrize(
    ("definition", "example"), EXAMPLES, ids=[example.iri.rsplit("/", 1)[1] for _, example in EXAMPLES]
)
def test_example(definition: Definition, example: Example) -> None:
    """An example is met; a counter-example breaks exactly the constraints it names, with the outcome it states."""
    outcome, broken = failing(definition, model_of(example), example.element)
    assert broken == set(example.breaks)
    assert (outcome in (Outcome.SATISFIED, Outcome.SATISFIED_SO_FAR)) == (not example.breaks)
    if example.expects:
        assert outcome is example.expects
    assert model_of(example).problems == ()


@pytest.mark.parametrize("definition", [d for d in DEFINITIONS if not d.informal], ids=lambda d: d.token)
def test_has_examples_and_counter_examples(definition: Definition) -> None:
    assert any(not example.breaks for example in definition.examples)
    assert any(example.breaks for example in definition.examples)
    own = {constraint.iri for constraint in definition.constraints}
    assert {broken for example in definition.examples for broken in example.breaks} <= own


@pytest.mark.parametrize("definition", [d for d in DEFINITIONS if not d.informal], ids=lambda d: d.token)
def test_says_nothing_of_an_empty_record(definition: Definition) -> None:
    """No definition is met by silence: a kind alone is not enough, unless the source asks for nothing more."""
    words = [kind.removeprefix(ITSM) for kind in definition.applies_to]
    model = Model.from_records([{"id": f"bare-{kind}", "kind": kind} for kind in words])
    verdicts = evaluate(model, definitions=[definition.token])
    met = {verdict.label for verdict in verdicts if verdict.conforms}
    assert not met or definition.token in GENUS_ONLY


def test_informal_definitions_are_few() -> None:
    assert len([d for d in DEFINITIONS if d.informal]) <= 5


def test_every_defined_cell_of_the_five_terms_is_there() -> None:
    cells = [row for row in matrix_rows() if row["mark"] == "D" and row["term"] in TERMS]
    assert len(cells) == 63
    held = defaultdict(set)
    for definition in DEFINITIONS:
        for framework in (definition.framework, *definition.held_by):
            held[framework].add(definition.term)
    lacking = [
        (row["framework"], row["term"])
        for row in cells
        if not any(TERMS[row["term"]] in held[token] for token in COLUMNS[row["framework"]])
    ]
    assert lacking == []


def test_absences_and_mentions_are_those_of_the_matrix() -> None:
    """For the frameworks that are in the catalogue so far: no absence is missing, none is invented."""
    said = {(s.framework, s.term): s.sort for s in catalogue().standings if s.sort != "not seen"}
    defined = {(d.framework, d.term) for d in DEFINITIONS}
    expected = {"-": "absent", "m": "mentioned"}
    wrong = []
    for row in matrix_rows():
        if row["term"] not in TERMS or row["framework"] not in COLUMNS:
            continue
        tokens, term = COLUMNS[row["framework"]], TERMS[row["term"]]
        found = {said[token, term] for token in tokens if (token, term) in said}
        if any((token, term) in defined for token in tokens):
            continue
        wanted = {expected[row["mark"]]} if row["mark"] in expected else set()
        if found != wanted:
            wrong.append((row["framework"], row["term"], row["mark"], found))
    assert wrong == []


def matrix_rows() -> list[dict[str, str]]:
    with beside("domain", "matrix.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("framework", USERS_FOUR_SENSES)
def test_the_four_senses_speak_or_are_recorded_as_silent(framework: str) -> None:
    spoken = {d.term for d in DEFINITIONS if framework in (d.framework, *d.held_by)}
    recorded = {s.term for s in catalogue().standings if s.framework == framework}
    assert set(TERMS.values()) <= spoken | recorded


def test_published_tokens_stay() -> None:
    published = (ROOT / "tests" / "data" / "published-tokens.txt").read_text(encoding="utf-8").split()
    assert len(published) >= 80
    assert set(published) <= set(catalogue().all_definitions)


def test_loading_is_deterministic() -> None:
    from itsm_ontology import catalogue as published

    again = published.__wrapped__()
    assert again.all_definitions == published().all_definitions


# ---------------------------------------------------------------------------------------------------------------------
# Your own definitions beside the published ones

OWN = """@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix acme-1: <https://w3id.org/itsm-ontology/framework/acme-1#> .
@prefix framework: <https://w3id.org/itsm-ontology/framework/> .
@prefix itsm: <https://w3id.org/itsm-ontology/itsm#> .
@prefix meta: <https://w3id.org/itsm-ontology/meta#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix term: <https://w3id.org/itsm-ontology/term/> .
framework:acme-1 a meta:Framework ; rdfs:label "ACME" ; meta:token "acme-1" .
acme-1:service a meta:Definition , sh:NodeShape ; rdfs:label "service (ACME)" ; skos:definition "Has a price." ;
    meta:defines term:service ; meta:framework framework:acme-1 ; meta:appliesTo itsm:Arrangement ;
    sh:property acme-1:service-price .
acme-1:service-price a sh:PropertyShape ; sh:path itsm:price ; sh:minCount 1 ; sh:message "Has a price." .
"""


def with_own(text: str) -> Catalogue:
    return catalogue().with_shapes(text.encode())


def test_own_definitions_stand_beside_the_published() -> None:
    mine = with_own(OWN)
    model = Model.from_records(
        [{"id": "mail", "kind": "Arrangement", "price": 3}, {"id": "net", "kind": "Arrangement"}]
    )
    verdicts = evaluate(model, terms=["service"], catalogue=mine)
    assert verdicts["mail", "acme-1:service"].outcome is Outcome.SATISFIED
    assert verdicts["net", "acme-1:service"].outcome is Outcome.UNDETERMINED
    assert "acme-1:service" not in catalogue().all_definitions


def test_plain_shapes_become_definitions() -> None:
    mine = catalogue().with_shapes(b"""@prefix sh: <http://www.w3.org/ns/shacl#> .
        @prefix itsm: <https://w3id.org/itsm-ontology/itsm#> .
        <urn:house#Hosted> a sh:NodeShape ; sh:property [ sh:path itsm:runsOn ; sh:minCount 1 ] .""")
    model = Model.from_records([{"id": "crm", "kind": "Software", "runsOn": "s1"}])
    token = next(token for token in mine.all_definitions if token.endswith(":Hosted"))
    assert evaluate(model, definitions=[token], catalogue=mine)["crm", token].conforms


@pytest.mark.parametrize(
    ("change", "message", "line"),
    [
        (("sh:minCount", "sh:minCont"), "sh:minCont, which SHACL does not have. Did you mean sh:minCount?", 14),
        (("sh:minCount 1", "sh:minCount 1.5"), "no whole number", 14),
        (('; sh:message "Has a price."', ""), "without sh:message", 14),
        (("itsm:Arrangement", "itsm:Arangement"), "itsm:Arangement, which the vocabulary does not have", 12),
        (("term:service", "term:servise"), "defines the term 'servise'", None),
        (("acme-1:service-price .", "[ sh:path itsm:price ; sh:minCount 1 ] ."), "constraint without a name", 13),
        (("sh:minCount 1", "sh:js <urn:x>"), "sh:js, which is not SHACL Core", 14),
        (("meta:framework framework:acme-1 ;", ""), "without meta:framework", 11),
        (("sh:minCount 1", "sh:node acme-1:service"), "refers to itself", 14),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_bad_shapes_are_refused_by_name_and_line(change: tuple[str, str], message: str, line: int | None) -> None:
    with pytest.raises(InputError) as caught:
        with_own(OWN.replace(*change))
    assert message in str(caught.value)
    assert caught.value.line == line


def test_a_published_token_can_not_be_redefined() -> None:
    with pytest.raises(InputError, match=r"itil-2011.* is in the catalogue already"):
        with_own(OWN.replace("acme-1", "itil-2011"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("itsm-ontology/itsm#", "itsm-ontology/itsm/"), "lies in none of our namespaces"),
        (('framework:acme-1 a meta:Framework ; rdfs:label "ACME" ; meta:token "acme-1" .', ""), "does not describe"),
        (("framework/acme-1#", "framework/acme-2#"), "and an IRI of another"),
        (("sh:property acme-1:service-price .", "sh:node acme-1:service-price ."), "sh:node with a property shape"),
    ],
)
def test_mistakes_that_would_otherwise_stay_unseen(change: tuple[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        with_own(OWN.replace(*change))
