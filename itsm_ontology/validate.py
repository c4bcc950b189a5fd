"""Any SHACL Core shapes over any RDF: which focus nodes fail which shapes. Nothing is inferred but sub-classes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import NamedNode

from .engines.plan import Plan, Profile
from .facts import Facts
from .names import RDF_TYPE, RDFS
from .pairs import Pairs
from .paths import HERE
from .rdf import Statement, Term
from .shacl import Shape, ShapesGraph
from .vocabulary import EMPTY
from .walk import Walk


def failures(data: Iterable[Statement], shapes: ShapesGraph, url: str = "sqlite://") -> Mapping[Term, frozenset[Term]]:
    """Find the focus nodes that fail.

    Args:
        data: the statements to validate, blank nodes as they are.
        shapes: the shapes; those with targets are validated.
        url: the database that works it out.

    Returns:
        Shape to the focus nodes that it reports. A property shape at another shape reports by itself: its focus nodes
        are the value nodes that it stands at. Shapes that report nothing are left out.

    Raises:
        UnreadableShapeError: if a shape is not SHACL Core.
        EngineError: if the database fails.

    Example:
        >>> from itsm_ontology.document import Document
        >>> from itsm_ontology.rdf import read_statements
        >>> text = b'''@prefix sh: <http://www.w3.org/ns/shacl#> .
        ... <urn:shape> a sh:PropertyShape ; sh:targetNode <urn:a> ; sh:path <urn:p> ; sh:minCount 1 .'''
        >>> shapes = ShapesGraph(Document("s", text), read_statements(Document("s", text), "turtle"))
        >>> {str(shape): set(map(str, nodes)) for shape, nodes in failures([], shapes).items()}
        {'<urn:shape>': {'<urn:a>'}}
    """
    targeted = [shape for shape in map(shapes.shape, shapes.shape_nodes) if shape.targets and not shape.deactivated]
    named = [target.term for shape in targeted for target in shape.targets if target.sort == "targetNode"]
    facts = plain_facts(data, named)
    plan = Plan(facts.vocabulary, Profile.of(facts))
    met = {shape.node: plan.bounds(shape.condition).met for shape in targeted}
    from .engines import sql

    sets = sql.evaluate(facts, plan, set(met.values()), url)
    walk = Walk(facts)
    found: dict[Term, set[Term]] = defaultdict(set)
    for shape in targeted:
        for node in focus_nodes(facts, shape) - sets[met[shape.node]]:
            for reporter, focus in _reporters(walk, shape, node):
                found[reporter].add(facts.terms[focus])
    return {shape: frozenset(nodes) for shape, nodes in found.items()}


def _reporters(walk: Walk, shape: Shape, node: int) -> Iterator[tuple[Term, int]]:
    """Give the shapes, with their focus nodes, that say why a node fails a shape."""
    for part in shape.parts:
        if part.inside is None:
            if not walk.truth(part.condition, node).met:
                yield shape.node, node
            continue
        for value in walk.values(shape.path or HERE, node).recorded:
            if not walk.truth(part.inside.condition, value).met:
                yield from _reporters(walk, part.inside, value)


def plain_facts(statements: Iterable[Statement], also: Iterable[Term] = ()) -> Facts:
    """Take statements as facts just as they are, with the sub-classes that they state.

    Args:
        statements: the statements.
        also: terms that are nodes too, whether or not a statement has them.
    """
    kept = list(statements)
    nodes: dict[Term, int] = {}
    pairs: dict[str, dict[tuple[int, int], None]] = defaultdict(dict)
    for subject, predicate, object_, _ in kept:
        pair = (nodes.setdefault(subject, len(nodes)), nodes.setdefault(object_, len(nodes)))
        pairs[predicate.value][pair] = None
    for term in also:
        nodes.setdefault(term, len(nodes))
    return Facts(
        name="data",
        terms=tuple(nodes),
        pairs={relation: Pairs.of(found) for relation, found in pairs.items()},
        sources=("data",),
        origins={relation: (0,) * len(found) for relation, found in pairs.items()},
        declared={},
        completeness=(),
        vocabulary=EMPTY.extended(s for s in kept if s[1].value == RDFS.subClassOf),
        reports=(),
    )


def focus_nodes(facts: Facts, shape: Shape) -> frozenset[int]:
    """Give the nodes that a shape's targets name."""
    found: set[int] = set()
    for target in shape.targets:
        if target.sort == "targetNode":
            found.add(facts.nodes[target.term])
        elif target.sort == "targetClass":
            kinds = facts.vocabulary.sub_kinds(target.term.value)
            numbers = {facts.nodes.get(NamedNode(kind)) for kind in kinds}
            found |= {subject for subject, kind in facts.pairs.get(RDF_TYPE, ()) if kind in numbers}
        else:
            which = 0 if target.sort == "targetSubjectsOf" else 1
            found |= {pair[which] for pair in facts.pairs.get(target.term.value, ())}
    return frozenset(found)
