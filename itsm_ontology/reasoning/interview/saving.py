"""The answers of an interview as a model: a smallest one that says just that."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from ... import conditions as c
from ...conditions import Condition
from ...errors import EngineError
from ...model import Model
from ...verdict import Outcome
from ...vocabulary import vocabulary
from ...walk import Walk
from ..claims import can_be
from ..repair.repairs import smallest_changes
from ..search import Found, Search
from ..solver import Deadline
from ..witness import make
from .completing import completed
from .standing import AT_KIND, State

_NO_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\]+")
"""Characters that can't stand in an IRI."""


def saved(state: State, seconds: float) -> Model:
    """Make a model of what is known: of nothing, or by a smallest change to what is recorded.

    Args:
        state: what is known.
        seconds: the time limit.

    Returns:
        The model, with what is complete.

    Raises:
        EngineError: if none was found in time.
    """
    topic = state.topic
    wanted = _wanted(state)
    if topic.recorded_in:
        model, element = _changed(topic.recorded_in, topic.element, wanted, seconds), topic.element
    else:
        model, element = _made(topic.label, wanted, seconds)
    return completed(model, element, _to_settle(state, model, element) | _kinds(state), _spared(state))


def _wanted(state: State) -> dict[Condition, bool]:
    """Give what is to hold and what not: what is known, and a kind that the definitions can be said of."""
    conditions = state.topic.conditions
    wanted = {conditions[position]: holds for position, holds in state.premises.items()} | _kinds(state)
    applicable = [token for token in state.topic.clauses if state.outcome(token) is not Outcome.NOT_APPLICABLE]
    genera = {state.topic.genus[token]: True for token in applicable}
    if not state.knows_its_kind and not state.clash_with(genera):
        return wanted | {conditions[position]: True for position in genera}
    possible = {can_be(state.topic.claims[token].applies_to) for token in applicable} - {c.TRUE}
    return wanted | dict.fromkeys(sorted(possible, key=str), True)


def _kinds(state: State) -> dict[Condition, bool]:
    """Give what the chosen kind says: that it is of it, or of none of those offered."""
    kind = state.given.get(AT_KIND)
    if state.is_something_else:
        return {c.OfClass(choice.kind): False for choice in state.topic.choices if choice.kind}
    return {c.OfClass(kind): True} if isinstance(kind, str) else {}


def _changed(model: Model, element: str, wanted: Mapping[Condition, bool], seconds: float) -> Model:
    walk, node = Walk(model.facts), model.node(element)
    if all(walk.truth(condition, node).met is holds for condition, holds in wanted.items()):
        return model
    changes = smallest_changes(model, element, wanted, limit=1, seconds=seconds)
    if not changes:
        raise EngineError(f"no change to {model.name} was found in {seconds:g} s that says what the answers say.")
    return changes[0].applied(model)


def _made(label: str, wanted: Mapping[Condition, bool], seconds: float) -> tuple[Model, str]:
    conditions = tuple(condition if holds else c.Not(condition) for condition, holds in wanted.items())
    search = Search(conditions, vocabulary(), deadline=Deadline(seconds))
    found = search.model(range(len(conditions)))
    if not isinstance(found, Found):
        raise EngineError(f"no model that says what the answers say was found in {seconds:g} s.")
    witness = make(search.program, found, _NO_IRI.sub(" ", label).strip() or "thing", label, wanted)
    return Model(replace(witness.model.facts, name=label)), witness.element


def _to_settle(state: State, model: Model, element: str) -> dict[Condition, bool]:
    """Give the conditions that decide what is decided: those known, and those that fail where all can't hold."""
    topic = state.topic
    known = {
        topic.conditions[position]: holds for position, holds in state.known.items() if position < len(topic.texts)
    }
    walk, node = Walk(model.facts), model.node(element)
    failing = {
        condition: False
        for token, clauses in topic.clauses.items()
        if state.outcome(token) is Outcome.CONTRADICTED and not any(state.known.get(n) is False for n in clauses)
        for condition in (topic.conditions[position] for position in clauses)
        if not walk.truth(condition, node).met
    }
    return known | failing


def _spared(state: State) -> list[Condition]:
    positions = {position for token in state.undecided for position in state.topic.clauses[token]}
    return [state.topic.conditions[position] for position in sorted(positions - state.known.keys())]
