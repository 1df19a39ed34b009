"""Missing facts: the smallest sets of facts of which some answer would decide."""

import pytest
from tried import DAY, compiled, view_of

from sequela.engine.evaluate.facts_needed import all_together, at_least, one_of, smallest
from sequela.engine.evaluate.missing import missing
from sequela.engine.evaluate.walk import walk

LINE = {"code": "99213", "date": DAY, "units": 1}
DECLARED = """
codes visits of HCPCS
  99213
table limits "Limits"
  key code of HCPCS
  value units as number
  in force start to finish
  rows
    99213 | 1 | 2026-01-01 | 2026-12-31
    99213 | 2 | 2027-01-01 | 2027-12-31
  {completeness}
table some-limits "Some limits"
  key code of HCPCS
  rows
    17000
  partial
"""


def waits_for(clauses, *, completeness="complete", tables=None, at=0, **facts):
    """What the verdict of a rule on a claim waits for."""
    text = f'{DECLARED.format(completeness=completeness)}\nrule R "r"\n{clauses}\nif fail warn'
    found, view = compiled(text), view_of(**{"lines": [LINE], **facts})
    loaded = found.tables if tables is None else tables
    verdicts = walk(found.rules.selections[None], loaded, view)
    return missing(verdicts[at], loaded, view, verdicts)


def sets(clauses, **facts):
    return [list(one) for one in waits_for(clauses, **facts).sets]


EACH = "for each line item\n"


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        ("require item.minutes is 1", [["/lines/0/minutes"]]),
        ("require item.units is 1", []),
        ("require item.minutes is 1 and item.charge is 1.00", [["/lines/0/charge"], ["/lines/0/minutes"]]),
        ("require item.minutes is 1 or item.charge is 1.00", [["/lines/0/charge"], ["/lines/0/minutes"]]),
        ("when item.minutes is 1\nforbidden", [["/lines/0/minutes"]]),
        ("unless item.minutes is 1\nforbidden", [["/lines/0/minutes"]]),
        ("forbidden\nbypass when item.minutes is 1", [["/lines/0/minutes"]]),
        (
            "require item.charge is encounter.total-charge",
            [["/lines/0/charge", "/total_charge"]],
        ),
        ("require patient.age is at least 1", [["/patient/birth_date"]]),
        ("require item.place is 11", [["/lines/0/place"]]),
        ("require some diagnosis d of item", []),
        ("require some history line h", [["/history/complete"]]),
        ('require some document d where d.kind is "x"', [["/documents/complete"]]),
        ("require (number of history lines h) is at most 2", [["/history/complete"]]),
        ("require limits lists (item.code)", []),
        ("require some-limits lists (item.code)", []),
        ("require some-limits lists (item.code) or item.minutes is 1", [["/lines/0/minutes"]]),
        ("require some-limits lists (item.code) and item.minutes is 1", [["/lines/0/minutes"]]),
    ],
)
def test_which_facts_would_decide(clauses, expected):
    assert sets(EACH + clauses) == expected


def test_pointers_that_were_not_sent():
    diagnoses = [{"code": "I10"}]
    assert sets(f"{EACH}require some diagnosis d of item where d.code is I10", diagnoses=diagnoses) == [
        ["/lines/0/diagnoses"]
    ]


def test_several_facts_of_which_each_decides_alone_are_each_named_and_five_at_most():
    lines = [LINE, *({"code": "99213", "date": DAY} for _ in range(7))]
    found = sets(f"{EACH}require every other line x where x.units is 1", lines=lines)
    assert found == [[f"/lines/{at}/units"] for at in range(1, 6)]


def test_what_needs_every_fact_at_once_needs_no_less():
    lines = [LINE, {"code": "99213", "date": DAY}, {"code": "99213", "date": DAY}]
    assert sets(f"{EACH}when at least 3 line x where x.units is 1\nforbidden", lines=lines) == [
        ["/lines/1/units"],
        ["/lines/2/units"],
    ]
    clauses = f"{EACH}when at least 2 line x where x.units is 1\nforbidden"
    assert sets(clauses, lines=lines) == [["/lines/1/units"], ["/lines/2/units"]]
    clauses = f"{EACH}require (total x.minutes over lines x) is at most 10"
    assert sets(clauses, lines=lines) == [["/lines/0/minutes"], ["/lines/1/minutes"], ["/lines/2/minutes"]]


def test_a_total_that_a_possible_member_would_decide():
    lines = [{**LINE, "provider": "1", "units": 3}, {**LINE, "units": 9}, {**LINE, "units": 1, "provider": "2"}]
    clauses = """for each group day of lines by code, provider
      require (total x.units over lines x of day) is at most 10"""
    assert sets(clauses, lines=lines) == [["/lines/1/provider"]]


def test_the_date():
    effective = "effective 2026-01-01 onward\n"
    lines = [{"code": "99213", "units": 2}]
    assert sets(f"{effective}{EACH}require item.units is 1", lines=lines) == [["/lines/0/date"]]
    found = sets(f"{effective}{EACH}require item.minutes is 1", lines=lines)
    assert found == [["/lines/0/date"], ["/lines/0/minutes"]]
    assert sets(f"{EACH}require limits lists (item.code)", lines=lines) == [["/lines/0/date"]]
    assert sets(f"{EACH}look up row in limits by item.code\nrequire row.units is 2", lines=lines) == [["/lines/0/date"]]


def test_a_version_for_every_date_is_not_settled_by_the_date_alone():
    text = """effective 2000-01-01 to 2026-02-28
      for each line item
      require item.minutes is 1
      if fail warn
    rule R "r"
      effective 2026-03-01 onward
      for each line item
      require item.minutes is 2"""
    lines = [{"code": "99213"}]
    assert sets(text, lines=lines) == [["/lines/0/date"], ["/lines/0/minutes"]]


def test_a_service_of_which_it_is_unknown_whether_it_counts():
    history = {"complete": True, "lines": [{"code": "99213", "units": 5}]}
    clauses = "for the claim\nrequire no service s where s.units is 5"
    assert sets(clauses, history=history) == [["/history/lines/0/disposition"]]


def test_a_table_that_does_not_cover_the_date_is_named_and_other_facts_too():
    found = waits_for(
        f"{EACH}look up row in limits by item.code\nrequire row.units is 1 and item.minutes is 1",
        lines=[{**LINE, "date": "2028-01-01"}],
    )
    assert [(gap.table, gap.on.isoformat(), gap.loaded) for gap in found.gaps] == [("limits", "2028-01-01", True)]
    assert found.sets == ()
    found = waits_for(f"{EACH}require limits lists (item.code) or item.minutes is 1", tables={})
    assert [(gap.table, gap.loaded) for gap in found.gaps] == [("limits", False)]
    assert (found.sets, found.asked) == ((("/lines/0/minutes",),), "/lines/0/minutes")


def test_what_is_decided_waits_for_nothing():
    found = waits_for(f"{EACH}require item.units is 2")
    assert (found.sets, found.gaps, found.asked) == ((), (), None)


# ---------------------------------------------------------------- families


def family(*texts):
    return smallest(frozenset(f"/{key}" for key in text) for text in texts)


def test_only_the_smallest_sets_are_kept_smaller_ones_first():
    assert family("abc", "ab", "d", "ab") == family("d", "ab")
    assert [len(one) for one in family("abc", "de", "f")] == [1, 2, 3]
    assert [sorted(one) for one in smallest([frozenset({"/lines/10/a"}), frozenset({"/lines/9/a"})])] == [
        ["/lines/9/a"],
        ["/lines/10/a"],
    ]


def test_families_combine():
    assert one_of([family("a"), family("b", "ac")]) == family("a", "b")
    assert all_together([family("a", "b"), family("a", "c")]) == family("a", "bc")
    assert all_together([family("a"), ()]) == ()
    assert at_least(2, [family("a"), family("b"), family("c")]) == family("ab", "ac", "bc")
    assert at_least(0, []) == (frozenset(),)
    assert at_least(2, [family("a")]) == ()


def test_a_family_never_grows_beyond_its_bounds():
    many = [family(f"{chr(97 + at)}", f"{chr(65 + at)}") for at in range(26)]
    found = all_together(many)
    assert len(found) <= 16
    assert all(len(one) <= 30 for one in found)
    assert all_together([family(*[chr(97 + at)]) for at in range(26)] * 1) == family("abcdefghijklmnopqrstuvwxyz")
