"""What the command line tells of the catalogue, as data: lists of what it holds, and any one thing in full."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from ..catalogue import Catalogue
from ..definitions import Constraint, Definition, DisputedTerm, Framework, Standing
from ..english import sentence, values_named
from ..errors import UnknownNameError
from ..evidence import EVIDENCE, Source
from ..names import shorten
from ..paths import HERE
from ..sources import FORMATS
from ..theses import Holding, Notion, Quantity, Thesis
from ..vocabulary import vocabulary
from .output import Listing

MARKS = f"Evidence: {', '.join(f'{mark} {meaning}' for mark, meaning in EVIDENCE.items())}."
"""What the evidence marks mean."""
_STANDINGS = {
    "absent": "{framework} does not define {term}.",
    "mentioned": "{framework} uses {term} without defining it.",
    "not seen": "No definition of {term} by {framework} has been seen, which is no proof that there is none.",
}
_CLAIMS = {
    Quantity.EVERY: "Whatever counts as {subject} {claim}.",
    Quantity.NO: "Nothing that counts as {subject} {claim}.",
    Quantity.COINCIDE: "Whatever counts as {subject} {claim}, and the other way round.",
}
Shown = Definition | Framework | DisputedTerm | Thesis
"""What `show` can show."""

# --------------------------------------------------------------------------------------------------------------------
# Lists


def terms(catalogue: Catalogue) -> Listing:
    """List the disputed terms."""
    rows = [
        {
            "term": term.token,
            "label": term.label,
            "definitions": sum(1 for d in catalogue.definitions if d.term == term.token),
            "broader": term.broader,
            "note": term.note,
        }
        for term in sorted(catalogue.terms.values(), key=lambda term: term.token)
    ]
    return Listing(("term", "definitions", "note"), rows)


def frameworks(catalogue: Catalogue) -> Listing:
    """List the frameworks and positions, with the terms that they define."""
    rows = [
        {
            "framework": framework.token,
            "label": framework.label,
            "edition": framework.edition,
            "issued": framework.issued,
            "kind": _words(framework.kind),
            "defines": sorted({d.term for d in catalogue.definitions if d.framework == framework.token}),
        }
        for framework in sorted(catalogue.frameworks.values(), key=lambda framework: framework.token)
    ]
    return Listing(("framework", "label", "defines"), rows)


def definitions(
    catalogue: Catalogue, term_names: Iterable[str] = (), framework_names: Iterable[str] = (), everything: bool = False
) -> Listing:
    """List definitions, of the terms and frameworks named if any are.

    Raises:
        UnknownNameError: if a name is not one.
    """
    wanted = {token for name in term_names for token in catalogue.senses(name)}
    holders = {catalogue.framework(name).token for name in framework_names}
    known = catalogue.all_definitions.values() if everything else catalogue.definitions
    found = [
        d
        for d in sorted(known, key=lambda d: (d.term, d.token))
        if (not wanted or d.term in wanted) and (not holders or holders & {d.framework, *d.held_by})
    ]
    notes = [_standing(catalogue, s) for s in catalogue.standings if s.framework in holders and s.term in wanted]
    if any(d.evidence for d in found):
        notes.append(MARKS)
    return Listing(("definition", "evidence", "label"), [_row(d) for d in found], tuple(notes))


def _row(definition: Definition) -> dict[str, Any]:
    remarks = [
        remark
        for remark, holds in (
            ("serves other definitions", definition.auxiliary),
            ("no testable condition", definition.informal),
            ("reference engine only", definition.only_by_reference),
            ("necessary only", definition.necessary_only),
        )
        if holds
    ]
    return {
        "definition": definition.token,
        "term": definition.term,
        "framework": definition.framework,
        "evidence": definition.evidence,
        "label": definition.label,
        "text": definition.text,
        "remarks": remarks,
    }


def theses(catalogue: Catalogue) -> Listing:
    """List the theses, with who holds and who denies them."""
    rows = [
        {
            "thesis": thesis.token,
            "label": thesis.label,
            "held_by": list(thesis.held_by),
            "denied_by": list(thesis.denied_by),
            "text": thesis.text,
        }
        for thesis in catalogue.theses.values()
    ]
    return Listing(("thesis", "label", "held_by"), rows)


def sources() -> Listing:
    """List the formats that are read."""
    return Listing(("format", "title"), [{"format": known.name, "title": known.title} for known in FORMATS])


def _words(name: str) -> str:
    """Take a name such as `BodyOfKnowledge` apart."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()


# --------------------------------------------------------------------------------------------------------------------
# One thing


def found(catalogue: Catalogue, name: str) -> Shown:
    """Find a definition, a framework, a term or a thesis.

    Raises:
        UnknownNameError, AmbiguousNameError: if it is none, or several.
    """
    if framework := catalogue.frameworks.get(shorten(name)):
        return framework
    with suppress(UnknownNameError):
        return catalogue.term(name)
    if ":" in name:
        return catalogue.definition(name)
    with suppress(UnknownNameError):
        return catalogue.thesis(name)
    known = [*catalogue.frameworks, *catalogue.terms, *catalogue.theses, *catalogue.all_definitions]
    raise UnknownNameError("definition, framework, term or thesis", name, known)


def told(catalogue: Catalogue, thing: Shown) -> dict[str, Any]:
    """Tell all that the catalogue has on a thing, as data."""
    match thing:
        case Definition():
            return _definition(catalogue, thing)
        case Framework():
            return _framework(catalogue, thing)
        case Thesis():
            return _thesis(catalogue, thing)
        case _:
            return _term(catalogue, thing)


def _definition(catalogue: Catalogue, definition: Definition) -> dict[str, Any]:
    words = vocabulary()
    return {
        "sort": "definition",
        "definition": definition.token,
        "iri": definition.iri,
        "label": definition.label,
        "text": definition.text,
        "term": definition.term,
        "framework": definition.framework,
        "evidence": definition.evidence,
        "sources": list(map(_source, definition.sources)),
        "conditions": list(map(_condition, definition.constraints)),
        "not_tested": [{"clause": item.clause, "reason": item.reason} for item in definition.unchecked],
        "notes": list(definition.notes),
        "held_by": [_named(catalogue, token) for token in definition.held_by],
        "identity": [words.label(relation) for relation in definition.identity],
        "applies_to": [words.label(kind) for kind in definition.applies_to],
        "examples": [
            {
                "label": example.label,
                "meets": not example.breaks,
                "breaks": list(map(shorten, example.breaks)),
                "expects": example.expects.value if example.expects else None,
            }
            for example in definition.examples
        ],
        **{key: value for key, value in _row(definition).items() if key == "remarks"},
        "informal": definition.informal,
        "reference_only": definition.only_by_reference,
        "file": definition.file,
    }


def _condition(constraint: Constraint) -> dict[str, Any]:
    return {
        "constraint": constraint.token,
        "sentence": sentence(constraint.condition, vocabulary()),
        "message": constraint.message,
        "decides": constraint.decides,
    }


def _source(source: Source) -> dict[str, str]:
    return {"work": source.work, "locator": source.locator, "evidence": source.evidence, "url": source.url}


def _named(catalogue: Catalogue, framework: str) -> dict[str, str]:
    known = catalogue.frameworks.get(framework)
    return {"framework": framework, "label": known.label if known else framework}


def _framework(catalogue: Catalogue, framework: Framework) -> dict[str, Any]:
    every = sorted(catalogue.all_definitions.values(), key=lambda d: (d.term, d.token))
    return {
        "sort": "framework",
        "framework": framework.token,
        "label": framework.label,
        "edition": framework.edition,
        "issued": framework.issued,
        "kind": _words(framework.kind),
        "revision_of": framework.revision_of,
        "about": framework.about,
        "definitions": [_row(d) for d in every if d.framework == framework.token],
        "holds": [_row(d) for d in every if framework.token in d.held_by],
        "standings": [_standing_record(catalogue, s) for s in catalogue.standings if s.framework == framework.token],
        "file": framework.file,
    }


def _term(catalogue: Catalogue, term: DisputedTerm) -> dict[str, Any]:
    senses = catalogue.senses(term.token)
    return {
        "sort": "term",
        "term": term.token,
        "label": term.label,
        "labels": dict(sorted(term.labels.items())),
        "note": term.note,
        "broader": term.broader,
        "senses": [sense for sense in senses if sense != term.token],
        "definitions": [
            _row(d)
            for d in sorted(catalogue.all_definitions.values(), key=lambda d: (d.term, d.token))
            if d.term in senses
        ],
        "standings": [_standing_record(catalogue, s) for s in catalogue.standings if s.term in senses],
    }


def _thesis(catalogue: Catalogue, thesis: Thesis) -> dict[str, Any]:
    return {
        "sort": "thesis",
        "thesis": thesis.token,
        "iri": thesis.iri,
        "label": thesis.label,
        "text": thesis.text,
        "sentence": _claim(catalogue, thesis),
        "quantity": thesis.quantity.value,
        "subject": _notion(catalogue, thesis.subject),
        "path": "" if thesis.path == HERE else values_named(thesis.path, vocabulary()),
        "object": _notion(catalogue, thesis.object),
        "held_by": [_holding(catalogue, holding) for holding in thesis.holdings if not holding.denies],
        "denied_by": [_holding(catalogue, holding) for holding in thesis.holdings if holding.denies],
        "notes": list(thesis.notes),
        "file": thesis.file,
    }


def _claim(catalogue: Catalogue, thesis: Thesis) -> str:
    """Say as a sentence what a thesis claims."""
    subject, object_ = (_notion(catalogue, notion)["label"] for notion in (thesis.subject, thesis.object))
    claim = f"counts as {object_}"
    if thesis.path != HERE:
        claim = f"has, among its {values_named(thesis.path, vocabulary())}, something that {claim}"
    return _CLAIMS[thesis.quantity].format(subject=subject, claim=claim)


def _notion(catalogue: Catalogue, notion: Notion) -> dict[str, str]:
    label = catalogue.terms[notion.term].label if notion.term else vocabulary().label(notion.kind)
    return {"term": notion.term, "kind": shorten(notion.kind), "label": label}


def _holding(catalogue: Catalogue, holding: Holding) -> dict[str, Any]:
    return {
        **_named(catalogue, holding.framework),
        "evidence": holding.evidence,
        "sources": list(map(_source, holding.sources)),
        "comment": holding.comment,
    }


def _standing_record(catalogue: Catalogue, standing: Standing) -> dict[str, Any]:
    return {
        "sort": standing.sort,
        "framework": standing.framework,
        "term": standing.term,
        "sentence": _standing(catalogue, standing),
        "evidence": standing.evidence,
        "sources": list(map(_source, standing.sources)),
        "comment": standing.comment,
    }


def _standing(catalogue: Catalogue, standing: Standing) -> str:
    return _STANDINGS[standing.sort].format(
        framework=_named(catalogue, standing.framework)["label"], term=catalogue.terms[standing.term].label
    )
