"""The content of ArchiMate models that are kept in folders, a file a concept, by Archi's collaboration plug-in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import PurePath

from ...document import Document
from ...errors import InputError
from ..syntax.xml import read_xml
from .archi import archi_concept, folder_parts, model_parts
from .content import OF_MODEL, Content, Reading
from .sniffing import outermost

FOLDER_FILE = "folder.xml"
"""The file that says what its folder is: the model, or a folder in it."""
_MODEL = ("ArchimateModel", "model")
_FOLDER = "Folder"
_ELSEWHERE = "no folder above it is that of a model"


def folder_contents(documents: Sequence[Document], left: Collection[str]) -> list[Content]:
    """Take the content out of the files of one model, or of several.

    A model is a folder whose `folder.xml` says so; what is in it and in its folders belongs to it. Views are counted
    and not read further.

    Args:
        documents: the files.
        left: the types of what is kept among the concepts and is none.

    Raises:
        InputError: if there is no model, or something lacks its identifier or an end.
    """
    rest, models = [], {}
    for document in documents:
        if outermost(document).name in _MODEL:
            models[PurePath(document.name).parent] = _Model(document)
        else:
            rest.append(document)
    if not models or not rest:
        what = f"the {FOLDER_FILE} of a model" if models else "a part of a model"
        raise InputError(
            f"this is {what} that is kept in a folder, and without the rest of it.",
            source=documents[0].name,
            repair=f"Load the whole folder with the {FOLDER_FILE} of the model itself; coArchi calls it model.",
        )
    first = next(iter(models.values()))
    for document in rest:
        above = (models[folder] for folder in PurePath(document.name).parents if folder in models)
        if (model := next(above, None)) is not None:
            model.add(document, left)
        else:
            first.content.left[f"{outermost(document).name} outside of a model", _ELSEWHERE] += 1
    return [model.content for model in models.values()]


class _Model:
    """A model whose files come one by one, its own first."""

    def __init__(self, document: Document) -> None:
        root = read_xml(document)
        self.content = Content(Reading(document).identifier(root, "id"), str(PurePath(document.name).parent))
        self.profiles = model_parts(root, self.content)
        if root.get("purpose"):
            self.content.left["purpose of the model", OF_MODEL] += 1

    def add(self, document: Document, left: Collection[str]) -> None:
        """Read a file."""
        if (type_ := outermost(document).name) in left:
            self.content.left[type_, ""] += 1
            return
        root = read_xml(document)
        if root.name == _FOLDER:
            folder_parts(root, self.content)
        else:
            self.content.concepts.append(archi_concept(root, root.name, Reading(document), self.profiles))
