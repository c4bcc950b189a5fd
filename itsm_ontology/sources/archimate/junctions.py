"""ArchiMate's junctions: relationships of one type that meet are read as relationships from end to end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..record import Reference

JUNCTIONS = frozenset({"AndJunction", "Junction", "OrJunction"})
"""The types of junctions."""

MOST_STEPS = 100_000
"""Where more steps than this would have to be followed through the junctions that hang together, none is."""

SEVERAL_TYPES = "relationships of several types meet at its junction"
TOO_MANY = "its junctions join more relationships than are followed"
NOWHERE = "its junction leads nowhere, or comes from nowhere"


class Arrow(NamedTuple):
    """A relationship that begins or ends at a junction.

    Attributes:
        identifier: its identifier.
        type: its type.
        source: what it begins at.
        target: what it ends at.
    """

    identifier: str
    type: str
    source: Reference
    target: Reference


class Ends(NamedTuple):
    """What a relationship joins once it is followed through the junctions at its ends.

    Attributes:
        sources: what it comes from.
        targets: what it leads to.
        why_not: why it is not followed; "" if it is.
    """

    sources: tuple[Reference, ...] = ()
    targets: tuple[Reference, ...] = ()
    why_not: str = ""


def followed(arrows: Iterable[Arrow], junctions: frozenset[str]) -> Mapping[str, Ends]:
    """Follow relationships through junctions.

    Args:
        arrows: relationships that each begin or end at a junction.
        junctions: the identifiers of the junctions.

    Returns:
        The identifier of each relationship to what it joins.

    Example:
        >>> a, j, b = map(Reference, "ajb")
        >>> ends = followed([Arrow("1", "Flow", a, j), Arrow("2", "Flow", j, b)], frozenset("j"))["1"]
        >>> [one.key for one in (*ends.sources, *ends.targets)]
        ['a', 'b']
    """
    found: dict[str, Ends] = {}
    for group in _groups(arrows, junctions):
        if why_not := _why_not(group, junctions):
            found.update((one.identifier, Ends(why_not=why_not)) for one in group)
        else:
            found.update(_followed(group, junctions))
    return found


def _groups(arrows: Iterable[Arrow], junctions: frozenset[str]) -> Iterator[Sequence[Arrow]]:
    """Put relationships together that hang together by junctions."""
    at: dict[str, list[Arrow]] = defaultdict(list)
    for one in arrows:
        for junction in {one.source.key, one.target.key} & junctions:
            at[junction].append(one)
    while at:
        group: dict[str, Arrow] = {}
        todo = [next(iter(at))]
        while todo:
            for one in at.pop(todo.pop(), ()):
                group[one.identifier] = one
                todo += {one.source.key, one.target.key} & junctions
        yield list(group.values())


def _why_not(group: Sequence[Arrow], junctions: frozenset[str]) -> str:
    if len({one.type for one in group}) > 1:
        return SEVERAL_TYPES
    begins = sum(one.source.key not in junctions for one in group)
    ends = sum(one.target.key not in junctions for one in group)
    between = sum(one.source.key in junctions and one.target.key in junctions for one in group)
    return TOO_MANY if begins * ends * (between + 1) > MOST_STEPS else ""


def _followed(group: Sequence[Arrow], junctions: frozenset[str]) -> Iterator[tuple[str, Ends]]:
    sources = _reached([(one.target, one.source) for one in group], junctions)
    targets = _reached([(one.source, one.target) for one in group], junctions)
    for one in group:
        ends = Ends(sources.get(one.source.key, (one.source,)), targets.get(one.target.key, (one.target,)))
        yield one.identifier, ends if ends.sources and ends.targets else Ends(why_not=NOWHERE)


def _reached(
    steps: Iterable[tuple[Reference, Reference]], junctions: frozenset[str]
) -> Mapping[str, tuple[Reference, ...]]:
    """Give what is no junction and can be reached from each junction, by steps from the first to the second."""
    onwards: dict[str, dict[str, Reference]] = defaultdict(dict)
    for here, there in steps:
        onwards[here.key][there.key] = there
        onwards[there.key]  # a junction that leads nowhere is one too
    return {junction: _reach(junction, onwards, junctions) for junction in onwards.keys() & junctions}


def _reach(
    start: str, onwards: Mapping[str, Mapping[str, Reference]], junctions: frozenset[str]
) -> tuple[Reference, ...]:
    found = dict(onwards[start])
    todo = list(found)
    while todo:
        key = todo.pop()
        new = {} if key not in junctions else {k: end for k, end in onwards[key].items() if k not in found}
        found.update(new)
        todo += new
    return tuple(end for key, end in found.items() if key not in junctions)
