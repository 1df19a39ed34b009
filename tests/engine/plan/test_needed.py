"""What a member must have for a rule to concern it."""

import pytest

from sequela.engine.model.rules import Rule
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import texts_of
from sequela.engine.plan.certain.needed import ANY, Marked, codes_needed, marks_needed
from sequela.engine.plan.index import CodeIndex

HEAD = """
ruleset needed "What a member needs"
codes visits of HCPCS
  99211..99215
codes sides of MODIFIER
  LT, RT
"""


def rule(body: str) -> Rule:
    text = f'{HEAD}rule A "x"\n{body}\n  forbidden\n  if fail warn\n'
    compiled = compile_found(texts_of({"needed.rules": text}))
    assert compiled.is_sound, [str(one) for one in compiled.diagnostics]
    return compiled.rules.selections[None].rules[0]


@pytest.mark.parametrize(
    ("body", "codes", "marks"),
    [
        ("  for each line l", None, None),
        ("  for each line l in visits", {"99213"}, None),
        ("  for each line l\n  when l.code is in visits", {"99213"}, None),
        ("  for each line l\n  when l.code is 99213 or l.code is 17000", {"99213", "17000"}, None),
        ("  for each line l\n  when l.code is 99213 or l.units is 3", None, None),
        ("  for each line l\n  when l.units is 3 and l.code is 17000", {"17000"}, None),
        ("  for each line l\n  when not (l.code is 17000)", None, None),
        ("  for each line l\n  when l has modifier 25", None, {"25"}),
        ("  for each line l\n  when l has modifier in sides or l has modifier 50", None, {"LT", "50"}),
        ("  for each line l\n  when l has modifier 25 or l.units is 3", None, None),
        ("  for each line l, other line m\n  when m has modifier 25 and m.code is 17000", None, None),
        ("  for each line l, modifier m of l in sides", None, {"LT"}),
        ("  for each line l, modifier m of l", None, {"LT", "25", "50"}),
        ("  for each diagnosis d\n  when d.code is I10", {"I10"}, None),
    ],
)
def test_what_is_needed(body: str, codes: set[str] | None, marks: set[str] | None) -> None:
    versions = [one.version for one in rule(body).segments]
    needed = codes_needed(versions)
    tried = ("99213", "17000", "I10", "E119")
    index = CodeIndex([(0, one) for one in needed or ()])
    assert (None if needed is None else {code for code in tried if index.rules(code)}) == codes
    asked = marks_needed(versions)
    marked = Marked([(0, asked)])
    apart = {one for one in ("25", "50", "LT") if marked.apart[one,]}
    assert (None if asked is None else {"25", "50", "LT"} - apart) == marks
    assert marked.apart[()] == (frozenset() if asked is None else {0})


def test_any_modifier_is_needed_where_it_is_not_known_which() -> None:
    body = "  for each line l, other line m, modifier n of m\n  when l has modifier n.code"
    assert marks_needed(one.version for one in rule(body).segments) == (ANY,)
