"""What tests of readers ask of a model, and how they spoil a sample."""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyoxigraph import Literal

from itsm_ontology.document import Document, open_document
from itsm_ontology.errors import InputError
from itsm_ontology.model import Model
from itsm_ontology.names import RDF_TYPE, local_name
from itsm_ontology.sources import load
from itsm_ontology.sources.formats import FORMATS

SAMPLES = Path(__file__).parent / "data" / "sources"
BAD: tuple[Any, ...] = (None, True, 7, -1.5, "x", "", [], {}, [None], [[]], {"id": 1}, {"url": 3}, ["a", "b"], "\u0000")


def related(model: Model, base: str) -> set[tuple[str, str, str]]:
    """Every fact between elements: relation, subject and object by their keys."""
    facts = model.facts
    return {
        (local_name(relation), *(facts.terms[node].value.removeprefix(base) for node in pair))
        for relation, pairs in facts.pairs.items()
        for pair in pairs
        if relation != RDF_TYPE and not isinstance(facts.terms[pair[1]], Literal)
    }


def kinds(model: Model, iri: str) -> set[str]:
    return {local_name(kind) for kind in model.kinds(iri)}


def values(model: Model, iri: str, relation: str) -> list[str]:
    facts = model.facts
    node = next(node for term, node in facts.nodes.items() if term.value == iri)
    return [facts.terms[value].value for value in facts.forwards.get(relation, {}).get(node, ())]


def adds_up(model: Model) -> None:
    """Hold what was read against what was used and left, class by class and field by field."""
    report = model.report
    left: Counter[str] = Counter()
    for item in report.left:
        left[item.what] += item.count
    assert {what: report.used.get(what, 0) + left[what] for what in report.read} == dict(report.read)
    assert report.fields
    assert all(count.read == count.used + sum(count.left.values()) for count in report.fields)


def format_of(document: Document) -> str:
    return next((one.name for one in FORMATS if one.sniff(document)), "")


def foreign_samples(*own: str) -> list[Document]:
    """The samples of all formats but one's own."""
    paths = [path for path in SAMPLES.parent.rglob("*") if path.is_file() and path.stat().st_size]
    return [open_document(path) for path in sorted(paths) if not {*own} & {*path.parts}]


def loads_or_says_why(data: bytes, format_: str, name: str) -> bool:
    """Load something that may be spoilt; an InputError is the only other way out."""
    try:
        load(data, format=format_, name=name)
    except InputError as error:
        problem = str(error)
    else:
        return True
    assert problem
    assert "\n" not in problem
    return False


def cut(data: bytes, pieces: int) -> Iterator[bytes]:
    """Give the beginnings of a file."""
    return (data[: len(data) * piece // pieces] for piece in range(1, pieces))


def spoiled(value: Any, count: int) -> Iterator[bytes]:
    """Give copies of a JSON value, each with one value in it, chosen by a fixed seed, replaced by a wrong one."""
    chance = random.Random(7)
    paths = list(_paths(value))
    for _ in range(count):
        path = chance.choice(paths)
        twin = copy.deepcopy(value)
        holder = twin
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = copy.deepcopy(chance.choice(BAD))
        yield json.dumps(twin).encode()


def _paths(value: Any) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (key,)
        yield from ((key, *path) for path in _paths(item))
