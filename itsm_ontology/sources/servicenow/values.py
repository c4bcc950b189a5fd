"""Values: a text, a reference by link, a value beside what is shown for it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from ..record import Reference, Value

SYS_ID = re.compile(r"[0-9a-f]{32}")
_FORMS = {"value", "display_value", "link"}
_LINK = re.compile(r"/(?:table|cmdb/instance)/([^/?]+)/([^/?]+)")


def text_of(value: Any) -> str:
    """Give the text of a value, in whichever form it is; "" for what has none.

    Example:
        >>> text_of({"display_value": "Server", "value": "cmdb_ci_server"}), text_of({"display_value": "x"}), text_of(7)
        ('cmdb_ci_server', 'x', '7')
    """
    if isinstance(value, dict):
        kept = value.get("value")
        value = value.get("display_value") if kept is None or kept == "" else kept
    if isinstance(value, str):
        return value.strip()
    return "" if value is None or isinstance(value, (dict, list)) else str(value).lower()


def linked(link: Any) -> tuple[str, str] | None:
    """Give the table and the sys_id that a link of the Table API names.

    Example:
        >>> linked("https://example.com/api/now/table/sys_user/1f")
        ('sys_user', '1f')
    """
    found = _LINK.search(link) if isinstance(link, str) else None
    return (unquote(found[1]), unquote(found[2])) if found else None


def references(value: Any, to: str) -> list[Reference] | None:
    """Give the references in a value of a field that holds them, as far as they have keys; None for one by name only.

    Example:
        >>> references({"link": "https://example.com/api/now/table/sys_user/1f", "display_value": "Ann"}, "")
        [Reference(key='1f', type='sys_user', label='Ann')]
    """
    display = text_of(value.get("display_value")) if isinstance(value, dict) else ""
    found = linked(value.get("link")) if isinstance(value, dict) else None
    if not display and not found:
        keys = [part.strip() for part in text_of(value).split(",")]
        return [Reference(key, to) for key in keys] if all(map(SYS_ID.fullmatch, keys)) else None
    found = found or (to, "")
    text = text_of(value.get("value")) or found[1]
    if not text or (text == display and not found[1]):
        return None
    keys = [part.strip() for part in text.split(",")] if "," in text else [text]
    shown = display.split(", ") if len(keys) > 1 else [display]
    labels = shown if len(shown) == len(keys) else [""] * len(keys)
    return [Reference(key, found[0], label) for key, label in zip(keys, labels, strict=True) if key]


def is_value(value: Mapping[str, Any]) -> bool:
    """Tell whether an object is a value in one of ServiceNow's forms, and no nested one."""
    if not value.keys() <= _FORMS:
        return False
    for one in value.values():  # noqa: SIM110 (this is run for every value of a large export)
        if isinstance(one, (dict, list)):
            return False
    return True


def values_of(value: Any) -> Sequence[Value]:
    """Give the values of a field that names nothing; what ServiceNow does not nest stays one text."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, dict) and is_value(value):
        text = text_of(value)
        return (text,) if text else ()
    if isinstance(value, list):
        return [one for item in value for one in values_of(item)]
    if isinstance(value, dict):
        return (json.dumps(value, ensure_ascii=False, default=str, sort_keys=True),)
    return () if value is None or value == "" else (value,)
