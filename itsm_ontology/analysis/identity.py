"""Identity over time: whether what was there before is, under a definition, the same one as what is there after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..catalogue import Catalogue
from ..catalogue import catalogue as published
from ..definitions import Criterion, Definition
from ..errors import InputError
from ..evaluate import evaluate
from ..model import Model
from ..names import local_name, texts
from ..rdf import Term
from ..vocabulary import vocabulary
from ..walk import Walk
from .disagreements import MET
from .tabular import Tabular

_Key = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Sameness:
    """Whether a thing is the same one after as before, under one definition.

    Attributes:
        definition: the definition's token.
        element: the IRI of the thing before.
        same: yes or no; None where the definition or the facts don't say.
        counterpart: the IRI of the thing after that it was held against, or was found to be; empty if there is none.
        criterion: what makes it the same one over time, in words.
        before: the names of what the criterion leads to before.
        after: likewise after.
        reason: why it is so, in a sentence.
    """

    definition: str
    element: str
    same: bool | None
    counterpart: str
    criterion: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    reason: str

    def __str__(self) -> str:
        answer = {True: "the same", False: "not the same", None: "not decided"}[self.same]
        return f"{self.definition}: {answer}: {self.reason}"


@dataclass(frozen=True)
class Samenesses(Tabular):
    """Whether a thing is the same one, definition by definition. Printing it shows it.

    Attributes:
        label: the name of the thing before.
        found: the answers, ordered by definition.

    Example:
        >>> ledger = Model.from_records([{"id": "ledger", "kind": "Arrangement"}])
        >>> print(same(ledger, ledger, "ledger", "itil-2011:service"))
        ledger: is it the same one after?
          itil-2011:service: not decided: it does not say what makes one the same over time
    """

    label: str
    found: tuple[Sameness, ...] = field(repr=False)

    columns = ("definition", "same", "counterpart", "criterion", "before", "after", "reason")

    def __getitem__(self, definition: str) -> Sameness:
        """Give the answer under a definition, by its token.

        Raises:
            KeyError: if it was not asked about.
        """
        return {one.definition: one for one in self.found}[definition]

    def to_records(self) -> list[dict[str, Any]]:
        """Give one mapping for each definition; `same` is true, false or None."""
        return [{name: getattr(one, name) for name in self.columns} for one in self.found]

    def __str__(self) -> str:
        lines = [f"{self.label}: is it the same one after?"]
        return "\n".join([*lines, *(f"  {one}" for one in self.found)])


def same(
    before: Model,
    after: Model,
    element: str,
    definition: str | Iterable[str] = (),
    *,
    counterpart: str | None = None,
    catalogue: Catalogue | None = None,
) -> Samenesses:
    """Tell whether a thing is the same one in a later model, by what definitions say makes it the same over time.

    Args:
        before: the earlier model.
        after: the later model; what both speak of has one IRI in both, or one label.
        element: the thing in the earlier model, by IRI or label.
        definition: tokens of definitions; by default all that the thing meets before and that have such a criterion.
        counterpart: the thing in the later model that it is held against; by default whatever there meets the
            definition and has the same values of the criterion.
        catalogue: where definitions come from; by default the published ones.

    Returns:
        One answer for each definition.

    Raises:
        UnknownNameError, AmbiguousNameError: if a name is not one.
        InputError: if no definition says anything of the thing, and none is named.

    Example:
        >>> parts = [{"id": "it", "kind": "Organization"}, {"id": "money", "kind": "InformationKind"}]
        >>> def care(app):
        ...     return Model.from_records([*parts, {"id": app, "kind": "ApplicationSoftware"}, {
        ...         "id": "finance", "kind": "Arrangement", "hasPart": app, "providedBy": "it", "stewards": "money"}])
        >>> kept = same(care("old"), care("new"), "finance", "skeptic-2010:information-service")
        >>> kept.found[0].criterion
        'provider and information cared for'
    """
    source = catalogue or published()
    node = before.node(element)
    wanted = texts(definition)
    chosen = [source.definition(token) for token in wanted] or [
        one for one in source.definitions if one.identity and not one.informal
    ]
    tokens = [one.token for one in chosen]
    earlier = evaluate(before, definitions=tokens, catalogue=source)
    later = evaluate(after, definitions=tokens, catalogue=source)
    found = []
    for one in earlier.definitions:
        is_one = earlier.outcome(node, one) in MET
        if not wanted and not is_one:
            continue
        candidates = (
            [after.node(counterpart)]
            if counterpart
            else [other for other in later.nodes if later.outcome(other, one) in MET]
        )
        found.append(_held_against(one, before, node, is_one, after, candidates, named=bool(counterpart)))
    if not found:
        raise InputError(
            f"no definition that says what makes a thing the same over time is met by {before.label(element)}.",
            repair="Name a definition; `itsm-ontology show DEFINITION` gives its identity criterion.",
        )
    return Samenesses(before.label(before.find(element)), tuple(found))


def _held_against(
    definition: Definition, before: Model, node: int, is_one: bool, after: Model, candidates: Sequence[int], named: bool
) -> Sameness:
    iri = before.facts.terms[node].value
    words = " and ".join(_name(criterion) for criterion in definition.identity)
    key, mine = _key(definition, before, node, after)

    def answer(same: bool | None, reason: str, other: int | None = None) -> Sameness:
        theirs = _key(definition, after, other, before)[1] if other is not None else ()
        counterpart = after.facts.terms[other].value if other is not None else ""
        return Sameness(definition.token, iri, same, counterpart, words, mine, theirs, reason)

    if not definition.identity:
        return answer(None, "it does not say what makes one the same over time")
    if not is_one:
        return answer(None, f"before, {before.label(iri)} is not known to be one")
    if not any(key):
        return answer(None, f"before, no {words} is recorded")
    for other in candidates:
        if _key(definition, after, other, before)[0] == key:
            return answer(True, f"its {words} stayed: {', '.join(mine)}", other)
    if named:
        theirs = _key(definition, after, candidates[0], before)[1]
        if not theirs:
            return answer(None, f"after, no {words} is recorded", candidates[0])
        return answer(False, f"its {words} was {', '.join(mine)} and is {', '.join(theirs)}", candidates[0])
    if not candidates:
        return answer(None, "after, nothing is known to be one")
    return answer(False, f"nothing after has its {words}: {', '.join(mine)}")


def _key(definition: Definition, model: Model, node: int | None, other: Model) -> tuple[_Key, tuple[str, ...]]:
    """Give the values of the criteria as names that both models can be compared by, and their labels."""
    if node is None:
        return (), ()
    walk = Walk(model.facts)
    key, labels = [], []
    for criterion in definition.identity:
        values = sorted(
            value for value in walk.values(criterion.path, node).recorded if _counts(criterion, walk, value)
        )
        terms = [model.facts.terms[value] for value in values]
        key.append(tuple(sorted(_shared(term, model, other) for term in terms)))
        labels += [model.label(term.value) for term in terms]
    return tuple(key), tuple(labels)


def _counts(criterion: Criterion, walk: Walk, node: int) -> bool:
    if not criterion.kind:
        return True
    return bool(walk.kinds(node) & walk.facts.vocabulary.sub_kinds(criterion.kind))


def _shared(term: Term, model: Model, other: Model) -> str:
    """Give what a value is known by in both models: its IRI if both have it, else its label."""
    return term.value if term in other.facts.nodes else f"label {model.label(term.value).casefold()}"


def _name(criterion: Criterion) -> str:
    words = vocabulary()
    if criterion.kind:
        return words.label(criterion.kind)
    relation = criterion.relation
    return words.value_label(relation) if relation else local_name(str(criterion.path))
