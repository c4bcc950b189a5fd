"""What can go wrong, as one family of exceptions that carry data and say how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches


class ItsmOntologyError(Exception):
    """The root of every exception that this library raises on purpose."""


class InputError(ItsmOntologyError):
    """A file, a record or a shape that can't be read; nothing of it has been kept.

    Attributes:
        problem: what is wrong, without the place.
        source: the name of the file or stream.
        line: its line, counted from 1, where known.
        record: the record or element in question, where there is one.
        repair: what would mend it, where known.
    """

    def __init__(
        self,
        problem: str,
        *,
        source: str = "",
        line: int | None = None,
        record: str = "",
        repair: str = "",
    ) -> None:
        self.problem = problem
        self.source = source
        self.line = line
        self.record = record
        self.repair = repair
        place = ", ".join(
            part for part in (source, f"line {line}" if line else "", f"record {record}" if record else "") if part
        )
        super().__init__(
            f"{place}: {problem}{f' {repair}' if repair else ''}" if place else f"{problem} {repair}".strip()
        )


class UnreadableShapeError(InputError):
    """A shape that is not SHACL Core, or uses it wrongly; the message names the construct."""


class UnknownNameError(ItsmOntologyError, KeyError):
    """A name that nothing in the model or the catalogue has.

    Attributes:
        what: the kind of thing asked for, such as "definition".
        name: the name asked for.
        near: names that come close, best first.
    """

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        self.what = what
        self.name = name
        self.near: Sequence[str] = near_matches(name, known)
        hint = f" Did you mean {' or '.join(self.near)}?" if self.near else ""
        self.message = f"There is no {what} {name!r}.{hint}"
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message


class AmbiguousNameError(ItsmOntologyError, KeyError):
    """A name that several things have.

    Attributes:
        what: the kind of thing asked for.
        name: the name asked for.
        candidates: the identifiers that would be unambiguous.
    """

    def __init__(self, what: str, name: str, candidates: Iterable[str]) -> None:
        self.what = what
        self.name = name
        self.candidates: Sequence[str] = sorted(candidates)
        self.message = f"Several {what}s are called {name!r}; say which: {', '.join(self.candidates)}."
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message


class EngineError(ItsmOntologyError):
    """An engine could not do its work; there is no verdict then, of any kind."""


def near_matches(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Give up to `most` of the known names that resemble `name`, best first.

    Example:
        >>> near_matches("minCont", ["minCount", "maxCount", "path"], most=1)
        ['minCount']
    """
    folded: dict[str, str] = {}
    for candidate in known:
        folded.setdefault(candidate.casefold(), candidate)
    wanted = name.casefold()
    close = get_close_matches(wanted, folded, n=most, cutoff=0.6)
    inside = sorted((key for key in folded if wanted and wanted in key and key not in close), key=len)
    return [folded[key] for key in (*close, *inside)][:most]


def stands_twice(names: Iterable[str]) -> str | None:
    """Give the first name that stood there before; None if each stands once.

    Example:
        >>> stands_twice(["id", "name", "name", "id"])
        'name'
    """
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None
