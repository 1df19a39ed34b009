"""Seventh characters are written out: the published figures, and each of the traps."""

from collections.abc import Callable

import pytest

from sequela.engine.imports.icd10cm.expand import listed_codes, padded, seven_of
from sequela.engine.imports.icd10cm.layout import NoteKind, Tabular

from .conftest import code, notes, seven


@pytest.fixture(scope="module")
def billable(april: Tabular) -> set[str]:
    return {one.code for one in listed_codes(april) if one.billable}


def test_the_figures_of_april_2026(april: Tabular, billable: set[str]) -> None:
    listed = list(listed_codes(april))
    assert len(billable) == 74_719
    assert sum(1 for one in listed if not one.billable) == 23_467
    assert len(listed) == len({one.code for one in listed}) == 98_186


def test_the_sentence_of_s06_takes_76_codes_away(april: Tabular, billable: set[str]) -> None:
    naive = {one.code for one in listed_codes(april, exceptions=False) if one.billable}
    assert len(naive) == 74_795
    assert len(naive - billable) == 76
    assert all(one[:3] == "S06" and one[5] in "78" and one[6] in "DS" for one in naive - billable)


@pytest.mark.parametrize(("letters", "count"), [("VWXY", 7_461), ("O", 2_437), ("P", 463), ("Z", 1_411)])
def test_the_figures_of_chapters(billable: set[str], letters: str, count: int) -> None:
    assert sum(1 for one in billable if one[0] in letters) == count


@pytest.mark.parametrize(
    "one",
    ["T1502XA", "T07XXXA", "C441021", "H540X33", "S72001A", "E103511", "O3110X0", "M1A0110", "R402110", "E119", "U071"],
)
def test_codes_that_are_billable(billable: set[str], one: str) -> None:
    assert one in billable


@pytest.mark.parametrize("one", ["T1502", "T1502A", "G35", "S061X7D", "S72001", "H540X", "C441021A", "E11"])
def test_codes_that_are_not(billable: set[str], one: str) -> None:
    assert one not in billable


def test_the_nearest_definition_wins(april: Tabular) -> None:
    found = seven_of(april)
    assert "".join(character for character, _ in found["S128"]) == "ADS"
    assert "".join(character for character, _ in found["S12000"]) == "ABDGKS"


def test_a_nearer_definition_replaces_the_one_above(made: Callable[..., Tabular]) -> None:
    tabular = made(
        code("S12", seven(A="first", B="open") + code("S12.0") + code("S12.8", seven(D="later") + code("S12.81"))),
    )
    assert [one.code for one in listed_codes(tabular) if one.billable] == ["S120XXA", "S120XXB", "S1281XD"]


def test_a_code_of_seven_characters_stays_as_it_is(made: Callable[..., Tabular]) -> None:
    tabular = made(code("H54", seven(A="first") + code("H54.0X", code("H54.0X33"))))
    assert [one.code for one in listed_codes(tabular) if one.billable] == ["H540X33"]


def test_the_words_of_the_seventh_character_end_the_description(made: Callable[..., Tabular]) -> None:
    tabular = made(code("T07", seven(A="initial encounter"), "Injuries"))
    assert [one.description for one in listed_codes(tabular)] == ["Injuries", "Injuries, initial encounter"]


def test_only_the_sentence_of_the_category_itself_counts(made: Callable[..., Tabular]) -> None:
    sentence = (
        "7th characters D and S do not apply to codes in category S06 with 6th character 7 - death, "
        "or 8 - death due to other cause."
    )
    inside = seven(A="first", D="later", S="sequela") + code("S06.1X7") + code("S06.1X9")
    with_sentence = made(code("S06", notes(NoteKind.NOTES.value, sentence) + inside))
    assert sorted(one.code for one in listed_codes(with_sentence) if one.billable) == [
        "S061X7A", "S061X9A", "S061X9D", "S061X9S",
    ]  # fmt: skip
    other = made(code("S07", notes(NoteKind.NOTES.value, sentence) + inside.replace("S06", "S07")))
    assert sum(1 for one in listed_codes(other) if one.billable) == 6


def test_padding() -> None:
    assert (padded("T07"), padded("T1502"), padded("S72001")) == ("T07XXX", "T1502X", "S72001")
