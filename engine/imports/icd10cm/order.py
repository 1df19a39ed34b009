"""Order: the order file of ICD-10-CM (fixed width), one line for each heading and each code.

In:   numbered lines of the file.    Out: `read_order`, `OrderLine`.
Uses: vocabulary, imports.icd10cm.expand.    Used by: imports.icd10cm.kind.
Not here: notes, which only the tabular list has (layout).

Characters 1-5 are the order, 7-13 the code without its dot, 15 is 1 for a code and 0 for a heading, 17-76 the short and 78 on the
long description. The order file of ICD-10-PCS has the same layout, and no code of three characters.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen

from sequela.engine.imports.icd10cm.expand import Listed, padded
from sequela.engine.vocabulary.systems import System, has_shape

NOT_A_ROW: Final = "lines that are no codes"

_LINE: Final = re.compile(r"[0-9]{5} ([0-9A-Z]{3,7}) {1,5}([01])(?: (.*))?")
_LONG: Final = 61
"""Where the long description begins, after the flag and its blank."""


@frozen
class OrderLine:
    """One line of the file: its number, code, and whether it is a code or a heading."""

    row: int
    code: str
    billable: bool
    description: str


def read_order(lines: Iterable[tuple[int, str]], notes: Counter[str]) -> Iterator[OrderLine]:
    """The lines that name a code of ICD-10-CM; the others, but empty ones, are counted in `notes`."""
    for number, line in lines:
        match = _LINE.match(line.rstrip("\r\n"))
        if match is None or not has_shape(System.ICD10CM, match[1]):
            notes[NOT_A_ROW] += bool(line.strip())
            continue
        text = match[3] or ""
        yield OrderLine(number, match[1], match[2] == "1", (text[_LONG:] or text[:_LONG]).strip())


def as_listed(lines: Iterable[OrderLine]) -> list[Listed]:
    """The lines as a tabular list would have them: a code with a seventh character is made from the heading before it."""
    found: list[Listed] = []
    heading = ""
    for line in lines:
        if not line.billable:
            heading = line.code
        leaf = heading if line.billable and heading and padded(heading) == line.code[:-1] else line.code
        found.append(Listed(line.code, line.description, line.billable, leaf))
    return found
