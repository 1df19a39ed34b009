"""One claim as `check` prints it."""

from sequela.engine.explain.as_text import render_ledger
from sequela.tests.engine.explain.tried import VISIT, checked, claim, line, rule

KNOWN = rule('require item.authorization is "A"')
PPO = 'payer ppo "PPO"\n  matches "PPO-1"\n\nuse house\n'


def shown(rules, encounter, **options):
    return "\n" + render_ledger(checked(rules, encounter), **options) + "\n"


def test_a_clean_claim_is_one_line():
    assert shown(VISIT, claim(line("99213-25"), line("17000"))) == "\nC-1  rulesets alone  clean\n"


def test_a_failure_has_its_message():
    assert (
        shown((VISIT, PPO), claim(line("99213"), line("17000"), payer="PPO-1"))
        == """
C-1  ppo  DENY
  DENY  MOD-25  line 1 · 99213 on 2026-03-02
    99213 is on the same day as 17000; without modifier 25 it is part of that procedure.
"""
    )


def test_the_same_reason_is_said_once():
    history = rule("require no history line seen where seen.code is item.code")
    assert (
        shown(history, claim(line("99213"), line("17000")))
        == """
C-1  rulesets alone  UNDECIDED (warn left open)
  UNKNOWN  TRIED  line 1 · 99213; line 2 · 17000
    not known: whether the history is complete
"""
    )


def test_rules_that_wait_for_the_history_alone_are_one_line():
    asks = "require no history line seen where seen.code is item.code"
    again = rule(asks).replace("TRIED", "AGAIN").replace("ruleset house", "ruleset others")
    both = (rule(asks), again)
    text = shown(both, claim(line("99213"), line("17000")))
    assert text.count("UNKNOWN") == 1
    assert "  UNKNOWN  2 rules: not known: whether the history is complete (--all names them)\n" in text
    assert "TRIED" in shown(both, claim(line("99213"), line("17000")), all=True)


def test_different_reasons_stand_apart():
    text = shown(KNOWN, claim(line("99213"), line("17000")))
    assert text.count("UNKNOWN") == 2
    assert "not known: line 1 authorization" in text
    assert "not known: line 2 authorization" in text


def test_all_shows_what_passed_and_what_does_not_apply():
    assert (
        shown(VISIT, claim(line("99213-25"), line("17000")), all=True)
        == """
C-1  rulesets alone  clean
  PASS  MOD-25  line 1 · 99213-25 on 2026-03-02
    line 1 has modifier 25
"""
    )
    assert shown(VISIT, claim(line("17000")), all=True).startswith(
        "\nC-1  rulesets alone  clean\n  NOT APPLICABLE  MOD-25\n    no line is in visits"
    )


def test_only_some_rules():
    both = (VISIT, KNOWN)
    text = shown(both, claim(line("99213"), line("17000")), only=["TRIED"])
    assert "TRIED" in text
    assert "MOD-25" not in text


def test_only_failures():
    both = (VISIT, KNOWN)
    text = shown(both, claim(line("99213"), line("17000")), only_failures=True)
    assert "MOD-25" in text
    assert "TRIED" not in text
    assert shown(KNOWN, claim(line("99213")), only_failures=True) == "\n\n"


def test_a_finding_about_the_claim():
    text = shown(rule("require item has modifier 25", fail="reject"), claim(line("99213")))
    assert "  REJECT  TRIED  line 1 · 99213 on 2026-03-02" in text


def test_what_it_is_about_stands_first():
    pair = rule("forbidden", subject="each line item, later line twin with the same date", fail="deny twin")
    assert "  DENY  TRIED  line 2 · 17000, with line 1 · 99213 on" in shown(pair, claim(line("99213"), line("17000")))


def test_colour_only_where_it_is_wanted():
    claims = claim(line("99213"), line("17000"))
    assert "\x1b" not in shown(VISIT, claims)
    coloured = shown(VISIT, claims, colour=True)
    assert "\x1b[31mDENY\x1b[0m" in coloured
    assert "\x1b[1mMOD-25\x1b[0m" in coloured


def test_lines_fit_a_screen():
    history = rule("require no history line seen where seen.code is item.code")
    text = shown(history, claim(*(line("99213") for _ in range(30))))
    assert all(len(one) <= 100 for one in text.split("\n"))
    assert text.count("UNKNOWN") == 1
