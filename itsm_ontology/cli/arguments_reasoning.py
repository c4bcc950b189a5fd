"""The arguments of the commands that reason about definitions."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from .arguments_common import (
    NAME,
    Command,
    formats,
    model_arguments,
    number_of_elements,
    number_of_seconds,
    search_arguments,
    several,
    shapes_arguments,
    source_arguments,
    svg_argument,
)


def _implies_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("narrower", metavar="NARROWER", help="the token of a definition or of a constraint")
    command.add_argument("broader", metavar="BROADER", help="the token of what is to follow from it")
    _thesis_arguments(command)
    search_arguments(command)
    svg_argument(command, "the counter-example")


def _relation_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("first", metavar="FIRST", help="the token of a definition or of a constraint")
    command.add_argument("second", metavar="SECOND", help="the token of another")
    search_arguments(command)
    svg_argument(command, "the first witness")


def _compatible_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("names", metavar="TOKEN", nargs="*", help="tokens of definitions or constraints")
    _thesis_arguments(command)
    search_arguments(command)
    svg_argument(command, "the model in which they go together")


def _lattice_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("terms", metavar="TERM", nargs="*", help="the terms whose definitions are ordered")
    several(command, "--framework", "TOKEN", "only definitions of this framework")
    several(command, "--definition", "TOKEN", "this definition too")
    _fresh(command)
    search_arguments(command, 0, ("text", "json", "csv", "mermaid", "dot"))
    svg_argument(command, "the order")


def _over_all_pairs_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("thesis", metavar="THESIS", help=f"the thesis's token, as `{NAME} theses` lists them")
    several(command, "--framework", "TOKEN", "only definitions of this framework")
    several(command, "--definition", "TOKEN", "only this definition, or this one too beside those of frameworks")
    command.add_argument(
        "--witness",
        nargs=2,
        metavar=("SUBJECT", "OBJECT"),
        help="show a smallest model that refutes it under these two definitions",
    )
    _fresh(command)
    search_arguments(command, 0, ("text", "json", "csv"))
    svg_argument(command, "the witness")


def _relations_arguments(command: argparse.ArgumentParser) -> None:
    several(command, "--term", "TERM", "only definitions of this term")
    several(command, "--framework", "TOKEN", "only definitions of this framework")
    several(command, "--definition", "TOKEN", "this definition too")
    command.add_argument(
        "--every", action="store_true", help="compare each with each, and not only those of terms that belong together"
    )
    command.add_argument(
        "--output",
        metavar="FILE",
        help="keep the result in this file, as Turtle; what it has of definitions that are as they were is not redone",
    )
    search_arguments(command, 20, ("text", "json", "csv", "turtle"), "each pair")


def _dispute_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("dispute", metavar="DISPUTE", help=f"the dispute's token, as `{NAME} disputes` lists them")
    search_arguments(command, what="each question")
    svg_argument(command, "the model")


def _repair_arguments(command: argparse.ArgumentParser) -> None:
    model_arguments(command)
    command.add_argument("element", metavar="ELEMENT", help="the element, by IRI or label")
    command.add_argument("definition", metavar="DEFINITION", help="the definition's token, such as itil-2011:service")
    command.add_argument("--withdraw", action="store_true", help="allow recorded facts to be withdrawn as well")
    command.add_argument(
        "--limit",
        type=number_of_elements,
        default=5,
        metavar="N",
        help="show so many (default: %(default)s)",
    )
    command.add_argument(
        "--seconds",
        type=number_of_seconds,
        default=10,
        metavar="S",
        help="limit, 0 for none (default: %(default)g)",
    )
    command.add_argument(
        "--unit", metavar="NAME", help="the organizational unit whose boundary counts, by IRI or label"
    )
    command.add_argument(
        "--apply",
        type=number_of_elements,
        metavar="N",
        help="write the model with this change made, as Turtle",
    )
    shapes_arguments(command)
    formats(command, ("text", "json"))


def _ask_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("element", metavar="ELEMENT", help="the element, by IRI or label; any name without --model")
    command.add_argument("--model", metavar="FILE", help="the file that holds the model; without it nothing is known")
    source_arguments(command)
    command.add_argument("--term", metavar="TERM", help="only definitions of this term (default: service)")
    several(command, "--framework", "TOKEN", "only definitions of this framework")
    several(command, "--definition", "TOKEN", "this definition too")
    command.add_argument("--answers", metavar="FILE", help="begin with these answers, as --format json writes them")
    command.add_argument("--save", metavar="FILE", help="write a smallest model that says what was answered, as Turtle")
    command.add_argument(
        "--questions",
        type=number_of_elements,
        default=0,
        metavar="N",
        help="ask so many at most (default: until all is settled)",
    )
    command.add_argument("--no-questions", action="store_true", help="ask nothing; say what follows from the answers")
    shapes_arguments(command)
    formats(command, ("text", "json"))


def _thesis_arguments(command: argparse.ArgumentParser) -> None:
    several(command, "--thesis", "TOKEN", "take this thesis to hold of everything")
    several(command, "--meaning", "TERM=TOKEN", "understand this term of the theses by this definition")


def _fresh(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--fresh", action="store_true", help="work out anew what ships with the library and is up to date"
    )


REASONING: Mapping[str, Command] = {
    "implies": Command(
        "tell whether whatever meets one definition meets another",
        _implies_arguments,
        ("itil-2011:service fitsm-3:service", "itil-2011:application itil-2011:service --svg refuted.svg"),
    ),
    "relation": Command(
        "tell how two definitions relate, with smallest models",
        _relation_arguments,
        ("itil-2011:service itil-4:service",),
    ),
    "compatible": Command(
        "tell whether one thing can meet several definitions, and what clashes if not",
        _compatible_arguments,
        (
            "asl-2:application.usage von-neumann:application.betz",
            "--thesis application-is-a-service --thesis no-application-is-a-service",
        ),
    ),
    "lattice": Command(
        "order all definitions of a term by implication", _lattice_arguments, ("service --svg service.svg",)
    ),
    "thesis": Command(
        "tell under which definitions a thesis is true of every model",
        _over_all_pairs_arguments,
        ("application-is-a-service --framework itil-2011 --framework betz-2010",),
    ),
    "relations": Command(
        "tell how all definitions relate, pair by pair",
        _relations_arguments,
        ("--term service", "--output relations.ttl"),
    ),
    "dispute": Command(
        "show a dispute: that no model satisfies both sides, or a model on which they differ",
        _dispute_arguments,
        ("C1", "C17 --svg c17.svg"),
    ),
    "repair": Command(
        "give the smallest sets of facts that would make an element meet a definition",
        _repair_arguments,
        ('landscape.ttl "Payroll" itil-2011:service', 'landscape.ttl "Payroll" itil-2011:service --apply 1'),
    ),
    "ask": Command(
        "ask what settles soonest what definitions say of a thing",
        _ask_arguments,
        ('"the mail system" --term service --save mail.ttl', "Payroll --model landscape.ttl --answers known.json"),
    ),
}
"""The commands, by name."""
