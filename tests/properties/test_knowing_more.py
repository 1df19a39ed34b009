"""What is certain stays certain: no fact that a claim did not hold can overturn a status that was decided without it.

A failure stays one, and what passed or did not apply never fails or is asked about, whatever the facts turn out to be that were
unknown. Left aside is what the language decides by whether something is known: `is known`, `is missing`, and a witness,
which is the first member that satisfied its condition with certainty. A day on which a table does not speak for itself
is *not checked*, and that day is only known with its date.
"""

import copy
import os
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.encounter.view import Member, View
from sequela.engine.evaluate.verdict import Group, Status, Verdict
from sequela.engine.model.rules import RuleSelection
from sequela.engine.pipeline.compile import compile_found
from sequela.engine.pipeline.files import texts_of
from sequela.engine.plan.build import build_plan
from sequela.engine.plan.run import run
from strategies_claims import claims
from strategies_rules import DATES, HCPCS, NPIS, PLACES, PREAMBLE, TABLES, rule_texts

RULEBOOKS = int(os.environ.get("SEQUELA_RULEBOOKS", "150"))
OPEN = frozenset({Status.UNKNOWN, Status.NOT_CHECKED, Status.ERROR})
DISPOSITIONS = ("paid", "denied", "pending", "void")
AMOUNTS = ("0.00", "50.00", "100.00")

Claim = dict[str, Any]
Key = tuple[str, tuple[Any, ...]]
Hole = tuple[tuple[Any, ...], tuple[Any, ...]]
"""Where a claim has no fact, and what could stand there."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    for name, text in TABLES.items():
        (folder / name).write_text(text)
    return folder


def holes(claim: Claim) -> list[Hole]:
    """The facts that are unknown; not those that follow from others (a place from the claim's) or are none."""
    found: list[Hole] = []
    for at, line in enumerate(claim["lines"]):
        found.extend(_of_service(("lines", at), line))
        if "place" not in line and "place" not in claim:
            found.append((("lines", at, "place"), PLACES))
        if "provider" not in line and "npi" not in claim["provider"]:
            found.append((("lines", at, "provider"), NPIS))
        if claim["setting"] == "professional" and "diagnoses" not in line:
            found.append((("lines", at, "diagnoses"), ([], *([one + 1] for one in range(len(claim["diagnoses"]))))))
    for at, line in enumerate(claim.get("history", {}).get("lines", ())):
        place = ("history", "lines", at)
        found.extend(_of_service(place, line))
        for key, values in (
            ("disposition", DISPOSITIONS),
            ("place", PLACES),
            ("provider", NPIS),
            ("claim", ("OLD", "H-1")),
        ):
            if key not in line:
                found.append(((*place, key), values))
    for key, values in (
        ("plan", ("gold", "silver")),
        ("received", DATES),
        ("discharged", DATES),
        ("total_charge", AMOUNTS),
    ):
        if key not in claim:
            found.append(((key,), values))
    for key, values in (("birth_date", ("1950-06-01", "2008-01-31")), ("sex", ("female", "male"))):
        if key not in claim["patient"]:
            found.append((("patient", key), values))
    found.extend(
        (("diagnoses", at, "poa"), ("Y", "N")) for at, one in enumerate(claim["diagnoses"]) if "poa" not in one
    )
    for name, items in (("history", "lines"), ("documents", "items")):
        if name not in claim:
            found.append(((name,), ({"complete": True},)))
        elif "complete" not in claim[name] and claim[name].get(items):
            found.append(((name, "complete"), (True,)))
    return found


def _of_service(place: tuple[Any, ...], line: Claim) -> list[Hole]:
    found: list[Hole] = []
    if "code" not in line and "revenue" not in line:
        found.append(((*place, "code"), HCPCS))
    if "date" not in line and "end_date" not in line:
        found.append(((*place, "date"), DATES))
    for key, values in (("units", (0, 1, 2, 3)), ("charge", AMOUNTS), ("emergency", (True, False))):
        if key not in line:
            found.append(((*place, key), values))
    return found


def told(claim: Claim, random: Random) -> Claim:
    """The claim with some of its unknown facts filled in."""
    known = copy.deepcopy(claim)
    share = random.choice((0.3, 0.7, 1.0))
    for place, values in holes(claim):
        if random.random() < share:
            owner: Any = known
            for key in place[:-1]:
                owner = owner[key]
            owner[place[-1]] = copy.deepcopy(random.choice(values))
    return known


def by_subjects(verdicts: tuple[Verdict, ...]) -> dict[Key, list[Verdict]]:
    """What applies, by rule and what `for` binds; groups by the lines that are certainly theirs. Rows are left aside."""
    found: dict[Key, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.reason is None:
            bound = [one.bound for one in verdict.subjects]
            places: list[Any] = [one.pointer for one in bound if isinstance(one, Member)]
            places += [frozenset(line.pointer for line in one.lines) for one in bound if isinstance(one, Group)]
            found.setdefault((verdict.rule.id, tuple(places)), []).append(verdict)
    return found


def beside(key: Key, other: Key, *, grown: bool) -> bool:
    """Whether `other` is the same subjects in another claim; a group may have grown, or been smaller."""
    if key[0] != other[0] or len(key[1]) != len(other[1]):
        return False
    for one, two in zip(key[1], other[1], strict=True):
        if isinstance(one, frozenset):
            if not (one <= two if grown else two <= one):
                return False
        elif one != two:
            return False
    return True


def overturned(before: dict[Key, list[Verdict]], after: dict[Key, list[Verdict]]) -> list[str]:
    """What was certain before and is not so any more."""
    wrong: list[str] = []
    failed = [key for key, verdicts in before.items() if any(one.status is Status.FAIL for one in verdicts)]
    for key in failed:
        event("a failure")
        later = [one for other, verdicts in after.items() if beside(key, other, grown=True) for one in verdicts]
        if not any(one.status is Status.FAIL for one in later):
            wrong.append(f"{key} failed, and is {[one.status.value for one in later]}")
    for key, verdicts in after.items():
        worst = next((one for one in verdicts if one.status is Status.FAIL or one.status in OPEN), None)
        if worst is None or worst.status is Status.NOT_CHECKED:
            continue
        earlier = [one for other, found in before.items() if beside(key, other, grown=False) for one in found]
        if not any(one.status is Status.FAIL or one.status in OPEN for one in earlier):
            wrong.append(f"{key} was {[one.status.value for one in earlier]}, and is {worst.status.value}")
    return wrong


def _has_witnesses(selection: RuleSelection) -> bool:
    return any(segment.version.witnesses for rule in selection.rules for segment in rule.segments)


@settings(max_examples=RULEBOOKS, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    texts=rule_texts(), encounters=st.lists(claims(), min_size=3, max_size=3), random=st.randoms(use_true_random=False)
)
def test_what_is_certain_stays_certain(
    data: Path, texts: dict[str, str], encounters: list[Claim], random: Random
) -> None:
    """Every status that is decided while facts are unknown is the same when they are known."""
    assume(not any(re.search(r"is known|is missing", text.replace(PREAMBLE, "")) for text in texts.values()))
    compiled = compile_found(texts_of(texts), [data])
    for selection in compiled.rules.selections.values():
        if _has_witnesses(selection):
            continue
        plan = build_plan(selection, compiled.tables)
        for claim in encounters:
            before = by_subjects(run(plan, View(encounter_from(claim))))
            for _ in range(3):
                known = told(claim, random)
                after = by_subjects(run(plan, View(encounter_from(known))))
                assert overturned(before, after) == [], known
