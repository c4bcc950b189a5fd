"""What a literal means: well-formedness and order, derived once, so that no engine compares by lexical form."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from pyoxigraph import Literal

from .names import RDF, XSD

OrderKey = tuple[str, Any]
"""A family of comparable values and the value; values of different families, and NaN, don't compare."""

_INTEGERS: dict[str, tuple[int | None, int | None]] = {
    XSD.integer: (None, None),
    XSD.long: (-(2**63), 2**63 - 1),
    XSD.int: (-(2**31), 2**31 - 1),
    XSD.short: (-(2**15), 2**15 - 1),
    XSD.byte: (-(2**7), 2**7 - 1),
    XSD.nonNegativeInteger: (0, None),
    XSD.positiveInteger: (1, None),
    XSD.nonPositiveInteger: (None, 0),
    XSD.negativeInteger: (None, -1),
    XSD.unsignedLong: (0, 2**64 - 1),
    XSD.unsignedInt: (0, 2**32 - 1),
    XSD.unsignedShort: (0, 2**16 - 1),
    XSD.unsignedByte: (0, 2**8 - 1),
}
_ZONE = r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_DAY = r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_FORMS = {
    XSD.boolean: r"true|false|1|0",
    XSD.decimal: r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)",
    XSD.double: r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN",
    XSD.dateTime: f"{_DAY}T{_CLOCK}{_ZONE}",
    XSD.date: f"{_DAY}{_ZONE}",
    XSD.time: f"{_CLOCK}{_ZONE}",
    XSD.gYear: f"-?(?:[1-9][0-9]{{3,}}|0[0-9]{{3}}){_ZONE}",
    XSD.gYearMonth: f"-?(?:[1-9][0-9]{{3,}}|0[0-9]{{3}})-(?:0[1-9]|1[0-2]){_ZONE}",
    XSD.duration: r"-?P(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?"
    r"(?:[0-9]+(?:\.[0-9]+)?S)?)?",
    XSD.hexBinary: r"(?:[0-9a-fA-F]{2})*",
    **dict.fromkeys(_INTEGERS, r"[+-]?[0-9]+"),
}
_FORMS[XSD.float] = _FORMS[XSD.double]
_PATTERNS = {datatype: re.compile(f"(?:{form})", re.ASCII) for datatype, form in _FORMS.items()}


def is_well_formed(literal: Literal) -> bool:
    """Tell whether the lexical form is one of its datatype; a datatype that isn't known passes.

    Example:
        >>> from pyoxigraph import NamedNode
        >>> is_well_formed(Literal("300", datatype=NamedNode(XSD.byte)))
        False
    """
    datatype = literal.datatype.value
    pattern = _PATTERNS.get(datatype)
    if pattern is None:
        return True
    if not pattern.fullmatch(literal.value.strip(" \t\r\n")):
        return False
    if datatype in _INTEGERS:
        low, high = _INTEGERS[datatype]
        value = Decimal(literal.value)
        return (low is None or value >= low) and (high is None or value <= high)
    return datatype not in (XSD.date, XSD.dateTime) or _value(literal) is not None


def order_key(literal: Literal) -> OrderKey | None:
    """Give what the literal is ordered by, or None if it has no place in any order.

    Two literals compare if the first parts of their keys are equal. Numbers compare exactly, whatever their
    datatypes; a date and time with a zone does not compare with one without.

    Example:
        >>> from pyoxigraph import NamedNode
        >>> order_key(Literal(2)) < order_key(Literal("10", datatype=NamedNode(XSD.decimal)))
        True
    """
    datatype = literal.datatype.value
    if literal.language or datatype == RDF.langString:
        return None
    if datatype == XSD.string:
        return "string", literal.value
    if datatype not in _VALUES or not is_well_formed(literal):
        return None
    value = _value(literal)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, (datetime, time)) and value.tzinfo is None:
        return f"local {_VALUES[datatype][0]}", value
    return _VALUES[datatype][0], value


def _value(literal: Literal) -> Any:
    """Give the Python value of a lexical form that fits its datatype's pattern; None for no such day."""
    try:
        return _VALUES[literal.datatype.value][1](literal.value.strip(" \t\r\n"))
    except (ValueError, OverflowError):
        return None


def _float(text: str) -> float:
    return float(text.replace("INF", "inf"))


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])


def _moment(text: str) -> datetime:
    """Read a date and time; Python keeps microseconds, and has no hour 24."""
    if "T24:" in text:
        return datetime.fromisoformat(text.replace("T24:", "T00:")) + timedelta(days=1)
    return datetime.fromisoformat(text)


_VALUES: dict[str, tuple[str, Callable[[str], Any]]] = {
    XSD.boolean: ("boolean", lambda text: text in ("true", "1")),
    XSD.decimal: ("number", Decimal),
    XSD.double: ("number", _float),
    XSD.float: ("number", _float),
    XSD.dateTime: ("instant", _moment),
    XSD.date: ("date", _day),
    XSD.time: ("time", time.fromisoformat),
    **dict.fromkeys(_INTEGERS, ("number", Decimal)),
}
"""Datatype to the family of its values and how to read one."""
