"""Theses: that the data says what the thread says, that what is not right is refused, and how they are shown."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from conftest import ROOT, beside
from pyoxigraph import RdfFormat, Store

from itsm_ontology import InputError, UnknownNameError, catalogue
from itsm_ontology import paths as p
from itsm_ontology.cli import main
from itsm_ontology.document import Document
from itsm_ontology.evidence import EVIDENCE
from itsm_ontology.names import ITSM, PREFIXES, THESIS
from itsm_ontology.theses import Notion, Quantity, Thesis, read_theses

THESES = catalogue().theses
PART, WHOLE = p.OneOrMore(p.Relation(ITSM.hasPart)), p.OneOrMore(p.Relation(ITSM.partOf))
ASPECT = p.OneOrMore(p.Relation(ITSM.aspectOf))
SERVICE, APPLICATION = Notion(term="service"), Notion(term="application")
SECURITY = Notion(kind=ITSM.Security)


# ---------------------------------------------------------------------------------------------------------------------
# What is claimed, and by whom

FORMS = {
    "application-is-a-service": (Quantity.EVERY, APPLICATION, p.HERE, SERVICE),
    "no-application-is-a-service": (Quantity.NO, APPLICATION, p.HERE, SERVICE),
    "application-is-the-service": (Quantity.COINCIDE, APPLICATION, p.HERE, SERVICE),
    "application-is-part-of-a-service": (Quantity.EVERY, APPLICATION, WHOLE, SERVICE),
    "application-is-a-direct-part-of-a-service": (Quantity.EVERY, APPLICATION, p.Relation(ITSM.partOf), SERVICE),
    "service-has-an-application": (Quantity.EVERY, SERVICE, PART, APPLICATION),
    "application-has-service-parts": (Quantity.EVERY, APPLICATION, PART, SERVICE),
    "application-has-hardware": (Quantity.EVERY, APPLICATION, PART, Notion(kind=ITSM.Hardware)),
    "no-application-has-hardware": (Quantity.NO, APPLICATION, PART, Notion(kind=ITSM.Hardware)),
    "availability-within-security": (
        Quantity.EVERY,
        Notion(term="service-availability"),
        p.Alternative((ASPECT, p.Sequence((ASPECT, p.Relation(ITSM.ensures))))),
        SECURITY,
    ),
    "capacity-within-availability": (
        Quantity.EVERY,
        Notion(kind=ITSM.Capacity),
        p.Alternative((ASPECT, p.Sequence((p.Relation(ITSM.ensuredBy), ASPECT)))),
        Notion(term="service-availability"),
    ),
}


@pytest.mark.parametrize("token", FORMS)
def test_form(token: str) -> None:
    thesis = THESES[token]
    assert (thesis.quantity, thesis.subject, thesis.path, thesis.object) == FORMS[token]


@pytest.mark.parametrize(
    ("token", "held", "denied"),
    [
        ("application-is-a-service", {"betz-2010"}, {"skeptic-2010", "asl-2", "enterprise-it-2010"}),
        ("no-application-is-a-service", {"skeptic-2010", "archimate-3"}, {"betz-2010"}),
        ("application-is-the-service", {"value-commenter-2010"}, {"betz-2010", "skeptic-2010", "vinod-2010"}),
        ("application-is-part-of-a-service", {"skeptic-2010", "vinod-2010", "itil-2011"}, set()),
        ("service-has-an-application", set(), {"skeptic-2010", "betz-2010"}),
        ("application-service-is-an-application", {"togaf-9.2"}, {"archimate-3"}),
        ("capacity-within-availability", {"skeptic-2010", "valle-2010"}, {"itil-2011"}),
        ("availability-within-security", {"valle-2010"}, {"skeptic-2010"}),
        ("business-relationship-management-is-a-process", {"itil-2011", "underscore-2010"}, {"itil-2007", "sfia-9"}),
    ],
)
def test_who_holds_and_who_denies(token: str, held: set[str], denied: set[str]) -> None:
    thesis = THESES[token]
    assert held <= set(thesis.held_by)
    assert denied <= set(thesis.denied_by)
    assert not held & set(thesis.denied_by)
    assert not denied & set(thesis.held_by)


def test_betz_does_not_take_application_and_service_for_the_same() -> None:
    """He says that not all services are applications (l.223); his sentence at l.595 is about each application."""
    assert "betz-2010" not in THESES["application-is-the-service"].held_by
    assert "betz-2010" in THESES["service-is-an-application"].denied_by


# Positions whose two senses or genera stand on both sides of one thesis.
DIVIDED = {
    ("account-manager-is-a-business-relationship-manager", "itil-2007"),
    ("application-has-hardware", "csdm-5"),
    ("application-is-software", "csdm-5"),
    ("infrastructure-serves-an-application", "betz-2010"),
    ("no-application-has-hardware", "csdm-5"),
    ("service-is-a-process", "clark"),
    ("service-is-a-process", "skeptic-2010"),
    ("service-is-information", "skeptic-2010"),
}


def test_nobody_is_divided_unseen() -> None:
    divided = {(one.token, who) for one in THESES.values() for who in set(one.held_by) & set(one.denied_by)}
    assert divided == DIVIDED
    for token, who in divided:
        assert all(holding.comment for holding in THESES[token].holdings if holding.framework == who)


def test_nobody_holds_a_thesis_and_its_contrary() -> None:
    def form(thesis: Thesis) -> tuple[object, ...]:
        return thesis.subject, thesis.path, thesis.object

    pairs = [
        (one, other)
        for one in THESES.values()
        for other in THESES.values()
        if (one.quantity, other.quantity) == (Quantity.EVERY, Quantity.NO) and form(one) == form(other)
    ]
    assert len(pairs) >= 3
    both = {who for one, other in pairs for who in set(one.held_by) & set(other.held_by)}
    assert both == {"csdm-5"}, "which has two tables"


def test_forms_are_told_apart() -> None:
    forms = [(one.quantity, one.subject, one.path, one.object) for one in THESES.values()]
    assert len(forms) >= 30
    assert len(set(forms)) == len(forms)
    assert len({one.label for one in THESES.values()}) == len(forms)


def test_tokens_are_of_nothing_else() -> None:
    others = catalogue().frameworks.keys() | catalogue().terms.keys() | catalogue().all_definitions.keys()
    assert not THESES.keys() & others
    assert list(THESES) == sorted(THESES)


def test_names_are_known() -> None:
    for thesis in THESES.values():
        assert {holding.framework for holding in thesis.holdings} <= catalogue().frameworks.keys()
        assert {holding.evidence for holding in thesis.holdings} <= EVIDENCE.keys()
        assert {thesis.subject.term, thesis.object.term} - {""} <= catalogue().terms.keys()


# ---------------------------------------------------------------------------------------------------------------------
# The thread

THREAD = "ITIL Service Delivery Manager, thread at itskeptic.org, 2010"
SKEPTIC = (
    (1, 15), (32, 38), (59, 64), (83, 87), (134, 147), (161, 165), (175, 187), (240, 248), (278, 284), (290, 296),
    (315, 319), (346, 350), (371, 376), (378, 394), (480, 484), (505, 511), (617, 626), (663, 683), (712, 714),
    (733, 747), (769, 771), (776, 780), (795, 801),
)  # fmt: skip
MEIJER = ((189, 199), (286, 288), (298, 312), (440, 453), (461, 465))
SPEAKERS = {
    "asl-2": MEIJER,
    "meijer-2010": MEIJER,
    "skeptic-2010": SKEPTIC,
    "betz-2010": (
        (219, 237), (252, 262), (321, 325), (336, 344), (352, 368), (455, 459), (497, 503), (513, 547), (565, 571),
        (589, 599), (629, 661), (693, 701),
    ),
    "clark": ((201, 217),),
    "enterprise-it-2010": ((265, 275),),
    "finister-2010": ((117, 132), (415, 426)),
    "itil-2007": ((36, 36), (72, 87), (791, 801)),
    "layers-2010": ((397, 410),),
    "late-to-the-party-2010": ((167, 173),),
    "roos-2010": ((26, 30), (40, 47), (49, 57), (72, 74), (327, 333)),
    "turing-1947": ((653, 653),),
    "usmbok-2008": ((482, 482),),
    "underscore-2010": ((77, 81), (89, 100)),
    "valle-2010": ((703, 710), (716, 731), (749, 766)),
    "value-commenter-2010": ((428, 438),),
    "zaucha-2010": ((774, 774),),
    "vinod-2010": ((549, 563), (573, 587), (601, 615)),
}  # fmt: skip
QUOTED = [
    (thesis.token, holding.framework, source.locator)
    for thesis in THESES.values()
    for holding in thesis.holdings
    for source in holding.sources
    if source.work == THREAD
]


def test_lines_are_the_speakers_own() -> None:
    assert len(QUOTED) > 40
    wrong = []
    for token, who, locator in QUOTED:
        spans = re.findall(r"(\d+)(?:-(\d+))?", locator)
        assert spans, locator
        for first, last in spans:
            if not any(low <= int(first) <= int(last or first) <= high for low, high in SPEAKERS[who]):
                wrong.append((token, who, locator))
    assert wrong == []


@pytest.mark.parametrize(
    ("token", "who", "line", "words"),
    [
        ("application-is-a-service", "betz-2010", 631, "Application is a subtype of Service"),
        ("application-is-a-service", "skeptic-2010", 509, "aren't even a subset of services"),
        ("no-application-is-part-of-a-service", "betz-2010", 595, "the application itself *is* the service"),
        ("application-is-the-service", "value-commenter-2010", 432, "often refer to the same thing"),
        ("application-is-the-service", "vinod-2010", 606, "not equal to"),
        ("application-is-part-of-a-service", "vinod-2010", 604, "subcomponents"),
        ("application-has-hardware", "betz-2010", 527, "combination of hardware and software"),
        ("no-application-has-hardware", "asl-2", 446, "does not include the infrastructure"),
        ("capacity-within-availability", "skeptic-2010", 8, "Capacity is a subset of Availability"),
        ("availability-within-security", "valle-2010", 707, "itself a subset of security"),
        ("service-availability-is-information-availability", "skeptic-2010", 714, "a different use of the word"),
        ("service-availability-impacts-information-availability", "valle-2010", 720, "will impact in the availability"),
        ("no-application-holds-information", "meijer-2010", 197, "There is no information in an application"),
        ("service-has-an-application", "skeptic-2010", 348, "not every service is based on an application"),
        ("service-is-a-process", "enterprise-it-2010", 275, "really like the pre-V2 definition"),
        ("service-is-an-outcome", "vinod-2010", 611, "the outcomes business expects from IT"),
        ("information-service-is-a-service", "skeptic-2010", 179, "four categories of IT service"),
        ("it-service-is-an-application-service", "betz-2010", 517, "never argued"),
    ],
)
def test_the_words_stand_where_the_source_says(token: str, who: str, line: int, words: str) -> None:
    assert words in beside("seed", "thread.txt").read_text(encoding="utf-8").split("\n")[line - 1]
    spans = [
        (int(first), int(last or first))
        for one, other, locator in QUOTED
        if (one, other) == (token, who)
        for first, last in re.findall(r"(\d+)(?:-(\d+))?", locator)
    ]
    assert any(low <= line <= high for low, high in spans)


# ---------------------------------------------------------------------------------------------------------------------
# Reading

GOOD = """@prefix framework: <https://w3id.org/itsm-ontology/framework/> .
@prefix itsm: <https://w3id.org/itsm-ontology/itsm#> .
@prefix meta: <https://w3id.org/itsm-ontology/meta#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix term: <https://w3id.org/itsm-ontology/term/> .
@prefix thesis: <https://w3id.org/itsm-ontology/thesis/> .
thesis:own a meta:Thesis ;
    meta:quantity meta:Every ;
    meta:subjectTerm term:service ;
    meta:path itsm:hasPart ;
    meta:objectKind itsm:Software ;
    meta:denial [ meta:framework framework:clark ; meta:evidence meta:Vs ] .
"""


def read(text: str) -> Thesis:
    (thesis,) = read_theses(Document("own.ttl", text.encode()))
    return thesis


def test_reading() -> None:
    thesis = read(GOOD)
    assert (thesis.token, thesis.label, thesis.file) == ("own", "own", "own.ttl")
    assert (thesis.held_by, thesis.denied_by) == ((), ("clark",))
    assert thesis.path == p.Relation(ITSM.hasPart)
    assert read(GOOD.replace("    meta:path itsm:hasPart ;\n", "")).path == p.HERE


@pytest.mark.parametrize(
    ("old", "new", "problem", "line"),
    [
        ("meta:Every", "meta:Some", "no quantity that there is", 8),
        ("    meta:quantity meta:Every ;\n", "", "no quantity that there is", 7),
        ("meta:Every", "meta:Coincide", "the same, and by a path", 10),
        ("meta:Every", "meta:Every , meta:No", "2 values of meta:quantity", 8),
        ("term:service", "term:service , term:application", "not one meta:subjectTerm or meta:subjectKind", 9),
        ("term:service", "term:service ; meta:subjectKind itsm:Software", "not one meta:subjectTerm", 9),
        ("    meta:objectKind itsm:Software ;\n", "", "not one meta:objectTerm or meta:objectKind", 7),
        ("itsm:Software", "itsm:Sofware", "itsm:Sofware, which is no kind", 11),
        ("itsm:hasPart", "itsm:hasPrt", "itsm:hasPrt, which is no relation", 10),
        ("itsm:hasPart", "[ sh:oneOrMore itsm:hasPart ]", "none of SHACL's", None),
        ("meta:framework framework:clark ;", "", "meta:denial without meta:framework", 12),
        ("meta:Vs", "meta:Vt", "evidence mark 'Vt'", 12),
    ],
)
def test_what_is_not_right_is_refused(old: str, new: str, problem: str, line: int | None) -> None:
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        read(GOOD.replace(old, new))
    assert problem in str(caught.value)
    assert "thesis:own" in str(caught.value)
    if line:
        assert caught.value.line == line


def hygiene(text: str) -> list[str]:
    rule = (ROOT / "tests" / "hygiene" / "theses-are-sourced.rq").read_text(encoding="utf-8")
    store = Store()
    for file in (ROOT / "vocab" / "meta.ttl", ROOT / "vocab" / "terms.ttl", ROOT / "shapes" / "clark.ttl"):
        store.load(path=str(file), format=RdfFormat.TURTLE)
    store.load(text.encode(), format=RdfFormat.TURTLE)
    return sorted({str(row["problem"].value) for row in store.query(rule, prefixes=PREFIXES)})  # type: ignore[union-attr]


WHOLE_THESIS = GOOD.replace(
    "thesis:own a meta:Thesis ;",
    """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
thesis:own a meta:Thesis ; rdfs:label "Own"@en ; skos:definition "Own."@en ; meta:token "own" ;
    rdfs:isDefinedBy <https://w3id.org/itsm-ontology/theses> ;""",
).replace(
    "meta:evidence meta:Vs ]",
    "meta:evidence meta:Vs ; dcterms:source [ dcterms:bibliographicCitation 'w' ; meta:locator 'l' ; "
    "meta:evidence meta:Vs ] ]",
)


def test_the_rule_of_hygiene_passes_what_is_right() -> None:
    assert hygiene(WHOLE_THESIS) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('rdfs:label "Own"@en ;', ""),
        ('skos:definition "Own."@en ;', ""),
        ('meta:token "own"', 'meta:token "other"'),
        ("meta:quantity meta:Every ;", ""),
        ("meta:quantity meta:Every ;", "meta:quantity meta:Vs ;"),
        ("meta:subjectTerm term:service ;", ""),
        ("meta:subjectTerm term:service ;", "meta:subjectTerm term:service , term:application ;"),
        ("meta:subjectTerm term:service ;", "meta:subjectTerm term:servise ;"),
        ("meta:subjectTerm term:service ;", "meta:subjectKind itsm:Hardware ;"),
        ("meta:objectKind itsm:Software ;", ""),
        ("meta:denial [", "rdfs:seeAlso ["),
        ("framework:clark", "framework:clerk"),
        ("meta:locator 'l' ;", ""),
        ("meta:framework framework:clark ; meta:evidence meta:Vs ;", "meta:framework framework:clark ;"),
    ],
)
def test_the_rule_of_hygiene_sees_what_is_wrong(old: str, new: str) -> None:
    assert old in WHOLE_THESIS
    assert hygiene(WHOLE_THESIS.replace(old, new)) == [THESIS + "own"]


# ---------------------------------------------------------------------------------------------------------------------
# Finding and showing


def test_finding() -> None:
    thesis = catalogue().thesis("application-is-a-service")
    assert catalogue().thesis(thesis.iri) is thesis
    assert catalogue().with_shapes(OWN_SHAPES).thesis(thesis.token) is thesis
    with pytest.raises(UnknownNameError, match=r"no thesis 'application-is-service'.*application-is-a-service"):
        catalogue().thesis("application-is-service")


OWN_SHAPES = b"""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix itsm: <https://w3id.org/itsm-ontology/itsm#> .
<urn:own#Hosted> a sh:NodeShape ; sh:property [ sh:path itsm:runsOn ; sh:minCount 1 ] ."""


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row["thesis"]: row for row in json.loads(run(capsys, "theses", "--format", "json"))}
    assert list(rows) == list(THESES)
    assert rows["no-application-is-a-service"]["held_by"] == ["archimate-3", "skeptic-2010"]
    assert re.search(
        r"^application-is-a-service +Every application is a service +betz-2008, betz-2010", run(capsys, "theses"), re.M
    )
    cells = list(csv.DictReader(io.StringIO(run(capsys, "theses", "--format", "csv"))))
    assert [row["thesis"] for row in cells] == list(THESES)
    assert cells[0].keys() == {"thesis", "label", "held_by", "denied_by", "text"}
    assert run(capsys, "theses", "--format", "markdown").startswith("| thesis | label | held by |\n")


def test_show(capsys: pytest.CaptureFixture[str]) -> None:
    said = " ".join(run(capsys, "show", "application-is-a-service").split())
    for part in (
        "Every application is a service (application-is-a-service)",
        "Whatever counts as application counts as service.",
        "Held by - Betz (weblog, 2007-08) (betz-2008) [V]",
        "- Betz (thread, 2010) (betz-2010) [Vs]: A subtype",
        "perhaps not all are (l.223)",
        "l.177, 509 [Vs: verified in the thread]",
        "Denied by",
    ):
        assert part in said
    assert "Held by\n  - nobody" in run(capsys, "show", "service-has-an-application")
    told = json.loads(run(capsys, "show", "no-application-is-part-of-a-service", "--format", "json"))
    assert told["sentence"] == (
        "Nothing that counts as application has, among its wholes at any depth, something that counts as service."
    )
    assert told["object"] == {"term": "service", "kind": "", "label": "service"}
    assert [held["framework"] for held in told["held_by"]] == ["betz-2008", "betz-2010"]
    assert told["held_by"][1]["sources"][0]["locator"] == "l.595"
    said = run(capsys, "show", "application-is-the-service", "--format", "json")
    assert json.loads(said)["sentence"].endswith("counts as service, and the other way round.")


@pytest.mark.parametrize("token", THESES)
def test_every_thesis_can_be_shown(capsys: pytest.CaptureFixture[str], token: str) -> None:
    said = run(capsys, "show", token)
    assert f"({token})" in said
    assert not [line for line in said.splitlines() if len(line) > 100 and "http" not in line]


def test_a_misspelt_thesis_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "aplication-is-a-service"]) == 2
    assert (
        "thesis or dispute 'aplication-is-a-service'. Did you mean application-is-a-service" in capsys.readouterr().err
    )
