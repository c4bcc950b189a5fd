"""Pairs of nodes in two columns of whole numbers: what a relation holds, small enough for millions."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import overload


class Pairs(Sequence[tuple[int, int]]):
    """Pairs of nodes, as a sequence of tuples over two columns; don't change the columns.

    Attributes:
        subjects: the first of each pair.
        objects: the second of each pair.

    Example:
        >>> pairs = Pairs.of([(0, 1), (0, 2)])
        >>> list(pairs), len(pairs), list(pairs.objects)
        ([(0, 1), (0, 2)], 2, [1, 2])
    """

    __slots__ = ("_backwards", "_forwards", "objects", "subjects")

    def __init__(self, subjects: array[int], objects: array[int]) -> None:
        self.subjects = subjects
        self.objects = objects
        self._forwards: Mapping[int, tuple[int, ...]] | None = None
        self._backwards: Mapping[int, tuple[int, ...]] | None = None

    @staticmethod
    def of(pairs: Iterable[tuple[int, int]]) -> Pairs:
        """Put pairs into columns."""
        if isinstance(pairs, Pairs):
            return pairs
        subjects, objects = array("i"), array("i")
        for subject, object_ in pairs:
            subjects.append(subject)
            objects.append(object_)
        return Pairs(subjects, objects)

    def __len__(self) -> int:
        return len(self.subjects)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self.subjects, self.objects, strict=True)

    @overload
    def __getitem__(self, index: int) -> tuple[int, int]: ...
    @overload
    def __getitem__(self, index: slice) -> Pairs: ...
    def __getitem__(self, index: int | slice) -> tuple[int, int] | Pairs:
        if isinstance(index, slice):
            return Pairs(self.subjects[index], self.objects[index])
        return self.subjects[index], self.objects[index]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Pairs):
            return self.subjects == other.subjects and self.objects == other.objects
        return isinstance(other, tuple) and tuple(self) == other

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"Pairs({len(self)})"

    @property
    def forwards(self) -> Mapping[int, tuple[int, ...]]:
        """From each first to its seconds; made when it is first asked for."""
        if self._forwards is None:
            self._forwards = _index(self.subjects, self.objects)
        return self._forwards

    @property
    def backwards(self) -> Mapping[int, tuple[int, ...]]:
        """From each second to its firsts; made when it is first asked for."""
        if self._backwards is None:
            self._backwards = _index(self.objects, self.subjects)
        return self._backwards

    def and_more(self, more: Iterable[tuple[int, int]]) -> Pairs:
        """Give these pairs with others after them."""
        added = Pairs.of(more)
        return Pairs(self.subjects + added.subjects, self.objects + added.objects)


_FEW = 10_000
"""So many pairs are indexed by hash; more by order, which numpy does."""


def _index(keys: array[int], values: array[int]) -> Mapping[int, tuple[int, ...]]:
    if len(keys) > _FEW:
        from .arrays import Index, column

        return Index(column(keys), column(values))
    found: dict[int, dict[int, None]] = {}
    for key, value in zip(keys, values, strict=True):
        found.setdefault(key, {})[value] = None
    return {key: tuple(beside) for key, beside in found.items()}


def together(several: Iterable[Pairs]) -> Pairs:
    """Give the pairs of several relations, each once.

    Example:
        >>> list(together([Pairs.of([(1, 2)]), Pairs.of([(1, 2), (3, 4)])]))
        [(1, 2), (3, 4)]
    """
    filled = [pairs for pairs in several if pairs]
    return filled[0] if len(filled) == 1 else Pairs.of(dict.fromkeys(chain.from_iterable(filled)))


class PairsBuilder:
    """Collects the pairs of a relation, each with the number of the sources that say it.

    Pairs come one by one, or as columns that have none of them twice.
    """

    __slots__ = ("_columns", "_numbers")

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._columns: tuple[Pairs, int] | None = None

    def number(self, subject: int, object_: int, number: int) -> int:
        """Add a pair, unless it is there; give the number that it has."""
        if self._columns is not None:
            self._one_by_one()
        return self._numbers.setdefault(subject << 32 | object_, number)

    def renumber(self, subject: int, object_: int, number: int) -> None:
        """Give a pair that is there another number."""
        self._numbers[subject << 32 | object_] = number

    def extend(self, pairs: Pairs, number: int) -> bool:
        """Add columns, none of whose pairs is in them twice; tell whether there was nothing before."""
        if self._numbers or self._columns is not None:
            return False
        self._columns = pairs, number
        return True

    def _one_by_one(self) -> None:
        pairs, number = self._columns or (Pairs.of(()), 0)
        self._columns = None
        for subject, object_ in pairs:
            self._numbers[subject << 32 | object_] = number

    def __iter__(self) -> Iterator[tuple[int, int]]:
        if self._columns is not None:
            return iter(self._columns[0])
        return ((key >> 32, key & _LOW) for key in self._numbers)

    def columns(self) -> tuple[Pairs, array[int]]:
        """Give the pairs, and their numbers in a column beside them."""
        if self._columns is not None:
            pairs, number = self._columns
            return pairs, array("i", [number]) * len(pairs)
        keys = self._numbers
        pairs = Pairs(array("i", [key >> 32 for key in keys]), array("i", [key & _LOW for key in keys]))
        return pairs, array("i", keys.values())


_LOW = 0xFFFFFFFF
