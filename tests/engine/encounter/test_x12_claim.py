"""The facts of a claim: CLM, the loops it stands in, dates, references, codes."""

from datetime import date
from decimal import Decimal

import pytest

from sequela.engine.encounter.model import Diagnosis, Occurrence, Party, Procedure, Subscriber, ValueCode
from x12_made import (
    BILLER,
    CLAIM,
    LINE,
    STAY,
    STAY_LINE,
    SUBSCRIBER,
    claim_of,
    institutional,
    interchange,
    professional,
    reads,
    told,
    transaction,
    with_,
)


def with_segments(*more, of=CLAIM, lines=LINE, make=professional):
    """The claim of a file whose CLM has these segments behind it."""
    return claim_of(make(of[0], *more, *of[1:], *lines))


def test_a_professional_claim():
    claim = claim_of(professional(*CLAIM, *LINE))
    assert (claim.id, claim.setting, claim.place, claim.bill_type, claim.frequency) == (
        "C-1", "professional", "11", None, "1",
    )  # fmt: skip
    assert claim.total_charge == 92
    assert (claim.assignment, claim.benefits_assigned, claim.release_of_information) == (True, True, True)
    assert claim.received is None
    assert (claim.payer, claim.payer_name, claim.payer_sequence) == ("MEDICARE", "MEDICARE", "primary")
    assert (claim.plan, claim.product) == ("EVERGREEN PLAN", "MB")
    assert claim.billing == Party(
        npi="1234567893", group="1234567893", taxonomy="207Q00000X", name="MEADOW CLINIC", city="AUSTIN", state="TX",
        zip="78701",
    )  # fmt: skip
    assert claim.subscriber == Subscriber(
        member_id="1MU0AA0AA01", relationship="self", group_number="GRP-70", group_name="EVERGREEN PLAN",
        last_name="AMBER", first_name="ADA", birth_date=date(1950, 6, 1), sex="female",
    )  # fmt: skip
    assert (claim.patient.id, claim.patient.birth_date, claim.patient.sex) == (
        "1MU0AA0AA01", date(1950, 6, 1), "female",
    )  # fmt: skip
    assert claim.other_payers is None
    assert (claim.provider, claim.facility) == (Party(), Party())


def test_an_institutional_claim():
    claim = claim_of(institutional(*STAY, *STAY_LINE))
    assert (claim.id, claim.setting, claim.bill_type, claim.place) == ("H-1", "inpatient", "0111", None)
    assert (claim.statement_from, claim.statement_to) == (date(2026, 2, 20), date(2026, 2, 27))
    assert (claim.admit_type, claim.admit_source, claim.discharge_status) == ("1", "1", "01")
    assert claim.discharged == date(2026, 2, 27)


def test_who_is_still_a_patient_was_not_discharged():
    assert claim_of(institutional(*with_(STAY, "CL1*1*1*01", "CL1*1*1*30"), *STAY_LINE)).discharged is None
    assert claim_of(institutional(*with_(STAY, "CL1*1*1*01", "CL1*1*1"), *STAY_LINE)).discharged is None


@pytest.mark.parametrize(
    ("segment", "facts"),
    [
        ("DTP*431*D8*20260101", {"onset_date": date(2026, 1, 1)}),
        ("DTP*439*D8*20260101", {"accident_date": date(2026, 1, 1)}),
        ("DTP*454*D8*20260101", {"initial_treatment_date": date(2026, 1, 1)}),
        ("DTP*304*D8*20260101", {"last_seen_date": date(2026, 1, 1)}),
        ("DTP*090*D8*20260101", {"care_assumed": date(2026, 1, 1)}),
        ("DTP*091*D8*20260101", {"care_relinquished": date(2026, 1, 1)}),
        ("DTP*484*D8*20260101", {"last_menstrual_date": date(2026, 1, 1)}),
        ("DTP*435*D8*20260101", {"admitted": date(2026, 1, 1), "admit_hour": None}),
        ("DTP*435*DT*202601011830", {"admitted": date(2026, 1, 1), "admit_hour": "18"}),
        ("DTP*096*D8*20260101", {"discharged": date(2026, 1, 1)}),
        ("DTP*096*TM*1130", {"discharge_hour": "11", "discharged": None}),
        ("DTP*314*RD8*20260101-20260105", {"disability_from": date(2026, 1, 1), "disability_to": date(2026, 1, 5)}),
        ("DTP*360*D8*20260101", {"disability_from": date(2026, 1, 1), "disability_to": None}),
        ("DTP*434*RD8*20260101-20260105", {"statement_from": date(2026, 1, 1), "statement_to": date(2026, 1, 5)}),
        ("DTP*434*D8*20260101", {"statement_from": date(2026, 1, 1), "statement_to": date(2026, 1, 1)}),
        ("REF*G1*PA-1", {"authorization": "PA-1"}),
        ("REF*9F*R-1", {"referral": "R-1"}),
        ("REF*F8*OLD-1", {"original_claim": "OLD-1"}),
        ("REF*X4*45D0000001", {"clia": "45D0000001"}),
        ("REF*EW*M-1", {"mammography": "M-1"}),
        ("REF*LX*I-1", {"device_exemption": "I-1"}),
        ("REF*EA*MR-1", {"medical_record": "MR-1"}),
        ("REF*D9*ANYTHING", {"original_claim": None, "authorization": None}),
        ("AMT*F5*20.50", {"amount_paid": Decimal("20.50")}),
        ("NTE*ADD*LONG SURGERY", {"note": "LONG SURGERY"}),
        ("K3*STATE DATA", {"note": "STATE DATA"}),
        ("PWK*OZ*BM***AC*DMN0012", {"note": None}),
        ("NM1*82*1*ROE*RICHARD****XX*1234567893", {"provider": Party(npi="1234567893", name="ROE, RICHARD")}),
        ("NM1*DN*1*ROE*R****XX*1234567893", {"referring": Party(npi="1234567893", name="ROE, R")}),
        ("NM1*P3*1*ROE*R****XX*1234567893", {"referring": Party(npi="1234567893", name="ROE, R")}),
        ("NM1*DQ*1*ROE*R****XX*1234567893", {"supervising": Party(npi="1234567893", name="ROE, R")}),
        ("NM1*DK*1*ROE*R****XX*1234567893", {"ordering": Party(npi="1234567893", name="ROE, R")}),
        ("NM1*77*2*HALL*****XX*1234567893", {"facility": Party(npi="1234567893", name="HALL")}),
        ("NM1*71*1*ROE*R****XX*1234567893", {"attending": Party(npi="1234567893", name="ROE, R")}),
        ("NM1*72*1*ROE*R****XX*1234567893", {"operating": Party(npi="1234567893", name="ROE, R")}),
        ("NM1*ZZ*1*ROE*R****XX*1234567893", {"other_operating": Party(npi="1234567893", name="ROE, R")}),
        ("NM1*82*1*ROE*R****34*123456789", {"provider": Party(tax_id="123456789", name="ROE, R")}),
        ("NM1*PW*2", {"facility": Party()}),
    ],
)
def test_a_segment_and_the_facts_it_gives(segment, facts):
    claim = with_segments(segment)
    assert {name: getattr(claim, name) for name in facts} == facts


def test_a_place_has_its_address_and_taxonomy():
    claim = with_segments("NM1*77*2*HALL*****XX*1234567893", "PRV*PE*PXC*207R00000X", "N3*1 WAY", "N4*WACO*TX*76701")
    assert claim.facility == Party(
        npi="1234567893", name="HALL", taxonomy="207R00000X", street="1 WAY", city="WACO", state="TX", zip="76701"
    )


def test_related_causes_and_what_stands_behind_them():
    claim = claim_of(professional("CLM*C-1*92***11:B:7*Y*C*N*Y**AA:EM::TX*09********11", *CLAIM[1:], *LINE))
    assert (claim.auto_accident, claim.employment_related, claim.other_accident) == (True, True, None)
    assert (claim.accident_state, claim.special_program, claim.delay_reason) == ("TX", "09", "11")
    assert (claim.frequency, claim.assignment, claim.benefits_assigned) == ("7", False, False)


def test_who_bills_alone_is_no_group():
    head = (*with_(BILLER, "NM1*85*2*MEADOW CLINIC*", "NM1*85*1*ROE*RICHARD"), *SUBSCRIBER)
    assert claim_of(professional(*CLAIM, *LINE, head=head)).billing.group is None


def test_a_patient_who_is_not_the_subscriber():
    head = (
        *BILLER, *with_(SUBSCRIBER, "SBR*P*18*", "SBR*P**"), "HL*3*2*23*0", "PAT*19****D8*20260301**01*Y",
        "NM1*QC*1*AMBER*BO", "N4*WACO*TX*76701", "DMG*D8*20190918*M",
    )  # fmt: skip
    claim = claim_of(professional(*with_(CLAIM, "*Y*A*Y*Y", ""), *LINE, head=head))
    assert (claim.patient.first_name, claim.patient.birth_date, claim.patient.sex) == ("BO", date(2019, 9, 18), "male")
    assert (claim.patient.id, claim.patient.state, claim.patient.pregnant) == (None, "TX", True)
    assert claim.patient.death_date == date(2026, 3, 1)
    assert claim.subscriber.relationship == "child"
    assert (claim.subscriber.first_name, claim.subscriber.birth_date) == ("ADA", date(1950, 6, 1))


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("01", "spouse"),
        ("19", "child"),
        ("20", "employee"),
        ("39", "organ-donor"),
        ("53", "life-partner"),
        ("G8", "other"),
    ],
)
def test_relationships(code, word):
    head = (*BILLER, *with_(SUBSCRIBER, "*18*", "**"), "HL*3*2*23*0", f"PAT*{code}", "NM1*QC*1*AMBER*BO")
    assert claim_of(professional(*CLAIM, *LINE, head=head)).subscriber.relationship == word


def test_each_claim_has_the_loops_it_stands_in():
    second = ("HL*3*1*22*0", "SBR*S*18*******CI", "NM1*IL*1*BIRCH*BO****MI*NW5", "NM1*PR*2*NORTHWIND*****PI*NWPPO")
    third = ("HL*4**20*1", "NM1*85*2*OTHER CLINIC*****XX*1003000126", "HL*5*4*22*0", *SUBSCRIBER[1:])
    named = [with_(CLAIM, "C-1", f"C-{number}") for number in (1, 2, 3, 4)]
    claims, problems = told(
        professional(*named[0], *LINE, *named[1], *LINE, *second, *named[2], *LINE, *third, *named[3], *LINE)
    )
    assert problems == []
    assert [(claim.id, claim.payer, claim.patient.last_name, claim.billing.npi) for claim in claims] == [
        ("C-1", "MEDICARE", "AMBER", "1234567893"),
        ("C-2", "MEDICARE", "AMBER", "1234567893"),
        ("C-3", "NWPPO", "BIRCH", "1234567893"),
        ("C-4", "MEDICARE", "AMBER", "1003000126"),
    ]


def test_several_interchanges_groups_and_transactions():
    one = transaction(*BILLER, *SUBSCRIBER, *CLAIM, *LINE)
    two = transaction(*BILLER, *SUBSCRIBER, *with_(CLAIM, "C-1", "C-2"), *LINE, number="0002")
    three = transaction(
        *BILLER, *SUBSCRIBER, *with_(STAY, "H-1", "H-3"), *STAY_LINE, number="0003", guide="005010X223A3"
    )
    first, second = interchange(one, two), interchange(three, guide="005010X223A3", number=2)
    claims, problems = told([*first, *second])
    assert problems == []
    assert [(claim.id, claim.setting) for claim in claims] == [
        ("C-1", "professional"), ("C-2", "professional"), ("H-3", "inpatient"),
    ]  # fmt: skip


def test_other_payers():
    others = (
        "SBR*P*01*G-9*OTHER PLAN*****CI", "CAS*CO*45*10", "AMT*D*70.25", "AMT*EAF*12", "OI***Y***Y",
        "NM1*IL*1*AMBER*AL****MI*X-1", "N3*1 WAY", "NM1*PR*2*OTHER*****PI*60054", "DTP*573*D8*20260305",
        "REF*F8*THEIRS-1",
        "SBR*T*18*******MC", "NM1*PR*2*THIRD*****PI*T-1",
    )  # fmt: skip
    claim = claim_of(professional(*CLAIM, *others, *LINE, "SVD*60054*40.25*HC:99213**1", "SVD*T-1*2*HC:99213**1"))
    first, second = claim.other_payers
    assert (first.payer, first.name, first.sequence, first.relationship) == ("60054", "OTHER", "primary", "spouse")
    assert (first.plan, first.product, first.group_number) == ("OTHER PLAN", "CI", "G-9")
    assert (first.paid, first.patient_responsibility) == (Decimal("70.25"), 12)
    assert (first.member_id, first.claim, first.processed) == ("X-1", "THEIRS-1", date(2026, 3, 5))
    assert (second.payer, second.sequence) == ("T-1", "tertiary")
    assert (claim.payer, claim.lines[0].other_paid) == ("MEDICARE", Decimal("42.25"))


def test_diagnoses_keep_their_order_and_roles():
    codes = ("HI*ABK:A4151:::::::Y", "HI*ABJ:R6520", "HI*APR:R509", "HI*ABN:W1830XA")
    claim = claim_of(institutional(*STAY[:-1], *codes, "HI*ABF:I10:::::::1*ABF:E119:::::::N", *STAY_LINE))
    assert claim.diagnoses == (
        Diagnosis(code="A4151", role="principal", poa="Y"),
        Diagnosis(code="R6520", role="admitting"),
        Diagnosis(code="R509", role="reason-for-visit"),
        Diagnosis(code="W1830XA", role="external-cause"),
        Diagnosis(code="I10", role="secondary", poa="1"),
        Diagnosis(code="E119", role="secondary", poa="N"),
    )


def test_the_codes_of_an_institutional_claim():
    claim = with_segments(
        "HI*BBR:0DTJ4ZZ:D8:20260216*BBQ:009G0ZZ", "HI*DR:871", "HI*BG:09*BG:A0", "HI*BE:01:::250.50*BE:80:::11",
        "HI*BH:11:D8:20260214*BH:A3", "HI*BI:71:RD8:20260101-20260108", "HI*BP:00100", "HI*TC:01", of=STAY,
        lines=STAY_LINE, make=institutional,
    )  # fmt: skip
    assert claim.procedures == (Procedure(code="0DTJ4ZZ", date=date(2026, 2, 16)), Procedure(code="009G0ZZ"))
    assert (claim.drg, claim.condition_codes) == ("871", ("09", "A0"))
    assert claim.value_codes == (ValueCode(code="01", amount=Decimal("250.50")), ValueCode(code="80", amount=11))
    assert claim.occurrence_codes == (
        Occurrence(code="11", date=date(2026, 2, 14)),
        Occurrence(code="A3"),
        Occurrence(code="71", date=date(2026, 1, 1), end_date=date(2026, 1, 8)),
    )
    assert [diagnosis.code for diagnosis in claim.diagnoses] == ["I10"]


def test_codes_may_be_repeated_in_an_element():
    claim = claim_of(professional(CLAIM[0], "HI*ABK:I10^ABF:E119*ABF:L570", *LINE))
    assert [diagnosis.code for diagnosis in claim.diagnoses] == ["I10", "E119", "L570"]


def test_names_are_text_again():
    file = with_(professional(*CLAIM, *LINE), "AMBER*ADA", "Ämber*À")
    claim = reads("".join(f"{segment}~" for segment in file).encode())[0].encounter
    assert (claim.patient.last_name, claim.patient.first_name) == ("Ämber", "À")
    latin = reads("".join(f"{segment}~" for segment in file).encode("latin-1"))[0]
    assert (latin.encounter.patient.last_name, latin.encounter.patient.first_name) == ("Ämber", "À")
    assert [problem.code for problem in latin.problems] == ["SEQ752"]


def test_blanks_around_elements_are_nothing():
    file = with_(with_(professional(*CLAIM, *LINE), "CLM*C-1*92*", "CLM* C-1 * 92 *"), "ABK:I10", "ABK: I10 ")
    claim = claim_of(file)
    assert (claim.id, claim.total_charge, claim.diagnoses[0].code) == ("C-1", 92, "I10")
