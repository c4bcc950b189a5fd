"""What an interview is about: an element, definitions, and the conditions that these ask of it, each once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

from ...conditions import Condition
from ...definitions import Constraint, Definition
from ...english import sentence
from ...facts import Completeness
from ...facts_builder import FactsBuilder
from ...model import Model
from ...names import ITSM, RDF_TYPE
from ...vocabulary import vocabulary
from ...walk import Truth, Walk
from ..claims import Claim, of_definition
from .wording import question

SOMETHING_ELSE = "something else"
"""The choice of whoever finds no kind offered to fit."""


@dataclass(frozen=True)
class Choice:
    """A kind of thing to choose.

    Attributes:
        label: its name.
        kind: its IRI; empty if it is none of those offered.
        meaning: what the vocabulary says it is.
    """

    label: str
    kind: str
    meaning: str = ""

    def __str__(self) -> str:
        return f"{self.label} ({self.meaning[0].lower()}{self.meaning[1:].rstrip('.')})" if self.meaning else self.label


@dataclass(frozen=True, eq=False)
class Topic:
    """An element, definitions, and what they ask of it.

    Attributes:
        element: the element's IRI; where nothing is recorded, its name.
        label: its name.
        definitions: the definitions.
        recorded_in: the model that the element is recorded in, if it is.
    """

    element: str
    label: str
    definitions: tuple[Definition, ...]
    recorded_in: Model | None = field(default=None, repr=False)

    @cached_property
    def claims(self) -> Mapping[str, Claim]:
        """The definitions as claims, by token."""
        return {definition.token: of_definition(definition) for definition in self.definitions}

    @cached_property
    def asked_by(self) -> Mapping[Condition, tuple[Constraint, ...]]:
        """The constraints that ask each condition."""
        found: dict[Condition, list[Constraint]] = {}
        for claim in self.claims.values():
            for clause in claim.clauses:
                found.setdefault(clause.condition, []).append(clause)
        return {condition: tuple(clauses) for condition, clauses in found.items()}

    @cached_property
    def constraints(self) -> tuple[tuple[Constraint, ...], ...]:
        """The constraints that ask the condition at each position."""
        return tuple(self.asked_by.values())

    @cached_property
    def claimed(self) -> Mapping[str, Definition]:
        """The definitions by token."""
        return {definition.token: definition for definition in self.definitions}

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """What clauses ask, then what the kinds are that definitions are said of; each has a position."""
        return tuple(dict.fromkeys((*self.asked_by, *(claim.genus for claim in self.claims.values()))))

    @cached_property
    def clauses(self) -> Mapping[str, tuple[int, ...]]:
        """The positions of the conditions that each definition asks, by its token."""
        at = {condition: position for position, condition in enumerate(self.conditions)}
        return {token: tuple(dict.fromkeys(map(at.__getitem__, one.conditions))) for token, one in self.claims.items()}

    @cached_property
    def genus(self) -> Mapping[str, int]:
        """The position of the kinds that each definition is said of, by its token."""
        return {token: self.conditions.index(claim.genus) for token, claim in self.claims.items()}

    # ----------------------------------------------------------------------------------------------------------------

    @cached_property
    def recorded(self) -> Mapping[int, Truth]:
        """What the recorded facts say of each condition, by its position; nothing if nothing is recorded."""
        if not self.recorded_in:
            return {}
        walk, node = Walk(self.recorded_in.facts), self.recorded_in.node(self.element)
        return {position: walk.truth(condition, node) for position, condition in enumerate(self.conditions)}

    @cached_property
    def recorded_kinds(self) -> tuple[str, ...]:
        """The kinds recorded of the element, but for the broadest, which says nothing."""
        kinds = self.recorded_in.kinds(self.element) if self.recorded_in else ()
        return tuple(kind for kind in kinds if kind != ITSM.Element)

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """The kinds that the definitions are said of, those of most definitions first."""
        words = vocabulary()
        kinds = [kind for claim in self.claims.values() for kind in claim.applies_to]
        ordered = sorted(set(kinds), key=lambda kind: (-kinds.count(kind), words.label(kind)))
        named = [Choice(words.label(kind), kind, words.entries[kind].definition) for kind in ordered]
        return (*named, Choice(SOMETHING_ELSE, ""))

    def settled_by(self, kind: str) -> Mapping[int, bool]:
        """Give the conditions that are settled where the element is of a kind, or of none of those offered."""
        walk = Walk(_of_kind(kind).facts)
        truths = ((position, walk.truth(condition, 0)) for position, condition in enumerate(self.conditions))
        return {position: truth.certain for position, truth in truths if truth.settled}

    # ----------------------------------------------------------------------------------------------------------------

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The question for each condition that a clause asks: the shortest, if clauses word it differently."""
        return tuple(
            min((question(self._message(one), self.label) for one in clauses), key=len) for clauses in self.constraints
        )

    @staticmethod
    def _message(clause: Constraint) -> str:
        return clause.message or sentence(clause.condition, vocabulary())

    @property
    def kind_text(self) -> str:
        """The question of which kind the element is."""
        return f"What kind of thing is {self.label}?"


@cache
def _of_kind(kind: str) -> Model:
    """Give a model of one element of a kind; or of which all kinds are recorded, and none."""
    builder = FactsBuilder("kind", "kind")
    builder.kind("urn:model:it", kind or ITSM.Element)
    if not kind:
        builder.complete(Completeness(RDF_TYPE, node=0))
    return Model(builder.build())
