"""What the catalogue holds, as data: terms, frameworks, definitions with their clauses, sources and examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from . import conditions as c
from .conditions import Condition
from .document import Document
from .english import sentence
from .evidence import Source
from .names import shorten
from .paths import Path, Relation
from .rdf import Statement
from .verdict import Outcome
from .vocabulary import vocabulary


@dataclass(frozen=True)
class DisputedTerm:
    """A word that people fight over.

    Attributes:
        token: its short name, such as `service`.
        label: the word.
        note: what the dispute is about.
        broader: the token of the word that it is one sense of, if it is.
        labels: the word by language.
        others: other words for it.
    """

    token: str
    label: str
    note: str
    broader: str = ""
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Framework:
    """A framework edition, or a position taken in a text at a date.

    Attributes:
        token: its short name, such as `itil-2011`.
        label: its name.
        kind: local name of a `meta:FrameworkKind`, such as `BodyOfKnowledge`.
        edition: the edition.
        issued: the date or year, if known.
        revision_of: the token of the edition before it, if it is in the catalogue or known.
        about: two or three sentences on what its file holds.
        file: the file it was read from.
        document: what that file held.

    Example:
        >>> from itsm_ontology import catalogue
        >>> catalogue().framework("itil-2011").revision_of
        'itil-2007'
    """

    token: str
    label: str
    kind: str = ""
    edition: str = ""
    issued: str = ""
    revision_of: str = ""
    about: str = field(default="", repr=False)
    file: str = ""
    document: Document = field(default=Document("", b""), repr=False, compare=False)


@dataclass(frozen=True)
class Constraint:
    """One named clause of a definition.

    Attributes:
        iri: its IRI.
        message: what holds when it is met.
        condition: what it asks.
        decides: false where the source says *should*: then it is reported and does not decide.
    """

    iri: str
    message: str
    condition: Condition
    decides: bool = True

    @property
    def token(self) -> str:
        """Its short name, such as `itil-2011:service-customer`."""
        return shorten(self.iri)


@dataclass(frozen=True)
class Criterion:
    """Something that makes a thing the same one over time: the values that a path leads to.

    Attributes:
        path: the path.
        kind: only values of this kind count, by IRI; any if empty.
    """

    path: Path
    kind: str = ""

    @property
    def relation(self) -> str:
        """The IRI of the relation, where the path is a single one; else empty."""
        return self.path.iri if isinstance(self.path, Relation) else ""


@dataclass(frozen=True)
class Unchecked:
    """A clause of the source that is not tested.

    Attributes:
        clause: the clause, in our words.
        reason: why it is not tested.
    """

    clause: str
    reason: str


@dataclass(frozen=True)
class Example:
    """A small model that meets a definition, or breaks the constraints it names.

    Attributes:
        iri: its IRI.
        label: what it shows.
        element: the IRI of the element in question.
        breaks: the constraints it does not meet, by IRI; none if it meets the definition.
        expects: the outcome, where one is stated.
        statements: its facts.
    """

    iri: str
    label: str
    element: str
    breaks: tuple[str, ...]
    expects: Outcome | None
    statements: tuple[Statement, ...] = field(repr=False, hash=False)


@dataclass(frozen=True)
class Definition:
    """What one framework says a term means.

    Attributes:
        token: its short name, `framework:term` or `framework:term.reading`.
        iri: its IRI.
        label: its name.
        text: the definition in our own words.
        term: the token of the term defined.
        framework: the token of the framework.
        applies_to: the neutral kinds it can be said of, by IRI.
        evidence: the mark of `evidence.EVIDENCE`.
        sources: where it comes from.
        constraints: its clauses.
        notes: readings chosen, and what else a reader should know.
        unchecked: clauses that are not tested.
        held_by: tokens of other frameworks and positions that hold this very definition.
        identity: what makes the thing the same one over time, all of it together.
        auxiliary: whether it only serves other definitions of its framework.
        informal: why it has no testable condition; empty if it has.
        necessary_only: whether meeting it means no more than that nothing speaks against it.
        examples: small models that meet or break it.
        file: the file it was read from.
        document: what that file held.

    Example:
        >>> from itsm_ontology import catalogue
        >>> catalogue().definition("itil-2011:application").constraints[0].message
        'Is software.'
    """

    token: str
    iri: str
    label: str
    text: str
    term: str
    framework: str
    applies_to: tuple[str, ...]
    evidence: str
    sources: tuple[Source, ...] = ()
    constraints: tuple[Constraint, ...] = field(default=(), repr=False)
    notes: tuple[str, ...] = field(default=(), repr=False)
    unchecked: tuple[Unchecked, ...] = field(default=(), repr=False)
    held_by: tuple[str, ...] = ()
    identity: tuple[Criterion, ...] = ()
    auxiliary: bool = False
    informal: str = ""
    necessary_only: bool = False
    examples: tuple[Example, ...] = field(default=(), repr=False)
    file: str = ""
    document: Document = field(default=Document("", b""), repr=False, compare=False)

    @cached_property
    def condition(self) -> Condition:
        """All deciding clauses together."""
        return c.conjunction(*(clause.condition for clause in self.constraints if clause.decides))

    @cached_property
    def applicability(self) -> Condition:
        """That the element can be of a kind that the definition is said of."""
        return c.AnyOf(tuple(c.OfClass(kind) for kind in self.applies_to))

    @cached_property
    def only_by_reference(self) -> str:
        """Why only the reference engine can evaluate it; empty if every engine can."""
        return c.opaque_reason(self.condition) or ""

    @cached_property
    def english(self) -> str:
        """The formal definition as English sentences, worked out from its conditions.

        Example:
            >>> from itsm_ontology import catalogue
            >>> print(catalogue().definition("itil-2011:application").english.splitlines()[1])
              - It is software.
        """
        return _english(self)


@dataclass(frozen=True)
class Standing:
    """What a framework has on a term that it does not define.

    Attributes:
        sort: `absent` (a fact), `mentioned` (a fact), or `not seen` (no evidence of absence).
        framework: the framework's token.
        term: the term's token.
        evidence: the mark of `evidence.EVIDENCE`.
        sources: where that was seen.
        comment: anything to add.
    """

    sort: str
    framework: str
    term: str
    evidence: str
    sources: tuple[Source, ...] = ()
    comment: str = ""


def _english(definition: Definition) -> str:
    if definition.informal:
        return f"{definition.label}: {definition.text}\nNo testable condition: {definition.informal}"
    words = vocabulary()
    lines = [f"{definition.label}: something is one if"]
    lines += [f"  - {sentence(clause.condition, words)}" for clause in definition.constraints if clause.decides]
    should = [clause for clause in definition.constraints if not clause.decides]
    if should:
        lines.append("It should besides (which does not decide):")
        lines += [f"  - {sentence(clause.condition, words)}" for clause in should]
    if definition.unchecked:
        lines.append("Not tested, so that meeting the rest means only that nothing speaks against it:")
        lines += [f"  - {item.clause} ({item.reason})" for item in definition.unchecked]
    return "\n".join(lines)
