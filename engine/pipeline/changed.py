"""Changed: after a change of the texts only what it concerns is compiled; the rest is what was kept.

In:   what was kept of earlier texts, and the texts now.    Out: the pieces of the texts now, or None: then all is compiled.
Uses: concerned, kept, keeping, syntax.parse, model.check.  Used by: pipeline.anew.
Not here: what a change concerns (concerned.py); compiling all (compile.py); where what was kept lies (cache.py).

What is compiled is a whole small run: the headers, the tables, the sources, the changes of payers with the rules they change,
what was changed, what names it, all versions of every rule among these, and all that any of it names. If anything at all is to
be said about it, or if the change is of another kind, everything is compiled, and says it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from sequela.engine.diagnostics.model import Diagnostic
from sequela.engine.model.check import check_rules, declare_tables
from sequela.engine.model.long_lived import collector_paused
from sequela.engine.model.rules import CheckedRules
from sequela.engine.pipeline.compile import once
from sequela.engine.pipeline.concerned import Concerned, Texts, concerned_by
from sequela.engine.pipeline.files import Found
from sequela.engine.pipeline.keeping import Piece, Pieces, RulePiece, pieces_of
from sequela.engine.pipeline.kept import Kept, Selected
from sequela.engine.pipeline.packed import Place
from sequela.engine.pipeline.stretches import Stretch
from sequela.engine.pipeline.table_files import load_tables
from sequela.engine.syntax.declarations import RuleFile
from sequela.engine.syntax.parse import parse

_ORDER: Final = {"s": 0, "c": 1, "a": 2, "t": 3}
"""The order in which sets, conditions, authorities and tables stand in a file, by the first letter of their keys."""


class Anew(Struct):
    """What was made of changed texts: all pieces, and what there is to say about the files of tables."""

    texts: Texts
    pieces: Pieces
    diagnostics: tuple[Diagnostic, ...]


@collector_paused
def changed(kept: Kept, found: Found, data: Sequence[Path]) -> Anew | None:
    """The pieces of the texts of a run, by what was kept of earlier ones of the same files."""
    texts = Texts.of([text.source for text in (*found.given, *found.used)])
    concerned = concerned_by(texts, kept) if kept.index.quiet else None
    if concerned is None:
        return None
    made = _compiled(texts, concerned, data)
    if made is None:
        return None
    rules, diagnostics = made
    pieces = _joined(kept, concerned, pieces_of(rules, texts.cut))
    return None if pieces is None else Anew(texts, pieces, diagnostics)


def _compiled(
    texts: Texts, concerned: Concerned, data: Sequence[Path]
) -> tuple[CheckedRules, tuple[Diagnostic, ...]] | None:
    """The rules of the small run; None where anything is to be said about its texts."""
    files: list[RuleFile] = []
    for number, source in enumerate(texts.sources):
        cut = [texts.cut[number][at] for at in sorted(concerned.needed[number])]
        if not cut:
            return None
        parts = [(0, cut[0].end), *[(one.start, one.end) for one in cut[1:]]]  # what stands before the header, too
        file, faults = parse(source, parts)
        if faults or not is_cut_by_declarations(cut, file):
            return None
        files.append(file)
    definitions, undeclared = declare_tables(files)
    if undeclared or any(one.shape.defines is not None for one in definitions.values()):
        return None  # by a table that defines a system the codes of all rules are judged
    loaded = load_tables(definitions, data)
    if any(one.is_error for one in loaded.diagnostics):
        return None
    rules, said = check_rules(files, loaded.tables)
    return None if said else (rules, once(loaded.diagnostics))


def is_cut_by_declarations(cut: Sequence[Stretch], file: RuleFile) -> bool:
    """Whether the first stretch of a text is its header, and each of the others one declaration."""
    starts = [one.span.start for one in file.declarations]
    return file.header is not None and [one.start for one in cut] == [file.header.span.start, *starts]


# ---------------------------------------------------------------- what was kept, and what was made


def _joined(kept: Kept, concerned: Concerned, made: Pieces) -> Pieces | None:
    """All pieces: those that were made, and those that were kept where their declarations stand now."""
    declared = _declared(kept, concerned, made)
    if declared is None or [one.payer for one in made.selections] != [one.payer for one in kept.index.selections]:
        return None
    index = kept.index
    rules: list[RulePiece] = []
    numbers: dict[int, int] = {}
    phases, settings, rulesets, asks, filed = index.phases, index.settings, index.rulesets, index.asks, index.filed
    for number, name in enumerate(index.ids):
        if name in concerned.rules:
            continue
        piece = _moved(kept, kept.number_of_rule(number), concerned)
        if piece is None:
            return None
        numbers[number] = len(rules)
        known = phases[number], settings[number], rulesets[number], asks[number], filed[number]
        rules.append(RulePiece(piece, name, *known))
    first = len(rules)
    rules.extend(made.rules)
    selections: list[Selected] = []
    for before, now in zip(index.selections, made.selections, strict=True):
        chosen = [numbers[number] for number in before.rules if number in numbers]
        chosen.extend([first + number for number in now.rules])
        chosen.sort(key=lambda number: (rules[number].phase, rules[number].id))
        selections.append(Selected(now.payer, now.title, now.matches, now.settings, chosen))
    return Pieces(declared, rules, selections)


def _declared(kept: Kept, concerned: Concerned, made: Pieces) -> dict[str, Piece] | None:
    """What is declared, in the order of a file; None where a piece that was kept cannot stand elsewhere."""
    found = dict(made.declared)
    for number, key in enumerate(kept.index.keys):
        if key not in found:
            piece = _moved(kept, number, concerned)
            if piece is not None:
                found[key] = piece
            elif not concerned.is_gone(kept.place(number)):
                return None
    order = sorted([(_ORDER[key[0]], piece.place, key) for key, piece in found.items()])
    return {key: found[key] for _, _, key in order}


def _moved(kept: Kept, number: int, concerned: Concerned) -> Piece | None:
    """A piece that was kept, where its declaration stands now; None of one that cannot stand elsewhere."""
    source, before, end = kept.place(number)
    start = concerned.now.get((source, before))
    if start is None or not kept.index.whole[number]:
        return None
    return Piece(Place(source, start, start + end - before), kept.piece(number), True)
