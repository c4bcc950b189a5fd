"""The IRIs that code refers to, and short names for IRIs in messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

ROOT: Final = "https://w3id.org/itsm-ontology/"
"""Every IRI of the vocabulary, the catalogue and the examples starts with this."""


class Namespace(str):
    """An IRI prefix: attribute access appends a local name.

    Example:
        >>> ITSM.hasPart
        'https://w3id.org/itsm-ontology/itsm#hasPart'
    """

    __slots__ = ()

    def __getattr__(self, local: str) -> str:
        if local.startswith("__"):
            raise AttributeError(local)
        return str(self) + local

    def term(self, local: str) -> str:
        """Append a local name that is no Python identifier, or hides a method of `str`."""
        return str(self) + local


ITSM: Final = Namespace(ROOT + "itsm#")
META: Final = Namespace(ROOT + "meta#")
TERM: Final = Namespace(ROOT + "term/")
FRAMEWORK: Final = Namespace(ROOT + "framework/")
THESIS: Final = Namespace(ROOT + "thesis/")
DISPUTE: Final = Namespace(ROOT + "dispute/")
EXAMPLE: Final = Namespace(ROOT + "example/")
RDF: Final = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS: Final = Namespace("http://www.w3.org/2000/01/rdf-schema#")
OWL: Final = Namespace("http://www.w3.org/2002/07/owl#")
XSD: Final = Namespace("http://www.w3.org/2001/XMLSchema#")
SH: Final = Namespace("http://www.w3.org/ns/shacl#")
SKOS: Final = Namespace("http://www.w3.org/2004/02/skos/core#")
DCTERMS: Final = Namespace("http://purl.org/dc/terms/")
PROV: Final = Namespace("http://www.w3.org/ns/prov#")
SCHEMA: Final = Namespace("https://schema.org/")
DCAT: Final = Namespace("http://www.w3.org/ns/dcat#")
VOID: Final = Namespace("http://rdfs.org/ns/void#")

RDF_TYPE: Final = RDF.type

_OURS = ("itsm#", "meta#", "term/", "framework/", "thesis/", "dispute/", "example/", "examples/")
_DOCUMENTS = frozenset({"itsm", "meta", "terms", "theses", "disputes", "relations", "verdict-shape", "catalogue"})


def is_stray(iri: str) -> bool:
    """Tell whether an IRI starts like ours and lies in none of our namespaces: a prefix was written wrongly.

    Example:
        >>> is_stray("https://w3id.org/itsm-ontology/itsm/hasPart")
        True
    """
    rest = iri[len(ROOT) :] if iri.startswith(ROOT) else None
    return bool(rest) and rest not in _DOCUMENTS and not str(rest).startswith(_OURS)


PREFIXES: Final[dict[str, str]] = {
    "itsm": ITSM,
    "meta": META,
    "term": TERM,
    "thesis": THESIS,
    "dispute": DISPUTE,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "sh": SH,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "prov": PROV,
    "schema": SCHEMA,
}


def shorten(iri: str) -> str:
    """Give the short form of an IRI for messages: a prefixed name, a token, or the IRI itself.

    Args:
        iri: an absolute IRI.

    Returns:
        `prefix:local` for the namespaces above, `framework:term` for what a framework defines, else the IRI.

    Example:
        >>> shorten("https://w3id.org/itsm-ontology/framework/itil-2011#service-customer")
        'itil-2011:service-customer'
        >>> shorten("https://example.org/x")
        'https://example.org/x'
    """
    if iri.startswith(FRAMEWORK):
        return iri[len(FRAMEWORK) :].replace("#", ":", 1)
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and len(iri) > len(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def expand(name: str) -> str:
    """Give the IRI for a prefixed name in the namespaces above, or the name itself if it is no such name.

    Args:
        name: `itsm:hasPart`, a full IRI, or anything else.

    Returns:
        The IRI, or `name` unchanged.

    Example:
        >>> expand("itsm:hasPart")
        'https://w3id.org/itsm-ontology/itsm#hasPart'
    """
    prefix, colon, local = name.partition(":")
    if colon and prefix in PREFIXES and not local.startswith("//"):
        return PREFIXES[prefix] + local
    return name


def local_name(iri: str) -> str:
    """Give what follows the last `#`, `/` or `:` of an IRI; the whole IRI where nothing does.

    Example:
        >>> local_name("https://example.org/model#payroll")
        'payroll'
    """
    for separator in "#/:":
        head, found, tail = iri.rpartition(separator)
        if found and head and tail:
            return tail
    return iri


def texts(names: Iterable[str]) -> tuple[str, ...]:
    """Give names as a tuple; a single text is one name, not its letters.

    Example:
        >>> texts("itil-2011"), texts(["itil-2011", "itil-4"])
        (('itil-2011',), ('itil-2011', 'itil-4'))
    """
    return (names,) if isinstance(names, str) else tuple(names)
