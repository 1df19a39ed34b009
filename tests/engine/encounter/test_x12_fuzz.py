"""Whatever happens to an 837: nothing is raised, and every claim that was not touched is read as it was."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sequela
from sequela.engine.encounter.from_x12 import read_x12
from sequela.engine.encounter.model import replace
from sequela.engine.encounter.soundness import faults_of

SAMPLES = Path(sequela.__file__).parent / "tests" / "samples"
LINES = {name: (SAMPLES / name).read_text() for name in ("clinic-day.837", "hospital-day.837")}
TEXTS = [*LINES.values(), *(text.replace("\n", "") for text in LINES.values())]
BREAKING = "~*:^\n HLCMSNTXIA0129é\x00"


def read(data):
    """Every claim by its id; whoever reads it again finds the invariants of a `Read`."""
    found = list(read_x12(io.BytesIO(data), "fuzz.837"))
    assert found
    for one in found:
        assert (one.encounter is None) == any(problem.fatal for problem in one.problems)
        for problem in one.problems:
            assert problem.message
            assert problem.place
        if one.encounter is not None:
            assert {fault.code for fault in faults_of(one.encounter)} <= {"SEQ716"}
            assert one.encounter.origins.origin_of("/id") is not None
    claims = [one.encounter for one in found if one.encounter is not None]
    assert len({claim.id for claim in claims}) == len(claims)
    return claims


def plain(claim):
    """A claim without its name, which another one may have taken."""
    return replace(claim, id="")


WHOLE = [read(text.encode()) for text in TEXTS]


def regions(text):
    """Where each claim begins and ends: from its subscriber's HL to the next one, or to SE."""
    begins = [place + 1 for place in range(len(text)) if text[place] == "~" and subscriber_at(text, place + 1)]
    return list(zip(begins, [*begins[1:], text.index("SE*", begins[-1])], strict=True))


def subscriber_at(text, place):
    segment = text[place : text.find("~", place)].strip()
    return segment.startswith("HL*") and segment.split("*")[3] == "22"


REGIONS = [regions(text) for text in TEXTS]


def test_there_is_something_to_break():
    assert [len(claims) for claims in WHOLE] == [len(found) for found in REGIONS] == [12, 4, 12, 4]


@settings(max_examples=300)
@given(data=st.data(), which=st.sampled_from(range(len(TEXTS))))
def test_a_file_that_is_cut_keeps_every_claim_before_and_reads_no_part_of_one(data, which):
    text = TEXTS[which]
    end = data.draw(st.integers(0, len(text)), label="end")
    claims = read(text[:end].encode())
    assert claims == WHOLE[which][: len(claims)]
    whole = sum(finish + len("HL*") <= end for _, finish in REGIONS[which])
    assert len(claims) >= whole


def changes(length):
    """Up to three characters put in, taken out or replaced in a stretch of text."""
    change = st.tuples(st.integers(0, length - 1), st.sampled_from("+-="), st.sampled_from(BREAKING) | st.characters())
    return st.lists(change, min_size=1, max_size=3)


def changed(text, edits):
    for place, kind, character in {edit[0]: edit for edit in sorted(edits, reverse=True)}.values():
        keep = text[place] if kind == "+" else ""
        text = text[:place] + keep + ("" if kind == "-" else character) + text[place + 1 :]
    return text


@settings(max_examples=500)
@given(data=st.data(), which=st.sampled_from(range(len(TEXTS))))
def test_a_claim_that_is_changed_leaves_the_others_as_they_were(data, which):
    text = TEXTS[which]
    touched = data.draw(st.sampled_from(range(len(REGIONS[which]))), label="claim")
    start, end = REGIONS[which][touched]
    edits = data.draw(changes(end - start), label="edits")
    claims = read((text[:start] + changed(text[start:end], edits) + text[end:]).encode("utf-8", "surrogatepass"))
    found = [plain(claim) for claim in claims]
    for place, claim in enumerate(WHOLE[which]):
        if place != touched:
            assert plain(claim) in found, claim.id


@settings(max_examples=200)
@given(st.data())
def test_segments_in_any_order_raise_nothing(data):
    segments = LINES["clinic-day.837"].split("\n")[:60]
    shuffled = data.draw(st.lists(st.sampled_from(segments), max_size=80))
    read("\n".join([segments[0], *shuffled]).encode())


@settings(max_examples=200)
@given(st.binary(max_size=400))
@pytest.mark.parametrize("start", [b"", b"ISA*", LINES["clinic-day.837"][:120].encode()])
def test_any_bytes_raise_nothing(start, rest):
    read(start + rest)
