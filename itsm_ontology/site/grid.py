"""What each framework has on each term: defined, held, used, lacking or not seen, with the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..catalogue import Catalogue
from ..definitions import Definition, DisputedTerm, Framework, Standing
from ..evidence import EVIDENCE

KINDS = {
    "Standard": "Standards",
    "BodyOfKnowledge": "Bodies of knowledge",
    "ModellingLanguage": "Modelling languages",
    "ReferenceModel": "Reference models",
    "Tool": "Tools",
    "Position": "Positions",
}
"""The kinds of framework in the order in which they are shown; what is of none of them comes last."""
SORTS = {
    "defined": "defines it",
    "held": "holds another's definition of it",
    "mentioned": "uses it without defining it",
    "absent": "does not define it",
    "not seen": "no definition seen, which is no proof that there is none",
}
"""What a framework can have on a term."""


@dataclass(frozen=True)
class Entry:
    """What one framework has on one term.

    Attributes:
        sort: one of `SORTS`.
        definitions: its definitions of the term, or those of others that it holds.
        standing: what it has on the term otherwise.
    """

    sort: str
    definitions: tuple[Definition, ...] = ()
    standing: Standing | None = None

    @property
    def evidence(self) -> tuple[str, ...]:
        """The evidence marks, best first."""
        marks = {d.evidence for d in self.definitions} | ({self.standing.evidence} if self.standing else set())
        return tuple(mark for mark in EVIDENCE if mark in marks)


Grid = Mapping[tuple[str, str], Entry]
"""Entries by the tokens of term and framework; none where nothing is known."""


def grid(catalogue: Catalogue) -> Grid:
    """Give what each framework has on each term.

    Example:
        >>> from itsm_ontology import catalogue
        >>> grid(catalogue())["service", "itil-2011"].evidence
        ('V',)
    """
    found: dict[tuple[str, str], Entry] = {}
    for definition in catalogue.definitions:
        _define(found, definition, definition.framework, "defined")
    for definition in catalogue.definitions:
        for framework in definition.held_by:
            _define(found, definition, framework, "held")
    for standing in catalogue.standings:
        found.setdefault((standing.term, standing.framework), Entry(standing.sort, standing=standing))
    return found


def _define(found: dict[tuple[str, str], Entry], definition: Definition, framework: str, sort: str) -> None:
    before = found.get((definition.term, framework), Entry(sort))
    found[definition.term, framework] = Entry(before.sort, (*before.definitions, definition))


def terms_in_order(catalogue: Catalogue) -> Sequence[DisputedTerm]:
    """Give the terms by their label."""
    return sorted(catalogue.terms.values(), key=lambda term: (term.label.casefold(), term.token))


def frameworks_by_kind(catalogue: Catalogue) -> Mapping[str, Sequence[Framework]]:
    """Give the frameworks by the name of their kind, each kind's by token."""
    found: dict[str, list[Framework]] = {name: [] for name in (*KINDS.values(), "Others")}
    for framework in sorted(catalogue.frameworks.values(), key=lambda framework: framework.token):
        found[KINDS.get(framework.kind, "Others")].append(framework)
    return {name: frameworks for name, frameworks in found.items() if frameworks}


def counted(entries: Iterable[Entry]) -> Mapping[str, int]:
    """Count entries by their sort."""
    kept = [entry.sort for entry in entries]
    return {sort: kept.count(sort) for sort in SORTS if sort in kept}
