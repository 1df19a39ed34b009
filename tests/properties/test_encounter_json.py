"""Laws of reading JSON: text and mapping are read alike, what is written is read again, and nothing is ever raised."""

import io
import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sequela.engine.encounter.from_json import canonical_bytes, read_encounter, to_json
from sequela.engine.encounter.read import read
from sequela.engine.encounter.schema import shipped_schema
from sequela.engine.encounter.view import View
from sequela.engine.vocabulary.kinds import Kind

VALIDATOR = Draft202012Validator(shipped_schema())

DATES = st.dates().map(lambda day: day.isoformat())
AMOUNTS = st.integers(0, 10**9) | st.integers(0, 10**9).map(lambda cents: f"{Decimal(cents) / 100:.2f}")
COUNTS = st.integers(0, 999) | st.sampled_from([0.5, 2.25])
WORDS = st.text(min_size=1, max_size=5)
ICD = st.sampled_from(["E11.9", "I10", "l57.0", "S52.501A"])


def some(**keys):
    """Objects with any of the keys; absent and null are both met."""
    return st.fixed_dictionaries({}, optional={key: st.none() | values for key, values in keys.items()})


SERVICE = {
    "code": st.sampled_from(["99213", "17000", "g0008"]),
    "modifiers": st.lists(st.sampled_from(["25", "59", "lt"]), max_size=4),
    "units": COUNTS,
    "date": DATES,
    "end_date": DATES,
    "place": st.sampled_from(["11", "22"]),
    "charge": AMOUNTS,
    "provider": WORDS,
    "revenue": st.sampled_from(["0450", "0360"]),
    "emergency": st.booleans(),
    "tags": st.dictionaries(st.sampled_from(["arm", "site_2"]), WORDS, max_size=2),
}
LINES = st.lists(some(**SERVICE), max_size=4)
HISTORY = some(
    complete=st.booleans(),
    lines=st.lists(
        some(
            **SERVICE,
            claim=WORDS,
            diagnoses=st.lists(ICD, max_size=2),
            disposition=st.sampled_from(["paid", "denied", "pending", "void"]),
        ),
        max_size=2,
    ),
)
CLAIMS = st.builds(
    lambda required, optional: required | optional,
    st.fixed_dictionaries(
        {
            "schema": st.just("sequela.encounter/1"),
            "id": WORDS,
            "setting": st.sampled_from(["professional", "outpatient", "inpatient"]),
            "lines": LINES,
        }
    ),
    some(
        payer=WORDS,
        received=DATES,
        bill_type=st.sampled_from(["0131", "0117"]),
        frequency=st.sampled_from(["1", "7", "8"]),
        original_claim=WORDS,
        total_charge=AMOUNTS,
        discharge_status=st.sampled_from(["01", "30"]),
        patient=some(birth_date=DATES, sex=st.sampled_from(["female", "male", "undetermined"])),
        provider=some(npi=WORDS, taxonomy=st.just("207Q00000X")),
        diagnoses=st.lists(st.fixed_dictionaries({"code": ICD}), max_size=3),
        condition_codes=st.lists(st.sampled_from(["44", "A6"]), max_size=2),
        other_payers=st.lists(some(paid=AMOUNTS, payer=WORDS), max_size=2),
        history=HISTORY,
        documents=some(complete=st.booleans(), items=st.lists(some(kind=WORDS, supports=st.lists(ICD)), max_size=2)),
        extra=st.dictionaries(WORDS, st.none() | st.integers() | WORDS, max_size=2),
    ),
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)  # JSON has neither
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | NUMBERS | st.text(max_size=5) | DATES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(CLAIMS, st.sampled_from([None, 1]), st.booleans())
def test_a_claim_is_the_same_as_a_mapping_and_as_text(claim, indent, plain):
    of_mapping = read_encounter(claim)
    of_text = read_encounter(json.dumps(claim, indent=indent, ensure_ascii=plain))
    assert of_mapping.problems == of_text.problems == ()
    assert of_mapping.encounter == of_text.encounter
    assert list(VALIDATOR.iter_errors(claim)) == []


@given(CLAIMS)
def test_what_is_written_is_read_again(claim):
    encounter = read_encounter(claim).encounter
    written = to_json(encounter)
    again = read_encounter(json.dumps(written)).encounter
    assert again == encounter
    assert to_json(again) == written
    assert canonical_bytes(again) == canonical_bytes(encounter)
    assert list(VALIDATOR.iter_errors(written)) == []


@given(CLAIMS, st.data())
def test_a_claim_with_anything_in_it_is_read_or_answered_and_the_schema_agrees(claim, data):
    key = data.draw(st.sampled_from([*claim, "patient", "lines", "diagnoses", "history", "units"]))
    claim[key] = data.draw(ANYTHING)
    if data.draw(st.booleans()):
        claim["lines"] = [{data.draw(st.sampled_from([*SERVICE, "number", "unit", "minutes"])): data.draw(ANYTHING)}]
    read = read_encounter(claim)
    assert (read.encounter is None) == bool(read.problems)
    for problem in read.problems:
        assert problem.message.endswith(".")
        assert problem.hint is None or problem.hint[-1] in ".?"
    if read.encounter is not None:
        assert not [error for error in VALIDATOR.iter_errors(claim) if error.validator not in ("pattern", "anyOf")]
        assert read_encounter(json.dumps(claim)).encounter == read.encounter


@given(st.binary(max_size=80) | st.text(alphabet='{}[]",:\\0aé "schemaid', max_size=80))
def test_no_text_raises(text):
    read = read_encounter(text)
    assert (read.encounter is None) == bool(read.problems)


@given(CLAIMS)
def test_a_view_lists_every_member_once(claim):
    encounter = read_encounter(claim).encounter
    view = View(encounter)
    for kind in Kind:
        members = view.members(kind)
        assert len({member.pointer for member in members}) == len(members)
        assert view.members(kind) is members or not members
    assert len(view.lines()) == len(encounter.lines)
    assert len(view.diagnoses()) == len(encounter.diagnoses)
    assert set(view.lines()) <= set(view.services())


WHOLE = b'{"schema":"sequela.encounter/1","id":"a","setting":"inpatient","lines":[]}'
SIGNS = (
    b"[",
    b"]",
    b",",
    b"\n",
    b"{",
    b"}",
    b'"',
    b"\xff",
    b"\xef\xbb\xbf",
    b" ",
    b"x",
    b"null",
    b'{"id":',
    b"\\",
    b"\x00",
)
PIECES = st.sampled_from([WHOLE, *SIGNS])


@given(st.lists(PIECES, max_size=12).map(b"".join), st.sampled_from(["a.json", "a.jsonl", "a"]))
def test_no_file_raises_and_every_whole_claim_on_a_line_of_its_own_is_read(text, name):
    reads = list(read(io.BytesIO(text), name))
    for one in reads:
        assert (one.encounter is None) == bool(one.problems)
    if name == "a.jsonl" and text.lstrip().startswith((b"{", b"[")):
        whole = sum(read_encounter(line).encounter is not None for line in text.split(b"\n") if line.strip())
        assert sum(one.encounter is not None for one in reads) == whole
