"""The commands that ask about a landscape, about two of them, or about two frameworks."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Any

from ..analysis.comparison import compare
from ..analysis.coverage import coverage
from ..analysis.crosswalk import crosswalk
from ..analysis.declared import declared
from ..analysis.difference import diff
from ..analysis.disagreements import disagreements
from ..analysis.identity import same
from ..analysis.tabular import Tabular
from ..analysis.upholding import holds
from ..evaluate import Choice, evaluate
from . import reason
from .handling import Answer, catalogue_of, loaded, meaning_of, model_of, screen_of


def _told(options: argparse.Namespace, answer: Tabular, record: Mapping[str, Any] | None = None) -> Answer:
    """Write an answer that consists of rows."""
    screen = screen_of(options)
    if options.format == "json":
        return Answer([screen.json(record or answer.to_records()) + "\n"])
    if options.format == "csv":
        return Answer(reason.records_csv(answer.to_records(), answer.columns))
    return Answer([screen.clean(str(answer)) + "\n"])


def _choice(options: argparse.Namespace) -> Choice:
    chosen = Choice(
        terms=options.term,
        frameworks=options.framework,
        definitions=options.definition,
        evidence=options.evidence,
        unit=options.unit,
        complete=options.complete,
        catalogue=catalogue_of(options),
    )
    return {**chosen, "elements": options.element} if "element" in options else chosen


def _compare(options: argparse.Namespace) -> Answer:
    answer = compare(
        options.first,
        options.second,
        model_of(options) if options.model else None,
        terms=options.term,
        unit=options.unit,
        complete=options.complete,
        catalogue=catalogue_of(options),
    )
    record = {
        "first": answer.first,
        "second": answer.second,
        "pairs": answer.to_records(),
        "only_first": dict(answer.only_first),
        "only_second": dict(answer.only_second),
    }
    return _told(options, answer, record)


def _disagreements(options: argparse.Namespace) -> Answer:
    return _told(options, disagreements(model_of(options), **_choice(options)))


def _coverage(options: argparse.Namespace) -> Answer:
    answer = coverage(model_of(options), **_choice(options))
    return _told(options, answer, {"definitions": answer.to_records(), "helpful": answer.help_records()})


def _declared(options: argparse.Namespace) -> Answer:
    return _told(options, declared(model_of(options), **_choice(options)))


def _crosswalk(options: argparse.Namespace) -> Answer:
    answer = crosswalk(
        model_of(options),
        options.element,
        frameworks=options.framework,
        terms=options.term,
        unit=options.unit,
        complete=options.complete,
        catalogue=catalogue_of(options),
    )
    return _told(options, answer)


def _holds(options: argparse.Namespace) -> Answer:
    answer = holds(model_of(options), options.thesis, meaning_of(options), catalogue=catalogue_of(options))
    record = {
        "thesis": answer.thesis.token,
        "meaning": dict(answer.meaning),
        "upheld": answer.upheld,
        "subjects": len(answer.subjects),
        "undecided": answer.undecided,
        "counterexamples": answer.to_records(),
    }
    return _told(options, answer, record)


def _diff(options: argparse.Namespace) -> Answer:
    models = [loaded(file, options) for file in (options.before, options.after)]
    before, after = (evaluate(model, **_choice(options)) for model in models)
    return _told(options, diff(before, after))


def _same(options: argparse.Namespace) -> Answer:
    before, after = (loaded(file, options) for file in (options.before, options.after))
    answer = same(
        before,
        after,
        options.element,
        options.definition,
        counterpart=options.counterpart,
        catalogue=catalogue_of(options),
    )
    return _told(options, answer)


HANDLERS: Mapping[str, Callable[[argparse.Namespace], Answer]] = {
    "compare": _compare,
    "disagreements": _disagreements,
    "coverage": _coverage,
    "declared": _declared,
    "crosswalk": _crosswalk,
    "holds": _holds,
    "diff": _diff,
    "same": _same,
}
"""The handlers of these commands."""
