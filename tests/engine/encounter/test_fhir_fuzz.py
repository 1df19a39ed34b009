"""Damaged FHIR never ends in anything but encounters and named problems."""

import io
import json
import random
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sequela
from sequela.engine.diagnostics.registry import all_codes
from sequela.engine.encounter.from_json import to_json
from sequela.engine.encounter.read import read

SAMPLES = Path(sequela.__file__).parent / "tests" / "samples"
BENEFITS = [json.loads(line) for line in (SAMPLES / "three-claims-benefits.ndjson").read_text().splitlines()]
BUNDLE = json.loads((SAMPLES / "three-claims.fhir.json").read_text())
KNOWN = frozenset(all_codes())
STRANGE = (
    None, True, False, 0, -1, 1, 10**30, -(10**30), 1.5, 1e300, "", " ", "x", "2026-13-40", "2026-03-02T99:99:99Z", "é\u2028😀", "\x00",
    [], {}, [[]], [None], {"": None}, [{"coding": [{}]}], {"coding": [{"code": "?" * 5000, "system": "urn:x"}]}, {"reference": "#"},
    {"value": "NaN"}, {"value": "Infinity"}, {"value": "1e999999"}, {"reference": "Practitioner?identifier=|"}, {"start": "0000-00-00"},
)  # fmt: skip


def outcome(text, name="x.json"):
    """Read it; every fault is a named problem, and what was read can be written."""
    found = list(read(io.BytesIO(text), name))
    for one in found:
        assert one.encounter is not None or one.problems
        for problem in one.problems:
            assert problem.code in KNOWN
            assert problem.message
        if one.encounter is not None:
            to_json(one.encounter)
            for pointer in ("/id", "/lines/0/code", "/lines/3/charge", "/patient/birth_date", "/nowhere"):
                one.encounter.origins.origin_of(pointer)
    return found


def spots(value, path=()):
    """Every place in a value."""
    if path:
        yield path
    if isinstance(value, dict):
        for key in value:
            yield from spots(value[key], (*path, key))
    elif isinstance(value, list):
        for index in range(len(value)):
            yield from spots(value[index], (*path, index))


def with_value(value, path, new):
    copy = json.loads(json.dumps(value))
    at = copy
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = new
    return copy


@pytest.mark.parametrize("number", range(3))
def test_anything_anywhere(number):
    resource = BENEFITS[number]
    chance = random.Random(number)
    for path in spots(resource):
        outcome(json.dumps(with_value(resource, path, chance.choice(STRANGE))).encode())


def test_anything_in_what_a_bundle_refers_to():
    chance = random.Random(7)
    paths = list(spots(BUNDLE))
    for path in chance.sample(paths, 250):
        outcome(json.dumps(with_value(BUNDLE, path, chance.choice(STRANGE))).encode())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cut=st.integers(0, 39_000), put=st.binary(max_size=6), drop=st.integers(0, 40))
def test_bytes_that_were_lost_or_changed(cut, put, drop):
    text = (SAMPLES / "three-claims.fhir.json").read_bytes()
    outcome(text[:cut] + put + text[cut + drop :])


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, 19_000), put=st.binary(max_size=6))
def test_lines_that_were_cut(cut, put):
    text = (SAMPLES / "three-claims-benefits.ndjson").read_bytes()
    outcome(text[:cut] + put, "x.ndjson")


@pytest.mark.parametrize("depth", [100, 100_000])
def test_what_is_nested_too_deep(depth):
    deep = b'{"resourceType": "Claim", "extension": ' + b'[{"extension": ' * depth + b"1" + b"}]" * depth + b"}"
    outcome(deep)
    outcome(deep + b"\n" + json.dumps(BENEFITS[0]).encode(), "x.ndjson")
    bundles: object = {"resourceType": "Bundle"}
    for _ in range(min(depth, 200)):
        bundles = {"resourceType": "Bundle", "entry": [{"resource": bundles}]}
    outcome(json.dumps(bundles).encode())


@pytest.mark.parametrize(
    "number",
    ["1" * 5000, "1e400", "-1e400", "1e-400", "0." + "1" * 3000, "1e99999999999999", "123456789012345678901234567890"],
)
@pytest.mark.parametrize("key", ["value", "sequence", "factor"])
def test_huge_numbers(number, key):
    text = json.dumps(BENEFITS[2]).replace('"sequence": 1', '"sequence": %s' % (number if key == "sequence" else 1))
    text = text.replace('"value": 31200', f'"value": {number}') if key == "value" else text
    if key == "factor":
        text = text.replace(
            '"item": [{',
            f'"item": [{{"factor": {number}, "unitPrice": {{"value": {number}}}, "quantity": {{"value": {number}}}, ',
            1,
        )
    for one in outcome(text.encode()):
        if one.encounter is not None:
            assert all(line.charge is None or abs(Decimal(line.charge)) < 10**15 for line in one.encounter.lines)


@pytest.mark.parametrize(
    "text",
    [
        b'{"resourceType": null}', b'{"resourceType": 7}', b'{"resourceType": "Claim"}', b'{"resourceType": ["Claim"]}',
        b'{"resourceType": "Bundle", "entry": [null, 1, "x", [], {}, {"resource": null}, {"resource": 7}, {"resource": {}}]}',
        b'{"resourceType": "Bundle"}', b'{"resourceType": "Bundle", "entry": null}', b'[{"resourceType": "Claim"}, 3]',
        b'{"resourceType": "Claim", "resourceType": "Bundle"}', b'{"resourceType": "Claim", "item": [{}, {}]}',
        b'{"resourceType": "Claim"', b'{"resourceType": "Bundle", "entry": [', b'{"resourceType": "Bundle", "entry": [{"resource": {"a',
        b'\xff\xfe{\x00"\x00', b'{"resourceType": "Claim", "id": "\xff"}', b'{"resourceType": "Claim", "status": "\\ud800"}',
    ],
)  # fmt: skip
def test_odd_beginnings(text):
    assert outcome(text)
    assert outcome(text, "x.ndjson")
