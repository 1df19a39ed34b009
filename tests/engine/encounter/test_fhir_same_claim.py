"""The same claim as JSON, as an 837 and as FHIR gives the same ledger; any claim of an 837 comes back from FHIR."""

import io
import json
from pathlib import Path

import pytest
from fhir_made import bundle_of, resource_of
from fhir_words import written

import sequela
from sequela.engine.encounter.from_json import to_json
from sequela.engine.encounter.read import read

ROOT = Path(sequela.__file__).parent
SAMPLES = ROOT / "tests" / "samples"
FORMS = ("three-claims.jsonl", "three-claims.837", "three-claims.fhir.json", "three-claims-benefits.ndjson")


def claims(name):
    found = list(read(SAMPLES / name))
    assert [problem for one in found for problem in one.problems] == []
    return [one.encounter for one in found]


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    folders = [ROOT / "rulesets" / name for name in ("mce", "modifiers", "stay", "poa", "icd10cm")]
    return sequela.load(*folders, data=[SAMPLES / "tables"], use_cache=False)


def judged(rules, encounter):
    """The ledger without its receipt and without where the rules stand."""
    ledger = json.loads(rules.check(encounter).to_bytes(all=True))
    ledger.pop("receipt")
    return ledger


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_forms_of_a_claim_give_one_ledger(number, rules):
    first, *others = (judged(rules, claims(name)[number]) for name in FORMS)
    assert first["counts"]["pass"] > 0
    for other in others:
        assert other == first


def test_there_is_a_claim_of_every_setting():
    assert [one.setting for one in claims(FORMS[0])] == ["professional", "outpatient", "inpatient"]


def test_the_samples_are_what_is_made_of_the_837():
    sent = claims("three-claims.837")
    assert (SAMPLES / "three-claims.jsonl").read_text() == "".join(json.dumps(to_json(one)) + "\n" for one in sent)
    assert (SAMPLES / "three-claims.fhir.json").read_text() == written(bundle_of(sent), indent=2) + "\n"
    benefits = (written(resource_of(one, kind="ExplanationOfBenefit", contained=True)[0]) + "\n" for one in sent)
    assert (SAMPLES / "three-claims-benefits.ndjson").read_text() == "".join(benefits)


@pytest.mark.parametrize("name", ["clinic-day.837", "hospital-day.837"])
@pytest.mark.parametrize("kind", ["Claim", "ExplanationOfBenefit"])
def test_every_claim_of_an_837_comes_back_from_fhir(name, kind):
    sent = claims(name)
    text = written(bundle_of(sent, kind=kind)).encode()
    back = [one.encounter for one in read(io.BytesIO(text), "claims.json")]
    assert [plain(one, kind) for one in back] == [plain(one, kind) for one in sent]


def plain(encounter, kind):
    """The claim as JSON, without what FHIR has elsewhere: lines have places of their own; a Claim says nothing of payments."""
    found = to_json(encounter)
    for line in found["lines"]:
        line.setdefault("place", found.get("place"))
    for other in found.get("other_payers", []):
        other.pop("paid", None) if kind == "Claim" else None
    return found
