"""How to cite: what CITATION.cff says is what the package says of itself."""

from __future__ import annotations

import re
import tomllib

import pytest
from conftest import ROOT

import itsm_ontology
from itsm_ontology.catalogue_rdf import CREATOR
from itsm_ontology.names import ROOT as IRI

CITATION = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def value(key: str) -> str:
    """Give a value that stands on one line."""
    (found,) = re.findall(rf'^(?:  - )?{key}: "?(.*?)"?$', CITATION, re.M)
    return found


def listed(key: str) -> list[str]:
    """Give the items of a list."""
    (found,) = re.findall(rf"^{key}:\n((?:  - .*\n)+)", CITATION, re.M)
    return [line.removeprefix("  - ") for line in found.splitlines()]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("cff-version", "1.2.0"),
        ("version", itsm_ontology.__version__),
        ("name", CREATOR),
        ("url", IRI),
        ("type", "software"),
    ],
)
def test_a_value_is_the_packages(key: str, expected: str) -> None:
    assert value(key) == expected


def test_licence_and_keywords_are_the_projects() -> None:
    assert listed("license") == PROJECT["license"].split(" AND ")
    assert listed("keywords") == PROJECT["keywords"]


def test_what_the_format_asks_for_is_there() -> None:
    assert {"cff-version", "message", "title", "authors"} <= set(re.findall(r"^([\w-]+):", CITATION, re.M))
