"""Parquet files as tables, through pyarrow."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from ...document import FREE_EXPANSION, MOST_BYTES, MOST_EXPANSION, Document
from ...errors import InputError
from ..table import Row, Table, checked_header

MOST_ROWS = 50_000_000
"""A Parquet file with more rows than this is not read: a few bytes can stand for any number of rows."""
_MAGIC = b"PAR1"
_BATCH = 10_000


def is_parquet(document: Document) -> bool:
    """Tell whether a document is a Parquet file."""
    return document.data.startswith(_MAGIC)


def parquet_table(document: Document, name: str) -> Table:
    """Give a Parquet file as a table.

    Raises:
        InputError: if it is damaged, encrypted, or unpacks beyond the bounds, or pyarrow is not installed.
    """
    file = _opened(document)
    columns = checked_header(file.schema_arrow.names, document.name)
    bound = min(MOST_BYTES, max(FREE_EXPANSION, MOST_EXPANSION * len(document.data)))
    groups = (file.metadata.row_group(number) for number in range(file.metadata.num_row_groups))
    if file.metadata.num_rows > MOST_ROWS or sum(group.total_byte_size for group in groups) > bound:
        raise InputError(
            f"this unpacks to {file.metadata.num_rows} rows, more than are read of a file of its size.",
            source=document.name,
        )

    def rows(_: Collection[str]) -> Iterator[Row]:
        number = 0
        try:
            for batch in _opened(document).iter_batches(batch_size=_BATCH):
                for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                    number += 1
                    yield number, cells
        except _errors() as error:
            raise _damaged(document, error) from None

    return Table(name, columns, rows, document.name)


def _opened(document: Document) -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise InputError(
            "reading Parquet needs pyarrow.", source=document.name, repair="pip install 'itsm-ontology[parquet]'"
        ) from None
    try:
        return pyarrow.parquet.ParquetFile(pyarrow.BufferReader(document.data))
    except _errors() as error:
        raise _damaged(document, error) from None


def _errors() -> tuple[type[Exception], ...]:
    import pyarrow

    return (pyarrow.ArrowException, OSError, ValueError, KeyError, TypeError, OverflowError)


def _damaged(document: Document, error: Exception) -> InputError:
    said = " ".join(str(error).split())[:200]
    return InputError(
        f"this Parquet file can't be read: {said}.",
        source=document.name,
        repair="It may be cut short: export it again.",
    )
