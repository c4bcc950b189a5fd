"""What every answer can be turned into: records, a pandas table, and a table in a notebook."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from ..tables import pandas_module

if TYPE_CHECKING:
    import pandas


class Tabular(ABC):
    """An answer that consists of rows."""

    columns: tuple[str, ...]
    """The names of the columns, in order."""

    @abstractmethod
    def to_records(self) -> list[dict[str, Any]]:
        """Give one mapping a row, from column to value."""

    def to_pandas(self) -> pandas.DataFrame:
        """Give the rows as a table.

        Raises:
            EngineError: if pandas is not installed.
        """
        table: pandas.DataFrame = pandas_module().DataFrame(self.to_records(), columns=list(self.columns))
        return table

    def _repr_html_(self) -> str:
        head = "".join(f"<th style='text-align:left'>{escape(name)}</th>" for name in self.columns)
        rows = "".join(
            f"<tr>{''.join(f'<td style={_LEFT}>{escape(_text(row[name]))}</td>' for name in self.columns)}</tr>"
            for row in self.to_records()
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


_LEFT = "'text-align:left'"


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def aligned(head: Sequence[str], rows: Sequence[Sequence[object]], indent: str = "") -> str:
    """Give rows as text, in columns; numbers to the right.

    Example:
        >>> print(aligned(("name", "met"), [("crm", 3), ("mail", 12)]))
        name  met
        crm     3
        mail   12
    """
    texts = [[_text(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(head, *texts, strict=True)]
    right = [all(isinstance(row[at], int) for row in rows) for at in range(len(head))] if rows else [False] * len(head)
    lines = [
        indent
        + "  ".join(
            cell.rjust(width) if to_the_right else cell.ljust(width)
            for cell, width, to_the_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in (list(head), *texts)
    ]
    return "\n".join(lines)


def counted(number: int, what: str, several: str = "") -> str:
    """Give a number with its noun.

    Example:
        >>> counted(1, "element"), counted(2, "element")
        ('1 element', '2 elements')
    """
    return f"{number} {what if number == 1 else several or what + 's'}"
