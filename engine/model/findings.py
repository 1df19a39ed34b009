"""Findings: what the checker has to say while it reads one declaration, each fault once.

In:   codes, sentences and places, from every part of the checker.    Out: `Findings`.
Uses: diagnostics, source.    Used by: every module of the checker.
Not here: how a finding looks (diagnostics.render); what a code means (diagnostics/pages).
"""

from typing import Final

from attrs import define, field
from msgspec.structs import replace

from sequela.engine.diagnostics.model import Diagnostic, Label, Severity
from sequela.engine.source import Source, Span

Key = tuple[str, Source, int, str]

ONCE: Final = frozenset({"SEQ204", "SEQ209", "SEQ210", "SEQ211"})
"""Names and facts that mean nothing here: the same one is said once in a declaration, however often it is used."""


def key_of(diagnostic: Diagnostic) -> Key:
    """What makes two diagnostics one: the code, the place and the sentence."""
    span = diagnostic.at.span
    return diagnostic.code, span.source, span.start, diagnostic.message


@define(eq=False)
class Findings:
    """The diagnostics of one declaration, in the order found; `has_errors` says whether it can be used."""

    _found: dict[Key, Diagnostic] = field(factory=dict)
    has_errors: bool = False

    def add(self, diagnostic: Diagnostic) -> None:
        """Keep a diagnostic, unless the same one is there."""
        key = key_of(diagnostic)
        if diagnostic.code in ONCE:
            key = (*key[:2], 0, diagnostic.message)
        self._found.setdefault(key, diagnostic)
        self.has_errors = self.has_errors or diagnostic.is_error

    def error(
        self,
        code: str,
        message: str,
        at: Span,
        words: str = "",
        *,
        also: tuple[Label, ...] = (),
        hint: str | None = None,
    ) -> None:
        """Keep an error: the declaration cannot be used."""
        self.add(Diagnostic(code=code, message=message, at=Label(at, words), also=also, hint=hint))

    def warning(
        self,
        code: str,
        message: str,
        at: Span,
        words: str = "",
        *,
        also: tuple[Label, ...] = (),
        hint: str | None = None,
    ) -> None:
        """Keep a warning."""
        self.add(
            Diagnostic(code=code, severity=Severity.WARNING, message=message, at=Label(at, words), also=also, hint=hint)
        )

    def said(self, consequence: str | None = None) -> tuple[Diagnostic, ...]:
        """What was found, each error with `consequence`, where it has none of its own."""
        if consequence is None:
            return tuple(self._found.values())
        return tuple(
            replace(one, consequence=consequence) if one.is_error and one.consequence is None else one
            for one in self._found.values()
        )
