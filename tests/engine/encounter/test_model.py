"""The model: frozen, strict, equal by its facts."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from sequela.engine.encounter.model import Encounter, History, Line, Patient, replace
from sequela.engine.encounter.origin import NO_ORIGINS, MappedOrigins, Origin


def claim(**changes):
    return Encounter(id="C-1", setting="professional", **({"lines": ()} | changes))


def test_what_is_not_sent_is_unknown_or_an_empty_complete_list():
    found = claim(lines=(Line(),))
    assert found.payer is None
    assert found.provider.npi is None
    assert found.diagnoses == found.procedures == found.condition_codes == ()
    assert found.lines[0].modifiers == ()
    assert found.lines[0].diagnoses is None
    assert found.history == History(complete=None, lines=None)


def test_an_encounter_cannot_be_changed_only_copied():
    found = claim()
    with pytest.raises(AttributeError):
        found.payer = "medicare"
    copy = replace(found, payer="medicare")
    assert (found.payer, copy.payer, copy.id) == (None, "medicare", "C-1")


def test_where_values_were_written_is_no_part_of_equality():
    origin = Origin(file="a.837", segment=4)
    found = claim().with_origins(MappedOrigins({"/lines/0": origin}))
    assert found == claim()
    assert found.origins.origin_of("/lines/0/units") is origin
    assert found.origins.origin_of("/payer") is None
    assert claim().origins is NO_ORIGINS
    assert replace(found, payer="x").origins is NO_ORIGINS


def test_it_decodes_straight_from_json_with_exact_amounts():
    text = b'{"id":"a","setting":"inpatient","lines":[{"date":"2026-03-02","charge":"1.10","units":2.50}]}'
    line = msgspec.json.decode(text, type=Encounter).lines[0]
    assert line == Line(date=date(2026, 3, 2), charge=Decimal("1.10"), units=Decimal("2.5"))


def test_unknown_keys_and_empty_texts_are_refused():
    with pytest.raises(msgspec.ValidationError, match="modifers"):
        msgspec.json.decode(b'{"id":"a","setting":"inpatient","lines":[{"modifers":[]}]}', type=Encounter)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"id":""}', type=Patient)
