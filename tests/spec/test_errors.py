"""Everything that the language calls an error is found before any claim is read, as one finding with its own code."""

import pytest

from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import texts_of

HEADER = 'ruleset tried "Tried"\n'

SHARED = """
codes visits of HCPCS
  99202 .. 99215
codes diabetes of ICD10CM
  under E11
table limits "Limits"
  key       code of HCPCS
  value     units as number
  rows
    99213 | 1
  complete
condition same-day (line one, line two)
  one.date is two.date
"""

BASE = """ruleset base "Base"
rule R "r"
  effective 2025-01-01 to 2025-12-31
  for each  line l
  require   l.units is 1
  if fail   warn l
rule R "r, newer"
  effective 2026-01-01 onward
  for each  line m
  require   m.units is 1
  if fail   warn m
rule A "a"
  for each  line l
  require   l.units is 1
  if fail   warn l
rule BARE "b"
  for each  line l
  forbidden
  if fail   warn l
rule PAYS "p"
  phase     pairs
  for each  line l
  require   l is payable
  if fail   warn l
"""

DECLARATIONS = {
    # Shape of a file
    "a word of the language cannot name a set": ("codes where of HCPCS\n  99213", "SEQ124"),
    "one name declared twice": ("codes a of HCPCS\n  99213\ntable a \"A\"\n  key code of HCPCS\n  rows\n    99213\n  complete", "SEQ207"),
    "a letter of another script": ("codes viѕits-too of HCPCS\n  99213", "SEQ108"),
    "a set that is not there": ("codes a of HCPCS\n  visit", "SEQ203"),
    "a clause of a source twice": ('source S\n  title "a"\n  title "b"', "SEQ172"),
    # Codes
    "a system that is not one": ("codes a of ICD9CM\n  250", "SEQ213"),
    "a set of another system in a set": ("codes a of ICD10CM\n  visits", "SEQ304"),
    "level two is no CPT": ("codes a of CPT\n  G0104", "SEQ401"),
    "a set of HCPCS in one of CPT": ("codes a of CPT\n  visits", "SEQ304"),
    "leading zeros belong to a code": ("codes a of REVENUE\n  450", "SEQ401"),
    "a dot in the wrong place": ("codes a of ICD10CM\n  E1.19", "SEQ401"),
    "a dot in the wrong place of a range": ("codes a of ICD10CM\n  E1.19 .. E12.9", "SEQ401"),
    "a dot in the wrong place of a pattern": ('codes a of ICD10CM\n  like "S5.2???"', "SEQ403"),
    "a dot where none belongs": ("codes a of HCPCS\n  99.213", "SEQ401"),
    "except twice": ("codes a of ICD10CM\n  under E11 except E11.9 except E11.8", "SEQ165"),
    "except first": ("codes a of ICD10CM\n  except E11.8", "SEQ165"),
    "a pattern the wrong way round": ('codes a of ICD10CM\n  like "S52.[4-1]"', "SEQ403"),
    "a pattern of other signs": ('codes a of ICD10CM\n  like "S52.*"', "SEQ403"),
    "a pattern that no code fits": ('codes a of HCPCS\n  like "99?"', "SEQ403"),
    "a range the wrong way round": ("codes a of ICD10CM\n  E13 .. E08", "SEQ402"),
    "HCPCS ends with letters in other places": ("codes a of HCPCS\n  99213 .. G0104", "SEQ402"),
    "a set made of itself": ("codes a of HCPCS\n  b\ncodes b of HCPCS\n  99213 except a", "SEQ214"),
    "a where about the claim": ("codes a of HCPCS\n  from limits where patient.age is 1", "SEQ331"),
    "a where with a column that is not there": ("codes a of HCPCS\n  from limits where unit is 1", "SEQ209"),
    "a table without a code of the system": ("codes a of ICD10CM\n  from limits", "SEQ419"),
    # Tables
    "neither complete nor partial": ('table t "T"\n  key code of HCPCS\n  rows\n    99213', "SEQ413"),
    "both": ('table t "T"\n  key code of HCPCS\n  rows\n    99213\n  complete\n  partial', "SEQ410"),
    "an empty cell": ('table t "T"\n  key code of HCPCS\n  value n as number\n  rows\n    99213 |\n  complete', "SEQ179"),
    "a cell too few": ('table t "T"\n  key code of HCPCS\n  value n as number\n  rows\n    99213\n  complete', "SEQ416"),
    "a text without quotes": ('table t "T"\n  key code of HCPCS\n  value n as text\n  rows\n    99213 | word\n  complete', "SEQ417"),
    "a cell of another type": ('table t "T"\n  key code of HCPCS\n  value n as number\n  rows\n    99213 | "1"\n  complete', "SEQ417"),
    "an amount with three places": ('table t "T"\n  key code of HCPCS\n  value n as money\n  rows\n    99213 | 1.005\n  complete', "SEQ417"),
    "a range in an exact key": ('table t "T"\n  key code of HCPCS\n  rows\n    99213 .. 99215\n  complete', "SEQ401"),
    "a row that ends before it starts": (
        'table t "T"\n  key code of HCPCS\n  in force a to b\n  rows\n    99213 | 2026-01-01 | 2025-01-01\n  complete', "SEQ404"),
    "a period that ends before it begins": (
        'table t "T"\n  key code of HCPCS\n  covers 2026-01-01 to 2025-01-01\n  rows\n    99213\n  complete', "SEQ404"),
    "a column twice": ('table t "T"\n  key code of HCPCS\n  value code as text\n  rows\n    99213 | "a"\n  complete', "SEQ414"),
    "a file and rows": ('table t "T"\n  key code of HCPCS\n  file "t.csv"\n  rows\n    99213\n  complete', "SEQ412"),
    "neither a file nor rows": ('table t "T"\n  key code of HCPCS\n  complete', "SEQ412"),
    "no key": ('table t "T"\n  value code as code of HCPCS\n  rows\n    99213\n  complete', "SEQ411"),
    "two catalogues": (
        'table t "T"\n  key code of POS\n  rows\n    11\n  defines POS\n  complete\n'
        'table u "U"\n  key code of POS\n  rows\n    11\n  defines POS\n  complete', "SEQ420"),
    "a code that never was": ('table t "T"\n  key code of POS\n  rows\n    11\n  defines POS\n  complete\ncodes a of POS\n  12', "SEQ430"),
    # Named conditions
    "a condition made of itself": ("condition a (line x)\n  b(x)\ncondition b (line x)\n  a(x)", "SEQ214"),
    # Tests
    "a case without an expectation": ('test A\n  case "c"\n    professional claim\n    line 99213', "SEQ193"),
    "a variation of nothing": ('test A\n  case "c" same as above but line 1 x 2\n    expect pass', "SEQ194"),
    "a diagnosis beside a procedure": (
        'test A\n  case "c"\n    professional claim\n    dx I10\n    procedure 0DTJ4ZZ\n    line 99213\n    expect pass\n'
        '  case "d" same as above but with dx E11.9 before procedure 1\n    expect pass', "SEQ101"),
}  # fmt: skip

RULES = {
    # clauses
    "no for": ("require patient.age is at least 1\n  if fail warn", "SEQ173"),
    "nothing that must hold": ("for the claim\n  if fail warn", "SEQ174"),
    "nothing that follows": ("for the claim\n  forbidden", "SEQ175"),
    "when after require": ("for each line l\n  require l.units is 1\n  when l.code is 99213\n  if fail warn", "SEQ171"),
    "require after if fail": ("for each line l\n  if fail warn\n  require l.units is 1", "SEQ171"),
    "bypass before unless": ("for each line l\n  require l.units is 1\n  bypass when l.units is 2\n  unless l.units is 3\n  if fail warn", "SEQ171"),
    "when twice": ("for each line l\n  when l.units is 1\n  when l.units is 2\n  forbidden\n  if fail warn", "SEQ172"),
    "forbidden twice": ("for each line l\n  forbidden when l.units is 1\n  forbidden when l.units is 2\n  if fail warn", "SEQ172"),
    "bypass twice": ("for each line l\n  forbidden\n  bypass when l.units is 1\n  bypass when l.units is 2\n  if fail warn", "SEQ172"),
    "if fail twice": ("for each line l\n  forbidden\n  if fail warn\n  if fail note", "SEQ172"),
    "settings twice": ("settings inpatient\n  settings outpatient\n  for each line l\n  forbidden\n  if fail warn", "SEQ172"),
    "suggest twice": ("for each line l\n  forbidden\n  if fail warn\n  suggest add modifier 25 to l\n  suggest add modifier 59 to l", "SEQ172"),
    "an outcome that is not one": ("for each line l\n  forbidden\n  if fail refuse l", "SEQ215"),
    "about a name that is not bound": ("for each line l\n  forbidden\n  if fail deny k", "SEQ204"),
    "a period that ends before it begins": ("effective 2026-01-01 to 2025-01-01\n  for each line l\n  forbidden\n  if fail warn", "SEQ404"),
    # subjects
    "a modifier of no line": ("for each modifier m\n  forbidden\n  if fail warn", "SEQ311"),
    "a line of a line": ("for each line l, line m of l\n  forbidden\n  if fail warn", "SEQ311"),
    "a name bound twice": ("for each line l, other line l\n  forbidden\n  if fail warn", "SEQ208"),
    "a name that a set has": ("for each line visits in visits\n  forbidden\n  if fail warn", "SEQ208"),
    "the patient bound": ("for each line patient\n  forbidden\n  if fail warn", "SEQ208"),
    "a group beside others": ("for each group g of lines by code, line l\n  forbidden\n  if fail warn", "SEQ101"),
    "a group by what a line does not have": ("for each group g of lines by cod\n  forbidden\n  if fail warn", "SEQ209"),
    "other than nothing": ("for each other line l\n  forbidden\n  if fail warn", "SEQ313"),
    "other than another kind": ("for each line l, other diagnosis d\n  forbidden\n  if fail warn", "SEQ313"),
    "later without an order": ("for each admitting diagnosis d, later admitting diagnosis e\n  forbidden\n  if fail warn", "SEQ313"),
    "the same as nothing": ("for each line l with the same date\n  forbidden\n  if fail warn", "SEQ315"),
    "with the same before the end": ("for each line l with the same date, other line m\n  forbidden\n  if fail warn", "SEQ101"),
    "the same of two systems": ("for each line l, procedure p with the same code\n  forbidden\n  if fail warn", "SEQ315"),
    "a binder in a set of another system": ("for each diagnosis d in visits\n  forbidden\n  if fail warn", "SEQ304"),
    "a binder with where": ("for each line l where l.units is 1\n  forbidden\n  if fail warn", "SEQ156"),
    "for each of what only conditions ask": ("for each condition-code c\n  forbidden\n  if fail warn", "SEQ187"),
    "the first of something else": ("for the first line l\n  forbidden\n  if fail warn", "SEQ101"),
    # look-ups
    "a key too many": ("for each line l\n  look up r in limits by l.code, l.place\n  forbidden\n  if fail warn", "SEQ319"),
    "a key of another type": ("for each line l\n  look up r in limits by l.units\n  forbidden\n  if fail warn", "SEQ319"),
    "a key of another system": ("for each line l\n  look up r in limits by l.place\n  forbidden\n  if fail warn", "SEQ304"),
    "on what is no date": ("for each line l\n  look up r in limits by l.code on l.units\n  forbidden\n  if fail warn", "SEQ306"),
    "a column that is not there": ("for each line l\n  look up r in limits by l.code\n  require r.unit is 1\n  if fail warn", "SEQ209"),
    "a row before it is looked up": (
        "for each line l\n  look up r in limits by s.code\n  look up s in limits by l.code\n  forbidden\n  if fail warn", "SEQ212"),
    "a late row in when": (
        "for each line l\n  look up r in limits by k.code\n  when (some other line k where k.units is 1) and r.units is 1\n"
        "  forbidden\n  if fail warn", "SEQ212"),
    # phases and dates
    "a phase that is not one": ("phase bundling\n  for each line l\n  forbidden\n  if fail warn", "SEQ184"),
    "payable in the first phase": ("for each line l\n  require l is payable\n  if fail warn", "SEQ317"),
    "by line date without a line": ("effective 2026-01-01 onward by line date\n  for the claim\n  forbidden\n  if fail warn", "SEQ322"),
    "by line date with a service": ("effective 2026-01-01 onward by line date\n  for each service s\n  forbidden\n  if fail warn", "SEQ322"),
    # texts and suggestions
    "a hole with nothing": ('for each line l\n  forbidden\n  if fail warn\n  say "{}"', "SEQ189"),
    "a hole that is a condition": ('for each line l\n  forbidden\n  if fail warn\n  say "{l.units is 1}"', "SEQ189"),
    "a hole that is not closed": ('for each line l\n  forbidden\n  if fail warn\n  say "{l.code"', "SEQ189"),
    "a hole with a fact that is not there": ('for each line l\n  forbidden\n  if fail warn\n  say "{l.cod}"', "SEQ209"),
    "a hole with what require binds": ('for each line l\n  require some other line k where k.units is 1\n  if fail warn\n  say "{k.code}"', "SEQ211"),
    "a modifier added to a diagnosis": ("for each diagnosis d\n  forbidden\n  if fail warn\n  suggest add modifier 25 to d", "SEQ324"),
    "a line moved": ("for each line l, diagnosis d\n  forbidden\n  if fail warn\n  suggest move l before d", "SEQ324"),
    "a diagnosis replaced by another system": ("for each diagnosis d\n  forbidden\n  if fail warn\n  suggest replace d by 99213", "SEQ401"),
    "an adjustment without a group": ("for each line l\n  forbidden\n  if fail warn\n  adjustment XX 97", "SEQ328"),
    "a remark where the reason stands": ("for each line l\n  forbidden\n  if fail warn\n  adjustment CO M15", "SEQ328"),
    "a source that is not there": ('for each line l\n  forbidden\n  if fail warn\n  cite NOWHERE section "1"', "SEQ203"),
    "a change of the history": ("for each history line h\n  forbidden\n  if fail warn\n  suggest add modifier 25 to h", "SEQ324"),
}  # fmt: skip

CONDITIONS = {
    # and, or, not
    "and beside or": ("l.units is 1 and l.units is 2 or l.units is 3", "SEQ146"),
    "and beside or in a where": ("some other line k where (k.units is 1 or k.units is 2 and k.units is 3)", "SEQ146"),
    "not twice": ("not not l.units is 1", "SEQ149"),
    "arithmetic": ("l.units + 1 is 2", "SEQ138"),
    # kinds
    "a diagnosis in a set of HCPCS": ("some diagnosis d where d.code is in visits", "SEQ304"),
    "codes of two systems": ("l.code is l.place", "SEQ304"),
    "a code and a date": ("l.code is l.date", "SEQ301"),
    "a set after is": ("l.code is visits", "SEQ302"),
    "a code after in": ("l.code is in 99213", "SEQ169"),
    "a text in a list of codes": ("l.provider is in l.diagnoses", "SEQ306"),
    "a code in a list of another system": ("some document n where 99213 is in n.supports", "SEQ401"),
    "a constant in a set": ("99213 is in visits", "SEQ307"),
    "a code by size": ("l.code is at most 99213", "SEQ306"),
    "money and a number": ("l.charge is at most l.units", "SEQ305"),
    "money and an age": ("patient.age is at least l.charge", "SEQ305"),
    "a number before a date": ("l.units is before 2026-01-01", "SEQ306"),
    "a date and a number": ("l.date is 5", "SEQ302"),
    "one days": ("l.date is within 1 days of encounter.received", "SEQ137"),
    "two day": ("l.date is within 2 day of encounter.received", "SEQ137"),
    "less than no days": ("l.date is within -2 days of encounter.received", "SEQ136"),
    "a word that is not one of those": ("patient.sex is woman", "SEQ303"),
    "a fact that is not there": ("l.cod is 99213", "SEQ209"),
    "a thing that is not bound": ("k.code is 99213", "SEQ204"),
    "the modifiers of a diagnosis": ("some diagnosis d where d has modifier 25", "SEQ310"),
    "lines by place": ("some other line k where k comes before l", "SEQ310"),
    "modifiers of two lines by place": (
        "some modifier m of l where (some other line k where (some modifier n of k where m comes before n))", "SEQ310"),
    "characters of a number": ('(character 1 of l.units) is "1"', "SEQ306"),
    "characters before the first": ('(character 0 of l.code) is "1"', "SEQ321"),
    "a total of codes": ("(total k.code over lines k) is 1", "SEQ320"),
    "a table that is not there": ("limit lists (l.code)", "SEQ203"),
    "a table with other keys": ("limits lists (l.code, l.code)", "SEQ319"),
    # collections
    "a plural after a quantifier": ("some other lines k where k.units is 1", "SEQ157"),
    "a singular in a number": ("(number of line k) is 1", "SEQ158"),
    "every, and nothing asked": ("every line k in visits", "SEQ314"),
    "a document in a set": ("some document n in visits", "SEQ312"),
    "a name twice": ("some other line l where l.units is 1", "SEQ208"),
    # witnesses
    "a where without its parentheses": ("some other line k where k.units is 1 and k.date is l.date", "SEQ210"),
    # named conditions
    "a condition that is not there": ("some other line k where same-dy(l, k)", "SEQ203"),
    "a condition with one name too few": ("same-day(l)", "SEQ318"),
    "a condition about another kind": ("some diagnosis d where same-day(l, d)", "SEQ318"),
    "a set as a condition": ("visits", "SEQ205"),
}  # fmt: skip

WITNESSES = {
    "used in its own condition": ("when (some other line k where k.units is 1) and k.date is l.date\n  forbidden", "SEQ210"),
    "bound under or": ("when (some other line k where k.units is 1) or l.units is 2\n  require k.units is 2", "SEQ211"),
    "bound under not": ("when not (some other line k where k.units is 1)\n  require k.units is 2", "SEQ211"),
    "bound by every": ("when every other line k where k.units is 1\n  require k.units is 2", "SEQ211"),
    "bound by at least": ("when at least 1 other line k where k.units is 1\n  require k.units is 2", "SEQ211"),
    "bound inside another": (
        "when some other line k where (some other line m where m.units is 1)\n  require m.units is 2", "SEQ211"),
    "bound in require": ("require some other line k where k.units is 1\n  require k.units is 2", "SEQ211"),
    "bound twice": ("when (some other line k where k.units is 1) and (some other line k where k.units is 2)\n  forbidden", "SEQ208"),
}  # fmt: skip

CHANGES = {
    "no reason": ("disable A", "SEQ508"),
    "nothing relaxed": ('relax A\n  reason "x"', "SEQ511"),
    "nothing tightened": ('tighten A\n  only when l.units is 1\n  reason "x"', "SEQ511"),
    "a clause of another change": ('relax A\n  require also l.units is 1\n  reason "x"', "SEQ178"),
    "more asked of what is forbidden": ('tighten BARE\n  require also l.units is 1\n  reason "x"', "SEQ515"),
    "a name that not every version has": ('relax R\n  unless also l.units is 3\n  reason "x"', "SEQ204"),
    "a date of its own": ('relax A\n  effective 2026-01-01 onward by received date\n  unless also l.units is 3\n  reason "x"', "SEQ512"),
    "a date of its own in override": ('override A\n  effective 2026-01-01 onward by received date\n  require l.units is 3\n  reason "x"', "SEQ512"),
    "a rule that is not there": ('disable A-1\n  reason "x"', "SEQ506"),
    "two changes on one date": (
        'relax A\n  effective 2026-01-01 to 2026-06-30\n  unless also l.units is 3\n  reason "x"\n'
        'tighten A\n  effective 2026-06-30 onward\n  require also l.units is 3\n  reason "y"', "SEQ513"),
    "a clause taken from under another": ('override A\n  for each line m\n  reason "x"', "SEQ204"),
    "another phase in a period": ('override A\n  effective 2026-01-01 onward\n  phase pairs\n  reason "x"', "SEQ540"),
    "payable in what became the first phase": ('override PAYS\n  phase validity\n  reason "x"', "SEQ317"),
}  # fmt: skip

FILES = {
    "matches twice": ({"p.rules": 'payer p "P"\n  matches "X"\n  matches "Y"\n'}, "SEQ172"),
    "a phase twice in the header": ({"p.rules": 'ruleset p "P"\n  phase units\n  phase pairs\n'}, "SEQ172"),
    "a change in a ruleset": ({"a.rules": BASE + 'disable A\n  reason "x"\n'}, "SEQ505"),
    "a change of what is disabled": (
        {"base.rules": BASE, "p.rules": 'payer p "P"\nuse base\ndisable A\n  effective 2026-01-01 to 2026-06-30\n  reason "x"\n',
         "q.rules": 'payer q "Q" over p\nrelax A\n  effective 2026-06-30 onward\n  unless also l.units is 3\n  reason "x"\n'}, "SEQ514"),
    "over a ruleset": ({"base.rules": BASE, "p.rules": 'payer p "P" over base\n'}, "SEQ503"),
    "over one that is not there": ({"p.rules": 'payer p "P" over q\n'}, "SEQ502"),
    "over each other": ({"p.rules": 'payer p "P" over q\n', "q.rules": 'payer q "Q" over p\n'}, "SEQ504"),
    "a payer that is used": ({"p.rules": 'payer p "P"\n', "q.rules": 'payer q "Q"\nuse p\n'}, "SEQ202"),
    "a ruleset that matches": ({"p.rules": 'ruleset p "P"\n  matches "X"\n'}, "SEQ509"),
    "a ruleset that is not found": ({"p.rules": 'ruleset p "P"\nuse nowhere\n'}, "SEQ201"),
    "two versions on one date": (
        {"a.rules": BASE + 'rule R "r"\n  effective 2026-06-01 onward\n  for each line n\n  forbidden\n  if fail warn n\n'}, "SEQ500"),
    "versions of two phases": (
        {"a.rules": BASE + 'rule R "r"\n  effective 2024-01-01 to 2024-12-31\n  phase units\n  for each line n\n  forbidden\n  if fail warn n\n'}, "SEQ540"),
    "versions of two kinds of subject": (
        {"a.rules": BASE + 'rule R "r"\n  effective 2024-01-01 to 2024-12-31\n  for each line n, line o\n  forbidden\n  if fail warn n\n'}, "SEQ540"),
    "versions of two settings": (
        {"a.rules": BASE + 'rule R "r"\n  effective 2024-01-01 to 2024-12-31\n  settings inpatient\n  for each line n\n  forbidden\n  if fail warn n\n'}, "SEQ540"),
    "versions of two kinds of date": (
        {"a.rules": BASE + 'rule R "r"\n  effective 2024-01-01 to 2024-12-31 by received date\n  for each line n\n  forbidden\n  if fail warn n\n'}, "SEQ540"),
}  # fmt: skip

SOUND = {
    "parts of one group in any order": (
        "phase pairs\n  when l.code is 99213\n  for each line l\n  settings professional\n  effective 2026-01-01 onward\n"
        "  bypass when l.units is 3\n  require l.units is 1\n  say \"x\"\n  if unknown note\n  if fail warn"),
    "several look-ups, exceptions and requirements": (
        "for each line l\n  look up r in limits by l.code\n  look up s in limits by r.code\n  unless l.units is 2\n"
        "  unless l.units is 3\n  require l.units is 1\n  require s.units is 1\n  if fail warn"),
    "two names alike in two quantifiers": (
        "for each line l\n  require (some other line k where k.units is 1) or (some other line k where k.units is 2)\n  if fail warn"),
    "a witness in parentheses of the top and": (
        "for each line l\n  when l.charge is 1 and ((some other line k where k.units is 1) and l.units is 2)\n"
        "  require k.units is 2\n  if fail warn"),
    "by line date with a group": ("effective 2026-01-01 onward by line date\n  for each group g of lines by code\n  forbidden\n  if fail warn g"),
    "a word of the language after a dot": ("for each line l\n  require l.date is on or before l.end-date\n  if fail warn"),
    "a constant in a list of the claim": ("for each document n\n  require E11.9 is in n.supports\n  if fail warn"),
}  # fmt: skip


def said(texts):
    """The codes of the errors of some rule files."""
    found = compile_found(texts_of(texts))
    assert found.is_sound or found.diagnostics
    return [one.code for one in found.diagnostics if one.is_error]


def of_rule(body):
    return {"a.rules": f'{HEADER}{SHARED}rule A "a"\n  {body}\n'}


@pytest.mark.parametrize(("text", "code"), DECLARATIONS.values(), ids=DECLARATIONS)
def test_a_declaration(text, code):
    rule = 'rule A "a"\n  for each line l\n  forbidden\n  if fail warn l\n'
    assert said({"a.rules": f"{HEADER}{SHARED}{rule}{text}\n"}) == [code]


@pytest.mark.parametrize(("body", "code"), RULES.values(), ids=RULES)
def test_a_rule(body, code):
    assert said(of_rule(body)) == [code]


@pytest.mark.parametrize(("condition", "code"), CONDITIONS.values(), ids=CONDITIONS)
def test_a_condition(condition, code):
    assert said(of_rule(f"for each line l\n  require {condition}\n  if fail warn")) == [code]


@pytest.mark.parametrize(("clauses", "code"), WITNESSES.values(), ids=WITNESSES)
def test_a_witness(clauses, code):
    assert said(of_rule(f"for each line l\n  {clauses}\n  if fail warn")) == [code]


@pytest.mark.parametrize(("change", "code"), CHANGES.values(), ids=CHANGES)
def test_a_change(change, code):
    assert said({"base.rules": BASE, "p.rules": f'payer p "P"\nuse base\n{change}\n'}) == [code]


@pytest.mark.parametrize(("texts", "code"), FILES.values(), ids=FILES)
def test_files(texts, code):
    assert code in said(texts)


@pytest.mark.parametrize("body", SOUND.values(), ids=SOUND)
def test_what_is_no_error(body):
    assert said(of_rule(body)) == []
