"""Telemetry in OTLP's JSON: resources with their attributes, and the calls between services that spans tell of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ...document import Document
from ...facts_builder import FactsBuilder
from ..nested import WHOLE
from ..record import SOURCE, TARGET, Record, Reference, Value
from ..syntax.expected import Expected
from ..syntax.head import head
from ..syntax.json import read_json, read_json_lines
from .resources import Resources

NO_SERVICE = "it names no service"
ONE_REQUEST = "it tells of one request, and of no call between two services"
ONE_VALUE = "it tells of one moment"

_START = re.compile(r'\{\s*"resource(?:Spans|Metrics|Logs|Profiles)"\s*:')
_SIGNALS = {
    "resourceSpans": (("scopeSpans", "instrumentationLibrarySpans"), "spans", "span"),
    "resourceMetrics": (("scopeMetrics", "instrumentationLibraryMetrics"), "metrics", "metric"),
    "resourceLogs": (("scopeLogs", "instrumentationLibraryLogs"), "logRecords", "log record"),
    "resourceProfiles": (("scopeProfiles",), "profiles", "profile"),
}
"""What each signal has inside, and what its items are counted as."""
_KINDS = {"2": "SERVER", "3": "CLIENT", "4": "PRODUCER", "5": "CONSUMER"}
_ASKS = {"SERVER": "CLIENT", "CONSUMER": "PRODUCER"}
_LINKS = {"SERVER": "calls", "CONSUMER": "sends to"}
_SCALARS = ("stringValue", "intValue", "boolValue", "doubleValue")


def is_otlp(document: Document) -> bool:
    """Tell whether a document is telemetry in OTLP's JSON.

    Example:
        >>> is_otlp(Document("d", b'{"resourceSpans": []}'))
        True
    """
    return _START.match(head(document, 1_024)) is not None


class Exports:
    """Exported telemetry that is read together: a call may have its ends in two files."""

    def __init__(self, resources: Resources, builder: FactsBuilder) -> None:
        self.resources = resources
        self.builder = builder
        self.asking: dict[tuple[str, str], tuple[str, str]] = {}
        self.answering: list[tuple[tuple[str, str], str, str]] = []

    def add(self, document: Document) -> None:
        """Read a file.

        Raises:
            InputError: if it is no JSON, or not made as OTLP lays down.
        """
        first, _, rest = document.text.strip("\ufeff \t\r\n").partition("\n")
        by_line = first.rstrip().endswith("}") and rest.strip()
        for line, content in read_json_lines(document) if by_line else ((0, read_json(document)),):
            expected = Expected(document.name, line)
            for signal, entries in expected.object(content, "").items():
                if signal in _SIGNALS:
                    for number, entry in enumerate(expected.items(entries, signal)):
                        self._entry(
                            signal, expected.object(entry, f"{signal}/{number}"), expected, f"{signal}/{number}"
                        )
                else:
                    self._count(signal, 1, "it is none of OTLP's signals")

    def _entry(self, signal: str, entry: Mapping[str, Any], expected: Expected, at: str) -> None:
        """Read what is told of one resource."""
        resource = expected.object(entry.get("resource"), f"{at}/resource")
        service = self.resources.service(_attributes(resource.get("attributes"), expected, f"{at}/resource/attributes"))
        self._count("resource", 1, "" if service else NO_SERVICE)
        if service:
            self.resources.say(Reference(signal, signal), "service", service)
        within, items, name = _SIGNALS[signal]
        for group in within:
            for number, scope in enumerate(expected.items(entry.get(group), f"{at}/{group}")):
                where = f"{at}/{group}/{number}"
                found = expected.items(expected.object(scope, where).get(items), f"{where}/{items}")
                if name != "span":
                    self._count(name, len(found), ONE_VALUE)
                    continue
                for position, span in enumerate(found):
                    place = f"{where}/{items}/{position}"
                    self._span(expected.object(span, place), service.key if service else "", expected, place)

    def _span(self, span: Mapping[str, Any], service: str, expected: Expected, at: str) -> None:
        self.builder.read("span")
        kind = str(span.get("kind", "")) if isinstance(span.get("kind"), (str, int)) else ""
        kind = _KINDS.get(kind, kind.removeprefix("SPAN_KIND_"))
        trace, own, parent = (
            expected.text(span.get(field, ""), f"{at}/{field}") for field in ("traceId", "spanId", "parentSpanId")
        )
        if service and kind in _ASKS.values():
            self.asking[trace, own] = service, kind
        if service and parent and kind in _ASKS:
            self.answering.append(((trace, parent), service, kind))
        else:
            self.builder.left("span", ONE_REQUEST)

    def links(self) -> Iterator[Record]:
        """Give the calls between services: a client's or producer's span is the parent of another service's."""
        found: dict[tuple[str, str, str], None] = {}
        for parent, service, kind in self.answering:
            asker, asking = self.asking.get(parent, ("", ""))
            if asking == _ASKS[kind] and asker != service:
                found[_LINKS[kind], asker, service] = None
                self.builder.used("span")
            else:
                self.builder.left("span", ONE_REQUEST)
        for link, source, target in found:
            yield Record(link, "", {SOURCE: [Reference(source)], TARGET: [Reference(target)]})

    def _count(self, what: str, number: int, reason: str) -> None:
        if number:
            self.builder.read(what, number)
            if reason:
                self.builder.left(what, reason, number)
            else:
                self.builder.used(what, number)


def _attributes(found: Any, expected: Expected, at: str) -> dict[str, Value]:
    """Give attributes by their names; a list or an object among them is not taken apart."""
    attributes: dict[str, Value] = {}
    for number, entry in enumerate(expected.items(found, at)):
        place = f"{at}/{number}"
        pair = expected.object(entry, place)
        value = expected.object(pair.get("value"), f"{place}/value")
        scalar = next((value[one] for one in _SCALARS if isinstance(value.get(one), (str, int, Decimal))), None)
        name = expected.text(pair.get("key"), f"{place}/key")
        attributes[name] = scalar if scalar is not None else WHOLE if value else ""
    return attributes
