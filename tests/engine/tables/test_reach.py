"""A quick no is never said of a code that is in one of the lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequela.engine.tables.codes import TextSet
from sequela.engine.tables.notation import parse_set_notation
from sequela.engine.tables.reach import reach_of
from sequela.engine.vocabulary.systems import System

LISTS = (
    "under K58",
    "E11.9, under E08 except E08.9",
    "E11 .. E13",
    'like "S52.???A"',
    'like "F1[0-9].?51"',
    "K58.9, J60 .. J70",
)


def lists(*texts: str) -> list[TextSet]:
    found = [parse_set_notation(System.ICD10CM, text) for text in texts]
    assert all(isinstance(one, TextSet) for one in found)
    return [one for one in found if isinstance(one, TextSet)]


@pytest.mark.parametrize(
    ("code", "touched"), [("K589", True), ("K58", True), ("K57", False), ("K590", False), ("E119", True)]
)
def test_a_stretch_holds_its_ends_and_nothing_beyond(code: str, touched: bool) -> None:
    assert reach_of(lists("under K58", "E11.9")).touches(code) is touched


def test_stretches_that_overlap_are_one() -> None:
    reach = reach_of(lists("E08 .. E13", "under E11", "E11.9"))
    assert len(reach.lows) == 1


def test_without_lists_nothing_is_touched() -> None:
    assert not reach_of([]).touches("K589")


@given(st.sets(st.sampled_from(LISTS)), st.from_regex(r"[EFJKS][0-9][0-9][0-9A-Z]{0,4}", fullmatch=True))
def test_a_quick_no_is_a_no(texts: set[str], code: str) -> None:
    held = lists(*sorted(texts))
    if any(one.contains(code) for one in held):
        assert reach_of(held).touches(code)
