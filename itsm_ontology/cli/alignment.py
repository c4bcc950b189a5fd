"""The command `alignment`: which alignments ship, or one of them as a table, JSON, SSSOM or Turtle."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from ..alignments import Alignment, alignment, alignments
from ..errors import InputError
from .handling import Answer, listed, screen_of
from .output import LISTING_FORMATS, Listing

_WHOLE: Mapping[str, Callable[[Alignment], str]] = {"tsv": lambda one: one.tsv, "turtle": Alignment.turtle}
"""The formats that only one whole alignment can be written in."""
FORMATS = (*(name for name in LISTING_FORMATS if name in ("table", "json")), *_WHOLE)


def answer(options: argparse.Namespace) -> Answer:
    """Write an alignment, or the list of them."""
    if not options.target:
        if options.format in _WHOLE:
            raise InputError(
                f"--format {options.format} writes one alignment.",
                repair="Say which: `itsm-ontology alignment` lists them.",
            )
        return listed(_list(), options)
    found = alignment(options.target)
    if options.format in _WHOLE:
        return Answer([_WHOLE[options.format](found)])
    if options.format == "json":
        record = {"target": found.target, **found.metadata, "mappings": found.to_records()}
        return Answer([screen_of(options).json(record) + "\n"])
    columns = ("subject_id", "predicate_id", "object_id", "comment")
    return listed(Listing(columns, found.to_records(), (found.metadata["mapping_set_description"],)), options)


def _list() -> Listing:
    rows = [
        {
            "alignment": found.target,
            "matches": len(found.matches),
            "title": found.title,
            "description": found.metadata["mapping_set_description"],
        }
        for found in map(alignment, alignments())
    ]
    return Listing(("alignment", "matches", "title"), rows)
