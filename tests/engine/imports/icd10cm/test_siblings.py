"""Sides and trimesters, read from descriptions."""

import pytest

from sequela.engine.imports.icd10cm.siblings import Lateral, lateral_codes, trimester_codes
from sequela.engine.imports.icd10cm.space import Space


@pytest.fixture(scope="module")
def sides(space: Space) -> dict[str, Lateral]:
    return {one.code: one for one in lateral_codes(space.listed)}


@pytest.mark.parametrize(
    ("code", "side", "siblings"),
    [
        ("M1711", "right", ("M1711", "M1712", "M170", "M1710")),
        ("M170", "bilateral", ("M1711", "M1712", "M170", "M1710")),
        ("H25011", "right", ("H25011", "H25012", "H25013", "H25019")),
        ("H6502", "left", ("H6501", "H6502", "H6503", "H6500")),
        ("C50011", "right", ("C50011", "C50012", "", "C50019")),
        ("S72001A", "right", ("S72001A", "S72002A", "", "S72009A")),
        ("S72009B", "unspecified", ("S72001B", "S72002B", "", "S72009B")),
        ("E103511", "right", ("E103511", "E103512", "E103513", "E103519")),
        ("S21411A", "right", ("S21411A", "S21412A", "", "S21419A")),
    ],
)
def test_siblings(sides: dict[str, Lateral], code: str, side: str, siblings: tuple[str, ...]) -> None:
    assert sides[code] == Lateral(code, side, siblings)


@pytest.mark.parametrize("code", ["E119", "I50812", "T81518A", "H540X45"])
def test_codes_without_another_side(sides: dict[str, Lateral], code: str) -> None:
    assert code not in sides


def test_siblings_agree_on_each_other(sides: dict[str, Lateral]) -> None:
    for one in sides.values():
        at = ("right", "left", "bilateral", "unspecified").index(one.side)
        assert one.siblings[at] == one.code
        for other in filter(None, one.siblings[:2]):
            assert sides[other].siblings[:2] == one.siblings[:2]


def test_nearly_every_code_that_says_a_side_has_its_siblings(space: Space, sides: dict[str, Lateral]) -> None:
    said = [one for one in space.listed if one.billable and {"right", "left"} & set(one.description.lower().split())]
    assert len([one for one in said if one.code not in sides]) == 250
    assert len(sides) == 38_865


def test_trimesters(space: Space) -> None:
    found = dict(trimester_codes(space.listed))
    assert len(found) == 1_155
    assert (found["O0901"], found["O0902"], found["O0903"]) == (1, 2, 3)
    assert "O0900" not in found
