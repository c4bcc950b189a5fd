"""GLPI: answers of its two interfaces and exported lists; what they state, what they can't say, and what is refused."""

from __future__ import annotations

import json
import re
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
from itsm_ontology.sources.glpi import is_glpi
from itsm_ontology.sources.mapping_file import shipped_mapping

HERE = SAMPLES / "glpi"
ALL = HERE / "rest" / "all.json"
BASE = "urn:glpi:"


@pytest.fixture(scope="module")
def model() -> Model:
    return load(ALL)


@pytest.fixture(scope="module")
def lists() -> Model:
    return load(HERE / "lists")


def answered(name: str, *records: dict[str, Any]) -> Model:
    return load(json.dumps(records).encode(), name=name, format="glpi")


def test_the_answers_state_these_relations(model: Model) -> None:
    assert related(model, BASE) == {
        ("belongsTo", "Group/7", "Group/6"), ("memberOf", "User/8", "Group/7"), ("reportsTo", "User/9", "User/8"),
        ("usedBy", "Computer/34", "User/8"), ("usedBy", "Computer/34", "Group/6"), ("usedBy", "Monitor/1", "User/77"),
        ("managedBy", "Computer/34", "Group/7"), ("managedBy", "NetworkEquipment/1", "Group/6"),
        ("managedBy", "Appliance/70", "Group/7"),
        ("developedBy", "Computer/34", "Manufacturer/5"), ("developedBy", "Software/50", "Manufacturer/5"),
        ("connectedTo", "Computer/34", "Monitor/1"), ("connectedTo", "Contract/81", "Computer/34"),
        ("runsOn", "OperatingSystem/2", "Computer/34"), ("runsOn", "DatabaseInstance/60", "Computer/34"),
        ("specializes", "SoftwareVersion/51", "Software/50"),
        ("deployedOn", "SoftwareVersion/51", "Computer/34"), ("deployedOn", "Software/50", "Computer/34"),
        ("storedIn", "Database/61", "DatabaseInstance/60"),
        ("hasPart", "Appliance/70", "Computer/34"), ("hasPart", "Appliance/70", "Software/50"),
        ("hasPart", "Appliance/70", "DatabaseInstance/60"), ("hasPart", "Appliance/70", "SoftwareVersion/51"),
        ("impacts", "DatabaseInstance/60", "Appliance/70"), ("impacts", "PluginBadgesBadge/3", "Appliance/70"),
        ("agreedWith", "Contract/81", "Supplier/80"), ("partOf", "SLA/90", "SLM/91"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("Entity/0", set()), ("Group/6", {"Agent"}), ("User/8", {"Person"}), ("Computer/34", {"Computer"}),
        ("NetworkEquipment/1", {"NetworkDevice"}), ("Monitor/1", {"PhysicalThing"}), ("Software/50", {"Software"}),
        ("SoftwareVersion/51", {"Software"}), ("OperatingSystem/2", {"SystemSoftware"}),
        ("DatabaseInstance/60", {"RuntimeProcess"}), ("Database/61", {"StorageStructure"}),
        ("Appliance/70", {"Arrangement"}), ("Contract/81", {"Agreement"}), ("Supplier/80", {"Organization"}),
        ("SLA/90", {"Agreement"}), ("PluginBadgesBadge/3", set()),
    ],
)  # fmt: skip
def test_kinds_and_declarations(model: Model, key: str, expected: set[str]) -> None:
    assert kinds(model, BASE + key) == expected
    assert f"glpi:{key.partition('/')[0]}" in model.declarations(BASE + key)


def test_values(model: Model) -> None:
    computer = f"{BASE}Computer/34"
    assert model.declarations(computer) == ("glpi:Computer", "glpi:Computer/Server")
    assert values(model, computer, f"{BASE}field:states_id") == ["In use"]
    assert values(model, computer, f"{BASE}field:locations_id") == ["Cellar"]
    assert values(model, computer, f"{BASE}field:serial") == ["0042"]
    assert values(model, f"{BASE}Entity/1", f"{BASE}field:entities_id") == ["Hospital"]  # 0 is an entity, and no user
    assert values(model, f"{BASE}Database/61", ITSM.operational) == ["false"]
    assert values(model, f"{BASE}DatabaseInstance/60", ITSM.version) == ["15.4"]


def test_an_appliance_is_an_application_as_glpi_has_it(model: Model) -> None:
    verdicts = evaluate(model, definitions=["glpi:application"])
    outcomes = {one.element.removeprefix(BASE): one.outcome.name for one in verdicts}
    assert {outcomes["Appliance/70"], outcomes["Software/50"]} == {"SATISFIED"}
    assert outcomes["Computer/35"] == "UNDETERMINED"


def test_counts_by_class_are_those_of_the_file(model: Model) -> None:
    plain = {name: len(records) for name, records in json.loads(ALL.read_bytes()).items()}
    assert dict(model.report.read) == plain
    left = {(item.what, item.reason): item.count for item in model.report.left}
    assert left["Computer", "a template for new records; no thing yet"] == 1
    assert left["Computer", "it is in the bin"] == 1
    assert left["Item_SoftwareVersion", "it lacks one of its ends"] == 1
    assert f"{BASE}Computer/36" not in model.elements
    adds_up(model)


def test_names_in_place_of_numbers_are_resolved_by_links_and_by_other_records(tmp_path: Path) -> None:
    text = (HERE / "expanded-computers.json").read_text()
    (tmp_path / "computers.json").write_text(text)
    (tmp_path / "Manufacturer.json").write_text('[{"id": 5, "name": "Acme", "date_mod": null, "date_creation": null}]')
    model = load(tmp_path)
    assert related(model, BASE) == {
        ("usedBy", "Computer/34", "User/8"),
        ("developedBy", "Computer/34", "Manufacturer/5"),
        ("runs", "Computer/34", "OperatingSystem/name:Debian"),
    }
    assert model.label(f"{BASE}User/8") == "ade"
    assert values(model, f"{BASE}Computer/34", f"{BASE}field:locations_id") == ["4"]  # a name: its neighbours are names
    assert values(model, f"{BASE}Computer/34", f"{BASE}field:entities_id") == ["Hospital > Laboratory"]
    assert "glpi:Computer/Server" in model.declarations(f"{BASE}Computer/34")


def test_the_second_interface_states_what_the_first_does(model: Model) -> None:
    second = load(HERE / "second")
    assert related(second, BASE) == {
        ("usedBy", "Computer/34", "User/8"), ("usedBy", "Computer/34", "Group/6"),
        ("developedBy", "Computer/34", "Manufacturer/5"),
    }  # fmt: skip
    assert related(second, BASE) <= related(model, BASE)
    assert second.declarations(f"{BASE}Computer/34") == model.declarations(f"{BASE}Computer/34")
    assert values(second, f"{BASE}Computer/34", f"{BASE}field:model") == ["Brick 2"]
    adds_up(second)


# ---------------------------------------------------------------------------------------------------------------------
# Exported lists


def test_lists_in_english_and_french_state_what_their_columns_show(lists: Model) -> None:
    assert related(lists, BASE) == {
        ("managedBy", "Computer/34", "User/name:ade"), ("runs", "Computer/34", "OperatingSystem/name:Debian"),
        ("developedBy", "Software/name:LabBook", "Manufacturer/name:Acme"),
        ("managedBy", "Software/name:LabBook", "Group/name:Desk"),
    }  # fmt: skip
    assert [lists.label(iri) for iri in lists.elements if "Tampon" in iri] == ["Tampon", "Tampon"]
    assert lists.label(f"{BASE}Computer/38") == "lab-02; spare"
    assert lists.declarations(f"{BASE}Computer/38") == ("glpi:Computer", "glpi:Computer/Desktop")
    adds_up(lists)


def test_lists_say_what_they_do_not_say(lists: Model) -> None:
    notes = "\n".join(lists.report.notes)
    assert "logiciels.csv: it has no column ID" in notes
    assert "glpi-computers.csv: it has no column ID" not in notes
    assert "installations, items of appliances and impacts are not in them" in notes
    assert lists.report.read["Computer"] == 2
    assert lists.report.read["Software"] == 3


def test_a_list_of_several_classes_has_them_in_a_column() -> None:
    header = '"Nom";"Type d’élément";"Entité";"Dernière modification"'
    data = f'{header}\n"a";"Ordinateur";"E";""\n"b";"Matériel réseau";"E";""\n'
    model = load(data.encode(), name="glpi.csv")
    assert {iri: model.declarations(iri) for iri in model.elements} == {
        f"{BASE}Computer/name:a": ("glpi:Computer",),
        f"{BASE}NetworkEquipment/name:b": ("glpi:NetworkEquipment",),
    }


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("glpi.csv", b'"Name";"Entity";"Last update"\n"a";"E";""\n', "what the rows of this list are can't be told"),
        ("computers.csv", b'"Entity";"Last update";"Status"\n"E";"";""\n', "no column has the names or the numbers"),
        ("computers.csv", b'"Name";"Entity";"Last update"\n"a";"E"\n', "this row has 2 cells"),
        ("computers.csv", b'"Name";"Name";"Last update"\n"a";"E";""\n', "two columns are called"),
        ("computers.csv", b'"ID";"Name";"Entity"\n"1";"a";""\n"1";"b";""\n', "another record has the key"),
    ],
)
def test_lists_that_are_refused(name: str, data: bytes, problem: str) -> None:
    with pytest.raises(InputError, match=re.escape(problem)):
        load(data, name=name, format="glpi")


# ---------------------------------------------------------------------------------------------------------------------
# Whose class


@pytest.mark.parametrize(
    ("name", "record", "type_"),
    [
        ("Computer.json", {"id": 1, "name": "x"}, "Computer"),
        ("glpi_network-equipments_2024-01-02.json", {"id": 1, "name": "x"}, "NetworkEquipment"),
        ("ordinateurs.json", {"id": 1, "name": "x"}, "Computer"),
        ("page.json", {"id": 1, "computertypes_id": 0, "name": "x"}, "Computer"),
        ("page.json", {"id": 1, "name": "x", "links": [{"href": "https://g/api/Rack/1/Item_Rack/"}]}, "Rack"),
        ("page.json", {"id": 1, "_itemtype": "Monitor", "name": "x"}, "Monitor"),
        ("Racks/1.json", {"id": 1, "name": "x"}, "Rack"),
    ],
)
def test_the_class_of_a_record_is_told(name: str, record: dict[str, Any], type_: str) -> None:
    assert answered(name, record).elements == (f"{BASE}{type_}/1",)


@pytest.mark.parametrize(
    ("record", "link"),
    [
        (
            {"id": 1, "itemtype_source": "A", "items_id_source": 1, "itemtype_impacted": "B", "items_id_impacted": 2},
            "impacts",
        ),
        ({"id": 1, "itemtype": "A", "items_id": 1, "appliances_id": 2}, "hasPart"),
        ({"id": 1, "itemtype": "A", "items_id": 1, "softwareversions_id": 2}, "deployedOn"),
        ({"id": 1, "computers_id": 1, "softwareversions_id": 2}, "deployedOn"),
        ({"id": 1, "contracts_id": 1, "suppliers_id": 2}, "agreedWith"),
    ],
)  # fmt: skip
def test_links_are_told_by_their_fields(record: dict[str, Any], link: str) -> None:
    assert [relation for relation, _, _ in related(answered("page.json", record), BASE)] == [link]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b'[{"id": 1, "name": "x"}]', "the class of this record can't be told"),
        (b'{"Computer": [{"name": "x"}]}', "this record has no id"),
        (b'["ERROR_SESSION_TOKEN_INVALID", "session_token seems invalid"]', "record 1 is no object"),
        (b'{"totalcount": 1, "count": 1, "content-range": "0-0/1", "data": [{"1": "x"}]}', "the answer of a search"),
    ],
)
def test_what_is_refused_says_why(data: bytes, problem: str) -> None:
    with pytest.raises(InputError, match=re.escape(problem)):
        load(data, name="page.json", format="glpi")


def test_what_was_asked_for_along_with_a_record_is_one_value() -> None:
    devices = {"Item_DeviceProcessor": {"7": {"frequency": 3000}, "8": {"frequency": 3000}}}
    report = answered(
        "Computer.json", {"id": 1, "name": "x", "_devices": devices, "_tickets": [{"id": 1}, {"id": 2}]}
    ).report
    assert {count.field: sum(count.left.values()) for count in report.fields} == {
        "name": 0,
        "_devices": 1,
        "_tickets": 2,
    }


@pytest.mark.parametrize("type_", ["Document", "ITILCategory"])
def test_who_has_filed_it_or_gets_its_tickets_is_no_user_of_it(type_: str) -> None:
    assert not related(answered(f"{type_}.json", {"id": 1, "name": "x", "users_id": 8}), BASE)


def test_names_that_two_records_share_name_neither() -> None:
    data = {
        "User": [{"id": 1, "name": "ann"}, {"id": 2, "name": "ann"}],
        "Computer": [{"id": 3, "entities_id": 0, "users_id": "ann"}],
    }
    model = load(json.dumps(data).encode(), name="all.json")
    assert related(model, BASE) == {("usedBy", "Computer/3", "User/name:ann")}


@pytest.mark.parametrize("path", [ALL, HERE / "expanded-computers.json", HERE / "second" / "Computer.json"], ids=str)
def test_cut_and_spoilt_answers_are_loaded_or_refused(path: Path) -> None:
    assert not any(loads_or_says_why(piece, "glpi", path.name) for piece in cut(path.read_bytes(), 8))
    outcomes = Counter(
        loads_or_says_why(data, "glpi", path.name) for data in spoiled(json.loads(path.read_bytes()), 90)
    )
    assert outcomes[True]


@pytest.mark.parametrize("path", sorted((HERE / "lists").iterdir()), ids=lambda path: path.name)
def test_cut_lists_are_loaded_or_refused(path: Path) -> None:
    outcomes = {loads_or_says_why(piece, "glpi", path.name) for piece in cut(path.read_bytes(), path.stat().st_size)}
    assert outcomes == {True, False}


def test_the_format_is_told_from_the_content() -> None:
    own = [path for path in HERE.rglob("*.*") if path.is_file()]
    assert len(own) == 5
    assert {format_of(open_document(path)) for path in own} == {"glpi"}
    assert not is_glpi(Document("d", b'{"result": [{"sys_id": "1", "name": "x"}]}'))
    assert not is_glpi(Document("d", b"id;name;type;status\n1;a;b;c\n"))
    assert not is_glpi(Document("d", b"Name,Type,Serial number,Location\na,b,c,d\n"))
    assert [document.name for document in foreign_samples("glpi") if is_glpi(document)] == []


def test_every_class_and_field_says_why() -> None:
    mapping = shipped_mapping("glpi")
    rules = {
        **mapping.fields,
        **{f"{n} {f}": rule for n, one in mapping.classes.items() for f, rule in one.fields.items()},
    }
    assert all(one.reason for one in mapping.classes.values())
    assert [name for name, rule in rules.items() if not (rule.reason or rule.left)] == []
