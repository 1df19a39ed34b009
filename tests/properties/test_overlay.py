"""Segments never overlap, cover the periods exactly, and say day by day what a plain reading of the layers says."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sequela.engine.model.effective import Layer, PlacedChange, RuleFamily
from sequela.engine.model.overlay import effective_rules
from sequela.engine.model.rules import Change
from sequela.engine.source import Source, Span
from sequela.engine.syntax import declarations as d
from sequela.engine.syntax.conditions import Called
from sequela.engine.syntax.node import Name, Text

START = date(2026, 1, 1)
WINDOW = 40
DAYS = [START + timedelta(days=n) for n in range(WINDOW)]
RULES = Span(Source("rules", ""), 0, 0)
PAYERS = Span(Source("payers", ""), 0, 0)

label = st.sampled_from("abcdef")
days = st.integers(0, WINDOW - 1)


def named(text):
    return Name(span=RULES, text=text)


def condition(text):
    return Called(span=RULES, name=named(text), arguments=())


CLAUSES = {
    "when": lambda text: d.When(span=RULES, condition=condition(text)),
    "unless": lambda text: d.Unless(span=RULES, condition=condition(text)),
    "require": lambda text: d.Require(span=RULES, condition=condition(text)),
    "forbidden": lambda text: d.Forbidden(span=RULES, condition=condition(text)),
    "if fail": lambda text: d.IfFail(span=RULES, outcome=named(text), about=()),
    "say": lambda text: d.Say(span=RULES, template=d.Template(span=RULES, parts=(Text(span=RULES, value=text),))),
}
WORDS = {
    d.When: "when",
    d.Unless: "unless",
    d.Require: "require",
    d.Forbidden: "forbidden",
    d.IfFail: "if fail",
    d.Say: "say",
}


def told(clause):
    """The label of a clause built above."""
    match clause:
        case d.When() | d.Unless() | d.Require() | d.Forbidden():
            return clause.condition.name.text
        case d.IfFail():
            return clause.outcome.text
        case d.Say():
            return clause.template.parts[0].value


def effective(first, last):
    period = d.Period(span=RULES, first=DAYS[first], last=None if last is None else DAYS[last])
    return d.Effective(span=RULES, period=period, by=None)


@st.composite
def contents(draw, least=0):
    """Clauses of a rule or an override: (word, label); the words that may be repeated more than once."""
    once = draw(
        st.lists(st.tuples(st.sampled_from(["when", "forbidden", "if fail", "say"]), label), unique_by=lambda p: p[0])
    )
    often = draw(st.lists(st.tuples(st.sampled_from(["unless", "require"]), label), min_size=least, max_size=3))
    return draw(st.permutations(once + often))


@st.composite
def versions(draw):
    """Versions of one rule that do not overlap, each as its period and contents; one may hold on every date."""
    if draw(st.booleans()):
        return [(None, draw(contents()))]
    cuts = sorted(draw(st.sets(days, min_size=2, max_size=6)))
    periods = list(zip(cuts[::2], cuts[1::2], strict=False))
    if draw(st.booleans()):
        periods[-1] = (periods[-1][0], None)
    return [(period, draw(contents())) for period in periods]


@st.composite
def change(draw):
    verb = draw(st.sampled_from(["disable", "relax", "tighten", "override", "override"]))
    period = draw(st.none() | st.tuples(days, st.none() | days).map(lambda p: p if p[1] is None else tuple(sorted(p))))
    inside = {
        "disable": st.just([]),
        "relax": st.lists(st.tuples(st.just("unless also"), label), min_size=1, max_size=2),
        "tighten": st.tuples(st.tuples(st.just("require also"), label), st.tuples(st.just("if fail"), label)).map(list),
        "override": contents(least=1),
    }[verb]
    return verb, period, draw(inside)


def as_change(payer, verb, period, inside):
    own = [d.Reason(span=PAYERS, text=Text(span=PAYERS, value="so it is"))]
    if period is not None:
        own.append(effective(*period))
    for word, text in inside:
        match word:
            case "unless also":
                own.append(d.UnlessAlso(span=PAYERS, condition=condition(text)))
            case "require also":
                own.append(d.RequireAlso(span=PAYERS, condition=condition(text)))
            case _:
                own.append(CLAUSES[word](text))
    declaration = d.ChangeDeclaration(span=PAYERS, verb=verb, rule=named("R"), clauses=tuple(own))
    kept = Change(verb=verb, payer=payer, rule="R", reason="so it is", first=None, last=None, cites=(), span=PAYERS)
    return PlacedChange(declaration=declaration, change=kept)


def family_of(dated):
    declared = []
    for period, inside in dated:
        clauses = [] if period is None else [effective(*period)]
        clauses.extend(CLAUSES[word](text) for word, text in inside)
        declared.append(
            d.RuleDeclaration(span=RULES, name=named("R"), title=Text(span=RULES, value="r"), clauses=tuple(clauses))
        )
    return RuleFamily(id="R", versions=tuple(declared))


def layers_of(layers):
    return [
        Layer(payer=f"p{number}", changes=tuple(as_change(f"p{number}", *one) for one in changes))
        for number, changes in enumerate(layers)
    ]


def holds(period, day):
    if period is None:
        return True
    return DAYS[period[0]] <= day and (period[1] is None or day <= DAYS[period[1]])


def overlap(one, other):
    return any(holds(one, day) and holds(other, day) for day in DAYS)


def plain_reading(dated, layers, day):
    """What the rule says on one day, by going through every layer: None where no version is in force."""
    version = next((inside for period, inside in dated if holds(period, day)), None)
    if version is None:
        return None
    clauses = {}
    for word, text in version:
        clauses.setdefault(word, []).append(text)
    lets_off, asks, disabled = [], [], False
    for changes in layers:
        made = []
        for verb, period, inside in changes:
            if any(overlap(period, other) for _, other, _ in made):
                continue  # two changes at one date: an error, and the later one is not made
            made.append((verb, period, inside))
            if not holds(period, day) or (disabled and verb != "override"):
                continue
            if verb == "disable":
                disabled = True
            elif verb == "relax":
                lets_off.extend(text for _, text in inside)
            elif verb == "tighten":
                asks.append(dict(inside))
            else:
                disabled = False
                replaced = {}
                for word, text in inside:
                    replaced.setdefault(word, []).append(text)
                clauses.update(replaced)
                if "unless" in replaced:
                    lets_off = []
                if "require" in replaced:
                    asks = []
                if "if fail" in replaced:
                    asks = [{"require also": one["require also"]} for one in asks]
    return clauses, lets_off, asks, disabled


def as_said(segment):
    clauses = {}
    for placed in segment.clauses:
        word = WORDS.get(type(placed.clause))
        if word is not None:
            clauses.setdefault(word, []).append(told(placed.clause))
    lets_off = [one.unless_also.name.text for one in segment.additions if one.unless_also is not None]
    asks = [
        {"require also": one.require_also[0].name.text} | ({"if fail": told(one.if_fail)} if one.if_fail else {})
        for one in segment.additions
        if one.require_also
    ]
    return clauses, lets_off, asks, segment.disabled is not None


def segments_of(dated, layers):
    (family,), _ = effective_rules([family_of(dated)], layers_of(layers), ())
    return family.segments


def on(segments, day):
    return [
        one for one in segments if (one.first is None or one.first <= day) and (one.last is None or day <= one.last)
    ]


some_layers = st.lists(st.lists(change(), max_size=3), max_size=3)


@given(versions(), some_layers)
def test_segments_agree_with_a_reading_day_by_day(dated, layers):
    segments = segments_of(dated, layers)
    for day in [START - timedelta(days=400), *DAYS, START + timedelta(days=4000)]:
        met = on(segments, day)
        expected = plain_reading(dated, layers, day)
        assert [as_said(one) for one in met] == ([] if expected is None else [expected])


@given(versions(), some_layers)
def test_segments_stand_by_date_without_overlap(dated, layers):
    segments = segments_of(dated, layers)
    for one, following in pairwise(segments):
        assert one.last is not None
        assert following.first is not None
        assert one.last < following.first
    assert all(one.first is None or one.last is None or one.first <= one.last for one in segments)


@given(versions())
def test_without_changes_a_rule_is_what_its_author_wrote(dated):
    family = family_of(dated)
    (result,), faults = effective_rules([family], [Layer(payer="p", changes=())], ())
    assert [one.declaration for one in result.segments] == list(family.versions)
    assert all(tuple(placed.clause for placed in one.clauses) == one.declaration.clauses for one in result.segments)
    assert all(placed.change is None for one in result.segments for placed in one.clauses)
    assert not any(one.changes or one.additions or one.disabled for one in result.segments)
    assert not any(fault.is_error for fault in faults)


@given(
    versions(),
    some_layers,
    st.lists(st.tuples(st.just("override"), st.none(), contents(least=1)), min_size=1, max_size=1),
)
def test_the_uppermost_layer_has_the_last_word(dated, layers, last):
    brought = {}
    for word, text in last[0][2]:
        brought.setdefault(word, []).append(text)
    for segment in segments_of(dated, [*layers, last]):
        clauses, lets_off, asks, disabled = as_said(segment)
        assert not disabled
        assert {word: clauses[word] for word in brought} == brought
        assert not (lets_off and "unless" in brought)
        assert not (asks and "require" in brought)


@given(versions(), some_layers)
def test_every_change_that_shows_is_named_once(dated, layers):
    for segment in segments_of(dated, layers):
        shown = {id(placed.change) for placed in segment.clauses if placed.change is not None}
        shown |= {id(addition.change) for addition in segment.additions}
        if segment.disabled is not None:
            shown.add(id(segment.disabled))
        named_changes = [id(one) for one in segment.changes]
        assert len(set(named_changes)) == len(named_changes)
        assert shown <= set(named_changes)
        assert all(one.verb == "override" for one in segment.changes if id(one) not in shown)
