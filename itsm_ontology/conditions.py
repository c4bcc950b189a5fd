"""The algebra of conditions: paths, tests of one term, and conditions on a node.

A definition is read once, from SHACL Core, into these frozen values. Everything else is an interpretation of them:
SQL, the walk that explains, English, and what is to come. SHACL's components map onto few forms: `sh:minCount`,
`sh:hasValue` and `sh:qualifiedMinCount` are all `AtLeast`; `sh:class` over a path is `Every` with `OfClass`.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from .literals import is_well_formed, order_key
from .names import SH, XSD
from .paths import (
    HERE,
    Path,
    relations_of,
    renamed,
)
from .rdf import Term

# --------------------------------------------------------------------------------------------------------------------
# Tests of one term: what they answer hangs on the term alone, never on the facts


@dataclass(frozen=True)
class NodeKind:
    """The term is of one of these sorts (`sh:nodeKind`): local names of IRI, BlankNode, Literal."""

    sorts: frozenset[str]

    def passes(self, term: Term) -> bool:
        """Tell whether the term is of one of the sorts."""
        return {NamedNode: "IRI", BlankNode: "BlankNode", Literal: "Literal"}[type(term)] in self.sorts


@dataclass(frozen=True)
class Datatype:
    """The term is a well-formed literal of this datatype (`sh:datatype`)."""

    iri: str

    def passes(self, term: Term) -> bool:
        """Tell whether the term is such a literal."""
        return isinstance(term, Literal) and term.datatype.value == self.iri and is_well_formed(term)


@dataclass(frozen=True)
class Bound:
    """The term compares with a literal as said (`sh:minInclusive` and the like): one of < <= > >=."""

    comparison: str
    literal: Literal

    def passes(self, term: Term) -> bool:
        """Tell whether the term is comparable and on the right side."""
        if not isinstance(term, Literal):
            return False
        mine, other = order_key(term), order_key(self.literal)
        if mine is None or other is None or mine[0] != other[0]:
            return False
        return _COMPARISONS[self.comparison](mine[1], other[1])


@dataclass(frozen=True)
class Length:
    """The term, a literal or an IRI, has this many characters (`sh:minLength`, `sh:maxLength`)."""

    least: int = 0
    most: int | None = None

    def passes(self, term: Term) -> bool:
        """Tell whether the number of code points is within the bounds; a blank node has none."""
        if isinstance(term, BlankNode):
            return False
        return self.least <= len(term.value) and (self.most is None or len(term.value) <= self.most)


@dataclass(frozen=True)
class Pattern:
    """Some part of the term, a literal or an IRI, matches a regular expression (`sh:pattern`)."""

    regex: str
    flags: str = ""

    def passes(self, term: Term) -> bool:
        """Tell whether it matches; a blank node never does."""
        return (
            not isinstance(term, BlankNode) and compiled_pattern(self.regex, self.flags).search(term.value) is not None
        )


@dataclass(frozen=True)
class LanguageIn:
    """The term is a literal in one of these languages (`sh:languageIn`), basic ranges as in RFC 4647."""

    ranges: tuple[str, ...]

    def passes(self, term: Term) -> bool:
        """Tell whether the language tag falls into one of the ranges."""
        if not isinstance(term, Literal) or not term.language:
            return False
        tag = term.language.lower()
        return any(tag == low or tag.startswith(low + "-") or low == "*" for low in map(str.lower, self.ranges))


@dataclass(frozen=True)
class OneOf:
    """The term is one of these (`sh:in`, `sh:hasValue`), compared as terms."""

    terms: tuple[Term, ...]

    @cached_property
    def _members(self) -> frozenset[Term]:
        return frozenset(self.terms)

    def passes(self, term: Term) -> bool:
        """Tell whether the term is among them."""
        return term in self._members


TermTest = NodeKind | Datatype | Bound | Length | Pattern | LanguageIn | OneOf
TERM_TESTS = (NodeKind, Datatype, Bound, Length, Pattern, LanguageIn, OneOf)


# --------------------------------------------------------------------------------------------------------------------
# Conditions on a node


@dataclass(frozen=True)
class All:
    """Every one of the conditions holds; with none, always true."""

    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class AnyOf:
    """At least one of the conditions holds (`sh:or`)."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class ExactlyOne:
    """Exactly one of the conditions holds (`sh:xone`)."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """The condition does not hold (`sh:not`)."""

    condition: Condition


@dataclass(frozen=True)
class OfClass:
    """The node is of the kind, or of a sub-kind (`sh:class`)."""

    kind: str


@dataclass(frozen=True)
class AtLeast:
    """At least so many distinct values of the path meet the condition."""

    number: int
    path: Path
    condition: Condition = All()


@dataclass(frozen=True)
class AtMost:
    """At most so many distinct values of the path meet the condition."""

    number: int
    path: Path
    condition: Condition = All()


@dataclass(frozen=True)
class Every:
    """Every value of the path meets the condition."""

    path: Path
    condition: Condition


@dataclass(frozen=True)
class SameValues:
    """The path and the relation have the same values (`sh:equals`)."""

    path: Path
    relation: str


@dataclass(frozen=True)
class NoCommonValue:
    """The path and the relation have no value in common (`sh:disjoint`)."""

    path: Path
    relation: str


@dataclass(frozen=True)
class Precedes:
    """Every value of the path is less than every value of the relation (`sh:lessThan`, `sh:lessThanOrEquals`)."""

    path: Path
    relation: str
    or_equal: bool = False


@dataclass(frozen=True)
class UniqueLanguages:
    """No two values of the path have the same language (`sh:uniqueLang`)."""

    path: Path


@dataclass(frozen=True)
class Closed:
    """The node has no facts in other relations than these (`sh:closed`)."""

    relations: frozenset[str]


@dataclass(frozen=True)
class Named:
    """A condition with an IRI, a message that says what holds when it is met, or both; means what it wraps."""

    condition: Condition
    iri: str = ""
    message: str = ""


@dataclass(frozen=True)
class Opaque:
    """Something that only the reference engine can evaluate, such as a SPARQL constraint."""

    reason: str


Condition = (
    TermTest
    | All
    | AnyOf
    | ExactlyOne
    | Not
    | OfClass
    | AtLeast
    | AtMost
    | Every
    | SameValues
    | NoCommonValue
    | Precedes
    | UniqueLanguages
    | Closed
    | Named
    | Opaque
)
TRUE = All()


# --------------------------------------------------------------------------------------------------------------------
# Building and looking through conditions


def conjunction(*conditions: Condition) -> Condition:
    """Join conditions by "and", without nesting what needs none.

    Example:
        >>> conjunction(TRUE, OfClass("urn:k"))
        OfClass(kind='urn:k')
    """
    flat: list[Condition] = []
    for condition in conditions:
        flat.extend(conjuncts(condition))
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def conjuncts(condition: Condition) -> tuple[Condition, ...]:
    """Give the conditions that are joined by "and"; the condition itself if it is no conjunction."""
    return condition.conditions if isinstance(condition, All) else (condition,)


def every(path: Path, condition: Condition) -> Condition:
    """Say the condition of every value of the path; of the node itself where the path stays there.

    Example:
        >>> every(HERE, OfClass("urn:k"))
        OfClass(kind='urn:k')
    """
    return condition if path == HERE else Every(path, condition)


def parts(condition: Condition) -> tuple[Condition, ...]:
    """Give the conditions directly inside a condition."""
    match condition:
        case All(inner) | AnyOf(inner) | ExactlyOne(inner):
            return inner
        case Not(inner_one) | Every(_, inner_one) | Named(inner_one):
            return (inner_one,)
        case AtLeast(_, _, inner_one) | AtMost(_, _, inner_one):
            return (inner_one,)
        case _:
            return ()


def walk(condition: Condition) -> Iterator[Condition]:
    """Yield the condition and everything inside it, outermost first."""
    yield condition
    for inner in parts(condition):
        yield from walk(inner)


def relations_in(condition: Condition) -> frozenset[str]:
    """Give the IRIs of all relations that a condition speaks of.

    Example:
        >>> from itsm_ontology.paths import Relation
        >>> sorted(relations_in(NoCommonValue(Relation("urn:p"), "urn:q")))
        ['urn:p', 'urn:q']
    """
    found: set[str] = set()
    for inner in walk(condition):
        match inner:
            case AtLeast(_, path, _) | AtMost(_, path, _) | Every(path, _) | UniqueLanguages(path):
                found |= relations_of(path)
            case SameValues(path, relation) | NoCommonValue(path, relation) | Precedes(path, relation, _):
                found |= relations_of(path) | {relation}
    return frozenset(found)


def kinds_in(condition: Condition) -> frozenset[str]:
    """Give the IRIs of all kinds that a condition speaks of."""
    return frozenset(inner.kind for inner in walk(condition) if isinstance(inner, OfClass))


def rebuilt(condition: Condition, change: Callable[[Condition], Condition]) -> Condition:
    """Give the condition with each condition inside it changed, innermost first."""
    match condition:
        case All(inner) | AnyOf(inner) | ExactlyOne(inner):
            condition = replace(condition, conditions=tuple(rebuilt(one, change) for one in inner))
        case Not(one) | Every(_, one) | AtLeast(_, _, one) | AtMost(_, _, one) | Named(one):
            condition = replace(condition, condition=rebuilt(one, change))
    return change(condition)


def bare(condition: Condition) -> Condition:
    """Give the condition without the names and messages inside it.

    Example:
        >>> bare(Not(Named(OfClass("urn:k"), "urn:constraint", "Is a k.")))
        Not(condition=OfClass(kind='urn:k'))
    """
    return rebuilt(condition, lambda one: one.condition if isinstance(one, Named) else one)


def replaced(condition: Condition, relation: str, other: str) -> Condition:
    """Give the condition with one relation put in place of another.

    Example:
        >>> from itsm_ontology.paths import Relation
        >>> replaced(UniqueLanguages(Relation("urn:p")), "urn:p", "urn:q")
        UniqueLanguages(path=Relation(iri='urn:q'))
    """
    if relation not in relations_in(condition):
        return condition

    def change(one: Condition) -> Condition:
        match one:
            case AtLeast() | AtMost() | Every() | UniqueLanguages():
                return replace(one, path=renamed(one.path, relation, other))
            case SameValues() | NoCommonValue() | Precedes():
                name = other if one.relation == relation else one.relation
                return replace(one, path=renamed(one.path, relation, other), relation=name)
            case _:
                return one

    return rebuilt(condition, change)


def opaque_reason(condition: Condition) -> str | None:
    """Say why only the reference engine can evaluate the condition; None if every engine can."""
    return next((inner.reason for inner in walk(condition) if isinstance(inner, Opaque)), None)


NODE_KINDS: dict[str, frozenset[str]] = {
    SH.IRI: frozenset({"IRI"}),
    SH.BlankNode: frozenset({"BlankNode"}),
    SH.Literal: frozenset({"Literal"}),
    SH.BlankNodeOrIRI: frozenset({"BlankNode", "IRI"}),
    SH.BlankNodeOrLiteral: frozenset({"BlankNode", "Literal"}),
    SH.IRIOrLiteral: frozenset({"IRI", "Literal"}),
}
"""What the values of `sh:nodeKind` allow."""

_FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE, "x": re.VERBOSE}


@lru_cache(maxsize=512)
def compiled_pattern(regex: str, flags: str) -> re.Pattern[str]:
    """Compile a SPARQL regular expression with its flags.

    Raises:
        ValueError: if it is no regular expression, or could take exponential time.
    """
    if _NESTED_REPETITION.search(regex):
        raise ValueError(f"the pattern {regex!r} repeats a repetition, which can take exponential time")
    value = re.RegexFlag(0)
    for flag in flags:
        if flag == "q":
            return re.compile(re.escape(regex))
        if flag not in _FLAGS:
            raise ValueError(f"{flag!r} is no flag of a regular expression; there are i, s, m, x and q")
        value |= _FLAGS[flag]
    try:
        return re.compile(regex, value)
    except re.error as error:
        raise ValueError(f"{regex!r} is no regular expression: {error}") from None


_NESTED_REPETITION = re.compile(r"\((?:[^()\\]|\\.)*(?:[+*]|\{\d+,\d*\})\)(?:[+*]|\{\d+,\d*\})")

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

BOOLEAN_TRUE = Literal("true", datatype=NamedNode(XSD.boolean))
