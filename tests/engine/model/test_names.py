"""What a file sees, names declared twice, and names that nothing bears."""

from sequela.engine.model.check import check_rules
from sequela.engine.source import Source
from sequela.engine.syntax.declarations import RuleFile
from sequela.engine.syntax.parse import parse

BASE = 'ruleset base "Base"\ncodes visits of HCPCS\n  99213\n'
RULE = 'rule {} "a" for each line v in {} require v.units is 1 if fail deny v\n'


def test_a_used_ruleset_lends_its_names_and_rules_once(check):
    found = check(
        BASE + RULE.format("A", "visits"),
        'ruleset one "One"\nuse base\n' + RULE.format("B", "visits"),
        'ruleset two "Two"\nuse one, base\n' + RULE.format("C", "visits"),
    )
    assert found.codes == []
    assert [rule.id for rule in found.rules.selections[None].rules] == ["A", "B", "C"]


def test_rulesets_may_use_each_other(check):
    found = check('ruleset a "A"\nuse b\ncodes x of HCPCS\n  y', 'ruleset b "B"\nuse a\ncodes y of HCPCS\n  99213')
    assert found.codes == []


def test_a_ruleset_that_is_nowhere_is_named_once_and_its_names_are_not_missed(check):
    found = check(
        'ruleset a "A"\nuse bsae\n' + RULE.format("A", "visits"),
        BASE,
    ).only()
    assert (found.code, found.message) == ("SEQ201", "No ruleset is called `bsae`.")
    assert "`base`" in found.hint


def test_a_payer_is_not_used(check):
    found = check('payer p "P"', 'ruleset a "A"\nuse p').only()
    assert (found.code, found.message) == ("SEQ202", "`p` is a payer, and only a ruleset can be used.")


def test_two_files_of_one_name(check):
    found = check('ruleset a "A"', 'ruleset a "B"').only()
    assert found.code == "SEQ207"
    assert found.also[0].span.source.name == "file0.rules"


def test_a_name_declared_twice_in_a_file_names_both_places(check):
    found = check('codes a of HCPCS\n  99213\ntable a "A"\n  key code of HCPCS\n  file "a.csv"\n  complete').only()
    assert (found.code, found.message) == ("SEQ207", "`a` is declared twice.")
    assert (found.at.span.line, found.also[0].span.line) == (4, 2)


def test_a_name_declared_again_where_another_is_seen(check):
    found = check(BASE, 'ruleset a "A"\nuse base\ncodes visits of HCPCS\n  99214').only()
    assert found.code == "SEQ207"
    assert (found.at.span.source.name, found.also[0].span.source.name) == ("file1.rules", "file0.rules")


def test_two_rulesets_that_declare_one_name_meet_where_both_are_used(check):
    again = 'ruleset second "Second"\ncodes visits of HCPCS\n  99214'
    assert check(BASE, again).codes == []
    found = check(BASE, again, 'ruleset a "A"\nuse base, second').only()
    assert found.message == "`visits` is declared twice. Both are seen by `a`."


def test_one_name_in_a_payer_and_its_base(check):
    found = check('payer a "A"\ncodes x of HCPCS\n  99213', 'payer b "B" over a\ncodes x of HCPCS\n  99213').only()
    assert (found.code, found.at.span.source.name) == ("SEQ207", "file1.rules")


def test_a_source_declared_twice(check):
    found = check('source A\n  title "x"\nsource A\n  title "y"').only()
    assert (found.code, found.message) == ("SEQ207", "`A` is declared twice.")


def test_an_unknown_set_is_one_error_that_names_every_rule_that_needs_it(check):
    found = check("".join(RULE.format(name, "nothing") for name in ("A", "B", "C"))).only()
    assert (found.code, found.message) == ("SEQ203", "No set of codes is called `nothing`.")
    assert found.consequence == "Rules A, B, C were not loaded; no claim was checked against them."


def test_many_rules_are_counted(check):
    found = check("".join(RULE.format(f"R{n}", "nothing") for n in range(10))).only()
    assert found.consequence.startswith("Rules R0, R1, R2, R3, R4 and 5 more were not loaded")


def test_a_name_of_a_ruleset_that_is_not_used_says_which(check):
    found = check(BASE, 'ruleset a "A"\n' + RULE.format("A", "visits")).only()
    assert found.hint == "`visits` is declared in ruleset `base`: add `use base`."


def test_a_name_of_another_sort_says_what_it_is(check):
    found = check('table t "T"\n  key code of HCPCS\n  file "t.csv"\n  complete\n' + RULE.format("A", "t")).only()
    assert (found.code, found.message) == ("SEQ205", "`t` is a table, not a set of codes.")


def test_what_could_not_be_read_is_not_missed():
    file, _ = parse(Source("a.rules", 'ruleset a "A"\n' + RULE.format("A", "lost") + RULE.format("B", "gone")))
    broken = RuleFile(file.source, file.header, file.declarations, broken=frozenset({"lost"}))
    rules, diagnostics = check_rules([broken], {})
    assert [one.message for one in diagnostics] == ["No set of codes is called `gone`."]
    assert rules.selections[None].rules == ()


def test_a_file_without_a_header_hides_no_fault_of_its_own_and_makes_none():
    file, _ = parse(Source("a.rules", 'ruleset a "A"\n' + BASE.split("\n", 1)[1]))
    headless = RuleFile(file.source, None, file.declarations)
    user, _ = parse(Source("b.rules", 'ruleset b "B"\nuse a\n' + RULE.format("A", "visits")))
    assert check_rules([headless, user], {})[1] == ()


def test_a_payer_sees_the_names_of_its_bases(check):
    found = check(
        BASE,
        'payer low "Low"\nuse base\ncodes mine of HCPCS\n  99214',
        'payer high "High" over low\n' + RULE.format("A", "mine") + RULE.format("B", "visits"),
    )
    assert found.codes == []
    assert [rule.id for rule in found.rules.selections["high"].rules] == ["A", "B"]
    assert found.rules.selections["low"].rules == ()
    assert found.rules.selections["low"].matches == ("low",)
    assert list(found.rules.selections) == ["low", "high", None]


def test_an_unknown_source_and_one_that_is_there(check):
    text = 'source MANUAL\n  title "M"\nrule A "a" for the claim require encounter.drg is 470 if fail reject cite {}'
    assert check(text.format("MANUAL")).codes == []
    found = check(text.format("MANAUL")).only()
    assert (found.code, found.message) == ("SEQ203", "No source is called `MANAUL`.")
    assert "`MANUAL`" in found.hint


def test_a_source_whose_period_is_reversed_is_the_only_fault(check):
    found = check(
        'source M\n  title "M"\n  in force 2026-12-31 to 2026-01-01\n'
        'rule A "a" for the claim require encounter.drg is 470 if fail reject cite M'
    ).only()
    assert found.code == "SEQ404"
    assert found.consequence == "Rule A was not loaded; no claim was checked against it."
