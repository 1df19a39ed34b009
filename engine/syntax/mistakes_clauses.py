"""Mistakes of clauses: their first words, what belongs in which declaration, `if … then`, suggestions.

In:   a fault.                                      Out: the mistake, where it is one of these.
Uses: fault, reserved, suggest, mistakes_lists.     Used by: mistakes.
Not here: words of closed lists (mistakes_lists); whether the clauses are all there, in order and once (rule_shape).
"""

from collections.abc import Callable
from typing import Final

from sequela.engine.diagnostics.suggest import nearest
from sequela.engine.syntax.fault import Fault, Mistake
from sequela.engine.syntax.mistakes_lists import lists
from sequela.engine.syntax.reserved import OTHER_CLAUSE_WORDS, PREDICATE_WORDS, RULE_CLAUSE_WORDS

RULE_CLAUSES: Final = (
    "effective", "settings", "phase", "for each", "look up", "when", "unless", "require", "forbidden", "bypass when",
    "if fail", "if unknown", "say", "suggest", "adjustment", "cite",
)  # fmt: skip
CLAUSES: Final = {
    "rule": RULE_CLAUSES,
    "override": (*RULE_CLAUSES, "reason"),
    "disable": ("effective", "reason", "cite"),
    "relax": ("unless also", "effective", "reason", "cite"),
    "tighten": ("require also", "only when", "if fail", "say", "effective", "reason", "cite"),
    "source": ("title", "edition", "in force"),
    "table": ("file", "key", "value", "in force", "covers", "defines", "complete", "partial", "rows"),
    "test": ("case", "expect"),
}
"""The clauses of each declaration, by the words that open them."""

_OTHER_WORDS: Final = {
    "requires": "require", "required": "require", "must": "require", "ensure": "require", "assert": "require", "needs": "require",
    "message": "say", "text": "say", "says": "say", "explain": "say", "because": "say", "reference": "cite", "cites": "cite",
    "authority": "cite", "citation": "cite", "where": "when", "given": "when", "applies": "when", "whenever": "when",
    "condition": "when", "except": "unless", "exception": "unless", "suggestion": "suggest", "fix": "suggest",
    "suggests": "suggest",
    "lookup": "look", "look-up": "look", "find": "look", "foreach": "for", "for-each": "for", "every": "for",
    "setting": "settings",
    "valid": "effective", "from": "effective", "active": "effective", "dates": "effective", "forbid": "forbidden", "deny": "if",
    "reject": "if", "prohibited": "forbidden", "forbids": "forbidden", "then": "if", "action": "if", "outcome": "if",
    "on": "if", "fail": "if", "fails": "if", "columns": "value", "keys": "key", "values": "value", "path": "file", "csv": "file",
    "cases": "case", "expects": "expect", "expected": "expect", "expecting": "expect", "why": "reason", "reasons": "reason",
}  # fmt: skip


def clauses(fault: Fault) -> Mistake | None:
    """The mistake in the words of a clause, at the fault."""
    for recognise in _RECOGNISERS:
        mistake = recognise(fault)
        if mistake is not None:
            return mistake
    return None


# ---------------------------------------------------------------- if, then, else


def _if(fault: Fault) -> Mistake | None:
    text = fault.text()
    if text in ("else", "elsif", "elseif", "elif", "otherwise", "endif", "end"):
        return fault.mistake(
            "SEQ181",
            f"There is no `{text}`: every rule is judged by itself, and there is no order between rules.",
            hint="Write a second rule, with its own `when`.",
            at=fault.span(),
            opens="",
            last=max(1, fault.line_end()),
        )
    if text == "then" and not fault.can("THAN"):
        return fault.mistake(
            "SEQ181",
            "There is no `then`: what a rule asks stands after `when`, what must hold after `require`, what follows "
            "after `if fail`.",
            hint="Write `when …`, `require …` and `if fail …`.",
            at=fault.span(),
            last=len(fault.tokens) - fault.index,
            by=(),
            unsure=True,
        )
    if fault.text(-1) == "if" and fault.can("FAIL", "UNKNOWN"):
        return _if_what(fault)
    if text == "if" and fault.text(-1) in ("forbidden", "bypass"):
        return fault.mistake(
            "SEQ181",
            f"`{fault.text(-1)} if` is written `{fault.text(-1)} when`.",
            hint=f"Write `{fault.text(-1)} when …`.",
            at=fault.span(-1, 1),
            by=("when",),
        )
    if text == "if" and not fault.can("IF") and fault.text(1) not in ("fail", "unknown"):
        return fault.mistake(
            "SEQ181",
            "`if` stands only in `if fail` and `if unknown`.",
            hint="What must be true for the rule to apply stands after "
            "`when`; a case that is let through stands after `unless`.",
            at=fault.span(),
            last=len(fault.tokens) - fault.index,
            by=(),
            unsure=True,
        )
    return None


def _if_what(fault: Fault) -> Mistake:
    text = fault.text()
    if text in ("fails", "failed", "failing", "failure", "false", "not"):
        return fault.mistake("SEQ182", f"`if {text}` is written `if fail`.", by=("fail",))
    if text in ("unkown", "unknow", "missing", "undecided", "unclear", "uncertain"):
        return fault.mistake("SEQ182", f"`if {text}` is written `if unknown`.", by=("unknown",))
    if fault.is_end:
        return fault.mistake(
            "SEQ182",
            "After `if` stands `fail` or `unknown`, and what follows.",
            hint="Write `if fail deny visit`.",
            first=-1,
            last=0,
        )
    return fault.mistake(
        "SEQ181",
        "`if` stands only in `if fail` and `if unknown`.",
        hint="What must be true for the rule to apply stands after `when`; what must hold, after `require`.",
        first=-1,
        last=0,
        at=fault.span(-1, 0),
    )


def _outcome(fault: Fault) -> Mistake | None:
    """`if fail then deny`, `if fail` alone."""
    if fault.text(-2) == "then" and fault.text(-3) in ("fail", "unknown"):
        return fault.mistake(
            "SEQ182", f"No `then` stands after `if {fault.text(-3)}`.", hint="Leave it away.", first=-2, last=-1, by=()
        )
    if fault.text() == "claim" and fault.text(-1) in ("the", "whole") and fault.tokens[0].text == "if":
        return fault.mistake(
            "SEQ182",
            "Where nothing is named, the outcome is about the claim.",
            hint=f"Write `if {fault.tokens[1].text} {fault.tokens[2].text}`.",
            first=-1,
            by=(),
        )
    if fault.text(-2) != "if" or fault.text(-1) not in ("fail", "unknown") or not fault.can("NAME"):
        return None
    if fault.text() in ("then", "do", "to"):
        return fault.mistake(
            "SEQ182", f"No `{fault.text()}` stands after `if {fault.text(-1)}`.", hint="Leave it away.", by=()
        )
    if fault.is_end:
        return fault.mistake(
            "SEQ183",
            f"After `if {fault.text(-1)}` stands what follows from it.",
            hint=f"Write `if {fault.text(-1)} deny visit`, or `reject`, `review`, `query`, `warn`, `note`.",
            last=0,
            at=fault.span(-2, 0),
            by=("deny",),
        )
    return None


# ---------------------------------------------------------------- the first word


def _first_word(fault: Fault) -> Mistake | None:
    """A word at the start of a line, where a clause could begin, that opens none."""
    token = fault.at()
    if token is None or not token.opens_line or fault.word not in CLAUSES or not token.text[0].isalpha():
        return None
    text = token.text.lower()
    if fault.start.endswith("head") and fault.can_any(("QUOTED", "UPPER", "NEW", "NAME")):
        return None
    known = CLAUSES[fault.word]
    words = [clause.split()[0] for clause in known]
    if text in words:
        return None
    if fault.word == "rule" and text in ("every", "some", "no") and "where" in fault.texts(1, fault.line_end()):
        return fault.mistake(
            "SEQ180",
            f"`require` or `when` is missing before `{text}`.",
            hint=f"Write `require {fault.said(0, 3)} …` for what must hold, `when …` for where the rule applies.",
            last=0,
            at=token.span,
            opens="require",
        )
    if fault.word == "table" and text in ("columns", "column", "fields", "field"):
        return fault.mistake(
            "SEQ176",
            f"`{text}` opens no clause of a table.",
            hint="Columns that are matched stand after `key`, `key code of HCPCS`; the others after `value`, "
            "`value units as number`.",
            at=token.span,
            opens="",
            last=fault.line_end(),
        )
    if fault.word == "test" and text in ("pass", "fail", "bypassed", "unknown", "not", "suggests", "nothing"):
        return fault.mistake(
            "SEQ180",
            f"`expect` is missing before `{text}`.",
            hint=f"Write `expect {fault.said(0, 1)} …`.",
            last=0,
            at=token.span,
            opens="expect",
        )
    meant = _OTHER_WORDS.get(text, "")
    meant = meant if meant in words else next(iter(nearest(text, words)), "")
    if fault.start not in ("clause", "table_clause", "source_clause") and not fault.start.endswith("head"):
        meant = meant if fault.start in ("item", "expectation") else ""
    if meant:
        return _meant(fault, text, meant)
    if fault.can_any(("AND", "OR")) and (text in PREDICATE_WORDS or fault.at(1) is None):
        return None
    elsewhere = next((word for word, clauses in CLAUSES.items() if text in {c.split()[0] for c in clauses}), None)
    if elsewhere is not None or text in RULE_CLAUSE_WORDS | OTHER_CLAUSE_WORDS:
        return fault.mistake(
            "SEQ177",
            f"`{text}` does not belong in {_article(fault.word)}.",
            hint=_are(fault.word),
            opens="",
            last=fault.line_end(),
        )
    return fault.mistake(
        "SEQ176",
        f"`{token.text}` opens no clause of {_article(fault.word)}.",
        hint=f"{_are(fault.word)} A remark begins with `#`.",
        at=token.span,
        opens="",
        last=fault.line_end(),
    )


def _meant(fault: Fault, text: str, meant: str) -> Mistake:
    whole = next(clause for clause in CLAUSES[fault.word] if clause.split()[0] == meant)
    if meant == "if":
        if text in ("fail", "fails", "deny", "reject"):
            said = (
                f"fail {fault.said(1, fault.line_end())}"
                if text in ("fail", "fails")
                else f"fail {text} {fault.said(1, 2)}".rstrip()
            )
            return fault.mistake(
                "SEQ182",
                "What follows from a failure stands after `if fail`.",
                hint=f"Write `if {said}`.",
                opens="if fail" if text in ("fail", "fails") else f"if fail {text}",
            )
        return fault.mistake(
            "SEQ182",
            "What follows from a failure stands after `if fail`.",
            hint="Write `if fail deny …`.",
            opens="",
            at=fault.span(),
            last=fault.line_end(),
        )
    opens = (
        "look up"
        if text in ("lookup", "look-up")
        else "for each"
        if text in ("foreach", "for-each", "every")
        else meant
    )
    return fault.mistake(
        "SEQ176",
        f"`{fault.text()}` opens no clause of {_article(fault.word)}.",
        hint=f"Did you mean `{whole}`?",
        opens=opens,
    )


def _article(word: str) -> str:
    return {
        "override": "an `override`",
        "test": "a test",
        "rule": "a rule",
        "source": "a source",
        "table": "a table",
    }.get(word, f"a `{word}`")


def _are(word: str) -> str:
    return f"Its clauses are {', '.join(f'`{clause}`' for clause in CLAUSES[word])}."


# ---------------------------------------------------------------- suggestions


def _suggestions(fault: Fault) -> Mistake | None:
    text = fault.text()
    hint = (
        "Write `add modifier 25 to visit`, `remove modifier 59 from part`, `replace modifier 59 on part by XS`, "
        "`move cause before dx`, `move dx first`, `point assay to dx` or `replace dx by E11.22`."
    )
    if fault.can("ADD", "REMOVE", "MOVE"):
        verbs = {
            "append": "add",
            "adding": "add",
            "use": "add",
            "attach": "add",
            "delete": "remove",
            "drop": "remove",
            "change": "replace",
            "link": "point",
            "reorder": "move",
            "sequence": "move",
            "code": "replace",
        }
        meant = verbs.get(text) or next(iter(nearest(text, ("add", "remove", "move", "point", "replace"))), "")
        if text == "modifier":
            return fault.mistake(
                "SEQ197",
                "A suggestion begins with what to do.",
                hint="Write `add modifier 25 to visit`.",
                last=0,
                at=fault.span(),
                by=("add",),
            )
        by = (meant,) if meant else None
        return fault.mistake("SEQ197", f"`{text or 'suggest'}` is no change that can be suggested.", hint=hint, by=by)
    if "suggest" not in (fault.tokens[0].text, fault.text(-1)) and fault.start != "expectation":
        return None
    joins = {
        "TO": ("to", ("on", "for", "onto", "at", "in", "with", "under")),
        "FROM": ("from", ("on", "off", "of", "for", "to", "at")),
        "BY": ("by", ("with", "to", "for", "as")),
        "MODIFIER": ("modifier", ("mod", "mods", "modifiers")),
        "ON": ("on", ("of", "from", "in", "at", "to")),
    }
    for terminal, (word, others) in joins.items():
        if fault.can(terminal) and text in others:
            return fault.mistake("SEQ197", f"Here stands `{word}`, not `{text}`.", hint=f"Write `{word}`.", by=(word,))
    if fault.can("ONLY") and text in ("if", "when", "where", "unless"):
        return fault.mistake(
            "SEQ197",
            "What the record must show stands after `only if`.",
            hint='Write `only if "…"`.',
            last=1,
            by=("only", "if"),
        )
    return None


_RECOGNISERS: Final[tuple[Callable[[Fault], Mistake | None], ...]] = (
    *(_outcome, _suggestions, _if, lists, _first_word),
)
