"""Zip archives: one file taken out of them, within bounds."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib

from ...document import FREE_EXPANSION, MOST_BYTES, MOST_EXPANSION, Document
from ...errors import InputError

_BEGINNING = b"PK\x03\x04"
_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError, RuntimeError)
"""What zipfile raises; where it can't unpack, because of a password or a method it lacks, that is a RuntimeError."""


def is_zip(document: Document) -> bool:
    """Tell whether a document begins as an archive does."""
    return document.data.startswith(_BEGINNING)


def member_head(document: Document, member: str, size: int) -> bytes:
    """Give the beginning of a file in an archive.

    Args:
        document: what may be an archive.
        member: the name of the file in it.
        size: how many bytes at most.

    Returns:
        The bytes; none if it is no archive, there is no such file in it, or it can't be unpacked.
    """
    if not is_zip(document):
        return b""
    try:
        return _unpacked(document, member, size)
    except (KeyError, *_DAMAGED):
        return b""


def read_member(document: Document, member: str) -> Document:
    """Take a file out of an archive.

    Args:
        document: the archive.
        member: the name of the file in it.

    Returns:
        The file.

    Raises:
        InputError: if it isn't there, is damaged or has a password, or unpacks beyond the bounds.

    Example:
        >>> stream = io.BytesIO()
        >>> with zipfile.ZipFile(stream, "w") as archive:
        ...     archive.writestr("a.txt", "hello")
        >>> read_member(Document("d.zip", stream.getvalue()), "a.txt")
        Document(name='d.zip (a.txt)')
    """
    bound = min(MOST_BYTES, max(FREE_EXPANSION, MOST_EXPANSION * len(document.data)))
    try:
        data = _unpacked(document, member, bound + 1)
    except KeyError:
        raise InputError(f"this archive holds no {member}.", source=document.name) from None
    except _DAMAGED as error:
        raise InputError(
            f"{member} can't be taken out of this archive: {error}.",
            source=document.name,
            repair="Save it again, or unpack it yourself and load what is in it.",
        ) from None
    if len(data) > bound:
        raise InputError(
            f"{member} in this archive unpacks to more than {bound} bytes.",
            source=document.name,
            repair="If that is right, unpack it yourself first.",
        )
    return Document(f"{document.name} ({member})", data)


def _unpacked(document: Document, member: str, size: int) -> bytes:
    with zipfile.ZipFile(io.BytesIO(document.data)) as archive, archive.open(member) as stream:
        return stream.read(size)
