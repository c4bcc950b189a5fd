"""The beginning of a document as text, for telling formats apart without reading all of it."""

from __future__ import annotations

from ...document import Document

HEAD = 65_536
"""So many bytes are looked at."""


def head(document: Document, size: int = HEAD) -> str:
    r"""Give the beginning of a document as text, without a byte-order mark or white space before it.

    Args:
        document: the file; what is no text in it is replaced.
        size: how many bytes to look at.

    Example:
        >>> head(Document("d", b"\xef\xbb\xbf  {}"))
        '{}'
    """
    data = document.data[:size]
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    return data.decode("utf-16" if wide else "utf-8-sig", errors="replace").lstrip()
