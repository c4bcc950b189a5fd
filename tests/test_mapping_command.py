"""`itsm-ontology map`: drafts that load as they are, and what a mapping makes of a source."""

from __future__ import annotations

import json
import re
import sqlite3
import tomllib
from pathlib import Path

import pandas
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from itsm_ontology import load
from itsm_ontology.cli import main
from itsm_ontology.document import Document
from itsm_ontology.sources.mapping_file import read_mapping
from itsm_ontology.sources.table import Tables
from itsm_ontology.sources.tables import open_frames
from itsm_ontology.sources.tables.draft import draft

SERVERS = """id;name;Server Type;rack;asset
1;web01;blade;r1;A-1
2;web02;blade;r1;A-2
3;db01;tower;;A-3
4;db02;tower;r1;A-4
"""
APPS = "code,title,server,spare\nx,Shop,1,\ny,CRM,3,\nz,Mail,1,\n"
LINKS = "from,to,kind\nx,1,runs on\ny,3,runs on\nz,4,uses\nx,2,runs on\n"


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "export"
    folder.mkdir()
    for name, text in (("servers", SERVERS), ("apps", APPS), ("links", LINKS)):
        (folder / f"{name}.csv").write_text(text)
    return folder


@pytest.fixture
def run(capsys):
    def answered(*arguments: str) -> str:
        assert main(arguments) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    return answered


@pytest.fixture
def refused(capsys):
    def line(*arguments: str) -> str:
        assert main(arguments) == 2
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n")) == ("", 1)
        return said.err

    return line


def test_a_draft_lays_out_what_stands_in_the_columns(export: Path, run) -> None:
    text = run("map", "init", "export")
    assert text == run("map", "init", "export"), "the same for the same tables"
    said = tomllib.loads(text)
    assert said["tables"] == {
        "apps": {"key": "code", "class": "apps"},
        "links": {
            "link": "links", "link-column": "kind",
            "source": {"column": "from", "to": "apps"}, "target": {"column": "to", "to": "servers"},
        },
        "servers": {"key": "id", "class": "servers", "class-column": "Server Type"},
    }  # fmt: skip
    assert {name: entry["kinds"] for name, entry in said["classes"].items()} == {
        "apps": [], "servers": [], "blade": [], "tower": []
    }  # fmt: skip
    assert said["classes"]["blade"]["like"] == "servers"
    assert said["classes"]["servers"]["fields"] == {
        "name": {"label": True}, "rack": {"left": "to be said"}, "asset": {"left": "to be said"}
    }  # fmt: skip
    assert [(name, rule[0]["facts"]) for name, rule in said["links"].items()] == [
        ("links", []), ("runs on", []), ("uses", [])
    ]  # fmt: skip
    comments = "\n".join(re.findall("#.*", text))
    for told in ('"name", "asset" would do too', 'columns without a value: "spare"', 'keys of "servers"',
                 '# to = "servers"', '"r1" = []  # 3 rows', "itsm-ontology vocabulary"):  # fmt: skip
        assert told in comments, told


def test_a_draft_can_be_loaded_with_as_it_is(export: Path, run) -> None:
    assert run("map", "init", "export", "--output", "m.toml") == "m.toml: a draft; fill in what is to be said\n"
    model = load("export", mapping="m.toml")
    assert model.label("urn:export:servers/1") == "web01"
    assert model.declarations("urn:export:servers/3") == ("export:tower",)
    assert not any(model.kinds(element) for element in model.elements), "a draft states no kind"
    assert {x.reason for x in model.report.left} == {"to be said"}


def test_a_single_file_is_drafted_for_any_name_and_a_database_is_not(export: Path, run) -> None:
    assert '[tables."*"]' in run("map", "init", "export/apps.csv")
    with sqlite3.connect("one.db") as connection:
        connection.execute("create table apps as select 'x' as code, 'Shop' as title")
    connection.close()
    for source in ("one.db", "sqlite:///one.db"):
        text = run("map", "init", source)
        assert "[tables.apps]" in text
        assert load(source, mapping=text.encode()).elements == ("urn:one:apps/x",)


def test_a_column_that_names_several_rows_is_found(export: Path, run) -> None:
    Path("systems.csv").write_text('Name,Calls\nA,"B, C"\nB,C\nC,\n')
    text = run("map", "init", "systems.csv")
    assert '# its values are keys of "systems":' in text
    assert '# split = ","' in text
    assert "# to = " not in text


def test_a_draft_is_not_written_over_a_file_that_is_there(export: Path, refused) -> None:
    (export.parent / "m.toml").write_text("mine")
    assert "m.toml: this is there already" in refused("map", "init", "export", "--output", "m.toml")
    assert (export.parent / "m.toml").read_text() == "mine"


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=4, unique_by=str.strip).flatmap(
        lambda names: st.lists(
            st.tuples(*[st.one_of(st.none(), st.integers(0, 3), st.booleans(), st.text(max_size=5)) for _ in names]),
            min_size=1,
            max_size=6,
        ).map(lambda rows: (names, rows))
    )
)
def test_any_table_has_a_draft_that_can_be_read(table: tuple[list[str], list[tuple]]) -> None:
    names, rows = table
    source = open_frames({"t\n#": pandas.DataFrame(rows, columns=names, dtype=object)})
    with source.opened() as tables:
        text = draft(tables)
    assert read_mapping(Document("draft.toml", text.encode("utf-8", "surrogatepass"))).system


def test_check_says_what_is_read_and_what_is_left(export: Path, run) -> None:
    run("map", "init", "export", "--output", "m.toml")
    said = Path("m.toml").read_text()
    Path("m.toml").write_text(said.replace("kinds = []", 'kinds = ["Server"]', 1))
    text = run("map", "check", "export", "--mapping", "m.toml", "--records", "2")
    assert text.splitlines()[0].startswith("export (tables): 14 read, 10 used, 4 left")
    assert re.search(r"^blade +rack +2 +0 +2 +to be said$", text, re.M)
    assert re.search(r"^apps +title +3 +3 +0$", text, re.M)
    assert "rows by table: apps 3, links 4, servers 4" in text
    assert "urn:export:apps/x  export:apps\n  is  itsm:Server\n  label  Shop\n" in text
    assert "itsm-ontology vocabulary" in text
    told = json.loads(run("map", "check", "export", "--mapping", "m.toml", "--format", "json", "--records", "99"))
    assert len(told["records"]) == 7
    assert {"class": "tower", "field": "name", "read": 2, "used": 2, "left": 0, "why": []} in told["rows"]


def test_check_names_fields_that_nothing_has_a_value_in(export: Path, run) -> None:
    run("map", "init", "export", "--output", "m.toml")
    with Path("m.toml").open("a") as stream:
        stream.write("[classes.apps.fields.spare]\nkeep = true\n")
    assert "1 field of the mapping without a value: apps.spare" in run("map", "check", "export", "--mapping", "m.toml")


def test_check_names_an_inherited_field_once_and_only_if_nothing_has_a_value_in_it(export: Path, run) -> None:
    Path("cis.csv").write_text("id;kind;name;rack;spare\n1;server;web01;r1;\n2;app;Shop;;\n")
    run("map", "init", "cis.csv", "--output", "m.toml")
    checked = ("map", "check", "cis.csv", "--mapping", "m.toml")
    assert "without a value" not in run(*checked), "servers have racks, and applications are like them"
    with Path("m.toml").open("a") as stream:
        stream.write("[classes.cis.fields.spare]\nkeep = true\n")
    assert "1 field of the mapping without a value: cis.spare\n" in run(*checked)


def test_a_draft_names_the_columns_of_links_that_it_does_not_read(export: Path, run) -> None:
    (export / "links.csv").write_text("from,to,kind,since\nx,1,runs on,2024\ny,3,uses,2025\n")
    text = run("map", "init", "export")
    assert '# link-column = "kind"  # 2 values: "runs on", "uses"\n# link-column = "since"  # 2 values:' in text
    (export / "links.csv").write_text("from,to,kind,since\nx,1,runs on,2024\ny,3,runs on,2025\nx,3,runs on,\n")
    assert '\n# not read: "since"  # 2 values: "2024", "2025"\n' in run("map", "init", "export")


def test_a_database_without_a_mapping_is_no_question_of_format(export: Path, refused) -> None:
    with sqlite3.connect("one.db") as connection:
        connection.execute("create table apps as select 'x' as code")
    connection.close()
    for source in ("one.db", "sqlite:///one.db"):
        said = refused("check", source)
        assert "what stands in these tables only a mapping of yours can say" in said
        assert "map init SOURCE" in said
        assert "format" not in said


def test_check_reads_other_formats_by_a_mapping_too(export: Path, run) -> None:
    Path("e.yaml").write_text(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: web}\nspec: {type: website}\n"
    )
    Path("m.toml").write_text('system = "mine"\nextends = "backstage"\n')
    assert "mine:Component" in run("map", "check", "e.yaml", "--mapping", "m.toml")


def test_what_cannot_be_checked_is_refused_in_one_line(export: Path, refused) -> None:
    Path("m.toml").write_text('system = "x"\n[tables.apps]\nkey = "cod"\n')
    assert "no table has the column 'cod' here. Did you mean code?" in refused(
        "map", "check", "export", "--mapping", "m.toml"
    )
    assert "map check needs a mapping" in refused("map", "check", "export")
    assert "there is no such file" in refused("map", "init", "nothing.csv")
    assert "there is no such file" in refused("map", "init", "sqlite:///nothing.db")
    assert "invalid choice: 'chek'" in refused("map", "chek", "export")
    assert "no number" in refused("map", "check", "export", "--records", "many")
    assert "this is no table" in refused("map", "init", __file__)
    (export / "empty").mkdir()
    assert "no file in this folder is a table" in refused("map", "init", "export/empty")
    assert not Path("nothing.db").exists()


def test_values_are_counted_only_in_the_first_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("itsm_ontology.sources.tables.profile.MOST_ROWS", 2)
    with open_frames(pandas.DataFrame({"id": [1, 2, 2]})).opened() as tables:
        assert isinstance(tables, Tables)
        assert "# the first 100000 rows were looked at" in draft(tables)
