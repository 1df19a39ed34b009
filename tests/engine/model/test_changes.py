"""What payers change, resolved in their own words and beside the rule's."""

from sequela.engine.model import rules as r

BASE = (
    'ruleset base "Base"\ncodes visits of HCPCS\n  99213\n'
    'rule A "a" for each line v when some line w where w.units is 1 require v.units is w.units if fail deny v say "x"\n'
    'rule B "b" for each line item require item.units is 1 if fail deny item\n'
)


def test_a_change_sees_the_names_of_its_payer_and_of_the_rule(check):
    found = check(
        BASE,
        'payer q "Q"\nuse base\ncodes mine of HCPCS\n  99214\nsource S\n  title "s"\n'
        'relax A unless also v.code is in mine and w.units is 2 reason "why" cite S section "1"\n'
        "tighten B require also some line z where z.code is in visits only when item.code is in mine "
        'if fail review item say "{item.code}" reason "r"',
    )
    assert found.codes == []
    relaxed = found.version("A", "q")
    assert [clause.change.verb for clause in relaxed.unless] == ["relax"]
    assert relaxed.unless[0].change.cites[0].section == "1"
    assert relaxed.clause_origins == (("unless also", relaxed.changes[0]),)
    tightened = found.version("B", "q").requirements[1]
    assert tightened.only_when is not None
    assert tightened.consequence.outcome is r.Outcome.REVIEW
    assert found.version("B").changes == ()


def test_payers_that_leave_a_rule_alone_share_its_version(check):
    found = check(BASE, 'payer p "P"\nuse base\ndisable B reason "x"', 'payer q "Q"\nuse base')
    assert found.version("A", "p") is found.version("A", "q")
    assert found.rule("B", "p").segments[0].disabled.reason == "x"


def test_a_fault_of_the_base_is_said_once_however_many_payers_there_are(check):
    found = check(
        BASE.replace("item.units", "item.unit"),
        'payer p "P"\nuse base\noverride B if fail warn item reason "x"',
        'payer q "Q"\nuse base\nrelax B unless also item.charge is 5 reason "x"',
    )
    assert found.codes == ["SEQ209"]


def test_a_name_that_the_rule_does_not_have_shows_both_places(check):
    found = check(BASE, 'payer q "Q"\nuse base\ntighten B require also v.units is 2 reason "x"').only()
    assert (found.code, found.message) == ("SEQ204", "Nothing is called `v` here.")
    assert found.at.span.source.name == "file1.rules"
    assert found.also[-1].span.text == "B"


def test_a_name_must_be_there_in_every_version_that_a_change_meets(check):
    found = check(
        'ruleset base "B"\nrule A "a" effective 2025-01-01 to 2025-12-31 for each line v require v.units is 1 '
        "if fail deny v\n"
        'rule A "a" effective 2026-01-01 onward for each line w require w.units is 1 if fail deny w\n',
        'payer q "Q"\nuse base\nrelax A unless also v.units is 2 reason "x"',
    ).only()
    assert found.code == "SEQ204"
    assert found.also[-1].span.line == 3


def test_what_an_override_takes_away_is_missed_where_the_rule_uses_it(check):
    found = check(BASE, 'payer q "Q"\nuse base\noverride B for each diagnosis d reason "x"').only()
    assert (found.code, found.at.span.source.name) == ("SEQ204", "file0.rules")
    assert (found.also[-1].words, found.also[-1].span.source.name) == ("as `q` changes the rule", "file1.rules")


def test_an_override_brings_clauses_of_its_own(check):
    found = check(BASE, 'payer q "Q"\nuse base\noverride A if fail review v, w say "y {w.code}" reason "x"')
    assert found.codes == []
    version = found.version("A", "q")
    assert version.consequence.outcome is r.Outcome.REVIEW
    assert [word for word, _ in version.clause_origins] == ["if fail", "say"]


def test_settings_cannot_change_on_a_date(check):
    found = check(
        BASE, 'payer q "Q"\nuse base\noverride B settings inpatient effective 2026-01-01 onward reason "x"'
    ).only()
    assert (found.code, found.at.span.text) == ("SEQ540", "settings inpatient")


def test_the_period_and_the_citations_of_a_change_are_checked(check):
    found = check(BASE, 'payer q "Q"\nuse base\ndisable B effective 2026-02-01 to 2026-01-01 reason "x" cite NOWHERE')
    assert found.codes == ["SEQ404", "SEQ203"]
    assert found.diagnostics[0].consequence == "The change of rule B by `q` was not made."


def test_a_broken_rule_is_not_missed_by_a_change(check):
    found = check(
        'ruleset base "B"\nrule A "a" effective 2026-01-01 to 2025-01-01 for the claim forbidden if fail reject',
        'payer q "Q"\nuse base\ndisable A reason "x"',
    ).only()
    assert found.code == "SEQ404"
