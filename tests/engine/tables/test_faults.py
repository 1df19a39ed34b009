"""How a message quotes what was found."""

import pytest

from sequela.engine.tables.faults import quoted


@pytest.mark.parametrize(
    ("text", "shown"),
    [("E1", "`E1`"), (" a\n b ", "`a b`"), (" ", "an empty cell"), ("x" * 80, f"`{'x' * 60} …`")],
)
def test_quoted(text, shown):
    assert quoted(text) == shown
