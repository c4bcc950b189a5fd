"""The interpretations are held to each other: SQL, the walk, and pySHACL as the reference."""

from __future__ import annotations

import re

import pytest
import rdflib
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode
from random_models import (
    AXIOMS,
    NODES,
    PREFIXES,
    SHAPE,
    WORDS,
    any_fact,
    completeness,
    fact_lists,
    facts_of,
    shape_text,
    shapes,
    shapes_graph,
    turtle,
)

from itsm_ontology.engines import columns, sql
from itsm_ontology.engines.plan import Plan, Profile
from itsm_ontology.engines.reference import closed_graph, failing_nodes
from itsm_ontology.facts import Facts
from itsm_ontology.names import RDF_TYPE
from itsm_ontology.vocabulary import EMPTY
from itsm_ontology.walk import Truth, Walk

quick = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
long = settings(max_examples=5_000, deadline=None, suppress_health_check=list(HealthCheck))


def by_plan(facts: Facts, text: str) -> dict[str, Truth]:
    """Give what the plan comes to; both engines that execute it must say the same."""
    condition = shapes_graph(text).shape(SHAPE).condition
    plan = Plan(facts.vocabulary, Profile.of(facts))
    bounds = plan.bounds(condition)
    wanted = {bounds.certain, bounds.met, bounds.possible}
    sets = sql.evaluate(facts, plan, wanted)
    assert columns.evaluate(facts, plan, wanted) == sets
    return {
        name: Truth(
            *(facts.nodes[NamedNode(name)] in sets[step] for step in (bounds.certain, bounds.met, bounds.possible))
        )
        for name in NODES
    }


def by_walk(facts: Facts, text: str) -> dict[str, Truth]:
    condition = shapes_graph(text).shape(SHAPE).condition
    walk = Walk(facts)
    return {name: walk.truth(condition, facts.nodes[NamedNode(name)]) for name in NODES}


def by_pyshacl(facts_text: str, text: str, *, inferred: bool) -> set[str]:
    """Give the nodes that pySHACL finds failing."""
    rdflib.NORMALIZE_LITERALS = False
    shapes_in = rdflib.Graph().parse(data=PREFIXES + text, format="turtle")
    data = rdflib.Graph().parse(data=PREFIXES + facts_text, format="turtle")
    if inferred:
        data = closed_graph(data.serialize(format="nt"), PREFIXES + AXIOMS)
    return {focus for shape, focus in failing_nodes(data, shapes_in) if shape == SHAPE.value}


def check_plan_and_walk(
    facts: list[tuple[str, str, str]], shape: str, complete: tuple[tuple[str, bool, str], ...]
) -> None:
    note(turtle(facts))
    note(shape)
    data = facts_of(turtle(facts), WORDS, complete)
    text = shape_text(shape)
    found = by_walk(data, text)
    assert by_plan(data, text) == found
    for truth in found.values():
        assert truth.certain <= truth.met <= truth.possible


ILL_FORMED = ('"abc"^^xsd:integer', '"300"^^xsd:byte')
BOUNDS = ("sh:minInclusive", "sh:maxInclusive", "sh:minExclusive", "sh:maxExclusive")


def check_against_pyshacl(facts: list[tuple[str, str, str]], shape: str, *, inferred: bool) -> None:
    """Compare with pySHACL, but for what it gets wrong.

    An ill-formed number within bounds is a violation; the inverse of a sequence is walked from its end.
    """
    assume(not re.search(r"sh:inversePath (?!x:)", shape))
    odd = any(value in ILL_FORMED for _, _, value in facts) or any(value in shape for value in ILL_FORMED)
    assume(not (odd and any(bound in shape for bound in BOUNDS)))
    note(turtle(facts))
    note(shape)
    data = facts_of(turtle(facts), WORDS if inferred else EMPTY)
    text = shape_text(shape)
    failing = {name for name, truth in by_plan(data, text).items() if not truth.met}
    assert failing == by_pyshacl(turtle(facts), text, inferred=inferred)


@quick
@given(fact_lists, shapes, completeness)
def test_plan_equals_walk(
    facts: list[tuple[str, str, str]], shape: str, complete: tuple[tuple[str, bool, str], ...]
) -> None:
    check_plan_and_walk(facts, shape, complete)


@pytest.mark.slow
@long
@given(fact_lists, shapes, completeness)
def test_plan_equals_walk_long(
    facts: list[tuple[str, str, str]], shape: str, complete: tuple[tuple[str, bool, str], ...]
) -> None:
    check_plan_and_walk(facts, shape, complete)


@quick
@given(fact_lists, shapes)
def test_plan_equals_pyshacl_without_inference(facts: list[tuple[str, str, str]], shape: str) -> None:
    check_against_pyshacl(facts, shape, inferred=False)


@pytest.mark.slow
@long
@given(fact_lists, shapes)
def test_plan_equals_pyshacl_without_inference_long(facts: list[tuple[str, str, str]], shape: str) -> None:
    check_against_pyshacl(facts, shape, inferred=False)


# ---------------------------------------------------------------------------------------------------------------------
# Settled means settled


def consistent(facts: Facts) -> bool:
    walk = Walk(facts)
    return not any(
        other in WORDS.disjoint_kinds(one)
        for node in range(len(facts.terms))
        for one in walk.kinds(node)
        for other in walk.kinds(node)
    )


def permitted(old: Facts, new: Facts) -> bool:
    """Tell whether what is new respects what was recorded as complete, and the vocabulary."""
    before, after = Walk(old), Walk(new)
    for item in old.completeness:
        assert item.node is not None
        name = old.terms[item.node]
        if item.relation == RDF_TYPE:
            known, found = before.kinds(item.node), after.kinds(new.nodes[name])
            if not item.backwards and found != known:
                return False
            continue
        edges = WORDS.edges(item.relation, item.backwards)
        known_terms = {old.terms[value] for value in before.edge_values(edges, item.node)}
        found_terms = {new.terms[value] for value in after.edge_values(edges, new.nodes[name])}
        if found_terms != known_terms:
            return False
    return consistent(new)


def check_settled(
    facts: list[tuple[str, str, str]],
    more: list[tuple[str, str, str]],
    shape: str,
    complete: tuple[tuple[str, bool, str], ...],
) -> None:
    note(turtle(facts))
    note(shape)
    old = facts_of(turtle(facts), WORDS, complete)
    assume(consistent(old))
    text = shape_text(shape)
    settled = {name: truth.met for name, truth in by_plan(old, text).items() if truth.settled}
    assume(settled)
    kept = list(facts)
    for fact in more:
        if permitted(old, facts_of(turtle([*kept, fact]), WORDS, ())):
            kept.append(fact)
    assume(len(kept) > len(facts))
    note(turtle(kept))
    new = by_walk(facts_of(turtle(kept), WORDS), text)
    assert {name: new[name].met for name in settled} == settled


additions = st.lists(any_fact, min_size=1, max_size=8, unique=True)


@quick
@given(fact_lists, additions, shapes, completeness)
def test_no_permitted_fact_changes_a_settled_answer(
    facts: list[tuple[str, str, str]],
    more: list[tuple[str, str, str]],
    shape: str,
    complete: tuple[tuple[str, bool, str], ...],
) -> None:
    check_settled(facts, more, shape, complete)


@pytest.mark.slow
@long
@given(fact_lists, additions, shapes, completeness)
def test_no_permitted_fact_changes_a_settled_answer_long(
    facts: list[tuple[str, str, str]],
    more: list[tuple[str, str, str]],
    shape: str,
    complete: tuple[tuple[str, bool, str], ...],
) -> None:
    check_settled(facts, more, shape, complete)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(fact_lists, shapes)
def test_plan_equals_owlrl_and_pyshacl_with_inference(facts: list[tuple[str, str, str]], shape: str) -> None:
    check_against_pyshacl(facts, shape, inferred=True)


@pytest.mark.slow
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(fact_lists, shapes)
def test_plan_equals_owlrl_and_pyshacl_with_inference_long(facts: list[tuple[str, str, str]], shape: str) -> None:
    check_against_pyshacl(facts, shape, inferred=True)
