"""The facts of service lines."""

from datetime import date
from decimal import Decimal

import pytest

from x12_made import CLAIM, STAY, claim_of, institutional, professional


def line(service, *more, number="LX*1"):
    (found,) = claim_of(professional(*CLAIM, number, service, *more)).lines
    return found


def stay_line(service, *more):
    (found,) = claim_of(institutional(*STAY, "LX*1", service, *more)).lines
    return found


def test_a_professional_line():
    found = line("SV1*HC:99213:25:59:XS:GT:OFFICE*92.50*UN*1.5*22**1:3**Y**Y*Y", "DTP*472*D8*20260302")
    assert (found.number, found.code, found.modifiers) == (1, "99213", ("25", "59", "XS", "GT"))
    assert (found.description, found.charge, found.units, found.minutes) == (
        "OFFICE", Decimal("92.50"), Decimal("1.5"), None,
    )  # fmt: skip
    assert (found.place, found.diagnoses, found.date, found.end_date) == ("22", (1, 3), date(2026, 3, 2), None)
    assert (found.emergency, found.epsdt, found.family_planning) == (True, True, True)
    assert (found.revenue, found.ndc) == (None, None)


def test_what_a_line_does_not_say_is_not_there():
    found = line("SV1*HC:99213*92")
    assert (found.units, found.place, found.diagnoses, found.date, found.modifiers) == (None, None, None, None, ())
    assert (found.emergency, found.provider, found.authorization) == (None, None, None)
    assert line("SV1*HC:99213*92*UN*1***1**N").emergency is False


def test_anesthesia_counts_minutes():
    found = line("SV1*HC:00142:QK:QS:P1*827*MJ*61***1")
    assert (found.minutes, found.units, found.modifiers) == (61, None, ("QK", "QS", "P1"))


def test_a_line_over_several_days():
    found = line("SV1*HC:S9500*92*UN*7***1", "DTP*472*RD8*20260301-20260307")
    assert (found.date, found.end_date) == (date(2026, 3, 1), date(2026, 3, 7))


def test_empty_modifiers_are_passed_over():
    assert line("SV1*HC:99213::25*92*UN*1***1").modifiers == ("25",)


def test_an_institutional_line_with_a_procedure():
    found = stay_line("SV2*0450*HC:99283:25*520*UN*1*12.5*20", "DTP*472*D8*20260302")
    assert (found.revenue, found.code, found.modifiers, found.units) == ("0450", "99283", ("25",), 1)
    assert (found.charge, found.rate, found.non_covered_charge) == (520, "12.5", 20)
    assert found.diagnoses is None


def test_an_institutional_line_without_a_procedure():
    found = stay_line("SV2*0120**10500*DA*7")
    assert (found.revenue, found.code, found.units) == ("0120", None, 7)
    assert stay_line("SV2*120**10500*DA*7").revenue == "0120"


def test_a_hipps_code_is_a_rate():
    found = stay_line("SV2*0022*HP:1AFKS*0*UN*7")
    assert (found.rate, found.code) == ("1AFKS", None)


def test_a_drug():
    found = line("SV1*HC:J3301*56*UN*4***1", "LIN**N4*00003029305", "CTP****4.5*ML", "REF*XZ*123")
    assert (found.ndc, found.drug_quantity, found.drug_unit) == ("00003029305", Decimal("4.5"), "ML")
    assert found.authorization is None


@pytest.mark.parametrize(
    ("sent", "ndc"), [("00003-0293-05", "00003029305"), ("0003-0293-05", "00003029305"), ("00003-293-5", "00003029305")]
)
def test_an_ndc_with_hyphens(sent, ndc):
    assert line("SV1*HC:J3301*56*UN*4***1", f"LIN**N4*{sent}").ndc == ndc


def test_an_identifier_that_is_no_drug_is_left_out():
    assert line("SV1*HC:J3301*56*UN*4***1", "LIN**UP*123456").ndc is None


def test_references_and_remarks():
    found = line(
        "SV1*HC:81002:QW*5*UN*1***1", "DTP*472*D8*20260302", "DTP*471*D8*20260130", "REF*G1*PA-1", "REF*9F*R-1",
        "REF*X4*45D0000001", "REF*6R*1001", "NTE*ADD*FIRST", "NTE*TPO*SECOND",
    )  # fmt: skip
    assert (found.authorization, found.referral, found.clia) == ("PA-1", "R-1", "45D0000001")
    assert (found.note, found.date) == ("FIRST\nSECOND", date(2026, 3, 2))


def test_who_took_part_in_a_line():
    found = line(
        "SV1*HC:99213*92*UN*1***1", "NM1*82*1*ROE*R****XX*1234567893", "PRV*PE*PXC*207R00000X", "REF*G2*X",
        "NM1*DN*1*REF*R****XX*1003000126", "NM1*DK*1*ORD*R****XX*1013000134", "NM1*DQ*1*SUP*R****XX*1023000142",
        "PRV*PE*PXC*208000000X", "NM1*77*2*HALL*****XX*1033000150", "NM1*QB*2******XX*1043000167",
        "SVD*60054*40*HC:99213**1", "DTP*573*D8*20260305",
    )  # fmt: skip
    assert (found.provider, found.taxonomy) == ("1234567893", "207R00000X")
    assert (found.referring, found.ordering, found.supervising, found.facility) == (
        "1003000126", "1013000134", "1023000142", "1033000150",
    )  # fmt: skip
    assert (found.date, found.authorization) == (None, None)


def test_rental_of_equipment_adds_nothing():
    found = line("SV1*HC:E0570:RR*25*UN*1***1", "SV5*HC:E0570*DA*30*50*5000*4", "PWK*CT*AD", "CR3*I*MO*99")
    assert (found.code, found.units, found.charge) == ("E0570", 1, 25)


def test_an_outside_laboratory():
    claim = claim_of(professional(*CLAIM, "LX*1", "SV1*HC:81002*5*UN*1***1", "PS1*X*3.50"))
    assert (claim.outside_lab, claim.outside_lab_charge) == (True, Decimal("3.50"))


def test_many_lines():
    body = [part for n in range(1, 1001) for part in (f"LX*{n}", "SV1*HC:99213*1*UN*1***1")]
    claim = claim_of(professional(*CLAIM, *body))
    assert [found.number for found in claim.lines] == list(range(1, 1001))
