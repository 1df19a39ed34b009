"""The house keeps its own rules: packages, sizes, docstrings, imports, the public door."""

import ast
import tomllib
from pathlib import Path

import pytest

import sequela

ROOT = Path(sequela.__file__).parent
CODE = sorted([*ROOT.glob("*.py"), *ROOT.glob("engine/**/*.py"), *ROOT.glob("grammar/**/*.py")])
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def test_every_package_is_in_the_wheel() -> None:
    listed = set(PROJECT["tool"]["setuptools"]["packages"])
    rooms = [path.parent for path in CODE if path.name == "__init__.py" and path.parent != ROOT]
    rooms += [ROOT / "rulesets", ROOT / "payers"]
    assert listed == {"sequela"} | {"sequela." + str(room.relative_to(ROOT)).replace("/", ".") for room in rooms}


def test_versions_agree() -> None:
    from_cli = next(line for line in (ROOT / "cli.py").read_text().splitlines() if line.startswith("VERSION = "))
    assert from_cli == f'VERSION = "{sequela.__version__}"'
    assert PROJECT["project"]["version"] == sequela.__version__


def test_the_public_door_opens_to_each_name() -> None:
    for name in sequela.__all__:
        assert getattr(sequela, name) is not None
    assert sorted(sequela.__all__) == sequela.__all__ or len(set(sequela.__all__)) == len(sequela.__all__)
    with pytest.raises(AttributeError):
        sequela.nothing_of_that_name  # noqa: B018


@pytest.mark.parametrize("path", CODE, ids=names(CODE))
def test_a_module_is_short_and_says_which_room_it_is(path: Path) -> None:
    text = path.read_text()
    tree = ast.parse(text)
    assert text.count("\n") < 400
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert not [one for one in ast.walk(node) if isinstance(one, ast.Import | ast.ImportFrom)], node.name
            assert (node.end_lineno or node.lineno) - node.lineno <= 80, node.name
    assert path.stem not in ("utils", "common", "helpers", "core", "types")
