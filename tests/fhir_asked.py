"""What tests of the reader of FHIR ask for: one claim, made and read."""

import io
import json

from fhir_words import concept

from sequela.engine.encounter.read import read

BB = "https://bluebutton.cms.gov/resources/variables/"


def claim(kind="professional", **more):
    item = {"sequence": 1, "productOrService": concept("cpt", "99213"), "servicedDate": "2026-03-02"}
    base = {
        "resourceType": "ExplanationOfBenefit",
        "identifier": [{"value": "C-1"}],
        "type": concept("type", kind),
        "item": [{**item, **more.pop("line", {})}],
    }
    return {key: value for key, value in {**base, **more}.items() if value is not None}


def stay(**more):
    return claim(
        "institutional",
        supportingInfo=[info("typeofbill", code=concept("bill", "0111")), *more.pop("info", [])],
        **more,
    )


def info(category, **rest):
    return {"category": concept("info", category), **rest}


def found(sent):
    (one,) = read(io.BytesIO(json.dumps(sent).encode()), "x.json")
    return one


def encounter(sent, *problems):
    """The encounter, and exactly the problems named."""
    one = found(sent)
    assert [problem.code for problem in one.problems] == list(problems)
    return one.encounter


def line(sent, *problems):
    return encounter(sent, *problems).lines[0]
