"""SHACL Core read into conditions. What can't be read is refused by name, with file and line: never skipped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from . import conditions as c
from . import paths as p
from .conditions import Condition
from .document import Document
from .names import OWL, RDF, RDF_TYPE, RDFS, SH, shorten
from .paths import Path
from .rdf import Statement, Term
from .shacl_index import ShaclIndex

_PATH, _SEVERITY, _DEACTIVATED, _MESSAGE = SH.path, SH.severity, SH.deactivated, SH.message
_PROPERTY_SHAPE = NamedNode(SH.PropertyShape)
_CLASSES = frozenset((NamedNode(RDFS.Class), NamedNode(OWL.Class)))
_TARGETS = tuple((sort, SH.term(sort)) for sort in ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf"))


@dataclass(frozen=True)
class Part:
    """One constraint of a shape.

    Attributes:
        component: the IRI of its constraint component.
        condition: what it asks of the focus node.
        each: what it asks of every value node, where it is about value nodes one by one.
        inside: the property shape that value nodes are held against, for `sh:property`.
    """

    component: str
    condition: Condition
    each: Condition | None = None
    inside: Shape | None = None


@dataclass(frozen=True)
class Target:
    """Which nodes a shape is for: `sort` is targetNode, targetClass, targetSubjectsOf or targetObjectsOf."""

    sort: str
    term: Term


@dataclass(frozen=True)
class Shape:
    """A shape, read.

    Attributes:
        node: its IRI or blank node.
        path: the path of a property shape; None for a node shape.
        parts: its constraints.
        severity: the IRI of its severity.
        message: its message in English, or the first.
        targets: the nodes it is for.
        deactivated: whether it is switched off.
    """

    node: Term
    path: Path | None
    parts: tuple[Part, ...]
    severity: str = SH.Violation
    message: str = ""
    targets: tuple[Target, ...] = ()
    deactivated: bool = False

    @cached_property
    def condition(self) -> Condition:
        """What the shape asks of a focus node."""
        if self.deactivated:
            return c.TRUE
        whole = c.conjunction(*(part.condition for part in self.parts))
        iri = self.node.value if isinstance(self.node, NamedNode) else ""
        return c.Named(whole, iri, self.message) if iri or self.message else whole


class ShapesGraph(ShaclIndex):
    """The shapes of a document, read on demand and once.

    Attributes:
        advisory: property shapes that are read by themselves and left out of the shapes they stand on.

    Args:
        document: where the statements come from, for messages.
        statements: the statements.
        strict: whether parameters that SHACL passes over, because others that belong to them are lacking, are refused.
    """

    def __init__(self, document: Document, statements: Iterable[Statement], *, strict: bool = True) -> None:
        super().__init__(document, statements)
        self.strict = strict
        self.advisory: frozenset[Term] = frozenset()
        self._shapes: dict[Term, Shape] = {}
        self._reading: list[Term] = []

    @cached_property
    def shape_nodes(self) -> tuple[Term, ...]:
        """Every node that is a shape by its type or by a target."""
        found: dict[Term, None] = {}
        for kind in (SH.NodeShape, SH.PropertyShape):
            found.update(dict.fromkeys(self.instances(kind)))
        for predicate in (SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf):
            found.update(dict.fromkeys(self.subjects(predicate)))
        return tuple(found)

    def shape(self, node: Term) -> Shape:
        """Read a shape.

        Args:
            node: its IRI or blank node.

        Raises:
            UnreadableShapeError: if it is not SHACL Core, ill-formed, or refers to itself.
        """
        if node not in self._shapes:
            if node in self._reading:
                raise self.error(node, "refers to itself, directly or through others; recursion is not supported")
            if isinstance(node, Literal):
                raise self.error(node, f"is the literal {node.value!r} where a shape should be")
            self._reading.append(node)
            try:
                self._shapes[node] = self._read_shape(node)
            finally:
                self._reading.pop()
        return self._shapes[node]

    def _read_shape(self, node: Term) -> Shape:
        paths = self.values(node, _PATH)
        if len(paths) > 1:
            raise self.error(node, "has more than one sh:path", SH.path)
        path = self.path(paths[0]) if paths else None
        if path is None and _PROPERTY_SHAPE in self.values(node, RDF_TYPE):
            raise self.error(node, "is a property shape without sh:path")
        said = frozenset(self.predicates(node))
        parts = tuple(
            part
            for predicate, read in _COMPONENTS.items()
            if predicate in said
            for part in self._parts(node, path, predicate, read)
        )
        severity = self.value(node, _SEVERITY)
        deactivated = self.value(node, _DEACTIVATED)
        return Shape(
            node,
            path,
            parts,
            severity.value if severity else SH.Violation,
            self._message(node),
            tuple(self._targets(node)),
            isinstance(deactivated, Literal) and deactivated.value in ("true", "1"),
        )

    def _parts(self, node: Term, path: Path | None, predicate: str, read: Reader) -> Iterable[Part]:
        values = self.values(node, predicate)
        if not self.strict and self._idle(node, predicate):
            return
        if predicate in _ONCE and len(values) > 1:
            raise self.error(node, f"has more than one {shorten(predicate)}", predicate)
        if path is None and predicate in _PROPERTY_ONLY:
            raise self.error(
                node, f"is a node shape and has {shorten(predicate)}, which is for property shapes", predicate
            )
        for value in values:
            yield from read(self, node, path, value)

    def _idle(self, node: Term, predicate: str) -> bool:
        """Tell whether a parameter makes no constraint, for lack of the others that belong to it."""
        counts = (SH.qualifiedMinCount, SH.qualifiedMaxCount)
        if predicate in counts:
            return not self.values(node, SH.qualifiedValueShape)
        return predicate == SH.qualifiedValueShape and not any(self.values(node, count) for count in counts)

    def _message(self, node: Term) -> str:
        messages = [m for m in self.values(node, _MESSAGE) if isinstance(m, Literal)]
        english = [m.value for m in messages if m.language in (None, "en")]
        return english[0] if english else (messages[0].value if messages else "")

    def _targets(self, node: Term) -> Iterable[Target]:
        for sort, predicate in _TARGETS:
            for term in self.values(node, predicate):
                yield Target(sort, term)
        if isinstance(node, NamedNode) and not _CLASSES.isdisjoint(self.values(node, RDF_TYPE)):
            yield Target("targetClass", node)

    # ----------------------------------------------------------------------------------------------------------------
    # Paths

    def path(self, node: Term, depth: int = 0) -> Path:
        """Read a property path.

        Raises:
            UnreadableShapeError: if it is ill-formed.
        """
        if depth > 50:
            raise self.error(node, "has a path that nests more than 50 levels deep", SH.path)
        if isinstance(node, NamedNode):
            return p.Relation(node.value)
        if isinstance(node, Literal):
            raise self.error(node, f"has the literal {node.value!r} as a path", SH.path)
        if self.values(node, RDF.first):
            steps = tuple(self.path(member, depth + 1) for member in self.members(node))
            if len(steps) < 2:
                raise self.error(node, "has a sequence path of fewer than two steps", SH.path)
            return p.Sequence(steps)
        forms = [
            predicate for predicate in self.predicates(node) if predicate in _PATHS or predicate == SH.alternativePath
        ]
        if len(forms) != 1:
            raise self.error(node, "has a path that is none of SHACL's", SH.path)
        value = self.values(node, forms[0])[0]
        if forms[0] == SH.alternativePath:
            return p.Alternative(tuple(self.path(member, depth + 1) for member in self.members(value)))
        return _PATHS[forms[0]](self.path(value, depth + 1))

    # ----------------------------------------------------------------------------------------------------------------
    # Parameters

    def integer(self, node: Term, value: Term, predicate: str) -> int:
        """Read a whole number, not negative."""
        if isinstance(value, Literal) and re.fullmatch(r"\+?[0-9]+", value.value):
            return int(value.value)
        raise self.error(node, f"has {shorten(predicate)} {value.value!r}, which is no whole number", predicate)

    def literal(self, node: Term, value: Term, predicate: str) -> Literal:
        """Read a literal."""
        if isinstance(value, Literal):
            return value
        raise self.error(node, f"has {shorten(predicate)} with something that is no literal", predicate)

    def iri(self, node: Term, value: Term, predicate: str) -> str:
        """Read an IRI."""
        if isinstance(value, NamedNode):
            return value.value
        raise self.error(node, f"has {shorten(predicate)} with something that is no IRI", predicate)

    def siblings(self, node: Term, mine: Term) -> list[Condition]:
        """Give the conditions of the sibling qualified value shapes of a property shape."""
        found: dict[Term, None] = {}
        for parent in self.subjects(SH.property, node):
            for sibling in self.values(parent, SH.property):
                for shape in self.values(sibling, SH.qualifiedValueShape):
                    if shape != mine:
                        found[shape] = None
        return [self.shape(shape).condition for shape in found]


Reader = Callable[[ShapesGraph, Term, Path | None, Term], Sequence[Part]]


def _component(name: str) -> str:
    return SH.term(name + "ConstraintComponent")


def _for_each(name: str, condition: Condition, path: Path | None) -> list[Part]:
    return [Part(_component(name), c.every(path or p.HERE, condition), condition)]


def _value_test(name: str, predicate: str, make: Callable[[ShapesGraph, Term, Term, str], Condition]) -> Reader:
    def read(graph: ShapesGraph, node: Term, path: Path | None, value: Term) -> Sequence[Part]:
        return _for_each(name, make(graph, node, value, predicate), path)

    return read


def _bound(comparison: str) -> Callable[[ShapesGraph, Term, Term, str], Condition]:
    return lambda graph, node, value, predicate: c.Bound(comparison, graph.literal(node, value, predicate))


def _pattern(graph: ShapesGraph, node: Term, value: Term, predicate: str) -> Condition:
    flags = graph.value(node, SH.flags)
    regex, flag_text = graph.literal(node, value, predicate).value, flags.value if flags else ""
    try:
        c.compiled_pattern(regex, flag_text)
    except ValueError as error:
        raise graph.error(node, f"has a pattern that can't be used: {error}", predicate) from None
    return c.Pattern(regex, flag_text)


def _node_kind(graph: ShapesGraph, node: Term, value: Term, predicate: str) -> Condition:
    iri = graph.iri(node, value, predicate)
    if iri not in c.NODE_KINDS:
        raise graph.error(node, f"has sh:nodeKind {shorten(iri)}, which is no node kind", predicate)
    return c.NodeKind(c.NODE_KINDS[iri])


def _inner(graph: ShapesGraph, node: Term, value: Term, predicate: str) -> Condition:
    return graph.shape(value).condition


def _node_shape(graph: ShapesGraph, node: Term, value: Term, predicate: str) -> Condition:
    shape = graph.shape(value)
    if shape.path is not None:
        raise graph.error(
            node, "has sh:node with a property shape", predicate, "Refer to property shapes by sh:property."
        )
    return shape.condition


def _list_of_shapes(
    make: Callable[[tuple[Condition, ...]], Condition],
) -> Callable[[ShapesGraph, Term, Term, str], Condition]:
    return lambda graph, node, value, predicate: make(tuple(graph.shape(m).condition for m in graph.members(value)))


def _property(graph: ShapesGraph, node: Term, path: Path | None, value: Term) -> Sequence[Part]:
    if value in graph.advisory:
        return []
    shape = graph.shape(value)
    if shape.path is None:
        raise graph.error(node, "has sh:property with something that has no sh:path", SH.property)
    return [Part(_component("Property"), c.every(path or p.HERE, shape.condition), shape.condition, shape)]


def _counts(least: bool) -> Reader:
    predicate = SH.minCount if least else SH.maxCount

    def read(graph: ShapesGraph, node: Term, path: Path | None, value: Term) -> Sequence[Part]:
        number = graph.integer(node, value, predicate)
        assert path is not None
        condition = c.AtLeast(number, path) if least else c.AtMost(number, path)
        return [Part(_component("MinCount" if least else "MaxCount"), condition)]

    return read


def _qualified(least: bool) -> Reader:
    predicate = SH.qualifiedMinCount if least else SH.qualifiedMaxCount

    def read(graph: ShapesGraph, node: Term, path: Path | None, value: Term) -> Sequence[Part]:
        number = graph.integer(node, value, predicate)
        shape = graph.value(node, SH.qualifiedValueShape)
        if shape is None:
            raise graph.error(node, f"has {shorten(predicate)} without sh:qualifiedValueShape", predicate)
        assert path is not None
        inside = graph.shape(shape).condition
        apart = graph.value(node, SH.qualifiedValueShapesDisjoint)
        if isinstance(apart, Literal) and apart.value in ("true", "1"):
            inside = c.conjunction(inside, *(c.Not(other) for other in graph.siblings(node, shape)))
        condition = c.AtLeast(number, path, inside) if least else c.AtMost(number, path, inside)
        return [Part(_component("QualifiedMinCount" if least else "QualifiedMaxCount"), condition)]

    return read


def _qualified_shape(graph: ShapesGraph, node: Term, path: Path | None, value: Term) -> Sequence[Part]:
    if not graph.values(node, SH.qualifiedMinCount) and not graph.values(node, SH.qualifiedMaxCount):
        raise graph.error(
            node,
            "has sh:qualifiedValueShape without sh:qualifiedMinCount or sh:qualifiedMaxCount",
            SH.qualifiedValueShape,
        )
    graph.shape(value)
    return []


def _pair(name: str, predicate: str, make: Callable[[Path, str], Condition]) -> Reader:
    def read(graph: ShapesGraph, node: Term, path: Path | None, value: Term) -> Sequence[Part]:
        return [Part(_component(name), make(path or p.HERE, graph.iri(node, value, predicate)))]

    return read


def _has_value(graph: ShapesGraph, node: Term, path: Path | None, value: Term) -> Sequence[Part]:
    test = c.OneOf((value,))
    return [Part(_component("HasValue"), c.AtLeast(1, path, test) if path else test)]


def _unique_languages(graph: ShapesGraph, node: Term, path: Path | None, value: Term) -> Sequence[Part]:
    assert path is not None
    if graph.literal(node, value, SH.uniqueLang) != c.BOOLEAN_TRUE:
        return []
    return [Part(_component("UniqueLang"), c.UniqueLanguages(path))]


def _closed(graph: ShapesGraph, node: Term, path: Path | None, value: Term) -> Sequence[Part]:
    if graph.literal(node, value, SH.closed).value not in ("true", "1"):
        return []
    allowed = {
        target.value
        for shape in graph.values(node, SH.property)
        for target in graph.values(shape, SH.path)
        if isinstance(target, NamedNode)
    }
    if (ignored := graph.value(node, SH.ignoredProperties)) is not None:
        allowed |= {graph.iri(node, member, SH.ignoredProperties) for member in graph.members(ignored)}
    return _for_each("Closed", c.Closed(frozenset(allowed)), path)


def _sparql(graph: ShapesGraph, node: Term, path: Path | None, value: Term) -> Sequence[Part]:
    owner = graph.error(node, "has a SPARQL constraint", SH.sparql)
    return [Part(_component("SPARQL"), c.Opaque(str(owner)))]


_PATHS: dict[str, Callable[[Path], Path]] = {
    SH.inversePath: p.Inverse,
    SH.zeroOrMorePath: p.ZeroOrMore,
    SH.oneOrMorePath: p.OneOrMore,
    SH.zeroOrOnePath: p.ZeroOrOne,
}
_COMPONENTS: dict[str, Reader] = {
    SH.term("class"): _value_test("Class", SH.term("class"), lambda g, n, v, p: c.OfClass(g.iri(n, v, p))),
    SH.datatype: _value_test("Datatype", SH.datatype, lambda g, n, v, p: c.Datatype(g.iri(n, v, p))),
    SH.nodeKind: _value_test("NodeKind", SH.nodeKind, _node_kind),
    SH.minCount: _counts(least=True),
    SH.maxCount: _counts(least=False),
    SH.minExclusive: _value_test("MinExclusive", SH.minExclusive, _bound(">")),
    SH.minInclusive: _value_test("MinInclusive", SH.minInclusive, _bound(">=")),
    SH.maxExclusive: _value_test("MaxExclusive", SH.maxExclusive, _bound("<")),
    SH.maxInclusive: _value_test("MaxInclusive", SH.maxInclusive, _bound("<=")),
    SH.minLength: _value_test("MinLength", SH.minLength, lambda g, n, v, p: c.Length(least=g.integer(n, v, p))),
    SH.maxLength: _value_test("MaxLength", SH.maxLength, lambda g, n, v, p: c.Length(most=g.integer(n, v, p))),
    SH.pattern: _value_test("Pattern", SH.pattern, _pattern),
    SH.languageIn: _value_test(
        "LanguageIn", SH.languageIn, lambda g, n, v, p: c.LanguageIn(tuple(m.value for m in g.members(v)))
    ),
    SH.uniqueLang: _unique_languages,
    SH.equals: _pair("Equals", SH.equals, c.SameValues),
    SH.disjoint: _pair("Disjoint", SH.disjoint, c.NoCommonValue),
    SH.lessThan: _pair("LessThan", SH.lessThan, c.Precedes),
    SH.lessThanOrEquals: _pair("LessThanOrEquals", SH.lessThanOrEquals, lambda p, r: c.Precedes(p, r, or_equal=True)),
    SH.term("not"): _value_test("Not", SH.term("not"), lambda g, n, v, p: c.Not(_inner(g, n, v, p))),
    SH.term("and"): _value_test("And", SH.term("and"), _list_of_shapes(lambda inner: c.conjunction(*inner))),
    SH.term("or"): _value_test("Or", SH.term("or"), _list_of_shapes(c.AnyOf)),
    SH.xone: _value_test("Xone", SH.xone, _list_of_shapes(c.ExactlyOne)),
    SH.node: _value_test("Node", SH.node, _node_shape),
    SH.property: _property,
    SH.qualifiedValueShape: _qualified_shape,
    SH.qualifiedMinCount: _qualified(least=True),
    SH.qualifiedMaxCount: _qualified(least=False),
    SH.hasValue: _has_value,
    SH.term("in"): _value_test("In", SH.term("in"), lambda g, n, v, p: c.OneOf(tuple(g.members(v)))),
    SH.closed: _closed,
    SH.sparql: _sparql,
}
"""Constraint parameters and their readers, in the order in which they are reported."""

_ONCE = frozenset(
    SH.term(name)
    for name in (
        "datatype", "nodeKind", "minCount", "maxCount", "minExclusive", "minInclusive", "maxExclusive", "maxInclusive",
        "minLength", "maxLength", "languageIn", "uniqueLang", "qualifiedMinCount", "qualifiedMaxCount", "in", "closed",
    )
)  # fmt: skip
_PROPERTY_ONLY = frozenset(
    SH.term(name)
    for name in (
        "minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals", "qualifiedValueShape",
        "qualifiedMinCount", "qualifiedMaxCount",
    )
)  # fmt: skip
