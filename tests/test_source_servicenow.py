"""ServiceNow: answers of the Table API and exports; what they state, how their forms differ, what is refused."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
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
from itsm_ontology.names import DCTERMS, ITSM
from itsm_ontology.sources import load
from itsm_ontology.sources.mapping_file import shipped_mapping
from itsm_ontology.sources.servicenow import is_servicenow

SAMPLE = SAMPLES / "servicenow" / "cmdb.json"
TABLES = SAMPLES / "servicenow" / "tables"
CSV = SAMPLES / "servicenow" / "csv"
UNLOAD = SAMPLES / "servicenow" / "unload.xml"
BASE = "urn:servicenow:"
DEPENDS = "1a9cb166f1571100a92eb60da2bce5c5"
SHORT = {"c1": "ci", "a1": "user", "b1": "group", "d1": "company", "e1": "dept", "81": "other"}


def short(key: str) -> str:
    """Give a sys_id of the samples as what it is of and its number."""
    return f"{SHORT[key[:2]]}{int(key[2:], 16)}" if re.fullmatch(r"[0-9a-f]{32}", key) else key


def facts(model: Model) -> set[tuple[str, str, str]]:
    return {(relation, short(one), short(other)) for relation, one, other in related(model, BASE)}


def iri(name: str) -> str:
    """Give the IRI of what is short for a sys_id."""
    kind, number = re.fullmatch(r"([a-z]+)(\d+)", name).groups()  # type: ignore[union-attr]
    return BASE + {what: start for start, what in SHORT.items()}[kind] + f"{int(number):030x}"


@pytest.fixture(scope="module")
def model() -> Model:
    return load(SAMPLE)


@pytest.fixture(scope="module")
def tables() -> Model:
    return load(TABLES)


@pytest.fixture(scope="module")
def by_name() -> Model:
    return load(CSV)


def answered(*records: dict[str, Any], name: str = "answer.json") -> Model:
    return load(json.dumps({"result": records}).encode(), format="servicenow", name=name)


def ci(number: int, table: str = "cmdb_ci_server", **fields: Any) -> dict[str, Any]:
    return {"sys_id": f"c1{number:030x}", "sys_class_name": table, "name": f"{table} {number}", **fields}


def notes(model: Model) -> str:
    return "\n".join(model.report.notes)


def left(model: Model) -> dict[tuple[str, str], int]:
    return {(item.what, item.reason): item.count for item in model.report.left}


# ---------------------------------------------------------------------------------------------------------------------
# What is stated


def test_one_file_with_several_tables_states_these_relations(model: Model) -> None:
    assert facts(model) == {
        ("ownedBy", "ci1", "user1"), ("managedBy", "ci1", "user2"),
        ("operatedBy", "ci1", "group1"), ("listedIn", "ci1", "other1"),
        ("aspectOf", "ci2", "ci1"), ("offeredBy", "ci2", "company1"),
        ("ownedBy", "ci4", "user2"), ("developedBy", "ci4", "company1"),
        ("connectedTo", "ci6", "user2"), ("connectedTo", "ci6", "company2"), ("ownedBy", "ci9", "user1"),
        ("reportsTo", "user2", "user1"), ("memberOf", "user2", "dept1"), ("memberOf", "user2", "company2"),
        ("dependsOn", "ci3", "ci5"), ("uses", "ci3", "ci5"), ("supports", "ci5", "ci3"), ("hasPart", "ci3", "ci5"),
        ("runsOn", "ci5", "ci6"), ("deployedOn", "ci5", "ci6"), ("consumes", "ci4", "ci3"),
        ("capabilityProvidedBy", "ci7", "ci1"), ("supports", "ci1", "ci7"),
        ("uses", "ci4", "ci8"), ("accesses", "ci4", "ci8"),
    }  # fmt: skip


def test_a_file_a_table_states_these_relations(tables: Model) -> None:
    assert facts(tables) == {
        ("ownedBy", "ci21", "user1"), ("managedBy", "ci21", "group1"),
        ("usedBy", "ci22", "group1"), ("aspectOf", "ci31", "ci21"), ("agreedIn", "ci31", "other31"),
        ("memberOf", "user1", "dept1"), ("memberOf", "user3", "dept1"), ("reportsTo", "user3", "user1"),
        ("memberOf", "user3", "group1"), ("designates", "group1", "user3"),
        ("designates", "dept1", "user1"), ("unitOf", "dept1", "company2"),
        ("agreedWith", "other31", "company3"), ("agreementOn", "other31", "ci21"), ("agreedIn", "ci31", "other61"),
        ("deliveredTo", "ci31", "dept1"), ("authorizedFor", "dept1", "ci31"),
        ("dependsOn", "ci22", "ci21"), ("uses", "ci22", "ci21"), ("supports", "ci21", "ci22"),
        ("hasPart", "ci22", "ci31"),
    }  # fmt: skip


def test_names_stand_for_records_where_there_is_only_one(by_name: Model) -> None:
    server, appl = "cmdb_ci_server/", "cmdb_ci_appl/"
    linux, windows = "cmdb_ci_linux_server/quay-01", "cmdb_ci_win_server/quay-02"
    group, planner = "sys_user_group/Port%20IT", f"{appl}planner"
    assert facts(by_name) == {
        ("ownedBy", linux, "user1"), ("ownedBy", windows, "user1"), ("ownedBy", planner, "user1"),
        ("operatedBy", linux, group), ("operatedBy", windows, group),
        ("reportsTo", "user4", "user1"), ("reportsTo", "user5", "user1"),
        ("runsOn", planner, linux), ("runsOn", planner, windows),
        ("dependsOn", planner, "cmdb_ci/elsewhere"), ("uses", planner, "cmdb_ci/elsewhere"),
        ("supports", "cmdb_ci/elsewhere", planner),
    }  # fmt: skip
    assert not any(server in one for fact in facts(by_name) for one in fact)


def test_of_two_with_one_name_none_is_chosen(by_name: Model) -> None:
    """Two servers and a program are called mirror, and two people Jan Smit."""
    ambiguous = "several of the records that are loaded are called so, and which is meant is not said"
    assert left(by_name)["Depends on::Used by", ambiguous] == 1
    (owner,) = (c for c in by_name.report.fields if (c.type, c.field) == ("cmdb_ci_linux_server", "owned_by"))
    assert (owner.read, owner.used, owner.left) == (2, 1, {ambiguous: 1})
    assert {f"{BASE}cmdb_ci_linux_server/mirror/{number}" for number in (1, 2)} < set(by_name.elements)
    assert "2 x records without a sys_id whose name others of their class have too" in notes(by_name)
    assert "4 x cmdb_ci named without a sys_id" not in notes(by_name)
    assert "6 x cmdb_ci named without a sys_id, and taken for the one record" in notes(by_name)
    assert "5 x sys_user named without a sys_id, and taken for the one record" in notes(by_name)


@pytest.mark.parametrize(
    ("name", "expected", "declared"),
    [
        ("ci1", {"ControlledItem", "Arrangement"},
         ("cmdb_ci_service_business", "cmdb_ci_service_business/Business Service")),
        ("ci2", {"ControlledItem", "Arrangement"}, ("service_offering", "service_offering/Business Service")),
        ("ci3", {"ControlledItem", "Arrangement"}, ("cmdb_ci_service_auto",)),
        ("ci4", {"ControlledItem", "Arrangement"}, ("cmdb_ci_business_app",)),
        ("ci5", {"ControlledItem", "Software"}, ("cmdb_ci_appl",)),
        ("ci6", {"ControlledItem", "Server"}, ("cmdb_ci_linux_server",)),
        ("ci7", {"ControlledItem", "Capability"}, ("cmdb_ci_business_capability",)),
        ("ci8", {"ControlledItem", "InformationKind"}, ("cmdb_ci_information_object",)),
        ("ci9", set(), ("u_cmdb_ci_buoy",)),
        ("ci10", {"ControlledItem", "PhysicalThing"}, ("cmdb_ci_rack",)),
        ("user1", {"Person"}, ("sys_user",)),
        ("user2", {"Person"}, ("sys_user",)),
        ("company2", {"Organization"}, ("core_company",)),
        ("other1", {"Register"}, ("spm_service_portfolio",)),
    ],
)  # fmt: skip
def test_kinds_and_declarations(model: Model, name: str, expected: set[str], declared: tuple[str, ...]) -> None:
    assert kinds(model, iri(name)) == expected
    assert model.declarations(iri(name)) == tuple(f"servicenow:{one}" for one in declared)


def test_values_and_labels(model: Model, tables: Model) -> None:
    assert model.label(iri("ci1")) == "Pilotage"
    assert values(model, iri("ci1"), DCTERMS.description) == ["Pilots for ships that come in"]
    assert values(model, iri("ci1"), f"{BASE}field:busines_criticality") == ["1 - most critical"]
    assert values(model, iri("ci3"), f"{BASE}field:used_for") == ["Production"]
    assert values(model, iri("ci2"), ITSM.price) == ["120.50"]
    assert values(model, iri("ci4"), ITSM.variant) == ["on_premise"]
    assert values(model, iri("ci5"), ITSM.version) == ["4.2.1"]
    assert model.label(iri("user1")) == "Ada Brink"  # only named, but with what is shown for it
    assert tables.label(iri("other31")) == "Disks for five years"
    assert "servicenow:service_commitment/availability" in tables.declarations(iri("other61"))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"operational_status": "1"}, {"true"}),
        ({"operational_status": {"display_value": "Operational", "value": "1"}}, {"true"}),
        ({"operational_status": "Operational"}, {"true"}),
        ({"operational_status": "2"}, {"false"}),
        ({"operational_status": "3"}, set()),
        ({"operational_status": ""}, set()),
        ({"install_status": "1"}, set()),
        ({"install_status": {"display_value": "Retired", "value": "7"}}, {"false"}),
        ({"life_cycle_stage": "Operational"}, {"true"}),
        ({"life_cycle_stage": "End of Life"}, {"false"}),
        ({"operational_status": "1", "life_cycle_stage": "End of Life"}, {"true", "false"}),
    ],
)
def test_status_says_whether_it_is_in_use(fields: dict[str, Any], expected: set[str]) -> None:
    assert set(values(answered(ci(1, **fields)), iri("ci1"), ITSM.operational)) == expected


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("Depends on::Used by", {("dependsOn", "ci1", "ci2"), ("uses", "ci1", "ci2"), ("supports", "ci2", "ci1")}),
        ("Used by::Depends on", {("dependsOn", "ci2", "ci1"), ("uses", "ci2", "ci1"), ("supports", "ci1", "ci2")}),
        ("depends On :: Used  By", {("dependsOn", "ci1", "ci2"), ("uses", "ci1", "ci2"), ("supports", "ci2", "ci1")}),
        ("Runs on", {("runsOn", "ci1", "ci2")}),
        ("Hosts", {("deployedOn", "ci2", "ci1")}),
        ("Runs::Runs on", {("runsOn", "ci2", "ci1")}),
        ("Virtualizes::Virtualized by", {("runsOn", "ci2", "ci1")}),
        ("Consumed by::Consumes", {("consumes", "ci2", "ci1")}),
        ("Exchanges data with::Exchanges data with", {("flowsTo", "ci1", "ci2"), ("flowsTo", "ci2", "ci1")}),
        ("Manages::Managed by", {("managedBy", "ci2", "ci1")}),
        ("Members::Member of", {("hasPart", "ci1", "ci2")}),
        ("Provides::Provided by", {("supports", "ci1", "ci2")}),
        ("Located in::Houses", set()),
        ("Used by", set()),  # of Depends on or of Uses
        (DEPENDS, {("dependsOn", "ci1", "ci2"), ("uses", "ci1", "ci2"), ("supports", "ci2", "ci1")}),
        ({"value": DEPENDS, "link": f"https://x/api/now/table/cmdb_rel_type/{DEPENDS}"}, {
            ("dependsOn", "ci1", "ci2"), ("uses", "ci1", "ci2"), ("supports", "ci2", "ci1")}),
        ({"value": DEPENDS, "display_value": "Hosted on::Hosts"}, {("deployedOn", "ci1", "ci2")}),
        ({"value": DEPENDS, "display_value": "Utilise::Utilisé par"}, {
            ("dependsOn", "ci1", "ci2"), ("uses", "ci1", "ci2"), ("supports", "ci2", "ci1")}),
    ],
)  # fmt: skip
def test_a_relation_is_read_from_both_ends(type_: Any, expected: set[tuple[str, str, str]]) -> None:
    relation = {"sys_id": "f" * 32, "parent": ci(1)["sys_id"], "child": ci(2)["sys_id"], "type": type_}
    model = answered(ci(1), relation, ci(2))
    assert facts(model) == expected
    adds_up(model)


def test_a_record_of_the_type_is_believed_before_what_the_mapping_knows() -> None:
    named = {"sys_id": DEPENDS, "name": "Runs on::Runs", "parent_descriptor": "Runs on", "child_descriptor": "Runs"}
    relation = {"parent": ci(1)["sys_id"], "child": ci(2)["sys_id"], "type": DEPENDS}
    assert facts(answered(relation, ci(1), ci(2), named)) == {("runsOn", "ci1", "ci2")}


def test_a_type_that_only_has_a_sys_id_is_left_with_the_reason() -> None:
    relation = {"parent": ci(1)["sys_id"], "child": ci(2)["sys_id"], "type": "9" * 32}
    reason = "its type is a sys_id, and the export has no cmdb_rel_type record of it"
    assert left(answered(ci(1), ci(2), relation)) == {("cmdb_rel_ci", reason): 1}


def test_fields_reached_through_a_reference_tell_ends_and_types() -> None:
    relation = {
        "parent.sys_id": ci(1)["sys_id"], "parent.sys_class_name": "cmdb_ci_appl", "child": "beta",
        "child.sys_id": ci(2)["sys_id"], "child.sys_class_name": "cmdb_ci_linux_server", "type.name": "Runs on::Runs",
    }  # fmt: skip
    model = answered(relation)
    assert facts(model) == {("runsOn", "ci1", "ci2")}
    assert kinds(model, iri("ci1")) == {"ControlledItem", "Software"}
    assert kinds(model, iri("ci2")) == {"ControlledItem", "Server"}
    assert model.label(iri("ci2")) == "beta"


@pytest.mark.parametrize(
    "owner",
    [
        "a1" + "0" * 29 + "1",
        {
            "link": "https://x.service-now.com/api/now/table/sys_user/a1" + "0" * 29 + "1",
            "value": "a1" + "0" * 29 + "1",
        },
        {"display_value": "Ada", "link": "https://x.service-now.com/api/now/v2/table/sys_user/a1" + "0" * 29 + "1"},
        {"display_value": "Ada", "value": "a1" + "0" * 29 + "1"},
        {"display_value": "Ada", "value": "a1" + "0" * 29 + "1", "link": ""},
        "Ada",
        {"display_value": "Ada"},
        {"display_value": "Ada", "value": "Ada"},
    ],
)
def test_every_form_of_a_reference_names_the_same(owner: Any) -> None:
    ada = {"sys_id": "a1" + "0" * 29 + "1", "sys_class_name": "sys_user", "name": "Ada"}
    assert facts(answered(ci(1, owned_by=owner), ada)) == {("ownedBy", "ci1", "user1")}


def test_a_reference_to_what_is_not_loaded_stays_a_fact() -> None:
    model = answered(ci(1, owned_by="a1" + "0" * 29 + "1", managed_by={"display_value": "Bea"}))
    assert facts(model) == {("ownedBy", "ci1", "user1"), ("managedBy", "ci1", "sys_user/Bea")}
    assert kinds(model, iri("user1")) == {"Person"}
    assert model.label(f"{BASE}sys_user/Bea") == "Bea"
    assert "2 x sys_user named, but not in the source" in notes(model)


def test_what_is_shown_for_a_thing_once_is_its_name() -> None:
    key = "a1" + "0" * 29 + "1"
    model = answered(ci(1, owned_by=key), ci(2, owned_by={"display_value": "Ada", "value": key}))
    assert model.label(iri("user1")) == "Ada"


def test_a_list_of_references_names_each() -> None:
    """Two sys_ids with a comma between them, and what is shown for them."""
    one, other = "b1" + "0" * 29 + "1", "b1" + "0" * 29 + "2"
    model = answered(ci(1, "cmdb_ci_service", user_group={"display_value": "Port, IT", "value": f"{one},{other}"}))
    assert facts(model) == {("usedBy", "ci1", "group1"), ("usedBy", "ci1", "group2")}
    assert facts(answered(ci(1, "cmdb_ci_service", user_group=f"{one}, {other}"))) == facts(model)


def test_names_are_looked_for_among_the_right_class_only() -> None:
    """A group is called as the person is whom the field would name."""
    group = {"sys_id": "b1" + "0" * 29 + "1", "sys_class_name": "sys_user_group", "name": "Ada"}
    assert facts(answered(ci(1, owned_by="Ada"), group)) == {("ownedBy", "ci1", "sys_user/Ada")}


def test_the_xml_of_an_unload_states_the_same() -> None:
    model = load(UNLOAD)
    assert facts(model) == {("ownedBy", "ci41", "user1"), ("runsOn", "ci42", "ci41")}
    assert kinds(model, iri("ci41")) == {"ControlledItem", "Server"}
    assert values(model, iri("ci41"), DCTERMS.description) == ["Ships & tides"]
    assert values(model, iri("ci41"), ITSM.operational) == ["false"]
    assert model.label(iri("ci42")) == "tides-db"
    adds_up(model)


# ---------------------------------------------------------------------------------------------------------------------
# Counts


def test_counts_by_class_are_those_of_the_file(model: Model) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    plain = Counter(re.findall(r'"sys_class_name": \{"display_value": "[^"]*", "value": "([^"]+)"', text))
    relations = len(re.findall(r'"sys_id": \{"display_value": "f1', text))
    links = {*shipped_mapping("servicenow").links, "Blesses::Blessed by"}
    assert {what: count for what, count in model.report.read.items() if what not in links} == plain
    assert sum(count for what, count in model.report.read.items() if what in links) == relations == 11
    adds_up(model)


def test_what_is_passed_over_says_why(model: Model) -> None:
    place = "where a thing is, the neutral facts have no relation for"
    assert left(model) == {
        ("Blesses::Blessed by", "the mapping has no such link"): 1,
        ("Contains::Contained by", place): 1,
        ("In Rack::Rack contains", place): 1,
        ("Depends on::Used by", "it lacks one of its ends"): 1,
    }
    buoy = {count.field: count for count in model.report.fields if count.type == "u_cmdb_ci_buoy"}
    assert buoy["owned_by"].used == 1
    assert list(buoy["u_light"].left) == [
        "a field of the organization's own, of which its mapping would have to say what it means"
    ]


def test_counts_of_a_folder_are_those_of_its_files(tables: Model, by_name: Model) -> None:
    """A record that two tables show is read twice and used once."""
    rows = sum(len(re.findall(r'^  \{"sys_id"', path.read_text(), re.MULTILINE)) for path in TABLES.glob("*.json"))
    assert sum(tables.report.read.values()) - tables.report.read["file"] == rows
    assert tables.report.read["file"] == len(list(TABLES.iterdir()))
    assert (
        left(tables)["cmdb_ci_service_technical", "the same record stands in another file, with which it is read"] == 1
    )
    assert values(tables, iri("ci21"), ITSM.operational) == ["true"]  # only one of the two views has it
    lines = sum(len(path.read_text().splitlines()) - 1 for path in CSV.glob("*.csv"))
    assert sum(by_name.report.read.values()) - by_name.report.read["file"] == lines
    adds_up(tables)
    adds_up(by_name)


# ---------------------------------------------------------------------------------------------------------------------
# Odd cases


def test_tickets_and_the_tool_s_own_make_up_are_no_elements(tables: Model) -> None:
    assert iri("other91") not in tables.elements
    assert left(tables)["incident", "a ticket is work to be done, and no part of the landscape"] == 1


def test_a_class_is_told_by_its_label_by_the_file_or_by_links_to_it() -> None:
    plain = {"sys_id": "c1" + "0" * 29 + "1", "name": "alpha"}
    assert kinds(answered(plain | {"sys_class_name": "Linux Server"}), iri("ci1")) == {"ControlledItem", "Server"}
    assert kinds(answered(plain, name="x/cmdb_ci_win_server (2).json"), iri("ci1")) == {"ControlledItem", "Server"}
    owned = ci(2, owned_by={"link": f"https://x/api/now/table/sys_user/{plain['sys_id']}", "value": plain["sys_id"]})
    assert kinds(answered(plain, owned), iri("ci1")) == {"Person"}
    assert answered(plain, name="u_thing.json").declarations(iri("ci1")) == ("servicenow:u_thing",)
    with pytest.raises(InputError, match="nothing tells which table this record is of") as caught:
        answered(ci(2), plain, name="export.json")
    assert "sys_class_name" in caught.value.repair


def test_labels_in_another_language_are_kept_and_noted() -> None:
    model = answered(ci(1, "Équipement réseau", operational_status="Opérationnel"))
    assert model.declarations(iri("ci1")) == ("servicenow:Équipement réseau",)
    assert kinds(model, iri("ci1")) == set()
    assert "such as 'Équipement réseau'" in notes(model)


def test_a_mapping_of_ones_own_names_labels_and_fields(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        'extends = "servicenow"\nsystem = "servicenow"\n[renamed]\n"Équipement réseau" = "cmdb_ci_netgear"\n'
        '[fields]\nu_boss = { facts = [{ relation = "ownedBy" }], to = "sys_user" }\n'
    )
    data = json.dumps({"result": [ci(1, "Équipement réseau", u_boss="Ada")]}).encode()
    model = load(data, mapping=own)
    assert kinds(model, iri("ci1")) == {"ControlledItem", "NetworkDevice"}
    assert facts(model) == {("ownedBy", "ci1", "sys_user/Ada")}


def test_records_in_the_other_wrappings() -> None:
    alpha = ci(1)
    for data in ({"records": [alpha]}, [alpha], {"result": alpha}):
        assert kinds(load(json.dumps(data).encode()), iri("ci1")) == {"ControlledItem", "Server"}
    assert load(b"\xef\xbb\xbf" + json.dumps([alpha]).encode()).elements == (iri("ci1"),)
    assert load(json.dumps([alpha]).encode("utf-16")).elements == (iri("ci1"),)


def test_two_views_of_a_record_have_to_agree_where_it_matters(tmp_path: Path) -> None:
    def both(first: dict[str, Any], second: dict[str, Any]) -> Model:
        for name, record in (("cmdb_ci.json", first), ("cmdb_ci_server.json", second)):
            (tmp_path / name).write_text(json.dumps({"result": [record]}))
        return load(tmp_path)

    assert both(ci(1, cpu_count="1"), ci(1, cpu_count="2", owned_by="Ada")).elements
    plain = {"sys_id": ci(1)["sys_id"], "name": "alpha"}
    assert model_kinds(both(plain, plain)) == {"ControlledItem", "Server"}
    with pytest.raises(InputError, match=r"cmdb_ci\.json, line 1, too, and there its field owned_by has another value"):
        both(ci(1, owned_by="Ada"), ci(1, owned_by="Bea"))
    with pytest.raises(InputError, match="too, and there it is of the class cmdb_ci_appl"):
        both(ci(1, "cmdb_ci_appl"), ci(1))


def model_kinds(model: Model) -> set[str]:
    return kinds(model, iri("ci1"))


def test_one_file_may_not_hold_a_record_twice() -> None:
    with pytest.raises(InputError, match="another record has the key") as caught:
        answered(ci(1), ci(2), ci(1))
    assert "answer.json, line 1" in caught.value.problem


def test_a_csv_may_have_names_or_labels_in_its_header() -> None:
    for header in ("sys_id,sys_class_name,name,owned_by", "Sys ID;Class;Name;Owned by"):
        data = (header + "\n" + "c1" + "0" * 29 + "1,cmdb_ci_server,alpha,Ada\n").encode()
        model = load(data.replace(b",", b";") if ";" in header else data)
        assert facts(model) == {("ownedBy", "ci1", "sys_user/Ada")}
    with pytest.raises(InputError, match="the columns 'Status' and 'install_status' are one field"):
        load(b"sys_id,name,Status,install_status\n1,a,1,1\n")


def test_a_service_in_its_table_is_none_by_that(model: Model) -> None:
    """CSDM asks for customers, and a configuration management database records none."""
    verdicts = evaluate(model, definitions=["csdm-5:service", "csdm-5:application.installed"])
    outcomes = {(v.definition, v.element): v.outcome.name for v in verdicts.all()}
    assert outcomes["csdm-5:service", iri("ci1")] == "UNDETERMINED"
    assert outcomes["csdm-5:application.installed", iri("ci5")] == "SATISFIED_SO_FAR"
    assert outcomes["csdm-5:application.installed", iri("ci4")] == "UNDETERMINED"


# ---------------------------------------------------------------------------------------------------------------------
# What is refused


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b'{"result": [{"sys_id": "1"', "not JSON"),
        (b'{"result": ["sys_id"]}', "this is no record"),
        (b'{"result": [{"sys_id": "1", "sys_id": "2"}]}', "'sys_id' stands in one object twice"),
        (b'{"result": [{"sys_class_name": "cmdb_ci"}]}', "neither a sys_id nor a name"),
        (b'{"result": [{"sys_id": "1", "sys_class_name": "cmdb_ci", "owned_by": {"a": 1}}]}', "owned_by holds"),
        (b'{"result": [{"sys_id": "1", "sys_class_name": "cmdb_ci", "owned_by": [["a"]]}]}', "owned_by holds"),
        (b'{"result": [{"sys_id": "1", "owned_by": {"value": ["a"]}, "sys_class_name": "x_a"}]}', "owned_by holds"),
        (b'{"result": ' + b"[" * 100_000, "nests too deeply"),
        (b'<unload><cmdb_ci><sys_id>1</sys_id><sys_id>2</sys_id></cmdb_ci></unload>', "stands in one record twice"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><unload><cmdb_ci><sys_id>&a;</sys_id></cmdb_ci></unload>', "document type"),
        (b"<unload>" + b"<a>" * 300, "nests deeper"),
        (b"sys_id,name\n1,\"a\n", "not CSV"),
        (b"sys_id,name\n1\n", "this row has 1 cells"),
        (b"\xff\xfe\xfd", "text"),
        (b'{"result": []}', "there is nothing in it that could be used"),
    ],
)  # fmt: skip
def test_refused_with_the_reason(data: bytes, part: str) -> None:
    with pytest.raises(InputError) as caught:
        load(data, format="servicenow", name="answer")
    assert part in caught.value.problem


def test_a_file_that_is_cut_short_loads_or_says_why() -> None:
    for path in (SAMPLE, UNLOAD, CSV / "cmdb_ci_server.csv"):
        outcomes = [loads_or_says_why(data, "servicenow", path.name) for data in cut(path.read_bytes(), 25)]
        assert not all(outcomes)


def test_wrong_values_anywhere_load_or_say_why() -> None:
    whole = json.loads(SAMPLE.read_text(encoding="utf-8"))
    outcomes = [loads_or_says_why(data, "servicenow", "answer.json") for data in spoiled(whole, 150)]
    assert len(set(outcomes)) == 2


# ---------------------------------------------------------------------------------------------------------------------
# Telling the format


def test_the_format_is_told_from_the_content() -> None:
    own = [SAMPLE, UNLOAD, *TABLES.glob("*.json"), *CSV.glob("*.csv")]
    assert {format_of(open_document(path)) for path in own} == {"servicenow"}
    foreign = foreign_samples("servicenow")
    assert len(foreign) > 20
    assert [document.name for document in foreign if is_servicenow(document)] == []
    for example in sorted((ROOT / "examples").glob("*/model.ttl"))[:3]:
        assert not is_servicenow(open_document(example))


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("relations.json", b'{"result":[{"parent":"a","type":"Runs on::Runs","child":"b"}]}', True),
        ("tree.json", b'[{"parent":"a","type":"folder","child":"b"}]', False),
        ("people.csv", b"name,department\nAda,IT\n", False),
        ("sys_user.csv", b"Name,Department\nAda,IT\n", True),
        ("list.csv", b"Name,Class,Owned by\nalpha,Linux Server,Ada\n", True),
        ("list.csv", b"Name,Class,Colour\nalpha,Linux Server,red\n", False),
        ("list.csv", b"Name,Class,Owned by\nalpha,Ship,Ada\n", False),
        ("tree.csv", b"parent,type,child\na,folder,b\n", False),
        ("tree.csv", b"parent,type,child\na,Runs on::Runs,b\n", True),
        ("a.xml", b"<?xml version='1.0'?><xml><sys_user><sys_id>1</sys_id></sys_user></xml>", True),
        ("a.xml", b"<unloading><sys_id>1</sys_id></unloading>", False),
    ],
)
def test_sniff(name: str, data: bytes, expected: bool) -> None:
    assert is_servicenow(Document(name, data)) == expected
