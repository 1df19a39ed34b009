"""From X12: the claims of an 837 file, one at a time.

In:   a binary stream.                  Out: `Read`s: a claim with its warnings, or what kept it from being read.
Uses: x12_segments, x12_transactions, x12_loops, x12_claim.    Used by: read.
Not here: other formats; which reader fits a file (read).

X12 005010 837P and 837I: any number of interchanges, groups, transactions and claims, in flat memory. What is wrong
with a file is said and, where the claims still have a meaning, they are read all the same: separators are taken from
each ISA or guessed, counts are checked and not believed, a claim that is damaged leaves the others whole. Transactions
that hold no such claims are named.
"""

from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

from attrs import define, field
from msgspec.structs import replace

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.encounter.model import Encounter
from sequela.engine.encounter.reading import Read
from sequela.engine.encounter.x12_claim import read_claim
from sequela.engine.encounter.x12_claim_ids import ClaimIds
from sequela.engine.encounter.x12_known import MOST_ELEMENTS, Form
from sequela.engine.encounter.x12_loops import ClaimSegments, Loops
from sequela.engine.encounter.x12_notes import Notes
from sequela.engine.encounter.x12_segment import Segment, at
from sequela.engine.encounter.x12_segments import SegmentReader
from sequela.engine.encounter.x12_transactions import ENVELOPE, Envelope, Transaction
from sequela.engine.encounter.x12_values import number_of, text_of

_TRAILERS: Final = frozenset({"SE", "GE", "IEA"})
_HEADERS: Final = frozenset({"ISA", "GS", "ST"})
_NOT_OF_A_CLAIM: Final = frozenset({"SE", "GE", "IEA", "HL", "CLM", "ST", "GS", "ISA"})


def read_x12(stream: BinaryIO, file: str) -> Iterator[Read]:
    """The claims of an 837, in order, each as soon as the next one begins.

    Args:
        stream: the file, opened for bytes; read to its end, not closed.
        file: its name, for places in problems.

    Yields: a `Read` for each claim. Warnings about the envelope accompany the nearest claim. A file without any claim
        yields one `Read` without encounter, whose problems say why. Nothing is raised for what a file holds; errors of
        the stream itself (OSError) are.
    """
    yield from _X12Reader(stream, file).reads()


@define
class _X12Reader:
    """Holds back one claim, so that what is found behind it (a wrong count in SE) can accompany it."""

    stream: BinaryIO
    file: str
    notes: Notes = field(init=False)
    segments: SegmentReader = field(init=False)
    envelope: Envelope = field(init=False)
    loops: Loops = field(init=False)
    ids: ClaimIds = field(factory=ClaimIds)
    held: Read | None = None
    ready: list[Read] = field(factory=list)
    any_fatal: bool = False

    def __attrs_post_init__(self) -> None:
        self.notes = Notes(self.file)
        self.segments = SegmentReader(self.stream, self.notes)
        self.envelope = Envelope(self.notes)
        self.loops = Loops(self.notes)

    def reads(self) -> Iterator[Read]:
        """Every claim of the file, and at the end what is left to say."""
        last: Segment | None = None
        loops = self.loops
        for segment in self.segments:
            last = segment
            name = segment.id
            if name in loops.plain:
                loops.open.append(segment)
                continue
            if name in ENVELOPE:
                self._envelope(segment)
            else:
                transaction = self.envelope.transaction or self._unnamed(segment)
                if transaction is not None and transaction.is_read:
                    ended = loops.feed(segment)
                    if ended is not None:
                        self._claim(ended)
                elif transaction is not None:
                    transaction.claims += name == "CLM"
            if self.ready:
                yield from self.ready
                self.ready.clear()
        self._end(last)
        yield from self.ready

    def _envelope(self, segment: Segment) -> None:
        """A segment of the envelope: it ends the open claim, and may begin or end a transaction."""
        before = self.envelope.transaction
        ended = self.loops.finish()
        if ended is not None:
            self._claim(ended, whole=segment.id in _TRAILERS, by=segment)
        self.envelope.feed(segment)
        transaction = self.envelope.transaction
        if transaction is not before:
            if before is not None and not before.is_read:
                self._say_not_read(before)
            self.segments.in_other_set = transaction is not None and not transaction.is_read
            if transaction is not None:
                self.loops.begin(transaction, self.segments.delimiters)
        if segment.id in _TRAILERS:
            self._say_behind()

    def _unnamed(self, segment: Segment) -> Transaction | None:
        """The transaction of a segment that stands in none, when it is one of an 837."""
        if segment.id not in MOST_ELEMENTS:
            return None
        transaction = self.envelope.begin_unnamed(segment)
        if segment.id == "BHT" or (segment.id == "HL" and not at(segment, 2)):
            self.loops.begin(transaction, self.segments.delimiters)
        else:
            self.loops.resume(transaction, self.segments.delimiters)
        return transaction

    def _claim(self, claim: ClaimSegments, *, whole: bool = True, by: Segment | None = None) -> None:
        """Read a claim that has ended. `whole` is false where nothing says that it has ended here."""
        clm = claim.segments[0]
        outside, later = self.notes.take_before()
        stated = text_of(at(clm, 1))
        name, count = self.ids.name(stated or f"segment {clm.number}")
        self.notes.begin_claim(name)
        encounter = None
        if claim.damaged:
            self.notes.fatal(
                "SEQ766",
                f"`{text_of(clm.id)}` stands where the CLM of a claim is expected; the claim is not read.",
                clm,
            )
        elif not whole and (by is None or by.id not in _HEADERS or not _adds_up(claim)):
            self.notes.fatal(
                "SEQ761",
                "The claim is cut short: the file or its transaction ends before an SE says that it is whole. "
                "It is not read, because something may be missing.",
                by or clm,
                hint="Ask the sender for the whole file.",
            )
        else:
            self._say_name(clm, stated, name, count)
            encounter = read_claim(claim, name, self.notes)
        problems = self.notes.take()
        self.notes.begin_claim(None)
        if outside:
            problems = (*(_named(problem, name) for problem in outside), *problems)
        self._hold(encounter, problems)
        if later:
            self.notes.problems.extend(later)

    def _hold(self, encounter: Encounter | None, problems: Sequence[InputProblem]) -> None:
        """Hold back a claim, and hand on the one held before. What is fatal to another part stands apart."""
        if self.held is not None:
            self.ready.append(self.held)
        if not problems:
            self.held = Read(encounter)
            return
        fatal = tuple(problem for problem in problems if problem.fatal)
        if fatal:
            self.any_fatal = True
            if encounter is not None:
                self.ready.append(Read(None, fatal))
                problems = [problem for problem in problems if not problem.fatal]
        self.held = Read(encounter, tuple(problems))

    def _say_behind(self) -> None:
        """Lay what was found behind a claim to that claim; what is fatal stands apart."""
        if self.held is None or not self.notes.problems:
            return
        problems = self.notes.take()
        warnings = tuple(problem for problem in problems if not problem.fatal)
        fatal = tuple(problem for problem in problems if problem.fatal)
        self.held = Read(self.held.encounter, (*self.held.problems, *warnings))
        if fatal:
            self.ready.append(self.held)
            self.held = Read(None, fatal)
            self.any_fatal = True

    def _say_name(self, clm: Segment, stated: str, name: str, count: int) -> None:
        if not stated:
            self.notes.warn("SEQ769", f"CLM01, the claim's id, is empty; the claim is called `{name}`.", clm, 1)
        elif count > 1:
            self.notes.warn(
                "SEQ770",
                f"The file has {count} claims called `{stated}` so far; this one is called `{name}`.",
                clm,
                1,
                hint="CLM01 tells the claims of a file apart.",
            )

    def _say_not_read(self, transaction: Transaction) -> None:
        """Name a transaction whose claims are not read, or that has none."""
        count = "1 claim is" if transaction.claims == 1 else f"{transaction.claims} claims are"
        if transaction.form is Form.NOT_READ:
            self.notes.fatal(
                "SEQ763",
                f"Transaction {transaction.control} holds {transaction.title}, guide {transaction.guide}; "
                f"{count} not read.",
                transaction.start,
                hint="Professional (837P, X222) and institutional (837I, X223) claims are read.",
            )
            return
        shown = f"`{text_of(transaction.code)}`" if transaction.code else "empty"
        message = f"ST01 is {shown}: {transaction.title}, which holds no claims to check."
        if transaction.claims:
            self.notes.fatal("SEQ763", f"{message} Yet it has CLM segments; {count} not read.", transaction.start, 1)
        else:
            self.notes.warn("SEQ762", message, transaction.start, 1)

    def _end(self, last: Segment | None) -> None:
        """The end of the file: the last claim, what is missing, and a word when there was no claim at all."""
        cut = self.segments.cut
        ended = self.loops.finish()
        if ended is not None:
            self._claim(ended, whole=cut is not None and cut.id in _NOT_OF_A_CLAIM, by=cut or last)
        if cut is not None:
            self._cut(cut, in_claim=ended is not None)
        transaction = self.envelope.transaction
        if transaction is not None and not transaction.is_read:
            self._say_not_read(transaction)
        if not any(problem.code == "SEQ761" for problem in (self.held.problems if self.held is not None else ())):
            self.envelope.finish(cut or last)
        problems = self.notes.take()
        fatal = self.any_fatal or any(problem.fatal for problem in problems)
        if self.segments.readable and not self.ids.given and not fatal:
            self.notes.fatal(
                "SEQ764", "The file holds no claim.", cut or last, hint="An 837 holds a CLM for each claim."
            )
            problems = (*problems, *self.notes.take())
        if self.held is not None:
            self.ready.append(Read(self.held.encounter, (*self.held.problems, *(p for p in problems if not p.fatal))))
            problems = tuple(problem for problem in problems if problem.fatal)
        if problems:
            self.ready.append(Read(None, problems))

    def _cut(self, cut: Segment, *, in_claim: bool) -> None:
        """The last segment, which does not end: a claim of its own, or a part of the claim before."""
        if cut.id == "CLM":
            outside, later = self.notes.take_before()
            self.notes.claim = self.ids.name(text_of(at(cut, 1)) or f"segment {cut.number}")[0]
            self.notes.fatal("SEQ761", "The claim is cut short: the file ends in its CLM. It is not read.", cut)
            self._hold(None, [*outside, *later, *self.notes.take()])
            self.notes.claim = None
        elif not in_claim or cut.id in _NOT_OF_A_CLAIM:
            self.notes.warn("SEQ784", "The file ends inside this segment.", cut)


def _adds_up(claim: ClaimSegments) -> bool:
    """Whether the charges of the lines make the charge of the claim, so that no line is missing."""
    total = number_of(at(claim.segments[0], 2))
    charges = [
        number_of(at(segment, 2 if segment.id == "SV1" else 3))
        for segment in claim.segments
        if segment.id in ("SV1", "SV2")
    ]
    known = [charge for charge in charges if charge is not None]
    return total is not None and bool(known) and len(known) == len(charges) and sum(known) == total


def _named(problem: InputProblem, name: str) -> InputProblem:
    """A problem found while a claim was gathered, under the name that the claim got."""
    return problem if problem.claim is None else replace(problem, claim=name)
