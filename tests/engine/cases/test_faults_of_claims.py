"""A claim of a case that cannot be: the fault stands at the line that brought it, and is told once."""

import pytest

from sequela.engine.cases.report import render_results
from sequela.engine.cases.run import run_cases
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import texts_of

FRAME = """ruleset example "Example"

rule UNITS "One unit"
  for each  line visit
  require   visit.units is 1
  if fail   deny visit

test UNITS
  case "the first"
    professional claim on 2026-03-02
    dx I10
    {item}
    line 99213 x 1
    expect pass
"""


def results(item, *more):
    """What running the cases gives, with one item of the first one's claim, and further cases."""
    compiled = compile_found(texts_of({"example.rules": FRAME.format(item=item) + "".join(more)}))
    assert compiled.is_sound
    return run_cases(compiled)


@pytest.mark.parametrize(
    "item", ["dx Z99.999X5", "line 9921", "history line 99213-2", 'document "note" supports Z', "procedure 0DTJ"]
)
def test_a_fault_stands_at_the_item_that_brought_it(item):
    (fault,) = results(item).diagnostics
    assert fault.code == "SEQ805"
    assert fault.at.span.text == item


def test_a_fault_of_an_item_that_moved_up_stands_at_it():
    case = '  case "second" same as above but without dx 1 and with dx Z99.999X5\n    expect pass\n'
    (fault,) = results("dx E11.9", case).diagnostics
    assert fault.at.span.text == "dx Z99.999X5"


def test_what_varies_a_claim_that_cannot_be_is_not_run():
    found = results(
        "line 99213 x 1 for 7",
        '  case "second" same as above but line 1 x 2\n    expect fail\n',
        '  case "third"\n    professional claim\n    line 99213 x 1\n    expect pass\n',
        '  case "fourth" same as above but line 1 x 2\n    expect fail\n',
    )
    (fault,) = found.diagnostics
    assert fault.code == "SEQ801"
    assert fault.consequence == "The case was not run, nor those that vary it."
    assert [case.title for case in found.cases] == ["third", "fourth"]
    assert not found.failed


def test_a_line_without_modifiers_is_told_how_to_take_them_away():
    (fault,) = results(
        "line 99213 x 1", '  case "b" same as above but line 1 without modifiers\n    expect pass\n'
    ).diagnostics
    assert "`line 1 is CODE`" in fault.hint


def test_the_report_counts_one_case_as_one_and_says_nothing_of_rules_that_were_not_seen():
    assert "1 case passed, 0 failed" in render_results(results("line 99213 x 1"), colour=False, verbose=True)
    assert "Seen by" not in render_results(results("dx Z99.999X5"), colour=False, verbose=True)
