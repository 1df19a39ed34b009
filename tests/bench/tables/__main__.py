"""Measure the store of imported tables against a dict of tuples: `python tests/bench/tables [ROWS]`.

Makes up pairs of procedure codes in the shape of the published pair edits, writes them as one release, opens it, and looks
codes up that are there and codes that are not. Each part runs in a process of its own, so that its peak memory is its own.
Made-up codes; no published table is read.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from sequela.engine.tables.delimited import Batch
from sequela.engine.tables.model import KeyColumn, TableShape, ValueColumn
from sequela.engine.tables.releases import open_releases
from sequela.engine.tables.store_format import Manifest, verify
from sequela.engine.tables.store_write import write_release
from sequela.engine.vocabulary.kinds import CodeOf, Scalar
from sequela.engine.vocabulary.systems import System

HCPCS = CodeOf(System.HCPCS)
SHAPE = TableShape(
    name="ptp",
    title="Pairs",
    keys=(KeyColumn("column-1", HCPCS), KeyColumn("column-2", HCPCS)),
    values=(ValueColumn("indicator", Scalar.TEXT), ValueColumn("rationale", Scalar.TEXT)),
    in_force=("effective", "ended"),
)
CODES = 16_000
BATCH = 20_000
ASKED = 300_000
PARTS_TIMED = 30
ON = date(2026, 5, 1)
RATIONALES = [f"reason {number} for which the second procedure is part of the first" for number in range(12)]


def codes() -> list[str]:
    """Codes of the form of HCPCS, in order."""
    some = random.Random(1)
    return sorted(some.sample([f"{number:05}" for number in range(100, 99_990)], CODES))


def pairs(count: int) -> Iterator[tuple[str, str]]:
    """`count` different pairs, sorted by the first code and in no order within it, as published files come."""
    some, have = random.Random(2), codes()
    each = count // CODES
    for at, first in enumerate(have):
        size = each + (1 if at < count - each * CODES else 0)
        for second in some.sample(have, size):
            yield first, second


def batches(count: int) -> Iterator[Batch]:
    """The rows as batches of text, from four files as the publisher parts them."""
    some = random.Random(3)
    starts = [f"{year}-{month:02}-01" for year in range(1996, 2027) for month in (1, 4, 7, 10)][:122]
    rows, number = pairs(count), 0
    while part := list(islice(rows, BATCH)):
        first, second = zip(*part, strict=True)
        starting = some.choices(starts, k=len(part))
        ends = [f"{int(day[:4]) + 1}{day[4:]}" if some.random() < 0.3 else "" for day in starting]
        columns = first, second, some.choices("01", k=len(part)), some.choices(RATIONALES, k=len(part)), starting, ends
        file = f"pairs-f{1 + 4 * number // count}.txt"
        yield Batch(columns, range(number + 2, number + 2 + len(part)), file=file)
        number += len(part)


def questions(count: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Pairs that are in the table, in no order, and pairs that are not."""
    some, have = random.Random(4), codes()
    there = list(pairs(count))
    held = set(there)
    hits = some.choices(there, k=ASKED)
    misses: list[tuple[str, str]] = []
    while len(misses) < ASKED:
        pair = some.choice(have), some.choice(have)
        if pair not in held:
            misses.append(pair)
    return hits, misses


def peak() -> float:
    """The greatest resident memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def resident() -> float:
    """The resident memory of this process, in MB."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def write(folder: Path, count: int) -> dict[str, float]:
    """Writes the release."""
    idle, begun = peak(), time.perf_counter()
    made = sum(len(batch.columns[0]) for batch in batches(count))
    making = time.perf_counter() - begun
    begun = time.perf_counter()
    manifest = Manifest(table="ptp", title="Pairs", source="pairs.zip", publisher="made up", release="2026q2")
    written = write_release(folder, SHAPE, batches(count), manifest)
    assert written.path is not None
    assert made == written.manifest.rows
    return {
        "writing s (less the making up)": time.perf_counter() - begun - making,
        "peak MB": peak(),
        "idle MB": idle,
        "disk MB": written.path.stat().st_size / 1e6,
    }


def read(folder: Path, count: int) -> dict[str, float]:
    """Opens the release and asks it."""
    path = folder / "ptp.table" / "2026q2.sqt"
    before = resident()
    begun = time.perf_counter()
    table = open_releases(SHAPE, [path])
    opening = time.perf_counter() - begun
    again = time.perf_counter()
    table = open_releases(SHAPE, [path])
    opened = time.perf_counter() - again
    assert not isinstance(table, tuple)
    open_mb = resident() - before
    hits, misses = questions(count)
    strange = [("ZZZZZ", second) for _, second in hits]
    before = resident()
    found = {
        "first opening ms": opening * 1e3,
        "opening ms": opened * 1e3,
        "opening MB": open_mb,
        "first look-up us": timed(table.look_up, hits[:1]),
    }
    timed(table.look_up, hits[:20_000])
    found |= {"us per hit": timed(table.look_up, hits), "us per miss": timed(table.look_up, misses)}
    return found | {"us per strange code": timed(table.look_up, strange), "asked MB": resident() - before}


def timed(look_up: Callable[[tuple[str, str], date], object], keys: list[tuple[str, str]]) -> float:
    """Microseconds for each look-up: those of the quickest of thirty parts, since others use the machine too."""
    size = max(len(keys) // PARTS_TIMED, 1)
    best = float("inf")
    for at in range(0, len(keys), size):
        part = keys[at : at + size]
        begun = time.perf_counter()
        for pair in part:
            look_up(pair, ON)
        best = min(best, (time.perf_counter() - begun) / len(part) * 1e6)
    return best


def baseline(folder: Path, count: int) -> dict[str, float]:
    """The same in a dict of tuples."""
    before, begun = resident(), time.perf_counter()
    held: dict[tuple[str, str], list[tuple[int, int, str, str, int]]] = {}
    number = 0
    for batch in batches(count):
        for first, second, indicator, why, start, end in zip(*batch.columns, strict=True):
            number += 1
            period = date.fromisoformat(start).toordinal(), date.fromisoformat(end).toordinal() if end else 10**7
            held.setdefault((first, second), []).append((*period, indicator, why, number))
    building = time.perf_counter() - begun
    size = resident() - before
    hits, misses = questions(count)
    day = ON.toordinal()

    def look_up(pair: tuple[str, str], on: date) -> list[tuple[int, int, str, str, int]]:
        return [row for row in held.get(pair, ()) if row[0] <= day <= row[1]]

    found = {"building s": building, "MB": size}
    return found | {"us per hit": timed(look_up, hits), "us per miss": timed(look_up, misses)}


def in_its_own_process(part: str, folder: Path, count: int) -> dict[str, float]:
    """What a part measures."""
    command = [sys.executable, __file__, part, str(folder), str(count)]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(out)
    return found


def main() -> None:
    """Runs every part and prints what it measured."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_500_000
    with tempfile.TemporaryDirectory() as folder:
        found = {part: in_its_own_process(part, Path(folder), count) for part in PARTS}
        begun = time.perf_counter()
        assert verify(Path(folder) / "ptp.table" / "2026q2.sqt") is None
        found["read"]["verifying s"] = time.perf_counter() - begun
    print(f"{count:,} rows, {CODES:,} codes, {ASKED:,} look-ups of each kind")
    for part, measures in found.items():
        for name, value in measures.items():
            print(f"  {part:<9} {name:<32} {value:>10.2f}")
    store, plain = found["read"], found["baseline"]
    print(
        f"  ratio: hit {store['us per hit'] / plain['us per hit']:.1f} x, miss {store['us per miss'] / plain['us per miss']:.1f} x"
    )
    print(f"  ratio: memory 1 / {plain['MB'] / max(store['asked MB'] + store['opening MB'], 0.1):.0f}")


PARTS = {"write": write, "read": read, "baseline": baseline}

if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(PARTS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))))
    else:
        main()
