"""Entries: one line of the ledger: a rule, a subject, its status, and in words why.

In:   a verdict and the record of its encounter.    Out: `Entry`.
Uses: wording, labels, record.                      Used by: ledger, as_json, as_text, commands, cases.
Not here: the tree behind it (tree); JSON (as_json).

Everything is worked out when it is read: most entries of most ledgers are only counted.
"""

import importlib
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from itertools import islice
from types import ModuleType
from typing import Final, assert_never

from msgspec import Struct

from sequela.engine.evaluate.evidence import Scope
from sequela.engine.evaluate.missing import Missing
from sequela.engine.evaluate.pieces import pieces
from sequela.engine.evaluate.replay import Replay
from sequela.engine.evaluate.trace import Trace
from sequela.engine.evaluate.tracing import traced
from sequela.engine.evaluate.verdict import Status, Subject, Verdict
from sequela.engine.explain import messages, reasons
from sequela.engine.explain.labels import pointers_of, subject_label
from sequela.engine.explain.record import Record
from sequela.engine.model.rules import Adjustment, Change, Citation, Requirement, RuleVersion
from sequela.engine.source import Span

OPEN: Final = (Status.UNKNOWN, Status.NOT_CHECKED)
MOST_COMBINATIONS: Final = 20
"""Combinations that an explanation of what does not apply goes through; the rest are counted."""


class Entry(Struct, frozen=True, eq=False, dict=True):
    """What one rule says of one combination of subjects; for *not applicable*, of all for the same reason."""

    verdict: Verdict
    record: Record
    narrowed: tuple[str, ...] = ()  # JSON pointers to which a *not applicable* entry was narrowed

    def __repr__(self) -> str:
        return f"<Entry {self.rule}: {', '.join((self.status, *self.labels))}>"

    @property
    def rule(self) -> str:
        """The rule's id."""
        return self.verdict.rule.id

    @property
    def status(self) -> str:
        """fail, bypassed, unknown, not checked, error, pass or not applicable."""
        return self.verdict.status.value

    @property
    def outcome(self) -> str | None:
        """What follows: of a failure, or of what is left open; None otherwise."""
        return self.verdict.outcome.value if self.verdict.outcome is not None else None

    @property
    def phase(self) -> str:
        """The rule's phase."""
        return self.verdict.rule.phase.value

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """What `for` and the look-ups bound; none for *not applicable*."""
        return self.verdict.subjects

    @property
    def labels(self) -> tuple[str, ...]:
        """What people call the subjects: "line 1", "dx 2"."""
        return tuple(subject_label(subject) for subject in self.subjects)

    @property
    def about(self) -> tuple[str, ...]:
        """The JSON pointers of what a failure is about; `""` is the claim."""
        return self.verdict.about

    @property
    def governing_date(self) -> date | None:
        """The date that picked the version and the rows of tables; None where it is unknown."""
        return self.verdict.governing_date

    @property
    def version(self) -> RuleVersion | None:
        """The version of the rule that was asked; where none was, its first one; None for a rule without any."""
        if self.verdict.segment is not None:
            return self.verdict.segment.version
        segments = self.verdict.rule.segments
        return segments[0].version if segments else None

    @property
    def title(self) -> str:
        """The rule's title."""
        return self.version.title if self.version is not None else self.rule

    @property
    def replayed(self) -> Replay:
        """The verdict judged again, with the evidence. It is not kept: a claim may have thousands of entries."""
        return self.record.replayed(self.verdict)

    @cached_property
    def message(self) -> str:
        """What the rule's author says of a failure, its values filled in; of any other status the title."""
        if self.verdict.status is not Status.FAIL:
            return self.title
        said = None if self._scope is None else messages.only_message_of(self.verdict, self._scope)
        return messages.message_of(self.record.required(self.verdict)) if said is None else said

    @cached_property
    def combinations(self) -> tuple[Verdict, ...]:
        """For *not applicable*: the combinations of subjects that it stands for, as many as an explanation tells.

        Of an entry that was narrowed all are told: somebody asked about that line.
        """
        if self.verdict.status is not Status.NOT_APPLICABLE:
            return ()
        found: Iterator[Verdict] = _idle().combinations_of(self.verdict, self.record, self.narrowed)
        return tuple(found if self.narrowed else islice(found, MOST_COMBINATIONS))

    @cached_property
    def _first(self) -> Verdict | None:
        if self.narrowed:
            return next(iter(self.combinations), None)
        found: Iterator[Verdict] = _idle().combinations_of(self.verdict, self.record)
        return next(found, None)

    @property
    def count(self) -> int:
        """For how many combinations of subjects it stands."""
        return len(self.combinations) if self.narrowed else self.verdict.count

    @property
    def trace(self) -> Trace:
        """Why it is as it is, as the evaluator tells it."""
        return self.record.traced(self.verdict)

    def _required(self) -> Trace:
        """The part of the trace that tells what was required, and let through; all of it where nothing was."""
        found = None if self._scope is None else pieces(self.verdict, self._scope)
        if found is not None:
            return found
        if self.verdict.status is Status.FAIL and any(one.condition is None for one in self._requirements()):
            return self.trace
        return traced(self.record.required(self.verdict))

    @cached_property
    def _scope(self) -> Scope | None:
        return self.record.scope(self.verdict)

    def _requirements(self) -> tuple[Requirement, ...]:
        return self.version.requirements if self.version is not None else ()

    @cached_property
    def reason(self) -> str:
        """Why, in one line."""
        view = self.record.view
        match self.verdict.status:
            case Status.FAIL:
                return reasons.failure(self._required(), view)
            case Status.PASS:
                return reasons.holding(self._required(), view)
            case Status.BYPASSED:
                return reasons.let_through(self._required(), view)
            case Status.UNKNOWN | Status.NOT_CHECKED:
                return reasons.left_open(self.waits_for, view) or reasons.no_fact(self.trace, view)
            case Status.NOT_APPLICABLE:
                said: str = _idle().reason_of(self.verdict, self._first, self.count, self.record)
                return said
            case Status.ERROR:
                return f"the engine could not decide it: {self.verdict.fault or 'it noted no reason'}"
            case _:
                assert_never(self.verdict.status)

    @cached_property
    def waits_for(self) -> Missing:
        """What an open status waits for: facts of the claim, and tables that do not cover the date."""
        return self.record.search.missing(self.verdict)

    @property
    def missing(self) -> tuple[tuple[str, ...], ...]:
        """The smallest sets of facts (JSON pointers) of which an answer would decide it; none where it is decided."""
        return self.waits_for.sets

    @property
    def adjustment(self) -> Adjustment | None:
        """What a payer would answer a failure with; None for any other status."""
        failed = self.verdict.status is Status.FAIL
        return self.version.adjustment if failed and self.version is not None else None

    @property
    def cites(self) -> tuple[Citation, ...]:
        """The authorities of the rule."""
        return self.version.cites if self.version is not None else ()

    @property
    def changed_by(self) -> tuple[Change, ...]:
        """The payer changes in force that made the rule what it is, a disabling one too."""
        segment = self.verdict.segment
        if segment is None:
            return tuple(one.disabled for one in self.verdict.rule.segments if one.disabled is not None)
        return (*segment.version.changes, *((segment.disabled,) if segment.disabled is not None else ()))

    @property
    def defined(self) -> Span:
        """Where the rule stands."""
        return self.version.span if self.version is not None else self.verdict.rule.span

    def concerns(self, pointer: str) -> bool:
        """Whether the entry is about what stands at a JSON pointer; a rule about the claim concerns its subjects.

        What is about a modifier is about its line.
        """
        if self.about != ("",) and self.about != ():
            return any(_stands_at(one, pointer) for one in self.about)
        return self.touches(pointer) or (self.about == ("",) and pointer == "")

    def touches(self, pointer: str) -> bool:
        """Whether what stands at a JSON pointer is what it is about, or one of its subjects."""
        places = (*self.about, *(one for subject in self.subjects for one in pointers_of(subject)))
        return any(_stands_at(place, pointer) for place in places)


def _stands_at(place: str, pointer: str) -> bool:
    """Whether a place is the one that a pointer leads to, or a part of it; the claim is not each of its parts."""
    return place == pointer or (pointer != "" and place.startswith(f"{pointer}/"))


def _idle() -> ModuleType:
    """What tells why a rule does not apply; who asks only for what was found does without it."""
    return importlib.import_module("sequela.engine.explain.not_applicable")
