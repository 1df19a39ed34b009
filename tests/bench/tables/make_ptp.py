"""Make up NCCI procedure-to-procedure files in the layout that CMS publishes, of any size, to measure an import.

    python tests/bench/tables/make_ptp.py FOLDER [--rows 2500000] [--setting practitioner]

Writes `ccipra-v323r0-f1.txt` to `-f4.txt` (`ccioph-…` for the hospital). The codes are HCPCS level II, the pairs are drawn at
random from a fixed seed: nothing of a real file is in them. About one row in sixty has indicator 9, one in six was deleted,
and some pairs stand twice, for two times in force.
"""

import argparse
import random
from pathlib import Path

PREAMBLE = (
    "CPT only copyright 2026 American Medical Association.  All rights reserved.\t\t\t\t\t\t\r\n"
    "Column1/Column2 Edits\t\t\t\t\t\t\r\n"
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\r\n"
    "\t\tprior to 1996\tDate\tDate\t0=not allowed\t\r\n"
    "\t\t\t\t*=no data\t1=allowed\t\r\n"
    "\t\t\t\t\t9=not applicable\t\r\n"
)
RATIONALES = (
    "CPT Manual or CMS manual coding instruction",
    "Misuse of column two code with column one code",
    "More extensive procedure",
    "Standards of medical / surgical practice",
    "Mutually exclusive procedures",
    "HCPCS/CPT procedure code definition",
    "Standards of Medical / Surgical Practice",
)
LETTERS = "ACDEGHJKLMPQRSTV"


def codes(count: int) -> list[str]:
    """`count` different codes of HCPCS level II, sorted."""
    return sorted(f"{LETTERS[n % len(LETTERS)]}{n // len(LETTERS):04d}" for n in range(count))


def row(one: str, two: str, dice: random.Random) -> str:
    """One edit, as a line of the file."""
    year = dice.randrange(1996, 2026)
    start = f"{year}{dice.choice(('0101', '0401', '0701', '1001'))}"
    before = "*" if year == 1996 and dice.random() < 0.3 else ""
    fate = dice.random()
    if fate < 1 / 60:
        end, indicator = start, "9"
    elif fate < 1 / 6:
        end, indicator = f"{dice.randrange(year, 2027)}1231", dice.choice("01")
    else:
        end, indicator = "*", "1" if dice.random() < 0.93 else "0"
    return f"{one}\t{two}\t{before}\t{start}\t{end}\t{indicator}\t{dice.choice(RATIONALES)}\r\n"


def write(folder: Path, rows: int, setting: str) -> None:
    """Four files of `rows` edits in all."""
    dice = random.Random(1996)
    known = codes(13_000)
    stem = {"practitioner": "ccipra", "hospital": "ccioph"}[setting]
    share = max(1, rows // len(known))
    folder.mkdir(parents=True, exist_ok=True)
    done = 0
    for part in range(4):
        own = known[part * len(known) // 4 : (part + 1) * len(known) // 4]
        last = rows * (part + 1) // 4
        with (folder / f"{stem}-v323r0-f{part + 1}.txt").open("w", encoding="latin-1", newline="") as file:
            file.write(PREAMBLE)
            for at, one in enumerate(own):
                many = min(last - done, share if at + 1 < len(own) else last - done)
                for two in sorted(dice.sample(known, min(many, len(known)))):
                    file.write(row(one, two, dice))
                done += many


def main() -> None:
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(description="Make up NCCI procedure-to-procedure files.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=2_500_000)
    parser.add_argument("--setting", choices=("practitioner", "hospital"), default="practitioner")
    asked = parser.parse_args()
    write(asked.folder, asked.rows, asked.setting)


if __name__ == "__main__":
    main()
