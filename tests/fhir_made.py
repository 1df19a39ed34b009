"""Made-up FHIR R4: any encounter as a Claim in a Bundle, or as an ExplanationOfBenefit (CARIN) that contains what it needs.

What the reader of FHIR reads of a claim is written here the other way round, so that reading it back must give the same.
"""

from decimal import Decimal

from fhir_words import (
    ACCIDENTS,
    CODES,
    DIAGNOSES,
    NPI,
    ROLES,
    SEQUENCES,
    SEXES,
    SUPPORTING,
    TAX,
    UNITS,
    X12_CODES,
    X12_DATES,
    X12_REFERENCES,
    address_of,
    concept,
    moment,
    money,
    name_of,
)

from sequela.engine.encounter.from_json import to_json


class Made:
    """One claim in the making, with the resources that it refers to."""

    def __init__(self, encounter, *, contained):
        self.sent = to_json(encounter)
        self.contained = contained
        self.resources = []
        self.info = []
        self.team = []

    def refer(self, kind, resource):
        """A reference to a further resource."""
        name = (
            f"{kind.lower()}-{len(self.resources) + 1}"
            if self.contained
            else f"{self.sent['id']}-{len(self.resources) + 1}"
        )
        self.resources.append(
            {"resourceType": kind, "id": name, **{k: v for k, v in resource.items() if v not in (None, [], {})}}
        )
        return {"reference": f"#{name}" if self.contained else f"{kind}/{name}"}

    def party(self, party):
        """An organization where the party is a group, else a practitioner."""
        identifiers = [
            {"system": system, "value": party[key]} for key, system in (("npi", NPI), ("tax_id", TAX)) if key in party
        ]
        is_group = "group" in party and party["group"] == party.get("npi")
        shared = {"identifier": identifiers, "address": [address_of(party)] if address_of(party) else []}
        specialty = concept("taxonomy", party["taxonomy"]) if "taxonomy" in party else None
        if is_group or "street" in party:
            organization = {**shared, "name": party.get("name"), "specialty": [specialty] if specialty else []}
            kind = "Organization" if is_group else "Location"
            if kind == "Location":
                organization["address"] = address_of(party)
            return self.refer(kind, organization)
        family, _, given = party.get("name", "").partition(", ")
        name = [{"family": family, **({"given": [given]} if given else {})}] if family else []
        return self.refer(
            "Practitioner", {**shared, "name": name, "qualification": [{"code": specialty}] if specialty else []}
        )

    def member(self, role, party):
        """A member of the care team; its sequence."""
        for one in self.team:
            if one["made"] == (role, party):
                return one["sequence"]
        sequence = len(self.team) + 1
        member = {"sequence": sequence, "provider": self.party(party), "role": concept("role", ROLES[role])}
        if "specialty" in party:
            member["qualification"] = concept("specialty", party["specialty"])
        self.team.append({**member, "made": (role, party)})
        return sequence

    def tell(self, category, **rest):
        """An entry of supportingInfo."""
        self.info.append({"sequence": len(self.info) + 1, "category": category, **rest})


def resource_of(encounter, *, kind="Claim", contained=False):
    """The claim as a resource, and the resources beside it (none where they are contained)."""
    made = Made(encounter, contained=contained)
    sent = made.sent
    claim = {
        "resourceType": kind,
        "id": f"r-{sent['id']}",
        "identifier": [{"system": "https://clinic.example/claims", "value": sent["id"]}],
        "status": "active",
        "use": "claim",
        "type": concept("type", "professional" if sent["setting"] == "professional" else "institutional"),
        "created": "2026-03-03",
    }
    if sent["setting"] != "professional" and "bill_type" not in sent:
        claim["subType"] = concept("subtype", sent["setting"])
    claim["patient"] = patient_of(made)
    if "statement_from" in sent:
        claim["billablePeriod"] = {"start": sent["statement_from"], "end": sent["statement_to"]}
    claim |= parties_of(made)
    tell_all(made)
    claim["diagnosis"] = [diagnosis_of(number, one) for number, one in enumerate(sent.get("diagnoses", []), start=1)]
    claim["procedure"] = [
        {
            "sequence": number,
            "procedureCodeableConcept": concept("pcs", one["code"]),
            **({"date": one["date"]} if "date" in one else {}),
        }
        for number, one in enumerate(sent.get("procedures", []), start=1)
    ]
    claim["item"] = [item_of(made, number, line, kind) for number, line in enumerate(sent["lines"], start=1)]
    claim["careTeam"] = [{key: value for key, value in one.items() if key != "made"} for one in made.team]
    claim["supportingInfo"] = made.info
    claim["insurance"] = insurance_of(made)
    claim |= rest_of(sent, kind)
    if contained:
        claim["contained"] = made.resources
        return {key: value for key, value in claim.items() if value not in ([], {})}, []
    return {key: value for key, value in claim.items() if value not in ([], {})}, made.resources


def patient_of(made):
    sent = made.sent.get("patient", {})
    if not sent:
        return {}
    person = {
        "identifier": [{"type": concept("identifier", "MB"), "value": sent["id"]}] if "id" in sent else [],
        "name": [name_of(sent)] if "last_name" in sent else [],
        "gender": SEXES.get(sent.get("sex")),
        "birthDate": sent.get("birth_date"),
        "deceasedDateTime": sent.get("death_date"),
        "address": [address_of(sent)] if address_of(sent) else [],
        "telecom": [{"system": "phone", "value": sent["phone"]}] if "phone" in sent else [],
    }
    return made.refer("Patient", person)


def parties_of(made):
    found = {}
    for key, name in (("billing", "provider"), ("facility", "facility")):
        if key in made.sent:
            found[name] = made.party(made.sent[key])
    for role in ROLES:
        if role in made.sent:
            made.member(role, made.sent[role])
    if "payer" in made.sent or "payer_name" in made.sent:
        identifier = [{"value": made.sent["payer"]}] if "payer" in made.sent else []
        found["insurer"] = made.refer("Organization", {"identifier": identifier, "name": made.sent.get("payer_name")})
    return found


def tell_all(made):
    sent = made.sent
    for key, (category, system) in SUPPORTING.items():
        if key in sent:
            made.tell(concept("info", category), code=concept(system, sent[key]))
    if "frequency" in sent and "bill_type" not in sent:
        made.tell(concept("info", "typeofbill"), code=concept("frequency", sent["frequency"]))
    if "admitted" in sent or "discharged" in sent:
        period = {}
        if "admitted" in sent:
            period["start"] = moment(sent["admitted"], sent.get("admit_hour"))
        if "discharged" in sent:
            period["end"] = moment(sent["discharged"], sent.get("discharge_hour"))
        made.tell(concept("info", "admissionperiod"), timingPeriod=period)
    if "received" in sent:
        made.tell(concept("info", "clmrecvddate"), timingDate=sent["received"])
    if "disability_from" in sent:
        period = {
            "start": sent["disability_from"],
            **({"end": sent["disability_to"]} if "disability_to" in sent else {}),
        }
        made.tell(concept("info-r4", "employmentimpacted"), timingPeriod=period)
    for key, qualifier in X12_DATES.items():
        if key in sent:
            made.tell(concept("x12-date", qualifier), timingDate=sent[key])
    for key, qualifier in X12_REFERENCES.items():
        if key in sent:
            made.tell(concept("x12-reference", qualifier), valueString=sent[key])
    for key, system in X12_CODES.items():
        if key in sent:
            made.tell(concept("info-r4", "info"), code=concept(system, sent[key]))
    for key, system, words in (("assignment", "x12-assignment", "AC"), ("release_of_information", "x12-release", "YN")):
        if key in sent:
            made.tell(concept("info-r4", "info"), code=concept(system, words[0] if sent[key] else words[1]))
    for remark in sent.get("note", "").split("\n") if "note" in sent else ():
        made.tell(concept("info-r4", "info"), valueString=remark)
    for code in sent.get("condition_codes", []):
        made.tell(concept("info-r4", "info"), code=concept("condition", code))
    for one in sent.get("occurrence_codes", []):
        timing = {}
        if "end_date" in one:
            timing = {"timingPeriod": {"start": one["date"], "end": one["end_date"]}}
        elif "date" in one:
            timing = {"timingDate": one["date"]}
        made.tell(concept("info-r4", "info"), code=concept("occurrence", one["code"]), **timing)
    for one in sent.get("value_codes", []):
        amount = {"valueQuantity": {"value": Decimal(str(one["amount"]))}} if "amount" in one else {}
        made.tell(concept("info-r4", "info"), code=concept("value", one["code"]), **amount)
    if "amount_paid" in sent:
        made.tell(concept("info", "patientpaid"), valueQuantity={"value": Decimal(str(sent["amount_paid"]))})


def diagnosis_of(number, sent):
    made = {"sequence": number, "diagnosisCodeableConcept": concept("icd", sent["code"])}
    if "role" in sent:
        made["type"] = [concept(*DIAGNOSES[sent["role"]])]
    if "poa" in sent:
        made["onAdmission"] = concept("poa", sent["poa"])
    return made


def item_of(made, number, line, kind):
    item = {"sequence": line.get("number", number)}
    members = []
    if "provider" in line:
        party = {key: line[key] for key in ("group", "specialty", "taxonomy") if key in line} | {
            "npi": line["provider"]
        }
        members.append(made.member("provider", party))
    members += [
        made.member(role, {"npi": line[role]}) for role in ("referring", "ordering", "supervising") if role in line
    ]
    if members:
        item["careTeamSequence"] = members
    if "diagnoses" in line:
        item["diagnosisSequence"] = line["diagnoses"]
    if "revenue" in line:
        item["revenue"] = concept("revenue", line["revenue"])
    code = line.get("code")
    if code is not None:
        item["productOrService"] = concept("cpt" if code[0].isdigit() else "hcpcs", code)
    elif "rate" in line:
        item["productOrService"] = concept("hipps", line["rate"])
    if "description" in line:
        item.setdefault("productOrService", {})["text"] = line["description"]
    item["modifier"] = [concept("hcpcs", modifier) for modifier in line.get("modifiers", [])]
    item["programCode"] = [
        concept("program", word)
        for word, key in (("epsdt", "epsdt"), ("family-planning", "family_planning"))
        if line.get(key)
    ]
    if "end_date" in line:
        item["servicedPeriod"] = {"start": line["date"], "end": line["end_date"]}
    elif "date" in line:
        item["servicedDate"] = line["date"]
    place = line.get("place", made.sent.get("place"))
    if place is not None:
        item["locationCodeableConcept"] = concept("pos", place)
    if "facility" in line:
        item["locationReference"] = made.refer("Location", {"identifier": [{"system": NPI, "value": line["facility"]}]})
    if "units" in line:
        item["quantity"] = {"value": Decimal(str(line["units"]))}
    elif "minutes" in line:
        item["quantity"] = {
            "value": Decimal(str(line["minutes"])),
            "system": "http://unitsofmeasure.org",
            "code": "min",
        }
    if "charge" in line and kind == "Claim":
        item["net"] = money(line["charge"])
    elif "charge" in line:
        item["adjudication"] = [{"category": concept("adjudication", "submitted"), "amount": money(line["charge"])}]
    if "other_paid" in line:
        paid = {"category": concept("adjudication-carin", "priorpayerpaid"), "amount": money(line["other_paid"])}
        item["adjudication"] = [*item.get("adjudication", []), paid]
    if "ndc" in line:
        detail = {"sequence": 1, "productOrService": concept("ndc", line["ndc"])}
        if "drug_quantity" in line:
            detail["quantity"] = {"value": Decimal(str(line["drug_quantity"])), "code": UNITS[line["drug_unit"]]}
        item["detail"] = [detail]
    if "authorization" in line:
        guide = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-authorizationNumber"
        item["extension"] = [{"url": guide, "valueString": line["authorization"]}]
    return {key: value for key, value in item.items() if value != []}


def insurance_of(made):
    sent, subscriber = made.sent, made.sent.get("subscriber", {})
    classes = []
    if "group_number" in subscriber or "group_name" in subscriber:
        group = {"value": subscriber.get("group_number"), "name": subscriber.get("group_name")}
        classes.append({"type": concept("class", "group"), **{k: v for k, v in group.items() if v}})
    if "plan" in sent:
        classes.append({"type": concept("class", "plan"), "value": sent["plan"]})
    coverage = {
        "status": "active",
        "type": concept("x12-filing", sent["product"]) if "product" in sent else None,
        "subscriberId": subscriber.get("member_id"),
        "relationship": concept("relationship", subscriber["relationship"]) if "relationship" in subscriber else None,
        "order": SEQUENCES.get(sent.get("payer_sequence")),
        "class": classes,
    }
    if subscriber.get("relationship") != "self" and "last_name" in subscriber:
        person = {
            "name": [name_of(subscriber)],
            "gender": SEXES.get(subscriber.get("sex")),
            "birthDate": subscriber.get("birth_date"),
            "address": [address_of(subscriber)] if address_of(subscriber) else [],
        }
        coverage["subscriber"] = made.refer("RelatedPerson", person)
    own = {"sequence": 1, "focal": True, "coverage": made.refer("Coverage", coverage)}
    if "authorization" in sent:
        own["preAuthRef"] = [sent["authorization"]]
    found = [own]
    for number, other in enumerate(sent.get("other_payers", []), start=2):
        payor = {"identifier": [{"value": other["payer"]}] if "payer" in other else [], "name": other.get("name")}
        classes = [
            {"type": concept("class", word), "value": other[key]}
            for word, key in (("group", "group_number"), ("plan", "plan"))
            if key in other
        ]
        made_coverage = {
            "status": "active",
            "type": concept("x12-filing", other["product"]) if "product" in other else None,
            "subscriberId": other.get("member_id"),
            "relationship": concept("relationship", other["relationship"]) if "relationship" in other else None,
            "order": SEQUENCES.get(other.get("sequence")),
            "payor": [made.refer("Organization", payor)],
            "class": classes,
        }
        found.append({"sequence": number, "focal": False, "coverage": made.refer("Coverage", made_coverage)})
    return found


def rest_of(sent, kind):
    found = {}
    if "total_charge" in sent:
        total = money(sent["total_charge"])
        found["total"] = (
            total if kind == "Claim" else [{"category": concept("adjudication", "submitted"), "amount": total}]
        )
    paid = [other["paid"] for other in sent.get("other_payers", []) if "paid" in other]
    if len(paid) == 1 and kind != "Claim":
        prior = {"category": concept("adjudication-carin", "priorpayerpaid"), "amount": money(paid[0])}
        found["total"] = [*found.get("total", []), prior]
    if "original_claim" in sent:
        found["related"] = [
            {"relationship": concept("related", "prior"), "reference": {"value": sent["original_claim"]}}
        ]
    kinds = [word for key, word in ACCIDENTS.items() if sent.get(key)]
    if "accident_date" in sent or kinds:
        found["accident"] = {
            "date": sent.get("accident_date"),
            "type": {"coding": [{"system": CODES["accident"], "code": word} for word in kinds]},
        }
        if "accident_state" in sent:
            found["accident"]["locationAddress"] = {"state": sent["accident_state"]}
    if "benefits_assigned" in sent:
        found["payee"] = {"type": {"coding": [{"code": "provider" if sent["benefits_assigned"] else "subscriber"}]}}
    return found


def bundle_of(encounters, *, kind="Claim"):
    """A Bundle of all the claims, with what they refer to behind each of them."""
    entries = []
    for encounter in encounters:
        claim, beside = resource_of(encounter, kind=kind)
        for resource in (claim, *beside):
            url = f"https://clinic.example/fhir/{resource['resourceType']}/{resource['id']}"
            entries.append({"fullUrl": url, "resource": resource})
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}
