"""The command line. Exit status: 0 answered, 1 an outcome of `--fail-on` met, 2 bad input or usage, 130 interrupted."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..catalogue import Catalogue
from ..catalogue import catalogue as published
from ..errors import InputError, ItsmOntologyError
from ..evaluate import evaluate
from ..model import Model
from ..pictures import Picture
from ..reasoning.compatible import compatible
from ..reasoning.confirm import confirm
from ..reasoning.implication import implies, relation
from ..reasoning.interview.questions import questions
from ..reasoning.lattice import lattice
from ..reasoning.relations import Relations, read_relations, relations
from ..reasoning.repair.repairs import repair
from ..reasoning.thesis import thesis
from ..reasoning.witness import Witness
from ..report import explain
from ..sources import load
from . import ask, check, lists, reason, show
from .arguments import NAME, parser
from .output import LISTING_FORMATS, Listing, Progress, Screen, one_line

ANSWERED, FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 130
"""Exit statuses."""
_NO_LIMIT = 1e9
_NEXT = 5
"""So many of the next questions are given as JSON."""
_SECONDS_BETWEEN_SAVES = 20.0
"""So often a long work's result so far is kept."""


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


def _implies(options: argparse.Namespace) -> Answer:
    catalogue = _catalogue(options)
    answer = implies(
        options.narrower,
        options.broader,
        theses=options.thesis,
        meaning=_meaning(options),
        most=options.most,
        seconds=options.seconds or None,
        catalogue=catalogue,
    )
    return _reasoned(options, answer, reason.implication_record(answer), [answer.witness], catalogue)


def _relation(options: argparse.Namespace) -> Answer:
    catalogue = _catalogue(options)
    answer = relation(
        options.first, options.second, most=options.most, seconds=options.seconds or None, catalogue=catalogue
    )
    witnesses = [answer.only_first, answer.only_second, answer.both]
    return _reasoned(options, answer, reason.relation_record(answer), witnesses, catalogue)


def _compatible(options: argparse.Namespace) -> Answer:
    catalogue = _catalogue(options)
    answer = compatible(
        options.names,
        theses=options.thesis,
        meaning=_meaning(options),
        most=options.most,
        seconds=options.seconds or None,
        catalogue=catalogue,
    )
    return _reasoned(options, answer, reason.compatibility_record(answer), [answer.witness], catalogue)


def _meaning(options: argparse.Namespace) -> dict[str, str]:
    found = {}
    for text in options.meaning:
        term, equals, token = text.partition("=")
        if not equals:
            raise InputError(f"--meaning {text}: this names no definition.", repair="Write TERM=TOKEN.")
        found[term] = token
    return found


def _reasoned(
    options: argparse.Namespace,
    answer: object,
    record: Mapping[str, Any],
    witnesses: Iterable[Witness | None],
    catalogue: Catalogue,
) -> Answer:
    """Write what was reasoned out, its witnesses confirmed by the reference first."""
    shown, screen = [witness for witness in witnesses if witness], _screen(options)
    judged = [token for witness in shown for token in confirm(witness, catalogue)]
    _draw(options, shown[0].picture if shown else None)
    if options.format == "json":
        return Answer([screen.json(record) + "\n"])
    if options.format == "turtle":
        return Answer([witness.model.turtle() for witness in shown], notes="" if shown else f"{answer}\n")
    text = reason.shown(str(answer), screen)
    return Answer([text, reason.confirmation(judged) if shown else ""])


def _draw(options: argparse.Namespace, picture: Picture | None) -> None:
    """Write a picture, if one is wanted."""
    if not options.svg:
        return
    if picture is None:
        raise InputError("there is nothing to draw into --svg: no model came out.")
    Path(options.svg).write_text(picture.svg(), encoding="utf-8")


def _lattice(options: argparse.Namespace) -> Answer:
    if not (options.terms or options.framework or options.definition):
        raise InputError("nothing is named that could be ordered.", repair="Name a term, such as service.")
    with Progress("ordered pairs") as progress:
        answer = lattice(
            options.terms,
            frameworks=options.framework,
            definitions=options.definition,
            most=options.most,
            seconds=options.seconds or None,
            fresh=options.fresh,
            progress=progress,
            catalogue=_catalogue(options),
        )
    _draw(options, answer.picture)
    screen = _screen(options)
    texts = {"mermaid": answer.mermaid, "dot": answer.dot}
    if options.format in texts:
        return Answer([texts[options.format]().rstrip("\n") + "\n"])
    if options.format == "json":
        return Answer([screen.json(reason.lattice_record(answer)) + "\n"])
    if options.format == "csv":
        return Answer(reason.records_csv(answer.to_records()))
    return Answer([reason.shown(str(answer), screen)])


def _thesis(options: argparse.Namespace) -> Answer:
    catalogue, screen = _catalogue(options), _screen(options)
    if options.witness:
        return _refuting(options, catalogue)
    if options.svg:
        raise InputError("--svg draws a witness.", repair="Say which with --witness SUBJECT OBJECT.")
    with Progress("pairs") as progress:
        answer = thesis(
            options.thesis,
            frameworks=options.framework,
            definitions=options.definition,
            most=options.most,
            seconds=options.seconds or None,
            fresh=options.fresh,
            progress=progress,
            catalogue=catalogue,
        )
    if options.format == "json":
        return Answer([screen.json(reason.thesis_record(answer)) + "\n"])
    if options.format == "csv":
        return Answer(reason.records_csv(answer.to_records()))
    return Answer([screen.clean(answer.text(screen.width)) + "\n"])


def _refuting(options: argparse.Namespace, catalogue: Catalogue) -> Answer:
    """Show one pair of a thesis."""
    subject, object_ = options.witness
    seconds = options.seconds or None
    answer = thesis(
        options.thesis, definitions=options.witness, most=options.most, seconds=seconds, catalogue=catalogue
    )
    if subject not in answer.subjects or object_ not in answer.objects:
        raise InputError(f"{options.thesis} is not about {subject} and {object_}, in this order.")
    witness = answer.witness(subject, object_, seconds=seconds)
    said = f"{answer.thesis.label}? {answer[subject, object_].value}"
    record = {**reason.thesis_record(answer), "witness": reason.witness_record(witness)}
    return _reasoned(options, f"{said}\n{witness or ''}".rstrip(), record, [witness], catalogue)


def _relations(options: argparse.Namespace) -> Answer:
    file = Path(options.output) if options.output else None
    known = read_relations(file) if file and file.exists() else None
    saved = time.monotonic()

    def keep(so_far: Relations) -> None:
        nonlocal saved
        if file and time.monotonic() - saved > _SECONDS_BETWEEN_SAVES:
            _save(file, so_far)
            saved = time.monotonic()

    with Progress("pairs") as progress:
        answer = relations(
            terms=options.term,
            frameworks=options.framework,
            definitions=options.definition,
            known=known,
            most=options.most,
            seconds_a_pair=options.seconds or None,
            progress=progress,
            kept=keep,
            catalogue=_catalogue(options),
        )
    if file:
        _save(file, answer)
        return Answer([answer.summary + "\n"])
    if options.format == "json":
        return Answer([_screen(options).json(answer.to_records()) + "\n"])
    if options.format == "csv":
        return Answer(reason.records_csv(answer.to_records()))
    return Answer([answer.turtle()] if options.format == "turtle" else reason.relations_text(answer))


def _save(file: Path, answer: Relations) -> None:
    """Replace a file, in one step."""
    draft = file.with_name(f"{file.name}.part")
    draft.write_text(answer.turtle(), encoding="utf-8")
    draft.replace(file)


def _repair(options: argparse.Namespace) -> Answer:
    model = _model(options)
    found = repair(
        model,
        options.element,
        options.definition,
        withdraw=options.withdraw,
        limit=max(options.limit, options.apply or 0),
        seconds=options.seconds or _NO_LIMIT,
        unit=options.unit,
        catalogue=_catalogue(options),
    )
    if options.apply:
        if options.apply > len(found.changes):
            raise InputError(f"--apply {options.apply}: there are {len(found.changes)} changes.", repair=found.reason)
        return Answer([found.changes[options.apply - 1].applied(model).turtle()])
    screen = _screen(options)
    if options.format == "json":
        return Answer([screen.json(reason.repairs_record(found)) + "\n"])
    return Answer([reason.shown(str(found), screen)])


def _ask(options: argparse.Namespace) -> Answer:
    model = None
    if options.model:
        model = load(Path(options.model), format=options.input_format, name=options.model)
    term = options.term or ("" if options.definition else "service")
    catalogue, screen = _catalogue(options), _screen(options)
    interview = questions(
        model,
        options.element,
        term,
        frameworks=options.framework,
        definitions=options.definition,
        answers=ask.answers_in(options.answers) if options.answers else None,
        catalogue=catalogue,
    )
    if not options.no_questions:
        interview = ask.held(interview, options.questions, screen)
    if options.save:
        Path(options.save).write_text(interview.turtle(), encoding="utf-8")
    if options.format == "json":
        return Answer([screen.json(ask.record(interview, _NEXT)) + "\n"])
    return Answer(ask.text(interview, screen))


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
    "implies": _implies,
    "relation": _relation,
    "compatible": _compatible,
    "lattice": _lattice,
    "thesis": _thesis,
    "relations": _relations,
    "repair": _repair,
    "ask": _ask,
}
