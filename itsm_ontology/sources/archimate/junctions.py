"""ArchiMate's junctions: relationships of one type that meet are read as relationships from end to end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from .content import Concept
from .mapping import mapping

MOST_STEPS = 100_000
"""Where more steps than this would have to be followed through the junctions that hang together, none is."""

SEVERAL_TYPES = "relationships of several types meet at its junction"
TOO_MANY = "its junctions join more relationships than are followed"
NOWHERE = "its junction leads nowhere, or comes from nowhere"


class Chain(NamedTuple):
    """A way from element to element through junctions.

    Attributes:
        begin: the relationship that leaves the first element.
        end: the relationship that reaches the last element.
        passed: every relationship on the way, these two among them.
    """

    begin: Concept
    end: Concept
    passed: tuple[Concept, ...]


class Joined:
    """Relationships that hang together by junctions.

    Attributes:
        relationships: all of them.
        junctions: the identifiers of their junctions.
    """

    def __init__(self, relationships: Sequence[Concept], junctions: frozenset[str]) -> None:
        self.relationships = relationships
        self.junctions = junctions
        self._begins = [one for one in relationships if one.source not in junctions]
        self._ends = [one for one in relationships if one.target not in junctions]
        self._between = [one for one in relationships if one.source in junctions and one.target in junctions]

    @cached_property
    def why_not(self) -> str:
        """Why they can't be read from end to end; "" if they can."""
        if len({mapping().name_in_3(one.type) for one in self.relationships}) > 1:
            return SEVERAL_TYPES
        steps = len(self._begins) * len(self._ends) * (len(self._between) + 1)
        return TOO_MANY if steps > MOST_STEPS else ""

    def chains(self) -> Iterator[Chain]:
        """Give every way from element to element, each pair of ends once."""
        onwards = _steps((one.source, one.target) for one in self._between)
        back = _steps((one.target, one.source) for one in self._between)
        after = {begin.identifier: _reach(begin.target, onwards) for begin in self._begins}
        before = {end.identifier: _reach(end.source, back) for end in self._ends}
        for begin in self._begins:
            for end in self._ends:
                here, there = after[begin.identifier], before[end.identifier]
                if end.source in here:
                    between = (one for one in self._between if one.source in here and one.target in there)
                    yield Chain(begin, end, (begin, *between, end))


def joined(relationships: Iterable[Concept], junctions: frozenset[str]) -> Iterator[Joined]:
    """Put relationships together that hang together by junctions.

    Args:
        relationships: relationships that each begin or end at a junction.
        junctions: the identifiers of the junctions.
    """
    at: dict[str, list[Concept]] = defaultdict(list)
    for one in relationships:
        for junction in {one.source, one.target} & junctions:
            at[junction].append(one)
    while at:
        group: dict[str, Concept] = {}
        todo = [next(iter(at))]
        while todo:
            for one in at.pop(todo.pop(), ()):
                group[one.identifier] = one
                todo += {one.source, one.target} & junctions
        yield Joined(list(group.values()), junctions)


def _steps(pairs: Iterable[tuple[str, str]]) -> Mapping[str, set[str]]:
    steps: dict[str, set[str]] = defaultdict(set)
    for start, stop in pairs:
        steps[start].add(stop)
    return steps


def _reach(start: str, steps: Mapping[str, set[str]]) -> set[str]:
    """Give what can be reached, the start itself among it."""
    found = {start}
    todo = [start]
    while todo:
        for step in steps.get(todo.pop(), set()) - found:
            found.add(step)
            todo.append(step)
    return found
