"""What the catalogue has on any one thing, as data."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from ..catalogue import Catalogue
from ..definitions import Constraint, Definition, DisputedTerm, Framework, Standing
from ..disputes import Dispute, Side
from ..english import sentence, values_named
from ..errors import UnknownNameError
from ..evidence import EVIDENCE, Source
from ..names import shorten
from ..paths import HERE
from ..theses import Holding, Notion, Quantity, Thesis
from ..vocabulary import vocabulary

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
Shown = Definition | Framework | DisputedTerm | Thesis | Dispute | Standing
"""What `show` can show."""


def found(catalogue: Catalogue, name: str) -> Shown:
    """Find a definition, a framework, a term, a thesis, a dispute, or what a framework has on a term it doesn't define.

    Raises:
        UnknownNameError, AmbiguousNameError: if it is none, or several.
    """
    if framework := catalogue.frameworks.get(shorten(name)):
        return framework
    with suppress(UnknownNameError):
        return catalogue.term(name)
    if ":" in name:
        owner, _, term = shorten(name).partition(":")
        try:
            return catalogue.definition(name)
        except UnknownNameError:
            if standing := catalogue.standing(owner, term):
                return standing
            raise
    for find in (catalogue.thesis, catalogue.dispute):
        with suppress(UnknownNameError):
            return find(name)
    known = [
        *catalogue.frameworks,
        *catalogue.terms,
        *catalogue.theses,
        *catalogue.disputes,
        *catalogue.all_definitions,
    ]
    raise UnknownNameError("definition, framework, term, thesis or dispute", name, known)


def told(catalogue: Catalogue, thing: Shown) -> dict[str, Any]:
    """Tell all that the catalogue has on a thing, as data."""
    match thing:
        case Definition():
            return _definition(catalogue, thing)
        case Framework():
            return _framework(catalogue, thing)
        case Thesis():
            return _thesis(catalogue, thing)
        case Dispute():
            return _dispute(catalogue, thing)
        case Standing():
            return {**_standing_record(catalogue, thing), "sort": "standing", "standing": thing.sort}
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
        "identity": [words.label(one.kind or one.relation) for one in definition.identity],
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
        **{key: value for key, value in definition_row(definition).items() if key == "remarks"},
        "disputes": _disputed(catalogue, framework=definition.framework, states=definition.token),
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
        "kind": words_of(framework.kind),
        "revision_of": framework.revision_of,
        "about": framework.about,
        "definitions": [definition_row(d) for d in every if d.framework == framework.token],
        "holds": [definition_row(d) for d in every if framework.token in d.held_by],
        "standings": [_standing_record(catalogue, s) for s in catalogue.standings if s.framework == framework.token],
        "disputes": _disputed(catalogue, framework=framework.token),
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
            definition_row(d)
            for d in sorted(catalogue.all_definitions.values(), key=lambda d: (d.term, d.token))
            if d.term in senses
        ],
        "standings": [_standing_record(catalogue, s) for s in catalogue.standings if s.term in senses],
    }


def _disputed(catalogue: Catalogue, *, framework: str, states: str = "") -> list[dict[str, str]]:
    """Give the disputes that a framework takes a side in; those that a definition of it states a side of, if named."""
    return [
        {"dispute": one.token, "clash": one.clash.value, "label": one.label}
        for one in catalogue.disputes.values()
        if framework in one.parties
        and (
            not states
            or any(token == states or token.startswith(f"{states}-") for s in one.sides for token in s.states)
        )
    ]


def _states(token: str, definition: str) -> bool:
    """Tell whether a token is that of a definition, or of a constraint of it."""
    return token == definition or token.startswith(f"{definition}-")


def _dispute(catalogue: Catalogue, dispute: Dispute) -> dict[str, Any]:
    return {
        "sort": "dispute",
        "dispute": dispute.token,
        "iri": dispute.iri,
        "label": dispute.label,
        "text": dispute.text,
        "clash": dispute.clash.value,
        "promises_no_model": dispute.clash.promises_no_model,
        "sides": [_side(catalogue, side) for side in dispute.sides],
        "not_shown": dispute.not_shown,
        "notes": list(dispute.notes),
        "file": dispute.file,
    }


def _side(catalogue: Catalogue, side: Side) -> dict[str, Any]:
    return {
        "text": side.text,
        "states": list(side.states),
        "claims": [clause.message for clause in side.claims],
        "parties": [
            {
                **_named(catalogue, party.framework),
                "evidence": party.evidence,
                "sources": list(map(_source, party.sources)),
                "comment": party.comment,
            }
            for party in side.parties
        ],
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
        "sentence": standing_text(catalogue, standing),
        "evidence": standing.evidence,
        "sources": list(map(_source, standing.sources)),
        "comment": standing.comment,
    }


def standing_text(catalogue: Catalogue, standing: Standing) -> str:
    """Say in a sentence what a framework has on a term that it does not define."""
    return _STANDINGS[standing.sort].format(
        framework=_named(catalogue, standing.framework)["label"], term=catalogue.terms[standing.term].label
    )


def definition_row(definition: Definition) -> dict[str, Any]:
    """Give a definition as one row."""
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


def words_of(name: str) -> str:
    """Take a name such as `BodyOfKnowledge` apart."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
