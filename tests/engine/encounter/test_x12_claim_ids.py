"""Every claim of a file under a name of its own."""

from hypothesis import given
from hypothesis import strategies as st

from sequela.engine.encounter.x12_claim_ids import ClaimIds

IDS = st.lists(st.sampled_from(["A", "B", "A#2", "A#2#2", "C", ""]), max_size=40)


@given(IDS)
def test_no_two_claims_have_one_name_and_the_first_keeps_its_own(claims):
    ids = ClaimIds()
    names = [ids.name(claim)[0] for claim in claims]
    assert len(set(names)) == len(names)
    for name, claim in zip(names, claims, strict=True):
        assert name == claim or name.startswith(f"{claim}#")


def test_many_names():
    ids = ClaimIds()
    assert all(ids.name(f"C-{number}") == (f"C-{number}", 1) for number in range(20_000))
    assert all(ids.name(f"C-{number}") == (f"C-{number}#2", 2) for number in range(0, 20_000, 97))
