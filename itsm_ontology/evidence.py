"""Where a statement of the catalogue comes from, and how well that is known; and how both are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal

from .errors import UnknownNameError
from .names import DCTERMS, META, RDFS, local_name, texts
from .rdf import Term
from .shacl_index import ShaclIndex

EVIDENCE = {
    "V": "verified",
    "Vc": "verified in a copy",
    "Vs": "verified in the thread",
    "M": "from memory",
    "DER": "derived",
}
"""Evidence marks and what they mean."""


def marks_of(wanted: Iterable[str]) -> tuple[str, ...]:
    """Give the evidence marks that count: those wanted, or all but M (from memory) where none is.

    Raises:
        UnknownNameError: if one is no mark.

    Example:
        >>> marks_of(())
        ('V', 'Vc', 'Vs', 'DER')
    """
    chosen = texts(wanted)
    for mark in chosen:
        if mark not in EVIDENCE:
            raise UnknownNameError("evidence mark", mark, EVIDENCE)
    return chosen or tuple(mark for mark in EVIDENCE if mark != "M")


@dataclass(frozen=True)
class Source:
    """Where a statement comes from.

    Attributes:
        work: the work and edition.
        locator: where in it.
        evidence: the mark of `EVIDENCE`.
        url: an address, if there is one.
    """

    work: str
    locator: str = ""
    evidence: str = ""
    url: str = ""

    def __str__(self) -> str:
        mark = f" [{self.evidence}]" if self.evidence else ""
        return f"{self.work}{f', {self.locator}' if self.locator else ''}{mark}"


def text_of(graph: ShaclIndex, node: Term, predicate: str) -> str:
    """Give the English text of a property, or the first there is."""
    found = [value for value in graph.values(node, predicate) if isinstance(value, Literal)]
    english = [value.value for value in found if value.language in (None, "en")]
    return english[0] if english else (found[0].value if found else "")


def mark_of(graph: ShaclIndex, node: Term) -> str:
    """Give the evidence mark of a statement, or none.

    Raises:
        UnreadableShapeError: if it is no mark of `EVIDENCE`.
    """
    value = graph.value(node, META.evidence)
    if value is None:
        return ""
    mark = local_name(value.value)
    if mark not in EVIDENCE:
        raise graph.error(node, f"has the evidence mark {mark!r}; marks are {', '.join(EVIDENCE)}", META.evidence)
    return mark


def sources_of(graph: ShaclIndex, node: Term) -> tuple[Source, ...]:
    """Give the sources of a statement.

    Raises:
        UnreadableShapeError: if the evidence mark of one is none.
    """
    found = []
    for item in graph.values(node, DCTERMS.source):
        if isinstance(item, Literal):
            found.append(Source(item.value))
            continue
        url = graph.values(item, RDFS.seeAlso)
        found.append(
            Source(
                text_of(graph, item, DCTERMS.bibliographicCitation),
                text_of(graph, item, META.locator),
                mark_of(graph, item),
                url[0].value if url else "",
            )
        )
    return tuple(found)
