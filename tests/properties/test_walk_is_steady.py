"""What the plain evaluator is certain of stays so when more facts are told, on generated rules and claims."""

import copy
import os
import random
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.encounter.view import View
from sequela.engine.evaluate.verdict import Status, Verdict
from sequela.engine.evaluate.walk import walk
from sequela.engine.model.rules import RuleSelection
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import texts_of
from strategies_claims import claims
from strategies_rules import TABLES, rule_texts

RULEBOOKS = int(os.environ.get("SEQUELA_RULEBOOKS", "200"))

OF_CLAIM = (
    "plan",
    "authorization",
    "received",
    "admitted",
    "discharged",
    "statement_from",
    "statement_to",
    "total_charge",
)
OF_LINES = ("units", "charge", "emergency", "date", "end_date", "diagnoses")
OF_HISTORY = (*OF_LINES, "disposition", "claim", "provider", "place")
CHANGES_WITH_WHAT_IS_KNOWN = re.compile(r"\b(known|missing|group)\b")
"""`is known` asks what was told; a group of lines is another one when more is told of them."""

Place = tuple[str | int, ...]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    for name, text in TABLES.items():
        (folder / name).write_text(text)
    return folder


def places(keys: dict[str, Any]) -> list[Place]:
    """Where facts stand that are unknown when they are not sent. A code beside a revenue code would be none."""
    found: list[Place] = [(key,) for key in OF_CLAIM if key in keys]
    found.extend(("patient", key) for key in keys["patient"])
    found.extend(("diagnoses", at, "poa") for at, one in enumerate(keys["diagnoses"]) if "poa" in one)
    for at, line in enumerate(keys["lines"]):
        found.extend(("lines", at, key) for key in OF_LINES if key in line)
        if "code" in line and "revenue" not in line:
            found.append(("lines", at, "code"))
    for at, line in enumerate(keys.get("history", {}).get("lines", ())):
        found.extend(("history", "lines", at, key) for key in OF_HISTORY if key in line)
    return found


def without(keys: dict[str, Any], gone: list[Place]) -> dict[str, Any]:
    left = copy.deepcopy(keys)
    for place in gone:
        part: Any = left
        for key in place[:-1]:
            part = part[key]
        del part[place[-1]]
    return left


def subjects(verdict: Verdict) -> tuple[object, ...]:
    return verdict.rule.id, tuple((one.name, getattr(one.bound, "pointer", one.bound)) for one in verdict.subjects)


def is_steady(selection: RuleSelection) -> bool:
    words = [segment.version for rule in selection.rules for segment in rule.segments]
    texts = [text.span.text for version in words for text in (version, *version.changes)]
    return not any(CHANGES_WITH_WHAT_IS_KNOWN.search(text) for text in texts)


@settings(max_examples=RULEBOOKS, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=rule_texts(), keys=claims(), seed=st.integers(0, 9999))
def test_more_facts_never_change_what_was_certain(
    data: Path, texts: dict[str, str], keys: dict[str, Any], seed: int
) -> None:
    """A failure or a bypass stays one; a pass stays right: a pass, bypassed, or it turns out not to apply."""
    known = places(keys)
    assume(known)
    chance = random.Random(seed)
    left = without(keys, chance.sample(known, chance.randint(1, min(3, len(known)))))
    compiled = compile_found(texts_of(texts), [data])
    for selection in compiled.rules.selections.values():
        if not is_steady(selection):
            continue
        told = walk(selection, compiled.tables, View(encounter_from(keys)))
        later = {subjects(one): one.status for one in told if one.reason is None}
        for one in walk(selection, compiled.tables, View(encounter_from(left))):
            status = later.get(subjects(one), Status.NOT_APPLICABLE)
            if one.status in (Status.FAIL, Status.BYPASSED):
                assert status is one.status
            elif one.status is Status.PASS:
                assert status in (Status.PASS, Status.BYPASSED, Status.NOT_APPLICABLE)
