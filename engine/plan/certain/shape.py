"""Shape: the function that decides one version of a rule on one member, written out and compiled.

In:   a rule's version on its dates.                    Out: `Written`: the function, and what triggers it.
Uses: plan.certain.conditions, values, writer, claim.   Used by: plan.certain.dispatch.
Not here: which members are looked at (dispatch).

    v1 = data.units
    if v1 is None:
        return claim.bail(rule)
    ...

`data` is the line or diagnosis, as sent, in place `at`. A rule for which every member will do goes through all of them itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from re import search
from typing import Final

from msgspec import Struct

from sequela.engine.evaluate.operations import within
from sequela.engine.model.nodes import AllOf, Binding, Condition, Domain, Fact, InSet, Is, Literal, SetDefinition
from sequela.engine.model.rules import (
    Binder,
    DateBasis,
    ForClaim,
    ForFirstDiagnosis,
    ForMembers,
    LookUp,
    Rule,
    RuleVersion,
    Segment,
)
from sequela.engine.plan.certain.claim import (
    NO_DIAGNOSIS,
    code_of,
    normal_diagnosis,
    normal_modifiers,
    normal_place,
    normal_service,
)
from sequela.engine.plan.certain.conditions import (
    code_of_line,
    in_set,
    known_before,
    members,
    same_as,
    write_condition,
)
from sequela.engine.plan.certain.grouped import Written
from sequela.engine.plan.certain.listed import holds_none
from sequela.engine.plan.certain.look_ups import (
    ask_first_keys,
    ask_second_keys,
    each_beside,
    pair_of,
    write_look_ups,
)
from sequela.engine.plan.certain.writer import INDENT, Place, Unwritten, Writer
from sequela.engine.plan.compiler import Compiler
from sequela.engine.plan.intervals import Measured
from sequela.engine.tables.model import MatchState
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.kinds import Kind

_DATES: Final = {
    DateBasis.DISCHARGE: "claim.encounter.discharged",
    DateBasis.ADMISSION: "claim.encounter.admitted",
    DateBasis.STATEMENT: "claim.encounter.statement_from",
    DateBasis.RECEIVED: "claim.encounter.received",
}
_OF_CLAIM: Final = {
    "lines": "claim.lines",
    "line_codes": "claim.known_line_codes or claim.line_codes()",
    "codes": "claim.known_codes or claim.codes()",
    "listed": "claim.known_listed or claim.listed()",
    "diagnoses": "claim.encounter.diagnoses",
}
"""What the code of a shape reads from the claim first, where it needs it."""

NAMES: Final = {
    "NONE": NONE,
    "NO_DIAGNOSIS": NO_DIAGNOSIS,
    "CERTAIN": MatchState.CERTAIN,
    "Measured": Measured,
    "is_within": within,
    "code_of": code_of,
    "normal_diagnosis": normal_diagnosis,
    "normal_modifiers": normal_modifiers,
    "normal_place": normal_place,
    "normal_service": normal_service,
}
"""What the written code speaks of by name."""


class Trigger(Struct, frozen=True, eq=False):
    """What a claim must hold for a rule to have a subject: a member of `kind`, whose code is in `within` where that is there.

    `kind` is CLAIM for a rule that every claim meets.
    """

    kind: Kind
    within: SetDefinition | str | None


def trigger_of(version: RuleVersion) -> Trigger | None:
    """What triggers a version; None where no code is written for its subjects."""
    match version.subjects:
        case ForClaim():
            return Trigger(Kind.CLAIM, None)
        case ForFirstDiagnosis(binding=binding):
            return Trigger(Kind.DIAGNOSIS, _asked_of(binding, version))
        case ForMembers(binders=binders):
            first = binders[0]
            if first.kind not in (Kind.LINE, Kind.DIAGNOSIS) or first.of is not None:
                return None
            if isinstance(first.within, SetDefinition) and first.within.is_text_only:
                return Trigger(first.kind, first.within)
            return Trigger(first.kind, _asked_of(first.binding, version))
        case _:
            return None


def _asked_of(binding: Binding, version: RuleVersion) -> SetDefinition | str | None:
    """The set, or the one code, that the top `and` of `when` asks of a bound member: without it the rule does not apply."""
    if version.when is None:
        return None
    condition = version.when.condition
    for part in condition.parts if isinstance(condition, AllOf) else (condition,):
        match part:
            case InSet(left=Fact(binding=asked, fact=fact), within=SetDefinition() as within):
                if asked == binding and fact.name == "code" and within.is_text_only:
                    return within
            case Is(left=Fact(binding=asked, fact=fact), right=Literal(value=str() as code)):
                if asked == binding and fact.name == "code":
                    return code
            case _:
                pass
    return None


def written(
    rule: Rule, segment: Segment, place: int, setting: str, compiler: Compiler, *, each: bool = False
) -> Written | None:
    """The code for a version of a rule on its dates, for claims in a setting; None where a part cannot be written.

    With `each` it decides the member that it is handed, for a rule for which every member will do, too.
    """
    found = attempt(rule, segment, place, setting, compiler, each=each)
    return found if isinstance(found, Written) else None


def attempt(
    rule: Rule, segment: Segment, place: int, setting: str, compiler: Compiler, *, each: bool = False
) -> Written | str:
    """The same, or in some words the part for which no code is written."""
    version = segment.version
    if any(one.late for one in version.look_ups):  # what is read through a witness is not there, and bails
        return "a look-up by a member that a condition finds"
    by_code = all_of(rule) is None
    writer = Writer(professional=setting == "professional", standard=by_code and not each, slot_count=version.slots)
    try:
        _write(rule, segment, writer, compiler, through_all=not each and not by_code)
    except Unwritten as part:
        return str(part)
    body = "\n".join(writer.lines)
    heads = [f"{INDENT * 2}{one} = {read}" for one, read in _OF_CLAIM.items() if search(rf"(?<![.\w]){one}\b", body)]
    return Written("\n".join([*heads, body]), (place, *writer.parameters))


# ---------------------------------------------------------------- the function, from its head to its records


def _write(rule: Rule, segment: Segment, writer: Writer, compiler: Compiler, *, through_all: bool) -> None:
    version = segment.version
    writer.day = _DATES.get(rule.date_basis)
    bound: list[Place] = []
    match version.subjects:
        case ForClaim():
            _rest(segment, (), bound, writer, compiler)
        case ForFirstDiagnosis(binding=binding):
            if not through_all:
                writer.write("if at: return")
            else:
                writer.write("if not codes: return")
                writer.write("at = 0")
            bound.append(_first(Kind.DIAGNOSIS, binding, writer))
            _rest(segment, (), bound, writer, compiler)
        case ForMembers(binders=binders):
            first = binders[0]
            if first.excluded or not _by_set(first):
                raise Unwritten("a list of another member")
            of_lines = pair_of_lines(rule, compiler) if through_all else None
            if of_lines is not None:
                writer.pairs = of_lines.binding.slot
            elif any(one.kind is first.kind is Kind.LINE and first.binding in one.excluded for one in binders[1:]):
                writer.write("if len(lines) < 2: return")
            with _every(rule, first, writer, compiler) if through_all and of_lines is None else nullcontext():
                _of_first(rule, segment, binders, bound, writer, compiler)
        case _:
            raise Unwritten("groups")


def all_of(rule: Rule) -> Kind | None:
    """The kind of which every member can concern a rule, whatever its code, so that its code goes through all of them."""
    found = [trigger_of(segment.version) for segment in rule.segments]
    return next((one.kind for one in found if one is not None and one.within is None), None)


def pair_of_lines(rule: Rule, compiler: Compiler) -> LookUp | None:
    """The look-up of a rule that asks a table by the codes of any two lines: `pairs` tells which lines it can concern."""
    of_line_date = all_of(rule) is Kind.LINE and rule.date_basis not in _DATES
    return pair_of(rule, compiler) if of_line_date else None


@contextmanager
def _every(rule: Rule, first: Binder, writer: Writer, compiler: Compiler) -> Iterator[None]:
    """The loop over all lines, or all diagnoses."""
    writer.leave = "continue"
    pair = pair_of(rule, compiler) if first.kind is Kind.DIAGNOSIS else None
    if pair is not None:
        with each_beside(pair, writer, compiler):
            yield
        return
    if first.kind is Kind.LINE:
        if first.within is not None:
            writer.codes_known()
        head = "for at, data in enumerate(lines):"
    else:
        head = "for at in range(len(codes)):"
    with writer.block(head):
        yield


def _of_first(
    rule: Rule,
    segment: Segment,
    binders: tuple[Binder, ...],
    bound: list[Place],
    writer: Writer,
    compiler: Compiler,
) -> None:
    """Everything that is asked of one member that the first binder ranges over."""
    first = binders[0]
    for binder in binders[1:]:
        _there(binder, writer, compiler)
    bound.append(_first(first.kind, first.binding, writer))
    if first.kind is Kind.LINE and writer.day is None:
        writer.day = f"{bound[0].data}.date"
    ready = writer.day is not None or not _binds_a_line(binders)
    _date_window(segment, writer, ready=ready)
    if isinstance(first.within, SetDefinition) and (len(rule.segments) > 1 or not first.within.is_text_only):
        # another version's set may have brought the member here, or none has been asked yet
        if not ready:
            raise Unwritten("a date that a later member governs")
        is_line = first.kind is Kind.LINE
        in_set(first.within, bound[0].code, writer, compiler, otherwise=writer.leave, may_be_none=is_line)
    _rest(segment, binders[1:], bound, writer, compiler)


def _there(binder: Binder, writer: Writer, compiler: Compiler) -> None:
    """Nothing is asked where no line, or no diagnosis, of the claim is what a later binder ranges over."""
    if binder.of is not None or not isinstance(binder.within, SetDefinition) or not binder.within.is_text_only:
        return
    if binder.kind is Kind.LINE:
        writer.codes_known()
        writer.write(f"if {holds_none(binder.within, 'line_codes', writer, compiler)}: {writer.leave}")
    elif binder.kind is Kind.DIAGNOSIS:
        writer.write(f"if {holds_none(binder.within, 'codes', writer, compiler)}: {writer.leave}")


def _by_set(binder: Binder) -> bool:
    """Whether a binder ranges over all, or over a declared set."""
    return binder.within is None or isinstance(binder.within, SetDefinition)


def _binds_a_line(binders: tuple[Binder, ...]) -> bool:
    return any(binder.kind is Kind.LINE for binder in binders)


def _first(kind: Kind, binding: Binding, writer: Writer) -> Place:
    if kind is Kind.LINE:
        place = Place(kind, "data", code_of_line("data", standard=writer.standard), "at", sent="data.code")
    else:
        place = Place(kind, "", "normal_diagnosis[data.code]" if writer.standard else "codes[at]", "at")
    writer.slots[binding.slot] = place
    return place


def _date_window(segment: Segment, writer: Writer, *, ready: bool) -> None:
    if segment.first is None and segment.last is None:
        return
    if not ready:
        raise Unwritten("a date that a later member governs")
    day = writer.governing_date()
    first = writer.parameter(segment.first or date.min)
    last = writer.parameter(segment.last or date.max)
    writer.write(f"if not {first} <= {day} <= {last}: {writer.leave}")


def _rest(
    segment: Segment, binders: tuple[Binder, ...], bound: list[Place], writer: Writer, compiler: Compiler
) -> None:
    """The other binders, one loop each; then the look-ups; then what the rule asks."""
    if not isinstance(segment.version.subjects, ForMembers):
        _date_window(segment, writer, ready=True)
    if not binders:
        write_look_ups(
            segment.version.look_ups, lambda: _decide(segment.version, bound, writer, compiler), writer, compiler
        )
        return
    binder, others = binders[0], binders[1:]
    if binder.kind is Kind.MODIFIER or not _by_set(binder):
        raise Unwritten("a binder")
    if binder.kind is Kind.LINE and writer.day is None:
        raise Unwritten("a date that a later member governs")
    domain = Domain(
        span=binder.span,
        kind=binder.kind,
        binding=binder.binding,
        of=binder.of,
        within=binder.within,
        excluded=binder.excluded,
        later=binder.later,
        where=None,
    )
    subjects = segment.version.subjects
    assert isinstance(subjects, ForMembers)
    ask_first_keys(segment.version.look_ups, writer, compiler)

    def read_first() -> None:
        for earlier in bound:
            known_before(subjects.same_names, earlier, writer)

    with members(domain, writer, compiler, read_first) as place:
        ask_second_keys(segment.version.look_ups, binder.binding, writer)
        for earlier in bound:
            same_as(subjects.same_names, earlier, place, writer)
        bound.append(place)
        _rest(segment, others, bound, writer, compiler)


def _decide(version: RuleVersion, bound: list[Place], writer: Writer, compiler: Compiler) -> None:
    places = "".join(f", {place.at}" for place in bound)
    blocks = []
    conditions: list[tuple[Condition, bool]] = []
    if version.when is not None:
        conditions.append((version.when.condition, True))
    conditions.extend((clause.condition, False) for clause in version.unless)
    for condition, wanted in conditions:
        test = write_condition(condition, writer, compiler)
        block = writer.block(f"if {test}:" if wanted else f"if not {test}:")
        block.__enter__()
        blocks.append(block)
    holds = _holds(version, writer, compiler)
    if version.bypass is None:
        came = "1" if holds == "False" else f"0 if {holds} else 1"
        writer.write(f"add((rule, {came}{places}))")
    elif holds == "False":
        test = write_condition(version.bypass.condition, writer, compiler)
        writer.write(f"add((rule, 2 if {test} else 1{places}))")
    else:
        with writer.block(f"if {holds}:"):
            writer.write(f"add((rule, 0{places}))")
        with writer.block("else:"):
            test = write_condition(version.bypass.condition, writer, compiler)
            writer.write(f"add((rule, 2 if {test} else 1{places}))")
    for block in reversed(blocks):
        block.__exit__(None, None, None)


def _holds(version: RuleVersion, writer: Writer, compiler: Compiler) -> str:
    """Whether all that is required holds: every requirement is asked, since one of them may not be decided."""
    tests: list[str] = []
    for one in version.requirements:
        if one.only_when is not None:
            raise Unwritten("only when")
        if one.condition is None:
            tests.append("False")
            continue
        test = write_condition(one.condition, writer, compiler)
        test = f"not {test}" if one.forbidden else test
        if len(version.requirements) > 1:
            found = writer.name()
            writer.write(f"{found} = {test}")
            test = found
        tests.append(test)
    return " and ".join(tests)
