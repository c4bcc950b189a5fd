"""Backstage: the descriptors of a software catalogue in YAML, and what the catalogue's interface answers in JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from ..document import Document
from ..errors import InputError
from ..facts_builder import FactsBuilder
from .input import MOST_FILES, Input
from .mapping import SourceMapping
from .mapping_file import shipped_mapping
from .nested import flattened, passed_over
from .record import Record, Reference, Value
from .stating import state
from .syntax.json import read_json, read_json_items
from .syntax.yaml import read_yaml

MOST_VALUES = 100_000
"""An entity with more values than this is refused."""
TARGET_COUNT = "Location target"
"""What the targets of locations are counted as."""
_HEAD = 1 << 18
_IN_YAML = re.compile(rb"^(?:\xef\xbb\xbf)?apiVersion[ \t]*:[ \t]*[\"']?(?:[\w.-]+\.)?backstage\.io/", re.MULTILINE)
_FIRST_KEY = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:[ \t]*(?:#.*|%YAML.*|---.*|\.\.\.)?\r?\n)*"
    rb"(?:--- )?[\"']?(?:apiVersion|kind|metadata|spec|relations|status)\b"
)
_IN_JSON = re.compile(rb'\s*[\[{](?s:.)*?"apiVersion"\s*:\s*"(?:[\w.-]+\.)?backstage\.io/')
_PLACEHOLDER = re.compile(rb"^[ \t]*name[ \t]*:[ \t]*\{[{%]|^[ \t]*\{%", re.MULTILINE)
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|[a-z]{2,}:")
_Paths = tuple[dict[str, Callable[[Any], Iterable[Value]]], list[tuple[str, str]]]
_ENVELOPE = ("apiVersion", "metadata", "spec", "status")


def is_backstage(document: Document) -> bool:
    r"""Tell whether a document holds entities of a Backstage catalogue, and no template that they are made from.

    Example:
        >>> is_backstage(Document("d", b"kind: User\napiVersion: backstage.io/v1alpha1"))
        True
    """
    head = document.data[:_HEAD]
    if _FIRST_KEY.match(head) and _IN_YAML.search(head):
        return not _PLACEHOLDER.search(head)
    return _IN_JSON.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def read_backstage(input_: Input, builder: FactsBuilder) -> None:
    """Read entities, and follow the locations among them to other files of the folder, each file once.

    Args:
        input_: the documents.
        builder: what takes the facts.

    Raises:
        InputError: if a document is not well-formed, an entity lacks its kind or name, two have the same, or a
            reference names nothing.
    """
    mapping = input_.mapping or shipped_mapping("backstage")
    state(_Catalogue(input_, mapping, builder).records(), mapping, builder)


class _Catalogue:
    """The documents that are read, and those that locations in them add."""

    def __init__(self, input_: Input, mapping: SourceMapping, builder: FactsBuilder) -> None:
        self.input = input_
        self.mapping = mapping
        self.builder = builder
        self.documents = list(input_.documents)
        self.seen: set[Path | str] = {_path(document) for document in self.documents}
        self.seen |= {document.digest for document in self.documents}  # for one that the load gave another name
        self.paths: dict[str, _Paths] = {}
        self.spelt = {kind.lower(): kind for kind in (*mapping.classes, *mapping.left)}

    def records(self) -> Iterator[Record]:
        """Give a record for each entity."""
        for document in self.documents:  # it grows while it is walked
            for line, value in _values(document):
                if value is None:
                    self.builder.read("null")
                    self.builder.left("null", "the catalogue knows no such entity")
                    continue
                entity = _Entity(document, line, value)
                if entity.kind == "Location":
                    self._follow(entity)
                yield self._record(entity)

    def _record(self, entity: _Entity) -> Record:
        if left := self._left(entity):
            return Record(entity.kind, entity.key, {}, entity.document.name, entity.line, left)
        passed, references = self._paths(entity.kind)
        whole = passed | {path: partial(self._references, entity, path, kind) for path, kind in references}
        fields: dict[str, list[Value]] = {path: [] for path in entity.first_labels()}
        for path, values in flattened(entity.tree(), whole).items():
            fields[path] = [value for value in values if value != ""]
        for type_, target in entity.relations():
            path = f"relations.{type_}"
            fields.setdefault(path, []).extend(self._references(entity, path, "", target))
        if sum(map(len, fields.values())) > MOST_VALUES:
            raise entity.error(f"this entity has more than {MOST_VALUES} values.")
        return Record(entity.kind, entity.key, fields, entity.document.name, entity.line)

    def _left(self, entity: _Entity) -> str:
        if "{{" in entity.name:
            return "its name is a placeholder: it is a template of a descriptor"
        return self.mapping.left.get(self.mapping.named(entity.kind), "")

    def _paths(self, kind: str) -> _Paths:
        """Give the paths of fields that are passed over, and those of references with the kind that they default to."""
        if kind not in self.paths:
            rules = self.mapping.fields_of(self.mapping.named(kind))
            references = [(path, rule.to) for path, rule in rules.items() if rule.facts or rule.link]
            self.paths[kind] = dict(passed_over(self.mapping, kind)), references
        return self.paths[kind]

    # ----------------------------------------------------------------------------------------------------------------
    # References

    def _references(self, entity: _Entity, path: str, kind: str, value: Any) -> list[Value]:
        """Read what names another entity: `[kind:][namespace/]name`, or the three as an object; "" names nothing."""
        return [] if value == "" else [self._reference(entity, path, kind, value)]

    def _reference(self, entity: _Entity, path: str, kind: str, value: Any) -> Reference:
        parts: tuple[Any, ...] = (None, None, None)
        if isinstance(value, str):
            parts = _parts(value.strip())
        elif isinstance(value, dict):
            parts = tuple(value.get(key) for key in ("kind", "namespace", "name"))
        kind, namespace, name = parts[0] or kind, parts[1] or entity.namespace, parts[2]
        if not all(isinstance(part, str) for part in (kind, namespace, name)) or "" in parts:
            raise entity.error(
                f"{path} is {_short(value)}, which names no entity.",
                "Write [kind:][namespace/]name, such as group:web.",
            )
        key = f"{kind}:{namespace}/{name}" if kind else f"{namespace}/{name}"
        return Reference(key.lower(), self.spelt.get(kind.lower(), kind), name)

    # ----------------------------------------------------------------------------------------------------------------
    # Locations

    def _follow(self, entity: _Entity) -> None:
        for target in entity.targets():
            for path in self._expanded(entity.document, target):
                self.builder.read(TARGET_COUNT)
                if reason := self._add(entity.document, path):
                    self.builder.left(TARGET_COUNT, reason)
                else:
                    self.builder.used(TARGET_COUNT)

    def _expanded(self, document: Document, target: str) -> list[str]:
        """Give the paths that a target stands for: those that fit it if it is a pattern; itself if none does."""
        if self.input.folder is None or _URL.match(target) or not any(sign in target for sign in "*?["):
            return [target]
        base = self.input.beside(document)
        try:
            found = sorted(islice(base.glob(target), MOST_FILES))
        except (ValueError, NotImplementedError, OSError):
            return [target]
        paths = [path.relative_to(base) for path in found if path.is_file()]
        return [path.as_posix() for path in paths if not _is_hidden(path)] or [target]

    def _add(self, document: Document, path: str) -> str:
        """Put what a path names among the documents; give the reason where that can't be done."""
        if _URL.match(path):
            return "a URL is never fetched"
        try:
            if (self.input.beside(document) / path).resolve() in self.seen:
                return ""
            neighbour = self.input.neighbour(document, path)
        except InputError as error:
            return error.problem if path in error.problem else f"{path}: {error.problem}"
        except (OSError, ValueError, RuntimeError) as error:  # what is no path, or a link that leads to itself
            return f"{path[:100]!r}: {error}"
        if neighbour.digest in self.seen:
            return ""
        self.seen |= {_path(neighbour), neighbour.digest}
        if not is_backstage(neighbour):
            return f"{path}: it holds no entities of a Backstage catalogue"
        self.documents.append(neighbour)
        return ""


class _Entity:
    """An entity whose kind and name are there."""

    def __init__(self, document: Document, line: int, value: Any) -> None:
        self.document = document
        self.line = line
        self.name = self.key = ""
        if not isinstance(value, dict):
            raise self.error("this is no entity.", "Expected apiVersion, kind, metadata and spec.")
        self.value: Mapping[str, Any] = value
        self.kind = self._text(value, "kind")
        metadata = value.get("metadata")
        if not isinstance(metadata, dict):
            raise self.error("this entity has no metadata.", "Expected metadata with a name.")
        self.metadata: Mapping[str, Any] = metadata
        self.name = self._text(metadata, "name")
        self.namespace = self._text(metadata, "namespace") if metadata.get("namespace") else "default"
        self.key = f"{self.kind}:{self.namespace}/{self.name}".lower()

    def _text(self, table: Mapping[str, Any], key: str) -> str:
        found = table.get(key)
        if not isinstance(found, str) or not found.strip():
            raise self.error(f"this entity has no {key}.", f"Expected a text, not {_short(found)}.")
        return found.strip()

    def error(self, problem: str, repair: str = "") -> InputError:
        """Make an error that says where the entity stands."""
        record = self.key or self.name
        return InputError(problem, source=self.document.name, line=self.line or None, record=record, repair=repair)

    def tree(self) -> dict[str, Any]:
        """Give what it says beside its kind and relations; what is no part of an entity has a dot before its name."""
        return {
            key if key in _ENVELOPE else f".{key}": item
            for key, item in self.value.items()
            if key not in ("kind", "relations")
        }

    def first_labels(self) -> Iterator[str]:
        """Name the fields that hold names, the one that is shown to people first, as far as they are there."""
        spec = self.value.get("spec")
        profile = spec.get("profile") if isinstance(spec, dict) else None
        if self.metadata.get("title"):
            yield "metadata.title"
        if isinstance(profile, dict) and profile.get("displayName"):
            yield "spec.profile.displayName"
        yield "metadata.name"

    def targets(self) -> Iterator[str]:
        """Give the targets of a location."""
        spec = self.value.get("spec") or {}
        if not isinstance(spec, dict):
            raise self.error(f"its spec is {_short(spec)}.", "Expected target or targets.")
        several = spec.get("targets") or []
        for target in (spec.get("target"), *(several if isinstance(several, list) else [several])):
            if isinstance(target, str) and target.strip():
                yield target.strip()
            elif target is not None:
                raise self.error(f"its target is {_short(target)}.", "Expected a path or a URL.")

    def relations(self) -> Iterator[tuple[str, Any]]:
        """Give the relations that the catalogue's interface adds: the type of each, and what it leads to."""
        found = self.value.get("relations") or []
        for relation in found if isinstance(found, list) else [found]:
            if not isinstance(relation, dict) or not isinstance(relation.get("type"), str):
                raise self.error(f"a relation is {_short(relation)}.", "Expected type and targetRef.")
            yield relation["type"], relation.get("targetRef") or relation.get("target")


def _values(document: Document) -> Iterator[tuple[int, Any]]:
    """Give what should be entities, with the line that each begins on."""
    text = document.text.lstrip()
    if not text.startswith(("[", "{")):
        yield from ((one.line, one.value) for one in read_yaml(document))
    elif re.match(r'\[|\{\s*"items"\s*:\s*\[', text):
        yield from read_json_items(document, "items")
    else:
        found = read_json(document)
        items = found.get("items") if isinstance(found, dict) and "kind" not in found else None
        yield from ((1, item) for item in items) if isinstance(items, list) else [(1, found)]


def _parts(text: str) -> tuple[str | None, str | None, str]:
    """Take a reference apart: its kind, namespace and name; a kind or namespace that is not there is None.

    Example:
        >>> _parts("group:web"), _parts("a/b:c")
        (('group', None, 'web'), (None, 'a', 'b:c'))
    """
    colon, slash = text.find(":"), text.find("/")
    if -1 < slash < colon:
        colon = -1
    kind = text[:colon] if colon >= 0 else None
    namespace = text[colon + 1 : slash] if slash >= 0 else None
    return kind, namespace, text[max(colon, slash) + 1 :]


def _path(document: Document) -> Path:
    return Path(document.name).resolve()


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") and part != ".." for part in path.parts)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
