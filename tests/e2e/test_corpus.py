"""Claim files by other hands: every claim is read and decided, and explain answers for every rule of it."""

import csv
from collections import Counter
from pathlib import Path

import pytest

import sequela

ROOT = Path(sequela.__file__).parent
CORPUS = ROOT.parent / "shared" / "x12"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of claim files is not beside this checkout")


@pytest.fixture(scope="module")
def rules() -> sequela.Rulebook:
    return sequela.load(data=[ROOT / "tests" / "samples" / "tables"], use_cache=False)


def index(category: str, column: str = "claims") -> dict[str, int]:
    with (CORPUS / "index.csv").open() as stream:
        return {row["file"]: int(row[column]) for row in csv.DictReader(stream) if row["category"] == category}


@pytest.mark.parametrize("file", sorted(index("claims-5010")) if CORPUS.is_dir() else [])
def test_every_claim_is_read_and_decided(rules: sequela.Rulebook, file: str) -> None:
    read = list(sequela.read(CORPUS / file))
    assert not [problem for one in read for problem in one.problems if problem.fatal]
    claims = [one.encounter for one in read if one.encounter is not None]
    lines = index("claims-5010", "service_lines")[file]
    if not any(
        problem.code in ("SEQ762", "SEQ764") for one in read for problem in one.problems
    ):  # those count a remittance's services too
        assert sum(len(claim.lines) for claim in claims) >= lines
    assert len(claims) == index("claims-5010")[file]
    for claim in claims[:25]:
        ledger = rules.check(claim)
        assert ledger.counts["error"] == 0
        ledger.to_bytes(all=True)


@pytest.mark.parametrize("file", sorted(index("claims-5010"))[::6] if CORPUS.is_dir() else [])
def test_explain_answers_for_any_rule(rules: sequela.Rulebook, file: str) -> None:
    claim = next(one.encounter for one in sequela.read(CORPUS / file) if one.encounter is not None)
    ledger = rules.check(claim)
    said: Counter[str] = Counter()
    for rule in ledger.selection.rules:
        entries = ledger.entry(rule.id)
        assert entries, rule.id
        for entry in entries[:2]:
            text = str(ledger.explain(entry))
            assert rule.id in text
            said[entry.status] += 1
    assert said


@pytest.mark.parametrize("category", ["malformed", "predetermination-and-reporting"])
def test_what_cannot_be_read_is_named(category: str) -> None:
    for file in index(category):
        for one in sequela.read(CORPUS / file):
            assert one.encounter is not None or one.problems
            for problem in one.problems:
                assert problem.code.startswith("SEQ7")
                assert problem.file.endswith(Path(file).name)
