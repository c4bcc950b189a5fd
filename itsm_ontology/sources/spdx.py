"""SPDX 3 documents in JSON-LD, read as the JSON that their schema lays down: the context is known and never fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..document import Document
from ..errors import InputError
from ..facts_builder import FactsBuilder
from .input import Input
from .mapping import SourceMapping
from .mapping_file import shipped_mapping
from .nested import Made, flattened, passed_over
from .record import SOURCE, TARGET, Record, Reference
from .stating import state
from .syntax.expected import Expected
from .syntax.head import head
from .syntax.json import read_json

NOTHING_THERE = "it says that there is none, or that nothing is said"
IN_ANOTHER_FILE = "another file has it too, and says the same"

_CONTEXT = re.compile(r'"@context"\s*:\s*[^{}]*?"https?://spdx\.org/rdf/3\.')
_NOTHING = re.compile(r"(?:https?://spdx\.org/rdf/3\.[^/]*/terms/Core/)?No(?:ne|Assertion)Element")
_ENDS = {"from": SOURCE, "to": TARGET}


def is_spdx(document: Document) -> bool:
    """Tell whether a document is an SPDX 3 document, by the context that it names."""
    start = head(document)
    return start.startswith("{") and _CONTEXT.search(start) is not None


def read_spdx(input_: Input, builder: FactsBuilder) -> None:
    """Put the facts of SPDX 3 documents into a builder.

    An element is known by its `spdxId`, which is unique everywhere; one that several files have and say the same of is
    read once.

    Raises:
        InputError: if one is no JSON, or not made as an SPDX document is.
    """
    mapping = input_.mapping or shipped_mapping("spdx-3")
    state(_records(input_, mapping), mapping, builder)


def _records(input_: Input, mapping: SourceMapping) -> Iterator[Record]:
    seen: dict[str, Any] = {}
    whole: dict[str, Made] = {}
    for document in input_.documents:
        own: dict[str, Any] = {}
        for number, item in enumerate(_items(document)):
            record = _record(item, document, number, len(input_.documents) > 1, mapping, whole)
            if record.key in seen and seen[record.key] == item:
                record.left = IN_ANOTHER_FILE
            if record.key:
                own[record.key] = item
            yield record
        seen.update(own)


def _items(document: Document) -> list[Mapping[str, Any]]:
    expected = Expected(document.name)
    content = read_json(document)
    if not isinstance(content, dict):
        raise InputError("this is no SPDX document.", source=document.name, repair="Expected an object.")
    graph = expected.items(content["@graph"], "@graph") if "@graph" in content else [_without_context(content)]
    return [expected.object(item, f"@graph/{number}") for number, item in enumerate(graph)]


def _without_context(content: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key != "@context"}


def _record(
    item: Mapping[str, Any],
    document: Document,
    number: int,
    several: bool,
    mapping: SourceMapping,
    whole: dict[str, Made],
) -> Record:
    """Give the record of an item of the graph: an element, or a relationship between elements."""
    expected, at = Expected(document.name), f"@graph/{number}"
    type_ = expected.text(item.get("type", item.get("@type")), f"{at}/type")
    place = f"{document.name}, {at}"
    if "relationshipType" in item or "from" in item:
        return _relationship(item, type_, expected, at)
    key = expected.text(item.get("spdxId", item.get("@id", f"_:{number}")), f"{at}/spdxId")
    if key.startswith("_:") and several:
        key = f"{document.name}#{key}"
    if type_ not in whole:
        whole[type_] = passed_over(mapping, type_)
    fields = {name: value for name, value in item.items() if name not in ("type", "@type")}
    return Record(type_, key, flattened(fields, whole[type_]), place)


def _relationship(item: Mapping[str, Any], type_: str, expected: Expected, at: str) -> Record:
    link = expected.text(item.get("relationshipType", type_), f"{at}/relationshipType")
    targets = item.get("to")
    ends = {
        SOURCE: [expected.text(item.get("from"), f"{at}/from")],
        TARGET: expected.texts([targets] if isinstance(targets, str) else targets, f"{at}/to"),
    }
    place = f"{expected.source}, {at}"
    named = {end: [Reference(key) for key in keys if not _NOTHING.fullmatch(key)] for end, keys in ends.items()}
    if not all(named.values()):
        return Record(link, "", {}, place, left=NOTHING_THERE)
    rest = {name: value for name, value in item.items() if name not in (*_ENDS, "type", "@type", "relationshipType")}
    return Record(link, "", {**flattened(rest, {}), **named}, place)
