"""Conditions as a logic program: its answer sets are the models in which chosen conditions hold at the first element.

The elements of a model are numbered; 0 is the element in question. An answer set chooses kinds and facts for them, as
far as the conditions speak of them: a kind or relation that no condition names makes no difference. The axioms of the
vocabulary are part of the program: sub-kinds, disjoint kinds, sub-relations, inverses, relations that never lead back.
So an answer set is a model without `Model.problems`. What is recorded is all there is: nothing is left undetermined.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from pyoxigraph import Literal, NamedNode

from .. import conditions as c
from .. import paths as p
from ..conditions import Condition
from ..literals import order_key
from ..names import ITSM, RDF_TYPE
from ..paths import Path
from ..rdf import Term
from ..vocabulary import Vocabulary
from .values import candidates

FIRST_NAMED = 1_000
"""The number of the first element that a condition names by its IRI."""
FIRST_VALUE = 2_000
"""The number of the first literal."""
UNHEARD_OF = "urn:itsm-ontology:a-relation-that-nothing-names"
"""Stands for all relations that no condition names; only `sh:closed` can tell that there is a fact in it."""

_FRAME = """\
el(0..n-1). el(X) :- named(X). node(X) :- el(X). node(X) :- val(X).
{ k(K,X) : kind(K,_) } :- el(X).
of(K,X) :- k(J,X), under(J,K).
:- of(K,X), of(J,X), apart(K,J).
:- k(K,X), kind(K,sort), not sorted.
{ f(R,X,Y) : el(Y) } :- el(X), base(R,element).
{ f(R,X,V) : val(V) } :- el(X), base(R,literal).
e(R,X,Y) :- f(Q,X,Y), forth(Q,R).
e(R,X,Y) :- f(Q,Y,X), back(Q,R).
#edge ((R,X),(R,Y)) : f(Q,X,Y), ahead(Q,R).
#edge ((R,X),(R,Y)) : f(Q,Y,X), astern(Q,R).
{ sorted; plain }.
:- plain, k(K,X), k(J,X), K < J, mixed(K,J).
:- plain, f(_,X,X).
:- plain, f(R,X,Y), el(Y), between(R,_,_), not of(K,X) : between(R,K,J), of(J,Y).
:- sorted, f(R,X,_), from(R,_), not of(K,X) : from(R,K).
:- sorted, f(R,X,Y), el(Y), into(R,_), not of(K,Y) : into(R,K).
:- sorted, f(R,X,V), val(V), typed(R), not fits(R,V).
l(X,Y) :- f(_,X,Y), el(Y), X != Y.
l(Y,X) :- l(X,Y).
u(0). u(X) :- l(X,_).
:- k(_,X), not u(X).
:- f(_,X,_), not u(X).
#show k/2. #show f/3.
"""
_NUMBERED_FROM_THE_FIRST = """\
p(X,Y) :- l(X,Y), Y < X, not l(X,Z) : Z = 0..Y-1.
:- u(X), X > 0, not p(X,_).
:- u(X), X > 1, not u(X-1).
:- p(X,Y), p(X+1,Z), Z < Y.
"""
"""Elements are interchangeable: number them as a breadth-first search from 0 meets them."""
_FEWEST_FACTS = """\
#minimize { 1@2,k,K,X : k(K,X); 1@2,f,R,X,Y : f(R,X,Y); W@1,K,X : k(K,X), far(K,W) }.
"""


@dataclass(frozen=True)
class Program:
    """A logic program over clauses, each of which can be asked for at the first element.

    Attributes:
        clauses: the conditions; clause `i` holds at element 0 wherever `a(i)` is assumed.
        words: the axioms.
        everywhere: conditions that hold at every element, if `g(i)` is assumed.
        sorts: whether the sorts of relations are part of it, so that well-sorted models can be asked for.
    """

    clauses: tuple[Condition, ...]
    words: Vocabulary = field(repr=False)
    everywhere: tuple[Condition, ...] = ()
    sorts: bool = True

    @cached_property
    def _conditions(self) -> tuple[Condition, ...]:
        return (*self.clauses, *self.everywhere)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that the conditions name, then those that only sorts of relations name."""
        named = sorted({kind for condition in self._conditions for kind in c.kinds_in(condition)})
        sorts = {kind for relation in self.relations for kinds in self._sorts(relation) for kind in kinds}
        if self.sorts:
            entries = (self.words.entries.get(relation) for relation in self.relations)
            sorts |= {kind for entry in entries if entry for pair in entry.between for kind in pair}
        return (*named, *sorted(sorts - set(named)))

    @cached_property
    def mentioned(self) -> tuple[str, ...]:
        """The relations that the conditions name."""
        named = {relation for condition in self._conditions for relation in c.relations_in(condition)}
        inside = (one for condition in self._conditions for one in c.walk(condition))
        closed = [one for one in inside if isinstance(one, c.Closed)]
        named |= {relation for one in closed for relation in one.relations if relation != RDF_TYPE}
        return (*sorted(named), UNHEARD_OF) if closed else tuple(sorted(named))

    @cached_property
    def relations(self) -> tuple[str, ...]:
        """The relations that facts are stated in: of those that say the same, one."""
        kept: list[str] = []
        for relation in self.mentioned:
            if not any(self._same(relation, other) for other in kept):
                kept.append(relation)
        return tuple(kept)

    def _same(self, one: str, other: str) -> bool:
        return any(
            (other, back) in self.words.wider_edges(one, False) and (one, back) in self.words.wider_edges(other, False)
            for back in (False, True)
        )

    @cached_property
    def values(self) -> tuple[Literal, ...]:
        """The literals that can stand in facts: at least one of each sort that the conditions tell apart."""
        attributes = [relation for relation in self.relations if relation not in self.words.relations]
        datatypes = {self._datatype(relation) for relation in attributes}
        return candidates(self._conditions, datatypes - {""}) if attributes else ()

    @cached_property
    def named(self) -> tuple[NamedNode, ...]:
        """The elements that a condition names by their IRI."""
        terms = {
            term.value: term
            for condition in self._conditions
            for one in c.walk(condition)
            if isinstance(one, c.OneOf)
            for term in one.terms
            if isinstance(term, NamedNode)
        }
        return tuple(terms[iri] for iri in sorted(terms))

    def _datatype(self, relation: str) -> str:
        entry = self.words.entries.get(relation)
        return entry.datatype if entry else ""

    def _sorts(self, relation: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Give the kinds that subjects and values of a relation are of; none where anything may stand."""
        entry = self.words.entries.get(relation)
        if entry is None or not self.sorts:
            return (), ()
        subjects, objects = entry.subjects, entry.objects
        return () if ITSM.Element in subjects else subjects, () if ITSM.Element in objects else objects

    def term(self, number: int) -> Term | None:
        """Give the term for a number; None for an element that no condition names."""
        if number >= FIRST_VALUE:
            return self.values[number - FIRST_VALUE]
        if number >= FIRST_NAMED:
            return self.named[number - FIRST_NAMED]
        return None

    @cached_property
    def text(self) -> str:
        """The program, without the number `n` of elements."""
        writer = Writer(self)
        for position, condition in enumerate(self.clauses):
            writer.add(f"{{ a({position}) }}. :- a({position}), not {writer.holds(condition, '0')}.")
        for position, condition in enumerate(self.everywhere):
            holds = writer.holds(condition, "X")
            writer.add(f"{{ g({position}) }}. :- g({position}), el(X), u(X), not {holds}.")
        interchangeable = "" if self.named else _NUMBERED_FROM_THE_FIRST
        return "\n".join([_FRAME + interchangeable + _FEWEST_FACTS, *self._facts(), *writer.rules])

    def _facts(self) -> Iterator[str]:
        named = {kind for condition in self._conditions for kind in c.kinds_in(condition)}
        position = {kind: number for number, kind in enumerate(self.kinds)}
        for kind, number in position.items():
            yield f"kind({number},{'stated' if kind in named else 'sort'})."
            yield f"far({number},{100 * len(self.words.super_kinds(kind)) + number})."
            yield from (f"under({number},{position[o]})." for o in self.words.super_kinds(kind) if o in position)
            yield from (
                f"apart({number},{position[o]})." for o in sorted(self.words.disjoint_kinds(kind)) if o in position
            )
        for one, other in combinations(self.kinds, 2):
            if self.sorts and not self._may_be_one_thing(one, other):
                yield f"mixed({position[one]},{position[other]})."
        yield from (f"named({FIRST_NAMED + number})." for number in range(len(self.named)))
        yield from (f"val({FIRST_VALUE + number})." for number in range(len(self.values)))
        for number, relation in enumerate(self.relations):
            yield from self._relation_facts(number, relation, position)

    def _may_be_one_thing(self, one: str, other: str) -> bool:
        """Tell whether nothing is odd about a thing of two kinds: one lies under the other, or excludes nothing."""
        return (
            other in self.words.super_kinds(one)
            or one in self.words.super_kinds(other)
            or not all(any(map(self.words.disjoint_kinds, self.words.sub_kinds(kind))) for kind in (one, other))
        )

    @cached_property
    def _acyclic(self) -> tuple[str, ...]:
        return tuple(sorted(iri for iri, entry in self.words.entries.items() if entry.acyclic))

    def _relation_facts(self, number: int, relation: str, kinds: dict[str, int]) -> Iterator[str]:
        if relation not in self.words.attributes:
            yield f"base({number},element)."
        if relation not in self.words.relations and relation != UNHEARD_OF:
            yield f"base({number},literal)."
        for same_way, turned, backwards in (("forth", "ahead", False), ("back", "astern", True)):
            wider = self.words.wider_edges(relation, backwards)
            yield from (
                f"{same_way}({number},{n})." for n, other in enumerate(self.mentioned) if (other, False) in wider
            )
            yield from (f"{turned}({number},{n})." for n, other in enumerate(self._acyclic) if (other, False) in wider)
        if self.sorts and (entry := self.words.entries.get(relation)):
            yield from (f"between({number},{kinds[one]},{kinds[other]})." for one, other in entry.between)
        subjects, objects = self._sorts(relation)
        yield from (f"from({number},{kinds[kind]})." for kind in subjects)
        yield from (f"into({number},{kinds[kind]})." for kind in objects)
        if self.sorts and (datatype := self._datatype(relation)):
            yield f"typed({number})."
            yield from (
                f"fits({number},{FIRST_VALUE + n})."
                for n, value in enumerate(self.values)
                if value.datatype.value == datatype
            )


class Writer:
    """Writes the rules for conditions and paths, each once."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.rules: list[str] = []
        self._conditions: dict[Condition, str] = {}
        self._paths: dict[Path, str] = {}

    def add(self, *rules: str) -> None:
        """Add rules."""
        self.rules += rules

    # ----------------------------------------------------------------------------------------------------------------
    # Paths

    def leads(self, path: Path, start: str, end: str) -> str:
        """Give the atom that says that a path leads from one node to another."""
        match path:
            case p.Relation(iri):
                return f"e({self._relation(iri)},{start},{end})"
            case p.Inverse(inner):
                return self.leads(inner, end, start)
            case _:
                if path not in self._paths:
                    self._paths[path] = name = f"w{len(self._paths)}"
                    self._write_path(path, name)
                return f"{self._paths[path]}({start},{end})"

    def _relation(self, iri: str) -> int:
        return self.program.mentioned.index(iri)

    def _write_path(self, path: Path, name: str) -> None:
        match path:
            case p.Sequence(()):
                self.add(f"{name}(X,X) :- node(X).")
            case p.Sequence(paths):
                *front, last = paths  # two at a time: what is grounded grows with the third power of the elements
                first = front[0] if len(front) == 1 else p.Sequence(tuple(front))
                self.add(f"{name}(X,Z) :- {self.leads(first, 'X', 'Y')}, {self.leads(last, 'Y', 'Z')}.")
            case p.Alternative(paths):
                self.add(*(f"{name}(X,Y) :- {self.leads(one, 'X', 'Y')}." for one in paths))
            case p.ZeroOrOne(inner):
                self.add(f"{name}(X,X) :- node(X).", f"{name}(X,Y) :- {self.leads(inner, 'X', 'Y')}.")
            case p.OneOrMore(inner) | p.ZeroOrMore(inner):
                self.add(f"{name}(X,Y) :- {self.leads(inner, 'X', 'Y')}.")
                self.add(f"{name}(X,Z) :- {name}(X,Y), {self.leads(inner, 'Y', 'Z')}.")
                if isinstance(path, p.ZeroOrMore):
                    self.add(f"{name}(X,X) :- node(X).")

    # ----------------------------------------------------------------------------------------------------------------
    # Conditions

    def holds(self, condition: Condition, node: str) -> str:
        """Give the atom that says that a condition holds at a node."""
        while isinstance(condition, c.Named):
            condition = condition.condition
        if condition == c.TRUE:
            return f"node({node})"
        if condition not in self._conditions:
            self._conditions[condition] = name = f"c{len(self._conditions)}"
            self._write_condition(condition, name)
        return f"{self._conditions[condition]}({node})"

    def _write_condition(self, condition: Condition, name: str) -> None:
        match condition:
            case c.All(inner):
                self.add(f"{name}(X) :- {', '.join(self.holds(one, 'X') for one in inner)}.")
            case c.AnyOf(inner):
                self.add(*(f"{name}(X) :- {self.holds(one, 'X')}." for one in inner))
            case c.ExactlyOne(inner):
                atoms = [self.holds(one, "X") for one in inner]
                for position, atom in enumerate(atoms):
                    others = [f"not {other}" for at, other in enumerate(atoms) if at != position]
                    self.add(f"{name}(X) :- {', '.join([atom, *others])}.")
            case c.Not(inner):
                self.add(f"{name}(X) :- node(X), not {self.holds(inner, 'X')}.")
            case c.OfClass(kind):
                self.add(f"{name}(X) :- of({self.program.kinds.index(kind)},X).")
            case c.AtLeast(number, path, inner):
                self.add(f"{name}(X) :- {self._counted(number, path, inner)}.")
            case c.AtMost(number, path, inner):
                self._unless(name, self._counted(number + 1, path, inner))
            case c.Every(path, inner):
                self._unless(name, f"{self.leads(path, 'X', 'Y')}, not {self.holds(inner, 'Y')}")
            case c.NoCommonValue(path, relation):
                self._unless(name, f"{self.leads(path, 'X', 'Y')}, {self.leads(p.Relation(relation), 'X', 'Y')}")
            case c.SameValues(path, relation):
                one, other = self.leads(path, "X", "Y"), self.leads(p.Relation(relation), "X", "Y")
                self._unless(name, f"{one}, not {other}", f"{other}, not {one}")
            case c.Precedes(path, relation, or_equal):
                order = self._order(or_equal)
                other = self.leads(p.Relation(relation), "X", "Z")
                self._unless(name, f"{self.leads(path, 'X', 'Y')}, {other}, not {order}(Y,Z)")
            case c.UniqueLanguages(path):
                self._unless(name, f"{self.leads(path, 'X', 'Y')}, {self.leads(path, 'X', 'Z')}, {self._tongue()}(Y,Z)")
            case c.Closed(relations):
                self._unless(name, *self._facts_outside(relations))
            case c.Opaque(reason):
                raise ValueError(f"{reason}: only the reference engine evaluates that")
            case c.Named():
                raise AssertionError("names are taken off above")
            case _:
                passing = [number for number, term in self._terms() if condition.passes(term)]
                self.add(f"{name}(-1).", *(f"{name}({number})." for number in passing))

    def _unless(self, name: str, *bodies: str) -> None:
        """Say that a condition holds where none of some bodies does."""
        self.add(*(f"{name}x(X) :- {body}." for body in bodies))
        self.add(f"{name}(X) :- node(X), not {name}x(X)." if bodies else f"{name}(X) :- node(X).")

    def _counted(self, number: int, path: Path, inner: Condition) -> str:
        if number <= 0:
            return "node(X)"
        values = self.leads(path, "X", "Y")
        if inner != c.TRUE:
            values += f", {self.holds(inner, 'Y')}"
        return values if number == 1 else f"node(X), {number} #count {{ Y : {values} }}"

    def _terms(self) -> Iterator[tuple[int, Term]]:
        """Give the terms that conditions can be tested on; elements that nothing names are some IRIs."""
        yield from ((number, NamedNode(f"urn:model:{number}")) for number in range(MOST_ELEMENTS))
        yield from ((FIRST_NAMED + number, term) for number, term in enumerate(self.program.named))
        yield from ((FIRST_VALUE + number, term) for number, term in enumerate(self.program.values))

    def _pairs(self, name: str, pairs: Iterable[tuple[int, int]]) -> str:
        rules = [f"{name}(-1,-1).", *(f"{name}({FIRST_VALUE + one},{FIRST_VALUE + other})." for one, other in pairs)]
        if rules[0] not in self.rules:
            self.add(*rules)
        return name

    def _order(self, or_equal: bool) -> str:
        keys = [order_key(value) for value in self.program.values]
        pairs = [
            (i, j)
            for i, one in enumerate(keys)
            for j, other in enumerate(keys)
            if one and other and one[0] == other[0] and (one[1] <= other[1] if or_equal else one[1] < other[1])
        ]
        return self._pairs("le" if or_equal else "lt", pairs)

    def _tongue(self) -> str:
        values = self.program.values
        pairs = [
            (i, j)
            for i, one in enumerate(values)
            for j, other in enumerate(values)
            if i != j and one.language and one.language == other.language
        ]
        return self._pairs("tongue", pairs)

    def _facts_outside(self, allowed: frozenset[str]) -> Sequence[str]:
        edges = self.program.words.edges_outside(allowed, self.program.relations)
        bases = self.program.relations
        kinds = [] if RDF_TYPE in allowed else ["k(_,X)"]
        return [*kinds, *(f"f({bases.index(r)},{'Y,X' if backwards else 'X,Y'})" for r, backwards in edges)]


MOST_ELEMENTS = 40
"""No search goes beyond so many elements."""
