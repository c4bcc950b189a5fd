"""How the command line writes: the screen, lists as tables, CSV, Markdown or JSON, and what is safe in each."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import sys
import textwrap
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..matrix import Paint, plain
from ..report import coloured

PIPED_WIDTH = 100
"""So wide is text that goes to no terminal."""
_NARROWEST = 50
_SECONDS_BETWEEN_LINES = 0.2
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]")
_COLOUR = re.compile("(\x1b\\[[0-9;]*m)")


@dataclass(frozen=True)
class Screen:
    """Where text goes.

    Attributes:
        width: how many characters a line may have.
        colour: whether outcomes are coloured.
        ascii: whether only ASCII can be written.
    """

    width: int = PIPED_WIDTH
    colour: bool = False
    ascii: bool = False

    @staticmethod
    def of_stdout(colour: str = "auto") -> Screen:
        """Give the screen behind standard output.

        Args:
            colour: `always`, `never`, or `auto`: on a terminal, unless NO_COLOR is set.
        """
        terminal = sys.stdout is not None and sys.stdout.isatty()
        width = shutil.get_terminal_size((PIPED_WIDTH, 24)).columns if terminal else PIPED_WIDTH
        wanted = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        encoding = (getattr(sys.stdout, "encoding", "") or "utf-8").lower().replace("-", "")
        return Screen(max(width, _NARROWEST), wanted if colour == "auto" else colour == "always", encoding != "utf8")

    @property
    def paint(self) -> Paint:
        """Colours a text for an outcome, or leaves it as it is."""
        return coloured if self.colour else plain

    def clean(self, text: str) -> str:
        r"""Take out what would make a terminal do things; this program's own colours stay.

        Example:
            >>> Screen().clean("CRM\x1b[2J")
            'CRM\ufffd[2J'
        """
        if not self.colour:
            return _CONTROL.sub("\ufffd", text)
        parts = _COLOUR.split(text)
        return "".join(part if odd % 2 else _CONTROL.sub("\ufffd", part) for odd, part in enumerate(parts))

    def json(self, value: Any, indent: int | None = 2) -> str:
        """Write a value as JSON."""
        return json.dumps(value, indent=indent, ensure_ascii=self.ascii)


@dataclass(frozen=True)
class Listing:
    """Things of one sort, to be written as a table.

    Attributes:
        columns: what a table shows of each.
        rows: what is known of each.
        notes: what to say below a table.
    """

    columns: tuple[str, ...]
    rows: Sequence[Mapping[str, Any]] = field(repr=False)
    notes: tuple[str, ...] = ()


class Progress:
    """A line on standard error that says how far a long work is; nothing where that is no terminal."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._stream = sys.stderr if sys.stderr is not None and sys.stderr.isatty() else None
        self._said = 0.0

    def __enter__(self) -> Progress:
        return self

    def __call__(self, done: int, total: int) -> None:
        """Say how many are done."""
        if self._stream and (time.monotonic() - self._said > _SECONDS_BETWEEN_LINES or done == total):
            self._said = time.monotonic()
            self._stream.write(f"\r{done} of {total} {self._what}")
            self._stream.flush()

    def tell(self, text: str) -> None:
        """Say how far it is where nobody knows how much there is."""
        if self._stream and time.monotonic() - self._said > _SECONDS_BETWEEN_LINES:
            self._said = time.monotonic()
            self._stream.write(f"\r\x1b[K{text}")
            self._stream.flush()

    def __exit__(self, *_: object) -> None:
        if self._stream and self._said:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def one_line(text: str) -> str:
    """Put a text on one line."""
    return " ".join(text.split())


def wrapped(text: str, width: int, indent: str = "", hanging: str | None = None) -> str:
    """Break a text into lines, the later ones indented by `hanging` (by default like the first)."""
    later = indent if hanging is None else hanging
    return textwrap.fill(
        one_line(text),
        width,
        initial_indent=indent,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )


def cell(value: Any) -> str:
    """Write a value as the text of a cell."""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(cell, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def safe_cell(text: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula.

    Example:
        >>> safe_cell("=1+1")
        "'=1+1"
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_line(cells: Iterable[str]) -> str:
    """Write cells as one line of CSV."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow([safe_cell(text) for text in cells])  # so that both are quoted
    return buffer.getvalue().removesuffix("\r\n") + "\n"


def markdown_cell(text: str) -> str:
    r"""Write a text so that Markdown shows it as it is, on one line.

    Example:
        >>> markdown_cell("a|b <i>")
        'a\\|b &lt;i&gt;'
    """
    escaped = re.sub(r"([\\`*_\[\]|~#])", r"\\\1", _CONTROL.sub("\ufffd", one_line(text)))
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def markdown_row(cells: Iterable[str]) -> str:
    """Write cells that are Markdown already as one row of a table."""
    return f"| {' | '.join(cells)} |"


def _table(listing: Listing, screen: Screen) -> str:
    rows = [[one_line(cell(row[name])) for name in listing.columns] for row in listing.rows]
    heads = [name.replace("_", " ") for name in listing.columns]
    widths = [max(len(row[position]) for row in (heads, *rows)) for position in range(len(heads))]
    start = sum(widths[:-1]) + 2 * (len(widths) - 1)
    lines = [_row(heads, widths, start, screen.width)] if rows else ["None."]
    lines += [_row(row, widths, start, screen.width) for row in rows]
    if listing.notes:
        lines += ["", *(wrapped(note, screen.width) for note in listing.notes)]
    return screen.clean("\n".join(lines)) + "\n"


def _row(row: Sequence[str], widths: Sequence[int], start: int, width: int) -> str:
    """Write one row; its last cell goes on below itself where it is long."""
    head = "".join(f"{text:<{size + 2}}" for text, size in zip(row[:-1], widths[:-1], strict=True))
    last = textwrap.wrap(row[-1], max(width - start, 24), break_on_hyphens=False, break_long_words=False) or [""]
    return "\n".join([(head + last[0]).rstrip(), *(" " * start + line for line in last[1:])])


def _json(listing: Listing, screen: Screen) -> str:
    return screen.json(listing.rows) + "\n"


def _csv(listing: Listing, _: Screen) -> str:
    names = list(listing.rows[0]) if listing.rows else list(listing.columns)
    return csv_line(names) + "".join(csv_line(cell(row[name]) for name in names) for row in listing.rows)


def _markdown(listing: Listing, _: Screen) -> str:
    lines = [
        markdown_row(name.replace("_", " ") for name in listing.columns),
        markdown_row("---" for _ in listing.columns),
    ]
    lines += [markdown_row(markdown_cell(cell(row[name])) for name in listing.columns) for row in listing.rows]
    lines += [f"\n{markdown_cell(note)}" for note in listing.notes]
    return "\n".join(lines) + "\n"


LISTING_FORMATS: Mapping[str, Callable[[Listing, Screen], str]] = {
    "table": _table,
    "json": _json,
    "csv": _csv,
    "markdown": _markdown,
}
"""The ways to write a listing."""
