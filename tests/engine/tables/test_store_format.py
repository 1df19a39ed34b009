"""The file of a release: what it says of itself, and that a damaged one is a problem with a name."""

import json
from hashlib import sha256

import pytest

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.tables.declared_store import open_release
from sequela.engine.tables.model import Covers, KeyColumn, RowTable, TableShape, ValueColumn
from sequela.engine.tables.store_format import digest_of, open_store, read_manifest, verify
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Scalar
from sequela.engine.vocabulary.systems import System
from tables_made import write

ICD = System.ICD10CM
SHAPE = TableShape(
    name="t",
    title="T",
    keys=(
        KeyColumn("code", CodeOf(ICD)),
        KeyColumn("owner", CodeOf(ICD), "under"),
        KeyColumn("among", CodesOf(ICD), "in"),
    ),
    values=(ValueColumn("note", Scalar.TEXT), ValueColumn("units", Scalar.NUMBER)),
    in_force=("effective", "ended"),
)
ROWS = [
    ("E11.9", "E08 .. E13", "E10, under E12", "a note that is longer than eight characters", "2", "2024-01-01", ""),
    ("E11.9", "E11", 'V00 .. V09, like "S52.?"', "a", "", "2024-01-01", "2024-12-31"),
    ("I10", "I10", "I11", "", "2.50", "", "2024-12-31"),
]
HEADER = 64


@pytest.fixture
def path(tmp_path):
    return write(tmp_path, SHAPE, ROWS, release="2026q4", covers=None, files=("a.txt", "b.txt"), sizes=(2,))


def test_a_release_says_what_it_is_without_its_rows(path):
    made = read_manifest(path)
    assert (path.parent.name, path.name) == ("t.table", "2026q4.sqt")
    assert (made.table, made.release, made.rows, made.rejects) == ("t", "2026q4", 3, 0)
    assert made.covers == Covers(None, None)
    assert verify(path) is None
    assert isinstance(open_release(SHAPE, path), RowTable)


def test_the_digest_in_the_header_changes_with_a_cell(tmp_path, path):
    changed = [*ROWS[:2], (*ROWS[2][:3], "b", *ROWS[2][4:])]
    other = write(tmp_path / "other", SHAPE, changed, release="2026q4", files=("a.txt", "b.txt"), sizes=(2,))
    same = write(tmp_path / "same", SHAPE, ROWS, release="2026q4", files=("a.txt", "b.txt"), sizes=(2,))
    assert digest_of(path) == digest_of(same) != digest_of(other)
    assert path.read_bytes() == same.read_bytes()


def code_of(found):
    assert isinstance(found, InputProblem), found
    return found.code


def test_what_is_no_such_file_is_a_problem(tmp_path):
    foreign, folder, empty = tmp_path / "a.sqt", tmp_path / "b.sqt", tmp_path / "c.sqt"
    foreign.write_text("code,units\n")
    folder.mkdir()
    empty.write_bytes(b"")
    for ask in (open_store, read_manifest, digest_of, verify):
        assert code_of(ask(foreign)) == code_of(ask(empty)) == "SEQ454"
        assert code_of(ask(folder)) == code_of(ask(tmp_path / "nowhere.sqt")) == "SEQ451"


def test_a_newer_version_is_named_as_one(path):
    data = path.read_bytes()
    path.write_bytes(data[:14] + b"0002" + data[18:])
    assert code_of(open_store(path)) == code_of(read_manifest(path)) == code_of(digest_of(path)) == "SEQ456"


def test_every_cut_is_noticed_when_the_file_is_opened(path):
    data = path.read_bytes()
    for size in range(0, len(data), 7):
        path.write_bytes(data[:size])
        assert code_of(open_store(path)) == "SEQ454"
    path.write_bytes(data + b"\0")
    assert code_of(open_store(path)) == "SEQ454"


def test_a_changed_cell_is_noticed_when_the_file_is_verified(path):
    data = path.read_bytes()
    length = int.from_bytes(data[20:24], "little")
    for at in range(HEADER + length, len(data)):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert not isinstance(open_store(path), InputProblem)
        assert code_of(verify(path)) == "SEQ454"


def rewritten(path, change):
    """The file with another manifest, and the digests that fit it."""
    data = path.read_bytes()
    length = int.from_bytes(data[20:24], "little")
    form = json.loads(data[HEADER : HEADER + length])
    change(form)
    text = json.dumps(form).encode()
    text += b" " * (-(HEADER + len(text)) % 8)
    payload = data[HEADER + length :]
    size = HEADER + len(text) + len(payload)
    header = data[:20] + len(text).to_bytes(4, "little") + size.to_bytes(8, "little") + sha256(text).digest()
    path.write_bytes(header + text + payload)


def numbers_in(form, trail=()):
    """The places of all whole numbers in a manifest, but for those that are no more than said."""
    if isinstance(form, dict):
        for name, part in form.items():
            if name not in ("rejects", "base", "open_end", "lengths"):
                yield from numbers_in(part, (*trail, name))
    elif isinstance(form, list):
        for at, part in enumerate(form):
            yield from numbers_in(part, (*trail, at))
    elif isinstance(form, int) and not isinstance(form, bool):
        yield trail


def test_a_manifest_whose_parts_do_not_fit_together_is_never_a_fall(path):
    data = path.read_bytes()
    form = json.loads(data[HEADER : HEADER + int.from_bytes(data[20:24], "little")])
    for trail in list(numbers_in(form)):
        for by in (1, -1, 1_000_000):
            path.write_bytes(data)

            def change(form, trail=trail, by=by):
                for step in trail[:-1]:
                    form = form[step]
                form[trail[-1]] += by

            rewritten(path, change)
            found = open_release(SHAPE, path)
            if isinstance(found, tuple):
                assert {problem.code for problem in found} <= {"SEQ454", "SEQ459"}
    path.write_bytes(data)
    for name in list(form):
        path.write_bytes(data)
        rewritten(path, lambda form, name=name: form.pop(name))
        found = open_release(SHAPE, path)
        assert isinstance(found, RowTable) or found[0].code in ("SEQ454", "SEQ460")
