"""Inputs: the files of a batch: which they are, and by what they are known again.

In:   what a user named.          Out: `Input`s, or a `Refusal`.
Uses: nothing of the engine.      Used by: batch.run, batch.chunks.
Not here: what is in them (encounter.read).
"""

from collections.abc import Sequence
from hashlib import file_digest
from pathlib import Path

from attrs import frozen


@frozen
class Refusal:
    """Why a batch cannot be done, in a sentence, and what to try."""

    message: str
    hint: str | None = None

    def __str__(self) -> str:
        return f"{self.message} {self.hint}" if self.hint else self.message


@frozen
class Input:
    """A file of claims: what the user calls it, its size in bytes and the digest of its content."""

    name: str
    path: Path
    size: int
    sha256: str


def find_inputs(names: Sequence[str]) -> tuple[Input, ...] | Refusal:
    """The files named, in that order, each once; a folder stands for the files that lie in it, by name.

    Files whose names begin with a dot or an underscore are left out of a folder, as other tools do that write folders of parts.
    """
    found: dict[Path, str] = {}
    for name in names:
        path = Path(name)
        if name == "-":
            return Refusal(
                "A batch reads files: what comes through standard input cannot be read again after a stop.",
                "Write it to a file first.",
            )
        try:
            if path.is_dir():
                files = sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith((".", "_")))
                if not files:
                    return Refusal(f"There is no file in the folder {name}.")
                for one in files:
                    found.setdefault(one.resolve(), str(one))
            elif path.exists():
                found.setdefault(path.resolve(), name)
            else:
                return Refusal(f"There is no input {name}.", "Nothing was done.")
        except OSError as error:
            return _unreadable(name, error)
    return _known(found)


def _known(found: dict[Path, str]) -> tuple[Input, ...] | Refusal:
    inputs: list[Input] = []
    for name in found.values():
        path = Path(name)
        try:
            if not path.is_file():
                return Refusal(f"{name} is not a file: a batch is read more than once.", "Write it to a file first.")
            inputs.append(Input(name=name, path=path, size=path.stat().st_size, sha256=digest_of(path)))
        except OSError as error:
            return _unreadable(name, error)
    return tuple(inputs)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file's content. Raises OSError where it cannot be read."""
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _unreadable(name: str, error: OSError) -> Refusal:
    return Refusal(f"The input {name} cannot be read: {(error.strerror or 'no reason is given').lower()}.")
