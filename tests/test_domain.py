"""Fidelity to the domain notes: every cell of their matrix, every dispute and scenario is in the catalogue.

These tests run where the notes are present.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator

import pytest
from conftest import ROOT, SHARED
from domain import FRAMEWORKS, TERMS

import itsm_ontology as itsm
from itsm_ontology.cli.commands import main

DOMAIN = SHARED / "domain"
pytestmark = pytest.mark.skipif(not DOMAIN.exists(), reason=f"{DOMAIN} is not present")


def cells(mark: str) -> Iterator[tuple[str, str]]:
    with (DOMAIN / "matrix.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["mark"] == mark:
                yield row["framework"], row["term"]


def test_the_tables_cover_the_matrix() -> None:
    with (DOMAIN / "matrix.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["framework"] for row in rows} == set(FRAMEWORKS)
    assert {row["term"] for row in rows} == set(TERMS)
    assert {token for tokens in FRAMEWORKS.values() for token in tokens} <= set(itsm.catalogue().frameworks)
    assert {token for tokens in TERMS.values() for token in tokens} <= set(itsm.catalogue().terms)


def lacking(mark: str, known: set[tuple[str, str]]) -> list[str]:
    return [
        f"{framework}: {term}"
        for framework, term in cells(mark)
        if not any((f, t) in known for f in FRAMEWORKS[framework] for t in TERMS[term])
    ]


def test_every_defined_cell_is_a_definition(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["definitions", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    held = {d.token: d.held_by for d in itsm.catalogue().definitions}
    known = {(f, row["term"]) for row in listed for f in (row["framework"], *held[row["definition"]])}
    assert len(list(cells("D"))) == 258
    assert lacking("D", known) == []


@pytest.mark.parametrize(("mark", "sort", "count"), [("-", "absent", 445), ("m", "mentioned", 260)])
def test_every_absence_and_mention_is_recorded(mark: str, sort: str, count: int) -> None:
    known = {(s.framework, s.term) for s in itsm.catalogue().standings if s.sort == sort}
    if sort == "mentioned":  # where there is something to formalise nevertheless, a definition says more
        known |= {(d.framework, d.term) for d in itsm.catalogue().definitions}
    assert len(list(cells(mark))) == count
    assert lacking(mark, known) == []


def test_nothing_else_is_called_absent() -> None:
    """An absence is a fact of the notes; what is unchecked there, or from memory, is none."""
    absent = {(f, t) for framework, term in cells("-") for f in FRAMEWORKS[framework] for t in TERMS[term]}
    noted = {framework for frameworks in FRAMEWORKS.values() for framework in frameworks}
    known = {(s.framework, s.term) for s in itsm.catalogue().standings if s.sort == "absent" and s.framework in noted}
    extra = known - absent
    assert extra == set()


def test_no_framework_both_defines_and_lacks_a_term() -> None:
    defined = {(f, d.term) for d in itsm.catalogue().definitions for f in (d.framework, *d.held_by)}
    assert {(s.framework, s.term) for s in itsm.catalogue().standings if s.sort == "absent"} & defined == set()


NOTES = (DOMAIN / "frameworks.md").read_text(encoding="utf-8") if DOMAIN.exists() else ""
KINDS = {
    "unsat": "unsatisfiable",
    "containment-reversed": "containment reversed",
    "identity-vs-distinct": "identity against distinctness",
    "fact-check": "fact check",
}


def test_every_dispute_is_recorded_with_its_sort() -> None:
    rows = dict(re.findall(r"^\| (C\d+) \| ([\w-]+) \|", NOTES, re.M))
    assert len(rows) == 83
    known = {token: dispute.clash.value for token, dispute in itsm.catalogue().disputes.items()}
    assert known == {token: KINDS.get(kind, kind) for token, kind in rows.items()}


def test_every_scenario_is_an_example() -> None:
    wanted = set(re.findall(r"^\*\*(S\d+) ", NOTES, re.M))
    assert len(wanted) == 41
    told = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "examples").glob("*/README.md"))
    assert {name for name in wanted if not re.search(rf"\b{name}\b", told)} == set()


# The sections of the notes say how well each statement is known.

MARKS: dict[str, Callable[[itsm.Definition], bool]] = {
    "a position taken in the thread is verified there, or derived": lambda d: (
        not d.framework.endswith("-2010") or d.evidence in ("Vs", "DER", "V")
    ),
    "what comes from memory alone says so": lambda d: (
        d.evidence == "M" or not d.sources or any(source.evidence != "M" for source in d.sources)
    ),
}


@pytest.mark.parametrize("rule", MARKS)
def test_evidence_marks(rule: str) -> None:
    assert [d.token for d in itsm.catalogue().definitions if not MARKS[rule](d)] == []
