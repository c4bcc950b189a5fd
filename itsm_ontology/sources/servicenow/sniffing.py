"""Whether a file is an export of ServiceNow, told from its beginning."""

from __future__ import annotations

import re

from ...document import Document
from ...errors import InputError
from ..mapping import SourceMapping
from ..mapping_file import shipped_mapping
from ..syntax.csv import read_csv
from .rows import HEAD, LISTS, field_of, head, table_of

_JSON = re.compile(r'(?:\{\s*"(?:' + "|".join(LISTS) + r')"\s*:\s*)?[\[{]')
_RECORD = re.compile(r'"(?:sys_id|sys_class_name)"\s*:|/api/now/(?:v\d/)?table/')
_RELATION = re.compile(r'"type"\s*:[^}]*"[^"\n:]+::[^"\n:]+"')
_XML = re.compile(r"(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:unload|xml)\b[^>]*>", re.DOTALL)
_COMMON = {"description", "name", "sys_class_name", "url", "version"}
_ENDS = {"parent", "child", "type"}


def is_servicenow(document: Document) -> bool:
    r"""Tell whether a file holds records of ServiceNow's tables.

    Example:
        >>> is_servicenow(Document("d", b'{"result": [{"sys_id": "1", "sys_class_name": "cmdb_ci_server"}]}'))
        True
        >>> is_servicenow(Document("d", b'{"result": [{"id": "1"}]}')), is_servicenow(Document("d", b"a,b\n1,2\n"))
        (False, False)
    """
    start = head(document)
    if start.startswith("<"):
        opening = _XML.match(start)
        return bool(opening) and "<sys_id" in start
    if start.startswith(("{", "[")):
        relation = '"parent"' in start and '"child"' in start and _RELATION.search(start)
        return bool(_JSON.match(start) and (_RECORD.search(start) or relation))
    return _is_csv(document, start)


def _is_csv(document: Document, start: str) -> bool:
    """Tell it from the header and, where that is not enough, from the first row."""
    if len(document.data) > HEAD:
        start = start.rpartition("\n")[0]
    try:
        table = read_csv(Document(document.name, start.encode("utf-8", "replace")))
        fields = [field_of(column) for column in table.columns]
        row = dict(zip(fields, next((cells for _, cells in table.rows()), ()), strict=False))
    except InputError:
        return False
    mapping = shipped_mapping("servicenow")
    if "sys_id" in fields and len(fields) > 1:
        return True
    if set(fields) >= _ENDS:
        return "::" in row.get("type", "") or table_of(document.name) in mapping.tables
    known = _known(row.get("sys_class_name", ""), mapping) or _known(table_of(document.name), mapping)
    return known and "name" in fields and len({*fields} & {*mapping.fields} - _COMMON) > 0


def _known(table: str, mapping: SourceMapping) -> bool:
    """Tell whether a table, given by its name or its label, is one of ServiceNow's; a label alone may be anything."""
    name = mapping.named(table)
    return "_" in name and (name in mapping.classes or name in mapping.left or name in mapping.tables)
