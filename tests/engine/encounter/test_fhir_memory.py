"""Lines of FHIR of any number are read in the same memory."""

import io
import json
import tracemalloc
from pathlib import Path

import sequela
from sequela.engine.encounter.read import read

SAMPLES = Path(sequela.__file__).parent / "tests" / "samples"


class Endless(io.RawIOBase):
    """A stream of resources that are made when they are asked for."""

    def __init__(self, count):
        benefit = json.loads((SAMPLES / "three-claims-benefits.ndjson").read_text().splitlines()[0])
        self.parts = (
            json.dumps({**benefit, "identifier": [{"value": f"C-{number}"}]}).encode() + b"\n"
            for number in range(count)
        )
        self.rest = b""

    def readable(self):
        return True

    def readinto(self, buffer):
        while len(self.rest) < len(buffer):
            part = next(self.parts, None)
            if part is None:
                break
            self.rest += part
        size = min(len(buffer), len(self.rest))
        buffer[:size], self.rest = self.rest[:size], self.rest[size:]
        return size


def peak(count):
    tracemalloc.start()
    read_claims = sum(one.encounter is not None for one in read(io.BufferedReader(Endless(count)), "made.ndjson"))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert read_claims == count
    return most


def test_memory_does_not_grow_with_the_file():
    peak(30)
    assert peak(400) < peak(100) + 100_000
