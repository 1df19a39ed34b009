"""Reach: which file of a run sees which, and names that are declared twice where both are seen.

In:   parsed rule files.    Out: `FileNames` with `reach` filled in, in the order of the files.
Uses: syntax, names, suggest.    Used by: check.
Not here: what a payer stands over, as a chain (overlay_chain); what a name means (names, scope).
"""

from collections.abc import Sequence
from itertools import combinations

from sequela.engine.diagnostics.model import Label
from sequela.engine.diagnostics.suggest import did_you_mean
from sequela.engine.model.names import Declared, FileNames, names_of
from sequela.engine.syntax.declarations import RuleFile, Use
from sequela.engine.syntax.node import Name


def linked(files: Sequence[RuleFile]) -> tuple[FileNames, ...]:
    """What each file declares and sees; faults of `use` and names declared twice are in the `findings` of the files."""
    world = tuple(names_of(file) for file in files)
    by_name: dict[str, FileNames] = {}
    for names in world:
        if names.file.header is not None:
            first = by_name.setdefault(names.name, names)
            if first is not names:
                _same_name(first, names)
    unread = any(names.file.header is None for names in world)
    missing: dict[str, list[tuple[FileNames, Name]]] = {}
    for names in world:
        _link(names, by_name, missing)
    if not unread:
        for places in missing.values():
            _not_found(places, by_name)
    for names in world:
        names.reach = _reached(names)
        names.world = world
        names.strangers = world[0].strangers
    _find_repeated(world)
    return world


def _link(names: FileNames, by_name: dict[str, FileNames], missing: dict[str, list[tuple[FileNames, Name]]]) -> None:
    header = names.file.header
    if header is not None and header.over is not None:
        base = by_name.get(header.over.text)
        names.over = base if base is not None and base.is_payer else None
        names.incomplete = names.incomplete or names.over is None
    for use in names.file.declarations:
        if isinstance(use, Use):
            for name in use.names:
                used = by_name.get(name.text)
                if used is None:
                    names.incomplete = True
                    missing.setdefault(name.text, []).append((names, name))
                else:
                    _use(names, name, used)


def _not_found(places: list[tuple[FileNames, Name]], by_name: dict[str, FileNames]) -> None:
    """One error for a ruleset that is nowhere, however many files use it."""
    (names, name), *others = places
    rulesets = [one for one, file in by_name.items() if not file.is_payer]
    names.findings.error(
        "SEQ201",
        f"No ruleset is called `{name.text}`.",
        name.span,
        "unknown ruleset",
        also=tuple(Label(other.span, "used here too") for _, other in others[:3]),
        hint=did_you_mean(name.text, rulesets) or "Give its file too, or put it beside this one.",
    )


def _use(names: FileNames, name: Name, used: FileNames) -> None:
    if used.is_payer:
        names.incomplete = True
        names.findings.error(
            "SEQ202",
            f"`{name.text}` is a payer, and only a ruleset can be used.",
            name.span,
            also=(Label(used.file.header.name.span, "a payer"),) if used.file.header else (),
            hint=f'A payer stands over another: `payer NAME "title" over {name.text}`.',
        )
    elif used is not names:
        names.uses.append(used)


def _same_name(first: FileNames, second: FileNames) -> None:
    one, two = first.file.header, second.file.header
    assert one is not None
    assert two is not None
    second.findings.error(
        "SEQ207",
        f"Two files are called `{two.name.text}`.",
        two.name.span,
        "the second one",
        also=(Label(one.name.span, "the first one"),),
        hint="Give one of them another name, or leave it out.",
    )


def _reached(names: FileNames) -> tuple[FileNames, ...]:
    """The file, the payers below it, then what they use, each once."""
    found: dict[FileNames, None] = {}
    waiting = [names]
    while waiting:
        file = waiting.pop(0)
        if file in found:
            continue
        found[file] = None
        if file.over is not None:
            waiting.append(file.over)
        waiting.extend(file.uses)
    return tuple(found)


def _find_repeated(world: tuple[FileNames, ...]) -> None:
    holders: dict[tuple[bool, str], list[Declared]] = {}
    for names in world:
        for one in names.repeated:
            own = names.sources if one.noun == "source" else names.own
            _declared_twice(names, own[one.name.text], one)
        for declared in names.own.values():
            holders.setdefault((False, declared.name.text), []).append(declared)
        for source in names.sources.values():
            holders.setdefault((True, source.name.text), []).append(source)
    told: set[tuple[Declared, Declared]] = set()
    seen = [(names, frozenset(names.reach)) for names in world if len(names.reach) > 1]
    for several in holders.values():
        if len(several) < 2:
            continue
        for names, reach in seen:
            for first, second in combinations([one for one in several if one.home in reach], 2):
                if (first, second) not in told:
                    told.add((first, second))
                    _declared_twice(names, first, second)


def _declared_twice(names: FileNames, first: Declared, second: Declared) -> None:
    if first.home is names:  # the fault stands in the file at hand, where there is one
        first, second = second, first
    if first.home is second.home and first.name.span.start > second.name.span.start:
        first, second = second, first
    seen = ""
    if first.home is not second.home and second.home is not names:
        seen = f" Both are seen by `{names.name}`."
    for one in (first, second):  # a use of the name is not judged: it could mean either
        one.causes[first] = None
    first.findings.error(
        "SEQ207",
        f"`{second.name.text}` is declared twice.{seen}",
        second.name.span,
        f"a {second.noun}",
        also=(Label(first.name.span, f"first declared here, a {first.noun}"),),
        hint="Give one of them another name.",
    )
