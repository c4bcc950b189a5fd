"""Readers, one a format, registered in a table and chosen by content."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..document import Document, Readable, open_document
from ..errors import InputError, UnknownNameError
from ..facts import FactsBuilder
from ..model import Model
from . import archimate, rdf


@dataclass(frozen=True)
class Format:
    """A format that can be read.

    Attributes:
        name: its short name.
        title: what it is.
        sniff: tells from a document whether it is in this format.
        read: puts a document's facts into a builder, or raises InputError.
    """

    name: str
    title: str
    sniff: Callable[[Document], bool]
    read: Callable[[Document, FactsBuilder], None]


FORMATS: tuple[Format, ...] = (
    Format("archi", "Archi's native ArchiMate file (.archimate)", archimate.is_archi, archimate.read_archi),
    Format(
        "archimate-exchange",
        "ArchiMate model exchange file, namespaces 2.1 and 3.0 (.xml)",
        archimate.is_exchange,
        archimate.read_exchange,
    ),
    *(Format(name, f"RDF: {title}", sniff, read) for name, title, sniff, read in rdf.FORMATS),
)
"""Every format, in the order in which content is held against them."""


def load(source: Readable, *, format: str | None = None, name: str | None = None) -> Model:
    """Load a model.

    Args:
        source: a path, the bytes themselves, or a file object.
        format: the name of a format of `FORMATS`; by default it is told from the content.
        name: what to call the model; by default the file's name.

    Returns:
        The model; `model.report` says what was read, used and left.

    Raises:
        InputError: if the source can't be read, with file, line and repair; nothing of it is kept.
        UnknownNameError: if there is no such format.

    Example:
        >>> model = load(b"<urn:a> a <https://w3id.org/itsm-ontology/itsm#Server> .")
        >>> model.elements
        ('urn:a',)
    """
    document = open_document(source, name)
    chosen = _format(document, format)
    builder = FactsBuilder(document.name, chosen.name)
    chosen.read(document, builder)
    return Model(builder.build())


def _format(document: Document, name: str | None) -> Format:
    if name is not None:
        for candidate in FORMATS:
            if candidate.name == name:
                return candidate
        raise UnknownNameError("format", name, [candidate.name for candidate in FORMATS])
    for candidate in FORMATS:
        if candidate.sniff(document):
            return candidate
    raise InputError(
        "this is in none of the formats that are read.",
        source=document.name,
        repair=f"They are {_listed(f.name for f in FORMATS)}; "
        "if it is one of them, say which (format=, --input-format).",
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
