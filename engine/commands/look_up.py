"""`sequela show`, `codes`, `rules`, `fields` and `help`: looking things up.

In:   names.    Out: texts on standard output; the exit status.
Uses: model.show, encounter.fields, diagnostics.registry.    Used by: cli.
"""

import importlib
import shutil
import textwrap
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sequela.engine.commands.check import rules_are_known
from sequela.engine.commands.rulebooks import open_rules, payer_is_known
from sequela.engine.commands.screen import CLEAN, FAILED, note, out
from sequela.engine.diagnostics.registry import all_codes, nearest_code, normal_code, page
from sequela.engine.diagnostics.suggest import nearest
from sequela.engine.encounter.fields import fields_of
from sequela.engine.encounter.flat_mapping import DEFAULT
from sequela.engine.pipeline.shipped_catalogue import shipped_catalogue
from sequela.engine.vocabulary.kinds import CodeOf, CodesOf, Kind, Scalar, Type, WordOf


def show(rule: str, rules: Sequence[Path], data: Sequence[Path], payer: str | None, on: str | None) -> int:
    """Print a rule as it stands for a payer, with the origin of every clause."""
    rulebook = open_rules(rules, data)
    if rulebook is None or not payer_is_known(rulebook, payer) or not rules_are_known(rulebook, (rule,)):
        return FAILED
    day = _day(on)
    if on is not None and day is None:
        note(f"`{on}` is not a date. Write it as 2026-03-02.")
        return FAILED
    names = rulebook.payers_named(payer) if payer else (rulebook.single_payer,)
    printer = importlib.import_module("sequela.engine.model.show")
    selections = [rulebook.selection(name) for name in names]
    having = [one for one in selections if any(rule == had.id for had in one.rules)]
    if not having:
        note(f"Rule {rule} is not among the rules of {', '.join(one.payer or 'the rulesets' for one in selections)}.")
        return FAILED
    out("\n\n".join(printer.show(rule, one, day) for one in having))
    return CLEAN


def codes(name: str, rules: Sequence[Path], data: Sequence[Path], on: date | None = None) -> int:
    """Print the entries of a set and the codes that it holds, with counts; with `on`, those that are valid on that day.

    Where no table of the rules defines the system of the set, the catalogue of a ruleset that ships does.
    """
    rulebook = open_rules(rules, data)
    if rulebook is None:
        return FAILED
    found = {key: one for key, one in rulebook.rules.sets.items() if key.rsplit("/", 1)[-1] == name or key == name}
    if not found:
        close = nearest(name, sorted({key.rsplit("/", 1)[-1] for key in rulebook.rules.sets}))
        note(f"There is no set `{name}` among the rules." + (f" Did you mean `{close[0]}`?" if close else ""))
        return FAILED
    printer = importlib.import_module("sequela.engine.model.show")
    lists = importlib.import_module("sequela.engine.model.show_lists")
    for key, definition in found.items():
        tables = rulebook.tables
        if lists.catalogue_for(definition.system, tables) is None:
            shipped = shipped_catalogue(definition.system, data)
            if shipped is not None:
                note(f"The codes are those of `{shipped.shape.name}`, which ships.")
                tables = {shipped.shape.name: shipped, **tables}
        out(printer.codes_expansion(key, definition, tables, on))
    return CLEAN


def rules(paths: Sequence[Path], data: Sequence[Path], payer: str | None) -> int:
    """Print every rule with its title, phase, settings, period and authority."""
    rulebook = open_rules(paths, data)
    if rulebook is None or not payer_is_known(rulebook, payer):
        return FAILED
    printer = importlib.import_module("sequela.engine.model.show")
    names: list[str | None] = (
        [*rulebook.payers_named(payer)]
        if payer
        else [rulebook.single_payer]
        if rulebook.single_payer
        else [None, *rulebook.payers]
    )
    for name in names:
        selection = rulebook.selection(name)
        if name is None and len(names) > 1 and not selection.rules:
            continue
        out(printer.rules_table(selection))
    return CLEAN


def fields(kind: str | None) -> int:
    """Print the catalogue of fields: name, type, meaning and place on the forms, in X12 and in FHIR."""
    owners = [owner for owner in Kind if fields_of(owner)]
    if kind is not None:
        chosen = [owner for owner in owners if owner.value == kind.replace("encounter", "claim")]
        if not chosen:
            names = [owner.value for owner in owners]
            close = nearest(kind, names)
            note(
                f"`{kind}` has no fields."
                + (f" Did you mean `{close[0]}`?" if close else "")
                + f" There are: {', '.join(names)}."
            )
            return FAILED
        owners = chosen
    for owner in owners:
        prefix = {Kind.CLAIM: "encounter.", Kind.PATIENT: "patient."}.get(owner, "")
        out(f"{owner.value}" + (f"  (written {prefix}…)" if prefix else ""))
        for one in fields_of(owner):
            out(f"  {prefix}{one.name}  ·  {type_name(one.type)}")
            out(_wrapped(one.meaning, 6))
            places = [("CMS-1500", one.cms1500), ("UB-04", one.ub04), ("X12", one.x12), ("FHIR", one.fhir)]
            said = " · ".join(f"{form} {place}" for form, place in places if place)
            if said:
                out(_wrapped(said, 6))
        out("")
    return CLEAN


def columns() -> int:
    """Print the file of columns by which tables of claims are read where no other is given."""
    out(DEFAULT.read_text("utf-8").rstrip("\n"))
    return CLEAN


def help_page(code: str | None) -> int:
    """Print the page of a diagnostic's code, or the list of all codes."""
    if code is None:
        for one in all_codes():
            known = page(one)
            out(f"{one}  {known.title if known else ''}")
        return CLEAN
    found = page(normal_code(code))
    if found is None:
        close = nearest_code(code)
        note(f"There is no code {code}." + (f" Did you mean {close}?" if close else "") + " `sequela help` lists all.")
        return FAILED
    out(f"{found.code}  {found.title}  ({found.severity.value})\n")
    for paragraph in found.text.split("\n\n"):
        out(_wrapped(" ".join(paragraph.split()), 0) + "\n")
    for title, examples in (("Fails", found.fails), ("Corrected", found.corrected)):
        for example in examples:
            out(f"{title}:\n")
            out(textwrap.indent(example.text.rstrip("\n"), "    ") + "\n")
    return CLEAN


def type_name(kind: Type) -> str:
    """A type in the language's words."""
    match kind:
        case Scalar():
            return kind.value
        case CodeOf(system=system):
            return f"code of {system.value}"
        case CodesOf(system=system):
            return f"codes of {system.value}"
        case WordOf(words=words):
            return " | ".join(words)


def _wrapped(text: str, indent: int) -> str:
    width = min(100, shutil.get_terminal_size((100, 24)).columns)
    return textwrap.fill(text, width, initial_indent=" " * indent, subsequent_indent=" " * indent)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
