"""X12 transactions: the envelope of a file, which transaction is open, and whether its counts are right.

In:   ISA, GS, ST and their trailers.         Out: `Transaction`, and what is wrong with the envelope.
Uses: x12_segment, x12_known, x12_notes.      Used by: from_x12, x12_loops.
Not here: the separators in the ISA (x12_delimiters); what stands inside a transaction (x12_loops).

A wrong count or control number is said and changes nothing: many files are edited by hand, and the claims are there.
"""

import re
from typing import Final

from attrs import define, field

from sequela.engine.encounter.x12_known import GUIDES, TRANSACTIONS, Form
from sequela.engine.encounter.x12_notes import Notes
from sequela.engine.encounter.x12_segment import Segment, at

_GUIDE: Final = re.compile(r"00[0-9]{4}(X[0-9]{3})(?:A[0-9]+)?")
ENVELOPE: Final = frozenset({"ISA", "IEA", "GS", "GE", "ST", "SE", "TA1"})


@define
class Transaction:
    """One transaction, from ST to SE. `guide` is the guide that ST03 (else GS08) names, `title` says it in words."""

    start: Segment
    code: str
    control: str
    guide: str
    form: Form
    title: str
    claims: int = 0
    orphans: bool = False
    """Whether parts of claims stand in it outside any claim."""
    is_read: bool = field(init=False)
    """Whether its claims are read."""

    def __attrs_post_init__(self) -> None:
        self.is_read = self.form in (Form.PROFESSIONAL, Form.INSTITUTIONAL, Form.UNSAID)


@define
class _Open:
    """A part of the envelope that was begun, and how many parts it held so far."""

    start: Segment
    control: str
    held: int = 0


@define
class Envelope:
    """Follows interchanges, groups and transactions; `transaction` is the open one."""

    notes: Notes
    transaction: Transaction | None = None
    anything: bool = False
    _interchange: _Open | None = None
    _group: _Open | None = None
    _guide: str = ""

    def feed(self, segment: Segment) -> None:
        """Take one segment of the envelope; what it ends without a trailer is said."""
        match segment.id:
            case "ISA":
                self._say_missing(self._end_interchange(), segment)
                self._interchange = _Open(segment, at(segment, 13))
            case "GS":
                self._say_missing(self._end_group(), segment)
                self._group = _Open(segment, at(segment, 6))
                self._guide = at(segment, 8)
                if self._interchange is not None:
                    self._interchange.held += 1
            case "ST":
                self._say_missing(self._end_transaction(), segment)
                self._begin(segment)
            case "SE":
                self._close(segment)
            case "GE":
                self._say_missing(self._end_transaction(), segment)
                self._trailer(segment, self._group, "transactions", "GS", "GS06")
                self._group = None
            case "IEA":
                self._say_missing(self._end_group(), segment)
                self._trailer(segment, self._interchange, "groups", "ISA", "ISA13")
                self._interchange = None
            case _:
                return

    def begin_unnamed(self, segment: Segment) -> Transaction:
        """A transaction for segments of claims that stand in none."""
        self.notes.warn("SEQ784", f"This {segment.id} stands in no transaction; the ST before it is missing.", segment)
        form, title = _form_of("837", self._guide)
        self.transaction = Transaction(segment, "837", "", self._guide, form, title)
        return self.transaction

    def finish(self, last: Segment | None) -> None:
        """The end of the file: what is still open has no trailer."""
        self._say_missing(self._end_interchange(), last)

    def _begin(self, segment: Segment) -> None:
        code, stated = at(segment, 1), at(segment, 3)
        guide = stated or self._guide
        form, title = _form_of(code, guide)
        if self._interchange is not None and self._group is None:
            self.notes.warn("SEQ784", "The GS before this ST is missing.", segment)
        if code not in TRANSACTIONS and code != "837" and _number(guide) in GUIDES:
            self.notes.warn(
                "SEQ765", f"ST01 is `{code}`, but `{guide}` is a guide of the 837; it is read as 837.", segment, 1
            )
            form, title = GUIDES[_number(guide)]
        if self._group is not None:
            self._group.held += 1
        self.transaction = Transaction(segment, code, at(segment, 2), guide, form, title)
        if not self.transaction.is_read:
            return
        self.anything = True
        if form is Form.UNSAID:
            self.notes.warn(
                "SEQ765",
                f"{_quoted(guide)} names no guide that is known; whether the claims are professional or institutional "
                "is told by the claims themselves.",
                segment,
                3,
                hint="ST03 is 005010X222A1 for professional claims and 005010X223A2 for institutional ones.",
            )
        elif not guide.startswith("005010"):
            self.notes.warn(
                "SEQ765", f"{_quoted(guide)} means {title}; they are read as those of version 005010.", segment, 3
            )
        elif stated and self._guide and _number(stated) != _number(self._guide):
            self.notes.warn("SEQ765", f"ST03 is `{stated}`, but GS08 is `{self._guide}`; ST03 is followed.", segment, 3)

    def _close(self, segment: Segment) -> None:
        transaction = self.transaction
        self.transaction = None
        if transaction is None or transaction.start.id != "ST":
            return
        if transaction.is_read and not transaction.claims and not transaction.orphans:
            said = f"Transaction {transaction.control} holds no claim (CLM)."
            self.notes.warn("SEQ785", said, transaction.start)
        counted = segment.number - transaction.start.number + 1
        self._count(segment, counted, "segments from ST to SE")
        self._control(segment, transaction.control, "ST02")

    def _trailer(self, segment: Segment, begun: _Open | None, what: str, header: str, control: str) -> None:
        if begun is None:
            if header == "GS" and self._interchange is not None:
                self.notes.warn("SEQ784", f"This {segment.id} closes a group that no {header} opened.", segment)
            return
        self._count(segment, begun.held, what)
        self._control(segment, begun.control, control)

    def _count(self, segment: Segment, counted: int, what: str) -> None:
        stated = at(segment, 1)
        if not (stated.isdecimal() and int(stated) == counted):
            shown = f"`{stated}`" if stated else "nothing"
            self.notes.warn("SEQ756", f"{segment.id}01 says {shown}, but there are {counted} {what}.", segment, 1)

    def _control(self, segment: Segment, expected: str, name: str) -> None:
        stated = at(segment, 2)
        if stated.lstrip("0") != expected.lstrip("0"):
            self.notes.warn(
                "SEQ757",
                f"{segment.id}02 is `{stated}`, but {name} is `{expected}`; they should be the same.",
                segment,
                2,
            )

    def _end_transaction(self) -> list[str]:
        """Close the transaction that has no SE; what is missing, for `_say_missing`."""
        transaction, self.transaction = self.transaction, None
        return ["SE"] if transaction is not None and transaction.start.id == "ST" else []

    def _end_group(self) -> list[str]:
        missing = self._end_transaction()
        group, self._group = self._group, None
        return [*missing, "GE"] if group is not None else missing

    def _end_interchange(self) -> list[str]:
        missing = self._end_group()
        interchange, self._interchange = self._interchange, None
        return [*missing, "IEA"] if interchange is not None else missing

    def _say_missing(self, missing: list[str], where: Segment | None) -> None:
        """One warning for the trailers that should stand before a segment, or before the end of the file."""
        if not missing or where is None:
            return
        trailers = " and the ".join([", the ".join(missing[:-1]), missing[-1]]) if len(missing) > 1 else missing[0]
        are = "are" if len(missing) > 1 else "is"
        self.notes.warn("SEQ784", f"The {trailers} {are} missing here.", where)


def _form_of(code: str, guide: str) -> tuple[Form, str]:
    if code != "837":
        return Form.OTHER, TRANSACTIONS.get(code, "a transaction that is not known here")
    return GUIDES.get(_number(guide), (Form.UNSAID, "claims (837)"))


def _number(guide: str) -> str:
    found = _GUIDE.match(guide)
    return found.group(1) if found else ""


def _quoted(guide: str) -> str:
    return f"`{guide}`" if guide else "An empty ST03"
