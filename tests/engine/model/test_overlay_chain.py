"""Which payer stands over which."""

import pytest

from sequela.engine.model.overlay_chain import matched_ids, payer_chains, payer_headers, payer_settings
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


PROFESSIONAL = 'payer a "A"\nmatches "X"\nsettings professional'


def test_payers_in_different_settings_may_match_one_id():
    assert chains(PROFESSIONAL, 'payer b "B"\nmatches "x"\nsettings outpatient, inpatient')[1] == []
    _, codes, faults = chains(
        PROFESSIONAL, 'payer b "B"\nmatches "y"', 'payer c "C"\nmatches "x"\nsettings outpatient, professional'
    )
    assert codes == ["SEQ517"]
    assert faults[0].message == "Both `a` and `c` match the payer id `x`."


def test_a_payer_stands_for_the_claims_of_its_base_or_for_fewer():
    read = files(PROFESSIONAL, 'payer b "B" over a', 'payer c "C"', 'payer d "D" over c\nsettings inpatient, outpatient',
                 'payer e "E" over d\nsettings inpatient')  # fmt: skip
    payers = payer_headers(read)
    found = {name: sorted(payer_settings(header, payers)) for name, header in payers.items()}
    assert found == {
        "a": ["professional"],
        "b": ["professional"],
        "c": ["inpatient", "outpatient", "professional"],
        "d": ["inpatient", "outpatient"],
        "e": ["inpatient"],
    }


def test_a_payer_over_another_stands_for_no_other_claims():
    _, codes, faults = chains(PROFESSIONAL, 'payer b "B" over a\nsettings inpatient, professional')
    assert codes == ["SEQ518"]
    assert faults[0].at.span.text == "inpatient"
    assert faults[0].message == "`b` stands over `a`, which is for `professional` claims only."


def test_a_rule_that_the_payer_never_meets_is_a_warning():
    rule = 'rule R "R"\nsettings {}\nfor the claim\nforbidden\nif fail note\n'
    assert chains(f"{PROFESSIONAL}\n{rule.format('inpatient, professional')}")[1] == []
    _, codes, faults = chains(f"{PROFESSIONAL}\n{rule.format('inpatient')}")
    assert codes == ["SEQ519"]
    assert not faults[0].is_error
