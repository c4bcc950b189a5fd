"""An interview: the questions that settle soonest what many definitions say of one thing.

What follows from the answers is not asked. Next comes the question whose answer is expected to settle most definitions.
`benchmarks/interview.py` prints how many questions that takes, by who answers and against other orders.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ...catalogue import Catalogue
from ...catalogue import catalogue as published
from ...errors import InputError, UnknownNameError
from ...model import Model
from ...names import ITSM, shorten, texts
from ...verdict import Outcome
from ...vocabulary import vocabulary
from .saving import saved
from .standing import AT_KIND, KIND, WORDS, Given, Question, Standing, State, kind_label
from .topic import SOMETHING_ELSE, Topic

_YES = frozenset({"yes", "y", "true"})
_NO = frozenset({"no", "n", "false"})
_UNKNOWN = frozenset({"", "?", "don't know", "unknown"})


@dataclass(frozen=True, eq=False)
class Interview:
    """Questions and answers about one thing. Immutable: each answer gives a new interview.

    Attributes:
        topic: the element, and the definitions with what they ask.
        given: the answers in the order in which they were given: a position of the topic (-1: the kind), the answer.

    Example:
        >>> interview = questions(None, "the mail system", "service", frameworks=["itil-2011", "fitsm-3"])
        >>> print(interview.question.text)
        What kind of thing is the mail system?
        >>> interview = interview.answer("arrangement")
        >>> print(interview.question.text)
        Does the mail system have a customer?
        >>> interview = interview.answer(False)
        >>> print(interview.standing["itil-2011:service"])
        itil-2011:service: does not meet
    """

    topic: Topic
    given: tuple[tuple[int, Given], ...] = ()

    @property
    def element(self) -> str:
        """The element's IRI; where nothing is recorded, its name."""
        return self.topic.element

    @property
    def label(self) -> str:
        """The element's name."""
        return self.topic.label

    @property
    def definitions(self) -> tuple[str, ...]:
        """The tokens of the definitions."""
        return tuple(self.topic.clauses)

    @cached_property
    def _state(self) -> State:
        return State(self.topic, self.given)

    # ----------------------------------------------------------------------------------------------------------------
    # Questions and answers

    @property
    def question(self) -> Question | None:
        """The next question; None if no definition is undecided, or all that is open was answered by "don't know"."""
        return next(iter(self.ranked(1)), None)

    def ranked(self, n: int) -> tuple[Question, ...]:
        """Give the best questions, best first; none whose answer follows from those given.

        Args:
            n: how many at most.
        """
        state = self._state if n <= 1 else State(self.topic, self.given, n)
        return tuple(state.questions())[:n]

    def answer(self, value: bool | int | str | None, key: str = "") -> Interview:
        """Answer a question.

        Args:
            value: yes or no, as True and False or as a word; for a kind its number among the choices (from 1), its
                label, or any kind of the vocabulary. None for "don't know": it is not asked again.
            key: the key of the question, or any constraint that asks it; by default the next one.

        Returns:
            The interview with the answer.

        Raises:
            UnknownNameError: if there is no such question or kind.
            InputError: if it is no answer to this question, or can't be true together with the other answers.
        """
        position = self._position(key)
        parsed = self._kind(value) if position == AT_KIND else _yes_or_no(value)
        others = tuple(one for one in self.given if one[0] != position)
        before = self if others == self.given else replace(self, given=others)
        before._check(position, parsed)
        return replace(self, given=(*others, (position, parsed)))

    def back(self) -> Interview:
        """Take back the last answer."""
        return replace(self, given=self.given[:-1])

    def _position(self, key: str) -> int:
        if not key:
            if not self.question:
                raise InputError("there is nothing left to ask.")
            key = self.question.key
        if key == KIND:
            return AT_KIND
        for position, clauses in enumerate(self.topic.constraints):
            if any(key in (clause.iri, clause.token) for clause in clauses):
                return position
        tokens = [clause.token for clauses in self.topic.constraints for clause in clauses]
        raise UnknownNameError("question", key, [KIND, *tokens])

    def _kind(self, value: bool | int | str | None) -> str | None:
        choices = self.topic.choices
        if value is None or str(value).strip().casefold() in _UNKNOWN:
            return None
        text = str(value).strip()
        if not isinstance(value, bool) and text.isdigit() and 0 < int(text) <= len(choices):
            return choices[int(text) - 1].kind
        words = vocabulary()
        kinds = {words.label(kind): kind for kind in words.kinds} | {SOMETHING_ELSE: ""}
        for label, kind in kinds.items():
            if text.casefold() == label.casefold() or text in (kind, kind.removeprefix(ITSM), shorten(kind)):
                return kind
        raise UnknownNameError("kind", text, kinds)

    def _check(self, position: int, given: Given) -> None:
        """Refuse an answer that what is known rules out."""
        if given is None:
            return
        said = self.topic.settled_by(given) if isinstance(given, str) else {position: given}
        reasons = self._state.why_not(said)
        if reasons is not None:
            text = self.topic.kind_text if position == AT_KIND else self.topic.texts[position]
            answer = kind_label(given) if isinstance(given, str) else "yes" if given else "no"
            raise InputError(
                f"“{text}” can't be answered by “{answer}” after: {' '.join(reasons)}",
                repair="Take back the one or the other answer.",
            )

    @property
    def answers(self) -> Mapping[str, bool | str | None]:
        """The answers by the key of their question, as `questions(answers=…)` takes them."""
        return {self._key(position): self._said(position, value) for position, value in self.given}

    def _key(self, position: int) -> str:
        return KIND if position == AT_KIND else self.topic.constraints[position][0].token

    @staticmethod
    def _said(position: int, value: Given) -> Given:
        return kind_label(value) if position == AT_KIND and isinstance(value, str) else value

    # ----------------------------------------------------------------------------------------------------------------
    # What comes of it

    @cached_property
    def standing(self) -> Mapping[str, Standing]:
        """What each definition says of the element, by its token."""
        return {token: self._state.standing(token) for token in self.topic.clauses}

    def model(self, *, seconds: float = 10.0) -> Model:
        """Give a smallest model that says what the answers say: a smallest change to what is recorded, if anything is.

        Args:
            seconds: the time limit.

        Returns:
            The model, with what is complete: evaluating it gives the standing of every definition that is decided. If
            its kinds had to be complete (it is no process), a definition that it does not meet, and that is said of
            kinds that were never spoken of, comes out as not applicable; what was left open may be settled too.

        Raises:
            EngineError: if none was found in time.
        """
        return saved(self._state, seconds)

    def turtle(self, *, seconds: float = 10.0) -> str:
        """Write `model` as Turtle, with what is complete."""
        return self.model(seconds=seconds).turtle()

    def __str__(self) -> str:
        lines = [f"{self.label}: {len(self.given)} answer{'' if len(self.given) == 1 else 's'}"]
        for outcome, words in WORDS.items():
            found = [one for one in self.standing.values() if one.outcome is outcome]
            if found:
                lines.append(f"{words} ({len(found)}):")
                lines += [f"  {_with_reason(one)}" for one in found]
        return "\n".join(lines)

    def to_records(self) -> list[dict[str, Any]]:
        """Give the standings as dicts that JSON can hold."""
        return [
            {
                "element": self.element,
                "label": self.label,
                "definition": one.definition,
                "standing": one.words,
                "outcome": one.outcome.value,
                "because": list(one.because),
                "open": list(one.open),
                "necessary_only": one.necessary_only,
            }
            for one in self.standing.values()
        ]


def _with_reason(standing: Standing) -> str:
    if standing.outcome is Outcome.UNDETERMINED:
        return f"{standing.definition}: {len(standing.open)} open, such as: {standing.open[0]}"
    if standing.outcome is Outcome.SATISFIED:
        return str(standing).replace(": meets", "")
    return f"{standing.definition}: {'; '.join(standing.because)}"


def _yes_or_no(value: bool | int | str | None) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    text = str(value).strip().casefold()
    if text in _YES | _NO:
        return text in _YES
    if text in _UNKNOWN:
        return None
    raise InputError(f"{value!r} is no answer to a question of yes or no.", repair="Say yes, no or ?.")


def questions(
    model: Model | None,
    element: str,
    term: str = "",
    *,
    frameworks: Iterable[str] = (),
    definitions: Iterable[str] = (),
    answers: Mapping[str, bool | int | str | None] | None = None,
    catalogue: Catalogue | None = None,
) -> Interview:
    """Begin an interview on what definitions say of an element.

    Args:
        model: what is recorded; None if nothing is.
        element: the element, by IRI or label; any name, if nothing is recorded.
        term: only definitions of this term, such as `service`.
        frameworks: only definitions of these frameworks, such as `itil-2011`.
        definitions: these definitions; beside those of the term and frameworks, if any are given.
        answers: answers that are there already, by the key of their question (as `Interview.answers` has them).
        catalogue: where definitions come from; by default the published ones.

    Returns:
        The interview; its `question` is the first to ask.

    Raises:
        UnknownNameError, AmbiguousNameError: if a name is not one.
        InputError: if nothing is chosen, a definition can't be reasoned about, or answers contradict each other.
        EngineError: if the solver is not installed.

    Example:
        >>> interview = questions(None, "Mail", "service", answers={"itil-2011:service-customer": False})
        >>> interview.standing["archimate-3:service"].words
        'undecided'
        >>> interview.standing["fitsm-3:service"].because
        ('Does Mail have a customer? No.',)
    """
    named = texts(definitions)
    source = catalogue or published()
    chosen = source.select(
        terms=[term] if term else [],
        frameworks=texts(frameworks),
        definitions=named,
    )
    wanted = {source.definition(token).token for token in named}
    kept = tuple(one for one in chosen if not one.only_by_reference or one.token in wanted)
    iri = model.find(element) if model else element
    interview = Interview(Topic(iri, model.label(iri) if model else element, kept, model))
    for key, value in (answers or {}).items():
        interview = interview.answer(value, key)
    return interview
