"""The steps of a plan: operations on sets of nodes and on relations, each made of earlier steps.

Sets of nodes and relations (sets of pairs of nodes) are named by their position in the plan.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..conditions import TermTest
from ..names import shorten
from ..vocabulary import Edge


@dataclass(frozen=True)
class Nothing:
    """No node."""


@dataclass(frozen=True)
class Everything:
    """Every node there is, literals included."""


@dataclass(frozen=True)
class HasKind:
    """The nodes recorded as one of the kinds."""

    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Passing:
    """The nodes whose term passes a test."""

    test: TermTest


@dataclass(frozen=True)
class Union:
    """The nodes in any of the sets."""

    sets: tuple[int, ...]


@dataclass(frozen=True)
class Intersection:
    """The nodes in all of the sets."""

    sets: tuple[int, ...]


@dataclass(frozen=True)
class Complement:
    """The nodes that are not in the set."""

    set: int


@dataclass(frozen=True)
class InExactlyOne:
    """The nodes in exactly one of the sets."""

    sets: tuple[int, ...]


@dataclass(frozen=True)
class Counted:
    """The nodes with at least so many values of the relation inside the set."""

    number: int
    relation: int
    within: int


@dataclass(frozen=True)
class Reaching:
    """The nodes from which the relation, followed once or more, leads into the set."""

    relation: int
    within: int


@dataclass(frozen=True)
class Sharing:
    """The nodes that have a value in common of the two relations."""

    one: int
    other: int


@dataclass(frozen=True)
class Lacking:
    """The nodes that have a value of the first relation which the second lacks."""

    one: int
    other: int


@dataclass(frozen=True)
class OutOfOrder:
    """The nodes with a value of the first relation that is not less than one of the second."""

    one: int
    other: int
    or_equal: bool


@dataclass(frozen=True)
class LanguageTwice:
    """The nodes with two values of the relation in one language."""

    relation: int


@dataclass(frozen=True)
class CompleteAt:
    """The nodes for which a relation, walked so, is recorded as complete."""

    edge: Edge


NodeStep = (
    Nothing
    | Everything
    | HasKind
    | Passing
    | Union
    | Intersection
    | Complement
    | InExactlyOne
    | Counted
    | Reaching
    | Sharing
    | Lacking
    | OutOfOrder
    | LanguageTwice
    | CompleteAt
)


@dataclass(frozen=True)
class Edges:
    """The pairs of these relations together, each forwards or backwards; none for no relation."""

    edges: tuple[Edge, ...]


@dataclass(frozen=True)
class Same:
    """Every node paired with itself."""


@dataclass(frozen=True)
class Composed:
    """The pairs that one relation after the other makes."""

    one: int
    other: int


@dataclass(frozen=True)
class Either:
    """The pairs of any of the relations."""

    relations: tuple[int, ...]


@dataclass(frozen=True)
class Closure:
    """The pairs that the relation makes when followed once or more."""

    relation: int


@dataclass(frozen=True)
class From:
    """The pairs of the relation that start in the set."""

    relation: int
    start: int


RelationStep = Edges | Same | Composed | Either | Closure | From
Step = NodeStep | RelationStep
NOTHING, EVERYTHING, NO_PAIRS, SAME = 0, 1, 2, 3


def inputs(step: Step) -> tuple[int, ...]:
    """Give the positions of the steps that a step is made of."""
    match step:
        case Union(sets) | Intersection(sets) | InExactlyOne(sets) | Either(sets):
            return sets
        case Complement(one) | LanguageTwice(one) | Closure(one):
            return (one,)
        case Counted(_, one, other) | Sharing(one, other) | Lacking(one, other) | OutOfOrder(one, other):
            return (one, other)
        case Composed(one, other) | From(one, other) | Reaching(one, other):
            return (one, other)
        case _:
            return ()


def describe(step: Step) -> str:
    """Say a step in one line.

    Example:
        >>> describe(Counted(2, 7, 9))
        'counted number=2 relation=7 within=9'
    """
    said = []
    for name, value in vars(step).items():
        match value:
            case tuple() if value and isinstance(value[0], tuple):
                shown = " ".join(f"{'^' if back else ''}{shorten(iri)}" for iri, back in value)
            case tuple() | frozenset():
                shown = " ".join(
                    shorten(item) if isinstance(item, str) else str(item) for item in sorted(value, key=str)
                )
            case _:
                shown = str(value)
        said.append(f"{name}={shown}")
    return " ".join([type(step).__name__.lower(), *said])
