"""The folder of a batch: what is done, what is not, and what is somebody else's."""

import json
from pathlib import Path
from typing import Any

import pytest

from sequela.engine.batch.inputs import Refusal
from sequela.engine.batch.journal import Done, Folder, open_folder
from sequela.engine.batch.layout import JOURNAL, MANIFEST, WORK, Part, draft_name, part_path
from sequela.engine.batch.tally import ChunkTally

IDENTITY = {
    "engine": "0",
    "inputs": [{"name": "a", "size": 1}],
    "rules": "r",
    "tables": "t",
    "options": {"payer": None},
}


def opened(out: Path, identity: Any = IDENTITY, **how: bool) -> Folder:
    folder = open_folder(out, identity, **how)
    assert isinstance(folder, Folder), folder
    return folder


def done(folder: Folder, index: int, text: bytes = b"rows") -> None:
    (folder.drafts / draft_name("claims", index)).write_bytes(text)
    part = Part(table="claims", rows=2, size=len(text))
    folder.commit(Done(index=index, count=2, read=9, parts=(part,), tally=ChunkTally(claims=2)))


def refused(out: Path, identity: Any = IDENTITY, **how: bool) -> str:
    folder = open_folder(out, identity, **how)
    assert isinstance(folder, Refusal)
    return str(folder)


def test_what_was_done_is_known_again(tmp_path: Path) -> None:
    folder = opened(tmp_path / "out")
    assert (folder.done, folder.is_complete) == ({}, False)
    done(folder, 1)
    done(folder, 0)
    folder.close()
    again = opened(tmp_path / "out")
    assert sorted(again.done) == [0, 1]
    assert again.rows() == {"findings": 0, "claims": 4, "rejects": 0}
    assert again.tally().claims == 4
    again.finish()
    again.close()
    manifest = json.loads((tmp_path / "out" / MANIFEST).read_text())
    assert (manifest["complete"], manifest["chunks"], manifest["schema"]) == (True, 2, "sequela.batch/2")
    last = opened(tmp_path / "out")
    assert last.is_complete
    last.close()
    assert not (tmp_path / "out" / WORK).exists()


def test_a_torn_line_is_cut_off(tmp_path: Path) -> None:
    folder = opened(tmp_path)
    done(folder, 0)
    done(folder, 1)
    folder.close()
    journal = tmp_path / JOURNAL
    whole = journal.read_bytes()
    journal.write_bytes(whole[:-5])
    again = opened(tmp_path)
    assert sorted(again.done) == [0]
    done(again, 1)
    again.close()
    assert journal.read_bytes() == whole


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"half")])
def test_a_part_that_is_gone_or_cut_off_is_done_again(tmp_path: Path, spoil: Any) -> None:
    folder = opened(tmp_path)
    done(folder, 0)
    done(folder, 1, b"more rows")
    folder.finish()
    folder.close()
    spoil(part_path(tmp_path, "claims", 1))
    again = opened(tmp_path)
    assert sorted(again.done) == [0]
    assert not again.is_complete
    again.close()


def test_drafts_of_a_run_that_was_killed_are_removed(tmp_path: Path) -> None:
    folder = opened(tmp_path)
    (folder.drafts / "claims-00007.parquet").write_bytes(b"half")
    folder._journal.close()
    again = opened(tmp_path)
    assert list(again.drafts.iterdir()) == []
    again.close()


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("rules", "the rules have changed"),
        ("tables", "tables"),
        ("inputs", "inputs"),
        ("options", "--payer is another"),
    ],
)
def test_a_batch_of_something_else_is_not_taken_up(tmp_path: Path, key: str, said: str) -> None:
    folder = opened(tmp_path)
    done(folder, 0)
    folder.close()
    other = {**IDENTITY, key: {"payer": "other"} if key == "options" else "other"}
    message = refused(tmp_path, other)
    assert said in message
    assert "--restart" in message
    again = opened(tmp_path, other, restart=True)
    assert again.done == {}
    assert not part_path(tmp_path, "claims", 0).exists()
    again.close()
    assert opened(tmp_path, other).close() is None


def test_two_do_not_work_in_one_folder(tmp_path: Path) -> None:
    folder = opened(tmp_path)
    assert "Another batch is at work" in refused(tmp_path)
    assert "Another batch is at work" in refused(tmp_path, restart=True)
    folder.close()
    opened(tmp_path).close()


def test_the_files_of_others_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "report.docx").write_bytes(b"mine")
    assert "report.docx" in refused(tmp_path)
    assert "report.docx" in refused(tmp_path, restart=True)
    assert (tmp_path / "report.docx").read_bytes() == b"mine"


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert "is a file" in refused(tmp_path / "file")
    assert "cannot be written to" in refused(tmp_path / "file" / "out")


def test_a_folder_of_another_version(tmp_path: Path) -> None:
    opened(tmp_path).close()
    (tmp_path / MANIFEST).write_bytes(b'{"schema":"sequela.batch/1"}')
    assert "begun by another version of Sequela" in refused(tmp_path)


@pytest.mark.parametrize("text", [b"{", b"[]", b'{"schema":"another/1"}', b"\xff"])
def test_a_manifest_that_cannot_be_read(tmp_path: Path, text: bytes) -> None:
    opened(tmp_path).close()
    (tmp_path / MANIFEST).write_bytes(text)
    assert "manifest cannot be read" in refused(tmp_path)
    opened(tmp_path, restart=True).close()


@pytest.mark.parametrize("line", [b"{}", b"[1]", b"\xff", b'{"chunk":1,"claims":2,"read":3,"parts":[],"tally":{}}'])
def test_a_line_that_says_nothing(line: bytes) -> None:
    assert Done.from_line(line) is None
