"""FHIR page: the page that says what is read of FHIR, made from the catalogue of fields and the list of code systems.

In:   the catalogue, the code systems.    Out: `page_text`; the tables of FHIR.md.
Uses: fields, fhir_systems.               Used by: whoever changes either: `python -m sequela.engine.encounter.fhir_page`.

A test holds the file to what is made here, and each place of the table to what the reader does.
"""

from pathlib import Path
from typing import Final

from sequela.engine.encounter.fhir_systems import Said, known_systems
from sequela.engine.encounter.fields import FIELDS, Field
from sequela.engine.vocabulary.kinds import Kind

FILE: Final = "FHIR.md"
KINDS: Final = (
    (Kind.CLAIM, "encounter"),
    (Kind.PATIENT, "patient"),
    (Kind.LINE, "line"),
    (Kind.MODIFIER, "modifier"),
    (Kind.DIAGNOSIS, "dx"),
    (Kind.PROCEDURE, "procedure"),
    (Kind.CONDITION_CODE, "condition code"),
    (Kind.OCCURRENCE, "occurrence"),
    (Kind.VALUE_CODE, "value code"),
)
"""The kinds of members that are read of FHIR, and what they are called in the table."""

_FACTS: Final = """\
## Facts and their places

`Claim.` stands for `ExplanationOfBenefit.` too. X12 and a number is a code of a list of X12: the category
`https://codesystem.x12.org/005010/374` with the code `484` and `timingDate` for a date, list 128 (`EW`) with `valueString`
for a number, and lists 1359, 1363, 1366 and 1514 as the system of the entry's own code.

| Fact | Place in FHIR |
|---|---|
"""
_SYSTEMS: Final = """
## Code systems

A code is taken from the first coding whose system is one of these; a code that names no system is taken where its form
fits, with a warning (SEQ812). Case, `http` or `https` and a version after `|` make no difference.

| Codes | Systems |
|---|---|
"""


def page_text() -> str:
    """The page as it ships: the words that stand in it, and behind them the tables that are made here."""
    words = Path(__file__).with_name(FILE).read_text(encoding="utf-8").partition(_FACTS.partition("\n")[0])[0]
    facts = "".join(f"| `{_name(owner, fact)}` | {fact.fhir} |\n" for owner, fact in _facts())
    systems = "".join(
        f"| {said.value} | {', '.join(f'`{uri}`' for uri in uris)} |\n"
        for said, uris in known_systems().items()
        if said is not Said.ABSENT
    )
    return words + _FACTS + facts + _SYSTEMS + systems


def _facts() -> list[tuple[str, Field]]:
    return [(called, fact) for kind, called in KINDS for fact in FIELDS if fact.owner is kind and fact.fhir]


def _name(owner: str, fact: Field) -> str:
    return f"{owner}.{fact.name}"


if __name__ == "__main__":
    Path(__file__).with_name(FILE).write_text(page_text(), encoding="utf-8")
