"""JSON, strictly: keys stand once, there is no NaN, numbers keep their digits, and long lists are read bit by bit."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ...document import Document
from ...errors import InputError, stands_twice

_CHUNK = 1 << 20
"""So many bytes of a long list are looked at at a time, or as many as one of its items needs."""
_LONGEST_WORD = 16
"""A number, word or escape that is cut off within so many characters of the end may go on behind it."""
_SPACE = re.compile(r"[ \t\r\n]*")
_HIGH = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


class _RefusedError(ValueError):
    """Something that JSON allows, or Python's reader does, and a source must not have."""


class _BadError(Exception):
    """Something is wrong at a position of a text; `cut` says that it may only be cut off there."""

    def __init__(self, position: int, problem: str, repair: str = "", cut: bool = False) -> None:
        self.position = position
        self.problem = problem
        self.repair = repair
        self.cut = cut


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
    try:
        value, end = _value(text, _skip(text, 0))
        if _skip(text, end) != len(text):
            raise _BadError(end, "there is something after the end of the JSON.")
    except _BadError as error:
        line = text.count("\n", 0, error.position) + 1
        raise InputError(error.problem, source=document.name, line=line, repair=error.repair) from None
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
    window = _Window(document)
    opening = re.compile(r'\s*(?:\{\s*"(?:' + "|".join(map(re.escape, keys)) + r')"\s*:\s*)?\[')
    while not (start := opening.match(window.text)):
        if not window.grow():
            raise InputError(f"this is no list of records, nor one under {' or '.join(keys)}.", source=document.name)
    window.position = start.end()
    following = window.next()
    while following not in ("]", ""):
        yield window.line, window.value()
        following = window.next()
        if following == ",":
            window.position += 1
            following = window.next()
            if following == "]":
                raise window.error("there is a comma before the end of a list.")
        elif following not in ("]", ""):
            raise window.error("a comma or the end of a list is expected here.")
    if not following:
        raise window.error("this ends in the middle of a list.", "It may be cut short.")
    while window.grow():
        pass
    read_json(Document(document.name, (start.group() + window.text[window.position :]).encode("utf-8")))


class _Window:
    """The part of a document that is being looked at; what was read leaves it, and it grows where it is too small.

    Attributes:
        text: the part.
        position: how far it was read.
        line: the line of that position, counted from 1, as of the last call of `next`.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = ""
        self.position = 0
        self.line = 1
        self._counted = 0
        self._taken = 0
        encoding = "utf-16" if document.data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        self._decoder = codecs.getincrementaldecoder(encoding)()

    def grow(self) -> bool:
        """Take in more of the document, at least as much as is left of the part; tell whether there was more."""
        data, left = self.document.data, self.text[self.position :]
        if self._taken >= len(data):
            return False
        self._count()
        end = self._taken + max(_CHUNK, len(left))
        try:
            self.text = left + self._decoder.decode(data[self._taken : end], end >= len(data))
        except UnicodeDecodeError:
            return bool(self.document.text)  # which says where
        self._taken, self.position, self._counted = end, 0, 0
        return True

    def next(self) -> str:
        """Go to the next character that is no white space, and give it; "" at the end."""
        self.position = _skip(self.text, self.position)
        while self.position >= len(self.text) and self.grow():
            self.position = _skip(self.text, self.position)
        self._count()
        return self.text[self.position : self.position + 1]

    def value(self) -> Any:
        """Give the value that begins here, and go behind it."""
        while True:
            try:
                value, end = _value(self.text, self.position)
                if end <= len(self.text) - _LONGEST_WORD or not self.grow():
                    break
            except _BadError as error:
                if not (error.cut and self.grow()):
                    raise self.error(error.problem, error.repair, error.position) from None
        self.position = end
        return value

    def error(self, problem: str, repair: str = "", position: int = 0) -> InputError:
        """Say what is wrong here, or further on."""
        line = self.line + self.text.count("\n", self._counted, max(position, self.position))
        return InputError(problem, source=self.document.name, line=line, repair=repair)

    def _count(self) -> None:
        self.line += self.text.count("\n", self._counted, self.position)
        self._counted = self.position


def _skip(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _RefusedError(f"the key {stands_twice(key for key, _ in pairs)!r} stands in one object twice")
    return found


def _no_number(text: str) -> Any:
    raise _RefusedError(f"{text} is no number")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_float=Decimal, parse_constant=_no_number)


def _value(text: str, position: int) -> tuple[Any, int]:
    """Give the value at a position, and the position behind it."""
    try:
        value, end = _DECODER.raw_decode(text, position)
    except json.JSONDecodeError as error:
        repair = "The file may be cut short." if error.pos >= len(text.rstrip()) else ""
        cut = error.msg.startswith("Unterminated") or error.pos > len(text) - _LONGEST_WORD
        raise _BadError(error.pos, f"this is not JSON ({error.msg}).", repair, cut) from None
    except _RefusedError as error:
        raise _BadError(position, f"{error}.") from None
    except RecursionError:
        raise _BadError(position, "this nests too deeply.") from None
    except ValueError as error:  # a whole number of thousands of digits
        raise _BadError(position, f"this is not read: {error}.") from None
    if _HIGH.search(text, position, end):
        try:
            json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
        except UnicodeEncodeError:
            raise _BadError(position, "this has half of a surrogate pair in a text.") from None
    return value, end
