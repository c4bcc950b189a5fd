"""NetBox: dumps and answers of its interface; what they state, how versions differ, and what is refused."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
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

from itsm_ontology import evaluate
from itsm_ontology.document import Document, open_document
from itsm_ontology.errors import InputError
from itsm_ontology.model import Model
from itsm_ontology.names import ITSM
from itsm_ontology.sources import load
from itsm_ontology.sources.mapping_file import shipped_mapping
from itsm_ontology.sources.netbox import is_netbox

SAMPLE = SAMPLES / "netbox" / "waterworks.json"
REST = SAMPLES / "netbox" / "rest"
BASE = "urn:netbox:"
HOST = "https://netbox.water.example/api"


@pytest.fixture(scope="module")
def model() -> Model:
    return load(SAMPLE)


@pytest.fixture(scope="module")
def answers() -> Model:
    return load(REST)


def row(model: str, pk: Any, **fields: Any) -> dict[str, Any]:
    return {"model": model, "pk": pk, "fields": fields}


def dumped(*rows: dict[str, Any]) -> Model:
    return load(json.dumps(rows).encode(), name="dump.json")


def answered(*results: dict[str, Any], **page: Any) -> Model:
    answer = {"count": len(results), "next": None, "previous": None, "results": results, **page}
    return load(json.dumps(answer).encode(), name="answer.json")


def test_the_dump_states_these_relations(model: Model) -> None:
    assert related(model, BASE) == {
        ("connectedTo", "dcim.site/1", "tenancy.tenant/1"), ("connectedTo", "dcim.device/1", "tenancy.tenant/1"),
        ("connectedTo", "virtualization.virtualmachine/1", "tenancy.tenant/1"),
        ("connectedTo", "circuits.circuit/1", "tenancy.tenant/1"),
        ("responsibleFor", "tenancy.contact/1", "dcim.device/1"),
        ("responsibleFor", "tenancy.contact/1", "virtualization.virtualmachine/1"),
        ("partOf", "dcim.location/1", "dcim.site/1"),
        ("partOf", "dcim.interface/1", "dcim.device/1"), ("partOf", "dcim.interface/2", "dcim.device/2"),
        ("partOf", "dcim.device/1", "virtualization.cluster/1"),
        ("partOf", "circuits.circuittermination/1", "circuits.circuit/1"),
        ("developedBy", "dcim.devicetype/1", "dcim.manufacturer/1"),
        ("runs", "dcim.device/1", "dcim.platform/1"), ("runs", "virtualization.virtualmachine/1", "dcim.platform/1"),
        ("runsOn", "virtualization.virtualmachine/1", "virtualization.cluster/1"),
        ("runsOn", "ipam.service/1", "virtualization.virtualmachine/1"), ("runsOn", "ipam.service/2", "dcim.device/1"),
        ("runsOn", "ipam.service/4", "dcim.device/99"),
        ("hasInterface", "ipam.service/1", "ipam.service/1/tcp/80"),
        ("hasInterface", "ipam.service/1", "ipam.service/1/tcp/443"),
        ("hasInterface", "ipam.service/2", "ipam.service/2/tcp/22"),
        ("hasInterface", "ipam.service/3", "ipam.service/3/tcp/53"),
        ("hasInterface", "ipam.service/3", "ipam.service/3/udp/53"),
        ("hasInterface", "ipam.service/4", "ipam.service/4/udp/514"),
        ("accessedThrough", "ipam.service/1", "ipam.ipaddress/1"),
        ("accessedThrough", "ipam.service/3", "ipam.fhrpgroup/1"),
        ("connectedTo", "ipam.ipaddress/1", "dcim.interface/1"),
        ("connectedTo", "dcim.interface/1", "dcim.cable/1"), ("connectedTo", "dcim.interface/2", "dcim.cable/1"),
        ("connectedTo", "dcim.cable/1", "dcim.interface/1"), ("connectedTo", "dcim.cable/1", "dcim.interface/2"),
        ("connectedTo", "dcim.interface/1", "ipam.vlan/1"), ("connectedTo", "dcim.interface/2", "ipam.vlan/1"),
        ("providedBy", "circuits.circuit/1", "circuits.provider/1"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "expected", "declared"),
    [
        ("tenancy.tenant/1", {"Party"}, "tenancy.tenant/Departments"),
        ("tenancy.contact/1", {"Agent"}, ""),
        ("dcim.site/1", {"Facility"}, ""),
        ("dcim.device/1", {"Hardware"}, "dcim.device/Server"),
        ("dcim.interface/1", {"TechnicalThing"}, ""),
        ("dcim.platform/1", {"Software"}, ""),
        ("virtualization.virtualmachine/1", {"Computer"}, "virtualization.virtualmachine/Server"),
        ("virtualization.cluster/1", {"TechnicalThing"}, "virtualization.cluster/KVM"),
        ("ipam.service/1", {"Software"}, ""),
        ("ipam.service/1/tcp/443", {"Interface"}, "ipam.service.port"),
        ("ipam.vlan/1", {"Network"}, ""),
        ("circuits.circuit/1", {"TechnicalThing"}, "circuits.circuit/Internet"),
        ("netbox_dns.zone/1", set(), "netbox_dns.zone"),
    ],
)
def test_kinds_and_declarations(model: Model, key: str, expected: set[str], declared: str) -> None:
    assert kinds(model, BASE + key) == expected
    assert f"netbox:{declared or key.rpartition('/')[0]}" in model.declarations(BASE + key)


def test_a_service_is_one_as_netbox_has_it_and_none_as_archimate_has_it(model: Model) -> None:
    verdicts = evaluate(model, definitions=["netbox:service.layer-seven", "archimate-3:service"])
    outcomes = {one.definition: one.outcome.name for one in verdicts if one.element == f"{BASE}ipam.service/1"}
    assert outcomes == {"netbox:service.layer-seven": "SATISFIED", "archimate-3:service": "CONTRADICTED"}


def test_values_and_labels(model: Model) -> None:
    device, tenant = f"{BASE}dcim.device/1", f"{BASE}tenancy.tenant/1"
    assert model.label(device) == "lake-host"
    assert model.label(f"{BASE}ipam.ipaddress/1") == "192.0.2.5/24"
    assert model.label(f"{BASE}circuits.circuit/1") == "F-77"
    assert values(model, device, ITSM.operational) == ["true"]
    assert values(model, f"{BASE}dcim.device/2", ITSM.operational) == []  # failed: in use or not
    assert values(model, device, f"{BASE}field:serial") == ["0012"]
    assert values(model, device, f"{BASE}field:rack") == ["R1"]
    assert values(model, device, f"{BASE}field:device_type") == ["Brick 2"]
    assert values(model, tenant, f"{BASE}field:custom_field_data.billed") == ["false"]
    assert values(model, tenant, f"{BASE}field:custom_field_data.cost%20centre") == ["4711"]


def test_counts_by_class_are_those_of_the_file(model: Model) -> None:
    plain = Counter(re.findall(r'^\{"model": "([^"]+)"', SAMPLE.read_text(), re.MULTILINE))
    read = dict(model.report.read)
    assert read.pop("ipam.service.port") == 6
    assert read == plain
    adds_up(model)


def test_what_is_unknown_or_missing_is_noted(model: Model) -> None:
    notes = "\n".join(model.report.notes)
    assert "1 x dcim.device named, but not in the source" in notes
    assert "1 x netbox_dns.zone without a kind" in notes
    assert "something named" not in notes


def test_answers_state_what_the_dump_does(answers: Model, model: Model) -> None:
    cable = {("connectedTo", "dcim.cable/1", f"dcim.interface/{number}") for number in (1, 2)}
    named = related(answers, BASE)
    assert named <= related(model, BASE)
    assert named == cable | {
        ("connectedTo", "dcim.device/1", "tenancy.tenant/1"),
        ("runsOn", "ipam.service/1", "virtualization.virtualmachine/1"),
        ("accessedThrough", "ipam.service/1", "ipam.ipaddress/1"),
        ("hasInterface", "ipam.service/1", "ipam.service/1/tcp/443"),
    }  # fmt: skip
    assert answers.declarations(f"{BASE}dcim.device/1") == ("netbox:dcim.device", "netbox:dcim.device/Server")
    assert values(answers, f"{BASE}dcim.device/1", f"{BASE}field:tags") == ["weekend"]
    assert kinds(answers, f"{BASE}virtualization.virtualmachine/1") == {"Computer"}  # named only, with its class
    assert answers.label(f"{BASE}ipam.ipaddress/1") == "192.0.2.5/24"
    assert "1 of 3 x dcim.device: the pages that follow were not loaded." in answers.report.notes
    adds_up(answers)


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("dcim/device-roles", "dcim.devicerole"),
        ("dcim/virtual-chassis", "dcim.virtualchassis"),
        ("ipam/ip-addresses", "ipam.ipaddress"),
        ("ipam/prefixes", "ipam.prefix"),
        ("ipam/vlan-translation-policies", "ipam.vlantranslationpolicy"),
        ("virtualization/interfaces", "virtualization.vminterface"),
        ("plugins/netbox-dns/zones", "netbox_dns.zone"),
    ],
)
def test_the_class_of_an_answer_is_told_from_its_address(path: str, type_: str) -> None:
    model = answered({"id": 3, "url": f"{HOST}/{path}/3/", "name": "x"})
    assert model.elements == (f"{BASE}{type_}/3",)
    assert model.report.read == {type_: 1}


@pytest.mark.parametrize(
    ("fields", "ports"),
    [
        ({"port": 443, "protocol": 6}, {"tcp/443"}),
        ({"ports": [80, 443], "protocol": "tcp"}, {"tcp/80", "tcp/443"}),
        ({"ports": [80], "protocol": {"value": "udp", "label": "UDP"}}, {"udp/80"}),
        ({"ports": None, "protocol": None, "port_mappings": ["tcp/53", "udp/53"]}, {"tcp/53", "udp/53"}),
        ({"ports": [53], "protocol": "tcp", "port_mappings": ["tcp/53"]}, {"tcp/53"}),
        ({"ports": []}, set()),
    ],
)
def test_ports_of_all_versions(fields: dict[str, Any], ports: set[str]) -> None:
    model = dumped(row("ipam.service", 1, name="s", **fields))
    assert {
        model.label(iri) for iri in model.elements if "netbox:ipam.service.port" in model.declarations(iri)
    } == ports


def test_natural_keys_name_what_numbers_do() -> None:
    model = dumped(
        {"model": "contenttypes.contenttype", "fields": {"app_label": "dcim", "model": "site"}},
        {"model": "auth.user", "fields": {"username": "alice"}},
        {"model": "auth.user", "fields": {"username": "alice", "groups": [["Staff"]]}},
        row("dcim.site", 1, name="S", tenant=["acme"]),
        row("tenancy.contactassignment", 1, contact=2, object_type=["dcim", "site"], object_id=1),
    )
    assert related(model, BASE) == {
        ("connectedTo", "dcim.site/1", "tenancy.tenant/acme"),
        ("responsibleFor", "tenancy.contact/2", "dcim.site/1"),
    }


def test_a_dump_line_by_line_is_read_as_one_in_a_list(model: Model) -> None:
    lines = "\n".join(json.dumps(one) for one in json.loads(SAMPLE.read_text()))
    same = load(b"\xef\xbb\xbf" + lines.encode(), name="dump.jsonl")
    assert related(same, BASE) == related(model, BASE)


def test_records_of_two_classes_with_one_number_stay_two_and_of_one_class_are_refused() -> None:
    assert len(dumped(row("dcim.site", 1, name="a"), row("dcim.rack", 1, name="a")).elements) == 2
    with pytest.raises(InputError, match=r"dcim\.json, line 3.*another record has the key 'dcim\.site/1' too"):
        load(
            b'[{"model":"dcim.site","pk":1,"fields":{}},\n\n{"model":"dcim.site","pk":"1","fields":{}}]',
            name="dcim.json",
        )


@pytest.mark.parametrize(
    "data",
    [b"[1]", b"[]", b"{}", b"[" * 99_999, b'[{"model": "dcim.site", "pk": 1}]', b'[{"model": 3, "fields": {}}]',
     b'{"results": [{"id": 1}]}', b'[{"model": "dcim.site", "pk": 1, "fields": []}]',
     b'[{"id": 1, "url": "https://x/dcim/sites/1/"}]'],
)  # fmt: skip
def test_what_is_no_record_is_refused_when_asked_for(data: bytes) -> None:
    assert not loads_or_says_why(data, "netbox", "dump.json")


@pytest.mark.parametrize("path", [SAMPLE, REST / "devices.json", REST / "cable.json"], ids=lambda path: path.name)
def test_cut_and_spoilt_samples_are_loaded_or_refused(path: Path) -> None:
    assert not any(loads_or_says_why(piece, "netbox", "d.json") for piece in cut(path.read_bytes(), 8))
    outcomes = [loads_or_says_why(data, "netbox", "d.json") for data in spoiled(json.loads(path.read_bytes()), 90)]
    assert True in outcomes


def test_the_format_is_told_from_the_content() -> None:
    own = list(SAMPLE.parent.rglob("*.json"))
    assert {format_of(open_document(path)) for path in own} == {"netbox"}
    assert not is_netbox(Document("d", b'[{"model": "blog.entry", "pk": 1, "fields": {}}]'))
    assert not is_netbox(Document("d", b'{"id": 1, "url": "https://example.org/api/things/1/"}'))
    assert [document.name for document in foreign_samples("netbox") if is_netbox(document)] == []


def test_a_dump_of_some_megabytes_loads_briskly() -> None:
    more = {f"field_{number}": None for number in range(20)}
    rows = [row("dcim.interface", n, device=n % 70, name=f"eth{n}", type="1000base-t", **more) for n in range(6000)]
    data = json.dumps(rows, indent=2).encode()
    assert len(data) > 2_500_000
    start = time.perf_counter()
    load(data, name="dump.json")
    assert time.perf_counter() - start < 3


def test_every_class_and_field_says_why() -> None:
    mapping = shipped_mapping("netbox")
    rules = {
        **mapping.fields,
        **{f"{n} {f}": rule for n, one in mapping.classes.items() for f, rule in one.fields.items()},
    }
    assert all(one.reason for one in mapping.classes.values())
    assert [name for name, rule in rules.items() if not (rule.reason or rule.left)] == []
