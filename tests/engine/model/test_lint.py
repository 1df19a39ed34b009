"""What lint says, and what it does not say: each finding beside a rule like it that is in order."""

from datetime import date
from pathlib import Path

import pytest

import sequela
from sequela.engine.model.cost import cost_of, costs
from sequela.engine.model.lint import lint
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import find_rule_files, texts_of

SAMPLES = Path(sequela.__file__).parent.parent / "shared" / "design" / "samples"
SETS = """
codes visits of HCPCS
  99202 .. 99205, 99211 .. 99215
codes office of HCPCS
  99211 .. 99215
codes minor of HCPCS
  17000 .. 17004
codes sides of MODIFIER
  LT, RT
table covered "c"
  key code of HCPCS
  value units as number
  rows
    17000 | 1
  partial
table listed "l"
  key code of HCPCS
  rows
    17000
  complete
"""
LINE = "for each line item"


def compiled(texts):
    made = compile_found(texts_of(texts))
    assert [one.message for one in made.diagnostics if one.is_error] == []
    return made


def findings(texts, on=None):
    made = compiled(texts)
    return lint(made.rules, made.files, made.given, made.tables, on=on)


def linted(text, on=None):
    return findings({"r.rules": f'ruleset r "R"\n{SETS}\n{text}'}, on)


def said(text, on=None):
    return [one.code for one in linted(text, on)]


def rule(body, subjects="for each line item in visits", fail="deny item", rule_id="A"):
    return f'rule {rule_id} "a"\n{subjects}\n{body}\nif fail {fail}'


BASE = {"r.rules": f'ruleset r "R"\n{SETS}\n' + rule("unless item.place is 23 require item.units is 1")}


class TestTests:
    @pytest.mark.parametrize(
        "body",
        [
            "when item.code is 17000 require item.units is 1",
            "when item.code is in minor require item.units is 1",
            "when item.place is 11 and item.place is 12 require item.units is 1",
            "when item.units is at least 5 and item.units is less than 5 require item.units is known",
            "when item.units is 3 and item.units is more than 3 require item.place is 11",
            "when item.date is after 2026-01-01 and item.date is before 2025-01-01 require item.place is 11",
            "when item has modifier 50 and not (item has modifier 50) require item.place is 11",
            "when item.date is not item.date require item.place is 11",
            "unless item.code is in minor require item.units is 1",
            "require item.code is in minor",
            "require item.code is not in visits",
            "forbidden when item.code is in minor",
            "require item.units is 1 bypass when item.code is 17000",
            "require some other line work in minor where work.code is in visits",
            "require (item.place is 11 or item.code is 17000)",
            "require (number of other lines work where (work.units is 1 and work.units is 2)) is 0",
        ],
    )
    def test_what_is_never_true_is_found(self, body):
        assert said(rule(body)) == ["SEQ605"]

    @pytest.mark.parametrize(
        "body",
        [
            "require item.place is not 21 or item.place is not 22",
            "require item.date is item.date",
            "require item.code is in visits",
            "require item.code is not in minor",
            "require item.code is not 17000",
            "when item.code is in office require item.code is in visits",
            "when item.units is at least 5 require item.units is more than 4",
            "when item has modifier 50 require item has modifier 50",
            "require item.units is at most 5 or item.units is more than 5",
        ],
    )
    def test_what_decides_nothing_is_found(self, body):
        assert said(rule(body)) == ["SEQ606"]

    @pytest.mark.parametrize(
        "body",
        [
            "when item has modifier 50 and item has modifier 50 require item.units is 1",
            "require item.place is 11 or item.place is 12 or item.place is 11",
            "require item.units is 1 require item.units is 1",
        ],
    )
    def test_the_same_test_twice_is_found(self, body):
        assert said(rule(body)) == ["SEQ607"]

    @pytest.mark.parametrize(
        "body",
        [
            "when item.code is in office require item.units is 1",
            "when item.code is 99213 require item.units is 1",
            "when item has modifier LT and item has modifier RT require item.units is 1",
            "when item.units is at least 5 and item.units is at most 5 require item.place is 11",
            "when item.units is at least 2 require item.units is at most 3",
            "require item.place is 11 or item.place is 12",
            "require item.place is not 21 and item.place is not 22",
            "when item.place is missing require item.units is 1",
            "when item.units is missing or item.units is 1 require item.place is 11",
            "require some other line work in minor where work.date is item.date",
            "require item.place is 11 or some other line work where work.place is 11",
            "when some line work in visits where (work.code is 99213 and work.units is 1) require item.units is 1",
        ],
    )
    def test_tests_that_may_be_meant_are_left_alone(self, body):
        assert said(rule(body)) == []

    def test_a_named_condition_is_read_where_it_is_called(self):
        condition = "condition minor-work (line one)\n one.code is in minor\n"
        found = linted(condition + rule("when minor-work(item) require item.units is 1"))
        assert [one.code for one in found] == ["SEQ605"]
        assert found[0].at.span.text == "minor-work(item)"

    def test_a_named_condition_is_read_by_itself_too(self):
        condition = "condition odd (line one)\n one.place is 11 and one.place is 12\n"
        assert said(condition + rule("require item.units is 1")) == ["SEQ605"]

    def test_one_condition_called_with_other_lines_is_another_test(self):
        condition = "condition in-office (line one)\n one.place is 11\n"
        body = "forbidden when in-office(first) and in-office(second)"
        subjects = "for each line first, later line second with the same date"
        assert said(condition + rule(body, subjects, "warn")) == []

    def test_the_row_of_a_set_is_read(self):
        text = "codes odd of HCPCS\n from covered where units is 1 and units is 2\n"
        assert said(text + rule("require item.code is in odd")) == ["SEQ605"]


class TestLists:
    @pytest.mark.parametrize(
        ("body", "subjects", "codes"),
        [
            ("forbidden when every other line work where work.units is 1", LINE, ["SEQ601"]),
            ("forbidden when every diagnosis dx where dx.code is R69", LINE, ["SEQ601"]),
            ("forbidden when every line work in minor where work.units is 1", LINE, ["SEQ601"]),
            ("forbidden when item.units is 1 or every modifier m of item where m.code is 25", LINE, ["SEQ601"]),
            ("forbidden when every line work where work.units is 1", LINE, []),
            ("forbidden when every line work of item where work.units is 1",
             "for each group item of lines by code", []),
            ("forbidden when every diagnosis dx where dx.code is R69", "for each line item, diagnosis other-dx", []),
            ("forbidden when some other line any and every other line work where work.units is 1", LINE, []),
            ("when (number of diagnoses any) is at least 1 forbidden when every diagnosis dx where dx.code is R69",
             LINE, []),
            ("require every other line work where work.units is 1", LINE, []),
            ("forbidden when not (every other line work where work.units is 1)", LINE, []),
        ],
    )  # fmt: skip
    def test_every_over_a_list_that_may_be_empty(self, body, subjects, codes):
        assert said(rule(body, subjects)) == codes

    def test_the_guard_is_offered_in_the_words_of_the_rule(self):
        found = linted(
            rule("forbidden when every other line work in minor where work.units is 1", "for each line item")
        )
        assert "`some other line one in minor and every other line work in minor …`" in found[0].hint

    @pytest.mark.parametrize(
        ("body", "codes"),
        [
            ("require covered lists (item.code)", ["SEQ614"]),
            ("require item.units is 1 and covered lists (item.code)", []),
            ("require item.units is 1 or covered lists (item.code)", ["SEQ614"]),
            ("require covered lists (item.code) if unknown review", []),
            ("forbidden when not covered lists (item.code)", ["SEQ614"]),
            ("forbidden when covered lists (item.code)", []),
            ("unless not covered lists (item.code) require item.units is 1", ["SEQ614"]),
            ("require every other line work where covered lists (work.code)", ["SEQ614"]),
            ("require some other line work where covered lists (work.code)", []),
            ("require listed lists (item.code)", []),
        ],
    )
    def test_a_partial_table_never_says_no(self, body, codes):
        assert said(rule(body)) == codes

    @pytest.mark.parametrize(
        ("binders", "body", "fail", "codes"),
        [
            ("line a, other line b with the same date", "forbidden", "warn a, b", ["SEQ616"]),
            ("line a, other line b", "forbidden when a.code is b.code and b.date is a.date", "reject", ["SEQ616"]),
            ("line a, later line b with the same date", "forbidden", "warn a, b", []),
            ("line a, other line b with the same date", "forbidden", "warn b", []),
            ("line a, other line b with the same date", "when a.units is 1 forbidden", "warn a, b", []),
            ("line a in visits, other line b in minor", "forbidden", "warn a, b", []),
            ("line a, other line b", "require a.date is on or before b.date", "warn a, b", []),
        ],
    )
    def test_a_pair_met_in_either_order(self, binders, body, fail, codes):
        assert said(rule(body, f"for each {binders}", fail)) == codes


class TestSets:
    @pytest.mark.parametrize(
        ("declaration", "codes"),
        [
            ("codes x of HCPCS\n 17000, 17110, 17000", ["SEQ602"]),
            ("codes x of ICD10CM\n E11.9, under E11", ["SEQ602"]),
            ("codes x of ICD10CM\n under E11, E08 .. E13", ["SEQ602"]),
            ("codes x of HCPCS\n 99213, visits", ["SEQ602"]),
            ("codes x of HCPCS\n visits, office", ["SEQ602"]),
            ('codes x of ICD10CM\n like "S52.?1?A", like "S52.???A"', ["SEQ602"]),
            ("codes x of HCPCS\n 99202 .. 99205, 99205 .. 99215", []),
            ("codes x of ICD10CM\n E11, E11.9", []),
            ("codes x of HCPCS\n 0001T .. 0010T, 00005", ["SEQ618"]),
            ("codes x of HCPCS\n 00010 .. 00050, J0001 .. J0005", []),
            ("codes x of HCPCS\n 0001T .. 0001U", []),
            ("codes x of HCPCS\n visits\n except 17000", ["SEQ603"]),
            ("codes x of HCPCS\n visits\n except minor", ["SEQ603"]),
            ("codes x of HCPCS\n visits\n except office", []),
            ("codes x of HCPCS\n visits, from covered\n except 17000", []),
            ("codes x of HCPCS\n office\n except visits", ["SEQ604"]),
            ('codes x of ICD10CM\n under S52\n except like "S52.???A"', []),
        ],
    )
    def test_sets(self, declaration, codes):
        used = f"{declaration}\n" + rule("require item.units is 1")
        assert said(used) == codes

    def test_disjoint_sets_with_exceptions(self):
        text = "codes rest of HCPCS\n visits\n except office\n"
        assert said(text + rule("when item.code is in rest and item.code is in office require item.units is 1")) == [
            "SEQ605"
        ]
        assert said(text + rule("when item.code is in rest require item.units is 1")) == []


class TestDeclarations:
    payer = 'payer p "P"\nuse r\n'
    ruleset = 'ruleset r "R"\n' + rule("require item.units is 1", "for each line item")

    def test_what_a_payer_declares_and_nothing_uses(self):
        extra = 'codes x of HCPCS\n 17000\nsource S\n title "s"\ncondition c (line l)\n l.units is 1\n'
        found = findings({"p.rules": self.payer + extra, "r.rules": self.ruleset})
        assert [(one.code, one.at.span.text) for one in found] == [("SEQ608", "x"), ("SEQ608", "S"), ("SEQ608", "c")]

    def test_what_a_payer_above_uses_is_used(self):
        extra = "codes x of HCPCS\n 17000\n"
        upper = 'payer q "Q" over p\ndisable A effective 2026-01-01 onward reason "r"\n' + rule(
            "forbidden", "for each line item in x", rule_id="B"
        )
        assert findings({"p.rules": self.payer + extra, "r.rules": self.ruleset, "q.rules": upper}) == ()

    def test_what_a_ruleset_declares_may_be_for_others(self):
        assert said("codes x of HCPCS\n 17000") == []

    @pytest.mark.parametrize(
        ("period", "on", "codes"),
        [
            ("2026-01-01 onward", None, ["SEQ609"]),
            ("2025-06-01 onward", None, []),
            ("2025-06-01 onward", date(2025, 7, 1), []),
            ("2025-06-01 onward", date(2026, 7, 1), ["SEQ610"]),
            ("2025-06-01 to 2025-12-31", date(2026, 7, 1), []),
        ],
    )
    def test_authorities(self, period, on, codes):
        source = 'source S\n title "s"\n in force 2025-01-01 to 2025-12-31\n'
        text = f'rule A "a"\neffective {period}\nfor each line item\nrequire item.units is 1\nif fail warn item\ncite S'
        assert said(source + text, on) == codes

    def test_an_expired_source_is_one_finding_however_many_rules_cite_it(self):
        source = 'source S\n title "s"\n in force 2025-01-01 to 2025-12-31\n'
        rules = "".join(
            f'rule A-{n} "a"\nfor each line item\nrequire item.units is {n}\nif fail warn item\ncite S\n'
            for n in range(5)
        )
        (found,) = linted(source + rules, date(2026, 7, 1))
        assert "`A-0`, `A-1`, `A-2` and 2 more" in found.message

    @pytest.mark.parametrize(
        ("fail", "unknown", "codes"),
        [
            ("note item", "", ["SEQ611"]),
            ("note item", "if unknown note", []),
            ("warn item", "", []),
            ("warn item", "if unknown review", ["SEQ611"]),
            ("deny item", "if unknown deny", []),
        ],
    )
    def test_outcomes(self, fail, unknown, codes):
        assert said(rule("require item.units is 1", fail=f"{fail}\n{unknown}")) == codes

    def test_ids_that_differ_by_a_hyphen_are_told_once(self):
        text = (
            rule("require item.units is 1", rule_id="MOD-25") + "\n" + rule("require item.units is 1", rule_id="MOD25")
        )
        assert said(text) == ["SEQ612"]

    def test_rows_that_repeat_others_where_they_are_in_force_together(self):
        table = (
            'table t "t"\n key code of HCPCS\n in force start to stop\n rows\n'
            " 17000 | 2025-01-01 | 2025-12-31\n 17000 | {} | 2026-12-31\n complete\n"
        )
        assert said(table.format("2026-01-01")) == []
        assert said(table.format("2025-12-31")) == ["SEQ613"]

    def test_settings(self):
        def of(settings, condition):
            return said(f'rule A "a"\nsettings {settings}\nfor the claim\nrequire {condition}\nif fail warn')

        assert of("professional", "encounter.drg is 470") == ["SEQ615"]
        assert of("professional", "some procedure op where op.date is known") == ["SEQ615"]
        assert of("inpatient, outpatient", "some line item where item.place is 11") == ["SEQ615"]
        assert of("professional", "some history line item where item.bill-type is known") == []
        assert of("professional, inpatient", "encounter.drg is 470") == []
        assert of("inpatient", "encounter.drg is 470") == []


class TestPayers:
    def test_what_a_payer_adds_is_read_with_the_rule_below(self):
        payer = 'payer p "P"\nuse r\nrelax A\n unless also item.code is in minor\n reason "r"\n'
        found = findings({"p.rules": payer} | BASE)
        assert [(one.code, one.at.span.source.name) for one in found] == [("SEQ605", "p.rules")]

    def test_what_a_payer_narrows_is_not_held_against_the_rule_below(self):
        payer = 'payer p "P"\nuse r\noverride A\n when item.place is 11\n reason "r"\n'
        assert findings({"p.rules": payer} | BASE) == ()

    def test_only_the_files_given_are_reported(self):
        texts = {"r.rules": 'ruleset r "R"\n' + rule("require item.units is 1", "for each line item", "note item")}
        made = compiled(texts)
        assert [one.code for one in lint(made.rules, made.files, made.given, made.tables)] == ["SEQ611"]
        assert lint(made.rules, made.files, (), made.tables) == ()


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not here")
def test_the_samples_have_nothing_to_look_at_again():
    made = compile_found(find_rule_files([SAMPLES]))
    assert made.diagnostics == ()
    assert lint(made.rules, made.files, made.given, made.tables) == ()


class TestCost:
    @pytest.mark.parametrize(
        ("body", "subjects", "cost"),
        [
            ("require item.units is 1", "for each line item", "lines"),
            ("require some other line w where w.date is item.date", "for each line item", "lines x lines"),
            ("require item.units is 1", "for each line item, diagnosis dx of item", "lines x diagnoses"),
            ("look up row in covered by item.code require item.units is row.units", "for each line item",
             "lines x rows per look-up in covered"),
            ("require some line w of item where w.units is 1", "for each group item of lines by date",
             "groups of lines x lines of a group"),
            ("require encounter.drg is 470", "for the claim", "1"),
            ("require some line a where a.units is 1 and some diagnosis d where d.code is I10", "for the claim",
             "lines + diagnoses"),
            ("require some line a where (some diagnosis d of a where d.code is I10) require some line b",
             "for the claim", "lines x diagnoses"),
            ("require item.code is in from-table", "for each line item", "lines x rows per look-up in covered"),
            ("require twice(item)", "for each line item", "lines x lines"),
        ],
    )  # fmt: skip
    def test_cost(self, body, subjects, cost):
        extra = "codes from-table of HCPCS\n from covered where units is 1\n"
        extra += "condition twice (line one)\n some other line two where two.date is one.date\n"
        fail = "warn" if "the claim" in subjects else "warn item"
        made = compiled({"r.rules": f'ruleset r "R"\n{SETS}\n{extra}{rule(body, subjects, fail)}'})
        (only,) = made.rules.selections[None].rules
        assert str(cost_of(only)) == cost

    def test_costs_are_listed_by_rule_and_told_apart_where_a_payer_changes_them(self):
        payer = (
            'payer p "P"\nuse r\nrelax A\n unless also some other line work where work.place is 23\n reason "r"\n'
            + rule("require item.units is 1", LINE, rule_id="LONG-NAME")
        )
        made = compiled({"p.rules": payer} | BASE)
        assert costs(made.rules).splitlines() == [
            "A          lines  (the rulesets alone)",
            "A          lines x lines  (p)",
            "LONG-NAME  lines",
        ]
