"""Packed: one piece of checked rules as bytes, and the piece again from its bytes.

In:   rules, sets, conditions, authorities, tables, diagnostics.    Out: `Packer`, `Unpacker`, `Place`.
Uses: model, tables, encounter.fields, diagnostics, source.         Used by: pipeline.kept.
Not here: which pieces there are (kept.py); where they are kept (cache.py).

A piece is a pickle that names none of its classes: all that may stand in one is in one list, by its place there, and what else
a pickle might ask for is refused. What is declared elsewhere stands in it by its key, so that a piece is read without the
others, and stays good when another changes. A place within the piece's own declaration is counted from the beginning of that
declaration, so that a piece stays good when its declaration moves.
"""

import io
import pickle
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Final, NamedTuple

from msgspec import Struct

from sequela.engine.diagnostics import model as diagnostics
from sequela.engine.encounter.fields import Field, field_of
from sequela.engine.model import nodes, rules
from sequela.engine.source import Source, Span
from sequela.engine.syntax import comparisons
from sequela.engine.tables import codes, shape
from sequela.engine.tables.codes import ExactCode, TextSet
from sequela.engine.vocabulary import kinds, systems
from sequela.engine.vocabulary.systems import System


class Place(NamedTuple):
    """Where a declaration stands: the number of its source, where it begins and where it ends."""

    source: int
    start: int
    end: int


NOWHERE: Final = Place(-1, 0, 0)
"""The place of what is no declaration."""


# Stand-ins in what is written: who reads puts what does it in their place.


def _span(start: int, end: int) -> None:
    """A place in the piece's own declaration."""


def _elsewhere(source: int, start: int, end: int) -> None:
    """A place anywhere else."""


def _codes(system: System, written: str) -> TextSet:
    return TextSet(system, tuple([ExactCode(code, system) for code in written.split()]))


def _structs(*modules: Any) -> list[type]:
    return [
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Struct) and one.__module__ == module.__name__
    ]


def _members(*modules: Any) -> list[Enum]:
    return [
        member
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Enum) and one.__module__ == module.__name__
        for member in one
    ]


_KNOWN: Final[tuple[Any, ...]] = (
    _span,
    _elsewhere,
    _codes,
    field_of,
    date,
    Decimal,
    *_structs(nodes, rules, kinds, codes, shape, diagnostics),
    *_members(rules, comparisons, kinds, systems, diagnostics),
)
"""All that may stand in a piece, beside texts, numbers, tuples and the like."""


# ---------------------------------------------------------------- writing


class Packer:
    """Turns pieces into bytes; `keys` are the keys of what is declared, by identity."""

    def __init__(self, sources: Sequence[Source], keys: Mapping[int, str]) -> None:
        self._sources = {id(source): number for number, source in enumerate(sources)}
        self._names: dict[int, int | str] = {**{id(one): number for number, one in enumerate(_KNOWN)}, **keys}
        self._own, self._start, self._end = NOWHERE
        self.is_whole = True
        self._stream = io.BytesIO()
        self._pickler = _Writer(self._stream, self._names)
        self._pickler.dispatch_table = {
            Span: self._at,
            Field: lambda one: (field_of, (one.owner, one.name)),
            TextSet: _text_set,
        }

    def pack(self, piece: object, place: Place = NOWHERE) -> bytes:
        """The bytes of a piece that is declared at a place; `is_whole` says whether it names no other place in any source.

        Raises: PicklingError, RecursionError, of what cannot be a piece.
        """
        self._own, self._start, self._end = place
        self.is_whole = True
        self._stream.seek(0)
        self._stream.truncate()
        self._pickler.clear_memo()
        key = self._names.pop(id(piece), None)
        try:
            self._pickler.dump(piece)
        finally:
            if key is not None:
                self._names[id(piece)] = key
        return self._stream.getvalue()

    def _at(self, span: Span) -> tuple[Any, ...]:
        source = self._sources.get(id(span.source))
        if source is None:
            raise pickle.PicklingError("a place in none of the sources")
        if source == self._own and self._start <= span.start and span.end <= self._end:
            return _span, (span.start - self._start, span.end - self._start)
        self.is_whole = False
        return _elsewhere, (source, span.start, span.end)


class _Writer(pickle.Pickler):
    """Writes the number or key of what has one."""

    dispatch_table: Any

    def __init__(self, stream: io.BytesIO, names: Mapping[int, int | str]) -> None:
        super().__init__(stream, protocol=5)
        self._names = names

    def persistent_id(self, one: object) -> int | str | None:
        """The number or key; None of what is written out."""
        return self._names.get(id(one))


def _text_set(one: TextSet) -> tuple[Any, ...]:
    entries, system = one.entries, one.system
    plain = [entry.code for entry in entries if isinstance(entry, ExactCode) and entry.system is system]
    if len(plain) == len(entries) and not one.exceptions:
        return _codes, (system, " ".join(plain))
    return TextSet, (system, entries, one.exceptions)


# ---------------------------------------------------------------- reading


class Unpacker:
    """Turns bytes into pieces; `declared` gives what is declared elsewhere, by its key."""

    def __init__(self, sources: Sequence[Source], declared: Callable[[str], Any]) -> None:
        self._sources = sources
        self._declared = declared

    def unpack(self, packed: bytes | memoryview, place: Place = NOWHERE) -> Any:
        """The piece of these bytes, whose declaration stands at `place`. Raises UnpicklingError and its like."""
        return _Reader(packed, place, self._sources, self._declared).load()


class _Reader(pickle.Unpickler):
    """Knows what has a number in the list, and what is declared; whatever is asked for by its name in Python is refused."""

    def __init__(
        self,
        packed: bytes | memoryview,
        place: Place,
        sources: Sequence[Source],
        declared: Callable[[str], Any],
    ) -> None:
        super().__init__(io.BytesIO(packed))
        self._place = place
        self._sources = sources
        self._declared = declared

    def persistent_load(self, pid: Any) -> Any:
        """What stands in a piece by its number or its key."""
        if pid.__class__ is int:
            return _KNOWN[pid] if pid > 1 else self._at if pid == 0 else self._elsewhere
        return self._declared(pid)

    def find_class(self, module: str, name: str) -> Any:
        """Nothing."""
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a rulebook")

    def _at(self, start: int, end: int) -> Span:
        source, base, _ = self._place
        return Span(self._sources[source], base + start, base + end)

    def _elsewhere(self, source: int, start: int, end: int) -> Span:
        return Span(self._sources[source], start, end)
