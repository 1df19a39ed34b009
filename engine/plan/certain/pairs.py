"""Pairs: which lines of a claim stand in a row of a table together with another one, and the rules that ask that.

In:   the rules of a plan; the lines of a claim.            Out: `pairs_among`: what tells the places of such lines.
Uses: plan.certain.shape, plan.certain.look_ups, tables.    Used by: plan.certain.dispatch.
Not here: what the rules ask of such lines (shape, look_ups).

Nearly no two lines of a claim are a pair. That is seen once for all rules that ask one table, with a look into a dictionary and a
question to a set for each line, before anything else is made of the claim.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sequela.engine.plan.certain.claim import normal_service
from sequela.engine.plan.certain.look_ups import rows_of
from sequela.engine.plan.certain.shape import pair_of_lines
from sequela.engine.plan.steps import Plan
from sequela.engine.tables.beginnings import Beginnings, uncertain

Beside = Callable[[Sequence[Any]], Sequence[int] | None]
"""The places of the lines whose code stands, as the first key, in a row of a table with the code of another line of the claim.

None where that is not known: a code, or a day, or whether the table speaks for it.
"""


def pairs_among(
    places: Iterable[int], plan: Plan, written: Callable[[int], object]
) -> tuple[tuple[Beside, tuple[int, ...]], ...]:
    """Of the rules at some places, to which no code leads, those that ask a table by two lines and are `written`; by table."""
    found: dict[int, tuple[Beside, list[int]]] = {}
    for place in places:
        look_up = pair_of_lines(plan.rules[place].rule, plan.compiler)
        if look_up is not None and written(place) is not None:
            beginnings, speaks = rows_of(look_up, plan.compiler)
            _, asking = found.setdefault(id(beginnings), (beside_in(beginnings, speaks), []))
            asking.append(place)
    return tuple((beside, tuple(asking)) for beside, asking in found.values())


def beside_in(beginnings: Beginnings, speaks: Mapping[Any, bool]) -> Beside:
    """What tells the lines beside another; `speaks` says for each day, which may be unknown, whether the table does."""
    of_code = beginnings.apart

    def beside(lines: Sequence[Any]) -> Sequence[int] | None:
        if len(lines) < 2:
            return ()
        sent = []
        for line in lines:
            if not speaks[line.date]:
                return None
            sent.append(line.code)
        found = None
        for at, code in enumerate(sent):
            apart = of_code[code]
            if apart is None or apart(sent):
                continue
            if apart is uncertain:
                return beside_by_normal_form(lines)
            if found is None:
                found = [at]
            else:
                found.append(at)
        return found or ()

    def beside_by_normal_form(lines: Sequence[Any]) -> Sequence[int] | None:
        """The same where a code is not sent, or not in normal form."""
        if any(line.code is None and line.revenue is None for line in lines):
            return None
        codes = [None if line.code is None else normal_service[line.code] for line in lines]
        known = [code for code in codes if code is not None]
        return list(_not_apart(codes, known))

    def _not_apart(codes: Sequence[Any], known: Sequence[Any]) -> Iterator[int]:
        for at, code in enumerate(codes):
            apart = None if code is None else of_code[code]
            if apart is not None and not apart(known):
                yield at

    return beside
