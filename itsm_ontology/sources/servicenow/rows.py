"""Rows: the records of ServiceNow's tables as JSON, CSV and XML have them, before anything is made of their values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from ...document import Document
from ...errors import InputError, stands_twice
from ..syntax.csv import CsvTable, read_csv
from ..syntax.json import read_json, read_json_items
from ..syntax.xml import Tag, read_xml

HEAD = 65_536
"""How much of a file is looked at to see what it is."""
LISTS = ("result", "records")
"""The keys that hold the records: of the Table API, and of exported lists."""

_ONE = re.compile(r'\s*\{\s*"result"\s*:\s*\{')
_TABLE = re.compile(r"[a-z][a-z0-9_]*[a-z]")
_FIELD = re.compile(r"[a-z][a-z0-9_.]*")
_LABELS = {
    "approval_group": "change_control",
    "business_criticality": "busines_criticality",
    "class": "sys_class_name",
    "created": "sys_created_on",
    "created_by": "sys_created_by",
    "most_recent_discovery": "last_discovered",
    "status": "install_status",
    "updated": "sys_updated_on",
    "updated_by": "sys_updated_by",
}
"""Labels of columns that are not the names of their fields in other letters."""


@dataclass(slots=True)
class Row:
    """A record of a table.

    Attributes:
        table: the table that the file's name, or in XML the element's, says it is of; "" if it says none.
        sure: whether that is said for certain, as in XML; the name of a file may be anything.
        fields: field to value: a text, a number, or what JSON has for references and values with a display value.
        place: the name of its file.
        line: the line it begins on in JSON and XML, ends on in CSV; counted from 1.
    """

    table: str
    fields: Mapping[str, Any]
    place: str
    line: int
    sure: bool = False


def read_rows(document: Document) -> Iterator[Row]:
    r"""Read the records of a file.

    Raises:
        InputError: with the line, if it is not well-formed, or something in it is no record.

    Example:
        >>> [row.fields for row in read_rows(Document("cmdb_ci_server.csv", b"Name,Class\nalpha,Server\n"))]
        [{'name': 'alpha', 'sys_class_name': 'Server'}]
        >>> [row.table for row in read_rows(Document("d.xml", b"<unload><sys_user><name>A</name></sys_user></unload>"))]
        ['sys_user']
    """
    start = head(document)
    if start.startswith("<"):
        return _xml(document)
    if start.startswith(("{", "[")):
        return _json(document, start)
    return _csv(read_csv(document))


def head(document: Document) -> str:
    """Give the beginning of a file as text, without what may stand before it."""
    encoding = "utf-16" if document.data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return document.data[:HEAD].decode(encoding, "replace").lstrip()


def table_of(name: str) -> str:
    """Give the table that a file's name names.

    Example:
        >>> table_of("exports/cmdb_ci_server (2).json"), table_of("2024.json")
        ('cmdb_ci_server', '')
    """
    found = _TABLE.match(PurePath(name).name.partition(".")[0].lower())
    return found.group() if found else ""


def field_of(header: str) -> str:
    """Give the field for the header of a column, which is its name or its label.

    Example:
        >>> field_of("owned_by"), field_of("Sys ID"), field_of("Class")
        ('owned_by', 'sys_id', 'sys_class_name')
    """
    if _FIELD.fullmatch(header):
        return header
    name = re.sub(r"\W+", "_", header.casefold()).strip("_")
    return _LABELS.get(name, name)


def _json(document: Document, start: str) -> Iterator[Row]:
    table, name = table_of(document.name), document.name
    items = [(1, read_json(document)["result"])] if _ONE.match(start) else read_json_items(document, *LISTS)
    for line, item in items:
        if not isinstance(item, dict):
            raise InputError(
                "this is no record.", source=name, line=line, repair="Each has to be an object with its fields."
            )
        yield Row(table, item, name, line)


def _csv(table: CsvTable) -> Iterator[Row]:
    fields = [field_of(column) for column in table.columns]
    twice = stands_twice(fields)
    if twice is not None:
        both = [column for column, field in zip(table.columns, fields, strict=True) if field == twice]
        raise InputError(f"the columns {both[0]!r} and {both[1]!r} are one field.", source=table.document.name, line=1)
    name = table_of(table.document.name)
    for line, cells in table.rows():
        yield Row(name, dict(zip(fields, cells, strict=True)), table.document.name, line)


def _xml(document: Document) -> Iterator[Row]:
    for tag in read_xml(document).children:
        fields: dict[str, Any] = {}
        for child in tag.children:
            if child.name in fields:
                raise InputError(
                    f"the field {child.name} stands in one record twice.", source=document.name, line=child.line
                )
            fields[child.name] = _content(child)
        yield Row(tag.name, fields, document.name, tag.line, sure=True)


def _content(tag: Tag) -> Any:
    display = tag.get("display_value")
    return {"value": tag.text, "display_value": display} if display else tag.text
