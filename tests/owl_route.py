"""Conditions as OWL 2 class expressions, and HermiT's opinion on which can have members: another way to the answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from pyoxigraph import RdfFormat, parse, serialize

from itsm_ontology import conditions as c
from itsm_ontology import paths as p
from itsm_ontology.conditions import Condition
from itsm_ontology.paths import Path as PropertyPath
from itsm_ontology.vocabulary import Vocabulary

CLASS = "urn:question:"
_PREFIXES = """@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


class NotInOWLError(Exception):
    """OWL 2 DL can't say that, or this route does not."""


def class_expression(condition: Condition, words: Vocabulary) -> str:
    """Write a condition on an element as a class expression, in Turtle.

    Raises:
        NotInOWLError: if it compares values, walks any number of steps, or tests literals.
    """

    def expression(one: Condition) -> str:
        return class_expression(one, words)

    match condition:
        case c.Named(inner):
            return expression(inner)
        case c.All(()):
            return "owl:Thing"
        case c.All(inner):
            return _joined("intersectionOf", map(expression, inner))
        case c.AnyOf(inner):
            return _joined("unionOf", map(expression, inner))
        case c.ExactlyOne(inner):
            alone = (
                c.All((one, *(c.Not(other) for at, other in enumerate(inner) if at != position)))
                for position, one in enumerate(inner)
            )
            return _joined("unionOf", map(expression, alone))
        case c.Not(inner):
            return _not(expression(inner))
        case c.OfClass(kind):
            return f"<{kind}>"
        case c.AtLeast(number, path, inner):
            return _at_least(number, path, expression(inner), words)
        case c.AtMost(number, path, inner):
            return _not(_at_least(number + 1, path, expression(inner), words))
        case c.Every(path, inner):
            return _not(_at_least(1, path, _not(expression(inner)), words))
        case _:
            raise NotInOWLError(type(condition).__name__)


def _at_least(number: int, path: PropertyPath, inner: str, words: Vocabulary) -> str:
    if number <= 0:
        return "owl:Thing"
    match path:
        case p.Relation(iri) if iri in words.relations:
            return _restriction(f"<{iri}>", number, inner)
        case p.Inverse(p.Relation(iri)) if iri in words.relations:
            return _restriction(f"[ owl:inverseOf <{iri}> ]", number, inner)
        case p.Inverse(p.Inverse(one)):
            return _at_least(number, one, inner, words)
        case p.Sequence((one,)):
            return _at_least(number, one, inner, words)
    if number > 1:
        raise NotInOWLError("values of a longer path, counted")
    match path:
        case p.Sequence(()):
            return inner
        case p.Sequence((first, *rest)):
            return _at_least(1, first, _at_least(1, p.Sequence(tuple(rest)), inner, words), words)
        case p.Alternative(paths):
            return _joined("unionOf", (_at_least(1, one, inner, words) for one in paths))
        case p.ZeroOrOne(one):
            return _joined("unionOf", (inner, _at_least(1, one, inner, words)))
        case _:
            raise NotInOWLError(type(path).__name__)


def _restriction(relation: str, number: int, inner: str) -> str:
    return (
        f"[ a owl:Restriction ; owl:onProperty {relation} ; owl:onClass {inner} ; "
        f'owl:minQualifiedCardinality "{number}"^^xsd:nonNegativeInteger ]'
    )


def _joined(how: str, expressions: Iterable[str]) -> str:
    given = list(expressions)
    if len(given) == 1:
        return given[0]
    return f"[ a owl:Class ; owl:{how} ( {' '.join(given)} ) ]"


def _not(expression: str) -> str:
    return f"[ a owl:Class ; owl:complementOf {expression} ]"


def _axioms(words: Vocabulary, kinds: Iterable[str]) -> Iterable[str]:
    yield from (f"<{kind}> a owl:Class ." for kind in sorted({*words.kinds, *kinds}))
    yield from (f"<{relation}> a owl:ObjectProperty ." for relation in sorted(words.relations))
    for one, predicate, other in sorted(words.axioms):
        if one in words.attributes or other in words.attributes:
            continue
        yield f"<{one}> <{predicate}> <{other}> ."


def impossible_by_hermit(questions: Sequence[Condition], words: Vocabulary, folder: Path) -> frozenset[int]:
    """Ask HermiT which conditions nothing can meet.

    Args:
        questions: the conditions, each one that `class_expression` can write.
        words: the axioms; that some relations lead nowhere back is not among them.
        folder: where to put a file.

    Returns:
        The positions of the conditions that no model meets at any element.
    """
    import owlready2

    kinds = {kind for one in questions for kind in c.kinds_in(one)}
    lines = [*_axioms(words, kinds)]
    lines += [
        f"<{CLASS}{number}> a owl:Class ; owl:equivalentClass {class_expression(one, words)} ."
        for number, one in enumerate(questions)
    ]
    file = folder / "questions.nt"
    quads = parse((_PREFIXES + "\n".join(lines)).encode(), format=RdfFormat.TURTLE)
    file.write_bytes(serialize(quads, format=RdfFormat.N_TRIPLES) or b"")
    world = owlready2.World()
    world.get_ontology(file.as_uri()).load(format="ntriples")
    with world.get_ontology("urn:answers#"):
        owlready2.sync_reasoner(world, debug=0)
    impossible = {found.iri for found in world.inconsistent_classes()}
    return frozenset(number for number in range(len(questions)) if f"{CLASS}{number}" in impossible)
