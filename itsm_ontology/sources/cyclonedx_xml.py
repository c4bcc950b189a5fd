"""CycloneDX in XML, brought into the form that it has in JSON."""

from __future__ import annotations

from typing import Any

from ..document import Document
from ..errors import InputError
from .syntax.xml import Tag, read_xml

NAMESPACE = "http://cyclonedx.org/schema/bom/"
"""What the namespace of a bill begins with; its version follows."""

_LISTS = frozenset(
    ("annotations", "authors", "components", "compositions", "dependencies", "endpoints", "externalReferences",
     "formulation", "hashes", "licenses", "lifecycles", "patentAssertions", "patents", "properties", "services", "tags",
     "tools", "vulnerabilities")
)  # fmt: skip


class Located(dict[str, Any]):
    """An object that knows its line."""

    line = 0


def xml_content(document: Document) -> dict[str, Any]:
    """Read a bill in XML.

    Args:
        document: the file.

    Returns:
        What the same bill in JSON would hold; texts stay texts.

    Raises:
        InputError: if it is no well-formed XML, or no bill.

    Example:
        >>> bill = xml_content(Document("d", b'<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components>'
        ...     b'<component type="library"><name>a</name></component></components></bom>'))
        >>> bill["specVersion"], bill["components"]
        ('1.4', [{'type': 'library', 'name': 'a'}])
    """
    root = read_xml(document)
    if root.name != "bom" or not root.namespace.startswith(NAMESPACE):
        raise InputError(
            f"this XML is no bill of materials, but a <{root.name}>.", source=document.name, line=root.line
        )
    content = _object(root)
    content["specVersion"] = root.namespace.removeprefix(NAMESPACE)
    return content


def _value(tag: Tag, within: Tag) -> Any:
    if tag.name in _LISTS:
        return [_value(child, tag) for child in tag.children]
    if tag.name == "data" and within.name == "service":
        return [_flow(child) for child in tag.children]
    if tag.name == "dependency":
        return _dependency(tag)
    if tag.children or tag.attributes:
        return _object(tag)
    return tag.text


def _object(tag: Tag) -> Located:
    """Give attributes and children by their names; what stands several times is a list."""
    found = Located(tag.attributes)
    found.line = tag.line
    for child in tag.children:
        name = child.name if child.namespace == tag.namespace else f"{{{child.namespace}}}{child.name}"
        value = _value(child, tag)
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name] += value if isinstance(value, list) else [value]
        else:
            found[name] = [found[name], value]
    if tag.text and not tag.children:
        found["content"] = tag.text
    return found


def _flow(tag: Tag) -> Located:
    """Give a flow of data: a class with a direction, or since version 1.5 more of it."""
    found = _object(tag)
    if tag.name == "classification":
        found["classification"] = found.pop("content", "")
    for end in ("source", "destination"):
        if isinstance(value := found.get(end), dict):
            urls = value.get("url", [])
            found[end] = urls if isinstance(urls, list) else [urls]
    return found


def _dependency(tag: Tag) -> Located:
    found = Located(ref=tag.get("ref"))
    found.line = tag.line
    for name, inside in (("dependsOn", "dependency"), ("provides", "provides")):
        found[name] = [child.get("ref") for child in tag.named(inside)]
    return found
