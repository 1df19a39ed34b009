"""A rule as it stands for a payer, with the origin of every clause."""

from datetime import date
from pathlib import Path

import pytest

import sequela
from sequela.engine.model.show import codes_expansion, rules_table, show
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import find_rule_files, texts_of
from sequela.engine.source import Source
from sequela.engine.syntax.parse import parse

SAMPLES = Path(sequela.__file__).parent.parent / "shared" / "design" / "samples"
BASE = """ruleset base "Base rules"
  phase units

codes office-visits of HCPCS
  99211 .. 99215

source MANUAL
  title "m"

rule ONE-UNIT "A line has one unit"
  for each  line item
  unless    item.place is 23
  require   item.units is 1
  if fail   deny item
  cite      MANUAL section "2.1"
"""
PAYER = """payer north "Northwind"

use base

relax ONE-UNIT
  effective 2025-01-01 to 2025-12-31
  unless also item.place is 11
  reason    "Office visits are exempt for a year"
  cite      MANUAL section "9"

tighten ONE-UNIT
  effective 2026-01-01 to 2026-12-31
  require also item.charge is at most 500.00
  only when item.code is in office-visits and item.place is 11
  if fail   review item
  reason    "Large office visits are looked at"

disable ONE-UNIT
  effective 2027-01-01 onward
  reason    "Units are not limited any more"
"""


def selections(**texts):
    made = compile_found(texts_of({f"rules/{name}.rules": text for name, text in texts.items()}))
    assert [one.message for one in made.diagnostics if one.is_error] == []
    return made.rules.selections


def test_a_rule_that_nobody_changes():
    assert show("ONE-UNIT", selections(base=BASE)[None]) == (
        "# ONE-UNIT, the rulesets alone: on every date\n"
        "# phase units (base.rules:2, for the whole file)\n"
        'rule ONE-UNIT "A line has one unit"  # base.rules:10\n'
        "  for each  line item                # base.rules:11\n"
        "  unless    item.place is 23         # base.rules:12\n"
        "  require   item.units is 1          # base.rules:13\n"
        "  if fail   deny item                # base.rules:14\n"
        '  cite      MANUAL section "2.1"     # base.rules:15'
    )


def blocks(**on):
    return show("ONE-UNIT", selections(base=BASE, north=PAYER)["north"], **on).split("\n\n")


def test_one_block_for_each_stretch_of_dates():
    assert [block.splitlines()[0] for block in blocks()] == [
        "# ONE-UNIT, for north: up to 2024-12-31",
        "# ONE-UNIT, for north: 2025-01-01 to 2025-12-31",
        "# ONE-UNIT, for north: 2026-01-01 to 2026-12-31",
        "# ONE-UNIT, for north: 2027-01-01 onward",
    ]


def test_one_block_for_one_date():
    (block,) = blocks(on=date(2026, 6, 1))
    assert block.startswith("# ONE-UNIT, for north: 2026-01-01 to 2026-12-31\n")


def test_an_exception_of_a_payer_stands_with_its_reason_and_authority():
    (block,) = blocks(on=date(2025, 6, 1))
    assert (
        "  # relaxed by north (north.rules:5): Office visits are exempt for a year; cites MANUAL section 9\n"
        "  unless    item.place is 11         # north.rules:7\n"
    ) in block


def test_what_a_payer_adds_says_when_it_is_asked_and_what_follows():
    (block,) = blocks(on=date(2026, 6, 1))
    assert "  # tightened by north (north.rules:11): Large office visits are looked at\n" in block
    assert "  # a failure of this has its own: if fail review item\n" in block
    asked = "not (item.code is in office-visits and item.place is 11) or item.charge is at most 500.00"
    assert asked in " ".join(" ".join(line.partition("  # ")[0].split()) for line in block.splitlines())


def test_a_disabled_rule_is_shown_as_it_would_be():
    (block,) = blocks(on=date(2028, 1, 1))
    assert "# disabled by north (north.rules:18): Units are not limited any more\n" in block
    assert all(line.startswith("#") for line in block.splitlines())


def test_every_clause_has_its_origin_and_the_text_is_rule_text():
    for block in blocks()[:3]:
        file, faults = parse(Source("shown", f'ruleset shown "Shown"\n{block}'))
        assert faults == ()
        (rule,) = file.declarations
        lines = file.source.text.splitlines()
        assert all(".rules:" in lines[clause.span.line - 1] for clause in (rule, *rule.clauses))


def test_an_override_stands_in_the_place_of_what_it_replaces():
    payer = 'payer p "P"\nuse base\noverride ONE-UNIT\n unless item.place is 12\n if unknown note\n reason "r"\n'
    text = show("ONE-UNIT", selections(base=BASE, p=payer)["p"])
    words = [line.split()[0] for line in text.splitlines() if line.startswith("  ") and not line.startswith("  #")]
    assert words == ["for", "unless", "require", "if", "cite", "if"]
    assert "item.place is 23" not in text
    assert text.count("# overridden by p (p.rules:3): r") == 2


def test_the_period_of_a_version_is_shown_as_it_is_cut():
    base = BASE.replace("  for each", "  effective 2025-01-01 onward by line date\n  for each")
    payer = 'payer p "P"\nuse base\ndisable ONE-UNIT\n effective 2026-01-01 onward\n reason "r"\n'
    text = show("ONE-UNIT", selections(base=base, p=payer)["p"], date(2025, 5, 1))
    assert "  effective 2025-01-01 to 2025-12-31 by line date" in text


def test_a_date_outside_the_period():
    base = BASE.replace("  for each", "  effective 2025-01-01 to 2025-12-31\n  for each")
    text = show("ONE-UNIT", selections(base=base)[None], date(2026, 5, 1))
    assert text == "# ONE-UNIT is not in force on 2026-05-01; its period: 2025-01-01 to 2025-12-31."


def test_a_rule_that_is_not_there():
    with pytest.raises(KeyError):
        show("ONE-UNITS", selections(base=BASE)[None])


def test_what_is_shown_means_what_the_rule_means():
    """Put back into a rule file, the shown text has the requirements, exceptions and outcome of the segment."""
    payer = (
        'payer p "P"\nuse base\ntighten ONE-UNIT\n require also item.place is 11 or item.place is 12\n'
        ' only when item.code is in office-visits\n reason "r"\n'
    )
    upper = 'payer q "Q" over p\nrelax ONE-UNIT\n unless also item.code is 99211\n reason "r"\n'
    shown = show("ONE-UNIT", selections(base=BASE, p=payer, q=upper)["q"])
    head, _, _ = BASE.partition("rule ONE-UNIT")
    (segment,) = selections(base=BASE, p=payer, q=upper)["q"].rules[0].segments
    (again,) = selections(base=head + shown)[None].rules[0].segments
    assert [one.condition for one in again.version.unless] == [one.condition for one in segment.version.unless]
    assert again.version.consequence == segment.version.consequence
    (own, added), (own_again, added_again) = segment.version.requirements, again.version.requirements
    assert own.condition == own_again.condition
    limit, asked = added_again.condition.parts
    assert (limit.part, asked) == (added.only_when, added.condition)


def test_the_list_of_rules():
    text = rules_table(selections(base=BASE, north=PAYER)["north"])
    assert text.splitlines() == [
        "north · Northwind: 1 rule",
        "  ONE-UNIT  A line has one unit",
        "            units · professional, outpatient, inpatient · up to 2026-12-31 (disabled 2027-01-01 onward)"
        " · MANUAL 2.1 · changed by north",
    ]


def test_the_codes_of_a_set():
    made = compile_found(texts_of({"base.rules": BASE + "codes rest of HCPCS\n office-visits, 17000\n except 99211\n"}))
    assert codes_expansion("base/rest", made.rules.sets["base/rest"], made.tables).splitlines() == [
        "base/rest · codes of HCPCS",
        "  17000          1",
        "  office-visits  5",
        "  except 99211   1",
        "  in all         5",
        "",
        "  17000  99212  99213  99214  99215",
    ]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not here")
def test_every_rule_of_the_samples_can_be_shown():
    made = compile_found(find_rule_files([SAMPLES]))
    for selection in made.rules.selections.values():
        for rule in selection.rules:
            shown = show(rule.id, selection)
            assert parse(Source("shown", f'ruleset shown "Shown"\n{shown}'))[1] == ()
