"""What an evaluation answers: outcomes, verdicts and the findings behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property


class Outcome(Enum):
    """The five answers that a verdict can give.

    Example:
        >>> Outcome.of(conforms=False, settled=False)
        <Outcome.UNDETERMINED: 'UNDETERMINED'>
    """

    SATISFIED = "SATISFIED"
    SATISFIED_SO_FAR = "SATISFIED_SO_FAR"
    UNDETERMINED = "UNDETERMINED"
    CONTRADICTED = "CONTRADICTED"
    NOT_APPLICABLE = "NOT_APPLICABLE"

    @staticmethod
    def of(*, conforms: bool, settled: bool) -> Outcome:
        """Give the outcome for the two bits of a verdict on an element that the definition applies to."""
        if conforms:
            return Outcome.SATISFIED if settled else Outcome.SATISFIED_SO_FAR
        return Outcome.CONTRADICTED if settled else Outcome.UNDETERMINED

    @property
    def words(self) -> str:
        """The outcome in words.

        Example:
            >>> Outcome.SATISFIED_SO_FAR.words
            'satisfied so far'
        """
        return self.value.lower().replace("_", " ")

    @property
    def meaning(self) -> str:
        """One sentence that says what the outcome means."""
        return {
            Outcome.SATISFIED: "the facts meet the definition, and no added fact could change that",
            Outcome.SATISFIED_SO_FAR: "the facts meet the definition; an added fact could still change that",
            Outcome.UNDETERMINED: "facts that the definition asks for are not recorded",
            Outcome.CONTRADICTED: "what is recorded rules it out, whatever is added",
            Outcome.NOT_APPLICABLE: "the definition is said of another kind of thing",
        }[self]


Fact = tuple[str, str, str]
"""Subject IRI, relation IRI, and the object's IRI or literal value."""


@dataclass(frozen=True)
class Finding:
    """One reason why a definition is not met.

    Attributes:
        constraint: the IRI of the constraint.
        message: what would hold if it were met.
        detail: what is the case instead, in words.
        facts: the recorded facts that it hangs on; none where something is merely missing.
        relations: the relations that the constraint speaks of, by IRI: what could be filled in.

    Example:
        >>> print(Finding("urn:c", "Has a customer.", "No customer recorded."))
        Has a customer. No customer recorded.
    """

    constraint: str
    message: str
    detail: str
    facts: tuple[Fact, ...] = ()
    relations: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.message} {self.detail}" if self.detail else self.message


Findings = tuple[tuple[Finding, ...], tuple[Finding, ...]]
"""What is missing, and what conflicts."""


@dataclass(frozen=True)
class Verdict:
    """What one definition says of one element, on the facts recorded.

    Attributes:
        element: the element's IRI.
        label: its name.
        declared: what source systems call it, such as `archimate-3:ApplicationService`.
        definition: the definition's token, such as `itil-2011:service`.
        term: the token of the term defined, such as `service`.
        framework: the framework's token.
        outcome: the answer.
        conforms: whether the facts meet every deciding constraint; None where the definition does not apply.
        settled: whether no permitted added fact could change that; None where the definition does not apply.
        unit: the IRI of the organizational unit it was judged for, if one was given.
        necessary_only: whether meeting the definition means no more than that nothing speaks against it.
        complete: the relations of which all facts were taken to be recorded, as `RELATION` or `RELATION@SOURCE`.

    Example:
        >>> from itsm_ontology import Model, evaluate
        >>> model = Model.from_records([{"id": "anna", "kind": "Person"}])
        >>> evaluate(model)["anna", "obashi:application"].outcome
        <Outcome.NOT_APPLICABLE: 'NOT_APPLICABLE'>
    """

    element: str
    label: str
    declared: tuple[str, ...]
    definition: str
    term: str
    framework: str
    outcome: Outcome
    conforms: bool | None
    settled: bool | None
    unit: str | None = None
    necessary_only: bool = False
    complete: tuple[str, ...] = ()
    _reasons: Callable[[], Findings] = field(default=lambda: ((), ()), repr=False, compare=False)
    _touched: Callable[[], bool] = field(default=lambda: False, repr=False, compare=False)

    @cached_property
    def _findings(self) -> Findings:
        if self.conforms is not False:
            return (), ()
        return self._reasons()

    @property
    def missing(self) -> tuple[Finding, ...]:
        """What is not recorded and would have to be, constraint by constraint; worked out when asked for."""
        return self._findings[0]

    @property
    def conflicts(self) -> tuple[Finding, ...]:
        """What is recorded and rules the definition out, constraint by constraint; worked out when asked for."""
        return self._findings[1]

    @cached_property
    def flagged(self) -> bool:
        """Whether facts that it rests on conflict (`Model.problems`); worked out when asked for."""
        return self._touched()
