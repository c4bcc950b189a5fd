"""Literals enough: at least one of each sort that the conditions of a program tell apart."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

from pyoxigraph import Literal, NamedNode

from .. import conditions as c
from ..conditions import Condition
from ..literals import is_well_formed, order_key
from ..names import XSD

SAMPLES = {
    XSD.boolean: ("true", "false"),
    XSD.string: ("something",),
    XSD.integer: ("1", "2"),
    XSD.decimal: ("1.5", "2.5"),
    XSD.dateTime: ("2026-01-01T09:00:00Z", "2026-01-02T09:00:00Z"),
    XSD.date: ("2026-01-01", "2026-01-02"),
}
"""Plain values by datatype, for examples."""


def candidates(conditions: Iterable[Condition], datatypes: Collection[str]) -> tuple[Literal, ...]:
    """Give literals for facts.

    Args:
        conditions: what will be asked of them.
        datatypes: those that the vocabulary gives for the attributes in question.

    Returns:
        The literals that the conditions name; around each bound, one on either side and between it and the next;
        plain ones of each datatype; one that nothing names.

    Example:
        >>> [value.value for value in candidates([c.Bound(">", Literal(3))], ())]
        ['3', '2', '4', 'something']
    """
    tests = [one for condition in conditions for one in c.walk(condition)]
    named = [term for one in tests if isinstance(one, c.OneOf) for term in one.terms if isinstance(term, Literal)]
    bounds = [one.literal for one in tests if isinstance(one, c.Bound)]
    found: dict[Literal, None] = dict.fromkeys(named)
    for one in tests:
        if isinstance(one, c.Length):
            found.update((Literal("x" * length), None) for length in _lengths(one))
        elif isinstance(one, c.LanguageIn):
            found.update((Literal("word", language=tag), None) for tag in (*one.ranges, "zxx") if tag != "*")
        elif isinstance(one, c.UniqueLanguages):
            found.update((Literal(text, language="en"), None) for text in ("word", "other word"))
    tested = {one.iri for one in tests if isinstance(one, c.Datatype)}
    found.update(dict.fromkeys(_around([*bounds, *named], tested)))
    for datatype in sorted({*datatypes, *tested}):
        found.update((_typed(text, datatype), None) for text in SAMPLES.get(datatype, ("something",)))
    found[_unheard_of("something", named)] = None
    if XSD.string in tested:
        found[Literal("something", datatype=NamedNode("urn:itsm-ontology:a-datatype-that-nothing-names"))] = None
    return tuple(found)


def _unheard_of(text: str, known: Collection[Literal]) -> Literal:
    return _unheard_of(f"{text} else", known) if Literal(text) in known else Literal(text)


def tells_apart_only_what_has_a_candidate(conditions: Iterable[Condition]) -> bool:
    """Tell whether no literal could pass and fail the conditions' tests as none of the candidates does.

    That is so for tests by name, by datatype, and by numeric bounds; not for patterns, lengths and languages, nor
    where values are held against each other or counted.
    """
    tests = [one for condition in conditions for one in c.walk(condition)]
    if any(isinstance(one, c.Pattern | c.Length | c.LanguageIn | c.UniqueLanguages | c.Precedes) for one in tests):
        return False
    keys = [order_key(one.literal) for one in tests if isinstance(one, c.Bound)]
    return all(key is not None and key[0] == "number" for key in keys)


def _typed(text: str, datatype: str) -> Literal:
    return Literal(text) if datatype == XSD.string else Literal(text, datatype=NamedNode(datatype))


def _lengths(test: c.Length) -> set[int]:
    near = {test.least - 1, test.least, *((test.most, test.most + 1) if test.most is not None else ())}
    return {length for length in near if length >= 0}


def _around(bounds: list[Literal], tested: set[str]) -> Iterator[Literal]:
    """Give the bounds, and numbers below, between and above them, in each datatype that can hold them."""
    yield from bounds
    keys = filter(None, map(order_key, bounds))
    numbers = sorted({Decimal(str(value)) for family, value in keys if family == "number" and math.isfinite(value)})
    if not numbers:
        return
    between = [(low + high) / 2 for low, high in pairwise(numbers)]
    whole = [number // 1 + 1 for number in numbers]
    points = sorted({numbers[0] - 1, numbers[-1] + 1, *numbers, *between, *whole})
    for datatype in sorted({*tested, *(bound.datatype.value for bound in bounds)}):
        for point in points:
            text = format(point.normalize(), "f")
            literal = Literal(text, datatype=NamedNode(datatype))
            if is_well_formed(literal) and order_key(literal) is not None:
                yield literal
