"""OpenTelemetry: services that compose files and exported telemetry name, where they run and what calls what."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
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
from itsm_ontology.sources.opentelemetry import is_opentelemetry
from itsm_ontology.sources.opentelemetry.otlp import NO_SERVICE, ONE_REQUEST
from itsm_ontology.sources.opentelemetry.variables import MOST, filled, variables_of

FOLDER = SAMPLES / "opentelemetry"
COMPOSE, TRACES, METRICS = FOLDER / "compose.yaml", FOLDER / "traces.jsonl", FOLDER / "metrics.json"
BASE = "urn:opentelemetry:"

# ---------------------------------------------------------------------------------------------------------------------
# Compose files

PLANNER, SIGNS = "service/planning/planner", "service/stations/sign%20writer"
IMAGE = "image/registry.example/planner:1.2"
COMPOSE_FACTS = f"""
compose.service/planner runs {PLANNER}
compose.service/planner runs {IMAGE}
compose.service/planner dependsOn compose.service/store
compose.service/planner dependsOn compose.service/collector
compose.service/planner connectedTo compose.network/inside
compose.service/planner connectedTo compose.network/outside
compose.service/planner-batch runs {PLANNER}
compose.service/planner-batch runs {IMAGE}
compose.service/planner-batch dependsOn compose.service/store
compose.service/planner-batch dependsOn compose.service/elsewhere
compose.service/signs runs {SIGNS}
compose.service/signs connectedTo compose.network/inside
compose.service/store runs image/postgres:18
compose.service/collector runs image/$%7BCOLLECTOR_IMAGE%7D
compose.service/odd runs image/busybox
{PLANNER} partOf service.namespace/planning
{PLANNER} flowsTo compose.service/collector
{PLANNER} monitoredBy compose.service/collector
{SIGNS} partOf service.namespace/stations
"""
CONTAINERS = ("planner", "planner-batch", "signs", "store", "collector", "odd")


def test_a_compose_file_says_what_is_put_up_and_which_services_run_in_it() -> None:
    model = load(COMPOSE)
    assert model.report.format == "opentelemetry"
    parts = {f"compose.service/{name} partOf compose.project/timetable" for name in CONTAINERS}
    assert facts(model, BASE) == set(COMPOSE_FACTS.strip().splitlines()) | parts
    found = things(model, BASE)
    assert {found[f"compose.service/{name}"] for name in (*CONTAINERS, "elsewhere")} == {
        ("TechnicalThing", "opentelemetry:compose.service")
    }
    assert found[PLANNER] == found[SIGNS] == ("Software", "opentelemetry:service")
    assert found["service.namespace/planning"] == ("Arrangement", "opentelemetry:service.namespace")
    assert found["compose.project/timetable"] == ("Arrangement", "opentelemetry:compose.project")
    assert found["compose.network/outside"] == ("Network", "opentelemetry:compose.network")
    assert found[IMAGE] == ("Software", "opentelemetry:image")
    assert labels(model, BASE)[SIGNS] == "sign writer"
    assert labels(model, BASE)[IMAGE] == "registry.example/planner:1.2"
    said = values(model, BASE)
    assert {f"{PLANNER} version 012", f"{PLANNER} markedAsKey true"} <= said
    assert not any("tell" in value for value in said), "settings are never kept"
    assert any("filled in from dotenv, which sets 4" in note for note in model.report.notes)


def test_everything_in_a_compose_file_is_accounted_for() -> None:
    model = load(COMPOSE)
    adds_up(model)
    content = yaml.safe_load(COMPOSE.read_text())
    assert read_of(model) == {
        "compose.service": len(content["services"]), "compose.network": len(content["networks"]), "service": 2,
        "service.namespace": 2, "compose.project": 1, "compose.volumes": 1, "compose.x-settings": 1,
    }  # fmt: skip
    containers = fields_of(model, "compose.service")
    assert containers["environment.OTEL_SERVICE_NAME"] == (2, 2)
    assert containers["environment.OTEL_RESOURCE_ATTRIBUTES"] == (1, 1)
    assert containers["environment.setting"] == (4 + 3 + 0 + 1, 0)
    assert containers["depends_on.name"] == (4, 4)
    assert containers["depends_on.condition"] == (2, 0)
    assert containers["restart"] == (1, 0), "merged in by <<"
    assert fields_of(model, "service")["service.criticality"] == (2, 1)


def test_without_a_file_of_settings_variables_stay_as_they_are_written() -> None:
    model = load(COMPOSE.read_bytes(), name="compose.yaml")
    found = things(model, BASE)
    assert "service/$%7BAREA%7D/planner" in found
    assert labels(model, BASE)["service/$%7BAREA%7D/planner"] == "planner"
    assert "image/$%7BREGISTRY%7D/planner:1.2" in found
    assert "compose.project/timetable" in found, "by its default"
    assert not any("monitoredBy" in fact for fact in facts(model, BASE))


def test_a_file_of_settings_that_cannot_be_read_is_no_obstacle(tmp_path: Path) -> None:
    shutil.copy(COMPOSE, tmp_path)
    (tmp_path / ".env").write_bytes(b"AREA=\xff\xfe\xfd\n")
    model = load(tmp_path / "compose.yaml")
    assert any("variables are left as they are" in note for note in model.report.notes)
    (tmp_path / ".env").unlink()
    (tmp_path / ".env").symlink_to(FOLDER / "dotenv")
    assert "service/$%7BAREA%7D/planner" in things(load(tmp_path / "compose.yaml"), BASE), "not from another folder"


def test_compose_files_of_several_folders_put_up_different_things(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "compose.yaml").write_text("services:\n  web:\n    image: nginx\n")
    found = things(load(tmp_path), BASE)
    assert {"a/compose.service/web", "b/compose.service/web"} <= set(found)
    (tmp_path / "a" / "compose.override.yaml").write_text("services:\n  web:\n    image: httpd\n")
    with pytest.raises(InputError, match=r"has a service of this name too\. Put the files together first"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$A-${A}", "1-1"),
        ("${B}", "${B}"),
        ("${B:-x}", "x"),
        ("${E-x}|${E:-x}", "|x"),
        ("${A:+y}|${B:+y}|${E:+y}|${E+y}", "y|||y"),
        ("${B:?say it}|${A:?say it}", "${B:?say it}|1"),
        ("${B:-${A}}|${B:-${C:-z}}", "1|z"),
        ("$$A|$", "$A|$"),
        ("${", "${"),
        ("é ${A", "é ${A"),
    ],
)
def test_variables_are_filled_in_as_compose_does(text: str, expected: str) -> None:
    assert filled(text, {"A": "1", "E": ""}) == expected


def test_variables_do_not_blow_up() -> None:
    lines = ["A0=" + "x" * 10, *(f"A{n}=" + f"$A{n - 1}" * 10 for n in range(1, 40))]
    assert max(len(value) for value in variables_of("\n".join(lines)).values()) <= 10 * MOST
    assert filled("$A" * 5_000, {"A": "y" * 5_000}) == "$A" * 5_000
    assert filled("${A" * 20_000, {"A": "1"}).count("$") == 20_000


def test_a_file_of_settings_is_read_as_compose_reads_it() -> None:
    text = "A=1 # one\n\n# B=2\nexport C = '$A'\nD=\"x $A\"\nE=${A}2\nnonsense\nF=\nG=a=b#c\r\n"
    assert variables_of(text) == {"A": "1", "C": "$A", "D": "x 1", "E": "12", "F": "", "G": "a=b#c"}


# ---------------------------------------------------------------------------------------------------------------------
# Telemetry

TRACE_FACTS = """
service.instance/planning/planner/p-1 realizes service/planning/planner
service.instance/planning/planner/p-2 realizes service/planning/planner
service/planning/planner runsInProcess service.instance/planning/planner/p-1
service/planning/planner runsInProcess service.instance/planning/planner/p-2
service.instance/planning/planner/p-1 deployedOn deployment.environment/production
service.instance/planning/planner/p-1 runsOn host/host-1
service.instance/planning/planner/p-2 runsOn k8s.pod/rail/planner-x
service/planning/planner partOf service.namespace/planning
resourceSpans isAbout service/planning/planner
resourceSpans isAbout service/planner
service/planning/planner uses service/planner
service/planning/planner flowsTo service/planner
"""


def test_spans_say_which_services_there_are_and_what_calls_what() -> None:
    model = load(TRACES)
    assert facts(model, BASE) == set(TRACE_FACTS.strip().splitlines())
    found = things(model, BASE)
    assert found["service/planner"] == found["service/planning/planner"] == ("Software", "opentelemetry:service")
    assert found["service.instance/planning/planner/p-1"] == ("RuntimeProcess", "opentelemetry:service.instance")
    assert found["host/host-1"] == ("Computer", "opentelemetry:host")
    assert found["deployment.environment/production"] == ("Environment", "opentelemetry:deployment.environment")
    assert found["resourceSpans"] == ("DataSet", "opentelemetry:resourceSpans")
    assert "service/planning/planner version 1.2" in values(model, BASE)


def test_every_span_and_resource_is_accounted_for() -> None:
    model = load(TRACES)
    adds_up(model)
    text = TRACES.read_text()
    assert model.report.read["span"] == text.count('"spanId"') == 10
    assert model.report.used["span"] == 3
    assert left_of(model, "span") == {ONE_REQUEST: 7}
    assert model.report.read["resource"] == text.count('"resource":')
    assert left_of(model, "resource") == {NO_SERVICE: 1}
    assert {name: model.report.read[name] for name in ("service", "service.instance", "calls", "sends to")} == {
        "service": 2, "service.instance": 2, "calls": 1, "sends to": 1,
    }  # fmt: skip
    assert fields_of(model, "service.instance")["process.command_args"] == (1, 0)


def test_metrics_name_services_too() -> None:
    model = load(METRICS)
    assert facts(model, BASE) == {
        "resourceMetrics isAbout service/stations/signs",
        "service/stations/signs partOf service.namespace/stations",
    }
    assert left_of(model, "metric") == {"it tells of one moment": 2}
    adds_up(model)


def test_compose_files_and_telemetry_of_a_folder_speak_of_the_same_services() -> None:
    model = load(FOLDER)
    said = facts(model, BASE)
    assert "compose.service/planner runs service/planning/planner" in said
    assert "resourceSpans isAbout service/planning/planner" in said
    assert model.report.read["service"] == 4
    assert left_of(model, "file") == {"it is in none of the formats that are read": 1}
    adds_up(model)


def test_a_call_may_have_its_ends_in_two_files(tmp_path: Path) -> None:
    lines = TRACES.read_text().splitlines()
    (tmp_path / "b.json").write_text(lines[0])
    (tmp_path / "a.json").write_text(lines[3])
    assert "service/planning/planner uses service/planner" in facts(load(tmp_path), BASE)


def test_names_with_slashes_do_not_run_into_each_other() -> None:
    def resource(namespace: str, name: str) -> dict[str, Any]:
        said = {"service.namespace": namespace, "service.name": name}
        return {
            "resource": {"attributes": [{"key": key, "value": {"stringValue": text}} for key, text in said.items()]}
        }

    data = json.dumps({"resourceLogs": [resource("a/b", "c"), resource("a", "b/c")]})
    assert read_of(load(data.encode()))["service"] == 2


# ---------------------------------------------------------------------------------------------------------------------
# Bad input, and telling formats apart


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b'{"resourceSpans": {}}', "record resourceSpans: an object"),
        (b'{"resourceSpans": [3]}', "record resourceSpans/0: 3"),
        (b'{"resourceSpans": [{"resource": {"attributes": [{"value": {}}]}}]}', "attributes/0/key: this is missing"),
        (
            b'{"resourceSpans": []}\n{"resourceSpans": [{"scopeSpans": 3}]}',
            "line 2, record resourceSpans/0/scopeSpans: 3",
        ),
        (b'{"resourceSpans": []}\n{"resourceSpans": [', "line 2"),
        (b'{"resourceSpans": []}', "nothing in it that could be used"),
        (b"services:\n  web:\n    image: [a]\n", "record services/web/image: a list"),
        (b"services:\n  web:\n    image: a\n  other: text\n", "record services/other: 'text'"),
        (
            b"services:\n  web:\n    image: a\n    environment: [{a: b}]\n",
            "record services/web/environment/0: an object",
        ),
        (b"services:\n  web:\n    image: a\n  web:\n    image: b\n", "twice"),
    ],
)
def test_bad_files_are_refused(data: bytes, problem: str) -> None:
    assert is_opentelemetry(open_document(data))
    with pytest.raises(InputError, match=re.escape(problem)):
        load(data, name="file")


def test_cut_or_spoiled_files_load_or_are_refused() -> None:
    assert {settles(part, "opentelemetry") for part in cuts(COMPOSE.read_bytes(), 60)} == {True, False}
    assert not any(settles(part, "opentelemetry") for part in cuts(METRICS.read_bytes()))
    assert not any(settles(part, "opentelemetry") for part in cuts(TRACES.read_bytes()))
    assert settles(TRACES.read_bytes().splitlines()[0] + b"\n", "opentelemetry")
    telemetry = json.loads(TRACES.read_text().splitlines()[3])
    content = yaml.safe_load(COMPOSE.read_text())
    content["services"] = {name: content["services"][name] for name in ("planner", "signs")}
    for tree in (telemetry, content):
        outcomes = [settles(json.dumps(wrong).encode(), "opentelemetry") for wrong in spoiled(tree)]
        assert len(outcomes) > 300
        assert set(outcomes) == {True, False}


def test_deep_nesting_ends_well() -> None:
    assert not settles(b'{"resourceSpans": ' + b"[" * 200_000, "opentelemetry")
    assert not settles(b"services:\n  web:\n    image: a\n    x: " + b"[" * 5_000, "opentelemetry")
    value = '{"kvlistValue": {"values": [{"key": "a", "value": ' * 200 + "{}" + "}]}}" * 200
    data = f'{{"resourceSpans": [{{"resource": {{"attributes": [{{"key": "a", "value": {value}}}]}}}}]}}'
    assert not settles(data.encode(), "opentelemetry"), "a resource without a service"


def test_files_are_told_from_everything_else() -> None:
    for path in (COMPOSE, TRACES, METRICS):
        assert formats_of(path)[:1] == ["opentelemetry"]
        assert load(b"\xef\xbb\xbf" + path.read_bytes()).report.format == "opentelemetry"
    for text in (
        b"services:\n  - docker\nimage: a\n",
        b"services:\n  _defaults:\n    autowire: true\n",
        b"services: web\n",
    ):
        assert not is_opentelemetry(open_document(text))
    assert [path.name for path in samples_of_others("opentelemetry") if is_opentelemetry(open_document(path))] == []


def test_a_real_compose_file_has_what_a_plain_count_finds() -> None:
    path = beside("data", "opentelemetry", "compose.yaml")
    model = load(path)
    adds_up(model)
    named = re.findall(r"^\s+- OTEL_SERVICE_NAME=(\S+)", path.read_text(), re.M)
    content = yaml.safe_load(path.read_text())
    assert model.report.read["service"] == len(set(named)) == len(named)
    assert model.report.read["compose.service"] == len(content["services"])
    said = facts(model, BASE)
    assert sum(" dependsOn " in fact for fact in said) == sum(
        len(one.get("depends_on", ())) for one in content["services"].values()
    )
    images = {one["image"] for one in content["services"].values()}
    assert len([key for key in things(model, BASE) if key.startswith("image/")]) == len(images)
    assert "service.namespace/opentelemetry-demo" in things(model, BASE), "from dotenv"
