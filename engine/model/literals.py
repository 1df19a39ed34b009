"""Literals: what a constant as written means where it stands, or what is wrong with it there.

In:   a constant as written, and the type of what it is compared with.    Out: `Literal`.
Uses: syntax, kinds, scope, tables.codes, suggest.    Used by: values, conditions, version.
Not here: whether a code exists (catalogue_checks.py); sets of codes (sets.py).

A constant takes the kind of what it is compared with: `11` is a place, a count or an amount.
"""

import re
from decimal import Decimal
from typing import Final, assert_never

from sequela.engine.diagnostics.suggest import did_you_mean, distance
from sequela.engine.model.kinds import type_words
from sequela.engine.model.nodes import Literal
from sequela.engine.model.scope import Scope
from sequela.engine.syntax.conditions import CodeLiteral, DateLiteral, Path
from sequela.engine.syntax.node import Text
from sequela.engine.tables.codes import EXAMPLES, code_fault
from sequela.engine.tables.notation import dot_fault
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Scalar, Type, WordOf
from sequela.engine.vocabulary.systems import System, has_shape, normal, printed

Constant = CodeLiteral | DateLiteral | Text | Path
"""What a constant can be as written; a path only of one word."""

_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_MONEY: Final = re.compile(r"-?\d+(?:\.\d{1,2})?")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
YES_NO: Final = {"yes": True, "no": False}


def literal(written: Constant, wanted: Type, scope: Scope) -> Literal | None:
    """The constant as a value of the type that is wanted; None, with the reason said, when it is none."""
    match wanted:
        case Scalar.TEXT:
            return _text(written, scope)
        case Scalar.NUMBER | Scalar.MONEY:
            return _number(written, wanted, scope)
        case Scalar.DATE:
            if isinstance(written, DateLiteral):
                return Literal(span=written.span, value=written.value, type=Scalar.DATE)
            return _wrong(written, wanted, scope, _date_hint(written))
        case Scalar.YES_NO:
            word = _word(written)
            if word in YES_NO:
                return Literal(span=written.span, value=YES_NO[word], type=Scalar.YES_NO)
            return _wrong(written, wanted, scope, "Write `yes` or `no`.")
        case CodeOf(system=system):
            return code(written, system, scope)
        case WordOf():
            return _of_words(written, wanted, scope)
        case CodesOf():
            return _wrong(written, wanted, scope, "A list of codes is asked with `is in`.")
        case _:
            assert_never(wanted)


def code(written: Constant, system: System, scope: Scope) -> Literal | None:
    """The constant as a code of a system, in normal form."""
    if isinstance(written, CodeLiteral):
        value = normal(system, written.text)
        if (fault := dot_fault(system, written.text) or code_fault(system, value)) is not None:
            near = scope.file.nearest_codes(system, value)
            hint = " ".join(part for part in (fault.hint, near) if part)
            scope.error("SEQ401", f"`{written.text}` is not a code of {system.value}.", written.span, hint=hint or None)
            return None
        found = Literal(span=written.span, value=value, type=CodeOf(system))
        scope.frame.codes.append(found)
        return found
    hint = f"A code of {system.value} looks like {printed(system, EXAMPLES[system])}."
    if isinstance(written, Text) and has_shape(system, normal(system, written.value)):
        hint = f"A code stands without quotes: `{printed(system, normal(system, written.value))}`."
    elif isinstance(written, Path) and scope.file.find(".".join(written.parts)) is not None:
        hint = f"`{written.parts[0]}` is declared as a name; to ask whether a code is in a set, write `is in`."
    elif isinstance(written, Path) and has_shape(system, normal(system, ".".join(written.parts))):
        hint = f"A code is written in capitals: `{printed(system, normal(system, '.'.join(written.parts)))}`."
    return _wrong(written, CodeOf(system), scope, hint)


def _text(written: Constant, scope: Scope) -> Literal | None:
    if isinstance(written, Text):
        return Literal(span=written.span, value=written.value, type=Scalar.TEXT)
    return _wrong(written, Scalar.TEXT, scope, f'A text stands in quotes: `"{written.span.text}"`.')


def _number(written: Constant, wanted: Scalar, scope: Scope) -> Literal | None:
    text = written.text if isinstance(written, CodeLiteral) else ""
    if _NUMBER.fullmatch(text) is None:
        inner = written.value if isinstance(written, Text) else ""
        hint = f"A number stands without quotes: `{inner}`." if _NUMBER.fullmatch(inner) else None
        example = "12 or 0.5" if wanted is Scalar.NUMBER else "120.00"
        return _wrong(written, wanted, scope, hint or f"Write {example}.")
    if wanted is Scalar.MONEY and _MONEY.fullmatch(text) is None:
        return _wrong(written, wanted, scope, "An amount has at most two places after the point.")
    amount = Decimal(text)
    is_whole = wanted is Scalar.NUMBER and amount == amount.to_integral_value()
    return Literal(span=written.span, value=int(amount) if is_whole else amount, type=wanted)


def _of_words(written: Constant, wanted: WordOf, scope: Scope) -> Literal | None:
    said = _said(written)
    if not isinstance(written, Text | DateLiteral) and said in wanted.words:
        return Literal(span=written.span, value=said, type=wanted)
    if isinstance(written, Text) and said in wanted.words:
        hint: str | None = f"The word stands without quotes: `{said}`."
    else:
        short = [word for word in wanted.words if word.startswith(said.lower())]
        hint = f"Write `{short[0]}`." if len(short) == 1 else _nearest_word(said, wanted.words)
    scope.error("SEQ303", f"`{written.span.text}` is not one of {', '.join(wanted.words)}.", written.span, hint=hint)
    return None


def _nearest_word(said: str, words: tuple[str, ...]) -> str | None:
    """A hint that names the nearest of a few words: among so few, more slips are forgiven than among many names."""
    slips = {
        word: found for word in words if (found := distance(said.lower(), word, max(1, len(word) // 3))) is not None
    }
    return f"Did you mean `{min(slips, key=slips.__getitem__)}`?" if slips else did_you_mean(said, words)


def _date_hint(written: Constant) -> str:
    if isinstance(written, Text) and _DATE.fullmatch(written.value):
        return f"A date stands without quotes: `{written.value}`."
    return "A date is written 2026-03-02."


def _word(written: Constant) -> str:
    return written.parts[0] if isinstance(written, Path) and len(written.parts) == 1 else ""


def _said(written: Constant) -> str:
    match written:
        case CodeLiteral():
            return written.text
        case Text():
            return written.value
        case Path():
            return ".".join(written.parts)
        case DateLiteral():
            return written.value.isoformat()
        case _:
            assert_never(written)


def _wrong(written: Constant, wanted: Type, scope: Scope, hint: str | None) -> Literal | None:
    """Say that a constant is not of the kind that is wanted."""
    shown = f'"{written.value}"' if isinstance(written, Text) else _said(written)
    scope.error("SEQ302", f"`{shown}` stands where {type_words(wanted)} is asked for.", written.span, hint=hint)
    return None
