"""Readers, one a format, registered in a table (`formats.py`) and chosen by content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias, cast

from ..document import Readable, open_document
from ..errors import InputError
from ..model import Model
from .several import Several, read_keys
from .several import Source as Source

if TYPE_CHECKING:
    from .loading import Progress
    from .table import Attached

Loadable: TypeAlias = "Readable | Attached | Source"
"""What can be loaded: a path, bytes, a file object, data frames or a database, alone or in a `Source`."""


def load(
    source: Loadable | Sequence[Loadable],
    *,
    format: str | None = None,
    name: str | None = None,
    mapping: Readable | None = None,
    keys: Readable | None = None,
    progress: Progress | None = None,
) -> Model:
    r"""Load a model from one source or several.

    Args:
        source: a path to a file or a folder of files, the bytes themselves, or an open file; with a mapping also a
            data frame, several of them by name, or a database (its URL, an engine or a connection of SQLAlchemy's); a
            `Source`, which says more of it; a list of these, which are put together into one model; or a path to a
            sources file (TOML with `[[sources]]` and `[keys]`), which names them.
        format: the name of a format, as `itsm-ontology sources` lists them; by default it is told from the content.
        name: what to call the model; by default the file's name.
        mapping: a mapping file (TOML or YAML; a path or bytes) to read it by, in place of the one of its format.
        keys: a file with `[keys]` (a path or bytes): the fields by which records of several sources are known as one
            thing. Nothing else makes two things one.
        progress: is told now and then what is being read, and how many records of it were.

    Returns:
        The model; `model.reports` says what was read, used and left of each source, `model.merged` which things several
        sources record, `model.conflicts` where they contradict each other.

    Raises:
        InputError: if a source can't be read, with file, line and repair; nothing of it is kept.
        UnknownNameError: if there is no such format.

    Example:
        >>> model = load(b"<urn:a> a <https://w3id.org/itsm-ontology/itsm#Server> .")
        >>> model.elements
        ('urn:a',)
        >>> cmdb = b'{"apiVersion": "backstage.io/v1alpha1", "kind": "API", "metadata": {"name": "pay"}, "spec": {}}'
        >>> bill = b'{"bomFormat": "CycloneDX", "specVersion": "1.6", "services": [{"bom-ref": "1", "name": "pay"}]}'
        >>> keys = b'[keys]\nname = [{ of = "portal", field = "metadata.name" }, { of = "bill", field = "name" }]'
        >>> both = load([Source(cmdb, name="portal"), Source(bill, name="bill")], keys=keys)
        >>> both.declarations(both.find("pay"))
        ('backstage:API', 'cyclonedx:service')
    """
    from .formats import FORMATS
    from .loading import Loading

    loading = Loading(FORMATS, progress)
    if isinstance(source, (list, tuple)):
        several = Several(tuple(one if isinstance(one, Source) else Source(one) for one in source), {})
        for argument, value in (("format", format), ("mapping", mapping)):
            if value is not None:
                raise InputError(f"{argument}= is for one source.", repair="Say it of each: Source(PATH, …).")
    else:
        one = (
            source if isinstance(source, Source) else Source(cast("Readable | Attached", source), format, name, mapping)
        )
        named = loading.several(one)
        if named is not None and (one.mapping, one.base) != (None, None):
            raise InputError(
                "this names several sources, and a mapping or a base is for one.",
                source=str(one.source),
                repair="Say it in the file, of each source.",
            )
        several = named or Several((one,), {})
    if not several.sources:
        raise InputError("there is nothing to load.", repair="Name a source.")
    known = {**several.keys, **(read_keys(open_document(keys)) if keys is not None else {})}
    return Model(loading.facts(several.sources, known, name))
