"""One change of a rule as its author wrote it: the clauses that its verb takes, and what it does to the rule.

In:   a change, and a rule as the layers below left it.    Out: the rule as it leaves it; the change's own faults.
Uses: syntax, diagnostics, effective, overlay_dates.       Used by: overlay, show, lint.
Not here: on which dates a change holds, and which changes meet (overlay.py).
"""

from collections import Counter
from typing import Final, assert_never

from attrs import evolve

from sequela.engine.diagnostics.model import Diagnostic, Label
from sequela.engine.model.effective import Addition, EffectiveRule, PlacedChange, PlacedClause
from sequela.engine.model.overlay_dates import effective_of
from sequela.engine.syntax.declarations import (
    Adjustment,
    Bypass,
    ChangeClause,
    ChangeDeclaration,
    Cite,
    Effective,
    Forbidden,
    ForClaim,
    ForEach,
    ForFirstDiagnosis,
    IfFail,
    IfUnknown,
    LookUp,
    OnlyWhen,
    Phase,
    Reason,
    Require,
    RequireAlso,
    RuleClause,
    Say,
    Settings,
    Suggest,
    Unless,
    UnlessAlso,
    When,
)

_NEEDS: Final = {"relax": "unless also", "tighten": "require also"}
_REPEATED: Final = frozenset({"unless", "look up", "require", "unless also", "require also"})


def word_of(clause: ChangeClause) -> str:
    """The word that opens a clause: `look up`, `if fail`; `for` whatever it ranges over."""
    match clause:
        case Effective():
            return "effective"
        case Settings():
            return "settings"
        case Phase():
            return "phase"
        case ForEach() | ForFirstDiagnosis() | ForClaim():
            return "for"
        case LookUp():
            return "look up"
        case When():
            return "when"
        case Unless():
            return "unless"
        case Require():
            return "require"
        case Forbidden():
            return "forbidden"
        case Bypass():
            return "bypass"
        case IfFail():
            return "if fail"
        case IfUnknown():
            return "if unknown"
        case Say():
            return "say"
        case Suggest():
            return "suggest"
        case Adjustment():
            return "adjustment"
        case Cite():
            return "cite"
        case UnlessAlso():
            return "unless also"
        case RequireAlso():
            return "require also"
        case OnlyWhen():
            return "only when"
        case Reason():
            return "reason"
        case _:
            assert_never(clause)


# ---------------------------------------------------------------- what is wrong with a change by itself


def faults_of(change: ChangeDeclaration) -> tuple[Diagnostic, ...]:
    """What is wrong with a change whatever rule it meets: clauses that stand twice or are missing.

    Clauses that its verb does not take are not in it: the grammar refuses them.
    """
    counts = Counter(word_of(clause) for clause in change.clauses)
    found = [_twice(change, word) for word, count in counts.items() if count > 1 and word not in _REPEATED]
    needed = _NEEDS.get(change.verb)
    if needed is not None and needed not in counts:
        found.append(_adds_nothing(change, needed))
    reasons = [clause for clause in change.clauses if isinstance(clause, Reason)]
    if not any(clause.text.value.strip() for clause in reasons):
        found.append(_without_reason(change, reasons))
    effective = effective_of(change.clauses)
    if effective is not None and effective.by is not None:
        found.append(_by_date(change, effective))
    return tuple(found)


def _heading(change: ChangeDeclaration) -> str:
    return f"`{change.verb} {change.rule.text}`"


def _twice(change: ChangeDeclaration, word: str) -> Diagnostic:
    first, second = [clause for clause in change.clauses if word_of(clause) == word][:2]
    return Diagnostic(
        code="SEQ510",
        message=f"`{word}` stands twice in {_heading(change)}.",
        at=Label(second.span, "the second one"),
        also=(Label(first.span, "the first one"),),
        hint="Keep one of them.",
    )


def _adds_nothing(change: ChangeDeclaration, needed: str) -> Diagnostic:
    what = "the case that is let off" if needed == "unless also" else "what must hold too"
    return Diagnostic(
        code="SEQ511",
        message=f"{_heading(change)} has no `{needed}`, and so adds nothing.",
        at=Label(change.rule.span),
        hint=f"Write `{needed} …`, with {what}.",
    )


def _without_reason(change: ChangeDeclaration, reasons: list[Reason]) -> Diagnostic:
    return Diagnostic(
        code="SEQ508",
        message=f"{_heading(change)} gives no reason.",
        at=Label(reasons[0].span if reasons else change.rule.span),
        hint='Say why the payer differs: `reason "Northwind pays telehealth at any place of service"`.',
    )


def _by_date(change: ChangeDeclaration, effective: Effective) -> Diagnostic:
    return Diagnostic(
        code="SEQ512",
        message=f"`effective` in {_heading(change)} takes no `by {effective.by} date`.",
        at=Label(effective.span),
        hint="A change goes by the governing date of the rule that it changes. Leave the words away.",
    )


# ---------------------------------------------------------------- what a change does


def applied(rule: EffectiveRule, placed: PlacedChange) -> EffectiveRule:
    """The rule as a change leaves it, on dates on which the change holds and may be made."""
    declaration, change = placed.declaration, placed.change
    if declaration.verb == "disable":
        changed = evolve(rule, disabled=change)
    elif declaration.verb == "relax":
        added = tuple(
            Addition(change=change, unless_also=clause.condition)
            for clause in declaration.clauses
            if isinstance(clause, UnlessAlso)
        )
        changed = evolve(rule, additions=(*rule.additions, *added))
    elif declaration.verb == "tighten":
        changed = evolve(rule, additions=(*rule.additions, _tightening(placed)))
    else:
        changed = evolve(_overridden(rule, placed), disabled=None)
    lost = _traces(rule) - _traces(changed)
    return evolve(changed, changes=(*(one for one in rule.changes if id(one) not in lost), change))


def _traces(rule: EffectiveRule) -> set[int]:
    """The changes that can be seen in a rule."""
    seen = {id(placed.change) for placed in rule.clauses} | {id(addition.change) for addition in rule.additions}
    return seen | {id(rule.disabled)}


def _tightening(placed: PlacedChange) -> Addition:
    clauses = placed.declaration.clauses
    return Addition(
        change=placed.change,
        require_also=tuple(clause.condition for clause in clauses if isinstance(clause, RequireAlso)),
        only_when=next((clause.condition for clause in clauses if isinstance(clause, OnlyWhen)), None),
        if_fail=next((clause for clause in clauses if isinstance(clause, IfFail)), None),
        say=next((clause for clause in clauses if isinstance(clause, Say)), None),
    )


def replacing(change: ChangeDeclaration) -> dict[str, tuple[RuleClause, ...]]:
    """The clauses that an `override` brings, by their word, in the author's order."""
    brought: dict[str, tuple[RuleClause, ...]] = {}
    for clause in change.clauses:
        if isinstance(clause, UnlessAlso | RequireAlso | OnlyWhen | Reason | Effective | Cite):
            continue
        word = word_of(clause)
        brought[word] = (*brought.get(word, ()), clause)
    return brought


def _overridden(rule: EffectiveRule, placed: PlacedChange) -> EffectiveRule:
    """Each word that the override writes makes room for the override's clauses; what layers added of that word goes."""
    waiting = replacing(placed.declaration)
    written = frozenset(waiting)
    clauses: list[PlacedClause] = []
    for clause in rule.clauses:
        word = word_of(clause.clause)
        if word not in written:
            clauses.append(clause)
        else:
            clauses.extend(PlacedClause(clause=new, change=placed.change) for new in waiting.pop(word, ()))
    for brought in waiting.values():
        clauses.extend(PlacedClause(clause=new, change=placed.change) for new in brought)
    return evolve(rule, clauses=tuple(clauses), additions=_left_over(rule.additions, written))


def _left_over(additions: tuple[Addition, ...], written: frozenset[str]) -> tuple[Addition, ...]:
    left: list[Addition] = []
    for addition in additions:
        if "unless" in written and addition.unless_also is not None:
            continue
        if "require" in written and addition.require_also:
            continue
        left.append(
            evolve(
                addition,
                if_fail=None if "if fail" in written else addition.if_fail,
                say=None if "say" in written else addition.say,
            )
        )
    return tuple(left)
