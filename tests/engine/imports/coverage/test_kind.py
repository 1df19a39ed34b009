"""A download of the Medicare Coverage Database as tables: one test for each trap of its layout."""

from datetime import date

import pytest

from coverage_made import MADE, article, diagnosis, download, members, service
from published_made import opened, rows_of, zipped
from sequela.engine.imports.coverage.kind import KIND, read
from sequela.engine.imports.kinds import Asked
from sequela.engine.imports.run import run_import
from sequela.engine.tables.model import Covers


def tables(path, **asked):
    reading = read(opened(path), Asked(**asked))
    assert reading.is_sound, reading.problems
    return {draft.shape.name.removeprefix("coverage/"): draft for draft in reading.drafts}


def rows(path, table, **asked):
    return rows_of(tables(path, **asked)[table])


def services(path, code, **asked):
    return [one for one in rows(path, "services", **asked) if one["code"] == code]


def test_an_archive_of_an_archive_becomes_every_table(tmp_path):
    found = tables(download(tmp_path))
    assert set(found) == {"articles", "services", "covered", "listed", "groups", "noncovered"}
    assert {draft.release for draft in found.values()} == {"2026-07-02"}


def test_loose_files_do_as_well(tmp_path):
    path = zipped(tmp_path / "loose.zip", members())
    assert len(rows(path, "articles")) == 5


def test_a_service_in_a_state_with_its_article_and_for_whose_claims(tmp_path):
    now = services(download(tmp_path), "82947")
    assert [(one["state"], one["professional"], one["institutional"]) for one in now] == [("FL", "yes", "yes")] * 2
    assert now[0] | {"line": ""} == {
        "state": "FL", "code": "82947", "article": "A52345", "edition": "A52345.3", "professional": "yes",
        "institutional": "yes", "dx-list": "listed", "list": "A52345.3/1+2+3", "never": "", "contractor":
        "Example Administrators", "region": "", "lcd": "L33999", "ncd": "", "effective": "2026-04-01", "ended": "",
        "line": "",
    }  # fmt: skip


def test_dates_lose_their_time_and_numbers_get_their_letter(tmp_path):
    found = rows(download(tmp_path), "articles")[0]
    assert (found["article"], found["lcd"], found["effective"]) == ("A52345", "L33999", "2026-04-01")


def test_days_of_earlier_versions_are_said_to_be_theirs(tmp_path):
    before = services(download(tmp_path), "82947")[1]
    assert (before["dx-list"], before["list"]) == ("earlier", "")
    assert (before["effective"], before["ended"]) == ("2020-01-01", "2026-03-31")


def test_the_first_version_of_an_article_has_none_before_it(tmp_path):
    changed = {name: [[row[0], "1", *row[2:]] for row in MADE[name]] for name in MADE if MADE[name][0][1] == "3"}
    path = download(tmp_path, changed)
    assert [one["dx-list"] for one in services(path, "82947")] == ["listed"]


def test_drafts_and_proposals_do_not_speak(tmp_path):
    found = tables(download(tmp_path))
    assert {one["article"] for one in rows_of(found["articles"])} == {"A52345", "A60001", "A60002", "A60003", "A70003"}
    rows_of(found["services"])
    notes = found["services"].notes
    assert notes["drafts left out"] == 2
    assert notes["retired articles without a day left out"] == 1
    assert notes["articles of before ICD-10 left out"] == 1


def test_a_display_id_that_is_no_draft_is_an_article(tmp_path):
    path = download(tmp_path, {"article": [article("52345", display="A52345")]})
    assert [one["article"] for one in rows(path, "articles")] == ["A52345"]


def test_a_retired_article_speaks_until_its_last_day(tmp_path):
    found = {one["article"]: one["ended"] for one in rows(download(tmp_path), "articles")}
    assert found["A70003"] == "2026-05-31"
    assert found["A60003"] == "2026-12-31"  # retires in time to come


def test_the_latest_version_speaks_and_the_one_before_it_until_then(tmp_path):
    both = [article("52345", "2", start="2025-01-01 00:00:00"), article("52345", "10")]
    changed = {"article": both, "article_x_hcpc_code": [service("52345", "82947", v) for v in ("10", "2")]}
    found = rows(download(tmp_path, changed), "articles")
    assert [(one["version"], one["effective"], one["ended"]) for one in found] == [
        ("2", "2025-01-01", "2026-03-31"),
        ("10", "2026-04-01", ""),
    ]


def test_a_jurisdiction_ends_and_so_does_an_article(tmp_path):
    assert [(one["state"], one["dx-list"], one["ended"]) for one in services(download(tmp_path), "G0121")] == [
        ("NY", "none", "2026-06-30"),
        ("NY", "earlier", "2026-03-31"),
        ("FL", "listed", "2026-05-31"),
    ]


def test_both_parts_of_a_state_are_the_whole_and_one_is_a_region(tmp_path):
    path = download(tmp_path)
    assert {(one["state"], one["region"]) for one in services(path, "G0105")} == {("NY", "")}
    assert {(one["state"], one["region"]) for one in services(path, "G0121") if one["article"] == "A60003"} == {
        ("NY", "New York - Downstate")
    }


def test_a_contractor_of_an_unknown_type_is_left_out_and_counted(tmp_path):
    found = tables(download(tmp_path))
    rows_of(found["services"])
    assert found["services"].notes["contractors of an unknown type left out"] == 1


def test_part_b_is_for_practices_alone(tmp_path):
    found = services(download(tmp_path), "G0101")
    assert {(one["professional"], one["institutional"]) for one in found} == {("yes", "no")}


def test_codes_between_the_ends_of_a_range(tmp_path):
    found = tables(download(tmp_path))
    codes = {one["code"] for one in rows_of(found["services"]) if one["article"] == "A60001"}
    assert codes == {"G0101", "G0102", "G0103", "G0104"}
    assert found["services"].notes["services between the ends of a range"] == 2


def test_codes_are_in_capitals_and_what_is_none_is_refused(tmp_path):
    found = tables(download(tmp_path))["services"]
    refused = [why for batch in found.rows() for _, why in batch.refused]
    assert refused == ["`12` is no HCPCS code."]


def test_diagnoses_by_list_with_the_way_in_which_they_support(tmp_path):
    found = {(one["list"], one["code"]): one["way"] for one in rows(download(tmp_path), "covered")}
    assert found["A52345.3/1+2+3", "E11.9"] == "alone"
    assert found["A52345.3/1+2+3", "R73.09"] == "prose"
    assert found["A52345.3/1+2+3", "Z79.4"] == "alone"
    assert found["A60001.3/1", "Z12.4"] == "footnote"
    assert found["A60001.3/1", "Z12.11"] == "alone"


def test_a_group_whose_paragraph_names_services_is_for_these(tmp_path):
    path = download(tmp_path)
    lists = {one["code"]: one["list"] for one in rows(path, "services") if one["dx-list"] == "listed"}
    assert lists["82947"] == "A52345.3/1+2+3"
    assert lists["83036"] == "A52345.3/1+2+3+4"
    listed = {one["list"] for one in rows(path, "covered") if one["code"] == "O24.410"}
    assert listed == {"A52345.3/1+2+3+4"}
    anywhere = {(one["edition"], one["code"]) for one in rows(path, "listed")}
    assert ("A52345.3", "O24.410") in anywhere


def test_a_service_that_only_other_groups_speak_of(tmp_path):
    groups = [["52345", "3", number, "For 83036 alone", "", ""] for number in "1234"]
    path = download(tmp_path, {"article_x_icd10_covered_group": groups})
    assert {one["dx-list"] for one in services(path, "82947")} == {"others", "earlier"}


def test_an_article_without_diagnoses_and_one_with_those_that_never_support(tmp_path):
    path = download(tmp_path)
    assert services(path, "G0121")[0]["dx-list"] == "none"
    never = services(path, "G0105")[0]
    assert (never["dx-list"], never["never"]) == ("never", "A60002.3/never-1")
    assert [(one["list"], one["code"]) for one in rows(path, "noncovered")] == [
        ("A60002.3/never-1", "Z00.00"),
        ("A60002.3/never-1", "Z00.01"),
    ]


def test_paragraphs_are_plain_text_on_one_line(tmp_path):
    found = {(one["edition"], one["group"], one["covers"]): one for one in rows(download(tmp_path), "groups")}
    assert found["A52345.3", "1", "yes"]["text"] == "These support medical necessity, by themselves: group 1"
    assert found["A60001.3", "1", "yes"]["text"] == "Support & necessity *as a secondary diagnosis"
    assert found["A60001.3", "1", "yes"]["footnote"] == "*as a secondary diagnosis"


def test_descriptions_are_left_out(tmp_path):
    for draft in tables(download(tmp_path)).values():
        assert not any("A text" in cell for row in rows_of(draft) for cell in row.values())


def test_a_pair_that_a_team_has_authored(tmp_path):
    inputs = [*opened(download(tmp_path))]
    path = tmp_path / "group-pairs.csv"
    path.write_text("article,group,needs\nA52345,2,3\n60001,1,\nA52345,9,1\nA9,1,\n")
    found = {draft.shape.name: draft for draft in read([*inputs, *opened(path)], Asked()).drafts}
    ways = {(one["list"], one["code"]): one["way"] for one in rows_of(found["coverage/covered"])}
    assert ways["A52345.3/1+2+3", "R73.09"] == "paired"
    assert ways["A60001.3/1", "Z12.4"] == "alone"  # the team has read the footnote
    assert "R73.09" not in {one["code"] for one in rows_of(found["coverage/listed"])}
    (batch,) = found["coverage/combinations"].rows()
    assert [why for _, why in batch.refused] == [
        "A52345 has no group `9` of diagnoses that support a service.",
        "No article A9 of this download lists a service.",
    ]
    made = list(zip(*batch.columns, strict=True))[2:]
    assert made == [
        ("A52345.3/1+2+3", "R73.09", "Z79.4", "2", "3"),
        ("A52345.3/1+2+3+4", "R73.09", "Z79.4", "2", "3"),
    ]


def test_ncds_by_their_section(tmp_path):
    rows_of_ncds = (
        "NCD_id,NCD_vrsn_num,NCD_mnl_sect,NCD_mnl_sect_title,NCD_efctv_dt,NCD_trmntn_dt\n"
        '364,1,210.2,"Screening, cervical",2015-07-09 00:00:00,\n'
    )
    ncd = zipped(tmp_path / "ncd.zip", {"ncd_trkg.csv": rows_of_ncds.encode()})
    found = {one.shape.name: one for one in read([*opened(download(tmp_path)), *opened(ncd)], Asked()).drafts}
    assert rows_of(found["coverage/ncds"])[0] | {"line": ""} == {
        "section": "210.2", "title": "Screening, cervical", "effective": "2015-07-09", "ended": "", "line": "",
    }  # fmt: skip
    of = {one["article"]: one["ncd"] for one in rows_of(found["coverage/articles"])}
    assert of["A60001"] == "210.2"


def test_the_whole_import_leaves_out_bad_rows_with_their_lines(tmp_path):
    outcome = run_import(KIND, [download(tmp_path)], tmp_path / "data", Asked())
    assert outcome.is_done, outcome.problems
    by_name = {one.manifest.table: one.manifest for one in outcome.written}
    assert (by_name["coverage/covered"].rejects, by_name["coverage/services"].rejects) == (1, 1)
    said = [(one.place, one.message) for one in outcome.problems]
    assert any(place.startswith("line 9") and "NONSENSE" in text for place, text in said), said


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"article": None}, "SEQ481"),
        ({"contractor_jurisdiction": None, "state_lookup": None}, "SEQ486"),
        ({"update_period": None}, "SEQ484"),
    ],
)
def test_what_is_missing_is_said(tmp_path, changed, code):
    assert [one.code for one in read(opened(download(tmp_path, changed)), Asked()).problems] == [code]


def test_a_release_of_ones_own(tmp_path):
    path = download(tmp_path, {"update_period": None})
    assert {one.release for one in tables(path, release="2026-w27").values()} == {"2026-w27"}


def test_dates_that_a_user_gives_hold_for_every_table(tmp_path):
    covers = Covers(date(2026, 7, 2), None)
    assert {one.covers for one in tables(download(tmp_path), covers=covers).values()} == {covers}
    assert {one.covers for one in tables(download(tmp_path)).values()} == {None}


def test_two_editions_are_refused(tmp_path):
    (tmp_path / "b").mkdir()
    both = [*opened(download(tmp_path)), *opened(download(tmp_path / "b", name="all_article"))]
    assert [one.code for one in read(both, Asked()).problems] == ["SEQ485"]


def test_a_header_that_is_not_there_is_said(tmp_path):
    files = members() | {"state_lookup.csv": b"1,FL,Florida\n2,GA,Georgia\n"}
    assert [one.code for one in read(opened(zipped(tmp_path / "a.zip", files)), Asked()).problems] == ["SEQ481"]


def test_a_row_that_is_too_short_is_left_out(tmp_path):
    files = members()
    files["article_x_icd10_covered.csv"] += b"52345,3\r\n"
    found = tables(zipped(tmp_path / "a.zip", files))["covered"]
    assert [why for batch in found.rows() for _, why in batch.refused] == ["The row has 2 cells where 10 are expected."]


def test_a_date_that_cannot_be_read_leaves_its_article_out(tmp_path):
    path = download(tmp_path, {"article": [article("52345", start="soon"), article("60001")]})
    (batch,) = tables(path)["articles"].rows()
    assert [why for _, why in batch.refused] == ["`soon` is no day."]
    assert services(path, "82947") == []


def test_an_asterisk_is_written_in_two_ways(tmp_path):
    path = download(tmp_path, {"article_x_icd10_covered": [diagnosis("60001", "Z12.4", mark="*")]})
    assert [one["way"] for one in rows(path, "covered")] == ["footnote"]
