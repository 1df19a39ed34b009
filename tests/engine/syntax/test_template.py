import pytest

from sequela.engine.source import Source
from sequela.engine.syntax.conditions import NumberOf, Path, Total
from sequela.engine.syntax.declarations import Hole
from sequela.engine.syntax.node import Text
from sequela.engine.syntax.scan import scan
from sequela.engine.syntax.template import read_template


def read(text):
    source = Source("", f'say "{text}"')
    return read_template(scan(source, source.text)[0][1])


def test_texts_and_holes():
    template, faults = read("a {visit.code} b {governing date}")
    assert faults == ()
    assert [part.value for part in template.parts if isinstance(part, Text)] == ["a ", " b "]
    code, day = (part for part in template.parts if isinstance(part, Hole))
    assert isinstance(code.value, Path)
    assert code.value.parts == ("visit", "code")
    assert day.value is None


def test_places_are_those_of_the_file():
    template, _ = read("a {visit.code}")
    assert template.parts[1].span.text == "visit.code"
    assert template.parts[0].span.text == "a "


def test_calculations_stand_without_parentheses():
    template, faults = read(
        "{total item.units over lines item of day}{number of lines x where x.units is 1 and x.units is 2}"
    )
    assert faults == ()
    assert [type(part.value) for part in template.parts] == [Total, NumberOf]


def test_braces():
    template, faults = read("{{a}} and {{{visit.code}}}")
    assert faults == ()
    assert [part.value if isinstance(part, Text) else part.value.parts for part in template.parts] == [
        "{a} and {", ("visit", "code"), "}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words", "stray"),
    [
        ("a { b", "{", True),
        ("a } b", "}", True),
        ("{}", "", False),
        ("{visit code}", "visit code", False),
        ("{(number of lines x)}", "(number of lines x)", False),
        ("{a # b}", "a # b", False),
    ],
)
def test_what_is_no_hole(text, words, stray):
    _, (fault,) = read(text)
    assert (fault.words, fault.stray) == (words, stray)
