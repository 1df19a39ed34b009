"""Figures: what a summary counts is what a plain walk over the rows counts."""

from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from sequela.engine.summary.axes import PROVIDERS
from sequela.engine.summary.figures import summarize
from summary_made import Maker, made_batch, write_batch


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """A batch of 600 claims, with the rows that were written."""
    make = Maker(seed=3, providers=90, months=40, share=0.4)
    chunks, claims, findings = [], [], []
    for _ in range(3):
        made = [make.claim() for _ in range(200)]
        chunks.append(([row for row, _ in made], [one for _, found in made for one in found], [make.reject()]))
        claims += chunks[-1][0]
        findings += chunks[-1][1]
    return write_batch(tmp_path_factory.mktemp("batch") / "out", chunks), claims, findings


@pytest.fixture(scope="module")
def summary(rows):
    return summarize(rows[0])


def failed(rows):
    return [one for one in rows[2] if one[10] == "fail"]


def test_claims(rows, summary):
    total = summary.total
    assert total.claims == total.judged == 600
    assert total.clean == sum(one[11] for one in rows[1])
    assert total.failing == len({one[2] for one in failed(rows)})
    assert total.open == 600 - total.clean - total.failing
    assert total.findings == len(failed(rows))
    assert total.cents == sum(one[9] for one in rows[1]) * 100
    assert summary.rejected == 3


def test_outcomes(rows, summary):
    expected = Counter("clean" if one[11] else one[10] for one in rows[1])
    assert dict(summary.outcomes) == expected


def by_line(found):
    """The charge of the lines that findings are about, each line once, in cents."""
    lines = {(one[2], one[13][0]): one[21] for one in found}
    return int(sum(lines.values(), Decimal(0)) * 100)


def test_charges_count_each_line_once(rows, summary):
    assert summary.total.touched == by_line(failed(rows))
    assert summary.total.hard == by_line([one for one in failed(rows) if one[11] in ("reject", "deny")])


def test_rules(rows, summary):
    found = defaultdict(list)
    for one in failed(rows):
        found[one[6]].append(one)
    assert {row.rule for row in summary.failed_rules} == set(found)
    for row in summary.failed_rules:
        assert row.findings == len(found[row.rule])
        assert row.claims == len({one[2] for one in found[row.rule]})
        assert row.touched == by_line(found[row.rule])
        assert row.title == found[row.rule][0][8]
    assert [row.findings for row in summary.rules] == sorted((row.findings for row in summary.rules), reverse=True)
    opened = Counter((one[6], one[10]) for one in rows[2] if one[10] != "fail")
    assert sum(row.unknown for row in summary.rules) == sum(
        n for (_, status), n in opened.items() if status == "unknown"
    )
    assert {(row.rule, row.not_checked) for row in summary.rules if row.not_checked} == {
        (rule, count) for (rule, status), count in opened.items() if status == "not checked"
    }


def test_payers_providers_and_months_add_up(rows, summary):
    for ranked in (summary.payers, summary.providers, summary.months):
        for name in ("claims", "clean", "failing", "open", "findings", "touched", "hard", "cents"):
            assert sum(getattr(one, name) for one in ranked) == getattr(summary.total, name), name
    by_payer = Counter(one[3] or "none named" for one in rows[1])
    assert {one.name: one.claims for one in summary.payers} == by_payer
    assert [one.failing for one in summary.payers] == sorted((one.failing for one in summary.payers), reverse=True)


def test_many_providers_are_counted_together(rows, summary):
    assert len(summary.providers) == PROVIDERS + 1
    assert summary.providers[-1].name == "other providers"
    by_provider = Counter(one[6] for one in rows[1])
    assert all(one.claims == by_provider[one.name] for one in summary.providers[:-1])


def test_months_stand_in_order(rows, summary):
    names = [one.name for one in summary.months]
    assert names[-1] == "other months"
    assert names[:-1] == sorted(names[:-1])
    by_month = Counter(f"{one[7]:%Y-%m}" for one in rows[1])
    assert all(one.claims == by_month[one.name] for one in summary.months[:-1])


def test_facts(rows, summary):
    expected = Counter()
    for one in rows[2]:
        if one[10] == "unknown":
            expected.update(
                {"/lines/*/provider" if fact.startswith("/lines") else fact for facts in one[22] for fact in facts}
            )
    assert {one.pointer: one.findings for one in summary.facts} == expected
    assert all(one.alone == one.findings for one in summary.facts)
    assert {one.name.name for one in summary.facts} >= {"line: provider", "patient: birth date"}


def test_tables(rows, summary):
    expected = Counter(one[16].split()[1] for one in rows[2] if one[10] == "not checked")
    assert {one.table: one.findings for one in summary.tables} == expected
    assert {one.table: one.days for one in summary.tables} == {"mue-practitioner": (), "add-ons": ("2025-11-02",)}


def test_rejects(summary):
    (one,) = summary.rejects
    assert (one.code, one.fatal, one.found.rows, one.found.claims) == ("SEQ710", True, 3, 3)


def test_nothing_was_decided(tmp_path):
    found = summarize(write_batch(tmp_path / "out", [([], [], [])]))
    assert found.total.claims == 0
    assert found.total.rate is None
    assert found.rules == found.payers == found.months == ()


def test_it_does_not_depend_on_where_parts_end(tmp_path):
    small = summarize(made_batch(tmp_path / "a", 300, per_chunk=7, rejects=0))
    large = summarize(made_batch(tmp_path / "b", 300, per_chunk=300, rejects=0))
    for name in ("total", "outcomes", "rules", "payers", "providers", "months", "facts", "tables"):
        assert getattr(small, name) == getattr(large, name), name
    assert small.tally.kept() == large.tally.kept()
