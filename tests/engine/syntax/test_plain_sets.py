"""A set that is read at once is what the parser would have made of it, and where there is any doubt the parser reads it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sequela
from sequela.engine.source import Source
from sequela.engine.syntax import parse as parsing
from sequela.engine.syntax.parse import parse
from sequela.engine.syntax.plain_sets import plain_sets
from sequela.engine.syntax.walk import walk

ROOT = Path(sequela.__file__).parent
SHIPPED = sorted([*ROOT.glob("rulesets/**/*.rules"), *ROOT.glob("payers/**/*.rules")])
HEADER = 'ruleset r "R"\n'
PIECES = (
    "\ncodes a of HCPCS\n  99213, 99214 ,99215",
    "\n\ncodes b of ICD10CM\n  E11.9",
    "\ncodes c of HCPCS\n  99213 99214",
    "\ncodes d of HCPCS\n  a, 99213",
    "\ncodes e of HCPCS\n  99213 # a comment",
    "\ncodes f of HCPCS\n  99213, 99214 except 99214",
    "\ncodes when of HCPCS\n  99213",
    "\ncodes to of HCPCS\n  99213",
    "\n codes g of HCPCS\n  99213",
    "\ncodes h of HCPCS 99213",
    "\ncodes i of HCPCS\n  99213,",
    "\ncodes j of hcpcs\n  99213",
    "\ncodes k of HCPCS\n  99213-1",
    "\n\n\n",
    "\ncodes l of",
    "\n# codes m of HCPCS",
    '\nrule A "A"\n  for each line l in a\n  forbidden\n  if fail deny l',
    "\nrule",
    "\ncondition 44",
    "\ncondition same(line x)\n  x.units is 1",
    "\nuse other",
)


def both(text: str):
    source = Source("r.rules", text)
    quick = parse(source)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(parsing, "plain_sets", lambda *given: [])
        return quick, parse(source)


def agree(text: str) -> None:
    (quick, quick_faults), (slow, slow_faults) = both(text)
    assert quick == slow
    assert quick_faults == slow_faults
    assert [one.span for one in walk(quick)] == [one.span for one in walk(slow)]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_shipped_reads_the_same(path: Path) -> None:
    agree(path.read_text("utf-8"))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=6), st.booleans())
def test_whatever_stands_around_a_set_it_reads_the_same(pieces: list[str], headed: bool) -> None:
    agree((HEADER if headed else "") + "".join(pieces))
    agree((HEADER if headed else "") + "".join(pieces) + "\n")


def test_long_lists_are_read_at_once() -> None:
    text = HEADER + PIECES[0] + PIECES[1] + "\n\n# The end.\n"
    (one,) = plain_sets(Source("r.rules", text), text, 0, len(text))
    assert one.node.name.text == "a"
    assert [entry.code.text for entry in one.node.entries] == ["99213", "99214", "99215"]
    assert text[one.node.span.start : one.node.span.end].startswith("codes a")
