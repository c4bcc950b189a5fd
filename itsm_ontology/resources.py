"""Where the vocabulary, the shapes and the examples lie, in a wheel and in a checkout alike."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .errors import ItsmOntologyError


@cache
def folder(name: str) -> Path:
    """Find one of the shipped folders: `vocab`, `shapes` or `examples`.

    Args:
        name: the folder's name.

    Returns:
        Its path: inside the installed package, or beside it in a checkout of this very project.

    Raises:
        ItsmOntologyError: if the installation lacks the folder.

    Example:
        >>> (folder("vocab") / "itsm.ttl").exists()
        True
    """
    package = Path(__file__).resolve().parent
    inside = package / name
    if inside.is_dir():
        return inside
    project = package.parent / "pyproject.toml"
    beside = package.parent / name
    if beside.is_dir() and project.is_file() and 'name = "itsm-ontology"' in project.read_text(encoding="utf-8"):
        return beside
    raise ItsmOntologyError(f"This installation lacks its folder {name!r}: install itsm-ontology again.")
