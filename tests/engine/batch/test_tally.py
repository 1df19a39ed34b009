"""Tallies: what is counted of chunks can be added, written down and read again."""

import json
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from sequela.engine.batch.tally import ChunkTally

NAMES = st.sampled_from(("A", "B", "fail", "not checked", "ü", " "))
COUNTS = st.integers(min_value=1, max_value=10**6)
ONE = st.dictionaries(NAMES, COUNTS, max_size=3).map(Counter)
TALLIES = st.builds(
    ChunkTally,
    claims=st.integers(0, 9),
    unread=st.integers(0, 9),
    undecided=st.integers(0, 9),
    lost=st.integers(0, 9),
    outcomes=ONE,
    findings=st.dictionaries(st.tuples(NAMES, NAMES), COUNTS, max_size=3).map(Counter),
    flagged=ONE,
    warnings=ONE,
    without_payer=ONE,
    without_rules=ONE,
    passed_over=st.dictionaries(st.tuples(NAMES, NAMES) | st.tuples(NAMES, NAMES, NAMES), COUNTS, max_size=3).map(
        Counter
    ),
)


@settings(max_examples=40, deadline=None)
@given(TALLIES)
def test_what_is_written_down_is_read_again(tally: ChunkTally) -> None:
    assert ChunkTally.from_json(json.loads(json.dumps(tally.to_json()))) == tally


@settings(max_examples=40, deadline=None)
@given(TALLIES, TALLIES)
def test_the_order_of_adding_is_of_no_weight(one: ChunkTally, other: ChunkTally) -> None:
    first, second = ChunkTally(), ChunkTally()
    for tally in (one, other):
        first.merge(tally)
    for tally in (other, one):
        second.merge(tally)
    assert first == second
    assert first.to_json() == second.to_json()
    assert first.rejected == one.rejected + other.rejected
