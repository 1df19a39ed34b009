"""How a diagnostic looks."""

import json
import re

from sequela.engine.diagnostics.frame import WIDTH
from sequela.engine.diagnostics.model import Diagnostic, InputProblem, Label, Severity
from sequela.engine.diagnostics.render import (
    as_json,
    in_order,
    problem_as_json,
    render,
    render_all,
    render_problem,
    summary,
)
from sequela.engine.source import NOWHERE, Source, Span

SOURCE = Source(
    "payers/northwind/ppo.rules",
    "\n" * 17 + "codes new-patient of HCPCS 99202 .. 99205\n" + "\n" * 34 + "    for each line visit in new-patients\n",
)


def span(source, words, occurrence=0):
    start = -1
    for _ in range(occurrence + 1):
        start = source.text.index(words, start + 1)
    return Span(source, start, start + len(words))


def diagnostic(source, words, **more):
    return Diagnostic(code="SEQ203", message="no set is called so", at=Label(span(source, words), "here"), **more)


def carets(text):
    """The carets' column in the author's line above them, as printed."""
    lines = text.splitlines()
    at = next(index for index, line in enumerate(lines) if re.match(r" +│ +\^", line))
    above, below = lines[at - 1], lines[at]
    return above, below.index("^"), below.count("^")


def test_the_sample_of_the_style_page():
    shown = render(
        Diagnostic(
            code="SEQ203",
            message="no codes or table is called `new-patients`",
            at=Label(span(SOURCE, "new-patients"), "unknown name"),
            hint="did you mean `new-patient`, declared at line 18?",
            consequence="Rule HIST-1 was not loaded; no claim was checked against it.",
        )
    )
    assert shown == (
        "SEQ203  no codes or table is called `new-patients`\n"
        "  payers/northwind/ppo.rules:53:28\n"
        "     53 │     for each line visit in new-patients\n"
        "        │                            ^^^^^^^^^^^^ unknown name\n"
        "  hint: Did you mean `new-patient`, declared at line 18?\n"
        "  Rule HIST-1 was not loaded; no claim was checked against it."
    )


def test_further_labels_stand_in_the_order_of_the_file_with_the_gap_shown():
    shown = render(
        diagnostic(SOURCE, "new-patients", also=(Label(span(SOURCE, "new-patient"), "first declared here"),))
    )
    assert shown.splitlines()[1:] == [
        "  payers/northwind/ppo.rules:53:28",
        "     18 │ codes new-patient of HCPCS 99202 .. 99205",
        "        │       ----------- first declared here",
        "      …",
        "     53 │     for each line visit in new-patients",
        "        │                            ^^^^^^^^^^^^ here",
    ]


def test_a_label_in_another_file_has_its_own_place():
    other = Source("base.rules", "ruleset base\n")
    shown = render(diagnostic(SOURCE, "new-patients", also=(Label(span(other, "base"), "here too"),)))
    assert shown.splitlines()[-3:] == ["  base.rules:1:9", "      1 │ ruleset base", "        │         ---- here too"]


def test_two_labels_on_one_line_have_a_row_each_the_main_one_first():
    source = Source("a.rules", "effective 2026-01-01 to 2025-01-01")
    shown = render(diagnostic(source, "2025-01-01", also=(Label(span(source, "2026-01-01"), "starts here"),)))
    assert shown.splitlines()[2:] == [
        "      1 │ effective 2026-01-01 to 2025-01-01",
        "        │                         ^^^^^^^^^^ here",
        "        │           ---------- starts here",
    ]


def test_tabs_wide_and_combining_characters_keep_the_caret_in_its_place():
    for before, columns in (("\t", 4), ("ab\t", 4), ("日本", 4), ("e\u0301", 1), ("\u200e", 1), ("\xa0", 1)):
        above, column, count = carets(render(diagnostic(Source("a.rules", f"{before}wrong"), "wrong")))
        assert (column - len("        │ "), count) == (columns, 5), before
        assert above.endswith("wrong")


def test_characters_that_steer_a_terminal_are_not_printed():
    shown = render(diagnostic(Source("a.rules", "\x1b[2J \u202e wrong"), "wrong"))
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_a_long_line_is_cut_around_the_caret():
    source = Source("a.rules", "x " * 100 + "wrong" + " y" * 100)
    above, column, count = carets(render(diagnostic(source, "wrong")))
    assert above[column : column + count] == "wrong"
    assert above.startswith("      1 │ …")
    assert above.endswith("…")
    assert len(above) - len("      1 │ ") <= WIDTH


def test_a_mark_longer_than_a_line_of_the_terminal_is_cut():
    source = Source("a.rules", "w" * 300)
    _, _, count = carets(render(diagnostic(source, "w" * 300)))
    assert WIDTH - 5 <= count <= WIDTH


def test_a_mark_over_two_lines_underlines_both():
    source = Source("a.rules", "when a is b\n     and c is d\n")
    shown = render(diagnostic(source, "b\n     and c"))
    assert shown.splitlines()[2:] == [
        "      1 │ when a is b",
        "        │           ^",
        "      2 │      and c is d",
        "        │      ^^^^^ here",
    ]


def test_a_mark_over_many_lines_shows_the_first_and_the_last():
    source = Source("a.rules", "one\ntwo\nthree\nfour\nfive\n")
    shown = render(diagnostic(source, "one\ntwo\nthree\nfour\nfive"))
    assert shown.splitlines()[2:] == [
        "      1 │ one",
        "        │ ^^^",
        "      …",
        "      5 │ five",
        "        │ ^^^^ here",
    ]


def test_the_end_of_a_file_and_of_a_line_have_one_caret_after_the_last_character():
    for text, at in (("ruleset x", 9), ("ruleset x\n", 9)):
        source = Source("a.rules", text)
        shown = render(Diagnostic(code="SEQ101", message="ends too soon", at=Label(Span(source, at, at))))
        assert shown.splitlines()[2:] == ["      1 │ ruleset x", "        │          ^"]


def test_after_the_last_newline_the_frame_is_an_empty_line():
    source = Source("a.rules", "ruleset x\n")
    shown = render(Diagnostic(code="SEQ101", message="ends too soon", at=Label(Span(source, 10, 10))))
    assert shown.splitlines()[1:] == ["  a.rules:2:1", "      2 │", "        │ ^"]


def test_what_has_no_text_has_no_frame():
    assert render(Diagnostic(code="SEQ901", message="m", at=Label(NOWHERE))) == "SEQ901  m\n  <none>"


def test_warnings_and_lints_say_so():
    warning = diagnostic(SOURCE, "new-patients", severity=Severity.WARNING)
    lint = diagnostic(SOURCE, "new-patients", severity=Severity.LINT)
    assert render(warning).startswith("SEQ203  warning: no set")
    assert render(lint).startswith("SEQ203  lint: no set")


def test_colour_only_adds_colour():
    shown = diagnostic(SOURCE, "new-patients", also=(Label(span(SOURCE, "new-patient")),), hint="try `a`")
    coloured = render(shown, colour=True)
    assert coloured != render(shown)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render(shown)


def test_all_in_the_order_of_files_and_places_with_a_count():
    early = Source("a.rules", "one two")
    found = [
        diagnostic(SOURCE, "new-patients"),
        diagnostic(early, "two", severity=Severity.WARNING),
        diagnostic(early, "one"),
    ]
    assert [d.at.span.text for d in in_order(found)] == ["one", "two", "new-patients"]
    assert render_all(found).split("\n\n")[-1] == "2 errors, 1 warning"
    assert render_all([]) == ""


def test_the_count_in_words():
    lint = diagnostic(SOURCE, "new-patients", severity=Severity.LINT)
    problem = InputProblem(code="SEQ701", message="m", file="f", place="p")
    assert summary([]) == "no findings"
    assert summary([lint]) == "1 lint"
    assert summary([lint, problem, problem]) == "2 errors, 1 lint"


def test_json_counts_from_one_and_ends_after_the_last_character():
    shown = as_json(diagnostic(SOURCE, "new-patients", hint="try `a`"))
    assert json.loads(json.dumps(shown)) == shown
    assert (shown["line"], shown["column"], shown["end_line"], shown["end_column"]) == (53, 28, 53, 40)
    assert shown["severity"] == "error"
    assert shown["also"] == []


def test_an_input_problem_names_file_place_and_claim_once():
    problem = InputProblem(
        code="SEQ703",
        message="units is not a number",
        file="claims.837",
        place="claims.837, segment 42 (SV1)",
        claim="C-1",
        hint="h",
    )
    assert (
        render_problem(problem)
        == "SEQ703  units is not a number\n  claims.837, segment 42 (SV1) (claim C-1)\n  hint: H"
    )
    pointer = InputProblem(code="SEQ703", message="m", file="claims.jsonl", place="/lines/0/units", fatal=False)
    long = InputProblem(code="SEQ703", message="m", file="c.json", place="c.json", claim="x" * 1000)
    assert render_problem(long) == f"SEQ703  m\n  c.json (claim {'x' * 80}…)"
    assert render_problem(pointer) == "SEQ703  warning: m\n  claims.jsonl: /lines/0/units"
    assert problem_as_json(pointer)["severity"] == "warning"
