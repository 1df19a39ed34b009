"""Look-ups in the written code: a quick no by the keys, then the rows.

In:   the `LookUp`s of a version.                          Out: statements; what stands below runs for each row.
Uses: plan.certain.writer, plan.certain.values, tables.    Used by: plan.certain.shape.
Not here: late look-ups, which are asked of a witness (the compiled steps).

That no row of a complete table has some keys is seen before the rows are asked for, and where the first key belongs to a member
that is bound before another, before any of those others is looked at.
"""

from collections.abc import Callable

from sequela.engine.model.nodes import Binding, Fact, Value
from sequela.engine.model.rules import LookUp
from sequela.engine.plan.certain.claim import normal_service
from sequela.engine.plan.certain.values import write_value
from sequela.engine.plan.certain.writer import Place, Unwritten, Writer
from sequela.engine.plan.compiler import Compiler
from sequela.engine.tables.beginnings import Normal
from sequela.engine.tables.model import Key
from sequela.engine.vocabulary.kinds import Kind


def write_look_ups(
    look_ups: tuple[LookUp, ...], decide: Callable[[], None], writer: Writer, compiler: Compiler
) -> None:
    """The loops over the rows of each look-up; `decide` writes what stands below all of them. Raises Unwritten."""
    if not look_ups:
        decide()
        return
    one = look_ups[0]
    table = compiler.tables.get(one.table.key)
    if table is None:
        raise Unwritten("a table that is not loaded")
    if one.binding.slot not in writer.begun:
        _ask_first_key(one, writer, compiler)
    begun = writer.begun[one.binding.slot]
    row, in_force = writer.name(), ""
    if begun and len(one.keys) < 3:
        spans = begun if len(one.keys) == 1 else f"{begun}[{_asked(one.keys[1], writer, compiler)[0]}]"
        first, last = writer.name(), writer.name()
        block = writer.block(f"for {first}, {last}, {row} in {spans}:")
        if table.asks_date:
            in_force = f"if not {first} <= {writer.governing_date()} <= {last}: continue"
    else:
        keys = [write_value(key, writer, compiler) for key in one.keys]
        if one.on is not None:
            day = write_value(one.on, writer, compiler, none=True)
        else:
            day = writer.governing_date() if table.asks_date else "None"
        found = writer.name()
        writer.write(f"{found} = {writer.parameter(table.look_up)}(({', '.join(keys)},), {day})")
        writer.bail_when(f"{found}.state is not CERTAIN or {found}.found is None")
        block = writer.block(f"for {row} in {found}.rows:")
    with block:
        if in_force:
            writer.write(in_force)
        writer.slots[one.binding.slot] = Place(Kind.ROW, row, "", "")
        write_look_ups(look_ups[1:], decide, writer, compiler)


def ask_first_keys(look_ups: tuple[LookUp, ...], writer: Writer, compiler: Compiler) -> None:
    """Ask the first look-up for its first key, if that is known before the next members are bound."""
    for one in look_ups[:1]:
        key = one.keys[0]
        if one.binding.slot not in writer.begun and isinstance(key, Fact) and key.binding.slot in writer.slots:
            _ask_first_key(one, writer, compiler)


def ask_second_keys(look_ups: tuple[LookUp, ...], binding: Binding, writer: Writer) -> None:
    """Go on with the next member where no row has both the first key and the code of the one just bound."""
    for one in look_ups[:1]:
        begun = writer.begun.get(one.binding.slot)
        if not begun or len(one.keys) < 2:
            continue
        key = one.keys[1]
        if isinstance(key, Fact) and key.binding == binding and key.fact.name == "code":
            place = writer.bound(binding)
            if place.sent:
                sent = writer.once(place.sent, unknown=False)
                known = f" and ({sent} is not None or {place.data}.revenue is not None)"
                writer.write(f"if not {begun}[{sent}]{known}: continue")
            else:
                writer.write(f"if not {begun}[{place.code}]: continue")


def _ask_first_key(one: LookUp, writer: Writer, compiler: Compiler) -> None:
    """Leave the member where no row begins with the first key; where the table does not speak, the compiled steps decide."""
    table = compiler.tables.get(one.table.key)
    writer.begun[one.binding.slot] = ""
    if table is None or one.on is not None or not table.shape.complete:
        return
    key, normal = _asked(one.keys[0], writer, compiler)
    others = tuple(_normal(key) for key in one.keys[1:2])
    beginnings, covered = compiler.beginnings(one.table.key, (normal, *others))
    if table.asks_date:
        writer.bail_when(f"not {writer.parameter(covered)}[{writer.governing_date()}]")
    begun = writer.begun[one.binding.slot] = writer.name()
    writer.write(f"{begun} = {writer.parameter(beginnings)}[{key}]")
    writer.write(
        f"if not {begun}: {writer.leave_this}" if len(one.keys) == 1 else f"if {begun} is None: {writer.leave_this}"
    )


def _asked(key: Value, writer: Writer, compiler: Compiler) -> tuple[str, Normal]:
    """What a table is asked for a key, and what makes the key of it: for the code of a line the code as sent."""
    normal = _normal(key)
    if normal is as_it_is:
        return write_value(key, writer, compiler), normal
    assert isinstance(key, Fact)
    place = writer.bound(key.binding)
    sent = writer.once(place.sent, unknown=False)
    writer.bail_when(f"{sent} is None and {place.data}.revenue is None")
    return sent, normal


def _normal(key: Value) -> Normal:
    is_code = isinstance(key, Fact) and key.fact.name == "code" and key.binding.kind is Kind.LINE
    return normal_service.give if is_code else as_it_is


def as_it_is(key: Key) -> Key:
    """A key that needs no normal form."""
    return key
