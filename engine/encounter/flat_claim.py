"""Flat claim: the rows of one claim become an encounter.

In:   the rows of a claim, the layout and mapping of its table, the members.    Out: a `Read`.
Uses: flat_cells, flat_lines, flat_setting, flat_places, flat_members, from_json.    Used by: from_flat.
Not here: which rows belong to a claim (flat_grouping); whether its values can be (soundness).

A cell that cannot be read keeps its claim from being read, as a fault of any other input does. What was not sent is unknown: a
line without pointers may point to any diagnosis.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from attrs import define, field, frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.encounter.fault import Fault, shown
from sequela.engine.encounter.flat_cells import BadCell, Value, codes_of, value_of
from sequela.engine.encounter.flat_grouping import ClaimRows
from sequela.engine.encounter.flat_layout import Column, Layout
from sequela.engine.encounter.flat_lines import Charges, dated, lines_of
from sequela.engine.encounter.flat_mapping import LISTS, Mapping
from sequela.engine.encounter.flat_members import Doubt, Members
from sequela.engine.encounter.flat_places import FlatPlaces
from sequela.engine.encounter.flat_rows import NOT_TEXT, Cells, Spoiled
from sequela.engine.encounter.flat_setting import setting_of
from sequela.engine.encounter.from_json import judged, sound_encounter
from sequela.engine.encounter.origin import Origin
from sequela.engine.encounter.reading import Read

EXTRACT: Final = "flat table"
"""What the tag `extract` of such a claim says: a rule that asks for something a warehouse does not carry can tell."""

STILL_A_PATIENT: Final = "30"
_SYSTEMS: Final = {
    "diagnosis": ("icd-10-cm", "icd10cm", "icd-10", "icd10", "10", "0"),
    "procedure": ("icd-10-pcs", "icd10pcs", "icd-10", "icd10", "10", "0"),
}
_MS_DRG: Final = ("ms-drg", "msdrg", "ms_drg", "ms")


@frozen(kw_only=True)
class FlatTable:
    """What is known of the table before its rows are read."""

    file: str
    width: int
    layout: Layout = field(repr=False)
    mapping: Mapping = field(repr=False)
    members: Members | None = field(default=None, repr=False)


@define
class _Reading:
    """One claim while it is read: its keys in the JSON form, what is wrong with it, and where its lists stand."""

    table: FlatTable
    id: str
    first: int
    cells: Cells
    keys: dict[str, Any] = field(factory=dict)
    faults: list[Fault] = field(factory=list)
    warnings: list[tuple[str, str, str, str | None]] = field(factory=list)  # code, message, pointer, hint
    listed: dict[str, list[tuple[Column, ...]]] = field(factory=dict)
    elsewhere: dict[str, Origin] = field(factory=dict)

    def value(self, column: Column, pointer: str, cells: Cells | None = None) -> Value | None:
        """What a cell says; a fault at `pointer` where it cannot be read."""
        text = (self.cells if cells is None else cells)[column.at]
        if not text:
            return None
        found = value_of(text, column.fact, column.type, self.table.mapping)
        if isinstance(found, BadCell):
            self.faults.append(Fault(code="SEQ733", pointer=pointer, message=found.message, hint=found.hint))
            return None
        return found

    def fault(self, code: str, pointer: str, message: str, hint: str | None = None) -> None:
        """Something for which the claim cannot be read."""
        self.faults.append(Fault(code=code, pointer=pointer, message=message, hint=hint))


def read_claim(found: ClaimRows, table: FlatTable) -> Read:
    """The claim that rows are, or everything for which it cannot be read; warnings go with it."""
    good = [(number, cells) for number, cells in found.rows if not isinstance(cells, Spoiled)]
    spoiled = [(number, cells.count) for number, cells in found.rows if isinstance(cells, Spoiled)]
    if spoiled:
        return Read(None, tuple(_spoiled(number, count, found.id, table) for number, count in spoiled))
    first, cells = good[0]
    reading = _Reading(table, found.id, first, cells)
    reading.keys["id"] = str(
        value_of(found.id, "id", table.layout.id.type, table.mapping) if table.layout.id else found.id
    )
    said = _one_claim(reading, good)
    _claim_facts(reading, said)
    for section in LISTS:
        _list_facts(reading, section)
    setting = setting_of(reading.keys, reading.keys.pop("type", None), [cells for _, cells in good], table.layout)
    if isinstance(setting, BadCell):
        reading.fault("SEQ735", "/setting" if "setting" in reading.keys else "/type", setting.message, setting.hint)
    else:
        reading.keys["setting"] = setting
    lines = lines_of(good, table.layout, reading.value)
    charges = Charges(table.mapping.charge, reading.keys.get("setting") != "professional")
    charges.settle(lines, reading.keys)
    if charges.warning is not None:
        reading.warnings.append(("SEQ737", *charges.warning))
    dated(lines, reading.keys)
    reading.keys["lines"] = [line.keys for line in lines]
    _discharged(reading)
    if table.members is not None:
        _member_facts(reading, table.members)
    return _read(reading, [line.row for line in lines])


def _read(reading: _Reading, rows: Sequence[int]) -> Read:
    table = reading.table
    places = FlatPlaces(file=table.file, layout=table.layout, first=reading.first, lines=rows, listed=reading.listed,
                        elsewhere=reading.elsewhere)  # fmt: skip
    keys = {"schema": "sequela.encounter/1", **reading.keys}
    keys.setdefault("setting", "outpatient")  # that it is not known has been said
    keys["tags"] = {"extract": EXTRACT, **keys.get("tags", {})}
    encounter = None if reading.faults else sound_encounter(keys)
    if encounter is None:
        read = judged(keys, reading.faults, lambda fault: places.said(fault.pointer), table.file)
        if read.encounter is None:
            return read
        encounter = read.encounter
    warnings = tuple(
        InputProblem(
            code=code,
            message=message,
            file=table.file,
            place=places.said(pointer),
            claim=reading.id,
            hint=hint,
            fatal=False,
        )
        for code, message, pointer, hint in reading.warnings
    )
    return Read(encounter.with_origins(places), warnings)


def _spoiled(number: int, count: int, identity: str, table: FlatTable) -> InputProblem:
    if count == NOT_TEXT:
        return InputProblem(
            code="SEQ733",
            message="The claim's id has a byte that is not UTF-8 text.",
            file=table.file,
            place=f"row {number}",
            claim=identity or None,
            hint="Save the table as UTF-8.",
        )
    return InputProblem(
        code="SEQ738",
        message=f"The row has {count} cells, and the header {table.width}.",
        file=table.file,
        place=f"row {number}",
        claim=identity or None,
        hint="A cell with a comma or a line break stands in quotes.",
    )


# ---------------------------------------------------------------- the whole claim


def _one_claim(reading: _Reading, rows: Sequence[tuple[int, Cells]]) -> Cells:
    """The cells of the claim: the first that is not empty, of each column; a fault where two differ."""
    said = list(reading.cells)
    places = [column.at for column in reading.table.layout.differ]
    alike = [said[place] for place in places]
    for number, cells in rows[1:]:
        if [cells[place] for place in places] == alike:
            continue
        for column in reading.table.layout.differ:
            here, before = cells[column.at].strip(), said[column.at].strip()
            if not before:
                said[column.at] = cells[column.at]
            elif here and here != before:
                reading.fault(
                    "SEQ734",
                    f"/{column.fact.replace('.', '/')}",
                    f"`{column.name}` is {shown(before)} in row {reading.first} and {shown(here)} in row {number} of one claim.",
                    "What concerns the whole claim is the same in all of its rows.",
                )
    reading.cells = said
    return said


def _claim_facts(reading: _Reading, cells: Cells) -> None:
    for column in reading.table.layout.claim:
        if column.fact == "id":
            continue
        value = reading.value(column, f"/{column.fact.replace('.', '/')}", cells)
        if value is None:
            continue
        at = reading.keys
        *above, last = column.fact.split(".")
        for key in above:
            at = at.setdefault(key, {})
        at[last] = value
    kind = reading.keys.pop("drg_type", None)
    if kind is not None and str(kind).lower() not in _MS_DRG:
        reading.keys.pop("drg", None)


def _discharged(reading: _Reading) -> None:
    """A stay that has a patient status, and no day of discharge of its own, ended on the last day of its statement."""
    keys = reading.keys
    status = keys.get("discharge_status")
    if keys.get("setting") != "professional" and status not in (None, STILL_A_PATIENT) and "statement_to" in keys:
        keys.setdefault("discharged", keys["statement_to"])


# ---------------------------------------------------------------- its lists


def _list_facts(reading: _Reading, section: str) -> None:
    """What a claim has several of, by number; a diagnosis that is not the first is not the principal one."""
    several = reading.table.layout.lists[section]
    if not several or not _is_ours(reading, section):
        return
    key = LISTS[section]
    found: list[Any] = []
    columns: list[tuple[Column, ...]] = []
    for number, own in enumerate(several):
        code, *others = own
        for text in _codes(reading, code, section):
            pointer = f"/{key}/{len(columns)}"
            value = value_of(text, "code", code.type, reading.table.mapping)
            columns.append(own)
            reading.listed[section] = columns
            if isinstance(value, BadCell):
                reading.fault("SEQ733", f"{pointer}/code", value.message, value.hint)
                continue
            values: dict[str, Any] = {"code": value}
            for column in others:
                value = reading.value(column, f"{pointer}/{column.fact}")
                if value is not None:
                    values[column.fact] = value
            if section == "diagnosis" and number and not found and "role" not in values:
                values["role"] = "secondary"
            found.append(values["code"] if section == "condition_code" else values)
    if section == "diagnosis" and found and found[0].get("role") == "secondary":
        for one in found[1:]:
            one.setdefault("role", "secondary")
    if found:
        reading.keys[key] = found


def _codes(reading: _Reading, column: Column, section: str) -> Iterator[str]:
    text = reading.cells[column.at]
    if not text or not (text := text.strip()) or text in reading.table.mapping.empty:
        return
    yield from codes_of(text, reading.table.mapping) if section in reading.table.layout.joined else (text,)


def _is_ours(reading: _Reading, section: str) -> bool:
    """Whether the codes of a list are of ICD-10, as far as the table says which they are."""
    column = reading.table.layout.types.get(section)
    said = "" if column is None else reading.cells[column.at].strip().lower()
    if (
        not said
        or said in _SYSTEMS.get(section, (said,))
        or said in {one.lower() for one in reading.table.mapping.empty}
    ):
        return True
    if any(
        _codes(reading, own[0], section) and reading.cells[own[0].at].strip()
        for own in reading.table.layout.lists[section]
    ):
        what = "diagnoses" if section == "diagnosis" else "procedures"
        hint = f"Only {_SYSTEMS[section][0].upper()} is read: claims with services from 2015-10-01 on."
        reading.fault("SEQ736", f"/{LISTS[section]}", f"The {what} of the claim are codes of {shown(said)}.", hint)
    return False


# ---------------------------------------------------------------- its patient


def _member_facts(reading: _Reading, members: Members) -> None:
    """Birth date, sex and coverage from the table of members, where the claim itself does not say them."""
    patient = reading.keys.setdefault("patient", {})
    member = patient.get("id")
    if member is None:
        return
    if not members.has(member):
        hint = f"The members are those of {members.file}."
        reading.warnings.append(
            ("SEQ740", f"There is no member {shown(member)}; birth date and sex are not known.", "/patient/id", hint)
        )
        return
    for fact, known in members.facts_of(member, _first_day(reading)).items():
        *above, last = (fact if fact in ("payer", "plan", "product") or "." in fact else f"patient.{fact}").split(".")
        at = reading.keys
        for key in above:
            at = at.setdefault(key, {})
        if last in at:
            continue
        pointer = f"/{'/'.join((*above, last))}"
        if isinstance(known, Doubt):
            reading.warnings.append(("SEQ740", known.message, "/patient/id", known.hint))
        else:
            at[last] = known.value
            reading.elsewhere[pointer] = Origin(file=members.file, row=known.row, name=known.column)


def _first_day(reading: _Reading) -> date | None:
    """The first day of the claim, as far as it is known."""
    days = [line["date"] for line in reading.keys["lines"] if isinstance(line.get("date"), date)]
    start = reading.keys.get("statement_from")
    return min([*days, start] if isinstance(start, date) else days, default=None)
