"""Random facts and random SHACL Core shapes over a few words, for tests that hold interpretations to each other."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st
from pyoxigraph import NamedNode

from itsm_ontology.conditions import Condition
from itsm_ontology.document import Document
from itsm_ontology.facts import Completeness, Facts
from itsm_ontology.names import RDF_TYPE
from itsm_ontology.pairs import Pairs
from itsm_ontology.rdf import Statement, Term, read_statements
from itsm_ontology.shacl import ShapesGraph
from itsm_ontology.vocabulary import EMPTY, Vocabulary

EX = "urn:x:"
NODES = [EX + name for name in ("a", "b", "c", "d", "e")]
KINDS = [EX + name for name in ("Thing", "Ware", "Soft", "Crew")]
RELATIONS = [EX + name for name in ("has", "hasWare", "of", "near")]
ATTRIBUTES = [EX + name for name in ("size", "word")]
RANKS = [EX + name for name in ("low", "high")]
NUMBERS = ['"9"^^xsd:integer', '"10"^^xsd:integer', '"9.5"^^xsd:decimal', '"1e1"^^xsd:double', '"8.0"^^xsd:decimal']
LITERALS = [
    '"x"', '"x"@en', '"y"@en', '"y"@nl', '"10"^^xsd:integer', '"9"^^xsd:integer', '"09"^^xsd:integer',
    '"9.5"^^xsd:decimal', '"1e1"^^xsd:double', '"abc"^^xsd:integer', '"2024-01-01"^^xsd:date',
    '"2023-12-31"^^xsd:date', '"true"^^xsd:boolean',
    '"2024-01-01T00:00:00Z"^^xsd:dateTime', '"2024-01-01T00:00:00"^^xsd:dateTime', '"300"^^xsd:byte',
]  # fmt: skip
PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix x: <urn:x:> .
"""
AXIOMS = """x:Thing a owl:Class . x:Crew a owl:Class .
x:Ware a owl:Class ; rdfs:subClassOf x:Thing .
x:Soft a owl:Class ; rdfs:subClassOf x:Ware .
x:Crew owl:disjointWith x:Thing .
x:has a owl:ObjectProperty . x:near a owl:ObjectProperty .
x:hasWare a owl:ObjectProperty ; rdfs:subPropertyOf x:has .
x:of a owl:ObjectProperty ; owl:inverseOf x:has .
x:size a owl:DatatypeProperty . x:word a owl:DatatypeProperty .
"""


def statements(text: str) -> list[Statement]:
    return list(read_statements(Document("random", (PREFIXES + text).encode()), "turtle"))


WORDS: Vocabulary = EMPTY.extended(statements(AXIOMS))

GUARDS = """
@prefix meta: <https://w3id.org/itsm-ontology/meta#> .
@prefix schema: <https://schema.org/> .
x:has meta:acyclic true ; schema:domainIncludes x:Ware ; schema:rangeIncludes x:Ware , x:Crew .
x:near owl:inverseOf x:near ; schema:domainIncludes x:Thing .
x:size meta:datatype xsd:integer .
"""
GUARDED: Vocabulary = EMPTY.extended(statements(AXIOMS + GUARDS))
"""The same words; but nothing has itself, near is symmetric, and some relations name kinds for their ends."""


def local(iri: str) -> str:
    return "x:" + iri.removeprefix(EX)


# ---------------------------------------------------------------------------------------------------------------------
# Facts

_node = st.sampled_from(NODES)
_typed = st.tuples(_node, st.just("a"), st.sampled_from(KINDS).map(local))
_related = st.tuples(_node, st.sampled_from(RELATIONS).map(local), _node.map(local))
_valued = st.tuples(_node, st.sampled_from(ATTRIBUTES).map(local), st.sampled_from(LITERALS))
_ranked = st.tuples(_node, st.sampled_from(RANKS).map(local), st.sampled_from(NUMBERS))
_stranger = st.sampled_from([EX + "f", EX + "g"])
_widely = st.one_of(_node, _stranger)
any_fact = st.one_of(
    st.tuples(_widely, st.just("a"), st.sampled_from(KINDS).map(local)),
    st.tuples(_widely, st.sampled_from(RELATIONS).map(local), _widely.map(local)),
    st.tuples(_widely, st.sampled_from(ATTRIBUTES).map(local), st.sampled_from(LITERALS)),
)
fact_lists = st.lists(st.one_of(_typed, _related, _related, _valued, _ranked), min_size=1, max_size=14, unique=True)


def turtle(facts: list[tuple[str, str, str]]) -> str:
    return "\n".join(f"{local(subject)} {predicate} {object_} ." for subject, predicate, object_ in facts)


def facts_of(
    text: str,
    vocabulary: Vocabulary,
    complete: tuple[tuple[str, bool, str], ...] = (),
    names: Sequence[str] = NODES,
) -> Facts:
    """Make facts of Turtle, with every node that is named and completeness (relation, backwards, node)."""
    nodes: dict[Term, int] = {}
    pairs: dict[str, dict[tuple[int, int], None]] = {}
    for name in names:
        nodes.setdefault(NamedNode(name), len(nodes))
    for subject, predicate, object_, _ in statements(text):
        pair = (nodes.setdefault(subject, len(nodes)), nodes.setdefault(object_, len(nodes)))
        pairs.setdefault(predicate.value, {})[pair] = None
    return Facts(
        name="random",
        terms=tuple(nodes),
        pairs={relation: Pairs.of(found) for relation, found in pairs.items()},
        sources=("random",),
        origins={relation: (0,) * len(found) for relation, found in pairs.items()},
        declared={},
        completeness=tuple(Completeness(relation, back, nodes[NamedNode(name)]) for relation, back, name in complete),
        vocabulary=vocabulary,
        reports=(),
    )


completeness = st.lists(
    st.tuples(st.sampled_from([*RELATIONS, *ATTRIBUTES, RDF_TYPE]), st.booleans(), _node), max_size=6, unique=True
).map(tuple)

# ---------------------------------------------------------------------------------------------------------------------
# Shapes, as Turtle inside [ … ]

_relation = st.sampled_from([*RELATIONS, *ATTRIBUTES]).map(local)
_object_relation = st.sampled_from(RELATIONS).map(local)


def _path_over(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        inner.map(lambda p: f"[ sh:inversePath {p} ]"),
        st.tuples(inner, inner).map(lambda p: f"( {p[0]} {p[1]} )"),
        st.tuples(inner, inner).map(lambda p: f"[ sh:alternativePath ( {p[0]} {p[1]} ) ]"),
        inner.map(lambda p: f"[ sh:zeroOrMorePath {p} ]"),
        inner.map(lambda p: f"[ sh:oneOrMorePath {p} ]"),
        inner.map(lambda p: f"[ sh:zeroOrOnePath {p} ]"),
    )


paths = st.recursive(_relation, _path_over, max_leaves=3)
_term = st.one_of(_node.map(local), st.sampled_from(LITERALS))
_number = st.sampled_from(['"9"^^xsd:integer', '"9.5"^^xsd:decimal', '"2024-01-01"^^xsd:date', '"x"'])
_value_tests = st.one_of(
    st.sampled_from(KINDS).map(lambda k: f"sh:class {local(k)}"),
    st.sampled_from(["IRI", "Literal", "BlankNodeOrIRI", "IRIOrLiteral"]).map(lambda k: f"sh:nodeKind sh:{k}"),
    st.sampled_from(["integer", "string", "decimal", "date", "byte", "boolean"]).map(lambda d: f"sh:datatype xsd:{d}"),
    st.tuples(st.sampled_from(["minInclusive", "maxInclusive", "minExclusive", "maxExclusive"]), _number).map(
        lambda b: f"sh:{b[0]} {b[1]}"
    ),
    st.tuples(st.sampled_from(["minLength", "maxLength"]), st.integers(0, 6)).map(lambda b: f"sh:{b[0]} {b[1]}"),
    st.sampled_from(["^x", "9", "urn"]).map(lambda r: f'sh:pattern "{r}"'),
    st.lists(_term, min_size=1, max_size=3, unique=True).map(lambda ts: f"sh:in ( {' '.join(ts)} )"),
    st.sampled_from(["en", "nl"]).map(lambda tag: f'sh:languageIn ( "{tag}" )'),
)
_pairs = st.tuples(st.sampled_from(["equals", "disjoint"]), _object_relation).map(lambda p: f"sh:{p[0]} {p[1]}")
# Only numbers are ordered here: pySHACL has an order for what SPARQL's < can't compare, such as IRIs and text.
_orders = st.tuples(st.sampled_from(["lessThan", "lessThanOrEquals"]), st.sampled_from(RANKS).map(local)).map(
    lambda p: f"sh:{p[0]} {p[1]}"
)
_rank_path = st.one_of(
    st.sampled_from(RANKS).map(local),
    st.tuples(_object_relation, st.sampled_from(RANKS).map(local)).map(lambda p: f"( {p[0]} {p[1]} )"),
)
_counts = st.tuples(st.sampled_from(["minCount", "maxCount"]), st.integers(0, 2)).map(lambda b: f"sh:{b[0]} {b[1]}")


def _shape_over(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    logic = st.one_of(
        inner.map(lambda s: f"sh:not {s}"),
        st.tuples(st.sampled_from(["and", "or", "xone"]), st.lists(inner, min_size=1, max_size=3)).map(
            lambda p: f"sh:{p[0]} ( {' '.join(p[1])} )"
        ),
        inner.map(lambda s: f"sh:node {_as_node_shape(s)}"),
    )
    qualified = st.tuples(st.sampled_from(["Min", "Max"]), st.integers(0, 2), inner).map(
        lambda q: f"sh:qualified{q[0]}Count {q[1]} ; sh:qualifiedValueShape {q[2]}"
    )
    on_values = st.one_of(
        _value_tests, _pairs, _counts, st.just("sh:uniqueLang true"), _term.map("sh:hasValue {}".format)
    )
    property_shape = st.tuples(paths, st.one_of(on_values, qualified, logic)).map(
        lambda p: f"[ sh:path {p[0]} ; {p[1]} ]"
    )
    closed = st.lists(_relation, max_size=4, unique=True).map(
        lambda rs: "[ sh:closed true ; sh:ignoredProperties ( rdf:type " + " ".join(rs) + " ) ]"
    )
    ordered = st.tuples(_rank_path, _orders).map(lambda p: f"[ sh:path {p[0]} ; {p[1]} ]")
    return st.one_of(
        property_shape,
        ordered,
        logic.map(lambda text: f"[ {text} ]"),
        closed,
        _pairs.map(lambda text: f"[ {text} ]"),
    )


_leaf = _value_tests.map(lambda text: f"[ {text} ]")
shapes = st.recursive(_leaf, _shape_over, max_leaves=5)


def shape_text(shape: str, targets: list[str] = NODES) -> str:
    """Give the Turtle of a node shape that holds its targets to a shape."""
    return (
        f"x:shape a sh:NodeShape ; sh:node {_as_node_shape(shape)} ; sh:targetNode {' , '.join(map(local, targets))} ."
    )


def _as_node_shape(shape: str) -> str:
    return f"[ a sh:NodeShape ; sh:property {shape} ]" if shape.startswith("[ sh:path ") else shape


def shapes_graph(text: str) -> ShapesGraph:
    document = Document("shapes", (PREFIXES + text).encode())
    return ShapesGraph(document, read_statements(document, "turtle"))


SHAPE = NamedNode(EX + "shape")

# ---------------------------------------------------------------------------------------------------------------------
# Shapes that say more of how things hang together, and less of literals: for reasoning about all models

_kind_leaf = st.sampled_from(KINDS).map(lambda kind: f"[ sh:class {local(kind)} ]")
_literal_leaf = st.one_of(
    st.sampled_from(["integer", "string", "decimal", "boolean"]).map(lambda d: f"[ sh:datatype xsd:{d} ]"),
    st.tuples(st.sampled_from(["minInclusive", "maxExclusive"]), st.sampled_from(["9", "10"])).map(
        lambda b: f"[ sh:{b[0]} {b[1]} ]"
    ),
    st.sampled_from(LITERALS).map(lambda value: f"[ sh:in ( {value} ) ]"),
)
_step = st.one_of(_object_relation, _object_relation, _object_relation.map(lambda r: f"[ sh:inversePath {r} ]"))
_many_steps = st.one_of(
    st.tuples(_step, _step).map(lambda p: f"( {p[0]} {p[1]} )"),
    st.tuples(_step, _step).map(lambda p: f"[ sh:alternativePath ( {p[0]} {p[1]} ) ]"),
    st.tuples(st.sampled_from(["zeroOrMore", "oneOrMore", "zeroOrOne"]), _step).map(
        lambda p: f"[ sh:{p[0]}Path {p[1]} ]"
    ),
)
_walks = st.one_of(
    _step,
    _step,
    _many_steps,
    st.tuples(_step, _many_steps).map(lambda p: f"( {p[0]} {p[1]} )"),
    st.tuples(st.sampled_from(["zeroOrMore", "oneOrMore"]), _step, _step).map(
        lambda p: f"[ sh:{p[0]}Path [ sh:alternativePath ( {p[1]} {p[2]} ) ] ]"
    ),
)
_literal_walks = st.one_of(
    st.sampled_from(ATTRIBUTES).map(local),
    st.tuples(_step, st.sampled_from(ATTRIBUTES).map(local)).map(lambda p: f"( {p[0]} {p[1]} )"),
)


def _hanging_together(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    number = st.integers(0, 3)
    bound = st.sampled_from(["Min", "Max"])

    def on_values(walks: st.SearchStrategy[str], inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        counted = st.tuples(walks, bound, number, inner).map(
            lambda q: f"[ sh:path {q[0]} ; sh:qualified{q[1]}Count {q[2]} ; sh:qualifiedValueShape {q[3]} ]"
        )
        any_counted = st.tuples(walks, bound, number).map(
            lambda q: f"[ sh:path {q[0]} ; sh:{q[1].lower()}Count {q[2]} ]"
        )
        every = st.tuples(walks, inner).map(lambda q: f"[ sh:path {q[0]} ; sh:node {_as_node_shape(q[1])} ]")
        return st.one_of(counted, any_counted, every, every)

    together = st.tuples(st.sampled_from(["and", "or", "xone"]), st.lists(inner, min_size=2, max_size=3)).map(
        lambda p: f"[ sh:{p[0]} ( {' '.join(p[1])} ) ]"
    )
    on_walks = on_values(_walks, inner)
    return st.one_of(
        on_walks,
        on_walks,
        together,
        inner.map(lambda text: f"[ sh:not {text} ]"),
        on_values(_literal_walks, _literal_leaf),
        st.tuples(_walks, _pairs).map(lambda p: f"[ sh:path {p[0]} ; {p[1]} ]"),
        st.tuples(st.sampled_from(["", "rdf:type "]), st.lists(_object_relation, max_size=3, unique=True)).map(
            lambda p: f"[ sh:closed true ; sh:ignoredProperties ( {p[0]}{' '.join(p[1])} ) ]"
        ),
    )


structures = st.recursive(_kind_leaf, _hanging_together, max_leaves=4)
"""Shapes of kinds, relations and numbers, nested; now and then an attribute."""


def condition_of(shape: str) -> Condition:
    """Give the condition that a shape says."""
    return shapes_graph(shape_text(shape)).shape(SHAPE).condition
