"""Every kind of import is listed, described and told apart."""

import re
from pathlib import Path

import pytest

import sequela
from sequela.engine.imports.brought import BROUGHT, brings
from sequela.engine.imports.registry import KINDS, kind_named

README = (Path(sequela.__file__).parent / "engine" / "imports" / "README.md").read_text("utf-8")
IDS = [kind.name for kind in KINDS]


@pytest.mark.parametrize("kind", KINDS, ids=IDS)
def test_a_kind_says_what_a_user_must_know(kind):
    assert kind.title
    assert kind.licence
    assert kind.files
    assert kind.example.startswith(f"{kind.name} ")
    assert "--into" in kind.example
    assert f"`{kind.name}`" in README


def test_kinds_and_their_tables_are_told_apart():
    assert len(IDS) == len(set(IDS))
    tables = [table for kind in KINDS for table in kind.tables]
    assert len(tables) == len(set(tables))
    assert kind_named("mues") is None


def test_what_kinds_bring_is_known_without_loading_them():
    assert {kind.name: kind.tables for kind in KINDS} == BROUGHT
    assert brings("ncci/mue-dme") == "mue"
    assert brings("acme/limits") is None


@pytest.mark.parametrize("kind", KINDS, ids=IDS)
def test_the_marks_of_a_kind_are_patterns(kind):
    for mark in kind.marks:
        re.compile(mark)
