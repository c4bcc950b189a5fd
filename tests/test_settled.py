"""Completeness reaches no further than what was said."""

from __future__ import annotations

import itsm_ontology as itsm
from itsm_ontology import Outcome

SHAPES = b"""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix itsm: <https://w3id.org/itsm-ontology/itsm#> .
<urn:own#Alone> a sh:NodeShape ; sh:property [ sh:path itsm:partOf ; sh:maxCount 0 ] .
<urn:own#Judged> a sh:NodeShape ; sh:property [ sh:path itsm:judgedFor ; sh:maxCount 2 ] ."""


def outcome(text: str, shape: str, element: str, *complete: str) -> Outcome:
    mine = itsm.catalogue().with_shapes(SHAPES)
    token = next(token for token in mine.all_definitions if token.endswith(":" + shape))
    model = itsm.load(("@prefix itsm: <https://w3id.org/itsm-ontology/itsm#> . " + text).encode())
    return itsm.evaluate(model, definitions=[token], complete=complete, catalogue=mine)[element, token].outcome


def test_another_source_may_name_an_element_as_a_part() -> None:
    text = "<urn:g1> { <urn:a> itsm:hasPart <urn:b> } <urn:g2> { <urn:c> a itsm:Network }"
    assert outcome(text, "Alone", "urn:a", "hasPart@urn:g1") is Outcome.SATISFIED_SO_FAR
    assert outcome(text, "Alone", "urn:a", "hasPart") is Outcome.SATISFIED


def test_a_stated_unit_is_not_all_there_can_be() -> None:
    text = "<urn:a> itsm:judgedFor <urn:u> ; itsm:providedBy <urn:p> ."
    assert outcome(text, "Judged", "urn:a") is Outcome.SATISFIED_SO_FAR
    more = text.replace("<urn:p>", "<urn:p> , <urn:q>")
    assert outcome(more, "Judged", "urn:a") is not Outcome.SATISFIED
