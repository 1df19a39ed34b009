"""Comparisons: the words by which conditions compare and count.

In:   nothing.             Out: `Quantifier`, `Order`, `DateOrder`.
Uses: nothing.             Used by: syntax.conditions, model.nodes, evaluate, plan.
Not here: the nodes of a written condition (conditions), which a start from the cache does without.
"""

from enum import Enum


class Quantifier(Enum):
    """The words that open a test of a collection."""

    SOME = "some"
    EVERY = "every"
    NO = "no"
    AT_LEAST = "at least"
    AT_MOST = "at most"


class Order(Enum):
    """The comparisons of numbers."""

    AT_MOST = "at most"
    AT_LEAST = "at least"
    MORE_THAN = "more than"
    LESS_THAN = "less than"


class DateOrder(Enum):
    """The comparisons of dates."""

    BEFORE = "before"
    AFTER = "after"
    ON_OR_BEFORE = "on or before"
    ON_OR_AFTER = "on or after"
