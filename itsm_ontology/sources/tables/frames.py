"""Data frames as tables: those of pandas, polars, pyarrow and whatever else narwhals knows."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from functools import partial
from typing import Any

from ...errors import InputError
from ..table import Row, Table, checked_header

_LIBRARIES = ("pandas", "polars", "pyarrow", "modin", "cudf", "dask", "duckdb", "ibis", "pyspark", "sqlframe")


def is_frame(value: object) -> bool:
    """Tell whether something is a data frame, without importing anything."""
    library = type(value).__module__.partition(".")[0].lstrip("_")
    return library in _LIBRARIES and library in sys.modules and hasattr(type(value), "columns")


def frame_table(frame: Any, name: str) -> Table:
    """Give a data frame as a table; one that is evaluated lazily is evaluated.

    Raises:
        InputError: if narwhals is not installed or doesn't know it, or its columns have no names.
    """
    try:
        import narwhals
    except ImportError:
        raise InputError(
            "reading data frames needs narwhals.", source=name, repair="pip install 'itsm-ontology[frames]'"
        ) from None
    try:
        known: Any = narwhals.from_native(frame)
        eager = known.collect() if isinstance(known, narwhals.LazyFrame) else known
    except Exception as error:  # whatever the library behind it raises
        raise _unread(name, error) from None
    names = [name if isinstance(name, str) else str(name) for name in eager.columns]
    return Table(name, checked_header(names, name), partial(_rows, eager, name), name)


def _rows(frame: Any, name: str, _: Collection[str]) -> Iterator[Row]:
    try:
        yield from enumerate(frame.iter_rows(), start=1)
    except Exception as error:
        raise _unread(name, error) from None


def _unread(name: str, error: Exception) -> InputError:
    said = " ".join(str(error).split())[:200]
    return InputError(f"this data frame can't be read: {said}", source=name)
