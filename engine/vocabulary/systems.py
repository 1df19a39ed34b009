"""Code systems: their names in the language, the normal form of a code and how it is printed.

The normal form is upper case, without dots and blanks; leading zeros stay. Order and prefix are those of the normal form.
"""

import re
from enum import Enum
from typing import Final


class System(Enum):
    """A code system, by its name in the language."""

    ICD10CM = "ICD10CM"
    ICD10PCS = "ICD10PCS"
    HCPCS = "HCPCS"
    CPT = "CPT"
    MODIFIER = "MODIFIER"
    POS = "POS"
    REVENUE = "REVENUE"
    DRG = "DRG"
    NDC = "NDC"
    TAXONOMY = "TAXONOMY"
    SPECIALTY = "SPECIALTY"
    CONDITION = "CONDITION"
    OCCURRENCE = "OCCURRENCE"
    VALUE = "VALUE"
    BILL_TYPE = "BILL-TYPE"
    ADMIT_TYPE = "ADMIT-TYPE"
    DISCHARGE_STATUS = "DISCHARGE-STATUS"


_DOTS_AND_BLANKS = re.compile(r"[.\s]")

SHAPES: Final[dict[System, re.Pattern[str]]] = {
    System.ICD10CM: re.compile(r"[A-Z](?:[0-9][0-9A-Z]|[A-Z][0-9])[0-9A-Z]{0,4}"),
    System.ICD10PCS: re.compile(r"[0-9A-HJ-NP-Z]{7}"),
    System.HCPCS: re.compile(r"[0-9]{4}[0-9A-Z]|[A-Z][0-9]{4}"),
    System.CPT: re.compile(r"[0-9]{4}[0-9A-Z]"),
    System.MODIFIER: re.compile(r"[0-9A-Z]{2}"),
    System.POS: re.compile(r"[0-9]{2}"),
    System.REVENUE: re.compile(r"[0-9]{4}"),
    System.DRG: re.compile(r"[0-9]{3}"),
    System.NDC: re.compile(r"[0-9]{11}"),
    System.TAXONOMY: re.compile(r"[0-9A-Z]{9}X"),
    System.SPECIALTY: re.compile(r"[0-9A-Z]{2,3}"),
    System.CONDITION: re.compile(r"[0-9A-Z]{2}"),
    System.OCCURRENCE: re.compile(r"[0-9A-Z]{2}"),
    System.VALUE: re.compile(r"[0-9A-Z]{2}"),
    System.BILL_TYPE: re.compile(r"[0-9]{3}[0-9A-Z]"),
    System.ADMIT_TYPE: re.compile(r"[0-9]"),
    System.DISCHARGE_STATUS: re.compile(r"[0-9]{2}"),
}
"""The shape of a whole code in normal form; for ICD-10-CM from the category (three characters) on.
A DRG, an NDC and an HCPCS code have the shape given; whether a code exists is for a dated table to say."""


def normal(system: System, code: str) -> str:
    """The normal form of `code`: `e11.9 ` of ICD10CM is `E119`.

    >>> normal(System.ICD10CM, "e11.9")
    'E119'
    """
    return _DOTS_AND_BLANKS.sub("", code).upper()


def dot_fits(system: System, code: str) -> bool:
    """Whether the dot of a code as written, where it has one, stands in its place: after the third character of ICD-10-CM.

    >>> dot_fits(System.ICD10CM, "E11.9"), dot_fits(System.ICD10CM, "E1.19"), dot_fits(System.DRG, "47.0")
    (True, False, False)
    """
    at = code.strip().find(".")
    return at < 0 or (at == 3 and system is System.ICD10CM and code.count(".") == 1)


def printed(system: System, code: str) -> str:
    """A code in normal form as people write it: the dot of ICD-10-CM after the third character.

    >>> printed(System.ICD10CM, "E119")
    'E11.9'
    """
    if system is System.ICD10CM and len(code) > 3:
        return f"{code[:3]}.{code[3:]}"
    return code


def has_shape(system: System, code: str) -> bool:
    """Whether `code`, in normal form, has the shape of a whole code of `system`."""
    return SHAPES[system].fullmatch(code) is not None


def accepts(asked: System, given: System) -> bool:
    """Whether a code of `given` may stand where one of `asked` is: the same system, or CPT where HCPCS is asked."""
    return asked is given or (asked is System.HCPCS and given is System.CPT)
