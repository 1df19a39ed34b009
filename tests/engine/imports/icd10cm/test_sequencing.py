"""Instructions as rows: their lists, and their force."""

from collections import Counter
from collections.abc import Callable

import pytest

from sequela.engine.imports.icd10cm.layout import NoteKind, Tabular
from sequela.engine.imports.icd10cm.sequencing import (
    CONDITIONAL,
    MUST,
    NO_CODES,
    OPEN,
    Instruction,
    read_instructions,
)
from sequela.engine.imports.icd10cm.space import Space

from .conftest import code, notes


@pytest.fixture(scope="module")
def first(april: Tabular, space: Space) -> dict[str, Instruction]:
    return {one.owner: one for one in read_instructions(april, space, NoteKind.CODE_FIRST)}


@pytest.mark.parametrize(
    ("owner", "force"),
    [
        ("D63.1", MUST),
        ("J12.82", MUST),
        ("R29.7", MUST),
        ("T20.4", MUST),
        ("F02", OPEN),
        ("R65.2", OPEN),
        ("M49", OPEN),
        ("F06", NO_CODES),
        ("G01", NO_CODES),
        ("E09", CONDITIONAL),
        ("I21.A1", CONDITIONAL),
        ("A41", CONDITIONAL),
        ("N18", CONDITIONAL),
        ("I50", CONDITIONAL),
        ("B39", CONDITIONAL),
        ("E88.14", CONDITIONAL),
        ("T36 .. T50", CONDITIONAL),
    ],
)
def test_how_far_codes_alone_can_decide_a_code_first_note(
    first: dict[str, Instruction], owner: str, force: str
) -> None:
    assert first[owner].force == force


def test_a_list_is_one_instruction_with_its_alternatives(first: dict[str, Instruction]) -> None:
    one = first["F02"]
    assert one.codes.startswith("under G30, E75.4, under A81.0, under G40")
    assert one.note.startswith(
        "the underlying physiological condition, such as: Alzheimer's (G30.-); cerebral lipidosis"
    )


@pytest.mark.parametrize(
    ("kind", "forces"),
    [
        (NoteKind.CODE_FIRST, {CONDITIONAL: 130, OPEN: 97, MUST: 84, NO_CODES: 52}),
        (NoteKind.USE_ADDITIONAL, {CONDITIONAL: 379, MUST: 318, NO_CODES: 94, OPEN: 53}),
        (NoteKind.CODE_ALSO, {CONDITIONAL: 279, NO_CODES: 18, MUST: 13, OPEN: 10}),
    ],
)
def test_the_figures_of_april_2026(april: Tabular, space: Space, kind: NoteKind, forces: dict[str, int]) -> None:
    assert Counter(one.force for one in read_instructions(april, space, kind)) == forces


def test_codes_are_given_unless_there_are_none(april: Tabular, space: Space) -> None:
    for kind in (NoteKind.CODE_FIRST, NoteKind.USE_ADDITIONAL, NoteKind.CODE_ALSO):
        for one in read_instructions(april, space, kind):
            assert one.note
            assert bool(one.codes) or one.force in {NO_CODES, CONDITIONAL}
            assert not (one.codes and one.force == NO_CODES)


def test_notes_that_begin_with_code_are_instructions_of_their_own(made: Callable[..., Tabular]) -> None:
    tabular = made(
        code("A00", notes("useAdditionalCode", "code to identify:", "one (B00)", "two (B01)", "code for more, if any (B02)")),
        code("B00"), code("B01"), code("B02"),
    )  # fmt: skip
    found = list(read_instructions(tabular, Space(tabular), NoteKind.USE_ADDITIONAL))
    assert [(one.codes, one.force, one.note) for one in found] == [
        ("B00, B01", MUST, "code to identify: one (B00); two (B01)"),
        ("B02", CONDITIONAL, "code for more, if any (B02)"),
    ]


def test_what_a_block_asks_in_general_is_conditional(made: Callable[..., Tabular]) -> None:
    tabular = made(code("A00"), code("B00"), section="A00-A00", inside=notes("useAdditionalCode", "code (B00)"))
    (one,) = read_instructions(tabular, Space(tabular), NoteKind.USE_ADDITIONAL)
    assert (one.owner, one.force) == ("A00", CONDITIONAL)
