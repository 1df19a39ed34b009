"""Strategies that make rule files which are well formed, as nodes and as text. What names mean is not looked at.

`rule_files()` gives nodes, `texts()` the same as an author might write them: in any layout, with comments anywhere.
"""

import re
import string
from datetime import date

from hypothesis import strategies as st

from sequela.engine.source import NOWHERE, Source
from sequela.engine.syntax import cases as t
from sequela.engine.syntax import conditions as c
from sequela.engine.syntax import declarations as d
from sequela.engine.syntax.comparisons import DateOrder, Order, Quantifier
from sequela.engine.syntax.format import format_file
from sequela.engine.syntax.lalr import tables
from sequela.engine.syntax.node import Name, Text
from sequela.engine.syntax.normalise import normalise
from sequela.engine.syntax.reserved import NOT_SAID, RESERVED
from sequela.engine.syntax.scan import scan
from sequela.engine.vocabulary.systems import System

HERE = {"span": NOWHERE}

SMALL = string.ascii_lowercase
words = st.one_of(
    st.sampled_from(("visit", "work", "item", "dx", "day", "row", "part", "total", "number", "full", "character", "claim", "x")),
    st.from_regex(re.compile(r"[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,4}){0,2}", re.ASCII), fullmatch=True),
)  # fmt: skip
name_texts = words.filter(lambda word: word not in RESERVED)
names = st.builds(Name, span=st.just(NOWHERE), text=name_texts)
columns = st.builds(
    Name, span=st.just(NOWHERE), text=st.one_of(words, st.sampled_from(sorted(RESERVED)), st.sampled_from(("code", "date")))
)  # fmt: skip
ids = st.builds(
    Name, span=st.just(NOWHERE), text=st.from_regex(re.compile(r"[A-Z][A-Z0-9]{0,5}(-[A-Z0-9]{1,4}){0,2}", re.ASCII), fullmatch=True)
)  # fmt: skip
systems = st.builds(Name, span=st.just(NOWHERE), text=st.sampled_from([system.value for system in System]))
texts_inside = st.text(
    st.characters(exclude_characters='"\n\r\x00', exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cf"))
    | st.just(" "),
    max_size=24,
)
quoted = st.builds(
    Text,
    span=st.just(NOWHERE),
    value=texts_inside.filter(lambda text: normalise(f'"{text}"') == f'"{text}"' and "\ufffd" not in text),
)
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1))
code_texts = st.from_regex(re.compile(r"[A-Z0-9]{1,5}(\.[A-Z0-9]{1,3})?", re.ASCII), fullmatch=True)
codes = st.builds(c.CodeLiteral, span=st.just(NOWHERE), text=code_texts)
numbers = st.builds(
    c.CodeLiteral,
    span=st.just(NOWHERE),
    text=st.from_regex(re.compile(r"-?[0-9]{1,4}(\.[0-9]{1,2})?", re.ASCII), fullmatch=True),
)
dates = st.builds(c.DateLiteral, span=st.just(NOWHERE), value=days)
whole = st.integers(min_value=0, max_value=9999)


def some(strategy, most=3):
    return st.lists(strategy, min_size=1, max_size=most).map(tuple)


def maybe(strategy):
    return st.none() | strategy


def node(made, **fields):
    return st.builds(made, **HERE_STRATEGY, **fields)


HERE_STRATEGY = {"span": st.just(NOWHERE)}

# ---------------------------------------------------------------- values

parts = st.lists(st.one_of(words, st.sampled_from(sorted(RESERVED))), min_size=1, max_size=2)
dotted = st.builds(lambda first, rest: (first, *rest), name_texts, parts)
paths = node(c.Path, parts=dotted)
value_words = node(c.Path, parts=words.filter(lambda word: word not in NOT_SAID).map(lambda word: (word,)))
set_names = node(c.Path, parts=name_texts.map(lambda name: (name,)))
sets = set_names | paths
plain_values = st.one_of(paths, value_words, codes, numbers, dates, quoted)
KINDS = (
    "line",
    "modifier",
    "diagnosis",
    "admitting diagnosis",
    "reason-for-visit diagnosis",
    "procedure",
    "document",
    "history line",
    "service",
)
CLAIM_KINDS = ("condition-code", "occurrence", "value-code")


def domains(where, kinds=KINDS + CLAIM_KINDS):
    return node(
        c.Domain, which=st.sampled_from((None, None, "other", "later")), kind=st.sampled_from(kinds), name=names,
        of=maybe(names), within=maybe(sets), where=maybe(where),
    )  # fmt: skip


def computed(conditions):
    return st.one_of(
        node(c.TimeBetween, unit=st.sampled_from(("days", "months", "years")), start=plain_values, end=plain_values),
        node(c.FullMonthsBetween, start=plain_values, end=plain_values),
        node(c.Characters, first=whole, last=maybe(whole), of=plain_values),
        node(c.NumberOf, over=domains(conditions)),
        node(c.Total, of=paths, over=domains(conditions)),
    )


# ---------------------------------------------------------------- conditions


def predicates(conditions):
    values = plain_values | computed(conditions)
    single = predicates_flat | node(c.Parenthesised, inner=conditions)
    return st.one_of(
        predicates_flat,
        node(c.Compares, left=values, order=st.sampled_from(Order), right=values),
        node(c.Is, left=values, right=values, negated=st.booleans()),
        quantified(st.one_of(single, node(c.Not, part=single))),
    )


def quantified(where):
    return st.one_of(
        node(
            c.Quantified,
            quantifier=st.sampled_from((Quantifier.SOME, Quantifier.EVERY, Quantifier.NO)),
            number=st.none(),
            over=domains(where),
        ),
        node(
            c.Quantified,
            quantifier=st.sampled_from((Quantifier.AT_LEAST, Quantifier.AT_MOST)),
            number=whole,
            over=domains(where),
        ),
    )


# On the left of a test a bare word is a name; on the right it is a word.
left_values = st.one_of(paths, set_names, codes, numbers, dates, quoted)
predicates_flat = st.one_of(
    node(c.Is, left=left_values, right=plain_values, negated=st.booleans()),
    node(c.IsIn, left=left_values, within=sets, negated=st.booleans()),
    node(c.IsKnown, value=left_values, known=st.booleans()),
    node(c.Compares, left=left_values, order=st.sampled_from(Order), right=plain_values),
    node(c.DateCompares, left=left_values, order=st.sampled_from(DateOrder), right=plain_values),
    node(c.IsWithin, left=left_values, amount=whole, unit=st.sampled_from(("days", "months", "years")),
         relation=st.sampled_from(("before", "after", "of")), right=plain_values),
    node(c.HasModifier, line=names, modifier=codes | paths | set_names),
    node(c.HasModifierIn, line=names, within=sets),
    node(c.IsPayable, line=names),
    node(c.Comes, first=names, before=st.booleans(), second=names),
    node(c.Lists, table=names, keys=some(plain_values)),
    node(c.Called, name=names, arguments=st.lists(names, max_size=2).map(tuple)),
)  # fmt: skip


def compound(inner):
    single = predicates_of(inner) | node(c.Parenthesised, inner=inner)
    part = single | node(c.Not, part=single)
    chain = st.lists(part, min_size=2, max_size=4).map(tuple)
    return st.one_of(part, node(c.AllOf, parts=chain), node(c.AnyOf, parts=chain))


def predicates_of(inner):
    values = st.one_of(left_values, computed(inner))
    single = predicates_flat | node(c.Parenthesised, inner=inner)
    return st.one_of(
        predicates_flat,
        node(c.Compares, left=values, order=st.sampled_from(Order), right=st.one_of(plain_values, computed(inner))),
        node(c.IsKnown, value=values, known=st.booleans()),
        quantified(single | node(c.Not, part=single)),
    )


conditions = st.recursive(predicates_flat, compound, max_leaves=6)

# ---------------------------------------------------------------- declarations

periods = st.builds(lambda first, last: d.Period(span=NOWHERE, first=first, last=last), days, maybe(days))
names_list = some(names)
ids_list = some(ids)
phases = st.sampled_from(("validity", "conventions", "modifiers", "units", "pairs", "coverage", "add-ons", "history")).map(
    lambda text: Name(span=NOWHERE, text=text)
)  # fmt: skip
settings = some(
    st.sampled_from(("professional", "outpatient", "inpatient")).map(lambda text: Name(span=NOWHERE, text=text))
)
header_settings = st.just(()) | settings
headers = st.one_of(
    node(d.Header, is_payer=st.just(False), name=names, title=quoted, settings=header_settings, phase=maybe(phases)),
    node(d.Header, is_payer=st.just(True), name=names, title=quoted, over=maybe(names), matches=st.lists(quoted, max_size=2).map(tuple), settings=header_settings, phase=maybe(phases)),
)  # fmt: skip
entries = st.one_of(
    node(d.ThisCode, code=codes), node(d.Under, code=codes), node(d.Range, low=codes, high=codes), node(d.Like, pattern=quoted),
    node(d.OtherSet, name=names), node(d.FromTable, table=names, where=maybe(conditions)),
)  # fmt: skip
column_types = st.one_of(
    node(d.ColumnType, word=st.sampled_from(("text", "number", "money", "date", "yes-no")), system=st.none()),
    node(d.ColumnType, word=st.sampled_from(("code", "codes")), system=systems),
)  # fmt: skip


@st.composite
def key_columns(draw):
    match = draw(st.sampled_from(("exact", "under", "in")))
    if match == "exact":
        kind = draw(column_types)
    else:
        kind = d.ColumnType(span=NOWHERE, word="code" if match == "under" else "codes", system=draw(systems))
    return d.KeyColumn(span=NOWHERE, name=draw(columns), match=match, type=kind)


def _cell_texts(word):
    if word == "text":
        return quoted.map(lambda text: text.value)
    if word in ("code", "codes"):
        return st.sampled_from(
            (
                "E11.9",
                "under E11",
                "E08 .. E13",
                "99213, 99214",
                'like "S52.?", A00',
                "under E11 except E11.9",
                "visits",
            )
        )
    return st.sampled_from(("1", "12.50", "-3", "2026-03-02", "yes", "no"))


@st.composite
def table_declarations(draw):
    keys = draw(some(key_columns(), 2))
    values = draw(st.lists(node(d.ValueColumn, name=columns, type=column_types), max_size=2).map(tuple))
    said = {
        "file": draw(maybe(quoted)),
        "in_force": draw(maybe(st.tuples(columns, columns))),
        "covers": draw(maybe(periods)),
        "defines": draw(maybe(systems)),
        "complete": draw(st.sampled_from((None, True, False))),
    }
    words_of_types = [key.type.word for key in keys] + [value.type.word for value in values]
    cells = st.tuples(*(_cell_texts(word).map(lambda text: Text(span=NOWHERE, value=text)) for word in words_of_types))
    rows = draw(st.lists(cells.map(lambda row: d.Row(span=NOWHERE, cells=row)), max_size=3).map(tuple))
    order = ["key", *(["value"] if values else []), *(["rows"] if rows else [])]
    order += [
        word
        for word, field in (("file", "file"), ("in force", "in_force"), ("covers", "covers"), ("defines", "defines"))
        if said[field]
    ]
    order += {None: [], True: ["complete"], False: ["partial"]}[said["complete"]]
    order = draw(st.permutations(order))
    return d.TableDeclaration(
        span=NOWHERE, name=draw(names), title=draw(quoted), rows=rows, keys=keys, values=values, clause_order=tuple(order), **said
    )  # fmt: skip


condition_declarations = node(
    d.ConditionDeclaration, name=names, body=conditions,
    parameters=st.lists(node(d.Parameter, kind=st.sampled_from((*KINDS, "group")), name=names), max_size=2).map(tuple),
)  # fmt: skip

# ---------------------------------------------------------------- rules

binders = node(
    d.Binder, which=st.sampled_from((None, "other", "later")), kind=st.sampled_from(KINDS), name=names, of=maybe(names), within=maybe(sets)
)  # fmt: skip
for_clauses = st.one_of(
    node(d.ForEach, binders=some(binders), same=st.lists(columns, max_size=2).map(tuple)),
    node(d.ForEach, binders=node(d.GroupBinder, name=names, by=some(columns))),
    node(d.ForFirstDiagnosis, name=names),
    node(d.ForClaim),
)  # fmt: skip
look_ups = node(d.LookUp, name=names, table=names, keys=some(plain_values), on=maybe(plain_values))
holes = node(
    d.Hole,
    value=st.one_of(
        st.none(),
        paths,
        value_words,
        node(d.CodesNear, value=paths | value_words),
        computed(conditions).filter(lambda value: '"' not in repr(value) and "Text" not in repr(value)),
    ),
)
BRACES = st.text(alphabet="{} ab.", max_size=8)


@st.composite
def templates(draw):
    found = []
    for part in draw(
        st.lists(st.one_of(holes, quoted, BRACES.map(lambda text: Text(span=NOWHERE, value=text))), max_size=4)
    ):
        if isinstance(part, Text) and not part.value:
            continue
        if isinstance(part, Text) and found and isinstance(found[-1], Text):
            found[-1] = Text(span=NOWHERE, value=found[-1].value + part.value)
        else:
            found.append(part)
    return d.Template(span=NOWHERE, parts=tuple(found))


modifier_codes = node(c.CodeLiteral, text=st.sampled_from(("25", "59", "LT")))
suggestions = st.one_of(
    node(d.AddModifier, modifier=modifier_codes, line=names),
    node(d.RemoveModifier, modifier=modifier_codes | paths | set_names, line=names),
    node(d.ReplaceModifier, modifier=modifier_codes | paths | set_names, line=names, by=modifier_codes | paths),
    node(d.MoveDiagnosis, diagnosis=names, before=st.booleans(), anchor=names),
    node(d.MoveDiagnosis, diagnosis=names, before=st.just(True), anchor=st.none()),
    node(d.PointLine, line=names, diagnosis=names),
    node(d.ReplaceDiagnosis, diagnosis=names, code=codes | paths | set_names),
)  # fmt: skip
code_words = st.from_regex(re.compile(r"[A-Z0-9]{1,4}", re.ASCII), fullmatch=True)
applies = {
    "effective": node(d.Effective, period=periods, by=st.sampled_from((None, "line", "discharge", "admission", "statement", "received"))),
    "settings": node(d.Settings, names=settings),
    "phase": node(d.Phase, name=phases),
    "for": for_clauses,
    "when": node(d.When, condition=conditions),
}  # fmt: skip
follows = {
    "if fail": node(d.IfFail, outcome=names, about=st.lists(names, max_size=2).map(tuple)),
    "if unknown": node(d.IfUnknown, outcome=names),
    "say": node(d.Say, template=templates()),
    "suggest": node(d.Suggest, change=suggestions, only_if=maybe(quoted)),
    "adjustment": node(d.Adjustment, group=code_words, carc=code_words, rarcs=st.lists(code_words, max_size=2).map(tuple)),
    "cite": node(d.Cite, items=some(node(d.Citation, source=ids, section=maybe(quoted)))),
}  # fmt: skip
forbidden = node(d.Forbidden, condition=maybe(conditions))
bypass = node(d.Bypass, condition=conditions)
require = node(d.Require, condition=conditions)
unless = node(d.Unless, condition=conditions)


@st.composite
def rule_declarations(draw):
    first = [draw(applies["for"])]
    first += [
        draw(applies[word]) for word in draw(st.sets(st.sampled_from(("effective", "settings", "phase", "when"))))
    ]
    first += draw(st.lists(st.one_of(look_ups, unless), max_size=2))
    second = draw(st.lists(require, max_size=2))
    if draw(st.booleans()) or not second:
        second.append(draw(forbidden))
    second += draw(st.lists(bypass, max_size=1))
    third = [draw(follows["if fail"])]
    third += [draw(follows[word]) for word in draw(st.sets(st.sampled_from(tuple(follows)[1:])))]
    clauses = (*draw(st.permutations(first)), *draw(st.permutations(second)), *draw(st.permutations(third)))
    return d.RuleDeclaration(span=NOWHERE, name=draw(ids), title=draw(quoted), clauses=clauses)


ABOUT = (node(d.Reason, text=quoted), applies["effective"], follows["cite"])
TAKEN = {
    "disable": (),
    "relax": (node(d.UnlessAlso, condition=conditions),),
    "tighten": (
        node(d.RequireAlso, condition=conditions),
        node(d.OnlyWhen, condition=conditions),
        follows["if fail"],
        follows["say"],
    ),
    "override": (*applies.values(), look_ups, unless, require, bypass, *follows.values()),
}


@st.composite
def change_declarations(draw):
    verb = draw(st.sampled_from(tuple(TAKEN)))
    clauses = draw(st.lists(st.one_of(*ABOUT, *TAKEN[verb]), min_size=1, max_size=5))
    if verb == "override" and draw(st.booleans()):
        clauses = [clause for clause in clauses if not isinstance(clause, d.When)]
        clauses.insert(draw(st.integers(0, len(clauses))), draw(forbidden))
    return d.ChangeDeclaration(span=NOWHERE, verb=verb, rule=draw(ids), clauses=tuple(clauses))


# ---------------------------------------------------------------- tests

amounts = st.from_regex(re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?", re.ASCII), fullmatch=True)
npis = st.from_regex(re.compile(r"[0-9]{10}", re.ASCII), fullmatch=True)
payers = name_texts | st.sampled_from(("60054", "Some Payer", "line"))
claim_fields = {
    "on": maybe(days), "at": maybe(st.sampled_from(("11", "23"))), "payer": maybe(payers), "received": maybe(days),
    "admitted": maybe(days), "discharged": maybe(days),
}  # fmt: skip
SETTINGS = st.sampled_from(("professional", "outpatient", "inpatient"))
claims = node(t.ClaimPart, setting=SETTINGS, **claim_fields)
patients = node(t.PatientPart, sex=maybe(st.sampled_from(("female", "male", "undetermined"))), born=maybe(days)).filter(
    lambda patient: patient.sex or patient.born
)  # fmt: skip
detail_fields = {
    "units": maybe(amounts), "on": maybe(days), "at": maybe(st.sampled_from(("11", "23"))), "pointers": maybe(some(whole)),
    "by": maybe(npis), "charge": maybe(amounts),
}  # fmt: skip
coded = node(t.LineDetails, code=code_words, modifiers=st.lists(code_words, max_size=2).map(tuple), **detail_fields)
uncoded = node(t.LineDetails, **detail_fields).filter(lambda details: details != t.LineDetails(span=NOWHERE))
OWNERS = ("line", "dx", "procedure", "document", "history line")
numbered = node(t.FactOwner, kind=st.sampled_from(OWNERS), number=whole)
free_paths = node(c.Path, parts=st.one_of(columns.map(lambda column: (column.text,)), dotted))
stated = st.one_of(codes, numbers, dates, quoted, value_words)
owned = st.one_of(
    st.tuples(numbered, free_paths),
    st.tuples(node(t.FactOwner, kind=st.sampled_from(("encounter", "patient")), number=st.none()), node(c.Path, parts=parts.map(tuple))),
)  # fmt: skip
facts = st.builds(lambda pair, value: t.FactPart(span=NOWHERE, owner=pair[0], path=pair[1], value=value), owned, stated)
diagnoses = node(t.DiagnosisPart, code=code_texts, poa=maybe(st.sampled_from(("Y", "N", "1"))))
procedures = node(t.ProcedurePart, code=code_texts, on=maybe(days))
coded_parts = st.one_of(
    node(t.CodedPart, kind=st.just("condition-code"), code=code_words),
    node(t.CodedPart, kind=st.just("occurrence"), code=code_words, on=maybe(days)),
    node(t.CodedPart, kind=st.just("occurrence"), code=code_words, on=days, to=days),
    node(t.CodedPart, kind=st.just("value-code"), code=code_words, amount=maybe(amounts)),
)  # fmt: skip
other_items = st.one_of(
    coded_parts,
    node(t.DocumentPart, kind=quoted, supports=some(code_texts)),
    node(t.LinePart, details=coded, history=st.booleans()),
    node(t.Completeness, what=st.sampled_from(("history", "documents"))),
    patients, facts,
)  # fmt: skip
items = st.one_of(diagnoses, procedures, other_items)
changes = st.one_of(
    node(t.ChangeLine, number=whole, details=coded, replaces_code=st.just(True)),
    node(t.ChangeLine, number=whole, details=uncoded, replaces_code=st.just(False)),
    node(t.LineWithout, number=whole, fact=free_paths),
    node(t.WithoutMember, kind=st.sampled_from(("line", "dx", "procedure", "condition-code", "occurrence", "value-code")), number=whole),
    node(t.WithItem, item=other_items),
    node(t.WithItem, item=diagnoses | procedures, before=st.booleans(), anchor=whole),
    node(t.ChangePatient, patient=patients),
    node(t.ChangeClaim, claim=node(t.ClaimPart, setting=maybe(SETTINGS), **claim_fields)).filter(
        lambda change: change.claim != t.ClaimPart(span=NOWHERE, setting=None)
    ),
)  # fmt: skip
places = node(t.Place, kind=st.sampled_from(OWNERS), number=whole)


@st.composite
def expectations(draw):
    rule = draw(maybe(ids))
    form = draw(st.sampled_from(("status", "suggestion", "nothing")))
    if form == "nothing":
        return t.ExpectNothingFails(span=NOWHERE)
    if form == "status":
        owner, asking = draw(st.one_of(st.just((None, None)), owned))
        return t.ExpectStatus(
            span=NOWHERE, rule=rule, at=draw(maybe(places)), because=draw(maybe(conditions)), asking_owner=owner, asking=asking,
            status=draw(st.sampled_from(("fail", "pass", "bypassed", "not applicable", "unknown", "not checked"))),
        )  # fmt: skip
    change = draw(st.sampled_from(("add modifier", "remove modifier", "replace modifier", "move", "point", "replace")))
    return t.ExpectSuggestion(
        span=NOWHERE, rule=rule, change=change, subject=draw(places),
        code=draw(code_words) if change in ("add modifier", "remove modifier", "replace modifier", "replace") else None,
        by=draw(code_words) if change == "replace modifier" else None,
        target=draw(places) if change in ("move", "point") else None, before=draw(st.booleans()) if change == "move" else None,
    )  # fmt: skip


@st.composite
def test_declarations(draw):
    found = []
    for number in range(draw(st.integers(1, 3))):
        varies = bool(number) and draw(st.booleans())
        found.append(
            t.Case(
                span=NOWHERE,
                title=draw(quoted),
                claim=None if varies else draw(claims),
                items=() if varies else tuple(draw(st.lists(items, max_size=3))),
                changes=tuple(draw(st.lists(changes, min_size=1, max_size=3))) if varies else (),
                expects=tuple(draw(st.lists(expectations(), min_size=1, max_size=2))),
            )  # fmt: skip
        )
    return t.TestDeclaration(span=NOWHERE, rules=draw(ids_list), cases=tuple(found))


test_declarations.__test__ = False

declarations = st.one_of(
    node(d.Use, names=names_list),
    node(d.SourceDeclaration, name=ids, title=maybe(quoted), edition=maybe(quoted), in_force=maybe(periods)),
    node(d.CodesDeclaration, name=names, system=systems, entries=some(entries, 8), exceptions=st.lists(entries, max_size=3).map(tuple)),
    table_declarations(), condition_declarations, rule_declarations(), change_declarations(), test_declarations(),
)  # fmt: skip


def rule_files(most=4):
    """Whole rule files, as nodes without places."""
    return st.builds(
        lambda header, found: d.RuleFile(source=Source("", ""), header=header, declarations=tuple(found)),
        headers, st.lists(declarations, max_size=most),
    )  # fmt: skip


# ---------------------------------------------------------------- text

GAPS = (
    " ",
    " ",
    " ",
    "  ",
    "\n",
    "\n  ",
    " \n\n ",
    "\t",
    "\u00a0",
    "\r\n",
    "  # a remark\n",
    "\n# alone\n",
    "\n    # indented\n",
    "\n\n# parted\n\n",
)


@st.composite
def texts(draw, files=None):
    """A rule file as nodes, and its text as an author might lay it out, with comments in any place."""
    file = draw(rule_files() if files is None else files)
    plain = format_file(file)
    tokens, _ = scan(Source("", plain), plain)
    gaps = draw(st.lists(st.sampled_from(GAPS), min_size=len(tokens), max_size=len(tokens)))
    said = [draw(st.sampled_from(("", "# first\n", "\n# top\n\n", "\ufeff")))]
    for token, gap in zip(tokens, gaps, strict=True):
        said += [token.text, gap]
    return file, "".join(said)


KEYWORDS = sorted(tables().keywords)
