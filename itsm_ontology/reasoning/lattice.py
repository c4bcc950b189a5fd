"""All definitions of a term, ordered by implication."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

from ..catalogue import Catalogue
from ..catalogue import catalogue as published
from ..definitions import Definition
from ..errors import EngineError
from ..names import texts
from ..pictures import Arrow, Box, Picture
from .claims import comparable, of_definition
from .implication import Pair, Progress, Status
from .relations import implied, shipped
from .search import MOST
from .solver import Deadline

if TYPE_CHECKING:
    import networkx


@dataclass(frozen=True, eq=False)
class Lattice:
    """Definitions ordered by implication: what implies another stands below it.

    Attributes:
        title: what it is of.
        definitions: the tokens.
        statuses: for each ordered pair, whether the first implies the second; pairs of definitions that are said of
            different kinds of thing are left out.
        labels: the labels of the definitions.

    Example:
        >>> order = lattice(definitions=["itil-2011:service", "itil-2007:service", "fitsm-3:service"])
        >>> order.groups
        (('fitsm-3:service',), ('itil-2007:service', 'itil-2011:service'))
    """

    title: str
    definitions: tuple[str, ...]
    statuses: Mapping[tuple[str, str], Status] = field(repr=False)
    labels: Mapping[str, str] = field(repr=False)

    def implies(self, narrower: str, broader: str) -> bool:
        """Tell whether it is proved that one definition implies another."""
        return narrower == broader or self.statuses.get((narrower, broader)) is Status.PROVED

    @cached_property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The definitions, equivalent ones together."""
        found: list[list[str]] = []
        for token in self.definitions:
            for group in found:
                if self.implies(token, group[0]) and self.implies(group[0], token):
                    group.append(token)
                    break
            else:
                found.append([token])
        return tuple(map(tuple, found))

    @cached_property
    def edges(self) -> tuple[tuple[str, str, Status], ...]:
        """Next neighbours: (narrower, broader, proved or open), each group by its first definition."""
        heads = [group[0] for group in self.groups]
        proved = {(one, other) for one in heads for other in heads if one != other and self.implies(one, other)}
        kept = [
            (one, other, Status.PROVED)
            for one, other in sorted(proved)
            if not any((one, middle) in proved and (middle, other) in proved for middle in heads)
        ]
        kept += [
            (one, other, Status.OPEN)
            for one in heads
            for other in heads
            if self.statuses.get((one, other)) is Status.OPEN
        ]
        return tuple(kept)

    @cached_property
    def counts(self) -> Mapping[Status, int]:
        """How many ordered pairs there are of each status."""
        return {status: list(self.statuses.values()).count(status) for status in Status}

    @property
    def graph(self) -> networkx.DiGraph[str]:
        """The order as a networkx graph: a node for each group (its first token; `tokens`), edges narrower to broader.

        Raises:
            EngineError: if networkx is not installed.
        """
        try:
            import networkx
        except ImportError:
            raise EngineError(
                "the order as a graph needs networkx, which is not installed: pip install 'itsm-ontology[reasoner]'"
            ) from None
        graph: networkx.DiGraph[str] = networkx.DiGraph(title=self.title)
        for group in self.groups:
            graph.add_node(group[0], tokens=group, label=self.labels[group[0]])
        for narrower, broader, status in self.edges:
            graph.add_edge(narrower, broader, status=status.value)
        return graph

    @cached_property
    def picture(self) -> Picture:
        """The order as a picture, the broadest definitions on top; open pairs dashed."""
        boxes = tuple(Box(group[0], group) for group in self.groups)
        arrows = tuple(Arrow(one, other, dashed=status is Status.OPEN) for one, other, status in self.edges)
        return Picture(self.title, boxes, arrows, upwards=True)

    def mermaid(self) -> str:
        """Give the order as a Mermaid flowchart."""
        return self.picture.mermaid()

    def dot(self) -> str:
        """Give the order as text for Graphviz."""
        return self.picture.dot()

    def svg(self) -> str:
        """Give the order as an SVG document."""
        return self.picture.svg()

    def _repr_svg_(self) -> str:
        return self.svg()

    def to_records(self) -> list[dict[str, str]]:
        """Give one mapping for each ordered pair: `narrower`, `broader` (tokens), `status`."""
        return [
            {"narrower": one, "broader": other, "status": status.value}
            for (one, other), status in sorted(self.statuses.items())
        ]

    def __str__(self) -> str:
        lines = [self.title]
        lines += [" = ".join(group) for group in self.groups if len(group) > 1]
        proved = [(one, other) for one, other, status in self.edges if status is Status.PROVED]
        lines += [f"{one} < {other}" for one, other in proved]
        lines += [f"{one} ? {other}" for one, other, status in self.edges if status is Status.OPEN]
        placed = {token for edge in self.edges for token in edge[:2]}
        alone = [group[0] for group in self.groups if group[0] not in placed and len(group) == 1]
        if alone:
            lines.append(f"neither above nor below any other: {', '.join(alone)}")
        counts = ", ".join(f"{self.counts[status]} {status.value}" for status in Status)
        lines.append(f"{sum(self.counts.values())} ordered pairs: {counts}")
        return "\n".join(lines)


def lattice(
    term: str | Iterable[str] = (),
    *,
    frameworks: Iterable[str] = (),
    definitions: Iterable[str] = (),
    most: int = MOST,
    seconds: float | None = None,
    fresh: bool = False,
    progress: Progress | None = None,
    catalogue: Catalogue | None = None,
) -> Lattice:
    """Order all definitions of a term by implication.

    Args:
        term: a term, such as `service`, or several.
        frameworks: only definitions of these frameworks.
        definitions: these definitions, beside those that the term and frameworks choose.
        most: so many elements a counter-example may have.
        seconds: the time limit for all of it; pairs that are not reached by then are open.
        fresh: whether to work out what ships with the library as well (`published_relations`).
        progress: is told how many ordered pairs are done, and how many there are.
        catalogue: where definitions come from; by default the published ones.

    Returns:
        The order, with the status of every pair.

    Raises:
        UnknownNameError, AmbiguousNameError: if a name is not one.
        InputError: if nothing is chosen.
        EngineError: if the solver is not installed.

    Example:
        >>> order = lattice("information-availability")
        >>> len(order.groups), [(status.value, count) for status, count in order.counts.items()]
        (4, [('proved', 0), ('refuted', 12), ('open', 0)])
    """
    source = catalogue or published()
    terms = texts(term)
    chosen = source.select(terms=terms, frameworks=texts(frameworks), definitions=texts(definitions))
    kept = tuple(one for one in chosen if not one.only_by_reference)
    named = ", ".join(source.term(name).label for name in terms)
    title = f"Definitions of {named}" if named else "Definitions"
    return Lattice(
        title,
        tuple(one.token for one in kept),
        _statuses(kept, most, Deadline(seconds), fresh, progress),
        {one.token: one.label for one in kept},
    )


def _statuses(
    definitions: Sequence[Definition], most: int, deadline: Deadline, fresh: bool, progress: Progress | None
) -> dict[tuple[str, str], Status]:
    claims = [of_definition(one) for one in definitions]
    pairs = [pair for pair in combinations(claims, 2) if comparable(*pair)]
    known = shipped(() if fresh else definitions)
    found = {}
    for done, (one, other) in enumerate(pairs, start=1):
        forwards, backwards = known(one.token, other.token), known(other.token, one.token)
        pair = Pair(one, other, most, deadline, natural=False)
        found[one.token, other.token] = implied(forwards) if forwards else pair.implies().status
        found[other.token, one.token] = implied(backwards) if backwards else pair.implies(backwards=True).status
        if progress:
            progress(2 * done, 2 * len(pairs))
    return found
