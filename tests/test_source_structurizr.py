"""Structurizr workspaces: what they state, how instances, groups and tags are read, and what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from reading import (
    SAMPLES,
    adds_up,
    cut,
    foreign_samples,
    format_of,
    kinds,
    loads_or_says_why,
    related,
    spoiled,
    values,
)

from itsm_ontology.document import Document, open_document
from itsm_ontology.errors import InputError
from itsm_ontology.model import Model
from itsm_ontology.sources import load
from itsm_ontology.sources.mapping_file import shipped_mapping
from itsm_ontology.sources.structurizr import is_structurizr

SAMPLE = SAMPLES / "structurizr" / "parcels.json"
BASE = "urn:c4:"
SEPARATOR = {"structurizr.groupSeparator": "/"}


@pytest.fixture(scope="module")
def model() -> Model:
    return load(SAMPLE)


def workspace(**model: Any) -> bytes:
    return json.dumps({"name": "w", "model": model}).encode()


def container(id_: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "name": f"c{id_}", "tags": "Element,Container", **more}


def loaded(**parts: Any) -> Model:
    return load(workspace(**parts), name="w.json")


def test_the_sample_states_these_relations(model: Model) -> None:
    assert related(model, BASE) == {
        ("hasPart", "2", "4"), ("hasPart", "2", "5"), ("hasPart", "2", "6"),
        ("hasPart", "5", "7"), ("hasPart", "5", "8"),
        ("hasPart", "20", "21"), ("hasPart", "20", "24"), ("hasPart", "21", "23"),
        ("partOf", "4", "group/2/Front"), ("partOf", "group/2/Front", "2"),
        ("partOf", "5", "group/2/Core/Rounds"), ("partOf", "group/2/Core/Rounds", "group/2/Core"),
        ("partOf", "6", "group/2/Core"), ("partOf", "group/2/Core", "2"),
        ("partOf", "1", "group//Outside"), ("partOf", "3", "group//Outside"),
        ("partOf", "20", "environment/Live"), ("partOf", "21", "environment/Live"),
        ("partOf", "23", "environment/Live"), ("partOf", "24", "environment/Live"),
        ("partOf", "26", "environment/Development"),
        ("hosts", "21", "5"), ("hosts", "24", "6"), ("hosts", "26", "3"),
        ("deployedIn", "5", "22"), ("deployedIn", "6", "25"), ("deployedIn", "3", "27"),
        ("uses", "1", "2"), ("uses", "1", "4"), ("uses", "2", "3"), ("uses", "4", "5"),
        ("uses", "7", "6"), ("uses", "7", "3"), ("uses", "5", "6"),
        ("connectedTo", "1", "9"), ("connectedTo", "2", "9"), ("connectedTo", "10", "5"), ("connectedTo", "23", "5"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "expected", "declared"),
    [
        ("enterprise", {"Organization"}, "Enterprise"),
        ("1", {"Party"}, "Person"),
        ("2", {"Arrangement"}, "SoftwareSystem"),
        ("4", {"Software"}, "Container"),
        ("6", {"StorageStructure"}, "Container/Database"),
        ("7", {"Software"}, "Component"),
        ("10", set(), "CustomElement"),
        ("20", {"TechnicalThing"}, "DeploymentNode"),
        ("23", {"TechnicalThing"}, "InfrastructureNode"),
        ("22", {"Deployment"}, "ContainerInstance"),
        ("27", {"Deployment"}, "SoftwareSystemInstance"),
        ("group/2/Core", {"TechnicalThing"}, "Group/Container"),
        ("group//Outside", set(), "Group"),
        ("environment/Live", {"Environment"}, "DeploymentEnvironment"),
    ],
)
def test_kinds_and_declarations(model: Model, key: str, expected: set[str], declared: str) -> None:
    assert kinds(model, BASE + key) == expected
    assert model.declarations(BASE + key) == (f"c4:{declared}",)


def test_two_systems_of_one_name_stay_two(model: Model) -> None:
    assert [iri for iri in model.elements if model.label(iri) == "Tracking"] == [f"{BASE}2", f"{BASE}3"]
    assert values(model, f"{BASE}3", f"{BASE}field:location") == ["External"]
    assert values(model, f"{BASE}3", f"{BASE}field:tags") == ["Existing System"]


def test_counts_by_class_are_those_of_the_file(model: Model) -> None:
    text = SAMPLE.read_text()
    read = model.report.read
    assert read["Relationship"] == text.count('"destinationId"')
    assert read["ContainerInstance"] == text.count('"containerId"')
    assert read["DeploymentNode"] == text.count(",Deployment Node") - text.count(",Software System Instance")
    assert read["Container"] + read["Container/Database"] == len(re.findall(r"Element,Container[,\"]", text))
    assert read["Component"] == text.count("Element,Component")
    assert (read["systemContextViews"], read["deploymentViews"], read["decisions"]) == (1, 1, 1)
    adds_up(model)


def test_what_has_no_tag_is_taken_for_an_application_and_a_note_says_so(model: Model) -> None:
    assert "2 x Container without a tag that says it holds data: taken for applications." in model.report.notes


@pytest.mark.parametrize("tag", ["Database", "data-store", "Data Store", "queue", "BUCKET", "Web,file system"])
def test_tags_of_data_stores_are_known_however_they_are_spelt(tag: str) -> None:
    model = loaded(softwareSystems=[{"id": 1, "containers": [container("2", tags=f"Element,Container,{tag}")]}])
    assert kinds(model, f"{BASE}2") == {"StorageStructure"}


def test_a_mapping_may_have_a_class_for_a_tag_of_its_own(tmp_path: Path) -> None:
    mapping = tmp_path / "own.toml"
    mapping.write_text(
        'extends = "structurizr"\nsystem = "c4"\n[classes."Container/Lambda"]\nlike = "Container"\n'
        'kinds = ["RuntimeProcess"]\nreason = "ours"\n'
    )
    data = workspace(softwareSystems=[{"id": "1", "containers": [container("2", tags="lambda")]}])
    assert kinds(load(data, name="w.json", mapping=mapping), f"{BASE}2") == {"RuntimeProcess"}


def test_several_workspaces_of_a_folder_keep_their_elements_apart(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.json").write_bytes(workspace(softwareSystems=[{"id": "1", "name": name}]))
    model = load(tmp_path)
    assert {model.label(iri) for iri in model.elements} == {"a", "b"}
    assert set(model.elements) == {f"{BASE}a.json/1", f"{BASE}b.json/1"}


def test_a_relationship_to_nothing_is_kept_and_noted() -> None:
    person = {"id": "1", "name": "P", "relationships": [{"id": "2", "destinationId": "99", "description": "Uses"}]}
    model = loaded(people=[person])
    assert related(model, BASE) == {("connectedTo", "1", "99")}
    assert any("named, but not in the source" in note for note in model.report.notes)


def test_an_instance_of_nothing_stands_alone() -> None:
    node = {"id": "1", "name": "n", "containerInstances": [{"id": "2"}]}
    assert related(loaded(deploymentNodes=[node]), BASE) == {("hosts", "1", "2")}


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ({"people": {"id": "1"}}, "people is no list"),
        ({"people": [1]}, "people is no list"),
        ({"people": [{"name": "P"}]}, "this Person has no id"),
        ({"people": [{"id": "1"}, {"id": "1"}]}, "another record has the key '1' too"),
        ({"people": [{"id": "1", "group": "a/" * 300}], "properties": SEPARATOR}, "groups deep"),
        ({"people": []}, "nothing in it that could be used"),
    ],
)  # fmt: skip
def test_what_is_refused(parts: dict[str, Any], problem: str) -> None:
    with pytest.raises(InputError, match=re.escape(problem)):
        loaded(**parts)


def test_each_cut_of_the_sample_is_refused() -> None:
    assert not any(loads_or_says_why(piece, "structurizr", "w.json") for piece in cut(SAMPLE.read_bytes(), 12))


def test_wrong_values_in_the_sample_are_loaded_or_refused() -> None:
    outcomes = [
        loads_or_says_why(data, "structurizr", "w.json") for data in spoiled(json.loads(SAMPLE.read_bytes()), 150)
    ]
    assert {True, False} == set(outcomes)


@pytest.mark.parametrize(
    "data", [b"{}", b"[]", b"null", b'{"model": []}', b'{"a":' * 99_999, b'{"model": {}, "model": {}}']
)
def test_what_is_no_workspace_is_refused_when_asked_for(data: bytes) -> None:
    assert not loads_or_says_why(data, "structurizr", "w.json")


def test_the_format_is_told_from_the_content() -> None:
    assert format_of(open_document(SAMPLE)) == "structurizr"
    assert is_structurizr(Document("d", b"\xef\xbb\xbf" + SAMPLE.read_bytes()))
    foreign = foreign_samples("structurizr")
    assert len(foreign) > 5
    assert [document.name for document in foreign if is_structurizr(document)] == []


def test_every_class_and_field_says_why() -> None:
    mapping = shipped_mapping("structurizr")
    rules = [rule for one in mapping.classes.values() for rule in one.fields.values()]
    assert all(one.reason for one in mapping.classes.values())
    assert [rule for rule in rules if not (rule.reason or rule.left)] == []
