"""Several: what is asked of several diagnoses at once, where no loop over them is needed.

In:   `some`, or `no`, diagnosis of a set.                Out: an expression, after the statements that it needs.
Uses: plan.certain.listed, writer, model.                 Used by: plan.certain.conditions.
Not here: collections of any other kind (conditions).
"""

from sequela.engine.model.nodes import ComesBefore, Quantified, SetDefinition
from sequela.engine.plan.certain.listed import holds_none
from sequela.engine.plan.certain.writer import Writer
from sequela.engine.plan.compiler import Compiler
from sequela.engine.syntax.comparisons import Quantifier
from sequela.engine.vocabulary.kinds import Kind


def at_once(condition: Quantified, writer: Writer, compiler: Compiler) -> str | None:
    """An expression for whether some, or no, diagnosis is there; None where they have to be gone through one by one."""
    over = condition.over
    if condition.quantifier not in (Quantifier.SOME, Quantifier.NO) or over.kind is not Kind.DIAGNOSIS:
        return None
    if over.of is not None and over.of.kind is Kind.LINE and over.where is None and not over.excluded:
        none = _none_pointed(condition, writer, compiler)
    elif over.of is None and isinstance(over.where, ComesBefore):
        none = _none_before(condition, writer, compiler)
    else:
        return None
    if none is None:
        return None
    return f"({none})" if condition.quantifier is Quantifier.NO else f"(not {none})"


def _none_pointed(condition: Quantified, writer: Writer, compiler: Compiler) -> str | None:
    """Whether a line points to no diagnosis of a set; on claims of facilities it points to all."""
    over = condition.over
    if not isinstance(over.within, SetDefinition) or not over.within.is_text_only:
        return None
    assert over.of is not None
    line = writer.bound(over.of)
    if not writer.professional:
        return holds_none(over.within, "codes", writer, compiler)
    pointers = writer.once(f"{line.data}.diagnoses", unknown=True)
    codes = writer.known(f"codes of {pointers}")
    if codes is None:
        codes, number, sent = writer.name(), writer.name(), writer.name()
        writer.write(f"{codes} = []")
        with writer.block(f"for {number} in {pointers}:"):
            writer.write(f"{sent} = diagnoses[{number} - 1]")
            code = f"{sent}.code" if writer.standard else f"normal_diagnosis[{sent}.code]"
            writer.write(f"if {sent}.role is None or {sent}.role not in NO_DIAGNOSIS: {codes}.append({code})")
        writer.know(f"codes of {pointers}", codes)
    return holds_none(over.within, codes, writer, compiler)


def _none_before(condition: Quantified, writer: Writer, compiler: Compiler) -> str | None:
    """Whether no diagnosis, or none of a set, comes before a diagnosis that is bound."""
    over = condition.over
    assert isinstance(over.where, ComesBefore)
    first, second = over.where.first, over.where.second
    later = writer.slots.get(second.slot)
    if first != over.binding or later is None or later.kind is not Kind.DIAGNOSIS or over.later:
        return None
    if any(one != second for one in over.excluded):  # it is not before itself
        return None
    if over.within is None:
        return f"({later.at} == 0)"
    if not isinstance(over.within, SetDefinition) or not over.within.is_text_only:
        return None
    return holds_none(over.within, f"listed[:{later.at}]", writer, compiler)
