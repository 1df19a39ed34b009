"""Listed: sets of codes as the written code asks them.

In:   sets that text alone decides.          Out: expressions that ask them; `Listing`.
Uses: plan.certain.writer, plan.sets.        Used by: plan.certain.conditions, several, shape, shown.
Not here: sets that ask a table (the compiled steps).

A set of diagnoses holds each code in both of its forms, with and without the dot, so that codes are asked as they were sent.
"""

from collections.abc import Callable

from sequela.engine.model.nodes import SetDefinition
from sequela.engine.plan.certain.claim import normal_diagnosis
from sequela.engine.plan.certain.writer import Writer
from sequela.engine.plan.compiler import Compiler
from sequela.engine.plan.sets import text_test
from sequela.engine.tables.codes import ExactCode
from sequela.engine.tables.stored_columns import BoundedMemo
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.systems import System, printed


class Listing(BoundedMemo):
    """A set of codes of which text says what it holds, as the written code asks it: `listing[code]`, remembered."""

    def __init__(self, holds: Callable[[str], bool]) -> None:
        super().__init__(lambda code: code is not None and code is not NONE and holds(code))


def listing(definition: SetDefinition) -> frozenset[str] | Listing:
    """A set that text alone decides, as the written code asks it."""
    of_diagnoses = definition.system is System.ICD10CM
    plain = not definition.others and not definition.except_others and definition.except_text is None
    if plain and all(isinstance(entry, ExactCode) for entry in definition.text.entries):
        codes = frozenset(entry.code for entry in definition.text.entries if isinstance(entry, ExactCode))
        return codes.union([printed(System.ICD10CM, code) for code in codes]) if of_diagnoses else codes
    test = text_test(definition)
    return Listing((lambda code: test(normal_diagnosis[code])) if of_diagnoses else test)


def holds(definition: SetDefinition, code: str, writer: Writer, compiler: Compiler) -> str:
    """An expression that is true where a set that text alone decides holds a code; rules that name one set share it."""
    held = compiler.kept(definition, listing)
    name = writer.parameter(held)
    return f"{code} in {name}" if isinstance(held, frozenset) else f"{name}[{code}]"


def holds_none(definition: SetDefinition, codes: str, writer: Writer, compiler: Compiler) -> str:
    """An expression that is true where such a set holds none of some codes."""
    held = compiler.kept(definition, listing)
    name = writer.parameter(held)
    return (
        f"{name}.isdisjoint({codes})" if isinstance(held, frozenset) else f"not any(map({name}.__getitem__, {codes}))"
    )
