"""Pictures as text for programs that draw: Mermaid and Graphviz."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from .parts import Box, Strand, clean

_MARKUP = re.compile(r"[^\w\s.,:/()+=?!-]|(?<=^\d)\.|^[-+]|(?<=styl)e|(?<=classDe)f")
"""What Mermaid would not take for plain text: punctuation, the beginning of a list, and two words after which it
mistakes escapes for colours."""


def mermaid(title: str, boxes: Sequence[Box], strands: Iterable[Strand], *, upwards: bool) -> str:
    """Write a flowchart in Mermaid's language.

    Example:
        >>> boxes = [Box("a", ("A",)), Box("b", ("B", "disk"))]
        >>> print(mermaid("A part", boxes, [Strand(0, 1, ("has",), True)], upwards=False))
        ---
        title: "A part"
        ---
        flowchart TD
            n0["A"]
            n1["B<br/>disk"]
            n0 -.->|"has"| n1
        <BLANKLINE>
    """
    lines = [
        "---",
        f"title: {json.dumps(clean(title), ensure_ascii=False)}",
        "---",
        f"flowchart {'BT' if upwards else 'TD'}",
    ]
    for number, box in enumerate(boxes):
        lines.append(f'    n{number}["{_mermaid(box.lines)}"]')
    for strand in strands:
        shaft = "-.->" if strand.dashed else "-->"
        label = f'|"{_mermaid(strand.labels)}"|' if strand.labels else ""
        lines.append(f"    n{strand.source} {shaft}{label} n{strand.target}")
    for number, box in enumerate(boxes):
        style = ["stroke-width:3px", "font-weight:bold"] if box.emphasis else []
        style += [f"fill:{box.tint}", "color:#1a1a1a"] if box.tint else []
        if style:
            lines.append(f"    style n{number} {','.join(style)}")
    return "\n".join(lines) + "\n"


def _mermaid(lines: Iterable[str]) -> str:
    return "<br/>".join(_MARKUP.sub(lambda sign: f"#{ord(sign[0])};", clean(line)) for line in lines) or " "


def dot(title: str, boxes: Sequence[Box], strands: Iterable[Strand], *, upwards: bool) -> str:
    r"""Write a directed graph in Graphviz' language.

    Example:
        >>> boxes = [Box("a", ("A",)), Box("b", ("B", "disk"))]
        >>> print(dot("A part", boxes, [Strand(0, 1, ("has",), True)], upwards=False))
        digraph {
            graph [label="A part", labelloc=t, rankdir=TB, fontname="Helvetica"];
            node [shape=box, style="rounded,filled", fillcolor="#ffffff", fontname="Helvetica"];
            edge [fontname="Helvetica"];
            n0 [label="A"];
            n1 [label="B\ndisk"];
            n0 -> n1 [label="has", style=dashed];
        }
        <BLANKLINE>
    """
    lines = [
        "digraph {",
        f'    graph [label="{_dot([title])}", labelloc=t, rankdir={"BT" if upwards else "TB"}, fontname="Helvetica"];',
        '    node [shape=box, style="rounded,filled", fillcolor="#ffffff", fontname="Helvetica"];',
        '    edge [fontname="Helvetica"];',
    ]
    for number, box in enumerate(boxes):
        emphasis = ', penwidth=3, fontname="Helvetica-Bold"' if box.emphasis else ""
        tint = f', fillcolor="{box.tint}"' if box.tint else ""
        lines.append(f'    n{number} [label="{_dot(box.lines)}"{emphasis}{tint}];')
    for strand in strands:
        parts = [f'label="{_dot(strand.labels)}"'] if strand.labels else []
        parts += ["style=dashed"] if strand.dashed else []
        said = f" [{', '.join(parts)}]" if parts else ""
        lines.append(f"    n{strand.source} -> n{strand.target}{said};")
    return "\n".join([*lines, "}"]) + "\n"


def _dot(lines: Iterable[str]) -> str:
    return r"\n".join(clean(line).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"') for line in lines)
