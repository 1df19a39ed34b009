"""The tabular XML becomes a tree; its published counts are met."""

import pytest

from sequela.engine.imports.icd10cm.layout import NoteKind, Tabular, UnreadableTabularError, read_tabular


def test_the_counts_of_april_2026(april: Tabular) -> None:
    nodes = list(april.nodes())
    assert april.version == "2026"
    assert len(nodes) == 46_881
    assert sum(1 for node in nodes if not node.below) == 36_343
    assert sum(1 for node in nodes if node.seven is not None) == 508
    assert sum(1 for node in nodes if node.placeholder) == 246
    assert len([block for block in april.blocks if block.name.startswith("chapter")]) == 22
    assert len(april.blocks) == 22 + 297


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        (NoteKind.EXCLUDES1, 5_407),
        (NoteKind.EXCLUDES2, 2_520),
        (NoteKind.CODE_FIRST, 809),
        (NoteKind.USE_ADDITIONAL, 1_485),
        (NoteKind.CODE_ALSO, 655),
    ],
)
def test_the_notes_of_april_2026(april: Tabular, kind: NoteKind, count: int) -> None:
    assert april.notes_of(kind) == count


def test_every_code_begins_with_the_one_above_it(april: Tabular) -> None:
    for node in april.nodes():
        assert all(inner.code.startswith(node.code) for inner in node.below), node.code


def test_a_block_of_one_category_has_its_name(april: Tabular) -> None:
    block = next(one for one in april.blocks if one.name == "B20")
    assert (block.low, block.high) == ("B20", "B20")
    assert any(category.code == "B20" for category in april.categories)


def test_repeated_elements_are_all_kept() -> None:
    from_file = b"""<ICD10CM.tabular><version>2026</version><chapter><name>1</name><desc>One</desc><section id="A00-A01">
      <desc>Block</desc><diag><name>A00.</name><desc>A   disease
      of two lines</desc><useAdditionalCode><note>one</note></useAdditionalCode>
      <useAdditionalCode><note>two</note><note>three</note></useAdditionalCode></diag></section></chapter></ICD10CM.tabular>"""
    (category,) = read_tabular(from_file).categories
    assert (category.code, category.description) == ("A00", "A disease of two lines")
    assert category.notes[NoteKind.USE_ADDITIONAL] == (("one",), ("two", "three"))


@pytest.mark.parametrize("data", [b"", b"<ICD10CM.tabular>", b"<ICD10PCS.tabular/>", b"not xml"])
def test_what_is_no_tabular_list_is_said(data: bytes) -> None:
    with pytest.raises(UnreadableTabularError, match=r"XML|tabular list"):
        read_tabular(data)
