"""Ranges that hold a text."""

from sequela.engine.tables.spans import SpanIndex


def test_nested_and_equal_ranges_are_all_found_in_order():
    index = SpanIndex([("A", "Z", "all"), ("C", "D", "inner"), ("C", "D", "twin"), ("E", "F", "beside")])
    assert index.holding("C5") == ["all", "inner", "twin"]
    assert index.holding("E") == ["all", "beside"]
    assert index.holding("0") == []
    assert index.holding("ZZ") == []
    assert len(index) == 4
    assert index.items() == ["all", "inner", "twin", "beside"]


def test_no_ranges_hold_nothing():
    assert SpanIndex[str]([]).holding("A") == []
