"""The SQL engine: facts in narrow tables, and a plan executed as small materialised steps through SQLAlchemy Core.

What needs a value rather than a term (tests of literals, their order, their language) is worked out once in Python
and stored beside the nodes, because databases disagree with SHACL, and with each other, about values.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import NamedNode
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Index,
    Integer,
    MetaData,
    Select,
    Table,
    and_,
    create_engine,
    exists,
    false,
    func,
    insert,
    literal,
    not_,
    select,
    true,
    union,
    union_all,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from ..errors import EngineError
from ..facts import Facts, complete_nodes
from ..names import RDF_TYPE
from ..vocabulary import Edge
from . import steps as s
from .plan import Plan
from .steps import EVERYTHING, NOTHING, SAME
from .values import values_of

if TYPE_CHECKING:
    Rows = Select[*tuple[Any, ...]]

_METADATA = MetaData()
_NODE = Table("node", _METADATA, Column("id", Integer, primary_key=True, autoincrement=False))
_FACT = Table(
    "fact",
    _METADATA,
    Column("relation", Integer, primary_key=True, autoincrement=False),
    Column("subject", Integer, primary_key=True, autoincrement=False),
    Column("object", Integer, primary_key=True, autoincrement=False),
    Index("fact_object", "relation", "object"),
)
_COMPLETE = Table(
    "complete",
    _METADATA,
    Column("edge", Integer, primary_key=True, autoincrement=False),
    Column("node", Integer, primary_key=True, autoincrement=False),
)
_VALUE = Table(
    "value",
    _METADATA,
    Column("node", Integer, primary_key=True, autoincrement=False),
    Column("family", Integer),
    Column("rank", Integer),
    Column("language", Integer),
)
_MEMBER = Table(
    "member",
    _METADATA,
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("node", Integer, primary_key=True, autoincrement=False),
)
_PAIR = Table(
    "pair",
    _METADATA,
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("subject", Integer, primary_key=True, autoincrement=False),
    Column("object", Integer, primary_key=True, autoincrement=False),
    Index("pair_object", "step", "object"),
)
_BATCH = 50_000


def evaluate(facts: Facts, plan: Plan, wanted: Collection[int], url: str = "sqlite://") -> Mapping[int, frozenset[int]]:
    """Work out sets of nodes.

    Args:
        facts: what is recorded.
        plan: the steps.
        wanted: the positions of the sets asked for.
        url: the database to work in; by default SQLite in memory, which needs no set-up.

    Returns:
        Position to the nodes in the set.

    Raises:
        EngineError: if the database fails.

    Example:
        >>> from itsm_ontology import Model
        >>> from itsm_ontology.engines.plan import Plan, Profile
        >>> facts = Model.from_records([{"id": "a", "kind": "Server"}, {"id": "b", "kind": "Person"}]).facts
        >>> plan = Plan(facts.vocabulary, Profile.of(facts))
        >>> servers = plan.has_kind(["https://w3id.org/itsm-ontology/itsm#Server"])
        >>> [facts.terms[node].value for node in evaluate(facts, plan, [servers])[servers]]
        ['urn:model:a']
    """
    try:
        with _connected(url) as connection:
            return _Run(connection, facts, plan).sets(wanted)
    except SQLAlchemyError as error:
        raise EngineError(f"The database {url} failed: {error}") from error


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine: Engine = create_engine(url, poolclass=StaticPool) if url == "sqlite://" else create_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


class _Run:
    """One evaluation: the facts stored, then step after step."""

    def __init__(self, connection: Connection, facts: Facts, plan: Plan) -> None:
        self.connection = connection
        self.facts = facts
        self.plan = plan
        self.relation_ids = {iri: number for number, iri in enumerate(facts.pairs)}
        self.edge_ids = {edge: number for number, edge in enumerate(sorted(plan.profile.complete))}
        _METADATA.create_all(connection)
        self._store()

    # ----------------------------------------------------------------------------------------------------------------
    # Storing

    def _store(self) -> None:
        self._insert(_NODE, [{"id": node} for node in range(len(self.facts.terms))])
        for iri, pairs in self.facts.pairs.items():
            number = self.relation_ids[iri]
            self._insert(_FACT, [{"relation": number, "subject": s, "object": o} for s, o in pairs])
        self._insert(
            _COMPLETE,
            [
                {"edge": number, "node": node}
                for edge, number in self.edge_ids.items()
                for node in complete_nodes(self.facts, edge)
            ],
        )
        if any(isinstance(step, (s.OutOfOrder, s.LanguageTwice)) for step in self.plan.steps):
            self._insert(_VALUE, [value._asdict() for value in values_of(self.facts)])

    def _insert(self, table: Table, rows: list[dict[str, Any]]) -> None:
        for start in range(0, len(rows), _BATCH):
            self.connection.execute(insert(table), rows[start : start + _BATCH])

    # ----------------------------------------------------------------------------------------------------------------
    # Executing

    def sets(self, wanted: Collection[int]) -> Mapping[int, frozenset[int]]:
        for position in self._order(wanted):
            step = self.plan.steps[position]
            if isinstance(step, s.Passing):
                nodes = [node for node, term in enumerate(self.facts.terms) if step.test.passes(term)]
                self._insert(_MEMBER, [{"step": position, "node": node} for node in nodes])
            elif isinstance(step, (s.Edges, s.Composed, s.Either, s.Closure, s.From)):
                self._keep(_PAIR, position, self._relation_select(step))
            elif not isinstance(step, (s.Nothing, s.Everything, s.Same)):
                self._keep(_MEMBER, position, self._set_select(step))
        return self._answers(wanted)

    def _answers(self, wanted: Collection[int]) -> Mapping[int, frozenset[int]]:
        found: dict[int, list[int]] = {position: [] for position in wanted}
        stored = [position for position in found if position not in (NOTHING, EVERYTHING)]
        for start in range(0, len(stored), 500):
            chosen = stored[start : start + 500]
            for position, node in self.connection.execute(
                select(_MEMBER.c.step, _MEMBER.c.node).where(_MEMBER.c.step.in_(chosen))
            ):
                found[position].append(node)
        if EVERYTHING in found:
            found[EVERYTHING] = list(range(len(self.facts.terms)))
        return {position: frozenset(nodes) for position, nodes in found.items()}

    def _order(self, wanted: Collection[int]) -> list[int]:
        """Give the steps to execute; a complement that is only taken away from other sets is not among them."""
        found: set[int] = set()
        todo = list(wanted)
        while todo:
            position = todo.pop()
            if position not in found:
                found.add(position)
                todo.extend(self._inputs(self.plan.steps[position]))
        return sorted(found)

    def _inputs(self, step: s.Step) -> tuple[int, ...]:
        if isinstance(step, s.Intersection):
            kept, taken = self._kept_and_taken(step)
            return (*kept, *taken)
        return s.inputs(step)

    def _kept_and_taken(self, step: s.Intersection) -> tuple[list[int], list[int]]:
        kept, taken = [], []
        for position in step.sets:
            inner = self.plan.steps[position]
            if isinstance(inner, s.Complement):
                taken.append(inner.set)
            else:
                kept.append(position)
        return kept, taken

    def _keep(self, table: Table, position: int, rows: Rows) -> None:
        names = [column.name for column in table.columns][1:]
        self.connection.execute(insert(table).from_select([*names, "step"], rows.add_columns(literal(position))))

    # ----------------------------------------------------------------------------------------------------------------
    # Sets of nodes as selects

    def _set_select(self, step: s.NodeStep) -> Rows:
        match step:
            case s.HasKind(kinds):
                return self._has_kind(kinds)
            case s.Union(sets):
                return select(_MEMBER.c.node).where(_MEMBER.c.step.in_(sets)).distinct()
            case s.Intersection():
                return self._intersection(step)
            case s.Complement(one):
                return select(_NODE.c.id).where(not_(_inside(one, _NODE.c.id, 0)))
            case s.InExactlyOne(sets):
                every = union_all(*(_members(one) for one in sets)).subquery()
                return select(every.c.node).group_by(every.c.node).having(func.count() == 1)
            case s.Counted(number, relation, within):
                return _counted(number, relation, within)
            case s.Reaching(relation, within):
                return _reaching(relation, within)
            case s.Sharing(one, other):
                left, right = _pairs(one, 0), _pairs(other, 1)
                return select(left.subject).where(left.where, right.where, left.same_as(right)).distinct()
            case s.Lacking(one, other):
                left, right = _pairs(one, 0), _pairs(other, 1)
                found = select(literal(1)).where(right.where, left.same_as(right)).correlate(left.table).exists()
                return select(left.subject).where(left.where, not_(found)).distinct()
            case s.OutOfOrder(one, other, or_equal):
                return _out_of_order(one, other, or_equal)
            case s.LanguageTwice(relation):
                return _language_twice(relation)
            case s.CompleteAt(edge):
                return select(_COMPLETE.c.node).where(_COMPLETE.c.edge == self.edge_ids[edge])
            case _:
                raise AssertionError(f"{step} is not executed by SQL")

    def _has_kind(self, kinds: tuple[str, ...]) -> Rows:
        numbers = [self.facts.nodes[NamedNode(kind)] for kind in kinds if NamedNode(kind) in self.facts.nodes]
        typed = _FACT.c.relation == self.relation_ids[RDF_TYPE]
        return select(_FACT.c.subject).where(typed, _FACT.c.object.in_(numbers)).distinct()

    def _intersection(self, step: s.Intersection) -> Rows:
        kept, taken = self._kept_and_taken(step)
        if kept and kept[0] != EVERYTHING:
            first = _member(0)
            node, rows = first.c.node, select(first.c.node).where(first.c.step == kept[0])
        else:
            node, rows = _NODE.c.id, select(_NODE.c.id)
        for number, position in enumerate(kept[1:], start=1):
            rows = rows.where(_inside(position, node, number))
        for number, position in enumerate(taken, start=len(kept) + 1):
            rows = rows.where(not_(_inside(position, node, number)))
        return rows

    # ----------------------------------------------------------------------------------------------------------------
    # Relations as selects

    def _relation_select(self, step: s.Step) -> Rows:
        match step:
            case s.Edges(edges):
                return self._edges(edges)
            case s.Composed(one, other):
                left, right = _pairs(one, 0), _pairs(other, 1)
                rows = select(left.subject, right.object)
                return rows.where(left.where, right.where, left.object == right.subject).distinct()
            case s.Either(relations):
                sides = [_pairs(one, number) for number, one in enumerate(relations)]
                every = union(*(side.rows for side in sides)).subquery()
                return select(every.c.subject, every.c.object)
            case s.Closure(one):
                path = _pairs(one, 0).rows.cte("path", recursive=True)
                more = _pairs(one, 1)
                onwards = select(path.c.subject, more.object).where(path.c.object == more.subject, more.where)
                path = path.union(onwards)
                return select(path.c.subject, path.c.object)
            case s.From(one, start):
                pairs = _pairs(one, 0)
                return pairs.rows.where(_inside(start, pairs.subject, 0))
            case _:
                raise AssertionError(f"{step} is no relation")

    def _edges(self, edges: tuple[Edge, ...]) -> Rows:
        if not edges:
            return select(_FACT.c.subject, _FACT.c.object).where(false())
        sides = []
        for iri, backwards in edges:
            here, there = (_FACT.c.object, _FACT.c.subject) if backwards else (_FACT.c.subject, _FACT.c.object)
            rows = select(here.label("subject"), there.label("object"))
            sides.append(rows.where(_FACT.c.relation == self.relation_ids[iri]))
        if len(sides) == 1:
            return sides[0]
        every = union(*sides).subquery()
        return select(every.c.subject, every.c.object)


# --------------------------------------------------------------------------------------------------------------------
# Pieces of selects. Aliases are made once and shared, because making them costs more than most steps take.


@cache
def _member(number: int) -> FromClause:
    return _MEMBER.alias(f"member_{number}")


@cache
def _pair(number: int) -> FromClause:
    return _PAIR.alias(f"pair_{number}")


@cache
def _node(number: int) -> FromClause:
    return _NODE.alias(f"node_{number}")


def _inside(position: int, node: ColumnElement[int], number: int) -> ColumnElement[bool]:
    """Give the condition that a node is in a set."""
    if position == EVERYTHING:
        return true()
    member = _member(number)
    return exists().where(member.c.step == position, member.c.node == node)


def _members(position: int) -> Rows:
    if position == EVERYTHING:
        return select(_NODE.c.id.label("node"))
    return select(_MEMBER.c.node).where(_MEMBER.c.step == position)


class _Pairs(NamedTuple):
    """A relation as columns of a table, and the condition on its rows."""

    table: FromClause
    subject: ColumnElement[int]
    object: ColumnElement[int]
    where: ColumnElement[bool]

    @property
    def rows(self) -> Rows:
        return select(self.subject.label("subject"), self.object.label("object")).where(self.where)

    def same_as(self, other: _Pairs) -> ColumnElement[bool]:
        return and_(self.subject == other.subject, self.object == other.object)


def _pairs(position: int, number: int) -> _Pairs:
    if position == SAME:
        node = _node(number)
        return _Pairs(node, node.c.id, node.c.id, true())
    pair = _pair(number)
    return _Pairs(pair, pair.c.subject, pair.c.object, pair.c.step == position)


def _counted(number: int, relation: int, within: int) -> Rows:
    pairs = _pairs(relation, 0)
    rows = select(pairs.subject).where(pairs.where)
    if within != EVERYTHING:
        member = _member(0)
        rows = rows.where(member.c.step == within, member.c.node == pairs.object)
    if number == 1:
        return rows.distinct()
    return rows.group_by(pairs.subject).having(func.count(pairs.object.distinct()) >= number)


def _reaching(relation: int, within: int) -> Rows:
    pairs, more = _pairs(relation, 0), _pairs(relation, 1)
    member = _member(0)
    first = select(pairs.subject.label("node")).where(
        pairs.where, member.c.step == within, member.c.node == pairs.object
    )
    found = first.cte("found", recursive=True)
    found = found.union(select(more.subject).where(more.where, more.object == found.c.node))
    return select(found.c.node)


def _out_of_order(one: int, other: int, or_equal: bool) -> Rows:
    left, right = _pairs(one, 0), _pairs(other, 1)
    mine, theirs = _VALUE.alias("mine"), _VALUE.alias("theirs")
    below = mine.c.rank <= theirs.c.rank if or_equal else mine.c.rank < theirs.c.rank
    fine = func.coalesce(and_(mine.c.family == theirs.c.family, below), false(), type_=Boolean)
    both = left.table.join(right.table, left.subject == right.subject)
    valued = both.outerjoin(mine, mine.c.node == left.object).outerjoin(theirs, theirs.c.node == right.object)
    return select(left.subject).select_from(valued).where(left.where, right.where, not_(fine)).distinct()


def _language_twice(relation: int) -> Rows:
    left, right = _pairs(relation, 0), _pairs(relation, 1)
    mine, theirs = _VALUE.alias("mine"), _VALUE.alias("theirs")
    twice = and_(left.subject == right.subject, left.object != right.object)
    spoken = and_(mine.c.node == left.object, theirs.c.node == right.object, theirs.c.language == mine.c.language)
    return select(left.subject).where(left.where, right.where, twice, spoken).distinct()
