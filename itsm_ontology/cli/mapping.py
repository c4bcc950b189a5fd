"""The command `map`: `map init` drafts a mapping for tables, `map check` shows what one makes of a source."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pyoxigraph import Literal

from ..analysis.tabular import aligned, counted
from ..document import open_document
from ..errors import InputError
from ..model import Model
from ..names import DCTERMS, RDF_TYPE, RDFS, shorten
from ..sources import load
from ..sources.mapping import SourceMapping
from ..sources.mapping_file import read_mapping
from ..sources.tables import tables_at
from ..sources.tables.draft import draft
from .arguments_common import NAME, Command, formats
from .handling import Answer, screen_of
from .output import Screen

_NAMES = {RDF_TYPE: "is", RDFS.label: "label", DCTERMS.description: "description"}


def _arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("action", metavar="ACTION", choices=tuple(_ACTIONS), help="init or check")
    command.add_argument(
        "source",
        metavar="SOURCE",
        help="a file, a folder of files, or the URL of a database, such as sqlite:///cmdb.db",
    )
    command.add_argument("--output", metavar="FILE", help="init: write the draft into this new file")
    command.add_argument("--mapping", metavar="FILE", help="check: the mapping")
    command.add_argument("--input-format", metavar="NAME", help=f"check: the format, as `{NAME} sources` lists them")
    command.add_argument(
        "--records",
        type=_number,
        default=3,
        metavar="N",
        help="check: so many records are shown (default: %(default)s)",
    )
    formats(command, ("text", "json"))


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"{text!r} is no number")
    return int(text)


def _init(options: argparse.Namespace) -> Answer:
    source = tables_at(options.source)
    with source.opened() as tables:
        text = draft(tables, named=source.format == "sql")
    if not options.output:
        return Answer([screen_of(options).clean(text)])
    try:
        with Path(options.output).open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise InputError(
            "this is there already, and is not written over.", source=options.output, repair="Name another --output."
        ) from None
    return Answer([f"{options.output}: a draft; fill in what is to be said\n"])


def _check(options: argparse.Namespace) -> Answer:
    if not options.mapping:
        raise InputError("map check needs a mapping.", repair=f"Say --mapping FILE; `{NAME} map init` drafts one.")
    mapping = read_mapping(open_document(options.mapping))
    model = load(options.source, format=options.input_format, mapping=options.mapping)
    screen = screen_of(options)
    told = {
        "source": model.report.source,
        "format": model.report.format,
        "rows": model.report.to_records(),
        "unused": [f"{type_}.{name}" for type_, name in _unused(model, mapping)],
        "notes": list(model.report.notes),
        "records": [_record(model, element) for element in _first(model, options.records)],
    }
    return Answer([screen.json(told) + "\n"] if options.format == "json" else [_shown(told, model, screen)])


def _unused(model: Model, mapping: SourceMapping) -> Iterator[tuple[str, str]]:
    """Give the fields of classes that were read, and of classes that these are like, that no record has a value in."""
    met = {(count.type, count.field) for count in model.report.fields}
    used: dict[tuple[str, str], bool] = {}
    for type_ in filter(model.report.read.get, mapping.classes):
        for name, rule in mapping.fields_of(type_).items():
            if not rule.stem:
                said_of = [one for one in mapping.lineage(type_) if mapping.fields_of(one).get(name) == rule][-1]
                used[said_of, name] = (type_, name) in met or used.get((said_of, name), False)
    yield from sorted(field for field, has_value in used.items() if not has_value)


def _first(model: Model, number: int) -> list[str]:
    """Give the first elements of each class, so that each is shown before another is shown twice."""
    by_type: dict[str, list[str]] = {}
    for element in model.elements:
        for declaration in model.declarations(element)[:1]:
            by_type.setdefault(declaration, []).append(element)
    longest = max(map(len, by_type.values()), default=0)
    return [found[at] for at in range(longest) for found in by_type.values() if at < len(found)][:number]


def _record(model: Model, element: str) -> dict[str, Any]:
    """Give what the mapping made of a record."""
    facts = model.facts
    node = model.node(element)
    said = [
        (_NAMES.get(relation, shorten(relation)), _value(model, facts.terms[value]))
        for relation, values in facts.forwards.items()
        for value in values.get(node, ())
    ]
    back = [
        (f"{shorten(relation)} of", _value(model, facts.terms[subject]))
        for relation, subjects in facts.backwards.items()
        for subject in subjects.get(node, ())
    ]
    return {"iri": element, "declared": list(model.declarations(element)), "facts": sorted([*said, *back], key=_place)}


def _place(fact: tuple[str, str]) -> tuple[bool, str, str]:
    """Give where a fact stands: what a thing is and is called comes first."""
    name, value = fact
    return name not in _NAMES.values(), name, value


def _value(model: Model, term: Any) -> str:
    if isinstance(term, Literal):
        return term.value
    short = shorten(term.value)
    label = model.label(term.value) if short == term.value else ""
    return f"{short} ({label})" if label and not term.value.endswith(label) else short


def _shown(told: Mapping[str, Any], model: Model, screen: Screen) -> str:
    rows = [
        (row["class"], row["field"] or "(records)", row["read"], row["used"], row["left"], "; ".join(row["why"]))
        for row in told["rows"]
    ]
    lines = [model.report.summary, "", aligned(("class", "field", "read", "used", "left", "why"), rows), ""]
    if told["unused"]:
        lines.append(
            f"{counted(len(told['unused']), 'field')} of the mapping without a value: {', '.join(told['unused'])}"
        )
    lines += told["notes"]
    if any("without a kind" in note for note in told["notes"]):
        lines.append(f"Kinds, relations and attributes to say more with: {NAME} vocabulary")
    for record in told["records"]:
        lines += ["", f"{record['iri']}  {', '.join(record['declared'])}"]
        lines += [f"  {name}  {value}" for name, value in record["facts"]]
    return screen.clean("\n".join(lines).rstrip() + "\n")


_ACTIONS: Mapping[str, Callable[[argparse.Namespace], Answer]] = {"init": _init, "check": _check}


def _answer(options: argparse.Namespace) -> Answer:
    return _ACTIONS[options.action](options)


COMMANDS: Mapping[str, Command] = {
    "map": Command(
        "draft a mapping for tables of your own, or show what one makes of a source",
        _arguments,
        ("init cmdb.csv --output cmdb.toml", "check cmdb.csv --mapping cmdb.toml", "init sqlite:///cmdb.db"),
    )
}
HANDLERS: Mapping[str, Callable[[argparse.Namespace], Answer]] = {"map": _answer}
