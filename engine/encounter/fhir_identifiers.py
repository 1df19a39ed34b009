"""FHIR identifiers: which of the numbers of a provider, payer or patient is the one asked for.

In:   identifiers.                        Out: a number and its place among them.
Uses: fhir_structs, fhir_codes.           Used by: the readers of parts.

What an identifier is, its system or its type says: an NPI has the system `us-npi` or the type NPI, a tax number the system
of employers' numbers or the type TAX or EN, and so on.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Final

from attrs import frozen

from sequela.engine.encounter.fhir_codes import words_of
from sequela.engine.encounter.fhir_structs import Identifier
from sequela.engine.encounter.fhir_systems import last_part


class Number(Enum):
    """What an identifier is; OTHER is none of those that are told apart."""

    NPI = "NPI"
    TAX = "tax number"
    CLIA = "CLIA number"
    PAYER = "payer's id"
    NAIC = "NAIC number"
    MEMBER = "member number"
    UNIQUE_MEMBER = "unique member number"
    RECORD = "medical record number"
    CLAIM = "unique claim number"
    PRIVATE = "number of a person's own (social security, licence)"
    OTHER = "another number"


_BY_SYSTEM: Final = {
    "hl7.org/fhir/sid/us-npi": Number.NPI,
    "urn:oid:2.16.840.1.113883.4.6": Number.NPI,
    "bluebutton.cms.gov/resources/variables/carr_clm_blg_npi_num": Number.NPI,
    "urn:oid:2.16.840.1.113883.4.4": Number.TAX,
    "urn:oid:2.16.840.1.113883.4.7": Number.CLIA,
    "terminology.hl7.org/namingsystem/clia": Number.CLIA,
    "urn:oid:2.16.840.1.113883.6.300": Number.NAIC,
    "hl7.org/fhir/sid/us-mbi": Number.MEMBER,
    "hl7.org/fhir/sid/us-medicare": Number.MEMBER,
    "urn:oid:2.16.840.1.113883.4.927": Number.MEMBER,
    "hl7.org/fhir/sid/us-ssn": Number.PRIVATE,
    "urn:oid:2.16.840.1.113883.4.1": Number.PRIVATE,
    "bluebutton.cms.gov/resources/variables/clm_id": Number.CLAIM,
}
_BY_TYPE: Final = {
    "npi": Number.NPI,
    "tax": Number.TAX,
    "en": Number.TAX,
    "clia": Number.CLIA,
    "payerid": Number.PAYER,
    "niip": Number.PAYER,
    "naic": Number.NAIC,
    "naiccode": Number.NAIC,
    "mb": Number.MEMBER,
    "mc": Number.MEMBER,
    "um": Number.UNIQUE_MEMBER,
    "mr": Number.RECORD,
    "uc": Number.CLAIM,
    "ss": Number.PRIVATE,
    "dl": Number.PRIVATE,
    "ppn": Number.PRIVATE,
}


@frozen
class Identified:
    """A number and where it stands: the place of its `value` below what has the identifiers."""

    value: str
    path: str


def kind_of(identifier: Identifier) -> Number:
    """What an identifier is."""
    system = identifier.system
    if system is not None:
        known = _BY_SYSTEM.get(
            system.partition("|")[0].removeprefix("https://").removeprefix("http://").rstrip("/").lower()
        )
        if known is not None:
            return known
        if last_part(system).lower() == "us-npi":
            return Number.NPI
    for word in words_of(identifier.type):
        if word in _BY_TYPE:
            return _BY_TYPE[word]
    return Number.OTHER


def first_of(identifiers: Sequence[Identifier], *kinds: Number, base: str = "identifier") -> Identified | None:
    """The first identifier of the first of `kinds` that there is one of; None when there is none of any."""
    known = [
        (kind_of(identifier), identifier.value.strip(), index)
        for index, identifier in enumerate(identifiers)
        if identifier.value is not None and identifier.value.strip()
    ]
    for wanted in kinds:
        for kind, value, index in known:
            if kind is wanted:
                return Identified(value, f"{base}[{index}].value")
    return None
