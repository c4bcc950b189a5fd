"""Verdicts as RDF: each a `meta:Verdict` with its findings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode

from .definitions import Definition
from .facts import Facts
from .names import FRAMEWORK, META, RDF, RDF_TYPE, RDFS, TERM, XSD
from .rdf import Term
from .verdict import Fact, Finding, Outcome, Verdict

Triple = tuple[Term, Term, Term]

OUTCOMES = {
    Outcome.SATISFIED: META.Satisfied,
    Outcome.SATISFIED_SO_FAR: META.SatisfiedSoFar,
    Outcome.UNDETERMINED: META.Undetermined,
    Outcome.CONTRADICTED: META.Contradicted,
    Outcome.NOT_APPLICABLE: META.NotApplicable,
}
"""The outcomes, and the individuals that stand for them in RDF."""


def verdict_triples(
    verdicts: Iterable[Verdict], version: str, definitions: Iterable[Definition], facts: Facts
) -> Iterator[Triple]:
    """Give the triples of verdicts, in the shape of `vocab/verdict-shape.ttl`.

    Args:
        verdicts: the verdicts.
        version: the version of the catalogue.
        definitions: the definitions that the verdicts are under.
        facts: the facts that they rest on.

    Yields:
        Triples; first label, term and framework of each definition, then the verdicts. A verdict's IRI hangs on what
        was asked: the element, the definition, the unit, and the relations taken as complete.
    """
    iris: dict[str, str] = {}
    for definition in definitions:
        iris[definition.token] = definition.iri
        yield from _definition_triples(definition)
    for verdict in verdicts:
        node = NamedNode(f"urn:itsm-ontology:verdict:{_digest(verdict)}")
        yield node, NamedNode(RDF_TYPE), NamedNode(META.Verdict)
        yield node, NamedNode(META.element), NamedNode(verdict.element)
        yield node, NamedNode(META.underDefinition), NamedNode(iris[verdict.definition])
        yield node, NamedNode(META.outcome), NamedNode(OUTCOMES[verdict.outcome])
        yield node, NamedNode(META.catalogueVersion), Literal(version)
        for predicate, bit in ((META.conforms, verdict.conforms), (META.settled, verdict.settled)):
            if bit is not None:
                yield node, NamedNode(predicate), Literal(str(bit).lower(), datatype=NamedNode(XSD.boolean))
        if verdict.unit:
            yield node, NamedNode(META.judgedForUnit), NamedNode(verdict.unit)
        for relation in verdict.complete:
            yield node, NamedNode(META.takenAsComplete), Literal(relation)
        for predicate, findings in ((META.missing, verdict.missing), (META.conflict, verdict.conflicts)):
            for number, finding in enumerate(findings, start=1):
                part = NamedNode(f"{node.value}:{predicate[len(META) :]}-{number}")
                yield node, NamedNode(predicate), part
                yield from _finding_triples(part, finding, facts)


def _digest(verdict: Verdict) -> str:
    asked = (verdict.element, verdict.definition, str(verdict.unit), *verdict.complete)
    return hashlib.sha256("\n".join(asked).encode()).hexdigest()[:16]


def _definition_triples(definition: Definition) -> Iterator[Triple]:
    node = NamedNode(definition.iri)
    yield node, NamedNode(RDF_TYPE), NamedNode(META.Definition)
    yield node, NamedNode(RDFS.label), Literal(definition.label, language="en")
    yield node, NamedNode(META.token), Literal(definition.token)
    yield node, NamedNode(META.defines), NamedNode(TERM + definition.term)
    yield node, NamedNode(META.framework), NamedNode(FRAMEWORK + definition.framework)


def _finding_triples(node: NamedNode, finding: Finding, facts: Facts) -> Iterator[Triple]:
    yield node, NamedNode(RDF_TYPE), NamedNode(META.Finding)
    yield node, NamedNode(META.constraint), NamedNode(finding.constraint)
    yield node, NamedNode(RDFS.label), Literal(finding.message, language="en")
    if finding.detail:
        yield node, NamedNode(RDFS.comment), Literal(finding.detail, language="en")
    for relation in finding.relations:
        yield node, NamedNode(META.speaksOf), NamedNode(relation)
    for number, fact in enumerate(finding.facts, start=1):
        part = NamedNode(f"{node.value}:fact-{number}")
        yield node, NamedNode(META.restsOn), part
        yield part, NamedNode(RDF_TYPE), NamedNode(RDF.Statement)
        yield part, NamedNode(RDF.subject), NamedNode(fact[0])
        yield part, NamedNode(RDF.predicate), NamedNode(fact[1])
        yield part, NamedNode(RDF.object), _object(fact, facts)


def _object(fact: Fact, facts: Facts) -> Term:
    """Give the object of a fact as the term that is recorded."""
    subject, relation, text = fact
    values = facts.forwards[relation][facts.nodes[NamedNode(subject)]]
    return next(term for value in values if (term := facts.terms[value]).value == text)
