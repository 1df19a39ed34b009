"""Effective rules: what a rule says on a stretch of dates once a payer's changes are in, still as written.

In:   nothing.    Out: `EffectiveRule` with its `PlacedClause`s and `Addition`s, families of both kinds, `Layer`.
Uses: syntax, model.rules.    Used by: overlay (which makes them), families and version (which resolve them).
Not here: how they are computed (overlay.py); what the words mean (version.py).

The meeting point of overlay and checker is `overlay.effective_rules(families, layers, broken)`. `families` has one
entry per rule id, in the order in which ids were first declared; `layers` is the payer chain, base first, each with
its changes in the order written, and empty for the rulesets alone; `broken` are ids that were declared but could not
be read, so that a change of one is passed over in silence. The overlay says what versions and changes have against
each other (SEQ500 to SEQ539). The checker resolves names and kinds of every clause, also where a name does not exist
in a version that a change meets, and sees to it that the segments of a rule share phase, settings, kinds of subjects
and kind of governing date (SEQ540).
"""

from datetime import date

from attrs import frozen

from sequela.engine.model.rules import Change
from sequela.engine.syntax.conditions import Condition
from sequela.engine.syntax.declarations import ChangeDeclaration, IfFail, RuleClause, RuleDeclaration, Say


@frozen(kw_only=True)
class PlacedClause:
    """A clause of a rule, and the `override` that brought it (None: the rule's own)."""

    clause: RuleClause
    change: Change | None


@frozen(kw_only=True)
class Addition:
    """What a `relax` or `tighten` adds.

    A `relax` adds `unless_also`. A `tighten` adds each of `require_also`, asked only when `only_when` holds, with the
    `if_fail` and `say` it brings for them.
    """

    change: Change
    unless_also: Condition | None = None
    require_also: tuple[Condition, ...] = ()
    only_when: Condition | None = None
    if_fail: IfFail | None = None
    say: Say | None = None


@frozen(kw_only=True)
class EffectiveRule:
    """A rule on the dates `first` to `last` (None: open; both included): its clauses, and what payers add to them.

    `declaration` is the version of the rule that is in force. `clauses` are its own clauses in its order, a clause
    brought by an `override` in the place of the first one of its word (or, where there was none, last); `effective`,
    `cite` and `reason` of a change are in its `Change`, never here. `disabled` is the change that disables the rule
    on these dates; the clauses are then those below it. `changes` are all that have a part in it, from the base
    upward: one of which nothing is left is not among them, an `override` that only brings a disabled rule back is.
    """

    declaration: RuleDeclaration
    clauses: tuple[PlacedClause, ...]
    additions: tuple[Addition, ...]
    first: date | None
    last: date | None
    disabled: Change | None = None
    changes: tuple[Change, ...] = ()


@frozen(kw_only=True)
class RuleFamily:
    """The declared versions of one rule id, in the order found."""

    id: str
    versions: tuple[RuleDeclaration, ...]


@frozen(kw_only=True)
class EffectiveFamily:
    """One rule id with its segments: by date, without overlap."""

    id: str
    segments: tuple[EffectiveRule, ...]


@frozen(kw_only=True)
class PlacedChange:
    """A payer's change as written, and what the model keeps of it (its citations resolved)."""

    declaration: ChangeDeclaration
    change: Change


@frozen(kw_only=True)
class Layer:
    """The changes of one payer, in the order written."""

    payer: str
    changes: tuple[PlacedChange, ...]
