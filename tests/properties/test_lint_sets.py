"""Where lint says that two sets or two tests never meet, or that one set lies within another, it is so."""

from hypothesis import given
from hypothesis import strategies as st

from sequela.engine.encounter.fields import field_of
from sequela.engine.model.lint_logic import Test, conflict
from sequela.engine.model.lint_sets import apart, disjoint, holds_code, inside, subset
from sequela.engine.model.nodes import Binding, Compares, Fact, InSet, Is, Literal, Negated, SetDefinition
from sequela.engine.source import NOWHERE
from sequela.engine.syntax.comparisons import Order
from sequela.engine.tables.codes import CodeRange, ExactCode, LikePattern, TextSet, UnderCode
from sequela.engine.vocabulary.kinds import CodeOf, Kind, Scalar
from sequela.engine.vocabulary.systems import System

CODES = [f"A{one}{two}{more}" for one in "0123" for two in "01A" for more in ("", "0", "1", "9", "01", "1A")]
VISIBLE = st.sampled_from(CODES)
CPT_LIKE = [f"{n:04d}{last}" for n in range(0, 40, 3) for last in "0T"] + [
    f"{letter}{n:04d}" for letter in "AJ" for n in (0, 3, 9)
]


def icd(code):
    return ExactCode(code, System.ICD10CM)


icd_entries = st.one_of(
    VISIBLE.map(icd),
    VISIBLE.map(lambda code: UnderCode(code, System.ICD10CM)),
    st.tuples(VISIBLE, VISIBLE).map(lambda ends: CodeRange(min(ends), max(ends), System.ICD10CM)),
    st.tuples(
        st.sampled_from("0?"), st.sampled_from(["1", "?", "[01]", "[0-9]"]), st.sampled_from(["", "?", "[0-1]"])
    ).map(lambda places: LikePattern("A" + "".join(places), System.ICD10CM)),
)
hcpcs_entries = st.one_of(
    st.sampled_from(CPT_LIKE).map(lambda code: ExactCode(code, System.HCPCS)),
    st.sampled_from(CPT_LIKE).map(lambda code: UnderCode(code[:3], System.HCPCS)),
    st.tuples(st.sampled_from(CPT_LIKE[::2]), st.sampled_from(CPT_LIKE[::2])).map(
        lambda ends: CodeRange(min(ends), max(ends), System.HCPCS)
    ),
)


@given(st.tuples(icd_entries, icd_entries) | st.tuples(hcpcs_entries, hcpcs_entries))
def test_two_entries(pair):
    one, other = pair
    for code in CODES + CPT_LIKE:
        if inside(one, other) and one.holds(code):
            assert other.holds(code)
        if apart(one, other):
            assert not (one.holds(code) and other.holds(code))


def a_set(entries, exceptions=(), others=(), except_others=()):
    text = TextSet(System.ICD10CM, tuple(entries))
    left_out = TextSet(System.ICD10CM, tuple(exceptions)) if exceptions else None
    return SetDefinition(
        span=NOWHERE, name="s", system=System.ICD10CM, text=text, others=tuple(others), tables=(),
        except_text=left_out, except_others=tuple(except_others),
    )  # fmt: skip


entries = st.lists(icd_entries, max_size=3)
plain_sets = st.builds(a_set, entries, entries)
sets = plain_sets | st.builds(
    a_set, entries, entries, st.lists(plain_sets, max_size=2), st.lists(plain_sets, max_size=1)
)


def plainly_holds(definition, code):
    """Membership as the language has it: some entry holds the code, and no exception does."""
    held = any(entry.holds(code) for entry in definition.text.entries)
    held = held or any(plainly_holds(other, code) for other in definition.others)
    taken = definition.except_text is not None and definition.except_text.contains(code)
    return held and not taken and not any(plainly_holds(other, code) for other in definition.except_others)


@given(sets, sets)
def test_two_sets(one, other):
    for code in CODES:
        mine, theirs = plainly_holds(one, code), plainly_holds(other, code)
        assert holds_code(one, code) is mine
        if disjoint(one, other):
            assert not (mine and theirs)
        if subset(one, other):
            assert theirs or not mine


LINE = Binding(slot=2, name="l", kind=Kind.LINE)
UNITS = Fact(span=NOWHERE, binding=LINE, fact=field_of(Kind.LINE, "units"))
CODE = Fact(span=NOWHERE, binding=LINE, fact=field_of(Kind.LINE, "code"))
numbers = st.integers(0, 6)


def number(value):
    return Literal(span=NOWHERE, value=value, type=Scalar.NUMBER)


number_tests = st.tuples(
    st.one_of(
        numbers.map(lambda n: Is(span=NOWHERE, left=UNITS, right=number(n))),
        st.tuples(st.sampled_from(Order), numbers).map(
            lambda pair: Compares(span=NOWHERE, left=UNITS, order=pair[0], right=number(pair[1]))
        ),
    ),
    st.booleans(),
)
code_tests = st.tuples(
    st.one_of(
        VISIBLE.map(
            lambda code: Is(
                span=NOWHERE, left=CODE, right=Literal(span=NOWHERE, value=code, type=CodeOf(System.ICD10CM))
            )
        ),
        sets.map(lambda found: InSet(span=NOWHERE, left=CODE, within=found)),
    ),
    st.booleans(),
)
SIZES = {
    Order.AT_MOST: lambda value, bound: value <= bound,
    Order.AT_LEAST: lambda value, bound: value >= bound,
    Order.MORE_THAN: lambda value, bound: value > bound,
    Order.LESS_THAN: lambda value, bound: value < bound,
}


def true_of(value, test):
    predicate, positive = test
    match predicate:
        case Is():
            found = value == predicate.right.value
        case InSet():
            found = plainly_holds(predicate.within, value)
        case Compares():
            found = SIZES[predicate.order](value, predicate.right.value)
    return found is positive


def as_test(pair):
    return Test(pair[0], pair[1], NOWHERE)


@given(number_tests, number_tests)
def test_two_tests_of_a_number(one, other):
    excluded = conflict(as_test(one), as_test(other)) is not None
    meet = any(true_of(value / 2, one) and true_of(value / 2, other) for value in range(-4, 18))
    assert not (excluded and meet)
    if all(positive or not isinstance(predicate, Is) for predicate, positive in (one, other)):
        assert excluded is not meet


@given(code_tests, code_tests)
def test_two_tests_of_a_code(one, other):
    if conflict(as_test(one), as_test(other)) is not None:
        assert not any(true_of(code, one) and true_of(code, other) for code in CODES)


@given(number_tests)
def test_a_test_and_its_opposite_exclude_each_other(one):
    test = as_test(one)
    assert conflict(test, test.denied) is not None
    assert conflict(test, test) is None
    assert Negated(span=NOWHERE, part=one[0]) is not None
