"""Witnesses: smallest models that show something, as `Model`s with readable names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from .. import conditions as c
from .. import paths as p
from ..conditions import Condition
from ..engines.plan import Plan, Profile
from ..english import predicate, values_named
from ..errors import EngineError
from ..facts_builder import FactsBuilder
from ..model import Model
from ..names import ITSM
from ..pictures import Arrow, Box, Picture
from ..rdf import Term
from ..vocabulary import Vocabulary
from .program import FIRST_VALUE, Program
from .search import Found, Nature
from .solver import Structure

BASE = "urn:witness:"
"""The IRIs of a witness's elements start so."""


@dataclass(frozen=True, eq=False)
class Witness:
    """A smallest model that shows something of one of its elements.

    Attributes:
        model: the model.
        element: the IRI of the element in question.
        shows: what it shows, in words.
        meets: what the element meets: tokens of definitions and constraints.
        fails: what it does not meet: the tokens of constraints, or of definitions.
        nature: how natural it is: `Nature.PLAIN`, unless no natural one of the size allowed was found.
        fewest: whether no model of that many elements has fewer facts.

    Example:
        >>> from itsm_ontology import implies
        >>> print(implies("obashi:application", "archimate-3:application").witness.shows)
        is obashi:application, and not archimate-3:application
    """

    model: Model = field(repr=False)
    element: str
    shows: str
    meets: tuple[str, ...] = ()
    fails: tuple[str, ...] = ()
    nature: Nature = Nature.PLAIN
    fewest: bool = True

    @property
    def size(self) -> tuple[int, int]:
        """How many elements, and how many facts (kinds included)."""
        return len(self.model.elements), len(self.facts)

    @cached_property
    def facts(self) -> tuple[tuple[str, str, str], ...]:
        """The facts as text: subject, relation or "is", value; the element in question first."""
        return tuple(_lines(self.model, self.element))

    @property
    def text(self) -> str:
        """The facts, one a line, in three columns."""
        first, second = (max((len(fact[column]) for fact in self.facts), default=0) for column in (0, 1))
        return "\n".join(f"{one:<{first}}  {relation:<{second}}  {value}" for one, relation, value in self.facts)

    @cached_property
    def picture(self) -> Picture:
        """The model as a picture: a box for each element, with its kinds; an arrow for each fact between elements."""
        words = self.model.vocabulary
        boxes, arrows = [], []
        for iri in self.model.elements:
            kinds = [words.label(kind) for kind in self.model.kinds(iri)]
            values = [
                f"{words.label(relation)}: {value.value}"
                for _, relation, value in _facts_of(self.model, iri)
                if isinstance(value, Literal)
            ]
            boxes.append(Box(iri, (self.model.label(iri), *kinds, *values), emphasis=iri == self.element))
            arrows += [
                Arrow(iri, value.value, words.label(relation))
                for _, relation, value in _facts_of(self.model, iri)
                if not isinstance(value, Literal)
            ]
        return Picture(self.shows, tuple(boxes), tuple(arrows))

    def _repr_svg_(self) -> str:
        return self.picture.svg()

    def __str__(self) -> str:
        return f"{self.shows}\n" + "\n".join(f"  {line}" for line in self.text.splitlines())


def make(
    program: Program,
    found: Found,
    name: str,
    shows: str,
    checks: Mapping[Condition, bool],
    meets: Iterable[str] = (),
    fails: Iterable[str] = (),
) -> Witness:
    """Make a witness of what the solver found, and have the SQL engine confirm it.

    Args:
        program: what was solved.
        found: what was found.
        name: what to call the element in question.
        shows: what it shows, in words.
        checks: conditions on the element, and whether they are to hold; what the program says of every element is
            checked besides.
        meets: tokens of what it meets.
        fails: tokens of what it fails.

    Raises:
        EngineError: if the SQL engine says otherwise, which would be a mistake in this library.
    """
    names = _names(program, found.structure, name)
    model = model_of(program, found.structure, names)
    element = BASE + names[0].replace(" ", "-")
    met = met_by_sql(model, (*checks, *program.everywhere))
    node, everything = model.node(element), set(model.element_nodes)
    wrong = [str(condition) for condition, holds in checks.items() if (node in met[condition]) != holds]
    wrong += [str(condition) for condition in program.everywhere if not everything <= met[condition]]
    if wrong:
        raise EngineError(
            f"the solver and the SQL engine disagree on {wrong[0]} for {name}: please report this with the model:\n"
            f"{model.turtle()}"
        )
    return Witness(model, element, shows, tuple(meets), tuple(fails), found.nature, found.fewest)


def met_by_sql(model: Model, conditions: Iterable[Condition]) -> dict[Condition, frozenset[int]]:
    """Ask the SQL engine at which nodes conditions are met."""
    from ..engines import sql

    plan = Plan(model.vocabulary, Profile.of(model.facts))
    steps = {condition: plan.bounds(condition).met for condition in conditions}
    sets = sql.evaluate(model.facts, plan, set(steps.values()))
    return {condition: sets[step] for condition, step in steps.items()}


def model_of(program: Program, structure: Structure, names: Mapping[int, str]) -> Model:
    """Make a model of a structure.

    Args:
        program: what was solved.
        structure: what was found.
        names: a name for each element that no condition names by its IRI.
    """
    builder = FactsBuilder("witness", "witness")

    def node(number: int) -> Term | str:
        return program.term(number) or BASE + names[number].replace(" ", "-")

    for number in structure.elements:
        if number in names:
            builder.label(node(number), names[number])
    for number, kind in sorted(structure.kinds):
        builder.kind(node(number), kind)
    for start, relation, end in sorted(structure.facts):
        builder.statement(node(start), relation, node(end))
    if not structure.kinds and not structure.facts:
        builder.kind(node(0), ITSM.Element)
    builder.read("fact", len(structure.facts) + len(structure.kinds))
    builder.used("fact", len(structure.facts) + len(structure.kinds))
    return Model(builder.build())


# --------------------------------------------------------------------------------------------------------------------
# Names


def _names(program: Program, structure: Structure, root: str) -> dict[int, str]:
    """Name the elements by what they are to an element that has a name already."""
    names = {0: root}
    todo = [0]
    for here in todo:
        for value, backwards, relation in sorted(_around(structure, here)):
            if value not in names and program.term(value) is None:
                names[value] = _role(program.words, structure, relation, backwards, value)
                todo.append(value)
    for number in structure.elements:
        if program.term(number) is None:
            names.setdefault(number, "element")
    return _told_apart(names)


def _around(structure: Structure, here: int) -> Iterable[tuple[int, bool, str]]:
    for start, relation, end in structure.facts:
        if start == here and end < FIRST_VALUE:
            yield end, False, relation
        if end == here:
            yield start, True, relation


def _role(words: Vocabulary, structure: Structure, relation: str, backwards: bool, number: int) -> str:
    """Give what an element is to the one it is reached from: its customer; or its kind, where that says more."""
    kinds = [words.label(kind) for element, kind in sorted(structure.kinds) if element == number]
    path: p.Path = p.Inverse(p.Relation(relation)) if backwards else p.Relation(relation)
    role = values_named(path, words, plural=False)
    if kinds and (len(role.split()) > 2 or role in _BLAND):
        return kinds[0]
    return role.removesuffix(" with it among their parts").removesuffix(" it")


_BLAND = frozenset({"part", "whole", "thing", "bearer", "means", "member", "larger body"})


def _told_apart(names: Mapping[int, str]) -> dict[int, str]:
    """Number the names that several elements have."""
    total = Counter(names.values())
    seen: Counter[str] = Counter()
    told: dict[int, str] = {}
    for number, name in names.items():
        seen[name] += 1
        told[number] = f"{name} {seen[name]}" if total[name] > 1 else name
    return told


def _facts_of(model: Model, element: str) -> Iterator[tuple[str, str, Term]]:
    """Give the facts of an element in the relations of the vocabulary."""
    words = model.vocabulary
    node = model.facts.nodes[NamedNode(element)]
    for relation, pairs in model.facts.pairs.items():
        if relation in words.relations | words.attributes:
            yield from ((element, relation, model.facts.terms[end]) for start, end in pairs if start == node)


def _lines(model: Model, element: str) -> Iterator[tuple[str, str, str]]:
    words = model.vocabulary
    for iri in (element, *(other for other in model.elements if other != element)):
        for kind in model.kinds(iri):
            yield model.label(iri), "is", predicate(c.OfClass(kind), words, plural=False).removeprefix("is ")
        for _, relation, term in _facts_of(model, iri):
            value = term.value if isinstance(term, Literal) else model.label(term.value)
            yield model.label(iri), words.label(relation), value
