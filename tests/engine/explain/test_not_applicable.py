"""Why a rule does not apply: the first certain reason, and what was there instead."""

import pytest

from sequela.tests.engine.explain.tried import VISIT, checked, claim, entry, line, rule

DISABLED = """payer ppo "PPO"
  matches "PPO-1"

use house

disable MOD-25
  effective 2026-01-01 onward
  reason "Not for us"
"""


@pytest.mark.parametrize(
    ("rules", "encounter", "reason"),
    [
        (VISIT, claim(setting="inpatient"), "it is for professional and outpatient claims; this one is inpatient"),
        (VISIT, claim(), "the claim has no line"),
        (
            VISIT,
            claim(line("80047"), {"revenue": "0450", "date": "2026-03-02"}),
            "no line is in visits (office-visits: 99202 .. 99205, 99211 .. 99215; except 99211):"
            " line 1: 80047, line 2: revenue 0450",
        ),
        (
            VISIT,
            claim(line("99213", date="2023-12-31")),
            "it is in force from 2024-01-01 on; its date is 2023-12-31",
        ),
        (
            VISIT,
            claim(line("99213", place="23"), line("17000")),
            "an exception holds: place of line 1 is 23, in emergency-places",
        ),
        (
            rule("when item.units is 9\n  forbidden"),
            claim(line("99213"), line("17000")),
            "units of line 1 are 1, not 9 (and so for 1 more)",
        ),
        (
            rule("look up limit in limits by item.code\n  forbidden"),
            claim(line("80047")),
            "limits has no row for 80047 (line 1)",
        ),
        (
            rule("look up limit in limits by item.code\n  forbidden"),
            claim({"revenue": "0450", "date": "2026-03-02"}),
            "code of line 1: none",
        ),
        (
            rule("forbidden", subject="each line item, modifier mark of item"),
            claim(line("99213")),
            "the claim has no modifier",
        ),
        (
            rule("forbidden", subject="the first diagnosis dx", fail="query dx"),
            claim(line("99213", diagnoses=None), dx=()),
            "the claim has no diagnosis",
        ),
        (
            rule("forbidden", subject="each procedure op", fail="reject"),
            claim(line("99213")),
            "the claim has no procedure",
        ),
        (
            rule("forbidden", subject="each line item, other line twin with the same code"),
            claim(line("99213"), line("17000")),
            "the claim has not a line and another line with the same code",
        ),
        (
            rule("forbidden", subject="each group day of lines by code", fail="deny day"),
            claim(),
            "the claim has no line",
        ),
    ],
)
def test_the_reason_in_one_line(rules, encounter, reason):
    found = entry(rules, encounter)
    assert found.status == "not applicable"
    assert found.reason == reason


def test_a_payer_that_disabled_it_is_named():
    ledger = checked((VISIT, DISABLED), claim(line("99213"), line("17000"), payer="PPO-1"))
    (found,) = ledger.all_entries
    assert found.reason == "disabled by ppo: Not for us"
    assert [change.payer for change in found.changed_by] == ["ppo"]
    assert "disabled by ppo: Not for us" in str(ledger.explain(found))


def test_every_combination_is_gone_through():
    ledger = checked(rule("when item.units is 9\n  forbidden"), claim(line("99213"), line("17000", units=2)))
    (section,) = ledger.explain(ledger.all_entries[0]).sections
    assert [(step.words, step.fact) for step in section.steps] == [
        ("line 1 · 99213", "units of line 1 are 1, not 9"),
        ("line 2 · 17000", "units of line 2 are 2, not 9"),
    ]


def test_many_combinations_are_counted():
    ledger = checked(rule("when item.units is 9\n  forbidden"), claim(*(line("99213") for _ in range(25))))
    (section,) = ledger.explain(ledger.all_entries[0]).sections
    assert len(section.steps) == 21
    assert section.steps[-1].words == "and 5 more, for the same reason"


def test_an_entry_can_be_narrowed_to_one_line():
    ledger = checked(rule("when item.units is 9\n  forbidden"), claim(line("99213"), line("17000", units=2)))
    (found,) = ledger.entry("TRIED", line=2)
    assert found.reason == "units of line 2 are 2, not 9"
    assert "line 1" not in str(ledger.explain(found))
