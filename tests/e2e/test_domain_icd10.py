"""The checklist of ICD-10-CM: what naive engines get wrong, through the rulesets that ship."""

import pytest
from checklist_made import born, fails, inpatient, outpatient, professional, quiet, statuses

import sequela

VALIDITY = ("ICD-VALID", "ICD-COMPLETE", "ICD-SEVENTH", "ICD-PLACEHOLDER", "ICD-ENDED", "ICD-NOT-YET")


# ---------------------------------------------------------------- valid, and on which day


@pytest.mark.parametrize(
    ("code", "day", "rule"),
    [
        ("G35", "2025-09-30", None), ("G35", "2025-10-01", "ICD-COMPLETE"),
        ("G35.A", "2025-09-30", "ICD-NOT-YET"), ("G35.A", "2025-10-01", None),
        ("D69.1", "2026-09-30", None), ("D69.1", "2026-10-01", "ICD-COMPLETE"),
        ("Z87.890", "2026-09-30", None), ("Z87.890", "2026-10-01", "ICD-SEVENTH"),
    ],
)  # fmt: skip
def test_a_code_is_valid_on_the_day_of_service(
    shipped: sequela.Rulebook, code: str, day: str, rule: str | None
) -> None:
    found = shipped.check(professional([code], day=day))
    if rule is None:
        quiet(found, *VALIDITY)
        assert "not checked" not in statuses(found, "ICD-VALID")
    else:
        fails(found, rule, code, dx=1, outcome="reject")


def test_a_stay_is_coded_by_the_day_of_discharge(shipped: sequela.Rulebook) -> None:
    spanning = ("2025-09-28", "2025-10-02")
    fails(shipped.check(inpatient(["G35"], *spanning)), "MCE-01-INVALID-DIAGNOSIS", "G35", "2025-10-02", dx=1)
    quiet(shipped.check(inpatient(["G35.A"], *spanning)), "MCE-01-INVALID-DIAGNOSIS", *VALIDITY)
    before = ("2025-09-20", "2025-09-30")
    fails(shipped.check(inpatient(["G35.A"], *before)), "MCE-01-INVALID-DIAGNOSIS", "G35.A", "2025-09-30", dx=1)
    quiet(shipped.check(inpatient(["G35"], *before)), "MCE-01-INVALID-DIAGNOSIS", *VALIDITY)


def test_a_release_of_april_counts(shipped: sequela.Rulebook) -> None:
    fails(shipped.check(professional(["T74.A1XA"], day="2023-03-31")), "ICD-NOT-YET", "T74.A1XA", "2023-04-01", dx=1)
    quiet(shipped.check(professional(["T74.A1XA"], day="2023-04-01")), *VALIDITY)
    fails(shipped.check(professional(["S01.00XA", "Y07.01"], day="2023-04-01")), "ICD-COMPLETE", "Y07.01", dx=2)
    quiet(shipped.check(professional(["S01.00XA", "Y07.01"], day="2023-03-31")), *VALIDITY)


# ---------------------------------------------------------------- the seventh character


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("S72.001", ("S72.001A", "S72.001D", "S72.001S")),  # of an injury
        ("H40.10", ("H40.10X0", "H40.10X4")),  # glaucoma: 0 to 4, behind X
        ("M1A.00X", ("M1A.00X0", "M1A.00X1")),  # gout: 0 or 1
        ("R40.211", ("R40.2110", "R40.2114")),  # coma: 0 to 4
        ("C44.102", ("C44.1021", "C44.1022")),  # whole codes of seven characters, to which no X belongs
        ("H54.0X3", ("H54.0X33", "H54.0X35")),
    ],
)  # fmt: skip
def test_a_missing_seventh_character_is_named(shipped: sequela.Rulebook, code: str, words: tuple[str, ...]) -> None:
    found = shipped.check(professional([code]))
    said = fails(found, "ICD-SEVENTH", code, *words, dx=1, answer="CO 146 M81", outcome="reject")
    assert "XXA" not in said.message


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("S06.1X7A", None), ("S06.1X7D", "ICD-ENDED"), ("S06.1X8S", "ICD-ENDED"),  # no routine healing of a death
        ("S12.000B", None), ("S12.8XXA", None), ("S12.8XXB", "ICD-VALID"),  # the nearest definition counts
        ("H40.10X1", None), ("H40.10XA", "ICD-VALID"),
        ("M1A.00X0", None), ("M1A.00XA", "ICD-VALID"),
        ("O31.00X0", None), ("O31.00X9", None), ("O31.00XA", "ICD-VALID"),
    ],
)  # fmt: skip
def test_each_category_has_its_own_seventh_characters(shipped: sequela.Rulebook, code: str, rule: str | None) -> None:
    found = shipped.check(professional([code]))
    if rule is None:
        quiet(found, *VALIDITY)
    else:
        fails(found, rule, code, dx=1, outcome="reject")


# ---------------------------------------------------------------- excludes 1


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (("K51.90", "K58.9"), ("K50 .. K52",)),  # from the block
        (("S00.03XA", "S05.11XA"), ("S00.0",)),
        (("S01.00XA", "S02.0XXB"), ("S01", "7th character B")),
        (("G54.5", "E11.44"), ("G54.5", ".44")),
        (("R27.0", "I69.393"), ("R27.0",)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("turned", [False, True])
def test_excludes1_is_inherited_and_holds_both_ways(
    shipped: sequela.Rulebook, codes: tuple[str, str], words: tuple[str, ...], turned: bool
) -> None:
    found = shipped.check(professional(codes[::-1] if turned else codes))
    said = [one for one in found.failures if one.rule == "ICD-EXCLUDES1"]
    assert len(said) == 1
    assert set(said[0].about) == {"/diagnoses/0", "/diagnoses/1"}
    fails(found, "ICD-EXCLUDES1", *codes, *words, outcome="query")  # a query, since unrelated conditions are allowed


@pytest.mark.parametrize(
    "codes",
    [
        ("S00.11XA", "S05.11XA"),  # a deeper Excludes2 lifts the note of S00
        ("S01.00XA", "S02.0XXA"),  # the note is of the 7th character B
        ("G54.5", "E11.42"),  # the note is of .44
        ("R27.0", "I69.392"),
        ("D72.821", "D72.824"),  # D72 excludes a code of its own branch
        ("C7A.00", "C7B.01"),  # block and category have one name
        ("J60", "J66.0"),
    ],
)  # fmt: skip
def test_excludes1_does_not_reach_further_than_it_says(shipped: sequela.Rulebook, codes: tuple[str, str]) -> None:
    for order in (codes, codes[::-1]):
        quiet(shipped.check(professional(order)), "ICD-EXCLUDES1", "ICD-EXCLUDES1-CONTRADICTED")


def test_what_the_list_says_both_ways_is_a_warning(shipped: sequela.Rulebook) -> None:
    found = shipped.check(professional(["A01.05", "M49.80"]))
    fails(found, "ICD-EXCLUDES1-CONTRADICTED", "M49.80", "A01.05", dx=2, outcome="warn")


# ---------------------------------------------------------------- code first, use additional, code also


def test_code_first_is_a_matter_of_order(shipped: sequela.Rulebook) -> None:
    fails(shipped.check(professional(["D63.1", "N18.4"])), "SEQ-CODE-FIRST", "D63.1", "N18.-", dx=1, outcome="reject")
    fails(shipped.check(professional(["I10", "D63.1"])), "SEQ-CODE-FIRST", "D63.1", dx=2, outcome="reject")
    quiet(shipped.check(professional(["N18.4", "D63.1"])))


def test_code_first_with_a_condition_is_not_enforced(shipped: sequela.Rulebook) -> None:
    quiet(shipped.check(professional(["A41.9"])), "SEQ-CODE-FIRST")  # "if applicable"
    quiet(shipped.check(professional(["J06.9"])), "SEQ-CODE-FIRST")
    found = shipped.check(professional(["N18.4", "E11.22"]))  # "any associated": only where it is coded, and after
    fails(found, "SEQ-CODE-FIRST-ORDER", "E11.22", "N18.4", dx=1, outcome="warn")
    quiet(shipped.check(professional(["E11.22", "N18.4"])))


def test_additional_codes_are_reminders_and_code_also_has_no_order(shipped: sequela.Rulebook) -> None:
    fails(shipped.check(professional(["N39.0"])), "ICD-USE-ADDITIONAL", "N39.0", "B95-B97", dx=1, outcome="note")
    fails(shipped.check(professional(["G43.609"])), "ICD-CODE-ALSO", "I63", dx=1, outcome="note")
    for order in (["G43.609", "I63.9"], ["I63.9", "G43.609"]):
        quiet(shipped.check(professional(order)))


# ---------------------------------------------------------------- manifestations and principal diagnoses


def test_manifestations_are_not_known_by_their_titles(shipped: sequela.Rulebook) -> None:
    for code in ("D63.1", "G13.1", "E08.22"):
        fails(shipped.check(inpatient([code, "N18.4"])), "MCE-06-MANIFESTATION-AS-PDX", code, dx=1)
        fails(shipped.check(professional([code, "N18.4"])), "SEQ-MANIFESTATION-FIRST", code, dx=1)


def test_a_check_up_is_first_for_outpatients_and_no_reason_for_a_stay(shipped: sequela.Rulebook) -> None:
    quiet(shipped.check(professional(["Z00.00"])))
    quiet(shipped.check(outpatient(["Z00.00"])))
    fails(shipped.check(inpatient(["Z00.00"])), "MCE-09-UNACCEPTABLE-PDX", "Z00.00", dx=1)


def test_flags_have_dates(shipped: sequela.Rulebook) -> None:
    severe = ["R65.20", "A41.9"]
    quiet(shipped.check(inpatient(severe, "2017-09-20", "2017-09-30")), "MCE-09-UNACCEPTABLE-PDX")
    fails(shipped.check(inpatient(severe, "2017-09-20", "2017-10-01")), "MCE-09-UNACCEPTABLE-PDX", "R65.20", dx=1)


# ---------------------------------------------------------------- sex and age


def test_sex_edits_ended(shipped: sequela.Rulebook) -> None:
    found = shipped.check(inpatient(["N41.0"], "2024-09-28", "2024-09-30"))
    fails(found, "MCE-05-SEX-CONFLICT-MALE", "N41.0", "female", dx=1, answer="CO 10")
    found = shipped.check(inpatient(["N41.0"], "2024-09-28", "2024-10-01"))
    quiet(found)
    assert statuses(found, "MCE-05-SEX-CONFLICT-MALE") == {"not applicable"}


def test_undetermined_sex_is_a_sex(shipped: sequela.Rulebook) -> None:
    patient = {"sex": "undetermined", "birth_date": "1960-05-04"}
    quiet(shipped.check(inpatient(["J18.9"], patient=patient)))
    old = shipped.check(inpatient(["J18.9"], "2024-09-01", "2024-09-30", patient=patient))
    fails(old, "MCE-15-INVALID-SEX", "undetermined")


@pytest.mark.parametrize(("birthday", "right"), [("2017-05-04", True), ("2017-05-05", False)])
def test_age_is_exact_to_the_day(shipped: sequela.Rulebook, birthday: str, right: bool) -> None:
    patient = {"sex": "female", "birth_date": birthday}
    stay = inpatient(["O80", "Z37.0", "Z3A.39"], "2026-05-04", "2026-05-06", patient=patient)
    if right:
        quiet(shipped.check(stay), "MCE-04-AGE-CONFLICT")
    else:
        fails(shipped.check(stay), "MCE-04-AGE-CONFLICT", "O80", "8", dx=1)


def test_age_0_is_a_year_and_a_newborn_is_days_old(shipped: sequela.Rulebook) -> None:
    def born_on(day: str) -> sequela.Ledger:
        patient = {"sex": "female", "birth_date": day}
        return shipped.check(inpatient(["Z38.00"], "2026-05-04", "2026-05-06", patient=patient))

    quiet(born_on("2026-05-04"))
    almost_one = born_on("2025-05-05")
    quiet(almost_one, "MCE-04-AGE-CONFLICT")
    fails(almost_one, "GL-NB-BIRTH-DATE", "2025-05-05", "2026-05-04", dx=1, outcome="query")
    fails(born_on("2025-05-04"), "MCE-04-AGE-CONFLICT", "Z38.00", "1", dx=1)


def test_no_perinatal_code_is_on_the_newborn_list(shipped: sequela.Rulebook) -> None:
    found = shipped.check(inpatient(["P59.9"]))
    quiet(found, "MCE-04-AGE-CONFLICT")
    fails(found, "GL-NB-PERINATAL-AGE", "P59.9", "42", dx=1, outcome="query")  # it may have lasted
    quiet(shipped.check(professional(["P59.9"], patient=born(0, "2026-05-04"))))


# ---------------------------------------------------------------- what no Excludes1 note says


@pytest.mark.parametrize(
    ("codes", "rule", "at", "outcome"),
    [
        (("E11.9", "N18.4"), "GL-DM-WITH", 1, "warn"),
        (("E11.9", "L97.511"), "GL-DM-WITH", 2, "warn"),
        (("E11.9", "E11.42"), "GL-DM-UNCOMPLICATED", 1, "warn"),
        (("I10", "I11.0", "I50.9"), "GL-HTN-ESSENTIAL", 1, "reject"),
        (("I10", "I12.9", "N18.4"), "GL-HTN-ESSENTIAL", 1, "reject"),
        (("I10", "N18.4"), "GL-HTN-KIDNEY", 1, "warn"),
        (("I10", "I50.9"), "GL-HTN-HEART", 1, "warn"),
        (("Z34.02", "O24.419"), "ICD-EXCLUDES1", 1, "query"),
        (("U07.1", "U09.9"), "GL-COVID-SEQUEL", 2, "query"),
        (("U07.1", "Z20.822"), "GL-COVID-EXPOSURE", 2, "warn"),
    ],
)  # fmt: skip
def test_contradictions_that_no_note_names(
    shipped: sequela.Rulebook, codes: tuple[str, ...], rule: str, at: int, outcome: str
) -> None:
    fails(shipped.check(professional(codes)), rule, codes[at - 1], dx=at, outcome=outcome)


@pytest.mark.parametrize(
    "codes", [("E11.22", "N18.4"), ("E11.621", "L97.511"), ("I11.0", "I50.9"), ("I12.9", "N18.4"), ("I13.0", "I50.9", "N18.4"), ("U07.1", "J12.82"), ("I10", "E11.9")]
)  # fmt: skip
def test_right_combinations_are_silent(shipped: sequela.Rulebook, codes: tuple[str, ...]) -> None:
    quiet(shipped.check(professional(codes)))


def test_one_fault_of_diabetes_is_said_once(shipped: sequela.Rulebook) -> None:
    found = shipped.check(professional(["E11.9", "E11.22", "N18.4"]))
    assert [one.rule for one in found.failures if one.outcome != "note"] == ["GL-DM-UNCOMPLICATED"]


# ---------------------------------------------------------------- how codes are written


@pytest.mark.parametrize("code", ["E11.9", "E119", "e119", "e11.9"])
def test_dots_and_capitals_do_not_matter(shipped: sequela.Rulebook, code: str) -> None:
    fails(shipped.check(professional([code, "n184"])), "GL-DM-WITH", "E11.9", "N18.4", dx=1)


def test_letters_are_no_digits(shipped: sequela.Rulebook) -> None:
    fails(shipped.check(professional(["I1O"])), "ICD-VALID", "I1O", "I10", dx=1)
    fails(shipped.check(professional(["C50.9l1"])), "ICD-VALID", "C50.911", dx=1)
    with pytest.raises(sequela.EncounterError, match=r"009\.511.*not in the form of an ICD10CM code"):
        shipped.check(professional(["009.511"]))  # no letter first


def test_weeks_of_gestation_sort_as_text(shipped: sequela.Rulebook) -> None:
    quiet(shipped.check(professional(["O09.512", "z3a20"])))
    found = shipped.check(professional(["Z3A.20", "O09.512"]))
    fails(found, "SEQ-CODE-FIRST", "Z3A.20", dx=1, outcome="reject")
    assert [one.rule for one in found.failures if one.outcome != "note"] == ["SEQ-CODE-FIRST"]
    fails(shipped.check(professional(["O09.511", "Z3A.20"])), "GL-OB-TRIMESTER", "O09.511", "Z3A.20", dx=1)
