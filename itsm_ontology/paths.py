"""Property paths: how conditions go from a node to values."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Relation:
    """The values of one relation (`sh:path` with an IRI)."""

    iri: str


@dataclass(frozen=True)
class Inverse:
    """The path walked backwards (`sh:inversePath`)."""

    path: Path


@dataclass(frozen=True)
class Sequence:
    """One path after the other; the empty sequence stays where it is."""

    paths: tuple[Path, ...]


@dataclass(frozen=True)
class Alternative:
    """Any of the paths (`sh:alternativePath`)."""

    paths: tuple[Path, ...]


@dataclass(frozen=True)
class ZeroOrMore:
    """The path any number of times (`sh:zeroOrMorePath`)."""

    path: Path


@dataclass(frozen=True)
class OneOrMore:
    """The path at least once (`sh:oneOrMorePath`)."""

    path: Path


@dataclass(frozen=True)
class ZeroOrOne:
    """The path at most once (`sh:zeroOrOnePath`)."""

    path: Path


Path = Relation | Inverse | Sequence | Alternative | ZeroOrMore | OneOrMore | ZeroOrOne
HERE = Sequence(())
"""The path that stays at the node."""


def stays(path: Path) -> bool:
    """Tell whether a path leads from every node to the node itself.

    Example:
        >>> stays(ZeroOrMore(Relation("urn:p"))), stays(Relation("urn:p"))
        (True, False)
    """
    match path:
        case Relation():
            return False
        case Inverse(inner) | OneOrMore(inner):
            return stays(inner)
        case Sequence(paths):
            return all(map(stays, paths))
        case Alternative(paths):
            return any(map(stays, paths))
        case ZeroOrMore() | ZeroOrOne():
            return True


def relations_of(path: Path) -> frozenset[str]:
    """Give the IRIs of the relations that a path goes along."""
    match path:
        case Relation(iri):
            return frozenset((iri,))
        case Sequence(inner) | Alternative(inner):
            return frozenset().union(*map(relations_of, inner))
        case Inverse(one) | ZeroOrMore(one) | OneOrMore(one) | ZeroOrOne(one):
            return relations_of(one)


def renamed(path: Path, relation: str, other: str) -> Path:
    """Give the path with one relation put in place of another.

    Example:
        >>> renamed(OneOrMore(Relation("urn:p")), "urn:p", "urn:q")
        OneOrMore(path=Relation(iri='urn:q'))
    """
    match path:
        case Relation(iri):
            return Relation(other) if iri == relation else path
        case Sequence(inner) | Alternative(inner):
            return replace(path, paths=tuple(renamed(one, relation, other) for one in inner))
        case Inverse(one) | ZeroOrMore(one) | OneOrMore(one) | ZeroOrOne(one):
            return replace(path, path=renamed(one, relation, other))
