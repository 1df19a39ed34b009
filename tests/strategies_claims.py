"""Strategies: claims over the small pools of strategies_rules, with facts missing often."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from strategies_rules import (
    CONDITIONS,
    DATES,
    DIAGNOSES,
    HCPCS,
    MODIFIERS,
    NPIS,
    OCCURRENCES,
    PLACES,
    PROCEDURES,
    REVENUE,
    VALUES,
)

Draw = Callable[..., Any]


def maybe(strategy: Any, *, often: int = 3) -> Any:
    """The strategy's value, or None once in a while: a fact that was not sent."""
    return st.one_of(*[strategy] * often, st.none())


def _without_nones(keys: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in keys.items() if value is not None}


@st.composite
def service_keys(draw: Draw) -> dict[str, Any]:
    code = draw(maybe(st.sampled_from(HCPCS), often=8))
    start = draw(maybe(st.sampled_from(DATES), often=6))
    end = draw(maybe(st.sampled_from([one for one in DATES if start is not None and one >= start] or [None]), often=1))
    return _without_nones(
        {
            "code": code,
            "revenue": draw(maybe(st.sampled_from(REVENUE), often=1)),
            "modifiers": draw(st.lists(st.sampled_from(MODIFIERS), max_size=2, unique=True)),
            "units": draw(maybe(st.integers(0, 3))),
            "date": start,
            "end_date": end,
            "place": draw(maybe(st.sampled_from(PLACES), often=1)),
            "charge": draw(maybe(st.sampled_from(["0.00", "50.00", "100.00"]))),
            "provider": draw(maybe(st.sampled_from(NPIS))),
            "emergency": draw(maybe(st.booleans(), often=1)),
        }
    )


@st.composite
def claims(draw: Draw) -> dict[str, Any]:
    """One encounter as JSON keys."""
    setting = draw(st.sampled_from(["professional", "professional", "outpatient", "inpatient"]))
    diagnoses = [
        _without_nones({"code": code, "poa": draw(maybe(st.sampled_from(["Y", "N"]))), "role": draw(maybe(st.sampled_from(
            ["secondary", "admitting", "external-cause", "reason-for-visit"]), often=1))})
        for code in draw(st.lists(st.sampled_from(DIAGNOSES), max_size=4))
    ]  # fmt: skip
    lines = []
    for number in range(1, draw(st.sampled_from([0, 1, 2, 2, 3, 4])) + 1):
        line = draw(service_keys())
        line["number"] = number
        if draw(st.booleans()) and diagnoses:
            line["diagnoses"] = draw(st.lists(st.integers(1, len(diagnoses)), max_size=2))
        lines.append(line)
    claim: dict[str, Any] = {
        "schema": "sequela.encounter/1",
        "id": "C-1",
        "setting": setting,
        "payer": draw(maybe(st.sampled_from(["ACME-1", "acme", "other"]))),
        "plan": draw(maybe(st.sampled_from(["gold", "silver"]), often=1)),
        "received": draw(maybe(st.sampled_from(DATES))),
        "authorization": draw(maybe(st.just("1"), often=1)),
        "place": draw(maybe(st.sampled_from(PLACES))),
        "statement_from": draw(maybe(st.sampled_from(DATES[:2]), often=1)),
        "statement_to": draw(maybe(st.sampled_from(DATES[3:]), often=1)),
        "admitted": draw(maybe(st.sampled_from(DATES[:3]), often=1)),
        "discharged": draw(maybe(st.sampled_from(DATES[3:]), often=2)),
        "discharge_status": draw(maybe(st.sampled_from(["01", "30"]), often=1)),
        "total_charge": draw(maybe(st.sampled_from(["100.00", "150.00"]), often=1)),
        "frequency": draw(maybe(st.sampled_from(["1", "7"]), often=1)),
        "original_claim": draw(maybe(st.just("OLD"), often=1)),
        "condition_codes": draw(st.lists(st.sampled_from(CONDITIONS), max_size=2)),
        "occurrence_codes": [_without_nones({"code": draw(st.sampled_from(OCCURRENCES)), "date": draw(maybe(st.sampled_from(DATES)))})
                             for _ in range(draw(st.integers(0, 1)))],
        "value_codes": [_without_nones({"code": draw(st.sampled_from(VALUES)), "amount": draw(maybe(st.just("50.00")))})
                        for _ in range(draw(st.integers(0, 1)))],
        "patient": _without_nones({"birth_date": draw(maybe(st.sampled_from(["1950-06-01", "2008-01-31"]))),
                                   "sex": draw(maybe(st.sampled_from(["female", "male"])))}),
        "provider": _without_nones({"npi": draw(maybe(st.sampled_from(NPIS), often=1))}),
        "diagnoses": diagnoses,
        "procedures": [_without_nones({"code": draw(st.sampled_from(PROCEDURES)), "date": draw(maybe(st.sampled_from(DATES)))})
                       for _ in range(draw(st.integers(0, 2)))],
        "lines": lines,
    }  # fmt: skip
    if draw(st.booleans()):
        history = [draw(_history_lines()) for _ in range(draw(st.integers(0, 2)))]
        claim["history"] = _without_nones({"complete": draw(maybe(st.booleans())), "lines": history})
    if draw(st.booleans()):
        documents = [
            _without_nones({"kind": "note", "date": draw(maybe(st.sampled_from(DATES))),
                            "supports": draw(maybe(st.lists(st.sampled_from(DIAGNOSES), max_size=2)))})
            for _ in range(draw(st.integers(0, 2)))
        ]  # fmt: skip
        claim["documents"] = _without_nones({"complete": draw(maybe(st.booleans())), "items": documents})
    return _without_nones(claim)


@st.composite
def _history_lines(draw: Draw) -> dict[str, Any]:
    line = draw(service_keys())
    line.pop("number", None)
    line["claim"] = draw(maybe(st.sampled_from(["OLD", "H-1"])))
    line["disposition"] = draw(maybe(st.sampled_from(["paid", "denied", "pending", "void"])))
    line["diagnoses"] = draw(maybe(st.lists(st.sampled_from(DIAGNOSES), max_size=1), often=1))
    return _without_nones(line)
