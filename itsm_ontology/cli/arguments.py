"""The arguments of the command line: one table of commands, and what each of them takes."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from ..catalogue import catalogue
from ..errors import ItsmOntologyError, near_matches
from ..evaluate import ENGINES
from ..reasoning.implication import SECONDS
from ..reasoning.program import MOST_ELEMENTS
from ..reasoning.search import MOST
from ..verdict import Outcome
from ..version import __version__
from .check import CHECK_FORMATS
from .output import LISTING_FORMATS

NAME = "itsm-ontology"
_EXAMPLES = """examples:
  {name} check landscape.ttl --term service --fail-on contradicted
  {name} explain landscape.ttl "Payroll" itil-2011:service
"""


class UsageError(ItsmOntologyError):
    """Arguments that make no command."""


@dataclass(frozen=True)
class Command:
    """A command of the command line.

    Attributes:
        summary: what it does.
        add_arguments: gives a parser its arguments.
        examples: arguments that make sense.
    """

    summary: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    examples: tuple[str, ...]


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line, said by `main`."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **settings)

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see {self.prog} --help)")


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        print(f"{NAME} {__version__}, catalogue {catalogue().version}")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """Give the parser of the command line."""
    whole = _Parser(
        prog=NAME,
        description="Hold competing definitions of service, application, availability and other terms against a model.",
        epilog=_EXAMPLES.format(name=NAME),
    )
    whole.add_argument("--version", action=_Version, nargs=0, help="print the versions of program and catalogue")
    _add_common(whole)
    whole.set_defaults(color="auto", debug=False, shapes=[])
    commands = whole.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)
    for name, command in COMMANDS.items():
        examples = "".join(f"  {f'{NAME} {name} {line}'.rstrip()}\n" for line in command.examples)
        added = commands.add_parser(
            name,
            help=command.summary,
            description=f"{command.summary[0].upper()}{command.summary[1:]}.",
            epilog=f"examples:\n{examples}",
        )
        command.add_arguments(added)
        _add_common(added)
        added.set_defaults(command=name)
    return whole


def _add_common(target: argparse.ArgumentParser) -> None:
    """Add what every command takes, before its name or after it."""
    unset = argparse.SUPPRESS
    choices = ("always", "never", "auto")
    target.add_argument(
        "--color", choices=choices, default=unset, help="colour text (auto: on a terminal, unless NO_COLOR)"
    )
    target.add_argument("--debug", action="store_true", default=unset, help="show where in the program an error arises")


def _check_arguments(command: argparse.ArgumentParser) -> None:
    _model_arguments(command)
    _several(command, "--term", "TERM", "only definitions of this term")
    _several(command, "--framework", "TOKEN", "only definitions of this framework")
    _several(
        command, "--definition", "TOKEN", "only this definition, or this one too beside those of terms and frameworks"
    )
    _several(command, "--element", "NAME", "only this element, by IRI or label")
    _context_arguments(command)
    command.add_argument("--engine", choices=ENGINES, default=ENGINES[0], help="what evaluates (default: %(default)s)")
    command.add_argument(
        "--fail-on",
        type=_outcome,
        action="append",
        default=[],
        metavar="OUTCOME",
        help=f"exit with 1 at a verdict of this outcome: {', '.join(map(_outcome_name, Outcome))}; may be repeated",
    )
    command.add_argument("--all", action="store_true", help="show every element, and verdicts that are not applicable")
    command.add_argument(
        "--report", action="store_true", help="show what of the model was left and why, and its problems"
    )
    _format(command, CHECK_FORMATS)


def _explain_arguments(command: argparse.ArgumentParser) -> None:
    _model_arguments(command)
    command.add_argument("element", metavar="ELEMENT", help="the element, by IRI or label")
    command.add_argument("definition", metavar="DEFINITION", help="the definition's token, such as itil-2011:service")
    _context_arguments(command)
    _format(command, ("text", "json"))


def _list_arguments(command: argparse.ArgumentParser) -> None:
    _format(command, LISTING_FORMATS)


def _definitions_arguments(command: argparse.ArgumentParser) -> None:
    _several(command, "--term", "TERM", "only definitions of this term")
    _several(command, "--framework", "TOKEN", "only definitions that this framework states or holds")
    _shapes(command)
    command.add_argument("--all", action="store_true", help="also definitions that only serve others")
    _format(command, LISTING_FORMATS)


def _show_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("name", metavar="NAME", help="the token of a definition, a framework, a term or a thesis")
    _shapes(command)
    _format(command, ("table", "json"))


def _implies_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("narrower", metavar="NARROWER", help="the token of a definition or of a constraint")
    command.add_argument("broader", metavar="BROADER", help="the token of what is to follow from it")
    _thesis_arguments(command)
    _search_arguments(command)
    _svg(command, "the counter-example")


def _relation_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("first", metavar="FIRST", help="the token of a definition or of a constraint")
    command.add_argument("second", metavar="SECOND", help="the token of another")
    _search_arguments(command)
    _svg(command, "the first witness")


def _compatible_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("names", metavar="TOKEN", nargs="*", help="tokens of definitions or constraints")
    _thesis_arguments(command)
    _search_arguments(command)
    _svg(command, "the model in which they go together")


def _lattice_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("terms", metavar="TERM", nargs="*", help="the terms whose definitions are ordered")
    _several(command, "--framework", "TOKEN", "only definitions of this framework")
    _several(command, "--definition", "TOKEN", "this definition too")
    _fresh(command)
    _search_arguments(command, 0, ("text", "json", "csv", "mermaid", "dot"))
    _svg(command, "the order")


def _over_all_pairs_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("thesis", metavar="THESIS", help=f"the thesis's token, as `{NAME} theses` lists them")
    _several(command, "--framework", "TOKEN", "only definitions of this framework")
    _several(command, "--definition", "TOKEN", "only this definition, or this one too beside those of frameworks")
    command.add_argument(
        "--witness",
        nargs=2,
        metavar=("SUBJECT", "OBJECT"),
        help="show a smallest model that refutes it under these two definitions",
    )
    _fresh(command)
    _search_arguments(command, 0, ("text", "json", "csv"))
    _svg(command, "the witness")


def _relations_arguments(command: argparse.ArgumentParser) -> None:
    _several(command, "--term", "TERM", "only definitions of this term")
    _several(command, "--framework", "TOKEN", "only definitions of this framework")
    _several(command, "--definition", "TOKEN", "this definition too")
    command.add_argument(
        "--output",
        metavar="FILE",
        help="keep the result in this file, as Turtle; what it has of definitions that are as they were is not redone",
    )
    _search_arguments(command, 20, ("text", "json", "csv", "turtle"), "each pair")


def _repair_arguments(command: argparse.ArgumentParser) -> None:
    _model_arguments(command)
    command.add_argument("element", metavar="ELEMENT", help="the element, by IRI or label")
    command.add_argument("definition", metavar="DEFINITION", help="the definition's token, such as itil-2011:service")
    command.add_argument("--withdraw", action="store_true", help="allow recorded facts to be withdrawn as well")
    command.add_argument(
        "--limit", type=_elements, default=5, metavar="N", help="changes to show at most (default: %(default)s)"
    )
    command.add_argument(
        "--seconds", type=_seconds, default=10, metavar="S", help="time limit, 0 for none (default: %(default)g)"
    )
    command.add_argument(
        "--unit", metavar="NAME", help="the organizational unit whose boundary counts, by IRI or label"
    )
    command.add_argument(
        "--apply", type=_elements, metavar="N", help="write the model with this change made, as Turtle, instead"
    )
    _shapes(command)
    _format(command, ("text", "json"))


def _ask_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("element", metavar="ELEMENT", help="the element, by IRI or label; any name without --model")
    command.add_argument("--model", metavar="FILE", help="the file that holds the model; without it nothing is known")
    command.add_argument("--input-format", metavar="NAME", help=f"what it is written in, as `{NAME} sources` lists")
    command.add_argument("--term", metavar="TERM", help="only definitions of this term (default: service)")
    _several(command, "--framework", "TOKEN", "only definitions of this framework")
    _several(command, "--definition", "TOKEN", "this definition too")
    command.add_argument("--answers", metavar="FILE", help="begin with these answers, as --format json writes them")
    command.add_argument("--save", metavar="FILE", help="write a smallest model that says what was answered, as Turtle")
    command.add_argument(
        "--questions",
        type=_elements,
        default=0,
        metavar="N",
        help="ask so many at most (default: until all is settled)",
    )
    command.add_argument("--no-questions", action="store_true", help="ask nothing; say what follows from the answers")
    _shapes(command)
    _format(command, ("text", "json"))


def _thesis_arguments(command: argparse.ArgumentParser) -> None:
    _several(command, "--thesis", "TOKEN", "take this thesis to hold of everything")
    _several(command, "--meaning", "TERM=TOKEN", "understand this term of the theses by this definition")


def _search_arguments(
    command: argparse.ArgumentParser,
    seconds: float = SECONDS,
    formats: tuple[str, ...] = ("text", "json", "turtle"),
    what: str = "the answer",
) -> None:
    _shapes(command)
    command.add_argument(
        "--most", type=_elements, default=MOST, metavar="N", help="elements a model may have (default: %(default)s)"
    )
    command.add_argument(
        "--seconds",
        type=_seconds,
        default=seconds,
        metavar="S",
        help=f"time limit for {what}, 0 for none (default: %(default)g); what is known by then is said",
    )
    _format(command, formats)


def _fresh(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--fresh", action="store_true", help="work out anew what ships with the library and is up to date"
    )


def _svg(command: argparse.ArgumentParser, what: str) -> None:
    command.add_argument("--svg", metavar="FILE", help=f"draw {what} into this file")


def _elements(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_ELEMENTS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {MOST_ELEMENTS}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value < 1e9:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
    return value


def _model_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("model", metavar="MODEL", help="the file that holds the model, or - for standard input")
    command.add_argument(
        "--input-format",
        metavar="NAME",
        help=f"what it is written in, as `{NAME} sources` lists (default: told from its content)",
    )


def _context_arguments(command: argparse.ArgumentParser) -> None:
    _shapes(command)
    command.add_argument(
        "--unit", metavar="NAME", help="the organizational unit whose boundary counts, by IRI or label"
    )
    _several(command, "--complete", "RELATION[@SOURCE]", "take all facts in this relation to be recorded")


def _shapes(command: argparse.ArgumentParser) -> None:
    _several(command, "--shapes", "FILE", "add the definitions of this SHACL file to the published ones")


def _several(command: argparse.ArgumentParser, option: str, metavar: str, summary: str) -> None:
    command.add_argument(option, action="append", default=[], metavar=metavar, help=f"{summary}; may be repeated")


def _format(command: argparse.ArgumentParser, names: Iterable[str]) -> None:
    choices = tuple(names)
    command.add_argument(
        "--format", choices=choices, default=choices[0], help="how to write the answer (default: %(default)s)"
    )


def _outcome_name(outcome: Outcome) -> str:
    return outcome.value.lower().replace("_", "-")


def _outcome(text: str) -> Outcome:
    names = {_outcome_name(outcome): outcome for outcome in Outcome}
    wanted = text.strip().lower().replace("_", "-").replace(" ", "-")
    if wanted not in names:
        near = near_matches(wanted, names, most=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise argparse.ArgumentTypeError(f"there is no outcome {text!r}: outcomes are {', '.join(names)}{hint}")
    return names[wanted]


COMMANDS: Mapping[str, Command] = {
    "check": Command(
        "hold definitions against a model",
        _check_arguments,
        ("landscape.ttl --term application", "landscape.archimate --framework itil-2011 --format csv"),
    ),
    "explain": Command(
        "say why an element meets a definition, or what is missing",
        _explain_arguments,
        (
            'landscape.ttl "Payroll" itil-2011:service',
            "landscape.ttl urn:model:payroll obashi:application --format json",
        ),
    ),
    "terms": Command("list the disputed terms", _list_arguments, ("", "--format json")),
    "frameworks": Command("list the frameworks and positions", _list_arguments, ("", "--format markdown")),
    "definitions": Command(
        "list the definitions", _definitions_arguments, ("--term service", "--framework itil-2011 --all --format json")
    ),
    "theses": Command("list the claims about terms, and who holds them", _list_arguments, ("", "--format csv")),
    "show": Command(
        "show a definition, a framework, a term or a thesis", _show_arguments, ("itil-2011:service", "availability")
    ),
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
    "sources": Command("list the formats that models are read from", _list_arguments, ("", "--format json")),
}
"""The commands, by name."""
