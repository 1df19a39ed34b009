"""ICD-10-PCS: the tables XML or the order file becomes the table of whole procedure codes.

In:   `icd10pcs_tables_yyyy.xml` or `icd10pcs_order_yyyy.txt`, or the archive with it.    Out: `KIND`; icd10pcs/codes.
Uses: imports.icd10pcs_layout, imports.entries.    Used by: imports.registry.
Not here: the layouts themselves (icd10pcs_layout).

An edition is valid from October 1 of the year before the one that it is called by, to September 30. What changes on
April 1 is published as a whole new edition, which the file's name or the user says; it takes the place of the first one from
that day. The rows themselves have no dates.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.imports.entries import batched, chosen, numbered_lines, release_of
from sequela.engine.imports.icd10pcs_layout import PcsEntry, PcsUnreadable, order_entries, table_entries
from sequela.engine.imports.inputs import Input
from sequela.engine.imports.kinds import Asked, Draft, Kind, Made, Reading, refused
from sequela.engine.tables.model import Covers, KeyColumn, TableShape, ValueColumn
from sequela.engine.vocabulary.kinds import CodeOf, Scalar
from sequela.engine.vocabulary.systems import System

CODES: Final = TableShape(
    name="icd10pcs/codes",
    title="ICD-10-PCS codes",
    keys=(KeyColumn("code", CodeOf(System.ICD10PCS)),),
    values=(ValueColumn("description", Scalar.TEXT),),
    in_force=("effective", "ended"),
)

_YEAR: Final = re.compile(r"20[0-9]{2}")
_APRIL: Final = re.compile(r"(?<![a-z])apr(?:il)?(?![a-z])")
_VERSION: Final = re.compile(rb"<version>\s*(20[0-9]{2})\s*</version>")
_HINT: Final = "It is icd10pcs_tables_yyyy.xml or icd10pcs_order_yyyy.txt of the year's ICD-10-PCS files."


def read(inputs: Sequence[Input], asked: Asked) -> Reading:
    """A draft of the codes; of the tables and the order file together, the one of the tables."""
    tables = [one for one in inputs if b"<ICD10PCS.tabular" in one.head]
    one = chosen(
        tables or inputs, r"pcs.*(tables|order)", r"addenda|errata|readme", kind="the ICD-10-PCS codes", hint=_HINT
    )
    if isinstance(one, InputProblem):
        return Reading(problems=(one,))
    edition = release_of(one, asked, _edition(one))
    if isinstance(edition, InputProblem):
        return Reading(problems=(edition,))
    release, covers = edition
    notes: Counter[str] = Counter()
    draft = Draft(
        shape=CODES,
        release=release,
        covers=covers,
        rows=lambda: _rows(one, notes),
        inputs=(one,),
        notes=notes,
    )
    return Reading((draft,))


def _rows(one: Input, notes: Counter[str]) -> Iterator[Made]:
    is_xml = one.head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
    made = 0
    try:
        with one.open() as stream:
            entries = table_entries(stream, notes) if is_xml else order_entries(numbered_lines(one), notes)
            for batch in batched(entries, _cells, lambda entry: entry.row):
                made += 1
                yield batch
    except PcsUnreadable as error:
        yield refused("SEQ482", f"{one.name} is no whole file of ICD-10-PCS tables: {error}.", one.name, hint=_HINT)
    except OSError as error:
        yield refused("SEQ482", f"{one.name} cannot be read: {error}.", one.name)
    else:
        if not made:
            yield refused("SEQ483", f"{one.name} holds no ICD-10-PCS code.", one.name, hint=_HINT)


def _cells(entry: PcsEntry) -> tuple[str, ...]:
    return (entry.code, entry.description, "", "")


def _edition(one: Input) -> tuple[str, Covers] | None:
    said = _VERSION.search(one.head)
    named = _YEAR.search(one.file)
    if said is None and named is None:
        return None
    year = int(said[1]) if said is not None else int(named[0]) if named is not None else 0
    start = date(year, 4, 1) if _APRIL.search(one.name.lower()) else date(year - 1, 10, 1)
    return start.isoformat(), Covers(start, date(year, 9, 30))


KIND: Final = Kind(
    name="icd10pcs",
    title="ICD-10-PCS codes",
    publisher="CMS",
    files=("icd10pcs_tables_2026.xml", "icd10pcs_order_2026.txt", "the zip with it"),
    licence="public domain",
    tables=("icd10pcs/codes",),
    read=read,
    example="icd10pcs icd10pcs_tables_2026.xml --into tables",
)
