"""The column engine: a plan executed on integer columns in memory, a set of nodes as one truth value a node."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pyoxigraph import NamedNode

from ..arrays import Column, among, column, distinct
from ..conditions import OneOf, TermTest
from ..facts import Facts, complete_nodes
from ..names import RDF_TYPE
from ..vocabulary import Edge
from . import steps as s
from .node_set import NodeSet
from .plan import Plan
from .steps import EVERYTHING
from .values import values_of

Nodes = NDArray[np.bool_]


class Pairs(NamedTuple):
    """A relation: two columns of equal length, no pair in them twice."""

    subject: Column
    object: Column


def evaluate(facts: Facts, plan: Plan, wanted: Collection[int]) -> Mapping[int, NodeSet]:
    """Work out sets of nodes.

    Args:
        facts: what is recorded.
        plan: the steps.
        wanted: the positions of the sets asked for.

    Returns:
        Position to the nodes in the set.

    Example:
        >>> from itsm_ontology import Model
        >>> from itsm_ontology.engines.plan import Plan, Profile
        >>> facts = Model.from_records([{"id": "a", "kind": "Server"}, {"id": "b", "kind": "Person"}]).facts
        >>> plan = Plan(facts.vocabulary, Profile.of(facts))
        >>> servers = plan.has_kind(["https://w3id.org/itsm-ontology/itsm#Server"])
        >>> [facts.terms[node].value for node in evaluate(facts, plan, [servers])[servers]]
        ['urn:model:a']
    """
    return _Run(facts, plan).sets(wanted)


class _Run:
    """One evaluation: step after step, each result kept until its last use."""

    def __init__(self, facts: Facts, plan: Plan) -> None:
        self.facts = facts
        self.plan = plan
        self.size = len(facts.terms)
        self.nodes: dict[int, Nodes] = {}
        self.relations: dict[int, Pairs] = {}

    def sets(self, wanted: Collection[int]) -> dict[int, NodeSet]:
        """Execute what is needed, in order."""
        needed = self._needed(wanted)
        uses: dict[int, int] = dict.fromkeys(needed, 0)
        for position in needed:
            for one in s.inputs(self.plan.steps[position]):
                uses[one] += 1
        asked, found = frozenset(wanted), dict[int, NodeSet]()
        for position in needed:
            step = self.plan.steps[position]
            if isinstance(step, s.RelationStep):
                self.relations[position] = self._relation(step)
            else:
                self.nodes[position] = self._set(step)
            if position in asked:
                found[position] = NodeSet(self.nodes[position])
            for one in s.inputs(step):
                uses[one] -= 1
                if not uses[one]:
                    self.nodes.pop(one, None)
                    self.relations.pop(one, None)
            if not uses[position]:
                self.nodes.pop(position, None)
        return found

    def _needed(self, wanted: Collection[int]) -> list[int]:
        found: set[int] = set()
        todo = list(wanted)
        while todo:
            position = todo.pop()
            if position not in found:
                found.add(position)
                todo.extend(s.inputs(self.plan.steps[position]))
        return sorted(found)

    # ----------------------------------------------------------------------------------------------------------------
    # Sets of nodes

    def _marked(self, nodes: Column | list[int]) -> Nodes:
        found = np.zeros(self.size, dtype=bool)
        found[nodes] = True
        return found

    def _set(self, step: s.NodeStep) -> Nodes:
        nodes = self.nodes
        match step:
            case s.Nothing():
                return np.zeros(self.size, dtype=bool)
            case s.Everything():
                return np.ones(self.size, dtype=bool)
            case s.HasKind(kinds):
                return self._has_kind(kinds)
            case s.Passing(test):
                return self._marked(self._passing(test))
            case s.Union(sets):
                return reduce(np.logical_or, (nodes[one] for one in sets))
            case s.Intersection(sets):
                return reduce(np.logical_and, (nodes[one] for one in sets))
            case s.Complement(one):
                return ~nodes[one]
            case s.InExactlyOne(sets):
                return self._in_exactly_one([nodes[one] for one in sets])
            case s.Counted(number, relation, within):
                return self._counted(number, self.relations[relation], within)
            case s.Reaching(relation, within):
                return self._reaching(self.relations[relation], self.nodes[within])
            case s.Sharing(one, other):
                left, right = self.relations[one], self.relations[other]
                return self._marked(left.subject[among(self._keys(left), self._keys(right))])
            case s.Lacking(one, other):
                left, right = self.relations[one], self.relations[other]
                return self._marked(left.subject[~among(self._keys(left), self._keys(right))])
            case s.OutOfOrder(one, other, or_equal):
                return self._out_of_order(self.relations[one], self.relations[other], or_equal)
            case s.LanguageTwice(relation):
                return self._language_twice(self.relations[relation])
            case s.CompleteAt(edge):
                nodes_there = complete_nodes(self.facts, edge)
                return self._marked(np.fromiter(nodes_there, dtype=np.int64, count=len(nodes_there)))

    def _in_exactly_one(self, sets: list[Nodes]) -> Nodes:
        counts = np.zeros(self.size, dtype=np.int32)
        for one in sets:
            counts += one
        return np.equal(counts, 1)

    def _has_kind(self, kinds: tuple[str, ...]) -> Nodes:
        numbers = [self.facts.nodes[NamedNode(kind)] for kind in kinds if NamedNode(kind) in self.facts.nodes]
        typed = self._recorded(RDF_TYPE)
        return self._marked(typed.subject[self._marked(numbers)[typed.object]])

    def _passing(self, test: TermTest) -> list[int]:
        if isinstance(test, OneOf):
            return [self.facts.nodes[term] for term in test.terms if term in self.facts.nodes]
        return [node for node, term in enumerate(self.facts.terms) if test.passes(term)]

    def _counted(self, number: int, pairs: Pairs, within: int) -> Nodes:
        subject = pairs.subject if within == EVERYTHING else pairs.subject[self.nodes[within][pairs.object]]
        if number == 1:
            return self._marked(subject)
        counts: NDArray[np.int64] = np.bincount(subject, minlength=self.size)
        return counts >= number

    def _reaching(self, pairs: Pairs, within: Nodes) -> Nodes:
        """Give the nodes from which some node of the set is reached in one step or more."""
        found = self._marked(pairs.subject[within[pairs.object]])
        while True:
            further = pairs.subject[found[pairs.object] & ~found[pairs.subject]]
            if not len(further):
                return found
            found[further] = True

    def _out_of_order(self, one: Pairs, other: Pairs, or_equal: bool) -> Nodes:
        left, right = self._joined(one.subject, other.subject)
        mine, theirs = one.object[left], other.object[right]
        values = _Values(self.facts, distinct(np.concatenate([mine, theirs])))
        (family, rank), (family_there, rank_there) = (
            (values.family[places], values.rank[places]) for places in (values.places(mine), values.places(theirs))
        )
        below = rank <= rank_there if or_equal else rank < rank_there
        fine = (family == family_there) & (family >= 0) & below
        return self._marked(one.subject[left][~fine])

    def _language_twice(self, pairs: Pairs) -> Nodes:
        values = _Values(self.facts, distinct(pairs.object))
        language = values.language[values.places(pairs.object)]
        spoken = language >= 0
        languages = int(language.max(initial=0)) + 1
        keys = np.sort(pairs.subject[spoken] * languages + language[spoken])
        return self._marked(keys[1:][keys[1:] == keys[:-1]] // languages)

    # ----------------------------------------------------------------------------------------------------------------
    # Relations

    def _recorded(self, iri: str) -> Pairs:
        pairs = self.facts.pairs.get(iri)
        columns = (pairs.subjects, pairs.objects) if pairs else ((), ())
        return Pairs(*(column(one).astype(np.int64) for one in columns))

    def _relation(self, step: s.RelationStep) -> Pairs:
        match step:
            case s.Edges(edges):
                return self._edges(edges)
            case s.Same():
                everyone = np.arange(self.size, dtype=np.int64)
                return Pairs(everyone, everyone)
            case s.Composed(one, other):
                left, right = self.relations[one], self.relations[other]
                here, there = self._joined(left.object, right.subject)
                return self._unique([Pairs(left.subject[here], right.object[there])])
            case s.Either(relations):
                return self._unique([self.relations[one] for one in relations])
            case s.Closure(one):
                return self._closure(self.relations[one])
            case s.From(one, start):
                pairs = self.relations[one]
                kept = self.nodes[start][pairs.subject]
                return Pairs(pairs.subject[kept], pairs.object[kept])

    def _edges(self, edges: Iterable[Edge]) -> Pairs:
        found = []
        for iri, backwards in edges:
            pairs = self._recorded(iri)
            found.append(Pairs(pairs.object, pairs.subject) if backwards else pairs)
        return found[0] if len(found) == 1 else self._unique(found)

    def _closure(self, pairs: Pairs) -> Pairs:
        whole, fresh = pairs, pairs
        while len(fresh.subject):
            here, there = self._joined(fresh.object, pairs.subject)
            more = self._unique([Pairs(fresh.subject[here], pairs.object[there])])
            new = ~among(self._keys(more), self._keys(whole))
            fresh = Pairs(more.subject[new], more.object[new])
            whole = Pairs(*map(np.concatenate, zip(whole, fresh, strict=True)))
        return whole

    def _keys(self, pairs: Pairs) -> Column:
        """Give one number for each pair."""
        keys: Column = pairs.subject * self.size + pairs.object
        return keys

    def _unique(self, several: list[Pairs]) -> Pairs:
        if not several:
            empty = np.zeros(0, dtype=np.int64)
            return Pairs(empty, empty)
        keys = distinct(np.concatenate([self._keys(pairs) for pairs in several]))
        return Pairs(keys // self.size, keys % self.size)

    def _joined(self, left: Column, right: Column) -> tuple[Column, Column]:
        """Give the positions in both columns of every two equal values."""
        order = np.argsort(right, kind="stable")
        ordered = right[order]
        start, stop = np.searchsorted(ordered, left, "left"), np.searchsorted(ordered, left, "right")
        counts = stop - start
        here = np.repeat(np.arange(len(left)), counts)
        within = np.arange(len(here)) - np.repeat(np.cumsum(counts) - counts, counts)
        return here, order[np.repeat(start, counts) + within]


class _Values:
    """Family, rank and language of the terms of some nodes, as columns; -1 where one has none."""

    def __init__(self, facts: Facts, nodes: Column) -> None:
        self.nodes = nodes
        self.family, self.rank, self.language = (np.full(len(nodes), -1, dtype=np.int64) for _ in range(3))
        places = {node: place for place, node in enumerate(nodes.tolist())}
        for value in values_of(facts, places):
            said = ((self.family, value.family), (self.rank, value.rank), (self.language, value.language))
            for numbers, number in said:
                if number is not None:
                    numbers[places[value.node]] = number

    def places(self, nodes: Column) -> NDArray[np.intp]:
        """Give where in the columns each of these nodes stands."""
        return np.searchsorted(self.nodes, nodes)
