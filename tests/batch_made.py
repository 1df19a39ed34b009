"""A small rulebook and claims for it, for the tests of batches."""

import json
from pathlib import Path
from typing import Any

RULES = """ruleset made "Made up"

source MANUAL
  title     "A manual"
  edition   "2026"

codes visits of HCPCS
  99213

rule MANY "Too many units"
  for each  line visit in visits
  require   visit.units is at most 2
  if fail   deny visit
  say       "{visit.code} is billed {visit.units} times."
  adjustment CO 151, N362
  cite      MANUAL section "I.D"

rule SEX "A code for women"
  for each  line visit in visits
  require   patient.sex is female
  if fail   warn visit
  if unknown note
  cite      MANUAL
"""


def claim(identity: str, units: int = 1, **more: Any) -> dict[str, Any]:
    line = {"number": 1, "code": "99213", "units": units, "date": "2026-03-02", "charge": "120.5"}
    return {
        "schema": "sequela.encounter/1",
        "id": identity,
        "setting": "professional",
        "total_charge": "200",
        "patient": {"sex": "female"},
        "lines": [line],
        **more,
    }


def claims(count: int, start: int = 1) -> list[dict[str, Any]]:
    """So many claims: of ten, one fails and one is open."""
    kinds: tuple[dict[str, Any], ...] = ({"units": 3}, {"patient": {}}, *({},) * 8)
    return [claim(f"C-{number}", **kinds[number % 10]) for number in range(start, start + count)]


def lines_file(path: Path, *encounters: Any) -> Path:
    """A file of JSON Lines: of dicts, and of bytes as they are."""
    texts = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in encounters]
    path.write_bytes(b"".join(text + b"\n" for text in texts))
    return path


def rules_file(folder: Path, text: str = RULES) -> Path:
    """The rules in a file."""
    path = folder / "made.rules"
    path.write_text(text)
    return path
