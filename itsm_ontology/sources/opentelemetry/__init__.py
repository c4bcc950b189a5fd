"""OpenTelemetry: services that name themselves, in compose files and in telemetry that was exported (OTLP in JSON)."""

from __future__ import annotations

from collections.abc import Iterator

from ...document import Document
from ...facts_builder import FactsBuilder
from ..input import Input
from ..mapping_file import shipped_mapping
from ..record import Record
from ..stating import state
from .compose import ComposeFiles, is_compose
from .otlp import Exports, is_otlp
from .resources import Resources


def is_opentelemetry(document: Document) -> bool:
    """Tell whether a document is a compose file, or telemetry in OTLP's JSON, whole or line by line."""
    return is_otlp(document) or is_compose(document)


def read_opentelemetry(input_: Input, builder: FactsBuilder) -> None:
    """Put the facts of compose files and of exported telemetry into a builder.

    A service is known by its namespace and its name, whatever file names it. In compose files variables are filled in
    from `.env` or `dotenv` beside the file, or by their defaults; others stay as they are written.

    Raises:
        InputError: if one is no YAML or JSON, is not made as its format lays down, or two compose files of a folder
            have a service of the same name.
    """
    mapping = input_.mapping or shipped_mapping("opentelemetry")
    resources = Resources(mapping)
    files, exports = ComposeFiles(resources, input_, builder), Exports(resources, builder)

    def records() -> Iterator[Record]:
        for document in input_.documents:
            if is_otlp(document):
                exports.add(document)
            else:
                yield from files.records(document)
        yield from resources.records()
        yield from exports.links()

    state(records(), mapping, builder)
