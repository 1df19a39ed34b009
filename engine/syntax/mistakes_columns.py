"""Mistakes of tables: the types of columns, and cells of rows in place.

In:   a fault.              Out: the mistake, where it is one of these.
Uses: fault, suggest.       Used by: mistakes.
Not here: whether a cell is what its column holds (model.declared_rows).
"""

from typing import Final

from sequela.engine.diagnostics.suggest import nearest
from sequela.engine.syntax.fault import Fault, Mistake

_TYPES: Final = {
    **dict.fromkeys(("string", "str", "char", "varchar", "words", "description"), "text"),
    **dict.fromkeys(("integer", "int", "float", "decimal", "numeric", "count", "numbers", "units"), "number"),
    **dict.fromkeys(("amount", "currency", "dollars", "dollar", "price"), "money"),
    **dict.fromkeys(("boolean", "bool", "flag", "yes/no", "logical", "yesno"), "yes-no"),
    **dict.fromkeys(("datetime", "day", "dates", "timestamp"), "date"),
}
_COLUMN_TYPES: Final = ("text", "number", "money", "date", "yes-no", "code", "codes")


def columns(fault: Fault) -> Mistake | None:
    """The mistake in a column or a cell, at the fault."""
    return _empty_cell(fault) or _columns(fault)


def _columns(fault: Fault) -> Mistake | None:
    text, name = fault.text(), fault.text(-1)
    if fault.can("MONEY", "YES_NO"):
        meant = _TYPES.get(text.lower()) or next(iter(nearest(text, _COLUMN_TYPES)), "")
        if text.isupper():
            return fault.mistake(
                "SEQ129",
                "The type of a column of codes begins with `code of`.",
                hint=f"Write `code of {text}`.",
                last=0,
                at=fault.span(),
                by=("code", "of"),
            )
        hint = (
            f"Did you mean `{meant}`?"
            if meant
            else "The types are `text`, `number`, `money`, `date`, `yes-no`, `code of …`, `codes of …`."
        )
        if fault.is_end or text == ",":
            before = fault.text(-2)
            return fault.mistake(
                "SEQ129",
                f"The column `{before}` has no type.",
                hint=f"Write `{before} as text`, or another type.",
                last=0,
                at=fault.span(-2, 0),
                by=("text",),
            )
        return fault.mistake("SEQ129", f"`{text or name}` is no type of a column.", hint=hint, by=((meant or "text"),))
    if not fault.can("AS"):
        return None
    if fault.can("UNDER") and nearest(text, ("under",)):
        return None
    if fault.can("UNDER"):
        if text.isupper() and text:
            return fault.mistake(
                "SEQ129",
                f"`of` is missing before `{text}`.",
                hint=f"Write `{name} of {text}`.",
                last=0,
                at=fault.span(),
                by=("of",),
            )
        return fault.mistake(
            "SEQ129",
            f"The key `{name}` has no type.",
            hint=f"Write `{name} of HCPCS`, `{name} under ICD10CM` or `{name} as text`.",
            last=1 if text in ("is", "are", ":") else 0,
            at=fault.span(-1, 0),
            by=("of", "HCPCS") if text == "," or fault.is_end else ("as",),
        )
    if text in _TYPES or text in _COLUMN_TYPES:
        return fault.mistake(
            "SEQ129",
            f"`as` is missing before `{text}`.",
            hint=f"Write `{name} as {_TYPES.get(text, text)}`.",
            last=0,
            at=fault.span(),
            by=("as",),
        )
    if text == "of":
        return fault.mistake(
            "SEQ129",
            "A value column's type stands after `as`.",
            hint=f"Write `{name} as code of {fault.text(1)}`.",
            last=0,
            at=fault.span(-1, 1),
            by=("as", "code"),
        )
    return fault.mistake(
        "SEQ129",
        f"The column `{name}` has no type.",
        hint=f"Write `{name} as text`, or another type.",
        last=1 if text in ("is", "are", ":") else 0,
        at=fault.span(-1, 0),
        by=("as", "text") if text == "," or fault.is_end else ("as",),
    )


def _empty_cell(fault: Fault) -> Mistake | None:
    """`99212 |`: a bar with nothing behind or before it."""
    if fault.start != "table_clause" or fault.tokens[0].text != "rows":
        return None
    token = fault.at()
    if fault.text(-1) != "|" and not (token is not None and token.text == "|"):
        return None
    bar = 0 if token is not None and token.text == "|" else -1
    if token is not None and token.text == "|" and token.opens_line:
        rest = fault.tokens[fault.index :]
        following = [*rest[1:], None]
        inner = [
            one.text
            for one, after in zip(rest, following, strict=True)
            if one.text != "|" or not (one.opens_line or after is None or after.opens_line)
        ]
        return fault.mistake(
            "SEQ179",
            "A row neither begins nor ends with `|`.",
            hint="The bar stands between two cells: `99211 | 1`.",
            last=len(rest),
            at=token.span,
            by=inner,
        )
    return fault.mistake(
        "SEQ179",
        "A cell of this row is empty.",
        hint="In rows in place every cell holds something; a table in a file may have empty cells.",
        last=0,
        at=fault.span(bar, bar + 1),
        by=('"…"',),
    )
