"""Pairs: which lines of a claim stand in a row of a table together with another one, and the rules that ask that.

In:   the rules of a plan; the lines of a claim.            Out: `pairs_among`: what tells the places of such lines.
Uses: plan.certain.shape, plan.certain.look_ups, tables.    Used by: plan.certain.dispatch.
Not here: what the rules ask of such lines (shape, look_ups).

Nearly no two lines of a claim are a pair. That is seen once for all rules that ask one table, with a look into a dictionary and a
question to a set for each line, before anything else is made of the claim.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sequela.engine.plan.certain.claim import normal_service
from sequela.engine.plan.certain.look_ups import rows_of
from sequela.engine.plan.certain.shape import pair_of_lines
from sequela.engine.plan.steps import Plan
from sequela.engine.tables.beginnings import Beginnings
from sequela.engine.tables.stored_columns import MOST_REMEMBERED

Beside = Callable[[Sequence[Any]], Sequence[int] | None]
"""The places of the lines whose code stands, as the first key, in a row of a table with the code of another line of the claim.

None where that is not known: a code, or a day, or whether the table speaks for it.
"""


def pairs_among(places: Iterable[int], plan: Plan) -> tuple[tuple[Beside, tuple[int, ...]], ...]:
    """Of the rules at some places, to which no code leads, those that ask a table by two lines; by table.

    Where the code of one cannot be written, it is at least known which claims it does not concern.
    """
    found: dict[int, tuple[Beside, list[int]]] = {}
    for place in places:
        look_up = pair_of_lines(plan.rules[place].rule, plan.compiler)
        if look_up is not None:
            beginnings, speaks = rows_of(look_up, plan.compiler)
            _, asking = found.setdefault(id(beginnings), (beside_in(beginnings, speaks), []))
            asking.append(place)
    return tuple((beside, tuple(asking)) for beside, asking in found.values())


def beside_in(beginnings: Beginnings, speaks: Mapping[Any, bool]) -> Beside:
    """What tells the lines beside another; `speaks` says for each day, which may be unknown, whether the table does."""
    of_code, of_day = beginnings.apart, dict[Any, bool]()

    def beside(lines: Sequence[Any]) -> Sequence[int] | None:
        if len(lines) < 2:
            return ()
        codes: list[Any] = []
        found: Sequence[int] = ()
        each: Any = iter(codes)  # the place of a line is asked for only where there is a pair
        try:
            for line in lines:
                if not of_day[line.date]:
                    return None
                codes.append(line.code)
            for code in each:
                apart = of_code[code]
                if apart is not None and not apart(codes):
                    found = [*found, len(codes) - each.__length_hint__() - 1]
        except KeyError:  # a day or a code that was not met before, or a code that is not sent, or not in normal form
            return beside_now(lines)
        return found

    def beside_now(lines: Sequence[Any]) -> Sequence[int] | None:
        for line in lines:
            if len(of_day) >= MOST_REMEMBERED:
                of_day.clear()
            is_covered = of_day[line.date] = speaks[line.date]
            if not is_covered or (line.code is None and line.revenue is None):
                return None
        codes = [None if line.code is None else normal_service[line.code] for line in lines]
        known = [code for code in codes if code is not None]
        tests = [None if code is None else beginnings.apart_of(code) for code in codes]
        return [at for at, apart in enumerate(tests) if apart is not None and not apart(known)]

    return beside
