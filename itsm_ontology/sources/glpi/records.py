"""From GLPI's rows to records: what names what, by number or by name."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..mapping import SourceMapping
from ..nested import WHOLE, flattened
from ..record import SOURCE, TARGET, Record, Reference, Value
from .names import Classes
from .rows import NAME, Row

LINKS = {
    "Appliance_Item": ("appliances_id", "items_id"),
    "Asset_PeripheralAsset": ("items_id_asset", "items_id_peripheral"),
    "Certificate_Item": ("certificates_id", "items_id"),
    "Computer_Item": ("computers_id", "items_id"),
    "Computer_SoftwareVersion": ("softwareversions_id", "computers_id"),
    "Contract_Item": ("contracts_id", "items_id"),
    "Contract_Supplier": ("contracts_id", "suppliers_id"),
    "Document_Item": ("documents_id", "items_id"),
    "Domain_Item": ("domains_id", "items_id"),
    "Group_User": ("users_id", "groups_id"),
    "ImpactRelation": ("items_id_source", "items_id_impacted"),
    "Item_Cluster": ("clusters_id", "items_id"),
    "Item_OperatingSystem": ("operatingsystems_id", "items_id"),
    "Item_Rack": ("racks_id", "items_id"),
    "Item_SoftwareVersion": ("softwareversions_id", "items_id"),
    "NetworkPort_NetworkPort": ("networkports_id_1", "networkports_id_2"),
}
"""Classes whose records link two others, and the fields that name these."""
INSTALLATIONS = ("Computer_SoftwareVersion", "Item_SoftwareVersion")
"""The links that say what is installed where."""
ROOT = "Entity"
"""The class in which 0 is a number like others: that of the outermost entity."""
TEMPLATE = "a template for new records; no thing yet"
DELETED = "it is in the bin"
_TRUE = (1, "1", True)


class Reading:
    """Rows that are made into records, with what has to be known of all of them first."""

    def __init__(self, mapping: SourceMapping, classes: Classes, rows: Sequence[Row]) -> None:
        self.mapping = mapping
        self.classes = classes
        self.rows = rows
        self.known: dict[tuple[str, str], str] = {}
        self.labels = {row.key: _shown(row.fields) for row in rows}
        self.keys: dict[tuple[str, str], str] = {}
        for row in (row for row in rows if not _passed_over(row)):
            for name in {_shown(row.fields), str(row.fields.get("name", "")), _person(row.fields)} - {""}:
                known = self.keys.setdefault((row.type, name), row.key)
                if known != row.key:
                    self.keys[row.type, name] = f"{row.type}/{NAME}{name}"
        self.software = {row.key: of for row in rows if row.type == "SoftwareVersion" for of in self._software(row)}

    def _software(self, row: Row) -> Iterator[Reference]:
        """Give the software that a version is one of: whatever has the version installed has it installed too."""
        for name in ("softwares_id", "software"):
            yield from self._named(row, "Software", row.fields.get(name), False)

    def records(self) -> Iterator[Record]:
        """Give a record for each row."""
        for row in self.rows:
            left = _passed_over(row)
            type_ = self.mapping.named(row.type)
            fields = {} if left or type_ in self.mapping.left else self._fields(type_, row)
            if type_ in LINKS and type_ in self.mapping.links:
                for end, name in zip((SOURCE, TARGET), LINKS[type_], strict=True):
                    named = [value for value in fields.pop(name, ()) if isinstance(value, Reference)]
                    also = [self.software[one.key] for one in named if one.key in self.software]
                    fields[end] = [*named, *also] if type_ in INSTALLATIONS else [*named]
            yield Record(row.type, row.key, fields, row.place, row.line, left)

    # ----------------------------------------------------------------------------------------------------------------
    # Fields

    def _fields(self, type_: str, row: Row) -> dict[str, list[Value]]:
        found: dict[str, list[Value]] = {}
        expanded = any(_is_name(value) and self.classes.foreign(name) for name, value in row.fields.items())
        for name, value in row.fields.items():
            of = self._class_of(type_, row, name)
            if name == "id" or value is None or value == "":
                continue
            if name == "links" or (name.startswith("_") and isinstance(value, (dict, list))):
                found[name] = [WHOLE for _ in value] if isinstance(value, list) else [WHOLE]
            elif of:
                listed = value if isinstance(value, list) else _lines(value)
                found[name] = [one for item in listed for one in self._named(row, of, item, expanded)]
            elif isinstance(value, dict) and "id" in value and isinstance(value.get("name"), str):
                found[name] = [value["name"]]
            else:
                for path, values in flattened({name: value}, {}).items():
                    found.setdefault(path, []).extend(one for one in values if one != "")
        return found

    def _class_of(self, type_: str, row: Row, name: str) -> str:
        """Give the class of what a field names; "" if it names nothing."""
        if name.startswith("items_id"):
            said = row.fields.get("itemtype" + name.removeprefix("items_id"))
            return (self.classes.named(said) or said) if isinstance(said, str) else ""
        if (type_, name) not in self.known:
            rule = self.mapping.field_of(type_, name)
            self.known[type_, name] = self.classes.foreign(name) or (rule.to if rule else "")
        return self.known[type_, name]

    def _named(self, row: Row, type_: str, value: Any, expanded: bool) -> Iterator[Reference]:
        """Read what a field names: a number, a name in its place, or an object with both."""
        if isinstance(value, dict):
            number, name = value.get("id"), _shown(value)
        elif _is_name(value) or (expanded and isinstance(value, str)):
            number, name = None, _clean(value)
        else:
            number, name = value, ""
        if isinstance(number, (int, str)) and not isinstance(number, bool) and _is_number(number, type_):
            key = f"{type_}/{number}"
            yield Reference(key, type_, self.labels.get(key) or name)
        elif name:
            key = self.keys.get((type_, name)) or row.linked(type_) or f"{type_}/{NAME}{name}"
            yield Reference(key, type_, name)


def _passed_over(row: Row) -> str:
    """Say why a record is passed over whatever its class, if it is."""
    if row.fields.get("is_deleted") in _TRUE:
        return DELETED
    return TEMPLATE if row.fields.get("is_template") in _TRUE else ""


def _lines(value: Any) -> list[Any]:
    """Give the values of a cell, which stand on lines of their own."""
    return value.split("\n") if isinstance(value, str) else [value]


def _clean(text: str) -> str:
    """Give a name without the marks that versions before 10 have in it."""
    return html.unescape(text).replace("\xa0", " ").strip()


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(name := _clean(value)) and not name.lstrip("-").isdigit()


def _is_number(number: int | str, type_: str) -> bool:
    text = str(number).strip()
    return text.isdigit() and (text != "0" or type_ == ROOT)


def _shown(fields: Mapping[str, Any]) -> str:
    """Give what names a record to people; with the names of those that it is inside of, if it is inside of others."""
    named = (fields.get("completename"), fields.get("name"))
    return next((_clean(text) for text in named if isinstance(text, str) and text.strip()), "")


def _person(fields: Mapping[str, Any]) -> str:
    parts = (fields.get("realname"), fields.get("firstname"))
    return " ".join(part for part in parts if isinstance(part, str) and part)
