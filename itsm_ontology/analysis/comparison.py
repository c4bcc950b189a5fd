"""Two frameworks side by side: which terms both define, what each demands, and where they agree on a model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .. import conditions as c
from ..catalogue import Catalogue
from ..catalogue import catalogue as published
from ..conditions import Condition
from ..definitions import Constraint, Definition, Standing
from ..errors import EngineError, InputError
from ..evaluate import evaluate
from ..model import Model
from ..names import texts
from ..paths import stays
from ..reasoning.claims import of_definition
from ..reasoning.implication import Kind, Relation, Status, implies, relation
from ..reasoning.relations import shipped
from ..verdict import Outcome
from ..verdicts import Verdicts
from ..vocabulary import vocabulary
from .disagreements import MET
from .tabular import Tabular, aligned, counted

SECONDS = 5.0
"""Time limit for each clause that is held against a definition."""


@dataclass(frozen=True)
class Agreement:
    """What two definitions make of the elements of a model.

    Attributes:
        both: the elements that meet both, by IRI.
        first: those that meet the first and not the second.
        second: those that meet the second and not the first.
        neither: so many to which both apply meet neither.
    """

    both: tuple[str, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]
    neither: int


@dataclass(frozen=True)
class ComparedPair:
    """Two definitions of one term.

    Attributes:
        term: the token of the term.
        first: the token of the first framework's definition.
        second: the token of the second's.
        kind: how the first relates to the second; None where that could not be worked out.
        first_demands: what only the first demands, as messages of its constraints.
        second_demands: what only the second demands.
        agreement: what they make of the model, where one was given.
    """

    term: str
    first: str
    second: str
    kind: Kind | None
    first_demands: tuple[str, ...]
    second_demands: tuple[str, ...]
    agreement: Agreement | None = None


@dataclass(frozen=True)
class Comparison(Tabular):
    """Two frameworks side by side. Printing it shows it.

    Attributes:
        first: the label of the first framework.
        second: the label of the second.
        pairs: the definitions of each term that both define, each with each.
        only_first: terms that only the first defines, with what the second has on them ("absent", "mentioned" or "").
        only_second: terms that only the second defines, likewise.
        model: the name of the model, if one was given.

    Example:
        >>> both = compare("itil-2011", "fitsm-3", terms=["service"])
        >>> both.pairs[0].kind.value, both.pairs[0].second_demands
        ('narrower', ())
        >>> len(both.pairs[0].first_demands)
        3
    """

    first: str
    second: str
    pairs: tuple[ComparedPair, ...] = field(repr=False)
    only_first: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    only_second: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    model: str = ""

    columns = (
        "term", "first", "second", "relation", "first_demands", "second_demands", "both", "only_first", "only_second",
        "neither",
    )  # fmt: skip

    def to_records(self) -> list[dict[str, Any]]:
        """Give one mapping for each pair of definitions; without a model the numbers of elements are None."""
        return [
            {
                "term": one.term,
                "first": one.first,
                "second": one.second,
                "relation": one.kind.value if one.kind else "",
                "first_demands": list(one.first_demands),
                "second_demands": list(one.second_demands),
                "both": len(one.agreement.both) if one.agreement else None,
                "only_first": len(one.agreement.first) if one.agreement else None,
                "only_second": len(one.agreement.second) if one.agreement else None,
                "neither": one.agreement.neither if one.agreement else None,
            }
            for one in self.pairs
        ]

    def __str__(self) -> str:
        terms = dict.fromkeys(one.term for one in self.pairs)
        lines = [f"{self.first} and {self.second}: {counted(len(terms), 'term')} that both define."]
        for one in self.pairs:
            lines += ["", f"{one.term}: {one.first} {_relation_words(one.kind)} {one.second}"]
            for token, demands in ((one.first, one.first_demands), (one.second, one.second_demands)):
                lines += [f"  {token} alone demands:", *(f"    {message}" for message in demands)] if demands else []
        if self.model and self.pairs:
            lines += ["", f"Elements of {self.model} that meet"]
            rows = [
                (one.first, one.second, *map(len, (met.both, met.first, met.second)), met.neither)
                for one in self.pairs
                if (met := one.agreement)
            ]
            lines.append(aligned(("first", "second", "both", "only first", "only second", "neither"), rows))
        for label, other, only in (
            (self.first, self.second, self.only_first),
            (self.second, self.first, self.only_second),
        ):
            if only:
                lines += ["", f"Only {label} defines: {_with_standings(only, other)}."]
        return "\n".join(lines)


def _relation_words(kind: Kind | None) -> str:
    words = {
        Kind.EQUIVALENT: "is equivalent to",
        Kind.NARROWER: "implies",
        Kind.BROADER: "is implied by",
        Kind.DISJOINT: "excludes",
        Kind.OVERLAPPING: "overlaps with",
        Kind.NOT_COMPARABLE: "is said of another kind of thing than",
    }
    return words.get(kind, "and") if kind else "and"


def _with_standings(terms: Mapping[str, str], other: str) -> str:
    said = {"absent": f" (not a term of {other})", "mentioned": f" (used by {other})"}
    return ", ".join(f"{term}{said.get(standing, '')}" for term, standing in terms.items())


def compare(
    first: str,
    second: str,
    model: Model | None = None,
    *,
    terms: Iterable[str] = (),
    unit: str | None = None,
    complete: Iterable[str] = (),
    catalogue: Catalogue | None = None,
) -> Comparison:
    """Set two frameworks or positions side by side.

    Args:
        first: the token of a framework.
        second: the token of another.
        model: a model on which to compare what they say.
        terms: only these terms.
        unit: the organizational unit whose boundary counts on the model; see `evaluate`.
        complete: relations of which all facts are recorded; see `evaluate`.
        catalogue: where definitions come from; by default the published ones.

    Returns:
        For each term that both define: how the definitions relate, what each demands that the other does not, and what
        they make of the model. What one demands alone is worked out by the solver, or, where that is not installed, by
        holding the constraints against each other word for word.

    Raises:
        UnknownNameError: if a name is not one.
        InputError: if the two are one.

    Example:
        >>> compare("itil-2011", "itil-4", terms=["service"]).pairs[0].second_demands[0]
        'Has a specific cost or risk that somebody is recorded as having to manage.'
    """
    source = catalogue or published()
    one, other = source.framework(first), source.framework(second)
    if one.token == other.token:
        raise InputError(f"{one.token} is compared with itself.", repair="Name two frameworks.")
    wanted = {token for name in texts(terms) for token in source.senses(name)}
    mine, theirs = (_by_term(source, framework.token, wanted) for framework in (one, other))
    pairs = [_compared(a, b, source) for term in mine if term in theirs for a in mine[term] for b in theirs[term]]
    if model is not None and pairs:
        tokens = {token for pair in pairs for token in (pair.first, pair.second)}
        verdicts = evaluate(model, definitions=sorted(tokens), unit=unit, complete=complete, catalogue=source)
        pairs = [replace(pair, agreement=_agreement(verdicts, pair)) for pair in pairs]
    return Comparison(
        one.label,
        other.label,
        tuple(pairs),
        {term: _standing(source.standing(other.token, term)) for term in mine if term not in theirs},
        {term: _standing(source.standing(one.token, term)) for term in theirs if term not in mine},
        model.name if model is not None else "",
    )


def _by_term(catalogue: Catalogue, framework: str, wanted: set[str]) -> dict[str, list[Definition]]:
    found: dict[str, list[Definition]] = {}
    for definition in catalogue.definitions:
        if framework in (definition.framework, *definition.held_by) and (not wanted or definition.term in wanted):
            found.setdefault(definition.term, []).append(definition)
    return found


def _standing(standing: Standing | None) -> str:
    return standing.sort if standing else ""


def _compared(one: Definition, other: Definition, catalogue: Catalogue) -> ComparedPair:
    testable = not any(each.informal or each.only_by_reference for each in (one, other))
    if not testable or one.token == other.token:
        kind = Kind.EQUIVALENT if one.token == other.token else None
        return ComparedPair(one.term, one.token, other.token, kind, (), ())
    kind = shipped((one, other))(one.token, other.token)
    if kind is None:
        kind = _worked_out(one, other, catalogue)
    if kind is Kind.NOT_COMPARABLE:
        return ComparedPair(one.term, one.token, other.token, kind, (), ())
    return ComparedPair(
        one.term, one.token, other.token, kind, _alone(one, other, catalogue), _alone(other, one, catalogue)
    )


def _worked_out(one: Definition, other: Definition, catalogue: Catalogue) -> Kind | None:
    try:
        found: Relation = relation(one, other, seconds=SECONDS, catalogue=catalogue)
    except EngineError:
        return None
    return None if found.kind is Kind.OPEN else found.kind


def _alone(one: Definition, other: Definition, catalogue: Catalogue) -> tuple[str, ...]:
    """Give what only the first of two definitions demands."""
    return tuple(
        clause.message for clause in one.constraints if clause.decides and not _demanded(clause, other, catalogue)
    )


def _demanded(clause: Constraint, by: Definition, catalogue: Catalogue) -> bool:
    """Tell whether whatever meets a definition meets a constraint of another."""
    asked = {part for own in of_definition(by).conditions for part in c.conjuncts(own)}
    if c.bare(clause.condition) in asked:
        return True
    if _apart(clause.condition, asked) and _when_empty(clause.condition) is False:
        return False
    try:
        return implies(by, clause.token, seconds=SECONDS, catalogue=catalogue).status is Status.PROVED
    except EngineError:
        return False


def _agreement(verdicts: Verdicts, pair: ComparedPair) -> Agreement | None:
    by_token = {definition.token: definition for definition in verdicts.definitions}
    if pair.first not in by_token or pair.second not in by_token:
        return None
    regions: dict[tuple[bool, bool], list[str]] = {(a, b): [] for a in (True, False) for b in (True, False)}
    for node in verdicts.nodes:
        outcomes = [verdicts.outcome(node, by_token[token]) for token in (pair.first, pair.second)]
        if not any(outcome in MET for outcome in outcomes) and Outcome.NOT_APPLICABLE in outcomes:
            continue
        regions[outcomes[0] in MET, outcomes[1] in MET].append(verdicts.facts.terms[node].value)
    return Agreement(
        tuple(regions[True, True]), tuple(regions[True, False]), tuple(regions[False, True]), len(regions[False, False])
    )


def _apart(one: Condition, others: Iterable[Condition]) -> bool:
    """Tell whether a condition speaks of relations from which nothing follows for those of others, nor conversely."""
    words = vocabulary()

    def touched(condition: Condition) -> set[str]:
        return {
            name
            for relation in c.relations_in(condition)
            for edges in (words.edges(relation), words.wider_edges(relation))
            for name, _ in edges
        }

    return not touched(one) & {relation for other in others for relation in touched(other)}


def _when_empty(condition: Condition) -> bool | None:
    """Tell what becomes of a condition without any facts in the relations it speaks of; None if that is not clear."""
    match condition:
        case c.Named(inner):
            return _when_empty(inner)
        case c.AtLeast(number, path, _):
            return None if number == 0 or stays(path) else False
        case c.All(inner):
            return False if any(_when_empty(one) is False for one in inner) else None
        case c.AnyOf(inner):
            return False if all(_when_empty(one) is False for one in inner) else None
        case _:
            return None
