"""Flat layout: where in the rows of one table the facts of a claim stand.

In:   a header, a mapping.        Out: `Layout`, or what the table lacks.
Uses: flat_mapping, diagnostics.  Used by: flat_claim, flat_members, from_flat.
Not here: rows (flat_csv, flat_parquet); what a cell means (flat_cells).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from attrs import define, field, frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.diagnostics.suggest import did_you_mean, listed
from sequela.engine.encounter.flat_mapping import LISTS, Mapping, type_of
from sequela.engine.vocabulary.kinds import Type

_OTHER: re.Pattern[str] = re.compile(r"[^a-z0-9]+")
_NUMBERED = "{n}"


@frozen
class Column:
    """One column that is read: the fact in it, the fact's type, its name in the table, and its place among the kept cells."""

    fact: str
    type: Type
    name: str
    at: int


@frozen(kw_only=True)
class Layout:
    """The columns of a table that are read. `kept` are their places in the header; a `Column.at` is a place among these.

    `lists` holds for each section the columns of the first of its things, of the second and so on; one without a number is
    the only one, and `joined` says that its cell may hold several. `differ` are the places of what concerns the whole claim.
    """

    kept: tuple[int, ...]
    id: Column | None
    claim: tuple[Column, ...]
    line: tuple[Column, ...]
    modifiers: tuple[Column, ...]
    pointers: Column | None
    lists: dict[str, tuple[tuple[Column, ...], ...]]
    joined: frozenset[str]
    types: dict[str, Column]  # of a list: which code system its codes are of
    differ: tuple[Column, ...] = ()

    def claim_column(self, fact: str) -> Column | None:
        """The column of a fact of the claim."""
        return next((one for one in self.claim if one.fact == fact), None)


def plain_name(name: str) -> str:
    """The name of a column as it is compared: small letters, everything else an underscore.

    >>> plain_name(" Claim-ID ")
    'claim_id'
    """
    return _OTHER.sub("_", name.strip().lower()).strip("_")


def layout_of(header: Sequence[str], mapping: Mapping, file: str) -> Layout | InputProblem:
    """Where the facts of a claim stand in a table with this header; a problem where the mapping names what it lacks."""
    finder = Finder(header)
    lacking = missing_column(finder, mapping, ("claim", "line", *LISTS), file)
    if lacking is not None:
        return lacking
    claim = tuple(_columns(finder, mapping, "claim"))
    line = tuple(_columns(finder, mapping, "line", apart=("modifiers", "diagnoses")))
    identity = next((one for one in claim if one.fact == "id"), None)
    if identity is None:
        names = mapping.columns["claim"]["id"]
        if len(header) == 1:
            hint: str | None = "Its first row is a single cell: commas, tabs, semicolons or bars part the columns."
        else:
            hint = did_you_mean(names[0], finder.names) if names else None
        return InputProblem(
            code="SEQ731",
            message=f"The table has no column `{names[0] if names else 'claim_id'}`, by which the lines of a claim are known.",
            file=file,
            place="row 1",
            hint=hint or "A file of columns (--columns) says what the columns of your table are called.",
        )
    lists = {section: _listed(finder, mapping, section) for section in LISTS}
    joined = {
        section for section in LISTS if any(_NUMBERED not in name for name in mapping.columns[section].get("code", ()))
    }
    types = {section: one for section in LISTS for one in _columns(finder, mapping, section, only="type")}
    pointers = next(_columns(finder, mapping, "line", only="diagnoses"), None)
    modifiers = tuple(column for found in finder.numbered(mapping.columns["line"].get("modifiers", ()))
                      for column in (finder.column("modifiers", type_of("line", "modifiers"), found),))  # fmt: skip
    whole = [one for one in claim if one.fact != "id"]
    whole += [column for several in lists.values() for columns in several for column in columns]
    whole += types.values()
    return Layout(
        kept=tuple(finder.kept),
        id=identity,
        claim=claim,
        line=line,
        modifiers=modifiers,
        pointers=pointers,
        lists=lists,
        joined=frozenset(joined),
        types=types,
        differ=tuple(whole),
    )


def missing_column(finder: "Finder", mapping: Mapping, sections: Iterable[str], file: str) -> InputProblem | None:
    """What a user's file names and the table does not have."""
    for section, fact in sorted(mapping.own):
        names = mapping.columns[section].get(fact, ())
        if section in sections and names and not any(finder.numbered((name,)) for name in names):
            return InputProblem(
                code="SEQ731",
                message=f"The table has no column `{names[0]}`, which {mapping.file} names for `{fact}` of [{section}].",
                file=file,
                place="row 1",
                hint=did_you_mean(plain_name(names[0]), finder.names) or "The first row names the columns.",
            )
    return None


_LOOKED_FOR: Final = (
    ("line", "code", "the code of a line"),
    ("line", "units", "the units of a line"),
    ("line", "charge", "the charge of a line"),
    ("diagnosis", "code", "the diagnoses"),
)
_UNREAD_SHOWN: Final = 8
_OF_NO_USE: Final = frozenset({
    "apr_drg_code", "paid_date", "paid_amount", "total_cost_amount", "allowed_amount", "coinsurance_amount", "copayment_amount",
    "deductible_amount", "data_source", "file_name", "file_date", "ingest_datetime", "tuva_last_run",
})  # fmt: skip
"""Columns of Tuva's tables of which rules ask nothing."""


def unread_columns(header: Sequence[str], layout: Layout, mapping: Mapping, file: str) -> InputProblem | None:
    """A warning where a table lacks columns that most rules ask for, and has others: they may be called otherwise there."""
    finder = Finder(header)
    lacking = [
        (mapping.columns[section][fact][0].replace(_NUMBERED, "1"), what)
        for section, fact, what in _LOOKED_FOR
        if mapping.columns[section].get(fact) and finder.first(mapping.columns[section][fact]) is None
    ]
    others = [name.strip() for place, name in enumerate(header) if place not in layout.kept]
    unread = [f"`{name}`" for name in others if name and plain_name(name) not in _OF_NO_USE]
    if not lacking or not unread:  # a table whose every column is read has no such column under another name
        return None
    more = f" and {len(unread) - _UNREAD_SHOWN} more" if len(unread) > _UNREAD_SHOWN else ""
    shown = ", ".join(unread[:_UNREAD_SHOWN]) + more
    return InputProblem(
        code="SEQ741",
        message=f"The table has no column {listed([name for name, _ in lacking], last='or')}; "
        f"not known on any claim: {', '.join(what for _, what in lacking)}.",
        file=file,
        place="row 1",
        hint=f'Not read: {shown}. A file of columns (--columns) says what yours are called, or "" where there is none.',
        fatal=False,
    )


def _columns(
    finder: "Finder", mapping: Mapping, section: str, only: str | None = None, apart: Sequence[str] = ()
) -> Iterator[Column]:
    """The columns of the facts of a section, each the first that the table has."""
    for fact, names in mapping.columns[section].items():
        if fact in apart or (only is not None and fact != only):
            continue
        place = finder.first(names)
        if place is not None:
            yield finder.column(fact, type_of(section, fact), place)


def _listed(finder: "Finder", mapping: Mapping, section: str) -> tuple[tuple[Column, ...], ...]:
    """The columns of the first thing of a list, of the second, and so on: those that have a code."""
    facts = [(fact, names) for fact, names in mapping.columns[section].items() if fact != "type"]
    by_number: dict[int, list[Column]] = {}
    for fact, names in facts:
        for number, place in finder.by_number(names).items():
            by_number.setdefault(number, []).append(finder.column(fact, type_of(section, fact), place))
    return tuple(
        tuple(sorted(columns, key=lambda one: one.fact != "code"))
        for _, columns in sorted(by_number.items())
        if any(one.fact == "code" for one in columns)
    )


@define
class Finder:
    """Finds columns in a header by their plain names, and keeps account of those that are read."""

    header: Sequence[str]
    kept: list[int] = field(factory=list)
    _places: dict[str, int] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._places = {}
        for place, name in enumerate(self.header):
            self._places.setdefault(plain_name(name), place)

    @property
    def names(self) -> tuple[str, ...]:
        """The plain names of all columns."""
        return tuple(self._places)

    def first(self, names: Iterable[str]) -> int | None:
        """The place of the first of these names that the table has; of a numbered one, that of its first number."""
        return next(iter(self.numbered(names)), None)

    def numbered(self, names: Iterable[str]) -> list[int]:
        """The places of all numbers of the first of these names that the table has."""
        return list(self.by_number(names).values())

    def by_number(self, names: Iterable[str]) -> dict[int, int]:
        """The same, by number; a name without {n} is number 1."""
        for name in names:
            if _NUMBERED not in name:
                place = self._places.get(plain_name(name))
                if place is not None:
                    return {1: place}
                continue
            before, _, after = (plain_name(part) for part in name.partition(_NUMBERED))
            pattern = re.compile(rf"{re.escape(before)}_?0*([1-9][0-9]*)" + (rf"_?{re.escape(after)}" if after else ""))
            found = {
                int(match[1]): at for one, at in self._places.items() if (match := pattern.fullmatch(one)) is not None
            }
            if found:
                return dict(sorted(found.items()))
        return {}

    def column(self, fact: str, kind: Type, place: int) -> Column:
        """A column that is read."""
        if place not in self.kept:
            self.kept.append(place)
        return Column(fact, kind, str(self.header[place]).strip(), self.kept.index(place))
