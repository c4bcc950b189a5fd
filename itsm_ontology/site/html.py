"""HTML, put together from parts: what is text is escaped, what is HTML already is not."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Final


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


Part = str | Iterable["Part"]
"""What stands inside a tag: text, HTML, or several of both."""


def escaped(part: Part) -> Html:
    """Give a part as HTML.

    Example:
        >>> escaped(["a < b, ", tag("b", "& c")])
        'a &lt; b, <b>&amp; c</b>'
    """
    if isinstance(part, Html):
        return part
    if isinstance(part, str):
        return Html(html.escape(part, quote=False))
    return Html("".join(map(escaped, part)))


def tag(name: str, *inside: Part, **attributes: str) -> Html:
    """Put parts into a tag.

    Args:
        name: the tag.
        inside: what stands in it.
        attributes: its attributes, `class_` for `class`; those without a value are left out.

    Example:
        >>> tag("p", "R&D", class_="note", id="")
        '<p class="note">R&amp;D</p>'
    """
    said = "".join(f' {key.rstrip("_")}="{html.escape(value)}"' for key, value in attributes.items() if value)
    return Html(f"<{name}{said}>{escaped(inside)}</{name}>")


def link(address: str, *inside: Part, **attributes: str) -> Html:
    """Make a link."""
    return tag("a", *inside, href=address, **attributes)


def items(parts: Iterable[Part]) -> Html:
    """Make a list; nothing of nothing."""
    found = [tag("li", part) for part in parts]
    return tag("ul", found) if found else NOTHING


NOTHING: Final = Html("")


def page(title: str, *body: Part, depth: int = 0) -> str:
    """Make a page.

    Args:
        title: what stands above it.
        body: what it says.
        depth: how many folders it lies below the first page.
    """
    up = "../" * depth
    places = (
        ("index.html", "Terms and frameworks"),
        ("vocabulary/itsm.html", "Vocabulary"),
        ("vocabulary/meta.html", "Meta-model"),
    )
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'{tag("title", f"{title} - itsm_ontology")}<link rel="stylesheet" href="{up}style.css">'
    )
    navigation = tag("nav", [link(up + address, text) for address, text in places])
    content = tag("main", tag("h1", title), *body)
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body>{navigation}\n{content}</body></html>\n'
