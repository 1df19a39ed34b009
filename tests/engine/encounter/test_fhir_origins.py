"""Where a value of a FHIR claim is written: the path of it, the entry, the line and the column."""

import io
import json
from pathlib import Path

import msgspec
import pytest
from fhir_words import concept

import sequela
from sequela.engine.encounter.fhir_source import Source, offset_in
from sequela.engine.encounter.read import read

SAMPLES = Path(sequela.__file__).parent / "tests" / "samples"
BENEFIT = {
    "resourceType": "ExplanationOfBenefit",
    "identifier": [{"value": "C-1"}],
    "type": concept("type", "professional"),
    "patient": {"reference": "Patient/p"},
    "item": [
        {"sequence": 1, "productOrService": concept("cpt", "99213"), "servicedDate": "2026-03-01"},
        {
            "sequence": 2,
            "productOrService": concept("cpt", "99214"),
            "servicedPeriod": {"start": "2026-03-02", "end": "2026-03-03"},
        },
    ],
}
PATIENT = {"resourceType": "Patient", "id": "p", "birthDate": "1950-06-01"}


def origins_of(text, name="eob.json"):
    return next(one.encounter.origins for one in read(io.BytesIO(text.encode()), name) if one.encounter)


def test_a_value_of_a_bundle_stands_in_its_resource():
    sent = {"resourceType": "Bundle", "entry": [{"resource": PATIENT}, {"resource": BENEFIT}]}
    text = json.dumps(sent, indent=2)
    origins = origins_of(text)
    lines = text.splitlines()
    for pointer, path, entry, written in (
        ("/lines/1/date", "ExplanationOfBenefit.item[1].servicedPeriod.start", 2, '"2026-03-02"'),
        ("/lines/0/code", "ExplanationOfBenefit.item[0].productOrService.coding[0].code", 2, '"99213"'),
        ("/patient/birth_date", "Patient.birthDate", 1, '"1950-06-01"'),
        ("/id", "ExplanationOfBenefit.identifier[0].value", 2, '"C-1"'),
        ("/setting", "ExplanationOfBenefit.type.coding[0].code", 2, '"professional"'),
    ):
        origin = origins.origin_of(pointer)
        assert (origin.path, origin.entry) == (path, entry)
        assert lines[origin.line - 1][origin.column - 1 :].startswith(written)
        assert text.encode()[origin.byte :].startswith(written.encode())
    assert str(origins.origin_of("/lines/1/date")).startswith(
        "eob.json, ExplanationOfBenefit.item[1].servicedPeriod.start, entry 2, line "
    )


def test_a_value_on_a_line_of_its_own_and_one_that_is_contained():
    contained = {**BENEFIT, "patient": {"reference": "#p"}, "contained": [PATIENT]}
    text = json.dumps(BENEFIT) + "\n" + json.dumps(contained)
    found = [one.encounter for one in read(io.BytesIO(text.encode()), "eob.ndjson")]
    origin = found[1].origins.origin_of("/patient/birth_date")
    assert (origin.path, origin.line, origin.entry) == ("ExplanationOfBenefit.contained[0].birthDate", 2, None)
    assert text.splitlines()[1][origin.column - 1 :].startswith('"1950-06-01"')


def test_what_was_not_sent_has_the_place_of_what_holds_it():
    origins = origins_of(json.dumps(BENEFIT))
    assert origins.origin_of("/lines/1/charge").path == "ExplanationOfBenefit.item[1]"
    assert origins.origin_of("/received").path == "ExplanationOfBenefit"


@pytest.mark.parametrize("name", ["three-claims.fhir.json", "three-claims-benefits.ndjson"])
def test_every_value_of_a_claim_has_a_place_that_holds_it(name):
    data = (SAMPLES / name).read_bytes()
    for found in read(SAMPLES / name):
        for pointer, value in values(msgspec.to_builtins(found.encounter)):
            origin = found.encounter.origins.origin_of(pointer)
            assert origin is not None, pointer
            at = data[origin.byte :]
            if pointer.rpartition("/")[2] in (
                "code",
                "npi",
                "id",
                "payer",
                "state",
                "last_name",
                "date",
                "birth_date",
                "taxonomy",
            ):
                assert at.startswith(b'"' + str(value).encode()), (pointer, origin)
            else:
                assert at[:1] in b'"{[0123456789tf', (pointer, origin)


def values(plain, pointer=""):
    """Every value that is there, with its pointer."""
    if isinstance(plain, dict):
        for key, value in plain.items():
            yield from values(value, f"{pointer}/{key}")
    elif isinstance(plain, list | tuple):
        for index, value in enumerate(plain):
            yield from values(value, f"{pointer}/{index}")
    elif plain is not None and pointer != "/schema":
        yield pointer, plain


@pytest.mark.parametrize(
    ("text", "path", "begins"),
    [
        (b' { "a" : [ 1, {"b": "x"} ] }', "a[1].b", b'"x"'),
        (b'{"a": {"b": 1}, "b": 2}', "b", b"2"),
        (b'{"a\\"b": 1, "b": "\xc3\xa9", "c": 3}', "c", b"3"),
        (b'{"a": 1}', "b.c", b'{"a"'),
        (b'{"a": [1]}', "a[7]", b"[1]"),
        (b'{"a": 1, "a": 22, "b": 3}', "b", b'{"a"'),
    ],
)
def test_the_way_to_an_element(text, path, begins):
    assert text[offset_in(text, path) :].lstrip().startswith(begins)


def test_a_place_counts_from_where_the_resource_begins():
    source = Source(
        "f", "Claim", '{"a": "é",\n "é": 1, "id": "c"}'.encode(), first_line=5, first_column=3, first_byte=100
    )
    assert (source.origin("id").line, source.origin("id").column, source.origin("id").byte) == (6, 16, 128)
    assert (source.origin("a").line, source.origin("a").column, source.origin("a").byte) == (5, 9, 106)
