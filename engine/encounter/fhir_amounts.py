"""FHIR amounts: charges, totals, and what the patient and other payers have paid.

In:   `net`, `total` and `adjudication`.    Out: facts of lines and of the claim.
Uses: fhir_values, fhir_codes.              Used by: fhir_lines, fhir_claim.
Not here: what this payer paid or allowed: the model has it only of claims in the history.

An ExplanationOfBenefit has its amounts under categories: `submitted` is the charge, `priorpayerpaid` what other payers paid,
`paidbypatient` what the patient paid. Blue Button gives several amounts one category and says in a second code which one it
means; where several amounts are called submitted, the charge is the one whose second code says so.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from sequela.engine.encounter.fhir_codes import variables_of
from sequela.engine.encounter.fhir_facts import Facts
from sequela.engine.encounter.fhir_notes import Notes
from sequela.engine.encounter.fhir_structs import Amounted, ClaimResource, Item, Money
from sequela.engine.encounter.fhir_values import amount_of, money_at
from sequela.engine.encounter.soundness import MOST_DIGITS

_SUBMITTED: Final = "submitted"
_PRIOR: Final = "priorpayerpaid"
_BY_PATIENT: Final = frozenset({"paidbypatient"})
_CHARGES: Final = frozenset(
    {"rev_cntr_tot_chrg_amt", "line_sbmtd_chrg_amt", "clm_tot_chrg_amt", "clm_line_sbmt_chrg_amt", "clm_sbmt_chrg_amt"}
)
_NOT_COVERED: Final = frozenset({"rev_cntr_ncvrd_chrg_amt", "clm_line_ncvrd_chrg_amt"})
_CENTS: Final = Decimal("0.01")


def line_amounts(facts: Facts, item: Item, path: str, notes: Notes) -> None:
    """The charge of a line, the part of it that is not covered, and what other payers paid on it."""
    if item.net is not None:
        facts.put("charge", money_at(item.net, f"{path}.net", notes, "the charge"), f"{path}.net.value")
    if item.adjudication:
        amounts = _Amounts(item.adjudication, f"{path}.adjudication")
        if item.net is None:
            amounts.put_submitted(facts, "charge", "the charge", notes)
        paid = amounts.prior()
        if paid is not None:
            place = f"{paid[1]}.amount.value"
            facts.put("other_paid", amount_of(paid[0], place, notes, "what other payers paid"), place)
        amounts.put_called(facts, "non_covered_charge", _NOT_COVERED, "the charge that is not covered", notes)
    if item.unit_price is not None and item.net is None and "charge" not in facts.values:
        _put_product(facts, item, path, notes)


def claim_amounts(facts: Facts, claim: ClaimResource, notes: Notes) -> tuple[Decimal, str] | None:
    """The total charge and what the patient paid; what other payers paid on the whole claim is handed back, with its place."""
    total = claim.total
    if total is None:
        return None
    if isinstance(total, Money):
        facts.put("total_charge", money_at(total, "total", notes, "the total charge"), "total.value")
        return None
    amounts = _Amounts(total, "total")
    amounts.put_submitted(facts, "total_charge", "the total charge", notes)
    amounts.put_called(facts, "amount_paid", _BY_PATIENT, "what the patient has paid", notes)
    return amounts.prior()


class _Amounts:
    """The amounts of an adjudication or a total, with the words of their categories; `base` is where they stand."""

    __slots__ = ("amounts", "base", "words")

    def __init__(self, amounts: Sequence[Amounted], base: str) -> None:
        self.amounts, self.base = amounts, base
        self.words = [variables_of(one.category) for one in amounts]

    def put_submitted(self, facts: Facts, name: str, what: str, notes: Notes) -> None:
        """The submitted amount; unknown, and said, where several are called so and none of them says that it is the charge."""
        submitted = [index for index, words in enumerate(self.words) if _SUBMITTED in words]
        charges = [index for index in submitted if not _CHARGES.isdisjoint(self.words[index])]
        chosen = charges or submitted
        if not chosen:
            return
        place = f"{self.base}[{chosen[0]}].amount"
        if len(chosen) > 1 and not charges and len({_value(self.amounts[index]) for index in chosen}) > 1:
            notes.warn("SEQ814", f"{len(chosen)} different amounts are called submitted; {what} stays unknown.", place)
            return
        facts.put(name, money_at(self.amounts[chosen[0]].amount, place, notes, what), f"{place}.value")

    def put_called(self, facts: Facts, name: str, called: frozenset[str], what: str, notes: Notes) -> None:
        """The first amount whose category is one of `called`."""
        for index, words in enumerate(self.words):
            if not called.isdisjoint(words):
                place = f"{self.base}[{index}].amount"
                facts.put_first(name, money_at(self.amounts[index].amount, place, notes, what), f"{place}.value")

    def prior(self) -> tuple[Decimal, str] | None:
        """The sum of what is called paid by prior payers, and the place of the first such amount.

        An amount that is also called the total charge is not counted.
        """
        total, place = Decimal(0), None
        for index, words in enumerate(self.words):
            if _PRIOR in words and _CHARGES.isdisjoint(words):
                value = _value(self.amounts[index])
                if value is not None:
                    total += value
                    place = place or f"{self.base}[{index}]"
        return (total, place) if place is not None else None


def _value(one: Amounted) -> Decimal | None:
    value = one.amount.value if one.amount is not None else None
    return value if value is not None and value.is_finite() and abs(value.adjusted()) < MOST_DIGITS else None


def _put_product(facts: Facts, item: Item, path: str, notes: Notes) -> None:
    """The charge as FHIR defines `net`: the quantity times the unit price (times the factor)."""
    price = money_at(item.unit_price, f"{path}.unitPrice", notes, "the charge")
    count = item.quantity.value if item.quantity is not None else None
    factor = item.factor if item.factor is not None else Decimal(1)
    if price is None or count is None or not _is_small(count) or not _is_small(factor):
        return
    charge = Decimal(price) * count * factor
    if charge.adjusted() > MOST_DIGITS:
        return
    facts.put(
        "charge", amount_of(_in_cents(charge), f"{path}.unitPrice", notes, "the charge"), f"{path}.unitPrice.value"
    )


def _is_small(value: Decimal) -> bool:
    return value.is_finite() and abs(value.adjusted()) <= 9


def _in_cents(value: Decimal) -> Decimal:
    """A product of price and count in cents, where it is one."""
    cents = value.quantize(_CENTS)
    return cents if cents == value else value
