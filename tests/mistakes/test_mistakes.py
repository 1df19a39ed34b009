"""Each mistake of the catalogue is answered by the message that stands below it, and by nothing else.

A page of the catalogue holds mistakes that compliance staff make: a title, the rule file (block `rules`), files
beside it (blocks with `name=`), and what is said (block `says`), to the letter.
`pytest tests/mistakes --update-mistakes` writes the messages anew, to be read before they are kept.
"""

import re
from pathlib import Path

import pytest

from sequela.engine.cases.run import run_cases
from sequela.engine.diagnostics.render import in_order, render
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import find_rule_files

HERE = Path(__file__).parent
SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```([a-z]+)(?: name=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAYS = re.compile(r"(^```says\n).*?(^```$)", re.MULTILINE | re.DOTALL)
FILE = "mistake.rules"


def catalogue():
    """Every mistake as (page, title, section)."""
    for page in sorted(HERE.glob("*.md")):
        parts = SECTION.split(page.read_text(encoding="utf-8"))
        for title, section in zip(parts[1::2], parts[2::2], strict=True):
            yield pytest.param(page, title, section, id=f"{page.stem}: {title}")


MISTAKES = list(catalogue())


def diagnostics_of(section, folder, monkeypatch):
    """What the engine says about the section's rule file, with the other files of the section beside it."""
    for language, name, text in FENCE.findall(section):
        if language == "says":
            continue
        path = folder / (name or FILE)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(folder)
    compiled = compile_found(find_rule_files([Path(FILE)]))
    return (*compiled.diagnostics, *(run_cases(compiled).diagnostics if compiled.is_sound else ()))


@pytest.mark.parametrize(("page", "title", "section"), MISTAKES)
def test_the_message_is_the_one_written_down(page, title, section, tmp_path, monkeypatch, request):
    found = diagnostics_of(section, tmp_path, monkeypatch)
    said = "\n\n".join(render(diagnostic) for diagnostic in in_order(found))
    if request.config.getoption("--update-mistakes", default=False):
        rewrite(page, title, section, said)
        return
    assert f"{said}\n" == SAYS.search(section)[0].removeprefix("```says\n").removesuffix("```")


def rewrite(page, title, section, said):
    """Put `said` into the block `says` of one section of a page."""
    renewed = SAYS.sub(lambda match: f"{match[1]}{said}\n{match[2]}", section)
    text = page.read_text(encoding="utf-8")
    assert f"## {title}{section}" in text
    page.write_text(text.replace(f"## {title}{section}", f"## {title}{renewed}"), encoding="utf-8")


@pytest.mark.parametrize(("page", "title", "section"), MISTAKES)
def test_one_mistake_is_one_finding(page, title, section):
    said = SAYS.search(section)[0]
    assert len(re.findall(r"^SEQ\d{3}  ", said, re.MULTILINE)) == 1, (
        f"{title} ({page.name}) is answered by other than one finding"
    )


def test_the_catalogue_is_large_and_says_everything_once():
    titles = [case.id for case in MISTAKES]
    assert len(titles) >= 90
    assert len(set(titles)) == len(titles)
