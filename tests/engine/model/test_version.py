"""Rules as they run: subjects, look-ups, witnesses, consequences, suggestions."""

import pytest

from sequela.engine.model import rules as r
from sequela.engine.model.nodes import Fact, GoverningDate
from sequela.engine.vocabulary.kinds import Kind

SUBJECT_FAULTS = [
    ("for each modifier m", "require m.code is 25", "SEQ311", "The modifier `m` is of no line."),
    ("for each line v of w", "require v.units is 1", "SEQ204", "Nothing is called `w` here."),
    ("for each line v, procedure p of v", "require v.units is 1", "SEQ311", "A procedure is not `of` a line."),
    ("for each other line v", "require v.units is 1", "SEQ313", "nothing to be other than"),
    ("for each later admitting diagnosis d", "require d.code is known", "SEQ313", "have no order"),
    ("for each line v, line v", "require v.units is 1", "SEQ208", "`v` repeats a name"),
    ("for each line visits", "require visits.units is 1", "SEQ208", "`visits` repeats a name"),
    ("for each line encounter", "require encounter.drg is 470", "SEQ208", "always means the claim"),
    ("for each line v in diabetes", "require v.units is 1", "SEQ304", "`diabetes` holds ICD10CM codes"),
    ("for each document n in visits", "require n.date is known", "SEQ312", "A document has no code"),
    ("for each line v with the same date", "require v.units is 1", "SEQ315", "only one thing is"),
    (
        "for each line v, diagnosis d with the same date",
        "require v.units is 1",
        "SEQ209",
        "A diagnosis has no fact `date`",
    ),
    ("for each line v, other line w with the same dat", "require v.units is 1", "SEQ209", "A line has no fact `dat`"),
    ("for each group g of lines by cod", "require encounter.drg is 470", "SEQ209", "`cod`"),
    ("for each group g of lines by code, code", "require g.code is known", "SEQ316", "grouped by `code` twice"),
    ("for each group g of lines by code", "require g.units is 1", "SEQ209", "The group `g` has no fact `units`."),
    ("for each group g of lines by code", "require g has modifier 25", "SEQ310", "`g` is a group"),
    (
        "effective 2026-01-01 onward by line date for each diagnosis d",
        "require d.code is known",
        "SEQ322",
        "bound line",
    ),
    ("effective 2026-01-01 to 2025-01-01 for the claim", "require encounter.drg is 470", "SEQ404", "before it begins"),
]


@pytest.mark.parametrize(("subjects", "body", "code", "message"), SUBJECT_FAULTS)
def test_a_fault_of_subjects_is_said_once(check_rule, subjects, body, code, message):
    found = check_rule(body, subjects=subjects).only()
    assert found.code == code
    assert message in found.message


LOOK_UP_FAULTS = [
    ("look up row in bogus by v.code require row.units is 1", "SEQ203", "No table is called `bogus`."),
    ("look up row in lim by v.date require row.units is 1", "SEQ319", "`v.date` is a date"),
    ("look up row in lim by v.code, v.date require row.units is 1", "SEQ319", "is asked with 2"),
    ("look up row in lim by E11 require row.units is 1", "SEQ401", "`E11` is not a code of HCPCS."),
    ("look up row in lim by v.code on v.units require row.units is 1", "SEQ306", "a date is asked for"),
    ("look up row in lim by v.code require row.unit is 1", "SEQ209", "Table `lim` has no column `unit`."),
    ("look up row in lim by v.code require row.units is row.cost", "SEQ305", "Money and numbers do not mix"),
    ("look up row in lim by v.code require v.code is in row", "SEQ308", "`row` is a row, not a set of codes."),
    ("look up row in lim by v.code require v.code is in row.causes", "SEQ304", "`row.causes` holds ICD10CM codes"),
    ("look up v in lim by 99213 require v.units is 1", "SEQ208", "`v` repeats a name"),
    ("look up a in lim by b.sub look up b in lim by v.code require a.units is 1", "SEQ212", "bound further down"),
    (
        "when some line w in visits and row.units is 1 look up row in lim by w.code require row.units is 1",
        "SEQ212", "looked up by what `when` finds",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("body", "code", "message"), LOOK_UP_FAULTS)
def test_a_fault_of_a_look_up_is_said_once(check_rule, body, code, message):
    found = check_rule(body).only()
    assert found.code == code
    assert message in found.message


FOLLOW_FAULTS = [
    ("if fail deny w", "SEQ204", "Nothing is called `w` here."),
    ("if fail deny encounter", "SEQ323", "a failure cannot be about it"),
    ("if fail deny row", "SEQ323", "`row` is a row"),
    ("if fail deny v, v", "SEQ323", "`v` is named twice."),
    ("if fail deny d", "SEQ211", "`d` is known only inside"),
    ('if fail deny v say "{v}"', "SEQ308", "`v` is a line"),
    ('if fail deny v say "{v.cod}"', "SEQ209", "A line has no fact `cod`."),
    ('if fail deny v say "{d.code}"', "SEQ211", "`d` is known only inside"),
    ('if fail deny v say "{lim}"', "SEQ204", "`lim` is a table; the name of something bound is asked for here."),
    ("if fail deny v adjustment XX 97", "SEQ328", "`XX` is not a group code"),
    ("if fail deny v adjustment CO 9799", "SEQ328", "`9799` is not a claim adjustment reason code."),
    ("if fail deny v adjustment CO 97, Q15", "SEQ328", "`Q15` is not a remittance advice remark code."),
    ("if fail deny v suggest add modifier 2 to v", "SEQ401", "`2` is not a code of MODIFIER."),
    ("if fail deny v suggest add modifier 25 to d", "SEQ324", "`d` is a diagnosis; a line of this claim is asked for."),
    ("if fail deny v suggest move v before d", "SEQ324", "`v` is a line; a diagnosis is asked for."),
    ("if fail deny v suggest move d before d", "SEQ324", "`d` cannot be moved beside itself."),
    ("if fail deny v suggest point v to x", "SEQ204", "Nothing is called `x` here."),
    ("if fail deny v suggest replace d by 99213", "SEQ401", "`99213` is not a code of ICD10CM."),
    ("if fail deny v suggest replace d by v.code", "SEQ306", "an ICD10CM code is asked for"),
    ("if fail deny v suggest remove modifier v.place from v", "SEQ306", "a MODIFIER code is asked for"),
    ("if fail deny v cite NOWHERE", "SEQ203", "No source is called `NOWHERE`."),
]


@pytest.mark.parametrize(("follows", "code", "message"), FOLLOW_FAULTS)
def test_a_fault_of_what_follows_is_said_once(check_rule, follows, code, message):
    body = "look up row in lim by v.code require some diagnosis d where d.code is in row.causes"
    found = check_rule(body, follows=follows).only()
    assert found.code == code
    assert message in found.message


# ---------------------------------------------------------------- what is made


def test_same_facts_belong_to_the_whole_clause(check_rule):
    found = check_rule(
        "require v.units is 1", subjects="for each line v in visits, other line w with the same date, provider"
    ).version()
    assert isinstance(found.subjects, r.ForMembers)
    assert found.subjects.same_names == ("date", "provider")
    first, second = found.subjects.binders
    assert (first.binding.slot, second.binding.slot) == (2, 3)
    assert first.within.name == "visits"
    assert second.excluded == (first.binding,)


def test_a_group_knows_what_it_is_grouped_by(check_rule):
    found = check_rule(
        "look up row in lim by g.code require (total x.units over lines x of g) is at most row.units",
        subjects="for each group g of lines by code, date", follows='if fail deny g say "{g.code} on {governing date}"',
    ).version()  # fmt: skip
    assert [field.name for field in found.subjects.binding.by] == ["code", "date"]
    holes = [part.value for part in found.consequence.message if isinstance(part, r.Hole)]
    assert isinstance(holes[1], GoverningDate)


def test_the_governing_date_of_a_group_is_a_line_s_anyway(check_rule):
    subjects = "effective 2026-01-01 onward by line date for each {}"
    grouped = check_rule("require g.code is known", subjects=subjects.format("group g of lines by code")).rule()
    lines = check_rule("require g.code is known", subjects=subjects.format("line g")).rule()
    assert (grouped.date_basis, lines.date_basis) == (r.DateBasis.DEFAULT, r.DateBasis.LINE)


def test_what_when_finds_may_be_used_in_later_clauses(check_rule):
    found = check_rule(
        "when v.units is 1 and some line w in visits look up row in lim by w.code unless w.place is 11 "
        "require row.units is at least w.units",
        follows='if fail deny v, w say "{w.code}" suggest add modifier 25 to w',
    ).version()
    (witness,) = found.witnesses
    assert witness.binding.witness
    assert witness.some.over.binding.slot == witness.binding.slot
    assert witness.some is found.when.condition.parts[1]
    assert [look_up.late for look_up in found.look_ups] == [True]
    assert [binding.name for binding in found.consequence.about] == ["v", "w"]
    assert found.suggestion.free == ()


def test_early_and_late_rows(check_rule):
    found = check_rule(
        "look up late in lim by w.code look up last in lim by late.sub look up early in lim by v.code "
        "when early.units is 1 and some line w in visits require last.units is 1"
    ).version()
    assert [(one.binding.name, one.late) for one in found.look_ups] == [
        ("early", False), ("late", True), ("last", True),
    ]  # fmt: skip


def test_a_row_may_be_the_key_of_the_next(check_rule):
    assert check_rule("look up a in lim by v.code look up b in lim by a.sub require b.units is 1").codes == []


def test_a_name_bound_by_a_some_that_failed_is_free_in_a_suggestion(check_rule):
    found = check_rule(
        "require some diagnosis d where d.code is in diabetes", follows="if fail deny v suggest point v to d"
    ).version()
    (some,) = found.requirements
    assert found.suggestion.free == (some.condition.over.binding,)
    assert isinstance(found.suggestion.change, r.PointLine)


@pytest.mark.parametrize(
    "condition", ["no diagnosis d", "not (some diagnosis d)", "some line w where (no diagnosis d)"]
)
def test_a_name_is_free_only_where_a_some_can_have_failed(check_rule, condition):
    found = check_rule(f"require {condition}", follows="if fail deny v suggest point v to d").only()
    assert found.code == "SEQ211"


def test_a_bound_modifier_may_be_removed(check_rule):
    found = check_rule(
        "require m.code is in sides", subjects="for each line v, modifier m of v",
        follows="if fail deny v suggest remove modifier m from v",
    ).version()  # fmt: skip
    assert found.suggestion.change.modifier.kind is Kind.MODIFIER


def test_phase_settings_and_outcomes(check):
    found = check(
        'ruleset r "R"\nphase units\nrule A "a" settings inpatient, professional for the claim '
        "forbidden when encounter.drg is 470 bypass when encounter.drg is 471 if fail reject if unknown note\n"
        'rule B "b" phase history for the claim forbidden if fail warn'
    )
    rule = found.rule()
    assert (rule.phase, rule.settings) == (r.Phase.UNITS, frozenset({"inpatient", "professional"}))
    version = found.version()
    assert (version.consequence.outcome, version.if_unknown) == (r.Outcome.REJECT, r.Outcome.NOTE)
    assert (version.consequence.about, version.consequence.message) == ((), ())
    assert version.requirements[0].forbidden
    assert version.bypass is not None
    other = found.rule("B")
    assert (other.phase, other.settings) == (r.Phase.HISTORY, frozenset(r.SETTINGS))
    assert found.version("B").requirements[0].condition is None
    assert found.version("B").if_unknown is r.Outcome.WARN
    assert other.covers_every_date


def test_rules_stand_by_phase_and_id(check):
    text = 'rule {} "x" phase {} for the claim require encounter.drg is 470 if fail reject\n'
    found = check("".join(text.format(*one) for one in (("B", "units"), ("C", "validity"), ("A", "units"))))
    assert [rule.id for rule in found.rules.selections[None].rules] == ["C", "A", "B"]


def test_a_message_keeps_text_and_values(check_rule):
    found = check_rule("require v.units is 1", follows='if fail deny v say "Line {v.number}: {{x}}."').version()
    first, hole, last = found.consequence.message
    assert (first, last) == ("Line ", ": {x}.")
    assert isinstance(hole.value, Fact)


def test_every_fault_of_a_rule_is_said_in_one_run(check_rule):
    found = check_rule("when v.cod is 1 unless v.unit is 2 require v.dat is known", follows="if fail deny x")
    assert found.codes == ["SEQ209", "SEQ209", "SEQ209", "SEQ204"]


def test_two_versions_share_phase_settings_subjects_and_date(check):
    first = 'rule A "a" effective 2025-01-01 to 2025-12-31 for each line v require v.units is 1 if fail deny v\n'
    second = 'rule A "b" effective 2026-01-01 onward {} require v.code is known if fail deny v'
    assert check(first + second.format("by line date for each line v")).codes == []
    for clauses, what in (
        (
            "phase pairs for each line v",
            "The phase of rule `A` differs from one date to another: validity, then pairs.",
        ),
        ("settings inpatient for each line v", "The settings of rule `A` differ"),
        ("by received date for each line v", "The governing date of rule `A` differs"),
        (
            "for each line v, other line w",
            "The subjects of rule `A` differ from one date to another: line, then line, line.",
        ),
    ):
        found = check(first + second.format(clauses)).only()
        assert found.code == "SEQ540"
        assert what in found.message
