"""Variables in compose files: what stands for them, as far as files say."""

from __future__ import annotations

import re
from collections.abc import Mapping

MOST = 10_000
"""A text that variables would make longer than this stays as it is written."""

_VARIABLE = re.compile(
    r"\$(?:(?P<dollar>\$)|(?P<bare>[A-Za-z_]\w*)|\{(?P<name>[A-Za-z_]\w*)(?P<rest>[^{}]*(?:\{[^{}]*\}[^{}]*)*)\})"
)
_LINE = re.compile(
    r"\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(?:'([^']*)'|\"((?:[^\"\\]|\\.)*)\"|(.*?))\s*(?:(?<=\s)#.*)?\s*"
)


def filled(text: str, variables: Mapping[str, str]) -> str:
    """Fill in the variables of a text; one that has neither a value nor a default stays as it is written.

    Args:
        text: the text, with `$NAME`, `${NAME}`, `${NAME:-default}` and their like.
        variables: the values that are known.

    Example:
        >>> filled("${HOST}:${PORT:-80} $$HOME ${OTHER}", {"HOST": "db"})
        'db:80 $HOME ${OTHER}'
    """
    pieces, length, last = [], 0, 0
    for found in _VARIABLE.finditer(text):
        pieces += [text[last : found.start()], _value(found, variables)]
        length += len(pieces[-1])
        last = found.end()
        if length > MOST:
            return text
    return "".join([*pieces, text[last:]])


def _value(found: re.Match[str], variables: Mapping[str, str]) -> str:
    if found["dollar"]:
        return "$"
    value, rest = variables.get(found["bare"] or found["name"]), found["rest"] or ""
    empty_too = rest.startswith(":")
    rest = rest.removeprefix(":")
    there = value is not None and not (empty_too and value == "")
    if rest.startswith("+"):
        return filled(rest[1:], variables) if there else ""
    if there or not rest.startswith("-"):
        return found[0] if value is None or not there else value
    return filled(rest[1:], variables)


def variables_of(text: str) -> dict[str, str]:
    r"""Give the variables that a file of settings (`.env`) sets; a value may use those before it.

    Args:
        text: the file.

    Example:
        >>> variables_of("# hosts\nHOST=db # here\nURL=\"http://${HOST}\"\nexport RAW='$HOST'\n")
        {'HOST': 'db', 'URL': 'http://db', 'RAW': '$HOST'}
    """
    found: dict[str, str] = {}
    for line in text.splitlines():
        if setting := _LINE.fullmatch(line):
            name, raw, quoted, plain = setting.groups()
            found[name] = raw if raw is not None else filled(quoted if quoted is not None else plain, found)
    return found
