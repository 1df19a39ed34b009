"""After any changes of the texts, what is compiled of them and what was kept make what compiling all of them makes."""

import os
from pathlib import Path
from random import Random

import pytest

from sequela.engine.diagnostics.model import RulesError
from sequela.engine.diagnostics.render import in_order, render
from sequela.engine.pipeline import anew
from sequela.engine.pipeline.opening import open_rulebook
from sequela.engine.pipeline.stretches import stretches

SEQUENCES = int(os.environ.get("SEQUELA_CHANGES", "15"))
STEPS = 12

BASE = """# Rules about visits.
ruleset base "Base"
phase units

source MANUAL
  title "The manual"

codes visits of HCPCS
  99213, under 9921 except 99215

codes drugs of HCPCS
  J0120, J0129 .. J0135

codes both of HCPCS
  visits, drugs

codes dear of HCPCS
  from prices where price is at least 100

table prices "Prices"
  key code of HCPCS
  value price as number
  complete
  rows
    99213 | 80
    99214 | 120

condition again(line a)
  some other line b where b.code is a.code

condition odd(line a)
  again(a) or a.units is more than 3

rule ONE "One visit"
  for each line l in visits
  require not odd(l)
  if fail deny l
  cite MANUAL section "1"

rule TWO "Dear ones"   # of which there are few
  phase coverage
  for each line l in dear
  require l.units is at most 1
  if fail warn l
  say "{l.code} costs more."

rule THREE "By date"
  effective 2020-01-01 to 2022-12-31
  for each line l in both
  require l.units is at most 2
  if fail deny l

rule THREE "By date"
  effective 2023-01-01 onward
  for each line l in both
  require l.units is at most 4
  if fail deny l

rule FOUR "With two"
  phase pairs
  for each line l in drugs, line m in visits with the same date
  unless m has modifier 25
  forbidden
  if fail deny l

rule FIVE "The claim"
  for the claim
  require (number of lines l) is at most 3
  if fail review

test ONE
case "fine"
  professional claim on 2024-03-02
  line 99213 x 1
  expect pass
"""

PAYER = """
payer thrift "Thrift"
  matches "THRIFT"
use base

codes ours of HCPCS
  99214

disable FIVE
  reason "Not ours."

tighten TWO
  reason "Stricter."
  require also l.charge is known

override THREE
  reason "Fewer."
  effective 2024-01-01 onward
  require l.units is at most 1

rule OWN "Ours"
  for each line l in ours
  require l.units is at most 1
  if fail deny l
"""

WORDS = (
    ("99213", "99214"),
    ("99214", "99215"),
    ("at most 1", "at most 2"),
    ("at most 2", "at most 3"),
    ("at least 100", "at least 90"),
    ("deny l", "warn l"),
    ("visits", "drugs"),
    ("drugs", "both"),
    ("in both", "in ours"),
    ("again(a)", "odd(a)"),
    ("more than 3", "more than 1"),
    ("phase units", "phase pairs"),
    ("TWO", "ONE"),
    ("FOUR", "SIX"),
    ("2023-01-01", "2022-06-01"),
    ("2023-01-01", "2023-06-01"),
    ('"Base"', '"Basic"'),
    ("disable", "relax"),
    ("25", "59"),
    ("codes drugs", "codes medicines"),
    ("condition again", "condition twice"),
    ("costs more", "costs – far – more"),
    ("| 80", "| 180"),
    ("line l", "line l2"),
    ("  ", "   "),
    ("if fail", "if fial"),
    ("is at", "is att"),
)
"""What an author changes into what, here or there, once or everywhere."""

ADDED = (
    '\nrule NEW "New"\n  for each line l in visits\n  require again(l)\n  if fail warn l\n',
    '\nrule ONE "One visit"\n  effective 2030-01-01 onward\n  for each line l in visits\n  forbidden\n  if fail deny l\n',
    "\ncodes fresh of HCPCS\n  G0104, visits\n",
    "\ncodes visits of HCPCS\n  G0104\n",
    "\ncodes l of HCPCS\n  G0104\n",
    "\n# A comment.\n",
    '\n  rule INDENTED "Not at the line\'s beginning"\n  for the claim\n  forbidden\n  if fail note\n',
    '\nrule\n  BELOW "The id stands on a line of its own"\n  for the claim\n  forbidden\n  if fail note\n',
    "\ngarbage here\n",
    '\ndisable ONE\n  reason "No."\n',
    '\nsource OTHER\n  title "Another"\n',
    "\nuse nowhere\n",
)


def edited(text: str, random: Random) -> str:
    """The text after one change."""
    cut = stretches(text)
    one = random.choice(cut) if cut else None
    match random.randrange(8):
        case 0 | 1 | 2:
            old, new = random.choice(WORDS)
            if random.random() < 0.5:
                old, new = new, old
            return text.replace(old, new, random.choice((1, 1, -1)))
        case 3 if one is not None:
            return text[: one.start] + text[one.end :]
        case 4 if one is not None:
            at = random.choice([0, *(other.start for other in cut), len(text)])
            if one.start < at < one.end:
                return text
            moved = text[one.start : one.end]
            rest = text[: one.start] + text[one.end :]
            at = at if at <= one.start else at - len(moved)
            return rest[:at] + moved + rest[at:]
        case 5 if one is not None and random.random() < 0.3:
            return text[: one.end] + text[one.start : one.end] + text[one.end :]
        case 6:
            at = random.choice([*(other.start for other in cut), len(text)])
            return text[:at] + random.choice(ADDED).lstrip("\n") + "\n" + text[at:]
        case _:
            at = random.choice([other.start for other in cut] or [0])
            return text[:at] + random.choice(("\n", "\n\n", "# …\n")) + text[at:]


CLAIMS = [
    {
        "schema": "sequela.encounter/1",
        "id": f"C-{code}-{units}",
        "setting": "professional",
        "payer": payer,
        "lines": [
            {"number": 1, "code": code, "units": units, "date": day, "charge": "10.00"},
            {"number": 2, "code": "J0130", "units": 3, "date": day},
            {"number": 3, "code": "99213", "units": 1, "date": day},
        ],
    }
    for code in ("99213", "99214", "J0120")
    for units in (1, 3)
    for payer, day in (("THRIFT", "2024-03-02"), ("OTHER", "2021-03-02"))
]


def outcome(paths: list[Path], *, use_cache: bool) -> object:
    """All that can be seen of a rulebook: what is said, what its rules are and where they stand, what they decide."""
    try:
        book = open_rulebook(paths, use_cache=use_cache)
    except RulesError as error:
        return [render(one) for one in in_order(error.diagnostics)]
    rules = {
        payer: [(rule, places(rule)) for rule in selection.rules] for payer, selection in book.rules.selections.items()
    }
    declared = [
        [(key, one, places(one)) for key, one in part.items()]
        for part in (book.rules.sets, book.rules.conditions, book.rules.authorities, book.rules.tables)
    ]
    heads = {payer: (one.title, one.matches, one.settings) for payer, one in book.rules.selections.items()}
    said = [book.check(claim).to_bytes() for claim in CLAIMS]
    return [render(one) for one in in_order(book.warnings)], heads, rules, declared, said, repr(book), book.rules_digest


def places(node: object) -> list[tuple[int, int]]:
    """Where everything within a node stands."""
    if isinstance(node, tuple):
        return [place for part in node for place in places(part)]
    names = getattr(node, "__struct_fields__", ())
    own = [(node.span.start, node.span.end)] if "span" in names else []
    return own + [place for name in names if name != "source" for place in places(getattr(node, name))]


def test_changed_texts_are_as_if_all_were_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQUELA_CACHE", str(tmp_path / "cache"))
    mended = whole = 0
    changed = anew.changed

    def counted(*given):
        nonlocal mended, whole
        made = changed(*given)
        mended, whole = mended + (made is not None), whole + (made is None)
        return made

    monkeypatch.setattr(anew, "changed", counted)
    paths = [tmp_path / "thrift.rules", tmp_path / "base.rules"]

    for seed in range(SEQUENCES):
        random = Random(seed)
        texts = [PAYER, BASE]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text)
        open_rulebook(paths)
        for step in range(STEPS):
            before = list(texts)
            for _ in range(random.choice((1, 1, 2))):
                number = random.choice((0, 1, 1))
                texts[number] = edited(texts[number], random)
            for path, text in zip(paths, texts, strict=True):
                path.write_text(text)
            expected = outcome(paths, use_cache=False)
            assert outcome(paths, use_cache=True) == expected, (seed, step)
            if isinstance(expected, list) and random.random() < 0.7:
                texts = before
    assert mended > SEQUENCES
    assert whole > SEQUENCES
