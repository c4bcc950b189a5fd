"""How many elements a model needs at most, if conditions can be met at all: what makes a search complete.

The argument, in short (docs/decisions/small-models.md has it whole). Take any model in which the conditions hold at an
element. Keep, for each "at least", the facts of one trail to each value that it asks for, and so on inside those
values; drop all other facts. What says "every", "at most" or "none" goes on to hold, for it speaks of fewer values.
Only an "every" that asks something in turn (every cost has an owner) makes the kept values ask for more, once for each;
if what they ask for can't lead back to the same "every", that ends, and the number of elements kept can be counted.
A path of any length can be shortened to one fact, if whatever else speaks of that relation takes it at any length too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal

from .. import conditions as c
from .. import paths as p
from ..conditions import Condition
from ..paths import Path
from ..vocabulary import Vocabulary
from .values import tells_apart_only_what_has_a_candidate


class _Endless(Exception):  # noqa: N818 - it says what the matter is and is never seen outside
    """No number of elements can be given; the text says why."""


@dataclass(frozen=True)
class Bound:
    """How many elements are enough.

    Attributes:
        elements: so many; None if no number is known to be enough.
        reason: why none is.
    """

    elements: int | None
    reason: str = ""


def small_model_bound(conditions: Iterable[Condition], words: Vocabulary) -> Bound:
    """Say how many elements are enough to meet conditions at one element, if any model meets them.

    Args:
        conditions: what is to hold at the element, all together.
        words: the vocabulary.

    Returns:
        The number, the element itself included; or the reason why there is none.

    Example:
        >>> from itsm_ontology.vocabulary import vocabulary
        >>> has_part = c.AtLeast(1, p.OneOrMore(p.Relation("https://w3id.org/itsm-ontology/itsm#hasPart")))
        >>> small_model_bound([has_part], vocabulary()).elements
        2
    """
    wanted = tuple(conditions)
    if not tells_apart_only_what_has_a_candidate(wanted):
        return Bound(None, "they test literals in more ways than the candidates stand for")
    if reason := _beyond(wanted, words):
        return Bound(None, reason)
    try:
        return Bound(_Count(words, wanted).elements())
    except _Endless as reason:
        return Bound(None, str(reason))


def _beyond(conditions: Iterable[Condition], words: Vocabulary) -> str:
    """Say what in the conditions the argument does not cover; nothing if it covers them all."""
    for one in (one for condition in conditions for one in c.walk(condition)):
        match one:
            case c.OneOf(terms) if not all(isinstance(term, Literal) for term in terms):
                return "they name elements"
            case c.Closed():
                return "they rule out facts in relations that they don't name"
            case c.AtLeast(_, path, _) | c.AtMost(_, path, _) | c.Every(path, _) | c.UniqueLanguages(path):
                relations = p.relations_of(path)
            case c.NoCommonValue(path, relation) | c.SameValues(path, relation) | c.Precedes(path, relation):
                relations = p.relations_of(path) | {relation}
            case _:
                continue
        if _goes_back(path, words):
            return "a path leads back from literals"
        if not relations <= words.relations and _holds_values_against_each_other(one):
            return "they count literals or hold them against each other"
    return ""


def _holds_values_against_each_other(condition: Condition) -> bool:
    """Tell whether it could matter how many literals there are of one sort."""
    match condition:
        case c.AtLeast(number, _, _):
            return number > 1
        case c.AtMost(number, _, _):
            return number > 0
        case _:
            return not isinstance(condition, c.Every)


def _goes_back(path: Path, words: Vocabulary) -> bool:
    """Tell whether a path could go on from a literal: backwards, or again, along what has literals for values."""
    match path:
        case p.Inverse(inner) | p.OneOrMore(inner) | p.ZeroOrMore(inner):
            return not p.relations_of(inner) <= words.relations
        case p.Sequence(paths) | p.Alternative(paths):
            return any(_goes_back(one, words) for one in paths)
        case p.ZeroOrOne(inner):
            return _goes_back(inner, words)
        case p.Relation():
            return False


@dataclass
class _Every:
    """An "every" that asks something of each value: what makes it ask, how much, and by which relations."""

    triggers: frozenset[str]
    cost: int = 0
    products: set[str] = field(default_factory=set)


class _Count:
    """Counts the elements that conditions ask for."""

    def __init__(self, words: Vocabulary, conditions: tuple[Condition, ...]) -> None:
        self.words = words
        self.conditions = conditions
        self.everies: list[_Every] = []
        self.speaks_of = list(_universal_steps(c.All(conditions), True, words))

    def elements(self) -> int:
        start = _Every(frozenset())  # what is asked of the element itself, unconditionally
        for condition in self.conditions:
            start.cost += self.cost(condition, True, start, frozenset())
        total = 1 + start.cost
        for every in self._in_order([one for one in self.everies if one.cost or one.products]):
            total *= 1 + every.cost
        return total

    def _in_order(self, everies: list[_Every]) -> list[_Every]:
        """Order by who makes whom ask; endless if that goes in a circle."""
        ordered: list[_Every] = []
        waiting = list(everies)
        while waiting:
            free = [one for one in waiting if not any(self._feeds(other, one) for other in waiting)]
            if not free:
                raise _Endless("what every value of a path must have can lead to further values of that path")
            ordered += free
            waiting = [one for one in waiting if one not in free]
        return ordered

    def _feeds(self, one: _Every, other: _Every) -> bool:
        return bool(one.products & other.triggers)

    # ----------------------------------------------------------------------------------------------------------------
    # What a condition, or its denial, asks for

    def cost(self, condition: Condition, holds: bool, asker: _Every, triggers: frozenset[str]) -> int:
        """Count the elements that a condition asks for beside the node it is asked of, "every" left aside."""
        match condition:
            case c.Named(inner):
                return self.cost(inner, holds, asker, triggers)
            case c.Not(inner):
                return self.cost(inner, not holds, asker, triggers)
            case c.All(inner) | c.AnyOf(inner):
                costs = [self.cost(one, holds, asker, triggers) for one in inner]
                return sum(costs) if isinstance(condition, c.All) == holds else max(costs, default=0)
            case c.ExactlyOne(inner):
                return sum(
                    max(self.cost(one, True, asker, triggers), self.cost(one, False, asker, triggers)) for one in inner
                )
            case c.AtLeast(number, path, inner):
                return self._counted(number, path, inner, holds, asker, triggers)
            case c.AtMost(number, path, inner):
                return self._counted(number + 1, path, inner, not holds, asker, triggers)
            case c.Every(path, inner):
                return self._counted(1, path, c.Not(inner), not holds, asker, triggers)
            case c.NoCommonValue(path, relation) | c.Precedes(path, relation):
                if holds:
                    return 0
                two_ends = isinstance(condition, c.Precedes)
                return self._trail(path, asker) + self._trail(p.Relation(relation), asker) * two_ends
            case c.SameValues(path, relation):
                return self._same_values(path, relation, holds, asker, triggers)
            case _:
                return 0

    def _counted(
        self, number: int, path: Path, inner: Condition, holds: bool, asker: _Every, triggers: frozenset[str]
    ) -> int:
        if holds:
            if number <= 0:
                return 0
            return number * (self._trail(path, asker) + self.cost(inner, True, asker, triggers))
        every = _Every(triggers | self._entailed_by(relation for relation in p.relations_of(path)))
        every.cost = self.cost(inner, False, every, every.triggers)
        self.everies.append(every)
        asker.products |= every.products
        return 0

    def _same_values(self, path: Path, relation: str, holds: bool, asker: _Every, triggers: frozenset[str]) -> int:
        if not holds:
            return max(self._trail(path, asker), self._trail(p.Relation(relation), asker))
        if not isinstance(path, p.Relation | p.Inverse):
            raise _Endless("two paths are to have the same values, one of them of several steps")
        every = _Every(triggers | self._entailed_by((*p.relations_of(path), relation)))
        self._trail(path, every)
        self._trail(p.Relation(relation), every)
        every.cost = 0  # both lead to the same values: facts are added, no elements
        self.everies.append(every)
        asker.products |= every.products
        return 0

    # ----------------------------------------------------------------------------------------------------------------
    # Trails

    def _trail(self, path: Path, asker: _Every) -> int:
        """Count the elements of one trail beside its start; note the relations that its facts state."""
        match path:
            case p.Relation(iri):
                asker.products |= self._entails(iri)
                return 0 if iri in self.words.attributes else 1
            case p.Inverse(inner) | p.ZeroOrOne(inner):
                return self._trail(inner, asker)
            case p.Sequence(paths):
                return sum(self._trail(one, asker) for one in paths)
            case p.Alternative(paths):
                return max(self._trail(one, asker) for one in paths)
            case p.OneOrMore(inner) | p.ZeroOrMore(inner):
                return self._any_length(inner, asker)

    def _any_length(self, inner: Path, asker: _Every) -> int:
        steps = _steps(inner)
        if steps is None:
            raise _Endless("a path of any length is made of several steps")
        for step in sorted(steps):
            if self._can_be_shortened_to(step, steps):
                asker.products |= self._entails(step[0])
                return 1
        names = " or ".join(sorted({self.words.label(iri) for iri, _ in steps}))
        raise _Endless(f"“{names}” is taken at any length and elsewhere step by step")

    def _can_be_shortened_to(self, step: _Step, steps: frozenset[_Step]) -> bool:
        """Tell whether a fact along one step can stand for any chain along the steps."""
        iri, backwards = step
        if len(steps) > 1 and any(
            entry.acyclic for wider, _ in self.words.wider_edges(iri) if (entry := self.words.entries.get(wider))
        ):
            return False
        for wider, back in self.words.wider_edges(iri, backwards):
            for spoken, within in self.speaks_of:
                if spoken in ((wider, back), (wider, not back)) and not self._covers(within, steps, spoken[1] != back):
                    return False
        return True

    def _covers(self, within: frozenset[_Step] | None, steps: frozenset[_Step], reversed_: bool) -> bool:
        """Tell whether a path at any length along some steps takes every chain along the others."""
        if within is None:
            return False
        wide = {edge for one in within for edge in self._narrower(one)}
        return all(((iri, back != reversed_)) in wide for iri, back in steps)

    def _narrower(self, step: _Step) -> Iterable[_Step]:
        return self.words.edges(*step)

    def _entails(self, relation: str) -> frozenset[str]:
        """Give the relations in which a fact in one relation also is one, either way round."""
        return frozenset(wider for wider, _ in self.words.wider_edges(relation))

    def _entailed_by(self, relations: Iterable[str]) -> frozenset[str]:
        return frozenset(edge for relation in relations for edge, _ in self.words.edges(relation))


_Step = tuple[str, bool]
"""A relation, and whether it is walked backwards."""


def _steps(path: Path, backwards: bool = False) -> frozenset[_Step] | None:
    """Give the single steps that a path offers to choose from; None if it is more than a choice."""
    match path:
        case p.Relation(iri):
            return frozenset(((iri, backwards),))
        case p.Inverse(inner):
            return _steps(inner, not backwards)
        case p.OneOrMore(inner) | p.ZeroOrMore(inner) | p.ZeroOrOne(inner):
            return _steps(inner, backwards)
        case p.Alternative(paths):
            found = [_steps(one, backwards) for one in paths]
            return frozenset().union(*(one for one in found if one)) if all(found) else None
        case p.Sequence((one,)):
            return _steps(one, backwards)
        case _:
            return None


def _universal_steps(
    condition: Condition, holds: bool, words: Vocabulary
) -> Iterator[tuple[_Step, frozenset[_Step] | None]]:
    """Give each step of a path that "every", "at most" or "none" speaks of, and what it is repeated with, if it is."""
    match condition:
        case c.Not(inner):
            yield from _universal_steps(inner, not holds, words)
        case c.ExactlyOne(inner):
            for one in inner:
                yield from _universal_steps(one, True, words)
                yield from _universal_steps(one, False, words)
        case c.AtLeast(_, path, inner):
            if not holds:
                yield from _path_steps(path)
            yield from _universal_steps(inner, holds, words)
        case c.AtMost(_, path, inner):
            if holds:
                yield from _path_steps(path)
            yield from _universal_steps(inner, not holds, words)
        case c.Every(path, inner):
            if holds:
                yield from _path_steps(path)
            yield from _universal_steps(inner, holds, words)
        case c.NoCommonValue(path, relation) | c.Precedes(path, relation):
            if holds:
                yield from _path_steps(path)
                yield (relation, False), None
        case c.SameValues(path, relation):
            yield from _path_steps(path)
            yield (relation, False), None
        case c.UniqueLanguages(path):
            yield from _path_steps(path)
        case _:
            for one in c.parts(condition):
                yield from _universal_steps(one, holds, words)


def _path_steps(path: Path, backwards: bool = False) -> Iterator[tuple[_Step, frozenset[_Step] | None]]:
    match path:
        case p.Relation(iri):
            yield (iri, backwards), None
        case p.Inverse(inner):
            yield from _path_steps(inner, not backwards)
        case p.OneOrMore(inner) | p.ZeroOrMore(inner) if (steps := _steps(inner, backwards)) is not None:
            yield from ((step, steps) for step in steps)
        case p.Sequence(paths):
            for position, one in enumerate(paths):
                beside = (*paths[max(0, position - 1) : position], *paths[position + 1 : position + 2])
                again = _again(beside, backwards)
                for step, within in _path_steps(one, backwards):
                    taken_once = within is None and step in (_steps(one, backwards) or ())
                    yield step, frozenset((step,)) if taken_once and step in again else within
        case p.Alternative(paths):
            for one in paths:
                yield from _path_steps(one, backwards)
        case p.OneOrMore(inner) | p.ZeroOrMore(inner) | p.ZeroOrOne(inner):
            yield from _path_steps(inner, backwards)


def _again(paths: Iterable[Path], backwards: bool) -> frozenset[_Step]:
    """Give the steps that paths beside a step take any number of times: with them `R*/R` is as good as `R+`."""
    found = [_steps(one.path, backwards) for one in paths if isinstance(one, p.ZeroOrMore)]
    return frozenset().union(*(one for one in found if one))
