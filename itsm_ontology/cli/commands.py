"""The command line. Exit status: 0 answered, 1 an outcome of `--fail-on` met, 2 bad input or usage, 130 interrupted."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..catalogue import Catalogue
from ..catalogue import catalogue as published
from ..errors import ItsmOntologyError
from ..evaluate import evaluate
from ..model import Model
from ..report import explain
from ..sources import load
from . import check, lists, show
from .arguments import NAME, parser
from .output import LISTING_FORMATS, Listing, Screen, one_line

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


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        argv: the arguments; by default those of the process.

    Returns:
        The exit status.

    Example:
        >>> main(["terms", "--format", "csv"])  # doctest: +ELLIPSIS
        term,label,definitions,broader,note
        application,...
        0
    """
    arguments = sys.argv[1:] if argv is None else list(argv)
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):  # no stream, or one that is no file
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        options = parser().parse_args(arguments)
        return _write(_COMMANDS[options.command](options))
    except SystemExit as stop:  # argparse, after --help and --version
        return int(stop.code or ANSWERED)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        if "--debug" in arguments:
            raise
        return _refuse(error)


def _refuse(error: Exception) -> int:
    """Say in one line what is wrong."""
    if isinstance(error, ItsmOntologyError):
        text = str(error)
    elif isinstance(error, OSError):
        text = f"{error.filename or 'output'}: {error.strerror or error}."
    else:
        text = f"this is a fault of {NAME}, not yours: {type(error).__name__}: {error} (--debug shows where)"
    if sys.stderr is not None:
        print(f"{NAME}: {Screen().clean(one_line(text))}", file=sys.stderr)
    return REFUSED


def _write(answer: Answer) -> int:
    """Write an answer; a reader that goes away early changes nothing in its status."""
    if answer.notes and sys.stderr is not None:
        sys.stderr.write(answer.notes)
    if sys.stdout is None:
        return answer.status
    try:
        for piece in answer.text:
            sys.stdout.write(piece)
        sys.stdout.flush()
    except BrokenPipeError:
        _discard()
    except OSError:
        _discard()
        raise
    return answer.status


def _discard() -> None:
    """Let what is still to be written to standard output vanish, so that Python doesn't stumble over it at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# --------------------------------------------------------------------------------------------------------------------
# Commands


def _check(options: argparse.Namespace) -> Answer:
    model, catalogue = _model(options), _catalogue(options)
    if options.engine == "reference" and sys.stderr is not None and sys.stderr.isatty():
        print(f"{NAME}: the reference engine (owlrl and pySHACL) may take minutes …", file=sys.stderr)
    verdicts = evaluate(
        model,
        terms=options.term,
        frameworks=options.framework,
        definitions=options.definition,
        elements=options.element,
        unit=options.unit,
        complete=options.complete,
        engine=options.engine,
        catalogue=catalogue,
    )
    view = check.View(_screen(options), options.all, options.report)
    return Answer(
        check.CHECK_FORMATS[options.format](verdicts, view),
        FAILED if check.meets(verdicts, options.fail_on) else ANSWERED,
        check.notes(verdicts, view) if options.format in check.BARE_FORMATS else "",
    )


def _explain(options: argparse.Namespace) -> Answer:
    explanation = explain(
        _model(options),
        options.element,
        options.definition,
        unit=options.unit,
        complete=options.complete,
        catalogue=_catalogue(options),
    )
    write = check.explanation_json if options.format == "json" else check.explanation_shown
    return Answer([write(explanation, _screen(options))])


def _terms(options: argparse.Namespace) -> Answer:
    return _listed(lists.terms(_catalogue(options)), options)


def _frameworks(options: argparse.Namespace) -> Answer:
    return _listed(lists.frameworks(_catalogue(options)), options)


def _definitions(options: argparse.Namespace) -> Answer:
    return _listed(lists.definitions(_catalogue(options), options.term, options.framework, options.all), options)


def _theses(options: argparse.Namespace) -> Answer:
    return _listed(lists.theses(published()), options)


def _sources(options: argparse.Namespace) -> Answer:
    return _listed(lists.sources(), options)


def _show(options: argparse.Namespace) -> Answer:
    catalogue, screen = _catalogue(options), _screen(options)
    told = lists.told(catalogue, lists.found(catalogue, options.name))
    return Answer([screen.json(told) + "\n" if options.format == "json" else show.shown(told, screen)])


def _listed(listing: Listing, options: argparse.Namespace) -> Answer:
    return Answer([LISTING_FORMATS[options.format](listing, _screen(options))])


def _model(options: argparse.Namespace) -> Model:
    if options.model == "-":
        return load(sys.stdin.buffer, format=options.input_format, name="<stdin>")
    return load(Path(options.model), format=options.input_format, name=options.model)


def _catalogue(options: argparse.Namespace) -> Catalogue:
    return published().with_shapes(*map(Path, options.shapes))


def _screen(options: argparse.Namespace) -> Screen:
    return Screen.of_stdout(options.color)


_COMMANDS: Mapping[str, Callable[[argparse.Namespace], Answer]] = {
    "check": _check,
    "explain": _explain,
    "terms": _terms,
    "frameworks": _frameworks,
    "definitions": _definitions,
    "theses": _theses,
    "show": _show,
    "sources": _sources,
}
