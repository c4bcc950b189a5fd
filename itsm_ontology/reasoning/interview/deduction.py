"""What follows from answers: whether conditions on one element can hold, or fail, together with what is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ... import conditions as c
from ...conditions import Condition
from ...vocabulary import Vocabulary
from ...walk import Walk
from ..search import Found, Impossible, Open, Search
from ..solver import Deadline
from ..witness import BASE, model_of

MOST = 4
"""So many elements a model may have that shows that something is possible; a proof that it is not may search more."""

SECONDS = 0.5
"""So long one question to the solver may take: what is not known by then counts as possible."""

Literal = tuple[int, bool]
"""The position of a condition, and whether it holds."""
Literals = frozenset[Literal]


class _Limit(Deadline):
    """A time limit for each of several questions."""

    def restart(self) -> None:
        """Count from now."""
        self.__post_init__()


@dataclass(frozen=True, eq=False)
class Deduction:
    """Tells what is possible, and learns from each answer of the solver.

    A model that was found shows of every condition that it can hold, or fail, together with all others as they are in
    that model. A clash that was proved rules out whatever contains it. So the solver is seldom asked.

    Attributes:
        conditions: what is reasoned about; elsewhere a condition is named by its position here.
        words: the vocabulary.

    Example:
        >>> from itsm_ontology import paths as p
        >>> from itsm_ontology.vocabulary import vocabulary
        >>> customer = p.Relation("https://w3id.org/itsm-ontology/itsm#customer")
        >>> deduction = Deduction((c.AtLeast(1, customer), c.AtLeast(2, customer)), vocabulary())
        >>> sorted(deduction.clash({0: False, 1: True}))
        [(0, False), (1, True)]
        >>> deduction.forced(1, {0: False})
        (False, frozenset({(0, False)}))
    """

    conditions: tuple[Condition, ...]
    words: Vocabulary = field(repr=False)

    @cached_property
    def _limit(self) -> _Limit:
        return _Limit(SECONDS)

    @cached_property
    def _search(self) -> Search:
        both = tuple(one for condition in self.conditions for one in (condition, c.Not(condition)))
        return Search(both, self.words, natural=False, most=MOST, deadline=self._limit)

    @cached_property
    def _clashes(self) -> list[Literals]:
        return []

    @cached_property
    def _models(self) -> list[int]:
        """The models that were found: a bit for each condition that holds."""
        return []

    @cached_property
    def _left_open(self) -> list[Literals]:
        """What no small model was found of; of more than that there is none either, so that is not looked for."""
        return []

    def clash(self, known: Mapping[int, bool]) -> Literals:
        """Look for what can't hold together among things known.

        Args:
            known: for positions of conditions, whether they hold.

        Returns:
            A smallest part that no model meets; none if there is a model of all, or if neither could be shown.
        """
        wanted = frozenset(known.items())
        if met := next((clash for clash in self._clashes if clash <= wanted), None):
            return met
        if self._is_shown(known) or any(part <= wanted for part in self._left_open):
            return frozenset()
        self._limit.restart()
        answer = self._search.model([2 * position + (not holds) for position, holds in sorted(wanted)])
        match answer:
            case Found():
                self._learn(answer)
            case Open():
                self._left_open.append(wanted)
            case Impossible(clauses):
                self._clashes.append(frozenset((clause // 2, clause % 2 == 0) for clause in clauses))
                return self._clashes[-1]
        return frozenset()

    def _is_shown(self, known: Mapping[int, bool]) -> bool:
        looked_at = _bits(known)
        holding = _bits(position for position, holds in known.items() if holds)
        return any(model & looked_at == holding for model in self._models)

    def _learn(self, found: Found) -> None:
        structure = found.structure
        names = {number: str(number) for number in structure.elements if self._search.program.term(number) is None}
        model = model_of(self._search.program, structure, names)
        walk, element = Walk(model.facts), model.node(BASE + names[0])
        met = (position for position, one in enumerate(self.conditions) if walk.truth(one, element).met)
        self._models.append(_bits(met))

    def forced(self, position: int, known: Mapping[int, bool]) -> tuple[bool, Literals] | None:
        """Tell whether a condition is settled by what is known of others.

        Args:
            position: the condition.
            known: for positions of other conditions, whether they hold.

        Returns:
            Whether it holds, and the part of what is known that it follows from; None if it is not settled.
        """
        for holds in (True, False):
            if clash := self.clash({**known, position: holds}):
                return not holds, clash - {(position, holds)}
        return None

    def propagated(self, known: Mapping[int, bool]) -> Iterator[tuple[int, bool, Literals]]:
        """Yield what follows by clashes that were met before: a condition, whether it holds, and from what."""
        facts = dict(known)
        before = -1
        while before < len(facts):
            before = len(facts)
            for clash in self._clashes:
                rest = [literal for literal in clash if facts.get(literal[0]) is not literal[1]]
                if len(rest) == 1 and rest[0][0] not in facts:
                    position, holds = rest[0]
                    facts[position] = not holds
                    yield position, not holds, clash - {rest[0]}


def _bits(positions: Iterable[int]) -> int:
    return sum(1 << position for position in positions)
