"""Interviews: what is asked, what follows from the answers, and the model that is made of them."""

from __future__ import annotations

import random
import re

import pytest

from itsm_ontology import InputError, Model, Outcome, UnknownNameError, catalogue, evaluate, load
from itsm_ontology import conditions as c
from itsm_ontology import paths as p
from itsm_ontology.definitions import Definition, Example
from itsm_ontology.facts import Completeness
from itsm_ontology.facts_builder import FactsBuilder
from itsm_ontology.names import ITSM
from itsm_ontology.reasoning.interview.completing import completed
from itsm_ontology.reasoning.interview.deduction import Deduction
from itsm_ontology.reasoning.interview.questions import Interview, questions
from itsm_ontology.reasoning.interview.wording import question
from itsm_ontology.sources.rdf import add_statements
from itsm_ontology.vocabulary import vocabulary
from itsm_ontology.walk import Walk

pytest.importorskip("clingo")

CUSTOMER = p.Relation(ITSM.customer)

# ---------------------------------------------------------------------------------------------------------------------
# Wording

WORDINGS = {
    "Has a customer.": "Does Mail have a customer?",
    "Is software.": "Is Mail software?",
    "Delivers value to a customer of it.": "Does Mail deliver value to a customer of it?",
    "Can be deployed independently.": "Can Mail be deployed independently?",
    "Has been deployed.": "Has Mail been deployed?",
    "Crosses a boundary.": "Does Mail cross a boundary?",
    "Has, uses or depends on information technology.": "Does Mail have, use or depend on information technology?",
    "Is or has software.": "Is it so that Mail is or has software?",
    "Is software, or has software among its parts.": "Is it so that Mail is software, or has software among its parts?",
    "Is not itself recorded as software.": "Is it so that Mail is not itself software?",
    "Is recorded as automated.": "Is Mail automated?",
    "Is service (ArchiMate 3).": "Is Mail a service (ArchiMate 3)?",
    "Has no information in it.": "Is it so that Mail has no information in it?",
    "Has a specific cost or risk with a recorded owner.": "Does Mail have a specific cost or risk with an owner?",
    "No part of its delivery is visible to a consumer of it.": (
        "Is it so that no part of Mail's delivery is visible to a consumer of it?"
    ),
    "No recorded specific cost or risk is owned by a customer of it.": (
        "Is it so that no specific cost or risk is owned by a customer of Mail?"
    ),
    "It is recorded who sees a part of it at work.": "Is it known who sees a part of Mail at work?",
    "It and its parts are deployed together.": "Is it so that Mail and its parts are deployed together?",
    "Somebody has packaged it.": "Has anybody packaged Mail?",
    "Somebody carries it out.": "Does anybody carry Mail out?",
    "All who are authorised can get at it.": "Is this so of Mail: all who are authorised can get at it?",
    "Parts are software.": "Is this so of Mail: parts are software?",
}


@pytest.mark.parametrize("message", WORDINGS)
def test_a_message_becomes_a_question(message: str) -> None:
    assert question(message, "Mail") == WORDINGS[message]


MESSAGES = sorted({clause.message for d in catalogue().all_definitions.values() for clause in d.constraints})
OPENINGS = r"Is it so that |Is it known |Is this so of Mail: |(Is|Can|Does|Has) (Mail|anybody) "


def test_every_message_of_the_catalogue_becomes_a_well_formed_question() -> None:
    assert len(MESSAGES) > 200
    for message in MESSAGES:
        text = question(message, "Mail")
        assert re.fullmatch(rf"({OPENINGS})[^?]+[^?.\s]\?", text), text
        assert text.count("Mail") == 1, text
        assert not re.match(r"Does (Mail|anybody) \w*(?<!s)s\b(?<!across)", text), f"a verb kept its ending: {text}"
        assert "  " not in text, text
        assert "recorded" not in text.replace("recorded as such", ""), text


# ---------------------------------------------------------------------------------------------------------------------
# Deduction


def test_deduction_shows_clashes_and_nothing_else() -> None:
    mine = p.Sequence((p.Relation(ITSM.hasCostOrRisk), p.Relation(ITSM.ownedBy)))
    conditions = (
        c.AtLeast(1, CUSTOMER),
        c.Not(c.NoCommonValue(mine, ITSM.customer)),
        c.OfClass(ITSM.Software),
        c.OfClass(ITSM.Behaviour),
    )
    deduction = Deduction(conditions, vocabulary())
    impossible = [{0: False, 1: True}, {2: True, 3: True}, {0: False, 1: True, 2: True}]
    possible = [{0: True, 1: True}, {0: False, 1: False, 2: True}, {2: False, 3: False}, {0: True, 1: False, 3: True}]
    assert all(deduction.clash(known) for known in impossible)
    assert not any(deduction.clash(known) for known in possible)
    assert deduction.clash(impossible[2]) == {(0, False), (1, True)}, "as small as can be"
    assert deduction.forced(3, {2: True}) == (False, frozenset({(2, True)}))
    assert deduction.forced(0, {2: True}) is None
    assert dict(one[:2] for one in deduction.propagated({1: True, 2: True})) == {0: True, 3: False}


# ---------------------------------------------------------------------------------------------------------------------
# One interview


def asked(interview: Interview) -> str:
    assert interview.question
    return interview.question.text


def test_the_kind_comes_first_and_can_be_chosen_by_number_label_or_any_name() -> None:
    start = questions(None, "Mail", "service")
    assert asked(start) == "What kind of thing is Mail?"
    assert start.question
    labels = [choice.label for choice in start.question.choices]
    assert {"arrangement", "behaviour", "outcome", "something else"} <= set(labels)
    number = labels.index("behaviour") + 1
    ways = [start.answer(way) for way in (number, str(number), "Behaviour", ITSM.Behaviour)]
    assert [dict(way.answers) for way in ways] == [{"kind": "behaviour"}] * len(ways)
    software = start.answer("Software")
    assert software.standing["archimate-3:service"].outcome is Outcome.CONTRADICTED
    assert software.standing["archimate-3:service"].because == ("What kind of thing is Mail? software",)
    person = start.answer("person")
    assert {one.outcome for one in person.standing.values()} == {Outcome.NOT_APPLICABLE}
    assert person.question is None
    with pytest.raises(UnknownNameError):
        start.answer("gadget")


def test_something_else_is_none_of_the_kinds() -> None:
    other = questions(None, "Mail", "service").answer("something else")
    assert {one.words for one in other.standing.values()} == {"not applicable"}


def test_what_follows_is_not_asked() -> None:
    without = questions(None, "Mail", "service", answers={"kind": None, "itil-2011:service-customer": False})
    texts = {one.text for one in without.ranked(100)}
    assert len(texts) > 20
    assert not [text for text in texts if "that a customer of it wants" in text or "paid for by a customer" in text]
    for token in ("itil-2011:service", "fitsm-3:service"):
        assert without.standing[token].words == "does not meet"
        assert without.standing[token].because == ("Does Mail have a customer? No.",)
    assert without.standing["archimate-3:service"].outcome is Outcome.UNDETERMINED
    assert without.standing["archimate-3:service"].open


def test_questions_are_ranked_by_the_definitions_that_an_answer_is_expected_to_settle() -> None:
    best, *others = questions(None, "Mail", "service", answers={"kind": None}).ranked(8)
    assert all(one.gain <= best.gain for one in others)
    assert best.gain == len(best.definitions) / 2
    assert len(best.constraints) >= len(best.definitions) > 5


def test_answers_can_be_words_unknown_or_taken_back() -> None:
    start = questions(None, "Mail", "service", answers={"kind": "arrangement"})
    first = asked(start)
    unknown = start.answer("?")
    assert asked(unknown) != first
    assert first not in {one.text for one in unknown.ranked(100)}
    assert asked(unknown.back()) == first
    assert start.answer("yes").answers == start.answer(True).answers
    assert start.answers == {"kind": "arrangement"}, "an interview never changes"
    with pytest.raises(InputError, match="no answer to a question of yes or no"):
        start.answer("perhaps")
    with pytest.raises(UnknownNameError, match="service-customer"):
        start.answer(True, "itil-2011:service-custome")


def test_answers_that_contradict_each_other_are_refused_and_may_be_mended() -> None:
    no_customer = questions(None, "Mail", "service", answers={"itil-2011:service-customer": False})
    outcome = "itil-2011:service-outcome"
    with pytest.raises(InputError, match="Does Mail have a customer\\? No"):
        no_customer.answer(True, outcome)
    mended = no_customer.answer(True, "itil-2011:service-customer").answer(True, outcome)
    assert list(mended.answers.values()) == [True, True]
    again = questions(None, "Mail", "service", answers=mended.answers)
    assert again.given == mended.given


def test_a_kind_that_contradicts_other_answers_is_refused() -> None:
    process = questions(None, "Mail", "service", answers={"clark:service.process-process": True})
    with pytest.raises(InputError, match="“What kind of thing is Mail\\?” can't be answered by “software”"):
        process.answer("software", "kind")
    assert process.answer("process", "kind").answers["kind"] == "process"
    software = questions(None, "Mail", "service", answers={"kind": "software"})
    with pytest.raises(InputError, match="What kind of thing is Mail\\? software"):
        software.answer(True, "clark:service.process-process")


def test_recorded_facts_are_not_asked_for() -> None:
    model = Model.from_records(
        [
            {"id": "mail", "label": "Mail", "kind": "Arrangement", "customer": "sales", "complete": ["hasCostOrRisk"]},
            {"id": "sales", "kind": "OrganizationalUnit"},
        ]
    )
    interview = questions(model, "Mail", "service", frameworks=["itil-2011", "fitsm-3"])
    assert "What kind of thing is Mail?" not in {one.text for one in interview.ranked(100)}
    assert "Does Mail have a customer?" not in {one.text for one in interview.ranked(100)}
    assert interview.standing["itil-2011:service"].because == (
        "recorded: Does Mail have a specific cost or risk with an owner? No.",
    )
    assert interview.standing["fitsm-3:service"].outcome is Outcome.UNDETERMINED


def test_it_prints_and_gives_records() -> None:
    interview = questions(None, "Mail", "service", answers={"itil-2011:service-customer": False})
    text = str(interview)
    assert text.startswith("Mail: 1 answer")
    assert "  itil-2011:service: Does Mail have a customer? No." in text
    records = {record["definition"]: record for record in interview.to_records()}
    assert set(records) == set(interview.definitions)
    assert records["itil-2011:service"]["standing"] == "does not meet"


# ---------------------------------------------------------------------------------------------------------------------
# Whole interviews: the respondents are examples, taken as all there is

RESPONDENTS = [
    (definition, example)
    for term in ("service", "business-relationship-management")
    for definition in catalogue().select(terms=[term])
    for example in definition.examples
    if not example.breaks
]
SOME = random.Random(7).sample(RESPONDENTS, 5)


def model_of(example: Example) -> Model:
    builder = FactsBuilder(example.label, "example")
    add_statements(example.statements, builder)
    return Model(builder.build())


def interviewed(start: Interview, model: Model, element: str, forgets: float = 0.0) -> Interview:
    """Answer as somebody who knows the model and nothing else, and forgets some of it."""
    walk, node, dice = Walk(model.facts), model.node(element), random.Random(element)
    while following := start.question:
        if following.condition is None:
            start = start.answer(next(iter(model.kinds(element)), None))
        elif dice.random() < forgets:
            start = start.answer(None)
        else:
            start = start.answer(walk.truth(following.condition, node).met)
    return start


@pytest.mark.parametrize(("definition", "example"), SOME, ids=lambda one: getattr(one, "token", ""))
def test_an_interview_finds_what_the_facts_say(definition: Definition, example: Example) -> None:
    model = model_of(example)
    end = interviewed(questions(None, "the thing", definition.term), model, example.element)
    verdicts = evaluate(model, terms=[definition.term])
    node = model.node(example.element)
    assert end.standing[definition.token].outcome is Outcome.SATISFIED
    for one in verdicts.definitions:
        verdict = verdicts.verdict(node, one)
        found = end.standing[one.token].outcome
        assert found is not Outcome.UNDETERMINED
        if verdict.conforms is None:  # a kind that excludes it is recorded
            assert found is Outcome.NOT_APPLICABLE
        elif found is not Outcome.NOT_APPLICABLE:
            assert (found is Outcome.SATISFIED) == verdict.conforms, one.token
    assert len(end.given) < len(end.topic.texts) / 2


def test_an_interview_that_knows_no_kind_is_saved_as_of_some_kind_that_the_definitions_are_said_of() -> None:
    said = {"kind": None, "archimate-3:service-behaviour": False, "clark:service.process-process": False}
    end = questions(None, "Mail", "service", answers=said)
    verdicts = evaluate(end.model(), terms=["service"])
    for token in ("archimate-3:service", "clark:service.process"):
        assert verdicts["Mail", token].outcome is end.standing[token].outcome is Outcome.CONTRADICTED
    assert verdicts["Mail", "itil-2011:service"].outcome is Outcome.UNDETERMINED


@pytest.mark.parametrize("forgets", [0.0, 0.2])
@pytest.mark.parametrize(("definition", "example"), SOME[:3], ids=lambda one: getattr(one, "token", ""))
def test_a_saved_interview_evaluates_to_what_it_said(definition: Definition, example: Example, forgets: float) -> None:
    end = interviewed(questions(None, "The thing", definition.term), model_of(example), example.element, forgets)
    saved = load(end.model().turtle().encode())
    verdicts = evaluate(saved, terms=[definition.term])
    decided = {token: one.outcome for token, one in end.standing.items() if one.outcome is not Outcome.UNDETERMINED}
    assert len(decided) > len(end.standing) / 3
    saved_outcomes = {token: verdicts["The thing", token].outcome for token in decided}
    # what contradicts a definition may be a kind, stored as such, to which the definition does not apply
    ruled_out = (Outcome.CONTRADICTED, Outcome.NOT_APPLICABLE)
    assert {t: o for t, o in saved_outcomes.items() if o is not decided[t] and decided[t] not in ruled_out} == {}
    assert {t for t, o in decided.items() if o in ruled_out and saved_outcomes[t] not in ruled_out} == set()
    assert saved.problems == ()


def test_an_interview_about_recorded_facts_is_saved_onto_them() -> None:
    model = Model.from_records([{"id": "mail", "label": "Mail", "kind": "Arrangement", "hasPart": "server"}])
    start = questions(model, "Mail", frameworks=["fitsm-3"], term="service")
    end = start
    while end.question:
        end = end.answer(True)
    assert end.standing["fitsm-3:service"].outcome is Outcome.SATISFIED
    saved = load(end.turtle().encode())
    assert evaluate(saved)["Mail", "fitsm-3:service"].outcome is Outcome.SATISFIED
    assert set(model.elements) <= set(saved.elements)
    nothing = start.answer(False)
    verdict = evaluate(nothing.model())["Mail", "fitsm-3:service"]
    assert verdict.outcome is nothing.standing["fitsm-3:service"].outcome is Outcome.CONTRADICTED


def test_any_name_can_be_saved() -> None:
    end = questions(None, 'the "mail" <system>', "service", answers={"itil-2011:service-customer": True})
    saved = load(end.turtle().encode())
    assert len(saved.elements) == 2


# ---------------------------------------------------------------------------------------------------------------------
# Completeness


def test_no_more_is_said_to_be_complete_than_is_needed() -> None:
    model = Model.from_records([{"id": "mail", "kind": "Arrangement", "customer": "sales", "hasPart": "disk"}])
    nobody = c.AtMost(0, p.Relation(ITSM.sponsor))
    node = model.node("mail")
    assert completed(model, "mail", [c.AtLeast(1, CUSTOMER)]).facts.completeness == ()
    assert completed(model, "mail", [nobody]).facts.completeness == (Completeness(ITSM.sponsor, node=node),)
    either = c.AnyOf((c.AtLeast(2, CUSTOMER), c.Every(p.Relation(ITSM.hasPart), c.OfClass(ITSM.Software))))
    facts = completed(model, "mail", [either]).facts
    assert Walk(facts).truth(either, node).settled
    for left_out in facts.completeness:
        rest = [item for item in facts.completeness if item != left_out]
        fewer = FactsBuilder.onto(model.facts, "fewer", "test")
        for item in rest:
            fewer.complete(item)
        assert not Walk(fewer.build()).truth(either, node).settled
