"""What a thing is in the terms of other frameworks: the types it could have there, and the definitions it meets."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..catalogue import Catalogue
from ..catalogue import catalogue as published
from ..evaluate import evaluate
from ..model import Model
from ..names import shorten
from ..verdict import Outcome, Verdict
from .tabular import Tabular

if TYPE_CHECKING:
    from ..sources.tool_types import Alike

_ORDER = (Outcome.SATISFIED, Outcome.SATISFIED_SO_FAR, Outcome.UNDETERMINED, Outcome.CONTRADICTED)
_SAID = {
    Outcome.SATISFIED: "meets",
    Outcome.SATISFIED_SO_FAR: "meets so far",
    Outcome.UNDETERMINED: "not yet",
    Outcome.CONTRADICTED: "ruled out",
}


@dataclass(frozen=True)
class Counterpart:
    """What one thing is in one framework's terms.

    Attributes:
        element: the thing's IRI.
        label: its name.
        declared: what its sources call it.
        kinds: the IRIs of the kinds recorded for it.
        framework: the framework's token.
        types: the types that the framework's tool could give it.
        verdicts: the framework's definitions on it; those that are not applicable left out.
    """

    element: str
    label: str
    declared: tuple[str, ...]
    kinds: tuple[str, ...]
    framework: str
    types: Alike
    verdicts: tuple[Verdict, ...] = field(repr=False)


@dataclass(frozen=True)
class Crosswalk(Tabular):
    """What things are in the terms of other frameworks. Printing it shows it.

    Attributes:
        found: one for each thing and framework.
        labels: the labels of the frameworks, by token.

    Example:
        >>> model = Model.from_records([{"id": "pay", "kind": "ApplicationSoftware"}])
        >>> found = crosswalk(model, ["pay"], frameworks=["archimate-3"]).found[0]
        >>> found.types.exact
        ('archimate-3:ApplicationComponent',)
    """

    found: tuple[Counterpart, ...]
    labels: dict[str, str] = field(default_factory=dict, repr=False, hash=False)

    columns = ("element", "declared", "framework", "exact", "wider", "narrower", "definition", "outcome", "missing")

    def to_records(self) -> list[dict[str, Any]]:
        """Give one mapping for each thing, framework and definition; a framework without any has one, too."""
        return [
            {
                "element": one.element,
                "declared": list(one.declared),
                "framework": one.framework,
                "exact": list(one.types.exact),
                "wider": list(one.types.wider),
                "narrower": list(one.types.narrower),
                "definition": verdict.definition if verdict else "",
                "outcome": verdict.outcome.value if verdict else "",
                "missing": list(map(str, (*verdict.missing, *verdict.conflicts))) if verdict else [],
            }
            for one in self.found
            for verdict in (one.verdicts or (None,))
        ]

    def __str__(self) -> str:
        blocks = []
        for element in dict.fromkeys(one.element for one in self.found):
            mine = [one for one in self.found if one.element == element]
            blocks.append("\n".join([_head(mine[0]), *(line for one in mine for line in self._lines(one))]))
        return "\n\n".join(blocks)

    def _lines(self, one: Counterpart) -> list[str]:
        lines = ["", f"in {self.labels.get(one.framework, one.framework)} ({one.framework}):"]
        for types, said in (
            (one.types.exact, "a type with the same meaning"),
            (one.types.wider, "a type that says less"),
            (one.types.narrower, "a type that says more"),
        ):
            if types and (types is one.types.exact or not one.types.exact):
                text = f"  {said}: {', '.join(types[:_MOST])}{', …' if len(types) > _MOST else ''}"
                lines.append(textwrap.fill(text, _WIDTH, subsequent_indent="      ", break_on_hyphens=False))
        if not (one.types.exact or one.types.wider or one.types.narrower):
            lines.append("  no type of its own: " + ("none fits its kinds" if one.kinds else "it has no kind"))
        for each in one.verdicts:
            held = "" if each.framework == one.framework else ", which it holds too"
            text = f"  {each.definition}{held}: {_SAID[each.outcome]}{_why(each)}"
            lines.append(textwrap.fill(text, _WIDTH, subsequent_indent="      ", break_on_hyphens=False))
        if not one.verdicts:
            lines.append("  none of its definitions is of such things")
        return lines


_MOST = 6
_WIDTH = 100


def _head(one: Counterpart) -> str:
    kinds = ", ".join(map(shorten, one.kinds)) or "no kind"
    called = f", called {', '.join(one.declared)}" if one.declared else ""
    return f"{one.label}{called}: recorded as {kinds}"


def _why(verdict: Verdict) -> str:
    findings = verdict.conflicts if verdict.outcome is Outcome.CONTRADICTED else verdict.missing
    if not findings:
        return ""
    what = "against it" if verdict.outcome is Outcome.CONTRADICTED else "missing"
    return f" ({what}: {' '.join(finding.message for finding in findings)})"


def crosswalk(
    model: Model,
    elements: Sequence[str],
    *,
    frameworks: Sequence[str] = (),
    terms: Sequence[str] = (),
    unit: str | None = None,
    complete: Sequence[str] = (),
    catalogue: Catalogue | None = None,
) -> Crosswalk:
    """Say what things are in the terms of other frameworks.

    Two answers that need not agree: which types of the framework's tool would be read as just the kinds that are
    recorded for the thing, and which of the framework's definitions it meets.

    Args:
        model: the model.
        elements: the things, by IRI or label.
        frameworks: the tokens of the frameworks; by default those of all tools and languages whose exports are read.
        terms: only definitions of these terms.
        unit: the organizational unit it is judged for; see `evaluate`.
        complete: relations of which all facts are recorded; see `evaluate`.
        catalogue: where the definitions come from; by default the published ones.

    Returns:
        The types and the verdicts, by thing and framework.

    Raises:
        UnknownNameError, AmbiguousNameError: if a name is not one.

    Example:
        >>> model = Model.from_records([{"id": "pay", "kind": "ApplicationSoftware"}])
        >>> print(crosswalk(model, ["pay"], frameworks=["archimate-3"], terms=["application"]))
        pay: recorded as itsm:ApplicationSoftware
        <BLANKLINE>
        in ArchiMate 3 (archimate-3):
          a type with the same meaning: archimate-3:ApplicationComponent
          archimate-3:application: not yet (missing: Encapsulates functionality.)
    """
    from ..sources.tool_types import types_alike

    source = catalogue or published()
    chosen = [source.framework(token).token for token in frameworks] or _frameworks_of_tools(source)
    verdicts = evaluate(
        model,
        frameworks=chosen,
        terms=terms,
        elements=[model.find(name) for name in elements],
        unit=unit,
        complete=complete,
        catalogue=source,
    )
    found = []
    for name in elements:
        iri = model.find(name)
        kinds, node = model.kinds(iri), model.node(iri)
        for token in chosen:
            mine = [
                verdicts.verdict(node, definition)
                for definition in verdicts.definitions
                if token in (definition.framework, *definition.held_by)
            ]
            ordered = sorted(
                (one for one in mine if one.outcome in _ORDER),
                key=lambda one: (_ORDER.index(one.outcome), one.definition),
            )
            types = types_alike(kinds, token)
            declared = model.declarations(iri)
            found.append(Counterpart(iri, model.label(iri), declared, kinds, token, types, tuple(ordered)))
    return Crosswalk(tuple(found), {token: source.framework(token).label for token in chosen})


def _rank(verdict: Verdict) -> tuple[int, str]:
    return _ORDER.index(verdict.outcome), verdict.definition


def _frameworks_of_tools(catalogue: Catalogue) -> list[str]:
    from ..sources.tool_types import tool_types

    return sorted({token for one in tool_types() for token in one.frameworks if token in catalogue.frameworks})
