"""What is said of an 837 that is not as it should be, and that nothing else is lost by it."""

import pytest

from x12_made import (
    BILLER,
    CLAIM,
    LINE,
    PROFESSIONAL,
    STAY,
    SUBSCRIBER,
    institutional,
    interchange,
    professional,
    reads,
    told,
    transaction,
    with_,
    written,
)

SECOND = with_(CLAIM, "C-1", "C-2")
FILE = professional(*CLAIM, *LINE)
PAIR = professional(*CLAIM, *LINE, *SECOND, *LINE)


def codes(problems):
    return [code for code, *_ in problems]


def one(segments, *expected):
    """The only claim of a file, about which these codes are said, all with its id."""
    claims, problems = told(segments)
    assert codes(problems) == list(expected)
    assert {claim for _, claim, _ in problems} == {"C-1"}
    (claim,) = claims
    return claim


def test_a_separator_that_is_not_the_declared_one():
    used = [segment if segment.startswith("ISA") else segment.replace(":", ">") for segment in FILE]
    (found,) = reads(used)
    assert found.encounter == reads(FILE)[0].encounter
    (problem,) = found.problems
    assert (problem.code, problem.claim, problem.fatal) == ("SEQ755", "C-1", False)
    assert problem.message == (
        "CLM05 holds `11>B>1` and no `:`; ISA16 declares `:`; the file seems to use `>`, which is taken."
    )


def test_a_separator_that_changes_in_the_middle():
    used = with_(FILE, "HC:99213", "HC>99213>25")
    claim = one(used, "SEQ755")
    assert (claim.lines[0].code, claim.lines[0].modifiers) == ("99213", ("25",))


@pytest.mark.parametrize(("old", "new"), [("SE*17*", "SE*99*"), ("GE*1*", "GE*x*"), ("IEA*1*", "IEA**")])
def test_a_wrong_count_is_said_with_the_counted_number(old, new):
    (found,) = reads(with_(FILE, old, new))
    assert found.encounter is not None
    (problem,) = found.problems
    assert problem.code == "SEQ756"
    assert f"there are {old.split('*')[1]} " in problem.message
    assert problem.claim is None


@pytest.mark.parametrize(
    ("old", "new"), [("*0001", "*0002"), ("GE*1*1", "GE*1*7"), ("IEA*1*00000000", "IEA*1*90000000")]
)
def test_a_trailer_with_another_number(old, new):
    file = [*FILE[:-3], *with_(FILE[-3:], old, new)]
    assert codes(told(file)[1]) == ["SEQ757"]


def test_leading_zeros_of_control_numbers_do_not_count():
    assert told(with_(FILE, "GE*1*1", "GE*1*01"))[1] == []


def test_a_blank_before_a_segment_and_an_unknown_one():
    assert codes(told(with_(FILE, "HI*", " HI*"))[1]) == ["SEQ758"]
    file = with_(FILE, "HI*ABK", "ZZZ*ABK")
    claim = one(file, "SEQ759", "SEQ777", "SEQ768")
    assert claim.diagnoses == ()
    assert claim.lines[0].diagnoses is None


def test_headers_and_trailers_that_are_missing():
    for left_out in ("GS", "IEA"):
        claims, problems = told([segment for segment in FILE if not segment.startswith(left_out)])
        assert [claim.id for claim in claims] == ["C-1"]
        assert set(codes(problems)) <= {"SEQ784", "SEQ756"}
        assert "SEQ784" in codes(problems)


def test_a_file_that_begins_within_the_envelope():
    for start, expected in ((1, ["SEQ753"]), (2, ["SEQ753"]), (3, ["SEQ753", "SEQ784"])):
        claims, problems = told(FILE[start:-1] if start == 1 else FILE[start:-2])
        assert [claim.id for claim in claims] == ["C-1"]
        assert codes(problems) == expected if start < 3 else set(codes(problems)) >= set(expected)


def test_a_claim_at_the_end_of_the_file_without_se_may_lack_something():
    for end in (3, 4, 5):
        claims, problems = told(PAIR[:-end])
        assert [claim.id for claim in claims] == ["C-1"]
        assert [(code, claim) for code, claim, _ in problems] == [("SEQ761", "C-2")]


def test_a_claim_before_another_trailer_is_whole():
    claims, problems = told([segment for segment in PAIR if not segment.startswith("SE*")])
    assert [claim.id for claim in claims] == ["C-1", "C-2"]
    assert codes(problems) == ["SEQ784"]


def test_a_claim_before_another_transaction_is_whole_when_its_charges_add_up():
    first = transaction(*BILLER, *SUBSCRIBER, *CLAIM, *LINE)[:-1]
    second = transaction(*BILLER, *SUBSCRIBER, *SECOND, *LINE, number="0002")
    claims, problems = told(interchange(first, second))
    assert [claim.id for claim in claims] == ["C-1", "C-2"]
    assert codes(problems) == ["SEQ784"]


def test_a_claim_before_another_transaction_whose_charges_do_not_add_up():
    first = transaction(*BILLER, *SUBSCRIBER, *with_(CLAIM, "*92*", "*99*"), *LINE)[:-1]
    second = transaction(*BILLER, *SUBSCRIBER, *SECOND, *LINE, number="0002")
    claims, problems = told(interchange(first, second))
    assert [claim.id for claim in claims] == ["C-2"]
    assert [(code, claim) for code, claim, _ in problems] == [("SEQ761", "C-1"), ("SEQ784", None)]


@pytest.mark.parametrize("end", ["DTP*472*D8*2026", "SV1*HC:99", "LX", "CLM*C-2*9", "CL", "HL*3*1", "SE*2", "GE*", "I"])
def test_a_file_cut_inside_a_segment_loses_that_claim_only(end):
    upto = {"CLM*C-2*9": "CLM*C-2", "CL": "CLM*C-2", "HL*3*1": "CLM*C-2", "SE*2": "SE*", "GE*": "GE*", "I": "IEA"}
    places = [place for place, segment in enumerate(PAIR) if segment.startswith(upto.get(end, end[:3]))]
    data = written(PAIR[: places[-1]], newline="") + end.encode()
    claims, problems = told(data)
    whole = {"SE*2": 2, "GE*": 2, "I": 2, "CL": 0}.get(end, 1)
    assert [claim.id for claim in claims][:whole] == ["C-1", "C-2"][:whole]
    assert [claim.id for claim in claims] == ["C-1", "C-2"][: len(claims)]
    assert set(codes(problems)) <= {"SEQ761", "SEQ784", "SEQ756", "SEQ759"}
    if end == "CLM*C-2*9":
        assert [(code, claim) for code, claim, _ in problems if code == "SEQ761"] == [("SEQ761", "C-2")]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("835", "remittance"),
        ("834", "enrollment"),
        ("820", "premium"),
        ("270", "eligibility"),
        ("999", "acknowledgment"),
    ],
)
def test_another_transaction_is_named(code, words):
    other = transaction(
        "BPR*I*92", "N1*PR*X", "LX*1", "CLP*C-9*1*92*92", code=code, guide="005010X221A1", number="0009"
    )
    (found,) = reads(interchange(other, guide="005010X221A1"))
    assert found.encounter is None
    assert [problem.code for problem in found.problems] == ["SEQ762", "SEQ764"]
    assert words in found.problems[0].message
    mixed = interchange(other, transaction(*BILLER, *SUBSCRIBER, *CLAIM, *LINE))
    claims, problems = told(mixed)
    assert [claim.id for claim in claims] == ["C-1"]
    assert codes(problems) == ["SEQ762"]


@pytest.mark.parametrize(
    ("guide", "words"),
    [
        ("005010X224A2", "dental"), ("005010X291", "predetermination"), ("005010X292", "predetermination"),
        ("005010X298", "post-adjudicated"), ("005010X299", "post-adjudicated"),
    ],
)  # fmt: skip
def test_claims_that_are_not_read_are_named(guide, words):
    other = transaction(*BILLER, *SUBSCRIBER, *CLAIM, *LINE, *SECOND, *LINE, "TOO*JP*3", guide=guide)
    (found,) = reads(interchange(other, guide=guide))
    assert found.encounter is None
    (problem,) = found.problems
    assert (problem.code, problem.fatal) == ("SEQ763", True)
    assert words in problem.message
    assert guide in problem.message
    assert "2 claims are not read" in problem.message


def test_a_damaged_st_is_still_an_837():
    claims, problems = told(with_(FILE, "ST*837*", "ST*8E7*"))
    assert [claim.id for claim in claims] == ["C-1"]
    assert codes(problems) == ["SEQ765"]


@pytest.mark.parametrize(
    "file", [FILE[:1], FILE[:2], [*FILE[:2], "GE*0*1", "IEA*1*000000001"], interchange(transaction())]
)
def test_a_file_without_claims_is_said_to_have_none(file):
    (found,) = reads(file)
    assert found.encounter is None
    assert [problem.code for problem in found.problems if problem.fatal] == ["SEQ764"]


def test_an_empty_transaction_beside_another():
    file = interchange(transaction(number="0001"), transaction(*BILLER, *SUBSCRIBER, *CLAIM, *LINE, number="0002"))
    claims, problems = told(file)
    assert ([claim.id for claim in claims], codes(problems)) == (["C-1"], ["SEQ785"])


def test_a_claim_whose_clm_is_damaged_does_not_reach_the_one_before():
    whole = reads(PAIR)[0].encounter
    for damaged in (
        with_(PAIR, "CLM*C-2", "CLX*C-2"),
        with_(PAIR, "CLM*C-2", "*C-2"),
        with_(PAIR, "CLM*C-2", "C M*C-2"),
    ):
        claims, problems = told(damaged)
        assert claims == [whole]
        assert [(code, claim) for code, claim, _ in problems if code == "SEQ766"] == [("SEQ766", "C-2")]


def test_a_clm_that_is_lost_does_not_reach_the_one_before():
    whole = reads(PAIR)[0].encounter
    claims, problems = told([segment for segment in PAIR if not segment.startswith("CLM*C-2")])
    assert claims == [whole]
    assert sorted(codes(problems)) == ["SEQ756", "SEQ766"]


def test_lines_without_any_claim():
    claims, problems = told(professional(*LINE))
    assert claims == []
    assert codes(problems) == ["SEQ766"]


NEXT = ("HL*3*1*22*0", "SBR*P*18*******CI", "NM1*IL*1*BIRCH*BO****MI*NW5", "NM1*PR*2*NORTHWIND*****PI*NWPPO")


def test_an_hl_that_is_lost_does_not_mix_two_subscribers():
    file = professional(*CLAIM, *LINE, *NEXT, *SECOND, *LINE)
    first, second = (found.encounter for found in reads(file))
    for damaged in ("XL*3*1*22*0", "HL*3*1*2x*0"):
        claims, problems = told(with_(file, "HL*3*1*22*0", damaged))
        assert claims == [first, second]
        assert "SEQ767" in codes(problems)


def test_loops_whose_parent_is_not_there():
    claims, problems = told(professional(*CLAIM, *LINE, head=(*BILLER, *with_(SUBSCRIBER, "HL*2*1*22", "HL*2*7*22"))))
    assert claims == [reads(FILE)[0].encounter]
    assert codes(problems) == ["SEQ767"]


def test_a_parent_that_is_not_the_last_one_is_followed():
    other = ("HL*9**20*1", "NM1*85*2*OTHER CLINIC*****XX*1003000126")
    claims, problems = told(professional(*CLAIM, *LINE, head=(*BILLER, *other, *SUBSCRIBER)))
    assert claims[0].billing.npi == "1234567893"
    assert codes(problems) == ["SEQ767"]


def test_a_file_without_any_hl():
    claims, problems = told(professional(*CLAIM, *LINE, head=(BILLER[2], *SUBSCRIBER[1:])))
    assert (claims[0].billing.npi, claims[0].patient.birth_date is not None) == ("1234567893", True)
    assert set(codes(problems)) == {"SEQ767"}


def test_who_the_patient_is_when_the_loops_disagree():
    file = professional(*CLAIM, *LINE, head=(*BILLER, *with_(SUBSCRIBER, "*18*", "*01*")))
    claim = one(file, "SEQ767")
    assert (claim.patient.birth_date, claim.subscriber.relationship) == (None, "spouse")
    file = professional(*CLAIM, *LINE, head=(*BILLER, *with_(SUBSCRIBER, "*18*", "**")))
    claim = one(file, "SEQ767")
    assert (claim.patient.last_name, claim.subscriber.relationship) == ("AMBER", None)
    file = professional(*CLAIM, *LINE, head=(*BILLER, *SUBSCRIBER, "HL*3*2*23*0", "PAT*19", "NM1*QC*1*AMBER*BO"))
    claim = one(file, "SEQ767")
    assert (claim.patient.first_name, claim.subscriber.relationship) == ("BO", "child")
    file = professional(*CLAIM, *LINE, head=(*BILLER, *SUBSCRIBER, "HL*3*2*23*0"))
    claim = one(file, "SEQ768")
    assert claim.patient.first_name == "ADA"


def test_what_a_claim_should_have_is_said_together():
    claims, problems = told(professional(CLAIM[0], head=()))
    assert [claim.lines for claim in claims] == [()]
    assert codes(problems) == ["SEQ768"]
    message = reads(professional(CLAIM[0], head=()))[0].problems[0].message
    for words in ("biller", "subscriber", "payer", "diagnosis", "service line"):
        assert words in message


def test_a_claim_without_an_id_and_ids_that_repeat():
    claims, problems = told(with_(FILE, "CLM*C-1*", "CLM**"))
    assert [claim.id for claim in claims] == ["segment 14"]
    assert codes(problems) == ["SEQ769"]
    claims, problems = told(professional(*(CLAIM + LINE) * 3))
    assert [claim.id for claim in claims] == ["C-1", "C-1#2", "C-1#3"]
    assert [(code, claim) for code, claim, _ in problems] == [("SEQ770", "C-1#2"), ("SEQ770", "C-1#3")]


@pytest.mark.parametrize(
    "value",
    ["D8*20261332", "D8*2026-03-02", "D8*", "RD8*20260302", "RD8*20260302-20260299", "RD8*20260305-20260301",
     "RD9*20260301",
     "D8*２０２６０３０２", "*20260302", "DT*20260302", "D6*260302"],
)  # fmt: skip
def test_a_date_that_cannot_be_read_is_unknown(value):
    claim = one(with_(FILE, "472*D8*20260302", f"472*{value}"), "SEQ773")
    assert claim.lines[0].date is None
    assert claim.lines[0].code == "99213"


@pytest.mark.parametrize("value", ["ABC.50", "-1", "1,000", "1E5", "12.345", "1.2.3", "NaN", "9" * 20, "."])
def test_an_amount_that_cannot_be_read_is_unknown(value):
    claim = one(with_(FILE, "HC:99213*92*", f"HC:99213*{value}*"), "SEQ774")
    assert (claim.lines[0].charge, claim.lines[0].units) == (None, 1)


def test_units_and_totals_that_cannot_be_read_are_unknown():
    assert one(with_(FILE, "*UN*1*", "*UN*-1*"), "SEQ774").lines[0].units is None
    assert one(with_(FILE, "CLM*C-1*92*", "CLM*C-1**"), "SEQ774").total_charge is None
    assert one(with_(FILE, "*UN*1*", "*ZZ*1*"), "SEQ779").lines[0].units is None


@pytest.mark.parametrize(
    ("old", "new"),
    [("HC:99213", "HC:9921"), ("HC:99213", "HC:99213:2"), ("ABK:I10", "ABK:110"), ("11:B", "111:B"),
     ("NM1*85*2*MEADOW CLINIC*****XX*1234567893", "NM1*85*2*MEADOW CLINIC*****XX*12345")],
)  # fmt: skip
def test_a_code_without_its_shape_is_kept_and_said(old, new):
    claim = one(with_(FILE, old, new), "SEQ775")
    shown = new.replace("*", ":").split(":")[-1] if ":B" not in new else "111"
    assert shown in repr(claim)


def test_icd_9_is_read_and_said():
    claim = one(with_(with_(FILE, "ABK:", "BK:"), "ABF:", "BF:"), "SEQ776")
    assert [(diagnosis.code, diagnosis.role) for diagnosis in claim.diagnoses] == [
        ("I10", "principal"), ("E119", "secondary"), ("L570", "secondary"),
    ]  # fmt: skip


@pytest.mark.parametrize("pointers", ["4", "1:4", "0", "A", "1:x", "9" * 30, "-1"])
def test_a_pointer_to_nothing_leaves_the_pointers_unknown(pointers):
    claim = one(with_(FILE, "UN*1***1", f"UN*1***{pointers}"), "SEQ777")
    assert claim.lines[0].diagnoses is None


def test_pointers_count_the_places_as_sent():
    empty = with_(FILE, "HI*ABK:I10*ABF:E119*ABF:L570", "HI*ABK:I10**ABF:L570")
    claims, problems = told(with_(empty, "UN*1***1", "UN*1***1:3"))
    assert problems == []
    assert [claims[0].diagnoses[place - 1].code for place in claims[0].lines[0].diagnoses] == ["I10", "L570"]
    without = with_(FILE, "ABF:E119", "ABF:")
    claim = one(with_(without, "UN*1***1", "UN*1***3"), "SEQ779")
    assert claim.lines[0].diagnoses == (2,)
    assert one(with_(without, "UN*1***1", "UN*1***2"), "SEQ779", "SEQ777").lines[0].diagnoses is None


def test_line_numbers():
    claim = one(professional(*CLAIM, *LINE, *LINE), "SEQ778")
    assert [line.number for line in claim.lines] == [None, None]
    claim = one(professional(*CLAIM, "LX*2", *LINE[1:], "LX", *LINE[1:]), "SEQ778", "SEQ778")
    assert [line.number for line in claim.lines] == [None, None]
    claim = one(professional(*CLAIM, "LX*x", *LINE[1:], "LX*2", *LINE[1:]), "SEQ778")
    assert [line.number for line in claim.lines] == [None, 2]


@pytest.mark.parametrize(
    ("old", "new"),
    [("19500601*F", "19500601*X"), ("SBR*P*18*", "SBR*P*77*"), ("SBR*P*", "SBR*Q*"), ("NM1*PR*2", "NM1*P9*2"),
     ("HC:99213", "ZQ:99213"), ("HI*ABK", "HI*XXX:I10*ABK"), ("MI*1MU0AA0AA01", "MI*"), ("I10*", "I10:::::::Q*")],
)  # fmt: skip
def test_a_word_that_is_not_known_is_said(old, new):
    claims, problems = told(with_(FILE, old, new))
    assert len(claims) == 1
    assert "SEQ779" in codes(problems)


def test_second_ones():
    claim = one(with_(FILE, "ABF:E119", "ABK:E119"), "SEQ780")
    assert [diagnosis.role for diagnosis in claim.diagnoses] == ["principal", "secondary", "secondary"]
    claim = one(professional(CLAIM[0], "REF*G1*A", "REF*G1*B", CLAIM[1], *LINE), "SEQ780")
    assert claim.authorization == "A"
    claim = one(professional(*CLAIM, *LINE, "DTP*472*D8*20260304"), "SEQ780")
    assert claim.lines[0].date.day == 2
    assert told(professional(CLAIM[0], "REF*G1*A", "REF*G1*A", CLAIM[1], *LINE))[1] == []


def test_lines_without_lx_or_without_a_service():
    claim = one(professional(*CLAIM, *LINE[1:], *LINE[1:]), "SEQ781")
    assert [line.code for line in claim.lines] == ["99213", "99213"]
    claim = one(professional(*CLAIM, "LX*1", *LINE[2:]), "SEQ781")
    assert (claim.lines[0].code, claim.lines[0].date.day) == (None, 2)


def test_elements_in_the_wrong_place():
    claim = one(with_(FILE, "CLM*C-1*92***11:B:1", "CLM*C-1*92*11:B:1"), "SEQ782")
    assert (claim.place, claim.assignment, claim.benefits_assigned) == ("11", True, True)
    claim = one(with_(FILE, "CLM*C-1*92***11:B:1*", "CLM*C-1*92***11*"), "SEQ782")
    assert (claim.place, claim.frequency) == (None, None)
    claim = one(with_(FILE, "ABK:I10*ABF:E119", "ABK*I10*ABF*E119"), "SEQ782", "SEQ782")
    assert [diagnosis.code for diagnosis in claim.diagnoses] == ["I10", "E119", "L570"]
    claim = one(professional(CLAIM[0], LINE[2], CLAIM[1], *LINE[:2]), "SEQ782")
    assert claim.lines[0].date.day == 2
    claim = one(professional(CLAIM[0], LINE[2], CLAIM[1], *LINE[:2], "DTP*472*D8*20260309"), "SEQ782")
    assert claim.lines[0].date.day == 9


def test_a_revenue_code_where_the_procedure_belongs():
    claims, problems = told(institutional(*STAY, "LX*1", "SV2*HC:0300*5000*3000***1**1"))
    assert {code for code, *_ in problems} == {"SEQ775", "SEQ779"}
    assert claims[0].lines[0].revenue == "HC:0300"


def test_an_open_stretch_of_a_file_says_where_it_is():
    (found,) = reads(with_(FILE, "HC:99213*92*", "HC:99213*-92*"))
    (problem,) = found.problems
    assert problem.file == "made.837"
    assert problem.place == "segment 17 (SV1), element 2, line 17"
    assert problem.claim == "C-1"


def test_the_guide_is_named_by_gs_and_st_alike():
    assert codes(told(with_(FILE, f"X*{PROFESSIONAL}", "X*005010X223A2"))[1]) == ["SEQ765"]
