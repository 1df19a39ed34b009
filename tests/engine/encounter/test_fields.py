"""The catalogue: complete, unambiguous, and every entry can be read."""

import pickle
from datetime import date
from decimal import Decimal

import pytest

from sequela.engine.encounter.fields import FIELDS, field_of, fields_of, main_code, nearest_path
from sequela.engine.encounter.fields_party import completed_years
from sequela.engine.encounter.from_json import read_encounter
from sequela.engine.encounter.json_shape import bare_type, hints_of
from sequela.engine.encounter.model import (
    Diagnosis,
    Document,
    Encounter,
    HistoryLine,
    Line,
    Occurrence,
    Part,
    Patient,
    Procedure,
    ValueCode,
)
from sequela.engine.encounter.view import View
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Kind, Scalar, WordOf
from sequela.engine.vocabulary.systems import System

CLAIM = {"schema": "sequela.encounter/1", "id": "C-1", "setting": "professional", "lines": []}


def view(**facts):
    read = read_encounter(CLAIM | facts)
    assert read.problems == ()
    return View(read.encounter)


FULL = {
    "setting": "outpatient",
    "lines": [{"code": "99213", "modifiers": ["25"], "tags": {"arm": "a"}}],
    "diagnoses": [
        {"code": "E11.9"},
        {"code": "R07.9", "role": "admitting"},
        {"code": "R05.9", "role": "reason-for-visit"},
    ],
    "procedures": [{"code": "0DTJ4ZZ"}],
    "condition_codes": ["44"],
    "occurrence_codes": [{"code": "11"}],
    "value_codes": [{"code": "80"}],
    "history": {"lines": [{"code": "99213", "disposition": "paid"}]},
    "documents": {"items": [{}]},
}


def member_of(found, kind):
    match kind:
        case Kind.CLAIM:
            return found.claim
        case Kind.PATIENT:
            return found.patient
        case Kind.MODIFIER:
            return found.modifiers(found.lines()[0])[0]
        case _:
            return found.members(kind)[-1]


def is_of(value, kind):
    match kind:
        case Scalar.TEXT | CodeOf() | WordOf():
            return isinstance(value, str)
        case Scalar.NUMBER:
            return isinstance(value, (int, Decimal)) and not isinstance(value, bool)
        case Scalar.MONEY:
            return isinstance(value, Decimal)
        case Scalar.DATE:
            return isinstance(value, date)
        case Scalar.YES_NO:
            return isinstance(value, bool)
        case CodesOf():
            return isinstance(value, tuple)


def test_a_name_means_one_fact_of_its_owner():
    assert len({(field.owner, field.name) for field in FIELDS}) == len(FIELDS)
    for field in FIELDS:
        assert field_of(field.owner, field.name) is field
        assert field in fields_of(field.owner)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: f"{field.owner.value}.{field.name}")
def test_every_fact_says_what_it_means_and_can_be_read_when_nothing_is_known(field):
    assert field.meaning.endswith(".")
    assert field.meaning[0].isupper()
    member = member_of(view(**FULL), field.owner)
    value = field.read(member)
    if value is None:
        sources = field.sources(member)
        assert sources
        assert all(pointer.startswith("/") for pointer in sources)
    else:
        assert value is NONE or is_of(value, field.type)


OBJECTS = {
    Kind.CLAIM: Encounter,
    Kind.PATIENT: Patient,
    Kind.LINE: Line,
    Kind.HISTORY_LINE: HistoryLine,
    Kind.DIAGNOSIS: Diagnosis,
    Kind.PROCEDURE: Procedure,
    Kind.DOCUMENT: Document,
    Kind.OCCURRENCE: Occurrence,
    Kind.VALUE_CODE: ValueCode,
}
LISTS = {"lines", "diagnoses", "procedures", "condition_codes", "occurrence_codes", "value_codes", "modifiers"}
APART = LISTS | {"schema", "extra", "tags", "patient", "other_payers", "history", "documents"}


def paths_in(part, above=()):
    for key, hint in hints_of(part).items():
        kind = bare_type(hint)
        if isinstance(kind, type) and issubclass(kind, Part) and key not in APART:
            yield from paths_in(kind, (*above, key))
        elif key not in APART:
            yield (*above, key)


@pytest.mark.parametrize("owner", OBJECTS, ids=lambda owner: owner.value)
def test_every_key_of_the_model_is_a_fact_and_every_stated_fact_a_key(owner):
    assert {field.path for field in fields_of(owner) if field.path} == set(paths_in(OBJECTS[owner]))


def test_names_are_the_keys_with_hyphens():
    for field in FIELDS:
        if field.path and field.name != "code":
            assert field.name == ".".join(field.path).replace("_", "-")


def test_a_service_has_what_a_line_has_and_a_history_line_what_a_service_has():
    lines, services, history = (
        {field.name for field in fields_of(kind)} for kind in (Kind.LINE, Kind.SERVICE, Kind.HISTORY_LINE)
    )
    assert lines < services == history
    assert services - lines == {
        "claim",
        "payer",
        "bill-type",
        "received",
        "processed",
        "allowed",
        "paid",
        "disposition",
    }


@pytest.mark.parametrize(
    "name",
    [
        "id",
        "setting",
        "payer",
        "received",
        "authorization",
        "place",
        "statement-from",
        "statement-to",
        "admitted",
        "discharged",
        "discharge-status",
        "admit-type",
        "bill-type",
        "drg",
        "plan",
        "product",
        "frequency",
        "original-claim",
        "total-charge",
        "accident-date",
        "onset-date",
        "clia",
        "provider.npi",
        "provider.group",
        "provider.specialty",
        "provider.taxonomy",
        "provider.state",
        "billing.npi",
        "billing.group",
        "referring.npi",
        "ordering.taxonomy",
        "supervising.specialty",
        "attending.state",
        "facility.npi",
        "subscriber.member-id",
        "subscriber.relationship",
    ],
)
def test_the_facts_of_the_contract_are_there(name):
    assert field_of(Kind.CLAIM, name) is not None


@pytest.mark.parametrize(
    ("kind", "system"),
    [
        (Kind.LINE, System.HCPCS),
        (Kind.SERVICE, System.HCPCS),
        (Kind.HISTORY_LINE, System.HCPCS),
        (Kind.MODIFIER, System.MODIFIER),
        (Kind.DIAGNOSIS, System.ICD10CM),
        (Kind.ADMITTING_DIAGNOSIS, System.ICD10CM),
        (Kind.REASON_DIAGNOSIS, System.ICD10CM),
        (Kind.PROCEDURE, System.ICD10PCS),
        (Kind.CONDITION_CODE, System.CONDITION),
        (Kind.OCCURRENCE, System.OCCURRENCE),
        (Kind.VALUE_CODE, System.VALUE),
    ],
)
def test_the_code_that_a_set_tests(kind, system):
    found = main_code(kind)
    assert found.type == CodeOf(system)
    assert found.read(member_of(view(**FULL), kind)) == member_of(view(**FULL), kind).code


@pytest.mark.parametrize("kind", [Kind.DOCUMENT, Kind.CLAIM, Kind.PATIENT, Kind.ROW])
def test_kinds_without_a_code_of_their_own(kind):
    assert main_code(kind) is None


@pytest.mark.parametrize(
    ("owner", "name", "meant"),
    [
        (Kind.LINE, "unit", "units"),
        (Kind.LINE, "Place", "place"),
        (Kind.CLAIM, "discharge_status", "discharge-status"),
        (Kind.CLAIM, "npi", "provider.npi"),
        (Kind.PATIENT, "birthdate", "birth-date"),
        (Kind.PATIENT, "zzzzzz", None),
        (Kind.ROW, "units", None),
    ],
)
def test_the_name_that_was_meant(owner, name, meant):
    assert nearest_path(owner, name) == meant


def test_tags_are_facts_under_any_name():
    found = view(tags={"trial_arm": "a"}, lines=[{"tags": {"x1": "b"}}])
    of_claim, of_line = field_of(Kind.CLAIM, "tags.trial-arm"), field_of(Kind.LINE, "tags.trial-arm")
    assert of_claim is field_of(Kind.CLAIM, "tags.trial-arm")
    assert of_claim.read(found.claim) == "a"
    assert of_line.read(found.lines()[0]) is None
    assert of_line.sources(found.lines()[0]) == ("/lines/0/tags/trial_arm",)
    assert field_of(Kind.LINE, "tags.x1").read(found.lines()[0]) == "b"
    assert (
        field_of(Kind.DIAGNOSIS, "tags.certainty").read(
            view(diagnoses=[{"code": "I10", "tags": {"certainty": "suspected"}}]).diagnoses()[0]
        )
        == "suspected"
    )
    assert field_of(Kind.PATIENT, "tags.x") is None
    assert field_of(Kind.CLAIM, "tags.Bad") is None
    assert field_of(Kind.CLAIM, "tags") is None


def test_a_field_comes_through_a_pickle_as_itself():
    for field in (*FIELDS, field_of(Kind.CLAIM, "tags.arm")):
        assert pickle.loads(pickle.dumps(field)) is field


def test_codes_are_read_in_normal_form_and_numbers_exactly():
    found = view(
        place="11",
        total_charge=120,
        diagnoses=[{"code": "e11.9"}],
        lines=[{"units": "2.0", "drug_quantity": 1.5, "charge": "10"}],
        documents={"items": [{"supports": ["l57.0", "E11.9"]}]},
    )
    line = found.lines()[0]
    total = field_of(Kind.CLAIM, "total-charge").read(found.claim)
    assert (total, type(total)) == (Decimal(120), Decimal)
    units = field_of(Kind.LINE, "units").read(line)
    assert (units, type(units)) == (2, int)
    assert field_of(Kind.LINE, "drug-quantity").read(line) == Decimal("1.5")
    assert field_of(Kind.DIAGNOSIS, "code").read(found.diagnoses()[0]) == "E119"
    assert field_of(Kind.DOCUMENT, "supports").read(found.documents()[0]) == ("L570", "E119")


def test_role_and_number_of_diagnoses():
    found = view(
        diagnoses=[{"code": "I10"}, {"code": "E11.9", "role": "principal"}], history={"lines": [{"diagnoses": ["I10"]}]}
    )
    role, number = field_of(Kind.DIAGNOSIS, "role"), field_of(Kind.DIAGNOSIS, "number")
    assert [(role.read(dx), number.read(dx)) for dx in found.diagnoses()] == [("principal", 2), ("secondary", 1)]
    (older,) = found.diagnoses_of(found.history_lines()[0])
    assert role.read(older) is None
    assert field_of(Kind.DIAGNOSIS, "poa").read(older) is None


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        ("1950-06-01", "2026-05-31", 75),
        ("1950-06-01", "2026-06-01", 76),
        ("2004-02-29", "2005-02-27", 0),
        ("2004-02-29", "2005-02-28", 1),
        ("2004-02-29", "2008-02-28", 3),
        ("2004-02-29", "2008-02-29", 4),
        ("2026-03-02", "2026-03-02", 0),
        ("2026-03-02", "2026-03-01", -1),
    ],
)
def test_age_is_in_completed_years(born, on, years):
    assert completed_years(date.fromisoformat(born), date.fromisoformat(on)) == years
    found = view(patient={"birth_date": born})
    assert field_of(Kind.PATIENT, "age").read_on(found.patient, date.fromisoformat(on)) == years


def test_age_without_a_birth_date_or_a_day_is_unknown():
    age, days = field_of(Kind.PATIENT, "age"), field_of(Kind.PATIENT, "age-in-days")
    found = view(patient={"birth_date": "2026-02-01"}, lines=[{"date": "2026-03-01"}])
    assert days.read_on(found.patient, date(2026, 3, 1)) == 28
    assert (age.read(found.patient), days.read(found.patient)) == (0, 28)
    assert age.read_on(found.patient, None) is None
    assert age.sources(found.patient) == ()
    nobody = view().patient
    assert age.read_on(nobody, date(2026, 3, 1)) is None
    assert age.sources(nobody) == days.sources(nobody) == ("/patient/birth_date",)


def test_what_other_payers_paid():
    count, paid = field_of(Kind.CLAIM, "other-payer-count"), field_of(Kind.CLAIM, "other-paid")
    unknown = view().claim
    assert (count.read(unknown), paid.read(unknown), paid.sources(unknown)) == (None, None, ("/other_payers",))
    none = view(other_payers=[]).claim
    assert (count.read(none), paid.read(none)) == (0, Decimal(0))
    two = view(other_payers=[{"paid": "10.50"}, {"paid": 2}]).claim
    assert (count.read(two), paid.read(two)) == (2, Decimal("12.50"))
    half = view(other_payers=[{"paid": "10.50"}, {}]).claim
    assert (paid.read(half), paid.sources(half)) == (None, ("/other_payers/1/paid",))


def test_the_history_facts_of_the_claims_own_lines_are_the_claims_or_none():
    found = view(
        payer="medicare",
        received="2026-03-20",
        lines=[{}],
        history={"lines": [{"claim": "C-9", "disposition": "denied", "paid": "0.00"}]},
    )
    own, older = found.services()
    read = {field.name: field.read for field in fields_of(Kind.SERVICE)}
    assert [read[name](own) for name in ("claim", "payer", "received", "bill-type")] == [
        "C-1",
        "medicare",
        date(2026, 3, 20),
        None,
    ]
    assert field_of(Kind.SERVICE, "bill-type").sources(own) == ("/bill_type",)
    assert [read[name](own) for name in ("disposition", "allowed", "paid", "processed")] == [NONE] * 4
    assert [read[name](older) for name in ("claim", "disposition", "paid", "payer")] == [
        "C-9",
        "denied",
        Decimal(0),
        None,
    ]
    assert field_of(Kind.SERVICE, "payer").sources(older) == ("/history/lines/0/payer",)


def test_services_are_given_where_the_biller_is_unless_the_claim_says_otherwise():
    state = field_of(Kind.CLAIM, "facility.state")
    assert state.read(view(billing={"state": "NY"}).claim) == "NY"
    assert state.read(view(billing={"state": "NY"}, facility={"state": "NJ"}).claim) == "NJ"
    nowhere = view().claim
    assert (state.read(nowhere), state.sources(nowhere)) == (None, ("/facility/state",))
