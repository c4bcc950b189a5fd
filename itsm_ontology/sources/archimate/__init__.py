"""ArchiMate models: Archi's native file and the Open Group's exchange format."""

from __future__ import annotations

import io
import re
import zipfile

from ...document import Document
from ...errors import InputError
from ...facts import FactsBuilder
from ..syntax.xml import Tag, read_xml
from .archi import archi_content
from .exchange import exchange_content
from .facts import state

ARCHI = "http://www.archimatetool.com/archimate"
"""The namespace of Archi's own format."""
EXCHANGE = "http://www.opengroup.org/xsd/archimate"
"""The namespace of the exchange format 2.1; those of version 3 begin with it."""

_EXCHANGE_READ = re.compile(re.escape(EXCHANGE) + r"(/3(\.\d+)*)?/?")
_MODEL = re.compile(r"<(?:[\w.-]+:)?model\b")
_HEAD = 65_536


def is_archi(document: Document) -> bool:
    """Tell whether a document is a native Archi file, be it in the archive that Archi makes where there are images."""
    return _is_archive(document) or _is_model(document, ARCHI)


def is_exchange(document: Document) -> bool:
    """Tell whether a document is an ArchiMate exchange file, of whatever version."""
    return _is_model(document, EXCHANGE)


def read_archi(document: Document, builder: FactsBuilder) -> None:
    """Put the facts of a native Archi file into a builder.

    Raises:
        InputError: if it is an archive, no well-formed XML, not in Archi's format, or contradicts itself.
    """
    if document.data.startswith(b"PK\x03\x04"):
        raise InputError(
            "this is an archive: Archi saves one where a model has images.",
            source=document.name,
            repair="Save the model without images, or export it (File, Export, Open Exchange File).",
        )
    root = read_xml(document)
    if (root.name, root.namespace) != ("model", ARCHI):
        raise _another(root, document, "Archi's format (a <model> in " + ARCHI + ")")
    state(archi_content(root, document), builder)


def read_exchange(document: Document, builder: FactsBuilder) -> None:
    """Put the facts of an exchange file into a builder.

    Raises:
        InputError: if it is no well-formed XML, not an exchange file of version 2.1 or 3, or contradicts itself.
    """
    root = read_xml(document)
    if root.name != "model" or not _EXCHANGE_READ.fullmatch(root.namespace):
        raise _another(root, document, f"the exchange format 2.1 or 3 (a <model> in {EXCHANGE} or {EXCHANGE}/3.0/)")
    state(exchange_content(root, document), builder)


def _another(root: Tag, document: Document, wanted: str) -> InputError:
    found = f"a <{root.name}> in {root.namespace}" if root.namespace else f"a <{root.name}> in no namespace"
    return InputError(
        f"this XML is not in {wanted}, but {found}.",
        source=document.name,
        line=root.line,
        repair="Export the model from its tool as an Open Exchange File.",
    )


def _is_model(document: Document, namespace: str) -> bool:
    head = document.data[:_HEAD]
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = head.decode("utf-16" if wide else "utf-8-sig", errors="replace").lstrip()
    if not text.startswith("<") or not (found := _MODEL.search(text)):
        return False
    return re.search(re.escape(namespace) + r"[/\"']", text[found.start() :]) is not None


def _is_archive(document: Document) -> bool:
    if not document.data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(document.data)) as archive:
            return "model.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
