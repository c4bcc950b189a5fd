"""The smallest changes around an element, one after the other, each as general as it can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..program import FIRST_NAMED
from ..solver import Deadline, OutOfTimeError, clingo_module
from .surroundings import COSTS, Surroundings

if TYPE_CHECKING:
    import clingo

_OPTIONS = ("--warn=none", "--opt-strategy=usc,k", "--heuristic=Domain", "--dom-mod=false,opt")
_SHOWN = (("f", 3), ("k", 2), ("gone", 1))

Atoms = frozenset["clingo.Symbol"]
"""A change as the solver has it: `f`, facts to add; `k`, kinds to add; `gone`, recorded facts that go."""
Pattern = tuple[tuple[str, frozenset[str]], ...]
"""What has to hold for a change to be inside another, each with the variables in it, which stand for new elements."""


class OutOfEffortError(Exception):
    """The search was given up before there was an answer; where, does not hang on the machine."""


class Smallest:
    """The solver at work on one program.

    Args:
        program: the program.
        new: up to so many new elements.
        manners: which rules of decency hold: `sorted` for new elements, `even` for recorded ones.
        deadline: when to give up.
    """

    def __init__(self, program: Surroundings, new: int, manners: Sequence[str], deadline: Deadline) -> None:
        self.program = program
        self.new = new
        self.deadline = deadline
        self.clingo = clingo_module()
        self.manners = [(self._atom(name), name in manners) for name in ("sorted", "even", "tidy")]
        self.control: clingo.Control = self.clingo.Control(list(_OPTIONS))
        self._ground("base", program.written(new))

    def next(self, effort: int) -> Atoms | None:
        """Give the next change, one with the fewest facts; None if there is no other.

        Args:
            effort: so many conflicts the search may run into.

        Raises:
            OutOfEffortError: if there were more.
            OutOfTimeError: if the deadline passes first.
        """
        return self._solve(self.manners, "opt", effort)

    @property
    def effort(self) -> int:
        """So many conflicts the last search ran into."""
        return int(self.control.statistics["solving"]["solvers"]["conflicts"])

    def any(self) -> Atoms | None:
        """Give some change that has no smaller one inside it; None if there is no other."""
        change = self._solve(self.manners, "ignore")
        for atom in sorted(change or ()):
            if change and self._will_do(change - {atom}):
                change -= {atom}
        return change

    def cap(self, facts: int) -> None:
        """Pass over, from now on, whatever changes more facts."""
        self._ground(f"cap{facts}", f":- #sum {{ {COSTS} }} > {100 * facts + 99}.")

    def block(self, patterns: Sequence[Pattern], first: int = 0) -> None:
        """Pass over, from now on, whatever has one of some changes inside it."""
        for position, pattern in enumerate(patterns, start=first):
            self._ground(f"block{position}", "\n".join(_blocking(pattern, f"block{position}")))

    # ----------------------------------------------------------------------------------------------------------------
    # General changes

    def generalized(self, change: Atoms) -> Atoms:
        """Make a change as general as it can be with so many facts, and leave out kinds that nothing asks for."""
        change = self.needed(change)
        while (better := next(filter(self._will_do, self._more_general(change)), None)) is not None:
            change = self.needed(better)
        return change

    def needed(self, change: Atoms) -> Atoms:
        """Leave out the kinds of new elements that nothing asks for."""
        for atom in sorted(change):
            if atom.name == "k" and numbers_in(atom)[1] < FIRST_NAMED and self._will_do(change - {atom}):
                change -= {atom}
        return change

    def _more_general(self, change: Atoms) -> Iterator[Atoms]:
        """Give changes that say less: of something new instead of something known or the same, of a broader kind."""
        facts = sorted(atom for atom in change if atom.name == "f")
        ends = [end for atom in facts for end in numbers_in(atom)[1:]]
        fresh = min(set(range(self.new)) - set(ends), default=None)
        if fresh is not None:
            for end in sorted({end for end in ends if self.program.is_replaceable(end)}):
                yield self._with(change, change, end, fresh)
            for atom in facts:
                for end in numbers_in(atom)[1:]:
                    if (end < FIRST_NAMED or self.program.is_replaceable(end)) and ends.count(end) > 1:
                        yield self._with(change, frozenset({atom}), end, fresh)
        root = self.program.number(self.program.root)
        for atom in facts:
            relation, start, end = numbers_in(atom)
            if not self.program.is_repeated(relation):
                if root in (start, end) and fresh is not None and min(start, end) < FIRST_NAMED:
                    yield self._with(change, frozenset({atom}), root, fresh)
            elif root not in (start, end):
                for ends_here in ((root, end), (start, root)):
                    yield (change - {atom}) | {self._atom("f", relation, *ends_here)}
        for atom in sorted(change):
            if atom.name != "gone":
                first, *others = numbers_in(atom)
                for broader in self.program.broader(atom.name, first):
                    yield (change - {atom}) | {self._atom(atom.name, broader, *others)}

    def _with(self, change: Atoms, changed: Atoms, end: int, fresh: int) -> Atoms:
        """Put a new element in an end's place in some atoms, of the same kinds."""
        moved = {
            self._atom(one.name, numbers_in(one)[0], *(fresh if n == end else n for n in numbers_in(one)[1:]))
            for one in changed
            if one.name != "gone"
        }
        kinds = {self._atom("k", kind, fresh) for kind in self.program.kinds_of(end)}
        if end < FIRST_NAMED:
            kinds = {self._atom("k", numbers_in(one)[0], fresh) for one in change if _is_kind_of(one, end)}
        return (change - changed) | {one for one in change if one.name == "gone"} | moved | kinds

    def settled(self, change: Atoms) -> Atoms:
        """Add the kinds of new elements that a role leaves no choice of: a customer is a party."""
        for atom in sorted(one for one in change if one.name == "f"):
            relation, *ends = numbers_in(atom)
            for end, sorts in zip(ends, self.program.sorts_of(relation), strict=True):
                if len(sorts) == 1 and end < FIRST_NAMED:
                    has = [numbers_in(one)[0] for one in change if _is_kind_of(one, end)]
                    kind = self.program.kinds.index(sorts[0])
                    more = change | {self._atom("k", kind, end)}
                    if not any(kind in self.program.broader("k", one) for one in has) and self._will_do(more):
                        change = more
        return change

    # ----------------------------------------------------------------------------------------------------------------
    # Patterns

    def patterns(self, *changes: Atoms) -> tuple[Pattern, ...]:
        """Give what has to hold for changes to be inside others, whichever elements play the parts of new ones."""
        return tuple({tuple(self._asked(atom) for atom in sorted(change)): None for change in changes})

    def _asked(self, atom: clingo.Symbol) -> tuple[str, frozenset[str]]:
        if atom.name == "gone":
            return str(atom), frozenset()
        first, *ends = numbers_in(atom)
        if atom.name == "f":
            first = self.program.mentioned.index(self.program.relations[first])
        names = [
            f"N{end}" if end < FIRST_NAMED or self.program.term(end) in self.program.samples else str(end)
            for end in ends
        ]
        text = f"{'of' if atom.name == 'k' else 'leads'}({','.join([str(first), *names])})"
        return text, frozenset(name for name in names if name.startswith("N"))

    # ----------------------------------------------------------------------------------------------------------------
    # The solver

    def _will_do(self, change: Atoms) -> bool:
        """Tell whether a change does it, whatever kinds make sense."""
        if not change <= self._choices.keys():
            return False
        assumed = [(self._atom("sorted"), False), (self._atom("tidy"), False), self.manners[1]]
        chosen = [literal if atom in change else -literal for atom, literal in self._choices.items()]
        return self._solve([*assumed, *chosen], "ignore") is not None

    @cached_property
    def _choices(self) -> Mapping[clingo.Symbol, int]:
        """All that a change could be made of, each with its literal."""
        atoms = self.control.symbolic_atoms
        return {one.symbol: one.literal for name, arity in _SHOWN for one in atoms.by_signature(name, arity)}

    def _atom(self, name: str, *numbers: int) -> clingo.Symbol:
        symbol: clingo.Symbol = self.clingo.Function(name, [self.clingo.Number(number) for number in numbers])
        return symbol

    def _ground(self, part: str, text: str) -> None:
        self.control.add(part, [], text)
        self.control.ground([(part, [])])

    def _solve(
        self, assumed: Sequence[tuple[clingo.Symbol, bool] | int], mode: str, effort: int | None = None
    ) -> Atoms | None:
        solving: Any = self.control.configuration.solve
        solving.opt_mode = mode
        solving.solve_limit = "umax,umax" if effort is None else f"{effort},umax"
        best: Atoms | None = None
        with self.control.solve(assumptions=assumed, yield_=True, async_=True) as handle:
            while True:
                handle.resume()
                if not handle.wait(self.deadline.left):
                    handle.cancel()
                    raise OutOfTimeError
                model = handle.model()
                if model is None:
                    if mode == "opt" and not handle.get().exhausted:
                        raise OutOfEffortError
                    return best
                best = frozenset(model.symbols(shown=True))
                if mode == "ignore":
                    return best


def numbers_in(atom: clingo.Symbol) -> list[int]:
    """Give the numbers in an atom."""
    return [argument.number for argument in atom.arguments]


def _is_kind_of(atom: clingo.Symbol, element: int) -> bool:
    return bool(atom.name == "k") and numbers_in(atom)[1] == element


def _blocking(pattern: Pattern, name: str) -> Iterator[str]:
    """Write rules that rule a pattern out; its variables go one by one, so that few are looked at together."""
    asked = list(pattern)
    while variables := sorted({one for _, inside in asked for one in inside}):
        together = {one: frozenset().union(*(i for _, i in asked if one in i)) - {one} for one in variables}
        here = min(variables, key=lambda one: (len(together[one]), one))
        rest = sorted(together[here])
        head = f"{name}{here.lower()}({','.join(['0', *rest])})"
        yield f"{head} :- {', '.join(text for text, inside in asked if here in inside)}."
        asked = [(text, inside) for text, inside in asked if here not in inside] + [(head, frozenset(rest))]
    yield f":- {', '.join(text for text, _ in asked)}."
