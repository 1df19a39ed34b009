"""What is offered for a word that is none of the possible ones."""

import time

import pytest

from sequela.engine.diagnostics.suggest import MANY, did_you_mean, distance, listed, nearest


@pytest.mark.parametrize(
    ("word", "candidates", "meant"),
    [
        ("vists", ["visits", "sides"], "visits"),
        ("new-patients", ["new-patient", "visits"], "new-patient"),
        ("office_visits", ["office-visits", "emergency-visits"], "office-visits"),
        ("Visits", ["visits", "sides"], "visits"),
        ("birthdate", ["birth-date", "date"], "birth-date"),
        ("patient-new", ["new-patient", "old-patient"], "new-patient"),
        ("auth", ["authorization", "date"], "authorization"),
        ("emergency", ["visits", "emergency-places"], "emergency-places"),
        ("lien", ["line", "lines", "linen"], "line"),
        ("HSIT-1", ["HIST-1", "HIST-2"], "HIST-1"),
        ("unit", ["code", "units"], "units"),
    ],
)
def test_the_likely_word_comes_first(word, candidates, meant):
    assert nearest(word, candidates)[0] == meant


@pytest.mark.parametrize(
    ("word", "candidates"),
    [
        ("dx", ["op", "di", "tx"]),
        ("quantity", ["units", "code", "date"]),
        ("a", ["b", "c"]),
        ("", ["visits"]),
        ("charge", []),
        ("visits", ["visits"]),
    ],
)
def test_nothing_silly_is_offered(word, candidates):
    assert nearest(word, candidates, 3) == ()
    assert did_you_mean(word, candidates) is None


def test_a_second_best_is_offered_only_when_it_is_nearly_as_good():
    assert nearest("MOD-26", ["MOD-25", "MOD-50", "MOD-66"], 3) == ("MOD-25", "MOD-66")
    assert nearest("Visits", ["visits", "visit-sets"], 3) == ("visits",)


def test_two_letters_are_near_only_when_swapped():
    assert nearest("TL", ["LT", "RT"], 3) == ("LT",)


def test_words_in_a_sentence():
    assert listed([]) == ""
    assert listed(["a"]) == "`a`"
    assert did_you_mean("MOD-26", ["MOD-25", "MOD-66"]) == "Did you mean `MOD-25` or `MOD-66`?"


@pytest.mark.parametrize(
    ("one", "two", "slips"), [("abcd", "abdc", 1), ("abcd", "abd", 1), ("abc", "abc", 0), ("ab", "xyz", None)]
)
def test_distance_counts_slips(one, two, slips):
    assert distance(one, two, 2) == slips


def codes():
    return [
        f"{chapter}{block:02}{rest:02}"
        for chapter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        for block in range(60)
        for rest in range(50)
    ]


def test_among_many_codes_one_slip_or_the_longest_common_beginning():
    known = codes()
    assert len(known) > 70_000 > MANY
    assert nearest("E11399", known, 1) == ("E1139",)
    assert nearest("e1139", known, 1) == ("E1139",)
    assert "E1139" in nearest("E1193", known, 3)
    assert nearest("E1149XYZ", known, 1) == ("E1149",)
    assert nearest("99999", known, 3) == ()


def test_among_many_codes_the_answer_is_quick():
    known = codes()
    begin = time.process_time()
    for _ in range(5):
        nearest("E1139XX", known, 3)
    assert time.process_time() - begin < 2.5
