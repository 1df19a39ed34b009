"""The checklist of modifiers and of the physician fee schedule, with an imported relative value file."""

import pytest
from checklist_made import GROUP, PARTNER, entry, fails, history, line, outpatient, professional, quiet, statuses

import sequela


def test_the_order_of_modifiers_counts(shipped: sequela.Rulebook) -> None:
    found = shipped.check(professional(["N60.01"], ["G0106-LT-26"], place="22"))
    fails(found, "MOD-ORDER", "LT stands before 26", line=1, outcome="warn")
    quiet(shipped.check(professional(["N60.01"], ["G0106-26-LT"], place="22")), "MOD-ORDER")


def test_all_modifiers_are_read(shipped: sequela.Rulebook) -> None:
    entry(shipped.check(professional(["K63.5"], ["45385", "45380-52-22-KX-XS"])), "NCCI-PTP", "bypassed", line=2)
    fails(shipped.check(professional(["M17.0"], ["27447-22-KX-LT-RT"], place="22")), "MOD-LT-RT", line=1)


def test_50_and_a_side_contradict_each_other(shipped: sequela.Rulebook) -> None:
    fails(shipped.check(professional(["M17.0"], ["27447-50-LT"], place="22")), "MOD-50", line=1, answer="CO 4 N519")
    quiet(shipped.check(professional(["M17.12"], ["27447-LT"], place="22")))


def test_components_are_for_indicator_1(shipped: sequela.Rulebook) -> None:
    found = shipped.check(professional(["I10"], ["99213-26"]))
    fails(found, "MOD-26-INDICATOR", "99213", "indicator 0", line=1, answer="CO 4 N519", outcome="reject")
    fails(shipped.check(professional(["I10"], ["G0404-TC"])), "MOD-TC-INDICATOR", "G0404", "indicator 3", line=1)
    fails(shipped.check(professional(["Z12.11"], ["G0106-26-TC"])), "MOD-26-TC", line=1)
    quiet(shipped.check(professional(["Z12.11"], ["G0106-26"])), "MOD-26-INDICATOR")


@pytest.mark.parametrize("place", ["21", "22", "23", "24"])
def test_the_technical_component_is_the_facilitys(shipped: sequela.Rulebook, place: str) -> None:
    found = shipped.check(professional(["Z12.11"], [line("G0106-TC", specialty="30")], place=place))
    fails(found, "MOD-TC-FACILITY", f"place {place}", line=1, answer="CO 5 M77")
    whole = shipped.check(professional(["Z12.11"], [line("G0106", specialty="30")], place=place))
    fails(whole, "MOD-GLOBAL-FACILITY", "billed whole", line=1, answer="CO 4 N822")
    quiet(shipped.check(professional(["Z12.11"], ["G0106-TC"], place="11")), "MOD-TC-FACILITY")


def test_51_is_not_for_add_on_codes(shipped: sequela.Rulebook) -> None:
    fails(shipped.check(professional(["M17.11"], ["G0289-51"])), "MOD-51-ADD-ON", "51", "G0289", line=1)
    quiet(shipped.check(professional(["M17.11"], ["20610-51"])), "MOD-51-ADD-ON")


def test_other_pairs_of_modifiers_that_cannot_stand_together(shipped: sequela.Rulebook) -> None:
    for code, rule in (
        ("99213-GA-GZ", "MOD-ABN-ONE"),
        ("27447-62-80", "MOD-62-80"),
        ("45380-52-53", "MOD-52-53"),
        ("99213-93-95", "MOD-93-95"),
    ):
        fails(shipped.check(professional(["K63.5"], [code], place="22")), rule, line=1)
    fails(shipped.check(outpatient(["K63.5"], ["45380-PO-PN"])), "IOCE-102-MODIFIER-PAIR", line=1)


# ---------------------------------------------------------------- global periods, from the history


@pytest.mark.parametrize(
    ("surgery", "visit", "bundled"),
    [
        (("27447", "2026-04-10"), "2026-07-09", True),  # 90 days after
        (("27447", "2026-04-10"), "2026-07-10", False),
        (("17000", "2026-04-10"), "2026-04-20", True),  # 10 days after
        (("17000", "2026-04-10"), "2026-04-21", False),
        (("45380", "2026-04-10"), "2026-04-11", False),  # 000: the day alone
    ],
)
def test_the_follow_up_of_surgery_has_its_days(
    shipped: sequela.Rulebook, surgery: tuple[str, str], visit: str, bundled: bool
) -> None:
    code, day = surgery
    before = history({"number": 1, "code": code, "date": day, "provider": "1234567893", "units": 1})
    found = shipped.check(professional(["M17.11"], ["99213"], visit, history=before))
    if bundled:
        fails(found, "HIST-GLOBAL-VISIT", "99213", code, day, line=1, answer="CO 97 M144", outcome="deny")
        with_24 = shipped.check(professional(["J06.9"], ["99213-24"], visit, history=before))
        entry(with_24, "HIST-GLOBAL-VISIT", "bypassed", line=1)
    else:
        quiet(found)


def test_the_day_before_belongs_to_major_surgery_alone(shipped: sequela.Rulebook) -> None:
    def visit(code: str, surgery: str) -> sequela.Ledger:
        next_day = history({"number": 1, "code": surgery, "date": "2026-05-05", "provider": "1234567893", "units": 1})
        return shipped.check(professional(["M17.11"], [code], history=next_day))

    fails(visit("99213", "27447"), "HIST-GLOBAL-DAY", "99213", "27447", line=1)
    entry(visit("99213-57", "27447"), "HIST-GLOBAL-DAY", "bypassed", line=1)
    quiet(visit("99213", "17000"))


def test_the_group_and_specialty_count_not_the_number_alone(shipped: sequela.Rulebook) -> None:
    def seen_by(specialty: str, **facts: str) -> sequela.Ledger:
        earlier = {"number": 1, "code": "99213", "date": "2025-01-10", "provider": PARTNER, "group": GROUP, "units": 1}
        before = history(earlier | {"specialty": specialty} | facts)
        new = line("99203", specialty="08", group=GROUP)
        return shipped.check(professional(["I10"], [new], history=before))

    fails(seen_by("08"), "HIST-NEW-VISIT", "99203", "three years", line=1, answer="CO B16")
    quiet(seen_by("06"))  # of another specialty
    quiet(seen_by("08", disposition="void"))
    quiet(seen_by("08", date="2023-05-04"))  # three years ago to the day


def test_the_history_decides_not_the_claim(shipped: sequela.Rulebook) -> None:
    open_list = shipped.check(professional(["I10"], [line("99203", specialty="08", group=GROUP)]))
    assert statuses(open_list, "HIST-NEW-VISIT") == {"unknown"}


def test_a_replaced_claim_is_no_duplicate_of_the_one_that_replaces_it(shipped: sequela.Rulebook) -> None:
    billed = {
        "number": 1,
        "code": "99213",
        "date": "2026-05-04",
        "provider": "1234567893",
        "units": 1,
        "charge": "100.00",
    }
    claim = professional(["I10"], ["99213"], history=history(billed))
    fails(shipped.check(claim), "HIST-DUPLICATE", "99213 on 2026-05-04", line=1, answer="OA 18 N522")
    quiet(shipped.check(claim | {"frequency": "7", "original_claim": "A-1"}))
    quiet(shipped.check(professional(["I10"], ["99213"], history=history(billed | {"disposition": "void"}))))


def test_nobody_is_told_to_append_59(shipped: sequela.Rulebook) -> None:
    for lines in (["45385", "45380"], ["G0104", "G0105"], ["20610", "99213"], ["45385-59", "45380"]):
        found = shipped.check(professional(["K63.5"], lines))
        for one in found.failures:
            changes = found.explain(one).changes
            assert not any(change.code == "59" and change.by is None for change in changes)
            assert not any(change.by == "59" for change in changes)
            for change in changes:
                if change.change in ("add modifier", "replace modifier"):
                    assert change.only_if, (one.rule, change.text)  # what the record must show
