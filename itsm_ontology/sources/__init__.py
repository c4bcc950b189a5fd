"""Readers, one a format, registered in a table and chosen by content."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from ..document import Document, Readable, open_document
from ..errors import InputError, UnknownNameError
from ..facts import FactsBuilder
from ..model import Model
from . import archimate, rdf
from .input import Format, Input, each, open_folder
from .mapping import SourceMapping
from .mapping_file import read_mapping

FORMATS: tuple[Format, ...] = (
    Format("archi", "Archi's native ArchiMate file (.archimate)", archimate.is_archi, each(archimate.read_archi)),
    Format(
        "archimate-exchange",
        "ArchiMate model exchange file, namespaces 2.1 and 3.0 (.xml)",
        archimate.is_exchange,
        each(archimate.read_exchange),
    ),
    *(Format(name, f"RDF: {title}", sniff, each(read)) for name, title, sniff, read in rdf.FORMATS),
)
"""Every format, in the order in which content is held against them."""

NO_FORMAT = "it is in none of the formats that are read"
OTHER_FORMAT = "it is in another format than the one asked for"


def load(
    source: Readable,
    *,
    format: str | None = None,
    name: str | None = None,
    mapping: Readable | None = None,
) -> Model:
    """Load a model.

    Args:
        source: a path to a file or a folder of files, the bytes themselves, or a file object.
        format: the name of a format of `FORMATS`; by default it is told from the content.
        name: what to call the model; by default the file's name.
        mapping: a mapping file (TOML or YAML) to read the source by, in place of the one of its format.

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
    asked = _named(format) if format is not None else None
    own = read_mapping(open_document(mapping)) if mapping is not None else None
    if isinstance(source, (str, os.PathLike)) and "\n" not in os.fspath(source) and os.path.isdir(source):
        chosen, builder, input_ = _folder(Path(source), asked, name, own)
    else:
        chosen, builder, input_ = _file(source, asked, name, own)
    chosen.read(input_, builder)
    return Model(builder.build())


def _file(
    source: Readable, asked: Format | None, name: str | None, mapping: SourceMapping | None
) -> tuple[Format, FactsBuilder, Input]:
    document = open_document(source, name)
    chosen = asked or _sniffed(document)
    if chosen is None:
        raise InputError(
            "this is in none of the formats that are read.",
            source=document.name,
            repair=f"They are {', '.join(one.name for one in FORMATS)}; "
            "if it is one of them, say which (format=, --input-format).",
        )
    folder = Path(source).parent if isinstance(source, (str, os.PathLike)) else None
    return chosen, FactsBuilder(document.name, chosen.name), Input(document.name, (document,), folder, mapping)


def _folder(
    folder: Path, asked: Format | None, name: str | None, mapping: SourceMapping | None
) -> tuple[Format, FactsBuilder, Input]:
    """Choose the format of a folder: the one that all its files are in that are in any."""
    documents = list(open_folder(folder))
    by_format: dict[str, list[Document]] = {}
    left: dict[str, list[Document]] = {NO_FORMAT: [], OTHER_FORMAT: []}
    for document in documents:
        found = _sniffed(document) if asked is None else asked if asked.sniff(document) else None
        if found is None:
            left[NO_FORMAT if asked is None else OTHER_FORMAT].append(document)
        else:
            by_format.setdefault(found.name, []).append(document)
    label = name or str(folder)
    if not by_format:
        wanted = f"in the format {asked.name}" if asked else "in a format that is read"
        raise InputError(f"none of the {len(documents)} files in this folder is {wanted}.", source=label)
    if len(by_format) > 1:
        said = ", ".join(f"{len(found)} {one} (such as {found[0].name})" for one, found in by_format.items())
        raise InputError(
            f"this folder holds files in several formats: {said}.",
            source=label,
            repair="Say which to read (format=, --input-format), or load several sources into one model.",
        )
    ((chosen_name, chosen_documents),) = by_format.items()
    chosen = _named(chosen_name)
    builder = FactsBuilder(label, chosen.name)
    builder.read("file", len(documents))
    builder.used("file", len(chosen_documents))
    for reason, passed in left.items():
        if passed:
            builder.left("file", reason, len(passed))
    return chosen, builder, Input(label, tuple(chosen_documents), folder, mapping)


def _sniffed(document: Document) -> Format | None:
    return next((one for one in FORMATS if one.sniff(document)), None)


def _named(name: str) -> Format:
    for candidate in FORMATS:
        if candidate.name == name:
            return candidate
    raise UnknownNameError("format", name, _names(FORMATS))


def _names(formats: Iterable[Format]) -> list[str]:
    return [one.name for one in formats]
