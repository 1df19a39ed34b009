"""ICD-10-PCS layouts: the tables XML and the order file, as one entry for each whole code.

In:   the bytes of the tables XML, or lines of the order file.    Out: `PcsEntry`, `table_entries`, `order_entries`,
      `PcsUnreadable`.
Uses: xml.etree.           Used by: imports.icd10pcs.
Not here: for which year a file is (icd10pcs).

A table of the XML fixes the first three characters; each of its rows gives the characters that may stand in each of the
places 4 to 7, and every combination of them is a code. The row says how many codes that makes, which is checked: 99 is one
body part by three approaches by three devices by eleven qualifiers.
Source: CMS, ICD-10-PCS tables (XML) and order file.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product
from typing import IO, Final
from xml.etree.ElementTree import Element, ParseError, iterparse

from attrs import frozen

_CODE: Final = re.compile(r"[0-9A-HJ-NP-Z]{7}")
_ORDER: Final = re.compile(r"[0-9]{5} [0-9A-Z]{3,7}\s+[01](?: |$)")

HEADING: Final = "headings"
NOT_A_ROW: Final = "lines that are no codes"


class PcsUnreadable(ValueError):
    """A file that is no whole ICD-10-PCS tables file; the text says what is wrong."""


@frozen
class PcsEntry:
    """A whole code of seven characters and its title; `row` is the line of the order file, or the row's number."""

    row: int
    code: str
    description: str


def table_entries(stream: IO[bytes], notes: Counter[str]) -> Iterator[PcsEntry]:
    """Every code of the tables XML. `notes` counts its tables and rows.

    Raises: PcsUnreadable where it is no such file, is cut off, or a row does not make the codes that it says.
    """
    row = 0
    try:
        for _, element in iterparse(stream):
            if element.tag != "pcsTable":
                continue
            notes["tables"] += 1
            axes = [_labels(axis) for axis in element.findall("axis")]
            for part in element.findall("pcsRow"):
                row += 1
                yield from _row_entries(row, axes, part)
            element.clear()
    except ParseError as error:
        raise PcsUnreadable(f"it is not whole XML ({error})") from error
    notes["rows of tables"] += row
    if not row:
        raise PcsUnreadable("it holds no element `pcsTable` with a `pcsRow`")


def _labels(axis: Element) -> list[tuple[str, str]]:
    """The characters that may stand in one place, each with what it means."""
    return [(label.get("code", ""), " ".join((label.text or "").split())) for label in axis.findall("label")]


def _row_entries(number: int, axes: list[list[tuple[str, str]]], row: Element) -> Iterator[PcsEntry]:
    places = [*axes, *(_labels(axis) for axis in row.findall("axis"))]
    made = 0
    for choice in product(*places):
        code = "".join(character for character, _ in choice)
        if not _CODE.fullmatch(code):
            raise PcsUnreadable(f"row {number} makes `{code}`, which is no code of seven characters")
        made += 1
        yield PcsEntry(number, code, ", ".join(meaning for _, meaning in choice))
    said = row.get("codes", "")
    if said.isdigit() and int(said) != made:
        raise PcsUnreadable(f"row {number} says that it makes {said} codes, and makes {made}")


def order_entries(lines: Iterable[tuple[int, str]], notes: Counter[str]) -> Iterator[PcsEntry]:
    """Every valid code of the order file, whose lines come with their numbers; headings (flag 0) are counted.

    Columns (from 1): 1-5 order, 7-13 code, 15 whether it is valid, 17-76 short title, from 78 the long one.
    """
    for number, raw in lines:
        line = raw.rstrip("\r\n")
        if not _ORDER.match(line):
            if line.strip():
                notes[NOT_A_ROW] += 1
        elif line[14] == "0":
            notes[HEADING] += 1
        else:
            title = line[77:].strip() or line[16:76].strip()
            yield PcsEntry(number, line[6:13].strip(), title)
