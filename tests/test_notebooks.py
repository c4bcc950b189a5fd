"""The notebooks: they run from the root and from their own folder, and what is stored is what they say."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from itsm_ontology import catalogue

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [path.stem for path in NOTEBOOKS]
NEEDS = ("nbclient", "nbformat", "ipykernel", "matplotlib", "pandas")
MACHINE_PATH = re.compile(r"/home/|/root/|/Users/|/tmp/|/work/|/venv/|site-packages|[A-Za-z]:\\+Users")
PICTURES = {"image/png", "image/svg+xml"}
MOST_BYTES = 600_000
SECONDS_A_CELL = 60

Cell = dict[str, Any]


def code_cells(path: Path) -> list[Cell]:
    """The stored cells that have code in them."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code" and "".join(cell["source"]).strip()]


def words(cell: Cell) -> list[str]:
    """What a reader sees under a cell, pictures apart: words, in whatever way they are laid out."""
    shown = []
    for output in cell["outputs"]:
        data = output.get("data", {})
        if "text/html" in data:
            markup = re.sub(r"<style.*?</style>", " ", "".join(data["text/html"]), flags=re.DOTALL)
            shown.append(html.unescape(re.sub(r"<[^>]+>", " ", markup)))
        elif not PICTURES & set(data):
            shown.append("".join(output.get("text", data.get("text/plain", ""))))
    return " ".join(shown).split()


def pictures(cells: list[Cell]) -> int:
    shown = [set(output.get("data", {})) for cell in cells for output in cell["outputs"]]
    return sum(bool(kinds & PICTURES) for kinds in shown)


def without_pictures(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: without_pictures(value) for key, value in content.items() if key not in PICTURES}
    return [without_pictures(item) for item in content] if isinstance(content, list) else content


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_outputs_are_stored(path: Path) -> None:
    cells = code_cells(path)
    assert cells
    for number, cell in enumerate(cells, start=1):
        assert cell["execution_count"] == number, "run it from top to bottom and store it"
        assert cell["outputs"], f"cell {number} shows nothing: {cell['source']}"
        for output in cell["outputs"]:
            assert output["output_type"] != "error"
            assert output.get("name") != "stderr", output
    assert pictures(cells) >= 2
    assert path.stat().st_size < MOST_BYTES


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_no_path_of_a_machine(path: Path) -> None:
    text = json.dumps(without_pictures(json.loads(path.read_text(encoding="utf-8"))), ensure_ascii=False)
    assert MACHINE_PATH.findall(text) == []
    assert str(ROOT) not in text


# Each runs from its own folder; one of them, and with `pytest -m slow` all, from the root as well.
RUNS = [
    pytest.param(
        path,
        folder,
        marks=pytest.mark.slow if folder == "." and path != NOTEBOOKS[0] else (),
        id=f"{path.stem} {folder}",
    )
    for path in NOTEBOOKS
    for folder in ("notebooks", ".")
]


@pytest.mark.parametrize(("path", "folder"), RUNS)
def test_it_runs_and_says_what_is_stored(path: Path, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in NEEDS:
        why = f"NO NOTEBOOK WAS RUN: {module} is missing; install itsm-ontology[notebook,test]"
        pytest.importorskip(module, reason=why)
    import nbformat
    from nbclient import NotebookClient

    monkeypatch.delenv("MPLBACKEND", raising=False)
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=SECONDS_A_CELL,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(ROOT / folder)}},
    )
    client.execute()  # raises CellExecutionError, with the cell and its traceback, if one fails
    fresh = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    stored = code_cells(path)
    assert pictures(fresh) == pictures(stored)
    published = (ROOT / "tests" / "data" / "published-tokens.txt").read_text(encoding="utf-8").split()
    if set(catalogue().all_definitions) != set(published):
        return  # with definitions of your own beside the published ones the notebook says more than is stored
    for old, new in zip(stored, fresh, strict=True):
        assert words(new) == words(old), (
            "what the notebook says has changed; read it through, and store it again: "
            f"jupyter execute --inplace notebooks/{path.name}"
        )
