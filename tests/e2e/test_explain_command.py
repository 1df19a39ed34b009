"""`sequela explain` as its reader meets it: what failed in full, what waits for one and the same thing in a line."""

from pathlib import Path

import pytest
from click.testing import CliRunner

import sequela
from sequela.cli import main

SAMPLES = Path(sequela.__file__).parent / "tests" / "samples"
ASKED = ("explain", str(SAMPLES / "clinic-day.837"), "--claim", "CD-002", "--data", str(SAMPLES / "tables"))


@pytest.fixture
def explained():
    def call(*words: str) -> str:
        done = CliRunner().invoke(main, [*ASKED, *words])
        assert done.exit_code == 0, done.output
        return done.stdout

    return call


def test_rules_that_wait_for_the_same_stand_in_one_line(explained) -> None:
    text = explained()
    assert text.startswith("DENY  MOD-25")
    assert "UNKNOWN  6 rules: not known: whether the history is complete (--rule explains one)" in text
    assert "    HIST-DUPLICATE, HIST-DUPLICATE-LIKELY," in text
    assert "This would settle it" not in text


def test_one_that_is_asked_for_is_told_in_full(explained) -> None:
    text = explained("--rule", "HIST-DUPLICATE")
    assert "This would settle it" in text
    assert "6 rules" not in text
    assert "This would settle it" in explained("--line", "1")


def test_what_would_change_a_failure_says_what_the_record_would_have_to_show(explained) -> None:
    lines = explained("--rule", "MOD-25").splitlines()
    (first,) = [at for at, line in enumerate(lines) if line.strip() == "What would change it"]
    assert "needs documentation: the record shows a significant, separately" in lines[first + 1]
