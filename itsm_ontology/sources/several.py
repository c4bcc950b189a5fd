"""What a load of several sources is told: the sources, and the keys that say when two records are one thing."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..document import Document, Readable
from ..errors import InputError, near_matches
from .syntax.yaml import read_plain_yaml

if TYPE_CHECKING:
    from .table import Attached


@dataclass(frozen=True)
class Source:
    """One source of a load, with what goes with it.

    Attributes:
        source: a path to a file or folder, bytes, a file object, a data frame or several by name, or a database.
        format: the name of its format; None to tell it from the content.
        name: what to call it; None for the file's name.
        mapping: a mapping file to read it by; None for that of its format.
        base: what the IRIs of its elements begin with; None for what the mapping says.

    Example:
        >>> Source("cmdb.json", format="servicenow", name="CMDB").name
        'CMDB'
    """

    source: Readable | Attached
    format: str | None = None
    name: str | None = None
    mapping: Readable | None = field(default=None, repr=False)
    base: str | None = None


@dataclass(frozen=True)
class KeyField:
    """A field that holds a key.

    Attributes:
        of: the name of a source or of a format.
        type: the class that has it; "*" for every class.
        field: the field; "key" for the key of the record itself.
        place: the file that says so, for messages.
    """

    of: str
    type: str
    field: str
    place: str = ""


Keys = Mapping[str, Sequence[KeyField]]
"""The name of a key to the fields that hold it."""


@dataclass(frozen=True)
class Several:
    """What a sources file says.

    Attributes:
        sources: the sources.
        keys: the keys that tell when two records are one thing.
    """

    sources: tuple[Source, ...]
    keys: Keys


def is_several(document: Document) -> bool:
    """Tell whether a document is a sources file: TOML with a list of sources."""
    return document.data[:65_536].lstrip().startswith((b"[[sources]]", b"#", b"[keys")) and b"\n[[sources]]" in (
        b"\n" + document.data[:65_536]
    )


def read_several(document: Document) -> Several:
    r"""Read a sources file.

    Its `[[sources]]` have a `path` (relative to the file), and may have `format`, `name`, `mapping` and `base`; its
    `[keys]` name the fields by which records of several sources are known as one.

    Raises:
        InputError: if it is no such file, or names no source.

    Example:
        >>> several = read_several(Document("all.toml", b'[[sources]]\npath = "cmdb.json"\nname = "CMDB"'))
        >>> several.sources[0].source, several.sources[0].name
        ('cmdb.json', 'CMDB')
    """
    table = _table(document)
    _only(table, ("sources", "keys"), document)
    folder = Path(document.name).parent
    sources = tuple(_source(entry, folder, document) for entry in _list(table.get("sources"), "sources", document))
    return Several(sources, _keys(table.get("keys", {}), document))


def read_keys(document: Document) -> Keys:
    r"""Read the `[keys]` of a file.

    Example:
        >>> text = b'[keys]\nasset = [{ of = "servicenow", field = "asset_tag" }, { of = "hr.csv", field = "Tag" }]'
        >>> read_keys(Document("keys.toml", text))["asset"][1]
        KeyField(of='hr.csv', type='*', field='Tag', place='keys.toml')
    """
    table = _table(document)
    _only(table, ("sources", "keys"), document)
    return _keys(table.get("keys", {}), document)


def identifying(keys: Keys, names: Collection[str]) -> dict[tuple[str, str], list[str]]:
    """Give the fields that hold a key in a source, by class and name, with the names of those keys.

    Args:
        keys: the keys.
        names: the name of the source, and of its format.
    """
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, fields in keys.items():
        for one in fields:
            if one.of in names:
                found[one.type, one.field].append(key)
    return dict(found)


def check_keys(keys: Keys, names: Sequence[str]) -> None:
    """Refuse keys that name no source.

    Args:
        keys: the keys.
        names: the names of the sources and of their formats.

    Raises:
        InputError: with the key.
    """
    for key, fields in keys.items():
        for one in fields:
            if one.of not in names:
                near = near_matches(one.of, names, 1)
                hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(dict.fromkeys(names))}."
                problem = f"no source or format is called {one.of!r}."
                raise InputError(problem, source=one.place, record=f"keys.{key}", repair=hint)


def _table(document: Document) -> dict[str, Any]:
    if document.name.endswith((".yaml", ".yml")):
        found = read_plain_yaml(document)
    else:
        try:
            found = tomllib.loads(document.text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise InputError(f"this is not TOML: {error}.", source=document.name) from None
    return _dict(found, "the file", document)


def _source(entry: Any, folder: Path, document: Document) -> Source:
    known = ("path", "format", "name", "mapping", "base")
    _only(_dict(entry, "sources", document), known, document)
    texts = {key: _text(entry.get(key), f"sources, {key}", document) for key in known if key in entry}
    if "path" not in texts:
        raise _error("a source has no path.", document, "sources", 'Say path = "FILE" or a database URL.')
    path, mapping = texts["path"], texts.get("mapping")
    return Source(
        source=path if "://" in path else str(folder / path),
        format=texts.get("format"),
        name=texts.get("name", path),
        mapping=str(folder / mapping) if mapping else None,
        base=texts.get("base"),
    )


def _keys(entries: Any, document: Document) -> Keys:
    found: dict[str, list[KeyField]] = defaultdict(list)
    for key, fields in _dict(entries, "keys", document).items():
        for one in _list(fields, f"keys.{key}", document):
            _only(_dict(one, f"keys.{key}", document), ("of", "class", "field"), document)
            of, type_, name = (
                _text(one.get(part, default), f"keys.{key}", document)
                for part, default in (("of", None), ("class", "*"), ("field", None))
            )
            found[key].append(KeyField(of, type_, name, document.name))
    return dict(found)


def _only(table: Mapping[str, Any], known: Collection[str], document: Document) -> None:
    for key in table:
        if key not in known:
            near = near_matches(key, known, 1)
            hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(known)}."
            raise _error(f"there is no {key!r} here.", document, key, hint)


def _dict(value: Any, where: str, document: Document) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _error(f"{value!r} is not what is expected here.", document, where, "Expected keys with values.")
    return value


def _list(value: Any, where: str, document: Document) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise _error(f"{value!r} is not what is expected here.", document, where, "Expected a list of one or more.")
    return value


def _text(value: Any, where: str, document: Document) -> str:
    if not isinstance(value, str) or not value:
        raise _error(f"{value!r} is not what is expected here.", document, where, "Expected a text.")
    return value


def _error(problem: str, document: Document, record: str, repair: str) -> InputError:
    return InputError(problem, source=document.name, record=record, repair=repair)
