"""What is expected of values that were read: one error where something else stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from ...errors import InputError


class Expected:
    """Takes values of a file for what they should be; nothing at all is an empty object or list.

    Example:
        >>> Expected("bom.json").items(None, "components")
        []
        >>> Expected("bom.json").text(5, "name")
        Traceback (most recent call last):
        ...
        itsm_ontology.errors.InputError: bom.json, record name: 5 is not what is expected here. Expected a text.
    """

    def __init__(self, source: str, line: int = 0) -> None:
        self.source = source
        self.line = line

    def object(self, value: Any, at: str) -> Mapping[str, Any]:
        """Give an object.

        Raises:
            InputError: if it is something else.
        """
        if value is None:
            return {}
        return value if isinstance(value, dict) else self.refuse(value, at, "an object")

    def items(self, value: Any, at: str) -> list[Any]:
        """Give a list.

        Raises:
            InputError: if it is something else.
        """
        if value is None:
            return []
        return value if isinstance(value, list) else self.refuse(value, at, "a list")

    def text(self, value: Any, at: str) -> str:
        """Give a text.

        Raises:
            InputError: if it is something else, or nothing.
        """
        return value if isinstance(value, str) else self.refuse(value, at, "a text")

    def texts(self, value: Any, at: str) -> list[str]:
        """Give a list of texts.

        Raises:
            InputError: if it is something else.
        """
        return [self.text(item, f"{at}/{number}") for number, item in enumerate(self.items(value, at))]

    def refuse(self, value: Any, at: str, wanted: str) -> NoReturn:
        """Say that a value is not what is expected.

        Raises:
            InputError: always.
        """
        problem = "this is missing." if value is None else f"{_shown(value)} is not what is expected here."
        raise InputError(
            problem,
            source=self.source,
            line=getattr(value, "line", self.line) or None,
            record=at.strip("/"),
            repair=f"Expected {wanted}.",
        )


def _shown(value: Any) -> str:
    return "an object" if isinstance(value, dict) else "a list" if isinstance(value, list) else repr(value)[:40]
