"""Where boxes, arrows and labels of a small graph stand: a layered layout in pixels, without overlaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import sqrt

from .layers import Rows, back_edges, layered
from .places import Cell, Extent, Point, Route, runs, set_across, set_down

_BETWEEN = 24.0
"""The distance of two pieces that are not connected."""
_BROADER = 1.8
"""So much broader than high the whole should be where pieces are set side by side."""
_ROOM = 960.0
"""So wide may a row of boxes become."""


@dataclass(frozen=True)
class Link:
    """An edge from one node to another one, by their numbers, with the extent of its label if it has one."""

    source: int
    target: int
    label: Extent | None = None


@dataclass(frozen=True)
class Plan:
    """A finished layout.

    Attributes:
        width: how wide the whole is; it begins at 0.
        height: how high the whole is.
        centres: the centre of each node.
        routes: the way of each link, from its source to its target.
        labels: the centre of each label, by the number of its link.
    """

    width: float = 0.0
    height: float = 0.0
    centres: dict[int, Point] = field(default_factory=dict)
    routes: dict[int, Route] = field(default_factory=dict)
    labels: dict[int, Point] = field(default_factory=dict)


def arrange(nodes: Sequence[Extent], links: Sequence[Link], *, upwards: bool = False, first: int = 0) -> Plan:
    """Lay out a graph, each connected piece by itself.

    Args:
        nodes: the extent of each node.
        links: the edges; none from a node to itself. Cycles are welcome.
        upwards: whether links lead up, rather than down; links that close a cycle lead the other way.
        first: the node that a cycle begins with.

    Returns:
        A plan in which no node or label touches another one, and no link a node other than its own.

    Example:
        >>> plan = arrange([Extent(20, 20, 30), Extent(20, 20, 30)], [Link(0, 1)])
        >>> plan.centres[0][1] < plan.centres[1][1]
        True
    """
    starts = sorted(range(len(nodes)), key=lambda node: node != first)
    closing = back_edges(len(nodes), [(link.source, link.target) for link in links], starts)
    down = [(number in closing) == upwards for number in range(len(links))]
    pieces = [_piece(members, nodes, links, down) for members in _connected(len(nodes), links)]
    return _packed(sorted(pieces, key=lambda piece: piece.height, reverse=True))


def _connected(count: int, links: Sequence[Link]) -> list[list[int]]:
    """Part the nodes into connected pieces."""
    piece = list(range(count))
    for link in links:
        one, other = sorted((piece[link.source], piece[link.target]))
        piece = [one if number == other else number for number in piece]
    return [[node for node in range(count) if piece[node] == number] for number in sorted(set(piece))]


def _packed(plans: Sequence[Plan]) -> Plan:
    """Set the pieces side by side, the highest first, in rows of pieces of like height."""
    whole = Plan()
    area = sum((plan.width + _BETWEEN) * (plan.height + _BETWEEN) for plan in plans)
    most = max([sqrt(_BROADER * area), *(plan.width for plan in plans)])
    left = top = width = height = 0.0
    for plan in plans:
        if left and (left + plan.width > most or plan.height < (height - top) / 2):
            left, top = 0.0, height + _BETWEEN
        whole.centres.update({node: (x + left, y + top) for node, (x, y) in plan.centres.items()})
        whole.labels.update({link: (x + left, y + top) for link, (x, y) in plan.labels.items()})
        for link, route in plan.routes.items():
            whole.routes[link] = [(x + left, start + top, end + top) for x, start, end in route]
        width, height = max(width, left + plan.width), max(height, top + plan.height)
        left += plan.width + _BETWEEN
    return Plan(width, height, whole.centres, whole.routes, whole.labels)


def _piece(members: Sequence[int], nodes: Sequence[Extent], links: Sequence[Link], down: Sequence[bool]) -> Plan:
    """Lay out one connected piece."""
    place = {node: number for number, node in enumerate(members)}
    cells = [Cell(nodes[node], is_box=True) for node in members]
    ends = {
        number: (place[link.source], place[link.target]) if down[number] else (place[link.target], place[link.source])
        for number, link in enumerate(links)
        if link.source in place
    }
    roomy = len(set(ends.values())) < len(ends) or any(links[number].label for number in ends)
    step = 2 if roomy else 1  # a row between two rows of boxes, for labels and for links that have to part
    layers = layered([cell.width for cell in cells], list(ends.values()), step, _ROOM)
    chains: dict[int, list[int]] = {}
    bearers: dict[int, int] = {}
    for number, (upper, lower) in ends.items():
        chains[number] = [upper]
        half = (layers[lower] - layers[upper]) // 2
        bearer = layers[upper] + half - 1 + half % 2  # in a row without boxes
        for layer in range(layers[upper] + 1, layers[lower]):
            label = links[number].label if layer == bearer else None
            if label:
                bearers[number] = len(cells)
            chains[number].append(len(cells))
            cells.append(Cell(label or Extent(0, 0, 0)))
            layers.append(layer)
        chains[number].append(lower)
    rows = Rows(layers, [pair for chain in chains.values() for pair in pairwise(chain)])
    rows.untangle()
    set_across(cells, rows, chains.values())
    set_down(cells, rows)
    ways = runs(cells, list(chains.values()))
    return Plan(
        max(cell.x + cell.extent.right for cell in cells),
        max(cell.bottom for cell in cells),
        {node: cells[place[node]].centre for node in members},
        {number: way if down[number] else _backwards(way) for number, way in zip(chains, ways, strict=True)},
        {number: cells[bearer].centre for number, bearer in bearers.items()},
    )


def _backwards(route: Route) -> Route:
    return [(x, end, start) for x, start, end in reversed(route)]
