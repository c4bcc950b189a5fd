"""N-Triples by the column: what a file says is the same as statement by statement, its faults too."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itsm_ontology import InputError, Model, load
from itsm_ontology.document import Document
from itsm_ontology.sources import rdf
from itsm_ontology.sources.lines import plain_lines

ITSM = "https://w3id.org/itsm-ontology/itsm#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
XSD = "http://www.w3.org/2001/XMLSchema#"
NODES = ["<urn:a>", "<urn:b>", "<urn:ü>", "_:x", "_:y1"]
LITERALS = [
    '"a"', '"a"@en', '"A"@en-GB', '"\\n\\" \\\\ \\u00e9"', '"é"', '""', f'"1"^^<{XSD}integer>',
    f'"true"^^<{XSD}boolean>',
]  # fmt: skip
KINDS = [f"<{ITSM}{kind}>" for kind in ("Server", "Person", "Software")] + ["<urn:K>"]

statements = st.one_of(
    st.tuples(st.sampled_from(NODES), st.just(TYPE), st.sampled_from(KINDS)),
    st.tuples(st.sampled_from(NODES), st.sampled_from([f"<{ITSM}hasPart>", "<urn:p>"]), st.sampled_from(NODES)),
    st.tuples(st.sampled_from(NODES), st.sampled_from([f"<{ITSM}version>", "<urn:p>"]), st.sampled_from(LITERALS)),
)


def said(text: str, monkeypatch: pytest.MonkeyPatch, long: int) -> tuple[object, ...]:
    """Give all that a load makes of a text."""
    monkeypatch.setattr(rdf, "LONG", long)
    try:
        model = load(text.encode(), format="n-triples", name="f.nt")
    except InputError as error:
        return (str(error),)
    terms = model.facts.terms
    facts = {
        (str(terms[s]), relation, str(terms[o]), model.facts.sources_of(origin))
        for relation, pairs in model.facts.pairs.items()
        for (s, o), origin in zip(pairs, model.facts.origins[relation], strict=True)
    }
    return facts, str(model.report), set(map(str, terms)), [model.label(iri) for iri in sorted(model.elements)]


def both(text: str) -> tuple[tuple[object, ...], tuple[object, ...]]:
    with pytest.MonkeyPatch.context() as patch:
        return said(text, patch, -1), said(text, patch, 1 << 40)


@settings(max_examples=150, deadline=None)
@given(st.lists(statements, min_size=1, max_size=12))
def test_by_the_column_is_as_one_by_one(lines: list[tuple[str, str, str]]) -> None:
    text = "".join(f"{' '.join(line)} .\n" for line in lines)
    assert plain_lines(Document("f.nt", text.encode())) is not None
    columns, one_by_one = both(text)
    assert columns == one_by_one


PLAIN = f"<urn:a> {TYPE} <{ITSM}Server> .\n"


@pytest.mark.parametrize(
    "line",
    [
        f"<urn:a> {TYPE} <{ITSM}Sever> .",
        f"<urn:a> <{ITSM}hasParts> <urn:b> .",
        f'<urn:a> <{ITSM}hasPart> "text" .',
        f"<urn:a> <{ITSM}version> <urn:b> .",
        f'<urn:a> <{ITSM}automated> "perhaps" .',
        "<urn:a> <urn:p> <urn:b>",
        "<urn:a> <urn:p> urn:b .",
        '<urn:a> <urn:p> "open .',
        "<urn:a> <urn:p b> <urn:c> .",
        '<urn:a> <urn:p> "\\q" .',
        '<urn:a> <urn:p> "a"@- .',
        "<a> <urn:p> <urn:b> .",
        "<urn:a> <http://www.w3.org/2002/07/owl#sameAs> <urn:b> .",
        '<urn:a> <https://w3id.org/itsm-ontology/meta#declaredAs> "x:y" .',
        f"<urn:K> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <{ITSM}Server> .",
        f'<urn:a> {TYPE} "text" .',
        f"<urn:a> {TYPE} <http://www.w3.org/2002/07/owl#Class> .",
        "# a remark",
        "   <urn:a>   <urn:p>  <urn:b>  .  # a remark",
        "",
        "\t",
    ],
)
def test_what_is_not_plain_is_read_one_by_one(line: str) -> None:
    columns, one_by_one = both(f"{PLAIN}{line}\n{PLAIN}")
    assert columns == one_by_one


def test_a_long_file_is_read_by_the_column() -> None:
    text = "".join(f"<urn:n{n}> <{ITSM}hasPart> <urn:n{n + 1}> .\n" for n in range(30_000)).encode()
    assert len(text) > rdf.LONG
    model: Model = load(text, name="long.nt")
    assert len(model.elements) == 30_001
    assert model.report.read == {"triple": 30_000}
