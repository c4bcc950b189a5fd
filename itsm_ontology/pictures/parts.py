"""What a picture is made of, and the text that may stand in it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ..errors import InputError

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class Box:
    """A box: a title with lines beneath it.

    Attributes:
        key: what arrows call it; not shown.
        lines: the text; the first line is the title.
        emphasis: whether it is the one in question: drawn with a thick border and a bold title.
        tint: the colour of its ground such as `#f3c9c0`, light enough for black text; white if empty.

    Raises:
        InputError: if the tint is no such colour.

    Example:
        >>> Box("crm", ("CRM", "software"), emphasis=True).lines[0]
        'CRM'
    """

    key: str
    lines: tuple[str, ...]
    emphasis: bool = False
    tint: str = ""

    def __post_init__(self) -> None:
        if self.tint and not _COLOUR.fullmatch(self.tint):
            raise InputError(f"The tint {self.tint!r} is not a colour.", record=self.key, repair="Write it as #f3c9c0.")


@dataclass(frozen=True)
class Arrow:
    """An arrow from one box to another one, or to the same.

    Attributes:
        source: the key of the box where it begins.
        target: the key of the box that it points to.
        label: what it says.
        dashed: whether its line is broken: what is open, not shown.

    Example:
        >>> Arrow("crm", "disk", "has part").dashed
        False
    """

    source: str
    target: str
    label: str = ""
    dashed: bool = False


@dataclass(frozen=True)
class Strand:
    """All arrows of one kind of line from one box to another one, drawn as one.

    Attributes:
        source: the number of the box where it begins.
        target: the number of the box that it points to.
        labels: what the arrows say, each once.
        dashed: whether its line is broken.
    """

    source: int
    target: int
    labels: tuple[str, ...]
    dashed: bool


def clean(text: str) -> str:
    r"""Make text fit for one line: every run of white space becomes a space, control characters go.

    Example:
        >>> clean("two\n lines\x00")
        'two lines'
    """
    line = " ".join(text.split())
    return "".join(
        sign for sign in line if unicodedata.category(sign) not in ("Cc", "Cs") and sign not in "\ufffe\uffff"
    )
