"""Kinds: what an importer is: the files of a publisher that it knows, what it is given, and what it gives.

In:   nothing.    Out: `Kind`, `Asked`, `Draft`, `Reading`, `refused`, `warned`.
Uses: diagnostics, tables.model, tables.delimited (`Batch`), imports.inputs.    Used by: every importer, imports.run, the command.
Not here: which importers there are (registry); how cells are checked and written (run).

An importer is a function `read(inputs, asked)`. It looks at headers and file names only, and returns a draft for each table
that it can make, or what is wrong. The rows of a draft are made when they are asked for, batch by batch, as columns of text
in the notation of a table file: dates 2026-03-02, numbers in digits, yes and no, lists of codes parted by commas. What a
cell means is checked where the table is written: a cell that cannot be understood is passed on as it stands, and its row is
then left out with its place and the reason. `Batch.columns` are in the order of `TableShape.columns`, `Batch.lines` are the
lines (or the rows of the sheet) of `Batch.file`, which is the input's name.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from attrs import field, frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.imports.inputs import Input
from sequela.engine.tables.delimited import Batch
from sequela.engine.tables.model import Covers, TableShape

Made = Batch | InputProblem
"""What the rows of a draft come as; a problem that is fatal ends the import, another is a warning."""


@frozen(eq=False, kw_only=True)
class Draft:
    """One table of an import.

    `shape.name` is the table (`ncci/ptp-practitioner`). `release` is the publisher's edition in short (`2026q4`,
    `v32.3`, `2026-04-01`), `covers` the dates for which it speaks (a function is asked after the last row); None where the
    rows are dated and say so themselves.
    `rows` is called once. `notes` are filled while it runs: what was counted (`{"indicator 9 dropped": 30000}`).
    `inputs` are those that the rows are made from; `title` is said of the table, by default its shape's. `missing` says
    which parts of the release were not given ("f3"): of what such a table does not list it is unknown whether it is there.
    """

    shape: TableShape
    release: str
    covers: Covers | Callable[[], Covers | None] | None
    rows: Callable[[], Iterator[Made]] = field(repr=False)
    inputs: tuple[Input, ...] = field(repr=False)
    title: str = ""
    missing: str = ""
    notes: "Counter[str]" = field(factory=Counter)


@frozen
class Reading:
    """What an importer made of the files: a draft of each table, and what there is to say; a fatal problem stops it."""

    drafts: tuple[Draft, ...] = ()
    problems: tuple[InputProblem, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether the import can go on."""
        return bool(self.drafts) and not any(problem.fatal for problem in self.problems)


@frozen(kw_only=True)
class Asked:
    """What the user says of the files: it stands above what names and contents say.

    `shape` and `headers` (from a declared column to the header that holds it) are for `generic` alone.
    """

    release: str | None = None
    covers: Covers | None = None
    setting: str | None = None
    shape: TableShape | None = None
    headers: Mapping[str, str] = field(factory=dict)


@frozen(kw_only=True)
class Kind:
    """One kind of import: its name on the command line and what a user must know of it.

    `files` are the publisher's file names; `licence` says whose the content is; `tables` are the tables that it brings;
    `example` is the command without `sequela import`; `marks` are patterns by which a file of the kind is known from its
    name and first lines, so that whoever names another kind is told which it is.
    """

    name: str
    title: str
    publisher: str
    files: tuple[str, ...]
    licence: str
    tables: tuple[str, ...]
    read: Callable[[Sequence[Input], Asked], Reading] = field(repr=False)
    example: str = ""
    marks: tuple[str, ...] = ()

    def knows(self, words: str) -> bool:
        """Whether a file whose name and beginning read like this (in lower case, single blanks) is one of this kind."""
        return any(re.search(mark, words) is not None for mark in self.marks)


def refused(code: str, message: str, file: str, *, place: str = "", hint: str | None = None) -> InputProblem:
    """A problem that ends the import."""
    return InputProblem(code=code, message=message, file=file, place=place, hint=hint)


def warned(code: str, message: str, file: str, *, place: str = "", hint: str | None = None) -> InputProblem:
    """A problem that the import gets over."""
    return InputProblem(code=code, message=message, file=file, place=place, hint=hint, fatal=False)
