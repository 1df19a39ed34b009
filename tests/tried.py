"""Rule text tried on a claim: parse, check, walk; and run, which must say the same."""

from functools import cache

import msgspec

from sequela.engine.encounter.model import Encounter
from sequela.engine.encounter.view import View
from sequela.engine.evaluate.walk import walk
from sequela.engine.model.rules import RuleSelection
from sequela.engine.pipeline.compile import Compiled, compile_found
from sequela.engine.pipeline.files import texts_of
from sequela.engine.plan.build import build_plan
from sequela.engine.plan.run import run

HEADER = 'ruleset tried "Tried"\n'
DAY = "2026-03-02"


@cache
def compiled(text: str) -> Compiled:
    """One rule file without a header, checked; an error in it is a mistake of the test."""
    found = compile_found(texts_of({"tried.rules": HEADER + text}))
    errors = [one for one in found.diagnostics if one.is_error]
    assert not errors, [f"{one.code} {one.message}" for one in errors]
    return found


def selection_of(text: str) -> RuleSelection:
    """The rules of the file."""
    return compiled(text).rules.selections[None]


def encounter(**facts) -> Encounter:
    """A professional claim with one line, and what else is given, in the words of the contract."""
    facts = {"id": "C-1", "setting": "professional", "lines": [{"code": "99213", "date": DAY}], **facts}
    return msgspec.convert(facts, Encounter)


def view_of(**facts) -> View:
    return View(encounter(**facts))


def walked(text: str, *, fast: bool = True, **facts):
    """The verdicts of the rules of `text` on a claim; with `fast` those of the fast path are the same."""
    found = compiled(text)
    selection = found.rules.selections[None]
    verdicts = walk(selection, found.tables, view_of(**facts))
    if fast:
        others = run(build_plan(selection, found.tables), view_of(**facts))
        assert [one.signature() for one in verdicts] == [one.signature() for one in others]
    return verdicts


def said(text: str, **facts):
    """Status by status what the rules say: "fail /lines/0", "not applicable (no subject)"."""
    return [words(verdict) for verdict in walked(text, **facts)]


def words(verdict) -> str:
    if verdict.fault:
        return f"error: {verdict.fault}"
    if verdict.reason is not None:
        return f"not applicable ({verdict.reason.name.lower().replace('_', ' ')} {verdict.count})"
    return " ".join((verdict.status.value, *verdict.about)).rstrip()
