"""The example in docs/mappings.md is what it says: its files load, and its command prints what is shown."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from conftest import ROOT

from itsm_ontology import load
from itsm_ontology.cli import main
from itsm_ontology.names import local_name
from itsm_ontology.sources.mapping_file import _FIELD_KEYS, _HEAD, _PARTS

TEXT = (ROOT / "docs" / "mappings.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.M | re.S)


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lay out the files that the page shows under their names."""
    found = re.findall(r"`([\w.]+)`:\n\n```\w+\n(.*?)^```$", TEXT, re.M | re.S)
    (tmp_path / "export").mkdir()
    for name, content in found:
        folder = tmp_path / "export" if name.endswith(".csv") else tmp_path
        (folder / name).write_text(content, encoding="utf-8")
    assert [name for name, _ in found] == ["applications.csv", "servers.csv", "links.csv", "acme.toml"]
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_command_prints_what_is_shown(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = blocks("sh")
    assert main(shlex.split(line)[1:]) == 0
    assert capsys.readouterr().out == blocks("text")[1]


def test_the_python_runs(example: Path) -> None:
    (code,) = blocks("python")
    exec(compile(code, "mappings.md", "exec"), {})


def test_the_model_is_what_the_files_say(example: Path) -> None:
    """Counted and read by hand from the three files."""
    model = load("export", mapping="acme.toml")
    kinds = {model.label(element): tuple(map(local_name, model.kinds(element))) for element in model.elements}
    assert kinds == {
        **dict.fromkeys(("Payroll", "Web shop", "Old archive"), ("ApplicationSoftware",)),
        **dict.fromkeys(("web01", "db01"), ("Server",)),
        **dict.fromkeys(("Finance", "Sales", "Marketing"), ("OrganizationalUnit",)),
    }
    assert model.declarations("urn:acme:applications/A2") == ("acme:website",)


def test_the_commands_shown_first_are_there(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["map", "init", "export", "--output", "mapping.toml"])
    for line in blocks("text")[0].splitlines()[1:]:
        words = [{"SOURCE": "export"}.get(word, word) for word in shlex.split(line, comments=True)]
        assert main(words[1:]) == 0, line


def test_every_part_of_a_mapping_is_told(example: Path) -> None:
    for name in (*_HEAD, *_PARTS, *_FIELD_KEYS):
        assert f"`{name}" in TEXT or f"[{name}]" in TEXT or f"{name} = " in TEXT, name
