"""Excel files (.xlsx) as tables, one a sheet.

They are read here and by no library: those there are lay a sheet out as a full rectangle, so that a file of one
kilobyte with one cell in the last corner ends the process.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from ...document import Document
from ...errors import InputError
from ..syntax.zip import is_zip, member_head
from ..table import Row, Table, checked_header, text_of
from .workbook import REPAIR, Workbook, events, open_workbook, unescaped

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""As many as Excel itself has."""
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_LAST_DAY = 2_958_466
"""The day after the last one that Excel knows, 9999-12-31."""


def is_excel(document: Document) -> bool:
    """Tell whether a document is a spreadsheet: of Excel, old or new, or in the Open Document format."""
    if document.data.startswith(_OLD):
        return True
    if not is_zip(document):
        return False
    types = member_head(document, "[Content_Types].xml", 1 << 16)
    return b"spreadsheetml" in types or b"ms-excel" in types or _is_open_document(document)


def excel_tables(document: Document) -> list[Table]:
    """Give the sheets of an Excel file; the first row with something in it is the header.

    Raises:
        InputError: if it is another spreadsheet than .xlsx, has a password or is damaged, or a column has no name.
    """
    if document.data.startswith(_OLD):
        raise InputError("this is an Excel file of before 2007 (.xls), or one with a password.",
                         source=document.name, repair="Save it in Excel as .xlsx, without a password.")  # fmt: skip
    if _is_open_document(document):
        raise InputError(
            "this is an Open Document spreadsheet (.ods).", source=document.name, repair="Save it as .xlsx or as CSV."
        )
    book = open_workbook(document)
    return [_table(book, name, part) for name, part in book.sheets.items()]


def _is_open_document(document: Document) -> bool:
    return member_head(document, "mimetype", 100).startswith(_OPEN_DOCUMENT)


def _table(book: Workbook, name: str, part: str) -> Table:
    place = f"{book.parts.document.name}, sheet {name}"
    line, header = next(_rows(book, part, place), (0, {}))
    texts = {column: text for column, cell in header.items() if (text := text_of(cell))}
    columns = checked_header(tuple(texts.values()), place, line) if texts else ()
    return Table(name, columns, partial(_cells, book, part, place, tuple(texts)), place)


def _cells(book: Workbook, part: str, place: str, columns: tuple[int, ...], _: Collection[str]) -> Iterator[Row]:
    """Give the rows below the header."""
    known = frozenset(columns)
    rows = _rows(book, part, place)
    next(rows, None)
    for line, cells in rows:
        if not cells.keys() <= known and (
            strays := [c for c, cell in cells.items() if c not in known and text_of(cell)]
        ):
            raise InputError(
                f"column {_letters(strays[0])} has a value here, and no name in the first row.",
                source=place,
                line=line,
                repair="The first row that is not empty has to name the columns: delete titles above it, "
                "and what stands beside the table.",
            )
        yield line, [cells.get(column) for column in columns]


def _rows(book: Workbook, part: str, place: str) -> Iterator[tuple[int, dict[int, Any]]]:
    """Give the rows of a sheet that are not empty: the number, and the value in each of its columns."""
    try:
        yield from _read_rows(book, book.parts.read(part))
    except (ValueError, IndexError, OverflowError) as error:
        raise InputError(f"a cell of this sheet can't be read: {error}.", source=place, repair=REPAIR) from None


def _read_rows(book: Workbook, sheet: Document) -> Iterator[tuple[int, dict[int, Any]]]:
    row = column = 0
    cells: dict[int, Any] = {}
    cell: dict[str, str] = {}
    pieces: list[str] = []
    spoken = 0
    for event, name, value in events(sheet):
        match event, name:
            case "start", "row":
                row, column, cells = _number(value.get("r"), row + 1, MOST_ROWS), 0, {}
            case "start", "c":
                column = _column(value.get("r"), column + 1)
                cell, pieces = value, []
            case "text", "v":
                pieces.append(value)
            case "start", "rPh":
                spoken += 1
            case "end", "rPh":
                spoken -= 1
            case "text", "t" if not spoken:
                pieces.append(value)
            case "end", "c":
                found = _value(book, cell, "".join(pieces))
                if found not in (None, ""):
                    cells[column] = found
            case "end", "row":
                if cells:
                    yield row, cells


def _number(text: str | None, otherwise: int, most: int) -> int:
    number = int(text) if text is not None else otherwise
    if not 1 <= number <= most:
        raise ValueError(f"there is no row {number}")
    return number


def _column(reference: str | None, otherwise: int) -> int:
    """Give the number of a cell's column."""
    column = otherwise
    if reference is not None:
        found = _REFERENCE.fullmatch(reference)
        if not found:
            raise ValueError(f"{reference!r} is no place of a cell")
        column = 0
        for letter in found[1]:
            column = column * 26 + ord(letter) - 64
    if column > MOST_COLUMNS:
        raise ValueError(f"there is no column {column}")
    return column


def _letters(column: int) -> str:
    """Give a column's name.

    Example:
        >>> _letters(1), _letters(28)
        ('A', 'AB')
    """
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _value(book: Workbook, cell: dict[str, str], text: str) -> Any:
    """Give what a cell holds; None for an empty one, and for one that holds an error such as #REF!."""
    match cell.get("t", "n"):
        case "s":
            return book.texts[int(text)] if text else None
        case "inlineStr" | "str":
            return unescaped(text)
        case "b":
            return text.strip() == "1"
        case "e":
            return None
        case "d":
            return text
        case _:
            return _shown(book, cell, float(text)) if text.strip() else None


def _shown(book: Workbook, cell: dict[str, str], number: float) -> Any:
    """Give a number, or the date or time that its style shows it as."""
    style = int(cell.get("s", "0"))
    is_date = 0 <= style < len(book.dates) and book.dates[style]
    if not is_date or not 0 <= number < _LAST_DAY:
        return number
    if book.epoch_1904:
        start = datetime(1904, 1, 1)
    else:  # Excel has a 29th of February in 1900
        start = datetime(1899, 12, 30) if number >= 61 else datetime(1899, 12, 31)
    moment = start + timedelta(seconds=round(number * 86_400))
    if number < 1:
        return moment.time()
    return moment.date() if number.is_integer() else moment
