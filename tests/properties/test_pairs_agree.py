"""Rules that ask a table by the codes of two lines, or two diagnoses, say what the compiled steps say, however the table is held."""

import os
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from unittest.mock import patch

from msgspec.structs import replace

from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.encounter.model import Encounter
from sequela.engine.encounter.view import Member, View
from sequela.engine.evaluate.verdict import Status, Verdict
from sequela.engine.explain.ledger import FINDINGS
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import texts_of
from sequela.engine.plan.build import build_plan
from sequela.engine.plan.certain.dispatch import CertainPlan, Records
from sequela.engine.plan.run import run, run_findings
from sequela.engine.plan.steps import Plan
from sequela.engine.tables import beginnings
from sequela.engine.tables.model import Covers, Table
from sequela.engine.tables.releases import open_releases
from sequela.engine.vocabulary.kinds import Kind
from tables_made import in_memory, write

RULEBOOKS = int(os.environ.get("SEQUELA_RULEBOOKS", "400"))
CLAIMS = 6
STATUSES = {Status.PASS: 0, Status.FAIL: 1, Status.BYPASSED: 2}
RULES = """
ruleset pairs "Pairs"
codes visits of HCPCS
  99213, 99214
codes marks of MODIFIER
  59, XS
table edits "Pairs of codes"
  key   one of HCPCS, other of HCPCS
  value indicator as text, most as number
  in force starts to ends
  rows
    99213 | 17000 | "1" | 1 | 2026-01-01 | 2026-06-30
  complete
table ageless "Pairs on any day"
  key   one of HCPCS, other of HCPCS
  value indicator as text
  rows
    99213 | 17000 | "1"
  complete
table triples "Three keys"
  key   one of HCPCS, other of HCPCS, place of POS
  value most as number
  rows
    99213 | 17000 | 22 | 1
  complete
table rivals "Diagnoses"
  key   one of ICD10CM, other of ICD10CM
  value why as text
  in force starts to ends
  rows
    E11.9 | R51 | "x" | 2026-01-01 | 2026-06-30
  complete
table owners "Notes"
  key   owner under ICD10CM, excluded in codes of ICD10CM
  value why as text
  rows
    E11 | R51 | "x"
  complete
table amounts "Amounts"
  key   code of HCPCS
  value most as number
  rows
    99213 | 1
    17000 | 2
    G0104 | 3
  complete
rule P-DAY "x"
  for each line a, other line b with the same date
  look up edit in edits by a.code, b.code
  forbidden
  bypass when edit.indicator is "1" and (a has modifier in marks or b has modifier in marks)
  if fail deny b
rule P-PROVIDER "x"
  for each line a, other line b with the same date, provider
  look up edit in edits by a.code, b.code
  unless edit.indicator is "9"
  require b.units is at most edit.most
  if fail deny b
rule P-GROUP "x"
  for each line a, other line b with the same date, group
  look up edit in edits by a.code, b.code
  forbidden
  if fail deny b
rule P-LATER "x"
  for each line a, later line b
  look up edit in ageless by a.code, b.code
  require edit.indicator is "0"
  if fail deny b
rule P-PLACE "x"
  for each line a, other line b
  look up three in triples by a.code, b.code, a.place
  require b.units is at most three.most
  if fail deny b
rule P-TWO "x"
  for each line a, other line b with the same date
  look up edit in edits by a.code, b.code
  look up one in amounts by b.code
  when a.units is less than 3
  require b.units is at most one.most
  if fail deny b
rule P-THREE "x"
  for each line a, line c in visits, other line b with the same date
  look up edit in edits by a.code, b.code
  require c.units is at most edit.most
  if fail deny b
rule P-VISITS "x"
  for each line a in visits, other line b
  look up edit in edits by a.code, b.code
  forbidden
  if fail deny b
rule P-WINDOW "x"
  effective 2026-02-01 to 2026-06-30
  for each line a, other line b with the same date
  look up edit in edits by a.code, b.code
  forbidden
  if fail deny b
rule P-ADMITTED "x"
  effective 2020-01-01 onward by admission date
  for each line a, other line b
  look up edit in edits by a.code, b.code
  forbidden
  if fail deny b
rule P-ITSELF "x"
  for each line a, line b
  look up edit in ageless by a.code, b.code
  forbidden
  if fail deny b
rule D-OTHER "x"
  for each diagnosis dx, other diagnosis rival
  look up one in rivals by dx.code, rival.code
  require patient.sex is male
  if fail warn rival
rule D-LATER "x"
  for each diagnosis dx, later diagnosis rival
  look up one in rivals by dx.code, rival.code
  require one.why is "x"
  if fail warn rival
rule D-OWNER "x"
  for each diagnosis dx, other diagnosis rival
  look up one in owners by dx.code, rival.code
  require one.why is "x"
  if fail warn rival
"""
SERVICES = ["99213", "99214", "17000", "17110", "G0104", "G0105"]
DIAGNOSES = ["E11.9", "E11.21", "R51", "I10"]
DAYS = ["2025-12-31", "2026-01-31", "2026-03-02", "2026-06-30", "2026-07-01"]
COMPILED = compile_found(texts_of({"pairs.rules": RULES}))
SHAPES = {key.rpartition("/")[2]: (key, table.shape) for key, table in COMPILED.tables.items()}


def rows(shape: str, dice: Random) -> list[tuple[str, ...]]:
    """Rows of a table as text."""

    def row() -> tuple[str, ...]:
        service, other = dice.choice(SERVICES), dice.choice(SERVICES)
        diagnosis, rival = (dice.choice(DIAGNOSES).replace(".", "") for _ in range(2))
        period = sorted(dice.choices(DAYS, k=2)) if dice.random() < 0.4 else [DAYS[0], DAYS[-1]]
        match shape:
            case "edits":
                return (service, other, dice.choice("019"), dice.choice(["1", "2", ""]), *period)
            case "ageless":
                return (service, other, dice.choice("01"))
            case "triples":
                return (service, other, dice.choice(["11", "22"]), dice.choice(["1", "2"]))
            case "rivals":
                return (diagnosis, rival, dice.choice("xy"), *period)
            case "owners":
                return (
                    dice.choice(["E11", "R51", "I10 .. I15"]),
                    dice.choice(["R51, I10", "under E11"]),
                    dice.choice("xy"),
                )
            case _:
                return (service, dice.choice(["1", "2"]))

    return [row() for _ in range(dice.randrange(15))]


COVERED = (
    Covers(date(2025, 1, 1), date(2026, 2, 1)),
    Covers(date(2026, 2, 2), date(2026, 6, 30)),
    Covers(date(2026, 6, 1), None),
    Covers(None, None),
    None,
)


def made_tables(folder: Path, dice: Random) -> dict[str, Table]:
    """Every table, in memory, as one release or as several, with gaps between them; some of them partial."""
    found: dict[str, Table] = {}
    for name, (key, declared) in SHAPES.items():
        shape = replace(declared, complete=dice.random() < 0.9)
        way = dice.choice(["memory", "stored", "releases"])
        if way == "memory":
            found[key] = in_memory(replace(shape, covers=dice.choice(COVERED)), rows(name, dice))
            continue
        paths = []
        for count in range(1 if way == "stored" else dice.choice([2, 3])):
            own = folder / f"{name}{count}"
            own.mkdir()
            paths.append(write(own, shape, rows(name, dice), release=f"r{count}", covers=dice.choice(COVERED)))
        table = open_releases(shape, paths)
        assert isinstance(table, Table), table
        found[key] = table
    return found


def made_claim(dice: Random, *, faults: float) -> dict[str, object]:
    """A claim; with `faults` a code, a day, a provider may be unknown, a code be sent in small letters, or there be none."""
    days = dice.sample(DAYS, 2)

    def line() -> dict[str, object]:
        made: dict[str, object] = {
            "units": dice.randint(1, 3),
            "code": dice.choice(SERVICES),
            "date": dice.choice(days),
        }
        made["modifiers"] = dice.sample(["59", "XS", "76"], dice.choice([0, 0, 1]))
        made |= {"provider": dice.choice(["1234567893", "1992999999"]), "place": dice.choice(["11", "22"])}
        if dice.random() < faults:
            made["code"] = dice.choice(["g0104", "g0105"])
        for name in ("code", "date", "provider", "place"):
            if dice.random() < faults:
                del made[name]
        return made | ({"revenue": "0450"} if "code" not in made and dice.random() < 0.7 else {})

    def diagnosis() -> dict[str, object]:
        role = {"role": dice.choice(["secondary", "external-cause", "admitting"])} if dice.random() < faults else {}
        return {"code": dice.choice([*DIAGNOSES, "e119"]), **role}

    return {
        "schema": "sequela.encounter/1",
        "id": "C-1",
        "setting": dice.choice(["professional", "outpatient"]),
        "diagnoses": [diagnosis() for _ in range(dice.randrange(5))],
        "lines": [line() for _ in range(dice.randrange(6))],
        "patient": {} if dice.random() < faults else {"sex": dice.choice(["female", "male"])},
        **({} if dice.random() < faults else {"admitted": dice.choice(DAYS)}),
        "discharged": "2026-07-01",
    }


def test_rules_on_pairs_agree() -> None:
    assert COMPILED.is_sound, [str(one) for one in COMPILED.diagnostics]
    selection = COMPILED.rules.selections[None]
    decided: set[tuple[int, int]] = set()
    left = 0
    for seed in range(RULEBOOKS):
        dice = Random(seed)
        bounds = {"FEW": dice.choice([0, 1, 32]), "MOST_PAIRS": dice.choice([3, 100_000])}
        with TemporaryDirectory() as folder, patch.multiple(beginnings, **bounds):
            plan = build_plan(selection, made_tables(Path(folder), dice))
            certain = {one: CertainPlan(plan, one) for one in ("professional", "outpatient")}
            for _ in range(CLAIMS):
                claim = encounter_from(made_claim(dice, faults=dice.choice([0, 0.05])))
                found = certain[claim.setting].records(claim)
                hold_alike(plan, claim, found, seed)
                decided.update((record[0], record[1]) for record in found.records)
                left += len(found.slow)
    # of P-GROUP no code is written; four others forbid, and can only fail
    assert {place for place, _ in decided} == {at for at, rule in enumerate(selection.rules) if rule.id != "P-GROUP"}
    assert len(decided) == 2 * (len(selection.rules) - 1) - 4
    assert 0 < left < RULEBOOKS * CLAIMS * len(selection.rules) / 2


def hold_alike(plan: Plan, claim: Encounter, found: Records, seed: int) -> None:
    """What is recorded is what the compiled steps say, but of the rules that are left to them."""
    slow, places = set(found.slow), {rule.rule.id: rule.place for rule in plan.rules}
    verdicts = run(plan, View(claim))
    wanted = [
        (places[one.rule.id], STATUSES.get(one.status, one.status.value), *_bound(one))
        for one in verdicts
        if one.status is not Status.NOT_APPLICABLE and places[one.rule.id] not in slow
    ]
    assert sorted(found.records) == sorted(wanted), (seed, claim)
    some = [one.signature() for one in run_findings(plan, View(claim), found).verdicts if one.status in FINDINGS]
    assert some == [one.signature() for one in verdicts if one.status in FINDINGS], (seed, claim)


def _bound(verdict: Verdict) -> list[int]:
    return [
        one.bound.order if one.kind is Kind.DIAGNOSIS else one.bound.index
        for one in verdict.subjects
        if isinstance(one.bound, Member)
    ]
