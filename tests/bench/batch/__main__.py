"""Measure `sequela batch`: claims a second and peak memory: `python tests/bench/batch [--count 5000 50000] [--jobs 1 2]`.

Makes claims (tests/bench/claims), decides them by all rules that ship, with the made-up tables, and prints for each count and number of
processes: claims a second of wall time, of processor time, and the largest memory of all processes together (Linux: PSS, so that shared
pages are counted once).
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
DATA = (HERE.parent / "claims" / "tables", ROOT / "tests" / "samples" / "tables")


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, nargs="+", default=[5_000, 50_000])
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--as", dest="form", choices=("jsonl", "837p", "837i"), default="jsonl")
    parser.add_argument("--rules", action="append", default=[])
    asked = parser.parse_args()
    print(
        f"{'claims':>8}  {'jobs':>4}  {'seconds':>8}  {'a second':>9}  {'processor s':>11}  {'us a claim':>10}  {'MB at most':>10}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for count in asked.count:
            claims = Path(folder) / f"{count}.{asked.form}"
            with claims.open("wb") as stream:
                maker = [sys.executable, str(HERE.parent / "claims"), "--count", str(count), "--as", asked.form]
                subprocess.run(maker, stdout=stream, check=True)
            for jobs in asked.jobs:
                _measure(claims, Path(folder) / f"out-{count}-{jobs}", jobs, asked.rules)


def _measure(claims: Path, out: Path, jobs: int, rules: list[str]) -> None:
    words = [str(claims), "--out", str(out), "--jobs", str(jobs)]
    for folder in DATA:
        words += ["--data", str(folder)]
    for path in rules:
        words += ["--rules", path]
    before = os.times()
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "sequela.cli", "batch", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    most = 0
    while process.poll() is None:
        most = max(most, sum(_kilobytes(pid) for pid in (process.pid, *_children(process.pid))))
        time.sleep(0.1)
    seconds = time.monotonic() - started
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    said = process.stdout.read() if process.stdout is not None else ""
    found = re.search(r"([\d,]+) claims in", said)
    done = int(found[1].replace(",", "")) if found else 0
    print(
        f"{done:>8,}  {jobs:>4}  {seconds:>8.1f}  {done / seconds:>9,.0f}  {used:>11.1f}  {used / max(done, 1) * 1e6:>10,.0f}"
        f"  {most / 1000:>10,.0f}",
        flush=True,
    )


def _children(pid: int) -> list[int]:
    """The processes that a process has started, through all its threads."""
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, path.read_text().split())
        except OSError:
            continue
    return found


def _kilobytes(pid: int) -> int:
    try:
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) if found else 0


if __name__ == "__main__":
    main()
