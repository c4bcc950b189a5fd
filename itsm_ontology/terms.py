"""The terms of a model, each made when it is asked for: what is held is texts, in parts of one sort each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Protocol, overload

from pyoxigraph import Literal, NamedNode

from .names import XSD
from .rdf import Term


class TermPart(Protocol):
    """Some of the terms, in order."""

    def __len__(self) -> int: ...
    def __getitem__(self, place: int) -> Term: ...
    def __iter__(self) -> Iterator[Term]: ...
    def place(self, term: Term) -> int | None:
        """Give the place of a term; None if it is not among these."""

    def literals(self) -> Sequence[bool] | bool:
        """Tell of each term whether it is a literal; or of all at once."""


class GivenTerms:
    """Terms that are there already."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = tuple(terms)

    def __len__(self) -> int:
        return len(self.terms)

    def __getitem__(self, place: int) -> Term:
        return self.terms[place]

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms)

    @cached_property
    def _places(self) -> Mapping[Term, int]:
        return {term: place for place, term in enumerate(self.terms)}

    def place(self, term: Term) -> int | None:
        """Give the place of a term; None if it is not among these."""
        return self._places.get(term)

    def literals(self) -> Sequence[bool]:
        """Tell of each term whether it is a literal."""
        return [isinstance(term, Literal) for term in self.terms]


class _Texts:
    """Terms that a text tells from each other."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {text: place for place, text in enumerate(self.texts)}


class PrefixedNames(_Texts):
    """IRIs that begin alike.

    Example:
        >>> names = PrefixedNames("urn:app/", ["a", "b"])
        >>> names[1].value, names.place(NamedNode("urn:app/b"))
        ('urn:app/b', 1)
    """

    def __init__(self, prefix: str, texts: Sequence[str]) -> None:
        super().__init__(texts)
        self.prefix = prefix

    def __getitem__(self, place: int) -> Term:
        return NamedNode(self.prefix + self.texts[place])

    def __iter__(self) -> Iterator[Term]:
        return (NamedNode(self.prefix + text) for text in self.texts)

    def place(self, term: Term) -> int | None:
        """Give the place of a term; None if it is not among these."""
        if not isinstance(term, NamedNode) or not term.value.startswith(self.prefix):
            return None
        return self._places.get(term.value[len(self.prefix) :])

    def literals(self) -> bool:
        """Tell that none is a literal."""
        return False


class PlainTexts(_Texts):
    """Literals of datatype `xsd:string`."""

    def __getitem__(self, place: int) -> Term:
        return Literal(self.texts[place])

    def __iter__(self) -> Iterator[Term]:
        return (Literal(text) for text in self.texts)

    def place(self, term: Term) -> int | None:
        """Give the place of a term; None if it is not among these."""
        if not isinstance(term, Literal) or term.datatype.value != XSD.string:
            return None
        return self._places.get(term.value)

    def literals(self) -> bool:
        """Tell that all are literals."""
        return True


class Terms(Sequence[Term]):
    """Every term of a model; a node is the position of its term.

    Attributes:
        parts: the terms, part after part; no term is in two of them.

    Example:
        >>> terms = Terms([GivenTerms([Literal("x")]), PrefixedNames("urn:", ["a", "b"])])
        >>> len(terms), terms[2].value, terms.nodes[NamedNode("urn:a")], list(terms.literals())
        (3, 'urn:b', 1, [True, False, False])
    """

    def __init__(self, parts: Sequence[TermPart]) -> None:
        self.parts = tuple(parts)
        self._starts = tuple(accumulate(map(len, self.parts), initial=0))

    @staticmethod
    def of(terms: Iterable[Term]) -> Terms:
        """Take terms as they are."""
        return terms if isinstance(terms, Terms) else Terms([GivenTerms(terms)])

    def __len__(self) -> int:
        return self._starts[-1]

    def __iter__(self) -> Iterator[Term]:
        for part in self.parts:
            yield from part

    @overload
    def __getitem__(self, node: int) -> Term: ...
    @overload
    def __getitem__(self, node: slice) -> Sequence[Term]: ...
    def __getitem__(self, node: int | slice) -> Term | Sequence[Term]:
        if isinstance(node, slice):
            return tuple(self[one] for one in range(*node.indices(len(self))))
        if node < 0:
            node += len(self)
        number = bisect_right(self._starts, node) - 1
        if not 0 <= node < len(self):
            raise IndexError(node)
        return self.parts[number][node - self._starts[number]]

    @cached_property
    def nodes(self) -> Mapping[Term, int]:
        """From term to node."""
        return _Nodes(self)

    def node(self, term: Term) -> int | None:
        """Give the node of a term; None if it has none."""
        for part, start in zip(self.parts, self._starts, strict=False):
            place = part.place(term)
            if place is not None:
                return start + place
        return None

    def literals(self) -> Iterator[bool]:
        """Tell of each term whether it is a literal."""
        for part in self.parts:
            said = part.literals()
            yield from [said] * len(part) if isinstance(said, bool) else said

    def with_more(self, terms: Iterable[Term]) -> Terms:
        """Give these terms with others after them."""
        return Terms([*self.parts, GivenTerms(terms)])


class _Nodes(Mapping[Term, int]):
    """From term to node."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms

    def __getitem__(self, term: Term) -> int:
        node = self._terms.node(term)
        if node is None:
            raise KeyError(term)
        return node

    def __iter__(self) -> Iterator[Term]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)
