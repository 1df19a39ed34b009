"""A year of flat warehouse claims through the Medicare rulebooks, with the published tables of one quarter imported.

    python tests/bench/warehouse [--shared DIR] [--keep DIR] [--payer NAME] [--only RULE]

Reads `DIR/data/claims` (3,106 synthetic claims of 2018 in the layout of Tuva's `medical_claim`) and `DIR/data/tables` (decoded
tables of 2024, which are taken to speak for 2018, since no older ones are at hand), imports them with `sequela import`, checks every
claim, and prints each rule's outcomes with the share of claims on which it fails. Nothing is written into the project.
"""

import argparse
import csv
import lzma
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import sequela

HOME = Path(sequela.__file__).parent
YEAR = "2017-01-01..2019-12-31"
NO_PRIMARY = "CCCCC"


def opened(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a decoded table, packed or not."""
    with (
        lzma.open(path, "rt", encoding="utf-8", newline="") if path.suffix == ".xz" else path.open(newline="") as lines
    ):
        yield from csv.DictReader(lines)


def written(path: Path, header: list[str], rows: Iterable[list[str]]) -> Path:
    """A table in the columns that our rules declare."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def day(text: str) -> str:
    """A date of eight digits as `2018-03-01`; anything else as it stands."""
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 and text.isdecimal() else text


def imported(tables: Path, work: Path, into: Path) -> None:
    """Every table that the Medicare rulebooks ask for and that is at hand."""
    ptp = written(
        work / "ptp.csv",
        ["column-1", "column-2", "indicator", "rationale", "effective", "ended"],
        (
            [
                row["column_1"],
                row["column_2"],
                row["modifier_indicator"],
                row["rationale_id"],
                "",
                day(row["deletion_date"]),
            ]
            for row in opened(tables / "ncci_ptp_practitioner_2024q3.csv.xz")
            if row["modifier_indicator"] != "9"
        ),
    )
    mue = written(
        work / "mue.csv",
        ["code", "units", "mai", "rationale"],
        (
            [row["hcpcs_code"], row["mue_units"], row["mue_mai"], row["mue_rationale"]]
            for row in opened(tables / "ncci_mue_practitioner_2024q3.csv")
        ),
    )
    pairs = list(opened(tables / "ncci_addon_codes_2026q3.csv"))
    kinds = {(row["add_on_code"], row["aoc_edit_type"]) for row in pairs}
    add_ons = written(
        work / "add-ons.csv",
        ["code", "kind", "note", "effective", "ended"],
        ([*one, "", "", ""] for one in sorted(kinds)),
    )
    primaries = written(
        work / "primaries.csv",
        ["code", "primary", "kind", "effective", "ended"],
        (
            [row["add_on_code"], row["primary_code"], row["aoc_edit_type"], "", day(row["deletion_date"])]
            for row in pairs
            if row["primary_code"] != NO_PRIMARY
        ),
    )
    names = {
        "status": "status", "pctc": "pctc", "global": "glob", "multiple": "mult_proc", "bilateral": "bilat_surg",
        "assistant": "asst_surg", "co-surgeon": "co_surg", "team": "team_surg",
    }  # fmt: skip
    days = {"000": "0", "010": "10", "090": "90"}
    fees = written(
        work / "fees.csv",
        ["code", *names, "days-after"],
        (
            [row["hcpcs_code"], *(row[name] for name in names.values()), days.get(row["glob"], "")]
            for row in opened(tables / "mpfs_indicators_2024q3.csv")
            if not row["mod"]
        ),
    )
    codes = written(
        work / "codes.csv",
        ["code", "short", "description", "coverage", "action", "betos", "effective", "ended"],
        (
            [row["hcpcs_code"], "", "", "", row["action"], row["betos"], row["date_added"], row["date_term"]]
            for row in opened(tables / "hcpcs_level2_2024q3.csv")
        ),
    )
    rules = HOME / "rulesets"
    for file, table, where in (
        (ptp, "ptp-practitioner", rules / "ncci" / "ncci-ptp.rules"),
        (mue, "mue-practitioner", rules / "ncci" / "ncci-mue.rules"),
        (add_ons, "add-ons", rules / "ncci" / "ncci-add-ons.rules"),
        (primaries, "add-on-primaries", rules / "ncci" / "ncci-add-ons.rules"),
        (fees, "fee-schedule", rules / "modifiers"),
    ):
        shown("import", "generic", file, "--table", table, "--rules", where, "--release", "2024q3", "--covers", YEAR,
              "--into", into, "--allow-rejects", 5000)  # fmt: skip
    del codes
    tabular = work / "icd10cm-tabular.xml"
    tabular.write_bytes(lzma.decompress((tables / "icd10cm_tabular_FY2021.xml.xz").read_bytes()))
    shown("import", "icd10cm", tabular, "--release", "FY2021", "--covers", YEAR, "--into", into)


def shown(*words: object) -> None:
    """Run a command of Sequela and say which."""
    command = [sys.executable, "-m", "sequela.cli", *map(str, words)]
    print("$ sequela", *command[3:])
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    print("  " + "\n  ".join((done.stdout + done.stderr).strip().split("\n")[-6:]))


def main() -> None:
    """Import, check, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--shared", type=Path, default=HOME.parent / "shared")
    options.add_argument("--keep", type=Path, help="a folder for the imported tables, used again where it is there")
    options.add_argument("--payer", help="whose rules run; by default as the claims say")
    options.add_argument("--only", action="append", default=[], help="print the findings of this rule")
    asked = options.parse_args()
    claims = asked.shared / "data" / "claims"
    with tempfile.TemporaryDirectory() as folder:
        into = asked.keep or Path(folder) / "tables"
        if not into.exists():
            into.mkdir(parents=True)
            imported(asked.shared / "data" / "tables", Path(folder), into)
        rules = sequela.load(data=[into])
        report(rules, claims, asked.payer, set(asked.only))


def report(rules: sequela.Rulebook, claims: Path, payer: str | None, only: set[str]) -> None:
    """Check every claim and print what came of each rule."""
    failed: Counter[str] = Counter()
    statuses: Counter[tuple[str, str]] = Counter()
    ran: Counter[tuple[str, str]] = Counter()
    clean = count = broken = 0
    seconds = time.process_time()
    for read in sequela.read(claims / "medical_claim_sample_2018.csv", members=claims / "eligibility.csv"):
        if read.encounter is None:
            broken += 1
            continue
        ledger = rules.check(read.encounter, payer=payer)
        count += 1
        ran[read.encounter.setting, str(ledger.payer_rules)] += 1
        clean += ledger.clean
        failed.update(set(ledger.failed_rules))
        for verdict in ledger.found:
            statuses[verdict.rule.id, verdict.status.value] += 1
        for entry in ledger.entries if only & set(ledger.failed_rules) else ():
            if entry.rule in only and entry.status == "fail":
                print(f"  {ledger.encounter_id}  {entry.rule}  {', '.join(entry.labels)}: {entry.message}")
    seconds = time.process_time() - seconds
    print(f"\n{count:,} claims checked, {broken} not read, {clean:,} clean, {seconds:.1f} s CPU")
    for (setting, name), number in ran.most_common():
        print(f"  {number:6,}  {setting} by {name}")
    print(f"\n{'rule':34}{'claims failed':>14}{'share':>8}{'fail':>8}{'unknown':>9}{'not checked':>13}{'bypassed':>10}")
    for rule in sorted({rule for rule, _ in statuses}, key=lambda one: (-failed[one], one)):
        numbers = [statuses[rule, status] for status in ("fail", "unknown", "not checked", "bypassed")]
        print(f"{rule:34}{failed[rule]:14,}{failed[rule] / max(count, 1):8.1%}"
              f"{numbers[0]:8,}{numbers[1]:9,}{numbers[2]:13,}{numbers[3]:10,}")  # fmt: skip


if __name__ == "__main__":
    main()
