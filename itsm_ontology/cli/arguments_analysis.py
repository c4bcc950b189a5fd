"""The arguments of the commands that ask about a landscape, about two of them, or about two frameworks."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from .arguments_common import (
    NAME,
    Command,
    context_arguments,
    evidence_arguments,
    formats,
    model_arguments,
    several,
    shapes_arguments,
    source_arguments,
)

_FORMATS = ("text", "json", "csv")


def _compare_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("first", metavar="FRAMEWORK", help="the token of a framework or position, such as itil-2011")
    command.add_argument("second", metavar="FRAMEWORK", help="the token of another")
    command.add_argument("model", metavar="MODEL", nargs="?", help="a file with a model on which to compare them")
    source_arguments(command)
    several(command, "--term", "TERM", "only this term")
    context_arguments(command)
    formats(command, _FORMATS)


def _landscape_arguments(command: argparse.ArgumentParser) -> None:
    model_arguments(command)
    several(command, "--term", "TERM", "only definitions of this term")
    several(command, "--framework", "TOKEN", "only definitions of this framework")
    several(command, "--definition", "TOKEN", "this definition too")
    several(command, "--element", "NAME", "only this element, by IRI or label")
    evidence_arguments(command, "only definitions with this evidence mark (default: all but M, from memory)")
    context_arguments(command)
    formats(command, _FORMATS)


def _diff_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("before", metavar="BEFORE", help="the file that holds the earlier model")
    command.add_argument("after", metavar="AFTER", help="the file that holds the later model")
    source_arguments(command, "both")
    several(command, "--term", "TERM", "only definitions of this term")
    several(command, "--framework", "TOKEN", "only definitions of this framework")
    several(command, "--definition", "TOKEN", "this definition too")
    evidence_arguments(command, "only definitions with this evidence mark (default: all but M, from memory)")
    context_arguments(command)
    formats(command, _FORMATS)


def _crosswalk_arguments(command: argparse.ArgumentParser) -> None:
    model_arguments(command)
    command.add_argument("element", metavar="ELEMENT", nargs="+", help="a thing, by IRI or label")
    several(command, "--framework", "TOKEN", "in the terms of this framework (default: all tools that are read)")
    several(command, "--term", "TERM", "only definitions of this term")
    context_arguments(command)
    formats(command, _FORMATS)


def _holds_arguments(command: argparse.ArgumentParser) -> None:
    model_arguments(command)
    command.add_argument("thesis", metavar="THESIS", help=f"the thesis's token, as `{NAME} theses` lists them")
    several(
        command,
        "--meaning",
        "TERM=TOKEN",
        "understand this term by this definition, or by what a source calls such things",
    )
    shapes_arguments(command)
    formats(command, _FORMATS)


def _same_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("before", metavar="BEFORE", help="the file that holds the earlier model")
    command.add_argument("after", metavar="AFTER", help="the file that holds the later model")
    command.add_argument("element", metavar="ELEMENT", help="the thing in the earlier model, by IRI or label")
    several(command, "--definition", "TOKEN", "by this definition (default: all that say what makes one the same)")
    command.add_argument("--counterpart", metavar="NAME", help="the thing in the later model that it is held against")
    source_arguments(command, "both")
    shapes_arguments(command)
    formats(command, _FORMATS)


ANALYSIS: Mapping[str, Command] = {
    "compare": Command(
        "set two frameworks side by side: what each demands, and where they agree on a model",
        _compare_arguments,
        ("itil-2011 itil-4 --term service", "itil-2011 betz-2010 landscape.ttl"),
    ),
    "disagreements": Command(
        "rank elements by how much the definitions disagree about them",
        _landscape_arguments,
        ("landscape.ttl --term service",),
    ),
    "coverage": Command(
        "tell which definitions a model's facts can decide, and which facts would help most",
        _landscape_arguments,
        ("landscape.ttl --term service",),
    ),
    "declared": Command(
        "hold what a source calls its elements against the definitions",
        _landscape_arguments,
        ("landscape.archimate", "landscape.archimate --term application"),
    ),
    "crosswalk": Command(
        "say what a thing is in the terms of other tools and frameworks",
        _crosswalk_arguments,
        ('catalog-info.yaml "Payments API" --framework archimate-3 --framework csdm-5 --framework opentelemetry',),
    ),
    "holds": Command(
        "tell whether a model upholds a thesis, and which elements are counter-examples",
        _holds_arguments,
        (
            "landscape.ttl application-is-part-of-a-service "
            "--meaning application=obashi:application --meaning service=itil-2011:service",
        ),
    ),
    "diff": Command(
        "tell which verdicts changed between two models, and which facts made them change",
        _diff_arguments,
        ("last-month.ttl today.ttl --term service",),
    ),
    "same": Command(
        "tell whether a thing is the same one in a later model, definition by definition",
        _same_arguments,
        ('before.ttl after.ttl "Finance information"',),
    ),
}
"""The commands, by name."""
