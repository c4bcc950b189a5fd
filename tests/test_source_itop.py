"""Objects of iTop: what they state, how keys are followed from file to file, what is left of them, what is refused."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import beside
from pyoxigraph import Literal

from itsm_ontology import evaluate
from itsm_ontology.document import Document
from itsm_ontology.errors import InputError
from itsm_ontology.model import Model
from itsm_ontology.names import ITSM, RDF_TYPE, local_name
from itsm_ontology.sources import itop, load
from itsm_ontology.sources.formats import FORMATS
from itsm_ontology.sources.itop.lists import _LISTS
from itsm_ontology.sources.mapping_file import shipped_mapping

DATA = Path(__file__).parent / "data"
SAMPLES = DATA / "sources" / "itop"
BASE = "urn:itop:"
OBJECT = re.compile(r'<([A-Z]\w+|lnk\w+)(?: alias="\w+")? id="(\d+)">')


def xml(*objects: str) -> bytes:
    return ("<Set>\n" + "\n".join(objects) + "\n</Set>").encode()


def thing(type_: str, number: int, **fields: object) -> str:
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f'<{type_} alias="{type_}" id="{number}">{inner}</{type_}>'


def related(model: Model, *relations: str) -> set[tuple[str, str, str]]:
    """The facts between elements in some relations, or in all: relation, subject and object by their keys."""
    facts = model.facts
    return {
        (local_name(relation), *(facts.terms[node].value.removeprefix(BASE) for node in pair))
        for relation, pairs in facts.pairs.items()
        for pair in pairs
        if relation != RDF_TYPE
        and not isinstance(facts.terms[pair[1]], Literal)
        and (not relations or local_name(relation) in relations)
    }


def value(model: Model, key: str, attribute: str) -> list[str]:
    facts = model.facts
    node = model.node(BASE + key)
    return [facts.terms[one].value for one in facts.forwards.get(attribute, {}).get(node, ())]


def kinds(model: Model, key: str) -> set[str]:
    return {local_name(kind) for kind in model.kinds(BASE + key)}


def adds_up(model: Model) -> None:
    report = model.report
    left: Counter[str] = Counter()
    for item in report.left:
        left[item.what] += item.count
    for what, number in report.read.items():
        assert number == report.used.get(what, 0) + left[what], what
    for count in report.fields:
        assert count.read == count.used + sum(count.left.values()), count


@pytest.fixture(scope="module")
def harbour() -> Model:
    return load(SAMPLES / "harbour")


# --------------------------------------------------------------------------------------------------------------------
# What is stated


def test_kinds(harbour: Model) -> None:
    expected = {
        "Organization::1": {"Agent"}, "Person::1": {"Person"}, "Team::3": {"OrganizationalUnit"}, "Location::1": set(),
        "Server::1": {"Server", "Hardware", "ControlledItem"}, "VirtualMachine::5": {"Computer", "ControlledItem"},
        "Farm::3": {"TechnicalThing", "ControlledItem"}, "Hypervisor::4": {"TechnicalThing", "ControlledItem"},
        "OSVersion::2": {"SystemSoftware"}, "Software::1": {"Software", "SystemSoftware"}, "Software::2": {"Software"},
        "DBServer::6": {"SystemSoftware", "ControlledItem"}, "WebServer::8": {"SystemSoftware", "ControlledItem"},
        "DatabaseSchema::7": {"StorageStructure", "ControlledItem"},
        "WebApplication::9": {"ApplicationSoftware", "ControlledItem"},
        "ApplicationSolution::10": {"Arrangement", "ControlledItem"},
        "BusinessProcess::11": {"Process", "ControlledItem"}, "Crane::12": set(),
        "Service::1": {"Arrangement"}, "ServiceFamily::1": set(), "ServiceSubcategory::1": set(),
        "CustomerContract::1": {"Agreement"}, "ProviderContract::2": {"Agreement"}, "SLA::1": {"Agreement"},
        "SLT::1": {"Rule"}, "lnkCustomerContractToService::1": {"ServiceRelationship"}, "DeliveryModel::1": set(),
    }  # fmt: skip
    assert {key: kinds(harbour, key) for key in expected} == expected
    assert harbour.declarations(BASE + "Software::1") == ("itop:Software", "itop:Software/DBServer")
    assert harbour.declarations(BASE + "Crane::12") == ("itop:Crane",)
    assert harbour.label(BASE + "ApplicationSolution::10") == "Berth planning"


def test_technology(harbour: Model) -> None:
    assert related(harbour, "runsOn", "deployedOn", "partOf", "storedIn", "realizes", "hasPart") == {
        ("partOf", "Hypervisor::4", "Farm::3"),
        ("runsOn", "Hypervisor::4", "Server::1"),
        ("runsOn", "VirtualMachine::5", "Farm::3"),
        ("runsOn", "OSVersion::2", "Server::1"),
        ("runsOn", "OSVersion::2", "VirtualMachine::5"),
        ("deployedOn", "DBServer::6", "VirtualMachine::5"),
        ("deployedOn", "WebServer::8", "VirtualMachine::5"),
        ("realizes", "DBServer::6", "Software::1"),
        ("storedIn", "DatabaseSchema::7", "DBServer::6"),
        ("runsOn", "WebApplication::9", "WebServer::8"),
        ("hasPart", "ApplicationSolution::10", "WebApplication::9"),
        ("hasPart", "ApplicationSolution::10", "DatabaseSchema::7"),
    }
    assert related(harbour, "dependsOn", "supports") >= {
        ("dependsOn", "ApplicationSolution::10", "WebApplication::9"),
        ("dependsOn", "BusinessProcess::11", "ApplicationSolution::10"),
        ("supports", "ApplicationSolution::10", "BusinessProcess::11"),
        ("dependsOn", "Service::1", "ApplicationSolution::10"),
        ("supports", "ApplicationSolution::10", "Service::1"),
    }


def test_people_and_organizations(harbour: Model) -> None:
    assert related(harbour, "belongsTo", "memberOf", "reportsTo", "ownedBy") == {
        ("belongsTo", "Organization::2", "Organization::1"),
        ("belongsTo", "Team::3", "Organization::2"),
        ("memberOf", "Person::1", "Organization::2"),
        ("memberOf", "Person::2", "Organization::2"),
        ("memberOf", "Person::1", "Team::3"),  # from a list within the team
        ("memberOf", "Person::99", "Team::3"),
        ("reportsTo", "Person::1", "Person::2"),
        ("ownedBy", "Location::1", "Organization::1"),
    }


def test_customers_providers_and_agreements(harbour: Model) -> None:
    """Of the service both the customer and the provider come from the contract; the provider from itself as well."""
    link, service, contract = "lnkCustomerContractToService::1", "Service::1", "CustomerContract::1"
    assert related(harbour, "customer", "deliveredTo", "providedBy", "regards") == {
        ("regards", link, service),
        ("customer", link, "Organization::1"),
        ("customer", service, "Organization::1"),
        ("deliveredTo", service, "Organization::1"),
        ("providedBy", service, "Organization::2"),
    }
    assert related(harbour, "agreedIn", "agreedWith", "states") == {
        ("agreedIn", link, contract),
        ("agreedIn", link, "SLA::1"),
        ("agreedIn", service, contract),
        ("agreedIn", service, "SLA::1"),
        ("agreedIn", "DBServer::6", "ProviderContract::2"),
        ("agreedWith", contract, "Organization::1"),
        ("agreedWith", contract, "Organization::2"),
        ("agreedWith", "ProviderContract::2", "Organization::2"),
        ("agreedWith", "ProviderContract::2", "Organization::3"),
        ("agreedWith", "SLA::1", "Organization::2"),
        ("agreedWith", "SLA::1", "Organization::1"),
        ("states", "SLA::1", "SLT::1"),
    }


def test_nobody_is_customer_or_provider_of_configuration_items(harbour: Model) -> None:
    assert ("connectedTo", "Server::1", "Organization::1") in related(harbour)
    assert not {s for r, s, _ in related(harbour, "ownedBy", "customer", "providedBy")} & {"Server::1", "DBServer::6"}


def test_its_own_words_are_met_by_what_it_calls_so(harbour: Model) -> None:
    verdicts = evaluate(harbour, definitions=["itop:service", "itop:service-level-agreement"])
    met = {(v.element.removeprefix(BASE), v.definition) for v in verdicts if v.conforms}
    assert met == {("Service::1", "itop:service"), ("SLA::1", "itop:service-level-agreement")}


def test_operational_and_versions(harbour: Model) -> None:
    expected = {
        "Server::1": ["true"], "Server::2": ["false"], "Hypervisor::4": [], "DBServer::6": ["true"],
        "WebServer::8": ["false"], "Service::1": ["true"], "CustomerContract::1": [], "Organization::3": [],
    }  # fmt: skip
    assert {key: value(harbour, key, ITSM.operational) for key in expected} == expected
    assert value(harbour, "Software::1", ITSM.version) == ["012"]


# --------------------------------------------------------------------------------------------------------------------
# Counts


def test_the_report_adds_up_and_counts_what_there_is(harbour: Model) -> None:
    adds_up(harbour)
    text = "".join(path.read_text() for path in sorted((SAMPLES / "harbour").glob("*.xml")))
    plain = Counter(name for name, _ in OBJECT.findall(text))
    assert plain["Organization"] == 4
    assert plain["lnkPersonToTeam"] == 2
    read = dict(harbour.report.read)
    read.pop("file")
    assert read == plain
    left = {(item.what, item.reason) for item in harbour.report.left}
    assert {what for what, _ in left} == {"Organization", "Brand", "Model", "lnkApplicationSolutionToFunctionalCI"}
    assert [note for note in harbour.report.notes if "1 x Crane without a kind" in note]
    assert [note for note in harbour.report.notes if "1 x Person named, but not in the source" in note]


def test_fields_of_a_class_against_a_plain_count(harbour: Model) -> None:
    text = (SAMPLES / "harbour" / "cmdb.xml").read_text()
    servers = "".join(re.findall(r"<Server .*?</Server>", text, re.S))
    plain = Counter(re.findall(r"<(\w+)>(?!0</)[^<]+</\1>", servers))
    assert plain["name"] == 2
    assert {c.field: c.read for c in harbour.report.fields if c.type == "Server" and c.read} == plain


def test_shared_data_against_a_plain_count() -> None:
    folder = beside("data", "itop")
    text = "".join(path.read_text() for path in sorted(folder.rglob("*.xml")))
    plain = Counter(name for name, _ in OBJECT.findall(text))
    assert len(plain) > 25
    model = load(folder)
    read = dict(model.report.read)
    assert read.pop("file") == len(list(folder.rglob("*.xml")))
    assert read == plain
    adds_up(model)
    twice = {item.what: item.count for item in model.report.left if "more than once" in item.reason}
    assert twice == {"Organization": 2, "DeliveryModel": 1}
    assert related(model, "customer") >= {("customer", f"Service::{n}", "Organization::2") for n in (2, 3, 4)}
    assert related(model, "providedBy") == {("providedBy", f"Service::{n}", "Organization::3") for n in (2, 3, 4)}
    # 15 is a server in one module and a virtual machine in another: each module means its own
    assert ("hasPart", "ApplicationSolution::29", "Server::15") in related(model)
    assert len(related(model, "hasPart")) == 9


# --------------------------------------------------------------------------------------------------------------------
# Answers of the REST interface


def test_an_answer_states_what_a_set_would() -> None:
    model = load(SAMPLES / "answer.json")
    link = "lnkCustomerContractToService::customercontract_id=1,service_id=1,sla_id=1"
    assert related(model, "customer", "regards", "providedBy", "memberOf", "connectedTo") == {
        ("regards", link, "Service::1"),
        ("customer", link, "Organization::1"),
        ("customer", "Service::1", "Organization::1"),
        ("providedBy", "Service::1", "Organization::2"),
        ("memberOf", "Person::1", "Team::3"),
        ("connectedTo", "Team::3", "CustomerContract::1"),
    }
    assert kinds(model, "Team::3") == {"OrganizationalUnit"}  # the answer names its class
    assert model.label(BASE + "Organization::1") == "Harbour Authority (NL)"
    assert model.label(BASE + "Organization::2") == "Harbour IT"
    assert model.label(BASE + "Person::1") == "Mia Bos"
    assert value(model, "CustomerContract::1", "urn:itop:field:cost") == ["12000.50"]
    adds_up(model)


def test_a_link_in_both_lists_and_by_itself_is_one() -> None:
    answer = json.loads((SAMPLES / "answer.json").read_text())
    fields = {"customercontract_id": "1", "service_id": "1", "sla_id": "1"}
    name = "lnkCustomerContractToService::7"
    answer["objects"][name] = {"class": "lnkCustomerContractToService", "key": "7", "fields": fields}
    model = load(json.dumps(answer).encode())
    assert [s for _, s, _ in related(model, "regards")] == [name]
    assert model.report.read["lnkCustomerContractToService"] == 3
    adds_up(model)


def test_every_list_names_classes_and_fields_of_the_mapping() -> None:
    mapping = shipped_mapping("itop")
    for name, found in _LISTS.items():
        assert name.split(".")[0] in mapping.classes, name
        rule = mapping.tables[found.type]
        ends = {column for end in (rule.source, rule.target) if end for column in end.columns}
        assert found.back in (ends or mapping.classes[found.type].fields), name


# --------------------------------------------------------------------------------------------------------------------
# Keys and records that stand twice


def test_keys_point_into_a_class_and_those_under_it() -> None:
    model = load(xml(thing("DBServer", 1, system_id=2, org_id=3), thing("PC", 2), thing("Organization", 2)))
    assert related(model, "deployedOn", "connectedTo") == {
        ("deployedOn", "DBServer::1", "PC::2"),
        ("connectedTo", "DBServer::1", "Organization::3"),
    }
    assert kinds(model, "Organization::3") == {"Agent"}


@pytest.mark.parametrize("nothing", ["0", "", " "])
def test_a_key_of_nothing_is_none(nothing: str) -> None:
    model = load(xml(thing("VirtualMachine", 1, virtualhost_id=nothing)))
    assert related(model) == set()
    assert [count for count in model.report.fields if count.read] == []


def test_a_query_in_place_of_a_key_names_nothing() -> None:
    model = load(xml(thing("Server", 1, name="a", org_id="SELECT Organization WHERE name = 'b'")))
    assert related(model) == set()
    assert [c.left for c in model.report.fields if c.field == "org_id"] == [{"it names nothing": 1}]


def test_a_key_to_several_objects_is_refused() -> None:
    text = xml(thing("DBServer", 1, system_id=2), thing("PC", 2), thing("Server", 2))
    with pytest.raises(InputError, match=r"its system_id is 2, which may be PC::2 or Server::2") as caught:
        load(text)
    assert (caught.value.line, caught.value.record) == (2, "DBServer::1")


def test_an_object_that_stands_twice_is_one(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(xml(thing("Server", 1, name="a", cpu="")))
    (tmp_path / "b.xml").write_bytes(xml(thing("Server", 1, name="a", cpu="4")))
    model = load(tmp_path)
    assert model.elements == (BASE + "Server::1",)
    adds_up(model)
    (tmp_path / "c.xml").write_bytes(xml(thing("Server", 1, name="b")))
    with pytest.raises(InputError, match=r"its name is 'b' here and 'a' elsewhere \(.*a\.xml, line 2\)") as caught:
        load(tmp_path)
    assert caught.value.source == str(tmp_path / "c.xml")


def test_numbers_of_links_tell_nothing() -> None:
    link = "lnkApplicationSolutionToFunctionalCI"
    first = thing(link, 1, applicationsolution_id=1, functionalci_id=2)
    model = load(xml(first, thing(link, 1, applicationsolution_id=1, functionalci_id=3), first))
    assert {target for _, _, target in related(model, "hasPart")} == {"FunctionalCI::2", "FunctionalCI::3"}
    assert model.report.read == {link: 3}
    adds_up(model)


def test_rows_of_several_classes() -> None:
    row = f"<Row>{thing('Server', 1, name='a')}{thing('Organization', 4, name='b')}</Row>"
    other = f"<Row>{thing('Server', 2, name='c')}<Organization alias='o' id='null'/></Row>"
    text = xml(row, other)
    assert itop.is_itop(Document("d", text))
    assert set(load(text).elements) == {BASE + key for key in ("Server::1", "Server::2", "Organization::4")}


def test_fields_named_like_ends_are_no_ends(harbour: Model) -> None:
    assert harbour.declarations(BASE + "Crane::12") == ("itop:Crane",)
    assert [c.field for c in harbour.report.fields if c.type == "Crane"] == ["Crane.source", "name"]


# --------------------------------------------------------------------------------------------------------------------
# What is refused


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"<Set><Server alias='Server'><name>a</name></Server></Set>", "this has no id"),
        (b"<Sets><Server id='1'/></Sets>", "a Set of objects is expected"),
        (b"<Set><Server id='1'></Set>", "not well-formed"),
        (b"<!DOCTYPE Set [<!ENTITY a 'b'>]><Set><Server id='1'>&a;</Server></Set>", "document type declaration"),
        (b"<Set>" + b"<a id='1'>" * 5000, "nests deeper"),
        (b"<Set/>", "nothing in it that could be used"),
        (b'{"objects": null, "code": 0}', "this has no objects"),
        (b'{"objects": {"Server::1": 5}}', "Server::1 is no object"),
        (b'{"objects": {"Server": {"fields": {}}}}', "Server is no object"),
        (b'{"objects": {"Server::1": {"fields": {}}, "Server::1": {}}}', "stands in one object twice"),
        (b'{"objects": {"Server::1": {"fields": {"a": ' + b"[" * 100_000, "nests too deeply|not JSON"),
    ],
)
def test_malformed(text: bytes, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        load(text, format="itop")


@pytest.mark.parametrize("name", ["harbour/services.xml", "answer.json"])
def test_every_cut_loads_or_is_refused(name: str) -> None:
    data = (SAMPLES / name).read_bytes()
    for end in range(1, len(data) - 8, 41):
        with pytest.raises(InputError):
            load(data[:end], format="itop")


def test_any_value_anywhere_loads_or_is_refused() -> None:
    """Put null, a list, a number, an object, a truth value and a text where each value stands."""
    answer = json.loads((SAMPLES / "answer.json").read_text())
    places = list(_places(answer))
    assert len(places) > 50
    refused = 0
    for path in places:
        for put in (None, [], [[1]], 5, -0.5, {}, {"service_id": {"x": 3}}, True, "", "Server::9"):
            changed = json.loads(json.dumps(answer))
            at = changed
            for step in path[:-1]:
                at = at[step]
            at[path[-1]] = put
            try:
                load(json.dumps(changed).encode(), format="itop")
            except InputError:
                refused += 1
    assert 0 < refused < len(places) * 10


def _places(found: Any, path: tuple[Any, ...] = ()) -> Any:
    items = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from _places(item, (*path, key))


# --------------------------------------------------------------------------------------------------------------------
# Telling it from other formats


def test_sniff_takes_its_own_and_nothing_else() -> None:
    own = [path for path in SAMPLES.rglob("*") if path.is_file()]
    assert len(own) == 4
    others = [path for path in DATA.rglob("*") if path.is_file() and SAMPLES not in path.parents]
    taken = [path for path in (*own, *others) if itop.is_itop(Document(path.name, path.read_bytes()))]
    assert taken == own
    earlier = FORMATS[: [one.name for one in FORMATS].index("itop")]
    for path in own:
        document = Document(path.name, path.read_bytes())
        assert [one.name for one in earlier if one.sniff(document)] == []


@pytest.mark.parametrize(
    ("text", "is_it"),
    [
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a --><!-- b -->\n<Set>\n<Server alias='s' id='1'/></Set>", True),
        ("<?xml version='1.0' encoding='UTF-16'?><Set><Server id='1'/></Set>".encode("utf-16"), True),
        (b'{"code": 0, "message": "", "objects": {"Server::1": {}}}', True),
        (b"<Set><name>a</name></Set>", False),
        (b"<Settings><Server id='1'/></Settings>", False),
        (b'{"objects": {"Server": {}}}', False),
        (b'{"objects": []}', False),
        (b"", False),
    ],
)
def test_sniff(text: bytes, is_it: bool) -> None:
    assert itop.is_itop(Document("d", text)) is is_it


def test_ports_are_technical_things_and_offer_nothing() -> None:
    model = load(xml(thing("PhysicalInterface", 1, name="eth0", connectableci_id=2), thing("Server", 2, name="north")))
    assert kinds(model, "PhysicalInterface::1") == {"TechnicalThing"}
    assert related(model) == {("partOf", "PhysicalInterface::1", "Server::2")}


def test_own_classes_follow_keys_like_those_they_are_like() -> None:
    own = b'extends = "itop"\nsystem = "itop"\n[classes.Crane]\nlike = "PhysicalDevice"\n'
    text = xml(thing("Crane", 5, name="north"), thing("DBServer", 1, system_id=5))
    model = load(text, mapping=own)
    assert kinds(model, "Crane::5") == {"PhysicalThing", "ControlledItem"}
    assert related(model, "deployedOn") == {("deployedOn", "DBServer::1", "Crane::5")}
