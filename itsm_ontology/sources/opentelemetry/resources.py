"""Resources of OpenTelemetry: the services that their attributes name, and where these run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..mapping import SourceMapping
from ..record import Record, Reference, Value

NAME = "service.name"
NAMESPACE = "service.namespace"
INSTANCE = "service.instance.id"
_OF_THE_SERVICE = frozenset((NAME, NAMESPACE, "service.criticality", "service.version"))


def key_of(*parts: str) -> str:
    """Give a key of several parts, none of which runs into the next.

    Example:
        >>> key_of("service", "shop/eu", "cart")
        'service/shop%2Feu/cart'
    """
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)


class Resources:
    """What resources tell of services; said by several, it is one thing."""

    def __init__(self, mapping: SourceMapping) -> None:
        self.mapping = mapping
        self._found: dict[str, tuple[str, dict[str, dict[Value, None]]]] = {}

    def service(self, attributes: Mapping[str, Value]) -> Reference | None:
        """Add the service that a resource names, and its instance where it names one.

        Args:
            attributes: the attributes of the resource.

        Returns:
            The service; None if the resource names none.
        """
        name, namespace, instance = (str(attributes.get(field, "")).strip() for field in (NAME, NAMESPACE, INSTANCE))
        if not name:
            return None
        names = (namespace, name) if namespace else (name,)
        service = Reference(key_of("service", *names), "service", name)
        where = service
        if instance:
            where = Reference(key_of("service.instance", *names, instance), "service.instance", instance)
            self.say(where, "service", service)
        for field, value in attributes.items():
            if value != "":
                said_of = service if field in _OF_THE_SERVICE else where
                self.say(said_of, field, self._named(said_of.type, field, value, attributes))
        if namespace:
            self.say(Reference(key_of(NAMESPACE, namespace), NAMESPACE), NAMESPACE, namespace)
        return service

    def say(self, of: Reference, field: str, value: Value) -> None:
        """Add a value of a field to a thing; the same value is there once."""
        self._found.setdefault(of.key, (of.type, {}))[1].setdefault(field, {})[value] = None

    def _named(self, type_: str, field: str, value: Value, attributes: Mapping[str, Value]) -> Value:
        """Give a reference for what an attribute names; names of Kubernetes are within namespace and cluster."""
        rule = self.mapping.field_of(type_, field)
        if rule is None or not rule.to or isinstance(value, Reference):
            return value
        within = []
        if rule.to.startswith("k8s."):
            outer = ("k8s.cluster.name",) if rule.to == "k8s.node" else ("k8s.cluster.name", "k8s.namespace.name")
            within = [str(attributes[one]) for one in outer if attributes.get(one)]
        return Reference(key_of(rule.to, *within, str(value)), rule.to, str(value))

    def records(self) -> Iterator[Record]:
        """Give what was found."""
        for key, (type_, fields) in self._found.items():
            yield Record(type_, key, {field: list(values) for field, values in fields.items()})
