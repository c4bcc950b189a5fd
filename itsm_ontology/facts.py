"""Facts as data: dictionary-encoded terms, pairs by relation, and where each came from."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from .load_report import Report
from .names import DCTERMS, META, OWL, RDF_TYPE, RDFS, SKOS
from .pairs import Pairs
from .rdf import Statement, Term
from .terms import Terms
from .vocabulary import Edge, Vocabulary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EVERYTHING = META.Everything
"""Stands for every element of a model where completeness is stated."""

ANNOTATIONS = (RDFS, DCTERMS, SKOS, OWL, "http://purl.org/dc/elements/1.1/")
"""Facts in these namespaces are kept, and make no element of their object."""


@dataclass(frozen=True)
class Completeness:
    """The statement that all values of a relation are recorded.

    Attributes:
        relation: the relation's IRI; `rdf:type` stands for the kinds.
        backwards: whether it is about the relation walked backwards.
        node: the element it is about; None for every element of the source, or of the model.
        source: the source it is about, if it is not about the whole model.
    """

    relation: str
    backwards: bool = False
    node: int | None = None
    source: str | None = None


@dataclass(frozen=True)
class Merged:
    """A thing that several sources record, known as one by a key that the load names.

    Attributes:
        element: the IRI that it has in the model.
        others: the IRIs that it would have had otherwise.
        key: the name of the key.
        value: the value that the sources agree on.
    """

    element: str
    others: tuple[str, ...]
    key: str
    value: str


@dataclass(frozen=True, eq=False)
class Facts:
    """What is recorded, as data; a node is the position of its term.

    Attributes:
        name: what to call the facts in messages.
        terms: every term.
        pairs: relation IRI to pairs of nodes; the kinds are under `rdf:type`.
        sources: the names of the sources.
        origins: relation IRI to a number for each of its pairs, which `sources_of` turns into sources.
        declared: node to what source systems call it.
        completeness: what is said to be complete.
        vocabulary: the neutral vocabulary with the sources' own axioms added.
        reports: what each load read, used and left.
        several: the combinations of source positions that say one fact together.
        axioms: the sources' own axioms.
        merged: the things that several sources record.
    """

    name: str
    terms: Sequence[Term] = field(repr=False)
    pairs: Mapping[str, Pairs] = field(repr=False)
    sources: tuple[str, ...]
    origins: Mapping[str, Sequence[int]] = field(repr=False)
    declared: Mapping[int, tuple[str, ...]] = field(repr=False)
    completeness: tuple[Completeness, ...] = field(repr=False)
    vocabulary: Vocabulary = field(repr=False)
    reports: tuple[Report, ...] = field(repr=False)
    several: tuple[tuple[int, ...], ...] = field(default=(), repr=False)
    axioms: tuple[Statement, ...] = field(default=(), repr=False)
    merged: tuple[Merged, ...] = field(default=(), repr=False)

    def sources_of(self, origin: int) -> tuple[int, ...]:
        """Give the positions of the sources that a number in `origins` stands for."""
        return (origin,) if origin >= 0 else self.several[-1 - origin]

    @cached_property
    def nodes(self) -> Mapping[Term, int]:
        """From term to node."""
        return Terms.of(self.terms).nodes

    @cached_property
    def forwards(self) -> Mapping[str, Mapping[int, tuple[int, ...]]]:
        """Relation IRI to node to its values."""
        return _Indexes(self.pairs, backwards=False)

    @cached_property
    def backwards(self) -> Mapping[str, Mapping[int, tuple[int, ...]]]:
        """Relation IRI to node to the nodes that it is a value of."""
        return _Indexes(self.pairs, backwards=True)

    @cached_property
    def element_nodes(self) -> Sequence[int]:
        """The nodes of the elements, in order: whatever has a kind, a declaration, or a fact between elements."""
        from .arrays import as_array, column, marked

        columns = [column(tuple(self.declared))]
        for relation, pairs in self.pairs.items():
            if relation == RDF_TYPE:
                columns.append(column(pairs.subjects))
            elif not relation.startswith(ANNOTATIONS):
                columns += [column(pairs.subjects), column(pairs.objects)]
        found = marked(len(self.terms), columns)
        found &= ~self.literals
        return as_array(found.nonzero()[0])

    @cached_property
    def literals(self) -> NDArray[np.bool_]:
        """Of each node, whether it is a literal."""
        import numpy as np

        terms = Terms.of(self.terms)
        return np.fromiter(terms.literals(), dtype=bool, count=len(terms))

    def with_layer(
        self, relation: str, pairs: Iterable[tuple[int, int]], source: str, completeness: Iterable[Completeness] = ()
    ) -> Facts:
        """Give these facts with more of one relation, and more completeness, for one evaluation."""
        mine = Pairs.of(self.pairs.get(relation, ()))
        known = set(mine)
        added = Pairs.of([pair for pair in pairs if pair not in known] if known else pairs)
        numbers = array("i", [len(self.sources)]) * len(added)
        return replace(
            self,
            pairs={**self.pairs, relation: mine.and_more(added)} if added else self.pairs,
            sources=(*self.sources, source),
            origins={**self.origins, relation: array("i", self.origins.get(relation, ())) + numbers}
            if added
            else self.origins,
            completeness=(*self.completeness, *completeness),
        )


class _Indexes(Mapping[str, Mapping[int, tuple[int, ...]]]):
    """The index of each relation, in one direction, made when it is asked for."""

    def __init__(self, pairs: Mapping[str, Pairs], backwards: bool) -> None:
        self._pairs = pairs
        self._backwards = backwards

    def __getitem__(self, relation: str) -> Mapping[int, tuple[int, ...]]:
        pairs = self._pairs[relation]
        return pairs.backwards if self._backwards else pairs.forwards

    def __iter__(self) -> Iterator[str]:
        return iter(self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)


def complete_nodes(facts: Facts, edge: Edge) -> Collection[int]:
    """Give the nodes for which a relation, walked so, is recorded as complete.

    A statement about every element of the model holds in both directions; one about the elements of a source only as
    it is stated, since another source may still name them at the other end.
    """
    relation, backwards = edge
    found: set[int] = set()
    for item in facts.completeness:
        if item.relation != relation:
            continue
        everywhere = item.node is None and item.source is None
        if not everywhere and item.backwards != backwards:
            continue
        if item.node is not None:
            found.add(item.node)
        elif item.source is None:
            return range(len(facts.terms))
        else:
            found |= _described_by(facts, item.source)
    return found


def _described_by(facts: Facts, source: str) -> set[int]:
    """Give the nodes that a source has facts of."""
    if source not in facts.sources:
        return set()
    number = facts.sources.index(source)
    numbers = {number, *(-1 - k for k, together in enumerate(facts.several) if number in together)}
    return {
        subject
        for relation, pairs in facts.pairs.items()
        for (subject, _), origin in zip(pairs, facts.origins[relation], strict=True)
        if origin in numbers
    }
