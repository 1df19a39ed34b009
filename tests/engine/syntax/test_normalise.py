import pytest

from sequela.engine.syntax.normalise import normalise


@pytest.mark.parametrize(
    ("pasted", "plain"),
    [
        ("case “no modifier”", 'case "no modifier"'),
        ("case „no modifier“", 'case "no modifier"'),
        ("case «no modifier»", 'case "no modifier"'),
        ('case “no modifier"', 'case "no modifier"'),
        ('case "no modifier”', 'case "no modifier"'),
        ('say "the “principal” diagnosis"', 'say "the “principal” diagnosis"'),
        ("for\u00a0each\u2009line", "for each line"),
        ("\ufeffruleset", " ruleset"),
        ("2026–03–02", "2026-03-02"),
        ("MOD‑25", "MOD-25"),
        ("99211 – 99213", "99211 – 99213"),
        ("E08 … E13", "E08 … E13"),
        ("a\r\nb\rc", "a \nb\nc"),
        ("a\u2028b", "a\nb"),
        ("# a remark – with “quotes”", "# a remark – with “quotes”"),
        ('say "from 5–7 “days”"', 'say "from 5–7 “days”"'),
        ("plain\ttext", "plain\ttext"),
    ],
)
def test_pasted_text_is_read_as_meant(pasted, plain):
    assert normalise(pasted) == plain
    assert len(normalise(pasted)) == len(pasted)


def test_an_apostrophe_stays():
    assert normalise('say "the patient’s age"') == 'say "the patient’s age"'
