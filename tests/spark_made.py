"""Spark for the tests: whether it is there, settings that need no network, a home that is not the installed package, and claims."""

import importlib
import importlib.util
import json
import os
import random
import shutil
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

import sequela
from sequela.engine.tables.model import Covers, KeyColumn, TableShape, ValueColumn
from sequela.engine.vocabulary.kinds import CodeOf, Scalar
from sequela.engine.vocabulary.systems import System
from tables_made import write

ROOT = Path(sequela.__file__).parent
TABLES = ROOT / "tests" / "samples" / "tables"
SAMPLES = (ROOT / "tests" / "samples" / "clinic-day.837", ROOT / "tests" / "samples" / "hospital-day.837")

SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.log.level": "ERROR",
}


def need_spark() -> None:
    """Skip where Spark cannot run; fail instead where SEQUELA_SPARK says that it is needed."""
    missing = [
        *([] if importlib.util.find_spec("pyspark") else ["pyspark is not installed (`pip install sequela[spark]`)"]),
        *([] if shutil.which("java") or os.environ.get("JAVA_HOME") else ["there is no Java"]),
    ]
    if missing and os.environ.get("SEQUELA_SPARK") == "needed":
        pytest.fail(" and ".join(missing))
    if missing:
        pytest.skip(" and ".join(missing))


def spark_home(folder: Path) -> Path:
    """A home for Spark, of links into the installed package: a cluster in one process writes its `work` folder there."""
    home = folder / "spark-home"
    home.mkdir()
    for one in spark_package().iterdir():
        (home / one.name).symlink_to(one)
    return home


def spark_package() -> Path:
    return Path(str(importlib.import_module("pyspark").__file__)).parent


def environment(folder: Path) -> dict[str, str]:
    """The environment in which Spark runs apart from the machine's other settings."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("SPARK_", "PYSPARK_", "SEQUELA_"))
    }
    kept.pop("PYTHONPATH", None)
    return {
        **kept,
        "SPARK_HOME": str(spark_home(folder)),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
    }


# ---------------------------------------------------------------- claims


def claim_texts(count: int, seed: int = 7) -> Iterator[bytes | None]:
    """So many claims, made of those of the samples with facts changed and left out; one in twelve is broken."""
    dice = random.Random(seed)
    patterns = [
        json.loads(msgspec.json.encode(found.encounter, enc_hook=str))
        for sample in SAMPLES
        for found in sequela.read(sample)
        if found.encounter is not None
    ]
    for number in range(1, count + 1):
        claim = {
            "schema": "sequela.encounter/1",
            **json.loads(json.dumps(dice.choice(patterns))),
            "id": f"K-{number:05}",
        }
        _changed(claim, dice)
        text = json.dumps(claim).encode()
        yield _broken(claim, text, dice) if number % 12 == 0 else text


def _changed(claim: dict[str, Any], dice: random.Random) -> None:
    for line in claim.get("lines", ()):
        if dice.random() < 0.3:
            line["units"] = dice.choice((0, 1, 2, 40))
        if dice.random() < 0.2:
            line["modifiers"] = dice.sample(("25", "59", "LT", "RT", "50", "JW", "XE"), dice.randrange(3))
        if dice.random() < 0.2:
            line["code"] = dice.choice(("99213", "99214", "17000", "11055", "20610", "J1100", "36415", "Z9999"))
        if dice.random() < 0.1:
            line.pop(dice.choice(sorted(line.keys() - {"number"})))
    for _ in range(dice.randrange(3)):
        if claim.get("diagnoses"):
            one = dice.choice(claim["diagnoses"])
            one["code"] = dice.choice(("I10", "E11.9", "E11.21", "O80", "S52.501A", "B20", "T36.0X6A", "Q99.999"))
    if dice.random() < 0.3:
        claim.pop(dice.choice(sorted(claim.keys() - {"schema", "id", "setting", "lines"})))
    if dice.random() < 0.5:
        claim["payer"] = dice.choice(("MEDICARE", "HARBOR", "nobody", "TWICE"))


def _broken(claim: dict[str, Any], text: bytes, dice: random.Random) -> bytes | None:
    return dice.choice(
        (
            None,
            b"",
            b"\xff\xfe{}",
            b"[" * 20_000,
            text[: len(text) // 2],
            text.replace(b'"lines"', b'"linse"'),
            json.dumps({**claim, "lines": 7}).encode(),
            json.dumps({**claim, "total_charge": "1e999999"}).encode(),
            json.dumps({**claim, "setting": "dental"}).encode(),
        )
    )


# ---------------------------------------------------------------- rules and tables of one's own

HARBOR = """payer harbor "Harbor Health" over medicare-professional
  matches   "HARBOR", "TWICE"

use harbor-terms

table harbor-limits "Most units of a code"
  file      "limits.csv"
  key       procedure of HCPCS
  value     most as number
  complete

table harbor-fees "What a code is paid"
  file      "harbor/fees"
  key       procedure of HCPCS
  value     fee as money
  in force  effective to ended
  complete

rule HARBOR-UNITS "No more units than the limit"
  for each  line item
  look up   limit in harbor-limits by item.code
  require   item.units is at most limit.most
  if fail   deny item
  say       "{item.code} is billed {item.units} times."
  cite      HARBOR-MANUAL section "1"

rule HARBOR-FEE "No charge above what is paid"
  for each  line item
  look up   row in harbor-fees by item.code
  require   item.charge is at most row.fee
  if fail   warn item
  cite      HARBOR-MANUAL section "2"
"""

TERMS = """ruleset harbor-terms "The manual of Harbor Health"

source HARBOR-MANUAL
  title     "Harbor provider manual"
  edition   "2026"

rule HARBOR-REVIEW "A line above 100 dollars is looked at"
  for each  line item
  require   item.charge is at most 100.00
  if fail   review item
  say       "{item.code} is charged {item.charge}."
  cite      HARBOR-MANUAL section "3"
"""

TIDE = """payer tide "Tide Health" over medicare-professional
  matches   "TIDE", "TWICE"
"""

FEES = TableShape(
    name="fees",
    title="Fees",
    keys=(KeyColumn("procedure", CodeOf(System.HCPCS)),),
    values=(ValueColumn("fee", Scalar.MONEY),),
    in_force=("effective", "ended"),
)


def write_rules(folder: Path, over: str = " over medicare-professional") -> None:
    """Rules and tables of one's own: a ruleset in the folder above, a table beside a rule file, an imported table, much else."""
    harbor, tables = folder / "rules" / "harbor", folder / "tables"
    harbor.mkdir(parents=True)
    (harbor / "harbor.rules").write_text(HARBOR.replace(" over medicare-professional", over))
    (harbor / "tide.rules").write_text(TIDE.replace(" over medicare-professional", over))
    (folder / "rules" / "harbor-terms.rules").write_text(TERMS)
    (harbor / "limits.csv").write_text("procedure,most\n99213,1\n17000,1\nJ1100,20\n")
    (harbor / "not-for-executors.txt").write_text("nobody reads this\n")
    shutil.copytree(TABLES, tables)
    rows = [("99213", "100", "2026-01-01", ""), ("20610", "80.50", "2026-01-01", "")]
    fees = write(tables / "harbor", FEES, rows, release="2026", covers=Covers(date(2026, 1, 1), None))
    fees.parent.rename(tables / "harbor" / "fees.table")
