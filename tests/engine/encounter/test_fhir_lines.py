"""What is read of the items of a FHIR claim: services, units, charges, drugs."""

from decimal import Decimal

import pytest
from fhir_asked import BB, claim, encounter, line, stay
from fhir_words import CODES, concept


def test_a_line_of_each_kind():
    made = line(claim(line={"productOrService": concept("hipps", "4AJ11"), "revenue": concept("revenue", "23")}))
    assert (made.code, made.rate, made.revenue) == (None, "4AJ11", "0023")
    absent = {
        "coding": [{"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "not-applicable"}]
    }
    made = line(claim(line={"productOrService": absent, "revenue": concept("revenue", "0250")}))
    assert (made.code, made.revenue) == (None, "0250")
    assert line(claim(line={"productOrService": absent}), "SEQ812").code is None
    foreign = {"coding": [{"system": "http://snomed.info/sct", "code": "185349003"}]}
    assert line(claim(line={"productOrService": foreign}), "SEQ812").code is None
    both = {"coding": [*foreign["coding"], {"system": CODES["cpt"], "code": "99213"}], "text": "visit"}
    made = line(claim(line={"productOrService": both}))
    assert (made.code, made.description) == ("99213", "visit")
    assert line(claim(line={"productOrService": concept("cpt", "9921")}), "SEQ810").code == "9921"


def test_modifiers():
    sent = [concept("cpt", "25"), concept("hcpcs", "lt")]
    assert line(claim(line={"modifier": sent})).modifiers == ("25", "LT")
    several = {"coding": [{"system": CODES["hcpcs"], "code": code} for code in ("A2", "A5")]}
    same = {"coding": [{"system": CODES["cpt"], "code": "50"}, {"system": "http://x.example", "code": "both sides"}]}
    assert line(claim(line={"modifier": [several, same]})).modifiers == ("A2", "A5", "50")
    assert line(claim(line={"modifier": [concept("cpt", "123")]}), "SEQ810").modifiers == ("123",)
    assert len(line(claim(line={"modifier": [concept("cpt", "25")] * 5}), "SEQ815").modifiers) == 5


@pytest.mark.parametrize(
    ("quantity", "units", "minutes"),
    [
        ({"value": 2}, 2, None),
        ({"value": 2.50, "unit": "UN"}, Decimal("2.5"), None),
        ({"value": 2, "code": "{visit}"}, 2, None),
        ({"value": 9, "system": "http://unitsofmeasure.org", "code": "[mi_us]"}, 9, None),
        ({"value": 45, "system": "http://unitsofmeasure.org", "code": "min"}, None, 45),
        ({"value": 45, "unit": "Minutes"}, None, 45),
    ],
)
def test_units_and_minutes(quantity, units, minutes):
    made = line(claim(line={"quantity": quantity}))
    assert (made.units, made.minutes) == (units, minutes)


def test_units_that_are_none():
    assert line(claim(line={"quantity": {"value": 2, "unit": "mL"}}), "SEQ815").units is None
    assert line(claim(line={"quantity": {"value": -2}}), "SEQ799").units is None


def test_blue_button_has_the_units_of_a_revenue_line_in_an_extension():
    extension = [{"url": f"{BB}rev_cntr_unit_cnt", "valueQuantity": {"value": 3}}]
    assert line(claim(line={"quantity": {"value": 77}, "extension": extension})).units == 3


def test_charges():
    def submitted(amount, *more):
        return {
            "category": {"coding": [{"code": code} for code in ("submitted", *more)]},
            "amount": {"value": amount, "currency": "USD"},
        }

    def charge(problems=(), **sent):
        return line(claim(line=sent), *problems).charge

    assert charge(net={"value": 92, "currency": "USD"}, adjudication=[submitted(90)]) == 92
    assert charge(adjudication=[submitted(90.25)]) == Decimal("90.25")
    assert (
        charge(adjudication=[submitted(5, f"{BB}rev_cntr_rate_amt"), submitted(80, f"{BB}rev_cntr_tot_chrg_amt")]) == 80
    )
    assert charge(adjudication=[submitted(5), submitted(5)]) == 5
    assert charge(("SEQ814",), adjudication=[submitted(5), submitted(6)]) is None
    assert charge(quantity={"value": 3}, unitPrice={"value": 10.1}) == Decimal("30.3")
    assert charge(quantity={"value": 3}, unitPrice={"value": 10.1}, factor=0.5) == Decimal("15.15")
    assert charge(unitPrice={"value": 10.1}) is None
    assert charge(("SEQ799",), net={"value": 92, "currency": "EUR"}) is None
    assert charge(("SEQ799",), net={"value": 92.123}) is None
    assert charge(("SEQ799",), net={"value": 10**20}) is None


def test_the_total_line_is_no_service():
    total = {"sequence": 2, "revenue": concept("revenue", "0001"), "net": {"value": 92}}
    sent = stay(line={"net": {"value": 92}})
    made = encounter({**sent, "item": [*sent["item"], total]})
    assert (len(made.lines), made.total_charge) == (1, 92)


def test_totals_and_what_others_paid():
    def total(code, amount):
        return {"category": {"coding": [{"code": code}]}, "amount": {"value": amount}}

    made = encounter(claim(total=[total("submitted", 180), total("paidbypatient", 20), total("priorpayerpaid", 70.5)]))
    assert (made.total_charge, made.amount_paid, [one.paid for one in made.other_payers]) == (
        180,
        20,
        [Decimal("70.5")],
    )
    made = encounter(claim(total=[total("priorpayerpaid", 0)], insurance=[{"focal": True}, {"focal": False}]))
    assert [one.paid for one in made.other_payers] == [0]
    assert encounter(claim(total=[total("priorpayerpaid", 0)])).other_payers is None
    made = line(claim(line={"adjudication": [total("priorpayerpaid", 3.5), total("priorpayerpaid", 4)]}))
    assert made.other_paid == Decimal("7.5")


def test_a_drug():
    detail = {
        "productOrService": concept("ndc", "0002-1433-80"),
        "quantity": {"value": 0.5, "unit": "mL", "code": "mL"},
    }
    made = line(claim(line={"detail": [detail]}))
    assert (made.ndc, made.drug_quantity, made.drug_unit, made.units) == ("00002143380", Decimal("0.5"), "ML", None)
    assert line(claim(line={"detail": [detail, detail]}), "SEQ814").ndc == "00002143380"
    made = line(
        claim(line={"productOrService": concept("ndc", "00002143380"), "quantity": {"value": 4, "code": "[iU]"}})
    )
    assert (made.code, made.ndc, made.drug_quantity, made.drug_unit, made.units) == (None, "00002143380", 4, "F2", None)
    assert (
        line(claim(line={"detail": [{**detail, "quantity": {"value": 1, "unit": "spoon"}}]}), "SEQ815").drug_unit
        == "spoon"
    )


def test_the_place_of_lines_that_agree_is_that_of_the_claim():
    sent = claim(line={"locationCodeableConcept": concept("pos", "2")})
    assert (encounter(sent).place, encounter(sent).lines[0].place) == ("02", "02")
    other = {**sent["item"][0], "sequence": 2, "locationCodeableConcept": concept("pos", "11")}
    assert encounter({**sent, "item": [*sent["item"], other]}).place is None
    assert line(claim(line={"locationCodeableConcept": {"text": "at home"}}), "SEQ812").place is None


def test_lines_of_one_number_are_known_by_their_places():
    sent = claim()
    made = encounter({**sent, "item": sent["item"] * 2}, "SEQ814")
    assert [one.number for one in made.lines] == [None, None]


def test_programmes_and_prior_authorization_of_a_line():
    guide = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/"
    made = line(
        claim(
            line={
                "programCode": [concept("program", "family-planning")],
                "extension": [
                    {"url": f"{guide}extension-epsdtIndicator", "valueBoolean": False},
                    {"url": f"{guide}extension-authorizationNumber", "valueString": "PA-9"},
                ],
            }
        )
    )
    assert (made.family_planning, made.epsdt, made.authorization) == (True, False, "PA-9")
