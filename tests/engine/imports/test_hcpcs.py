from datetime import date
from pathlib import Path

import pytest

from published_made import SHARED, contractor_record, opened, rows_of, workbook, zipped
from sequela.engine.imports.hcpcs import read
from sequela.engine.imports.kinds import Asked, Reading
from sequela.engine.tables.model import Covers

TRUE = SHARED / "data" / "layouts" / "HCPC2019_CONTR_ANWEB.txt.xz"
NAMES = [
    "HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION", "COV", "BETOS", "ADD DT", "ACT EFF DT", "TERM DT",
    "ACTION CD", "XREF1",
]  # fmt: skip
TEXT = "\r\n".join(
    [
        "***Disclaimers",
        contractor_record("A1", "00100", "7", "Dressing for one wound", added="20020701", acted="20020701", action="N"),
        contractor_record(
            "A0021", "00100", "3", "Ambulance", short="Amb", xref="A0030", coverage="I", betos="O1A", tos="D",
            pricing="00", added="19850101", acted="20200101", ended="20191231", action="D",
        ),
        contractor_record("99213", "00100", "3", "a text of others", short="text", added="20000101"),
        contractor_record("D0120", "00100", "3", "another text of others", added="20000101"),
    ]
)  # fmt: skip


def made(path: Path, **asked: object) -> Reading:
    return read(opened(path), Asked(**asked))  # type: ignore[arg-type]


def written(path: Path, text: str = TEXT) -> Path:
    path.write_text(text, encoding="latin-1")
    return path


def test_a_file_becomes_codes_and_modifiers(tmp_path: Path) -> None:
    reading = made(written(tmp_path / "HCPC2020_APR_ANWEB.txt"))
    codes, modifiers = reading.drafts
    assert (codes.shape.name, modifiers.shape.name) == ("hcpcs/codes", "hcpcs/modifiers")
    assert (codes.release, codes.covers) == ("2020q2", Covers(date(2020, 4, 1), date(2020, 6, 30)))
    assert rows_of(modifiers) == [
        {
            "code": "A1", "description": "Dressing for one wound", "short": "", "coverage": "", "action": "N",
            "changed": "2002-07-01", "effective": "2002-07-01", "ended": "", "line": "2",
        }
    ]  # fmt: skip
    first = rows_of(codes)[0]
    assert first == {
        "code": "A0021", "short": "Amb", "description": "Ambulance", "coverage": "I", "action": "D", "betos": "O1A",
        "service-type": "D", "pricing": "00", "replaced-by": "A0030", "changed": "2020-01-01", "effective": "1985-01-01",
        "ended": "2019-12-31", "line": "3",
    }  # fmt: skip


def test_texts_that_are_not_free_are_left_out(tmp_path: Path) -> None:
    codes = made(written(tmp_path / "HCPC2020_APR_ANWEB.txt")).drafts[0]
    rows = {row["code"]: row for row in rows_of(codes)}
    assert (rows["99213"]["description"], rows["99213"]["short"], rows["D0120"]["description"]) == ("", "", "")
    assert codes.notes["texts of others left out"] == 2


@pytest.mark.parametrize("form", ["xlsx", "csv", "zip"])
def test_the_sheet_the_csv_and_the_archive(tmp_path: Path, form: str) -> None:
    rows = [
        ["Note"],
        NAMES,
        ["   A1", "0010", "7", "Dressing", "Dressing", "C", "", "20020701", "20020701", "", "N", ""],
        ["A0021", "0010", "3", "Ambulance", "Amb", "I", "O1A", "19850101", "20200101", "20191231", "D", "QM"],
    ]
    path = tmp_path / f"HCPC2026_OCT_ANWEB.{form}"
    text = "\r\n".join(",".join(row) for row in rows)
    match form:
        case "xlsx":
            workbook(path, rows)
        case "csv":
            written(path, text)
        case _:
            members = {
                "HCPC2026_OCT_ANWEB.csv": text.encode(),
                "HCPC2026_OCT_Transaction Report.csv": b"a,b\r\n",
                "proc_notes_2026.txt": b"PROCESSING NOTES\r\n",
            }
            zipped(path, members)
    codes, modifiers = made(path).drafts
    assert codes.release == "2026q4"
    assert [row["code"] for row in rows_of(modifiers)] == ["A1"]
    (code,) = rows_of(codes)
    assert (code["effective"], code["ended"], code["replaced-by"]) == ("1985-01-01", "2019-12-31", "")


def test_the_file_speaks_since_the_year_whose_discontinued_codes_it_keeps(tmp_path: Path) -> None:
    gone = [
        contractor_record(f"Q{at:04}", "00100", "3", "Gone", added="20000101", ended=ended)
        for at, ended in enumerate(["20091231", *["20141231"] * 10, *["20151231"] * 10])
    ]
    reading = made(written(tmp_path / "HCPC2019_CONTR_ANWEB.txt", "\n".join(gone)))
    assert reading.drafts[0].covers == Covers(date(2015, 1, 1), date(2019, 3, 31))


def test_a_file_of_modifiers_alone_leaves_the_codes_as_they_were(tmp_path: Path) -> None:
    reading = made(written(tmp_path / "HCPC2020_APR_ANWEB.txt", TEXT.split("\r\n")[1]))
    assert [draft.shape.name for draft in reading.drafts] == ["hcpcs/modifiers"]
    assert "hcpcs/codes" in reading.problems[0].message
    assert reading.is_sound


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("HCPC2020_APR_ANWEB.txt", "nothing of the kind", "SEQ481"),
        ("HCPC2020_APR_ANWEB.csv", ",".join(NAMES), "SEQ483"),
        ("codes.txt", TEXT, "SEQ484"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, name: str, text: str, code: str) -> None:
    reading = made(written(tmp_path / name, text))
    assert [problem.code for problem in reading.problems] == [code]
    assert not reading.is_sound


def test_the_user_says_the_edition_where_the_name_does_not(tmp_path: Path) -> None:
    covers = Covers(date(2020, 1, 1), date(2020, 3, 31))
    reading = made(written(tmp_path / "codes.txt"), release="own", covers=covers)
    assert (reading.drafts[0].release, reading.drafts[0].covers) == ("own", covers)


@pytest.mark.skipif(not TRUE.exists(), reason="the published file is not beside the project")
def test_the_file_of_2019() -> None:
    codes, modifiers = made(TRUE).drafts
    assert (len(rows_of(codes)), len(rows_of(modifiers))) == (6440, 360)
    assert codes.covers == Covers(date(2015, 1, 1), date(2019, 3, 31))
