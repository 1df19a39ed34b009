"""What every node of a parsed rule file has: the place where it was written, which is not part of its meaning.

In:   nothing.    Out: `Node`, `Name`, `Text`.
Uses: source.     Used by: conditions, declarations, cases.
"""

from attrs import field, frozen

from sequela.engine.source import Span


@frozen(kw_only=True)
class Node:
    """A piece of a rule file. Two nodes are equal when they say the same, wherever they stand."""

    span: Span = field(eq=False, repr=False)


@frozen(kw_only=True)
class Name(Node):
    """A name as written: `visits`, `ptp`, `dx`; a rule or source id: `MOD-25`."""

    text: str


@frozen(kw_only=True)
class Text(Node):
    """A quoted text, without its quotes."""

    value: str
