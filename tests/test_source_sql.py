"""Databases, read by a mapping: nothing is written, nothing secret is shown, and rows are streamed."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import event
from sqlalchemy.pool import StaticPool

from itsm_ontology import InputError, load
from itsm_ontology.sources import sql
from itsm_ontology.sources.sql import open_database, without_password

MAPPING = b"""
system = "db"
[tables.servers]
key = "id"
class = "server"
joins = [{ table = "sites", on = { site = "code" }, columns = { city = "site city" } }]
[tables.apps]
from = "app list"
key = ["id", "order"]
class = "app"
[tables.runs]
link = "runs on"
source = { column = ["app", "nr"], to = "apps" }
target = { column = "server", to = "servers" }
[classes.server]
kinds = ["Server"]
reason = "r"
fields.name = { label = true }
fields."site city" = { keep = true }
[classes.app]
kinds = ["Software"]
reason = "r"
fields.order = { label = true }
[[links."runs on"]]
facts = [{ relation = "runsOn" }]
reason = "r"
"""
SCRIPT = """
create table servers (id integer primary key, name text, site text, secret text, dump blob);
insert into servers values (1, 'web01', 'A', 'x', x'00ff'), (2, 'db01', null, null, null);
create table sites (code text, city text);
insert into sites values ('A', 'Amsterdam');
create table "app list" (id text, "order" integer);
insert into "app list" values ('p', 1), ('p', 2), (null, 3);
create view runs as select 'p' as app, 1 as nr, 1 as server union all select 'p', 2, 9;
create table users (id integer);
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "cmdb.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(SCRIPT)
    connection.close()
    return path


@pytest.fixture
def engine(database: Path) -> Iterator[sqlalchemy.Engine]:
    found = sqlalchemy.create_engine(f"sqlite:///{database}")
    yield found
    found.dispose()


def test_a_database_is_read_by_url_path_engine_and_connection(database: Path, engine: sqlalchemy.Engine) -> None:
    with engine.connect() as connection:
        models = [
            load(source, mapping=MAPPING)
            for source in (f"sqlite:///{database}", str(database), database, engine, connection)
        ]
        assert not connection.in_transaction()
    wanted = {"servers/1", "servers/2", "servers/9", "apps/p/1", "apps/p/2"}
    for model in models:
        assert {element.removeprefix("urn:db:") for element in model.elements} == wanted
        assert model.report.format == "sql"
        assert model.label("urn:db:servers/1") == "web01"
        assert model.label("urn:db:apps/p/2") == "2"
        facts = {(str(s), str(p).rpartition("#")[2], str(o)) for s, p, o in model.graph}
        assert ("urn:db:apps/p/1", "runsOn", "urn:db:servers/1") in facts
        assert ("urn:db:apps/p/2", "runsOn", "urn:db:servers/9") in facts
        assert "Amsterdam" in {o for s, _, o in facts if s == "urn:db:servers/1"}
        assert model.report.read == {"table": 1, "server": 2, "app": 3, "runs on": 2}
        assert [(x.what, x.reason) for x in model.report.left] == [
            ("app", "its key is empty"), ("table", "the mapping does not name it")
        ]  # fmt: skip
        fields = {(x.type, x.field): (x.read, x.used) for x in model.report.fields}
        assert fields["server", "secret"] == (1, 0)
        assert fields["server", "dump"] == (1, 0)


def test_only_selects_are_sent_and_unnamed_columns_stay_where_they_are(engine: sqlalchemy.Engine) -> None:
    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *arguments: sent.append(arguments[2]))
    load(engine, mapping=MAPPING)
    assert len(sent) > 5
    assert {line.split()[0] for line in sent} <= {"SELECT", "PRAGMA"}, "PRAGMA is how SQLite is asked for its tables"
    (rows,) = [line for line in sent if "FROM servers" in line and "LIMIT" not in line]
    assert "CASE WHEN (secret IS NULL)" in rows
    assert 'FROM "app list"' in " ".join(sent)


def test_rows_are_fetched_in_batches(engine: sqlalchemy.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("with recursive n(i) as (select 10 union all select i + 1 from n where i < 3009) "
                                   "insert into servers select i, 's' || i, 'A', null, null from n")  # fmt: skip
    seen: list[int] = []
    fetch = sqlalchemy.engine.cursor.CursorResult.partitions
    monkeypatch.setattr(
        sqlalchemy.engine.cursor.CursorResult,
        "partitions",
        lambda self, size=None: (seen.append(len(batch)) or batch for batch in fetch(self, size)),
    )
    assert load(engine, mapping=MAPPING).report.read["server"] == 3002
    assert max(seen) == sql.BATCH
    assert seen.count(sql.BATCH) == 3


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    missing = tmp_path / "nothing.db"
    for source in (
        f"sqlite:///{missing}",
        f"sqlite:///file:{missing}?mode=rwc&uri=true",
        f"sqlite+pysqlite:///{missing}",
    ):
        with pytest.raises(InputError, match="there is no such file"):
            load(source, mapping=MAPPING)
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_opened_read_only(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[sqlite3.Connection] = []
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **named: made.append(connect(*given, **named)) or made[-1])
    before = database.read_bytes()
    with open_database(f"sqlite:///{database}").opened(), pytest.raises(sqlite3.OperationalError, match="readonly"):
        made[0].execute("insert into users values (1)")
    assert database.read_bytes() == before
    assert [path.name for path in database.parent.iterdir()] == ["cmdb.db"]


def test_a_file_that_another_program_writes_to_is_read(database: Path) -> None:
    writer = sqlite3.connect(database)
    writer.execute("pragma journal_mode = wal")
    writer.execute("insert into servers (id, name) values (3, 'new')")
    writer.commit()
    assert load(database, mapping=MAPPING).report.read["server"] == 3
    writer.close()


# ---------------------------------------------------------------------------------------------------------------------
# What is wrong is said, and nothing secret with it


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"app list"', '"app lst"', "there is no table 'app lst'. Did you mean app list?"),
        ('"app list"', '"other.list"', "cmdb.db: there is no schema 'other'. There are: main."),
        ('"app list"', '"main.app lists"', "there is no table 'main.app lists'. Did you mean main.app list or"),
        ("fields.name", "fields.nam", "classes.server: no table has the column 'nam' here. Did you mean name?"),
        ('key = "id"', 'key = "ident"', "tables.servers: no table has the column 'ident' here."),
        ('table = "sites"', 'table = "site"', "there is no table 'site'. Did you mean sites?"),
        ('"id", "order"', '"id; drop table users", "order"', "no table has the column 'id; drop table users'"),
    ],
)  # fmt: skip
def test_names_are_checked(old: str, new: str, said: str, database: Path) -> None:
    with pytest.raises(InputError) as caught:
        load(f"sqlite:///{database}", mapping=MAPPING.decode().replace(old, new).encode())
    assert said in str(caught.value)


def test_a_table_of_another_schema_is_read_by_its_full_name(database: Path) -> None:
    model = load(database, mapping=MAPPING.replace(b'from = "app list"', b'from = "main.app list"'))
    assert model.report.used["app"] == 2


SECRET = "S3cr3t-w0rd"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (f"postgresql+nodriver://me:{SECRET}@localhost:1/cmdb", "no URL of a database that SQLAlchemy knows"),
        (f"nothing://me:{SECRET}@db.example/cmdb?password={SECRET}", "nothing://db.example/cmdb: this is no URL"),
        (f"postgresql://me:{SECRET}@[::1/cmdb", "this is no URL"),
        (f"sqlite:///nowhere.db?password={SECRET}", "there is no such file"),
        (f"mysql+pymysql://me:{SECRET}@localhost:1/cmdb", "mysql+pymysql://localhost:1/cmdb: the driver"),
    ],
)
def test_no_password_is_shown(url: str, said: str) -> None:
    for name in (None, url):
        with pytest.raises(InputError) as caught:
            load(url, mapping=MAPPING, name=name)
        text = f"{caught.value} {caught.value.__cause__} {caught.value.source} {caught.value.record}"
        assert said in text
        assert SECRET not in text


def test_what_a_driver_says_is_one_error_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise sqlite3.OperationalError(f"could not connect: password={SECRET} host=x\nto postgresql://me:{SECRET}@h/x")

    engine = sqlalchemy.create_engine("sqlite://", creator=fail)
    with pytest.raises(InputError, match="the database answers: could not connect: password=… host=x") as caught:
        load(engine, mapping=MAPPING)
    assert SECRET not in str(caught.value)


def test_the_name_in_reports_has_no_password(engine: sqlalchemy.Engine) -> None:
    url = f"postgresql+psycopg://me:{SECRET}@db.example:5432/cmdb?sslmode=require&password={SECRET}"
    assert without_password(url) == "postgresql+psycopg://db.example:5432/cmdb"
    source = open_database(engine, name=url)
    assert source is not None
    assert source.name == "postgresql+psycopg://db.example:5432/cmdb"


def test_a_row_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "bad.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(SCRIPT)
        connection.execute("insert into servers (id, name) values (7, cast(x'ff' as text))")
    connection.close()
    with pytest.raises(InputError, match=r"bad.db, table servers: the database answers: Could not decode to UTF-8"):
        load(path, mapping=MAPPING)
    (tmp_path / "cut.db").write_bytes(path.read_bytes()[:5000])
    with pytest.raises(InputError, match="the database answers"):
        load(tmp_path / "cut.db", mapping=MAPPING)


def test_a_database_in_memory_can_be_given_as_an_engine() -> None:
    engine = sqlalchemy.create_engine("sqlite://", poolclass=StaticPool)
    with engine.begin() as connection:
        for line in SCRIPT.strip().split(";\n"):
            connection.exec_driver_sql(line.rstrip(";"))
    assert load(engine, mapping=MAPPING).report.used["server"] == 2
    with engine.begin() as connection:
        load(connection, mapping=MAPPING)
        assert connection.in_transaction(), "a transaction that was there is left open"
    engine.dispose()


def test_a_pipe_is_not_looked_into(tmp_path: Path) -> None:
    """What would be read of it is gone for whoever reads it next."""
    os.mkfifo(tmp_path / "pipe")
    assert open_database(tmp_path / "pipe") is None


def test_other_addresses_are_no_databases(tmp_path: Path) -> None:
    for source in ("https://example.org/cmdb", "cmdb.csv", tmp_path, b"sqlite://", 7):
        assert open_database(source) is None
    assert "sqlalchemy" in sys.modules
