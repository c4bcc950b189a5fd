"""How ArchiMate files are recognised, by the head of their content."""

from __future__ import annotations

import re
from typing import NamedTuple

from ...document import Document
from ..syntax.zip import is_zip, member_head

ARCHI = "http://www.archimatetool.com/archimate"
"""The namespace of Archi's own format."""
EXCHANGE = "http://www.opengroup.org/xsd/archimate"
"""The namespace of the exchange format 2.1; those of version 3 begin with it."""
MEMBER = "model.xml"
"""The file that holds the model in the archive that Archi saves where a model has images."""

_ARCHI_TOO = "http://www.archimatetool.com/"
_HEAD = 65_536
_NOT_TAGS = {"<!--": "-->", "<?": "?>"}
_TAG = re.compile(r"<(?:([\w.-]+):)?([\w.-]+)")
_FOLDERS = re.compile(r"<folder\b")


class Outermost(NamedTuple):
    """The outermost element of an XML document, so far as its head shows it; all "" if that is no XML.

    Attributes:
        name: its local name.
        namespace: its namespace.
        after: the head from it on.
    """

    name: str = ""
    namespace: str = ""
    after: str = ""


def outermost(document: Document) -> Outermost:
    """Look at the head of a document for its outermost element, without parsing it.

    Example:
        >>> outermost(Document("d", b'<?xml version="1.0"?><a:b xmlns:a="urn:c"/>'))[:2]
        ('b', 'urn:c')
    """
    return _outermost(document.data[:_HEAD])


def _outermost(head: bytes) -> Outermost:
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    if not wide and not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return Outermost()
    text = head.decode("utf-16" if wide else "utf-8-sig", errors="replace")
    if not (tag := _first_tag(text)):
        return Outermost()
    after = text[tag.start() :]
    declared = f"xmlns:{re.escape(tag[1])}" if tag[1] else "xmlns"
    namespace = re.search(rf"\s{declared}\s*=\s*[\"']([^\"']*)", after)
    return Outermost(tag[2], namespace[1] if namespace else "", after)


def _first_tag(text: str) -> re.Match[str] | None:
    """Find the first tag that stands in no comment and no processing instruction."""
    place = text.find("<")
    while place >= 0:
        end = next((end for begin, end in _NOT_TAGS.items() if text.startswith(begin, place)), "")
        if not end and (tag := _TAG.match(text, place)):
            return tag
        place = text.find(end, place + 2) if end else place + 1
        place = text.find("<", place) if place >= 0 else place
    return None


def is_archi(document: Document) -> bool:
    """Tell whether a document is a native Archi file, be it in the archive that Archi makes where there are images."""
    head = member_head(document, MEMBER, _HEAD) if is_zip(document) else document.data[:_HEAD]
    found = _outermost(head)
    return (found.name, found.namespace) == ("model", ARCHI) and not _is_root_of_folder(found, document)


def is_folder(document: Document) -> bool:
    """Tell whether a document is one of the files that coArchi keeps a model in, one a concept."""
    found = outermost(document)
    if not found.namespace.startswith(_ARCHI_TOO) or not found.name:
        return False
    return found.name != "model" or _is_root_of_folder(found, document)


def is_exchange(document: Document) -> bool:
    """Tell whether a document is an ArchiMate exchange file, of whatever version."""
    found = outermost(document)
    return found.name == "model" and f"{found.namespace}/".startswith(f"{EXCHANGE}/")


def _is_root_of_folder(found: Outermost, document: Document) -> bool:
    """Tell the file that says of a folder that it is a model from a native file, which holds its folders."""
    return document.name.endswith("folder.xml") and not _FOLDERS.search(found.after)
