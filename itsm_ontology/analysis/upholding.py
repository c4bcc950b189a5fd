"""Theses held against a model: does it uphold one, under a meaning of its terms, and if not, which elements don't?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .. import conditions as c
from ..catalogue import Catalogue
from ..catalogue import catalogue as published
from ..conditions import Condition
from ..engines.plan import Plan, Profile
from ..english import predicate
from ..errors import InputError, UnknownNameError
from ..evaluate import prepared
from ..explain import Explainer
from ..model import Model
from ..reasoning.axioms import Axiom, between
from ..reasoning.claims import claim
from ..theses import Notion, Thesis
from ..vocabulary import vocabulary
from .tabular import Tabular, counted

_MOST = 20
_SENTENCE = re.compile(r"(?:^|(?<=[.] ))[a-z]")


@dataclass(frozen=True)
class CounterExample:
    """An element of which a thesis is not true.

    Attributes:
        element: its IRI.
        label: its name.
        settled: whether it stays one whatever facts are added.
        reason: what is the case instead.
    """

    element: str
    label: str
    settled: bool
    reason: str

    def __str__(self) -> str:
        return f"{self.label}{'' if self.settled else ' (so far)'}: {self.reason}"


@dataclass(frozen=True)
class Upholding(Tabular):
    """Whether a model upholds a thesis. Printing it shows it.

    Attributes:
        thesis: the thesis.
        model: the model's name.
        meaning: what each of its terms was understood by: the token of a definition, or what a source calls things.
        subjects: the IRIs of the elements that it speaks of.
        counterexamples: those of them of which it is not true.
        undecided: so many elements may or may not be ones that it speaks of; facts are missing.

    Example:
        >>> model = Model.from_records([{"id": "crm", "kind": "ApplicationSoftware", "partOf": "sales"}])
        >>> found = holds(model, "no-application-has-hardware", {"application": "obashi:application"})
        >>> found.upheld, found.subjects
        (None, ())
    """

    thesis: Thesis
    model: str
    meaning: Mapping[str, str] = field(hash=False)
    subjects: tuple[str, ...] = field(repr=False)
    counterexamples: tuple[CounterExample, ...] = ()
    undecided: int = 0

    columns = ("element", "label", "settled", "reason")

    @property
    def upheld(self) -> bool | None:
        """Whether it is true of all that it speaks of; None where the model has nothing that it speaks of."""
        return not self.counterexamples if self.subjects else None

    def to_records(self) -> list[dict[str, Any]]:
        """Give one mapping for each counter-example: `element`, `label`, `settled`, `reason`."""
        return [{name: getattr(one, name) for name in self.columns} for one in self.counterexamples]

    def __str__(self) -> str:
        subject = self.thesis.subject
        what = self.meaning.get(subject.term) or vocabulary().label(subject.kind)
        meant = ", ".join(f"{term} = {token}" for term, token in self.meaning.items())
        head = f"{self.thesis.label}{f' ({meant})' if meant else ''}"
        open_ = f"; {counted(self.undecided, 'element')} may be or not" if self.undecided else ""
        if self.upheld is None:
            return f"{head}\n{self.model} has nothing that meets {what}{open_}: nothing to uphold or to refute it by."
        number = counted(len(self.subjects), f"thing that meets {what}", f"things that meet {what}")
        if self.upheld:
            return f"{head}\nUpheld by {self.model}: true of {number}{open_}."
        lines = [f"{head}", f"Not upheld by {self.model}: of {number}, not true of {len(self.counterexamples)}{open_}."]
        lines += [f"  {one}" for one in self.counterexamples[:_MOST]]
        if len(self.counterexamples) > _MOST:
            lines.append(f"  and {len(self.counterexamples) - _MOST} more")
        return "\n".join(lines)


def holds(
    model: Model, thesis: str, meaning: Mapping[str, str] | None = None, *, catalogue: Catalogue | None = None
) -> Upholding:
    """Tell whether a model upholds a thesis.

    Args:
        model: the model.
        thesis: the thesis's token.
        meaning: what each term of the thesis is to be understood by: the token of one of its definitions, or what a
            source calls such things (`archimate-3:ApplicationComponent`).
        catalogue: where definitions and theses come from; by default the published ones.

    Returns:
        The answer, with the elements that are counter-examples.

    Raises:
        UnknownNameError, AmbiguousNameError: if a name is not one.
        InputError: if a term of the thesis is given no meaning, or a definition has no testable condition.

    Example:
        >>> model = Model.from_records([
        ...     {"id": "crm", "kind": "ApplicationSoftware", "runsOn": "s1", "declared": "cmdb:App"},
        ...     {"id": "s1", "kind": "Server"}])
        >>> meaning = {"application": "cmdb:App", "service": "itil-2011:service"}
        >>> print(holds(model, "application-is-a-service", meaning).counterexamples[0].label)
        crm
    """
    source = catalogue or published()
    chosen = source.thesis(thesis)
    given = {source.term(name).token: token for name, token in (meaning or {}).items()}
    notions = (chosen.subject, chosen.object)
    understood = {notion.term: _meant(notion.term, given, model, source) for notion in notions if notion.term}
    subject, object_ = (_condition(notion, understood, model, source) for notion in notions)
    axioms = between(chosen, subject, object_)
    facts = prepared(model)
    plan = Plan(facts.vocabulary, Profile.of(facts))
    from ..engines import sql

    bounds = {one: plan.bounds(one) for axiom in axioms for one in (axiom.given, axiom.then)}
    sets = sql.evaluate(facts, plan, {step for one in bounds.values() for step in (one.certain, one.met, one.possible)})
    explainer = Explainer(facts)
    called = {notion.term: condition for notion, condition in zip(notions, (subject, object_), strict=True)}
    spelled = {
        predicate(condition, facts.vocabulary): f"is called {understood[term]}"
        for term, condition in called.items()
        if isinstance(condition, c.OneOf)
    }
    subjects: dict[int, None] = {}
    found: dict[int, CounterExample] = {}
    open_still: set[int] = set()

    def counterexample(axiom: Axiom, node: int) -> CounterExample:
        reason, _ = explainer.why_not(axiom.then, node)
        for condition, words in spelled.items():
            reason = reason.replace(condition, words)
        iri = facts.terms[node].value
        settled = node in sets[bounds[axiom.given].certain] and node not in sets[bounds[axiom.then].possible]
        return CounterExample(iri, model.label(iri), settled, _SENTENCE.sub(lambda start: start[0].upper(), reason))

    for axiom in axioms:
        for node in model.element_nodes:
            if node in sets[bounds[axiom.given].met]:
                subjects[node] = None
                if node not in sets[bounds[axiom.then].met] and node not in found:
                    found[node] = counterexample(axiom, node)
            elif node in sets[bounds[axiom.given].possible]:
                open_still.add(node)
    ordered = sorted(found.values(), key=lambda one: (not one.settled, one.label))
    iris = tuple(facts.terms[node].value for node in subjects)
    return Upholding(chosen, model.name, understood, iris, tuple(ordered), len(open_still - subjects.keys()))


def _meant(term: str, given: Mapping[str, str], model: Model, catalogue: Catalogue) -> str:
    """Give what a term is to be understood by."""
    if term not in given:
        known = [one.token for one in catalogue.definitions if one.term in catalogue.senses(term)]
        raise InputError(
            f"the thesis speaks of {catalogue.term(term).label}, and no definition of it is chosen.",
            repair=f"Choose one of {', '.join(known)}, or what a source calls such things.",
        )
    if given[term] in _declarations(model):
        return given[term]
    try:
        definition = catalogue.definition(given[term])
    except UnknownNameError:
        raise UnknownNameError(
            "definition, and nothing that a source calls things", given[term],
            (*catalogue.all_definitions, *_declarations(model)),
        ) from None  # fmt: skip
    if definition.term not in catalogue.senses(term):
        raise InputError(f"{definition.token} defines {definition.term!r} and not {term!r}.")
    return definition.token


def _declarations(model: Model) -> frozenset[str]:
    return frozenset(calling for callings in model.facts.declared.values() for calling in callings)


def _condition(notion: Notion, understood: Mapping[str, str], model: Model, catalogue: Catalogue) -> Condition:
    if notion.kind:
        return c.OfClass(notion.kind)
    meant = understood[notion.term]
    if meant in _declarations(model):
        return c.OneOf(tuple(model.facts.terms[node] for node, said in model.facts.declared.items() if meant in said))
    return claim(meant, catalogue).whole
