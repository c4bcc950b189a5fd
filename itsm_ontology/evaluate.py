"""Evaluation: definitions held against a model."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from typing import TypedDict

from .catalogue import Catalogue
from .catalogue import catalogue as published
from .definitions import Definition
from .engines.plan import Bounds, Plan, Profile
from .errors import InputError, UnknownNameError
from .facts import Completeness, Facts
from .model import Model
from .names import ITSM, expand, shorten, texts
from .pairs import Pairs, together
from .verdicts import Answers, Verdicts

ENGINES = ("columns", "sql", "reference")
"""The engines, by name: `columns` works everything out on integer columns in memory, `sql` in a database (SQLite in
memory); `reference` asks pySHACL whether the facts conform."""


class Choice(TypedDict, total=False):
    """The arguments of `evaluate` that choose what is judged, and how; they mean the same wherever they are taken."""

    terms: Iterable[str]
    frameworks: Iterable[str]
    definitions: Iterable[str]
    elements: Iterable[str]
    evidence: Iterable[str]
    unit: str | None
    complete: Iterable[str]
    catalogue: Catalogue | None


def judged(model: Model | Verdicts, choice: Choice) -> Verdicts:
    """Give the verdicts on a model; those that are there already are taken as they are."""
    return model if isinstance(model, Verdicts) else evaluate(model, **choice)


def evaluate(
    model: Model,
    *,
    terms: Iterable[str] = (),
    frameworks: Iterable[str] = (),
    definitions: Iterable[str] = (),
    elements: Iterable[str] = (),
    evidence: Iterable[str] = (),
    unit: str | None = None,
    complete: Iterable[str] = (),
    engine: str = ENGINES[0],
    catalogue: Catalogue | None = None,
) -> Verdicts:
    """Hold definitions against a model.

    Args:
        model: what to judge.
        terms: only definitions of these terms, such as `service`; a word of two senses stands for both.
        frameworks: only definitions of these frameworks, such as `itil-2011`.
        definitions: only these definitions, such as `itil-2011:service`.
        elements: only these elements, by IRI or label.
        evidence: only definitions with these evidence marks, such as `V`; by default all but those from memory (`M`).
            A definition that is named counts whatever its mark.
        unit: the organizational unit (IRI or label) whose boundary counts, for definitions that ask what crosses it;
            by default each element is judged for its own providers.
        complete: relations of which all facts are recorded, as `RELATION` or `RELATION@SOURCE`.
        engine: one of `ENGINES`.
        catalogue: where definitions come from; by default the published ones.

    Returns:
        The verdicts: every chosen definition on every chosen element.

    Raises:
        UnknownNameError, AmbiguousNameError: if a name is not one.
        InputError: if nothing is chosen, or a definition can't be evaluated by the engine.
        EngineError: if the engine fails.

    Example:
        >>> model = Model.from_records([
        ...     {"id": "crm", "kind": "Software", "runsOn": "s1"}, {"id": "s1", "kind": "Server"}])
        >>> verdicts = evaluate(model, definitions=["itil-2011:application"])
        >>> verdicts["crm", "itil-2011:application"].outcome
        <Outcome.UNDETERMINED: 'UNDETERMINED'>
    """
    if engine not in ENGINES:
        raise UnknownNameError("engine", engine, ENGINES)
    source = catalogue or published()
    named = texts(definitions)
    chosen = source.select(terms=texts(terms), frameworks=texts(frameworks), definitions=named, evidence=evidence)
    nodes = tuple(model.node(name) for name in texts(elements)) or model.element_nodes
    unit_iri = model.find(unit) if unit else None
    taken = [completeness_of(model, text) for text in texts(complete)]
    facts = prepared(model, unit_iri, taken)
    kept, left_out = _evaluable(chosen, engine, {source.definition(token).token for token in named})
    plan = Plan(facts.vocabulary, Profile.of(facts))
    answers = _answers(facts, plan, kept, engine)
    if engine == "reference":
        answers = _with_reference(answers, facts, kept, nodes)
    said = tuple(sorted({_said(item) for item in taken}))
    return Verdicts(model, source, kept, nodes, unit_iri, engine, left_out, facts, plan, answers, said)


def prepared(model: Model, unit: str | None = None, complete: Iterable[Completeness] = ()) -> Facts:
    """Add what an evaluation adds: for which unit each element is judged, and what is said to be complete."""
    facts = model.facts
    added = [*complete]
    judged = ITSM.judgedFor
    if unit:
        nodes = array("i", model.element_nodes)
        pairs = Pairs(nodes, array("i", [model.node(unit)]) * len(nodes))
        added.append(Completeness(judged))
    else:
        edges = facts.vocabulary.edges(ITSM.providedBy)
        pairs = together(_walked(facts.pairs.get(relation), backwards) for relation, backwards in edges)
    return facts.with_layer(judged, pairs, "evaluation", added) if pairs or added else facts


def _walked(pairs: Pairs | None, backwards: bool) -> Pairs:
    if pairs is None:
        return Pairs.of(())
    return Pairs(pairs.objects, pairs.subjects) if backwards else pairs


def completeness_of(model: Model, text: str) -> Completeness:
    """Read what is taken to be complete, as `RELATION` or `RELATION@SOURCE`.

    Raises:
        UnknownNameError: if there is no such relation or source.
    """
    relation, _, source = text.partition("@")
    iri = expand(relation)
    if ":" not in iri:
        iri = ITSM.term(relation)
    words = model.vocabulary
    known = iri in words.relations | words.attributes or iri in model.facts.pairs
    if not known and (iri.startswith(ITSM) or not iri.startswith(("http://", "https://", "urn:"))):
        raise UnknownNameError("relation", relation, (name.removeprefix(ITSM) for name in words.relations))
    if source and source not in model.facts.sources:
        raise UnknownNameError("source", source, model.facts.sources)
    return Completeness(iri, source=source or None)


def _said(item: Completeness) -> str:
    """Give what is taken to be complete, as `complete` takes it."""
    return shorten(item.relation) + (f"@{item.source}" if item.source else "")


def _evaluable(
    chosen: Sequence[Definition], engine: str, named: set[str]
) -> tuple[tuple[Definition, ...], Mapping[str, str]]:
    """Part the definitions that the engine can evaluate from those that only the reference can."""
    if engine == "reference":
        return tuple(chosen), {}
    left_out = {d.token: d.only_by_reference for d in chosen if d.only_by_reference}
    for token in sorted(named & set(left_out)):
        raise InputError(
            f"{token} can be evaluated by the reference engine only: {left_out[token]}",
            repair="Ask for it with engine=reference.",
        )
    return tuple(d for d in chosen if d.token not in left_out), left_out


def _answers(facts: Facts, plan: Plan, definitions: Sequence[Definition], engine: str) -> Answers:
    """Work out all sets by the SQL engine, where it is asked for, or else by the column engine."""
    bounds = {d.token: plan.bounds(d.condition) for d in definitions if not d.only_by_reference}
    scope = {d.token: plan.bounds(d.applicability).possible for d in definitions}
    clauses = {
        clause.iri: plan.bounds(clause.condition).met
        for d in definitions
        if not d.only_by_reference
        for clause in d.constraints
        if clause.decides
    }
    wanted = {*scope.values(), *clauses.values(), *(step for b in bounds.values() for step in _steps(b))}
    sets = _sets(facts, plan, wanted, engine)
    empty: frozenset[int] = frozenset()
    everything = frozenset(range(len(facts.terms)) if len(bounds) < len(definitions) else ())
    return Answers(
        {token: sets[step] for token, step in scope.items()},
        {d.token: sets[bounds[d.token].certain] if d.token in bounds else empty for d in definitions},
        {d.token: sets[bounds[d.token].met] if d.token in bounds else empty for d in definitions},
        {d.token: sets[bounds[d.token].possible] if d.token in bounds else everything for d in definitions},
        {iri: sets[step] for iri, step in clauses.items()},
    )


def _sets(facts: Facts, plan: Plan, wanted: Collection[int], engine: str) -> Mapping[int, Set[int]]:
    if engine == "sql":
        from .engines import sql

        return sql.evaluate(facts, plan, wanted)
    from .engines import columns

    return columns.evaluate(facts, plan, wanted)


def _with_reference(answers: Answers, facts: Facts, definitions: Sequence[Definition], nodes: Sequence[int]) -> Answers:
    """Replace what is met by what pySHACL says; what is settled stays."""
    from .engines import reference

    return replace(answers, met=reference.conforming(facts, definitions, nodes))


def _steps(bounds: Bounds) -> tuple[int, int, int]:
    return bounds.certain, bounds.met, bounds.possible
