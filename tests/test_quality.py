"""The tools that judge the code itself."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

TOOLS = {
    "lint": ["ruff", "check", "--no-cache", "itsm_ontology", "tests"],
    "format": ["ruff", "format", "--check", "--no-cache", "itsm_ontology", "tests"],
    "types": ["mypy"],
}


@pytest.mark.parametrize("command", TOOLS.values(), ids=TOOLS)
def test_nothing_to_complain_about(command: list[str]) -> None:
    beside = Path(sys.executable).parent / command[0]
    tool = str(beside) if beside.exists() else shutil.which(command[0])
    if tool is None:
        pytest.skip(f"{command[0]} is not installed: the code is not judged by it")
    done = subprocess.run([tool, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
