"""Mapping files: TOML or YAML, read once, and every name in them checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import Any
from urllib.parse import quote

from pyoxigraph import NamedNode

from ..document import Document, open_document
from ..errors import InputError, near_matches
from ..names import local_name
from ..vocabulary import vocabulary
from .mapping import ClassRule, End, FactRule, FieldRule, Join, LinkRule, SourceMapping, TableRule
from .syntax.yaml import read_plain_yaml

_HEAD = ("system", "title", "base", "frameworks", "extends")
_PARTS = ("renamed", "left", "groups", "fields", "classes", "links", "tables")
_USES = ("label", "description", "attribute", "facts", "link", "kinds", "keep", "left", "declares")
_FIELD_KEYS = (*_USES, "values", "to", "split", "reason")
NO_BASE = 'Expected an absolute IRI, such as "urn:acme:" or "https://cmdb.example/".'
_SYSTEM = re.compile(r"[a-z][a-z0-9.-]*")


@cache
def shipped_mapping(name: str) -> SourceMapping:
    """Give a mapping that ships with the library.

    Args:
        name: the name of its file without `.toml`.

    Example:
        >>> shipped_mapping("backstage").system
        'backstage'
    """
    return read_mapping(_shipped(name))


def _shipped(name: str) -> Document:
    return open_document((files(__package__) / f"{name}.toml").read_bytes(), f"{name}.toml")


def shipped_names() -> tuple[str, ...]:
    """Give the names of the mappings that ship with the library."""
    here = files(__package__).iterdir()
    return tuple(sorted(item.name.removesuffix(".toml") for item in here if item.name.endswith(".toml")))


def read_mapping(document: Document) -> SourceMapping:
    """Read a mapping and check every name in it.

    Args:
        document: the file, in TOML, or in YAML where its name ends in `.yaml` or `.yml`.

    Returns:
        The mapping.

    Raises:
        InputError: if it is not in that syntax, lacks a part, says more than one thing of a field, or names a kind,
            relation, attribute, class or group that there isn't; with the line where it can be told.
    """
    return _Checked(document, _whole_table(document, ())).mapping()


def _whole_table(document: Document, seen: tuple[str, ...]) -> dict[str, Any]:
    """Give what a file says, put over what the shipped mapping says that it extends."""
    table = _table(document)
    base = table.pop("extends", None)
    if base is None:
        return table
    if base not in shipped_names() or base in seen:
        near = near_matches(str(base), shipped_names(), 1)
        hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(shipped_names())}."
        raise InputError(
            f"there is no mapping {base!r} to extend.", source=document.name, record="extends", repair=hint
        )
    return _over(_whole_table(_shipped(base), (*seen, base)), table)


def _over(below: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Put one table over another: tables are joined, key by key; anything else is replaced."""
    whole = dict(below)
    for key, value in above.items():
        mine = whole.get(key)
        if isinstance(mine, dict) and isinstance(value, dict) and not _is_field_rule(value):
            value = _over(mine, value)
        whole[key] = value
    return whole


def _is_field_rule(value: Mapping[str, Any]) -> bool:
    return bool(value) and set(value) <= set(_FIELD_KEYS)


def _table(document: Document) -> dict[str, Any]:
    if document.name.endswith((".yaml", ".yml")):
        found = read_plain_yaml(document)
    else:
        try:
            found = tomllib.loads(document.text)
        except tomllib.TOMLDecodeError as error:
            raise InputError(f"this is not TOML: {error}.", source=document.name) from None
        except RecursionError:
            raise InputError("this nests too deeply.", source=document.name) from None
    if not isinstance(found, dict):
        raise InputError("this is no mapping.", source=document.name, repair="Expected keys with values at its top.")
    return found


class _Checked:
    """A mapping's table on its way to a mapping."""

    def __init__(self, document: Document, table: Mapping[str, Any]) -> None:
        self.document = document
        self.table = table
        self._keys(table, "the mapping", ("system",), (*_HEAD, *_PARTS))
        for part in _PARTS:
            self._is(table.get(part, {}), dict, part)
        self.kinds = {local_name(iri): iri for iri in vocabulary().kinds}
        self.relations = {local_name(iri): iri for iri in vocabulary().relations}
        self.attributes = {local_name(iri): iri for iri in vocabulary().attributes}
        self.groups: dict[str, frozenset[str]] = {}
        self.known = {*self._part("classes"), *self._part("left")}

    def _part(self, name: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.table.get(name, {})
        return found

    def mapping(self) -> SourceMapping:
        """Give the mapping."""
        system = self._text(self.table["system"], "system")
        if not _SYSTEM.fullmatch(system):
            raise self._error(
                f"{system!r} is no name for a system.", "system", system, "Use small letters, digits, - ."
            )
        base = self._text(self.table.get("base", f"urn:{quote(system)}:"), "base")
        if not is_base(base):
            raise self._error(f"{base!r} is not what IRIs can begin with.", "base", "base", NO_BASE)
        for name, members in self._part("groups").items():
            self.groups[name] = self._types(self._strings(members, f"group {name}"), f"group {name}")
        classes = {name: self._class(name, entry) for name, entry in self._part("classes").items()}
        for old, new in self._part("renamed").items():
            self._one_of(
                self._text(new, old), {*classes, *self._part("links"), *self._part("left")}, "class", "renamed"
            )
        return SourceMapping(
            name=self.document.name,
            title=self._text(self.table.get("title", system), "title"),
            system=system,
            base=base,
            frameworks=tuple(self._strings(self.table.get("frameworks", []), "frameworks")),
            renamed=dict(self._part("renamed")),
            left={name: self._text(reason, f"left.{name}") for name, reason in self._part("left").items()},
            classes=classes,
            fields=self._fields(self._part("fields"), "fields"),
            links={
                name: tuple(self._link(rule, f"links.{name}") for rule in self._list(rules, f"links.{name}"))
                for name, rules in self._part("links").items()
            },
            tables=self._tables(),
            groups=dict(self.groups),
        )

    # ----------------------------------------------------------------------------------------------------------------
    # Classes and fields

    def _class(self, name: str, entry: Any) -> ClassRule:
        lineage = self._lineage(name)
        whole: dict[str, Any] = {}
        fields = dict(self._fields(self._part("fields"), "fields"))
        for one in reversed(lineage):
            table = self._is(self._part("classes")[one], dict, f"classes.{one}")
            fields.update(self._fields(table.get("fields", {}), f"classes.{one}"))
            whole.update(table)
        self._keys(entry, f"classes.{name}", (), ("kinds", "reason", "like", "fields"))
        self._keys(whole, f"classes.{name}", ("kinds", "reason"), ("like", "fields"))
        return ClassRule(self._kinds(whole["kinds"], f"classes.{name}"), str(whole["reason"]), fields, lineage)

    def _lineage(self, name: str) -> tuple[str, ...]:
        found = [name]
        while like := self._is(self._part("classes")[found[-1]], dict, f"classes.{found[-1]}").get("like"):
            self._one_of(like, self._part("classes"), "class", f"classes.{found[-1]}")
            if like in found:
                raise self._error(f"{like} is like itself.", f"classes.{name}", like)
            found.append(like)
        return tuple(found)

    def _kinds(self, names: Any, where: str) -> tuple[str, ...]:
        kinds = tuple(self.kinds[self._one_of(k, self.kinds, "kind", where)] for k in self._strings(names, where))
        for one, other in combinations(kinds, 2):
            if other in vocabulary().disjoint_kinds(one):
                raise self._error(f"nothing can be both {local_name(one)} and {local_name(other)}.", where, where)
        return kinds

    def _fields(self, entries: Any, where: str) -> dict[str, FieldRule]:
        self._is(entries, dict, where)
        return {name: self._field(name, entry, f"{where}, field {name}") for name, entry in entries.items()}

    def _field(self, name: str, entry: Any, where: str) -> FieldRule:
        self._keys(entry, where, (), _FIELD_KEYS)
        uses = [use for use in _USES if entry.get(use) and not (use == "declares" and entry.get("kinds"))]
        if len(uses) != 1:
            said = f"{' and '.join(uses)} at once" if uses else "nothing of what the field states"
            raise self._error(f"this says {said}.", where, where, f"Say one of {', '.join(_USES)}.")
        attribute, link = entry.get("attribute", ""), entry.get("link", "")
        if attribute:
            attribute = self.attributes[self._one_of(attribute, self.attributes, "attribute", where)]
        if link:
            self._one_of(link, self._part("links"), "link", where)
        kinds = self._is(entry.get("kinds", {}), dict, where)
        values = self._is(entry.get("values", {}), dict, where)
        stem = name[:-1] if name.endswith("*") else ""
        return FieldRule(
            label=bool(entry.get("label")),
            description=bool(entry.get("description")),
            attribute=attribute,
            facts=self._facts(entry.get("facts", []), where),
            link=link,
            kinds={str(value): self._kinds(names, f"{where}, {value}") for value, names in kinds.items()},
            keep=self._keep(entry.get("keep", False), stem, where),
            left=self._text(entry.get("left", ""), where),
            values={str(key): _lexical(value) for key, value in values.items()},
            declares=bool(entry.get("declares")),
            to=self._to(entry.get("to", ""), where) if entry.get("facts") or link or "to" in entry else "",
            split=self._text(entry.get("split", ""), where),
            stem=stem,
            reason=self._text(entry.get("reason", ""), where),
        )

    def _keep(self, entry: Any, stem: str, where: str) -> str:
        """Give what the relation begins with: what the mapping says, or a name of ours for its fields."""
        if isinstance(entry, str):
            if not is_base(entry):
                raise self._error(f"{entry!r} is not what IRIs can begin with.", where, "keep", NO_BASE)
            return entry
        return f"urn:{self.table['system']}:field:{quote(stem, safe='')}" if self._is(entry, bool, where) else ""

    def _facts(self, entries: Any, where: str) -> tuple[FactRule, ...]:
        found = []
        for entry in self._list(entries, where):
            self._keys(entry, where, ("relation",), ("forwards",))
            iri = self.relations[self._one_of(entry["relation"], self.relations, "relation", where)]
            found.append((iri, self._is(entry.get("forwards", True), bool, where)))
        return tuple(found)

    # ----------------------------------------------------------------------------------------------------------------
    # Links and tables

    def _link(self, entry: Any, where: str) -> LinkRule:
        self._keys(entry, where, ("facts", "reason"), ("source", "target"))
        ends = [
            self._types(self._strings(entry[end], where), where) if end in entry else None
            for end in ("source", "target")
        ]
        return LinkRule(ends[0], ends[1], self._facts(entry["facts"], where), self._text(entry["reason"], where))

    def _types(self, names: Iterable[str], where: str) -> frozenset[str]:
        found: set[str] = set()
        for name in names:
            self._one_of(name, {*self.known, *self.groups}, "class or group", where)
            found |= self.groups.get(name, frozenset({name}))
        return frozenset(found)

    def _tables(self) -> dict[str, TableRule]:
        rules = {name: self._table_rule(name, entry) for name, entry in self._part("tables").items()}
        if "*" in rules and len(rules) > 1:
            raise self._error("'*' stands for the only table, and there are others.", "tables", "*", "Name each.")
        return rules

    def _table_rule(self, name: str, entry: Any) -> TableRule:
        where = f"tables.{name}"
        self._is(entry, dict, where)
        if "key" in entry:
            self._keys(entry, where, ("key",), ("from", "class", "class-column", "repeats", "joins"))
        else:
            self._keys(entry, where, ("source", "target"), ("from", "link", "link-column", "joins"))
        type_ = self._text(entry.get("class", entry.get("link", "")), where)
        if type_:
            known = self.known if "key" in entry else self._part("links")
            self._one_of(type_, known, "class" if "key" in entry else "link", where)
        column = self._text(entry.get("class-column", entry.get("link-column", "")), where)
        if "key" not in entry and not type_ and not column:
            raise self._error(
                "this says neither what its rows link nor what a row is.", where, where, "Say link, link-column or key."
            )
        return TableRule(
            key=self._columns(entry["key"], where) if "key" in entry else (),
            origin=self._text(entry.get("from", name), where),
            type=type_,
            type_column=column,
            source=self._end(entry["source"], f"{where}.source") if "source" in entry else None,
            target=self._end(entry["target"], f"{where}.target") if "target" in entry else None,
            joins=tuple(self._join(one, where) for one in self._list(entry.get("joins", []), where)),
            repeats=self._is(entry.get("repeats", False), bool, where),
        )

    def _columns(self, value: Any, where: str) -> tuple[str, ...]:
        columns = (value,) if isinstance(value, str) else tuple(self._strings(value, where))
        if not all(columns) or not columns:
            raise self._error("a column has no name here.", where, where, "Name a column, or a list of them.")
        return columns

    def _end(self, end: Any, where: str) -> End:
        self._keys(end, where, ("column",), ("to",))
        return End(self._columns(end["column"], where), self._to(end.get("to", ""), where))

    def _to(self, value: Any, where: str) -> str:
        """Give the table or the class that something names; any class where the source is not read by tables."""
        to, tables = self._text(value, where), self._part("tables")
        if tables and to:
            remedy = f'If it is a class, say what it is in [classes."{to}"].'
            self._one_of(to, {*tables, *self.known} - {"*"}, "table or class", where, remedy)
        elif tables and "*" not in tables:
            raise self._error(
                "this does not say what it names.", where, where, "Say in `to` whose row: a table, or else a class."
            )
        return to

    def _join(self, entry: Any, where: str) -> Join:
        self._keys(entry, where, ("table", "on", "columns"))
        if not entry["on"]:
            raise self._error("this says not by which columns the tables are joined.", where, where)
        pairs = [tuple((str(a), str(b)) for a, b in self._is(entry[k], dict, where).items()) for k in ("on", "columns")]
        return Join(self._text(entry["table"], where), pairs[0], pairs[1])

    # ----------------------------------------------------------------------------------------------------------------
    # What is expected

    def _one_of(self, name: Any, known: Collection[str], what: str, where: str, remedy: str = "") -> str:
        if isinstance(name, str) and name in known:
            return name
        near = near_matches(str(name), known, 1)
        repair = f"Did you mean {near[0]}?" if near else remedy
        raise self._error(f"there is no {what} {name}.", where, str(name), repair)

    def _keys(self, entry: Any, where: str, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
        self._is(entry, dict, where)
        for key in required:
            if key not in entry:
                raise self._error(f"{key!r} is missing.", where, where)
        for key in entry:
            self._one_of(key, (*required, *optional), "key", where)

    def _is(self, value: Any, wanted: type, where: str) -> Any:
        if not isinstance(value, wanted):
            names = {dict: "keys with values", list: "a list", bool: "true or false", str: "a text"}
            raise self._error(f"{value!r} is not what is expected here.", where, where, f"Expected {names[wanted]}.")
        return value

    def _text(self, value: Any, where: str) -> str:
        found: str = self._is(value, str, where)
        return found

    def _list(self, value: Any, where: str) -> list[Any]:
        found: list[Any] = self._is(value, list, where)
        return found

    def _strings(self, value: Any, where: str) -> list[str]:
        return [self._text(item, where) for item in self._list(value, where)]

    def _error(self, problem: str, where: str, found_at: str, repair: str = "") -> InputError:
        name = re.escape(found_at.split(", ")[-1].removeprefix("field "))
        place = re.search(rf"(?m)^[^#\n]*(?<![\w-]){name}", self.document.text)  # not in a comment
        line = self.document.text[: place.start()].count("\n") + 1 if place else None
        return InputError(problem, source=self.document.name, line=line, record=where, repair=repair)


def is_base(text: str) -> bool:
    """Tell whether IRIs can begin with a text.

    Example:
        >>> is_base("urn:acme:"), is_base("acme/"), is_base("urn:a b")
        (True, False, False)
    """
    try:
        NamedNode(f"{text}x")
    except ValueError:
        return False
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text) is not None


def _lexical(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
