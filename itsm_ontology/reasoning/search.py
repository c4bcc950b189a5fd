"""The search for a smallest model: found, impossible with a proof, or open up to so many elements."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from enum import Enum

from ..conditions import Condition
from ..vocabulary import Vocabulary
from .bound import Bound, small_model_bound
from .program import Program
from .solver import Deadline, OutOfTimeError, Solver, Structure, Unmet

MOST = 8
"""So many elements a model may have, unless more are asked for."""
_SECONDS_FOR_FEWEST = 1.0
"""So long a model with fewer facts is looked for, once the number of elements is known."""
_PROVABLE = 14
"""A bound above this is not tried out."""


class Nature(Enum):
    """How natural a model is, the least natural first."""

    ANY = "any"
    """Nothing but the axioms of the vocabulary."""
    SORTED = "well-sorted"
    """Every fact has subjects and values of the kinds that the vocabulary names for its relation."""
    PLAIN = "plain"
    """Well-sorted, no element is of two kinds that have nothing to do with each other, none is related to itself."""


@dataclass(frozen=True)
class Found:
    """There is a model.

    Attributes:
        structure: a smallest one: fewest elements first, then fewest facts.
        elements: up to so many elements were allowed; with fewer there is none.
        nature: how natural it is; no more natural one of the size allowed was found.
        fewest: whether it was seen that none of that size has fewer facts (there was time enough).
    """

    structure: Structure
    elements: int
    nature: Nature
    fewest: bool = True


@dataclass(frozen=True)
class Impossible:
    """There is no model of any size.

    Attributes:
        clauses: the positions of clauses that can't hold together, none of which could be left out.
        elements: models of up to so many elements were searched, and if there were any there would be one.
    """

    clauses: tuple[int, ...]
    elements: int


@dataclass(frozen=True)
class Open:
    """No model was found, and that none exists was not proved.

    Attributes:
        elements: there is none of up to so many elements.
        reason: why the search ended.
    """

    elements: int
    reason: str


Answer = Found | Impossible | Open


@dataclass(frozen=True, eq=False)
class Search:
    """Searches for models in which some of a list of clauses hold at one element.

    Attributes:
        clauses: the clauses.
        words: the vocabulary.
        guidance: positions of clauses that only well-sorted models have to meet: of which kind the element is.
        everywhere: conditions that hold at every element; the answer may name those at the first element as clauses,
            in positions that follow the others.
        natural: whether to go on until a model is natural and has the fewest facts; else any will do.
        most: so many elements a model may have.
        deadline: when to give up.

    Example:
        >>> from itsm_ontology import conditions as c
        >>> from itsm_ontology.vocabulary import vocabulary
        >>> ITSM = "https://w3id.org/itsm-ontology/itsm#"
        >>> clauses = (c.OfClass(ITSM + "Person"), c.OfClass(ITSM + "Software"))
        >>> Search(clauses, vocabulary()).model([0, 1])
        Impossible(clauses=(0, 1), elements=1)
    """

    clauses: tuple[Condition, ...]
    words: Vocabulary
    guidance: frozenset[int] = frozenset()
    everywhere: tuple[Condition, ...] = ()
    natural: bool = True
    most: int = MOST
    deadline: Deadline = field(default_factory=Deadline)

    def __post_init__(self) -> None:
        program = Program((*self.clauses, *self.everywhere), self.words, self.everywhere, self.natural)
        object.__setattr__(self, "_solver", Solver(program, self.deadline))

    _solver: Solver = field(init=False, repr=False)

    @property
    def at_the_first(self) -> range:
        """The positions of the clauses that say of the first element what is to hold everywhere."""
        return range(len(self.clauses), len(self.clauses) + len(self.everywhere))

    @property
    def program(self) -> Program:
        """The logic program that is searched."""
        return self._solver.program

    def model(self, wanted: Iterable[int]) -> Answer:
        """Look for a smallest model, a natural one if there is one of up to `most` elements.

        Args:
            wanted: the positions of the clauses that hold at the element.

        Returns:
            What was found, proved, or left open.
        """
        found: Found | None = None
        done = 0
        try:
            for elements in range(1, self.most + 1):
                for nature in list(Nature)[list(Nature).index(found.nature) + 1 if found else 0 :]:
                    answer = self._solve(elements, wanted, nature)
                    if isinstance(answer, Unmet):
                        if nature is Nature.ANY and (proof := self._proof(answer, elements, wanted)):
                            return proof
                        break
                    found = Found(answer, elements, nature, fewest=False)
                    if not self.natural:
                        return found
                if found and found.nature is Nature.PLAIN:
                    break
                done = elements
        except OutOfTimeError:
            if not found:
                return Open(done, f"the time of {self.deadline.seconds or 0:g} s was over")
        if found:
            return self._with_fewest_facts(found, wanted)
        return Open(done, self._why_open(wanted))

    def unmet_together(self, wanted: Collection[int], elements: int) -> tuple[int, ...]:
        """Give clauses that can't be met together by so many elements, none of which could be left out; or none."""
        answer = self._solver.solve(elements, wanted)
        return self._smaller(answer.clauses, elements) if isinstance(answer, Unmet) else ()

    # ----------------------------------------------------------------------------------------------------------------

    def _solve(
        self,
        elements: int,
        wanted: Iterable[int],
        nature: Nature,
        seconds_for_fewest: float = 0.0,
        within: Structure | None = None,
    ) -> Structure | Unmet:
        natural = nature is not Nature.ANY
        return self._solver.solve(
            elements,
            {*wanted, *self.at_the_first} - (set() if natural else self.guidance),
            well_sorted=natural,
            plain=nature is Nature.PLAIN,
            everywhere=range(len(self.everywhere)),
            seconds_for_fewest=seconds_for_fewest,
            within=within,
        )

    def _with_fewest_facts(self, found: Found, wanted: Iterable[int]) -> Found:
        best = found
        try:
            for within in (found.structure, None):  # first what can be left out, then whether another has fewer
                answer = self._solve(found.elements, wanted, found.nature, _SECONDS_FOR_FEWEST, within)
                if isinstance(answer, Structure) and answer.size <= best.structure.size:
                    best = replace(found, structure=answer, fewest=answer.fewest and within is None)
        except OutOfTimeError:
            pass
        return best

    def _proof(self, unmet: Unmet, elements: int, wanted: Iterable[int]) -> Impossible | None:
        """Try to show that what can't be met by so many elements can't be met at all.

        Of what holds everywhere a proof makes use at the first element only, for there the bound counts it.
        """
        if self.everywhere:
            answer = self._solver.solve(elements, {*wanted, *self.at_the_first} - self.guidance)
            if not isinstance(answer, Unmet):
                return None
            unmet = answer
        core = self._smaller(unmet.clauses, elements)
        enough = self.bound(core).elements
        if enough is None or enough > max(_PROVABLE, self.most):
            return None
        if enough > elements:
            answer = self._solver.solve(enough, core)
            if not isinstance(answer, Unmet):
                return None
            core = self._smaller(answer.clauses, enough)
        return Impossible(core, enough)

    def bound(self, positions: Iterable[int]) -> Bound:
        """Say how many elements are enough to meet some clauses, if they can be met."""
        return small_model_bound([self.program.clauses[position] for position in positions], self.words)

    def _smaller(self, core: Iterable[int], elements: int) -> tuple[int, ...]:
        """Leave out clauses as long as the rest can't be met."""
        kept = sorted(core)
        for position in list(kept):
            rest = [one for one in kept if one != position]
            answer = self._solver.solve(elements, rest)
            if isinstance(answer, Unmet):
                kept = [one for one in rest if one in answer.clauses]
        return tuple(kept)

    def _why_open(self, wanted: Iterable[int]) -> str:
        bound = self.bound({*wanted, *self.at_the_first} - self.guidance)
        if bound.elements is None:
            return f"no number of elements is known to be enough, for {bound.reason}"
        return f"{bound.elements} elements would have to be searched"
