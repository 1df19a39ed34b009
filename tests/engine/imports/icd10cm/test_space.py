"""Sets of billable codes and the shortest lists that hold them."""

import random

import pytest

from sequela.engine.imports.icd10cm.space import SYSTEM, Space
from sequela.engine.tables.codes import TextSet
from sequela.engine.tables.notation import parse_set_notation


@pytest.mark.parametrize(
    ("codes", "written"),
    [
        (["K58"], "under K58"),
        (["K50", "K51", "K52"], "K50 .. K52"),
        (["E119"], "E11.9"),
        (["S7200"], "under S72.00"),
        (["I10", "I11"], "I10 .. I11"),
        (["I10", "I12"], "I10, under I12"),
    ],
)
def test_the_shortest_list(space: Space, codes: list[str], written: str) -> None:
    bits = 0
    for code in codes:
        bits |= space.under(code)
    assert TextSet(SYSTEM, space.cover(bits)).written == written


def test_a_list_holds_what_it_covers(space: Space) -> None:
    chance = random.Random(11)
    for _ in range(60):
        some = [chance.choice(space.codes)[: chance.choice((3, 4, 5, 6, 7))] for _ in range(chance.randint(1, 12))]
        bits = 0
        for code in some:
            bits |= space.under(code)
        written = TextSet(SYSTEM, space.cover(bits)).written
        again = parse_set_notation(SYSTEM, written)
        assert isinstance(again, TextSet)
        assert space.bits_of_set(again) == bits, written


def test_of_nothing_there_is_no_list(space: Space) -> None:
    assert space.cover(0) == ()
    assert list(space.members(0)) == []
    assert space.between("K58", "Q99Z") == 0


def test_members_are_what_was_put_in(space: Space) -> None:
    bits = space.under("K58") | space.under("G35")
    assert list(space.members(bits)) == [code for code in space.codes if code.startswith(("K58", "G35"))]
