"""The RDF itself: annotations, profile, consistency, and closure as OWL RL has it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import ROOT
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse, serialize

from itsm_ontology.names import META, PREFIXES
from itsm_ontology.vocabulary import vocabulary

RULES = sorted((ROOT / "tests" / "hygiene").glob("*.rq"))
FILES = [*sorted((ROOT / "vocab").glob("*.ttl")), *sorted((ROOT / "shapes").glob("*.ttl"))]


@pytest.fixture(scope="module")
def everything() -> Store:
    store = Store()
    for file in FILES:
        store.load(path=str(file), format=RdfFormat.TURTLE)
    return store


def test_there_are_rules_and_files() -> None:
    assert len(RULES) >= 12
    assert len(FILES) >= 40


@pytest.mark.parametrize("rule", RULES, ids=lambda path: path.stem)
def test_hygiene(everything: Store, rule: Path) -> None:
    text = rule.read_text(encoding="utf-8")
    problems = sorted({str(row["problem"]) for row in everything.query(text, prefixes=PREFIXES)})  # type: ignore[union-attr]
    assert not problems, text.splitlines()[0]


def test_a_broken_rule_would_be_seen(everything: Store) -> None:
    """The rules can fail: a term without annotations is found."""
    bare = NamedNode("https://w3id.org/itsm-ontology/itsm#Bare")
    owl_class = NamedNode("http://www.w3.org/2002/07/owl#Class")
    everything.add(Quad(bare, NamedNode(PREFIXES["rdf"] + "type"), owl_class))
    try:
        rule = next(path for path in RULES if path.stem == "terms-are-annotated")
        rows = everything.query(rule.read_text(encoding="utf-8"), prefixes=PREFIXES)
        assert [str(row["problem"]) for row in rows] == [str(bare)]  # type: ignore[union-attr]
    finally:
        everything.remove(Quad(bare, NamedNode(PREFIXES["rdf"] + "type"), owl_class))


def test_consistent_and_every_class_satisfiable(tmp_path: Path) -> None:
    """HermiT finds the vocabulary and the meta-model's classes consistent, and no class empty."""
    if shutil.which("java") is None:
        pytest.skip("no Java on this machine: HermiT can't be asked whether the vocabulary is consistent")
    import owlready2

    quads = [
        quad
        for name in ("itsm.ttl", "meta.ttl")
        for quad in parse(path=ROOT / "vocab" / name)
        if not quad.predicate.value.startswith(META)
    ]
    file = tmp_path / "all.nt"
    file.write_bytes(serialize(quads, format=RdfFormat.N_TRIPLES) or b"")
    world = owlready2.World()
    world.get_ontology(file.as_uri()).load(format="ntriples")
    with world.get_ontology("urn:check#"):
        owlready2.sync_reasoner(world, debug=0)
    assert len(list(world.classes())) > 80
    assert list(world.inconsistent_classes()) == []


def test_closure_equals_owlrl() -> None:
    """What we read kinds and relations with is what OWL RL makes of the axioms."""
    import owlrl
    import rdflib

    graph = rdflib.Graph()
    full = rdflib.Graph().parse(ROOT / "vocab" / "itsm.ttl")
    a, b = rdflib.URIRef("urn:a"), rdflib.URIRef("urn:b")
    kept = {rdflib.RDFS.subClassOf, rdflib.RDFS.subPropertyOf, rdflib.OWL.inverseOf}
    for triple in full:
        if triple[1] in kept:
            graph.add(triple)
    words = vocabulary()
    for number, kind in enumerate(sorted(words.kinds)):
        graph.add((rdflib.URIRef(f"urn:node:{number}"), rdflib.RDF.type, rdflib.URIRef(kind)))
    for number, relation in enumerate(sorted(words.relations)):
        graph.add((rdflib.URIRef(f"{a}:{number}"), rdflib.URIRef(relation), rdflib.URIRef(f"{b}:{number}")))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    for number, kind in enumerate(sorted(words.kinds)):
        types = {str(t) for t in graph.objects(rdflib.URIRef(f"urn:node:{number}"), rdflib.RDF.type)} & words.kinds
        assert types == words.super_kinds(kind)
    for number, relation in enumerate(sorted(words.relations)):
        subject, object_ = rdflib.URIRef(f"{a}:{number}"), rdflib.URIRef(f"{b}:{number}")
        stated = {(str(p), False) for p in graph.predicates(subject, object_)}
        stated |= {(str(p), True) for p in graph.predicates(object_, subject)}
        ours = {
            (other, back)
            for other in words.relations
            for back in (False, True)
            if (relation, back) in words.edges(other)
        }
        assert {(p, back) for p, back in stated if p in words.relations} == ours
