"""What could stand at a place, in the language's own words.

In:   terminals that the parser accepts.    Out: a phrase.
Uses: lalr, suggest.                        Used by: mistakes.
"""

from collections.abc import Set
from typing import Final

from sequela.engine.syntax.lalr import tables
from sequela.engine.syntax.reserved import DECLARATION_WORDS, OTHER_CLAUSE_WORDS, RULE_CLAUSE_WORDS

MANY: Final = 5
"""So many things are named; more are too many to help."""

CONDITION_START: Final = frozenset(("NOT", "SOME", "EVERY", "NO"))
VALUE_START: Final = frozenset(("WORD", "PATH", "CODE"))
KINDS: Final = frozenset(("LINE", "DIAGNOSIS", "PROCEDURE", "DOCUMENT", "HISTORY", "MODIFIER", "SERVICE", "ADMITTING"))
PLURAL_KINDS: Final = frozenset(("LINES", "DIAGNOSES", "PROCEDURES", "DOCUMENTS", "MODIFIERS", "SERVICES"))
ITEMS: Final = frozenset(("DX", "PATIENT", "FACT", "EXPECT"))

# What a set of terminals is called, and the terminals that it covers beside those that tell it.
_GROUPS: Final = (
    (CONDITION_START, "a condition", "AT LPAR NAME PATH CODE NEGATIVE DATE QUOTED TOTAL NUMBER FULL CHARACTER CHARACTERS"),
    (VALUE_START, "a value", "LPAR NEGATIVE DATE QUOTED"),
    (frozenset(("TOTAL", "CHARACTERS")), "a value such as `number of lines x`", "NUMBER FULL CHARACTER DAYS MONTHS YEARS"),
    (KINDS, "a kind, such as `line` or `diagnosis`", "REASON_FOR_VISIT CONDITION_CODE OCCURRENCE VALUE_CODE WHICH GROUP"),
    (PLURAL_KINDS, "a kind, such as `lines` or `diagnoses`", "ADMITTING REASON_FOR_VISIT HISTORY CONDITION_CODES "
     "OCCURRENCES VALUE_CODES WHICH"),
    (ITEMS, "the next line of the case", "PROCEDURE DOCUMENT DOCUMENTS LINE HISTORY"),
    (frozenset(("CODE", "UNDER", "LIKE", "FROM")), "a code, `under` a code, a range or the name of a set", "NAME"),
    (frozenset(("DAYS", "MONTHS", "YEARS")), "`days`, `months` or `years`", ""),
    (frozenset(("WHOLE", "AMOUNT")), "a number", "ONE"),
    (frozenset(("WHOLE", "ONE")), "a whole number", ""),
    (frozenset(("UPPER", "FAIL", "PASS")), "`fail`, `pass` or another status", "BYPASSED UNKNOWN NOT SUGGESTS NOTHING"),
    (frozenset(("FAIL", "PASS")), "`fail`, `pass` or another status", "BYPASSED UNKNOWN NOT SUGGESTS"),
)  # fmt: skip
_NAMED: Final = {
    "NEW": "a name",
    "NAME": "a name",
    "WORD": "a value",
    "PATH": "a fact, such as `visit.code`",
    "COLUMN": "the name of a column or fact",
    "UPPER": "a name in capitals",
    "CODE": "a code",
    "LINE_CODE": "a code, with its modifiers",
    "DATE": "a date, such as `2026-03-02`",
    "WHOLE": "a whole number",
    "ONE": "a whole number",
    "AMOUNT": "a number",
    "NEGATIVE": "a number",
    "QUOTED": "a text in quotes",
    "TEMPLATE": "a text in quotes",
    "DOTS": "`..`",
    "SETTING": "a setting (`professional`, `outpatient` or `inpatient`)",
    "PHASE_NAME": "a phase, such as `pairs`",
    "SEX": "`female`, `male` or `undetermined`",
    "WHICH": "`other`",
}
_CLAUSE_WORDS: Final = RULE_CLAUSE_WORDS | OTHER_CLAUSE_WORDS | DECLARATION_WORDS


def expected(accepts: Set[str]) -> str:
    """What may come, as a phrase: "`is`, `has` or `comes`", "a condition"; empty where there is too much to say."""
    rest = set(accepts)
    phrases: list[str] = []
    for sign, phrase, others in _GROUPS:
        if rest >= sign:
            phrases.append(phrase)
            rest -= sign
            rest -= set(others.split())
    kinds = len(phrases)
    words = {terminal: word for word, terminal in tables().keywords.items()}
    for terminal in sorted(rest, key=lambda name: (name not in _NAMED, name)):
        if terminal in _NAMED:
            phrases.append(_NAMED[terminal])
        elif terminal in words and words[terminal] not in _CLAUSE_WORDS:
            phrases.append(f"`{words[terminal]}`")
    clauses = sorted(words[terminal] for terminal in rest if words.get(terminal) in _CLAUSE_WORDS)
    if len(clauses) <= 2:
        phrases.extend(f"`{word}`" for word in clauses)
    elif not phrases:
        phrases.append("the next clause")
    phrases = list(dict.fromkeys(phrases))
    if len(phrases) > MANY:
        phrases = phrases[:kinds]
    if not phrases:
        return ""
    return f"{', '.join(phrases[:-1])} or {phrases[-1]}" if len(phrases) > 1 else phrases[0]
