"""Arguments that several commands take."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..evidence import EVIDENCE
from ..reasoning.implication import SECONDS
from ..reasoning.program import MOST_ELEMENTS
from ..reasoning.search import MOST

NAME = "itsm-ontology"


@dataclass(frozen=True)
class Command:
    """A command of the command line.

    Attributes:
        summary: what it does.
        add_arguments: gives a parser its arguments.
        examples: arguments that make sense.
    """

    summary: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    examples: tuple[str, ...]


def model_arguments(command: argparse.ArgumentParser) -> None:
    """Add the model and what it is written in."""
    command.add_argument(
        "model",
        metavar="MODEL",
        help="the file or folder that holds the model, a sources file that names several, or - for standard input",
    )
    source_arguments(command)


def source_arguments(command: argparse.ArgumentParser, what: str = "it") -> None:
    """Add how a model is read.

    Args:
        command: the command.
        what: the model, or models, in words.
    """
    command.add_argument(
        "--input-format",
        metavar="NAME",
        help=f"the format of {what}, as `{NAME} sources` lists them (default: told from the content)",
    )
    command.add_argument(
        "--mapping", metavar="FILE", help=f"read {what} by this mapping; `{NAME} map init` drafts one for a table"
    )


def context_arguments(command: argparse.ArgumentParser) -> None:
    """Add what an evaluation takes besides the model."""
    shapes_arguments(command)
    command.add_argument(
        "--unit", metavar="NAME", help="the organizational unit whose boundary counts, by IRI or label"
    )
    several(command, "--complete", "RELATION[@SOURCE]", "take all facts in this relation to be recorded")


def search_arguments(
    command: argparse.ArgumentParser,
    seconds: float = SECONDS,
    written: tuple[str, ...] = ("text", "json", "turtle"),
    what: str = "the answer",
) -> None:
    """Add the limits of a search."""
    shapes_arguments(command)
    command.add_argument(
        "--most",
        type=number_of_elements,
        default=MOST,
        metavar="N",
        help="elements a model may have (default: %(default)s)",
    )
    command.add_argument(
        "--seconds",
        type=number_of_seconds,
        default=seconds,
        metavar="S",
        help=f"time limit for {what}, 0 for none (default: %(default)g); what is known by then is said",
    )
    formats(command, written)


def svg_argument(command: argparse.ArgumentParser, what: str) -> None:
    """Add a file to draw into."""
    command.add_argument("--svg", metavar="FILE", help=f"draw {what} into this file")


def shapes_arguments(command: argparse.ArgumentParser) -> None:
    """Add definitions of one's own."""
    several(command, "--shapes", "FILE", "add the definitions of this SHACL file to the published ones")


def evidence_arguments(command: argparse.ArgumentParser, summary: str) -> None:
    """Add the evidence marks that count."""
    several(command, "--evidence", "MARK", f"{summary}: {', '.join(EVIDENCE)}")


def several(command: argparse.ArgumentParser, option: str, metavar: str, summary: str) -> None:
    """Add an option that may be repeated."""
    command.add_argument(option, action="append", default=[], metavar=metavar, help=f"{summary}; may be repeated")


def formats(command: argparse.ArgumentParser, names: Iterable[str]) -> None:
    """Add the ways to write the answer, the first of them by default."""
    choices = tuple(names)
    command.add_argument(
        "--format", choices=choices, default=choices[0], help="how to write the answer (default: %(default)s)"
    )


def number_of_elements(text: str) -> int:
    """Read a number of elements."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST_ELEMENTS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {MOST_ELEMENTS}")
    return int(text)


def number_of_seconds(text: str) -> float:
    """Read a number of seconds."""
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value < 1e9:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
    return value
