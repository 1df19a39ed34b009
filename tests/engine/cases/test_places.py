"""`at` picks what is about a subject: a line is also its modifiers, and no line of a longer number."""

from sequela.engine.cases.run import run_cases
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import texts_of

FILE = """ruleset example "Example"

rule MARK "No modifier 25"
  for each  line visit, modifier mark of visit
  forbidden when mark.code is 25
  if fail   warn mark

test MARK
  case "the second line, of eleven"
    professional claim on 2026-03-02
    line 99213-24
    line 99213-25
    line 99213
    line 99213
    line 99213
    line 99213
    line 99213
    line 99213
    line 99213
    line 99213
    line 99213-25
    expect pass at line 1
    expect fail at line 2
    expect not applicable at line 3
    expect fail at line 11
"""


def test_what_is_about_a_modifier_is_at_its_line():
    compiled = compile_found(texts_of({"example.rules": FILE}))
    results = run_cases(compiled)
    assert not results.diagnostics
    assert [miss.instead for case in results.failed for miss in case.misses] == []
