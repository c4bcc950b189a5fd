"""Kubernetes: manifests in YAML, and what `kubectl get -o yaml` or `-o json` answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..document import Document
from ..errors import InputError
from ..facts_builder import FactsBuilder
from .input import Input
from .kubernetes_pods import Pods, template_of, texts_of, without_template
from .mapping import SourceMapping
from .mapping_file import shipped_mapping
from .nested import Made, flattened, passed_over
from .record import Record, Reference, Value
from .stating import state
from .syntax.expected import Expected
from .syntax.head import head
from .syntax.json import read_json
from .syntax.yaml import read_yaml

NAMELESS = "it has no name, so it is no object of a cluster"
NAME = "app.kubernetes.io/name"
"""The label that names the application that an object is of; of its instances each has a name of its own."""
INSTANCE = "app.kubernetes.io/instance"
PART_OF = "app.kubernetes.io/part-of"
"""The label that names a larger application."""
_OF_THE_APPLICATION = (PART_OF, "app.kubernetes.io/version", "app.kubernetes.io/managed-by")

_IN_YAML = (re.compile(r"^apiVersion:[ \t]*(\S+)", re.MULTILINE), re.compile(r"^kind:[ \t]*\S", re.MULTILINE))
_IN_JSON = (
    re.compile(r'"apiVersion"\s*:\s*"([^"]+)"'),
    re.compile(r'\A\{\s*"(?:apiVersion|kind)"\s*:(?s:.)*"kind"\s*:'),
)
_NAMES_OBJECTS = {"metadata.ownerReferences": "", "spec.parentRefs": "Gateway", "spec.rules.backendRefs": "Service"}
"""Where objects are named with their kind, and the kind where they are not."""
_OF_THE_CLUSTER = frozenset(
    ("ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "GatewayClass", "IngressClass", "Namespace",
     "Node", "PersistentVolume", "PriorityClass", "StorageClass", "image")
)  # fmt: skip


def is_kubernetes(document: Document) -> bool:
    r"""Tell whether a document holds objects of Kubernetes: they have an apiVersion and a kind.

    Example:
        >>> is_kubernetes(Document("d", b"apiVersion: v1\nkind: Pod")), is_kubernetes(Document("d", b"kind: Pod"))
        (True, False)
    """
    start = head(document)
    version, kind = _IN_JSON if start.startswith("{") else _IN_YAML
    found = version.search(start)
    return found is not None and "backstage.io/" not in found[1] and kind.search(start) is not None


def read_kubernetes(input_: Input, builder: FactsBuilder) -> None:
    """Put the facts of manifests into a builder.

    An object is known by namespace, kind and name; where its group is not one of Kubernetes' own, the kind has the
    group behind it. A namespace that a manifest leaves open stays open.

    Raises:
        InputError: if one is no YAML or JSON, is a template of Helm, or has no kind or name.
    """
    mapping = input_.mapping or shipped_mapping("kubernetes")
    objects = [found for document in input_.documents for found in _objects(document)]
    state(_Cluster(mapping, objects).records(), mapping, builder)


# ---------------------------------------------------------------------------------------------------------------------
# Objects


@dataclass(frozen=True)
class _Object:
    """An object of a cluster.

    Attributes:
        type: its kind, with its group behind it where that is not one of Kubernetes' own.
        namespace: its namespace; "" for none.
        name: its name; "" for none.
        content: what the manifest says.
        place: where it stands.
        line: the line that its document begins on; 0 where it isn't known.
    """

    type: str
    namespace: str
    name: str
    content: Mapping[str, Any]
    place: str
    line: int

    @property
    def labels(self) -> dict[str, str]:
        """Its labels."""
        return _labels_of(self.content.get("metadata"))


def _labels_of(metadata: Any) -> dict[str, str]:
    return texts_of(metadata.get("labels")) if isinstance(metadata, dict) else {}


def _objects(document: Document) -> Iterator[_Object]:
    """Give the objects of a file, those of lists one by one."""
    for value, line in _values(document):
        todo: list[tuple[Any, str, str]] = [(value, "", "")]
        while todo:
            value, at, type_ = todo.pop()
            expected = Expected(document.name, line)
            content = expected.object(value, at)
            type_ = expected.text(content.get("kind", type_ or None), f"{at}/kind")
            if type_.endswith("List") and isinstance(items := content.get("items"), list):
                places = (f"{at}/items/{number}" for number, _ in enumerate(items))
                todo += reversed([(one, where, type_[:-4]) for one, where in zip(items, places, strict=False)])
            else:
                yield _object(content, type_, document, line, at)


def _values(document: Document) -> Iterable[tuple[Any, int]]:
    if head(document, 64).startswith("{"):
        return [(read_json(document), 0)]
    try:
        return [(one.value, one.line) for one in read_yaml(document)]
    except InputError as error:
        if "{{" in document.text:
            raise _template(document, error.line) from None
        raise


def _template(document: Document, line: int | None) -> InputError:
    return InputError(
        "this is a template ({{ … }}), and no manifest.",
        source=document.name,
        line=line or None,
        repair="Render it first: `helm template`, or `kubectl get -o yaml` where it is installed.",
    )


def _object(content: Mapping[str, Any], kind: str, document: Document, line: int, at: str) -> _Object:
    expected = Expected(document.name, line)
    metadata = expected.object(content.get("metadata"), f"{at}/metadata")
    version = expected.text(content.get("apiVersion", ""), f"{at}/apiVersion")
    name, namespace = (
        expected.text(metadata.get(field) or "", f"{at}/metadata/{field}") for field in ("name", "namespace")
    )
    name = name or expected.text(metadata.get("generateName") or "", f"{at}/metadata/generateName")
    if "{{" in kind + version + name + namespace:
        raise _template(document, line)
    place = f"{document.name}, {at}" if at else document.name
    return _Object(_type(kind, version), namespace, name, content, place, line)


def _type(kind: str, version: str) -> str:
    """Give a kind, with its group where that is not one of Kubernetes' own."""
    group = version.rpartition("/")[0]
    return kind if "." not in group or group.endswith(".k8s.io") else f"{kind}.{group}"


def _key(type_: str, name: str, namespace: str) -> str:
    return "/".join(filter(None, ("" if type_ in _OF_THE_CLUSTER else namespace, type_, name)))


# ---------------------------------------------------------------------------------------------------------------------
# Records


class _Cluster:
    """Objects that are read together."""

    def __init__(self, mapping: SourceMapping, objects: list[_Object]) -> None:
        self.mapping = mapping
        self.objects = objects
        self.pods = Pods()
        self.applications: dict[str, tuple[str, dict[str, dict[Value, None]]]] = {}
        for one in objects:
            if template := template_of(one.type, one.content):
                key = Reference(_key(one.type, one.name, one.namespace), one.type, one.name)
                self.pods.add(one.namespace, _labels_of(template.get("metadata")), key)

    def records(self) -> Iterator[Record]:
        """Give the objects, and the applications that their labels name."""
        for one in self.objects:
            yield self._record(one)
        for key, (type_, fields) in self.applications.items():
            yield Record(type_, key, {name: list(values) for name, values in fields.items()})

    def _record(self, one: _Object) -> Record:
        if not one.name and (one.type in self.mapping.left or one.type not in self.mapping.classes):
            return Record(one.type, "", {}, one.place, one.line, left=self.mapping.left.get(one.type, NAMELESS))
        if not one.name:
            raise InputError(
                f"this {one.type} has no name.",
                source=one.place,
                line=one.line or None,
                repair="Expected metadata.name; of a patch, load what it is applied to and renders to.",
            )
        fields = flattened(without_template(one.type, one.content), self._made(one))
        for name, values in fields.items():
            rule = self.mapping.field_of(one.type, name)
            if rule is not None and rule.to:
                fields[name] = [self._named(rule.to, value, one.namespace) for value in values]
        return Record(one.type, _key(one.type, one.name, one.namespace), fields, one.place, one.line)

    def _named(self, type_: str, value: Value, namespace: str) -> Value:
        if isinstance(value, Reference):
            return value
        return Reference(_key(type_, str(value), namespace), type_, str(value))

    def _made(self, one: _Object) -> Made:
        """Say what is made of the values in an object that name others."""
        found = passed_over(self.mapping, one.type)
        found["metadata.labels"] = lambda value: self._labels(one)
        for path, type_ in _NAMES_OBJECTS.items():
            found[path] = partial(_reference, type_=type_, namespace=one.namespace)
        if one.type == "Service":
            found["spec.selector"] = lambda value: self.pods.selected(one.namespace, value)
        return found

    # ----------------------------------------------------------------------------------------------------------------
    # Applications

    def _labels(self, one: _Object) -> dict[str, Any]:
        """Give the labels of an object, with references for the applications that they name."""
        labels = one.labels
        found: dict[str, Any] = dict(labels)
        if whole := labels.get(PART_OF):
            found[PART_OF] = self._application(PART_OF, one.namespace, whole)
            self._said(found[PART_OF], PART_OF, whole)
        if name := labels.get(NAME):
            found[NAME] = self._application(NAME, one.namespace, name, labels.get(INSTANCE, ""))
            for label in (NAME, INSTANCE, *_OF_THE_APPLICATION):
                if label in labels:
                    self._said(found[NAME], label, found[PART_OF] if label == PART_OF else labels[label])
        return found

    def _application(self, label: str, namespace: str, *names: str) -> Reference:
        key = "/".join(filter(None, (namespace, label, *names)))
        self.applications.setdefault(key, (label, {}))
        return Reference(key, label, names[0])

    def _said(self, application: Reference, field: str, value: Value) -> None:
        if value != "":
            self.applications[application.key][1].setdefault(field, {})[value] = None


def _reference(value: Any, type_: str, namespace: str) -> Any:
    """Put a reference for what an object names into the object, which says kind and namespace where they differ."""
    if not isinstance(value, dict) or not isinstance(name := value.get("name"), str):
        return value
    kind, group, elsewhere = value.get("kind", type_), value.get("group", ""), value.get("namespace")
    version = value.get("apiVersion", f"{group}/" if group else "")
    if not isinstance(kind, str) or not isinstance(version, str):
        return value
    named = _type(kind, version)
    key = _key(named, name, elsewhere if isinstance(elsewhere, str) else namespace)
    return {**value, "name": Reference(key, named, name)}
