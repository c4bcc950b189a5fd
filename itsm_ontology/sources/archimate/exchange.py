"""The content of an ArchiMate model in the Open Group's exchange format, of version 2.1 or 3."""

from __future__ import annotations

from collections.abc import Iterator

from ...document import Document
from ..record import Reference, Text, Value
from ..syntax.xml import Tag
from .content import (
    IN_VIEW,
    NAMES_KEYS,
    OF_MODEL,
    ORDER,
    PROPERTY,
    SPECIALIZATION,
    Concept,
    Content,
    Reading,
    short_identifier,
)

_KNOWN_ATTRIBUTES = {"identifier", "xsi:type", "source", "target"}
_KNOWN_CHILDREN = {"name", "label", "documentation", "properties"}
_JUNCTION_TYPE = "junctiontype"
_SPECIALIZATIONS = {"specialization", "specialisation"}
"""The format has no place for specializations; tools write them as a property that is called so."""


def exchange_content(root: Tag, document: Document) -> Content:
    """Take the content out of an exchange file, of version 2.1 or 3.

    Raises:
        InputError: if something lacks its identifier or type, or a property has no definition.
    """
    reading = Reading(document)
    content = Content(reading.identifier(root, "identifier"), document.name)
    keys = _keys(root, reading)
    for tag in root.children:
        if tag.name in ("elements", "relationships"):
            related = tag.name == "relationships"
            content.concepts += [_concept(child, reading, keys, related) for child in tag.children]
        elif tag.name in ("organization", "organizations"):
            content.left["organization item", ORDER] += sum(1 for _ in tag.within("item"))
        elif tag.name == "views":
            content.left["view", IN_VIEW] += sum(1 for _ in tag.within("view"))
            content.left["viewpoint", IN_VIEW] += sum(1 for _ in tag.within("viewpoint"))
        elif tag.name in ("propertydefs", "propertyDefinitions"):
            content.left["property definition", NAMES_KEYS] += len(tag.children)
        elif tag.name == "properties":
            content.left["property of the model", OF_MODEL] += len(tag.children)
        else:
            content.left[f"{tag.name} of the model", OF_MODEL] += 1
    return content


def _keys(root: Tag, reading: Reading) -> dict[str, str]:
    """Give the name of each property definition; it stands in an attribute (2.1) or inside (3)."""
    found = {}
    for definitions in root.named("propertydefs", "propertyDefinitions"):
        for tag in definitions.children:
            names = [name.text for name in tag.named("name") if name.text]
            found[reading.identifier(tag, "identifier")] = tag.get("name") or (names[0] if names else "")
    return found


def _concept(tag: Tag, reading: Reading, keys: dict[str, str], related: bool) -> Concept:
    type_ = reading.type(tag)
    concept = reading.concept(tag, type_, reading.identifier(tag, "identifier"))
    concept.add("name", *reading.texts(tag.named("name", "label")))
    concept.add("documentation", *reading.texts(tag.named("documentation")))
    concept.alternative = type_ == "OrJunction"
    for key, value in _properties(tag, reading, keys):
        text = value.text if isinstance(value, Text) else str(value)
        concept.add(PROPERTY + key, value)
        concept.add(SPECIALIZATION, *[text for _ in (key,) if key.strip().lower() in _SPECIALIZATIONS and text])
        concept.alternative |= key.lower() == _JUNCTION_TYPE and text.lower() == "or"
    if related:
        concept.source, concept.target = (Reference(reading.identifier(tag, end)) for end in ("source", "target"))
    for attribute, stated in tag.attributes.items():
        if attribute not in _KNOWN_ATTRIBUTES and stated:
            concept.add(attribute, stated)
    for child in tag.children:
        if child.name not in _KNOWN_CHILDREN:
            concept.add(child.name, child.text)
    return concept


def _properties(tag: Tag, reading: Reading, keys: dict[str, str]) -> Iterator[tuple[str, Value]]:
    for group in tag.named("properties"):
        for stated in group.named("property"):
            reference = stated.get("propertyDefinitionRef") or stated.get("identifierref")
            if short_identifier(reference) not in keys:
                raise reading.error(
                    f"a property refers to the definition {reference!r}, which the file does not have.",
                    stated,
                    reading.identifier(tag, "identifier"),
                    "Export the model again, or add the definition.",
                )
            values = list(stated.named("value"))
            for value in values:
                yield keys[short_identifier(reference)], reading.text(value)
            if not values:
                yield keys[short_identifier(reference)], ""
