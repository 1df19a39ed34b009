"""Consequences: what follows a failure: outcome, text, adjustment and citations.

In:   `if fail`, `say`, `adjustment`, `cite` as written.    Out: their resolved forms.
Uses: scope, values, names.                                 Used by: version, check.
Not here: suggested changes (suggestions.py).
"""

import re
from collections.abc import Iterable
from typing import Final

from sequela.engine.diagnostics.suggest import did_you_mean
from sequela.engine.model.kinds import kind_words, type_words
from sequela.engine.model.names import DeclaredSource
from sequela.engine.model.nodes import Binding, GoverningDate
from sequela.engine.model.rules import Adjustment, Citation, CodesNear, Hole, Outcome, Template
from sequela.engine.model.scope import Role, Scope
from sequela.engine.model.values import value
from sequela.engine.syntax import declarations as d
from sequela.engine.syntax.node import Text
from sequela.engine.vocabulary.kinds import CodeOf, Kind
from sequela.engine.vocabulary.systems import accepts

GROUPS: Final = ("CO", "PR", "OA", "PI", "CR")
"""Claim adjustment group codes: contractual, patient, other, payer initiated, correction."""

_CARC: Final = re.compile(r"[A-LO-Z]?\d{1,3}")  # M and N begin remark codes
_RARC: Final = re.compile(r"(?:MA|M|N)\d{1,4}")


_THE_CLAIM: Final = ("claim", "encounter")


def about(written: d.IfFail, scope: Scope) -> tuple[Binding, ...]:
    """What a failure is about; empty for the claim."""
    found: list[Binding] = []
    for name in written.about:
        if name.text in _THE_CLAIM and name.text not in scope.names:
            scope.error(
                "SEQ323",
                f"What follows for the whole claim is written without `{name.text}`.",
                name.span,
                hint="Leave the name away: then it is about the claim.",
            )
            continue
        bound = scope.find(name.text, name.span)
        if bound is None:
            continue
        if bound.binding.kind in (Kind.ROW, Kind.CLAIM, Kind.PATIENT):
            hint = "Leave the name away: then it is about the claim."
            if bound.role is Role.ROW:
                hint = "Name what was looked up: a line, a diagnosis, a group."
            words = kind_words(bound.binding.kind)
            scope.error("SEQ323", f"`{name.text}` is {words}, and a failure cannot be about it.", name.span, hint=hint)
        elif any(bound.binding.slot == other.slot for other in found):
            scope.error("SEQ323", f"`{name.text}` is named twice.", name.span, hint="Name it once.")
        else:
            found.append(bound.binding)
    return tuple(found)


_OTHER_WORDS: Final = {
    **dict.fromkeys(("denied", "denial", "block", "exclude", "disallow"), "deny"),
    **dict.fromkeys(("rejected", "return", "stop", "error", "fatal"), "reject"),
    **dict.fromkeys(("pend", "hold", "suspend", "reviewed", "escalate", "audit"), "review"),
    **dict.fromkeys(("ask", "clarify", "queried"), "query"),
    **dict.fromkeys(("warning", "warned", "flag", "alert", "caution"), "warn"),
    **dict.fromkeys(("info", "information", "notice", "inform", "log"), "note"),
}


def outcome(written: d.IfFail | d.IfUnknown, scope: Scope) -> Outcome | None:
    """The outcome that a word means."""
    try:
        return Outcome(written.outcome.text)
    except ValueError:
        words = [one.value for one in Outcome]
        said = written.outcome.text
        meant = _OTHER_WORDS.get(said)
        near = f"Did you mean `{meant}`?" if meant else did_you_mean(said, words)
        hint = near or f"It is one of {', '.join(words)}."
        scope.error("SEQ215", f"No outcome is called `{written.outcome.text}`.", written.outcome.span, hint=hint)
        return None


def message(written: d.Say | None, scope: Scope) -> Template:
    """The text of `say`, its holes filled with values; empty without `say`."""
    if written is None:
        return ()
    parts: list[str | Hole] = []
    for part in written.template.parts:
        if isinstance(part, Text):
            parts.append(part.value)
        elif part.value is None:
            parts.append(Hole(value=GoverningDate(span=part.span)))
        elif isinstance(part.value, d.CodesNear):
            near = _codes_near(part.value, scope)
            parts.extend([] if near is None else [Hole(value=near)])
        elif (found := value(part.value, scope)) is not None:
            parts.append(Hole(value=found))
    return tuple(parts)


def _codes_near(written: d.CodesNear, scope: Scope) -> CodesNear | None:
    """`codes near dx.code`: a code, of a system of which a table in reach is the catalogue."""
    found = value(written.value, scope)
    if found is None:
        return None
    said = ".".join(written.value.parts)
    if not isinstance(found.type, CodeOf):
        hint = "Name a code, as in `{codes near dx.code}`."
        scope.error(
            "SEQ333", f"`{said}` is {type_words(found.type)}, and has no codes near it.", written.span, hint=hint
        )
        return None
    system = found.type.system
    tables = tuple(
        (one, key) for one, key in scope.file.defined().items() if accepts(one, system) or accepts(system, one)
    )
    if not tables:
        hint = "Use a ruleset that has its catalogue, or say `defines` in the table that lists all its codes."
        message = f"No table here defines {system.value}, so no codes near `{said}` are known."
        scope.error("SEQ334", message, written.span, hint=hint)
        return None
    return CodesNear(span=written.span, value=found, catalogues=tables)


def adjustment(written: d.Adjustment, scope: Scope) -> Adjustment:
    """Group, CARC and RARCs."""
    if written.group not in GROUPS:
        hint = did_you_mean(written.group, GROUPS) or f"The group codes are {', '.join(GROUPS)}."
        scope.error("SEQ328", f"`{written.group}` is not a group code of an adjustment.", written.span, hint=hint)
    if _CARC.fullmatch(written.carc) is None:
        hint = "The group is followed by the reason code: `adjustment CO 97, M15`."
        scope.error("SEQ328", f"`{written.carc}` is not a claim adjustment reason code.", written.span, hint=hint)
    for rarc in written.rarcs:
        if _RARC.fullmatch(rarc) is None:
            hint = "Remark codes look like M15, MA130 or N115."
            scope.error("SEQ328", f"`{rarc}` is not a remittance advice remark code.", written.span, hint=hint)
    return Adjustment(group=written.group, carc=written.carc, rarcs=written.rarcs)


def citations(written: Iterable[d.Cite], scope: Scope) -> tuple[Citation, ...]:
    """What is cited, with its source."""
    found: list[Citation] = []
    for cite in written:
        for item in cite.items:
            source = scope.declared(item.source.text, item.source.span, DeclaredSource)
            if source is not None and source.definition is not None:
                section = None if item.section is None else item.section.value
                found.append(Citation(authority=source.definition, section=section))
    return tuple(found)
