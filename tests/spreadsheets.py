"""Excel files written by hand, so that each can be as odd as a test wants it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def cell(place: str, value: object, style: int = 0) -> str:
    """Write a cell: a text in place, or a number."""
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}" s="{style}"><v>{value}</v></c>'


def rows(*lines: tuple[object, ...]) -> str:
    """Write rows from the first one on; None leaves a cell out."""
    return "".join(
        f'<row r="{number}">'
        + "".join(cell(f"{chr(65 + at)}{number}", value) for at, value in enumerate(line) if value is not None)
        + "</row>"
        for number, line in enumerate(lines, start=1)
    )


def xlsx(
    sheets: Mapping[str, str], *, texts: str = "", styles: str = "", properties: str = "", types: str = "xml"
) -> bytes:
    """Write a workbook.

    Args:
        sheets: the name of each sheet to the XML of its rows.
        texts: the XML of the shared texts.
        styles: the XML of the styles.
        properties: the XML of the workbook's properties.
        types: the ending of the workbook's part.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/'
            'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        )
        archive.writestr("_rels/.rels", _relationships({"w": ("officeDocument", f"/xl/workbook.{types}")}))
        listed = "".join(f'<sheet name="{escape(name)}" r:id="s{at}"/>' for at, name in enumerate(sheets))
        archive.writestr(
            f"xl/workbook.{types}",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELS}">{properties}<sheets>{listed}</sheets></workbook>',
        )
        parts = {f"s{at}": ("worksheet", f"worksheets/sheet{at}.xml") for at, _ in enumerate(sheets)}
        parts |= {"t": ("sharedStrings", "sharedStrings.xml"), "y": ("styles", "styles.xml")}
        archive.writestr(f"xl/_rels/workbook.{types}.rels", _relationships(parts))
        for at, content in enumerate(sheets.values()):
            whole = f'<worksheet xmlns="{_MAIN}"><sheetData>{content}</sheetData></worksheet>'
            archive.writestr(f"xl/worksheets/sheet{at}.xml", whole)
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{texts}</sst>')
        archive.writestr("xl/styles.xml", f'<styleSheet xmlns="{_MAIN}">{styles}</styleSheet>')
    return stream.getvalue()


def _relationships(parts: Mapping[str, tuple[str, str]]) -> str:
    found = "".join(
        f'<Relationship Id="{id_}" Type="{_RELS}/{kind}" Target="{target}"/>' for id_, (kind, target) in parts.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{found}</Relationships>'
