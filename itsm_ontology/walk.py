"""The walk of one element: the same three answers as the plan, one node at a time, with the facts at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal

from . import conditions as c
from . import paths as p
from .conditions import Condition
from .facts import Facts, complete_nodes
from .literals import order_key
from .names import RDF_TYPE
from .paths import Path
from .rdf import Term
from .verdict import Fact
from .vocabulary import Edge


@dataclass(frozen=True)
class Truth:
    """Whether a condition holds.

    Attributes:
        certain: whether it holds whatever permitted facts are added.
        met: whether it holds on the recorded facts.
        possible: whether some permitted addition lets it hold.
    """

    certain: bool
    met: bool
    possible: bool

    @staticmethod
    def plain(holds: bool) -> Truth:
        """Give the truth of what no added fact can change."""
        return Truth(holds, holds, holds)

    @property
    def settled(self) -> bool:
        """Whether no permitted added fact could change the answer."""
        return self.certain or not self.possible

    def denied(self) -> Truth:
        """Give the truth of the denial."""
        return Truth(not self.possible, not self.met, not self.certain)


@dataclass(frozen=True)
class Values:
    """What a path reaches from a node.

    Attributes:
        recorded: the nodes it reaches on the recorded facts.
        possible: the nodes it could reach, if `bounded`.
        bounded: whether nothing but `possible` could ever be reached.
    """

    recorded: frozenset[int]
    possible: frozenset[int]
    bounded: bool


@dataclass(frozen=True, eq=False)
class Walk:
    """Facts to walk over.

    Attributes:
        facts: what is recorded.

    Example:
        >>> from itsm_ontology import Model
        >>> facts = Model.from_records([{"id": "a", "kind": "Server"}]).facts
        >>> Walk(facts).truth(c.OfClass("https://w3id.org/itsm-ontology/itsm#Person"), 0)
        Truth(certain=False, met=False, possible=False)
    """

    facts: Facts

    @cached_property
    def _seen(self) -> dict[tuple[int, int], tuple[Condition, Truth]]:
        return {}

    @cached_property
    def _passed(self) -> set[int]:
        return set()

    @property
    def visited(self) -> frozenset[int]:
        """The nodes that conditions were held against or that paths led to, so far."""
        return frozenset(self._passed.union(node for _, node in self._seen))

    @cached_property
    def _complete(self) -> Mapping[Edge, Callable[[int], bool]]:
        edges = {(i.relation, back) for i in self.facts.completeness for back in (False, True)}
        sets = {edge: complete_nodes(self.facts, edge) for edge in edges}
        return {edge: nodes.__contains__ for edge, nodes in sets.items() if nodes}

    def term(self, node: int) -> Term:
        """Give the term of a node."""
        return self.facts.terms[node]

    def kinds(self, node: int) -> frozenset[str]:
        """Give the kinds recorded for a node."""
        return frozenset(self.term(kind).value for kind in self.facts.forwards.get(RDF_TYPE, {}).get(node, ()))

    # ----------------------------------------------------------------------------------------------------------------
    # Paths

    def edge_values(self, edges: Iterable[Edge], node: int) -> frozenset[int]:
        """Give what some relations, each walked so, reach from a node."""
        found: set[int] = set()
        for relation, backwards in edges:
            index = self.facts.backwards if backwards else self.facts.forwards
            found.update(index.get(relation, {}).get(node, ()))
        return frozenset(found)

    def values(self, path: Path, node: int, backwards: bool = False) -> Values:
        """Give what a path reaches from a node."""
        match path:
            case p.Relation(iri):
                return self._relation(iri, backwards, node)
            case p.Inverse(inner):
                return self.values(inner, node, not backwards)
            case p.Sequence(paths):
                whole = Values(frozenset((node,)), frozenset((node,)), True)
                for inner in reversed(paths) if backwards else paths:
                    whole = self._onwards(whole, inner, backwards)
                return whole
            case p.Alternative(paths):
                return _together([self.values(inner, node, backwards) for inner in paths])
            case p.ZeroOrOne(inner):
                return _with(node, self.values(inner, node, backwards))
            case p.OneOrMore(inner):
                return self._again(inner, node, backwards)
            case p.ZeroOrMore(inner):
                return _with(node, self._again(inner, node, backwards))

    def _relation(self, iri: str, backwards: bool, node: int) -> Values:
        words = self.facts.vocabulary
        recorded = self.edge_values(words.edges(iri, backwards), node)
        self._passed.update(recorded)
        for wider in words.wider_edges(iri, backwards):
            if (complete := self._complete.get(wider)) and complete(node):
                return Values(recorded, recorded | self.edge_values(words.edges(*wider), node), True)
        return Values(recorded, recorded, False)

    def _onwards(self, start: Values, path: Path, backwards: bool) -> Values:
        steps = {node: self.values(path, node, backwards) for node in start.recorded | start.possible}
        return Values(
            frozenset().union(*(steps[node].recorded for node in start.recorded)),
            frozenset().union(*(steps[node].possible for node in start.possible)),
            start.bounded and all(steps[node].bounded for node in start.possible),
        )

    def _again(self, path: Path, node: int, backwards: bool) -> Values:
        recorded, possible = set[int](), set[int]()
        bounded = True
        for reached, pick in ((recorded, _recorded), (possible, _possible)):
            todo = [node]
            visited: set[int] = set()
            while todo:
                here = todo.pop()
                if here in visited:
                    continue
                visited.add(here)
                step = self.values(path, here, backwards)
                if reached is possible:
                    bounded = bounded and step.bounded
                reached |= pick(step)
                todo += pick(step)
        return Values(frozenset(recorded), frozenset(possible), bounded)

    # ----------------------------------------------------------------------------------------------------------------
    # Conditions

    def truth(self, condition: Condition, node: int) -> Truth:
        """Tell whether a condition holds at a node."""
        key = (id(condition), node)
        if key not in self._seen:
            self._seen[key] = (condition, self._truth(condition, node))
        return self._seen[key][1]

    def _truth(self, condition: Condition, node: int) -> Truth:
        match condition:
            case c.Named(inner):
                return self.truth(inner, node)
            case c.All(inner):
                return _joined(all, [self.truth(one, node) for one in inner])
            case c.AnyOf(inner):
                return _joined(any, [self.truth(one, node) for one in inner])
            case c.ExactlyOne(inner):
                return _exactly_one([self.truth(one, node) for one in inner])
            case c.Not(inner):
                return self.truth(inner, node).denied()
            case c.OfClass(kind):
                return self._of_class(kind, node)
            case c.AtLeast(number, path, inner):
                return self._at_least(number, path, inner, node)
            case c.AtMost(number, path, inner):
                return self._at_least(number + 1, path, inner, node).denied()
            case c.Every(path, inner):
                return self._at_least(1, path, inner, node, denied=True).denied()
            case c.NoCommonValue(path, relation):
                return self._pairwise(lambda one, other: bool(one & other), path, relation, node)
            case c.Precedes(path, relation, or_equal):
                return self._pairwise(lambda one, other: self.disordered(one, other, or_equal), path, relation, node)
            case c.SameValues(path, relation):
                return _same_values(self.values(path, node), self.values(p.Relation(relation), node))
            case c.UniqueLanguages(path):
                way = self.values(path, node)
                fine = not self._language_twice(way.recorded)
                return Truth(way.bounded and not self._language_twice(way.possible), fine, fine)
            case c.Closed(relations):
                others = self.facts.vocabulary.edges_outside(relations, self.facts.pairs)
                fine = not self.edge_values(others, node)
                return Truth(False, fine, fine)
            case c.Opaque(reason):
                raise ValueError(f"{reason}: only the reference engine evaluates that")
            case _:
                return Truth.plain(condition.passes(self.term(node)))

    def _of_class(self, kind: str, node: int) -> Truth:
        words = self.facts.vocabulary
        kinds = self.kinds(node)
        recorded = bool(kinds & words.sub_kinds(kind))
        complete = self._complete.get((RDF_TYPE, False))
        excluded = bool(kinds & words.disjoint_kinds(kind)) or bool(complete and complete(node))
        return Truth(recorded, recorded, recorded or not excluded)

    def _at_least(self, number: int, path: Path, inner: Condition, node: int, denied: bool = False) -> Truth:
        if number <= 0:
            return Truth.plain(True)
        way = self.values(path, node)
        truths = {value: self.truth(inner, value) for value in way.recorded | way.possible}
        if denied:
            truths = {value: truth.denied() for value, truth in truths.items()}
        return Truth(
            sum(truths[value].certain for value in way.recorded) >= number,
            sum(truths[value].met for value in way.recorded) >= number,
            not way.bounded or sum(truths[value].possible for value in way.possible) >= number,
        )

    def _pairwise(self, offends: Offends, path: Path, relation: str, node: int) -> Truth:
        one, other = self.values(path, node), self.values(p.Relation(relation), node)
        met = not offends(one.recorded, other.recorded)
        nothing = any(way.bounded and not way.possible for way in (one, other))
        bounded = one.bounded and other.bounded and not offends(one.possible, other.possible)
        return Truth(nothing or bounded, met, met)

    def disordered(self, one: frozenset[int], other: frozenset[int], or_equal: bool) -> bool:
        """Tell whether some value of the first is not less than some value of the second."""
        return any(not self._before(left, right, or_equal) for left in one for right in other)

    def _before(self, left: int, right: int, or_equal: bool) -> bool:
        mine, theirs = self.term(left), self.term(right)
        if not isinstance(mine, Literal) or not isinstance(theirs, Literal):
            return False
        one, other = order_key(mine), order_key(theirs)
        if one is None or other is None or one[0] != other[0]:
            return False
        return bool(one[1] <= other[1] if or_equal else one[1] < other[1])

    def _language_twice(self, nodes: Iterable[int]) -> bool:
        terms = [self.term(node) for node in nodes]
        languages = [term.language for term in terms if isinstance(term, Literal) and term.language]
        return len(set(languages)) < len(languages)

    # ----------------------------------------------------------------------------------------------------------------
    # Facts behind a value

    def trail(self, path: Path, node: int, value: int, backwards: bool = False) -> tuple[Fact, ...]:
        """Give recorded facts by which a path leads from a node to a value; none if it does not."""
        match path:
            case p.Relation(iri):
                return self._edge_facts(iri, backwards, node, value)
            case p.Inverse(inner):
                return self.trail(inner, node, value, not backwards)
            case p.Sequence(()):
                return ()
            case p.Sequence(paths):
                ordered = tuple(reversed(paths)) if backwards else paths
                first, rest = ordered[0], ordered[1:]
                if not rest:
                    return self.trail(first, node, value, backwards)
                for middle in sorted(self.values(first, node, backwards).recorded):
                    if value in self._reached(rest, middle, backwards):
                        onwards = p.Sequence(tuple(reversed(rest)) if backwards else rest)
                        return self.trail(first, node, middle, backwards) + self.trail(
                            onwards, middle, value, backwards
                        )
                return ()
            case p.Alternative(paths):
                for inner in paths:
                    if value in self.values(inner, node, backwards).recorded:
                        return self.trail(inner, node, value, backwards)
                return ()
            case p.ZeroOrOne(inner) | p.ZeroOrMore(inner) if value == node:
                return ()
            case p.ZeroOrOne(inner):
                return self.trail(inner, node, value, backwards)
            case p.OneOrMore(inner) | p.ZeroOrMore(inner):
                return self._shortest(inner, node, value, backwards)

    def _reached(self, paths: tuple[Path, ...], node: int, backwards: bool) -> frozenset[int]:
        whole = Values(frozenset((node,)), frozenset(), True)
        for inner in paths:
            whole = self._onwards(whole, inner, backwards)
        return whole.recorded

    def _edge_facts(self, iri: str, backwards: bool, node: int, value: int) -> tuple[Fact, ...]:
        for relation, back in self.facts.vocabulary.edges(iri, backwards):
            index = self.facts.backwards if back else self.facts.forwards
            if value in index.get(relation, {}).get(node, ()):
                subject, object_ = (value, node) if back else (node, value)
                return ((self.term(subject).value, relation, self.term(object_).value),)
        return ()

    def _shortest(self, path: Path, node: int, value: int, backwards: bool) -> tuple[Fact, ...]:
        trails: dict[int, tuple[Fact, ...]] = {node: ()}
        todo = [node]
        for here in todo:
            for there in sorted(self.values(path, here, backwards).recorded):
                if there == value:
                    return trails[here] + self.trail(path, here, there, backwards)
                if there not in trails:
                    trails[there] = trails[here] + self.trail(path, here, there, backwards)
                    todo.append(there)
        return ()


Offends = Callable[[frozenset[int], frozenset[int]], bool]


def _recorded(values: Values) -> frozenset[int]:
    return values.recorded


def _possible(values: Values) -> frozenset[int]:
    return values.possible


def _with(node: int, values: Values) -> Values:
    return Values(values.recorded | {node}, values.possible | {node}, values.bounded)


def _together(ways: list[Values]) -> Values:
    return Values(
        frozenset().union(*(way.recorded for way in ways)),
        frozenset().union(*(way.possible for way in ways)),
        all(way.bounded for way in ways),
    )


def _joined(join: Callable[[Iterable[bool]], bool], truths: list[Truth]) -> Truth:
    return Truth(
        join(truth.certain for truth in truths), join(truth.met for truth in truths), join(t.possible for t in truths)
    )


def _exactly_one(truths: list[Truth]) -> Truth:
    certain, met, possible = (sum(getattr(truth, name) for truth in truths) for name in ("certain", "met", "possible"))
    return Truth(possible == 1 and certain == 1, met == 1, possible >= 1 and certain < 2)


def _same_values(one: Values, other: Values) -> Truth:
    met = one.recorded == other.recorded
    fixed = all(way.bounded and way.possible == way.recorded for way in (one, other))
    hopeless = any(
        right.bounded and not left.recorded <= right.possible for left, right in ((one, other), (other, one))
    )
    return Truth(met and fixed, met, not hopeless)
