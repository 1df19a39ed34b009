"""Whatever the text: it is read, every finding has a place in it and can be shown, and what was read can be printed."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import strategies_syntax as rules
from sequela.engine.diagnostics.render import render
from sequela.engine.source import Source
from sequela.engine.syntax.format import format_file
from sequela.engine.syntax.lalr import tables
from sequela.engine.syntax.normalise import normalise
from sequela.engine.syntax.parse import parse
from sequela.engine.syntax.scan import scan

MANY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

SLIPS = (
    *(
        "=",
        "==",
        "!=",
        ">=",
        "<",
        "&&",
        "||",
        "!",
        ";",
        ":",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        ",",
        "..",
        "...",
        "…",
        "–",
        "-",
        "--",
    ),
    *(
        "//",
        "/*",
        "'",
        '"',
        "“",
        "%",
        "$",
        "#",
        "\n",
        "\u200b",
        "\u00a0",
        "\ufeff",
        "А",
        "é",
        "\x07",
        "`",
        "\\",
        "|",
        "+",
        "*",
    ),
    *(
        "3/2/2026",
        "2026-02-30",
        "e11.9",
        "Visits",
        "minor_visits",
        "isn't",
        "else",
        "elsif",
        "then",
        "AND",
        "When",
        "RULE",
        "99213-25",
    ),
    *(
        "contains",
        "between",
        "equals",
        "mod",
        "lines",
        "line",
        "the",
        "a",
        "two",
        "1,000",
        "has",
        "is",
        "not",
        "in",
        "where",
        "for each",
    ),
    *(
        '"text"',
        "dx",
        "expect",
        "case",
        "except",
        "under",
        "from",
        "only if",
        "if fail",
        "rule",
        "codes",
        "test",
        "ruleset",
        "100%",
    ),
)


def shown(text):
    file, faults = parse(Source("file.rules", text))
    for fault in faults:
        for label in (fault.at, *fault.also):
            assert 0 <= label.span.start <= label.span.end <= max(len(text), 1)
        assert render(fault)
    again, _ = parse(Source("again.rules", format_file(file)))
    assert again.declarations == file.declarations
    return faults


@MANY
@given(st.text(max_size=200))
def test_any_text(text):
    shown(text)


@MANY
@given(
    st.lists(
        st.sampled_from((*SLIPS, *sorted(tables().keywords), "visit", "visit.code", "E11", "MOD-25", "2026-03-02")),
        max_size=40,
    )
)
def test_any_words(words):
    shown(" ".join(words))


@MANY
@given(rules.rule_files(most=3), st.data())
def test_a_slip_anywhere(file, data):
    """One thing added, left out or exchanged in a file that was right."""
    text = format_file(file)
    tokens, _ = scan(Source("", text), normalise(text))
    token = data.draw(st.sampled_from(tokens))
    slip = data.draw(st.sampled_from(("", *SLIPS)))
    end = token.start if data.draw(st.booleans()) else token.end
    shown(f"{text[: token.start]}{slip} {text[end:]}")


@MANY
@given(rules.rule_files(most=3), st.data())
def test_a_file_that_stops_anywhere(file, data):
    text = format_file(file)
    shown(text[: data.draw(st.integers(0, len(text)))])
