"""Pages are read, found and guessed."""

import pytest

from sequela.engine.diagnostics.model import Severity
from sequela.engine.diagnostics.registry import PageError, all_codes, nearest_code, normal_code, page, read_page

TEXT = """# SEQ203 A name that is not declared
severity: error

What it means.

## Fails
```csv name=limits.csv
code,units
```
```rules
ruleset a "b"
```

## Corrected
```rules
ruleset a "c"
```
"""


def test_a_page_is_read_in_its_parts():
    read = read_page(TEXT)
    assert (read.code, read.title, read.severity, read.text) == (
        "SEQ203",
        "A name that is not declared",
        Severity.ERROR,
        "What it means.",
    )
    assert [(example.language, example.name, example.text) for example in read.fails] == [
        ("csv", "limits.csv", "code,units\n"),
        ("rules", None, 'ruleset a "b"\n'),
    ]
    assert [example.text for example in read.corrected] == ['ruleset a "c"\n']


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("# SEQ203 A", "# 203 A"),
        ("severity: error", "severity: bad"),
        ("severity: error", "error"),
        ("## Corrected", "## Better"),
        ('```rules\nruleset a "c"\n```', ""),
    ],
)
def test_a_page_with_a_part_missing_is_refused(was, becomes):
    assert was in TEXT
    with pytest.raises(PageError):
        read_page(TEXT.replace(was, becomes))


def test_every_page_can_be_found_by_its_code_however_written():
    for code in all_codes():
        found = page(code)
        assert found is not None
        assert found.code == code
        assert page(code.lower()) is found or page(code.lower()) == found
        assert nearest_code(code[3:]) == code


def test_an_unknown_code_has_no_page():
    assert page("SEQ000") is None
    assert page("nonsense") is None
    assert nearest_code("nonsense") is None
    assert normal_code("seq-203") == "SEQ203"
