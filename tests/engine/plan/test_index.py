"""The index finds exactly the rules whose set holds a code of the claim, and every rule that no code can rule out."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.encounter.view import View
from sequela.engine.model.nodes import SetDefinition
from sequela.engine.plan.index import Triggers
from sequela.engine.plan.sets import text_contains
from sequela.engine.source import NOWHERE
from sequela.engine.tables.codes import CodeRange, ExactCode, LikePattern, TextSet, UnderCode
from sequela.engine.vocabulary.kinds import Kind
from sequela.engine.vocabulary.systems import System

HCPCS = System.HCPCS
CODES = ("99213", "99214", "99215", "G0104", "G0105", "17000", "0001T", "A0428")
ENTRIES = (
    ExactCode("99213", HCPCS),
    ExactCode("G0105", HCPCS),
    UnderCode("G01", HCPCS),
    UnderCode("9", HCPCS),
    CodeRange("99213", "99214", HCPCS),
    CodeRange("17000", "99214", HCPCS),
    CodeRange("A0001", "G0104", HCPCS),
    LikePattern("9921?", HCPCS),
    LikePattern("?????", HCPCS),
)


@st.composite
def definitions(draw):
    entries = tuple(draw(st.lists(st.sampled_from(ENTRIES), max_size=3)))
    exceptions = tuple(draw(st.lists(st.sampled_from(ENTRIES), max_size=1)))
    others = (draw(definitions()),) if draw(st.integers(0, 4)) == 0 else ()
    return SetDefinition(
        span=NOWHERE, name="s", system=HCPCS, text=TextSet(HCPCS, entries), others=others, tables=(),
        except_text=TextSet(HCPCS, exceptions) if exceptions else None,
    )  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    sets=st.lists(definitions(), max_size=6), codes=st.lists(st.one_of(st.sampled_from(CODES), st.none()), max_size=4)
)
def test_the_index_finds_what_a_plain_look_finds(sets, codes) -> None:
    lines = [{"number": at, **({"code": code} if code else {})} for at, code in enumerate(codes, 1)]
    claim = encounter_from({"schema": "sequela.encounter/1", "id": "C-1", "setting": "professional", "lines": lines})
    triggers = Triggers([(place, Kind.LINE, one) for place, one in enumerate(sets)], [100])
    expected = {
        place for place, one in enumerate(sets) if any(code is None or text_contains(one, code) for code in codes)
    }
    for _ in range(2):  # the second time from what is remembered
        assert triggers.concerned(View(claim)) == [*sorted(expected), 100]


def test_a_line_with_a_revenue_code_alone_triggers_nothing() -> None:
    one = SetDefinition(span=NOWHERE, name="s", system=HCPCS, text=TextSet(HCPCS, ENTRIES), others=(), tables=())
    claim = encounter_from(
        {
            "schema": "sequela.encounter/1",
            "id": "C-1",
            "setting": "outpatient",
            "lines": [{"number": 1, "revenue": "0450"}],
        }
    )
    assert Triggers([(0, Kind.LINE, one)], []).concerned(View(claim)) == []
