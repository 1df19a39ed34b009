"""What the language says of texts, of the ledger and of payers, that a case cannot ask."""

from pathlib import Path

import pytest

from sequela.engine.pipeline.opening import load, open_texts

FOLDER = Path(__file__).parent
DAY = "2026-03-02"
TEXT = """
ruleset said "Said"

codes visits of HCPCS
  99202 .. 99215

table prices "Prices"
  key       code of HCPCS
  value     price as money, most as number, since as date, paid as yes-no, places as codes of POS, causes as codes of ICD10CM,
            note as text
  in force  first-day to last-day
  rows
    99213 | 12.5 | 2.50 | 2026-01-01 | yes | 11, 12 | under E11, E08 .. E13 except E11.9 | "a note" | 2026-01-01 | 2026-12-31
  complete

rule TEXTS "The title, with {no hole}"
  for each  line item in visits
  look up   price in prices by item.code
  when      some other line next where next.units is 3
  forbidden
  if fail   deny item
  say       "HOLE"

rule TITLE "The title, with {no hole}"
  for each  diagnosis dx
  require   dx.poa is Y
  if fail   query dx

rule EITHER-WAY "Right either way"
  for each  line item
  when      item.emergency is yes
  require   item.units is 1
  bypass    when item.place is 11
  if fail   deny item

rule NO-OUTCOME "What if unknown is when nothing is said"
  for each  line item
  require   item.authorization is "A"
  if fail   deny item
"""


def claim(**facts):
    return {
        "schema": "sequela.encounter/1",
        "id": "C-1",
        "setting": "professional",
        "received": "2026-06-01",
        "place": "11",
        "total_charge": "1000",
        "patient": {"birth_date": "1950-06-01", "sex": "female"},
        "diagnoses": [{"code": "E11621"}],
        "lines": [
            {"code": "99213", "units": 2.5, "date": DAY, "charge": "120", "provider": "1234567893", "emergency": True},
            {"code": "g0104", "units": 3, "date": DAY, "charge": "0.5"},
        ],
        **facts,
    }


def entries(text=TEXT, **facts):
    """The entries of a claim by rule."""
    found = {}
    for entry in open_texts({"said.rules": text}).check(claim(**facts)).all_entries:
        found.setdefault(entry.rule, []).append(entry)
    return found


def printed(hole, **facts):
    return entries(TEXT.replace("HOLE", hole), **facts)["TEXTS"][0].message


HOLES = [
    ("{item.code} {item.units} {item.charge} {item.date}", "99213 2.5 120.00 2026-03-02"),
    ("{item.emergency} {patient.sex} {patient.age} {item.provider}", "yes female 75 1234567893"),
    ("{price.price} {price.most} {price.since} {price.paid} {price.note}", "12.50 2.5 2026-01-01 yes a note"),
    ("{price.places} / {price.causes}", "11, 12 / under E11, E08 .. E13 except E11.9"),
    ("{price.first-day}", "2026-01-01"),
    ("{next.code} {next.units} {next.place}", "G0104 3 11"),
    ("{governing date}", "2026-03-02"),
    ("{{item.code}}", "{item.code}"),
    ("{total x.charge over lines x} {total x.units over lines x}", "120.50 5.5"),
    ("{number of lines x where x.units is 3}", "1"),
    ("{number of lines x where (x.units is 3 or x.units is 2.5)}", "2"),
    ("{days from item.date to encounter.received}", "91"),
    ("{full months between item.date and encounter.received}", "2"),
    ("{character 2 of item.code}", "9"),
    ("{encounter.total-charge}", "1000.00"),
    ("{encounter.drg} {encounter.plan}", "not known not known"),
    ("{item.revenue}", "none"),
]


@pytest.mark.parametrize(("hole", "text"), HOLES)
def test_what_stands_in_a_text(hole, text):
    assert printed(hole) == text


def test_a_code_has_its_dot_in_a_text():
    text = TEXT.replace("if fail   query dx", 'if fail   query dx\n  say "{dx.code}, {dx.role}, {dx.poa}"')
    (entry,) = entries(text, diagnoses=[{"code": "e11621", "poa": "N"}])["TITLE"]
    assert entry.message == "E11.621, principal, N"


def test_without_say_the_title_is_said_as_it_stands():
    text = TEXT.replace("is Y", "is N").replace('say       "HOLE"', "")
    assert entries(text)["TEXTS"][0].message == "The title, with {no hole}"


def test_unknown_warns_where_nothing_else_is_said():
    (first, second) = entries()["NO-OUTCOME"]
    assert (first.status, first.verdict.outcome.value) == ("unknown", "warn")
    assert second.missing == (("/lines/1/authorization",),)


def test_a_pass_that_is_right_either_way_says_so():
    lines = [{"code": "99213", "units": 2, "date": DAY}]
    (entry,) = entries(lines=lines)["EITHER-WAY"]
    assert entry.status == "pass"
    assert "right either way" in entry.reason


def test_a_look_up_without_a_row_is_named():
    lines = [{"code": "99214", "units": 1, "date": DAY}, {"code": "99215", "units": 3, "date": DAY}]
    (entry,) = entries(lines=lines)["TEXTS"]
    assert entry.status == "not applicable"
    assert "prices has no row for 99214" in entry.reason


def test_a_table_that_does_not_cover_the_day_is_named_and_other_facts_too():
    lines = [{"code": "99213", "date": "2027-01-01"}, {"code": "G0104", "date": "2027-01-01"}]
    (entry,) = entries(lines=lines)["TEXTS"]
    assert entry.status == "not checked"
    assert "prices" in entry.reason
    assert entry.missing == (("/lines/1/units",),)


def test_what_does_not_apply_stands_once_for_a_rule_and_reason():
    book = open_texts({"said.rules": TEXT})
    lines = [{"code": code, "date": DAY, "units": 3} for code in ("99214", "99215", "99202", "G0104")]
    ledger = book.check(claim(lines=lines))
    found = [one for one in ledger.to_json(all=True)["entries"] if one["rule"] == "TEXTS"]
    assert [(one["status"], one["subjects"]) for one in found] == [("not applicable", 3)]
    assert ledger.to_json(all=True)["counts"]["not applicable"] >= 1


def test_clean_means_that_all_was_checked_and_nothing_failed():
    book = open_texts({"said.rules": TEXT})
    diagnoses = [{"code": "I10", "poa": "Y"}]
    line = {"code": "99213", "units": 1, "date": DAY, "authorization": "A", "emergency": False}
    assert book.check(claim(lines=[line], diagnoses=diagnoses)).clean
    assert not book.check(claim(lines=[{**line, "authorization": "B"}], diagnoses=diagnoses)).clean
    assert not book.check(claim(lines=[{**line, "authorization": None}], diagnoses=diagnoses)).clean
    assert not book.check(claim(lines=[line, {**line, "date": "2027-01-01", "units": 3}], diagnoses=diagnoses)).clean


SUGGESTIONS = """
ruleset suggested "Suggested"

rule MOVE "Clerical"
  for each  diagnosis dx, other diagnosis cause
  when      dx.code is F02.80 and cause.code is G30.9
  require   cause comes before dx
  if fail   reject dx
  suggest   move cause before dx

rule MOVE-IF "With only if it needs documentation"
  for each  diagnosis dx, other diagnosis cause
  when      dx.code is F02.80 and cause.code is G30.9
  require   cause comes before dx
  if fail   reject dx
  suggest   move cause before dx
            only if "the record says so"

rule ADD "Everything else needs coding review"
  for each  line item
  require   item has modifier 25
  if fail   deny item
  suggest   add modifier 25 to item

rule POINT "Those are offered for which the change settles the rule"
  for each  line item
  require   some diagnosis dx of item where dx.code is E11.9
  if fail   deny item
  suggest   point item to dx
            only if "the record shows it"
"""


def test_the_class_of_a_suggestion_and_what_it_settles():
    book = open_texts({"suggested.rules": SUGGESTIONS})
    diagnoses = [{"code": "F02.80"}, {"code": "E11.9"}, {"code": "G30.9"}]
    ledger = book.check(claim(diagnoses=diagnoses, lines=[{"code": "99213", "date": DAY, "diagnoses": [1]}]))
    found = {
        entry.rule: [
            (one.change, one.subject.pointer, one.target and one.target.pointer, one.kind)
            for one in ledger.explain(entry).changes
        ]
        for entry in ledger.failures
    }
    assert found == {
        "MOVE": [("move", "/diagnoses/2", "/diagnoses/0", "clerical")],
        "MOVE-IF": [("move", "/diagnoses/2", "/diagnoses/0", "needs documentation")],
        "ADD": [("add modifier", "/lines/0", None, "needs coding review")],
        "POINT": [("point", "/lines/0", "/diagnoses/1", "needs documentation")],
    }


@pytest.fixture(scope="module")
def payers():
    return load(*(FOLDER / f"{name}.rules" for name in ("base", "middle", "upper")), use_cache=False)


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("UP-1", "upper"),
        ("up-1", "upper"),
        ("UP TWO", "upper"),
        ("Upper", "upper"),
        ("MIDDLE", "middle"),
        ("another", None),
        (None, None),
    ],
)
def test_the_payer_whose_rules_run(payers, name, rules):
    assert payers.check(claim(payer=name)).payer_rules == rules


def changed(base_rule, *changes, units):
    """What a rule says after changes by payers over each other: its outcome and text, or None where it does not fail."""
    texts = {
        "base.rules": f'ruleset base "Base"\nrule A "a"\n  for each line l\n  {base_rule}\n  if fail warn l\n  say "base"\n'
    }
    over = ""
    for number, change in enumerate(changes):
        texts[f"p{number}.rules"] = f'payer p{number} "P" {over}\nuse base\n{change}\n  reason "x"\n'
        over = f"over p{number}"
    book = open_texts(texts)
    ledger = book.check(claim(lines=[{"code": "99213", "units": units, "date": DAY}]), payer=f"p{len(changes) - 1}")
    (entry,) = [one for one in ledger.all_entries if one.rule == "A"]
    return (entry.verdict.outcome.value, entry.message) if entry.status == "fail" else None


TIGHTEN = 'tighten A\n  require also l.units is not 2\n  if fail deny l\n  say "added"'


@pytest.mark.parametrize(
    ("change", "units", "says"),
    [
        (None, 2, ("deny", "added")),
        ("override A\n  if fail note l", 2, ("note", "added")),
        ('override A\n  say "upper"', 2, ("deny", "upper")),
        ("override A\n  require l.units is not 3", 2, None),
        ("override A\n  forbidden when l.units is 3", 2, ("deny", "added")),
        ("override A\n  forbidden when l.units is 3", 3, ("warn", "base")),
        ("override A\n  require l.units is not 3", 1, ("warn", "base")),
        ("override A\n  forbidden", 7, ("warn", "base")),
    ],
)
def test_an_override_replaces_every_clause_of_its_word_additions_too(change, units, says):
    changes = [TIGHTEN] if change is None else [TIGHTEN, change]
    assert changed("forbidden when l.units is 1", *changes, units=units) == says


LISTS = """
ruleset open-lists "Lists"

rule NONE-BEFORE "Whether the history holds one"
  for       the claim
  forbidden when some history line past where past.code is 99213
  if fail   warn

rule NO-PAPER "Whether there is a document"
  for       the claim
  require   no document note
  if fail   warn

rule COUNTED "Codes of the claim are complete lists"
  for       the claim
  require   (number of condition-codes code) is 0
  require   no occurrence code where code.date is on or before 2026-01-01
  require   every value-code code where code.amount is at most 100
  if fail   warn
"""


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({}, "unknown"),
        ({"history": None}, "unknown"),
        ({"history": {}}, "unknown"),
        ({"history": {"lines": []}}, "pass"),
        ({"history": {"complete": False, "lines": []}}, "unknown"),
        ({"history": {"complete": True}}, "pass"),
        ({"history": {"lines": [{"code": "99214"}]}}, "unknown"),
        ({"history": {"complete": True, "lines": [{"code": "99214"}]}}, "pass"),
        ({"history": {"complete": True, "lines": [{"units": 1}]}}, "unknown"),
        ({"history": {"lines": [{"code": "99213"}]}}, "fail"),
    ],
)
def test_a_history_is_open_unless_it_is_complete_or_sent_empty(facts, status):
    assert [one.status for one in entries(LISTS, **facts)["NONE-BEFORE"]] == [status]


@pytest.mark.parametrize(
    ("documents", "status"),
    [
        (None, "unknown"),
        ({"items": []}, "pass"),
        ({"complete": False, "items": []}, "unknown"),
        ({"items": [{"kind": "note"}]}, "fail"),
    ],
)
def test_documents_are_open_in_the_same_way(documents, status):
    assert [one.status for one in entries(LISTS, documents=documents)["NO-PAPER"]] == [status]


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({}, "pass"),
        ({"condition_codes": ["44"]}, "fail"),
        ({"occurrence_codes": [{"code": "11", "date": "2026-01-01"}]}, "fail"),
        ({"occurrence_codes": [{"code": "11"}]}, "unknown"),
        ({"value_codes": [{"code": "80", "amount": "100.00"}]}, "pass"),
        ({"value_codes": [{"code": "80", "amount": "100.01"}]}, "fail"),
        ({"value_codes": [{"code": "80"}]}, "unknown"),
    ],
)
def test_the_codes_of_a_claim_are_complete_lists(facts, status):
    assert [one.status for one in entries(LISTS, **facts)["COUNTED"]] == [status]
