"""What a load reads: the documents of a file or folder, opened within bounds, and what goes with them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from ..document import MOST_BYTES, Document, open_any_document, open_document
from ..errors import InputError
from ..facts_builder import FactsBuilder
from .mapping import SourceMapping
from .table import TableSource

MOST_FILES = 100_000
"""A folder with more files than this is not read."""


@dataclass(frozen=True)
class Input:
    """What a reader is given.

    Attributes:
        name: what to call it in messages.
        documents: its documents, in the order of their paths.
        folder: the folder that files may be read from which the documents point to; None for none.
        mapping: a mapping to use in place of the format's own.
        tables: what is read in place of documents: data frames or a database; None where there are documents.
    """

    name: str
    documents: tuple[Document, ...] = field(repr=False)
    folder: Path | None = None
    mapping: SourceMapping | None = field(default=None, repr=False)
    tables: TableSource | None = field(default=None, repr=False)

    def neighbour(self, document: Document, target: str) -> Document:
        """Open a file that a document points to by a relative path.

        Args:
            document: the document.
            target: the path, relative to that of the document.

        Raises:
            InputError: if it lies outside the folder that was named, or can't be read.
        """
        if self.folder is None:
            raise InputError(f"{target} can't be followed: this was not read from a file.", source=document.name)
        path = self.beside(document) / target
        if not _inside(path, self.folder):
            raise InputError(
                f"this points to {target}, outside {self.folder}.",
                source=document.name,
                repair="Load the folder that holds both.",
            )
        return open_document(path)

    def beside(self, document: Document) -> Path:
        """Give the folder that relative paths in a document start from, also where the load gives it a name."""
        name = document.name
        return Path(name).parent if self.folder is None or os.path.isfile(name) else self.folder


Sniff = Callable[[Document], bool]
Read = Callable[[Input, FactsBuilder], None]
Opens = Callable[[object, str | None], TableSource | None]
"""Opens a source that is no document, such as a database, and gives it this name; None if it is none of its own."""


def opens_nothing(_: object, __: str | None) -> None:
    """Open no source but documents."""


@dataclass(frozen=True)
class Format:
    """A format that can be read.

    Attributes:
        name: its short name.
        title: what it is.
        sniff: tells from a document whether it is in this format, without executing or fetching anything.
        read: puts the facts of an input into a builder, or raises InputError.
        mapping: the name of the mapping that it is read by; "" if it needs none, or has none of its own.
        opens: opens sources that are no documents.
        needs_mapping: whether only a mapping of the user's can say what it means.
    """

    name: str
    title: str
    sniff: Sniff
    read: Read
    mapping: str = ""
    opens: Opens = opens_nothing
    needs_mapping: bool = False


def each(read: Callable[[Document, FactsBuilder], None]) -> Read:
    """Make a reader of inputs of one that reads a document."""

    def whole(input_: Input, builder: FactsBuilder) -> None:
        for document in input_.documents:
            read(document, builder)

    return whole


def open_folder(folder: Path) -> Iterator[Document]:
    """Open the files in a folder and the folders in it, in the order of their paths.

    Files and folders whose names begin with a dot are passed over, and so are empty files, links out of the folder,
    and what is no file.

    Raises:
        InputError: if there are too many of them, they are too large together, or one can't be read.
    """
    paths: list[Path] = []
    size = 0
    try:
        for path in _files(folder):
            paths.append(path)
            size += path.stat().st_size
            if len(paths) > MOST_FILES:
                raise InputError(f"this folder has more than {MOST_FILES} files.", source=str(folder))
            if size > MOST_BYTES:
                problem = f"the files in this folder are larger than {MOST_BYTES >> 30} GiB."
                raise InputError(problem, source=str(folder))
    except OSError as error:
        where = str(error.filename or folder)
        raise InputError(f"this can't be read: {error.strerror or error}.", source=where) from None
    for path in paths:
        if not (document := open_any_document(path)).blank:
            yield document


def _files(folder: Path) -> Iterator[Path]:
    for directory, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(directory) / name
            if not name.startswith(".") and path.is_file() and _inside(path, folder):
                yield path


def _raise(error: OSError) -> NoReturn:
    raise error


def _inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())
