"""Fields: the catalogue of every fact that a rule can read, and how to find one.

In:   the fields of each part of a claim.    Out: `Field`, `field_of`, `fields_of`, `main_code`, `nearest_path`.
Uses: field, fields_*, diagnostics.suggest.  Used by: the language checker, both evaluators, the schema, the reference.
Not here: what each fact is (fields_*).

One catalogue feeds the language, the JSON Schema, the readers' documentation and `sequela fields`.
"""

import copyreg
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from re import compile as compile_pattern
from typing import Any, Final

from sequela.engine.diagnostics.suggest import nearest
from sequela.engine.encounter.field import FactValue, Field
from sequela.engine.encounter.fields_claim import CLAIM_FIELDS
from sequela.engine.encounter.fields_codes import CODE_FIELDS
from sequela.engine.encounter.fields_line import HISTORY_FIELDS, LINE_FIELDS, SERVICE_FIELDS
from sequela.engine.encounter.fields_party import PARTY_FIELDS, PATIENT_FIELDS, SUBSCRIBER_FIELDS
from sequela.engine.encounter.member import Member
from sequela.engine.vocabulary.kinds import DIAGNOSIS_LIKE, LINE_LIKE, Kind, Scalar

__all__ = ["FIELDS", "FactValue", "Field", "field_of", "fields_of", "main_code", "nearest_path"]

FIELDS: Final[tuple[Field, ...]] = (
    *CLAIM_FIELDS,
    *SUBSCRIBER_FIELDS,
    *PARTY_FIELDS,
    *PATIENT_FIELDS,
    *LINE_FIELDS,
    *CODE_FIELDS,
    *HISTORY_FIELDS,
    *SERVICE_FIELDS,
)
"""Every fact with a fixed name, in the order of the reference. The tags that a host sets come on top, under `tags.`."""

_BY_NAME: Final = {(field.owner, field.name): field for field in FIELDS}
_TAGGED: Final = LINE_LIKE | DIAGNOSIS_LIKE | {Kind.CLAIM}
_TAG: Final = compile_pattern(r"tags\.([a-z][a-z0-9]*(?:-[a-z0-9]+)*)")


def field_of(owner: Kind, name: str) -> Field | None:
    """The fact called `name` ("provider.npi") of a kind of member, or None. `tags.ANY-NAME` is a text of the host's."""
    found = _BY_NAME.get((owner, name))
    return found if found is not None else _tag(owner, name)


def fields_of(owner: Kind) -> tuple[Field, ...]:
    """The facts of a kind of member, in the order of the reference; empty for kinds that have none."""
    return _by_owner().get(owner, ())


def main_code(kind: Kind) -> Field | None:
    """The code that `in SET` and `is in SET` test of a member of `kind`; None for kinds without one."""
    return None if kind is Kind.CLAIM else _BY_NAME.get((kind, "code"))


def nearest_path(owner: Kind, name: str) -> str | None:
    """The name of the fact of `owner` that a person may have meant by `name`, or None when none is near."""
    names = [field.name for field in fields_of(owner)]
    found = nearest(name, names)
    if not found and "." not in name:  # `npi` of the claim is meant to be one of the parties'
        found = tuple(known for known in names if known.endswith(f".{name}"))
    return found[0] if found else None


@cache
def _by_owner() -> dict[Kind, tuple[Field, ...]]:
    return {owner: tuple(field for field in FIELDS if field.owner is owner) for owner in {f.owner for f in FIELDS}}


def _again(field: Field) -> tuple[Callable[..., Any], tuple[Kind, str]]:
    return field_of, (field.owner, field.name)


copyreg.pickle(Field, _again)  # a field that is handed to another process is looked up there


@cache
def _tag(owner: Kind, name: str) -> Field | None:
    """The fact of a tag: a text under the key of its name, hyphens written as underscores."""
    matched = _TAG.fullmatch(name)
    if matched is None or owner not in _TAGGED:
        return None
    key = matched[1].replace("-", "_")
    tags = attrgetter("data.tags")

    def read(member: Member) -> str | None:
        value: str | None = tags(member).get(key)
        return value

    def sources(member: Member) -> tuple[str, ...]:
        return (f"{member.pointer}/tags/{key}",)

    meaning = f"The text that the host's system set under `{key}` in `tags`."
    return Field(owner, name, Scalar.TEXT, meaning, read=read, sources=sources, path=("tags", key))
