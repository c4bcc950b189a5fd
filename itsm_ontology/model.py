"""A model: facts about a landscape, what its sources call things, and where each fact came from. Immutable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from .conflicts import Conflict, conflicts
from .errors import AmbiguousNameError, UnknownNameError
from .facts import EVERYTHING, Facts, Merged
from .facts_builder import FactsBuilder
from .load_report import Report
from .names import DCTERMS, ITSM, META, RDF_TYPE, RDFS, SKOS, expand, local_name
from .rdf import Term, rdflib_graph
from .records import read_records
from .resources import folder
from .vocabulary import Vocabulary

if TYPE_CHECKING:
    import rdflib
    from rdflib.query import Result


@dataclass(frozen=True)
class Problem:
    """Facts that the vocabulary says can't hold together; a model that has them still loads.

    Attributes:
        element: the IRI of the element in question.
        message: what clashes, in words.

    Example:
        >>> Model.from_records([{"id": "a", "kind": ["Person", "Software"]}]).problems[0].message
        'a is recorded as person and software, and nothing can be both.'
    """

    element: str
    message: str


@dataclass(frozen=True, eq=False)
class Model:
    """Facts, declarations and their sources, ready to be evaluated. Make one with `load` or `Model.from_records`.

    Attributes:
        facts: what is recorded, as data.

    Example:
        >>> model = Model.from_records([{"id": "crm", "kind": "Software", "label": "Customer register"}])
        >>> model.find("customer register")
        'urn:model:crm'
    """

    facts: Facts

    def __repr__(self) -> str:
        return f"Model({self.name!r}, {len(self.elements)} elements)"

    @property
    def name(self) -> str:
        """What the model is called."""
        return self.facts.name

    @property
    def vocabulary(self) -> Vocabulary:
        """The neutral vocabulary, with the model's own axioms added."""
        return self.facts.vocabulary

    @property
    def reports(self) -> tuple[Report, ...]:
        """What each load read, used and left."""
        return self.facts.reports

    @staticmethod
    def from_records(records: Iterable[Mapping[str, Any]], *, name: str = "records", base: str = "urn:model:") -> Model:
        """Build a model from dicts: no Turtle needed.

        Args:
            records: one mapping an element. `id` names it (an IRI, or any text, which is appended to `base`); `label`,
                `kind` (one or a list of kinds of the vocabulary, such as `Software`), `declared` (what your system
                calls it, as `SYSTEM:Type`) and `complete` (relations whose values are all given) are optional; every
                other key is a relation or attribute of the vocabulary (`hasPart`, `runsOn`, `automated`) or an IRI,
                with one value or a list. The values of relations are ids.
            name: what to call the model.
            base: the start of the IRIs made from ids.

        Returns:
            The model.

        Raises:
            InputError: with the record, if it has no id, an id twice, a key that is no relation, or a wrong value.

        Example:
            >>> model = Model.from_records([
            ...     {"id": "payroll", "kind": "Software", "runsOn": ["s1", "s2"], "automated": True},
            ...     {"id": "s1", "kind": "Server"}, {"id": "s2", "kind": "Server"}])
            >>> len(model.elements)
            3
        """
        builder = FactsBuilder(name, "records")
        read_records(records, builder, base)
        return Model(builder.build())

    def with_records(self, records: Iterable[Mapping[str, Any]], *, name: str = "records") -> Model:
        """Give a model with more facts; this one stays as it is.

        Args:
            records: as for `from_records`; an `id` may be the IRI, the label or the last part of the IRI of an element
                that is there, and so may the values of relations.
            name: what to call the source of the new facts.

        Returns:
            The new model.

        Raises:
            InputError: as `from_records`.
            AmbiguousNameError: if an id is the label of several elements.

        Example:
            >>> model = Model.from_records([{"id": "a", "label": "Mail", "kind": "Arrangement"}])
            >>> model.with_records([{"id": "Mail", "customer": "sales"}]).elements
            ('urn:model:a', 'urn:model:sales')
        """
        builder = FactsBuilder.onto(self.facts, name, "records")
        read_records(records, builder, "urn:model:", self._iri_if_known)
        return Model(builder.build())

    def _iri_if_known(self, name: str) -> str | None:
        try:
            return self.find(name)
        except UnknownNameError:
            return None

    @property
    def element_nodes(self) -> Sequence[int]:
        """The nodes of the elements, in the order of the source."""
        return self.facts.element_nodes

    @cached_property
    def elements(self) -> tuple[str, ...]:
        """The IRIs of all elements: whatever has a kind, a declaration, or a fact in a relation between elements."""
        return tuple(self.facts.terms[node].value for node in self.element_nodes)

    @cached_property
    def _labels(self) -> Mapping[int, str]:
        first: dict[int, str] = {}
        english: dict[int, str] = {}
        for predicate in (RDFS.label, SKOS.prefLabel, DCTERMS.term("title"), "http://purl.org/dc/elements/1.1/title"):
            for subject, object_ in self.facts.pairs.get(predicate, ()):
                term = self.facts.terms[object_]
                if isinstance(term, Literal):
                    first.setdefault(subject, term.value)
                    if term.language in (None, "en"):
                        english.setdefault(subject, term.value)
        return {**first, **english}

    def label(self, iri: str) -> str:
        """Give the name of an element: its label, or the last part of its IRI."""
        node = self.facts.nodes.get(_named(iri))
        return (self._labels.get(node) if node is not None else None) or local_name(iri)

    def node(self, name: str) -> int:
        """Find an element by its IRI, prefixed name, label, or the last part of its IRI.

        Raises:
            UnknownNameError: if nothing is called so; near matches are named.
            AmbiguousNameError: if several elements share the label; their IRIs are named.
        """
        for iri in (name, expand(name)):
            if ":" in iri and (node := self.facts.nodes.get(_named(iri))) is not None and node in self._element_set:
                return node
        found = self._by_name.get(name) or self._by_name.get(name.casefold().strip())
        if not found:
            raise UnknownNameError("element", name, [self.label(iri) for iri in self.elements])
        if len(found) > 1:
            raise AmbiguousNameError("element", name, [self.facts.terms[node].value for node in found])
        return found[0]

    @cached_property
    def _element_set(self) -> frozenset[int]:
        return frozenset(self.element_nodes)

    @cached_property
    def _by_name(self) -> Mapping[str, list[int]]:
        by_name: dict[str, list[int]] = defaultdict(list)
        for node in self.element_nodes:
            iri = self.facts.terms[node].value
            for name in {self._labels.get(node, ""), local_name(iri)} - {""}:
                by_name[name].append(node)
        for name, nodes in list(by_name.items()):
            folded = name.casefold().strip()
            if folded != name:
                by_name[folded] = sorted({*by_name.get(folded, ()), *nodes})
        return by_name

    def find(self, name: str) -> str:
        """Find an element as `node` does, and give its IRI."""
        return self.facts.terms[self.node(name)].value

    def kinds(self, element: str) -> tuple[str, ...]:
        """Give the IRIs of the kinds recorded for an element."""
        nodes = self.facts.forwards.get(RDF_TYPE, {}).get(self.node(element), ())
        return tuple(sorted(self.facts.terms[node].value for node in nodes))

    def declarations(self, element: str) -> tuple[str, ...]:
        """Give what source systems call an element, such as `archimate-3:ApplicationComponent`."""
        return self.facts.declared.get(self.node(element), ())

    @property
    def report(self) -> Report:
        """What the load read, used and left; of several sources or loads, the first (see `reports`)."""
        return self.reports[0]

    @property
    def merged(self) -> tuple[Merged, ...]:
        """The things that several sources record, each with the key by which they are known as one."""
        return self.facts.merged

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of the sources of the facts."""
        return self.facts.sources

    def said_by(self, subject: str, relation: str, object_: str) -> tuple[str, ...]:
        """Give the names of the sources that say a fact; none if it is not recorded.

        Args:
            subject: an element, by IRI or label.
            relation: a relation, by IRI or name, such as `runsOn`.
            object_: the IRI of the other element or kind, or the text of a value.

        Example:
            >>> model = Model.from_records([{"id": "a", "label": "Mail", "runsOn": "b"}], name="CMDB")
            >>> model.said_by("Mail", "runsOn", "urn:model:b")
            ('CMDB',)

        Raises:
            UnknownNameError: if there is no such element or relation.
        """
        node, iri = self.node(subject), expand(relation)
        if ":" not in iri:
            iri = ITSM.term(iri)
        words = self.vocabulary
        if iri not in self.facts.pairs and not words.is_known(iri):
            raise UnknownNameError("relation", relation, map(local_name, words.relations | words.attributes))
        for pair, origin in zip(self.facts.pairs.get(iri, ()), self.facts.origins.get(iri, ()), strict=True):
            if pair[0] == node and self.facts.terms[pair[1]].value == expand(object_):
                return tuple(self.facts.sources[source] for source in self.facts.sources_of(origin))
        return ()

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Where sources contradict each other about one thing: values that differ, kinds that exclude each other."""
        return tuple(conflicts(self.facts))

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Facts that the vocabulary says can't hold together: disjoint kinds, and circles where none should be."""
        return (*self._disjointness_problems(), *self._circle_problems())

    def _disjointness_problems(self) -> Iterable[Problem]:
        for node, kinds in sorted(self.facts.forwards.get(RDF_TYPE, {}).items()):
            names = sorted(self.facts.terms[kind].value for kind in kinds)
            for position, one in enumerate(names):
                for other in names[position + 1 :]:
                    if other in self.vocabulary.disjoint_kinds(one):
                        iri = self.facts.terms[node].value
                        clash = f"{self.vocabulary.label(one)} and {self.vocabulary.label(other)}"
                        yield Problem(iri, f"{self.label(iri)} is recorded as {clash}, and nothing can be both.")

    def _circle_problems(self) -> Iterable[Problem]:
        for relation, entry in self.vocabulary.entries.items():
            if entry.acyclic:
                for node in sorted(_on_circles(self._edges(relation))):
                    iri = self.facts.terms[node].value
                    yield Problem(iri, f"{self.label(iri)} {entry.label} itself, directly or through others.")

    def _edges(self, relation: str) -> Mapping[int, tuple[int, ...]]:
        """Give each node the values of a relation, those of its sub-relations and inverses included."""
        found: dict[int, tuple[int, ...]] = defaultdict(tuple)
        for iri, backwards in self.vocabulary.edges(relation):
            index = self.facts.backwards if backwards else self.facts.forwards
            for node, values in index.get(iri, {}).items():
                found[node] += values
        return found

    @cached_property
    def _fact_graph(self) -> rdflib.Graph:
        return rdflib_graph(self._triples())

    def _triples(self) -> Iterable[tuple[Term, Term, Term]]:
        for relation, pairs in self.facts.pairs.items():
            for subject, object_ in pairs:
                yield self.facts.terms[subject], NamedNode(relation), self.facts.terms[object_]

    @cached_property
    def _word_graph(self) -> rdflib.Graph:
        import rdflib

        return rdflib.Graph().parse(data=(folder("vocab") / "itsm.ttl").read_text("utf-8"), format="turtle")

    @property
    def graph(self) -> rdflib.Graph:
        """Facts and vocabulary as one rdflib graph, read-only."""
        return self.graph_with()

    def graph_with(self, *more: rdflib.Graph) -> rdflib.Graph:
        """Give facts, vocabulary and other graphs as one, read-only."""
        import rdflib
        from rdflib.graph import ReadOnlyGraphAggregate

        # one graph inside: over several, rdflib follows a property path once for each and repeats its answers
        whole = rdflib.Graph(bind_namespaces="none")
        for part in (self._fact_graph, self._word_graph, *more):
            whole += part
        return ReadOnlyGraphAggregate([whole])

    def query(self, sparql: str) -> Result:
        """Answer a SPARQL query over facts and vocabulary.

        Args:
            sparql: a SELECT, ASK, CONSTRUCT or DESCRIBE query; the prefixes of this project are known.

        Returns:
            rdflib's result.

        Raises:
            InputError: if it is no such query, or would read from elsewhere (SERVICE, FROM).

        Example:
            >>> model = Model.from_records([{"id": "a", "hasPart": "b"}])
            >>> len(model.query("SELECT ?part WHERE { ?whole itsm:hasPart ?part }"))
            1
        """
        from .sparql import answer

        return answer(self.graph, sparql)

    def turtle(self) -> str:
        """Write the facts as Turtle, and which relations are recorded as complete, of elements or altogether.

        Example:
            >>> model = Model.from_records([{"id": "a", "kind": "Server", "complete": ["hasPart"]}])
            >>> "meta:completeFor itsm:hasPart" in model.turtle()
            True
        """
        graph = rdflib_graph([*self._triples(), *self._complete_triples()])
        return str(graph.serialize(format="turtle"))

    def _complete_triples(self) -> Iterable[tuple[Term, Term, Term]]:
        for item in self.facts.completeness:
            if item.source is None:
                node = NamedNode(EVERYTHING) if item.node is None else self.facts.terms[item.node]
                said = META.completeForInverse if item.backwards else META.completeFor
                yield node, NamedNode(said), NamedNode(item.relation)


def _named(iri: str) -> Term:
    try:
        return NamedNode(iri)
    except ValueError:
        return Literal(iri)


def _on_circles(edges: Mapping[int, tuple[int, ...]]) -> set[int]:
    """Give the nodes that can be reached from themselves."""
    remaining = {node: set(values) for node, values in edges.items()}
    while True:  # take away, again and again, what leads nowhere and what nothing leads to
        targets = {value for values in remaining.values() for value in values}
        kept = {
            node: {value for value in values if value in remaining}
            for node, values in remaining.items()
            if node in targets
        }
        kept = {node: values for node, values in kept.items() if values}
        if kept == remaining:
            return {node for node in kept if _reaches(kept, node)}
        remaining = kept


def _reaches(edges: Mapping[int, set[int]], start: int) -> bool:
    seen: set[int] = set()
    todo = [start]
    while todo:
        for value in edges.get(todo.pop(), ()):
            if value == start:
                return True
            if value not in seen:
                seen.add(value)
                todo.append(value)
    return False
