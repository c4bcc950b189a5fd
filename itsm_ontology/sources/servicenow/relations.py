"""The names of types of relationship, which are read from both ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable


class RelationNames:
    """Finds the type of link that a name stands for, however it is spelt and from whichever end it is read.

    Example:
        >>> names = RelationNames(["Depends on::Used by", "Uses::Used by"])
        >>> names.find("depends on::used by"), names.find("Used by::Depends on"), names.find("Depends on")
        (('Depends on::Used by', False), ('Depends on::Used by', True), ('Depends on::Used by', False))
        >>> names.find("Used by"), names.find("Feeds::Fed by")
        (None, None)
    """

    def __init__(self, links: Iterable[str]) -> None:
        self._known: dict[str, set[tuple[str, bool]]] = defaultdict(set)
        for link in links:
            to_child, separator, to_parent = link.partition("::")
            self._known[_folded(link)].add((link, False))
            if separator and to_child != to_parent:
                self._known[_folded(f"{to_parent}::{to_child}")].add((link, True))
                self._known[_folded(to_parent)].add((link, True))
            if separator:
                self._known[_folded(to_child)].add((link, False))

    def find(self, name: str) -> tuple[str, bool] | None:
        """Give the type of link, and whether its ends are the other way round; None if no or several types fit."""
        found = self._known.get(_folded(name), ())
        return next(iter(found)) if len(found) == 1 else None


def _folded(name: str) -> str:
    """Give a name without what people spell differently."""
    return "::".join(" ".join(half.casefold().split()) for half in name.split("::"))
