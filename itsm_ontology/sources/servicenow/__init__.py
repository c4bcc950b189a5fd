"""ServiceNow: Table API answers, CSV and XML exports of its tables."""

from __future__ import annotations

from ...facts_builder import FactsBuilder
from ..input import Input
from ..mapping_file import shipped_mapping
from ..stating import state
from .records import Reading
from .sniffing import is_servicenow

__all__ = ["is_servicenow", "read_servicenow"]


def read_servicenow(input_: Input, builder: FactsBuilder) -> None:
    """Read the tables of a ServiceNow instance into a builder.

    Args:
        input_: files with records of one table or several; they are read twice, so that what is named only by what it
            is called can be told from what is loaded.
        builder: what takes the facts, and counts.

    Raises:
        InputError: if a file is no export of ServiceNow, or nothing tells which table its records are of.
    """
    mapping = input_.mapping or shipped_mapping("servicenow")
    reading = Reading(input_.documents, mapping, builder)
    state(reading.records(), mapping, builder)
    reading.notes()
