"""RDF in and out: strict parsing that fetches nothing, and the bridge to rdflib."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate, islice
from typing import TYPE_CHECKING, NoReturn
from xml.parsers import expat

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, RdfFormat, Triple, parse

from .document import Document
from .errors import InputError
from .names import PREFIXES, XSD

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node

Term = NamedNode | BlankNode | Literal
"""An RDF term; two are equal if they are the same term."""
Subject = NamedNode | BlankNode
Statement = tuple[Subject, NamedNode, Term, str]
"""Subject, predicate, object, and the IRI of the named graph ("" for the default graph)."""

FORMATS: dict[str, RdfFormat] = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "n-triples": RdfFormat.N_TRIPLES,
    "n-quads": RdfFormat.N_QUADS,
    "rdf-xml": RdfFormat.RDF_XML,
    "json-ld": RdfFormat.JSON_LD,
}
"""The RDF syntaxes that are read, by name."""

MOST_DEPTH = 200
"""Deeper nesting than this is refused."""

_JSON_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]')
_TURTLE_TOKEN = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*"""'
    rb"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    rb'|"(?:[^"\\\n]|\\.)*"'
    rb"|'(?:[^'\\\n]|\\.)*'"
    rb"|<[^<>\s]*>|#[^\n]*|[\[\]()]",
    re.DOTALL,
)
_STEPS = {b"[": 1, b"(": 1, b"{": 1, b"]": -1, b")": -1, b"}": -1}
_NOWHERE = "https://relative.invalid/"
"""The base of JSON-LD that has none: its processors drop what is relative in silence; so it is seen and refused."""


def read_statements(
    document: Document, syntax: str, base: str | None = None, *, ours: bool = False
) -> Iterator[Statement]:
    """Parse RDF strictly; blank nodes are named by their order in the document, so that loads repeat.

    Args:
        document: the input.
        syntax: a key of `FORMATS`.
        base: the IRI that relative IRIs are resolved against; without it they are refused.
        ours: whether the document ships with the library, so that nothing hostile need be looked for.

    Yields:
        Statements in the order of the document.

    Raises:
        InputError: with the line, if the document is not what its syntax says, nests too deeply, has a document type
            declaration, or refers to something that would have to be fetched.

    Example:
        >>> doc = Document("d", b"<urn:a> <urn:b> [ <urn:c> 1 ] .")
        >>> [str(s[0]) for s in read_statements(doc, "turtle")]
        ['_:b0', '<urn:a>']
    """
    if not ours:
        _prescan(document, syntax)
    labels: dict[str, BlankNode] = {}

    def settled(node: BlankNode) -> BlankNode:
        return labels.get(node.value) or labels.setdefault(node.value, BlankNode(f"b{len(labels)}"))

    may_be_relative = syntax == "json-ld"
    try:
        data = document.data.removeprefix(b"\xef\xbb\xbf")
        for quad in parse(data, FORMATS[syntax], base_iri=base or (_NOWHERE if syntax == "json-ld" else None)):
            graph = quad.graph_name
            subject, predicate, object_ = quad.subject, quad.predicate, quad.object
            if isinstance(subject, Triple) or isinstance(object_, Triple):
                raise InputError("this has a triple term (RDF 1.2), which is not supported.", source=document.name)
            if isinstance(subject, BlankNode):
                subject = settled(subject)
            if isinstance(object_, BlankNode):
                object_ = settled(object_)
            name = "" if isinstance(graph, DefaultGraph) else graph.value
            if isinstance(graph, BlankNode):
                name = settled(graph).value
            if may_be_relative:
                _refuse_relative((subject, predicate, object_, graph), document)
            yield subject, predicate, object_, name
    except SyntaxError as error:
        raise InputError(
            f"this is not valid {syntax}: {_reason(error)}",
            source=document.name,
            line=error.lineno,
            repair=_repair(str(error)),
        ) from None
    except (ValueError, OSError) as error:
        raise InputError(f"this is not valid {syntax}: {error}.", source=document.name) from None


def _refuse_relative(terms: Iterable[Term | DefaultGraph], document: Document) -> None:
    for term in terms:
        if isinstance(term, NamedNode) and term.value.startswith(_NOWHERE):
            raise InputError(
                f"the IRI {term.value.removeprefix(_NOWHERE)!r} is relative.",
                source=document.name,
                repair="Use full IRIs, or declare a @base in the context.",
            )


def _reason(error: SyntaxError) -> str:
    text = re.sub(r"^Parser error .*?: ", "", str(error.msg or error))
    return text.rstrip(".") + "."


def _repair(reason: str) -> str:
    if "No scheme found" in reason or "relative" in reason.casefold():
        return "Use full IRIs, or declare a @base."
    if "context" in reason.casefold():
        return "A context must stand in the file itself: nothing is fetched."
    return ""


def _prescan(document: Document, syntax: str) -> None:
    """Refuse what a parser would choke on, or what would need a look elsewhere."""
    data = document.data
    if syntax == "rdf-xml":
        _check_xml(document)
    elif syntax == "json-ld":
        _check_depth(document, _JSON_TOKEN)
        if found := re.search(rb'"@(?:context|import)"\s*:\s*(?:\[\s*)?"', data):
            raise InputError(
                "this refers to a context elsewhere, which would have to be fetched.",
                source=document.name,
                line=data[: found.start()].count(b"\n") + 1,
                repair="Put the context into the file itself.",
            )
    elif syntax in ("turtle", "trig"):
        _check_depth(document, _TURTLE_TOKEN)


def _check_xml(document: Document) -> None:
    """Refuse XML that is not well-formed to its very end, has a document type, or nests deeply."""
    parser = expat.ParserCreate(namespace_separator=" ")
    depth = 0

    def refuse(problem: str, repair: str = "") -> NoReturn:
        raise InputError(problem, source=document.name, line=parser.CurrentLineNumber, repair=repair)

    def start(name: str, attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_DEPTH:
            refuse(f"this nests more than {MOST_DEPTH} levels deep.")

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*declaration: object) -> None:
        refuse(
            "this has a document type declaration, whose entities could stand for anything.",
            "Remove it and write IRIs in full.",
        )

    parser.StartElementHandler, parser.EndElementHandler, parser.StartDoctypeDeclHandler = start, end, doctype
    try:
        parser.Parse(document.data, True)
    except expat.ExpatError as error:
        raise InputError(
            f"this is not well-formed XML: {expat.ErrorString(error.code)}.", source=document.name, line=error.lineno
        ) from None


def _check_depth(document: Document, token: re.Pattern[bytes]) -> None:
    """Refuse deep nesting, counting brackets outside strings, IRIs and comments."""
    steps = [_STEPS.get(found, 0) for found in token.findall(document.data)]
    if max(accumulate(steps), default=0) <= MOST_DEPTH:
        return
    deep = next(number for number, depth in enumerate(accumulate(steps)) if depth > MOST_DEPTH)
    found = next(islice(token.finditer(document.data), deep, None))
    raise InputError(
        f"this nests more than {MOST_DEPTH} levels deep.",
        source=document.name,
        line=document.data[: found.start()].count(b"\n") + 1,
    )


def to_rdflib(term: Term) -> Node:
    """Turn a term into rdflib's, keeping the lexical form; `xsd:string` is left implicit, as rdflib has it.

    Example:
        >>> to_rdflib(NamedNode("urn:a"))
        rdflib.term.URIRef('urn:a')
    """
    import rdflib

    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = term.datatype.value
    if datatype == XSD.string:
        return rdflib.Literal(term.value)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(datatype), normalize=False)


def rdflib_graph(triples: Iterable[tuple[Term, Term, Term]], prefixes: Mapping[str, str] = PREFIXES) -> rdflib.Graph:
    """Make an rdflib graph of triples, with prefixes bound: this project's, if no others are given."""
    import rdflib

    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in prefixes.items():
        graph.bind(prefix, namespace)
    for subject, predicate, object_ in triples:
        graph.add((to_rdflib(subject), to_rdflib(predicate), to_rdflib(object_)))
    return graph


def rdflib_document(graph: rdflib.Graph) -> Document:
    """Write an rdflib graph as a document (N-Triples) that can be read here."""
    return Document("<graph>", graph.serialize(format="nt", encoding="utf-8"))
