"""NetBox: the JSON that `manage.py dumpdata` writes, and what its REST interface answers."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..document import Document
from ..errors import InputError
from ..facts_builder import FactsBuilder
from .input import Input
from .mapping import FieldRule, SourceMapping
from .mapping_file import shipped_mapping
from .record import SOURCE, TARGET, Record, Reference, Value
from .stating import state
from .syntax.head import head
from .syntax.json import read_json, read_json_items, read_json_lines

PORT = "ipam.service.port"
"""The class of the ports of services; NetBox has no model for them."""
_APPS = "circuits|core|dcim|extras|ipam|tenancy|users|virtualization|vpn|wireless"
_DUMP = re.compile(r'(?:\[\s*)?\{\s*"(?:model|pk|fields)"\s*:')
_OWN_MODEL = re.compile(rb'"model"\s*:\s*"(?:circuits|dcim|ipam|tenancy|virtualization|vpn|wireless)\.[a-z0-9]+"')
_LINES = re.compile(r'\s*\{\s*"(?:model|pk|fields)"\s*:')
_ADDRESS = re.compile(rf"(?:^|/)api/(?:({_APPS})|plugins/([\w-]+))/([\w-]+)/(\d+)/?$")
_OWN_ADDRESS = re.compile(rf'"url"\s*:\s*"[^"]*/api/(?:{_APPS}|plugins/[\w-]+)/[\w-]+/\d+/?"')
_MODEL = re.compile(r"\w+\.\w+")
_MODELS = {("virtualization", "interfaces"): "vminterface", ("dcim", "virtual-chassis"): "virtualchassis"}
_CUSTOM = ("custom_fields", "custom_field_data")
_PORTS = ("port", "ports", "port_mappings")
_PROTOCOLS = {"6": "tcp", "17": "udp"}
_NAMES = ("name", "display", "label", "address", "prefix", "model", "cid", "username", "display_name")
"""Fields that name a record to people, the first that is there."""
_LINKS = {
    "dcim.cabletermination": {"cable": "dcim.cable", "termination_id": ""},
    "ipam.fhrpgroupassignment": {"group": "ipam.fhrpgroup", "interface_id": ""},
    "tenancy.contactassignment": {"contact": "tenancy.contact", "object_id": ""},
}
"""Classes whose records link two others: the fields that name these, and the class of what they name if it is one."""


def is_netbox(document: Document) -> bool:
    """Tell whether a document is a dump of NetBox's database, or an answer of its REST interface.

    Example:
        >>> is_netbox(Document("d", b'[{"model": "dcim.site", "pk": 1, "fields": {"name": "Depot"}}]'))
        True
    """
    start = head(document)
    if _DUMP.match(start):
        return _OWN_MODEL.search(document.data) is not None
    return start.startswith(("{", "[")) and _OWN_ADDRESS.search(start) is not None


def read_netbox(input_: Input, builder: FactsBuilder) -> None:
    """Read dumps and answers, several of them together.

    Args:
        input_: the documents.
        builder: what takes the facts.

    Raises:
        InputError: if a document is not well-formed, a record lacks what tells its class and key, or two have the same.
    """
    mapping = input_.mapping or shipped_mapping("netbox")
    reading = _Reading(mapping, [row for document in input_.documents for row in _rows(document, builder)])
    state(reading.records(), mapping, builder)
    counts = Counter(row.type for row in reading.rows)
    for row in reading.rows:
        if row.promised > counts[row.type]:
            note = f"{counts[row.type]} of {row.promised} x {row.type}: the pages that follow were not loaded."
            if note not in builder.notes:
                builder.notes.append(note)


@dataclass(slots=True)
class _Row:
    """A record as it stands in the file.

    Attributes:
        type: its class, `app.model`.
        key: its key, `app.model/number`.
        fields: what it says.
        place: the name of its file.
        line: its line; 0 where it isn't known.
        promised: how many of its class the answer says there are.
    """

    type: str
    key: str
    fields: Mapping[str, Any]
    place: str
    line: int
    promised: int = 0


def _rows(document: Document, builder: FactsBuilder) -> Iterator[_Row]:
    promised = 0
    items: Iterator[tuple[int, Any]]
    if document.text.lstrip().startswith("["):
        items = read_json_items(document)
    elif _LINES.match(document.text):
        items = read_json_lines(document)
    else:
        answer = read_json(document)
        results = answer.get("results") if isinstance(answer, dict) else None
        items = ((0, item) for item in (results if isinstance(results, list) else [answer]))
        count = answer.get("count") if isinstance(results, list) else 0
        promised = count if isinstance(count, int) else 0
    for number, (line, item) in enumerate(items, start=1):
        if item is None:
            builder.read("null")
            builder.left("null", "there is no such record")
            continue
        row = _row(document, line, number, item)
        row.promised = promised
        yield row


def _row(document: Document, line: int, number: int, item: Any) -> _Row:
    if isinstance(item, dict) and "fields" in item:
        model, fields, key = item.get("model"), item["fields"], item.get("pk")
        if isinstance(model, str) and _MODEL.fullmatch(model) and isinstance(fields, dict):
            if isinstance(key, bool) or not isinstance(key, (str, int)):  # it was dumped by a natural key
                key = fields.get("username") or f"#{number}"
            return _Row(model, f"{model}/{key}", fields, document.name, line)
    elif isinstance(item, dict) and (found := _addressed(item.get("url"))):
        fields = {name: value for name, value in item.items() if name != "id"}
        return _Row(*found, fields, document.name, line)
    raise InputError(
        "this record has neither a model with fields, as a dump has, nor a url that tells its class.",
        source=document.name,
        line=line or None,
        record=f"record {number}",
        repair="Export it with `manage.py dumpdata`, or save what the REST interface answers (NetBox 2.9 or later).",
    )


def _addressed(url: Any) -> tuple[str, str] | None:
    """Give class and key of what an address of the REST interface is the address of."""
    found = _ADDRESS.search(url) if isinstance(url, str) else None
    if not found:
        return None
    app, plugin, endpoint, number = found.groups()
    app = app or plugin.replace("-", "_")
    type_ = f"{app}.{_MODELS.get((app, endpoint)) or _singular(endpoint.replace('-', ''))}"
    return type_, f"{type_}/{number}"


def _singular(plural: str) -> str:
    if plural.endswith("ies"):
        return plural[:-3] + "y"
    if plural.endswith(("sses", "xes", "ches", "shes")):
        return plural[:-2]
    return plural.removesuffix("s")


class _Reading:
    """Rows that are made into records, with what has to be known of all of them first."""

    def __init__(self, mapping: SourceMapping, rows: Sequence[_Row]) -> None:
        self.mapping = mapping
        self.rows = rows
        self.names = {row.key: _shown(row.fields) for row in rows}
        self.models = {
            row.key.rpartition("/")[2]: f"{row.fields.get('app_label')}.{row.fields.get('model')}"
            for row in rows
            if row.type == "contenttypes.contenttype"
        }
        self.rules: dict[tuple[str, str], FieldRule | None] = {}

    def records(self) -> Iterator[Record]:
        """Give a record for each row, and one for each port of a service."""
        for row in self.rows:
            type_ = self.mapping.named(row.type)
            fields = {} if type_ in self.mapping.left else self._fields(type_, row)
            ends = _LINKS.get(type_, {}) if type_ in self.mapping.links else {}
            for end, (name, to) in zip((SOURCE, TARGET), ends.items(), strict=False):
                named = fields.pop(name, [])
                fields[end] = [one if isinstance(one, Reference) else self._named(to, one) for one in named]
            yield Record(row.type, row.key, fields, row.place, row.line)
            for port in dict.fromkeys(value for name in _PORTS for value in fields.get(name, ())):
                if isinstance(port, Reference) and port.type == PORT:
                    yield Record(PORT, port.key, {"name": [port.label]}, row.place, row.line)

    def _rule(self, type_: str, name: str) -> FieldRule | None:
        if (type_, name) not in self.rules:
            self.rules[type_, name] = self.mapping.field_of(type_, name)
        return self.rules[type_, name]

    def _fields(self, type_: str, row: _Row) -> dict[str, list[Value]]:
        found: dict[str, list[Value]] = {}
        for name, value in row.fields.items():
            if name in _CUSTOM and isinstance(value, dict):
                for own, item in value.items():
                    found[f"{name}.{own}"] = list(self._values(row, name, item, self._rule(type_, f"{name}.{own}")))
            elif name in _PORTS and row.type in ("ipam.service", "ipam.servicetemplate"):
                found[name] = list(_ports(row, value))
            else:
                found[name] = list(self._values(row, name, value, self._rule(type_, name)))
        return found

    # ----------------------------------------------------------------------------------------------------------------
    # Values

    def _values(self, row: _Row, name: str, value: Any, rule: FieldRule | None) -> Iterator[Value]:
        if isinstance(value, list):
            if name.endswith("_type") and len(value) == 2 and all(isinstance(part, str) for part in value):
                yield ".".join(value)
            elif rule and rule.to and value and all(isinstance(part, str) for part in value):
                yield self._named(rule.to, "/".join(value))
            else:
                for item in value:
                    yield from self._value(row, name, _joined(item) if rule and rule.to else item, rule)
        else:
            yield from self._value(row, name, value, rule)

    def _value(self, row: _Row, name: str, value: Any, rule: FieldRule | None) -> Iterator[Value]:
        if isinstance(value, dict):
            yield from self._object(value, rule)
        elif isinstance(value, list):
            yield _text(value)
        elif value is not None and value != "":
            if type_ := self._class_beside(row, name):
                yield self._named(type_, value)
            elif rule and rule.to:
                yield self._named(rule.to, value)
            else:
                yield self.models.get(str(value), value) if name.endswith("_type") else value

    def _object(self, value: Mapping[str, Any], rule: FieldRule | None) -> Iterator[Value]:
        """Read an object within a record: what names another one, a choice with its label, or whatever else."""
        type_, object_ = value.get("object_type"), value.get("object")
        if found := _addressed(value.get("url")):
            yield Reference(found[1], found[0], _shown(value))
        elif isinstance(type_, str) and "object_id" in value:
            label = _shown(object_) if isinstance(object_, dict) else ""
            yield Reference(f"{type_}/{value['object_id']}", type_, label)
        elif rule and rule.to and isinstance(value.get("id"), int):
            yield Reference(f"{rule.to}/{value['id']}", rule.to, _shown(value))
        elif "value" in value and isinstance(value["value"], (str, int)):
            yield value["value"]
        elif value:
            yield _text(value)

    def _named(self, type_: str, value: Any) -> Reference:
        key = f"{type_}/{value}"
        return Reference(key, type_, self.names.get(key, ""))

    def _class_beside(self, row: _Row, name: str) -> str:
        """Give the class of what a number names, where another field has the class: that of a generic relation."""
        if not name.endswith("_id"):
            return ""
        beside = [f"{name[:-3]}_type", "content_type"] if name == "object_id" else [f"{name[:-3]}_type"]
        for value in filter(None, map(row.fields.get, beside)):
            text = ".".join(map(str, value)) if isinstance(value, list) else self.models.get(str(value), str(value))
            if _MODEL.fullmatch(text):
                return text
        return ""


def _joined(item: Any) -> Any:
    """Give a natural key, a list of texts, as one text."""
    return "/".join(item) if isinstance(item, list) and all(isinstance(part, str) for part in item) else item


def _ports(row: _Row, value: Any) -> Iterator[Value]:
    """Give the ports of a service, each with its protocol: `tcp/443`."""
    protocol = row.fields.get("protocol")
    protocol = protocol.get("value") if isinstance(protocol, dict) else protocol
    protocol = _PROTOCOLS.get(str(protocol), str(protocol).lower()) if isinstance(protocol, (str, int)) else ""
    for port in value if isinstance(value, list) else [value]:
        if isinstance(port, (str, int)) and port != "":
            label = port if isinstance(port, str) and "/" in port else f"{protocol}/{port}" if protocol else str(port)
            yield Reference(f"{row.key}/{label}", PORT, label)


def _shown(fields: Mapping[str, Any]) -> str:
    """Give what names a record to people."""
    return next((text for text in map(fields.get, _NAMES) if isinstance(text, str) and text), "")


def _text(value: Any) -> str:
    """Give a value that has a structure of its own as one text."""
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except RecursionError:
        return "…"
