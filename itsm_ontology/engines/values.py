"""What a database or a column can't tell of a literal: how it compares with others, worked out once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import Literal

from ..facts import Facts
from ..literals import order_key


class Value(NamedTuple):
    """What one literal comes to, as numbers.

    Attributes:
        node: its node.
        family: the sort of values that it compares with; None if it compares with nothing.
        rank: its place among them; equal values share one.
        language: its language; None if it has none.
    """

    node: int
    family: int | None
    rank: int | None
    language: int | None


def values_of(facts: Facts, nodes: Iterable[int] | None = None) -> Iterator[Value]:
    """Give literals their family, their rank in it, and their language, as numbers that compare with each other.

    Args:
        facts: what is recorded.
        nodes: the nodes asked about; by default all.
    """
    asked = enumerate(facts.terms) if nodes is None else ((node, facts.terms[node]) for node in nodes)
    literals = {node: term for node, term in asked if isinstance(term, Literal)}
    keys = {node: order_key(term) for node, term in literals.items()}
    families = sorted({key[0] for key in keys.values() if key})
    ranks = {
        family: {
            value: rank
            for rank, value in enumerate(sorted({key[1] for key in keys.values() if key and key[0] == family}))
        }
        for family in families
    }
    languages = {
        name: number for number, name in enumerate(sorted({t.language or "" for t in literals.values()} - {""}))
    }
    for node, key in keys.items():
        language = literals[node].language
        yield Value(
            node,
            families.index(key[0]) if key else None,
            ranks[key[0]][key[1]] if key else None,
            languages[language] if language else None,
        )
