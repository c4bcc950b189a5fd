"""iTop: sets of objects in XML, as exports and data files have them, and what its REST interface answers in JSON."""

from __future__ import annotations

import re

from ...document import Document
from ...facts_builder import FactsBuilder
from ..input import Input
from ..mapping_file import shipped_mapping
from ..stating import state
from ..syntax.head import head
from .objects import objects
from .records import Objects

_COMMENTS = r"\s*(?:<!--(?:(?!-->)[\s\S])*-->\s*)*"
_IN_XML = re.compile(
    rf"(?:<\?xml[^>]*\?>)?{_COMMENTS}<Set(?:\s[^>]*)?>{_COMMENTS}<(?:Row\b|[A-Za-z_]\w*\s[^>]*\bid\s*=)"
)
_IN_JSON = re.compile(r'\{(?:\s*"(?:code|message)"\s*:\s*[^,{}]*,)*\s*"objects"\s*:\s*\{\s*"[A-Za-z_]\w*::-?\d+"\s*:')


def is_itop(document: Document) -> bool:
    r"""Tell whether a document holds objects of iTop.

    Example:
        >>> is_itop(Document("d", b'<Set>\n<Server alias="Server" id="1"></Server></Set>'))
        True
    """
    text = head(document)
    return (_IN_XML if text.startswith("<") else _IN_JSON).match(text) is not None


def read_itop(input_: Input, builder: FactsBuilder) -> None:
    """Read the objects of all documents together: keys in one point to objects in another.

    Args:
        input_: the documents.
        builder: what takes the facts.

    Raises:
        InputError: if a document is not well-formed, an object lacks its class or identifier, two documents contradict
            each other on one, or a key points to several.
    """
    mapping = input_.mapping or shipped_mapping("itop")
    found = Objects(mapping, builder)
    for document in input_.documents:
        for one in objects(document, mapping):
            found.add(one)
    state(found.records(), mapping, builder)
