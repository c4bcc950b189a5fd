"""The worked examples: what each position answers, held against what the facts and definitions give."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT

import itsm_ontology as itsm

EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/model.ttl"))
BASES = ("stated", "inferred", "conditions")
NAMES = [folder.name for folder in EXAMPLES]


@dataclass(frozen=True)
class Expectation:
    """What one definition is expected to say of one element, and on what ground."""

    folder: Path
    element: str
    token: str
    outcome: str
    basis: str
    lines: str = ""
    source: str = ""
    unit: str | None = None
    complete: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        extra = [f"for {self.unit}"] * bool(self.unit) + [f"complete {' '.join(self.complete)}"] * bool(self.complete)
        return " / ".join([self.folder.name, self.element, self.token, *extra])


def expectations(folder: Path) -> Iterator[Expectation]:
    for case in tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))["case"]:
        about = {"unit": case.get("unit"), "complete": tuple(case.get("complete", ()))}
        for token, rest in case["expected"].items():
            yield Expectation(folder, case["element"], token, **rest, **about)


CASES = [case for folder in EXAMPLES for case in expectations(folder)]


@cache
def load(folder: Path) -> itsm.Model:
    return itsm.load(folder / "model.ttl")


@cache
def evaluate(folder: Path, unit: str | None, complete: tuple[str, ...], engine: str = "sql") -> itsm.Verdicts:
    tokens = sorted({case.token for case in CASES if case.folder == folder})
    return itsm.evaluate(load(folder), definitions=tokens, unit=unit, complete=complete, engine=engine)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 8
    assert all((folder / "README.md").exists() for folder in EXAMPLES)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_position(case: Expectation) -> None:
    assert case.basis in BASES
    assert case.lines or case.source, "says neither lines of the thread nor another source"
    verdict = evaluate(case.folder, case.unit, case.complete)[case.element, case.token]
    assert verdict.outcome.value == case.outcome, [str(finding) for finding in verdict.missing + verdict.conflicts]
    assert not verdict.flagged


@pytest.mark.parametrize("folder", EXAMPLES, ids=NAMES)
def test_nothing_expected_twice(folder: Path) -> None:
    names = [case.name for case in CASES if case.folder == folder]
    assert len(set(names)) == len(names) > 0


@pytest.mark.parametrize("folder", EXAMPLES, ids=NAMES)
def test_facts_hold_together(folder: Path) -> None:
    model = load(folder)
    assert model.problems == ()
    namespace = f"https://w3id.org/itsm-ontology/examples/{folder.name}#"
    labels = [model.label(iri) for iri in model.elements]
    assert all(iri.startswith(namespace) for iri in model.elements)
    assert all(model.label(iri) != iri.removeprefix(namespace) for iri in model.elements), "an element without a label"
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("folder", EXAMPLES, ids=NAMES)
def test_reference_engine_agrees(folder: Path) -> None:
    units = sorted({case.unit for case in CASES if case.folder == folder}, key=str)
    for unit in units:
        ours, theirs = evaluate(folder, unit, ()), evaluate(folder, unit, (), "reference")
        for one, other in zip(ours.all(), theirs.all(), strict=True):
            assert (one.element, one.definition, one.conforms) == (other.element, other.definition, other.conforms)


@pytest.mark.parametrize("folder", EXAMPLES, ids=NAMES)
def test_the_command_in_the_readme_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = re.findall(r"^```python\n(.*?)^```", (folder / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    assert commands
    monkeypatch.chdir(ROOT)
    for command in commands:
        exec(compile(command, f"{folder.name}/README.md", "exec"), {})
