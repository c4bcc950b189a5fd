"""Files as tables: CSV, JSON, JSON Lines, Parquet and Excel, told apart by what is in them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from pathlib import PurePath
from typing import Any

from ...document import Document
from ...errors import InputError
from ..nested import flattened
from ..syntax.csv import CsvTable, read_csv
from ..syntax.head import HEAD, head
from ..syntax.json import read_json, read_json_items, read_json_lines
from ..table import Row, Table, checked_header
from .excel import excel_tables, is_excel
from .parquet import is_parquet, parquet_table

_SEPARATORS = ",;\t|"
_NAMED = (".csv", ".tsv", ".tab")


def is_table(document: Document) -> bool:
    """Tell whether a document is a table or several: an Excel or Parquet file, JSON, JSON Lines or CSV."""
    return _kind_of(document) is not None


def file_tables(document: Document) -> Iterator[Table]:
    """Give the tables of a file; one that holds a single table is called as the file is, without its ending.

    Raises:
        InputError: if it is no table, or not well-formed.
    """
    kind = _kind_of(document)
    if kind is None:
        raise InputError(
            "this is no table.",
            source=document.name,
            repair="Expected CSV with a header, JSON, JSON Lines, Parquet or Excel (.xlsx).",
        )
    yield from kind(document)


def name_of(document: Document) -> str:
    """Give the name of a file without folders and endings.

    Example:
        >>> name_of(Document("exports/servers.csv.gz", b""))
        'servers'
    """
    name = PurePath(document.name.replace("\\", "/")).name
    for ending in (".gz", *PurePath(name.removesuffix(".gz")).suffixes[-1:]):
        name = name.removesuffix(ending)
    return name or document.name


def _kind_of(document: Document) -> Callable[[Document], Iterable[Table]] | None:
    if is_parquet(document):
        return lambda one: [parquet_table(one, name_of(one))]
    if is_excel(document):
        return excel_tables
    start = head(document)
    if start.startswith(("[", "{")):
        return _json_lines if _is_lines(start) else _json_tables
    return (lambda one: [_csv_table(one)]) if _is_csv(document, start) else None


# --------------------------------------------------------------------------------------------------------------------
# CSV


def _is_csv(document: Document, start: str) -> bool:
    """Tell whether the first lines look like a header and rows of as many cells."""
    if start.startswith(("<", "%", "---", "@", "#", "PREFIX", "\x00")) or "\x00" in start:
        return False
    lines = [line for line in start.splitlines()[:21] if line.strip()]
    whole = lines[:-1] if len(start.encode("utf-8", "replace")) >= HEAD else lines[:20]
    if document.name.removesuffix(".gz").lower().endswith(_NAMED):
        return bool(lines)
    if len(whole) < 2:
        return False
    counts = {one: [line.count(one) for line in whole] for one in _SEPARATORS if one in whole[0]}
    return any(len(set(found)) == 1 or ('"' in start and min(found) >= 1) for found in counts.values())


def _csv_table(document: Document) -> Table:
    table = read_csv(document)
    return Table(name_of(document), table.columns, partial(_csv_rows, table), document.name)


def _csv_rows(table: CsvTable, _: Collection[str]) -> Iterable[Row]:
    return table.rows()


# --------------------------------------------------------------------------------------------------------------------
# JSON


def _is_lines(start: str) -> bool:
    """Tell whether each line is an object of its own."""
    lines = [line.strip() for line in start.splitlines()[:2]]
    return lines[0].startswith("{") and lines[0].endswith("}") and len(lines) > 1 and lines[1].startswith("{")


def _json_lines(document: Document) -> list[Table]:
    return [_json_table(name_of(document), document.name, lambda: read_json_lines(document))]


def _json_tables(document: Document) -> list[Table]:
    """Give a list as one table, and an object as one table for each list of objects in it."""
    if head(document, 64).startswith("["):
        return [_json_table(name_of(document), document.name, lambda: read_json_items(document))]
    whole = read_json(document)
    lists = {key: value for key, value in whole.items() if _is_records(value)}
    if not lists:
        return [_json_table(name_of(document), document.name, lambda: iter([(0, whole)]))]
    return [_json_table(key, f"{document.name}, {key}", partial(enumerate, items, 1)) for key, items in lists.items()]


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _json_table(name: str, place: str, items: Callable[[], Iterator[tuple[int, Any]]]) -> Table:
    """Make a table of objects; its columns are all the keys that any of them has."""
    columns: dict[str, None] = {}
    for line, item in items():
        columns.update(dict.fromkeys(_paths(_record(item, place, line))))

    def rows(_: Collection[str]) -> Iterator[Row]:
        for line, item in items():
            found = flattened(_record(item, place, line), {})
            yield line, [found.get(column) for column in columns]

    return Table(name, checked_header(tuple(columns), place) if columns else (), rows, place)


def _paths(record: Mapping[str, Any]) -> Iterator[str]:
    """Give the names under which a record can have values, those that are null or empty in it too."""
    todo: list[tuple[str, Any]] = list(record.items())[::-1]
    while todo:
        path, value = todo.pop()
        if isinstance(value, dict) and value:
            todo += [(f"{path}.{key}", item) for key, item in reversed(value.items())]
        elif isinstance(value, list) and value:
            todo += [(path, item) for item in reversed(value)]
        else:
            yield path


def _record(item: Any, place: str, line: int) -> Mapping[str, Any]:
    if isinstance(item, dict):
        return item
    raise InputError(
        "this is no record.",
        source=place,
        line=line or None,
        repair='Expected objects with named values, such as {"id": 1, "name": "Mail"}.',
    )
