"""Excludes1 notes as rows: inheritance, lifting, contradiction, own branches; and what they say of pairs."""

from collections.abc import Callable, Iterable
from functools import cache

import pytest

from sequela.engine.imports.icd10cm.excludes import CONTRADICTED, EXCLUSIVE, ExcludesRow, LiftedRow, read_excludes
from sequela.engine.imports.icd10cm.layout import Tabular
from sequela.engine.imports.icd10cm.space import SYSTEM, Space
from sequela.engine.tables.codes import CodeRange, TextSet
from sequela.engine.tables.notation import parse_owner, parse_set_notation
from sequela.engine.vocabulary.systems import normal

from .conftest import code, notes

Rows = tuple[list[ExcludesRow], list[LiftedRow]]


@pytest.fixture(scope="module")
def rows(april: Tabular, space: Space) -> Rows:
    return read_excludes(april, space)


@cache
def owner_of(cell: str) -> object:
    return parse_owner(SYSTEM, cell)


@cache
def list_of(cell: str) -> object:
    return parse_set_notation(SYSTEM, cell)


def speaks(owner: str, one: str) -> bool:
    read = owner_of(owner)
    return read.holds(one) if isinstance(read, CodeRange) else one.startswith(str(read))


def lists(cell: str, one: str) -> bool:
    read = list_of(cell)
    assert isinstance(read, TextSet)
    return read.contains(one)


def found(rows: Rows, first: str, second: str) -> list[str]:
    """What the rows say of a pair, as a rule reads them."""
    said, (a, b) = [], (normal(SYSTEM, first), normal(SYSTEM, second))
    for owner, other in ((a, b), (b, a)):
        for row in rows[0]:
            if speaks(row.owner, owner) and lists(row.excluded, other):
                lifted = any(
                    one.number == row.number and speaks(one.owner, owner) and lists(one.excluded, other)
                    for one in rows[1]
                )
                said.append("lifted" if lifted else row.strength)
    return said


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("K51.90", "K58.9", {EXCLUSIVE}),
        ("K58.9", "K51.90", {EXCLUSIVE}),
        ("D72.829", "D72.824", set()),
        ("M27.9", "M27.8", set()),
        ("K51.90", "I10", set()),
        ("S00.31XA", "S05.11XA", {EXCLUSIVE}),
        ("R11.15", "F50.20", {"lifted"}),
        ("R11.10", "F50.20", {EXCLUSIVE}),
        ("O86.01", "T81.41XA", {CONTRADICTED}),
        ("I78.1", "D22.9", {CONTRADICTED}),
        ("G43.009", "G44.001", {CONTRADICTED}),
        ("M62.84", "G72.1", {CONTRADICTED}),
        ("M62.81", "G72.1", {EXCLUSIVE}),
        ("M49.80", "A01.05", {CONTRADICTED}),
        ("G31.84", "F02.80", {EXCLUSIVE}),
        ("Z34.00", "O09.00", {EXCLUSIVE}),
        ("A15.0", "P37.0", {CONTRADICTED}),
        ("E11.9", "E10.9", {EXCLUSIVE}),
        ("B20", "Z21", {EXCLUSIVE}),
        ("G54.5", "E11.44", {EXCLUSIVE}),
        ("G54.5", "E11.42", set()),
        ("S01.01XA", "S02.0XXB", {EXCLUSIVE}),
        ("S01.01XA", "S02.0XXA", set()),
        ("I10", "I11.9", set()),
        ("I16.0", "I10", set()),
    ],
)
def test_what_the_list_says_of_a_pair(rows: Rows, first: str, second: str, said: set[str]) -> None:
    assert set(found(rows, first, second)) == said


def test_the_figures_of_april_2026(rows: Rows) -> None:
    kept, lifted = rows
    assert len({row.number for row in kept}) == 4_623
    assert max(row.number for row in kept) <= 5_407
    assert len({row.number for row in kept if row.strength == CONTRADICTED}) == 151
    assert (len({row.number for row in lifted}), len(lifted)) == (14, 18)


def test_no_row_excludes_its_own_branch(rows: Rows, space: Space) -> None:
    for row in rows[0]:
        read = parse_owner(SYSTEM, row.owner)
        written = parse_set_notation(SYSTEM, row.excluded)
        assert isinstance(written, TextSet)
        assert isinstance(read, str | CodeRange)
        owner = space.bits_of(read) if isinstance(read, CodeRange) else space.under(read)
        assert owner, row
        assert space.bits_of_set(written), row
        assert not owner & space.bits_of_set(written), row


def test_a_pair_is_excluded_by_at_most_one_row_from_each_side(rows: Rows, space: Space) -> None:
    """A note that repeats what stands above it would report a pair twice."""
    chosen = [one for one in space.codes if one[:3] in {"K51", "K58", "D22", "C43", "S00", "S05", "J44", "J68", "F02"}]
    for first in chosen[::37]:
        owned = [row for row in rows[0] if speaks(row.owner, first)]
        for second in chosen[::11]:
            assert sum(lists(row.excluded, second) for row in owned) <= 1, (first, second)


@pytest.fixture
def read(made: Callable[..., Tabular]) -> Callable[..., Rows]:
    def reading(*categories: str, **more: str) -> Rows:
        tabular = made(*categories, **more)
        return read_excludes(tabular, Space(tabular))

    return reading


def rows_of(result: Rows) -> Iterable[tuple[str, str, str]]:
    return [(row.owner, row.excluded, row.strength) for row in result[0]]


def test_a_block_is_a_range(read: Callable[..., Rows]) -> None:
    result = read(code("A00"), code("A01"), code("B00"), section="A00-A01", inside=notes("excludes1", "x (B00)"))
    assert rows_of(result) == [("A00 .. A01", "B00", EXCLUSIVE)]


def test_a_block_of_one_category_is_not_that_category(read: Callable[..., Rows]) -> None:
    result = read(
        code("A00", notes("excludes1", "at the code (B01)")),
        code("B00"), code("B01"), section="A00", inside=notes("excludes1", "at the block (B00)"),
    )  # fmt: skip
    assert sorted(row.note for row in result[0]) == ["at the block (B00)", "at the code (B01)"]


def test_what_stands_above_is_not_said_again_below(read: Callable[..., Rows]) -> None:
    inner = code("A00.0", notes("excludes1", "again (B00)", "more (B01)")) + code("A00.1")
    result = read(code("A00", notes("excludes1", "above (B00)") + inner), code("B00"), code("B01"))
    assert rows_of(result) == [("A00", "B00", EXCLUSIVE), ("A00.0", "B01", EXCLUSIVE)]


def test_a_lifted_note_may_be_said_again_below(read: Callable[..., Rows]) -> None:
    deepest = code("A00.00", notes("excludes1", "again (B00)")) + code("A00.01")
    inner = code("A00.0", notes("excludes2", "not here (B00)") + deepest)
    result = read(code("A00", notes("excludes1", "above (B00)") + inner), code("B00"))
    assert rows_of(result) == [("A00", "B00", EXCLUSIVE), ("A00.00", "B00", EXCLUSIVE)]
    assert [(row.number, row.owner, row.excluded) for row in result[1]] == [(1, "A00.0", "B00")]


def test_a_chapter_or_block_does_not_contradict_a_code(read: Callable[..., Rows]) -> None:
    """The block's Excludes2 note is about the excluded code's own place in the list, not about this pair."""
    result = read(
        code("A00", notes("excludes1", "x (B00)")), code("B00"), section="B00-B00", inside=notes("excludes2", "y (A00)")
    )
    assert rows_of(result) == [("A00", "B00", EXCLUSIVE)]


def test_a_note_that_is_contradicted_in_part_is_parted(read: Callable[..., Rows]) -> None:
    below = code("B00.0", notes("excludes2", "y (A00.1)")) + code("B00.1")
    result = read(code("A00", notes("excludes1", "x (B00)") + code("A00.0") + code("A00.1")), code("B00", below))
    assert sorted(rows_of(result)) == [
        ("A00", "B00.1", EXCLUSIVE),
        ("A00.0", "B00.0", EXCLUSIVE),
        ("A00.1", "B00.0", CONTRADICTED),
    ]
