"""CSV, strictly: every row as wide as the header, every column named once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from ...document import Document
from ...errors import InputError, stands_twice

_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class CsvTable:
    """A CSV file whose header has been read.

    Attributes:
        document: the file.
        columns: the names of its columns.
        delimiter: what stands between them.
    """

    document: Document
    columns: tuple[str, ...]
    delimiter: str

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Give the rows.

        Yields:
            The line that a row ends on, counted from 1, and its cells, as many as there are columns.

        Raises:
            InputError: with the line, at a row of another width, an unclosed quote, or a cell that is too large.
        """
        reader = _reader(self.document, self.delimiter)
        try:
            next(reader)
            for row in reader:
                if not row:
                    continue
                if len(row) != len(self.columns):
                    raise InputError(
                        f"this row has {len(row)} cells, and the header names {len(self.columns)} columns.",
                        source=self.document.name,
                        line=reader.line_num,
                        repair="Look for a quote that is not closed, or a separator inside a cell without quotes.",
                    )
                yield reader.line_num, row
        except csv.Error as error:
            raise _bad(self.document, reader.line_num, error) from None


def read_csv(document: Document) -> CsvTable:
    r"""Read the header of a CSV file; the separator is the one of comma, semicolon, tab and bar that it has most of.

    Raises:
        InputError: if a column has no name, or two have the same.

    Example:
        >>> table = read_csv(Document("d", b"id;name\n1;Mail\n"))
        >>> table.columns, list(table.rows())
        (('id', 'name'), [(2, ['1', 'Mail'])])
    """
    first = document.text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = _reader(document, delimiter)
    try:
        header = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        raise _bad(document, 1, error) from None
    if not header:
        raise InputError(
            "this has no header.", source=document.name, line=1, repair="Name the columns in the first line."
        )
    twice = stands_twice(header)
    if "" in header or twice:
        problem = f"two columns are called {twice!r}." if twice else "a column of the header has no name."
        raise InputError(problem, source=document.name, line=1, repair="Give each column a name of its own.")
    return CsvTable(document, tuple(header), delimiter)


def _reader(document: Document, delimiter: str) -> csv._reader:  # type: ignore[name-defined]
    return csv.reader(io.StringIO(document.text, newline=""), delimiter=delimiter, strict=True)


def _bad(document: Document, line: int, error: csv.Error) -> InputError:
    repair = "Look for a quote that is not closed."
    return InputError(f"this is not CSV ({error}).", source=document.name, line=line, repair=repair)
