"""Alignments with other ontologies, as files and as answers; and the JSON-LD context of the vocabulary."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
import rdflib
from conftest import ROOT
from rdflib import OWL, RDF, RDFS, SKOS

import itsm_ontology as itsm
from itsm_ontology.alignments import COLUMNS, read_alignment
from itsm_ontology.cli import main
from itsm_ontology.document import Document
from itsm_ontology.names import DCTERMS, ITSM, META, TERM
from itsm_ontology.vocabulary import json_ld_context

FOLDER = ROOT / "vocab" / "alignments"
FILES = sorted(FOLDER.iterdir())
MATCHES = {SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch}
SSSOM = rdflib.Namespace("https://w3id.org/sssom/")
FEWEST = 15


def rows(file: Path) -> list[dict[str, str]]:
    """Read the rows of a table with nothing of ours."""
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def target(file: Path) -> str:
    return file.name.removesuffix(".sssom.tsv")


@pytest.fixture(scope="module")
def words() -> rdflib.Graph:
    graph = rdflib.Graph()
    for name in ("itsm.ttl", "terms.ttl"):
        graph.parse(ROOT / "vocab" / name)
    return graph


@pytest.fixture(scope="module", params=FILES, ids=target)
def file(request) -> Path:
    return request.param


@pytest.fixture(scope="module")
def graph(file) -> rdflib.Graph:
    return rdflib.Graph().parse(data=itsm.alignment(target(file)).turtle(), format="turtle")


# ----------------------------------------------------------------------------------------------------------------------
# The files


def test_every_ontology_that_was_promised_has_an_alignment():
    assert itsm.alignments() == (
        "archimate-3.2",
        "cpsv-ap",
        "gist",
        "goodrelations",
        "gufo",
        "itsmo",
        "linked-usdl",
        "org",
        "oslc",
        "prov-o",
        "schema-org",
    )
    assert [target(file) for file in FILES] == list(itsm.alignments()), "and nothing else lies there"


def test_a_table_is_read_row_by_row(file):
    found, expected = itsm.alignment(target(file)), rows(file)
    assert len(expected) >= FEWEST
    said = [{**record, "confidence": f"{record['confidence']:g}"} for record in found.to_records()]
    assert said == expected
    assert [tuple(row) for row in expected] == [COLUMNS] * len(expected)
    assert found.tsv == file.read_text("utf-8")


def test_no_pair_is_matched_twice(file):
    pairs = Counter((row["subject_id"], row["object_id"]) for row in rows(file))
    assert [pair for pair, times in pairs.items() if times > 1] == []


def test_subjects_are_words_of_ours_by_their_labels(file, words):
    for match in itsm.alignment(target(file)).matches:
        labels = {str(label) for label in words.objects(rdflib.URIRef(match.subject), RDFS.label)}
        assert match.subject_label in labels, f"{match.subject}: the table has another label than the vocabulary"


def test_a_term_is_never_pinned_down(file):
    """A disputed word has no meaning of its own that another ontology's could equal, widen or narrow."""
    loose = {str(SKOS.closeMatch), str(SKOS.relatedMatch)}
    tight = [m for m in itsm.alignment(target(file)).matches if m.subject.startswith(TERM) and m.predicate not in loose]
    assert tight == []


def test_every_prefix_is_declared_and_used(file):
    found = itsm.alignment(target(file))
    curies = [row[name] for row in rows(file) for name in COLUMNS if name.endswith("_id") or "justification" in name]
    head = [line for line in file.read_text("utf-8").splitlines() if line.startswith(("#object_so", "#subject_so"))]
    used = {curie.partition(":")[0] for curie in curies}
    used |= {line.partition(': "')[2].partition(":")[0] for line in head if "version" not in line}
    assert used | {"itsm", "term"} == set(found.prefixes)
    assert all(iri.startswith(("http://", "https://")) for iri in found.prefixes.values())
    assert not any(match.object.startswith((ITSM, TERM, META)) for match in found.matches)


def test_turtle_says_the_rows_and_nothing_else(file, graph):
    found = itsm.alignment(target(file))
    triples = {(str(s), str(p), str(o)) for s, p, o in graph if p in MATCHES}
    assert triples == set(found.triples)
    assert len(triples) == len(rows(file))
    assert set(graph.predicates()) - MATCHES == {
        RDF.type,
        RDFS.comment,
        OWL.annotatedSource,
        OWL.annotatedProperty,
        OWL.annotatedTarget,
        OWL.versionInfo,
        *(rdflib.URIRef(DCTERMS.term(name)) for name in ("title", "description", "license")),
        *(SSSOM[name] for name in ("mapping_justification", "confidence", "subject_source", "object_source")),
    }, "no equivalence and no sub-class between rivals"
    assert set(graph.objects(None, RDF.type)) == {OWL.Axiom, SSSOM.MappingSet}


def test_each_match_keeps_its_confidence_and_comment(file, graph):
    said = {
        (*(str(graph.value(axiom, p)) for p in (OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget)),): (
            float(graph.value(axiom, SSSOM.confidence)),
            str(graph.value(axiom, RDFS.comment)),
        )
        for axiom in graph.subjects(RDF.type, OWL.Axiom)
    }
    matches = itsm.alignment(target(file)).matches
    assert said == {(m.subject, m.predicate, m.object): (m.confidence, m.comment) for m in matches}


def test_slashes_in_names_survive_in_turtle():
    slashed = TABLE.replace("org:Organization", "org:a/b.c").encode()
    graph = rdflib.Graph().parse(data=read_alignment(Document("t", slashed), "t").turtle(), format="turtle")
    assert rdflib.URIRef("http://www.w3.org/ns/org#a/b.c") in set(graph.objects(None, SKOS.broadMatch))


# ----------------------------------------------------------------------------------------------------------------------
# What is wrong in a table

TABLE = """#curie_map:
#  itsm: "https://w3id.org/itsm-ontology/itsm#"
#  org: "http://www.w3.org/ns/org#"
#  semapv: "https://w3id.org/semapv/vocab/"
#  skos: "http://www.w3.org/2004/02/skos/core#"
#license: "https://creativecommons.org/licenses/by/4.0/"
#mapping_set_description: "d"
#mapping_set_id: "https://w3id.org/itsm-ontology/alignments/t"
#mapping_set_title: "t"
#mapping_set_version: "1"
#object_source: "org:x"
#subject_source: "itsm:x"
""" + "".join(
    "\t".join(cells) + "\n"
    for cells in (
        COLUMNS,
        ("itsm:Organization", "organization", "skos:broadMatch", "org:Organization", "Organization",
         "semapv:ManualMappingCuration", "0.8", "Wider."),
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("skos:broadMatch", "skos:broader", 14, "skos:broader is no match."),
        ("skos:broadMatch", "org:equivalentClass", 14, "org:equivalentClass is no match."),
        ("itsm:Organization\t", "itsm:Organisation\t", 14, "there is no itsm:Organisation in the vocabulary."),
        ("org:Organization", "itsm:Agent", 14, "itsm:Agent is a word of this vocabulary itself."),
        ("org:Organization", "orgs:Organization", 14, "'orgs:Organization' is no CURIE with a known prefix."),
        ("org:Organization", "<urn:x>", 14, "'<urn:x>' is no CURIE with a known prefix."),
        ("\t0.8\t", "\t1.8\t", 14, "'1.8' is no confidence from 0 to 1."),
        ("\t0.8\t", "\thigh\t", 14, "'high' is no confidence from 0 to 1."),
        ("ManualMappingCuration", "LexicalMatching", 14, "semapv:LexicalMatching is no justification"),
        ("\tWider.", "", 14, "this row does not have 8 cells that are filled."),
        ("Wider.", " ", 14, "this row does not have 8 cells that are filled."),
        ("confidence\t", "", 13, "the table lacks the column confidence."),
        ("confidence\tcomment", "comment\tconfidence", 13, "there are other columns, or another order."),
        ("comment\n", "comment\tauthor_id\n", 13, "there are other columns, or another order."),
        ('#license: "https://creativecommons.org/licenses/by/4.0/"\n', "", 11, "the metadata lack license."),
        ('#mapping_set_title: "t"', "#mapping_set_title: t", 9, "this is no metadata."),
        ('#mapping_set_title: "t"', r'#mapping_set_title: "\x"', 9, "this is no metadata."),
        ('#mapping_set_title: "t"', '#mapping_set_name: "t"', 9, "mapping_set_name is no metadata"),
        ('#mapping_set_title: "t"', '#mapping_set_version: "t"', 10, "mapping_set_version is given already."),
        ('"org:x"', '"obo:x"', 11, "'obo:x' is no CURIE with a known prefix."),
    ],
)
def test_what_is_wrong_in_a_table_is_said_with_its_line(old, new, line, problem):
    assert len(read_alignment(Document("t.sssom.tsv", TABLE.encode()), "t").matches) == 1
    broken = TABLE.replace(old, new)
    assert broken != TABLE
    with pytest.raises(itsm.InputError) as refused:
        read_alignment(Document("t.sssom.tsv", broken.encode()), "t")
    assert refused.value.line == line
    assert refused.value.problem.startswith(problem)
    assert str(refused.value).startswith(f"t.sssom.tsv, line {line}: ")


def test_a_pair_that_is_there_twice_is_refused():
    again = TABLE + TABLE.splitlines()[-1].replace("broadMatch", "closeMatch") + "\n"
    with pytest.raises(itsm.InputError, match="line 15: organization is matched with Organization already"):
        read_alignment(Document("t.sssom.tsv", again.encode()), "t")


def test_a_table_without_rows_or_columns_is_refused_or_empty():
    lines = TABLE.splitlines(keepends=True)
    assert read_alignment(Document("t", "".join(lines[:-1]).encode()), "t").matches == ()
    with pytest.raises(itsm.InputError, match="line 13: the table lacks the column subject_id"):
        read_alignment(Document("t", "".join(lines[:-2]).encode()), "t")


def test_windows_line_ends_are_read():
    found = read_alignment(Document("t", TABLE.replace("\n", "\r\n").encode()), "t")
    assert found.matches[0].comment == "Wider."


def test_an_alignment_that_does_not_ship_is_named_with_its_neighbours():
    with pytest.raises(itsm.UnknownNameError, match=r"no alignment 'gUFOs'\. Did you mean gufo"):
        itsm.alignment("gUFOs")


# ----------------------------------------------------------------------------------------------------------------------
# On the command line


def said(capsys, *arguments: str, status: int = 0) -> str:
    assert main(["alignment", *arguments]) == status
    output = capsys.readouterr()
    return output.err if status else output.out


def test_the_list_counts_the_matches(capsys):
    listed = json.loads(said(capsys, "--format", "json"))
    assert {row["alignment"]: row["matches"] for row in listed} == {target(file): len(rows(file)) for file in FILES}
    assert "PROV-O" in said(capsys)


def test_one_alignment_is_written_in_each_format(capsys):
    table = said(capsys, "prov-o")
    assert "itsm:Person" in table
    assert "Both: a human being." in table
    assert said(capsys, "prov-o", "--format", "tsv") == (FOLDER / "prov-o.sssom.tsv").read_text("utf-8")
    assert said(capsys, "prov-o", "--format", "turtle") == itsm.alignment("prov-o").turtle()
    record = json.loads(said(capsys, "prov-o", "--format", "json"))
    assert record["mappings"] == itsm.alignment("prov-o").to_records()
    assert record["object_source"] == "http://www.w3.org/ns/prov"


def test_wrong_requests_are_refused(capsys):
    assert "There is no alignment 'prov'. Did you mean prov-o?" in said(capsys, "prov", status=2)
    assert "--format turtle writes one alignment." in said(capsys, "--format", "turtle", status=2)


# ----------------------------------------------------------------------------------------------------------------------
# The JSON-LD context

CONTEXT_FILE = ROOT / "vocab" / "context.jsonld"
CONTEXT = json.loads(CONTEXT_FILE.read_text("utf-8"))["@context"]
AS_TURTLE = """
@prefix itsm: <https://w3id.org/itsm-ontology/itsm#> .
@prefix meta: <https://w3id.org/itsm-ontology/meta#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<urn:x:crm> a itsm:Software , itsm:ControlledItem ; rdfs:label "CRM"@en ; itsm:runsOn <urn:x:s1> , <urn:x:s2> ;
    itsm:version "4" ; itsm:automated true ; itsm:price "2.50"^^xsd:decimal ;
    meta:declaredAs "archimate-3:ApplicationComponent" ;
    meta:completeFor itsm:runsOn ; meta:completeForInverse itsm:uses .
<urn:x:s1> a itsm:Server . <urn:x:s2> a itsm:Server .
<urn:x:skill> a itsm:Skill ; itsm:skillLevel 3 .
<urn:x:uptime> a itsm:Quality ; itsm:inheresIn <urn:x:crm> ; itsm:atInstant "2024-05-01T00:00:00Z"^^xsd:dateTime .
meta:Everything meta:completeFor itsm:customer .
"""
AS_JSON = [
    {
        "id": "urn:x:crm",
        "type": ["Software", "ControlledItem"],
        "label": {"@value": "CRM", "@language": "en"},
        "runsOn": ["urn:x:s1", {"id": "urn:x:s2", "type": "Server"}],
        "version": "4",
        "automated": True,
        "price": "2.50",
        "declaredAs": "archimate-3:ApplicationComponent",
        "completeFor": "runsOn",
        "completeForInverse": "uses",
    },
    {"id": "urn:x:s1", "type": "Server"},
    {"id": "urn:x:skill", "type": "Skill", "skillLevel": 3},
    {"id": "urn:x:uptime", "type": "Quality", "inheresIn": "urn:x:crm", "atInstant": "2024-05-01T00:00:00Z"},
    {"id": "meta:Everything", "completeFor": "customer"},
]


def from_json(*nodes: object) -> itsm.Model:
    return itsm.load(json.dumps({"@context": CONTEXT, "@graph": nodes}).encode())


def recorded(model: itsm.Model) -> tuple[object, ...]:
    """Give all that a model has recorded, in no order."""
    facts = model.facts

    def term(node: int | None) -> object:
        return None if node is None else facts.terms[node]

    return (
        {(term(s), relation, term(o)) for relation, pairs in facts.pairs.items() for s, o in pairs},
        {(term(node), tuple(said)) for node, said in facts.declared.items()},
        {(term(item.node), item.relation, item.backwards) for item in facts.completeness},
    )


def test_the_stored_context_is_up_to_date():
    """It is made so: python -c "from itsm_ontology.vocabulary import *; print(json_ld_context(), end='')" > FILE."""
    assert CONTEXT_FILE.read_text("utf-8") == json_ld_context(), "after a change to vocab/itsm.ttl write it anew"


def test_the_context_has_every_word_of_the_vocabulary(words):
    counted = 0
    for sort in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty):
        for word in words.subjects(RDF.type, sort):
            if not word.startswith(ITSM):
                continue
            name = word.removeprefix(ITSM)
            datatype = words.value(word, rdflib.URIRef(META.datatype))
            expected = {
                OWL.Class: f"itsm:{name}",
                OWL.ObjectProperty: {"@id": f"itsm:{name}", "@type": "@id"},
                OWL.DatatypeProperty: {"@id": f"itsm:{name}", "@type": f"xsd:{str(datatype).rpartition('#')[2]}"},
            }
            assert CONTEXT[name] == expected[sort], name
            counted += 1
    assert counted > 200
    beside = {name for name, said in CONTEXT.items() if "itsm:" not in str(said)}
    assert len(CONTEXT) == counted + len(beside)
    assert beside == {
        *("@version", "@vocab", "itsm", "meta", "rdfs", "xsd"),
        *("id", "type", "label", "declaredAs", "completeFor", "completeForInverse"),
    }


def test_json_ld_with_the_context_says_the_same_as_turtle():
    from_turtle = recorded(itsm.load(AS_TURTLE.encode()))
    assert recorded(from_json(*AS_JSON)) == from_turtle
    facts, declared, complete = from_turtle
    assert (len(facts), len(declared), len(complete)) == (15, 1, 3)


@pytest.mark.parametrize(
    ("node", "problem"),
    [
        ({"id": "urn:x:a", "runOn": "urn:x:b"}, "the vocabulary has no itsm:runOn. Did you mean itsm:runsOn?"),
        ({"id": "urn:x:a", "type": "Servers"}, "the vocabulary has no itsm:Servers. Did you mean itsm:Server?"),
        ({"id": "urn:x:a", "automated": "maybe"}, "itsm:automated takes xsd:boolean, and 'maybe' is none"),
        ({"id": "urn:x:a", "price": 2.5}, "itsm:price takes xsd:decimal"),
    ],
)
def test_what_the_vocabulary_lacks_is_refused_and_not_dropped(node, problem):
    with pytest.raises(itsm.InputError) as refused:
        from_json(node)
    assert problem in str(refused.value)
