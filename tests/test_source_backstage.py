"""Backstage catalogues: what they state, which files are followed, what is left of them, and what is refused."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import beside
from pyoxigraph import Literal

from itsm_ontology.document import Document
from itsm_ontology.errors import InputError
from itsm_ontology.model import Model
from itsm_ontology.names import DCTERMS, ITSM, RDF_TYPE, RDFS, local_name
from itsm_ontology.sources import backstage, load
from itsm_ontology.sources.formats import FORMATS

DATA = Path(__file__).parent / "data"
SAMPLES = DATA / "sources" / "backstage"
BASE = "urn:backstage:"


def yaml(*entities: str) -> bytes:
    return "\n---\n".join(f"apiVersion: backstage.io/v1alpha1\n{entity}" for entity in entities).encode()


def entity(kind: str, name: str, spec: str = "{}") -> str:
    return f"kind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}"


def related(model: Model) -> set[tuple[str, str, str]]:
    """Every fact between elements: relation, subject and object by their keys."""
    facts = model.facts
    return {
        (local_name(relation), *(facts.terms[node].value.removeprefix(BASE) for node in pair))
        for relation, pairs in facts.pairs.items()
        for pair in pairs
        if relation != RDF_TYPE and not isinstance(facts.terms[pair[1]], Literal)
    }


def texts(model: Model, key: str, relation: str) -> list[str]:
    facts = model.facts
    node = facts.nodes[model_term(model, key)]
    return [facts.terms[value].value for value in facts.forwards.get(relation, {}).get(node, ())]


def model_term(model: Model, key: str) -> Any:
    return next(term for term in model.facts.terms if term.value == BASE + key)


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


# --------------------------------------------------------------------------------------------------------------------
# What is stated


@pytest.fixture(scope="module")
def catalogue() -> Model:
    return load(SAMPLES / "catalog")


def test_kinds_and_declarations(catalogue: Model) -> None:
    expected = {
        "system:default/timetable": ({"Arrangement"}, ("backstage:System", "backstage:System/product")),
        "component:default/timetable": (
            {"Software", "ApplicationSoftware"},
            ("backstage:Component", "backstage:Component/service"),
        ),
        "component:default/trains": ({"Software"}, ("backstage:Component", "backstage:Component/library")),
        "component:default/boards": (
            {"Software", "ApplicationSoftware"},
            ("backstage:Component", "backstage:Component/website"),
        ),
        "api:default/timetable-queries": ({"Interface"}, ("backstage:API", "backstage:API/openapi")),
        "resource:default/timetable-db": (
            {"TechnicalThing", "StorageStructure"},
            ("backstage:Resource", "backstage:Resource/database"),
        ),
        "domain:default/travel": (set(), ("backstage:Domain", "backstage:Domain/product-area")),
        "group:default/travel-tribe": ({"Agent"}, ("backstage:Group", "backstage:Group/tribe")),
        "group:default/timetable-team": (
            {"Agent", "OrganizationalUnit"},
            ("backstage:Group", "backstage:Group/team"),
        ),
        "user:default/ada": ({"Person"}, ("backstage:User",)),
        "product:default/travel-planner": (set(), ("backstage:Product",)),
        "api:works/track-closures": ({"Interface"}, ("backstage:API",)),  # only named
        "default/board-screens": (set(), ()),  # named without its kind
    }
    assert {iri.removeprefix(BASE) for iri in catalogue.elements} == set(expected)
    for key, (of, declared) in expected.items():
        assert kinds(catalogue, key) == of, key
        assert catalogue.declarations(BASE + key) == declared, key


def test_relations(catalogue: Model) -> None:
    team, tribe, service = "group:default/timetable-team", "group:default/travel-tribe", "component:default/timetable"
    system, queries, boards = "system:default/timetable", "api:default/timetable-queries", "component:default/boards"
    owned = {
        (service, team), (boards, team), (queries, team), ("resource:default/timetable-db", team), (system, team),
        ("domain:default/travel", tribe), ("product:default/travel-planner", tribe),
        ("component:default/trains", "user:default/ada"),
    }  # fmt: skip
    expected = {(relation, *pair) for pair in owned for relation in ("ownedBy", "accountability")}
    expected |= {("partOf", one, system) for one in (service, boards, queries, "resource:default/timetable-db")}
    expected |= {
        ("partOf", system, "domain:default/travel"),
        ("partOf", "component:default/trains", service),
        ("hasInterface", service, queries),
        ("exposes", service, queries),
        ("consumes", service, "api:works/track-closures"),
        ("dependsOn", service, "api:works/track-closures"),
        ("consumes", boards, queries),
        ("dependsOn", boards, queries),
        ("dependsOn", service, "resource:default/timetable-db"),
        ("dependsOn", service, "component:default/trains"),
        ("dependsOn", boards, "default/board-screens"),
        ("dependsOn", boards, "resource:default/timetable-db"),
        ("belongsTo", team, tribe),
        ("memberOf", "user:default/ada", team),
    }
    assert related(catalogue) == expected


def test_names_texts_and_lifecycle(catalogue: Model) -> None:
    assert catalogue.label(BASE + "system:default/timetable") == "Timetable"
    assert catalogue.label(BASE + "user:default/ada") == "Ada de Wit"
    assert texts(catalogue, "user:default/ada", RDFS.label) == ["Ada de Wit", "ada"]
    assert texts(catalogue, "component:default/trains", DCTERMS.description) == ["Reads and writes train numbers."]
    assert texts(catalogue, "component:default/timetable", ITSM.operational) == ["true"]
    assert texts(catalogue, "component:default/trains", ITSM.operational) == []
    assert texts(catalogue, "component:default/boards", ITSM.operational) == []


def test_truth_values_and_numbers_of_yaml_stay_texts(catalogue: Model) -> None:
    key = "component:default/timetable"
    assert texts(catalogue, key, "urn:backstage:field:metadata.tags") == ["java", "no"]
    assert texts(catalogue, key, "urn:backstage:field:metadata.labels.tier") == ["012"]
    assert texts(catalogue, key, "urn:backstage:field:metadata.annotations.git.example.org%2Fproject") == [
        "travel/timetable"
    ]


def test_an_answer_of_the_interface_states_what_the_descriptor_would() -> None:
    model = load(SAMPLES / "answer.json")
    planner, closures, closers = "component:works/planner", "api:works/track-closures", "group:works/closers"
    expected = {(relation, one, closers) for one in (planner, closures) for relation in ("ownedBy", "accountability")}
    expected |= {
        ("hasInterface", planner, closures),
        ("exposes", planner, closures),
        ("partOf", planner, "system:works/works"),
        ("memberOf", "user:default/ada", closers),
        ("belongsTo", closers, "group:default/works-office"),
    }
    assert related(model) == expected
    assert kinds(model, closers) == {"Agent", "OrganizationalUnit"}
    assert kinds(model, "system:works/works") == {"Arrangement"}
    assert model.label(BASE + closures) == "Track closures"
    adds_up(model)


@pytest.mark.parametrize("wrap", [lambda one: one, lambda one: [one], lambda one: {"items": [one]}])
def test_one_entity_a_list_and_items(wrap: Any) -> None:
    one = {"kind": "User", "apiVersion": "backstage.io/v1beta1", "metadata": {"name": "eve"}, "spec": {}}
    text = json.dumps(wrap(one)).encode()
    assert backstage.is_backstage(Document("d", text))
    assert load(text).elements == (BASE + "user:default/eve",)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("web", "group:sea/web"),
        ("user:web", "user:sea/web"),
        ("land/web", "group:land/web"),
        ("User:Land/Web", "user:land/web"),
        ("{name: a/b}", "group:sea/a/b"),
        ("{kind: User, namespace: land, name: Eve}", "user:land/eve"),
        ("'harbour team'", "group:sea/harbour%20team"),
    ],
)
def test_references(written: str, meant: str) -> None:
    text = yaml(f"kind: System\nmetadata: {{name: s, namespace: Sea}}\nspec: {{owner: {written}}}")
    assert ("ownedBy", "system:sea/s", meant) in related(load(text))


@pytest.mark.parametrize("written", ["'group:'", "':web'", "'/web'", "'a/'", "{kind: Group}", "{name: [a]}"])
def test_a_reference_to_nothing_is_refused(written: str) -> None:
    with pytest.raises(InputError, match=r"spec\.owner is .* names no entity") as caught:
        load(yaml(entity("System", "ok"), entity("System", "s", f"{{owner: {written}}}")))
    assert caught.value.line == 6
    assert caught.value.record == "system:default/s"


def test_the_same_entity_twice_is_refused() -> None:
    with pytest.raises(InputError, match=r"another record has the key 'user:default/eve' too \(<bytes>, line 1\)"):
        load(yaml(entity("User", "eve"), entity("User", "Eve")))


# --------------------------------------------------------------------------------------------------------------------
# Files


def test_the_report_adds_up_and_says_what_was_left(catalogue: Model) -> None:
    adds_up(catalogue)
    left = {(item.what, item.reason): item.count for item in catalogue.report.left}
    assert left.pop(("Location target", "a URL is never fetched")) == 1
    assert left.pop(("Location target", "./elsewhere.yaml: there is no such file.")) == 1
    assert left.pop(("Location target", "./notes.md: it holds no entities of a Backstage catalogue")) == 1
    assert left.pop(("Location target", "teams/chart.yaml: it holds no entities of a Backstage catalogue")) == 1
    assert [reason for what, reason in left if what == "Location target" and "outside" in reason]
    assert catalogue.report.used["Location target"] == 5  # systems twice, people, the template, and back again
    assert [n for n in catalogue.report.notes if "1 x Product without a kind" in n]
    assert [n for n in catalogue.report.notes if "1 x something named, but not in the source" in n]


def test_a_file_and_its_folder_give_one_catalogue(catalogue: Model) -> None:
    """All but what no location points to; a file that is named twice, or names back what named it, is read once."""
    single = load(SAMPLES / "catalog" / "catalog-info.yaml")
    assert related(single) == related(catalogue)
    assert single.elements == catalogue.elements
    adds_up(single)


def test_a_renamed_file_is_still_followed() -> None:
    named = load(SAMPLES / "catalog" / "catalog-info.yaml", name="our catalogue")
    assert BASE + "component:default/boards" in named.elements


def test_bytes_follow_nothing() -> None:
    model = load((SAMPLES / "catalog" / "catalog-info.yaml").read_bytes())
    assert model.elements == (BASE + "domain:default/travel", BASE + "group:default/travel-tribe")
    assert sum(item.count for item in model.report.left if item.what == "Location target") == 8


@pytest.mark.parametrize("target", ["/etc/passwd", "../../x.yaml", "./link.yaml", "**/*.yaml", "a\\0b", "[", "./deep"])
def test_targets_lead_nowhere_else(tmp_path: Path, target: str) -> None:
    folder = tmp_path / "in"
    (folder / "deep" / ".git").mkdir(parents=True)
    (folder / "deep" / ".git" / "c.yaml").write_bytes(yaml(entity("User", "hidden")))
    (tmp_path / "x.yaml").write_bytes(yaml(entity("User", "outside")))
    (folder / "link.yaml").symlink_to(tmp_path / "x.yaml")
    (folder / "a.yaml").write_bytes(yaml(entity("Location", "l", f'{{target: "{target}"}}'), entity("User", "here")))
    model = load(folder / "a.yaml")
    assert model.elements == (BASE + "user:default/here",)
    adds_up(model)


def test_shared_catalogue_against_a_plain_count() -> None:
    folder = beside("data", "backstage", "rhdh")
    text = "\n".join(path.read_text() for path in sorted(folder.rglob("*.yaml")))
    plain = Counter(re.findall(r"(?m)^kind: (\w+)$", text))
    model = load(folder)
    assert len(plain) == 6
    assert {kind: model.report.read[kind] for kind in plain} == plain
    assert plain["Location"] == next(item.count for item in model.report.left if item.what == "Location")
    assert {"Arrangement"} == kinds(model, "system:default/rhdh")
    assert {"Software"} == kinds(model, "component:default/rhdh")
    assert ("partOf", "component:default/rhdh", "system:default/rhdh") in related(model)
    adds_up(model)


def test_counts_by_class_of_the_sample(catalogue: Model) -> None:
    text = "\n".join(path.read_text() for path in sorted((SAMPLES / "catalog").rglob("*.yaml")))
    plain = Counter(re.findall(r"(?m)^kind: (\w+)$", text))
    assert {kind: catalogue.report.read[kind] for kind in plain} == plain


# --------------------------------------------------------------------------------------------------------------------
# What is refused


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (yaml("kind: System\nmetadata: {}"), "this entity has no name"),
        (yaml("kind: System"), "this entity has no metadata"),
        (yaml("metadata: {name: a}"), "this entity has no kind"),
        (yaml("kind: [System]\nmetadata: {name: a}"), "this entity has no kind"),
        (yaml(entity("User", "a")) + b"\n---\n- a list", "this is no entity"),
        (yaml("kind: User\nkind: User\nmetadata: {name: a}"), "stands here twice"),
        (yaml(entity("Location", "a", "{targets: [{x: y}]}")), "its target is"),
        (yaml("kind: User\nmetadata: {name: a}\nrelations: [5]"), "a relation is '5'"),
        (yaml("kind: User\nmetadata: {name: a}\nspec: " + "[" * 5000), "nests deeper"),
        (yaml("kind: User\nmetadata: {name: a}\nspec: *x"), "stands for nothing|not well-formed"),
        (b'{"apiVersion": "backstage.io/v1", "kind": "User", "kind": "User"}', "stands in one object twice"),
        (b'{"items": [{"apiVersion": "backstage.io/v1", "kind": "User"', "not JSON|cut short|ends in"),
    ],
)
def test_malformed(text: bytes, problem: str) -> None:
    assert backstage.is_backstage(Document("d", text))
    with pytest.raises(InputError, match=problem):
        load(text)


def test_an_alias_bomb_is_refused() -> None:
    bomb = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9))
    text = yaml(f"kind: User\nmetadata: {{name: a}}\nspec:\n  a0: &a0 [x]\n  {bomb.replace(chr(10), chr(10) + '  ')}")
    with pytest.raises(InputError, match="values"):
        load(text)


@pytest.mark.parametrize("name", ["catalog/systems.yaml", "answer.json"])
def test_every_cut_loads_or_is_refused(name: str) -> None:
    data = (SAMPLES / name).read_bytes()
    loaded = 0
    for end in range(1, len(data), 61):
        try:
            load(data[:end], format="backstage")
            loaded += 1
        except InputError:
            pass
    assert loaded < len(range(1, len(data), 61))


def test_any_value_anywhere_loads_or_is_refused() -> None:
    """Put null, a list, a number, an object, a truth value and a text where each value stands."""
    answer = json.loads((SAMPLES / "answer.json").read_text())
    answer["items"] = [item for item in answer["items"] if item]
    places = list(_places(answer))
    assert len(places) > 60
    refused = 0
    for path in places:
        for value in (None, [], [[1]], 5, 0.5, {}, {"name": 3}, True, "", "x:"):
            changed = json.loads(json.dumps(answer))
            at = changed
            for step in path[:-1]:
                at = at[step]
            at[path[-1]] = value
            try:
                load(json.dumps(changed).encode(), format="backstage")
            except InputError:
                refused += 1
    assert 0 < refused < len(places) * 10


def _places(value: Any, path: tuple[Any, ...] = ()) -> Any:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from _places(item, (*path, key))


# --------------------------------------------------------------------------------------------------------------------
# Telling it from other formats


def test_sniff_takes_its_own_and_nothing_else() -> None:
    own = [*SAMPLES.rglob("*.yaml"), SAMPLES / "answer.json"]
    taken = {path.name for path in own if backstage.is_backstage(Document(path.name, path.read_bytes()))}
    assert taken == {path.name for path in own} - {"chart.yaml"}
    others = [p for p in DATA.rglob("*") if p.is_file() and SAMPLES not in p.parents]
    assert len(others) > 3
    assert [p for p in others if backstage.is_backstage(Document(p.name, p.read_bytes()))] == []
    theirs = [one for one in FORMATS if one.name != "backstage"]
    earlier = theirs[: [one.name for one in FORMATS].index("backstage")]
    for path in own:
        document = Document(path.name, path.read_bytes())
        assert [one.name for one in earlier if one.sniff(document)] == []


@pytest.mark.parametrize(
    ("text", "is_it"),
    [
        (b"\xef\xbb\xbfapiVersion: backstage.io/v1alpha1\nkind: User", True),
        (b"# a comment\r\n---\r\nkind: User\r\napiVersion: 'backstage.io/v1alpha1'", True),
        (b"apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template", True),
        (b"apiVersion: apps/v1\nkind: Deployment\ndata: |\n  apiVersion: backstage.io/v1alpha1", False),
        (b"# Title\n\n```yaml\napiVersion: backstage.io/v1alpha1\n```", False),
        (b"apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {{ cookiecutter.name }}", False),
        (b'{"apiVersion": "v1", "kind": "List", "items": []}', False),
        (b"\xff\xfe", False),
    ],
)
def test_sniff(text: bytes, is_it: bool) -> None:
    assert backstage.is_backstage(Document("d", text)) is is_it


def test_a_byte_order_mark_is_read_over() -> None:
    assert load(b"\xef\xbb\xbf" + yaml(entity("User", "eve"))).elements == (BASE + "user:default/eve",)


def test_a_mapping_of_ones_own_gives_kinds_to_own_kinds(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / "catalog", tmp_path / "catalog")
    own = b'extends = "backstage"\nsystem = "backstage"\n[classes.Product]\nkinds = ["Arrangement"]\nreason = "x"\n'
    model = load(tmp_path / "catalog", mapping=own)
    assert kinds(model, "product:default/travel-planner") == {"Arrangement"}
