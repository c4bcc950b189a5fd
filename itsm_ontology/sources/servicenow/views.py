"""One record in several files: a table's export holds the records of the tables that extend it, with fewer fields."""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import InputError
from ..mapping import SourceMapping
from ..record import Record, Value


def merged(views: Sequence[Record], mapping: SourceMapping) -> Record:
    """Put together what several files have of one record.

    Args:
        views: the record as each of them has it.
        mapping: tells which fields matter, and which class is a special kind of which.

    Raises:
        InputError: if they have it in different classes, or with different values in a field that is used.
    """
    first = views[0]
    type_, fields = first.type, dict(first.fields)
    for number, view in enumerate(views[1:], start=1):
        if any(view.place == other.place for other in views[:number]):
            raise _error(view, first, "it stands in one file twice")
        type_ = _narrower(type_, view, first, mapping)
        for field, values in view.fields.items():
            if field not in fields:
                fields[field] = values
            elif _plain(values) != _plain(fields[field]) and _matters(mapping, type_, field):
                raise _error(view, first, f"there its field {field} has another value")
    return Record(type_, first.key, fields, first.place, first.line)


def _narrower(type_: str, view: Record, first: Record, mapping: SourceMapping) -> str:
    if type_ in mapping.lineage(view.type):
        return view.type
    if view.type in mapping.lineage(type_):
        return type_
    raise _error(view, first, f"there it is of the class {type_}")


def _matters(mapping: SourceMapping, type_: str, field: str) -> bool:
    rule = mapping.field_of(type_, field)
    return rule is not None and not rule.left


def _plain(values: Sequence[Value]) -> list[object]:
    """Give what values are compared by: references by what they name."""
    return [getattr(value, "key", value) for value in values]


def _error(view: Record, first: Record, problem: str) -> InputError:
    return InputError(
        f"this record stands in {first.place}, line {first.line}, too, and {problem}.",
        source=view.place,
        line=view.line,
        record=f"{view.type} {view.key}",
        repair="Export both at one time and with one setting for display values, or take one of them out.",
    )
