"""Databases as tables, through SQLAlchemy: only SELECTs are sent, rows are streamed, and no password is ever shown."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from ..document import Document
from ..errors import InputError, near_matches
from .table import Row, Table, Tables, TableSource, checked_header, no_table

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine, Executable, FromClause, Select

NAME = "sql"
BATCH = 1000
"""So many rows are fetched at a time."""
_IS_URL = re.compile(r"[A-Za-z][A-Za-z0-9+_.-]*://")
_NOT_DATABASES = ("http", "https", "ftp", "file")
_SQLITE = b"SQLite format 3\0"
_IN_ALL_TABLES = "SELECT table_schema, table_name FROM information_schema.tables ORDER BY 1, 2"


def is_no_document(_: Document) -> bool:
    """Say of every document that it is no database: one is opened where it is, not read whole."""
    return False


def open_database(source: object, name: str | None = None) -> TableSource | None:
    """Give a database as tables: by its URL, by the path of an SQLite file, an engine or a connection.

    Args:
        source: what may be one of them.
        name: what to call it; by default what it is reached by, without user and password.

    Returns:
        The database, not yet connected to; None if it is none.

    Raises:
        InputError: if it is a URL that SQLAlchemy can't read, or whose driver is not installed.
    """
    found = _opener(source)
    if found is None:
        return None
    label, opened = found
    return TableSource(without_password(name) if name else label, NAME, opened)


_Opener = Callable[[], AbstractContextManager[Tables]]


def _opener(source: object) -> tuple[str, _Opener] | None:
    if isinstance(source, str) and (scheme := _IS_URL.match(source)):
        return None if scheme[0].lower().rstrip("/:") in _NOT_DATABASES else _by_url(source)
    if isinstance(source, (str, os.PathLike)) and _is_sqlite(source):
        return os.fspath(source), partial(_sqlite, os.fspath(source))
    if "sqlalchemy" in sys.modules:
        from sqlalchemy import Connection, Engine

        if isinstance(source, Engine):
            return _shown(source.url), partial(_by_engine, source)
        if isinstance(source, Connection):
            return _shown(source.engine.url), partial(_by_connection, source)
    return None


def without_password(url: str) -> str:
    """Give a database's URL as it may be shown: without user, password and what follows a question mark.

    Example:
        >>> without_password("postgresql://me:secret@db.example/cmdb?sslpassword=x"), without_password("cmdb.csv")
        ('postgresql://db.example/cmdb', 'cmdb.csv')
    """
    found = _IS_URL.match(url)
    if not found:
        return url
    rest = url[found.end() :].partition("?")[0]
    return found[0] + rest.rpartition("@")[2]


def _is_sqlite(path: str | os.PathLike[str]) -> bool:
    try:
        if not os.path.isfile(path):  # a pipe is not looked into: what is read of it is gone
            return False
        with open(path, "rb") as stream:
            return stream.read(len(_SQLITE)) == _SQLITE
    except (OSError, ValueError):
        return False


def _shown(url: URL) -> str:
    return without_password(url.render_as_string(hide_password=True))


def _by_url(text: str) -> tuple[str, _Opener]:
    from sqlalchemy import make_url
    from sqlalchemy.exc import SQLAlchemyError

    name = without_password(text)
    try:
        url = make_url(text)
        url.get_dialect()
    except (SQLAlchemyError, ValueError):
        raise InputError(
            "this is no URL of a database that SQLAlchemy knows.",
            source=name,
            repair="Expected something like sqlite:///cmdb.db or postgresql+psycopg://USER@HOST/NAME; "
            "a dialect that SQLAlchemy doesn't bring has to be installed.",
        ) from None
    except ImportError as error:
        raise _no_driver(name, error) from None
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        return name, partial(_sqlite, url.database)
    return name, partial(_by_own_engine, url, name)


def _no_driver(name: str, error: ImportError) -> InputError:
    module = f" {error.name}" if error.name else ""
    return InputError(f"the driver{module} of this database is not installed.", source=name, repair="Install it.")


# --------------------------------------------------------------------------------------------------------------------
# Connections

_SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "duckdb": {"connect_args": {"read_only": True}},  # or a file that is missing would be made
    "postgresql": {"isolation_level": "REPEATABLE READ", "execution_options": {"postgresql_readonly": True}},
}
"""What makes a database read-only, and all its tables be read as they are at one moment."""


@contextmanager
def _sqlite(database: str) -> Iterator[Tables]:
    """Open an SQLite file so that it can only be read, and isn't made where it is missing."""
    import sqlite3

    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    path = database.removeprefix("file:").partition("?")[0] if database.startswith("file:") else database
    path = unquote(path) if database.startswith("file:") else path
    if not Path(path).is_file():
        raise InputError("there is no such file.", source=path, repair="A database that is missing is not made.")

    def connect() -> sqlite3.Connection:
        made = sqlite3.connect(f"file:{quote(str(Path(path).absolute()))}?mode=ro", uri=True, isolation_level=None)
        made.execute("PRAGMA trusted_schema = OFF")
        made.execute("PRAGMA query_only = ON")
        made.execute("BEGIN")  # so that all tables are read as they are at one moment
        return made

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool)
    with _disposed(engine), _connected(engine.connect, path) as connection:
        yield _tables(connection, path)


@contextmanager
def _by_own_engine(url: URL, name: str) -> Iterator[Tables]:
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    try:
        engine = create_engine(
            url, poolclass=NullPool, hide_parameters=True, **_SETTINGS.get(url.get_backend_name(), {})
        )
    except ImportError as error:
        raise _no_driver(name, error) from None
    except Exception as error:  # whatever a dialect says of a URL that lacks something
        raise _failed(name, error) from None
    with _disposed(engine), _connected(engine.connect, name) as connection:
        yield _tables(connection, name)


@contextmanager
def _by_engine(engine: Engine) -> Iterator[Tables]:
    name = _shown(engine.url)
    with _connected(engine.connect, name) as connection:
        yield _tables(connection, name)


@contextmanager
def _by_connection(connection: Connection) -> Iterator[Tables]:
    begun = connection.in_transaction()
    try:
        yield _tables(connection, _shown(connection.engine.url))
    finally:
        if not begun:
            connection.rollback()


@contextmanager
def _disposed(engine: Engine) -> Iterator[None]:
    try:
        yield
    finally:
        engine.dispose()


@contextmanager
def _connected(connect: Callable[[], AbstractContextManager[Connection]], name: str) -> Iterator[Connection]:
    """Connect; nothing is ever committed."""
    with ExitStack() as stack:
        with _told(name):
            connection = stack.enter_context(connect())
        yield connection


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Say what a driver says as one error of this library."""
    try:
        yield
    except InputError as error:
        raise (error if error.source else InputError(error.problem, source=name, repair=error.repair)) from None
    except Exception as error:  # drivers raise more than SQLAlchemy wraps
        raise _failed(name, error) from None


_SECRET = re.compile(r"(?i)((?:password|passwd|pwd|secret|token)\s*[=:]\s*)('[^']*'|\"[^\"]*\"|[^\s;,&]+)|://[^\s/@]+@")


def _failed(name: str, error: Exception) -> InputError:
    said = getattr(error, "orig", None) or error
    text = " ".join(_SECRET.sub(lambda found: f"{found[1]}…" if found[1] else "://", str(said)).split())
    return InputError(f"the database answers: {text[:300]}", source=name)


# --------------------------------------------------------------------------------------------------------------------
# Tables


def _tables(connection: Connection, name: str) -> Tables:
    with _told(name):
        names = _names(connection)
    return Tables(name, names, partial(_table, connection, name, names))


def _names(connection: Connection, schema: str | None = None) -> tuple[str, ...]:
    """Give the names of the tables and views in a schema, by default that of the connection."""
    from sqlalchemy import inspect, text

    if connection.dialect.name == "duckdb":  # whose dialect for SQLAlchemy doesn't reflect
        found = [(str(where), str(table)) for where, table in connection.execute(text(_IN_ALL_TABLES))]
        _check_schema(schema, {where for where, _ in found})
        return tuple(table for where, table in found if where == (schema or "main"))
    inspector = inspect(connection)
    if schema:
        _check_schema(schema, inspector.get_schema_names())
    return tuple(sorted({*inspector.get_table_names(schema), *inspector.get_view_names(schema)}))


def _check_schema(schema: str | None, known: Collection[str]) -> None:
    if schema and schema not in known:
        near = near_matches(schema, known)
        repair = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(sorted(known)[:10])}."
        raise InputError(f"there is no schema {schema!r}.", repair=repair)


def _table(connection: Connection, name: str, names: tuple[str, ...], wanted: str) -> Table:
    from sqlalchemy import literal_column, select, table

    schema, _, bare = wanted.rpartition(".") if wanted not in names else ("", "", wanted)
    with _told(name):
        known = _names(connection, schema) if schema else names
        if bare not in known:
            raise no_table(wanted, [f"{schema}.{one}" for one in known] if schema and known else names, name)
        place = table(bare, schema=schema or None)
        none: Select[Any] = select(literal_column("*")).select_from(place).limit(0)
        with connection.execute(none) as found:
            columns = tuple(map(str, found.keys()))
    label = f"{name}, table {wanted}"
    return Table(bare, checked_header(columns, label), partial(_rows, connection, place, columns, label), label)


def _rows(
    connection: Connection, place: FromClause, columns: tuple[str, ...], label: str, wanted: Collection[str]
) -> Iterator[Row]:
    """Give the rows; of columns that are not wanted the database only says whether they have a value."""
    from sqlalchemy import case, column, null, select

    cells = [
        column(one) if one in wanted else case((column(one).is_(null()), null()), else_=1).label(f"has_{number}")
        for number, one in enumerate(columns)
    ]
    with _told(label):
        for row in _streamed(connection, select(*cells).select_from(place)):
            yield 0, row


def _streamed(connection: Connection, statement: Executable) -> Iterator[Any]:
    with connection.execute(statement.execution_options(yield_per=BATCH)) as found:
        for batch in found.partitions():
            yield from batch
