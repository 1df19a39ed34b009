"""Whether a claim is professional, outpatient or inpatient."""

import pytest

from x12_made import (
    BILLER,
    CLAIM,
    INSTITUTIONAL,
    LINE,
    STAY,
    STAY_LINE,
    SUBSCRIBER,
    claim_of,
    institutional,
    interchange,
    professional,
    told,
    transaction,
    with_,
)


@pytest.mark.parametrize(
    ("kind", "setting"),
    [
        ("11", "inpatient"), ("12", "outpatient"), ("13", "outpatient"), ("14", "outpatient"), ("18", "inpatient"),
        ("21", "inpatient"), ("22", "outpatient"), ("23", "outpatient"), ("28", "inpatient"), ("32", "outpatient"),
        ("34", "outpatient"), ("41", "inpatient"), ("43", "outpatient"), ("65", "inpatient"), ("66", "inpatient"),
        ("71", "outpatient"), ("72", "outpatient"), ("77", "outpatient"), ("81", "outpatient"), ("82", "outpatient"),
        ("83", "outpatient"), ("85", "outpatient"),
    ],
)  # fmt: skip
def test_the_type_of_bill_decides(kind, setting):
    claim = claim_of(institutional(*with_(STAY, "11:A:1", f"{kind}:A:4"), *STAY_LINE))
    assert (claim.setting, claim.bill_type, claim.frequency) == (setting, f"0{kind}4", "4")


def test_a_type_of_bill_that_is_sent_with_its_zero():
    claim = claim_of(institutional(*with_(STAY, "11:A:1", "011:A:1"), *STAY_LINE))
    assert (claim.setting, claim.bill_type) == ("inpatient", "0111")


def test_a_professional_claim_in_an_institutional_transaction_is_what_it_is():
    claims, problems = told(institutional(*CLAIM, *LINE))
    assert [(claim.setting, claim.place, claim.bill_type) for claim in claims] == [("professional", "11", None)]
    assert [code for code, *_ in problems] == ["SEQ772"]


def test_an_institutional_claim_in_a_professional_transaction_is_what_it_is():
    claims, problems = told(professional(*STAY, *STAY_LINE))
    assert [(claim.setting, claim.bill_type) for claim in claims] == [("inpatient", "0111")]
    assert [code for code, *_ in problems] == ["SEQ772"]


@pytest.mark.parametrize(("place", "setting"), [("21", "inpatient"), ("22", "outpatient"), ("51", "inpatient")])
def test_a_place_of_service_instead_of_a_type_of_bill(place, setting):
    stay = with_(STAY, "11:A:1", f"{place}:B:1")
    claims, problems = told(institutional(*stay, "LX*1", "SV2*0300*HC:85025*92*UN*1"))
    assert [(claim.setting, claim.place, claim.bill_type) for claim in claims] == [(setting, place, None)]
    assert [code for code, *_ in problems] == ["SEQ772"]


@pytest.mark.parametrize(
    "shown", [("HI*DR:871",), ("HI*ABJ:R6520",), ("HI*BBR:0DTJ4ZZ:D8:20260216",), ("DTP*435*DT*202602201830",), ()]
)
def test_a_stay_shows_where_the_type_of_bill_is_missing(shown):
    stay = with_(STAY, "11:A:1", "")
    lines = STAY_LINE if not shown else ("LX*1", "SV2*0300**92*UN*1")
    claims, problems = told(institutional(stay[0], *shown, *stay[1:], *lines))
    assert [claim.setting for claim in claims] == ["inpatient"]
    assert sorted(code for code, *_ in problems) == ["SEQ772", "SEQ782"]


def test_where_nothing_tells_the_claim_is_not_read():
    claims, problems = told(institutional(*with_(STAY, "11:A:1", ""), "LX*1", "SV2*0300**92*UN*1"))
    assert claims == []
    assert [(code, claim) for code, claim, _ in problems] == [("SEQ771", "H-1")]


@pytest.mark.parametrize(
    ("claim", "setting"),
    [
        ((*CLAIM, *LINE), "professional"),
        ((*STAY, *STAY_LINE), "inpatient"),
        (CLAIM, "professional"),
        (STAY, "inpatient"),
    ],
)
@pytest.mark.parametrize("guide", ["005010X999", ""])
def test_an_unknown_guide_leaves_it_to_the_claim(claim, setting, guide):
    claims, problems = told(interchange(transaction(*BILLER, *SUBSCRIBER, *claim, guide=guide), guide=guide))
    assert [found.setting for found in claims] == [setting]
    assert "SEQ765" in [code for code, *_ in problems]


@pytest.mark.parametrize(("guide", "setting"), [("004010X098A1", "professional"), ("008020X323", "professional")])
def test_another_version_is_read_and_said(guide, setting):
    claims, problems = told(interchange(transaction(*BILLER, *SUBSCRIBER, *CLAIM, *LINE, guide=guide), guide=guide))
    assert [claim.setting for claim in claims] == [setting]
    assert [code for code, *_ in problems] == ["SEQ765"]


def test_gs08_stands_in_for_an_empty_st03():
    file = with_(institutional(*STAY, *STAY_LINE), f"ST*837*0001*{INSTITUTIONAL}", "ST*837*0001")
    assert claim_of(file).setting == "inpatient"


def test_a_type_of_bill_on_a_professional_claim_is_no_place():
    claims, problems = told(professional(*with_(CLAIM, "11:B:1", "13:A:1"), *LINE))
    assert [(claim.setting, claim.place) for claim in claims] == [("professional", None)]
    assert [code for code, *_ in problems] == ["SEQ772"]
