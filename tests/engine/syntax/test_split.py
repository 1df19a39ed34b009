import pytest

from sequela.engine.source import Source
from sequela.engine.syntax.scan import scan
from sequela.engine.syntax.split import split


def openers(text):
    return [" ".join(token.text for token in run[:2]) for run in split(scan(Source("", text), text)[0])]


def test_declarations_need_no_line_of_their_own():
    text = 'ruleset a "A" use b, c codes d of HCPCS 99213 rule E "e" for the claim forbidden if fail deny test E'
    assert openers(text) == ["ruleset a", "use b", "codes d", "rule E", "test E"]


@pytest.mark.parametrize(
    "text",
    [
        "value rule as text, source as number",
        "key codes of HCPCS, table under ICD10CM, use in codes of ICD10CM",
        "in force source to use",
        "by payer, test",
        "with the same payer look up",
        "visit.rule is 3 and x.test is 4",
        'line 2 without payer case "next"',
        "asking line 2 payer expect fail",
        "primaries as codes of HCPCS",
    ],
)
def test_columns_and_facts_may_bear_such_words(text):
    assert len(openers(f"table t {text}")) == 1


def test_a_column_before_a_declaration():
    assert openers('table a "A" in force value to source source NCCI-MANUAL') == ["table a", "source NCCI-MANUAL"]
