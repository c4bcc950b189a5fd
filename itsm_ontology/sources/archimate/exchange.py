"""The content of an ArchiMate model in the Open Group's exchange format, of version 2.1 or 3."""

from __future__ import annotations

from collections.abc import Iterable

from ...document import Document
from ..syntax.xml import Tag
from .content import IN_VIEW, NAMES_KEYS, OF_MODEL, ORDER, Concept, Content, Text, short_identifier


def exchange_content(root: Tag, document: Document) -> Content:
    """Take the content out of an exchange file, of version 2.1 or 3.

    Raises:
        InputError: if something lacks its identifier or type, or a property has no definition.
    """
    content = Content(document, "")
    content.model = content.identifier(root, "identifier")
    keys = _exchange_keys(root, content)
    for tag in root.children:
        if tag.name in ("elements", "relationships"):
            related = tag.name == "relationships"
            concepts = content.relationships if related else content.elements
            concepts += [_exchange_concept(child, content, keys, related) for child in tag.children]
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
    content.left = +content.left
    return content


def _exchange_keys(root: Tag, content: Content) -> dict[str, str]:
    """Give the name of each property definition; it stands in an attribute (2.1) or inside (3)."""
    found = {}
    for definitions in root.named("propertydefs", "propertyDefinitions"):
        for tag in definitions.children:
            names = [name.text for name in tag.named("name") if name.text]
            found[content.identifier(tag, "identifier")] = tag.get("name") or (names[0] if names else "")
    return found


def _exchange_concept(tag: Tag, content: Content, keys: dict[str, str], related: bool) -> Concept:
    kind = content.type(tag)
    properties = tuple(_exchange_properties(tag, content, keys))
    junction_types = {value.text.lower() for key, value in properties if key.lower() == "junctiontype"}
    return Concept(
        content.identifier(tag, "identifier"),
        kind,
        tag.line,
        names=content.texts(tag.named("name", "label")),
        documentation=content.texts(tag.named("documentation")),
        properties=properties,
        source=content.identifier(tag, "source") if related else "",
        target=content.identifier(tag, "target") if related else "",
        details=_exchange_details(tag),
        alternative=kind == "OrJunction" or "or" in junction_types,
    )


def _exchange_properties(tag: Tag, content: Content, keys: dict[str, str]) -> Iterable[tuple[str, Text]]:
    for group in tag.named("properties"):
        for stated in group.named("property"):
            reference = stated.get("propertyDefinitionRef") or stated.get("identifierref")
            if short_identifier(reference) not in keys:
                raise content.error(
                    f"a property refers to the definition {reference!r}, which the file does not have.",
                    stated,
                    content.identifier(tag, "identifier"),
                    "Export the model again, or add the definition.",
                )
            values = list(stated.named("value"))
            for value in values:
                yield keys[short_identifier(reference)], Text(value.text, content.language(value))
            if not values:
                yield keys[short_identifier(reference)], Text("")


def _exchange_details(tag: Tag) -> tuple[str, ...]:
    details = {"accessType": "access type", "modifier": "strength", "isDirected": "direction"}
    known = ("name", "label", "documentation", "properties")
    stated = [name for attribute, name in details.items() if tag.get(attribute)]
    return (*stated, *(child.name for child in tag.children if child.name not in known))
