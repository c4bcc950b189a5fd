"""The interview on the command line: questions one by one, on a terminal or from lines of a file."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..errors import InputError, UnknownNameError
from ..reasoning.interview.questions import Interview
from ..verdict import Outcome
from .output import Screen, one_line, wrapped

HELP = "yes, no, ? (don't know), back, stop; for a kind its number or name"
"""What can be answered."""


def answers_in(file: str) -> Mapping[str, bool | int | str | None]:
    """Read answers that are there already.

    Raises:
        InputError: if the file holds none.
    """
    try:
        found = json.loads(Path(file).read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError(
            f"this is no JSON: {error}.", source=file, repair="Expected an object, key to answer."
        ) from None
    if isinstance(found, dict) and isinstance(found.get("answers"), dict):
        found = found["answers"]
    if not isinstance(found, dict):
        raise InputError("this holds no answers.", source=file, repair="Expected an object, key to answer.")
    for key, value in found.items():
        if not isinstance(value, bool | int | str | None):
            raise InputError(
                f"{value!r} is no answer.", source=file, record=key, repair="Expected true, false or null."
            )
    return found


def held(interview: Interview, most: int, screen: Screen) -> Interview:
    """Ask until all is settled, enough was asked, or the answers end.

    Args:
        interview: the interview so far.
        most: how many questions to ask at most; 0 for no limit.
        screen: where questions go.
    """
    print(f"({HELP})", file=sys.stderr)
    asked = 0
    while (question := interview.question) and (not most or asked < most):
        undecided = sum(one.outcome is Outcome.UNDETERMINED for one in interview.standing.values())
        shown = wrapped(question.text, screen.width)
        choices = "".join(f"\n  {number} {one_line(str(choice))}" for number, choice in enumerate(question.choices, 1))
        print(screen.clean(f"\n[{undecided} undecided] {shown}{choices}"), file=sys.stderr)
        line = _line()
        if line is None or line.casefold() in ("stop", "quit", "q"):
            break
        if line.casefold() in ("back", "b"):
            interview, asked = interview.back(), max(0, asked - 1)
            continue
        try:
            interview = interview.answer(line)
            asked += 1
        except (InputError, UnknownNameError) as error:
            if not sys.stdin.isatty():
                raise
            print(screen.clean(str(error)), file=sys.stderr)
    return interview


def _line() -> str | None:
    """Read one answer; None at the end."""
    if sys.stdin.isatty():
        print("> ", end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    return line.strip() if line else None


def record(interview: Interview, most: int) -> dict[str, Any]:
    """Give an interview as a record: the answers, the next questions, and where each definition stands."""
    return {
        "element": interview.element,
        "label": interview.label,
        "answers": dict(interview.answers),
        "questions": [
            {
                "key": question.key,
                "text": question.text,
                "choices": [str(choice) for choice in question.choices],
                "definitions": list(question.definitions),
                "gain": round(question.gain, 3),
            }
            for question in interview.ranked(most)
        ],
        "standing": interview.to_records(),
    }


def text(interview: Interview, screen: Screen) -> Iterator[str]:
    """Write where each definition stands."""
    for line in str(interview).splitlines():
        indent = line[: len(line) - len(line.lstrip(" "))]
        yield screen.clean(wrapped(line, screen.width, indent, f"{indent}  ")) + "\n"
