"""Tables of one's own, from files and data frames, read by a mapping."""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import pandas
import polars
import pyarrow
import pyarrow.parquet
import pytest
from conftest import ROOT
from pyoxigraph import Literal
from spreadsheets import cell, rows, xlsx

from itsm_ontology import InputError, Model, load
from itsm_ontology.document import Document
from itsm_ontology.names import local_name
from itsm_ontology.sources.formats import FORMATS
from itsm_ontology.sources.mapping_file import read_mapping
from itsm_ontology.sources.table import text_of
from itsm_ontology.sources.tables import is_table

MAPPING = b"""
system = "acme"

[tables.apps]
key = "id"
class-column = "type"

[tables.servers]
key = "host"
class = "server"
joins = [{ table = "sites", on = { site = "code" }, columns = { city = "site city" } }]

[tables.links]
link-column = "relation"
source = { column = "from", to = "apps" }
target = { column = "to", to = "servers" }

[classes.package]
kinds = ["ApplicationSoftware"]
reason = "bought software that people work with"
[classes.package.fields]
name = { label = true }
owner = { facts = [{ relation = "ownedBy" }], to = "team", split = ";" }
live = { attribute = "operational", values = { true = true, false = false } }
replaces = { facts = [{ relation = "connectedTo" }], to = "apps" }

[classes.site]
like = "package"
kinds = ["ApplicationSoftware"]
reason = "a web site"

[classes.server]
kinds = ["Server"]
reason = "hardware"
[classes.server.fields]
host = { label = true }
"site city" = { keep = true }

[classes.team]
kinds = ["OrganizationalUnit"]
reason = "only teams own"

[[links."runs on"]]
facts = [{ relation = "runsOn" }]
reason = "as installed"
"""
APPS = {
    "id": [1, 2, 3, 4],
    "type": ["package", "site", "thing", None],
    "name": ["Payroll", "Shop", "Odd", "Bare"],
    "owner": ["Finance", "Sales; IT", None, None],
    "live": [True, False, None, None],
    "replaces": [None, 1, 9, None],
}
SERVERS = {"host": ["s1", "s2"], "site": ["A", "B"], "rack": [12, None]}
SITES = {"code": ["A", "C"], "city": ["Amsterdam", "Cork"]}
LINKS = {"from": [1, 2, 2, None], "relation": ["runs on"] * 2 + ["talks to"] * 2, "to": ["s1", "s7", "s1", "s1"]}
TABLES = {"apps": APPS, "servers": SERVERS, "sites": SITES, "links": LINKS}

FACTS = {
    ("Payroll", "type", "ApplicationSoftware"),
    ("Shop", "type", "ApplicationSoftware"),
    ("s1", "type", "Server"),
    ("s2", "type", "Server"),
    ("Finance", "type", "OrganizationalUnit"),
    ("Sales", "type", "OrganizationalUnit"),
    ("IT", "type", "OrganizationalUnit"),
    ("s7", "type", "Server"),
    ("Payroll", "ownedBy", "Finance"),
    ("Shop", "ownedBy", "Sales"),
    ("Shop", "ownedBy", "IT"),
    ("Payroll", "operational", "true"),
    ("Shop", "operational", "false"),
    ("Shop", "connectedTo", "Payroll"),
    ("Payroll", "runsOn", "s1"),
    ("Shop", "runsOn", "s7"),
    ("s1", "site%20city", "Amsterdam"),
}
"""Written by hand from the tables and the mapping above; a thing is called by its label, or the end of its key."""


def records(table: dict[str, list]) -> list[dict]:
    return [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]


def csv_of(table: dict[str, list], separator: str = ",") -> str:
    def text(value) -> str:
        return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

    lines = [table, *zip(*table.values(), strict=True)]
    return "\n".join(separator.join(map(text, line)) for line in lines) + "\n"


def as_rows(table: dict[str, list]) -> str:
    return rows(tuple(table), *zip(*table.values(), strict=True)).replace(">True<", ">1<").replace(">False<", ">0<")


def folder(path: Path, endings: str, write) -> Path:
    for name, table in TABLES.items():
        (path / f"{name}{endings}").write_bytes(write(table))
    return path


def parquet(table: dict[str, list]) -> bytes:
    stream = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(table), stream)
    return stream.getvalue()


def put(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


WAYS = {
    "csv": lambda path: folder(path, ".csv", lambda table: csv_of(table).encode()),
    "csv; with a byte-order mark": lambda path: folder(
        path, ".csv", lambda table: csv_of(table, ";" if "owner" not in table else "\t").encode("utf-8-sig")
    ),
    "json, one file each": lambda path: folder(path, ".json", lambda table: json.dumps(records(table)).encode()),
    "json lines": lambda path: folder(
        path, ".jsonl", lambda table: "\n".join(json.dumps(record) for record in records(table)).encode()
    ),
    "json, one file": lambda path: put(
        path / "all.json",
        json.dumps({"made": "2024", **{name: records(table) for name, table in TABLES.items()}}).encode(),
    ),
    "parquet": lambda path: folder(path, ".parquet", parquet),
    "excel": lambda path: put(path / "all.xlsx", xlsx({name: as_rows(table) for name, table in TABLES.items()})),
    "pandas": lambda _: {name: pandas.DataFrame(table) for name, table in TABLES.items()},
    "polars": lambda _: {name: polars.DataFrame(table) for name, table in TABLES.items()},
    "polars, lazily": lambda _: {name: polars.LazyFrame(table) for name, table in TABLES.items()},
    "pyarrow": lambda _: {name: pyarrow.table(table) for name, table in TABLES.items()},
}


def facts(model: Model) -> set[tuple[str, str, str]]:
    """Give what a model says, in short."""
    names = [
        term.value if isinstance(term, Literal) else local_name(model.label(term.value)) for term in model.facts.terms
    ]
    return {
        (names[subject], re.split("[#:]", local_name(relation))[-1], names[object_])
        for relation, pairs in model.facts.pairs.items()
        for subject, object_ in pairs
        if not relation.endswith("#label")
    }


@pytest.mark.parametrize("way", WAYS)
def test_one_mapping_reads_the_same_from_every_kind_of_table(way: str, tmp_path: Path) -> None:
    mapping = MAPPING
    if way == "excel":  # true and false are numbers there, as the sheet is written here
        mapping = mapping.replace(b"{ true = true, false = false }", b"{ 1 = true, 0 = false }")
    model = load(WAYS[way](tmp_path), mapping=mapping)
    assert {fact for fact in facts(model) if fact[0] not in ("Odd", "Bare")} == FACTS
    assert ("Odd", "connectedTo", "9") not in facts(model), "a class that the mapping doesn't know has no fields"
    assert model.declarations("urn:acme:apps/2") == ("acme:site",)
    assert model.declarations("urn:acme:apps/3") == ("acme:thing",)
    assert model.declarations("urn:acme:apps/4") == ("acme:apps",), "where the class column is empty"
    read = {name: number for name, number in model.report.read.items() if name != "file"}
    assert read == {"package": 1, "site": 1, "thing": 1, "apps": 1, "server": 2, "runs on": 2, "talks to": 2}
    assert_adds_up(model)
    fields = {(count.type, count.field): (count.read, count.used) for count in model.report.fields}
    assert fields["server", "rack"] == (1, 0)
    assert fields["site", "owner"] == (2, 2)
    assert ("package", "id") not in fields, "what a key is made of is no field besides"
    notes = " ".join(model.report.notes)
    for note in ("1 x thing without a kind", "1 x server named, but not in", "3 x team named", "apps 4"):
        assert note in notes


def assert_adds_up(model: Model) -> None:
    report = model.report
    left: dict[str, int] = {}
    for item in report.left:
        left[item.what] = left.get(item.what, 0) + item.count
    for type_, number in report.read.items():
        assert number == report.used.get(type_, 0) + left.get(type_, 0), type_
    for count in report.fields:
        assert count.read == count.used + sum(count.left.values()), count


ONE = b"""
system = "one"
[tables."*"]
key = "id"
class = "thing"
[classes.thing]
kinds = ["Software"]
reason = "r"
[classes.thing.fields]
name = { label = true }
parent = { facts = [{ relation = "partOf" }] }
"""


def test_a_single_table_may_have_any_name(tmp_path: Path) -> None:
    text = b"id,name,parent\n1,All,\n2,Part,1\n"
    for source in (put(tmp_path / "export-2024-06.csv", text), text, io.BytesIO(text)):
        model = load(source, mapping=ONE)
        assert facts(model) == {
            ("All", "type", "Software"), ("Part", "type", "Software"), ("Part", "partOf", "All")
        }  # fmt: skip
        assert model.elements == ("urn:one:1", "urn:one:2")
    frame = load(pandas.DataFrame({"id": ["1"], "name": ["All"], "parent": [None]}), mapping=ONE, name="june")
    assert frame.elements == ("urn:one:1",)
    assert frame.name == "june"


def test_several_keys_columns_make_one_key_without_mixing() -> None:
    mapping = ONE.replace(b'key = "id"', b'key = ["id", "name"]').replace(b"parent = { facts", b"other = { facts")
    text = b"id,name,other\na/b,c,\na,b/c,\n,x,\n"
    model = load(text, mapping=mapping)
    assert model.elements == ("urn:one:a%252Fb/c", "urn:one:a/b%252Fc")
    assert [(left.what, left.reason, left.count) for left in model.report.left] == [("thing", "its key is empty", 1)]


def test_rows_that_repeat_a_key_are_refused_or_taken_together() -> None:
    text = b"id,name,parent\n1,All,7\n1,All,8\n2,X,7\n"
    with pytest.raises(InputError, match=r"line 3, record thing 1: another record has the key '1' too .*line 2"):
        load(text, mapping=ONE)
    model = load(text, mapping=ONE.replace(b"class =", b"repeats = true\nclass ="))
    assert {fact for fact in facts(model) if fact[1] == "partOf"} == {
        ("All", "partOf", "7"), ("All", "partOf", "8"), ("X", "partOf", "7")
    }  # fmt: skip
    assert model.report.read["thing"] == 3
    assert model.report.used["thing"] == 2
    assert_adds_up(model)


def test_one_table_can_hold_two_sorts_of_things_in_a_row() -> None:
    mapping = b"""
        system = "wide"
        [tables.app]
        from = "t"
        key = "Application"
        repeats = true
        [tables.host]
        from = "t"
        key = "Host"
        repeats = true
        [classes.app]
        kinds = ["Software"]
        reason = "r"
        fields.Application = { label = true }
        fields.Host = { facts = [{ relation = "runsOn" }], to = "host" }
        [classes.host]
        kinds = ["Server"]
        reason = "r"
        fields.Host = { label = true }
    """
    frame = pandas.DataFrame({"Application": ["A", "A", "B"], "Host": ["h1", "h2", "h1"]})
    model = load({"t": frame}, mapping=mapping)
    assert facts(model) == {
        ("A", "type", "Software"), ("B", "type", "Software"), ("h1", "type", "Server"), ("h2", "type", "Server"),
        ("A", "runsOn", "h1"), ("A", "runsOn", "h2"), ("B", "runsOn", "h1"),
    }  # fmt: skip


def test_nested_values_have_dotted_names() -> None:
    mapping = ONE.replace(b"parent = ", b'"owner.name" = { keep = true }\n"tags*" = { left = "x" }\nparent = ')
    record = {"id": 1, "name": "A", "parent": None, "owner": {"name": "Ann", "age": 3}, "tags": ["a", {"b": 1}]}
    stream = io.BytesIO()
    struct = pyarrow.Table.from_pylist([{**record, "parent": "7", "tags": ["a", "b"]}])
    pyarrow.parquet.write_table(struct, stream)
    for source in (json.dumps([{**record, "parent": 7}]).encode(), stream.getvalue(), polars.from_arrow(struct)):
        model = load(source, mapping=mapping)
        fields = {count.field: (count.read, count.used) for count in model.report.fields}
        assert fields["owner.name"] == (1, 1)
        assert fields["owner.age"] == (1, 0)
        assert sum(read for name, (read, _) in fields.items() if name.startswith("tags")) == 2


@pytest.mark.parametrize(
    ("cell_", "text"),
    [
        (12.0, "12"), (1e21, "1000000000000000000000"), (0.1 + 0.2, "0.30000000000000004"), (-0.0, "0"),
        (True, "true"), (Decimal("12.50"), "12.50"), (Decimal("1E+3"), "1000"), (Decimal("NaN"), ""),
        (float("inf"), ""), (None, ""), (" \t", ""), (pandas.NA, ""), (pandas.NaT, ""),
        (pandas.Timestamp("2024-05-01 10:00"), "2024-05-01T10:00:00"), (pandas.Series([7])[0], "7"),
        (memoryview(b"\xff"), "ff"), (1e-7, "0.0000001"),
    ],
)  # fmt: skip
def test_cells_have_a_stable_text(cell_: object, text: str) -> None:
    assert text_of(cell_) == text


def test_an_integer_column_with_gaps_still_names_rows() -> None:
    """Pandas makes 1.0 of 1 where a column has gaps; the key is 1 all the same."""
    frame = pandas.DataFrame({"id": [1, 2], "name": ["All", "Part"], "parent": [None, 1]})
    assert frame["parent"].dtype == float
    assert ("Part", "partOf", "All") in facts(load(frame, mapping=ONE))


# ---------------------------------------------------------------------------------------------------------------------
# What the mapping and the tables disagree on


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('key = "id"', 'key = "Id"', "tables.*: no table has the column 'Id' here. Did you mean id?"),
        ("name = {", "naem = {", "classes.thing: no table has the column 'naem' here. Did you mean name?"),
        ("parent = {", '"zzz" = {', "classes.thing: no table has the column 'zzz' here. It has: id, name, parent."),
        ('[tables."*"]', '[tables."*"]\nfrom = "u"', "t.csv: there is no table 'u'. There are: t."),
        ('class = "thing"', 'class = "thin"', "there is no class thin. Did you mean thing?"),
        ('class = "thing"', 'clas = "thing"', "there is no key clas. Did you mean class?"),
        ('class = "thing"', "repeats = 1", "1 is not what is expected here. Expected true or false."),
        ('key = "id"', "key = []", "a column has no name here."),
        ('key = "id"', "key = 3", "3 is not what is expected here."),
        ('key = "id"', 'link = "l"', "'source' is missing."),
        ('key = "id"', "", "'source' is missing."),
        ('class = "thing"', 'joins = [{ table = "x", on = {}, columns = {} }]', "not by which columns"),
        ('class = "thing"', 'joins = [{ table = "x", on = { a = "b" }, columns = {} }]', "there is no table 'x'"),
        ('[tables."*"]', '[tables.more]\nkey = "x"\n[tables."*"]', "'*' stands for the only table"),
        ('{ facts = [{ relation = "partOf" }] }', '{ facts = [{ relation = "partOf" }], to = "thong" }',
         "there is no table or class thong. Did you mean thing?"),
        ('{ facts = [{ relation = "partOf" }] }', '{ facts = [{ relation = "partOf" }], to = "Person" }',
         'there is no table or class Person. If it is a class, say what it is in [classes."Person"].'),
        ('[tables."*"]', "[tables.t]", "this does not say what it names. Say in `to` whose row"),
    ],
)  # fmt: skip
def test_a_name_that_is_wrong_is_an_error(old: str, new: str, said: str, tmp_path: Path) -> None:
    source = put(tmp_path / "t.csv", b"id,name,parent\n1,All,\n")
    assert old in ONE.decode()
    with pytest.raises(InputError) as caught:
        load(source, mapping=ONE.decode().replace(old, new).encode(), name="t.csv")
    assert said in str(caught.value)


def test_a_field_is_looked_for_in_the_tables_of_its_class() -> None:
    """A column of another table doesn't excuse a misspelt one."""
    frames = {name: pandas.DataFrame(table) for name, table in TABLES.items()}
    apart = MAPPING.replace(b'class-column = "type"', b'class = "package"')
    with pytest.raises(InputError, match=r"classes.server: no table has the column 'name' here"):
        load(frames, mapping=apart.replace(b"host = { label", b"name = { label"))
    with pytest.raises(InputError, match=r"there is no table 'severs'. Did you mean servers\?"):
        load(frames, mapping=MAPPING.replace(b"[tables.servers]", b'[tables.servers]\nfrom = "severs"'))
    with pytest.raises(InputError, match=r"join with sites: no table has the column 'cty' here. Did you mean city"):
        load(frames, mapping=MAPPING.replace(b"city = ", b"cty = "))
    with pytest.raises(InputError, match=r"links: no table has the column 'form' here. Did you mean from"):
        load(frames, mapping=MAPPING.replace(b'column = "from"', b'column = "form"'))


def test_a_table_may_be_empty() -> None:
    """An export of a month without servers is no error; without its columns no name in it can be checked."""
    for tables in (
        json.dumps({"apps": [{"id": 1, "type": "package", "name": "A", "owner": None, "live": None, "replaces": None}],
                    "servers": [], "sites": [], "links": []}).encode(),
        xlsx({"apps": as_rows(APPS), "servers": "", "sites": "", "links": ""}),
    ):  # fmt: skip
        report = load(tables, mapping=MAPPING).report
        assert "rows by table: apps " in " ".join(report.notes)
        assert "server" not in report.read


def test_what_is_no_data_frame_is_named() -> None:
    for wrong in ({"a": 1}, {"a": [1]}, {"a": pandas.DataFrame({"id": [1]}), "b": None}):
        with pytest.raises(InputError, match="is no data frame that is known"):
            load(wrong, mapping=ONE)  # type: ignore[arg-type]


def test_a_row_that_is_not_there_has_the_class_of_its_table_only_if_that_is_one_for_all() -> None:
    """Where a column holds the class, `class` is for rows in which it is empty, not for rows that are not there."""
    mapping = ONE.replace(b'[tables."*"]', b"[tables.t]").replace(b'"partOf" }]', b'"partOf" }], to = "t"')
    frame = pandas.DataFrame({"id": ["1"], "name": ["All"], "parent": ["2"], "sort": [None]})
    kinds = {}
    for line in (b"class =", b'class-column = "sort"\nclass ='):
        kinds[line] = load({"t": frame}, mapping=mapping.replace(b"class =", line)).kinds("urn:one:t/2")
    assert [len(found) for found in kinds.values()] == [1, 0]


def test_tables_that_the_mapping_does_not_name_are_counted() -> None:
    frames = {name: pandas.DataFrame(table) for name, table in TABLES.items()}
    model = load({**frames, "users": pandas.DataFrame({"id": [1]})}, mapping=MAPPING)
    assert ("table", "the mapping does not name it", 1) in [(x.what, x.reason, x.count) for x in model.report.left]
    assert "tables that the mapping does not name: users" in model.report.notes
    with pytest.raises(InputError, match="this has 4 tables, and the mapping is for one: apps, servers"):
        load(frames, mapping=ONE)


def test_without_a_mapping_a_table_says_how_to_go_on(tmp_path: Path) -> None:
    backstage = (ROOT / "itsm_ontology" / "sources" / "backstage.toml").read_bytes()
    for source in (b"id,name\n1,a\n2,b\n", b'[{"id": 1}]', pandas.DataFrame({"id": [1]})):
        with pytest.raises(InputError, match="itsm-ontology map init SOURCE"):
            load(source)
        with pytest.raises(InputError, match=r"no \[tables\].*map init"):
            load(source, mapping=backstage, format="tables")
    with pytest.raises(InputError, match="map init"):
        load(folder(tmp_path, ".csv", lambda table: csv_of(table).encode()))


# ---------------------------------------------------------------------------------------------------------------------
# Files that are not as they should be


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"id,name,parent\n1,a\n", "line 2: this row has 2 cells, and the header names 3 columns."),
        (b'id,name,parent\n1,"a,\n', "this is not CSV"),
        (b"id,id,name\n1,2,3\n", "two columns are called 'id'"),
        (b"id,,name\n1,2,3\n", "a column of the header has no name"),
        (b"id,name,parent\n\xff\xfe,a,b\n", "this is not UTF-8 text"),
        (b'[{"id": 1}, 2]', "this is no record. Expected objects"),
        (b'[{"id": 1}, {"id": 1', "may be cut short"),
        (b'[{"id": 1, "id": 2}]', "stands in one object twice"),
        (b'[{"id": NaN}]', "NaN is no number"),
        (b"[{}]", "there is no table in it that has anything in it"),
        (b"[" * 5000, "nests too deeply"),
        (b'{"id": 1}\n{"id": 2\n', "line 2: this is not JSON"),
        (b"PAR1" + b"\0" * 40, "this Parquet file can't be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "before 2007 (.xls), or one with a password"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_well_formed_is_an_error(content: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load(put(tmp_path / "t.csv", content), mapping=ONE)
    assert said in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path))


@pytest.mark.parametrize("kind", ["csv", "json", "jsonl", "parquet", "xlsx"])
def test_a_file_cut_anywhere_is_read_or_refused(kind: str) -> None:
    table = {"id": [1, 2], "name": ["All", "Part"], "parent": [None, 1]}
    whole = {
        "csv": lambda: csv_of(table).encode(),
        "json": lambda: json.dumps(records(table)).encode(),
        "jsonl": lambda: "\n".join(map(json.dumps, records(table))).encode(),
        "parquet": lambda: parquet(table),
        "xlsx": lambda: xlsx({"things": as_rows(table)}),
    }[kind]()
    assert len(load(whole, mapping=ONE, format="tables").elements) == 2
    read = 0
    for at in range(0, len(whole), max(1, len(whole) // 60)):
        try:
            read += bool(load(whole[:at], mapping=ONE, format="tables").elements)
        except InputError:
            continue
    assert read < 30


@pytest.mark.parametrize("wrong", [None, [], [[]], 0, "x", {}, {"a": {}}, [None], [[1]], [{"id": {"a": 1}}]])
def test_json_of_another_shape_is_read_or_refused(wrong: object) -> None:
    for value in (wrong, [wrong], {"things": wrong}, [{"id": wrong}], {"things": [{"id": 1, "name": wrong}]}):
        try:
            load(json.dumps(value).encode(), mapping=ONE, format="tables")
        except InputError:
            continue


def test_columns_beyond_sense_are_refused() -> None:
    with pytest.raises(InputError, match="Expected unique column names"):
        load(pandas.DataFrame([[1, 2]], columns=["a", "a"]), mapping=ONE)
    with pytest.raises(InputError, match="id has several values, and is a key"):
        load(b'[{"id": [1, 2], "name": "a", "parent": 1}]', mapping=ONE)


# ---------------------------------------------------------------------------------------------------------------------
# Excel


def test_excel_shows_dates_times_texts_and_truths() -> None:
    styles = (
        '<numFmts><numFmt numFmtId="170" formatCode="yyyy\\-mm\\-dd"/>'
        '<numFmt numFmtId="171" formatCode="0.0&quot; d&quot;"/>'
        '<numFmt numFmtId="172" formatCode="[h]:mm"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>'
        '<xf numFmtId="22"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="172"/><xf numFmtId="20"/></cellXfs>'
    )
    texts = "<si><t>id</t></si><si><r><t>na</t></r><r><t>me</t></r><rPh><t>x</t></rPh></si><si><t>a_x000A_b</t></si>"
    heads = "".join(f'<c r="{at}1" t="s"><v>{number}</v></c>' for at, number in (("A", 0), ("B", 1)))
    more = "".join(cell(f"{letter}1", letter) for letter in "CDEFGHIJ")
    values = (
        cell("A3", 1.0) + '<c r="B3" t="s"><v>2</v></c>' + cell("C3", 45413, 1) + cell("D3", 45413.75, 2)
        + cell("E3", 59, 3) + cell("F3", 2.5, 4) + cell("G3", 1.25, 5) + cell("H3", 0.5, 6)
        + '<c r="I3" t="b"><v>1</v></c><c r="J3" t="e"><v>#REF!</v></c>'
    )  # fmt: skip
    sheet = f'<row r="1">{heads}{more}</row><row r="2"/><row r="3">{values}</row>'
    kept = "".join(f"{letter} = {{ keep = true }}\n" for letter in "CDEFGHIJ").encode()
    mapping = ONE.replace(b'parent = { facts = [{ relation = "partOf" }] }', kept)
    for properties, day in (("", "2024-05-01"), ('<workbookPr date1904="1"/>', "2028-05-02")):
        model = load(xlsx({"s": sheet}, texts=texts, styles=styles, properties=properties), mapping=mapping)
        said = {fact[1]: fact[2] for fact in facts(model)}
        assert model.label("urn:one:1") == "a\nb"
        assert (said["C"], said["D"]) == (day, f"{day}T18:00:00")
        assert (said["F"], said["G"], said["H"], said["I"]) == ("2.5", "1.25", "12:00:00", "true")
        assert "J" not in said, "an error is no value"
    assert said["E"] == "1904-02-29", "and in the system of 1900 it is 1900-02-28"


def test_excel_is_read_strictly() -> None:
    good = rows(("id", "name", "parent"), (1, "a", None))
    assert len(load(xlsx({"things": good, "empty": ""}), mapping=ONE).elements) == 1
    for sheet, said in {
        f'{good}<row r="3">{cell("E3", "stray")}</row>': "sheet things, line 3: column E has a value",
        rows(("id", "id")): "two columns are called 'id'",
        '<row r="0">' + cell("A1", "id") + "</row>": "there is no row 0",
        '<row r="x">' + cell("A1", "id") + "</row>": "a cell of this sheet can't be read",
        '<row r="1">' + cell("AAAA1", "id") + "</row>": "is no place of a cell",
        '<row r="1">' + cell("ZZZ1", "id") + "</row>": "there is no column 18278",
        '<row r="1"><c r="A1" t="s"><v>7</v></c></row>': "a cell of this sheet can't be read",
        "<row": "is not well-formed",
    }.items():
        with pytest.raises(InputError) as caught:
            load(xlsx({"things": sheet}), mapping=ONE, name="b.xlsx")
        assert said in str(caught.value)


def test_a_cell_in_the_last_corner_costs_nothing() -> None:
    """Laid out as a rectangle such a sheet has seventeen billion cells."""
    far = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert len(load(xlsx({"t": rows(("id", "name", "parent"), (1, "a", None)) + far}), mapping=ONE).elements) == 1
    with pytest.raises(InputError, match="line 1048576: column XFD has a value here"):
        load(xlsx({"t": rows(("id", "name", "parent")) + far.replace("/></row>", "><v>1</v></c></row>")}), mapping=ONE)


def test_excel_bombs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("itsm_ontology.sources.syntax.zip.FREE_EXPANSION", 1 << 20)
    with pytest.raises(InputError, match="unpacks to more than"):
        load(xlsx({"t": rows(("id",)) + " " * (8 << 20)}), mapping=ONE)
    entity = '<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    stream = io.BytesIO(xlsx({"t": rows(("id", "name", "parent"), (1, "a", None))}))
    for part in ("xl/worksheets/sheet0.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"):
        other = io.BytesIO()
        with zipfile.ZipFile(stream) as archive, zipfile.ZipFile(other, "w") as copy:
            for name in archive.namelist():
                copy.writestr(name, (entity if name == part else "") + archive.read(name).decode())
        with pytest.raises(InputError, match="document type declaration"):
            load(other.getvalue(), mapping=ONE)


def test_a_part_read_over_and_over_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("itsm_ontology.sources.tables.workbook.FREE_EXPANSION", 1 << 10)
    monkeypatch.setattr("itsm_ontology.sources.tables.workbook.MOST_EXPANSION", 1)
    with pytest.raises(InputError, match="the parts of this file unpack to more than"):
        load(xlsx({f"t{at}": rows(("id",)) + " " * (1 << 16) for at in range(9)}), mapping=ONE)


def test_other_spreadsheets_say_how_to_save_them() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(InputError, match=r"Save it as .xlsx or as CSV"):
        load(stream.getvalue(), mapping=ONE)
    with pytest.raises(InputError, match=r"no workbook in the format .xlsx"):
        load(xlsx({"t": ""}, types="bin"), mapping=ONE)


# ---------------------------------------------------------------------------------------------------------------------
# Telling formats apart


def test_tables_are_told_by_their_content() -> None:
    taken = (b"a,b\n1,2\n", b'a;b\n"x;y";2\n1;2\n', b'[{"a": 1}]', b'{"a": 1}\n{"a": 2}', parquet({"a": [1]}), xlsx({}))
    passed = (b"<a/>", b"a: 1\nb: 2\n", b"hello, world\n", b"@prefix a: <b> .\n", b"\x89PNG\r\n", b"\0\1,\3\n\0,")
    assert [is_table(Document("d", data)) for data in taken] == [True] * len(taken)
    assert [is_table(Document("d", data)) for data in passed] == [False] * len(passed)
    assert is_table(Document("one.csv", b"name\nMail\n")), "a single column, by its name"


def test_tables_come_last_and_take_nothing_from_other_formats() -> None:
    assert [one.name for one in FORMATS][-2:] == ["tables", "sql"]
    seen = 0
    for path in sorted((ROOT / "tests" / "data").rglob("*")) + sorted((ROOT / "examples").rglob("*.ttl")):
        if path.suffix not in (".toml", ".txt", ".md") and path.is_file() and path.stat().st_size:
            document = Document(path.name, path.read_bytes())
            first = next((one.name for one in FORMATS if one.sniff(document)), "")
            seen += first not in ("", "tables")
            if path.suffix in (".ttl", ".xml", ".archimate", ".nt", ".yaml", ".yml"):
                assert not is_table(document), path
    assert seen > 20


def test_a_folder_of_another_format_may_hold_tables_too(tmp_path: Path) -> None:
    put(tmp_path / "model.ttl", b"<urn:a> a <https://w3id.org/itsm-ontology/itsm#Server> .")
    put(tmp_path / "notes.csv", b"a,b\n1,2\n")
    model = load(tmp_path)
    assert (model.report.format, model.report.read["file"], model.report.used["file"]) == ("turtle", 2, 1)


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match=r"pip install 'itsm-ontology\[parquet\]'"):
        load(b"PAR1" + b"\0" * 40, mapping=ONE)
    monkeypatch.setitem(sys.modules, "narwhals", None)
    with pytest.raises(InputError, match=r"pip install 'itsm-ontology\[frames\]'"):
        load(pandas.DataFrame({"id": [1]}), mapping=ONE)


def test_mappings_may_be_yaml_and_are_checked_alone() -> None:
    yaml = b"system: one\ntables:\n  t: {key: id, class: c}\nclasses:\n  c: {kinds: [Software], reason: r}\n"
    assert read_mapping(Document("m.yaml", yaml)).tables["t"].key == ("id",)
