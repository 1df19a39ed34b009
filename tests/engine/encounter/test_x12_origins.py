"""Where each value of a claim stands in its 837."""

from pathlib import Path

import msgspec
import pytest

import sequela
from sequela.engine.encounter.from_x12 import read_x12
from x12_made import CLAIM, LINE, STAY, STAY_LINE, institutional, professional, reads, with_, written

SAMPLES = Path(sequela.__file__).parent / "tests" / "samples"
FILE = with_(
    professional(CLAIM[0], "REF*G1*PA-1", *CLAIM[1:], "NM1*82*1*ROE*R****XX*1003000126", *LINE), "99213", "99213:25:59"
)


def place(pointer, file=FILE):
    return reads(file)[0].encounter.origins.origin_of(pointer).place


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("", "segment 14 (CLM), line 14"),
        ("/id", "segment 14 (CLM), element 1, line 14"),
        ("/total_charge", "segment 14 (CLM), element 2, line 14"),
        ("/place", "segment 14 (CLM), element 5, component 1, line 14"),
        ("/frequency", "segment 14 (CLM), element 5, component 3, line 14"),
        ("/authorization", "segment 15 (REF), element 2, line 15"),
        ("/diagnoses/1", "segment 16 (HI), element 2, line 16"),
        ("/diagnoses/1/code", "segment 16 (HI), element 2, component 2, line 16"),
        ("/provider/npi", "segment 17 (NM1), element 9, line 17"),
        ("/billing/npi", "segment 7 (NM1), element 9, line 7"),
        ("/billing/state", "segment 8 (N4), element 2, line 8"),
        ("/payer", "segment 13 (NM1), element 9, line 13"),
        ("/patient/birth_date", "segment 12 (DMG), element 2, line 12"),
        ("/subscriber/relationship", "segment 10 (SBR), element 2, line 10"),
        ("/lines/0", "segment 18 (LX), line 18"),
        ("/lines/0/number", "segment 18 (LX), element 1, line 18"),
        ("/lines/0/code", "segment 19 (SV1), element 1, component 2, line 19"),
        ("/lines/0/modifiers/0", "segment 19 (SV1), element 1, component 3, line 19"),
        ("/lines/0/modifiers/1", "segment 19 (SV1), element 1, component 4, line 19"),
        ("/lines/0/units", "segment 19 (SV1), element 4, line 19"),
        ("/lines/0/diagnoses/0", "segment 19 (SV1), element 7, component 1, line 19"),
        ("/lines/0/date", "segment 20 (DTP), element 3, line 20"),
        ("/lines/0/place", "segment 18 (LX), line 18"),
        ("/lines/7", "segment 14 (CLM), line 14"),
        ("/accident_date", "segment 14 (CLM), line 14"),
    ],
)
def test_a_value_and_its_place(pointer, expected):
    assert place(pointer) == expected


def test_the_byte_is_that_of_the_value():
    data = written(FILE)
    origins = reads(FILE)[0].encounter.origins
    for pointer, text in (
        ("/lines/0/modifiers/1", "59*92"),
        ("/total_charge", "92***11"),
        ("/diagnoses/2/code", "L570~"),
    ):
        assert data[origins.origin_of(pointer).byte :].decode().startswith(text)


def test_an_institutional_claim_says_where_its_setting_and_discharge_come_from():
    file = institutional(*STAY, "HI*BE:80:::11", *STAY_LINE)
    assert place("/setting", file) == place("/bill_type", file) == "segment 14 (CLM), element 5, component 1, line 14"
    assert place("/discharged", file) == "segment 15 (DTP), element 3, line 15"
    assert place("/value_codes/0/amount", file) == "segment 18 (HI), element 1, component 5, line 18"


@pytest.mark.parametrize("name", ["clinic-day.837", "hospital-day.837"])
def test_every_value_of_a_claim_has_a_place_that_holds_it(name):
    lines = (SAMPLES / name).read_text().splitlines()
    with (SAMPLES / name).open("rb") as stream:
        claims = [found.encounter for found in read_x12(stream, name)]
    for claim in claims:
        for pointer, value in values(msgspec.to_builtins(claim)):
            origin = claim.origins.origin_of(pointer)
            assert origin is not None, pointer
            assert origin.file == name
            text = lines[origin.line - 1]
            assert text.startswith(f"{origin.segment_id}*")
            if isinstance(value, str) and pointer.rpartition("/")[2] in ("code", "npi", "id", "payer", "state", "ndc"):
                found = text.removesuffix("~").split("*")[origin.element]
                assert (found.split(":")[origin.component - 1] if origin.component else found) == value


def values(plain, pointer=""):
    """Every value that is there, with its pointer."""
    if isinstance(plain, dict):
        for key, value in plain.items():
            yield from values(value, f"{pointer}/{key}")
    elif isinstance(plain, list | tuple):
        for index, value in enumerate(plain):
            yield from values(value, f"{pointer}/{index}")
    elif plain is not None and pointer != "/schema":
        yield pointer, plain
