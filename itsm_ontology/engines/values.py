"""What a database or a column can't tell of a literal: how it compares with others, worked out once."""

from __future__ import annotations

from collections.abc import Iterator
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


def values_of(facts: Facts) -> Iterator[Value]:
    """Give each literal its family, its rank in it, and its language, as numbers."""
    keys = {node: order_key(term) for node, term in enumerate(facts.terms) if isinstance(term, Literal)}
    families = sorted({key[0] for key in keys.values() if key})
    ranks = {
        family: {
            value: rank
            for rank, value in enumerate(sorted({key[1] for key in keys.values() if key and key[0] == family}))
        }
        for family in families
    }
    languages = sorted({t.language for t in facts.terms if isinstance(t, Literal) and t.language})
    for node, key in keys.items():
        term = facts.terms[node]
        language = term.language if isinstance(term, Literal) else None
        yield Value(
            node,
            families.index(key[0]) if key else None,
            ranks[key[0]][key[1]] if key else None,
            languages.index(language) if language else None,
        )
