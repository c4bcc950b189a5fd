"""Records: what a reader makes of its format, before a mapping says what it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

SOURCE = "source"
"""The field of a link that names where it begins; with several values here or there it holds between each two."""
TARGET = "target"
"""The field of a link that names where it ends."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that names another record.

    Attributes:
        key: the key of that record.
        type: its class, where the source says it; "" where it doesn't.
        label: what the source shows for it; "" if nothing.
    """

    key: str
    type: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A text in a language; text in none that is stated is a plain `str`."""

    text: str
    language: str


Value = str | bool | int | float | Decimal | Text | Reference
"""What a field can hold."""


@dataclass(slots=True)
class Record:
    """One thing, or one link between things, as a source records it.

    Attributes:
        type: its class, spelt as the source spells it.
        key: what tells it from all other records of the source; "" for a link that has no key of its own.
        fields: field name to its values; a field that is empty in the source has none, or isn't there.
        place: where it stands in messages, such as the name of its file.
        line: its line, or the number of its row, counted from 1; 0 where it isn't known.
        left: why the reader passes it over; "" if the mapping decides.

    Example:
        >>> Record("Component", "component:default/web", {"spec.owner": [Reference("group:default/team")]}).type
        'Component'
    """

    type: str
    key: str
    fields: Mapping[str, Sequence[Value]]
    place: str = ""
    line: int = 0
    left: str = ""
