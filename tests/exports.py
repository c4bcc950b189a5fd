"""What the tests of readers of exports share: what a model says, by short names, and what bad input must come to."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from conftest import ROOT
from pyoxigraph import Literal, NamedNode

from itsm_ontology import InputError, Model, load
from itsm_ontology.document import open_document
from itsm_ontology.names import ITSM, RDF_TYPE, RDFS, local_name
from itsm_ontology.sources.formats import FORMATS

SAMPLES = ROOT / "tests" / "data" / "sources"


def facts(model: Model, base: str) -> set[str]:
    """The facts between elements, `subject relation object`, by keys and local names."""
    return {
        f"{_key(model, subject, base)} {local_name(relation)} {_key(model, object_, base)}"
        for relation, pairs in model.facts.pairs.items()
        if relation.startswith(ITSM)
        for subject, object_ in pairs
        if isinstance(model.facts.terms[object_], NamedNode)
    }


def values(model: Model, base: str) -> set[str]:
    """The values that elements have, `subject relation value`; what is kept has the name of its field."""
    return {
        f"{_key(model, subject, base)} {_short(relation)} {model.facts.terms[object_].value}"
        for relation, pairs in model.facts.pairs.items()
        if relation != RDFS.label
        for subject, object_ in pairs
        if isinstance(model.facts.terms[object_], Literal)
    }


def _short(relation: str) -> str:
    return unquote(relation.partition(":field:")[2]) or local_name(relation)


def things(model: Model, base: str) -> dict[str, tuple[str, str]]:
    """Each element's key: its kinds, and what it is called; both joined by commas."""
    kinds: dict[int, list[str]] = {}
    for subject, kind in model.facts.pairs.get(RDF_TYPE, ()):
        kinds.setdefault(subject, []).append(local_name(model.facts.terms[kind].value))
    return {
        _key(model, node, base): (",".join(sorted(kinds.get(node, ()))), ",".join(sorted(said)))
        for node, said in model.facts.declared.items()
    }


def labels(model: Model, base: str) -> dict[str, str]:
    """Each element's key: its name."""
    pairs = model.facts.pairs.get(RDFS.label, ())
    return {_key(model, subject, base): model.facts.terms[name].value for subject, name in pairs}


def _key(model: Model, node: int, base: str) -> str:
    return model.facts.terms[node].value.removeprefix(base)


def adds_up(model: Model) -> None:
    """What was read is what was used and what was left, of records and of fields."""
    report = model.report
    settled = Counter(report.used)
    for item in report.left:
        assert item.reason
        settled[item.what] += item.count
    assert settled == Counter(report.read)
    assert report.fields
    for field in report.fields:
        assert field.read == field.used + sum(field.left.values())
        assert all(field.left)


def read_of(model: Model) -> dict[str, int]:
    """Class to how many there were."""
    return dict(model.report.read)


def fields_of(model: Model, type_: str) -> dict[str, tuple[int, int]]:
    """Field to how many values were read, and how many became facts."""
    return {item.field: (item.read, item.used) for item in model.report.fields if item.type == type_}


def left_of(model: Model, type_: str) -> dict[str, int]:
    """Reason to how many were left for it."""
    return {item.reason: item.count for item in model.report.left if item.what == type_}


def settles(data: bytes, format_: str) -> bool:
    """Tell whether data load; they may be refused, and nothing else may happen."""
    try:
        load(data, format=format_, name="x")
    except InputError:
        return False
    return True


def cuts(data: bytes, number: int = 25) -> Iterator[bytes]:
    """The beginnings of a file, of many lengths."""
    for part in range(1, number):
        yield data[: len(data) * part // number]


WRONG: tuple[Any, ...] = (None, 7, "", "text", [], {}, [None], [7], ["text"], {"a": None}, True)


def spoiled(tree: Any) -> Iterator[Any]:
    """Copies of nested values, with something else in the place of each value in turn."""
    for path in _paths(tree):
        for wrong in WRONG:
            whole = copy.deepcopy(tree)
            at = whole
            for step in path[:-1]:
                at = at[step]
            at[path[-1]] = wrong
            yield whole


def _paths(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, value in steps:
        yield (*path, step)
        yield from _paths(value, (*path, step))


def formats_of(path: Path) -> list[str]:
    """The formats that take a file for their own, but those that need a mapping of one's own."""
    document = open_document(path)
    return [one.name for one in FORMATS if one.sniff(document) and not one.needs_mapping]


def samples_of_others(*mine: str) -> Iterator[Path]:
    """The samples of other formats."""
    for path in sorted(SAMPLES.rglob("*")):
        if path.is_file() and path.relative_to(SAMPLES).parts[0] not in mine and path.stat().st_size:
            yield path
