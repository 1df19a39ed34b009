"""Registry: every kind of import, by name.

In:   nothing.    Out: `KINDS`, `kind_named`.
Uses: the importers.    Used by: the commands.
"""

from typing import Final

from sequela.engine.imports import (
    code_lists,
    generic,
    hcpcs,
    icd10pcs,
    mce,
    mpfs,
    ncci_add_on,
    ncci_mue,
    ncci_ptp,
    poa_exempt,
    pos,
)
from sequela.engine.imports.coverage import kind as coverage
from sequela.engine.imports.icd10cm import kind as icd10cm
from sequela.engine.imports.kinds import Kind

KINDS: Final[tuple[Kind, ...]] = (
    ncci_ptp.KIND,
    ncci_mue.KIND,
    ncci_add_on.KIND,
    mpfs.KIND,
    hcpcs.KIND,
    pos.KIND,
    icd10cm.KIND,
    icd10pcs.KIND,
    poa_exempt.KIND,
    mce.KIND,
    coverage.KIND,
    code_lists.TELEHEALTH,
    code_lists.CLIA_WAIVED,
    code_lists.DRUG_CONTAINERS,
    generic.KIND,
)
"""In the order in which they are listed; what anybody's own table is imported by comes last."""


def kind_named(name: str) -> Kind | None:
    """The kind of that name."""
    return next((kind for kind in KINDS if kind.name == name), None)
