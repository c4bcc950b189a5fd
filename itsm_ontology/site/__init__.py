"""The catalogue as web pages, to be read without a network: a table of terms and frameworks, and the vocabulary."""

from __future__ import annotations

from pathlib import Path

from ..catalogue import Catalogue
from .pages import catalogue_pages
from .reference import reference_pages


def build(directory: Path, catalogue: Catalogue) -> int:
    """Write the pages into a directory; other files in it stay.

    Args:
        directory: where they go; it is made if it isn't there.
        catalogue: what they show.

    Returns:
        How many pages there are.

    Raises:
        EngineError: if pyLODE, which writes the reference of the vocabulary, is not installed; nothing is written.
        OSError: if a file can't be written.
    """
    pages = {**catalogue_pages(catalogue), **reference_pages()}
    for name, text in {**pages, "style.css": style()}.items():
        file = directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return len(pages)


def style() -> str:
    """Give the style sheet of the pages."""
    return (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
