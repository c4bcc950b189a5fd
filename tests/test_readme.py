"""What the README shows is what its commands do."""

from __future__ import annotations

import re
import shlex

import pytest
from conftest import ROOT

from itsm_ontology import load
from itsm_ontology.cli import main

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def run(part: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Run the command of the README that has this part; give what it prints."""
    command = next(block for block in blocks("sh") if part in block)
    arguments = shlex.split(command.replace("\\\n", " "))
    assert arguments[0] == "itsm-ontology"
    assert main(arguments[1:]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(("part", "table"), [("thesis application-is-a-service", 0), ("--framework clark", 2)])
def test_a_table_is_what_the_command_beside_it_prints(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, part: str, table: int
) -> None:
    monkeypatch.chdir(ROOT)
    assert run(part, capsys).startswith(blocks("text")[table])


def test_the_refuting_model_is_as_small_as_the_one_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of several smallest models another release of the solver may find another."""
    monkeypatch.chdir(ROOT)
    said, shown = run("implies itil-2011:application itil-2011:service", capsys), blocks("text")[1]
    assert said.splitlines()[:2] == shown.splitlines()[:2]
    assert (said.count("\n"), said.splitlines()[-1]) == (shown.count("\n"), shown.splitlines()[-1])


def test_the_python_runs(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), {})
    assert "is UNDETERMINED as service (ITIL 4)" in capsys.readouterr().out


def test_ci_runs_the_test_command_of_the_readme() -> None:
    last = (ROOT / ".ci" / "run").read_text(encoding="utf-8").strip().splitlines()[-1]
    assert last in {line for block in blocks("sh") for line in block.splitlines()}


def test_every_file_and_folder_named_is_there() -> None:
    for target in re.findall(r"\]\(((?!http)[^)#]+)\)", README):
        assert (ROOT / target).exists(), target
    for folder in re.findall(r"^\| `([a-z_/]+)/`", README, re.MULTILINE):
        assert (ROOT / folder).is_dir(), folder


def test_the_commands_named_are_there(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands of the section on the command line answer, with a model and an element put in."""
    monkeypatch.chdir(ROOT)
    path = "examples/01-rolling-stock/model.ttl"
    element = load(path).elements[0]
    lines = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("itsm-ontology ")]
    asked = [line.split("#")[0] for line in lines if not line.endswith("\\")]
    assert len(asked) >= 5
    for line in asked:
        words = [{"MODEL": path, "ELEMENT": element}.get(word, word) for word in shlex.split(line)[1:]]
        assert main(words) == 0, line
        assert capsys.readouterr().out.strip()
