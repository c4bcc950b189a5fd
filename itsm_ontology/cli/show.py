"""What `show` writes for people: any one thing of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..evidence import EVIDENCE
from .output import Screen, cell, wrapped
from .telling import MARKS


def shown(thing: dict[str, Any], screen: Screen) -> str:
    """Write what `told` tells, for people."""
    return screen.clean("\n".join(_WRITERS[thing["sort"]](thing, screen.width))) + "\n"


def _definition_lines(thing: dict[str, Any], width: int) -> Iterator[str]:
    mark = thing["evidence"]
    yield wrapped(f"{thing['label']}  ({thing['definition']})", width)
    yield wrapped(thing["text"], width, "  ")
    yield from _section("Said of", [", ".join(thing["applies_to"])], width)
    yield from _section("Sources", [_source_text(source) for source in thing["sources"]], width)
    if mark and any(source["evidence"] != mark for source in thing["sources"] or [{"evidence": ""}]):
        yield f"  As a whole: {EVIDENCE[mark]} [{mark}]."
    if thing["informal"]:
        yield from _section("No testable condition", [thing["informal"]], width)
    yield from _conditions("Something is one if", [c for c in thing["conditions"] if c["decides"]], width)
    yield from _conditions(
        "It should besides (does not decide)", [c for c in thing["conditions"] if not c["decides"]], width
    )
    yield from _section(
        "Not tested", [f"{item['clause']} Why: {item['reason']}" for item in thing["not_tested"]], width
    )
    if "necessary only" in thing["remarks"]:
        yield "  So meeting the rest means that nothing speaks against it, not yet that it is one."
    if thing["reference_only"]:
        yield from _section("Evaluated by the reference engine only", [thing["reference_only"]], width)
    yield from _section("Notes and readings", thing["notes"], width)
    yield from _section("Held by", [f"{held['label']} ({held['framework']})" for held in thing["held_by"]], width)
    if thing["identity"]:
        yield from _section("The same one as long as these stay the same", [", ".join(thing["identity"])], width)
    yield from _section("Disputed", map(_dispute_text, thing["disputes"]), width)
    yield from _section("Examples", [_example_text(example) for example in thing["examples"]], width)


def _conditions(title: str, conditions: Sequence[dict[str, Any]], width: int) -> Iterator[str]:
    if conditions:
        yield f"\n{title}"
    for condition in conditions:
        yield wrapped(condition["sentence"], width, "  - ", "    ")
        yield wrapped(f"{condition['constraint']}: {condition['message']}", width, "      ", "        ")


def _section(title: str, items: Iterable[str], width: int) -> Iterator[str]:
    lines = [wrapped(item, width, "  - ", "    ") for item in items if item]
    if lines:
        yield from (f"\n{title}", *lines)


def _source_text(source: dict[str, str]) -> str:
    parts = [part for part in (source["work"], source["locator"]) if part]
    mark = f" [{source['evidence']}: {EVIDENCE[source['evidence']]}]" if source["evidence"] else ""
    return f"{', '.join(parts)}{mark} {source['url']}".rstrip()


def _example_text(example: dict[str, Any]) -> str:
    does = "meets it" if example["meets"] else f"breaks {', '.join(example['breaks'])}"
    expected = f" ({example['expects']})" if example["expects"] else ""
    return f"{example['label']}: {does}{expected}"


def _framework_lines(thing: dict[str, Any], width: int) -> Iterator[str]:
    yield wrapped(f"{thing['label']}  ({thing['framework']})", width)
    facts = [thing["kind"], thing["edition"], f"issued {thing['issued']}" if thing["issued"] else ""]
    facts.append(f"revises {thing['revision_of']}" if thing["revision_of"] else "")
    yield wrapped("; ".join(fact for fact in facts if fact), width, "  ")
    if thing["about"]:
        yield wrapped(thing["about"], width, "  ")
    yield from _section("Defines", map(_definition_text, thing["definitions"]), width)
    yield from _section("Holds, as others state it", map(_definition_text, thing["holds"]), width)
    yield from _section("Does not define", map(_standing_text, thing["standings"]), width)
    yield from _section("Takes a side in", map(_dispute_text, thing["disputes"]), width)
    yield f"\n{wrapped(MARKS, width)}"


def _term_lines(thing: dict[str, Any], width: int) -> Iterator[str]:
    languages = ", ".join(f"{label} ({language})" for language, label in thing["labels"].items() if language != "en")
    yield f"{thing['label']}  ({thing['term']}){f'; {languages}' if languages else ''}"
    if thing["note"]:
        yield wrapped(thing["note"], width, "  ")
    if thing["broader"]:
        yield f"  One sense of {thing['broader']}."
    if thing["senses"]:
        yield f"  Its senses are terms of their own: {cell(thing['senses'])}."
    yield from _section("Defined by", map(_definition_text, thing["definitions"]), width)
    yield from _section("Not defined by", map(_standing_text, thing["standings"]), width)
    yield f"\n{wrapped(MARKS, width)}"


def _definition_text(row: dict[str, Any]) -> str:
    mark = f" [{row['evidence']}]" if row["evidence"] else ""
    remarks = f" ({cell(row['remarks'])})" if row["remarks"] else ""
    return f"{row['definition']}{mark}{remarks}: {row['text'] or row['label']}"


def _standing_text(standing: dict[str, Any]) -> str:
    mark = f" [{standing['evidence']}]" if standing["evidence"] else ""
    where = "; ".join(_source_text(source) for source in standing["sources"])
    return " ".join(part for part in (f"{standing['sentence']}{mark}", standing["comment"], where) if part)


def _thesis_lines(thing: dict[str, Any], width: int) -> Iterator[str]:
    yield wrapped(f"{thing['label']}  ({thing['thesis']})", width)
    yield wrapped(thing["text"], width, "  ")
    yield from _section("Claims", [thing["sentence"]], width)
    yield from _section("Held by", [_holding_text(held) for held in thing["held_by"]] or ["nobody here"], width)
    yield from _section("Denied by", map(_holding_text, thing["denied_by"]), width)
    yield from _section("Notes and readings", thing["notes"], width)
    yield f"\n{wrapped(MARKS, width)}"


def _holding_text(holding: dict[str, Any]) -> str:
    where = "; ".join(_source_text(source) for source in holding["sources"])
    head = f"{holding['label']} ({holding['framework']}) [{holding['evidence']}]"
    return " ".join(part for part in (f"{head}:", holding["comment"], where) if part)


def _dispute_text(dispute: dict[str, str]) -> str:
    return f"{dispute['dispute']} ({dispute['clash']}): {dispute['label']}"


def _dispute_lines(thing: dict[str, Any], width: int) -> Iterator[str]:
    yield wrapped(f"{thing['label']}  ({thing['dispute']}, {thing['clash']})", width)
    yield wrapped(thing["text"], width, "  ")
    for side, title in zip(thing["sides"], ("One side", "The other side"), strict=True):
        yield from _section(title, [side["text"]], width)
        yield from (wrapped(_holding_text(party), width, "      ", "        ") for party in side["parties"])
        stated = [*side["states"], *side["claims"]]
        if stated:
            yield wrapped(f"stated by {', '.join(stated)}", width, "      ", "        ")
    yield from _section("Why no model shows it", [thing["not_shown"]], width)
    yield from _section("Notes and readings", thing["notes"], width)
    yield f"\n{wrapped(MARKS, width)}"


def _standing_lines(thing: dict[str, Any], width: int) -> Iterator[str]:
    yield wrapped(_standing_text(thing), width)
    yield f"\n{wrapped(MARKS, width)}"


_WRITERS: Mapping[str, Callable[[dict[str, Any], int], Iterator[str]]] = {
    "definition": _definition_lines,
    "framework": _framework_lines,
    "term": _term_lines,
    "thesis": _thesis_lines,
    "dispute": _dispute_lines,
    "standing": _standing_lines,
}
