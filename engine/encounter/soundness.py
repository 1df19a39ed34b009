"""Soundness: whether the values of a claim can be what they say, each alone and together.

In:   an Encounter, from any reader.     Out: `Fault`s with JSON pointers; none for a sound claim.
Uses: model, fields, fault, normal_codes.    Used by: the readers.
Not here: whether a code exists or a claim is payable (rules say that); the shape of JSON (json_shape).

What is refused here could not be read in one way only: codes that are no codes, amounts below zero, pointers to
diagnoses that are not there, two lines of one number, two principal diagnoses.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

from msgspec import Struct

from sequela.engine.encounter.fault import Fault, shown
from sequela.engine.encounter.fields import fields_of
from sequela.engine.encounter.model import Encounter, Service
from sequela.engine.encounter.normal_codes import REMEMBERED, shape_check
from sequela.engine.vocabulary.kinds import CodeOf, Kind, Scalar, Type
from sequela.engine.vocabulary.systems import System

MOST_MODIFIERS: Final = 5
MOST_DIGITS: Final = 15
MOST_DECIMALS: Final = 6

SHAPES_IN_WORDS: Final[dict[System, str]] = {
    System.ICD10CM: "a letter, a digit, then one to five letters or digits, with or without the dot, such as E11.9",
    System.ICD10PCS: "seven letters or digits without I and O, such as 0DTJ4ZZ",
    System.HCPCS: "five characters: five digits, four digits and a letter, or a letter and four digits",
    System.MODIFIER: "two letters or digits, such as 25",
    System.POS: "two digits with the leading zero, such as 02",
    System.REVENUE: "four digits with the leading zero, such as 0450",
    System.DRG: "three digits with the leading zeros, such as 064",
    System.NDC: "eleven digits without hyphens, such as 00002143380",
    System.TAXONOMY: "ten characters ending in X, such as 207Q00000X",
    System.SPECIALTY: "two or three letters or digits with the leading zero, such as 08",
    System.CONDITION: "two letters or digits, such as 44",
    System.OCCURRENCE: "two letters or digits, such as 11",
    System.VALUE: "two letters or digits, such as 80",
    System.BILL_TYPE: "four characters with the leading zero, such as 0131",
    System.ADMIT_TYPE: "one digit, such as 1",
    System.DISCHARGE_STATUS: "two digits with the leading zero, such as 01",
}


def is_number(value: int | Decimal) -> bool:
    """Whether a count is zero or more, of a size that makes sense, with at most six decimals."""
    if isinstance(value, int):
        return 0 <= value < 10**MOST_DIGITS
    return value.is_finite() and _is_decimal(value, MOST_DECIMALS)


def is_amount(value: int | Decimal) -> bool:
    """Whether an amount of money is zero or more, of a size that makes sense, in whole cents."""
    if isinstance(value, int):
        return 0 <= value < 10**MOST_DIGITS
    return value.is_finite() and _is_decimal(value, 2)


@lru_cache(REMEMBERED)
def _is_decimal(value: Decimal, decimals: int) -> bool:
    """Whether a number, however it is written, is zero or more, not too large, and has no more decimals that are not zeros."""
    if not value:
        return True
    if value < 0 or value.adjusted() >= MOST_DIGITS:
        return False
    _, digits, exponent = value.as_tuple()
    behind = -int(exponent) - decimals
    return behind <= 0 or not any(digits[-behind:])


class Checks(Struct, frozen=True):
    """The facts of one kind of object that are checked each on its own."""

    paths: tuple[tuple[str, ...], ...]
    types: tuple[Type, ...]
    read: Callable[[Any], tuple[Any, ...]]
    tests: tuple[Callable[[Any], bool], ...]

    def is_sound(self, data: Any) -> bool:
        """Whether every fact of an object that is there passes its test."""
        for value, test in zip(self.read(data), self.tests, strict=True):
            if value is not None and not test(value):
                return False
        return True

    def faults(self, data: Any, pointer: str) -> Iterator[Fault]:
        """The facts of the object at `pointer` that do not pass."""
        for path, kind, value, test in zip(self.paths, self.types, self.read(data), self.tests, strict=True):
            if value is not None and not test(value):
                yield _value_fault(kind, value, f"{pointer}/{'/'.join(path)}", path[-1])


def _test_of(kind: Type) -> Callable[[Any], bool] | None:
    match kind:
        case CodeOf(system=system):
            return shape_check(system)
        case Scalar.MONEY:
            return is_amount
        case Scalar.NUMBER:
            return is_number
        case _:
            return None


def _checks(owner: Kind) -> Checks:
    kept: dict[tuple[str, ...], tuple[Type, Callable[[Any], bool]]] = {}
    for fact in fields_of(owner):
        test = _test_of(fact.type)
        if fact.path and test is not None:
            kept[fact.path] = (fact.type, test)
    attributes = [".".join(path) for path in kept]
    return Checks(
        paths=tuple(kept),
        types=tuple(kind for kind, _ in kept.values()),
        read=attrgetter(*attributes) if len(attributes) > 1 else _only(attributes[0]),
        tests=tuple(test for _, test in kept.values()),
    )


def _only(attribute: str) -> Callable[[Any], tuple[Any, ...]]:
    get = attrgetter(attribute)
    return lambda data: (get(data),)


CLAIM_CHECKS: Final = _checks(Kind.CLAIM)
LINE_CHECKS: Final = _checks(Kind.LINE)
HISTORY_CHECKS: Final = _checks(Kind.HISTORY_LINE)
_VALUE: Final = _checks(Kind.VALUE_CODE)
_is_diagnosis: Final = shape_check(System.ICD10CM)
_is_procedure: Final = shape_check(System.ICD10PCS)
_is_modifier: Final = shape_check(System.MODIFIER)
_is_condition: Final = shape_check(System.CONDITION)
_is_occurrence: Final = shape_check(System.OCCURRENCE)


def faults_of(encounter: Encounter) -> list[Fault]:
    """Everything about a claim that cannot be as it stands; an empty list for nearly every claim."""
    found: list[Fault] = []
    if not CLAIM_CHECKS.is_sound(encounter):
        found.extend(CLAIM_CHECKS.faults(encounter, ""))
    found.extend(diagnosis_faults(encounter))
    found.extend(_line_faults(encounter))
    found.extend(_history_faults(encounter))
    found.extend(list_faults(encounter))
    return found


def list_faults(encounter: Encounter) -> Iterator[Fault]:
    """What is wrong in the lists that not every claim has: procedures, coded lists, other payers, documents."""
    for index, procedure in enumerate(encounter.procedures):
        if not _is_procedure(procedure.code):
            yield _code_fault(System.ICD10PCS, procedure.code, f"/procedures/{index}/code", "code")
    for index, code in enumerate(encounter.condition_codes):
        if not _is_condition(code):
            yield _code_fault(System.CONDITION, code, f"/condition_codes/{index}", "condition code")
    for index, occurrence in enumerate(encounter.occurrence_codes):
        if not _is_occurrence(occurrence.code):
            yield _code_fault(System.OCCURRENCE, occurrence.code, f"/occurrence_codes/{index}/code", "code")
    for index, value in enumerate(encounter.value_codes):
        if not _VALUE.is_sound(value):
            yield from _VALUE.faults(value, f"/value_codes/{index}")
    for index, payer in enumerate(encounter.other_payers or ()):
        for key in ("paid", "allowed", "patient_responsibility"):
            amount = getattr(payer, key)
            if amount is not None and not is_amount(amount):
                yield _value_fault(Scalar.MONEY, amount, f"/other_payers/{index}/{key}", key)
    for index, document in enumerate(encounter.documents.items or ()):
        for place, code in enumerate(document.supports or ()):
            if not _is_diagnosis(code):
                pointer = f"/documents/items/{index}/supports/{place}"
                yield _code_fault(System.ICD10CM, code, pointer, "supported diagnosis")


def diagnosis_faults(encounter: Encounter) -> Iterator[Fault]:
    """Diagnoses that are no codes, and a second principal one."""
    principal: int | None = None
    for index, diagnosis in enumerate(encounter.diagnoses):
        if not _is_diagnosis(diagnosis.code):
            yield _code_fault(System.ICD10CM, diagnosis.code, f"/diagnoses/{index}/code", "code")
        if diagnosis.role == "principal":
            if principal is not None:
                yield Fault(
                    code="SEQ722",
                    pointer=f"/diagnoses/{index}/role",
                    message=f"Diagnosis {index + 1} is a second principal diagnosis beside diagnosis {principal + 1}.",
                    hint="At most one diagnosis is the principal one; the others are secondary.",
                )
            principal = index if principal is None else principal


def _line_faults(encounter: Encounter) -> Iterator[Fault]:
    numbers: dict[int, int] = {}
    count = len(encounter.diagnoses)
    for index, line in enumerate(encounter.lines):
        if not LINE_CHECKS.is_sound(line):
            yield from LINE_CHECKS.faults(line, f"/lines/{index}")
        if line.modifiers:
            yield from _modifier_faults(line, f"/lines/{index}")
        for place, pointed in enumerate(line.diagnoses or ()):
            if not 1 <= pointed <= count:
                yield _pointer_fault(pointed, count, f"/lines/{index}/diagnoses/{place}")
        number = index + 1 if line.number is None else line.number
        if number in numbers:
            yield Fault(
                code="SEQ721",
                pointer=f"/lines/{index}/number" if line.number is not None else f"/lines/{index}",
                message=f"There are two lines {number}: the lines in place {numbers[number] + 1} and {index + 1}.",
                hint="Give each line a number of its own, or none of them one.",
            )
        elif number < 1:
            yield _value_fault(Scalar.NUMBER, number, f"/lines/{index}/number", "number")
        numbers.setdefault(number, index)


def _history_faults(encounter: Encounter) -> Iterator[Fault]:
    for index, line in enumerate(encounter.history.lines or ()):
        if not HISTORY_CHECKS.is_sound(line):
            yield from HISTORY_CHECKS.faults(line, f"/history/lines/{index}")
        if line.modifiers:
            yield from _modifier_faults(line, f"/history/lines/{index}")
        for place, code in enumerate(line.diagnoses or ()):
            if not _is_diagnosis(code):
                yield _code_fault(System.ICD10CM, code, f"/history/lines/{index}/diagnoses/{place}", "diagnosis")


def _modifier_faults(line: Service, pointer: str) -> Iterator[Fault]:
    for place, modifier in enumerate(line.modifiers):
        if not _is_modifier(modifier):
            yield _code_fault(System.MODIFIER, modifier, f"{pointer}/modifiers/{place}", "modifier")
    if len(line.modifiers) > MOST_MODIFIERS:
        yield Fault(
            code="SEQ723",
            pointer=f"{pointer}/modifiers",
            message=f"A line has {len(line.modifiers)} modifiers; a claim has room for {MOST_MODIFIERS} at most.",
            hint="Modifier 99 stands for more of them than there is room for.",
        )


def _pointer_fault(pointed: int, count: int, pointer: str) -> Fault:
    there = {0: "the claim has no diagnoses", 1: "the claim has one diagnosis"}
    return Fault(
        code="SEQ720",
        pointer=pointer,
        message=f"A line points to diagnosis {pointed}, but {there.get(count, f'the claim has {count} diagnoses')}.",
        hint="Pointers count the diagnoses as sent, from 1." if pointed == 0 else None,
    )


def _value_fault(kind: Type, value: Any, pointer: str, key: str) -> Fault:
    match kind:
        case CodeOf(system=system):
            return _code_fault(system, value, pointer, key)
        case Scalar.MONEY:
            hint = 'Write it without a sign and in whole cents, such as "120.00".'
            return Fault(
                code="SEQ717", pointer=pointer, message=f"`{key}` is {shown(value)}, which is not an amount.", hint=hint
            )
        case _:
            hint = "A count is zero or more, with at most six decimals."
            if key == "number":
                hint = "Lines are numbered from 1."
            return Fault(
                code="SEQ717", pointer=pointer, message=f"`{key}` is {shown(value)}, which is not a count.", hint=hint
            )


def _code_fault(system: System, code: str, pointer: str, key: str) -> Fault:
    name = f"`{key}`" if " " not in key else f"A {key}"
    return Fault(
        code="SEQ716",
        pointer=pointer,
        message=f"{name} is {shown(code)}, which is not in the form of {_a(system)} code.",
        hint=f"The form is {SHAPES_IN_WORDS[system]}." if system in SHAPES_IN_WORDS else None,
    )


def _a(system: System) -> str:
    spelt_out = system in (System.HCPCS, System.NDC)
    return f"{'an' if spelt_out or system.value[0] in 'AEIO' else 'a'} {system.value}"
