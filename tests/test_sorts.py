"""The sorts of relations: they agree with each other, with every definition and with every shipped fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pytest
from conftest import ROOT

import itsm_ontology as itsm
from itsm_ontology import conditions as c
from itsm_ontology import paths as p
from itsm_ontology.document import open_document
from itsm_ontology.facts_builder import FactsBuilder
from itsm_ontology.names import ITSM, OWL, RDF_TYPE, RDFS, local_name
from itsm_ontology.rdf import read_statements
from itsm_ontology.sources.mapping_file import shipped_mapping
from itsm_ontology.sources.rdf import add_statements
from itsm_ontology.vocabulary import Edge, Vocabulary, vocabulary

WORDS = vocabulary()
RELATIONS = sorted(WORDS.relations)
ARCHIMATE = shipped_mapping("archimate-3")
DEFINITIONS = sorted(itsm.catalogue().all_definitions.values(), key=lambda definition: definition.token)

COMBINED = frozenset({ITSM.Arrangement, ITSM.ControlledItem})
"""Kinds that are commonly recorded beside another that is neither above nor below."""

# Facts that ArchiMate states and the sorts have no place for, with the reason.
LEFT_OUT = {
    ("hasPart", "Agent"): "that an agent is inside another is belongsTo; a party is no whole of technical things",
    ("hasPart", "Party"): "likewise",
    ("hasPart", "Role"): "likewise",
}


def names(iris: Iterable[str]) -> set[str]:
    return {local_name(iri) for iri in iris}


def related(one: str, other: str) -> bool:
    """Tell whether one kind is the other, or lies above or below it."""
    return other in WORDS.sub_kinds(one) or other in WORDS.super_kinds(one)


def can_be(kinds: Iterable[str], sort: str) -> bool:
    """Tell whether something of all these kinds can be of the sort as well, without being an odd mixture."""
    return any(related(kind, sort) or not COMBINED.isdisjoint({kind, sort}) for kind in kinds) and not any(
        sort in WORDS.disjoint_kinds(kind) for kind in kinds
    )


def sorts(relation: str, backwards: bool = False) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the kinds at the near and at the far end."""
    return ends(WORDS, (relation, backwards))


def ends(words: Vocabulary, edge: Edge) -> tuple[tuple[str, ...], tuple[str, ...]]:
    relation, backwards = edge
    entry = words.entries[relation]
    return (entry.objects, entry.subjects) if backwards else (entry.subjects, entry.objects)


# --------------------------------------------------------------------------------------------------------------------
# The vocabulary by itself


@pytest.mark.parametrize(
    ("relation", "subjects", "objects"),
    [
        ("paidBy", {"TechnicalThing", "Arrangement", "Activity"}, {"Organization", "Person", "Role"}),
        ("exchangedFor", {"Arrangement", "Process"}, {"Payment"}),
        ("hasPart", {"Software", "Arrangement", "Process"}, {"Person", "Software", "Interface"}),
        ("runsOn", {"Software", "TransactionType"}, {"Server", "SystemSoftware"}),
        ("inheresIn", {"Capacity"}, {"Software", "InformationKind", "Functionality"}),
        ("automated", {"Document", "Process"}, set()),
    ],
)
def test_makes_sense(relation: str, subjects: set[str], objects: set[str]) -> None:
    entry = WORDS.entries[ITSM.term(relation)]
    for wanted, found in ((subjects, entry.subjects), (objects, entry.objects)):
        assert all(WORDS.super_kinds(ITSM.term(kind)) & {*found} for kind in wanted)


@pytest.mark.parametrize(
    ("relation", "subjects", "objects"),
    [
        ("customer", {"Payment", "Agreement", "CostOrRisk", "Need", "Quality", "Person"}, {"Payment", "Software"}),
        ("providedBy", {"Payment", "Agreement", "CostOrRisk", "Need", "Quality"}, {"Outcome", "Software"}),
        ("paidBy", {"Payment", "Organization"}, {"Payment", "Outcome", "Software"}),
        ("exchangedFor", {"Payment", "Organization"}, {"Organization", "Software"}),
        ("hasPart", {"Payment", "Organization", "Outcome", "Quality", "CostOrRisk"}, {"Payment", "Need", "Quality"}),
        ("facilitates", {"Organization", "Payment", "Outcome"}, {"Organization", "Software", "Payment"}),
        ("hasCostOrRisk", {"Organization", "Payment"}, {"Organization", "Software"}),
        ("skillLevel", {"Process"}, set()),
    ],
)
def test_makes_no_sense(relation: str, subjects: set[str], objects: set[str]) -> None:
    entry = WORDS.entries[ITSM.term(relation)]
    for refused, found in ((subjects, entry.subjects), (objects, entry.objects)):
        assert not any(WORDS.super_kinds(ITSM.term(kind)) & {*found} for kind in refused)


@pytest.mark.parametrize("relation", RELATIONS, ids=local_name)
def test_sub_relation_lies_within(relation: str) -> None:
    for wide, backwards in WORDS.wider_edges(relation):
        for narrow_end, wide_end in zip(sorts(relation), sorts(wide, backwards), strict=True):
            assert all(WORDS.super_kinds(kind) & {*wide_end} for kind in narrow_end), local_name(wide)


def test_inverses_mirror_each_other() -> None:
    pairs = [(one, other) for one, axiom, other in WORDS.axioms if axiom == OWL.inverseOf]
    assert len(pairs) > 80
    for one, other in pairs:
        assert sorts(one) == sorts(other, backwards=True), local_name(one)


def test_sorts_are_read_of_attributes_and_of_other_vocabularies() -> None:
    skill_level = WORDS.entries[ITSM.skillLevel]
    assert (names(skill_level.subjects), skill_level.objects) == ({"Skill"}, ())
    assert WORDS.entries[ITSM.Software].subjects == ()
    document = open_document(
        b"@prefix schema: <https://schema.org/> . @prefix x: <urn:x:> . @prefix owl: <http://www.w3.org/2002/07/owl#> ."
        b"x:guards a owl:ObjectProperty ; schema:domainIncludes x:Dog , x:Cat ; schema:rangeIncludes x:House ."
    )
    entry = WORDS.extended(read_statements(document, "turtle")).entries["urn:x:guards"]
    assert (entry.subjects, entry.objects) == (("urn:x:Cat", "urn:x:Dog"), ("urn:x:House",))


def test_nothing_follows_from_sorts() -> None:
    """Nobody becomes a party by paying, and no model is refused for a payment that pays."""
    model = itsm.Model.from_records([{"id": "a", "kind": "Payment", "paidBy": "b"}, {"id": "b", "kind": "Payment"}])
    assert model.problems == ()
    assert model.kinds("b") == (ITSM.Payment,)
    assert all(axiom != RDFS.domain and axiom != RDFS.range for _, axiom, _ in WORDS.axioms)


# --------------------------------------------------------------------------------------------------------------------
# The definitions: none is made impossible, or silently narrowed


@dataclass(frozen=True)
class Case:
    """One possibility for a node: what it is together, and whether it is the element in question."""

    kinds: frozenset[str]
    in_question: bool = False


State = frozenset[Case]


class Sorted:
    """A condition walked by the kinds that nodes can be of, with what the sorts forbid in it."""

    def __init__(self, words: Vocabulary = WORDS) -> None:
        self.words = words
        self.problems: list[str] = []

    def definition(self, definition: itsm.Definition) -> list[str]:
        state = frozenset(Case(frozenset({kind}), True) for kind in definition.applies_to)
        self.check(definition.condition, state)
        for constraint in definition.constraints:
            if not constraint.decides:
                self.check(constraint.condition, self.narrowed(definition.condition, state))
        return self.problems

    def check(self, condition: c.Condition, state: State) -> None:
        match condition:
            case c.OfClass(kind):
                values = [case for case in state if not case.in_question]
                if len(values) == len(state) and state and not any(can_be(case.kinds, kind) for case in values):
                    self.problems.append(f"no value is {local_name(kind)}: {self.show(state)}")
            case c.All(parts):
                for number, part in enumerate(parts):
                    rest = c.All((*parts[:number], *parts[number + 1 :]))
                    self.check(part, self.narrowed(rest, state))
            case c.AtLeast(_, path, inner) | c.AtMost(_, path, inner) | c.Every(path, inner):
                self.check(inner, self.along(path, state))
            case c.SameValues(path, relation) | c.NoCommonValue(path, relation):
                one, other = self.along(path, state), self.along(p.Relation(relation), state)
                if not any(can_be(case.kinds, kind) for case in one for target in other for kind in target.kinds):
                    self.problems.append(f"never the same: {self.show(one)} and {self.show(other)}")
            case _:
                for part in c.parts(condition):
                    self.check(part, state)

    def narrowed(self, condition: c.Condition, state: State) -> State:
        """Give the cases that are left where the condition holds, as far as it speaks of kinds."""
        match condition:
            case c.OfClass(kind):
                cases = (case for case in state if not any(kind in self.words.disjoint_kinds(k) for k in case.kinds))
                return frozenset(Case(self.with_kind(case.kinds, kind), case.in_question) for case in cases)
            case c.Not(c.OfClass(kind)):
                return frozenset(case for case in state if not case.kinds & self.words.sub_kinds(kind))
            case c.Named(inner):
                return self.narrowed(inner, state)
            case c.All(parts):
                for part in parts:
                    state = self.narrowed(part, state)
                return state
            case c.AnyOf(parts) | c.ExactlyOne(parts):
                return frozenset[Case]().union(*(self.narrowed(part, state) for part in parts))
            case _:
                return state

    def with_kind(self, kinds: frozenset[str], kind: str) -> frozenset[str]:
        if kinds & self.words.sub_kinds(kind):
            return kinds
        return kinds - self.words.super_kinds(kind) | {kind}

    def along(self, path: p.Path, state: State, backwards: bool = False) -> State:
        match path:
            case p.Relation(iri):
                return self.step((iri, backwards), state)
            case p.Inverse(inner):
                return self.along(inner, state, not backwards)
            case p.Sequence(paths):
                for inner in reversed(paths) if backwards else paths:
                    state = self.along(inner, state, backwards)
                return state
            case p.Alternative(paths):
                return frozenset[Case]().union(*(self.along(inner, state, backwards) for inner in paths))
            case p.ZeroOrOne(inner):
                return state | self.along(inner, state, backwards)
            case p.OneOrMore(inner):
                return self.repeated(inner, self.along(inner, state, backwards), backwards)
            case p.ZeroOrMore(inner):
                return self.repeated(inner, state, backwards)

    def repeated(self, path: p.Path, state: State, backwards: bool) -> State:
        while (wider := state | self.along(path, state, backwards)) != state:
            state = wider
        return state

    def step(self, edge: Edge, state: State) -> State:
        near, far = ends(self.words, edge)
        fitting = {case for case in state if any(related(kind, sort) for kind in case.kinds for sort in near)}
        wrong = {case for case in state - fitting if case.in_question} if fitting else state
        if wrong:
            self.problems.append(f"{local_name(edge[0])}{'^' * edge[1]} is not said of {self.show(wrong)}")
        return frozenset(Case(frozenset({sort})) for sort in far)

    @staticmethod
    def show(state: Iterable[Case]) -> str:
        return ", ".join(sorted("&".join(sorted(names(case.kinds))) for case in state))


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.token)
def test_definition_is_possible_for_all_it_applies_to(definition: itsm.Definition) -> None:
    assert Sorted().definition(definition) == []


@pytest.mark.parametrize(
    ("token", "relation", "end", "kind", "problem"),
    [
        ("itil-2011:application", "runsOn", "subjects", "Payment", "runsOn is not said of Arrangement&Software, So"),
        ("itil-4:service", "customer", "subjects", "Arrangement", "customer is not said of Behaviour, Capability"),
        ("csdm-5:application.business-portfolio", "listedIn", "objects", "Payment", "no value is Register: Payment"),
        ("iso-20000-2018:service", "desiredBy", "subjects", "Functionality", "desiredBy is not said of Outcome"),
        ("iso-20000-2018:service", "desiredBy", "objects", "Payment", "never the same: Payment and Party"),
    ],
)
def test_sorts_too_narrow_would_be_seen(token: str, relation: str, end: str, kind: str, problem: str) -> None:
    iri = ITSM.term(relation)
    entry, kinds = WORDS.entries[iri], (ITSM.term(kind),)
    entry = replace(entry, subjects=kinds) if end == "subjects" else replace(entry, objects=kinds)
    words = replace(WORDS, entries={**WORDS.entries, iri: entry})
    problems = Sorted(words).definition(itsm.catalogue().definition(token))
    assert any(found.startswith(problem) for found in problems)


# --------------------------------------------------------------------------------------------------------------------
# The facts that ship with the library, and those that ArchiMate states


def shipped() -> Iterator[itsm.Model]:
    for definition in DEFINITIONS:
        for example in definition.examples:
            builder = FactsBuilder(example.iri, "example")
            add_statements(example.statements, builder)
            yield itsm.Model(builder.build())
    for file in sorted((ROOT / "examples").glob("*/model.ttl")):
        yield itsm.load(file)


def out_of_sort(model: itsm.Model) -> Iterator[tuple[str, str, str]]:
    """Give the facts with an end that can be of none of the kinds its relation names there."""
    kinds = model.facts.forwards.get(RDF_TYPE, {})
    for relation in sorted((WORDS.relations | WORDS.attributes) & model.facts.pairs.keys()):
        for pair in model.facts.pairs[relation]:
            for node, allowed in zip(pair, sorts(relation), strict=True):
                recorded = [model.facts.terms[kind].value for kind in kinds.get(node, ())]
                if recorded and allowed and not any(can_be(recorded, sort) for sort in allowed):
                    yield local_name(relation), model.facts.terms[node].value, "&".join(sorted(names(recorded)))


def test_shipped_facts_are_in_sort() -> None:
    models = list(shipped())
    assert len(models) > 200
    assert [found for model in models for found in out_of_sort(model)] == []


def test_a_fact_out_of_sort_would_be_seen() -> None:
    model = itsm.Model.from_records([{"id": "a", "kind": "Server", "paidBy": "b"}, {"id": "b", "kind": "Payment"}])
    assert [*out_of_sort(model)] == [("paidBy", "urn:model:b", "Payment")]


def named_ends() -> Iterator[tuple[str, str, str]]:
    """Give the relations that a rule of the mapping states between named types: relation, end, and type there."""
    for rule in (rule for rules in ARCHIMATE.links.values() for rule in rules):
        for relation, forwards in rule.facts:
            for types, end in zip((rule.sources, rule.targets), ("so" if forwards else "os"), strict=True):
                yield from ((local_name(relation), end, kind) for kind in types or ())


ENDS = sorted(set(named_ends()))


@pytest.mark.parametrize(("relation", "end", "element_type"), ENDS, ids=[" ".join(row) for row in ENDS])
def test_archimate_states_what_is_in_sort(relation: str, end: str, element_type: str) -> None:
    """Where a rule names the types between which a relation is stated, their kinds are in sort."""
    kinds = ARCHIMATE.classes[element_type].kinds
    entry = WORDS.entries[ITSM.term(relation)]
    in_sort = any(can_be(kinds, sort) for sort in (entry.subjects if end == "s" else entry.objects))
    assert in_sort != any((relation, local_name(kind)) in LEFT_OUT for kind in kinds)
