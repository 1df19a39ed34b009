"""As JSON: what is written holds to the published schema, and the schema's file is as its module makes it."""

import json
from importlib.resources import files

import jsonschema
import pytest

from sequela.engine.summary.as_json import as_json
from sequela.engine.summary.figures import summarize
from sequela.engine.summary.schemas import FILE, schema_text, summary_schema
from summary_made import made_batch, write_batch


def test_the_file_is_as_it_is_made():
    assert files("sequela.engine.summary").joinpath(FILE).read_text(encoding="utf-8") == schema_text()
    jsonschema.Draft202012Validator.check_schema(summary_schema())


@pytest.mark.parametrize("claims", [0, 1, 400])
def test_a_summary_holds_to_the_schema(tmp_path, claims):
    folder = made_batch(tmp_path / "out", claims) if claims else write_batch(tmp_path / "out", [([], [], [])])
    found = as_json(summarize(folder))
    jsonschema.Draft202012Validator(summary_schema()).validate(json.loads(json.dumps(found)))
    assert found["claims"]["claims"] + found["claims"]["rejected"] == claims


def test_the_same_figures_as_elsewhere(tmp_path):
    summary = summarize(made_batch(tmp_path / "out", 400))
    found = as_json(summary)
    assert found["claims"]["touched"] == f"{summary.total.touched / 100:.2f}"
    assert [one["rule"] for one in found["rules"]] == [one.rule for one in summary.rules]
    assert len(as_json(summary, 3)["providers"]) == 3
    assert len(as_json(summary, 3)["months"]) == len(summary.months)
