"""All that ships, asked in one rulebook that has met other claims before, says what the plain evaluator says of each claim alone."""

import os
import random
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
from claims_changed import changed_claims
from msgspec.structs import replace

import sequela
from sequela.engine.encounter.from_json import read_encounter
from sequela.engine.encounter.view import View
from sequela.engine.evaluate.verdict import Status
from sequela.engine.evaluate.walk import walk
from sequela.engine.explain.ledger import FINDINGS, STATUSES
from sequela.engine.pipeline.opening import load
from sequela.engine.pipeline.rulebook import PayerAmbiguous, Rulebook
from sequela.engine.plan.certain import alike, triggered
from sequela.engine.tables import stored_columns

CLAIMS = int(os.environ.get("SEQUELA_CLAIMS", "24"))
"""So many claims are compared; five times as many are met on the way."""
TABLES = Path(sequela.__file__).parent / "tests" / "samples" / "tables"


@pytest.fixture(scope="module", params=[True, False], ids=["tables", "no tables"])
def rulebook(request: pytest.FixtureRequest) -> Rulebook:
    return load(data=[TABLES] if request.param else [])


@pytest.fixture(autouse=True)
def remembering_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "FIRST_CLAIMS", 1)


def test_what_was_decided_before_changes_nothing(rulebook: Rulebook) -> None:
    """The findings, the failed rules and the counts, under rulesets alone and under payers in turn."""
    dice = random.Random(CLAIMS)
    payers = (None, "medicare-professional", "medicare-outpatient", "medicare-inpatient", dice.choice(rulebook.payers))
    compared = 0
    seen: Counter[Status] = Counter()
    for number, raw in enumerate(changed_claims(8 * CLAIMS, CLAIMS)):
        claim = read_encounter(raw).encounter
        if claim is None:
            continue
        try:
            ledger = rulebook.check(raw, payer=payers[number % len(payers)])
        except PayerAmbiguous:
            continue
        if number % 5:
            assert rulebook.failed_rules(raw, payer=payers[number % len(payers)]) == set(ledger.failed_rules)
            continue
        verdicts = walk(ledger.selection, rulebook.tables, View(claim))
        seen.update(one.status for one in verdicts)
        wanted = [one.signature() for one in verdicts if one.status in FINDINGS]
        assert [one.signature() for one in ledger.found] == wanted, raw
        assert set(ledger.failed_rules) == {one.rule.id for one in verdicts if one.status is Status.FAIL}
        counted = Counter(one.status for one in verdicts)
        assert ledger.counts == {status.value: counted[status] for status in STATUSES}, raw
        compared += 1
    assert compared > CLAIMS / 2
    assert seen[Status.UNKNOWN]
    assert seen[Status.PASS]
    assert not seen[Status.ERROR]


def test_threads_that_share_a_rulebook_change_nothing_for_each_other(
    rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With memories so small that they are forever begun anew, and threads that switch all the time."""
    claims = [raw for raw in changed_claims(CLAIMS, 3) if read_encounter(raw).encounter is not None]

    def said(book: Rulebook, raw: bytes) -> object:
        ledger = book.check(raw, payer="medicare-professional")
        return [one.signature() for one in ledger.found], ledger.counts, ledger.failed_rules

    wanted = {raw: said(rulebook, raw) for raw in claims}
    monkeypatch.setattr(alike, "MOST", 3)
    monkeypatch.setattr(triggered, "_MOST_MET", 5)
    monkeypatch.setattr(stored_columns, "MOST_REMEMBERED", 4)
    shared = replace(rulebook, _plans={}, _written={}, _met={})
    others: list[bytes] = []
    done: list[int] = []

    def work(seed: int) -> None:
        shuffled = random.Random(seed).sample(claims, len(claims))
        others.extend(raw for raw in shuffled if said(shared, raw) != wanted[raw])
        done.append(seed)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    finally:
        sys.setswitchinterval(before)
    assert not others
    assert len(done) == 4
