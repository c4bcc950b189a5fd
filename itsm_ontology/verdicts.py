"""The verdicts of one evaluation: one by one, as a matrix, as a table, as RDF."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .catalogue import Catalogue
from .definitions import Definition
from .engines.plan import Plan
from .errors import UnknownNameError
from .explain import Explainer
from .facts import Facts
from .matrix import Matrix
from .model import Model
from .rdf import rdflib_graph
from .sparql import answer
from .tables import pandas_module
from .verdict import Finding, Findings, Outcome, Verdict
from .verdict_rdf import verdict_triples

if TYPE_CHECKING:
    import pandas
    import rdflib
    from rdflib.query import Result


@dataclass(frozen=True)
class Answers:
    """Sets of nodes by definition, as an engine worked them out.

    Attributes:
        applicable: the nodes that the definition can be said of.
        certain: the nodes that meet it whatever is added.
        met: the nodes that meet it on the recorded facts.
        possible: the nodes that some permitted addition lets meet it.
        constraints: the nodes that meet each deciding constraint, by its IRI.
    """

    applicable: Mapping[str, Set[int]]
    certain: Mapping[str, Set[int]]
    met: Mapping[str, Set[int]]
    possible: Mapping[str, Set[int]]
    constraints: Mapping[str, Set[int]]

    def of(self, token: str) -> tuple[Set[int], Set[int], Set[int], Set[int]]:
        """Give the four sets of a definition, in this order."""
        return self.applicable[token], self.certain[token], self.met[token], self.possible[token]


@dataclass(frozen=True, eq=False)
class Verdicts:
    """The verdicts of one evaluation. Iterating gives those of definitions that apply; `all()` gives every one.

    Attributes:
        model: what was judged.
        catalogue: where the definitions come from.
        definitions: the definitions, ordered by term and token.
        nodes: the elements judged, as nodes of the model's facts.
        unit: the IRI of the unit it was judged for, if one was given.
        engine: the engine that worked it out.
        left_out: definitions that this engine can't evaluate, with the reason.
        complete: the relations of which all facts were taken to be recorded, as `RELATION` or `RELATION@SOURCE`.

    Example:
        >>> from itsm_ontology import evaluate
        >>> verdicts = evaluate(Model.from_records([{"id": "crm", "kind": "Software"}]), terms=["application"])
        >>> verdicts["crm", "obashi:application"].settled
        False
    """

    model: Model
    catalogue: Catalogue
    definitions: tuple[Definition, ...]
    nodes: Sequence[int] = field(repr=False)
    unit: str | None
    engine: str
    left_out: Mapping[str, str]
    facts: Facts = field(repr=False)
    plan: Plan = field(repr=False)
    _answers: Answers = field(repr=False)
    complete: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Verdicts({len(self.nodes)} elements, {len(self.definitions)} definitions, engine={self.engine!r})"

    @cached_property
    def _explainer(self) -> Explainer:
        return Explainer(self.facts)

    @cached_property
    def _troubled(self) -> frozenset[int]:
        return frozenset(self.model.node(problem.element) for problem in self.model.problems)

    @cached_property
    def _by_token(self) -> Mapping[str, Definition]:
        return {definition.token: definition for definition in self.definitions}

    @property
    def elements(self) -> tuple[str, ...]:
        """The IRIs of the elements judged."""
        return tuple(self.facts.terms[node].value for node in self.nodes)

    def outcome(self, node: int, definition: Definition) -> Outcome:
        """Give the outcome for a node."""
        token = definition.token
        if node not in self._answers.applicable[token]:
            return Outcome.NOT_APPLICABLE
        settled = node in self._answers.certain[token] or node not in self._answers.possible[token]
        return Outcome.of(conforms=node in self._answers.met[token], settled=settled)

    def verdict(self, node: int, definition: Definition) -> Verdict:
        """Give the verdict for a node."""
        outcome = self.outcome(node, definition)
        applies = outcome is not Outcome.NOT_APPLICABLE
        iri = self.facts.terms[node].value
        return Verdict(
            element=iri,
            label=self.model.label(iri),
            declared=self.model.facts.declared.get(node, ()),
            definition=definition.token,
            term=definition.term,
            framework=definition.framework,
            outcome=outcome,
            conforms=outcome in (Outcome.SATISFIED, Outcome.SATISFIED_SO_FAR) if applies else None,
            settled=outcome in (Outcome.SATISFIED, Outcome.CONTRADICTED) if applies else None,
            unit=self.unit,
            necessary_only=definition.necessary_only,
            complete=self.complete,
            _reasons=lambda: self._reasons(definition, node),
            _touched=lambda: self._touches(definition, node),
        )

    def _reasons(self, definition: Definition, node: int) -> Findings:
        return ((), ()) if definition.only_by_reference else self._explainer.findings(definition, node)

    def _touches(self, definition: Definition, node: int) -> bool:
        if not self._troubled or definition.only_by_reference:
            return False
        return bool(self._troubled & self._explainer.visited(definition, node))

    def __getitem__(self, key: tuple[str, str]) -> Verdict:
        """Give the verdict on an element (IRI or label) under a definition (token).

        Raises:
            UnknownNameError, AmbiguousNameError: if a name is not one, or was not part of the evaluation.
        """
        element, token = key
        node = self.model.node(element)
        if node not in self._node_set:
            raise UnknownNameError("element of this evaluation", element, map(self.model.label, self.elements))
        return self.verdict(node, self._chosen(token))

    def _chosen(self, token: str) -> Definition:
        found = self._by_token.get(token) or self._by_token.get(self.catalogue.definition(token).token)
        if found is None:
            raise UnknownNameError("definition of this evaluation", token, self._by_token)
        return found

    @cached_property
    def _node_set(self) -> frozenset[int]:
        return frozenset(self.nodes)

    def all(self) -> Iterator[Verdict]:
        """Yield every verdict, element by element, those that do not apply included."""
        for node in self.nodes:
            for definition in self.definitions:
                yield self.verdict(node, definition)

    def __iter__(self) -> Iterator[Verdict]:
        for node in self.nodes:
            for definition in self.definitions:
                if node in self._answers.applicable[definition.token]:
                    yield self.verdict(node, definition)

    def counts(self, definition: str) -> Mapping[Outcome, int]:
        """Count the outcomes under a definition, over the elements judged."""
        from .engines.node_set import outcome_counts

        return outcome_counts(self._answers.of(self._chosen(definition).token), self.nodes, len(self.facts.terms))

    def meeting(self, definition: str) -> tuple[int, ...]:
        """Give the nodes, of those judged, that meet a definition on the facts recorded."""
        from .engines.node_set import among

        token = self._chosen(definition).token
        return among(self.nodes, (self._answers.met[token], self._answers.applicable[token]), len(self.facts.terms))

    def missing_most(self, definition: str, most: int = 3) -> tuple[tuple[str, int], ...]:
        """Give the constraints that most undetermined elements fail, with how many."""
        messages = {clause.iri: clause.message for clause in self._chosen(definition).constraints}
        unmet: Counter[str] = Counter()
        for clauses, count in self.open_clauses(definition).items():
            unmet.update({messages[iri]: count for iri in clauses})
        return tuple(sorted(unmet.items(), key=lambda item: -item[1])[:most])

    def open_clauses(self, definition: str) -> Mapping[frozenset[str], int]:
        """Count the undetermined elements by the constraints (IRIs) that they do not meet."""
        chosen = self._chosen(definition)
        if chosen.only_by_reference:
            return {}
        from .engines.node_set import among, combinations

        said, token, size = self._answers, chosen.token, len(self.facts.terms)
        possible = among(self.nodes, (said.applicable[token], said.possible[token]), size)
        undetermined = [node for node in possible if node not in said.met[token]]
        deciding = [clause.iri for clause in chosen.constraints if clause.decides]
        counts = combinations(undetermined, [said.constraints[iri] for iri in deciding], size)
        return {
            frozenset(iri for iri, met in zip(deciding, row, strict=True) if not met): count
            for row, count in counts.items()
        }

    def matrix(self, term: str | None = None, *, all: bool = False) -> Matrix:
        """Give elements against definitions.

        Args:
            term: only definitions of this term; by default all that were evaluated.
            all: whether to keep elements and definitions that never apply.

        Returns:
            The matrix; printing it shows it, `to_pandas()` gives it as a table.

        Raises:
            UnknownNameError: if there is no such term.
        """
        columns = self.definitions
        if term is not None:
            senses = self.catalogue.senses(term)
            columns = tuple(d for d in columns if d.term in senses)
        from .engines.node_set import outcome_rows

        sets = [self._answers.of(d.token) for d in columns]
        distinct, own = outcome_rows(sets, self.nodes, len(self.facts.terms))
        applying = [{n for n, outcome in enumerate(row) if outcome is not Outcome.NOT_APPLICABLE} for row in distinct]
        used = sorted(set().union(*applying)) if not all else range(len(columns))
        kept = [tuple(row[n] for n in used) for row in distinct]
        shown = [(node, kept[row]) for node, row in zip(self.nodes, own, strict=True) if all or applying[row]]
        iris = {node: self.facts.terms[node].value for node, _ in shown}
        return Matrix(
            tuple(iris.values()),
            tuple(columns[n].token for n in used),
            {iris[node]: row for node, row in shown},
            {iri: self.model.label(iri) for iri in iris.values()},
            {iri: self.model.facts.declared.get(node, ()) for node, iri in iris.items()},
            {columns[n].token: columns[n].term for n in used},
            hidden_rows=len(self.nodes) - len(shown),
            hidden_columns=len(columns) - len(used),
        )

    @cached_property
    def _verdict_graph(self) -> rdflib.Graph:
        return self.to_graph()

    @property
    def graph(self) -> rdflib.Graph:
        """The verdicts of definitions that apply, with findings, as `meta:Verdict`s; and the definitions' names."""
        return self._verdict_graph

    def to_graph(self, *, all: bool = False) -> rdflib.Graph:
        """Give the verdicts as an rdflib graph of your own.

        Args:
            all: whether to keep verdicts of definitions that do not apply.
        """
        chosen = self.all() if all else self
        return rdflib_graph(verdict_triples(chosen, self.catalogue.version, self.definitions, self.facts))

    def query(self, sparql: str) -> Result:
        """Answer a SPARQL query over verdicts, facts and vocabulary together.

        Raises:
            InputError: as `Model.query`.
        """
        return answer(self.model.graph_with(self._verdict_graph), sparql)

    def to_records(self, *, all: bool = False) -> list[dict[str, Any]]:
        """Give the verdicts as dicts, as the command line's JSON has them.

        Args:
            all: whether to keep verdicts of definitions that do not apply.
        """
        return [record(verdict) for verdict in (self.all() if all else self)]

    def to_pandas(self, *, all: bool = False) -> pandas.DataFrame:
        """Give the verdicts as a table, one row a verdict.

        Args:
            all: whether to keep verdicts of definitions that do not apply.

        Returns:
            A DataFrame with the columns element, label, declared, definition, term, framework, outcome, conforms,
            settled, missing and conflicts (the last two as counts).

        Raises:
            EngineError: if pandas is not installed.
        """
        pd = pandas_module()
        rows = [
            {**flat, "missing": len(flat["missing"]), "conflicts": len(flat["conflicts"])}
            for flat in self.to_records(all=all)
        ]
        columns = [
            "element", "label", "declared", "definition", "term", "framework", "outcome", "conforms", "settled",
            "missing", "conflicts",
        ]  # fmt: skip
        table: pandas.DataFrame = pd.DataFrame(rows, columns=columns)
        return table


def record(verdict: Verdict) -> dict[str, Any]:
    """Give a verdict as a dict that JSON can hold."""
    return {
        "element": verdict.element,
        "label": verdict.label,
        "declared": list(verdict.declared),
        "definition": verdict.definition,
        "term": verdict.term,
        "framework": verdict.framework,
        "outcome": verdict.outcome.value,
        "conforms": verdict.conforms,
        "settled": verdict.settled,
        "missing": [_finding(finding) for finding in verdict.missing],
        "conflicts": [_finding(finding) for finding in verdict.conflicts],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "constraint": finding.constraint,
        "message": finding.message,
        "detail": finding.detail,
        "facts": [list(fact) for fact in finding.facts],
        "relations": list(finding.relations),
    }
