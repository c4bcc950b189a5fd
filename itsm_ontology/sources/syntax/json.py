"""JSON, strictly: keys stand once, there is no NaN, numbers keep their digits, and long lists are read bit by bit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ...document import Document
from ...errors import InputError

_SPACE = re.compile(r"[ \t\r\n]*")
_HIGH = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


class _RefusedError(ValueError):
    """Something that JSON allows, or Python's reader does, and a source must not have."""


def read_json(document: Document) -> Any:
    """Read a JSON document.

    Args:
        document: the file.

    Returns:
        dicts, lists, texts, truth values, None, `int`, and `Decimal` for numbers with a point.

    Raises:
        InputError: with the line, if it is not JSON, has a key twice, NaN or Infinity, half a surrogate pair, or nests
            too deeply.

    Example:
        >>> read_json(Document("d", b'{"a": [1, 0.10]}'))
        {'a': [1, Decimal('0.10')]}
    """
    text = document.text
    value, end = _value(document, text, _skip(text, 0))
    if _skip(text, end) != len(text):
        raise _error(document, text, end, "there is something after the end of the JSON.")
    return value


def read_json_lines(document: Document) -> Iterator[tuple[int, Any]]:
    """Read a file with a JSON document on each line; empty lines are passed over.

    Yields:
        The line, counted from 1, and the value.

    Raises:
        InputError: as `read_json`.
    """
    for number, line in enumerate(document.text.split("\n"), start=1):
        if line.strip():
            try:
                yield number, read_json(Document(document.name, line.encode("utf-8", "surrogatepass")))
            except InputError as error:
                raise InputError(error.problem, source=document.name, line=number, repair=error.repair) from None


def read_json_items(document: Document, *keys: str) -> Iterator[tuple[int, Any]]:
    r"""Read the items of a list one by one, so that the whole list is never in memory.

    Args:
        document: the file: a list, or an object whose first key is one of `keys` and has the list.
        keys: the keys that may hold the list.

    Yields:
        The line that an item begins on, counted from 1, and the item.

    Raises:
        InputError: as `read_json`, and if there is no such list.

    Example:
        >>> list(read_json_items(Document("d", b'{"result": [1,\n 2]}'), "result"))
        [(1, 1), (2, 2)]
    """
    text = document.text
    start = re.compile(r'\s*(?:\{\s*"(?:' + "|".join(map(re.escape, keys)) + r')"\s*:\s*)?\[').match(text)
    if not start:
        raise InputError(f"this is no list of records, nor one under {' or '.join(keys)}.", source=document.name)
    line, counted, position = 1, 0, _skip(text, start.end())
    while text[position : position + 1] not in ("]", ""):
        line += text.count("\n", counted, position)
        counted = position
        value, end = _value(document, text, position)
        yield line, value
        position = _skip(text, end)
        if text[position : position + 1] == ",":
            position = _skip(text, position + 1)
            if text[position : position + 1] == "]":
                raise _error(document, text, position, "there is a comma before the end of a list.")
        elif text[position : position + 1] not in ("]", ""):
            raise _error(document, text, position, "a comma or the end of a list is expected here.")
    if position >= len(text):
        raise _error(document, text, position, "this ends in the middle of a list.", "It may be cut short.")
    read_json(Document(document.name, (text[: start.end()] + text[position:]).encode("utf-8")))


def _skip(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _RefusedError(f"the key {next(key for key in keys if keys.count(key) > 1)!r} stands in one object twice")
    return found


def _no_number(text: str) -> Any:
    raise _RefusedError(f"{text} is no number")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_float=Decimal, parse_constant=_no_number)


def _value(document: Document, text: str, position: int) -> tuple[Any, int]:
    try:
        value, end = _DECODER.raw_decode(text, position)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text.rstrip())
        repair = "The file may be cut short." if cut else ""
        raise _error(document, text, error.pos, f"this is not JSON ({error.msg}).", repair) from None
    except _RefusedError as error:
        raise _error(document, text, position, f"{error}.") from None
    except RecursionError:
        raise _error(document, text, position, "this nests too deeply.") from None
    except ValueError as error:  # a whole number of thousands of digits
        raise _error(document, text, position, f"this is not read: {error}.") from None
    if _HIGH.search(text, position, end):
        try:
            json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
        except UnicodeEncodeError:
            raise _error(document, text, position, "this has half of a surrogate pair in a text.") from None
    return value, end


def _error(document: Document, text: str, position: int, problem: str, repair: str = "") -> InputError:
    return InputError(problem, source=document.name, line=text.count("\n", 0, position) + 1, repair=repair)
