"""What is reasoned about: a definition, or one of its constraints, as clauses on one element."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from .. import conditions as c
from ..catalogue import Catalogue
from ..conditions import Condition
from ..definitions import Constraint, Definition
from ..errors import InputError, UnknownNameError
from ..names import ITSM, shorten
from ..vocabulary import Vocabulary, vocabulary


@dataclass(frozen=True)
class Claim:
    """Something that is said of an element.

    Attributes:
        token: the token of a definition or a constraint.
        label: its name.
        term: the token of the term that it is about; empty if it is about none.
        clauses: what has to hold, all together, each with its IRI and message.
        applies_to: the kinds it can be said of, by IRI; none if of anything.
    """

    token: str
    label: str
    term: str
    clauses: tuple[Constraint, ...] = field(repr=False)
    applies_to: tuple[str, ...] = field(default=(), repr=False)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions of the clauses."""
        return tuple(clause.condition for clause in self.clauses)

    @property
    def applicable(self) -> Condition:
        """That the element can be of a kind it is said of."""
        return can_be(self.applies_to)

    @property
    def genus(self) -> Condition:
        """That the element is of a kind it is said of."""
        return c.AnyOf(tuple(map(c.OfClass, self.applies_to))) if self.applies_to else c.TRUE

    @property
    def whole(self) -> Condition:
        """All of it as one condition."""
        return c.conjunction(self.applicable, *self.conditions)


def claim(name: str | Definition | Claim, catalogue: Catalogue) -> Claim:
    """Find a definition or a constraint by its token or IRI; a claim stands for itself.

    Raises:
        UnknownNameError, AmbiguousNameError: if there is none, or there are several.
        InputError: if it has no condition that can be reasoned about.
    """
    if isinstance(name, Claim):
        return name
    if isinstance(name, Definition):
        return of_definition(name)
    try:
        definition = catalogue.definition(name)
    except UnknownNameError:
        if found := _constraints(catalogue).get(shorten(name)):
            return found
        raise
    return of_definition(definition)


@cache
def of_definition(definition: Definition) -> Claim:
    """Give a definition as a claim.

    Raises:
        InputError: if it has no testable condition, or one that only the reference engine can evaluate.
    """
    if reason := definition.informal or definition.only_by_reference:
        raise InputError(f"{definition.token} can't be reasoned about: {reason}")
    return Claim(
        definition.token,
        definition.label,
        definition.term,
        tuple(_plain(clause) for clause in definition.constraints if clause.decides),
        definition.applies_to,
    )


def _constraints(catalogue: Catalogue) -> dict[str, Claim]:
    return {
        clause.token: Claim(clause.token, clause.message, definition.term, (_plain(clause),), definition.applies_to)
        for definition in catalogue.all_definitions.values()
        for clause in definition.constraints
        if not definition.only_by_reference
    }


def _plain(clause: Constraint) -> Constraint:
    """Give a clause without names inside, and judged for the element's own providers, as an evaluation does unasked."""
    condition = c.replaced(c.bare(clause.condition), ITSM.judgedFor, ITSM.providedBy)
    return Constraint(clause.iri, clause.message, condition, clause.decides)


@cache
def can_be(kinds: tuple[str, ...]) -> Condition:
    """Say that an element can be of one of some kinds: that it is of none that excludes them all."""
    words = vocabulary()
    if not kinds or any(not words.disjoint_kinds(kind) for kind in kinds):
        return c.TRUE
    return c.AnyOf(tuple(_can_be_one(kind, words) for kind in kinds))


def _can_be_one(kind: str, words: Vocabulary) -> Condition:
    excluding = words.disjoint_kinds(kind)
    broadest = sorted(one for one in excluding if not (words.super_kinds(one) - {one}) & excluding)
    return c.Not(c.AnyOf(tuple(map(c.OfClass, broadest))))


def comparable(one: Claim, other: Claim) -> bool:
    """Tell whether there is any kind of thing that both can be said of.

    Example:
        >>> from itsm_ontology import catalogue
        >>> availability, service = "itil-2011:service-availability", "itil-2011:service"
        >>> comparable(claim(availability, catalogue()), claim(service, catalogue()))
        False
    """
    words = vocabulary()
    if not one.applies_to or not other.applies_to:
        return True
    return any(theirs not in words.disjoint_kinds(mine) for mine in one.applies_to for theirs in other.applies_to)
