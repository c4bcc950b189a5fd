"""The catalogue: terms, frameworks, their competing definitions and theses, found by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from types import MappingProxyType

from . import catalogue_rdf
from .definitions import Definition, DisputedTerm, Framework, Standing
from .disputes import Dispute, read_disputes
from .document import Document, Readable, open_document
from .errors import AmbiguousNameError, InputError, UnknownNameError
from .evidence import marks_of
from .names import DISPUTE, FRAMEWORK, TERM, THESIS, shorten
from .resources import folder
from .shapes_file import ShapesFile, read_shapes, read_terms
from .theses import Thesis, read_theses
from .version import __version__


@dataclass(frozen=True)
class Catalogue:
    """Terms, frameworks and definitions. Get the published one with `catalogue()`.

    Attributes:
        version: the version of the library that it ships with.
        terms: the disputed terms, by token.
        frameworks: the frameworks and positions, by token.
        all_definitions: every definition by token, auxiliary ones included.
        standings: what frameworks have on terms that they do not define.

    Example:
        >>> catalogue().framework("itil-2011").label
        'ITIL 2011'
    """

    version: str
    terms: Mapping[str, DisputedTerm] = field(repr=False)
    frameworks: Mapping[str, Framework] = field(repr=False)
    all_definitions: Mapping[str, Definition] = field(repr=False)
    standings: tuple[Standing, ...] = field(default=(), repr=False)

    def __repr__(self) -> str:
        return f"Catalogue({self.version}, {len(self.frameworks)} frameworks, {len(self.all_definitions)} definitions)"

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """The definitions that are shown unasked: all but the auxiliary ones, ordered by term and token."""
        shown = [d for d in self.all_definitions.values() if not d.auxiliary]
        return tuple(sorted(shown, key=lambda d: (d.term, d.token)))

    @property
    def theses(self) -> Mapping[str, Thesis]:
        """The published claims about terms, by token; read when first asked for."""
        return _theses()

    @property
    def disputes(self) -> Mapping[str, Dispute]:
        """The published disputes, by token; read when first asked for."""
        return _disputes()

    def definition(self, token: str) -> Definition:
        """Find a definition by its token.

        Args:
            token: `framework:term`, `framework:term.reading`, or the definition's IRI.

        Raises:
            UnknownNameError: if there is none; near matches are named.
            AmbiguousNameError: if the position has several readings; they are named.

        Example:
            >>> catalogue().definition("itil-2011:service").evidence
            'V'
        """
        name = shorten(token)
        if found := self.all_definitions.get(name):
            return found
        readings = [other for other in self.all_definitions if other.startswith(name + ".")]
        if readings and ":" in name:
            raise AmbiguousNameError("definition", token, readings)
        raise UnknownNameError("definition", token, self.all_definitions)

    def term(self, token: str) -> DisputedTerm:
        """Find a term by its token, its label in any language, or another word for it.

        Raises:
            UnknownNameError: if there is none.
        """
        wanted = token.casefold().strip()
        for term in self.terms.values():
            if wanted in (term.token, term.label.casefold(), TERM + term.token):
                return term
        for term in self.terms.values():
            if wanted in map(str.casefold, (*term.labels.values(), *term.others)):
                return term
        names = [name for term in self.terms.values() for name in (term.token, term.label)]
        raise UnknownNameError("term", token, names)

    def framework(self, token: str) -> Framework:
        """Find a framework by its token.

        Raises:
            UnknownNameError: if there is none.
        """
        wanted = token.removeprefix(FRAMEWORK)
        if found := self.frameworks.get(wanted):
            return found
        raise UnknownNameError("framework", token, self.frameworks)

    def thesis(self, token: str) -> Thesis:
        """Find a thesis by its token or IRI.

        Raises:
            UnknownNameError: if there is none; near matches are named.

        Example:
            >>> catalogue().thesis("no-application-is-a-service").held_by
            ('archimate-3', 'skeptic-2010')
        """
        if found := self.theses.get(token.removeprefix(THESIS)):
            return found
        raise UnknownNameError("thesis", token, self.theses)

    def dispute(self, token: str) -> Dispute:
        """Find a dispute by its token or IRI.

        Raises:
            UnknownNameError: if there is none; near matches are named.
        """
        if found := self.disputes.get(token.removeprefix(DISPUTE).upper()):
            return found
        raise UnknownNameError("dispute", token, self.disputes)

    def select(
        self,
        *,
        terms: Iterable[str] = (),
        frameworks: Iterable[str] = (),
        definitions: Iterable[str] = (),
        evidence: Iterable[str] = (),
    ) -> tuple[Definition, ...]:
        """Choose definitions: those named, or those of the terms and frameworks named, or all.

        Args:
            terms: tokens or labels; a word with two senses, such as `availability`, stands for both.
            frameworks: tokens.
            definitions: tokens; they are added to whatever terms and frameworks choose.
            evidence: the evidence marks that count, of `evidence.EVIDENCE`; by default all but M, so that what is
                stated from memory is left out unless it is asked for or named. What has no mark counts.

        Returns:
            Formal definitions, ordered by term and token.

        Raises:
            UnknownNameError, AmbiguousNameError: if a name is not one.
            InputError: if a definition named is informal, or nothing is chosen.
        """
        named = [self.definition(token) for token in definitions]
        for chosen in named:
            if chosen.informal:
                raise InputError(f"{chosen.token} has no testable condition: {chosen.informal}")
        term_tokens = {token for name in terms for token in self.senses(name)}
        framework_tokens = {self.framework(name).token for name in frameworks}
        marks = {*marks_of(evidence), ""}
        found = {d.token: d for d in named}
        if term_tokens or framework_tokens or not named:
            for definition in self.definitions:
                if definition.informal or definition.evidence not in marks:
                    continue
                if term_tokens and definition.term not in term_tokens:
                    continue
                if framework_tokens and not framework_tokens & {definition.framework, *definition.held_by}:
                    continue
                found[definition.token] = definition
        if not found:
            wanted = " and ".join(x for x in (", ".join(sorted(term_tokens)), ", ".join(sorted(framework_tokens))) if x)
            raise InputError(
                f"no definition is of {wanted or 'this evidence'}, if only the evidence "
                f"{', '.join(sorted(marks - {''}))} counts.",
                repair="See `itsm-ontology definitions`; an absence is listed by `itsm-ontology show FRAMEWORK`.",
            )
        return tuple(sorted(found.values(), key=lambda d: (d.term, d.token)))

    def senses(self, term: str) -> tuple[str, ...]:
        """Give the token of a term, or those of its senses if only they are defined.

        Raises:
            UnknownNameError: if there is no such term.

        Example:
            >>> catalogue().senses("availability")
            ('information-availability', 'service-availability')
        """
        found = self.term(term)
        if any(definition.term == found.token for definition in self.all_definitions.values()):
            return (found.token,)
        narrower = tuple(other.token for other in self.terms.values() if other.broader == found.token)
        return narrower or (found.token,)

    def standing(self, framework: str, term: str) -> Standing | None:
        """Give what a framework has on a term that it does not define, where that is recorded."""
        return next((s for s in self.standings if (s.framework, s.term) == (framework, term)), None)

    def turtle(self) -> str:
        """Write the catalogue as one Turtle document: vocabulary, meta-model, terms, theses, disputes, shapes files.

        Files of your own (`with_shapes`) are in it; the licence that it states is that of the published ones.

        Example:
            >>> "itil-2011:service a sh:NodeShape" in catalogue().turtle()
            True
        """
        return catalogue_rdf.turtle(self.version, self._documents)

    def trig(self) -> str:
        """Write the same as TriG: a graph for each file, named after what it describes, and a description of the whole.

        Example:
            >>> "<https://w3id.org/itsm-ontology/framework/itil-2011> {" in catalogue().trig()
            True
        """
        return catalogue_rdf.trig(self.version, self._documents)

    @property
    def _documents(self) -> Mapping[str, Document]:
        """The shapes files, by the IRI of their framework; of the first of them, if a file describes several."""
        found: dict[str, Document] = {}
        for framework in self.frameworks.values():
            if framework.document not in found.values():
                found[FRAMEWORK + framework.token] = framework.document
        return found

    def with_shapes(self, *files: Readable) -> Catalogue:
        """Give this catalogue with your own definitions beside the published ones.

        Args:
            files: Turtle files in the form of those in `shapes/`, or plain SHACL node shapes, which become definitions
                of a framework named after the file.

        Returns:
            A new catalogue; this one stays as it is.

        Raises:
            InputError: if a file can't be read, is not SHACL, or redefines what is there.
        """
        whole = self
        for file in files:
            whole = _join(whole, read_shapes(open_document(file), plain=True))
        return whole


@cache
def catalogue() -> Catalogue:
    """Give the published catalogue, read once.

    Example:
        >>> "service" in catalogue().terms
        True
    """
    terms = read_terms(open_document(folder("vocab") / "terms.ttl"))
    whole = Catalogue(__version__, {term.token: term for term in terms}, {}, {})
    files = sorted(folder("shapes").glob("*.ttl"))
    return _join(whole, *(read_shapes(open_document(file, f"shapes/{file.name}")) for file in files))


@cache
def _theses() -> Mapping[str, Thesis]:
    document = open_document(folder("vocab") / "theses.ttl", "vocab/theses.ttl")
    return MappingProxyType({thesis.token: thesis for thesis in read_theses(document)})


@cache
def _disputes() -> Mapping[str, Dispute]:
    document = open_document(folder("vocab") / "disputes.ttl", "vocab/disputes.ttl")
    return MappingProxyType({dispute.token: dispute for dispute in read_disputes(document)})


def _join(whole: Catalogue, *files: ShapesFile) -> Catalogue:
    terms, frameworks = dict(whole.terms), dict(whole.frameworks)
    definitions, standings = dict(whole.all_definitions), list(whole.standings)
    for file in files:
        terms |= {term.token: term for term in file.terms if term.token not in terms}
        for framework in file.frameworks:
            if framework.token in frameworks:
                raise InputError(
                    f"the framework {framework.token} is in the catalogue already, from "
                    f"{frameworks[framework.token].file}.",
                    source=framework.file,
                    repair="Give it another token.",
                )
            frameworks[framework.token] = framework
        for definition in file.definitions:
            if definition.token in definitions:
                raise InputError(
                    f"the definition {definition.token} is in the catalogue already, from "
                    f"{definitions[definition.token].file}.",
                    source=definition.file,
                    repair="Give it another name.",
                )
            definitions[definition.token] = definition
        standings += file.standings
    for definition in definitions.values():
        if definition.term not in terms:
            raise InputError(
                f"{definition.token} defines the term {definition.term!r}, which there is none of.",
                source=definition.file,
                repair=f"Terms are {', '.join(sorted(terms))}; or declare yours in the file as a meta:Term.",
            )
    return replace(whole, terms=terms, frameworks=frameworks, all_definitions=definitions, standings=tuple(standings))
