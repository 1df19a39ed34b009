"""Layout: where the files of a batch lie in its folder.

In:   nothing.      Out: names and paths.
Uses: nothing.      Used by: batch.parts, batch.journal, and readers of the folder.
"""

from pathlib import Path
from typing import Final

from attrs import frozen

TABLES: Final = ("findings", "claims", "rejects")
MANIFEST: Final = "manifest.json"
JOURNAL: Final = "journal.jsonl"
WORK: Final = ".work"
"""Drafts of parts, and where each process is; gone when no batch is at work."""


@frozen(kw_only=True)
class Part:
    """One file of a chunk: of which table, how many rows and bytes."""

    table: str
    rows: int
    size: int


def part_name(index: int) -> str:
    """The name of the file of a chunk, in the folder of its table."""
    return f"part-{index:05}.parquet"


def draft_name(table: str, index: int) -> str:
    """What the file is called until it is put in its place."""
    return f"{table}-{index:05}.parquet"


def part_path(out: Path, table: str, index: int) -> Path:
    """Where the file of a chunk lies."""
    return out / table / part_name(index)
