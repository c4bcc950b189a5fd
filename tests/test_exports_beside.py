"""Every real export that lies beside the project loads, and its report adds up."""

from __future__ import annotations

import pytest
from conftest import beside

import itsm_ontology as itsm

EXPORTS = [
    "archimate/archisurance.archimate",
    "archimate/archisurance-oef-2.1.xml",
    "archimate/over-gemma-oef-3.0.xml",
    "backstage/rhdh",
    "backstage/rhdh/catalog-info.yaml",
    "cyclonedx/keycloak-10.0.2.json",
    "cyclonedx/saasbom.json",
    "itop",
    "kubernetes/online-boutique.yaml",
    "opentelemetry/compose.yaml",
]


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_loads_and_adds_up(name: str) -> None:
    model = itsm.load(beside("data", *name.split("/")))
    assert len(model.elements) > 1
    assert any(model.declarations(element) for element in model.elements)
    report = model.report
    left = dict.fromkeys(report.read, 0)
    for item in report.left:
        left[item.what] += item.count
    assert {what: count - report.used.get(what, 0) for what, count in report.read.items()} == left
    assert all(field.read == field.used + sum(field.left.values()) for field in report.fields)
    assert sum(report.read.values()) >= 2


def test_every_export_beside_is_looked_at() -> None:
    tools = {path.name for path in beside("data").iterdir() if path.is_dir()}
    assert tools == {name.partition("/")[0] for name in EXPORTS}
