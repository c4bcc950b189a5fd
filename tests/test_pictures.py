"""Pictures: what is drawn is read back from the SVG, and held against the boxes and arrows that it was drawn from."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from itertools import combinations, pairwise, product

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from itsm_ontology import InputError, ItsmOntologyError
from itsm_ontology.pictures import Arrow, Box, Picture
from itsm_ontology.pictures.layers import Rows, back_edges, layered
from itsm_ontology.pictures.places import spread
from itsm_ontology.pictures.svg import text_width

_SVG = "{http://www.w3.org/2000/svg}"
_HEAD = 7
Point = tuple[float, float]

# ---------------------------------------------------------------------------------------------------------------------
# Reading a drawing


@dataclass(frozen=True)
class Rectangle:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Rectangle) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def within(self, other: Rectangle) -> bool:
        across = other.left <= self.left and self.right <= other.right
        return across and other.top <= self.top and self.bottom <= other.bottom

    def holds(self, point: Point) -> bool:
        """Say whether a point lies inside, and not only on the border as far as rounding goes."""
        x, y = point
        return self.left + 0.2 < x < self.right - 0.2 and self.top + 0.2 < y < self.bottom - 0.2


@dataclass(frozen=True)
class Way:
    """An arrow as drawn: points along its line, and the tip of its head."""

    points: list[Point]
    tip: Point
    dashed: bool


@dataclass(frozen=True)
class Drawing:
    root: ET.Element
    frame: Rectangle
    boxes: list[Rectangle]
    labels: list[Rectangle]
    ways: list[Way]

    def texts(self) -> list[str]:
        return [element.text or "" for element in self.root.iter(f"{_SVG}text")]


def rectangle(element: ET.Element) -> Rectangle:
    x, y, width, height = (float(element.attrib[name]) for name in ("x", "y", "width", "height"))
    return Rectangle(x, y, x + width, y + height)


def along(path: str) -> list[Point]:
    """Give points along a path of the commands M, V and C, close to each other on its curves."""
    points: list[Point] = []
    for command, rest in re.findall(r"([A-Z])([^A-Z]*)", path):
        numbers = [float(number) for number in rest.split()]
        if command == "M":
            points.append((numbers[0], numbers[1]))
        elif command == "V":
            x, y = points[-1]
            points += [(x, y + (numbers[0] - y) * step / 20) for step in range(1, 21)]
        else:
            assert command == "C"
            corners = [points[-1], *zip(numbers[::2], numbers[1::2], strict=True)]
            for step in range(1, 41):
                t = step / 40
                parts = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
                points.append((sum(p * c[0] for p, c in zip(parts, corners, strict=True)),
                               sum(p * c[1] for p, c in zip(parts, corners, strict=True))))  # fmt: skip
    return points


def read(picture: Picture) -> Drawing:
    root = ET.fromstring(picture.svg())
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    rectangles = list(root.iter(f"{_SVG}rect"))
    boxes = [rectangle(element) for element in rectangles if element.get("class") == "box"]
    labels = [rectangle(element) for element in rectangles[1:] if element.get("class") != "box"]
    paths = list(root.iter(f"{_SVG}path"))
    ways = []
    for line, head in pairwise(paths):
        if line.get("class") == "arrow":
            tip = re.match(r"M(\S+) (\S+) ", head.attrib["d"])
            assert tip is not None
            ways.append(
                Way(along(line.attrib["d"]), (float(tip[1]), float(tip[2])), line.get("stroke-dasharray") is not None)
            )
    return Drawing(root, Rectangle(left, top, left + width, top + height), boxes, labels, ways)


def drawn_arrows(picture: Picture) -> list[tuple[int, int, bool]]:
    """Give the arrows in the order in which they are drawn: each once, those of a box to itself last, box by box."""
    number = {box.key: place for place, box in enumerate(picture.boxes)}
    all_of_them = dict.fromkeys((number[a.source], number[a.target], a.dashed) for a in picture.arrows)
    loops = sorted((arrow for arrow in all_of_them if arrow[0] == arrow[1]), key=lambda arrow: arrow[0])
    return [arrow for arrow in all_of_them if arrow[0] != arrow[1]] + loops


def is_on_border(point: Point, box: Rectangle) -> bool:
    x, y = point
    upright = box.left <= x <= box.right and min(abs(y - box.top), abs(y - box.bottom)) < 0.2
    return upright or (abs(x - box.right) < 0.2 and box.top <= y <= box.bottom)


def check(picture: Picture) -> Drawing:
    """Hold a drawing against everything that is true of every drawing."""
    drawing = read(picture)
    assert len(drawing.boxes) == len(picture.boxes)
    assert len(drawing.root.findall(f"{_SVG}title")) == 1
    for box in [*drawing.boxes, *drawing.labels]:
        assert box.within(drawing.frame)
    for one, other in combinations([*drawing.boxes, *drawing.labels], 2):
        assert not one.meets(other)
    arrows = drawn_arrows(picture)
    assert len(drawing.ways) == len(arrows)
    for way, (source, target, dashed) in zip(drawing.ways, arrows, strict=True):
        assert way.dashed == dashed
        assert is_on_border(way.points[0], drawing.boxes[source])
        assert is_on_border(way.tip, drawing.boxes[target])
        end = way.points[-1]
        assert abs(abs(end[0] - way.tip[0]) + abs(end[1] - way.tip[1]) - _HEAD) < 0.2, "the head sits on the line"
        assert not any(box.holds(point) for box in drawing.boxes for point in way.points)
        assert all(drawing.frame.holds(point) for point in way.points)
    return drawing


# ---------------------------------------------------------------------------------------------------------------------
# Pictures to draw


def picture(arrows: str, *, boxes: str = "", upwards: bool = False, kind: str = "software") -> Picture:
    """Make a picture from words such as `ab`, `ab:label` and `ab~` (dashed)."""
    made = []
    for word in arrows.split():
        ends, _, label = word.partition(":")
        made.append(Arrow(ends[0], ends[1], label.replace("_", " "), dashed=ends.endswith("~")))
    keys = sorted({*boxes, *(key for arrow in made for key in (arrow.source, arrow.target))})
    return Picture("A picture", tuple(Box(key, (f"Element {key}", kind)) for key in keys), tuple(made), upwards)


def grid(layers: int, across: int, each: int) -> Picture:
    """Make a lattice of layers, each box of which implies some boxes of the layer above."""
    keys = [[f"d{layer}-{place}" for place in range(across)] for layer in range(layers)]
    boxes = tuple(Box(key, (f"framework:definition-{key}",)) for row in keys for key in row)
    arrows = tuple(
        Arrow(below[place], above[(place * (step + 1) + step) % across])
        for above, below in pairwise(keys)
        for place, step in product(range(across), range(each))
    )
    return Picture("A lattice", boxes, arrows, upwards=True)


MODEL = picture(
    "sa:has_part sd:has_part si:provided_by sr:delivered_to rs:pays_for "
    "id:reports_to rd:reports_to at:produces ad:runs_on dt:stores"
)
PICTURES = {
    "nothing": Picture("Nothing", (), ()),
    "one box": picture("", boxes="a"),
    "boxes only": picture("", boxes="abcdefghijklm"),
    "a chain": picture("ab bc:x cd de ef:has_part"),
    "a loop": picture("aa:calls"),
    "a cycle": picture("ab bc ca"),
    "there and back": picture("ab ba"),
    "two boxes, many arrows": picture("ab:runs ab:stores ba:depends_on ab~:may_run aa:calls bb:calls bb~:may_call"),
    "a long way round": picture("ab bc cd de ae:round eb"),
    "pieces": picture("ab bc de fg gf", boxes="xyz"),
    "a star": picture(" ".join(f"a{leaf}" for leaf in "bcdefghijklmnopqrstuvwxyz")),
    "a star of arrows to the middle": picture(" ".join(f"{leaf}a:x" for leaf in "bcdefghijklmnopqrstuvwxyz")),
    "a model": MODEL,
    "a lattice": grid(5, 5, 2),
    "upwards, with a cycle": picture("ab bc ca:x cd", upwards=True),
    "no text": Picture("", (Box("a", ()), Box("b", ("",))), (Arrow("a", "b", "\n"),)),
    "wide": Picture(
        "", (Box("a", ("w" * 300,)), Box("b", ("x",) * 40), Box("c", ("y",))), (Arrow("a", "b", "z" * 99),)
    ),
}

_NAMES = st.sampled_from("abcdefgh")


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    keys = draw(st.lists(_NAMES, unique=True, max_size=8))
    lines = st.lists(st.text(max_size=12), max_size=3).map(tuple)
    boxes = tuple(Box(key, draw(lines), draw(st.booleans()), draw(st.sampled_from(["", "#f3c9c0"]))) for key in keys)
    ends = st.sampled_from(keys) if keys else st.nothing()
    labels = st.one_of(st.just(""), st.just("has part"), st.text(max_size=12))
    arrows = draw(st.lists(st.builds(Arrow, ends, ends, labels, st.booleans()), max_size=14)) if keys else []
    return Picture(draw(st.text(max_size=12)), boxes, tuple(arrows), draw(st.booleans()))


@pytest.mark.parametrize("drawn", PICTURES.values(), ids=PICTURES)
def test_a_picture_is_drawn_without_overlaps(drawn: Picture) -> None:
    check(drawn)


@given(pictures())
@settings(deadline=None)
def test_any_picture_is_drawn_without_overlaps(drawn: Picture) -> None:
    check(drawn)
    assert drawn.mermaid().count("\n    n") >= len(drawn.boxes)
    assert drawn.dot().count("\n    n") >= len(drawn.boxes)


@given(st.lists(st.tuples(_NAMES, _NAMES).filter(lambda pair: pair[0] < pair[1]), max_size=16), st.booleans())
@settings(deadline=None)
def test_arrows_of_a_graph_without_cycles_all_lead_one_way(pairs: list[tuple[str, str]], upwards: bool) -> None:
    drawn = picture(" ".join(map("".join, pairs)), upwards=upwards)
    for way in read(drawn).ways:
        assert (way.tip[1] < way.points[0][1]) == upwards


def test_in_a_cycle_the_arrow_back_to_the_emphasised_box_is_the_one_that_turns_back() -> None:
    boxes = tuple(Box(key, (key,), emphasis=key == "b") for key in "abc")
    drawn = read(Picture("", boxes, (Arrow("a", "b"), Arrow("b", "c"), Arrow("c", "a"))))
    assert [way.tip[1] > way.points[0][1] for way in drawn.ways] == [False, True, True]


# ---------------------------------------------------------------------------------------------------------------------
# What the SVG says


def test_the_model_says_what_it_was_given() -> None:
    drawing = check(MODEL)
    assert len(drawing.labels) == 10
    assert sorted(drawing.texts()) == sorted(
        [line for box in MODEL.boxes for line in box.lines] + [arrow.label for arrow in MODEL.arrows]
    )


def test_parallel_arrows_are_one_with_all_their_labels() -> None:
    drawing = check(picture("ab:runs ab:stores ab:runs ab~:may_run"))
    assert len(drawing.ways) == 2
    assert sorted(text for text in drawing.texts() if "lement" not in text and text != "software") == [
        "may run", "runs", "stores",
    ]  # fmt: skip


def test_emphasis_is_seen_without_colour() -> None:
    drawn = Picture("", (Box("a", ("A", "x"), emphasis=True), Box("b", ("B", "x"))), ())
    root = read(drawn).root
    widths = [float(box.attrib["stroke-width"]) for box in root.iter(f"{_SVG}rect") if box.get("class") == "box"]
    assert widths[0] >= 2 * widths[1]
    assert [text.text for text in root.iter(f"{_SVG}text") if text.get("font-weight") == "bold"] == ["A"]


def test_the_drawing_can_be_read_aloud() -> None:
    root = read(
        Picture("Who & what", (Box("a", ("A",)), Box("b", ("B", "disk"), True)), (Arrow("a", "b", "has"),))
    ).root
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == "Who & what"
    assert [child.text for child in root[:2]] == ["Who & what", "A; B, disk (the one in question); A → B: has"]
    assert root[0].tag == f"{_SVG}title"


def test_the_tint_is_the_ground_of_the_box() -> None:
    root = read(Picture("", (Box("a", ("A",), tint="#e0f1dc"), Box("b", ("B",))), ())).root
    assert [box.attrib["fill"] for box in root.iter(f"{_SVG}rect")][1:] == ["#e0f1dc", "#ffffff"]


def test_what_is_no_text_is_left_out() -> None:
    drawn = Picture("a\x00\ud800b", (Box("a", ("one\ntwo\x1b\ufffe", "<&\"'>")),), ())
    assert read(drawn).texts() == ["one two", "<&\"'>"]
    assert read(drawn).root[0].text == "ab"
    assert drawn.svg().encode() != b""


def test_jupyter_shows_the_drawing() -> None:
    assert MODEL._repr_svg_() == MODEL.svg()


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize(
    "text", ["Rolling stock information", "itil-2011:it-service", "von-neumann:application.betz", "WWW MMM", "%—mmm"]
)
def test_text_fits_its_box_in_a_broad_font_too(text: str, bold: bool) -> None:
    font = FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")
    real = TextPath((0, 0), text, size=13, prop=font).get_extents().width
    assert 0.75 * real < text_width(text, 13, bold=bold) < 1.3 * real
    box = check(Picture("", (Box("a", (text,), emphasis=bold),), ())).boxes[0]
    assert real < box.right - box.left


# ---------------------------------------------------------------------------------------------------------------------
# Mermaid and Graphviz


MERMAID = {
    'say "hi"': "say #34;hi#34;",
    "a#b;": "a#35;b#59;",
    "<b>": "#60;b#62;",
    "[x] {y} |z|": "#91;x#93; #123;y#125; #124;z#124;",
    "`code` *bold*": "#96;code#96; #42;bold#42;",
    "1. first": "1#46; first",
    "- item": "#45; item",
    "itil-2011:it-service": "itil-2011:it-service",
    "style:x": "styl#101;:x",
    "Übergröße": "Übergröße",
    "two\nlines": "two lines",
    "": " ",
}


@pytest.mark.parametrize(("text", "written"), MERMAID.items())
def test_mermaid_takes_text_for_text(text: str, written: str) -> None:
    drawn = Picture("", (Box("a", (text,)),), (Arrow("a", "a", text, dashed=True),))
    lines = drawn.mermaid().splitlines()
    assert lines[4] == f'    n0["{written}"]'
    assert lines[5] == (f'    n0 -.->|"{written}"| n0' if text else "    n0 -.-> n0")


DOT = {
    'say "hi"': 'say \\"hi\\"',
    "back\\slash \\N": "back\\\\slash \\\\N",
    "a & b &lt;": "a &amp; b &amp;lt;",
    "two\nlines": "two lines",
}


@pytest.mark.parametrize(("text", "written"), DOT.items())
def test_graphviz_takes_text_for_text(text: str, written: str) -> None:
    drawn = Picture(text, (Box("a", (text, "x")),), (Arrow("a", "a", text, dashed=True),))
    lines = drawn.dot().splitlines()
    assert f'label="{written}"' in lines[1]
    assert lines[4:6] == [f'    n0 [label="{written}\\nx"];', f'    n0 -> n0 [label="{written}", style=dashed];']


@pytest.mark.parametrize(("upwards", "mermaid", "dot"), [(False, "TD", "TB"), (True, "BT", "BT")])
def test_the_direction_is_said(upwards: bool, mermaid: str, dot: str) -> None:
    drawn = picture("ab", upwards=upwards)
    assert f"\nflowchart {mermaid}\n" in drawn.mermaid()
    assert f"rankdir={dot}" in drawn.dot()


def test_emphasis_and_tint_are_said() -> None:
    drawn = Picture("", (Box("a", ("A",), emphasis=True, tint="#e0f1dc"), Box("b", ("B",))), ())
    assert drawn.mermaid().splitlines()[6:] == [
        "    style n0 stroke-width:3px,font-weight:bold,fill:#e0f1dc,color:#1a1a1a"
    ]
    assert 'n0 [label="A", penwidth=3, fontname="Helvetica-Bold", fillcolor="#e0f1dc"];' in drawn.dot()
    assert 'n1 [label="B"];' in drawn.dot()


# ---------------------------------------------------------------------------------------------------------------------
# Refusals, order, speed


def test_what_is_wrong_is_refused() -> None:
    with pytest.raises(ItsmOntologyError, match=r"no box 'crn'\. Did you mean crm\?"):
        Picture("", (Box("crm", ()),), (Arrow("crm", "crn"),))
    with pytest.raises(ItsmOntologyError, match=r"2 boxes have the key 'a'\. Give each its own\."):
        Picture("", (Box("a", ("A",)), Box("a", ("B",))), ())
    for tint in ("red", '#f3c9c0" onload="x', "#fff", "#f3c9c0\n"):
        with pytest.raises(InputError, match="is not a colour"):
            Box("a", (), tint=tint)


def test_the_same_picture_is_drawn_the_same_in_another_process() -> None:
    code = """
from itsm_ontology.pictures import Arrow, Box, Picture
keys = "abcdefghij"
arrows = tuple(Arrow(one, keys[(place * 3 + 1) % 10], one) for place, one in enumerate(keys))
arrows += tuple(Arrow(one, keys[(place * 7 + 2) % 10], dashed=True) for place, one in enumerate(keys))
drawn = Picture("p", tuple(Box(key, (key,)) for key in keys), arrows)
print(drawn.svg(), drawn.mermaid(), drawn.dot())
"""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            capture_output=True, check=True, timeout=60,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(outputs) == 1
    assert b"</svg>" in outputs.pop()


def test_a_lattice_of_forty_is_drawn_at_once() -> None:
    lattice = grid(8, 5, 2)
    more = tuple(Arrow(f"d{layer}-{layer % 5}", f"d{layer - 3}-{place}") for layer in (3, 7) for place in range(5))
    lattice = Picture(lattice.title, lattice.boxes, lattice.arrows + more, upwards=True)
    assert (len(lattice.boxes), len(lattice.arrows)) == (40, 80)
    check(lattice)

    def seconds() -> float:
        start = time.perf_counter()
        lattice.svg()
        return time.perf_counter() - start

    assert min(seconds() for _ in range(5)) < 0.2


# ---------------------------------------------------------------------------------------------------------------------
# The parts of the layout

_EDGES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=15)


@given(_EDGES, st.permutations(range(7)))
def test_without_its_back_edges_a_graph_has_no_cycle(edges: list[tuple[int, int]], starts: list[int]) -> None:
    kept = [edge for number, edge in enumerate(edges) if number not in back_edges(7, edges, starts)]
    layers = layered([1.0] * 7, kept, step=2, room=3)
    assert all(layers[lower] - layers[upper] >= 2 for upper, lower in kept)
    assert max(layers.count(layer) for layer in layers) <= 3
    assert sorted(set(layers)) == list(range(0, max(layers) + 1, 2)), "no row is empty"


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(5, 9)), max_size=12))
def test_crossings_are_counted_and_never_become_more(edges: list[tuple[int, int]]) -> None:
    rows = Rows([0] * 5 + [1] * 5, edges)
    before = rows.crossings()
    assert before == sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(edges, 2))
    rows.untangle()
    assert rows.crossings() <= before
    assert list(map(sorted, rows.rows)) == [list(range(5)), list(range(5, 10))]


def test_a_tree_is_untangled() -> None:
    layers = [0] + [1] * 3 + [2] * 9
    edges = [(0, 1), (0, 2), (0, 3), *((1 + (leaf * 2) % 3, 4 + leaf) for leaf in range(9))]
    rows = Rows(layers, edges)
    assert rows.crossings() > 0
    rows.untangle()
    assert rows.crossings() == 0


_PLACES = st.lists(st.tuples(st.integers(-50, 50), st.integers(1, 5), st.integers(0, 9)), min_size=1, max_size=4)


@given(_PLACES)
@settings(deadline=None)
def test_points_are_spread_with_the_least_movement(points: list[tuple[int, int, int]]) -> None:
    wanted, weights, gaps = zip(*points, strict=True)
    found = spread(wanted, weights, gaps[1:])
    assert all(right - left >= gap - 1e-9 for (left, right), gap in zip(pairwise(found), gaps[1:], strict=True))

    def cost(places: list[float]) -> float:
        return float(
            sum(weight * (x - want) * (x - want) for x, want, weight in zip(places, wanted, weights, strict=True))
        )

    for moves in product((-0.25, 0.0, 0.25), repeat=len(found)):  # convex: no better place nearby, none at all
        moved = [x + move for x, move in zip(found, moves, strict=True)]
        if all(right - left >= gap for (left, right), gap in zip(pairwise(moved), gaps[1:], strict=True)):
            assert cost(moved) >= cost(found) - 1e-9
