"""Pictures drawn by ourselves: SVG that needs no program, font or style sheet from elsewhere."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise

from .layout import Link, arrange
from .parts import Box, Strand, clean
from .places import Extent, Point, Route

_INK, _PALE, _PAPER = "#1a1a1a", "#4d4d4d", "#ffffff"
_FONT = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
_TITLE, _TEXT = 13, 11.5
_LINE = 16
"""The distance of two lines of text."""
_PADDING = 11
_MARGIN = 12
_LOOP = 22
"""How far a loop reaches out of its box."""
_HEAD = 7
_ABREAST = 10
"""What an arrow needs of the side of a box."""
_WIDTHS = {sign: width for width, signs in ((0.32, "fijlrtI|!.,:;'` ()[]/\\-\""), (0.92, "mwMW@%—…")) for sign in signs}
"""How wide signs are, as a part of the size of the font; a little more than in most fonts."""


def draw(title: str, boxes: Sequence[Box], strands: Sequence[Strand], *, upwards: bool) -> str:
    """Draw an SVG document.

    Example:
        >>> draw("One", [Box("a", ("A",))], [], upwards=False)[:40]
        '<svg xmlns="http://www.w3.org/2000/svg" '
    """
    loops: defaultdict[int, list[Strand]] = defaultdict(list)
    for strand in strands:
        if strand.source == strand.target:
            loops[strand.source].append(strand)
    ties = [strand for strand in strands if strand.source != strand.target]
    ends = Counter([("out", tie.source) for tie in ties] + [("in", tie.target) for tie in ties])
    sizes = [
        _size(box, loops[number], max(ends["out", number], ends["in", number])) for number, box in enumerate(boxes)
    ]
    plan = arrange(
        [_extent(size, loops[number]) for number, size in enumerate(sizes)],
        [Link(tie.source, tie.target, _label_extent(tie.labels)) for tie in ties],
        upwards=upwards,
        first=next((number for number, box in enumerate(boxes) if box.emphasis), 0),
    )
    drawn = [shape for number, tie in enumerate(ties) for shape in _arrow(plan.routes[number], tie.dashed)]
    for number, box in enumerate(boxes):
        drawn += _box(box, sizes[number], plan.centres[number])
        drawn += _loops(loops[number], sizes[number], plan.centres[number])
    for number, centre in plan.labels.items():
        drawn += _label(ties[number].labels, centre)
    width, height = plan.width + 2 * _MARGIN, plan.height + 2 * _MARGIN
    corner = f'x="{-_MARGIN}" y="{-_MARGIN}" width="{_number(width)}" height="{_number(height)}"'
    name = _escaped(title)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{name}"'
            f' viewBox="{-_MARGIN} {-_MARGIN} {_number(width)} {_number(height)}"'
            f' width="{_number(width)}" height="{_number(height)}" style="max-width: 100%; height: auto"'
            f' font-family="{_FONT}" font-size="{_TEXT}" fill="{_INK}" stroke-linejoin="round">',
            f"<title>{name}</title>",
            f"<desc>{_escaped(_description(boxes, strands))}</desc>",
            f'<rect {corner} rx="6" fill="{_PAPER}"/>',
            *drawn,
            "</svg>",
            "",
        ]
    )


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Estimate how wide a text is, in pixels, in whichever plain font is at hand.

    Example:
        >>> text_width("mill", 10) < text_width("MILL", 10) < text_width("MILL", 10, bold=True)
        True
    """
    return size * sum(map(_sign_width, text)) * (1.07 if bold else 1)


def _sign_width(sign: str) -> float:
    if unicodedata.combining(sign):
        return 0.0
    if unicodedata.east_asian_width(sign) in "WF":
        return 1.05
    return _WIDTHS.get(sign, 0.72 if sign.isupper() else 0.6)


def _size(box: Box, loops: Sequence[Strand], most: int) -> tuple[float, float]:
    """Give the width and height of a box, with room for its loops and for the most arrows that meet one side of it."""
    widths = [text_width(clean(line), _TEXT) for line in box.lines[1:]]
    widths += [text_width(clean(line), _TITLE, bold=box.emphasis) for line in box.lines[:1]]
    height = max(1, len(box.lines)) * _LINE + 1.3 * _PADDING
    return max([40.0, most * _ABREAST, *widths]) + 2 * _PADDING, max(height, sum(map(_loop_height, loops)))


def _extent(size: tuple[float, float], loops: Sequence[Strand]) -> Extent:
    """Give the extent of a box with its loops, which stand one beneath the other on its right."""
    width, height = size
    beside = max((_LOOP + _label_size(loop.labels)[0] for loop in loops), default=0.0)
    return Extent(width / 2, width / 2 + beside, height)


def _loop_height(loop: Strand) -> float:
    return max(1.5 * _LINE, _label_size(loop.labels)[1]) + 4


def _label_size(labels: Sequence[str]) -> tuple[float, float]:
    return max((text_width(label, _TEXT) + 8 for label in labels), default=0.0), len(labels) * _LINE


def _label_extent(labels: Sequence[str]) -> Extent | None:
    width, height = _label_size(labels)
    return Extent(width / 2, width / 2, height) if labels else None


def _box(box: Box, size: tuple[float, float], centre: Point) -> list[str]:
    """Draw a box with its text."""
    (width, height), (x, y) = size, centre
    place = " ".join(
        f'{name}="{_number(value)}"'
        for name, value in (("x", x - width / 2), ("y", y - height / 2), ("width", width), ("height", height))
    )
    frame = f'fill="{box.tint or _PAPER}" stroke="{_INK}" stroke-width="{2.8 if box.emphasis else 1}"'
    weight = ' font-weight="bold"' if box.emphasis else ""
    styles = [f'font-size="{_TITLE}"{weight}', *[f'fill="{_PALE}"'] * (len(box.lines) - 1)]
    return [f'<rect class="box" {place} rx="5" {frame}/>', *_text(box.lines, centre, styles)]


def _text(lines: Sequence[str], centre: Point, styles: Sequence[str]) -> list[str]:
    """Write lines around a centre."""
    first = centre[1] - (len(lines) - 1) * _LINE / 2 + 4
    return [
        f'<text x="{_number(centre[0])}" y="{_number(first + number * _LINE)}" text-anchor="middle" {style}>'
        f"{_escaped(line)}</text>"
        for number, (line, style) in enumerate(zip(lines, styles, strict=False))
    ]


def _label(labels: Sequence[str], centre: Point) -> list[str]:
    """Write the label of an arrow over its line, which is interrupted there."""
    width, height = _label_size(labels)
    place = f'x="{_number(centre[0] - width / 2)}" y="{_number(centre[1] - height / 2)}"'
    ground = f'<rect {place} width="{_number(width)}" height="{_number(height)}" fill="{_PAPER}"/>'
    return [ground, *_text(labels, centre, [f'fill="{_INK}"'] * len(labels))]


def _arrow(route: Route, dashed: bool) -> list[str]:
    """Draw an arrow along its route, up or down."""
    up = route[-1][2] < route[0][1]
    end = route[-1][2] + (_HEAD if up else -_HEAD)
    path = [f"M{_number(route[0][0])} {_number(route[0][1])}"]
    for (x, _, leaves), (across, arrives, _) in pairwise(route):
        path.append(f"V{_number(leaves)}")
        middle = _number((leaves + arrives) / 2)
        path.append(f"C{_number(x)} {middle} {_number(across)} {middle} {_number(across)} {_number(arrives)}")
    path.append(f"V{_number(end)}")
    x = route[-1][0]
    return [_line(path, dashed), _head((x, route[-1][2]), (0, -1) if up else (0, 1))]


def _line(path: Iterable[str], dashed: bool) -> str:
    dashes = ' stroke-dasharray="5 4"' if dashed else ""
    return f'<path class="arrow" d="{" ".join(path)}" fill="none" stroke="{_INK}" stroke-width="1.1"{dashes}/>'


def _head(tip: Point, direction: tuple[int, int]) -> str:
    """Draw the head of an arrow that points in a direction."""
    (x, y), (right, down) = tip, direction
    half = _HEAD / 2
    corners = [
        (x, y),
        (x - _HEAD * right - half * down, y - _HEAD * down - half * right),
        (x - _HEAD * right + half * down, y - _HEAD * down + half * right),
    ]
    return f'<path d="M{" L".join(f"{_number(a)} {_number(b)}" for a, b in corners)}Z"/>'


def _loops(loops: Sequence[Strand], size: tuple[float, float], centre: Point) -> list[str]:
    """Draw the arrows from a box to itself."""
    drawn = []
    right = centre[0] + size[0] / 2
    y = centre[1] - sum(map(_loop_height, loops)) / 2
    for loop in loops:
        middle = y + _loop_height(loop) / 2
        far, above, below = right + _LOOP, middle - 6, middle + 6
        curve = f"C{_number(far)} {_number(above - 8)} {_number(far)} {_number(below + 8)}"
        path = [f"M{_number(right)} {_number(above)}", curve, f"{_number(right + _HEAD)} {_number(below)}"]
        drawn += [_line(path, loop.dashed), _head((right, below), (-1, 0))]
        width = _label_size(loop.labels)[0]
        drawn += _text(loop.labels, (far + width / 2, middle), [f'fill="{_INK}"'] * len(loop.labels))
        y += _loop_height(loop)
    return drawn


def _description(boxes: Sequence[Box], strands: Iterable[Strand]) -> str:
    """Say in words what a picture shows."""
    names = [box.lines[0] if box.lines else f"box {number}" for number, box in enumerate(boxes, start=1)]
    said = [", ".join(box.lines) + (" (the one in question)" if box.emphasis else "") for box in boxes]
    for strand in strands:
        labels = f": {', '.join(strand.labels)}" if strand.labels else ""
        said.append(f"{names[strand.source]} {'⇢' if strand.dashed else '→'} {names[strand.target]}{labels}")
    return "; ".join(said)


def _number(value: float) -> str:
    return f"{round(value, 1) + 0.0:g}"


def _escaped(text: str) -> str:
    return escape(clean(text))
