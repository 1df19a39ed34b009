import io
import lzma
from collections import Counter

import pytest

from published_made import SHARED
from sequela.engine.imports.icd10pcs_layout import HEADING, NOT_A_ROW, PcsUnreadable, order_entries, table_entries

TRUE = SHARED / "data" / "tables" / "icd10pcs_tables_FY2026.xml.xz"


def axis(place: int, labels: dict[str, str]) -> str:
    inside = "".join(f'<label code="{code}">{text}</label>' for code, text in labels.items())
    return f'<axis pos="{place}" values="{len(labels)}"><title>Place {place}</title>{inside}</axis>'


def table(said: str = "6", approach: dict[str, str] | None = None) -> bytes:
    head = axis(1, {"0": "Medical"}) + axis(2, {"0": "Nervous"}) + axis(3, {"1": "Bypass"})
    row = (
        axis(4, {"6": "Ventricle"})
        + axis(5, approach or {"0": "Open", "3": "Percutaneous"})
        + axis(6, {"7": "Autologous", "J": "Synthetic", "K": "Other"})
        + axis(7, {"0": "Nose"})
    )
    text = f'<pcsTable>{head}<pcsRow codes="{said}">{row}</pcsRow></pcsTable>'
    return f'<?xml version="1.0"?><ICD10PCS.tabular><version>2026</version>{text}</ICD10PCS.tabular>'.encode()


def test_a_row_makes_every_combination_of_its_characters() -> None:
    notes: Counter[str] = Counter()
    entries = list(table_entries(io.BytesIO(table()), notes))
    assert [entry.code for entry in entries] == ["0016070", "00160J0", "00160K0", "0016370", "00163J0", "00163K0"]
    assert entries[0].description == "Medical, Nervous, Bypass, Ventricle, Open, Autologous, Nose"
    assert notes == {"tables": 1, "rows of tables": 1}


def test_a_row_that_makes_other_than_it_says_is_refused() -> None:
    with pytest.raises(PcsUnreadable, match="says that it makes 7 codes, and makes 6"):
        list(table_entries(io.BytesIO(table("7")), Counter()))


def test_the_letters_i_and_o_are_in_no_code() -> None:
    with pytest.raises(PcsUnreadable, match="0016O70"):
        list(table_entries(io.BytesIO(table("3", {"O": "Open"})), Counter()))


@pytest.mark.parametrize("data", [table()[:-40], b"<html></html>", b"no xml"])
def test_what_is_not_whole_is_refused(data: bytes) -> None:
    with pytest.raises(PcsUnreadable):
        list(table_entries(io.BytesIO(data), Counter()))


def test_the_order_file_gives_the_valid_codes() -> None:
    lines = [
        "00001 001     0 Nervous System, Bypass                                       Central Nervous System, Bypass",
        "00002 0016070 1 Bypass Ventricle to Nose with Autol Sub, Open                Bypass Cerebral Ventricle to Nose",
        "00003 0016071 1 Bypass to Mastoid",
        "a line that is none",
        "",
    ]
    notes: Counter[str] = Counter()
    entries = list(order_entries(enumerate(lines, 1), notes))
    assert [(entry.row, entry.code, entry.description) for entry in entries] == [
        (2, "0016070", "Bypass Cerebral Ventricle to Nose"),
        (3, "0016071", "Bypass to Mastoid"),
    ]
    assert notes == {HEADING: 1, NOT_A_ROW: 1}


@pytest.mark.skipif(not TRUE.exists(), reason="the published file is not beside the project")
def test_the_tables_of_2026() -> None:
    with lzma.open(TRUE) as stream:
        codes = [entry.code for entry in table_entries(stream, Counter())]
    assert len(codes) == len(set(codes))
    assert len(codes) in {79_115, 79_193}
    assert not any(set("IO") & set(code) for code in codes)
