"""Kubernetes: manifests and answers of kubectl, what selects what, and the applications that labels name."""

from __future__ import annotations

import json
import re
from pathlib import Path

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
from itsm_ontology.sources.kubernetes import NAMELESS, is_kubernetes

FOLDER = SAMPLES / "kubernetes"
YAML, JSON = FOLDER / "ticketing.yaml", FOLDER / "pods.json"
BASE = "urn:kubernetes:"

WEB_SHOP, TICKET_SHOP = (
    "tickets/app.kubernetes.io/name/web-shop/web-shop-eu",
    "tickets/app.kubernetes.io/part-of/ticket-shop",
)
FACTS = f"""
tickets/Deployment/web partOf {WEB_SHOP}
tickets/Deployment/web partOf {TICKET_SHOP}
tickets/Service/web partOf {WEB_SHOP}
tickets/Service/web partOf {TICKET_SHOP}
tickets/CronJob/clean-up partOf {TICKET_SHOP}
{WEB_SHOP} partOf {TICKET_SHOP}
tickets/Deployment/web runs image/registry.example/migrate:1
tickets/Deployment/web runs image/registry.example/web:4.2
tickets/Deployment/web runs image/registry.example/proxy:1
tickets/Deployment/web accesses tickets/Secret/web-secret
tickets/Deployment/web accesses tickets/ConfigMap/web-settings
tickets/Deployment/web uses tickets/PersistentVolumeClaim/web-data
tickets/CronJob/clean-up runs image/registry.example/tools:latest
tickets/Service.serving.knative.dev/web runs image/registry.example/web:4.2
tickets/Service/web interfaceOf tickets/Deployment/web
tickets/Service/web interfaceOf tickets/Service.serving.knative.dev/web
tickets/Ingress/shop givesAccessTo tickets/Service/web
tickets/Ingress/shop givesAccessTo tickets/Service/gone
tickets/HTTPRoute/shop givesAccessTo tickets/Service/web
tickets/HTTPRoute/shop accessedThrough infra/Gateway/edge
"""

KINDS = {
    "Namespace/tickets": "",
    "tickets/Deployment/web": "TechnicalThing",
    "tickets/Service/web": "Interface",
    "trial/Service/web": "Interface",
    "tickets/Ingress/shop": "Interface",
    "tickets/HTTPRoute/shop": "Interface",
    "tickets/ConfigMap/web-settings": "DataSet",
    "tickets/Secret/web-secret": "DataSet",
    "tickets/PersistentVolumeClaim/web-data": "",
    "tickets/CronJob/clean-up": "TechnicalThing",
    "tickets/Service.serving.knative.dev/web": "",
    "infra/Gateway/edge": "Interface",
    "tickets/Service/gone": "Interface",
}


def manifest(kind: str, name: str, rest: str = "", version: str = "v1") -> str:
    return f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name}}}\n{rest}\n"


def test_manifests_say_what_runs_and_how_it_is_got_at() -> None:
    model = load(YAML)
    assert model.report.format == "kubernetes"
    assert facts(model, BASE) == set(FACTS.strip().splitlines())
    found = things(model, BASE)
    images = {f"image/registry.example/{name}" for name in ("migrate:1", "web:4.2", "proxy:1", "tools:latest")}
    assert {key: found.pop(key)[0] for key in KINDS} == KINDS
    assert {found.pop(image) for image in images} == {("Software", "kubernetes:image")}
    assert found == {
        WEB_SHOP: ("Arrangement", "kubernetes:app.kubernetes.io/name"),
        TICKET_SHOP: ("Arrangement", "kubernetes:app.kubernetes.io/part-of"),
    }
    names = labels(model, BASE)
    assert names[WEB_SHOP] == "web-shop"
    assert names[TICKET_SHOP] == "ticket-shop"
    assert names["tickets/Service/gone"] == "gone"
    said = values(model, BASE)
    assert {f"{WEB_SHOP} version 012", "tickets/Deployment/web metadata.labels.tier no"} <= said
    assert not any("do-not-tell" in value or "fast" in value for value in said)


def test_everything_in_manifests_is_accounted_for() -> None:
    model = load(YAML)
    adds_up(model)
    kinds = re.findall(r"^kind: (\w+)$", YAML.read_text(), re.M)
    read = read_of(model)
    assert read.pop("Service.serving.knative.dev") == 1
    assert (read.pop("app.kubernetes.io/name"), read.pop("app.kubernetes.io/part-of")) == (1, 1)
    read["Service"] += 1
    assert read == {kind: kinds.count(kind) for kind in kinds}
    assert left_of(model, "Kustomization") == {"how manifests are put together": 1}
    assert fields_of(model, "Service")["spec.selector"] == (3, 2), "two found by one, none by the other"
    assert fields_of(model, "Service")["spec.ports"] == (2, 0)
    deployment = fields_of(model, "Deployment")
    assert deployment["pod.containers.image"] == (2, 2)
    assert deployment["pod.containers.securityContext"] == (1, 0)
    assert deployment["metadata.annotations"] == (1, 0)
    assert "1 x Service.serving.knative.dev without a kind: kubernetes.toml has no such class." in model.report.notes


def test_an_answer_of_kubectl_says_what_owns_what() -> None:
    model = load(JSON)
    assert facts(model, BASE) == {
        "tickets/Pod/web-7f9-abcde runs image/registry.example/web:4.2",
        "tickets/Pod/web-7f9-abcde runsOn Node/node-1",
        "tickets/Pod/web-7f9-abcde partOf tickets/ReplicaSet/web-7f9",
        "tickets/ReplicaSet/web-7f9 partOf tickets/Deployment/web",
        "tickets/ReplicaSet/web-7f9 runs image/registry.example/web:4.2",
    }
    assert things(model, BASE)["Node/node-1"] == ("Computer", "kubernetes:Node")
    assert things(model, BASE)["tickets/Deployment/web"] == ("TechnicalThing", "kubernetes:Deployment")
    assert read_of(model) == {"Pod": 1, "ReplicaSet": 1, "EndpointSlice": 1, "Node": 1, "Event": 1}
    assert fields_of(model, "Pod")["status"] == (1, 0)
    assert fields_of(model, "EndpointSlice")["metadata.ownerReferences.name"] == (1, 0)
    adds_up(model)


def test_a_folder_is_one_cluster(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.yaml").write_bytes(YAML.read_bytes())
    (tmp_path / "deep" / "b.json").write_bytes(JSON.read_bytes())
    (tmp_path / "values.yaml").write_text("replicas: 3\n")
    model = load(tmp_path)
    assert "tickets/Service/web interfaceOf tickets/Pod/web-7f9-abcde" in facts(model, BASE)
    assert left_of(model, "file") == {"it is in none of the formats that are read": 1}
    assert not any("Deployment named" in note for note in model.report.notes)


def test_a_typed_list_says_the_kind_once() -> None:
    answer = {
        "apiVersion": "v1",
        "kind": "NodeList",
        "items": [{"metadata": {"name": "n1"}}, {"metadata": {"name": "n2"}}],
    }
    assert set(things(load(json.dumps(answer).encode()), BASE)) == {"Node/n1", "Node/n2"}


def test_instances_of_an_application_and_namespaces_are_told_apart() -> None:
    def labelled(name: str, namespace: str, instance: str) -> str:
        said = f"{{app.kubernetes.io/name: db, app.kubernetes.io/instance: {instance}}}"
        metadata = f"{{name: {name}, namespace: {namespace}, labels: {said}}}"
        return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {metadata}\n---\n"

    model = load((labelled("a", "x", "one") + labelled("b", "x", "two") + labelled("c", "y", "one")).encode())
    wholes = {fact.split()[2] for fact in facts(model, BASE)}
    start = "app.kubernetes.io/name/db"
    assert wholes == {f"x/{start}/one", f"x/{start}/two", f"y/{start}/one"}


def test_a_selector_needs_all_its_labels_and_its_own_namespace() -> None:
    pod = "spec: {{template: {{metadata: {{labels: {}}}, spec: {{containers: [{{image: i}}]}}}}}}"
    both = manifest("Deployment", "both", pod.format("{app: a, tier: 1}"), "apps/v1")
    one = manifest("StatefulSet", "one", pod.format("{app: a}"), "apps/v1")
    service = manifest("Service", "s", 'spec: {selector: {app: a, tier: "1"}}')
    empty = manifest("Service", "none", "spec: {selector: {}, clusterIP: None}")
    model = load("---\n".join((both, one, service, empty)).encode())
    assert {fact for fact in facts(model, BASE) if "interfaceOf" in fact} == {"Service/s interfaceOf Deployment/both"}


TEMPLATE = """apiVersion: v1
kind: Service
metadata:
  name: {{ include "a.name" . }}
  labels:
    {{- include "b" . | nindent 4 }}
"""


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (TEMPLATE, "this is a template ({{ … }}), and no manifest. Render it first: `helm template`"),
        (manifest("Service", '"{{ .Release.Name }}-web"'), "this is a template"),
        ("apiVersion: v1\nkind: Service\nmetadata: {}\n", "this Service has no name"),
        ("apiVersion: v1\nkind: Service\nmetadata: []\n", "record metadata: a list"),
        ("apiVersion: v1\nkind: Pod\nmetadata: {name: [a]}\n", "record metadata/name: a list"),
        ("apiVersion: v1\nkind: Pod\n---\nmetadata: {name: a}\n", "line 4, record kind: this is missing"),
        ("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\n- b\n", "line 5: a list"),
        (manifest("Pod", "a") + "---\n" + manifest("Pod", "a"), "has the key 'Pod/a' too"),
        (manifest("Pod", "a") + "kind: Job\n", "twice"),
        ('{"apiVersion": "v1", "kind": "List", "items": [3]}', "record items/0: 3"),
        (manifest("Event", "a"), "nothing in it that could be used"),
    ],
)
def test_bad_manifests_are_refused(data: str, problem: str) -> None:
    assert is_kubernetes(open_document(data.encode()))
    with pytest.raises(InputError, match=re.escape(problem)):
        load(data.encode(), name="m.yaml")


def test_what_no_cluster_would_take_is_passed_over_if_it_has_no_name() -> None:
    model = load(
        (
            manifest("Pod", "a") + "---\napiVersion: skaffold/v4\nkind: Config\n---\napiVersion: a.b/v1\nkind: C\n"
        ).encode()
    )
    assert left_of(model, "C.a.b") == {NAMELESS: 1}
    assert left_of(model, "Config") == {"settings of a tool": 1}
    assert len(model.elements) == 1


def test_cut_or_spoiled_manifests_load_or_are_refused() -> None:
    outcomes = [settles(part, "kubernetes") for part in cuts(YAML.read_bytes(), 60)]
    assert set(outcomes) == {True, False}
    assert not any(settles(part, "kubernetes") for part in cuts(JSON.read_bytes()))
    answer = json.loads(JSON.read_text())
    small = {**answer, "items": answer["items"][:2]}
    spoilt = [settles(json.dumps(wrong).encode(), "kubernetes") for wrong in spoiled(small)]
    assert len(spoilt) > 500
    assert set(spoilt) == {True, False}


def test_hostile_manifests_end_well() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{two}: &{two} [{', '.join(['*' + one] * 10)}]\n" for one, two in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert not settles((manifest("ConfigMap", "a") + bomb).encode(), "kubernetes")
    assert not settles((manifest("ConfigMap", "a") + "a: " + "[" * 3_000).encode(), "kubernetes")
    assert not settles(b'{"apiVersion": "v1", "kind": "Pod", "metadata": ' + b"[" * 200_000, "kubernetes")
    deep = b'{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "labels": {"b": ' + b"[" * 400 + b"]" * 400
    assert settles(deep + b"}}}", "kubernetes")
    many = "---\n".join(manifest("Service", f"s{n}", "spec: {selector: {app: a}}") for n in range(200))
    assert settles(many.encode(), "kubernetes")


def test_manifests_are_told_from_everything_else() -> None:
    assert formats_of(YAML) == formats_of(JSON) == ["kubernetes"]
    assert load(b"\xef\xbb\xbf" + YAML.read_bytes()).report.read == load(YAML).report.read
    assert not is_kubernetes(
        open_document(b"apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: a}\n")
    )
    assert not is_kubernetes(open_document(b"apiVersion: v2\nname: a-chart\n"))
    assert [path.name for path in samples_of_others("kubernetes") if is_kubernetes(open_document(path))] == []


def test_a_real_release_has_what_a_plain_count_finds() -> None:
    path = beside("data", "kubernetes", "online-boutique.yaml")
    model = load(path)
    adds_up(model)
    text = path.read_text()
    kinds = re.findall(r"^kind: (\w+)", text, re.M)
    assert read_of(model) == {kind: kinds.count(kind) for kind in kinds}
    images = re.findall(r"^\s+(?:- )?image: (\S+)", text, re.M)
    said = facts(model, BASE)
    assert sum(" runs " in fact for fact in said) == len(images)
    assert {fact.split()[2] for fact in said if " runs " in fact} == {
        f"image/{image}".replace("@", "@") for image in images
    }
    assert sum(" interfaceOf " in fact for fact in said) == kinds.count("Service"), "each selects one deployment"
