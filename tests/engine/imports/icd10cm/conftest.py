"""The tabular list of April 2026, from a development dependency, and small ones that are made up."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from sequela.engine.imports.icd10cm.layout import Tabular, read_tabular
from sequela.engine.imports.icd10cm.space import Space


@pytest.fixture(scope="session")
def april() -> Tabular:
    """The tabular list of April 2026."""
    spec = find_spec("simple_icd_10_cm")
    if spec is None or spec.origin is None:
        pytest.skip("simple-icd-10-cm is not installed")
    return read_tabular((Path(spec.origin).parent / "data" / "icd10c-tabular-April-1-2026.xml").read_bytes())


@pytest.fixture(scope="session")
def space(april: Tabular) -> Space:
    """Its billable codes."""
    return Space(april)


def code(name: str, inside: str = "", description: str = "A disease") -> str:
    """One code as the file has it."""
    return f"<diag><name>{name}</name><desc>{description}</desc>{inside}</diag>"


def notes(kind: str, *texts: str) -> str:
    """One element of notes."""
    return f"<{kind}>{''.join(f'<note>{text}</note>' for text in texts)}</{kind}>"


def seven(**characters: str) -> str:
    """A definition of seventh characters."""
    parts = "".join(f'<extension char="{one}">{words}</extension>' for one, words in characters.items())
    return f"<sevenChrDef>{parts}</sevenChrDef>"


def xml(*categories: str, section: str = "A00-Z99", inside: str = "") -> bytes:
    """A tabular list of one chapter and one block."""
    body = f'<section id="{section}"><desc>A block</desc>{inside}{"".join(categories)}</section>'
    chapter = f"<chapter><name>1</name><desc>A chapter</desc>{body}</chapter>"
    return f"<ICD10CM.tabular><version>2026</version>{chapter}</ICD10CM.tabular>".encode()


@pytest.fixture
def made() -> Callable[..., Tabular]:
    """A made-up list of some categories."""
    return lambda *categories, **more: read_tabular(xml(*categories, **more))
