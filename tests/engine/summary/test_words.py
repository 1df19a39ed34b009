"""What a summary writes: the examples in its docstrings hold."""

import doctest
import importlib
from pathlib import Path

import pytest

from sequela.engine.summary import words
from sequela.engine.summary.words import dollars, share

MODULES = sorted(path.stem for path in Path(words.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    assert doctest.testmod(importlib.import_module(f"sequela.engine.summary.{name}")).failed == 0


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 0, "–"),
        (0, 5, "0.0%"),
        (5, 5, "100.0%"),
        (1, 3, "33.3%"),
        (2, 3, "66.7%"),
        (9999, 10000, "99.9%"),
        (1, 9000, "<0.1%"),
    ],
)
def test_shares(part, whole, said):
    assert share(part, whole) == said


@pytest.mark.parametrize(
    ("cents", "said"), [(0, "$0"), (5, "$0.05"), (9_999, "$99.99"), (10_049, "$100"), (123_456_789, "$1,234,568")]
)
def test_amounts(cents, said):
    assert dollars(cents) == said
