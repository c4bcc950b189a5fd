"""Changes to a model: facts to record and to withdraw, in English, and the model that comes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count, groupby
from typing import Any

from pyoxigraph import Literal, NamedNode

from ... import conditions as c
from ...english import UNCOUNTED, predicate
from ...facts import Facts
from ...facts_builder import FactsBuilder
from ...model import Model
from ...names import RDF_TYPE, XSD, shorten
from ...pairs import Pairs
from ...rdf import Term
from ...vocabulary import Vocabulary

NEW = "urn:new:"
"""The IRIs of elements that a change brings in start so."""

Statement = tuple[str, str, str | Literal]
"""Subject IRI, relation IRI, and the object's IRI or a literal."""


@dataclass(frozen=True)
class Change:
    """Facts to record, and facts to withdraw.

    Attributes:
        element: the IRI of the element that it is about.
        additions: the facts to record, those about the element first.
        withdrawals: the facts to withdraw.
        new: the IRIs of the elements that are not recorded yet; each stands for one that may be recorded elsewhere.
        text: the change in words.
    """

    element: str
    additions: tuple[Statement, ...]
    withdrawals: tuple[Statement, ...] = ()
    new: tuple[str, ...] = ()
    text: str = field(default="", compare=False)

    @property
    def size(self) -> int:
        """How many facts it changes; of which kind a new element is, is not counted."""
        return len(self.facts)

    @property
    def facts(self) -> tuple[Statement, ...]:
        """The facts that it changes, without the kinds of new elements."""
        added = (one for one in self.additions if not (one[0] in self.new and one[1] == RDF_TYPE))
        return (*self.withdrawals, *added)

    @property
    def rank(self) -> tuple[int, int, int, int, str]:
        """What it is ranked by: facts, withdrawals, new elements, facts that are not about the element itself."""
        aside = sum(self.element not in (subject, object_) for subject, _, object_ in self.facts)
        return self.size, len(self.withdrawals), len(self.new), aside, self.text

    def applied(self, model: Model) -> Model:
        """Give the model with the change made; the model itself stays as it is.

        Example:
            >>> model = Model.from_records([{"id": "mail", "kind": "Arrangement"}])
            >>> customer = "https://w3id.org/itsm-ontology/itsm#customer"
            >>> Change("urn:model:mail", (("urn:model:mail", customer, "urn:new:customer"),)).applied(model).elements
            ('urn:model:mail', 'urn:new:customer')
        """
        facts = model.facts
        if self.additions:
            builder = FactsBuilder.onto(facts, "repair", "repair")
            for subject, relation, object_ in self.additions:
                builder.statement(subject, relation, object_)
            builder.read("fact", len(self.additions))
            builder.used("fact", len(self.additions))
            facts = builder.build()
        return Model(_without(facts, self.withdrawals))

    def to_record(self) -> dict[str, Any]:
        """Give the change as a record for JSON."""
        return {
            "text": self.text,
            "size": self.size,
            "additions": [[shorten(str(getattr(part, "value", part))) for part in one] for one in self.additions],
            "withdrawals": [[shorten(str(getattr(part, "value", part))) for part in one] for one in self.withdrawals],
            "new": list(self.new),
        }

    def __str__(self) -> str:
        return self.text


def _without(facts: Facts, withdrawn: Iterable[Statement]) -> Facts:
    pairs, origins = dict(facts.pairs), dict(facts.origins)
    for subject, relation, object_ in withdrawn:
        term = NamedNode(object_) if isinstance(object_, str) else object_
        gone = (facts.nodes[NamedNode(subject)], facts.nodes[term])
        kept = [(pair, origin) for pair, origin in zip(pairs[relation], origins[relation], strict=True) if pair != gone]
        pairs[relation] = Pairs.of(pair for pair, _ in kept)
        origins[relation] = tuple(origin for _, origin in kept)
    return replace(facts, pairs=pairs, origins=origins)


# --------------------------------------------------------------------------------------------------------------------
# Names of new elements


def role(words: Vocabulary, relation: str, kinds: Sequence[str]) -> str:
    """Name a new value of a relation: its role where the relation names one, else its kind.

    Example:
        >>> from itsm_ontology.names import ITSM
        >>> from itsm_ontology.vocabulary import vocabulary
        >>> role(vocabulary(), ITSM.customer, [ITSM.Party]), role(vocabulary(), ITSM.runsOn, [ITSM.Server])
        ('customer', 'server')
    """
    if _has_role(words, relation):
        return words.value_label(relation)
    return words.label(kinds[0]) if kinds else "thing"


def _has_role(words: Vocabulary, relation: str) -> bool:
    return words.label(relation) in {f"has {joint}{words.value_label(relation)}" for joint in ("", "as ")}


# --------------------------------------------------------------------------------------------------------------------
# English


class Teller:
    """Says changes in English.

    Args:
        model: where names come from.
        sample: the literals that stand for any value of their sort.

    Example:
        >>> from itsm_ontology.names import ITSM
        >>> model = Model.from_records([{"id": "mail", "runsOn": "server"}])
        >>> runs = ("urn:model:mail", ITSM.runsOn, "urn:model:server")
        >>> print(Teller(model).change("urn:model:mail", [], [runs]))
        withdraw that mail runs on server
    """

    def __init__(self, model: Model, sample: Collection[Term] = ()) -> None:
        self.model = model
        self.words = model.vocabulary
        self.sample = sample

    def change(
        self,
        element: str,
        additions: Iterable[Statement],
        withdrawals: Iterable[Statement] = (),
        new: Collection[str] = (),
    ) -> Change:
        """Make a change that says itself, with names for new elements that tell what they are.

        Args:
            element: the IRI of the element that it is about.
            additions: the facts to record.
            withdrawals: the facts to withdraw.
            new: IRIs that stand for new elements in them, to be replaced.
        """
        ordered = tuple(in_telling_order(element, additions, new))
        names = self._names(ordered, new)

        def renamed(part: str | Literal) -> str | Literal:
            return names.get(part, part) if isinstance(part, str) else part

        added = tuple((names.get(one, one), relation, renamed(other)) for one, relation, other in ordered)
        change = Change(element, added, tuple(sorted(withdrawals, key=str)), tuple(names.values()))
        return replace(change, text=self.told(change))

    def _names(self, additions: Sequence[Statement], new: Collection[str]) -> dict[str, str]:
        """Name new elements by the role or the kind that they are first met in."""
        names: dict[str, str] = {}
        for subject, relation, object_ in additions:
            for iri, way in ((subject, ""), (object_, relation)):
                if isinstance(iri, str) and iri in new and iri not in names:
                    kinds = [str(kind) for start, is_a, kind in additions if start == iri and is_a == RDF_TYPE]
                    names[iri] = self._free(NEW + role(self.words, way, kinds).replace(" ", "-"), names.values())
        return names

    def _free(self, iri: str, taken: Collection[str]) -> str:
        """Give an IRI that nothing has."""
        choices = chain([iri], (f"{iri}-{number}" for number in count(2)))
        return next(one for one in choices if one not in taken and NamedNode(one) not in self.model.facts.nodes)

    def told(self, change: Change) -> str:
        """Say a change: what to withdraw, what to record."""
        told = _Told(self, change)
        parted = len(change.withdrawals)
        said = [
            f"{verb} {_listed(told.clauses(facts))}"
            for verb, facts in (("withdraw", change.facts[:parted]), ("record", change.facts[parted:]))
            if facts
        ]
        return "; ".join(said)


class _Told:
    """One change, as it is being told: a new element is introduced once, and pointed at after that."""

    def __init__(self, teller: Teller, change: Change) -> None:
        self.teller = teller
        self.words = teller.words
        self.kinds = {
            iri: [str(kind) for subject, relation, kind in change.additions if subject == iri and relation == RDF_TYPE]
            for iri in change.new
        }
        self.known: dict[str, str] = {}
        self.times: Counter[str] = Counter()

    def clauses(self, facts: Iterable[Statement]) -> list[str]:
        """Say facts, those with one subject in one clause."""
        told = []
        for _, together in groupby(map(self.forwards, facts), key=lambda one: one[0]):
            several = list(together)
            start = self.subject(several[0][0])
            told.append(f"that {start} {_listed([self.rest(*one[1:]) for one in several])}")
        return told

    def forwards(self, statement: Statement) -> Statement:
        """Give a fact from the end that there is a verb for: that a whole has a part, not that it is part of it."""
        subject, relation, object_ = statement
        if isinstance(object_, Literal) or relation == RDF_TYPE or _is_verb(self.words.label(relation)):
            return statement
        inverses = (wide for wide, back in self.words.wider_edges(relation, True) if not back)
        verbs = [one for one in inverses if _is_verb(self.words.label(one))]
        return (object_, verbs[0], subject) if verbs else statement

    def subject(self, iri: str) -> str:
        return self.known.get(iri) or (self.introduced(iri, self.kind(iri)) if iri in self.kinds else self.name(iri))

    def rest(self, relation: str, object_: str | Literal) -> str:
        if isinstance(object_, Literal):
            return self.attribute(relation, object_)
        if relation == RDF_TYPE:
            return predicate(c.OfClass(object_), self.words)
        label, value = self.words.label(relation), self.words.value_label(relation)
        is_new = object_ in self.kinds and object_ not in self.known
        if not _has_role(self.words, relation):
            other = self.introduced(object_, self.kind(object_)) if is_new else self.subject(object_)
            return _joined(_verb(label), other)
        if not is_new:
            return f"has {self.subject(object_)} as {_a(value)}"
        kind = self.kind(object_)
        introduced = self.introduced(object_, value, new=kind in ("", value))
        return f"has {introduced}" if kind in ("", value) else f"has {introduced} ({_new(kind)})"

    def attribute(self, relation: str, value: Literal) -> str:
        label = self.words.label(relation)
        if value.datatype.value == XSD.boolean:
            return label if value.value in ("true", "1") else label.replace("is ", "is not ", 1)
        if value in self.teller.sample:
            return f"has {_a(self.words.value_label(relation))}"
        return f"{_verb(label)} “{value.value}”"

    def introduced(self, iri: str, name: str, new: bool = True) -> str:
        """Introduce a new element; after that it is `the customer`, or `the second customer`."""
        noun = name or "thing"
        self.times[noun] += 1
        seen = self.times[noun]
        self.known[iri] = f"the {_COUNT[seen] if seen < len(_COUNT) else f'{seen}th '}{noun}"
        if not name:
            return "something new" if seen == 1 else "something else new"
        if seen == 1:
            return _new(name) if new else _a(name)
        return f"another {'new ' if new else ''}{name}"

    def kind(self, iri: str) -> str:
        return " and ".join(map(self.words.label, self.kinds[iri]))

    def name(self, iri: str) -> str:
        return self.teller.model.label(iri)


_COUNT = ("", "", "second ", "third ", "fourth ", "fifth ", "sixth ")


def _verb(label: str) -> str:
    """Give a label as a predicate: `part of` says `is part of`."""
    return label if _is_verb(label) else f"is {label}"


def _is_verb(label: str) -> bool:
    first, *rest = label.split()
    return first.endswith("s") or first == "must" or (first.endswith("ly") and bool(rest) and rest[0].endswith("s"))


def _joined(verb: str, other: str) -> str:
    """Join a verb and what it is about, which the verb may have named already: the functionality of a functionality."""
    noun = other.rpartition(" ")[2]
    return (
        f"{verb.removesuffix(' of').removesuffix(f'the {noun}')}{other}" if f"the {noun}" in verb else f"{verb} {other}"
    )


def _a(noun: str) -> str:
    """Put the article before a noun, if it can be counted."""
    return noun if noun in UNCOUNTED else f"{'an' if noun[0] in 'aeiouAEIOU' else 'a'} {noun}"


def _new(noun: str) -> str:
    return f"new {noun}" if noun in UNCOUNTED else f"a new {noun}"


def _listed(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def in_telling_order(element: str, additions: Iterable[Statement], new: Collection[str]) -> Iterator[Statement]:
    """Give facts about the element first, then those about what is met in them, and so on."""
    left = sorted(additions, key=lambda one: (one[1] != RDF_TYPE, str(one[1]), str(one[0]), str(one[2])))
    met = dict.fromkeys([element])
    while left:
        here = next((one for iri in met for one in left if one[0] == iri), None)
        here = here or next((one for one in left if one[0] not in new), None)
        here = here or next((one for one in left if one[2] in met), left[0])
        left.remove(here)
        met.update(dict.fromkeys(part for part in (here[0], here[2]) if isinstance(part, str)))
        yield here
