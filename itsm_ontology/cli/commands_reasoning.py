"""The commands that reason about definitions: what follows, what clashes, what would mend, what to ask."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from ..catalogue import Catalogue
from ..errors import InputError
from ..reasoning.compatible import compatible
from ..reasoning.confirm import confirm
from ..reasoning.dispute import dispute
from ..reasoning.implication import implies, relation
from ..reasoning.interview.questions import questions
from ..reasoning.lattice import lattice
from ..reasoning.relations import Relations, read_relations, relations
from ..reasoning.repair.repairs import repair
from ..reasoning.thesis import thesis
from ..reasoning.witness import Witness
from . import ask, reason
from .handling import Answer, catalogue_of, draw, loaded, meaning_of, model_of, screen_of
from .output import Progress

_NO_LIMIT = 1e9
_NEXT = 5
"""So many of the next questions are given as JSON."""
_SECONDS_BETWEEN_SAVES = 20.0
"""So often a long work's result so far is kept."""


def _implies(options: argparse.Namespace) -> Answer:
    catalogue = catalogue_of(options)
    answer = implies(
        options.narrower,
        options.broader,
        theses=options.thesis,
        meaning=meaning_of(options),
        most=options.most,
        seconds=options.seconds or None,
        catalogue=catalogue,
    )
    return _reasoned(options, answer, reason.implication_record(answer), [answer.witness], catalogue)


def _relation(options: argparse.Namespace) -> Answer:
    catalogue = catalogue_of(options)
    answer = relation(
        options.first, options.second, most=options.most, seconds=options.seconds or None, catalogue=catalogue
    )
    witnesses = [answer.only_first, answer.only_second, answer.both]
    return _reasoned(options, answer, reason.relation_record(answer), witnesses, catalogue)


def _compatible(options: argparse.Namespace) -> Answer:
    catalogue = catalogue_of(options)
    answer = compatible(
        options.names,
        theses=options.thesis,
        meaning=meaning_of(options),
        most=options.most,
        seconds=options.seconds or None,
        catalogue=catalogue,
    )
    return _reasoned(options, answer, reason.compatibility_record(answer), [answer.witness], catalogue)


def _reasoned(
    options: argparse.Namespace,
    answer: object,
    record: Mapping[str, Any],
    witnesses: Iterable[Witness | None],
    catalogue: Catalogue,
) -> Answer:
    """Write what was reasoned out, its witnesses confirmed by the reference first."""
    shown, screen = [witness for witness in witnesses if witness], screen_of(options)
    judged = [token for witness in shown for token in confirm(witness, catalogue)]
    draw(options, shown[0].picture if shown else None)
    if options.format == "json":
        return Answer([screen.json(record) + "\n"])
    if options.format == "turtle":
        return Answer([witness.model.turtle() for witness in shown], notes="" if shown else f"{answer}\n")
    text = reason.shown(str(answer), screen)
    return Answer([text, reason.confirmation(judged) if shown else ""])


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
            catalogue=catalogue_of(options),
        )
    draw(options, answer.picture)
    screen = screen_of(options)
    texts = {"mermaid": answer.mermaid, "dot": answer.dot}
    if options.format in texts:
        return Answer([texts[options.format]().rstrip("\n") + "\n"])
    if options.format == "json":
        return Answer([screen.json(reason.lattice_record(answer)) + "\n"])
    if options.format == "csv":
        return Answer(reason.records_csv(answer.to_records()))
    return Answer([reason.shown(str(answer), screen)])


def _thesis(options: argparse.Namespace) -> Answer:
    catalogue, screen = catalogue_of(options), screen_of(options)
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
            every=options.every,
            known=known,
            most=options.most,
            seconds_a_pair=options.seconds or None,
            progress=progress,
            kept=keep,
            catalogue=catalogue_of(options),
        )
    if file:
        _save(file, answer)
        return Answer([answer.summary + "\n"])
    if options.format == "json":
        return Answer([screen_of(options).json(answer.to_records()) + "\n"])
    if options.format == "csv":
        return Answer(reason.records_csv(answer.to_records()))
    return Answer([answer.turtle()] if options.format == "turtle" else reason.relations_text(answer))


def _save(file: Path, answer: Relations) -> None:
    """Replace a file, in one step."""
    draft = file.with_name(f"{file.name}.part")
    draft.write_text(answer.turtle(), encoding="utf-8")
    draft.replace(file)


def _dispute(options: argparse.Namespace) -> Answer:
    catalogue = catalogue_of(options)
    answer = dispute(options.dispute, most=options.most, seconds=options.seconds or None, catalogue=catalogue)
    return _reasoned(options, answer, reason.dispute_record(answer), [answer.witness], catalogue)


def _repair(options: argparse.Namespace) -> Answer:
    model = model_of(options)
    found = repair(
        model,
        options.element,
        options.definition,
        withdraw=options.withdraw,
        limit=max(options.limit, options.apply or 0),
        seconds=options.seconds or _NO_LIMIT,
        unit=options.unit,
        catalogue=catalogue_of(options),
    )
    if options.apply:
        if options.apply > len(found.changes):
            raise InputError(f"--apply {options.apply}: there are {len(found.changes)} changes.", repair=found.reason)
        return Answer([found.changes[options.apply - 1].applied(model).turtle()])
    screen = screen_of(options)
    if options.format == "json":
        return Answer([screen.json(reason.repairs_record(found)) + "\n"])
    return Answer([reason.shown(str(found), screen)])


def _ask(options: argparse.Namespace) -> Answer:
    model = None
    if options.model:
        model = loaded(options.model, options)
    term = options.term or ("" if options.definition else "service")
    catalogue, screen = catalogue_of(options), screen_of(options)
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


HANDLERS: Mapping[str, Callable[[argparse.Namespace], Answer]] = {
    "implies": _implies,
    "relation": _relation,
    "compatible": _compatible,
    "lattice": _lattice,
    "thesis": _thesis,
    "relations": _relations,
    "dispute": _dispute,
    "repair": _repair,
    "ask": _ask,
}
"""The handlers of these commands."""
