"""The library as a claim scrubber calls it."""

import json
import pickle
import threading
from pathlib import Path

import pytest

import sequela

ROOT = Path(sequela.__file__).parent
CLINIC = ROOT / "tests" / "samples" / "clinic-day.837"


@pytest.fixture(scope="module")
def rules() -> sequela.Rulebook:
    return sequela.load(data=[ROOT / "tests" / "samples" / "tables"], use_cache=False)


def claims() -> list[sequela.Encounter]:
    return [found.encounter for found in sequela.read(CLINIC) if found.encounter is not None]


def test_load_check_explain(rules: sequela.Rulebook) -> None:
    claim = next(one for one in claims() if one.id == "CD-002")
    ledger = rules.check(claim)
    assert [entry.rule for entry in ledger.failures] == ["MOD-25"]
    assert "add modifier 25 to line 1" in str(ledger.explain(ledger.failures[0]))
    assert not ledger.clean


def test_a_dict_and_bytes_and_an_encounter_give_the_same_ledger(rules: sequela.Rulebook) -> None:
    keys = {"schema": "sequela.encounter/1", "id": "C-1", "setting": "professional", "payer": "medicare", "diagnoses": [{"code": "I10"}],
            "lines": [{"number": 1, "code": "99213", "units": 1, "date": "2026-03-02", "diagnoses": [1]}]}  # fmt: skip
    first = rules.check(keys)
    assert first.to_json(all=True) == rules.check(json.dumps(keys).encode()).to_json(all=True)
    assert first.to_json(all=True) == rules.check(json.dumps(keys)).to_json(all=True)


def test_an_encounter_that_cannot_be_read_names_every_problem(rules: sequela.Rulebook) -> None:
    with pytest.raises(sequela.EncounterError) as caught:
        rules.check(
            {
                "schema": "sequela.encounter/1",
                "id": "C-1",
                "setting": "clinic",
                "lines": [{"number": 1, "units": -1, "cod": "99213"}],
            }
        )
    places = {problem.place for problem in caught.value.problems}
    assert len(caught.value.problems) == 3, caught.value.problems
    assert any("/lines/0/units" in place for place in places)


def test_broken_rules_raise_every_diagnostic(tmp_path: Path) -> None:
    (tmp_path / "mine.rules").write_text(
        'ruleset mine "Mine"\n\nrule A-1 "One"\n  for each line x in a\n  require x.units is b\n  if fail deny y\n'
    )
    with pytest.raises(sequela.RulesError) as caught:
        sequela.load(tmp_path)
    assert len(caught.value.diagnostics) == 3


def test_a_payer_that_is_not_there_is_named(rules: sequela.Rulebook) -> None:
    with pytest.raises(sequela.PayerUnknown):
        rules.check(claims()[0], payer="nobody")


def test_threads_share_a_rulebook(rules: sequela.Rulebook) -> None:
    expected = [rules.check(claim).to_bytes(all=True) for claim in claims()]
    found: dict[int, list[bytes]] = {}

    def work(number: int) -> None:
        found[number] = [rules.check(claim).to_bytes(all=True) for claim in claims()]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(found[number] == expected for number in range(4))


def test_the_cache_gives_the_same_rules_and_refuses_what_it_does_not_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEQUELA_CACHE", str(tmp_path / "cache"))
    data = [ROOT / "tests" / "samples" / "tables"]
    first = sequela.load(data=data)
    second = sequela.load(data=data)
    assert len(list((tmp_path / "cache").glob("*.rulebook"))) == 1
    for claim in claims():
        assert first.check(claim).to_bytes(all=True) == second.check(claim).to_bytes(all=True)
    entry = next((tmp_path / "cache").glob("*.rulebook"))
    entry.write_bytes(b"sequela-rulebook-1\n" + bytes(32) + pickle.dumps(print))
    third = sequela.load(data=data)
    assert third.check(claims()[1]).to_bytes() == first.check(claims()[1]).to_bytes()


def test_a_change_of_one_table_file_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQUELA_CACHE", str(tmp_path / "cache"))
    (tmp_path / "mine.rules").write_text(
        'ruleset mine "Mine"\n\ntable fees "Fees"\n  file  "fees.csv"\n  key   code of HCPCS\n  value most as number\n  complete\n\n'
        'rule A-1 "Most"\n  for each line x\n  look up fee in fees by x.code\n  require x.units is at most fee.most\n  if fail deny x\n'
    )
    claim = {
        "schema": "sequela.encounter/1",
        "id": "C-1",
        "setting": "professional",
        "lines": [{"number": 1, "code": "99213", "units": 2}],
    }
    for most, outcome in (("1", "deny"), ("2", "pass"), ("1", "deny")):
        (tmp_path / "fees.csv").write_text(f"code,most\n99213,{most}\n")
        assert sequela.load(tmp_path).check(claim).outcome == outcome
