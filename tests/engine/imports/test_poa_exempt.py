from datetime import date
from pathlib import Path

import pytest

from published_made import opened, rows_of, workbook, zipped
from sequela.engine.imports.kinds import Asked, Draft
from sequela.engine.imports.poa_exempt import read
from sequela.engine.tables.model import Covers

TEXT = "Order25\tPOAexemptCode\tDescription\r\n01225\tB90.0\tSequelae of tuberculosis\r\n01230\tB91\tSequelae\r\n"


def made(path: Path) -> Draft:
    (draft,) = read(opened(path), Asked()).drafts
    return draft


@pytest.mark.parametrize("form", ["txt", "xlsx", "zip"])
def test_a_list_becomes_a_table(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"POAexemptCodesFY25.{form}"
    match form:
        case "txt":
            path.write_text(TEXT, newline="")
        case "xlsx":
            workbook(path, [line.split("\t") for line in TEXT.splitlines()])
        case _:
            zipped(
                path,
                {
                    "POAexemptCodesFY25.txt": TEXT.encode(),
                    "POAexemptAddCodesFY25.txt": TEXT.encode(),
                    "POAexemptDeleteCodesFY25.txt": b"POAexemptCode\tDescription\r\nB92\tSequelae\r\n",
                    "ReadMePOAexemptFY25.txt": b"Description of Present On Admission (POA) files\r\n",
                },
            )
    draft = made(path)
    assert (draft.release, draft.covers) == ("fy2025", Covers(date(2024, 10, 1), date(2025, 9, 30)))
    assert [(row["code"], row["description"]) for row in rows_of(draft)] == [
        ("B90.0", "Sequelae of tuberculosis"),
        ("B91", "Sequelae"),
    ]


def test_what_is_no_list_is_said(tmp_path: Path) -> None:
    path = tmp_path / "POAexemptCodesFY25.txt"
    path.write_text("Order\tText\r\n1\tnone\r\n")
    assert [problem.code for problem in read(opened(path), Asked()).problems] == ["SEQ481"]
    path = tmp_path / "poa.txt"
    path.write_text("Code\tText\r\nB91\tSequelae\r\n")
    assert [problem.code for problem in read(opened(path), Asked()).problems] == ["SEQ484"]
