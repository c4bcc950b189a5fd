"""Theses: claims about terms, as data. What becomes of one under chosen definitions is not decided here."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from pyoxigraph import NamedNode

from .document import Document
from .evidence import Source, mark_of, sources_of, text_of
from .names import FRAMEWORK, META, RDFS, SKOS, TERM, THESIS, shorten
from .paths import HERE, Path, relations_of
from .rdf import Term, read_statements
from .shacl import ShapesGraph
from .vocabulary import vocabulary


class Quantity(Enum):
    """Of which of its subjects a thesis speaks.

    Example:
        >>> Quantity.EVERY.value
        'every'
    """

    EVERY = "every"
    """Every subject is an object, or its path leads to one."""
    NO = "no"
    """No subject is an object, or no subject's path leads to one."""
    COINCIDE = "coincide"
    """Every subject is an object and every object a subject."""


@dataclass(frozen=True)
class Notion:
    """What a thesis speaks of: a disputed term, or a neutral kind where no definitions stand. One of the two is empty.

    Attributes:
        term: the token of the term, whose definitions are put in one after the other.
        kind: the IRI of the kind.
    """

    term: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Holding:
    """That a framework or position holds a thesis, or denies it.

    Attributes:
        framework: its token.
        denies: whether it denies the thesis.
        evidence: the mark of `evidence.EVIDENCE`.
        sources: where that was seen.
        comment: what the words are about, or a hedge.
    """

    framework: str
    denies: bool
    evidence: str
    sources: tuple[Source, ...] = ()
    comment: str = ""


@dataclass(frozen=True)
class Thesis:
    """A claim about terms: of every subject, or of none, that its path leads to an object.

    Attributes:
        token: its short name, such as `application-is-a-service`.
        iri: its IRI.
        label: the claim, in short.
        text: what is claimed and what turns on it, in our own words.
        quantity: of which subjects it speaks.
        subject: what it is about.
        object: what it connects the subject with.
        path: how it connects them; `paths.HERE` where it says that the subject itself is an object.
        holdings: who holds it, then who denies it; there may be nobody who holds it.
        notes: readings chosen, and what it does not say.
        file: the file it was read from.

    Example:
        >>> from itsm_ontology import catalogue
        >>> thesis = catalogue().thesis("application-is-a-service")
        >>> thesis.quantity.value, thesis.subject.term, thesis.object.term
        ('every', 'application', 'service')
    """

    token: str
    iri: str
    label: str
    text: str
    quantity: Quantity
    subject: Notion
    object: Notion
    path: Path = HERE
    holdings: tuple[Holding, ...] = field(default=(), repr=False)
    notes: tuple[str, ...] = field(default=(), repr=False)
    file: str = ""

    @property
    def held_by(self) -> tuple[str, ...]:
        """The tokens of the frameworks and positions that hold it."""
        return tuple(holding.framework for holding in self.holdings if not holding.denies)

    @property
    def denied_by(self) -> tuple[str, ...]:
        """The tokens of the frameworks and positions that deny it; one with two senses of a word may do both."""
        return tuple(holding.framework for holding in self.holdings if holding.denies)


def read_theses(document: Document) -> tuple[Thesis, ...]:
    """Read theses out of a Turtle document.

    Args:
        document: the document.

    Returns:
        Its theses, ordered by token.

    Raises:
        InputError: if it is no valid Turtle, or a thesis lacks what it must have or uses an unknown kind or relation.

    Example:
        >>> text = '''@prefix meta: <https://w3id.org/itsm-ontology/meta#> .
        ... @prefix term: <https://w3id.org/itsm-ontology/term/> .
        ... <https://w3id.org/itsm-ontology/thesis/t> a meta:Thesis ; meta:quantity meta:No ;
        ...     meta:subjectTerm term:service ; meta:objectKind <https://w3id.org/itsm-ontology/itsm#Software> .'''
        >>> read_theses(Document("t", text.encode()))[0].subject
        Notion(term='service', kind='')
    """
    graph = ShapesGraph(document, read_statements(document, "turtle"))
    return tuple(sorted((_thesis(graph, node) for node in graph.instances(META.Thesis)), key=lambda one: one.token))


def _thesis(graph: ShapesGraph, node: Term) -> Thesis:
    token = text_of(graph, node, META.token) or node.value.removeprefix(THESIS)
    quantity, path = _quantity(graph, node), _path(graph, node)
    if quantity is Quantity.COINCIDE and path != HERE:
        raise graph.error(node, "says that two notions are the same, and by a path", META.path)
    return Thesis(
        token=token,
        iri=node.value,
        label=text_of(graph, node, RDFS.label) or token,
        text=text_of(graph, node, SKOS.definition),
        quantity=quantity,
        subject=_notion(graph, node, META.subjectTerm, META.subjectKind),
        object=_notion(graph, node, META.objectTerm, META.objectKind),
        path=path,
        holdings=(*_holdings(graph, node, META.holding), *_holdings(graph, node, META.denial)),
        notes=tuple(note.value for note in graph.values(node, SKOS.editorialNote)),
        file=graph.document.name,
    )


def _quantity(graph: ShapesGraph, node: Term) -> Quantity:
    value = graph.value(node, META.quantity)
    if value is None or value.value not in _QUANTITIES:
        raise graph.error(
            node, "has no quantity that there is", META.quantity, f"It is {', '.join(map(shorten, _QUANTITIES))}."
        )
    return _QUANTITIES[value.value]


def _path(graph: ShapesGraph, node: Term) -> Path:
    value = graph.value(node, META.path)
    if value is None:
        return HERE
    path = graph.path(value)
    if unknown := relations_of(path) - vocabulary().relations:
        raise graph.error(node, f"goes by {shorten(min(unknown))}, which is no relation of the vocabulary", META.path)
    return path


def _notion(graph: ShapesGraph, node: Term, term: str, kind: str) -> Notion:
    terms, kinds = graph.values(node, term), graph.values(node, kind)
    if len([*terms, *kinds]) != 1:
        raise graph.error(node, f"has not one {shorten(term)} or {shorten(kind)}", term)
    if terms:
        return Notion(term=terms[0].value.removeprefix(TERM))
    if kinds[0].value not in vocabulary().kinds:
        raise graph.error(node, f"speaks of {shorten(kinds[0].value)}, which is no kind of the vocabulary", kind)
    return Notion(kind=kinds[0].value)


def _holdings(graph: ShapesGraph, node: Term, predicate: str) -> tuple[Holding, ...]:
    return tuple(_holding(graph, item, predicate) for item in graph.values(node, predicate))


def _holding(graph: ShapesGraph, item: Term, predicate: str) -> Holding:
    framework = graph.value(item, META.framework)
    if not isinstance(framework, NamedNode):
        raise graph.error(item, f"has {shorten(predicate)} without meta:framework", predicate)
    return Holding(
        framework=framework.value.removeprefix(FRAMEWORK),
        denies=predicate == META.denial,
        evidence=mark_of(graph, item),
        sources=sources_of(graph, item),
        comment=text_of(graph, item, RDFS.comment),
    )


_QUANTITIES = {META.Every: Quantity.EVERY, META.No: Quantity.NO, META.Coincide: Quantity.COINCIDE}
