"""What the cases of a file have seen its rules answer, and what they should have."""

from pathlib import Path

import pytest

from sequela.engine.cases.report import render_results
from sequela.engine.cases.run import run_cases
from sequela.engine.cases.seen import rules_seen
from sequela.engine.commands.rule_files import test as run_test
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import texts_of

RULES = """ruleset seen "Seen"

rule UNITS "One unit"
  for each  line l
  when      l.code is 99213
  require   l.units is 1
  bypass    when l.place is 23
  if fail   deny l

rule NEVER "Never"
  for each  line l
  when      l.code is 99214
  forbidden
  if fail   deny l

rule ALWAYS "On every claim"
  for       the claim
  require   encounter.received is known
  if fail   reject

rule IN-TIME "On every claim of a year"
  effective 2026-01-01 to 2026-12-31
  for       the claim
  require   encounter.received is known
  if fail   reject

test UNITS
"""
CASE = '  case "{}"\n    professional claim on 2026-03-02\n    line {}\n    {}\n'


def seen(*cases: tuple[str, str]) -> dict[str, tuple[str, ...]]:
    """What each rule lacks after cases, each of a line and what is expected."""
    text = RULES + "".join(CASE.format(number, line, expect) for number, (line, expect) in enumerate(cases))
    compiled = compile_found(texts_of({"seen.rules": text}), (), for_cases=True)
    assert compiled.is_sound, compiled.diagnostics
    results = run_cases(compiled)
    assert not results.diagnostics
    return {one.rule: one.lacking for one in rules_seen(compiled, results)}


def test_a_rule_should_be_seen_in_each_way_in_which_it_can_answer() -> None:
    assert seen(("99215", "expect unknown")) == {
        "UNITS": ("fail", "pass", "not applicable", "bypassed"),
        "NEVER": ("fail", "not applicable"),
        "ALWAYS": ("fail", "pass"),
        "IN-TIME": ("fail", "pass", "not applicable"),
    }


def test_what_is_expected_and_comes_was_seen() -> None:
    found = seen(
        ("99213 x 2 at 11", "expect fail"),
        ("99213 x 2 at 23", "expect bypassed at line 1"),
        ("99214 x 2", "expect not applicable\n    expect NEVER fail"),
    )
    assert found["UNITS"] == ("pass",)
    assert found["NEVER"] == ("not applicable",)


@pytest.mark.parametrize("expect", ["expect fail", "expect nothing fails", "expect NEVER not applicable"])
def test_what_only_comes_or_was_only_expected_was_not_seen(expect: str) -> None:
    assert "pass" in seen(("99213 x 1", expect))["UNITS"]
    assert "fail" in seen(("99213 x 1", expect))["UNITS"]


def test_the_report_names_the_rules_that_lack_something(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "seen.rules"
    file.write_text(RULES + CASE.format("one", "99214 x 1", "expect not applicable\n    expect ALWAYS fail"))
    assert run_test([file], (), verbose=False, only=(), seen=False) == 0
    counted = "rules seen to fail, pass and not apply: 0 of 4; to be bypassed: 0 of 1"
    assert capsys.readouterr().out.splitlines() == ["1 case passed, 0 failed", counted]
    assert run_test([file], (), verbose=False, only=(), seen=True) == 1
    assert capsys.readouterr().out.splitlines()[1:] == [
        counted,
        f"  UNITS    never seen to fail, pass or be bypassed  {file}:3",
        f"  NEVER    has no case  {file}:10",
        f"  ALWAYS   never seen to pass  {file}:16",
        f"  IN-TIME  has no case  {file}:21",
    ]


def test_a_rule_that_is_only_used_is_not_counted() -> None:
    texts = {
        "own.rules": 'ruleset own "Own"\n\nuse seen\n',
        "seen.rules": RULES + CASE.format("one", "99213", "expect unknown"),
    }
    found = texts_of(texts)
    compiled = compile_found(type(found)(found.given[:1], found.given[1:]), (), for_cases=True)
    results = run_cases(compiled)
    assert rules_seen(compiled, results) == ()
    assert render_results(results, (), colour=False, verbose=True) == "0 cases passed, 0 failed"
