"""The shape of a rule: which clauses it has, how often, and in which order; what each change of a payer takes.

In:   the words of clauses and where they stand.    Out: mistakes.
Uses: declarations, fault.                          Used by: parse, pieces.
Source: language.md, "Rules": three groups; inside a group the order is the author's; `unless`, `look up` and `require`
may be repeated, every other clause stands at most once; `for`, a `require` or `forbidden`, and `if fail` are needed.
"""

from collections.abc import Collection, Sequence
from typing import Final, assert_never

from attrs import frozen

from sequela.engine.diagnostics.model import Label
from sequela.engine.source import Span
from sequela.engine.syntax import declarations as d
from sequela.engine.syntax.fault import Mistake
from sequela.engine.syntax.mistakes_clauses import CLAUSES

APPLIES: Final = ("effective", "settings", "phase", "for", "look up", "when", "unless")
ASKS: Final = ("require", "forbidden", "bypass")
FOLLOWS: Final = ("if fail", "if unknown", "say", "suggest", "adjustment", "cite")
GROUPS: Final = (APPLIES, ASKS, FOLLOWS)
"""The three groups of a rule's clauses: where it applies, what must hold, what follows."""

REPEATED: Final = frozenset(("unless", "look up", "require", "unless also", "require also"))
"""The clauses that may stand more than once."""


@frozen
class Seen:
    """A clause: the words that open it, and where they stand."""

    word: str
    span: Span


def word_of(clause: d.ChangeClause) -> str:
    """The words that open a clause."""
    match clause:
        case (
            d.Effective() | d.Settings() | d.Phase() | d.When() | d.Unless() | d.Require() | d.Forbidden() | d.Bypass()
        ):
            return type(clause).__name__.lower()
        case d.Say() | d.Suggest() | d.Adjustment() | d.Cite() | d.Reason():
            return type(clause).__name__.lower()
        case d.ForEach() | d.ForFirstDiagnosis() | d.ForClaim():
            return "for"
        case d.LookUp():
            return "look up"
        case d.IfFail():
            return "if fail"
        case d.IfUnknown():
            return "if unknown"
        case d.UnlessAlso():
            return "unless also"
        case d.RequireAlso():
            return "require also"
        case d.OnlyWhen():
            return "only when"
        case _:
            assert_never(clause)


def seen(clause: d.ChangeClause) -> Seen:
    """A clause that was read."""
    word = word_of(clause)
    return Seen(word, Span(clause.span.source, clause.span.start, clause.span.start + len(word)))


def faults_of_rule(name: Span, clauses: Sequence[Seen], lost: bool = False) -> list[Mistake]:
    """What is wrong with the clauses of a rule; `lost` says that some were not read, so that none is called missing."""
    found = [*repeated(clauses, "the rule"), *_out_of_order(clauses)]
    words = {clause.word for clause in clauses}
    if lost:
        return found
    if "for" not in words:
        found.append(_missing("SEQ173", name, "for each", "what it is about", "for each line visit in visits"))
    if not words & {"require", "forbidden"}:
        found.append(
            _missing(
                "SEQ174", name, "require", "what must hold", "require visit has modifier 25`, or `forbidden when …"
            )
        )
    if "if fail" not in words:
        found.append(_missing("SEQ175", name, "if fail", "what follows", "if fail deny visit"))
    return found


def _missing(code: str, name: Span, word: str, what: str, example: str) -> Mistake:
    return Mistake(
        code=code,
        message=f"The rule does not say {what}: it has no `{word}`.",
        at=Label(name),
        hint=f"Write `{example}`.",
    )


def repeated(clauses: Sequence[Seen], where: str) -> list[Mistake]:
    """The clauses that stand twice in a rule, a header or a source, and may stand once."""
    first: dict[str, Span] = {}
    found = []
    for clause in clauses:
        if clause.word in REPEATED:
            continue
        if clause.word not in first:
            first[clause.word] = clause.span
            continue
        hint = {
            "when": "Join the two conditions with `and`, or write a second rule.",
            "cite": "Part the sources of one `cite` by commas.",
            "matches": "Part the ids of one `matches` by commas.",
            "settings": "Part the settings of one `settings` by commas.",
            "for": "Part what is bound in one `for each` by commas: `for each line a, other line b`.",
        }.get(clause.word, "Keep one of them.")
        found.append(
            Mistake(
                code="SEQ172",
                message=f"`{clause.word}` stands twice in {where}.",
                at=Label(clause.span, "the second one"),
                also=(Label(first[clause.word], "the first one"),),
                hint=hint,
            )
        )
    return found


def _group(word: str) -> int | None:
    return next((number for number, words in enumerate(GROUPS) if word in words), None)


def _out_of_order(clauses: Sequence[Seen]) -> list[Mistake]:
    """The clauses that stand after one of a later group: for each group, those that came too late."""
    found = []
    latest: Seen | None = None
    for clause in clauses:
        group, reached = _group(clause.word), -1 if latest is None else _group(latest.word) or 0
        if group is None:
            continue
        if latest is not None and group < reached:
            found.append(
                Mistake(
                    code="SEQ171",
                    message=f"`{clause.word}` belongs before `{latest.word}`.",
                    at=Label(clause.span),
                    also=(Label(latest.span, "stands above it"),),
                    hint="First stands where a rule applies, then what must hold, then what follows: "
                    + "; ".join(", ".join(f"`{word}`" for word in words) for words in GROUPS)
                    + ".",
                )
            )
        elif group > reached:
            latest = clause
    return found


def faults_of_change(verb: str, clauses: Sequence[Seen]) -> list[Mistake]:
    """The clauses that a change of a payer does not take."""
    return [_not_taken(verb, clause) for clause in clauses if not _takes(CLAUSES[verb], clause.word)]


def misplaced_in_rule(clauses: Sequence[Seen]) -> list[Mistake]:
    """The clauses of a payer's changes that stand in a rule."""
    return [_not_taken("rule", clause) for clause in clauses if not _takes(CLAUSES["rule"], clause.word)]


def _takes(words: Collection[str], word: str) -> bool:
    return any(one == word or (one.startswith(f"{word} ") and word in ("for", "bypass")) for one in words)


def _not_taken(verb: str, clause: Seen) -> Mistake:
    article = "a rule" if verb == "rule" else f"`{verb}`"
    hint = f"Its clauses are {', '.join(f'`{word}`' for word in CLAUSES[verb])}."
    also = {
        ("relax", "unless"): "unless also",
        ("tighten", "require"): "require also",
        ("tighten", "when"): "only when",
    }
    if (verb, clause.word) in also:
        hint = f"Write `{also[verb, clause.word]}`."
    elif verb == "rule" and clause.word in ("unless also", "require also"):
        hint = f"Write `{clause.word.split()[0]}`; `{clause.word}` stands where a payer changes a rule."
    return Mistake(
        code="SEQ178", message=f"`{clause.word}` does not stand in {article}.", at=Label(clause.span), hint=hint
    )
