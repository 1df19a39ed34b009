"""Made-up files in the layouts that CMS publishes, for the tests of the importers."""

import io
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZipFile

import sequela
from sequela.engine.diagnostics.model import InputProblem
from sequela.engine.imports.inputs import Input, open_inputs
from sequela.engine.imports.kinds import Draft

SHARED = Path(sequela.__file__).parent.parent / "shared"
"""Where true files lie beside the project, if they do."""


def opened(path: Path) -> Sequence[Input]:
    inputs, problems = open_inputs([path])
    assert not problems
    return inputs


def rows_of(draft: Draft) -> list[dict[str, str]]:
    """The rows of a draft by column, with the place of each in the source as `line`."""
    names = [name for name, _ in draft.shape.columns]
    found = []
    for batch in draft.rows():
        assert not isinstance(batch, InputProblem), batch
        assert batch.lines is not None
        for line, *cells in zip(batch.lines, *batch.columns, strict=True):
            found.append(dict(zip(names, cells, strict=True)) | {"line": str(line)})
    return found


def problem_of(draft: Draft) -> InputProblem:
    return next(made for made in draft.rows() if isinstance(made, InputProblem))


def contractor_record(code: str, sequence: str, record: str, long: str, **fields: str) -> str:
    """A record of the 320-byte contractor file; `code` stands at the right end of its five places."""
    line = [" "] * 320
    places = {
        "short": 91, "pricing": 119, "xref": 204, "coverage": 229, "betos": 256, "tos": 260, "added": 268,
        "acted": 276, "ended": 284, "action": 292,
    }  # fmt: skip
    for at, text in ((0, code.rjust(5)), (5, sequence), (10, record), (11, long)):
        line[at : at + len(text)] = text
    for name, text in fields.items():
        line[places[name] : places[name] + len(text)] = text
    return "".join(line)


def workbook(path: Path, rows: Sequence[Sequence[str | int]], *, sheet: str = "A", inline: bool = False) -> Path:
    """A workbook of one sheet: text as shared (or inline) strings, whole numbers as numbers."""
    texts: list[str] = []
    parts = []
    for number, row in enumerate(rows, 1):
        cells = []
        for at, value in enumerate(row):
            if value == "":
                continue
            place = f"{_letters(at)}{number}"
            if isinstance(value, int):
                cells.append(f'<c r="{place}"><v>{value}</v></c>')
            elif inline:
                cells.append(f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>')
            else:
                if value not in texts:
                    texts.append(value)
                cells.append(f'<c r="{place}" t="s"><v>{texts.index(value)}</v></c>')
        parts.append(f'<row r="{number}">{"".join(cells)}</row>')
    shared = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    write_book(path, {sheet: f"<sheetData>{''.join(parts)}</sheetData>"}, shared)
    return path


_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_REL = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def write_book(path: Path, sheets: dict[str, str], shared: str = "", styles: str = "", properties: str = "") -> None:
    """The parts of a workbook, packed."""
    with ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        names = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{at}" r:id="rId{at}"/>' for at, name in enumerate(sheets, 1)
        )
        archive.writestr("xl/workbook.xml", f"<workbook {_MAIN} {_REL}>{properties}<sheets>{names}</sheets></workbook>")
        links = "".join(
            f'<Relationship Id="rId{at}" Target="worksheets/sheet{at}.xml"/>' for at in range(1, len(sheets) + 1)
        )
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{links}</Relationships>")
        archive.writestr("xl/sharedStrings.xml", f"<sst {_MAIN}>{shared}</sst>")
        if styles:
            archive.writestr("xl/styles.xml", f"<styleSheet {_MAIN}>{styles}</styleSheet>")
        for at, data in enumerate(sheets.values(), 1):
            archive.writestr(f"xl/worksheets/sheet{at}.xml", f"<worksheet {_MAIN}>{data}</worksheet>")


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def as_bytes(path: Path) -> io.BytesIO:
    return io.BytesIO(path.read_bytes())


def _letters(at: int) -> str:
    text = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
