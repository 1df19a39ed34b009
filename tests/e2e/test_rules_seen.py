"""Every rule that ships was seen by its cases: to fail, to pass, not to apply, and to be bypassed where it has a bypass."""

from pathlib import Path

import pytest

from sequela.engine.cases.run import run_cases
from sequela.engine.cases.seen import rules_seen
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import SHIPPED, find_rule_files

FILES = sorted(path for folder in SHIPPED for path in folder.rglob("*.rules"))


@pytest.fixture(scope="module")
def lacking() -> dict[str, dict[str, tuple[str, ...]]]:
    """What the cases have not seen, by file and rule, of all files that ship."""
    compiled = compile_found(find_rule_files(SHIPPED), (), for_cases=True)
    assert compiled.is_sound, [str(one.message) for one in compiled.diagnostics if one.is_error]
    results = run_cases(compiled)
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for one in rules_seen(compiled, results):
        found.setdefault(one.file, {})[one.rule] = one.lacking
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_its_cases_have_seen_each_rule_in_every_way(path: Path, lacking: dict[str, dict[str, tuple[str, ...]]]) -> None:
    rules = lacking.get(str(path), {})
    never = {rule: f"never seen: {', '.join(ways)}" for rule, ways in rules.items() if ways}
    assert never == {}


def test_all_rules_are_counted(lacking: dict[str, dict[str, tuple[str, ...]]]) -> None:
    declared = sum(
        line.startswith("rule ")
        for path in FILES
        for line in path.read_text("utf-8").splitlines()
        if line.startswith("rule ")
    )
    versions = sum(map(len, lacking.values()))
    assert 0.9 * declared <= versions <= declared
