"""What an imported file says about itself."""

from datetime import date
from hashlib import sha256

import pytest

from sequela.engine.tables.load import load_file
from sequela.engine.tables.model import Covers, KeyColumn, MatchState, TableShape
from sequela.engine.tables.receipt import Receipt, read_receipt, receipt_path, receipt_text
from sequela.engine.vocabulary.kinds import CodeOf
from sequela.engine.vocabulary.systems import System

SHAPE = TableShape("t", "T", (KeyColumn("code", CodeOf(System.HCPCS)),))
CONTENT = b"code\nG0104\n"
RECEIPT = Receipt(release="2026Q3", covers=Covers(date(2026, 7, 1), None), sha256=sha256(CONTENT).hexdigest())


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "codes.csv"
    made.write_bytes(CONTENT)
    return made


def test_a_receipt_is_read_as_it_was_written(path):
    receipt_path(path).write_text(receipt_text(RECEIPT))
    assert read_receipt(path, "codes.csv", str(RECEIPT.sha256)) == RECEIPT


def test_a_file_brings_its_release_and_its_dates_along(path):
    receipt_path(path).write_text(receipt_text(RECEIPT))
    table = load_file(SHAPE, path)
    assert table.release == "2026Q3"
    assert table.look_up(("G0104",), date(2026, 6, 30)).state is MatchState.NOT_COVERED
    assert table.look_up(("G0104",), date(2026, 7, 1)).found is True
    assert load_file(SHAPE, path, release="mine").release == "mine"


def test_a_declared_cover_stands_over_the_receipt(path):
    receipt_path(path).write_text(receipt_text(RECEIPT))
    shape = TableShape("t", "T", SHAPE.keys, covers=Covers(None, None))
    assert load_file(shape, path).look_up(("G0104",), date(2026, 6, 30)).found is True


def test_without_a_receipt_nothing_is_said(path):
    table = load_file(SHAPE, path)
    assert table.release is None
    assert table.covers == Covers(None, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "cannot be read"),
        ('{"schema": "other/1"}', "`other/1`"),
        ('{"schema": "sequela.table-receipt/1", "covers-from": "7/1/2026"}', "cannot be read"),
        ('{"schema": "sequela.table-receipt/1", "sha256": "00"}', "changed after it was imported"),
    ],
)
def test_a_receipt_that_does_not_fit(path, text, words):
    receipt_path(path).write_text(text)
    (problem,) = load_file(SHAPE, path)
    assert problem.code == "SEQ458"
    assert words in problem.message


def test_a_receipt_that_is_a_folder(path):
    receipt_path(path).mkdir()
    assert load_file(SHAPE, path)[0].code == "SEQ458"
