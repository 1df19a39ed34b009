"""Entries: one line of the ledger: a rule, a subject, its status, and in words why.

In:   a verdict and the record of its encounter.    Out: `Entry`.
Uses: wording, labels, record.                      Used by: ledger, as_json, as_text, commands, cases.
Not here: the tree behind it (tree); JSON (as_json).

Everything is worked out when it is read: most entries of most ledgers are only counted.
"""

from datetime import date
from functools import cached_property

from attrs import field, frozen
from sequela.engine.encounter.member import Member
from sequela.engine.evaluate.replay import Replay
from sequela.engine.evaluate.verdict import Group, Status, Subject, Verdict
from sequela.engine.explain import wording
from sequela.engine.explain.labels import subject_label
from sequela.engine.explain.record import Record
from sequela.engine.model.rules import Adjustment, Change, Citation, RuleVersion
from sequela.engine.source import Span

OPEN = (Status.UNKNOWN, Status.NOT_CHECKED)


@frozen(eq=False)
class Entry:
    """What one rule says of one combination of subjects; for *not applicable*, of all for the same reason."""

    verdict: Verdict
    record: Record = field(repr=False)

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

    @cached_property
    def replayed(self) -> Replay:
        """The verdict judged again, with the evidence."""
        return self.record.replayed(self.verdict)

    @cached_property
    def message(self) -> str:
        """What the rule's author says of a failure, its values filled in; of any other status the title."""
        return wording.message_of(self.replayed) if self.verdict.status is Status.FAIL else self.title

    @cached_property
    def reason(self) -> str:
        """Why, in one line."""
        return wording.reason_of(self.verdict, self.record)

    @cached_property
    def missing(self) -> tuple[tuple[str, ...], ...]:
        """The smallest sets of facts, by JSON pointers, of which an answer would decide it; none where it is decided."""
        return ()

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
        """Whether the entry is about what stands at a JSON pointer; a rule about the claim concerns its subjects."""
        if self.about != ("",) and self.about != ():
            return pointer in self.about
        return self.touches(pointer) or (self.about == ("",) and pointer == "")

    def touches(self, pointer: str) -> bool:
        """Whether what stands at a JSON pointer is what it is about, or one of its subjects."""
        return pointer in self.about or any(pointer in pointers_of(subject) for subject in self.subjects)


def pointers_of(subject: Subject) -> tuple[str, ...]:
    """The JSON pointers of a subject: of each line of a group; none for a row or what was not sent."""
    match subject.bound:
        case Member() as member:
            return (member.pointer,)
        case Group(lines=lines, possible=possible):
            return tuple(line.pointer for line in (*lines, *possible))
        case _:
            return ()
