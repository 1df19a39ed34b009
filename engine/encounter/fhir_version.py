"""FHIR version: whether a claim is written in a version of FHIR that is not R4, and how that shows.

In:   a decoded resource, or its JSON where it does not decode.    Out: `Other`: the version and the sign of it; None for R4.
Uses: fhir_structs.                                                Used by: fhir_decode, from_fhir.

The versions differ in the names and shapes of what a claim holds: in STU3 a line has `service` where R4 has
`productOrService`, so that an R4 reader would find no procedures and say nothing. R4B is read: its claims are those of R4. What a
resource declares (`fhirVersion`, the core profile in `meta.profile`) goes before its shape.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from attrs import frozen

from sequela.engine.encounter.fhir_structs import ClaimResource

_CORE: Final = re.compile(
    r"https?://hl7\.org/fhir/(?:(?P<folder>[A-Z0-9.]+)/)?StructureDefinition/[A-Za-z]+(?:\|(?P<version>.+))?"
)
_RELEASES: Final = {"1": "DSTU2", "3": "STU3", "5": "R5", "6": "R6"}
_FOLDERS: Final = {"DSTU2": "DSTU2", "STU3": "STU3", "R5": "R5", "R6": "R6"}

_OLDER_KEYS: Final = (
    "information", "organization", "hospitalization", "employmentImpacted", "totalCost", "totalBenefit",
)  # fmt: skip
_OLDER_ITEM_KEYS: Final = ("service", "careTeamLinkId", "diagnosisLinkId", "informationLinkId", "procedureLinkId")
_NEWER_KEYS: Final = ("traceNumber", "encounter", "event", "decision", "diagnosisRelatedGroup")
_NEWER_ITEM_KEYS: Final = ("productOrServiceEnd", "request", "patientPaid", "reviewOutcome", "traceNumber")


@frozen
class Other:
    """Another version of FHIR, the place that shows it, and how it does."""

    version: str
    path: str
    sign: str


def shows_other(claim: ClaimResource) -> bool:
    """Whether anything in a claim may be of another version, so that it is worth a closer look."""
    if (
        claim.fhir_version is not None
        or claim.information is not None
        or claim.organization is not None
        or claim.hospitalization is not None
        or claim.employment_impacted is not None
        or claim.total_cost is not None
        or claim.total_benefit is not None
        or claim.trace_number is not None
        or claim.encounter is not None
        or claim.event is not None
        or claim.decision is not None
        or claim.diagnosis_related_group is not None
    ):
        return True
    if claim.meta is not None and any(_CORE.fullmatch(profile) for profile in claim.meta.profile):
        return True
    for item in claim.item:
        if item.service is not None or item.care_team_link_id is not None:
            return True
        if item.product_or_service_end is not None or item.request is not None or item.patient_paid is not None:
            return True
    return any(member.specialty is not None for member in claim.care_team)


def other_version(resource: Mapping[str, Any]) -> Other | None:
    """The version of a claim's JSON when it is not R4 (or R4B)."""
    declared = _declared(resource)
    if declared is not None:
        return declared if declared.version else None
    return _older(resource) or _newer(resource)


def _declared(resource: Mapping[str, Any]) -> Other | None:
    """What the resource says of itself; its `version` is empty for R4."""
    version = resource.get("fhirVersion")
    if isinstance(version, str) and version:
        return Other(_release(version), "fhirVersion", f"`fhirVersion` is {version}")
    meta = resource.get("meta")
    profiles = meta.get("profile") if isinstance(meta, Mapping) else None
    for index, profile in enumerate(profiles if isinstance(profiles, list) else ()):
        found = _CORE.fullmatch(profile) if isinstance(profile, str) else None
        said = (found["folder"] or found["version"]) if found is not None else None
        if said is not None:
            name = _FOLDERS.get(said) or _release(said)
            return Other(name, f"meta.profile[{index}]", f"its profile is {profile}")
    return None


def _release(version: str) -> str:
    return _RELEASES.get(version.partition(".")[0], "")


def _older(resource: Mapping[str, Any]) -> Other | None:
    if isinstance(resource.get("type"), str):
        return Other("DSTU2", "type", "`type` is a bare code, which is a CodeableConcept since STU3")
    for key in _OLDER_KEYS:
        if resource.get(key) is not None:
            return Other("STU3", key, f"it has `{key}`, which R4 does not have")
    if isinstance(resource.get("subType"), list):
        return Other("STU3", "subType", "`subType` is a list, which R4 has only one of")
    if isinstance(resource.get("insurance"), Mapping):
        return Other("STU3", "insurance", "`insurance` is one object, where R4 has a list")
    for index, item in enumerate(_objects(resource.get("item"))):
        for key in _OLDER_ITEM_KEYS:
            if item.get(key) is not None:
                sign = "`service`, which is `productOrService` in R4" if key == "service" else f"`{key}`"
                return Other("STU3", f"item[{index}].{key}", f"a line has {sign}")
    return None


def _newer(resource: Mapping[str, Any]) -> Other | None:
    for key in _NEWER_KEYS:
        if resource.get(key) is not None:
            return Other("R5", key, f"it has `{key}`, which R4 does not have")
    for index, item in enumerate(_objects(resource.get("item"))):
        for key in _NEWER_ITEM_KEYS:
            if item.get(key) is not None:
                return Other("R5", f"item[{index}].{key}", f"a line has `{key}`, which R4 does not have")
    for index, member in enumerate(_objects(resource.get("careTeam"))):
        if member.get("specialty") is not None:
            sign = "a member of the care team has `specialty`, which is `qualification` in R4"
            return Other("R5", f"careTeam[{index}].specialty", sign)
    return None


def _objects(value: Any) -> "list[Mapping[str, Any]]":
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
