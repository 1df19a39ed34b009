"""Folders as `sequela batch` leaves them, with made-up claims: so many, of so many payers and providers, over so many months."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

from sequela.engine.batch.journal import Done, write_manifest
from sequela.engine.batch.layout import JOURNAL, TABLES, Part, part_path
from sequela.engine.batch.schemas import CLAIMS, FINDINGS, REJECTS
from sequela.engine.batch.tally import ChunkTally

RULES = (
    ("MOD-25", "modifiers", "A visit on the day of a minor procedure needs modifier 25", "deny", "97", 30),
    ("MUE-LINE", "units", "No more units on a line than are published as possible", "deny", "151", 22),
    ("NCCI-PTP", "pairs", "Two codes that are not paid together need a reason to be apart", "deny", "236", 20),
    ("ICD-COMPLETE", "validity", "A diagnosis is coded to its last character", "reject", "16", 14),
    ("ICD-EXCLUDES1", "conventions", "Two diagnoses exclude each other", "query", None, 10),
    ("SEQ-MANIFESTATION", "conventions", "A manifestation code is never the first diagnosis", "reject", "16", 6),
    ("MPFS-STATUS-BUNDLED", "validity", "A bundled service is not paid by itself", "deny", "97", 6),
    ("COV-DIAGNOSIS", "coverage", "A service is covered for the diagnoses that a policy names", "review", "50", 5),
    ("FILE-365", "validity", "A claim is filed within a year of the service", "deny", "29", 3),
    ("AGE-SEX", "validity", "A diagnosis & the patient's sex <agree>", "warn", None, 1),
)
PAYERS = ("medicare", "northwind-ppo", "blue-harbor", "state-medicaid", None)
TABLES_ABSENT = (
    ("table mue-practitioner is not loaded", ["mue-practitioner"], []),
    ("table add-ons does not cover 2025-11-02", [], [{"table": "add-ons", "day": date(2025, 11, 2)}]),
)
MISSING = (
    [["/received"]],
    [["/lines/0/provider"], ["/lines/1/provider"]],
    [["/history/complete"]],
    [["/patient/birth_date"]],
)


class Maker:
    """Makes claims with a seed, so that the same call gives the same folder."""

    def __init__(self, seed=7, providers=40, months=12, share=0.25, until=date(2026, 3, 28)):
        self.random = random.Random(seed)
        self.providers = [f"1{self.random.randrange(10**8, 10**9)}" for _ in range(providers)]
        self.months, self.share, self.until = months, share, until
        self.number = 0

    def claim(self, failures=None, opens=None, dear=None):
        """A claim's row with those of its findings; `failures` and `opens` say how many, else it is drawn."""
        self.number += 1
        draw = self.random
        lines = [Decimal(draw.randrange(4000, 40000)) / 100 for _ in range(draw.choice((1, 1, 2, 3)))]
        if dear:
            lines[0] = Decimal(dear)
        on = self.until - timedelta(days=int(draw.random() * 30.4 * self.months))
        worse = 1.7 if on.month in (10, 11) else 1.0
        payer = draw.choices(PAYERS, (50, 20, 15, 12, 3))[0]
        if failures is None:
            failures = draw.choice((1, 1, 1, 2, 3)) if draw.random() < self.share * worse else 0
        if opens is None:
            opens = int(draw.random() < 0.12)
        common = (f"C-{self.number:06}", "claims.jsonl", self.number, payer, payer, "professional")
        findings = [self.failure(common, lines, on) for _ in range(failures)]
        findings += [self.open(common, lines, on, place) for place in range(opens)]
        unchecked = sum(row[10] == "not checked" for row in findings)
        outcome = findings[0][11] if failures else "undecided" if opens else "pass"
        receipt = {"engine": "0.1.0", "rules": "sha256:" + "a" * 64, "tables": "sha256:" + "b" * 64}
        row = (
            *common, self.provider(), on, on + timedelta(days=9), sum(lines), outcome, not findings,
            failures, opens - unchecked, unchecked, 0, None, None, 0, receipt,
        )  # fmt: skip
        return row, findings

    def provider(self):
        return self.providers[int(len(self.providers) * self.random.random() ** 2)]

    def failure(self, common, lines, on):
        rule, phase, title, outcome, carc, _ = self.random.choices(RULES, [one[-1] for one in RULES])[0]
        place = self.random.randrange(len(lines))
        message = f"Line {place + 1} was billed as 99213 on {on}: {title[0].lower()}{title[1:]}."
        reason = f"line {place + 1} has no modifier 25; units of line {place + 1} are 3"
        return (
            *common, rule, "made", title, phase, "fail", outcome, [f"/lines/{place}"], [f"/lines/{place}"], on, message, reason,
            carc, "CO" if carc else None, [], ["NCCI-MANUAL 2026, I.D"], lines[place], [], [], [],
        )  # fmt: skip

    def open(self, common, lines, on, place):
        rule, phase, title, *_ = RULES[self.random.randrange(len(RULES))]
        gap = self.random.random() < 0.4
        sets = [] if gap else self.random.choice(MISSING)
        reason, absent, uncovered = (
            self.random.choice(TABLES_ABSENT) if gap else ("not known: claim date received", [], [])
        )
        status = "not checked" if gap else "unknown"
        return (
            *common, rule, "made", title, phase, status, None, [f"/lines/{place % len(lines)}"], [""], on, title, reason,
            None, None, [], [], sum(lines), sets, absent, uncovered,
        )  # fmt: skip

    def reject(self):
        self.number += 1
        hint = "Write the date as 2026-03-02."
        return (
            "claims.jsonl",
            "/lines/0/date",
            self.number,
            "SEQ710",
            "`3/2/26` is not a date.",
            True,
            f"C-{self.number:06}",
            hint,
        )


def write_batch(folder, chunks, complete=True, options=None):
    """Write a batch's folder; `chunks` give rows of claims, findings and rejects. A part's rows may be a generator's."""
    for table in TABLES:
        (folder / table).mkdir(parents=True, exist_ok=True)
    count = 0
    with (folder / JOURNAL).open("wb") as journal:
        for index, (claims, findings, rejects) in enumerate(chunks):
            parts = [
                write_part(folder, table, index, schema, rows)
                for table, schema, rows in (
                    ("findings", FINDINGS, findings),
                    ("claims", CLAIMS, claims),
                    ("rejects", REJECTS, rejects),
                )
            ]
            done = Done(
                index=index, count=len(claims), read=0, parts=tuple(parts), tally=ChunkTally(claims=len(claims))
            )
            journal.write(done.to_line())
            count = index + 1
    manifest = {
        "inputs": [{"name": "claims.jsonl", "size": 1, "sha256": "0"}],
        "rules": "sha256:" + "a" * 64,
        "tables": "sha256:" + "b" * 64,
        "options": options or {"payer": None, "only_failures": False},
        "engine": "0.1.0",
        "complete": complete,
        **({"chunks": count} if complete else {}),
    }
    write_manifest(folder, manifest)
    return folder


def write_part(folder, table, index, schema, rows):
    path = part_path(folder, table, index)
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(column, one.type) for column, one in zip(columns, schema, strict=True)]
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), path, compression="zstd")
    return Part(table=table, rows=len(rows), size=path.stat().st_size)


def made_batch(folder, claims, per_chunk=500, rejects=0.004, complete=True, options=None, **maker):
    """A folder of so many claims, a few of them rejected."""
    make = Maker(**maker)

    def chunks():
        left = claims
        while left > 0:
            rows, findings, rejected = [], [], []
            for _ in range(min(per_chunk, left)):
                if make.random.random() < rejects:
                    rejected.append(make.reject())
                    continue
                row, found = make.claim()
                rows.append(row)
                findings += found
            left -= per_chunk
            yield rows, findings, rejected

    return write_batch(folder, chunks(), complete=complete, options=options)
