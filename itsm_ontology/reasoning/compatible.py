"""Whether one thing can meet several definitions, and several theses hold, at once; if not, what clashes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from .. import conditions as c
from ..catalogue import Catalogue
from ..catalogue import catalogue as published
from ..conditions import Condition
from ..definitions import Definition
from ..errors import InputError
from ..names import texts
from ..theses import Thesis
from ..vocabulary import vocabulary
from .axioms import Axiom, axioms_of, checked, condition_of
from .claims import Claim, claim
from .implication import SECONDS
from .search import MOST, Found, Impossible, Open, Search
from .solver import Deadline, OutOfTimeError
from .witness import Witness, make


@dataclass(frozen=True)
class Part:
    """One of the things that clash.

    Attributes:
        token: the token of a constraint, of a definition (for the kinds that it is said of), or of a thesis.
        message: what it asks.
        of: the token of the definition or thesis that it belongs to.
    """

    token: str
    message: str
    of: str

    def __str__(self) -> str:
        return f"{self.token}: {self.message}"


@dataclass(frozen=True)
class Compatibility:
    """Whether one thing can meet several definitions at once.

    Attributes:
        asked: the tokens of the definitions, constraints and theses.
        possible: whether it can; None if that is open.
        witness: if it can, a smallest model in which it does.
        conflict: if it can't, a smallest number of parts that clash.
        clashing: the tokens of the definitions and theses that these parts belong to.
        elements: so many elements were searched.
        reason: if open, why.

    Example:
        >>> found = compatible(["itil-2011:service", "itil-4:service"])
        >>> found.possible, len(found.witness.model.elements)
        (True, 5)
    """

    asked: tuple[str, ...]
    possible: bool | None
    witness: Witness | None = field(default=None, repr=False)
    conflict: tuple[Part, ...] = field(default=(), repr=False)
    elements: int = 0
    reason: str = ""

    @property
    def clashing(self) -> tuple[str, ...]:
        """The definitions and theses that clash."""
        return tuple(dict.fromkeys(part.of for part in self.conflict))

    def __str__(self) -> str:
        together = ", ".join(self.asked)
        if self.possible:
            return f"compatible: {together}\n{self.witness}"
        if self.possible is None:
            return f"open: {together}: no model with up to {self.elements} elements; {self.reason}"
        lines = [f"incompatible: nothing can be all of {together}", "These clash:"]
        return "\n".join([*lines, *(f"  {part}" for part in self.conflict)])


def compatible(
    names: Iterable[str | Definition | Claim] = (),
    *,
    theses: Iterable[str] = (),
    meaning: Mapping[str, str] | None = None,
    most: int = MOST,
    seconds: float | None = SECONDS,
    smallest: bool = True,
    catalogue: Catalogue | None = None,
) -> Compatibility:
    """Tell whether one thing can meet several definitions, in a model in which several theses hold.

    Args:
        names: tokens of definitions or constraints, all to be met by the one thing. Where none is given, the thing is
            whatever the first thesis speaks of: an application, for "every application is a service".
        theses: tokens of theses, each to hold of every element.
        meaning: the definitions that the terms of the theses are understood by, as term to token. A term without one
            is left open: what clashes then clashes whatever the term means.
        most: so many elements a model may have.
        seconds: the time limit; None for none.
        smallest: whether to look for the smallest natural model, or the smallest number of parts that clash, which
            takes longest; else any will do.
        catalogue: where definitions come from; by default the published ones.

    Returns:
        A smallest model; or the smallest number of parts that clash; or neither, if it is open.

    Raises:
        UnknownNameError, AmbiguousNameError: if a name is not one.
        InputError: if nothing is named, or a definition has no testable condition.
        EngineError: if the solver is not installed.

    Example:
        >>> both = compatible(theses=["application-is-a-service", "no-application-is-a-service"])
        >>> both.possible, both.clashing
        (False, ('an application', 'application-is-a-service', 'no-application-is-a-service'))
    """
    source = catalogue or published()
    wanted = (names,) if isinstance(names, str | Definition | Claim) else tuple(names)
    claims = tuple(claim(name, source) for name in wanted)
    held = tuple(source.thesis(name) for name in texts(theses))
    if not claims and not held:
        raise InputError("nothing is named that could clash.", repair="Name definitions or theses.")
    return _Question(claims, held, checked(meaning or {}, source), source, most, Deadline(seconds), smallest).answer()


@dataclass(frozen=True, eq=False)
class _Question:
    claims: tuple[Claim, ...]
    theses: tuple[Thesis, ...]
    meaning: Mapping[str, str]
    catalogue: Catalogue
    most: int
    deadline: Deadline
    smallest: bool

    @cached_property
    def _parts(self) -> tuple[tuple[Part, Condition], ...]:
        return tuple(self._all_parts())

    def _all_parts(self) -> Iterator[tuple[Part, Condition]]:
        for one in self.claims:
            yield Part(one.token, "Is of a kind that it is said of.", one.token), one.applicable
            for clause in one.clauses:
                yield Part(clause.token, clause.message, one.token), clause.condition
        if not self.claims:
            subject = self.theses[0].subject
            name = self.catalogue.term(subject.term).label if subject.term else vocabulary().label(subject.kind)
            name = f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
            condition = condition_of(subject, self.meaning, self.catalogue)
            yield Part(name, f"There is {name}.", name), condition

    @cached_property
    def _axioms(self) -> tuple[Axiom, ...]:
        return tuple(one for thesis in self.theses for one in axioms_of(thesis, self.meaning, self.catalogue))

    def _part(self, position: int) -> Part:
        if position < len(self._parts):
            return self._parts[position][0]
        thesis = self._axioms[self._search.at_the_first.index(position)].thesis
        return Part(thesis.token, thesis.label + ".", thesis.token)

    @cached_property
    def _search(self) -> Search:
        genus = c.All(tuple(one.genus for one in self.claims))
        clauses = (*(condition for _, condition in self._parts), genus)
        return Search(
            clauses,
            vocabulary(),
            frozenset({len(clauses) - 1}),
            tuple(axiom.condition for axiom in self._axioms),
            most=self.most,
            deadline=self.deadline,
            natural=self.smallest,
        )

    def answer(self) -> Compatibility:
        asked = (*(one.token for one in self.claims), *(thesis.token for thesis in self.theses))
        answer = self._search.model(range(len(self._parts) + 1))
        match answer:
            case Found():
                return Compatibility(asked, True, self._witness(answer, asked), elements=answer.elements)
            case Open():
                return Compatibility(asked, None, elements=answer.elements, reason=answer.reason)
            case Impossible():
                core = answer.clauses
                with suppress(OutOfTimeError):
                    core = self._smallest_conflict(answer) if self.smallest else core
                return Compatibility(asked, False, None, tuple(map(self._part, core)), answer.elements)

    def _witness(self, found: Found, asked: Sequence[str]) -> Witness:
        checks = {condition: True for _, condition in self._parts}
        name = next((one.term.replace("-", " ") for one in self.claims if one.term), "thing")
        if not self.claims:
            name = self.theses[0].subject.term.replace("-", " ") or "thing"
        return make(self._search.program, found, f"the {name}", f"is {' and '.join(asked)}", checks, asked)

    def _smallest_conflict(self, proof: Impossible) -> tuple[int, ...]:
        """Give as few clauses as clash: of as few definitions as possible, then as few clauses."""
        best = proof.clauses
        everything = [*range(len(self._parts)), *self._search.at_the_first]
        owners = list(dict.fromkeys(self._part(position).of for position in everything))
        for number in range(1, len({self._part(position).of for position in best}) + 1):
            for some in combinations(owners, number):
                theirs = [position for position in everything if self._part(position).of in some]
                if found := self._clash(theirs, proof.elements, len(best)):
                    return found
        return best

    def _clash(self, positions: Sequence[int], elements: int, most: int) -> tuple[int, ...]:
        """Give the fewest of some clauses that clash; none if they don't."""
        core = self._search.unmet_together(positions, elements)
        if not core or not self._is_proof(core, elements):
            return ()
        for number in range(1, min(len(core), most)):
            for some in combinations(positions, number):
                if self._search.unmet_together(some, elements) and self._is_proof(some, elements):
                    return some
        return core

    def _is_proof(self, positions: Sequence[int], elements: int) -> bool:
        enough = self._search.bound(positions).elements
        return enough is not None and enough <= elements
