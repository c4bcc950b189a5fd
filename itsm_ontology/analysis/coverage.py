"""Which definitions can be decided from the facts that a source records, and which facts would help most."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Unpack

from .. import conditions as c
from ..definitions import Definition
from ..evaluate import Choice, judged
from ..facts import Facts
from ..model import Model
from ..names import ITSM, shorten
from ..verdict import Outcome
from ..verdicts import Verdicts
from .disagreements import MET
from .tabular import Tabular, aligned, counted

_DERIVED = {ITSM.judgedFor: ITSM.providedBy}
"""What an evaluation makes itself, and out of what."""


@dataclass(frozen=True)
class Reach:
    """How far a model's facts reach for one definition.

    Attributes:
        definition: the definition's token.
        term: the token of the term.
        applies: to so many elements.
        met: by so many.
        contradicted: for so many.
        open: so many lack facts.
        never_recorded: relations that it asks for and that the model has not one fact of, by IRI.
    """

    definition: str
    term: str
    applies: int
    met: int
    contradicted: int
    open: int
    never_recorded: tuple[str, ...]

    @property
    def decided(self) -> int:
        """For so many elements there is a yes or a no."""
        return self.met + self.contradicted


@dataclass(frozen=True)
class Help:
    """What recording a relation would do.

    Attributes:
        relation: its IRI.
        label: its name.
        alone: so many open verdicts lack facts of this relation and of no other that is never recorded.
        among: so many open verdicts lack facts of it, perhaps beside others.
        recorded: whether the model has facts of it at all.
        recorded_by: which systems record it, as the vocabulary has it.
    """

    relation: str
    label: str
    alone: int
    among: int
    recorded: bool
    recorded_by: str


@dataclass(frozen=True)
class Coverage(Tabular):
    """What a model's facts suffice for. Printing it shows it.

    Attributes:
        model: the model's name.
        definitions: how far the facts reach, definition by definition; what is decided most first.
        helpful: the relations whose facts would help most, first.

    Example:
        >>> model = Model.from_records([
        ...     {"id": "crm", "kind": "Software", "runsOn": "os"}, {"id": "os", "kind": "SystemSoftware"}])
        >>> found = coverage(model, terms=["application"])
        >>> [one.decided for one in found.definitions if one.definition == "obashi:application"]
        [1]
    """

    model: str
    definitions: tuple[Reach, ...] = field(repr=False)
    helpful: tuple[Help, ...] = field(repr=False)

    columns = ("definition", "term", "applies", "met", "contradicted", "open", "never_recorded")

    @property
    def undecidable(self) -> tuple[str, ...]:
        """The definitions that apply to something and are decided for nothing."""
        return tuple(one.definition for one in self.definitions if one.applies and not one.decided)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one mapping for each definition; `never_recorded` is a list of relations by short name."""
        return [
            {
                "definition": one.definition,
                "term": one.term,
                "applies": one.applies,
                "met": one.met,
                "contradicted": one.contradicted,
                "open": one.open,
                "never_recorded": [shorten(relation) for relation in one.never_recorded],
            }
            for one in self.definitions
        ]

    def help_records(self) -> list[dict[str, Any]]:
        """Give one mapping for each helpful relation, with the attributes of `Help`; relations by short name."""
        return [
            {
                "relation": shorten(one.relation),
                "label": one.label,
                "alone": one.alone,
                "among": one.among,
                "recorded": one.recorded,
                "recorded_by": one.recorded_by,
            }
            for one in self.helpful
        ]

    def text(self, most: int = 10) -> str:
        """Give it as text.

        Args:
            most: how many relations to give.
        """
        applying = [one for one in self.definitions if one.applies]
        decided = [one for one in applying if one.decided]
        lines = [
            f"{self.model}: of {counted(len(applying), 'definition')} that apply to something, "
            f"{len(decided)} can be decided for at least one element.",
            "",
        ]
        rows = [(one.definition, one.applies, one.met, one.contradicted, one.open) for one in applying]
        lines.append(aligned(("definition", "applies", "yes", "no", "open"), rows))
        if self.helpful:
            helpful = [
                (one.label, one.alone, one.among, "some" if one.recorded else "none", one.recorded_by)
                for one in self.helpful[:most]
            ]
            lines += ["", "Facts that would help most (open verdicts that lack them alone, and among others):"]
            lines.append(aligned(("relation", "alone", "among", "recorded", "systems that record it"), helpful))
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()


def coverage(model: Model | Verdicts, **choice: Unpack[Choice]) -> Coverage:
    """Tell which definitions a model's facts suffice for, and which facts would help most.

    Args:
        model: a model, or verdicts that are there already.
        choice: what is judged, and how: the arguments of `evaluate`. Not looked at where verdicts are given.

    Returns:
        A definition is decided for an element where it is met or contradicted on the facts recorded.

    Raises:
        UnknownNameError, AmbiguousNameError, InputError: as `evaluate`.

    Example:
        >>> model = Model.from_records([{"id": "crm", "kind": "ApplicationSoftware"}])
        >>> [one.label for one in coverage(model, definitions=["obashi:application"]).helpful]
        ['runs on']
    """
    verdicts = judged(model, choice)
    recorded = _recorded(verdicts.model.facts)
    alone: Counter[str] = Counter()
    among: Counter[str] = Counter()
    reaches = []
    for definition in verdicts.definitions:
        reaches.append(_reach(verdicts, definition, recorded))
        for lacking, number in verdicts.open_clauses(definition.token).items():
            wanted = _wanted(definition, lacking, recorded)
            among.update(dict.fromkeys(wanted, number))
            if len(wanted) == 1:
                alone.update(dict.fromkeys(wanted, number))
    words = verdicts.facts.vocabulary
    helpful = [
        Help(one, words.label(one), alone[one], among[one], one in recorded, _systems(one, verdicts.facts))
        for one in among
    ]
    helpful.sort(key=lambda one: (-one.alone, -one.among, one.label))
    reaches.sort(key=lambda one: (-one.decided, -one.applies, one.definition))
    return Coverage(verdicts.model.name, tuple(reaches), tuple(helpful))


def _reach(verdicts: Verdicts, definition: Definition, recorded: frozenset[str]) -> Reach:
    outcomes = verdicts.counts(definition.token)
    relations = {_DERIVED.get(one, one) for one in c.relations_in(definition.condition)}
    return Reach(
        definition.token,
        definition.term,
        sum(count for outcome, count in outcomes.items() if outcome is not Outcome.NOT_APPLICABLE),
        sum(outcomes.get(outcome, 0) for outcome in MET),
        outcomes.get(Outcome.CONTRADICTED, 0),
        outcomes.get(Outcome.UNDETERMINED, 0),
        tuple(sorted(relations - recorded)),
    )


def _wanted(definition: Definition, lacking: frozenset[str], recorded: frozenset[str]) -> frozenset[str]:
    """Give the relations that unmet clauses ask for: those never recorded, or, where all are, every one of them."""
    asked = {
        _DERIVED.get(relation, relation)
        for clause in definition.constraints
        if clause.iri in lacking
        for relation in c.relations_in(clause.condition)
    }
    return frozenset(asked - recorded or asked)


def _recorded(facts: Facts) -> frozenset[str]:
    """Give the relations that there are facts of, directly or by a narrower or inverse one."""
    return frozenset(
        wider for relation, pairs in facts.pairs.items() if pairs for wider, _ in facts.vocabulary.wider_edges(relation)
    )


def _systems(relation: str, facts: Facts) -> str:
    entry = facts.vocabulary.entries.get(relation)
    return entry.recorded_by if entry else ""
