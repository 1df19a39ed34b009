"""Every code that the engine can raise has a page, and every page a code that the engine can raise."""

import re
from pathlib import Path

import pytest

import sequela
from sequela.engine.diagnostics.registry import all_codes, page

ROOT = Path(sequela.__file__).parent
LITERAL = re.compile(r"""["'](SEQ\d{3})["']""")


def raised():
    """Every code that stands as a literal in the source, with the files that hold it."""
    found = {}
    for path in [*sorted((ROOT / "engine").rglob("*.py")), ROOT / "cli.py"]:
        if path.is_file():
            for code in LITERAL.findall(path.read_text(encoding="utf-8")):
                found.setdefault(code, set()).add(path.relative_to(ROOT).as_posix())
    return found


RAISED = raised()


@pytest.mark.parametrize("code", sorted(RAISED))
def test_a_code_that_is_raised_has_a_page(code):
    assert page(code) is not None, f"{code} is raised in {', '.join(sorted(RAISED[code]))} and has no page"


@pytest.mark.parametrize("code", all_codes())
def test_a_page_is_of_a_code_that_is_raised(code):
    found = page(code)
    assert found is not None
    assert code in RAISED, f"pages/{code}.md explains what nothing raises"
    assert found.text, "a page says in plain words what the code means"
    assert not found.title.endswith("."), "a title is not a sentence"


def test_a_code_means_one_thing():
    titles = {}
    for code in all_codes():
        titles.setdefault(page(code).title.lower(), []).append(code)
    assert [codes for codes in titles.values() if len(codes) > 1] == []
