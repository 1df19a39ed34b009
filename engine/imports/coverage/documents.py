"""Documents: which versions of which articles speak, on which days, with the LCD and the NCD that they belong to.

In:   the files of a download.    Out: `Edition`, `Documents`, `read_documents`.
Uses: imports.coverage.layout.    Used by: imports.coverage.lists, imports.coverage.kind.
Not here: where an article holds (reach); what it lists (lists).

Numbers stand in the files without the letter that people write before them: 52345 is A52345. A download holds the latest
version of each article; where it holds several, each speaks until the day before the next. Drafts (status P, or a display
id such as DA52345) do not speak; a retired article (status R) speaks until its last day.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from attrs import evolve, frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.imports.coverage.layout import (
    ARTICLES,
    NCDS,
    OF_LCDS,
    OF_NCDS,
    PERIOD,
    RETIRING,
    Bad,
    File,
    Files,
    Row,
    day,
    rows_of,
)

_LAST_DAYS: Final = ("article end date", "date retired", "article rev end date")
Version = tuple[str, str]
"""The id and the version of an article, as the files have them."""


@frozen
class Edition:
    """A version of an article that speaks from `start` to `end` (empty: open), both days written 2026-04-01.

    `before` says that the article had earlier versions that are not in the download.
    """

    article: str
    version: int
    line: int
    title: str
    start: str
    end: str
    before: bool = False

    @property
    def name(self) -> str:
        """The version as a list names it: `A52345.47`."""
        return f"{self.article}.{self.version}"

    @property
    def number(self) -> int:
        """The number of the article, by which articles are sorted."""
        return int(self.article[1:])


@frozen
class Documents:
    """The editions by id and version; LCDs and NCDs of each as they are cited; rows that are left out; the release."""

    editions: Mapping[Version, Edition]
    lcds: Mapping[Version, str]
    ncds: Mapping[Version, str]
    bad: tuple[tuple[int, str, str], ...]
    published: str


def version_of(row: Row) -> Version:
    """The id and the version of the article that a row belongs to, without leading zeros or letters."""
    return row["article id"].upper().lstrip("A").lstrip("0"), row["article version"].lstrip("0")


def read_documents(files: Files, notes: "Counter[str]") -> Documents | InputProblem:
    """The articles that speak; `notes` are filled with what was left out."""
    retiring: dict[str, str] = {}
    for found in rows_of(files, RETIRING):
        if isinstance(found, InputProblem):
            return found
        if not isinstance(found, Bad):
            retiring[found[1]["article id"].lstrip("0")] = day(found[1]["retire dt"])
    versions: dict[str, list[tuple[Version, Edition]]] = defaultdict(list)
    bad: list[tuple[int, str, str]] = []
    for found in rows_of(files, ARTICLES):
        if isinstance(found, InputProblem):
            return found
        if isinstance(found, Bad):
            bad.append((found.line, "", found.why))
            continue
        line, row = found
        made = _edition(line, row, retiring, notes)
        if isinstance(made, str):
            bad.append((line, row["article id"], made))
        elif made is not None:
            versions[made.article].append((version_of(row), made))
    editions = {key: edition for found in versions.values() for key, edition in _in_turn(found)}
    lcds, ncds, published = _lcds(files), _ncds(files), _published(files)
    for problem in (lcds, ncds, published):
        if isinstance(problem, InputProblem):
            return problem
    assert not isinstance(lcds, InputProblem)
    assert not isinstance(ncds, InputProblem)
    assert not isinstance(published, InputProblem)
    return Documents(editions, lcds, ncds, tuple(bad), published)


def _edition(line: int, row: Row, retiring: Mapping[str, str], notes: "Counter[str]") -> Edition | str | None:
    """One version; None where it does not speak; why it is left out where it cannot be understood."""
    number, version = version_of(row)
    if not number.isdigit() or not version.isdigit():
        return f"`{row['article id']}` version `{row['article version']}` is no number of an article."
    if row["status"].upper() not in ("A", "R") or row.get("display id", "").upper().startswith("D"):
        notes["drafts left out"] += 1
        return None
    if row.get("icd10 doc", "").upper() == "N":
        notes["articles of before ICD-10 left out"] += 1
        return None
    start = day(row["article eff date"])
    ends = [day(row.get(name, "")) for name in _LAST_DAYS]
    ends = [end for end in (*ends, retiring.get(number, "")) if end]
    for one in (start, *ends):
        if not _is_day(one):
            return f"`{one}` is no day." if one else "It does not say from when it is in force."
    if row["status"].upper() == "R" and not ends:
        notes["retired articles without a day left out"] += 1
        return None
    end = min(ends, default="")
    if end and end < start:
        notes["articles that ended before they began left out"] += 1
        return None
    return Edition(f"A{number}", int(version), line, row["title"], start, end)


def _in_turn(found: list[tuple[Version, Edition]]) -> list[tuple[Version, Edition]]:
    """The versions of one article, each until the day before the next one begins."""
    ordered = sorted(found, key=lambda one: one[1].version)
    made: list[tuple[Version, Edition]] = []
    following: str | None = None
    for key, edition in reversed(ordered):
        end = edition.end
        if following is not None:
            before = (date.fromisoformat(following) - timedelta(days=1)).isoformat()
            end = min(end, before) if end else before
        if end and end < edition.start:
            continue
        following = edition.start
        made.append((key, evolve(edition, end=end)))
    made.reverse()
    if made and made[0][1].version > 1:
        made[0] = made[0][0], evolve(made[0][1], before=True)
    return made


def _lcds(files: Files) -> dict[Version, str] | InputProblem:
    return _related(files, OF_LCDS, "r lcd id", {}, "L")


def _ncds(files: Files) -> dict[Version, str] | InputProblem:
    """The NCDs of articles by their sections of the manual where the NCD file is there, else by their numbers."""
    sections: dict[str, str] = {}
    for found in rows_of(files, NCDS):
        if isinstance(found, InputProblem):
            return found
        if not isinstance(found, Bad):
            sections[found[1]["ncd id"].lstrip("0")] = found[1]["ncd mnl sect"]
    return _related(files, OF_NCDS, "r ncd id", sections, "")


def _related(
    files: Files, file: File, column: str, names: Mapping[str, str], letter: str
) -> dict[Version, str] | InputProblem:
    made: dict[Version, dict[str, None]] = defaultdict(dict)
    for found in rows_of(files, file):
        if isinstance(found, InputProblem):
            return found
        if isinstance(found, Bad):
            continue
        number = found[1][column].upper().removeprefix("L").lstrip("0")
        if number:
            made[version_of(found[1])][names.get(number, f"{letter}{number}")] = None
    return {version: ", ".join(found) for version, found in made.items()}


def _published(files: Files) -> str | InputProblem:
    """The last day for which the download says that it was made; empty where it does not say so."""
    days = [""]
    for found in rows_of(files, PERIOD):
        if isinstance(found, InputProblem):
            return found
        if not isinstance(found, Bad) and _is_day(day(found[1]["end date"])):
            days.append(day(found[1]["end date"]))
    return max(days)


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
