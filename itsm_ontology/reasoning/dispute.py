"""Disputes shown: that no model satisfies both sides, or a smallest model on which their verdicts differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import product

from .. import conditions as c
from ..catalogue import Catalogue
from ..catalogue import catalogue as published
from ..definitions import Constraint
from ..disputes import Dispute, Side
from ..errors import InputError
from ..theses import Thesis
from .axioms import axioms_of
from .claims import Claim, claim
from .compatible import Compatibility, compatible
from .implication import SECONDS, Status, implies
from .search import MOST
from .witness import Witness


class Showing(Enum):
    """What became of showing a dispute."""

    NO_COMMON_MODEL = "no model satisfies both sides"
    """Each side has a model; together they have none."""
    DIFFERENT_VERDICTS = "the verdicts differ on a model"
    """There is a model on which one side says yes and the other no."""
    RECORDED = "recorded with its evidence"
    """It is of a sort that no model shows, or has no form that one could show; the reason is given."""
    OPEN = "open"
    """It was not settled in the time and the number of elements allowed."""
    FAILED = "not borne out"
    """What its sort promises is not so."""


@dataclass(frozen=True)
class ShownDispute:
    """A dispute with what was shown of it. Printing it shows it.

    Attributes:
        dispute: the dispute.
        showing: what was shown.
        reason: why, in a sentence.
        together: for each combination of statements, why they clash; for disputes that promise no common model. The
            first with the smallest number of parts, the others with some.
        witness: a smallest model on which the verdicts of the two sides differ.

    Example:
        >>> shown = dispute("C1")
        >>> shown.showing.value
        'no model satisfies both sides'
    """

    dispute: Dispute
    showing: Showing
    reason: str
    together: tuple[Compatibility, ...] = field(default=(), repr=False)
    witness: Witness | None = field(default=None, repr=False)

    def __str__(self) -> str:
        lines = [f"{self.dispute.token} ({self.dispute.clash.value}): {self.showing.value}", self.reason]
        lines += [f"  {part}" for one in self.together[:1] for part in one.conflict]
        if self.witness:
            lines.append(str(self.witness))
        return "\n".join(lines)


def dispute(
    token: str, *, most: int = MOST, seconds: float | None = SECONDS, catalogue: Catalogue | None = None
) -> ShownDispute:
    """Show a dispute by reasoning, as far as its sort allows.

    Args:
        token: the dispute's token, such as `C1`.
        most: so many elements a model may have.
        seconds: the time limit for each question put to the solver; None for none.
        catalogue: where disputes, definitions and theses come from; by default the published ones.

    Returns:
        For a sort that promises no common model: that each side has a model and both together have none. For one that
        a model can show: a smallest model on which their verdicts differ. For the rest, and where a side has no formal
        statement: that it is recorded.

    Raises:
        UnknownNameError: if there is no such dispute.
        EngineError: if the solver is not installed.

    Example:
        >>> [part.token for part in dispute("C1").together[0].conflict]
        ['an application', 'application-is-a-service', 'no-application-is-a-service']
    """
    source = catalogue or published()
    chosen = source.dispute(token)
    if not chosen.clash.promises_no_model and not chosen.clash.can_be_shown:
        return ShownDispute(chosen, Showing.RECORDED, "A clash of this sort is shown by no model.")
    if chosen.not_shown:
        return ShownDispute(chosen, Showing.RECORDED, chosen.not_shown)
    one, other = (_Statements.of(side, chosen, source) for side in chosen.sides)
    question = _Question(chosen, one, other, most, seconds, source)
    return question.no_common_model() if chosen.clash.promises_no_model else question.different_verdicts()


@dataclass(frozen=True)
class _Statements:
    """A side, formally: any one of its definitions, with all its theses and claims.

    Attributes:
        definitions: its definitions and constraints.
        theses: its theses.
        claims: what it says beside them of the element in dispute.
    """

    definitions: tuple[Claim, ...]
    theses: tuple[Thesis, ...]
    claims: tuple[Claim, ...]

    @staticmethod
    def of(side: Side, dispute: Dispute, catalogue: Catalogue) -> _Statements:
        theses = [catalogue.thesis(token) for token in side.states if token in catalogue.theses]
        definitions = [claim(token, catalogue) for token in side.states if token not in catalogue.theses]
        own = [Claim(each.token, each.message, "", (each,)) for each in side.claims]
        if not (theses or definitions or own):
            raise InputError(
                f"a side of {dispute.token} has no formal statement.",
                source=dispute.file,
                repair="Give it meta:states, or the dispute meta:notShown with the reason.",
            )
        return _Statements(tuple(definitions), tuple(theses), tuple(own))

    @property
    def readings(self) -> tuple[tuple[Claim, ...], ...]:
        """The claims on the element in dispute, for each definition; the bare claims where there is none."""
        return tuple((each, *self.claims) for each in self.definitions) or (self.claims,)


@dataclass(frozen=True, eq=False)
class _Question:
    dispute: Dispute
    one: _Statements
    other: _Statements
    most: int
    seconds: float | None
    catalogue: Catalogue

    def _ask(self, claims: Sequence[Claim], theses: Sequence[Thesis], smallest: bool = False) -> Compatibility:
        return compatible(
            claims,
            theses=[thesis.token for thesis in theses],
            most=self.most,
            seconds=self.seconds,
            smallest=smallest,
            catalogue=self.catalogue,
        )

    def _said(self, showing: Showing, reason: str, **more: object) -> ShownDispute:
        return ShownDispute(self.dispute, showing, reason, **more)  # type: ignore[arg-type]

    def no_common_model(self) -> ShownDispute:
        for side, name in ((self.one, "first"), (self.other, "second")):
            for reading in side.readings:
                alone = self._ask(reading, side.theses)
                if alone.possible is not True:
                    kind = Showing.OPEN if alone.possible is None else Showing.FAILED
                    return self._said(kind, f"The {name} side by itself has no model: {', '.join(alone.asked)}.")
        together: list[Compatibility] = []
        for mine, theirs in product(self.one.readings, self.other.readings):
            both = (*self.one.theses, *self.other.theses)
            answer = self._ask((*mine, *theirs), both, smallest=not together)
            if answer.possible is None:
                return self._said(Showing.OPEN, answer.reason)
            if answer.possible:
                return self._said(
                    Showing.FAILED, f"One thing can be all of {', '.join(answer.asked)}.", witness=answer.witness
                )
            together.append(answer)
        return self._said(
            Showing.NO_COMMON_MODEL, "Each side has a model by itself; these clash:", together=tuple(together)
        )

    def different_verdicts(self) -> ShownDispute:
        for witness in self._witnesses():
            if witness is not None:
                return self._said(Showing.DIFFERENT_VERDICTS, f"There is one that {witness.shows}.", witness=witness)
        return self._said(Showing.FAILED, "No model was found on which the verdicts of the two sides differ.")

    def _witnesses(self) -> Iterator[Witness | None]:
        for one, other in ((self.one, self.other), (self.other, self.one)):
            for mine, theirs in product(one.readings, other.readings):
                if mine and theirs:
                    answer = implies(
                        _joined(mine), _joined(theirs), most=self.most, seconds=self.seconds, catalogue=self.catalogue
                    )
                    if answer.status is Status.REFUTED:
                        yield answer.witness
            if one.theses and other.theses:
                for denied in other.theses:
                    yield self._ask((*one.claims, _denial(denied, self.catalogue)), one.theses, smallest=True).witness


def _joined(claims: Sequence[Claim]) -> Claim:
    """Give several claims as one."""
    if len(claims) == 1:
        return claims[0]
    head = claims[0]
    return Claim(head.token, head.label, head.term, tuple(x for each in claims for x in each.clauses), head.applies_to)


def _denial(thesis: Thesis, catalogue: Catalogue) -> Claim:
    """Give the claim that a thesis is not true of the element."""
    axioms = axioms_of(thesis, {}, catalogue)
    broken = c.AnyOf(tuple(c.conjunction(axiom.given, c.Not(axiom.then)) for axiom in axioms))
    clause = Constraint(f"{thesis.iri}#denied", f"Not so: {thesis.label}.", broken)
    return Claim(f"not {thesis.token}", f"not so: {thesis.label}", thesis.subject.term, (clause,))
