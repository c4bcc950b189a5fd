"""Shapes files, one framework edition or position each, read into definitions. What is not right is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from . import conditions as c
from .definitions import (
    Constraint,
    Criterion,
    Definition,
    DisputedTerm,
    Example,
    Framework,
    Standing,
    Unchecked,
)
from .document import Document
from .errors import InputError, near_matches
from .evidence import mark_of, sources_of, text_of
from .names import (
    DCTERMS,
    EXAMPLE,
    FRAMEWORK,
    ITSM,
    META,
    PROV,
    RDF_TYPE,
    RDFS,
    SH,
    SKOS,
    TERM,
    is_stray,
    local_name,
    shorten,
)
from .rdf import Statement, Term, read_statements
from .shacl import ShapesGraph
from .verdict import Outcome
from .vocabulary import vocabulary


@dataclass(frozen=True)
class ShapesFile:
    """What one shapes file holds.

    Attributes:
        frameworks: its framework.
        definitions: its definitions.
        standings: absences, mentions and the like.
        terms: terms that it adds.
    """

    frameworks: tuple[Framework, ...]
    definitions: tuple[Definition, ...]
    standings: tuple[Standing, ...]
    terms: tuple[DisputedTerm, ...] = ()


def read_terms(document: Document) -> tuple[DisputedTerm, ...]:
    """Read disputed terms out of a Turtle document."""
    return _terms(ShapesGraph(document, read_statements(document, "turtle")))


def _terms(graph: ShapesGraph) -> tuple[DisputedTerm, ...]:
    found = []
    for node in graph.instances(META.Term):
        labels = {
            label.language or "en": label.value
            for label in graph.values(node, RDFS.label)
            if isinstance(label, Literal)
        }
        broader = graph.value(node, SKOS.broader)
        token = local_name(node.value)
        found.append(
            DisputedTerm(
                token,
                labels.get("en", token),
                text_of(graph, node, SKOS.scopeNote),
                local_name(broader.value) if broader else "",
                labels,
                tuple(other.value for other in graph.values(node, SKOS.altLabel)),
            )
        )
    return tuple(sorted(found, key=lambda term: term.token))


def read_shapes(document: Document, *, plain: bool = False) -> ShapesFile:
    """Read a shapes file of the catalogue.

    Args:
        document: the Turtle document.
        plain: for files that are not ours: node shapes that are no `meta:Definition` become definitions too, of a
            framework named after the file.

    Returns:
        What it holds.

    Raises:
        InputError: if it is no valid Turtle, not SHACL Core, or a definition lacks what it must have.
    """
    graph_statements: list[Statement] = []
    examples: dict[str, list[Statement]] = {}
    for statement in read_statements(document, "turtle", ours=not plain):
        iri = statement[0].value
        if iri.startswith(EXAMPLE):
            examples.setdefault(iri.partition("#")[0], []).append(statement)
        else:
            graph_statements.append(statement)
    graph = ShapesGraph(document, graph_statements)
    graph.check_words()
    _check_vocabulary(graph)
    graph.advisory = _advisory(graph)
    reader = _FileReader(document, graph, examples)
    definitions = reader.definitions()
    frameworks = reader.frameworks()
    if not definitions and plain:
        return reader.plain_shapes()
    declared = {framework.token for framework in frameworks}
    for definition in definitions:
        if definition.framework not in declared:
            raise InputError(
                f"{definition.token} is of the framework {definition.framework}, which this file does not describe.",
                source=document.name,
                repair="Add a meta:Framework with that token.",
            )
        if definition.iri.startswith(FRAMEWORK) and definition.token.partition(":")[0] != definition.framework:
            raise InputError(
                f"{definition.token} has the framework {definition.framework}, and an IRI of another.",
                source=document.name,
                repair="Check the prefix: it ends in the framework's token and #.",
            )
    if not definitions and not frameworks:
        raise InputError(
            "this holds neither a framework nor a definition.",
            source=document.name,
            repair="Expected a file in the form of those in shapes/.",
        )
    return ShapesFile(frameworks, definitions, reader.standings(), _terms(graph))


def _check_vocabulary(graph: ShapesGraph) -> None:
    """Refuse kinds and relations in our namespace that there aren't: with them a denial would hold by silence."""
    words = vocabulary()
    for word, node in graph.words.items():
        if is_stray(word):
            raise graph.error(
                node, f"uses {word}, which lies in none of our namespaces", word,
                f"Check the prefixes: {ITSM} and {META}, for instance.",
            )  # fmt: skip
        if word.startswith(ITSM) and not words.is_known(word):
            near = near_matches(local_name(word), map(local_name, words.kinds | words.relations), 1)
            raise graph.error(
                node, f"uses {shorten(word)}, which the vocabulary does not have", word,
                f"Did you mean itsm:{near[0]}?" if near else "",
            )  # fmt: skip


def _advisory(graph: ShapesGraph) -> frozenset[Term]:
    """Give the property shapes of definitions that warn and do not decide."""
    return frozenset(
        shape
        for definition in graph.instances(META.Definition)
        for shape in graph.values(definition, SH.property)
        for severity in graph.values(shape, SH.severity)
        if severity.value != SH.Violation
    )


@dataclass(frozen=True)
class _FileReader:
    document: Document
    graph: ShapesGraph
    examples: Mapping[str, list[Statement]]

    def frameworks(self) -> tuple[Framework, ...]:
        found = []
        for node in self.graph.instances(META.Framework):
            revision = self.graph.value(node, PROV.wasRevisionOf)
            kind = self.graph.value(node, META.frameworkKind)
            found.append(
                Framework(
                    token=text_of(self.graph, node, META.token) or local_name(node.value),
                    label=text_of(self.graph, node, RDFS.label) or local_name(node.value),
                    kind=local_name(kind.value) if kind else "",
                    edition=text_of(self.graph, node, META.edition),
                    issued=text_of(self.graph, node, DCTERMS.issued),
                    revision_of=revision.value.removeprefix(FRAMEWORK) if revision else "",
                    about=_leading_comment(self.document.text),
                    file=self.document.name,
                    document=self.document,
                )
            )
        return tuple(found)

    def definitions(self) -> tuple[Definition, ...]:
        return tuple(self._definition(node) for node in self.graph.instances(META.Definition))

    def _required(self, node: Term, predicate: str) -> Term:
        found = self.graph.values(node, predicate)
        if not found:
            raise self.graph.error(node, f"is a definition without {shorten(predicate)}")
        return found[0]

    def _definition(self, node: Term) -> Definition:
        graph = self.graph
        formal = NamedNode(SH.NodeShape) in graph.values(node, RDF_TYPE)
        informal = text_of(graph, node, META.informal)
        if not formal and not informal:
            raise graph.error(node, "is neither a sh:NodeShape nor gives a reason why it is informal (meta:informal)")
        unchecked = tuple(
            Unchecked(text_of(graph, item, META.clause), text_of(graph, item, META.reason))
            for item in graph.values(node, META.notChecked)
        )
        return Definition(
            token=shorten(node.value),
            iri=node.value,
            label=text_of(graph, node, RDFS.label) or shorten(node.value),
            text=text_of(graph, node, SKOS.definition),
            term=self._required(node, META.defines).value.removeprefix(TERM),
            framework=self._required(node, META.framework).value.removeprefix(FRAMEWORK),
            applies_to=self._applies_to(node),
            evidence=mark_of(graph, node),
            sources=sources_of(graph, node),
            constraints=self._constraints(node) if formal else (),
            notes=tuple(note.value for note in graph.values(node, SKOS.editorialNote)),
            unchecked=unchecked,
            held_by=tuple(other.value.removeprefix(FRAMEWORK) for other in graph.values(node, META.heldBy)),
            identity=tuple(self._criterion(item) for item in graph.values(node, META.identityCriterion)),
            auxiliary=text_of(graph, node, META.auxiliary) == "true",
            informal=informal,
            necessary_only=bool(unchecked) or text_of(graph, node, META.necessaryOnly) == "true",
            examples=tuple(self._examples(node)),
            file=self.document.name,
            document=self.document,
        )

    def _criterion(self, item: Term) -> Criterion:
        """Read what makes a thing the same: a relation, or a path with the kind of values that count."""
        path = self.graph.value(item, SH.path)
        kind = self.graph.value(item, SH.term("class"))
        return Criterion(self.graph.path(path or item), kind.value if kind else "")

    def _applies_to(self, node: Term) -> tuple[str, ...]:
        self._required(node, META.appliesTo)
        return tuple(kind.value for kind in self.graph.values(node, META.appliesTo))

    def _constraints(self, node: Term) -> tuple[Constraint, ...]:
        graph = self.graph
        found = []
        for predicate in graph.predicates(node):
            if predicate not in (SH.property, SH.node):
                if predicate.startswith(SH) and predicate not in (SH.message, SH.severity, SH.deactivated, SH.sparql):
                    raise graph.error(
                        node, f"has {shorten(predicate)} directly", predicate,
                        "Put it into a named shape, with a message, and refer to that by sh:node.",
                    )  # fmt: skip
                if predicate == SH.sparql:
                    shape = graph.shape(node)
                    opaque = next(part.condition for part in shape.parts if isinstance(part.condition, c.Opaque))
                    found.append(Constraint(node.value, shape.message or "Meets a SPARQL constraint.", opaque))
                continue
            found += [self._constraint(node, value, predicate) for value in graph.values(node, predicate)]
        if not found:
            raise graph.error(node, "has no constraint")
        return tuple(found)

    def _constraint(self, definition: Term, node: Term, predicate: str) -> Constraint:
        graph = self.graph
        if not isinstance(node, NamedNode):
            raise graph.error(definition, "has a constraint without a name", predicate, "Give the shape an IRI.")
        other = NamedNode(META.Definition) in graph.values(node, RDF_TYPE)
        if predicate == SH.node and not other and not graph.predicates(node):
            raise graph.error(
                definition, f"refers to {shorten(node.value)}, which this file does not describe", predicate,
                "A definition can rest on another of the same framework only.",
            )  # fmt: skip
        shape = graph.shape(node)
        if predicate == SH.node and shape.path is not None:
            raise graph.error(
                definition, "has sh:node with a property shape", predicate, "Refer to property shapes by sh:property."
            )
        if predicate == SH.property and shape.path is None:
            raise graph.error(definition, f"has sh:property {shorten(node.value)}, which has no sh:path", predicate)
        self._check_severity(definition, node, predicate)
        message = shape.message or (f"Is {text_of(graph, node, RDFS.label)}." if other else "")
        if not message:
            raise graph.error(node, "is a constraint without sh:message", "", "Say what holds when it is met.")
        return Constraint(node.value, message, shape.condition, decides=shape.severity == SH.Violation)

    def _check_severity(self, definition: Term, node: Term, predicate: str) -> None:
        """Refuse a warning anywhere but on a definition's own property shapes."""
        if SH.severity not in self.graph.words or NamedNode(META.Definition) in self.graph.values(node, RDF_TYPE):
            return
        inner: list[Term] = [node]
        seen: set[Term] = set()
        while inner:
            shape = inner.pop()
            if shape in seen or isinstance(shape, Literal):
                continue
            seen.add(shape)
            if shape != node and NamedNode(META.Definition) in self.graph.values(shape, RDF_TYPE):
                continue
            severity = self.graph.value(shape, SH.severity)
            if severity and severity.value != SH.Violation and (shape != node or predicate != SH.property):
                raise self.graph.error(
                    definition,
                    f"has a {local_name(severity.value)} that is not on a property shape of its own",
                    SH.severity,
                )
            for below in self.graph.predicates(shape):
                if below.startswith(SH):
                    inner += self.graph.values(shape, below)

    def _examples(self, definition: Term) -> Iterator[Example]:
        graph = self.graph
        for node in graph.subjects(META.exampleOf, definition):
            element = self._required(node, META.element).value
            expected = graph.value(node, META.expects)
            if expected and expected.value not in _OUTCOMES:
                raise graph.error(
                    node, f"expects {shorten(expected.value)}, which is no outcome", META.expects,
                    f"Outcomes are {', '.join(map(shorten, _OUTCOMES))}.",
                )  # fmt: skip
            yield Example(
                iri=node.value,
                label=text_of(graph, node, RDFS.label),
                element=element,
                breaks=tuple(broken.value for broken in graph.values(node, META.breaks)),
                expects=_OUTCOMES[expected.value] if expected else None,
                statements=tuple(self.examples.get(element.partition("#")[0], ())),
            )

    def standings(self) -> tuple[Standing, ...]:
        sorts = ((META.Absence, "absent"), (META.Mention, "mentioned"), (META.NotSeen, "not seen"))
        return tuple(
            one for kind, sort in sorts for node in self.graph.instances(kind) for one in self._standing(node, sort)
        )

    def _standing(self, node: Term, sort: str) -> Iterator[Standing]:
        framework = self._required(node, META.framework).value.removeprefix(FRAMEWORK)
        self._required(node, META.ofTerm)
        mark, sources = mark_of(self.graph, node), sources_of(self.graph, node)
        comment = text_of(self.graph, node, RDFS.comment)
        for term in self.graph.values(node, META.ofTerm):
            yield Standing(sort, framework, term.value.removeprefix(TERM), mark, sources, comment)

    def plain_shapes(self) -> ShapesFile:
        """Make definitions of node shapes that say nothing about frameworks and terms."""
        file = self.document.name
        framework = Framework(_token(file), file, kind="Position", file=file, document=self.document)
        term = DisputedTerm("own", "own shapes", "Shapes from your own files that define no term of the catalogue.")
        found = []
        for node in self.graph.instances(SH.NodeShape):
            if not isinstance(node, NamedNode):
                continue
            shape = self.graph.shape(node)
            if not shape.parts:
                raise self.graph.error(node, "has no constraint")
            name = local_name(node.value)
            message = shape.message or f"Conforms to {name}."
            found.append(
                Definition(
                    token=f"{framework.token}:{name}",
                    iri=node.value,
                    label=text_of(self.graph, node, RDFS.label) or name,
                    text=text_of(self.graph, node, RDFS.comment),
                    term=term.token,
                    framework=framework.token,
                    applies_to=tuple(t.term.value for t in shape.targets if t.sort == "targetClass") or (ITSM.Element,),
                    evidence="",
                    constraints=(Constraint(node.value, message, shape.condition),),
                    file=self.document.name,
                    document=self.document,
                )
            )
        if not found:
            raise InputError(
                "this holds no named sh:NodeShape and no meta:Definition.",
                source=self.document.name,
                repair="Expected SHACL shapes, or a file in the form of those in shapes/.",
            )
        return ShapesFile((framework,), tuple(found), (), (term,))


def _token(file_name: str) -> str:
    stem = Path(file_name).name.removesuffix(".gz").rpartition(".")[0] or Path(file_name).name
    return (
        "".join(letter if letter.isalnum() or letter in "-." else "-" for letter in stem.lower()).strip("-.<>") or "own"
    )


def _leading_comment(text: str) -> str:
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# "))
    return " ".join(lines)


_OUTCOMES = {
    META.Satisfied: Outcome.SATISFIED,
    META.SatisfiedSoFar: Outcome.SATISFIED_SO_FAR,
    META.Undetermined: Outcome.UNDETERMINED,
    META.Contradicted: Outcome.CONTRADICTED,
    META.NotApplicable: Outcome.NOT_APPLICABLE,
}
