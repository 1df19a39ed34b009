"""The worked examples of claims, each as the payer would answer it, through the rulesets that ship."""

import pytest
from checklist_made import (
    PARTNER,
    born,
    entry,
    fails,
    inpatient,
    line,
    outpatient,
    professional,
    quiet,
    statuses,
)

import sequela

MAN_OF_70 = born(70, "2026-05-04", "male")


def test_01_a_heading_that_was_split(shipped: sequela.Rulebook) -> None:
    found = shipped.check(professional(["G35"]))
    fails(found, "ICD-COMPLETE", "G35", "2026-05-04", "G35.A", "G35.B0", dx=1, answer="CO 146 M81", outcome="reject")
    quiet(shipped.check(professional(["G35"], day="2025-09-30")))
    quiet(shipped.check(professional(["G35.A"])))
    found = shipped.check(inpatient(["G35"]))
    fails(found, "MCE-01-INVALID-DIAGNOSIS", "G35", "2026-05-04", dx=1, answer="CO 146 M76", outcome="reject")


def test_02_a_placeholder_is_missing(shipped: sequela.Rulebook) -> None:
    found = shipped.check(professional(["T15.02A"]))
    said = fails(found, "ICD-PLACEHOLDER", "T15.02A", "T15.02XA", dx=1, answer="CO 146 M76", outcome="reject")
    assert "T15.02XA" in str(found.explain(said))
    quiet(shipped.check(professional(["T15.02XA", "W44.8XXA"])), "ICD-PLACEHOLDER", "ICD-VALID", "ICD-SEVENTH")


@pytest.mark.parametrize("codes", [("K51.90", "K58.9"), ("K58.9", "K51.90")])
def test_03_a_note_of_the_block_in_either_order(shipped: sequela.Rulebook, codes: tuple[str, str]) -> None:
    found = shipped.check(professional(codes))
    said = [one for one in found.failures if one.outcome != "note"]
    assert [one.rule for one in said] == ["ICD-EXCLUDES1"]
    assert set(said[0].about) == {"/diagnoses/0", "/diagnoses/1"}
    fails(found, "ICD-EXCLUDES1", "K51.90", "K58.9", "K50 .. K52", "unrelated", dx=2, outcome="query")
    told = professional(codes, tags={"unrelated_diagnoses": "documented"})
    entry(shipped.check(told), "ICD-EXCLUDES1", "bypassed")


def test_04_the_cause_stands_after_its_manifestation(shipped: sequela.Rulebook) -> None:
    found = shipped.check(outpatient(["F02.80", "G30.9"], patient=MAN_OF_70))
    said = fails(found, "SEQ-CODE-FIRST", "F02.80", "G30.-", dx=1, answer="CO 16 MA63", outcome="reject")
    assert "move" in str(found.explain(said))
    fails(found, "IOCE-86-MANIFESTATION-AS-PDX", "F02.80", dx=1)
    quiet(shipped.check(outpatient(["G30.9", "F02.80"], patient=MAN_OF_70)))
    found = shipped.check(inpatient(["F02.80", "G30.9"], patient=MAN_OF_70))
    fails(found, "MCE-06-MANIFESTATION-AS-PDX", "F02.80", dx=1, answer="CO 16 MA63")


def test_05_severe_sepsis_is_no_principal_diagnosis(shipped: sequela.Rulebook) -> None:
    found = shipped.check(inpatient(["R65.20", "A41.51", "J96.01"], patient=MAN_OF_70))
    fails(found, "MCE-09-UNACCEPTABLE-PDX", "R65.20", dx=1, answer="CO 16 MA63")
    fails(found, "GL-SEPSIS-ORDER", "R65.20", "A41.51", dx=1)
    assert shipped.check(inpatient(["A41.51", "R65.20", "J96.01"], patient=MAN_OF_70)).clean


@pytest.mark.parametrize(
    ("age", "day", "right"),
    [
        (8, "2026-05-04", False), (10, "2026-05-04", True), (30, "2026-05-04", True), (70, "2026-05-04", False),
        (8, "2019-09-30", False), (10, "2019-09-30", False), (30, "2019-09-30", True), (70, "2019-09-30", False),
        (10, "2019-10-01", True),
    ],
)  # fmt: skip
def test_06_the_age_of_a_mother(shipped: sequela.Rulebook, age: int, day: str, right: bool) -> None:
    stay = inpatient(["O80", "Z37.0", "Z3A.39"], day, day, {"10E0XZZ": day}, patient=born(age, day))
    found = shipped.check(stay)
    if right:
        quiet(found)
    else:
        ages = "ages 9 to 64" if day >= "2019-10-01" else "ages 12 to 55"
        fails(found, "MCE-04-AGE-CONFLICT", "O80", ages, str(age), dx=1, answer="CO 9", outcome="reject")


@pytest.mark.parametrize(("day", "denied"), [("2023-06-01", True), ("2023-12-31", True), ("2024-01-01", False)])
def test_07_no_modifier_lifts_indicator_0_and_the_last_day_counts(
    shipped: sequela.Rulebook, day: str, denied: bool
) -> None:
    found = shipped.check(professional(["Z23"], ["0001A", "36591-59"], day))
    if denied:
        words = ("36591 on line 2", "0001A on line 1", "indicator is 0", "2022-01-01")
        said = fails(found, "NCCI-PTP", *words, line=2, answer="CO 236 N20 M80", outcome="deny")
        assert "row" in str(found.explain(said))
        assert not any("XS" in str(one) for one in found.explain(said).changes)
    else:
        assert statuses(found, "NCCI-PTP") == {"not applicable"}


def test_08_modifier_59_on_the_first_code(shipped: sequela.Rulebook) -> None:
    found = shipped.check(professional(["K63.5"], ["45385-59", "45380"]))
    entry(found, "NCCI-PTP", "bypassed", line=2)
    fails(found, "MOD-59-WHICH", "59", "45385", "XS", line=1, outcome="warn")
    found = shipped.check(professional(["K63.5"], ["45385-59", "45380"], "2019-06-15"))
    fails(found, "NCCI-PTP", "45380", "indicator is 1", line=2, answer="CO 236 N20 M80")
    found = shipped.check(professional(["K63.5"], ["45385", "45380-59"], "2019-06-15"))
    entry(found, "NCCI-PTP", "bypassed", line=2)


def test_09_a_limit_of_the_day_denies_all_its_lines(shipped: sequela.Rulebook) -> None:
    found = shipped.check(professional(["Z01.83"], ["0001U", "0001U-91"], "2026-08-04"))
    for number in (1, 2):
        words = ("0001U", "2026-08-04", "2 billed", "limit is 1", "MAI 2", "ABN")
        fails(found, "MUE-DAY", *words, line=number, answer="CO 151 N362", outcome="deny")
    quiet(shipped.check(professional(["Z01.83"], ["0001U"], "2026-08-04")))


def test_10_an_add_on_without_its_primary(shipped: sequela.Rulebook) -> None:
    found = shipped.check(professional(["I10"], ["99214", "G2212"]))
    fails(found, "NCCI-ADD-ON", "G2212 on line 2", "2026-05-04", line=2, answer="CO 107 N122", outcome="deny")
    quiet(shipped.check(professional(["I10"], ["99215", "G2212"])))
    denied = shipped.check(professional(["I10"], [line("99215", units=3), "G2212"]))
    fails(denied, "MUE-DAY", "99215", line=1)
    fails(denied, "NCCI-ADD-ON", "G2212", line=2)
    found = shipped.check(outpatient(["I10"], ["99214", "G2212"]))
    fails(found, "IOCE-106-ADD-ON", "G2212", line=2, answer="CO 107 N122")
    quiet(shipped.check(outpatient(["I10"], ["99215", "G2212"])), "IOCE-106-ADD-ON")


def test_11_a_procedure_on_both_sides(shipped: sequela.Rulebook) -> None:
    at = {"place": "22"}
    quiet(shipped.check(professional(["M17.0"], ["27447-50"], **at)))
    twice = shipped.check(professional(["M17.0"], [line("27447-50", units=2)], **at))
    fails(twice, "MOD-50", "one unit", line=1, answer="CO 4 N519")
    fails(twice, "MUE-DAY", "27447", "2 billed", "limit is 1", line=1)
    sides = shipped.check(professional(["M17.0"], ["27447-LT", "27447-RT"], **at))
    for number in (1, 2):
        fails(sides, "MUE-DAY", "27447", "2 billed", "limit is 1", "MAI 2", line=number, answer="CO 151 N362")
        fails(sides, "MOD-50-LINES", "27447", "modifier 50", "one unit", line=number, outcome="warn")
    center = {"npi": PARTNER, "taxonomy": "261QA1903X"}
    quiet(shipped.check(professional(["M17.0"], ["27447-LT", "27447-RT"], place="24", billing=center)))
    for code, indicator in (("63047-50", "2"), ("45380-50", "0")):
        found = shipped.check(professional(["M48.061"], [code], **at))
        words = (code[:5], f"bilateral indicator {indicator}")
        fails(found, "MOD-50-INDICATOR", *words, line=1, answer="CO 4 N519", outcome="reject")
    outside = shipped.check(outpatient(["M17.0"], [line("27447-50", units=2)]))
    fails(outside, "IOCE-74-BILATERAL-UNITS", "27447", line=1)


def test_13_underdosing_and_poisoning(shipped: sequela.Rulebook) -> None:
    found = shipped.check(professional(["T36.0X6A", "J18.9"]))
    said = fails(found, "GL-DRUG-UNDERDOSE-FIRST", "T36.0X6A", dx=1, answer="CO 16 MA63", outcome="reject")
    assert "move" in str(found.explain(said))
    fails(found, "GL-DRUG-UNDERDOSE-REASON", "T36.0X6A", "Z91.14-", dx=1, outcome="query")
    quiet(shipped.check(professional(["J18.9", "T36.0X6A", "Z91.148"])))
    found = shipped.check(inpatient(["T36.0X6A", "J18.9"]))
    fails(found, "MCE-09-UNACCEPTABLE-PDX", "T36.0X6A", dx=1)
    found = shipped.check(professional(["J18.9", "T36.0X1A"]))
    fails(found, "GL-DRUG-POISON-FIRST", "T36.0X1A", dx=2, outcome="reject")
    quiet(shipped.check(professional(["T36.0X1A", "J18.9"])))


def test_14_an_external_cause_is_never_first(shipped: sequela.Rulebook) -> None:
    found = shipped.check(professional(["W18.30XA", "S72.001A"]))
    fails(found, "SEQ-EXTERNAL-CAUSE", "W18.30XA", dx=1, answer="CO 16 MA63", outcome="reject")
    quiet(shipped.check(professional(["S72.001A", "W18.30XA"])))
    found = shipped.check(inpatient(["W18.30XA", "S72.001A"]))
    fails(found, "MCE-02-EXTERNAL-CAUSE-AS-PDX", "W18.30XA", dx=1, answer="CO 16 MA63")
    quiet(shipped.check(inpatient(["S72.001A", "W18.30XA"])))
    found = shipped.check(inpatient(["S72.009A", "W18.30XA"]))
    fails(found, "MCE-20-UNSPECIFIED-CODE", "S72.009A", dx=1, outcome="reject")
    assert statuses(shipped.check(professional(["S72.009A", "W18.30XA"])), "MCE-20-UNSPECIFIED-CODE") <= {
        "not applicable"
    }
