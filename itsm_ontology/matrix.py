"""The matrix: elements against definitions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import TYPE_CHECKING

from .errors import AmbiguousNameError, UnknownNameError
from .tables import pandas_module
from .verdict import Outcome

if TYPE_CHECKING:
    import pandas

MARKS: Mapping[Outcome, str] = {
    Outcome.SATISFIED: "yes",
    Outcome.SATISFIED_SO_FAR: "so far",
    Outcome.UNDETERMINED: "?",
    Outcome.CONTRADICTED: "no",
    Outcome.NOT_APPLICABLE: "-",
}
"""How outcomes are written in tables: told apart without colour."""

_CELL = 8
"""So wide is a column of a matrix in text."""
_TINTS = {
    Outcome.SATISFIED: "#b7dfb9",
    Outcome.SATISFIED_SO_FAR: "#e0f1dc",
    Outcome.UNDETERMINED: "#f5f1dc",
    Outcome.CONTRADICTED: "#f3c9c0",
    Outcome.NOT_APPLICABLE: "transparent",
}


Paint = Callable[[Outcome, str], str]
"""Colours a text for an outcome, or leaves it as it is."""


def plain(outcome: Outcome, text: str) -> str:
    """Leave a text without colour."""
    return text


LEGEND = "yes: satisfied; so far: satisfied, may change; ?: facts missing; no: contradicted; -: not applicable"


@dataclass(frozen=True)
class Matrix:
    """Elements against definitions.

    Attributes:
        elements: the rows, by IRI.
        definitions: the columns, by token.
        rows: the outcomes of each element, in the order of the columns.
        labels: the names of the rows.
        declared: what source systems call the rows.
        terms: the term of each column.
        hidden_rows: how many elements no definition applies to.
        hidden_columns: how many definitions apply to no element.

    Example:
        >>> from itsm_ontology import Model, evaluate
        >>> model = Model.from_records([{"id": "crm", "kind": "Software"}])
        >>> evaluate(model, definitions=["obashi:application"]).matrix().row("urn:model:crm")
        (<Outcome.UNDETERMINED: 'UNDETERMINED'>,)
    """

    elements: tuple[str, ...]
    definitions: tuple[str, ...]
    rows: Mapping[str, tuple[Outcome, ...]] = field(repr=False)
    labels: Mapping[str, str] = field(repr=False)
    declared: Mapping[str, tuple[str, ...]] = field(repr=False)
    terms: Mapping[str, str] = field(repr=False)
    hidden_rows: int = 0
    hidden_columns: int = 0

    def __getitem__(self, key: tuple[str, str]) -> Outcome:
        """Give the outcome for an element (IRI or label) and a definition (token).

        Raises:
            UnknownNameError, AmbiguousNameError: if a name is not one in this matrix.
        """
        element, token = key
        if token not in self.definitions:
            raise UnknownNameError("definition of this matrix", token, self.definitions)
        column = self.definitions.index(token)
        if element in self.rows:
            return self.rows[element][column]
        named = [iri for iri in self.elements if self.labels[iri] == element]
        if not named:
            raise UnknownNameError("element of this matrix", element, self.labels.values())
        if len(named) > 1:
            raise AmbiguousNameError("element", element, named)
        return self.rows[named[0]][column]

    def __repr__(self) -> str:
        return str(self)

    def row(self, element: str) -> tuple[Outcome, ...]:
        """Give the outcomes of one element, in the order of the columns."""
        return self.rows[element]

    def groups(self) -> list[tuple[tuple[str, ...], tuple[Outcome, ...]]]:
        """Give elements with the same outcomes throughout, together; in the order of the rows."""
        found: dict[tuple[Outcome, ...], list[str]] = defaultdict(list)
        for element in self.elements:
            found[self.row(element)].append(element)
        return [(tuple(elements), outcomes) for outcomes, elements in found.items()]

    def telling(self, most: int) -> Matrix:
        """Give the part with the groups of elements that meet most definitions, those first.

        Args:
            most: how many groups to keep.
        """
        met = (Outcome.SATISFIED, Outcome.SATISFIED_SO_FAR)
        ordered = sorted(self.groups(), key=lambda group: -sum(outcome in met for outcome in group[1]))
        kept = tuple(element for elements, _ in ordered[:most] for element in elements)
        return replace(self, elements=kept)

    def to_pandas(self) -> pandas.DataFrame:
        """Give the matrix as a table: labels as index, tokens as columns, outcomes as words.

        Raises:
            EngineError: if pandas is not installed.
        """
        pd = pandas_module()
        rows = [[MARKS[outcome] for outcome in self.row(element)] for element in self.elements]
        index = pd.Index([self.labels[element] for element in self.elements], name="element")
        table: pandas.DataFrame = pd.DataFrame(rows, index=index, columns=list(self.definitions))
        return table

    def __str__(self) -> str:
        return matrix_text(self)

    def _repr_html_(self) -> str:
        head = "".join(
            f"<th style='writing-mode:vertical-rl;text-align:left'>{escape(t)}</th>" for t in self.definitions
        )
        rows = []
        for element in self.elements:
            cells = "".join(
                f"<td style='text-align:center;color:#222;background:{_TINTS[outcome]}'>{escape(MARKS[outcome])}</td>"
                for outcome in self.row(element)
            )
            rows.append(f"<tr><th style='text-align:left'>{escape(self.labels[element])}</th>{cells}</tr>")
        return f"<table><thead><tr><th></th>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def matrix_text(matrix: Matrix, paint: Paint = plain, width: int = 100, grouped: bool = True) -> str:
    """Give a matrix as text: definitions down, elements across, equal elements together.

    Args:
        matrix: the matrix.
        paint: colours outcomes.
        width: how many characters a line may have.
        grouped: whether elements with the same outcomes throughout share a column.
    """
    groups = matrix.groups() if grouped else [((element,), matrix.row(element)) for element in matrix.elements]
    if not groups or not matrix.definitions:
        return "No definition applies to any of the elements."
    names = [_group_name(matrix, elements) for elements, _ in groups]
    token_width = max(map(len, matrix.definitions))
    across = columns_across(matrix, width)
    blocks = [
        _block(matrix, groups[start : start + across], names[start : start + across], token_width, paint, start)
        for start in range(0, len(groups), across)
    ]
    return "\n\n".join([*blocks, *_footer(matrix)])


def columns_across(matrix: Matrix, width: int) -> int:
    """Give how many groups of elements fit beside each other into a width."""
    return max(1, (width - max(map(len, matrix.definitions), default=0) - 2) // _CELL)


def _group_name(matrix: Matrix, elements: Sequence[str]) -> str:
    first = " ".join(matrix.labels[elements[0]].split())
    return first if len(elements) == 1 else f"{first} and {len(elements) - 1} more"


def _block(
    matrix: Matrix,
    groups: Sequence[tuple[tuple[str, ...], tuple[Outcome, ...]]],
    names: Sequence[str],
    token_width: int,
    paint: Paint,
    start: int,
) -> str:
    lines = []
    if len(groups) == 1 and len(names[0]) <= 60:
        lines.append(f"{'':{token_width}}  {names[0]}")
    else:
        lines += [f"  [{start + number}] {name}" for number, name in enumerate(names, start=1)]
        heads = (f"[{start + number}]" for number in range(1, len(names) + 1))
        lines.append(f"{'':{token_width}}  " + "".join(f"{head:<{_CELL}}" for head in heads).rstrip())
    term = ""
    for position, token in enumerate(matrix.definitions):
        if matrix.terms[token] != term:
            term = matrix.terms[token]
            lines.append(f"-- {term} ".ljust(token_width + 2, "-"))
        cells = [paint(outcomes[position], f"{MARKS[outcomes[position]]:<{_CELL}}") for _, outcomes in groups]
        lines.append(f"{token:<{token_width}}  {''.join(cells)}".rstrip())
    return "\n".join(lines)


def _footer(matrix: Matrix) -> list[str]:
    notes = [LEGEND]
    if matrix.hidden_rows:
        count = _counted(matrix.hidden_rows, "element")
        notes.append(f"Not shown (--all): {count} to which none of these definitions applies.")
    if matrix.hidden_columns:
        count = _counted(matrix.hidden_columns, "definition")
        notes.append(f"Not shown (--all): {count} that can be said of none of the elements.")
    return ["\n".join(notes)]


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"
