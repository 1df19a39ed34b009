from datetime import date
from pathlib import Path

from published_made import opened, rows_of, workbook, zipped
from sequela.engine.imports.kinds import Asked, Reading
from sequela.engine.imports.mpfs import read
from sequela.engine.tables.model import Covers

HEADER = [
    ",,2026 National Physician Fee Schedule Relative Value File July Release",
    ",,All Rights Reserved.",
    ",,",
    ",,,,,,,,,,,,,,,PHYSICIAN,",
    ",,,,,,,,,,,,,,,SUPERVISION OF,",
    ",,,STATUS,PCTC,GLOB,PRE,INTRA,POST,MULT,BILAT,ASST,CO-,TEAM,ENDO,DIAGNOSTIC,WORK",
    "HCPCS,MOD,DESCRIPTION,CODE,IND,DAYS,OP,OP,OP,PROC,SURG,SURG,SURG,SURG,BASE,PROCEDURES,RVU",
]
ROWS = [
    "27447,,text of others,A,0,090,0.10,0.69,0.21,2,1,2,1,0,,09,19.60",
    "45380,,text of others,A,0,000,0.00,0.00,0.00,3,0,1,0,0,45378,09,3.56",
    "G0279,,text,A,1,XXX,0.00,0.00,0.00,0,0,0,0,0,,09,0.60",
    "G0279,TC,text,A,1,XXX,0.00,0.00,0.00,0,0,0,0,0,,09,0.00",
    "G0279,26,text,A,1,XXX,0.00,0.00,0.00,0,0,0,0,0,,09,0.60",
]
TEXT = "\r\n".join([*HEADER, *ROWS])


def made(path: Path) -> Reading:
    return read(opened(path), Asked())


def test_a_file_becomes_indicators_and_components(tmp_path: Path) -> None:
    path = tmp_path / "PPRRVU2026_Jul_nonQPP.csv"
    path.write_text(TEXT)
    indicators, components = made(path).drafts
    assert (indicators.shape.name, components.shape.name) == ("mpfs/indicators", "mpfs/components")
    assert (indicators.release, indicators.covers) == ("2026q3", Covers(date(2026, 7, 1), date(2026, 9, 30)))
    rows = {row["code"]: row for row in rows_of(indicators)}
    assert list(rows) == ["27447", "45380", "G0279"]
    knee, scope = rows["27447"], rows["45380"]
    assert (knee["global"], knee["days-after"], knee["bilateral"], knee["work"]) == ("090", "90", "1", "19.60")
    assert (scope["endoscopy-base"], scope["days-after"], rows["G0279"]["days-after"]) == ("45378", "0", "")
    assert [(row["code"], row["modifier"], row["work"]) for row in rows_of(components)] == [
        ("G0279", "TC", "0.00"),
        ("G0279", "26", "0.60"),
    ]
    assert not any("text" in cell for row in rows.values() for cell in row.values())


def test_a_sheet_is_read_like_the_csv(tmp_path: Path) -> None:
    path = workbook(tmp_path / "PPRRVU2026_Jul_nonQPP.xlsx", [line.split(",") for line in TEXT.split("\r\n")])
    assert [row["code"] for row in rows_of(made(path).drafts[0])] == ["27447", "45380", "G0279"]


def test_of_two_variants_one_is_taken_and_the_other_is_named(tmp_path: Path) -> None:
    members = {name: TEXT.encode() for name in ("PPRRVU2026_Jul_QPP.csv", "PPRRVU2026_Jul_nonQPP.csv")}
    members |= {"PPRRVU2026_Jul_nonQPP.txt": b"27447 A", "GPCI2026.csv": b"a,b\r\n1,2\r\n", "RVU26C.txt": b"notes"}
    reading = made(zipped(tmp_path / "RVU26C.zip", members))
    assert [draft.inputs[0].file for draft in reading.drafts] == ["PPRRVU2026_Jul_nonQPP.csv"] * 2
    assert "PPRRVU2026_Jul_QPP.csv` is left out" in reading.problems[0].message
    assert reading.is_sound


def test_what_is_no_relative_value_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "PPRRVU2026_Jul.csv"
    path.write_text("a,b\r\n1,2\r\n")
    assert [problem.code for problem in made(path).problems] == ["SEQ481"]
    path.write_text("\r\n".join(HEADER))
    assert [problem.code for problem in made(path).problems] == ["SEQ483"]
    path = tmp_path / "values.csv"
    path.write_text("\r\n".join([*HEADER[1:], *ROWS]))
    assert [problem.code for problem in made(path).problems] == ["SEQ484"]
