"""The content of an ArchiMate model in the format that Archi itself saves."""

from __future__ import annotations

from ...document import Document
from ..syntax.xml import Tag
from .content import NO_PLACE, OF_MODEL, ORDER, Concept, Content, Text, short_identifier
from .mapping import mapping


def archi_content(root: Tag, document: Document) -> Content:
    """Take the content out of a native Archi file.

    Raises:
        InputError: if something lacks its identifier or type.
    """
    content = Content(document, "")
    content.model = content.identifier(root, "id")
    for tag in root.children:
        if tag.name == "folder":
            _archi_folder(tag, content)
        elif tag.name == "element":
            _archi_element(tag, content)
        elif tag.name == "profile":
            content.left["specialization (profile)", NO_PLACE] += 1
        else:
            content.left[f"{tag.name} of the model", OF_MODEL] += 1
    return content


def _archi_folder(folder: Tag, content: Content) -> None:
    todo = [folder]
    while todo:
        tag = todo.pop()
        content.left["folder", ORDER] += 1
        todo += reversed(list(tag.named("folder")))
        for child in tag.children:
            if child.name == "element":
                _archi_element(child, content)
            elif child.name != "folder":
                content.left[f"{child.name} of a folder", ORDER] += 1


def _archi_element(tag: Tag, content: Content) -> None:
    kind = content.type(tag)
    identifier = content.identifier(tag, "id")
    left = mapping().left
    if kind in left and kind not in mapping().junctions:
        content.left[kind, left[kind]] += 1
        return
    related = kind.endswith("Relationship") or "source" in tag.attributes or "target" in tag.attributes
    concept = Concept(
        identifier,
        kind,
        tag.line,
        names=(Text(tag.get("name")),) if tag.get("name") else (),
        documentation=content.texts(tag.named("documentation")),
        properties=tuple((p.get("key"), Text(p.get("value"))) for p in tag.named("property")),
        source=short_identifier(content.identifier(tag, "source")) if related else "",
        target=short_identifier(content.identifier(tag, "target")) if related else "",
        details=_archi_details(tag),
        alternative=tag.get("type").lower() == "or" or kind == "OrJunction",
    )
    (content.relationships if related else content.elements).append(concept)


def _archi_details(tag: Tag) -> tuple[str, ...]:
    details = {"accessType": "access type", "strength": "strength", "directed": "direction", "profiles": "profile"}
    stated = [name for attribute, name in details.items() if tag.get(attribute)]
    return (*stated, *(child.name for child in tag.children if child.name not in ("documentation", "property")))
