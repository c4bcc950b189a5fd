"""The catalogue as one download: all its files and a description of them, as Turtle or as TriG."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, takewhile

from pyoxigraph import BlankNode, Literal, NamedNode

from .document import Document, open_document
from .names import DCAT, DCTERMS, FRAMEWORK, OWL, PREFIXES, RDF_TYPE, ROOT, VOID
from .rdf import Term, rdflib_graph, read_statements
from .resources import folder

Triple = tuple[Term, Term, Term]

CATALOGUE = ROOT + "catalogue"
"""The IRI of the whole."""
CREATOR = "The itsm-ontology founders"
LICENSE = "https://creativecommons.org/licenses/by/4.0/"
TITLE = "Competing definitions of the terms of IT service management"
_DESCRIPTION = (
    "A neutral vocabulary of facts, the disputed terms, what each framework and position says that they mean, with "
    "sources and evidence, and theses and disputes about them."
)
_TOKEN = re.compile(r"[a-z][a-z0-9.-]*[a-z0-9]")


def vocabulary_documents() -> Mapping[str, Document]:
    """Give the files of the vocabulary, by the IRI of what each describes.

    Example:
        >>> [iri.rpartition("/")[2] for iri in vocabulary_documents()][:3]
        ['disputes', 'itsm', 'meta']
    """
    files = sorted(folder("vocab").glob("*.ttl"))
    return {ROOT + file.stem: open_document(file, f"vocab/{file.name}") for file in files}


def turtle(version: str, shapes: Mapping[str, Document]) -> str:
    """Write the vocabulary and shapes files as one Turtle document.

    Args:
        version: the version of the catalogue.
        shapes: the shapes files, by the IRI of their framework.
    """
    documents = {**vocabulary_documents(), **shapes}
    return _written(chain(_description(version, documents), *_graphs(documents)), documents)


def trig(version: str, shapes: Mapping[str, Document]) -> str:
    """Write the vocabulary and shapes files as TriG: a graph each, and in the default graph what they are.

    Args:
        version: the version of the catalogue.
        shapes: the shapes files, by the IRI of their framework; this is the name of their graph too.
    """
    documents = {**vocabulary_documents(), **shapes}
    prefixes, description = _parted(_written(_description(version, documents), documents))
    blocks = [description]
    for iri, triples in zip(documents, _graphs(documents), strict=True):
        more, body = _parted(_written(triples, documents))
        prefixes |= more
        blocks.append(f"<{iri}> {{\n{body}\n}}")
    return "\n".join(sorted(prefixes)) + "\n\n" + "\n\n".join(blocks) + "\n"


def _graphs(documents: Mapping[str, Document]) -> list[list[Triple]]:
    """Give the triples of each document; no two documents share a blank node."""
    return [
        [
            tuple(BlankNode(f"f{number}{term.value}") if isinstance(term, BlankNode) else term for term in triple)  # type: ignore[misc]
            for *triple, _ in read_statements(document, "turtle")
        ]
        for number, document in enumerate(documents.values(), start=1)
    ]


def _description(version: str, documents: Mapping[str, Document]) -> Iterator[Triple]:
    whole = NamedNode(CATALOGUE)
    said: list[tuple[str, Term]] = [
        (RDF_TYPE, NamedNode(OWL.Ontology)),
        (RDF_TYPE, NamedNode(DCAT.Dataset)),
        (RDF_TYPE, NamedNode(VOID.Dataset)),
        (DCTERMS.term("title"), Literal(TITLE, language="en")),
        (DCTERMS.description, Literal(_DESCRIPTION, language="en")),
        (DCTERMS.creator, Literal(CREATOR)),
        (DCTERMS.license, NamedNode(LICENSE)),
        (OWL.versionIRI, NamedNode(f"{ROOT}{version}/catalogue")),
        (OWL.versionInfo, Literal(version)),
        (DCAT.landingPage, NamedNode(ROOT)),
    ]
    said += [
        (DCTERMS.references if iri.startswith(FRAMEWORK) else DCTERMS.hasPart, NamedNode(iri)) for iri in documents
    ]
    return ((whole, NamedNode(predicate), object_) for predicate, object_ in said)


def _written(triples: Iterable[Triple], documents: Iterable[str]) -> str:
    """Write triples as Turtle, with a prefix for the definitions of each framework."""
    tokens = [iri.removeprefix(FRAMEWORK) for iri in documents if iri.startswith(FRAMEWORK)]
    own = {token: f"{FRAMEWORK}{token}#" for token in tokens if _TOKEN.fullmatch(token)}
    prefixes = {**own, **PREFIXES, "dcat": DCAT, "framework": FRAMEWORK, "void": VOID}
    return str(rdflib_graph(triples, prefixes).serialize(format="turtle"))


def _parted(text: str) -> tuple[set[str], str]:
    """Part a Turtle document, as rdflib writes it, into its prefixes and the rest."""
    lines = text.split("\n")
    heads = list(takewhile(lambda line: line.startswith("@prefix "), lines))
    return set(heads), "\n".join(lines[len(heads) :]).strip("\n")
