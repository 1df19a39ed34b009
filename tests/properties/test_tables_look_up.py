"""What holds for every table: a look-up finds the rows that a plain scan of all rows finds."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from sequela.engine.tables.codes import CodeRange
from sequela.engine.tables.load import load_rows
from sequela.engine.tables.model import Covers, KeyColumn, MatchState, Table, TableShape
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf
from sequela.engine.vocabulary.systems import System

ICD = System.ICD10CM
CODE = st.from_regex(r"[AB][01][0A][01A]{0,2}", fullmatch=True)
RANGE = st.tuples(CODE, CODE).map(lambda ends: " .. ".join(sorted(ends)))
ENTRY = st.one_of(CODE, CODE.map("under {}".format), RANGE, st.just('like "A?0.?"'))
LIST = st.lists(ENTRY, min_size=1, max_size=4).map(", ".join)
CELLS = {
    "exact": CODE,
    "under": st.one_of(CODE, RANGE),
    "in": st.one_of(LIST, st.tuples(LIST, CODE).map(" except ".join)),
}
FIRST = date(2024, 1, 1)
DAY = st.integers(0, 12).map(lambda days: FIRST + timedelta(days))


@st.composite
def tables(draw):
    ways = draw(st.lists(st.sampled_from(["exact", "under", "in"]), min_size=1, max_size=3))
    dated = draw(st.booleans())
    covers = draw(st.one_of(st.none(), st.tuples(DAY, DAY).map(sorted).map(lambda ends: Covers(*ends))))
    shape = TableShape(
        name="t",
        title="T",
        keys=tuple(
            KeyColumn(f"k{at}", CodesOf(ICD) if way == "in" else CodeOf(ICD), way) for at, way in enumerate(ways)
        ),
        in_force=("start", "end") if dated else None,
        complete=draw(st.booleans()),
        covers=covers,
    )
    row = st.tuples(*(CELLS[way] for way in ways))
    if dated:
        period = st.tuples(DAY, DAY).map(sorted)
        ends = st.tuples(st.booleans(), st.booleans())
        dates = st.tuples(period, ends).map(
            lambda drawn: tuple("" if is_open else str(day) for day, is_open in zip(*drawn, strict=True))
        )
        row = st.tuples(row, dates).map(lambda parts: (*parts[0], *parts[1]))
    rows = draw(st.lists(row, max_size=draw(st.sampled_from([3, 30]))))
    table = load_rows(shape, rows, file="t.rules")
    assert isinstance(table, Table), table
    return table


def holds(way, cell, key):
    if way == "exact":
        return cell == key
    if way == "in":
        return cell.contains(key)
    return cell.holds(key) if isinstance(cell, CodeRange) else key.startswith(cell)


def covered(table, on):
    spoken = table.shape.covers
    if spoken is None:
        if table.shape.in_force is None:
            return True
        if not table.count:
            return False
        starts, ends = table.column("start"), table.column("end")
        first = FIRST.min if NONE in list(starts) else min(starts)
        last = FIRST.max if NONE in list(ends) else max(ends)
        return first <= on <= last
    return spoken.start <= on <= spoken.end


def in_force(table, row, on):
    if table.shape.in_force is None or on is None:
        return True
    start, end = table.column("start")[row], table.column("end")[row]
    return (start is NONE or start <= on) and (end is NONE or on <= end)


def scan(table, keys, on):
    """The rows, by number, that could match: unknown keys match any cell, an unknown date any period."""
    return [
        row + 1
        for row in range(table.count)
        if in_force(table, row, on)
        and all(
            key is None or holds(column.match, table.column(column.name)[row], key)
            for column, key in zip(table.shape.keys, keys, strict=True)
        )
    ]


def expected(table, keys, on):
    """(state, rows, found) by the words of the language reference."""
    absent = False if table.shape.complete else None
    if NONE in keys:
        return MatchState.CERTAIN, [], False
    if on is not None and not covered(table, on):
        return MatchState.NOT_COVERED, [], None
    rows = scan(table, keys, on)
    asks_date = table.shape.in_force is not None or table.shape.covers is not None
    if rows and (None in keys or (on is None and asks_date)):
        return MatchState.POSSIBLE, [], None
    return MatchState.CERTAIN, rows, True if rows else absent


def seen(matches):
    return matches.state, [row.number for row in matches.rows], matches.found


KEY = st.one_of(CODE, CODE, CODE, st.none(), st.just(NONE))
ON = st.one_of(st.none(), DAY)


@settings(max_examples=150)
@given(tables(), st.data())
def test_a_look_up_finds_what_a_plain_scan_finds(table, data):
    for _ in range(4):
        keys = data.draw(st.tuples(*(KEY for _ in table.shape.keys)))
        on = data.draw(ON)
        assert seen(table.look_up(keys, on)) == expected(table, keys, on)
        assert table.lists(keys, on) is expected(table, keys, on)[2]


@settings(max_examples=100)
@given(tables(), KEY, ON, st.data())
def test_the_rows_of_one_key_column_are_those_of_a_plain_scan(table, code, on, data):
    at = data.draw(st.integers(0, len(table.shape.keys) - 1))
    keys = [None] * len(table.shape.keys)
    keys[at] = code
    state, rows, found = expected(table, keys, on)
    known_date = on is not None or not (table.shape.in_force or table.shape.covers)
    if state is MatchState.POSSIBLE and code is not None and known_date:
        state, rows, found = MatchState.CERTAIN, scan(table, keys, on), True
    assert seen(table.key_rows(code, on, f"k{at}")) == (state, rows, found)
