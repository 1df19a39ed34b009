"""Which column of a file is which declared column."""

import pytest

from sequela.engine.tables.header import find_columns


@pytest.mark.parametrize(
    ("header", "wanted", "places"),
    [
        (["code", "units"], ["units", "code"], (1, 0)),
        ([" Code ", "MUE_units"], ["code", "mue-units"], (0, 1)),
        (["MUE  Units"], ["mue-units"], (0,)),
        (["Code", "code"], ["code"], (1,)),
    ],
)
def test_found(header, wanted, places):
    found = find_columns("a.csv", header, 1, wanted)
    assert found.places == places
    assert found.problems == ()


@pytest.mark.parametrize(
    ("header", "code", "hint"),
    [
        (["code", "unit"], "SEQ460", "Did you mean `unit`?"),
        (["code;units;note"], "SEQ460", "semicolons"),
        (["code\tunits"], "SEQ460", "tabs"),
        ([f"c{n}" for n in range(20)], "SEQ460", "and 8 more"),
        (["units", "units"], "SEQ461", "Leave one"),
        (["Units", "UNITS"], "SEQ461", "Leave one"),
    ],
)
def test_not_found(header, code, hint):
    found = find_columns("a.csv", header, 3, ["units"])
    assert [(problem.code, problem.place) for problem in found.problems] == [(code, "line 3")]
    assert hint in found.problems[0].hint
