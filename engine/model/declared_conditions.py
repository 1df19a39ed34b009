"""Declared conditions: named conditions with their parameters.

In:   a named condition as written.    Out: `ConditionDefinition`, or None with the reasons said.
Uses: scope, conditions, names.        Used by: check (in an order in which called conditions come first).
Not here: which conditions call each other in a circle (order.py).
"""

from sequela.engine.model import nodes
from sequela.engine.model.conditions import clause_condition, condition
from sequela.engine.model.kinds import FOR_EACH, kind_words
from sequela.engine.model.names import DeclaredCondition
from sequela.engine.model.scope import Frame, Role, Scope
from sequela.engine.model.values import value
from sequela.engine.vocabulary.kinds import Kind


def define_condition(declared: DeclaredCondition) -> None:
    """Fill in the definition of a named condition; where something is wrong, say so and leave it undefined."""
    node, findings = declared.node, declared.findings
    frame = Frame(findings, condition=condition, value=value)
    scope = Scope(frame, declared.home)
    parameters: list[nodes.Binding] = []
    for one in node.parameters:
        kind = Kind(one.kind)
        if kind not in FOR_EACH and kind is not Kind.GROUP:
            hint = "It is about lines, modifiers, diagnoses, procedures, documents, history lines, services or groups."
            scope.error("SEQ316", f"A condition cannot be about {kind_words(kind)}.", one.span, hint=hint)
        binding, scope = scope.bind(one.name, kind, Role.PARAMETER)
        parameters.append(binding)
    body = clause_condition(node.body, scope)
    declared.uses, declared.codes = frame.uses, frame.codes
    declared.payable = frame.payable is not None
    if body is not None and not frame.is_broken and not findings.has_errors:
        declared.definition = nodes.ConditionDefinition(
            span=node.span, name=node.name.text, parameters=tuple(parameters), body=body, slots=frame.slots
        )
    else:
        declared.causes.update(frame.causes)
        if findings.has_errors or not frame.causes:
            declared.causes[declared] = None
