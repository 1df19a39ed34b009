"""The steps of an explanation: for each condition its value, the author's words, and the fact that decided."""

import pytest

from sequela.tests.engine.explain.tried import COMPLETE, checked, claim, line, rule

TABLED = """
codes dear of HCPCS
  from fees where fee is at least 50.00

codes limited of HCPCS
  from limits
  except 17000
"""


def steps(rules, encounter, at=0):
    """Every step of an entry, those below it too: "yes · words · fact"."""
    ledger = checked(rules, encounter)
    found = []
    waiting = [
        step
        for section in reversed(ledger.explain(ledger.all_entries[at]).sections)
        for step in reversed(section.steps)
    ]
    while waiting:
        step = waiting.pop()
        found.append(f"{step.value} · {step.words} · {step.fact}")
        waiting.extend(reversed(step.children))
    return found


@pytest.mark.parametrize(
    ("clauses", "encounter", "step"),
    [
        (
            "require item.place is in emergency-places",
            claim(line("99213", place="23")),
            "yes · item.place is in emergency-places · place of line 1 is 23 (emergency-places: 23)",
        ),
        (
            "require item.code is in visits",
            claim(line("99211")),
            "no · item.code is in visits · line 1 is 99211: visits leaves out 99211",
        ),
        (
            "require item.code is in dear",
            claim(line("99213")),
            "yes · item.code is in dear · line 1 is 99213 (row 1 of fees (house.rules))",
        ),
        (
            "require item.code is in limited",
            claim(line("80047")),
            "no · item.code is in limited · line 1 is 80047: limits has no row for it then (house.rules)",
        ),
        (
            "require item.code is in limited",
            claim(line("99213", date="2026-08-01")),
            "not checked · item.code is in limited · table limits does not cover 2026-08-01",
        ),
        (
            "require pairs lists (item.code, 80047)",
            claim(line("99213")),
            "yes · pairs lists (item.code, 80047) · row 1 of pairs (house.rules)",
        ),
        (
            "require pairs lists (item.code, 80047)",
            claim(line("17000")),
            "no · pairs lists (item.code, 80047) · no row for 17000 in pairs (house.rules)",
        ),
        (
            "require item.place is not 11",
            claim(line("99213")),
            "no · item.place is not 11 · place of line 1 is 11",
        ),
        (
            "require item is payable",
            claim(line("99213")),
            "yes · item is payable · no earlier rule denies line 1",
        ),
    ],
)
def test_the_fact_beside_the_words(clauses, encounter, step):
    rules = TABLED + rule(clauses).replace("for each", "phase history\n  for each")
    assert step in steps(rules, encounter)


@pytest.mark.parametrize(
    ("subject", "encounter", "step"),
    [
        (
            "each line item in labs, other line twin in labs",
            claim(line("80047"), line("80048")),
            "yes · line 2: 80048 is in labs · labs: 80047 .. 89398",
        ),
        (
            "each line item, other line twin with the same provider",
            claim(line("80047"), line("80048", provider=None)),
            "unknown · with the same provider · provider of line 2 is not known",
        ),
        (
            "each line item, diagnosis dx of item",
            claim(line("80047", diagnoses=None)),
            "unknown · line 1 points to dx 1 · diagnosis pointers of line 1 are not known",
        ),
        (
            "each service done, later service again",
            claim(line("80047"), history={"complete": True, "lines": [{"code": "80047"}]}),
            "unknown · history line 1 still counts as a service"
            " · it may be void, or of the claim that this one replaces",
        ),
        (
            "each document note",
            claim(line("80047")),
            "unknown · there is one that was not sent · there may be documents that were not sent",
        ),
        ("the claim", claim(line("80047")), "yes · for the claim · "),
        ("the first diagnosis dx", claim(line("80047")), "yes · for the first diagnosis dx · dx 1: E11.9"),
    ],
)
def test_what_the_subjects_are_met_by(subject, encounter, step):
    assert step in steps(rule("forbidden", subject=subject, fail="warn"), encounter)


def test_a_look_up_whose_key_is_not_known():
    rules = rule(
        "look up pair in pairs by item.code, part.code\n  forbidden", subject="each line item, other line part"
    )
    found = steps(rules, claim(line("99213"), {"date": "2026-03-02"}))
    assert "unknown · look up pair in pairs by item.code, part.code · code of line 2 is not known" in found


def test_a_group_with_lines_that_it_may_have():
    rules = rule(
        "require every line item of day where item.units is 1",
        subject="each group day of lines by code, provider",
        fail="deny day",
    )
    found = steps(rules, claim(line("99213"), line("99213", provider=None, units=2)))
    assert "unknown · line 2 is of the group · " in " | ".join(found) + " | "


def test_a_payer_that_added_a_condition_is_named_beside_it():
    payer = (
        'payer ppo "PPO"\n  matches "P"\n\nuse house\n\nrelax TRIED\n  unless also item.place is 22\n  reason "No"\n'
    )
    ledger = checked((rule("require item has modifier 25"), payer), claim(line("99213"), payer="P"))
    (applies, *_) = ledger.explain(ledger.failures[0]).sections
    assert [(step.words, step.change.payer) for step in applies.steps if step.change is not None] == [
        ("unless item.place is 22", "ppo")
    ]


def test_a_named_condition_holds_its_parts():
    found = steps(
        rule("require some other line work where same-session(item, work)"), claim(line("99213"), line("17000"))
    )
    assert "yes · same-session(item, work) · " in found
    assert "yes · a.date is b.date · same date: 2026-03-02" in found


@pytest.mark.parametrize(
    ("condition", "history", "fact"),
    [
        ("some history line seen where seen.code is item.code", COMPLETE, "there is no history line"),
        ("no history line seen where seen.code is item.code", COMPLETE, "there is no history line"),
        ("every line x where x.units is 1", COMPLETE, "so for all 1"),
        ("some history line seen where seen.code is item.code", {}, "perhaps a history line not sent"),
        ("some other service seen where seen.code is item.code", {}, "perhaps another service not sent"),
        (
            "at least 1 history line seen where seen.code is item.code",
            {"complete": True, "lines": [{"code": "99213"}, {"code": "99213"}]},
            "history line 1: 99213 and history line 2: 99213",
        ),
    ],
)
def test_what_a_collection_says(condition, history, fact):
    found = steps(rule(f"require {condition}"), claim(line("99213"), history=history))
    assert any(step.split(" · ")[1:] == [condition, fact] for step in found), found
