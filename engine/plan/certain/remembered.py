"""Remembered: what is known of lines, or diagnoses, that are alike, and beside which others it holds.

In:   the rules that are asked of one member alone, and a copy of a claim with it.     Out: `Entry`, `Answer`.
Uses: plan.certain.alone, plan.index.                                                  Used by: plan.certain.alike.
Not here: which members are alike (alike).
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from msgspec import Struct, field

from sequela.engine.encounter.view import READERS, View
from sequela.engine.model.nodes import SetDefinition
from sequela.engine.plan.certain.alone import Alone, applies, came
from sequela.engine.plan.certain.claim import Record
from sequela.engine.plan.certain.grouped import Decide
from sequela.engine.plan.certain.needed import Marked
from sequela.engine.plan.certain.own import Apart, Other
from sequela.engine.plan.compiler import Compiler
from sequela.engine.plan.index import CodeIndex
from sequela.engine.plan.logic import FALSE, Context
from sequela.engine.plan.sets import member_answer
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import Kind

OTHERS: Final = 1
SAME_CODE: Final = 2
DAYS: Final = 4
_SETS: Final = 8
"""Bits: another member is there; two may have the same code; the lines lie in several stretches of days; then the sets."""

Came = tuple[int, int, tuple[int, ...]]
"""The place of a rule, what came of it, and the places of modifiers that are bound beside the member."""


class Answer(Struct, eq=False):
    """What is known of a member beside some others: what came of rules, and what decides the others."""

    came: Sequence[Came]
    decide: Decide | None
    same: dict[Record, Record]
    """Records that were made of any member: what is remembered of many members is mostly the same."""
    made: dict[int, list[Record]] = field(default_factory=dict)

    def at(self, place: int) -> list[Record]:
        """The records of a member in a place of its list."""
        same = self.same
        records = [(rule, status, place, *more) for rule, status, more in self.came]
        found = self.made[place] = [same.setdefault(one, one) for one in records]
        return found


class Entry(Struct, eq=False):
    """What is known of members that are alike.

    `mask` has the bits of the sets in which such a member may be, `relevant` the bits of others that matter to it.
    `conditional` holds what is certain beside others without some bits, `unneeded` the rules that do not apply beside others
    without the bits of one of several; `left` are the rules that have to look at the claim whatever the others are.
    """

    code: Any
    mask: int = OTHERS
    relevant: int = 0
    certain: list[Came] = field(default_factory=list)
    conditional: list[tuple[int, int, list[Came]]] = field(default_factory=list)
    unneeded: list[tuple[tuple[int, ...], int]] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    answers: dict[int, Answer] = field(default_factory=dict)

    def beside(self, others: int) -> tuple[list[Came], list[int]]:
        """What came of rules, and the places of those that look at the claim, beside others with these bits."""
        known, left = list(self.certain), list(self.left)
        for needs, place, found in self.conditional:
            if needs & others:
                left.append(place)
            else:
                known.extend(found)
        left.extend(place for needs, place in self.unneeded if all(one & others for one in needs))
        return known, sorted(left)


class Rules:
    """The rules of one kind of member that are asked of one alone, and the sets that they ask of others."""

    def __init__(self, kind: Kind, asked: Iterable[Alone], facts: frozenset[str], compiler: Compiler) -> None:
        """`facts` are the names of those facts of the claim that the rules read."""
        self.facts = facts
        self._came: dict[Came, Came] = {}
        self._kind = kind
        self._compiler = compiler
        self._asked = {one.place: one for one in asked if one.kind is kind}
        self.places = frozenset(self._asked)
        self._everyone = [place for place, one in self._asked.items() if one.codes is None]
        self._by_code = CodeIndex([(place, each) for place, one in self._asked.items() for each in one.codes or ()])
        self._marked = Marked((place, one.marks) for place, one in self._asked.items())
        self._sets: dict[int, tuple[int, SetDefinition]] = {}
        for one in self._asked.values():
            self._needs((*one.others, *one.narrower_others, *one.partners))
        sets = self._sets.values()
        self._text_index = CodeIndex([(bit, one) for bit, one in sets if one.is_text_only])
        self._from_tables = [(bit, compiler.set(one)) for bit, one in sets if not one.is_text_only]

    def _needs(self, others: Iterable[Other]) -> int:
        """The bits of others from which a member must be apart."""
        found = 0
        for one in others:
            if isinstance(one, Apart):
                found |= OTHERS if one is Apart.OTHERS else SAME_CODE
                continue
            known = self._sets.get(id(one))
            if known is None:
                known = self._sets[id(one)] = (_SETS << len(self._sets), one)
            found |= known[0] if one.is_text_only else known[0] | DAYS
        return found

    def entry(self, view: View) -> Entry:
        """What is known of a member, which is not the first one, from a copy of its claim in which it is alone."""
        member = view.claim if self._kind is Kind.CLAIM else READERS[self._kind](view)[0]
        found = Entry(member.code)
        context = Context(view)
        context.date = member.data.date if self._kind is Kind.LINE else view.default_date()
        found.mask |= sum(self._text_bits(member.code))
        for bit, contains in self._from_tables:
            if member_answer(contains, member.code, context) != FALSE:
                found.mask |= bit
        return self._asked_of(view, found, only_first=False)

    def first(self, view: View, entry: Entry) -> Entry:
        """The same of the first one, of which else all is known."""
        found = Entry(entry.code, entry.mask, entry.relevant)
        found.certain, found.conditional = list(entry.certain), list(entry.conditional)
        found.unneeded, found.left = list(entry.unneeded), list(entry.left)
        return self._asked_of(view, found, only_first=True)

    def _text_bits(self, code: Any) -> Sequence[int]:
        """The bits of the sets, of which text decides, that may hold a code."""
        if code is NONE:
            return ()
        return self._text_index.everyone if code is None else self._text_index.rules(code)

    def _asked_of(self, view: View, entry: Entry, *, only_first: bool) -> Entry:
        begins: dict[str, bool] = {}
        apart = self._marked.apart[view.encounter.lines[0].modifiers] if self._kind is Kind.LINE else ()
        for place in self._of(entry.code):
            one = self._asked[place]
            if one.only_first is only_first and place not in apart:
                self._ask(one, view, entry, begins)
        for needs, *_ in entry.conditional:
            entry.relevant |= needs
        for several, _ in entry.unneeded:
            for needs in several:
                entry.relevant |= needs
        return entry

    def _of(self, code: Any) -> list[int]:
        """The rules that a member with this code may concern."""
        if code is NONE:
            return self._everyone
        filed = dict.fromkeys(self._by_code.everyone) if code is None else self._by_code.rules(code)  # once each
        return [*filed, *self._everyone]

    def _ask(self, one: Alone, view: View, entry: Entry, begins: dict[str, bool]) -> None:
        for table, ask in one.first_keys:
            there = None if table is None else begins.get(table)
            if there is None:
                there = ask(view)
                if table is not None:
                    begins[table] = there
            if not there:
                return
        undated = DAYS if one.undated else 0
        if one.gate is not None and not undated and not applies(one.gate, view):
            return
        if one.whole is not None:
            several_came = [(one.place, status, more) for status, more in came(one.whole, view)]
            found = [self._came.setdefault(each, each) for each in several_came]
            needs = self._needs(one.others) | undated
            if needs:
                entry.conditional.append((needs, one.place, found))
            else:
                entry.certain.extend(found)
            return
        several: list[int] = []
        if one.gate is not None and undated and not applies(one.gate, view):
            several.append(undated)
        several.extend(self._needs((partners,)) for partners in one.partners)
        if one.narrower is not None and not applies(one.narrower, view):
            several.append(self._needs(one.narrower_others) | undated)
        if several:
            entry.unneeded.append((tuple(several), one.place))
        else:
            entry.left.append(one.place)
