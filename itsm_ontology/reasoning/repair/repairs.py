"""Repairs: the smallest changes to a model that make one of its elements meet a definition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from pyoxigraph import Literal

from ... import conditions as c
from ...catalogue import Catalogue
from ...catalogue import catalogue as published
from ...conditions import Condition
from ...definitions import Definition
from ...engines.plan import Plan, Profile
from ...english import clause
from ...explain import Explainer
from ...facts import Completeness, Facts
from ...model import Model
from ...names import ITSM, RDF_TYPE, RDFS
from ...rdf import Term
from ...verdict import Outcome
from ...vocabulary import Vocabulary
from ...walk import Walk
from ..claims import Claim, claim
from ..program import FIRST_NAMED
from ..solver import Deadline, OutOfTimeError
from .change import NEW, Change, Statement, Teller
from .smallest import Atoms, OutOfEffortError, Pattern, Smallest, numbers_in
from .surroundings import Surroundings, around

MOST_NEAR = 8
"""So many recorded elements, beside the element itself, may get new facts."""
_ROUNDS = 3
"""So often the search begins anew with more elements, where a change turns out to touch on them."""
MANNERS = (("sorted", "even", "tidy"), ("sorted", "tidy"), ("tidy",))
"""Facts go where the vocabulary says they make sense; if that won't do, not so for recorded elements; else anywhere."""
_SLACK = 1
"""Changes with so many facts more than the smallest are looked for."""
_EFFORT = 8_000
"""So many conflicts the search for the first change may run into, and all others together."""
STAGES = (2, 4, 8)
"""So many new elements a change may bring in: few are tried first."""


@dataclass(frozen=True)
class Repairs:
    """The smallest changes that make an element meet a definition. Printing them shows them.

    Attributes:
        element: the IRI of the element.
        label: its name.
        definition: the token of the definition.
        outcome: the outcome before any change.
        changes: the changes, fewest facts first; none of them contains another.
        complete: whether these are all that have at most one fact more than the smallest, and lie between the element,
            elements near it, and up to eight new ones; changes that differ only in which recorded element stands where
            another has a new one, or in how long a chain of parts is, count as one.
        reason: why there is none, if there is none.

    Example:
        >>> model = Model.from_records([{"id": "mail", "kind": "Arrangement"}])
        >>> found = repair(model, "mail", "fitsm-3:service", limit=1)
        >>> found.outcome.words, len(found.changes[0].applied(model).elements)
        ('undetermined', 3)
    """

    element: str
    label: str
    definition: str
    outcome: Outcome
    changes: tuple[Change, ...] = ()
    complete: bool = False
    reason: str = ""

    def to_records(self) -> list[dict[str, Any]]:
        """Give the changes as records, for JSON or a table."""
        about = {"element": self.element, "definition": self.definition}
        return [{**about, **change.to_record()} for change in self.changes]

    def __str__(self) -> str:
        lines = [f"{self.label}, {self.definition}: {self.outcome.words}"]
        lines += [f"  {number}. {change}" for number, change in enumerate(self.changes, start=1)]
        if self.reason:
            lines.append(f"  {self.reason}")
        elif not self.complete:
            lines.append("  There may be others.")
        return "\n".join(lines)


# --------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Task:
    """What is to hold of which element, and what may be done for it."""

    model: Model
    node: int
    conditions: tuple[Condition, ...]
    withdraw: bool
    deadline: Deadline
    unit: int | None = None
    genus: Condition = c.TRUE

    @property
    def element(self) -> str:
        return self.model.facts.terms[self.node].value

    @cached_property
    def facts(self) -> Facts:
        return self.judged(self.model)

    def judged(self, model: Model) -> Facts:
        """Give the facts of a model with what an evaluation adds: the unit that each element is judged for."""
        if self.unit is None:
            return replace(model.facts, vocabulary=self._words)
        pairs = [(element, self.unit) for element in model.element_nodes]
        return model.facts.with_layer(ITSM.judgedFor, pairs, "evaluation", [Completeness(ITSM.judgedFor)])

    @cached_property
    def _words(self) -> Vocabulary:
        axiom = (ITSM.providedBy, RDFS.subPropertyOf, ITSM.judgedFor)
        words = self.model.vocabulary
        return replace(words, axioms=words.axioms | {axiom})

    def is_met(self, model: Model) -> bool:
        """Ask the SQL engine whether the conditions hold."""
        from ...engines import sql

        facts = self.judged(model)
        plan = Plan(facts.vocabulary, Profile.of(facts))
        steps = [*(plan.bounds(one).met for one in self.conditions), plan.bounds(self.genus).possible]
        found = sql.evaluate(facts, plan, steps)
        return all(self.node in found[step] for step in steps)

    def is_confirmed(self, change: Change) -> bool:
        """Make a change on trial: the conditions hold then, and nothing clashes that did not clash before."""
        changed = change.applied(self.model)
        return self.is_met(changed) and set(changed.problems) <= set(self.model.problems)

    def looked_at(self, change: Change) -> frozenset[int]:
        """Give the recorded nodes that the conditions look at once a change is made."""
        walk = Walk(self.judged(change.applied(self.model)))
        for condition in self.conditions:
            walk.truth(condition, self.node)
        return frozenset(node for node in walk.visited if node < len(self.facts.terms))

    def outcome(self) -> Outcome:
        """Give the outcome before any change."""
        walk = Walk(self.facts)
        if not walk.truth(self.genus, self.node).possible:
            return Outcome.NOT_APPLICABLE
        truth = walk.truth(c.All(self.conditions), self.node)
        return Outcome.of(conforms=truth.met, settled=truth.settled)

    @cached_property
    def teller(self) -> Teller:
        return Teller(self.model, self.surroundings(()).samples)

    def surroundings(self, also: Iterable[int]) -> Surroundings:
        named = (
            term for condition in self.conditions for one in c.walk(condition) for term in getattr(one, "terms", ())
        )
        asked = {self.facts.nodes[term] for term in named if term in self.facts.nodes}
        nodes = around(self.facts, self.node, self.conditions, [*also, *sorted(asked), *filter(None, [self.unit])])
        return Surroundings(
            self.conditions,
            self.facts.vocabulary,
            facts=self.facts,
            root=self.node,
            nodes=nodes,
            near=tuple(dict.fromkeys((*nodes[: MOST_NEAR + 1], *sorted(asked.intersection(nodes))))),
            withdraw=self.withdraw,
            knots=frozenset(self.model.node(problem.element) for problem in self.model.problems),
            unit=self.unit,
        )


# --------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Found:
    """What a search came to."""

    changes: tuple[Change, ...] = ()
    exhausted: bool = False
    in_time: bool = True
    outside: frozenset[int] = frozenset()


def _search(task: _Task, limit: int) -> _Found:
    """Look for the smallest changes where all facts make sense; if there is none, with less and less regard to that."""
    found = _Found(exhausted=True)
    if not task.withdraw and task.outcome() in (Outcome.CONTRADICTED, Outcome.NOT_APPLICABLE):
        return found
    for manners in MANNERS:
        found = _search_around(task, manners, limit)
        if found.changes or not found.in_time:
            break
    return found


def _search_around(task: _Task, manners: Sequence[str], limit: int) -> _Found:
    """Look for changes; begin anew with more elements, where one touches on what lies outside."""
    also: set[int] = set()
    found = _Found()
    for _ in range(_ROUNDS):
        program = task.surroundings(also)
        found = _Collecting(task, program, manners, limit).collected()
        if not found.outside:
            break
        also |= found.outside
    return found


class _Collecting:
    """Collects changes that one program gives, and has each confirmed."""

    def __init__(self, task: _Task, program: Surroundings, manners: Sequence[str], limit: int) -> None:
        self.task = task
        self.program = program
        self.manners = manners
        self.limit = limit
        self.changes: list[Change] = []
        self.patterns: list[Pattern] = []
        self.outside: frozenset[int] = frozenset()
        self._settled = True
        self._effort = _EFFORT

    def collected(self) -> _Found:
        """Look among few new elements first: a change that brings in more of them has at least as many facts."""
        exhausted = in_time = True
        try:
            for new in STAGES:
                if not self._collect(new):
                    exhausted = False
                if self.changes and new >= self._smallest + _SLACK:
                    break
        except OutOfTimeError:
            exhausted = in_time = False
        ranked = sorted(self.changes, key=lambda one: one.rank)
        exhausted = exhausted and len(ranked) <= self.limit and not self.outside
        return _Found(tuple(ranked[: self.limit]), exhausted, in_time, self.outside)

    @property
    def _smallest(self) -> int:
        return min(change.size for change in self.changes)

    def _collect(self, new: int) -> bool:
        """Take the changes with up to so many new elements as they come; tell whether these are all."""
        solving = Smallest(self.program, new, self.manners, self.task.deadline)
        solving.block(self.patterns)
        if new != STAGES[-1]:
            solving.cap(new)
        if self.changes:
            solving.cap(self._smallest + _SLACK)
        while (atoms := self._next(solving)) is not None:
            general = solving.generalized(atoms)
            change = _change(self.task, self.program, solving.settled(general))
            if self._is_enough(change):
                return False
            if self.task.is_confirmed(change):
                if not self.changes:
                    solving.cap(change.size + _SLACK)
                self.changes += [change] if change not in self.changes else []
            else:
                self.outside |= self.task.looked_at(change) - frozenset(self.program.nodes)
            found = solving.patterns(general, solving.needed(atoms))
            solving.block(found, len(self.patterns))
            self.patterns += found
        return self._settled

    def _next(self, solving: Smallest) -> Atoms | None:
        """Give the next change, with less effort where there is one already; any, where a smallest is too hard."""
        try:
            found = solving.next(max(1, self._effort))
        except OutOfEffortError:
            self._settled = False
            return None if self.changes else solving.any()
        self._effort -= solving.effort if self.changes else 0
        return found

    def _is_enough(self, change: Change) -> bool:
        """Tell whether a change, and so all that come after it, ranks below as many as are wanted."""
        ranks = sorted(one.rank[:2] for one in self.changes)
        return len(ranks) >= self.limit and (change.rank[:2] > ranks[self.limit - 1] or len(ranks) >= 2 * self.limit)


def _change(task: _Task, program: Surroundings, atoms: Atoms) -> Change:
    """Make a change of what the solver found."""

    def part(number: int) -> str | Literal:
        term = program.term(number)
        return f"{NEW}{number}" if term is None else term if isinstance(term, Literal) else term.value

    added: list[Statement] = []
    withdrawn: list[Statement] = []
    for atom in sorted(atoms):
        first, *ends = numbers_in(atom)
        if atom.name == "gone":
            start, relation, end = program.recorded[first]
            withdrawn.append((str(part(program.number(start))), relation, _object(task.facts.terms[end])))
        elif atom.name == "k":
            added.append((str(part(ends[0])), RDF_TYPE, program.kinds[first]))
        else:
            added.append((str(part(ends[0])), program.relations[first], part(ends[1])))
    new = {f"{NEW}{end}" for atom in atoms for end in numbers_in(atom)[1:] if end < FIRST_NAMED}
    return task.teller.change(task.element, added, withdrawn, new)


def _object(term: Term) -> str | Literal:
    return term if isinstance(term, Literal) else term.value


# --------------------------------------------------------------------------------------------------------------------


def repair(
    model: Model,
    element: str,
    definition: str | Definition,
    *,
    withdraw: bool = False,
    limit: int = 5,
    seconds: float = 10.0,
    unit: str | None = None,
    catalogue: Catalogue | None = None,
) -> Repairs:
    """Give the smallest sets of facts to record that make an element meet a definition.

    Nothing is added that the model says is complete without it. A new element stands for one that fits, whether it is
    recorded or not. Each change is made on trial, and the definition evaluated, before it is given.

    Args:
        model: the model.
        element: the element, by IRI or label.
        definition: the definition, or the token of one, or of one of its constraints.
        withdraw: whether recorded facts may be withdrawn too.
        limit: so many changes.
        seconds: the time limit.
        unit: the organizational unit (IRI or label) whose boundary counts; by default the element's own providers'.
        catalogue: where definitions come from; by default the published ones.

    Returns:
        The changes, fewest facts first; or why there is none.

    Raises:
        UnknownNameError, AmbiguousNameError: if a name is not one.
        InputError: if the definition has no testable condition.
        EngineError: if the solver is not installed.

    Example:
        >>> model = Model.from_records([{"id": "mail", "kind": "Arrangement"}])
        >>> found = repair(model, "mail", "fitsm-3:service")
        >>> for subject, relation, value in found.changes[0].facts:
        ...     print(model.label(subject), model.vocabulary.label(relation), model.label(value))
        mail has as customer customer
        mail facilitates outcome
        outcome is desired by customer
    """
    source = catalogue or published()
    asked = claim(definition, source)
    task = _Task(
        model,
        model.node(element),
        (asked.applicable, *_as_stated(asked, definition, source)),
        withdraw,
        Deadline(seconds),
        model.node(unit) if unit else None,
        asked.genus,
    )
    outcome = task.outcome()
    about = (task.element, model.label(task.element), asked.token, outcome)
    if outcome in (Outcome.SATISFIED, Outcome.SATISFIED_SO_FAR):
        return Repairs(*about, complete=True, reason="It already meets it.")
    found = _search(task, limit)
    return Repairs(*about, found.changes, found.exhausted, "" if found.changes else _why_none(task, asked, found))


def _as_stated(asked: Claim, definition: str | Definition, source: Catalogue) -> tuple[Condition, ...]:
    """Give the conditions of a claim as they speak of the unit that an element is judged for."""
    places = (definition,) if isinstance(definition, Definition) else source.all_definitions.values()
    stated = {clause.iri: clause.condition for place in places for clause in place.constraints}
    return tuple(c.bare(stated[clause.iri]) for clause in asked.clauses)


def _why_none(task: _Task, asked: Claim, found: _Found) -> str:
    """Say why there is no change."""
    if not found.in_time:
        return f"None was found in {task.deadline.seconds:g} s."
    hint = "" if task.withdraw else " Withdrawals could help, if they are allowed."
    if task.outcome() is Outcome.NOT_APPLICABLE:
        words = task.model.vocabulary
        is_a = clause(c.All(tuple(map(c.OfClass, task.model.kinds(task.element)))), words)
        return f"What is recorded rules it out: {is_a}, and the definition is said of other kinds of thing.{hint}"
    walk, explainer = Walk(task.facts), Explainer(task.facts)
    excluded = [one for one in task.conditions[1:] if not walk.truth(one, task.node).possible]
    if not excluded:
        return f"No change with up to {STAGES[-1]} new elements does it.{hint}"
    reasons = [explainer.why_not(one, task.node) for one in excluded]
    details = " ".join(_sentence(text) for text, _ in reasons)
    return f"What is recorded rules it out: {details}{hint if any(facts for _, facts in reasons) else ''}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def smallest_changes(
    model: Model,
    element_iri: str,
    wanted: Mapping[Condition, bool],
    *,
    withdraw: bool = False,
    limit: int = 5,
    seconds: float = 10.0,
) -> tuple[Change, ...]:
    """Give the smallest changes after which conditions on an element hold, or don't.

    Args:
        model: the model.
        element_iri: the IRI of the element.
        wanted: conditions, and whether they are to hold.
        withdraw: whether recorded facts may be withdrawn too.
        limit: so many changes.
        seconds: the time limit.

    Returns:
        The changes, fewest facts first; none if all is as wanted, or nothing was found.

    Raises:
        UnknownNameError: if there is no such element.
        EngineError: if the solver is not installed.

    Example:
        >>> model = Model.from_records([{"id": "mail", "runsOn": "server"}])
        >>> is_software = c.OfClass("https://w3id.org/itsm-ontology/itsm#Software")
        >>> [str(change) for change in smallest_changes(model, "urn:model:mail", {is_software: True})]
        ['record that mail is software']
    """
    conditions = tuple(c.bare(one) if holds else c.Not(c.bare(one)) for one, holds in wanted.items())
    task = _Task(model, model.node(element_iri), conditions, withdraw, Deadline(seconds))
    return () if task.is_met(model) else _search(task, limit).changes
