"""FHIR coverage: the payer, the plan and the subscriber of a claim, and the other payers.

In:   `insurer` and `insurance` of a claim.              Out: facts of the `Encounter`, `OtherPayer`s.
Uses: fhir_pool, fhir_patient, fhir_identifiers.         Used by: fhir_claim.
Not here: what other payers paid (fhir_amounts).

The coverage that is `focal` (the only one where there is one) is that of the claim's payer; the others are other payers. The
payer's id is that of the insurer, else of the one that pays under the coverage. Where the relationship is "self" the
patient is the subscriber, whom no further resource need describe.
"""

from typing import Final

from attrs import define, field

from sequela.engine.encounter.fhir_codes import words_of
from sequela.engine.encounter.fhir_facts import Facts
from sequela.engine.encounter.fhir_identifiers import Number, first_of, kind_of
from sequela.engine.encounter.fhir_patient import MEMBER, read_person
from sequela.engine.encounter.fhir_people_structs import CoverageResource, Holder, Person
from sequela.engine.encounter.fhir_pool import Pool, Resolved, logical_identifier
from sequela.engine.encounter.fhir_source import below
from sequela.engine.encounter.fhir_structs import ClaimResource, Insurance, Reference
from sequela.engine.encounter.fhir_values import text_of
from sequela.engine.encounter.model import OtherPayer, Relationship

_PAYER: Final = (Number.PAYER, Number.NAIC, Number.OTHER, Number.NPI, Number.TAX)
_SEQUENCES: Final = {1: "primary", 2: "secondary", 3: "tertiary"}
_RELATIONSHIPS: Final[dict[str, Relationship]] = {
    "self": "self", "spouse": "spouse", "common": "spouse", "child": "child", "parent": "other", "other": "other",
    "18": "self", "01": "spouse", "19": "child", "20": "employee", "39": "organ-donor", "40": "cadaver-donor",
    "53": "life-partner", "g8": "other", "onself": "self", "sps": "spouse", "chd": "child",
}  # fmt: skip
"""Codes of subscriber-relationship, of X12 and of v3-RoleCode; `injured` does not say what the patient is."""
_NOT_OF_SUBSCRIBER: Final = frozenset({"id", "death_date", "pregnant", "phone", "medical_record"})


@define
class Coverages:
    """What a claim's insurance says: `payer` the facts of the claim's own payer, `others` the other payers."""

    payer: Facts = field(factory=Facts)
    subscriber: Facts = field(factory=Facts)
    others: list[Facts] = field(factory=list)


def read_coverages(claim: ClaimResource, patient: Facts, pool: Pool) -> Coverages:
    """The payer, subscriber and other payers of a claim."""
    found = Coverages()
    _put_payer(found.payer, claim.insurer, "insurer", pool)
    own = _focal(claim)
    for index, insurance in enumerate(claim.insurance):
        path = f"insurance[{index}]"
        coverage = pool.resolve(insurance.coverage, f"{path}.coverage.reference", CoverageResource)
        if index == own:
            _own(found, insurance, path, coverage, patient, pool)
        else:
            found.others.append(_other(insurance, path, coverage, pool))
    return found


def other_payers(found: Coverages) -> tuple[OtherPayer, ...]:
    """The other payers as the model has them."""
    return tuple(OtherPayer(**facts.values) for facts in found.others)


def _focal(claim: ClaimResource) -> int | None:
    """The place of the coverage that the claim is to; None when several could be it."""
    focal = [index for index, insurance in enumerate(claim.insurance) if insurance.focal]
    if len(focal) == 1:
        return focal[0]
    return 0 if len(claim.insurance) == 1 else None


def _own(
    found: Coverages,
    insurance: Insurance,
    path: str,
    coverage: Resolved[CoverageResource] | None,
    patient: Facts,
    pool: Pool,
) -> None:
    """The coverage of the claim's own payer."""
    payer, subscriber = found.payer, found.subscriber
    if insurance.pre_auth_ref:
        payer.put("authorization", text_of(insurance.pre_auth_ref[0]), f"{path}.preAuthRef[0]")
    _put_sequence(payer, "payer_sequence", insurance, path, coverage)
    if coverage is None:
        return
    _put_plan(payer, coverage)
    if coverage.struct.payor:
        _put_payer(payer, coverage.struct.payor[0], "payor[0]", pool, coverage)
    _put_member(subscriber, "member_id", coverage)
    _put_class(subscriber, "group", "group_number", "group_name", coverage)
    relationship = _relationship(coverage)
    subscriber.put("relationship", relationship, coverage.at("relationship"))
    person = pool.resolve(coverage.struct.subscriber, coverage.at("subscriber.reference"), Person)
    about = read_person(person, pool.notes) if person is not None else (patient if relationship == "self" else Facts())
    for name, value in about.values.items():
        if name not in _NOT_OF_SUBSCRIBER:
            subscriber.put_first(name, value, about.places[name])


def _other(insurance: Insurance, path: str, coverage: Resolved[CoverageResource] | None, pool: Pool) -> Facts:
    """Another payer, by its coverage."""
    facts = Facts(path)
    _put_sequence(facts, "sequence", insurance, path, coverage)
    if coverage is None:
        identifier = logical_identifier(insurance.coverage)
        if identifier is not None:
            facts.put("member_id", text_of(identifier.value), f"{path}.coverage.identifier.value")
        return facts
    payer = Facts()
    if coverage.struct.payor:
        _put_payer(payer, coverage.struct.payor[0], "payor[0]", pool, coverage)
    for name, key in (("payer", "payer"), ("payer_name", "name")):
        if name in payer.values:
            facts.put(key, payer.values[name], payer.places[name])
    _put_plan(facts, coverage)
    _put_member(facts, "member_id", coverage)
    _put_class(facts, "group", "group_number", "", coverage)
    facts.put("relationship", _relationship(coverage), coverage.at("relationship"))
    return facts


def _put_payer(
    facts: Facts, reference: Reference | None, path: str, pool: Pool, holder: Resolved[CoverageResource] | None = None
) -> None:
    """The id and the name of a payer, as its organization or the reference itself says them."""
    if reference is None:
        return
    place = holder.at(path) if holder is not None else path
    found = pool.resolve(reference, below(place, ".reference"), Holder)
    identifier = logical_identifier(reference)
    if identifier is not None and kind_of(identifier) is not Number.TAX:
        facts.put_first("payer", text_of(identifier.value), below(place, ".identifier.value"))
    if found is not None:
        number = first_of(found.struct.identifier, *_PAYER)
        if number is not None:
            facts.put_first("payer", number.value, found.at(number.path))
        if isinstance(found.struct.name, str):
            facts.put_first("payer_name", text_of(found.struct.name), found.at("name"))
    facts.put_first("payer_name", text_of(reference.display), below(place, ".display"))


def _put_sequence(
    facts: Facts, name: str, insurance: Insurance, path: str, coverage: Resolved[CoverageResource] | None
) -> None:
    """Whether a payer pays first, second or third: by its place among the insurances, or as its coverage says."""
    if coverage is not None and coverage.struct.order in _SEQUENCES:
        facts.put(name, _SEQUENCES[coverage.struct.order], coverage.at("order"))
    elif insurance.sequence in _SEQUENCES:
        facts.put(name, _SEQUENCES[insurance.sequence], f"{path}.sequence")


def _put_plan(facts: Facts, coverage: Resolved[CoverageResource]) -> None:
    """The plan and the kind of coverage."""
    _put_class(facts, "plan", "plan", "", coverage)
    kind = coverage.struct.type
    if kind is None:
        return
    for index, coding in enumerate(kind.coding):
        facts.put_first("product", text_of(coding.code), coverage.at(f"type.coding[{index}].code"))
    facts.put_first("product", text_of(kind.text), coverage.at("type.text"))


def _put_class(facts: Facts, word: str, number: str, name: str, coverage: Resolved[CoverageResource]) -> None:
    """The value of the coverage's class of a kind, and its name where one is wanted; the name where there is no value."""
    for index, one in enumerate(coverage.struct.classes):
        if word in words_of(one.type):
            facts.put_first(number, text_of(one.value), coverage.at(f"class[{index}].value"))
            facts.put_first(name or number, text_of(one.name), coverage.at(f"class[{index}].name"))
            return


def _put_member(facts: Facts, name: str, coverage: Resolved[CoverageResource]) -> None:
    """The insured person's number with the payer."""
    facts.put_first(name, text_of(coverage.struct.subscriber_id), coverage.at("subscriberId"))
    number = first_of(coverage.struct.identifier, *MEMBER)
    if number is not None:
        facts.put_first(name, number.value, coverage.at(number.path))


def _relationship(coverage: Resolved[CoverageResource]) -> Relationship | None:
    for word in words_of(coverage.struct.relationship):
        if word in _RELATIONSHIPS:
            return _RELATIONSHIPS[word]
    return None
