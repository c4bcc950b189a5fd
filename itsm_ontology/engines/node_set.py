"""Sets of nodes as bits: one bit a node, whatever the number of sets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

import numpy as np
from numpy.typing import NDArray

from ..verdict import Outcome


class NodeSet(Set[int]):
    """A set of nodes of a model; don't change the bits.

    Attributes:
        size: how many nodes the model has.
        bits: the bits, eight nodes a byte, the first of them lowest.

    Example:
        >>> two = NodeSet.of([1, 3], 4)
        >>> 3 in two, list(two), len(two), list(two & {3})
        (True, [1, 3], 2, [3])
    """

    __slots__ = ("_length", "bits", "size")

    def __init__(self, mask: NDArray[np.bool_]) -> None:
        self.size = len(mask)
        self.bits = np.packbits(mask, bitorder="little")
        self._length = int(np.count_nonzero(mask))

    @staticmethod
    def of(nodes: Iterable[int], size: int) -> NodeSet:
        """Make a set of nodes of a model of so many."""
        mask = np.zeros(size, dtype=bool)
        mask[np.fromiter(nodes, dtype=np.int64)] = True
        return NodeSet(mask)

    @classmethod
    def _from_iterable(cls, nodes: Iterable[int]) -> frozenset[int]:  # type: ignore[override]
        return frozenset(nodes)

    @property
    def mask(self) -> NDArray[np.bool_]:
        """A truth value for each node of the model."""
        return np.unpackbits(self.bits, count=self.size, bitorder="little").astype(bool)

    def __contains__(self, node: object) -> bool:
        return isinstance(node, int) and 0 <= node < self.size and bool(self.bits[node >> 3] >> (node & 7) & 1)

    def __iter__(self) -> Iterator[int]:
        return iter(np.flatnonzero(self.mask).tolist())

    def __len__(self) -> int:
        return self._length

    def __hash__(self) -> int:
        return self._hash()


Sets = tuple[Set[int], Set[int], Set[int], Set[int]]
"""The nodes that a definition can be said of, meet it whatever is added, meet it, and may come to meet it."""


def mask_of(nodes: Set[int], size: int) -> NDArray[np.bool_]:
    """Give a truth value for each node of a model of so many, whatever kind of set it is."""
    return nodes.mask if isinstance(nodes, NodeSet) else NodeSet.of(nodes, size).mask


def outcome_counts(sets: Sets, nodes: Sequence[int], size: int) -> Mapping[Outcome, int]:
    """Count the outcomes of nodes under a definition.

    Args:
        sets: the sets of the definition.
        nodes: the nodes.
        size: how many nodes the model has.
    """
    counts = np.bincount(_codes(sets, np.asarray(nodes, dtype=np.int64), size), minlength=len(_OUTCOMES))
    return Counter({outcome: count for outcome, count in zip(_OUTCOMES, counts.tolist(), strict=True) if count})


def among(nodes: Sequence[int], sets: Sequence[Set[int]], size: int) -> tuple[int, ...]:
    """Give the nodes that are in all of the sets."""
    chosen = np.asarray(nodes, dtype=np.int64)
    inside = np.ones(len(chosen), dtype=bool)
    for one in sets:
        inside &= mask_of(one, size)[chosen]
    return tuple(chosen[inside].tolist())


def combinations(nodes: Sequence[int], sets: Sequence[Set[int]], size: int) -> Mapping[tuple[bool, ...], int]:
    """Count the nodes by which of the sets they are in."""
    if not sets:
        return {(): len(nodes)} if nodes else {}
    chosen = np.asarray(nodes, dtype=np.int64)
    rows = np.packbits([mask_of(one, size)[chosen] for one in sets], axis=0).T
    found, counts = np.unique(rows, axis=0, return_counts=True)
    unpacked = np.unpackbits(found, axis=1, count=len(sets)).astype(bool)
    return {tuple(row.tolist()): int(count) for row, count in zip(unpacked, counts, strict=True)}


def outcome_rows(
    columns: Sequence[Sets], nodes: Sequence[int], size: int
) -> tuple[list[tuple[Outcome, ...]], list[int]]:
    """Give the outcomes of nodes under several definitions.

    Args:
        columns: the sets of each definition.
        nodes: the nodes.
        size: how many nodes the model has.

    Returns:
        The rows that differ, and for each node which of them is its own.
    """
    chosen = np.asarray(nodes, dtype=np.int64)
    codes = np.empty((len(chosen), len(columns)), dtype=np.uint8)
    for position, sets in enumerate(columns):
        codes[:, position] = _codes(sets, chosen, size)
    found, own = np.unique(codes, axis=0, return_inverse=True)
    return [tuple(_OUTCOMES[code] for code in row) for row in found.tolist()], own.reshape(-1).tolist()


_OUTCOMES = (
    Outcome.of(conforms=False, settled=False),
    Outcome.of(conforms=False, settled=True),
    Outcome.of(conforms=True, settled=False),
    Outcome.of(conforms=True, settled=True),
    Outcome.NOT_APPLICABLE,
)


def _codes(sets: Sets, chosen: NDArray[np.int64], size: int) -> NDArray[np.uint8]:
    """Give each node's place in `_OUTCOMES`."""
    applies, sure, holds, may = (mask_of(one, size)[chosen] for one in sets)
    codes = holds.astype(np.uint8) * 2 + (sure | ~may)
    codes[~applies] = 4
    return codes
