"""Disputes: clashes between definitions and theses, as data. Whether one can be shown is not decided here."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from pyoxigraph import NamedNode

from .definitions import Constraint
from .document import Document
from .errors import UnreadableShapeError
from .evidence import Source, mark_of, sources_of, text_of
from .names import DISPUTE, FRAMEWORK, META, RDF_TYPE, RDFS, SH, SKOS, THESIS, local_name, shorten
from .rdf import Term, read_statements
from .shacl import ShapesGraph


class Clash(Enum):
    """What sort of clash a dispute is.

    Example:
        >>> Clash.UNSATISFIABLE.promises_no_model, Clash.HOMONYM.promises_no_model
        (True, False)
    """

    UNSATISFIABLE = "unsatisfiable"
    """No model with the element in dispute satisfies both sides."""
    CONTAINMENT_REVERSED = "containment reversed"
    """With a proper inclusion on the one side, the other side fails."""
    IDENTITY = "identity against distinctness"
    """One bearer or referent against two."""
    HOMONYM = "homonym"
    """Both hold once the word is split."""
    CARDINALITY = "cardinality"
    """Two counts or arities; a model may satisfy either."""
    GENUS = "genus"
    """Different kinds of thing under one name."""
    SELF_TENSION = "self-tension"
    """Inside one position or one work."""
    FACT_CHECK = "fact check"
    """A claim about a source that the source does not bear out."""
    RANKING = "ranking"
    """Priority, worth or frequency: it has no logical form."""

    @property
    def promises_no_model(self) -> bool:
        """Whether the two sides are said to have no model in common."""
        return self in (Clash.UNSATISFIABLE, Clash.CONTAINMENT_REVERSED)

    @property
    def can_be_shown(self) -> bool:
        """Whether a model can show it, one on which the verdicts of the two sides differ."""
        return self in (Clash.IDENTITY, Clash.HOMONYM, Clash.CARDINALITY, Clash.GENUS)


@dataclass(frozen=True)
class PartyTo:
    """Who takes a side.

    Attributes:
        framework: the token of the framework or position.
        evidence: the mark of `evidence.EVIDENCE`.
        sources: where that was seen.
        comment: a hedge, or what the words are about.
    """

    framework: str
    evidence: str
    sources: tuple[Source, ...] = ()
    comment: str = ""


@dataclass(frozen=True)
class Side:
    """One side of a dispute.

    Attributes:
        text: what it says, in our own words.
        parties: who says it.
        states: the tokens of the definitions, constraints and theses that state it, as far as any do.
        claims: what it says of the element in dispute beside them.
    """

    text: str
    parties: tuple[PartyTo, ...]
    states: tuple[str, ...] = ()
    claims: tuple[Constraint, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Dispute:
    """A clash that must not be merged in silence.

    Attributes:
        token: its short name, such as `C1`.
        iri: its IRI.
        label: the question at issue, in short.
        text: where the two sides clash, in our own words.
        clash: what sort of clash it is.
        sides: the two sides.
        not_shown: why no model is given, for a sort of clash that a model could show.
        notes: readings chosen, and what else a reader should know.
        file: the file it was read from.

    Example:
        >>> from itsm_ontology import catalogue
        >>> catalogue().dispute("C1").clash.value
        'unsatisfiable'
    """

    token: str
    iri: str
    label: str
    text: str
    clash: Clash
    sides: tuple[Side, Side]
    not_shown: str = ""
    notes: tuple[str, ...] = field(default=(), repr=False)
    file: str = ""

    @property
    def parties(self) -> tuple[str, ...]:
        """The tokens of the frameworks and positions that take a side."""
        return tuple(dict.fromkeys(party.framework for side in self.sides for party in side.parties))


def read_disputes(document: Document) -> tuple[Dispute, ...]:
    """Read disputes out of a Turtle document.

    Args:
        document: the document.

    Returns:
        Its disputes, ordered by number.

    Raises:
        InputError: if it is no valid Turtle, or a dispute lacks what it must have.

    Example:
        >>> text = '''@prefix meta: <https://w3id.org/itsm-ontology/meta#> .
        ... @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        ... @prefix framework: <https://w3id.org/itsm-ontology/framework/> .
        ... <https://w3id.org/itsm-ontology/dispute/C0> a meta:Dispute ; meta:clash meta:Ranking ;
        ...     meta:oneSide [ rdfs:label "tea" ; meta:party [ meta:framework framework:a ] ] ;
        ...     meta:otherSide [ rdfs:label "coffee" ; meta:party [ meta:framework framework:b ] ] .'''
        >>> read_disputes(Document("t", text.encode()))[0].parties
        ('a', 'b')
    """
    graph = ShapesGraph(document, read_statements(document, "turtle"))
    graph.check_words()
    return tuple(sorted((_dispute(graph, node) for node in graph.instances(META.Dispute)), key=_number))


def _number(dispute: Dispute) -> tuple[int, str]:
    digits = "".join(filter(str.isdigit, dispute.token))
    return int(digits or 0), dispute.token


def _dispute(graph: ShapesGraph, node: Term) -> Dispute:
    token = text_of(graph, node, META.token) or node.value.removeprefix(DISPUTE)
    clash = graph.value(node, META.clash)
    if clash is None or clash.value not in _CLASHES:
        raise graph.error(node, "has no sort of clash", META.clash, f"It is {', '.join(map(shorten, _CLASHES))}.")
    return Dispute(
        token=token,
        iri=node.value,
        label=text_of(graph, node, RDFS.label) or token,
        text=text_of(graph, node, SKOS.definition),
        clash=_CLASHES[clash.value],
        sides=(_side(graph, node, META.oneSide), _side(graph, node, META.otherSide)),
        not_shown=text_of(graph, node, META.notShown),
        notes=tuple(note.value for note in graph.values(node, SKOS.editorialNote)),
        file=graph.document.name,
    )


def _side(graph: ShapesGraph, node: Term, predicate: str) -> Side:
    side = graph.value(node, predicate)
    if side is None:
        raise graph.error(node, f"has no {shorten(predicate)}", predicate)
    parties = tuple(_party(graph, party) for party in graph.values(side, META.party))
    if not parties:
        raise graph.error(side, "is a side that nobody takes", META.party)
    stated = graph.values(side, META.states)
    own = [item for item in stated if NamedNode(SH.NodeShape) in graph.values(item, RDF_TYPE)]
    return Side(
        text_of(graph, side, RDFS.label),
        parties,
        tuple(_token(item.value) for item in stated if item not in own),
        tuple(_claim(graph, item) for item in own),
    )


def _token(iri: str) -> str:
    return iri.removeprefix(THESIS) if iri.startswith(THESIS) else shorten(iri)


def _claim(graph: ShapesGraph, node: Term) -> Constraint:
    shape = graph.shape(node)
    if not shape.parts:
        raise graph.error(node, "has no constraint")
    return Constraint(node.value, shape.message or f"Is {local_name(node.value)}.", shape.condition)


def _party(graph: ShapesGraph, item: Term) -> PartyTo:
    framework = graph.value(item, META.framework)
    if framework is None:
        error: UnreadableShapeError = graph.error(item, "is a party without meta:framework", META.framework)
        raise error
    return PartyTo(
        framework.value.removeprefix(FRAMEWORK),
        mark_of(graph, item),
        sources_of(graph, item),
        text_of(graph, item, RDFS.comment),
    )


_CLASHES = {
    META.Unsatisfiable: Clash.UNSATISFIABLE,
    META.ContainmentReversed: Clash.CONTAINMENT_REVERSED,
    META.IdentityAgainstDistinctness: Clash.IDENTITY,
    META.Homonym: Clash.HOMONYM,
    META.Cardinality: Clash.CARDINALITY,
    META.Genus: Clash.GENUS,
    META.SelfTension: Clash.SELF_TENSION,
    META.FactCheck: Clash.FACT_CHECK,
    META.Ranking: Clash.RANKING,
}
