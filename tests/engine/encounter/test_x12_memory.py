"""A file of any size is read in the same memory."""

import io
import tracemalloc

from sequela.engine.encounter.from_x12 import read_x12
from x12_made import BILLER, CLAIM, LINE, SUBSCRIBER, interchange, transaction, written


class Endless(io.RawIOBase):
    """A stream of claims that are made when they are asked for."""

    def __init__(self, claims):
        head, tail = interchange(["@"])[:2], interchange([])[-2:]
        whole = transaction(*BILLER, *SUBSCRIBER)
        self.parts = self.made(written([*head, *whole[:-1]]), claims, written([whole[-1], *tail]))
        self.rest = b""

    def made(self, head, claims, tail):
        yield head
        for number in range(claims):
            yield written([CLAIM[0].replace("C-1", f"C-{number}"), *CLAIM[1:], *LINE])
        yield tail

    def read(self, size=-1):
        while len(self.rest) < size:
            part = next(self.parts, None)
            if part is None:
                break
            self.rest += part
        found, self.rest = self.rest[:size], self.rest[size:]
        return found


def peak(claims):
    tracemalloc.start()
    count = sum(found.encounter is not None for found in read_x12(Endless(claims), "made.837"))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == claims
    return most


def test_memory_does_not_grow_with_the_file():
    peak(50)
    few, many = peak(500), peak(2500)
    assert many - few < 400_000
