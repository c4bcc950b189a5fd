"""The parts of an Excel file (.xlsx): sheets, shared texts, and which number formats are dates; read part by part."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from ...document import FREE_EXPANSION, MOST_EXPANSION, Document
from ...errors import InputError
from ..syntax.xml import Tag, read_xml
from ..syntax.zip import read_member

MOST_READINGS = 4
"""All that is read of a file may be so many times what one part of it may unpack to."""
_CHUNK = 1 << 16
_DATES = frozenset((*range(14, 23), *range(27, 37), *range(50, 59)))
"""The numbers of Excel's own formats for dates and times; 45 to 47 are for lapses of time."""
_NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_LAPSE = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
REPAIR = "Save it in Excel as .xlsx again, or export the sheet as CSV."


class Parts:
    """The parts of an Excel file, unpacked when they are read; together they are bounded, however often one is read."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._left = MOST_READINGS * max(FREE_EXPANSION, MOST_EXPANSION * len(document.data))

    def read(self, path: str) -> Document:
        """Unpack a part.

        Raises:
            InputError: if it isn't there, is damaged, or unpacks beyond the bounds.
        """
        part = read_member(self.document, path)
        self._left -= len(part.data)
        if self._left < 0:
            raise InputError(
                "the parts of this file unpack to more than is read of a file of its size.", source=self.document.name
            )
        return part


@dataclass(frozen=True)
class Workbook:
    """What is to be known of an Excel file before its sheets are read.

    Attributes:
        parts: the file.
        sheets: the name of each sheet to the part of the file that holds it.
        texts: the texts that cells share.
        dates: for each style of a cell, whether it shows its number as a date or time.
        epoch_1904: whether days are counted from 1904.
    """

    parts: Parts
    sheets: dict[str, str]
    texts: tuple[str, ...]
    dates: tuple[bool, ...]
    epoch_1904: bool


def open_workbook(document: Document) -> Workbook:
    """Read what is to be known of an Excel file before its sheets.

    Raises:
        InputError: if it is damaged, has a password, or is in another format of Excel's.
    """
    package = Parts(document)
    start = _targets(package, "")
    main = next((path for path, kind in start.values() if kind == "officeDocument"), "")
    if not main.endswith(".xml"):
        raise InputError("this is no workbook in the format .xlsx.", source=document.name, repair=REPAIR)
    targets = _targets(package, main)
    root = read_xml(package.read(main))
    sheets = {
        tag.get("name"): targets[link][0]
        for tag in root.within("sheet")
        if (link := _link(tag)) in targets and targets[link][1] == "worksheet"
    }
    parts = {kind: path for path, kind in targets.values()}
    return Workbook(
        package,
        sheets,
        _texts(package, parts["sharedStrings"]) if "sharedStrings" in parts else (),
        _dates(read_xml(package.read(parts["styles"]))) if "styles" in parts else (),
        any(tag.get("date1904") in ("1", "true") for tag in root.within("workbookPr")),
    )


def _link(tag: Tag) -> str:
    return next((value for name, value in tag.attributes.items() if name.endswith("}id")), "")


def _targets(package: Parts, part: str) -> dict[str, tuple[str, str]]:
    """Give what a part points to: an id to the path of another part, and what that is."""
    folder, name = posixpath.split(part)
    root = read_xml(package.read(posixpath.join(folder, "_rels", f"{name}.rels")))
    return {
        tag.get("Id"): (
            posixpath.normpath(posixpath.join("/", folder, tag.get("Target"))).lstrip("/"),
            tag.get("Type").rpartition("/")[2],
        )
        for tag in root.named("Relationship")
        if tag.get("TargetMode") != "External"
    }


def _texts(package: Parts, part: str) -> tuple[str, ...]:
    """Give the shared texts; how they are spoken, which Japanese files have, is no part of them."""
    found: list[str] = []
    pieces: list[str] = []
    spoken = 0
    for event, name, value in events(package.read(part)):
        match event, name:
            case "start", "si":
                pieces = []
            case "start", "rPh":
                spoken += 1
            case "end", "rPh":
                spoken -= 1
            case "text", "t" if not spoken:
                pieces.append(value)
            case "end", "si":
                found.append(unescaped("".join(pieces)))
    return tuple(found)


def unescaped(text: str) -> str:
    r"""Give a text without the way in which Excel writes control characters.

    Example:
        >>> unescaped("a_x000A_b")
        'a\nb'
    """
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _dates(root: Tag) -> tuple[bool, ...]:
    own = {tag.get("numFmtId"): tag.get("formatCode") for tag in root.within("numFmt")}
    styles = next(root.within("cellXfs"), None)
    return tuple(_is_date(xf.get("numFmtId"), own) for xf in styles.named("xf")) if styles else ()


def _is_date(number: str, own: dict[str, str]) -> bool:
    if number in own:
        code = own[number]
        return not _LAPSE.search(code) and bool(re.search("[ymdhs]", _NOT_CODE.sub("", code).lower().split(";")[0]))
    return number.isdecimal() and int(number) in _DATES


def events(document: Document) -> Iterator[tuple[str, str, Any]]:
    """Read XML bit by bit, so that it is never in memory as a whole.

    Yields:
        "start", the local name of an element and its attributes; "end" and its name; "text", the name of the
        innermost element, and a piece of text in it.

    Raises:
        InputError: if it is not well-formed, or has a document type declaration.
    """
    found: list[tuple[str, str, Any]] = []
    names: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        names.append(name.rpartition(" ")[2])
        found.append(("start", names[-1], attributes))

    def end(_: str) -> None:
        found.append(("end", names.pop(), None))

    def refuse(*_: object) -> None:
        raise _refused(document, "it has a document type declaration")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = lambda text: found.append(("text", names[-1], text))
    parser.StartDoctypeDeclHandler = refuse
    try:
        for position in range(0, len(document.data), _CHUNK):
            parser.Parse(document.data[position : position + _CHUNK], False)
            yield from found
            found.clear()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise _refused(document, f"it is not well-formed: {error}") from None
    except (LookupError, ValueError) as error:
        raise _refused(document, f"its encoding is not known: {error}") from None
    yield from found


def _refused(document: Document, why: str) -> InputError:
    return InputError(f"this part of the workbook can't be read: {why}.", source=document.name, repair=REPAIR)
