"""The ledger: statuses counted, what follows from them, and the entries that people ask for."""

import pytest
from msgspec.structs import replace

from sequela.engine.evaluate.verdict import Status
from sequela.engine.explain.ledger import Ledger
from sequela.tests.engine.explain.tried import DAY, VISIT, checked, claim, line, rule

PAIR = """
rule PAIR "A pair"
  phase pairs
  for each line one, other line two
  look up edit in pairs by one.code, two.code
  forbidden
  if fail review two
"""
KNOWN = rule('require item.authorization is "A"\n  if fail reject item\n  if unknown query').replace(
    "\n  if fail deny item\n", "\n"
)
FAILS = claim(line("99213"), line("17000"))


def test_a_failure_decides_the_outcome():
    ledger = checked((VISIT, PAIR), FAILS)
    assert (ledger.outcome, ledger.open, ledger.clean) == ("deny", None, False)
    assert ledger.counts == {
        "pass": 0,
        "bypassed": 0,
        "fail": 1,
        "not applicable": 1,
        "unknown": 0,
        "not checked": 0,
        "error": 0,
    }


def test_what_is_only_left_open_leaves_it_undecided():
    ledger = checked(KNOWN, claim(line("99213")))
    assert (ledger.outcome, ledger.open, ledger.clean) == ("undecided", "query", False)


def test_what_is_left_open_counts_beside_a_failure():
    open_reject = KNOWN.replace("if unknown query", "if unknown reject")
    ledger = checked((VISIT, open_reject), FAILS)
    assert (ledger.outcome, ledger.open) == ("reject", None)


def test_all_passed_is_clean():
    ledger = checked(VISIT, claim(line("99213-25"), line("17000")))
    assert (ledger.outcome, ledger.open, ledger.clean) == ("pass", None, True)
    assert ledger.entries == ()


def test_a_bypass_is_clean_and_stands_in_the_ledger():
    ledger = checked(rule("require item has modifier 25\n  bypass when item.place is 11"), claim(line("99213")))
    assert (ledger.outcome, ledger.clean) == ("pass", True)
    assert [entry.status for entry in ledger.entries] == ["bypassed"]


def test_an_error_leaves_it_undecided():
    ledger = checked(VISIT, FAILS)
    assert _with_error(ledger).outcome == "undecided"
    assert _with_error(ledger).open == "deny"
    assert not _with_error(ledger).clean


def _with_error(ledger: Ledger) -> Ledger:
    broken = replace(ledger.verdicts[0], status=Status.ERROR, outcome=None, frame=(), subjects=(), fault="KeyError")
    return ledger.with_verdicts((*ledger.verdicts, broken))


def test_entries_stand_by_phase_rule_and_place():
    second = VISIT.replace("MOD-25", "AFTER").replace("phase modifiers", "phase history")
    ledger = checked((second, VISIT, PAIR), claim(line("99213"), line("99214"), line("17000")))
    assert [(entry.rule, entry.labels) for entry in ledger.failures] == [
        ("MOD-25", ("line 1",)),
        ("MOD-25", ("line 2",)),
        ("AFTER", ("line 1",)),
        ("AFTER", ("line 2",)),
    ]


def test_what_was_checked_and_for_whom():
    ledger = checked(VISIT, claim(line("99213"), payer="ACME"))
    assert (ledger.encounter_id, ledger.payer_id, ledger.payer_rules) == ("C-1", "ACME", None)
    entry = ledger.all_entries[0]
    assert (entry.title, entry.phase) == ("A visit on the day of a minor procedure needs modifier 25", "modifiers")


def test_a_payer_is_named_by_its_rules():
    ledger = checked((VISIT, 'payer ppo "PPO"\n  matches "ACME"\n\nuse house\n'), claim(line("99213"), payer="acme"))
    assert (ledger.payer_id, ledger.payer_rules, ledger.title) == ("acme", "ppo", "PPO")


def test_a_failure_as_an_entry():
    (entry,) = checked(VISIT, FAILS).failures
    assert (entry.rule, entry.status, entry.outcome, entry.about) == ("MOD-25", "fail", "deny", ("/lines/0",))
    assert str(entry.governing_date) == DAY
    assert entry.message == "99213 is on the same day as 17000; without modifier 25 it is part of that procedure."
    assert entry.adjustment is not None
    assert entry.missing == ()
    assert (entry.defined.line, entry.defined.end_line) == (57, 70)


@pytest.mark.parametrize("status", ["pass", "unknown"])
def test_only_a_failure_has_a_message_and_an_adjustment(status):
    second = line("17000") if status == "pass" else line("17000", provider=None)
    first = line("99213-25") if status == "pass" else line("99213")
    entry = checked(VISIT, claim(first, second)).all_entries[0]
    assert entry.status == status
    assert (entry.message, entry.adjustment) == (entry.title, None)


def test_entries_of_one_line():
    ledger = checked(VISIT, claim(line("99213"), line("17000"), line("99214-25")))
    assert [entry.status for entry in ledger.entry("MOD-25")] == ["fail", "pass"]
    assert [entry.labels for entry in ledger.entry("MOD-25", line=3)] == [("line 3",)]
    assert ledger.entry("NONE") == []


def test_a_line_is_asked_for_by_its_own_number():
    ledger = checked(VISIT, claim(line("99213", number=10), line("17000", number=20)))
    assert [entry.about for entry in ledger.entry("MOD-25", line=10)] == [("/lines/0",)]
    assert ledger.entry("MOD-25", line=1) == []


def test_a_line_that_a_rule_does_not_apply_to_says_why():
    ledger = checked(PAIR, claim(line("99213"), line("17000"), line("80047")))
    (entry,) = ledger.entry("PAIR", line=2)
    assert entry.status == "not applicable"
    assert entry.reason == "pairs has no row for 99213 (line 1) and 17000 (line 2) (and so for 3 more)"


def test_a_diagnosis_is_asked_for_by_its_place():
    rules = rule("require dx.code is in diabetes", subject="each diagnosis dx", fail="query dx")
    ledger = checked(rules, claim(line("99213"), dx=("E11.9", "I10")))
    assert [entry.status for entry in ledger.entry("TRIED", dx=2)] == ["fail"]


def test_an_entry_concerns_what_it_is_about():
    (entry,) = checked(PAIR, claim(line("99213"), line("80047"))).failures
    assert entry.concerns("/lines/1")
    assert not entry.concerns("/lines/0")
    assert entry.touches("/lines/0")


def test_a_finding_about_the_claim_concerns_its_subjects():
    (entry,) = checked(rule("require item has modifier 25", fail="deny"), claim(line("99213"))).failures
    assert entry.about == ("",)
    assert entry.concerns("")
    assert entry.concerns("/lines/0")
    assert not entry.concerns("/lines/1")


def test_a_group_concerns_its_lines():
    rules = rule(
        "require (total item.units over lines item of day) is at most 1",
        subject="each group day of lines by code, date",
        fail="deny day",
    )
    (entry,) = checked(rules, claim(line("99213"), line("17000"), line("99213"))).failures
    assert entry.labels == ("lines 1, 3",)
    assert [entry.concerns(f"/lines/{index}") for index in range(3)] == [True, False, True]


def test_nothing_is_judged_again_until_a_reason_is_read(monkeypatch):
    ledger = checked(VISIT, FAILS)

    def judged_again(*_: object) -> None:
        raise AssertionError

    for again in ("record.replay", "record.replay_required", "entries.pieces"):
        monkeypatch.setattr(f"sequela.engine.explain.{again}", judged_again)
    assert (ledger.outcome, ledger.counts["fail"], ledger.clean) == ("deny", 1, False)
    (entry,) = ledger.failures
    assert (entry.rule, entry.labels, entry.about) == ("MOD-25", ("line 1",), ("/lines/0",))
    with pytest.raises(AssertionError):
        assert entry.reason
