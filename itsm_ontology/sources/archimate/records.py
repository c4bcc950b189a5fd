"""From the content of ArchiMate models to records: what the language has that no other source has is settled here.

Relationships that meet at junctions are followed from end to end. A relationship that another one begins or ends at is
also an element, since facts are about elements only; the mapping says what it is connected to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from ...errors import InputError
from ..mapping import SourceMapping
from ..record import SOURCE, TARGET, Record, Reference
from .content import Concept, Content, long_type
from .junctions import JUNCTIONS, Arrow, Ends, followed

GATHERED = "it puts a junction into a grouping, plateau or location, and a junction is no element"

_GATHERING = ("Aggregation", "Composition")
_GATHERINGS = ("Grouping", "Location", "Plateau")

JOINS = "joins"
"""The field of a relationship, read as an element, that names what it joins."""


class ModelRecords:
    """The files of one model on their way to records.

    Raises:
        InputError: if two concepts share an identifier, or a relationship begins or ends at nothing.
    """

    def __init__(self, contents: Sequence[Content], mapping: SourceMapping) -> None:
        self.contents = contents
        self.mapping = mapping
        self.concepts: dict[str, Concept] = {}
        for content in contents:
            for concept in content.concepts:
                self._put(concept)
        for concept in self.concepts.values():
            self._check_ends(concept)

    def _put(self, concept: Concept) -> None:
        first = self.concepts.setdefault(concept.identifier, concept)
        if first is not concept:
            where = f"on line {first.line}" + (f" of {first.place}" if first.place != concept.place else "")
            raise _error(
                concept,
                f"the identifier {concept.identifier} is that of {first.name} {where} too.",
                "Give each element and relationship an identifier of its own; of two states of a model, load one.",
            )

    def _check_ends(self, concept: Concept) -> None:
        for name, end in (("source", concept.source), ("target", concept.target)):
            if end is not None and not end.type and end.key not in self.concepts:
                raise _error(
                    concept,
                    f"its {name} {end.key!r} is no element or relationship of the file.",
                    "Take the relationship out, or export the model again with all its elements.",
                )

    # ----------------------------------------------------------------------------------------------------------------
    # Records

    def __iter__(self) -> Iterator[Record]:
        for content in self.contents:
            for (what, reason), count in content.left.items():
                yield from (Record(what, "", {}, content.place, left=reason) for _ in range(count))
        for concept in self.concepts.values():
            if concept.source is None or concept.target is None:
                yield Record(concept.type, concept.identifier, concept.fields, concept.place, concept.line)
            else:
                yield from self._relationship(concept, Ends((concept.source,), (concept.target,)))

    def _relationship(self, concept: Concept, stated: Ends) -> Iterator[Record]:
        ends = self._through_junctions.get(concept.identifier, stated)
        fields = {SOURCE: ends.sources, TARGET: ends.targets}
        others = {name: values for name, values in concept.fields.items() if name not in fields}
        if concept.identifier in self._ended_at:
            joined = [end for end in (*stated.sources, *stated.targets) if end.key not in self._junctions]
            type_ = long_type(self.mapping.named(concept.type))
            yield Record(type_, concept.identifier, {**others, JOINS: joined}, concept.place, concept.line)
            others = {}
        yield Record(concept.type, "", {**others, **fields}, concept.place, concept.line, ends.why_not)

    @cached_property
    def _known(self) -> Sequence[tuple[Concept, Reference, Reference]]:
        """The relationships of the types that the mapping has, with their ends."""
        return [
            (one, one.source, one.target)
            for one in self.concepts.values()
            if one.source is not None and one.target is not None and self.mapping.named(one.type) in self.mapping.links
        ]

    @cached_property
    def _ended_at(self) -> frozenset[str]:
        """The relationships that another one begins or ends at."""
        ends = {end.key for _, *both in self._known for end in both}
        return frozenset(key for key in ends & self.concepts.keys() if self.concepts[key].source is not None)

    @cached_property
    def _junctions(self) -> frozenset[str]:
        found = {one.identifier for one in self.concepts.values() if one.type in JUNCTIONS}
        return frozenset(found | {end.key for _, *both in self._known for end in both if end.type in JUNCTIONS})

    @cached_property
    def _through_junctions(self) -> Mapping[str, Ends]:
        junctions = self._junctions
        arrows = [
            Arrow(one.identifier, self.mapping.named(one.type), source, target)
            for one, source, target in self._known
            if source.key in junctions or target.key in junctions
        ]
        entered = {one.target.key for one in arrows if not self._gathers(one)}
        gathering = [one for one in arrows if self._gathers(one) and one.target.key in entered]
        others = [one for one in arrows if not self._gathers(one) or one.target.key not in entered]
        return {**followed(others, junctions), **{one.identifier: Ends(why_not=GATHERED) for one in gathering}}

    def _gathers(self, arrow: Arrow) -> bool:
        """Tell whether a relationship can be the one that puts a junction into a grouping (ArchiMate 3.2, 5.5.1)."""
        source = self.concepts.get(arrow.source.key)
        return arrow.type in _GATHERING and source is not None and source.type in _GATHERINGS

    # ----------------------------------------------------------------------------------------------------------------
    # What whoever loads the model should know

    def notes(self) -> Iterator[str]:
        """Give what whoever loads the model should know of how it is read."""
        met = {end.key for _, *both in self._known for end in both if self._is_alternative(end.key)}
        if met:
            yield f"{len(met)} x junction of alternatives (or): each of them is read as holding."
        stated = {concept.type for concept in self.concepts.values()}
        renamed = [f"{name} as {self.mapping.renamed[name]}" for name in sorted(stated & self.mapping.renamed.keys())]
        if renamed:
            yield f"Read by the names of version 3: {', '.join(renamed)}."

    def _is_alternative(self, key: str) -> bool:
        concept = self.concepts.get(key)
        return concept is not None and concept.type in JUNCTIONS and concept.alternative


def _error(concept: Concept, problem: str, repair: str) -> InputError:
    return InputError(problem, source=concept.place, line=concept.line, record=concept.name, repair=repair)
