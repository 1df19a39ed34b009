"""Measures one thing in a process of its own, and prints one JSON line: `python measure.py PART SIZE [ENCOUNTERS]`.

Times are CPU time of the process on one core. Ours and the baseline take turns over the same encounters; the ratio is that of their
quickest turns. What is compared has given the same verdicts before.
"""

import ctypes
import gc
import importlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import workload
from adapters import python as baseline
from adapters import sequela_

import sequela
from sequela.engine.encounter.from_json import to_json
from sequela.engine.pipeline.opening import open_rulebook
from sequela.engine.pipeline.rulebook import Rulebook

BENCH = Path(__file__).parent
TURNS = 9
WARM_UP = 2000
"""So many claims are met before those of a stream that are timed."""
MOVED = re.compile(rb'"(201[789])-')
cpu = time.process_time


def turns(encounters, **runs):
    """Microseconds per encounter of each function: its quickest turn over all of them."""
    gc.collect()
    gc.freeze()
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(TURNS):
        for name, (function, given) in runs.items():
            begun = cpu()
            for one in given:
                function(one)
            best[name] = min(best[name], (cpu() - begun) / len(encounters) * 1e6)
    return best


def slowest(function, given):
    """The CPU time of which one in a hundred takes longer, in microseconds."""
    clock = time.process_time_ns
    over = sorted(clock() * -1 + clock() for _ in range(2000))[1000]
    taken = []
    for one in given[:5000]:
        begun = clock()
        function(one)
        taken.append(clock() - begun - over)
    return sorted(taken)[int(len(taken) * 0.99)] / 1e3


def agree(ours, theirs, encounters):
    """Stops where the verdicts of two engines differ."""
    for one in encounters:
        got, want = set(ours(one)), set(theirs(one))
        assert got == want, f"{one['id']}: extra {sorted(got - want)[:3]}, missing {sorted(want - got)[:3]}"


def rules(size, count):
    """Targets 1, 2, 5 and 9: an encounter object to its ledger, and to its verdicts alone."""
    work = workload.Workload()
    encounters, neutral = work.encounters(count), work.rules(size)
    ours, hand = sequela_.Adapter(), baseline.Adapter()
    ours.load_rules(neutral)
    hand.load_rules(neutral)
    agree(ours.fails, hand.fails, encounters)
    claims = [ours.read[id(one)] for one in encounters]
    found = turns(
        encounters,
        hand=(hand.fails, encounters),
        ledger=(ours.book.check, claims),
        verdicts=(ours.book.failed_rules, claims),
    )
    return found | {"p99": slowest(ours.book.check, claims), "hand_p99": slowest(hand.fails, encounters)}


def engine(name, size, count):
    """Target 4: another engine, which explains nothing, beside our ledgers."""
    work = workload.Workload()
    encounters, neutral = work.encounters(count), work.rules(size)
    other, ours = importlib.import_module(f"adapters.{name}").Adapter(), sequela_.Adapter()
    other.load_rules(neutral)
    ours.load_rules(neutral)
    for one in encounters:
        ours.fails(one)
    claims = [ours.read[id(one)] for one in encounters]
    best = {"ledger": turns(encounters, ledger=(ours.book.check, claims))["ledger"]}
    begun = cpu()
    if other.kind == "batch":
        other.ingest(encounters)
        begun = cpu()
        other.run()
    else:
        agree(other.fails, ours.fails, encounters[:100])
        begun = cpu()
        for one in encounters:
            other.fails(one)
    return best | {"other": (cpu() - begun) / len(encounters) * 1e6}


def texts(size, count):
    """Target 3: JSON bytes to explained ledgers, against DuckDB that reads the same encounters and runs the rules as SQL."""
    duckdb = importlib.import_module("adapters.duckdb_json")
    work = workload.Workload()
    encounters, neutral = work.encounters(count), work.rules(size)
    ours = sequela_.Adapter()
    ours.load_rules(neutral)
    ours.fails(encounters[0])
    lines = [sequela_.json_text(one) for one in encounters]
    other, taken = None, []
    for _ in range(3):
        other = duckdb.Adapter()
        other.load_rules(neutral)
        other.prepare(encounters)
        begun = cpu()
        other.ingest(encounters)
        other.run()
        taken.append((cpu() - begun) / len(encounters) * 1e6)
    got = {(at, rule) for at, one in enumerate(lines) for rule in ours.book.check(one).failed_rules}
    assert got == other.verdicts(encounters)
    return turns(encounters, ledger=(ours.book.check, lines)) | {"duckdb": min(taken)}


def resident():
    """The resident memory of this process in MiB, after what was freed is given back."""
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    return psutil.Process().memory_info().rss / 2**20


def table(size, count):
    """Targets 6 and 7: the pair table."""
    work = workload.Workload()
    encounters, columns = work.encounters(count), work.ptp_table(size)
    folder = Path(tempfile.mkdtemp(prefix="sequela-pairs-"))
    try:
        begun = cpu()
        sequela_.write_table(folder, columns)
        compiled = cpu() - begun
        open_rulebook([folder / "bench.rules"], data=[folder], use_cache=False)
        before, begun = resident(), cpu()
        book = open_rulebook([folder / "bench.rules"], data=[folder], use_cache=False)
        opened, ours_mib = cpu() - begun, resident() - before
        claims = [sequela_.encounter(one) for one in encounters]
        read = resident()
        for one in claims:
            book.check(one)
        ours_mib += resident() - read
        hand = baseline.Adapter()
        before, begun = resident(), cpu()
        hand.load_table(columns)
        built = cpu() - begun
        hand_mib = resident() - before
        for one, claim in zip(encounters, claims, strict=True):
            assert set(hand.fails(one)) == book.failed_rules(claim), one["id"]
        found = turns(encounters, hand=(hand.fails, encounters), ledger=(book.check, claims))
        return found | {
            "compiled_s": compiled,
            "opened_s": opened,
            "built_s": built,
            "mib": ours_mib,
            "hand_mib": hand_mib,
        }
    finally:
        shutil.rmtree(folder)


def compiling(size, _):
    """Target 8: compiling rules from text, after one of them changed, and starting from the cache; each in a fresh process."""
    folder = Path(tempfile.mkdtemp(prefix="sequela-rules-"))
    try:
        text = sequela_.rule_text(workload.Workload().rules(size))
        path = folder / "bench.rules"
        path.write_text(text)
        os.environ["SEQUELA_CACHE"] = str(folder / "cache")
        again = [sys.executable, __file__, "opening", str(path)]
        found = {"lines": text.count("\n"), "compiled_s": own_process(again)["opened_s"]}
        found["cached_s"] = min(own_process(again)["opened_s"] for _ in range(3))
        path.write_text(text.replace("is at most 1\n", "is at most 7\n", 1))
        return found | {"changed_s": own_process(again)["opened_s"]}
    finally:
        shutil.rmtree(folder)


def opening(path):
    """How long a rulebook takes to open, with nothing but imports before."""
    begun = cpu()
    book = open_rulebook([Path(path)])
    assert isinstance(book, Rulebook)
    return {"opened_s": cpu() - begun}


def shipped(_, count):
    """Target 10: all that ships, on claims that look like those of a clinic and a hospital, by stage.

    `fresh` are claims that were never met, after others were; `again` are the same ones, met once more.
    """
    lines = made_claims(WARM_UP + count)
    return streamed(lines[:WARM_UP], lines[WARM_UP:])


def varied(_, count):
    """The same on claims with as many different codes as a year of many offices has: those of a warehouse, moved to the year at hand."""
    lines = warehouse_claims()
    return streamed(lines[:-count], lines[-count:]) if lines else {}


def streamed(before, lines):
    """Microseconds a claim of every stage, for claims never met and for the same ones met again; and the memory that they took."""
    book = open_rulebook(sequela_.SHIPPED_RULES, data=[BENCH.parent / "samples" / "tables"])
    for one in before:
        book.check(sequela_.encounter_from(one)).to_bytes()
    gc.collect()
    gc.freeze()
    resident_before = resident()
    found = {f"fresh_{name}": taken for name, taken in stages(book, lines).items()}
    found["grown_mib"] = resident() - resident_before
    again = [stages(book, lines) for _ in range(3)]
    return found | {f"again_{name}": min(one[name] for one in again) for name in again[0]}


def stages(book, lines, at_once=100):
    """Microseconds a claim of every stage, each on what the one before it gave; so many claims at once, as a stream brings them."""
    taken = dict.fromkeys(("reading", "records", "findings", "words"), 0.0)
    for begun_at in range(0, len(lines), at_once):
        given = lines[begun_at : begun_at + at_once]
        for name, stage in (
            ("reading", sequela_.encounter_from),
            ("records", book.check),
            ("findings", lambda ledger: (ledger.found, ledger)[1]),
            ("words", lambda ledger: ledger.to_bytes()),
        ):
            begun = cpu()
            given = [stage(one) for one in given]
            taken[name] += cpu() - begun
    return {name: one / len(lines) * 1e6 for name, one in taken.items()}


def cores(jobs, count):
    """Claims a second of wall time that so many processes decide and count, each with its share of claims that it never met.

    Every process opens the same rulebook (its tables are mapped, so they are shared) and warms up; then all begin together.
    """
    command = [sys.executable, __file__, "share"]
    shares = [subprocess.Popen([*command, str(share), str(jobs), str(count)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
              for share in range(jobs)]  # fmt: skip
    for one in shares:
        one.stdout.readline()
    begun = time.perf_counter()
    for one in shares:
        one.stdin.write(b"begin\n")
        one.stdin.flush()
    used = sum(float(one.stdout.readline()) for one in shares)
    seconds = time.perf_counter() - begun
    for one in shares:
        one.communicate()
    return {"claims_a_second": count / seconds, "cpu": used / count * 1e6}


def share(number, jobs, count):
    """One process of `cores`."""
    lines = made_claims(WARM_UP + count)
    book = open_rulebook(sequela_.SHIPPED_RULES, data=[BENCH.parent / "samples" / "tables"])
    for one in lines[:WARM_UP]:
        book.check(sequela_.encounter_from(one)).found  # noqa: B018 -- everything is met once
    print("ready", flush=True)
    sys.stdin.readline()
    begun = cpu()
    for one in lines[WARM_UP + number :: jobs]:
        book.check(sequela_.encounter_from(one)).found  # noqa: B018
    print(cpu() - begun, flush=True)


def made_claims(count):
    """Claims of `tests/bench/claims`, as JSON."""
    command = [sys.executable, str(BENCH / "claims"), "--count", str(count)]
    return subprocess.run(command, check=True, capture_output=True).stdout.splitlines()


def warehouse_claims():
    """Synthetic claims of 2018, where they are at hand (see tests/bench/warehouse), moved by eight years; as JSON, always in one order."""
    folder = BENCH.parents[2] / "shared" / "data" / "claims"
    if not folder.exists():
        return []
    read = sequela.read(folder / "medical_claim_sample_2018.csv", members=folder / "eligibility.csv")
    texts = [json.dumps(to_json(one.encounter)).encode() for one in read if one.encounter is not None]
    moved = [MOVED.sub(lambda year: b'"%d-' % (int(year[1]) + 8), text) for text in texts]
    random.Random(1).shuffle(moved)
    return moved


def own_process(command):
    """What a command prints as its last line of JSON."""
    out = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parent).stdout
    return json.loads(out.splitlines()[-1])


PARTS = {
    "rules": rules,
    "texts": texts,
    "table": table,
    "compiling": compiling,
    "shipped": shipped,
    "varied": varied,
    "cores": cores,
}

if __name__ == "__main__":
    part = sys.argv[1]
    if part == "opening":
        print(json.dumps(opening(sys.argv[2])))
    elif part == "engine":
        print(json.dumps(engine(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
    elif part == "share":
        share(*map(int, sys.argv[2:5]))
    else:
        print(json.dumps(PARTS[part](int(sys.argv[2]), int(sys.argv[3]))))
