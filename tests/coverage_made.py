"""A made-up download of the Medicare Coverage Database, in the layout in which CMS publishes it."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from published_made import zipped

Rows = Sequence[Sequence[str]]

_ICD = "icd10_code_id,icd10_code_version"
HEADERS = {
    "article": (
        "article_id,article_version,article_type,title,article_pub_date,article_eff_date,article_end_date,description,"
        "other_comments,status,last_updated,article_rev_end_date,date_retired,keywords,icd10_doc,add_icd10_info,display_id"
    ),
    "article_future_retire": "article_id,retire_dt",
    "article_x_hcpc_code": (
        "article_id,article_version,hcpc_code_id,hcpc_code_version,hcpc_code_group,range,last_updated,long_description,"
        "short_description"
    ),
    "article_x_icd10_covered": (
        f"article_id,article_version,{_ICD},icd10_covered_group,range,last_updated,sort_order,description,asterisk"
    ),
    "article_x_icd10_covered_group": (
        "article_id,article_version,icd10_covered_group,paragraph,last_updated,icd10_covered_ast"
    ),
    "article_x_icd10_noncovered": (
        f"article_id,article_version,{_ICD},icd10_noncovered_group,range,last_updated,sort_order,description,asterisk"
    ),
    "article_x_icd10_noncovered_group": "article_id,article_version,icd10_noncovered_group,paragraph,last_updated",
    "article_x_contractor": (
        "article_id,article_version,article_type,contractor_id,contractor_type_id,contractor_version,last_updated"
    ),
    "contractor": "contractor_id,contractor_type_id,contractor_version,contractor_bus_name,contractor_number,status",
    "contractor_jurisdiction": (
        "contractor_id,contractor_type_id,contractor_version,state_id,last_updated,active_date,term_date"
    ),
    "contractor_type_lookup": "contractor_type_id,description",
    "state_lookup": "state_id,state_abbrev,description",
    "update_period": "period_id,begin_date,end_date",
    "article_related_documents": "article_id,article_version,related_num,r_article_id,r_lcd_id,last_updated",
    "article_related_ncd_documents": "article_id,article_version,related_num,r_ncd_id,r_ncd_version,last_updated",
}
"""The files with their columns; the last ones of `article` are shortened."""


def article(number: str, version: str = "3", status: str = "A", **cells: str) -> list[str]:
    """A row of article.csv, in force from April 2026 if `start` does not say otherwise."""
    start = cells.get("start", "2026-04-01 00:00:00")
    description = '<p>Lines\nand "quotes", &amp; more</p>'
    return [
        number, version, "4", f"Billing and Coding: number {number}", "2026-03-20 00:00:00", start, cells.get("end", ""),
        description, "", status, "2026-03-20 10:11:12", cells.get("revised", ""), cells.get("retired", ""), "",
        cells.get("icd10", "Y"), "", cells.get("display", ""),
    ]  # fmt: skip


def service(number: str, code: str, version: str = "3", flag: str = "") -> list[str]:
    return [number, version, code, "1", "1", flag, "2026-03-20 10:11:12", "A text of others", "a text"]


def diagnosis(
    number: str, code: str, group: str = "1", version: str = "3", mark: str = "", flag: str = ""
) -> list[str]:
    return [number, version, code, "2026", group, flag, "2026-03-20 10:11:12", "1", "A text", mark]


MADE: dict[str, Rows] = {
    "article": [
        article("52345"), article("60001"), article("60002"), article("60003"),
        article("70001", status="P"), article("70002", display="DA70002"),
        article("70003", status="R", start="2020-01-01 00:00:00", retired="2026-05-31 00:00:00"),
        article("70004", status="R"), article("70005", icd10="N"),
    ],
    "article_future_retire": [["60003", "2026-12-31 00:00:00"]],
    "article_x_hcpc_code": [
        service("52345", "82947"), service("52345", "83036"), service("60001", "G0101", flag="B"),
        service("60001", "G0104", flag="E"), service("60002", "g0105"), service("60003", "G0121"),
        service("70001", "G0121"), service("70002", "G0121"), service("70003", "G0121"), service("60003", "12"),
    ],
    "article_x_icd10_covered": [
        diagnosis("52345", "E11.9", flag="B"), diagnosis("52345", "E11.65", flag="E"),
        diagnosis("52345", "R73.09", "2"), diagnosis("52345", "Z79.4", "3"), diagnosis("52345", "O24.410", "4"),
        diagnosis("60001", "Z12.4", mark="Y"), diagnosis("60001", "Z12.11"), diagnosis("60001", "nonsense"),
        diagnosis("70003", "Z12.11"),
    ],
    "article_x_icd10_covered_group": [
        ["52345", "3", "1", "<p>These support medical necessity,\nby themselves:&nbsp;group 1</p>", "", ""],
        ["52345", "3", "2", "<p>Only with a code of <b>Group 3</b>.</p>", "", ""],
        ["52345", "3", "3", "", "", ""],
        ["52345", "3", "4", "For 83036 alone", "", ""],
        ["60001", "3", "1", "&lt;p&gt;Support &amp;amp; necessity&lt;/p&gt;", "", "*as a secondary diagnosis"],
    ],
    "article_x_icd10_noncovered": [diagnosis("60002", "Z00.00"), diagnosis("60002", "Z00.01")],
    "article_x_icd10_noncovered_group": [["60002", "3", "1", "Never", ""]],
    "article_x_contractor": [
        ["52345", "3", "4", "10", "8", "1", ""], ["52345", "3", "4", "11", "9", "1", ""],
        ["60001", "3", "4", "11", "9", "1", ""], ["60002", "3", "4", "12", "12", "1", ""],
        ["60003", "3", "4", "13", "9", "1", ""], ["70003", "3", "4", "11", "9", "1", ""],
        ["60001", "3", "4", "99", "77", "1", ""],
    ],
    "contractor": [
        ["10", "8", "1", "Example Administrators", "09101", "A"], ["11", "9", "1", "Example Administrators", "09102", "A"],
        ["12", "12", "1", "Other Administrators", "05102", "A"], ["13", "9", "1", "Other Administrators", "05103", "A"],
    ],
    "contractor_jurisdiction": [
        ["10", "8", "1", "1", "", "2020-01-01 00:00:00", ""], ["11", "9", "1", "1", "", "2020-01-01 00:00:00", ""],
        ["12", "12", "1", "2", "", "2020-01-01 00:00:00", ""], ["12", "12", "1", "3", "", "2020-01-01 00:00:00", ""],
        ["13", "9", "1", "2", "", "2020-01-01 00:00:00", "2026-06-30 00:00:00"], ["99", "77", "1", "1", "", "", ""],
    ],
    "contractor_type_lookup": [
        ["8", "MAC - Part A"], ["9", "MAC - Part B"], ["12", "A and B MAC"], ["4", "DME MAC"], ["77", "Something else"],
    ],
    "state_lookup": [["1", "FL", "Florida"], ["2", "DN", "New York - Downstate"], ["3", "UN", "New York - Upstate"]],
    "update_period": [["1", "2026-06-26 00:00:00", "2026-07-02 00:00:00"]],
    "article_related_documents": [["52345", "3", "1", "0", "33999", ""], ["60001", "3", "1", "", "0", ""]],
    "article_related_ncd_documents": [["60001", "3", "1", "364", "1", ""]],
}  # fmt: skip

NO_HEADER = 'L33999,47,"Some ""letter""\nof a requestor",2026\n'
"""lcd_x_requestor_letters.csv, which has no header."""


def as_csv(name: str, rows: Rows) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEADERS[name].split(","), *rows])
    return text.getvalue().encode("utf-8")


def members(changed: Mapping[str, Rows | None] | None = None) -> dict[str, bytes]:
    """The files of a download; `changed` puts other rows in some of them, None leaves one out."""
    files = {**MADE, **(changed or {})}
    made = {f"{name}.csv": as_csv(name, rows) for name, rows in files.items() if rows is not None}
    return {**made, "lcd_x_requestor_letters.csv": NO_HEADER.encode()}


def download(folder: Path, changed: Mapping[str, Rows | None] | None = None, name: str = "current_article") -> Path:
    """An archive that holds an archive of CSV files, as CMS publishes it."""
    inner = zipped(folder / "inner.zip", members(changed)).read_bytes()
    return zipped(folder / f"{name}.zip", {f"{name}_csv.zip": inner, f"{name}_readme.pdf": b"%PDF-1.7"})
