"""Pods: where an object of Kubernetes has the template of its pods, and which pods a selector selects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from .record import Reference

_TEMPLATES = (("spec", "jobTemplate", "spec", "template"), ("spec", "template"))
"""Where objects have the template of their pods; a pod is its own."""


def template_of(type_: str, content: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Give the template of the pods that an object puts up, or the object itself if it is a pod; None for none.

    Args:
        type_: the kind of the object.
        content: what its manifest says.

    Example:
        >>> template_of("Deployment", {"spec": {"template": {"spec": {"containers": [{"image": "web:1"}]}}}})
        {'spec': {'containers': [{'image': 'web:1'}]}}
    """
    if type_ == "Pod":
        return content
    return next((found for path in _TEMPLATES if (found := _at(content, path)) is not None), None)


def _at(content: Any, path: tuple[str, ...]) -> Mapping[str, Any] | None:
    for name in path:
        content = content.get(name) if isinstance(content, dict) else None
    spec = content.get("spec") if isinstance(content, dict) else None
    return content if isinstance(spec, dict) and isinstance(spec.get("containers"), list) else None


def without_template(type_: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """Give an object with what it says of its pods under `pod`, wherever its kind has that.

    Example:
        >>> without_template("Pod", {"kind": "Pod", "spec": {"nodeName": "n1"}})
        {'kind': 'Pod', 'pod': {'nodeName': 'n1'}}
    """
    if type_ == "Pod":
        rest = {name: value for name, value in content.items() if name != "spec"}
        return {**rest, "pod": content.get("spec")}
    for path in _TEMPLATES:
        if (template := _at(content, path)) is not None:
            rest = {name: value for name, value in template.items() if name != "spec"}
            return {**_less(content, path), "pod": {**template["spec"], **rest}}
    return dict(content)


def _less(content: Mapping[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """Give an object without what stands at a path."""
    name, *rest = path
    kept = {key: value for key, value in content.items() if key != name}
    return {**kept, name: _less(content[name], tuple(rest))} if rest else kept


def texts_of(values: Any) -> dict[str, str]:
    """Give values by their names, such as labels, as texts; what is no single value is left out.

    Example:
        >>> texts_of({"app": "web", "tier": 1, "odd": []})
        {'app': 'web', 'tier': '1'}
    """
    found = values.items() if isinstance(values, dict) else ()
    return {name: "" if value is None else str(value) for name, value in found if not isinstance(value, (dict, list))}


class Pods:
    """Pods, and what puts pods up, by their labels."""

    def __init__(self) -> None:
        self._labelled: dict[tuple[str, str, str], list[tuple[Mapping[str, str], Reference]]] = defaultdict(list)

    def add(self, namespace: str, labels: Mapping[str, str], named: Reference) -> None:
        """Add a pod, or what puts pods up, with the labels of its pods."""
        for name, value in labels.items():
            self._labelled[namespace, name, value].append((labels, named))

    def selected(self, namespace: str, selector: Any) -> list[Reference]:
        """Give what has or puts up pods that bear all labels of a selector; a reference to nothing if there is none.

        Args:
            namespace: the namespace of the selector.
            selector: label to value.
        """
        wanted = texts_of(selector)
        first = next(iter(wanted.items()), ("", ""))
        candidates = self._labelled.get((namespace, *first), ())
        return [named for labels, named in candidates if wanted.items() <= labels.items()] or [Reference("")]
