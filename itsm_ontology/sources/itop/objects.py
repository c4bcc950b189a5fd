"""Objects of iTop as a document has them, before keys are followed from one to another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ...document import Document
from ...errors import InputError
from ..mapping import SourceMapping
from ..syntax.json import read_json
from ..syntax.xml import Tag, read_xml
from .lists import list_of

_BLOB = frozenset({"data", "filename", "mimetype", "downloads_count"})


@dataclass
class Object:
    """An object.

    Attributes:
        type: its class.
        id: its number; "" for a link that a list in another object holds.
        fields: its fields with their values as texts; empty ones are not there.
        place: the document that it stands in.
        line: the line; 0 where it isn't known.
        hints: for keys, the class and the name of what they point to, as far as the document says them.
    """

    type: str
    id: str
    fields: dict[str, list[str]]
    place: str
    line: int = 0
    hints: dict[str, tuple[str, str]] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """Give the value of a field; "" if it has none."""
        return next(iter(self.fields.get(name, ())), "")

    def error(self, problem: str, repair: str = "") -> InputError:
        """Make an error that says where the object stands."""
        name = f"{self.type}::{self.id}" if self.id else self.type
        return InputError(problem, source=self.place, line=self.line or None, record=name, repair=repair)


def objects(document: Document, mapping: SourceMapping) -> Iterator[Object]:
    """Give the objects of a document, and the links that lists in them hold.

    Raises:
        InputError: if it is neither a set in XML nor an answer in JSON, or an object lacks its class or identifier.
    """
    found = _from_json(document, mapping) if document.text.lstrip().startswith("{") else _from_xml(document, mapping)
    for one in found:
        _take_hints(one, mapping)
        yield one


# --------------------------------------------------------------------------------------------------------------------
# XML


def _from_xml(document: Document, mapping: SourceMapping) -> Iterator[Object]:
    root = read_xml(document)
    if root.name != "Set":
        raise InputError(
            f"this is {root.name}, and a Set of objects is expected.", source=document.name, line=root.line
        )
    for tag in root.children:
        for one in tag.children if tag.name == "Row" else (tag,):
            if one.get("id") != "null":  # a row in which nothing was found for one of its classes
                yield from _object(one, document, mapping)


def _object(tag: Tag, document: Document, mapping: SourceMapping) -> Iterator[Object]:
    found = Object(tag.name, tag.get("id"), {}, document.name, tag.line)
    if not found.id:
        raise found.error("this has no id.", 'Expected an object such as <Server alias="Server" id="1">.')
    for child in tag.children:
        links = [one for inner in child.named("Set") for one in inner.children]
        if links:
            yield from (_link(found, child.name, one, mapping) for one in links)
        elif text := _value(child):
            found.fields.setdefault(child.name, []).append(text)
    found.type = found.one("finalclass") or found.type
    yield found


def _link(host: Object, name: str, tag: Tag, mapping: SourceMapping) -> Object:
    """Read what a list in an object holds; the key that points back to the object is left out there."""
    fields = {child.name: [text] for child in tag.children if (text := _value(child))}
    known = list_of(mapping.lineage(mapping.named(host.type)), name)
    if known and known.type == tag.name:
        fields.setdefault(known.back, [host.id])
    return Object(tag.name, tag.get("id"), fields, host.place, tag.line)


def _value(tag: Tag) -> str:
    """Give the text of a field; of a file its name, of anything else that has parts their texts."""
    names = {child.name for child in tag.children}
    if names and names <= _BLOB:
        return next((child.text for child in tag.named("filename", "mimetype") if child.text), "")
    parts, todo = [], [tag]
    while todo:
        one = todo.pop()
        parts.append(one.text)
        todo += one.children[::-1]
    return " ".join(part for part in parts if part)


# --------------------------------------------------------------------------------------------------------------------
# JSON


def _from_json(document: Document, mapping: SourceMapping) -> Iterator[Object]:
    answer = read_json(document)
    found = answer.get("objects") if isinstance(answer, dict) else None
    if not isinstance(found, dict):
        raise InputError(
            "this has no objects.", source=document.name, repair='Expected an answer of core/get: {"objects": {…}}.'
        )
    for name, entry in found.items():
        yield from _answered(document, str(name), entry, mapping)


def _answered(document: Document, name: str, entry: Any, mapping: SourceMapping) -> Iterator[Object]:
    type_, _, number = name.partition("::")
    found = Object(type_, number, {}, document.name)
    if not isinstance(entry, dict) or not isinstance(entry.get("fields"), dict) or not number:
        raise found.error(f"{name} is no object.", "Expected class, key and fields under a name such as Server::1.")
    if isinstance(entry.get("class"), str) and entry["class"]:
        found.type = entry["class"]
    for field_, value in entry["fields"].items():
        known = list_of(mapping.lineage(mapping.named(found.type)), field_)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict) and known:
                fields = dict(_plain_fields("", item))
                yield Object(known.type, "", {known.back: [found.id], **fields}, document.name)
            else:
                for path, texts in _plain_fields(field_, item):
                    found.fields.setdefault(path, []).extend(texts)
    yield found


def _plain_fields(path: str, value: Any) -> Iterator[tuple[str, list[str]]]:
    """Give nested values by their paths, as texts."""
    todo = [(path, value)]
    while todo:
        path, value = todo.pop()
        if isinstance(value, Mapping):
            todo += [(f"{path}.{key}" if path else str(key), item) for key, item in list(value.items())[::-1]]
        elif isinstance(value, list):
            todo += [(path, item) for item in reversed(value)]
        elif text := _text(value):
            yield path, [text]


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case _:
            return str(value).strip()


# --------------------------------------------------------------------------------------------------------------------
# What an answer tells of the things that keys point to


def _take_hints(one: Object, mapping: SourceMapping) -> None:
    """Take the class and name of what keys point to out of the fields that repeat them."""
    for name in [name for name in one.fields if re.fullmatch(r"\w+_id", name)]:
        type_read = mapping.named(one.type)
        known = mapping.field_of(type_read, name)
        if type_read in mapping.tables or (known and known.to):
            type_ = one.fields.pop(f"{name}_finalclass_recall", [""])[0]
            shown = one.fields.pop(f"{name}_friendlyname", [""])[0]
            short = one.fields.pop(f"{name.removesuffix('_id')}_name", [""])[0]
            one.hints[name] = (type_, shown or short)
