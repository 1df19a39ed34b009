"""The grammar stands by itself: Lark reads it in strict mode, its own lexer reads what ours reads, and every rule has a builder."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from lark import Lark

import sequela
import strategies_syntax as rules
from sequela.engine.source import Source
from sequela.engine.syntax.build import Build
from sequela.engine.syntax.format import format_file
from sequela.engine.syntax.lalr import feed_all, tables
from sequela.engine.syntax.lalr_tables import STARTS, lark, made
from sequela.engine.syntax.mistakes_lists import PHASES
from sequela.engine.syntax.scan import scan
from sequela.engine.syntax.split import split
from sequela.engine.syntax.template import read_template
from sequela.grammar import GRAMMAR, LANGUAGE_VERSION, TABLES

SAMPLES = Path(sequela.__file__).parent.parent / "shared" / "design" / "samples"
ROOT = Path(sequela.__file__).parent
SHIPPED = sorted([*ROOT.glob("rulesets/**/*.rules"), *ROOT.glob("payers/**/*.rules")])


@pytest.fixture(scope="module")
def strict():
    return Lark(GRAMMAR, parser="lalr", strict=True, keep_all_tokens=True)


def test_the_grammar_is_strict_in_every_start():
    Lark(GRAMMAR, parser="lalr", strict=True, start=["start", *STARTS])


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not here")
def test_lark_reads_the_samples(strict):
    for path in SAMPLES.glob("*.rules"):
        strict.parse(path.read_text(encoding="utf-8"))


def test_lark_reads_what_is_shipped(strict):
    for path in SHIPPED:
        strict.parse(path.read_text(encoding="utf-8"))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(rules.rule_files())
def test_larks_own_lexer_finds_the_same_words(strict, file):
    text = format_file(file)
    theirs = [(token.type, str(token)) for token in strict.parse(text).scan_values(lambda value: True)]
    tokens, _ = scan(Source("", text), text)
    for token, before in zip(tokens, ["", *(token.text for token in tokens)], strict=False):
        token.value = read_template(token)[0] if before == "say" else None
    for run in split(tokens):
        assert feed_all("header" if run[0].text in ("ruleset", "payer") else "declaration", run) is not None
    assert [(token.kind, token.text) for token in tokens] == theirs


def test_every_rule_of_the_grammar_is_built():
    for rule in lark().rules:
        name = str(rule.alias or rule.origin.name)
        if name.startswith("_"):
            assert not hasattr(Build, name), f"{name} is inlined, so nothing may bear its name"
        elif not rule.options.expand1 or rule.alias:
            assert callable(getattr(Build, name, None)), f"nothing builds {name}"


def test_nothing_is_built_that_the_grammar_does_not_have():
    names = {str(rule.alias or rule.origin.name) for rule in lark().rules}
    built = set(vars(Build) | {k: v for base in Build.__mro__[1:-1] for k, v in vars(base).items()})
    assert {name for name in built if not name.startswith("_")} - names <= {"many"}


def test_the_tables_beside_the_grammar_are_those_of_the_grammar():
    assert json.loads(TABLES) == json.loads(json.dumps(made())), "python -m sequela.engine.syntax.lalr_tables"


def test_the_language_has_a_version():
    assert LANGUAGE_VERSION == 1


def test_the_phases_are_those_of_the_grammar():
    assert sorted(PHASES) == sorted(tables().closed["PHASE_NAME"])
