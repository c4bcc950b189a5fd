"""The catalogue as one download: nothing lost, nothing run together, and read alike by two libraries."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import rdflib
from conftest import ROOT as PROJECT
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, parse

import itsm_ontology as itsm
from itsm_ontology.catalogue_rdf import CATALOGUE
from itsm_ontology.cli import main
from itsm_ontology.names import DCTERMS, FRAMEWORK, META, OWL, RDF_TYPE, ROOT

FILES = {
    **{ROOT + path.stem: path for path in sorted((PROJECT / "vocab").glob("*.ttl"))},
    **{FRAMEWORK + path.stem: path for path in sorted((PROJECT / "shapes").glob("*.ttl"))},
}


@cache
def written(form: str) -> str:
    return itsm.catalogue().turtle() if form == "turtle" else itsm.catalogue().trig()


@cache
def quads(form: str) -> tuple[Quad, ...]:
    return tuple(parse(written(form).encode(), RdfFormat.TURTLE if form == "turtle" else RdfFormat.TRIG))


@cache
def as_rdflib(form: str) -> rdflib.Dataset:
    found = rdflib.Dataset(default_union=True)
    found.parse(data=written(form), format=form)
    return found


def expected_counts() -> dict[str, int]:
    catalogue = itsm.catalogue()
    sorts = Counter(standing.sort for standing in catalogue.standings)
    return {
        "Definition": len(catalogue.all_definitions),
        "Framework": len(catalogue.frameworks),
        "Term": len(catalogue.terms),
        "Thesis": len(catalogue.theses),
        "Dispute": len(catalogue.disputes),
        "Absence": sorts["absent"],
        "Mention": sorts["mentioned"],
    }


def test_the_catalogue_is_not_empty() -> None:
    counts = expected_counts()
    assert counts["Definition"] > 250
    assert counts["Absence"] > 100
    assert min(counts.values()) >= 1


@pytest.mark.parametrize("form", ["turtle", "trig"])
@pytest.mark.parametrize("sort", expected_counts())
def test_two_libraries_count_what_the_catalogue_has(form: str, sort: str) -> None:
    kind = META.term(sort)
    typed = {quad.subject for quad in quads(form) if (quad.predicate.value, quad.object) == (RDF_TYPE, NamedNode(kind))}
    graph = as_rdflib(form)
    instances = set(graph.subjects(rdflib.RDF.type, rdflib.URIRef(kind)))
    if sort in ("Absence", "Mention"):
        of_term = META.ofTerm
        ours = [quad for quad in quads(form) if quad.predicate.value == of_term and quad.subject in typed]
        theirs = [triple for triple in graph.triples((None, rdflib.URIRef(of_term), None)) if triple[0] in instances]
    else:
        ours, theirs = list(typed), list(instances)
    assert len(ours) == len(theirs) == expected_counts()[sort]


def test_each_file_is_a_graph_of_its_own_and_whole() -> None:
    graphs: dict[str, list[Quad]] = {}
    for quad in quads("trig"):
        graphs.setdefault(getattr(quad.graph_name, "value", ""), []).append(quad)
    assert set(graphs) == {"", *FILES}
    for iri, path in FILES.items():
        assert canonical(graphs[iri]) == canonical(parse(path=path)), path.name


def canonical(found) -> set[str]:
    """Give triples with blank nodes named by what hangs on them; two graphs are equal if these are."""
    dataset = Dataset(Quad(quad.subject, quad.predicate, quad.object) for quad in found)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def test_files_share_no_blank_node() -> None:
    homes: dict[str, set[str]] = {}
    for quad in quads("trig"):
        for term in (quad.subject, quad.object):
            if isinstance(term, BlankNode):
                homes.setdefault(term.value, set()).add(str(quad.graph_name))
    assert len(homes) > 1000
    assert [name for name, graphs in homes.items() if len(graphs) > 1] == []


def test_both_formats_say_the_same() -> None:
    """As many triples, those that several files state counted once; and named nodes alike."""

    def named(form: str) -> set[tuple[str, ...]]:
        return {
            (str(quad.subject), str(quad.predicate), str(quad.object))
            for quad in quads(form)
            if not isinstance(quad.subject, BlankNode) and not isinstance(quad.object, BlankNode)
        }

    assert named("turtle") == named("trig")
    assert len({(q.subject, q.predicate, q.object) for q in quads("trig")}) == len(quads("turtle"))


@pytest.mark.parametrize("form", ["turtle", "trig"])
def test_it_says_what_it_is(form: str) -> None:
    whole = NamedNode(CATALOGUE)
    said = {
        (quad.predicate.value, quad.object.value)
        for quad in quads(form)
        if quad.subject == whole and (form == "turtle" or not hasattr(quad.graph_name, "value"))
    }
    assert {
        (DCTERMS.creator, "The itsm-ontology founders"),
        (DCTERMS.license, "https://creativecommons.org/licenses/by/4.0/"),
        (OWL.versionIRI, f"{ROOT}{itsm.__version__}/catalogue"),
        (DCTERMS.hasPart, ROOT + "meta"),
        (DCTERMS.references, FRAMEWORK + "itil-2011"),
    } <= said
    assert {value for predicate, value in said if predicate in (DCTERMS.hasPart, DCTERMS.references)} == set(FILES)


@pytest.mark.parametrize("name", ["itsm", "meta", "terms", "theses", "disputes"])
def test_every_ontology_has_the_version_of_the_library(name: str) -> None:
    said = {
        (quad.predicate.value, quad.object.value)
        for quad in parse(path=PROJECT / "vocab" / f"{name}.ttl")
        if quad.subject == NamedNode(ROOT + name)
    }
    assert (OWL.versionIRI, f"{ROOT}{itsm.__version__}/{name}") in said
    assert (OWL.versionInfo, itsm.__version__) in said
    assert (DCTERMS.license, "https://creativecommons.org/licenses/by/4.0/") in said


@pytest.mark.parametrize("form", ["turtle", "trig"])
def test_it_is_written_alike_every_time(form: str) -> None:
    code = (
        f"import hashlib, itsm_ontology as itsm;print(hashlib.sha256(itsm.catalogue().{form}().encode()).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, check=True, cwd=PROJECT, env={**os.environ, "PYTHONHASHSEED": "7"},
    )  # fmt: skip
    assert done.stdout.strip() == hashlib.sha256(written(form).encode()).hexdigest()


OWN = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix itsm: <https://w3id.org/itsm-ontology/itsm#> .
<urn:own:%(name)s> a sh:NodeShape ; sh:message "Has a part." ; sh:property _:same .
_:same sh:path itsm:hasPart ; sh:minCount %(count)d ."""


def test_files_of_your_own_are_in_it(tmp_path: Path) -> None:
    """Two files name a blank node alike: they stay two."""
    for count, name in enumerate(("one", "two"), start=1):
        (tmp_path / f"{name}.ttl").write_text(OWN % {"name": name, "count": count}, "utf-8")
    catalogue = itsm.catalogue().with_shapes(tmp_path / "one.ttl", tmp_path / "two.ttl")
    for form, text in ((RdfFormat.TURTLE, catalogue.turtle()), (RdfFormat.TRIG, catalogue.trig())):
        found = list(parse(text.encode(), form))
        shapes = {
            quad.subject.value: quad.object for quad in found if str(quad.subject).startswith("<urn:own:")
            and quad.predicate.value == "http://www.w3.org/ns/shacl#property"
        }  # fmt: skip
        assert set(shapes) == {"urn:own:one", "urn:own:two"}
        counts = {
            name: [
                quad.object.value for quad in found if quad.subject == shape and quad.predicate.value.endswith("Count")
            ]
            for name, shape in shapes.items()
        }
        assert counts == {"urn:own:one": ["1"], "urn:own:two": ["2"]}


@pytest.mark.parametrize("form", ["turtle", "trig"])
def test_the_command_writes_it(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalogue", "--format", form]) == 0
    assert capsys.readouterr() == (written(form), "")
    file = tmp_path / "catalogue"
    assert main(["catalogue", "--format", form, "--output", str(file)]) == 0
    said = capsys.readouterr()
    assert str(file) in said.out
    assert said.err == ""
    assert file.read_text("utf-8") == written(form)


def test_a_file_that_cannot_be_written_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalogue", "--output", str(tmp_path / "nowhere" / "catalogue.ttl")]) == 2
    assert "No such file or directory" in capsys.readouterr().err
