"""Compose files: containers, and the services of OpenTelemetry that the settings of containers name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from ...document import Document
from ...errors import InputError
from ...facts_builder import FactsBuilder
from ..input import Input
from ..nested import flattened, passed_over
from ..record import Record, Reference
from ..stating import UNNAMED
from ..syntax.expected import Expected
from ..syntax.head import head
from ..syntax.yaml import read_yaml
from .resources import NAME, Resources
from .variables import filled, variables_of

SERVICE, NETWORK, PROJECT = "compose.service", "compose.network", "compose.project"
OTEL_NAME, OTEL_ATTRIBUTES = "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES"
SETTINGS_FILES = (".env", "dotenv")
"""Files beside a compose file that set its variables."""

_SERVICES = re.compile(r"^services:[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*[ ]+[\"']?[\w.-]+[\"']?:", re.MULTILINE)
_OF_CONTAINERS = re.compile(
    r"^[ ]+(?:image|build|command|container_name|depends_on|environment|env_file|extends)\s*:", re.MULTILINE
)
_OTHER = re.compile(r"^(?:apiVersion|swagger|openapi):", re.MULTILINE)
_ENDPOINT = re.compile(r"OTEL_EXPORTER_OTLP_(?:(?:TRACES|METRICS|LOGS)_)?ENDPOINT")
_VARIABLE_LEFT = re.compile(r"\$[{\w]")


def is_compose(document: Document) -> bool:
    r"""Tell whether a document is a compose file.

    Example:
        >>> is_compose(Document("d", b"services:\n  web:\n    image: nginx\n"))
        True
    """
    start = head(document)
    return (
        _SERVICES.search(start) is not None
        and _OF_CONTAINERS.search(start) is not None
        and _OTHER.search(start) is None
    )


class ComposeFiles:
    """Compose files that are read together."""

    def __init__(self, resources: Resources, input_: Input, builder: FactsBuilder) -> None:
        self.resources = resources
        self.mapping = resources.mapping
        self.input = input_
        self.builder = builder
        self.places: dict[str, str] = {}

    def records(self, document: Document) -> Iterator[Record]:
        """Give what a file puts up; what it says of services of OpenTelemetry goes to the resources.

        Raises:
            InputError: if it is no YAML, is not made as a compose file is, or has a service that another has.
        """
        expected = Expected(document.name)
        for one in read_yaml(document):
            content = dict(expected.object(one.value, ""))
            file = _File(self, document, expected, content, self._variables(document), self._prefix(document))
            yield from file.records()

    def _prefix(self, document: Document) -> str:
        """Give what keys begin with: files of different folders put up different things."""
        if len(self.input.documents) == 1 or self.input.folder is None:
            return ""
        within = Path(document.name).parent.relative_to(self.input.folder).as_posix()
        return "" if within == "." else f"{within}/"

    def _variables(self, document: Document) -> dict[str, str]:
        """Give the variables that a file beside the document sets."""
        if self.input.folder is None:
            return {}
        beside = self.input.beside(document)
        name = next((name for name in SETTINGS_FILES if (beside / name).is_file()), None)
        if name is None:
            return {}
        try:
            found = variables_of(self.input.neighbour(document, name).text)
        except InputError as error:
            self.builder.notes.append(f"{document.name}: variables are left as they are: {error}")
            return {}
        self.builder.notes.append(f"{document.name}: variables are filled in from {name}, which sets {len(found)}.")
        return found

    def claim(self, key: str, name: str, document: Document) -> None:
        """Take a name of a service for a file.

        Raises:
            InputError: if another file has taken it.
        """
        if key in self.places:
            raise InputError(
                f"{self.places[key]} has a service of this name too.",
                source=document.name,
                record=name,
                repair="Put the files together first (docker compose -f … -f … config), and load the result.",
            )
        self.places[key] = document.name


class _File:
    """One compose file."""

    def __init__(
        self,
        files: ComposeFiles,
        document: Document,
        expected: Expected,
        content: dict[str, Any],
        variables: Mapping[str, str],
        prefix: str,
    ) -> None:
        self.files = files
        self.document = document
        self.expected = expected
        self.content = content
        self.variables = variables
        self.prefix = prefix
        self.services = expected.object(content.pop("services", None), "services")
        name = content.pop("name", None)
        self.project = self._filled(expected.text(name, "name")) if name else ""
        self.whole = passed_over(files.mapping, SERVICE)

    def records(self) -> Iterator[Record]:
        """Give what the file puts up, and what of it is passed over."""
        for name, content in self.services.items():
            yield self._service(name, self.expected.object(content, f"services/{name}"))
        for name, content in self.expected.object(self.content.pop("networks", None), "networks").items():
            details = {**self.expected.object(content, f"networks/{name}"), "network": name}
            yield Record(NETWORK, self._key(NETWORK, name), flattened(details, {}), self.document.name)
        if self.project:
            yield Record(PROJECT, self._key(PROJECT, self.project), {"project": [self.project]}, self.document.name)
        for part, content in self.content.items():
            reason = self.files.mapping.left.get(f"compose.{part}", UNNAMED)
            reason = "a fragment for use elsewhere in the file" if part.startswith("x-") else reason
            for _ in content if isinstance(content, (dict, list)) else [content]:
                yield Record(f"compose.{part}", "", {}, self.document.name, left=reason)

    def _key(self, type_: str, name: str) -> str:
        return f"{self.prefix}{type_}/{name}"

    def _filled(self, text: str) -> str:
        return filled(text, self.variables)

    def _service(self, name: str, content: Mapping[str, Any]) -> Record:
        key, at = self._key(SERVICE, name), f"services/{name}"
        self.files.claim(key, name, self.document)
        fields = {**content, "service": name}
        for field, type_ in (("depends_on", SERVICE), ("networks", NETWORK)):
            fields[field] = self._named(content.get(field), type_, f"{at}/{field}")
        if content.get("image") is not None:
            image = self._filled(self.expected.text(content["image"], f"{at}/image"))
            fields["image"] = Reference(f"image/{image}", "image", image)
        fields["environment"] = self._environment(content.get("environment"), f"{at}/environment")
        if self.project:
            fields["project"] = Reference(self._key(PROJECT, self.project), PROJECT, self.project)
        return Record(SERVICE, key, flattened(fields, self.whole), self.document.name)

    def _named(self, value: Any, type_: str, at: str) -> list[dict[str, Any]]:
        """Give what a service names, in a list or with details."""
        if isinstance(value, list):
            value = dict.fromkeys(self.expected.texts(value, at))
        found = self.expected.object(value, at)
        return [
            {**self.expected.object(details, f"{at}/{name}"), "name": Reference(self._key(type_, name), type_, name)}
            for name, details in found.items()
        ]

    # ----------------------------------------------------------------------------------------------------------------
    # Services of OpenTelemetry

    def _environment(self, value: Any, at: str) -> dict[str, Any]:
        """Give the names of settings, never their values, with a reference for the service that they name."""
        settings = self._settings(value, at)
        attributes = _attributes(settings.get(OTEL_ATTRIBUTES) or "")
        if own := settings.get(OTEL_NAME):
            attributes[NAME] = own
        named_by = OTEL_NAME if own else OTEL_ATTRIBUTES
        service = self.files.resources.service(attributes)
        if service is None:
            return {"setting": list(settings)}
        self._watched(service, settings)
        return {named_by: service, "setting": [one for one in settings if one != named_by]}

    def _settings(self, value: Any, at: str) -> dict[str, str | None]:
        """Give settings, be they a list or a mapping; one without a value has that of the variable of its name."""
        if isinstance(value, list):
            pairs = [text.partition("=") for text in self.expected.texts(value, at)]
            found: dict[str, Any] = {name: text if sign else None for name, sign, text in pairs}
        else:
            found = dict(self.expected.object(value, at))
        texts = {name: text if isinstance(text, str) else None for name, text in found.items()}
        return {name: self.variables.get(name) if text is None else self._filled(text) for name, text in texts.items()}

    def _watched(self, service: Reference, settings: Mapping[str, str | None]) -> None:
        """Say where the telemetry of a service goes, where that is a service of the file."""
        for setting, value in settings.items():
            if _ENDPOINT.fullmatch(setting) and (host := _host(value or "")) in self.services:
                collector = Reference(self._key(SERVICE, host), SERVICE, host)
                self.files.resources.say(service, "OTEL_EXPORTER_OTLP_ENDPOINT", collector)


def _attributes(text: str) -> dict[str, Any]:
    """Give the attributes of a resource, as a setting has them; what is still a variable is no attribute."""
    pairs = (part.partition("=") for part in text.split(","))
    return {name.strip(): unquote(value.strip()) for name, sign, value in pairs if sign and name.strip()}


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
