"""The checklist of coverage and payers: medical necessity, frequency, notices, and whose rule it was."""

import pytest
from checklist_made import PARTNER, born, entry, fails, history, line, outpatient, professional, quiet, statuses

import sequela

FLORIDA = {"npi": PARTNER, "group": PARTNER, "state": "FL"}
MAN_OF_66 = born(66, "2026-05-15", "male")


@pytest.mark.parametrize(("day", "right"), [("2026-05-15", False), ("2026-06-01", True)])
def test_eleven_full_months_are_months_of_the_calendar(shipped: sequela.Rulebook, day: str, right: bool) -> None:
    """The twelfth worked example: the last screening was on 2025-06-20."""
    paid = history({"number": 1, "code": "G0103", "date": "2025-06-20", "provider": PARTNER, "units": 1})
    found = shipped.check(professional(["Z12.5"], ["G0103"], day, patient=MAN_OF_66, history=paid))
    if right:
        quiet(found)
    else:
        words = ("G0103 on 2026-05-15", "11 full months")
        fails(found, "COV-FULL-MONTHS", *words, line=1, answer="CO 119 N640", outcome="deny")
    unknown = shipped.check(professional(["Z12.5"], ["G0103"], day, patient=MAN_OF_66))
    assert statuses(unknown, "COV-FULL-MONTHS") == {"unknown"}  # no history was sent


def test_codes_stand_in_articles_and_the_state_picks_them(shipped: sequela.Rulebook) -> None:
    supported = shipped.check(professional(["E11.9"], ["G0102"], billing=FLORIDA))
    assert statuses(supported, "COV-DIAGNOSIS", line=1) == {"pass"}
    denied = shipped.check(professional(["I10"], ["G0102"], billing=FLORIDA))
    words = ("A90001", "L90001", "G0102", "2026-05-04")
    fails(denied, "COV-DIAGNOSIS", *words, line=1, answer="CO 50 N115", outcome="deny")
    elsewhere = shipped.check(professional(["I10"], ["G0102"]))
    assert statuses(elsewhere, "COV-DIAGNOSIS") == {"not applicable"}  # no article of that contractor: not judged


def test_contractors_of_part_a_and_b_differ(shipped: sequela.Rulebook) -> None:
    fails(shipped.check(professional(["I10"], ["G0104"], billing=FLORIDA)), "COV-NCD-DIAGNOSIS", "210.3", line=1)
    hospital = shipped.check(outpatient(["I10"], ["G0104"], billing=FLORIDA))
    assert statuses(hospital, "COV-NCD-DIAGNOSIS") == {"not applicable"}


def test_other_versions_and_lists_without_diagnoses_are_said(shipped: sequela.Rulebook) -> None:
    old = shipped.check(professional(["I10"], ["G0102"], "2026-02-02", billing=FLORIDA))
    quiet(old, "COV-DIAGNOSIS")
    fails(old, "COV-EARLIER", "A90001", "another version", line=1, outcome="note")
    none = shipped.check(professional(["I10"], ["G0121"], billing=FLORIDA))
    quiet(none, "COV-DIAGNOSIS", "COV-NEVER")


def test_groups_joined_by_prose_are_no_plain_or(shipped: sequela.Rulebook) -> None:
    alone = shipped.check(professional(["R73.09"], ["G0102"], billing=FLORIDA))
    fails(alone, "COV-DIAGNOSIS", "G0102", line=1)  # group 2 needs a code of group 5
    together = shipped.check(professional(["R73.09", "Z79.84"], ["G0102"], billing=FLORIDA))
    assert statuses(together, "COV-DIAGNOSIS", line=1) == {"pass"}
    prose = shipped.check(professional(["E66.9"], ["G0102"], billing=FLORIDA))
    fails(prose, "COV-PROSE", "Only with a code of group 1", line=1, outcome="query")


def test_the_pointer_decides_not_the_claim(shipped: sequela.Rulebook) -> None:
    found = shipped.check(professional(["I10", "E11.9"], [line("G0102", diagnoses=[1])], billing=FLORIDA))
    said = fails(found, "COV-DIAGNOSIS", line=1)
    assert "point line 1 to dx 2" in str(found.explain(said))
    assert statuses(shipped.check(professional(["I10", "E11.9"], ["G0102"], billing=FLORIDA)), "COV-DIAGNOSIS", 1) == {
        "pass"
    }


def test_a_notice_shifts_the_cost_and_covers_nothing(shipped: sequela.Rulebook) -> None:
    def answered(code: str) -> set[tuple[str, str, str]]:
        failed = shipped.check(professional(["I10"], [code], billing=FLORIDA)).failures
        return {
            (one.rule, one.adjustment.group, one.adjustment.carc)
            for one in failed
            if one.adjustment and one.rule != "MOD-VALID"
        }

    assert answered("G0102") == {("COV-DIAGNOSIS", "CO", "50")}
    assert answered("G0102-GA") == {("COV-DIAGNOSIS-NOTICE", "PR", "50")}
    assert ("MOD-GZ", "CO", "50") in answered("G0102-GZ")
    assert answered("G0102-GY") == {("MOD-GY", "PR", "96")}


def test_once_in_a_lifetime(shipped: sequela.Rulebook) -> None:
    paid = history({"number": 1, "code": "G0438", "date": "2015-11-02", "provider": PARTNER, "units": 1})
    found = shipped.check(professional(["Z00.00"], ["G0438"], patient=MAN_OF_66, history=paid))
    fails(found, "COV-LIFETIME", "G0438", line=1, answer="CO 149 N117")


# ---------------------------------------------------------------- payers


def test_a_payers_change_is_on_record(shipped: sequela.Rulebook) -> None:
    claim = professional(["Z01.83"], ["0001U", "0001U-91"], payer="northwind-ppo")
    base = fails(shipped.check(claim, payer="medicare-professional"), "MUE-DAY", line=1, outcome="deny")
    assert base.changed_by == ()
    softened = fails(shipped.check(claim, payer="northwind-ppo"), "MUE-DAY", line=1, outcome="review")
    assert [change.payer for change in softened.changed_by] == ["northwind-ppo"]
    told = str(shipped.check(claim, payer="northwind-ppo").explain(softened))
    assert "Units above the limit go to review" in told


def test_what_a_payer_disables_is_told(shipped: sequela.Rulebook) -> None:
    claim = professional(["I10"], ["99213-95"], place="11")
    fails(shipped.check(claim, payer="medicare-professional"), "TELEHEALTH-PLACE", line=1)
    found = shipped.check(claim, payer="northwind-ppo")
    one = entry(found, "TELEHEALTH-PLACE", "not applicable")
    assert "northwind-ppo" in one.reason
    assert one.changed_by


@pytest.mark.parametrize(
    ("claim", "payer", "rule"),
    [
        (professional(["T36.0X6A", "J18.9"], payer="medicare"), "medicare-professional", "GL-DRUG-UNDERDOSE-FIRST"),
        (professional(["I10"], ["99214", "G2212"], payer="medicare"), "medicare-professional", "NCCI-ADD-ON"),
        (professional(["I10"], ["G0102"], payer="medicare", billing=FLORIDA), "medicare-professional", "COV-DIAGNOSIS"),
        (outpatient(["F02.80", "G30.9"], payer="medicare"), "medicare-outpatient", "IOCE-86-MANIFESTATION-AS-PDX"),
        (outpatient(["Z12.11"], ["G0104", "G0105"], payer="medicare"), "medicare-outpatient", "IOCE-40-PAIR-MODIFIER"),
    ],
)
def test_medicare_asks_all_of_it(shipped: sequela.Rulebook, claim: dict[str, object], payer: str, rule: str) -> None:
    found = shipped.check(claim)
    assert found.payer_rules == payer
    assert statuses(found, rule) & {"fail"}
