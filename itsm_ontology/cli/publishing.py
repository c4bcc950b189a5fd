"""The commands that write the catalogue for others: `catalogue` as one file of RDF, `site` as web pages."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from ..catalogue import Catalogue
from ..catalogue import catalogue as published
from ..site import build
from .arguments_common import Command, formats
from .handling import Answer

_FORMATS: Mapping[str, Callable[[Catalogue], str]] = {"turtle": Catalogue.turtle, "trig": Catalogue.trig}


def _catalogue_arguments(command: argparse.ArgumentParser) -> None:
    formats(command, _FORMATS)
    command.add_argument("--output", metavar="FILE", help="write it into this file (default: standard output)")


def _catalogue(options: argparse.Namespace) -> Answer:
    text = _FORMATS[options.format](published())
    if not options.output:
        return Answer([text])
    Path(options.output).write_text(text, encoding="utf-8")
    return Answer([f"{options.output}: the catalogue {published().version} as {options.format}\n"])


def _site_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("directory", metavar="DIRECTORY", help="where the pages go; it is made if it isn't there")


def _site(options: argparse.Namespace) -> Answer:
    directory = Path(options.directory)
    number = build(directory, published())
    return Answer([f"{directory / 'index.html'}: {number} pages\n"])


COMMANDS: Mapping[str, Command] = {
    "catalogue": Command(
        "write the whole catalogue as one file of RDF",
        _catalogue_arguments,
        ("--output catalogue.ttl", "--format trig --output catalogue.trig"),
    ),
    "site": Command("write the catalogue and the vocabulary as web pages", _site_arguments, ("docs/site",)),
}
HANDLERS: Mapping[str, Callable[[argparse.Namespace], Answer]] = {"catalogue": _catalogue, "site": _site}
