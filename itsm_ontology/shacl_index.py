"""A shapes document as statements by subject: look-ups, lists, and errors with file and line."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from pyoxigraph import BlankNode, NamedNode

from .document import Document
from .errors import UnreadableShapeError, near_matches
from .names import RDF, RDF_TYPE, SH, local_name, shorten
from .rdf import Statement, Term

_STRUCTURE = frozenset(
    SH.term(name)
    for name in (
        "NodeShape", "PropertyShape", "path", "property", "node", "and", "or", "xone", "not", "class", "datatype",
        "nodeKind", "minCount", "maxCount", "minInclusive", "maxInclusive", "minExclusive", "maxExclusive",
        "minLength", "maxLength", "pattern", "flags", "languageIn", "uniqueLang", "equals", "disjoint", "lessThan",
        "lessThanOrEquals", "hasValue", "in", "closed", "ignoredProperties", "qualifiedValueShape",
        "qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint", "inversePath", "alternativePath",
        "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath", "targetNode", "targetClass", "targetSubjectsOf",
        "targetObjectsOf", "severity", "message", "deactivated", "name", "description", "order", "group",
        "defaultValue", "Violation", "Warning", "Info", "PropertyGroup", "IRI", "BlankNode", "Literal",
        "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral", "entailment", "shapesGraph", "suggestedShapesGraph",
        "declare", "prefix", "namespace", "PrefixDeclaration",
    )
)  # fmt: skip
_SPARQL = frozenset(
    SH.term(name)
    for name in (
        "sparql", "SPARQLConstraint", "select", "ask", "prefixes", "resultAnnotation", "annotationProperty",
        "annotationVarName", "annotationValue", "ResultAnnotation",
    )
)  # fmt: skip
_REPORTS = frozenset(
    SH.term(name)
    for name in (
        "ValidationReport", "ValidationResult", "conforms", "result", "focusNode", "resultPath", "resultSeverity",
        "sourceConstraintComponent", "sourceShape", "value", "detail", "resultMessage", "sourceConstraint",
        "AbstractResult", "shapesGraphWellFormed",
    )
)  # fmt: skip
_UNSUPPORTED = frozenset(
    SH.term(name)
    for name in (
        "js", "JSConstraint", "JSFunction", "rule", "TripleRule", "SPARQLRule", "target", "SPARQLTarget", "JSTarget",
        "SPARQLFunction", "values", "expression", "ConstraintComponent", "parameter", "validator", "nodeValidator",
        "propertyValidator", "SPARQLAskValidator", "SPARQLSelectValidator", "filterShape", "nodes", "returnType",
        "construct", "subject", "predicate", "object", "condition", "jsLibrary", "jsFunctionName", "targetShape",
        "Parameter", "optional", "labelTemplate", "SPARQLTargetType", "TargetType", "Function", "intersection", "union",
    )
)  # fmt: skip


class ShaclIndex:
    """The statements of a shapes document, indexed, and errors that say where in it something is.

    Args:
        document: where the statements come from, for messages.
        statements: the statements.
    """

    def __init__(self, document: Document, statements: Iterable[Statement]) -> None:
        self.document = document
        self._index: dict[Term, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, object_, _ in statements:
            self._index[subject][predicate.value].append(object_)

        self._subjects: dict[str, dict[Term, list[Term]]] = {}

    def _subjects_by_object(self, predicate: str) -> Mapping[Term, list[Term]]:
        if predicate not in self._subjects:
            found: dict[Term, list[Term]] = defaultdict(list)
            for subject, said in self._index.items():
                for object_ in dict.fromkeys(said.get(predicate, ())):
                    found[object_].append(subject)
            self._subjects[predicate] = found
        return self._subjects[predicate]

    @cached_property
    def words(self) -> Mapping[str, Term]:
        """Every IRI that is a predicate or an object, with the first subject that it is said of."""
        found: dict[str, Term] = {}
        for subject, said in self._index.items():
            for predicate, objects in said.items():
                if predicate not in found:
                    found[predicate] = subject
                for object_ in objects:
                    if type(object_) is NamedNode and object_.value not in found:
                        found[object_.value] = subject
        return found

    def values(self, node: Term, predicate: str) -> list[Term]:
        """Give the objects of a subject and predicate, in the order of the document."""
        said = self._index.get(node)
        return said.get(predicate, []) if said else []

    def value(self, node: Term, predicate: str) -> Term | None:
        """Give the object of a subject and predicate, where there should be one at most.

        Raises:
            UnreadableShapeError: if there are several.
        """
        found = self.values(node, predicate)
        if len(found) > 1:
            raise self.error(node, f"has {len(found)} values of {shorten(predicate)}; one is allowed", predicate)
        return found[0] if found else None

    def subjects(self, predicate: str, object_: Term | None = None) -> list[Term]:
        """Give the subjects that have a predicate (with this object, if given)."""
        if object_ is not None:
            return list(self._subjects_by_object(predicate).get(object_, ()))
        return [subject for subject, said in self._index.items() if predicate in said]

    def instances(self, kind: str) -> list[Term]:
        """Give the subjects that are typed so."""
        return self.subjects(RDF_TYPE, NamedNode(kind))

    def nodes(self) -> list[Term]:
        """Give every subject."""
        return list(self._index)

    def predicates(self, node: Term) -> list[str]:
        """Give the predicates of a subject."""
        return list(self._index[node]) if node in self._index else []

    def members(self, head: Term) -> list[Term]:
        """Give the members of an RDF list.

        Raises:
            UnreadableShapeError: if it is no well-formed list.
        """
        found: list[Term] = []
        seen: set[Term] = set()
        node = head
        while node != NamedNode(RDF.nil):
            first, rest = self.values(node, RDF.first), self.values(node, RDF.rest)
            if len(first) != 1 or len(rest) != 1 or node in seen:
                raise self.error(head, "is no well-formed list")
            seen.add(node)
            found.append(first[0])
            node = rest[0]
        return found

    # ----------------------------------------------------------------------------------------------------------------
    # Errors with a line

    def error(self, node: Term, problem: str, word: str = "", repair: str = "") -> UnreadableShapeError:
        """Make the exception for a shape that can't be read: who, what, and where in the file."""
        owner = self._owner(node)
        name = shorten(owner.value) if isinstance(owner, NamedNode) else "a shape without a name"
        return UnreadableShapeError(
            f"{name} {problem}.", source=self.document.name, line=self._line(owner, word), repair=repair
        )

    def _owner(self, node: Term) -> Term:
        """Give the nearest named subject that a blank node hangs on."""
        seen: set[Term] = set()
        while isinstance(node, BlankNode) and node not in seen:
            seen.add(node)
            holders = [s for s, said in self._index.items() for values in said.values() if node in values]
            if not holders:
                break
            node = holders[0]
        return node

    def _line(self, owner: Term, word: str) -> int | None:
        """Find the line of a word, preferably behind where its owner is described."""
        text = self.document.text
        start = 0
        if isinstance(owner, NamedNode) and (found := re.search(rf"^\s*{_spelling(owner.value)}(?=\s)", text, re.M)):
            start = found.start()
            start += len(text[start:]) - len(text[start:].lstrip())
        if word and (
            (found := re.compile(_spelling(word)).search(text, start)) or (found := re.search(_spelling(word), text))
        ):
            start = found.start()
        elif not start:
            return None
        return text[:start].count("\n") + 1

    def check_words(self) -> None:
        """Refuse terms of the SHACL namespace that are misspelt or not supported: they would be skipped in silence.

        Raises:
            UnreadableShapeError: with the line and what was probably meant.
        """
        known = _STRUCTURE | _SPARQL | _REPORTS
        for word, subject in self.words.items():
            if not word.startswith(SH) or word in known or _is_component(word):
                continue
            if word in _UNSUPPORTED:
                raise self.error(
                    subject, f"uses {shorten(word)}, which is not SHACL Core", word,
                    "Say it with Core constraints, or with sh:sparql for the reference engine.",
                )  # fmt: skip
            near = near_matches(local_name(word), map(local_name, _STRUCTURE), 1)
            raise self.error(
                subject, f"uses {shorten(word)}, which SHACL does not have", word,
                f"Did you mean sh:{near[0]}?" if near else "",
            )  # fmt: skip


def _spelling(iri: str) -> str:
    """Give a regular expression for how an IRI may be written in Turtle."""
    local = re.escape(local_name(iri))
    head = iri[: len(iri) - len(local_name(iri))]
    prefix = "sh:" if head == SH else r"[A-Za-z][\w.-]*:"
    return rf"(?:(?<![\w.-]){prefix}{local}(?![\w-])|<{re.escape(iri)}>)"


def _is_component(word: str) -> bool:
    return word.endswith("ConstraintComponent")
