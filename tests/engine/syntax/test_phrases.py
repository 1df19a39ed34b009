import pytest

from sequela.engine.syntax.parse import parse_condition
from sequela.engine.syntax.phrases import words

PHRASES = """
visit.code is 99213
visit.code is not 99213
visit.emergency is yes
visit.infused is no
patient.sex is female
edit.indicator is "9"
visit.date is 2026-03-02
visit.code is in visits
visit.code is not in note.causes
visit.place is known
visit.place is missing
visit.units is at most 3
visit.units is at least limit.units
visit.charge is more than 500.00
patient.age is less than 18
limit.low is at most -3
visit.date is before work.date
visit.date is after 2026-01-01
visit.date is on or before encounter.discharged
visit.date is on or after encounter.admitted
visit.date is within 1 day of work.date
visit.date is within 30 days before work.date
visit.date is within 1 month after work.date
visit.date is within 3 years before work.date
visit has modifier 25
visit has modifier mark.code
visit has modifier in sides
visit is payable
dx comes before prior
dx comes after prior
glucose-coverage lists (assay.code, dx.code)
same-session(visit, work)
same-session
some line x
every other diagnosis prior where prior.code is in obstetric
no history line seen where (seen.date is known and seen.provider is visit.provider)
at least 2 later line x of day in visits where not x is payable
at most 3 condition-code c
some admitting diagnosis dx where dx.code is in visits
some reason-for-visit diagnosis dx
(total item.units over lines item of day) is at most limit.units
(total x.units over history lines x where x.units is 1 and x.place is 11) is 3
(number of other lines x in visits) is at least 2
(number of reason-for-visit diagnoses x) is 0
(days from encounter.admitted to encounter.discharged) is at least 4
(months from patient.birth-date to 2026-03-02) is less than 3
(years from patient.birth-date to visit.date) is 3
(full months between a.date and b.date) is at least 11
(character 7 of dx.code) is "A"
(characters 1 to 3 of dx.code) is E11
not visit is payable
not (visit is payable or visit.units is 1)
total has modifier 25
(number is payable)
visit.units is 1 and visit.place is 11 and visit is payable
visit.units is 1 or (visit.place is 11 and visit is payable)
(((visit.units is 1)))
"""


@pytest.mark.parametrize("phrase", PHRASES.split("\n")[1:-1])
def test_every_phrase_is_printed_as_it_is_written(phrase):
    condition = parse_condition(phrase)
    assert condition is not None, phrase
    assert words(condition) == phrase


@pytest.mark.parametrize(
    "phrase",
    [
        "a and b or c", "not not a", "a is", "is 3", "visit is visit.code is 3", "some lines x", "at least line x", "a b", "(a", "a)", "()",
        "visit.code is in 99213", "visit.date is within 3 day of a.date", "visit.date is within 1 days of a.date", "some line x where",
        "(number of line x) is 3", "visit has 25", "a comes b", "t lists ()", "c()", "visit.code is in", "every x", "visit.units + 1 is 2",
    ],
)  # fmt: skip
def test_what_is_no_condition(phrase):
    assert parse_condition(phrase) is None
