"""Competency questions: what people ask of the catalogue and of verdicts, with the answers worked out by hand."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT
from pyoxigraph import RdfFormat, Store

import itsm_ontology as itsm
from itsm_ontology.names import shorten

FOLDER = ROOT / "docs" / "questions"
FILES = sorted(FOLDER.glob("*.rq"))
HEAD = re.compile(r"# (?P<question>.+\?)\n# Asked by: (?P<who>.+)\n# Over: (?P<over>.+)\n")
VERDICTS = re.compile(r"verdicts of (examples/[\w-]+) on ([\w-]+)")

Row = tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A question with its head."""

    file: Path
    question: str
    who: str
    over: str

    @staticmethod
    def read(file: Path) -> Question:
        found = HEAD.match(file.read_text(encoding="utf-8"))
        assert found, f"{file.name} begins with the question, who asks it, and over what it runs"
        return Question(file, **found.groupdict())


@cache
def graph(over: str) -> Store:
    """Give what a question is asked of."""
    store = Store()
    if over == "the catalogue":
        store.load(itsm.catalogue().turtle().encode(), RdfFormat.TURTLE)
        return store
    found = VERDICTS.fullmatch(over)
    assert found, f"no graph is called {over!r}"
    folder, term = found.groups()
    verdicts = itsm.evaluate(itsm.load(ROOT / folder / "model.ttl"), terms=[term])
    whole = verdicts.model.graph_with(verdicts.graph)
    store.load(whole.serialize(format="nt", encoding="utf-8"), RdfFormat.N_TRIPLES)
    return store


def answers(file: Path) -> set[Row]:
    """Give what the question finds, with short names for IRIs."""
    found = graph(Question.read(file).over).query(file.read_text(encoding="utf-8"))
    names = [variable.value for variable in found.variables]  # type: ignore[union-attr]
    return {tuple(names), *(tuple(shorten(row[name].value) for name in names) for row in found)}  # type: ignore[union-attr]


def expected(file: Path) -> list[Row]:
    with file.with_suffix(".csv").open(encoding="utf-8", newline="") as lines:
        return [tuple(row) for row in csv.reader(lines)]


def test_there_are_questions_with_answers() -> None:
    assert len(FILES) >= 30
    assert {file.stem for file in FILES} == {file.stem for file in FOLDER.glob("*.csv")}
    numbers = [int(file.stem.partition("-")[0]) for file in FILES]
    assert numbers == list(range(1, len(FILES) + 1))
    assert len({Question.read(file).question for file in FILES}) == len(FILES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_answer_is_the_one_worked_out_by_hand(file: Path) -> None:
    rows = expected(file)
    assert len(rows) > 1, "a question has an answer"
    assert len(set(rows)) == len(rows)
    assert answers(file) == set(rows)


def test_the_list_of_questions_is_whole() -> None:
    told = " ".join((FOLDER / "README.md").read_text(encoding="utf-8").split())
    assert re.findall(r"\]\((\d\d-[\w-]+)\.rq\)", told) == [file.stem for file in FILES]
    for file in FILES:
        assert Question.read(file).question in told
