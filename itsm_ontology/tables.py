"""The optional table library, asked for in one place."""

from __future__ import annotations

from typing import Any

from .errors import EngineError


def pandas_module() -> Any:
    """Give pandas.

    Raises:
        EngineError: if it is not installed.
    """
    try:
        import pandas
    except ImportError:
        raise EngineError("pandas is not installed: pip install 'itsm-ontology[pandas]'.") from None
    return pandas
