"""Brought: which kind of import brings which tables, without loading an importer.

In:   nothing.    Out: `BROUGHT`, `brings`.
Uses: nothing.    Used by: the notice of tables that are not there, which many commands print.
Not here: the kinds themselves (registry); a test holds the two to each other.
"""

from collections.abc import Mapping
from typing import Final

BROUGHT: Final[Mapping[str, tuple[str, ...]]] = {
    "ncci-ptp": ("ncci/ptp-practitioner", "ncci/ptp-hospital"),
    "mue": ("ncci/mue-practitioner", "ncci/mue-hospital", "ncci/mue-dme"),
    "add-on": ("ncci/add-ons", "ncci/add-on-primaries"),
    "mpfs": ("mpfs/indicators", "mpfs/components"),
    "hcpcs": ("hcpcs/codes", "hcpcs/modifiers"),
    "pos": ("pos/codes",),
    "icd10cm": (
        "icd10cm/codes",
        "icd10cm/incomplete",
        "icd10cm/excludes1",
        "icd10cm/excludes1-lifted",
        "icd10cm/code-first",
        "icd10cm/use-additional",
        "icd10cm/code-also",
        "icd10cm/laterality",
        "icd10cm/trimesters",
    ),
    "icd10pcs": ("icd10pcs/codes",),
    "poa-exempt": ("icd10cm/poa-exempt",),
    "mce": ("mce/diagnosis-lists", "mce/procedure-lists", "mce/age-classes"),
    "coverage": (
        "coverage/articles",
        "coverage/services",
        "coverage/covered",
        "coverage/listed",
        "coverage/groups",
        "coverage/noncovered",
        "coverage/combinations",
        "coverage/ncds",
    ),
    "telehealth": ("telehealth/services",),
    "clia-waived": ("clia/waived-tests",),
    "drug-containers": ("drugs/containers",),
    "generic": (),
}
"""The tables by the name of their kind, in the order of the registry."""

_KIND: Final = {table: kind for kind, tables in BROUGHT.items() for table in tables}


def brings(table: str) -> str | None:
    """The name of the kind that brings a table (`ncci/ptp-practitioner`); None where no published file does."""
    return _KIND.get(table)
