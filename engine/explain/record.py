"""Record: everything that the check of one encounter knows, for whoever puts it into words.

In:   a view, the rules that ran, the tables, the verdicts.    Out: `Record`.
Uses: evaluate, model, encounter, tables.                      Used by: every module of explain.
Not here: words (wording), the ledger's own questions (ledger).
"""

from collections.abc import Mapping
from functools import cached_property

from attrs import field, frozen

from sequela.engine.encounter.view import View
from sequela.engine.evaluate.replay import Earlier, Replay, replay
from sequela.engine.evaluate.verdict import Verdict
from sequela.engine.model.rules import RuleSelection
from sequela.engine.tables.model import Table


@frozen(eq=False, kw_only=True)
class Record:
    """What was checked, by which rules and tables, and what came of it."""

    view: View
    selection: RuleSelection
    tables: Mapping[str, Table] = field(repr=False)
    verdicts: tuple[Verdict, ...] = field(repr=False)

    def replayed(self, verdict: Verdict) -> Replay:
        """A verdict judged again by the plain evaluator, with the whole evidence."""
        return replay(verdict, self.tables, self.view, self.earlier)

    @cached_property
    def earlier(self) -> Earlier:
        """What the verdicts say to those of later phases."""
        return Earlier(self.verdicts)
