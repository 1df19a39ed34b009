"""The cache: the next start reads what an earlier one made, and whatever is wrong with an entry, it is as if there were none."""

import json
import pickle
from pathlib import Path

import pytest

from sequela.engine.pipeline import anew, cache
from sequela.engine.pipeline.files import SHIPPED, find_rule_files
from sequela.engine.pipeline.opening import open_rulebook
from sequela.engine.pipeline.packed import Unpacker

RULES = """
ruleset r "Rules"
source MANUAL
  title "The manual"
codes visits of HCPCS
  99213, under 9921 except 99215
codes dear of HCPCS
  from prices where price is at least 100
table prices "Prices"
  key code of HCPCS
  value price as number
  complete
  rows
    99213 | 80
    99214 | 120
condition billed-twice(line a)
  some other line b where b.code is a.code
rule A "One visit"
  for each line l in visits
  require not billed-twice(l)
  if fail deny l
  cite MANUAL section "1"
rule B "Dear ones"
  phase coverage
  for each line l in dear
  require l.units is at most 1
  if fail warn l
  say "{l.code} costs more."
"""
PAYER = """
payer p "Payer"
use r
disable A
  reason "Not ours."
  effective 2020-01-01 to 2020-12-31
tighten B
  reason "Stricter."
  require also l.charge is known
"""
LINE = {"code": "99214", "units": 2, "date": "2026-03-02", "charge": "120.00"}
CLAIM = {
    "schema": "sequela.encounter/1",
    "id": "C-1",
    "setting": "professional",
    "lines": [{**LINE, "number": 1}, {**LINE, "number": 2}],
}


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    monkeypatch.setenv("SEQUELA_CACHE", str(tmp_path / "cache"))
    (tmp_path / "r.rules").write_text(RULES)
    (tmp_path / "p.rules").write_text(PAYER)
    return [tmp_path / "p.rules", tmp_path / "r.rules"]


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A word for every time that something was compiled."""
    times: list[str] = []
    compile_found = anew.compile_found
    monkeypatch.setattr(anew, "compile_found", lambda *given: times.append("compiled") or compile_found(*given))
    return times


def entries(files: list[Path]) -> list[Path]:
    return sorted((files[0].parent / "cache").glob("*.rulebook"))


def said(book) -> list[bytes]:
    return [book.check(CLAIM, payer=payer).to_bytes() for payer in (None, "p") if payer in book.rules.selections]


def test_the_second_start_reads_what_the_first_made(files, compiled) -> None:
    first = open_rulebook(files)
    second = open_rulebook(files)
    assert compiled == ["compiled"]
    assert second.rules.selections == {
        payer: one.__class__(one.payer, one.title, one.matches, second.rules.selections[payer].rules, one.settings)
        for payer, one in first.rules.selections.items()
    }
    for payer, one in first.rules.selections.items():
        assert tuple(second.rules.selections[payer].rules) == tuple(one.rules)

    for part in ("sets", "conditions", "authorities", "tables"):
        assert dict(getattr(second.rules, part)) == dict(getattr(first.rules, part))
    assert second.warnings == first.warnings
    assert repr(second) == repr(first)
    assert said(second) == said(first)


def test_the_places_of_what_is_read_are_those_of_the_text(files) -> None:
    first, second = open_rulebook(files), open_rulebook(files)
    for payer, one in first.rules.selections.items():
        for mine, theirs in zip(one.rules, second.rules.selections[payer].rules, strict=True):
            assert (mine.span.text, mine.span.line) == (theirs.span.text, theirs.span.line)
            for here, there in zip(mine.segments, theirs.segments, strict=True):
                assert str(spans(here.version)) == str(spans(there.version))


def spans(node) -> list[str]:
    """The words and places of everything within a node."""
    if isinstance(node, tuple):
        return [words for part in node for words in spans(part)]
    names = getattr(node, "__struct_fields__", ())
    own = [f"{node.span.source.name} {node.span.start}: {node.span.text}"] if "span" in names else []
    return own + [words for name in names if name != "source" for words in spans(getattr(node, name))]


def test_an_entry_is_read_only_as_far_as_a_claim_asks(files, monkeypatch) -> None:
    open_rulebook(files)
    read: list[int] = []
    unpack = Unpacker.unpack

    def counted(self, packed, *place):
        read.append(len(packed))
        return unpack(self, packed, *place)

    monkeypatch.setattr(Unpacker, "unpack", counted)
    book = open_rulebook(files)
    assert repr(book)
    before = len(read)
    line = {**LINE, "number": 1, "code": "A0428"}
    assert book.check({**CLAIM, "lines": [line]}, payer="p").failed_rules == ()
    assert len(read) <= before + 3  # the sets that name no plain codes


@pytest.mark.parametrize("at", [0.0, 0.05, 0.3, 0.6, 0.999])
def test_a_damaged_entry_is_no_entry(files, compiled, at: float) -> None:
    expected = said(open_rulebook(files))
    (entry,) = entries(files)
    data = bytearray(entry.read_bytes())
    data[int(len(data) * at)] ^= 0xFF
    entry.write_bytes(data)
    assert said(open_rulebook(files)) == expected
    assert compiled == ["compiled", "compiled"]
    assert said(open_rulebook(files)) == expected
    assert compiled == ["compiled", "compiled"]


def test_a_cut_entry_is_no_entry(files, compiled) -> None:
    open_rulebook(files)
    (entry,) = entries(files)
    entry.write_bytes(entry.read_bytes()[:40])
    assert open_rulebook(files).check(CLAIM)
    assert compiled == ["compiled", "compiled"]


def test_a_folder_that_others_can_write_is_not_read(files, compiled) -> None:
    open_rulebook(files)
    (files[0].parent / "cache").chmod(0o777)
    open_rulebook(files)
    assert compiled == ["compiled", "compiled"]


def test_a_changed_text_takes_the_place_of_the_one_before(files, compiled) -> None:
    open_rulebook(files)
    files[1].write_text(RULES.replace("is at most 1", "is at most 2"))
    book = open_rulebook(files)
    assert "B" not in book.check(CLAIM).failed_rules
    assert said(open_rulebook(files)) == said(book)
    assert len(entries(files)) == 1


def test_nothing_of_a_claim_is_kept(files) -> None:
    book = open_rulebook(files)
    book.check({**CLAIM, "id": "SECRET-ID"}).to_bytes()
    assert all(b"SECRET" not in entry.read_bytes() for entry in entries(files))


@pytest.mark.parametrize("foreign", [Path("x"), json.loads, pickle.Unpickler])
def test_a_piece_cannot_ask_for_anything_by_its_name(foreign) -> None:
    with pytest.raises(pickle.UnpicklingError):
        Unpacker((), lambda key: None).unpack(pickle.dumps(foreign))


def test_the_shipped_rules_are_kept_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQUELA_CACHE", str(tmp_path))
    first, second = open_rulebook(SHIPPED), open_rulebook(SHIPPED)
    assert cache.read(cache.path_of(find_rule_files(SHIPPED), ())) is not None
    for payer, one in first.rules.selections.items():
        assert tuple(second.rules.selections[payer].rules) == tuple(one.rules)
