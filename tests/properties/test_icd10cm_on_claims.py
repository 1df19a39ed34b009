"""The shipped ICD-10-CM rules on random claims: both evaluators agree, and a pair of codes is said once, whatever its order."""

import json
import random
from collections import Counter
from pathlib import Path

import pytest

import sequela
from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.encounter.view import View
from sequela.engine.evaluate.verdict import Status
from sequela.engine.evaluate.walk import walk

RULES = Path(sequela.__file__).parent / "rulesets" / "icd10cm"
PAIRS = ("ICD-EXCLUDES1", "ICD-EXCLUDES1-CONTRADICTED")
OFTEN = frozenset(
    [
        *(
            "K50",
            "K51",
            "K58",
            "G35",
            "F02",
            "G30",
            "D63",
            "N18",
            "E10",
            "E11",
            "I10",
            "I11",
            "I50",
            "J44",
            "J96",
            "B20",
        ),
        *(
            "Z21",
            "O86",
            "T81",
            "M62",
            "G72",
            "S00",
            "S05",
            "R65",
            "A41",
            "M80",
            "M81",
            "D22",
            "I78",
            "R11",
            "F50",
            "W18",
        ),
    ]
)
WRONG = ["G35", "T1502A", "S72001", "E119X", "D691", "U07"]


@pytest.fixture(scope="module")
def rules() -> sequela.Rulebook:
    return sequela.load(RULES)


@pytest.fixture(scope="module")
def codes(rules: sequela.Rulebook) -> list[str]:
    table = next(table for key, table in rules.tables.items() if key.endswith("icd10cm"))
    billable = sorted({str(row.value("code")) for row in table.rows() if row.value("billable") is True})
    return [code for code in billable if code[:3] in OFTEN] + WRONG


def claim(codes: list[str], number: int) -> dict[str, object]:
    return {
        "schema": "sequela.encounter/1",
        "id": f"C-{number}",
        "setting": "inpatient",
        "admitted": "2026-05-01",
        "discharged": "2026-05-04",
        "discharge_status": "01",
        "diagnoses": [{"code": code} for code in codes],
        "lines": [],
    }


def failures(rules: sequela.Rulebook, codes: list[str]) -> Counter[str]:
    return Counter(entry.rule for entry in rules.check(claim(codes, 1)).failures)


def test_both_evaluators_agree(rules: sequela.Rulebook, codes: list[str]) -> None:
    chance = random.Random(5)
    seen: Counter[str] = Counter()
    of_category: dict[str, list[str]] = {}
    for code in codes:
        of_category.setdefault(code[:3] if code not in WRONG else code, []).append(code)
    for number in range(30):
        keys = claim([chance.choice(of_category[name]) for name in chance.sample(sorted(of_category), 9)], number)
        plain = walk(rules.selection(None), rules.tables, View(encounter_from(keys)))
        failed = Counter(one.rule.id for one in plain if one.status is Status.FAIL)
        assert failed == Counter(entry.rule for entry in rules.check(json.dumps(keys)).failures)
        seen.update(failed)
    assert len(seen) >= 8, seen


def test_a_pair_is_said_once_and_in_either_order(rules: sequela.Rulebook, codes: list[str]) -> None:
    chance = random.Random(6)
    said = 0
    for _ in range(400):
        pair = chance.sample(codes[: -len(WRONG)], 2)
        forward, backward = failures(rules, pair), failures(rules, pair[::-1])
        for rule in PAIRS:
            assert forward[rule] == backward[rule] <= 1, pair
        said += sum(forward[rule] for rule in PAIRS)
    assert said >= 5
