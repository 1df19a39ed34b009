"""Which payer stands over which."""

import pytest

from sequela.engine.model.overlay_chain import matched_ids, payer_chains, payers_matching
from sequela.engine.model.rules import RuleSelection
from sequela.engine.source import Source
from sequela.engine.syntax.parse import parse


def files(*texts):
    return [parse(Source(f"file{number}.rules", text))[0] for number, text in enumerate(texts)]


def chains(*texts):
    found, faults = payer_chains(files(*texts))
    names = {payer: [file.header.name.text for file in chain] for payer, chain in found.items()}
    return names, [fault.code for fault in faults], faults


def test_a_chain_runs_from_the_base_upward():
    found, codes, _ = chains('payer c "C" over b', 'payer a "A"', 'ruleset r "R"', 'payer b "B" over a')
    assert found == {"c": ["a", "b", "c"], "a": ["a"], "b": ["a", "b"]}
    assert codes == []


def test_a_payer_over_nothing_that_is_known_names_the_nearest():
    found, codes, faults = chains('payer north "N" over medicar', 'payer medicare "M"')
    assert found["north"] == ["north"]
    assert codes == ["SEQ502"]
    assert faults[0].hint == "Did you mean `medicare`?"
    assert faults[0].at.span.text == "medicar"


def test_a_base_may_be_the_file_whose_header_could_not_be_read():
    _, codes, _ = chains('payer north "N" over medicare', "payer")
    assert codes == []


def test_a_payer_over_a_ruleset_is_told_to_use_it():
    _, codes, faults = chains('payer north "N" over ncci', 'ruleset ncci "R"')
    assert codes == ["SEQ503"]
    assert "use ncci" in faults[0].hint


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (['payer a "A" over a'], "`a` stands over itself."),
        (['payer a "A" over b', 'payer b "B" over a'], "`a` stands over itself, by way of `b`."),
        (['payer z "Z" over a', 'payer a "A" over b', 'payer b "B" over a'], "`a` stands over itself, by way of `b`."),
    ],
)
def test_a_circle_is_one_fault_and_every_chain_still_ends(texts, message):
    found, codes, faults = chains(*texts)
    assert codes == ["SEQ504"]
    assert faults[0].message == message
    assert all(len(set(chain)) == len(chain) and chain[-1] == payer for payer, chain in found.items())


def test_a_change_in_a_ruleset_is_a_fault():
    _, codes, _ = chains('ruleset r "R"\ndisable MOD-25 reason "x"', 'payer p "P"\ndisable MOD-25 reason "x"')
    assert codes == ["SEQ505"]


def test_a_ruleset_matches_no_payer():
    assert chains('ruleset r "R"\nmatches "x"')[1] == ["SEQ509"]


def test_an_id_that_two_payers_match_is_a_warning_whatever_its_case():
    _, codes, faults = chains('payer a "A"\nmatches "60054", "B"', 'payer b "B"', 'payer c "C"\nmatches "c", "C"')
    assert codes == ["SEQ517"]
    assert not faults[0].is_error


def test_the_own_name_matches_too_and_every_id_once():
    (file,) = files('payer north "N"\nmatches "NWPPO", " 60054 ", "North"')
    assert matched_ids(file.header) == ("north", "nwppo", "60054")


def test_payers_matching_an_id_on_a_claim():
    selections = [
        RuleSelection(payer=None, title="", matches=(), rules=()),
        RuleSelection(payer="a", title="A", matches=("a", "x"), rules=()),
        RuleSelection(payer="b", title="B", matches=("b", "x"), rules=()),
    ]
    assert payers_matching(selections, "A") == ("a",)
    assert payers_matching(selections, " X ") == ("a", "b")
    assert payers_matching(selections, "nobody") == ()
