"""Condition, occurrence and value codes in the shorthand of a case."""

from sequela.engine.cases.build import Builder
from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.source import Source
from sequela.engine.syntax.cases import TestDeclaration
from sequela.engine.syntax.parse import parse

TEXT = """ruleset coded "Coded"

test NONE
  case "all"
    inpatient claim on 2026-03-02
    condition-code 44
    condition-code G0
    occurrence 74 on 2026-03-01 to 2026-03-05
    occurrence 11 on 2026-02-01
    occurrence 12
    value-code 80 amount 3
    value-code A8 amount 70.50
    value-code 82
    expect nothing fails
  case "varied" same as above but without condition-code 1
      and without occurrence 2
      and without value-code 1
      and with condition-code 45
      and with occurrence 13 on 2026-03-01
      and with value-code 81
    expect nothing fails
"""


def claims():
    file, faults = parse(Source("coded.rules", TEXT))
    assert not faults
    (test,) = (one for one in file.declarations if isinstance(one, TestDeclaration))
    base = None
    for case in test.cases:
        builder = Builder(base)
        draft = builder.build(case)
        assert not builder.faults
        base = base or draft
        yield draft, encounter_from(draft.as_keys("C-1"))


def coded(claim):
    occurrences = [(one.code, str(one.date), str(one.end_date)) for one in claim.occurrence_codes]
    return list(claim.condition_codes), occurrences, [(one.code, str(one.amount)) for one in claim.value_codes]


def test_the_codes_of_a_claim_are_stated_and_varied():
    (_, full), (_, varied) = claims()
    assert coded(full) == (
        ["44", "G0"],
        [("74", "2026-03-01", "2026-03-05"), ("11", "2026-02-01", "None"), ("12", "None", "None")],
        [("80", "3"), ("A8", "70.50"), ("82", "None")],
    )
    assert coded(varied) == (
        ["G0", "45"],
        [("74", "2026-03-01", "2026-03-05"), ("12", "None", "None"), ("13", "2026-03-01", "None")],
        [("A8", "70.50"), ("82", "None"), ("81", "None")],
    )


def test_a_code_is_found_again_where_it_was_written():
    (draft, _), _ = claims()
    assert draft.span_of("/condition_codes/1").text == "condition-code G0"
    assert draft.span_of("/occurrence_codes/0/date").text == "occurrence 74 on 2026-03-01 to 2026-03-05"
    assert draft.span_of("/value_codes/2").text == "value-code 82"
