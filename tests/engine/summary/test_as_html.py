"""As HTML: one page that asks for nothing, holds nothing that runs but its own program, and shows the figures without it."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from sequela.engine.summary import page_data
from sequela.engine.summary.as_html import as_html
from sequela.engine.summary.figures import summarize
from sequela.engine.summary.words import dollars
from summary_made import Maker, made_batch, write_batch

VOID = {"meta", "link", "br", "hr", "img", "input"}
NASTY = "</script><script>alert(1)</script><img src=x onerror=alert(2)>&\u2028'\"`${1}"


class Page(HTMLParser):
    """The elements of a page, and whether each is closed."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.texts = [], [], {}
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data)

    def attributes(self, tag):
        return [found for name, found in self.elements if name == tag]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return made_batch(tmp_path_factory.mktemp("batch") / "out", 400)


@pytest.fixture(scope="module")
def text(made):
    return as_html(summarize(made), 100)


def data_of(text):
    return json.loads(Page(text).texts["script"][0])


def test_it_asks_for_nothing(text):
    page = Page(text)
    for tag, attributes in page.elements:
        assert not {"src", "srcset", "href", "action", "style", "data", "poster"} & attributes.keys() - {"href"}, tag
        assert attributes.get("href", "#").startswith("#")
        assert not any(name.startswith("on") for name in attributes)
    assert not re.search(
        r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)|fetch\(|XMLHttpRequest|sendBeacon|innerHTML|eval\(", text
    )


def test_only_its_own_program_may_run(text):
    (policy,) = [one["content"] for one in Page(text).attributes("meta") if one.get("http-equiv")]
    assert policy.startswith("default-src 'none';")
    style, script = (re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL) for tag in ("style", "script"))
    for directive, (content,) in (("style-src", style), ("script-src", script)):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy


def test_tables_have_names_and_heads(text):
    page = Page(text)
    ids = [one["id"] for _, one in page.elements if "id" in one]
    assert len(ids) == len(set(ids))
    labels = [one["aria-labelledby"] for _, one in page.elements if "aria-labelledby" in one]
    assert set(labels) <= set(ids)
    assert all(one.get("scope") in ("row", "col") for one in page.attributes("th"))
    assert {"rules", "payers", "providers", "months", "facts", "gaps", "rejects", "outcomes", "claims"} <= {
        one[2:] for one in ids
    }


def test_the_figures_stand_there_without_the_program(made, text):
    summary = summarize(made)
    body = text[: text.index('<script type="application/json"')]
    for row in summary.failed_rules:
        assert f">{row.rule}<" in body
        assert f">{row.findings:,}<" in body
    for row in (*summary.payers, *summary.months):
        assert f">{row.name}<" in body
        assert f">{dollars(row.touched)}<" in body
    assert next(one for one in summary.tally.kept() if one.status == "fail").claim_id in body


def test_the_counts_in_the_page_add_up(made, text):
    summary, data = summarize(made), data_of(text)
    assert sum(row[1] for row in data["claims"]) == summary.total.claims
    assert sum(row[7] for row in data["claims"]) == summary.total.touched
    assert sum(row[8] for row in data["claims"]) == summary.total.hard
    assert sum(row[2] for row in data["failed"]) == summary.total.findings
    assert sum(row[2] for row in data["outcomes"]) == summary.total.claims
    assert sum(sum(row[2:]) for row in data["open"]) + summary.total.findings == summary.tally.findings


def test_too_many_counts_are_counted_together(made, monkeypatch):
    fine = data_of(as_html(summarize(made), 100))
    monkeypatch.setattr(page_data, "MOST_ROWS", 140)
    coarse = data_of(as_html(summarize(made), 100))
    assert len(coarse["failed"]) <= 140 < len(fine["failed"])
    for name, column in (("failed", 2), ("failed", 4), ("claims", 1), ("claims", 7), ("open", 2)):
        assert sum(row[column] for row in coarse[name]) == sum(row[column] for row in fine[name])


def test_the_same_summary_gives_the_same_bytes(made, text):
    assert as_html(summarize(made), 100) == text


def test_what_claims_and_rules_say_is_text(tmp_path):
    make = Maker()
    row, (found,) = make.claim(failures=1, opens=0)
    found = list(found)
    for place in (0, 6, 8, 11, 15, 16, 17):
        found[place] = NASTY
    row = (NASTY, row[1], row[2], NASTY, *row[4:6], NASTY, *row[7:])
    found[3] = NASTY
    found[1:3] = row[1:3]
    rejected = ("claims.jsonl", NASTY, 2, NASTY, NASTY, True, NASTY, NASTY)
    text = as_html(summarize(write_batch(tmp_path / "out", [([row], [tuple(found)], [rejected])])), 100)
    page = Page(text)
    assert len(page.attributes("script")) == 2
    assert page.attributes("img") == []
    assert "alert(1)</script>" not in text
    data = data_of(text)
    assert data["kept"][0][3] == NASTY
    assert data["rules"][0][0] == NASTY


def test_a_page_of_nothing(tmp_path):
    text = as_html(summarize(write_batch(tmp_path / "out", [([], [], [])])), 100)
    assert "No claim was decided." in text
    Page(text)


def test_a_page_of_one_clean_claim(tmp_path):
    row, found = Maker().claim(failures=0, opens=0)
    text = as_html(summarize(write_batch(tmp_path / "out", [([row], found, [])])), 100)
    assert "What was found on 1 claim<" in text
    assert "Nothing failed." in text
    assert "Every claim could be read." in text
    assert ">100.0%<" in text
    assert 'class="trend"' not in text


def test_claims_beyond_the_page_are_said(tmp_path):
    make = Maker(share=1)
    rows = [make.claim(failures=2, opens=0) for _ in range(2500)]
    made = write_batch(tmp_path / "out", [([row for row, _ in rows], [one for _, found in rows for one in found], [])])
    text = as_html(summarize(made), 100)
    kept = data_of(text)["kept"]
    assert f"This page holds {len(kept):,} of 5,000 failed findings" in text
    by_rule = {}
    for one in kept:
        by_rule.setdefault(one[0], []).append(one[10])
    assert 3_900 < len(kept) <= 4_000
    share = max(map(len, by_rule.values()))
    of_rule = {one.rule: one.findings for one in summarize(made).failed_rules}
    named = data_of(text)["rules"]
    for rule, found in by_rule.items():
        assert len(found) == min(of_rule[named[rule][0]], share)
        charges = sorted((row[21] for _, rows_of in rows for row in rows_of if row[6] == named[rule][0]), reverse=True)
        assert sorted(found, reverse=True) == [int(100 * one) for one in charges[: len(found)]]
    assert "findings/*.parquet" in text
