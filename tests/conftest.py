"""Where tests find what lies beside the project, and say so when it doesn't."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


def beside(*parts: str) -> Path:
    """Give a path in the folder beside the project; skip the test, with the reason, if it isn't there."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{'/'.join(parts)} does not lie beside the project: nothing to compare with")
    return path
