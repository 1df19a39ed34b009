"""An import is whole or not at all."""

import os
import stat

import pytest

from ncci_made import MUE_ROWS, POLICY, aoc_file, mue_file, ptp_file
from sequela.engine.imports.kinds import Asked, Draft, Kind, Reading, refused, warned
from sequela.engine.imports.registry import KINDS, kind_named
from sequela.engine.imports.run import READ, run_import, too_many
from sequela.engine.tables.delimited import Batch
from sequela.engine.tables.model import Covers, KeyColumn, TableShape
from sequela.engine.tables.store_format import read_manifest, verify
from sequela.engine.vocabulary.kinds import CodeOf
from sequela.engine.vocabulary.systems import System

MUE = kind_named("mue")
CODE = CodeOf(System.HCPCS)


def imported(path, folder, kind=MUE, **options):
    asked = options.pop("asked", Asked())
    return run_import(kind, [path], folder / "data", asked, kinds=KINDS, **options)


def bad(count):
    return [[f"bad {n}", "1", POLICY, "CMS Policy"] for n in range(count)]


def good(count):
    return [[f"G{n:04d}", "1", POLICY, "CMS Policy"] for n in range(count)]


def kept(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_release_says_what_it_was_made_from(tmp_path):
    made = imported(mue_file(tmp_path), tmp_path).written[0]
    assert made.path == tmp_path / "data/ncci/mue-practitioner.table/2026q4.sqt"
    found = read_manifest(made.path)
    assert found == made.manifest
    assert (found.made_by, found.publisher, found.rows, found.rejects) == ("mue", "CMS", 3, 0)
    assert found.source == "MCR_MUE_PractitionerServices_Eff_10-01-2026.csv"
    assert len(found.sha256) == 64
    assert found.notes == {"limit 0": 1}
    assert verify(made.path) is None
    assert kept(tmp_path / "data") == ["ncci/mue-practitioner.table/2026q4.sqt"]


@pytest.mark.parametrize(
    ("rows", "rejects", "allowed", "stopped"),
    [
        (10, 20, None, False),
        (10, 21, None, True),
        (4179, 21, None, False),
        (4178, 21, None, True),
        (10, 21, 21, False),
        (10, 1, 0, True),
    ],
)
def test_how_many_rows_may_be_lost(rows, rejects, allowed, stopped):
    """20, or half a percent of all rows, or as many as the user says."""
    assert too_many(rows, rejects, allowed) is stopped


def test_an_import_that_loses_too_much_leaves_the_table_as_it_was(tmp_path):
    imported(mue_file(tmp_path), tmp_path)
    place = tmp_path / "data/ncci/mue-practitioner.table/2026q4.sqt"
    before = place.read_bytes()
    outcome = imported(mue_file(tmp_path, rows=[*MUE_ROWS, *bad(21)]), tmp_path)
    assert not outcome.is_done
    assert outcome.problems[-1].code == "SEQ487"
    assert "--allow-rejects 21" in (outcome.problems[-1].hint or "")
    assert place.read_bytes() == before
    (listed,) = outcome.failed_rejects
    assert listed.name == "2026q4.failed.rejects.csv"
    assert len(listed.read_text().splitlines()) == 22


def test_the_user_may_allow_more(tmp_path):
    outcome = imported(mue_file(tmp_path, rows=[*MUE_ROWS, *bad(21)]), tmp_path, allow_rejects=21)
    assert outcome.written[0].manifest.rejects == 21
    said = [problem for problem in outcome.problems if problem.code == "SEQ488"]
    assert len(said) == 6
    assert said[-1].message.startswith("16 more rows are left out")


def test_the_list_of_rejects_goes_with_its_release(tmp_path):
    outcome = imported(mue_file(tmp_path, rows=[*MUE_ROWS, *bad(1)]), tmp_path)
    listed = tmp_path / "data/ncci/mue-practitioner.table/2026q4.rejects.csv"
    assert outcome.written[0].rejects == listed
    assert "bad 0" in listed.read_text()
    imported(mue_file(tmp_path), tmp_path)
    assert not listed.exists()


def test_a_file_without_rows_is_refused(tmp_path):
    outcome = imported(mue_file(tmp_path, rows=[]), tmp_path)
    assert [problem.code for problem in outcome.problems] == ["SEQ483"]
    assert not outcome.is_done


def test_a_problem_in_the_middle_ends_the_import_and_leaves_nothing(tmp_path):
    def rows():
        yield Batch((["G0101"],), [1])
        yield warned("SEQ490", "Odd.", "a.txt")
        yield refused("SEQ482", "Broken.", "a.txt")

    outcome = imported(mue_file(tmp_path), tmp_path, kind=made_kind([rows]))
    assert [problem.code for problem in outcome.problems] == ["SEQ490", "SEQ482"]
    assert kept(tmp_path / "data") == []


def test_of_several_tables_all_come_or_none(tmp_path):
    def few():
        yield Batch((["G0101"],), [1])

    def lost():
        yield Batch((["bad"] * 30,), list(range(30)))

    outcome = imported(mue_file(tmp_path), tmp_path, kind=made_kind([few, lost]))
    assert not outcome.is_done
    assert kept(tmp_path / "data") == ["made/t1.table/1.failed.rejects.csv"]


def made_kind(rows):
    def read(inputs, asked):
        shapes = [TableShape(f"made/t{at}", "", (KeyColumn("code", CODE),)) for at in range(len(rows))]
        return Reading(
            tuple(
                Draft(shape=shape, release="1", covers=Covers(None, None), rows=one, inputs=tuple(inputs))
                for shape, one in zip(shapes, rows, strict=True)
            )
        )

    return Kind(name="made", title="", publisher="", files=(), licence="", tables=(), read=read)


def test_a_file_of_another_kind_is_named(tmp_path):
    outcome = imported(mue_file(tmp_path), tmp_path, kind=kind_named("ncci-ptp"))
    (problem,) = outcome.problems
    assert problem.code == "SEQ480"
    assert "looks like one for mue" in problem.message
    (problem,) = imported(ptp_file(tmp_path), tmp_path).problems
    assert "looks like one for ncci-ptp" in problem.message
    (problem,) = imported(aoc_file(tmp_path), tmp_path).problems
    assert "looks like one for add-on" in problem.message


def test_the_name_of_a_release_is_a_file_name(tmp_path):
    outcome = imported(mue_file(tmp_path), tmp_path, asked=Asked(release="../2026"))
    assert [problem.code for problem in outcome.problems] == ["SEQ484"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the root user may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path):
    path = mue_file(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert [problem.code for problem in imported(path, tmp_path).problems] == ["SEQ492"]


def test_a_folder_that_is_a_file(tmp_path):
    (tmp_path / "data").write_text("")
    assert [problem.code for problem in imported(mue_file(tmp_path), tmp_path).problems] == ["SEQ492"]


def test_progress_counts_rows_and_bytes(tmp_path):
    seen = []
    path = mue_file(tmp_path, rows=good(50))
    imported(path, tmp_path, step=lambda *one: seen.append(one))
    size = path.stat().st_size
    assert seen == [("ncci/mue-practitioner", 50, size, size), ("ncci/mue-practitioner", 50, READ, size)]


def test_rows_that_are_good_are_all_there(tmp_path):
    assert imported(mue_file(tmp_path, rows=good(2500)), tmp_path).written[0].manifest.rows == 2500
