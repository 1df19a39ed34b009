"""The page of a summary in a browser: from a bar to the rules and to the claims, without a request and without a fault.

Needs Chromium (Debian's package `chromium`, or its path in CHROMIUM) and the package playwright; skipped where one is absent.
"""

import os
import shutil
from collections import Counter

import pytest

from sequela.engine.summary.as_html import as_html
from sequela.engine.summary.figures import summarize
from sequela.engine.summary.words import dollars
from summary_made import Maker, made_batch, write_batch

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
playwright = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
QUIET = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync")  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as runs:
        found = runs.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield found
        found.close()


@pytest.fixture
def opened(browser):
    """Opens pages; at the end none of them may have asked for anything or have said that something is wrong."""
    contexts, said = [], []

    def call(path, width=1280, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        page.on("console", lambda message: said.append(f"console: {message.text}"))
        page.on(
            "request",
            lambda request: None if request.url.startswith("file:") else said.append(f"request: {request.url}"),
        )
        page.goto(path.as_uri())
        return page

    yield call
    for context in contexts:
        context.close()
    assert said == []


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("batch")
    summary = summarize(made_batch(folder / "out", 1500, providers=80))
    (folder / "page.html").write_text(as_html(summary, 100), encoding="utf-8")
    return folder / "page.html", summary


def figure(page, tile):
    return page.inner_text(f'[data-tile="{tile}"] .figure')


def column(page, table, number):
    return page.locator(f"#t-{table} tbody tr > *:nth-child({number})").all_inner_texts()


def test_it_opens_with_the_figures_of_the_batch(opened, made):
    path, summary = made
    page = opened(path)
    assert figure(page, "clean") == f"{100 * summary.total.clean / summary.total.judged:.1f}%"
    assert figure(page, "failing") == f"{summary.total.failing:,}"
    assert figure(page, "touched") == dollars(summary.total.touched)
    assert figure(page, "rejected") == f"{summary.rejected:,}"
    assert page.locator("#trend svg.trend").count() == 1


@pytest.mark.parametrize(("table", "axis"), [("payers", "payer"), ("months", "month"), ("providers", "provider")])
def test_a_bar_leads_to_the_rules_and_to_the_claims(opened, made, table, axis):
    path, summary = made
    page = opened(path)
    for row in getattr(summary, table)[:3]:
        page.select_option(f"#f-{axis}", row.name)
        assert figure(page, "failing") == f"{row.failing:,}"
        assert figure(page, "open") == f"{row.open:,}"
        assert figure(page, "touched") == dollars(row.touched)
        assert sum(int(one.replace(",", "")) for one in column(page, "rules", 2)) == row.findings
        page.click("#clear")
    row = getattr(summary, table)[0]
    page.locator(f"#t-{table} button.open").first.click()
    assert page.locator(f"#f-{axis}").input_value() == row.name
    assert row.name in page.inner_text("#status") or axis == "month"
    rule = page.locator("#t-rules button.open").first
    name, count = rule.inner_text(), int(column(page, "rules", 2)[0].replace(",", ""))
    rule.click()
    assert set(column(page, "claims", 2)) == {name}
    if axis == "payer":
        assert set(column(page, "claims", 6)) == {row.name}
    kept = [one for one in summary.tally.kept() if (one.rule, one.payer, one.status) == (name, row.name, "fail")]
    text = page.inner_text("#claims-words")
    assert f"of {count:,} failed findings" in text or text.startswith(f"{count:,} failed finding")
    assert axis != "payer" or (
        kept[0].message in page.inner_text("#t-claims") and kept[0].claim_id in page.inner_text("#t-claims")
    )
    assert f"f.rule = '{name}'" in page.text_content("#query")


def test_more_claims_are_a_button_away(opened, made):
    page = opened(made[0])
    before = page.locator("#t-claims tbody tr").count()
    page.click("#more")
    assert page.locator("#t-claims tbody tr").count() == 2 * before
    page.select_option("#f-status", "unknown")
    assert "not known" in page.inner_text("#claims-words")
    assert "f.status = 'unknown'" in page.text_content("#query")


def test_back_goes_back(opened, made):
    page = opened(made[0])
    every = figure(page, "failing")
    page.locator("#t-payers button.open").first.click()
    page.locator("#t-rules button.open").first.click()
    narrowed = figure(page, "failing")
    page.go_back()
    assert figure(page, "failing") != narrowed
    page.go_back()
    assert figure(page, "failing") == every
    page.go_forward()
    assert page.locator("#clear").is_enabled()


def test_an_address_says_what_it_is_narrowed_to(opened, made):
    path, summary = made
    page = opened(path)
    page.goto(f"{path.as_uri()}#payer={summary.payers[0].name}&rule=no-such-rule")
    page.reload()
    assert page.locator("#f-payer").input_value() == summary.payers[0].name
    assert page.locator("#f-rule").input_value() == ""


def test_columns_are_sorted(opened, made):
    page = opened(made[0])
    page.click("#t-rules th button:has-text('Charges')")
    amounts = [int(one.replace(",", "").lstrip("$").split(".")[0]) for one in column(page, "rules", 5)]
    assert amounts == sorted(amounts, reverse=True)
    assert page.locator("#t-rules th[aria-sort=descending]").inner_text() == "Charges"
    page.click("#t-rules th button:has-text('Charges')")
    again = [int(one.replace(",", "").lstrip("$").split(".")[0]) for one in column(page, "rules", 5)]
    assert again == sorted(amounts)
    page.click("#t-rules th button:has-text('Rule')")
    names = page.locator("#t-rules button.open").all_inner_texts()
    assert names == sorted(names)


def test_it_is_worked_with_keys_alone(opened, made):
    page = opened(made[0])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.focus("#t-rules button.open")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "h-claims"
    assert page.locator("#clear").is_enabled()


def test_a_phone_shows_it_without_scrolling_sideways(opened, made):
    page = opened(made[0], width=390)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    wide = page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.id)"
    )
    assert wide == []


def test_without_its_program_the_tables_stand_there(opened, made):
    path, summary = made
    page = opened(path, java_script_enabled=False)
    assert not page.is_visible("#filters")
    assert page.locator("#t-rules tbody tr").count() == len(summary.failed_rules)
    assert page.locator("#trend svg.trend").count() == 1
    assert page.locator("#t-claims tbody tr").count() == 25


def test_what_claims_say_never_runs(opened, tmp_path):
    nasty = "</script><img src=x onerror=alert(1)><b>'\"&"
    make = Maker()
    rows = [make.claim(failures=1, opens=0) for _ in range(3)]
    findings = [(*one[:8], nasty, *one[9:15], nasty, nasty, *one[17:]) for _, (one,) in rows]
    path = tmp_path / "page.html"
    path.write_text(as_html(summarize(write_batch(tmp_path / "out", [([row for row, _ in rows], findings, [])])), 100))
    page = opened(path)
    assert nasty in page.inner_text("#t-claims")
    assert nasty in page.inner_text("#t-rules")
    assert page.locator("main img, main b").count() == 0


@pytest.mark.parametrize("count", [0, 1])
def test_a_batch_of_next_to_nothing(opened, tmp_path, count):
    make = Maker()
    rows = [make.claim(failures=0, opens=0)[0] for _ in range(count)]
    path = tmp_path / "page.html"
    path.write_text(as_html(summarize(write_batch(tmp_path / "out", [(rows, [], [])])), 100))
    page = opened(path)
    assert figure(page, "clean") == ("100.0%" if count else "–")
    assert "Nothing failed." in page.inner_text("#t-rules")


def test_the_query_finds_what_the_page_counts(opened, made, monkeypatch):
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    path, summary = made
    monkeypatch.chdir(path.parent / "out")
    page = opened(path)
    page.select_option("#f-rule", "MOD-25")
    page.select_option("#f-payer", "none named")
    page.select_option("#f-month", summary.months[3].name)
    found = duckdb.sql(page.text_content("#query").rstrip(";")).fetchall()
    said = page.inner_text("#claims-words")
    assert Counter(one[1] for one in found) == ({"MOD-25": int(said.split()[0])} if found else {})
    page.click("#clear")
    assert len(duckdb.sql(page.text_content("#query").rstrip(";")).fetchall()) == summary.total.findings
