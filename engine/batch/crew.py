"""Crew: the processes that decide, and who looks after each of them.

In:   chunks, one after the other.              Out: `on_done` is called with each chunk and what was made of it.
Uses: batch.wire, threads, processes.           Used by: batch.run.
Not here: deciding (worker); what done means (journal).

Each process has a thread that gives it a chunk and waits. A process that dies loses nothing: another one takes its place and its
chunk. A claim at which a process died twice is left out and becomes a reject.
"""

import os
import queue
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from attrs import define, field, frozen

import sequela
from sequela.engine.batch.chunks import Chunk
from sequela.engine.batch.wire import IDLE, PLACE, Failed, Hello, Made, Ready, Task, receive, send

COMMAND: Final = "batch-worker"
"""The hidden command of cli.py that is a worker."""

_OFTEN: Final = 2
"""A claim at which so many processes died is left out."""
_BARREN: Final = 3
"""So many processes may die on one chunk without having begun a claim."""
_HOPELESS: Final = 20
"""So many claims of one chunk may be left out; then it is no claim's fault."""
_WAIT: Final = 0.2
_PATIENCE: Final = 2.0
"""Seconds in which a process ends that nobody asks any more."""


def command_line() -> list[str]:
    """What starts a worker: cli.py by its place, which also runs where Sequela is not installed."""
    return [sys.executable, "-P", str(Path(sequela.__file__).parent / "cli.py"), COMMAND]


class CrewFailed(Exception):
    """The work cannot go on; says why."""

    def __init__(self, failed: Failed) -> None:
        super().__init__(failed)
        self.failed = failed


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """What is started meanwhile never hears an interrupt, not even while it starts: it ends when its work does."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@frozen(eq=False)
class Worker:
    """A process that decides, from this side."""

    process: "subprocess.Popen[bytes]"
    place_file: Path

    def ask(self, task: Task) -> Made | Failed | None:
        """What it makes of a chunk; None where it died over it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            send(self.process.stdin, task)  # type: ignore[arg-type]
        except OSError:
            return None
        answer: Made | Failed | None = receive(self.process.stdout)  # type: ignore[arg-type]
        return answer

    @property
    def place(self) -> int:
        """The claim of its chunk that it was at last, from 0; negative where it was at none."""
        found: int = PLACE.unpack(self.place_file.read_bytes())[0]
        return found

    def end(self) -> None:
        """End it: nobody asks it any more; it may say its last word."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was not sent yet has no reader any more
                    continue
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@define(eq=False)
class Crew:
    """So many workers. Use as a context: whatever happens, no process is left behind.

    `hello` says by what they decide (its place is set for each), `rules` and `tables` which digests they must have.
    `on_done` is called by one thread at a time; an OSError of it ends the work.
    """

    hello: Callable[[int], Hello]
    digests: tuple[str, str]
    jobs: int
    on_done: Callable[[Chunk, Made], None]
    deaths: int = field(default=0, init=False)
    """How many processes died; what they were at was done again."""
    _tasks: "queue.Queue[Chunk | None]" = field(init=False)
    _threads: list[threading.Thread] = field(factory=list, init=False)
    _workers: dict[int, Worker] = field(factory=dict, init=False)
    _failed: list[Failed] = field(factory=list, init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False)
    _stopping: threading.Event = field(factory=threading.Event, init=False)

    def __attrs_post_init__(self) -> None:
        self._tasks = queue.Queue(maxsize=max(2, self.jobs // 2))

    def __enter__(self) -> "Crew":
        for number in range(self.jobs):
            thread = threading.Thread(target=self._serve, args=(number,), daemon=True)
            self._threads.append(thread)
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End every process, at once."""
        self._stopping.set()
        with self._lock:
            for worker in self._workers.values():
                worker.process.kill()
        for thread in self._threads:
            thread.join()

    def give(self, chunk: Chunk) -> None:
        """Have a chunk done, when a worker has time. Raises CrewFailed."""
        self._put(chunk)

    def finish(self) -> None:
        """Wait until all that was given is done. Raises CrewFailed."""
        for _ in range(self.jobs):
            self._put(None)
        for thread in self._threads:
            while thread.is_alive():
                thread.join(_WAIT)
                self._raise()
        self._raise()

    def _put(self, task: Chunk | None) -> None:
        while True:
            self._raise()
            try:
                self._tasks.put(task, timeout=_WAIT)
            except queue.Full:
                continue
            return

    def _raise(self) -> None:
        if self._failed:
            raise CrewFailed(self._failed[0])

    # ------------------------------------------------------------ in the thread of a worker

    def _serve(self, number: int) -> None:
        try:
            while not self._stopping.is_set():
                try:
                    chunk = self._tasks.get(timeout=_WAIT)
                except queue.Empty:
                    continue
                made = None if chunk is None else self._made(number, chunk)
                if made is None or chunk is None:
                    return
                if isinstance(made, Failed):
                    self._fail(made)
                    return
                self._commit(chunk, made)
        finally:
            worker = self._workers.pop(number, None)
            if worker is not None:
                worker.end()

    def _commit(self, chunk: Chunk, made: Made) -> None:
        with self._lock:
            if self._stopping.is_set():
                return
            try:
                self.on_done(chunk, made)
            except OSError as error:
                self._fail(Failed(error.strerror or str(error), error.errno))

    def _fail(self, failed: Failed) -> None:
        self._failed.append(failed)
        self._stopping.set()

    def _made(self, number: int, chunk: Chunk) -> Made | Failed | None:
        """What is made of a chunk, by as many workers as it takes; None where the work is to stop."""
        deaths: Counter[int] = Counter()
        without: set[int] = set()
        while not self._stopping.is_set():
            worker = self._workers.get(number) or self._start(number)
            if isinstance(worker, Failed):
                return worker
            if worker is not None:
                answer = worker.ask(Task(chunk, tuple(sorted(without))))
                if answer is not None:
                    return answer
            if self._stopping.is_set():
                return None
            at = IDLE if worker is None else worker.place
            at = max(at, IDLE)
            deaths[at] += 1
            self.deaths += 1
            if at == IDLE and deaths[at] >= _BARREN:
                return Failed(f"{_BARREN} processes ended, one after the other, and not over a claim")
            if at != IDLE and deaths[at] >= _OFTEN:
                without.add(at)
            if len(without) > _HOPELESS:
                return Failed(f"{len(without)} of {chunk.count} claims ended the processes that decided them")
            gone = self._workers.pop(number, None)
            if gone is not None:
                gone.end()
        return None

    def _start(self, number: int) -> Worker | Failed | None:
        """A new process that has opened the rulebook; None where it died over it."""
        hello = self.hello(number)
        try:
            hello.place.write_bytes(PLACE.pack(IDLE))
            with _interrupts_held_back():
                process = subprocess.Popen(
                    command_line(),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    env={**os.environ, "PYTHONPATH": os.pathsep.join(one for one in sys.path if one)},
                )
        except OSError as error:
            return Failed(error.strerror or str(error), error.errno)
        worker = Worker(process, hello.place)
        with self._lock:
            self._workers[number] = worker
            if self._stopping.is_set():
                process.kill()
        ready = _greeted(worker, hello)
        if ready is None:
            return None
        if (ready.rules, ready.tables) != self.digests:
            return Failed("the rules or tables were changed while the batch was at work")
        return worker


def _greeted(worker: Worker, hello: Hello) -> Ready | None:
    """The first word of a process; None where it died over it."""
    streams: tuple[Any, Any] = worker.process.stdin, worker.process.stdout
    try:
        send(streams[0], hello)
    except OSError:
        return None
    ready: Ready | None = receive(streams[1])
    return ready
