"""YAML, strictly: scalars stay the text they are, keys stand once, and aliases don't blow up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ...document import Document
from ...errors import InputError
from ...rdf import MOST_DEPTH

MOST_NODES = 5_000_000
"""A document may hold this many nodes, those that aliases stand for counted each time."""
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}

Scalar = Callable[[str], Any]


@dataclass(frozen=True)
class YamlDocument:
    """One of the documents of a file.

    Attributes:
        value: dicts, lists, texts and None; what aliases stand for is shared, so don't change it.
        line: the line it begins on, counted from 1.
    """

    value: Any
    line: int


def read_yaml(document: Document) -> list[YamlDocument]:
    r"""Read the documents of a YAML file; `no`, `012` and `1:30` stay texts.

    Args:
        document: the file.

    Returns:
        Its documents, empty ones left out.

    Raises:
        InputError: with the line, if it is not well-formed, has a key twice, a key that is no text, an alias to
            nothing, nests too deeply, or stands for more nodes than are read.

    Example:
        >>> [one.value for one in read_yaml(Document("d", b"a: no\n---\nb: [012, ~]"))]
        [{'a': 'no'}, {'b': ['012', None]}]
    """
    return list(_documents(document, lambda text: text))


def read_plain_yaml(document: Document) -> Any:
    """Read a YAML file of one document, in which `true`, `false` and whole numbers are what they look like.

    Raises:
        InputError: as `read_yaml`, and if there is not just one document.
    """
    found = list(_documents(document, _plain))
    if len(found) != 1:
        raise InputError(f"this holds {len(found)} documents, and one is expected.", source=document.name)
    return found[0].value


def _plain(text: str) -> Any:
    if text in _TRUTHS:
        return _TRUTHS[text]
    return int(text) if text.isascii() and text.isdigit() and str(int(text)) == text else text


@dataclass
class _Open:
    """A collection that is being read: its items, and the key that waits for a value."""

    value: Any
    line: int
    anchor: str | None
    size: int = 1
    key: str | None = None
    merged: Any = None


def _documents(document: Document, scalar: Scalar) -> Iterator[YamlDocument]:
    import yaml

    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    try:
        yield from _Reading(document, scalar).documents(yaml.parse(document.text, Loader=loader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not well-formed"
        line = mark.line + 1 if mark else None
        raise InputError(
            f"this is not well-formed YAML ({problem}).",
            source=document.name,
            line=line,
            repair="The file may be cut short, or its indentation is off.",
        ) from None


class _Reading:
    """A file on its way from parser events to values."""

    def __init__(self, document: Document, scalar: Scalar) -> None:
        self.document = document
        self.scalar = scalar
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.found: Any = None
        self.nodes = 0

    def documents(self, events: Iterator[Any]) -> Iterator[YamlDocument]:
        line = 1
        for event in events:
            match type(event).__name__:
                case "DocumentStartEvent":
                    self.anchors, self.found, line = {}, None, 0
                case "DocumentEndEvent":
                    if self.found is not None:
                        yield YamlDocument(self.found, line)
                case "StreamStartEvent" | "StreamEndEvent":
                    pass
                case name:
                    here = event.start_mark.line + 1
                    line = line or here
                    self._node(name, event, here)

    def _node(self, name: str, event: Any, line: int) -> None:
        match name:
            case "MappingStartEvent" | "SequenceStartEvent":
                if len(self.stack) >= MOST_DEPTH:
                    raise self._error(f"this nests deeper than {MOST_DEPTH} levels.", line)
                self.stack.append(_Open({} if name.startswith("M") else [], line, event.anchor))
            case "MappingEndEvent" | "SequenceEndEvent":
                self._close(line)
            case "AliasEvent":
                if event.anchor not in self.anchors:
                    raise self._error(f"the alias *{event.anchor} stands for nothing before it.", line)
                self._put(*self.anchors[event.anchor], line)
            case _:
                plain = not event.style
                empty = plain and event.value in _NULLS and event.tag is None
                value = None if empty else self.scalar(event.value) if plain else event.value
                if event.anchor:
                    self.anchors[event.anchor] = (value, 1)
                self._put(value, 1, line)

    def _close(self, line: int) -> None:
        done = self.stack.pop()
        if done.merged is not None:
            done.value = {**done.merged, **done.value}
        if done.anchor:
            self.anchors[done.anchor] = (done.value, done.size)
        self._put(done.value, done.size, done.line)

    def _put(self, value: Any, size: int, line: int) -> None:
        """Put a finished value where it belongs."""
        if not self.stack:
            self.found = value
            return
        top = self.stack[-1]
        top.size += size
        if top.size > MOST_NODES:
            raise self._error(f"this stands for more than {MOST_NODES} values.", line, "Write aliases out less often.")
        if isinstance(top.value, list):
            top.value.append(value)
        elif top.key is None:
            top.key = self._key(value, top, line)
        else:
            if top.key == "<<":
                self._merge(value, top, line)
            else:
                top.value[top.key] = value
            top.key = None

    def _key(self, value: Any, top: _Open, line: int) -> str:
        if isinstance(value, (dict, list)):
            raise self._error("this has a key that is no text.", line)
        key = "" if value is None else str(value)
        if key in top.value:
            raise self._error(f"the key {key!r} stands here twice.", line, "Keep one of them.")
        return key

    def _merge(self, value: Any, top: _Open, line: int) -> None:
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(part, dict) for part in parts):
            raise self._error("what is merged by << is no mapping.", line)
        top.merged = {key: item for part in reversed([*parts, top.merged or {}]) for key, item in part.items()}

    def _error(self, problem: str, line: int, repair: str = "") -> InputError:
        return InputError(problem, source=self.document.name, line=line, repair=repair)
