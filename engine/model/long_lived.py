"""Long-lived: making a great many nodes that all stay, without a garbage collector that looks for any to free.

In:   a function.    Out: the same function, run with the collector paused.
Uses: nothing.       Used by: check, plan.build, pipeline.compile, pipeline.cache.

Every node of a rulebook lives as long as the rulebook. The collector would walk all of them again and again while they
are made, which takes as long as making them.
"""

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def collector_paused(function: Callable[P, R]) -> Callable[P, R]:
    """`function`, run with the garbage collector paused; it goes on afterwards if it ran before."""

    @wraps(function)
    def paused(*args: P.args, **kwargs: P.kwargs) -> R:
        if not gc.isenabled():
            return function(*args, **kwargs)
        gc.disable()
        try:
            return function(*args, **kwargs)
        finally:
            gc.enable()

    return paused
