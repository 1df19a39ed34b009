"""The schemas: sound, and the files in the package as the module makes them."""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, ValidationError

import sequela
from sequela.engine.explain import schemas
from sequela.tests.engine.explain.tried import VISIT, checked, claim, line

HERE = Path(sequela.__file__).parent / "engine" / "explain"
BOTH = [
    (schemas.LEDGER_FILE, schemas.ledger_schema),
    (schemas.EXPLANATION_FILE, schemas.explanation_schema),
]


@pytest.mark.parametrize(("name", "made"), BOTH)
def test_the_files_are_as_the_module_makes_them(name, made):
    assert (HERE / name).read_text(encoding="utf-8") == schemas.schema_text(made())


@pytest.mark.parametrize(("name", "made"), BOTH)
def test_the_schemas_are_schemas(name, made):
    Draft202012Validator.check_schema(made())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda document: document.pop("receipt"),
        lambda document: document.update(extra=1),
        lambda document: document.update(outcome="maybe"),
        lambda document: document["counts"].pop("error"),
        lambda document: document["entries"][0].update(status="failed"),
        lambda document: document["entries"][0].pop("cites"),
        lambda document: document["entries"][0]["subjects"][0].update(kind="thing"),
    ],
)
def test_a_ledger_that_is_not_as_promised_is_refused(spoil):
    document = checked(VISIT, claim(line("99213"), line("17000"))).to_json()
    Draft202012Validator(schemas.ledger_schema()).validate(document)
    spoil(document)
    with pytest.raises(ValidationError):
        Draft202012Validator(schemas.ledger_schema()).validate(document)
