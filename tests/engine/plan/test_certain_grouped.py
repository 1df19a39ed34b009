"""Rules of one shape run in one loop, which stands as late as it can; what one of them leaves does not end the others."""

from sequela.engine.plan.certain.claim import Claim
from sequela.engine.plan.certain.grouped import Functions, Written, text_of_all

UNITS = """\
        v1 = data
        if v1 is None:
            return claim.bail(rule)
        if v1 > p1: return
        v2 = (v1 <= p0)
        add((rule, 0 if v2 else 1, at))"""
SOME = """\
        v1 = False
        for v2 in data:
            if v2 is None:
                return claim.bail(rule)
            if v2 in p0:
                v1 = True
                break
        add((rule, 0 if v1 else 1, at))"""
EACH = """\
        for v1 in data:
            if v1 in p0: continue
            v2 = (v1 == p1)
            add((rule, 0 if v2 else 1, at))"""


def decided(written: list[Written], data: object) -> tuple[list[tuple[int, ...]], set[int]]:
    """The records of some rules on some data, and those that were left."""
    claim = Claim(None, (), [])  # type: ignore[arg-type]
    for decide in Functions({}).of(written):
        decide(data, 0, claim, claim.records.append)
    return claim.records, claim.bailed or set()


def test_what_all_rules_read_is_read_once_before_their_loop():
    text = text_of_all(UNITS, 3, (0, 1))
    assert text is not None
    assert text.splitlines()[1:] == [
        "    def run(data, at, claim, add):",
        "        v1 = data",
        "        if v1 is None:",
        "            return claim.bail_all(rules)",
        "        if v1 > p1: return",
        "        for rule, p0 in rows:",
        "            v2 = (v1 <= p0)",
        "            add((rule, 0 if v2 else 1, at))",
        "    return run",
    ]


def test_one_function_decides_all_rules_of_a_shape():
    rules = [Written(UNITS, (3, 1, 9)), Written(UNITS, (5, 2, 9)), Written(UNITS, (8, 1, 1))]
    assert len(Functions({}).of(rules)) == 1
    assert decided(rules, 2) == ([(3, 1, 0), (5, 0, 0)], set())
    assert decided(rules, None) == ([], {3, 5, 8})


def test_what_a_rule_notes_is_forgotten_before_the_next():
    rules = [Written(SOME, (1, frozenset({"a"}))), Written(SOME, (2, frozenset({"b"})))]
    assert decided(rules, ["a"])[0] == [(1, 0, 0), (2, 1, 0)]
    assert decided(rules, ["b", None]) == ([(1, 1, 0), (2, 0, 0)], {1})


def test_the_loop_over_the_rules_stands_inside_the_loop_over_the_members():
    text = text_of_all(EACH, 3, (0, 2))
    assert text is not None
    assert "            if v1 in p0: continue\n            for rule, p1 in rows:\n                v2" in text
    rules = [Written(EACH, (1, frozenset("a"), "b")), Written(EACH, (2, frozenset("a"), "c"))]
    assert decided(rules, "ab")[0] == [(1, 0, 0), (2, 1, 0)]


def test_rules_of_which_the_code_leaves_from_within_a_loop_stay_apart():
    body = "        for v1 in data:\n            if v1 == p0: return\n        add((rule, 1, at))"
    assert text_of_all(body, 2, (0, 1)) is None
    assert decided([Written(body, (1, "a")), Written(body, (2, "b"))], "a")[0] == [(2, 1, 0)]
