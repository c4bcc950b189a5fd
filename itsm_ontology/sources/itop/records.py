"""From objects to records: what is recorded twice is put together, and keys are followed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePath

from ...errors import InputError
from ...facts_builder import FactsBuilder
from ..mapping import End, Join, SourceMapping
from ..record import SOURCE, TARGET, Record, Reference, Value
from .objects import Object

TWICE = "the same object stands in the files more than once; it is read as one"
_NO_KEY = frozenset({"", "0"})
_QUERY = "SELECT "
_SHOWN_NAME = "friendlyname"


class Objects:
    """The objects of all documents of a load."""

    def __init__(self, mapping: SourceMapping, builder: FactsBuilder) -> None:
        self.mapping = mapping
        self.builder = builder
        self.numbered: dict[tuple[str, str], Object] = {}
        self.listed: list[Object] = []
        self.index: dict[tuple[str, str], list[Object]] = defaultdict(list)

    def add(self, one: Object) -> None:
        """Take an object; where it was there already, put the two together.

        Raises:
            InputError: if they contradict each other.
        """
        one.type = self.mapping.named(one.type)
        if not one.id:
            self.listed.append(one)
            return
        first = self.numbered.setdefault((one.type, one.id), one)
        if first is one:
            for type_ in self.mapping.lineage(one.type):
                self.index[type_, one.id].append(one)
        elif _is_link(one) and first.fields != one.fields:  # nothing points to links: their numbers may be anything
            self.listed.append(one)
        else:
            self._twice(one)
            for name, values in one.fields.items():
                if first.fields.setdefault(name, values) != values:
                    raise _contradiction(first, one, name)
            first.hints.update({name: hint for name, hint in one.hints.items() if any(hint)})

    def _twice(self, one: Object) -> None:
        self.builder.read(one.type)
        self.builder.left(one.type, TWICE)

    def records(self) -> Iterator[Record]:
        """Give a record for each object.

        Raises:
            InputError: if a key points to several objects.
        """
        everything = [*self.numbered.values(), *self._links_in_lists()]
        for name, rule in self.mapping.tables.items():
            for join in rule.joins:
                self._join(everything, name, join)
        for one in everything:
            yield self._record(one)

    def _links_in_lists(self) -> Iterator[Object]:
        """Give the links that only lists hold, each once: both its ends may list it, or it may stand by itself."""
        seen = {self._ends(one) for one in self.numbered.values() if _is_link(one)}
        for one in self.listed:
            ends = self._ends(one)
            if ends in seen:
                self._twice(one)
            else:
                seen.add(ends)
                one.id = ",".join(f"{name}={value}" for name, value in sorted(ends[1]))
                yield one

    def _ends(self, one: Object) -> tuple[str, frozenset[tuple[str, str]]]:
        rule = self.mapping.tables.get(one.type)
        columns = {column for end in (rule.source, rule.target) if end for column in end.columns} if rule else set()
        return one.type, frozenset(
            (name, values[0])
            for name, values in one.fields.items()
            if (name in columns or self._to(one, name)) and values[0] not in _NO_KEY and "." not in name
        )

    def _join(self, everything: list[Object], table: str, join: Join) -> None:
        """Add to the objects of a class fields of objects of another one that they point to, or that point to them."""
        rows: dict[tuple[str, ...], list[Object]] = defaultdict(list)
        for one in everything:
            if join.table in self.mapping.lineage(one.type):
                rows[tuple(_column(one, theirs) for _, theirs in join.on)].append(one)
        for one in everything:
            if table in self.mapping.lineage(one.type):
                found = rows.get(tuple(_column(one, mine) for mine, _ in join.on), ())
                for theirs, mine in join.columns:
                    values = dict.fromkeys(value for row in found for value in row.fields.get(theirs, ()))
                    if values:
                        one.fields[mine] = list(values)

    # ----------------------------------------------------------------------------------------------------------------
    # Keys

    def _record(self, one: Object) -> Record:
        rule = self.mapping.tables.get(one.type)
        fields: dict[str, list[Value]] = {}
        if rule and rule.source and rule.target:
            for end, column in ((SOURCE, rule.source), (TARGET, rule.target)):
                fields[end] = list(self._end(one, column))
        for name, values in sorted(one.fields.items(), key=lambda item: item[0] != _SHOWN_NAME):
            if to := self._to(one, name):
                fields[name] = [self._reference(one, name, to, value) for value in values if value not in _NO_KEY]
            elif name not in (SOURCE, TARGET):
                fields[name] = list(values)
            else:
                fields[f"{one.type}.{name}"] = list(values)
        return Record(one.type, _key(one), fields, one.place, one.line)

    def _to(self, one: Object, name: str) -> str:
        rule = self.mapping.field_of(one.type, name)
        return rule.to if rule else ""

    def _end(self, one: Object, end: End) -> Iterator[Reference]:
        for column in end.columns:
            for value in one.fields.pop(column, ()):
                if value not in _NO_KEY:
                    yield self._reference(one, column, end.to, value)

    def _reference(self, one: Object, name: str, to: str, value: str) -> Reference:
        """Find what a key points to: an object of the class that it points into, or of one under that."""
        type_, label = one.hints.get(name, ("", ""))
        if value.startswith(_QUERY):
            return Reference("", to)
        if type_:
            return Reference(f"{self.mapping.named(type_)}::{value}", type_, label)
        found = self.index.get((to, value), [])
        if len(found) > 1:
            found = _nearest(one, to, found)
        if len(found) > 1:
            raise one.error(
                f"its {name} is {value}, which may be {' or '.join(sorted(_key(other) for other in found))}.",
                "Load together only what comes from one iTop.",
            )
        return Reference(_key(found[0]) if found else f"{to}::{value}", to, label)


def _nearest(one: Object, to: str, found: list[Object]) -> list[Object]:
    """Choose where a number stands for several objects, as in data files: of the very class, or in the same folder."""
    exact = [other for other in found if other.type == to]
    folder = PurePath(one.place).parent
    return exact or [other for other in found if PurePath(other.place).parent == folder] or found


def _key(one: Object) -> str:
    return f"{one.type}::{one.id}"


def _is_link(one: Object) -> bool:
    return one.type.startswith("lnk")


def _column(one: Object, name: str) -> str:
    return one.id if name == "id" else one.one(name)


def _contradiction(first: Object, second: Object, name: str) -> InputError:
    where = f"{first.place}, line {first.line}" if first.line else first.place
    return second.error(
        f"its {name} is {second.one(name)[:40]!r} here and {first.one(name)[:40]!r} elsewhere ({where}).",
        "Take one of the two out, or load them as two sources.",
    )
