"""Layout of tests: the lines of cases in their shorthand.

In:   a test.                      Out: `Row`s.
Uses: layout, phrases, cases.      Used by: format.
"""

import re
from typing import Final, assert_never

from sequela.engine.syntax import cases as t
from sequela.engine.syntax import phrases as p
from sequela.engine.syntax.layout import INDENT, WIDTH, Commented, Row, condition_rows, row
from sequela.engine.syntax.reserved import RESERVED

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_ITEM: Final = INDENT * 2
_UNDER: Final = INDENT * 3


def test_rows(test: t.TestDeclaration, commented: Commented) -> list[Row]:
    """`test ID, …` and its cases."""
    last = test.rules[-1]
    rows = [Row(f"test {p.names(test.rules)}", test.span.start, last.span.end)]
    for case in test.cases:
        rows += _case_rows(case, commented)
    return rows


def _case_rows(case: t.Case, commented: Commented) -> list[Row]:
    head = f"{INDENT}case {p.quoted(case.title)}"
    if case.claim is not None:
        rows = [
            Row(head, case.span.start, case.title.span.end),
            row(f"{_ITEM}{_claim(case.claim)}", case.claim),
            *(row(f"{_ITEM}{_item(item)}", item) for item in case.items),
        ]
    else:
        rows = _variation(f"{head} same as above but ", case, commented)
        rows += [row(f"{_ITEM}{_item(item)}", item) for item in case.items]
    for expectation in case.expects:
        rows += _expectation(expectation, commented)
    return rows


def _variation(lead: str, case: t.Case, commented: Commented) -> list[Row]:
    said = [_change(change) for change in case.changes]
    first, last = case.changes[0].span, case.changes[-1].span
    whole = lead + " and ".join(said)
    broken = len(said) > 1 and (len(whole) > WIDTH or commented(case.span.start, first.end, last.start, last.end))
    if not broken:
        return [Row(whole, case.span.start, last.end)]
    rows = [Row(f"{lead}{said[0]}", case.span.start, first.end)]
    for change, words in zip(case.changes[1:], said[1:], strict=True):
        rows.append(Row(f"{_UNDER}and {words}", change.span.start, change.span.end))
    return rows


# ---------------------------------------------------------------- the claim


def _claim(claim: t.ClaimPart) -> str:
    said = ["claim" if claim.setting is None else f"{claim.setting} claim"]
    if claim.on is not None:
        said.append(f"on {claim.on.isoformat()}")
    if claim.at is not None:
        said.append(f"at {claim.at}")
    if claim.payer is not None:
        said.append(f"for {_payer(claim.payer)}")
    whole = " ".join(said)
    dates = (("received", claim.received), ("admitted", claim.admitted), ("discharged", claim.discharged))
    for word, day in dates:
        if day is not None:
            comma = "" if whole == "claim" else ","
            whole += f"{comma} {word} {day.isoformat()}"
    return whole


def _payer(payer: str) -> str:
    is_name = _NAME.fullmatch(payer) is not None and payer not in RESERVED
    return payer if is_name else f'"{payer}"'


def _item(item: t.ClaimItem) -> str:
    match item:
        case t.PatientPart():
            return _patient(item)
        case t.DiagnosisPart(code=code, poa=poa):
            return f"dx   {code}" + ("" if poa is None else f" poa {poa}")
        case t.ProcedurePart(code=code, on=on):
            return f"procedure {code}" + ("" if on is None else f" on {on.isoformat()}")
        case t.CodedPart():
            return _coded(item)
        case t.DocumentPart(kind=kind, supports=supports):
            return f"document {p.quoted(kind)} supports {', '.join(supports)}"
        case t.LinePart(details=details, history=history):
            return f"{'history line' if history else 'line'} {_details(details)}"
        case t.Completeness(what=what):
            return f"{what} {'is' if what == 'history' else 'are'} complete"
        case t.FactPart(owner=owner, path=path, value=value):
            return f"fact {_fact(owner, path.parts)} is {p.words(value)}"
        case _:
            assert_never(item)


def _coded(item: t.CodedPart) -> str:
    said = f"{item.kind} {item.code}"
    if item.on is not None:
        said += f" on {item.on.isoformat()}"
    if item.to is not None:
        said += f" to {item.to.isoformat()}"
    return said if item.amount is None else f"{said} amount {item.amount}"


def _patient(patient: t.PatientPart) -> str:
    born = "" if patient.born is None else f"born {patient.born.isoformat()}"
    return " ".join(word for word in ("patient", patient.sex or "", born) if word)


def _details(details: t.LineDetails) -> str:
    said = []
    if details.code is not None:
        said.append("-".join((details.code, *(details.modifiers or ()))))
    if details.units is not None:
        said.append(f"x {details.units}")
    if details.on is not None:
        said.append(f"on {details.on.isoformat()}")
    if details.at is not None:
        said.append(f"at {details.at}")
    if details.pointers is not None:
        said.append(f"for {', '.join(str(number) for number in details.pointers)}")
    if details.by is not None:
        said.append(f'by "{details.by}"')
    if details.charge is not None:
        said.append(f"charge {details.charge}")
    return " ".join(said)


def _fact(owner: t.FactOwner, path: tuple[str, ...]) -> str:
    if owner.number is None:
        return ".".join((owner.kind, *path))
    return f"{owner.kind} {owner.number} {'.'.join(path)}"


# ---------------------------------------------------------------- changes


def _change(change: t.CaseChange) -> str:
    match change:
        case t.ChangeLine(number=number, details=details, replaces_code=replaces_code):
            return f"line {number} {'is ' if replaces_code else ''}{_details(details)}"
        case t.LineWithout(number=number, fact=fact):
            return f"line {number} without {'.'.join(fact.parts)}"
        case t.WithoutMember(kind=kind, number=number):
            return f"without {kind} {number}"
        case t.WithItem(item=item, before=before, anchor=anchor):
            said = f"with {re.sub(' +', ' ', _item(item)) if isinstance(item, t.DiagnosisPart) else _item(item)}"
            if before is None:
                return said
            noun = "dx" if isinstance(item, t.DiagnosisPart) else "procedure"
            return f"{said} {'before' if before else 'after'} {noun} {anchor}"
        case t.ChangePatient(patient=patient):
            return _patient(patient)
        case t.ChangeClaim(claim=claim):
            return _claim(claim)
        case _:
            assert_never(change)


# ---------------------------------------------------------------- expectations


def _expectation(found: t.Expectation, commented: Commented) -> list[Row]:
    match found:
        case t.ExpectStatus():
            return _status(found, commented)
        case t.ExpectSuggestion(rule=rule):
            about = "" if rule is None else f"{rule.text} "
            return [row(f"{_ITEM}expect {about}suggests {_suggestion(found)}", found)]
        case t.ExpectNothingFails():
            return [row(f"{_ITEM}expect nothing fails", found)]
        case _:
            assert_never(found)


def _status(found: t.ExpectStatus, commented: Commented) -> list[Row]:
    about = "" if found.rule is None else f"{found.rule.text} "
    at = "" if found.at is None else f" at {_place(found.at)}"
    lead = f"{_ITEM}expect {about}{found.status}{at}"
    asking = ""
    if found.asking is not None and found.asking_owner is not None:
        asking = f" asking {_fact(found.asking_owner, found.asking.parts)}"
    if found.because is None:
        return [row(f"{lead}{asking}", found)]
    rows = condition_rows(f"{lead} because ", found.because, found, _UNDER, commented)
    rows[-1].text += asking
    return rows


def _suggestion(found: t.ExpectSuggestion) -> str:
    subject = "" if found.subject is None else _place(found.subject)
    target = "" if found.target is None else _place(found.target)
    match found.change:
        case "add modifier":
            return f"add modifier {found.code} to {subject}"
        case "remove modifier":
            return f"remove modifier {found.code} from {subject}"
        case "replace modifier":
            return f"replace modifier {found.code} on {subject} by {found.by}"
        case "move":
            return f"move {subject} " + (f"{'before' if found.before else 'after'} {target}" if target else "first")
        case "point":
            return f"point {subject} to {target}"
        case _:
            return f"replace {subject} by {found.code}"


def _place(place: t.Place) -> str:
    return f"{place.kind} {place.number}"
