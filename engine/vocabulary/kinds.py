"""Kinds: the types of facts and the kinds of members that a claim is made of."""

from enum import Enum

from msgspec import Struct

from sequela.engine.vocabulary.systems import System


class Scalar(Enum):
    """A type of fact that needs no further words."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    YES_NO = "yes-no"


class CodeOf(Struct, frozen=True):
    """A code of one system."""

    system: System


class CodesOf(Struct, frozen=True):
    """A list of codes of one system (a table cell in the notation of a set, or what a document supports)."""

    system: System


class WordOf(Struct, frozen=True):
    """One of a few words: `female`, `male`, `undetermined`."""

    name: str
    words: tuple[str, ...]


Type = Scalar | CodeOf | CodesOf | WordOf


class Kind(Enum):
    """What a bound name can be; the value is the singular noun of the language."""

    CLAIM = "claim"
    PATIENT = "patient"
    PARTY = "party"
    SUBSCRIBER = "subscriber"
    LINE = "line"
    MODIFIER = "modifier"
    DIAGNOSIS = "diagnosis"
    ADMITTING_DIAGNOSIS = "admitting diagnosis"
    REASON_DIAGNOSIS = "reason-for-visit diagnosis"
    PROCEDURE = "procedure"
    DOCUMENT = "document"
    HISTORY_LINE = "history line"
    SERVICE = "service"
    GROUP = "group"
    ROW = "row"
    CONDITION_CODE = "condition-code"
    OCCURRENCE = "occurrence"
    VALUE_CODE = "value-code"


LINE_LIKE = frozenset({Kind.LINE, Kind.HISTORY_LINE, Kind.SERVICE})
DIAGNOSIS_LIKE = frozenset({Kind.DIAGNOSIS, Kind.ADMITTING_DIAGNOSIS, Kind.REASON_DIAGNOSIS})

PLURALS: dict[str, Kind] = {
    "lines": Kind.LINE,
    "modifiers": Kind.MODIFIER,
    "diagnoses": Kind.DIAGNOSIS,
    "admitting diagnoses": Kind.ADMITTING_DIAGNOSIS,
    "reason-for-visit diagnoses": Kind.REASON_DIAGNOSIS,
    "procedures": Kind.PROCEDURE,
    "documents": Kind.DOCUMENT,
    "history lines": Kind.HISTORY_LINE,
    "services": Kind.SERVICE,
    "condition-codes": Kind.CONDITION_CODE,
    "occurrences": Kind.OCCURRENCE,
    "value-codes": Kind.VALUE_CODE,
}
"""The plural nouns of the language, as in `number of lines x`."""
