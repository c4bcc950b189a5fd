"""From rows to records: what the `[tables]` of a mapping say of the tables of a source, checked against its columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from ...errors import InputError, near_matches
from ..mapping import End, FieldRule, Join, SourceMapping, TableRule
from ..record import SOURCE, TARGET, Record, Reference, Value
from ..table import Table, Tables, fields_of, has_column

ANY = "*"
"""The rule for the only table of a source, whatever its name."""
NO_KEY = "its key is empty"
REPEATED = "another row has its key: their values are taken together"

_Cells = dict[str, list[str]]


class Reading:
    """The tables of a source, about to be read as a mapping says.

    Attributes:
        mapping: the mapping; what names a row of a table is known by the class of that table's rows.
        passed_over: the tables of the source that the mapping doesn't name.
        rows: how many rows of each table were read so far.
    """

    def __init__(self, tables: Tables, mapping: SourceMapping, keep: Collection[str] = ()) -> None:
        """Hold a mapping against the tables.

        Args:
            tables: the tables.
            mapping: what they are read by.
            keep: columns whose values are wanted though the mapping may not name them.

        Raises:
            InputError: if a table or column that the mapping names isn't there, with names that are near.
        """
        self.tables = tables
        self.mapping = replace(mapping, renamed={**_classes_by_table(mapping), **mapping.renamed})
        self.keep = frozenset(keep)
        self.opened = {name: self._open(name, rule) for name, rule in mapping.tables.items()}
        self.lookups = {
            name: tuple(_Lookup(tables.open(join.table), join, mapping.name) for join in rule.joins)
            for name, rule in mapping.tables.items()
        }
        self._check()
        self.rows: Counter[str] = Counter()
        named = {table.name for table in self.opened.values()}
        joined = {join.table for rule in mapping.tables.values() for join in rule.joins}
        self.passed_over = tuple(name for name in tables.names if name not in named | joined)

    def records(self) -> Iterator[Record]:
        """Give the records of all tables, in the order in which the mapping names them."""
        for name, rule in self.mapping.tables.items():
            yield from _together(self._rows(name, rule)) if rule.repeats else self._rows(name, rule)

    def _open(self, name: str, rule: TableRule) -> Table:
        if rule.origin != ANY:
            return self.tables.open(rule.origin)
        found = [table for table in map(self.tables.open, self.tables.names) if not table.empty]
        if not found:
            raise InputError("there is no table in it that has anything in it.", source=self.tables.name)
        if len(found) > 1:
            raise InputError(
                f"this has {len(found)} tables, and the mapping is for one: "
                f"{', '.join(table.name for table in found[:10])}.",
                source=self.tables.name,
                repair='Name the table in the mapping in place of "*", or say `from`.',
            )
        return found[0]

    # ----------------------------------------------------------------------------------------------------------------
    # Names held against the columns

    def _columns(self, name: str) -> list[str]:
        joined = [own for lookup in self.lookups[name] for _, own in lookup.join.columns]
        return [*self.opened[name].columns, *joined]

    def _check(self) -> None:
        for name, rule in self.mapping.tables.items():
            if self.opened[name].empty:
                continue
            columns = [*self.opened[name].columns]
            for lookup in self.lookups[name]:
                for own, _ in lookup.join.on:
                    self._has(own, columns, f"tables.{name}.joins")
                columns += [own for _, own in lookup.join.columns]
            for column in _structure(rule):
                self._has(column, columns, f"tables.{name}")
        for type_, one in self.mapping.classes.items():
            above = self.mapping.fields_of(one.lineage[1]) if len(one.lineage) > 1 else self.mapping.fields
            own_fields = [field for field, rule in one.fields.items() if above.get(field) != rule]
            self._check_fields(own_fields, self._holding(type_), f"classes.{type_}")
        self._check_fields(list(self.mapping.fields), list(self.mapping.tables), "fields")

    def _check_fields(self, fields: Sequence[str], tables: Sequence[str], where: str) -> None:
        """Refuse fields that are a column of none of these tables."""
        if any(self.opened[table].empty for table in tables):
            return
        columns = [column for table in tables for column in self._columns(table)]
        for field in fields:
            if tables and not field.endswith("*"):
                self._has(field, columns, where)

    def _holding(self, type_: str) -> list[str]:
        """Give the tables that may hold things of a class, or of one that is like it."""
        return [
            name
            for name, rule in self.mapping.tables.items()
            if rule.key and (rule.type_column or type_ in self.mapping.lineage(self._class(name, rule)))
        ]

    def _class(self, name: str, rule: TableRule) -> str:
        return rule.type or self.opened[name].name if name == ANY else rule.type or name

    def _has(self, column: str, columns: Sequence[str], where: str) -> None:
        if not has_column(columns, column):
            raise _no_column(column, columns, self.mapping.name, where)

    # ----------------------------------------------------------------------------------------------------------------
    # Rows

    def _rows(self, name: str, rule: TableRule) -> Iterator[Record]:
        table = self.opened[name]
        structure = frozenset((*_structure(rule), *(own for join in rule.joins for own, _ in join.on)))
        for line, cells in self._cells(name, table, structure):
            type_ = cells.get(rule.type_column, [""])[0] or self._class(name, rule)
            record = Record(type_, "", {}, table.place, line)
            if rule.source and rule.target:
                record.fields = self._link(rule.source, rule.target, cells, structure)
            else:
                self._thing(record, name, rule, cells, structure)
            yield record

    def _cells(self, name: str, table: Table, structure: Collection[str]) -> Iterator[tuple[int, _Cells]]:
        wanted = {*structure, *self.keep, *self.mapping.fields}
        wanted.update(field for rule in self.mapping.classes.values() for field in rule.fields)
        for lookup in self.lookups[name]:
            lookup.read()  # before the rows: few databases answer two questions at once
        for line, row in table.rows(_with_stems(wanted, table.columns)):
            self.rows[name] += 1
            cells = fields_of(table.columns, row)
            for lookup in self.lookups[name]:
                lookup.add_to(cells)
            yield line, cells

    def _thing(self, record: Record, name: str, rule: TableRule, cells: _Cells, structure: Collection[str]) -> None:
        key = _key(rule.key, cells, record)
        record.key = key if name == ANY or not key else f"{name}/{key}"
        record.left = "" if key else NO_KEY
        rules = self.mapping.fields_of(self.mapping.named(record.type))
        record.fields = {
            column: self._values(rules.get(column), texts)
            for column, texts in cells.items()
            if column in rules or column in self.keep or column not in structure
        }

    def _values(self, rule: FieldRule | None, texts: list[str]) -> Sequence[Value]:
        """Give the values of a field; what names things that have no table is their name too."""
        if rule is None or not rule.to or rule.to in self.mapping.tables:
            return texts
        parts = [part.strip() for text in texts for part in (text.split(rule.split) if rule.split else [text])]
        return [Reference(f"{rule.to}/{part}", rule.to, part) for part in parts if part]

    def _link(self, source: End, target: End, cells: _Cells, structure: Collection[str]) -> Mapping[str, list[Value]]:
        rest: dict[str, list[Value]] = {
            column: list(texts) for column, texts in cells.items() if column not in structure
        }
        return {SOURCE: self._end(source, cells), TARGET: self._end(target, cells), **rest}

    def _end(self, end: End, cells: _Cells) -> list[Value]:
        if len(end.columns) == 1:
            keys = cells.get(end.columns[0], [])
        else:
            whole = _compound(end.columns, cells)
            keys = [whole] if whole else []
        label = end.to not in self.mapping.tables
        return [Reference(f"{end.to}/{key}" if end.to else key, end.to, key if label else "") for key in keys]


class _Lookup:
    """Another table's columns, found by what they are joined on."""

    def __init__(self, table: Table, join: Join, mapping: str) -> None:
        self.table = table
        self.join = join
        self.index: dict[tuple[str, ...], _Cells] = {}
        for column in self._wanted():
            if not table.empty and not has_column(table.columns, column):
                raise _no_column(column, table.columns, mapping, f"the join with {join.table}")

    def _wanted(self) -> list[str]:
        return [*(theirs for _, theirs in self.join.on), *(theirs for theirs, _ in self.join.columns)]

    def add_to(self, cells: _Cells) -> None:
        """Add the columns of the rows that match; where several do, a column has several values."""
        key = tuple(cells.get(mine, [""])[0] for mine, _ in self.join.on)
        for column, values in self.index.get(key, {}).items():
            cells.setdefault(column, []).extend(values)

    def read(self) -> None:
        """Read the other table."""
        for _, row in self.table.rows(self._wanted()):
            cells = fields_of(self.table.columns, row)
            key = tuple(cells.get(theirs, [""])[0] for _, theirs in self.join.on)
            if all(key):
                found = self.index.setdefault(key, {})
                for theirs, mine in self.join.columns:
                    found.setdefault(mine, []).extend(cells.get(theirs, ()))


def _classes_by_table(mapping: SourceMapping) -> dict[str, str]:
    """Give the class of the rows of each table where it is one for all: the class, too, of a row that is not there."""
    return {
        name: rule.type
        for name, rule in mapping.tables.items()
        if rule.type and rule.key and not rule.type_column and name not in (ANY, *mapping.classes)
    }


def _structure(rule: TableRule) -> tuple[str, ...]:
    """Give the columns that say what a row is and what it links."""
    ends = [column for end in (rule.source, rule.target) if end for column in end.columns]
    return (*rule.key, *([rule.type_column] if rule.type_column else []), *ends)


def _with_stems(wanted: Collection[str], columns: Sequence[str]) -> frozenset[str]:
    """Give the columns that are wanted, those that a rule names by their beginning among them."""
    stems = tuple(name[:-1] for name in wanted if name.endswith("*"))
    heads = {name.partition(".")[0] for name in wanted}
    return frozenset(c for c in columns if c in wanted or c in heads or c.startswith(stems or ("\0",)))


def _key(columns: Sequence[str], cells: _Cells, record: Record) -> str:
    for column in columns:
        if len(cells.get(column, ())) > 1:
            raise InputError(
                f"{column} has several values, and is a key.", source=record.place, line=record.line or None
            )
    return cells.get(columns[0], [""])[0] if len(columns) == 1 else _compound(columns, cells)


def _compound(columns: Sequence[str], cells: _Cells) -> str:
    """Give the key that several columns make together; "" if one of them is empty."""
    parts = [cells.get(column, [""])[0].replace("%", "%25").replace("/", "%2F") for column in columns]
    return "/".join(parts) if all(parts) else ""


def _together(records: Iterator[Record]) -> Iterator[Record]:
    """Give one record for the rows that share a key, and the other rows as passed over."""
    first: dict[str, Record] = {}
    for record in records:
        if not record.key:
            yield record
        elif record.key not in first:
            first[record.key] = record
        else:
            whole = first[record.key]
            fields = dict(whole.fields)
            for name, values in record.fields.items():
                fields[name] = list(dict.fromkeys((*fields.get(name, ()), *values)))
            whole.fields = fields
            yield Record(record.type, "", {}, record.place, record.line, REPEATED)
    yield from first.values()


def _no_column(column: str, columns: Sequence[str], source: str, where: str) -> InputError:
    near = near_matches(column, columns)
    shown = ", ".join(columns[:20]) + (", …" if len(columns) > 20 else "")
    repair = f"Did you mean {' or '.join(near)}?" if near else f"It has: {shown}."
    return InputError(f"no table has the column {column!r} here.", source=source, record=where, repair=repair)
