"""Print how many questions an interview takes until all definitions of a term are settled, by the order of questions.

Those who answer are the examples that ship with the definitions, taken as all there is, and models in which some
clauses chosen at random hold.

Usage: python benchmarks/interview.py [TERM…]
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from itsm_ontology.definitions import Example
from itsm_ontology.facts_builder import FactsBuilder
from itsm_ontology.model import Model
from itsm_ontology.reasoning.interview.questions import questions
from itsm_ontology.reasoning.interview.standing import AT_KIND, KIND, Given, Question, State
from itsm_ontology.reasoning.interview.topic import Topic
from itsm_ontology.reasoning.search import Found, Search
from itsm_ontology.reasoning.witness import BASE, model_of
from itsm_ontology.sources.rdf import add_statements
from itsm_ontology.vocabulary import vocabulary
from itsm_ontology.walk import Walk

TERMS = ("service", "application", "availability", "business-relationship-management")
AT_RANDOM = 20
"""So many models in which some clauses hold, chosen at random."""
A_DOZEN = 12


@dataclass(frozen=True)
class Respondent:
    """Somebody who knows the thing.

    Attributes:
        truths: whether each condition of the topic holds.
        kind: which of the kinds offered it is of; None if they don't know.
    """

    truths: tuple[bool, ...]
    kind: str | None


def respondent(topic: Topic, model: Model, element: str) -> Respondent:
    walk, node, words = Walk(model.facts), model.node(element), vocabulary()
    broader = {kind for recorded in model.kinds(element) for kind in words.super_kinds(recorded)}
    fitting = [choice.kind for choice in topic.choices if choice.kind in broader]
    narrowest = max(fitting, key=lambda kind: len(words.super_kinds(kind)), default=None)
    return Respondent(tuple(walk.truth(one, node).met for one in topic.conditions), narrowest)


def from_examples(topic: Topic) -> Iterator[Respondent]:
    for definition in topic.definitions:
        for example in definition.examples:
            yield respondent(topic, _model(example), example.element)


def _model(example: Example) -> Model:
    builder = FactsBuilder(example.label, "example")
    add_statements(example.statements, builder)
    return Model(builder.build())


def at_random(topic: Topic, count: int) -> Iterator[Respondent]:
    dice = random.Random(topic.label)
    search = Search(topic.conditions, vocabulary(), natural=False)
    asked = range(len(topic.texts))
    while count:
        found = search.model(dice.sample(asked, dice.randint(2, len(asked) // 4)))
        if isinstance(found, Found):
            names = {number: str(number) for number in found.structure.elements}
            yield respondent(topic, model_of(search.program, found.structure, names), BASE + names[0])
            count -= 1


Order = Callable[[list[Question]], Question]


def interview(topic: Topic, who: Respondent, order: Order) -> tuple[int, float, float]:
    """Give the number of questions, the share of definitions settled after a dozen, and the longest wait."""
    positions = {clauses[0].token: position for position, clauses in enumerate(topic.constraints)}
    given: list[tuple[int, Given]] = []
    count, longest, settled = 0, 0.0, 1.0
    while True:
        started = time.perf_counter()
        state = State(topic, given, checked=0)
        if count == A_DOZEN:
            settled = 1 - len(state.undecided) / len(topic.definitions)
        open_ones = list(state.questions())
        if not open_ones:
            return count, settled, longest
        chosen = open_ones[0] if open_ones[0].key == KIND else order(open_ones)
        position = AT_KIND if chosen.key == KIND else positions[chosen.key]
        follows = position != AT_KIND and any(state.clash_with({position: holds}) for holds in (True, False))
        longest = max(longest, time.perf_counter() - started)
        given.append((position, who.kind if position == AT_KIND else who.truths[position]))
        count += not follows


def orders() -> dict[str, Order]:
    dice = random.Random(1)
    return {
        "at random": dice.choice,
        "by frequency": lambda found: max(found, key=lambda one: len(one.constraints)),
        "by gain": lambda found: found[0],
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("terms", metavar="TERM", nargs="*", default=TERMS, help="by default all")
    terms = arguments.parse_args().terms
    print(f"{'term':38}{'respondents':22}{'order':14}{'mean':>6}{'median':>8}{'least':>7}{'most':>6}", end="")
    print(f"{'settled after 12':>18}{'longest wait':>14}")
    for term in terms:
        topic = questions(None, "it", term).topic
        groups = {"examples": list(from_examples(topic)), "at random": list(at_random(topic, AT_RANDOM))}
        for group, respondents in groups.items():
            for name, order in orders().items():
                results = [interview(topic, who, order) for who in respondents]
                counts = [count for count, _, _ in results]
                print(
                    f"{f'{term} ({len(topic.definitions)})':38}{f'{group} ({len(respondents)})':22}{name:14}"
                    f"{statistics.mean(counts):6.1f}{statistics.median(counts):8.1f}{min(counts):7}{max(counts):6}"
                    f"{statistics.mean(share for _, share, _ in results):18.0%}{max(r[2] for r in results):12.2f} s",
                    flush=True,
                )


if __name__ == "__main__":
    main()
