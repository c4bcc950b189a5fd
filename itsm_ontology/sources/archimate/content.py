"""What an ArchiMate model holds, whichever of its formats it is in: elements, relationships, and what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import Literal

from ...document import Document
from ...errors import InputError
from ..record import Reference, Text, Value
from ..syntax.xml import Tag

IN_VIEW = "a view draws what the model holds and adds no fact"
ORDER = "it orders the model for its readers and adds no fact"
OF_MODEL = "it says something of the model as a whole, not of an element"
NAMES_KEYS = "it names the key of properties, and each property is kept under its key"
NAMES_SORT = "it names a specialization, and each element that has it is declared by that name"

PROPERTY = "property."
"""What the field of a property begins with; its key follows."""
SPECIALIZATION = "specialization"
"""The field of the names of specializations."""

_SUFFIX = "Relationship"


@dataclass
class Concept:
    """An element or a relationship as a file states it.

    Attributes:
        type: its type as the file spells it, without a prefix, and without the "Relationship" that some formats add.
        identifier: its identifier, without `id-` before it.
        place: the name of its file.
        line: the line it begins on.
        fields: what else is said of it.
        source: for a relationship, what it begins at.
        target: for a relationship, what it ends at.
        alternative: whether it is a junction of alternatives (or), not of things together (and).
    """

    type: str
    identifier: str
    place: str
    line: int
    fields: dict[str, list[Value]] = field(default_factory=dict)
    source: Reference | None = None
    target: Reference | None = None
    alternative: bool = False

    def add(self, name: str, *values: Value) -> None:
        """Add values of a field."""
        if values:
            self.fields.setdefault(name, []).extend(values)

    @property
    def name(self) -> str:
        """Its name for messages: type and identifier, and how it is called."""
        called = next((f" ({_plain(value)})" for value in self.fields.get("name", ())), "")
        return f"{self.type} {self.identifier}{called}"


@dataclass
class Content:
    """What a file, or a folder with the files of one model, holds.

    Attributes:
        model: the model's identifier, without `id-` before it.
        place: the name of the file or folder.
        concepts: its elements, junctions and relationships.
        left: what is passed over, with the reason.
    """

    model: str
    place: str
    concepts: list[Concept] = field(default_factory=list)
    left: Counter[tuple[str, str]] = field(default_factory=Counter)


class Reading:
    """A file whose tags are read: what they must have is there, or an error says where it is missing."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def error(self, problem: str, tag: Tag, record: str, repair: str) -> InputError:
        """Make an error about a part of the file."""
        return InputError(problem, source=self.document.name, line=tag.line, record=record, repair=repair)

    def identifier(self, tag: Tag, attribute: str) -> str:
        """Give an identifier that a tag must have."""
        found = short_identifier(tag.get(attribute))
        if not found:
            what = tag.get("xsi:type") or f"<{tag.name}>"
            raise self.error(f"{what} has no {attribute}.", tag, what, f"Give it an attribute {attribute!r}.")
        return found

    def type(self, tag: Tag) -> str:
        """Give the type that a tag must have, without its prefix."""
        found = unprefixed(tag.get("xsi:type"))
        if not found:
            name = tag.get("identifier") or tag.get("id") or f"<{tag.name}>"
            raise self.error("this has no type.", tag, name, 'Give it an attribute xsi:type, as "BusinessRole".')
        return found

    def concept(self, tag: Tag, type_: str, identifier: str) -> Concept:
        """Begin a concept."""
        return Concept(short_type(type_), identifier, self.document.name, tag.line)

    def texts(self, tags: Iterable[Tag]) -> list[Value]:
        """Give the texts that are not empty."""
        return [self.text(tag) for tag in tags if tag.text]

    def text(self, tag: Tag) -> Value:
        """Give the text in a tag, with its language if it states one, a hyphen where some tools write an underscore."""
        language = tag.get("xml:lang").replace("_", "-")
        if not language:
            return tag.text
        try:
            Literal("", language=language.lower())
        except ValueError:
            raise self.error(
                f"{language!r} is no language.", tag, f"<{tag.name}>", 'Write a language tag, as "en" or "pt-BR".'
            ) from None
        return Text(tag.text, language)


def short_identifier(identifier: str) -> str:
    """Give an identifier without the `id-` that exchange files put before it, as XML wants no digit there.

    Example:
        >>> short_identifier("id-528"), short_identifier("528")
        ('528', '528')
    """
    return identifier.removeprefix("id-") or identifier


def short_type(type_: str) -> str:
    """Give a type without the "Relationship" that some formats put after that of a relationship.

    Example:
        >>> short_type("FlowRelationship"), short_type("Flow"), short_type("Node")
        ('Flow', 'Flow', 'Node')
    """
    return type_.removesuffix(_SUFFIX) or type_


def long_type(type_: str) -> str:
    """Give the type by which a relationship is read as an element."""
    return type_ + _SUFFIX


def is_relationship(type_: str) -> bool:
    """Tell whether a type, as Archi spells it, is that of a relationship."""
    return type_.endswith(_SUFFIX)


def unprefixed(name: str) -> str:
    """Give a name without the prefix of its namespace."""
    return name.rpartition(":")[2]


def _plain(value: Value) -> str:
    return value.text if isinstance(value, Text) else str(value)
