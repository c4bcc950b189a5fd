"""What is loaded: which records there are, what they are called, and what types of relationship are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ..mapping import SourceMapping
from .rows import Row
from .values import linked, text_of


class Index:
    """The records of a load, by key and by name.

    Attributes:
        classes: key to class, for every record that is no link.
        repeated: keys of records that stand in several files.
        relations: sys_id to name, for the types of relationship that the load has records of.
        linked: sys_id to table, as links tell it, where some record does not tell its table itself.
    """

    def __init__(self, mapping: SourceMapping) -> None:
        self.mapping = mapping
        self.classes: dict[str, str] = {}
        self.repeated: set[str] = set()
        self.relations: dict[str, str] = {}
        self.linked: dict[str, str] = {}
        self._files: dict[str, str] = {}
        self._names: dict[str, list[str]] = {}
        self._namesakes: Counter[tuple[str, str]] = Counter()
        self._counted: Counter[tuple[str, str]] = Counter()
        self._called: dict[tuple[str, str], list[str]] = {}

    def add(self, type_: str, row: Row, name: str) -> None:
        """Take a record in."""
        key = text_of(row.fields.get("sys_id"))
        if not key:
            self._namesakes[type_, name] += 1
            key = named_key(type_, name)
        elif self._files.setdefault(key, row.place) != row.place:
            self.repeated.add(key)
        if key not in self.classes and name:
            self._names.setdefault(name, []).append(key)
        self.classes[key] = type_

    def relation(self, fields: Mapping[str, Any]) -> None:
        """Take a type of relationship in."""
        halves = [text_of(fields.get(end)) for end in ("parent_descriptor", "child_descriptor")]
        name = text_of(fields.get("name")) or "::".join(filter(None, halves))
        self.relations[text_of(fields.get("sys_id"))] = name

    def links(self, rows: Iterable[Row]) -> None:
        """Take in of which table the records are that links name, for records that don't say it themselves."""
        for row in rows:
            for value in row.fields.values():
                if isinstance(value, dict) and (found := linked(value.get("link"))):
                    self.linked.setdefault(found[1], found[0])
        for key, type_ in self.classes.items():
            self.classes[key] = type_ or self.linked.get(key, "")

    def key(self, type_: str, name: str) -> tuple[str, int]:
        """Give the key of the next record without sys_id, of class and name, and its number if there are several."""
        self._counted[type_, name] += 1
        number = self._counted[type_, name] if self._namesakes[type_, name] > 1 else 0
        return named_key(type_, name, number), number

    def called(self, name: str, to: str) -> list[str]:
        """Give the keys of the records with this name, of a class or one like it; of any class if it is ""."""
        if (name, to) not in self._called:
            found = [key for key in self._names.get(name, ()) if not to or to in self._lineage(key)]
            self._called[name, to] = [one for key in found for one in self._all(key, name)]
        return self._called[name, to]

    def _lineage(self, key: str) -> tuple[str, ...]:
        type_ = self.classes[key]
        return self.mapping.lineage(type_) if type_ in self.mapping.classes else (type_, "cmdb_ci")

    def _all(self, key: str, name: str) -> list[str]:
        count = self._namesakes[self.classes[key], name] if key == named_key(self.classes[key], name) else 1
        return [key] if count < 2 else [f"{key}/{number}" for number in range(1, count + 1)]


def named_key(type_: str, name: str, number: int = 0) -> str:
    """Give the key of something that has no sys_id."""
    return f"{type_}/{name}/{number}" if number else f"{type_}/{name}"
