"""What every command's handler needs: its answer, and what common arguments stand for."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..catalogue import Catalogue
from ..catalogue import catalogue as published
from ..errors import InputError
from ..model import Model
from ..pictures import Picture
from ..sources import load
from .output import LISTING_FORMATS, Listing, Progress, Screen

ANSWERED, FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 130
"""Exit statuses."""


@dataclass(frozen=True)
class Answer:
    """What a command has to say.

    Attributes:
        text: what goes to standard output, piece by piece.
        status: the exit status.
        notes: what goes to standard error.
    """

    text: Iterable[str]
    status: int = ANSWERED
    notes: str = ""


def listed(listing: Listing, options: argparse.Namespace) -> Answer:
    """Write a listing."""
    return Answer([LISTING_FORMATS[options.format](listing, screen_of(options))])


def model_of(options: argparse.Namespace) -> Model:
    """Load the model."""
    return loaded(options.model, options)


def loaded(name: str, options: argparse.Namespace) -> Model:
    """Load a model from a file, a folder, or standard input for `-`; say on a terminal how far a long load is."""
    with Progress("records") as progress:
        return load(
            sys.stdin.buffer if name == "-" else name if "://" in name else Path(name),
            format=options.input_format,
            name="<stdin>" if name == "-" else name,
            mapping=options.mapping,
            progress=lambda source, count: progress.tell(f"{source}: {count} records read"),
        )


def catalogue_of(options: argparse.Namespace) -> Catalogue:
    """Give the catalogue, with the shapes added."""
    return published().with_shapes(*map(Path, options.shapes))


def screen_of(options: argparse.Namespace) -> Screen:
    """Give the screen."""
    return Screen.of_stdout(options.color)


def draw(options: argparse.Namespace, picture: Picture | None) -> None:
    """Write a picture, if one is wanted."""
    if not options.svg:
        return
    if picture is None:
        raise InputError("there is nothing to draw into --svg: no model came out.")
    Path(options.svg).write_text(picture.svg(), encoding="utf-8")


def meaning_of(options: argparse.Namespace) -> dict[str, str]:
    """Give the meanings chosen for terms."""
    found = {}
    for text in options.meaning:
        term, equals, token = text.partition("=")
        if not equals:
            raise InputError(f"--meaning {text}: this names no definition.", repair="Write TERM=TOKEN.")
        found[term] = token
    return found
