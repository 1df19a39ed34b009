"""The rulesets that ship, with tables that the importers made from published-layout files."""

import pytest
from checklist_made import TABLES, imported

import sequela


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> sequela.Rulebook:
    """As a user has them: his imported tables first, then made-up ones for what has no importer."""
    data = imported(tmp_path_factory.mktemp("imported"))
    return sequela.load(data=[data, TABLES], use_cache=False)
