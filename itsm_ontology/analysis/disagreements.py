"""Elements ranked by how much the definitions of a term disagree about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Unpack

from ..evaluate import Choice, judged
from ..model import Model
from ..verdict import Outcome
from ..verdicts import Verdicts
from .tabular import Tabular, aligned, counted

MET = (Outcome.SATISFIED, Outcome.SATISFIED_SO_FAR)
_NAMES = 3


@dataclass(frozen=True)
class Disagreement:
    """What the definitions of one term make of one element.

    Attributes:
        element: the element's IRI.
        label: its name.
        declared: what its source calls it.
        term: the token of the term.
        met: the tokens of the definitions that it meets.
        contradicted: the tokens of those that what is recorded rules out.
        open: the tokens of those for which facts are missing.
    """

    element: str
    label: str
    declared: tuple[str, ...]
    term: str
    met: tuple[str, ...]
    contradicted: tuple[str, ...]
    open: tuple[str, ...]

    @property
    def rank(self) -> tuple[int, int]:
        """How much they disagree: pairs of a yes and a no; then pairs of a yes and a "not known"."""
        return len(self.met) * len(self.contradicted), len(self.met) * len(self.open)


@dataclass(frozen=True)
class Disagreements(Tabular):
    """The elements that definitions disagree about, those that they disagree about most first. Printing it shows it.

    Attributes:
        model: the model's name.
        found: one for each element and term on which some say yes and others don't.
        agreed: on so many elements and terms, all definitions that apply agree or none is met.

    Example:
        >>> model = Model.from_records([{"id": "crm", "kind": "ApplicationSoftware", "runsOn": "s"},
        ...     {"id": "s", "kind": "Server", "complete": ["hasPart"]}])
        >>> found = disagreements(model, terms=["application"])
        >>> found.found[0].label, len(found.found[0].met) > 0
        ('crm', True)
    """

    model: str
    found: tuple[Disagreement, ...] = field(repr=False)
    agreed: int = 0

    columns = ("element", "label", "declared", "term", "met", "contradicted", "open")

    def __iter__(self) -> Iterator[Disagreement]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one mapping for each element and term: `met`, `contradicted` and `open` are lists of tokens."""
        return [
            {
                "element": one.element,
                "label": one.label,
                "declared": list(one.declared),
                "term": one.term,
                "met": list(one.met),
                "contradicted": list(one.contradicted),
                "open": list(one.open),
            }
            for one in self.found
        ]

    def text(self, most: int = 20) -> str:
        """Give the first of them as text.

        Args:
            most: how many rows to give.
        """
        if not self.found:
            return f"{self.model}: the definitions disagree about nothing: none is met where another is not."
        rows = [
            (
                one.label,
                one.term,
                len(one.met),
                len(one.contradicted),
                len(one.open),
                _some(one.met),
                _some(one.contradicted),
            )
            for one in self.found[:most]
        ]
        head = ("element", "term", "yes", "no", "open", "who says yes", "who says no")
        lines = [aligned(head, rows)]
        if len(self.found) > most:
            lines.append(f"{counted(len(self.found) - most, 'more element')} that definitions differ about.")
        lines.append("yes: met on the facts recorded; no: what is recorded rules it out; open: facts are missing.")
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()


def _some(tokens: tuple[str, ...]) -> str:
    names = [token.partition(":")[0] for token in tokens]
    names = list(dict.fromkeys(names))
    rest = f" +{len(names) - _NAMES}" if len(names) > _NAMES else ""
    return ", ".join(names[:_NAMES]) + rest


def disagreements(model: Model | Verdicts, **choice: Unpack[Choice]) -> Disagreements:
    """Rank elements by how much the definitions of a term disagree about them.

    Args:
        model: a model, or verdicts that are there already.
        choice: what is judged, and how: the arguments of `evaluate`. Not looked at where verdicts are given.

    Returns:
        An element and term is in it if at least one definition is met, and at least one that applies is not.

    Raises:
        UnknownNameError, AmbiguousNameError, InputError: as `evaluate`.

    Example:
        >>> model = Model.from_records([{"id": "crm", "kind": "ApplicationSoftware"}])
        >>> disagreements(model, terms=["application"], frameworks=["itil-2011", "vinod-2010"]).found[0].met
        ('vinod-2010:application.software',)
    """
    verdicts = judged(model, choice)
    found, agreed = [], 0
    by_term: dict[str, list[Any]] = {}
    for definition in verdicts.definitions:
        by_term.setdefault(definition.term, []).append(definition)
    for node in verdicts.nodes:
        for term, mine in by_term.items():
            outcomes = [(definition.token, verdicts.outcome(node, definition)) for definition in mine]
            met = tuple(token for token, outcome in outcomes if outcome in MET)
            ruled_out = tuple(token for token, outcome in outcomes if outcome is Outcome.CONTRADICTED)
            missing = tuple(token for token, outcome in outcomes if outcome is Outcome.UNDETERMINED)
            if met and (ruled_out or missing):
                iri = verdicts.facts.terms[node].value
                name, declared = verdicts.model.label(iri), verdicts.model.declarations(iri)
                found.append(Disagreement(iri, name, declared, term, met, ruled_out, missing))
            elif met or ruled_out or missing:
                agreed += 1
    found.sort(key=lambda one: (*(-number for number in one.rank), one.label, one.term))
    return Disagreements(verdicts.model.name, tuple(found), agreed)
