"""Drafts of mappings: what stands in the columns of tables, laid out so that what it means can be filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from ..table import Tables
from .profile import LABELS, MOST_ROWS, SORTS, Column, Profile, namings, profiles
from .reading import ANY

TO_BE_SAID = "to be said"
_HEAD = """\
# A draft of how {name} is read, by `itsm-ontology map init`. It lays out what stands in the columns and says nothing
# of what that means: every "{open}" is yours to say. Words to say it with: `itsm-ontology vocabulary`.
# A field can be, in place of `left`: label = true, description = true, keep = true, kinds by value,
# attribute = "…" with values = {{ yes = true, no = false }}, or facts = [{{ relation = "…" }}]
# with to = "TABLE OR CLASS" (which has an entry of its own here), and split = "," where several stand in one cell.
# What would be read so far: `itsm-ontology map check SOURCE --mapping THIS_FILE`.
"""
_INVISIBLE = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def draft(tables: Tables, *, named: bool = False) -> str:
    """Draft a mapping: which columns identify, which sort things, which name rows; the same for the same tables.

    Args:
        tables: what it is for.
        named: whether a single table always has the name that it has, as it has in a database and a file has not.

    Returns:
        A mapping file in TOML. It can be read and loaded with as it is, and states no kind and no relation.

    Raises:
        InputError: if a table can't be read.
    """
    return _Draft(tables, named).text()


class _Draft:
    """Tables on their way to a draft."""

    def __init__(self, tables: Tables, named: bool) -> None:
        self.tables = tables
        found = profiles(tables)
        self.profiles = [one for one in found if one.columns]
        self.empty = [one.name for one in found if not one.columns]
        self.alone = not named and len(self.profiles) == 1
        self.classes: set[str] = {one.name for one in self.profiles}

    def text(self) -> str:
        """Give the file."""
        lines = [_HEAD.format(name=_quoted(self.tables.name), open=TO_BE_SAID)]
        lines.append(f"system = {_quoted(_system(self.tables.name))}  # what its own words for things begin with")
        lines.append(f"title = {_quoted(self.tables.name)}")
        if self.empty:
            lines.append(f"# tables without a value: {_listed(self.empty)}")
        for profile in self.profiles:
            lines += ["", *(self._link(profile, *ends) if (ends := self._ends(profile)) else self._things(profile))]
        return "\n".join(lines) + "\n"

    def _name(self, table: str) -> str:
        return ANY if self.alone else table

    def _opening(self, profile: Profile) -> Iterator[str]:
        yield f"# {'-' * 100}"
        looked = f"the first {MOST_ROWS} rows were looked at" if not profile.whole else f"{profile.rows} rows"
        yield f"[tables.{_key(self._name(profile.name))}]  # {looked}"

    # ----------------------------------------------------------------------------------------------------------------
    # Rows that are things

    def _things(self, profile: Profile) -> Iterator[str]:
        yield from self._opening(profile)
        yield from self._identified(profile)
        sort = self._sort(profile)
        yield f"class = {_quoted(profile.name)}{f'  # where {_quoted(sort.name)} is empty' if sort else ''}"
        if sort:
            yield f"class-column = {_quoted(sort.name)}"
        if profile.empty:
            yield f"# columns without a value: {_listed(profile.empty)}"
        yield from ("", f"[classes.{_key(profile.name)}]", "kinds = []", f'reason = "{TO_BE_SAID}"')
        for value, count in sorted(sort.counts.items()) if sort else ():
            if value not in self.classes:
                self.classes.add(value)
                yield from ("", f"[classes.{_key(value)}]  # {_times(count)}", f"like = {_quoted(profile.name)}")
                yield from ("kinds = []", f'reason = "{TO_BE_SAID}"')
        for column in profile.columns:
            if column is not sort and not column.name.endswith("*"):
                yield from self._field(profile, column)

    def _identified(self, profile: Profile) -> Iterator[str]:
        if profile.keys:
            others = _listed(one.name for one in profile.keys[1:])
            yield f"key = {_quoted(profile.keys[0].name)}{f'  # {others} would do too' if others else ''}"
            return
        full = [one.name for one in profile.columns if one.filled == profile.rows]
        yield "# no column tells its rows apart: rows that agree in these columns are taken for one thing"
        yield f"key = [{', '.join(map(_quoted, full or [profile.columns[0].name]))}]"
        yield "repeats = true"

    def _sort(self, profile: Profile) -> Column | None:
        """Give the column that says what sort of thing a row is, if one is called so."""
        found = profile.named(SORTS)
        return found if found and found.few and not namings(found, profile, self.profiles) else None

    def _field(self, profile: Profile, column: Column) -> Iterator[str]:
        label = profile.named(LABELS) or (profile.keys or profile.columns)[0]
        if column in profile.keys[:1] and column is not label:
            return
        where = f"classes.{_key(profile.name)}.fields.{_key(column.name)}"
        yield from ("", f"[{where}]  # {_values(column)}")
        if column is label:
            yield "label = true"
            return
        yield f'left = "{TO_BE_SAID}"'
        named = namings(column, profile, self.profiles)
        for naming in named:
            yield f"# its values are keys of {_quoted(naming.table)}:"
            yield '# facts = [{ relation = "…", forwards = true }]'
            if not self.alone:
                yield f"# to = {_quoted(naming.table)}"
            if naming.split:
                yield f"# split = {_quoted(naming.split)}"
        if column.sorts and not named:
            yield f"# [{where}.kinds]  # what each value says that a thing is"
            yield from (f"# {_quoted(value)} = []  # {_times(count)}" for value, count in sorted(column.counts.items()))

    # ----------------------------------------------------------------------------------------------------------------
    # Rows that are links

    def _ends(self, profile: Profile) -> tuple[tuple[Column, str], tuple[Column, str]] | None:
        """Give the two columns that name rows of other tables, where a table has no more than that to say."""
        if self.alone:
            return None
        others = [one for one in self.profiles if one is not profile]
        found = [(column, named[0].table) for column in profile.columns if (named := namings(column, profile, others))]
        few = len(profile.columns) - len(found) <= 2
        return (found[0], found[1]) if len(found) == 2 and few else None

    def _link(self, profile: Profile, source: tuple[Column, str], target: tuple[Column, str]) -> Iterator[str]:
        yield from self._opening(profile)
        others = [one for one in profile.columns if one not in (source[0], target[0])]
        sort = next((one for one in others if one.sorts), None)
        yield f"link = {_quoted(profile.name)}{f'  # where {_quoted(sort.name)} is empty' if sort else ''}"
        if sort:
            yield f"link-column = {_quoted(sort.name)}"
        for end, (column, table) in (("source", source), ("target", target)):
            yield f"{end} = {{ column = {_quoted(column.name)}, to = {_quoted(table)} }}"
        for one in others:
            if one is not sort:
                yield f"# {'not read:' if sort else 'link-column ='} {_quoted(one.name)}  # {_values(one)}"
        types = {profile.name: profile.rows - (sort.filled if sort else 0), **(sort.counts if sort else {})}
        for name, count in sorted(types.items()):
            yield from ("", f"[[links.{_key(name)}]]  # {_times(count)}", "facts = []", f'reason = "{TO_BE_SAID}"')


def _system(name: str) -> str:
    """Give a name for the system that a source comes from."""
    last = re.split(r"[\\/]", name.rstrip("\\/"))[-1].partition(".")[0].lower()
    found = re.sub(r"[^a-z0-9]+", "-", last).strip("-")
    return found if found[:1].isalpha() else f"source-{found}".rstrip("-")


def _quoted(text: str) -> str:
    """Write a text as TOML."""
    return _INVISIBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _quoted(name)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(_quoted, names))


def _times(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def _values(column: Column) -> str:
    """Say what stands in a column."""
    shown: Sequence[str] = [value if len(value) <= 40 else f"{value[:39]}…" for value in list(column.counts)[:3]]
    number = len(column.counts)
    return f"{number} value{'s' if number > 1 else ''}{', such as' if number > len(shown) else ':'} {_listed(shown)}"
