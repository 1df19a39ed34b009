"""Changes on a copy: what moves along, and who is the principal diagnosis then."""

import pytest

from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.encounter.view import View
from sequela.engine.explain.changed_claim import pointing, with_code, with_modifier, with_move, without_modifier
from sequela.tests.engine.explain.tried import claim, line


def made(diagnoses, *lines):
    encounter = encounter_from({**claim(*lines), "diagnoses": diagnoses})
    return encounter, View(encounter)


def dx(code, role=None):
    found = {"code": f"{code}00"}
    return found if role is None else {**found, "role": role}


def moved(diagnoses, which, anchor, *, before):
    encounter, view = made(diagnoses, line("99213", diagnoses=[1, 2]))
    by_code = {member.data.code[0]: member for member in view.diagnoses()}
    return with_move(encounter, by_code[which], by_code[anchor], before=before)


def order(changed):
    return [one.data.code[0] for one in View(changed.claim).diagnoses()]


@pytest.mark.parametrize(
    ("which", "anchor", "before", "expected"),
    [
        ("C", "A", True, ["C", "A", "B"]),
        ("C", "B", True, ["A", "C", "B"]),
        ("A", "C", False, ["B", "C", "A"]),
        ("A", "B", False, ["B", "A", "C"]),
    ],
)
def test_a_diagnosis_stands_directly_beside_the_other(which, anchor, before, expected):
    assert order(moved([dx("A"), dx("B"), dx("C")], which, anchor, before=before)) == expected


def test_a_diagnosis_that_stands_there_already_is_not_moved():
    assert moved([dx("A"), dx("B")], "A", "B", before=True) is None


def test_pointers_follow_their_diagnoses():
    changed = moved([dx("A"), dx("B"), dx("C")], "C", "A", before=True)
    assert changed.claim.lines[0].diagnoses == (2, 3)
    assert changed.moved("/diagnoses/2") == "/diagnoses/0"
    assert changed.moved("/diagnoses/0/code") == "/diagnoses/1/code"
    assert changed.moved("/lines/0") == "/lines/0"


def test_the_one_that_is_moved_to_the_front_becomes_the_principal_one():
    changed = moved([dx("A", "principal"), dx("B", "secondary")], "B", "A", before=True)
    assert [(one.code[0], one.role) for one in changed.claim.diagnoses] == [("B", "principal"), ("A", "secondary")]


def test_the_next_one_becomes_the_principal_one_when_it_is_moved_away():
    changed = moved([dx("A", "principal"), dx("B", "secondary"), dx("C")], "A", "C", before=False)
    assert [(one.code[0], one.role) for one in changed.claim.diagnoses] == [
        ("B", "principal"),
        ("C", None),
        ("A", "secondary"),
    ]


def test_without_named_roles_none_are_named():
    changed = moved([dx("A"), dx("B")], "B", "A", before=True)
    assert [one.role for one in changed.claim.diagnoses] == [None, None]


def test_a_principal_diagnosis_that_is_sent_later_comes_first_all_the_same():
    changed = moved([dx("A", "secondary"), dx("P", "principal"), dx("B")], "B", "P", before=True)
    assert order(changed) == ["B", "P", "A"]


def test_admitting_diagnoses_keep_their_places():
    changed = moved([dx("X", "admitting"), dx("A"), dx("B")], "B", "A", before=True)
    assert [one.code[0] for one in changed.claim.diagnoses] == ["X", "B", "A"]
    assert changed.claim.lines[0].diagnoses == (1, 3)


def test_a_modifier_that_is_there_is_not_added_again():
    encounter, view = made([dx("E11.9")], line("99213-25"))
    (item,) = view.lines()
    assert with_modifier(encounter, item, "25") is None
    changed = with_modifier(encounter, item, "59")
    assert changed is not None
    assert changed.claim.lines[0].modifiers == ("25", "59")


def test_a_modifier_that_is_not_there_is_not_taken_away():
    encounter, view = made([dx("E11.9")], line("99213-25-59-25"))
    (item,) = view.lines()
    assert without_modifier(encounter, item, "LT") is None
    changed = without_modifier(encounter, item, "25")
    assert changed is not None
    assert changed.claim.lines[0].modifiers == ("59",)


def test_a_line_without_pointers_gets_its_first():
    encounter, view = made([dx("A"), dx("B")], line("99213", diagnoses=None))
    changed = pointing(encounter, view.lines()[0], view.diagnoses()[1])
    assert changed is not None
    assert changed.claim.lines[0].diagnoses == (2,)


def test_a_line_that_points_there_already_is_not_changed():
    encounter, view = made([dx("A"), dx("B")], line("99213", diagnoses=[2]))
    assert pointing(encounter, view.lines()[0], view.diagnoses()[1]) is None


def test_a_diagnosis_keeps_everything_but_its_code():
    encounter, view = made([{"code": "E11.9", "poa": "Y"}], line("99213"))
    changed = with_code(encounter, view.diagnoses()[0], "E1165")
    assert changed is not None
    assert (changed.claim.diagnoses[0].code, changed.claim.diagnoses[0].poa) == ("E11.65", "Y")
    assert with_code(encounter, view.diagnoses()[0], "E119") is None
