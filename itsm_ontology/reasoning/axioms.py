"""Theses as conditions: what a thesis asks of every element, once its terms are given a meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .. import conditions as c
from ..catalogue import Catalogue
from ..conditions import Condition
from ..definitions import Constraint
from ..errors import InputError
from ..names import TERM, texts
from ..paths import HERE, Path
from ..theses import Notion, Quantity, Thesis
from .claims import claim

Meaning = Mapping[str, str]
"""The token of a term to the token of the definition that it is to be understood by."""


def condition_of(notion: Notion, meaning: Meaning, catalogue: Catalogue) -> Condition:
    """Give the condition for what a thesis speaks of.

    A term without a meaning is some kind or other: what is shown then holds whatever the term means.
    """
    if notion.kind:
        return c.OfClass(notion.kind)
    if notion.term in meaning:
        return claim(meaning[notion.term], catalogue).whole
    return c.OfClass(TERM + notion.term)


def along(path: Path, condition: Condition) -> Condition:
    """Say that a path leads to something that meets a condition; of the element itself where the path stays there."""
    return condition if path == HERE else c.AtLeast(1, path, condition)


@dataclass(frozen=True)
class Axiom:
    """What a thesis asks of every element, in the form if … then.

    Attributes:
        thesis: the thesis.
        given: if this holds of an element,
        then: this does.
    """

    thesis: Thesis
    given: Condition
    then: Condition

    @property
    def condition(self) -> Condition:
        """The whole as a condition."""
        return c.AnyOf((c.Not(self.given), self.then))

    @property
    def clause(self) -> Constraint:
        """What follows, as a clause with the thesis for its name."""
        return Constraint(self.thesis.iri, f"{self.thesis.label}.", self.then)


def axioms_of(thesis: Thesis, meaning: Meaning, catalogue: Catalogue) -> tuple[Axiom, ...]:
    """Give what a thesis asks of every element: two axioms where it says that two things coincide.

    Example:
        >>> from itsm_ontology import catalogue
        >>> axioms_of(catalogue().thesis("no-application-is-a-service"), {}, catalogue())[0].then  # doctest: +ELLIPSIS
        Not(condition=OfClass(kind='...service'))
    """
    subject, object_ = (condition_of(notion, meaning, catalogue) for notion in (thesis.subject, thesis.object))
    return between(thesis, subject, object_)


def between(thesis: Thesis, subject: Condition, object_: Condition) -> tuple[Axiom, ...]:
    """Give what a thesis asks of every element, for a condition on its subjects and one on its objects."""
    there = along(thesis.path, object_)
    match thesis.quantity:
        case Quantity.EVERY:
            return (Axiom(thesis, subject, there),)
        case Quantity.NO:
            return (Axiom(thesis, subject, c.Not(there)),)
        case Quantity.COINCIDE:
            return (Axiom(thesis, subject, there), Axiom(thesis, there, subject))


def axioms(names: Iterable[str], meaning: Meaning, catalogue: Catalogue) -> tuple[Axiom, ...]:
    """Give what several theses, named by their tokens, ask of every element.

    Raises:
        UnknownNameError, AmbiguousNameError: if a name is not one.
        InputError: if a meaning is no definition of its term.
    """
    understood = checked(meaning, catalogue)
    theses = [catalogue.thesis(name) for name in texts(names)]
    return tuple(axiom for thesis in theses for axiom in axioms_of(thesis, understood, catalogue))


def drawn(given: Iterable[Axiom], conditions: Iterable[Condition]) -> tuple[Axiom, ...]:
    """Give the axioms whose premises are among some conditions, or follow from them by other axioms, word for word."""
    held = {part for condition in conditions for part in c.conjuncts(condition)}
    used: list[Axiom] = []
    waiting = list(given)
    while ready := [axiom for axiom in waiting if held.issuperset(c.conjuncts(axiom.given))]:
        used += ready
        waiting = [axiom for axiom in waiting if axiom not in ready]
        held.update(part for axiom in ready for part in c.conjuncts(axiom.then))
    return tuple(used)


def checked(meaning: Meaning, catalogue: Catalogue) -> dict[str, str]:
    """Give the meaning with the tokens of the terms, if each definition is one of its term.

    Raises:
        UnknownNameError, AmbiguousNameError: if a name is not one.
        InputError: if a definition is one of another term.
    """
    found = {}
    for name, token in meaning.items():
        term, definition = catalogue.term(name), catalogue.definition(token)
        if definition.term not in catalogue.senses(term.token):
            raise InputError(f"{definition.token} defines {definition.term!r} and not {term.label!r}.")
        found[term.token] = definition.token
    return found
