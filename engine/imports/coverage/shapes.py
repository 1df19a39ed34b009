"""Shapes: the tables that a download of the Medicare Coverage Database becomes.

In:   nothing.    Out: the shapes.
Uses: tables.model.    Used by: imports.coverage.kind.

Services are dated; everything else is asked with the name of an edition or of a list, which says the version by itself.
"""

from typing import Final

from sequela.engine.tables.model import KeyColumn, TableShape, ValueColumn
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Scalar
from sequela.engine.vocabulary.systems import System

_TEXT, _NUMBER, _YES_NO = Scalar.TEXT, Scalar.NUMBER, Scalar.YES_NO
_DIAGNOSIS: Final = CodeOf(System.ICD10CM)
_DATED: Final = ("effective", "ended")

ARTICLES: Final = TableShape(
    name="coverage/articles",
    title="Articles of the Medicare Coverage Database",
    keys=(KeyColumn("article", _TEXT),),
    values=(
        ValueColumn("version", _NUMBER),
        ValueColumn("title", _TEXT),
        ValueColumn("lcd", _TEXT),
        ValueColumn("ncd", _TEXT),
    ),
    in_force=_DATED,
)
SERVICES: Final = TableShape(
    name="coverage/services",
    title="Services that articles of Medicare contractors list, by state",
    keys=(KeyColumn("state", _TEXT), KeyColumn("code", CodeOf(System.HCPCS))),
    values=(
        ValueColumn("article", _TEXT),
        ValueColumn("edition", _TEXT),
        ValueColumn("professional", _YES_NO),
        ValueColumn("institutional", _YES_NO),
        ValueColumn("dx-list", _TEXT),
        ValueColumn("list", _TEXT),
        ValueColumn("never", _TEXT),
        ValueColumn("contractor", _TEXT),
        ValueColumn("region", _TEXT),
        ValueColumn("lcd", _TEXT),
        ValueColumn("ncd", _TEXT),
    ),
    in_force=_DATED,
)
COVERED: Final = TableShape(
    name="coverage/covered",
    title="Diagnoses that support a service, by list",
    keys=(KeyColumn("list", _TEXT), KeyColumn("code", _DIAGNOSIS)),
    values=(ValueColumn("way", _TEXT), ValueColumn("group", _NUMBER), ValueColumn("edition", _TEXT)),
)
LISTED: Final = TableShape(
    name="coverage/listed",
    title="Diagnoses that an article lists for any service, but those that are known to need another one",
    keys=(KeyColumn("edition", _TEXT), KeyColumn("code", _DIAGNOSIS)),
    values=(ValueColumn("way", _TEXT), ValueColumn("group", _NUMBER)),
)
NONCOVERED: Final = TableShape(
    name="coverage/noncovered",
    title="Diagnoses that never support a service, by list",
    keys=(KeyColumn("list", _TEXT), KeyColumn("code", _DIAGNOSIS)),
    values=(ValueColumn("group", _NUMBER),),
)
COMBINATIONS: Final = TableShape(
    name="coverage/combinations",
    title="Diagnoses that support a service together, as a team has authored it",
    keys=(
        KeyColumn("list", _TEXT),
        KeyColumn("first", CodesOf(System.ICD10CM), "in"),
        KeyColumn("second", CodesOf(System.ICD10CM), "in"),
    ),
    values=(ValueColumn("group", _NUMBER), ValueColumn("needs", _NUMBER)),
)
GROUPS: Final = TableShape(
    name="coverage/groups",
    title="What articles say of their groups of diagnoses",
    keys=(KeyColumn("edition", _TEXT), KeyColumn("group", _NUMBER)),
    values=(ValueColumn("covers", _YES_NO), ValueColumn("text", _TEXT), ValueColumn("footnote", _TEXT)),
)
NCDS: Final = TableShape(
    name="coverage/ncds",
    title="National coverage determinations",
    keys=(KeyColumn("section", _TEXT),),
    values=(ValueColumn("title", _TEXT),),
    in_force=_DATED,
)
