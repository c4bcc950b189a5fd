"""What a source calls its elements, held against the definitions: how many of them meet any."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Unpack

from ..catalogue import Catalogue
from ..definitions import Definition, DisputedTerm
from ..evaluate import Choice, judged
from ..model import Model
from ..verdict import Outcome
from ..verdicts import Verdicts
from .disagreements import MET
from .tabular import Tabular, aligned, counted


@dataclass(frozen=True)
class Calling:
    """The elements that a source calls so, held against the definitions of one term.

    Attributes:
        declaration: what the source calls them, such as `archimate-3:ApplicationService`.
        term: the token of the term.
        elements: their IRIs.
        definitions: the tokens of the definitions that were held against them.
        met: from definition to the elements that meet it; only definitions that any meets.
        none: the elements that meet none of the definitions.
        ruled_out: those of them that are contradicted by, or no matter of, every one of the definitions.
    """

    declaration: str
    term: str
    elements: tuple[str, ...]
    definitions: tuple[str, ...]
    met: dict[str, tuple[str, ...]] = field(hash=False)
    none: tuple[str, ...] = ()
    ruled_out: tuple[str, ...] = ()

    def sentence(self, label: str) -> str:
        """Say it in a sentence.

        Args:
            label: the label of the term.
        """
        what = f"{counted(len(self.none), 'meets', 'meet')} no definition of {label}"
        rest = f", {len(self.ruled_out)} of them whatever is added" if self.ruled_out else ""
        return f"of {counted(len(self.elements), 'thing')} called {self.declaration}, {what}{rest}"


@dataclass(frozen=True)
class Declared(Tabular):
    """What a source calls its elements, against the verdicts. Printing it shows it.

    Attributes:
        model: the model's name.
        found: one for each declaration and term; of what most elements are called, first.
        undeclared: so many elements have no declaration.
        labels: the labels of the terms.

    Example:
        >>> model = Model.from_records([
        ...     {"id": "crm", "kind": "Software", "declared": "cmdb:Service"},
        ...     {"id": "pay", "kind": "Software", "declared": "cmdb:Service"}])
        >>> found = declared(model, terms=["service"], frameworks=["itil-2011"]).found[0]
        >>> found.declaration, len(found.none)
        ('cmdb:Service', 2)
    """

    model: str
    found: tuple[Calling, ...] = field(repr=False)
    undeclared: int = 0
    labels: dict[str, str] = field(default_factory=dict, repr=False, hash=False)

    columns = ("declaration", "term", "elements", "none", "ruled_out", "definitions", "met_by_most")

    def to_records(self) -> list[dict[str, Any]]:
        """Give one mapping for each declaration and term; numbers of elements, and the definition that most meet."""
        return [
            {
                "declaration": one.declaration,
                "term": one.term,
                "elements": len(one.elements),
                "none": len(one.none),
                "ruled_out": len(one.ruled_out),
                "definitions": len(one.definitions),
                "met_by_most": _most(one)[0],
            }
            for one in self.found
        ]

    def __str__(self) -> str:
        if not self.found:
            return f"{self.model}: no element is called anything by its source, or no definition is of such things."
        rows = []
        for one in self.found:
            token, number = _most(one)
            best = f"{token} ({number})" if number else "-"
            rows.append((one.declaration, one.term, len(one.elements), len(one.none), len(one.ruled_out), best))
        head = ("called", "term", "things", "meet none", "ruled out", "definition that most meet")
        worst = max(self.found, key=lambda one: (len(one.none), len(one.elements)))
        lines = [f"{self.model}: {worst.sentence(self.labels.get(worst.term, worst.term))}.", "", aligned(head, rows)]
        if self.undeclared:
            lines.append(f"{counted(self.undeclared, 'element is', 'elements are')} called nothing.")
        return "\n".join(lines)


def _most(one: Calling) -> tuple[str, int]:
    counts = {token: len(elements) for token, elements in one.met.items()}
    token = max(counts, key=lambda token: (counts[token], token), default="")
    return token, counts.get(token, 0)


def declared(model: Model | Verdicts, **choice: Unpack[Choice]) -> Declared:
    """Hold what a source calls its elements against the definitions.

    Args:
        model: a model, or verdicts that are there already.
        choice: what is judged, and how: the arguments of `evaluate`. Without terms, each declaration is held against
            the terms that its own words name ("ApplicationService": application service, and service), and one
            that names none is passed over. Not looked at where verdicts are given.

    Returns:
        For each declaration and term: how many of the elements meet which definitions, or none.

    Raises:
        UnknownNameError, AmbiguousNameError, InputError: as `evaluate`.

    Example:
        >>> model = Model.from_records([{"id": "crm", "kind": "Arrangement", "declared": "cmdb:Service"}])
        >>> labels = declared(model, frameworks=["fitsm-3"])
        >>> labels.found[0].sentence("service")
        'of 1 thing called cmdb:Service, 1 meets no definition of service'
    """
    verdicts = judged(model, choice)
    by_term: dict[str, list[Definition]] = {}
    for definition in verdicts.definitions:
        by_term.setdefault(definition.term, []).append(definition)
    groups: dict[str, list[int]] = {}
    undeclared = 0
    for node in verdicts.nodes:
        callings = verdicts.model.facts.declared.get(node, ())
        undeclared += not callings
        for calling in callings:
            groups.setdefault(calling, []).append(node)
    asked = list(by_term) if choice.get("terms") or (isinstance(model, Verdicts) and len(by_term) < _FEW) else []
    found = [
        _calling(verdicts, declaration, nodes, term, by_term[term])
        for declaration, nodes in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
        for term in asked or _terms_of(declaration, verdicts.catalogue)
        if term in by_term
    ]
    labels = {token: term.label for token, term in verdicts.catalogue.terms.items()}
    return Declared(verdicts.model.name, tuple(found), undeclared, labels)


_FEW = 5
"""With so many terms the verdicts were not about chosen terms."""


def _terms_of(declaration: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Give the terms that the words of a declaration name: the longest, and those it is a sense or sort of.

    Example:
        >>> from itsm_ontology import catalogue
        >>> _terms_of("archimate-3:ApplicationService", catalogue())
        ('application-service', 'service')
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\W]+", " ", declaration.partition(":")[2] or declaration).casefold().split()
    named = [term for term in catalogue.terms.values() if _within(_words(term), words)]
    if not named:
        return ()
    longest = max(named, key=lambda term: len(_words(term)))
    return tuple(dict.fromkeys(filter(None, (longest.token, longest.broader))))


def _words(term: DisputedTerm) -> list[str]:
    return term.label.casefold().split()


def _within(part: Sequence[str], whole: Sequence[str]) -> bool:
    return any(whole[start : start + len(part)] == part for start in range(len(whole)))


def _calling(
    verdicts: Verdicts, declaration: str, nodes: Iterable[int], term: str, definitions: Iterable[Definition]
) -> Calling:
    mine = tuple(definitions)
    outcomes = {node: {d.token: verdicts.outcome(node, d) for d in mine} for node in nodes}
    name = {node: verdicts.facts.terms[node].value for node in outcomes}
    met = {
        d.token: tuple(name[node] for node, said in outcomes.items() if said[d.token] in MET)
        for d in mine
        if any(said[d.token] in MET for said in outcomes.values())
    }
    none = [node for node, said in outcomes.items() if not any(outcome in MET for outcome in said.values())]
    never = (Outcome.CONTRADICTED, Outcome.NOT_APPLICABLE)
    ruled_out = [node for node in none if all(outcome in never for outcome in outcomes[node].values())]
    return Calling(
        declaration,
        term,
        tuple(name.values()),
        tuple(d.token for d in mine),
        met,
        tuple(name[node] for node in none),
        tuple(name[node] for node in ruled_out),
    )
