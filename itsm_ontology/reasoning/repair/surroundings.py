"""What is recorded around an element, as a logic program: its answer sets are the changes that make conditions hold.

Recorded facts are fixed, or can be withdrawn if that is asked for. What can be added lies between the element, a few
elements near it, and new ones: facts in the relations that the conditions name, and their kinds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from ... import conditions as c
from ... import paths as p
from ...conditions import Condition
from ...facts import Facts, complete_nodes
from ...names import ITSM, RDF_TYPE, XSD
from ...paths import Path
from ...rdf import Term
from ...vocabulary import Edge
from ...walk import Walk
from ..program import FIRST_NAMED, FIRST_VALUE, UNHEARD_OF, Program, Writer
from ..values import candidates

FIRST_RECORDED = 1_000_000
"""The number of the first recorded element; new ones are numbered from 0."""
_MOST_NODES = 300
"""So many recorded elements are looked at, if they are not all needed to judge the element as it is."""

_FRAME = """\
new(0..n-1). old(X) :- named(X). el(X) :- new(X). el(X) :- old(X). node(X) :- el(X). node(X) :- val(X).
{ k(K,X) : kind(K,_) } :- new(X).
{ k(K,X) } :- can_be(K,X).
of(K,X) :- k(J,X), under(J,K).
of(K,X) :- isa(I,K,X), not gone(I).
:- k(K,X), of(J,X), apart(K,J).
:- k(K,X), bars(I,K,X), not gone(I).
{ f(R,X,Y) } :- can_have(R,X,Y).
{ gone(I) } :- can_go(I).
e(R,X,Y) :- says_too(R,X,Y).
e(R,X,Y) :- says(I,R,X,Y), not gone(I).
says_too(R,X,Y) :- f(Q,X,Y), forth(Q,R).
says_too(R,X,Y) :- f(Q,Y,X), back(Q,R).
leads(R,X,Y) :- says_too(R,X,Y).
leads(R,X,Z) :- leads(R,X,Y), e(Q,Y,Z), akin(R,Q), X != Z.
leads(R,X,Z) :- e(Q,X,Y), leads(R,Y,Z), akin(R,Q), X != Z.
#edge ((R,X),(R,Y)) : e(R,X,Y), acyclic(R), not knot(X).
{ sorted; even; tidy }.
:- even, f(R,X,Y), odd(R,X,Y).
:- even, k(K,X), odd(K,X).
:- sorted, f(R,X,_), from(R,_), new(X), not of(K,X) : from(R,K).
:- sorted, f(R,_,Y), into(R,_), new(Y), not of(K,Y) : into(R,K).
:- sorted, f(R,X,_), from(R,_), k(J,X), old(X), mixed(J,K) : from(R,K).
:- sorted, f(R,_,Y), into(R,_), k(J,Y), old(Y), mixed(J,K) : into(R,K).
:- sorted, k(K,X), k(J,X), K < J, mixed(K,J).
mixed(K,J) :- mixed(J,K).
used(X) :- new(X), f(_,X,_).
used(X) :- new(X), f(_,_,X).
:- k(_,X), new(X), not used(X).
:- tidy, used(X), X > 0, not used(X-1).
#show f/3. #show k/2. #show gone/1.
"""
_FEW = 6
"""If so few other elements have facts that matter, all of them are looked at."""
COSTS = "100,f,R,X,Y : f(R,X,Y); 100,k,K,X : k(K,X), old(X); 101,gone,I : gone(I)"
"""What a change costs: by the facts it changes, and where they are as many, by those withdrawn."""


@dataclass(frozen=True)
class Surroundings(Program):
    """The program for what can be changed around one element; the clauses hold there.

    Attributes:
        facts: what is recorded.
        root: the node of the element.
        nodes: the recorded elements that are looked at, the nearest first, the element itself included.
        near: those of them that facts may be added to.
        withdraw: whether recorded facts may be withdrawn.
        knots: the nodes on circles that are recorded already, where there should be none.
        unit: the node of the unit that every element is judged for, if there is one.
    """

    facts: Facts = field(kw_only=True, repr=False)
    root: int = field(kw_only=True)
    nodes: tuple[int, ...] = field(kw_only=True, repr=False)
    near: tuple[int, ...] = field(kw_only=True, repr=False)
    withdraw: bool = field(kw_only=True, default=False)
    knots: frozenset[int] = field(kw_only=True, default=frozenset(), repr=False)
    unit: int | None = field(kw_only=True, default=None)

    @cached_property
    def mentioned(self) -> tuple[str, ...]:
        """The relations that the conditions name; who provides something is also whom it is judged for."""
        names = super().mentioned
        return (*names, ITSM.providedBy) if ITSM.judgedFor in names and ITSM.providedBy not in names else names

    @cached_property
    def wishes(self) -> tuple[Literal, ...]:
        """The literals that can be added."""
        attributes = [relation for relation in self.relations if relation not in self.words.relations]
        datatypes = {self._datatype(relation) for relation in attributes} - {""}
        return candidates(self._conditions, datatypes) if attributes else ()

    @cached_property
    def samples(self) -> frozenset[Term]:
        """The literals that stand for any value of their sort, since no condition tells one from the other."""
        tests = [one for condition in self._conditions for one in c.walk(condition)]
        if any(isinstance(one, c.Bound | c.Length | c.Pattern | c.LanguageIn | c.Precedes) for one in tests):
            return frozenset()
        named = {term for one in tests if isinstance(one, c.OneOf) for term in one.terms}
        return frozenset(value for value in self.wishes if value not in named and value.datatype.value != XSD.boolean)

    @cached_property
    def values(self) -> tuple[Literal, ...]:
        """The literals that can be added, then those that are recorded around the element."""
        ends = (self.facts.terms[end] for _, _, end in self.recorded)
        return tuple(dict.fromkeys((*self.wishes, *(term for term in ends if isinstance(term, Literal)))))

    @cached_property
    def named(self) -> tuple[NamedNode, ...]:
        """The elements that a condition names by their IRI and that are not recorded."""
        return tuple(term for term in super().named if term not in self.facts.nodes)

    @cached_property
    def recorded(self) -> tuple[tuple[int, str, int], ...]:
        """The recorded facts that matter, as nodes: (subject, relation IRI, object); a kind is one in `rdf:type`."""
        inside = frozenset(self.nodes)
        return tuple(
            (node, relation, end)
            for relation in sorted(self.facts.pairs)
            if relation == RDF_TYPE or self._matters(relation)
            for node in self.nodes
            for end in self.facts.forwards[relation].get(node, ())
            if relation == RDF_TYPE or end in inside or isinstance(self.facts.terms[end], Literal)
        )

    def _matters(self, relation: str) -> bool:
        closed = any(isinstance(one, c.Closed) for condition in self._conditions for one in c.walk(condition))
        wider = (*self.words.wider_edges(relation, False), *self.words.wider_edges(relation, True))
        return closed or any(wide in self.mentioned for wide, _ in wider)

    def number(self, node: int) -> int:
        """Give the number of a recorded node."""
        position = self._positions.get(self.facts.terms[node])
        return FIRST_RECORDED + node if position is None else FIRST_VALUE + position

    @cached_property
    def _positions(self) -> Mapping[Term, int]:
        return {value: position for position, value in enumerate(self.values)}

    def term(self, number: int) -> Term | None:
        """Give the term for a number; None for a new element that no condition names."""
        return self.facts.terms[number - FIRST_RECORDED] if number >= FIRST_RECORDED else super().term(number)

    def is_replaceable(self, number: int) -> bool:
        """Tell whether a number is that of a recorded element other than the one in question."""
        return number >= FIRST_RECORDED and number != self.number(self.root)

    def is_repeated(self, relation: int) -> bool:
        """Tell whether a relation, given by its number, is walked any number of times."""
        return (self.relations[relation], self.relations[relation]) in self.akin

    def kinds_of(self, number: int) -> tuple[int, ...]:
        """Give the numbers of the kinds that an element is recorded as, those above them included."""
        recorded = self._recorded_kinds(number - FIRST_RECORDED) if number >= FIRST_RECORDED else ()
        return tuple(
            position
            for position, kind in enumerate(self.kinds)
            if any(kind in self.words.super_kinds(one) for one in recorded)
        )

    def broader(self, name: str, number: int) -> tuple[int, ...]:
        """Give the numbers of the relations (`f`) or kinds (`k`) that are broader, the broadest first."""
        if name == "k":
            above = self.words.super_kinds(self.kinds[number]) - {self.kinds[number]}
            return tuple(position for position, kind in enumerate(self.kinds) if kind in above)
        relation = self.relations[number]
        wider = {one for one, back in self.words.wider_edges(relation) if not back}
        return tuple(
            position for position, one in enumerate(self.relations) if one in wider and not self._same(one, relation)
        )

    def sorts_of(self, relation: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Give the kinds that subjects and values of a relation, given by its number, are of."""
        return self._sorts(self.relations[relation])

    def written(self, new: int) -> str:
        """Write the program for up to so many new elements."""
        writer = _RecordedWriter(self)
        root = self.number(self.root)
        for condition in self.clauses:
            writer.add(f":- not {writer.holds(condition, str(root))}.")
        numbers = [*range(new), *self._named_numbers, *map(self.number, self.near)]
        lines = [
            _FRAME,
            f"#minimize {{ {COSTS} }}.",
            f"#const n={new}.",
            *self._facts(),
            f"root({root}).",
            *self._record(),
            *self._unit(new),
            *self._akin(),
        ]
        return "\n".join([*lines, *self._kinds_to_add(), *self._facts_to_add(numbers), *writer.rules])

    @property
    def _named_numbers(self) -> range:
        return range(FIRST_NAMED, FIRST_NAMED + len(self.named))

    # ----------------------------------------------------------------------------------------------------------------
    # What is recorded

    def _record(self) -> Iterator[str]:
        yield from (f"old({self.number(node)})." for node in self.nodes)
        yield from (f"knot({self.number(node)})." for node in self.knots.intersection(self.nodes))
        for number, (start, relation, end) in enumerate(self.recorded):
            if relation == RDF_TYPE:
                yield from self._kind(number, self.number(start), self.facts.terms[end].value)
            else:
                yield from self._fact(number, self.number(start), relation, self.number(end))
            if self.withdraw and relation != ITSM.judgedFor:
                yield f"can_go({number})."

    def _kind(self, number: int, element: int, recorded: str) -> Iterator[str]:
        broader, excluded = self.words.super_kinds(recorded), self.words.disjoint_kinds(recorded)
        for position, kind in enumerate(self.kinds):
            if kind in broader:
                yield f"isa({number},{position},{element})."
            if kind in excluded:
                yield f"bars({number},{position},{element})."

    def _fact(self, number: int, start: int, relation: str, end: int) -> Iterator[str]:
        for backwards, one, other in ((False, start, end), (True, end, start)):
            for wide, back in self.words.wider_edges(relation, backwards):
                if not back and wide in self.mentioned:
                    yield f"says({number},{self.mentioned.index(wide)},{one},{other})."

    def _unit(self, new: int) -> Iterator[str]:
        if self.unit is not None and ITSM.judgedFor in self.mentioned:
            relation = self.mentioned.index(ITSM.judgedFor)
            yield from (f"e({relation},{element},{self.number(self.unit)})." for element in range(new))

    @cached_property
    def akin(self) -> frozenset[tuple[str, str]]:
        """The pairs of relations that some condition walks one after the other any number of times."""
        paths = (getattr(one, "path", None) for condition in self._conditions for one in c.walk(condition))
        groups = (p.relations_of(again) for path in paths for again in _repeated(path))
        return frozenset((one, other) for group in groups for one in group for other in group)

    def _akin(self) -> Iterator[str]:
        for one, other in sorted(self.akin):
            yield f"akin({self.mentioned.index(one)},{self.mentioned.index(other)})."

    # ----------------------------------------------------------------------------------------------------------------
    # What can be added

    def _kinds_to_add(self) -> Iterator[str]:
        asked = {kind for condition in self._conditions for kind in c.kinds_in(condition)}
        complete = complete_nodes(self.facts, (RDF_TYPE, False))
        for number in self._named_numbers:
            yield from (f"can_be({position},{number})." for position, kind in enumerate(self.kinds) if kind in asked)
        for node in self.near:
            has = {broad for kind in self._recorded_kinds(node) for broad in self.words.super_kinds(kind)}
            if node not in complete:
                for position, kind in enumerate(self.kinds):
                    if kind in asked - has:
                        yield f"can_be({position},{self.number(node)})."
                        if self._is_misplaced(self.number(node), (kind,)):
                            yield f"odd({position},{self.number(node)})."

    def _facts_to_add(self, numbers: Sequence[int]) -> Iterator[str]:
        wishes = range(FIRST_VALUE, FIRST_VALUE + len(self.wishes))
        for position, relation in enumerate(self.relations):
            if relation in (UNHEARD_OF, ITSM.judgedFor):
                continue
            ends = [*(numbers if relation not in self.words.attributes else ())]
            ends += wishes if relation not in self.words.relations else ()
            for start in numbers:
                for end in ends:
                    if start != end and self._can_have(start, relation, end):
                        yield f"can_have({position},{start},{end})."
                        if self._is_odd(start, relation, end):
                            yield f"odd({position},{start},{end})."

    def _can_have(self, start: int, relation: str, end: int) -> bool:
        """Tell whether a fact says anything new, and nothing that is recorded as complete without it."""
        return end not in self._values(start, (relation, False)) and all(
            there in self._values(here, wide)
            for backwards, here, there in ((False, start, end), (True, end, start))
            for wide in self.words.wider_edges(relation, backwards)
            if here >= FIRST_VALUE and self._is_complete(here, wide)
        )

    def _is_complete(self, number: int, edge: Edge) -> bool:
        node = self.facts.nodes.get(self.term(number) or _NOTHING)
        return node is not None and node in self._complete.get(edge, ())

    @cached_property
    def _complete(self) -> Mapping[Edge, Collection[int]]:
        edges = {(item.relation, back) for item in self.facts.completeness for back in (False, True)}
        return {edge: complete_nodes(self.facts, edge) for edge in edges}

    def _values(self, number: int, edge: Edge) -> frozenset[int]:
        """Give the numbers of the recorded values of an edge."""
        key = (number, edge)
        if key not in self._values_seen:
            node = self.facts.nodes.get(self.term(number) or _NOTHING)
            found = self._walk.edge_values(self.words.edges(*edge), node) if node is not None else frozenset()
            self._values_seen[key] = frozenset(map(self.number, found))
        return self._values_seen[key]

    @cached_property
    def _values_seen(self) -> dict[tuple[int, Edge], frozenset[int]]:
        return {}

    @cached_property
    def _walk(self) -> Walk:
        return Walk(self.facts)

    def _is_odd(self, start: int, relation: str, end: int) -> bool:
        """Tell whether a recorded end is of no kind that the vocabulary names for the relation."""
        subjects, objects = self._sorts(relation)
        if end >= FIRST_VALUE and isinstance(value := self.term(end), Literal):
            datatype = self._datatype(relation)
            return self._is_misplaced(start, subjects) or bool(datatype and value.datatype.value != datatype)
        return self._is_misplaced(start, subjects) or self._is_misplaced(end, objects)

    def _is_misplaced(self, number: int, sorts: tuple[str, ...]) -> bool:
        kinds = self._recorded_kinds(number - FIRST_RECORDED) if number >= FIRST_RECORDED else ()
        return bool(sorts) and not any(all(self._may_be_one_thing(kind, sort) for kind in kinds) for sort in sorts)

    def _recorded_kinds(self, node: int) -> frozenset[str]:
        return self._walk.kinds(node)


_NOTHING = NamedNode("urn:itsm-ontology:nothing")


class _RecordedWriter(Writer):
    """Writes the rules for conditions, over elements that are recorded and new ones."""

    program: Surroundings

    def _terms(self) -> Iterator[tuple[int, Term]]:
        yield from ((number, NamedNode(f"urn:new:{number}")) for number in range(FIRST_NAMED))
        yield from zip(self.program._named_numbers, self.program.named, strict=True)
        yield from ((self.program.number(node), self.program.facts.terms[node]) for node in self.program.nodes)
        yield from ((FIRST_VALUE + number, term) for number, term in enumerate(self.program.values))

    def _facts_outside(self, allowed: frozenset[str]) -> Sequence[str]:
        words, facts = self.program.words, self.program.facts
        edges = words.edges_outside(allowed, facts.pairs)
        name = f"stray{len(self.rules)}"
        for number, (start, relation, end) in enumerate(self.program.recorded):
            for node, backwards in ((start, False), (end, True)):
                if (relation, backwards) in edges:
                    self.add(f"{name}(X) :- X = {self.program.number(node)}, not gone({number}).")
        kinds = () if RDF_TYPE in allowed else ("k(_,X)",)
        return [*super()._facts_outside(allowed), f"{name}(X)", *kinds]


# --------------------------------------------------------------------------------------------------------------------
# Which elements to look at


def around(facts: Facts, root: int, conditions: Iterable[Condition], also: Iterable[int] = ()) -> tuple[int, ...]:
    """Give the recorded elements that conditions could come to speak of, the nearest first.

    Args:
        facts: what is recorded.
        root: the node of the element that the conditions are held against.
        conditions: what is asked of it.
        also: further nodes to start from.

    Returns:
        The element; what the paths lead to from there, up to a limit; other elements with facts in these relations,
        if they are few; and all that the conditions look at now.

    Example:
        >>> from itsm_ontology import Model
        >>> records = [{"id": "a", "hasPart": "b"}, {"id": "b", "hasPart": "c"}, {"id": "d", "uses": "a"}]
        >>> around(Model.from_records(records).facts, 0, [c.AtLeast(1, p.Relation(ITSM.hasPart))])
        (0, 1, 2)
    """
    asked = tuple(conditions)
    walk = Walk(facts)
    for condition in asked:
        walk.truth(condition, root)
    found = dict.fromkeys([root])
    edges = sorted({edge for condition in asked for edge in _edges(condition, facts)})
    todo = [root]
    for node in todo:
        for value in sorted(walk.edge_values(edges, node)):
            if value not in found and not isinstance(facts.terms[value], Literal) and len(found) < _MOST_NODES:
                found[value] = None
                todo.append(value)
    if len(others := _with_facts(edges, facts) - found.keys()) <= _FEW:
        found.update(dict.fromkeys(sorted(others)))
    needed = (node for node in (*sorted(walk.visited), *also) if not isinstance(facts.terms[node], Literal))
    return tuple(dict.fromkeys((*found, *needed)))


def _with_facts(edges: Iterable[Edge], facts: Facts) -> set[int]:
    """Give the elements that have a fact in one of some relations."""
    nodes = {node for relation, _ in edges for pair in facts.pairs[relation] for node in pair}
    return {node for node in nodes if not isinstance(facts.terms[node], Literal)}


def _edges(condition: Condition, facts: Facts) -> Iterator[Edge]:
    """Give the recorded relations that a condition walks along, each in its direction."""
    for one in c.walk(condition):
        path = getattr(one, "path", None)
        steps = [] if path is None else [*_steps(path, False)]
        if isinstance(one, c.SameValues | c.NoCommonValue | c.Precedes):
            steps.append((one.relation, False))
        for relation, backwards in steps:
            yield from (edge for edge in facts.vocabulary.edges(relation, backwards) if edge[0] in facts.pairs)


def _steps(path: Path, backwards: bool) -> Iterator[Edge]:
    match path:
        case p.Relation(iri):
            yield iri, backwards
        case p.Inverse(inner):
            yield from _steps(inner, not backwards)
        case p.Sequence(paths) | p.Alternative(paths):
            for one in paths:
                yield from _steps(one, backwards)
        case p.ZeroOrOne(inner) | p.OneOrMore(inner) | p.ZeroOrMore(inner):
            yield from _steps(inner, backwards)


def _repeated(path: Path | None) -> Iterator[Path]:
    """Give the paths in a path that are walked any number of times."""
    match path:
        case p.Inverse(inner) | p.ZeroOrOne(inner):
            yield from _repeated(inner)
        case p.Sequence(paths) | p.Alternative(paths):
            for one in paths:
                yield from _repeated(one)
        case p.OneOrMore(inner) | p.ZeroOrMore(inner):
            yield inner
