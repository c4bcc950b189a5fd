"""Pictures of small graphs: boxes and arrows as SVG, Mermaid or Graphviz text."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from ..errors import InputError, UnknownNameError
from . import svg, texts
from .parts import Arrow, Box, Strand, clean

__all__ = ["Arrow", "Box", "Picture"]


@dataclass(frozen=True)
class Picture:
    """Boxes with text, and arrows between them; the same picture is always drawn the same. Jupyter shows it.

    Attributes:
        title: what it shows.
        boxes: the boxes.
        arrows: the arrows between them; those of one box to another one are drawn as one, with a line for each label.
        upwards: whether arrows lead up, as in a diagram of an order; else they lead down. In a cycle, one turns back.

    Raises:
        InputError: if two boxes have the same key.
        UnknownNameError: if an arrow names a box that isn't there.

    Example:
        >>> boxes = (Box("crm", ("CRM", "software"), emphasis=True), Box("disk", ("Disk", "hardware")))
        >>> picture = Picture("What CRM runs on", boxes, (Arrow("crm", "disk", "runs on"),))
        >>> print(picture.mermaid())
        ---
        title: "What CRM runs on"
        ---
        flowchart TD
            n0["CRM<br/>software"]
            n1["Disk<br/>hardware"]
            n0 -->|"runs on"| n1
            style n0 stroke-width:3px,font-weight:bold
        <BLANKLINE>
    """

    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    upwards: bool = False

    def __post_init__(self) -> None:
        keys = Counter(box.key for box in self.boxes)
        for key, count in keys.items():
            if count > 1:
                raise InputError(f"{count} boxes have the key {key!r}.", repair="Give each its own.")
        for arrow in self.arrows:
            for key in (arrow.source, arrow.target):
                if key not in keys:
                    raise UnknownNameError("box", key, keys)

    @cached_property
    def _strands(self) -> tuple[Strand, ...]:
        """The arrows that are drawn."""
        number = {box.key: place for place, box in enumerate(self.boxes)}
        labels: dict[tuple[int, int, bool], dict[str, None]] = {}
        for arrow in self.arrows:
            said = labels.setdefault((number[arrow.source], number[arrow.target], arrow.dashed), {})
            if label := clean(arrow.label):
                said[label] = None
        return tuple(Strand(source, target, tuple(said), dashed) for (source, target, dashed), said in labels.items())

    def mermaid(self) -> str:
        """Give the picture as a Mermaid flowchart, which GitHub and many wikis draw.

        Example:
            >>> print(Picture("One", (Box("a", ("A",)),), (), upwards=True).mermaid().splitlines()[3])
            flowchart BT
        """
        return texts.mermaid(self.title, self.boxes, self._strands, upwards=self.upwards)

    def dot(self) -> str:
        """Give the picture as a directed graph for Graphviz.

        Example:
            >>> print(Picture("One", (Box("a", ("A",)),), ()).dot().splitlines()[4])
                n0 [label="A"];
        """
        return texts.dot(self.title, self.boxes, self._strands, upwards=self.upwards)

    def svg(self) -> str:
        """Draw the picture as an SVG document.

        Example:
            >>> Picture("One", (Box("a", ("A",)),), ()).svg().splitlines()[1]
            '<title>One</title>'
        """
        return svg.draw(self.title, self.boxes, self._strands, upwards=self.upwards)

    def _repr_svg_(self) -> str:
        return self.svg()
