"""What is said about a rule text or an input: a code, a sentence, a place and a next step.

In:   findings of any room.    Out: `Diagnostic`, `Label`, `Severity`, `RulesError`.
Uses: source.                  Used by: every room above.
Not here: the pages of the codes (pages/, registry.py); how a diagnostic looks (render.py).
"""

from enum import Enum

from msgspec import Struct

from sequela.engine.source import Span


class Severity(Enum):
    """How much a diagnostic weighs: an error stops the rulebook, a warning and a lint do not."""

    ERROR = "error"
    WARNING = "warning"
    LINT = "lint"


class Label(Struct, frozen=True):
    """A place in a rule text and the few words that stand under its caret (may be empty)."""

    span: Span
    words: str = ""


class Diagnostic(Struct, frozen=True):
    """One thing to say about a rule text: one fault, one diagnostic.

    `code` names a page in `pages/` (`SEQ203`); `message` is one plain sentence; `hint` is what to try next;
    `also` are further places ("first declared here"); `consequence` says what was not checked because of it.
    """

    code: str
    message: str
    at: Label
    severity: Severity = Severity.ERROR
    also: tuple[Label, ...] = ()
    hint: str | None = None
    consequence: str | None = None

    @property
    def is_error(self) -> bool:
        """Whether the rulebook cannot be used because of it."""
        return self.severity is Severity.ERROR


class InputProblem(Struct, frozen=True, kw_only=True):
    """One thing to say about an input that is not a rule text: a claim file, an encounter, a table file.

    `place` is what a person can go to ("claims.837, segment 42 (SV1), element 3, line 42", "/lines/0/units");
    `claim` is the id of the claim it is about, when one could be read; `fatal` means that the claim (or, without
    a claim id, the file from there on) could not be read.
    """

    code: str
    message: str
    file: str
    place: str
    claim: str | None = None
    hint: str | None = None
    fatal: bool = True


class RulesError(Exception):
    """Rule files that cannot be used; holds every diagnostic found in them."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        first = next((d for d in self.diagnostics if d.is_error), None)
        count = sum(d.is_error for d in self.diagnostics)
        if first is None:
            return "rules error"
        span = first.at.span
        place = f"{span.source.name}:{span.line}:{span.column}" if span.source.text else span.source.name
        more = f" (and {count - 1} more)" if count > 1 else ""
        return f"{first.code} {first.message} [{place}]{more}"
