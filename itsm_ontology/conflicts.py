"""Where the sources of a model contradict each other about one thing: listed, never settled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from .facts import Facts
from .names import RDF_TYPE, RDFS


@dataclass(frozen=True)
class Conflict:
    """What sources say of one thing that can't, or need not, all be so.

    Attributes:
        element: the IRI of the thing.
        relation: the IRI of the attribute that has values that differ, or `rdf:type` for kinds that exclude each other.
        said: each source's name with what it says, in the order of the sources.

    Example:
        >>> Conflict("urn:a", "urn:version", (("cmdb", ("1",)), ("catalogue", ("2",)))).said[1]
        ('catalogue', ('2',))
    """

    element: str
    relation: str
    said: tuple[tuple[str, tuple[str, ...]], ...]


def conflicts(facts: Facts) -> Iterator[Conflict]:
    """Give what the sources of facts say of one thing and contradict each other in.

    Only values of attributes of the vocabulary and names are held against each other, and kinds that exclude each
    other: of relations to other things, one may hold as well as another.

    Args:
        facts: the facts.

    Yields:
        A conflict for each thing and attribute on which two sources have no value in common, capitals apart, and for
        each thing that sources say to be of kinds that exclude each other.
    """
    if len(facts.sources) < 2:
        return
    for relation in (RDFS.label, *sorted(facts.vocabulary.attributes)):
        for node, said in _by_source(facts, relation).items():
            values = [{value.casefold() for value in found} for found in said.values()]
            if any(one.isdisjoint(other) for place, one in enumerate(values) for other in values[:place]):
                yield _conflict(facts, node, relation, said)
    for node, said in _by_source(facts, RDF_TYPE).items():
        if len(said) > 1 and _exclude(facts, said):
            yield _conflict(facts, node, RDF_TYPE, said)


def _by_source(facts: Facts, relation: str) -> dict[int, dict[int, set[str]]]:
    """Give what each source says, of the things of which several say something."""
    found: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for (subject, object_), origin in zip(facts.pairs.get(relation, ()), facts.origins.get(relation, ()), strict=True):
        for source in facts.sources_of(origin):
            found[subject][source].add(facts.terms[object_].value)
    return {node: dict(said) for node, said in found.items() if len(said) > 1}


def _exclude(facts: Facts, said: dict[int, set[str]]) -> bool:
    everywhere = [(source, kind) for source, kinds in said.items() for kind in kinds]
    return any(
        other in facts.vocabulary.disjoint_kinds(one)
        for source, one in everywhere
        for another, other in everywhere
        if source != another
    )


def _conflict(facts: Facts, node: int, relation: str, said: dict[int, set[str]]) -> Conflict:
    told = tuple((facts.sources[source], tuple(sorted(values))) for source, values in sorted(said.items()))
    return Conflict(facts.terms[node].value, relation, told)
