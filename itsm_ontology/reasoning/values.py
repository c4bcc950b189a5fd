"""Literals enough: at least one of each sort that the conditions of a program tell apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

from pyoxigraph import Literal, NamedNode

from .. import conditions as c
from ..conditions import Condition
from ..literals import OrderKey, is_well_formed, order_key
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
_HUGE = 10**12
"""Larger numbers are not halved exactly."""


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
        ['3', '2', '3', '4', '2', '4', 'something']
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

    That is so for tests of one sort: by name, by a datatype of `SAMPLES`, or by numeric bounds that are not huge. It is
    not so where they are mixed, since one number has many forms; nor for patterns, lengths, languages and order.
    """
    tests = [one for condition in conditions for one in c.walk(condition)]
    if any(isinstance(one, c.Pattern | c.Length | c.LanguageIn | c.UniqueLanguages | c.Precedes) for one in tests):
        return False
    sorts = {type(one) for one in tests if isinstance(one, c.Bound | c.Datatype | c.OneOf)}
    return len(sorts) <= 1 and all(
        order_key(one.literal) in _numbers([one.literal]) if isinstance(one, c.Bound) else one.iri in SAMPLES
        for one in tests
        if isinstance(one, c.Bound | c.Datatype)
    )


def _typed(text: str, datatype: str) -> Literal:
    return Literal(text) if datatype == XSD.string else Literal(text, datatype=NamedNode(datatype))


def _lengths(test: c.Length) -> set[int]:
    near = {test.least - 1, test.least, *((test.most, test.most + 1) if test.most is not None else ())}
    return {length for length in near if length >= 0}


def _numbers(literals: Iterable[Literal]) -> list[OrderKey]:
    """Give the keys of those that are numbers, and none too large to stand between others exactly."""
    keys = filter(None, map(order_key, literals))
    return [key for key in keys if key[0] == "number" and abs(key[1]) < _HUGE]


def _around(bounds: list[Literal], tested: set[str]) -> Iterator[Literal]:
    """Give the bounds, and numbers below, between and above them, in each datatype that can hold them."""
    yield from bounds
    numbers = sorted({Decimal(str(value)) for _, value in _numbers(bounds)})
    if not numbers:
        return
    between = [(low + high) / 2 for low, high in pairwise(numbers)]
    whole = [number // 1 + 1 for number in numbers]
    points = sorted({numbers[0] - 1, numbers[-1] + 1, *numbers, *between, *whole})
    for datatype in sorted({XSD.decimal, *tested, *(bound.datatype.value for bound in bounds)}):
        for point in points:
            text = format(point.normalize(), "f")
            literal = Literal(text, datatype=NamedNode(datatype))
            if is_well_formed(literal) and order_key(literal) is not None:
                yield literal
