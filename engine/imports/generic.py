"""Generic: anybody's own list, a CSV or a workbook, for a table that a rule file declares.

In:   a file with a header, the declaration of the table.    Out: `KIND`.
Uses: imports.grid, imports.sources, imports.header, imports.columns.         Used by: imports.registry.
Not here: reading the rule files for the declaration (the command).

The headers are the declared names (case, blanks and underscores do not matter), or those that the user maps to them. Other
columns are ignored. Dates are written 2026-03-02; cells that a workbook holds as dates and numbers become text as a person
reads them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from attrs import frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.diagnostics.suggest import did_you_mean, listed
from sequela.engine.imports.columns import Once, wanted_columns, with_zeros
from sequela.engine.imports.editions import date_in_name, quarter_in_name
from sequela.engine.imports.grid import Grid
from sequela.engine.imports.header import Column, Header, body, plain_words
from sequela.engine.imports.inputs import Input
from sequela.engine.imports.kinds import Asked, Draft, Kind, Made, Reading, refused
from sequela.engine.imports.sources import grid_with
from sequela.engine.tables.delimited import Batch
from sequela.engine.tables.model import TableShape
from sequela.engine.vocabulary.kinds import Scalar, Type

_FLOAT: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")


@frozen
class _Source:
    grid: Grid
    header: Header


def read(inputs: Sequence[Input], asked: Asked) -> Reading:
    """One table out of one or more files with the same header."""
    shape = asked.shape
    first = inputs[0]
    if shape is None:
        hint = "Write --table NAME and --rules FILE: the columns are those that the rule file declares."
        return Reading((), (refused("SEQ491", "No table is named for the file.", first.name, hint=hint),))
    declared = [name for name, _ in shape.columns]
    for name in asked.headers:
        if name not in declared:
            hint = did_you_mean(name, declared) or f"It has {listed(declared)}."
            message = f"Table `{shape.name}` declares no column `{name}`."
            return Reading((), (refused("SEQ491", message, first.name, hint=hint),))
    release = asked.release or _edition(inputs)
    if release is None:
        hint = "Write --release 2026q4, or any name that tells the editions of your list apart."
        message = f"Nothing says which release of `{shape.name}` {first.name} is."
        return Reading((), (refused("SEQ484", message, first.name, hint=hint),))
    wanted = [Column(name, _pattern(asked.headers.get(name, name))) for name in declared]
    sources: list[_Source] = []
    problems: list[InputProblem] = []
    for one in inputs:
        source = _source(one, wanted, asked.headers)
        if isinstance(source, InputProblem):
            problems.append(source)
        else:
            sources.append(source)
    if problems or not sources:
        return Reading((), tuple(problems))
    draft = Draft(
        shape=shape, release=release, covers=asked.covers, rows=lambda: _rows(sources, shape), inputs=tuple(inputs)
    )
    return Reading((draft,))


def _edition(inputs: Sequence[Input]) -> str | None:
    """The release in the name of a file: its day, else its quarter."""
    day = date_in_name(inputs[0].file)
    quarter = quarter_in_name(inputs[0].file)
    if day is not None:
        return day.isoformat()
    return quarter.name if quarter is not None else None


def _pattern(name: str) -> str:
    """The pattern of a header that is a name: hyphens, blanks and underscores are the same."""
    return "[- ]?".join(re.escape(part) for part in re.split(r"[- ]+", plain_words(name)))


def _source(one: Input, wanted: Sequence[Column], headers: Mapping[str, str]) -> _Source | InputProblem:
    found = grid_with(one, wanted, kind="the table")
    if not isinstance(found, InputProblem):
        return _Source(*found)
    if found.code != "SEQ481":
        return found
    mapped = " Where a header is called otherwise, write --column NAME=HEADER." if not headers else ""
    return refused(found.code, found.message, found.file, place=found.place, hint=f"{found.hint or ''}{mapped}")


def _rows(sources: Sequence[_Source], shape: TableShape) -> Iterator[Made]:
    numbers = Once(_number)
    keys = [key.name for key in shape.keys]
    for source in sources:
        for found in body(source.grid, source.header):
            if isinstance(found, InputProblem):
                yield found
                return
            wanted = wanted_columns(found, source.header, keys)
            columns = tuple(
                _plain(kind, wanted.columns[name], numbers) if source.grid.is_sheet else wanted.columns[name]
                for name, kind in shape.columns
            )
            yield Batch(columns, list(wanted.lines), file=source.grid.name, refused=wanted.refused)


def _plain(kind: Type, texts: Sequence[str], numbers: Once) -> Sequence[str]:
    """The cells of a workbook as a person reads them: codes with their zeros, numbers without a machine's remainder."""
    if kind in (Scalar.NUMBER, Scalar.MONEY):
        return [numbers[text] for text in texts]
    return with_zeros(kind, texts)


def _number(text: str) -> str:
    """A number that a workbook holds as a fraction of two: `0.29999999999999999` is 0.3; other text stays as it is.

    >>> _number("0.29999999999999999"), _number("12"), _number("1E3"), _number("many")
    ('0.3', '12', '1000', 'many')
    """
    if _FLOAT.fullmatch(text) is None or text.isdigit():
        return text
    return f"{Decimal(repr(float(text))).normalize():f}"


KIND: Final = Kind(
    name="generic",
    title="A list of your own (CSV or workbook) for a table that a rule file declares.",
    publisher="",
    files=("any .csv, .tsv, .txt or .xlsx with the declared columns in its header",),
    licence="Yours.",
    tables=(),
    read=read,
    example="generic limits.xlsx --table unit-limits --rules my.rules --release 2026q4 --into tables",
)
