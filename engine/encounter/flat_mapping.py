"""Flat mapping: which column of a flat table holds which fact of a claim.

In:   flat_columns.toml, and a user's file of the same form.    Out: `Mapping`, or what is wrong with the file.
Uses: fields, diagnostics.                                      Used by: flat_layout, flat_members, from_flat.
Not here: whether a table has the columns (flat_layout); what a cell means (flat_cells).
"""

import tomllib
from collections.abc import Iterator
from collections.abc import Mapping as Dict
from functools import cache
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.diagnostics.suggest import did_you_mean, listed
from sequela.engine.encounter.fields import fields_of
from sequela.engine.vocabulary.kinds import CodeOf, Kind, Scalar, Type
from sequela.engine.vocabulary.systems import System

DEFAULT: Final = Path(__file__).with_name("flat_columns.toml")
DATE_FORMS: Final = ("YYYY-MM-DD", "YYYYMMDD", "MM/DD/YYYY", "DD/MM/YYYY", "DD.MM.YYYY")
CHARGES: Final = ("line unless repeated", "line", "claim")
LISTS: Final = {
    "diagnosis": "diagnoses",
    "procedure": "procedures",
    "condition_code": "condition_codes",
    "occurrence_code": "occurrence_codes",
    "value_code": "value_codes",
}
"""The sections of what a claim has several of, and the key of each in the JSON form."""

_TAG: Final = "tags."


@frozen
class Mapping:
    """Columns by section and fact, words by what they mean, and how cells are read.

    `own` are the (section, fact) pairs that the user's file names: a table that lacks their columns is not read.
    """

    columns: Dict[str, Dict[str, tuple[str, ...]]]
    words: Dict[str, Dict[str, str]]  # for a fact: what a word, in small letters, means; "" is not known
    dates: tuple[str, ...]
    empty: frozenset[str]
    charge: str
    own: frozenset[tuple[str, str]] = frozenset()
    file: str | None = None


@cache
def facts_of(section: str) -> Dict[str, Type]:
    """The facts that a section can name, with their types; those that only the reader knows are text."""
    match section:
        case "claim":
            found = dict(_fields(Kind.CLAIM)) | {f"patient.{name}": kind for name, kind in _fields(Kind.PATIENT)}
            return found | {"type": Scalar.TEXT, "drg_type": Scalar.TEXT}
        case "line":
            return dict(_fields(Kind.LINE)) | {"modifiers": CodeOf(System.MODIFIER), "diagnoses": Scalar.TEXT}
        case "diagnosis":
            return dict(_fields(Kind.DIAGNOSIS)) | {"type": Scalar.TEXT}
        case "procedure":
            return dict(_fields(Kind.PROCEDURE)) | {"type": Scalar.TEXT}
        case "condition_code":
            return {"code": CodeOf(System.CONDITION)}
        case "occurrence_code":
            return dict(_fields(Kind.OCCURRENCE))
        case "value_code":
            return dict(_fields(Kind.VALUE_CODE))
        case "member":
            claim = ("payer", "plan", "product")
            own = {name: kind for name, kind in _fields(Kind.CLAIM) if name in claim or name.startswith("subscriber.")}
            return dict(_fields(Kind.PATIENT)) | own | {"from": Scalar.DATE, "to": Scalar.DATE}
        case _:
            return {}


def _fields(kind: Kind) -> Iterator[tuple[str, Type]]:
    return ((".".join(one.path), one.type) for one in fields_of(kind) if one.path)


SECTIONS: Final = ("claim", "line", *LISTS, "member")


def type_of(section: str, fact: str) -> Type:
    """The type of a fact that a section names; a tag is text."""
    return facts_of(section).get(fact, Scalar.TEXT)


@cache
def default_mapping() -> Mapping:
    """The mapping that ships: the columns of Tuva's tables."""
    found = _merged(None, tomllib.loads(DEFAULT.read_text("utf-8")), None)
    assert isinstance(found, Mapping), found
    return found


def read_mapping(path: str | Path) -> Mapping | InputProblem:
    """The mapping of a user's file over the one that ships; or why it cannot be used."""
    name = str(path)
    try:
        said = tomllib.loads(Path(path).read_text("utf-8"))
    except OSError as fault:
        reason = (fault.strerror or "no reason is given").lower()
        return _problem(name, f"The file of columns cannot be opened: {reason}.")
    except UnicodeDecodeError:
        return _problem(name, "The file of columns is not UTF-8 text.", hint="Save it as UTF-8.")
    except tomllib.TOMLDecodeError as fault:
        hint = 'It is written as [claim], and below it id = "CLM_ID".'
        return _problem(name, f"The file of columns is not TOML: {fault}.", hint=hint)
    return _merged(default_mapping(), said, name)


def _problem(file: str, message: str, *, place: str = "the whole file", hint: str | None = None) -> InputProblem:
    return InputProblem(code="SEQ730", message=message, file=file, place=place, hint=hint)


# ---------------------------------------------------------------- reading the file


class _Wrong(Exception):
    """Something in the file of columns that cannot be used: what, where, and what to try."""

    def __init__(self, message: str, place: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message, self.place, self.hint = message, place, hint


def _merged(base: Mapping | None, said: Dict[str, Any], file: str | None) -> Mapping | InputProblem:
    try:
        return _over(base, said, file)
    except _Wrong as wrong:
        return _problem(file or str(DEFAULT), wrong.message, place=wrong.place, hint=wrong.hint)


def _over(base: Mapping | None, said: Dict[str, Any], file: str | None) -> Mapping:
    for section in said:
        if section not in (*SECTIONS, "words", "reading"):
            near = did_you_mean(section, (*SECTIONS, "words", "reading"))
            raise _Wrong(f"There is no section [{section}].", f"[{section}]", near or f"Sections: {listed(SECTIONS)}.")
    columns: dict[str, dict[str, tuple[str, ...]]] = {
        section: dict(base.columns[section]) if base is not None else {} for section in SECTIONS
    }
    own: set[tuple[str, str]] = set()
    for section in SECTIONS:
        for fact, named in _flat(_table(said.get(section, {}), f"[{section}]")):
            _check_fact(section, fact)
            columns[section][fact] = _names(named, f"[{section}] {fact}")
            if columns[section][fact]:
                own.add((section, fact))
    words = {fact: dict(meant) for fact, meant in base.words.items()} if base is not None else {}
    for fact, meanings in _table(said.get("words", {}), "[words]").items():
        place = f"[words.{fact}]"
        for meaning, written in _table(meanings, place).items():
            names = _names(written, f"{place} {meaning}")
            words.setdefault(fact, {}).update({one.lower(): meaning for one in names})
    reading = _table(said.get("reading", {}), "[reading]")
    for key in reading:
        if key not in ("dates", "empty", "charge"):
            raise _Wrong(f"`{key}` is nothing that [reading] says.", "[reading]", "It says `dates`, `empty`, `charge`.")
    dates = _names(reading["dates"], "[reading] dates") if "dates" in reading or base is None else base.dates
    for form in dates:
        if form not in DATE_FORMS:
            raise _Wrong(f"`{form}` is no form of a date.", "[reading] dates", f"Forms: {', '.join(DATE_FORMS)}.")
    charge = str(reading.get("charge", base.charge if base is not None else CHARGES[0]))
    if charge not in CHARGES:
        raise _Wrong(f"`{charge}` does not say what a charge is.", "[reading] charge", f"Write {_or(CHARGES)}.")
    empty = base.empty if base is not None and "empty" not in reading else frozenset(reading.get("empty", ()))
    return Mapping(columns, words, dates, empty, charge, frozenset(own) if base is not None else frozenset(), file)


def _or(words: tuple[str, ...]) -> str:
    quoted = [f'"{one}"' for one in words]
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def _check_fact(section: str, fact: str) -> None:
    if fact in facts_of(section) or (section in ("claim", "line") and fact.startswith(_TAG)):
        return
    hyphened = fact.replace("-", "_")
    near = f"Write `{hyphened}`." if hyphened in facts_of(section) else did_you_mean(fact, facts_of(section))
    raise _Wrong(f"`{fact}` is no fact of [{section}].", f"[{section}] {fact}", near or "`sequela fields` lists them.")


def _table(found: Any, place: str) -> Dict[str, Any]:
    if not isinstance(found, dict):
        raise _Wrong(f"{place} is not a section.", place, f"Write {place} on a line of its own.")
    return found


def _flat(table: Dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """The facts of a section: `patient.id` is a table in a table."""
    for key, found in table.items():
        if isinstance(found, dict):
            yield from _flat(found, f"{above}{key}.")
        else:
            yield f"{above}{key}", found


def _names(named: Any, place: str) -> tuple[str, ...]:
    """The columns that are named; none for the empty text."""
    names = [named] if isinstance(named, str) else named
    if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
        raise _Wrong("A column is named by a text, or several by a list of texts.", place, 'Write "column_name".')
    return tuple(one for one in names if one)
