"""XML as a tree of tags that know their line, read so that nothing is expanded, fetched or too deep."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl, InputSource

from defusedxml import DefusedXmlException
from defusedxml.expatreader import create_parser

from ...document import Document
from ...errors import InputError
from ...rdf import MOST_DEPTH

_PREFIXES = {
    "http://www.w3.org/2001/XMLSchema-instance": "xsi:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
}


@dataclass(slots=True)
class Tag:
    """An XML element.

    Attributes:
        name: its local name.
        namespace: its namespace, "" for none.
        line: the line it begins on, counted from 1.
        attributes: name to value; those of XML itself and of XML Schema are `xml:lang` and `xsi:type`.
        children: the elements directly in it.
        pieces: the text directly in it.
    """

    name: str
    namespace: str
    line: int
    attributes: dict[str, str]
    children: list[Tag] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text directly in it, without white space around it."""
        return "".join(self.pieces).strip()

    def get(self, attribute: str) -> str:
        """Give the value of an attribute without white space around it; "" if there is none."""
        return self.attributes.get(attribute, "").strip()

    def named(self, *names: str) -> Iterator[Tag]:
        """Give the children with one of these local names."""
        return (child for child in self.children if child.name in names)

    def within(self, *names: str) -> Iterator[Tag]:
        """Give all elements inside it, at any depth, with one of these local names, in the order of the file."""
        todo = self.children[::-1]
        while todo:
            tag = todo.pop()
            if tag.name in names:
                yield tag
            todo.extend(reversed(tag.children))


class _TooDeepError(Exception):
    """The elements nest deeper than is read."""


class _Tree(ContentHandler):
    """Builds the tree."""

    def __init__(self) -> None:
        super().__init__()
        self.root: Tag | None = None
        self._open: list[Tag] = []

    def startElementNS(  # noqa: N802 (SAX names it)
        self, name: tuple[str | None, str], qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        if len(self._open) >= MOST_DEPTH:
            raise _TooDeepError
        locator: Any = self._locator  # type: ignore[attr-defined]
        named = {_attribute(key): value for key, value in attrs.items()}
        tag = Tag(name[1], name[0] or "", locator.getLineNumber(), named)
        if self._open:
            self._open[-1].children.append(tag)
        else:
            self.root = tag
        self._open.append(tag)

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:  # noqa: N802 (SAX names it)
        self._open.pop()

    def characters(self, content: str) -> None:
        if self._open:
            self._open[-1].pieces.append(content)


def _attribute(name: tuple[str | None, str]) -> str:
    namespace, local = name
    return _PREFIXES.get(namespace, f"{{{namespace}}}") + local if namespace else local


def read_xml(document: Document) -> Tag:
    """Read an XML document.

    Args:
        document: the input.

    Returns:
        Its outermost element.

    Raises:
        InputError: with the line, if it is not well-formed, has a document type declaration, or nests too deeply.

    Example:
        >>> tag = read_xml(Document("d", b"<a><b c='1'>text</b></a>"))
        >>> tag.name, tag.children[0].get("c"), tag.children[0].text
        ('a', '1', 'text')
    """
    tree = _Tree()
    parser: Any = create_parser(forbid_dtd=True)
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(tree)
    source = InputSource()
    source.setByteStream(io.BytesIO(document.data))
    try:
        parser.parse(source)
    except (SAXParseException, DefusedXmlException, _TooDeepError, LookupError, ValueError) as error:
        line = (error.getLineNumber() if isinstance(error, SAXParseException) else parser.getLineNumber()) or None
        problem, repair = _explained(error)
        raise InputError(problem, source=document.name, line=line, repair=repair) from None
    if tree.root is None:
        raise InputError("this is no XML.", source=document.name)
    return tree.root


def _explained(error: Exception) -> tuple[str, str]:
    """Say what is wrong and how to mend it."""
    if isinstance(error, SAXParseException):
        return (
            f"this is not well-formed XML ({error.getMessage()}).",
            "The file may be cut short or edited by hand: export it again.",
        )
    if isinstance(error, DefusedXmlException):
        return (
            "the XML has a document type declaration or entities, which are refused.",
            "Take the <!DOCTYPE …> out; no tool whose files are read writes one.",
        )
    if isinstance(error, _TooDeepError):
        return (f"the XML nests deeper than {MOST_DEPTH} levels.", "Flatten the folders or the nested elements in it.")
    return (f"its encoding can't be read ({error}).", "Save the file as UTF-8.")
