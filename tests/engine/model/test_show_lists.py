"""The lists of rules and of codes."""

from datetime import date

import pytest

from sequela.engine.model.show_lists import codes_of, rule_rows
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import find_rule_files, texts_of

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


def compiled(**texts):
    made = compile_found(texts_of({f"{name}.rules": text for name, text in texts.items()}))
    assert [one.message for one in made.diagnostics if one.is_error] == []
    return made


def compiled_with_file(text, name, content, tmp_path):
    (tmp_path / "base.rules").write_text(text)
    (tmp_path / name).write_text(content)
    made = compile_found(find_rule_files([tmp_path / "base.rules"]))
    assert [one.message for one in made.diagnostics if one.is_error] == []
    return made


def test_the_rules_of_the_rulesets():
    first, second = rule_rows(compiled(base=BASE).rules.selections[None])
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
    rows = {row.id: row for row in rule_rows(made.rules.selections["p"])}
    row = rows["B-RULE" if "B-RULE" in change else "A-RULE"]
    assert (row.period, row.changed_by) == (period, "p")


def test_authorities_are_named_once_with_their_sections():
    base = BASE.replace('rule A-RULE "first"', 'rule A-RULE "first"\n  effective 2026-01-01 onward').replace(
        "  if fail warn\n", '  if fail warn\n  cite MANUAL section "2", MANUAL, MANUAL\n'
    )
    first, _ = rule_rows(compiled(base=base).rules.selections[None])
    assert first.authority == "MANUAL 2, MANUAL"


CATALOGUE = """table catalogue "c"
  key code of HCPCS
  rows
    17000
    17001
    17003
    17110
    99213
  defines HCPCS
  complete
"""


def expanded(name, catalogue="", on=None):
    made = compiled(base=SETS + catalogue)
    return codes_of(made.rules.sets[f"base/{name}"], made.tables, on)


def rows(expansion):
    return [(row.written, row.count, row.subtracts) for row in expansion.entries]


def test_a_set_by_the_catalogue():
    found = expanded("wide", CATALOGUE)
    assert found.codes == ("17000", "17001")
    assert found.complete
    assert rows(found) == [
        ("17000 .. 17004", 3, False), ("alone", 2, False), ('from listed where kind is "minor"', 1, False),
        ("17003", 1, True),
    ]  # fmt: skip


def test_a_set_on_a_day_by_a_dated_catalogue():
    dated = CATALOGUE.replace("  rows\n", "  in force a to b\n  rows\n").replace(
        "  defines", "  covers 2020-01-01 onward\n  defines"
    )
    for code, period in (
        ("17000", "2020-01-01 | onward"),
        ("17001", "2020-01-01 | 2025-12-31"),
        ("17003", "2020-01-01 | onward"),
    ):
        dated = dated.replace(f"    {code}\n", f"    {code} | {period}\n")
    dated = dated.replace("    17110\n", "    17110 | 2020-01-01 | onward\n").replace(
        "    99213\n", "    99213 | 2020-01-01 | onward\n"
    )
    assert expanded("wide", dated, date(2025, 3, 2)).codes == ("17000", "17001")
    found = expanded("wide", dated, date(2026, 3, 2))
    assert found.codes == ("17000",)
    assert rows(found)[0] == ("17000 .. 17004", 2, False)


def test_without_a_catalogue_a_range_is_listed_by_the_form_of_its_codes():
    found = expanded("wide")
    assert found.codes == ("17000", "17001", "17002", "17004")
    assert (found.complete, found.by_form) == (True, True)
    assert rows(found)[0] == ("17000 .. 17004", 5, False)


@pytest.mark.parametrize(
    ("declaration", "codes"),
    [
        ("MODIFIER\n E1 .. E4", "E1 E2 E3 E4"),
        ("MODIFIER\n 9Y .. A1", "9Y 9Z A0 A1"),
        ("POS\n 09 .. 11", "09 10 11"),
        ("HCPCS\n J0998 .. J1001", "J0998 J0999 J1000 J1001"),
        ("HCPCS\n 0009Y .. 0010A", "0009Y 0009Z 0010A"),
        ("ICD10CM\n E08 .. E09", None),
        ("HCPCS\n under 9921", None),
        ("HCPCS\n A0001 .. B0001", None),
    ],
)
def test_what_can_be_listed_by_form(declaration, codes):
    made = compiled(base=f'ruleset base "Base"\ncodes x of {declaration}')
    found = codes_of(made.rules.sets["base/x"], made.tables)
    assert (" ".join(found.codes), found.complete) == (codes or "", codes is not None)


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


@pytest.mark.parametrize(
    ("where", "codes"),
    [
        ("units is at most 2", ("17000", "17003")),
        ("units is more than 2", ("17110",)),
        ("units is 2 or units is 9", ("17003", "17110")),
        ("not (units is 2)", ("17000", "17110")),
        ("code is in alone", ("17000", "17003")),
        ("others is known", ("17000",)),
        ("start is after 2025-06-01", ("17003",)),
        ("start is on or before 2025-06-01 and units is less than 5", ("17000",)),
    ],
)
def test_the_rows_that_a_set_takes(where, codes, tmp_path):
    table = """table dated "d"
  key code of HCPCS
  value units as number, others as codes of HCPCS
  in force start to stop
  file "dated.csv"
  complete
"""
    rows = "code,units,others,start,stop\n17000,1,17003,2025-01-01,2025-12-31\n"
    rows += "17003,2,,2026-01-01,\n17110,9,,2025-06-01,\n"
    made = compiled_with_file(
        f"{SETS}{table}codes taken of HCPCS\n  from dated where {where}\n", "dated.csv", rows, tmp_path
    )
    assert codes_of(made.rules.sets["base/taken"], made.tables).codes == codes


def test_a_table_is_asked_on_the_day():
    table = 'table dated "d"\n key code of HCPCS\n in force start to stop\n rows\n'
    table += " 17000 | 2025-01-01 | 2025-12-31\n 17003 | 2026-01-01 | 2026-12-31\n complete\n"
    made = compiled(base=f"{SETS}{table}codes taken of HCPCS\n  from dated\n")
    definition = made.rules.sets["base/taken"]
    assert codes_of(definition, made.tables).codes == ("17000", "17003")
    assert codes_of(definition, made.tables, date(2026, 3, 1)).codes == ("17003",)
    beyond = codes_of(definition, made.tables, date(2028, 3, 1))
    assert (beyond.codes, beyond.complete, beyond.entries[0].count) == ((), False, None)


def test_a_table_that_is_not_there_makes_the_expansion_incomplete():
    table = 'table gone "g"\n key code of HCPCS\n file "gone.csv"\n complete\n'
    made = compiled(base=f"{SETS}{table}codes taken of HCPCS\n  from gone, 17000\n")
    found = codes_of(made.rules.sets["base/taken"], made.tables)
    assert (found.codes, found.complete) == (("17000",), False)
