"""SPARQL over our own graphs, with nothing read from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import InputError
from .names import PREFIXES

if TYPE_CHECKING:
    import rdflib
    from rdflib.query import Result

MOST_DEPTH = 100


def answer(graph: rdflib.Graph, sparql: str) -> Result:
    """Answer a query over a graph.

    Args:
        graph: what to query.
        sparql: a SELECT, ASK, CONSTRUCT or DESCRIBE query; this project's prefixes are known.

    Returns:
        rdflib's result.

    Raises:
        InputError: if it is no such query, nests too deeply, or would read from elsewhere.
    """
    from rdflib.plugins.sparql import prepareQuery

    depth = most = 0
    for character in sparql:
        depth += (character in "{(") - (character in "})")
        most = max(most, depth)
    if most > MOST_DEPTH:
        raise InputError(f"the query nests more than {MOST_DEPTH} levels deep.", source="query")
    try:
        prepared = prepareQuery(sparql, initNs=PREFIXES)
    except RecursionError:
        raise InputError("the query nests too deeply.", source="query") from None
    except Exception as error:  # pyparsing and rdflib each have their own
        raise InputError(f"this is no SPARQL query: {error}", source="query") from None
    for found in _names(prepared.algebra):
        if found in ("ServiceGraphPattern", "DatasetClause"):
            raise InputError(
                "the query would read from elsewhere (SERVICE, FROM).",
                source="query",
                repair="Load what it needs into the model first.",
            )
    try:
        result = graph.query(prepared)
        if result.type == "SELECT":
            len(result)  # rows are worked out here, where what goes wrong is caught
    except RecursionError:
        raise InputError("the query nests too deeply.", source="query") from None
    return result


def _names(part: Any) -> set[str]:
    """Give the names of all parts of a query's algebra."""
    found: set[str] = set()
    todo, seen = [part], set()
    while todo:
        item = todo.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if name := getattr(item, "name", None):
            found.add(str(name))
        if isinstance(item, dict):
            if dict.get(item, "datasetClause"):
                found.add("DatasetClause")
            todo.extend(item.values())
        elif isinstance(item, (list, tuple)):
            todo.extend(item)
    return found
