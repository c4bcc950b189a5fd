"""Tables, whatever they come from: named columns, rows of cells, and what a cell says as text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Protocol

from ..errors import InputError, near_matches, stands_twice
from .nested import flattened

Row = tuple[int, Sequence[Any]]
"""The line or the number of a row, counted from 1, 0 where it has none; and its cells, one for each column."""


class Frame(Protocol):
    """A data frame of whatever library."""

    @property
    def columns(self) -> Any:
        """Its columns."""


class Database(Protocol):
    """An engine or a connection of SQLAlchemy's."""

    @property
    def dialect(self) -> Any:
        """What it speaks."""


Attached = Frame | Mapping[str, Frame] | Database
"""What can be loaded, by a mapping, that is neither file nor folder."""


@dataclass(frozen=True)
class Table:
    """A table whose columns are known, and whose rows are read when they are asked for.

    Attributes:
        name: its name in the source.
        columns: the names of its columns; none where there is nothing in it, not even a header.
        rows: gives the rows; only of the columns named is more wanted than whether a cell is empty.
        place: what to call it in messages.
    """

    name: str
    columns: tuple[str, ...]
    rows: Callable[[Collection[str]], Iterable[Row]]
    place: str

    @property
    def empty(self) -> bool:
        """Whether nothing is known of it, not even its columns: it has no rows then."""
        return not self.columns


@dataclass(frozen=True)
class Tables:
    """The tables of a source.

    Attributes:
        name: what to call the source in messages.
        names: the names of its tables, in order.
        open: gives one of them; raises InputError where there is none of that name.
    """

    name: str
    names: tuple[str, ...]
    open: Callable[[str], Table]


@dataclass(frozen=True)
class TableSource:
    """A source of tables that is not open yet.

    Attributes:
        name: what to call it, without any password.
        format: the name of its format.
        opened: opens it.
    """

    name: str
    format: str
    opened: Callable[[], AbstractContextManager[Tables]]


def tables_of(name: str, tables: Iterable[Table]) -> Tables:
    """Give tables that are there already as those of a source.

    Raises:
        InputError: if two of them share a name.
    """
    by_name: dict[str, Table] = {}
    for table in tables:
        if table.name in by_name:
            raise InputError(
                f"two tables are called {table.name!r} ({by_name[table.name].place} and {table.place}).",
                source=name,
                repair="Rename one of them, or load them one by one.",
            )
        by_name[table.name] = table

    def opened(wanted: str) -> Table:
        if wanted not in by_name:
            raise no_table(wanted, by_name, name)
        return by_name[wanted]

    return Tables(name, tuple(by_name), opened)


def no_table(wanted: str, known: Collection[str], source: str) -> InputError:
    """Give the error for a table that there isn't."""
    near = near_matches(wanted, known)
    shown = ", ".join(sorted(known)[:10]) + (", …" if len(known) > 10 else "")
    repair = f"Did you mean {' or '.join(near)}?" if near else f"There are: {shown}." if known else "There are none."
    return InputError(f"there is no table {wanted!r}.", source=source, repair=repair)


def has_column(columns: Collection[str], column: str) -> bool:
    """Tell whether a column is among those, or may be nested in one: `owner.name` in `owner`."""
    return column in columns or any(column.startswith(f"{name}.") for name in columns)


def checked_header(names: Sequence[str], source: str, line: int | None = None) -> tuple[str, ...]:
    """Give the names of columns.

    Raises:
        InputError: if there are none, one has no name, or two have the same.
    """
    columns = tuple(name.strip() for name in names)
    problem = ""
    if not columns:
        problem = "this table has no columns."
    elif "" in columns:
        problem = f"column {columns.index('') + 1} has no name."
    elif twice := stands_twice(columns):
        problem = f"two columns are called {twice!r}."
    if problem:
        raise InputError(
            problem, source=source, line=line, repair="The first row has to name the columns, each with its own name."
        )
    return columns


def fields_of(columns: Sequence[str], cells: Iterable[Any]) -> dict[str, list[str]]:
    """Give the cells of a row as texts by column; an empty cell is not there, what is nested has a dotted name.

    Example:
        >>> fields_of(("id", "note", "owner"), (12.0, " ", {"name": "Ann", "tags": ["a", "b"]}))
        {'id': ['12'], 'owner.name': ['Ann'], 'owner.tags': ['a', 'b']}
    """
    found: dict[str, list[str]] = {}
    for column, cell in zip(columns, cells, strict=True):
        if type(cell) is list and len(cell) == 1:
            cell = cell[0]
        if cell is None:
            continue
        if isinstance(cell, (dict, list, tuple, set, frozenset)) or hasattr(cell, "tolist"):
            for name, values in flattened({column: _plain(cell)}, {}).items():
                if texts := [text for text in map(text_of, values) if text]:
                    found[name] = texts
        elif text := text_of(cell):
            found[column] = [text]
    return found


def _plain(value: Any) -> Any:
    """Give arrays and tuples as lists, at any depth."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(map(text_of, value))
    return value


def text_of(cell: Any) -> str:
    r"""Give what a cell says, the same text for the same value wherever it comes from; "" if it is empty.

    A number has no needless point, a date and a time are in ISO 8601, bytes are hexadecimal; not-a-number is empty.

    Example:
        >>> [text_of(cell) for cell in (12.0, 0.1, True, float("nan"), date(2024, 5, 1), b"\x0a", " a ")]
        ['12', '0.1', 'true', '', '2024-05-01', '0a', 'a']
    """
    match cell:
        case str():
            return cell.strip()
        case bool():
            return "true" if cell else "false"
        case int():
            return str(cell)
        case float():
            return _float(cell)
        case Decimal():
            return format(cell, "f") if cell.is_finite() else ""
        case None:
            return ""
        case _:
            return _other(cell)


def _float(cell: float) -> str:
    if cell != cell or cell in (float("inf"), float("-inf")):
        return ""
    return str(int(cell)) if cell.is_integer() else format(Decimal(repr(cell)), "f")


def _other(cell: Any) -> str:
    if type(cell).__name__ in ("NaTType", "NAType"):  # what pandas has for missing values
        return ""
    if isinstance(cell, (date, datetime, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return f"PT{_float(cell.total_seconds())}S"
    if isinstance(cell, (bytes, bytearray, memoryview)):
        return bytes(cell).hex()
    if hasattr(cell, "item"):  # numbers of NumPy
        return text_of(cell.item())
    return str(cell).strip()
