"""The answer-set solver: whether a program has a model of so many elements, the smallest one, and why there is none."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import inf
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..errors import EngineError
from .program import FIRST_VALUE, Program

if TYPE_CHECKING:
    import clingo


_OPTIONS = ("--warn=none", "--opt-strategy=bb", "--heuristic=Domain", "--dom-mod=false,opt")
"""Facts are assumed to be absent first: small models come early."""


class OutOfTimeError(Exception):
    """The time limit was reached before there was an answer."""


@dataclass
class Deadline:
    """A time limit in seconds, counted from when it is made; None for none."""

    seconds: float | None = None
    _end: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._end = time.monotonic() + (inf if self.seconds is None else self.seconds)

    @property
    def left(self) -> float:
        """Seconds left, not below zero."""
        return max(0.0, self._end - time.monotonic())


@dataclass(frozen=True)
class Structure:
    """A model as the solver gives it: kinds and facts of numbered elements.

    Attributes:
        kinds: (element, kind IRI).
        facts: (element, relation IRI, element or number of a literal).
        fewest: whether no model of that size has fewer of both together.
    """

    kinds: frozenset[tuple[int, str]]
    facts: frozenset[tuple[int, str, int]]
    fewest: bool = False

    @property
    def size(self) -> int:
        """How many kinds and facts it has."""
        return len(self.kinds) + len(self.facts)

    @property
    def elements(self) -> tuple[int, ...]:
        """The elements that have facts, and the element in question."""
        ends = {end for start, _, object_ in self.facts for end in (start, object_) if end < FIRST_VALUE}
        return tuple(sorted({0, *ends, *(element for element, _ in self.kinds)}))


@dataclass(frozen=True)
class Unmet:
    """There is no model of that size.

    Attributes:
        clauses: positions of clauses that already can't be met together at that size.
    """

    clauses: frozenset[int]


@dataclass(frozen=True, eq=False)
class Solver:
    """Answers questions about one program, one number of elements after the other.

    Attributes:
        program: the program.
        deadline: when to give up.
    """

    program: Program
    deadline: Deadline = field(default_factory=Deadline)

    @cached_property
    def _controls(self) -> dict[int, clingo.Control]:
        return {}

    def _control(self, elements: int) -> clingo.Control:
        if elements not in self._controls:
            control: clingo.Control = clingo_module().Control([*_OPTIONS, f"-c n={elements}"])
            control.add("base", [], self.program.text)
            control.ground([("base", [])])
            self._controls[elements] = control
        return self._controls[elements]

    def solve(
        self,
        elements: int,
        clauses: Iterable[int],
        *,
        well_sorted: bool = False,
        plain: bool = False,
        everywhere: Iterable[int] = (),
        seconds_for_fewest: float = 0.0,
        within: Structure | None = None,
    ) -> Structure | Unmet:
        """Look for a model with up to so many elements in which clauses hold.

        Args:
            elements: so many.
            clauses: the positions of the clauses that hold at the first element.
            well_sorted: whether every fact has subjects and values of the kinds that the vocabulary names for it.
            plain: whether no element is of two kinds that have nothing to do with each other.
            everywhere: the positions of the conditions that hold at every element.
            seconds_for_fewest: so long to go on looking for a model of that size with fewer kinds and facts.
            within: if given, only its kinds and facts may be used.

        Returns:
            A model, or clauses that can't be met together.

        Raises:
            OutOfTimeError: if the deadline passes first.
            EngineError: if the solver is not installed.
        """
        control = self._control(elements)
        clingo = clingo_module()
        assumed = [(clingo.Function("a", [clingo.Number(position)]), True) for position in sorted(set(clauses))]
        assumed += [(clingo.Function("g", [clingo.Number(position)]), True) for position in sorted(set(everywhere))]
        assumed += [(clingo.Function("sorted", []), well_sorted), (clingo.Function("plain", []), plain)]
        if within:
            assumed += [(atom, False) for atom in self._others(control, within)]
        solving: Any = control.configuration.solve
        solving.opt_mode = "opt" if seconds_for_fewest else "ignore"
        until = Deadline(min(self.deadline.left, seconds_for_fewest or inf))
        found: Structure | None = None
        with control.solve(assumptions=assumed, yield_=True, async_=True) as handle:
            while True:
                handle.resume()
                if not handle.wait(until.left if until.seconds != inf else None):
                    handle.cancel()
                    if found is not None:
                        return found
                    raise OutOfTimeError
                model = handle.model()
                if model is None:
                    if found is None:
                        return Unmet(self._positions(control, handle.core()))
                    return replace(found, fewest=True)
                found = self._structure(model.symbols(shown=True))
                if not seconds_for_fewest:
                    return found

    def _others(self, control: clingo.Control, within: Structure) -> Iterator[clingo.Symbol]:
        """Give the atoms of kinds and facts that a structure does not have."""
        for name, arity in (("k", 2), ("f", 3)):
            for atom in control.symbolic_atoms.by_signature(name, arity):
                one = self._structure([atom.symbol])
                if not (one.kinds <= within.kinds and one.facts <= within.facts):
                    yield atom.symbol

    def _structure(self, atoms: Iterable[clingo.Symbol]) -> Structure:
        kinds, facts = set(), set()
        for atom in atoms:
            if atom.name == "k":
                kind, element = (argument.number for argument in atom.arguments)
                kinds.add((element, self.program.kinds[kind]))
            elif atom.name == "f":
                relation, start, end = (argument.number for argument in atom.arguments)
                facts.add((start, self.program.relations[relation], end))
        return Structure(frozenset(kinds), frozenset(facts))

    def _positions(self, control: clingo.Control, core: Iterable[int]) -> frozenset[int]:
        clingo = clingo_module()
        wanted = set(core)
        return frozenset(
            position
            for position in range(len(self.program.clauses))
            if (atom := control.symbolic_atoms[clingo.Function("a", [clingo.Number(position)])]) is not None
            and atom.literal in wanted
        )


def clingo_module() -> ModuleType:
    """Give the solver's module.

    Raises:
        EngineError: if it is not installed.
    """
    try:
        import clingo
    except ImportError:
        raise EngineError(
            "reasoning about definitions needs the answer-set solver clingo, which is not installed: "
            "pip install 'itsm-ontology[reasoner]'"
        ) from None
    return clingo
