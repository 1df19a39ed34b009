"""What a message says where its author asks for the codes near one."""

import pytest

from sequela.engine.explain.ledger import Ledger
from sequela.engine.pipeline.opening import open_texts

RULES = """ruleset near "Near"

table {name} "A small catalogue"
  key       code of {system}
  in force  effective to ended
  rows
    {rows}
  covers    2020-01-01 to 2026-12-31
  defines   {system}
  {ends}

codes no-one of {system}
  {no_one}

rule NEAR "Near"
  for each  {kind} it
  require   it.code is in no-one
  if fail   reject
  say       "Near {{it.code}}: {{codes near it.code}}."
"""


def said(code: str, day: str | None = "2026-03-02", ends: str = "complete") -> list[str]:
    """What is said of a line with a code, by a catalogue of HCPCS without codes of level I."""
    rows = "\n    ".join(f"{one} | 2020-01-01 | onward" for one in ("G0104", "G0105", "G0121"))
    text = RULES.format(name="hcpcs", system="HCPCS", rows=rows, ends=ends, no_one="G0121", kind="line")
    line = {"number": 1, "code": code, "units": 1, "date": day}
    claim = {"schema": "sequela.encounter/1", "id": "C-1", "setting": "professional", "lines": [line]}
    ledger: Ledger = open_texts({"near.rules": text}).check(claim)
    return [entry.message for entry in ledger.failures]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("G0106", "Near G0106: G0104, G0105."),
        ("G0140", "Near G0140: G0104."),
        ("J9999", "Near J9999: none."),
        ("99219", "Near 99219: not known."),  # the catalogue says nothing of level I
    ],
)
def test_the_codes_near_one_are_named(code: str, message: str) -> None:
    assert said(code) == [message]


def test_what_is_not_known_is_said_to_be_so() -> None:
    assert said("G0106", day="2027-01-01") == ["Near G0106: not known."]
    assert said("G0106", day=None) == ["Near G0106: not known."]
    assert said("G0106", ends="partial") == ["Near G0106: not known."]


def test_more_than_five_are_counted() -> None:
    rows = "\n    ".join(f"S52.{number} | 2020-01-01 | onward" for number in range(8))
    text = RULES.format(name="icd", system="ICD10CM", rows=rows, ends="complete", no_one="S52.0", kind="diagnosis")
    line = {"number": 1, "code": "99213", "units": 1, "date": "2026-03-02"}
    claim = {
        "schema": "sequela.encounter/1",
        "id": "C-1",
        "setting": "professional",
        "lines": [line],
        "diagnoses": [{"code": "S52"}],
    }
    (entry,) = open_texts({"near.rules": text}).check(claim).failures
    assert entry.message == "Near S52: S52.0, S52.1, S52.2, S52.3, S52.4 and 3 more."
