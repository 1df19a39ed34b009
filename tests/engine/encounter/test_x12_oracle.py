"""Field by field against pyx12, which reads files that follow the guide exactly."""

import io
import logging
import re
from contextlib import redirect_stderr
from decimal import Decimal
from pathlib import Path

import pytest

import sequela
from sequela.engine.encounter.from_x12 import read_x12
from sequela.engine.encounter.x12_values import day_of

pyx12 = pytest.importorskip("pyx12")
error_handler = pytest.importorskip("pyx12.error_handler")
params = pytest.importorskip("pyx12.params")
x12context = pytest.importorskip("pyx12.x12context")

ROOT = Path(sequela.__file__).parent
SAMPLES = sorted((ROOT / "tests" / "samples").glob("*.837"))
CORPUS = ROOT.parent / "shared" / "x12" / "claims-5010"

RELABELLED = re.compile(r"005010X(222|223)(?:A[0-9])?")
KNOWN = {"222": "005010X222A1", "223": "005010X223A2"}
"""The errata that pyx12 has maps for; what the others change, none of these files uses."""
DIAGNOSES = {"ABK", "ABF", "ABJ", "ABN", "APR", "BK", "BF", "BJ", "BN", "PR"}
CONFORMING = (
    "GenAI4PH__Sample_837P.txt",
    "Healthcare-Data-Insight__837I-all-fields.dat",
    "Healthcare-Data-Insight__837p-all-fields.edi",
    "Healthcare-Data-Insight__ambulance.dat",
    "Healthcare-Data-Insight__anesthesia.dat",
    "Healthcare-Data-Insight__chiro.dat",
    "Inteligenz__P-5010__Example1_2_And_3_Combined.txt",
    "Inteligenz__P-5010__Example3_COB.txt",
    "LibrePPS__837p_example.x12",
    "LinuxForHealth__demo.837",
    "LinuxForHealth__demo.cob.example3.C.837",
    "LinuxForHealth__demo.drug.example10.3.837",
    "LinuxForHealth__demo.example2.837",
    "apimeister__005010_837.edi",
    "donfox__sample_837p.txt",
    "imsweb__x223-test.txt",
    "irobayna__222A1__COB-claim-from-payer-a-to-payer-b-in-payer-to-payer.edi",
    "irobayna__222A1__ambulance.edi",
    "irobayna__222A1__anesthesia.edi",
    "irobayna__222A1__chiropractic.edi",
    "irobayna__222A1__drug-administered-in-the-physician-office.edi",
    "irobayna__222A1__home-infusion-therapy-pharmacy-_adjudicated-with-HCPCS-in-loop-2400-or-NDC-in-loop-2410_.edi",
    "irobayna__222A1__home-infusion-therapy-pharmacy-_adjudicated-with-NDC-in-loop-2410_.edi",
    "irobayna__222A1__medicare-secondary-payer-COB.edi",
    "irobayna__222A1__oxygen.edi",
    "irobayna__223A2__automobile-accident.edi",
    "irobayna__223A2__out-of-network-repriced-claim.edi",
    "irobayna__223A2__two-claims-for-the-same-provider.edi",
    "mimilabs__sample_837_0.txt",
)
"""The files of the corpus in which pyx12 can place every segment of a claim."""


def oracle(path):
    """What pyx12 finds in each claim."""
    text = RELABELLED.sub(lambda found: KNOWN[found[1]], path.read_bytes().decode("utf-8-sig"))
    logging.disable(logging.CRITICAL)
    try:
        with redirect_stderr(io.StringIO()):
            source = x12context.X12ContextReader(params.params(), error_handler.errh_null(), io.StringIO(text))
            claims = [claim_of(node) for node in source.iter_segments("2300") if node.id == "2300"]
    finally:
        logging.disable(logging.NOTSET)
    return claims


def claim_of(node):
    parts = [found["segment"] for found in node.iterate_segments()]
    codes = [
        component
        for segment in parts
        if segment.get_seg_id() == "HI"
        for component in (segment.get(f"HI{place:02d}") for place in range(1, 13))
        if component is not None
    ]
    return {
        "id": node.get_value("CLM01"),
        "total": node.get_value("CLM02"),
        "facility": node.get_value("CLM05-1"),
        "frequency": node.get_value("CLM05-3"),
        "diagnoses": [values(code)[1] for code in codes if values(code)[0] in DIAGNOSES],
        "authorization": reference(parts, "G1"),
        "lines": [line_of(line) for line in node.select("2400")],
    }


def values(composite):
    return composite.format(":").split(":")


def reference(parts, qualifier):
    for segment in parts:
        if segment.get_seg_id() == "LX":
            return None
        if segment.get_seg_id() == "REF" and segment.get_value("REF01") == qualifier:
            return segment.get_value("REF02")
    return None


def line_of(node):
    service = "SV2" if node.get_value("SV201") or node.get_value("SV203") else "SV1"
    procedure, quantity = ("SV101", "SV104") if service == "SV1" else ("SV202", "SV205")
    dates = [
        found["segment"].get_value("DTP03")
        for found in node.iterate_segments()
        if found["segment"].get_seg_id() == "DTP" and found["segment"].get_value("DTP01") == "472"
    ]
    return {
        "number": node.get_value("LX01"),
        "revenue": node.get_value("SV201"),
        "code": node.get_value(f"{procedure}-2"),
        "modifiers": [m for m in (node.get_value(f"{procedure}-{place}") for place in range(3, 7)) if m],
        "charge": node.get_value("SV102" if service == "SV1" else "SV203"),
        "quantity": node.get_value(quantity),
        "pointers": [p for p in (node.get_value(f"SV107-{place}") for place in range(1, 5)) if p],
        "date": dates[0] if dates else None,
    }


def ours(claim):
    """The same facts as we read them, written as an 837 writes them."""
    return {
        "id": claim.id.partition("#")[0] if "#2" in claim.id else claim.id,
        "total": claim.total_charge,
        "facility": claim.place or claim.bill_type[1:3],
        "frequency": claim.frequency,
        "diagnoses": [diagnosis.code for diagnosis in claim.diagnoses],
        "authorization": claim.authorization,
        "lines": [
            {
                "number": line.number,
                "revenue": line.revenue,
                "code": line.code,
                "modifiers": list(line.modifiers),
                "charge": line.charge,
                "quantity": line.units if line.units is not None else line.minutes,
                "pointers": list(line.diagnoses or ()),
                "date": (line.date, line.end_date or line.date),
            }
            for line in claim.lines
        ],
    }


def as_ours(claim):
    """What pyx12 finds, in our types."""

    def number(text):
        return Decimal(text) if text else None

    return claim | {
        "total": number(claim["total"]),
        "lines": [
            line
            | {
                "number": int(line["number"]),
                "charge": number(line["charge"]),
                "quantity": number(line["quantity"]),
                "pointers": [int(pointer) for pointer in line["pointers"]],
                "date": (
                    day_of((line["date"] or "")[:8]),
                    day_of((line["date"] or "")[-8:]),
                ),
            }
            for line in claim["lines"]
        ],
    }


def agree(path):
    expected = oracle(path)
    with path.open("rb") as stream:
        found = [one.encounter for one in read_x12(stream, path.name)]
    assert expected
    assert [ours(claim) for claim in found] == [as_ours(claim) for claim in expected]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_pyx12_finds_the_same_in_our_samples(path):
    agree(path)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared 837 files are not here")
@pytest.mark.parametrize("name", CONFORMING)
def test_pyx12_finds_the_same_in_files_by_other_hands(name):
    agree(CORPUS / name)
