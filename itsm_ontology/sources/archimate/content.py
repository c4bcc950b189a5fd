"""What an ArchiMate file holds, whichever of its formats it is in: elements, relationships, and what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import Literal

from ...document import Document
from ...errors import InputError
from ..syntax.xml import Tag

IN_VIEW = "a view draws what the model holds and adds no fact"
ORDER = "it orders the model for its readers and adds no fact"
OF_MODEL = "it says something of the model as a whole, not of an element"
NO_PLACE = "the neutral facts have no place for it"
NAMES_KEYS = "it names the key of properties, and each property is kept under its key"


@dataclass(frozen=True)
class Text:
    """A text with its language, "" where none is stated."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class Concept:
    """An element or a relationship as the file states it.

    Attributes:
        identifier: its identifier, without `id-` before it.
        type: its type as the file spells it, without a prefix.
        line: the line it begins on.
        names: its names, one a language.
        documentation: its documentation, one a language.
        properties: key and value.
        source: for a relationship, the identifier of its source.
        target: for a relationship, the identifier of its target.
        details: what else it states, such as the `access type` of a relationship.
        alternative: whether it is a junction of alternatives (or), not of things together (and).
    """

    identifier: str
    type: str
    line: int
    names: tuple[Text, ...] = ()
    documentation: tuple[Text, ...] = ()
    properties: tuple[tuple[str, Text], ...] = ()
    source: str = ""
    target: str = ""
    details: tuple[str, ...] = ()
    alternative: bool = False

    @property
    def name(self) -> str:
        """Its name for messages: type and identifier, and how it is called."""
        called = f" ({self.names[0].text})" if self.names else ""
        return f"{self.type} {self.identifier}{called}"


@dataclass
class Content:
    """What a file holds.

    Attributes:
        document: the file.
        model: the model's identifier, without `id-` before it.
        elements: its elements, junctions among them.
        relationships: its relationships.
        left: what is passed over, with the reason.
    """

    document: Document
    model: str
    elements: list[Concept] = field(default_factory=list)
    relationships: list[Concept] = field(default_factory=list)
    left: Counter[tuple[str, str]] = field(default_factory=Counter)

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
        found = tag.get("xsi:type").rpartition(":")[2]
        if not found:
            name = tag.get("identifier") or tag.get("id") or f"<{tag.name}>"
            raise self.error("this has no type.", tag, name, 'Give it an attribute xsi:type, as "BusinessRole".')
        return found

    def texts(self, tags: Iterable[Tag]) -> tuple[Text, ...]:
        """Give the texts that are not empty."""
        return tuple(Text(tag.text, self.language(tag)) for tag in tags if tag.text)

    def language(self, tag: Tag) -> str:
        """Give the language that a tag states, with a hyphen where some tools write an underscore."""
        language = tag.get("xml:lang").replace("_", "-")
        if language:
            try:
                Literal("", language=language.lower())
            except ValueError:
                raise self.error(
                    f"{language!r} is no language.", tag, f"<{tag.name}>", 'Write a language tag, as "en" or "pt-BR".'
                ) from None
        return language


def short_identifier(identifier: str) -> str:
    """Give an identifier without the `id-` that exchange files put before it, as XML wants no digit there.

    Example:
        >>> short_identifier("id-528"), short_identifier("528")
        ('528', '528')
    """
    return identifier.removeprefix("id-") or identifier
