"""Predicates on members and collections, named conditions, and where a bound name is known."""

import pytest

from sequela.engine.model import nodes
from sequela.engine.vocabulary.kinds import Kind

FAULTS = [
    ("require patient has modifier 25", "SEQ310", "`patient` is the patient; only a line has modifiers.", None),
    ("require v has modifier 2", "SEQ401", "`2` is not a code of MODIFIER.", None),
    ("require v has modifier v.place", "SEQ306", "a MODIFIER code is asked for", None),
    ("require v has modifier in visits", "SEQ304", "`visits` holds HCPCS codes", None),
    ("require v comes before v", "SEQ310", "only diagnoses, and modifiers of one line, come before", "is before"),
    ("require v is payable", "SEQ317", "`validity` is the first phase", "phase add-ons"),
    ("require paid(v)", "SEQ317", "`validity` is the first phase", "phase add-ons"),
    ("require visits", "SEQ205", "`visits` is a set of codes, not a condition.", "visit.code is in visits"),
    ("require v", "SEQ308", "`v` is a line, and by itself asks nothing.", None),
    ("require same-dy(v, v)", "SEQ203", "No condition is called `same-dy`.", "Did you mean `same-day`"),
    ("require same-day(v)", "SEQ318", "`same-day` is about (line a, line b), and is asked about 1.", None),
    ("require some diagnosis d where same-day(v, d)", "SEQ318", "`d` is a diagnosis", None),
    # tables
    ("require lmi lists (v.code)", "SEQ203", "No table is called `lmi`.", "Did you mean `lim`"),
    ("require visits lists (v.code)", "SEQ205", "`visits` is a set of codes, not a table.", None),
    ("require lim lists (v.code, v.date)", "SEQ319", "Table `lim` has 1 key, `code`, and is asked with 2.", None),
    (
        "require lim lists (v.date)",
        "SEQ319",
        "Key `code` of table `lim` is a HCPCS code, and `v.date` is a date.",
        None,
    ),
    ("require some diagnosis d where lim lists (d.code)", "SEQ304", "Key `code` of table `lim` is a HCPCS code", None),
    ("require v.code is in lim", "SEQ205", "`lim` is a table, not a set of codes.", "lim lists"),
    # collections
    ("require some line w in diabetes", "SEQ304", "`diabetes` holds ICD10CM codes, and the code of a line", None),
    ("require some modifier m where m.code is 25", "SEQ311", "The modifier `m` is of no line.", "`modifier m of v`"),
    ("require some procedure p of v where p.date is known", "SEQ311", "A procedure is not `of` a line.", None),
    ("require some line w of v where w.units is 1", "SEQ311", "A line is not `of` a line.", "`of` a group"),
    ("require some document n in visits", "SEQ312", "A document has no code", "where"),
    ("require some other diagnosis d where d.code is known", "SEQ313", "nothing to be other than", "away"),
    ("require every line w in visits", "SEQ314", "does not say what is asked of each", "Either each of them"),
    ("require every line w", "SEQ314", "does not say what is asked of each", "`every line w where w.code is …`"),
    ("require some line v where v.units is 1", "SEQ208", "`v` repeats a name", "another name"),
    ("require some line visits where visits.units is 1", "SEQ208", "`visits` repeats a name", "another name"),
    ("require some line patient where patient.age is 1", "SEQ208", "`patient` always means the patient", None),
    # where a name is known
    (
        "require some other line w in visits where w.code is 99213 and w.date is v.date",
        "SEQ210",
        "`w` is known only inside its `some …`",
        "`some other line w in visits where (w.code is 99213 and w.date is v.date)`",
    ),
    (
        "require some line w in visits and w.date is v.date",
        "SEQ210",
        "`w` is known only inside its `some …`",
        "`some line w in visits where (w.date is v.date)`",
    ),
    (
        "require (some line w where (w.units is 1)) or w.units is 2",
        "SEQ210",
        "`w` is known only inside its `some …`",
        "into the parentheses after `where`",
    ),
    ("when no line w in visits require w.code is known", "SEQ211", "`w` is known only inside", "Only what a `some`"),
    ("when not (some line w in visits) require w.code is known", "SEQ211", "`w` is known only inside", None),
    ("when v.units is 1 or some line w in visits require w.code is known", "SEQ211", "`w` is known only inside", None),
    ("when at least 1 line w in visits require w.code is known", "SEQ211", "`w` is known only inside", None),
    ("when every line w where w.units is 1 require w.code is known", "SEQ211", "`w` is known only inside", None),
    ("require (number of lines w) is 1 and w.units is 1", "SEQ211", "`w` is known only inside", "parentheses"),
    (
        "when some line w in visits and some line w where w.units is 1 require v.units is 1",
        "SEQ208",
        "`w` is bound by two `some` of one `when`.",
        "its own name",
    ),
    ("when some line w in visits unless some line w in visits require v.units is 1", "SEQ208", "`w` repeats", None),
    ("unless w.units is 1 when some line w in visits require v.units is 1", "SEQ212", "bound further down", None),
]


@pytest.mark.parametrize(("body", "code", "message", "hint"), FAULTS)
def test_a_fault_is_said_once_in_plain_words(check_rule, body, code, message, hint):
    found = check_rule(body).only()
    assert found.code == code
    assert message in found.message
    assert hint is None or hint in (found.hint or "")


SOUND = [
    "require same-day(v, v)",
    "require some modifier m of v where m.code is in sides",
    "require some diagnosis d of v in diabetes",
    "require some history line h where h.disposition is paid",
    "require no other service s where s.code is v.code",
    "require some condition-code c where c.code is 44 and some occurrence o where o.date is v.date",
    "require some value-code w where w.amount is at least 5",
    "require (some line x where x.units is 1) or (some line x where x.units is 2)",
    "when (some line w in visits) and v.units is 1 require w.code is known",
    "require lim lists (99213)",
    "phase pairs require v is payable and paid(v)",
    "require some history line h where h has modifier 25",
]


@pytest.mark.parametrize("body", SOUND)
def test_sound_conditions_say_nothing(check_rule, body):
    assert check_rule(body).codes == []


def test_comes_after_is_comes_before_the_other_way_round(check_rule):
    version = check_rule("require a comes after b", subjects="for each diagnosis a, other diagnosis b").version()
    found = version.requirements[0].condition
    assert isinstance(found, nodes.ComesBefore)
    assert (found.first.name, found.second.name) == ("b", "a")


def test_admitting_diagnoses_have_no_order(check_rule):
    subjects = "for each admitting diagnosis a, other admitting diagnosis b"
    assert check_rule("require a comes before b", subjects=subjects).only().code == "SEQ310"


def test_modifiers_of_two_lines_have_no_order(check_rule):
    subjects = "for each line v, other line w, modifier m of v, modifier n of w"
    found = check_rule("require m comes before n", subjects=subjects).only()
    assert (found.code, found.message) == ("SEQ310", "`m` and `n` are modifiers of two lines, which have no order.")
    assert (
        check_rule("require m comes before n", subjects="for each line v, modifier m of v, other modifier n of v").codes
        == []
    )


def test_what_is_not_is_negated(check_rule):
    for body, inner in (
        ("v.place is not 11", nodes.Is),
        ("v.code is not in visits", nodes.InSet),
        ("v.place is missing", nodes.Known),
    ):
        found = check_rule(f"require {body}").version().requirements[0].condition
        assert isinstance(found, nodes.Negated)
        assert isinstance(found.part, inner)


def test_other_leaves_out_what_is_bound_around_it_and_not_what_when_finds(check_rule):
    version = check_rule(
        "when some line w in visits require some line x where (no other line y where y.units is x.units)"
    ).version()
    (some,) = [requirement.condition for requirement in version.requirements]
    assert [one.name for one in some.over.where.over.excluded] == ["v", "x"]


def test_a_service_leaves_out_bound_lines_and_a_line_the_lines_of_a_group(check_rule):
    found = check_rule("require no other service s where s.code is v.code").version().requirements[0].condition
    assert [one.name for one in found.over.excluded] == ["v"]
    grouped = check_rule(
        "require no other line x where x.code is g.code", subjects="for each group g of lines by code"
    ).version()
    assert [one.kind for one in grouped.requirements[0].condition.over.excluded] == [Kind.GROUP]


def test_parameters_are_left_out_by_other_inside_a_condition(check):
    found = check("condition alone (line a)\n  no other line b where b.date is a.date")
    body = found.rules.conditions["r/alone"].body
    assert [one.name for one in body.over.excluded] == ["a"]


def test_conditions_that_call_each_other_are_one_fault(check):
    found = check(
        "condition x (line a)\n  y(a)\ncondition y (line a)\n  x(a)\n"
        'rule A "a" for each line v require x(v) if fail deny v\n'
        'rule B "b" for each line v require y(v) if fail deny v'
    )
    one = found.only()
    assert (one.code, one.message) == ("SEQ214", "The condition `x` is made of itself, by way of `y`.")
    assert one.consequence == "Rules A, B were not loaded; no claim was checked against them."


def test_conditions_too_deep_are_refused_and_do_not_crash(check_rule):
    deep = "(" * 60 + "v.units is 1" + ")" * 60
    assert check_rule(f"require {deep}").only().code == "SEQ330"
    assert check_rule(f"when {deep} require v.units is 1").only().code == "SEQ330"


def test_a_long_chain_of_conditions_that_call_the_next_is_refused_once_and_no_trouble(check):
    later_first = [f"condition c{n} (line a)\n  c{n - 1}(a)\n" for n in range(2999, 0, -1)]
    found = check("".join([*later_first, "condition c0 (line a)\n  a.units is 1\n"]))
    assert found.codes == ["SEQ332"]


def test_a_group_can_be_a_parameter(check):
    text = (
        "condition alone (group g)\n  (number of lines x of g) is 1\n"
        'rule A "a" for each group day of lines by code require alone(day) if fail deny day'
    )
    assert check(text).codes == []
    found = check("condition named (group g)\n  g.code is 99213").only()
    assert (found.code, found.hint) == ("SEQ209", "Ask about its lines: `some line x of g where …`.")


def test_values_too_deep_are_refused_and_do_not_crash(check_rule):
    deep = "(character 1 of " * 60 + "v.code" + ")" * 60
    assert check_rule(f'require {deep} is "9"').only().code == "SEQ330"
