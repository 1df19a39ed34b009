"""Rule files on disk: reading them, and finding the ones that they use.

In:   paths that a user gave.    Out: `Source`s in the order of need, and what could not be read.
Uses: source, diagnostics.       Used by: pipeline.compile.
Not here: what the text says (syntax); tables (table_files.py).
"""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct, field

import sequela
from sequela.engine.diagnostics.model import Diagnostic, Label, Severity
from sequela.engine.diagnostics.suggest import nearest
from sequela.engine.source import Source, Span

SUFFIX: Final = ".rules"
SHIPPED: Final = tuple(Path(sequela.__file__).parent / folder for folder in ("rulesets", "payers"))
"""Where the rulesets and payers that ship with Sequela are."""

_SHIPPED: Final = tuple(str(folder) for folder in SHIPPED)
_BELOW_SHIPPED: Final = tuple(os.path.join(folder, "") for folder in _SHIPPED)

MOST_BYTES: Final = 20_000_000
"""A rule file larger than this is refused: it is a table pasted into a rule file, or no rule file at all."""

_HEADER = re.compile(r"\ufeff?(?:\s*(?:#[^\n]*)?\n)*\s*(ruleset|payer)\s+([a-z][a-z0-9-]*)")
_WANTED = re.compile(r'\n[^\S\n]*(?:use\s+(["a-z0-9-]+(?:\s*,\s*["a-z0-9-]+)*)|payer\s[^\n#]*?\bover\s+([a-z0-9-]+))')


class RuleText(Struct, frozen=True):
    """One rule file that was read: where it lies, and its text."""

    path: Path | None
    source: Source


class Found(Struct, frozen=True):
    """The files of a run: `given` by the user, `used` by those (found beside them or shipped), and what went wrong."""

    given: tuple[RuleText, ...]
    used: tuple[RuleText, ...]
    diagnostics: tuple[Diagnostic, ...] = field(default_factory=tuple)


def find_rule_files(paths: Iterable[Path]) -> Found:
    """Read the rule files at `paths` (a folder stands for every `.rules` file below it) and all that they use.

    A used ruleset is looked for by its declared name among the files given, then near the file that uses it (in its folder, in
    the one above, and in a folder of the ruleset's name in either), then among the shipped ones. One that is nowhere is left
    to the checker, which says so at the `use`.
    """
    problems: list[Diagnostic] = []
    given: list[RuleText] = []
    seen: set[Path] = set()
    for path in paths:
        for file in _expand(path, problems):
            resolved = file.resolve()
            if resolved in seen:
                continue
            seen.add(resolved)
            text = _read(file, problems)
            if text is not None:
                given.append(RuleText(file, text))
    used = _find_used(given, problems)
    return Found(tuple(given), tuple(used), tuple(problems))


def texts_of(texts: Mapping[str, str]) -> Found:
    """The same for texts that are already in memory, by name: for tests, editors and pages."""
    given = [RuleText(None, Source(name, _newlines(text))) for name, text in texts.items()]
    problems: list[Diagnostic] = []
    used = _find_used(given, problems)
    return Found(tuple(given), tuple(used), tuple(problems))


def declared_name(text: str) -> str | None:
    """The name that a file's header declares, read without parsing the file."""
    match = _HEADER.match(text)
    return match.group(2) if match else None


def _find_used(given: list[RuleText], problems: list[Diagnostic]) -> list[RuleText]:
    have = {declared_name(one.source.text) for one in given}
    queue = list(given)
    used: list[RuleText] = []
    listings: dict[str, dict[str, str]] = {}
    while queue:
        user = queue.pop(0)
        for name in _wanted(user.source.text):
            if name in have:
                continue
            for folder in (*_near(user.path, name), *_SHIPPED):
                listing = listings.get(folder)
                if listing is None:
                    listing = listings[folder] = _listing(folder)
                if name in listing:
                    path = Path(listing[name])
                    text = _read(path, problems)
                    if text is not None:
                        found = RuleText(path, text)
                        used.append(found)
                        queue.append(found)
                    have.add(name)
                    break
    return used


def _near(path: Path | None, name: str) -> tuple[str, ...]:
    """The folders near a rule file in which one that it uses may lie: its own, the one above, and in either that name's."""
    if path is None:
        return ()
    folder = path.parent
    own, above = str(folder), str(folder.parent if folder.name not in ("", "..") else folder / "..")
    return own, os.path.join(own, name), above, os.path.join(above, name)


def _wanted(text: str) -> list[str]:
    names: list[str] = []
    for match in _WANTED.finditer("\n" + text):
        names.extend(name.strip(' \t\n"') for name in (match.group(1) or match.group(2)).split(","))
    return names


def _listing(folder: str) -> dict[str, str]:
    """The rule files in a folder by what they declare; of one that ships with Sequela, all below it.

    What ships is not opened for that: each file is called what it declares, which a test holds to.
    """
    if folder in _SHIPPED:
        files = [os.path.join(place, name) for place, _, names in os.walk(folder) for name in names]
    else:
        try:
            files = [os.path.join(folder, name) for name in os.listdir(folder)]
        except OSError:
            return {}
    names: dict[str, str] = {}
    ships = os.path.join(os.path.abspath(folder), "").startswith(_BELOW_SHIPPED)
    for file in sorted(one for one in files if one.endswith(SUFFIX)):
        name = os.path.basename(file).removesuffix(SUFFIX) if ships else _declared_in(file)
        if name is not None:
            names.setdefault(name, file)
    return names


def _declared_in(file: str) -> str | None:
    try:
        with open(file, "rb") as stream:
            return declared_name(stream.read(8192).decode("utf-8", "replace").replace("\r\n", "\n"))
    except OSError:
        return None


def _expand(path: Path, problems: list[Diagnostic]) -> list[Path]:
    if path.is_dir():
        files = sorted(path.rglob(f"*{SUFFIX}"))
        if not files:
            problems.append(
                _fault("SEQ190", str(path), f"There is no rule file in the folder {path}.", "Rule files end in .rules.")
            )
        return files
    if not path.exists():
        neighbours = [one.name for one in path.parent.glob(f"*{SUFFIX}")] if path.parent.is_dir() else []
        close = nearest(path.name, neighbours)
        hint = f"Did you mean {path.parent / close[0]}?" if close else "Check the spelling and the folder."
        problems.append(_fault("SEQ190", str(path), f"There is no rule file {path}.", hint))
        return []
    return [path]


def _read(path: Path, problems: list[Diagnostic]) -> Source | None:
    name = str(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            problems.append(
                _fault(
                    "SEQ192",
                    name,
                    f"{name} is larger than {MOST_BYTES // 1_000_000} MB, which no rule file is.",
                    "Put long lists of codes into a table file, and name it in a `table` declaration.",
                )
            )
            return None
        data = path.read_bytes()
    except OSError as error:
        problems.append(
            _fault(
                "SEQ190", name, f"{name} cannot be read: {error.strerror or error}.", "Check the file's permissions."
            )
        )
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        hint = "Save the file as UTF-8 text."
        if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
            hint = "It looks like a word processor's or spreadsheet's own format: save it as plain text (UTF-8)."
        problems.append(
            _fault(
                "SEQ191",
                name,
                f"{name} is not UTF-8 text: byte {error.start + 1}, on line {line}, cannot be read.",
                hint,
            )
        )
        return None
    return Source(name, _newlines(text))


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _fault(code: str, name: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(
        code=code, message=message, at=Label(Span(Source(name, ""), 0, 0)), hint=hint, severity=Severity.ERROR
    )
