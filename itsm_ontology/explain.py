"""Why a definition is met or not: constraint by constraint, what is missing or conflicts, and the facts behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal

from . import conditions as c
from . import paths as p
from .conditions import Condition
from .definitions import Constraint, Definition
from .english import clause, predicate, values_named
from .facts import Facts
from .names import RDF_TYPE, RDFS, local_name
from .paths import Path
from .verdict import Fact, Finding, Findings
from .walk import Truth, Walk

_SHOWN = 4
"""So many values are named before the rest is counted."""
_DEPTH = 3
"""So deep are reasons given for reasons."""


@dataclass(frozen=True)
class Step:
    """What one constraint comes to.

    Attributes:
        constraint: the constraint.
        truth: whether it holds.
        detail: what is the case, in words; empty where it is plainly met.
        facts: the recorded facts that it hangs on.
    """

    constraint: Constraint
    truth: Truth
    detail: str
    facts: tuple[Fact, ...]


class Explainer:
    """Gives reasons over one set of facts.

    Args:
        facts: what is recorded.
    """

    def __init__(self, facts: Facts) -> None:
        self.walk = Walk(facts)
        self.facts = facts
        self.words = facts.vocabulary

    def findings(self, definition: Definition, node: int) -> Findings:
        """Give what is missing and what conflicts, for the deciding constraints that are not met."""
        missing: list[Finding] = []
        conflicts: list[Finding] = []
        for step in self.steps(definition, node):
            if step.constraint.decides and not step.truth.met:
                relations = tuple(sorted(c.relations_in(step.constraint.condition)))
                finding = Finding(step.constraint.iri, step.constraint.message, step.detail, step.facts, relations)
                (missing if step.truth.possible else conflicts).append(finding)
        return tuple(missing), tuple(conflicts)

    def steps(self, definition: Definition, node: int) -> Iterator[Step]:
        """Give every constraint with what it comes to."""
        for constraint in definition.constraints:
            truth = self.walk.truth(constraint.condition, node)
            if truth.met:
                yield Step(constraint, truth, self._support(constraint.condition, node), ())
            else:
                detail, facts = self.why_not(constraint.condition, node)
                yield Step(constraint, truth, detail[:1].upper() + detail[1:], tuple(dict.fromkeys(facts)))

    def visited(self, definition: Definition, node: int) -> frozenset[int]:
        """Give the nodes that a verdict hangs on."""
        walk = Walk(self.facts)
        walk.truth(definition.condition, node)
        return walk.visited

    # ----------------------------------------------------------------------------------------------------------------
    # Naming

    def name(self, node: int) -> str:
        """Name a node: its label, or its term."""
        return name_of(self.facts, node)

    def names(self, nodes: Iterable[int]) -> str:
        """Name some nodes, the first few of them."""
        ordered = sorted(nodes)
        text = ", ".join(self.name(node) for node in ordered[:_SHOWN])
        return f"{text} and {len(ordered) - _SHOWN} more" if len(ordered) > _SHOWN else text

    # ----------------------------------------------------------------------------------------------------------------
    # What supports a constraint that is met

    def _support(self, condition: Condition, node: int) -> str:
        match condition:
            case c.Named(inner):
                return self._support(inner, node)
            case c.AtLeast(_, path, inner):
                return self.names(v for v in self.walk.values(path, node).recorded if self.walk.truth(inner, v).met)
            case c.Not(c.NoCommonValue(path, relation)):
                return self.names(self._shared(path, relation, node))
            case c.OfClass(kind):
                kinds = sorted(self.walk.kinds(node) & self.words.sub_kinds(kind))
                return ", ".join(self.words.label(found) for found in kinds)
            case c.AnyOf(inner):
                return next((self._support(one, node) for one in inner if self.walk.truth(one, node).met), "")
            case _:
                return ""

    def _shared(self, path: Path, relation: str, node: int) -> frozenset[int]:
        return self.walk.values(path, node).recorded & self.walk.values(p.Relation(relation), node).recorded

    # ----------------------------------------------------------------------------------------------------------------
    # Why a condition is not met

    def why_not(self, condition: Condition, node: int, depth: int = 0) -> tuple[str, list[Fact]]:
        """Say what is the case instead, and give the facts that it hangs on."""
        match condition:
            case c.Named(inner):
                return self.why_not(inner, node, depth)
            case c.All(inner):
                failing = [one for one in inner if not self.walk.truth(one, node).met]
                return self._several(failing, node, depth, " ")
            case c.AnyOf(inner) | c.ExactlyOne(inner):
                return self._none_of(condition, inner, node, depth)
            case c.Not(inner):
                return self._in_spite(inner, node)
            case c.OfClass(kind):
                return self._no_kind(kind, node)
            case c.AtLeast(number, path, inner):
                return self._too_few(number, path, inner, node, depth)
            case c.AtMost(_, path, inner):
                return self._too_many(path, inner, node)
            case c.Every(path, inner):
                return self._offenders(path, inner, node, depth)
            case c.NoCommonValue(path, relation):
                return self._common(path, relation, node)
            case c.Closed(relations):
                return self._other_relations(relations, node)
            case _:
                return f"it is not so that {clause(condition, self.words)}.", []

    def _several(self, failing: list[Condition], node: int, depth: int, joint: str) -> tuple[str, list[Fact]]:
        texts, facts = [], []
        for one in failing:
            text, more = self.why_not(one, node, depth)
            if isinstance(one, c.Named) and one.message and len(failing) > 1:
                text = f"“{one.message.rstrip('.')}”: {text}"
            texts.append(text)
            facts += more
        return joint.join(texts), facts

    def _none_of(self, whole: Condition, inner: tuple[Condition, ...], node: int, depth: int) -> tuple[str, list[Fact]]:
        met = [one for one in inner if self.walk.truth(one, node).met]
        if met and isinstance(whole, c.ExactlyOne):
            return f"{len(met)} of them hold: {'; '.join(clause(one, self.words) for one in met)}.", []
        if depth >= _DEPTH:
            return f"it is not so that {clause(whole, self.words)}.", []
        texts, facts = [], []
        for number, one in enumerate(inner, start=1):
            text, more = self.why_not(one, node, depth + 1)
            texts.append(f"({number}) {text}")
            facts += more
        return f"none of {len(inner)} ways: {' '.join(texts)}", facts

    def _in_spite(self, inner: Condition, node: int) -> tuple[str, list[Fact]]:
        match inner:
            case c.Named(deeper):
                return self._in_spite(deeper, node)
            case c.NoCommonValue(path, relation):
                return self._nothing_shared(path, relation, node), []
            case c.OfClass(kind):
                kinds = sorted(self.walk.kinds(node) & self.words.sub_kinds(kind))
                iri = self.facts.terms[node].value
                text = f"it is recorded as {' and '.join(map(self.words.label, kinds))}."
                return text, [(iri, RDF_TYPE, found) for found in kinds]
            case c.AnyOf(several):
                holding = [c.Not(one) for one in several if self.walk.truth(one, node).met]
                return self._several(list(holding), node, 0, " ")
            case c.AtLeast(_, path, within):
                return self._too_many(path, within, node)
            case _:
                return f"{clause(inner, self.words)}.", []

    def _nothing_shared(self, path: Path, relation: str, node: int) -> str:
        said = []
        for one in (path, p.Relation(relation)):
            found = self.walk.values(one, node).recorded
            label = values_named(one, self.words, plural=len(found) != 1)
            said.append(f"{label}: {self.names(found)}" if found else f"no {label.replace('its ', '')} recorded")
        return f"{said[0]}; {said[1]}." if any(": " in one for one in said) else f"{said[0]}, {said[1]}."

    def _no_kind(self, kind: str, node: int) -> tuple[str, list[Fact]]:
        kinds = sorted(self.walk.kinds(node))
        clashing = [found for found in kinds if found in self.words.disjoint_kinds(kind)]
        iri, wanted = self.facts.terms[node].value, self.words.label(kind)
        if clashing:
            recorded = " and ".join(map(self.words.label, clashing))
            text = f"it is recorded as {recorded}, and nothing is both that and {wanted}."
            return text, [(iri, RDF_TYPE, found) for found in clashing]
        if kinds:
            return (
                f"it is recorded as {' and '.join(map(self.words.label, kinds))}; nothing says that it is {wanted}.",
                [],
            )
        return f"no kind is recorded; nothing says that it is {wanted}.", []

    def _too_few(self, number: int, path: Path, inner: Condition, node: int, depth: int) -> tuple[str, list[Fact]]:
        way = self.walk.values(path, node)
        label = values_named(path, self.words, plural=number != 1 or bool(way.recorded))
        if not way.recorded:
            end = ", and there can be none." if not self.walk.truth(c.AtLeast(number, path), node).possible else "."
            return f"no {values_named(path, self.words, plural=False)} recorded{end}", []
        met = [value for value in way.recorded if self.walk.truth(inner, value).met]
        open_still = self.walk.truth(c.AtLeast(number, path, inner), node).possible
        bounded = ""
        if way.bounded:
            bounded = (
                "; no more can be added, but what they are is not settled"
                if open_still
                else ", and no more can be added"
            )
        if inner == c.TRUE:
            return f"{len(way.recorded)} of {number} {label} recorded ({self.names(way.recorded)}){bounded}.", []
        count = f"only {len(met)}" if met else "none"
        text = f"of its {label} ({self.names(way.recorded)}) {count} {predicate(inner, self.words)}{bounded}."
        facts = [fact for value in sorted(way.recorded)[:_SHOWN] for fact in self.walk.trail(path, node, value)]
        if depth < _DEPTH and len(way.recorded) - len(met) <= 2:
            for value in sorted(set(way.recorded) - set(met)):
                reason, more = self.why_not(inner, value, depth + 1)
                text += f" {self.name(value)}: {reason}"
                facts += more
        return text, [] if open_still else facts

    def _too_many(self, path: Path, inner: Condition, node: int) -> tuple[str, list[Fact]]:
        found = [v for v in sorted(self.walk.values(path, node).recorded) if self.walk.truth(inner, v).met]
        facts = [fact for value in found[:_SHOWN] for fact in self.walk.trail(path, node, value)]
        label = values_named(path, self.words, plural=len(found) != 1)
        such = "" if inner == c.TRUE else f" that {predicate(inner, self.words, plural=len(found) != 1)}"
        return f"it has {len(found)} {label}{such}: {self.names(found)}.", facts

    def _offenders(self, path: Path, inner: Condition, node: int, depth: int) -> tuple[str, list[Fact]]:
        found = [v for v in sorted(self.walk.values(path, node).recorded) if not self.walk.truth(inner, v).met]
        facts = [fact for value in found[:_SHOWN] for fact in self.walk.trail(path, node, value)]
        texts = []
        for value in found[:2]:
            reason, more = self.why_not(inner, value, depth + 1) if depth < _DEPTH else ("", [])
            texts.append(f"{self.name(value)}: {reason}" if reason else self.name(value))
            facts += more
        return f"not so for {len(found)} of its {values_named(path, self.words)}. {' '.join(texts)}", facts

    def _common(self, path: Path, relation: str, node: int) -> tuple[str, list[Fact]]:
        shared = sorted(self._shared(path, relation, node))
        facts = []
        for value in shared[:_SHOWN]:
            facts += [*self.walk.trail(path, node, value), *self.walk.trail(p.Relation(relation), node, value)]
        one, other = values_named(path, self.words, False), self.words.value_label(relation)
        return f"{self.names(shared)}: both {one} and {other}.", facts

    def _other_relations(self, relations: frozenset[str], node: int) -> tuple[str, list[Fact]]:
        iri = self.facts.terms[node].value
        facts = [
            (iri, relation, self.facts.terms[value].value)
            for relation, index in self.facts.forwards.items()
            if relation not in relations
            for value in index.get(node, ())
        ]
        return f"it has facts in other relations: {', '.join(sorted({local_name(r) for _, r, _ in facts}))}.", facts


def name_of(facts: Facts, node: int) -> str:
    """Name a node: its label, the literal, or the last part of its IRI."""
    for value in facts.forwards.get(RDFS.label, {}).get(node, ()):
        return facts.terms[value].value
    term = facts.terms[node]
    return f"“{term.value}”" if isinstance(term, Literal) else local_name(term.value)
