"""What is read from the prose of a group of codes, and what is left to people."""

import pytest

from sequela.engine.imports.coverage.paragraphs import plain_text, spoken

CODES = ["82947", "82948", "82950", "83036", "G0101"]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>two</p>", "One two"),
        ("a<br/>b &amp; c&nbsp;d", "a b & c d"),
        ("&lt;p&gt;packed &amp;gt; 3&lt;/p&gt;", "packed > 3"),
        ("x < 3 and y", "x < 3 and y"),
        ("<!-- gone -->kept\r\nhere", "kept here"),
        ("", ""),
    ],
)
def test_plain_text(html, text):
    assert plain_text(html) == text


def test_a_long_text_is_cut():
    assert plain_text("word " * 100, 20) == "word word word wo..."


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("For 82947, 82948 only", {"82947", "82948"}),
        ("For 82947-82950", {"82947", "82948", "82950"}),
        ("For 82947 through 82948 and G0101.", {"82947", "82948", "G0101"}),
        ("Support the services of this article", set()),
        ("In 99999 cases", set()),
    ],
)
def test_services_that_are_named(text, services):
    assert spoken(text, 1, CODES).services == services


@pytest.mark.parametrize(
    "text",
    [
        "Only with a code of Group 3",
        "Use with Groups 1 and 4",
        "Both codes must be reported",
        "A secondary diagnosis is needed",
        "Report the primary diagnosis code first",
        "One code from each list",
        "These are payable only when accompanied by a sign",
    ],
)
def test_a_second_code_or_group_is_noticed(text):
    assert spoken(text, 1, CODES).of_another


@pytest.mark.parametrize("text", ["Group 1 supports medical necessity.", "These codes support the service.", ""])
def test_a_group_by_itself(text):
    assert not spoken(text, 1, CODES).of_another
