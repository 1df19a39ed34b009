"""Claims for the checklist of the domain, and the published-layout files that decide them (all made up)."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sequela
from ncci_made import aoc_file, mue_text, ptp_text
from published_made import contractor_record
from sequela.engine.imports.kinds import Asked
from sequela.engine.imports.registry import kind_named
from sequela.engine.imports.run import run_import

TABLES = Path(sequela.__file__).parent / "tests" / "samples" / "tables"
"""The made-up tables; those of the NCCI, HCPCS and the fee schedule are written out as CMS publishes them, and imported."""

DAY = "2026-05-04"
ME, PARTNER, GROUP = "1234567893", "1992999999", "1999999984"
QUARTERS = ("01-01-2026", "04-01-2026", "07-01-2026", "10-01-2026")
MAI = {"1": "1 Line Edit", "2": "2 Date of Service Edit: Policy", "3": "3 Date of Service Edit: Clinical"}


def rows_of(name: str) -> list[dict[str, str]]:
    with (TABLES / f"{name}.csv").open(newline="") as stream:
        return list(csv.DictReader(stream))


def imported(folder: Path) -> Path:
    """A data folder of tables that the importers made from published-layout files."""
    source, into = folder / "published", folder / "data"
    source.mkdir()
    for kind, files in (
        ("ncci-ptp", _pairs(source)),
        *(("mue", [file]) for file in _limits(source)),
        ("add-on", [_add_ons(source)]),
        ("hcpcs", [_codes(source)]),
        *(("mpfs", [file]) for file in _fees(source)),
    ):
        found = kind_named(kind)
        assert found is not None, kind
        done = run_import(found, files, into, Asked())
        assert done.is_done, done.problems
    return into


def _day(text: str) -> str:
    return text.replace("-", "") or "*"


def _julian(text: str) -> str:
    return date.fromisoformat(text).strftime("%Y%j") if text else ""


def _pairs(folder: Path) -> list[Path]:
    files = []
    for mark, table in (("ccipra", "ncci/ptp-practitioner"), ("ccioph", "ncci/ptp-hospital")):
        rows = sorted(
            [row["column-1"], row["column-2"], "", _day(row["effective"]), _day(row["ended"]), row["indicator"], row["rationale"]]
            for row in rows_of(table)
        )  # fmt: skip
        for part in range(4):  # each holds a range of column 1
            path = folder / f"{mark}-v323r0-f{part + 1}.txt"
            size = -(-len(rows) // 4)
            path.write_bytes(ptp_text(rows[part * size : (part + 1) * size] or rows[-1:]))
            files.append(path)
    return files


def _limits(folder: Path) -> list[Path]:
    titles = {
        "practitioner": ("PractitionerServices", "Practitioner Services MUE Values"),
        "hospital": ("OutpatientHospital", "Outpatient Hospital Services MUE Values"),
        "dme": ("DMESupplier", "DME Supplier Services MUE Values"),
    }
    files = []
    for setting, (name, title) in titles.items():
        rows = [
            [row["code"], row["units"], MAI[row["mai"]], row["rationale"]]
            for row in rows_of(f"ncci/mue-{setting}")
            if row["units"]
        ]
        for quarter in QUARTERS:
            path = folder / f"MCR_MUE_{name}_Eff_{quarter}.csv"
            path.write_bytes(mue_text(rows, title))
            files.append(path)
    return files


def _add_ons(folder: Path) -> Path:
    ends = {row["code"]: row for row in rows_of("ncci/add-ons")}
    rows = [
        [row["kind"], row["code"], "", row["primary"], _julian(row["ended"]), _julian(row["effective"]), "", ""]
        for row in rows_of("ncci/add-on-primaries")
    ]
    rows += [
        [row["kind"], code, "", "CCCCC", "", _julian(row["effective"]), "", "Contractor Defined Primary Codes"]
        for code, row in ends.items()
        if row["kind"] != "1"
    ]
    return aoc_file(folder, "AOC_V2026Q4-MCR.txt", rows)


def _codes(folder: Path) -> Path:
    path = folder / "HCPC2026_APR_ANWEB.txt"
    lines = ["***Disclaimers"]
    lines += [_record(row, "7", row["description"]) for row in rows_of("hcpcs/modifiers")]
    lines += [_record(row, "3", "A service", coverage=row["coverage"]) for row in rows_of("hcpcs/codes")]
    path.write_text("\r\n".join(lines), encoding="latin-1")
    return path


def _record(row: Mapping[str, str], kind: str, long: str, **fields: str) -> str:
    days = {"added": _day(row["effective"]), "ended": row["ended"].replace("-", "")}
    return contractor_record(row["code"], "00100", kind, long, action="N", **days, **fields)


def _fees(folder: Path) -> list[Path]:
    files = []
    for month, release in (("Apr", "April"), ("Jul", "July")):
        lines = [
            f",,2026 National Physician Fee Schedule Relative Value File {release} Release",
            "HCPCS,MOD,DESCRIPTION,STATUS CODE,PCTC IND,GLOB DAYS,PRE OP,INTRA OP,POST OP,MULT PROC,BILAT SURG,ASST SURG,"
            "CO- SURG,TEAM SURG,ENDO BASE,PHYSICIAN SUPERVISION OF DIAGNOSTIC PROCEDURES,WORK RVU",
        ]
        lines += [
            f"{row['code']},,,{row['status']},{row['pctc']},{row['global']},0,0,0,{row['multiple']},{row['bilateral']},"
            f"{row['assistant']},{row['co-surgeon']},{row['team']},,09,1.00"
            for row in rows_of("mpfs/indicators")
        ]
        path = folder / f"PPRRVU2026_{month}_nonQPP.csv"
        path.write_text("\r\n".join(lines))
        files.append(path)
    return files


def _claim(
    setting: str, diagnoses: Iterable[str | Mapping[str, Any]], day: str, more: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "schema": "sequela.encounter/1",
        "id": "C-1",
        "setting": setting,
        "payer": "99999",  # nobody's: the rulesets alone, unless a payer is asked for
        "received": (date.fromisoformat(day) + timedelta(days=16)).isoformat(),
        "provider": {"npi": ME},
        "billing": {"npi": GROUP, "group": GROUP, "state": "PA"},
        "patient": {"sex": "female", "birth_date": "1984-03-03"},
        "diagnoses": [{"code": one} if isinstance(one, str) else dict(one) for one in diagnoses],
        **more,
    }


def line(code: str, **facts: Any) -> dict[str, Any]:
    """A line; modifiers are written behind the code: `45380-59`."""
    code, *modifiers = code.split("-")
    return {"code": code, "modifiers": modifiers, **facts}


def _lines(lines: Iterable[str | Mapping[str, Any]], day: str, facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "units": 1,
            "date": day,
            "charge": "100.00",
            **facts,
            **(line(one) if isinstance(one, str) else one),
        }
        for number, one in enumerate(lines, 1)
    ]


def professional(
    diagnoses: Sequence[str | Mapping[str, Any]],
    lines: Iterable[str | Mapping[str, Any]] = ("99213",),
    day: str = DAY,
    *,
    place: str = "11",
    **more: Any,
) -> dict[str, Any]:
    """A professional claim; a line points to all diagnoses (to four) unless it says otherwise."""
    pointers = list(range(1, min(len(diagnoses), 4) + 1))
    made = _claim("professional", diagnoses, day, more)
    return made | {"lines": _lines(lines, day, {"place": place, "diagnoses": pointers})}


def outpatient(
    diagnoses: Sequence[str | Mapping[str, Any]],
    lines: Iterable[str | Mapping[str, Any]] = ("G0463",),
    day: str = DAY,
    **more: Any,
) -> dict[str, Any]:
    """A hospital's outpatient claim of one day."""
    stated = {"bill_type": "0131", "statement_from": day, "statement_to": day}
    made = _claim("outpatient", diagnoses, day, stated | more)
    return made | {"lines": _lines(lines, day, {"revenue": "0510"})}


def inpatient(
    diagnoses: Sequence[str | Mapping[str, Any]],
    admitted: str = "2026-05-01",
    discharged: str = DAY,
    procedures: Mapping[str, str] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A stay; a diagnosis written as a code alone was present on admission, but Z and external causes say nothing."""
    coded = [
        ({"code": one} if one[0] in "VWXYZ" else {"code": one, "poa": "Y"}) if isinstance(one, str) else one
        for one in diagnoses
    ]
    stay = {
        "admitted": admitted, "discharged": discharged, "statement_from": admitted, "statement_to": discharged,
        "discharge_status": "01", "bill_type": "0111", "admit_type": "1", "lines": [],
        "procedures": [{"code": code, "date": day} for code, day in (procedures or {}).items()],
    }  # fmt: skip
    return _claim("inpatient", coded, discharged, stay | more)


def born(years: int, day: str, sex: str = "female") -> dict[str, str]:
    """A patient of so many years on a day, the birthday being in January."""
    return {"sex": sex, "birth_date": f"{int(day[:4]) - years}-01-05"}


def history(*lines: Mapping[str, Any], complete: bool = True) -> dict[str, Any]:
    return {"complete": complete, "lines": [{"disposition": "paid", "claim": "A-1", **one} for one in lines]}


def entry(
    ledger: sequela.Ledger, rule: str, status: str = "fail", *, line: int | None = None, dx: int | None = None
) -> sequela.Entry:
    """The one entry of a rule, about a line or diagnosis, that has a status."""
    found = [one for one in ledger.entry(rule, line=line, dx=dx) if one.status == status]
    has = sorted({(one.rule, one.status, one.about) for one in ledger.entries if one.status != "not checked"})
    assert found, f"{rule} is not {status}; the ledger has {has}"
    return found[0]


def fails(
    ledger: sequela.Ledger,
    rule: str,
    *words: str,
    line: int | None = None,
    dx: int | None = None,
    answer: str | None = None,
    outcome: str | None = None,
) -> sequela.Entry:
    """That a rule fails about a line or diagnosis, names the values, and is answered with "CO 236 N20 M80"."""
    one = entry(ledger, rule, line=line, dx=dx)
    pointer = f"/lines/{line - 1}" if line else f"/diagnoses/{dx - 1}" if dx else None
    assert pointer is None or pointer in one.about, (rule, one.about)
    missing = [word for word in words if word not in one.message]
    assert not missing, f"{rule} does not name {missing}: {one.message}"
    if answer is not None:
        given = one.adjustment
        assert given is not None
        assert f"{given.group} {given.carc} {' '.join(given.rarcs)}".strip() == answer
    assert outcome in (None, one.outcome), (rule, one.outcome)
    return one


def quiet(ledger: sequela.Ledger, *rules: str) -> None:
    """That a claim is right: none of the rules fails, or (none named) none at all but with a note."""
    failed = {one.rule: one.message for one in ledger.failures if one.outcome != "note"}
    for rule in rules:
        said = statuses(ledger, rule)
        assert said, f"there is no rule {rule}"
        assert said.isdisjoint({"not checked", "error"}), f"{rule} is {said}: that it does not fail says nothing"
    if rules:
        failed = {rule: said for rule, said in failed.items() if rule in rules}
    assert not failed, failed


def statuses(ledger: sequela.Ledger, rule: str, line: int | None = None, dx: int | None = None) -> set[str]:
    return {one.status for one in ledger.entry(rule, line=line, dx=dx)}
