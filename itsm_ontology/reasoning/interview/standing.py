"""What follows from the answers of an interview: what each definition says, and which question comes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ...conditions import Condition
from ...verdict import Outcome
from ...vocabulary import vocabulary
from .deduction import Deduction, Literals
from .topic import SOMETHING_ELSE, Choice, Topic

KIND = "kind"
"""The key of the question of which kind the thing is."""
AT_KIND = -1
"""The position of that question."""
WORDS = {
    Outcome.SATISFIED: "meets",
    Outcome.CONTRADICTED: "does not meet",
    Outcome.UNDETERMINED: "undecided",
    Outcome.NOT_APPLICABLE: "not applicable",
}
"""What a definition says of the element, in words."""

Given = bool | str | None
"""An answer as it is kept: yes, no, a kind's IRI (empty for something else), or None for "don't know"."""


@dataclass(frozen=True)
class Question:
    """A question about the element.

    Attributes:
        key: what to answer it by in `questions(answers=…)`: the token of a constraint, or "kind".
        text: the question.
        condition: what is asked, to be answered by yes or no; None where a kind is to be chosen.
        constraints: the IRIs of all clauses that ask this.
        definitions: the tokens of the undecided definitions that hang on it.
        gain: how many definitions the answer is expected to settle.
        choices: the kinds to choose from; none where the answer is yes or no.
        default: whether the recorded facts meet the condition so far; None if they say nothing.
    """

    key: str
    text: str
    condition: Condition | None = field(repr=False)
    constraints: tuple[str, ...] = field(default=(), repr=False)
    definitions: tuple[str, ...] = field(default=(), repr=False)
    gain: float = 0.0
    choices: tuple[Choice, ...] = field(default=(), repr=False)
    default: bool | None = None

    def __str__(self) -> str:
        return "\n".join([self.text, *(f"  {number} {choice}" for number, choice in enumerate(self.choices, 1))])


@dataclass(frozen=True)
class Standing:
    """What one definition says of the element, as far as the answers go.

    Attributes:
        definition: the definition's token.
        outcome: satisfied, contradicted, undetermined or not applicable.
        because: the answers that decide it, as text.
        open: the questions that are open, as text.
        necessary_only: whether meeting it means no more than that nothing speaks against it.
    """

    definition: str
    outcome: Outcome
    because: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    necessary_only: bool = False

    @property
    def words(self) -> str:
        """The outcome in words: meets, does not meet, undecided, or not applicable."""
        return WORDS[self.outcome]

    def __str__(self) -> str:
        return f"{self.definition}: {self.words}" + (
            " (nothing speaks against it, which is all it says)"
            if self.necessary_only and self.outcome is Outcome.SATISFIED
            else ""
        )


class State:
    """What is known after some answers, and what follows from it.

    Args:
        topic: what the interview is about.
        given: the answers: a position of the topic, or `AT_KIND`, and what was said.
        checked: so many questions, the best ones, are held against what is known before they are asked.

    Attributes:
        known: the conditions that are settled, by position, and whether they hold.
    """

    def __init__(self, topic: Topic, given: Iterable[tuple[int, Given]], checked: int = 1) -> None:
        self.topic = topic
        self._deduction = _deduction(topic.conditions)
        self.given = dict(given)
        self.known: dict[int, bool] = {}
        self._origins: dict[int, str | Literals] = {}
        self._odd: set[int] = set()
        self._ruled_out: dict[str, Literals] = {}
        self._take_what_is_recorded()
        self._take_answers()
        while self._conclude(checked):
            pass

    @property
    def is_something_else(self) -> bool:
        """Whether it was said to be of none of the kinds offered."""
        return self.given.get(AT_KIND) == ""

    @property
    def knows_its_kind(self) -> bool:
        """Whether it was said or recorded of which kind it is, or that it is something else."""
        return bool(self.topic.recorded_kinds) or isinstance(self.given.get(AT_KIND), str)

    # ----------------------------------------------------------------------------------------------------------------
    # What is known

    def _take_what_is_recorded(self) -> None:
        for position, truth in self.topic.recorded.items():
            if truth.settled:
                self._learn(position, truth.certain, f"recorded: {self._told(position, truth.certain)}")
        while clash := self._deduction.clash(self.premises):  # records may be wrong: then nothing follows from them
            self._odd.update(position for position, _ in clash)

    def _take_answers(self) -> None:
        for position, value in self.given.items():
            if position == AT_KIND and isinstance(value, str):
                said = f"{self.topic.kind_text} {kind_label(value)}"
                for one, holds in self.topic.settled_by(value).items():
                    self._learn(one, holds, said)
            elif isinstance(value, bool):
                self._learn(position, value, self._told(position, value))

    def _told(self, position: int, holds: bool) -> str:
        if position < len(self.topic.texts):
            return f"{self.topic.texts[position]} {'Yes' if holds else 'No'}."
        return f"{self.topic.kind_text} {' and '.join(map(kind_label, self.topic.recorded_kinds)) or SOMETHING_ELSE}"

    def _learn(self, position: int, holds: bool, origin: str | Literals) -> None:
        if position not in self.known:
            self.known[position] = holds
            self._origins[position] = origin

    @property
    def premises(self) -> dict[int, bool]:
        """What is known and can be concluded from."""
        return {position: holds for position, holds in self.known.items() if position not in self._odd}

    def _conclude(self, checked: int) -> bool:
        """Learn what follows; tell whether there may be more."""
        for position, holds, origin in self._deduction.propagated(self.premises):
            self._learn(position, holds, origin)
        self._rule_out()
        best = self._ordered()[:checked]
        unsaid = {position for token in self.undecided for position in self._open(token)} & set(self.given)
        return any(self._settle(position) for position in (*best, *sorted(unsaid), *self._open_kinds()))

    def _rule_out(self) -> None:
        premises = self.premises
        for token in self.undecided if premises else ():
            if clash := self._deduction.clash(premises | dict.fromkeys(self.topic.clauses[token], True)):
                self._ruled_out[token] = frozenset(one for one in clash if one[0] in premises)

    def _open_kinds(self) -> list[int]:
        return sorted(set(self.topic.genus.values()) - self.known.keys()) if self.known else []

    def clash_with(self, more: Mapping[int, bool]) -> Literals:
        """Give the smallest clash of something more with what is known; nothing if there is none."""
        return self._deduction.clash({**self.premises, **more})

    def why_not(self, more: Mapping[int, bool]) -> tuple[str, ...] | None:
        """Give the answers and records that rule something out, as text; None if nothing does."""
        opposite = frozenset((one, not holds) for one, holds in more.items() if self.known.get(one, holds) is not holds)
        clash = self.clash_with(more)
        return self.reasons(opposite or clash - more.items()) if opposite or clash else None

    def _settle(self, position: int) -> bool:
        """Learn what a condition must be, if it can be but one."""
        forced = self._deduction.forced(position, self.premises)
        if forced:
            self._learn(position, *forced)
        return forced is not None

    # ----------------------------------------------------------------------------------------------------------------
    # What definitions say

    @property
    def undecided(self) -> list[str]:
        """The tokens of the definitions that are undecided."""
        return [token for token in self.topic.clauses if self.outcome(token) is Outcome.UNDETERMINED]

    def outcome(self, token: str) -> Outcome:
        """Say what a definition says."""
        clauses = [self.known.get(position) for position in self.topic.clauses[token]]
        if self.known.get(self.topic.genus[token]) is False:
            return Outcome.NOT_APPLICABLE
        if False in clauses or token in self._ruled_out:
            return Outcome.CONTRADICTED
        return Outcome.UNDETERMINED if None in clauses else Outcome.SATISFIED

    def standing(self, token: str) -> Standing:
        """Say what a definition says, and why."""
        outcome = self.outcome(token)
        necessary_only = self.topic.claimed[token].necessary_only
        if outcome is Outcome.UNDETERMINED:
            still_open = tuple(self.topic.texts[position] for position in self._open(token))
            return Standing(token, outcome, (), still_open, necessary_only)
        return Standing(token, outcome, self.reasons(self._deciding(token, outcome)), (), necessary_only)

    def _deciding(self, token: str, outcome: Outcome) -> Literals:
        """Give what decides a definition: all its clauses where it is met, else the one answered first."""
        clauses = self.topic.clauses[token]
        if outcome is Outcome.NOT_APPLICABLE:
            return frozenset({(self.topic.genus[token], False)})
        if outcome is Outcome.SATISFIED:
            return frozenset((position, True) for position in clauses)
        failing = [position for position in clauses if self.known.get(position) is False]
        if not failing:
            return self._ruled_out[token]
        return frozenset({(min(failing, key=lambda one: not isinstance(self._origins[one], str)), False)})

    def reasons(self, literals: Literals) -> tuple[str, ...]:
        """Give the answers and records behind what is known, as text."""
        found: dict[str, None] = {}
        for position, _ in sorted(literals):
            origin = self._origins[position]
            found.update(dict.fromkeys([origin] if isinstance(origin, str) else self.reasons(origin)))
        return tuple(found)

    # ----------------------------------------------------------------------------------------------------------------
    # What to ask

    def questions(self) -> Iterator[Question]:
        """Yield the questions that are open, best first."""
        if AT_KIND not in self.given and not self.topic.recorded_kinds and (gain := self._gain_of_kind()) > 0:
            yield Question(KIND, self.topic.kind_text, None, (), tuple(self.undecided), gain, self.topic.choices)
        for position in self._ordered():
            yield self._question(position)

    def _question(self, position: int) -> Question:
        clauses = self.topic.constraints[position]
        recorded = self.topic.recorded.get(position)
        return Question(
            clauses[0].token,
            self.topic.texts[position],
            self.topic.conditions[position],
            tuple(clause.iri for clause in clauses),
            tuple(token for token in self.undecided if position in self.topic.clauses[token]),
            self._gain(position),
            default=recorded.met if recorded else None,
        )

    def _open(self, token: str) -> list[int]:
        return [position for position in self.topic.clauses[token] if position not in self.known]

    def _ordered(self) -> list[int]:
        """Order the conditions that may be asked by what their answer is expected to settle."""
        askable = {position for token in self.undecided for position in self._open(token)} - self.given.keys()
        return sorted(askable, key=lambda one: (-self._gain(one), len(self.topic.texts[one]), one))

    def _gain(self, position: int) -> float:
        """Say how many definitions an answer is expected to settle, if yes and no are as likely.

        No settles all that ask this, yes those that ask nothing else.
        """
        counts = [len(self._open(token)) for token in self.undecided if position in self.topic.clauses[token]]
        return sum(1.0 if count == 1 else 0.5 for count in counts)

    def _gain_of_kind(self) -> float:
        """Say the same of the question of which kind it is, if each choice is as likely."""
        found = 0
        for choice in self.topic.choices:
            settled = self.topic.settled_by(choice.kind)
            for token in self.undecided:
                truths = [settled.get(position) for position in self._open(token)]
                found += settled.get(self.topic.genus[token]) is False or False in truths or all(truths)
        return found / len(self.topic.choices)


@lru_cache(maxsize=8)
def _deduction(conditions: tuple[Condition, ...]) -> Deduction:
    return Deduction(conditions, vocabulary())


def kind_label(kind: str) -> str:
    """Name a kind that was chosen."""
    return vocabulary().label(kind) if kind else SOMETHING_ELSE


def _yes(holds: bool) -> str:
    return "Yes." if holds else "No."
