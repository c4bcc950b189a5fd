"""A mapping: what the classes, fields and links of a source state in the neutral vocabulary, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

FactRule = tuple[str, bool]
"""The IRI of a relation, and whether it goes from the record (or the source of a link) to what is named."""


@dataclass(frozen=True)
class FieldRule:
    """What a field states. One of the first eight attributes says it.

    Attributes:
        label: the value is the element's name.
        description: the value describes the element.
        attribute: the IRI of an attribute of the vocabulary that has the value.
        facts: relations to what the value names.
        link: the value names the target of a link of this type, whose rules decide.
        kinds: from value to the kinds that it says the element has.
        keep: the value is kept, under a relation of the source's own that begins with this.
        left: why the field is passed over.
        values: from value to the value of the attribute; without it the value itself is taken.
        declares: whether the value is a part of what the source calls the element, after the class.
        to: the class whose records are named, where keys need it; for sources in tables, the table whose row is named.
        split: what separates several values in one text.
        stem: for a rule that is for every field whose name begins so, that beginning.
        reason: why the field is read so.
    """

    label: bool = False
    description: bool = False
    attribute: str = ""
    facts: tuple[FactRule, ...] = ()
    link: str = ""
    kinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keep: str = ""
    left: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    declares: bool = False
    to: str = ""
    split: str = ""
    stem: str = ""
    reason: str = ""


@dataclass(frozen=True)
class ClassRule:
    """What a class is in the neutral facts.

    Attributes:
        kinds: IRIs of kinds; none if nothing neutral is said by the class.
        reason: why these.
        fields: what its fields state, those of the class it is like and of every class among them.
        lineage: itself, and the classes that it is like, nearest first.
    """

    kinds: tuple[str, ...]
    reason: str
    fields: Mapping[str, FieldRule]
    lineage: tuple[str, ...]


@dataclass(frozen=True)
class LinkRule:
    """What a link states, between records of some classes.

    Attributes:
        sources: the classes of its source; None for any.
        targets: the classes of its target; None for any.
        facts: relations between source and target; none to leave the link.
        reason: why these.
    """

    sources: frozenset[str] | None
    targets: frozenset[str] | None
    facts: tuple[FactRule, ...]
    reason: str

    def fits(self, source: Collection[str], target: Collection[str]) -> bool:
        """Tell whether it holds between records of these classes, given with the classes that they are like."""
        return (self.sources is None or not self.sources.isdisjoint(source)) and (
            self.targets is None or not self.targets.isdisjoint(target)
        )


@dataclass(frozen=True)
class Join:
    """Columns of another table that are read as if they stood in this one.

    Attributes:
        table: the other table, as the source spells it.
        on: a column of this table to the column of the other that it equals.
        columns: a column of the other table to the name that it has here.
    """

    table: str
    on: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class End:
    """Where a link in a table begins or ends.

    Attributes:
        columns: the columns that hold the key of what is there.
        to: the table whose row that is, or the class of things that have no table; "" where keys need neither.
    """

    columns: tuple[str, ...]
    to: str = ""


@dataclass(frozen=True)
class TableRule:
    """What the rows of a table, a file or a sheet are.

    Attributes:
        key: the columns that tell a row from all others; () for links.
        origin: the table that is read, as the source spells it.
        type: the class of the rows, or the type of the links; "" if only a column has it.
        type_column: the column that holds it; "" if there is none.
        source: for links, where they begin.
        target: for links, where they end.
        joins: what is taken from other tables.
        repeats: whether several rows may be about one thing, so that their values are taken together.
    """

    key: tuple[str, ...]
    origin: str
    type: str = ""
    type_column: str = ""
    source: End | None = None
    target: End | None = None
    joins: tuple[Join, ...] = ()
    repeats: bool = False


@dataclass(frozen=True)
class SourceMapping:
    """How a source is read.

    Attributes:
        name: the name of its file.
        title: what is read by it.
        system: what declarations begin with.
        base: what the IRIs of elements begin with.
        frameworks: the tokens of the frameworks whose words its classes are.
        renamed: class names to the names that they are read by.
        left: classes that are passed over, with the reason.
        classes: class to what it is.
        fields: what fields state, of records of a class that is not in `classes`.
        links: link type to its rules, in the order in which they are tried.
        tables: for sources in tables: what each table, file or sheet holds; "*" for the only one, whatever its name.
        groups: names for several classes.
    """

    name: str
    title: str
    system: str
    base: str
    frameworks: tuple[str, ...]
    renamed: Mapping[str, str]
    left: Mapping[str, str]
    classes: Mapping[str, ClassRule]
    fields: Mapping[str, FieldRule]
    links: Mapping[str, tuple[LinkRule, ...]]
    tables: Mapping[str, TableRule]
    groups: Mapping[str, frozenset[str]]

    def named(self, type_: str) -> str:
        """Give the name by which a class is read."""
        return self.renamed.get(type_, type_)

    def lineage(self, type_: str) -> tuple[str, ...]:
        """Give a class and those that it is like, nearest first."""
        rule = self.classes.get(type_)
        return rule.lineage if rule else (type_,)

    def fields_of(self, type_: str) -> Mapping[str, FieldRule]:
        """Give what the fields of a class state."""
        rule = self.classes.get(type_)
        return rule.fields if rule else self.fields

    def field_of(self, type_: str, name: str) -> FieldRule | None:
        """Give what a field of a class states: the rule of its name, or else that of its longest stem that has one."""
        rules = self.fields_of(type_)
        if name in rules:
            return rules[name]
        stems = [rule.stem for rule in rules.values() if rule.stem and name.startswith(rule.stem)]
        return rules[max(stems, key=len) + "*"] if stems else None

    def link(self, type_: str, source: str, target: str) -> LinkRule | None:
        """Give the first rule for a link between records of these classes, if there is one."""
        mine, theirs = self.lineage(source), self.lineage(target)
        return next((rule for rule in self.links.get(type_, ()) if rule.fits(mine, theirs)), None)
