"""SPDX 3: elements and relationships of a JSON-LD document whose context is never fetched."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from exports import (
    SAMPLES,
    adds_up,
    cuts,
    facts,
    fields_of,
    formats_of,
    labels,
    left_of,
    read_of,
    samples_of_others,
    settles,
    spoiled,
    things,
    values,
)

from itsm_ontology import InputError, load
from itsm_ontology.document import open_document
from itsm_ontology.sources.spdx import IN_ANOTHER_FILE, NOTHING_THERE, is_spdx

SAMPLE = SAMPLES / "spdx" / "board.spdx.json"
BASE = "urn:spdx-3:https://coop.example/spdx/"
CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"

FACTS = """
document isAbout sbom
sbom isAbout board
board offeredBy coop
board hasPart manual
board hasPart guess
board dependsOn timetable
board dependsOn elsewhere
"""


def document(*items: dict[str, Any]) -> bytes:
    return json.dumps({"@context": CONTEXT, "@graph": items}).encode()


def test_a_document_says_what_its_elements_are() -> None:
    model = load(SAMPLE)
    assert model.report.format == "spdx-3"
    assert facts(model, BASE) == set(FACTS.strip().splitlines())
    assert things(model, BASE) == {
        "ada": ("Person", "spdx-3:Person"),
        "coop": ("Organization", "spdx-3:Organization"),
        "document": ("DataSet", "spdx-3:SpdxDocument"),
        "sbom": ("DataSet", "spdx-3:software_Sbom"),
        "board": (
            "Artefact,Software",
            "spdx-3:software_Package,spdx-3:software_Package/application,spdx-3:software_Package/documentation",
        ),
        "timetable": ("Artefact", "spdx-3:software_Package"),
        "manual": ("Artefact,Document", "spdx-3:software_File,spdx-3:software_File/documentation"),
        "guess": ("Artefact", "spdx-3:ai_AIPackage,spdx-3:ai_AIPackage/model"),
        "delays": ("DataSet", "spdx-3:dataset_DatasetPackage,spdx-3:dataset_DatasetPackage/data"),
        "probe": ("", "spdx-3:galactic_Probe"),
    }
    assert labels(model, BASE)["board"] == "Dispatch board"
    assert {"board version 2.4.0", "board description Shows where wagons are."} <= values(model, BASE)
    assert "1 x galactic_Probe without a kind: spdx-3.toml has no such class." in model.report.notes


def test_everything_in_a_document_is_accounted_for() -> None:
    model = load(SAMPLE)
    adds_up(model)
    types = re.findall(r'"type": "(\w+)"', SAMPLE.read_text())
    links = re.findall(r'"relationshipType": "(\w+)"', SAMPLE.read_text())
    nested = ["Hash"]
    plain = [one for one in types if not one.endswith("Relationship") and one not in nested] + links
    assert read_of(model) == {one: plain.count(one) for one in plain}
    assert left_of(model, "dependsOn") == {NOTHING_THERE: 1}
    assert left_of(model, "admires") == {"the mapping has no such link": 1}
    assert left_of(model, "hasDeclaredLicense") == {"terms of use have no place in the neutral facts": 1}
    assert fields_of(model, "software_Package")["verifiedUsing"] == (2, 0)
    assert fields_of(model, "software_Package")["software_primaryPurpose"] == (1, 1)


def test_an_element_that_several_files_describe_alike_is_one(tmp_path: Path) -> None:
    person = {"type": "Person", "spdxId": "urn:p", "name": "Ada"}
    (tmp_path / "a.json").write_bytes(document(person, {"type": "Tool", "spdxId": "urn:t"}))
    (tmp_path / "b.json").write_bytes(document(person))
    model = load(tmp_path)
    assert left_of(model, "Person") == {IN_ANOTHER_FILE: 1}
    assert len(model.elements) == 2
    (tmp_path / "b.json").write_bytes(document({**person, "name": "Eve"}))
    with pytest.raises(InputError, match="has the key 'urn:p' too"):
        load(tmp_path)


def test_what_a_bill_contains_is_no_part_of_the_bill() -> None:
    items: list[dict[str, Any]] = [
        {"type": "software_Sbom", "spdxId": "urn:b"},
        {"type": "software_Package", "spdxId": "urn:p"},
        {"type": "Relationship", "from": "urn:b", "to": ["urn:p"], "relationshipType": "contains"},
    ]
    assert facts(load(document(*items)), "urn:spdx-3:") == {"urn:b isAbout urn:p"}


def test_a_document_of_one_element_needs_no_graph() -> None:
    one = {"@context": CONTEXT, "type": "software_Package", "spdxId": "urn:a", "name": "A"}
    model = load(json.dumps(one).encode())
    assert things(model, "urn:spdx-3:") == {"urn:a": ("Artefact", "spdx-3:software_Package")}


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (document({"spdxId": "urn:a"}), "@graph/0/type: this is missing"),
        (document({"type": "Tool", "spdxId": 7}), "@graph/0/spdxId: 7"),
        (
            document({"type": "Relationship", "from": "urn:a", "to": [3], "relationshipType": "contains"}),
            "@graph/0/to/0",
        ),
        (document({"type": "Relationship", "to": ["urn:a"], "relationshipType": "contains"}), "@graph/0/from"),
        (b'{"@context": "' + CONTEXT.encode() + b'", "@graph": {}}', "record @graph: an object"),
        (document({"type": "Tool", "spdxId": "urn:a"}, {"type": "Tool", "spdxId": "urn:a"}), "has the key 'urn:a' too"),
        (document({"type": "CreationInfo", "@id": "_:c"}), "nothing in it that could be used"),
    ],
)
def test_bad_documents_are_refused(data: bytes, problem: str) -> None:
    with pytest.raises(InputError, match=re.escape(problem)):
        load(data, name="sbom")


def test_cut_or_spoiled_a_document_loads_or_is_refused() -> None:
    assert not any(settles(part, "spdx-3") for part in cuts(SAMPLE.read_bytes()))
    whole = json.loads(SAMPLE.read_text())
    small = {**whole, "@graph": [whole["@graph"][number] for number in (3, 5, 12)]}
    outcomes = [settles(json.dumps(wrong).encode(), "spdx-3") for wrong in spoiled(small)]
    assert len(outcomes) > 300
    assert set(outcomes) == {True, False}
    assert not settles(b'{"@context": "' + CONTEXT.encode() + b'", "@graph": ' + b"[" * 100_000, "spdx-3")


def test_documents_are_told_from_everything_else() -> None:
    assert formats_of(SAMPLE)[:1] == ["spdx-3"], "before JSON-LD, which would refuse its context"
    assert load(b"\xef\xbb\xbf" + SAMPLE.read_bytes()).report.format == "spdx-3"
    assert not is_spdx(open_document(b'{"@context": {"a": "https://spdx.org/rdf/3.0.1/terms/Core/"}, "@id": "urn:a"}'))
    assert [path.name for path in samples_of_others("spdx") if is_spdx(open_document(path))] == []
