"""Field: one fact of the catalogue: what it is called, what it means, where it stands and how it is read.

In:   words and places, from the fields_* modules.    Out: `Field`, and how to make one.
Uses: member, normal_codes, vocabulary.               Used by: fields_* and fields.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

from msgspec import Struct

from sequela.engine.encounter.member import Member
from sequela.engine.encounter.normal_codes import normaliser
from sequela.engine.vocabulary.absent import Nothing
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Kind, Scalar, Type
from sequela.engine.vocabulary.systems import System

FactValue = str | int | Decimal | date | bool | tuple[str, ...] | Nothing | None
"""What a fact can be: codes in normal form; whole numbers int, others Decimal; money Decimal; a list of codes a tuple;
NONE when it is known that there is none; None when nobody said."""

Read = Callable[[Member], Any]
ReadOn = Callable[[Member, date | None], Any]
Sources = Callable[[Member], tuple[str, ...]]


class Field(Struct, frozen=True, eq=False):
    """One fact of one kind of member, under its name in the language.

    `read` gives the value (see `FactValue`); `read_on` stands for it where the value depends on the governing date.
    `sources` gives the JSON pointers that would together settle it while it is unknown, each the first choice where
    there are several. `path` are the JSON keys below the member; it is empty for a fact that is derived only.
    `cms1500`, `ub04`, `x12` and `fhir` say where it stands in each; empty where it does not.
    """

    owner: Kind
    name: str
    type: Type
    meaning: str
    read: Read
    sources: Sources
    read_on: ReadOn | None = None
    path: tuple[str, ...] = ()
    cms1500: str = ""
    ub04: str = ""
    x12: str = ""
    fhir: str = ""

    def __repr__(self) -> str:
        return f"Field({self.owner.value} {self.name})"


def whole(number: int | Decimal | None) -> int | Decimal | None:
    """A number as the engine keeps it: int where it is whole."""
    if number is None or isinstance(number, int):
        return number
    return int(number) if number == number.to_integral_value() else number


def money(amount: int | Decimal | None) -> Decimal | None:
    """An amount as the engine keeps it: always Decimal."""
    return Decimal(amount) if isinstance(amount, int) else amount


def code_reader(system: System, attribute: str) -> Read:
    """Reads a code below a member's data, in normal form."""
    get, normal = attrgetter(f"data.{attribute}"), normaliser(system)

    def read(member: Member) -> str | None:
        code = get(member)
        return None if code is None else normal(code)

    return read


def reader(kind: Type, attribute: str) -> Read:
    """Reads the attribute of a member's data as a value of a type."""
    get = attrgetter(f"data.{attribute}")
    match kind:
        case CodeOf(system=system):
            return code_reader(system, attribute)
        case CodesOf(system=system):
            normal = normaliser(system)

            def read_codes(member: Member) -> tuple[str, ...] | None:
                codes = get(member)
                return None if codes is None else tuple(map(normal, codes))

            return read_codes
        case Scalar.NUMBER:
            return lambda member: whole(get(member))
        case Scalar.MONEY:
            return lambda member: money(get(member))
        case _:
            return get


def at(*keys: str) -> Sources:
    """The one pointer of a fact that stands below its member."""
    below = "".join(f"/{key}" for key in keys)
    return lambda member: (member.pointer + below,)


def nowhere(member: Member) -> tuple[str, ...]:
    """The sources of a fact that is never unknown."""
    return ()


def stated(
    owner: Kind,
    name: str,
    kind: Type,
    meaning: str,
    *,
    cms1500: str = "",
    ub04: str = "",
    x12: str = "",
    fhir: str = "",
    read: Read | None = None,
    sources: Sources | None = None,
) -> Field:
    """A fact that a claim states under the key of its name; `read` where what is derived fills in for it."""
    path = tuple(part.replace("-", "_") for part in name.split("."))
    return Field(
        owner,
        name,
        kind,
        meaning,
        read=read or reader(kind, ".".join(path)),
        sources=sources or at(*path),
        path=path,
        cms1500=cms1500,
        ub04=ub04,
        x12=x12,
        fhir=fhir,
    )


def derived(
    owner: Kind,
    name: str,
    kind: Type,
    meaning: str,
    *,
    read: Read,
    sources: Sources = nowhere,
    read_on: ReadOn | None = None,
) -> Field:
    """A fact that follows from others and is not stated itself."""
    return Field(owner, name, kind, meaning, read=read, sources=sources, read_on=read_on)
