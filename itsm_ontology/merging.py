"""Several sources into one model: things are one where a key that the load names says so, and nowhere else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from .errors import InputError
from .facts import Completeness, Facts, Merged
from .pairs import Pairs
from .rdf import Term
from .vocabulary import vocabulary

Identities = Mapping[tuple[str, str], Collection[str]]
"""Name and value of a key to the IRIs of the elements that a source gives it to."""


@dataclass(frozen=True)
class Part:
    """One source of several.

    Attributes:
        facts: what it records.
        identities: what its elements are known by across sources.
    """

    facts: Facts
    identities: Identities


def merged(parts: Sequence[Part], name: str) -> Facts:
    """Put the facts of several sources together.

    Args:
        parts: the sources; of things that several record, the first gives the IRI.
        name: what to call the whole.

    Returns:
        The facts of all; each fact knows every source that says it.

    Raises:
        InputError: if a key would make two things of one source one.
    """
    same = _Same(parts)
    terms: dict[Term, int] = {}
    pairs: dict[str, dict[tuple[int, int], frozenset[int]]] = defaultdict(dict)
    sources: dict[str, int] = {}
    declared: dict[int, dict[str, None]] = defaultdict(dict)
    completeness: dict[Completeness, None] = {}
    for part in parts:
        facts = part.facts
        nodes = [terms.setdefault(same.one(term), len(terms)) for term in facts.terms]
        mine = [sources.setdefault(_source_name(source, sources, facts), len(sources)) for source in facts.sources]
        names = list(sources)
        for relation, known in facts.pairs.items():
            for (subject, object_), origin in zip(known, facts.origins[relation], strict=True):
                pair = (nodes[subject], nodes[object_])
                said = frozenset(mine[source] for source in facts.sources_of(origin))
                pairs[relation][pair] = pairs[relation].get(pair, frozenset()) | said
        for node, said_of in facts.declared.items():
            declared[nodes[node]].update(dict.fromkeys(said_of))
        for item in facts.completeness:
            about = None if item.node is None else nodes[item.node]
            source = None if item.source is None else names[mine[facts.sources.index(item.source)]]
            completeness[replace(item, node=about, source=source)] = None
    return _facts(name, terms, pairs, sources, declared, completeness, parts, same.merged())


def _source_name(source: str, taken: Collection[str], facts: Facts) -> str:
    """Give a source a name that no source before it has."""
    number, found = 1, source
    while found in taken:
        number += 1
        found = f"{source} ({number})"
    return found


def _facts(
    name: str,
    terms: Mapping[Term, int],
    pairs: Mapping[str, Mapping[tuple[int, int], frozenset[int]]],
    sources: Mapping[str, int],
    declared: Mapping[int, Mapping[str, None]],
    completeness: Iterable[Completeness],
    parts: Sequence[Part],
    merged_: tuple[Merged, ...],
) -> Facts:
    several: dict[tuple[int, ...], int] = {}

    def origin(said: frozenset[int]) -> int:
        if len(said) == 1:
            return next(iter(said))
        return several.setdefault(tuple(sorted(said)), -1 - len(several))

    origins = {relation: tuple(map(origin, known.values())) for relation, known in pairs.items()}
    axioms = tuple(axiom for part in parts for axiom in part.facts.axioms)
    return Facts(
        name=name,
        terms=tuple(terms),
        pairs={relation: Pairs.of(known) for relation, known in pairs.items()},
        sources=tuple(sources),
        origins=origins,
        declared={node: tuple(said) for node, said in declared.items()},
        completeness=tuple(completeness),
        vocabulary=vocabulary().extended(axioms),
        reports=tuple(report for part in parts for report in part.facts.reports),
        several=tuple(several),
        axioms=axioms,
        merged=merged_,
    )


class _Same:
    """Which elements of several sources are one."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self.of: dict[str, int] = {}
        self.all_of: dict[str, set[int]] = defaultdict(set)
        self.above: dict[str, str] = {}
        for number, part in enumerate(parts):
            for elements in part.identities.values():
                for element in elements:
                    self.of.setdefault(element, number)
                    self.all_of[element].add(number)
        self.shared = self._shared()
        for elements in self.shared.values():
            tops = {self._top(element) for element in elements}
            first = min(tops, key=lambda top: (self.of[top], top))
            self.above.update(dict.fromkeys(tops, first))
        self._check()

    def _shared(self) -> dict[tuple[str, str], list[str]]:
        """Give the keys that more than one source gives, with their elements."""
        found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for part in self.parts:
            for key, elements in part.identities.items():
                found[key].update(dict.fromkeys(elements))
        return {key: list(elements) for key, elements in found.items() if len({self.of[e] for e in elements}) > 1}

    def _top(self, element: str) -> str:
        while self.above.get(element, element) != element:
            element = self.above[element]
        return element

    def _check(self) -> None:
        """Refuse what would make two things of one source one."""
        found: dict[tuple[str, int], str] = {}
        for (key, value), elements in self.shared.items():
            for element, number in ((one, number) for one in elements for number in sorted(self.all_of[one])):
                other = found.setdefault((self._top(element), number), element)
                if other != element:
                    raise InputError(
                        f"the key {key} ({value}) makes {other} and {element} one, and this source tells them apart.",
                        source=self.parts[number].facts.name,
                        repair="Name a key that only one record of each source has.",
                    )

    def one(self, term: Term) -> Term:
        """Give what stands for a term in the whole."""
        top = self._top(term.value) if isinstance(term, NamedNode) else term.value
        return term if top == term.value else NamedNode(top)

    def merged(self) -> tuple[Merged, ...]:
        """Give the things that several sources record."""
        found = []
        for (key, value), elements in self.shared.items():
            top = self._top(elements[0])
            found.append(Merged(top, tuple(sorted({*elements} - {top})), key, value))
        return tuple(sorted(found, key=lambda one: (one.element, one.key, one.value)))
