"""Columns of whole numbers: what is done with all of them at once, by numpy."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.int64]
Truths = NDArray[np.bool_]


def column(numbers: Sequence[int]) -> NDArray[np.signedinteger]:
    """Give whole numbers as a column, without a copy where they are one already."""
    if isinstance(numbers, array):
        return np.frombuffer(numbers, dtype=np.intc) if len(numbers) else np.zeros(0, dtype=np.intc)
    return np.asarray(numbers, dtype=np.int64)


def as_array(numbers: NDArray[np.signedinteger]) -> array[int]:
    """Give a column as a plain array, whose items are Python's own numbers."""
    return array("i", np.ascontiguousarray(numbers, dtype=np.intc).tobytes())


def distinct(keys: Column) -> Column:
    """Give each number once, in order; faster than numpy's own way, which hashes.

    Example:
        >>> distinct(np.array([3, 1, 3])).tolist()
        [1, 3]
    """
    ordered = np.sort(keys)
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def among(keys: Column, others: Column) -> Truths:
    """Tell of each number whether it is among others.

    Example:
        >>> among(np.array([3, 1]), np.array([1, 2])).tolist()
        [False, True]
    """
    if not len(others):
        return np.zeros(len(keys), dtype=bool)
    ordered = np.sort(others)
    places = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
    return np.equal(ordered[places], keys)


def first_of_each(keys: Column) -> Column:
    """Give the positions at which a number stands for the first time, in their order.

    Example:
        >>> first_of_each(np.array([5, 5, 2, 5, 2])).tolist()
        [0, 2]
    """
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return np.sort(order[first])


def marked(size: int, columns: Iterable[NDArray[np.signedinteger]]) -> Truths:
    """Give a truth value for each number below a size: whether it stands in one of the columns."""
    found = np.zeros(size, dtype=bool)
    for one in columns:
        found[one] = True
    return found


class Index(Mapping[int, tuple[int, ...]]):
    """From each number of one column to those beside it in another, by order and not by hash: small and quickly made.

    Example:
        >>> index = Index(np.array([7, 3, 7]), np.array([1, 2, 4]))
        >>> index[7], index.get(5), list(index)
        ((1, 4), None, [3, 7])
    """

    __slots__ = ("_keys", "_values")

    def __init__(self, keys: NDArray[np.signedinteger], values: NDArray[np.signedinteger]) -> None:
        order = np.argsort(keys, kind="stable")
        self._keys, self._values = as_array(keys[order]), as_array(values[order])

    def __getitem__(self, key: int) -> tuple[int, ...]:
        start = bisect_left(self._keys, key)
        stop = bisect_right(self._keys, key, start)
        if start == stop:
            raise KeyError(key)
        return tuple(self._values[start:stop])

    def __contains__(self, key: object) -> bool:
        if not isinstance(key, int):
            return False
        start = bisect_left(self._keys, key)
        return start < len(self._keys) and self._keys[start] == key

    def __iter__(self) -> Iterator[int]:
        return iter(distinct(column(self._keys).astype(np.int64)).tolist())

    def __len__(self) -> int:
        return len(distinct(column(self._keys).astype(np.int64)))
