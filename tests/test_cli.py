"""The command line, as a person or a script meets it."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import rdflib
from conftest import beside

import itsm_ontology
from itsm_ontology.cli import main
from itsm_ontology.cli.output import Screen
from itsm_ontology.names import local_name

PREFIXES = """@prefix : <urn:x:> .
@prefix itsm: <https://w3id.org/itsm-ontology/itsm#> .
@prefix meta: <https://w3id.org/itsm-ontology/meta#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
LANDSCAPE = """
:crm a itsm:Software ; rdfs:label "CRM" ; itsm:runsOn :s1 ; meta:declaredAs "archimate-3:ApplicationComponent" .
:web a itsm:ApplicationSoftware ; rdfs:label "Web shop" .
:s1 a itsm:Server ; rdfs:label "Server 1" .
"""
OWN = """
:Hosted a sh:NodeShape ; rdfs:label "hosted" ; sh:targetClass itsm:Software ; sh:message "Runs on something." ;
    sh:property [ sh:path itsm:runsOn ; sh:minCount 1 ] .
"""
SPARQL = (
    OWN
    + '''
:Asked a sh:NodeShape ; sh:targetClass itsm:Software ;
    sh:sparql [ a sh:SPARQLConstraint ; sh:message "Runs on something." ; sh:select """
        SELECT $this WHERE { FILTER NOT EXISTS { $this <https://w3id.org/itsm-ontology/itsm#runsOn> ?host } }""" ] .
'''
)


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write Turtle into a file of the working directory, and give its name."""
    monkeypatch.chdir(tmp_path)

    def put(text: str, name: str = "model.ttl") -> str:
        (tmp_path / name).write_text(PREFIXES + text, "utf-8")
        return name

    return put


@pytest.fixture
def model(write):
    return write(LANDSCAPE)


@pytest.fixture
def run(capsys):
    """Run a command that answers, and give what it says."""

    def answered(*arguments: str, status: int = 0) -> str:
        assert main(arguments) == status
        said = capsys.readouterr()
        assert said.err == ""
        return said.out

    return answered


@pytest.fixture
def refused(capsys):
    """Run a command that is refused, and give its one line."""

    def line(*arguments: str) -> str:
        assert main(arguments) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.endswith("\n")
        assert said.err.count("\n") == 1
        assert said.err.startswith("itsm-ontology: ")
        return said.err

    return line


def process(*arguments: str, **settings):
    return subprocess.run(
        [sys.executable, "-m", "itsm_ontology", *arguments], capture_output=True, text=True, check=False, **settings
    )


# ----------------------------------------------------------------------------------------------------------------------
# check, for people


def test_a_small_model_is_shown_as_a_matrix(model, run):
    said = run(
        "check", model, "--definition", "itil-2011:application", "--definition", "vinod-2010:application.software"
    )
    assert re.search(r"^vinod-2010:application\.software +yes +\?$", said, re.M)
    assert re.search(r"^itil-2011:application +\? +\?$", said, re.M)
    assert "[1] CRM, Web shop" in said, "elements that share a column are named"
    assert "Met means only that nothing speaks against it: vinod-2010:application.software." in said
    assert said.endswith("model.ttl (turtle): 8 read, 8 used, 0 left\n")
    assert "\x1b" not in said
    assert "problem" not in said


def test_outcomes_are_coloured_when_asked_and_readable_without(model, run, monkeypatch):
    plain = run("check", model, "--term", "application")
    coloured = run("check", model, "--term", "application", "--color", "always")
    assert "\x1b[31mno" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured).split() == plain.split()
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert Screen.of_stdout().colour == (not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not Screen.of_stdout().colour
    monkeypatch.setenv("COLUMNS", "77")
    assert Screen.of_stdout().width == 77
    monkeypatch.undo()
    assert Screen.of_stdout() == Screen(100, False)


@pytest.mark.parametrize("extra", [(), ("--all",), ("--report",)])
def test_no_line_is_wider_than_the_screen(model, run, extra):
    assert max(map(len, run("check", model, *extra).splitlines())) <= 100


def test_a_large_model_is_summed_up_first(write, run):
    name = write("".join(f':e{n} a itsm:Software ; rdfs:label "program {n:03}" .\n' for n in range(61)))
    said = run("check", name, "--term", "application")
    assert re.search(r"^itil-2011:application +\. +\. +61 +\. +\S.*\(61\)$", said, re.M)
    assert "program 009 and 51 more" in said
    assert "program 010" not in said
    everything = run("check", name, "--term", "application", "--all")
    assert all(f"program {n:03}" in everything for n in range(61))
    one = run("check", name, "--term", "application", "--element", "program 007")
    assert "program 007" in one
    assert "program 008" not in one


def test_many_different_elements_are_summed_up_too(write, run):
    kinds = sorted(map(local_name, itsm_ontology.load(write(LANDSCAPE)).vocabulary.kinds))[:60]
    name = write("".join(f":e{n} a itsm:{kind} .\n" for n, kind in enumerate(kinds)))
    terms = [part for term in ("service", "application", "infrastructure") for part in ("--term", term)]
    assert re.search(r"\d+ more elements, which differ in \d+ ways", run("check", name, *terms))


def test_many_terms_get_an_overview(write, run):
    said = run("check", write(LANDSCAPE))
    assert "elements: so many meet at least one of the definitions." in said
    assert "itil-2011:application" not in said
    assert "itil-2011:application" in run("check", write(LANDSCAPE), "--all")


def test_what_does_not_apply_is_hidden_and_counted(write, run):
    name = write(LANDSCAPE + ':p a itsm:Person ; rdfs:label "Eva" .')
    said = run("check", name, "--definition", "itil-2011:application")
    assert "Eva" not in said
    assert "Not shown (--all): 1 element to which" in said
    everything = run("check", name, "--definition", "itil-2011:application", "--all")
    assert re.search(r"^itil-2011:application .* -$", everything, re.M)
    assert "Not shown" not in everything


def test_the_load_is_reported_in_a_line_and_in_full_when_asked(write, run):
    name = write(
        LANDSCAPE
        + ':odd a itsm:Person, itsm:Software ; rdfs:label "Odd" .'
        + "<urn:file> a <http://www.w3.org/2002/07/owl#Ontology> ."
    )
    short = run("check", name, "--definition", "itil-2011:application")
    assert f"{name} (turtle): 12 read, 11 used, 1 left" in short
    assert "1 problem: recorded facts that can't hold together (--report shows them)" in short
    assert "says something of the file" not in short
    full = run("check", name, "--definition", "itil-2011:application", "--report")
    assert ": says something of the file" in full
    assert "Odd is recorded as" in full
    assert "<urn:x:odd>" in full


def test_evidence_from_memory_is_marked(model, run):
    tokens = [d.token for d in itsm_ontology.catalogue().definitions if d.evidence == "M"]
    if not tokens:
        pytest.skip("no published definition rests on memory any more")
    assert "Stated from memory" in run("check", model, "--definition", tokens[0])


def test_labels_cannot_drive_the_terminal_or_break_the_table(write, run):
    name = write(r':a a itsm:Software ; rdfs:label "Pay\u001B[2J\nroll\u202E" .')
    said = run("check", name, "--framework", "obashi", "--color", "always")
    assert "\x1b[2J" not in said
    assert "\u202e" not in said
    assert "Pay\ufffd[2J roll\ufffd" in said
    assert "\x1b[2J" not in run("explain", name, "urn:x:a", "obashi:application")


def test_archisurance_by_term_is_readable(run):
    path = str(beside("data", "archimate", "archisurance.archimate"))
    said = run("check", path, "--term", "application")
    assert len(said.splitlines()) < 100
    assert max(map(len, said.splitlines())) <= 100
    assert re.search(r"^archimate-3:application( +(\d+|\.)){4}", said, re.M)


# ----------------------------------------------------------------------------------------------------------------------
# check, for machines and documents


def test_json(model, run):
    told = json.loads(run("check", model, "--definition", "itil-2011:application", "--format", "json"))
    assert list(told) == [
        "model", "catalogue", "engine", "unit", "definitions", "left_out", "not_applicable", "verdicts"
    ]  # fmt: skip
    assert told["model"] == {
        "name": model, "format": "turtle", "elements": 3, "read": {"triple": 8}, "used": told["model"]["used"],
        "left": [], "notes": [], "problems": [], "merged": [], "source_conflicts": [],
        "reports": [{"source": model, "format": "turtle", "notes": [], "rows": [
            {"class": "triple", "field": "", "read": 8, "used": 8, "left": 0, "why": []}
        ]}],
    }  # fmt: skip
    assert sum(told["model"]["used"].values()) == 8
    assert (told["catalogue"], told["engine"], told["unit"]) == (itsm_ontology.__version__, "columns", None)
    crm = next(verdict for verdict in told["verdicts"] if verdict["label"] == "CRM")
    assert list(crm) == [
        "element", "label", "declared", "definition", "term", "framework", "outcome", "conforms", "settled", "missing",
        "conflicts",
    ]  # fmt: skip
    assert crm["element"] == "urn:x:crm"
    assert crm["declared"] == ["archimate-3:ApplicationComponent"]
    assert (crm["definition"], crm["outcome"]) == ("itil-2011:application", "UNDETERMINED")
    assert (crm["conforms"], crm["settled"], crm["conflicts"]) == (False, False, [])
    assert crm["missing"][0]["constraint"].endswith("itil-2011#application-functions")


def test_json_leaves_out_and_counts_what_does_not_apply(write, run):
    name = write(LANDSCAPE + ":p a itsm:Person .")
    command = ("check", name, "--definition", "itil-2011:application", "--format", "json")
    some, everything = json.loads(run(*command)), json.loads(run(*command, "--all"))
    assert some["not_applicable"] == everything["not_applicable"] == 1
    assert [v["outcome"] for v in some["verdicts"]].count("NOT_APPLICABLE") == 0
    assert len(everything["verdicts"]) == len(some["verdicts"]) + 1


def test_json_without_a_verdict_is_json(write, run):
    told = json.loads(run("check", write(":p a itsm:Person ."), "--framework", "obashi", "--format", "json"))
    assert told["verdicts"] == []


def test_csv_has_a_row_a_verdict_and_no_formula(write, run):
    labels = ["=1+1", "+1", "-1", "@A1", "\tx", "\rx", 'plain, "quoted"']
    name = write("".join(f":e{n} a itsm:Software ; rdfs:label {json.dumps(text)} .\n" for n, text in enumerate(labels)))
    said = run("check", name, "--definition", "obashi:application", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(said, newline=""), strict=True))
    assert [row["label"] for row in rows] == [*(f"'{text}" for text in labels[:-1]), labels[-1]]
    assert {row["outcome"] for row in rows} == {"UNDETERMINED"}
    assert {row["conforms"] for row in rows} == {"false"}
    assert rows[0]["missing"].startswith("Runs on system software")


def test_markdown_shows_labels_as_they_are(write, run):
    name = write(':a a itsm:Software ; rdfs:label "a|b <i>*x*" . :b a itsm:Person .')
    lines = run("check", name, "--term", "application", "--format", "markdown").splitlines()
    assert lines[0] == r"| term | definition | a\|b &lt;i&gt;\*x\* |"
    assert lines[1] == "| --- | --- | --- |"
    assert "| application | `obashi:application` | ? |" in lines
    cells = {len(re.findall(r"(?<!\\)\|", line)) for line in lines if line.startswith("|")}
    assert cells == {4}


def test_markdown_has_nothing_that_a_terminal_obeys(write, run):
    name = write(r':a a itsm:Software ; rdfs:label "x\u001B[2J\u202Ey" .')
    assert run("check", name, "--term", "application", "--format", "markdown").startswith(
        "| term | definition | x\ufffd\\[2J\ufffdy |"
    )


def test_turtle_carries_the_version_and_the_definition(write, run):
    name, own = write(LANDSCAPE), write(OWN, "own.ttl")
    command = ("check", name, "--shapes", own, "--framework", "own", "--format", "turtle")
    graph = rdflib.Graph().parse(data=run(*command), format="turtle")
    meta = rdflib.Namespace("https://w3id.org/itsm-ontology/meta#")
    verdicts = set(graph.subjects(rdflib.RDF.type, meta.Verdict))
    assert len(verdicts) == 3
    assert all(str(graph.value(v, meta.catalogueVersion)) == itsm_ontology.__version__ for v in verdicts)
    assert set(graph.objects(None, meta.underDefinition)) == {rdflib.URIRef("urn:x:Hosted")}
    assert "meta:NotApplicable" not in run("check", name, "--term", "service", "--format", "turtle")
    assert "meta:NotApplicable" in run("check", name, "--term", "service-availability", "--format", "turtle", "--all")


@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown", "turtle"])
def test_the_same_question_has_the_same_answer(model, form):
    command = ("check", model, "--term", "application", "--format", form)
    answers = {process(*command, env={**os.environ, "PYTHONHASHSEED": seed}).stdout for seed in ("1", "2")}
    assert len(answers) == 1
    assert len(answers.pop()) > 1000


# ----------------------------------------------------------------------------------------------------------------------
# Exit status, units, completeness, own shapes


@pytest.mark.parametrize(
    ("outcome", "status"),
    [("satisfied", 1), ("SATISFIED", 1), ("satisfied_so_far", 0), ("Satisfied-So-Far", 0), ("contradicted", 0),
     ("undetermined", 1), ("not applicable", 0)],
)  # fmt: skip
def test_fail_on(model, run, outcome, status):
    run("check", model, "--definition", "vinod-2010:application.software", "--fail-on", outcome, status=status)


def test_fail_on_several(model, run):
    command = ("check", model, "--definition", "itil-2011:application")
    run(*command, "--fail-on", "contradicted", status=0)
    run(*command, "--fail-on", "contradicted", "--fail-on", "undetermined", status=1)


def test_what_is_complete_contradicts(model, run):
    command = ("check", model, "--definition", "obashi:application", "--element", "Web shop", "--format", "json")
    assert json.loads(run(*command))["verdicts"][0]["outcome"] == "UNDETERMINED"
    complete = [part for relation in ("runsOn", "dependsOn", "rdf:type") for part in ("--complete", relation)]
    assert json.loads(run(*command, *complete))["verdicts"][0]["outcome"] == "CONTRADICTED"
    run(*command, "--complete", f"runsOn@{model}")


def test_the_unit_is_part_of_the_answer(write, run):
    name = write(LANDSCAPE + ':it a itsm:OrganizationalUnit ; rdfs:label "IT" .')
    told = json.loads(run("check", name, "--term", "service", "--unit", "IT", "--format", "json"))
    assert told["unit"] == "urn:x:it"


def test_own_shapes_stand_beside_the_published_definitions(model, write, run):
    own = write(OWN, "own.ttl")
    said = run("check", model, "--shapes", own, "--definition", "own:Hosted", "--definition", "obashi:application")
    assert re.search(r"^own:Hosted +yes", said, re.M)
    assert "hosted (own:Hosted)" in run("show", "own:Hosted", "--shapes", own)
    assert "own:Hosted" in run("definitions", "--shapes", own, "--framework", "own")


def test_a_sparql_constraint_is_left_out_and_said_so(model, write, run, capsys):
    asked = write(SPARQL, "asked.ttl")
    command = ("check", model, "--shapes", asked, "--framework", "asked")
    said = run(*command)
    assert "Left out, as only the reference engine evaluates it (--engine reference):\n  asked:Asked: asked.ttl" in said
    assert list(json.loads(run(*command, "--format", "json"))["left_out"]) == ["asked:Asked"]
    assert main([*command, "--format", "csv"]) == 0
    said = capsys.readouterr()
    assert "asked:Asked" in said.err
    assert "asked:Asked" not in said.out


def test_the_reference_engine_evaluates_a_sparql_constraint(model, write, run):
    asked = write(SPARQL, "asked.ttl")
    told = json.loads(
        run("check", model, "--shapes", asked, "--framework", "asked", "--engine", "reference", "--format", "json")
    )
    outcomes = {(v["label"], v["definition"]): v["outcome"] for v in told["verdicts"]}
    assert outcomes["CRM", "asked:Asked"] == "SATISFIED_SO_FAR"
    assert outcomes["Web shop", "asked:Asked"] == "UNDETERMINED"
    assert (told["engine"], told["left_out"]) == ("reference", {})


def test_nothing_that_the_engine_can_evaluate(model, write, run):
    asked = write(SPARQL.replace(OWN, ""), "asked.ttl")
    said = run("check", model, "--shapes", asked, "--framework", "asked")
    assert "The columns engine can evaluate none of these definitions." in said
    assert "asked:Asked" in said


# ----------------------------------------------------------------------------------------------------------------------
# explain


def test_explain(model, run):
    said = run("explain", model, "CRM", "itil-2011:application")
    assert said.startswith("CRM is UNDETERMINED as application (ITIL 2011)")
    assert "Its source calls it archimate-3:ApplicationComponent." in said
    assert re.search(r"met +Is software\.", said)
    assert re.search(r"missing +Provides functionality", said)
    assert "[V]" in said


def test_explain_as_json(model, run):
    told = json.loads(run("explain", model, "urn:x:crm", "itil-2011:application", "--format", "json"))
    assert told["outcome"] == "UNDETERMINED"
    assert [(step["constraint"], step["status"]) for step in told["steps"]] == [
        ("itil-2011:application-software", "met"),
        ("itil-2011:application-functions", "missing"),
        ("itil-2011:application-runs-on", "met"),
    ]
    assert told["sources"][0].endswith("[V]")


def test_explain_names_the_facts_of_a_conflict(write, run):
    name = write(':p a itsm:Server ; rdfs:label "Blade" . :x a itsm:Software ; rdfs:label "X" .')
    told = json.loads(run("explain", name, "X", "von-neumann:application.act", "--format", "json"))
    assert "conflict" in {step["status"] for step in told["steps"]}
    assert any(step["facts"] for step in told["steps"])


# ----------------------------------------------------------------------------------------------------------------------
# The catalogue


def test_terms(run):
    assert re.search(r"^service +\d+ ", run("terms"), re.M)
    rows = json.loads(run("terms", "--format", "json"))
    assert [row["term"] for row in rows] == sorted(itsm_ontology.catalogue().terms)
    assert run("terms", "--format", "csv").splitlines()[0] == "term,label,definitions,broader,note"
    assert run("terms", "--format", "markdown").splitlines()[1] == "| --- | --- | --- |"


def test_frameworks(run):
    rows = {row["framework"]: row for row in json.loads(run("frameworks", "--format", "json"))}
    assert set(rows) == set(itsm_ontology.catalogue().frameworks)
    assert rows["itil-2011"]["kind"] == "body of knowledge"
    assert "service" in rows["itil-2011"]["defines"]
    assert "ITIL 2011" in run("frameworks")


def test_definitions(run):
    rows = json.loads(run("definitions", "--term", "availability", "--framework", "fitsm-3", "--format", "json"))
    assert [row["definition"] for row in rows] == ["fitsm-3:information-availability", "fitsm-3:service-availability"]
    hidden = {d.token for d in itsm_ontology.catalogue().all_definitions.values() if d.auxiliary}
    assert hidden
    shown = {row["definition"] for row in json.loads(run("definitions", "--format", "json"))}
    everything = {row["definition"] for row in json.loads(run("definitions", "--all", "--format", "json"))}
    assert everything - shown == hidden


def test_definitions_says_where_there_are_none(run):
    said = run("definitions", "--framework", "itil-2011", "--term", "information-service")
    assert said == "None.\n\nITIL 2011 does not define information service.\n"


def test_show_a_definition(run):
    said = run("show", "itil-2011:service")
    for part in (
        "service (ITIL 2011) (itil-2011:service)",
        "[V: verified]",
        "itil-2011:service-customer: Has a customer.",
        "- It has at least one customer.",
        "Said of",
        "Notes and readings",
        "breaks itil-2011:service-costs-recorded (UNDETERMINED)",
    ):
        assert part in said
    assert "Not tested" in run("show", "archimate-3:application")
    assert "Held by" in run("show", "von-neumann:application.betz")
    told = json.loads(run("show", "itil-2011:service", "--format", "json"))
    assert told["conditions"][0]["constraint"] == "itil-2011:service-customer"
    assert told["conditions"][0]["decides"] is True


@pytest.mark.parametrize("token", sorted(itsm_ontology.catalogue().all_definitions))
def test_every_definition_can_be_shown(run, token):
    said = run("show", token)
    assert token in said
    long = [line for line in said.splitlines() if len(line) > 100 and "http" not in line]
    assert not long


def test_show_a_framework(run):
    said = run("show", "itil-2011")
    assert "ITIL 2011 does not define information service. [V]" in said
    assert "ITIL 2011 uses availability (of information) without defining it." in said
    assert "- itil-2011:service [V]: " in said
    assert run("show", "https://w3id.org/itsm-ontology/framework/itil-2011") == said


def test_show_a_term(run):
    said = run("show", "information service")
    assert "Defined by" in said
    assert "ITIL 2011 does not define information service." in said
    told = json.loads(run("show", "availability", "--format", "json"))
    assert told["senses"] == ["information-availability", "service-availability"]
    assert told["definitions"]


def test_sources(run):
    rows = json.loads(run("sources", "--format", "json"))
    assert {"archi", "archimate-exchange", "turtle", "json-ld"} <= {row["format"] for row in rows}
    assert "Turtle (.ttl)" in run("sources")


# ----------------------------------------------------------------------------------------------------------------------
# Bad input and usage: one line, status 2


def test_files_that_cannot_be_read(write, refused, tmp_path):
    model = write(LANDSCAPE)
    assert "gone.ttl: there is no such file" in refused("check", "gone.ttl")
    assert "Nothing is fetched: save it as a file." in refused("check", "https://example.org/model.ttl")
    (tmp_path / "folder").mkdir()
    assert "none of the 0 files in this folder" in refused("check", str(tmp_path / "folder"))
    (tmp_path / "empty.ttl").touch()
    assert "empty.ttl: this is empty" in refused("check", "empty.ttl")
    assert "bad.ttl, line 6" in refused("check", write(":a a", "bad.ttl"))
    (tmp_path / "prose.txt").write_text("Once upon a time", "utf-8")
    assert "none of the formats" in refused("check", "prose.txt")
    assert "Did you mean itsm:Software?" in refused("check", write(":a a itsm:Sofware .", "misspelt.ttl"))
    assert "gone.ttl: there is no such file" in refused("check", model, "--shapes", "gone.ttl")
    assert "there is no such file" in refused("check", "two\nlines")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("--element", "CRN"), "Did you mean CRM?"),
        (("--unit", "CRN"), "Did you mean CRM?"),
        (("--definition", "itil-2011:servce"), "Did you mean itil-2011:service"),
        (("--definition", "von-neumann:application"), "von-neumann:application.betz, von-neumann:application.stored"),
        (("--term", "servce"), "Did you mean service"),
        (("--framework", "itil-2012"), "Did you mean itil-2011"),
        (("--input-format", "turtel"), "Did you mean turtle?"),
        (("--complete", "runOn"), "Did you mean runsOn"),
        (("--complete", "itms:runsOn"), "There is no relation 'itms:runsOn'"),
        (("--complete", "runsOn@cmdb"), "There is no source 'cmdb'"),
        (("--format", "xml"), "--format"),
        (("--engine", "pyshacl"), "--engine"),
        (("--fail-on", "contradict"), "did you mean contradicted?"),
        (("--nonsense",), "--nonsense"),
        (("--term", "information-service", "--framework", "itil-2011"), "no definition is of"),
    ],
)
def test_names_that_there_are_not(model, refused, arguments, part):
    assert part in refused("check", model, *arguments)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ((), "COMMAND"),
        (("chek",), "chek"),
        (("check",), "MODEL"),
        (("show", "servce"), "Did you mean service"),
        (("show", "itil-2011:servce"), "Did you mean itil-2011:service"),
        (("show", "von-neumann:application"), "say which"),
        (("definitions", "--term", "servce"), "Did you mean service"),
        (("terms", "--format", "turtle"), "--format"),
    ],
)
def test_commands_that_there_are_not(refused, arguments, part):
    assert part in refused(*arguments)


def test_a_label_that_two_elements_share(write, refused):
    name = write(':a a itsm:Software ; rdfs:label "Mail" . :b a itsm:Server ; rdfs:label "Mail" .')
    assert "urn:x:a, urn:x:b" in refused("check", name, "--element", "Mail")
    assert "urn:x:a, urn:x:b" in refused("explain", name, "Mail", "obashi:application")


def test_shapes_that_are_none(model, write, refused):
    shape = write(":S a sh:NodeShape ; sh:property [ sh:path itsm:runsOn ; sh:minCont 1 ] .", "own.ttl")
    line = refused("check", model, "--shapes", shape)
    assert "sh:minCont" in line
    assert "Did you mean sh:minCount?" in line


def test_a_definition_for_the_reference_engine_only(model, write, refused):
    asked = write(SPARQL, "asked.ttl")
    assert "reference engine only" in refused("check", model, "--shapes", asked, "--definition", "asked:Asked")
    assert "reference engine only" in refused("explain", model, "CRM", "asked:Asked", "--shapes", asked)


def test_debug_raises(model):
    with pytest.raises(itsm_ontology.UnknownNameError):
        main(["check", model, "--element", "nothing", "--debug"])
    with pytest.raises(itsm_ontology.UnknownNameError):
        main(["--debug", "check", model, "--element", "nothing"])


def test_a_fault_of_our_own_is_one_line_too(model, refused, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("x")

    monkeypatch.setattr("itsm_ontology.cli.commands.evaluate", broken)
    line = refused("check", model)
    assert "fault of itsm-ontology" in line
    assert "ZeroDivisionError" in line


# ----------------------------------------------------------------------------------------------------------------------
# As a process


def test_version_and_help(run):
    version = itsm_ontology.__version__
    assert run("--version") == f"itsm-ontology {version}, catalogue {version}\n"
    whole = run("--help")
    for command in ("check", "explain", "terms", "frameworks", "definitions", "theses", "show", "sources"):
        assert command in whole
        said = run(command, "--help")
        assert len(re.findall(rf"^  itsm-ontology {command}", said.partition("examples:")[2], re.M)) == 2


@pytest.mark.parametrize(
    "command",
    [
        ("terms",),
        ("frameworks",),
        ("definitions",),
        ("theses",),
        ("show", "itil-2011:service"),
        ("sources",),
        ("--version",),
    ],
)
def test_nothing_heavy_is_imported_for_the_catalogue(command):
    heavy = ("sqlalchemy", "pyshacl", "owlrl", "rdflib", "pandas", "numpy", "clingo", "networkx")
    code = (
        "import sys; from itsm_ontology.cli import main; "
        f"main({list(command)!r}); print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_check_imports_no_more_than_its_engine(model):
    code = (
        "import sys; from itsm_ontology.cli import main; "
        f"main(['check', {model!r}]); "
        "print([name for name in ('pyshacl', 'owlrl', 'rdflib', 'sqlalchemy') if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_standard_input(model):
    done = process("check", "-", "--framework", "obashi", stdin=Path(model).open())  # noqa: SIM115
    assert (done.returncode, done.stderr) == (0, "")
    assert "<stdin> (turtle)" in done.stdout


def test_an_error_is_one_line_of_standard_error():
    done = process("check", "gone.ttl")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "itsm-ontology: gone.ttl: there is no such file.\n"


def test_a_reader_that_goes_away(model):
    command = [sys.executable, "-m", "itsm_ontology", "check", model, "--fail-on", "undetermined"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    running.stdout.close()
    with running.stderr:
        assert running.stderr.read() == ""
    assert running.wait() == 1, "what was found is what counts"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk():
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "itsm_ontology", "terms"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_an_interruption_is_quiet(model):
    command = [
        sys.executable,
        "-c",
        "from itsm_ontology.cli import main; print('up', flush=True); raise SystemExit(main())",
    ]
    running = subprocess.Popen(
        [*command, "check", model, "--engine", "reference"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    assert running.stdout.readline() == "up\n"
    time.sleep(
        1.5
    )  # by then all is imported: an interruption inside a weak reference's callback is told by Python itself
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err) == (130, "", "")


def test_a_screen_that_has_only_ascii(write):
    name = write(':a a itsm:Software ; rdfs:label "Büro" .')
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = process("check", name, "--framework", "obashi", "--format", "json", env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["verdicts"][0]["label"] == "Büro"
    assert process("check", name, "--framework", "obashi", env=environment).returncode == 0
