"""RDF: the same model in every syntax, and input that is broken, hostile, or something else altogether."""

from __future__ import annotations

import gzip
import io
import random
import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest
from pyoxigraph import Literal

import itsm_ontology as itsm
from itsm_ontology import InputError, Model, UnknownNameError
from itsm_ontology import document as bounds
from itsm_ontology.names import ITSM, RDF_TYPE, RDFS
from itsm_ontology.sources.formats import FORMATS

# ---------------------------------------------------------------------------------------------------------------------
# One model, six syntaxes: in those that can, its facts come from two sources

_PREFIXES = """@prefix itsm: <https://w3id.org/itsm-ontology/itsm#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix x: <https://example.org/> .
"""
_PLAIN = 'x:crm a itsm:Software ; rdfs:label "Register"@en , "Café"@FR ; itsm:version "1" ; itsm:automated true'
_QUADS = """<https://example.org/crm> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{itsm}Software> {one}.
<https://example.org/crm> <http://www.w3.org/2000/01/rdf-schema#label> "Register"@en {one}.
<https://example.org/crm> <http://www.w3.org/2000/01/rdf-schema#label> "Caf\\u00E9"@FR {one}.
<https://example.org/crm> <{itsm}version> "1"^^<http://www.w3.org/2001/XMLSchema#string> {one}.
<https://example.org/crm> <{itsm}automated> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> {one}.
# a comment
<https://example.org/crm> <{itsm}hasPart> _:disk {two}.
_:disk <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{itsm}StorageDevice> {two}.
"""
TWO_SOURCES = {"trig", "n-quads"}
SYNTAXES = {
    "turtle": f"{_PREFIXES}{_PLAIN} ; itsm:hasPart [ a itsm:StorageDevice ] .\n",
    "trig": f"{_PREFIXES}x:g1 {{ {_PLAIN} }}\nx:g2 {{ x:crm itsm:hasPart [ a itsm:StorageDevice ] }}\n",
    "n-triples": _QUADS.format(itsm=ITSM, one="", two=""),
    "n-quads": _QUADS.format(itsm=ITSM, one="<https://example.org/g1> ", two="<https://example.org/g2> "),
    "rdf-xml": f"""<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:rdfs="{RDFS}" xmlns:itsm="{ITSM}">
  <itsm:Software rdf:about="https://example.org/crm" itsm:version="1">
    <rdfs:label xml:lang="en">Register</rdfs:label>
    <rdfs:label xml:lang="FR">Café</rdfs:label>
    <itsm:automated rdf:datatype="http://www.w3.org/2001/XMLSchema#boolean">true</itsm:automated>
    <itsm:hasPart><itsm:StorageDevice/></itsm:hasPart>
  </itsm:Software>
</rdf:RDF>
""",
    "json-ld": """{
  "@context": {"itsm": "https://w3id.org/itsm-ontology/itsm#", "label": "http://www.w3.org/2000/01/rdf-schema#label"},
  "@id": "https://example.org/crm", "@type": "itsm:Software", "itsm:version": "1", "itsm:automated": true,
  "label": [{"@value": "Register", "@language": "en"}, {"@value": "Café", "@language": "FR"}],
  "itsm:hasPart": {"@type": "itsm:StorageDevice"}
}
""",
}
CRM = "https://example.org/crm"
FACTS = {
    (CRM, RDF_TYPE, ITSM.Software),
    (CRM, RDFS.label, '"Register"@en'),
    (CRM, RDFS.label, '"Café"@fr'),
    (CRM, ITSM.version, '"1"^^string'),
    (CRM, ITSM.automated, '"true"^^boolean'),
    (CRM, ITSM.hasPart, "a blank node"),
    ("a blank node", RDF_TYPE, ITSM.StorageDevice),
}


def facts_of(model: Model) -> set[tuple[str, str, str]]:
    def text(node: int) -> str:
        term = model.facts.terms[node]
        if isinstance(term, Literal):
            tail = f"@{term.language}" if term.language else f"^^{term.datatype.value.rpartition('#')[2]}"
            return f'"{term.value}"{tail}'
        return "a blank node" if term.value.startswith("urn:skolem:") else term.value

    return {(text(s), relation, text(o)) for relation, pairs in model.facts.pairs.items() for s, o in pairs}


def from_bytes(data: bytes, folder: Path) -> Model:
    return itsm.load(data)


def from_path(data: bytes, folder: Path) -> Model:
    path = folder / "model.wrong-name.png"
    path.write_bytes(data)
    return itsm.load(path)


def from_text_path(data: bytes, folder: Path) -> Model:
    path = folder / "model.csv"
    path.write_bytes(data)
    return itsm.load(str(path))


def from_binary_file(data: bytes, folder: Path) -> Model:
    return itsm.load(io.BytesIO(data))


def from_text_file(data: bytes, folder: Path) -> Model:
    return itsm.load(io.StringIO(data.decode("utf-8")))


WAYS = {way.__name__: way for way in (from_bytes, from_path, from_text_path, from_binary_file, from_text_file)}
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "as it is": bytes,
    "with a byte-order mark": lambda data: b"\xef\xbb\xbf" + data,
    "gzipped": gzip.compress,
}
COMBINED = {
    f"{way}, {pack}": (WAYS[way], PACKED[pack])
    for way in WAYS
    for pack in PACKED
    if (way, pack) != ("from_text_file", "gzipped")  # what is packed is no text
}


@pytest.mark.parametrize(("way", "pack"), COMBINED.values(), ids=COMBINED)
@pytest.mark.parametrize("syntax", SYNTAXES)
def test_every_syntax_gives_the_same_facts(
    syntax: str, way: Callable[[bytes, Path], Model], pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    model = way(pack(SYNTAXES[syntax].encode()), tmp_path)
    assert model.report.format == syntax
    assert facts_of(model) == FACTS
    assert model.problems == ()


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_format_that_is_named_is_used(syntax: str) -> None:
    model = itsm.load(SYNTAXES[syntax].encode(), format=syntax, name="model")
    assert (model.name, model.report.format, facts_of(model)) == ("model", syntax, FACTS)


def test_a_format_that_is_named_is_not_second_guessed() -> None:
    with pytest.raises(InputError, match="not valid n-triples"):
        itsm.load(SYNTAXES["turtle"].encode(), format="n-triples")
    with pytest.raises(UnknownNameError, match="Did you mean turtle"):
        itsm.load(SYNTAXES["turtle"].encode(), format="turtel")


@pytest.mark.parametrize("syntax", sorted(TWO_SOURCES))
def test_named_graphs_are_sources(syntax: str) -> None:
    facts = itsm.load(SYNTAXES[syntax].encode()).facts
    assert set(facts.sources) == {"https://example.org/g1", "https://example.org/g2"}
    assert {facts.sources[origin] for origin in facts.origins[ITSM.hasPart]} == {"https://example.org/g2"}
    assert {facts.sources[origin] for origin in facts.origins[ITSM.version]} == {"https://example.org/g1"}


@pytest.mark.parametrize("syntax", sorted(SYNTAXES.keys() - TWO_SOURCES))
def test_without_named_graphs_the_file_is_the_source(syntax: str) -> None:
    assert itsm.load(SYNTAXES[syntax].encode(), name="cmdb").facts.sources == ("cmdb",)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_blank_nodes_get_the_same_iris_in_every_load(syntax: str) -> None:
    data = SYNTAXES[syntax].encode()
    elements = itsm.load(data).elements
    assert elements == itsm.load(gzip.compress(data)).elements == itsm.load(data, name="other").elements
    assert len([iri for iri in elements if iri.startswith("urn:skolem:")]) == 1
    other = itsm.load(data.replace(b"Register", b"Registry")).elements
    assert [iri for iri in elements if iri in other] == [CRM], "blank nodes of different files are different things"


def test_graphs_without_a_name_are_the_same_source_in_every_load() -> None:
    data = f"{_PREFIXES}[] {{ x:a a itsm:Server }} _:g {{ x:b a itsm:Server }}".encode()
    assert itsm.load(data).facts.sources == itsm.load(data).facts.sources
    assert len(itsm.load(data).facts.sources) == 2


def test_literals_are_terms() -> None:
    text = '"1" , "1"^^xsd:string , "01" , 1 , 01 , 1.0 , "1"@en , "1"@EN , "1"@en-GB'
    model = itsm.load(f"{_PREFIXES}x:a <urn:p> {text} .".encode())
    assert {o for _, relation, o in facts_of(model) if relation == "urn:p"} == {
        '"1"^^string', '"01"^^string', '"1"^^integer', '"01"^^integer', '"1.0"^^decimal', '"1"@en', '"1"@en-gb'
    }  # fmt: skip


SHORT = {
    "no prefixes": "<urn:a> <urn:p> <urn:b> ; <urn:q> 1 .",
    "tag-like IRIs": "<a:b> <c:d> <e:f> ; <g:h> <i:j> .",
    "comment first": "# <html>\n<urn:a> a <urn:K> .",
    "blank subject": "[ <urn:p> <urn:b> ] .",
    "list subject": "( 1 2 ) <urn:p> <urn:b> .",
    "SPARQL-like": "PREFIX x: <urn:x:>\nx:a a x:K .",
    "base": "@base <urn:x:> . <#a> a <#K> .",
}


@pytest.mark.parametrize("text", SHORT.values(), ids=SHORT)
def test_turtle_is_known_however_it_begins(text: str) -> None:
    assert itsm.load(text.encode()).report.format in ("turtle", "n-triples")


def test_a_large_file_is_told_by_its_head() -> None:
    line = f"<urn:a{{}}> <{RDF_TYPE}> <{ITSM.Server}> .\n"
    model = itsm.load("".join(map(line.format, range(3_000))).encode())
    assert (model.report.format, len(model.elements)) == ("n-triples", 3_000)


def test_other_peoples_classes_are_kept_and_noted() -> None:
    model = itsm.load(f"{_PREFIXES}x:a a x:Thing , itsm:Server .".encode())
    assert "https://example.org/Thing" in model.kinds("a")
    assert any("https://example.org/Thing" in note for note in model.report.notes)


# ---------------------------------------------------------------------------------------------------------------------
# Broken and hostile input

_XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:itsm="' + ITSM + '">\n'
_SERVER = '<itsm:Server rdf:about="urn:a"/>\n'
_BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">\n' for n in range(1, 10))
_DEEP = 100_000

# name: (document, part of the message, line or None where no parser knows it, part of the repair)
BROKEN: dict[str, tuple[str | bytes, str, int | None, str]] = {
    "truncated Turtle": (f"{_PREFIXES}x:a a itsm:Server .\nx:b a itsm:Ser", "not valid turtle", 6, ""),
    "malformed Turtle after valid triples": (f"{_PREFIXES}x:a a itsm:Server .\nx:b a .\n", "not valid turtle", 6, ""),
    "unknown prefix": (f"{_PREFIXES}y:a a itsm:Server .", "not valid turtle", 5, ""),
    "unclosed text": (f'{_PREFIXES}x:a itsm:version "1 .\nx:b a itsm:Server .', "not valid turtle", 5, ""),
    "truncated N-Triples": ("<urn:a> <urn:p> <urn:b> .\n<urn:a> <urn:p> <urn", "not valid turtle", 2, ""),
    "truncated TriG": (f"{_PREFIXES}x:g {{ x:a a itsm:Server .", "not valid trig", 5, ""),
    "truncated RDF/XML": (_XML + _SERVER + "<itsm:Ser", "not well-formed XML", 3, ""),
    "unclosed RDF/XML": (_XML + _SERVER, "not well-formed XML", 3, ""),
    "two roots of RDF/XML": (_XML + _SERVER + "</rdf:RDF>\n<x/>", "not well-formed XML", 4, ""),
    "truncated JSON-LD": ('[{"@id": "urn:a", "@type": "urn:K"},\n{"@id": "urn:b", ', "not valid json-ld", 2, ""),
    "JSON-LD with a tail": ('{"@id": "urn:a",\n"@type": "urn:K"}\n}', "not valid json-ld", 3, ""),
    "JSON-LD with NaN": ('{"@id": "urn:a",\n"urn:p": NaN}', "not valid json-ld", 2, ""),
    "half a character": ('{"@id": "urn:a", "urn:p": "\\ud800"}', "not valid json-ld", 1, ""),
    "unknown kind": (f"{_PREFIXES}x:a a itsm:Servr .", "no itsm:Servr", 5, "Did you mean itsm:Server?"),
    "unknown relation": (f"{_PREFIXES}x:a itsm:hasPrt x:b .", "no itsm:hasPrt", 5, "Did you mean itsm:hasPart?"),
    "unknown attribute": (f"{_PREFIXES}x:a itsm:automatd true .", "itsm:automatd", 5, "Did you mean itsm:automated?"),
    "unknown kind in N-Triples": (
        f"<urn:a> <urn:p> <urn:b> .\n<urn:a> <{RDF_TYPE}> <{ITSM.Servr}> .", "itsm:Servr", 2,
        "Did you mean itsm:Server?",
    ),
    "a disputed term as a kind": (f"{_PREFIXES}x:a a itsm:Service .", "no itsm:Service.", 5, ""),
    "sameAs": (f"{_PREFIXES}x:a <http://www.w3.org/2002/07/owl#sameAs> x:b .", "the same as", None, "one IRI"),
    "document type": (f"<!DOCTYPE rdf:RDF>\n{_XML}{_SERVER}</rdf:RDF>", "document type", 1, "Remove it"),
    "entity bomb": (
        f'<?xml version="1.0"?>\n<!DOCTYPE r [\n<!ENTITY e0 "ha">\n{_BOMB}]>\n{_XML}<itsm:Server rdf:about="urn:a">'
        "<itsm:version>&e9;</itsm:version></itsm:Server></rdf:RDF>",
        "document type", 2, "Remove it",
    ),
    "external entity": (
        f'<!DOCTYPE r [ <!ENTITY x SYSTEM "file:///etc/hostname"> ]>\n{_XML}<itsm:Server rdf:about="urn:a">'
        "<itsm:version>&x;</itsm:version></itsm:Server></rdf:RDF>",
        "document type", 1, "Remove it",
    ),
    "document type in UTF-16": (
        f'<?xml version="1.0" encoding="UTF-16"?>\n<!DOCTYPE r>\n{_XML}{_SERVER}</rdf:RDF>'.encode("utf-16"), "",
        None, "",
    ),
    "remote context": (
        '{"@context": "http://127.0.0.1:9/c", "@id": "urn:a"}', "have to be fetched", 1, "into the file itself"
    ),
    "remote context in a list": (
        '{"@context": [{"p": "urn:p"},\n "http://127.0.0.1:9/c"], "@id": "urn:a", "p": 1}', "context", None,
        "nothing is fetched",
    ),
    "remote context, spelt differently": (
        '{"@\\u0063ontext": "http://127.0.0.1:9/c", "@id": "urn:a", "urn:p": 1}', "context", None, "nothing is fetched"
    ),
    "remote context of a property": (
        '{"@context": {"p": {"@id": "urn:p", "@context":\n"file:///etc/passwd"}}, "@id": "urn:a", "p": {"urn:q": 1}}',
        "have to be fetched", 1, "into the file itself",
    ),
    "remote import": (
        '{"@context": {"@version": 1.1,\n"@import": "http://127.0.0.1:9/c"}, "@id": "urn:a"}', "have to be fetched",
        2, "",
    ),
    "deep Turtle": ("<urn:a> <urn:p> " + "[ <urn:p> " * _DEEP + "]" * _DEEP + " .", "levels deep", 1, ""),
    "deep lists in Turtle": ("<urn:a> <urn:p> " + "(" * _DEEP + ")" * _DEEP + " .", "levels deep", 1, ""),
    "deep Turtle, never closed": ("<urn:a> <urn:p>\n" + "[ <urn:p> " * _DEEP, "levels deep", 2, ""),
    "deep JSON-LD": ('{"@id": "urn:a", "urn:p": ' + "[" * _DEEP + "]" * _DEEP + "}", "levels deep", 1, ""),
    "deep objects in JSON-LD": ('{"@id":\n"urn:a"' + ', "urn:p": {"urn:q": 1' * _DEEP, "levels deep", 2, ""),
    "deep RDF/XML": (
        _XML + "<rdf:Description><itsm:hasPart>\n" * _DEEP + "</itsm:hasPart></rdf:Description>" * _DEEP + "</rdf:RDF>",
        "levels deep", 101, "",
    ),
    "relative IRI in Turtle": ("<a> a <urn:K> .", "not valid turtle", 1, "@base"),
    "relative IRI in RDF/XML": (
        _XML + '<itsm:Server rdf:about="a"/></rdf:RDF>', "not valid rdf-xml", None, "Use full IRIs"
    ),
    "relative IRI in JSON-LD": (
        '[{"@id": "urn:a", "@type": "urn:K"}, {"@id": "b", "@type": "urn:K"}]', "relative", None, "@base"
    ),
    "relative kind in JSON-LD": ('[{"@id": "urn:a", "@type": "Server", "urn:p": 1}]', "relative", None, "@base"),
    "IRI with a space": ("<urn:a b> a <urn:K> .", "not valid turtle", 1, ""),
    "empty": ("", "empty", None, "Expected a model"),
    "white space": (" \n\t\n ", "empty", None, "Expected a model"),
    "only a byte-order mark": (b"\xef\xbb\xbf", "", None, ""),
    "only a comment": ("# nothing here\n", "", None, ""),
    "only prefixes": (_PREFIXES, "nothing in it", None, "read as turtle"),
    "gzipped nothing": (gzip.compress(b""), "empty", None, ""),
    "binary junk": (random.Random(7).randbytes(4_096), "none of the formats", None, "say which"),
    "null bytes": (bytes(2_000), "none of the formats", None, "say which"),
    "PNG": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "none of the formats", None, "say which"),
    "HTML": ("<!DOCTYPE html>\n<html><body><p>Hi</p></body></html>", "none of the formats", None, "say which"),
    "HTML without a document type": ("<html>\n<body><p>Hi</p></body></html>", "none of the formats", None, "say which"),
    "XML of another sort": ('<?xml version="1.0"?>\n<feed xmlns="urn:f"><entry/></feed>', "none of", None, "say which"),
    "JSON that is no JSON-LD": ('{"services": [{"id": 1}]}', "none of the formats", None, "say which"),
    "JSON list that is no JSON-LD": ('[{"id": 1}, {"id": 2}]', "none of the formats", None, ""),
    "Markdown": ("# Models\n\n[![build](badge.svg)](build) of the payroll\n", "none of the formats", None, ""),
    "CSV": ("id,name\n1,Payroll\n", "none of the formats", None, "map init"),
    "SPARQL": ("PREFIX x: <urn:x>\nSELECT ?a { ?a x:b ?c }\n", "none of the formats", None, ""),
    "prose": ("Payroll runs on the mainframe.\n", "none of the formats", None, "turtle"),
    "damaged gzip, cut": (gzip.compress(b"<urn:a> a <urn:K> .")[:-6], "damaged gzip", None, ""),
    "damaged gzip, header only": (b"\x1f\x8b", "damaged gzip", None, ""),
    "damaged gzip, tail": (gzip.compress(b"<urn:a> a <urn:K> .") + b"tail", "damaged gzip", None, ""),
    "gzip in gzip": (gzip.compress(gzip.compress(b"<urn:a> a <urn:K> .")), "none of the formats", None, ""),
    "Latin-1": ('<urn:a> <urn:p> "x" ;\n <urn:q> "café" .'.encode("latin-1"), "", 2, ""),
    "UTF-16": ("<urn:a> a <urn:K> .".encode("utf-16"), "", None, ""),
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every attempt to reach out fail the test."""

    def refuse(*args: object, **more: object) -> None:
        pytest.fail("a request was made")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)


@pytest.mark.parametrize(("text", "problem", "line", "repair"), BROKEN.values(), ids=BROKEN)
def test_broken_input_is_one_clear_error(
    text: str | bytes, problem: str, line: int | None, repair: str, tmp_path: Path
) -> None:
    path = tmp_path / "export.dat"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(InputError) as caught:
        itsm.load(path)
    error = caught.value
    assert error.source == str(path)
    assert problem in error.problem
    assert repair in error.repair
    assert error.line == line
    assert str(error).startswith(f"{path}, line {line}: " if line else str(path))
    assert error.__cause__ is None
    assert "\n" not in str(error)


@pytest.mark.parametrize("name", [name for name in BROKEN if "RDF/XML" in name or "entit" in name])
def test_a_named_format_does_not_open_a_back_door(name: str) -> None:
    text = BROKEN[name][0]
    with pytest.raises(InputError):
        itsm.load(text.encode() if isinstance(text, str) else text, format="rdf-xml")


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    cases: dict[str | Path, str] = {
        tmp_path: "none of the 0 files", None: "NoneType is nothing that can be read",
        tmp_path / "missing.ttl": "no such file", Path("x" * 5_000): "can't be read",
        "a\0b": "no path",
    }  # fmt: skip
    for source, problem in cases.items():
        with pytest.raises(InputError, match=problem):
            itsm.load(source)


def test_a_text_file_opened_in_the_wrong_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.ttl"
    path.write_bytes('<urn:a> <urn:p> "café" .'.encode("latin-1"))
    with path.open(encoding="utf-8") as stream, pytest.raises(InputError, match="text") as caught:
        itsm.load(stream)
    assert caught.value.source == str(path)


class Failing(io.RawIOBase):
    def read(self, size: int = -1) -> bytes:
        raise OSError(5, "Input/output error")


def test_a_file_object_that_fails_is_refused() -> None:
    broken: IO[bytes] = Failing()  # type: ignore[assignment]
    with pytest.raises(InputError, match="Input/output error"):
        itsm.load(broken, name="tape")


def test_every_damaged_byte_of_a_gzip_file_is_noticed_or_harmless() -> None:
    whole = gzip.compress("".join(f"<urn:a{n}> a <urn:K{n}> .\n" for n in range(40)).encode(), mtime=0)
    fine = itsm.load(whole).elements
    refused = 0
    for position in range(2, len(whole)):
        damaged = whole[:position] + bytes([whole[position] ^ 0x55]) + whole[position + 1 :]
        try:
            assert itsm.load(damaged).elements == fine  # a name or a time in the header
        except InputError:
            refused += 1
    assert refused > len(whole) - 20


def test_a_gzip_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "FREE_EXPANSION", 100_000)
    bomb = gzip.compress(b"# " + b" " * 5_000_000 + b"\n<urn:a> a <urn:K> .")
    assert len(bomb) * bounds.MOST_EXPANSION < 5_000_000
    with pytest.raises(InputError, match="unpacks to more than") as caught:
        itsm.load(bomb, name="bomb.gz")
    assert "unpack it yourself" in caught.value.repair
    monkeypatch.setattr(bounds, "FREE_EXPANSION", 6_000_000)
    assert itsm.load(bomb).elements == ("urn:a",)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzipped"])
def test_too_large_an_input_is_refused(monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]) -> None:
    data = "".join(f"<urn:a> <urn:p> {n} .\n" for n in range(2_000)).encode()
    assert itsm.load(pack(data)).elements == ("urn:a",)
    monkeypatch.setattr(bounds, "MOST_BYTES", 20_000)
    for source in (pack(data), io.BytesIO(pack(data))):
        with pytest.raises(InputError, match=r"larger than|unpacks to more than"):
            itsm.load(source)


def test_a_load_that_fails_leaves_nothing_behind() -> None:
    good = f"{_PREFIXES}x:a a itsm:Server ."
    before = facts_of(itsm.load(good.encode()))
    with pytest.raises(InputError):
        itsm.load((good + "x:K a <http://www.w3.org/2002/07/owl#Class> . x:c a itsm:Ser").encode())
    after = itsm.load(good.encode())
    assert facts_of(after) == before
    assert "https://example.org/K" not in after.vocabulary.kinds


def test_what_looks_hostile_and_is_not_is_read() -> None:
    brackets = f'{_PREFIXES}x:a itsm:version "{"[(" * 500}" , """{"((" * 500}""" . # {"[" * 500}\n'
    assert len(facts_of(itsm.load(brackets.encode()))) == 2
    json = '{"@id": "urn:a", "urn:p": "' + "[{" * 500 + '", "urn:q": "see \\"@context\\": \\"http://x\\""}'
    assert len(facts_of(itsm.load(json.encode()))) == 2
    shallow = f"{_PREFIXES}x:a itsm:hasPart " + "[ itsm:hasPart " * 150 + "x:b" + "]" * 150 + " ."
    assert len(itsm.load(shallow.encode()).elements) == 152
    version = "<itsm:version><![CDATA[<!ENTITY]]></itsm:version>"
    xml = f"{_XML}<!-- <!DOCTYPE x> --><itsm:Server rdf:about='urn:a'>{version}</itsm:Server></rdf:RDF>"
    assert ("urn:a", ITSM.version, '"<!ENTITY"^^string') in facts_of(itsm.load(xml.encode()))


def test_every_format_is_told_apart_from_every_other() -> None:
    for syntax, text in SYNTAXES.items():
        document = bounds.open_document(text.encode())
        assert next(f.name for f in FORMATS if f.sniff(document)) == syntax
    assert {f.name for f in FORMATS} >= set(SYNTAXES)
    assert all(re.fullmatch(r"[a-z0-9-]+", f.name) and f.title for f in FORMATS)


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        ('itsm:runsOn "s1"', "leads to an element"),
        ('itsm:automated "maybe"', "takes xsd:boolean"),
        ('itsm:price "abc"^^<http://www.w3.org/2001/XMLSchema#decimal>', "takes xsd:decimal"),
        ("itsm:automated <urn:x>", "takes a value"),
        ("<https://w3id.org/itsm-ontology/itsm/hasPart> <urn:x>", "lies in none of our namespaces"),
    ],
)
def test_values_of_the_wrong_sort_are_refused(fact: str, message: str) -> None:
    text = f"@prefix itsm: <https://w3id.org/itsm-ontology/itsm#> .\n<urn:a> a itsm:Software ; {fact} ."
    with pytest.raises(InputError, match=message) as caught:
        itsm.load(text.encode())
    assert caught.value.line == 2
