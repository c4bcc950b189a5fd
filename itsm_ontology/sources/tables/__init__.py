"""Tables of any source, read by a mapping that their user writes: files, data frames and databases."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from ...document import Document, open_document
from ...errors import InputError
from ...facts_builder import FactsBuilder
from ..input import Input, open_folder
from ..mapping import SourceMapping
from ..sql import open_database
from ..stating import UNNAMED, state
from ..table import Tables, TableSource, tables_of
from .files import file_tables, is_table
from .frames import frame_table, is_frame
from .reading import Reading

__all__ = ["is_table", "open_frames", "read_tables", "tables_at"]

NAME = "tables"
DRAFT = "let `itsm-ontology map init SOURCE --output mapping.toml` draft a mapping, fill it in"


def open_frames(source: object, name: str | None = None) -> TableSource | None:
    """Give a data frame, or a mapping from names to data frames, as tables.

    Args:
        source: what is to be loaded.
        name: what to call it; a data frame alone is a table of this name.

    Returns:
        The tables, not yet looked at; None if it is something else.

    Raises:
        InputError: if something in a mapping is no data frame.

    Example:
        >>> open_frames("cmdb.csv") is None
        True
    """
    if is_frame(source):
        return TableSource(name or "table", NAME, partial(_frames, {name or "table": source}, name or "table"))
    if not isinstance(source, Mapping):
        return None
    for key, value in source.items():
        if not is_frame(value):
            raise InputError(
                f"{type(value).__name__} is no data frame that is known.",
                source=str(key),
                repair="Give frames by name.",
            )
    return TableSource(name or "tables", NAME, partial(_frames, source, name or "tables"))


@contextmanager
def _frames(frames: Mapping[str, Any], name: str) -> Iterator[Tables]:
    yield tables_of(name, (frame_table(frame, str(key)) for key, frame in frames.items()))


def tables_at(place: str) -> TableSource:
    """Give what lies at a place as tables: a file, the files of a folder that are tables, or a database.

    Args:
        place: a path, or the URL of a database.

    Raises:
        InputError: if there is nothing, or nothing that is a table.
    """
    if (database := open_database(place)) is not None:
        return database
    if not os.path.isdir(place):
        return _tables_of_files(place, (open_document(place),))
    documents = tuple(document for document in open_folder(Path(place)) if is_table(document))
    if not documents:
        raise InputError("no file in this folder is a table.", source=place)
    return _tables_of_files(place, documents)


def _tables_of_files(name: str, documents: tuple[Document, ...]) -> TableSource:
    """Give files as tables."""
    found = (table for document in documents for table in file_tables(document))
    return TableSource(name, NAME, lambda: nullcontext(tables_of(name, found)))


def read_tables(input_: Input, builder: FactsBuilder) -> None:
    """Put the facts of tables into a builder.

    Raises:
        InputError: if there is no mapping for them, it names a table or column that isn't there, or a table can't be
            read.
    """
    source = input_.tables or _tables_of_files(input_.name, input_.documents)
    mapping = _mapping(input_)
    with source.opened() as tables:
        reading = Reading(tables, mapping, [field for _, field in builder.identifying])
        if reading.passed_over:
            shown = ", ".join(reading.passed_over[:10]) + (", …" if len(reading.passed_over) > 10 else "")
            builder.read("table", len(reading.passed_over))
            builder.left("table", UNNAMED, len(reading.passed_over))
            builder.notes.append(f"tables that the mapping does not name: {shown}")
        state(reading.records(), reading.mapping, builder)
        if len(reading.opened) > 1:
            counts = ", ".join(f"{name} {reading.rows[name]}" for name in reading.opened)
            builder.notes.append(f"rows by table: {counts}")


def _mapping(input_: Input) -> SourceMapping:
    if input_.mapping is None and input_.tables is not None:
        raise InputError(
            "what stands in these tables only a mapping of yours can say.",
            source=input_.name,
            repair=f"You may {DRAFT}, and load with that (mapping=, --mapping).",
        )
    if input_.mapping is None:
        raise InputError(
            "this is in none of the formats that are known; what a table means only a mapping of yours can say.",
            source=input_.name,
            repair=f"If it is a table, {DRAFT}, and load with that (mapping=, --mapping); "
            "if it is in another format, say which (format=, --input-format).",
        )
    if not input_.mapping.tables:
        raise InputError(
            "this mapping does not say what the tables hold: it has no [tables].",
            source=input_.mapping.name,
            repair=f"You may {DRAFT}.",
        )
    return input_.mapping
