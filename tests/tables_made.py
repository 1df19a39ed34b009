"""Tables of any shape for property tests: shapes and rows of text, keys to ask, and the same rows in memory and stored."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st
from msgspec.structs import replace

from sequela.engine.tables.codes import CodeRange, TextSet
from sequela.engine.tables.delimited import Batch
from sequela.engine.tables.load import load_rows
from sequela.engine.tables.model import Covers, KeyColumn, RowTable, TableShape, ValueColumn
from sequela.engine.tables.releases import open_releases
from sequela.engine.tables.store_format import Manifest
from sequela.engine.tables.store_write import write_release
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Scalar
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
TEXT = st.sampled_from(["", "a", "one", "nine characters and more", "Ärger, ‘quoted’", "x\ty"])
NUMBER = st.sampled_from(["", "0", "7", "-3", "0.50", "1000000000000", "12.25"])
VALUES = {
    Scalar.TEXT: TEXT,
    Scalar.NUMBER: NUMBER,
    Scalar.MONEY: st.sampled_from(["", "0.00", "12.5", "1200"]),
    Scalar.YES_NO: st.sampled_from(["", "yes", "no", "Y"]),
    Scalar.DATE: st.sampled_from(["", "2024-01-05", "1999-12-31"]),
    CodeOf(ICD): st.one_of(st.just(""), CODE),
    CodesOf(ICD): st.one_of(st.just(""), CELLS["in"]),
}
FIRST = date(2024, 1, 1)
DAY = st.integers(0, 12).map(lambda days: FIRST + timedelta(days))
KEY = st.one_of(CODE, CODE, CODE, st.none(), st.just(NONE))
ON = st.one_of(st.none(), DAY)
COVERS = st.one_of(st.none(), st.tuples(DAY, DAY).map(sorted).map(lambda ends: Covers(*ends)))


@st.composite
def shapes(draw):
    ways = draw(st.lists(st.sampled_from(["exact", "exact", "under", "in"]), min_size=1, max_size=3))
    kinds = draw(st.lists(st.sampled_from(sorted(VALUES, key=str)), max_size=3))
    return TableShape(
        name="t",
        title="T",
        keys=tuple(
            KeyColumn(f"k{at}", CodesOf(ICD) if way == "in" else CodeOf(ICD), way) for at, way in enumerate(ways)
        ),
        values=tuple(ValueColumn(f"v{at}", kind) for at, kind in enumerate(kinds)),
        in_force=draw(st.sampled_from([None, ("start", "end")])),
        complete=draw(st.booleans()),
        covers=draw(COVERS),
    )


@st.composite
def rows_of(draw, shape):
    cells = [*(CELLS[key.match] for key in shape.keys), *(VALUES[value.type] for value in shape.values)]
    row = st.tuples(*cells)
    if shape.in_force is not None:
        period = st.tuples(DAY, DAY).map(sorted)
        ends = st.tuples(st.booleans(), st.booleans())
        dates = st.tuples(period, ends).map(
            lambda drawn: tuple("" if is_open else str(day) for day, is_open in zip(*drawn, strict=True))
        )
        row = st.tuples(row, dates).map(lambda parts: (*parts[0], *parts[1]))
    return draw(st.lists(row, max_size=draw(st.sampled_from([0, 3, 40]))))


def in_memory(shape, rows):
    table = load_rows(shape, rows, file="t.rules")
    assert isinstance(table, RowTable), table
    return table


def write(folder, shape, rows, *, release="2024", covers=None, sizes=(1000,), files=(None,), lines=None):
    """The path of the release that holds `rows`, written in batches of `sizes`, which come from `files` in turn."""
    batches, at, turn = [], 0, 0
    while at < len(rows):
        size, file = sizes[turn % len(sizes)], files[turn % len(files)]
        part = rows[at : at + size]
        own = None if lines is None else lines[at : at + size]
        batches.append(Batch(tuple(zip(*part, strict=True)), own, file=file))
        at, turn = at + size, turn + 1
    manifest = Manifest(table="t", title="T", source="t.csv", publisher="P", release=release, covers=covers)
    written = write_release(folder, shape, batches, manifest)
    assert written.manifest.rejects == 0
    return written.path


def stored(folder, shape, rows, **more):
    """The table of one release; what it covers is what its declaration says, or its rows."""
    table = open_releases(replace(shape, covers=None), [write(folder, shape, rows, **more)])
    assert isinstance(table, RowTable), table
    return table


def seen(matches):
    """What comes of a look-up, to be compared."""
    return matches.state, [row.number for row in matches.rows], matches.found


def plain(value):
    """A value so that equal ones are told apart by how they are written."""
    if isinstance(value, TextSet | CodeRange):
        return value.written
    return (type(value), str(value)) if isinstance(value, Decimal | bool | int | date | str) else value
