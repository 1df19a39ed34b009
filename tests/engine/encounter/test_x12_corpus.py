"""Files by other hands: every claim of every one is read, and what is wrong with them is named."""

import csv
from pathlib import Path

import pytest

import sequela
from sequela.engine.encounter.from_x12 import read_x12
from sequela.engine.encounter.soundness import faults_of

CORPUS = Path(sequela.__file__).parent.parent / "shared" / "x12"
INDEX = CORPUS / "index.csv"
pytestmark = pytest.mark.skipif(not INDEX.is_file(), reason="the shared 837 files are not here")

WITHOUT_LINES = {"YashGames2007__sample_837_valid.edi"}
"""The one file whose claim was sent without any service."""
WITHOUT_DIAGNOSES = {
    "ASTRO-N1__sample_837.txt",
    *(f"YashGames2007__837_claim_valid_{number}.edi" for number in range(1, 6)),
}
WITHOUT_DIAGNOSES |= WITHOUT_LINES

NAMED = {
    "Healthcare-Data-Insight__837P-validation-issues.edi": {"SEQ773", "SEQ775"},
    "Inteligenz__P-5010__UnicodeExample.txt": {"SEQ750"},
    "Virbhadra463__837i_errors.edi": {"SEQ774", "SEQ775", "SEQ776", "SEQ779", "SEQ782"},
    "YashGames2007__837P-error.edi": {"SEQ774", "SEQ776", "SEQ767"},
    "YashGames2007__837_missing_nm1.edi": {"SEQ768"},
    "gunajii__invalid_837.edi": {"SEQ766"},
    "imsweb__x12_bad_valid_code.txt": {"SEQ779", "SEQ768"},
    "imsweb__x12_missing_required_loop_in_one_repeat.txt": {"SEQ768"},
    "imsweb__x12_missing_required_loops_mult_repeats.txt": {"SEQ781", "SEQ773"},
    "imsweb__x12_no_isa_line.txt": {"SEQ753"},
    "imsweb__x12_segment_errors.txt": {"SEQ768", "SEQ777"},
}


def rows(category):
    """The files of a part of the corpus, with what the index says of them."""
    if not INDEX.is_file():
        return []
    with INDEX.open(encoding="utf-8") as stream:
        return [row for row in csv.DictReader(stream) if row["category"] == category]


def read_file(name):
    with (CORPUS / name).open("rb") as stream:
        found = list(read_x12(stream, name))
    for one in found:
        assert (one.encounter is None) == any(problem.fatal for problem in one.problems)
    return [one.encounter for one in found if one.encounter is not None], [p for one in found for p in one.problems]


@pytest.mark.parametrize("row", rows("claims-5010"), ids=lambda row: row["file"].partition("/")[2])
def test_no_claim_is_lost_or_empty(row):
    claims, problems = read_file(row["file"])
    name = row["file"].partition("/")[2]
    assert len(claims) == int(row["claims"])
    assert not [problem for problem in problems if problem.fatal]
    assert len({claim.id for claim in claims}) == len(claims)
    assert (
        sum(len(claim.lines) for claim in claims)
        >= int(row["service_lines"]) * (row["kind"] != "?" and "835" not in name)
        or "multi_interchange" in name
    )
    for claim in claims:
        assert claim.lines or name in WITHOUT_LINES
        assert claim.diagnoses or name in WITHOUT_DIAGNOSES
        assert all(line.code or line.revenue for line in claim.lines)
        assert {fault.code for fault in faults_of(claim)} <= {"SEQ716"}
        assert (claim.setting == "professional") == (row["kind"] == "P")


@pytest.mark.parametrize("row", rows("malformed"), ids=lambda row: row["file"].partition("/")[2])
def test_what_is_malformed_is_named_and_nothing_else_is_lost(row):
    claims, problems = read_file(row["file"])
    assert len(claims) == int(row["claims"])
    assert {problem.code for problem in problems} >= NAMED[row["file"].partition("/")[2]]
    assert all(problem.place and problem.file == row["file"] for problem in problems)


@pytest.mark.parametrize("row", rows("predetermination-and-reporting"), ids=lambda row: row["file"].partition("/")[2])
def test_other_kinds_of_837_are_named(row):
    claims, problems = read_file(row["file"])
    assert claims == []
    (fatal,) = [problem for problem in problems if problem.fatal]
    assert fatal.code == "SEQ763"
    assert row["version"] in fatal.message
    assert f"{row['claims']} claim" in fatal.message


def test_the_separator_that_is_used_is_named():
    wrong = {
        row["file"]: [problem.message for problem in read_file(row["file"])[1] if problem.code == "SEQ755"]
        for row in rows("claims-5010")
    }
    named = {name for name, messages in wrong.items() if messages}
    assert named == {
        f"claims-5010/{name}"
        for name in (
            "Inteligenz__I-5010__Spec_3.1.3_PPORepricedClaim.txt",
            "Inteligenz__I-5010__Spec_3.1.4_OutOfNetworkRepricedClaim.txt",
            "LinuxForHealth__demo.cob.2ndary.example4.837",
            "LinuxForHealth__demo.example11.837",
            "LinuxForHealth__demo.example12.837",
            "LinuxForHealth__out-of-network-repriced-claim.837i",
        )
    }
    assert all("`>`" in message for messages in wrong.values() for message in messages)
