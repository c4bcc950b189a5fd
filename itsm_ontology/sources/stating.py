"""From records to neutral facts, by a mapping: the one place where what a source says becomes facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from ..errors import InputError, near_matches
from ..facts_builder import FactsBuilder
from ..literals import is_well_formed
from ..names import DCTERMS, XSD, local_name
from ..vocabulary import vocabulary
from .mapping import FactRule, FieldRule, SourceMapping
from .record import SOURCE, TARGET, Record, Reference, Text, Value

UNNAMED = "the mapping does not name it"
NO_PLACE = "the neutral facts have no place for it"
NO_SUCH_LINK = "the mapping has no such link"
NOTHING_BETWEEN = "between records of these classes it has no neutral relation"
OPEN_ENDED = "it lacks one of its ends"
KEY = "key"
"""What the key of a record is called where a load says what identifies a thing across sources."""
SAYS_NOTHING = "its value says nothing neutral"
NAMES_NOTHING = "it names nothing"
_IN_IRI = "-._~:@!$'()*+,;=/"


def state(
    records: Iterable[Record],
    mapping: SourceMapping,
    builder: FactsBuilder,
    iri: Callable[[str], str] | None = None,
) -> None:
    """Put records into a builder.

    Args:
        records: the records, one by one; links may stand before what they link.
        mapping: what their classes, fields and links state.
        builder: what takes the facts, and counts.
        iri: gives the IRI for a key; by default the mapping's base with the key behind it.

    Raises:
        InputError: if two records share a key, or something can be no IRI or no text.
    """
    _Stating(mapping, builder, iri or (lambda key: mapping.base + quote(key, safe=_IN_IRI))).all(records)


@dataclass(frozen=True, slots=True)
class _Link:
    """A link that waits until the classes of both its ends are known.

    Attributes:
        type: its type.
        sources: where it begins; in several places where the source says so.
        targets: where it ends.
        field: the class and field that it was read from; None if it is a record of its own.
    """

    type: str
    sources: tuple[Reference, ...]
    targets: tuple[Reference, ...]
    field: tuple[str, str] | None


class _Stating:
    """Records on their way into a builder."""

    def __init__(self, mapping: SourceMapping, builder: FactsBuilder, iri: Callable[[str], str]) -> None:
        self.mapping = mapping
        self.builder = builder
        self.make_iri = iri
        self.rules: dict[str, _Rules] = {}
        self.at_once: dict[str, bool] = {}
        self.types: dict[str, str] = {}
        self.places: dict[str, tuple[str, int]] = {}
        self.links: list[_Link] = []
        self.mentioned: dict[str, Reference] = {}
        self.iris: dict[str, str] = {}
        self.unknown: Counter[str] = Counter()
        self.of_a_kind: set[str] = set()

    def all(self, records: Iterable[Record]) -> None:
        """State everything."""
        for record in records:
            try:
                self._record(record)
            except ValueError as error:  # from IRIs and texts that RDF does not have
                raise self._error(record, f"something in it can be no IRI or no text: {error}.") from None
        try:
            for link in self.links:
                self._settle(link)
            self._mentions()
        except ValueError as error:
            problem = f"something that its links or references name can be no IRI or no text: {error}."
            raise InputError(problem, source=self.builder.name) from None
        self._notes()

    def _error(self, record: Record, problem: str, repair: str = "") -> InputError:
        place = record.place or self.builder.name
        name = f"{record.type} {record.key}".strip()
        return InputError(problem, source=place, line=record.line or None, record=name, repair=repair)

    def iri(self, key: str) -> str:
        """Give the IRI of an element."""
        found = self.iris.get(key)
        if found is None:
            found = self.iris[key] = NamedNode(self.make_iri(key)).value
        return found

    # ----------------------------------------------------------------------------------------------------------------
    # Records

    def _record(self, record: Record) -> None:
        type_ = self.mapping.named(record.type)
        self.builder.read(type_)
        if reason := record.left or self.mapping.left.get(type_):
            self.builder.left(type_, reason)
        elif type_ in self.mapping.links or SOURCE in record.fields or TARGET in record.fields:
            self._keep_link(type_, record)
        else:
            self._element(type_, record)

    def _element(self, type_: str, record: Record) -> None:
        if record.key in self.types:
            place, line = self.places[record.key]
            where = f"{place}, line {line}" if line else place
            raise self._error(
                record,
                f"another record has the key {record.key!r} too{f' ({where})' if where else ''}.",
                "Give each record a key of its own, or take one of them out.",
            )
        self.types[record.key] = type_
        self.places[record.key] = (record.place, record.line)
        iri = self.iri(record.key)
        self.builder.used(type_)
        self._class(iri, type_)
        if self.builder.identifying:
            self._identify(iri, type_, record)
        rules = self._rules(type_)
        for field, values in record.fields.items():
            if values:
                rule = rules[field]
                if rule is None or (rule.left and not rule.split):
                    self.builder.field(type_, field, rule.left if rule else UNNAMED, len(values))
                    continue
                for value in _separate(values, rule.split):
                    self._value(iri, record.key, (type_, field), rule, value)

    def _rules(self, type_: str) -> _Rules:
        found = self.rules.get(type_)
        if found is None:
            found = self.rules[type_] = _Rules(self.mapping, type_)
        return found

    def _identify(self, iri: str, type_: str, record: Record) -> None:
        """Note what tells an element across sources: its key and its fields, where the load asks for them."""
        self.builder.identifies(iri, type_, KEY, record.key)
        for field, values in record.fields.items():
            for value in values:
                self.builder.identifies(iri, type_, field, value.key if isinstance(value, Reference) else _plain(value))

    def _class(self, iri: str, type_: str) -> None:
        self.builder.declare(iri, f"{self.mapping.system}:{type_}")
        rule = self.mapping.classes.get(type_)
        if rule is None:
            self.unknown[type_] += 1
        self._are(iri, rule.kinds if rule else ())

    def _are(self, iri: str, kinds: Iterable[str]) -> None:
        for kind in kinds:
            self.builder.kind(iri, kind)
            self.of_a_kind.add(iri)

    # ----------------------------------------------------------------------------------------------------------------
    # Fields

    def _value(self, iri: str, key: str, field: tuple[str, str], rule: FieldRule, value: Value) -> None:
        """State what a value says, and count it; where it says nothing, with the reason."""
        if rule.link and (other := _reference(value, rule)).key:
            self._keep(_Link(rule.link, (Reference(key),), (other,), field))
        else:
            self.builder.field(*field, rule.left or self._said(iri, field, rule, value))

    def _said(self, iri: str, field: tuple[str, str], rule: FieldRule, value: Value) -> str:
        if rule.facts or rule.link:
            return self._facts(iri, rule.facts, _reference(value, rule))
        if rule.kinds or rule.declares:
            return self._kinds(iri, field[0], rule, _plain(value))
        if rule.attribute:
            return self._attribute(iri, rule, _plain(value))
        text, language = (value.text, value.language) if isinstance(value, Text) else (_plain(value), "")
        if rule.label:
            self.builder.label(iri, text, language)
        elif rule.description:
            self.builder.literal(iri, DCTERMS.description, text, language=language)
        else:
            relation = rule.keep + quote(field[1].removeprefix(rule.stem), safe="")
            self.builder.literal(iri, relation, text, language=language)
        return ""

    def _facts(self, iri: str, rules: Sequence[FactRule], reference: Reference) -> str:
        if not reference.key:
            return NAMES_NOTHING
        self._mention(reference)
        self._state(iri, rules, self.iri(reference.key))
        return ""

    def _state(self, source: str, rules: Sequence[FactRule], target: str) -> None:
        for relation, forwards in rules:
            subject, object_ = (source, target) if forwards else (target, source)
            self.builder.statement(subject, relation, object_)

    def _kinds(self, iri: str, type_: str, rule: FieldRule, value: str) -> str:
        if rule.declares:
            self.builder.declare(iri, f"{self.mapping.system}:{type_}/{value}")
        kinds = rule.kinds.get(value)
        self._are(iri, kinds or ())
        if rule.declares or kinds:
            return ""
        return f"the mapping does not say what {value[:40]!r} is" if kinds is None else SAYS_NOTHING

    def _attribute(self, iri: str, rule: FieldRule, text: str) -> str:
        if rule.values:
            if text not in rule.values:
                return f"the mapping does not say what {text[:40]!r} means"
            text = rule.values[text]
        value = _typed(rule.attribute, text)
        if isinstance(value, str):
            return f"its value is no {value}; `values` in the mapping can say what it means"
        self.builder.statement(iri, rule.attribute, value)
        return ""

    # ----------------------------------------------------------------------------------------------------------------
    # Links

    def _keep_link(self, type_: str, record: Record) -> None:
        sources, targets = (_ends(record, end) for end in (SOURCE, TARGET))
        if sources and targets:
            self._keep(_Link(type_, sources, targets, None))
        else:
            self.builder.left(type_, OPEN_ENDED)
        for field, values in record.fields.items():
            if field not in (SOURCE, TARGET):
                for _ in values:
                    self.builder.field(type_, field, NO_PLACE)

    def _keep(self, link: _Link) -> None:
        """Keep a link until the classes of its ends are known; where they make no difference it is stated at once."""
        at_once = self.at_once.get(link.type)
        if at_once is None:
            rules = self.mapping.links.get(link.type)
            at_once = self.at_once[link.type] = not rules or (rules[0].sources is None and rules[0].targets is None)
        if at_once:
            self._settle(link)
        else:
            self.links.append(link)

    def _settle(self, link: _Link) -> None:
        """State a link, and count it as what it was read from."""
        reason = self._between(link)
        if link.field is not None:
            self.builder.field(*link.field, reason)
        elif reason:
            self.builder.left(link.type, reason)
        else:
            self.builder.used(link.type)

    def _between(self, link: _Link) -> str:
        """State what a link says between each of its ends; give the reason if that is nothing."""
        if link.type not in self.mapping.links:
            return NO_SUCH_LINK
        found = [self._pair(link.type, source, target) for source in link.sources for target in link.targets]
        return "" if "" in found else found[0]

    def _pair(self, type_: str, source: Reference, target: Reference) -> str:
        rule = self.mapping.link(type_, self._type(source), self._type(target))
        if rule is None:
            return NOTHING_BETWEEN
        if rule.facts:
            self._mention(source)
            self._mention(target)
            self._state(self.iri(source.key), rule.facts, self.iri(target.key))
        return "" if rule.facts else rule.reason

    def _type(self, reference: Reference) -> str:
        return self.types.get(reference.key) or self.mapping.named(reference.type)

    # ----------------------------------------------------------------------------------------------------------------
    # What is only mentioned, and what whoever loads the source should know

    def _mention(self, reference: Reference) -> None:
        """Remember what is named, and with what is shown for it, if that ever is."""
        known = self.mentioned.get(reference.key)
        if known is None or (reference.label and not known.label):
            self.mentioned[reference.key] = reference

    def _mentions(self) -> None:
        """State what the source tells of things that it names and has no record of."""
        missing: Counter[str] = Counter()
        for key, reference in self.mentioned.items():
            if key in self.types:
                continue
            type_ = self.mapping.named(reference.type)
            missing[type_ or "something"] += 1
            if reference.label:
                self.builder.label(self.iri(key), reference.label)
            if type_ in self.mapping.classes:
                self._class(self.iri(key), type_)
        for type_, count in sorted(missing.items()):
            self.builder.notes.append(f"{count} x {type_} named, but not in the source: known by name only.")

    def _notes(self) -> None:
        for type_, count in sorted(self.unknown.items()):
            near = near_matches(type_, self.mapping.classes, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            self.builder.notes.append(f"{count} x {type_} without a kind: {self.mapping.name} has no such class.{hint}")
        for type_ in sorted({*self.types.values()} - {*self.unknown}):
            rule = self.mapping.classes[type_]
            without = sum(1 for key, one in self.types.items() if one == type_ and self.iri(key) not in self.of_a_kind)
            if without:
                self.builder.notes.append(f"{without} x {type_} without a kind: {rule.reason}.")


class _Rules(dict[str, FieldRule | None]):
    """What the fields of a class state, looked up once each."""

    def __init__(self, mapping: SourceMapping, type_: str) -> None:
        super().__init__()
        self.mapping = mapping
        self.type = type_

    def __missing__(self, field: str) -> FieldRule | None:
        self[field] = self.mapping.field_of(self.type, field)
        return self[field]


@lru_cache(maxsize=4096)
def _typed(attribute: str, text: str) -> Literal | str:
    """Give the value of an attribute as it is stated, or the name of the datatype that it is none of."""
    wanted = vocabulary().entries[attribute].datatype or XSD.string
    if wanted == XSD.boolean and text.lower() in ("true", "false"):
        text = text.lower()
    value = Literal(text, datatype=NamedNode(wanted))
    return value if wanted == XSD.string or is_well_formed(value) else local_name(wanted)


def _separate(values: Sequence[Value], separator: str) -> Iterable[Value]:
    """Give the values, texts that hold several taken apart."""
    if not separator:
        return values
    parts: list[Value] = []
    for value in values:
        if isinstance(value, str):
            parts += [part.strip() for part in value.split(separator) if part.strip()]
        else:
            parts.append(value)
    return parts


def _reference(value: Value, rule: FieldRule) -> Reference:
    """Give what a value names; a plain text is the key itself, after the class where the rule names one."""
    if isinstance(value, Reference):
        return value
    text = _plain(value).strip()
    return Reference(f"{rule.to}/{text}" if rule.to and text else text, rule.to)


def _ends(record: Record, end: str) -> tuple[Reference, ...]:
    found = (_reference(value, FieldRule()) for value in record.fields.get(end, ()))
    return tuple(reference for reference in found if reference.key)


def _plain(value: Value) -> str:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case Text():
            return value.text
        case Reference():
            return value.label or value.key
        case _:
            return format(value, "f") if not isinstance(value, int) else str(value)
