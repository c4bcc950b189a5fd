"""From rows to records: which class and key each has, and what its fields name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from ...document import Document
from ...errors import InputError
from ...facts_builder import FactsBuilder
from ..mapping import End, SourceMapping, TableRule
from ..record import SOURCE, TARGET, Record, Reference, Value
from .index import Index
from .relations import RelationNames
from .rows import Row, read_rows
from .values import SYS_ID, is_value, references, text_of, values_of
from .views import merged

AMBIGUOUS = "several of the records that are loaded are called so, and which is meant is not said"
UNTYPED = "its type is a sys_id, and the export has no cmdb_rel_type record of it"
ANOTHER_VIEW = "the same record stands in another file, with which it is read"
RELATIONS, RELATION_TYPES = "cmdb_rel_ci", "cmdb_rel_type"
OWN_TABLES = ("cmdb_ci_", "sn_", "u_", "x_")
"""What the names of tables begin with that a file may be named after without the mapping naming them."""
MOST_KNOWN = 50_000
"""So many references are remembered, to be made once."""
_TABLE = re.compile(r"[a-z][a-z0-9_]*")


class Reading:
    """A load of ServiceNow's tables."""

    def __init__(self, documents: Sequence[Document], mapping: SourceMapping, builder: FactsBuilder) -> None:
        self.documents = documents
        self.mapping = mapping
        self.builder = builder
        self.names = RelationNames(mapping.links)
        self.by_name: Counter[str] = Counter()
        self.numbered = 0
        self._spelt: dict[str, str] = {}
        self._known: dict[tuple[Any, ...], list[Reference]] = {}
        self._naming: dict[str, dict[str, str]] = {}
        self._labels: dict[str, tuple[str, ...]] = {}

    def records(self) -> Iterator[Record]:
        """Give the records."""
        views: dict[str, list[Record]] = {}
        repeated = self.index.repeated if len(self.documents) > 1 else ()
        for row in self._rows():
            type_ = self._class(row)
            if type_ in self.mapping.tables:
                yield self._link(type_, self.mapping.tables[type_], row)
            elif (record := self._record(type_, row)).key in repeated:
                views.setdefault(record.key, []).append(record)
            else:
                yield record
        for same in views.values():
            for other in same[1:]:
                yield Record(other.type, "", {}, other.place, other.line, left=ANOTHER_VIEW)
            yield merged(same, self.mapping)

    @cached_property
    def index(self) -> Index:
        """What is loaded. For this all is read once more, which most exports never need."""
        index, unknown = Index(self.mapping), False
        for row in self._rows():
            type_ = self._said_class(row)
            unknown = unknown or not type_
            if type_ == RELATION_TYPES:
                index.relation(row.fields)
            elif type_ not in self.mapping.tables and type_ not in self.mapping.left:
                index.add(type_, row, self._name(type_, row.fields))
        if unknown:
            index.links(self._rows())
        return index

    def notes(self) -> None:
        """Tell the builder what whoever loads the tables should know."""
        for type_, count in sorted(self.by_name.items()):
            self.builder.notes.append(
                f"{count} x {type_} named without a sys_id, and taken for the one record of that name that is loaded."
            )
        labels = sorted(said for said, type_ in self._spelt.items() if type_ == said and not _TABLE.fullmatch(said))
        if unknown := [label for label in labels if label not in self.mapping.classes]:
            self.builder.notes.append(
                f"Labels of tables that the mapping does not know, such as {unknown[0]!r}: a mapping of your own that "
                f'extends = "servicenow" can say under [renamed] which tables they are.'
            )
        if self.numbered:
            self.builder.notes.append(
                f"{self.numbered} x records without a sys_id whose name others of their class have too: "
                "they are told apart by their order."
            )

    def _rows(self) -> Iterator[Row]:
        for document in self.documents:
            yield from read_rows(document)

    # ----------------------------------------------------------------------------------------------------------------
    # Classes, keys and names

    def _class(self, row: Row) -> str:
        """Give the class of a record, by its table's name."""
        found = self._said_class(row) or self.index.linked.get(text_of(row.fields.get("sys_id")), "")
        if not found:
            raise InputError(
                "nothing tells which table this record is of.",
                source=row.place,
                line=row.line,
                record=text_of(row.fields.get("sys_id")) or text_of(row.fields.get("name")),
                repair="Export sys_class_name too, or name the file after the table, such as cmdb_ci_server.json.",
            )
        return found

    def _said_class(self, row: Row) -> str:
        """Give the class that the record, its file or its fields tell."""
        if said := text_of(row.fields.get("sys_class_name")):
            return self._spelt.setdefault(said, self.mapping.named(said))
        known = self.mapping
        if row.sure or row.table in known.classes or row.table in known.tables or row.table in known.left:
            return row.table
        if "parent_descriptor" in row.fields:
            return RELATION_TYPES
        if all(end in row.fields or f"{end}.sys_id" in row.fields for end in ("parent", "child")):
            return RELATIONS
        return row.table if row.table.startswith(OWN_TABLES) else ""

    def _name(self, type_: str, fields: Mapping[str, Any]) -> str:
        """Give what a record is called."""
        labels = self._labels.get(type_)
        if labels is None:
            rules = self.mapping.fields_of(type_)
            labels = self._labels[type_] = tuple(name for name, rule in rules.items() if rule.label)
        return next((text for label in labels if (text := text_of(fields.get(label)))), "")

    # ----------------------------------------------------------------------------------------------------------------
    # Records

    def _record(self, type_: str, row: Row) -> Record:
        left = self.mapping.left.get(type_, "")
        if left:
            return Record(type_, "", {}, row.place, row.line, left=left)
        key = text_of(row.fields.get("sys_id")) or self._named_key(type_, row)
        naming = self._naming_fields(type_)
        fields: dict[str, Sequence[Value]] = {}
        for field, value in row.fields.items():
            if value is None or value == "":
                continue
            if field in naming:
                fields[field] = self._named(type_, field, value, naming[field], row)
            else:
                fields[field] = (value,) if isinstance(value, str) else values_of(value)
        return Record(type_, key, fields, row.place, row.line)

    def _named_key(self, type_: str, row: Row) -> str:
        """Give a key for a record without sys_id."""
        name = self._name(type_, row.fields)
        if not name:
            raise InputError(
                "this record has neither a sys_id nor a name.",
                source=row.place,
                line=row.line,
                repair="Export sys_id with the other columns.",
            )
        key, number = self.index.key(type_, name)
        self.numbered += bool(number)
        return key

    def _naming_fields(self, type_: str) -> Mapping[str, str]:
        """Give the fields of a class whose values name other records, with the class of these."""
        found = self._naming.get(type_)
        if found is None:
            rules = self.mapping.fields_of(type_).items()
            found = self._naming[type_] = {name: rule.to for name, rule in rules if rule.facts or rule.link}
        return found

    def _named(self, type_: str, field: str, value: Any, to: str, row: Row) -> list[Reference]:
        found: list[Reference] = []
        if not isinstance(value, list):
            value = [value]
        for one in value:
            named = self._resolved(one, to, field, row)
            if named is None:
                self.builder.field(type_, field, AMBIGUOUS)
            else:
                found += named
        return found

    def _resolved(self, value: Any, to: str, field: str, row: Row) -> list[Reference] | None:
        """Give what a value names; None if that may be one of several."""
        if isinstance(value, (bool, list)) or (isinstance(value, dict) and not is_value(value)):
            raise InputError(
                f"the field {field} holds something that names no record.",
                source=row.place,
                line=row.line,
                record=text_of(row.fields.get("sys_id")),
                repair="Expected a sys_id, a name, or an object with value, display_value or link.",
            )
        if isinstance(value, dict) and (link := value.get("link")):
            found = self._linked((link, value.get("value"), value.get("display_value"), to), value)
        else:
            found = references(value, to) or []
        if found:
            return found
        text = text_of(value)
        if not text:
            return []
        if text in self.index.classes and SYS_ID.fullmatch(text) is None and "/" not in text:
            return [Reference(text)]
        return self._by_name(text, to)

    def _linked(self, shape: tuple[Any, ...], value: Mapping[str, Any]) -> list[Reference]:
        """Give what a value with a link names, which many records name alike."""
        found = self._known.get(shape)
        if found is None:
            found = references(value, shape[-1]) or []
            if len(self._known) < MOST_KNOWN:
                self._known[shape] = found
        return found

    def _by_name(self, name: str, to: str) -> list[Reference] | None:
        keys = self.index.called(name, to)
        if len(keys) > 1:
            return None
        if keys:
            self.by_name[to or "records"] += 1
            return [Reference(keys[0])]
        return [Reference(f"{to or 'named'}/{name}", to, name)]

    # ----------------------------------------------------------------------------------------------------------------
    # Links

    def _link(self, table: str, rule: TableRule, row: Row) -> Record:
        type_, swapped, left = rule.type or table, False, ""
        if rule.type_column:
            type_, swapped, left = self._relation(row.fields, rule.type_column, table)
        ends = [self._end(row, end) for end in (rule.source, rule.target) if end]
        if swapped:
            ends.reverse()
        left = left or (AMBIGUOUS if None in ends else "")
        used = {column for end in (rule.source, rule.target) if end for column in end.columns}
        fields: dict[str, Sequence[Value]] = {
            name: (value,) if isinstance(value, str) else values_of(value)
            for name, value in row.fields.items()
            if value is not None and value != "" and name.partition(".")[0] not in {*used, rule.type_column}
        }
        fields[SOURCE], fields[TARGET] = (end or () for end in ends)
        return Record(type_, "", fields, row.place, row.line, left)

    def _relation(self, fields: Mapping[str, Any], column: str, table: str) -> tuple[str, bool, str]:
        """Give the type of a relationship, whether it is read from the child, and why it can't be told, if it can't.

        What is shown for it comes first, then a record of the type in the export, then what the mapping knows.
        """
        value = fields.get(column)
        ids = references(value, "") if value else None
        key = ids[0].key if ids else text_of(fields.get(f"{column}.sys_id"))
        shown = text_of(fields.get(f"{column}.name")) or (ids[0].label if ids else text_of(value))
        if found := self.names.find(shown):
            return *found, ""
        recorded = self.index.relations.get(key, "")
        for name in (recorded, self.mapping.renamed.get(key, "")):
            if found := self.names.find(name):
                return *found, ""
        name = recorded or ("" if shown == key else shown)
        return (name, False, "") if name else (table, False, UNTYPED)

    def _end(self, row: Row, end: End) -> list[Reference] | None:
        """Give what stands at an end of a link, which may be told by fields that are reached through it."""
        (column,) = end.columns
        type_ = text_of(row.fields.get(f"{column}.sys_class_name"))
        key = text_of(row.fields.get(f"{column}.sys_id"))
        value = row.fields.get(column) or row.fields.get(f"{column}.name")
        if key:
            return [Reference(key, type_ or end.to, text_of(value) if not isinstance(value, dict) else "")]
        found = self._resolved(value, end.to, column, row) if value else []
        return [Reference(one.key, type_, one.label) for one in found] if type_ and found else found
