"""The command line. Exit status: 0 answered, 1 an outcome of `--fail-on` met, 2 bad input or usage, 130 interrupted."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from ..catalogue import catalogue as published
from ..errors import ItsmOntologyError
from ..evaluate import evaluate
from ..report import explain
from . import alignment, check, commands_analysis, commands_reasoning, lists, mapping, publishing, show, telling
from .arguments import parser
from .arguments_common import NAME
from .handling import ANSWERED, FAILED, INTERRUPTED, REFUSED, Answer, catalogue_of, listed, model_of, screen_of
from .output import Screen, one_line


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        argv: the arguments; by default those of the process.

    Returns:
        The exit status.

    Example:
        >>> main(["terms", "--format", "csv"])  # doctest: +ELLIPSIS
        term,label,definitions,broader,note
        access-point,...
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
    model, catalogue = model_of(options), catalogue_of(options)
    if options.engine == "reference" and sys.stderr is not None and sys.stderr.isatty():
        print(f"{NAME}: the reference engine (owlrl and pySHACL) may take minutes …", file=sys.stderr)
    verdicts = evaluate(
        model,
        terms=options.term,
        frameworks=options.framework,
        definitions=options.definition,
        elements=options.element,
        evidence=options.evidence,
        unit=options.unit,
        complete=options.complete,
        engine=options.engine,
        catalogue=catalogue,
    )
    view = check.View(screen_of(options), options.all, options.report)
    return Answer(
        check.CHECK_FORMATS[options.format](verdicts, view),
        FAILED if check.meets(verdicts, options.fail_on) else ANSWERED,
        check.notes(verdicts, view) if options.format in check.BARE_FORMATS else "",
    )


def _explain(options: argparse.Namespace) -> Answer:
    explanation = explain(
        model_of(options),
        options.element,
        options.definition,
        unit=options.unit,
        complete=options.complete,
        catalogue=catalogue_of(options),
    )
    write = check.explanation_json if options.format == "json" else check.explanation_shown
    return Answer([write(explanation, screen_of(options))])


def _terms(options: argparse.Namespace) -> Answer:
    return listed(lists.terms(catalogue_of(options)), options)


def _frameworks(options: argparse.Namespace) -> Answer:
    return listed(lists.frameworks(catalogue_of(options)), options)


def _definitions(options: argparse.Namespace) -> Answer:
    return listed(
        lists.definitions(catalogue_of(options), options.term, options.framework, options.all, options.evidence),
        options,
    )


def _theses(options: argparse.Namespace) -> Answer:
    return listed(lists.theses(published()), options)


def _disputes(options: argparse.Namespace) -> Answer:
    return listed(lists.disputes(published()), options)


def _standings(options: argparse.Namespace) -> Answer:
    return listed(lists.standings(published(), options.term, options.framework), options)


def _vocabulary(options: argparse.Namespace) -> Answer:
    return listed(lists.words(), options)


def _sources(options: argparse.Namespace) -> Answer:
    return listed(lists.sources(), options)


def _show(options: argparse.Namespace) -> Answer:
    catalogue, screen = catalogue_of(options), screen_of(options)
    told = telling.told(catalogue, telling.found(catalogue, options.name))
    return Answer([screen.json(told) + "\n" if options.format == "json" else show.shown(told, screen)])


_COMMANDS: Mapping[str, Callable[[argparse.Namespace], Answer]] = {
    "check": _check,
    "explain": _explain,
    "terms": _terms,
    "frameworks": _frameworks,
    "definitions": _definitions,
    "theses": _theses,
    "show": _show,
    "sources": _sources,
    "alignment": alignment.answer,
    "disputes": _disputes,
    "standings": _standings,
    "vocabulary": _vocabulary,
    **commands_analysis.HANDLERS,
    **commands_reasoning.HANDLERS,
    **mapping.HANDLERS,
    **publishing.HANDLERS,
}
