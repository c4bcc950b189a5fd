"""ArchiMate models: Archi's file, the folders of its collaboration plug-in, and the Open Group's exchange format."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from urllib.parse import quote

from ...document import Document
from ...errors import InputError
from ...facts_builder import FactsBuilder
from ..input import Input
from ..mapping import SourceMapping
from ..mapping_file import shipped_mapping
from ..stating import state
from ..syntax.xml import Tag, read_xml
from ..syntax.zip import is_zip, read_member
from .archi import archi_content
from .content import Content
from .exchange import exchange_content
from .folder import folder_contents
from .junctions import JUNCTIONS
from .records import ModelRecords
from .sniffing import ARCHI, EXCHANGE, MEMBER, is_archi, is_exchange, is_folder

__all__ = ["MAPPING", "is_archi", "is_exchange", "is_folder", "read_archi", "read_exchange", "read_folder"]

MAPPING = "archimate-3"
"""The name of the mapping that ArchiMate is read by."""

_EXCHANGE_READ = re.compile(re.escape(EXCHANGE) + r"(/3(\.\d+)*)?/?")


def read_archi(input_: Input, builder: FactsBuilder) -> None:
    """Put the facts of native Archi files into a builder; where one is an archive, of the model in it.

    Raises:
        InputError: if a file is no well-formed XML, not in Archi's format, or contradicts itself or another.
    """
    mapping = _mapping(input_)
    _state([_archi(document, mapping) for document in input_.documents], mapping, builder)


def read_folder(input_: Input, builder: FactsBuilder) -> None:
    """Put the facts of models that are kept in folders, a file a concept, into a builder.

    Raises:
        InputError: if the file of the model itself isn't there, a file is no well-formed XML, or they contradict each
            other.
    """
    mapping = _mapping(input_)
    _state(folder_contents(input_.documents, mapping.left.keys() - JUNCTIONS), mapping, builder)


def read_exchange(input_: Input, builder: FactsBuilder) -> None:
    """Put the facts of exchange files into a builder.

    Raises:
        InputError: if a file is no well-formed XML, not an exchange file of version 2.1 or 3, or contradicts itself or
            another.
    """
    _state([_exchange(document) for document in input_.documents], _mapping(input_), builder)


def _mapping(input_: Input) -> SourceMapping:
    return input_.mapping or shipped_mapping(MAPPING)


def _archi(document: Document, mapping: SourceMapping) -> Content:
    if is_zip(document):
        document = read_member(document, MEMBER)
    root = read_xml(document)
    if (root.name, root.namespace) != ("model", ARCHI):
        raise _another(root, document, "Archi's format (a <model> in " + ARCHI + ")")
    return archi_content(root, document, mapping.left.keys() - JUNCTIONS)


def _exchange(document: Document) -> Content:
    root = read_xml(document)
    if root.name != "model" or not _EXCHANGE_READ.fullmatch(root.namespace):
        raise _another(root, document, f"the exchange format 2.1 or 3 (a <model> in {EXCHANGE} or {EXCHANGE}/3.0/)")
    return exchange_content(root, document)


def _another(root: Tag, document: Document, wanted: str) -> InputError:
    found = f"a <{root.name}> in {root.namespace}" if root.namespace else f"a <{root.name}> in no namespace"
    return InputError(
        f"this XML is not in {wanted}, but {found}.",
        source=document.name,
        line=root.line,
        repair="Export the model from its tool as an Open Exchange File.",
    )


def _state(contents: Iterable[Content], mapping: SourceMapping, builder: FactsBuilder) -> None:
    """State models, each under its own identifier; files that have one identifier are of one model."""
    by_model: dict[str, list[Content]] = defaultdict(list)
    for content in contents:
        by_model[content.model].append(content)
    models = [ModelRecords(group, mapping) for group in by_model.values()]
    for model in models:
        state(model, mapping, builder, partial(_iri, mapping.base, model.contents[0].model))
        builder.notes += model.notes()
    builder.notes += _shared(models)


def _shared(models: Iterable[ModelRecords]) -> Iterator[str]:
    """Say which models have identifiers in common, as copies of a model do that was given another identifier."""
    first: dict[str, str] = {}
    shared: Counter[tuple[str, str]] = Counter()
    for model in models:
        place = model.contents[0].place
        shared.update((first[key], place) for key in model.concepts if first.setdefault(key, place) != place)
    for (one, other), count in shared.items():
        yield (
            f"{count} x identifier in {one} and in {other} too: they are kept apart, since the models have identifiers "
            "of their own."
        )


def _iri(base: str, model: str, identifier: str) -> str:
    """Give the IRI of an element."""
    return f"{base}{quote(model, safe='')}:{quote(identifier, safe='')}"
