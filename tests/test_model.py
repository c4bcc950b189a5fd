"""Models: made of records, looked into, asked, and held to the vocabulary."""

from __future__ import annotations

import dataclasses
import socket
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode
from rdflib.graph import ModificationException

import itsm_ontology as itsm
from itsm_ontology import AmbiguousNameError, InputError, Model, Outcome, UnknownNameError
from itsm_ontology.facts import Completeness
from itsm_ontology.names import ITSM, META, RDF_TYPE, XSD

HEAD = b"""@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix itsm: <https://w3id.org/itsm-ontology/itsm#> .
@prefix meta: <https://w3id.org/itsm-ontology/meta#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix x: <urn:x:> .
"""


def records(*rows: dict[Any, Any], **more: str) -> Model:
    return Model.from_records(rows, **more)


def turtle(text: str) -> Model:
    return itsm.load(HEAD + text.encode(), name="model.ttl")


def values(model: Model, element: str, relation: str) -> list[Any]:
    """Give the terms that a relation leads to, as (value, local name of the datatype) for literals."""
    index = model.facts.forwards.get(relation, {})
    terms = [model.facts.terms[node] for node in index.get(model.node(element), ())]
    return [(t.value, t.datatype.value.removeprefix(XSD)) if isinstance(t, Literal) else t.value for t in terms]


def triples(model: Model) -> set[tuple[str, ...]]:
    """Give the facts of a model as text."""
    return {
        tuple(term.n3() for term in triple) for triple in rdflib.Graph().parse(data=model.turtle(), format="turtle")
    }


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every attempt to reach out fail the test."""

    def refuse(*args: object, **more: object) -> None:
        pytest.fail("a request was made")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)


# ---------------------------------------------------------------------------------------------------------------------
# From records

FAULTY: list[tuple[str, list[Any], str, str]] = [
    ("no id", [{"kind": "Server"}], "1", "no id"),
    ("blank id", [{"id": "a"}, {"id": "  "}], "2", "no id"),
    ("id that is no text", [{"id": 7}], "1", "no id"),
    ("no mapping", ["a"], "1", "this is a str"),
    ("the same id twice", [{"id": "a", "kind": "Server"}, {"id": "a", "kind": "Person"}], "a", "two records"),
    ("the same IRI twice", [{"id": "a"}, {"id": "urn:model:a"}], "urn:model:a", "two records"),
    ("a kind that there is none of", [{"id": "a", "kind": "Servr"}], "a", "Did you mean Server"),
    ("a relation that there is none of", [{"id": "a", "hasPrat": "b"}], "a", "Did you mean hasPart"),
    ("a kind as a relation", [{"id": "a", "Server": "b"}], "a", "no relation 'Server'"),
    ("a relation as a kind", [{"id": "a", "kind": "hasPart"}], "a", "no kind 'hasPart'"),
    ("a disputed term as a kind", [{"id": "a", "kind": "itsm:Service"}], "a", "no kind 'itsm:Service'"),
    ("a key that is no text", [{"id": "a", 1: "b"}], "a", "the key 1"),
    ("a number where an id should be", [{"id": "a", "hasPart": 3}], "a", "3 is no id"),
    ("a record inside a record", [{"id": "a", "hasPart": {"id": "b"}}], "a", "is no id"),
    ("an empty id in a list", [{"id": "a", "hasPart": ["b", ""]}], "a", "is no id"),
    ("text for a truth value", [{"id": "a", "automated": "yes"}], "a", "no truth value"),
    ("a number for a truth value", [{"id": "a", "automated": 1}], "a", "no truth value"),
    ("text for a number", [{"id": "a", "price": "cheap"}], "a", "no xsd:decimal"),
    ("a truth value for a number", [{"id": "a", "skillLevel": True}], "a", "no xsd:integer"),
    ("a day for an instant", [{"id": "a", "atInstant": date(2024, 1, 1)}], "a", "no xsd:dateTime"),
    ("a value of no sort that RDF has", [{"id": "a", "version": b"1"}], "a", "is a bytes"),
    ("completeness of nothing known", [{"id": "a", "complete": ["hasParts"]}], "a", "Did you mean hasPart"),
    ("an id that makes no IRI", [{"id": "http://a b"}], "'http://a b'", "no IRI"),
    ("a value that makes no IRI", [{"id": "a", "hasPart": "http://a b"}], "'http://a b'", "no IRI"),
    ("half a character", [{"id": "a", "label": "\ud800", "kind": "Server"}], "a", "no text"),
    ("two things said to be one", [{"id": "a", "owl:sameAs": "b"}], "a", "owl:sameAs"),
    ("a declaration as a fact", [{"id": "a", "meta:declaredAs": "x:Service"}], "a", "meta:declaredAs"),
    ("a kind by another name", [{"id": "a", "rdf:type": "itsm:Server"}], "a", "rdf:type"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "record", "problem"), [f[1:] for f in FAULTY], ids=[f[0] for f in FAULTY])
def test_a_faulty_record_is_refused_by_name(rows: list[Any], record: str, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        Model.from_records([{"id": "sound", "kind": "Server"}] * (record not in "12") + rows, name="inventory")
    assert (caught.value.source, caught.value.record) == ("inventory", record)
    assert problem in str(caught.value)
    assert f"record {record}" in str(caught.value)


@pytest.mark.parametrize("rows", [[], [{"id": "a"}]], ids=["none", "ids only"])
def test_records_without_a_fact_are_refused(rows: list[Any]) -> None:
    with pytest.raises(InputError, match="nothing in it"):
        Model.from_records(rows)


def test_values_keep_what_they_are() -> None:
    model = records(
        {
            "id": "a", "kind": "Software", "automated": True, "operational": False, "version": 2, "skillLevel": 3,
            "price": [12, 2.5, Decimal("1E+3"), 1e20], "atInstant": datetime(2024, 5, 6, 7, 8, 9),
            "https://example.org/ratio": 0.5, "https://example.org/day": date(2024, 1, 2), "storable": None,
        }
    )  # fmt: skip
    assert values(model, "a", ITSM.automated) == [("true", "boolean")]
    assert values(model, "a", ITSM.operational) == [("false", "boolean")]
    assert values(model, "a", ITSM.version) == [("2", "string")]
    assert values(model, "a", ITSM.skillLevel) == [("3", "integer")]
    prices = [(Decimal(text), datatype) for text, datatype in values(model, "a", ITSM.price)]
    assert prices == [(Decimal(n), "decimal") for n in ("12", "2.5", "1000", "100000000000000000000")]
    assert "E" not in "".join(text for text, _ in values(model, "a", ITSM.price)).upper()
    assert values(model, "a", ITSM.atInstant) == [("2024-05-06T07:08:09", "dateTime")]
    assert values(model, "a", "https://example.org/ratio") == [("0.5", "double")]
    assert values(model, "a", "https://example.org/day") == [("2024-01-02", "date")]
    assert values(model, "a", ITSM.storable) == []


def test_one_value_or_many_are_said_alike() -> None:
    one = records({"id": "a", "kind": "Software", "runsOn": "s"})
    many = records({"id": "a", "kind": ["Software"], "runsOn": ["s", "s"]})
    assert triples(one) == triples(many)
    several = records({"id": "a", "kind": ("Software", "ControlledItem"), "runsOn": {"s", "t"}})
    assert several.kinds("a") == (ITSM.ControlledItem, ITSM.Software)
    assert sorted(values(several, "a", ITSM.runsOn)) == ["urn:model:s", "urn:model:t"]


def test_iris_are_kept_and_other_ids_get_the_base() -> None:
    model = records(
        {"id": "https://example.org/a#1", "kind": "Server", "hasPart": ["urn:b:2", "pay roll"]},
        base="https://m.example/",
    )
    assert set(model.elements) == {"https://example.org/a#1", "urn:b:2", "https://m.example/pay%20roll"}
    assert model.find("pay%20roll") == "https://m.example/pay%20roll"


def test_names_of_the_vocabulary_may_be_written_in_three_ways() -> None:
    short, prefixed, full = (
        records({"id": "a", "kind": head + "Software", head + "hasPart": "b"}) for head in ("", "itsm:", str(ITSM))
    )
    assert triples(short) == triples(prefixed) == triples(full)


def test_ids_without_a_record_are_elements_and_noted() -> None:
    whole = records({"id": "a", "hasPart": "b"}, {"id": "b", "kind": "Server"})
    assert whole.report.notes == ()
    partial = records({"id": "a", "hasPart": ["b", "gone", "lost"]}, {"id": "b", "kind": "Server"})
    assert [note for note in partial.report.notes if "(2): gone, lost" in note]
    assert {"urn:model:gone", "urn:model:lost"} <= set(partial.elements)


def test_completeness_stands_for_its_record_alone() -> None:
    model = records({"id": "a", "kind": "Server", "complete": ["hasPart"]}, {"id": "b", "kind": "Server"})
    assert model.facts.completeness == (Completeness(ITSM.hasPart, node=model.node("a")),)


def test_declarations_are_kept_apart_from_facts() -> None:
    model = records({"id": "a", "kind": "Server", "declared": ["snow:cmdb_ci_service", "x:Y"]})
    assert model.declarations("a") == ("snow:cmdb_ci_service", "x:Y")
    assert "cmdb_ci_service" not in model.turtle()


# ---------------------------------------------------------------------------------------------------------------------
# Labels and look-ups

NAMED = """
x:crm a itsm:Software ; rdfs:label "Customer register"@en , "Klantregister"@nl ; itsm:runsOn x:s1 , itsm:odd .
x:s1 a itsm:Server ; rdfs:label "Main" .
x:s2 a itsm:Server ; rdfs:label "Main" .
x:s3 a itsm:Server ; rdfs:label "main" ; itsm:hasPart <https://example.org/disk/> .
"""


@pytest.mark.parametrize("name", ["urn:x:crm", "Customer register", "customer REGISTER ", "crm", "CRM"])
def test_an_element_is_found_by_any_of_its_names(name: str) -> None:
    assert turtle(NAMED.replace(" , itsm:odd", "")).find(name) == "urn:x:crm"


def test_an_element_is_found_by_a_prefixed_name() -> None:
    model = itsm.load(b"<https://w3id.org/itsm-ontology/term/x> a <https://w3id.org/itsm-ontology/itsm#Server> .")
    assert model.find("term:x") == "https://w3id.org/itsm-ontology/term/x"


def test_an_english_label_is_preferred_and_an_iri_stands_in() -> None:
    model = turtle("x:a a itsm:Server ; rdfs:label 'Ding'@nl , 'thing'@en . x:b a itsm:Server ; rdfs:label 'Ding'@nl .")
    assert (model.label("urn:x:a"), model.label("urn:x:b"), model.label("urn:x:c")) == ("thing", "Ding", "c")


def test_a_label_that_several_have_is_refused_with_their_iris() -> None:
    model = turtle(NAMED.replace(" , itsm:odd", ""))
    with pytest.raises(AmbiguousNameError) as caught:
        model.find("Main")
    assert {"urn:x:s1", "urn:x:s2"} <= set(caught.value.candidates)
    assert all(iri in str(caught.value) for iri in caught.value.candidates)
    with pytest.raises(AmbiguousNameError) as caught:
        model.find("MAIN")
    assert list(caught.value.candidates) == ["urn:x:s1", "urn:x:s2", "urn:x:s3"]


def test_an_unknown_name_is_refused_with_near_ones() -> None:
    model = turtle(NAMED.replace(" , itsm:odd", ""))
    with pytest.raises(UnknownNameError, match="Did you mean Customer register") as caught:
        model.find("Custmer register")
    assert "Customer register" in caught.value.near
    for name in ("", "urn:x:nothing", "no scheme: x", "urn:x:Server"):
        with pytest.raises(UnknownNameError):
            model.find(name)


def test_kinds_and_literals_are_no_elements() -> None:
    model = turtle("x:a a itsm:Server ; itsm:version 'urn:x:v' ; rdfs:seeAlso x:page .")
    assert model.elements == ("urn:x:a",)


# ---------------------------------------------------------------------------------------------------------------------
# Immutable


def test_a_model_is_frozen() -> None:
    model = records({"id": "a", "kind": "Server"})
    for thing, name in ((model, "facts"), (model.facts, "pairs"), (model.report, "left"), (model.facts, "new")):
        with pytest.raises((dataclasses.FrozenInstanceError, TypeError)):
            setattr(thing, name, None)


def test_the_graph_of_a_model_refuses_changes() -> None:
    model = records({"id": "a", "kind": "Server"})
    triple = (rdflib.URIRef("urn:a"), rdflib.RDFS.label, rdflib.Literal("x"))
    before = len(model.graph)
    for change in (model.graph.add, model.graph.remove):
        with pytest.raises(ModificationException):
            change(triple)
    with pytest.raises(ModificationException):
        model.graph.update("INSERT DATA { <urn:a> <urn:b> <urn:c> }")
    assert len(model.graph) == before


def test_an_evaluation_leaves_the_model_as_it_was() -> None:
    model = records({"id": "a", "kind": "Arrangement", "providedBy": "p"}, {"id": "p", "kind": "Organization"})
    before = triples(model)
    itsm.evaluate(model, terms=["service"], unit="p", complete=["providedBy"])
    assert triples(model) == before
    assert model.facts.completeness == ()


# ---------------------------------------------------------------------------------------------------------------------
# Queries


@pytest.fixture
def small() -> Model:
    return records({"id": "a", "hasPart": ["b", "c"]}, {"id": "b", "kind": "Server"}, {"id": "c", "kind": "Person"})


def test_queries_of_each_form_are_answered(small: Model, no_network: None) -> None:
    parts = {str(row[rdflib.Variable("p")]) for row in small.query("SELECT ?p WHERE { ?w itsm:hasPart ?p }").bindings}
    assert parts == {"urn:model:b", "urn:model:c"}
    assert small.query("ASK { ?x a itsm:Person }").askAnswer is True
    assert small.query("ASK { ?x a itsm:Document }").askAnswer is False
    made = small.query("CONSTRUCT { ?p itsm:partOf ?w } WHERE { ?w itsm:hasPart ?p }").graph
    assert made is not None
    assert {str(s) for s in made.subjects(rdflib.URIRef(ITSM.partOf), None)} == {"urn:model:b", "urn:model:c"}
    described = small.query("DESCRIBE <urn:model:b>").graph
    assert described is not None
    assert (rdflib.URIRef("urn:model:b"), rdflib.RDF.type, rdflib.URIRef(ITSM.Server)) in described


def test_the_vocabulary_can_be_asked_too(small: Model) -> None:
    rows = small.query("SELECT DISTINCT ?x WHERE { ?x a/rdfs:subClassOf* itsm:TechnicalThing }")
    assert [str(row[rdflib.Variable("x")]) for row in rows.bindings] == ["urn:model:b"]


REACHING_OUT = [
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } } }",
    "SELECT * { { SELECT * { ?s ?p ?o OPTIONAL { SERVICE ?s { ?s ?p ?o } } } } }",
    "SELECT (EXISTS { SERVICE ?s { ?s ?p ?o } } AS ?x) { ?s ?p ?o }",
    "SELECT ?s { ?s ?p ?o } ORDER BY (EXISTS { SERVICE ?s { ?s ?p ?o } })",
    "CONSTRUCT { ?s ?p ?o } WHERE { { ?s ?p ?o } UNION { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } }",
    "SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }",
    "ASK FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?s ?p ?o } }",
    "DESCRIBE ?s FROM <http://127.0.0.1:9/> WHERE { ?s ?p ?o }",
    "CONSTRUCT FROM <file:///etc/passwd> WHERE { ?s ?p ?o }",
]
UPDATES = [
    "LOAD <http://127.0.0.1:9/>", "LOAD SILENT <file:///etc/passwd>", "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
    "DELETE WHERE { ?s ?p ?o }", "CLEAR ALL", "DROP DEFAULT",
]  # fmt: skip


@pytest.mark.parametrize("query", REACHING_OUT)
def test_queries_that_reach_out_are_refused(small: Model, query: str, no_network: None) -> None:
    with pytest.raises(InputError, match="read from elsewhere"):
        small.query(query)


@pytest.mark.parametrize("update", [*UPDATES, "SELEKT ?x", ""])
def test_updates_and_what_is_no_query_are_refused(small: Model, update: str, no_network: None) -> None:
    before = len(small.graph)
    with pytest.raises(InputError, match="no SPARQL query"):
        small.query(update)
    assert len(small.graph) == before


DEEP = {
    "groups": "SELECT * { " + "{" * 3_000 + "?s ?p ?o" + "}" * 3_000 + " }",
    "fewer groups": "SELECT * { " + "{" * 90 + "?s ?p ?o" + "}" * 90 + " }",
    "parentheses": "SELECT * { ?s ?p ?o FILTER " + "(" * 90 + "true" + ")" * 90 + " }",
    "unions": "SELECT * { " + " UNION ".join(["{ ?s itsm:hasPart ?o }"] * 700) + " }",
    "conditions": "SELECT * { ?s itsm:hasPart ?o FILTER (" + "!" * 2_000 + "true) }",
}


@pytest.mark.parametrize("query", DEEP.values(), ids=DEEP)
def test_deep_queries_give_one_clear_error(small: Model, query: str) -> None:
    with pytest.raises(InputError) as caught:
        small.query(query)
    assert caught.value.source == "query"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert "maximum recursion" not in str(caught.value)


# ---------------------------------------------------------------------------------------------------------------------
# Problems


def test_disjoint_kinds_are_a_problem_and_load_all_the_same() -> None:
    model = records(
        {"id": "a", "kind": ["ApplicationSoftware", "Person"]}, {"id": "b", "kind": ["Software", "ControlledItem"]}
    )
    assert [problem.element for problem in model.problems] == ["urn:model:a"]
    assert "application software and person" in model.problems[0].message


def test_the_models_own_disjointness_counts() -> None:
    text = "x:K a owl:Class ; owl:disjointWith x:L . x:a a x:K , x:L . x:b a x:K ."
    assert [problem.element for problem in turtle(text).problems] == ["urn:x:a"]
    group = "[] a owl:AllDisjointClasses ; owl:members ( x:K x:L x:M ) . x:a a x:K , x:M . x:b a x:L , itsm:Server ."
    model = turtle(group)
    assert [problem.element for problem in model.problems] == ["urn:x:a"]
    assert set(model.elements) == {"urn:x:a", "urn:x:b"}


BROKEN_LISTS = {
    "no list": "owl:members x:K",
    "no members": "rdfs:label 'x'",
    "no first": "owl:members [ rdf:rest () ]",
    "no rest": "owl:members [ rdf:first x:K ]",
    "two heads": "owl:members ( x:K ) , ( x:L )",
}


@pytest.mark.parametrize("members", BROKEN_LISTS.values(), ids=BROKEN_LISTS)
def test_a_broken_list_of_disjoint_kinds_is_refused(members: str) -> None:
    with pytest.raises(InputError, match="well-formed list") as caught:
        turtle(f"x:apart a owl:AllDisjointClasses ; {members} . x:a a x:K .")
    assert caught.value.source == "model.ttl"


def test_circles_are_a_problem_where_there_should_be_none() -> None:
    model = records(
        {"id": "a", "hasPart": "b"}, {"id": "b", "hasPart": "c"}, {"id": "c", "hasPart": "a"},
        {"id": "in", "hasPart": "a"}, {"id": "b2", "hasPart": "b"}, {"id": "self", "kind": "Server", "hasPart": "self"},
        {"id": "p", "dependsOn": "q"}, {"id": "q", "dependsOn": "p"},
    )  # fmt: skip
    assert {p.element.removeprefix("urn:model:") for p in model.problems} == {"a", "b", "c", "self"}


def test_a_circle_through_the_inverse_is_a_circle_too() -> None:
    model = records({"id": "a", "hasPart": "b"}, {"id": "a2", "kind": "Server"}, {"id": "b", "kind": "Server"})
    assert model.problems == ()
    crossed = turtle("x:a itsm:hasPart x:b . x:a itsm:partOf x:b .")
    assert {p.element for p in crossed.problems} == {"urn:x:a", "urn:x:b"}


def test_a_long_chain_is_no_problem() -> None:
    chain = [{"id": f"e{n}", "hasPart": f"e{n + 1}"} for n in range(3_000)]
    assert Model.from_records(chain).problems == ()


# ---------------------------------------------------------------------------------------------------------------------
# Service relationships

CONTRACTS = """
x:mail a itsm:Arrangement .
x:r1 a itsm:ServiceRelationship ; itsm:regards x:mail ;
  itsm:relationshipProvider x:it ; itsm:relationshipReceiver x:sales ;
  itsm:customer x:sales ; itsm:agreedIn x:sla1 ; itsm:hasCostOrRisk x:licences .
x:r2 a itsm:ServiceRelationship ; itsm:regards x:mail ;
  itsm:relationshipProvider x:it ; itsm:relationshipReceiver x:depot ;
  itsm:customer x:depot ; itsm:agreedIn x:sla2 ; itsm:hasCostOrRisk x:hardware .
x:licences itsm:ownedBy x:it . x:hardware itsm:ownedBy x:depot .
"""


def test_binary_facts_are_derived_from_relationships() -> None:
    model = turtle(CONTRACTS)
    assert set(values(model, "mail", ITSM.providedBy)) == {"urn:x:it"}
    assert set(values(model, "mail", ITSM.deliveredTo)) == {"urn:x:sales", "urn:x:depot"}
    assert set(values(model, "mail", ITSM.customer)) == {"urn:x:sales", "urn:x:depot"}
    assert set(values(model, "mail", ITSM.agreedIn)) == {"urn:x:sla1", "urn:x:sla2"}


def test_customers_do_not_mix_where_the_relationship_is_asked() -> None:
    model = turtle(CONTRACTS)
    assert values(model, "r1", ITSM.customer) == ["urn:x:sales"]
    assert values(model, "r2", ITSM.hasCostOrRisk) == ["urn:x:hardware"]
    bears = b"""x:own a sh:NodeShape ; sh:targetClass itsm:ServiceRelationship ;
      sh:property [ sh:path ( itsm:hasCostOrRisk itsm:ownedBy ) ; sh:disjoint itsm:customer ] ."""
    catalogue = itsm.catalogue().with_shapes(HEAD + bears)
    verdicts = itsm.evaluate(model, frameworks=["bytes"], catalogue=catalogue, elements=["r1", "r2"])
    assert {v.label: v.conforms for v in verdicts} == {"r1": True, "r2": False}


def test_relationships_are_never_made_of_binary_facts() -> None:
    binary = "x:mail itsm:providedBy x:it ; itsm:customer x:sales ; itsm:deliveredTo x:sales ; itsm:agreedIn x:sla1 ."
    model = turtle(binary)
    assert not {ITSM.regards, ITSM.relationshipProvider, ITSM.relationshipReceiver} & set(model.facts.pairs)
    assert set(model.elements) == {f"urn:x:{name}" for name in ("mail", "it", "sales", "sla1")}
    mixed = turtle(CONTRACTS + "x:mail itsm:customer x:board .")
    assert "urn:x:board" not in values(mixed, "r1", ITSM.customer) + values(mixed, "r2", ITSM.customer)


def test_derived_facts_say_that_they_are_derived() -> None:
    facts = turtle(CONTRACTS).facts
    origins = {facts.sources[o] for o in facts.origins[ITSM.providedBy]}
    assert origins == {"derived from service relationships"}
    assert {facts.sources[o] for o in facts.origins[ITSM.regards]} == {"model.ttl"}


# ---------------------------------------------------------------------------------------------------------------------
# Reports and layers


def test_the_numbers_of_a_report_add_up() -> None:
    text = CONTRACTS + "x:mail meta:declaredAs 'snow:service' ; meta:framework x:f ; meta:completeFor itsm:customer ."
    for model in (turtle(text), records({"id": "a", "hasPart": "b"}, {"id": "b", "kind": "Server", "label": "B"})):
        report = model.report
        left = sum(item.count for item in report.left)
        assert sum(report.read.values()) == sum(report.used.values()) + left > 0
        assert f"{sum(report.read.values())} read, {sum(report.used.values())} used, {left} left" in report.summary
    assert turtle(text).report.left[0].what == "meta:framework"


def test_shapes_see_neither_declarations_nor_completeness() -> None:
    model = turtle("x:a a itsm:Server ; meta:declaredAs 'snow:service' ; meta:completeFor itsm:hasPart .")
    assert model.declarations("a") == ("snow:service",)
    shape = "x:{0} a sh:NodeShape ; sh:property [ sh:path meta:{0} ; sh:minCount 1 ] ."
    shapes = HEAD + "".join(shape.format(word) for word in ("declaredAs", "completeFor")).encode()
    verdicts = itsm.evaluate(model, frameworks=["bytes"], catalogue=itsm.catalogue().with_shapes(shapes))
    assert [v.conforms for v in verdicts] == [False, False]
    assert {v.outcome for v in verdicts} == {Outcome.UNDETERMINED}
    assert not any(relation.startswith(META) for relation in model.facts.pairs)
    assert not model.query(f"ASK {{ <urn:x:a> <{META.declaredAs}> ?what }}").askAnswer


def test_facts_know_every_source_that_says_them() -> None:
    model = itsm.load(HEAD + b"x:g1 { x:a a itsm:Server } x:g2 { x:a a itsm:Server ; itsm:hasPart x:b }")
    facts = model.facts
    assert set(facts.sources) == {"urn:x:g1", "urn:x:g2"}
    said = {r: [[facts.sources[s] for s in facts.sources_of(o)] for o in facts.origins[r]] for r in facts.pairs}
    assert said == {RDF_TYPE: [["urn:x:g1", "urn:x:g2"]], ITSM.hasPart: [["urn:x:g2"]]}
    assert facts.pairs[RDF_TYPE] == ((facts.nodes[NamedNode("urn:x:a")], facts.nodes[NamedNode(ITSM.Server)]),)
