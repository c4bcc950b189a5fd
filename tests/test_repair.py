"""Repairs: the smallest changes by which an element comes to meet a definition."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from itertools import combinations, product

import pytest
import random_models as r
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode
from test_catalogue import EXAMPLES, model_of

import itsm_ontology as itsm
from itsm_ontology import Model, Outcome
from itsm_ontology import conditions as c
from itsm_ontology.definitions import Definition, Example
from itsm_ontology.facts import complete_nodes
from itsm_ontology.names import ITSM, RDF_TYPE
from itsm_ontology.paths import Relation
from itsm_ontology.reasoning.repair.change import Change, Statement
from itsm_ontology.reasoning.repair.repairs import repair, smallest_changes
from itsm_ontology.walk import Walk

MET = (Outcome.SATISFIED, Outcome.SATISFIED_SO_FAR)


def outcome(model: Model, element: str, token: str, unit: str | None = None) -> Outcome:
    return itsm.evaluate(model, definitions=[token], elements=[element], unit=unit)[element, token].outcome


# ---------------------------------------------------------------------------------------------------------------------
# The catalogue's own counter-examples

BROKEN = [(d, example) for d, example in EXAMPLES if example.breaks and not d.informal and not d.only_by_reference]
LACKING = [(d, one) for d, one in BROKEN if outcome(model_of(one), one.element, d.token) is Outcome.UNDETERMINED]
RULED_OUT = [(d, one) for d, one in BROKEN if one.expects is Outcome.CONTRADICTED]


def named(cases: list[tuple[Definition, Example]]) -> list[str]:
    return [example.iri.rsplit("/", 1)[0].rsplit("/", 1)[1] + example.iri.rsplit("/", 1)[1] for _, example in cases]


def test_there_are_counter_examples() -> None:
    assert len(LACKING) > 90
    assert len(RULED_OUT) > 40


# Each takes up to seconds: every fourth of them each time, the rest with `pytest -m slow`.
EVERY_FOURTH = [pytest.param(*case, marks=() if n % 4 == 0 else pytest.mark.slow) for n, case in enumerate(LACKING)]


@pytest.mark.parametrize(("definition", "example"), EVERY_FOURTH)
def test_what_is_missing_can_be_recorded(definition: Definition, example: Example) -> None:
    model = model_of(example)
    found = repair(model, example.element, definition.token, limit=1)
    assert found.outcome is Outcome.UNDETERMINED
    (change,) = found.changes
    assert change.additions
    assert not change.withdrawals
    assert outcome(change.applied(model), example.element, definition.token) in MET


@pytest.mark.parametrize(("definition", "example"), RULED_OUT)
def test_what_is_ruled_out_needs_withdrawals(definition: Definition, example: Example) -> None:
    model = model_of(example)
    refused = repair(model, example.element, definition.token)
    assert refused.changes == ()
    assert refused.reason.startswith("What is recorded rules it out: ")
    assert refused.complete
    found = repair(model, example.element, definition.token, withdraw=True, limit=1)
    if not found.changes:
        in_the_way = "recorded as" in found.reason or model.facts.completeness
        assert in_the_way, "neither a kind nor what is recorded as complete: both are never withdrawn"
        return
    (change,) = found.changes
    assert change.withdrawals
    assert outcome(change.applied(model), example.element, definition.token) in MET


# ---------------------------------------------------------------------------------------------------------------------
# What is said

MAIL = {"id": "mail", "kind": "Arrangement"}
BOOK = {"id": "book", "kind": "ApplicationSoftware"}
OUTCOME_OF_SALES = {"id": "letters", "kind": "Outcome", "desiredBy": "sales"}
SAID = [
    (
        [MAIL],
        "mail",
        "fitsm-3:service",
        ["record that mail has a customer (a new party) and facilitates a new outcome "
         "and that the outcome is desired by the customer"],
    ),
    (
        [{**MAIL, "customer": "sales"}, {"id": "sales", "kind": "OrganizationalUnit"}],
        "mail",
        "fitsm-3:service",
        ["record that mail facilitates a new outcome and that the outcome is desired by sales"],
    ),
    (
        [{**MAIL, "facilitates": "letters"}, OUTCOME_OF_SALES],
        "mail",
        "fitsm-3:service",
        ["record that mail has sales as a customer"],
    ),
    (
        [{"id": "tact"}, {"id": "x", "uses": "tact"}],
        "tact",
        "underscore-2010:business-relationship-management",
        ["record that tact is a process"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("records", "element", "definition", "first"), SAID)
def test_changes_are_said_in_english(
    records: list[dict[str, object]], element: str, definition: str, first: list[str]
) -> None:
    found = repair(Model.from_records(records), element, definition)
    assert [str(change) for change in found.changes][: len(first)] == first


def test_a_new_party_gets_its_kind_and_a_name_that_is_free() -> None:
    model = Model.from_records([MAIL])
    (change,) = repair(model, "mail", "fitsm-3:service", limit=1).changes
    assert set(change.new) == {"urn:new:customer", "urn:new:outcome"}
    assert ("urn:new:customer", RDF_TYPE, ITSM.Party) in change.additions
    assert change.size == 3
    other = change.applied(model).with_records([{"id": "chat", "kind": "Arrangement"}])
    (again,) = repair(other, "chat", "fitsm-3:service", limit=1).changes
    assert not set(again.new) & set(change.new)


def test_a_value_that_does_not_matter_is_not_invented() -> None:
    has_version = c.AtLeast(1, Relation(ITSM.version))
    found = smallest_changes(Model.from_records([BOOK]), "urn:model:book", {has_version: True})
    assert [str(change) for change in found] == ["record that book has a version"]
    is_automated = c.AtLeast(1, Relation(ITSM.automated), c.OneOf((c.BOOLEAN_TRUE,)))
    found = smallest_changes(Model.from_records([MAIL]), "urn:model:mail", {is_automated: True})
    assert [str(change) for change in found] == ["record that mail is automated"]


def test_records_and_text() -> None:
    found = repair(Model.from_records([MAIL]), "mail", "fitsm-3:service")
    assert str(found).startswith("mail, fitsm-3:service: undetermined\n  1. record that mail has a customer")
    (record,) = found.to_records()
    assert record["definition"] == "fitsm-3:service"
    assert record["size"] == 3
    assert ["urn:model:mail", "itsm:customer", "urn:new:customer"] in record["additions"]


# ---------------------------------------------------------------------------------------------------------------------
# What is respected


def test_nothing_to_do() -> None:
    model = Model.from_records([{**MAIL, "facilitates": "letters", "customer": "sales"}, OUTCOME_OF_SALES])
    found = repair(model, "mail", "fitsm-3:service")
    assert (found.changes, found.complete, found.reason) == ((), True, "It already meets it.")
    assert found.outcome in MET


@pytest.mark.parametrize("withdraw", [False, True])
def test_what_is_complete_stays_so(withdraw: bool) -> None:
    model = Model.from_records([{**MAIL, "facilitates": "letters", "complete": "deliveredTo"}, OUTCOME_OF_SALES])
    found = repair(model, "mail", "fitsm-3:service", withdraw=withdraw)
    assert found.outcome is Outcome.CONTRADICTED
    assert found.changes == ()
    assert "No customer recorded, and there can be none." in found.reason
    assert "Withdrawals" not in found.reason


def test_a_complete_relation_may_be_said_more_exactly() -> None:
    """All receivers are recorded; that one of them is a customer adds none."""
    receives = {**MAIL, "facilitates": "letters", "deliveredTo": "sales", "complete": "deliveredTo"}
    found = repair(Model.from_records([receives, OUTCOME_OF_SALES]), "mail", "fitsm-3:service")
    assert [str(change) for change in found.changes] == ["record that mail has sales as a customer"]


def test_another_kind_of_thing() -> None:
    model = Model.from_records([{"id": "anna", "kind": "Person"}])
    found = repair(model, "anna", "obashi:application")
    assert found.outcome is Outcome.NOT_APPLICABLE
    assert "it is a person, and the definition is said of other kinds of thing" in found.reason
    (change,) = repair(model, "anna", "obashi:application", withdraw=True, limit=1).changes
    assert change.withdrawals == (("urn:model:anna", RDF_TYPE, ITSM.Person),)
    assert str(change).startswith("withdraw that anna is a person; record that anna is ")


def test_a_model_stays_as_it_is() -> None:
    model = Model.from_records([{**MAIL, "customer": "sales"}])
    before = model.facts.pairs
    (change,) = smallest_changes(
        model, "urn:model:mail", {c.AtLeast(1, Relation(ITSM.customer)): False}, withdraw=True, limit=1
    )
    changed = change.applied(model)
    assert str(change) == "withdraw that mail has sales as a customer"
    assert model.facts.pairs is before
    assert changed.facts.pairs[ITSM.customer] == ()


def test_no_circle_is_closed() -> None:
    """A part of the whole can't have the whole as a part, so that a new one is needed."""
    model = Model.from_records([{"id": "whole", "hasPart": "part"}, {"id": "part", "automated": True}])
    has_part = c.AtLeast(1, Relation(ITSM.hasPart))
    found = smallest_changes(model, "urn:model:part", {has_part: True})
    assert [str(change) for change in found] == ["record that part has a new part"]


def test_conditions_that_are_not_to_hold() -> None:
    model = Model.from_records([{**MAIL, "customer": "sales"}])
    every = c.Every(Relation(ITSM.customer), c.OfClass(ITSM.Person))
    customer = c.AtLeast(1, Relation(ITSM.customer), c.OfClass(ITSM.Person))
    found = smallest_changes(model, "urn:model:mail", {customer: True, every: False})
    assert found
    for change in found:
        truth = Walk(change.applied(model).facts)
        assert truth.truth(customer, 0).met
        assert not truth.truth(every, 0).met


def test_the_unit_counts() -> None:
    (example,) = [one for d, one in RULED_OUT if d.token == "skeptic-2010:service.output" and "network" in one.element]
    assert not repair(model_of(example), example.element, "skeptic-2010:service.output").changes
    records = [
        {"id": "net", "kind": "Arrangement", "providedBy": "netteam"},
        {"id": "netteam", "kind": "OrganizationalUnit", "unitOf": "it"},
        {"id": "it", "kind": "Organization"},
    ]
    model = Model.from_records(records)
    for unit in ("it", "netteam"):
        (change,) = repair(model, "net", "skeptic-2010:service.output", unit=unit, limit=1).changes
        assert outcome(change.applied(model), "net", "skeptic-2010:service.output", unit) in MET


def test_a_search_ends_in_time() -> None:
    found = repair(Model.from_records([MAIL]), "mail", "itil-2011:service", seconds=0)
    assert (found.changes, found.complete, found.reason) == ((), False, "None was found in 0 s.")


def test_names_are_checked() -> None:
    model = Model.from_records([MAIL])
    with pytest.raises(itsm.UnknownNameError):
        repair(model, "post", "fitsm-3:service")
    with pytest.raises(itsm.UnknownNameError):
        repair(model, "mail", "fitsm-3:servise")


# ---------------------------------------------------------------------------------------------------------------------
# Random models and conditions

ELEMENT = r.EX + "a"
CALM = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@CALM
@given(r.fact_lists, r.structures, r.completeness, st.booleans())
def test_a_change_does_what_it_is_for(
    facts: list[tuple[str, str, str]], shape: str, complete: tuple[tuple[str, bool, str], ...], withdraw: bool
) -> None:
    model = Model(r.facts_of(r.turtle([*facts, (ELEMENT, "a", "x:Thing")]), r.GUARDED, complete))
    condition = r.condition_of(shape)
    wanted = not Walk(model.facts).truth(condition, 0).met
    found = smallest_changes(model, ELEMENT, {condition: wanted}, withdraw=withdraw, limit=3, seconds=3)
    assert [change.size for change in found] == sorted(change.size for change in found)
    for change in found:
        assert change.size
        assert withdraw or not change.withdrawals
        changed = change.applied(model)
        assert Walk(changed.facts).truth(condition, 0).met == wanted
        assert set(changed.problems) <= set(model.problems)
        if not change.withdrawals:
            assert kept_complete(model, changed)
        for less in (one.applied(model) for one in parts(change)):
            assert Walk(less.facts).truth(condition, 0).met != wanted or set(less.problems) - set(model.problems)
    assert not found or withdraw or not Walk(model.facts).truth(condition, 0).settled


def kept_complete(model: Model, changed: Model) -> bool:
    """Tell whether nothing was added where all is recorded."""
    before, after = Walk(model.facts), Walk(changed.facts)
    for node in complete_nodes(model.facts, (RDF_TYPE, False)):
        if after.kinds(node) != before.kinds(node):
            return False
    return all(
        after.edge_values(model.vocabulary.edges(*edge), node)
        == before.edge_values(model.vocabulary.edges(*edge), node)
        for item in model.facts.completeness
        if item.relation != RDF_TYPE
        for edge in [(item.relation, item.backwards)]
        for node in complete_nodes(model.facts, edge)
    )


def parts(change: Change) -> Iterator[Change]:
    """Give the change with one fact left out, each in turn."""
    for one in change.facts:
        additions = tuple(other for other in change.additions if other != one)
        withdrawals = tuple(other for other in change.withdrawals if other != one)
        if additions or withdrawals:
            yield Change(change.element, additions, withdrawals, change.new)


NEW_ONES = (r.EX + "new1", r.EX + "new2")
SMALL = [r.EX + "a", r.EX + "b"]


def single_additions() -> list[Statement]:
    """Give every fact between two recorded elements and two new ones, and every kind of the recorded ones."""
    nodes = [*SMALL, *NEW_ONES]
    between = [(s, relation, o) for s in nodes for relation in r.RELATIONS for o in nodes if s != o]
    return [*between, *((node, RDF_TYPE, kind) for node in SMALL for kind in r.KINDS)]


def brought_in(facts: tuple[Statement, ...]) -> Iterator[tuple[Statement, ...]]:
    """Give facts with each choice of kinds for the new elements in them."""
    new = [one for one in NEW_ONES if any(one in (fact[0], fact[2]) for fact in facts)]
    for kinds in product([None, *r.KINDS], repeat=len(new)):
        yield (*facts, *((one, RDF_TYPE, kind) for one, kind in zip(new, kinds, strict=True) if kind))


_small_facts = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(SMALL), st.just("a"), st.sampled_from(r.KINDS).map(r.local)),
        st.tuples(
            st.sampled_from(SMALL), st.sampled_from(r.RELATIONS).map(r.local), st.sampled_from(SMALL).map(r.local)
        ),
    ),
    max_size=5,
    unique=True,
)


@settings(CALM, max_examples=40)
@given(_small_facts, r.structures)
def test_nothing_smaller_does(facts: list[tuple[str, str, str]], shape: str) -> None:
    """Every single fact, and some pairs of facts, that could be added are tried."""
    condition = r.condition_of(shape)
    model = Model(r.facts_of(r.turtle([*facts, (ELEMENT, "x:of", "x:b")]), r.WORDS))
    if Walk(model.facts).truth(condition, 0).met or any(isinstance(one, c.Closed) for one in c.walk(condition)):
        return
    found = smallest_changes(model, ELEMENT, {condition: True}, limit=1, seconds=5)
    smallest = found[0].size if found else 3
    drawn = random.Random(shape)
    for size in range(1, min(smallest, 3)):
        sets = list(combinations(single_additions(), size))
        for additions in sets if size == 1 else drawn.sample(sets, 60):
            for whole in brought_in(additions):
                changed = Change(ELEMENT, whole).applied(model)
                if not set(changed.problems) - set(model.problems):
                    assert not Walk(changed.facts).truth(condition, 0).met, (whole, found)


# ---------------------------------------------------------------------------------------------------------------------
# A large model

WAYS = [
    ("Arrangement", "hasPart", "ApplicationSoftware"), ("Arrangement", "hasPart", "Process"),
    ("ApplicationSoftware", "runsOn", "Server"), ("ApplicationSoftware", "dependsOn", "ApplicationSoftware"),
    ("Arrangement", "providedBy", "OrganizationalUnit"), ("Process", "performedBy", "OrganizationalUnit"),
    ("OrganizationalUnit", "reportsTo", "OrganizationalUnit"), ("Arrangement", "supports", "Process"),
    ("Server", "connectedTo", "Server"), ("ApplicationSoftware", "supports", "Process"),
]  # fmt: skip


def landscape(elements: int = 3_000, facts: int = 8_000) -> Model:
    drawn = random.Random(1)
    kinds = ("Arrangement", "ApplicationSoftware", "Process", "Server", "OrganizationalUnit")
    records: list[dict[str, object]] = [{"id": f"e{n}", "kind": kinds[n % len(kinds)]} for n in range(elements)]
    links: dict[tuple[int, str], set[str]] = {}
    for number in range(facts):
        subject, relation, object_ = WAYS[number % len(WAYS)]
        start, end = (drawn.randrange(elements // 5) * 5 + kinds.index(kind) for kind in (subject, object_))
        links.setdefault((start, relation), set()).add(f"e{end}")
    for (start, relation), ends in links.items():
        records[start][relation] = sorted(ends)
    return Model.from_records(records)


def test_a_large_model() -> None:
    """It takes about a second; so there is room for slow machines."""
    model = landscape()
    assert len(model.elements) == 3_000
    assert sum(map(len, model.facts.pairs.values())) > 10_000
    for element, definition in (("e0", "itil-2011:service"), ("e1", "togaf-9.2:application")):
        start = time.monotonic()
        found = repair(model, element, definition)
        assert time.monotonic() - start < 15
        assert found.changes
        assert outcome(found.changes[0].applied(model), element, definition) in MET
    assert NamedNode("urn:model:e0") in model.facts.nodes
