"""Values as expressions of the written code.

In:   `Value`s.                              Out: the name under which the written code has the value.
Uses: plan.certain.writer, model.nodes.      Used by: plan.certain.conditions, plan.certain.shape.
"""

from typing import Final

from sequela.engine.model.nodes import CLAIM_SLOT, PATIENT_SLOT, Cell, Characters, Fact, Literal, Value, is_list
from sequela.engine.plan.certain.writer import Unwritten, Writer
from sequela.engine.plan.compiler import Compiler
from sequela.engine.plan.logic import NOT_COVERED
from sequela.engine.vocabulary.kinds import Kind

OF_LINE: Final = {
    "date": "{data}.date",
    "units": "{data}.units",
    "place": "normal_place[claim.encounter.place if {data}.place is None else {data}.place]",
    "provider": "claim.provider({data})",
    "charge": "{data}.charge",
}
_OF_CLAIM: Final = {
    "setting": "claim.encounter.setting",
    "received": "claim.encounter.received",
    "admitted": "claim.encounter.admitted",
    "discharged": "claim.encounter.discharged",
}
_OF_PATIENT: Final = {"sex": "claim.encounter.patient.sex", "birth-date": "claim.encounter.patient.birth_date"}


def write_value(value: Value, writer: Writer, compiler: Compiler, *, none: bool = False) -> str:
    """The name of a value that is known where the next statement runs; with `none` it is not none either.

    Raises Unwritten for a value that is no single one.
    """
    if isinstance(value, Literal):
        return writer.parameter(value.value)
    if isinstance(value, Fact) and not is_list(value.type):
        inline = inline_fact(value, writer)
        if inline is not None:
            is_code = value.fact.name == "code"
            of_diagnosis = is_code and value.binding.kind is Kind.DIAGNOSIS
            return writer.once(inline, unknown=not of_diagnosis, none=none and is_code and not of_diagnosis)
    if isinstance(value, Cell) and not is_list(value.type):
        row = writer.bound(value.binding)
        cell = row.cell(value.column) if row.cell else f"{row.data}.value({writer.parameter(value.column)})"
        return writer.once(cell, unknown=False, none=none)
    if isinstance(value, Characters):
        of = write_value(value.of, writer, compiler, none=True)
        return writer.once(f"{of}[{value.first - 1}:{value.last}]", unknown=False)
    return _by_step(value, writer, compiler, none)


def inline_fact(value: Fact, writer: Writer) -> str | None:
    """The expression of a fact that the written code reads itself; None for one that the catalogue has to read."""
    name = value.fact.name
    if value.binding.slot == CLAIM_SLOT:
        return _OF_CLAIM.get(name)
    if value.binding.slot == PATIENT_SLOT:
        if name == "age":
            return f"claim.age({writer.governing_date()})"
        return _OF_PATIENT.get(name)
    place = writer.bound(value.binding)
    if name == "code":
        return place.code or None
    if place.kind is Kind.LINE and name in OF_LINE:
        return OF_LINE[name].format(data=place.data)
    return None


def is_there(value: Fact, writer: Writer) -> str | None:
    """An expression that is true where a fact is known and not none; None for one that the written code does not read."""
    inline = _read(value, writer)
    if inline is None or is_list(value.type):
        return None
    name = writer.once(f"({inline})", unknown=False)
    return f"({name} is not None and {name} is not NONE)"


def _read(value: Fact, writer: Writer) -> str | None:
    """The expression of a fact whose value does not depend on the governing date."""
    if value.fact.read_on is not None:
        return None
    inline = inline_fact(value, writer)
    if inline is not None:
        return inline
    slot = value.binding.slot
    if slot in (CLAIM_SLOT, PATIENT_SLOT):
        member = "claim.view.claim" if slot == CLAIM_SLOT else "claim.view.patient"
    else:
        member = writer.member(writer.bound(value.binding))
    return f"{writer.parameter(value.fact.read)}({member})"


def _by_step(value: Value, writer: Writer, compiler: Compiler, none: bool) -> str:
    if is_list(value.type):
        raise Unwritten("a list")
    direct = _read(value, writer) if isinstance(value, Fact) else None
    if direct is not None:
        return writer.once(direct, unknown=True, none=none)
    read = writer.parameter(compiler.value(value))
    frame = writer.frame()
    context = f"claim.context({writer.governing_date_or_unknown()})"
    found = writer.once(f"{read}({frame}, {context})", unknown=True, none=none)
    writer.bail_when(f"{found} is {writer.parameter(NOT_COVERED)} or {found}.__class__ is Measured")
    return found
