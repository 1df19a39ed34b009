"""The tables in tests/truth: how their cells are read."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

from sequela.engine.evaluate.values import NOT_COVERED, Interval
from sequela.engine.vocabulary.absent import NONE

TRUTH = Path(__file__).parent / "truth"
ANSWERS = {"yes": True, "no": False, "unknown": None, "not covered": NOT_COVERED, "none": NONE}


def rows(name):
    """Each row of a table as a tuple of texts."""
    with (TRUTH / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        return [tuple(row) for row in reader]


def answer(cell):
    return ANSWERS[cell]


def number(cell):
    """A number, an interval `1..2` or `1..`, or what is not there."""
    if cell in ANSWERS:
        return ANSWERS[cell]
    cell = cell.removeprefix("=")
    if ".." in cell:
        low, high = cell.split("..")
        return Interval(number(low), number(high) if high else None)
    return Decimal(cell) if "." in cell else int(cell)


def day(cell):
    return ANSWERS[cell] if cell in ANSWERS else date.fromisoformat(cell)
