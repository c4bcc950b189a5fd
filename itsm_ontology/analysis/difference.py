"""Two runs: which verdicts changed, and which facts made them change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from pyoxigraph import NamedNode

from .. import conditions as c
from ..definitions import Definition
from ..errors import InputError
from ..evaluate import completeness_of, prepared
from ..facts import Completeness, Facts
from ..model import Model
from ..names import ITSM, META, RDF_TYPE, local_name
from ..pairs import Pairs
from ..rdf import Term
from ..verdict import Fact, Outcome
from ..verdicts import Verdicts
from ..walk import Walk
from .tabular import Tabular, aligned, counted

_MOST = 30
_DECIDED = {Outcome.SATISFIED, Outcome.SATISFIED_SO_FAR, Outcome.CONTRADICTED}
_MOST_TRIED = 40
"""With more facts in question than this, all of them are named instead of the smallest set."""


@dataclass(frozen=True)
class Delta:
    """A fact that one run has and the other has not.

    Attributes:
        added: whether the later run has it.
        fact: subject IRI, relation IRI, and the object's IRI or literal value.
        text: the fact in words.
    """

    added: bool
    fact: Fact
    text: str

    def __str__(self) -> str:
        return f"{'+' if self.added else '-'} {self.text}"


@dataclass(frozen=True)
class Change:
    """A verdict that changed.

    Attributes:
        element: the element's IRI.
        label: its name.
        definition: the definition's token.
        before: the outcome before; None where the element was not there.
        after: the outcome after; None where the element is gone.
    """

    element: str
    label: str
    definition: str
    before: Outcome | None
    after: Outcome | None
    _reasons: Callable[[], tuple[Delta, ...]] = field(default=tuple, repr=False, compare=False)

    @cached_property
    def because(self) -> tuple[Delta, ...]:
        """The facts that made it change: no smaller part of them would have; worked out when asked for."""
        return self._reasons()

    def __str__(self) -> str:
        before = self.before.words if self.before else "not there"
        after = self.after.words if self.after else "gone"
        return f"{self.label}, {self.definition}: {before} -> {after}"


@dataclass(frozen=True)
class Difference(Tabular):
    """The verdicts that changed between two runs. Iterating gives them; printing it shows it with the reasons.

    Attributes:
        changes: the changes, by element and definition.
        unchanged: so many verdicts are as they were.
        facts: so many facts differ.
        only_before: definitions that only the earlier run has.
        only_after: definitions that only the later run has.

    Example:
        >>> from itsm_ontology import evaluate
        >>> before = Model.from_records([{"id": "crm", "kind": "Software"}, {"id": "s1", "kind": "SystemSoftware"}])
        >>> after = before.with_records([{"id": "crm", "runsOn": "s1"}])
        >>> both = [evaluate(model, definitions=["obashi:application"]) for model in (before, after)]
        >>> [str(fact) for change in diff(*both) for fact in change.because]
        ['+ crm runs on s1']
    """

    changes: tuple[Change, ...] = field(repr=False)
    unchanged: int
    facts: int
    only_before: tuple[str, ...] = ()
    only_after: tuple[str, ...] = ()

    columns = ("element", "label", "definition", "before", "after", "because")

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one mapping for each change; `because` is a list of facts in words, + what was added, - what is gone."""
        return [
            {
                "element": one.element,
                "label": one.label,
                "definition": one.definition,
                "before": one.before.value if one.before else "",
                "after": one.after.value if one.after else "",
                "because": [str(fact) for fact in one.because],
            }
            for one in self.changes
        ]

    def __str__(self) -> str:
        lines = [
            f"{counted(len(self.changes), 'verdict')} changed, {self.unchanged} did not; "
            f"{counted(self.facts, 'fact differs', 'facts differ')}."
        ]
        kinds = Counter((_words(one.before), _words(one.after)) for one in self.changes)
        if len(self.changes) > 1:
            lines += ["", aligned(("before", "after", "verdicts"), [(*k, n) for k, n in kinds.most_common()]), ""]
        for one in self.changes[:_MOST]:
            lines.append(str(one))
            lines += [f"    {fact}" for fact in one.because]
        if len(self.changes) > _MOST:
            lines.append(f"and {len(self.changes) - _MOST} more")
        for what, tokens in (("earlier", self.only_before), ("later", self.only_after)):
            if tokens:
                lines.append(f"Judged in the {what} run only: {', '.join(tokens)}.")
        return "\n".join(lines)


def _words(outcome: Outcome | None) -> str:
    return outcome.words if outcome else "not there"


def diff(before: Verdicts, after: Verdicts) -> Difference:
    """Tell which verdicts changed between two runs, and which facts made them change.

    Args:
        before: the verdicts of the earlier run.
        after: those of the later run, for the same unit if one was given; elements are the same by their IRI.

    Returns:
        The changes. An element that is in one of the runs only counts where its outcome there is a yes or a no.

    Raises:
        InputError: if the two were judged for different units.

    Example:
        >>> from itsm_ontology import evaluate
        >>> model = Model.from_records([{"id": "crm", "kind": "Software"}])
        >>> len(diff(evaluate(model, terms=["service"]), evaluate(model, terms=["service"])))
        0
    """
    if before.unit != after.unit:
        raise InputError(
            f"the earlier run was for the unit {before.unit or 'of each provider'}, the later for "
            f"{after.unit or 'that of each provider'}.",
            repair="Evaluate both for the same unit.",
        )
    return _Comparison(before, after).answer()


@dataclass(frozen=True, eq=False)
class _Comparison:
    before: Verdicts
    after: Verdicts

    @cached_property
    def _facts(self) -> tuple[frozenset[_Triple], frozenset[_Triple]]:
        return _triples(self.before.model), _triples(self.after.model)

    @cached_property
    def _deltas(self) -> tuple[tuple[bool, _Triple], ...]:
        earlier, later = self._facts
        gone = [(False, triple) for triple in earlier - later]
        come = [(True, triple) for triple in later - earlier]
        return tuple(sorted((*gone, *come), key=lambda item: (item[0], *map(str, item[1]))))

    def answer(self) -> Difference:
        earlier = {one.token: one for one in self.before.definitions}
        later = {one.token: one for one in self.after.definitions}
        common = [token for token in earlier if token in later]
        mine = {self.before.facts.terms[node].value: node for node in self.before.nodes}
        theirs = {self.after.facts.terms[node].value: node for node in self.after.nodes}
        changes, unchanged = [], 0
        for iri in dict.fromkeys((*mine, *theirs)):
            for token in common:
                was = self.before.outcome(mine[iri], earlier[token]) if iri in mine else None
                is_ = self.after.outcome(theirs[iri], later[token]) if iri in theirs else None
                if was is is_:
                    unchanged += 1
                    continue
                if None in (was, is_) and not {was, is_} & _DECIDED:
                    continue
                changes.append(self._change(iri, earlier[token], later[token], was, is_))
        changes.sort(key=lambda one: (one.label, one.element, one.definition))
        return Difference(
            tuple(changes),
            unchanged,
            len(self._deltas),
            tuple(token for token in earlier if token not in later),
            tuple(token for token in later if token not in earlier),
        )

    def _change(
        self, iri: str, earlier: Definition, later: Definition, was: Outcome | None, is_: Outcome | None
    ) -> Change:
        label = (self.after if is_ else self.before).model.label(iri)

        def because() -> tuple[Delta, ...]:
            if earlier.condition != later.condition or earlier.applies_to != later.applies_to:
                fact = (later.iri, META.defines, later.term)
                return (Delta(True, fact, f"the definition {later.token} is another one"),)
            facts = tuple(self._delta(added, triple) for added, triple in self._cause(iri, later, is_))
            return facts or self._promises

        return Change(iri, label, later.token, was, is_, because)

    @cached_property
    def _promises(self) -> tuple[Delta, ...]:
        """What only one of the runs took as complete."""
        earlier, later = self.before.complete, self.after.complete
        return tuple(
            Delta(text in later, ("", META.takenAsComplete, text), f"{text} is taken as complete")
            for text in sorted({*earlier, *later})
            if (text in earlier) != (text in later)
        )

    @cached_property
    def _complete(self) -> tuple[Completeness, ...]:
        """What the later run took as complete, as far as it can be said of the earlier facts."""
        model = self.before.model
        known = ("", *model.facts.sources)
        taken = [text for text in self.after.complete if text.partition("@")[2] in known]
        return tuple(completeness_of(model, text) for text in taken)

    def _delta(self, added: bool, triple: _Triple) -> Delta:
        subject, relation, object_ = triple
        model = (self.after if added else self.before).model
        words = model.vocabulary

        def name(term: Term | None) -> str:
            return model.label(term.value) if term is not None else "everything"

        if relation in (META.completeFor, META.completeForInverse):
            text = f"{words.label(object_.value)} is recorded as complete for {name(subject)}"
        elif relation == RDF_TYPE:
            text = f"{name(subject)} is of the kind {words.label(object_.value)}"
        else:
            known = words.entries.get(relation)
            text = f"{name(subject)} {known.label if known else local_name(relation)} {name(object_)}"
        return Delta(added, (subject.value if subject else "", relation, object_.value), text)

    def _cause(self, iri: str, definition: Definition, outcome: Outcome | None) -> Iterable[tuple[bool, _Triple]]:
        """Give facts whose change gives the later outcome, and none of which can be left out."""
        if self._gives((), iri, definition, outcome):
            return ()
        chosen = self._in_question(iri, definition)
        if not self._gives(chosen, iri, definition, outcome):
            chosen = list(self._deltas)
        if len(chosen) > _MOST_TRIED:
            return chosen
        for delta in list(chosen):
            fewer = [one for one in chosen if one != delta]
            if self._gives(fewer, iri, definition, outcome):
                chosen = fewer
        return chosen

    def _in_question(self, iri: str, definition: Definition) -> list[tuple[bool, _Triple]]:
        """Give the facts that differ where either verdict hangs on them, in relations that the definition speaks of."""
        near: set[str] = set()
        relations = {RDF_TYPE}
        for verdicts in (self.before, self.after):
            node = verdicts.facts.nodes.get(NamedNode(iri))
            words = verdicts.facts.vocabulary
            for relation in c.relations_in(definition.condition):
                for wider in (relation, *_RESTS_ON.get(relation, ())):
                    relations |= {narrower for narrower, _ in words.edges(wider)}
            if node is not None:
                walk = Walk(verdicts.facts)
                walk.truth(c.conjunction(definition.condition, definition.applicability), node)
                near |= {verdicts.facts.terms[other].value for other in walk.visited}
        return [
            (added, triple)
            for added, triple in self._deltas
            if (triple[1] in relations and {triple[2].value, triple[0].value if triple[0] else ""} & near)
            or triple[1] in (META.completeFor, META.completeForInverse)
        ]

    def _gives(
        self, deltas: Iterable[tuple[bool, _Triple]], iri: str, definition: Definition, outcome: Outcome | None
    ) -> bool:
        """Tell whether the earlier facts with these changes lead to an outcome."""
        facts = _patched(self.before.model.facts, deltas)
        if outcome is None:
            return not any(_touches(facts, iri))
        facts = prepared(Model(facts), self.before.unit, self._complete)
        node = facts.nodes.get(NamedNode(iri))
        if node is None:
            return False
        walk = Walk(facts)
        if not walk.truth(definition.applicability, node).possible:
            return outcome is Outcome.NOT_APPLICABLE
        truth = walk.truth(definition.condition, node)
        return Outcome.of(conforms=truth.met, settled=truth.settled) is outcome


_Triple = tuple[Term | None, str, Term]
_RESTS_ON: Mapping[str, tuple[str, ...]] = {ITSM.judgedFor: (ITSM.providedBy,)}
"""What an evaluation makes itself, and out of what."""


def _triples(model: Model) -> frozenset[_Triple]:
    """Give the facts of a model and what it records as complete, as terms."""
    facts = model.facts
    found: set[_Triple] = {
        (facts.terms[subject], relation, facts.terms[object_])
        for relation, pairs in facts.pairs.items()
        for subject, object_ in pairs
    }
    for item in facts.completeness:
        said = META.completeForInverse if item.backwards else META.completeFor
        node = None if item.node is None else facts.terms[item.node]
        found.add((node, said, NamedNode(item.relation)))
    return frozenset(found)


def _touches(facts: Facts, iri: str) -> Iterator[bool]:
    node = facts.nodes.get(NamedNode(iri))
    for pairs in facts.pairs.values():
        yield any(node in pair for pair in pairs)


def _patched(facts: Facts, deltas: Iterable[tuple[bool, _Triple]]) -> Facts:
    """Give facts with some added and some taken away."""
    terms = {term: node for node, term in enumerate(facts.terms)}
    pairs = {relation: dict.fromkeys(known) for relation, known in facts.pairs.items()}
    completeness = dict.fromkeys(facts.completeness)

    def node(term: Term) -> int:
        return terms.setdefault(term, len(terms))

    for added, (subject, relation, object_) in deltas:
        if relation in (META.completeFor, META.completeForInverse):
            where = None if subject is None else node(subject)
            item = Completeness(object_.value, relation == META.completeForInverse, where)
            completeness |= {item: None} if added else {}
            if not added:
                completeness = {one: None for one in completeness if replace(one, source=None) != item}
        elif subject is not None:
            known = pairs.setdefault(relation, {})
            pair = (node(subject), node(object_))
            if added:
                known[pair] = None
            else:
                known.pop(pair, None)
    kept = {relation: Pairs.of(known) for relation, known in pairs.items()}
    origins = {relation: (0,) * len(known) for relation, known in kept.items()}
    return replace(facts, terms=tuple(terms), pairs=kept, origins=origins, completeness=tuple(completeness))
