"""Build, the tests: cases in a coder's shorthand.

In:   the children of a grammar rule: tokens and nodes, in the order of the text.    Out: nodes of cases.py.
Uses: build_conditions, cases.                                                       Used by: build.
Not here: whether a case has an `expect`, or says a thing twice (clauses).
"""

from typing import Any

from msgspec.structs import replace

from sequela.engine.source import Span
from sequela.engine.syntax import cases as t
from sequela.engine.syntax.build_conditions import (
    Children,
    day_of,
    literal_of,
    name_of,
    path_of,
    span_of,
    text_of,
    words_of,
)
from sequela.engine.syntax.conditions import Path
from sequela.engine.syntax.node import Name, Node
from sequela.engine.syntax.scan import Token

Said = tuple[Span, dict[str, Any]]


class SaidTwiceError(ValueError):
    """A shorthand says a thing twice: it is no declaration, and pieces reports where."""


def _gathered(parts: Children) -> dict[str, Any]:
    """What the parts of a shorthand say together. Raises: SaidTwiceError."""
    said: dict[str, Any] = {}
    for part in parts:
        if not said.keys().isdisjoint(part[1]):
            raise SaidTwiceError
        said.update(part[1])
    return said


def _owned(children: Children) -> tuple[t.FactOwner, Path]:
    """Whose fact, and the fact: `line 1 authorization`, or a path whose first word is the owner."""
    if isinstance(children[0], t.FactOwner):
        return children[0], path_of(children[1])
    whole = path_of(children[0])
    owner = t.FactOwner(span=whole.span, kind=whole.parts[0], number=None)
    return owner, Path(span=whole.span, parts=whole.parts[1:])


class BuildCases:
    """One method for every grammar rule of tests."""

    def test(self, children: Children) -> t.TestDeclaration:
        """`test ID, …` and its cases."""
        return t.TestDeclaration(span=span_of(children), rules=children[0][1], cases=tuple(children[1:]))

    def test_head(self, children: Children) -> tuple[Span, tuple[Name, ...]]:
        """`test ID, …`."""
        return span_of(children), tuple(name_of(token) for token in children[1::2])

    def case(self, children: Children) -> t.Case:
        """A case with its items and expectations."""
        _, title, claim, changes = children[0]
        expects = tuple(
            child
            for child in children[1:]
            if isinstance(child, t.ExpectStatus | t.ExpectSuggestion | t.ExpectNothingFails)
        )
        items = tuple(children[1 : len(children) - len(expects)])
        return t.Case(span=span_of(children), title=title, claim=claim, items=items, changes=changes, expects=expects)

    def case_full(self, children: Children) -> tuple[Span, Any, Any, tuple[()]]:
        """`case "…"` and a full claim."""
        return span_of(children), text_of(children[1]), children[2], ()

    def case_variation(self, children: Children) -> tuple[Span, Any, None, tuple[Node, ...]]:
        """`case "…" same as above but …`."""
        return span_of(children), text_of(children[1]), None, tuple(children[6::2])

    # ------------------------------------------------------------ the claim

    def claim(self, children: Children) -> t.ClaimPart:
        """`professional claim on DATE …`."""
        setting = children[0].text if children[0].kind == "SETTING" else None
        parts = children[2 if setting else 1 :]
        return t.ClaimPart(span=span_of(children), setting=setting, **_gathered(parts))

    def claim_on(self, children: Children) -> Said:
        """`on DATE`."""
        return span_of(children), {"on": day_of(children[1])}

    def claim_at(self, children: Children) -> Said:
        """`at POS`."""
        return span_of(children), {"at": children[1].text}

    def claim_for(self, children: Children) -> Said:
        """`for PAYER`."""
        payer = children[1]
        return span_of(children), {"payer": payer.text[1:-1] if payer.kind == "QUOTED" else payer.text}

    def claim_date(self, children: Children) -> Said:
        """`, received DATE`."""
        return span_of(children), {children[-2].text: day_of(children[-1])}

    # ------------------------------------------------------------ items

    def item(self, children: Children) -> Node:
        """One item by itself."""
        return children[0]  # type: ignore[no-any-return]

    def patient(self, children: Children) -> t.PatientPart:
        """`patient female born DATE`."""
        sex = children[1].text if type(children[1]) is Token else None
        born = children[-1][1] if isinstance(children[-1], tuple) else None
        return t.PatientPart(span=span_of(children), sex=sex, born=born)

    def born(self, children: Children) -> tuple[Span, Any]:
        """`born DATE`."""
        return span_of(children), day_of(children[1])

    def dx(self, children: Children) -> t.DiagnosisPart:
        """`dx E11.9 poa Y`."""
        poa = children[3].text if len(children) == 4 else None
        return t.DiagnosisPart(span=span_of(children), code=children[1].text, poa=poa)

    def procedure(self, children: Children) -> t.ProcedurePart:
        """`procedure 0DTJ4ZZ on DATE`."""
        on = day_of(children[3]) if len(children) == 4 else None
        return t.ProcedurePart(span=span_of(children), code=children[1].text, on=on)

    def coded(self, children: Children) -> t.CodedPart:
        """`condition-code 44`, `occurrence 11 on DATE`, `value-code 80 amount 3`."""
        kind, said = children[0].text, [token.text for token in children[2:]]
        on = day_of(children[3]) if said[:1] == ["on"] else None
        to = day_of(children[5]) if said[2:3] == ["to"] else None
        amount = said[1] if said[:1] == ["amount"] else None
        return t.CodedPart(span=span_of(children), kind=kind, code=children[1].text, on=on, to=to, amount=amount)

    def document(self, children: Children) -> t.DocumentPart:
        """`document "kind" supports CODE, …`."""
        supports = tuple(token.text for token in children[3::2])
        return t.DocumentPart(span=span_of(children), kind=text_of(children[1]), supports=supports)

    def line(self, children: Children) -> t.LinePart:
        """`line 99213-25 …`."""
        return t.LinePart(span=span_of(children), details=self._details(children[1:]))

    def history_line(self, children: Children) -> t.LinePart:
        """`history line 99213 …`."""
        return t.LinePart(span=span_of(children), details=self._details(children[2:]), history=True)

    def _details(self, children: Children) -> t.LineDetails:
        """What is said of a line; a code with its modifiers may stand first."""
        span = span_of(children)
        if type(children[0]) is not Token:
            return t.LineDetails(span=span, **_gathered(children))
        code, *modifiers = children[0].text.split("-")
        return t.LineDetails(span=span, code=code, modifiers=tuple(modifiers), **_gathered(children[1:]))

    def units(self, children: Children) -> Said:
        """`x 2`."""
        return span_of(children), {"units": children[1].text}

    def on_date(self, children: Children) -> Said:
        """`on DATE`."""
        return span_of(children), {"on": day_of(children[1])}

    def at_place(self, children: Children) -> Said:
        """`at POS`."""
        return span_of(children), {"at": children[1].text}

    def pointers(self, children: Children) -> Said:
        """`for 1, 2`."""
        return span_of(children), {"pointers": tuple(int(token.text) for token in children[1::2])}

    def by_provider(self, children: Children) -> Said:
        """`by "NPI"`."""
        return span_of(children), {"by": children[1].text[1:-1]}

    def charge(self, children: Children) -> Said:
        """`charge 120.00`."""
        return span_of(children), {"charge": children[1].text}

    def complete_list(self, children: Children) -> t.Completeness:
        """`history is complete`, `documents are complete`."""
        return t.Completeness(span=span_of(children), what=children[0].text)

    def fact(self, children: Children) -> t.FactPart:
        """`fact line 1 authorization is "A-1"`."""
        owner, path = _owned(children[1:-2])
        return t.FactPart(span=span_of(children), owner=owner, path=path, value=children[-1])

    def owner(self, children: Children) -> t.FactOwner:
        """`line 1`, `history line 2`."""
        kind, number = words_of(children[:-1]), int(children[-1].text)
        return t.FactOwner(span=span_of(children), kind=kind, number=number)

    def stated(self, children: Children) -> Any:
        """The value of a stated fact."""
        return literal_of(children[0])

    # ------------------------------------------------------------ changes

    def change_line(self, children: Children) -> t.ChangeLine:
        """`line 2 at 23`."""
        return t.ChangeLine(
            span=span_of(children),
            number=int(children[1].text),
            details=self._details(children[2:]),
            replaces_code=False,
        )

    def change_code(self, children: Children) -> t.ChangeLine:
        """`line 2 is 99213-25`."""
        return t.ChangeLine(
            span=span_of(children),
            number=int(children[1].text),
            details=self._details(children[3:]),
            replaces_code=True,
        )

    def line_without(self, children: Children) -> t.LineWithout:
        """`line 2 without provider`."""
        return t.LineWithout(span=span_of(children), number=int(children[1].text), fact=path_of(children[3]))

    def without_member(self, children: Children) -> t.WithoutMember:
        """`without line 2`."""
        return t.WithoutMember(span=span_of(children), kind=children[1].text, number=int(children[2].text))

    def with_item(self, children: Children) -> t.WithItem:
        """`with dx G30.9 before dx 1`."""
        before, anchor = children[2][1:] if len(children) == 3 else (None, None)
        return t.WithItem(span=span_of(children), item=children[1], before=before, anchor=anchor)

    def anchor(self, children: Children) -> tuple[Span, bool, int]:
        """`before dx 1`."""
        return span_of(children), children[0].text == "before", int(children[2].text)

    def change_patient(self, children: Children) -> t.ChangePatient:
        """`patient male`."""
        return t.ChangePatient(span=span_of(children), patient=children[0])

    def change_claim(self, children: Children) -> t.ChangeClaim:
        """`claim on DATE`."""
        return t.ChangeClaim(span=span_of(children), claim=self.claim(children))

    # ------------------------------------------------------------ expectations

    def expectation(self, children: Children) -> Node:
        """One expectation by itself."""
        return children[0]  # type: ignore[no-any-return]

    def expect_status(self, children: Children) -> t.ExpectStatus:
        """`expect MOD-25 fail at line 1`."""
        said: dict[str, Any] = {"rule": None}
        for child in children[1:]:
            if type(child) is Token:
                said["rule"] = name_of(child)
            else:
                said.update(child[1])
        return t.ExpectStatus(span=span_of(children), **said)

    def status(self, children: Children) -> Said:
        """`not applicable`."""
        return span_of(children), {"status": words_of(children)}

    def at(self, children: Children) -> Said:
        """`at line 1`."""
        return span_of(children), {"at": children[1]}

    def place(self, children: Children) -> t.Place:
        """`line 1`."""
        return t.Place(span=span_of(children), kind=words_of(children[:-1]), number=int(children[-1].text))

    def because(self, children: Children) -> Said:
        """`because C`."""
        return span_of(children), {"because": children[1]}

    def asking(self, children: Children) -> Said:
        """`asking line 2 provider`."""
        owner, path = _owned(children[1:])
        return span_of(children), {"asking_owner": owner, "asking": path}

    def expect_suggestion(self, children: Children) -> t.ExpectSuggestion:
        """`expect suggests …`."""
        rule = name_of(children[1]) if children[1].kind == "UPPER" else None
        return replace(children[-1], span=span_of(children), rule=rule)  # type: ignore[no-any-return]

    def expect_add(self, children: Children) -> t.ExpectSuggestion:
        """`add modifier 25 to line 1`."""
        return t.ExpectSuggestion(
            span=span_of(children), rule=None, change="add modifier", code=children[2].text, subject=children[4]
        )

    def expect_remove(self, children: Children) -> t.ExpectSuggestion:
        """`remove modifier 25 from line 1`."""
        return t.ExpectSuggestion(
            span=span_of(children), rule=None, change="remove modifier", code=children[2].text, subject=children[4]
        )

    def expect_replace_modifier(self, children: Children) -> t.ExpectSuggestion:
        """`replace modifier 59 on line 1 by XS`."""
        _, _, code, _, subject, _, by = children
        return t.ExpectSuggestion(
            span=span_of(children), rule=None, change="replace modifier", code=code.text, subject=subject, by=by.text
        )

    def expect_move(self, children: Children) -> t.ExpectSuggestion:
        """`move dx 2 before dx 1`, `move dx 2 first`."""
        subject, place = children[1:3]
        target = children[3] if len(children) > 3 else None
        before = place.text != "after"
        span = span_of(children)
        return t.ExpectSuggestion(span=span, rule=None, change="move", subject=subject, target=target, before=before)

    def expect_point(self, children: Children) -> t.ExpectSuggestion:
        """`point line 1 to dx 2`."""
        _, subject, _, target = children
        return t.ExpectSuggestion(span=span_of(children), rule=None, change="point", subject=subject, target=target)

    def expect_replace(self, children: Children) -> t.ExpectSuggestion:
        """`replace dx 1 by E11.22`."""
        _, subject, _, code = children
        return t.ExpectSuggestion(span=span_of(children), rule=None, change="replace", subject=subject, code=code.text)

    def expect_nothing(self, children: Children) -> t.ExpectNothingFails:
        """`expect nothing fails`."""
        return t.ExpectNothingFails(span=span_of(children))
