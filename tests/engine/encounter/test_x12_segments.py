"""Cutting a file into segments: separators, places, and the stretches that are no plain segment."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sequela.engine.encounter.x12_notes import Notes
from sequela.engine.encounter.x12_segment import at
from sequela.engine.encounter.x12_segments import SegmentReader
from x12_made import CLAIM, LINE, professional, written

SEGMENTS = professional(*CLAIM, *LINE)


class Dribble(io.RawIOBase):
    """A stream that gives a few bytes at a time, as a pipe may."""

    def __init__(self, data, size):
        self.data, self.size, self.at = data, size, 0

    def read(self, size=-1):
        found = self.data[self.at : self.at + self.size]
        self.at += len(found)
        return found


def cut(data, size=None):
    notes = Notes("made.837")
    reader = SegmentReader(io.BytesIO(data) if size is None else Dribble(data, size), notes)
    return list(reader), notes.problems, reader


def texts(segments, element="*"):
    return [element.join(segment.elements) for segment in segments]


def test_every_segment_is_found_with_its_place():
    data = written(SEGMENTS)
    segments, problems, _ = cut(data)
    assert not problems
    assert [segment.id for segment in segments] == [text.split("*")[0] for text in SEGMENTS]
    for number, segment in enumerate(segments, start=1):
        assert segment.number == segment.line == number
        assert data[segment.byte :].decode().startswith(f"{segment.id}*")


@pytest.mark.parametrize(
    ("terminator", "newline"),
    [
        ("~", ""),
        ("~", "\n"),
        ("~", "\r\n"),
        ("~", "\n\n"),
        ("\n", ""),
        ("\r\n", ""),
        ("'", "\n"),
        ("|", ""),
        ("\x1c", ""),
    ],
)
def test_any_terminator_is_found_in_the_isa(terminator, newline):
    data = written(SEGMENTS, terminator=terminator, newline=newline)
    segments, problems, _ = cut(data)
    assert not problems
    assert [segment.id for segment in segments] == [text.split("*")[0] for text in SEGMENTS]
    for segment in segments:
        assert data[segment.byte :].decode().startswith(f"{segment.id}*")
        assert data.count(b"\n", 0, segment.byte) + 1 == segment.line
        assert "\r" not in "".join(segment.elements)


@pytest.mark.parametrize("element", ["|", "\x1d", "+", "^"])
def test_any_element_separator_is_found_in_the_isa(element):
    changed = [text.replace("^", "!").replace("*", element) for text in SEGMENTS]
    segments, problems, reader = cut(written(changed))
    assert not problems
    assert reader.delimiters.element == element
    assert texts(segments, element)[1:] == changed[1:]


def test_separators_are_taken_anew_from_each_isa():
    other = [text.replace("*", "|").replace(":", ">") for text in SEGMENTS]
    data = written(SEGMENTS, newline="") + written(other, terminator="\n", newline="") + written(SEGMENTS)
    segments, problems, _ = cut(data)
    assert not problems
    assert [segment.id for segment in segments] == [text.split("*")[0] for text in SEGMENTS] * 3
    assert [at(segment, 1) for segment in segments if segment.id == "SV1"] == ["HC:99213", "HC>99213", "HC:99213"]


@pytest.mark.parametrize(("declared", "repetition"), [("^", "^"), ("U", ""), (" ", ""), (":", "")])
def test_isa11_is_a_repetition_separator_unless_it_is_a_letter(declared, repetition):
    isa = SEGMENTS[0].replace("*^*", f"*{declared}*")
    _, _, reader = cut(written([isa, *SEGMENTS[1:]]))
    assert reader.delimiters.repetition == repetition


def test_a_short_isa_is_counted_off():
    isa = "ISA*00**00**ZZ*S*ZZ*R*260303*0705*^*00501*1*0*T*:"
    segments, problems, reader = cut(written([isa, *SEGMENTS[1:]]))
    assert not problems
    assert (reader.delimiters.component, reader.delimiters.terminator) == (":", "~")
    assert len(segments) == len(SEGMENTS)


@pytest.mark.parametrize("end", ["*0*T*", "*0*T", "*T*:", "*0*T*:>", "*0*T*A", "*0*:"])
@pytest.mark.parametrize("newline", ["", "\n"])
def test_an_isa_that_cannot_be_counted_off_is_guessed_and_said(end, newline):
    isa = SEGMENTS[0].removesuffix("*0*T*:") + end
    segments, problems, reader = cut(written([isa, *SEGMENTS[1:]], newline=newline))
    assert [problem.code for problem in problems] == ["SEQ754"]
    assert (reader.delimiters.component, reader.delimiters.terminator) == (":", "~")
    assert [segment.id for segment in segments][-3:] == ["SE", "GE", "IEA"]


@pytest.mark.parametrize("start", [1, 2, 3])
@pytest.mark.parametrize(("terminator", "newline"), [("~", ""), ("~", "\n"), ("\n", "")])
def test_without_an_isa_the_separators_are_guessed_and_said(start, terminator, newline):
    segments, problems, reader = cut(written(SEGMENTS[start:-1], terminator=terminator, newline=newline))
    assert [problem.code for problem in problems] == ["SEQ753"]
    assert (reader.delimiters.element, reader.delimiters.component) == ("*", ":")
    assert texts(segments) == SEGMENTS[start:-1]


def test_what_stands_before_the_isa_is_left_out():
    segments, problems, _ = cut(b"\xef\xbb\xbf" + written(SEGMENTS))
    assert (len(segments), problems) == (len(SEGMENTS), [])
    segments, problems, _ = cut(b"From: sender\nSubject: claims\n\n" + written(SEGMENTS))
    assert (len(segments), [problem.code for problem in problems]) == (len(SEGMENTS), ["SEQ753"])
    assert segments[0].byte == len(b"From: sender\nSubject: claims\n\n")
    assert segments[0].line == 4


@pytest.mark.parametrize(
    "data", [b"", b"  \n", b"not a claim", bytes(range(256)) * 20, b"\x00" * 500, b"ISA", b"PK\x03\x04"]
)
def test_what_is_no_x12_is_said(data):
    segments, problems, reader = cut(data)
    assert segments == []
    assert not reader.readable
    assert [problem.code for problem in problems if problem.fatal] == ["SEQ750"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named(encoding):
    _, problems, _ = cut(written(SEGMENTS).decode().encode(encoding))
    assert [problem.code for problem in problems] == ["SEQ750"]
    assert "UTF-16" in problems[0].message


def test_a_megabyte_without_a_terminator_is_not_kept():
    data = written(SEGMENTS[:5]) + b"NTE*ADD*" + b"x" * 3_000_000
    _, problems, _ = cut(data)
    assert [problem.code for problem in problems] == ["SEQ750"]


def test_blanks_before_an_id_are_taken_out_and_said_once():
    segments, problems, _ = cut(written([SEGMENTS[0], *(f"  {text}" for text in SEGMENTS[1:])]))
    assert texts(segments)[1:] == SEGMENTS[1:]
    assert [(problem.code, problem.place) for problem in problems] == [("SEQ758", "byte 109, line 2")]


def test_lines_of_a_fixed_width_are_joined_and_said_once():
    whole = written(SEGMENTS, newline="").decode()
    data = "\r\n".join(whole[start : start + 80] for start in range(0, len(whole), 80)).encode()
    segments, problems, _ = cut(data)
    assert [segment.id for segment in segments] == [text.split("*")[0] for text in SEGMENTS]
    assert texts(segments)[1:] == SEGMENTS[1:]
    assert [problem.code for problem in problems] == ["SEQ758"]
    for segment in segments:
        assert data.count(b"\n", 0, segment.byte) + 1 == segment.line


@pytest.mark.parametrize("newline", ["", "\n"])
@pytest.mark.parametrize("lost", ["", "x", "?"])
def test_two_segments_that_run_together_are_read_as_two(newline, lost):
    at_dtp = len(SEGMENTS) - 4
    assert SEGMENTS[at_dtp].startswith("DTP")
    data = written(SEGMENTS[:at_dtp], newline=newline)
    data += f"{SEGMENTS[at_dtp]}{lost}{newline}".encode() + written(SEGMENTS[at_dtp + 1 :], newline=newline)
    segments, problems, _ = cut(data)
    assert [segment.id for segment in segments] == [text.split("*")[0] for text in SEGMENTS]
    assert [segment.number for segment in segments] == list(range(1, len(SEGMENTS) + 1))
    assert [problem.code for problem in problems] == ["SEQ760"]
    assert data[segments[at_dtp + 1].byte :].decode().startswith("SE*")


def test_an_interchange_whose_last_segment_has_no_end_leaves_the_next_one():
    data = written(SEGMENTS).rstrip(b"~\n") + b"\n" + written(SEGMENTS)
    segments, problems, _ = cut(data)
    assert len(segments) == 2 * len(SEGMENTS)
    assert [problem.code for problem in problems] == ["SEQ760"]


@pytest.mark.parametrize("name", ["XYZ", "", "nm1", "SV"])
def test_an_unknown_id_is_said(name):
    _, problems, _ = cut(written([*SEGMENTS[:-3], f"{name}*1", *SEGMENTS[-3:]]))
    assert [problem.code for problem in problems] == ["SEQ759"]


def test_empty_segments_are_no_segments():
    segments, problems, _ = cut(written(SEGMENTS).replace(b"~\nSE*", b"~~\n\n~SE*"))
    assert (len(segments), problems) == (len(SEGMENTS), [])


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n\r\n", b"\x1a", b"~"])
def test_what_old_systems_put_at_the_end_is_nothing(end):
    segments, problems, reader = cut(written(SEGMENTS, newline="") + end)
    assert (len(segments), problems, reader.cut) == (len(SEGMENTS), [], None)


def test_a_trailer_may_lack_its_terminator_and_another_segment_is_cut():
    assert cut(written(SEGMENTS).rstrip(b"~\n"))[2].cut is None
    reader = cut(written(SEGMENTS)[:-40])[2]
    assert reader.cut is not None
    assert reader.cut.id == "DTP"


def test_bytes_that_are_no_text_are_said_with_their_place():
    good = written(SEGMENTS)
    latin = good.replace(b"AMBER", b"\xc4MBER")
    _, problems, _ = cut(latin)
    assert [(problem.code, problem.place) for problem in problems] == [("SEQ752", f"byte {latin.index(0xC4)}")]
    assert cut(good.replace(b"AMBER", "ÄMBER À".encode()))[1] == []
    control = good.replace(b"AMBER", b"\x01MBER")
    assert [(problem.code, problem.place) for problem in cut(control)[1]] == [("SEQ752", f"byte {control.index(1)}")]


def test_a_character_cut_by_the_end_of_a_block_is_whole():
    data = written(SEGMENTS).replace(b"AMBER", "Ä".encode() * 40_000 + b"x" + "Ä".encode() * 40_000)
    assert cut(data)[1] == []
    assert cut(data, size=1000)[1] == []
    assert [problem.code for problem in cut(data[: data.index("Ä".encode()) + 1])[1]] == ["SEQ752"]


@given(size=st.integers(1, 400), newline=st.sampled_from(["", "\n", "\r\n"]))
def test_it_does_not_matter_how_the_bytes_arrive(size, newline):
    other = [text.replace("*", "|") for text in SEGMENTS]
    data = written(SEGMENTS, newline=newline) + written(other, terminator="'", newline=newline)
    assert cut(data, size=size)[0] == cut(data)[0]


def test_a_segment_with_too_many_elements_is_said():
    segments, problems, _ = cut(
        written([text.replace("*M*", "*") + "*1*2*3*4*5*6*7*8*9" * text.startswith("DMG") for text in SEGMENTS])
    )
    assert len(segments) == len(SEGMENTS)
    assert [problem.code for problem in problems] == ["SEQ782"]


def test_a_file_whose_lines_lost_all_their_terminators_is_read_by_its_lines():
    data = written(SEGMENTS[:1]) + written(SEGMENTS[1:], terminator="")
    segments, problems, _ = cut(data)
    assert texts(segments)[1:] == SEGMENTS[1:]
    assert {problem.code for problem in problems} == {"SEQ760"}
