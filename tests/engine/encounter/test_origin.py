"""Origins: the words for a place, and the nearest place that is known."""

import pytest

from sequela.engine.encounter.origin import MappedOrigins, Origin


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        (
            Origin(file="a.837", segment=42, segment_id="SV1", element=1, component=2, line=42, byte=900),
            "a.837, segment 42 (SV1), element 1, component 2, line 42",
        ),
        (Origin(file="a.837", segment=3, element=2, byte=77), "a.837, segment 3, element 2, byte 77"),
        (Origin(file="a.json", pointer="/lines/0", line=3, column=9), "a.json, /lines/0, line 3, column 9"),
        (Origin(file="a.json", pointer="", line=1, column=1), "a.json, the whole claim, line 1, column 1"),
        (Origin(file="a.837", segment=9, element=4, repeat=2), "a.837, segment 9, element 4, repetition 2"),
        (Origin(file="a.parquet", row=7), "a.parquet, row 7"),
        (Origin(file="-"), "-"),
    ],
)
def test_a_place_in_words(origin, words):
    assert str(origin) == words


def test_the_nearest_place_above_answers():
    line, units = Origin(file="a", segment=1), Origin(file="a", segment=2)
    origins = MappedOrigins({"/lines/0": line, "/lines/0/units": units})
    assert origins.origin_of("/lines/0/units") is units
    assert origins.origin_of("/lines/0/modifiers/1") is line
    assert origins.origin_of("/lines/1/units") is None
