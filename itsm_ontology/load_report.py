"""What a load read, used and left, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Left:
    """Something that a source has and the model does not use.

    Attributes:
        what: the class, field or relation in question.
        reason: why it was left.
        count: how many of them.
    """

    what: str
    reason: str
    count: int


@dataclass(frozen=True)
class FieldCount:
    """What became of the values of a field.

    Attributes:
        type: the class of the records.
        field: the field.
        read: how many values there were.
        used: how many of them became facts.
        left: reason to the number of values that were left for it.
    """

    type: str
    field: str
    read: int
    used: int
    left: Mapping[str, int]


@dataclass(frozen=True)
class Report:
    """What a load read, used and left: what is used and what is left add up to what was read.

    Attributes:
        source: the name of the source.
        format: the format it was read as.
        read: how many records, relations or triples there were, by class.
        used: how many of them became facts, by class.
        left: what was left, and why.
        notes: anything else that whoever loads the source should know.
        fields: what became of the values in the records, by class and field.

    Example:
        >>> from itsm_ontology import Model
        >>> print(Model.from_records([{"id": "a", "kind": "Server"}]).report)
        records (records): 1 read, 1 used, 0 left
    """

    source: str
    format: str
    read: Mapping[str, int]
    used: Mapping[str, int]
    left: tuple[Left, ...] = ()
    notes: tuple[str, ...] = ()
    fields: tuple[FieldCount, ...] = ()

    @property
    def summary(self) -> str:
        """One line: how much was read, used and left."""
        left = sum(item.count for item in self.left)
        read, used = sum(self.read.values()), sum(self.used.values())
        values, stated = (sum(getattr(count, name) for count in self.fields) for name in ("read", "used"))
        fields = f"; {values} values of fields, {stated} used, {values - stated} left" if self.fields else ""
        return f"{self.source} ({self.format}): {read} read, {used} used, {left} left{fields}"

    def __str__(self) -> str:
        lines = [self.summary]
        lines += [f"  left {item.count} x {item.what}: {item.reason}" for item in self.left]
        together: dict[tuple[str, str], list[str]] = {}
        for count in self.fields:
            for reason, number in count.left.items():
                together.setdefault((count.type, reason), []).append(f"{count.field} ({number})")
        lines += [f"  left of {type_}: {', '.join(fields)}: {reason}" for (type_, reason), fields in together.items()]
        lines += [f"  {note}" for note in self.notes]
        return "\n".join(lines)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one mapping for each class, and one for each of its fields.

        Returns:
            Mappings with `class`, `field` ("" for the records themselves), `read`, `used`, `left` (numbers of records,
            or of values) and `why`, the reasons for what was left.
        """
        why: dict[str, dict[str, int]] = {}
        for item in self.left:
            why.setdefault(item.what, {})[item.reason] = item.count
        rows = [(name, "", read, self.used.get(name, 0), why.get(name, {})) for name, read in self.read.items()]
        rows += [(count.type, count.field, count.read, count.used, dict(count.left)) for count in self.fields]
        return [
            {"class": type_, "field": field, "read": read, "used": used, "left": read - used, "why": list(left)}
            for type_, field, read, used, left in sorted(rows, key=lambda row: row[:2])
        ]
