"""Alignments: how the words of this vocabulary compare with those of other ontologies, as SSSOM tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

from pyoxigraph import Literal

from .document import Document, open_document
from .errors import InputError, UnknownNameError, near_matches
from .names import DCTERMS, OWL, RDFS, SKOS, TERM, local_name
from .resources import folder
from .shapes_file import read_terms
from .vocabulary import vocabulary

COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "confidence",
    "comment",
)
"""The columns of a table, in the order of SSSOM."""
MATCHES = tuple(SKOS.term(name) for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch"))
"""The relations that a match can be in; `broadMatch` says that the other word is the broader one."""
JUSTIFICATION = "https://w3id.org/semapv/vocab/ManualMappingCuration"
REQUIRED = (
    "license",
    "mapping_set_description",
    "mapping_set_id",
    "mapping_set_title",
    "mapping_set_version",
    "object_source",
    "subject_source",
)
"""What a table says of itself, above its rows."""
OPTIONAL = ("object_source_version", "subject_source_version")
_SUFFIX = ".sssom.tsv"
_METADATA = re.compile(r'#(?P<within>  )?(?P<key>[\w-]+): (?P<value>"(?:[^"\\]|\\["\\])*")')
_CURIE = re.compile(r"(?P<prefix>[A-Za-z][\w-]*):(?P<local>\w[\w-]*(?:[./][\w-]+)*)", re.ASCII)
_TURTLE_PREFIXES = {"dcterms": DCTERMS, "owl": OWL, "rdfs": RDFS, "sssom": "https://w3id.org/sssom/"}


@dataclass(frozen=True)
class Match:
    """That a word of ours compares in some way with one of another ontology.

    Attributes:
        subject: the IRI of our kind, relation, attribute or term.
        predicate: the IRI of one of `MATCHES`.
        object: the IRI of the other word.
        subject_label: what ours is called.
        object_label: what the other is called.
        confidence: how sure the match is, from 0 to 1.
        comment: why it is so, or where the two part.
    """

    subject: str
    predicate: str
    object: str
    subject_label: str
    object_label: str
    confidence: float
    comment: str


@dataclass(frozen=True)
class Alignment:
    """All matches with one other ontology. Get one with `alignment`.

    Attributes:
        target: the short name of the other ontology.
        matches: the matches, in the order of the file.
        prefixes: the namespaces that the file abbreviates.
        metadata: what the file says of itself, under the names that SSSOM has.
        tsv: the file.

    Example:
        >>> org = alignment("org")
        >>> [local_name(match.object) for match in org.matches if match.subject.endswith("#unitOf")]
        ['unitOf']
    """

    target: str
    matches: tuple[Match, ...] = field(repr=False)
    prefixes: Mapping[str, str] = field(repr=False)
    metadata: Mapping[str, str] = field(repr=False)
    tsv: str = field(repr=False)

    @property
    def title(self) -> str:
        """What is aligned with, in words."""
        return self.metadata["mapping_set_title"]

    @property
    def triples(self) -> tuple[tuple[str, str, str], ...]:
        """The matches as subject, predicate and object."""
        return tuple((match.subject, match.predicate, match.object) for match in self.matches)

    def to_records(self) -> list[dict[str, Any]]:
        """Give the rows of the table, one dict each, with the names of its columns as keys.

        Example:
            >>> alignment("org").to_records()[0]["predicate_id"]
            'skos:narrowMatch'
        """
        return [
            {
                "subject_id": self._short(match.subject),
                "subject_label": match.subject_label,
                "predicate_id": self._short(match.predicate),
                "object_id": self._short(match.object),
                "object_label": match.object_label,
                "mapping_justification": self._short(JUSTIFICATION),
                "confidence": match.confidence,
                "comment": match.comment,
            }
            for match in self.matches
        ]

    def turtle(self) -> str:
        """Write the matches as Turtle: each as a triple, and as an annotated axiom with its confidence and comment.

        Example:
            >>> "itsm:unitOf skos:closeMatch org:unitOf ." in alignment("org").turtle()
            True
        """
        return "".join(self._pieces())

    def _pieces(self) -> Iterator[str]:
        for prefix, namespace in sorted({**self.prefixes, **_TURTLE_PREFIXES}.items()):
            yield f"@prefix {prefix}: <{namespace}> .\n"
        said = self.metadata
        yield (
            f"\n<{said['mapping_set_id']}> a sssom:MappingSet ;\n"
            f"    dcterms:title {_text(said['mapping_set_title'])} ;\n"
            f"    dcterms:description {_text(said['mapping_set_description'])} ;\n"
            f"    dcterms:license <{said['license']}> ;\n"
            f"    owl:versionInfo {Literal(said['mapping_set_version'])} ;\n"
            f"    sssom:subject_source <{said['subject_source']}> ;\n"
            f"    sssom:object_source <{said['object_source']}> .\n"
        )
        justification = self._short(JUSTIFICATION)
        for match in self.matches:
            subject, predicate, object_ = (
                self._short(iri).replace("/", r"\/") for iri in (match.subject, match.predicate, match.object)
            )
            yield (
                f"\n{subject} {predicate} {object_} .\n"
                f"[] a owl:Axiom ;\n"
                f"    owl:annotatedSource {subject} ;\n"
                f"    owl:annotatedProperty {predicate} ;\n"
                f"    owl:annotatedTarget {object_} ;\n"
                f"    sssom:mapping_justification {justification} ;\n"
                f"    sssom:confidence {match.confidence} ;\n"
                f"    rdfs:comment {_text(match.comment)} .\n"
            )

    def _short(self, iri: str) -> str:
        """Abbreviate an IRI by the longest namespace that fits."""
        prefix, namespace = max(
            ((prefix, space) for prefix, space in self.prefixes.items() if iri.startswith(space)),
            key=lambda item: len(item[1]),
        )
        return f"{prefix}:{iri[len(namespace) :]}"


def alignments() -> tuple[str, ...]:
    """Give the short names of the ontologies that alignments ship with.

    Example:
        >>> "org" in alignments()
        True
    """
    return tuple(sorted(file.name.removesuffix(_SUFFIX) for file in _folder().glob(f"*{_SUFFIX}")))


def alignment(target: str) -> Alignment:
    """Load the alignment with one other ontology. Nothing is loaded unless you ask, and nothing is evaluated with it.

    Args:
        target: a short name of `alignments()`.

    Returns:
        The alignment.

    Raises:
        UnknownNameError: if there is none; near matches are named.

    Example:
        >>> alignment("prov-o").title
        'PROV-O'
    """
    if target not in alignments():
        raise UnknownNameError("alignment", target, alignments())
    name = f"{target}{_SUFFIX}"
    return read_alignment(open_document(_folder() / name, f"vocab/alignments/{name}"), target)


def _folder() -> Path:
    return folder("vocab") / "alignments"


@cache
def _subjects() -> frozenset[str]:
    """Give every word of ours that can be aligned."""
    words = vocabulary()
    terms = {TERM + term.token for term in read_terms(open_document(folder("vocab") / "terms.ttl"))}
    return words.kinds | words.relations | words.attributes | terms


# --------------------------------------------------------------------------------------------------------------------
# Reading


def read_alignment(document: Document, target: str) -> Alignment:
    """Read an SSSOM table.

    Args:
        document: the table, with its metadata above it in lines that begin with #.
        target: what to call the ontology that it aligns with.

    Returns:
        The alignment.

    Raises:
        InputError: with the line, if anything in it is not as SSSOM and this project have it.
    """
    lines = document.text.replace("\r\n", "\n").rstrip("\n").split("\n")
    head = list(takewhile(lambda line: line.startswith("#"), lines))
    sheet = _Sheet(document.name, {})
    metadata = _metadata(sheet, head)
    body = enumerate(lines[len(head) :], start=len(head) + 1)
    _check_columns(sheet, *next(body, (len(lines) + 1, "")))
    matches: dict[tuple[str, str], Match] = {}
    for number, line in body:
        match = _match(sheet, number, line.split("\t"))
        if matches.setdefault((match.subject, match.object), match) is not match:
            raise sheet.refused(number, f"{match.subject_label} is matched with {match.object_label} already.")
    return Alignment(target, tuple(matches.values()), sheet.prefixes, metadata, document.text)


@dataclass(frozen=True)
class _Sheet:
    """A table while it is read: what it is called, and the namespaces that it abbreviates."""

    name: str
    prefixes: dict[str, str]

    def refused(self, line: int, problem: str, repair: str = "") -> InputError:
        return InputError(problem, source=self.name, line=line, repair=repair)

    def iri(self, line: int, curie: str) -> str:
        """Expand a CURIE."""
        found = _CURIE.fullmatch(curie)
        if not found or found["prefix"] not in self.prefixes:
            raise self.refused(
                line, f"{curie!r} is no CURIE with a known prefix.", f"Prefixes are {', '.join(sorted(self.prefixes))}."
            )
        return self.prefixes[found["prefix"]] + found["local"]


def _metadata(sheet: _Sheet, head: Sequence[str]) -> dict[str, str]:
    """Read the lines above the table; the prefixes go into the sheet."""
    found: dict[str, str] = {}
    places: dict[str, int] = {}
    for number, line in enumerate(head, start=1):
        if line == "#curie_map:":
            continue
        parts = _METADATA.fullmatch(line)
        if not parts:
            raise sheet.refused(number, "this is no metadata.", 'Write #key: "value", prefixes below #curie_map:.')
        key, value = parts["key"], json.loads(parts["value"])
        into = sheet.prefixes if parts["within"] else found
        if key in into:
            raise sheet.refused(number, f"{key} is given already.")
        if into is found and key not in (*REQUIRED, *OPTIONAL):
            raise sheet.refused(number, f"{key} is no metadata that a table here has.")
        into[key] = value
        places[key] = number
    if missing := [key for key in REQUIRED if key not in found]:
        raise sheet.refused(len(head), f"the metadata lack {', '.join(missing)}.")
    for key in ("object_source", "subject_source"):
        found[key] = sheet.iri(places[key], found[key])
    return found


def _check_columns(sheet: _Sheet, number: int, line: str) -> None:
    columns = line.split("\t")
    if missing := [name for name in COLUMNS if name not in columns]:
        raise sheet.refused(number, f"the table lacks the column {missing[0]}.", f"Columns are {', '.join(COLUMNS)}.")
    if tuple(columns) != COLUMNS:
        raise sheet.refused(number, "there are other columns, or another order.", f"Columns are {', '.join(COLUMNS)}.")


def _match(sheet: _Sheet, number: int, cells: Sequence[str]) -> Match:
    if len(cells) != len(COLUMNS) or not all(cell.strip() for cell in cells):
        raise sheet.refused(number, f"this row does not have {len(COLUMNS)} cells that are filled.")
    row = dict(zip(COLUMNS, cells, strict=True))
    subject, predicate, object_, why = (
        sheet.iri(number, row[name]) for name in ("subject_id", "predicate_id", "object_id", "mapping_justification")
    )
    if predicate not in MATCHES:
        known = ", ".join(f"skos:{local_name(iri)}" for iri in MATCHES)
        raise sheet.refused(number, f"{row['predicate_id']} is no match.", f"Matches are {known}.")
    if subject not in _subjects():
        near = near_matches(local_name(subject), map(local_name, _subjects()), 1)
        hint = f"Did you mean {near[0]}?" if near else ""
        raise sheet.refused(number, f"there is no {row['subject_id']} in the vocabulary.", hint)
    if object_ in _subjects():
        raise sheet.refused(number, f"{row['object_id']} is a word of this vocabulary itself.")
    if why != JUSTIFICATION:
        raise sheet.refused(number, f"{row['mapping_justification']} is no justification that a table here has.")
    if not re.fullmatch(r"0(\.\d+)?|1(\.0+)?", row["confidence"]):
        raise sheet.refused(number, f"{row['confidence']!r} is no confidence from 0 to 1.")
    return Match(
        subject, predicate, object_, row["subject_label"], row["object_label"], float(row["confidence"]), row["comment"]
    )


def _text(text: str) -> str:
    return str(Literal(text, language="en"))
