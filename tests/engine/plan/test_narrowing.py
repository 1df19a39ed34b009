"""Narrowing: on a claim of many lines only those are looked at that can be equal, and nothing is decided otherwise."""

import random
import time

import pytest

from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.encounter.view import View
from sequela.engine.evaluate.walk import walk
from sequela.engine.pipeline.opening import open_texts
from sequela.engine.plan import narrowing
from sequela.engine.plan.run import run

CODES = ("99213", "99214", "17000", "17110", "G0104")
RULES = {
    "with the same": """
  for each  line a, other line b with the same date, provider
  forbidden when a.code is 99213 and b.code is 17000
  if fail   deny a""",
    "later, with the same": """
  for each  line a, later line b with the same code, date
  require   b has modifier 59
  if fail   deny b""",
    "some": """
  for each  line a
  forbidden when some other line b where (b.code is 17000 and b.date is a.date and a.provider is b.provider)
  if fail   deny a""",
    "some, by name": """
  for each  line a
  forbidden when some other line b in few where alike(b, a)
  if fail   deny a""",
    "no": """
  for each  line a
  require   no later line b where (b.code is a.code and not (b.date is a.date))
  if fail   deny a""",
    "every": """
  for each  line a
  require   every other line b where b.date is a.date
  if fail   deny a""",
    "at least": """
  for each  line a
  forbidden when at least 3 line b where (b.date is a.date and b.units is a.units)
  if fail   deny a""",
    "number": """
  for each  line a
  require   (number of other lines b where b.date is a.date) is at most 2
  if fail   deny a""",
    "total": """
  for each  line a
  require   (total b.units over lines b where b.date is a.date and b.provider is a.provider) is at most 4
  if fail   deny a""",
    "witness": """
  for each  line a
  when      some other line b where (b.date is a.date and b.code is 17000)
  require   b.units is a.units
  if fail   deny b""",
}


def text(rule: str) -> str:
    return f"""ruleset mine "Mine"

codes few of HCPCS
  17000, 17110

condition alike (line p, line q)
  same-day(q, p) and p.provider is q.provider

condition same-day (line p, line q)
  p.date is q.date

rule ASKED "Asked"{rule}
"""


def claim(lines: int, seed: int) -> dict[str, object]:
    """A claim whose lines have some facts that are not known, or none: a revenue code without a procedure code."""
    chance = random.Random(seed)

    def line(number: int) -> dict[str, object]:
        found: dict[str, object] = {"number": number, "units": chance.choice([1, 1, 2, "1.0"])}
        if chance.random() < 0.9:
            found["date"] = f"2026-03-0{chance.randint(1, 4)}"
        if chance.random() < 0.9:
            found["provider"] = chance.choice(["1234567893", "1992999999"])
        if chance.random() < 0.9:
            found["code"] = chance.choice(CODES)
        elif chance.random() < 0.5:
            found["revenue"] = "0450"
        return found

    return {
        "schema": "sequela.encounter/1",
        "id": "C-1",
        "setting": "outpatient",
        "lines": [line(number) for number in range(1, lines + 1)],
    }


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("few", [0, narrowing.FEW])
def test_it_decides_as_the_plain_walk_does(name: str, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrowing, "FEW", few)
    rulebook = open_texts({"mine.rules": text(RULES[name])})
    statuses: set[str] = set()
    for seed in range(8):
        encounter = encounter_from(claim(30 if few else 9, seed))
        fast = [one.signature() for one in run(rulebook.plan(), View(encounter))]
        assert fast == [one.signature() for one in walk(rulebook.selection(), rulebook.tables, View(encounter))]
        statuses |= {str(one[1]) for one in fast}
    assert len(statuses) > 1


@pytest.mark.parametrize("name", ["with the same", "later, with the same", "some", "some, by name", "number", "total"])
def test_a_large_claim_is_decided_at_once(name: str) -> None:
    rulebook = open_texts({"mine.rules": text(RULES[name])})
    keys = claim(2000, 1)
    for number, line in enumerate(keys["lines"]):  # type: ignore[arg-type, var-annotated]
        line |= {
            "code": CODES[number % 5],
            "provider": "1234567893",
            "date": f"2026-{number % 12 + 1:02}-{number % 25 + 1:02}",
        }
    encounter = encounter_from(keys)
    start = time.process_time()
    run(rulebook.plan(), View(encounter))
    assert time.process_time() - start < 2.0  # looking at every pair takes ten seconds and more
