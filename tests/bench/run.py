"""Measure Sequela's speed against its targets, and print them as one table: `python tests/bench/run.py [--quick]`.

Every part runs in a process of its own on one core. Ratios are taken within one process, where ours and the baseline take turns, so
that other work on the machine does not matter much. See README.md beside this file.
"""

import argparse
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CLAIM = {
    "schema": "sequela.encounter/1",
    "id": "C-1",
    "setting": "professional",
    "payer": "medicare",
    "received": "2026-03-10",
    "place": "11",
    "patient": {"birth_date": "1950-06-01", "sex": "female"},
    "provider": {"npi": "1234567893"},
    "diagnoses": [{"code": "E11.9"}, {"code": "I10"}],
    "lines": [{"code": "99213", "units": 1, "date": "2026-03-02", "charge": "120.00", "diagnoses": [1, 2]}],
}
OTHERS = {"zen_indexed": "zen", "clingo_": "clingo"}
"""Other engines, and the package that each needs: the fastest there were, up to 1,000 rules and beyond."""

STAGES = ("reading", "records", "findings", "words")
"""What is done with a claim, each on what the one before it gave."""

Row = tuple[str, float, float, float, str]
"""What, what it must be, what it aims at, what it is, the unit."""


class Bench:
    """What was asked for, and everything that was measured."""

    def __init__(self, asked: argparse.Namespace) -> None:
        self.asked = asked
        self.measured: dict[str, Any] = {}
        cores = os.sched_getaffinity(0)
        self.core = {asked.cpu} if asked.cpu in cores else cores

    def measure(self, *words: object, cores: int = 1) -> dict[str, float]:
        """What a part measures, in a process of its own; on one core, or on all that there are."""
        core = self.core if cores == 1 else os.sched_getaffinity(0)
        name = " ".join(map(str, words))
        print(f"  {name} …", file=sys.stderr, flush=True)
        environment = {**os.environ, "PYTHONHASHSEED": "0", "SEQUELA_BENCH_SEED": str(self.asked.seed)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        done = subprocess.run(
            [sys.executable, str(HERE / "measure.py"), *map(str, words)],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
            cwd=HERE,
            preexec_fn=lambda: os.sched_setaffinity(0, core),
        )
        if done.returncode:
            raise SystemExit(f"{name} failed:\n{done.stderr[-2000:]}")
        found: dict[str, float] = json.loads([one for one in done.stdout.splitlines() if one.startswith("{")][-1])
        self.measured[name] = found
        return found

    def rules(self) -> Iterator[Row]:
        """Targets 1, 2, 5 and 9."""
        cost: dict[int, float] = {}
        for size in self.asked.rules:
            found = self.measure("rules", size, self.asked.encounters)
            cost[size] = found["ledger"]
            aim = 1.1 if size >= 10_000 else 1.0
            yield f"1  explained ledger, {size:,} rules", 1.3, aim, found["ledger"] / found["hand"], "x hand-written"
            yield f"2  verdicts alone, {size:,} rules", 1.1, 0.9, found["verdicts"] / found["hand"], "x hand-written"
            yield f"9  p99 of one claim, {size:,} rules", 2.0, 1.3, found["p99"] / found["hand_p99"], "x hand-written"
        if 10 in cost and 1000 in cost:
            yield "5  growth of a claim's cost, 10 to 1,000 rules", 2.5, 1.9, cost[1000] / cost[10], "x"

    def texts(self) -> Iterator[Row]:
        """Target 3."""
        if importlib.util.find_spec("duckdb") is None:
            return
        for size in self.asked.rules:
            found = self.measure("texts", size, self.asked.encounters)
            yield f"3  JSON to ledger, {size:,} rules", 1.0, 0.75, found["ledger"] / found["duckdb"], "x DuckDB"

    def engines(self) -> Iterator[Row]:
        """Target 4; a share of the other engine's time, so that less is better here as everywhere."""
        for name, package in OTHERS.items():
            if importlib.util.find_spec(package) is None:
                continue
            for size in self.asked.rules:
                if (size >= 10_000) != (name == "clingo_"):
                    continue
                found = self.measure("engine", name, size, min(self.asked.encounters, 4000))
                aim = 1 / 20 if size >= 10_000 else 1 / 10 if size >= 1000 else 1 / 5
                title = f"4  against {package}, which explains nothing, {size:,} rules"
                yield title, 1 / 4, aim, found["ledger"] / found["other"], "of its time"

    def table(self) -> Iterator[Row]:
        """Targets 6 and 7."""
        ratio: dict[int, float] = {}
        for size in self.asked.table:
            found = self.measure("table", size, self.asked.encounters)
            ratio[size] = found["ledger"]
            yield f"6  pair table, {size:,} pairs", 1.3, 1.0, found["ledger"] / found["hand"], "x hand-written"
            if size == max(self.asked.table):
                yield (
                    f"7  resident memory, {size:,} pairs",
                    1.0,
                    0.5,
                    found["mib"] / found["hand_mib"],
                    "x dictionaries",
                )
                opened = found["opened_s"] / found["built_s"]
                yield f"7  opening the compiled table, {size:,} pairs", 0.2, 0.05, opened, "x building dictionaries"
        if len(ratio) > 1:
            low, high = min(ratio), max(ratio)
            yield f"6  growth, {low:,} to {high:,} pairs", 2.0, 2.0, ratio[high] / ratio[low], "x"

    def compiling(self) -> Iterator[Row]:
        """Target 8."""
        size = self.asked.compile
        found = self.measure("compiling", size, 0)
        yield f"8  compiling {size:,} rules ({found['lines']:,} lines)", 15, 5, found["compiled_s"], "s"
        yield f"8  after one of {size:,} rules changed", 1, 0.3, found["changed_s"], "s"
        yield f"8  starting from the cache, {size:,} rules", 0.5, 0.15, found["cached_s"], "s"

    def shipped(self) -> Iterator[Row]:
        """Target 10: microseconds a claim; 50 are 20,000 claims a second."""
        count = min(self.asked.encounters, 2000)
        for part, claims in (("shipped", "made up"), ("varied", "of a warehouse")):
            found = self.measure(part, 0, min(count, 1000))
            for met in ("fresh", "again") if found else ():
                whole = sum(found[f"{met}_{name}"] for name in STAGES)
                title = f"10 claims {claims}, {'never met' if met == 'fresh' else 'met again'}"
                for name in STAGES:
                    share = f"us a claim, {found[f'{met}_{name}'] / whole:.0%}"
                    yield f"{title}: {name}", float("inf"), 50.0, found[f"{met}_{name}"], share
                yield f"{title}: the whole", float("inf"), 50.0, whole, f"us a claim, {1e6 / whole:,.0f}/s"
        for jobs in (1, 2):
            if jobs > len(os.sched_getaffinity(0)):
                continue
            found = self.measure("cores", jobs, count, cores=jobs)
            taken = 1e6 / found["claims_a_second"]
            unit = f"us a claim, {found['claims_a_second']:,.0f}/s ({found['cpu']:,.0f} us CPU)"
            yield f"10 claims never met, read to findings, {jobs} at once", float("inf"), 50.0 / jobs, taken, unit

    def starting(self) -> Iterator[Row]:
        """Target 11."""
        with tempfile.TemporaryDirectory() as folder:
            claim = Path(folder) / "claim.json"
            claim.write_text(json.dumps(CLAIM))
            rules = HERE.parents[1] / "payers" / "medicare-professional.rules"
            command = [str(Path(sys.executable).with_name("sequela")), "check", str(claim), "--rules", str(rules)]
            if not Path(command[0]).exists():
                command[:1] = [sys.executable, "-c", "from sequela.cli import main; main()"]
            environment = {**os.environ, "SEQUELA_CACHE": str(Path(folder) / "cache")}
            environment.pop("PYTHONDONTWRITEBYTECODE", None)
            taken = []
            for _ in range(6):
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                done = subprocess.run(command, capture_output=True, check=False, env=environment)
                assert done.returncode in (0, 1), done.stderr.decode()
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        self.measured["starting"] = taken
        yield "11 `sequela check` of one claim, warm cache", 0.4, 0.2, min(taken[1:]), "s"


PARTS = ("rules", "texts", "engines", "table", "compiling", "shipped", "starting")


def main() -> None:
    """Measure what is asked for, and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sizes = lambda text: [int(one) for one in text.split(",") if one]  # noqa: E731
    parser.add_argument("--quick", action="store_true", help="small sizes and few encounters: a minute or two")
    parser.add_argument("--rules", type=sizes, default=[10, 100, 1000, 10_000])
    parser.add_argument("--table", type=sizes, default=[10_000, 100_000, 1_000_000, 2_500_000])
    parser.add_argument("--compile", type=int, default=10_000)
    parser.add_argument("--encounters", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=20240917)
    parser.add_argument("--only", default=",".join(PARTS), help=f"some of {', '.join(PARTS)}")
    parser.add_argument("--cpu", type=int, default=1, help="the core to use")
    parser.add_argument("--json", type=Path, help="write everything that was measured to this file")
    asked = parser.parse_args()
    if asked.quick:
        asked.rules, asked.table, asked.compile, asked.encounters = [10, 1000], [10_000, 100_000], 1000, 3000
    bench, rows = Bench(asked), []
    for part in asked.only.split(","):
        for row in getattr(bench, part)():
            rows.append(row)
            title, must, aim, found, unit = row
            verdict = "aim" if found <= aim else "pass" if found <= must else "MISS"
            wanted = "stated" if must == float("inf") else f"{must:.4g}"
            print(f"{title:<58} must {wanted:>6}  aim {aim:>5.3g}  here {found:>8.3g} {unit:<24} {verdict}", flush=True)
    if asked.json:
        asked.json.write_text(json.dumps({"rows": rows, "measured": bench.measured}, indent=1))


if __name__ == "__main__":
    main()
