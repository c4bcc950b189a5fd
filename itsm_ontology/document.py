"""A piece of input as bytes: opened once, bounded, never fetched."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import zlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO

from .errors import InputError

MOST_BYTES = 2 << 30
"""No input is read or unpacked beyond this many bytes."""
MOST_EXPANSION = 100
"""A compressed input may grow to this many times its size, or to `FREE_EXPANSION` bytes if that is more."""
FREE_EXPANSION = 256 << 20

Readable = str | os.PathLike[str] | bytes | IO[bytes] | IO[str]
"""What can be opened: a path, the bytes themselves, or a file object."""


@dataclass(frozen=True)
class Document:
    """The bytes of one input, unpacked, with the name to use in messages.

    Attributes:
        name: a path or a description, for messages.
        data: the content.
    """

    name: str
    data: bytes = field(repr=False)

    @cached_property
    def text(self) -> str:
        """The content as text (UTF-8, or UTF-16 where it says so by a byte-order mark).

        Raises:
            InputError: if it is no such text; the line is named.
        """
        encoding = "utf-16" if self.data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        try:
            return self.data.decode(encoding)
        except UnicodeDecodeError as error:
            line = self.data[: error.start].count(b"\n") + 1
            raise InputError(
                f"this is not {encoding.upper().removesuffix('-SIG')} text.",
                source=self.name,
                line=line,
                repair="Save the file as UTF-8.",
            ) from None

    @property
    def blank(self) -> bool:
        """Whether there is nothing in it but white space."""
        return not self.data or self.data.isspace()

    @cached_property
    def digest(self) -> str:
        """The first 12 hexadecimal digits of the SHA-256 of the content."""
        return hashlib.sha256(self.data).hexdigest()[:12]


def open_document(source: Readable, name: str | None = None) -> Document:
    """Read an input into memory, unpacking gzip, within bounds.

    Args:
        source: a path, bytes, or a file object opened for reading.
        name: what to call it in messages; by default the path or the file object's name.

    Returns:
        The document.

    Raises:
        InputError: if there is no such file, it is a directory or empty, or it unpacks beyond the bounds.

    Example:
        >>> open_document(b"hello", "greeting").text
        'hello'
    """
    document = open_any_document(source, name)
    if document.blank:
        raise InputError("this is empty.", source=document.name, repair="Expected a model or a shapes file.")
    return document


def open_any_document(source: Readable, name: str | None = None) -> Document:
    """Read an input into memory as `open_document` does, also where it is empty.

    Raises:
        InputError: if there is no such file, it is a directory, or it unpacks beyond the bounds.
    """
    if isinstance(source, (bytes, bytearray)):
        label, data = name or "<bytes>", bytes(source)
    elif isinstance(source, str) and "\n" in source:
        raise InputError(
            "this is text, and a path was expected.", source=name or "<text>", repair="Pass text as bytes."
        )
    elif isinstance(source, (str, os.PathLike)):
        label = name or os.fspath(source)
        data = _read_file(Path(source), label)
    else:
        label = name or str(getattr(source, "name", "<stream>"))
        data = _read_stream(source, label)
    data = _unpack(data, label)
    if len(data) > MOST_BYTES:
        raise InputError(f"this is larger than {MOST_BYTES >> 30} GiB.", source=label)
    return Document(label, data)


def _read_file(path: Path, label: str) -> bytes:
    try:
        if path.is_dir():
            raise InputError("this is a directory.", source=label, repair="Name a file in it.")
        with path.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        repair = "Nothing is fetched: save it as a file." if label.startswith(("http://", "https://")) else ""
        raise InputError("there is no such file.", source=label, repair=repair) from None
    except OSError as error:
        raise InputError(f"this can't be read: {error.strerror or error}.", source=label) from None
    except ValueError as error:  # a null byte in the path
        raise InputError(f"this is no path: {error}.", source=repr(label)) from None


def _read_stream(stream: IO[bytes] | IO[str], label: str) -> bytes:
    if not hasattr(stream, "read"):
        expected = "Expected a path, bytes or an open file."
        raise InputError(f"{type(stream).__name__} is nothing that can be read.", repair=expected)
    try:
        content = stream.read(MOST_BYTES + 1)
        return content.encode("utf-8") if isinstance(content, str) else content
    except UnicodeError as error:
        raise InputError(
            f"this is not the text that it was opened as: {error}.", source=label, repair='Open it with mode "rb".'
        ) from None
    except OSError as error:
        raise InputError(f"this can't be read: {error.strerror or error}.", source=label) from None


def _unpack(data: bytes, label: str) -> bytes:
    if data[:2] != b"\x1f\x8b":
        return data
    bound = min(MOST_BYTES, max(FREE_EXPANSION, MOST_EXPANSION * len(data)))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            unpacked = stream.read(bound + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"this is a damaged gzip file: {error}.", source=label) from None
    if len(unpacked) > bound:
        raise InputError(
            f"this unpacks to more than {bound} bytes, {bound // max(len(data), 1)} times its size.",
            source=label,
            repair="If that is right, unpack it yourself first.",
        )
    return unpacked
