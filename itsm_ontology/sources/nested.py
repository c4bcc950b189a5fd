"""Nested values as the fields of a record, named by dotted paths."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .mapping import SourceMapping
from .record import Value

WHOLE = "…"
"""Stands for an object that is not taken apart."""

Made = Mapping[str, Callable[[Any], Any]]
"""Paths, and what is made of the values there before they are taken apart."""


def flattened(tree: Mapping[str, Any], made: Made) -> dict[str, list[Value]]:
    """Give nested values as fields: a key within a key is named with a dot, and a list has its items under one name.

    Args:
        tree: the values: dicts, lists, and whatever a field can hold; None is no value.
        made: where something else is made of a value first; of each item where there is a list.

    Example:
        >>> flattened({"spec": {"ports": [{"port": 80}, {"port": 443}], "type": None}}, {})
        {'spec.ports.port': [80, 443]}
        >>> flattened({"spec": {"ports": [{"port": 80}, {"port": 443}]}}, {"spec.ports": lambda ports: WHOLE})
        {'spec.ports': ['…', '…']}
    """
    found: dict[str, list[Value]] = {}
    todo: list[tuple[str, Any, bool]] = [("", tree, True)]
    while todo:
        path, value, as_read = todo.pop()
        if isinstance(value, list):
            todo += [(path, item, as_read) for item in reversed(value)]
        elif value is None:
            continue
        elif as_read and path in made:
            todo.append((path, made[path](value), False))
        elif isinstance(value, dict):
            todo += [(f"{path}.{key}" if path else key, item, True) for key, item in reversed(value.items())]
        else:
            found.setdefault(path, []).append(value)
    return found


def passed_over(mapping: SourceMapping, type_: str) -> dict[str, Callable[[Any], Any]]:
    """Give the paths that a mapping passes over in a class, so that an object there is one value.

    Args:
        mapping: the mapping.
        type_: the class.
    """
    rules = mapping.fields_of(mapping.named(type_))
    return {name: _as_one for name, rule in rules.items() if rule.left}


def _as_one(value: Any) -> Any:
    return WHOLE if isinstance(value, dict) else value
