"""Theses over all pairs of definitions: under which meanings of its terms is a thesis true of every model?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from html import escape
from textwrap import fill

from .. import conditions as c
from ..catalogue import Catalogue
from ..catalogue import catalogue as published
from ..definitions import Constraint
from ..english import predicate
from ..errors import InputError, UnknownNameError
from ..names import shorten, texts
from ..paths import HERE
from ..theses import Notion, Quantity, Thesis
from ..vocabulary import vocabulary
from .axioms import along
from .claims import Claim, comparable, of_definition
from .implication import SECONDS, Kind, Pair, Progress, Status
from .relations import implied, shipped
from .search import MOST, Found, Impossible
from .solver import Deadline
from .witness import Witness


class Answer(Enum):
    """What becomes of a thesis under two meanings."""

    PROVED = "proved"
    """It is true of every model."""
    REFUTED = "refuted"
    """There is a model of which it is not true."""
    EXCLUDED = "excluded"
    """Its contrary is true of every model: nothing can be both, where it says that everything is."""
    OPEN = "open"
    """Neither was found in the time and the number of elements allowed."""
    NOT_COMPARABLE = "not comparable"
    """The two are said of different kinds of thing."""


_Group = tuple[tuple[str, ...], tuple[Answer, ...]]

MARKS = {
    Answer.PROVED: "yes",
    Answer.REFUTED: "no",
    Answer.EXCLUDED: "never",
    Answer.OPEN: "?",
    Answer.NOT_COMPARABLE: "-",
}
"""How answers are written in tables."""

LEGEND = "yes: proved; no: refuted by a model; never: proved of none; ?: open; -: said of different kinds of thing"
_CELL = 7
"""So wide is a column in text."""
_TINTS = {
    Answer.PROVED: "#b7dfb9",
    Answer.REFUTED: "#f5f1dc",
    Answer.EXCLUDED: "#f3c9c0",
    Answer.OPEN: "transparent",
    Answer.NOT_COMPARABLE: "transparent",
}


@dataclass(frozen=True, eq=False)
class ThesisMatrix:
    """A thesis under all pairs of meanings.

    Attributes:
        thesis: the thesis.
        subjects: the rows: tokens of definitions, or one kind.
        objects: the columns, likewise.
        cells: the answer for each pair.

    Example:
        >>> matrix = thesis("application-is-a-service", frameworks=["betz-2010"])
        >>> matrix["betz-2010:application", "betz-2010:service"].value
        'proved'
    """

    thesis: Thesis
    subjects: tuple[str, ...]
    objects: tuple[str, ...]
    cells: Mapping[tuple[str, str], Answer] = field(repr=False)
    _claims: Mapping[str, Claim] = field(repr=False)
    _most: int = field(default=MOST, repr=False)

    def __repr__(self) -> str:
        return f"ThesisMatrix({self.thesis.token!r}, {len(self.subjects)} subjects, {len(self.objects)} objects)"

    def __getitem__(self, key: tuple[str, str]) -> Answer:
        """Give the answer for a subject and an object.

        Raises:
            UnknownNameError: if one is not in this matrix.
        """
        for name, known in zip(key, (self.subjects, self.objects), strict=True):
            if name not in known:
                raise UnknownNameError("definition of this matrix", name, known)
        return self.cells[key]

    @cached_property
    def counts(self) -> Mapping[Answer, int]:
        """How many pairs there are of each answer."""
        found = Counter(self.cells.values())
        return {answer: found[answer] for answer in Answer}

    def witness(self, subject: str, object_: str, *, seconds: float | None = SECONDS) -> Witness | None:
        """Give a smallest model that refutes the thesis under two meanings; None where none does.

        Raises:
            UnknownNameError: if one is not in this matrix.
            EngineError: if the solver is not installed.
        """
        if self[subject, object_] not in (Answer.REFUTED, Answer.EXCLUDED):
            return None
        pair = Pair(self._claims[subject], self._there(object_), self._most, Deadline(seconds))
        if self.thesis.quantity is Quantity.NO:
            both = pair.both()
            return pair.witness(both, (pair.one, pair.other)) if isinstance(both, Found) else None
        forwards = pair.implies()
        if forwards.witness or self.thesis.quantity is Quantity.EVERY:
            return forwards.witness
        return pair.implies(backwards=True).witness

    def _there(self, object_: str) -> Claim:
        return _reached(self.thesis, self._claims[object_])

    def groups(self) -> list[_Group]:
        """Give subjects with the same answers throughout, together."""
        found: dict[tuple[Answer, ...], list[str]] = {}
        for subject in self.subjects:
            found.setdefault(tuple(self.cells[subject, one] for one in self.objects), []).append(subject)
        return [(tuple(subjects), answers) for answers, subjects in found.items()]

    def to_records(self) -> list[dict[str, str]]:
        """Give one mapping for each pair: `thesis`, `subject`, `object` (tokens), `answer`."""
        return [
            {"thesis": self.thesis.token, "subject": one, "object": other, "answer": self.cells[one, other].value}
            for one in self.subjects
            for other in self.objects
        ]

    def text(self, width: int = 100) -> str:
        """Give the matrix as text: objects down, subjects across, subjects with the same answers together.

        Args:
            width: how many characters a line may have.
        """
        groups = self.groups()
        wide = max(map(len, self.objects), default=0)
        across = max(1, (width - wide - 2) // _CELL)
        blocks = [self._block(groups[at : at + across], at, wide, width) for at in range(0, len(groups), across)]
        return "\n\n".join([f"{self.thesis.label}?", *blocks, LEGEND])

    def _block(self, groups: list[_Group], start: int, wide: int, width: int) -> str:
        heads = [f"[{start + number}]" for number in range(1, len(groups) + 1)]
        lines = [
            fill(
                f"  {head} {', '.join(subjects)}",
                width,
                subsequent_indent=" " * (len(head) + 3),
                break_long_words=False,
                break_on_hyphens=False,
            )
            for head, (subjects, _) in zip(heads, groups, strict=True)
        ]
        lines.append(f"{'':{wide}}  " + "".join(f"{head:<{_CELL}}" for head in heads).rstrip())
        for position, object_ in enumerate(self.objects):
            marks = "".join(f"{MARKS[answers[position]]:<{_CELL}}" for _, answers in groups)
            lines.append(f"{object_:<{wide}}  {marks}".rstrip())
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        head = "".join(
            f"<th style='writing-mode:vertical-rl;text-align:left'>{escape(one)}</th>" for one in self.objects
        )
        rows = []
        for subject in self.subjects:
            cells = "".join(
                f"<td style='text-align:center;color:#222;background:{_TINTS[answer]}'>{MARKS[answer]}</td>"
                for answer in (self.cells[subject, one] for one in self.objects)
            )
            rows.append(f"<tr><th style='text-align:left'>{escape(subject)}</th>{cells}</tr>")
        caption = f"<caption>{escape(self.thesis.label)}? {escape(LEGEND)}</caption>"
        return f"<table>{caption}<thead><tr><th></th>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def thesis(
    token: str,
    *,
    frameworks: Iterable[str] = (),
    definitions: Iterable[str] = (),
    most: int = MOST,
    seconds: float | None = None,
    fresh: bool = False,
    progress: Progress | None = None,
    catalogue: Catalogue | None = None,
) -> ThesisMatrix:
    """Tell under which pairs of definitions a thesis is true of every model.

    Args:
        token: the token of the thesis, such as `application-is-a-service`.
        frameworks: only definitions of these frameworks; by default of all.
        definitions: only these definitions, beside those of the frameworks.
        most: so many elements a model may have.
        seconds: the time limit for all of it; pairs that are not reached by then are open.
        fresh: whether to work out what ships with the library as well (`published_relations`).
        progress: is told how many pairs are done, and how many there are.
        catalogue: where definitions and theses come from; by default the published ones.

    Returns:
        The answer for each pair of a definition of its subject and one of its object.

    Raises:
        UnknownNameError, AmbiguousNameError: if a name is not one.
        InputError: if no definition is left for the subject or the object.
        EngineError: if the solver is not installed.

    Example:
        >>> matrix = thesis("application-is-a-service", frameworks=["betz-2010", "itil-2011"])
        >>> matrix["betz-2010:application", "betz-2010:service"]
        <Answer.PROVED: 'proved'>
    """
    source = catalogue or published()
    found = source.thesis(token)
    allowed = _allowed(source, texts(frameworks), texts(definitions))
    subjects, objects = (_claims(notion, source, allowed) for notion in (found.subject, found.object))
    deadline = Deadline(seconds)
    ships = shipped(() if fresh or found.path != HERE else source.all_definitions.values())
    cells = {}
    for subject in subjects:
        for object_ in objects:
            pair = Pair(subject, _reached(found, object_), most, deadline, natural=False)
            known = ships(subject.token, object_.token)
            cells[subject.token, object_.token] = (
                _known_answer(found.quantity, known) if known else _answer(found.quantity, pair, found.path == HERE)
            )
            if progress:
                progress(len(cells), len(subjects) * len(objects))
    claims = {one.token: one for one in (*subjects, *objects)}
    return ThesisMatrix(
        found, tuple(one.token for one in subjects), tuple(one.token for one in objects), cells, claims, most
    )


def _allowed(source: Catalogue, frameworks: tuple[str, ...], definitions: tuple[str, ...]) -> frozenset[str] | None:
    if not frameworks and not definitions:
        return None
    chosen = {source.definition(name).token for name in definitions}
    tokens = {source.framework(name).token for name in frameworks}
    chosen |= {one.token for one in source.all_definitions.values() if one.framework in tokens}
    return frozenset(chosen)


def _claims(notion: Notion, source: Catalogue, allowed: frozenset[str] | None) -> list[Claim]:
    """Give the meanings that a notion can have."""
    if notion.kind:
        words = vocabulary()
        message = predicate(c.OfClass(notion.kind), words, plural=False).capitalize() + "."
        clause = Constraint(notion.kind, message, c.OfClass(notion.kind))
        return [Claim(shorten(notion.kind), words.label(notion.kind), "", (clause,))]
    senses = source.senses(notion.term)
    found = [
        of_definition(one)
        for one in source.all_definitions.values()
        if one.term in senses
        and (allowed is None or one.token in allowed)
        and not one.informal
        and not one.only_by_reference
    ]
    if not found:
        raise InputError(
            f"no definition of {source.term(notion.term).label!r} is among those chosen.",
            repair="Name further frameworks or definitions.",
        )
    return sorted(found, key=lambda one: one.token)


def _reached(thesis: Thesis, object_: Claim) -> Claim:
    """Give what the thesis says of its subject, for one meaning of its object."""
    if thesis.path == HERE:
        return object_
    message = f"By its path leads to what is {object_.token}."
    clause = Constraint(thesis.iri, message, along(thesis.path, object_.whole))
    return Claim(f"{thesis.token} ({object_.token})", thesis.label, object_.term, (clause,))


def _answer(quantity: Quantity, pair: Pair, same_thing: bool) -> Answer:
    if same_thing and not comparable(pair.one, pair.other):
        return Answer.NOT_COMPARABLE
    if quantity is Quantity.NO:
        both = pair.both()
        if isinstance(both, Impossible):
            return Answer.PROVED
        if not isinstance(both, Found):
            return Answer.OPEN
        return Answer.EXCLUDED if pair.implies().status is Status.PROVED else Answer.REFUTED
    statuses = [pair.implies().status]
    if quantity is Quantity.COINCIDE:
        statuses.append(pair.implies(backwards=True).status)
    if Status.REFUTED in statuses:
        return Answer.EXCLUDED if isinstance(pair.both(), Impossible) else Answer.REFUTED
    return Answer.OPEN if Status.OPEN in statuses else Answer.PROVED


def _known_answer(quantity: Quantity, kind: Kind) -> Answer:
    if kind is Kind.NOT_COMPARABLE:
        return Answer.NOT_COMPARABLE
    if quantity is Quantity.NO:
        if kind is Kind.DISJOINT:
            return Answer.PROVED
        return Answer.EXCLUDED if implied(kind) is Status.PROVED else Answer.REFUTED
    if kind is Kind.DISJOINT:
        return Answer.EXCLUDED
    holds = kind is Kind.EQUIVALENT if quantity is Quantity.COINCIDE else implied(kind) is Status.PROVED
    return Answer.PROVED if holds else Answer.REFUTED
