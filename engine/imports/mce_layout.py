"""MCE layout: the text of the Definitions of Medicare Code Edits, as one entry for each code on a list.

In:   numbered lines of the published text.    Out: `ListEntry`, `AgeClass`, `Definitions`, `read_definitions`, `LISTS`.
Uses: nothing of Sequela.    Used by: imports.mce.
Not here: for which dates a version speaks (mce).

The text is prose with lists between. A line of a list is a code, a tab and a title. A list belongs to the numbered edit
("9. Unacceptable principal diagnosis") and to the lettered part ("B. …") above it; whatever numbered heading comes next
ends it, whether the edit has a list or not, and so does the chapter or appendix that repeats codes as changes. The table
of contents names the same headings with no code below them. One code stands on the unacceptable list with a paragraph of
its own: with a secondary diagnosis it is accepted.
Source: CMS, Definitions of Medicare Code Edits, text version.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from attrs import define, field, frozen

DIAGNOSIS: Final = "diagnosis"
PROCEDURE: Final = "procedure"

_EDIT: Final = re.compile(r"(\d{1,2})\.\s+\S")
_PART: Final = re.compile(r"([A-G])\.\s+\S")
_CODE_LINE: Final = re.compile(r"([0-9A-Z][0-9A-Z.]{2,8}?)(\*?)\t\s*\S")
_NAMED_CODE: Final = re.compile(r"\b([A-Z][0-9][0-9A-Z]\.?[0-9A-Z]{1,4})\b")
_ENDS_LISTS: Final = re.compile(r"(chapter\s+[2-9]|appendix|index)\b", re.IGNORECASE)
_AGES: Final = re.compile(r"age\D{0,12}(\d{1,3})\s*(?:through|to|-|–|\x96)\s*(\d{1,3})", re.IGNORECASE)
_LAST_EDIT: Final = 20

_BY_EDIT: Final = {
    ("4", "A"): (DIAGNOSIS, "newborn"),
    ("4", "B"): (DIAGNOSIS, "pediatric"),
    ("4", "C"): (DIAGNOSIS, "maternity"),
    ("4", "D"): (DIAGNOSIS, "adult"),
    ("5", "A"): (DIAGNOSIS, "female"),
    ("5", "B"): (PROCEDURE, "female"),
    ("5", "C"): (DIAGNOSIS, "male"),
    ("5", "D"): (PROCEDURE, "male"),
    ("6", ""): (DIAGNOSIS, "manifestation"),
    ("8", ""): (DIAGNOSIS, "questionable admission"),
    ("8", "A"): (DIAGNOSIS, "questionable admission"),
    ("9", ""): (DIAGNOSIS, "unacceptable principal"),
    ("11", "A"): (PROCEDURE, "non-covered"),
    ("11", "F"): (PROCEDURE, "over age 60"),
    ("17", ""): (PROCEDURE, "limited coverage"),
    ("17", "A"): (PROCEDURE, "limited coverage"),
    ("18", ""): (DIAGNOSIS, "wrong procedure"),
    ("19", ""): (PROCEDURE, "ventilation over 96 hours"),
    ("20", ""): (DIAGNOSIS, "unspecified"),
}
"""The list of an edit and its part, where it has one kind of code."""

_BY_CODE: Final = {
    ("8", "B"): (
        (PROCEDURE, "10D00Z", "cesarean section"),
        (PROCEDURE, "1", "vaginal delivery"),
        (DIAGNOSIS, "", "outcome of delivery"),
    ),
    ("11", "B"): (
        (PROCEDURE, "0FY", "pancreas transplant"),
        (PROCEDURE, "0TY", "kidney transplant"),
        (DIAGNOSIS, "", "type 1 diabetes"),
    ),
    ("11", "D"): ((PROCEDURE, "3", "stem cells for leukemia"), (DIAGNOSIS, "", "leukemia")),
    ("11", "G"): ((PROCEDURE, "0", "sterilization"), (DIAGNOSIS, "", "sterilization")),
}
"""The lists of a part that has several: the first of which the code is the kind and has the beginning."""

LISTS: Final = frozenset(
    [*_BY_EDIT.values(), *((kind, name) for lists in _BY_CODE.values() for kind, _, name in lists)]
) | {(DIAGNOSIS, "requires secondary")}
"""Every list that the text has."""


@frozen
class ListEntry:
    """A code on a list; `kind` says whether it is a diagnosis or a procedure, `line` where it stands."""

    line: int
    kind: str
    code: str
    name: str


@frozen
class AgeClass:
    """The ages of a list of edit 4, both included, as the heading of the list says them."""

    line: int
    name: str
    low: int
    high: int


@define
class Definitions:
    """What the text holds. `notes` count what was passed over."""

    entries: list[ListEntry] = field(factory=list)
    ages: list[AgeClass] = field(factory=list)
    notes: Counter[str] = field(factory=Counter)

    def missing(self) -> list[str]:
        """The lists without a code, and the classes without ages; those of sexes and of unspecified codes come and go."""
        held = {(entry.kind, entry.name) for entry in self.entries}
        passing = {(kind, name) for kind, name in LISTS if name in ("female", "male", "unspecified")}
        lists = sorted(f"{name} ({kind} codes)" for kind, name in LISTS - held - passing)
        ages = {"newborn", "pediatric", "maternity", "adult"} - {age.name for age in self.ages}
        return lists + sorted(f"{name} (ages)" for name in ages)


def read_definitions(lines: Iterable[tuple[int, str]]) -> Definitions:
    """Every code on a list, and the ages of the age classes, from the lines of the text with their numbers."""
    found = Definitions()
    edit = part = ""
    seen: set[tuple[str, str, str]] = set()
    for number, line in lines:
        text = line.rstrip()
        code = _CODE_LINE.match(text)
        if code is not None:
            _add(found, seen, (edit, part), number, code)
        elif found.entries and _ENDS_LISTS.match(text):
            edit = part = "none"
        elif (heading := _EDIT.match(text)) is not None and int(heading[1]) <= _LAST_EDIT and edit != "none":
            edit, part = heading[1].lstrip("0"), ""
        elif (heading := _PART.match(text)) is not None:
            part = heading[1]
            _ages(found, (edit, part), number, text)
        elif edit == "9" and "secondary diagnosis" in text.lower():
            for named in _NAMED_CODE.findall(text):
                _once(found, seen, ListEntry(number, DIAGNOSIS, named.replace(".", ""), "requires secondary"))
                _once(found, seen, ListEntry(number, DIAGNOSIS, named.replace(".", ""), "unacceptable principal"))
    return found


def _add(
    found: Definitions, seen: set[tuple[str, str, str]], at: tuple[str, str], number: int, code: re.Match[str]
) -> None:
    """Adds the code of a line to the list that it stands on."""
    written = code[1].replace(".", "")
    if at in _BY_EDIT:
        kind, name = _BY_EDIT[at]
    elif at in _BY_CODE:
        of_kind = PROCEDURE if written[0].isdigit() else DIAGNOSIS
        named = [name for kind, start, name in _BY_CODE[at] if kind == of_kind and written.startswith(start)]
        if not named:
            found.notes["codes of no known list"] += 1
            return
        kind, name = of_kind, named[0]
    else:
        found.notes["codes outside the lists of an edit"] += 1
        return
    _once(found, seen, ListEntry(number, kind, written, name))
    if code[2] and name == "unacceptable principal":
        _once(found, seen, ListEntry(number, kind, written, "requires secondary"))


def _once(found: Definitions, seen: set[tuple[str, str, str]], entry: ListEntry) -> None:
    key = (entry.kind, entry.code, entry.name)
    if key in seen:
        found.notes["codes repeated on a list"] += 1
        return
    seen.add(key)
    found.entries.append(entry)


def _ages(found: Definitions, at: tuple[str, str], number: int, text: str) -> None:
    """Adds the ages of a class where the heading of its list says them; newborns are of age 0."""
    kind_and_name = _BY_EDIT.get(at)
    if at[0] != "4" or kind_and_name is None or any(age.name == kind_and_name[1] for age in found.ages):
        return
    ages = _AGES.search(text)
    if ages is not None:
        found.ages.append(AgeClass(number, kind_and_name[1], int(ages[1]), int(ages[2])))
    elif kind_and_name[1] == "newborn":
        found.ages.append(AgeClass(number, "newborn", 0, 0))
