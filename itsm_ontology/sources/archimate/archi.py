"""The content of an ArchiMate model in the format that Archi itself saves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ...document import Document
from ..record import Reference
from ..syntax.xml import Tag
from .content import (
    NAMES_SORT,
    OF_MODEL,
    ORDER,
    PROPERTY,
    SPECIALIZATION,
    Concept,
    Content,
    Reading,
    is_relationship,
    short_identifier,
    unprefixed,
)

_KNOWN_ATTRIBUTES = {"id", "name", "xsi:type", "source", "target", "documentation", "profiles"}
_KNOWN_CHILDREN = {"source", "target", "documentation", "profiles", "property", "properties"}


def archi_content(root: Tag, document: Document, left: Collection[str]) -> Content:
    """Take the content out of a native Archi file.

    Args:
        root: its outermost tag.
        document: the file.
        left: the types of what is listed among the elements and is none.

    Raises:
        InputError: if something lacks its identifier or type.
    """
    reading = Reading(document)
    content = Content(reading.identifier(root, "id"), document.name)
    profiles = model_parts(root, content)
    for tag in _elements(root, content):
        type_ = reading.type(tag)
        if type_ in left:
            reading.identifier(tag, "id")
            content.left[type_, ""] += 1
        else:
            content.concepts.append(archi_concept(tag, type_, reading, profiles))
    return content


def model_parts(root: Tag, content: Content) -> Mapping[str, str]:
    """Count what is said of a model as a whole, and give the names of its specializations by their identifiers."""
    profiles = {}
    for tag in root.children:
        if tag.name in ("profile", "profiles"):
            content.left["specialization (profile)", NAMES_SORT] += 1
            profiles[tag.get("id")] = tag.get("name")
        elif tag.name not in ("folder", "element"):
            content.left[f"{tag.name} of the model", OF_MODEL] += 1
    return profiles


def _elements(root: Tag, content: Content) -> Iterator[Tag]:
    """Give what is in the folders, in the order of the file, and count the folders."""
    todo = [root]
    while todo:
        tag = todo.pop()
        if tag is not root:
            folder_parts(tag, content)
        yield from tag.named("element")
        todo += reversed(list(tag.named("folder")))


def folder_parts(folder: Tag, content: Content) -> None:
    """Count a folder, and what is said of it."""
    content.left["folder", ORDER] += 1
    for child in folder.children:
        if child.name not in ("element", "folder"):
            content.left[f"{child.name} of a folder", ORDER] += 1


def archi_concept(tag: Tag, type_: str, reading: Reading, profiles: Mapping[str, str]) -> Concept:
    """Read an element or a relationship, spelt as in Archi's own file or as in the files of its collaboration plug-in.

    Raises:
        InputError: if it lacks its identifier, or a relationship an end.
    """
    concept = reading.concept(tag, type_, reading.identifier(tag, "id"))
    for attribute in ("name", "documentation"):
        if text := tag.get(attribute):
            concept.add(attribute, text)
    concept.add("documentation", *reading.texts(tag.named("documentation")))
    for stated in tag.named("property", "properties"):
        concept.add(PROPERTY + stated.get("key"), stated.get("value"))
    _specializations(tag, concept, profiles)
    if is_relationship(type_) or "source" in tag.attributes or "target" in tag.attributes:
        concept.source, concept.target = (_end(tag, end, reading) for end in ("source", "target"))
    concept.alternative = tag.get("type").lower() == "or" or type_ == "OrJunction"
    for attribute, text in tag.attributes.items():
        if attribute not in _KNOWN_ATTRIBUTES and text:
            concept.add(attribute, text)
    for child in tag.children:
        if child.name not in _KNOWN_CHILDREN:
            concept.add(child.name, child.text)
    return concept


def _specializations(tag: Tag, concept: Concept, profiles: Mapping[str, str]) -> None:
    named = [*tag.get("profiles").split(), *(_fragment(child) for child in tag.named("profiles"))]
    for identifier in named:
        if name := profiles.get(identifier):
            concept.add(SPECIALIZATION, name)
        else:
            concept.add("profiles", identifier)


def _end(tag: Tag, end: str, reading: Reading) -> Reference:
    """Give what a relationship begins or ends at: an attribute names it, or a child that points into another file."""
    for child in () if end in tag.attributes else tag.named(end):
        if key := short_identifier(_fragment(child)):
            type_ = unprefixed(child.get("xsi:type"))
            return Reference(key, type_)
    return Reference(reading.identifier(tag, end))


def _fragment(tag: Tag) -> str:
    """Give the identifier that a reference to another file ends in."""
    return tag.get("href").rpartition("#")[2]
