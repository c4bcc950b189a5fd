"""N-Triples by the column: each term is parsed once, and facts are never objects. For plain files of any size."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from ..document import Document
from ..facts_builder import FactsBuilder, skolem
from ..names import META, OWL, RDF_TYPE
from ..pairs import Pairs
from ..rdf import Statement, Term
from ..vocabulary import AXIOMS, vocabulary

_IRI = rb'<[^<>"{}|^`\\\x00-\x20]+>'
_BLANK = rb"_:[A-Za-z0-9][A-Za-z0-9_-]*"
_TEXT = rb'"(?:[^"\\\n\r]|\\[^\n\r])*"(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^' + _IRI + rb")?"
_LINE = re.compile(
    rb"^(" + _IRI + rb"|" + _BLANK + rb") (" + _IRI + rb") (" + _IRI + rb"|" + _BLANK + rb"|" + _TEXT + rb") \.$", re.M
)
_WINDOW = 8 << 20
_SPECIAL = frozenset({OWL.sameAs, *AXIOMS})

Column = NDArray[np.intc]


class PlainLines:
    """The statements of a plain N-Triples file, in columns.

    Attributes:
        terms: every subject and object, in the order in which they come.
        columns: predicate to the positions of subjects and objects.
        count: the number of statements.
    """

    def __init__(self, terms: list[Term], columns: dict[str, tuple[Column, Column]], count: int) -> None:
        self.terms = terms
        self.columns = columns
        self.count = count

    def representatives(self) -> Iterator[Statement]:
        """Give statements that have every fault that any of the file has, if it has one: far fewer than all."""
        literal = np.fromiter((isinstance(term, Literal) for term in self.terms), dtype=bool, count=len(self.terms))
        for predicate, (subjects, objects) in self.columns.items():
            if predicate == RDF_TYPE or predicate in vocabulary().attributes:
                _, first = np.unique(objects, return_index=True)
            else:
                _, first = np.unique(literal[objects], return_index=True)
            for position in sorted(first.tolist()):
                subject, object_ = self.terms[subjects[position]], self.terms[objects[position]]
                yield subject, NamedNode(predicate), object_, ""

    def add_to(self, builder: FactsBuilder, digest: str) -> None:
        """Put the statements into a builder."""
        nodes = np.fromiter((builder.node(skolem(term, digest)) for term in self.terms), np.intc, len(self.terms))
        for predicate, (subjects, objects) in self.columns.items():
            mine, theirs = nodes[subjects], nodes[objects]
            keys = mine.astype(np.int64) << 32 | theirs
            _, first = np.unique(keys, return_index=True)
            if len(first) < len(keys):
                first.sort()
                mine, theirs = mine[first], theirs[first]
            builder.columns(predicate, Pairs(array("i", mine.tobytes()), array("i", theirs.tobytes())))


def plain_lines(document: Document) -> PlainLines | None:
    """Read an N-Triples file by the column.

    Args:
        document: the file.

    Returns:
        The statements; None if the file is not plain, or states axioms, declarations or completeness: it has to be read
        statement by statement then, which also finds its faults.
    """
    if b"\r" in document.data or b"\t" in document.data:
        return None
    tokens: dict[bytes, int] = {}
    predicates: dict[bytes, int] = {}
    subjects, objects, relations = array("i"), array("i"), array("i")
    for window in _windows(document.data):
        found = _LINE.findall(window)
        if len(found) != window.count(b"\n") + 1 - _blank_lines(window):
            return None
        token, predicate = tokens.setdefault, predicates.setdefault
        for subject, relation, object_ in found:
            subjects.append(token(subject, len(tokens)))
            objects.append(token(object_, len(tokens)))
            relations.append(predicate(relation, len(predicates)))
    iris = [relation[1:-1].decode("utf-8", "replace") for relation in predicates]
    if any(iri in _SPECIAL or iri.startswith((META, OWL)) for iri in iris):
        return None
    terms = _terms(list(tokens))
    if terms is None or _parsed(list(predicates)) is None:
        return None
    mine, theirs, kinds = (np.frombuffer(column, dtype=np.intc) for column in (subjects, objects, relations))
    columns = {}
    for number, iri in enumerate(iris):
        chosen = np.flatnonzero(kinds == number)
        columns[iri] = (mine[chosen], theirs[chosen])
    if RDF_TYPE in columns and any(_is_special(terms[one]) for one in np.unique(columns[RDF_TYPE][1]).tolist()):
        return None
    return PlainLines(terms, columns, len(subjects))


def _is_special(kind: Term) -> bool:
    """Tell whether saying that something is of a kind says more than that, or less."""
    return not isinstance(kind, NamedNode) or kind.value.startswith(
        (META, OWL, "http://www.w3.org/2000/01/rdf-schema#")
    )


def _windows(data: bytes) -> Iterator[bytes]:
    """Give the data in parts that end with a line, without its end."""
    start = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    while start < len(data):
        stop = data.find(b"\n", min(start + _WINDOW, len(data)))
        stop = len(data) if stop < 0 else stop
        yield data[start:stop]
        start = stop + 1


def _blank_lines(window: bytes) -> int:
    return len(re.findall(rb"^$", window, re.M))


def _terms(tokens: list[bytes]) -> list[Term] | None:
    """Parse terms, blank nodes by the order in which they come; None if one is none."""
    blank = [token.startswith(b"_:") for token in tokens]
    parsed = _parsed([token for token, is_blank in zip(tokens, blank, strict=True) if not is_blank])
    if parsed is None:
        return None
    rest, number, terms = iter(parsed), 0, []
    for is_blank in blank:
        terms.append(BlankNode(f"b{number}") if is_blank else next(rest))
        number += is_blank
    return terms


def _parsed(tokens: list[bytes]) -> list[Term] | None:
    lines = b"".join(b"<urn:x> <urn:x> %s .\n" % token for token in tokens)
    try:
        found = [quad.object for quad in parse(lines, RdfFormat.N_TRIPLES)]
    except (SyntaxError, ValueError):
        return None
    return found if len(found) == len(tokens) else None
