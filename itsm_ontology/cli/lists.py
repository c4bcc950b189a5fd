"""What the catalogue holds, as lists."""

from __future__ import annotations

from collections.abc import Iterable

from ..catalogue import Catalogue
from ..evidence import marks_of
from ..names import local_name, shorten
from ..vocabulary import vocabulary
from .output import Listing
from .telling import MARKS, definition_row, standing_text, words_of


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
            "kind": words_of(framework.kind),
            "defines": sorted({d.term for d in catalogue.definitions if d.framework == framework.token}),
        }
        for framework in sorted(catalogue.frameworks.values(), key=lambda framework: framework.token)
    ]
    return Listing(("framework", "label", "defines"), rows)


def definitions(
    catalogue: Catalogue,
    term_names: Iterable[str] = (),
    framework_names: Iterable[str] = (),
    everything: bool = False,
    evidence: Iterable[str] = (),
) -> Listing:
    """List definitions, of the terms, frameworks and evidence marks named if any are.

    Raises:
        UnknownNameError: if a name is not one.
    """
    wanted = {token for name in term_names for token in catalogue.senses(name)}
    holders = {catalogue.framework(name).token for name in framework_names}
    known = catalogue.all_definitions.values() if everything else catalogue.definitions
    marks = marks_of(evidence) if evidence else ()
    found = [
        d
        for d in sorted(known, key=lambda d: (d.term, d.token))
        if (not wanted or d.term in wanted)
        and (not holders or holders & {d.framework, *d.held_by})
        and (not marks or d.evidence in marks)
    ]
    notes = [standing_text(catalogue, s) for s in catalogue.standings if s.framework in holders and s.term in wanted]
    if any(d.evidence for d in found):
        notes.append(MARKS)
    return Listing(("definition", "evidence", "label"), [definition_row(d) for d in found], tuple(notes))


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
    from ..sources.formats import FORMATS

    return Listing(("format", "title"), [{"format": known.name, "title": known.title} for known in FORMATS])


def disputes(catalogue: Catalogue) -> Listing:
    """List the disputes, with who takes a side."""
    rows = [
        {
            "dispute": dispute.token,
            "clash": dispute.clash.value,
            "label": dispute.label,
            "parties": list(dispute.parties),
            "one_side": dispute.sides[0].text,
            "other_side": dispute.sides[1].text,
            "text": dispute.text,
        }
        for dispute in catalogue.disputes.values()
    ]
    return Listing(("dispute", "clash", "label", "parties"), rows)


def standings(catalogue: Catalogue, term_names: Iterable[str] = (), framework_names: Iterable[str] = ()) -> Listing:
    """List which framework defines, uses or lacks which term, as far as that is known.

    Raises:
        UnknownNameError: if a name is not one.
    """
    wanted = {token for name in term_names for token in catalogue.senses(name)}
    holders = {catalogue.framework(name).token for name in framework_names}
    defined = [
        {"term": d.term, "framework": framework, "standing": "defined", "evidence": d.evidence, "definition": d.token}
        for d in catalogue.definitions
        for framework in (d.framework, *d.held_by)
    ]
    rest = [
        {"term": s.term, "framework": s.framework, "standing": s.sort, "evidence": s.evidence, "definition": ""}
        for s in catalogue.standings
    ]
    rows = [
        row
        for row in sorted((*defined, *rest), key=lambda row: tuple(row.values()))
        if (not wanted or row["term"] in wanted) and (not holders or row["framework"] in holders)
    ]
    return Listing(("term", "framework", "standing", "evidence", "definition"), rows, (MARKS,))


def words() -> Listing:
    """List the neutral kinds and relations."""
    known = vocabulary()
    sorts = (("kind", known.kinds), ("relation", known.relations), ("attribute", known.attributes))
    rows = [
        {
            "word": local_name(iri),
            "sort": sort,
            "label": entry.label,
            "definition": entry.definition,
            "recorded_by": entry.recorded_by,
            "iri": iri,
        }
        for sort, iris in sorts
        for iri in sorted(iris)
        if (entry := known.entries.get(iri)) and shorten(iri).startswith("itsm:")
    ]
    return Listing(("word", "sort", "definition"), rows)
