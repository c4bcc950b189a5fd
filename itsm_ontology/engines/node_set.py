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


def mask_of(nodes: Set[int], size: int) -> NDArray[np.bool_]:
    """Give a truth value for each node of a model of so many, whatever kind of set it is."""
    return nodes.mask if isinstance(nodes, NodeSet) else NodeSet.of(nodes, size).mask


def outcome_counts(
    applicable: Set[int], certain: Set[int], met: Set[int], possible: Set[int], nodes: Sequence[int], size: int
) -> Mapping[Outcome, int]:
    """Count the outcomes of nodes.

    Args:
        applicable: the nodes that a definition can be said of.
        certain: those that meet it whatever is added.
        met: those that meet it.
        possible: those that may come to meet it.
        nodes: the nodes to count.
        size: how many nodes the model has.
    """
    chosen = np.asarray(nodes, dtype=np.int64)
    applies, sure, holds, may = (mask_of(one, size)[chosen] for one in (applicable, certain, met, possible))
    settled = sure | ~may
    found = {
        Outcome.of(conforms=conforms, settled=fixed): int(
            np.count_nonzero(applies & (holds == conforms) & (settled == fixed))
        )
        for conforms in (True, False)
        for fixed in (True, False)
    }
    found[Outcome.NOT_APPLICABLE] = int(np.count_nonzero(~applies))
    return Counter({outcome: count for outcome, count in found.items() if count})


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
