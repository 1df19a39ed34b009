"""Receipt: what an imported file says about itself: its release, the dates it covers, its digest.

In:   `NAME.receipt.json` beside a table file `NAME`.    Out: `Receipt`, `read_receipt`, `receipt_text`, `receipt_path`.
Uses: diagnostics, tables.model, msgspec.                Used by: tables.load; what imports published files.
Not here: the import itself.
"""

from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct

from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.tables.model import Covers

SCHEMA = "sequela.table-receipt/1"


class Receipt(Struct, frozen=True, kw_only=True):
    """Where a table file comes from: `release` in the publisher's words, the dates it `covers`, its `sha256`."""

    release: str | None = None
    covers: Covers | None = None
    sha256: str | None = None


class _Form(msgspec.Struct, rename={"covers_from": "covers-from", "covers_to": "covers-to"}, omit_defaults=True):
    schema: str
    release: str | None = None
    covers_from: date | None = None
    covers_to: date | None = None
    sha256: str | None = None


def receipt_path(path: Path) -> Path:
    """Where the receipt of the table file at `path` stands: `codes.csv.receipt.json`."""
    return path.with_name(path.name + ".receipt.json")


def receipt_text(receipt: Receipt) -> str:
    """The receipt as JSON. `covers-to` is absent where the file speaks onward."""
    covers = receipt.covers or Covers(None, None)
    form = _Form(
        schema=SCHEMA,
        release=receipt.release,
        covers_from=covers.start,
        covers_to=covers.end,
        sha256=receipt.sha256,
    )
    return msgspec.json.format(msgspec.json.encode(form), indent=2).decode() + "\n"


def read_receipt(path: Path, name: str, sha256: str) -> Receipt | InputProblem:
    """The receipt of the table file at `path`, empty where there is none.

    A receipt that cannot be read, or is about other content than the one with the digest `sha256`, is a problem.
    """
    beside = receipt_path(path)
    try:
        data = beside.read_bytes()
    except FileNotFoundError:
        return Receipt()
    except OSError as error:
        return _unreadable(beside, str(error.strerror))
    try:
        form = msgspec.json.decode(data, type=_Form)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return _unreadable(beside, str(error))
    if form.schema != SCHEMA:
        return _unreadable(beside, f"its schema is `{form.schema}`, not `{SCHEMA}`")
    if form.sha256 is not None and form.sha256 != sha256:
        message = f"{name} was changed after it was imported: its content is not that of its receipt."
        hint = f"Import it anew, or take {beside.name} away where the change is meant."
        return InputProblem(code="SEQ458", message=message, file=name, place=beside.name, hint=hint)
    covers = None
    if form.covers_from is not None or form.covers_to is not None:
        covers = Covers(form.covers_from, form.covers_to)
    return Receipt(release=form.release, covers=covers, sha256=form.sha256)


def _unreadable(beside: Path, why: str) -> InputProblem:
    message = f"The receipt {beside.name} cannot be read: {why}."
    hint = "Import the file anew, or take the receipt away."
    return InputProblem(code="SEQ458", message=message, file=beside.name, place="", hint=hint)
