"""RDF that already uses the vocabulary: Turtle, TriG, N-Triples, N-Quads, RDF/XML and JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from pyoxigraph import Literal, NamedNode

from ..document import Document
from ..errors import InputError, near_matches
from ..facts import EVERYTHING, Completeness
from ..facts_builder import FactsBuilder, skolem
from ..literals import order_key
from ..names import ITSM, META, OWL, RDF, RDF_TYPE, RDFS, XSD, is_stray, local_name, shorten
from ..rdf import Statement, Term, read_statements
from ..vocabulary import AXIOMS, Vocabulary, vocabulary

_DECLARATIONS = frozenset({OWL.Class, RDFS.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AllDisjointClasses})
_TRIPLE = re.compile(rb'^\s*(<[^<>\s]+>|_:\S+)\s+<[^<>\s]+>\s+(<[^<>\s]+>|_:\S+|".*"(@[\w-]+|\^\^<[^<>\s]+>)?)', re.M)
_QUAD = re.compile(_TRIPLE.pattern + rb"[ \t]+(<[^<>\s]+>|_:\S+)\s*\.\s*$", re.M)
_TRIPLE_LINE = re.compile(_TRIPLE.pattern + rb"\s*\.\s*$", re.M)
_TAG = re.compile(rb"<[A-Za-z][\w.-]*(:[\w.-]+)?(\s+[\w:.-]+\s*=|\s*/?>\s*<)")
_TURTLE_START = re.compile(rb"@prefix|@base|prefix\s|base\s|<|_:|[\w.-]*:[\w%\\]|\(|graph\s", re.IGNORECASE)
_QUERY = re.compile(rb"^\s*(SELECT|ASK|CONSTRUCT|DESCRIBE|INSERT|DELETE|LOAD|CLEAR)\b", re.M | re.I)
_CLOSING = re.compile(rb"</[A-Za-z]|/>")
_BLANK_NODE = re.compile(rb"\[\s*(?:\](?![:(])|a\s|<|#|[\w.-]*:(?!/))")  # no link or image in Markdown
_HEAD = 65_536
LONG = 1 << 20
"""N-Triples of more bytes than these are read by the column, if they are plain."""


def read(document: Document, builder: FactsBuilder, *, syntax: str) -> None:
    """Put the statements of an RDF document into a builder.

    Facts keep the named graph they stand in as their source. Declarations (`meta:declaredAs`) and completeness
    (`meta:completeFor`) go to layers of their own; axioms extend the vocabulary of the model.

    Raises:
        InputError: if it is not valid, or uses a word of the vocabulary that there isn't.
    """
    long = syntax == "n-triples" and len(document.data) > LONG and not builder.identifying
    if long and _by_columns(document, builder):
        return
    statements = list(read_statements(document, syntax))
    _check_words(statements, document)
    add_statements(statements, builder, document.digest)
    _note_foreign_words(statements, builder)


def _by_columns(document: Document, builder: FactsBuilder) -> bool:
    """Put a long and plain document into a builder by the column; tell whether it was plain."""
    from .lines import plain_lines

    lines = plain_lines(document)
    if lines is None:
        return False
    some = list(lines.representatives())
    _check_words(some, document)
    lines.add_to(builder, document.digest)
    builder.read("triple", lines.count)
    builder.used("triple", lines.count)
    _note_foreign_words(some, builder)
    return True


def add_statements(statements: Sequence[Statement], builder: FactsBuilder, digest: str = "") -> None:
    """Put statements into a builder, each into the layer where it belongs.

    Args:
        statements: the statements.
        builder: what takes them.
        digest: what tells the blank nodes of this document from those of others.

    Raises:
        InputError: if two things are said to be the same.
    """
    lists = _disjointness_lists(statements)
    for subject, predicate, object_, graph in statements:
        builder.source = graph or builder.name
        builder.read("triple")
        node, value = skolem(subject, digest), skolem(object_, digest)
        relation = predicate.value
        if relation == OWL.sameAs:
            raise InputError(
                f"{shorten(node.value)} is said to be the same as {shorten(value.value)}.",
                source=builder.name,
                record=shorten(node.value),
                repair="Give one thing one IRI: nothing is merged by owl:sameAs.",
            )
        if relation in AXIOMS or (relation == RDF_TYPE and object_.value in _DECLARATIONS) or subject in lists:
            builder.axiom((subject, predicate, object_, graph))
            builder.used("triple")
        elif relation == META.declaredAs:
            builder.declare(node, value.value)
            builder.used("triple")
        elif relation in (META.completeFor, META.completeForInverse):
            builder.complete(_completeness(builder, node, value, relation, graph))
            builder.used("triple")
        elif reason := _why_left(relation, object_):
            builder.left(shorten(relation), reason)
        else:
            builder.statement(node, relation, value)
            builder.used("triple")
            if builder.identifying:
                builder.identifies(node.value, "*", shorten(relation), value.value)


def _disjointness_lists(statements: Sequence[Statement]) -> set[Term]:
    """Give the nodes that state disjoint classes, with the cells of their lists."""
    found: set[Term] = {s[0] for s in statements if s[1].value == RDF_TYPE and s[2].value == OWL.AllDisjointClasses}
    if found:
        links = {(s[0], s[2]) for s in statements if s[1].value in (OWL.members, RDF.rest)}
        while more := {end for start, end in links if start in found and end not in found}:
            found |= more
    return found


def _why_left(relation: str, object_: Term) -> str:
    if relation.startswith(META) or (relation == RDF_TYPE and object_.value.startswith(META)):
        return "belongs to the catalogue, not to a model"
    if relation == RDF_TYPE and object_.value == OWL.Ontology:
        return "says something of the file"
    if relation == RDF_TYPE and not isinstance(object_, NamedNode):
        return "its class has no IRI"
    return ""


def _completeness(builder: FactsBuilder, node: Term, value: Term, relation: str, graph: str) -> Completeness:
    everywhere = node.value == EVERYTHING
    return Completeness(
        value.value,
        backwards=relation == META.completeForInverse,
        node=None if everywhere else builder.node(node),
        source=graph if everywhere and graph else None,
    )


def _check_words(statements: list[Statement], document: Document) -> None:
    """Refuse words in our namespace that the vocabulary does not have, and values of the wrong sort."""
    words = vocabulary()
    for subject, predicate, object_, _ in statements:
        for term in (predicate, object_):
            if not isinstance(term, NamedNode):
                continue
            if is_stray(term.value):
                raise _wrong(
                    document, term.value, f"{term.value} lies in none of our namespaces.", "Check the prefixes."
                )
            if term.value.startswith(ITSM) and not words.is_known(term.value):
                known = words.kinds | words.relations | words.attributes
                near = near_matches(local_name(term.value), map(local_name, known), 1)
                hint = f"Did you mean itsm:{near[0]}?" if near else ""
                raise _wrong(document, term.value, f"the vocabulary has no {shorten(term.value)}.", hint)
        if fault := _fault(predicate.value, object_, words):
            raise _wrong(document, predicate.value, f"{shorten(subject.value)}: {fault}.")


def _fault(relation: str, value: Term, words: Vocabulary) -> str:
    """Say what is wrong with the value of a relation of the vocabulary; nothing if it is right."""
    if relation in words.relations and isinstance(value, Literal):
        return f"{shorten(relation)} leads to an element, and {value.value!r} is text"
    if relation not in words.attributes:
        return ""
    if not isinstance(value, Literal):
        return f"{shorten(relation)} takes a value, and {value.value} is an element"
    wanted = words.entries[relation].datatype
    families = {XSD.boolean: "boolean", XSD.decimal: "number", XSD.integer: "number"}
    if wanted in families and (order_key(value) or ("", None))[0] != families[wanted]:
        return f"{shorten(relation)} takes {shorten(wanted)}, and {value.value!r} is none"
    return ""


def _wrong(document: Document, word: str, problem: str, repair: str = "") -> InputError:
    head = word[: len(word) - len(local_name(word))]
    spelling = rf"(?:(?<![\w-])\w*:|{re.escape(head)}){re.escape(local_name(word))}(?![\w-])"
    found = re.search(spelling, document.text)
    line = document.text[: found.start()].count("\n") + 1 if found else None
    return InputError(problem, source=document.name, line=line, repair=repair)


def _note_foreign_words(statements: list[Statement], builder: FactsBuilder) -> None:
    words = vocabulary()
    foreign = {
        s[2].value
        for s in statements
        if s[1].value == RDF_TYPE and isinstance(s[2], NamedNode) and not words.is_known(s[2].value)
    } - _DECLARATIONS
    foreign = {iri for iri in foreign if not iri.startswith((META, OWL))}
    if foreign:
        shown = ", ".join(sorted(map(shorten, foreign))[:8]) + (", …" if len(foreign) > 8 else "")
        builder.notes.append(
            f"{len(foreign)} classes are not of the vocabulary; no published definition uses them: {shown}"
        )


# --------------------------------------------------------------------------------------------------------------------
# Telling the syntaxes apart


def _head(document: Document) -> bytes:
    return document.data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()


def _is_json_ld(document: Document) -> bool:
    head = _head(document)
    return head[:1] in (b"{", b"[") and re.search(rb'"@(context|id|graph|type)"', head) is not None


def _is_rdf_xml(document: Document) -> bool:
    head = _head(document)
    return (
        head[:1] == b"<"
        and b"http://www.w3.org/1999/02/22-rdf-syntax-ns#" in head
        and re.search(rb"<(\w+:)?RDF\b|<\?xml", head) is not None
    )


def _lines(document: Document) -> list[bytes]:
    lines = [line for line in _head(document).splitlines() if line.strip() and not line.lstrip().startswith(b"#")]
    return lines[:-1] if len(document.data) > _HEAD else lines


def _is_n_quads(document: Document) -> bool:
    lines = _lines(document)
    return (
        bool(lines)
        and all(_TRIPLE_LINE.match(line) or _QUAD.match(line) for line in lines)
        and any(map(_QUAD.match, lines))
    )


def _is_n_triples(document: Document) -> bool:
    lines = _lines(document)
    return bool(lines) and all(map(_TRIPLE_LINE.match, lines))


def _is_trig(document: Document) -> bool:
    if b"{" not in document.data or not _is_turtle(document):
        return False
    bare = re.sub(
        rb'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|<[^<>\s]*>|#[^\n]*', b"", document.data, flags=re.S
    )
    return b"{" in bare


def _is_turtle(document: Document) -> bool:
    head = re.sub(rb"\A(?:\s*#[^\n]*\n?)+", b"", _head(document)).lstrip()
    if head[:1] == b"[":
        return not _is_json_ld(document) and _BLANK_NODE.match(head) is not None
    if head[:1] == b"<" and (head[:2] in (b"<?", b"<!") or (_TAG.match(head) and _CLOSING.search(document.data))):
        return False
    if _QUERY.search(head):
        return False
    return _TURTLE_START.match(head) is not None or (not head and b"#" in _head(document))


FORMATS: tuple[tuple[str, str, Callable[[Document], bool], Callable[[Document, FactsBuilder], None]], ...] = (
    ("json-ld", "JSON-LD (.jsonld)", _is_json_ld, partial(read, syntax="json-ld")),
    ("rdf-xml", "RDF/XML (.rdf)", _is_rdf_xml, partial(read, syntax="rdf-xml")),
    ("n-quads", "N-Quads (.nq)", _is_n_quads, partial(read, syntax="n-quads")),
    ("n-triples", "N-Triples (.nt)", _is_n_triples, partial(read, syntax="n-triples")),
    ("trig", "TriG (.trig)", _is_trig, partial(read, syntax="trig")),
    ("turtle", "Turtle (.ttl)", _is_turtle, partial(read, syntax="turtle")),
)
"""Name, title, how to tell it, how to read it."""
