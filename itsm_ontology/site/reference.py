"""The reference of the vocabulary and of the meta-model, by pyLODE: asked for in one place, and kept quiet."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from ..errors import EngineError
from ..names import local_name
from ..resources import folder

NAMES = ("itsm", "meta")
"""The ontologies that have a reference."""
_WORD = re.compile(r'<div class="\w+ entity" id="([^"]+)">.*?<code>([^<]+)</code>', re.DOTALL)


def reference_pages() -> Mapping[str, str]:
    """Give the reference of each ontology, by the name of its page.

    Raises:
        EngineError: if pyLODE is not installed, or can't be imported.
    """
    with _silence():
        try:
            from pylode import OntPub
        except (ImportError, OSError):  # 3.4.1 looks for a file that it does not install
            raise EngineError(
                "pyLODE is not installed, or is the broken version 3.4.1: pip install 'itsm-ontology[docs]'."
            ) from None
        files = {name: str(folder("vocab") / f"{name}.ttl") for name in NAMES}
        return {f"vocabulary/{name}.html": _named(str(OntPub(file).make_html())) for name, file in files.items()}


def _named(page: str) -> str:
    """Name each word on a page as its IRI ends; pyLODE names some by their label."""
    names = {name: local_name(iri) for name, iri in _WORD.findall(page)}
    return re.sub(r'(?<=id=")[^"]+|(?<=href="#)[^"]+', lambda name: names.get(name[0], name[0]), page)


@contextmanager
def _silence() -> Iterator[None]:
    """Undo what pyLODE does to the log of whoever imports it."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
        root.handlers[:] = handlers
        root.setLevel(level)
