"""The rulebook: checked rules with their tables, ready to decide encounters.

In:   checked rules and tables; an encounter.    Out: `Rulebook`, a `Ledger` for each encounter.
Uses: plan, evaluate, explain.                   Used by: the public door, the command line, cases.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from typing import Any

from msgspec import Struct, field

from sequela.engine.diagnostics.model import Diagnostic
from sequela.engine.diagnostics.suggest import did_you_mean, listed
from sequela.engine.encounter.from_json import encounter_from
from sequela.engine.encounter.model import Encounter
from sequela.engine.encounter.sound_at_once import codes_are_sound
from sequela.engine.encounter.usual_at_once import TextReader
from sequela.engine.explain.ledger import Ledger, Terms
from sequela.engine.model.heads import heads_of
from sequela.engine.model.rules import CheckedRules, RuleSelection
from sequela.engine.plan.build import build_plan
from sequela.engine.plan.certain.alike import AlikePlan, certain_plan
from sequela.engine.plan.certain.claim import FAIL
from sequela.engine.plan.certain.dispatch import CertainPlan
from sequela.engine.plan.filing import Filed
from sequela.engine.plan.steps import Plan
from sequela.engine.tables.model import Table

MOST_MET = 4096
"""Payer ids, as named by claims or asked for, of which it is remembered whose rules they meet."""


class PayerUnknown(ValueError):
    """No payer of that name is among the rules."""

    def __init__(self, payer: str, payers: Sequence[str] = ()) -> None:
        super().__init__(payer, tuple(payers))
        self.payer, self.payers = payer, tuple(payers)

    def __str__(self) -> str:
        meant = did_you_mean(self.payer, self.payers)
        have = f"Payers: {', '.join(self.payers) or 'none'}."
        return f"There is no payer `{self.payer}` among the rules. {f'{meant} ' if meant else ''}{have}"


class PayerAmbiguous(ValueError):
    """Several payers match the id on a claim, and nobody said which is meant."""

    def __init__(self, identity: str, payers: Sequence[str]) -> None:
        super().__init__(identity, tuple(payers))
        self.identity, self.payers = identity, tuple(payers)

    def __str__(self) -> str:
        return f"The payer id `{self.identity}` matches {listed(self.payers)}."


def _the_one(named: str, found: Sequence[str]) -> str | None:
    """The payer of that name, else the only one; None where there is none. Raises PayerAmbiguous."""
    if named.lower() in found:
        return named.lower()
    if len(found) > 1:
        raise PayerAmbiguous(named, found)
    return found[0] if found else None


def _make_sure(claim: Encounter, sent: object) -> None:
    """Read what was sent in full where it was read but for its codes (`TextReader`), and one of them is none.

    Raises: EncounterError, naming every problem.
    """
    if claim is not sent and not codes_are_sound(claim):
        encounter_from(sent)


class Rulebook(Struct, frozen=True, eq=False, kw_only=True, dict=True):
    """Rules that were checked, with their tables. Immutable; safe to share between threads and forked processes."""

    rules: CheckedRules
    tables: Mapping[str, Table]
    warnings: tuple[Diagnostic, ...] = ()
    single_payer: str | None = None
    rules_digest: str = ""
    filed: Callable[[str | None], Sequence[Filed]] | None = None
    """Where the rules that run for a payer are filed, if that is known."""
    _plans: dict[str | None, Plan] = field(default_factory=dict)
    _written: dict[tuple[str | None, str], CertainPlan] = field(default_factory=dict)
    _met: dict[str | None, dict[str, dict[str | None, tuple[Terms, CertainPlan]]]] = field(default_factory=dict)
    """By the payer asked for, the setting of a claim and the payer that it names."""
    _texts: TextReader = field(default_factory=TextReader)

    @cached_property
    def _payers(self) -> dict[str, tuple[str, ...]]:
        """The payers that each name or payer id means."""
        names: dict[str, tuple[str, ...]] = {}
        for payer, one in self.rules.selections.items():
            for name in one.matches if payer is not None else ():
                names[name] = (*names.get(name, ()), str(payer))
        return names

    def __repr__(self) -> str:
        count = len({head.id for one in self.rules.selections.values() for head in heads_of(one.rules)})
        return f"<Rulebook: {count:,} rules, payers {', '.join(self.payers) or 'none'}>"

    @property
    def payers(self) -> tuple[str, ...]:
        """The names of the payers whose files are part of the rulebook."""
        return tuple(name for name in self.rules.selections if name is not None)

    @cached_property
    def tables_digest(self) -> str:
        """The digest of the tables, as a ledger's receipt names it."""
        digest = sha256()
        for key, table in sorted(self.tables.items()):
            digest.update(f"{key}\0{table.sha256}\0".encode())
        return f"sha256:{digest.hexdigest()}"

    def selection(self, payer: str | None = None) -> RuleSelection:
        """The rules that run for a payer; None is the rulesets alone. Raises PayerUnknown."""
        try:
            return self.rules.selections[payer]
        except KeyError:
            raise PayerUnknown(str(payer), self.payers) from None

    def payers_named(self, name: str) -> tuple[str, ...]:
        """The payers that a name means, or an id on a claim, in any case: the one of that name, else all that match."""
        found = self._payers.get(name.lower(), ())
        return (name.lower(),) if name.lower() in found else found

    def payer_for(self, encounter: Encounter, payer: str | None = None) -> str | None:
        """Which payer's rules an encounter meets; None for the rulesets alone.

        The one asked for (by its name or an id that it matches), else a single payer file given, else the one that
        matches the claim's payer id; and of these the one that is for claims in the setting of this one.
        Raises: PayerUnknown for one asked for, PayerAmbiguous when several match.
        """
        named, found = self._candidates(encounter, payer)
        return _the_one(named, [one for one in found if encounter.setting in self.selection(one).settings])

    def passed_over(self, encounter: Encounter, payer: str | None = None) -> tuple[str, ...]:
        """The payers that were asked for or match the claim's payer id, and are for claims in other settings only."""
        _, found = self._candidates(encounter, payer)
        return tuple(one for one in found if encounter.setting not in self.selection(one).settings)

    def _candidates(self, encounter: Encounter, payer: str | None) -> tuple[str, tuple[str, ...]]:
        """What names the payer, and the payers that it may mean."""
        if payer is not None:
            return payer, tuple(self._payers.get(payer.lower(), ())) or (str(self.selection(payer).payer),)
        if self.single_payer is not None:
            return self.single_payer, (self.single_payer,)
        named = encounter.payer or ""
        return named, self._payers.get(named.lower(), ())

    def plan(self, payer: str | None = None) -> Plan:
        """What runs for a payer; built when first asked for."""
        plan = self._plans.get(payer)
        if plan is None:
            plan = self._plans[payer] = self._built(payer)
        return plan

    def _built(self, payer: str | None) -> Plan:
        selection = self.selection(payer)
        return build_plan(selection, self.tables, None if self.filed is None else self.filed(selection.payer))

    def check(
        self,
        encounter: Encounter | Mapping[str, object] | bytes | bytearray | memoryview | str,
        *,
        payer: str | None = None,
    ) -> Ledger:
        """Decide one encounter: a status for every rule and subject. A pure function; the explanation is made on demand.

        Args:
            encounter: an `Encounter`, or a dict or JSON text of `sequela.encounter/1`.
            payer: whose rules run; by default as the claim's payer id says.
        Raises: EncounterError, naming every problem, when the encounter cannot be read; PayerUnknown; PayerAmbiguous.
        """
        claim = encounter if type(encounter) is Encounter else self._texts.read(encounter)
        try:
            met = self._met[payer][claim.setting][claim.payer]
        except KeyError:
            met = None
        if met is None:
            _make_sure(claim, encounter)
            met = self._meet(claim, payer)
        terms, certain = met
        try:
            records = certain.records(claim)
        except (
            Exception
        ):  # whatever it is, it is ours: the compiled steps decide this claim, and name a rule that they cannot
            records = certain.undecided()
        if not records.coded and claim is not encounter:
            _make_sure(claim, encounter)
        sent: Any = claim if type(claim) is Encounter else encounter
        return Ledger(terms, sent, records)

    def check_once(self, claim: Encounter, *, payer: str | None = None) -> Ledger:
        """The same for a claim that comes alone: by the compiled steps, since to write code for its rules takes longer.

        Raises: PayerUnknown; PayerAmbiguous.
        """
        terms, certain = self._meet(claim, payer)
        return Ledger(terms, claim, certain.undecided())

    def failed_rules(
        self,
        encounter: Encounter | Mapping[str, object] | bytes | bytearray | memoryview | str,
        *,
        payer: str | None = None,
    ) -> set[str]:
        """The ids of the rules that an encounter fails: the verdicts alone, with nothing kept to explain them.

        Args and errors are those of `check`, whose ledger has the same `failed_rules`.
        """
        claim = encounter if type(encounter) is Encounter else self._texts.read(encounter)
        try:
            met = self._met[payer][claim.setting][claim.payer]
        except KeyError:
            met = None
        if met is None:
            _make_sure(claim, encounter)
            met = self._meet(claim, payer)
        terms, certain = met
        try:
            failing = certain.failing
            failed = None if failing is None else failing.rules(claim)
            if failed is not None:
                return failed
            records = certain.records(claim)
        except Exception:  # as above
            records = certain.undecided()
        if not records.coded and claim is not encounter:
            _make_sure(claim, encounter)
        if records.slow:
            sent: Any = claim if type(claim) is Encounter else encounter
            return set(Ledger(terms, sent, records).failed_rules)
        ids = certain.plan.ids
        return {ids[record[0]] for record in records.records if record[1] == FAIL}

    def _meet(self, claim: Encounter, payer: str | None) -> "tuple[Terms, CertainPlan]":
        """By what claims with this payer id in this setting are decided."""
        name = self.payer_for(claim, payer)
        plan = self.plan(name)
        terms = Terms(
            plan=plan,
            tables=self.tables,
            passed_over=self.passed_over(claim, payer) if name is None else (),
            rules_digest=self.rules_digest,
            tables_digest=self.tables_digest,
            check=lambda changed: self.check(changed, payer=payer),
        )
        written = self._written.get((name, claim.setting))
        if written is None:
            written = self._written[name, claim.setting] = certain_plan(plan, claim.setting)
            if isinstance(written, AlikePlan):
                self._texts.read_in_full()
        met = self._met.setdefault(payer, {}).setdefault(claim.setting, {})
        if len(self._met) + len(met) < MOST_MET:
            met[claim.payer] = terms, written
        return terms, written
