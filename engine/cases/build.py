"""Building the claim of a case from the coder's shorthand.

In:   a `Case`, and the nearest full claim above it.    Out: a `Draft`, and what is wrong with the shorthand.
Uses: syntax.cases, cases.draft, encounter.fields.      Used by: cases.run.

What a case does not state is unknown, except that the lists of a claim are complete.
"""

from decimal import Decimal, InvalidOperation
from typing import Any, assert_never

from sequela.engine.cases.draft import Draft, Part, coded_keys, line_keys, put, take
from sequela.engine.diagnostics.model import Diagnostic, Label
from sequela.engine.encounter.fields import Field, field_of, nearest_path
from sequela.engine.source import Span
from sequela.engine.syntax.cases import (
    Case,
    CaseChange,
    ChangeClaim,
    ChangeLine,
    ChangePatient,
    ClaimItem,
    ClaimPart,
    CodedPart,
    Completeness,
    DiagnosisPart,
    DocumentPart,
    FactOwner,
    FactPart,
    LineDetails,
    LinePart,
    LineWithout,
    PatientPart,
    ProcedurePart,
    WithItem,
    WithoutMember,
)
from sequela.engine.syntax.conditions import CodeLiteral, DateLiteral, Path, Value
from sequela.engine.syntax.node import Text
from sequela.engine.vocabulary.kinds import Kind, Scalar, WordOf

OWNERS = {
    "encounter": Kind.CLAIM,
    "patient": Kind.PATIENT,
    "line": Kind.LINE,
    "dx": Kind.DIAGNOSIS,
    "procedure": Kind.PROCEDURE,
    "history line": Kind.HISTORY_LINE,
    "document": Kind.DOCUMENT,
}


class Builder:
    """Builds one draft and collects what is wrong with the shorthand of its case."""

    def __init__(self, base: Draft | None) -> None:
        self.draft = base.copy() if base is not None else Draft()
        self.faults: list[Diagnostic] = []
        self._varies = base is not None

    def build(self, case: Case) -> Draft:
        """The draft of a case; `faults` say what could not be done."""
        if case.claim is not None:
            self._claim(case.claim)
        ordered = sorted(
            case.items, key=lambda item: isinstance(item, FactPart | LinePart) + isinstance(item, FactPart)
        )
        for item in ordered:  # lines point to diagnoses, facts speak of what is there
            self._item(item)
        for change in case.changes:
            self._change(change)
        return self.draft

    def _fault(self, code: str, message: str, span: Span, hint: str | None = None) -> None:
        self.faults.append(
            Diagnostic(code=code, message=message, at=Label(span), hint=hint, consequence="The case was not run.")
        )

    # ------------------------------------------------------------ items

    def _claim(self, part: ClaimPart) -> None:
        said: dict[str, Any] = {
            "setting": part.setting,
            "place": part.at,
            "payer": part.payer,
            "received": part.received.isoformat() if part.received else None,
            "admitted": part.admitted.isoformat() if part.admitted else None,
            "discharged": part.discharged.isoformat() if part.discharged else None,
        }
        self.draft.keys.update({key: value for key, value in said.items() if value is not None})
        if part.on is not None:
            self.draft.on = part.on

    def _item(self, item: ClaimItem) -> Part | None:
        draft, numbered = self.draft, not self._varies
        match item:
            case PatientPart():
                self._patient(item)
            case DiagnosisPart(code=code, poa=poa):
                return draft.add("dx", {"code": code} | ({"poa": poa} if poa else {}), item.span, numbered=numbered)
            case ProcedurePart(code=code, on=on):
                keys = {"code": code} | ({"date": on.isoformat()} if on else {})
                return draft.add("procedure", keys, item.span, numbered=numbered)
            case CodedPart():
                return draft.add(item.kind, coded_keys(item), item.span, numbered=numbered)
            case DocumentPart(kind=kind, supports=supports):
                return draft.add(
                    "document", {"kind": kind.value, "supports": list(supports)}, item.span, numbered=numbered
                )
            case LinePart(details=details, history=history):
                part = draft.add(
                    "history line" if history else "line", line_keys(details), item.span, numbered=numbered
                )
                if details.pointers is not None:
                    self._point(part, details, item.span, history)
                return part
            case Completeness(what=what):
                draft.complete.add(what)
            case FactPart():
                self._fact(item)
            case _:
                assert_never(item)
        return None

    def _patient(self, part: PatientPart) -> None:
        if part.sex is not None:
            self.draft.patient["sex"] = part.sex
        if part.born is not None:
            self.draft.patient["birth_date"] = part.born.isoformat()

    def _point(self, part: Part, details: LineDetails, span: Span, history: bool) -> None:
        found: list[Part] = []
        for number in details.pointers or ():
            diagnosis = self.draft.part("dx", number)
            if diagnosis is None:
                count = len(self.draft.parts["dx"])
                self._fault("SEQ801", f"The line points to dx {number}, and the claim has {count}.", span,
                            "`for 1, 2` counts the dx lines of the claim from 1.")  # fmt: skip
                continue
            found.append(diagnosis)
        if history:
            part.keys["diagnoses"] = [one.keys["code"] for one in found]
        else:
            part.pointers = tuple(found)

    def _fact(self, item: FactPart) -> None:
        fact = self._field(item.owner, item.path)
        if fact is None:
            return
        value = fact_value(fact, item.value)
        if value is None:
            self._fault("SEQ803", f"`{item.value.span.text}` cannot be the value of `{item.path.span.text}`.", item.value.span,
                        f"It takes {_takes(fact)}.")  # fmt: skip
            return
        keys = self._keys(item.owner, item.span)
        if keys is not None:
            put(keys, fact, value)

    # ------------------------------------------------------------ changes

    def _change(self, change: CaseChange) -> None:
        match change:
            case ChangeLine():
                self._change_line(change)
            case LineWithout(number=number, fact=path):
                owner = FactOwner(span=change.span, kind="line", number=number)
                fact, keys = self._field(owner, path), self._keys(owner, change.span)
                if fact is not None and keys is not None:
                    if fact.path == ("diagnoses",):
                        part = self.draft.part("line", number)
                        assert part is not None
                        part.pointers = None
                    take(keys, fact)
            case WithoutMember(kind=kind, number=number):
                part = self._part(kind, number, change.span)
                if part is not None:
                    part.removed = True
            case WithItem():
                self._with(change)
            case ChangePatient(patient=patient):
                self._patient(patient)
            case ChangeClaim(claim=claim):
                self._claim(claim)
            case _:
                assert_never(change)

    def _change_line(self, change: ChangeLine) -> None:
        part = self._part("line", change.number, change.span)
        if part is None:
            return
        keys = line_keys(change.details)
        if change.replaces_code:
            part.keys.pop("modifiers", None)
        part.keys.update(keys)
        if change.details.pointers is not None:
            self._point(part, change.details, change.span, history=False)

    def _with(self, change: WithItem) -> None:
        part = self._item(change.item)
        if part is None or change.before is None:
            return
        word = "dx" if isinstance(change.item, DiagnosisPart) else "procedure"
        members = self.draft.parts[word]
        anchor = self._part(word, change.anchor or 0, change.span, removed=True)
        if anchor is not None:
            members.remove(part)
            members.insert(members.index(anchor) + (0 if change.before else 1), part)

    # ------------------------------------------------------------ finding

    def _part(self, word: str, number: int, span: Span, *, removed: bool = False) -> Part | None:
        part = self.draft.part(word, number)
        if part is None or (part.removed and not removed):
            count = sum(one.number is not None for one in self.draft.parts[word])
            self._fault("SEQ802", f"The claim has no {word} {number}; it has {count}.", span,
                        "Numbers in a variation are those of the full claim above it.")  # fmt: skip
            return None
        return part

    def _keys(self, owner: FactOwner, span: Span) -> dict[str, Any] | None:
        if owner.kind == "encounter":
            return self.draft.keys
        if owner.kind == "patient":
            return self.draft.patient
        part = self._part(owner.kind, owner.number or 0, span)
        return None if part is None else part.keys

    def _field(self, owner: FactOwner, path: Path) -> Field | None:
        kind, name = OWNERS[owner.kind], ".".join(path.parts)
        fact = field_of(kind, name)
        if fact is None and kind in (Kind.LINE, Kind.HISTORY_LINE) and name == "diagnoses":
            return Field(kind, name, Scalar.TEXT, "", read=_nothing, sources=_nowhere, path=("diagnoses",))
        if fact is not None and fact.path:
            return fact
        close = nearest_path(kind, name)
        what = "is worked out from other facts" if fact is not None else f"is no fact of a {kind.value}"
        hint = f"Did you mean `{close}`?" if close and close != name else None
        if kind is Kind.LINE and name in ("modifier", "modifiers"):
            hint = f"A line's modifiers are a complete list: `line {owner.number} is CODE` takes them away."
        self._fault("SEQ804", f"`{name}` {what}.", path.span, hint)
        return None


def _nothing(member: object) -> None:
    return None


def _nowhere(member: object) -> tuple[str, ...]:
    return ()


def fact_value(fact: Field, value: Value) -> Any:
    """The value of a `fact` line as JSON; None where it is of another type than the fact."""
    match value:
        case DateLiteral(value=day):
            return day.isoformat() if fact.type is Scalar.DATE else None
        case Text(value=text):
            return text if fact.type is not Scalar.DATE and fact.type not in (Scalar.NUMBER, Scalar.YES_NO) else None
        case Path(parts=(word,)):
            if fact.type is Scalar.YES_NO:
                return {"yes": True, "no": False}.get(word)
            return word if isinstance(fact.type, WordOf) and word in fact.type.words else None
        case CodeLiteral(text=text):
            if fact.type is Scalar.NUMBER:
                return _number(text)
            if fact.type in (Scalar.DATE, Scalar.YES_NO):
                return None
            return text
        case _:
            return None


def _number(text: str) -> int | Decimal | None:
    try:
        return int(text) if text.isdigit() else Decimal(text)
    except InvalidOperation:
        return None


def _takes(fact: Field) -> str:
    match fact.type:
        case WordOf(words=words):
            return f"one of {', '.join(words)}"
        case Scalar.DATE:
            return "a date, as 2026-03-02"
        case Scalar.YES_NO:
            return "yes or no"
        case Scalar.NUMBER:
            return "a number"
        case Scalar.MONEY:
            return "an amount, as 120.00"
        case Scalar.TEXT:
            return "a text in quotes"
        case _:
            return "a code"
