"""X12 other payers: loop 2320 and its 2330 loops: who else insures the patient, and what they paid.

In:   the segments from one SBR on.     Out: `Facts` of an OtherPayer.
Uses: x12_facts, x12_values, x12_parties.    Used by: x12_claim.
Not here: what another payer paid on a line (x12_lines).
"""

from collections.abc import Sequence
from typing import Final

from sequela.engine.encounter.x12_facts import Facts
from sequela.engine.encounter.x12_notes import Notes
from sequela.engine.encounter.x12_parties import relationship_at, sequence_at
from sequela.engine.encounter.x12_segment import Segment, at
from sequela.engine.encounter.x12_values import amount_of, period_at, text_at

_AMOUNTS: Final = {
    "D": ("paid", "what the other payer paid"),
    "B6": ("allowed", "what the other payer allowed"),
    "EAF": ("patient_responsibility", "what the patient still owes"),
    "F2": ("patient_responsibility", "what the patient owes"),
}


def read_other_payer(segments: Sequence[Segment], notes: Notes) -> Facts:
    """The facts of one other payer: an SBR and what stands behind it up to the next SBR or LX."""
    facts = Facts(segments[0])
    role = ""
    for segment in segments:
        match segment.id:
            case "SBR":
                facts.put("sequence", sequence_at(segment, notes), segment, 1)
                facts.put("relationship", relationship_at(segment, 2, notes), segment, 2)
                facts.put("group_number", text_at(segment, 3), segment, 3)
                facts.put("plan", text_at(segment, 4), segment, 4)
                facts.put("product", text_at(segment, 9), segment, 9)
            case "AMT":
                name, what = _AMOUNTS.get(at(segment, 1), ("", ""))
                if name:
                    facts.put(name, amount_of(at(segment, 2), what, segment, 2, notes), segment, 2)
            case "NM1":
                role = at(segment, 1)
                if role == "IL":
                    facts.put("member_id", text_at(segment, 9), segment, 9)
                elif role == "PR":
                    facts.put("payer", text_at(segment, 9), segment, 9)
                    facts.put("name", text_at(segment, 3), segment, 3)
            case "DTP" if role == "PR" and at(segment, 1) == "573":
                period = period_at(segment, notes)
                facts.put("processed", period.first if period else None, segment, 3)
            case "REF" if role == "PR" and at(segment, 1) == "F8":
                facts.put("claim", text_at(segment, 2), segment, 2)
            case _:
                pass
    return facts
