"""Which layer a node stands in, and in which order: a graph without places becomes rows of cells."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from statistics import fmean

Edge = tuple[int, int]
"""The numbers of two nodes: from the first to the second."""

_SWEEPS = 16


def back_edges(count: int, edges: Sequence[Edge], starts: Iterable[int]) -> set[int]:
    """Find the edges that close a cycle in a search, depth first, that begins at each of the starts in turn.

    Example:
        >>> back_edges(3, [(0, 1), (1, 2), (2, 0)], starts=[1, 0, 2])
        {0}
    """
    leaving: list[list[Edge]] = [[] for _ in range(count)]
    for number, (source, target) in enumerate(edges):
        leaving[source].append((number, target))
    seen: set[int] = set()
    found = set()
    for start in starts:
        if start in seen:
            continue
        seen.add(start)
        path = {start: iter(leaving[start])}
        while path:
            node = next(reversed(path))
            for number, target in path[node]:
                if target in path:
                    found.add(number)
                elif target not in seen:
                    seen.add(target)
                    path[target] = iter(leaving[target])
                    break
            else:
                del path[node]
    return found


def layered(widths: Sequence[float], edges: Sequence[Edge], step: int, room: float) -> list[int]:
    """Give every node a layer, so that each edge leads at least `step` layers down.

    Args:
        widths: how wide each node is.
        edges: an acyclic graph.
        step: the distance of two layers that hold nodes.
        room: how wide a layer may become before nodes move further down; one node always fits.

    Example:
        >>> layered([9, 9, 9, 9], [(0, 1), (1, 3), (2, 3)], step=2, room=100)
        [0, 2, 2, 4]
        >>> layered([9, 9, 9], [(0, 1), (0, 2)], step=1, room=10)
        [0, 1, 2]
    """
    above: list[list[int]] = [[] for _ in widths]
    below: list[list[int]] = [[] for _ in widths]
    for upper, lower in edges:
        above[lower].append(upper)
        below[upper].append(lower)
    order = _topological(above, below)
    layers = [0] * len(widths)
    used: dict[int, float] = {}

    def fits(node: int, layer: int) -> bool:
        return used.get(layer, 0) + widths[node] <= room or not used.get(layer)

    for node in order:
        layer = max((layers[parent] + step for parent in above[node]), default=0)
        while not fits(node, layer):
            layer += step
        layers[node] = layer
        used[layer] = used.get(layer, 0) + widths[node]
    for node in reversed(order):  # down to its children, where that makes more edges shorter than longer
        if len(below[node]) > len(above[node]):
            for layer in range(min(layers[child] for child in below[node]) - step, layers[node], -step):
                if fits(node, layer):
                    used[layers[node]] -= widths[node]
                    used[layer] = used.get(layer, 0) + widths[node]
                    layers[node] = layer
                    break
    rank = {layer: step * number for number, layer in enumerate(sorted(set(layers)))}
    return [rank[layer] for layer in layers]


def _topological(above: Sequence[Sequence[int]], below: Sequence[Sequence[int]]) -> list[int]:
    """Order the nodes by the length of the longest path that leads to them."""
    waiting = [len(parents) for parents in above]
    row = [node for node, parents in enumerate(above) if not parents]
    order = []
    while row:
        order += row
        freed = []
        for node in row:
            for child in below[node]:
                waiting[child] -= 1
                if not waiting[child]:
                    freed.append(child)
        row = sorted(freed)
    return order


class Rows:
    """Rows of cells whose edges lead from one row to the next, brought into an order with few crossings.

    Attributes:
        rows: the numbers of the cells, row by row, from left to right.
        above: for each cell, the cells of the row above that it is joined to.
        below: likewise for the row below.

    Example:
        >>> tangled = Rows([0, 0, 1, 1], [(0, 3), (1, 2)])
        >>> tangled.rows, tangled.crossings()
        ([[0, 1], [2, 3]], 1)
        >>> tangled.untangle()
        >>> tangled.crossings()
        0
    """

    def __init__(self, layers: Sequence[int], edges: Iterable[Edge]) -> None:
        self.rows: list[list[int]] = [[] for _ in range(max(layers) + 1)]
        for cell, layer in enumerate(layers):
            self.rows[layer].append(cell)
        self.above: list[list[int]] = [[] for _ in layers]
        self.below: list[list[int]] = [[] for _ in layers]
        for upper, lower in edges:
            self.below[upper].append(lower)
            self.above[lower].append(upper)
        self._place = [0.0] * len(layers)
        self._number(self.rows)

    def _number(self, rows: Iterable[Sequence[int]]) -> None:
        for row in rows:
            for place, cell in enumerate(row):
                self._place[cell] = place

    def crossings(self) -> int:
        """Count the pairs of edges that cross."""
        total = 0
        for row in self.rows:
            passed: list[float] = []
            for cell in row:
                ends = [self._place[child] for child in self.below[cell]]
                total += sum(len(passed) - bisect_right(passed, end) for end in ends)
                for end in ends:
                    insort(passed, end)
        return total

    def untangle(self) -> None:
        """Bring each row into the order of its neighbours' means, sweep by sweep, and keep the best order seen."""
        fewest, best = self.crossings(), [list(row) for row in self.rows]
        for sweep in range(_SWEEPS):
            if not fewest:
                break
            neighbours, rows = (self.below, self.rows[::-1]) if sweep % 2 else (self.above, self.rows)
            for row in rows:
                row.sort(key=lambda cell: self._mean(neighbours[cell], self._place[cell]))
                self._number([row])
            self._swap_neighbours()
            if (now := self.crossings()) < fewest:
                fewest, best = now, [list(row) for row in self.rows]
        self.rows = best
        self._number(best)

    def _mean(self, cells: Sequence[int], otherwise: float) -> float:
        return fmean(self._place[cell] for cell in cells) if cells else otherwise

    def _swap_neighbours(self) -> None:
        """Swap cells that stand side by side where that saves a crossing, once along each row."""
        for row in self.rows:
            for left in range(len(row) - 1):
                one, other = row[left : left + 2]
                if self._crossed(one, other) > self._crossed(other, one):
                    row[left : left + 2] = other, one
                    self._number([row])

    def _crossed(self, left: int, right: int) -> int:
        """Count the crossings of two cells' edges if they stand in this order."""
        return sum(
            self._place[end] > self._place[other]
            for side in (self.above, self.below)
            for end in side[left]
            for other in side[right]
        )
