"""Facts, constants and the kinds of what is compared."""

from datetime import date
from decimal import Decimal

import pytest

from sequela.engine.diagnostics.model import Diagnostic
from sequela.engine.encounter.fields import Field
from sequela.engine.model import nodes
from sequela.engine.model.values import resolve_fact_path
from sequela.engine.source import NOWHERE
from sequela.engine.syntax.conditions import Path
from sequela.engine.vocabulary.kinds import CodeOf, Kind, Scalar
from sequela.engine.vocabulary.systems import System

FAULTS = [
    # names and facts
    ("v.cod is 99213", "SEQ209", "A line has no fact `cod`.", "Did you mean `code`"),
    ("w.code is 99213", "SEQ204", "Nothing is called `w` here.", "Bound here"),
    (
        "visits.code is 99213",
        "SEQ204",
        "`visits` is a set of codes; the name of something bound is asked for here.",
        "Bind something",
    ),
    ("encounter.patient.age is 3", "SEQ209", "The claim has no fact `patient.age`.", "`patient.age`"),
    ("encounter.age is 3", "SEQ209", "The claim has no fact `age`.", "`patient.age`"),
    ("encounter.provider is known", "SEQ209", "The claim has no fact `provider`.", "`provider.npi`"),
    ("v.received is known", "SEQ209", "A line has no fact `received`.", "`encounter.received`"),
    ("v.bogus is known and v.bogus is 1", "SEQ209", "A line has no fact `bogus`.", "sequela fields"),
    ("v is 99213", "SEQ308", "`v` is a line, and one of its facts is asked for.", "`v.code`"),
    ("bogus is 5", "SEQ204", "Nothing is called `bogus` here.", None),
    # constants take the kind of what they are compared with
    ("v.code is 9921", "SEQ401", "`9921` is not a code of HCPCS.", "looks like 99213"),
    ("v.place is 1", "SEQ401", "`1` is not a code of POS.", "Leading zeros"),
    ('v.code is "99213"', "SEQ302", '`"99213"` stands where a HCPCS code is asked for.', "without quotes: `99213`"),
    ("v.code is g0104", "SEQ302", "`g0104` stands where a HCPCS code is asked for.", "in capitals: `G0104`"),
    ("v.provider is 1234567893", "SEQ302", "`1234567893` stands where a text is asked for.", '`"1234567893"`'),
    ('v.date is "2026-03-02"', "SEQ302", '`"2026-03-02"` stands where a date is asked for.', "without quotes"),
    ("v.date is before 11", "SEQ302", "`11` stands where a date is asked for.", "2026-03-02"),
    ("v.emergency is maybe", "SEQ302", "`maybe` stands where yes or no is asked for.", "`yes` or `no`"),
    ("v.charge is 5.555", "SEQ302", "`5.555` stands where an amount of money is asked for.", "two places"),
    ('v.units is "3"', "SEQ302", '`"3"` stands where a number is asked for.', "without quotes: `3`"),
    ("patient.sex is femail", "SEQ303", "`femail` is not one of female, male, undetermined.", "Did you mean `female`"),
    ("patient.sex is FEMALE", "SEQ303", "`FEMALE` is not one of female, male, undetermined.", "`female`"),
    ('patient.sex is "female"', "SEQ303", '`"female"` is not one of', "without quotes: `female`"),
    ("99213 is 99213", "SEQ307", "`99213` and `99213` are constants", "fact"),
    ("99213 is in visits", "SEQ307", "`99213` is a constant", "visit.code"),
    # kinds do not mix
    ("v.charge is at most v.units", "SEQ305", "Money and numbers do not mix", None),
    ("v.code is v.date", "SEQ301", "`v.code` is a HCPCS code, and `v.date` is a date", None),
    ("v.code is encounter.drg", "SEQ304", "Codes of different systems are never equal", None),
    ("v.code is at most 5", "SEQ306", "`at most` compares numbers and amounts", None),
    ("v.units is before 2026-01-01", "SEQ306", "`before` compares dates", None),
    ("v.units is within 3 days of v.date", "SEQ306", "`within` compares dates", None),
    ("v.units is in visits", "SEQ306", "`is in` asks about a code", None),
    ("v.code is in v.place", "SEQ306", "after `in` stands a set or a list of codes", "`is v.place`"),
    ("v.code is in v", "SEQ308", "`v` is a line, not a set of codes.", None),
    ("v.code is in diabetes", "SEQ304", "`diabetes` holds ICD10CM codes, and `v.code` is a HCPCS code.", None),
    # computed values
    ("(total w.code over lines w) is 5", "SEQ320", "only numbers and amounts add up", "number of"),
    ("(total v.units over lines w) is 5", "SEQ320", "A total adds up a fact of `w`", "`w.units`"),
    ("(days from v.code to v.date) is 5", "SEQ306", "`v.code` is a HCPCS code; a date is asked for here.", None),
    ('(character 0 of v.code) is "A"', "SEQ321", "There are no characters 0 to 0.", "count from 1"),
    ('(characters 3 to 1 of v.code) is "A"', "SEQ321", "There are no characters 3 to 1.", None),
    ('(character 1 of v.units) is "1"', "SEQ306", "only codes and texts have characters", None),
    ("(character 7 of v.code) is A", "SEQ302", "`A` stands where a text is asked for.", '`"A"`'),
]


@pytest.mark.parametrize(("condition", "code", "message", "hint"), FAULTS)
def test_a_fault_is_said_once_in_plain_words(check_rule, condition, code, message, hint):
    found = check_rule(f"require {condition}").only()
    assert found.code == code
    assert message in found.message
    assert hint is None or hint in (found.hint or "")
    assert found.consequence == "Rule A was not loaded; no claim was checked against it."


LITERALS = [
    ("v.place is 11", "11", CodeOf(System.POS)),
    ("v.units is 11", 11, Scalar.NUMBER),
    ("v.units is 1.50", Decimal("1.50"), Scalar.NUMBER),
    ("v.charge is 11", Decimal(11), Scalar.MONEY),
    ("v.date is 2026-03-02", date(2026, 3, 2), Scalar.DATE),
    ("v.emergency is no", False, Scalar.YES_NO),
    ('v.provider is "1234567893"', "1234567893", Scalar.TEXT),
    ("(days from v.date to encounter.received) is -3", -3, Scalar.NUMBER),
]


@pytest.mark.parametrize(("condition", "value", "kind"), LITERALS)
def test_a_constant_takes_the_kind_of_what_it_is_compared_with(check_rule, condition, value, kind):
    found = check_rule(f"require {condition}").version().requirements[0].condition
    assert isinstance(found, nodes.Is)
    assert found.right == nodes.Literal(span=NOWHERE, value=value, type=kind)
    assert type(found.right.value) is type(value)


def test_a_diagnosis_is_compared_in_normal_form(check_rule):
    found = check_rule("require d.code is E11.9", subjects="for each diagnosis d").version().requirements[0].condition
    assert found.right.value == "E119"


def test_a_constant_may_stand_on_the_left(check_rule):
    found = check_rule("require 5 is at least v.units").version().requirements[0].condition
    assert (found.left.value, found.right.fact.name) == (5, "units")


SOUND = [
    "require v.code is in level-one",  # CPT is level I of HCPCS
    "require v.date is within 3 years before v.end-date",
    "require (number of lines w where w.code is in visits) is at most 2",
    "require (full months between v.date and encounter.received) is at most 11",
    'require (character 7 of v.code) is "A" or (characters 1 to 3 of v.code) is "992"',
    "require patient.age is at least 18 and patient.age-in-days is at most 40000",
    "require some diagnosis d where (d.poa is Y and d.poa is not 1)",
    "require encounter.provider.npi is v.provider and encounter.setting is inpatient",
    'require encounter.tags.contract is "A"',
]


@pytest.mark.parametrize("body", SOUND)
def test_sound_conditions_say_nothing(check_rule, body):
    assert check_rule(body).codes == []


def test_a_cpt_column_is_no_hcpcs_code(check_rule):
    found = check_rule("look up row in lim by v.code require row.sub is in visits").only()
    assert (found.code, found.message) == ("SEQ304", "`visits` holds HCPCS codes, and `row.sub` is a CPT code.")


def test_lists_are_asked_with_is_in(check_rule):
    assert check_rule("look up row in lim by v.code require row.causes is row.causes").only().code == "SEQ306"
    assert check_rule("look up row in lim by v.code require row.causes is known").codes == []


def test_a_fact_path_is_found_or_explained():
    found = resolve_fact_path(Kind.CLAIM, Path(parts=("provider", "npi"), span=NOWHERE))
    assert isinstance(found, Field)
    assert found.name == "provider.npi"
    fault = resolve_fact_path(Kind.LINE, Path(parts=("chrge",), span=NOWHERE))
    assert isinstance(fault, Diagnostic)
    assert (fault.code, fault.hint) == ("SEQ209", "Did you mean `charge`?")


def test_every_node_has_its_place(check_rule):
    version = check_rule("require v.code is 99213 and (v.units is 1 or not (v.date is v.end-date))").version()
    condition = version.requirements[0].condition
    assert condition.span.text == "v.code is 99213 and (v.units is 1 or not (v.date is v.end-date))"
    assert [part.span.text for part in condition.parts[1].parts] == ["v.units is 1", "not (v.date is v.end-date)"]
