"""What the commands that reason about definitions write: text for people, JSON, CSV, Turtle, and pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..reasoning.compatible import Compatibility
from ..reasoning.dispute import ShownDispute
from ..reasoning.implication import Implication, Relation, Step
from ..reasoning.lattice import Lattice
from ..reasoning.relations import Relations
from ..reasoning.repair.repairs import Repairs
from ..reasoning.thesis import ThesisMatrix
from ..reasoning.witness import Witness
from .output import Screen, cell, csv_line, wrapped


def shown(text: str, screen: Screen) -> str:
    """Break lines that are too long, keeping their indent."""
    lines = []
    for line in text.splitlines():
        indent = line[: len(line) - len(line.lstrip(" "))]
        lines.append(wrapped(line, screen.width, indent, f"{indent}  ") if len(line) > screen.width else line)
    return screen.clean("\n".join(lines)) + "\n"


def confirmation(tokens: Sequence[str]) -> str:
    """Say who confirmed a witness."""
    by = "the SQL engine and by pySHACL" if tokens else "the SQL engine"
    return f"Confirmed by {by}.\n"


# --------------------------------------------------------------------------------------------------------------------
# JSON


def witness_record(witness: Witness | None) -> dict[str, Any] | None:
    """Give a witness as a record, its model as Turtle."""
    if witness is None:
        return None
    elements, facts = witness.size
    return {
        "shows": witness.shows,
        "element": witness.element,
        "meets": list(witness.meets),
        "fails": list(witness.fails),
        "elements": elements,
        "facts": [list(fact) for fact in witness.facts],
        "fact_count": facts,
        "natural": witness.nature.value,
        "fewest_facts": witness.fewest,
        "turtle": witness.model.turtle(),
    }


def implication_record(one: Implication) -> dict[str, Any]:
    """Give an implication as a record."""
    return {
        "narrower": one.narrower,
        "broader": one.broader,
        "status": one.status.value,
        "elements": one.elements,
        "reason": one.reason,
        "steps": [_step_record(step) for step in one.steps],
        "witness": witness_record(one.witness),
    }


def _step_record(step: Step) -> dict[str, Any]:
    return {
        "clause": step.clause.token,
        "message": step.clause.message,
        "because": [{"clause": reason.token, "message": reason.message} for reason in step.because],
        "elements": step.elements,
    }


def relation_record(one: Relation) -> dict[str, Any]:
    """Give a relation as a record."""
    return {
        "first": one.first,
        "second": one.second,
        "relation": one.kind.value,
        "reason": one.reason,
        "forwards": one.forwards and implication_record(one.forwards),
        "backwards": one.backwards and implication_record(one.backwards),
        "both": witness_record(one.both),
        "only_first": witness_record(one.only_first),
        "only_second": witness_record(one.only_second),
    }


def compatibility_record(one: Compatibility) -> dict[str, Any]:
    """Give a compatibility as a record."""
    return {
        "asked": list(one.asked),
        "possible": one.possible,
        "clashing": list(one.clashing),
        "conflict": [{"token": part.token, "message": part.message, "of": part.of} for part in one.conflict],
        "elements": one.elements,
        "reason": one.reason,
        "witness": witness_record(one.witness),
    }


def dispute_record(one: ShownDispute) -> dict[str, Any]:
    """Give a dispute with what was shown as a record."""
    return {
        "dispute": one.dispute.token,
        "clash": one.dispute.clash.value,
        "showing": one.showing.value,
        "reason": one.reason,
        "clashes": [compatibility_record(each) for each in one.together],
        "witness": witness_record(one.witness),
    }


def lattice_record(one: Lattice) -> dict[str, Any]:
    """Give an order as a record."""
    return {
        "title": one.title,
        "groups": [list(group) for group in one.groups],
        "edges": [{"narrower": low, "broader": high, "status": status.value} for low, high, status in one.edges],
        "pairs": one.to_records(),
    }


def thesis_record(one: ThesisMatrix) -> dict[str, Any]:
    """Give a thesis over all pairs as a record."""
    return {
        "thesis": one.thesis.token,
        "label": one.thesis.label,
        "counts": {answer.value: count for answer, count in one.counts.items()},
        "pairs": one.to_records(),
    }


def repairs_record(one: Repairs) -> dict[str, Any]:
    """Give repairs as a record."""
    return {
        "element": one.element,
        "label": one.label,
        "definition": one.definition,
        "outcome": one.outcome.value,
        "complete": one.complete,
        "reason": one.reason,
        "changes": [change.to_record() for change in one.changes],
    }


# --------------------------------------------------------------------------------------------------------------------
# Other formats


def records_csv(records: Sequence[Mapping[str, Any]], columns: Sequence[str] = ()) -> Iterator[str]:
    """Write records as CSV; with the names of the columns, the head is there without records too."""
    head = columns or tuple(records[0] if records else ())
    if head:
        yield csv_line(head)
    yield from (csv_line(cell(record[name]) for name in head) for record in records)


def relations_text(one: Relations) -> Iterator[str]:
    """Write how definitions relate: what implies what, what excludes what, and how many there are."""
    for record in one.to_records():
        if record["relation"] in ("equivalent", "narrower", "broader", "disjoint", "open"):
            yield f"{record['first']}  {record['relation']}  {record['second']}\n"
    yield one.summary + "\n"
