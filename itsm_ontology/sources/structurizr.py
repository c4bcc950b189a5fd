"""Structurizr: workspaces of C4 models, as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from ..document import Document
from ..errors import InputError
from ..facts_builder import FactsBuilder
from ..rdf import MOST_DEPTH
from .input import Input
from .mapping import SourceMapping
from .mapping_file import shipped_mapping
from .nested import flattened, passed_over
from .record import SOURCE, TARGET, Record, Reference, Value
from .stating import state
from .syntax.head import head
from .syntax.json import read_json

ELEMENTS = {
    "people": "Person",
    "softwareSystems": "SoftwareSystem",
    "containers": "Container",
    "components": "Component",
    "customElements": "CustomElement",
    "deploymentNodes": "DeploymentNode",
    "children": "DeploymentNode",
    "infrastructureNodes": "InfrastructureNode",
    "softwareSystemInstances": "SoftwareSystemInstance",
    "containerInstances": "ContainerInstance",
}
"""The lists that elements stand in, and the class of those in each."""
INSTANCE_OF = {"SoftwareSystemInstance": "softwareSystemId", "ContainerInstance": "containerId"}
"""Instances, and the field that names the element that each is one of."""
_CLASSES = (
    "Element Person SoftwareSystem Container Component CustomElement DeploymentNode InfrastructureNode "
    "SoftwareSystemInstance ContainerInstance Relationship"
)
OWN_TAGS = frozenset(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name) for name in _CLASSES.split())
"""Tags that Structurizr itself gives to everything of a class."""
_IN_MODEL = "|".join(("enterprise", "people", "softwareSystems", "customElements", "deploymentNodes", "properties"))
_MODEL = re.compile(
    rb'"model"\s*:\s*\{\s*"(?:' + _IN_MODEL.encode() + rb'|impliedRelationshipsStrategy|identifiers)"\s*:'
)
_BETWEEN_WORDS = re.compile(r"[\s_-]+")
BESIDE = "it stands beside the model and adds no fact"
_NO_WORKSPACE = "this is no workspace of Structurizr"


def is_structurizr(document: Document) -> bool:
    """Tell whether a document is a workspace: a JSON object whose model has people, software systems or nodes.

    Example:
        >>> is_structurizr(Document("d", b'{"name": "Shop", "model": {"people": []}}'))
        True
    """
    return head(document, 64).startswith("{") and _MODEL.search(document.data) is not None


def read_structurizr(input_: Input, builder: FactsBuilder) -> None:
    """Read workspaces; elements of several are kept apart, since each counts its own from 1.

    Args:
        input_: the documents.
        builder: what takes the facts.

    Raises:
        InputError: if a document is no workspace, or an element has no identifier, or that of another one.
    """
    mapping = input_.mapping or shipped_mapping("structurizr")
    alone = len(input_.documents) == 1
    workspaces = [_Workspace(one, mapping, "" if alone else _prefix(one, input_)) for one in input_.documents]
    state((record for one in workspaces for record in one.records()), mapping, builder)
    untagged = sum(element.type == "Container" for one in workspaces for element in one.elements)
    if untagged and input_.mapping is None:
        builder.notes.append(f"{untagged} x Container without a tag that says it holds data: taken for applications.")


def _prefix(document: Document, input_: Input) -> str:
    path = PurePath(document.name)
    if input_.folder is not None and path.is_relative_to(input_.folder):
        path = path.relative_to(input_.folder)
    return f"{path.as_posix()}/"


@dataclass(frozen=True, slots=True)
class _Element:
    """An element as it stands in the file.

    Attributes:
        type: its class, with the tag behind it that the mapping has a class for.
        value: what the file says of it.
        within: the key of the element that it stands in; "" for one of the model.
    """

    type: str
    value: Mapping[str, Any]
    within: str


class _Workspace:
    """A workspace that is made into records."""

    def __init__(self, document: Document, mapping: SourceMapping, prefix: str) -> None:
        self.document = document
        self.mapping = mapping
        self.prefix = prefix
        self.by_tag = {_plain(name): name for name in (*mapping.classes, *mapping.renamed) if "/" in name}
        workspace = read_json(document)
        if not isinstance(workspace, dict) or not isinstance(workspace.get("model"), dict):
            raise InputError(f"{_NO_WORKSPACE}: it has no model.", source=document.name)
        self.workspace: Mapping[str, Any] = workspace
        self.model: Mapping[str, Any] = workspace["model"]
        properties = self.model.get("properties")
        separator = properties.get("structurizr.groupSeparator") if isinstance(properties, dict) else None
        self.separator = separator if isinstance(separator, str) and separator else "\n"
        self.elements = list(self._elements())
        self.stands_for = {
            self._key(one): self._id(one.value.get(INSTANCE_OF[one.type]))
            for one in self.elements
            if one.type in INSTANCE_OF
        }
        self.made: set[str] = set()

    # ----------------------------------------------------------------------------------------------------------------
    # Elements

    def _elements(self) -> Iterator[_Element]:
        todo = [(self.model, "")]
        while todo:
            parent, within = todo.pop()
            for name in ELEMENTS:
                for value in self._listed(parent, name):
                    element = _Element(self._class(ELEMENTS[name], value), value, within)
                    yield element
                    todo.append((value, self._key(element)))

    def _listed(self, parent: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
        """Give the objects of a list that may be missing."""
        found = parent.get(name)
        if found is None:
            return []
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            raise self._error(f"{name} is no list of objects.", parent)
        return found

    def _class(self, type_: str, value: Mapping[str, Any]) -> str:
        return next((self.by_tag[t] for tag in _tags(value) if (t := _plain(f"{type_}/{tag}")) in self.by_tag), type_)

    def _key(self, element: _Element) -> str:
        key = self._id(element.value.get("id"))
        if not key:
            raise self._error(f"this {element.type} has no id.", element.value)
        return key

    def _id(self, value: Any) -> str:
        known = isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip()
        return f"{self.prefix}{value}" if known else ""

    def _error(self, problem: str, value: Mapping[str, Any]) -> InputError:
        named = " ".join(str(value[key]) for key in ("id", "name") if isinstance(value.get(key), (str, int)))
        return InputError(
            problem, source=self.document.name, record=named[:80], repair="Export the workspace again from Structurizr."
        )

    # ----------------------------------------------------------------------------------------------------------------
    # Records

    def records(self) -> Iterator[Record]:
        """Give a record for each element, group, environment, relationship and view."""
        yield self._record("Workspace", f"{self.prefix}workspace", {})
        enterprise = self.model.get("enterprise")
        if isinstance(enterprise, dict):
            yield self._record("Enterprise", f"{self.prefix}enterprise", flattened(enterprise, {}))
        for element in self.elements:
            key, fields = self._key(element), self._fields(element)
            yield from self._groups(element, fields)
            yield from self._environment(element, fields)
            yield self._record(element.type, key, fields)
            for value in self._listed(element.value, "relationships"):
                yield self._relationship(value, key)
        yield from self._drawn()

    def _record(self, type_: str, key: str, fields: dict[str, list[Value]]) -> Record:
        return Record(type_, key, fields, self.document.name)

    def _fields(self, element: _Element) -> dict[str, list[Value]]:
        simple = {
            name: value for name, value in element.value.items() if name not in ELEMENTS and name not in _READ_APART
        }
        fields = flattened(simple, passed_over(self.mapping, element.type))
        tags = list(_tags(element.value))
        fields["tags"] = [tag for tag in tags if tag not in OWN_TAGS]
        fields["tags.own"] = [tag for tag in tags if tag in OWN_TAGS]
        for name, type_ in ELEMENTS.items():
            fields[name] = [
                self._reference(self._key(_Element(type_, child, ""))) for child in self._listed(element.value, name)
            ]
        if element.type in INSTANCE_OF:
            of = self.stands_for[self._key(element)]
            fields[INSTANCE_OF[element.type]] = [Reference(of)] if of else []
        return fields

    def _reference(self, key: str) -> Reference:
        """Name an element; an instance stands for the element that it is one of."""
        return Reference(self.stands_for.get(key) or key)

    def _relationship(self, value: Mapping[str, Any], within: str) -> Record:
        ends = self._id(value.get("sourceId")) or within, self._id(value.get("destinationId"))
        simple = {name: item for name, item in value.items() if name not in ("id", "sourceId", "destinationId")}
        fields = flattened(simple, {})
        for name, end in zip((SOURCE, TARGET), ends, strict=True):
            fields[name] = [self._reference(end)] if end else []
        return self._record("Relationship", self._id(value.get("id")), fields)

    def _groups(self, element: _Element, fields: dict[str, list[Value]]) -> Iterator[Record]:
        """Give the groups that an element is in and that no other was in, and name the innermost in its place."""
        named = fields.pop("group", [])
        path = [part.strip() for part in str(named[0]).split(self.separator)] if named else []
        if len(path) > MOST_DEPTH:
            raise self._error(f"its group is {len(path)} groups deep.", element.value)
        outer = ""
        for depth in range(1, len(path) + 1):
            key = f"{self.prefix}group/{element.within.removeprefix(self.prefix)}/{self.separator.join(path[:depth])}"
            if key not in self.made:
                self.made.add(key)
                type_ = f"Group/{element.type.partition('/')[0]}"
                around = outer or element.within
                group: dict[str, list[Value]] = {
                    "name": [path[depth - 1]],
                    "within": [Reference(around)] if around else [],
                }
                yield self._record(type_ if type_ in self.mapping.classes else "Group", key, group)
            outer = key
        if outer:
            fields["group"] = [Reference(outer)]

    def _environment(self, element: _Element, fields: dict[str, list[Value]]) -> Iterator[Record]:
        """Give the environment of a node, the first time that it is named."""
        if element.type not in ("DeploymentNode", "InfrastructureNode") or not fields.get("environment"):
            return
        name = fields["environment"][0]
        key = f"{self.prefix}environment/{name}"
        if key not in self.made:
            self.made.add(key)
            yield self._record("DeploymentEnvironment", key, {"name": [name]})
        fields["environment"] = [Reference(key)]

    def _drawn(self) -> Iterator[Record]:
        """Give what the workspace has beside its model: views, documents and decisions."""
        for part in ("views", "documentation"):
            found = self.workspace.get(part)
            for name, items in found.items() if isinstance(found, dict) else ():
                for _ in items if isinstance(items, list) else ():
                    left = "" if name in self.mapping.left else BESIDE
                    yield Record(name, "", {}, self.document.name, left=left)


_READ_APART = frozenset(("id", "relationships", "tags", *INSTANCE_OF.values()))


def _tags(value: Mapping[str, Any]) -> Iterator[str]:
    tags = value.get("tags")
    parts = tags.split(",") if isinstance(tags, str) else tags if isinstance(tags, list) else ()
    return (part.strip() for part in parts if isinstance(part, str) and part.strip())


def _plain(name: str) -> str:
    """Give a class with a tag as it is compared: without case, blanks and hyphens in the tag."""
    type_, _, tag = name.partition("/")
    return f"{type_}/{_BETWEEN_WORDS.sub('', tag).lower()}"
