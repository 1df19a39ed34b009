"""Columns, wrapping and colour."""

from sequela.engine.explain.text_layout import Row, columns_of, laid_out, sentence, shortened, styled, wrapped

LONG = "a.date is before 2026-02-01 or (a.place is 22 and a.units is more than 1)"


def test_the_fact_goes_on_below_itself():
    rows = [Row("no", "short words", "a fact " * 12, 0), Row("yes", "other words", "a fact", 1)]
    assert list(laid_out(rows, columns_of(rows, 60), colour=False)) == [
        "    no   short words    a fact a fact a fact a fact a fact a",
        "                        fact a fact a fact a fact a fact a",
        "                        fact a fact",
        "    yes    other words  a fact",
    ]


def test_words_without_a_fact_have_the_whole_line():
    rows = [Row("no", LONG, "", 0)]
    assert list(laid_out(rows, columns_of(rows, 100), colour=False)) == [f"    no   {LONG}"]


def test_a_long_value_moves_the_columns():
    rows = [Row("not checked", "words", "fact", 0), Row("yes", "words", "fact", 0)]
    first, second = laid_out(rows, columns_of(rows, 100), colour=False)
    assert first.index("words") == second.index("words") == 17


def test_a_collection_is_shown_without_its_where():
    words = "some other line work in minor-procedures where same-session(visit, work)"
    assert shortened(words, 46) == ["some other line work in minor-procedures …"]
    assert shortened(words, 80) == [words]


def test_a_number_keeps_its_where():
    words = "(number of lines l where l.code is in labs) is less than 2"
    assert " ".join(shortened(words, 30)) == words


def test_what_is_too_long_is_cut_at_a_blank():
    found = shortened("word " * 60, 20)
    assert len(found) == 3
    assert found[-1].endswith("word …")
    assert all(len(one) <= 20 for one in found)


def test_wrapping_keeps_hyphens_together():
    assert wrapped("the rules of medicare-professional", 30, 4) == ["    the rules of", "    medicare-professional"]
    assert wrapped("", 30, 4) == ["    "]


def test_a_sentence_ends_once():
    assert [sentence(text) for text in ("It fails", "It fails.", "Does it?")] == ["It fails.", "It fails.", "Does it?"]


def test_colour():
    assert styled("deny", "bad", colour=True) == "\x1b[31mdeny\x1b[0m"
    assert styled("deny", "bad", colour=False) == "deny"
    assert styled("", "bad", colour=True) == ""
