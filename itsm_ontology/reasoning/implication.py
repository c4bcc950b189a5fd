"""Whether one definition implies another, and how two relate: proved, or shown by smallest models."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from typing import Any

from .. import conditions as c
from ..catalogue import Catalogue
from ..catalogue import catalogue as published
from ..conditions import Condition
from ..definitions import Constraint, Definition
from ..vocabulary import vocabulary
from .axioms import Axiom
from .axioms import axioms as axioms_named
from .axioms import drawn as axioms_drawn
from .claims import Claim, claim, comparable
from .search import MOST, Answer, Found, Impossible, Open, Search
from .solver import Deadline, OutOfTimeError
from .witness import Witness, make

SECONDS = 30.0
"""The time limit for one question, unless another is given."""
Progress = Callable[[int, int], None]
"""Is told how many steps of a long work are done, and how many there are."""


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
    """Whether whatever meets one definition meets another, of the things that both can be said of.

    Attributes:
        narrower: the token of the first.
        broader: the token of the second.
        status: proved, refuted, or open.
        witness: if refuted, a smallest model in which something meets the first and not the second.
        steps: if proved, why each clause of the second holds.
        elements: so many elements were searched.
        reason: if open, why; or that the two have no common ground.

    Example:
        >>> refuted = implies("fitsm-3:service", "itil-2011:service")
        >>> refuted.status, refuted.witness.size
        (<Status.REFUTED: 'refuted'>, (3, 6))
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
                lines += [f"  {self.reason}"] if self.reason else [f"  {step}" for step in self.steps]
            case Status.REFUTED:
                lines = [f"refuted: not everything that is {self.narrower} is {self.broader}"]
                lines += [f"  {self.reason}"] if self.reason else []
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

    Example:
        >>> found = relation("itil-2011:service", "fitsm-3:service")
        >>> found.kind.value, found.only_first, found.only_second is None
        ('narrower', None, False)
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
        for implied in (self.forwards, self.backwards):
            if implied and implied.status is not Status.REFUTED:
                lines += [f"  {line}" for line in str(implied).splitlines()]
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
        axioms: what holds of every element.
    """

    one: Claim
    other: Claim
    most: int = MOST
    deadline: Deadline = field(default_factory=Deadline)
    natural: bool = True
    axioms: tuple[Axiom, ...] = ()

    @cached_property
    def _clauses(self) -> _Clauses:
        return _Clauses(self.one, self.other, self.axioms)

    @cached_property
    def _search(self) -> Search:
        clauses = self._clauses
        return Search(
            clauses.conditions,
            vocabulary(),
            clauses.guidance,
            tuple(axiom.condition for axiom in self.axioms),
            natural=self.natural,
            most=self.most,
            deadline=self.deadline,
        )

    def both(self) -> Answer:
        """Look for something that meets both."""
        one, other = self._clauses.sides
        return self._search.model([*one.meets, *other.meets, one.genus, other.genus])

    def implies(self, backwards: bool = False) -> Implication:
        """Tell whether the first implies the second, or the second the first."""
        narrower, broader = (self.other, self.one) if backwards else (self.one, self.other)
        mine, theirs = reversed(self._clauses.sides) if backwards else self._clauses.sides
        known = dict(zip(narrower.conditions, narrower.clauses, strict=True))
        steps = {one: Step(one, (known[one.condition],), 0) for one in broader.clauses if one.condition in known}
        ground = [*mine.meets, theirs.applicable, mine.genus, theirs.genus]
        if theirs.fails_each:
            answer = self._search.model([*ground, theirs.fails])
            match answer:
                case Found():
                    witness = self.witness(answer, (narrower,), broader)
                    return self._said(narrower, broader, Status.REFUTED, answer, witness=witness)
                case Open():
                    return self._said(narrower, broader, Status.OPEN, answer, reason=answer.reason)
                case Impossible():
                    steps |= self._steps(mine, theirs, answer)
        common = self._search.model(ground)
        if isinstance(common, Found):
            said = {step.clause.condition: step for step in steps.values()}  # two clauses may ask the same
            ordered = tuple(replace(said[one.condition], clause=one) for one in broader.clauses)
            elements = max((step.elements for step in ordered), default=0)
            return Implication(narrower.token, broader.token, Status.PROVED, None, ordered, elements)
        return self._without_common_ground(narrower, broader, mine, common)

    def _without_common_ground(self, narrower: Claim, broader: Claim, mine: _Side, common: Answer) -> Implication:
        """Tell what holds where nothing was found that meets the first and can be of a kind the second is said of."""
        if isinstance(common, Open):
            return self._said(narrower, broader, Status.OPEN, common, reason=common.reason)
        alone = self._search.model([*mine.meets, mine.genus])
        match alone:
            case Found():
                reason = f"nothing that is {narrower.token} can be of a kind that {broader.token} is said of"
                witness = self.witness(alone, (narrower,), broader)
                return self._said(narrower, broader, Status.REFUTED, alone, witness=witness, reason=reason)
            case Open():
                return self._said(narrower, broader, Status.OPEN, alone, reason=alone.reason)
            case Impossible():
                reason = f"nothing can be {narrower.token}"
                return self._said(narrower, broader, Status.PROVED, alone, reason=reason)

    def _said(self, narrower: Claim, broader: Claim, status: Status, answer: Answer, **more: Any) -> Implication:
        return Implication(narrower.token, broader.token, status, elements=answer.elements, **more)

    def _steps(self, mine: _Side, theirs: _Side, answer: Impossible) -> dict[Constraint, Step]:
        """Say for each clause of the broader definition which clauses of the narrower one it follows from."""
        used = [position for position in answer.clauses if position != theirs.fails]
        axioms = zip(self._search.at_the_first, (axiom.clause for axiom in self.axioms), strict=True)
        reasons = mine.clause_at | dict(axioms)
        steps = {}
        for fails, clause in theirs.fails_each.items():
            try:
                core = self._search.unmet_together([*used, fails], answer.elements)
            except OutOfTimeError:  # they are enough, if not the fewest
                core = answer.clauses
            because = tuple(reasons[position] for position in core if position in reasons)
            steps[clause] = Step(clause, because, answer.elements)
        return steps

    def witness(self, found: Found, meets: Sequence[Claim], fails: Claim | None = None) -> Witness:
        """Make a witness of something found."""
        checks = {one.whole: True for one in meets} | ({fails.whole: False} if fails else {})
        name = meets[0].term.replace("-", " ") or "thing"
        tokens = [one.token for one in meets]
        failed = [fails.token] if fails else []
        return make(self._search.program, found, f"the {name}", _shows(meets, fails), checks, tokens, failed)


def _shows(meets: Sequence[Claim], fails: Claim | None) -> str:
    text = f"is {' and '.join(one.token for one in meets)}"
    return f"{text}, and not {fails.token}" if fails else text


@dataclass(frozen=True)
class _Side:
    """Where the clauses of one claim stand in the search.

    Attributes:
        meets: that it is met.
        genus: that the element is of a kind it is said of.
        applicable: that the element can be.
        fails: that a clause fails which the other claim does not have as well.
        fails_each: that this clause fails, for each of these.
        clause_at: the clauses by position.
    """

    meets: tuple[int, ...]
    genus: int
    applicable: int
    fails: int
    fails_each: dict[int, Constraint]
    clause_at: dict[int, Constraint]


class _Clauses:
    """The clauses of two claims and their denials, numbered, equal ones once."""

    def __init__(self, one: Claim, other: Claim, axioms: tuple[Axiom, ...]) -> None:
        self._axioms = axioms
        self._positions: dict[Condition, int] = {}
        self._guidance: set[int] = set()
        self.sides = (self._side(one, other), self._side(other, one))

    @property
    def conditions(self) -> tuple[Condition, ...]:
        return tuple(self._positions)

    @property
    def guidance(self) -> frozenset[int]:
        return frozenset(self._guidance)

    def _side(self, one: Claim, other: Claim) -> _Side:
        applicable = self._at(one.applicable)
        drawn = (axiom.clause for axiom in axioms_drawn(self._axioms, (one.applicable, *one.conditions)))
        parts = [replace(clause, condition=part) for clause in drawn for part in c.conjuncts(clause.condition)]
        clauses = {self._at(clause.condition): clause for clause in (*one.clauses, *parts)}
        genus = self._at(c.All((one.genus,)))  # apart from an equal clause, which is asked for elsewhere
        self._guidance.add(genus)
        own = [clause for clause in one.clauses if clause.condition not in other.conditions]
        fails = self._at(c.Not(c.All(tuple(clause.condition for clause in own))))
        fails_each = {self._at(c.Not(clause.condition)): clause for clause in own}
        return _Side((applicable, *clauses), genus, applicable, fails, fails_each, clauses)

    def _at(self, condition: Condition) -> int:
        return self._positions.setdefault(condition, len(self._positions))


# --------------------------------------------------------------------------------------------------------------------


def implies(
    narrower: str | Definition | Claim,
    broader: str | Definition | Claim,
    *,
    theses: Iterable[str] = (),
    meaning: Mapping[str, str] | None = None,
    most: int = MOST,
    seconds: float | None = SECONDS,
    catalogue: Catalogue | None = None,
) -> Implication:
    """Tell whether whatever meets one definition meets another, of the things that both can be said of.

    Args:
        narrower: the token of a definition, or of a constraint.
        broader: the same.
        theses: tokens of theses, each taken to hold of every element.
        meaning: the definitions that the terms of the theses are understood by, as term to token.
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

        If every application is a service, and Betz is right on services, an application hides its delivery:

        >>> meaning = {"application": "itil-2011:application", "service": "betz-2010:service"}
        >>> hidden = implies("itil-2011:application", "betz-2010:service-delivery-hidden",
        ...     theses=["application-is-a-service"], meaning=meaning)
        >>> hidden.status, [reason.token for reason in hidden.steps[0].because]
        (<Status.PROVED: 'proved'>, ['thesis:application-is-a-service'])
    """
    source = catalogue or published()
    held = axioms_named(theses, meaning or {}, source)
    return Pair(claim(narrower, source), claim(broader, source), most, Deadline(seconds), axioms=held).implies()


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
