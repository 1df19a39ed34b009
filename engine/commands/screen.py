"""The screen: standard output and standard error as commands use them: colour, a progress line, a closed pipe.

In:   texts.    Out: bytes on the two streams.
Uses: nothing.  Used by: every command.
"""

import os
import sys
import time
from typing import Final, TextIO

CLEAN: Final = 0
FOUND: Final = 1
FAILED: Final = 2

_STYLES: Final = {"strong": "1", "bad": "31", "good": "32", "doubt": "33", "quiet": "2"}
_QUIET_SECONDS: Final = 1.0
_EVERY_SECONDS: Final = 0.2
_BAR: Final = 24


def wants_colour(stream: TextIO) -> bool:
    """Colour only on a terminal; `NO_COLOR` takes it away and `FORCE_COLOR` brings it."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or stream.isatty()


def styled(text: str, style: str, colour: bool) -> str:
    """The text in a style (strong, bad, good, doubt, quiet) where colour is wanted."""
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if colour else text


def out(text: str) -> None:
    """A line of results."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """A line of everything else: after the results so far, so that the two keep their order on a screen."""
    sys.stdout.flush()
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def close_quietly() -> None:
    """The reader of our output is gone (`| head`): say no more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Progress:
    """A line on a terminal that says how far a long work is; nothing elsewhere, and nothing in the first second.

    `total` is in bytes where it is known (0: it is not); `at` says how many of them were read.
    """

    def __init__(self, noun: str, total: int) -> None:
        self._noun = noun
        self._total = total
        self._start = self._last = time.monotonic()
        self._on = sys.stderr.isatty()
        self._shown = False
        self._count = 0

    def step(self, at: int = 0) -> None:
        """One more is done; `at` bytes of the input were read."""
        self._count += 1
        if not self._on:
            return
        now = time.monotonic()
        if now - self._start < _QUIET_SECONDS or now - self._last < _EVERY_SECONDS:
            return
        self._last = now
        rate = self._count / (now - self._start)
        line = f"{self._count:,} {self._noun}  {rate:,.0f} a second"
        if self._total and at:
            share = min(1.0, at / self._total)
            left = (now - self._start) * (1 - share) / share
            line = f"[{'#' * int(share * _BAR):<{_BAR}}] {share:4.0%}  {line}  {left:,.0f} s left"
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()
        self._shown = True

    def clear(self) -> None:
        """Take the line away again."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = False
