"""The arguments of the command line: one table of commands, and what each of them takes."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any, NoReturn

from ..catalogue import catalogue
from ..errors import ItsmOntologyError, near_matches
from ..evaluate import ENGINES
from ..verdict import Outcome
from ..version import __version__
from . import alignment, mapping, publishing
from .arguments_analysis import ANALYSIS
from .arguments_common import (
    NAME,
    Command,
    context_arguments,
    evidence_arguments,
    formats,
    model_arguments,
    several,
    shapes_arguments,
)
from .arguments_reasoning import REASONING
from .check import CHECK_FORMATS
from .output import LISTING_FORMATS

_EXAMPLES = """examples:
  {name} check landscape.ttl --term service --fail-on contradicted
  {name} explain landscape.ttl "Payroll" itil-2011:service
"""


class UsageError(ItsmOntologyError):
    """Arguments that make no command."""


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
    model_arguments(command)
    several(command, "--term", "TERM", "only definitions of this term")
    several(command, "--framework", "TOKEN", "only definitions of this framework")
    several(
        command, "--definition", "TOKEN", "only this definition, or this one too beside those of terms and frameworks"
    )
    several(command, "--element", "NAME", "only this element, by IRI or label")
    evidence_arguments(command, "only definitions with this evidence mark (default: all but M, from memory)")
    context_arguments(command)
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
    formats(command, CHECK_FORMATS)


def _explain_arguments(command: argparse.ArgumentParser) -> None:
    model_arguments(command)
    command.add_argument("element", metavar="ELEMENT", help="the element, by IRI or label")
    command.add_argument("definition", metavar="DEFINITION", help="the definition's token, such as itil-2011:service")
    context_arguments(command)
    formats(command, ("text", "json"))


def _list_arguments(command: argparse.ArgumentParser) -> None:
    formats(command, LISTING_FORMATS)


def _standings_arguments(command: argparse.ArgumentParser) -> None:
    several(command, "--term", "TERM", "only this term")
    several(command, "--framework", "TOKEN", "only this framework")
    formats(command, LISTING_FORMATS)


def _definitions_arguments(command: argparse.ArgumentParser) -> None:
    several(command, "--term", "TERM", "only definitions of this term")
    several(command, "--framework", "TOKEN", "only definitions that this framework states or holds")
    evidence_arguments(command, "only definitions with this evidence mark")
    shapes_arguments(command)
    command.add_argument("--all", action="store_true", help="also definitions that only serve others")
    formats(command, LISTING_FORMATS)


def _show_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("name", metavar="NAME", help="a definition, framework, term, thesis or dispute")
    shapes_arguments(command)
    formats(command, ("table", "json"))


def _alignment_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("target", metavar="TARGET", nargs="?", help="the other ontology; without it they are listed")
    formats(command, alignment.FORMATS)


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
    "disputes": Command("list what clashes, and who takes which side", _list_arguments, ("", "--format csv")),
    "standings": Command(
        "list which framework defines, uses or lacks which term", _standings_arguments, ("", "--term service-owner")
    ),
    "vocabulary": Command("list the neutral kinds and relations", _list_arguments, ("", "--format json")),
    "show": Command(
        "show a definition, framework, term, thesis or dispute",
        _show_arguments,
        ("itil-2011:service", "availability"),
    ),
    **ANALYSIS,
    **REASONING,
    "alignment": Command(
        "list how words compare with those of other ontologies (SSSOM)",
        _alignment_arguments,
        ("", "org", "archimate-3.2 --format turtle"),
    ),
    **mapping.COMMANDS,
    **publishing.COMMANDS,
    "sources": Command("list the formats that models are read from", _list_arguments, ("", "--format json")),
}
"""The commands, by name."""
