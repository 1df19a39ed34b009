"""What is carried to other machines is all that the rulebook reads, nothing beside it, and opens there to the same receipt."""

import shutil
from pathlib import Path
from zipfile import ZipFile

import pytest
from attrs import evolve

import sequela
from sequela.engine.batch.carried import (
    Packing,
    RulebookDiffers,
    data_named,
    needed,
    pack,
    packed_name,
    receipt_of,
    rulebook_at,
)
from sequela.engine.pipeline.files import SHIPPED
from spark_made import write_rules


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    here = tmp_path / "here"
    write_rules(here, over="")
    return here


def packing_of(rules: list[Path], data: list[Path], archive: str = "x.zip") -> Packing:
    return Packing(
        tuple(packed_name(one) for one in rules),
        tuple(packed_name(one) for one in data),
        archive,
        receipt_of(sequela.load(*rules, data=data)),
    )


@pytest.mark.parametrize("named", ["rules", "rules/harbor/harbor.rules"])
def test_elsewhere_it_opens_to_the_same_receipt(folder: Path, tmp_path: Path, named: str) -> None:
    rules, data = [folder / named], [folder / "tables"]
    packing = packing_of(rules, data)
    archive = pack(needed(rules, data), tmp_path / "sent")
    there = tmp_path / "there"
    ZipFile(archive).extractall(there)
    shutil.rmtree(folder)
    rulebook = rulebook_at(packing, str(there))
    assert receipt_of(rulebook) == packing.receipt
    assert "harbor" in rulebook.payers
    assert rulebook_at(packing, str(there)) is rulebook  # kept


def test_nothing_else_is_carried(folder: Path) -> None:
    files = needed([folder / "rules" / "harbor" / "harbor.rules"], [folder / "tables"])
    names = {str(one.relative_to(folder)) for one in files}
    assert {"rules/harbor/harbor.rules", "rules/harbor-terms.rules", "rules/harbor/limits.csv"} <= names
    assert "tables/harbor/fees.table/2026.sqt" in names
    assert not names & {"rules/harbor/tide.rules", "rules/harbor/not-for-executors.txt"}
    assert not [one for one in files if any(one.is_relative_to(shipped) for shipped in SHIPPED)]


def test_what_ships_needs_nothing_to_be_carried() -> None:
    assert needed([], []) == ()


def test_equal_files_make_equal_archives(folder: Path, tmp_path: Path) -> None:
    files = needed([folder / "rules"], [folder / "tables"])
    one, other = pack(files, tmp_path / "a"), pack(files, tmp_path / "b")
    assert one.name == other.name
    (folder / "rules" / "harbor" / "limits.csv").write_text("procedure,most\n99213,2\n")
    assert pack(files, tmp_path / "a").name != one.name


@pytest.mark.parametrize(("part", "word"), [(0, "engine"), (1, "rules"), (2, "tables")])
def test_a_worker_does_not_decide_by_anything_else(folder: Path, part: int, word: str) -> None:
    packing = evolve(packing_of([folder / "rules"], [folder / "tables"]), archive=None)
    packing = evolve(packing, rules=(str(folder / "rules"),), data=(str(folder / "tables"),))
    receipt = [*packing.receipt]
    receipt[part] = "another"
    with pytest.raises(RulebookDiffers, match=f"{word}: another there"):
        rulebook_at(evolve(packing, receipt=tuple(receipt)), None)


def test_a_table_that_is_missing_there_is_no_silent_gap(folder: Path) -> None:
    packing = packing_of([folder / "rules"], [folder / "tables"])
    (folder / "rules" / "harbor" / "limits.csv").unlink()
    with pytest.raises(RulebookDiffers, match="tables"):
        rulebook_at(packing, folder.anchor)


def test_folders_named_by_the_environment_count(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQUELA_DATA", str(folder / "tables"))
    assert data_named(["x"]) == (Path("x"), folder / "tables")
