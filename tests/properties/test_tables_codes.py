"""What holds for every written set: the quick answer is that of its entries, and what is written reads the same."""

from hypothesis import given
from hypothesis import strategies as st

from sequela.engine.tables.codes import CodeRange, ExactCode, LikePattern, TextSet, UnderCode, entry_fault
from sequela.engine.tables.notation import parse_set_notation
from sequela.engine.tables.spans import SpanIndex
from sequela.engine.vocabulary.systems import System

ICD, HCPCS = System.ICD10CM, System.HCPCS
CODES = {
    ICD: st.from_regex(r"[AB][01][0A][01A]{0,3}", fullmatch=True),
    HCPCS: st.from_regex(r"[01]{4}[01AB]|[AB][01]{4}", fullmatch=True),
}
PATTERNS = {
    ICD: st.from_regex(r"[AB][01?](\?|0|\[0-9\]|\[1A\])[?A]{0,3}", fullmatch=True),
    HCPCS: st.from_regex(r"[01?]{3}(\?|\[01\])[?A]", fullmatch=True),
}


def entries(system):
    codes = CODES[system]
    return st.one_of(
        codes.map(lambda code: ExactCode(code, system)),
        codes.map(lambda code: UnderCode(code[:4] if system is ICD else code, system)),
        st.tuples(codes, codes).map(lambda ends: CodeRange(*sorted(ends), system)),
        PATTERNS[system].map(lambda pattern: LikePattern(pattern, system)),
    ).filter(lambda entry: entry_fault(entry) is None)


def sets(system):
    return st.builds(
        lambda held, excepted: TextSet(system, tuple(held), tuple(excepted)),
        st.lists(entries(system), min_size=1, max_size=8),
        st.lists(entries(system), max_size=3),
    )


def by_definition(entry, code):
    match entry:
        case ExactCode():
            return code == entry.code
        case UnderCode():
            return code[: len(entry.code)] == entry.code
        case CodeRange():
            within = entry.low <= code and (code <= entry.high or code.startswith(entry.high))
            places = [at for at, character in enumerate(entry.low) if character.isalpha()]
            letters = [at for at, character in enumerate(code) if character.isalpha()]
            return within and (entry.system is not HCPCS or letters == places)
        case LikePattern():
            return len(entry.places) == len(code) and all(
                place == "?" or character in place.replace("0-9", "0123456789")
                for place, character in zip(entry.places, code, strict=True)
            )


@given(st.sampled_from([ICD, HCPCS]).flatmap(lambda system: st.tuples(sets(system), st.lists(CODES[system]))))
def test_the_quick_answer_is_that_of_the_definition(case):
    codes, asked = case
    for code in asked:
        held = any(by_definition(entry, code) for entry in codes.entries)
        excepted = any(by_definition(entry, code) for entry in codes.exceptions)
        assert codes.contains(code) == (held and not excepted)
        assert (codes.entry_of(code) is not None) == held
        assert (codes.exception_of(code) is not None) == excepted


@given(st.sampled_from([ICD, HCPCS]).flatmap(sets))
def test_what_is_written_reads_the_same(codes):
    assert parse_set_notation(codes.system, codes.written) == codes


@given(st.sampled_from(System), st.text("E1.09 ,undrlikexcpt\"[]-?'A\n", max_size=40))
def test_any_text_is_a_set_or_a_fault(system, text):
    found = parse_set_notation(system, text)
    if isinstance(found, TextSet):
        assert all(entry_fault(entry) is None for entry in (*found.entries, *found.exceptions))
        assert parse_set_notation(system, found.written) == found
    else:
        assert found.message.endswith(".")


TEXTS = st.text("ab", max_size=4)


@given(st.lists(st.tuples(TEXTS, TEXTS)), st.lists(TEXTS))
def test_the_ranges_found_are_those_of_a_plain_scan(spans, asked):
    index = SpanIndex((low, high, number) for number, (low, high) in enumerate(spans))
    for text in asked:
        scanned = {number for number, (low, high) in enumerate(spans) if low <= text <= high}
        found = index.holding(text)
        assert set(found) == scanned
        assert len(found) == len(scanned)
