"""Tally: the second walk through a batch: everything that a summary says, counted by rule and cell.

In:   the parts of a batch, its axes.                               Out: `Tally`.
Uses: summary.parts, summary.axes, summary.failures, summary.kept, summary.facts, pyarrow.    Used by: summary.figures.
Not here: what the figures are called and in which order they stand (figures.py).

Parts are read one after the other, and of a part some rows at a time: memory does not grow with the number of claims.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from attrs import define, field, frozen

from sequela.engine.summary.axes import Axes
from sequela.engine.summary.charges import lines_of
from sequela.engine.summary.facts import about_words, general
from sequela.engine.summary.failures import Failures
from sequela.engine.summary.folder import Parts, damaged
from sequela.engine.summary.kept import FAILED, OPEN, Keeper, KeptFinding
from sequela.engine.summary.parts import PartUnreadable, batches_of, cents_of, keys_of, months_of, one_array, table_of

_KEY: Final = ("source", "claim_number", "claim_id")
_CLAIMS: Final = (
    *_KEY, "payer", "payer_rules", "provider", "service_date", "total_charge", "outcome", "clean",
    "n_fail", "n_unknown", "n_not_checked", "n_error",
)  # fmt: skip
_FINDINGS: Final = (
    *_KEY, "payer", "rule", "ruleset", "title", "phase", "status", "outcome", "about", "message", "reason", "carc", "group",
    "amount", "missing", "tables", "uncovered",
)  # fmt: skip
_WAITING: Final = ("unknown", "not checked")
_SHOWN: Final = ("unknown", "error")


@define
class Claims:
    """Counts of claims. `open` are those without a failure of which something is unknown, not checked or in error."""

    claims: int = 0
    judged: int = 0
    clean: int = 0
    failing: int = 0
    open: int = 0
    cents: int = 0


@define
class Rule:
    """What a rule is called, and what follows from its failures."""

    title: str
    ruleset: str
    phase: str
    outcomes: Counter[str] = field(factory=Counter)
    adjustments: Counter[str] = field(factory=Counter)


@define
class Rejected:
    """What was said of inputs under one code; `claims` of them were not decided."""

    rows: int = 0
    claims: int = 0
    message: str = ""
    hint: str | None = None


@define(kw_only=True)
class Tally:
    """All counts. `open` is by status, rule and cell; `facts` and `alone` by general pointer and cell; `gaps` by table and cell.

    `alone` counts the findings that a fact would decide by itself; `unchecked` claims for which some table could not be asked;
    `uncovered_days` are pairs of a loaded table and a day that it does not cover.
    """

    axes: Axes
    claims: defaultdict[int, Claims] = field(factory=lambda: defaultdict(Claims))
    outcomes: Counter[tuple[str, int]] = field(factory=Counter)
    without_payer: int = 0
    unchecked: int = 0
    rules: dict[str, Rule] = field(factory=dict)
    failures: Failures = field(factory=Failures)
    open: Counter[tuple[str, str, int]] = field(factory=Counter)
    facts: Counter[tuple[str, int]] = field(factory=Counter)
    alone: Counter[tuple[str, int]] = field(factory=Counter)
    fact_rules: defaultdict[str, Counter[str]] = field(factory=lambda: defaultdict(Counter))
    gaps: Counter[tuple[str, int]] = field(factory=Counter)
    gap_rules: defaultdict[str, set[str]] = field(factory=lambda: defaultdict(set))
    uncovered_days: set[tuple[str, str]] = field(factory=set)
    rejected: dict[tuple[str, bool], Rejected] = field(factory=dict)
    rejected_claims: int = 0
    kept_failed: Keeper = field(factory=lambda: Keeper(FAILED))
    kept_open: Keeper = field(factory=lambda: Keeper(OPEN))
    findings: int = 0

    def add(self, parts: Parts) -> None:
        """Count one part. Raises: PartUnreadable."""
        decided = self._claims(parts)
        for rows in batches_of(parts, "findings", _FINDINGS):
            self._findings(rows, decided, parts)
        self.failures.close()
        self._rejects(parts)

    def kept(self) -> list[KeptFinding]:
        """The findings that a page shows one by one: failed ones, then those that are open."""
        return [*self.kept_failed.kept(), *self.kept_open.kept()]

    # ------------------------------------------------------------ claims

    def _claims(self, parts: Parts) -> "_Decided":
        rows = table_of(parts, "claims", _CLAIMS)
        cells = self.axes.cells(rows.column("payer"), rows.column("provider"), months_of(rows.column("service_date")))
        decided = _Decided(rows, keys_of(rows), cells, cents_of(rows.column("total_charge")))
        waits = pc.greater(
            pc.add(pc.add(rows.column("n_unknown"), rows.column("n_not_checked")), rows.column("n_error")), 0
        )
        grouped = pa.table(
            {
                "cell": cells,
                "outcome": pc.if_else(pc.fill_null(rows.column("clean"), False), "clean", rows.column("outcome")),
                "failing": pc.greater(rows.column("n_fail"), 0),
                "waits": waits,
                "cents": decided.cents,
            }
        ).group_by(["cell", "outcome", "failing", "waits"])
        for one in grouped.aggregate([([], "count_all"), ("cents", "sum")]).to_pylist():
            count = one["count_all"]
            counted = self.claims[one["cell"]]
            counted.claims += count
            counted.judged += count if one["outcome"] is not None else 0
            counted.clean += count if one["outcome"] == "clean" else 0
            counted.failing += count if one["failing"] else 0
            counted.open += count if one["waits"] and not one["failing"] else 0
            counted.cents += one["cents_sum"] or 0
            self.outcomes[one["outcome"] or "none", one["cell"]] += count
        no_payer = pc.and_(pc.is_null(rows.column("payer_rules")), pc.is_valid(rows.column("outcome")))
        self.without_payer += pc.sum(no_payer).as_py() or 0
        self.unchecked += pc.sum(pc.greater(rows.column("n_not_checked"), 0)).as_py() or 0
        return decided

    # ------------------------------------------------------------ findings

    def _findings(self, rows: Any, decided: "_Decided", parts: Parts) -> None:
        claims = pc.index_in(keys_of(rows), value_set=decided.keys)
        if claims.null_count:
            why = "holds findings of claims that are not among the claims"
            raise PartUnreadable(damaged(parts.findings[0], why))
        cells = pc.take(decided.cells, claims)
        table = pa.Table.from_batches([rows]).append_column("claim", claims).append_column("cell", cells)
        table = table.append_column("cents", cents_of(rows.column("amount")))
        table = table.append_column("order", pa.array(range(self.findings, self.findings + rows.num_rows), pa.int64()))
        self.findings += rows.num_rows
        self._name_rules(table)
        failed = pc.equal(table.column("status"), "fail")
        self._failed(table.filter(failed), decided)
        rest = table.filter(pc.invert(failed))
        counted = rest.group_by(["status", "rule", "cell"]).aggregate([([], "count_all")])
        for one in counted.to_pylist():
            self.open[one["status"], one["rule"], one["cell"]] += one["count_all"]
        self._missing(rest.filter(pc.is_in(rest.column("status"), pa.array(_WAITING))))
        self._gaps(rest.filter(pc.equal(rest.column("status"), "not checked")))
        self._keep(self.kept_open, rest.filter(pc.is_in(rest.column("status"), pa.array(_SHOWN))), decided)

    def _name_rules(self, table: Any) -> None:
        names = ["rule", "ruleset", "title", "phase", "status", "outcome", "carc", "group"]
        for one in table.group_by(names, use_threads=False).aggregate([([], "count_all")]).to_pylist():
            rule = self.rules.get(one["rule"])
            if rule is None:
                rule = self.rules[one["rule"]] = Rule(one["title"] or "", one["ruleset"] or "", one["phase"] or "")
            if one["status"] == "fail":
                rule.outcomes[one["outcome"] or "none"] += one["count_all"]
                if one["carc"]:
                    rule.adjustments[_adjustment(one["group"], one["carc"])] += one["count_all"]

    def _failed(self, table: Any, decided: "_Decided") -> None:
        claims, cells = (table.column(name).to_pylist() for name in ("claim", "cell"))
        rules, about = (table.column(name).to_pylist() for name in ("rule", "about"))
        totals = pc.take(decided.cents, table.column("claim")).to_pylist()
        amounts, outcomes = (table.column(name).to_pylist() for name in ("cents", "outcome"))
        for one in zip(claims, cells, totals, rules, about, amounts, outcomes, strict=True):
            self.failures.add(one[:3], one[3], lines_of(tuple(one[4] or ())), one[5], one[6])
        self._keep(self.kept_failed, table, decided)

    def _keep(self, keeper: Keeper, table: Any, decided: "_Decided") -> None:
        columns = [table.column(name).to_pylist() for name in ("rule", "cents", "order")]
        for place, (rule, cents, order) in enumerate(zip(*columns, strict=True)):
            keeper.offer(rule, cents, order, lambda place=place: _kept(table, place, decided))  # type: ignore[misc]

    def _missing(self, table: Any) -> None:
        waiting = table.filter(pc.greater(pc.list_value_length(table.column("missing")), 0))
        columns = [waiting.column(name).to_pylist() for name in ("rule", "cell", "missing")]
        for rule, cell, sets in zip(*columns, strict=True):
            wanted = [{general(one) for one in facts} for facts in sets]
            for fact in set().union(*wanted):
                self.facts[fact, cell] += 1
                self.fact_rules[fact][rule] += 1
            for fact in {next(iter(facts)) for facts in wanted if len(facts) == 1}:
                self.alone[fact, cell] += 1

    def _gaps(self, table: Any) -> None:
        absent, uncovered = (one_array(table.column(name)) for name in ("tables", "uncovered"))
        days = pc.list_flatten(uncovered)
        names = [pc.list_flatten(absent), pc.struct_field(days, "table")]
        dated = pa.table({"table": names[1], "day": pc.struct_field(days, "day")}).group_by(["table", "day"])
        places = [pc.cast(pc.list_parent_indices(one), pa.int64()) for one in (absent, uncovered)]
        named = pa.table({"table": pa.concat_arrays(names), "finding": pa.concat_arrays(places)})
        named = named.group_by(["table", "finding"]).aggregate([])  # a table counts once for a finding
        for column in ("rule", "cell"):
            named = named.append_column(column, pc.take(table.column(column), named.column("finding")))
        for one in named.group_by(["table", "rule", "cell"]).aggregate([([], "count_all")]).to_pylist():
            self.gaps[one["table"], one["cell"]] += one["count_all"]
            self.gap_rules[one["table"]].add(one["rule"])
        self.uncovered_days.update((one["table"], _day_text(one["day"])) for one in dated.aggregate([]).to_pylist())

    # ------------------------------------------------------------ rejects

    def _rejects(self, parts: Parts) -> None:
        seen: set[tuple[Any, ...]] = set()
        for rows in batches_of(
            parts, "rejects", ("source", "claim_number", "place", "code", "message", "fatal", "hint")
        ):
            for one in rows.to_pylist():
                said = self.rejected.setdefault((one["code"] or "", bool(one["fatal"])), Rejected())
                said.message = said.message or one["message"] or ""
                said.hint = said.hint or one["hint"]
                said.rows += 1
                claim = (one["source"], one["claim_number"] if one["claim_number"] is not None else one["place"])
                if one["fatal"] and claim not in seen:
                    seen.add(claim)
                    said.claims += 1
        self.rejected_claims += len(seen)


@frozen
class _Decided:
    """The claims of a part: their rows, keys, cells and charges."""

    rows: Any
    keys: Any
    cells: Any
    cents: Any


def tally(parts: Iterable[Parts], axes: Axes) -> Tally:
    """Count all parts. Raises: PartUnreadable."""
    made = Tally(axes=axes)
    for part in parts:
        made.add(part)
    return made


def _day_text(day: date | None) -> str:
    return "the date" if day is None else day.isoformat()


def _adjustment(group: str | None, carc: str) -> str:
    return f"{group} {carc}" if group else carc


def _kept(table: Any, place: int, decided: _Decided) -> KeptFinding:
    def cell(name: str) -> Any:
        return table.column(name)[place].as_py()

    claim = cell("claim")
    return KeptFinding(
        rule=cell("rule"),
        status=cell("status"),
        cell=cell("cell"),
        claim_id=cell("claim_id") or "",
        source=cell("source"),
        payer=cell("payer"),
        provider=decided.rows.column("provider")[claim].as_py(),
        service_date=decided.rows.column("service_date")[claim].as_py(),
        outcome=cell("outcome"),
        adjustment=_adjustment(cell("group"), cell("carc")) if cell("carc") else None,
        about=about_words(cell("about") or ()),
        cents=cell("cents"),
        message=cell("message") or "",
        reason=cell("reason") or "",
    )
