"""Line facts: how a line comes by facts that it does not state itself, mostly from its claim.

In:   a member that is a line or a history line.    Out: values, unknown (None) only when every source is.
Uses: member, normal_codes.                         Used by: fields_line.

A claim's own line borrows from its claim; a line of the history never does: this claim says nothing about another one.
"""

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter
from typing import Any, Final

from sequela.engine.encounter.field import Read, whole
from sequela.engine.encounter.member import Member
from sequela.engine.encounter.normal_codes import normaliser
from sequela.engine.vocabulary.kinds import Kind
from sequela.engine.vocabulary.systems import System

_LINE: Final = Kind.LINE
_place_code = normaliser(System.POS)


def borrowing(own: str, of_claim: str) -> Read:
    """Reads a line's own attribute, else that of its claim."""
    get_own, get_claim = attrgetter(own), attrgetter(of_claim)

    def read(member: Member) -> Any:
        value = get_own(member.data)
        if value is not None or member.kind is not _LINE:
            return value
        return get_claim(member.view.encounter)

    return read


def provider_of(member: Member) -> str | None:
    """The NPI of a line's provider: its own, else the claim's, else who bills."""
    own: str | None = member.data.provider
    if own is not None or member.kind is not _LINE:
        return own
    claim = member.view.encounter
    return claim.provider.npi or claim.billing.npi


def group_of(member: Member) -> str | None:
    """The NPI of a line's group: its own, else that of the claim's provider, else that of who bills."""
    own: str | None = member.data.group
    if own is not None or member.kind is not _LINE:
        return own
    claim = member.view.encounter
    return claim.provider.group or claim.billing.group


def place_of(member: Member) -> str | None:
    """The place of service in normal form: the line's own, else the claim's."""
    place = member.data.place
    if place is None and member.kind is _LINE:
        place = member.view.encounter.place
    return None if place is None else _place_code(place)


def _of_provider(key: str, system: System) -> Callable[[Member], str | None]:
    """Reads what is said of a line's provider: on the line, else of the claim's party that is that provider.

    A line with a provider of its own does not take it from a party whose NPI is another one.
    """
    normal, get = normaliser(system), attrgetter(key)

    def read(member: Member) -> str | None:
        code = get(member.data)
        if code is None and member.kind is _LINE:
            claim, own = member.view.encounter, member.data.provider
            for party in (claim.provider, claim.billing):
                if own is None or party.npi is None or party.npi == own:
                    code = get(party)
                    if code is not None:
                        break
        return None if code is None else normal(code)

    return read


specialty_of = _of_provider("specialty", System.SPECIALTY)
taxonomy_of = _of_provider("taxonomy", System.TAXONOMY)


def end_date(member: Member) -> date | None:
    """The last day of a line: its end date, else its date."""
    end: date | None = member.data.end_date
    if end is not None:
        return end
    first: date | None = member.data.date
    return first


def end_date_sources(member: Member) -> tuple[str, ...]:
    """An unknown last day is settled by the end date."""
    return (f"{member.pointer}/end_date",)


def units_per_day(member: Member) -> int | Decimal | None:
    """Units divided by the days of the line, rounded half up to a whole number; on one day the units as they are.

    A line that ends before it begins counts as one day. Zero units are zero a day, whatever the dates.
    """
    data = member.data
    units: int | Decimal | None = data.units
    if units is None or units == 0:
        return whole(units)
    if data.end_date is None:
        return whole(units) if data.date is not None else None
    if data.date is None:
        return None
    days = (data.end_date - data.date).days + 1
    if days <= 1:
        return whole(units)
    return int((Decimal(units) / days).quantize(Decimal(1), ROUND_HALF_UP))


def units_per_day_sources(member: Member) -> tuple[str, ...]:
    """The units and the date, whichever are not there."""
    missing = [key for key in ("units", "date") if getattr(member.data, key) is None]
    return tuple(f"{member.pointer}/{key}" for key in missing)
