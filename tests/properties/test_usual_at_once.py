"""A text of usual facts is read and decided as the whole claim is; any other is read in full."""

import copy
import os
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sequela.engine.encounter import usual
from sequela.engine.encounter.from_json import encounter_again, encounter_from, read_slowly
from sequela.engine.encounter.json_places import JsonOrigins
from sequela.engine.encounter.model import Diagnosis, Encounter, Line, Part, Party, Patient
from sequela.engine.encounter.reading import EncounterError
from sequela.engine.encounter.sound_at_once import codes_are_sound
from sequela.engine.encounter.usual import in_full, usual_decoder
from sequela.engine.encounter.usual_at_once import TextReader
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import texts_of
from sequela.engine.pipeline.opening import open_texts
from sequela.engine.plan.build import build_plan
from sequela.engine.plan.certain import alike
from sequela.engine.plan.certain.alike import AlikePlan
from sequela.engine.plan.certain.dispatch import CertainPlan
from strategies_claims import claims
from strategies_rules import TABLES, rule_texts
from strategies_texts import spoilt

RULEBOOKS = int(os.environ.get("SEQUELA_RULEBOOKS", "400")) // 2
CLAIMS = 4
SETTINGS = ("professional", "outpatient", "inpatient")
SOUND = b'{"schema":"sequela.encounter/1","id":"P","setting":"professional","lines":[{"code":"99213","units":4}]}'
MORE = SOUND.replace(b'"id":"P"', b'"id":"P","note":"n"')
RULES = """
ruleset r "R"
codes visits of HCPCS
  99213
rule R-LINE "Lines"
  for each line l in visits
  require l.units is at most 3
  if fail deny l
"""


def read(text: bytes) -> Encounter:
    """What is read by a reader that has read nothing before."""
    return TextReader().read(text)


def is_usual(claim: Encounter) -> bool:
    return not isinstance(claim, Encounter)


def of_usual_facts(keys: dict[str, object], wide: type[Part] = Encounter) -> dict[str, object]:
    """What is left of a claim without what makes its text an unusual one."""
    inner = {"patient": Patient, "provider": Party, "billing": Party, "attending": Party}
    lists = {"lines": Line, "diagnoses": Diagnosis} if wide is Encounter else {}
    kept: dict[str, object] = {}
    for key in usual.USUAL[wide]:
        value = keys.get(key)
        if key in inner and value:
            value = of_usual_facts(value, inner[key])
        elif key in lists and value:
            value = [of_usual_facts(one, lists[key]) for one in value]
        if value is not None:
            kept[key] = value
    if "bill_type" not in kept:
        for key in ("statement_from", "statement_to", "discharge_status"):
            kept.pop(key, None)
    return kept


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    for name, text in TABLES.items():
        (folder / name).write_text(text)
    return folder


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(spoilt())
def test_what_is_let_through_is_what_the_slow_reading_finds(raw):
    try:
        claim = read(raw)
    except EncounterError:
        return
    if not is_usual(claim):
        return
    slow = read_slowly(JsonOrigins("-", raw))
    assert (slow.encounter is not None) == codes_are_sound(claim)
    assert repr(in_full(claim)) == repr(encounter_again(raw))
    if slow.encounter is not None:
        assert in_full(claim) == slow.encounter


@settings(deadline=None)
@given(claims().map(of_usual_facts))
def test_a_claim_of_usual_facts_is_read_as_one(keys):
    text = msgspec.json.encode(keys)
    claim = read(text)
    assert is_usual(claim)
    assert in_full(claim) == encounter_from(keys)
    assert all(getattr(claim, name) == getattr(in_full(claim), name) for name in ("history", "tags", "drg", "extra"))


@pytest.mark.parametrize("wide", [Encounter, Line, Diagnosis, Party, Patient])
def test_each_fact_of_the_model_is_read_as_its_value_when_it_was_not_sent(wide):
    usual_decoder()
    narrow = next(one for one, model in usual.WIDE.items() if model is wide)
    sent = {"id": "x", "setting": "inpatient", "lines": (), "code": "x", "schema": "sequela.encounter/1"}
    one, other = (
        kind(**{key: sent[key] for key in sent if key in kind.__struct_fields__ and key in narrow.__struct_fields__})
        for kind in (narrow, wide)
    )
    for name in wide.__struct_fields__:
        assert getattr(one, name) == getattr(other, name)


def test_generated_rulebooks_decide_alike(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each claim is decided by plans that meet nothing but full claims, and by plans that meet what texts are read as."""
    monkeypatch.setattr(alike, "FIRST_CLAIMS", 0)
    met = [0, 0, 0]

    @settings(max_examples=RULEBOOKS, deadline=None, suppress_health_check=list(HealthCheck))
    @given(texts=rule_texts(), encounters=st.lists(claims().map(of_usual_facts), min_size=CLAIMS, max_size=CLAIMS))
    def agree(texts: dict[str, str], encounters: list[dict[str, object]]) -> None:
        compiled = compile_found(texts_of(texts), [data])
        if not compiled.is_sound:
            return
        for selection in compiled.rules.selections.values():
            plan = build_plan(selection, compiled.tables)
            for kind in (CertainPlan, AlikePlan):
                whole, narrow = ({one: kind(plan, one) for one in SETTINGS} for _ in range(2))
                for keys in (*encounters, *encounters[:2]):
                    full, claim = encounter_from(keys), read(msgspec.json.encode(keys))
                    one, other = whole[full.setting], narrow[full.setting]
                    wanted, found = one.records(full), other.records(claim)
                    assert (found.records, found.slow, found.coded) == (wanted.records, wanted.slow, wanted.coded)
                    if one.failing is not None:
                        assert other.failing.rules(claim) == one.failing.rules(full)
                    met[0] += is_usual(claim)
                    met[1] += len(found.records)
                    met[2] += len(found.slow)

    agree()
    assert all(met)


@settings(max_examples=RULEBOOKS // 2, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=rule_texts(), keys=claims(), reduced=st.booleans())
def test_a_ledger_of_a_text_is_that_of_the_claim(texts, keys, reduced):
    rules = open_texts(texts)
    keys = of_usual_facts(keys) if reduced else keys
    text, claim = msgspec.json.encode(keys), encounter_from(keys)
    said = rules.check(text)
    assert rules.failed_rules(text) == rules.failed_rules(claim) == set(said.failed_rules)
    assert said.to_json(all=True) == rules.check(claim).to_json(all=True)
    assert said.counts == rules.check(claim).counts
    assert said.encounter == claim


def test_a_ledger_gives_the_whole_claim_with_its_places():
    ledger = open_texts({"r.rules": RULES}).check(SOUND)
    assert ledger.sent is SOUND
    assert ledger.failed_rules == ("R-LINE",)
    assert ledger.sent is SOUND
    assert ledger.encounter == encounter_from(SOUND)
    assert type(ledger.encounter) is Encounter
    assert ledger.encounter is ledger.encounter
    assert ledger.encounter.origins.origin_of("/lines/0/units") == encounter_from(SOUND).origins.origin_of(
        "/lines/0/units"
    )
    assert type(copy.copy(ledger).encounter) is Encounter


def test_a_buffer_that_is_used_again_changes_no_ledger():
    rules = open_texts({"r.rules": RULES})
    buffer = bytearray(SOUND)
    ledgers = [rules.check(buffer), rules.check(memoryview(buffer))]
    buffer[:] = b"x" * len(buffer)
    for ledger in ledgers:
        assert ledger.encounter == encounter_from(SOUND)
        assert ledger.failed_rules == ("R-LINE",)


def test_where_few_texts_are_usual_they_are_read_in_full_but_for_a_try():
    reader = TextReader()
    tried = [is_usual(reader.read(SOUND)) for _ in range(3)]
    for _ in range(40):
        assert reader.read(MORE).note == "n"
    tried += [is_usual(reader.read(SOUND)) for _ in range(100)]
    assert tried[:3] == [True] * 3
    assert tried[3] is False
    assert tried[-1] is True


def test_rules_that_need_the_whole_claim_get_it():
    many = 'ruleset r "R"\n' + "".join(
        f'rule R-{number} "L"\n  for each line l\n  require l.units is at most {number}\n  if fail deny l\n'
        for number in range(1, 21)
    )
    rules = open_texts({"r.rules": many})
    rules.check(SOUND)
    assert type(rules.check(SOUND).sent) is Encounter
