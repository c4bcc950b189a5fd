"""What has to be recorded as complete, so that a model settles what it is said to settle."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from pyoxigraph import Literal

from ... import conditions as c
from ...conditions import Condition
from ...facts import Completeness, Facts
from ...model import Model
from ...names import ITSM, RDF_TYPE
from ...walk import Walk


def completed(model: Model, element: str, settled: Iterable[Condition], spared: Iterable[Condition] = ()) -> Model:
    """Say of as little as will do that it is recorded completely, until conditions are settled.

    Args:
        model: the facts, on which the conditions are as they are to be.
        element: the element in question.
        settled: conditions that are to be settled, as far as completeness can do it.
        spared: conditions that had better stay open: what they speak of is left incomplete, if anything else will do.

    Returns:
        The model with what is complete added.

    Example:
        >>> from itsm_ontology import paths as p
        >>> model = Model.from_records([{"id": "mail", "kind": "Arrangement"}])
        >>> customer = p.Relation(ITSM.customer)
        >>> asked = [c.AtLeast(1, customer), c.OfClass(ITSM.Arrangement)]
        >>> [item.relation == ITSM.customer for item in completed(model, "mail", asked).facts.completeness]
        [True]
    """
    facts, node = model.facts, model.node(element)
    everything = _all(facts)
    reachable = [condition for condition in settled if _settles(everything, node, [condition])]
    unsettled = [condition for condition in reachable if not _settles(facts, node, [condition])]
    avoided = frozenset[str]().union(*map(c.relations_in, spared))
    items = sorted(
        _candidates(facts, node, unsettled),
        key=lambda item: (item.relation == RDF_TYPE, item.relation in avoided, str(item)),
    )

    def enough(chosen: Sequence[Completeness]) -> bool:
        return _settles(_with(facts, chosen), node, unsettled)

    needed = _needed(items, enough) if unsettled and enough(items) else []
    return Model(_with(facts, [*needed, *_judged(needed)]))


def _needed(
    items: Sequence[Completeness],
    enough: Callable[[Sequence[Completeness]], bool],
    beside: tuple[Completeness, ...] = (),
    more: bool = True,
) -> tuple[Completeness, ...]:
    """Leave out items as long as the rest, with those beside, is enough; later ones sooner (QuickXplain)."""
    if more and enough(beside):
        return ()
    if len(items) == 1:
        return tuple(items)
    middle = len(items) // 2
    sooner, later = tuple(items[:middle]), tuple(items[middle:])
    kept_later = _needed(later, enough, (*beside, *sooner))
    kept_sooner = _needed(sooner, enough, (*beside, *kept_later), bool(kept_later))
    return (*kept_sooner, *kept_later)


def _all(facts: Facts) -> Facts:
    """Give the facts as if nothing were missing."""
    words = facts.vocabulary
    return _with(facts, map(Completeness, (*words.relations, *words.attributes, RDF_TYPE)))


def _settles(facts: Facts, node: int, conditions: Iterable[Condition]) -> bool:
    walk = Walk(facts)
    return all(walk.truth(condition, node).settled for condition in conditions)


def _with(facts: Facts, items: Iterable[Completeness]) -> Facts:
    return replace(facts, completeness=tuple(dict.fromkeys((*facts.completeness, *items))))


def _candidates(facts: Facts, node: int, conditions: Collection[Condition]) -> Iterator[Completeness]:
    """Yield what could be complete: each relation that a condition speaks of, at each node that it hangs on."""
    walk = Walk(facts)
    for condition in conditions:
        walk.truth(condition, node)
    nodes = [one for one in sorted({node, *walk.visited}) if not isinstance(facts.terms[one], Literal)]
    relations = sorted(frozenset().union(*map(c.relations_in, conditions)))
    for one in nodes:
        yield Completeness(RDF_TYPE, node=one)
        for relation in relations:
            yield Completeness(relation, node=one)
            yield Completeness(relation, backwards=True, node=one)


def _judged(items: Iterable[Completeness]) -> Iterator[Completeness]:
    """Yield that the units an element is judged for are complete where its providers are: they are the same."""
    for item in items:
        if item.relation == ITSM.providedBy:
            yield replace(item, relation=ITSM.judgedFor)
