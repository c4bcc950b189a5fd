"""The W3C's SHACL Core tests: whether the data conform, and which focus nodes fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import SHARED, beside
from pyoxigraph import NamedNode

from itsm_ontology.document import open_document
from itsm_ontology.names import RDF, SH
from itsm_ontology.rdf import Statement, Term, read_statements
from itsm_ontology.shacl import ShapesGraph
from itsm_ontology.validate import failures

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
HOW_MANY = 98


def statements(path: Path) -> list[Statement]:
    return list(read_statements(open_document(path), "turtle", base=path.as_uri()))


def graph(path: Path) -> ShapesGraph:
    return ShapesGraph(open_document(path), statements(path), strict=False)


def entries() -> Iterator[tuple[Path, Term]]:
    folder = SHARED / "w3c-shacl" / "core"
    for path in sorted(folder.rglob("*.ttl")):
        if path.name != "manifest.ttl":
            for node in graph(path).subjects(RDF.type, NamedNode(SHT + "Validate")):
                yield path, node


CASES = list(entries()) if (SHARED / "w3c-shacl").exists() else []


def test_the_suite_is_there_and_whole() -> None:
    beside("w3c-shacl", "core")
    assert len(CASES) == HOW_MANY


@pytest.mark.parametrize(("path", "case"), CASES, ids=[node.value.rsplit("/", 1)[1] for _, node in CASES])
def test_conforms_and_focus_nodes(path: Path, case: Term) -> None:
    manifest = graph(path)
    action = manifest.values(case, MF + "action")[0]
    data = Path(manifest.values(action, SHT + "dataGraph")[0].value.removeprefix("file://"))
    shapes = Path(manifest.values(action, SHT + "shapesGraph")[0].value.removeprefix("file://"))
    report = manifest.values(case, MF + "result")[0]
    expected = {
        focus for result in manifest.values(report, SH.result) for focus in manifest.values(result, SH.focusNode)
    }
    found = failures(statements(data), graph(shapes))
    assert {node for nodes in found.values() for node in nodes} == expected
    assert (not found) == (manifest.values(report, SH.conforms)[0].value == "true")
