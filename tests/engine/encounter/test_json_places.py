"""Places in a JSON text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequela.engine.encounter.json_places import JsonOrigins, JsonPlaces, escaped, top_level_values

TEXT = '{\n  "a": [1, {"b/c": "x}y", "d~e": null}],\n  "a": 2,\n  "f": {}\n}'


def at(text, offset):
    return text[offset:]


@pytest.mark.parametrize(
    ("pointer", "start"),
    [
        ("", "{\n"),
        ("/a", "[1"),
        ("/a/0", "1, {"),
        ("/a/1", '{"b/c"'),
        ("/a/1/b~1c", '"x}y"'),
        ("/a/1/d~0e", "null"),
        ("/f", "{}\n"),
        ("/a/1/missing", '{"b/c"'),
        ("/nothing/at/all", "{\n"),
    ],
)
def test_where_a_value_begins(pointer, start):
    places = JsonPlaces(TEXT)
    assert at(TEXT, places.offset_of(pointer)).startswith(start)


def test_where_a_key_begins_and_which_stands_twice():
    places = JsonPlaces(TEXT)
    assert at(TEXT, places.offset_of("/a/1/b~1c", key=True)).startswith('"b/c"')
    assert [(pointer, places.position(offset)) for pointer, offset in places.duplicates] == [("/a", (3, 3))]


def test_a_piece_of_a_file_knows_where_it_stands():
    origins = JsonOrigins("claims.json", '{"ä": 1,\n "b": 2}'.encode(), 7, 5)
    first, second = origins.origin_of("/ä"), origins.origin_of("/b")
    assert (first.line, first.column) == (7, 11)
    assert (second.line, second.column, second.file, second.pointer) == (8, 7, "claims.json", "/b")


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("[1, 2]", []),
        ('[{"a": "]}"}, {"b": [1]}]', ['{"a": "]}"}', '{"b": [1]}']),
        ('{"a": 1}\n{"b": 2}', ['{"a": 1}', '{"b": 2}']),
        ('[{"a": 1}, {"b": ', ['{"a": 1}', '{"b": ']),
        ("", []),
        ("]]}", []),
    ],
)
def test_the_values_at_the_top(text, pieces):
    assert [text[start:end] for start, end in top_level_values(text)] == pieces


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def pointers(value, above=""):
    yield above, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from pointers(item, f"{above}/{escaped(key)}")
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from pointers(item, f"{above}/{index}")


@given(VALUES, st.sampled_from([None, 1]), st.booleans())
def test_every_value_is_found_where_it_was_written(value, indent, plain):
    text = json.dumps(value, indent=indent, ensure_ascii=plain)
    places = JsonPlaces(text)
    assert places.duplicates == []
    for pointer, item in pointers(value):
        found, _ = json.JSONDecoder().raw_decode(text, places.offset_of(pointer))
        assert found == item


@given(st.text(alphabet='{}[],:"\\ab1 \n', max_size=60))
def test_a_text_that_is_no_json_does_no_harm(text):
    JsonPlaces(text)
    list(top_level_values(text))
