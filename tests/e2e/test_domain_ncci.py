"""The checklist of NCCI: pairs, medically unlikely edits and add-on codes, by tables imported from published layouts."""

from pathlib import Path

import pytest
from checklist_made import GROUP, PARTNER, entry, fails, history, line, outpatient, professional, quiet, statuses

import sequela
from ncci_made import PTP_ROWS, ptp_file
from sequela.engine.imports.kinds import Asked
from sequela.engine.imports.ncci_ptp import KIND
from sequela.engine.imports.run import run_import

DENIED = "CO 236 N20 M80"


# ---------------------------------------------------------------- pairs


def test_pairs_are_ordered_and_the_component_is_denied_whatever_it_costs(shipped: sequela.Rulebook) -> None:
    lines = [line("G0105", charge="900.00"), line("G0104", charge="10.00")]
    found = shipped.check(professional(["Z12.11"], lines))
    words = ("G0105 on line 1", "G0104 on line 2")
    fails(found, "NCCI-PTP", *words, line=1, answer=DENIED, outcome="deny")
    assert [one.about for one in found.failures if one.rule == "NCCI-PTP"] == [("/lines/0",)]


def test_each_setting_has_its_own_table(shipped: sequela.Rulebook) -> None:
    fails(shipped.check(professional(["M17.11"], ["20610", "99213"])), "NCCI-PTP", "99213", line=2)
    found = shipped.check(outpatient(["M17.11"], ["20610", "99213"]))
    assert statuses(found, "IOCE-40-PAIR-MODIFIER") == {"not applicable"}  # the hospital's table has no such pair
    assert statuses(found, "NCCI-PTP") == {"not applicable"}
    found = shipped.check(outpatient(["Z12.11"], ["G0104", "G0105"]))
    fails(found, "IOCE-40-PAIR-MODIFIER", "G0105", "G0104", line=2)
    assert statuses(found, "NCCI-PTP") == {"not applicable"}


@pytest.mark.parametrize("modifier", ["76", "77", "22", "50", "51", "52", "26", "GA", "KX"])
def test_not_every_modifier_lets_a_pair_through(shipped: sequela.Rulebook, modifier: str) -> None:
    fails(shipped.check(professional(["Z12.11"], ["G0104", f"G0105-{modifier}"])), "NCCI-PTP", line=2)


@pytest.mark.parametrize(
    "modifier", ["59", "XE", "XS", "XP", "XU", "LT", "F5", "TA", "E1", "LC", "58", "78", "79", "91"]
)
def test_these_do_on_either_code_and_in_any_place(shipped: sequela.Rulebook, modifier: str) -> None:
    for lines in (
        ["G0104", f"G0105-{modifier}"],
        [f"G0104-{modifier}", "G0105"],
        ["G0104", f"G0105-52-26-KX-{modifier}"],
    ):
        entry(shipped.check(professional(["Z12.11"], lines)), "NCCI-PTP", "bypassed", line=2)


def test_the_same_side_on_both_codes_explains_nothing(shipped: sequela.Rulebook) -> None:
    found = shipped.check(professional(["Z12.11"], ["G0104-LT", "G0105-LT"]))
    entry(found, "NCCI-PTP", "bypassed", line=2)
    fails(found, "NCCI-MOD-SAME-SITE", "LT", "line 1", "line 2", line=2, outcome="warn")
    quiet(shipped.check(professional(["Z12.11"], ["G0104-LT", "G0105-RT"])), "NCCI-MOD-SAME-SITE")


def test_modifiers_that_cannot_be_true_are_warned_of(shipped: sequela.Rulebook) -> None:
    found = shipped.check(professional(["M17.11"], ["20610", "99213-59"]))
    fails(found, "NCCI-MOD-59-VISIT", "59", "99213", line=2, outcome="warn")
    found = shipped.check(professional(["K63.5"], ["45385", "45380-59-XS"]))
    fails(found, "NCCI-MOD-59-X", "Line 2", line=2, outcome="warn")
    found = shipped.check(professional(["K63.5"], ["45385", "45380-25"]))
    fails(found, "NCCI-MOD-VISIT", "25", "45380", line=2, outcome="warn")


def test_indicator_9_was_never_in_force(shipped: sequela.Rulebook) -> None:
    found = shipped.check(professional(["Z12.11"], ["G0104", "G0121"], "2020-01-01"))
    assert statuses(found, "NCCI-PTP") == {"not applicable"}


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2012-12-31", "bypassed"),  # indicator 1 to the end of 2012
        ("2013-01-01", "not applicable"),
        ("2014-12-31", "not applicable"),
        ("2015-01-01", "fail"),  # back as indicator 0
        ("2016-12-31", "fail"),
        ("2017-01-01", "not applicable"),
    ],
)
def test_each_row_of_a_pair_counts_in_its_time(shipped: sequela.Rulebook, day: str, status: str) -> None:
    found = shipped.check(professional(["Z12.11"], ["G0105", "G0104-59"], day))
    assert statuses(found, "NCCI-PTP", line=2) == {status}


def test_before_the_table_and_without_it_nothing_is_passed(shipped: sequela.Rulebook) -> None:
    old = professional(["Z12.11"], ["G0104", "G0105"], "1999-12-31")
    assert statuses(shipped.check(old), "NCCI-PTP") == {"not checked"}
    bare = sequela.load(use_cache=False)
    found = bare.check(professional(["Z12.11"], ["G0104", "G0105"]))
    assert statuses(found, "NCCI-PTP") == {"not checked"}
    assert not found.clean


def test_a_pair_across_the_claims_of_a_day(shipped: sequela.Rulebook) -> None:
    before = history({"number": 1, "code": "G0104", "date": "2026-05-04", "provider": "1234567893", "units": 1})
    found = shipped.check(professional(["Z12.11"], ["G0105"], history=before))
    fails(found, "NCCI-PTP-BEFORE", "G0105 on line 1", "G0104", "A-1", line=1, answer=DENIED)
    by_another = shipped.check(professional(["Z12.11"], [line("G0105", provider=PARTNER)], history=before))
    assert "fail" not in statuses(by_another, "NCCI-PTP-BEFORE")


def test_two_practitioners_are_one_only_in_one_group_and_specialty(shipped: sequela.Rulebook) -> None:
    def two(other: str) -> sequela.Ledger:
        lines = [
            line("G0104", specialty="10", group=GROUP),
            line("G0105", provider=PARTNER, specialty=other, group=GROUP),
        ]
        return shipped.check(professional(["Z12.11"], lines))

    fails(two("10"), "NCCI-PTP-PARTNER", "G0105 on line 2", GROUP, line=2, answer=DENIED)
    quiet(two("06"))


def test_no_advice_to_shift_the_cost_to_the_patient(shipped: sequela.Rulebook) -> None:
    for lines in (["G0104", "G0105"], ["0001U", "0001U"]):
        for one in shipped.check(professional(["Z12.11"], lines)).failures:
            if one.rule in ("NCCI-PTP", "MUE-DAY"):
                assert "An ABN does not make the patient liable" in one.message or "an ABN does not" in one.message
                assert one.adjustment is not None
                assert one.adjustment.group == "CO"


def test_a_shifted_column_is_refused_row_by_row(tmp_path: Path) -> None:
    rows = [*PTP_ROWS, ["G0105", "G0106", "20200101", "*", "1", "Misuse", ""]]
    done = run_import(KIND, [ptp_file(tmp_path, "ccipra-v323r0-f1.txt", rows)], tmp_path / "data", Asked())
    assert [one.manifest.rejects for one in done.written] == [1]


# ---------------------------------------------------------------- medically unlikely edits


@pytest.mark.parametrize(("code", "units", "mai"), [("0001U", (1, 1), 2), ("G0270", (6, 3), 3)])
def test_indicators_2_and_3_add_up_the_lines_of_the_day(
    shipped: sequela.Rulebook, code: str, units: tuple[int, int], mai: int
) -> None:
    one, two = units
    found = shipped.check(professional(["E11.9"], [line(code, units=one), line(f"{code}-59", units=two)]))
    for number in (1, 2):  # every unit is denied, not what exceeds
        fails(found, "MUE-DAY", code, f"{one + two} billed", f"MAI {mai}", line=number, answer="CO 151 N362")


def test_indicator_1_tests_each_line(shipped: sequela.Rulebook) -> None:
    found = shipped.check(
        professional(["M17.11"], [line("J1100", units=4), line("J1100-76", units=4), line("J1100", units=5)])
    )
    assert statuses(found, "MUE-LINE", line=1) == statuses(found, "MUE-LINE", line=2) == {"pass"}
    fails(found, "MUE-LINE", "J1100 on line 3", "5 billed", line=3, answer="CO 151 N362")


def test_a_limit_of_0_is_a_limit_and_an_absent_one_is_not_known(shipped: sequela.Rulebook) -> None:
    fails(shipped.check(professional(["H90.3"], ["V5050"])), "MUE-DAY", "V5050", "limit is 0", line=1)
    found = shipped.check(professional(["I10"], ["99499"]))
    assert statuses(found, "MUE-UNPUBLISHED", line=1) == {"unknown"}
    assert not found.clean


def test_a_span_is_divided_by_its_days(shipped: sequela.Rulebook) -> None:
    three_days = line("0001U", units=3, end_date="2026-05-06")
    quiet(shipped.check(professional(["Z01.83"], [three_days])), "MUE-DAY")
    fails(shipped.check(professional(["Z01.83"], [line("0001U", units=3)])), "MUE-DAY", "3 billed", line=1)


@pytest.mark.parametrize("units", [2, "2", "2.0", 2.0])
def test_units_are_numbers_however_they_are_written(shipped: sequela.Rulebook, units: object) -> None:
    fails(shipped.check(professional(["Z01.83"], [line("0001U", units=units)])), "MUE-DAY", "limit is 1", line=1)
    quiet(shipped.check(professional(["Z01.83"], [line("0001U", units="1.0")])), "MUE-DAY")


def test_limits_of_hospitals_are_the_hospitals(shipped: sequela.Rulebook) -> None:
    found = shipped.check(outpatient(["E11.9"], [line("G0270", units=9)]))
    assert statuses(found, "MUE-DAY") == {"not applicable"}
    fails(found, "MUE-DAY-HOSPITAL", "G0270", "9 billed", line=1, answer="CO 151 N362")
    assert statuses(shipped.check(outpatient(["Z01.83"], [line("0001U", units=2)])), "MUE-DAY-HOSPITAL") == {
        "not applicable"
    }


# ---------------------------------------------------------------- add-on codes


def test_the_primary_is_of_the_day_and_the_practitioner(shipped: sequela.Rulebook) -> None:
    for base in (line("99215", date="2026-05-03"), line("99215", provider=PARTNER)):
        fails(
            shipped.check(professional(["I10"], [base, "G2212"])), "NCCI-ADD-ON", "G2212", line=2, answer="CO 107 N122"
        )
    quiet(shipped.check(professional(["I10"], ["99215", "G2212"])))


def test_a_denied_primary_is_none(shipped: sequela.Rulebook) -> None:
    by_units = shipped.check(professional(["I10"], [line("99215", units=3), "G2212"]))
    fails(by_units, "NCCI-ADD-ON", "no payable primary", line=2)
    by_pair = shipped.check(professional(["M17.11"], ["99215", "G2212", "20610"]))
    fails(by_pair, "NCCI-PTP", "99215 on line 1", line=1)
    fails(by_pair, "NCCI-ADD-ON", line=2)
    quiet(shipped.check(professional(["M17.11"], ["99215-25", "G2212", "20610"])), "NCCI-PTP", "NCCI-ADD-ON")


def test_the_types_differ(shipped: sequela.Rulebook) -> None:
    alone = shipped.check(professional(["I10"], ["95874"]))
    fails(alone, "NCCI-ADD-ON-CONTRACTOR", "95874", "contractor", line=1)
    beside = shipped.check(professional(["I10"], ["G0270", "95874"]))
    assert statuses(beside, "NCCI-ADD-ON-CONTRACTOR", line=2) == {"unknown"}  # perhaps the contractor accepts it
    listed = shipped.check(professional(["F32.9"], ["90832", "90785"]))
    assert statuses(listed, "NCCI-ADD-ON-PARTLY", line=2) == {"pass"}
    assert statuses(shipped.check(professional(["F32.9"], ["G0270", "90785"])), "NCCI-ADD-ON-PARTLY", line=2) == {
        "unknown"
    }


def test_critical_care_may_be_a_partners(shipped: sequela.Rulebook) -> None:
    lines = [line("99291", specialty="10", group=GROUP), line("99292", provider=PARTNER, specialty="10", group=GROUP)]
    quiet(shipped.check(professional(["I46.9"], lines, place="21")), "NCCI-ADD-ON")
