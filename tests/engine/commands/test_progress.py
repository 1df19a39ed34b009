"""The line on a terminal that says how far a long work is."""

import io
from types import SimpleNamespace

import pytest

from sequela.engine.commands import screen
from sequela.engine.commands.screen import Progress


class Terminal(io.StringIO):
    """A standard error that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch):
    stream, now = Terminal(), [100.0]
    monkeypatch.setattr(screen, "sys", SimpleNamespace(stderr=stream, stdout=io.StringIO()))
    monkeypatch.setattr(screen.time, "monotonic", lambda: now[0])

    def at(seconds: float) -> str:
        """What stands on the line; the clock moves on."""
        now[0] += seconds
        return stream.getvalue().rpartition("\r\x1b[K")[2]

    return at


def test_nothing_is_said_in_the_first_second(terminal) -> None:
    progress = Progress("claims", 1_000)
    terminal(0.9)
    progress.step(500, 50)
    assert terminal(0) == ""


def test_share_rate_and_what_is_left(terminal) -> None:
    progress = Progress("claims", 1_000)
    terminal(10)
    progress.step(250, 5_000)
    assert terminal(0) == "[######                  ]  25%  5,000 claims  500 a second  30 s left"


def test_what_was_done_before_is_of_the_share_and_not_of_the_rate(terminal) -> None:
    progress = Progress("claims", 1_000, 500)
    terminal(10)
    progress.step(750, 5_000)
    assert terminal(0) == "[##################      ]  75%  5,000 claims  500 a second  10 s left"
    progress.clear()
    assert terminal(0) == ""
