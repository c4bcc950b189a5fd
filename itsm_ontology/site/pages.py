"""The pages of the catalogue: terms against frameworks, a page a term, a page a framework."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..catalogue import Catalogue
from ..conditions import Condition
from ..definitions import Definition, DisputedTerm, Framework
from ..english import sentence
from ..evidence import EVIDENCE, Source
from ..names import ITSM, local_name
from ..vocabulary import vocabulary
from .grid import SORTS, Entry, Grid, counted, frameworks_by_kind, grid, terms_in_order
from .html import NOTHING, Html, Part, items, link, page, tag

_SIGNS = {"defined": "", "held": "= ", "mentioned": "m ", "absent": "\u2013 ", "not seen": "? "}


def catalogue_pages(catalogue: Catalogue) -> Mapping[str, str]:
    """Give the pages of the catalogue, by their path.

    Args:
        catalogue: the catalogue.

    Returns:
        Path to HTML: `index.html`, `terms/TOKEN.html`, `frameworks/TOKEN.html`.

    Example:
        >>> from itsm_ontology import catalogue
        >>> "terms/service.html" in catalogue_pages(catalogue())
        True
    """
    entries = grid(catalogue)
    return {
        "index.html": _overview(catalogue, entries),
        **{_term_address(term.token): _term_page(catalogue, term, entries) for term in catalogue.terms.values()},
        **{f"frameworks/{f.token}.html": _framework_page(catalogue, f, entries) for f in catalogue.frameworks.values()},
    }


def _term_address(term: str, framework: str = "") -> str:
    return f"terms/{term}.html" + (f"#{framework}" if framework else "")


# --------------------------------------------------------------------------------------------------------------------
# Terms against frameworks


def _overview(catalogue: Catalogue, entries: Grid) -> str:
    kinds = frameworks_by_kind(catalogue)
    columns = [framework for frameworks in kinds.values() for framework in frameworks]
    counts = counted(entries.values())
    said = ", ".join(f"{number} {sort}" for sort, number in counts.items())
    intro = (
        f"What {len(columns)} frameworks and positions have on {len(catalogue.terms)} terms, as far as that is known: "
        f"{said}. A cell leads to the text, its source and what is tested; an empty one says that nothing is recorded."
    )
    over = [
        tag("th", kind, colspan=str(len(frameworks)), scope="colgroup", class_="kind")
        for kind, frameworks in kinds.items()
    ]
    heads = [
        tag("th", link(f"frameworks/{f.token}.html", tag("span", f.token), title=f.label), scope="col") for f in columns
    ]
    rows = [
        tag(
            "tr",
            tag("th", link(_term_address(term.token), term.label), scope="row"),
            [_cell(term, framework, entries) for framework in columns],
        )
        for term in terms_in_order(catalogue)
    ]
    corner = tag("td", "")
    table = tag("table", tag("thead", tag("tr", corner, over), tag("tr", corner, heads)), tag("tbody", rows))
    legend = [
        *((f"{_SIGNS[sort]}V", text) for sort, text in SORTS.items()),
        *EVIDENCE.items(),
    ]
    return page(
        "What frameworks mean by the terms of IT service management",
        tag("p", intro),
        tag("dl", [tag("div", tag("dt", sign), tag("dd", text)) for sign, text in legend], class_="legend"),
        tag("div", table, class_="wide"),
    )


def _cell(term: DisputedTerm, framework: Framework, entries: Grid) -> Html:
    entry = entries.get((term.token, framework.token))
    if entry is None:
        return tag("td", "")
    meaning = ", ".join(EVIDENCE[mark] for mark in entry.evidence)
    title = f"{framework.label}: {SORTS[entry.sort]}" + (f" ({meaning})" if meaning else "")
    shown = link(_term_address(term.token, framework.token), _SIGNS[entry.sort] + " ".join(entry.evidence), title=title)
    return tag("td", shown, class_=entry.sort.replace(" ", "-"))


# --------------------------------------------------------------------------------------------------------------------
# One term


def _term_page(catalogue: Catalogue, term: DisputedTerm, entries: Grid) -> str:
    mine = {
        f.token: entries[term.token, f.token]
        for frameworks in frameworks_by_kind(catalogue).values()
        for f in frameworks
        if (term.token, f.token) in entries
    }
    others = [f"{text} ({language})" for language, text in sorted(term.labels.items()) if text != term.label]
    narrower = [other for other in terms_in_order(catalogue) if other.broader == term.token]
    about: list[Part] = [tag("p", term.note)]
    if words := ", ".join(dict.fromkeys((*others, *term.others))):
        about.append(tag("p", f"Other words: {words}."))
    if broader := catalogue.terms.get(term.broader):
        about.append(tag("p", "Under ", link(f"{broader.token}.html", broader.label), "."))
    if narrower:
        links = _listed(link(f"{other.token}.html", other.label) for other in narrower)
        about.append(tag("p", "Above ", links, "."))
    sections = [_section(catalogue, sort, mine) for sort in SORTS]
    if not mine:
        about.append(tag("p", "No framework is recorded on it."))
    return page(term.label, about, sections, depth=1)


def _section(catalogue: Catalogue, sort: str, mine: Mapping[str, Entry]) -> Html:
    chosen = {token: entry for token, entry in mine.items() if entry.sort == sort}
    if not chosen:
        return NOTHING
    titles = {
        "defined": "Defined by", "held": "Held as others define it by", "mentioned": "Used without a definition by",
        "absent": "Not defined by", "not seen": "No definition seen of",
    }  # fmt: skip
    body = [_entry(catalogue, token, entry) for token, entry in chosen.items()]
    return tag("section", tag("h2", titles[sort]), body)


def _entry(catalogue: Catalogue, token: str, entry: Entry) -> Html:
    owner = catalogue.frameworks.get(token)
    name: Part = link(f"../frameworks/{token}.html", owner.label) if owner else token
    body: list[Part] = [tag("h3", name, tag("small", f" {token}"))]
    held = [definition for definition in entry.definitions if definition.framework != token]
    if held:
        body.append(tag("p", "Holds ", _listed(link(f"#{_name(d.token)}", d.label) for d in held), "."))
    body += [_definition(catalogue, definition) for definition in entry.definitions if definition not in held]
    if entry.standing:
        body += [tag("p", entry.standing.comment)] if entry.standing.comment else []
        body.append(items(map(_source, entry.standing.sources)))
    return tag("div", body, id=token, class_="entry")


def _name(token: str) -> str:
    """Give the name of a definition on the page of its term."""
    return token.replace(":", "-")


def _definition(catalogue: Catalogue, definition: Definition) -> Html:
    token = definition.token
    head = tag("h4", tag("code", token), tag("small", f" {EVIDENCE.get(definition.evidence, '')}"))
    body: list[Part] = [head, tag("p", definition.text, class_="text")]
    body.append(_part("Said of", _listed(map(_kind, definition.applies_to)), "."))
    if definition.held_by:
        holders = (catalogue.frameworks[name] for name in definition.held_by if name in catalogue.frameworks)
        body.append(_part("Held too by", _listed(link(f"../frameworks/{f.token}.html", f.label) for f in holders), "."))
    if definition.informal:
        body.append(_part("Not tested:", definition.informal))
    deciding = [_clause(clause.condition) for clause in definition.constraints if clause.decides]
    advice = [_clause(clause.condition) for clause in definition.constraints if not clause.decides]
    weak = " (necessary: meeting it means only that nothing speaks against it)" if definition.necessary_only else ""
    body += _list(f"What is tested{weak}", deciding)
    body += _list("What should be so besides, and does not decide", advice)
    body += _list("What is not tested", [f"{item.clause} ({item.reason})" for item in definition.unchecked])
    body += _list("Sources", map(_source, definition.sources))
    body += _list("Notes", definition.notes)
    return tag("article", body, id=_name(token))


def _clause(condition: Condition) -> str:
    return sentence(condition, vocabulary())


def _kind(iri: str) -> Part:
    label = vocabulary().label(iri)
    return link(f"../vocabulary/itsm.html#{local_name(iri)}", label) if iri.startswith(ITSM) else label


def _source(source: Source) -> Part:
    work: Part = link(source.url, source.work) if source.url.startswith(("http://", "https://")) else source.work
    locator = f", {source.locator}" if source.locator else ""
    mark = f" [{EVIDENCE[source.evidence]}]" if source.evidence else ""
    return [work, locator, mark]


def _part(head: str, *inside: Part) -> Html:
    return tag("p", tag("b", head), " ", *inside)


def _list(head: str, parts: Iterable[Part]) -> Iterator[Html]:
    """Give a list with what stands above it; nothing of nothing."""
    if found := items(parts):
        yield tag("h5", head)
        yield found


def _listed(parts: Iterable[Part]) -> list[Part]:
    """Put commas between parts."""
    found: list[Part] = []
    for part in parts:
        found += [", ", part] if found else [part]
    return found


# --------------------------------------------------------------------------------------------------------------------
# One framework


def _framework_page(catalogue: Catalogue, framework: Framework, entries: Grid) -> str:
    facts = [tag("code", framework.token), framework.kind and _words(framework.kind), framework.edition]
    facts += [framework.issued] if framework.issued not in framework.edition else []
    about: list[Part] = [tag("p", _listed(fact for fact in facts if fact), ".")]
    if before := catalogue.frameworks.get(framework.revision_of):
        about.append(tag("p", "Revises ", link(f"{before.token}.html", before.label), "."))
    after = [f for f in catalogue.frameworks.values() if f.revision_of == framework.token]
    if after:
        about.append(tag("p", "Revised by ", _listed(link(f"{f.token}.html", f.label) for f in after), "."))
    about.append(tag("p", framework.about))
    mine = {
        term.token: entry
        for term in terms_in_order(catalogue)
        if (entry := entries.get((term.token, framework.token))) is not None
    }
    rows = [
        tag(
            "tr",
            tag("th", link(f"../{_term_address(term, framework.token)}", catalogue.terms[term].label), scope="row"),
            tag("td", SORTS[entry.sort], class_=entry.sort.replace(" ", "-")),
            tag("td", ", ".join(EVIDENCE[mark] for mark in entry.evidence)),
            tag("td", _texts(entry)),
        )
        for term, entry in mine.items()
    ]
    heads = tag("thead", tag("tr", [tag("th", head, scope="col") for head in ("Term", "It", "Evidence", "Text")]))
    table = tag("table", heads, tag("tbody", rows), class_="long") if rows else tag("p", "Nothing is recorded of it.")
    return page(framework.label, about, table, depth=1)


def _texts(entry: Entry) -> list[Part]:
    return [tag("p", tag("code", definition.token), " ", definition.text) for definition in entry.definitions]


def _words(name: str) -> str:
    """Say the local name of a kind of framework in words."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
