"""What stands in the columns of tables: how many values, which are identifiers, and which name rows of a table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..table import Table, Tables, fields_of

MOST_ROWS = 100_000
"""So many rows of a table are looked at."""
MOST_KINDS = 30
"""A column with more values than this is not taken to sort things."""

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SEPARATORS = ("", ",", ";", "|", "\n")
IDENTIFIERS = frozenset(("id", "key", "uuid", "guid", "code", "nr", "no", "number", "nummer", "identifier"))
LABELS = frozenset(("name", "label", "title", "naam", "titel", "bezeichnung", "nom", "titre"))
SORTS = frozenset(("type", "class", "kind", "category", "typ", "art", "soort", "klasse", "categorie", "kategorie"))


@dataclass
class Column:
    """A column, as far as its rows were looked at.

    Attributes:
        name: its name.
        filled: in how many rows it has a value.
        counts: each value, and how often it stands there.
    """

    name: str
    filled: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def words(self) -> frozenset[str]:
        """The words in its name."""
        return frozenset(word.lower() for word in _WORDS.findall(self.name))

    @property
    def sorts(self) -> bool:
        """Whether few values stand in many rows."""
        return self.few and len(self.counts) * 2 <= self.filled

    @property
    def few(self) -> bool:
        """Whether it has few values."""
        return 1 <= len(self.counts) <= MOST_KINDS


@dataclass(frozen=True)
class Profile:
    """What stands in a table.

    Attributes:
        name: its name.
        rows: how many rows were looked at.
        columns: its columns that have values.
        empty: the names of the others.
        whole: whether all rows were looked at.
    """

    name: str
    rows: int
    columns: tuple[Column, ...]
    empty: tuple[str, ...]
    whole: bool

    @property
    def keys(self) -> tuple[Column, ...]:
        """The columns that tell each row from the others, those first whose names say so."""
        unique = [one for one in self.columns if one.filled == self.rows == len(one.counts) == one.counts.total()]
        return tuple(sorted(unique, key=lambda one: not one.words & IDENTIFIERS))

    def named(self, words: Iterable[str]) -> Column | None:
        """Give the first column in whose name one of these words is."""
        return next((one for one in self.columns if not one.words.isdisjoint(words)), None)


def profiles(tables: Tables) -> tuple[Profile, ...]:
    """Look at the first rows of all tables.

    Raises:
        InputError: if a table can't be read.
    """
    return tuple(_profile(tables.open(name)) for name in tables.names)


def _profile(table: Table) -> Profile:
    columns = {name: Column(name) for name in table.columns}
    rows = 0
    for _, row in table.rows(table.columns):
        if rows >= MOST_ROWS:
            return _told(table.name, rows, columns, whole=False)
        rows += 1
        for name, texts in fields_of(table.columns, row).items():
            column = columns.setdefault(name, Column(name))
            column.filled += 1
            column.counts.update(texts)
    return _told(table.name, rows, columns, whole=True)


def _told(name: str, rows: int, columns: Mapping[str, Column], *, whole: bool) -> Profile:
    filled = tuple(column for column in columns.values() if column.filled)
    nested = tuple(f"{column.name.rpartition('.')[0]}" for column in filled)
    empty = tuple(column.name for column in columns.values() if not column.filled and column.name not in nested)
    return Profile(name, rows, filled, empty, whole)


@dataclass(frozen=True)
class Naming:
    """That the values of a column name rows of a table.

    Attributes:
        table: the table.
        split: what separates several keys in one value; "" if each value is one.
    """

    table: str
    split: str


def namings(column: Column, mine: Profile, all_: Sequence[Profile]) -> tuple[Naming, ...]:
    """Give the tables whose rows the values of a column name, nearly all of them; first those that it is called after.

    Args:
        column: the column.
        mine: its table.
        all_: the tables.
    """
    found = [
        Naming(other.name, split)
        for other in all_
        if other.keys and not (other is mine and column is other.keys[0])
        for split in _SEPARATORS
        if _names_rows(column, split, other.keys[0])
    ]
    first = {naming.table: naming for naming in reversed(found)}
    named = [naming for naming in found if first[naming.table] is naming]
    return tuple(sorted(named, key=lambda one: not any(one.table.lower().startswith(word) for word in column.words)))


def _names_rows(column: Column, split: str, key: Column) -> bool:
    if split and not any(split in value for value in column.counts):
        return False
    parts = {part.strip() for value in column.counts for part in (value.split(split) if split else [value])} - {""}
    return bool(parts) and sum(1 for part in parts if part in key.counts) * 10 >= len(parts) * 9
