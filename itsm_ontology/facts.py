"""Facts as data: dictionary-encoded terms, pairs by relation, and where each came from. Readers build them."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, NamedNode

from .errors import InputError
from .load_report import FieldCount, Left, Report
from .names import ITSM, META, RDF_TYPE, RDFS, XSD
from .pairs import Pairs, PairsBuilder
from .rdf import Statement, Term
from .vocabulary import Edge, Vocabulary, vocabulary

EVERYTHING = META.Everything
"""Stands for every element of a model where completeness is stated."""

TELL_EVERY = 1_000
"""A load tells how far it is each time it has read so many records more."""

_FROM_RELATIONSHIP = tuple(
    ITSM.term(name)
    for name in (
        "agreedIn", "customer", "deliveredTo", "exchangedFor", "hasCostOrRisk", "paidBy", "sponsor", "usedBy",
        "valueContributedBy",
    )
)  # fmt: skip
"""What a service relationship says of the thing provided."""


@dataclass(frozen=True)
class Completeness:
    """The statement that all values of a relation are recorded.

    Attributes:
        relation: the relation's IRI; `rdf:type` stands for the kinds.
        backwards: whether it is about the relation walked backwards.
        node: the element it is about; None for every element of the source, or of the model.
        source: the source it is about, if it is not about the whole model.
    """

    relation: str
    backwards: bool = False
    node: int | None = None
    source: str | None = None


@dataclass(frozen=True)
class Merged:
    """A thing that several sources record, known as one by a key that the load names.

    Attributes:
        element: the IRI that it has in the model.
        others: the IRIs that it would have had otherwise.
        key: the name of the key.
        value: the value that the sources agree on.
    """

    element: str
    others: tuple[str, ...]
    key: str
    value: str


@dataclass(frozen=True, eq=False)
class Facts:
    """What is recorded, as data; a node is the position of its term.

    Attributes:
        name: what to call the facts in messages.
        terms: every term.
        pairs: relation IRI to pairs of nodes; the kinds are under `rdf:type`.
        sources: the names of the sources.
        origins: relation IRI to a number for each of its pairs, which `sources_of` turns into sources.
        declared: node to what source systems call it.
        completeness: what is said to be complete.
        vocabulary: the neutral vocabulary with the sources' own axioms added.
        reports: what each load read, used and left.
        several: the combinations of source positions that say one fact together.
        axioms: the sources' own axioms.
        merged: the things that several sources record.
    """

    name: str
    terms: tuple[Term, ...] = field(repr=False)
    pairs: Mapping[str, Sequence[tuple[int, int]]] = field(repr=False)
    sources: tuple[str, ...]
    origins: Mapping[str, Sequence[int]] = field(repr=False)
    declared: Mapping[int, tuple[str, ...]] = field(repr=False)
    completeness: tuple[Completeness, ...] = field(repr=False)
    vocabulary: Vocabulary = field(repr=False)
    reports: tuple[Report, ...] = field(repr=False)
    several: tuple[tuple[int, ...], ...] = field(default=(), repr=False)
    axioms: tuple[Statement, ...] = field(default=(), repr=False)
    merged: tuple[Merged, ...] = field(default=(), repr=False)

    def sources_of(self, origin: int) -> tuple[int, ...]:
        """Give the positions of the sources that a number in `origins` stands for."""
        return (origin,) if origin >= 0 else self.several[-1 - origin]

    @cached_property
    def nodes(self) -> Mapping[Term, int]:
        """From term to node."""
        return {term: node for node, term in enumerate(self.terms)}

    @cached_property
    def forwards(self) -> Mapping[str, Mapping[int, tuple[int, ...]]]:
        """Relation IRI to node to its values."""
        return {relation: _index(pairs) for relation, pairs in self.pairs.items()}

    @cached_property
    def backwards(self) -> Mapping[str, Mapping[int, tuple[int, ...]]]:
        """Relation IRI to node to the nodes that it is a value of."""
        return {
            relation: _index((object_, subject) for subject, object_ in pairs) for relation, pairs in self.pairs.items()
        }

    def with_layer(
        self, relation: str, pairs: Iterable[tuple[int, int]], source: str, completeness: Iterable[Completeness] = ()
    ) -> Facts:
        """Give these facts with more of one relation, and more completeness, for one evaluation."""
        mine = Pairs.of(self.pairs.get(relation, ()))
        known = set(mine)
        added = [pair for pair in pairs if pair not in known] if known else list(pairs)
        numbers = array("i", [len(self.sources)]) * len(added)
        return replace(
            self,
            pairs={**self.pairs, relation: mine.and_more(added)} if added else self.pairs,
            sources=(*self.sources, source),
            origins={**self.origins, relation: array("i", self.origins.get(relation, ())) + numbers}
            if added
            else self.origins,
            completeness=(*self.completeness, *completeness),
        )


def _index(pairs: Iterable[tuple[int, int]]) -> dict[int, tuple[int, ...]]:
    found: dict[int, dict[int, None]] = defaultdict(dict)
    for subject, object_ in pairs:
        found[subject][object_] = None
    return {subject: tuple(objects) for subject, objects in found.items()}


def complete_nodes(facts: Facts, edge: Edge) -> frozenset[int]:
    """Give the nodes for which a relation, walked so, is recorded as complete.

    A statement about every element of the model holds in both directions; one about the elements of a source only as
    it is stated, since another source may still name them at the other end.
    """
    relation, backwards = edge
    found: set[int] = set()
    for item in facts.completeness:
        if item.relation != relation:
            continue
        everywhere = item.node is None and item.source is None
        if not everywhere and item.backwards != backwards:
            continue
        found |= _described_by(facts, item.source) if item.node is None else {item.node}
    return frozenset(found)


def _described_by(facts: Facts, source: str | None) -> set[int]:
    """Give the nodes that a source has facts of; all nodes where no source is named."""
    if source is None:
        return set(range(len(facts.terms)))
    if source not in facts.sources:
        return set()
    number = facts.sources.index(source)
    numbers = {number, *(-1 - k for k, together in enumerate(facts.several) if number in together)}
    return {
        subject
        for relation, pairs in facts.pairs.items()
        for (subject, _), origin in zip(pairs, facts.origins[relation], strict=True)
        if origin in numbers
    }


class FactsBuilder:
    """Collects what a reader finds; `build` makes the facts of it, so that a failed load leaves nothing behind.

    Readers call `kind`, `fact`, `literal`, `label` and `declare`, count what they meet with `read` and `used`, and
    say with `left` what they pass over and why.
    """

    def __init__(self, name: str, format_name: str, progress: Callable[[str, int], None] | None = None) -> None:
        self.name = name
        self._progress = progress
        self._count = 0
        self._told = TELL_EVERY
        self.format = format_name
        self._terms: dict[Term, int] = {}
        self._iris: dict[str, int] = {}
        self._pairs: dict[str, PairsBuilder] = defaultdict(PairsBuilder)
        self._sources: dict[str, int] = {}
        self._several: dict[tuple[int, ...], int] = {}
        self._declared: dict[int, dict[str, None]] = defaultdict(dict)
        self._completeness: dict[Completeness, None] = {}
        self._axioms: list[Statement] = []
        self._read: Counter[str] = Counter()
        self._used: Counter[str] = Counter()
        self._left: Counter[tuple[str, str]] = Counter()
        self._fields: Counter[tuple[str, str, str]] = Counter()
        self.notes: list[str] = []
        self.source = name
        self.identifying: Mapping[tuple[str, str], Sequence[str]] = {}
        self.identities: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        self._base: Facts | None = None

    @staticmethod
    def onto(facts: Facts, name: str, format_name: str) -> FactsBuilder:
        """Start from facts that are there already; a new report begins."""
        builder = FactsBuilder(facts.name, format_name)
        builder._base = facts
        builder._terms = dict(facts.nodes)
        builder._sources = {source: number for number, source in enumerate(facts.sources)}
        builder._several = {together: -1 - number for number, together in enumerate(facts.several)}
        for relation, pairs in facts.pairs.items():
            for (subject, object_), origin in zip(pairs, facts.origins[relation], strict=True):
                builder._pairs[relation].number(subject, object_, origin)
        for node, said in facts.declared.items():
            builder._declared[node] = dict.fromkeys(said)
        builder._completeness = dict.fromkeys(facts.completeness)
        builder.source = name
        return builder

    def node(self, term: Term | str) -> int:
        """Give the node for a term, or for an IRI given as text."""
        if not isinstance(term, str):
            return self._terms.setdefault(term, len(self._terms))
        found = self._iris.get(term)
        if found is None:
            found = self._iris[term] = self._terms.setdefault(NamedNode(term), len(self._terms))
        return found

    def statement(self, subject: Term | str, relation: str, object_: Term | str) -> None:
        """Record a fact; said twice it is one fact, from all the sources that say it."""
        self._pair(relation, self.node(subject), self.node(object_))

    def _pair(self, relation: str, subject: int, object_: int) -> None:
        number = self._sources.setdefault(self.source, len(self._sources))
        pairs = self._pairs[relation]
        known = pairs.number(subject, object_, number)
        if known != number:
            pairs.renumber(subject, object_, self._together(known, number))

    def columns(self, relation: str, pairs: Pairs) -> None:
        """Record facts by the column, none of them twice; the nodes are those that `node` gives."""
        number = self._sources.setdefault(self.source, len(self._sources))
        if pairs and not self._pairs[relation].extend(pairs, number):
            for subject, object_ in pairs:
                self._pair(relation, subject, object_)

    def _together(self, known: int, number: int) -> int:
        """Give the number for the sources that said a fact so far and one more."""
        sources = {known} if known >= 0 else next(set(mine) for mine, its in self._several.items() if its == known)
        together = tuple(sorted(sources | {number}))
        return known if number in sources else self._several.setdefault(together, -1 - len(self._several))

    def kind(self, element: Term | str, kind: str) -> None:
        """Record that an element is of a kind."""
        self.statement(element, RDF_TYPE, kind)

    def literal(
        self, element: Term | str, relation: str, text: str, *, datatype: str = XSD.string, language: str = ""
    ) -> None:
        """Record a value that is no element."""
        if language:
            value = Literal(text, language=language.lower())
        else:
            value = Literal(text) if datatype == XSD.string else Literal(text, datatype=NamedNode(datatype))
        self.statement(element, relation, value)

    def label(self, element: Term | str, text: str, language: str = "") -> None:
        """Record the name of an element."""
        if text:
            self.literal(element, RDFS.label, text, language=language)

    def declare(self, element: Term | str, declaration: str) -> None:
        """Record what the source system calls an element, as `SYSTEM:Type`."""
        self._declared[self.node(element)][declaration] = None

    def complete(self, completeness: Completeness) -> None:
        """Record that all values of a relation are there."""
        self._completeness[completeness] = None

    def axiom(self, statement: Statement) -> None:
        """Record an axiom of the model's own vocabulary."""
        self._axioms.append(statement)

    def read(self, what: str, count: int = 1) -> None:
        """Count something that the source has."""
        self._read[what] += count
        self._count += count
        if self._progress is not None and self._count >= self._told:
            self._progress(self.name, self._count)
            self._told = self._count + TELL_EVERY

    def used(self, what: str, count: int = 1) -> None:
        """Count something that became facts."""
        self._used[what] += count

    def left(self, what: str, reason: str, count: int = 1) -> None:
        """Count something that is passed over, with the reason."""
        self._left[what, reason] += count

    def identifies(self, element: str, type_: str, field: str, text: str) -> None:
        """Note a value that tells an element from others across sources, where the load asks for that field."""
        value = text.strip()
        if value:
            for type_wanted in (type_, "*"):
                for key in self.identifying.get((type_wanted, field), ()):
                    self.identities[key, value][element] = None

    def field(self, type_: str, field: str, reason: str = "", count: int = 1) -> None:
        """Count a value of a field; with a reason, it was passed over."""
        self._fields[type_, field, reason] += count

    def _field_counts(self) -> tuple[FieldCount, ...]:
        left: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        for (type_, field_, reason), count in sorted(self._fields.items()):
            left[type_, field_][reason] = count
        return tuple(
            FieldCount(*where, sum(counts.values()), counts.pop("", 0), counts) for where, counts in left.items()
        )

    def check(self) -> None:
        """Refuse a source of which nothing became a fact.

        Raises:
            InputError: if so.
        """
        if not self._pairs:
            raise InputError(
                "there is nothing in it that could be used.",
                source=self.name,
                repair=f"It was read as {self.format}.",
            )

    def build(self) -> Facts:
        """Make the facts of what was collected.

        Raises:
            InputError: if nothing in the source became a fact.
        """
        self._derive_from_relationships()
        self.check()
        try:
            words = (self._base.vocabulary if self._base else vocabulary()).extended(self._axioms)
        except InputError as error:
            raise InputError(error.problem, source=self.name) from None
        report = Report(
            self.source if self._base else self.name,
            self.format,
            dict(self._read),
            dict(self._used),
            tuple(Left(what, reason, count) for (what, reason), count in sorted(self._left.items())),
            tuple(self.notes),
            self._field_counts(),
        )
        columns = {relation: pairs.columns() for relation, pairs in self._pairs.items()}
        return Facts(
            name=self.name,
            terms=tuple(self._terms),
            pairs={relation: pairs for relation, (pairs, _) in columns.items()},
            sources=tuple(self._sources),
            origins={relation: origins for relation, (_, origins) in columns.items()},
            declared={node: tuple(said) for node, said in self._declared.items()},
            completeness=tuple(self._completeness),
            vocabulary=words,
            reports=(*self._base.reports, report) if self._base else (report,),
            several=tuple(self._several),
            axioms=(*self._base.axioms, *self._axioms) if self._base else tuple(self._axioms),
            merged=self._base.merged if self._base else (),
        )

    def _derive_from_relationships(self) -> None:
        """Derive the binary relations from service relationships, never the reverse."""
        source, self.source = self.source, "derived from service relationships"
        terms = list(self._terms)
        values: dict[int, list[tuple[str, int]]] = defaultdict(list)
        for relation in (ITSM.relationshipProvider, ITSM.relationshipReceiver, *_FROM_RELATIONSHIP):
            for subject, object_ in self._pairs.get(relation, ()):
                values[subject].append((relation, object_))
        renamed = {ITSM.relationshipProvider: ITSM.providedBy, ITSM.relationshipReceiver: ITSM.deliveredTo}
        for relationship, thing in list(self._pairs.get(ITSM.regards, ())):
            for relation, object_ in values[relationship]:
                self.statement(terms[thing], renamed.get(relation, relation), terms[object_])
        self.source = source


def skolem(term: Term, digest: str) -> Term:
    """Give an IRI for a blank node, the same for the same document; other terms stay as they are."""
    return NamedNode(f"urn:skolem:{digest}:{term.value}") if isinstance(term, BlankNode) else term


def element_iri(identifier: str, base: str) -> str:
    """Give the IRI for an identifier: itself if it is one, else `base` with the identifier appended.

    Example:
        >>> element_iri("pay roll", "urn:model:")
        'urn:model:pay%20roll'
    """
    if identifier.startswith(("http://", "https://", "urn:")):
        return identifier
    return base + quote(identifier, safe="-._~:@!$&'()*+,;=")
