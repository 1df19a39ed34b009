"""Judged codes: what the catalogue of a system has against one code, or one range, as written.

In:   an entry of a set, or a code alone; the days on which it is asked about.    Out: findings SEQ430 to SEQ433, SEQ619.
Uses: tables.catalogue, findings, overlay_dates.    Used by: catalogue_checks.
Not here: which catalogue judges which code (catalogue_checks.py).
"""

from typing import Final, assert_never

from attrs import frozen

from sequela.engine.diagnostics.suggest import listed
from sequela.engine.model.findings import Findings
from sequela.engine.model.names import FileNames
from sequela.engine.model.overlay_dates import Days
from sequela.engine.source import Span
from sequela.engine.tables.catalogue import Catalogue
from sequela.engine.tables.codes import CodeRange, Entry, ExactCode, LikePattern, TextSet, UnderCode
from sequela.engine.vocabulary.absent import NONE
from sequela.engine.vocabulary.systems import System, printed

MOST_NAMED: Final = 5
"""How many codes a warning about a range names."""


@frozen(eq=False)
class Judge:
    """A catalogue that judges codes written in one file."""

    catalogue: Catalogue
    names: FileNames
    findings: Findings
    is_beside: bool = False
    """Whether the file does not see it: then only what never was a code is said, as a warning."""

    @property
    def system(self) -> System:
        """The system whose codes it lists."""
        return self.catalogue.system

    def entry(
        self, entry: Entry, span: Span, days: Days | None, around: TextSet | None, excepted: TextSet | None
    ) -> None:
        """Judge one entry of a set: `around` is what the set holds by its text, `excepted` what it takes out again."""
        match entry:
            case ExactCode(code=code):
                self.alone(code, span, days, f"Write `{UnderCode(code, self.system).written}`.")
            case UnderCode(code=code):
                if not self.catalogue.had(code) and not self.catalogue.below(code):
                    self._never(code, span)
            case CodeRange() if not self.is_beside:
                self._range(entry, span, around, excepted)
            case LikePattern() | CodeRange():
                pass
            case _:
                assert_never(entry)

    def alone(self, code: str, span: Span, days: Days | None, heading_hint: str) -> None:
        """Judge a code that stands for itself alone; `days` are those on which it is asked about, None if on none."""
        shown = printed(self.system, code)
        known = self.catalogue.had(code)
        if not known and not self.catalogue.below(code):
            self._never(code, span)
        elif self.is_beside:
            return
        elif not known or self.catalogue.is_heading(code):
            self._heading(shown, span, heading_hint)
        elif days is not None and not self.catalogue.valid_between(code, days.first, days.last):
            self.findings.warning(
                "SEQ431",
                f"`{shown}` is valid on no day on which it is asked about: {days.words}.",
                span,
                hint=f"{self._validity(code)} Leave it out, or change the period of the rule.",
            )

    def _heading(self, shown: str, span: Span, hint: str) -> None:
        message = f"`{shown}` only stands above other codes of {self.system.value}: no claim can hold it."
        self.findings.warning("SEQ432", message, span, hint=hint)

    def _never(self, code: str, span: Span) -> None:
        table = self.catalogue.table.shape.name
        if self.is_beside:
            self.findings.warning(
                "SEQ619",
                f"`{printed(self.system, code)}` never was a code of {self.system.value}, says the catalogue that ships.",
                span,
                hint=self.names.nearest_codes(self.system, code) or "Compare it with the published list.",
            )
            return
        self.findings.error(
            "SEQ430",
            f"`{printed(self.system, code)}` never was a code of {self.system.value}, says table `{table}`.",
            span,
            "unknown code",
            hint=self.names.nearest_codes(self.system, code),
        )

    def _validity(self, code: str) -> str:
        """When a code was valid, in words."""
        dates = self.catalogue.table.shape.in_force
        rows = self.catalogue.rows(code)
        if dates is None or not rows:
            return ""
        first, last = rows[0].value(dates[0]), rows[-1].value(dates[1])
        start = "" if first is NONE else f" from {first}"
        return f"It is valid{start}{' onward' if last is NONE else f' to {last}'}."

    def _range(self, entry: CodeRange, span: Span, around: TextSet | None, excepted: TextSet | None) -> None:
        difference = self.catalogue.range_difference(entry)
        left_out = [code for code in difference.left_out if around is None or not around.contains(code)]
        brought_in = [code for code in difference.brought_in if excepted is None or not excepted.contains(code)]
        if left_out:
            shown = self._named(left_out)
            self.findings.warning(
                "SEQ433",
                f"`{entry.written}` leaves out {shown}, which table `{self.catalogue.table.shape.name}` lists between.",
                span,
                hint=f"Add {self._written(left_out)}, if that is meant.",
            )
        if brought_in:
            shown = self._named(brought_in)
            self.findings.warning(
                "SEQ433",
                f"`{entry.written}` holds {shown}, which table `{self.catalogue.table.shape.name}` lists elsewhere.",
                span,
                hint=f"Take out {self._written(brought_in)} with `except`, if that is meant.",
            )

    def _named(self, codes: list[str]) -> str:
        shown = listed([printed(self.system, code) for code in codes[:MOST_NAMED]])
        return shown + (f" and {len(codes) - MOST_NAMED} more" if len(codes) > MOST_NAMED else "")

    def _written(self, codes: list[str]) -> str:
        """The entries that a set would name the codes by: `under M1A`, or the code where nothing stands below it."""
        return listed(
            [
                UnderCode(code, self.system).written if self.catalogue.below(code) else printed(self.system, code)
                for code in codes[:MOST_NAMED]
            ]
        )
