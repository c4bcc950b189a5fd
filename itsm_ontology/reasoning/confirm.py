"""A witness held to the reference: owlrl and pySHACL read its Turtle and the shapes anew, and have to agree."""

from __future__ import annotations

from ..catalogue import Catalogue
from ..catalogue import catalogue as published
from ..errors import EngineError
from ..evaluate import evaluate
from .witness import Witness


def confirm(witness: Witness, catalogue: Catalogue | None = None) -> tuple[str, ...]:
    """Have the reference engine judge a witness too; it takes a second or two.

    Args:
        witness: the witness; the SQL engine has confirmed it already.
        catalogue: where its definitions come from; by default the published ones.

    Returns:
        The tokens of the definitions that the reference judged; constraints and what theses add are left to SQL.

    Raises:
        EngineError: if the reference disagrees, which would be a mistake in this library.

    Example:
        >>> from itsm_ontology.reasoning.implication import implies
        >>> confirm(implies("itil-2011:service", "itil-4:service").witness)
        ('itil-2011:service', 'itil-4:service')
    """
    source = catalogue or published()
    expected = dict.fromkeys(witness.meets, True) | dict.fromkeys(witness.fails, False)
    tokens = tuple(token for token in expected if token in source.all_definitions)
    if not tokens:
        return ()
    verdicts = evaluate(
        witness.model, definitions=tokens, elements=[witness.element], engine="reference", catalogue=source
    )
    for token in tokens:
        if bool(verdicts[witness.element, token].conforms) != expected[token]:
            raise EngineError(
                f"the solver and pySHACL disagree on {token}: please report this with the model:\n"
                f"{witness.model.turtle()}"
            )
    return tokens
