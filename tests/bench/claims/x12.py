"""Made-up claims as an 837: those of a clinic as 837P, those of a hospital as 837I."""

from collections.abc import Iterable, Iterator

from made import Claim

GUIDES = {"837p": "005010X222A1", "837i": "005010X223A2"}
_SEX = {"female": "F", "male": "M"}


def written(claims: Iterable[Claim], form: str) -> Iterator[str]:
    """The segments of one interchange with the claims of that form; the others are left out."""
    guide = GUIDES[form]
    yield ("ISA*00*          *00*          *ZZ*MADEUPSENDER   *ZZ*MADEUPRECEIVER *260303*0705*^*00501*000000101*0*T*:")
    yield f"GS*HC*MADEUPSENDER*MADEUPRECEIVER*20260303*0705*101*X*{guide}"
    yield f"ST*837*0001*{guide}"
    yield "BHT*0019*00*MADE-UP*20260303*0705*CH"
    count, level = 3, 0
    for claim in claims:
        if (claim["setting"] == "professional") is (form == "837p"):
            for segment in _of_claim(claim, form, level):
                count += 1
                yield segment
            level += 2
    yield f"SE*{count}*0001"
    yield "GE*1*101"
    yield "IEA*1*000000101"


def _of_claim(claim: Claim, form: str, level: int) -> Iterator[str]:
    patient, sender = claim["patient"], claim["billing"]
    yield f"HL*{level + 1}**20*1"
    yield f"PRV*BI*PXC*{sender['taxonomy']}"
    yield f"NM1*85*2*MADE UP CLINIC*****XX*{sender['npi']}"
    yield "N3*12 MEADOW LANE"
    yield f"N4*AUSTIN*{sender['state']}*78701"
    yield f"HL*{level + 2}*{level + 1}*22*0"
    yield "SBR*P*18*******MB"
    yield f"NM1*IL*1*MADE*UP****MI*{patient['id']}"
    yield f"DMG*D8*{_day(patient['birth_date'])}*{_SEX.get(patient.get('sex', ''), 'U')}"
    yield f"NM1*PR*2*{claim['payer']}*****PI*{claim['payer']}"
    yield from _professional(claim) if form == "837p" else _institutional(claim)


def _professional(claim: Claim) -> Iterator[str]:
    yield f"CLM*{claim['id']}*{claim['total_charge']}***{claim['place']}:B:1*Y*A*Y*Y"
    codes = [one["code"].replace(".", "") for one in claim["diagnoses"]]
    yield "HI*" + "*".join(f"{'ABF' if place else 'ABK'}:{code}" for place, code in enumerate(codes))
    yield f"NM1*82*1*ROE*RICHARD****XX*{claim['provider']['npi']}"
    yield f"PRV*PE*PXC*{claim['provider']['taxonomy']}"
    for line in claim["lines"]:
        code = ":".join((line["code"], *line.get("modifiers", ())))
        yield f"LX*{line['number']}"
        yield f"SV1*HC:{code}*{line['charge']}*UN*{line['units']}***{':'.join(map(str, line['diagnoses']))}"
        yield f"DTP*472*D8*{_day(line['date'])}"


def _institutional(claim: Claim) -> Iterator[str]:
    stay = claim["setting"] == "inpatient"
    bill = claim["bill_type"]
    yield f"CLM*{claim['id']}*{claim['total_charge']}***{bill[1:3]}:A:{bill[3]}**A*Y*Y"
    yield f"DTP*434*RD8*{_day(claim['statement_from'])}-{_day(claim['statement_to'])}"
    if stay:
        yield f"DTP*435*D8*{_day(claim['admitted'])}"
    yield f"CL1*{claim.get('admit_type', '3')}*{claim.get('admit_source', '1')}*{claim['discharge_status']}"
    first, *others = claim["diagnoses"]
    yield f"HI*{_diagnosis('ABK', first)}"
    if stay:
        yield f"HI*ABJ:{first['code'].replace('.', '')}"
    if others:
        yield "HI*" + "*".join(_diagnosis("ABF", one) for one in others)
    if stay:
        yield f"NM1*71*1*STONE*SARA****XX*{claim['attending']['npi']}"
    for place, line in enumerate(claim["lines"], 1):
        code = f"HC:{line['code']}" if "code" in line else ""
        yield f"LX*{place}"
        yield f"SV2*{line.get('revenue', '')}*{code}*{line['charge']}*UN*{line['units']}"
        if "date" in line:
            yield f"DTP*472*D8*{_day(line['date'])}"


def _diagnosis(qualifier: str, one: Claim) -> str:
    code = f"{qualifier}:{one['code'].replace('.', '')}"
    return f"{code}:::::::{one['poa']}" if "poa" in one else code


def _day(text: str) -> str:
    return text.replace("-", "")
