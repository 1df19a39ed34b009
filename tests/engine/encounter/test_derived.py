"""What follows from the whole claim: roles and the frequency code."""

import pytest

from sequela.engine.encounter.derived import frequency_of, roles_of
from sequela.engine.encounter.model import Diagnosis, Encounter


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ([], []),
        ([None, None], ["principal", "secondary"]),
        ([None, "principal"], ["secondary", "principal"]),
        (["admitting", None, None], ["admitting", "principal", "secondary"]),
        (["reason-for-visit", "secondary", None], ["reason-for-visit", "secondary", "secondary"]),
        (["external-cause", None], ["external-cause", "secondary"]),
    ],
)
def test_roles_are_never_unknown(sent, meant):
    assert list(roles_of(tuple(Diagnosis(code="I10", role=role) for role in sent))) == meant


@pytest.mark.parametrize(
    ("frequency", "bill_type", "meant"),
    [("7", "0131", "7"), (None, "0138", "8"), (None, "013a", "A"), (None, None, None)],
)
def test_the_frequency_is_sent_or_ends_the_bill_type(frequency, bill_type, meant):
    claim = Encounter(id="C-1", setting="outpatient", lines=(), frequency=frequency, bill_type=bill_type)
    assert frequency_of(claim) == meant
