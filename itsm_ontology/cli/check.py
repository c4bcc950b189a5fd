"""What `check` and `explain` write: verdicts as a table for people, JSON, CSV, Markdown or Turtle."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..explain import Step
from ..load_report import Report
from ..matrix import LEGEND, MARKS, Matrix, columns_across, matrix_text
from ..model import Model
from ..names import shorten
from ..report import Explanation, conflict_text, explanation_text, overview_text, summary_text
from ..verdict import Outcome, Verdict
from ..verdicts import Verdicts, record
from .output import Screen, cell, csv_line, markdown_cell, markdown_row, one_line, wrapped

MOST_GROUPS = 12
"""Of a matrix with more groups of equal elements than this, the part that tells most is shown."""
MOST_NAMES = 10
"""Of the elements that share a column, so many are named."""
MOST_ROWS = 60
"""A summary comes first where more elements than this are judged."""
MOST_TERMS = 5
"""Of more terms than this an overview is given."""
COLUMNS = (
    "element", "label", "declared", "definition", "term", "framework", "outcome", "conforms", "settled", "missing",
    "conflicts",
)  # fmt: skip
"""The columns of CSV."""


@dataclass(frozen=True)
class View:
    """How verdicts are to be shown.

    Attributes:
        screen: where they go.
        everything: whether to show verdicts that do not apply, and every element.
        report: whether to show what the load left, and its problems.
    """

    screen: Screen
    everything: bool = False
    report: bool = False


def meets(verdicts: Verdicts, outcomes: Collection[Outcome]) -> bool:
    """Tell whether any verdict has one of these outcomes."""
    return bool(outcomes) and any(
        outcome in outcomes for d in verdicts.definitions for outcome in verdicts.counts(d.token)
    )


def _shown(verdicts: Verdicts, view: View) -> Iterable[Verdict]:
    return verdicts.all() if view.everything else verdicts


# --------------------------------------------------------------------------------------------------------------------
# For people


def _table(verdicts: Verdicts, view: View) -> Iterator[str]:
    blocks = list(_answer(verdicts, view))
    if not _is_overview(verdicts, view):
        blocks.append("\n".join(_broken(line, view) for line in _caveats(verdicts)))
    blocks.append("\n".join(_load_lines(verdicts.model, view)))
    yield view.screen.clean("\n\n".join(block for block in blocks if block)) + "\n"


def _is_overview(verdicts: Verdicts, view: View) -> bool:
    return not view.everything and len({definition.term for definition in verdicts.definitions}) > MOST_TERMS


def _answer(verdicts: Verdicts, view: View) -> Iterator[str]:
    """Give the matrix; of a large model a summary first, and the part of the matrix that tells most."""
    paint, width = view.screen.paint, view.screen.width
    if _is_overview(verdicts, view):
        yield overview_text(verdicts, width)
        yield "--term TERM shows the verdicts on one of them, definition by definition; --all shows all."
        return
    matrix = verdicts.matrix(all=view.everything)
    groups = len(matrix.groups())
    if not verdicts.definitions:
        yield f"The {verdicts.engine} engine can evaluate none of these definitions."
        return
    if not view.everything and len(matrix.elements) > MOST_ROWS:
        yield summary_text(verdicts, paint, width)
    few = view.everything or groups <= MOST_GROUPS
    part = matrix if few else matrix.telling(columns_across(matrix, width))
    yield matrix_text(part, paint, width)
    yield from _members(part, view)
    if not few:
        yield _not_shown(len(matrix.elements) - len(part.elements), groups - len(part.groups()), view)


def _not_shown(elements: int, groups: int, view: View) -> str:
    text = (
        f"{elements} more elements, which differ in {groups} ways and meet fewer of these definitions, are not shown. "
        "--all shows everything, --term TERM or --element NAME a part; "
        "`itsm-ontology explain MODEL ELEMENT DEFINITION` gives reasons."
    )
    return wrapped(text, view.screen.width)


def _members(matrix: Matrix, view: View) -> Iterator[str]:
    """Name the elements that share a column."""
    groups = matrix.groups()
    most = len(matrix.elements) if view.everything else MOST_NAMES
    lines = []
    for number, (elements, _) in enumerate(groups, start=1):
        names = [matrix.labels[element] for element in elements[:most]]
        rest = f" and {len(elements) - most} more" if len(elements) > most else ""
        if len(elements) > 1:
            lines.append(wrapped(f"[{number}] {', '.join(names)}{rest}", view.screen.width, "  ", "      "))
    if lines:
        yield "\n".join(["Elements that share a column:", *lines])


def _caveats(verdicts: Verdicts) -> Iterator[str]:
    """Say what a reader of the outcomes must know."""
    memory = [d.token for d in verdicts.definitions if d.evidence == "M"]
    if memory:
        yield f"Stated from memory, not checked against the source [M]: {', '.join(memory)}."
    met = (Outcome.SATISFIED, Outcome.SATISFIED_SO_FAR)
    weak = [d.token for d in verdicts.definitions if d.necessary_only and any(map(verdicts.counts(d.token).get, met))]
    if weak:
        yield f"Met means only that nothing speaks against it: {', '.join(weak)}."
    yield from _left_out_lines(verdicts)


def _broken(line: str, view: View) -> str:
    """Break a line, keeping its indent."""
    indent = line[: len(line) - len(line.lstrip(" "))]
    return wrapped(line, view.screen.width, indent, f"{indent}  ")


def _left_out_lines(verdicts: Verdicts) -> list[str]:
    if not verdicts.left_out:
        return []
    count = len(verdicts.left_out)
    head = f"Left out, as only the reference engine evaluates {'it' if count == 1 else 'them'} (--engine reference):"
    return [head, *(f"  {token}: {reason}" for token, reason in sorted(verdicts.left_out.items()))]


def _load_lines(model: Model, view: View) -> Iterator[str]:
    for report in model.reports:
        lines = str(report).splitlines() if view.report else [report.summary]
        yield from (_broken(line, view) for line in lines)
    if model.merged:
        known = len({one.element for one in model.merged})
        yield f"{known} thing{'s' if known != 1 else ''} that several sources record, known as one by a key"
    if model.conflicts:
        hint = "" if view.report else " (--report shows where)"
        count = len(model.conflicts)
        yield f"{count} contradiction{'s' if count != 1 else ''} between sources{hint}"
        if view.report:
            yield from (f"  {one_line(conflict_text(conflict, model))}" for conflict in model.conflicts)
    if model.problems:
        count = len(model.problems)
        hint = "" if view.report else " (--report shows them)"
        yield f"{count} problem{'s' if count != 1 else ''}: recorded facts that can't hold together{hint}"
        if view.report:
            yield from (f"  {one_line(problem.message)} <{problem.element}>" for problem in model.problems)


def notes(verdicts: Verdicts, view: View) -> str:
    """Give what formats for machines have no place for: it goes to standard error."""
    lines = _left_out_lines(verdicts)
    if view.report:
        lines += _load_lines(verdicts.model, view)
    return view.screen.clean("".join(f"{line}\n" for line in lines))


# --------------------------------------------------------------------------------------------------------------------
# For machines, and for documents


def _json(verdicts: Verdicts, view: View) -> Iterator[str]:
    """Write the verdicts one a line, so that a large answer needs no memory."""
    yield view.screen.json(_json_head(verdicts))[:-2] + ',\n  "verdicts": ['
    for number, verdict in enumerate(_shown(verdicts, view)):
        yield f"{',' if number else ''}\n    {view.screen.json(record(verdict), indent=None)}"
    yield "\n  ]\n}\n"


def _json_head(verdicts: Verdicts) -> dict[str, Any]:
    return {
        "model": _model_record(verdicts.model),
        "catalogue": verdicts.catalogue.version,
        "engine": verdicts.engine,
        "unit": verdicts.unit,
        "definitions": [
            {"token": d.token, "evidence": d.evidence, "necessary_only": d.necessary_only} for d in verdicts.definitions
        ],
        "left_out": dict(sorted(verdicts.left_out.items())),
        "not_applicable": sum(verdicts.counts(d.token).get(Outcome.NOT_APPLICABLE, 0) for d in verdicts.definitions),
    }


def _model_record(model: Model) -> dict[str, Any]:
    return {
        "name": model.name,
        "format": model.report.format,
        "elements": len(model.elements),
        "read": dict(model.report.read),
        "used": dict(model.report.used),
        "left": [{"what": left.what, "reason": left.reason, "count": left.count} for left in model.report.left],
        "notes": list(model.report.notes),
        "problems": [{"element": problem.element, "message": problem.message} for problem in model.problems],
        "reports": [_report_record(report) for report in model.reports],
        "merged": [
            {"element": one.element, "others": list(one.others), "key": one.key, "value": one.value}
            for one in model.merged
        ],
        "source_conflicts": [
            {"element": one.element, "relation": shorten(one.relation), "said": {name: list(v) for name, v in one.said}}
            for one in model.conflicts
        ],
    }


def _report_record(report: Report) -> dict[str, Any]:
    return {"source": report.source, "format": report.format, "rows": report.to_records(), "notes": list(report.notes)}


def _csv(verdicts: Verdicts, view: View) -> Iterator[str]:
    yield csv_line(COLUMNS)
    for verdict in _shown(verdicts, view):
        flat = record(verdict)
        flat["missing"] = " | ".join(map(str, verdict.missing))
        flat["conflicts"] = " | ".join(map(str, verdict.conflicts))
        yield csv_line(cell(flat[name]) for name in COLUMNS)


def _markdown(verdicts: Verdicts, view: View) -> Iterator[str]:
    matrix = verdicts.matrix(all=view.everything)
    groups = matrix.groups()
    heads = [
        markdown_cell(matrix.labels[elements[0]])
        + (f" and {len(elements) - 1} more ({number})" if elements[1:] else "")
        for number, (elements, _) in enumerate(groups, start=1)
    ]
    yield markdown_row(["term", "definition", *heads]) + "\n" + markdown_row(["---"] * (len(heads) + 2)) + "\n"
    for position, token in enumerate(matrix.definitions):
        outcomes = (MARKS[outcomes[position]] for _, outcomes in groups)
        yield markdown_row([markdown_cell(matrix.terms[token]), f"`{token}`", *outcomes]) + "\n"
    yield f"\n{LEGEND}.\n"
    for number, (elements, _) in enumerate(groups, start=1):
        if elements[1:]:
            yield f"\n({number}): {', '.join(markdown_cell(matrix.labels[element]) for element in elements)}\n"
    for line in [*_caveats(verdicts), *_load_lines(verdicts.model, view)]:
        yield f"\n{markdown_cell(line)}\n"


def _turtle(verdicts: Verdicts, view: View) -> Iterator[str]:
    yield str(verdicts.to_graph(all=view.everything).serialize(format="turtle"))


CHECK_FORMATS: Mapping[str, Callable[[Verdicts, View], Iterator[str]]] = {
    "table": _table,
    "json": _json,
    "csv": _csv,
    "markdown": _markdown,
    "turtle": _turtle,
}
"""The ways to write verdicts."""
BARE_FORMATS = frozenset({"csv", "turtle"})
"""Those that have no place for notes."""


# --------------------------------------------------------------------------------------------------------------------
# Explanations


def explanation_shown(explanation: Explanation, screen: Screen) -> str:
    """Write an explanation for people."""
    return screen.clean(explanation_text(explanation, screen.paint, screen.width)) + "\n"


def explanation_json(explanation: Explanation, screen: Screen) -> str:
    """Write an explanation as JSON: the verdict, and what each constraint comes to."""
    verdict, definition = explanation.verdict, explanation.definition
    told = {
        **record(verdict),
        "meaning": verdict.outcome.meaning,
        "unit": verdict.unit,
        "necessary_only": verdict.necessary_only,
        "facts_conflict": verdict.flagged,
        "steps": [_step_record(step) for step in explanation.steps] if verdict.conforms is not None else [],
        "not_tested": [{"clause": item.clause, "reason": item.reason} for item in definition.unchecked],
        "evidence": definition.evidence,
        "sources": [str(source) for source in definition.sources],
    }
    return screen.json(told) + "\n"


def _step_record(step: Step) -> dict[str, Any]:
    status = "met" if step.truth.met else "missing" if step.truth.possible else "conflict"
    return {
        "constraint": step.constraint.token,
        "message": step.constraint.message,
        "decides": step.constraint.decides,
        "status": status,
        "detail": step.detail,
        "facts": [list(fact) for fact in step.facts],
    }
