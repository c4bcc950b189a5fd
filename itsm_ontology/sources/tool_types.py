"""The types of the tools whose exports are read, found by the kinds that each states."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from ..vocabulary import Vocabulary, vocabulary
from .mapping import SourceMapping
from .mapping_file import shipped_mapping, shipped_names


@dataclass(frozen=True)
class ToolType:
    """A type of a tool.

    Attributes:
        declaration: what its elements are called, such as `archimate-3:ApplicationComponent`.
        kinds: the IRIs of the kinds that it states.
        frameworks: the tokens of the frameworks whose word it is.
        like: the declarations of the types that it is a special case of, in its own tool.
    """

    declaration: str
    kinds: frozenset[str]
    frameworks: tuple[str, ...]
    like: tuple[str, ...] = ()


@dataclass(frozen=True)
class Alike:
    """Types of a tool that things of given kinds could have.

    Attributes:
        exact: types that state just these kinds.
        wider: types that state less, none of them less than another.
        narrower: types that state more, none of them more than another.
    """

    exact: tuple[str, ...]
    wider: tuple[str, ...]
    narrower: tuple[str, ...]


@cache
def tool_types() -> tuple[ToolType, ...]:
    """Give the types of every mapping that ships with the library and says whose words its classes are."""
    return tuple(found for name in shipped_names() for found in _types_of(shipped_mapping(name)))


def _types_of(mapping: SourceMapping) -> Iterator[ToolType]:
    for name, rule in mapping.classes.items():
        like = tuple(f"{mapping.system}:{one}" for one in rule.lineage[1:])
        own = ToolType(f"{mapping.system}:{name}", frozenset(rule.kinds), mapping.frameworks, like)
        yield own
        for field in rule.fields.values():
            if field.declares:
                for value, kinds in field.kinds.items():
                    yield ToolType(
                        f"{own.declaration}/{value}", own.kinds | {*kinds}, mapping.frameworks, (own.declaration, *like)
                    )


def types_alike(kinds: Collection[str], framework: str) -> Alike:
    """Give the types of a framework's tool that things of given kinds could have.

    Args:
        kinds: IRIs of kinds.
        framework: the token of the framework.

    Returns:
        Types that state just these kinds, less, or more; none where the kinds say nothing.

    Example:
        >>> from itsm_ontology.names import ITSM
        >>> types_alike([ITSM.ApplicationSoftware], "archimate-3").exact
        ('archimate-3:ApplicationComponent',)
    """
    words = vocabulary()
    mine = _closed(kinds, words)
    if not mine:
        return Alike((), (), ())
    states = {one: _closed(one.kinds, words) for one in tool_types() if framework in one.frameworks and one.kinds}
    exact = [one for one, stated in states.items() if stated == mine]
    wider = {one: stated for one, stated in states.items() if stated < mine}
    narrower = {one: stated for one, stated in states.items() if mine < stated}
    nearest = [one for one, stated in wider.items() if not any(stated < other for other in wider.values())]
    next_ = [one for one, stated in narrower.items() if not any(other < stated for other in narrower.values())]
    return Alike(_names(exact), _names(nearest), _names(next_))


def _closed(kinds: Collection[str], words: Vocabulary) -> frozenset[str]:
    """Give kinds with all that is wider, save the widest of all."""
    top = {kind for kind in words.kinds if not words.super_kinds(kind)}
    return frozenset(kind for one in kinds for kind in (one, *words.super_kinds(one))) - top


def _names(types: Collection[ToolType]) -> tuple[str, ...]:
    """Give the declarations, special cases of another of them left out."""
    said = {one.declaration for one in types}
    return tuple(sorted({one.declaration for one in types if said.isdisjoint(one.like)}))
