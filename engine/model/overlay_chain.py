"""Payer chains: which payer stands over which, from the base upward.

In:   parsed rule files.           Out: the chain of files of each payer; faults of payer headers and misplaced changes.
Uses: syntax, diagnostics.         Used by: check.
Not here: what a payer changes (overlay.py); what a ruleset uses (the checker's scope).
"""

from collections.abc import Collection, Mapping, Sequence

from sequela.engine.diagnostics.model import Diagnostic, Label, Severity
from sequela.engine.diagnostics.suggest import did_you_mean, listed
from sequela.engine.model.rules import SETTINGS
from sequela.engine.source import Span
from sequela.engine.syntax.declarations import ChangeDeclaration, Header, RuleDeclaration, RuleFile, Settings
from sequela.engine.syntax.node import Name

_Named = Mapping[str, tuple[Header, RuleFile]]


def payer_chains(
    files: Sequence[RuleFile],
) -> tuple[Mapping[str, tuple[RuleFile, ...]], tuple[Diagnostic, ...]]:
    """The files of each payer's chain by the payer's name, base first and its own last; and what is wrong with them.

    A chain ends where what a payer stands over cannot be found, is no payer, or has been met. While a file's header
    could not be read, a payer that is not found is passed over in silence: it may be that one.
    """
    by_name: dict[str, tuple[Header, RuleFile]] = {}
    for file in files:
        if file.header is not None:
            by_name.setdefault(file.header.name.text, (file.header, file))
    payers = payer_headers(files)
    all_read = all(file.header is not None for file in files)
    found = [fault for header in payers.values() if (fault := _wrong_base(header, by_name, all_read)) is not None]
    found.extend(_circles(payers))
    found.extend(_misplaced(files))
    found.extend(_matching_rulesets(files))
    found.extend(_matched_twice(payers))
    found.extend(_settings_faults(by_name, payers))
    return {name: tuple(by_name[one][1] for one in _chain(name, payers)) for name in payers}, tuple(found)


def payer_headers(files: Sequence[RuleFile]) -> dict[str, Header]:
    """The headers of payers by name; of two of one name the first."""
    found: dict[str, Header] = {}
    for file in files:
        if file.header is not None:
            found.setdefault(file.header.name.text, file.header)
    return {name: header for name, header in found.items() if header.is_payer}


def payer_settings(header: Header, payers: Mapping[str, Header]) -> frozenset[str]:
    """The settings of the claims that a payer stands for: those that its header names, else those of its base, else all."""
    chain = [payers[name].settings for name in _chain(header.name.text, payers)]
    said = [frozenset(name.text for name in names) for names in chain if names]
    return frozenset(SETTINGS).intersection(*said) or said[-1]


def matched_ids(header: Header) -> tuple[str, ...]:
    """The ids that a payer matches, in lower case, each once: its own name first, then what `matches` names."""
    return tuple(dict.fromkeys((header.name.text.lower(), *(text.value.strip().lower() for text in header.matches))))


def _chain(name: str, payers: Mapping[str, Header]) -> list[str]:
    """The names from the base up to `name`."""
    chain: list[str] = []
    at: str | None = name
    while at is not None and at in payers and at not in chain:
        chain.append(at)
        over = payers[at].over
        at = None if over is None else over.text
    return chain[::-1]


# ---------------------------------------------------------------- what is said


def _wrong_base(header: Header, by_name: _Named, all_read: bool) -> Diagnostic | None:
    if header.over is None:
        return None
    base = header.over.text
    if base in by_name:
        return None if by_name[base][0].is_payer else _over_ruleset(header, header.over.span, by_name[base][0])
    if not all_read:
        return None
    payers = [name for name, (other, _) in by_name.items() if other.is_payer and name != header.name.text]
    return Diagnostic(
        code="SEQ502",
        message=f"`{header.name.text}` stands over `{base}`, and no payer has that name.",
        at=Label(header.over.span, "unknown payer"),
        hint=did_you_mean(base, payers) or "Give the file of that payer too, or put it beside this one.",
        consequence=f"What `{header.name.text}` changes in rules below it was not checked.",
    )


def _over_ruleset(header: Header, at: Span, ruleset: Header) -> Diagnostic:
    return Diagnostic(
        code="SEQ503",
        message=f"`{header.name.text}` stands over `{ruleset.name.text}`, which is a ruleset and no payer.",
        at=Label(at),
        also=(Label(ruleset.name.span, "a ruleset"),),
        hint=f"Write `use {ruleset.name.text}`: a payer may change the rules that it uses.",
    )


def _circles(payers: Mapping[str, Header]) -> list[Diagnostic]:
    """One diagnostic for each circle of payers that stand over each other."""
    found: list[Diagnostic] = []
    told: set[str] = set()
    for name in payers:
        chain = _chain(name, payers)
        over = payers[chain[0]].over
        if over is None or over.text not in chain:
            continue
        circle = chain[: chain.index(over.text) + 1]
        if told.isdisjoint(circle):
            found.append(_circle(circle, payers))
        told.update(circle)
    return found


def _circle(circle: list[str], payers: Mapping[str, Header]) -> Diagnostic:
    names = circle[::-1]
    places = [over.span for name in names if (over := payers[name].over) is not None]
    if len(names) == 1:
        message = f"`{names[0]}` stands over itself."
    else:
        message = f"`{names[0]}` stands over itself, by way of {', '.join(f'`{name}`' for name in names[1:])}."
    return Diagnostic(
        code="SEQ504",
        message=message,
        at=Label(places[0]),
        also=tuple(Label(place) for place in places[1:]),
        hint="Take out the `over` of the payer that the others build on.",
    )


def _misplaced(files: Sequence[RuleFile]) -> list[Diagnostic]:
    return [
        Diagnostic(
            code="SEQ505",
            message=f"`{one.verb} {one.rule.text}` stands in a ruleset; only a payer changes rules.",
            at=Label(one.rule.span),
            hint="Change the rule itself, or move this to the payer's file.",
        )
        for file in files
        if file.header is not None and not file.header.is_payer
        for one in file.declarations
        if isinstance(one, ChangeDeclaration)
    ]


def _matching_rulesets(files: Sequence[RuleFile]) -> list[Diagnostic]:
    return [
        Diagnostic(
            code="SEQ509",
            message=f"The ruleset `{header.name.text}` matches a payer id; only a payer does.",
            at=Label(header.matches[0].span),
            hint="Take `matches` out, or move it to the payer's file.",
        )
        for file in files
        if (header := file.header) is not None and not header.is_payer and header.matches
    ]


def _matched_twice(payers: Mapping[str, Header]) -> list[Diagnostic]:
    """The ids that several payers match in one setting: each with the first of those that came before."""
    found: list[Diagnostic] = []
    owners: dict[str, list[tuple[Header, Span]]] = {}
    for header in payers.values():
        settings = payer_settings(header, payers)
        for own_id in matched_ids(header):
            place = next(
                (text.span for text in header.matches if text.value.strip().lower() == own_id), header.name.span
            )
            others = owners.setdefault(own_id, [])
            owner = next((one for one in others if settings & payer_settings(one[0], payers)), None)
            others.append((header, place))
            if owner is not None:
                found.append(_shared_id(own_id, header, place, owner))
    return found


def _shared_id(own_id: str, header: Header, place: Span, owner: tuple[Header, Span]) -> Diagnostic:
    return Diagnostic(
        code="SEQ517",
        severity=Severity.WARNING,
        message=f"Both `{owner[0].name.text}` and `{header.name.text}` match the payer id `{own_id}`.",
        at=Label(place),
        also=(Label(owner[1], f"`{owner[0].name.text}`"),),
        hint="Leave the id to one of them, or let `settings` part the claims between them; until then a claim with it is "
        "checked only when the payer is named.",
    )


def _settings_faults(by_name: _Named, payers: Mapping[str, Header]) -> list[Diagnostic]:
    """Payers that stand for claims for which their base does not, and rules for claims that the payer never stands for."""
    found: list[Diagnostic] = []
    for header in payers.values():
        base = payers.get(header.over.text) if header.over is not None else None
        if base is not None:
            known = payer_settings(base, payers)
            beyond = [name for name in header.settings if name.text not in known]
            if beyond:
                found.append(_beyond_base(header, base, beyond, known))
        settings = payer_settings(header, payers)
        for one in by_name[header.name.text][1].declarations:
            if isinstance(one, RuleDeclaration):
                written = next((part for part in one.clauses if isinstance(part, Settings)), None)
                if written is not None and not any(name.text in settings for name in written.names):
                    found.append(_never_applies(header, one, written, settings))
    return found


def _beyond_base(header: Header, base: Header, beyond: Sequence[Name], known: Collection[str]) -> Diagnostic:
    return Diagnostic(
        code="SEQ518",
        message=f"`{header.name.text}` stands over `{base.name.text}`, which is for {_listed(known)} claims only.",
        at=Label(beyond[0].span.to(beyond[-1].span), "not for these"),
        also=(Label(base.settings[0].span if base.settings else base.name.span, f"`{base.name.text}`"),),
        hint=f"Take {listed(name.text for name in beyond)} out, or let the payer stand over one that is for such claims.",
    )


def _never_applies(header: Header, rule: RuleDeclaration, written: Settings, settings: Collection[str]) -> Diagnostic:
    return Diagnostic(
        code="SEQ519",
        severity=Severity.WARNING,
        message=f"Rule {rule.name.text} never applies: `{header.name.text}` is for {_listed(settings)} claims only.",
        at=Label(written.span),
        hint="Change the settings of the rule, or move it to the payer of these claims.",
    )


def _listed(settings: Collection[str]) -> str:
    return listed(name for name in SETTINGS if name in settings)
