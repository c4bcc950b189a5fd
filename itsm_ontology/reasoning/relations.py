"""How all definitions relate, pair by pair: worked out once, kept as RDF, and worked on where it was left."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache, cached_property
from itertools import combinations

from pyoxigraph import Literal, NamedNode

from ..catalogue import Catalogue
from ..catalogue import catalogue as published
from ..definitions import Definition
from ..document import Readable, open_document
from ..errors import InputError, UnknownNameError
from ..names import FRAMEWORK, META, shorten, texts
from ..paths import HERE
from ..rdf import read_statements
from ..resources import folder
from ..vocabulary import vocabulary
from .claims import comparable, of_definition
from .implication import Kind, Pair, Progress, Status, relation_of
from .search import MOST
from .solver import Deadline

SECONDS_A_PAIR = 20.0
"""The time limit for one pair."""
PREDICATES = {
    Kind.EQUIVALENT: META.equivalentTo,
    Kind.NARROWER: META.strictlyImplies,
    Kind.DISJOINT: META.excludes,
    Kind.OVERLAPPING: META.overlaps,
    Kind.OPEN: META.undecidedAgainst,
}
"""How a relation is stated in RDF; `broader` is stated the other way round."""
_MIRRORED = {Kind.NARROWER: Kind.BROADER, Kind.BROADER: Kind.NARROWER}
_HEAD = """\
# How the definitions of the catalogue relate, pair by pair. Written by `itsm-ontology relations`: don't edit it.
# Compared are definitions of one term, and of two terms of which a thesis says that the one is the other; what both of
# a pair can be said of counts, and pairs that are said of different kinds of thing are left out.
# meta:strictlyImplies: whatever meets the first meets the second, and not conversely. meta:digest: of the conditions
# and of the vocabulary's axioms that it was worked out from; what has another digest by now is worked out again.
"""


@dataclass(frozen=True, eq=False)
class Relations:
    """How definitions relate, pair by pair.

    Attributes:
        kinds: for each pair of tokens, the first before the second in the order of the alphabet, how they relate.
        digests: the definitions' digests, by token.

    Example:
        >>> found = relations(definitions=["itil-2011:service", "fitsm-3:service"])
        >>> found.to_records()
        [{'first': 'fitsm-3:service', 'second': 'itil-2011:service', 'relation': 'broader'}]
    """

    kinds: Mapping[tuple[str, str], Kind] = field(repr=False)
    digests: Mapping[str, str] = field(repr=False)

    def __repr__(self) -> str:
        return f"Relations({len(self.digests)} definitions, {len(self.kinds)} pairs)"

    def __getitem__(self, key: tuple[str, str]) -> Kind:
        """Give how the first relates to the second.

        Raises:
            UnknownNameError: if a token is not among the definitions.
            InputError: if the two were not compared.
        """
        one, other = key
        found = self.known(one, other)
        if found is None:
            raise InputError(
                f"{one} and {other} were not compared here.",
                repair="Ask for the two alone: itsm_ontology.relation(one, other).",
            )
        return found

    def known(self, one: str, other: str) -> Kind | None:
        """Give how the first relates to the second; None where they are said of different things or were not compared.

        Raises:
            UnknownNameError: if a token is not among the definitions.
        """
        for token in (one, other):
            if token not in self.digests:
                raise UnknownNameError("definition", token, self.digests)
        if one == other:
            return Kind.EQUIVALENT
        kind = self.kinds.get((min(one, other), max(one, other)))
        return kind if kind is None or one < other else _MIRRORED.get(kind, kind)

    @cached_property
    def counts(self) -> Mapping[Kind, int]:
        """How many pairs there are of each relation; narrower and broader are one."""
        found: Counter[Kind] = Counter(Kind.NARROWER if kind is Kind.BROADER else kind for kind in self.kinds.values())
        return {kind: found[kind] for kind in PREDICATES}

    @property
    def summary(self) -> str:
        """How many pairs there are, and of which relation."""
        words = {Kind.NARROWER: "one implies the other", Kind.DISJOINT: "exclude each other"}
        parts = [f"{count} {words.get(kind, kind.value)}" for kind, count in self.counts.items()]
        pairs = f"{len(self.kinds)} comparable pair{'s' if len(self.kinds) != 1 else ''}"
        return f"{pairs} of {len(self.digests)} definitions: {', '.join(parts)}"

    def to_records(self) -> list[dict[str, str]]:
        """Give one mapping for each pair: `first`, `second` (tokens), `relation`."""
        return [
            {"first": one, "second": other, "relation": kind.value} for (one, other), kind in sorted(self.kinds.items())
        ]

    def turtle(self) -> str:
        """Write the relations as Turtle, one statement a line."""
        lines = [_HEAD + f"@prefix meta: <{META}> .", f"@prefix framework: <{FRAMEWORK}> .", ""]
        lines += [f'<{_iri(token)}> meta:digest "{digest}" .' for token, digest in sorted(self.digests.items())]
        lines.append("")
        for (one, other), kind in sorted(self.kinds.items()):
            first, second = (other, one) if kind is Kind.BROADER else (one, other)
            predicate = shorten(PREDICATES[Kind.NARROWER if kind is Kind.BROADER else kind])
            lines.append(f"<{_iri(first)}> {predicate} <{_iri(second)}> .")
        return "\n".join(lines) + "\n"


def _iri(token: str) -> str:
    return FRAMEWORK + token.replace(":", "#", 1)


def relations(
    *,
    terms: Iterable[str] = (),
    frameworks: Iterable[str] = (),
    definitions: Iterable[str] = (),
    every: bool = False,
    known: Relations | None = None,
    most: int = MOST,
    seconds_a_pair: float | None = SECONDS_A_PAIR,
    progress: Progress | None = None,
    kept: Callable[[Relations], None] | None = None,
    catalogue: Catalogue | None = None,
) -> Relations:
    """Tell how definitions relate, pair by pair.

    Args:
        terms: only definitions of these terms; by default all of the catalogue.
        frameworks: only definitions of these frameworks.
        definitions: these definitions, beside those that terms and frameworks choose.
        every: whether to compare each with each. By default those of one term are compared, those of two terms of
            which a thesis says that the one is the other, and those that are named.
        known: what is known already; pairs of definitions that have not changed since are taken from there.
        most: so many elements a model may have.
        seconds_a_pair: the time limit for each pair; None for none.
        progress: is told how many pairs are done, and how many there are.
        kept: is given what is known so far, after each pair; to be saved now and then.
        catalogue: where definitions come from; by default the published ones.

    Returns:
        The relation of each comparable pair.

    Raises:
        UnknownNameError, AmbiguousNameError: if a name is not one.
        InputError: if nothing is chosen.
        EngineError: if the solver is not installed.

    Example:
        >>> relations(definitions=["itil-2011:service", "fitsm-3:service"])["itil-2011:service", "fitsm-3:service"]
        <Kind.NARROWER: 'narrower'>
    """
    source = catalogue or published()
    named = {source.definition(token).token for token in texts(definitions)}
    chosen = source.select(terms=texts(terms), frameworks=texts(frameworks), definitions=named)
    usable = sorted((one for one in chosen if not one.only_by_reference), key=lambda one: one.token)
    digests = {one.token: digest(one) for one in usable}
    found = (
        {} if known is None else {pair: kind for pair, kind in known.kinds.items() if _current(pair, known, digests)}
    )
    claims = {one.token: of_definition(one) for one in usable}
    joined = terms_joined(source)
    pairs = [
        (one, other)
        for one, other in combinations(sorted(claims), 2)
        if comparable(claims[one], claims[other])
        and (every or {one, other} <= named or {claims[one].term, claims[other].term} in joined)
    ]
    so_far = Relations(found, digests)
    for done, (one, other) in enumerate(pairs, start=1):
        if (one, other) not in found:
            pair = Pair(claims[one], claims[other], most, Deadline(seconds_a_pair), natural=False)
            found[one, other] = relation_of(pair).kind
            if kept:
                kept(so_far)
        if progress:
            progress(done, len(pairs))
    return Relations(found, digests)


def terms_joined(catalogue: Catalogue) -> frozenset[frozenset[str]]:
    """Give each term by itself, and the pairs of terms of which a thesis says that the one is, or is not, the other."""
    by_theses = {
        frozenset((thesis.subject.term, thesis.object.term))
        for thesis in catalogue.theses.values()
        if thesis.path == HERE and thesis.subject.term and thesis.object.term
    }
    return frozenset(by_theses | {frozenset((term,)) for term in catalogue.terms})


def _current(pair: tuple[str, str], known: Relations, digests: Mapping[str, str]) -> bool:
    """Tell whether what is known of a pair still stands; what was open is tried again."""
    if known.kinds[pair] is Kind.OPEN:
        return False
    return all(token in digests and known.digests.get(token) == digests[token] for token in pair)


def digest(definition: Definition) -> str:
    """Give a digest of all that the relations of a definition hang on: its conditions, and the vocabulary's axioms."""
    claim = of_definition(definition)
    said = _written((tuple(sorted(claim.applies_to)), claim.conditions, _axioms()))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _written(value: object) -> str:
    """Write a value so that equal ones are written alike, in every process."""
    if isinstance(value, frozenset):
        return f"{{{','.join(sorted(map(_written, value)))}}}"
    if isinstance(value, tuple):
        return f"({','.join(map(_written, value))})"
    if is_dataclass(value):
        return f"{type(value).__name__}({','.join(_written(getattr(value, part.name)) for part in fields(value))})"
    return str(value)


@cache
def _axioms() -> str:
    words = vocabulary()
    acyclic = sorted(iri for iri, entry in words.entries.items() if entry.acyclic)
    return hashlib.sha256(repr((sorted(words.axioms), sorted(words.attributes), acyclic)).encode()).hexdigest()


def read_relations(source: Readable) -> Relations:
    """Read relations that `Relations.turtle` wrote.

    Raises:
        InputError: if it is no Turtle.
    """
    kinds: dict[tuple[str, str], Kind] = {}
    digests: dict[str, str] = {}
    predicates = {predicate: kind for kind, predicate in PREDICATES.items()}
    for subject, predicate, object_, _ in read_statements(open_document(source), "turtle"):
        one = shorten(subject.value)
        if predicate.value == META.digest and isinstance(object_, Literal):
            digests[one] = object_.value
        elif (kind := predicates.get(predicate.value)) and isinstance(object_, NamedNode):
            other = shorten(object_.value)
            kinds[min(one, other), max(one, other)] = kind if one < other else _MIRRORED.get(kind, kind)
    return Relations(kinds, digests)


@cache
def published_relations() -> Relations:
    """Give the relations that ship with the library.

    Example:
        >>> published_relations()["itil-2011:service", "iso-20000-2018:service"]
        <Kind.NARROWER: 'narrower'>
    """
    return read_relations(folder("vocab") / "relations.ttl")


def shipped(definitions: Iterable[Definition]) -> Callable[[str, str], Kind | None]:
    """Give what ships with the library about some definitions, as far as it is up to date.

    Args:
        definitions: the definitions.

    Returns:
        From two tokens to how the first relates to the second; None where that has to be worked out.
    """
    known = published_relations()
    current = {
        one.token for one in definitions if one.token in known.digests and known.digests[one.token] == digest(one)
    }

    def kind(one: str, other: str) -> Kind | None:
        found = known.known(one, other) if one in current and other in current else None
        return None if found is Kind.OPEN else found

    return kind


def implied(kind: Kind) -> Status:
    """Say whether the first implies the second, where they relate so; each can be met by something."""
    return Status.PROVED if kind in (Kind.EQUIVALENT, Kind.NARROWER) else Status.REFUTED
