"""Made-up NCCI files in exactly the layout that CMS publishes: HCPCS level II codes, and no descriptor."""

from pathlib import Path

PTP_HEADER = [
    ["CPT only copyright 2026 American Medical Association.  All rights reserved.", "", "", "", "", "", ""],
    ["Column1/Column2 Edits", "", "", "", "", "", ""],
    ["Column 1", "Column 2", "*=in existence", "Effective", "Deletion", "Modifier", "PTP Edit Rationale"],
    ["", "", "prior to 1996", "Date", "Date", "0=not allowed", ""],
    ["", "", "", "", "*=no data", "1=allowed", ""],
    ["", "", "", "", "", "9=not applicable", ""],
]
"""Six lines: a notice, a title, and a header that is wrapped over four."""

MISUSE = "Misuse of column two code with column one code"
PTP_ROWS = [
    ["G0101", "G0102", "", "20200101", "*", "1", MISUSE],
    ["G0101", "G0103", "*", "19960101", "20211231", "0", MISUSE],
    ["G0101", "G0104", "", "20220101", "20220101", "9", MISUSE],
    ["G0102", "G0101", "", "20180401", "20191231", "1", MISUSE],
    ["G0102", "G0101", "", "20230101", "*", "0", MISUSE],
]
"""An open edit; one older than 1996, deleted; one that was never active; a pair that came back with another indicator."""

MUE_NOTICE = (
    "Current Procedural Terminology (CPT) codes, descriptions and other data only are copyright 2025 American Medical "
    "Association. All rights reserved. \n\nCPT® is a registered trademark.\n\nNo fee schedules are included, \n"
    "and a comma stands here."
)
POLICY, CLINICAL, LINE = (
    "2 Date of Service Edit: Policy",
    "3 Date of Service Edit: Clinical",
    "1 Line Edit",
)
MUE_ROWS = [
    ["G0101", "1", POLICY, "Code Descriptor / CPT Instruction"],
    ["G0102", "0", CLINICAL, "CMS Policy"],
    ["G0108", "8", LINE, "Clinical: Data"],
]

AOC_HEADER = [
    "AOC_Edit_Type", "Add-On_Code", "AOC_DelDT", "Primary_Code", "Primary_Code_DelDT", "AOC_Edit_EffDT", "AOC_Edit_DelDT",
    "Special_Instruction_Notes",
]  # fmt: skip
AOC_ROWS = [
    ["1", "G2211", "", "G0101", "", "2024001", "", ""],
    ["1", "G2211", "", "G0102", "2025090", "2024001", "", ""],
    ["2", "G0316", "", "CCCCC", "", "2023001", "", "Contractor Defined Primary Codes"],
    ["3", "G0317", "2024366", "G0103", "", "2023001", "", ""],
    ["1", "G0318", "", "G0103", "", "2020060", "2023365", ""],
]
NOTICE = "CPT codes, descriptions and other data only are copyright 2025 American Medical Association."


def ptp_text(rows: list[list[str]], end: str = "\r\n") -> bytes:
    return "".join("\t".join(row) + end for row in [*PTP_HEADER, *rows]).encode("latin-1")


def ptp_file(folder: Path, name: str = "ccipra-v323r0-f1.txt", rows: list[list[str]] = PTP_ROWS) -> Path:
    path = folder / name
    path.write_bytes(ptp_text(rows))
    return path


def mue_text(rows: list[list[str]], title: str = "Practitioner Services MUE Values") -> bytes:
    lines = [f'"{MUE_NOTICE}",,,', f'"HCPCS/\nCPT Code",{title},MUE Adjudication Indicator,MUE Rationale']
    lines += [",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in rows]
    return "".join(line + "\r\n" for line in lines).encode()


MUE_NAME = "MCR_MUE_PractitionerServices_Eff_10-01-2026.csv"


def mue_file(folder: Path, name: str = MUE_NAME, rows: list[list[str]] = MUE_ROWS, **options: str) -> Path:
    path = folder / name
    path.write_bytes(mue_text(rows, **options))
    return path


def aoc_file(
    folder: Path, name: str = "AOC_V2026Q4-MCR.txt", rows: list[list[str]] = AOC_ROWS, header: list[str] = AOC_HEADER
) -> Path:
    path = folder / name
    lines = [[NOTICE, *[""] * 7], header, *rows]
    path.write_bytes("".join("\t".join(line) + "\r\n" for line in lines).encode("latin-1"))
    return path
