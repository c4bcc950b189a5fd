"""GLPI's files as rows: lists of its REST interfaces, old and new, and lists that it exports as CSV."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from ...document import Document
from ...errors import InputError
from ..syntax.csv import read_csv
from ..syntax.json import read_json
from .names import Classes, field_of

NAME = "name:"
"""What stands before the name in the key of something that is known by its name only."""
_OWN_LINK = re.compile(r"/(\w+)/(\d+)/\w+/?$")
_LINK = re.compile(r"/(\w+)/(\d+)/?$")
_SORT = re.compile(r"([a-z]+)(?:types|models)_id")
_UNNAMED = "(unnamed)"
_TELLING = (
    ("itemtype_source", "itemtype_impacted", "ImpactRelation"),
    ("softwareversions_id", "items_id", "Item_SoftwareVersion"),
    ("softwareversions_id", "computers_id", "Computer_SoftwareVersion"),
    ("operatingsystems_id", "items_id", "Item_OperatingSystem"),
    ("appliances_id", "items_id", "Appliance_Item"),
    ("certificates_id", "items_id", "Certificate_Item"),
    ("clusters_id", "items_id", "Item_Cluster"),
    ("contracts_id", "items_id", "Contract_Item"),
    ("contracts_id", "suppliers_id", "Contract_Supplier"),
    ("racks_id", "items_id", "Item_Rack"),
    ("softwarecategories_id", "is_update", "Software"),
)
"""Fields that stand together in one class only."""


@dataclass(slots=True)
class Row:
    """A record as it stands in the file.

    Attributes:
        type: its class.
        key: its key: the class, and behind it the number, or the name where there is no number.
        fields: what it says.
        place: the name of its file.
        line: its line; 0 where it isn't known.
    """

    type: str
    key: str
    fields: Mapping[str, Any]
    place: str
    line: int = 0

    def linked(self, type_: str) -> str:
        """Give the key of the one thing of a class that the links of the record name; "" if there is not just one."""
        found = {match[2] for match in map(_LINK.search, _addresses(self.fields)) if match and match[1] == type_}
        return f"{type_}/{found.pop()}" if len(found) == 1 else ""


def json_rows(document: Document, classes: Classes) -> Iterator[Row]:
    """Read the records of a list, of an object with lists by their class, or a single record.

    Raises:
        InputError: if the document is none of these, or the class of a record can't be told.
    """
    value = read_json(document)
    if isinstance(value, dict) and "data" in value and "totalcount" in value:
        raise InputError(
            "this is the answer of a search, which names its columns by numbers only.",
            source=document.name,
            repair="Ask for the list of a class instead: GET apirest.php/Computer?range=0-9999.",
        )
    lists = value.items() if isinstance(value, dict) and "id" not in value else [("", value)]
    for name, items in lists:
        for number, item in enumerate(items if isinstance(items, list) else [items], start=1):
            if not isinstance(item, dict):
                raise _error(document, f"{name or 'record'} {number} is no object.".strip(), number)
            type_ = classes.named(name) or name or _class(document, item, classes)
            if not type_:
                raise _error(document, "the class of this record can't be told.", number)
            if isinstance(item.get("id"), bool) or not isinstance(item.get("id"), (int, str)):
                raise _error(document, "this record has no id.", number)
            yield Row(type_, f"{type_}/{item['id']}", item, document.name)


def _error(document: Document, problem: str, number: int) -> InputError:
    return InputError(
        problem,
        source=document.name,
        record=f"record {number}",
        repair='Name the file after its class, such as Computer.json, or put lists under its name: {"Computer": […]}.',
    )


def _class(document: Document, item: Mapping[str, Any], classes: Classes) -> str:
    """Tell the class of a record: it says it, its links do, the file is called so, or its fields are of one class."""
    said = item.get("_itemtype")
    if isinstance(said, str) and said:
        return classes.named(said) or said
    own = [match for match in map(_OWN_LINK.search, _addresses(item)) if match and match[2] == str(item.get("id"))]
    if own:
        return str(own[0][1])
    path = PurePath(document.name)
    return by_name(path.name, classes) or _by_fields(item, classes) or by_name(path.parent.name, classes)


def _by_fields(item: Mapping[str, Any], classes: Classes) -> str:
    sorts = {classes.named(found[1]) for found in map(_SORT.fullmatch, item) if found} - {""}
    if len(sorts) == 1:
        return sorts.pop()
    return next((type_ for one, other, type_ in _TELLING if one in item and other in item), "")


def by_name(text: str, classes: Classes) -> str:
    """Give the class that a file or a folder is called after.

    Example:
        >>> by_name("glpi_computers-2024.json", Classes(["Computer"]))
        'Computer'
    """
    whole = re.sub(r"^glpi[_-]|[\W_]*\d[\W\d_]*$", "", text.partition(".")[0], flags=re.IGNORECASE)
    return next(filter(None, map(classes.named, (whole, *re.split(r"[\W_]+", whole)))), "")


def _addresses(item: Mapping[str, Any]) -> list[str]:
    links = item.get("links")
    found = [link.get("href") for link in links if isinstance(link, dict)] if isinstance(links, list) else []
    return [address for address in found if isinstance(address, str)]


# ---------------------------------------------------------------------------------------------------------------------
# CSV


def csv_rows(document: Document, classes: Classes, notes: list[str]) -> Iterator[Row]:
    """Read a list that was exported as CSV, its columns named as the database names the fields.

    Args:
        document: the file.
        classes: the classes that are known.
        notes: takes what the list can't say.

    Raises:
        InputError: if it is no CSV, or what its rows are, or are called, can't be told.
    """
    table = read_csv(_closed(document))
    fields = [field_of(label) for label in table.columns]
    type_ = by_name(PurePath(document.name).name, classes)
    if not type_ and "itemtype" not in fields:
        raise InputError(
            "what the rows of this list are can't be told: GLPI writes it into none of its columns.",
            source=document.name,
            repair="Name the file after the class, such as Computer.csv.",
        )
    if not {"id", "name", "completename"} & {*fields}:
        raise InputError(
            "no column has the names or the numbers of things.",
            source=document.name,
            line=1,
            repair="Add the column ID.",
        )
    rows = [(line, _cells(fields, cells)) for line, cells in table.rows()]
    if "id" not in fields:
        notes.append(f"{document.name}: it has no column ID, so things are known by their names.")
    twice = Counter(_name(row) for _, row in rows)
    for line, row in rows:
        of = classes.named(row.get("itemtype", "")) or row.get("itemtype", "") or type_
        if not of:
            raise InputError("this row does not say what it is.", source=document.name, line=line)
        name = _name(row)
        number = row.get("id") or (f"{NAME}{name}" if name and twice[name] == 1 else f"{NAME}{name} (line {line})")
        yield Row(of, f"{of}/{number}", row, document.name, line)


def _cells(fields: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Give the cells that hold something, by field; the first column of those that show one field."""
    found: dict[str, str] = {}
    for field, cell in zip(fields, cells, strict=True):
        if field != _UNNAMED and cell.strip():
            found.setdefault(field, cell.strip())
    return found


def _name(row: Mapping[str, str]) -> str:
    return row.get("completename") or row.get("name", "")


def _closed(document: Document) -> Document:
    """Give a list with a name for its last column, which GLPI up to version 10 leaves empty in every row."""
    header, line_end, rest = document.text.partition("\n")
    header = header.rstrip("\r")
    if header[-1:] not in (";", ",", "\t"):
        return document
    return Document(document.name, f"{header}{_UNNAMED}{line_end}{rest}".encode())
