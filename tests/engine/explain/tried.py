"""Rules and made-up claims, tried: text in, ledger and explanations out."""

from functools import cache

from sequela.engine.explain.explanation import Explanation
from sequela.engine.explain.ledger import Entry, Ledger
from sequela.engine.pipeline.opening import open_texts
from sequela.engine.pipeline.rulebook import Rulebook

DAY = "2026-03-02"
COMPLETE = {"complete": True, "lines": []}

HOUSE = """ruleset house "House rules"

source MANUAL
  title "House manual"
  edition "2026"
  in force 2026-01-01 to 2026-12-31

codes office-visits of HCPCS
  99202 .. 99205, 99211 .. 99215

codes visits of HCPCS
  office-visits
  except 99211

codes procedures of HCPCS
  17000 .. 17004

codes labs of HCPCS
  80047 .. 89398

codes emergency-places of POS
  23

codes diabetes of ICD10CM
  E08 .. E13
  except E10.9

codes sides of MODIFIER
  LT, RT

table pairs "Pairs"
  key one of HCPCS, other of HCPCS
  value indicator as text
  rows
    99213 | 80047 | "1"
  complete

table limits "Limits"
  key code of HCPCS
  value units as number
  covers 2026-01-01 to 2026-06-30
  rows
    99213 | 1
    17000 | 2
  complete

table fees "Fees"
  key code of HCPCS
  value fee as money
  rows
    99213 | 90.00
  partial

condition same-session (line a, line b)
  a.date is b.date and a.provider is b.provider
"""

VISIT = """
rule MOD-25 "A visit on the day of a minor procedure needs modifier 25"
  effective 2024-01-01 onward by line date
  settings professional, outpatient
  phase modifiers
  for each line visit in visits
  when some other line work in procedures where same-session(visit, work)
  unless visit.place is in emergency-places
  require visit has modifier 25
  if fail deny visit
  say "{visit.code} is on the same day as {work.code}; without modifier 25 it is part of that procedure."
  suggest add modifier 25 to visit
    only if "the record shows a significant, separately identifiable visit"
  adjustment CO 97, M15
  cite MANUAL section "I.D"
"""


@cache
def rulebook(*texts: str) -> Rulebook:
    """The house rules with these rules added; a text that opens a payer or a ruleset is a file of its own."""
    files = {"house.rules": HOUSE + "".join(text for text in texts if not _is_file(text))}
    files |= {f"file-{number}.rules": text for number, text in enumerate(texts) if _is_file(text)}
    return open_texts(files)


def _is_file(text: str) -> bool:
    return text.lstrip().startswith(("payer ", "ruleset "))


def line(code: str, **facts: object) -> dict[str, object]:
    """A line in a coder's shorthand: `99213-25`; a fact that is None is not sent."""
    code, *modifiers = code.split("-")
    held: dict[str, object] = {
        "code": code,
        "modifiers": modifiers,
        "units": 1,
        "date": DAY,
        "place": "11",
        "diagnoses": [1],
        "charge": "100.00",
        "provider": "1234567893",
    }
    return {key: value for key, value in (held | facts).items() if value is not None}


def claim(*lines: dict[str, object], dx: tuple[str, ...] = ("E11.9",), **facts: object) -> dict[str, object]:
    """A professional claim with these lines and diagnoses."""
    return {
        "schema": "sequela.encounter/1",
        "id": "C-1",
        "setting": "professional",
        "diagnoses": [{"code": code} for code in dx],
        "lines": list(lines),
        **facts,
    }


def checked(rules: str | tuple[str, ...], encounter: dict[str, object], payer: str | None = None) -> Ledger:
    """The ledger of a claim under the house rules and these."""
    texts = (rules,) if isinstance(rules, str) else rules
    return rulebook(*texts).check(encounter, payer=payer)


def entry(rules: str | tuple[str, ...], encounter: dict[str, object], payer: str | None = None, at: int = 0) -> Entry:
    """One entry of a single rule: the first, or the one at a place."""
    return checked(rules, encounter, payer).all_entries[at]


def explained(
    rules: str | tuple[str, ...], encounter: dict[str, object], payer: str | None = None, at: int = 0
) -> Explanation:
    """The explanation of one entry of a single rule."""
    ledger = checked(rules, encounter, payer)
    return ledger.explain(ledger.all_entries[at])


def rule(clauses: str, *, subject: str = "each line item", fail: str = "deny item") -> str:
    """A rule about lines with these clauses of the first two groups."""
    return f'\nrule TRIED "Tried"\n  for {subject}\n  {clauses}\n  if fail {fail}\n'
