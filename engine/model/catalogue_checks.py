"""Catalogue checks: codes as written beside the catalogue of their system, where a file sees one.

In:   what the files declare, the versions of rules with their days, loaded tables.    Out: diagnostics.
Uses: names, catalogues, judged_codes.    Used by: check.
Not here: the shape of a code (literals.py, sets.py); what is said about one code (judged_codes.py).

A code is judged by the catalogue that its own file sees. For what is in a set or a named condition the days are those
of all rules that are built on it; where no rule is, its days are not judged.
"""

from collections.abc import Iterator, Mapping, Sequence

from attrs import define, field

from sequela.engine.diagnostics.model import Diagnostic
from sequela.engine.model.catalogues import Catalogues
from sequela.engine.model.findings import Findings
from sequela.engine.model.judged_codes import Judge
from sequela.engine.model.names import Declared, DeclaredCodes, DeclaredCondition, DeclaredTable, FileNames
from sequela.engine.model.nodes import Literal
from sequela.engine.model.overlay_dates import Days
from sequela.engine.model.sets import entry_of
from sequela.engine.model.version import Resolved
from sequela.engine.source import Source, Span
from sequela.engine.syntax.declarations import FromTable, OtherSet
from sequela.engine.tables.cells import cell_reader, key_reader
from sequela.engine.tables.codes import CodeRange, Entry, ExactCode, TextSet, UnderCode
from sequela.engine.tables.faults import CellFault
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf
from sequela.engine.vocabulary.systems import System

_ALONE = "Ask `is in` a set that holds what stands below it, with `under`."


@define(eq=False)
class _Judges:
    """The judges of a run, found by the file in which a code is written."""

    files: Mapping[Source, FileNames]
    findings: Findings = field(factory=Findings)

    def of(self, system: System, code: str, span: Span) -> Judge | None:
        """The judge of a code written at `span`; None where no catalogue speaks about it."""
        names = self.files[span.source]
        catalogue = names.catalogue(system, code)
        if catalogue is None:
            return None
        return Judge(catalogue, names, self.findings, is_beside=system not in names.defined())


def against_catalogues(
    world: Sequence[FileNames], versions: Sequence[tuple[Resolved, Days]], catalogues: Catalogues
) -> tuple[Diagnostic, ...]:
    """What the catalogues of the run have against the codes that are written in its files."""
    if not catalogues.any():
        return ()
    judges = _Judges({names.file.source: names for names in world})
    days = _days_of(versions)
    for resolved, when in versions:
        _judge_literals(resolved.frame.codes, when, judges)
    for names in world:
        for declared in names.own.values():
            _judge_literals(declared.codes, days.get(declared), judges)
            if isinstance(declared, DeclaredCodes):
                _judge_set(declared, days.get(declared), judges)
            elif isinstance(declared, DeclaredTable):
                _judge_rows(declared, judges)
    return judges.findings.said()


def _days_of(versions: Sequence[tuple[Resolved, Days]]) -> dict[Declared, Days]:
    """From the first to the last day on which a rule holds that is built on a declaration."""
    days: dict[Declared, Days] = {}
    waiting: list[tuple[Declared, Days]] = [(used, when) for found, when in versions for used in found.frame.uses]
    while waiting:
        declared, when = waiting.pop()
        known = days.get(declared)
        wider = when if known is None else Days(min(known.low, when.low), max(known.high, when.high))
        if wider != known:
            days[declared] = wider
            if isinstance(declared, DeclaredCodes | DeclaredCondition):
                waiting.extend((used, wider) for used in declared.uses)
    return days


def _judge_literals(codes: Sequence[Literal], days: Days | None, judges: _Judges) -> None:
    for one in codes:
        if isinstance(one.type, CodeOf) and isinstance(one.value, str):
            judge = judges.of(one.type.system, one.value, one.span)
            if judge is not None:
                judge.alone(one.value, one.span, days, _ALONE)


def _judge_set(declared: DeclaredCodes, days: Days | None, judges: _Judges) -> None:
    definition = declared.definition
    if definition is None:
        return
    for entries, around, excepted in (
        (declared.node.entries, definition.text, definition.except_text),
        (declared.node.exceptions, definition.except_text, None),
    ):
        for written in entries:
            if isinstance(written, OtherSet | FromTable):
                continue
            entry = entry_of(written, definition.system)
            if not isinstance(entry, CellFault):
                _judge_entry(entry, written.span, definition.system, days, around, excepted, judges)


def _judge_entry(
    entry: Entry,
    span: Span,
    system: System,
    days: Days | None,
    around: TextSet | None,
    excepted: TextSet | None,
    judges: _Judges,
) -> None:
    code = entry.low if isinstance(entry, CodeRange) else getattr(entry, "code", "")
    judge = judges.of(system, code, span)
    if judge is not None:
        judge.entry(entry, span, days, around, excepted)


def _judge_rows(declared: DeclaredTable, judges: _Judges) -> None:
    """The codes in rows in place, each by its column; their days are not judged."""
    definition = declared.definition
    if definition is None or definition.file is not None or definition.shape.defines is not None:
        return
    shape = definition.shape
    columns = [(key.name, key.type, key_reader(key)) for key in shape.keys]
    columns += [(one.name, one.type, cell_reader(one.type)) for one in shape.values]
    owners = {key.name for key in shape.keys if key.match == "under"}
    order = [key.name.text for key in declared.node.keys] + [one.name.text for one in declared.node.values]
    for row in declared.node.rows:
        cells = dict(zip(order, row.cells, strict=False))
        for name, kind, read in columns:
            if isinstance(kind, CodeOf | CodesOf):
                cell = cells[name]
                for entry in _entries(read(cell.value), kind.system, is_owner=name in owners):
                    _judge_entry(entry, cell.span, kind.system, None, None, None, judges)


def _entries(value: object, system: System, *, is_owner: bool) -> Iterator[Entry]:
    match value:
        case str():
            yield UnderCode(value, system) if is_owner else ExactCode(value, system)
        case CodeRange():
            yield value
        case TextSet(entries=entries, exceptions=exceptions):
            yield from entries
            yield from exceptions
        case _:
            return
