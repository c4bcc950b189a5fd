"""How sources become facts: the format is chosen, each source is read on its own, and several are put together."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from ..document import Document, Readable, open_document
from ..errors import InputError, UnknownNameError
from ..facts import Facts
from ..facts_builder import FactsBuilder
from ..merging import Part, merged
from .input import Format, Input, open_folder
from .mapping import SourceMapping
from .mapping_file import NO_BASE, is_base, read_mapping, shipped_mapping
from .several import Keys, Several, Source, check_keys, identifying, is_several, read_several

NO_FORMAT = "it is in none of the formats that are read"
OTHER_FORMAT = "it is in another format than the one asked for"

Progress = Callable[[str, int], None]
"""Is told, now and then, what is being read and how many records of it were read so far."""


@dataclass(frozen=True)
class Chosen:
    """A source whose format is known.

    Attributes:
        format: the format.
        input: what is read.
        counts: files that were met, and what became of them; for folders.
    """

    format: Format
    input: Input
    counts: tuple[tuple[str, str, int], ...] = ()


class Loading:
    """A load: the formats it knows, and whom it tells how far it is."""

    def __init__(self, formats: Sequence[Format], progress: Progress | None = None) -> None:
        self.formats = formats
        self.progress = progress

    def facts(self, sources: Sequence[Source], keys: Keys, name: str | None) -> Facts:
        """Give the facts of one source or several.

        Raises:
            InputError: if one of them can't be read, or a key names no source, or things of one source would be one.
            UnknownNameError: if there is no such format.
        """
        chosen = [self.chosen(source) for source in sources]
        if len(chosen) == 1 and not keys:
            return self._read(chosen[0], {}).build()
        check_keys(keys, [text for one in chosen for text in (one.input.name, one.format.name)])
        builders = [self._read(one, keys) for one in chosen]
        _tell_of_keys(keys, builders)
        parts = [Part(builder.build(), builder.identities) for builder in builders]
        return merged(parts, name or " + ".join(part.facts.name for part in parts))

    def _read(self, chosen: Chosen, keys: Keys) -> FactsBuilder:
        builder = FactsBuilder(chosen.input.name, chosen.format.name, self.progress)
        builder.identifying = identifying(keys, (chosen.input.name, chosen.format.name))
        for count, reason, number in chosen.counts:
            builder.read(count, number)
            if reason:
                builder.left(count, reason, number)
            else:
                builder.used(count, number)
        try:
            chosen.format.read(chosen.input, builder)
            builder.check()
        except InputError as error:
            raise self._with_its_format(error, chosen) from None
        return builder

    def _with_its_format(self, error: InputError, chosen: Chosen) -> InputError:
        """Give an error that says what a document looks like, if that is another format than the one asked for."""
        documents = chosen.input.documents
        if len(documents) != 1 or chosen.format.needs_mapping or chosen.format.sniff(documents[0]):
            return error
        other = self._sniffed(documents[0])
        if other is None or other.needs_mapping:
            return error
        repair = f"It was to be read as {chosen.format.name}, and looks like {other.name}: ask for that, or for none."
        return InputError(error.problem, source=error.source, line=error.line, record=error.record, repair=repair)

    # ----------------------------------------------------------------------------------------------------------------
    # Choosing formats

    def several(self, source: Source) -> Several | None:
        """Read a source as a sources file, if it is one."""
        if source.format not in (None, SOURCES) or _folder_of(source.source) is not None:
            return None
        if not isinstance(source.source, (str, os.PathLike)):
            return None
        if source.format is None and not os.fspath(source.source).endswith(".toml"):
            return None
        document = open_document(source.source)
        return read_several(document) if source.format == SOURCES or is_several(document) else None

    def chosen(self, source: Source) -> Chosen:
        """Open a source and choose its format."""
        asked = self.named(source.format) if source.format is not None else None
        mapping = read_mapping(open_document(source.mapping)) if source.mapping is not None else None
        folder = _folder_of(source.source)
        one = self._opened(source, asked) or (
            self._file(source, asked) if folder is None else self._folder(folder, asked, source.name)
        )
        if source.base is not None:
            own = mapping or (shipped_mapping(one.format.mapping) if one.format.mapping else None)
            if own is None:
                raise InputError("its IRIs are its own, and a base can't change them.", source=one.input.name)
            if not is_base(source.base):
                problem = f"{source.base!r} is not what IRIs can begin with."
                raise InputError(problem, source=one.input.name, repair=NO_BASE)
            mapping = replace(own, base=source.base)
        return replace(one, input=replace(one.input, mapping=mapping))

    def _opened(self, source: Source, asked: Format | None) -> Chosen | None:
        """Open a source that is no document: data frames, a database."""
        for one in self.formats if asked is None else (asked,):
            if (tables := one.opens(source.source, source.name)) is not None:
                return Chosen(one, Input(tables.name, (), tables=tables))
        return None

    def _file(self, source: Source, asked: Format | None) -> Chosen:
        document = open_document(cast(Readable, source.source), source.name)
        found = asked or self._sniffed(document)
        if found is None:
            raise InputError(
                "this is in none of the formats that are read.",
                source=document.name,
                repair=f"They are {', '.join(one.name for one in self.formats)}; "
                "if it is one of them, say which (format=, --input-format).",
            )
        path = Path(source.source) if isinstance(source.source, (str, os.PathLike)) else None
        return Chosen(found, Input(document.name, (document,), path.parent if path else None))

    def _folder(self, folder: Path, asked: Format | None, name: str | None) -> Chosen:
        """Choose the format of a folder: the one that all its files are in that are in any."""
        by_format: dict[str, list[Document]] = {}
        left = 0
        for document in open_folder(folder):
            found = self._sniffed(document) if asked is None else asked if asked.sniff(document) else None
            if found is None:
                left += 1
            else:
                by_format.setdefault(found.name, []).append(document)
        label = name or str(folder)
        for other in self.formats:
            if other.needs_mapping and len(by_format) > 1:
                left += len(by_format.pop(other.name, ()))
        if not by_format:
            wanted = f"in the format {asked.name}" if asked else "in a format that is read"
            raise InputError(f"none of the {left} files in this folder is {wanted}.", source=label)
        if len(by_format) > 1:
            said = ", ".join(f"{len(found)} {one} (such as {found[0].name})" for one, found in by_format.items())
            raise InputError(
                f"this folder holds files in several formats: {said}.",
                source=label,
                repair="Say which to read (format=, --input-format), or load several sources into one model.",
            )
        ((found_name, documents),) = by_format.items()
        reason = NO_FORMAT if asked is None else OTHER_FORMAT
        counts = [("file", "", len(documents)), *([("file", reason, left)] if left else [])]
        return Chosen(self.named(found_name), Input(label, tuple(documents), folder), tuple(counts))

    def _sniffed(self, document: Document) -> Format | None:
        return next((one for one in self.formats if one.sniff(document)), None)

    def named(self, name: str) -> Format:
        """Give a format by its name.

        Raises:
            UnknownNameError: if there is none.
        """
        for candidate in self.formats:
            if candidate.name == name:
                return candidate
        raise UnknownNameError("format", name, _names(self.formats))


SOURCES = "sources"
"""The name under which a sources file can be asked for as a format."""


def _tell_of_keys(keys: Keys, builders: Sequence[FactsBuilder]) -> None:
    """Note which keys make nothing one, and which sources have no value for them: a field may be misspelt.

    Args:
        keys: the keys.
        builders: what was read of each source.
    """
    for key in keys:
        having = [{value for name, value in builder.identities if name == key} for builder in builders]
        met = Counter(value for values in having for value in values)
        for builder, values in zip(builders, having, strict=True):
            fields = [f"{type_}.{name}" for (type_, name), told in builder.identifying.items() if key in told]
            if fields and not values:
                builder.notes.append(f"the key {key}: no record has a value in {' or '.join(fields)}.")
            elif fields and all(met[value] == 1 for value in values):
                builder.notes.append(f"the key {key}: no other source has one of its {len(values)} values here.")


def _folder_of(source: object) -> Path | None:
    if isinstance(source, (str, os.PathLike)) and "\n" not in os.fspath(source) and os.path.isdir(source):
        return Path(source)
    return None


def _names(formats: Iterable[Format]) -> list[str]:
    return [*(one.name for one in formats), SOURCES]


__all__ = ["Chosen", "Loading", "Progress", "SourceMapping"]
