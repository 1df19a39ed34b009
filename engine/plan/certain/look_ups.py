"""Look-ups in the written code: a quick no by the keys, then the rows.

In:   the `LookUp`s of a version.                          Out: statements; what stands below runs for each row.
Uses: plan.certain.writer, plan.certain.values, tables.    Used by: plan.certain.shape.
Not here: late look-ups, which are asked of a witness (the compiled steps).

That no row of a complete table has some keys is seen before the rows are asked for, and where the first key belongs to a member
that is bound before another, before any of those others is looked at.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sequela.engine.model.nodes import Binding, Fact, Value
from sequela.engine.model.rules import ForMembers, LookUp, Rule
from sequela.engine.plan.certain.claim import normal_service
from sequela.engine.plan.certain.values import write_value
from sequela.engine.plan.certain.writer import Place, Unwritten, Writer
from sequela.engine.plan.compiler import Compiler
from sequela.engine.tables.beginnings import Beginnings, Normal
from sequela.engine.tables.model import Key
from sequela.engine.tables.stored_columns import BoundedMemo
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
    row, in_force, cell = writer.name(), "", None
    if begun and len(one.keys) < 3:
        spans = begun
        if len(one.keys) == 2:
            spans = writer.once(f"{begun}[{_asked(one.keys[1], writer, compiler)}]", unknown=False)
        first, last, cells = writer.name(), writer.name(), writer.name()
        block = writer.block(f"for {first}, {last}, {row}, {cells} in {spans}:")
        place_of = rows_of(one, compiler)[0].place_of
        cell = lambda column: f"{cells}[{place_of(column)}]"  # noqa: E731
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
        writer.slots[one.binding.slot] = Place(Kind.ROW, row, "", "", cell=cell)
        write_look_ups(look_ups[1:], decide, writer, compiler)


def pair_of(rule: Rule, compiler: Compiler) -> LookUp | None:
    """The first look-up of a rule of one version, where its keys begin with the codes of the first member and of another one.

    The first may be any line or any diagnosis, the other one is another of its kind; an absent row of the table is a no.
    """
    if len(rule.segments) != 1 or rule.segments[0].first is not None or rule.segments[0].last is not None:
        return None
    version = rule.segments[0].version
    if not version.look_ups or not isinstance(version.subjects, ForMembers):
        return None
    one, binders = version.look_ups[0], version.subjects.binders
    table, first = compiler.tables.get(one.table.key), binders[0]
    if (
        table is None
        or not table.shape.complete
        or one.on is not None
        or first.within is not None
        or first.of is not None
    ):
        return None
    codes = [key.binding for key in one.keys[:2] if isinstance(key, Fact) and key.fact.name == "code"]
    others = [binder.binding for binder in binders[1:] if binder.of is None and first.binding in binder.excluded]
    return one if len(codes) == 2 and codes[0] == first.binding and codes[1] in others else None


@contextmanager
def each_beside(one: LookUp, writer: Writer, compiler: Compiler) -> Iterator[None]:
    """The loop over the diagnoses whose code stands in a row together with the code of another one of the claim."""
    beginnings, speaks = rows_of(one, compiler)
    writer.write("if len(codes) < 2: return")
    if compiler.tables[one.table.key].asks_date:
        writer.bail_when(f"not {writer.parameter(speaks)}[{writer.governing_date()}]")
    code, apart = writer.name(), writer.name()
    with writer.block(f"for at, {code} in enumerate(codes):"):
        met, meet = writer.parameter(beginnings.apart), writer.parameter(beginnings.apart_of)
        writer.write(f"{apart} = {met}[{code}] if {code} in {met} else {meet}({code})")
        writer.write(f"if {apart} is None or {apart}(codes): continue")
        yield


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
            sent = writer.once(place.sent or place.code, unknown=False)
            writer.write(f"if {sent} in {begun}.absent: continue")
            rows = writer.once(f"{begun}[{sent}]", unknown=False)
            known = f" and not ({_unknown(place, sent)})" if place.sent and writer.pairs is None else ""
            writer.write(f"if not {rows}{known}: continue")


def _ask_first_key(one: LookUp, writer: Writer, compiler: Compiler) -> None:
    """Leave the member where no row begins with the first key; where the table does not speak, the compiled steps decide."""
    table = compiler.tables.get(one.table.key)
    writer.begun[one.binding.slot] = ""
    if table is None or one.on is not None or not table.shape.complete:
        return
    key = _asked(one.keys[0], writer, compiler)
    beginnings, speaks = rows_of(one, compiler)
    if table.asks_date and one.binding.slot == writer.pairs:
        writer.once(writer.governing_date_or_unknown(), unknown=False)
    elif table.asks_date:
        writer.bail_when(f"not {writer.parameter(speaks)}[{writer.governing_date()}]")
    begun = writer.begun[one.binding.slot] = writer.name()
    writer.write(f"{begun} = {writer.parameter(beginnings)}[{key}]")
    writer.write(
        f"if not {begun}: {writer.leave_this}" if len(one.keys) == 1 else f"if {begun} is None: {writer.leave_this}"
    )


def rows_of(one: LookUp, compiler: Compiler) -> tuple[Beginnings, BoundedMemo]:
    """The rows that a look-up finds, by its keys, and whether its table speaks for a day."""
    return compiler.beginnings(one.table.key, tuple(_normal(key) for key in one.keys[:2]))


def _asked(key: Value, writer: Writer, compiler: Compiler) -> str:
    """What a table is asked for a key: for the code of a line the code as sent."""
    if _normal(key) is as_it_is:
        return write_value(key, writer, compiler)
    assert isinstance(key, Fact)
    place = writer.bound(key.binding)
    sent = writer.once(place.sent, unknown=False)
    if writer.pairs is None:
        writer.bail_when(_unknown(place, sent))
    return sent


def _unknown(place: Place, sent: str) -> str:
    """That the code of a line is unknown: it was not sent, and nothing says that there is none."""
    return f"{sent} is None and {place.data}.revenue is None"


def _normal(key: Value) -> Normal:
    is_code = isinstance(key, Fact) and key.fact.name == "code" and key.binding.kind is Kind.LINE
    return normal_service.__getitem__ if is_code else as_it_is


def as_it_is(key: Key) -> Key:
    """A key that needs no normal form."""
    return key
