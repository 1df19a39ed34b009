"""What a rule says on each stretch of dates, once the changes of a payer and of those below it are in."""

from datetime import date

import pytest

from sequela.engine.diagnostics.model import Severity
from sequela.engine.model.effective import Layer, PlacedChange, RuleFamily
from sequela.engine.model.overlay import effective_rules
from sequela.engine.model.overlay_change import word_of
from sequela.engine.model.rules import Change
from sequela.engine.source import Source
from sequela.engine.syntax.declarations import ChangeDeclaration, Reason, RuleDeclaration
from sequela.engine.syntax.parse import parse

BASE = 'ruleset base "Base"\n'
RULE = BASE + 'rule A "a" for each line visit require visit.units is 1 if fail deny visit say "one"'
YEAR = BASE + (
    'rule A "a" effective 2026-01-01 to 2026-12-31 for each line visit require visit.units is 1 if fail deny visit'
)


def declarations(text, name="base.rules"):
    file, faults = parse(Source(name, text))
    assert not faults, [fault.message for fault in faults]
    return file.declarations


def families(text, *others):
    versions = {}
    for number, one in enumerate((text, *others)):
        for rule in declarations(one, f"base{number}.rules"):
            if isinstance(rule, RuleDeclaration):
                versions.setdefault(rule.name.text, []).append(rule)
    return [RuleFamily(id=rule, versions=tuple(found)) for rule, found in versions.items()]


def layer(payer, text):
    changes = [
        one
        for one in declarations(f'payer {payer} "{payer}"\n{text}', f"{payer}.rules")
        if isinstance(one, ChangeDeclaration)
    ]
    return Layer(
        payer=payer, changes=tuple(PlacedChange(declaration=one, change=change_of(payer, one)) for one in changes)
    )


def change_of(payer, declaration):
    reason = next((clause.text.value for clause in declaration.clauses if isinstance(clause, Reason)), "")
    return Change(
        verb=declaration.verb, payer=payer, rule=declaration.rule.text, reason=reason, first=None, last=None, cites=(),
        span=declaration.span,
    )  # fmt: skip


def laid_on(base, *layers, broken=()):
    """The segments of rule A, and the codes of what is said."""
    found, faults = effective_rules(families(base), layers, broken)
    return found[0].segments, [fault.code for fault in faults]


def clean(base, *layers):
    segments, codes = laid_on(base, *layers)
    assert codes == []
    return segments


def periods(segments):
    return [(one.first and str(one.first), one.last and str(one.last)) for one in segments]


def words(segment):
    return [word_of(placed.clause) for placed in segment.clauses]


def texts(segment, word):
    return [" ".join(p.clause.span.text.split()) for p in segment.clauses if word_of(p.clause) == word]


class TestPeriods:
    def test_a_change_without_dates_holds_as_long_as_the_rule(self):
        segments = clean(YEAR, layer("p", 'disable A reason "r"'))
        assert periods(segments) == [("2026-01-01", "2026-12-31")]
        assert segments[0].disabled.payer == "p"

    def test_a_period_is_cut_with_both_ends_included(self):
        segments = clean(YEAR, layer("p", 'disable A effective 2026-03-01 to 2026-03-31 reason "r"'))
        assert periods(segments) == [
            ("2026-01-01", "2026-02-28"), ("2026-03-01", "2026-03-31"), ("2026-04-01", "2026-12-31"),
        ]  # fmt: skip
        assert [one.disabled is not None for one in segments] == [False, True, False]

    def test_a_change_does_not_move_the_ends_of_the_rule(self):
        segments = clean(YEAR, layer("p", 'override A effective 2025-06-01 onward say "x" reason "r"'))
        assert periods(segments) == [("2026-01-01", "2026-12-31")]

    def test_a_rule_that_always_holds_is_cut_into_open_stretches(self):
        segments = clean(RULE, layer("p", 'disable A effective 2026-03-01 to 2026-03-01 reason "r"'))
        assert periods(segments) == [(None, "2026-02-28"), ("2026-03-01", "2026-03-01"), ("2026-03-02", None)]

    def test_changes_of_two_payers_cut_where_either_begins_or_ends(self):
        segments = clean(
            YEAR,
            layer("p", 'relax A effective 2026-02-01 to 2026-06-30 unless also visit.place is 23 reason "r"'),
            layer("q", 'tighten A effective 2026-06-01 onward require also visit.place is 11 reason "r"'),
        )
        assert [str(one.first) for one in segments] == ["2026-01-01", "2026-02-01", "2026-06-01", "2026-07-01"]
        assert [[one.payer for one in segment.changes] for segment in segments] == [[], ["p"], ["p", "q"], ["q"]]

    def test_the_last_day_of_the_calendar_is_an_open_end(self):
        segments = clean(YEAR.replace("2026-12-31", "9999-12-31"), layer("p", 'disable A reason "r"'))
        assert periods(segments) == [("2026-01-01", None)]


class TestVerbs:
    def test_relax_adds_exceptions_from_the_base_upward(self):
        segments = clean(
            RULE,
            layer("p", 'relax A unless also visit.place is 23 reason "r"'),
            layer("q", 'relax A unless also visit.place is 11 unless also visit.place is 12 reason "r"'),
        )
        assert [one.unless_also.span.text for one in segments[0].additions] == [
            "visit.place is 23", "visit.place is 11", "visit.place is 12",
        ]  # fmt: skip
        assert [one.change.payer for one in segments[0].additions] == ["p", "q", "q"]
        assert [placed.change for placed in segments[0].clauses] == [None] * 4

    def test_tighten_brings_its_own_condition_and_consequence(self):
        segments = clean(
            RULE,
            layer("p", 'tighten A require also visit.place is 11 only when visit.code is 99213 if fail review visit '
                       'say "own" reason "r"'),
        )  # fmt: skip
        (addition,) = segments[0].additions
        assert [one.span.text for one in addition.require_also] == ["visit.place is 11"]
        assert addition.only_when.span.text == "visit.code is 99213"
        assert addition.if_fail.outcome.text == "review"
        assert addition.say.span.text == 'say "own"'
        assert texts(segments[0], "if fail") == ["if fail deny visit"]

    def test_override_replaces_every_clause_of_a_word_in_its_place(self):
        base = BASE + (
            'rule A "a" for each line visit unless visit.place is 23 unless visit.place is 11 '
            "require visit.units is 1 if fail deny visit"
        )
        segments = clean(
            base, layer("p", 'override A unless visit.place is 12 bypass when visit.units is 2 reason "r"')
        )
        assert texts(segments[0], "unless") == ["unless visit.place is 12"]
        assert words(segments[0]) == ["for", "unless", "require", "if fail", "bypass"]
        assert [bool(placed.change) for placed in segments[0].clauses] == [False, True, False, False, True]

    def test_override_drops_what_lower_payers_added_of_that_word(self):
        lower = layer("p", 'relax A effective 2026-01-01 to 2026-06-30 unless also visit.place is 23 reason "r" '
                           'tighten A effective 2026-07-01 onward require also visit.place is 11 if fail warn reason "r"')  # fmt: skip
        exceptions, asked = clean(YEAR, lower, layer("q", 'override A unless visit.place is 12 reason "r"'))
        assert (exceptions.additions, len(asked.additions)) == ((), 1)
        assert [one.payer for one in exceptions.changes] == ["q"]
        exceptions, asked = clean(YEAR, lower, layer("q", 'override A require visit.units is 2 reason "r"'))
        assert (len(exceptions.additions), asked.additions) == (1, ())
        exceptions, asked = clean(YEAR, lower, layer("q", 'override A if fail review visit reason "r"'))
        assert asked.additions[0].if_fail is None
        assert [one.payer for one in asked.changes] == ["p", "q"]

    def test_override_of_require_leaves_forbidden_when(self):
        base = BASE + 'rule A "a" for each line visit forbidden when visit.units is 3 if fail deny visit'
        segments = clean(base, layer("p", 'override A require visit.units is 1 reason "r"'))
        assert sorted(words(segments[0])) == ["for", "forbidden", "if fail", "require"]

    def test_override_brings_a_disabled_rule_back_with_what_was_added_below(self):
        segments = clean(
            RULE,
            layer("p", 'relax A unless also visit.place is 23 reason "r"'),
            layer("q", 'disable A reason "r"'),
            layer("s", 'override A reason "r"'),
        )
        assert segments[0].disabled is None
        assert len(segments[0].additions) == 1
        assert [one.payer for one in segments[0].changes] == ["p", "s"]

    def test_a_change_meets_every_version_in_its_period(self):
        base = BASE + "".join(
            f'rule A "a" effective {period} for each line visit require visit.units is {units} if fail deny visit\n'
            for period, units in (("2025-01-01 to 2025-12-31", 1), ("2026-01-01 onward", 2))
        )
        segments = clean(
            base, layer("p", 'override A effective 2025-07-01 to 2026-06-30 if fail warn visit reason "r"')
        )
        assert [texts(one, "require")[0][-1] for one in segments] == ["1", "1", "2", "2"]
        assert [texts(one, "if fail")[0].split()[2] for one in segments] == ["deny", "warn", "warn", "deny"]


class TestFaults:
    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ('relax A reason "r"', "SEQ511"),
            ('tighten A only when visit.units is 2 reason "r"', "SEQ511"),
            ("disable A", "SEQ508"),
            ('disable A reason " "', "SEQ508"),
            ('disable A reason "r" reason "s"', "SEQ510"),
            ('tighten A require also visit.units is 2 say "x" say "y" reason "r"', "SEQ510"),
            ('disable A effective 2026-01-01 onward by line date reason "r"', "SEQ512"),
            ('disable B reason "r"', "SEQ506"),
            ('disable A effective 2030-01-01 onward reason "r"', "SEQ516"),
            ('override A reason "r"', "SEQ516"),
        ],
    )
    def test_one_fault_is_said_once_and_the_change_is_not_made(self, change, code):
        segments, codes = laid_on(YEAR, layer("p", change))
        assert codes == [code]
        assert periods(segments) == [("2026-01-01", "2026-12-31")]
        assert segments[0].changes == () or code == "SEQ516"

    def test_an_unknown_rule_names_the_nearest(self):
        _, faults = effective_rules(
            families(RULE.replace("rule A", "rule MOD-25")), [layer("p", 'disable MOD-52 reason "r"')], ()
        )
        assert faults[0].hint == "Did you mean `MOD-25`?"

    def test_a_change_of_a_rule_that_could_not_be_read_is_passed_over(self):
        assert laid_on(RULE, layer("p", 'disable B reason "r"'), broken={"B"})[1] == []

    def test_two_changes_at_one_date_name_both(self):
        text = (
            'disable A effective 2026-01-01 to 2026-03-31 reason "r"\n'
            'override A effective 2026-03-31 onward say "x" reason "r"'
        )
        _, faults = effective_rules(families(RULE), [layer("p", text)], ())
        (fault,) = faults
        assert fault.code == "SEQ513"
        assert "on 2026-03-31" in fault.message
        assert (fault.at.span.line, fault.also[0].span.line) == (3, 2)

    def test_two_changes_side_by_side_are_no_fault(self):
        text = (
            'disable A effective 2026-01-01 to 2026-03-31 reason "r"\n'
            'override A effective 2026-04-01 onward say "x" reason "r"'
        )
        assert len(clean(RULE, layer("p", text))) == 3

    def test_a_disabled_rule_is_changed_on_those_dates_by_override_alone(self):
        below = layer("p", 'disable A effective 2026-03-01 onward reason "r"')
        segments, codes = laid_on(RULE, below, layer("q", 'relax A unless also visit.place is 23 reason "r"'))
        assert codes == ["SEQ514"]
        assert [len(one.additions) for one in segments] == [1, 0]
        early = 'relax A effective 2025-01-01 to 2026-02-28 unless also visit.place is 23 reason "r"'
        assert laid_on(RULE, below, layer("q", early))[1] == []
        assert laid_on(RULE, below, layer("q", 'disable A reason "r"'))[1] == ["SEQ514"]

    def test_a_bare_forbidden_is_neither_tightened_nor_given_a_require(self):
        base = BASE + 'rule A "a" for each line visit forbidden if fail deny visit'
        assert laid_on(base, layer("p", 'tighten A require also visit.units is 1 reason "r"'))[1] == ["SEQ515"]
        assert laid_on(base, layer("p", 'override A require visit.units is 1 reason "r"'))[1] == ["SEQ515"]
        both = 'override A require visit.units is 1 forbidden when visit.units is 3 reason "r"'
        assert laid_on(base, layer("p", both))[1] == []

    def test_a_tighten_above_an_override_that_lifted_the_bare_forbidden_is_no_fault(self):
        base = BASE + 'rule A "a" for each line visit forbidden if fail deny visit'
        lifted = layer("p", 'override A forbidden when visit.units is 3 reason "r"')
        assert laid_on(base, lifted, layer("q", 'tighten A require also visit.units is 1 reason "r"'))[1] == []

    def test_a_change_in_the_file_of_the_rule_is_made_with_a_warning(self):
        file, _ = parse(
            Source(
                "p.rules",
                'payer p "P"\nrule A "a" for the claim require encounter.drg is 470 if fail warn\ndisable A reason "r"',
            )
        )
        rule, change = file.declarations
        own = Layer(payer="p", changes=(PlacedChange(declaration=change, change=change_of("p", change)),))
        (found,), faults = effective_rules([RuleFamily(id="A", versions=(rule,))], [own], ())
        assert [(fault.code, fault.severity) for fault in faults] == [("SEQ507", Severity.WARNING)]
        assert found.segments[0].disabled is not None


class TestVersions:
    def version(self, period):
        effective = f"effective {period} " if period else ""
        return f'{BASE}rule A "a" {effective}for each line visit require visit.units is 1 if fail deny visit'

    def test_an_overlap_names_both_places_and_the_dates(self):
        _, faults = effective_rules(
            families(self.version("2026-01-01 to 2026-06-30"), self.version("2026-06-30 onward")), [], ()
        )
        (fault,) = faults
        assert (fault.code, fault.is_error) == ("SEQ500", True)
        assert "on 2026-06-30" in fault.message
        assert {fault.at.span.source.name, fault.also[0].span.source.name} == {"base0.rules", "base1.rules"}

    def test_periods_that_touch_neither_overlap_nor_leave_a_gap(self):
        _, faults = effective_rules(
            families(self.version("2026-07-01 onward"), self.version("2026-01-01 to 2026-06-30")), [], ()
        )
        assert faults == ()

    def test_a_gap_is_a_warning(self):
        found, faults = effective_rules(
            families(self.version("2026-01-01 to 2026-06-29"), self.version("2026-07-01 onward")), [], ()
        )
        assert [(fault.code, fault.is_error) for fault in faults] == [("SEQ501", False)]
        assert "on 2026-06-30" in faults[0].message
        assert len(found[0].segments) == 2

    def test_a_version_without_dates_overlaps_any_other(self):
        _, faults = effective_rules(families(self.version(""), self.version("2026-07-01 onward")), [], ())
        assert [fault.code for fault in faults] == ["SEQ500"]
        assert "every date" in faults[0].hint

    def test_segments_stand_by_date_whatever_the_order_of_the_declarations(self):
        found, _ = effective_rules(
            families(self.version("2026-07-01 onward"), self.version("2026-01-01 to 2026-06-30")), [], ()
        )
        assert [one.first for one in found[0].segments] == [date(2026, 1, 1), date(2026, 7, 1)]
