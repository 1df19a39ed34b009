"""Kinds: when two values are of one kind, and how a kind of value or member is called.

In:   types of facts, kinds of members.    Out: `comparable`, `type_words`, `kind_words`, …
Uses: vocabulary.                          Used by: every module of the checker that speaks about kinds.
Not here: which fact has which type (encounter.fields); what a literal is (literals.py).
"""

from typing import Final, assert_never

from sequela.engine.vocabulary.kinds import (
    DIAGNOSIS_LIKE,
    LINE_LIKE,
    PLURALS,
    CodeOf,
    CodesOf,
    Kind,
    Scalar,
    Type,
    WordOf,
)
from sequela.engine.vocabulary.systems import accepts

_WORDS: Final = {
    Scalar.TEXT: "a text",
    Scalar.NUMBER: "a number",
    Scalar.MONEY: "an amount of money",
    Scalar.DATE: "a date",
    Scalar.YES_NO: "yes or no",
}

COUNTED: Final = frozenset({Scalar.NUMBER, Scalar.MONEY})
"""The types that are compared by size."""

FOR_EACH: Final = frozenset(
    {
        Kind.LINE,
        Kind.MODIFIER,
        Kind.PROCEDURE,
        Kind.DOCUMENT,
        Kind.HISTORY_LINE,
        Kind.SERVICE,
    }
    | DIAGNOSIS_LIKE
)
"""What `for each` ranges over, one by one."""

PLURAL: Final = {kind: plural for plural, kind in PLURALS.items()}

POINTED: Final = frozenset({Kind.MODIFIER, Kind.DIAGNOSIS})
"""What can be `of` a line."""

ORDERED: Final = frozenset({Kind.DIAGNOSIS, Kind.MODIFIER})
"""What has an order that `comes before` asks for."""


def comparable(one: Type, other: Type) -> bool:
    """Whether two values can be equal: one type, and for codes one system (CPT is level I of HCPCS)."""
    match one, other:
        case CodeOf(system=first), CodeOf(system=second):
            return accepts(first, second) or accepts(second, first)
        case WordOf(name=first_name), WordOf(name=second_name):
            return first_name == second_name
        case Scalar(), Scalar():
            return one is other
        case _:
            return False


def type_words(kind: Type) -> str:
    """A type as a sentence calls it: `a date`, `a code of HCPCS`, `one of female, male, undetermined`."""
    match kind:
        case Scalar():
            return _WORDS[kind]
        case CodeOf(system=system):
            return f"{'an' if system.value[0] in 'AEIO' else 'a'} {system.value} code"
        case CodesOf(system=system):
            return f"a list of {system.value} codes"
        case WordOf(words=words):
            return f"one of {', '.join(words)}"
        case _:
            assert_never(kind)


def how_compared(kind: Type, words: str) -> str:
    """A hint: with which words a value of a type is compared; `words` are the author's for the value."""
    match kind:
        case Scalar.DATE:
            return "A date is compared with `is before`, `is after`, `is on or before` or `is on or after`."
        case Scalar.NUMBER | Scalar.MONEY:
            return "It is compared with `is`, `is at most`, `is at least`, `is more than` or `is less than`."
        case CodeOf(system=system):
            declared = f"`codes NAME of {system.value}`"
            return f"A code is compared with `is`. For a range declare a set, {declared}: `is in NAME`."
        case CodesOf():
            return f"Ask whether a code is in the list: `… is in {words}`."
        case Scalar() | WordOf():
            return "It is compared with `is` or `is not`."
        case _:
            assert_never(kind)


def kind_words(kind: Kind) -> str:
    """A kind of member as a sentence calls it: `a line`, `an occurrence`, `a row`, `the claim`."""
    if kind in (Kind.CLAIM, Kind.PATIENT):
        return f"the {kind.value}"
    return f"{'an' if kind.value[0] in 'aeio' else 'a'} {kind.value}"


def is_line(kind: Kind) -> bool:
    """Whether a member has what a line has: a line, a history line, a service."""
    return kind in LINE_LIKE
