"""The lists of rules and of codes."""

from datetime import date

import pytest
from sequela.engine.model.show_lists import codes_expansion, rules_table
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import texts_of
from sequela.engine.tables.codes import TextSet

BASE = """ruleset base "Base"
source MANUAL
  title "m"
rule B-RULE "second"
  effective 2025-01-01 to 2025-12-31
  phase units
  for each line item
  require item.units is 1
  if fail deny item
  cite MANUAL section "2", MANUAL
rule B-RULE "second, as it is now"
  effective 2026-01-01 onward
  phase units
  for each line item
  require item.units is 2
  if fail deny item
rule A-RULE "first"
  settings inpatient, professional
  for the claim
  require encounter.drg is known
  if fail warn
"""
SETS = """ruleset base "Base"
table listed "l"
  key code of HCPCS
  value kind as text
  rows
    17000 | "minor"
    17110 | "other"
  complete
table owners "o"
  key owner under ICD10CM
  rows
    E08 .. E13
  complete
codes alone of HCPCS
  17000, 17003
codes wide of HCPCS
  17000 .. 17004, alone, from listed where kind is "minor"
  except 17003
codes together of HCPCS
  alone, 17110
  except 17003
codes named of HCPCS
  from listed, 99213
codes diabetes of ICD10CM
  E11.9, from owners
"""


class Catalogue:
    codes = ("17000", "17001", "17003", "17110", "99213")


def compiled(**texts):
    made = compile_found(texts_of({f"{name}.rules": text for name, text in texts.items()}))
    assert [one.message for one in made.diagnostics if one.is_error] == []
    return made


def test_the_rules_of_the_rulesets():
    first, second = rules_table(compiled(base=BASE).rules.selections[None])
    assert (first.id, first.phase, first.settings, first.period) == (
        "A-RULE",
        "validity",
        "professional, inpatient",
        "always",
    )
    assert (second.title, second.period, second.changed_by) == ("second, as it is now", "2025-01-01 onward", "")


@pytest.mark.parametrize(
    ("change", "period"),
    [
        ("disable B-RULE", "disabled"),
        ("disable B-RULE effective 2025-03-01 to 2025-03-31",
         "2025-01-01 to 2025-02-28; 2025-04-01 onward (disabled 2025-03-01 to 2025-03-31)"),
        ("disable A-RULE effective 2026-01-01 onward", "up to 2025-12-31 (disabled 2026-01-01 onward)"),
        ("relax A-RULE unless also encounter.drg is 470", "always"),
    ],
)  # fmt: skip
def test_what_a_payer_changes_is_seen_in_the_period(change, period):
    made = compiled(base=BASE, payer=f'payer p "P"\nuse base\n{change} reason "r"')
    rows = {row.id: row for row in rules_table(made.rules.selections["p"])}
    row = rows["B-RULE" if "B-RULE" in change else "A-RULE"]
    assert (row.period, row.changed_by) == (period, "p")


def test_authorities_are_named_once_with_their_sections():
    base = BASE.replace('rule A-RULE "first"', 'rule A-RULE "first"\n  effective 2026-01-01 onward').replace(
        "  if fail warn\n", '  if fail warn\n  cite MANUAL section "2", MANUAL, MANUAL\n'
    )
    first, _ = rules_table(compiled(base=base).rules.selections[None])
    assert first.authority == "MANUAL 2, MANUAL"


def expanded(name, catalogue=None):
    made = compiled(base=SETS)

    def holds(one, code):
        table = made.tables[one.table.key]
        found = table.key_rows(code, date(2026, 1, 1), one.column).rows
        return any(one.where is None or row.value("kind") == "minor" for row in found)

    return codes_expansion(made.rules.sets[f"base/{name}"], catalogue, made.tables, holds)


def rows(expansion):
    return [(row.written, row.count, row.subtracts) for row in expansion.entries]


def test_a_set_by_the_catalogue():
    found = expanded("wide", Catalogue())
    assert found.codes == ("17000", "17001")
    assert found.complete
    assert rows(found) == [
        ("17000 .. 17004", 3, False), ("alone", 2, False), ('from listed where kind is "minor"', 1, False),
        ("17003", 1, True),
    ]  # fmt: skip


def test_a_set_without_a_catalogue_lists_what_stands_alone():
    found = expanded("wide")
    assert found.codes == ("17000",)
    assert not found.complete
    assert rows(found)[0] == ("17000 .. 17004", None, False)


@pytest.mark.parametrize(("name", "codes"), [("together", ("17110", "17000")), ("named", ("99213", "17000", "17110"))])
def test_a_set_that_can_be_listed_without_a_catalogue(name, codes):
    found = expanded(name)
    assert (found.codes, found.complete) == (codes, True)
    assert all(row.count is not None for row in found.entries)


def test_codes_are_printed_as_people_write_them_and_headings_in_a_table_cannot_be_listed():
    found = expanded("diabetes")
    assert found.codes == ("E11.9",)
    assert not found.complete
    assert rows(found) == [("E11.9", 1, False), ("from owners", None, False)]


def test_an_expansion_agrees_with_the_text_of_a_plain_set():
    made = compiled(base=SETS)
    definition = made.rules.sets["base/alone"]
    assert isinstance(definition.text, TextSet)
    assert expanded("alone", Catalogue()).codes == definition.text.expand(Catalogue())
