"""The neutral vocabulary and what follows from it: sub-kinds, sub-relations, inverses, disjoint kinds.

Nothing is inferred into the facts. Conditions are interpreted with the closure instead: a kind is the union of its
sub-kinds, a relation the union of its sub-relations and of its inverses walked backwards.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import combinations
from typing import TypeVar

from pyoxigraph import Literal, NamedNode

from .document import open_document
from .errors import InputError
from .names import ITSM, META, OWL, RDF, RDFS, SCHEMA, SKOS, XSD, local_name, shorten
from .rdf import Statement, Term, read_statements
from .resources import folder

Edge = tuple[str, bool]
"""A relation's IRI, and whether it is walked backwards."""

AXIOMS = frozenset({RDFS.subClassOf, RDFS.subPropertyOf, OWL.inverseOf, OWL.disjointWith})
"""The predicates of the axioms that are understood, beside `owl:AllDisjointClasses`."""


@dataclass(frozen=True)
class Entry:
    """What the vocabulary says of one kind or relation, for people.

    Attributes:
        label: its name.
        definition: what it means.
        value: what a value of the relation is called, in the singular.
        values: the same in the plural.
        datatype: the datatype of its values, if they are literals.
        acyclic: whether nobody would have it lead back to where it started.
        recorded_by: which source systems record it.
        subjects: the kinds that its subjects are of, by IRI, sorted; advice, from which nothing follows.
        objects: likewise of its values; none for an attribute.
        between: which kind of subject goes with which kind of value, where that is said.
    """

    label: str = ""
    definition: str = ""
    value: str = ""
    values: str = ""
    datatype: str = ""
    acyclic: bool = False
    recorded_by: str = ""
    subjects: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    between: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """Kinds and relations with their axioms, closed once.

    Attributes:
        kinds: every kind that is declared.
        relations: every relation between elements that is declared.
        attributes: every relation to literals that is declared.
        entries: what is said of each.
        axioms: the axioms as stated: (subject, predicate of `AXIOMS`, object).
    """

    kinds: frozenset[str]
    relations: frozenset[str]
    attributes: frozenset[str]
    entries: Mapping[str, Entry] = field(repr=False)
    axioms: frozenset[tuple[str, str, str]] = field(repr=False)

    @cached_property
    def _narrower(self) -> dict[str, set[str]]:
        direct: dict[str, set[str]] = defaultdict(set)
        for narrow, predicate, broad in self.axioms:
            if predicate == RDFS.subClassOf:
                direct[broad].add(narrow)
        return {broad: _reach(broad, direct) for broad in direct}

    @cached_property
    def _broader(self) -> dict[str, set[str]]:
        result: dict[str, set[str]] = defaultdict(set)
        for broad, narrows in self._narrower.items():
            for narrow in narrows:
                result[narrow].add(broad)
        return dict(result)

    def sub_kinds(self, kind: str) -> frozenset[str]:
        """Give the kind and all kinds under it."""
        return frozenset({kind} | self._narrower.get(kind, set()))

    def super_kinds(self, kind: str) -> frozenset[str]:
        """Give the kind and all kinds above it."""
        return frozenset({kind} | self._broader.get(kind, set()))

    @cached_property
    def _disjoint(self) -> dict[str, set[str]]:
        result: dict[str, set[str]] = defaultdict(set)
        for one, predicate, other in self.axioms:
            if predicate == OWL.disjointWith:
                for below in self.sub_kinds(one):
                    result[below] |= self.sub_kinds(other)
                for below in self.sub_kinds(other):
                    result[below] |= self.sub_kinds(one)
        return dict(result)

    def disjoint_kinds(self, kind: str) -> frozenset[str]:
        """Give every kind that nothing of this kind can also be of.

        Example:
            >>> "https://w3id.org/itsm-ontology/itsm#Person" in vocabulary().disjoint_kinds(
            ...     "https://w3id.org/itsm-ontology/itsm#Software")
            True
        """
        return frozenset(self._disjoint.get(kind, ()))

    @cached_property
    def _entails(self) -> dict[Edge, set[Edge]]:
        """From each edge to the edges that a fact along it also states."""
        direct: dict[Edge, set[Edge]] = defaultdict(set)
        for one, predicate, other in self.axioms:
            if predicate == RDFS.subPropertyOf:
                direct[one, False].add((other, False))
                direct[one, True].add((other, True))
            elif predicate == OWL.inverseOf:
                for here, there in ((one, other), (other, one)):
                    direct[here, False].add((there, True))
                    direct[here, True].add((there, False))
        return {edge: _reach(edge, direct) for edge in direct}

    @cached_property
    def _entailed_by(self) -> dict[Edge, set[Edge]]:
        result: dict[Edge, set[Edge]] = defaultdict(set)
        for edge, others in self._entails.items():
            for other in others:
                result[other].add(edge)
        return dict(result)

    def edges(self, relation: str, backwards: bool = False) -> tuple[Edge, ...]:
        """Give the relations to read, each forwards or backwards, to get all values of one relation.

        Example:
            >>> [(local_name(r), back) for r, back in vocabulary().edges(
            ...     "https://w3id.org/itsm-ontology/itsm#partOf")]
            [('hasPart', True), ('partOf', False)]
        """
        edge = (relation, backwards)
        return tuple(sorted({edge} | self._entailed_by.get(edge, set())))

    def wider_edges(self, relation: str, backwards: bool = False) -> tuple[Edge, ...]:
        """Give the edges whose values include all values of this one, the edge itself first."""
        edge = (relation, backwards)
        return (edge, *sorted(self._entails.get(edge, set()) - {edge}))

    def edges_outside(self, allowed: Iterable[str], relations: Iterable[str]) -> tuple[Edge, ...]:
        """Give the edges along which a fact in one of the relations also states one in a relation not allowed.

        Args:
            allowed: the relations that a node may have.
            relations: the relations that facts are in.
        """
        fine = set(allowed)
        return tuple(
            (relation, backwards)
            for relation in sorted(relations)
            for backwards in (False, True)
            if any(wide not in fine for wide, back in self.wider_edges(relation, backwards) if not back)
        )

    def is_known(self, iri: str) -> bool:
        """Tell whether the vocabulary declares the IRI."""
        return iri in self.kinds or iri in self.relations or iri in self.attributes

    def label(self, iri: str) -> str:
        """Give the label of a kind or relation, or its local name."""
        entry = self.entries.get(iri)
        return entry.label if entry and entry.label else local_name(iri)

    def value_label(self, relation: str, plural: bool = False) -> str:
        """Give what the values of a relation are called.

        Example:
            >>> vocabulary().value_label("https://w3id.org/itsm-ontology/itsm#hasPart", plural=True)
            'parts'
        """
        entry = self.entries.get(relation, Entry())
        if plural:
            return entry.values or f"values of {local_name(relation)}"
        return entry.value or f"value of {local_name(relation)}"

    def extended(self, statements: Iterable[Statement]) -> Vocabulary:
        """Give this vocabulary with the axioms and labels of a document added; itself if there are none."""
        more = _from_statements(statements)
        if not more.axioms and not more.kinds and not more.relations and not more.attributes:
            return self
        return Vocabulary(
            self.kinds | more.kinds,
            self.relations | more.relations,
            self.attributes | more.attributes,
            {**more.entries, **self.entries},
            self.axioms | more.axioms,
        )


_T = TypeVar("_T")


def _reach(start: _T, direct: Mapping[_T, set[_T]]) -> set[_T]:
    """Give what can be reached from the start by one step or more."""
    reached: set[_T] = set()
    todo = [start]
    while todo:
        for found in direct.get(todo.pop(), ()):
            if found not in reached:
                reached.add(found)
                todo.append(found)
    return reached


def _from_statements(statements: Iterable[Statement]) -> Vocabulary:
    """Read declarations, axioms and annotations out of RDF; anything else is passed over."""
    types: dict[str, set[str]] = defaultdict(set)
    values: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    axioms: set[tuple[str, str, str]] = set()
    groups: list[Term] = []
    for subject, predicate, object_, _ in statements:
        if predicate.value == RDF.type and isinstance(object_, NamedNode):
            types[object_.value].add(subject.value)
            if object_.value == OWL.AllDisjointClasses:
                groups.append(subject)
        elif predicate.value in AXIOMS and isinstance(subject, NamedNode) and isinstance(object_, NamedNode):
            axioms.add((subject.value, predicate.value, object_.value))
        else:
            values[subject.value][predicate.value].append(object_)
    for group in groups:
        for one, other in combinations(_members(values, group), 2):
            axioms.add((one, OWL.disjointWith, other))
    kinds = types[OWL.Class] | types[RDFS.Class]
    kinds |= {iri for one, predicate, other in axioms if predicate == RDFS.subClassOf for iri in (one, other)}
    relations = types[OWL.ObjectProperty]
    attributes = types[OWL.DatatypeProperty]
    named = frozenset(kinds | relations | attributes)
    entries = {iri: _entry(values[iri], values) for iri in named if iri in values}
    return Vocabulary(frozenset(kinds), frozenset(relations), frozenset(attributes), entries, frozenset(axioms))


def _members(values: Mapping[str, Mapping[str, list[Term]]], group: Term) -> list[str]:
    found: list[str] = []
    seen: set[str] = set()
    heads = values[group.value][OWL.members]
    while len(heads) == 1 and (node := heads[0].value) != RDF.nil and node not in seen:
        seen.add(node)
        found += [term.value for term in values[node][RDF.first]]
        heads = values[node][RDF.rest]
    if len(heads) != 1 or heads[0].value != RDF.nil or len(found) != len(seen):
        raise InputError(f"the owl:members of {group.value} are no well-formed list.")
    return found


def _entry(said: Mapping[str, list[Term]], values: Mapping[str, Mapping[str, list[Term]]]) -> Entry:
    def text(predicate: str) -> str:
        literals = [term for term in said.get(predicate, ()) if isinstance(term, Literal)]
        english = [term.value for term in literals if term.language in (None, "en")]
        return english[0] if english else (literals[0].value if literals else "")

    def iris(predicate: str, of: Mapping[str, list[Term]] = said) -> tuple[str, ...]:
        return tuple(sorted({term.value for term in of.get(predicate, ()) if isinstance(term, NamedNode)}))

    pairs = [values[term.value] for term in said.get(META.between, ())]
    datatype = said.get(META.datatype, ())
    return Entry(
        label=text(RDFS.label),
        definition=text(SKOS.definition),
        value=text(META.valueLabel),
        values=text(META.valueLabelPlural),
        datatype=datatype[0].value if datatype else "",
        acyclic=text(META.acyclic) == "true",
        recorded_by=text(META.recordedBy),
        subjects=iris(SCHEMA.domainIncludes),
        objects=iris(SCHEMA.rangeIncludes),
        between=tuple(
            sorted(
                (one, other)
                for pair in pairs
                for one in iris(SCHEMA.domainIncludes, pair)
                for other in iris(SCHEMA.rangeIncludes, pair)
            )
        ),
    )


@cache
def vocabulary() -> Vocabulary:
    """Give the neutral vocabulary that ships with the library, read once."""
    document = open_document(folder("vocab") / "itsm.ttl")
    return _from_statements(read_statements(document, "turtle"))


def json_ld_context() -> str:
    """Give the JSON-LD context in which models can be written with the local names of kinds and relations.

    It is kept in `vocab/context.jsonld`; put it into your file, since nothing is fetched. A word that the vocabulary
    lacks still falls into its namespace, so that it is refused on loading and not dropped.

    Returns:
        The context as JSON.

    Example:
        >>> json.loads(json_ld_context())["@context"]["runsOn"]
        {'@id': 'itsm:runsOn', '@type': '@id'}
    """
    words = vocabulary()
    context: dict[str, object] = {
        "@version": 1.1,
        "@vocab": ITSM,
        "itsm": ITSM,
        "meta": META,
        "rdfs": RDFS,
        "xsd": XSD,
        "id": "@id",
        "type": "@type",
        "label": "rdfs:label",
        "declaredAs": "meta:declaredAs",
        **{name: {"@id": f"meta:{name}", "@type": "@vocab"} for name in ("completeFor", "completeForInverse")},
        **{local_name(kind): shorten(kind) for kind in sorted(words.kinds)},
    }
    for relation in sorted(words.relations | words.attributes):
        type_ = "@id" if relation in words.relations else shorten(words.entries[relation].datatype)
        context[local_name(relation)] = {"@id": shorten(relation), "@type": type_}
    return json.dumps({"@context": context}, indent=2) + "\n"


EMPTY = Vocabulary(frozenset(), frozenset(), frozenset(), {}, frozenset())
"""A vocabulary that knows nothing: for shapes over other people's data."""
