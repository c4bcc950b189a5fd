"""What architects ask: disagreements, coverage, declarations, theses on a model, two runs, identity, two frameworks."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from conftest import ROOT

import itsm_ontology as itsm
from itsm_ontology import InputError, Model, Outcome, UnknownNameError, catalogue, evaluate
from itsm_ontology.analysis.difference import _patched, _triples
from itsm_ontology.cli.commands import main
from itsm_ontology.evaluate import prepared
from itsm_ontology.reasoning.implication import Kind
from itsm_ontology.walk import Walk

ROLLING_STOCK = ROOT / "examples" / "01-rolling-stock" / "model.ttl"
SOFTWARE, COMBINED = "vinod-2010:application.software", "von-neumann:application.betz"


def model(*records: Mapping[str, Any]) -> Model:
    return Model.from_records(records)


# ---------------------------------------------------------------------------------------------------------------------
# Evidence


def test_what_is_from_memory_is_left_out_unless_asked_for_or_named() -> None:
    memory = [d for d in catalogue().definitions if d.evidence == "M" and not d.informal]
    assert memory
    assert not {d.token for d in catalogue().select()} & {d.token for d in memory}
    assert {d.token for d in catalogue().select(evidence=["M"])} == {d.token for d in memory}
    assert [d.token for d in catalogue().select(definitions=[memory[0].token])] == [memory[0].token]
    everything = catalogue().select(evidence=["V", "Vc", "Vs", "DER", "M"])
    assert {d.evidence for d in everything} >= {"V", "Vc", "Vs", "M"}


def test_an_unknown_mark_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="evidence mark"):
        evaluate(model({"id": "a", "kind": "Server"}), evidence=["W"])


# ---------------------------------------------------------------------------------------------------------------------
# Disagreements

PROGRAM = ({"id": "crm", "kind": "ApplicationSoftware", "label": "CRM"}, {"id": "anna", "kind": "Person"})


def test_a_program_alone_is_an_application_to_one_and_none_to_the_other() -> None:
    """Software is an application in common usage (l.605), and none without hardware (l.527)."""
    found = itsm.disagreements(model(*PROGRAM), definitions=[SOFTWARE, COMBINED], complete=["hasPart"])
    assert [(one.label, one.met, one.contradicted, one.open) for one in found] == [
        ("CRM", (SOFTWARE,), (COMBINED,), ())
    ]


def test_without_completeness_it_is_open() -> None:
    found = itsm.disagreements(model(*PROGRAM), definitions=[SOFTWARE, COMBINED])
    assert [(one.met, one.contradicted, one.open) for one in found] == [((SOFTWARE,), (), (COMBINED,))]


def test_where_all_agree_there_is_nothing() -> None:
    found = itsm.disagreements(model(*PROGRAM), definitions=[SOFTWARE])
    assert (len(found), found.agreed) == (0, 1)  # Anna is a person: neither is said of her
    assert "disagree about nothing" in str(found)


def test_what_is_disputed_most_comes_first() -> None:
    told = itsm.disagreements(itsm.load(ROLLING_STOCK), terms=["service", "application"])
    ranks = [one.rank for one in told]
    assert ranks == sorted(ranks, reverse=True)
    assert told.found[0].label == "Rolling-stock information"
    assert told.to_records()[0]["met"] == list(told.found[0].met)
    assert list(told.to_pandas().columns) == list(told.columns)
    assert "<table>" in told._repr_html_()


# ---------------------------------------------------------------------------------------------------------------------
# Coverage


def test_a_definition_is_decidable_where_its_facts_are_recorded() -> None:
    found = itsm.coverage(
        model({"id": "crm", "kind": "Software", "runsOn": "os"}, {"id": "os", "kind": "SystemSoftware"}),
        definitions=["obashi:application", "itil-2011:application"],
    )
    reach = {one.definition: one for one in found.definitions}
    assert reach["obashi:application"].met == 1
    assert reach["itil-2011:application"].decided == 0
    assert "itil-2011:application" in found.undecidable
    assert {relation.rpartition("#")[2] for relation in reach["itil-2011:application"].never_recorded} >= {
        "providesFunctionality",
        "functionalityRequiredBy",
    }
    assert "obashi:application" not in found.undecidable


def test_the_fact_that_alone_is_missing_is_named_first() -> None:
    """Of two programs that nothing is known of, both lack what they run on, and that alone."""
    found = itsm.coverage(
        model({"id": "a", "kind": "Software"}, {"id": "b", "kind": "Software"}), definitions=["obashi:application"]
    )
    assert [(one.label, one.alone, one.among, one.recorded) for one in found.helpful] == [("runs on", 2, 2, False)]


def test_what_an_evaluation_derives_is_not_asked_for() -> None:
    found = itsm.coverage(model({"id": "a", "kind": "Arrangement"}), definitions=["skeptic-2010:service.output"])
    names = {one.relation.rpartition("#")[2] for one in found.helpful}
    assert "judgedFor" not in names
    assert "providedBy" in names
    assert "judgedFor" not in str(found.to_records())


# ---------------------------------------------------------------------------------------------------------------------
# Declared

CALLED = (
    {"id": "crm", "kind": "ApplicationSoftware", "declared": "cmdb:Application"},
    {"id": "anna", "kind": "Person", "declared": "cmdb:Application"},
    {"id": "desk", "kind": "Arrangement", "declared": "cmdb:BusinessService"},
    {"id": "loose", "kind": "Server"},
)


def test_what_a_source_calls_things_is_held_against_the_words_in_it() -> None:
    found = itsm.declared(model(*CALLED))
    calling = {(one.declaration, one.term): one for one in found.found}
    assert set(calling) == {
        ("cmdb:Application", "application"),
        ("cmdb:BusinessService", "business-service"),
        ("cmdb:BusinessService", "service"),
    }
    applications = calling["cmdb:Application", "application"]
    assert applications.none == ("urn:model:anna",) == applications.ruled_out
    assert applications.met[SOFTWARE] == ("urn:model:crm",)
    assert calling["cmdb:BusinessService", "service"].none == ("urn:model:desk",)
    assert found.undeclared == 1
    assert "of 2 things called cmdb:Application, 1 meets no definition of application" in str(found)


def test_terms_that_are_asked_for_are_held_against_every_declaration() -> None:
    found = itsm.declared(model(*CALLED), terms=["application"])
    assert {one.declaration for one in found.found} == {"cmdb:Application", "cmdb:BusinessService"}


# ---------------------------------------------------------------------------------------------------------------------
# Theses on a model

PARTS = (
    {"id": "mail", "kind": "Arrangement", "hasPart": ["client", "server"], "declared": "t:Service"},
    {"id": "client", "kind": "ApplicationSoftware", "declared": "t:Application"},
    {"id": "server", "kind": "Server"},
    {"id": "game", "kind": "ApplicationSoftware", "declared": "t:Application"},
)
BY_NAME = {"application": "t:Application", "service": "t:Service"}
TOLD: list[tuple[str, Mapping[str, str], bool | None, list[str]]] = [
    ("application-is-part-of-a-service", BY_NAME, False, ["game"]),
    ("application-is-a-service", BY_NAME, False, ["client", "game"]),
    ("no-application-is-a-service", BY_NAME, True, []),
    ("service-has-an-application", BY_NAME, True, []),
    ("application-has-hardware", BY_NAME, False, ["client", "game"]),
    ("no-application-has-hardware", BY_NAME, True, []),
    ("application-is-software", BY_NAME, True, []),
    ("application-is-software", {"application": "nen-3434-2007:application"}, None, []),
]


@pytest.mark.parametrize(("thesis", "meaning", "upheld", "broken"), TOLD)
def test_a_thesis_on_a_model(thesis: str, meaning: Mapping[str, str], upheld: bool | None, broken: list[str]) -> None:
    found = itsm.holds(model(*PARTS), thesis, meaning)
    assert found.upheld is upheld
    assert [one.label for one in found.counterexamples] == broken


def test_a_counterexample_is_settled_if_no_fact_could_mend_it() -> None:
    meaning = {"application": SOFTWARE, "service": "vinod-2010:service.outcome"}
    (crm,) = itsm.holds(
        model({"id": "crm", "kind": "ApplicationSoftware"}), "application-is-a-service", meaning
    ).counterexamples
    assert crm.settled is False
    closed = model({"id": "crm", "kind": "ApplicationSoftware", "complete": ["hasPart"]})
    (crm,) = itsm.holds(closed, "application-has-hardware", {"application": SOFTWARE}).counterexamples
    assert crm.settled is True


def test_reasons_speak_of_what_the_source_calls_things() -> None:
    (game,) = itsm.holds(
        model(*PARTS, {"id": "box", "kind": "Arrangement", "hasPart": "game"}),
        "application-is-part-of-a-service",
        BY_NAME,
    ).counterexamples
    assert "is called t:Service" in game.reason
    assert "urn:" not in game.reason


REFUSED: list[tuple[Mapping[str, str], type[Exception], str]] = [
    ({}, InputError, "no definition of it is chosen"),
    ({"application": SOFTWARE, "service": SOFTWARE}, InputError, "defines 'application' and not 'service'"),
    ({"application": SOFTWARE, "service": "t:Nothing"}, UnknownNameError, "t:Nothing"),
    ({"gadget": SOFTWARE}, UnknownNameError, "gadget"),
]


@pytest.mark.parametrize(("meaning", "error", "words"), REFUSED)
def test_a_meaning_that_is_none_is_refused(meaning: Mapping[str, str], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        itsm.holds(model(*PARTS), "application-is-a-service", meaning)


# ---------------------------------------------------------------------------------------------------------------------
# Two runs

BEFORE = ({"id": "crm", "kind": "Software"}, {"id": "os", "kind": "SystemSoftware"}, {"id": "s1", "kind": "Server"})


def run(*records: Mapping[str, Any], **more: Any) -> itsm.Verdicts:
    return evaluate(model(*records), **{"definitions": ["obashi:application", SOFTWARE], **more})


def changes(before: itsm.Verdicts, after: itsm.Verdicts) -> list[tuple[str, str, str, list[str]]]:
    return [
        (
            f"{one.label} {one.definition}",
            one.before.value if one.before else "",
            one.after.value if one.after else "",
            [str(fact) for fact in one.because],
        )
        for one in itsm.diff(before, after)
    ]


def test_the_fact_that_did_it_is_named_and_no_other() -> None:
    later = ({"id": "crm", "kind": "Software", "runsOn": ["os", "s1"], "label": "CRM"}, *BEFORE[1:])
    assert changes(run(*BEFORE), run(*later)) == [
        ("CRM obashi:application", "UNDETERMINED", "SATISFIED", ["+ CRM runs on os"])
    ]


def test_and_the_other_way_round() -> None:
    earlier = ({"id": "crm", "kind": "Software", "runsOn": "os"}, *BEFORE[1:])
    assert changes(run(*earlier), run(*BEFORE)) == [
        ("crm obashi:application", "SATISFIED", "UNDETERMINED", ["- crm runs on os"])
    ]


def test_completeness_is_a_reason_too() -> None:
    named = {"definitions": [COMBINED]}
    before = run({"id": "crm", "kind": "ApplicationSoftware"}, **named)
    after = run({"id": "crm", "kind": "ApplicationSoftware", "complete": ["hasPart"]}, **named)
    assert changes(before, after) == [
        (f"crm {COMBINED}", "UNDETERMINED", "CONTRADICTED", ["+ has part is recorded as complete for crm"])
    ]


def test_what_is_taken_as_complete_is_a_reason() -> None:
    app = {"id": "crm", "kind": "ApplicationSoftware"}
    before, after = run(app, definitions=[COMBINED]), run(app, definitions=[COMBINED], complete=["hasPart"])
    told = [(one, was, is_, because) for one, was, is_, because in changes(before, after)]
    assert [(was, is_) for _, was, is_, _ in told] == [("UNDETERMINED", "CONTRADICTED")]
    assert told[0][3] == ["+ itsm:hasPart is taken as complete"]


def test_what_both_runs_take_as_complete_counts_when_the_reason_is_sought() -> None:
    parts = (app := {"id": "crm", "kind": "ApplicationSoftware"}, {"id": "s1", "kind": ["Server", "Hardware"]})
    both = {"definitions": [COMBINED], "complete": ["hasPart"]}
    before = run(*parts, {"id": "x", "kind": "Arrangement", "hasPart": [app["id"], "s1"]}, **both)
    after = run(*parts, {"id": "x", "kind": "Arrangement", "hasPart": "crm"}, **both)
    assert changes(before, after) == [(f"x {COMBINED}", "UNDETERMINED", "CONTRADICTED", ["- x has part s1"])]


def test_a_definition_that_comes_to_apply_is_a_change() -> None:
    """Not applicable before, facts missing after: nothing is passed over in silence."""
    before = run({"id": "a", "kind": "Person"}, definitions=["obashi:application"])
    after = run({"id": "a", "kind": "Software"}, definitions=["obashi:application"])
    assert [(was, is_) for _, was, is_, _ in changes(before, after)] == [("NOT_APPLICABLE", "UNDETERMINED")]


def test_nothing_changes_where_nothing_changed() -> None:
    found = itsm.diff(run(*BEFORE), run(*BEFORE))
    assert (len(found), found.facts, found.unchanged) == (0, 0, 6)


def test_what_comes_and_goes_counts_where_it_was_decided() -> None:
    app = {"id": "web", "kind": "ApplicationSoftware"}
    assert changes(run(*BEFORE), run(*BEFORE, app)) == [
        (f"web {SOFTWARE}", "", "SATISFIED", ["+ web is of the kind application software"])
    ]
    assert changes(run(*BEFORE, app), run(*BEFORE)) == [
        (f"web {SOFTWARE}", "SATISFIED", "", ["- web is of the kind application software"])
    ]


def test_definitions_of_one_run_only_are_told() -> None:
    found = itsm.diff(run(*BEFORE), run(*BEFORE, definitions=[SOFTWARE]))
    assert found.only_before == ("obashi:application",)


def test_runs_for_different_units_are_not_compared() -> None:
    teams = ({"id": "t1", "kind": "OrganizationalUnit"}, {"id": "t2", "kind": "OrganizationalUnit"})
    with pytest.raises(InputError, match="unit"):
        itsm.diff(run(*teams, unit="t1"), run(*teams, unit="t2"))


def test_the_reasons_given_suffice_and_none_is_idle() -> None:
    """Of the rolling-stock example, random halves of the facts: the reasons lead from one outcome to the other."""
    whole = itsm.load(ROLLING_STOCK)
    chance = random.Random(4)
    tokens = ["itil-2011:service", "vinod-2010:service.container", "betz-2010:application", "skeptic-2010:application"]
    every = sorted(_triples(whole), key=str)
    seen = 0
    for _ in range(12):
        gone = [(False, triple) for triple in every if triple[1] != itsm_type(every) and chance.random() < 0.15]
        part = Model(_patched(whole.facts, gone))
        before, after = (evaluate(one, definitions=tokens) for one in (part, whole))
        for change in itsm.diff(before, after):
            if change.before is None or change.after is None:
                continue
            deltas = [(d.added, triple) for d in change.because for triple in every if spelled(triple) == d.fact]
            assert len(deltas) == len(change.because) > 0
            assert outcome(part, deltas, change) is change.after
            for idle in deltas:
                assert outcome(part, [d for d in deltas if d != idle], change) is not change.after
            seen += 1
    assert seen >= 10


def itsm_type(triples: list[Any]) -> str:
    return next(triple[1] for triple in triples if triple[1].endswith("#type"))


def spelled(triple: Any) -> tuple[str, str, str]:
    return (triple[0].value if triple[0] else "", triple[1], triple[2].value)


def outcome(base: Model, deltas: list[Any], change: Any) -> Outcome:
    facts = prepared(Model(_patched(base.facts, deltas)))
    node = next(node for term, node in facts.nodes.items() if term.value == change.element)
    truth = Walk(facts).truth(catalogue().definition(change.definition).condition, node)
    return Outcome.of(conforms=truth.met, settled=truth.settled)


# ---------------------------------------------------------------------------------------------------------------------
# Identity


def care(application: str, kind: str = "money", name: str = "finance") -> Model:
    """A department takes care of a kind of information, with an application."""
    return model(
        {"id": "it", "kind": "Organization"},
        {"id": kind, "kind": "InformationKind"},
        {"id": application, "kind": "ApplicationSoftware"},
        {"id": name, "kind": "Arrangement", "hasPart": application, "providedBy": "it", "stewards": kind},
    )


INFORMATION = "skeptic-2010:information-service"


def test_a_kind_of_information_keeps_its_service_when_the_application_is_replaced() -> None:
    """The thread, l.181."""
    found = itsm.same(care("ledger"), care("payroll"), "finance", INFORMATION)[INFORMATION]
    assert found.same is True
    assert found.counterpart == "urn:model:finance"


def test_another_kind_of_information_is_another_service() -> None:
    found = itsm.same(care("ledger"), care("ledger", "people"), "finance", INFORMATION)[INFORMATION]
    assert found.same is False


def test_a_renamed_thing_is_found_by_its_criterion() -> None:
    found = itsm.same(care("ledger"), care("ledger", name="books"), "finance", INFORMATION)[INFORMATION]
    assert (found.same, found.counterpart) == (True, "urn:model:books")


def test_what_is_not_said_is_not_decided() -> None:
    bare = model({"id": "finance", "kind": "Arrangement"})
    found = itsm.same(bare, bare, "finance", [INFORMATION, "itil-2011:service"])
    assert [one.same for one in found.found] == [None, None]
    with pytest.raises(InputError, match="no definition that says"):
        itsm.same(bare, bare, "finance")


def test_a_counterpart_may_be_named() -> None:
    after = care("ledger", "people", name="books")
    found = itsm.same(care("ledger"), after, "finance", INFORMATION, counterpart="books")[INFORMATION]
    assert found.same is False
    assert "was it, money and is it, people" in found.reason


# ---------------------------------------------------------------------------------------------------------------------
# Two frameworks


def test_what_one_framework_demands_and_the_other_does_not() -> None:
    """ITIL 2011 has clauses on cost, risk and value that FitSM has not (C21)."""
    (pair,) = itsm.compare("itil-2011", "fitsm-3", terms=["service"]).pairs
    assert pair.kind is Kind.NARROWER
    assert pair.second_demands == ()
    assert sorted(pair.first_demands) == [
        "Delivers value to a customer of it.",
        "Has a specific cost or risk with a recorded owner.",
        "No recorded specific cost or risk is owned by a customer of it.",
    ]


def test_on_a_model() -> None:
    found = itsm.compare("itil-2011", "itil-4", itsm.load(ROLLING_STOCK), terms=["service"])
    agreement = found.pairs[0].agreement
    assert agreement is not None
    verdicts = evaluate(itsm.load(ROLLING_STOCK), definitions=["itil-2011:service", "itil-4:service"])
    met = {
        token: {v.element for v in verdicts if v.definition == token and v.conforms}
        for token in ("itil-2011:service", "itil-4:service")
    }
    assert set(agreement.both) == met["itil-2011:service"] & met["itil-4:service"]
    assert set(agreement.first) == met["itil-2011:service"] - met["itil-4:service"]
    assert "only first" in str(found)


def test_terms_of_one_side_say_what_the_other_has() -> None:
    found = itsm.compare("itil-2011", "skeptic-2010", terms=["service", "information service", "hosting"])
    assert found.only_second["information-service"] == "absent"
    assert found.only_second["hosting"] == "mentioned"


def test_a_framework_is_not_compared_with_itself() -> None:
    with pytest.raises(InputError, match="compared with itself"):
        itsm.compare("itil-4", "itil-4")


def test_without_the_solver_clauses_are_compared_by_their_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> None:
        raise itsm.EngineError("no solver")

    monkeypatch.setattr("itsm_ontology.analysis.comparison.implies", none)
    (pair,) = itsm.compare("itil-2011", "fitsm-3", terms=["service"]).pairs
    assert len(pair.first_demands) == 3
    assert pair.second_demands == ()


# ---------------------------------------------------------------------------------------------------------------------
# The command line

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str) -> tuple[int, str, str]:
        status = main([*map(str, arguments)])
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


COMMANDS = [
    ("disagreements", str(ROLLING_STOCK), "--term", "service"),
    ("coverage", str(ROLLING_STOCK), "--term", "service"),
    ("declared", str(ROLLING_STOCK), "--term", "service"),
    ("compare", "itil-2011", "fitsm-3", "--term", "service"),
    ("compare", "itil-2011", "fitsm-3", str(ROLLING_STOCK), "--term", "service"),
    ("diff", str(ROLLING_STOCK), str(ROLLING_STOCK), "--term", "service"),
    ("same", str(ROLLING_STOCK), str(ROLLING_STOCK), "Rolling-stock information"),
    (
        "holds", str(ROLLING_STOCK), "application-is-part-of-a-service",
        "--meaning", "application=archimate-3:application", "--meaning", "service=itil-2011:service",
    ),
]  # fmt: skip


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
def test_a_command_answers_in_every_format(arguments: tuple[str, ...], command: Run) -> None:
    status, text, _ = command(*arguments)
    assert status == 0
    assert text.strip()
    status, told, _ = command(*arguments, "--format", "json")
    assert status == 0
    json.loads(told)
    assert command(*arguments, "--format", "csv")[0] == 0


def test_a_command_names_its_model_as_the_user_did(command: Run) -> None:
    assert str(ROLLING_STOCK) in command("coverage", str(ROLLING_STOCK), "--term", "service")[1]


FAULTS = [
    (("compare", "itil-2011", "itil-3"), "itil-3"),
    (("holds", str(ROLLING_STOCK), "application-is-a-service"), "no definition of it is chosen"),
    (("holds", str(ROLLING_STOCK), "application-is-a-service", "--meaning", "application"), "TERM=TOKEN"),
    (("diff", str(ROLLING_STOCK), "nowhere.ttl"), "nowhere.ttl"),
    (("same", str(ROLLING_STOCK), str(ROLLING_STOCK), "Nothing"), "Nothing"),
    (("coverage", str(ROLLING_STOCK), "--evidence", "X"), "evidence mark"),
]


@pytest.mark.parametrize(("arguments", "words"), FAULTS, ids=lambda value: value[0] if isinstance(value, tuple) else "")
def test_a_fault_is_told_in_one_line(arguments: tuple[str, ...], words: str, command: Run) -> None:
    status, text, error = command(*arguments)
    assert (status, text) == (2, "")
    assert words in error
    assert error.count("\n") == 1
