"""Verdicts as RDF: each a `meta:Verdict` with its findings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode

from .definitions import Definition
from .names import FRAMEWORK, META, RDF_TYPE, RDFS, TERM, XSD
from .rdf import Term
from .verdict import Finding, Verdict

Triple = tuple[Term, Term, Term]

_OUTCOMES = {
    "SATISFIED": META.Satisfied,
    "SATISFIED_SO_FAR": META.SatisfiedSoFar,
    "UNDETERMINED": META.Undetermined,
    "CONTRADICTED": META.Contradicted,
    "NOT_APPLICABLE": META.NotApplicable,
}


def verdict_triples(verdicts: Iterable[Verdict], version: str, definitions: Iterable[Definition]) -> Iterator[Triple]:
    """Give the triples of verdicts.

    Args:
        verdicts: the verdicts.
        version: the version of the catalogue.
        definitions: the definitions that the verdicts are under.

    Yields:
        Triples; first label, term and framework of each definition, then the verdicts. A verdict's IRI hangs on the
        element, the definition and the unit alone.
    """
    iris: dict[str, str] = {}
    for definition in definitions:
        iris[definition.token] = definition.iri
        yield from _definition_triples(definition)
    for verdict in verdicts:
        digest = hashlib.sha256(f"{verdict.element}\n{verdict.definition}\n{verdict.unit}".encode()).hexdigest()[:16]
        node = NamedNode(f"urn:itsm-ontology:verdict:{digest}")
        yield node, NamedNode(RDF_TYPE), NamedNode(META.Verdict)
        yield node, NamedNode(META.element), NamedNode(verdict.element)
        yield node, NamedNode(META.underDefinition), NamedNode(iris[verdict.definition])
        yield node, NamedNode(META.outcome), NamedNode(_OUTCOMES[verdict.outcome.value])
        yield node, NamedNode(META.catalogueVersion), Literal(version)
        for predicate, bit in ((META.conforms, verdict.conforms), (META.settled, verdict.settled)):
            if bit is not None:
                yield node, NamedNode(predicate), Literal(str(bit).lower(), datatype=NamedNode(XSD.boolean))
        if verdict.unit:
            yield node, NamedNode(META.judgedForUnit), NamedNode(verdict.unit)
        for predicate, findings in ((META.missing, verdict.missing), (META.conflict, verdict.conflicts)):
            for number, finding in enumerate(findings, start=1):
                part = NamedNode(f"{node.value}:{predicate[len(META) :]}-{number}")
                yield node, NamedNode(predicate), part
                yield from _finding_triples(part, finding)


def _definition_triples(definition: Definition) -> Iterator[Triple]:
    node = NamedNode(definition.iri)
    yield node, NamedNode(RDF_TYPE), NamedNode(META.Definition)
    yield node, NamedNode(RDFS.label), Literal(definition.label, language="en")
    yield node, NamedNode(META.token), Literal(definition.token)
    yield node, NamedNode(META.defines), NamedNode(TERM + definition.term)
    yield node, NamedNode(META.framework), NamedNode(FRAMEWORK + definition.framework)


def _finding_triples(node: NamedNode, finding: Finding) -> Iterator[Triple]:
    yield node, NamedNode(RDF_TYPE), NamedNode(META.Finding)
    yield node, NamedNode(META.constraint), NamedNode(finding.constraint)
    yield node, NamedNode(RDFS.label), Literal(finding.message, language="en")
    if finding.detail:
        yield node, NamedNode(RDFS.comment), Literal(finding.detail, language="en")
