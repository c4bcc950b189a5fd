"""Verdicts as RDF: the shape they have, what they rest on, and that what is written is what is read."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyshacl
import pytest
import rdflib
from conftest import ROOT
from pyoxigraph import BlankNode, Literal, NamedNode

import itsm_ontology as itsm
from itsm_ontology import InputError, Verdict, VerdictRecord, Verdicts, read_verdicts
from itsm_ontology.document import Document, open_document
from itsm_ontology.names import ITSM, META
from itsm_ontology.names import ROOT as IRI
from itsm_ontology.rdf import read_statements, to_rdflib
from itsm_ontology.shacl import ShapesGraph
from itsm_ontology.validate import failures

SHAPE = ROOT / "vocab" / "verdict-shape.ttl"
ROLLING_STOCK = f"{IRI}examples/01-rolling-stock#"
WORD = rdflib.Namespace(META)


@cache
def rolling_stock() -> Verdicts:
    return itsm.evaluate(
        itsm.load(ROOT / "examples" / "01-rolling-stock" / "model.ttl"), terms=["service", "application"]
    )


@cache
def shapes() -> ShapesGraph:
    document = open_document(SHAPE)
    return ShapesGraph(document, read_statements(document, "turtle"))


def written(verdict: Verdict, version: str = itsm.__version__) -> VerdictRecord:
    return VerdictRecord(
        verdict.element, verdict.definition, verdict.outcome, verdict.unit, verdict.complete, version,
        verdict.missing, verdict.conflicts,
    )  # fmt: skip


def faults(graph: rdflib.Graph) -> dict[str, set[str]]:
    """Give what fails, by the local names of the shapes."""
    document = Document("g", graph.serialize(format="nt", encoding="utf-8"))
    found = failures(read_statements(document, "n-triples"), shapes())
    return {shape.value.partition("#")[2]: {node.value for node in nodes} for shape, nodes in found.items()}


# ----------------------------------------------------------------------------------------------------------------------
# The shape


@pytest.mark.parametrize("everything", [False, True])
def test_every_verdict_has_the_shape(everything: bool) -> None:
    graph = rolling_stock().to_graph(all=everything)
    outcomes = {str(outcome).removeprefix(META) for outcome in graph.objects(None, WORD.outcome)}
    assert {"Satisfied", "SatisfiedSoFar", "Undetermined", "Contradicted"} <= outcomes
    assert ("NotApplicable" in outcomes) == everything
    assert faults(graph) == {}


def test_pyshacl_agrees_that_it_has() -> None:
    verdicts = itsm.evaluate(rolling_stock().model, terms=["service"], elements=["Rolling-stock information"])
    conforms, _, text = pyshacl.validate(
        verdicts.to_graph(all=True), shacl_graph=rdflib.Graph().parse(SHAPE), inference="none"
    )
    assert conforms, text


VERDICT = f"""@prefix meta: <{META}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<urn:v> a meta:Verdict ; meta:element <urn:crm> ; meta:underDefinition <urn:d> ; meta:outcome meta:Contradicted ;
    meta:catalogueVersion "0.1.0" ; meta:conforms false ; meta:settled true ; meta:conflict <urn:v:conflict-1> .
<urn:d> a meta:Definition ; rdfs:label "d" ; meta:token "own:d" ; meta:defines <urn:t> ; meta:framework <urn:f> .
<urn:v:conflict-1> a meta:Finding ; meta:constraint <urn:c> ; rdfs:label "Is small."@en ; meta:restsOn <urn:fact> .
<urn:fact> a rdf:Statement ; rdf:subject <urn:crm> ; rdf:predicate <urn:size> ; rdf:object 7 .
"""
WRONG = {
    "no element": ("meta:element <urn:crm> ; ", "", "verdict-element"),
    "two elements": ("<urn:crm> ; meta:under", "<urn:crm> , <urn:erp> ; meta:under", "verdict-element"),
    "an element that is text": ("meta:element <urn:crm>", 'meta:element "CRM"', "verdict-element"),
    "a definition without a token": ('meta:token "own:d" ; ', "", "verdict-definition"),
    "an outcome that there isn't": ("meta:Contradicted", "meta:Maybe", "verdict-outcome"),
    "an outcome that its bits deny": ("meta:settled true", "meta:settled false", "verdict"),
    "reasons for what is met": ("meta:outcome meta:Contradicted", "meta:outcome meta:Satisfied", "verdict"),
    "no version": ('meta:catalogueVersion "0.1.0" ; ', "", "verdict-version"),
    "a bit that is text": ("meta:conforms false", 'meta:conforms "false"', "verdict-conforms"),
    "a finding without a constraint": ("meta:constraint <urn:c> ; ", "", "verdict-conflict"),
    "a finding without words": ('rdfs:label "Is small."@en ; ', "", "verdict-conflict"),
    "a fact without an object": (" ; rdf:object 7", "", "verdict-conflict"),
    "a misspelt word": ("meta:settled true ;", "meta:settled true ; meta:sources <urn:s> ;", "verdict"),
    "two units": (
        "meta:settled true ;", "meta:settled true ; meta:judgedForUnit <urn:a> , <urn:b> ;", "verdict-unit",
    ),
}  # fmt: skip


def test_a_verdict_of_somebody_else_is_read() -> None:
    assert faults(rdflib.Graph().parse(data=VERDICT)) == {}
    finding = itsm.Finding("urn:c", "Is small.", "", (("urn:crm", "urn:size", "7"),))
    expected = VerdictRecord("urn:crm", "own:d", itsm.Outcome.CONTRADICTED, version="0.1.0", conflicts=(finding,))
    assert read_verdicts(VERDICT.encode()) == (expected,)


@pytest.mark.parametrize("case", WRONG)
def test_what_has_another_shape_is_refused(case: str) -> None:
    old, new, shape = WRONG[case]
    assert VERDICT.count(old) == 1
    text = VERDICT.replace(old, new)
    graph = rdflib.Graph().parse(data=text)
    assert shape in faults(graph)
    assert pyshacl.validate(graph, shacl_graph=rdflib.Graph().parse(SHAPE), inference="none")[0] is False
    with pytest.raises(InputError, match="urn:v is no verdict in the shape of"):
        read_verdicts(text.encode())


# ----------------------------------------------------------------------------------------------------------------------
# There and back


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    verdicts = rolling_stock()
    expected = {(verdict.element, verdict.definition): written(verdict) for verdict in verdicts}
    assert any(finding.facts for record in expected.values() for finding in record.conflicts)
    file = tmp_path / "verdicts.ttl"
    file.write_text(verdicts.graph.serialize(format="turtle"), "utf-8")
    for source in (verdicts.graph, file, verdicts.graph.serialize(format="json-ld", encoding="utf-8")):
        found = read_verdicts(source)
        assert [(record.element, record.definition) for record in found] == sorted(expected)
        assert {(record.element, record.definition): record for record in found} == expected


def test_a_graph_without_verdicts_has_none() -> None:
    assert read_verdicts(b"<urn:a> <urn:b> <urn:c> .") == ()


def test_many_findings_keep_their_order() -> None:
    """A tenth finding comes after the second, though its name sorts before it."""
    number = "".join(
        f"<urn:v:conflict-{n}> a meta:Finding ; meta:constraint <urn:c{n}> ; rdfs:label 'x'@en .\n"
        f"<urn:v> meta:conflict <urn:v:conflict-{n}> .\n"
        for n in range(2, 12)
    )
    (record,) = read_verdicts((VERDICT + number).encode())
    assert [finding.constraint for finding in record.conflicts] == ["urn:c", *(f"urn:c{n}" for n in range(2, 12))]


def test_a_finding_names_the_recorded_facts() -> None:
    """Meijer's application has no infrastructure: the whole has servers, a disk array and a network among its parts."""
    graph = rolling_stock().graph
    element = rdflib.URIRef(ROLLING_STOCK + "rolling-stock-information")
    facts = {
        (
            graph.value(fact, rdflib.RDF.subject),
            graph.value(fact, rdflib.RDF.predicate),
            graph.value(fact, rdflib.RDF.object),
        )
        for verdict in graph.subjects(WORD.element, element)
        if str(graph.value(verdict, WORD.underDefinition)).endswith("/asl-2#application.usage")
        for finding in graph.objects(verdict, WORD.conflict)
        for fact in graph.objects(finding, WORD.restsOn)
    }
    parts = {
        str(value).removeprefix(ROLLING_STOCK) for subject, relation, value in facts if str(relation) == ITSM.hasPart
    }
    assert parts & {"server-1", "server-2", "disk-array", "network"}
    assert facts <= {tuple(map(to_rdflib, triple)) for triple in model_triples()}


def model_triples():
    facts = rolling_stock().model.facts
    for relation, pairs in facts.pairs.items():
        for subject, value in pairs:
            yield facts.terms[subject], NamedNode(relation), facts.terms[value]


def test_every_fact_is_one_of_the_model_with_its_datatype() -> None:
    known = set(model_triples())
    graph = rolling_stock().graph
    statements = list(graph.subjects(rdflib.RDF.type, rdflib.RDF.Statement))
    assert len(statements) > 20
    document = Document("g", graph.serialize(format="nt", encoding="utf-8"))
    parts: dict[str, dict[str, NamedNode | BlankNode | Literal]] = {}
    for subject, predicate, value, _ in read_statements(document, "n-triples"):
        parts.setdefault(subject.value, {})[predicate.value] = value
    for node in statements:
        said = parts[str(node)]
        triple = tuple(said[str(word)] for word in (rdflib.RDF.subject, rdflib.RDF.predicate, rdflib.RDF.object))
        assert triple in known


# ----------------------------------------------------------------------------------------------------------------------
# What a verdict is


def verdict_iri(**choice) -> str:
    chosen = {"definitions": ["itil-2011:service"], "elements": ["Rolling-stock information"], **choice}
    graph = itsm.evaluate(rolling_stock().model, **chosen).graph
    (node,) = graph.subjects(rdflib.RDF.type, WORD.Verdict)
    return str(node)


def test_what_is_taken_as_complete_is_part_of_what_a_verdict_is() -> None:
    plain = verdict_iri()
    costs = verdict_iri(complete=["hasCostOrRisk"])
    assert len({plain, costs, verdict_iri(complete=["hasCostOrRisk", "ownedBy"]), verdict_iri(unit="Dispatching")}) == 4
    assert plain == verdict_iri(complete=[])
    assert (
        costs
        == verdict_iri(complete="itsm:hasCostOrRisk")
        == verdict_iri(complete=["hasCostOrRisk", "itsm:hasCostOrRisk"])
    )
    assert verdict_iri(complete=["ownedBy", "customer"]) == verdict_iri(complete=["customer", "ownedBy"])


def test_two_evaluations_can_be_merged() -> None:
    """With customers and costs taken as complete the answer is settled; both answers stand in one graph."""
    model = rolling_stock().model
    choice = {"definitions": ["itil-2011:service"], "elements": ["Rolling-stock information"]}
    complete = ["hasCostOrRisk", "ownedBy", "customer"]
    both = itsm.evaluate(model, **choice).graph + itsm.evaluate(model, **choice, complete=complete).graph
    assert faults(both) == {}
    assert [(v.outcome.name, v.complete) for v in read_verdicts(both)] == [
        ("SATISFIED_SO_FAR", ()),
        ("SATISFIED", ("itsm:customer", "itsm:hasCostOrRisk", "itsm:ownedBy")),
    ]


def test_the_name_of_a_verdict_without_more_is_as_it_was() -> None:
    """Names that were handed out stay: the digest of element, definition and unit."""
    import hashlib

    element = ROLLING_STOCK + "rolling-stock-information"
    digest = hashlib.sha256(f"{element}\nitil-2011:service\nNone".encode()).hexdigest()[:16]
    assert verdict_iri() == f"urn:itsm-ontology:verdict:{digest}"
