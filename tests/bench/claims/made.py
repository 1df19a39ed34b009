"""Made-up claims that look like a clinic's and a hospital's day: the same for the same seed, in all settings.

Most of them are sound. A share has a fault that billing offices know: a visit beside a procedure without its modifier, an order of
diagnoses that is wrong, a sex that was not sent. Nobody in them exists.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

Claim = dict[str, Any]

DIAGNOSES = (
    *(
        "I10",
        "E11.9",
        "E78.5",
        "E03.9",
        "K21.9",
        "J06.9",
        "M54.50",
        "N39.0",
        "F41.1",
        "G47.33",
        "I25.10",
        "J45.909",
        "R05.9",
    ),
    *(
        "M17.11",
        "M25.561",
        "H25.11",
        "L57.0",
        "I48.91",
        "F32.A",
        "D64.9",
        "R07.9",
        "J44.9",
        "E66.9",
        "N18.30",
        "R53.83",
    ),
    *(
        "M79.672",
        "K59.00",
        "B34.9",
        "R51.9",
        "J02.9",
        "H61.21",
        "L30.9",
        "M19.90",
        "R10.9",
        "E55.9",
        "I83.90",
        "G43.909",
    ),
)
VISITS = (("99213", "92.00"), ("99213", "92.00"), ("99214", "131.00"), ("99203", "113.00"), ("99212", "57.00"))
SERVICES = (("36415", "9.00"), ("85025", "11.00"), ("80053", "15.00"), ("93000", "21.00"), ("71046", "38.00"))
PROCEDURES = (("17000", "88.00"), ("20610", "74.00"))
REVENUE = (("0300", "9500.00", 40), ("0250", "4310.00", 62), ("0320", "820.00", 3), ("0450", "1210.00", 1))
STAYS = ("J18.9", "I50.23", "A41.9", "N17.9", "J44.1", "K57.30", "I21.4", "G93.41", "E86.0", "L03.115")
NPIS = ("1234567893", "1245319599", "1326004567", "1417955503", "1518967654", "1609874563")
PAYERS = ("MEDICARE", "MEDICARE", "MEDICARE", "NORTHWIND", "EVERGREEN")
TODAY = date(2026, 3, 31)


def made_claims(count: int, seed: int = 1, faults: float = 0.12) -> Iterator[Claim]:
    """So many claims, as `sequela.encounter/1`; `faults` is the share that is spoilt."""
    chance = random.Random(seed)
    for number in range(1, count + 1):
        kind = chance.random()
        make = _visit if kind < 0.7 else _outpatient if kind < 0.9 else _stay
        yield make(chance, f"M-{seed:02}-{number:07}", chance.random() < faults)


def _base(chance: random.Random, identity: str, setting: str, day: date) -> Claim:
    age = int(chance.triangular(22, 94, 68))
    return {
        "schema": "sequela.encounter/1",
        "id": identity,
        "setting": setting,
        "payer": chance.choice(PAYERS),
        "received": (day + timedelta(days=chance.randint(1, 20))).isoformat(),
        "patient": {
            "id": f"P-{chance.randint(1, 40_000)}",
            "birth_date": date(day.year - age, chance.randint(1, 12), chance.randint(1, 28)).isoformat(),
            "sex": chance.choice(("female", "male")),
        },
        "billing": {"npi": chance.choice(NPIS), "taxonomy": "207Q00000X", "state": "TX"},
    }


def _codes(chance: random.Random, most: int) -> list[Claim]:
    return [{"code": code} for code in chance.sample(DIAGNOSES, chance.randint(1, most))]


def _day(chance: random.Random) -> date:
    return TODAY - timedelta(days=chance.randint(1, 150))


def _line(number: int, code: str, charge: str, day: date, **more: Any) -> Claim:
    return {"number": number, "code": code, "units": 1, "date": day.isoformat(), "charge": charge, **more}


def _total(lines: list[Claim]) -> str:
    return f"{sum(round(float(line['charge']) * 100) for line in lines) / 100:.2f}"


def _visit(chance: random.Random, identity: str, spoilt: bool) -> Claim:
    day = _day(chance)
    claim = _base(chance, identity, "professional", day)
    diagnoses = _codes(chance, 5)
    code, charge = chance.choice(VISITS)
    lines = [_line(1, code, charge, day, diagnoses=[1])]
    if chance.random() < 0.15 or spoilt:
        procedure, cost = chance.choice(PROCEDURES)
        side = {"modifiers": [chance.choice(("RT", "LT"))]} if procedure == "20610" else {}
        lines.append(_line(2, procedure, cost, day, diagnoses=[1], **side))
        if not spoilt or chance.random() < 0.5:
            lines[0]["modifiers"] = ["25"]
    for service, cost in chance.sample(SERVICES, chance.choice((0, 0, 1, 1, 2, 3))):
        lines.append(_line(len(lines) + 1, service, cost, day, diagnoses=[min(2, len(diagnoses))]))
    if spoilt and chance.random() < 0.3:
        claim["patient"].pop("sex")
    if spoilt and chance.random() < 0.2:
        diagnoses = [{"code": "F02.80"}, {"code": "G30.9"}]
        for line in lines:
            line["diagnoses"] = [1]
    provider = {"npi": chance.choice(NPIS), "taxonomy": "207Q00000X", "specialty": "08"}
    return claim | {
        "place": "11", "provider": provider, "total_charge": _total(lines), "diagnoses": diagnoses, "lines": lines
    }  # fmt: skip


def _outpatient(chance: random.Random, identity: str, spoilt: bool) -> Claim:
    day = _day(chance)
    claim = _base(chance, identity, "outpatient", day)
    lines = [_line(1, "G0463", "310.00", day, revenue="0510")]
    for service, _ in chance.sample(SERVICES, chance.randint(1, 4)):
        revenue = {"71046": "0324", "93000": "0730"}.get(service, "0300")
        lines.append(_line(len(lines) + 1, service, f"{chance.randint(20, 400)}.00", day, revenue=revenue))
    if spoilt:
        lines[-1]["units"] = chance.choice((5, 40))
        lines[0].pop("revenue" if chance.random() < 0.3 else "number")
    return claim | {
        "bill_type": "0131", "statement_from": day.isoformat(), "statement_to": day.isoformat(), "discharge_status": "01",
        "total_charge": _total(lines), "diagnoses": _codes(chance, 6), "lines": lines,
    }  # fmt: skip


def _stay(chance: random.Random, identity: str, spoilt: bool) -> Claim:
    last = _day(chance)
    days = chance.randint(1, 12)
    first = last - timedelta(days=days)
    claim = _base(chance, identity, "inpatient", last)
    codes = [chance.choice(STAYS), *chance.sample(DIAGNOSES, chance.randint(2, 9))]
    if spoilt:
        codes.insert(0, "R65.20")
    diagnoses = [{"code": code, "poa": chance.choice("YYYYN")} for code in codes]
    lines = [{"number": 1, "revenue": "0120", "units": days, "charge": f"{1500 * days}.00"}]
    for revenue, charge, units in chance.sample(REVENUE, chance.randint(1, 4)):
        lines.append({"number": len(lines) + 1, "revenue": revenue, "units": units, "charge": charge})
    return claim | {
        "bill_type": "0111", "admitted": first.isoformat(), "admit_type": "1", "admit_source": "1", "discharged": last.isoformat(),
        "discharge_status": chance.choice(("01", "03", "06")), "statement_from": first.isoformat(), "statement_to": last.isoformat(),
        "attending": {"npi": chance.choice(NPIS), "taxonomy": "207R00000X"}, "total_charge": _total(lines),
        "diagnoses": diagnoses, "lines": lines,
    }  # fmt: skip
