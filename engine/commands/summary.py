"""`sequela summary`: what a batch found, as text, as JSON, or as one HTML page.

In:   the folder of a batch.                                    Out: the summary on standard output or in a file; the exit status.
Uses: engine.summary (needs the extra `batch`), screen.         Used by: cli.
"""

import importlib
import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from sequela.engine.commands.screen import (
    CLEAN,
    FAILED,
    FOUND,
    note,
    out,
    out_bytes,
    screen_width,
    styled,
    wants_colour,
)
from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.diagnostics.render import render_problem

if TYPE_CHECKING:
    from sequela.engine.summary.figures import Summary

_TOP: Final = {"text": 10, "json": None, "html": 100}
"""So many rows of a ranking are shown where nothing is said; None: all."""


def run(*, folder: Path, style: str | None, into: Path | None, top: int | None) -> int:
    """Summarize a batch's folder. Returns 0; 1 where the batch is not finished; 2 where it cannot be done."""
    if importlib.util.find_spec("pyarrow") is None:
        note("A summary reads Parquet files, which needs the package pyarrow; it is not installed.")
        note("Install it with `pip install 'sequela[batch]'`.")
        return FAILED
    style = style or ("html" if into is not None and into.suffix.lower() in (".html", ".htm") else "text")
    if into is not None and into.resolve().is_relative_to(folder.resolve()) and into.resolve().parent.name in _TABLES:
        note(f"{into} would stand among the batch's own files; name another file.")
        return FAILED
    colour = wants_colour(sys.stderr)
    made = importlib.import_module("sequela.engine.summary.figures").summarize(folder)
    if isinstance(made, InputProblem):
        note(render_problem(made, colour=colour))
        return FAILED
    warning = importlib.import_module("sequela.engine.summary.folder").unfinished(made.folder)
    if warning is not None:
        note(render_problem(warning, colour=colour))
    rows = top if top is not None else _TOP[style]
    if into is None:
        _show(made, style, rows)
    elif not _written(into, _text(made, style, rows, 100, colour=False)):
        return FAILED
    return CLEAN if warning is None else FOUND


_TABLES: Final = ("findings", "claims", "rejects")


def _show(made: "Summary", style: str, top: int | None) -> None:
    if style == "text":
        out(_text(made, style, top, min(screen_width(), 160), colour=wants_colour(sys.stdout)))
    else:
        out_bytes(_text(made, style, top, 100, colour=False).encode().rstrip(b"\n"))


def _text(made: "Summary", style: str, top: int | None, width: int, *, colour: bool) -> str:
    if style == "json":
        plain = importlib.import_module("sequela.engine.summary.as_json").as_json(made, top)
        return msgspec.json.format(msgspec.json.encode(plain), indent=2).decode() + "\n"
    if style == "html":
        page: str = importlib.import_module("sequela.engine.summary.as_html").as_html(made, top)
        return page
    text: str = importlib.import_module("sequela.engine.summary.as_text").as_text(
        made, top, width, lambda heading: styled(heading, "strong", colour)
    )
    return text + "\n"


def _written(path: Path, text: str) -> bool:
    """Write a file, whole or not at all; only its owner may read it, because it names claims."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        with os.fdopen(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline=""
        ) as stream:
            stream.write(text)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        note(f"{path} cannot be written: {(error.strerror or 'no reason is given').lower()}.")
        return False
    note(f"Written to {path}, {len(text.encode()) / 1e6:,.1f} MB. It names claims: keep it where you keep the claims.")
    return True
