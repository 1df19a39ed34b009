"""Layout: the files of the Medicare Coverage Database that are read, their columns, and their rows.

In:   the inputs of an import.    Out: `FILES`, `Files`, `find_files`, `rows_of`, `day`.
Uses: imports.grid, imports.header, imports.columns.    Used by: imports.coverage.
Source: CMS, Medicare Coverage Database, downloads `current_article`, `all_article` and `ncd`, with their data dictionary.

An archive holds an archive of CSV files. Columns are known by name, cells may hold line breaks and HTML, dates have a time
behind them. A file that is not named here is not opened; one of them (`lcd_x_requestor_letters.csv`) has no header at all.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from attrs import frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.diagnostics.suggest import listed
from sequela.engine.imports.columns import wanted_columns
from sequela.engine.imports.grid import open_grids
from sequela.engine.imports.header import Column, body, find_header
from sequela.engine.imports.inputs import Input
from sequela.engine.imports.kinds import refused

_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T].*)?")
_US: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s.*)?")
_OF_ARTICLE: Final = ("article id", "article version")


@frozen
class File:
    """One file: its bare name, its columns, which of them a row must have, and whether an import can do without it."""

    stem: str
    columns: tuple[str, ...]
    optional: tuple[str, ...] = ()
    needed: bool = True

    @property
    def wanted(self) -> tuple[Column, ...]:
        """The columns as they are looked for in a header."""
        needed = (Column(name, re.escape(name)) for name in self.columns)
        return (*needed, *(Column(name, re.escape(name), needed=False) for name in self.optional))


ARTICLES: Final = File(
    "article",
    (*_OF_ARTICLE, "title", "article eff date", "status"),
    ("article end date", "article rev end date", "date retired", "display id", "icd10 doc"),
)
RETIRING: Final = File("article_future_retire", ("article id", "retire dt"), needed=False)
SERVICES: Final = File(
    "article_x_hcpc_code", (*_OF_ARTICLE, "hcpc code id"), ("hcpc code group", "range", "hcpc code version")
)
COVERED: Final = File(
    "article_x_icd10_covered", (*_OF_ARTICLE, "icd10 code id", "icd10 covered group"), ("range", "asterisk")
)
COVERED_GROUPS: Final = File(
    "article_x_icd10_covered_group",
    (*_OF_ARTICLE, "icd10 covered group", "paragraph"),
    ("icd10 covered ast",),
)
NEVER: Final = File(
    "article_x_icd10_noncovered",
    (*_OF_ARTICLE, "icd10 code id", "icd10 noncovered group"),
    ("range", "asterisk"),
    needed=False,
)
NEVER_GROUPS: Final = File(
    "article_x_icd10_noncovered_group",
    (*_OF_ARTICLE, "icd10 noncovered group", "paragraph"),
    needed=False,
)
OF_CONTRACTORS: Final = File(
    "article_x_contractor", (*_OF_ARTICLE, "contractor id", "contractor type id", "contractor version")
)
CONTRACTORS: Final = File(
    "contractor", ("contractor id", "contractor type id", "contractor version", "contractor bus name"), needed=False
)
JURISDICTIONS: Final = File(
    "contractor_jurisdiction",
    ("contractor id", "contractor type id", "contractor version", "state id"),
    ("active date", "term date"),
)
CONTRACTOR_TYPES: Final = File("contractor_type_lookup", ("contractor type id", "description"))
STATES: Final = File("state_lookup", ("state id", "state abbrev"), ("description",))
PERIOD: Final = File("update_period", ("end date",), needed=False)
OF_LCDS: Final = File("article_related_documents", (*_OF_ARTICLE, "r lcd id"), needed=False)
OF_NCDS: Final = File("article_related_ncd_documents", (*_OF_ARTICLE, "r ncd id"), needed=False)
NCDS: Final = File(
    "ncd_trkg", ("ncd id", "ncd mnl sect", "ncd mnl sect title"), ("ncd efctv dt", "ncd trmntn dt"), needed=False
)
PAIRS: Final = File("group-pairs", ("article", "group", "needs"), needed=False)

FILES: Final = (
    ARTICLES, RETIRING, SERVICES, COVERED, COVERED_GROUPS, NEVER, NEVER_GROUPS, OF_CONTRACTORS, CONTRACTORS,
    JURISDICTIONS, CONTRACTOR_TYPES, STATES, PERIOD, OF_LCDS, OF_NCDS, NCDS, PAIRS,
)  # fmt: skip

Row = Mapping[str, str]
Files = Mapping[str, Input]
"""The inputs by the bare name of the file."""


@frozen
class Bad:
    """A row that is out of shape, and why."""

    line: int
    why: str


def find_files(inputs: Sequence[Input]) -> Files | InputProblem:
    """The inputs that are read; or that one is missing, or that there are two editions among them."""
    known = {file.stem for file in FILES}
    found: dict[str, Input] = {}
    for one in inputs:
        if one.stem not in known or one.suffix not in (".csv", ".txt"):
            continue
        if one.stem in found and one.stem in (ARTICLES.stem, COVERED.stem):
            message = f"{found[one.stem].name} and {one.name} are two editions of the articles."
            hint = "Import one of them: current_article.zip, or all_article.zip, which holds retired ones, too."
            return refused("SEQ485", message, one.name, hint=hint)
        found.setdefault(one.stem, one)
    missing = [f"{file.stem}.csv" for file in FILES if file.needed and file.stem not in found]
    if not missing:
        return found
    name = inputs[0].name if inputs else ""
    if ARTICLES.stem not in found:
        message = f"{name} holds no articles of the Medicare Coverage Database: there is no article.csv."
        return refused("SEQ481", message, name, hint="The download is current_article.zip or all_article.zip.")
    message = f"The download is not whole: {listed(missing)} {'is' if len(missing) == 1 else 'are'} missing."
    return refused("SEQ486", message, name, hint="Give the archive as CMS publishes it, or all the files in it.")


def rows_of(files: Files, file: File) -> Iterator[tuple[int, Row] | Bad | InputProblem]:
    """The rows of a file with their lines; none where the file is not there. A problem ends them."""
    one = files.get(file.stem)
    if one is None:
        return
    grids = open_grids(one)
    if isinstance(grids, InputProblem):
        yield grids
        return
    header = find_header(grids[0], file.wanted, kind=f"{file.stem}.csv")
    if isinstance(header, InputProblem):
        yield header
        return
    for found in body(grids[0], header):
        if isinstance(found, InputProblem):
            yield found
            return
        wanted = wanted_columns(found, header, file.columns)
        names, bad = list(wanted.columns), dict(wanted.refused)
        for at, cells in enumerate(zip(*wanted.columns.values(), strict=True)):
            if at in bad:
                yield Bad(wanted.lines[at], bad[at])
            else:
                yield wanted.lines[at], dict(zip(names, cells, strict=True))


def day(text: str) -> str:
    """A day as a table file writes it, without the time behind it; what is no day stays as it is.

    >>> day("2026-04-01 00:00:00"), day("4/1/2026 12:00:00 AM"), day("soon")
    ('2026-04-01', '2026-04-01', 'soon')
    """
    found = _ISO.fullmatch(text)
    if found is not None:
        year, month, on = map(int, found.groups())
    else:
        american = _US.fullmatch(text)
        if american is None:
            return text
        month, on, year = map(int, american.groups())
    try:
        return date(year, month, on).isoformat()
    except ValueError:
        return text
