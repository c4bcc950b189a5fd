"""Real ArchiMate models, where they lie beside the project: SQL against the reference, and readable answers."""

from __future__ import annotations

import pytest
from conftest import beside

from itsm_ontology import Model, Outcome, catalogue, evaluate, load


def real(name: str) -> Model:
    return load(beside("data", "archimate", name))


def disagreements(model: Model, part: int = 1) -> list[tuple[str, str]]:
    """Hold SQL against the reference, by one in so many definitions."""
    chosen = [d.token for d in catalogue().select() if not d.only_by_reference][::part]
    ours, theirs = (evaluate(model, definitions=chosen, engine=engine) for engine in ("columns", "reference"))
    assert len(ours.definitions) == len(theirs.definitions) > 60
    return [
        (one.label, one.definition) for one, other in zip(ours, theirs, strict=True) if one.conforms != other.conforms
    ]


def test_sql_equals_the_reference_on_archisurance() -> None:
    assert disagreements(real("archisurance.archimate"), part=5) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["archisurance.archimate", "archisurance-oef-2.1.xml", "over-gemma-oef-3.0.xml"])
def test_sql_equals_the_reference_on_other_real_models(name: str) -> None:
    assert disagreements(real(name)) == []


def test_both_archisurances_get_the_same_verdicts() -> None:
    """One model in two formats and two versions of the language; only one file has a grouping and a resource."""
    native, exchanged = real("archisurance.archimate"), real("archisurance-oef-2.1.xml")
    common = set(native.elements) & set(exchanged.elements)
    assert len(common) == 120
    assert {native.label(iri) for iri in set(native.elements) - common} == {"Grouping", "Resource"}
    assert set(exchanged.elements) <= common
    one, other = evaluate(native), evaluate(exchanged)
    for iri in common:
        assert native.declarations(iri) == exchanged.declarations(iri)
    outcomes = {(v.element, v.definition): v.outcome for v in one.all() if v.element in common}
    assert outcomes == {(v.element, v.definition): v.outcome for v in other.all()}


def test_itil_is_undetermined_because_no_customer_is_recorded() -> None:
    """An ArchiMate model records no customers: the answer is what is missing, not no."""
    model = real("archisurance.archimate")
    verdicts = evaluate(model, definitions=["itil-2011:service"])
    declared = [v for v in verdicts if "archimate-3:BusinessService" in v.declared]
    assert len(declared) == 6
    for verdict in declared:
        assert verdict.outcome is Outcome.UNDETERMINED
        assert "itil-2011:service-customer" in {
            f.constraint.rsplit("/", 1)[1].replace("#", ":") for f in verdict.missing
        }
        assert verdict.conflicts == ()
