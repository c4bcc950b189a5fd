"""CycloneDX bills of materials, in JSON and XML.

Read by the strict front of this library and not by cyclonedx-python-lib, which was tried (11.12): a type of component
that it doesn't know is a traceback, and so is a number where a list should stand; components that say the same without
a bom-ref become one, and fields that it doesn't know are gone, so that no report could add up; nothing has a line. What
is needed here, names, nesting and references, is little, and stays readable when the format grows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ..document import Document
from ..errors import InputError
from ..facts_builder import FactsBuilder
from .cyclonedx_xml import NAMESPACE, xml_content
from .input import Input
from .mapping import SourceMapping
from .mapping_file import shipped_mapping
from .nested import flattened, passed_over
from .record import SOURCE, TARGET, Record, Reference
from .stating import UNNAMED, state
from .syntax.expected import Expected
from .syntax.head import head
from .syntax.json import read_json

LISTED_AGAIN = "the bill lists what it is about among its components too"

_JSON = re.compile(r'"bomFormat"\s*:\s*"CycloneDX"|"\$schema"\s*:\s*"https?://cyclonedx\.org/schema/')
_XML = re.compile(r"<(?:[\w.-]+:)?bom\b[^>]*" + re.escape(NAMESPACE))
_LINK = re.compile(r"urn:cdx:([^/]+)/[^#]*#(.+)")
_ENTITIES = ("supplier", "manufacturer", "provider", "metadata.supplier", "metadata.manufacture")
_SAID_OF_ITS_SUBJECT = ("supplier", "manufacture")
_HEADER = ("$schema", "bomFormat", "serialNumber", "specVersion", "version")
_SUBJECT = "metadata/component"
_PARTS = {"components": "component", "services": "service"}
_Entry = tuple[str, Mapping[str, Any], str]
"""The class of an entry, the entry, and its place in the bill."""


def is_cyclonedx(document: Document) -> bool:
    """Tell whether a document is a CycloneDX bill of materials."""
    start = head(document)
    if start.startswith("{"):
        end = document.data[-4_096:].decode("utf-8", errors="replace")
        return _JSON.search(start) is not None or _JSON.search(end) is not None
    return start.startswith("<") and _XML.search(start) is not None


def read_cyclonedx(input_: Input, builder: FactsBuilder) -> None:
    """Put the facts of bills of materials into a builder.

    What stands in one bill is known by its bom-ref, or by its place where it has none; of several bills each has its
    file's name before that, since a bom-ref is unique in its bill only.

    Raises:
        InputError: if one is no JSON or XML, is of another version, or is not made as a bill is.
    """
    mapping = input_.mapping or shipped_mapping("cyclonedx")
    bills = [_Bill(one, _content(one), _prefix(one, input_), mapping, {}) for one in input_.documents]
    prefixes = {bill.serial: bill.prefix for bill in bills if bill.serial}
    for bill in bills:
        bill.prefixes.update(prefixes)
    state((record for bill in bills for record in bill.records()), mapping, builder)


def _prefix(document: Document, input_: Input) -> str:
    if len(input_.documents) == 1 or input_.folder is None:
        return ""
    return f"{Path(document.name).relative_to(input_.folder).as_posix()}#"


def _content(document: Document) -> dict[str, Any]:
    content = xml_content(document) if head(document, 64).startswith("<") else read_json(document)
    if not isinstance(content, dict):
        raise InputError("this is no bill of materials.", source=document.name, repair="Expected an object.")
    version = Expected(document.name).text(content.get("specVersion", "1.0"), "specVersion")
    if not re.fullmatch(r"1\.\d+", version):
        problem = f"this is CycloneDX {version[:20]}."
        raise InputError(problem, source=document.name, repair="Versions 1.0 to 1.7 are read.")
    return content


@dataclass(frozen=True)
class _Bill:
    """One bill of materials.

    Attributes:
        document: its file.
        content: what it says, in the form that it has in JSON.
        prefix: what the keys of what is in it begin with.
        mapping: the mapping.
        prefixes: serial number to prefix, of all bills that are read together.
    """

    document: Document
    content: Mapping[str, Any]
    prefix: str
    mapping: SourceMapping
    prefixes: dict[str, str]

    @property
    def expected(self) -> Expected:
        """What is expected of the values in it."""
        return Expected(self.document.name)

    @property
    def serial(self) -> str:
        """Its serial number, without what it begins with."""
        found = self.content.get("serialNumber")
        return found.removeprefix("urn:uuid:") if isinstance(found, str) else ""

    def records(self) -> Iterator[Record]:
        """Give what the bill lists, the links between, and what is passed over."""
        endpoints: dict[str, Any] = {}
        rest = {key: value for key, value in self.content.items() if key not in _HEADER}
        metadata = dict(self.expected.object(rest.pop("metadata", None), "metadata"))
        yield from self._listed(self._top(rest, metadata), endpoints)
        for key, url in endpoints.items():
            yield Record("endpoint", key, {"url": [url]}, self.document.name)
        for number, entry in enumerate(self.expected.items(rest.pop("dependencies", None), "dependencies")):
            yield from self._dependency(entry, f"dependencies/{number}")
        yield from self._left({f"metadata.{key}": value for key, value in metadata.items()})
        yield from self._left(rest)

    def _top(self, rest: dict[str, Any], metadata: dict[str, Any]) -> list[_Entry]:
        """Take the entries at the top out of a bill: its subject, its components, its services."""
        found: list[_Entry] = []
        if (main := metadata.pop("component", None)) is not None:
            said = {f"metadata.{name}": metadata.pop(name, None) for name in _SAID_OF_ITS_SUBJECT}
            found.append((_PARTS["components"], {**self.expected.object(main, _SUBJECT), **said}, _SUBJECT))
        for part in _PARTS:
            found += self._entries(part, rest.pop(part, None), part)
        return found

    def _entries(self, part: str, items: Any, at: str) -> list[_Entry]:
        places = [f"{at}/{number}" for number, _ in enumerate(self.expected.items(items, at))]
        return [
            (_PARTS[part], self.expected.object(item, place), place)
            for place, item in zip(places, items or (), strict=True)
        ]

    def _left(self, content: Mapping[str, Any]) -> Iterator[Record]:
        """Give what is passed over, an item at a time."""
        for key, value in content.items():
            reason = self.mapping.left.get(key, UNNAMED)
            for _ in value if isinstance(value, list) else [value]:
                yield Record(key, "", {}, self.document.name, left=reason)

    # ----------------------------------------------------------------------------------------------------------------
    # Components and services

    def _listed(self, entries: list[_Entry], endpoints: dict[str, Any]) -> Iterator[Record]:
        """Give components and services, with what stands inside them."""
        whole = {type_: passed_over(self.mapping, type_) for type_ in _PARTS.values()}
        subject = next((item for _, item, at in entries if at == _SUBJECT), {})
        todo = entries[::-1]
        while todo:
            type_, item, at = todo.pop()
            inside = {part: self._entries(part, item.get(part), f"{at}/{part}") for part in _PARTS}
            fields = dict(item)
            for part, found in inside.items():
                fields[part] = [Reference(self._key(one, place)) for _, one, place in found]
                todo += reversed(found)
            self._name(fields, type_, at, endpoints)
            line = getattr(item, "line", 0)
            place = self.document.name if line else f"{self.document.name}, {at}"
            left = LISTED_AGAIN if at.startswith("components/") and _same(item, subject) else ""
            yield Record(type_, self._key(item, at), flattened(fields, whole[type_]), place, line, left)

    def _key(self, item: Mapping[str, Any], at: str) -> str:
        reference = item.get("bom-ref")
        return self.prefix + (f"#{at}" if reference in (None, "") else self.expected.text(reference, f"{at}/bom-ref"))

    def _name(self, fields: dict[str, Any], type_: str, at: str, endpoints: dict[str, Any]) -> None:
        """Put references for what an entry names into its fields."""
        for name in _ENTITIES:
            if name in fields:
                fields[name] = self._entity(fields[name], "organization")
        people = self.expected.items(fields.get("authors"), f"{at}/authors")
        fields["authors"] = [self._entity(person, "person") for person in people]
        if type_ == "service":
            urls = self.expected.texts(fields.get("endpoints"), f"{at}/endpoints")
            keys = [_endpoint(url, self._key(fields, at)) for url in urls]
            endpoints.update(zip(keys, urls, strict=True))
            fields["endpoints"] = [Reference(key, "endpoint") for key in keys]
            flows = self.expected.items(fields.get("data"), f"{at}/data")
            fields["data"] = [self._flow(flow, f"{at}/data") for flow in flows]

    def _entity(self, value: Any, type_: str) -> Any:
        """Give an organization or person with a reference for its name; what tells it apart is its key."""
        if not isinstance(value, dict) or not isinstance(name := value.get("name"), str) or not name.strip():
            return value
        own, mail = (found if isinstance(found := value.get(key), str) else "" for key in ("bom-ref", "email"))
        key = f"{self.prefix}{own}" if own else mail or name.strip()
        return {**value, "name": Reference(f"{type_}/{key}", type_, name)}

    def _flow(self, flow: Any, at: str) -> dict[str, Any]:
        found = dict(self.expected.object(flow, at))
        if isinstance(name := found.get("classification"), str) and name:
            found["classification"] = Reference(f"classification/{name}", "classification", name)
        for end in ("source", "destination"):
            found[end] = [self._linked(text) for text in self.expected.texts(found.get(end), f"{at}/{end}")]
        return found

    def _linked(self, text: str) -> Reference:
        """Give what a link to an entry of a bill names, or what else an address does."""
        found = _LINK.fullmatch(text)
        if found and found[1] in self.prefixes:
            return Reference(self.prefixes[found[1]] + unquote(found[2]))
        return Reference(text, "", text)

    # ----------------------------------------------------------------------------------------------------------------
    # Dependencies

    def _dependency(self, entry: Any, at: str) -> Iterator[Record]:
        found = self.expected.object(entry, at)
        source = Reference(self.prefix + self.expected.text(found.get("ref"), f"{at}/ref"))
        ends = {link: self.expected.texts(found.get(link), f"{at}/{link}") for link in ("dependsOn", "provides")}
        for link, targets in ends.items():
            if targets:
                named = [Reference(self.prefix + target) for target in targets]
                yield Record(link, "", {SOURCE: [source], TARGET: named}, self.document.name)
        if not any(ends.values()):
            yield from self._left({"dependency": entry})


def _same(item: Mapping[str, Any], subject: Mapping[str, Any]) -> bool:
    """Tell whether an entry is what the bill is about once more, as some tools list it, with nothing inside."""
    told = all(item.get(key) and item.get(key) == subject.get(key) for key in ("bom-ref", "type", "name"))
    return told and not any(item.get(part) for part in _PARTS)


def _endpoint(url: str, service: str) -> str:
    """Give the key of an endpoint; a path alone is another point at each service."""
    return f"endpoint/{url}" if "://" in url else f"endpoint/{service}/{url}"
