"""Xlsx: the rows of a sheet of an Excel workbook as text, one at a time.

In:   an `.xlsx` file, by path or opened.    Out: `sheet_rows`, `sheet_names`, `SheetUnreadable`.
Uses: zipfile, xml.etree.                    Used by: what reads a published workbook.
Not here: which row is the header, and what a cell means (the importer of each layout).

A cell is given as the file holds it: text as it stands, blanks included; a number in the digits that were saved, so a code
of digits that a spreadsheet program took for a number has lost its leading zeros already. A number in a cell that is
formatted as a date is written 2026-03-02. Formatting inside a text is dropped.
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Final
from xml.etree.ElementTree import Element, ParseError, fromstring, iterparse
from zipfile import BadZipFile, ZipFile

from attrs import frozen

_DIGITS: Final = "0123456789"
_DATE_FORMATS: Final = frozenset({14, 15, 16, 17, 22})
_NOT_A_DATE_LETTER: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_OF_A_DATE: Final = re.compile(r"[dy]", re.IGNORECASE)
_DAY_ZERO: Final = date(1899, 12, 30)
_DAY_ZERO_1904: Final = date(1904, 1, 1)
_PIECE: Final = 1 << 19
_SHEET: Final = re.compile(rb"<((?:[\w.-]+:)?worksheet)\b[^>]*>")
_DATA: Final = re.compile(rb"<(?:[\w.-]+:)?sheetData\b[^>]*>")
_DATA_END: Final = re.compile(rb"</(?:[\w.-]+:)?sheetData\s*>")
_ROW_END: Final = re.compile(rb"</(?:[\w.-]+:)?row>")
_DAMAGE: Final = (BadZipFile, ParseError, KeyError, ValueError, EOFError, RuntimeError, zlib.error)
"""What the libraries raise for a file that is damaged, encrypted or no workbook."""
_WIDEST: Final = 16_384


class SheetUnreadable(ValueError):
    """A file that is no workbook, or a sheet that is not there or is damaged; the text says which."""


@frozen
class _Book:
    """What the cells of a workbook need: its texts, which cell formats are dates, and the first day of its calendar."""

    texts: tuple[str, ...]
    date_styles: frozenset[int]
    day_zero: date


def sheet_rows(file: Path | IO[bytes], sheet: str | None = None) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows of a sheet, the first one by default: the row's number in the sheet, from 1, and its cells as text.

    Rows that hold nothing are left out; a row ends with its last cell, so rows differ in length.
    Raises: SheetUnreadable, also in the middle of the rows; OSError where the file cannot be opened.
    """
    try:
        with ZipFile(file) as archive:
            book, member = _opened(archive, sheet)
            with archive.open(member) as part:
                yield from _rows(part, book)
    except SheetUnreadable:
        raise
    except _DAMAGE as error:
        raise SheetUnreadable(f"not a readable workbook ({error})") from error


def sheet_names(file: Path | IO[bytes]) -> tuple[str, ...]:
    """The names of the sheets of a workbook, in their order. Raises as `sheet_rows` does."""
    try:
        with ZipFile(file) as archive:
            return tuple(_sheets(archive))
    except SheetUnreadable:
        raise
    except _DAMAGE as error:
        raise SheetUnreadable(f"not a readable workbook ({error})") from error


def _opened(archive: ZipFile, sheet: str | None) -> tuple[_Book, str]:
    sheets = _sheets(archive)
    if not sheets:
        raise SheetUnreadable("the workbook has no sheet")
    if sheet is None:
        member = next(iter(sheets.values()))
    elif sheet in sheets:
        member = sheets[sheet]
    else:
        raise SheetUnreadable(f"there is no sheet `{sheet}`, only {', '.join(sheets)}")
    names = set(archive.namelist())
    texts = tuple(_texts(archive)) if "xl/sharedStrings.xml" in names else ()
    styles = _date_styles(archive) if "xl/styles.xml" in names else frozenset[int]()
    return _Book(texts, styles, _day_zero(archive)), member


def _sheets(archive: ZipFile) -> Mapping[str, str]:
    """The member of each sheet by its name."""
    targets: dict[str, str] = {}
    for relation in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship"):
        target = relation.get("Target", "")
        targets[relation.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    found: dict[str, str] = {}
    for sheet in _elements(archive, "xl/workbook.xml", "sheet"):
        relation_id = next((value for key, value in sheet.items() if key.endswith("}id")), "")
        member = targets.get(relation_id, "")
        if "chartsheet" not in member and member in archive.NameToInfo:
            found[sheet.get("name", "")] = member
    return found


def _day_zero(archive: ZipFile) -> date:
    for properties in _elements(archive, "xl/workbook.xml", "workbookPr"):
        if properties.get("date1904") in ("1", "true"):
            return _DAY_ZERO_1904
    return _DAY_ZERO


def _elements(archive: ZipFile, member: str, name: str) -> Iterator[Element]:
    with archive.open(member) as part:
        for _, element in iterparse(part):
            if _bare(element.tag) == name:
                yield element


def _texts(archive: ZipFile) -> Iterator[str]:
    with archive.open("xl/sharedStrings.xml") as part:
        for _, element in iterparse(part):
            if _bare(element.tag) == "si":
                yield _text_of(element)
                element.clear()


def _text_of(element: Element) -> str:
    """The text of a shared or inline string: its own and that of its runs, without the phonetic reading beside them."""
    parts: list[str] = []
    for child in element:
        match _bare(child.tag):
            case "t":
                parts.append(child.text or "")
            case "r":
                parts.extend(run.text or "" for run in child if _bare(run.tag) == "t")
            case _:
                pass
    return "".join(parts)


def _date_styles(archive: ZipFile) -> frozenset[int]:
    """The numbers of the cell formats that show a number as a date."""
    dates = set(_DATE_FORMATS)
    found: set[int] = set()
    with archive.open("xl/styles.xml") as part:
        for _, element in iterparse(part):
            match _bare(element.tag):
                case "numFmt":
                    code = _NOT_A_DATE_LETTER.sub("", element.get("formatCode", ""))
                    if _OF_A_DATE.search(code):
                        dates.add(int(element.get("numFmtId", "0")))
                case "cellXfs":
                    formats = [child for child in element if _bare(child.tag) == "xf"]
                    found |= {at for at, xf in enumerate(formats) if int(xf.get("numFmtId", "0")) in dates}
                case _:
                    pass
    return frozenset(found)


def _rows(part: IO[bytes], book: _Book) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows of a sheet. They are parsed some thousands at a time, each piece as a small sheet of its own: to look at
    every element of a large sheet as it comes takes four times as long.
    """
    number = 0
    columns = _Columns()
    for piece in _pieces(part):
        for row in fromstring(piece):
            if _bare(row.tag) != "row":
                continue
            number = int(row.get("r", number + 1))
            cells = _cells(row, book, columns)
            if cells:
                yield number, cells


def _pieces(part: IO[bytes]) -> Iterator[bytes]:
    """The XML of a sheet in pieces, each whole: the tag of the sheet, which names the namespaces, and some of its rows."""
    held = b""
    opened: re.Match[bytes] | None = None
    while opened is None:
        more = part.read(_PIECE)
        held += more
        opened = _DATA.search(held)
        if opened is None and not more:
            raise SheetUnreadable("the sheet has no cells")
    sheet = _SHEET.search(held)
    if sheet is None:
        raise SheetUnreadable("the sheet has no cells")
    begin, end = sheet[0], b"</" + sheet[1] + b">"
    if opened[0].endswith(b"/>"):
        return
    held = held[opened.end() :]
    while True:
        closed = _DATA_END.search(held)
        rows = held[: closed.start()] if closed is not None else held[: _last_row(held)]
        if rows:
            yield begin + rows + end
        if closed is not None:
            return
        held = held[len(rows) :]
        more = part.read(_PIECE)
        if not more:
            raise SheetUnreadable("the sheet ends in the middle")
        held += more


def _last_row(held: bytes) -> int:
    """Where the last whole row of some XML ends; 0 where none does."""
    at = held.rfind(b"row>")
    while at >= 0:
        found = _ROW_END.match(held, held.rfind(b"<", 0, at))
        if found is not None:
            return found.end()
        at = held.rfind(b"row>", 0, at)
    return 0


def _cells(row: Element, book: _Book, columns: "_Columns") -> tuple[str, ...]:
    cells: list[str] = []
    space = row.tag.removesuffix("row")
    for cell in row.iterfind(space + "c"):
        text = _cell(cell, space, book)
        if not text:
            continue
        place = cell.get("r", "").rstrip(_DIGITS)
        at = columns[place] if place else len(cells)
        if at >= _WIDEST:
            raise SheetUnreadable(f"a cell stands in column {cell.get('r')}, where no sheet reaches")
        if at > len(cells):
            cells.extend([""] * (at - len(cells)))
        cells[at:] = [text]
    return tuple(cells)


def _cell(cell: Element, space: str, book: _Book) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(_text_of(child) for child in cell.iterfind(space + "is"))
    value = cell.findtext(space + "v") or ""
    if kind == "s" and value:
        at = int(value)
        if at >= len(book.texts):
            raise SheetUnreadable(f"cell {cell.get('r')} has text number {at}, and there are {len(book.texts)} texts")
        return book.texts[at]
    if kind == "n" and value and int(cell.get("s", "0")) in book.date_styles:
        return _as_date(value, book.day_zero)
    return value


def _as_date(value: str, day_zero: date) -> str:
    try:
        return (day_zero + timedelta(days=int(float(value)))).isoformat()
    except (ValueError, OverflowError):
        return value


class _Columns(dict[str, int]):
    """The place of a column from 0 by its letters: `A` is 0, `AV` 47."""

    def __missing__(self, letters: str) -> int:
        at = 0
        for letter in letters:
            if not "A" <= letter <= "Z":
                raise SheetUnreadable(f"a cell stands in column {letters}, which no sheet has")
            at = min(at * 26 + ord(letter) - ord("A") + 1, _WIDEST + 1)
        self[letters] = at - 1
        return at - 1


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]
