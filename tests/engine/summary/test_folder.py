"""Folder: which parts count, and what is said of a folder that is none, or not whole."""

import shutil

import pytest

from sequela.engine.batch.layout import JOURNAL, MANIFEST
from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.summary.figures import summarize
from sequela.engine.summary.folder import DAMAGED, NO_BATCH, UNFINISHED, open_batch, unfinished
from summary_made import made_batch


@pytest.fixture
def made(tmp_path):
    return made_batch(tmp_path / "out", 120, per_chunk=50)


def said(found):
    assert isinstance(found, InputProblem)
    return found.code, found.message


def test_a_batch_is_opened(made):
    found = open_batch(made)
    assert found.is_complete
    assert len(found.parts) == 3
    assert found.inputs == ("claims.jsonl",)
    assert unfinished(found) is None


def test_a_folder_that_is_not_there(tmp_path):
    assert said(open_batch(tmp_path / "no")) == (NO_BATCH, f"There is no folder {tmp_path / 'no'}.")


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "claims.jsonl").write_text("{}")
    assert said(open_batch(tmp_path / "claims.jsonl"))[0] == NO_BATCH


def test_a_folder_that_no_batch_wrote(tmp_path):
    assert said(open_batch(tmp_path))[0] == NO_BATCH


def test_a_manifest_that_cannot_be_read(made):
    (made / MANIFEST).write_text("{")
    assert said(open_batch(made)) == (NO_BATCH, "manifest.json is not the manifest of a batch.")


def test_a_part_that_is_gone(made):
    (made / "claims" / "part-00001.parquet").unlink()
    assert said(open_batch(made)) == (DAMAGED, "The part claims/part-00001.parquet is not there.")


def test_a_part_that_was_cut_off(made):
    part = made / "findings" / "part-00000.parquet"
    part.write_bytes(part.read_bytes()[:-7])
    code, message = said(open_batch(made))
    assert code == DAMAGED
    assert "bytes instead of" in message


@pytest.mark.parametrize("table", ["findings", "claims", "rejects"])
def test_a_part_that_was_overwritten(made, table):
    part = made / table / "part-00000.parquet"
    part.write_bytes(b"\x00" * part.stat().st_size)
    code, message = said(summarize(made))
    assert code == DAMAGED
    assert message.startswith(f"The part {table}/part-00000.parquet is damaged")


def test_findings_of_claims_that_are_not_there(made):
    (made / JOURNAL).unlink()
    shutil.copy(made / "findings" / "part-00001.parquet", made / "findings" / "part-00000.parquet")
    code, message = said(summarize(made))
    assert code == DAMAGED
    assert "not among the claims" in message


def test_a_batch_that_is_not_finished(tmp_path):
    made = made_batch(tmp_path / "out", 120, per_chunk=50, complete=False)
    found = open_batch(made)
    assert not found.is_complete
    assert unfinished(found).code == UNFINISHED
    assert not unfinished(found).fatal


def test_what_stands_behind_a_torn_line_was_never_done(made):
    journal = made / JOURNAL
    journal.write_bytes(journal.read_bytes()[:-5])
    found = open_batch(made)
    assert len(found.parts) == 2
    assert not found.is_complete
    assert summarize(made).total.claims < 120


def test_a_cluster_names_its_files_otherwise(made):
    whole = summarize(made)
    for name in (JOURNAL, MANIFEST):
        (made / name).unlink()
    for number, part in enumerate(sorted((made / "findings").iterdir())):
        part.rename(part.with_name(f"part-{number}-a1b2.snappy.parquet"))
    found = summarize(made)
    assert len(found.folder.parts) == 1
    assert found.total == whole.total
    assert found.rules == whole.rules
    assert found.months == whole.months
