r"""The screen: standard output and standard error as commands use them: colour, a progress line, a closed pipe.

In:   texts.    Out: bytes on the two streams.
Uses: nothing.  Used by: every command.

What a claim holds never moves the cursor: control characters are shown as they would be written (`\x1b`).
"""

import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import PurePath
from types import TracebackType
from typing import Final, TextIO

CLEAN: Final = 0
FOUND: Final = 1
FAILED: Final = 2

_STYLES: Final = {"strong": "1", "bad": "31", "good": "32", "doubt": "33", "quiet": "2"}
_QUIET_SECONDS: Final = 1.0
_EVERY_SECONDS: Final = 0.2
_BAR: Final = 24
_LARGE: Final = 1000
"""A claim of more lines than this is named before it is decided, so that nobody wonders what takes so long."""

_CONTROL: Final = re.compile("(\x1b\\[[0-9;]*m)|[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def wants_colour(stream: TextIO) -> bool:
    """Colour only on a terminal; `NO_COLOR` takes it away and `FORCE_COLOR` brings it."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or stream.isatty()


def screen_width() -> int:
    """How wide a line may be: as wide as the terminal; elsewhere as wide as it wants to be."""
    return max(80, _columns()) if sys.stdout.isatty() else sys.maxsize


def _columns() -> int:
    """How many characters a line of the terminal has; what COLUMNS says goes before what the terminal says."""
    said = os.environ.get("COLUMNS", "")
    try:
        return int(said) if said.isdigit() and int(said) else os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return 80


def styled(text: str, style: str, colour: bool) -> str:
    """The text in a style (strong, bad, good, doubt, quiet) where colour is wanted."""
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if colour else text


def plain(text: str, colour: bool) -> str:
    r"""A text without control characters but line breaks, tabs and, where colour is wanted, colours.

    >>> plain("C-1\x1b[2J", False)
    'C-1\\x1b[2J'
    """

    def shown(found: re.Match[str]) -> str:
        if found[1] and colour:
            return found[1]
        return f"{ascii(found[0][0])[1:-1]}{found[0][1:]}"

    return _CONTROL.sub(shown, text)


def out(text: str) -> None:
    """A line of results."""
    _whole(lambda: sys.stdout.write(plain(text, wants_colour(sys.stdout)) + "\n"))


def out_bytes(line: bytes) -> None:
    """A line of results for programs: UTF-8 whatever the screen can show."""
    sys.stdout.flush()
    _whole(lambda: sys.stdout.buffer.write(line + b"\n"))


def _whole(write: Callable[[], object]) -> None:
    """Write something whole: an interrupt waits until it is out, so that a program never reads half a line."""
    waits = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not waits or threading.current_thread() is not threading.main_thread():
        write()
        return
    asked: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: asked.append(number))
    try:
        write()
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if asked:
        raise KeyboardInterrupt


def note(text: str) -> None:
    """A line of everything else: after the results so far, so that the two keep their order on a screen."""
    sys.stdout.flush()
    sys.stderr.write(plain(text, wants_colour(sys.stderr)) + "\n")
    sys.stderr.flush()


def own_fault(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    """Say that Sequela itself failed, without the claim and without a traceback, and leave with 2; a `sys.excepthook`.

    With `SEQUELA_TRACEBACK` in the environment the traceback is printed, for whoever mends it.
    """
    if os.environ.get("SEQUELA_TRACEBACK"):
        sys.__excepthook__(kind, fault, trace)
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = (
        f" in {PurePath(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno}" if trace is not None else ""
    )
    note(f"Sequela itself failed: {kind.__name__}{where}. What was finished stands above; the rest was not done.")
    note("Please report it. With SEQUELA_TRACEBACK=1 in the environment, the whole trace is printed.")
    raise SystemExit(FAILED)


def close_quietly() -> None:
    """The reader of our output is gone (`| head`): say no more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Progress:
    """A line on a terminal that says how far a long work is; nothing elsewhere, and nothing in the first second.

    `total` is in bytes where it is known (0: it is not); `at` says how many of them were read. `before` of them were done
    before this work began: what is left is told by how fast the others went.
    """

    def __init__(self, noun: str, total: int, before: int = 0) -> None:
        self._noun = noun
        self._total = total
        self._before = before
        self._start = self._last = time.monotonic()
        self._on = sys.stderr.isatty()
        self._shown = False
        self._count = 0

    def begin(self, name: str, lines: int) -> None:
        """A claim is about to be decided; one of very many lines is named, because it may take a while."""
        if self._on and lines > _LARGE:
            self._show(f"{name} has {lines:,} lines; it is being checked …")

    def restart(self, total: int) -> None:
        """Another work begins, of `total` bytes; what was counted so far is forgotten."""
        self._total, self._count, self._before = total, 0, 0
        self._start = self._last = time.monotonic()

    def step(self, at: int = 0, more: int = 1) -> None:
        """`more` are done; `at` bytes of the input were read."""
        self._count += more
        if not self._on:
            return
        now = time.monotonic()
        if now - self._start < _QUIET_SECONDS or now - self._last < _EVERY_SECONDS:
            return
        self._last = now
        rate = self._count / (now - self._start)
        line = f"{self._count:,} {self._noun}  {rate:,.0f} a second"
        if self._before < at < self._total:
            share = at / self._total
            left = (now - self._start) * (self._total - at) / (at - self._before)
            line = f"[{'#' * int(share * _BAR):<{_BAR}}] {share:4.0%}  {line}  {left:,.0f} s left"
        self._show(line)

    def say(self, text: str) -> None:
        """Something that takes its time, in words; nothing in the first second."""
        if self._on and time.monotonic() - self._start >= _QUIET_SECONDS:
            self._show(text)

    def make_room(self) -> None:
        """Take the line away where results come onto the same screen."""
        if self._shown and sys.stdout.isatty():
            self.clear()

    def clear(self) -> None:
        """Take the line away again."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = False

    def _show(self, line: str) -> None:
        sys.stdout.flush()
        sys.stderr.write(f"\r\x1b[K{plain(line, False)}")
        sys.stderr.flush()
        self._shown = True
