"""Coordinates for rows of cells: across, down, and for the ways of the links between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import inf
from statistics import fmean

from .layers import Rows

Point = tuple[float, float]
Route = list[tuple[float, float, float]]
"""Vertical runs (x, from y, to y), each joined to the next by a curve that leaves and arrives vertically."""

STRAIGHT = 10.0
"""A link runs straight for so long where it leaves or reaches a box, at least."""
_BESIDE_BOX = 14.0
"""So much is kept free on both sides of a box."""
_BESIDE_LINK = 7.0
"""Likewise for a link or its label."""
_PORTS = 16.0
"""The distance of two links that meet the same side of a box, if the box is wide enough."""
_CORNER = 14.0
"""How far from a box's corner links keep away."""
_GAP = 16.0
"""The distance of two rows, at least."""
_SLOPE = 0.14
"""How much further apart rows stand where a link leads far to the side, ..."""
_MOST_GAP = 80.0
"""... and where that ends."""
_ROUNDS = 12


@dataclass(frozen=True)
class Extent:
    """How far something reaches from its centre: to the left, to the right, and in height as a whole.

    What reaches further right than left, such as a loop, is not part of the box.
    """

    left: float
    right: float
    height: float


@dataclass
class Cell:
    """A box, or the place where a link passes a row, perhaps with its label."""

    extent: Extent
    is_box: bool = False
    x: float = 0.0
    top: float = 0.0
    bottom: float = 0.0
    row_top: float = 0.0
    row_bottom: float = 0.0

    @property
    def free(self) -> float:
        """What is kept free on both sides."""
        return _BESIDE_BOX if self.is_box else _BESIDE_LINK

    @property
    def width(self) -> float:
        """The width with what is kept free."""
        return self.extent.left + self.extent.right + 2 * self.free

    @property
    def reach(self) -> float:
        """How far from its centre links may meet a box."""
        return max(0.0, self.extent.left - _CORNER)

    @property
    def centre(self) -> Point:
        """The point that the extent is measured from."""
        return self.x, (self.top + self.bottom) / 2


def spread(
    wanted: Sequence[float], weights: Sequence[float], gaps: Sequence[float], low: float = -inf, high: float = inf
) -> list[float]:
    """Place points in their order, at least the gaps apart, with the least sum of squared ways from where they'd be.

    Args:
        wanted: where each point would be.
        weights: how much each counts.
        gaps: the least distance between each point and the next.
        low: no point lies below it.
        high: no point lies above it, if the gaps leave room for that.

    Example:
        >>> spread([5, 5, 20], [1, 1, 1], [4, 4])
        [3.0, 7.0, 20.0]
        >>> spread([5, 5], [1, 3], [4], low=3)
        [3.0, 7.0]
    """
    offsets = list(accumulate(gaps, initial=0.0))
    blocks: list[tuple[float, float, int]] = []  # mean, weight, number of points: means never fall
    for want, weight, offset in zip(wanted, weights, offsets, strict=True):
        mean, count = want - offset, 1
        while blocks and blocks[-1][0] >= mean:
            before, heavy, many = blocks.pop()
            mean = (before * heavy + mean * weight) / (heavy + weight)
            weight, count = heavy + weight, count + many
        blocks.append((mean, weight, count))
    means = [max(low, min(high - offsets[-1], mean)) for mean, _, count in blocks for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def set_across(cells: Sequence[Cell], rows: Rows, chains: Iterable[Sequence[int]]) -> None:
    """Set `x` of each cell: near its neighbours, links straight, nothing touching; the leftmost begins at 0.

    Args:
        cells: the cells.
        rows: the rows that they stand in, and which of them are joined.
        chains: for each link, the cells that it leads through, boxes at both ends.
    """
    gaps = [[_gap(cells[one], cells[other]) for one, other in pairwise(row)] for row in rows.rows]
    for row, between in zip(rows.rows, gaps, strict=True):
        for number, x in zip(row, accumulate(between, initial=-sum(between) / 2), strict=True):
            cells[number].x = x
    both = [[*up, *down] for up, down in zip(rows.above, rows.below, strict=True)]
    sequence = list(zip(rows.rows, gaps, strict=True))
    for turn in range(_ROUNDS):
        settled = turn >= _ROUNDS // 2
        for row, between in sequence:
            _pull(cells, row, between, both if settled else rows.above)
        for row, between in reversed(sequence):
            _pull(cells, row, between, both if settled else rows.below)
    _straighten(cells, rows, chains)
    left = min(cell.x - cell.extent.left for cell in cells)
    for cell in cells:
        cell.x -= left


def _pull(cells: Sequence[Cell], row: Sequence[int], gaps: Sequence[float], neighbours: Sequence[list[int]]) -> None:
    """Move the cells of a row towards their neighbours."""
    wanted, weights = [], []
    for number in row:
        pulls = [(_stiffness(cells[number], cells[other]), cells[other].x) for other in neighbours[number]]
        weight = sum(pull for pull, _ in pulls)
        wanted.append(sum(pull * x for pull, x in pulls) / weight if pulls else cells[number].x)
        weights.append(weight or 0.1)
    for number, x in zip(row, spread(wanted, weights, gaps), strict=True):
        cells[number].x = x


def _stiffness(one: Cell, other: Cell) -> float:
    """Say how much the link between two cells wants to be straight: the more, the longer it is."""
    return (1.0, 2.0, 8.0)[2 - one.is_box - other.is_box]


def _gap(one: Cell, other: Cell) -> float:
    """Give the least distance of the centres of two cells that stand side by side."""
    return one.extent.right + one.free + other.free + other.extent.left


def _straighten(cells: Sequence[Cell], rows: Rows, chains: Iterable[Sequence[int]]) -> None:
    """Move the passages of each link so that it turns as seldom as the cells beside it allow."""
    on_the_left = {other: one for row in rows.rows for one, other in pairwise(row)}
    on_the_right = {one: other for other, one in on_the_left.items()}

    def scope(number: int) -> tuple[float, float]:
        cell = cells[number]
        if cell.is_box:
            return cell.x - cell.reach, cell.x + cell.reach
        left, right = on_the_left.get(number), on_the_right.get(number)
        low = -inf if left is None else cells[left].x + _gap(cells[left], cell)
        return low, inf if right is None else cells[right].x - _gap(cell, cells[right])

    for chain in chains:
        run: list[int] = []
        low, high = -inf, inf
        for number in chain:
            lowest, highest = scope(number)
            if max(low, lowest) > min(high, highest):
                _align(cells, run, low, high)
                run, low, high = [], -inf, inf
            run.append(number)
            low, high = max(low, lowest), min(high, highest)
        _align(cells, run, low, high)


def _align(cells: Sequence[Cell], run: Sequence[int], low: float, high: float) -> None:
    """Set the passages of a run one beneath the other, between the bounds."""
    passages = [cells[number] for number in run if not cells[number].is_box]
    if passages:
        x = max(low, min(high, fmean(cell.x for cell in passages)))
        for cell in passages:
            cell.x = x


def set_down(cells: Sequence[Cell], rows: Rows) -> None:
    """Set `top` and `bottom` of each cell: boxes in the middle of their row, links from its top to its bottom."""
    y = -STRAIGHT
    for row in rows.rows:
        high = max(cells[number].extent.height for number in row)
        high += 2 * STRAIGHT if any(cells[number].is_box for number in row) else 0
        for number in row:
            cell = cells[number]
            spare = (high - cell.extent.height) / 2 if cell.is_box else 0
            cell.top, cell.bottom = y + spare, y + high - spare
            cell.row_top, cell.row_bottom = y, y + high
        aside = max((abs(cells[number].x - cells[end].x) for number in row for end in rows.below[number]), default=0.0)
        y += high + min(_MOST_GAP, _GAP + _SLOPE * aside)


def runs(cells: Sequence[Cell], chains: Sequence[Sequence[int]]) -> list[Route]:
    """Give the way of each link, from top to bottom.

    Args:
        cells: the cells, in their places.
        chains: for each link, the cells that it leads through, boxes at both ends.
    """
    lower = _ports(cells, [(chain[0], chain[1]) for chain in chains])
    upper = _ports(cells, [(chain[-1], chain[-2]) for chain in chains])
    ways = []
    for chain, leaves, arrives in zip(chains, lower, upper, strict=True):
        first, last = cells[chain[0]], cells[chain[-1]]
        passages = [(cells[number].x, cells[number].top, cells[number].bottom) for number in chain[1:-1]]
        ways.append([(leaves, first.bottom, first.row_bottom), *passages, (arrives, last.row_top, last.top)])
    return ways


def _ports(cells: Sequence[Cell], ends: Sequence[tuple[int, int]]) -> list[float]:
    """Say where links meet one side of their boxes: for each, given are the box and the next cell."""
    ports = [0.0] * len(ends)
    sides: defaultdict[int, list[int]] = defaultdict(list)
    for number in sorted(range(len(ends)), key=lambda number: cells[ends[number][1]].x):
        sides[ends[number][0]].append(number)
    for box, numbers in sides.items():
        centre, reach = cells[box].x, cells[box].reach
        wanted = []
        for number in numbers:
            towards = cells[ends[number][1]]
            wanted.append((centre + towards.x) / 2 if towards.is_box else towards.x)
        gap = min(_PORTS, 2 * reach / max(1, len(numbers) - 1))
        weights = [1.0] * len(numbers)
        found = spread(wanted, weights, [gap] * (len(numbers) - 1), centre - reach, centre + reach)
        for number, x in zip(numbers, found, strict=True):
            ports[number] = x
    return ports
