"""The checker as a whole: the samples, and what it takes for many rules."""

import time
from pathlib import Path

import pytest

import sequela
from sequela.engine.model.check import check_rules, declare_tables
from sequela.engine.source import Source
from sequela.engine.syntax.parse import parse

SAMPLES = Path(sequela.__file__).parent.parent / "shared" / "design" / "samples"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not here")
def test_the_samples_check_without_a_word():
    files = [parse(Source(path.name, path.read_text("utf-8")))[0] for path in sorted(SAMPLES.glob("*.rules"))]
    definitions, undeclared = declare_tables(files)
    rules, diagnostics = check_rules(files, {})
    assert undeclared == ()
    assert diagnostics == ()
    assert set(definitions) == set(rules.tables)
    assert {payer: len(selection.rules) for payer, selection in rules.selections.items()} == {
        "medicare-professional": 13, "northwind-ppo": 17, None: 17,
    }  # fmt: skip
    assert [rule.id for rule in rules.selections["northwind-ppo"].rules if rule.segments[-1].disabled] == [
        "TELEHEALTH-PLACE"
    ]
    assert len(rules.sources) == 6


def test_nothing_is_raised_without_files():
    rules, diagnostics = check_rules([], {})
    assert rules.selections[None].rules == ()
    assert diagnostics == ()


def test_many_rules_take_no_more_than_their_share():
    """Twice the rules take about twice the time: nothing is looked for among all of them."""

    def seconds(count):
        text = 'ruleset many "Many"\n' + "".join(
            f"codes s{n} of HCPCS\n  {10000 + n % 80000}\n"
            f'rule R{n} "r" for each line v in s{n} require v.units is at most {n} if fail deny v\n'
            for n in range(count)
        )
        file, _ = parse(Source("many.rules", text))
        before = time.process_time()
        _, diagnostics = check_rules([file], {})
        assert diagnostics == ()
        return time.process_time() - before

    seconds(100)
    assert seconds(1600) < 10 * seconds(400) + 0.1


def test_many_unknown_names_are_told_quickly():
    text = 'ruleset many "Many"\n' + "".join(
        f'rule R{n} "r" for each line v in s{n} require v.units is 1 if fail deny v\n' for n in range(300)
    )
    file, _ = parse(Source("many.rules", text))
    before = time.process_time()
    _, diagnostics = check_rules([file], {})
    assert len(diagnostics) == 300
    assert time.process_time() - before < 5
