"""Verdicts read again from RDF: what `verdict_rdf` writes, and what others write in the same shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

from .document import Document, Readable, open_document
from .errors import InputError
from .evidence import text_of
from .names import META, RDF, RDFS, shorten
from .rdf import Statement, Term, rdflib_document, read_statements
from .resources import folder
from .shacl import ShapesGraph
from .shacl_index import ShaclIndex
from .sources.rdf import FORMATS
from .validate import failures
from .verdict import Fact, Finding, Outcome
from .verdict_rdf import OUTCOMES

if TYPE_CHECKING:
    import rdflib


@dataclass(frozen=True)
class VerdictRecord:
    """A verdict as it was written down, apart from the model and the catalogue that it came from.

    Attributes:
        element: the element's IRI.
        definition: the definition's token.
        outcome: the answer.
        unit: the IRI of the organizational unit it was judged for, if one was given.
        complete: the relations of which all facts were taken to be recorded, as `RELATION` or `RELATION@SOURCE`.
        version: the version of the catalogue that it was given with.
        missing: what was not recorded and would have had to be.
        conflicts: what was recorded and ruled the definition out.

    Example:
        >>> VerdictRecord("urn:crm", "itil-2011:application", Outcome.SATISFIED, version="0.1.0").missing
        ()
    """

    element: str
    definition: str
    outcome: Outcome
    unit: str | None = None
    complete: tuple[str, ...] = ()
    version: str = ""
    missing: tuple[Finding, ...] = ()
    conflicts: tuple[Finding, ...] = ()


def read_verdicts(source: rdflib.Graph | Readable) -> tuple[VerdictRecord, ...]:
    """Read verdicts from RDF in the shape of `vocab/verdict-shape.ttl`, as `Verdicts.graph` has them.

    Args:
        source: an rdflib graph, or a file (a path, the bytes themselves, a file object) in a syntax of RDF.

    Returns:
        The verdicts, ordered by element and definition; anything else in the source is passed over.

    Raises:
        InputError: if the file is no RDF, or a verdict in it does not have the shape; it is named, with what it lacks.

    Example:
        >>> from itsm_ontology import Model, evaluate
        >>> model = Model.from_records([{"id": "crm", "kind": "Software"}])
        >>> verdicts = evaluate(model, definitions=["itil-2011:application"])
        >>> [(v.element, v.outcome.words, len(v.missing)) for v in read_verdicts(verdicts.graph)]
        [('urn:model:crm', 'undetermined', 2)]
    """
    if hasattr(source, "triples"):
        document, syntax = rdflib_document(cast("rdflib.Graph", source)), "n-triples"
    else:
        document = open_document(source)
        syntax = next((name for name, _, is_it, _ in FORMATS if is_it(document)), "turtle")
    statements = tuple(dict.fromkeys(read_statements(document, syntax)))
    _check(document, statements)
    graph = ShaclIndex(document, statements)
    found = [_verdict(graph, node) for node in graph.instances(META.Verdict)]
    return tuple(sorted(found, key=lambda v: (v.element, v.definition, v.unit or "", v.complete)))


@cache
def _shapes() -> ShapesGraph:
    document = open_document(folder("vocab") / "verdict-shape.ttl", "vocab/verdict-shape.ttl")
    return ShapesGraph(document, read_statements(document, "turtle"))


def _check(document: Document, statements: Sequence[Statement]) -> None:
    """Refuse verdicts that do not have the shape."""
    for shape, nodes in failures(statements, _shapes()).items():
        first = min(nodes, key=lambda node: node.value)
        raise InputError(
            f"{shorten(first.value)} is no verdict in the shape of vocab/verdict-shape.ttl.",
            source=document.name,
            repair=f"What it lacks: {_shapes().shape(shape).message or shorten(shape.value)}",
        )


def _verdict(graph: ShaclIndex, node: Term) -> VerdictRecord:
    unit = graph.value(node, META.judgedForUnit)
    outcome = _one(graph, node, META.outcome).value
    return VerdictRecord(
        element=_one(graph, node, META.element).value,
        definition=_one(graph, _one(graph, node, META.underDefinition), META.token).value,
        outcome=next(known for known, iri in OUTCOMES.items() if iri == outcome),
        unit=unit.value if unit else None,
        complete=tuple(sorted(relation.value for relation in graph.values(node, META.takenAsComplete))),
        version=_one(graph, node, META.catalogueVersion).value,
        missing=tuple(_findings(graph, node, META.missing)),
        conflicts=tuple(_findings(graph, node, META.conflict)),
    )


def _findings(graph: ShaclIndex, node: Term, predicate: str) -> Iterator[Finding]:
    for part in sorted(graph.values(node, predicate), key=_number):
        yield Finding(
            constraint=_one(graph, part, META.constraint).value,
            message=text_of(graph, part, RDFS.label),
            detail=text_of(graph, part, RDFS.comment),
            facts=tuple(_fact(graph, fact) for fact in sorted(graph.values(part, META.restsOn), key=_number)),
            relations=tuple(sorted(relation.value for relation in graph.values(part, META.speaksOf))),
        )


def _fact(graph: ShaclIndex, node: Term) -> Fact:
    subject, relation, object_ = (_one(graph, node, word).value for word in (RDF.subject, RDF.predicate, RDF.object))
    return subject, relation, object_


def _one(graph: ShaclIndex, node: Term, predicate: str) -> Term:
    """Give the one value of a predicate; that there is one, the shape says."""
    return graph.values(node, predicate)[0]


def _number(node: Term) -> tuple[int, str]:
    """Order what is numbered by its number."""
    found = re.search(r"-(\d+)$", node.value)
    return int(found.group(1)) if found else 0, node.value
