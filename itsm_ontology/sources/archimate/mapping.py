"""The declarative mapping from ArchiMate to the neutral facts: read from TOML once, and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import Any

from ...document import Document, open_document
from ...errors import InputError, near_matches
from ...names import local_name
from ...vocabulary import vocabulary

_SUFFIX = "Relationship"


@dataclass(frozen=True)
class ElementType:
    """What an element type of ArchiMate is in the neutral facts.

    Attributes:
        kinds: IRIs of kinds; none if nothing neutral is said by the type.
        reason: why these.
    """

    kinds: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Rule:
    """What a relationship states, between elements of some types.

    Attributes:
        sources: the types of its source; None for any.
        targets: the types of its target; None for any.
        facts: IRIs of relations, each with whether it goes from source to target; none to leave the relationship.
        reason: why these.
    """

    sources: frozenset[str] | None
    targets: frozenset[str] | None
    facts: tuple[tuple[str, bool], ...]
    reason: str

    def fits(self, source: str, target: str) -> bool:
        """Tell whether it holds between elements of these types."""
        return (self.sources is None or source in self.sources) and (self.targets is None or target in self.targets)


@dataclass(frozen=True)
class ArchiMateMapping:
    """How ArchiMate is read.

    Attributes:
        renamed: names of version 2 to names of version 3.
        left: types among the elements that are no elements, with the reason.
        junctions: the types where relationships meet.
        elements: element type to what it is.
        relationships: relationship type to its rules, in the order in which they are tried.
    """

    renamed: Mapping[str, str]
    left: Mapping[str, str]
    junctions: frozenset[str]
    elements: Mapping[str, ElementType]
    relationships: Mapping[str, tuple[Rule, ...]]

    def name_in_3(self, name: str) -> str:
        """Give the name that a type has in version 3 of the language.

        Example:
            >>> mapping().name_in_3("UsedByRelationship"), mapping().name_in_3("InfrastructureService")
            ('Serving', 'TechnologyService')
        """
        short = name.removesuffix(_SUFFIX) or name
        return self.renamed.get(short, short)

    def rule(self, relationship: str, source: str, target: str) -> Rule | None:
        """Give the first rule for a relationship between elements of these types, if there is one.

        Example:
            >>> rule = mapping().rule("Assignment", "BusinessActor", "BusinessRole")
            >>> [(local_name(relation), forwards) for relation, forwards in rule.facts]
            [('filledBy', False)]
        """
        rules = self.relationships.get(relationship, ())
        return next((rule for rule in rules if rule.fits(source, target)), None)


@cache
def mapping() -> ArchiMateMapping:
    """Give the mapping that ships with the library, read once."""
    name = "archimate-3.toml"
    return read_mapping(open_document((files(__package__) / name).read_bytes(), name))


def read_mapping(document: Document) -> ArchiMateMapping:
    """Read a mapping and check every name in it.

    Raises:
        InputError: if it is no TOML, lacks a part, or names a kind, relation, type or group that there isn't.
    """
    try:
        table = tomllib.loads(document.text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"this is not TOML: {error}.", source=document.name) from None
    return _Checked(document, table).mapping()


class _Checked:
    """A mapping's table on its way to a mapping."""

    def __init__(self, document: Document, table: Mapping[str, Any]) -> None:
        self.document = document
        self.table = table
        self._keys(table, "the mapping", ("renamed", "left", "groups", "elements", "relationships"))
        self.known = {**table["elements"], **table["left"]}
        self.groups: dict[str, frozenset[str]] = {}

    def mapping(self) -> ArchiMateMapping:
        for name, members in self.table["groups"].items():
            self.groups[name] = self._types(members, f"group {name}")
        relationships = {
            name: tuple(self._rule(rule, name) for rule in rules) for name, rules in self.table["relationships"].items()
        }
        elements = {name: self._element(entry, name) for name, entry in self.table["elements"].items()}
        for new in self.table["renamed"].values():
            self._one_of(new, {**elements, **relationships}, "type", "renamed")
        return ArchiMateMapping(
            renamed=dict(self.table["renamed"]),
            left=dict(self.table["left"]),
            junctions=self._types(["junction"], "the mapping"),
            elements=elements,
            relationships=relationships,
        )

    def _element(self, entry: Mapping[str, Any], name: str) -> ElementType:
        self._keys(entry, name, ("kinds", "reason"))
        known = {local_name(iri): iri for iri in vocabulary().kinds}
        kinds = tuple(known[self._one_of(kind, known, "kind", name)] for kind in entry["kinds"])
        for one, other in combinations(kinds, 2):
            if other in vocabulary().disjoint_kinds(one):
                clash = f"nothing can be both {local_name(one)} and {local_name(other)}."
                raise self._error(clash, name, f"[elements.{name}]")
        return ElementType(kinds, entry["reason"])

    def _rule(self, entry: Mapping[str, Any], name: str) -> Rule:
        self._keys(entry, name, ("facts", "reason"), ("source", "target"))
        known = {local_name(iri): iri for iri in vocabulary().relations}
        for fact in entry["facts"]:
            self._keys(fact, name, ("relation", "forwards"))
        return Rule(
            sources=self._types(entry["source"], name) if "source" in entry else None,
            targets=self._types(entry["target"], name) if "target" in entry else None,
            facts=tuple(
                (known[self._one_of(fact["relation"], known, "relation", name)], bool(fact["forwards"]))
                for fact in entry["facts"]
            ),
            reason=entry["reason"],
        )

    def _types(self, names: Iterable[str], where: str) -> frozenset[str]:
        found: set[str] = set()
        for name in names:
            self._one_of(name, {**self.known, **self.groups}, "type or group", where)
            found |= self.groups.get(name, frozenset({name}))
        return frozenset(found)

    def _one_of(self, name: str, known: Collection[str], what: str, where: str) -> str:
        if name in known:
            return name
        near = near_matches(name, known, 1)
        raise self._error(f"there is no {what} {name}.", where, name, f"Did you mean {near[0]}?" if near else "")

    def _keys(
        self, entry: Mapping[str, Any], where: str, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> None:
        for key in required:
            if key not in entry:
                raise self._error(f"{key!r} is missing.", where, where)
        for key in entry:
            self._one_of(key, (*required, *optional), "key", where)

    def _error(self, problem: str, where: str, found_at: str, repair: str = "") -> InputError:
        before, found, _ = self.document.text.partition(found_at)
        return InputError(
            problem,
            source=self.document.name,
            line=before.count("\n") + 1 if found else None,
            record=where,
            repair=repair,
        )
