"""X12 known: the segments, transactions and guides of X12 005010 that this reader can name.

In:   ids.                        Out: how many elements a segment may have, what a transaction is called.
Uses: nothing.                    Used by: x12_segments, x12_repair, x12_transactions, x12_loops.
Not here: what the segments of an 837 mean (the readers of loops).
"""

from enum import Enum
from typing import Final

MOST_ELEMENTS: Final[dict[str, int]] = {
    "AMT": 3, "BHT": 6, "CAS": 19, "CL1": 4, "CLM": 20, "CN1": 6, "CR1": 10, "CR2": 12, "CR3": 5, "CR4": 29,
    "CR5": 18, "CR6": 21, "CR7": 3, "CR8": 9, "CRC": 7, "CTP": 11, "CUR": 21, "DMG": 11, "DN1": 4, "DN2": 6,
    "DSB": 8, "DTP": 3, "FRM": 5, "FA1": 3, "FA2": 2, "GE": 2, "GS": 8, "HCP": 15, "HI": 12, "HL": 4, "HSD": 8,
    "IEA": 2, "ISA": 16, "K3": 3, "LIN": 31, "LQ": 2, "LX": 1, "MEA": 12, "MIA": 24, "MOA": 9, "N3": 2, "N4": 7,
    "NM1": 12, "NTE": 2, "OI": 6, "PAT": 9, "PER": 9, "PRV": 6, "PS1": 3, "PWK": 9, "QTY": 4, "REF": 4, "SBR": 9,
    "SE": 2, "ST": 3, "SV1": 21, "SV2": 10, "SV3": 11, "SV4": 18, "SV5": 7, "SV6": 7, "SV7": 6, "SVD": 6, "TA1": 5,
    "TOO": 3, "UR": 9,
}  # fmt: skip
"""The segments of an 837 and of its envelope, with the most elements that X12 005010 gives them."""


class Form(Enum):
    """What kind of claim a transaction carries; OTHER carries none, NOT_READ carries some that this reader leaves."""

    PROFESSIONAL = "professional"
    INSTITUTIONAL = "institutional"
    UNSAID = "unsaid"
    NOT_READ = "not read"
    OTHER = "other"


GUIDES: Final[dict[str, tuple[Form, str]]] = {
    "X222": (Form.PROFESSIONAL, "professional claims (837P)"),
    "X223": (Form.INSTITUTIONAL, "institutional claims (837I)"),
    "X098": (Form.PROFESSIONAL, "professional claims (837P) of version 004010"),
    "X096": (Form.INSTITUTIONAL, "institutional claims (837I) of version 004010"),
    "X323": (Form.PROFESSIONAL, "professional claims (837P) of version 008020"),
    "X324": (Form.INSTITUTIONAL, "institutional claims (837I) of version 008020"),
    "X224": (Form.NOT_READ, "dental claims (837D)"),
    "X097": (Form.NOT_READ, "dental claims (837D) of version 004010"),
    "X325": (Form.NOT_READ, "dental claims (837D) of version 008020"),
    "X291": (Form.NOT_READ, "professional predeterminations"),
    "X292": (Form.NOT_READ, "institutional predeterminations"),
    "X298": (Form.NOT_READ, "reports of adjudicated professional claims (post-adjudicated claims data reporting)"),
    "X299": (Form.NOT_READ, "reports of adjudicated institutional claims (post-adjudicated claims data reporting)"),
    "X300": (Form.NOT_READ, "reports of adjudicated dental claims (post-adjudicated claims data reporting)"),
}
"""Implementation guides of the 837, by the part of their name that does not change with errata."""

TRANSACTIONS: Final[dict[str, str]] = {
    "269": "a benefit coordination verification",
    "270": "an eligibility inquiry",
    "271": "an eligibility response",
    "274": "provider information",
    "275": "patient information (attachments)",
    "276": "a claim status request",
    "277": "a claim status response",
    "278": "a request for review of services or its response",
    "820": "a premium payment",
    "824": "an application advice",
    "834": "a benefit enrollment",
    "835": "a remittance advice",
    "864": "a text message",
    "997": "a functional acknowledgment",
    "999": "an implementation acknowledgment",
}
"""Other transactions of health care, as people call them."""

ROLES: Final = {
    "82": "provider", "DN": "referring", "P3": "referring", "DK": "ordering", "DQ": "supervising", "77": "facility",
    "FA": "facility", "71": "attending", "72": "operating", "73": "other_operating", "ZZ": "other_operating",
}  # fmt: skip
"""NM101 of who takes part in a claim, with the name of the model."""
UNREAD_ROLES: Final = frozenset(
    {"40", "41", "45", "85", "87", "GB", "HH", "IL", "LI", "PE", "PR", "PW", "QB", "QC", "QD", "TL", "TU"}
)
"""NM101 of others that an 837 names, of whom the model holds nothing."""
