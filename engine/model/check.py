"""Check: the whole walk from parsed rule files to rules that can run, on one page.

In:   syntax nodes of all files of a run, and the tables that were loaded.    Out: `CheckedRules` and diagnostics.
Uses: every module of the checker, overlay.    Used by: pipeline.compile.
Not here: reading files (pipeline, tables); what is suspicious but no fault (lint_*).

Nothing is raised on a faulty text: what has a fault is left out, and what depends on it is left out without a second
word.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from msgspec.structs import replace

from sequela.engine.diagnostics.model import Diagnostic
from sequela.engine.model.catalogue_checks import against_catalogues
from sequela.engine.model.catalogues import Catalogues
from sequela.engine.model.changes import layer_of
from sequela.engine.model.condition_size import is_too_large
from sequela.engine.model.declared_conditions import define_condition
from sequela.engine.model.declared_sources import define_source
from sequela.engine.model.declared_tables import define_table, one_catalogue_each, reversed_period
from sequela.engine.model.effective import Layer, RuleFamily
from sequela.engine.model.families import Families, home_of, with_consequences
from sequela.engine.model.findings import Findings, key_of
from sequela.engine.model.long_lived import collector_paused
from sequela.engine.model.names import (
    D,
    DeclaredCodes,
    DeclaredCondition,
    DeclaredSource,
    DeclaredTable,
    FileNames,
    names_of,
)
from sequela.engine.model.nodes import TableDefinition
from sequela.engine.model.order import in_order
from sequela.engine.model.overlay import effective_rules
from sequela.engine.model.overlay_chain import matched_ids, payer_chains, payer_headers, payer_settings
from sequela.engine.model.overlay_dates import effective_of
from sequela.engine.model.reach import linked
from sequela.engine.model.rules import CheckedRules, Rule, RuleSelection
from sequela.engine.model.sets import define_codes
from sequela.engine.syntax.declarations import RuleDeclaration, RuleFile
from sequela.engine.tables.model import Table
from sequela.engine.vocabulary.systems import System

RULESETS_ALONE = "the rulesets alone"


def declare_tables(files: Sequence[RuleFile]) -> tuple[dict[str, TableDefinition], tuple[Diagnostic, ...]]:
    """The tables that files declare, by "ruleset/table", and what is wrong with the others.

    Args:
        files: all files of the run.
    Returns: a definition for every sound declaration; one with a fault is left out.
    """
    declared = [one for file in files for one in names_of(file).own.values() if isinstance(one, DeclaredTable)]
    for one in declared:
        define_table(one)
    found = tuple(diagnostic for one in declared for diagnostic in one.findings.said())
    return {one.key: one.definition for one in declared if one.definition is not None}, found


@collector_paused
def check_rules(
    files: Sequence[RuleFile], tables: Mapping[str, Table], beside: Mapping[System, Table] = MappingProxyType({})
) -> tuple[CheckedRules, tuple[Diagnostic, ...]]:
    """Every name resolved, every kind checked, the rules of every payer laid out.

    Args:
        files: all files of the run: given, used, and the bases of payers.
        tables: loaded tables by "ruleset/table"; a table that was not loaded is absent.
        beside: catalogues by which codes are judged in files that see none of their system; they only warn.
    Returns: what is sound, and all there is to say. Where a diagnostic is an error the rules must not be run: rules
        with a fault, and those that depend on one, are not among the selections.
    """
    world = linked(files)
    catalogues = Catalogues(tables, beside)
    for names in world:
        names.catalogues = catalogues
    _define(world)
    chains, misfits = payer_chains(files)
    headers = payer_headers(files)
    layers = {names.name: layer_of(names) for names in world if names.is_payer}
    dated = {id(rule): _is_dated(rule, names.findings) for names in world for rule in names.rules}
    families = Families(home_of(world), {names.name: names for names in world if names.is_payer})
    alone, overlaid = _selected([names for names in world if not names.is_payer], (), families, dated)
    selections: dict[str | None, RuleSelection] = {}
    for names in world:
        header = names.file.header
        if header is None or not header.is_payer or header.name.text in selections:
            continue
        chain = [layers[file.header.name.text] for file in chains.get(header.name.text, ()) if file.header is not None]
        rules, found = _selected(names.reach, chain, families, dated)
        overlaid = (*overlaid, *found)
        selections[header.name.text] = RuleSelection(
            payer=header.name.text,
            title=header.title.value,
            matches=matched_ids(header),
            rules=rules,
            settings=payer_settings(header, headers),
        )
    selections[None] = RuleSelection(payer=None, title=RULESETS_ALONE, matches=(), rules=alone)
    checked = _checked(world, selections)
    judged = against_catalogues(world, families.periods(), catalogues)
    return checked, _once(_said(world), families.findings.said(), misfits, overlaid, judged)


def _define(world: Sequence[FileNames]) -> None:
    """Give every declared name its definition, each after what it is built from."""
    for table in _all(world, DeclaredTable):
        define_table(table)
    one_catalogue_each(world)
    for source in _all(world, DeclaredSource):
        define_source(source)
    for codes in in_order(_all(world, DeclaredCodes)):
        define_codes(codes)
    for one in in_order(_all(world, DeclaredCondition)):
        if not is_too_large(one):
            define_condition(one)


def _all(world: Sequence[FileNames], sort: type[D]) -> list[D]:
    return [one for names in world for one in (*names.own.values(), *names.sources.values()) if isinstance(one, sort)]


def _is_dated(rule: RuleDeclaration, findings: Findings) -> bool:
    """Whether the period of a rule ends after it begins; says so where it does not."""
    effective = effective_of(rule.clauses)
    own = Findings()
    if effective is not None and reversed_period(effective.period, own):
        for diagnostic in own.said(f"Rule {rule.name.text} was not loaded; no claim was checked against it."):
            findings.add(diagnostic)
        return False
    return True


def _selected(
    files: Iterable[FileNames], chain: Sequence[Layer], families: Families, dated: Mapping[int, bool]
) -> tuple[tuple[Rule, ...], tuple[Diagnostic, ...]]:
    """The rules that run together, by phase and id, and what their versions and changes have against each other."""
    versions: dict[str, list[RuleDeclaration]] = {}
    broken: set[str] = set()
    incomplete = False
    for names in files:
        broken |= names.file.broken
        incomplete = incomplete or names.incomplete
        for rule in names.rules:
            if dated[id(rule)]:
                versions.setdefault(rule.name.text, []).append(rule)
            else:
                broken.add(rule.name.text)
    if incomplete:  # what changes a rule that is nowhere may mean one that could not be found
        broken |= {one.change.rule for layer in chain for one in layer.changes if one.change.rule not in versions}
    several = [RuleFamily(id=name, versions=tuple(found)) for name, found in versions.items()]
    effective, found = effective_rules(several, chain, broken)
    rules = [made for family in effective if (made := families.rule_of(family)) is not None]
    return tuple(sorted(rules, key=lambda made: (made.phase.place, made.id))), found


def _checked(world: Sequence[FileNames], selections: dict[str | None, RuleSelection]) -> CheckedRules:
    return CheckedRules(
        selections=selections,
        tables={one.key: one.definition for one in _all(world, DeclaredTable) if one.definition is not None},
        sets={one.key: one.definition for one in _all(world, DeclaredCodes) if one.definition is not None},
        conditions={one.key: one.definition for one in _all(world, DeclaredCondition) if one.definition is not None},
        authorities={one.key: one.definition for one in _all(world, DeclaredSource) if one.definition is not None},
        sources=tuple(names.file.source for names in world),
    )


def _said(world: Sequence[FileNames]) -> list[Diagnostic]:
    """What was found in each file and declaration, with the rules that were not loaded because of it."""
    found: list[Diagnostic] = []
    for names in world:
        found.extend(names.findings.said())
        for one in (*names.own.values(), *names.sources.values()):
            found.extend(with_consequences(one))
    for stranger in world[0].strangers.values() if world else ():
        found.extend(with_consequences(stranger))
    return found


def _once(*several: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Every diagnostic once, though several payers have the same rule."""
    kept: dict[object, Diagnostic] = {}
    for found in several:
        for diagnostic in found:
            first = kept.setdefault(key_of(diagnostic), diagnostic)
            if first.consequence is None and diagnostic.consequence is not None:
                kept[key_of(diagnostic)] = replace(first, consequence=diagnostic.consequence)
    return tuple(kept.values())
