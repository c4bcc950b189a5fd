"""Comparing definitions: implication, relation, compatibility, order, theses; in the API and on the command line.

What is expected is what the domain says: section 3 (contradictions C1, C6, C21, …) and 3.5 (the order of "service").
Soundness itself is tested in test_reasoning_sound.py.
"""

from __future__ import annotations

import csv
import io
import json
import random
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

import itsm_ontology as itsm
from itsm_ontology import conditions as c
from itsm_ontology.cli import main
from itsm_ontology.definitions import Constraint
from itsm_ontology.errors import InputError, UnknownNameError
from itsm_ontology.names import ITSM
from itsm_ontology.paths import OneOrMore, Relation, Sequence, ZeroOrMore
from itsm_ontology.reasoning.bound import small_model_bound
from itsm_ontology.reasoning.claims import claim, comparable
from itsm_ontology.reasoning.confirm import confirm
from itsm_ontology.reasoning.implication import Kind, Pair, Status, relation_of
from itsm_ontology.reasoning.relations import digest, published_relations, read_relations, terms_joined
from itsm_ontology.reasoning.search import Nature
from itsm_ontology.reasoning.solver import Deadline
from itsm_ontology.reasoning.thesis import Answer
from itsm_ontology.vocabulary import vocabulary

CATALOGUE = itsm.catalogue()


# ---------------------------------------------------------------------------------------------------------------------
# Implication and relation


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("itil-2011:service", "iso-20000-2018:service", Kind.NARROWER),  # C21: drop the clause on costs and risks
        ("itil-2011:service", "fitsm-3:service", Kind.NARROWER),
        ("fitsm-3:service", "itil-2011:service", Kind.BROADER),
        ("itil-2011:service", "itil-4:service", Kind.OVERLAPPING),  # C20, C22
        ("itil-2011:service", "soa-rm-1.0:service", Kind.OVERLAPPING),  # 3.5, 4
        ("usmbok-2008:service", "itil-2011:service", Kind.OVERLAPPING),  # 3.5, 5
        ("clark:service.output", "skeptic-2010:service.output", Kind.OVERLAPPING),  # 3.5, 1: no inclusion either way
        ("asl-2:application.usage", "von-neumann:application.betz", Kind.DISJOINT),  # C6
        ("nen-3434-2007:application", "von-neumann:application.betz", Kind.OVERLAPPING),  # 3.5, 6: silent on hardware
        ("betz-2010:application", "betz-2010:service", Kind.NARROWER),  # l.631: a subtype of service
        ("itil-2011:service-availability", "itil-2011:service", Kind.NOT_COMPARABLE),
    ],
)
def test_how_two_definitions_relate(first: str, second: str, kind: Kind) -> None:
    found = itsm.relation(first, second)
    assert found.kind is kind
    regions = {
        "both": kind not in (Kind.DISJOINT, Kind.NOT_COMPARABLE),
        "only_first": kind in (Kind.BROADER, Kind.DISJOINT, Kind.OVERLAPPING),
        "only_second": kind in (Kind.NARROWER, Kind.DISJOINT, Kind.OVERLAPPING),
    }
    assert {name: getattr(found, name) is not None for name in regions} == regions


def test_a_proof_names_the_clauses() -> None:
    proof = itsm.implies("itil-2011:service", "fitsm-3:service")
    assert proof.status is Status.PROVED
    assert [(step.clause.token, [reason.token for reason in step.because]) for step in proof.steps] == [
        ("fitsm-3:service-customer", ["itil-2011:service-customer"]),
        ("fitsm-3:service-outcome", ["itil-2011:service-outcome"]),
    ]


def test_a_proof_that_has_to_be_searched_names_the_clause_too() -> None:
    """A network, or a PC, is infrastructure by the vocabulary: no clause of the two is the same."""
    proof = itsm.implies("meijer-2010:service", "vinod-2010:service.container-infrastructure")
    assert proof.status is Status.PROVED
    assert proof.steps[0].because[0].token in ("meijer-2010:service-network", "meijer-2010:service-pcs")
    assert proof.steps[0].elements >= 2


def test_a_witness_is_a_model_like_any_other(tmp_path: Path) -> None:
    refuted = itsm.implies("fitsm-3:service", "itil-2011:service")
    witness = refuted.witness
    assert witness is not None
    file = tmp_path / "witness.ttl"
    file.write_text(witness.model.turtle(), encoding="utf-8")
    verdicts = itsm.evaluate(itsm.load(file), definitions=["fitsm-3:service", "itil-2011:service"])
    assert verdicts[witness.element, "fitsm-3:service"].conforms is True
    assert verdicts[witness.element, "itil-2011:service"].conforms is False
    assert witness.model.problems == ()
    assert (witness.nature, witness.meets, witness.fails) == (
        Nature.PLAIN,
        ("fitsm-3:service",),
        ("itil-2011:service",),
    )
    assert confirm(witness) == ("fitsm-3:service", "itil-2011:service")


def test_the_smallest_fitsm_service_has_a_customer_who_wants_an_outcome() -> None:
    """Three things suffice: the service, its customer, the outcome; that customer wants it; four facts, three kinds."""
    witness = itsm.implies("fitsm-3:service", "itil-2011:service").witness
    assert witness is not None
    assert witness.size == (3, 6)
    relations = {fact[1] for fact in witness.facts}
    assert relations == {"is", "has as customer", "facilitates", "is desired by"}


PART = Relation(ITSM.hasPart)
SOME_PART = c.AtLeast(1, OneOrMore(PART), c.OfClass(ITSM.Software))


@pytest.mark.parametrize(
    ("other", "elements"),
    [
        (c.AtMost(0, OneOrMore(PART), c.OfClass(ITSM.DataSet)), 2),  # a long trail can be one fact
        (c.AtMost(0, Sequence((ZeroOrMore(PART), PART)), c.OfClass(ITSM.DataSet)), 2),  # the same path, written longer
        (c.AtMost(0, Sequence((PART, ZeroOrMore(PART))), c.OfClass(ITSM.DataSet)), 2),
        (c.AtMost(0, PART, c.OfClass(ITSM.DataSet)), None),  # here it could not: the end would be a part itself
        (c.AtMost(0, Sequence((ZeroOrMore(Relation(ITSM.stores)), PART)), c.OfClass(ITSM.DataSet)), None),
    ],
)
def test_how_many_elements_are_enough(other: c.Condition, elements: int | None) -> None:
    assert small_model_bound([SOME_PART, other], vocabulary()).elements == elements


def test_time_is_up() -> None:
    late = itsm.relation("itil-2007:application", "meijer-2010:application", seconds=0)
    assert late.kind is Kind.OPEN
    assert "the time of 0 s was over" in str(late.forwards)


@pytest.mark.parametrize(
    ("ask", "problem"),
    [
        (lambda: itsm.implies("itil-2011:sevice", "itil-4:service"), "itil-2011:service"),
        (lambda: itsm.compatible([]), "nothing is named"),
        (lambda: itsm.compatible(theses=["application-is-a-servise"]), "application-is-a-service"),
        (
            lambda: itsm.compatible(theses=["application-is-a-service"], meaning={"service": "itil-2011:application"}),
            "defines 'application' and not 'service'",
        ),
        (lambda: itsm.thesis("application-is-a-service", frameworks=["wikipedia-apm"]), "no definition of 'service'"),
        (lambda: itsm.lattice("servise"), "service"),
    ],
)
def test_a_wrong_name_is_one_clear_error(ask: object, problem: str) -> None:
    with pytest.raises((InputError, UnknownNameError), match=problem):
        ask()  # type: ignore[operator]


def test_two_clauses_may_ask_the_same() -> None:
    """A file of one's own may say a thing twice; each clause has its step in a proof."""
    narrow, broad = CATALOGUE.definition("itil-2011:service"), CATALOGUE.definition("fitsm-3:service")
    physical = c.OfClass(ITSM.PhysicalThing)
    twice = tuple(Constraint(f"urn:x:{name}", "Is physical.", physical) for name in "ab")
    hardware = replace(narrow, constraints=(Constraint("urn:x:c", "Is hardware.", c.OfClass(ITSM.Hardware)),))
    proof = itsm.implies(hardware, replace(broad, constraints=twice))
    assert [(step.clause.iri, len(step.because)) for step in proof.steps] == [("urn:x:a", 1), ("urn:x:b", 1)]


def test_a_name_alone_is_one_name() -> None:
    order = itsm.lattice("service", frameworks="itil-2011")
    assert order.definitions == ("itil-2011:service",)
    assert itsm.thesis("application-is-a-service", frameworks="betz-2010").objects == ("betz-2010:service",)


# ---------------------------------------------------------------------------------------------------------------------
# Compatibility and theses


def test_betz_and_the_skeptic_leave_no_application() -> None:
    """C1: is-a against disjoint, with an application there; whatever the two words mean."""
    clash = itsm.compatible(theses=["application-is-a-service", "no-application-is-a-service"])
    assert clash.possible is False
    assert set(clash.clashing) == {"an application", "application-is-a-service", "no-application-is-a-service"}


@pytest.mark.parametrize("thesis", ["application-is-a-service", "no-application-is-a-service"])
def test_each_alone_is_possible(thesis: str) -> None:
    assert itsm.compatible(theses=[thesis]).possible is True


def test_if_every_application_is_betzs_service_it_hides_its_delivery() -> None:
    """C75: the hiding and the subtype thesis together."""
    meaning = {"application": "itil-2011:application", "service": "betz-2010:service"}
    with_thesis = itsm.implies(
        "itil-2011:application",
        "betz-2010:service-delivery-hidden",
        theses=["application-is-a-service"],
        meaning=meaning,
    )
    without = itsm.implies("itil-2011:application", "betz-2010:service-delivery-hidden")
    assert (with_thesis.status, without.status) == (Status.PROVED, Status.REFUTED)
    assert [reason.token for reason in with_thesis.steps[0].because] == ["thesis:application-is-a-service"]


def test_what_clashes_is_as_little_as_can_be() -> None:
    """C6: of three definitions two clash, and of these one clause each; NEN 3434 has no part in it."""
    clash = itsm.compatible(["nen-3434-2007:application", "asl-2:application.usage", "von-neumann:application.betz"])
    assert clash.possible is False
    assert [part.token for part in clash.conflict] == [
        "asl-2:application.usage-no-infrastructure",
        "von-neumann:application.betz-hardware",
    ]


def test_three_services_in_one() -> None:
    together = itsm.compatible(["itil-2011:service", "itil-4:service", "fitsm-3:service"])
    assert together.possible is True
    assert together.witness is not None
    verdicts = itsm.evaluate(together.witness.model, definitions=together.asked, elements=[together.witness.element])
    assert [verdicts[together.witness.element, token].conforms for token in together.asked] == [True, True, True]


FEW = ("betz-2010", "itil-2011", "skeptic-2010")


def test_every_application_a_service() -> None:
    matrix = itsm.thesis("application-is-a-service", frameworks=FEW)
    assert matrix["betz-2010:application", "betz-2010:service"] is Answer.PROVED
    assert matrix["itil-2011:application", "itil-2011:service"] is Answer.REFUTED
    # the Skeptic's application is a technical thing; his stewardship is an activity
    assert matrix["skeptic-2010:application", "skeptic-2010:service.stewardship"] is Answer.EXCLUDED
    assert sum(matrix.counts.values()) == len(matrix.subjects) * len(matrix.objects)
    with pytest.raises(UnknownNameError):
        matrix["itil-2011:application", "itil-4:service"]


def test_the_contrary_thesis_is_its_mirror() -> None:
    """Where everything is, "none is" is excluded; where nothing can be, "none is" is proved."""
    every = itsm.thesis("application-is-a-service", frameworks=FEW)
    none = itsm.thesis("no-application-is-a-service", frameworks=FEW)
    mirror = {Answer.PROVED: Answer.EXCLUDED, Answer.EXCLUDED: Answer.PROVED, Answer.REFUTED: Answer.REFUTED}
    assert {pair: mirror[answer] for pair, answer in every.cells.items()} == dict(none.cells)


def test_a_thesis_along_a_path() -> None:
    matrix = itsm.thesis("application-has-hardware", frameworks=["von-neumann", "asl-2"])
    column = matrix.objects[0]
    assert matrix["von-neumann:application.betz", column] is Answer.PROVED
    assert matrix["asl-2:application.usage", column] is Answer.EXCLUDED


def test_a_thesis_of_identity() -> None:
    matrix = itsm.thesis("application-is-the-service", frameworks=["betz-2010"])
    pair = ("betz-2010:application", "betz-2010:service")
    assert matrix[pair] is Answer.REFUTED  # a subtype, and not all services are applications (l.223)
    witness = matrix.witness(*pair)
    assert witness is not None
    assert (witness.meets, witness.fails) == (("betz-2010:service",), ("betz-2010:application",))


def test_a_witness_against_a_thesis() -> None:
    matrix = itsm.thesis("no-application-is-a-service", frameworks=["itil-2011"])
    witness = matrix.witness("itil-2011:application", "itil-2011:service")
    assert witness is not None
    assert witness.meets == ("itil-2011:application", "itil-2011:service")
    assert matrix._repr_html_().count("<td") == 1


# ---------------------------------------------------------------------------------------------------------------------
# Order


SERVICES = ["itil-2007:service", "itil-2011:service", "itil-4:service", "fitsm-3:service", "soa-rm-1.0:service"]


@pytest.fixture(scope="module")
def order() -> itsm.Lattice:
    return itsm.lattice(definitions=SERVICES, fresh=True)


def test_the_order(order: itsm.Lattice) -> None:
    assert ("itil-2007:service", "itil-2011:service") in order.groups
    assert {(low, high) for low, high, _ in order.edges} == {
        ("itil-2007:service", "fitsm-3:service"),
        ("itil-4:service", "fitsm-3:service"),
    }
    assert dict(order.counts) == {Status.PROVED: 5, Status.REFUTED: 15, Status.OPEN: 0}


def test_what_ships_says_the_same(order: itsm.Lattice) -> None:
    assert itsm.lattice(definitions=SERVICES).statuses == order.statuses
    for token in ("application-is-a-service", "no-application-is-a-service", "application-is-the-service"):
        fresh = itsm.thesis(token, frameworks=["archimate-3", "betz-2010"], fresh=True)
        assert itsm.thesis(token, frameworks=["archimate-3", "betz-2010"]).cells == fresh.cells


def test_the_order_as_a_graph(order: itsm.Lattice) -> None:
    graph = order.graph
    assert set(graph.nodes) == {"itil-2007:service", "itil-4:service", "fitsm-3:service", "soa-rm-1.0:service"}
    assert graph.nodes["itil-2007:service"]["tokens"] == ("itil-2007:service", "itil-2011:service")
    assert graph.edges["itil-4:service", "fitsm-3:service"] == {"status": "proved"}


def test_the_order_as_pictures(order: itsm.Lattice) -> None:
    root = ET.fromstring(order.svg())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    for text in (order.svg(), order.mermaid(), order.dot()):
        assert all(token in text for token in SERVICES)


def test_open_pairs_are_dashed() -> None:
    late = itsm.lattice(definitions=SERVICES[1:3], seconds=0, fresh=True)
    assert {status for _, _, status in late.edges} == {Status.OPEN}
    assert all(arrow.dashed for arrow in late.picture.arrows)


# ---------------------------------------------------------------------------------------------------------------------
# The relations that ship with the library


PUBLISHED = (Path(__file__).parent / "data" / "published-tokens.txt").read_text(encoding="utf-8").split()


def test_the_relations_that_ship_are_those_of_the_published_definitions() -> None:
    """After a change to a definition or an axiom: itsm-ontology relations --output vocab/relations.ttl."""
    known = published_relations()
    shown = [CATALOGUE.definition(token) for token in PUBLISHED]
    hidden = {
        one.token for one in shown if one.auxiliary or one.informal or one.only_by_reference or one.evidence == "M"
    }
    usable = [one for one in shown if one.token not in hidden]
    assert known.digests == {one.token: digest(one) for one in usable}
    claims = {one.token: claim(one, CATALOGUE) for one in usable}
    joined = terms_joined(CATALOGUE)
    pairs = {
        (a, b)
        for a, b in permutations(claims, 2)
        if a < b and comparable(claims[a], claims[b]) and {claims[a].term, claims[b].term} in joined
    }
    assert set(known.kinds) == pairs
    assert len(pairs) > 2_000


def test_a_sample_of_them_is_found_again() -> None:
    known = published_relations()
    chance = random.Random(20261123)
    rare = [pair for pair, kind in known.kinds.items() if kind not in (Kind.OVERLAPPING, Kind.DISJOINT, Kind.OPEN)]
    sample = [*chance.sample(rare, 15), *chance.sample(sorted(known.kinds), 25)]
    for one, other in sample:
        pair = Pair(claim(one, CATALOGUE), claim(other, CATALOGUE), deadline=Deadline(20), natural=False)
        assert relation_of(pair).kind is known.kinds[one, other], (one, other)


@pytest.mark.parametrize("term", sorted({one.term for one in CATALOGUE.definitions}))
def test_implication_is_an_order_within_a_term(term: str) -> None:
    """On common ground that is no matter of course (docs/decisions/common-ground.md)."""
    known = published_relations()
    tokens = [token for token in known.digests if CATALOGUE.definition(token).term == term]
    below = {(a, b) for a, b in permutations(tokens, 2) if known.known(a, b) in (Kind.NARROWER, Kind.EQUIVALENT)}
    assert {(a, d) for a, b in below for c, d in below if b == c and a != d} <= below


def test_relations_are_taken_up_where_they_were_left() -> None:
    chosen = ["itil-2011:service", "itil-4:service", "fitsm-3:service"]
    known = read_relations(itsm.relations(definitions=chosen[:2]).turtle().encode())
    seen: list[int] = []
    again = itsm.relations(definitions=chosen, known=known, kept=lambda so_far: seen.append(len(so_far.kinds)))
    assert seen == [2, 3]
    assert again["fitsm-3:service", "itil-2011:service"] is Kind.BROADER
    assert read_relations(again.turtle().encode()).kinds == again.kinds


# ---------------------------------------------------------------------------------------------------------------------
# The command line


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(list(arguments))
    said = capsys.readouterr()
    return status, said.out, said.err


def test_implies_on_the_command_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    picture = tmp_path / "witness.svg"
    status, out, err = run(capsys, "implies", "fitsm-3:service", "itil-2011:service", "--svg", str(picture))
    assert (status, err) == (0, "")
    assert out.startswith("refuted: not everything that is fitsm-3:service is itil-2011:service\n")
    assert out.endswith("Confirmed by the SQL engine and by pySHACL.\n")
    assert "has as customer" in "".join(ET.parse(picture).getroot().itertext())


def test_relation_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "relation", "itil-2011:service", "fitsm-3:service", "--format", "json")
    told = json.loads(out)
    assert told["relation"] == "narrower"
    assert told["only_first"] is None
    model = itsm.load(told["only_second"]["turtle"].encode(), format="turtle")
    verdicts = itsm.evaluate(model, definitions=["itil-2011:service"])
    assert verdicts[told["only_second"]["element"], "itil-2011:service"].conforms is False


def test_compatible_as_turtle(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "compatible", "itil-2011:service", "itil-4:service", "--format", "turtle")
    assert len(itsm.load(out.encode(), format="turtle").elements) >= 4


def test_thesis_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    chosen = [word for token in FEW for word in ("--framework", token)]
    _, out, _ = run(capsys, "thesis", "application-is-a-service", *chosen, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert {row["answer"] for row in rows if row["subject"] == row["object"].replace("service", "application")} == {
        "proved",
        "refuted",
    }
    status, out, _ = run(
        capsys, "thesis", "application-is-a-service", "--witness", "itil-2011:application", "itil-2011:service"
    )
    assert status == 0
    assert "is itil-2011:application, and not itil-2011:service" in out


@pytest.mark.parametrize("form", ["text", "json", "csv", "mermaid", "dot"])
def test_lattice_on_the_command_line(capsys: pytest.CaptureFixture[str], form: str) -> None:
    chosen = ["--definition", "itil-2011:service", "--definition", "fitsm-3:service", "--format", form]
    status, out, err = run(capsys, "lattice", *chosen)
    assert (status, err) == (0, "")
    assert "itil-2011:service" in out


def test_relations_are_kept_in_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "relations.ttl"
    chosen = ["--definition", "itil-2011:service", "--definition", "fitsm-3:service", "--output", str(file)]
    for _ in range(2):
        status, out, _ = run(capsys, "relations", *chosen)
        assert status == 0
        assert out.startswith("1 comparable pair of 2 definitions")
    assert read_relations(file)["fitsm-3:service", "itil-2011:service"] is Kind.BROADER
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("implies", "itil-2011:service", "x:y"), "no definition 'x:y'"),
        (("implies", "itil-2011:service", "itil-4:service", "--most", "99"), "no number from 1 to"),
        (("implies", "itil-2011:service", "itil-4:service", "--meaning", "service"), "Write TERM=TOKEN"),
        (("implies", "itil-2011:service", "fitsm-3:service", "--svg", "x.svg"), "nothing to draw"),
        (("lattice",), "nothing is named"),
        (("thesis", "application-is-a-service", "--svg", "x.svg"), "--witness SUBJECT OBJECT"),
        (("thesis", "no-such-thesis"), "no thesis 'no-such-thesis'"),
        (
            ("thesis", "application-is-a-service", "--witness", "itil-2011:service", "itil-2011:application"),
            "in this order",
        ),
        (("compatible",), "nothing is named"),
    ],
)
def test_wrong_arguments_are_one_line(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], problem: str
) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert problem in err
    assert err.count("\n") == 1


def ask(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, answers: str, *arguments: str
) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.stdin", io.StringIO(answers))
    return run(capsys, "ask", *arguments)


def test_an_interview_on_the_command_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A thing without a customer is no service to ITIL or FitSM; one answer each for kind and customer settles that."""
    file = tmp_path / "mail.ttl"
    chosen = ["--definition", "itil-2011:service", "--definition", "fitsm-3:service"]
    status, out, err = ask(capsys, monkeypatch, "arrangement\nno\n", "the mail system", *chosen, "--save", str(file))
    assert status == 0
    assert "Does the mail system have a customer?" in err
    assert out.startswith("the mail system: 2 answers\ndoes not meet (2):\n")
    verdicts = itsm.evaluate(itsm.load(file), definitions=["itil-2011:service", "fitsm-3:service"])
    assert {verdict.outcome for verdict in verdicts if verdict.label == "the mail system"} == {
        itsm.Outcome.CONTRADICTED
    }


def test_an_interview_goes_on_where_it_was_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    chosen = ["--definition", "fitsm-3:service", "--format", "json"]
    _, out, _ = ask(capsys, monkeypatch, "arrangement\nback\narrangement\nyes\nstop\n", "mail", *chosen)
    told = json.loads(out)
    assert told["answers"] == {"kind": "arrangement", "fitsm-3:service-customer": True}
    assert [question["key"] for question in told["questions"]] == ["fitsm-3:service-outcome"]
    file = tmp_path / "answers.json"
    file.write_text(out, encoding="utf-8")
    _, out, _ = ask(capsys, monkeypatch, "", "mail", *chosen, "--answers", str(file), "--no-questions")
    assert json.loads(out)["answers"] == told["answers"]


@pytest.mark.parametrize(
    ("answers", "arguments", "problem"),
    [
        ("perhaps\n", ("mail",), "no kind 'perhaps'"),
        ("arrangement\nperhaps\n", ("mail", "--definition", "fitsm-3:service"), "'perhaps' is no answer"),
        ("", ("mail", "--term", "servise"), "no term 'servise'"),
        ("", ("mail", "--answers", "no-such-file.json"), "no-such-file.json"),
    ],
)
def test_wrong_answers_are_one_line(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    answers: str,
    arguments: tuple[str, ...],
    problem: str,
) -> None:
    status, out, err = ask(capsys, monkeypatch, answers, *arguments)
    assert (status, out) == (2, "")
    assert problem in err.splitlines()[-1]


def test_repairs_on_the_command_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "mail.ttl"
    file.write_text(itsm.Model.from_records([{"id": "mail", "kind": "Arrangement"}]).turtle(), encoding="utf-8")
    status, out, _ = run(capsys, "repair", str(file), "mail", "fitsm-3:service", "--format", "json")
    told = json.loads(out)
    assert (status, told["outcome"]) == (0, "UNDETERMINED")
    assert {fact[1] for fact in told["changes"][0]["additions"]} >= {"itsm:customer", "itsm:facilitates"}
    _, out, _ = run(capsys, "repair", str(file), "mail", "fitsm-3:service", "--apply", "1")
    verdicts = itsm.evaluate(itsm.load(out.encode(), format="turtle"), definitions=["fitsm-3:service"])
    assert verdicts["urn:model:mail", "fitsm-3:service"].conforms is True
    status, out, err = run(capsys, "repair", str(file), "mail", "fitsm-3:service", "--apply", "9")
    assert (status, out) == (2, "")
    assert "--apply 9: there are" in err
