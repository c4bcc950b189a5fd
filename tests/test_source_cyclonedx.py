"""CycloneDX: the same bill in JSON and in XML, the real ones beside the project, and what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import beside
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
from itsm_ontology.sources.cyclonedx import LISTED_AGAIN, is_cyclonedx

FOLDER = SAMPLES / "cyclonedx"
JSON, XML = FOLDER / "dispatch.json", FOLDER / "dispatch.xml"
BASE = "urn:cyclonedx:"
BOTH = pytest.mark.parametrize("path", [JSON, XML], ids=["json", "xml"])

FACTS = """
board hasPart board-ui
board offeredBy organization/Rail%20Software%20Cooperative
pkg:npm/%2540rail/timetable@1.9.0 hasPart calendar
pkg:npm/%2540rail/timetable@1.9.0 developedBy person/ada@coop.example
pkg:npm/%2540rail/timetable@1.9.0 developedBy person/Bram%20Spoor
calendar hasPart %23components/0/components/0/components/0
jvm offeredBy organization/Duke%20%26%20Daughters
panel developedBy organization/Rail%20Software%20Cooperative
positions providedBy organization/Wagon%20Tracking
positions hasInterface endpoint/https://wagons.example/positions
positions hasInterface endpoint/positions//status
positions accesses classification/Operational
positions flowsFrom panel
positions flowsTo https://archive.example/
positions hasPart %23services/0/services/0
%23services/0/services/0 hasInterface endpoint/%23services/0/services/0//status
%23services/0/services/0 hasInterface endpoint/https://wagons.example/positions
board dependsOn pkg:npm/%2540rail/timetable@1.9.0
board dependsOn positions
board dependsOn gone
jvm dependsOn os
jvm realizes aes
"""

KINDS = {
    "board": ("Software", "application"),
    "board-ui": ("Software", "application"),
    "pkg:npm/%2540rail/timetable@1.9.0": ("Software", "library"),
    "calendar": ("Software", "library"),
    "%23components/0/components/0/components/0": ("Artefact", "file"),
    "calendar-2": ("Software", "library"),
    "jvm": ("SystemSoftware", "platform"),
    "os": ("SystemSoftware", "operating-system"),
    "panel": ("Hardware", "device"),
    "panel-fw": ("SystemSoftware", "firmware"),
    "delays": ("DataSet", "data"),
    "guess": ("Artefact", "machine-learning-model"),
    "aes": ("", "cryptographic-asset"),
    "odd": ("", "hologram"),
}


@BOTH
def test_a_bill_says_what_stands_in_it(path: Path) -> None:
    model = load(path)
    assert model.report.format == "cyclonedx"
    assert facts(model, BASE) == set(FACTS.strip().splitlines())
    found = things(model, BASE)
    components = {
        key: (kind, f"cyclonedx:component,cyclonedx:component/{type_}") for key, (kind, type_) in KINDS.items()
    }
    assert {key: found[key] for key in KINDS} == components
    assert found["positions"] == found["%23services/0/services/0"] == ("TechnicalThing", "cyclonedx:service")
    assert found["endpoint/positions//status"] == ("Interface", "cyclonedx:endpoint")
    assert found["organization/Wagon%20Tracking"] == ("Organization", "cyclonedx:organization")
    assert found["person/Bram%20Spoor"] == ("Party", "cyclonedx:person")
    assert found["classification/Operational"] == ("InformationKind", "cyclonedx:classification")
    assert "gone" not in found
    assert labels(model, BASE)["calendar"] == labels(model, BASE)["calendar-2"] == "calendar"
    assert labels(model, BASE)["organization/Duke%20%26%20Daughters"] == "Duke & Daughters"
    assert "calendar-2 version 012" in values(model, BASE)
    assert "pkg:npm/%2540rail/timetable@1.9.0 description Reads timetables." in values(model, BASE)
    assert "2 x something named, but not in the source: known by name only." in model.report.notes
    assert not any(note.startswith("14 x") for note in model.report.notes), "most components are of a kind"


@BOTH
def test_everything_in_a_bill_is_accounted_for(path: Path) -> None:
    model = load(path)
    adds_up(model)
    assert read_of(model) == {
        "component": 14, "service": 2, "endpoint": 3, "dependsOn": 2, "provides": 1, "dependency": 2, "compositions": 1,
        "vulnerabilities": 2, "thoughts": 1, "metadata.timestamp": 1, "metadata.tools": 1,
    }  # fmt: skip
    assert left_of(model, "thoughts") == {"the mapping does not name it": 1}
    assert fields_of(model, "component")["hashes"] == (2, 0)
    assert fields_of(model, "component")["type"] == (14, 14)
    assert fields_of(model, "component")["components"] == (3, 3)
    assert fields_of(model, "service")["endpoints"] == (4, 4)


def test_json_and_xml_say_the_same() -> None:
    one, other = load(JSON), load(XML)
    assert (facts(one, BASE), values(one, BASE), things(one, BASE)) == (
        facts(other, BASE),
        values(other, BASE),
        things(other, BASE),
    )
    assert one.report.fields == other.report.fields


def test_a_bill_in_an_older_form() -> None:
    bill = b"""<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.3"><components>
      <component type="library"><name>a</name><version>1</version><modified>false</modified></component></components>
      <services><service bom-ref="s"><name>S</name><data><classification flow="inbound">PII</classification></data>
      </service></services></bom>"""
    model = load(bill)
    assert facts(model, BASE) == {"s accesses classification/PII"}
    assert things(model, BASE)["%23components/0"][0] == "Software"
    adds_up(model)


def test_several_bills_keep_their_references_apart(tmp_path: Path) -> None:
    one = {
        "bomFormat": "CycloneDX",
        "serialNumber": "urn:uuid:1",
        "components": [{"type": "library", "bom-ref": "1", "name": "a"}],
    }
    other: dict[str, Any] = {"bomFormat": "CycloneDX", "services": [{"bom-ref": "1", "name": "s", "data": [
        {"flow": "inbound", "classification": "x", "source": ["urn:cdx:1/1#1"]}]}]}  # fmt: skip
    (tmp_path / "deep").mkdir()
    (tmp_path / "one.json").write_text(json.dumps(one))
    (tmp_path / "deep" / "other.json").write_text(json.dumps(other))
    model = load(tmp_path)
    assert {"one.json%231", "deep/other.json%231"} <= set(things(model, BASE))
    assert "deep/other.json%231 flowsFrom one.json%231" in facts(model, BASE)


def test_two_entries_with_one_reference_are_refused() -> None:
    bill = json.loads(JSON.read_text())
    bill["services"][0]["services"][0]["bom-ref"] = "os"
    with pytest.raises(InputError, match="has the key 'os' too") as caught:
        load(json.dumps(bill).encode(), name="bill.json")
    assert "components/3" in str(caught.value)
    assert "services/0/services/0" in str(caught.value)
    twice = XML.read_text().replace('bom-ref="calendar-2"', 'bom-ref="os"')
    lines = [number for number, line in enumerate(twice.splitlines(), 1) if 'bom-ref="os"' in line]
    with pytest.raises(InputError) as caught:
        load(twice.encode(), name="bill.xml")
    assert caught.value.line == lines[1]
    assert f"line {lines[0]}" in caught.value.problem


def test_what_a_bill_is_about_may_be_listed_among_its_components_too() -> None:
    bill = json.loads(JSON.read_text())
    again = {"bom-ref": "board", "type": "application", "name": "Dispatch board", "description": "Listed again."}
    bill["components"].append(again)
    model = load(json.dumps(bill).encode())
    assert left_of(model, "component") == {LISTED_AGAIN: 1}
    assert facts(model, BASE) == set(FACTS.strip().splitlines())
    adds_up(model)
    for other in ({**again, "name": "Another"}, {**again, "components": [{"type": "file", "name": "f"}]}):
        bill["components"][-1] = other
        assert not settles(json.dumps(bill).encode(), "cyclonedx")


@pytest.mark.parametrize(
    ("bill", "problem"),
    [
        ('{"bomFormat": "CycloneDX", "specVersion": "2.0"}', "Versions 1.0 to 1.7"),
        ('{"bomFormat": "CycloneDX", "specVersion": 1.6}', "specVersion"),
        ('{"bomFormat": "CycloneDX", "components": {"a": 1}}', "record components: an object"),
        ('{"bomFormat": "CycloneDX", "components": [3]}', "record components/0: 3"),
        (
            '{"bomFormat": "CycloneDX", "dependencies": [{"dependsOn": ["a"]}]}',
            "record dependencies/0/ref: this is missing",
        ),
        ('{"bomFormat": "CycloneDX", "components": [{"name": "a", "name": "b"}]}', "twice"),
        ('{"bomFormat": "CycloneDX", "components": []}', "nothing in it that could be used"),
        ('<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components>', "not well-formed"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><bom xmlns="http://cyclonedx.org/schema/bom/1.4"/>', "document type"),
    ],
)
def test_bad_bills_are_refused(bill: str, problem: str) -> None:
    with pytest.raises(InputError, match=re.escape(problem)):
        load(bill.encode(), format="cyclonedx", name="bill")


def test_deep_nesting_ends_well() -> None:
    def nested(depth: int) -> bytes:
        start = '{"type": "library", "name": "a", "components": [' * depth
        return ('{"bomFormat": "CycloneDX", "components": [' + start + "]}" * depth + "]}").encode()

    assert len(load(nested(200)).elements) == 200
    assert not settles(nested(50_000), "cyclonedx")
    assert not settles(b'<bom xmlns="http://cyclonedx.org/schema/bom/1.4">' + b"<a>" * 5_000, "cyclonedx")
    open_lists = b'{"bomFormat": "CycloneDX", "components": {"a": ' + b"[" * 300 + b"]" * 300 + b"}}"
    assert not settles(open_lists, "cyclonedx")


def test_a_byte_order_mark_does_not_matter() -> None:
    assert load(b"\xef\xbb\xbf" + JSON.read_bytes()).report.read == load(JSON).report.read
    assert load(XML.read_text().replace("UTF-8", "UTF-16").encode("utf-16")).report.read == load(XML).report.read


@BOTH
def test_a_file_that_is_cut_loads_or_is_refused(path: Path) -> None:
    assert not any(settles(part, "cyclonedx") for part in cuts(path.read_bytes()))


def test_wrong_types_load_or_are_refused() -> None:
    bill = json.loads(JSON.read_text())
    small = {"bomFormat": "CycloneDX", "metadata": bill["metadata"], "components": bill["components"][:1],
             "services": bill["services"], "dependencies": bill["dependencies"][1:2]}  # fmt: skip
    outcomes = [settles(json.dumps(wrong).encode(), "cyclonedx") for wrong in spoiled(small)]
    assert len(outcomes) > 500
    assert set(outcomes) == {True, False}


def test_bills_are_told_from_everything_else() -> None:
    assert formats_of(JSON) == formats_of(XML) == ["cyclonedx"]
    taken = [path.name for path in samples_of_others("cyclonedx") if is_cyclonedx(open_document(path))]
    assert taken == []


@pytest.mark.parametrize("name", ["saasbom.json", "keycloak-10.0.2.json"])
def test_real_bills_have_what_a_plain_count_finds(name: str) -> None:
    path = beside("data", "cyclonedx", name)
    model = load(path)
    text = path.read_text()
    bill = json.loads(text)
    adds_up(model)
    entries = [one for one in bill["dependencies"] if one.get("dependsOn")]
    keys = len(re.findall(r'"bom-ref"', text))
    services = text.count('"authenticated"')
    assert model.report.read.get("service", 0) == services
    assert model.report.used["component"] == keys - services
    assert model.report.read["dependsOn"] == len(entries)
    assert sum(" dependsOn " in fact for fact in facts(model, BASE)) == sum(len({*one["dependsOn"]}) for one in entries)
    types = re.findall(r'"type"\s*:\s*"(application|framework|library|file)"', text)
    assert fields_of(model, "component")["type"] == (len(types), len(types))
    endpoints = {
        url for block in re.findall(r'"endpoints": \[(.*?)\]', text, re.S) for url in re.findall(r'"(.*?)"', block)
    }
    assert model.report.read.get("endpoint", 0) == len(endpoints)
