"""Lints of code sets: entries that add nothing, exceptions that take nothing away, sets that hold nothing.

In:   set declarations, and what their names mean.    Out: diagnostics; `disjoint` and `subset` for other lints.
Uses: syntax, tables.codes, nodes, diagnostics.       Used by: lint, lint_logic.
Not here: whether a code exists (the checker asks the catalogue).

All of it is decided by text alone, and only what is certain is said: where a table has a say, or a pattern stands
against a range, sets are taken to differ and to meet.
"""

from collections.abc import Iterator, Sequence

from attrs import frozen

from sequela.engine.diagnostics.model import Diagnostic, Label, Severity
from sequela.engine.model.nodes import SetDefinition
from sequela.engine.syntax.declarations import (
    CodesDeclaration,
    FromTable,
    Like,
    OtherSet,
    Range,
    SetEntry,
    ThisCode,
    Under,
)
from sequela.engine.tables.codes import (
    LETTERED,
    CodeRange,
    Entry,
    ExactCode,
    LikePattern,
    UnderCode,
    letter_places,
    like_pattern,
)
from sequela.engine.tables.reach import stretch
from sequela.engine.vocabulary.systems import System, normal

# ---------------------------------------------------------------- two entries


def _letters(entry: Entry) -> str | None:
    """Where the letters of every code of an entry stand; None where its codes may differ in that."""
    match entry:
        case ExactCode(code=code):
            return letter_places(code)
        case CodeRange(low=low, system=system) if system in LETTERED:
            return letter_places(low)
        case _:
            return None


def inside(one: Entry, other: Entry) -> bool:
    """Whether every code of `one` is certainly a code of `other`."""
    match one, other:
        case ExactCode(code=code), _:
            return other.holds(code)
        case _, ExactCode():
            return False
        case LikePattern(), LikePattern():
            return len(one.places) == len(other.places) and all(
                _characters(mine) <= _characters(theirs) for mine, theirs in zip(one.places, other.places, strict=True)
            )
        case _, LikePattern():
            return False
        case _, CodeRange(system=system) if system in LETTERED and _letters(one) != _letters(other):
            return False
        case _:
            low, high = stretch(one)
            lowest, highest = stretch(other)
            return lowest <= low and high <= highest


def apart(one: Entry, other: Entry) -> bool:
    """Whether no code is certainly in both."""
    if isinstance(one, ExactCode):
        return not other.holds(one.code)
    if isinstance(other, ExactCode):
        return not one.holds(other.code)
    low, high = stretch(one)
    lowest, highest = stretch(other)
    if high < lowest or highest < low:
        return True
    if isinstance(one, LikePattern) and isinstance(other, LikePattern):
        return len(one.places) != len(other.places) or any(
            _characters(mine).isdisjoint(_characters(theirs))
            for mine, theirs in zip(one.places, other.places, strict=True)
        )
    mine_, theirs_ = _letters(one), _letters(other)
    return mine_ is not None and theirs_ is not None and mine_ != theirs_


_ANY = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _characters(place: str) -> frozenset[str]:
    """The characters that a place of a pattern stands for: `?`, `5` or `[1-4AB]`."""
    if place == "?":
        return _ANY
    if not place.startswith("["):
        return frozenset(place)
    inner, found, at = place[1:-1], set[str](), 0
    while at < len(inner):
        if inner[at + 1 : at + 2] == "-":
            found.update(one for one in _ANY if inner[at] <= one <= inner[at + 2])
            at += 3
        else:
            found.add(inner[at])
            at += 1
    return frozenset(found)


# ---------------------------------------------------------------- whole sets


@frozen
class _Held:
    """An entry of a set, and the entries that are subtracted from it."""

    entry: Entry
    less: tuple[Entry, ...]


def _held(definition: SetDefinition) -> list[_Held] | None:
    """What a set holds at most: its entries and those of the sets it names; None where a table brings codes in."""
    if definition.tables:
        return None
    written = definition.except_text
    less = (*definition.text.exceptions, *(() if written is None else written.entries))
    for other in definition.except_others:
        less = (*less, *(_plain(other) or ()))
    found = [_Held(entry, less) for entry in definition.text.entries]
    for other in definition.others:
        theirs = _held(other)
        if theirs is None:
            return None
        found.extend(_Held(one.entry, (*one.less, *less)) for one in theirs)
    return found


def _plain(definition: SetDefinition) -> tuple[Entry, ...] | None:
    """The entries of a set without exceptions and tables, and of the sets that it names; None for any other set."""
    if definition.tables or not _subtracts_nothing(definition):
        return None
    found: tuple[Entry, ...] = definition.text.entries
    for other in definition.others:
        theirs = _plain(other)
        if theirs is None:
            return None
        found = (*found, *theirs)
    return found


def _subtracts_nothing(definition: SetDefinition) -> bool:
    return not (
        definition.text.exceptions or definition.except_text or definition.except_others or definition.except_tables
    )


def _has_exceptions_unread(definition: SetDefinition) -> bool:
    """Whether an exception of the set, or of one that it names, is not decided by entries alone."""
    return (
        bool(definition.except_tables)
        or any(_plain(other) is None for other in definition.except_others)
        or any(_has_exceptions_unread(other) for other in definition.others)
    )


def disjoint(one: SetDefinition, other: SetDefinition) -> bool:
    """Whether no code is certainly in both sets."""
    mine, theirs = _held(one), _held(other)
    if mine is None or theirs is None:
        return False
    return all(_never_meet(left, right) for left in mine for right in theirs)


def _never_meet(one: _Held, other: _Held) -> bool:
    return (
        apart(one.entry, other.entry)
        or any(inside(one.entry, taken) for taken in (*one.less, *other.less))
        or any(inside(other.entry, taken) for taken in (*one.less, *other.less))
    )


def subset(one: SetDefinition, other: SetDefinition) -> bool:
    """Whether every code of `one` is certainly in `other`."""
    if one is other:
        return True
    mine = _held(one)
    if mine is None or _has_exceptions_unread(other):
        return False
    theirs = _certain(other)
    return all(
        any(inside(left.entry, right.entry) and _survives(left, right) for right in theirs)
        for left in mine
        if not any(inside(left.entry, taken) for taken in left.less)
    )


def _certain(definition: SetDefinition) -> list[_Held]:
    """What a set holds at least: its written entries and those of the sets it names."""
    less = (*definition.text.exceptions, *(() if definition.except_text is None else definition.except_text.entries))
    for other in definition.except_others:
        less = (*less, *(_plain(other) or ()))
    found = [_Held(entry, less) for entry in definition.text.entries]
    for other in definition.others:
        found.extend(_Held(one.entry, (*one.less, *less)) for one in _certain(other))
    return found


def _survives(one: _Held, within: _Held) -> bool:
    """Whether what is taken out of `within` takes nothing from `one` that was not taken out of `one` already."""
    return all(apart(one.entry, taken) or taken in one.less for taken in within.less)


def holds_code(definition: SetDefinition, code: str) -> bool | None:
    """Whether a code, in normal form, is in a set; None where a table decides."""
    taken = _either(
        [definition.except_text is not None and definition.except_text.contains(code)]
        + [holds_code(other, code) for other in definition.except_others]
        + [None for _ in definition.except_tables]
    )
    if taken is True:
        return False
    held = _either(
        [definition.text.contains(code)]
        + [holds_code(other, code) for other in definition.others]
        + [None for _ in definition.tables]
    )
    if held is False or taken is False:
        return held
    return None


def _either(answers: Sequence[bool | None]) -> bool | None:
    if any(answers):
        return True
    return None if None in answers else False


# ---------------------------------------------------------------- lints of one declaration


@frozen
class _Written:
    """An entry as its author wrote it, and what it holds: several entries where it names another set."""

    node: SetEntry
    entries: tuple[Entry, ...]


def lint_set(declaration: CodesDeclaration, definition: SetDefinition) -> Iterator[Diagnostic]:
    """What can be said about a set: entries twice or within another, exceptions without effect, nothing left."""
    named = {other.name: other for other in (*definition.others, *definition.except_others)}
    entries = _written(declaration.entries, definition.system, named)
    exceptions = _written(declaration.exceptions, definition.system, named)
    yield from _repeated(declaration, entries)
    yield from _repeated(declaration, exceptions)
    for one in (*entries, *exceptions):
        yield from _other_series(one)
    held = _held(definition)
    if held is None:
        return
    for exception in exceptions:
        if exception.entries and all(apart(taken, one.entry) for taken in exception.entries for one in held):
            yield Diagnostic(
                code="SEQ603",
                severity=Severity.WARNING,
                message=f"`except {_text(exception)}` takes nothing away from `{declaration.name.text}`.",
                at=Label(exception.node.span, "no entry holds such a code"),
                hint="Check the code, or leave the exception out.",
            )
    if held and all(any(inside(one.entry, taken) for taken in one.less) for one in held):
        yield Diagnostic(
            code="SEQ604",
            severity=Severity.WARNING,
            message=f"Nothing is in `{declaration.name.text}`: its exceptions take everything away.",
            at=Label(declaration.name.span),
            hint="Check what stands after `except`.",
        )


def _written(nodes: tuple[SetEntry, ...], system: System, named: dict[str, SetDefinition]) -> list[_Written]:
    return [_Written(node, _entries_of(node, system, named)) for node in nodes]


def _entries_of(node: SetEntry, system: System, named: dict[str, SetDefinition]) -> tuple[Entry, ...]:
    match node:
        case ThisCode(code=code):
            return (ExactCode(normal(system, code.text), system),)
        case Under(code=code):
            return (UnderCode(normal(system, code.text), system),)
        case Range(low=low, high=high):
            return (CodeRange(normal(system, low.text), normal(system, high.text), system),)
        case Like(pattern=pattern):
            found = like_pattern(system, pattern.value)
            return (found,) if isinstance(found, LikePattern) else ()
        case OtherSet(name=name):
            return (_plain(named[name.text]) or ()) if name.text in named else ()
        case FromTable():
            return ()


def _other_series(written: _Written) -> Iterator[Diagnostic]:
    """A range `0001T .. 0010T`: between its ends sort codes that end in other letters."""
    entry = written.entries[0] if isinstance(written.node, Range) and written.entries else None
    if not isinstance(entry, CodeRange) or entry.system not in LETTERED:
        return
    low, high = entry.low, entry.high
    if not (len(low) == len(high) and low[-1] == high[-1] and low[-1].isalpha() and low[:-1] < high[:-1]):
        return
    example = f"{low[:-1]}{chr(ord(low[-1]) + 1)}" if low[-1] != "Z" else f"{high[:-1]}A"
    pattern = "".join(one if low.startswith(high[: at + 1]) else "?" for at, one in enumerate(low[:-1])) + low[-1]
    yield Diagnostic(
        code="SEQ618",
        severity=Severity.WARNING,
        message=f"`{_text(written)}` also holds codes that end in another letter, such as `{example}`.",
        at=Label(written.node.span),
        hint=f'`like "{pattern}"` holds only codes that end in {low[-1]}.',
    )


def _repeated(declaration: CodesDeclaration, written: list[_Written]) -> Iterator[Diagnostic]:
    for place, one in enumerate(written):
        for other_place, other in enumerate(written):
            if place == other_place or not one.entries or not _all_inside(one, other):
                continue
            if _all_inside(other, one) and place < other_place:
                continue  # equal: the later one is the one too many
            same = _all_inside(other, one)
            words = "stands twice" if same else f"is already in `{_text(other)}`"
            yield Diagnostic(
                code="SEQ602",
                severity=Severity.LINT,
                message=f"`{_text(one)}` {words} in `{declaration.name.text}`.",
                at=Label(one.node.span, "adds nothing"),
                also=(Label(other.node.span, "it is in here"),),
                hint="Leave one of them out." if same else "Leave it out, unless the other was meant to be narrower.",
            )
            break


def _all_inside(one: _Written, other: _Written) -> bool:
    return bool(other.entries) and all(any(inside(mine, theirs) for theirs in other.entries) for mine in one.entries)


def _text(written: _Written) -> str:
    return " ".join(written.node.span.text.split())
