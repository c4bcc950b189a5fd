"""Disputes: each shows what its sort promises, or says why it shows nothing."""

from __future__ import annotations

import pytest

import itsm_ontology as itsm
from itsm_ontology import InputError, UnknownNameError, catalogue
from itsm_ontology.cli.commands import main
from itsm_ontology.disputes import Clash, read_disputes
from itsm_ontology.document import Document
from itsm_ontology.reasoning.confirm import confirm
from itsm_ontology.reasoning.dispute import Showing

DISPUTES = catalogue().disputes
PROMISED = {
    True: Showing.NO_COMMON_MODEL,
    False: Showing.DIFFERENT_VERDICTS,
}
HEAD = """@prefix meta: <https://w3id.org/itsm-ontology/meta#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix framework: <https://w3id.org/itsm-ontology/framework/> .
@prefix dispute: <https://w3id.org/itsm-ontology/dispute/> .
"""


@pytest.mark.parametrize("token", DISPUTES)
def test_a_dispute_shows_what_its_sort_promises(token: str) -> None:
    pytest.importorskip("clingo")
    one = DISPUTES[token]
    shown = itsm.dispute(token, seconds=60)
    if not one.clash.promises_no_model and not one.clash.can_be_shown:
        assert shown.showing is Showing.RECORDED
    elif one.not_shown:
        assert shown.showing is Showing.RECORDED
        assert not one.clash.promises_no_model, "what promises that there is no model has to show it"
    else:
        assert shown.showing is PROMISED[one.clash.promises_no_model], shown.reason


@pytest.mark.parametrize("token", ["C20", "C30"])
def test_a_witness_is_confirmed_by_the_reference(token: str) -> None:
    pytest.importorskip("clingo")
    shown = itsm.dispute(token)
    assert shown.witness is not None
    assert confirm(shown.witness, catalogue())


def test_sides_are_taken_by_known_frameworks_and_say_where() -> None:
    for one in DISPUTES.values():
        for side in one.sides:
            assert side.text
            for party in side.parties:
                assert party.framework in catalogue().frameworks, (one.token, party.framework)
                assert party.evidence, (one.token, party.framework)
                assert all(source.work and source.locator for source in party.sources), (one.token, party.framework)


def test_what_sides_state_exists() -> None:
    definitions = catalogue().all_definitions
    known = {clause.token for d in definitions.values() for clause in d.constraints}
    known |= set(definitions) | set(catalogue().theses)
    stated = {token for one in DISPUTES.values() for side in one.sides for token in side.states}
    assert stated - known == set()
    assert len(stated) > 50


def test_a_clash_inside_one_position_has_one_party() -> None:
    """A self-tension is of one person or work; editions of a person's views are told apart by date."""
    for one in DISPUTES.values():
        if one.clash is Clash.SELF_TENSION:
            speakers = {party.framework.rpartition("-")[0] or party.framework for s in one.sides for party in s.parties}
            assert len(speakers) <= 3, one.token


BROKEN = [
    ("dispute:C0 a meta:Dispute .", "sort of clash"),
    ("dispute:C0 a meta:Dispute ; meta:clash meta:Quarrel .", "sort of clash"),
    ("dispute:C0 a meta:Dispute ; meta:clash meta:Ranking .", "oneSide"),
    (
        'dispute:C0 a meta:Dispute ; meta:clash meta:Ranking ; meta:oneSide [ rdfs:label "a" ] ; meta:otherSide [] .',
        "nobody takes",
    ),
]


@pytest.mark.parametrize(("text", "words"), BROKEN)
def test_a_dispute_that_lacks_something_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_disputes(Document("disputes.ttl", (HEAD + text).encode()))


def test_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["disputes", "--format", "csv"]) == 0
    assert len(capsys.readouterr().out.strip().splitlines()) >= len(DISPUTES)
    assert main(["show", "c1"]) == 0
    said = capsys.readouterr().out
    assert "l.631" in said
    assert "application-is-a-service" in said
    assert main(["show", "betz-2010"]) == 0
    assert "C1 (unsatisfiable)" in capsys.readouterr().out


def test_a_dispute_that_there_is_none_of() -> None:
    with pytest.raises(UnknownNameError, match="C999"):
        itsm.dispute("C999")
