"""Every example of grammar/LANGUAGE.md does what the page says of it.

The word after ```rules says what that is:

    ```rules                    a rule file that checks, without a warning or a lint; its cases give what they expect; the
                                formatter leaves it as it stands. Without a header it gets that of a ruleset `example`.
    ```rules name=base.rules    the same, and the file is there for the other examples of its section
    ```rules fails SEQ203       checking it, or running its cases, says exactly this error
    ```rules warns SEQ450       checking it says exactly this warning; its cases give what they expect
    ```rules lints SEQ601       it checks, and lint says exactly this
    ```rules sample             the sample: a whole file, in which the short examples stand
    ```rules answers            conditions, one to a line, each with its answer on the claim of the sample, `# yes`, or with
                                the only error that it is in the sample, `# SEQ203 …`
    ```csv name=limits.csv      a table file for the other examples of its section
    ```text                     not run: the shape of a clause
"""

import re
from datetime import date
from pathlib import Path

import pytest
from attrs import frozen

import sequela
from sequela.engine.cases.run import run_cases
from sequela.engine.diagnostics.model import Severity
from sequela.engine.diagnostics.registry import page
from sequela.engine.model.lint import lint
from sequela.engine.model.scope import DEEPEST
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import MOST_BYTES, find_rule_files
from sequela.engine.source import Source
from sequela.engine.syntax.format import format_file
from sequela.engine.syntax.parse import parse
from sequela.engine.syntax.reserved import RESERVED
from sequela.engine.syntax.unreadable import MOST_NESTED

ROOT = Path(sequela.__file__).parent
PAGE = (ROOT / "grammar" / "LANGUAGE.md").read_text(encoding="utf-8")
GRAMMAR = (ROOT / "grammar" / "sequela.lark").read_text(encoding="utf-8")

FENCE = re.compile(r"^```(?P<info>[a-z][^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
INFO = re.compile(
    r"(?P<language>rules|csv|text)(?: (?P<mode>sample|answers))?(?: (?P<verb>fails|warns|lints) (?P<code>SEQ\d{3}))?"
    r"(?: name=(?P<name>\S+))?"
)
HEADER = 'ruleset example "Example"\n\n'
ASKED = "visit.units is 1"
STATUS = {"yes": "pass", "no": "fail", "unknown": "unknown", "not checked": "not checked"}
LINTED_ON = date(2026, 7, 1)


@frozen
class Example:
    """One fence of the page: its place, the text in it, and what its info string says."""

    line: int
    section: str
    text: str
    language: str
    mode: str | None
    verb: str | None
    code: str | None
    name: str | None


def read_page():
    """Every fence, with the section that it stands in."""
    heads = [(one.start(), one.group(1)) for one in re.finditer(r"^## (.+)$", PAGE, re.MULTILINE)]
    for fence in FENCE.finditer(PAGE):
        info = INFO.fullmatch(fence["info"])
        line = PAGE.count("\n", 0, fence.start()) + 1
        assert info is not None, f"line {line}: `{fence['info']}` is no info string of an example"
        section = next((title for start, title in reversed(heads) if start < fence.start()), "")
        yield Example(line, section, fence["text"], **info.groupdict())


EXAMPLES = tuple(read_page())
SAMPLE = next(example for example in EXAMPLES if example.mode == "sample")
FILES = [one for one in EXAMPLES if one.language == "rules" and one.mode != "answers"]
ANSWERS = [one for one in EXAMPLES if one.mode == "answers"]


def place(example):
    """How an example is called in the report of the tests."""
    return f"line {example.line}, {example.section}"


def whole(example):
    """The text of an example as a rule file."""
    body = re.sub(r"(?m)^\s*#[^\n]*\n", "", example.text).lstrip()
    return example.text if body.startswith(("ruleset ", "payer ")) else HEADER + example.text


def compiled(text, example, folder, *, name="example.rules"):
    """The text as a file of its own, checked beside the named files of its section."""
    for other in EXAMPLES:
        if other.section == example.section and other.name is not None and other is not example:
            (folder / other.name).parent.mkdir(parents=True, exist_ok=True)
            (folder / other.name).write_text(other.text, encoding="utf-8")
    (folder / name).write_text(text, encoding="utf-8")
    return compile_found(find_rule_files([folder / name]), for_cases=True)


def said(diagnostics):
    """Codes and messages, for a report that helps."""
    return [f"{one.code} {one.message}" for one in diagnostics]


def missed(results):
    """What the cases did not give."""
    return [
        f"{case.title}: {miss.expectation.span.text}: {miss.instead}" for case in results.failed for miss in case.misses
    ]


@pytest.mark.parametrize("example", FILES, ids=place)
def test_an_example_does_what_the_page_says(example, tmp_path):
    made = compiled(whole(example), example, tmp_path, name=example.name or "example.rules")
    if example.verb == "fails":
        tried = run_cases(made).diagnostics if made.is_sound else ()
        assert [one.code for one in (*made.diagnostics, *tried)] == [example.code], said((*made.diagnostics, *tried))
        return
    warned = [example.code] if example.verb == "warns" else []
    assert [one.code for one in made.diagnostics] == warned, said(made.diagnostics)
    results = run_cases(made)
    assert said(results.diagnostics) == []
    assert missed(results) == []
    found = lint(made.rules, made.files, made.given, made.tables, on=LINTED_ON)
    if not re.search(r"(?m)^rule ", example.text):
        found = [one for one in found if one.code != "SEQ608"]  # what a fragment declares, no rule of it uses
    assert [one.code for one in found] == ([example.code] if example.verb == "lints" else []), said(found)


@pytest.mark.parametrize("example", [one for one in FILES if one.verb != "fails"], ids=place)
def test_the_formatter_leaves_an_example_as_it_stands(example):
    text = whole(example)
    tree, _ = parse(Source("example.rules", text))
    assert format_file(tree) == text


@pytest.mark.parametrize("example", ANSWERS, ids=place)
def test_a_condition_has_the_answer_that_the_page_gives(example, tmp_path):
    for number, line in enumerate(example.text.splitlines()):
        asked, _, answer = line.partition("  # ")
        text = SAMPLE.text.replace(ASKED, f"({asked.strip()})")
        folder = tmp_path / str(number)
        folder.mkdir()
        if answer.startswith("SEQ"):
            made = compiled(text, example, folder)
            assert [one.code for one in made.diagnostics] == [answer.split()[0]], said(made.diagnostics)
        else:
            made = compiled(text.replace("expect pass", f"expect {STATUS[answer]}"), example, folder)
            assert said(made.diagnostics) == [], asked
            assert missed(run_cases(made)) == [], asked


def test_a_code_that_the_page_names_has_a_page():
    for code in sorted(set(re.findall(r"SEQ\d{3}", PAGE))):
        assert page(code) is not None, code


def test_a_code_that_an_example_gives_has_that_severity():
    severities = {"fails": Severity.ERROR, "warns": Severity.WARNING}
    for example in EXAMPLES:
        if example.verb in severities:
            assert page(example.code).severity is severities[example.verb], place(example)


def test_every_word_of_the_grammar_stands_in_an_example_that_is_run():
    rules = re.sub(r"(?m)//[^\n]*|^[A-Z_]+(\.\d)?: /[^\n]*", "", GRAMMAR)
    words = {word for text in re.findall(r'"([^"]+)"', rules) for word in re.findall(r"[a-z]+(?:-[a-z]+)*", text)}
    run = "\n".join(one.text for one in EXAMPLES if one.language == "rules" and one.verb != "fails")
    assert sorted(words - set(re.findall(r"[a-z]+(?:-[a-z]+)*", run))) == []


def test_the_words_that_cannot_be_names_are_those_that_the_page_lists():
    listed = re.search(r"^## Words that cannot be names$.*?^```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert listed is not None
    assert sorted(listed[1].split()) == sorted(RESERVED)


def test_the_limits_are_those_that_the_page_gives():
    for limit in (f"{MOST_BYTES // 1_000_000} MB", f"{MOST_NESTED:,} (SEQ120)", f"{DEEPEST} (SEQ330)"):
        assert f"| {limit} |" in PAGE
