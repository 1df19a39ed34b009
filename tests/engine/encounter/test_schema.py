"""The JSON Schema: made from the model and the catalogue, shipped as made, and of one mind with the reader."""

import copy

import pytest
from jsonschema import Draft202012Validator

from sequela.engine.encounter.fields import FIELDS
from sequela.engine.encounter.from_json import read_encounter
from sequela.engine.encounter.schema import json_schema, schema_text, shipped_schema
from sequela.engine.vocabulary.systems import SHAPES

SCHEMA = shipped_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
CLAIM = {"schema": "sequela.encounter/1", "id": "C-1", "setting": "professional", "lines": []}


def objects():
    return {"encounter": SCHEMA} | SCHEMA["$defs"]


def test_the_file_is_as_the_catalogue_makes_it():
    assert shipped_schema() == json_schema(), "run `python -m sequela.engine.encounter.schema` to write the file again"
    assert schema_text().endswith("}\n")


def test_it_is_a_schema_and_every_key_is_described():
    Draft202012Validator.check_schema(SCHEMA)
    for name, one in objects().items():
        assert one["additionalProperties"] is False, name
        for key, made in one["properties"].items():
            assert made["description"].strip(), f"{name}.{key}"


def test_every_stated_fact_of_the_catalogue_is_in_it():
    claim = SCHEMA["properties"]
    for field in FIELDS:
        if field.owner.value == "claim" and field.path:
            assert field.path[0] in claim
    line = SCHEMA["$defs"]["line"]["properties"]
    assert line["units"]["description"].startswith(
        "How many units of the service were given. [CMS-1500 24G; UB-04 46; X12"
    )


def test_every_system_has_a_pattern_that_takes_its_codes_as_people_write_them():
    patterns = {
        made["pattern"] for one in objects().values() for made in one["properties"].values() if "pattern" in made
    }
    assert len(patterns) >= len(SHAPES) - 6
    good = CLAIM | {
        "diagnoses": [{"code": code} for code in ("E11.9", "e119", "I10", "M1A.00X0", "S52.501A")],
        "lines": [{"code": "g0008", "modifiers": ["lt"], "place": "11", "revenue": "0450", "ndc": "00002143380"}],
        "procedures": [{"code": "0dtj4zz"}],
        "bill_type": "013a",
        "provider": {"taxonomy": "207q00000x", "specialty": "08"},
    }
    assert list(VALIDATOR.iter_errors(good)) == []
    assert read_encounter(good).problems == ()


def pointer(error):
    return "".join(f"/{step}" for step in error.absolute_path)


@pytest.mark.parametrize(
    ("path", "value", "at"),
    [
        (("lines", 0, "modifers"), ["25"], "/lines/0"),
        (("lines", 0, "units"), -1, "/lines/0/units"),
        (("lines", 0, "units"), "two", "/lines/0/units"),
        (("lines", 0, "units"), True, "/lines/0/units"),
        (("lines", 0, "charge"), "1.005", "/lines/0/charge"),
        (("lines", 0, "charge"), "-1", "/lines/0/charge"),
        (("lines", 0, "date"), "2026-03-02T10:00", "/lines/0/date"),
        (("lines", 0, "date"), 20260302, "/lines/0/date"),
        (("lines", 0, "code"), "9921", "/lines/0/code"),
        (("lines", 0, "code"), 99213, "/lines/0/code"),
        (("lines", 0, "modifiers"), ["25", None], "/lines/0/modifiers/1"),
        (("lines", 0, "modifiers"), ["25"] * 6, "/lines/0/modifiers"),
        (("lines", 0, "number"), 0, "/lines/0/number"),
        (("lines", 0, "diagnoses"), [0], "/lines/0/diagnoses/0"),
        (("lines", 0, "tags"), {"Bad": "x"}, "/lines/0/tags"),
        (("lines", 0, "tags"), {"arm": 3}, "/lines/0/tags/arm"),
        (("lines", 0, "emergency"), "Y", "/lines/0/emergency"),
        (("lines",), {}, "/lines"),
        (("lines",), None, "/lines"),
        (("setting",), "prof", "/setting"),
        (("schema",), "sequela.encounter/2", "/schema"),
        (("patient", "sex"), "F", "/patient/sex"),
        (("patient",), [], "/patient"),
        (("payer",), "", "/payer"),
        (("diagnoses",), [{"role": "principal"}], "/diagnoses/0"),
        (("provider", "npi"), 1, "/provider/npi"),
        (("other_payers",), [{"paid": "x"}], "/other_payers/0/paid"),
        (("history", "lines"), [{"disposition": "open"}], "/history/lines/0/disposition"),
        (("documents", "items"), [{"supports": ["x"]}], "/documents/items/0/supports/0"),
    ],
)
def test_what_the_schema_refuses_the_reader_refuses(path, value, at):
    claim = copy.deepcopy(CLAIM | {"lines": [{}], "patient": {}, "provider": {}, "history": {}, "documents": {}})
    assert list(VALIDATOR.iter_errors(claim)) == []
    assert read_encounter(claim).problems == ()
    holder = claim
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    assert at in {pointer(error) for error in VALIDATOR.iter_errors(claim)}
    assert read_encounter(claim).encounter is None


def test_null_is_allowed_where_a_key_may_be_absent():
    for name, one in objects().items():
        required = one["required"]
        nulls = {key: None for key in one["properties"] if key not in required}
        if name == "encounter":
            claim = CLAIM | nulls
            assert list(VALIDATOR.iter_errors(claim)) == []
            assert read_encounter(claim).problems == ()
    line = dict.fromkeys(SCHEMA["$defs"]["line"]["properties"])
    assert list(VALIDATOR.iter_errors(CLAIM | {"lines": [line]})) == []
    assert read_encounter(CLAIM | {"lines": [line]}).problems == ()
