import pytest

from sequela.engine.source import Source
from sequela.engine.syntax.scan import fits_of_run, is_date, scan


def texts(text):
    return [token.text for token in scan(Source("", text), text)[0]]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("E08 .. E13", ["E08", "..", "E13"]),
        ("E08..E13", ["E08", "..", "E13"]),
        ("visit.place-of-service is 11", ["visit.place-of-service", "is", "11"]),
        ("line 99213-25-59", ["line", "99213-25-59"]),
        ("(a, b)", ["(", "a", ",", "b", ")"]),
        ("visit.units >= 2", ["visit.units", ">=", "2"]),
        ("-3", ["-3"]),
        ("a--b", ["a", "--", "b"]),
        ("visit.", ["visit", "."]),
        ("isn’t 3/2/2026 minor_visits", ["isn’t", "3/2/2026", "minor_visits"]),
        ('"no end', ['"no end']),
        ('say "a # b" # c', ["say", '"a # b"']),
        ("", []),
    ],
)
def test_every_mark_lands_in_a_token(text, tokens):
    assert texts(text) == tokens


def test_places_count_from_where_the_stretch_begins():
    source = Source("", "0123456789 dx.code")
    (token,), _ = scan(source, "dx.code", 11)
    assert (token.start, token.end, token.span.text) == (11, 18, "dx.code")


def test_comments_know_whether_they_stand_alone():
    text = "# one\nrule A # two\n  # three"
    _, comments = scan(Source("", text), text)
    assert [(comment.text, comment.alone) for comment in comments] == [
        ("# one", True),
        ("# two", False),
        ("# three", True),
    ]


def test_tokens_know_whether_they_open_a_line():
    text = "rule A\n  for each"
    tokens, _ = scan(Source("", text), text)
    assert [token.opens_line for token in tokens] == [True, False, True, False]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("25", ("WHOLE", "AMOUNT", "CODE", "LINE_CODE")),
        ("12.50", ("AMOUNT", "CODE")),
        ("MOD-25", ("UPPER", "LINE_CODE")),
        ("99213-25", ("LINE_CODE",)),
        ("visit.code", ("PATH",)),
        ("2026-03-02", ("DATE",)),
        ("2026-02-30", ()),
        ("2026-3-2", ("LINE_CODE",)),
        ("e11.9", ()),
        ("Visits", ()),
        ("minor_visits", ()),
        ("АBC", ()),
        ("9" * 5000, ("CODE", "LINE_CODE")),
    ],
)
def test_the_forms_of_a_run(text, fits):
    assert fits_of_run(text) == fits


def test_days_of_the_calendar():
    assert is_date("2024-02-29")
    assert not is_date("2026-02-29")
