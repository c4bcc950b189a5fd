"""Facts from plain records: one mapping an element, relations by name."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pyoxigraph import Literal, NamedNode

from .errors import InputError, near_matches
from .facts import Completeness
from .facts_builder import FactsBuilder, element_iri
from .literals import is_well_formed
from .names import ITSM, META, OWL, RDF_TYPE, XSD, expand, shorten
from .vocabulary import AXIOMS, Vocabulary, vocabulary

_OWN_KEYS = ("id", "label", "kind", "declared", "complete")


Finder = Callable[[str], str | None]
"""Gives the IRI of an element that is there already, by name."""


def _nothing(name: str) -> None:
    """Find no element."""


def read_records(
    records: Iterable[Mapping[str, Any]], builder: FactsBuilder, base: str, find: Finder = _nothing
) -> None:
    """Put records into a builder; see `Model.from_records` for what they look like.

    Args:
        records: the records.
        builder: what takes them.
        base: the start of the IRIs made from ids.
        find: gives the IRI of an element that is there already.

    Raises:
        InputError: with the record.
    """

    def iri_of(name: str) -> str:
        return find(name) or _iri(name, base, builder)

    rows = list(records)
    words = vocabulary()
    seen: set[str] = set()
    mentioned: dict[str, str] = {}
    for position, row in enumerate(rows, start=1):
        name = _identifier(row, builder.name, position)
        iri = iri_of(name)
        if iri in seen:
            raise _error(builder, name, "there are two records with this id.", "Give each element one record.")
        seen.add(iri)
        builder.read("record")
        builder.used("record")
        try:
            mentioned.update(_read_row(row, iri, name, builder, words, iri_of))
        except ValueError as error:  # from IRIs and text that RDF does not have
            raise _error(builder, name, f"something in it can be no IRI or no text: {error}.") from None
    unknown = sorted(text for iri, text in mentioned.items() if iri not in seen and find(text) is None)
    if unknown:
        shown = ", ".join(unknown[:10]) + (", …" if len(unknown) > 10 else "")
        builder.notes.append(f"ids mentioned that have no record of their own ({len(unknown)}): {shown}")


def _iri(name: str, base: str, builder: FactsBuilder) -> str:
    try:
        return NamedNode(element_iri(name, base)).value
    except ValueError as error:
        raise _error(builder, repr(name), f"this id makes no IRI: {error}.") from None


def _read_row(
    row: Mapping[str, Any],
    iri: str,
    name: str,
    builder: FactsBuilder,
    words: Vocabulary,
    iri_of: Callable[[str], str],
) -> dict[str, str]:
    """Record what a row says; give the elements that it mentions."""
    mentioned: dict[str, str] = {}
    _read_own_keys(row, iri, name, builder, words)
    for key, value in row.items():
        if key in _OWN_KEYS or value is None:
            continue
        relation = _relation(key, name, builder, words)
        for item in _listed(value):
            mentioned.update(_read_value(iri, relation, item, name, builder, words, iri_of))
    return mentioned


def _identifier(row: Mapping[str, Any], source: str, position: int) -> str:
    if not isinstance(row, Mapping):
        raise InputError(
            f"this is a {type(row).__name__}.", source=source, record=str(position), repair="Expected a mapping."
        )
    name = row.get("id")
    if not isinstance(name, str) or not name.strip():
        raise InputError("this has no id.", source=source, record=str(position), repair='Give it a text under "id".')
    return name.strip()


def _error(builder: FactsBuilder, record: str, problem: str, repair: str = "") -> InputError:
    return InputError(problem, source=builder.name, record=record, repair=repair)


def _read_own_keys(row: Mapping[str, Any], iri: str, name: str, builder: FactsBuilder, words: Vocabulary) -> None:
    if label := row.get("label"):
        builder.label(iri, str(label))
    for kind in _listed(row.get("kind")):
        builder.kind(iri, _known(str(kind), words.kinds, "kind", name, builder))
    for declaration in _listed(row.get("declared")):
        builder.declare(iri, str(declaration))
    for item in _listed(row.get("complete")):
        relation = _known(str(item), words.relations | words.attributes, "relation", name, builder)
        builder.complete(Completeness(relation, node=builder.node(iri)))


def _known(text: str, known: frozenset[str], what: str, record: str, builder: FactsBuilder) -> str:
    """Give the IRI for a name of the vocabulary; a full IRI stands for itself."""
    iri = expand(text)
    if iri == text and ":" not in text:
        iri = ITSM.term(text)
    if iri.startswith(ITSM) and iri not in known:
        near = near_matches(text, (name.removeprefix(ITSM) for name in known))
        hint = f"Did you mean {' or '.join(near)}?" if near else "`itsm-ontology vocabulary` lists them."
        raise _error(builder, record, f"the vocabulary has no {what} {text!r}.", hint)
    if ":" not in iri:
        raise _error(builder, record, f"{text!r} is neither a {what} of the vocabulary nor an IRI.")
    return iri


def _relation(key: str, record: str, builder: FactsBuilder, words: Vocabulary) -> str:
    if not isinstance(key, str):
        raise _error(builder, record, f"the key {key!r} is a {type(key).__name__}.", "Expected the name of a relation.")
    relation = _known(key, words.relations | words.attributes, "relation", record, builder)
    if relation.startswith(META) or relation in (RDF_TYPE, OWL.sameAs, *AXIOMS):
        raise _error(
            builder,
            record,
            f"{shorten(relation)} is no relation between elements.",
            'Say "kind", "declared" or "complete"; give one thing one id.',
        )
    return relation


def _read_value(
    iri: str,
    relation: str,
    value: Any,
    record: str,
    builder: FactsBuilder,
    words: Vocabulary,
    iri_of: Callable[[str], str],
) -> dict[str, str]:
    """Record one value; give the element that it mentions, if it does."""
    if relation in words.relations or (relation not in words.attributes and isinstance(value, str) and ":" in value):
        if not isinstance(value, str) or not value.strip():
            raise _error(builder, record, f"{value!r} is no id, and {words.label(relation)!r} takes ids.")
        target = iri_of(value.strip())
        builder.statement(iri, relation, target)
        return {target: value.strip()}
    entry = words.entries.get(relation)
    text, datatype = _lexical(value, entry.datatype if entry else "", record, builder)
    builder.literal(iri, relation, text, datatype=datatype)
    return {}


def _lexical(value: Any, wanted: str, record: str, builder: FactsBuilder) -> tuple[str, str]:
    """Give the lexical form and datatype of a Python value."""
    match value:
        case bool():
            text, datatype = str(value).lower(), XSD.boolean
        case int():
            text, datatype = str(value), XSD.integer
        case float():
            text, datatype = repr(value).upper().replace("NAN", "NaN"), XSD.double
            if wanted == XSD.decimal and math.isfinite(value):
                text = format(Decimal(repr(value)), "f")
        case Decimal():
            text, datatype = format(value, "f"), XSD.decimal
        case datetime():
            text, datatype = value.isoformat(), XSD.dateTime
        case date():
            text, datatype = value.isoformat(), XSD.date
        case str():
            text, datatype = value, wanted or XSD.string
        case _:
            raise _error(
                builder, record, f"{value!r} is a {type(value).__name__}.", "Expected text, a number or a truth value."
            )
    if wanted == XSD.boolean and text not in ("true", "false"):
        raise _error(builder, record, f"{value!r} is no truth value.", "Expected True or False.")
    datatype = wanted or datatype
    if not is_well_formed(Literal(text, datatype=NamedNode(datatype))):
        raise _error(builder, record, f"{value!r} is no {shorten(datatype)}.")
    return text, datatype


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, (list, tuple, set, frozenset)):
        return list(value)
    return [value]
