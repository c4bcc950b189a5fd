"""The package as a whole: what an import costs, who imports whom, and that a wheel holds everything."""

from __future__ import annotations

import ast
import importlib.util
import re
import statistics
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

import itsm_ontology as itsm
from itsm_ontology.resources import folder

PACKAGE = ROOT / "itsm_ontology"
MOST_LINES = 460
HEAVY = {
    "pyshacl": {"engines.reference"},
    "owlrl": {"engines.reference"},
    "numpy": {"arrays", "engines.columns", "engines.node_set", "facts", "sources.lines"},
    "sqlalchemy": {"engines.sql", "sources.sql"},
    "pyarrow": {"sources.tables.parquet"},
    "narwhals": {"sources.tables.frames"},
    "pandas": {"tables"},
    "yaml": {"sources.syntax.yaml"},
    "defusedxml": {"sources.syntax.xml"},
    "clingo": {"reasoning.solver"},
    "networkx": {"reasoning.lattice"},
    "pylode": {"site.reference"},
    # no engine, but slow to import: the bridge, the graphs and queries of a model, and the reference need it
    "rdflib": {"rdf", "model", "sparql", "engines.reference"},
}
LAZY = {"yaml", "pyshacl", "owlrl", "pandas", "rdflib", "clingo", "networkx", "pylode", "pyarrow", "narwhals"}
"""Never imported with a module, only inside the function that needs it."""

# A module imports only from floors below its own. A package that stands here with one name is one unit.
FLOORS = {
    "arrays": 0, "names": 0, "errors": 0, "load_report": 0, "verdict": 0, "version": 0, "paths": 0,
    "document": 1, "resources": 1, "literals": 1, "tables": 1, "sparql": 1, "pictures": 1,
    "rdf": 2, "matrix": 2,
    "conditions": 3, "vocabulary": 3, "shacl_index": 3,
    "facts": 4, "facts_builder": 5, "english": 4, "shacl": 4, "evidence": 4, "engines.steps": 4,
    "definitions": 5, "theses": 5, "disputes": 6, "records": 6, "walk": 5,
    "engines.plan": 5, "engines.values": 5,
    "sources.record": 0, "sources.kubernetes_pods": 1, "sources.mapping": 1, "sources.nested": 2, "sources.table": 3,
    "sources.syntax": 3, "sources.mapping_file": 4, "sources.several": 4, "sources.sql": 4, "sources.input": 6,
    "sources.rdf": 7, "sources.stating": 6, "sources.tool_types": 5, "sources.cyclonedx_xml": 5, "sources.loading": 7,
    "sources.archimate": 7, "sources.backstage": 7, "sources.cyclonedx": 7, "sources.glpi": 7, "sources.itop": 7,
    "sources.kubernetes": 7, "sources.netbox": 7, "sources.opentelemetry": 7, "sources.servicenow": 7,
    "sources.spdx": 7, "sources.structurizr": 7, "sources.tables": 7,
    "reasoning.values": 5, "reasoning.bound": 6, "reasoning.program": 6, "reasoning.solver": 7, "reasoning.search": 8,
    "reasoning": 8, "reasoning.claims": 8, "reasoning.witness": 9, "reasoning.axioms": 9,
    "reasoning.implication": 10, "reasoning.compatible": 11, "reasoning.relations": 11, "reasoning.lattice": 12,
    "reasoning.dispute": 12, "analysis": 13, "reasoning.thesis": 12, "reasoning.confirm": 12,
    "reasoning.repair": 12, "reasoning.interview": 13,
    "conflicts": 5, "merging": 5, "model": 7, "shapes_file": 6, "catalogue_rdf": 6, "explain": 6, "verdict_rdf": 6,
    "engines.sql": 6, "engines.columns": 6, "engines.node_set": 1, "pairs": 1, "terms": 3, "sources.lines": 6,
    "engines.reference": 6, "engines": 6,
    "sources": 8, "catalogue": 7, "validate": 7, "alignments": 7,
    "verdicts": 8, "verdict_reading": 8, "site": 8,
    "evaluate": 9,
    "report": 10,
    "": 14,
    "cli": 15,
    "__main__": 16,
}  # fmt: skip


def modules() -> dict[str, Path]:
    """Give the modules by their name inside the package; "" is the package itself."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def unit(module: str) -> str:
    """Give the entry of the table that a module belongs to."""
    while module not in FLOORS:
        assert "." in module, f"{module} has no floor: put it into the table"
        module = module.rpartition(".")[0]
    return module


def imported(module: str) -> Iterator[str]:
    """Give what a module imports of the package, wherever in it the import stands."""
    path = MODULES[module]
    within = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = ["itsm_ontology", *filter(None, within)][: len([*filter(None, within)]) + 2 - node.level]
            base = ".".join([*start, node.module] if node.module else start) if node.level else str(node.module)
            names = [f"{base}.{alias.name}" for alias in node.names]
        for name in names:
            head, _, rest = name.partition(".")
            if head == "itsm_ontology":
                yield rest if rest in MODULES else rest.rpartition(".")[0]


def outside(module: str) -> Iterator[tuple[str, bool]]:
    """Give the other packages that a module imports when it runs, and whether it does so at once."""

    def visit(body: list[ast.stmt], at_once: bool) -> Iterator[tuple[str, bool]]:
        for node in body:
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
                continue
            if isinstance(node, ast.Import):
                yield from ((alias.name.partition(".")[0], at_once) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield str(node.module).partition(".")[0], at_once
            inside = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
            for field in ("body", "orelse", "finalbody"):
                yield from visit(getattr(node, field, []), at_once and not inside)
            for handler in getattr(node, "handlers", []):
                yield from visit(handler.body, at_once)

    return visit(ast.parse(MODULES[module].read_text(encoding="utf-8")).body, at_once=True)


# ---------------------------------------------------------------------------------------------------------------------
# Imports


def test_the_imports_are_seen() -> None:
    assert len(MODULES) > 30
    assert {"errors", "facts", "sparql", "records"} <= set(imported("model"))
    assert "engines.sql" in set(imported("evaluate"))
    assert ("pyshacl", False) in set(outside("engines.reference"))
    assert ("sqlalchemy", True) in set(outside("engines.sql"))


@pytest.mark.parametrize("module", MODULES, ids=lambda name: name or "itsm_ontology")
def test_a_module_imports_from_lower_floors_only(module: str) -> None:
    mine = unit(module)
    wrong = {other for other in map(unit, imported(module)) if other != mine and FLOORS[other] >= FLOORS[mine]}
    assert wrong == set(), f"{module or 'itsm_ontology'} is on floor {FLOORS[mine]}"


def test_the_table_of_floors_has_no_more_than_there_is() -> None:
    assert {unit(module) for module in MODULES} == set(FLOORS)


@pytest.mark.parametrize("package", HEAVY)
def test_a_heavy_package_is_imported_in_its_place_only(package: str) -> None:
    users = {module for module in MODULES if package in {name for name, _ in outside(module)}}
    assert users == HEAVY[package]
    if package in LAZY:
        assert {module for module in MODULES if (package, True) in set(outside(module))} == set()


def python(code: str, *options: str) -> str:
    done = subprocess.run(
        [sys.executable, *options, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_loads_nothing_heavy() -> None:
    heavy = sorted(HEAVY.keys() - {"defusedxml"})
    loaded = python(f"import sys, itsm_ontology; print([n for n in {heavy} if n in sys.modules])")
    assert loaded == "[]"


def test_importing_costs_little_more_than_importing_rdflib() -> None:
    def cost(package: str) -> float:
        code = f"import time; t = time.process_time(); import {package}; print(time.process_time() - t)"
        return statistics.median(float(python(code)) for _ in range(5))

    differences = []
    for _ in range(3):  # in seconds of the processor; other work on the machine makes noise nevertheless
        differences.append(cost("itsm_ontology") - cost("rdflib"))
        if differences[-1] <= 0.25:
            return
    pytest.fail(f"seconds more than rdflib: {differences}")


# ---------------------------------------------------------------------------------------------------------------------
# What is promised, and how it is written


def test_every_public_name_has_an_example() -> None:
    public = {name: getattr(itsm, name) for name in itsm.__all__}
    assert len(public) >= 20
    assert sorted(public) == list(itsm.__all__), "in order, and nothing twice"
    without = [
        name
        for name, thing in public.items()
        if not (isinstance(thing, type) and issubclass(thing, Exception)) and ">>>" not in (thing.__doc__ or "")
    ]
    assert without == []
    assert all(thing.__doc__ for thing in public.values())
    assert all(issubclass(thing, itsm.ItsmOntologyError) for name, thing in public.items() if name.endswith("Error"))


def test_the_package_is_typed() -> None:
    assert (PACKAGE / "py.typed").is_file()


@pytest.mark.parametrize("path", MODULES.values(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_file_is_long(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MOST_LINES
    assert lines == [] or lines[0].startswith('"""'), "says at once what it is"


def test_the_readme_gives_the_command_that_runs_the_tests() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line.strip() for line in script if "pytest" in line and not line.lstrip().startswith("#")]
    assert len(commands) == 1
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", readme, re.M | re.S)
    assert commands[0] in [
        line.strip() for language, block in blocks if language == "sh" for line in block.splitlines()
    ]


# ---------------------------------------------------------------------------------------------------------------------
# The wheel

DATA = ("vocab", "shapes", "examples")


def data_files() -> set[str]:
    """Give the files that a wheel has to hold, as they lie in the checkout."""
    beside = {
        f"itsm_ontology/{path.relative_to(ROOT).as_posix()}"
        for name in DATA
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    inside = {
        path.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    return beside | inside


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if importlib.util.find_spec("hatchling") is None:
        pytest.skip("hatchling is not installed: no wheel can be built without the network")
    target = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [
            sys.executable, "-m", "pip", "wheel", str(ROOT), "--no-deps", "--no-build-isolation", "--no-index",
            "--disable-pip-version-check", "-w", str(target),
        ],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = target.glob("*.whl")
    assert path.name.startswith(f"itsm_ontology-{itsm.__version__}-")
    return path


def test_the_wheel_holds_every_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    wanted = data_files()
    assert wanted - names == set()
    for part in (
        "vocab/itsm.ttl",
        "shapes/itil-2011.ttl",
        "sources/archimate-3.toml",
        "py.typed",
        "cli/__init__.py",
    ):
        assert f"itsm_ontology/{part}" in wanted
    assert {name.partition("/")[0] for name in names} == {
        "itsm_ontology",
        f"itsm_ontology-{itsm.__version__}.dist-info",
    }
    assert [name for name in names if "__pycache__" in name or name.endswith(".pyc")] == []


def test_an_installed_wheel_finds_its_folders(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = f"""
import sys
sys.path[:] = [{str(tmp_path)!r}] + [p for p in sys.path if {str(ROOT)!r} not in p]
import itsm_ontology
from itsm_ontology.resources import folder
assert itsm_ontology.__file__.startswith({str(tmp_path)!r}), itsm_ontology.__file__
for name in {DATA!r}:
    path = folder(name)
    assert str(path).startswith({str(tmp_path)!r}), path
    print(name, sum(1 for file in path.rglob("*") if file.is_file()))
print("definitions", len(itsm_ontology.catalogue().definitions))
model = itsm_ontology.load(sorted(folder("examples").glob("*/model.ttl"))[0])
print("verdicts", len(list(itsm_ontology.evaluate(model, frameworks=["itil-2011"]))) > 0)
"""
    said = dict(line.split() for line in python(code, "-I").splitlines())
    assert int(said["definitions"]) == len(itsm.catalogue().definitions)
    assert said["verdicts"] == "True"
    for name in DATA:
        assert int(said[name]) == len([path for path in folder(name).rglob("*") if path.is_file()])


def test_the_folders_are_found_in_the_checkout() -> None:
    for name in DATA:
        assert folder(name) == ROOT / name
    with pytest.raises(itsm.ItsmOntologyError, match="lacks its folder 'nonsense'"):
        folder("nonsense")


def test_the_checkout_is_what_is_tested() -> None:
    assert Path(itsm.__file__).resolve().parent == PACKAGE
