"""From the content of an ArchiMate file to neutral facts, by the mapping."""

from __future__ import annotations

from collections import Counter
from urllib.parse import quote

from ...errors import InputError, near_matches
from ...facts import FactsBuilder
from ...names import DCTERMS
from .content import NO_PLACE, Concept, Content
from .junctions import NOWHERE, joined
from .mapping import mapping

SYSTEM = "archimate-3"
"""What declarations begin with: the framework whose types they are."""
PROPERTY = "urn:archimate:property:"
"""What the relation of a property begins with."""

_TO_RELATIONSHIP = "it begins or ends at another relationship, and facts are about elements only"


def state(content: Content, builder: FactsBuilder) -> None:
    """Put the content of a file into a builder.

    Raises:
        InputError: if two concepts share an identifier, or a relationship begins or ends at nothing.
    """
    _Stated(content, builder).all()


class _Stated:
    """A file's content on its way into a builder."""

    def __init__(self, content: Content, builder: FactsBuilder) -> None:
        self.content = content
        self.builder = builder
        self.concepts = self._by_identifier()
        self.types = {concept.identifier: mapping().name_in_3(concept.type) for concept in content.elements}
        self.related = {concept.identifier for concept in content.relationships}
        self.start = f"urn:archimate:{quote(content.model, safe='')}:"

    def _by_identifier(self) -> dict[str, Concept]:
        found: dict[str, Concept] = {}
        for concept in (*self.content.elements, *self.content.relationships):
            first = found.setdefault(concept.identifier, concept)
            if first is not concept:
                raise self._error(
                    concept,
                    f"the identifier {concept.identifier} is that of {first.name} on line {first.line} too.",
                    "Give each element and relationship an identifier of its own.",
                )
        return found

    def _error(self, concept: Concept, problem: str, repair: str) -> InputError:
        name = self.content.document.name
        return InputError(problem, source=name, line=concept.line, record=concept.name, repair=repair)

    def all(self) -> None:
        """State everything."""
        for (what, reason), count in self.content.left.items():
            self._leave(what, reason, count)
        for element in self.content.elements:
            self._element(element)
        for relationship in self.content.relationships:
            self._check_ends(relationship)
            self._details(relationship)
        self._relationships()
        self._notes()

    def _leave(self, what: str, reason: str, count: int = 1) -> None:
        self.builder.read(what, count)
        self.builder.left(what, reason, count)

    def iri(self, identifier: str) -> str:
        """Give the IRI of an element."""
        return self.start + quote(identifier, safe="")

    def _element(self, element: Concept) -> None:
        kind = self.types[element.identifier]
        if kind in mapping().left:
            self._leave(kind, mapping().left[kind])
            return
        iri = self.iri(element.identifier)
        self.builder.read(kind)
        self.builder.used(kind)
        self.builder.declare(iri, f"{SYSTEM}:{kind}")
        known = mapping().elements.get(kind)
        for neutral in known.kinds if known else ():
            self.builder.kind(iri, neutral)
        for name in element.names:
            self.builder.label(iri, name.text, name.language)
        for text in element.documentation:
            self.builder.literal(iri, DCTERMS.description, text.text, language=text.language)
        self._properties(element, iri)
        for detail in element.details:
            self._leave(f"{detail} of an element", NO_PLACE)

    def _properties(self, element: Concept, iri: str) -> None:
        for key, value in element.properties:
            if not key:
                self._leave("property", "it has no key")
                continue
            self.builder.read("property")
            self.builder.used("property")
            self.builder.literal(iri, PROPERTY + quote(key, safe=""), value.text, language=value.language)

    def _details(self, relationship: Concept) -> None:
        """Leave what a relationship states beside its type and its ends: a neutral fact has no place for it."""
        details = Counter(relationship.details)
        details["name"] += bool(relationship.names)
        details["documentation"] += bool(relationship.documentation)
        details["property"] += len(relationship.properties)
        for detail, count in details.items():
            if count:
                self._leave(f"{detail} of a relationship", NO_PLACE, count)

    def _check_ends(self, relationship: Concept) -> None:
        for end, identifier in (("source", relationship.source), ("target", relationship.target)):
            if identifier not in self.concepts:
                raise self._error(
                    relationship,
                    f"its {end} {identifier!r} is no element or relationship of the file.",
                    "Take the relationship out, or export the model again with all its elements.",
                )

    # ----------------------------------------------------------------------------------------------------------------
    # Relationships

    def _relationships(self) -> None:
        at_junctions: list[Concept] = []
        for relationship in self.content.relationships:
            kind = mapping().name_in_3(relationship.type)
            self.builder.read(kind)
            ends = (relationship.source, relationship.target)
            if kind not in mapping().relationships:
                self.builder.left(kind, "ArchiMate 2 and 3 have no relationship of this type")
            elif any(end in self.related for end in ends):
                self.builder.left(kind, _TO_RELATIONSHIP)
            elif any(self.types[end] in mapping().junctions for end in ends):
                at_junctions.append(relationship)
            else:
                self._settle(relationship, self._fact(kind, *ends))
        self._at_junctions(at_junctions)

    def _at_junctions(self, relationships: list[Concept]) -> None:
        junctions = frozenset(node for node, kind in self.types.items() if kind in mapping().junctions)
        for group in joined(relationships, junctions):
            reasons = dict.fromkeys((one.identifier for one in group.relationships), group.why_not or NOWHERE)
            for chain in () if group.why_not else group.chains():
                kind = mapping().name_in_3(chain.begin.type)
                why_not = self._fact(kind, chain.begin.source, chain.end.target)
                for one in chain.passed:
                    reasons[one.identifier] = reasons[one.identifier] and why_not
            for one in group.relationships:
                self._settle(one, reasons[one.identifier])
        met = {end for one in relationships for end in (one.source, one.target) if self.concepts[end].alternative}
        if met:
            self.builder.notes.append(f"{len(met)} x junction of alternatives (or): each of them is read as holding.")

    def _settle(self, relationship: Concept, why_not: str) -> None:
        kind = mapping().name_in_3(relationship.type)
        if why_not:
            self.builder.left(kind, why_not)
        else:
            self.builder.used(kind)

    def _fact(self, kind: str, source: str, target: str) -> str:
        """State what a relationship says; where it says nothing neutral, give the reason."""
        rule = mapping().rule(kind, self.types[source], self.types[target])
        if rule is None:
            return "between these types it has no neutral relation"
        for relation, forwards in rule.facts:
            subject, object_ = (source, target) if forwards else (target, source)
            self.builder.statement(self.iri(subject), relation, self.iri(object_))
        return "" if rule.facts else rule.reason

    # ----------------------------------------------------------------------------------------------------------------
    # What whoever loads the file should know

    def _notes(self) -> None:
        counts = Counter(self.types.values())
        for kind, count in sorted(counts.items()):
            known = mapping().elements.get(kind)
            if known and not known.kinds:
                self.builder.notes.append(f"{count} x {kind} without a kind: {known.reason}.")
            elif not known and kind not in mapping().left:
                near = near_matches(kind, mapping().elements, 1)
                hint = f" Did you mean {near[0]}?" if near else ""
                self.builder.notes.append(
                    f"{count} x {kind} without a kind: ArchiMate 2 and 3 have no such type.{hint}"
                )
        stated = {concept.type.removesuffix("Relationship") for concept in self.concepts.values()}
        renamed = [f"{name} as {mapping().renamed[name]}" for name in sorted(stated & mapping().renamed.keys())]
        if renamed:
            self.builder.notes.append(f"Read by the names of version 3: {', '.join(renamed)}.")
