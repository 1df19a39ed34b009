"""Claims of the samples with facts dropped, doubled, respelt, borrowed from other claims and moved to days on which releases turn."""

import copy
import json
import random
from collections.abc import Iterator, Mapping
from typing import Any

from spark_made import claim_texts

Claim = dict[str, Any]
Pool = Mapping[tuple[str, ...], Mapping[str, list[Any]]]
"""By the place of an object (its keys, `*` for a list) what was met under each of its keys; under `*` the objects of a list."""

TURNS = (
    "2025-09-30",
    "2025-10-01",
    "2025-12-31",
    "2026-01-01",
    "2026-03-31",
    "2026-04-01",
    "2026-06-30",
    "2026-07-01",
    "1999-12-31",
)
SERVICES = ("99213", "99214", "17000", "11055", "20610", "J1100", "36415", "G0439", "81002", "93000", "0001A")
DIAGNOSES = (
    "I10",
    "E11.9",
    "e119",
    " E119",
    "E11.90",
    "O80",
    "S52.501A",
    "B20",
    "Z00.00",
    "C50.911",
    "W19.XXXA",
    "A41.9",
)
MARKS = ("25", "59", "LT", "RT", "50", "JW", "xe", "GA", "76")
ROLES = ("principal", "secondary", "admitting", "reason-for-visit", "external-cause")
MORE: Claim = {
    "history": {"complete": True, "lines": [{"code": "17000", "date": "2026-01-02", "units": 1}, {"code": "G0439"}]},
    "documents": {"complete": False, "items": []},
    "condition_codes": ["G0"],
    "frequency": "7",
    "tags": {"lob": "x"},
    "received": "2026-07-01",
    "patient": {"birth_date": "2010-02-28", "sex": "female"},
}


def changed_claims(count: int, seed: int) -> Iterator[bytes]:
    """So many texts of claims, most of which can be read; the same for the same seed."""
    dice = random.Random(seed)
    bases: list[Claim] = []
    for text in claim_texts(60, seed):
        try:
            found = json.loads(text or b"[]")
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict) and isinstance(found.get("lines"), list):
            bases.append(found)
    pool: dict[tuple[str, ...], dict[str, list[Any]]] = {}
    for base in (*bases, MORE):
        _gather(base, (), pool)
    for _ in range(count):
        claim = copy.deepcopy(dice.choice(bases))
        for _ in range(dice.choice((0, 1, 2, 3, 5, 8))):
            _change(claim, pool, dice)
        for number, line in enumerate(claim["lines"], start=1):
            if "number" in line:
                line["number"] = number
        yield json.dumps(claim).encode()


def _gather(value: Any, at: tuple[str, ...], pool: dict[tuple[str, ...], dict[str, list[Any]]]) -> None:
    for key, one in value.items() if isinstance(value, dict) else [("*", one) for one in value]:
        if isinstance(value, dict) or isinstance(one, dict):
            pool.setdefault(at, {}).setdefault(key, []).append(one)
        if isinstance(one, dict | list):
            _gather(one, (*at, key), pool)


def _change(claim: Claim, pool: Pool, dice: random.Random) -> None:
    at: tuple[str, ...] = dice.choice(
        ((), ("lines",), ("lines", "*"), ("lines", "*"), ("diagnoses",), ("diagnoses", "*"))
    )
    value: Any = claim if not at else claim.setdefault(at[0], [])
    if isinstance(value, list):
        if len(at) == 1 or not value:
            _change_list(value, pool.get(at[:1], {}).get("*", []), dice)
            return
        value = dice.choice(value)
    keys = [key for key in value if key not in ("schema", "id", "setting", "lines")]
    match dice.randrange(6):
        case 0 | 1 if keys:
            value.pop(dice.choice(keys))
        case 2:
            days = [
                key
                for key in keys
                if isinstance(value[key], str) and value[key][:2] in ("19", "20") and "-" in value[key]
            ]
            if days:
                value[dice.choice(days)] = dice.choice(TURNS)
        case 3 if at and at[0] == "lines":
            _respell(value, dice)
        case 3 if at:
            value.update(dice.choice(({"code": dice.choice(DIAGNOSES)}, {"role": dice.choice(ROLES)}, {"poa": "N"})))
        case _:
            met = pool.get(at, {})
            others = [key for key in met if key not in ("schema", "*")]
            if others:
                key = dice.choice(others)
                value[key] = copy.deepcopy(dice.choice(met[key]))


def _change_list(listed: list[Any], met: list[Any], dice: random.Random) -> None:
    match dice.randrange(5):
        case 0 if listed:
            listed.append(copy.deepcopy(dice.choice(listed)))
        case 1 if listed:
            listed.pop(dice.randrange(len(listed)))
        case 2:
            dice.shuffle(listed)
        case 3:
            listed.append({} if met and "units" in met[0] else {"code": "I10"})
        case _:
            if met:
                listed.insert(dice.randrange(len(listed) + 1), copy.deepcopy(dice.choice(met)))


def _respell(line: Claim, dice: random.Random) -> None:
    match dice.randrange(5):
        case 0:
            line["code"] = dice.choice(SERVICES)
        case 1:
            line.pop("code", None)
            line["revenue"] = dice.choice(("0450", "0250", "0300"))
        case 2:
            line["modifiers"] = dice.sample(MARKS, dice.randrange(4))
        case 3:
            line["units"] = dice.choice((0, 1, 2, 40, "1.0", "0.5"))
        case _:
            line["code"] = f" {str(line.get('code', 'g0104')).lower()}"
