"""GLPI: what its REST interfaces answer, and the lists that it exports as CSV."""

from __future__ import annotations

import re

from ...document import Document
from ...facts_builder import FactsBuilder
from ..input import Input
from ..mapping_file import shipped_mapping
from ..stating import state
from ..syntax.head import head
from .names import CLASSES, Classes, field_of, tells
from .records import LINKS, Reading
from .rows import Row, csv_rows, json_rows

_JSON = re.compile(
    r'"(?:appliances|computers|contracts|databaseinstances|entities|items|locations|manufacturers|networkports'
    r"|operatingsystems|softwares|softwareversions|states|suppliers)_id(?:_\w+)?\"\s*:|/apirest\.php/"
    r'|^(?=(?s:.*)"date_mod"\s*:)(?=(?s:.*)"date_creation"\s*:)|"totalcount"\s*:(?s:.*)"content-range"\s*:'
)
_DELIMITERS = re.compile(r"[;,\t]")
_FEWEST = 3
_NOT_IN_LISTS = "Lists show columns of one class: installations, items of appliances and impacts are not in them."


def is_glpi(document: Document) -> bool:
    """Tell whether a document is a list of GLPI: JSON with its foreign keys, or CSV with its columns.

    Example:
        >>> is_glpi(Document("d", b'[{"id": 3, "entities_id": 0, "name": "pc-3"}]'))
        True
        >>> is_glpi(Document("d", '"Nom";"Statut";"Dernière modification";"Entité";'.encode()))
        True
    """
    start = head(document)
    if start.startswith(("[", "{")):
        return _JSON.search(start) is not None
    labels = [part.strip().strip('"') for part in _DELIMITERS.split(start.partition("\n")[0].rstrip("\r"))]
    known = {field_of(label) for label in labels if field_of(label) != label}
    return len(known) >= _FEWEST and bool({"name", "completename"} & known) and sum(map(tells, labels)) > 1


def read_glpi(input_: Input, builder: FactsBuilder) -> None:
    """Read lists, several of them together.

    Args:
        input_: the documents.
        builder: what takes the facts.

    Raises:
        InputError: if a document is not well-formed, the class or key of a record can't be told, or two have the same.
    """
    mapping = input_.mapping or shipped_mapping("glpi")
    classes = Classes(dict.fromkeys((*mapping.classes, *mapping.left, *mapping.renamed, *LINKS, *CLASSES)))
    rows: list[Row] = []
    for document in input_.documents:
        if head(document, 64).startswith(("[", "{")):
            rows += json_rows(document, classes)
        else:
            rows += csv_rows(document, classes, builder.notes)
            if _NOT_IN_LISTS not in builder.notes:
                builder.notes.append(_NOT_IN_LISTS)
    state(Reading(mapping, classes, rows).records(), mapping, builder)
