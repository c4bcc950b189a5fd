"""What collects facts: readers put them in, one by one or by the column."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, NamedNode

from .errors import InputError
from .facts import Completeness, Facts
from .load_report import FieldCount, Left, Report
from .names import ITSM, RDF_TYPE, RDFS, XSD
from .pairs import Pairs, PairsBuilder
from .rdf import Statement, Term
from .terms import GivenTerms, TermPart, Terms
from .vocabulary import vocabulary

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
        self._parts: list[TermPart] = []
        self._first = 0
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
        builder._terms = {term: node for node, term in enumerate(facts.terms)}
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
            return self._terms.setdefault(term, self._first + len(self._terms))
        found = self._iris.get(term)
        if found is None:
            found = self._iris[term] = self.node(NamedNode(term))
        return found

    def terms(self, part: TermPart) -> int:
        """Add terms by the column, before any other; none of them may be asked for by `node`.

        Returns:
            The node of the first.
        """
        if self._terms:
            raise ValueError("terms by the column come before others")
        start = self._first
        self._parts.append(part)
        self._first += len(part)
        return start

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
            terms=Terms([*self._parts, GivenTerms(self._terms)]),
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
        values: dict[int, list[tuple[str, int]]] = defaultdict(list)
        for relation in (ITSM.relationshipProvider, ITSM.relationshipReceiver, *_FROM_RELATIONSHIP):
            for subject, object_ in self._pairs.get(relation, ()) if ITSM.regards in self._pairs else ():
                values[subject].append((relation, object_))
        renamed = {ITSM.relationshipProvider: ITSM.providedBy, ITSM.relationshipReceiver: ITSM.deliveredTo}
        for relationship, thing in list(self._pairs.get(ITSM.regards, ())):
            for relation, object_ in values[relationship]:
                self._pair(renamed.get(relation, relation), thing, object_)
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
