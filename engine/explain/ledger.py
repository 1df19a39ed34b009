"""Ledger: what was decided of one encounter: a status and a reason for every rule and subject.

In:   a claim, what decides it, and what was decided.          Out: `Ledger`, `Terms`.
Uses: entries, as_json, record, plan.                               Used by: pipeline, commands, cases, the public door.
Not here: deciding (plan, evaluate); how it looks (as_text).

Making one costs next to nothing: entries, words and digests are worked out when they are read.
"""

import importlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING

from msgspec import Struct

from sequela.engine.encounter.from_json import encounter_again
from sequela.engine.encounter.model import Encounter
from sequela.engine.encounter.view import View
from sequela.engine.evaluate.verdict import Status, Verdict
from sequela.engine.explain.entries import Entry
from sequela.engine.explain.record import Record
from sequela.engine.model.rules import RuleSelection
from sequela.engine.plan.certain.dispatch import Records, failed_places
from sequela.engine.plan.counting import counting_of
from sequela.engine.plan.run import Findings, run, run_findings
from sequela.engine.plan.steps import Plan
from sequela.engine.tables.model import Table

if TYPE_CHECKING:
    from sequela.engine.explain.explanation import Explanation

__all__ = ["Entry", "Ledger", "Terms"]

STATUSES = (
    Status.PASS,
    Status.BYPASSED,
    Status.FAIL,
    Status.NOT_APPLICABLE,
    Status.UNKNOWN,
    Status.NOT_CHECKED,
    Status.ERROR,
)
"""The statuses in the order in which they are counted."""

FINDINGS = frozenset({Status.FAIL, Status.BYPASSED, Status.UNKNOWN, Status.NOT_CHECKED, Status.ERROR})
"""What stands in a ledger without being asked for."""

_OPEN = frozenset({Status.UNKNOWN, Status.NOT_CHECKED})

FAILURES = frozenset({Status.FAIL, Status.ERROR})
"""What is left when only failures are asked for: a fault of the engine is never left out."""


class Terms(Struct, frozen=True, eq=False, kw_only=True):
    """By what claims are decided: all of a ledger that is not the claim's own.

    `passed_over` names the payers that the claim's payer id means, but for claims in other settings only; the rulesets then
    ran alone. `check` decides a changed copy of the encounter by the same rules; without it no change is suggested.
    """

    plan: Plan
    tables: Mapping[str, Table]
    passed_over: tuple[str, ...] = ()
    rules_digest: str = ""
    tables_digest: str = ""
    check: "Callable[[Encounter], Ledger] | None" = None

    def __repr__(self) -> str:
        return f"<Terms of {self.plan.selection.payer or 'the rulesets'}>"


class Ledger(Struct, eq=False, dict=True):
    """What was decided of one encounter, as people and programs ask for it.

    `records` are what the written code decided at once; the verdicts, with all that they say, are made when they are asked for,
    or are `given`. `sent` is the claim, or the JSON text of one that was found to be sound: that is read in full when somebody
    asks for more than what failed. A Struct, since one is made for every claim.
    """

    terms: Terms
    sent: Encounter | bytes
    records: Records | None = None
    given: tuple[Verdict, ...] | None = None

    def __repr__(self) -> str:
        found = [f"{count} {status}" for status, count in self.counts.items() if count]
        return f"<Ledger {self.encounter_id}: {self.outcome} ({', '.join(found) or 'no rule ran'})>"

    @property
    def encounter(self) -> Encounter:
        """The claim that was decided."""
        sent = self.sent
        if isinstance(sent, bytes):
            sent = self.sent = encounter_again(sent)
        return sent

    @cached_property
    def view(self) -> View:
        """The claim as its members."""
        return View(self.encounter)

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdict of every rule on every combination of subjects, by phase, rule and subjects."""
        return run(self.terms.plan, self.view) if self.given is None else self.given

    @cached_property
    def found(self) -> tuple[Verdict, ...]:
        """The verdicts that are neither passes nor *not applicable*, in the same order."""
        if self.records is None or "verdicts" in self.__dict__:
            return tuple(one for one in self.verdicts if one.status in FINDINGS)
        return tuple(one for one in self._findings.verdicts if one.status in FINDINGS)

    @cached_property
    def _findings(self) -> Findings:
        """What was found, with what else is known of the rules that were left to the compiled steps."""
        assert self.records is not None
        return run_findings(self.terms.plan, self.view, self.records)

    def with_verdicts(self, verdicts: tuple[Verdict, ...]) -> "Ledger":
        """The same ledger with other verdicts."""
        return Ledger(self.terms, self.encounter, given=verdicts)

    @property
    def selection(self) -> RuleSelection:
        """The rules that ran."""
        return self.terms.plan.selection

    @property
    def tables(self) -> Mapping[str, Table]:
        """The loaded tables of the rulebook."""
        return self.terms.tables

    @property
    def passed_over(self) -> tuple[str, ...]:
        """The payers that the claim's payer id means, but for claims in other settings only."""
        return self.terms.passed_over

    @property
    def rules_digest(self) -> str:
        """The digest of the rule texts."""
        return self.terms.rules_digest

    @property
    def tables_digest(self) -> str:
        """The digest of the tables."""
        return self.terms.tables_digest

    @property
    def check(self) -> "Callable[[Encounter], Ledger] | None":
        """Decides a changed copy of the encounter by the same rules."""
        return self.terms.check

    @cached_property
    def record(self) -> Record:
        """What the words are made from."""
        return Record(view=self.view, plan=self.terms.plan, tables=self.tables, findings=lambda: self.found)

    @property
    def failed_rules(self) -> tuple[str, ...]:
        """The ids of the rules that failed, each once: all that is needed to know whether a claim goes out."""
        records = self.records
        if records is not None and not records.slow:
            ids = self.terms.plan.ids
            return tuple([ids[place] for place in sorted(failed_places(records))])
        return tuple(dict.fromkeys(one.rule.id for one in self.found if one.status is Status.FAIL))

    @property
    def encounter_id(self) -> str:
        """The claim's id."""
        return self.encounter.id

    @property
    def payer_id(self) -> str | None:
        """The payer as the claim names it; None where it names none."""
        return self.encounter.payer

    @property
    def encounter_setting(self) -> str:
        """The claim's setting: professional, outpatient or inpatient."""
        return self.encounter.setting

    @property
    def payer_rules(self) -> str | None:
        """The name of the payer whose rules ran; None where the rulesets ran alone."""
        return self.selection.payer

    @property
    def title(self) -> str:
        """The title of the rules that ran."""
        return self.selection.title

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many entries have each status; *not applicable* per rule and reason."""
        if self.records is None or "verdicts" in self.__dict__:
            tally = Counter(verdict.status for verdict in self.verdicts)
        else:
            tally = counting_of(self.terms.plan).counted(self.view, self.records, self._findings)
        return {status.value: tally[status] for status in STATUSES}

    @cached_property
    def strongest(self) -> str | None:
        """The strongest outcome of what failed or is left open; None where there is none."""
        found = [one.outcome for one in self.found if one.outcome is not None]
        return min(found, key=lambda one: one.place).value if found else None

    @property
    def outcome(self) -> str:
        """The strongest outcome where something failed; `undecided` where something is only left open; else `pass`."""
        there = {one.status for one in self.found}
        if Status.ERROR in there or (Status.FAIL not in there and there & _OPEN):
            return "undecided"
        return self.strongest or "pass"

    @property
    def open(self) -> str | None:
        """While undecided: the strongest outcome that is left open; None otherwise."""
        return self.strongest if self.outcome == "undecided" else None

    @property
    def clean(self) -> bool:
        """Whether nothing failed and nothing was left unknown, unchecked or in error."""
        return all(one.status is Status.BYPASSED for one in self.found)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What failed, was let through, is left open or in error: by phase, rule and subjects."""
        return tuple(self._made(self.found))

    @property
    def all_entries(self) -> tuple[Entry, ...]:
        """Every entry, passes and what does not apply too."""
        return tuple(self._made(self.verdicts))

    @property
    def failures(self) -> tuple[Entry, ...]:
        """What failed."""
        return tuple(self._made(one for one in self.found if one.status is Status.FAIL))

    def entry(self, rule: str, line: int | None = None, dx: int | None = None) -> list[Entry]:
        """What a rule says: of all, or only of a line (by its number) or a diagnosis (by its place as sent, from 1).

        Entries that do not apply are given too: they have no subjects, so with `line` or `dx` they stand only where
        nothing else concerns it. Empty where no such rule ran.
        """
        found = list(self._made(one for one in self.verdicts if one.rule.id == rule))
        if line is None and dx is None:
            return found
        pointers = [f"/diagnoses/{dx - 1}"] if dx is not None else []
        if line is not None:
            pointers.extend(one.pointer for one in self.view.lines() if one.number == line)
            if not pointers:
                return []
        narrowed = [one for one in found if all(one.touches(pointer) for pointer in pointers)]
        if narrowed:
            return narrowed
        asked = tuple(pointers)
        others = [
            Entry(one.verdict, self.record, asked) for one in found if one.verdict.status is Status.NOT_APPLICABLE
        ]
        return [one for one in others if one.combinations] or others

    def explain(self, entry: Entry) -> "Explanation":
        """Why an entry is as it is: the tree, and what would change it."""
        found: Explanation = _on_demand("explanation").explained(self, entry)
        return found

    def to_json(
        self,
        *,
        all: bool = False,  # noqa: A002
        only: Sequence[str] = (),
        only_failures: bool = False,
    ) -> dict[str, object]:
        """`sequela.ledger/1`; see `listed` for what it holds."""
        listed = self.listed(all=all, only=only, only_failures=only_failures)
        plain: dict[str, object] = _on_demand("as_json").ledger_json(self, listed)
        return plain

    def to_bytes(
        self,
        *,
        all: bool = False,  # noqa: A002
        only: Sequence[str] = (),
        only_failures: bool = False,
    ) -> bytes:
        """The same as JSON text: the same input and receipt give the same bytes."""
        plain = self.to_json(all=all, only=only, only_failures=only_failures)
        written: bytes = _on_demand("as_json").to_bytes(plain)
        return written

    def listed(
        self,
        *,
        all: bool = False,  # noqa: A002
        only: Sequence[str] = (),
        only_failures: bool = False,
    ) -> tuple[Entry, ...]:
        """The entries that a report shows.

        Args:
            all: those that passed or do not apply, too.
            only: those of these rules alone.
            only_failures: those that failed, and those that the engine could not decide.
        """
        shown = FAILURES if only_failures else frozenset(Status) if all else FINDINGS
        asked = frozenset(only)
        verdicts = self.verdicts if all else self.found
        return tuple(self._made(one for one in verdicts if one.status in shown and (not asked or one.rule.id in asked)))

    def _made(self, verdicts: "Sequence[Verdict] | Iterator[Verdict]") -> Iterator[Entry]:
        record = self.record
        return (Entry(verdict, record) for verdict in verdicts)


def _on_demand(module: str) -> ModuleType:
    """What explains one entry, or writes JSON, is a third of this room: a check that only says what it found does without."""
    return importlib.import_module(f"sequela.engine.explain.{module}")
