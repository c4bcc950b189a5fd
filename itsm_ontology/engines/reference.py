"""The reference engine: owlrl closes vocabulary and facts, then pySHACL validates. The others are held to it.

It is slow, and answers one question only, whether the facts conform. It runs in a process of its own, because pySHACL
switches a global of rdflib and is not safe in threads.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, serialize

from ..definitions import Definition
from ..errors import EngineError
from ..facts import Facts
from ..names import EXAMPLE, META, RDF_TYPE, SH
from ..rdf import Statement, Term, read_statements
from ..resources import folder

if TYPE_CHECKING:
    import rdflib

_WRAPPER = "urn:itsm-ontology:wrapper:"


def conforming(facts: Facts, definitions: Sequence[Definition], nodes: Sequence[int]) -> Mapping[str, frozenset[int]]:
    """Ask pySHACL which nodes conform to which definitions.

    Args:
        facts: what is recorded.
        definitions: the definitions; the shapes are read from their files again, by pySHACL's own reader.
        nodes: the nodes to judge.

    Returns:
        Token to the nodes that conform: no violation by a deciding constraint.

    Raises:
        EngineError: if the process fails or pySHACL gives no report.
    """
    shapes = [*_shapes(definitions), *_wrappers(facts, definitions, nodes)]
    task = {
        "facts": _n_triples(_fact_triples(facts)),
        "vocabulary": (folder("vocab") / "itsm.ttl").read_text("utf-8"),
        "shapes": _n_triples(shapes),
    }
    failing = _in_a_process(task)
    numbered = {f"{_WRAPPER}{position}": d.token for position, d in enumerate(definitions)}
    judged = {facts.terms[node].value: node for node in nodes}
    refused: dict[str, set[int]] = {d.token: set() for d in definitions}
    for wrapper, focus in failing:
        if wrapper in numbered and focus in judged:
            refused[numbered[wrapper]].add(judged[focus])
    return {token: frozenset(set(nodes) - out) for token, out in refused.items()}


def _fact_triples(facts: Facts) -> Iterable[tuple[Term, Term, Term]]:
    for relation, pairs in facts.pairs.items():
        for subject, object_ in pairs:
            yield facts.terms[subject], NamedNode(relation), facts.terms[object_]


def _shapes(definitions: Sequence[Definition]) -> Iterable[tuple[Term, Term, Term]]:
    """Give the shapes of the definitions' files, without examples and without what only warns."""
    documents = {definition.document.digest: definition.document for definition in definitions}
    for number, document in enumerate(documents.values()):
        statements = list(read_statements(document, "turtle"))
        warnings = {s[0] for s in statements if s[1].value == SH.severity and s[2].value != SH.Violation}
        owners = {s[0] for s in statements if s[1].value == RDF_TYPE and s[2].value == META.Definition}
        for subject, predicate, object_, _ in statements:
            advisory = predicate.value == SH.property and object_ in warnings and subject in owners
            if not advisory and _is_shape_statement((subject, predicate, object_, "")):
                yield _apart(subject, number), predicate, _apart(object_, number)


def _is_shape_statement(statement: Statement) -> bool:
    subject, predicate, _, _ = statement
    if subject.value.startswith(EXAMPLE) or predicate.value.startswith(META):
        return False
    return not (predicate.value.startswith(SH) and predicate.value[len(SH) :].startswith("target"))


def _apart(term: Term, number: int) -> Term:
    """Keep the blank nodes of several files apart."""
    return BlankNode(f"f{number}{term.value}") if isinstance(term, BlankNode) else term


def _wrappers(
    facts: Facts, definitions: Sequence[Definition], nodes: Sequence[int]
) -> Iterable[tuple[Term, Term, Term]]:
    for position, definition in enumerate(definitions):
        wrapper = NamedNode(f"{_WRAPPER}{position}")
        yield wrapper, NamedNode(RDF_TYPE), NamedNode(SH.NodeShape)
        yield wrapper, NamedNode(SH.node), NamedNode(definition.iri)
        for node in nodes:
            yield wrapper, NamedNode(SH.targetNode), facts.terms[node]


def _n_triples(triples: Iterable[tuple[Term, Term, Term]]) -> str:
    quads = (Quad(s, p, o) for s, p, o in triples)  # type: ignore[arg-type]
    written = serialize(quads, format=RdfFormat.N_TRIPLES)
    return (written or b"").decode("utf-8")


def _in_a_process(task: Mapping[str, str]) -> list[tuple[str, str]]:
    done = subprocess.run(
        [sys.executable, "-m", "itsm_ontology.engines.reference"],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        raise EngineError(f"The reference engine failed: {last[0]}")
    return [(wrapper, focus) for wrapper, focus in json.loads(done.stdout)]


# --------------------------------------------------------------------------------------------------------------------
# In the process


def closed_graph(facts: str, vocabulary: str) -> rdflib.Graph:
    """Close vocabulary and facts under OWL RL, and take owlrl's reflexive sameAs out again."""
    import owlrl
    import rdflib

    graph = rdflib.Graph()
    graph.parse(data=facts, format="nt")
    graph.parse(data=vocabulary, format="turtle")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    same = rdflib.OWL.sameAs
    for subject, _, object_ in list(graph.triples((None, same, None))):
        if subject == object_:
            graph.remove((subject, same, object_))
    return graph


def failing_nodes(data: rdflib.Graph, shapes: rdflib.Graph) -> list[tuple[str, str]]:
    """Give shape and focus node of every violation that pySHACL reports.

    Raises:
        EngineError: if pySHACL gives no report.
    """
    import pyshacl
    import rdflib

    conforms, report, text = pyshacl.validate(data, shacl_graph=shapes, inference=None, advanced=False)
    if not isinstance(conforms, bool) or not isinstance(report, rdflib.Graph):
        raise EngineError(f"pySHACL gave no report: {text}")
    sh = rdflib.Namespace(SH)
    return [
        (str(report.value(result, sh.sourceShape)), str(report.value(result, sh.focusNode)))
        for result in report.objects(None, sh.result)
        if report.value(result, sh.resultSeverity) == sh.Violation
    ]


def _main() -> None:
    import rdflib

    rdflib.NORMALIZE_LITERALS = False
    task = json.load(sys.stdin)
    shapes = rdflib.Graph().parse(data=task["shapes"], format="nt")
    data = closed_graph(task["facts"], task["vocabulary"])
    json.dump(failing_nodes(data, shapes), sys.stdout)


if __name__ == "__main__":
    _main()
