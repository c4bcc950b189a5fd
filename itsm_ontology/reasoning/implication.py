"""Whether one definition implies another, and how two relate: proved, or shown by smallest models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from .. import conditions as c
from ..catalogue import Catalogue
from ..catalogue import catalogue as published
from ..conditions import Condition
from ..definitions import Constraint, Definition
from ..vocabulary import vocabulary
from .claims import Claim, claim, comparable
from .search import MOST, Answer, Found, Impossible, Open, Search
from .solver import Deadline
from .witness import Witness, make

SECONDS = 30.0
"""The time limit for one question, unless another is given."""


class Status(Enum):
    """What became of a question."""

    PROVED = "proved"
    REFUTED = "refuted"
    OPEN = "open"


class Kind(Enum):
    """How what meets one definition relates to what meets another."""

    EQUIVALENT = "equivalent"
    NARROWER = "narrower"
    BROADER = "broader"
    DISJOINT = "disjoint"
    OVERLAPPING = "overlapping"
    NOT_COMPARABLE = "not comparable"
    OPEN = "open"


@dataclass(frozen=True)
class Step:
    """Why one clause always holds.

    Attributes:
        clause: the clause, of the broader definition.
        because: clauses of the narrower definition that it follows from; none if it follows from nothing.
        elements: models of up to so many elements were searched, which is enough; 0 if it is one of those itself.
    """

    clause: Constraint
    because: tuple[Constraint, ...]
    elements: int

    def __str__(self) -> str:
        if not self.because:
            return f"{self.clause.token} ({self.clause.message}) always holds"
        reasons = " and ".join(f"{one.token} ({one.message})" for one in self.because)
        if not self.elements:
            return f"{self.clause.token} ({self.clause.message}) asks the same as {reasons}"
        return f"{self.clause.token} ({self.clause.message}) follows from {reasons}"


@dataclass(frozen=True)
class Implication:
    """Whether whatever meets one definition meets another.

    Attributes:
        narrower: the token of the first.
        broader: the token of the second.
        status: proved, refuted, or open.
        witness: if refuted, a smallest model in which something meets the first and not the second.
        steps: if proved, why each clause of the second holds.
        elements: so many elements were searched.
        reason: if open, why; if refuted by a thing of another genus, that.
    """

    narrower: str
    broader: str
    status: Status
    witness: Witness | None = field(default=None, repr=False)
    steps: tuple[Step, ...] = field(default=(), repr=False)
    elements: int = 0
    reason: str = ""

    def __str__(self) -> str:
        match self.status:
            case Status.PROVED:
                lines = [f"proved: whatever is {self.narrower} is {self.broader}"]
                lines += [f"  {step}" for step in self.steps]
            case Status.REFUTED:
                lines = [f"refuted: not everything that is {self.narrower} is {self.broader}"]
                if self.reason:
                    lines.append(f"  {self.reason}")
                if self.witness:
                    lines.append(str(self.witness))
            case Status.OPEN:
                lines = [f"open: no counter-example with up to {self.elements} elements; {self.reason}"]
        return "\n".join(lines)


@dataclass(frozen=True)
class Relation:
    """How what meets one definition relates to what meets another.

    Attributes:
        first: the token of the first.
        second: the token of the second.
        kind: the relation, seen from the first: `narrower` says that all that meets it meets the second.
        both: a smallest model of something that meets both, if there is one.
        only_first: the same for the first alone.
        only_second: the same for the second alone.
        forwards: whether the first implies the second.
        backwards: whether the second implies the first.
        reason: anything to add.
    """

    first: str
    second: str
    kind: Kind
    both: Witness | None = field(default=None, repr=False)
    only_first: Witness | None = field(default=None, repr=False)
    only_second: Witness | None = field(default=None, repr=False)
    forwards: Implication | None = field(default=None, repr=False)
    backwards: Implication | None = field(default=None, repr=False)
    reason: str = ""

    def __str__(self) -> str:
        lines = [f"{self.first} / {self.second}: {self.kind.value}"]
        if self.reason:
            lines.append(f"  {self.reason}")
        for one in (self.both, self.only_first, self.only_second):
            if one:
                lines += [f"  {line}" for line in str(one).splitlines()]
        return "\n".join(lines)


@dataclass(frozen=True, eq=False)
class Pair:
    """Two claims, and one search that answers all questions about them.

    Attributes:
        one: the first.
        other: the second.
        most: so many elements a model may have.
        deadline: when to give up.
        natural: whether witnesses are made natural and small, or any will do.
    """

    one: Claim
    other: Claim
    most: int = MOST
    deadline: Deadline = field(default_factory=Deadline)
    natural: bool = True

    @cached_property
    def _clauses(self) -> _Clauses:
        return _Clauses(self.one, self.other)

    @cached_property
    def _search(self) -> Search:
        clauses = self._clauses
        return Search(
            clauses.conditions,
            vocabulary(),
            clauses.guidance,
            natural=self.natural,
            most=self.most,
            deadline=self.deadline,
        )

    def both(self) -> Answer:
        """Look for something that meets both."""
        sides = self._clauses.sides
        return self._search.model([*sides[0].meets, *sides[1].meets, *sides[0].genus, *sides[1].genus])

    def implies(self, backwards: bool = False) -> Implication:
        """Tell whether the first implies the second, or the second the first."""
        here, there = (1, 0) if backwards else (0, 1)
        mine, theirs = self._clauses.sides[here], self._clauses.sides[there]
        narrower, broader = (self.other, self.one) if backwards else (self.one, self.other)
        known = dict(zip(narrower.conditions, narrower.clauses, strict=True))
        steps = [Step(clause, (known[clause.condition],), 0) for clause in broader.clauses if clause.condition in known]
        elements = 0
        if len(steps) < len(broader.clauses):
            answer = self._search.model([*mine.meets, theirs.applicable, theirs.fails, *mine.genus, *theirs.genus])
            if isinstance(answer, Found):
                return self._refuted(narrower, broader, answer)
            if isinstance(answer, Open):
                return Implication(
                    narrower.token, broader.token, Status.OPEN, elements=answer.elements, reason=answer.reason
                )
            steps += self._steps(mine, theirs, broader, answer, [step.clause for step in steps])
            elements = answer.elements
        return self._beside(narrower, broader, mine, theirs, tuple(steps), elements)

    def _beside(
        self, narrower: Claim, broader: Claim, mine: _Side, theirs: _Side, steps: tuple[Step, ...], elements: int
    ) -> Implication:
        """Tell whether something meets the first of which the second is not said at all."""
        answer = self._search.model([*mine.meets, theirs.other_genus, *mine.genus])
        match answer:
            case Found():
                reason = f"only by a thing of a kind that {broader.token} is not said of; otherwise it is proved"
                return self._refuted(narrower, broader, answer, reason)
            case Open():
                return Implication(
                    narrower.token, broader.token, Status.OPEN, elements=answer.elements, reason=answer.reason
                )
        ordered = tuple(sorted(steps, key=lambda step: broader.clauses.index(step.clause)))
        return Implication(narrower.token, broader.token, Status.PROVED, None, ordered, max(elements, answer.elements))

    def _refuted(self, narrower: Claim, broader: Claim, found: Found, reason: str = "") -> Implication:
        return Implication(
            narrower.token,
            broader.token,
            Status.REFUTED,
            self.witness(found, (narrower,), broader),
            elements=found.elements,
            reason=reason,
        )

    def _steps(
        self, mine: _Side, theirs: _Side, broader: Claim, answer: Impossible, known: Sequence[Constraint]
    ) -> list[Step]:
        """Say for each clause of the broader definition which clauses of the narrower one it follows from."""
        used = [position for position in answer.clauses if position != theirs.fails]
        steps = []
        for clause, fails in zip(broader.clauses, theirs.fails_each, strict=True):
            if clause not in known:
                core = self._search.unmet_together([*used, fails], answer.elements)
                because = tuple(mine.clause_at[position] for position in core if position in mine.clause_at)
                steps.append(Step(clause, because, answer.elements))
        return steps

    def witness(self, found: Found, meets: Sequence[Claim], fails: Claim | None = None) -> Witness:
        """Make a witness of something found."""
        checks: dict[Condition, bool] = {one.whole: True for one in meets}
        failed: list[str] = []
        if fails:
            checks[fails.whole] = False
        name = meets[0].term.replace("-", " ") or "thing"
        return make(
            self._search.program,
            found,
            f"the {name}",
            _shows(meets, fails),
            checks,
            [one.token for one in meets],
            failed,
        )


def _shows(meets: Sequence[Claim], fails: Claim | None) -> str:
    text = f"is {' and '.join(one.token for one in meets)}"
    return f"{text}, and not {fails.token}" if fails else text


@dataclass(frozen=True)
class _Side:
    """Where the clauses of one claim stand in the search."""

    meets: tuple[int, ...]
    genus: tuple[int, ...]
    applicable: int
    fails: int
    other_genus: int
    fails_each: tuple[int, ...]
    clause_at: dict[int, Constraint]


class _Clauses:
    """The clauses of two claims and their denials, numbered, equal ones once."""

    def __init__(self, *claims: Claim) -> None:
        self._positions: dict[Condition, int] = {}
        self._guidance: set[int] = set()
        self.sides = tuple(self._side(one) for one in claims)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        return tuple(self._positions)

    @property
    def guidance(self) -> frozenset[int]:
        return frozenset(self._guidance)

    def _side(self, one: Claim) -> _Side:
        applicable = self._at(one.applicable)
        clauses = {self._at(clause.condition): clause for clause in one.clauses}
        genus = self._at(c.All((one.genus, c.TRUE)))  # apart from any equal clause: it is asked for elsewhere
        self._guidance.add(genus)
        return _Side(
            (applicable, *clauses),
            (genus,),
            applicable,
            self._at(c.Not(c.All(one.conditions))),
            self._at(c.Not(one.applicable)),
            tuple(self._at(c.Not(condition)) for condition in one.conditions),
            clauses,
        )

    def _at(self, condition: Condition) -> int:
        return self._positions.setdefault(condition, len(self._positions))


# --------------------------------------------------------------------------------------------------------------------


def implies(
    narrower: str | Definition,
    broader: str | Definition,
    *,
    most: int = MOST,
    seconds: float | None = SECONDS,
    catalogue: Catalogue | None = None,
) -> Implication:
    """Tell whether whatever meets one definition meets another.

    Args:
        narrower: the token of a definition, or of a constraint.
        broader: the same.
        most: so many elements a counter-example may have.
        seconds: the time limit; None for none.
        catalogue: where definitions come from; by default the published ones.

    Returns:
        Proved, with the reasons; refuted, with a smallest model; or open.

    Raises:
        UnknownNameError, AmbiguousNameError: if a name is not one.
        InputError: if a definition has no testable condition.
        EngineError: if the solver is not installed.

    Example:
        >>> implies("itil-2011:service", "fitsm-3:service").status
        <Status.PROVED: 'proved'>
    """
    source = catalogue or published()
    pair = Pair(claim(narrower, source), claim(broader, source), most, Deadline(seconds))
    return pair.implies()


def relation(
    first: str | Definition,
    second: str | Definition,
    *,
    most: int = MOST,
    seconds: float | None = SECONDS,
    catalogue: Catalogue | None = None,
) -> Relation:
    """Tell how what meets one definition relates to what meets another.

    Args:
        first: the token of a definition, or of a constraint.
        second: the same.
        most: so many elements a model may have.
        seconds: the time limit for all of it; None for none.
        catalogue: where definitions come from; by default the published ones.

    Returns:
        The relation, with a smallest model for each region that is not empty.

    Raises:
        UnknownNameError, AmbiguousNameError: if a name is not one.
        InputError: if a definition has no testable condition.
        EngineError: if the solver is not installed.

    Example:
        >>> relation("itil-2011:service", "itil-4:service").kind
        <Kind.OVERLAPPING: 'overlapping'>
    """
    source = catalogue or published()
    return relation_of(Pair(claim(first, source), claim(second, source), most, Deadline(seconds)))


def relation_of(pair: Pair) -> Relation:
    """Tell how two claims relate."""
    one, other = pair.one, pair.other
    if not comparable(one, other):
        reason = "they are said of different kinds of thing"
        return Relation(one.token, other.token, Kind.NOT_COMPARABLE, reason=reason)
    forwards, backwards = pair.implies(), pair.implies(backwards=True)
    both = pair.both()
    return Relation(
        one.token,
        other.token,
        _kind(forwards.status, backwards.status, both),
        pair.witness(both, (one, other)) if isinstance(both, Found) else None,
        forwards.witness,
        backwards.witness,
        forwards,
        backwards,
        both.reason if isinstance(both, Open) else "",
    )


def _kind(forwards: Status, backwards: Status, both: Answer) -> Kind:
    if isinstance(both, Impossible):
        return Kind.DISJOINT
    match forwards, backwards:
        case Status.PROVED, Status.PROVED:
            return Kind.EQUIVALENT
        case Status.PROVED, Status.REFUTED:
            return Kind.NARROWER
        case Status.REFUTED, Status.PROVED:
            return Kind.BROADER
        case Status.REFUTED, Status.REFUTED if isinstance(both, Found):
            return Kind.OVERLAPPING
    return Kind.OPEN
