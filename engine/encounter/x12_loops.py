"""X12 loops: which segments of an 837 belong to which claim, and to its biller, its subscriber and its patient.

In:   the segments of one transaction, in order.     Out: `ClaimSegments`, one for each CLM.
Uses: x12_segment, x12_known, x12_notes, x12_transactions.    Used by: from_x12, x12_claim.
Not here: what the segments say (x12_claim and its neighbours); the envelope (x12_transactions).

HL segments open the loops 2000A (20, biller), 2000B (22, subscriber) and 2000C (23, patient). Where an HL is missing or
damaged, the segments that only one loop can hold open it: SBR, NM1*IL, NM1*85, NM1*QC. A claim goes from its CLM to the
next CLM, HL or SE.
"""

import re
from typing import Final

from attrs import define, field

from sequela.engine.encounter.x12_known import MOST_ELEMENTS, ROLES, UNREAD_ROLES
from sequela.engine.encounter.x12_notes import Notes
from sequela.engine.encounter.x12_segment import Delimiters, Segment, at
from sequela.engine.encounter.x12_transactions import ENVELOPE, Transaction
from sequela.engine.encounter.x12_values import text_of

LINE_STARTS: Final = frozenset({"LX", "SV1", "SV2", "SV3"})
_CLAIM_PARTS: Final = frozenset({"HI", "LX", "SV1", "SV2", "SV3", "CL1"})
_TURNS: Final = frozenset({"CLM", "HL", "SBR", "PAT", "NM1", "HI"})
_PLAIN_IN_CLAIM: Final = frozenset(MOST_ELEMENTS) - _TURNS - ENVELOPE
_PLAIN_BEFORE: Final = _PLAIN_IN_CLAIM - _CLAIM_PARTS
_NONE: Final[frozenset[str]] = frozenset()
_BILLER: Final = frozenset({"85", "87"})
_FACILITY: Final = re.compile(r"[0-9A-Z]{2}([^A-Za-z0-9])[AB]\1[0-9A-Z]?")
_REMEMBERED: Final = 512


@define(eq=False)
class Loop:
    """The segments of one 2000 loop before its claims, and what was read from them, once for all its claims."""

    level: str
    segments: list[Segment] = field(factory=list)
    known: object = None


@define(eq=False)
class ClaimSegments:
    """One claim: its segments from CLM on, and the loops that it stands in. `damaged` is a CLM with a damaged id."""

    segments: list[Segment]
    billing: Loop | None
    subscriber: Loop | None
    patient: Loop | None
    transaction: Transaction
    delimiters: Delimiters
    damaged: bool = False


@define(eq=False)
class Loops:
    """Lays the segments of a transaction into loops. `feed` hands back each claim when it ends."""

    notes: Notes
    _transaction: Transaction | None = None
    _delimiters: Delimiters = field(factory=Delimiters)
    _billing: Loop | None = None
    _subscriber: Loop | None = None
    _patient: Loop | None = None
    _current: Loop | None = None
    _claim: ClaimSegments | None = None
    _orphans: bool = False
    open: list[Segment] = field(factory=list)
    """The segments of the claim or loop that is open."""
    plain: frozenset[str] = _NONE
    """The ids of segments that may be appended to `open` at once, because they begin and end nothing."""
    _loops: dict[str, Loop] = field(factory=dict)

    def begin(self, transaction: Transaction, delimiters: Delimiters) -> None:
        """Start a transaction: nothing is known yet of biller, subscriber and patient."""
        self._transaction, self._delimiters = transaction, delimiters
        self._billing = self._subscriber = self._patient = self._current = None
        self._loops.clear()
        self.plain = _NONE
        self._orphans = False

    def resume(self, transaction: Transaction, delimiters: Delimiters) -> None:
        """Go on in a transaction whose beginning is lost, with the biller and subscriber of before."""
        self._transaction, self._delimiters = transaction, delimiters

    def feed(self, segment: Segment) -> ClaimSegments | None:
        """Take one segment of the transaction, and hand back the claim that it ends, if it ends one."""
        claim, name = self._claim, segment.id
        if claim is not None and name not in _TURNS and name in MOST_ELEMENTS:
            claim.segments.append(segment)
            return None
        if name == "CLM":
            return self._begin_claim(segment)
        if name == "HL":
            ended = self.finish()
            self._level(segment)
            return ended
        if name not in MOST_ELEMENTS:
            if _FACILITY.fullmatch(at(segment, 5)):
                return self._begin_claim(segment, damaged=True)
            return None
        if claim is None:
            self._lay(segment)
            return None
        if not self._begins_another(claim, segment):
            claim.segments.append(segment)
            return None
        ended = self.finish()
        self._lay(segment)
        return ended

    def finish(self) -> ClaimSegments | None:
        """The claim that is open, which ends here; None when none is."""
        claim, self._claim = self._claim, None
        self.plain = _NONE
        if claim is not None:
            self.notes.end_claim()
        return claim

    def _begin_claim(self, segment: Segment, *, damaged: bool = False) -> ClaimSegments | None:
        ended = self.finish()
        transaction = self._transaction
        if transaction is not None:
            transaction.claims += 1
            self._claim = ClaimSegments(
                [segment], self._billing, self._subscriber, self._patient, transaction, self._delimiters, damaged
            )
            self.open, self.plain = self._claim.segments, _PLAIN_IN_CLAIM
            self.notes.claim = text_of(at(segment, 1)) or None
        self._orphans = False
        return ended

    def _begins_another(self, claim: ClaimSegments, segment: Segment) -> bool:
        """Whether a segment behind the lines of a claim can only belong to what comes next, whose HL or CLM is lost."""
        match segment.id, at(segment, 1):
            case (("SBR" | "PAT"), _):
                lost = "HL"
            case "NM1", ("IL" | "85" | "QC"):
                lost = "HL"
            case "HI", _:
                if not any(other.id == "HI" for other in claim.segments):
                    return False
                lost = "CLM"
            case _:
                return False
        if not any(other.id in LINE_STARTS for other in claim.segments):
            return False
        if lost == "HL":
            self._current = None
        return True

    def _level(self, segment: Segment) -> None:
        """Open the loop of an HL."""
        self._orphans, self.plain = False, _NONE
        level, parent = at(segment, 3), at(segment, 2)
        loop = Loop(level)
        match level:
            case "20":
                self._billing, self._subscriber, self._patient = loop, None, None
            case "22":
                self._billing = self._parent(segment, parent, self._billing, "20")
                self._subscriber, self._patient = loop, None
            case "23":
                self._subscriber = self._parent(segment, parent, self._subscriber, "22")
                self._patient = loop
            case _:
                self.notes.warn(
                    "SEQ767",
                    f"HL03 is `{level}`; 20 (biller), 22 (subscriber) or 23 (patient) is expected.",
                    segment,
                    3,
                    hint="What the loop holds tells which one it is.",
                )
                self._current = None
                return
        self._current = loop
        number = at(segment, 1)
        self._loops.pop(number, None)
        self._loops[number] = loop
        if len(self._loops) > _REMEMBERED:
            del self._loops[next(iter(self._loops))]

    def _parent(self, segment: Segment, parent: str, nearest: Loop | None, level: str) -> Loop | None:
        """The loop that an HL names as its parent; the nearest one before it where that one is not there."""
        named = self._loops.pop(parent, None)
        if named is not None:
            self._loops[parent] = named  # the loops used last are the ones that are remembered
        if named is not None and named.level == level:
            if named is not nearest:
                self.notes.warn(
                    "SEQ767",
                    f"HL02 names loop {parent} as parent, which is not the last HL*{level} before; "
                    f"loop {parent} is followed.",
                    segment,
                    2,
                )
            return named
        known = "the one before is taken" if nearest is not None else "there is none before"
        self.notes.warn(
            "SEQ767",
            f"HL02 names `{parent}` as parent, which is no HL*{level} of this transaction; {known}.",
            segment,
            2,
        )
        return nearest

    def _lay(self, segment: Segment) -> None:
        """Lay a segment that stands before any claim into the loop that it belongs to."""
        name, role = segment.id, at(segment, 1)
        if name in _CLAIM_PARTS:
            self._say_orphan(segment)
            return
        current = self._current
        level = current.level if current is not None else ""
        if name == "NM1":
            if role in _BILLER and level != "20":
                current = self._implied("20", segment)
            elif role == "IL" and level != "22":
                current = self._implied("22", segment)
            elif role == "QC" and level != "23":
                current = self._implied("23", segment)
            elif role == "PR" and level == "23" and self._subscriber is not None:
                current = self._subscriber
            elif role not in ROLES and role not in UNREAD_ROLES:
                said = f"NM1*{text_of(role)} names no part that is known in an 837; it is left out."
                self.notes.warn("SEQ779", said, segment, 1)
            elif role in ROLES and level:
                self.notes.warn(
                    "SEQ767", f"NM1*{role} stands before the CLM; it belongs behind it, and is left out.", segment
                )
        elif name == "SBR" and (current is None or level != "22" or any(o.id == "SBR" for o in current.segments)):
            current = self._implied("22", segment)
        elif name == "PAT" and not level:
            current = self._implied("23", segment)
        if current is not None:
            current.segments.append(segment)
            self.open, self.plain = current.segments, _PLAIN_BEFORE

    def _implied(self, level: str, segment: Segment) -> Loop:
        """The loop that a segment shows to have begun although no HL says so."""
        opener = segment.id if segment.id != "NM1" else f"NM1*{at(segment, 1)}"
        self.notes.warn("SEQ767", f"{opener} stands where no HL*{level} opened its loop; the HL is missing.", segment)
        loop = Loop(level)
        if level == "20":
            self._billing, self._subscriber, self._patient = loop, None, None
        elif level == "22":
            self._subscriber, self._patient = loop, None
        else:
            self._patient = loop
        self._current = loop
        return loop

    def _say_orphan(self, segment: Segment) -> None:
        if not self._orphans:
            self._orphans = True
            if self._transaction is not None:
                self._transaction.orphans = True
            self.notes.fatal(
                "SEQ766",
                f"This {segment.id} stands in no claim: the CLM before it is missing. What follows is not read "
                "until the next claim.",
                segment,
                hint="A claim begins with a CLM segment.",
            )
