"""What holds for every imported table: asked in its file it says what the same rows say in memory."""

from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.tables import stored as stored_table
from sequela.engine.tables.cells import cell_reader
from sequela.engine.tables.declared_store import open_release
from sequela.engine.tables.model import Covers, KeyColumn, MatchState, RowTable, first_day, last_day
from sequela.engine.tables.releases import ReleasedTable, open_releases
from sequela.engine.tables.store_format import open_store, verify
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf
from tables_made import COVERS, DAY, KEY, ON, VALUES, in_memory, plain, rows_of, seen, shapes, stored, write

SIZES = st.lists(st.integers(1, 7), min_size=1, max_size=3)


@settings(max_examples=150, deadline=None)
@given(shapes(), st.data(), SIZES)
def test_a_stored_table_says_what_the_one_in_memory_says(shape, data, sizes):
    rows = data.draw(rows_of(shape))
    memory = in_memory(shape, rows)
    few = data.draw(st.sampled_from([0, 32]))
    with TemporaryDirectory() as folder, patch.object(stored_table, "_FEW", few):
        table = stored(Path(folder), shape, rows, sizes=sizes)
        assert (table.count, table.covers, table.asks_date) == (memory.count, memory.covers, memory.asks_date)
        for name, _ in shape.columns:
            assert [plain(cell) for cell in table.every(name)] == [plain(cell) for cell in memory.every(name)]
        for _ in range(6):
            keys, on = data.draw(st.tuples(*(KEY for _ in shape.keys))), data.draw(ON)
            assert seen(table.look_up(keys, on)) == seen(memory.look_up(keys, on))
            assert table.lists(keys, on) is memory.lists(keys, on)
            at = data.draw(st.integers(0, len(keys) - 1))
            assert seen(table.key_rows(keys[at], on, f"k{at}")) == seen(memory.key_rows(keys[at], on, f"k{at}"))
            if on is not None:
                assert table.covers_date(on) is memory.covers_date(on)
            assert [row.number for row in table.rows(on)] == [row.number for row in memory.rows(on)]


@settings(max_examples=60, deadline=None)
@given(shapes(), st.data())
def test_rows_keep_their_place_in_the_source_and_their_order(shape, data):
    rows = data.draw(rows_of(shape))
    lines = data.draw(st.lists(st.integers(2, 60), min_size=len(rows), max_size=len(rows)))
    with TemporaryDirectory() as folder:
        table = stored(Path(folder), shape, rows, sizes=(2, 3), files=("a.txt", "b.txt"), lines=lines)
        files = [file for turn in range(len(rows)) for file in (["a.txt"] * 2, ["b.txt"] * 3)[turn % 2]][: len(rows)]
        assert [(row.file, row.number) for row in table.rows()] == list(zip(files, lines, strict=True))


def key_of(column):
    """Keys to ask a declared key column for: of its own cells where it holds no codes."""
    if isinstance(column.type, CodeOf | CodesOf):
        return KEY
    read = cell_reader(column.type)
    return st.one_of(VALUES[column.type].filter(bool).map(read), st.none(), st.just(NONE))


@settings(max_examples=120, deadline=None)
@given(shapes(), st.data())
def test_a_declaration_may_name_other_keys_and_fewer_columns_in_any_order(shape, data):
    rows = data.draw(rows_of(shape))
    keys = data.draw(st.permutations(shape.keys).map(lambda some: some[: data.draw(st.integers(1, len(some)))]))
    values = data.draw(st.permutations(shape.values).map(lambda some: some[: data.draw(st.integers(0, len(some)))]))
    whole = [at for at, value in enumerate(shape.values) if all(row[len(shape.keys) + at] for row in rows)]
    if whole and data.draw(st.booleans()):
        other = shape.values[data.draw(st.sampled_from(whole))]
        match = "in" if isinstance(other.type, CodesOf) else "exact"
        keys = data.draw(st.permutations([*keys, KeyColumn(other.name, other.type, match)]))
        values = [value for value in values if value is not other]
    dated = data.draw(st.sampled_from([None, shape.in_force]))
    declared = replace(shape, keys=tuple(keys), values=tuple(values), in_force=dated)
    order = [name for name, _ in shape.columns]
    picked = [tuple(row[order.index(name)] for name, _ in declared.columns) for row in rows]
    with TemporaryDirectory() as folder:
        table = open_release(declared, write(Path(folder), shape, rows))
        assert isinstance(table, RowTable), table
        memory = in_memory(replace(declared, covers=table.covers), picked)
        for name, _ in declared.columns:
            assert [plain(cell) for cell in table.every(name)] == [plain(cell) for cell in memory.every(name)]
        if table.covers is None:
            return
        for _ in range(4):
            asked, on = data.draw(st.tuples(*map(key_of, keys))), data.draw(ON)
            assert seen(table.look_up(asked, on)) == seen(memory.look_up(asked, on))


@settings(max_examples=80, deadline=None)
@given(shapes(), st.data())
def test_of_several_releases_the_latest_that_covers_the_date_speaks(shape, data):
    shape = replace(shape, covers=None)
    count = data.draw(st.integers(2, 4))
    made = [(f"r{at + 8}", data.draw(COVERS) or Covers(None, None), data.draw(rows_of(shape))) for at in range(count)]

    def order(release):
        name, covers, _ = release
        end, start = last_day(covers), first_day(covers)
        return (start if covers.end is None else end, start, int(name[1:]))

    with TemporaryDirectory() as folder:
        paths = [write(Path(folder), shape, rows, release=name, covers=covers) for name, covers, rows in made]
        table = open_releases(shape, data.draw(st.permutations(paths)))
        assert isinstance(table, ReleasedTable)
        for _ in range(5):
            keys, on = data.draw(st.tuples(*(KEY for _ in shape.keys))), data.draw(DAY)
            speaking = [one for one in made if one[1].includes(on)]
            matches = table.look_up(keys, on)
            if not speaking:
                assert table.covers_date(on) is False
                continue
            name, covers, rows = max(speaking, key=order)
            alone = in_memory(replace(shape, covers=covers), rows)
            assert seen(matches) == seen(alone.look_up(keys, on))
            assert {row.table.release for row in matches.rows} <= {name}
            assert table.at(on).release == name
            undated = table.look_up(keys, None)
            if matches.state is MatchState.POSSIBLE or matches.rows:
                assert undated.state is MatchState.POSSIBLE


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(shapes(), st.data())
def test_a_damaged_file_is_a_problem_or_is_asked_without_a_fall(shape, data):
    rows = data.draw(rows_of(shape))
    with TemporaryDirectory() as folder:
        path = write(Path(folder), shape, rows)
        whole = path.read_bytes()
        if data.draw(st.booleans()):
            broken = whole[: data.draw(st.integers(0, len(whole) - 1))]
        else:
            at = data.draw(st.integers(0, len(whole) - 1))
            broken = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
        path.write_bytes(broken)
        opened = open_store(path)
        if isinstance(opened, InputProblem):
            assert opened.code in ("SEQ454", "SEQ456")
        assert isinstance(verify(path), InputProblem)
        assert not isinstance(open_release(shape, path), Exception)
