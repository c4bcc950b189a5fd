"""The worked examples: what each position answers, held against what the facts and definitions give."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

import itsm_ontology as itsm

EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/expected.toml"))
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


@cache
def told(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))


def expectations(folder: Path) -> Iterator[Expectation]:
    for case in told(folder).get("case", ()):
        about = {"unit": case.get("unit"), "complete": tuple(case.get("complete", ()))}
        for token, rest in case["expected"].items():
            yield Expectation(folder, case["element"], token, **rest, **about)


CASES = [case for folder in EXAMPLES for case in expectations(folder)]
THESES = [(folder, case) for folder in EXAMPLES for case in told(folder).get("thesis", ())]
KEPT = [
    (folder, case["element"], token, expected)
    for folder in EXAMPLES
    for case in told(folder).get("same", ())
    for token, expected in case["expected"].items()
]
"""Whether a thing of `model.ttl` is the same one in `after.ttl`."""


@cache
def load(folder: Path, file: str = "") -> itsm.Model:
    """Load a file of an example; by default its model, or the exports that make it up."""
    return itsm.load(folder / (file or next(n for n in ("model.ttl", "landscape.toml") if (folder / n).exists())))


@cache
def evaluate(folder: Path, unit: str | None, complete: tuple[str, ...], engine: str = "columns") -> itsm.Verdicts:
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


@pytest.mark.parametrize(
    ("folder", "case"), THESES, ids=[f"{folder.name} / {case['thesis']} / {case['meaning']}" for folder, case in THESES]
)
def test_thesis(folder: Path, case: dict[str, Any]) -> None:
    assert case["basis"] in BASES
    assert case.get("lines") or case.get("source")
    found = itsm.holds(load(folder), case["thesis"], case["meaning"])
    assert found.subjects, "the model has nothing that the thesis speaks of"
    assert found.upheld is case["upheld"]
    assert {one.label for one in found.counterexamples} == set(case.get("counterexamples", ()))


@pytest.mark.parametrize(
    ("folder", "element", "token", "expected"), KEPT, ids=[f"{f.name} / {e} / {t} stays" for f, e, t, _ in KEPT]
)
def test_it_is_the_same_one(folder: Path, element: str, token: str, expected: dict[str, Any]) -> None:
    assert expected["basis"] in BASES
    assert expected.get("lines") or expected.get("source")
    found = itsm.same(load(folder), load(folder, "after.ttl"), element, token)[token]
    assert found.same is {"yes": True, "no": False, "open": None}[expected["same"]], found.reason


@pytest.mark.parametrize("folder", EXAMPLES, ids=NAMES)
def test_nothing_expected_twice(folder: Path) -> None:
    names = [case.name for case in CASES if case.folder == folder]
    assert len(set(names)) == len(names)
    assert any(told(folder).get(sort) for sort in ("case", "thesis", "same"))


@pytest.mark.parametrize("folder", EXAMPLES, ids=NAMES)
def test_facts_hold_together(folder: Path) -> None:
    namespace = f"https://w3id.org/itsm-ontology/examples/{folder.name}#"
    for file in sorted(folder.glob("*.ttl")):
        model = load(folder, file.name)
        assert model.problems == ()
        labels = [model.label(iri) for iri in model.elements]
        assert all(iri.startswith(namespace) for iri in model.elements)
        named = all(model.label(iri) != iri.removeprefix(namespace) for iri in model.elements)
        assert named, "an element without a label"
        assert len(set(labels)) == len(labels)


# The reference takes seconds for each: a few of them every time, the rest with `pytest -m slow`.
BY_REFERENCE = [pytest.param(folder, marks=() if n < 6 else pytest.mark.slow) for n, folder in enumerate(EXAMPLES)]


@pytest.mark.parametrize("folder", BY_REFERENCE, ids=NAMES)
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
