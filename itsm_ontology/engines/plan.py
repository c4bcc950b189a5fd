"""Conditions as a plan of set operations: all chosen definitions together, equal steps once.

Every condition is compiled to three sets of nodes. *Certain*: it holds, whatever permitted facts are added. *Met*: it
holds on the recorded facts. *Possible*: some permitted addition lets it hold. Certain is inside met, met inside
possible; denial swaps certain and possible. A definition is settled for a node that is certain or not possible.

The plan knows what the facts contain (`Profile`), so that kinds, relations and completeness that they lack cost
nothing: steps over them fold away while the plan is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from .. import conditions as c
from .. import paths as p
from ..conditions import Condition
from ..facts import Facts
from ..names import RDF_TYPE
from ..paths import Path
from ..vocabulary import Edge, Vocabulary
from . import steps as s
from .steps import EVERYTHING, NO_PAIRS, NOTHING, SAME, NodeStep, Step, describe


@dataclass(frozen=True)
class Profile:
    """What the facts contain at all.

    Attributes:
        kinds: the kinds that some node is recorded as.
        relations: the relations with at least one fact.
        complete: the edges that are complete at some node.
    """

    kinds: frozenset[str]
    relations: frozenset[str]
    complete: frozenset[Edge] = frozenset()

    @staticmethod
    def of(facts: Facts) -> Profile:
        """Look the profile up in facts."""
        typed = facts.pairs.get(RDF_TYPE)
        kinds = {facts.terms[kind].value for kind in set(typed.objects if typed else ())}
        complete = {(item.relation, item.backwards) for item in facts.completeness}
        complete |= {
            (item.relation, not item.backwards)
            for item in facts.completeness
            if item.node is None and item.source is None
        }
        relations = frozenset(relation for relation, pairs in facts.pairs.items() if pairs)
        return Profile(frozenset(kinds), relations, frozenset(complete))


@dataclass(frozen=True)
class Bounds:
    """The three sets of a condition, as steps."""

    certain: int
    met: int
    possible: int


@dataclass(frozen=True)
class Reach:
    """What a path reaches, as steps: what is recorded, what could be, and where anything could."""

    recorded: int
    possible: int
    unbounded: int


Joining = Callable[[Iterable[int]], int]
Offence = Callable[[int, int], NodeStep]


@dataclass
class Plan:
    """Steps, each made of earlier ones, and the compiler that adds to them.

    Attributes:
        vocabulary: the axioms that kinds and relations are read with.
        profile: what the facts contain.
        steps: the steps so far.
    """

    vocabulary: Vocabulary
    profile: Profile
    steps: list[Step] = field(default_factory=lambda: [s.Nothing(), s.Everything(), s.Edges(()), s.Same()])

    @cached_property
    def _known(self) -> dict[Step, int]:
        return {step: position for position, step in enumerate(self.steps)}

    @cached_property
    def _conditions(self) -> dict[Condition, Bounds]:
        return {}

    @cached_property
    def _paths(self) -> dict[Path, Reach]:
        return {}

    def _step(self, step: Step) -> int:
        found = self._known.get(step)
        if found is None:
            found = self._known[step] = len(self.steps)
            self.steps.append(step)
        return found

    # ----------------------------------------------------------------------------------------------------------------
    # Sets, folded where the answer is plain

    def union(self, sets: Iterable[int]) -> int:
        """Give the step for the nodes in any of the sets."""
        flat: set[int] = set()
        for position in sets:
            step = self.steps[position]
            flat |= set(step.sets) if isinstance(step, s.Union) else {position}
        flat.discard(NOTHING)
        if EVERYTHING in flat or any(self.complement(one) in flat for one in flat if self._is_complement(one)):
            return EVERYTHING
        return NOTHING if not flat else flat.pop() if len(flat) == 1 else self._step(s.Union(tuple(sorted(flat))))

    def intersection(self, sets: Iterable[int]) -> int:
        """Give the step for the nodes in all of the sets."""
        flat: set[int] = set()
        for position in sets:
            step = self.steps[position]
            flat |= set(step.sets) if isinstance(step, s.Intersection) else {position}
        flat.discard(EVERYTHING)
        if NOTHING in flat or any(self.complement(one) in flat for one in flat if self._is_complement(one)):
            return NOTHING
        return (
            EVERYTHING
            if not flat
            else flat.pop()
            if len(flat) == 1
            else self._step(s.Intersection(tuple(sorted(flat))))
        )

    def complement(self, position: int) -> int:
        """Give the step for the nodes outside the set."""
        if position == NOTHING:
            return EVERYTHING
        if position == EVERYTHING:
            return NOTHING
        step = self.steps[position]
        return step.set if isinstance(step, s.Complement) else self._step(s.Complement(position))

    def _is_complement(self, position: int) -> bool:
        return isinstance(self.steps[position], s.Complement)

    def has_kind(self, kinds: Iterable[str]) -> int:
        """Give the step for the nodes recorded as one of the kinds."""
        present = tuple(sorted(set(kinds) & self.profile.kinds))
        return self._step(s.HasKind(present)) if present else NOTHING

    def counted(self, number: int, relation: int, within: int) -> int:
        """Give the step for the nodes with so many values inside the set."""
        if number <= 0:
            return EVERYTHING
        if relation == NO_PAIRS or within == NOTHING or (relation == SAME and number > 1):
            return NOTHING
        if relation == SAME:
            return within
        return self._some(relation, within) if number == 1 else self._step(s.Counted(number, relation, within))

    def _some(self, relation: int, within: int) -> int:
        """Give the step for the nodes with a value inside the set, without making the pairs of a whole path."""
        match self.steps[relation]:
            case s.Composed(one, other):
                return self.counted(1, one, self.counted(1, other, within))
            case s.Either(relations):
                return self.union(self.counted(1, one, within) for one in relations)
            case s.From(one, start):
                return self.intersection([start, self.counted(1, one, within)])
            case s.Closure(one) if within == EVERYTHING:
                return self.counted(1, one, EVERYTHING)
            case s.Closure(one):
                return self._step(s.Reaching(one, within))
            case _:
                return self._step(s.Counted(1, relation, within))

    def _complete_at(self, edge: Edge) -> int:
        return self._step(s.CompleteAt(edge)) if edge in self.profile.complete else NOTHING

    # ----------------------------------------------------------------------------------------------------------------
    # Relations

    def edges(self, edges: Sequence[Edge]) -> int:
        """Give the step for the pairs of some relations."""
        return self._step(s.Edges(tuple(edge for edge in edges if edge[0] in self.profile.relations)))

    def composed(self, one: int, other: int) -> int:
        """Give the step for one relation after the other."""
        if NO_PAIRS in (one, other):
            return NO_PAIRS
        if one == SAME:
            return other
        return one if other == SAME else self._step(s.Composed(one, other))

    def either(self, relations: Iterable[int]) -> int:
        """Give the step for any of the relations."""
        flat = sorted(set(relations) - {NO_PAIRS})
        return NO_PAIRS if not flat else flat[0] if len(flat) == 1 else self._step(s.Either(tuple(flat)))

    def closure(self, relation: int) -> int:
        """Give the step for the relation followed once or more."""
        return relation if relation in (NO_PAIRS, SAME) else self._step(s.Closure(relation))

    def _from(self, relation: int, start: int) -> int:
        if relation == NO_PAIRS or start == NOTHING:
            return NO_PAIRS
        return relation if start == EVERYTHING else self._step(s.From(relation, start))

    # ----------------------------------------------------------------------------------------------------------------
    # Paths

    def reach(self, path: Path) -> Reach:
        """Compile a path."""
        if path not in self._paths:
            self._paths[path] = self._compile_path(path, backwards=False)
        return self._paths[path]

    def _compile_path(self, path: Path, backwards: bool) -> Reach:
        match path:
            case p.Relation(iri):
                return self._relation(iri, backwards)
            case p.Inverse(inner):
                return self._compile_path(inner, not backwards)
            case p.Sequence(paths):
                ordered = reversed(paths) if backwards else paths
                return self._sequence([self._compile_path(inner, backwards) for inner in ordered])
            case p.Alternative(paths):
                ways = [self._compile_path(inner, backwards) for inner in paths]
                return Reach(
                    self.either(way.recorded for way in ways),
                    self.either(way.possible for way in ways),
                    self.union(way.unbounded for way in ways),
                )
            case p.ZeroOrOne(inner):
                return self._with_self(self._compile_path(inner, backwards))
            case p.OneOrMore(inner):
                return self._closed(self._compile_path(inner, backwards))
            case p.ZeroOrMore(inner):
                return self._with_self(self._closed(self._compile_path(inner, backwards)))

    def _relation(self, iri: str, backwards: bool) -> Reach:
        recorded = self.edges(self.vocabulary.edges(iri, backwards))
        possible, bounded = recorded, NOTHING
        for wider in self.vocabulary.wider_edges(iri, backwards):
            complete = self._complete_at(wider)
            if complete == NOTHING:
                continue
            more = self.edges(self.vocabulary.edges(*wider))
            fresh = self.intersection([complete, self.complement(bounded)])
            possible = self.either([possible, self._from(more, fresh)])
            bounded = self.union([bounded, complete])
        return Reach(recorded, possible, self.complement(bounded))

    def _sequence(self, ways: Sequence[Reach]) -> Reach:
        whole = Reach(SAME, SAME, NOTHING)
        for way in ways:
            whole = Reach(
                self.composed(whole.recorded, way.recorded),
                self.composed(whole.possible, way.possible),
                self.union([whole.unbounded, self.counted(1, whole.possible, way.unbounded)]),
            )
        return whole

    def _with_self(self, way: Reach) -> Reach:
        return Reach(self.either([SAME, way.recorded]), self.either([SAME, way.possible]), way.unbounded)

    def _closed(self, way: Reach) -> Reach:
        possible = self.closure(way.possible)
        unbounded = self.union([way.unbounded, self.counted(1, possible, way.unbounded)])
        return Reach(self.closure(way.recorded), possible, unbounded)

    # ----------------------------------------------------------------------------------------------------------------
    # Conditions

    def bounds(self, condition: Condition) -> Bounds:
        """Compile a condition to its three sets."""
        found = self._conditions.get(condition)
        if found is None:
            found = self._conditions[condition] = self._compile(condition)
        return found

    def _compile(self, condition: Condition) -> Bounds:
        match condition:
            case c.Named(inner):
                return self.bounds(inner)
            case c.All(inner):
                return self._each(self.intersection, [self.bounds(one) for one in inner])
            case c.AnyOf(inner):
                return self._each(self.union, [self.bounds(one) for one in inner])
            case c.ExactlyOne(inner):
                return self._exactly_one([self.bounds(one) for one in inner])
            case c.Not(inner):
                return self._denied(self.bounds(inner))
            case c.OfClass(kind):
                return self._of_class(kind)
            case c.AtLeast(number, path, inner):
                return self._at_least(number, self.reach(path), self.bounds(inner))
            case c.AtMost(number, path, inner):
                return self._denied(self._at_least(number + 1, self.reach(path), self.bounds(inner)))
            case c.Every(path, inner):
                return self._denied(self._at_least(1, self.reach(path), self._denied(self.bounds(inner))))
            case c.NoCommonValue(path, relation):
                return self._pairwise(s.Sharing, path, relation)
            case c.Precedes(path, relation, or_equal):
                return self._pairwise(lambda one, other: s.OutOfOrder(one, other, or_equal), path, relation)
            case c.SameValues(path, relation):
                return self._same_values(self.reach(path), self.reach(p.Relation(relation)))
            case c.UniqueLanguages(path):
                way = self.reach(path)
                twice, maybe_twice = self._twice(way.recorded), self._twice(way.possible)
                sure = self.complement(self.union([way.unbounded, maybe_twice]))
                return Bounds(sure, self.complement(twice), self.complement(twice))
            case c.Closed(relations):
                others = self.edges(self.vocabulary.edges_outside(relations, self.profile.relations))
                offending = self.counted(1, others, EVERYTHING)
                return Bounds(NOTHING, self.complement(offending), self.complement(offending))
            case c.Opaque(reason):
                raise ValueError(f"{reason}: only the reference engine evaluates that")
            case _:
                passing = self._step(s.Passing(condition))
                return Bounds(passing, passing, passing)

    def _each(self, join: Joining, inner: Sequence[Bounds]) -> Bounds:
        return Bounds(join(b.certain for b in inner), join(b.met for b in inner), join(b.possible for b in inner))

    def _denied(self, inner: Bounds) -> Bounds:
        return Bounds(self.complement(inner.possible), self.complement(inner.met), self.complement(inner.certain))

    def _exactly_one(self, inner: Sequence[Bounds]) -> Bounds:
        certain, met, possible = ([getattr(b, name) for b in inner] for name in ("certain", "met", "possible"))
        two_certain = self.intersection([self.union(certain), self.complement(self._one_of(certain))])
        return Bounds(
            self.intersection([self._one_of(possible), self.union(certain)]),
            self._one_of(met),
            self.intersection([self.union(possible), self.complement(two_certain)]),
        )

    def _one_of(self, sets: Sequence[int]) -> int:
        given = [one for one in sets if one != NOTHING]
        if not given:
            return NOTHING
        return given[0] if len(given) == 1 else self._step(s.InExactlyOne(tuple(sorted(given))))

    def _of_class(self, kind: str) -> Bounds:
        recorded = self.has_kind(self.vocabulary.sub_kinds(kind))
        excluded = self.union(
            [self.has_kind(self.vocabulary.disjoint_kinds(kind)), self._complete_at((RDF_TYPE, False))]
        )
        return Bounds(recorded, recorded, self.union([recorded, self.complement(excluded)]))

    def _at_least(self, number: int, way: Reach, inner: Bounds) -> Bounds:
        return Bounds(
            self.counted(number, way.recorded, inner.certain),
            self.counted(number, way.recorded, inner.met),
            self.union([way.unbounded, self.counted(number, way.possible, inner.possible)]),
        )

    def _pairwise(self, offence: Offence, path: Path, relation: str) -> Bounds:
        one, other = self.reach(path), self.reach(p.Relation(relation))
        recorded = self._offending(offence, one.recorded, other.recorded)
        imaginable = self._offending(offence, one.possible, other.possible)
        both = self.complement(self.union([one.unbounded, other.unbounded, imaginable]))
        none = [
            self.complement(self.union([way.unbounded, self.counted(1, way.possible, EVERYTHING)]))
            for way in (one, other)
        ]
        return Bounds(self.union([both, *none]), self.complement(recorded), self.complement(recorded))

    def _offending(self, offence: Offence, one: int, other: int) -> int:
        return NOTHING if NO_PAIRS in (one, other) else self._step(offence(one, other))

    def _same_values(self, one: Reach, other: Reach) -> Bounds:
        def lacking(left: int, right: int) -> int:
            if left in (NO_PAIRS, right):
                return NOTHING
            return self.counted(1, left, EVERYTHING) if right == NO_PAIRS else self._step(s.Lacking(left, right))

        different = self.union([lacking(one.recorded, other.recorded), lacking(other.recorded, one.recorded)])
        open_ended = self.union(
            [
                one.unbounded,
                other.unbounded,
                lacking(one.possible, one.recorded),
                lacking(other.possible, other.recorded),
            ]
        )
        hopeless = self.union(
            self.intersection([lacking(left.recorded, right.possible), self.complement(right.unbounded)])
            for left, right in ((one, other), (other, one))
        )
        met = self.complement(different)
        return Bounds(self.intersection([met, self.complement(open_ended)]), met, self.complement(hopeless))

    def _twice(self, relation: int) -> int:
        return NOTHING if relation in (NO_PAIRS, SAME) else self._step(s.LanguageTwice(relation))

    # ----------------------------------------------------------------------------------------------------------------

    def __str__(self) -> str:
        return "\n".join(f"{position:4} {describe(step)}" for position, step in enumerate(self.steps))
