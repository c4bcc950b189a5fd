"""Text for people: explanations, matrices and summaries."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from .catalogue import Catalogue
from .catalogue import catalogue as published
from .conflicts import Conflict
from .definitions import Definition
from .evaluate import evaluate
from .explain import Explainer, Step
from .matrix import LEGEND, MARKS, Paint, plain
from .model import Model
from .names import RDF_TYPE
from .verdict import Fact, Outcome, Verdict
from .verdicts import Verdicts

_COLOURS = {
    Outcome.SATISFIED: "\x1b[1;32m",
    Outcome.SATISFIED_SO_FAR: "\x1b[32m",
    Outcome.UNDETERMINED: "\x1b[33m",
    Outcome.CONTRADICTED: "\x1b[31m",
    Outcome.NOT_APPLICABLE: "\x1b[2m",
}


def coloured(outcome: Outcome, text: str) -> str:
    """Colour a text for a terminal."""
    return f"{_COLOURS[outcome]}{text}\x1b[0m"


# --------------------------------------------------------------------------------------------------------------------
# Explanations


@dataclass(frozen=True)
class Explanation:
    """Why a definition is met by an element, or not. Printing it shows it.

    Attributes:
        verdict: the verdict.
        definition: the definition.
        steps: what each constraint comes to.
        model: the model.

    Example:
        >>> from itsm_ontology import Model, explain
        >>> told = explain(Model.from_records([{"id": "crm", "kind": "Software"}]), "crm", "itil-2011:application")
        >>> [step.truth.met for step in told.steps]
        [True, False, False]
    """

    verdict: Verdict
    definition: Definition
    steps: tuple[Step, ...]
    model: Model = field(repr=False)

    def __str__(self) -> str:
        return explanation_text(self)

    def __repr__(self) -> str:
        return str(self)


def explain(
    model: Model,
    element: str,
    definition: str,
    *,
    unit: str | None = None,
    complete: Sequence[str] = (),
    catalogue: Catalogue | None = None,
) -> Explanation:
    """Say why an element meets a definition, or what is missing, or what conflicts.

    Args:
        model: the model.
        element: the element's IRI or label.
        definition: the definition's token.
        unit: the organizational unit it is judged for; see `evaluate`.
        complete: relations of which all facts are recorded; see `evaluate`.
        catalogue: where the definition comes from; by default the published ones.

    Returns:
        The explanation.

    Raises:
        UnknownNameError, AmbiguousNameError: if a name is not one.
        InputError: if only the reference engine can evaluate the definition.

    Example:
        >>> model = Model.from_records([{"id": "crm", "kind": "Software"}])
        >>> print(explain(model, "crm", "obashi:application"))  # doctest: +ELLIPSIS
        crm is UNDETERMINED as application (OBASHI)...
    """
    source = catalogue or published()
    chosen = source.definition(definition)
    verdicts = evaluate(
        model, definitions=[chosen.token], elements=[element], unit=unit, complete=complete, catalogue=source
    )
    node = model.node(element)
    steps = tuple(Explainer(verdicts.facts).steps(chosen, node))
    return Explanation(verdicts.verdict(node, chosen), chosen, steps, model)


def explanation_text(explanation: Explanation, paint: Paint = plain, width: int = 100) -> str:
    """Give an explanation as text."""
    verdict, definition = explanation.verdict, explanation.definition
    lines = [
        f"{' '.join(verdict.label.split())} is {paint(verdict.outcome, verdict.outcome.value)} as {definition.label}: "
        f"{verdict.outcome.meaning}."
    ]
    if verdict.declared:
        lines.append(f"Its source calls it {', '.join(verdict.declared)}.")
    if verdict.outcome is not Outcome.NOT_APPLICABLE:
        for step in explanation.steps:
            lines += _step_lines(step, explanation.model, paint, width)
    for unchecked in definition.unchecked:
        lines += _wrapped("  not tested: ", f"{unchecked.clause} {unchecked.reason}", width)
    if verdict.conforms and definition.necessary_only:
        lines.append("Meeting this definition means that nothing speaks against it, not yet that it is one.")
    lines += [f"Source: {source}" for source in definition.sources]
    if verdict.flagged:
        lines.append("Mind: facts that this rests on conflict with each other; see the model's problems.")
    return "\n".join(lines)


def _step_lines(step: Step, model: Model, paint: Paint, width: int) -> list[str]:
    if step.truth.met:
        mark = paint(Outcome.SATISFIED_SO_FAR, "met      ")
    elif not step.constraint.decides:
        mark = "should   "
    elif step.truth.possible:
        mark = paint(Outcome.UNDETERMINED, "missing  ")
    else:
        mark = paint(Outcome.CONTRADICTED, "conflict ")
    lines = [f"  {mark} {step.constraint.message}"]
    if step.detail:
        lines += _wrapped("            ", step.detail, width)
    if not step.truth.met and not step.truth.possible:
        lines += [f"            fact: {fact_text(fact, model)}" for fact in step.facts]
    return lines


def _wrapped(indent: str, text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=" " * len(indent))


def fact_text(fact: Fact, model: Model) -> str:
    """Write a fact in the names of a model.

    Example:
        >>> model = Model.from_records([{"id": "a", "label": "Mail", "providedBy": "b"}])
        >>> fact_text(("urn:model:a", "https://w3id.org/itsm-ontology/itsm#providedBy", "urn:model:b"), model)
        'Mail is provided by b'
    """
    subject, relation, object_ = fact
    words = model.vocabulary
    if relation == RDF_TYPE:
        text = f"{model.label(subject)} is recorded as {words.label(object_)}"
    else:
        text = f"{model.label(subject)} {words.label(relation)} {model.label(object_)}"
    said_by = model.said_by(subject, relation, object_) if len(model.reports) > 1 else ()
    return f"{text} ({', '.join(said_by)})" if said_by else text


def conflict_text(conflict: Conflict, model: Model) -> str:
    """Write what sources contradict each other in, in the names of a model."""
    words = model.vocabulary
    kinds = conflict.relation == RDF_TYPE
    said = "; ".join(
        f"{source} says {', '.join(map(words.label, values)) if kinds else ', '.join(map(repr, values))}"
        for source, values in conflict.said
    )
    about = "kind" if kinds else words.label(conflict.relation)
    return f"{about} of {model.label(conflict.element)} <{conflict.element}>: {said}"


# --------------------------------------------------------------------------------------------------------------------
# Summaries


def summary_text(verdicts: Verdicts, paint: Paint = plain, width: int = 100) -> str:
    """Give a summary: per definition, how many of each outcome, and what is missing most often."""
    token_width = max(map(len, (d.token for d in verdicts.definitions)), default=10)
    order = (Outcome.SATISFIED, Outcome.SATISFIED_SO_FAR, Outcome.UNDETERMINED, Outcome.CONTRADICTED)
    head = "".join(f"{MARKS[outcome]:>7}" for outcome in order)
    lines = [f"{'':{token_width}}{head}  most often missing"]
    term, unused = "", 0
    for definition in verdicts.definitions:
        counts = verdicts.counts(definition.token)
        if not sum(counts.get(outcome, 0) for outcome in order):
            unused += 1
            continue
        if definition.term != term:
            term = definition.term
            lines.append(f"-- {term} ".ljust(token_width + 28, "-"))
        numbers = "".join(paint(o, f"{counts.get(o, 0) or '.':>7}") for o in order)
        missing = verdicts.missing_most(definition.token, 1)
        note = _missing_note(*missing[0], width - token_width - 28) if missing else ""
        lines.append(f"{definition.token:<{token_width}}{numbers}{note}")
    lines += ["", LEGEND]
    if unused:
        lines.append(f"{unused} definitions apply to none of the {len(verdicts.nodes)} elements.")
    return "\n".join(lines)


def overview_text(verdicts: Verdicts, width: int = 100) -> str:
    """Give an overview of many terms: per term, how many elements meet a definition of it, and which one meets most."""
    rows: list[tuple[str, str, str, str]] = []
    unmet = []
    by_term: dict[str, list[Definition]] = {}
    for definition in verdicts.definitions:
        by_term.setdefault(definition.term, []).append(definition)
    for term, mine in by_term.items():
        met = Counter(node for d in mine for node in verdicts.meeting(d.token))
        label = verdicts.catalogue.terms[term].label
        if not met:
            unmet.append(label)
            continue
        most, number = max(met.items(), key=lambda item: (item[1], -item[0]))
        name = verdicts.model.label(verdicts.facts.terms[most].value)
        rows.append((label, str(len(mine)), str(len(met)), f"{name} ({number})"))
    head = ("term", "definitions", "elements", "the one that meets most of them")
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = [
        f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}  "
        + textwrap.shorten(row[3], max(width - sum(widths[:3]) - 6, 20), placeholder=" …")
        for row in (head, *rows)
    ]
    lines.append("elements: so many meet at least one of the definitions.")
    if unmet:
        text = f"No element meets any definition of {', '.join(unmet)}."
        lines += ["", *textwrap.wrap(text, width, subsequent_indent="  ")]
    return "\n".join(lines)


def _missing_note(message: str, count: int, width: int) -> str:
    room = max(width - len(f"   ({count})"), 20)
    return f"  {textwrap.shorten(message, room, placeholder=' …')} ({count})"
