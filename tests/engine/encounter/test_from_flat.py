"""Claims from a table with a row for each line."""

import gzip
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import sequela
from sequela.engine.encounter import flat_grouping
from sequela.engine.encounter.from_json import to_json
from sequela.engine.encounter.read import read
from sequela.tests.engine.encounter.flat_made import MEMBERS, PROFESSIONAL, STAY, row, table

SHARED = Path(sequela.__file__).parent.parent / "shared" / "data" / "claims"


@pytest.fixture
def reads(tmp_path):
    """Reads a table of rows, or a text, with the files beside it."""

    def call(*rows, text=None, members=None, columns=None, name="claims.csv"):
        path = tmp_path / name
        path.write_text(table(*rows) if text is None else text, encoding="utf-8")
        if members is not None:
            (tmp_path / "members.csv").write_text(table(*members), encoding="utf-8")
        if columns is not None:
            (tmp_path / "columns.toml").write_text(columns, encoding="utf-8")
        beside = {
            "members": tmp_path / "members.csv" if members is not None else None,
            "columns": tmp_path / "columns.toml" if columns is not None else None,
        }
        return list(read(path, **beside))

    return call


def one(found):
    (claim,) = found
    assert claim.encounter is not None, claim.problems
    return claim.encounter


def problems(found):
    return [(each.code, each.place.rpartition("/")[2]) for claim in found for each in claim.problems]


# ---------------------------------------------------------------- what the columns mean


def test_a_professional_claim(reads):
    second = row(claim_line_number="2", hcpcs_code="83036", hcpcs_modifier_1=None, charge_amount="15.50")
    found = to_json(one(reads(PROFESSIONAL, second)))
    assert found == {
        "schema": "sequela.encounter/1",
        "id": "C-1",
        "setting": "professional",
        "patient": {"id": "P-7"},
        "billing": {"npi": "1992999999"},
        "tags": {"extract": "flat table"},
        "diagnoses": [{"code": "E119"}, {"code": "L570"}],
        "lines": [
            {"number": 1, "code": "99213", "modifiers": ["25"], "units": 1, "date": "2026-03-02", "place": "11",
             "charge": "120.00", "provider": "1234567893"},
            {"number": 2, "code": "83036", "units": 1, "date": "2026-03-02", "place": "11", "charge": "15.50",
             "provider": "1234567893"},
        ],
    }  # fmt: skip


def test_pointers_that_were_not_sent_are_unknown(reads):
    assert [line.diagnoses for line in one(reads(PROFESSIONAL)).lines] == [None]


def test_a_stay(reads):
    total = row(
        STAY, claim_line_number="2", revenue_center_code="1", service_unit_quantity="0", charge_amount="9000.00"
    )
    other = row(
        STAY, claim_line_number="3", revenue_center_code="450", service_unit_quantity="1", charge_amount="5000.00"
    )
    claim = one(reads(STAY, total, other))
    assert (claim.setting, claim.bill_type, claim.drg, claim.discharge_status, claim.admit_type) == (
        "inpatient",
        "0111",
        "065",
        "01",
        "3",
    )
    assert (claim.admitted, claim.discharged) == (date(2026, 3, 2), date(2026, 3, 6))
    assert (claim.statement_from, claim.statement_to) == (date(2026, 3, 2), date(2026, 3, 6))
    assert claim.total_charge == Decimal("9000.00")
    assert [(line.number, line.revenue, line.charge, line.date) for line in claim.lines] == [
        (1, "0120", Decimal("4000.00"), None),
        (3, "0450", Decimal("5000.00"), None),
    ]
    assert [(each.code, each.poa) for each in claim.diagnoses] == [("I6340", "Y")]
    assert [(each.code, each.date) for each in claim.procedures] == [("02100Z9", date(2026, 3, 3))]


@pytest.mark.parametrize(
    ("changes", "setting"),
    [
        ({"bill_type_code": "131"}, "outpatient"),
        ({"bill_type_code": "0851"}, "outpatient"),
        ({"bill_type_code": "13I"}, "outpatient"),
        ({"bill_type_code": "181"}, "inpatient"),
        ({"bill_type_code": None}, "inpatient"),  # a DRG
        ({"claim_type": None}, "inpatient"),  # a type of bill
        ({"claim_type": "UB-04"}, "inpatient"),
        ({"setting": "outpatient"}, "outpatient"),
    ],
)
def test_the_setting(reads, changes, setting):
    assert one(reads(row(STAY, **changes))).setting == setting


def test_a_claim_of_unknown_setting(reads):
    bare = row(
        STAY,
        bill_type_code=None,
        ms_drg_code=None,
        admission_date=None,
        procedure_code_1=None,
        revenue_center_code="450",
    )
    assert problems(reads(bare)) == [("SEQ735", "row 2, column claim_type")]
    assert problems(reads(row(claim_type="dental"))) == [("SEQ735", "row 2, column claim_type")]
    assert [each.code for each in reads(row(claim_type=None, place_of_service_code=None))[0].problems] == ["SEQ735"]
    assert one(reads(row(claim_type=None))).setting == "professional"


def test_a_still_patient_is_not_discharged(reads):
    assert one(reads(row(STAY, discharge_disposition_code="30"))).discharged is None


def test_leading_zeros_come_back(reads):
    claim = one(
        reads(row(place_of_service_code="2", hcpcs_code="100", claim_line_number="1.0", service_unit_quantity="2.0"))
    )
    (line,) = claim.lines
    assert (line.place, line.code, line.number, line.units) == ("02", "00100", 1, 2)


def test_a_drug_code_is_filled_up_where_it_can_be_told_how(reads):
    columns = '[line]\nndc = "ndc"\n'
    for text, code in (
        ("0002-1433-80", "00002143380"),
        ("12345-678-90", "12345067890"),
        ("00002143380", "00002143380"),
    ):
        assert one(reads(row(ndc=text), columns=columns)).lines[0].ndc == code
    assert problems(reads(row(ndc="1234567890"), columns=columns)) == [("SEQ716", "row 2, column ndc")]


def test_a_line_has_the_day_of_a_claim_of_one_day(reads):
    assert one(reads(row(claim_line_start_date=None))).lines[0].date == date(2026, 3, 2)
    claim = one(reads(row(claim_line_start_date=None, claim_end_date="2026-03-04")))
    assert (claim.lines[0].date, claim.statement_from) == (None, date(2026, 3, 2))


def test_the_first_diagnosis_is_the_principal_one_only_where_it_was_sent(reads):
    claim = one(reads(row(diagnosis_code_1="")))
    assert [(each.code, each.role) for each in claim.diagnoses] == [("L570", "secondary")]
    gap = one(reads(row(diagnosis_code_2="", diagnosis_code_3="I10")))
    assert [(each.code, each.role) for each in gap.diagnoses] == [("E119", None), ("I10", None)]


def test_what_is_no_indicator_or_sex_is_not_known(reads):
    assert one(reads(row(diagnosis_poa_1="0"))).diagnoses[0].poa is None
    assert one(reads(row(diagnosis_poa_1="E"))).diagnoses[0].poa == "1"


def test_another_drg_is_not_read(reads):
    assert one(reads(row(STAY, drg_code_type="apr-drg"))).drg is None
    assert one(reads(row(STAY, drg_code_type="MS-DRG"))).drg == "065"


# ---------------------------------------------------------------- charges


@pytest.mark.parametrize(
    ("charges", "reading", "lines", "total"),
    [
        (("100.00", "50.00"), None, ["100.00", "50.00"], None),
        (("100.00", "100.00"), None, [None, None], None),
        (("100.00", "100.00"), "line", ["100.00", "100.00"], None),
        (("100.00", "100.00"), "claim", [None, None], "100.00"),
        (("0.00", "0.00"), None, ["0.00", "0.00"], None),
        (("100.00", ""), None, ["100.00", None], None),
    ],
)
def test_one_charge_in_every_row_may_be_that_of_the_claim(reads, charges, reading, lines, total):
    rows = [
        row(STAY, claim_line_number=str(number), revenue_center_code=f"30{number}", charge_amount=charge)
        for number, charge in enumerate(charges, 1)
    ]
    found = reads(*rows, columns=None if reading is None else f'[reading]\ncharge = "{reading}"\n')
    claim = one(found)
    assert [None if line.charge is None else str(line.charge) for line in claim.lines] == lines
    assert (None if claim.total_charge is None else str(claim.total_charge)) == total
    assert [code for code, _ in problems(found)] == (["SEQ737"] if reading is None and lines == [None, None] else [])


def test_the_total_line_tells_whose_the_charges_are(reads):
    def stay(*charges):
        rows = [
            row(STAY, claim_line_number=str(number), revenue_center_code=revenue, charge_amount=charge)
            for number, (revenue, charge) in enumerate(charges, 1)
        ]
        claim = one(reads(*rows))
        return [line.charge for line in claim.lines], claim.total_charge

    assert stay(("0300", "50"), ("0301", "50"), ("0001", "100")) == ([Decimal(50), Decimal(50)], Decimal(100))
    assert stay(("0300", "50"), ("0301", "50"), ("0001", "50")) == ([None, None], Decimal(50))
    assert stay(("0300", "50"), ("0001", "50")) == ([Decimal(50)], Decimal(50))
    assert stay(("0001", "50")) == ([], Decimal(50))


# ---------------------------------------------------------------- rows and claims


def test_the_rows_of_a_claim_may_stand_apart(reads):
    found = reads(
        row(claim_line_number="2"),
        row(STAY),
        row(claim_line_number="1"),
        row(claim_id="C-2"),
        row(claim_line_number="10"),
    )
    assert [claim.encounter.id for claim in found] == ["C-1", "H-1", "C-2"]
    assert [line.number for line in found[0].encounter.lines] == [1, 2, 10]


@pytest.mark.parametrize("apart", [False, True])
def test_a_large_table_gives_the_same_claims_whichever_way_it_is_read(reads, monkeypatch, apart):
    rows = [row(claim_id=f"C-{claim}", claim_line_number=str(line)) for claim in range(40) for line in (1, 2, 3)]
    if apart:
        rows = rows[::2] + rows[1::2]
    small = reads(*rows)
    monkeypatch.setattr(flat_grouping.grouped, "__defaults__", (500,))
    large = reads(*rows)
    assert len(small) == len(large) == 40
    assert {claim.encounter.id: claim.encounter for claim in small} == {
        claim.encounter.id: claim.encounter for claim in large
    }
    if not apart:
        assert [claim.encounter.id for claim in large] == [claim.encounter.id for claim in small]


def test_a_sorted_table_is_read_as_it_comes(reads, monkeypatch, tmp_path):
    monkeypatch.setattr(flat_grouping, "_spilled", None)
    monkeypatch.setattr(flat_grouping, "_gathered", None)
    monkeypatch.setattr(flat_grouping.grouped, "__defaults__", (1,))
    found = reads(row(), row(claim_line_number="2"), row(claim_id="C-2"))
    assert [len(claim.encounter.lines) for claim in found] == [2, 1]


def test_rows_that_contradict_each_other(reads):
    (found,) = reads(
        row(), row(claim_line_number="2", diagnosis_code_2="I10"), row(claim_line_number="3", billing_npi="")
    )
    (problem,) = found.problems
    assert (problem.code, problem.claim, problem.fatal) == ("SEQ734", "C-1", True)
    assert problem.message == '`diagnosis_code_2` is "L57.0" in row 2 and "I10" in row 3 of one claim.'


def test_a_faulty_claim_does_not_keep_the_next_one_from_being_read(reads):
    found = reads(
        row(claim_line_start_date="03/02/2026", service_unit_quantity="two"),
        row(claim_id="C-2"),
        row(claim_id="C-3", diagnosis_code_type="icd-9-cm", diagnosis_code_1="250.00"),
        row(claim_id="", claim_line_number="2"),
        row(claim_id="C-4"),
        row(claim_id="C-4", claim_line_number="1"),
        row(claim_id="C-5"),
    )
    said = [(problem.claim, problem.code, problem.place) for claim in found for problem in claim.problems]
    assert said == [
        ("C-1", "SEQ733", "row 2, column claim_line_start_date"),
        ("C-1", "SEQ733", "row 2, column service_unit_quantity"),
        ("C-3", "SEQ736", "row 4"),
        (None, "SEQ739", "row 5, column claim_id"),
        ("C-4", "SEQ721", "row 7, column claim_line_number"),
    ]
    assert [claim.encounter.id for claim in found if claim.encounter] == ["C-2", "C-5"]


def test_a_row_that_is_too_long(reads):
    text = table(row(claim_id="C-1"), row(claim_id="C-2")).replace("C-1,", "C-1,,", 1)
    found = reads(text=text)
    assert [(problem.code, problem.place, problem.claim) for problem in found[0].problems] == [
        ("SEQ738", "row 2", "C-1")
    ]
    assert found[1].encounter.id == "C-2"


def test_empty_columns_behind_a_row_do_not_matter(reads):
    assert one(reads(text=table(row()).rstrip("\n") + ",,,\n\n")).id == "C-1"


def test_quotes_that_are_not_closed_end_the_table(reads):
    found = reads(text=table(row()) + '"C-2,1,professional\n')
    assert found[0].encounter.id == "C-1"
    assert problems(found[1:]) == [("SEQ738", "row 3")]


def test_a_byte_that_is_no_text_is_found_at_its_cell(tmp_path):
    path = tmp_path / "claims.csv"
    path.write_bytes(table(row(billing_npi="X"), row(claim_id="C-2")).encode().replace(b",X,", b",\xe9,"))
    first, second = read(path)
    assert [(problem.code, problem.place) for problem in first.problems] == [("SEQ733", "row 2, column billing_npi")]
    assert second.encounter.id == "C-2"


# ---------------------------------------------------------------- other columns


def test_columns_of_other_names(reads):
    text = (
        "CLM ID;Clm-Line;Kind;From Dt;POS;CPT;Mods;Units;Dx;Ptr;Auth\n"
        "A;1;P;03/02/2026;11;99213;25, 59;1;E11.9, L57.0;AB;A-1\n"
        "A;2;P;03/02/2026;11;83036;;1;E11.9, L57.0;1;A-1\n"
    )
    columns = """
[claim]
id = "clm_id"
type = "KIND"
authorization = "auth"
tags.source = ""
[line]
number = "clm_line"
date = "from_dt"
place = "pos"
code = "cpt"
modifiers = "mods"
units = "units"
diagnoses = "ptr"
[diagnosis]
code = "dx"
[reading]
dates = ["MM/DD/YYYY"]
"""
    claim = one(reads(text=text, columns=columns))
    assert claim.authorization == "A-1"
    assert [(line.code, line.modifiers, line.diagnoses) for line in claim.lines] == [
        ("99213", ("25", "59"), (1, 2)),
        ("83036", (), (1,)),
    ]
    assert claim.lines[0].date == date(2026, 3, 2)
    assert [each.code for each in claim.diagnoses] == ["E119", "L570"]


def test_lists_that_tuva_does_not_have(reads):
    columns = """
[condition_code]
code = "condition_{n}"
[occurrence_code]
code = "occurrence_{n}"
date = "occurrence_date_{n}"
[value_code]
code = "value_{n}"
amount = "value_amount_{n}"
[claim]
tags.line_of_business = "lob"
[line]
tags.arm = "arm"
"""
    stay = row(STAY, condition_1="44", condition_02="G0", occurrence_1="11", occurrence_date_1="20260301", value_1="80",
               value_amount_1="3", lob="MA", arm="a")  # fmt: skip
    claim = one(reads(stay, columns=columns))
    assert claim.condition_codes == ("44", "G0")
    assert [(each.code, each.date) for each in claim.occurrence_codes] == [("11", date(2026, 3, 1))]
    assert [(each.code, each.amount) for each in claim.value_codes] == [("80", Decimal(3))]
    assert claim.tags == {"extract": "flat table", "line_of_business": "MA"}
    assert claim.lines[0].tags == {"arm": "a"}


@pytest.mark.parametrize(
    ("columns", "message", "hint"),
    [
        ("[claim\n", "The file of columns is not TOML", "[claim]"),
        ('[claims]\nid = "x"', "There is no section [claims].", "Did you mean `claim`?"),
        ('[claim]\nbill-type = "x"', "`bill-type` is no fact of [claim].", "Write `bill_type`."),
        ('[line]\ncoed = "x"', "`coed` is no fact of [line].", "Did you mean `code`?"),
        ("[line]\ncode = 1", "A column is named by a text", '"column_name"'),
        ('[reading]\ndates = ["D/M/Y"]', "`D/M/Y` is no form of a date.", "YYYY-MM-DD"),
        ('[reading]\ncharge = "all"', "`all` does not say what a charge is.", '"claim"'),
        ('[reading]\ndate = "x"', "`date` is nothing that [reading] says.", "`dates`"),
        ('claim = "x"', "[claim] is not a section.", "[claim]"),
    ],
)
def test_a_file_of_columns_that_cannot_be_used(reads, columns, message, hint):
    (found,) = reads(row(), columns=columns)
    (problem,) = found.problems
    assert problem.code == "SEQ730"
    assert message in problem.message
    assert hint in problem.hint


def test_a_file_that_is_not_there(tmp_path):
    path = tmp_path / "claims.csv"
    path.write_text(table(row()))
    for beside in ({"columns": tmp_path / "no.toml"}, {"members": tmp_path / "no.csv"}):
        (found,) = read(path, **beside)
        assert "cannot be opened" in found.problems[0].message


def test_a_column_that_is_named_and_not_there(reads):
    (found,) = reads(row(), columns='[line]\nndc = "ndc_cod"')
    assert found.problems[0].message.startswith("The table has no column `ndc_cod`, which ")


# ---------------------------------------------------------------- members


def test_members_say_who_the_patient_is_and_who_pays(reads):
    claim = one(reads(row(), members=MEMBERS))
    assert (claim.patient.birth_date, claim.patient.sex) == (date(1950, 6, 1), "female")
    assert (claim.payer, claim.plan) == ("northwind", "PPO")
    early = one(reads(row(claim_line_start_date="2026-02-01", claim_start_date="2026-02-01"), members=MEMBERS))
    assert early.payer == "medicare"
    assert one(reads(row(payer="own"), members=MEMBERS)).payer == "own"


def test_what_members_do_not_say_is_not_known(reads):
    found = reads(row(patient_id="P-9"), members=MEMBERS)
    assert one(found).patient.birth_date is None
    assert problems(found) == [("SEQ740", "row 2, column patient_id")]
    other = {**MEMBERS[1], "birth_date": "1951-06-01", "gender": "?"}
    found = reads(row(), members=(MEMBERS[0], other))
    assert (one(found).patient.birth_date, one(found).patient.sex) == (None, None)
    assert [code for code, _ in problems(found)] == ["SEQ740", "SEQ740"]
    undated = {key: value for key, value in MEMBERS[0].items() if not key.startswith("enrollment")}
    assert one(reads(row(), members=(undated,))).payer == "medicare"


# ---------------------------------------------------------------- places and inputs


def test_where_a_value_was_written(reads):
    claim = one(reads(row(claim_line_number="2"), row(), members=MEMBERS))

    def place(pointer):
        found = claim.origins.origin_of(pointer)
        return Path(found.file).name, found.place

    assert place("/lines/0/code") == ("claims.csv", "row 3, column hcpcs_code")
    assert place("/lines/1/modifiers/0") == ("claims.csv", "row 2, column hcpcs_modifier_1")
    assert place("/lines/1/authorization") == ("claims.csv", "row 2")
    assert place("/diagnoses/1/code") == ("claims.csv", "row 2, column diagnosis_code_2")
    assert place("/patient/birth_date") == ("members.csv", "row 2, column birth_date")
    assert place("/billing/npi") == ("claims.csv", "row 2, column billing_npi")


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_any_delimiter_and_any_name(tmp_path, delimiter):
    path = tmp_path / "claims.dump"
    path.write_text("\ufeff" + table(row(), delimiter=delimiter), encoding="utf-8")
    assert one(list(read(path))).id == "C-1"


def test_a_packed_table_and_a_stream(tmp_path):
    path = tmp_path / "claims.csv.gz"
    path.write_bytes(gzip.compress(table(row()).encode()))
    assert one(list(read(path))).id == "C-1"
    assert one(list(read(io.BytesIO(table(row()).encode())))).id == "C-1"


class _Pipe(io.RawIOBase):
    """Bytes that come once."""

    def __init__(self, data):
        self._data = io.BytesIO(data)

    def readable(self):
        return True

    def readinto(self, buffer):
        return self._data.readinto(buffer)


def test_what_comes_once_is_copied():
    assert one(list(read(io.BufferedReader(_Pipe(table(row()).encode()))))).id == "C-1"


def test_a_table_without_rows(reads):
    assert problems(reads(text=table(row()).split("\n")[0] + "\n")) == [("SEQ700", "the whole file")]


# ---------------------------------------------------------------- by other hands


@pytest.mark.skipif(not SHARED.exists(), reason="the shared claims are not here")
def test_claims_by_other_hands():
    found = list(read(SHARED / "medical_claim_sample_2018.csv", members=SHARED / "eligibility.csv"))
    assert len(found) == 3106
    assert not [problem for claim in found for problem in claim.problems if problem.fatal]
    claims = [claim.encounter for claim in found]
    assert len({claim.id for claim in claims}) == 3106
    settings = [claim.setting for claim in claims]
    assert {one: settings.count(one) for one in set(settings)} == {
        "professional": 2869,
        "outpatient": 228,
        "inpatient": 9,
    }
    assert all(claim.patient.birth_date and claim.patient.sex for claim in claims)
    assert sum(len(claim.lines) for claim in claims) == 6075 - 173


# ---------------------------------------------------------------- what a user gets wrong


def test_columns_that_are_called_otherwise_are_named_once(reads):
    renamed = [table(PROFESSIONAL, row(claim_id="C-2")).replace("hcpcs_code", "CPT").replace("charge_amount", "BILLED")]
    found = reads(text=renamed[0])
    assert [each.encounter.id for each in found] == ["C-1", "C-2"]
    ((warning,), ()) = (each.problems for each in found)
    assert (warning.code, warning.fatal) == ("SEQ741", False)
    assert warning.message == (
        "The table has no column `hcpcs_code` or `charge_amount`; not known on any claim: the code of a line, the charge of a line."
    )
    assert warning.hint.startswith("Not read: `CPT`, `BILLED`. ")


@pytest.mark.parametrize("columns", ['[line]\ncode = "CPT"\ncharge = "BILLED"\n', '[line]\ncode = ""\ncharge = ""\n'])
def test_columns_that_are_named_or_said_not_to_be_there_are_not_missed(reads, columns):
    text = table(PROFESSIONAL).replace("hcpcs_code", "CPT").replace("charge_amount", "BILLED")
    assert problems(reads(text=text, columns=columns)) == []


def test_a_stay_without_procedure_codes_is_not_warned_of(reads):
    assert problems(reads(STAY)) == []


@pytest.mark.parametrize("place", ["id", "code"])
def test_a_row_that_is_not_utf_8_keeps_its_claim_from_being_read(tmp_path, place):
    text = table(PROFESSIONAL, row(claim_id="C-2"))
    text = text.replace("C-1", "C-\u00d1") if place == "id" else text.replace("E119", "E11\u00d1", 1)
    path = tmp_path / "claims.csv"
    path.write_bytes(text.encode("latin-1"))
    spoiled, good = read(path)
    (problem,) = spoiled.problems
    assert problem.code == "SEQ733"
    assert problem.place == ("row 2" if place == "id" else "row 2, column diagnosis_code_1")
    assert problem.claim == ("C-\ufffd" if place == "id" else "C-1")
    problem.claim.encode()
    assert good.encounter.id == "C-2"


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("13/02/2026", 'It is one as `DD/MM/YYYY`: say so in the file of --columns, [reading] dates = ["DD/MM/YYYY"].'),
        ("03/02/2026", "It is one as `MM/DD/YYYY` or `DD/MM/YYYY`: say so"),
        ("02-MAR-2026", "can say `YYYY-MM-DD`, `YYYYMMDD`, `MM/DD/YYYY`, `DD/MM/YYYY` or `DD.MM.YYYY`."),
    ],
)
def test_a_date_that_is_written_otherwise(reads, written, hint):
    found = reads(row(claim_line_start_date=written))
    assert hint in found[0].problems[0].hint


def test_cells_that_are_parted_by_something_else(reads):
    (found,) = reads(text=table(PROFESSIONAL, delimiter="^"))
    assert found.problems[0].code == "SEQ731"
    assert found.problems[0].hint.startswith("Its first row is a single cell")
