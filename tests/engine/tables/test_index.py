"""From keys to rows: each kind of key column, alone and together."""

from sequela.engine.tables.codes import CodeRange
from sequela.engine.tables.index import HOLDS, all_rows, build_index, find_rows
from sequela.engine.tables.notation import parse_set_notation
from sequela.engine.vocabulary.systems import System

ICD = System.ICD10CM


def lists(*texts):
    return [parse_set_notation(ICD, text) for text in texts]


def test_exact_keys_are_equal_and_keep_the_order_of_the_file():
    node = build_index(range(4), [(0, "exact", ["a", "b", "a", "c"]), (1, "exact", [1, 1, 1, 2])])
    assert list(find_rows(node, ("a", 1))) == [0, 2]
    assert list(find_rows(node, ("c", 2))) == [3]
    assert list(find_rows(node, ("c", 1))) == []
    assert sorted(all_rows(node)) == [0, 1, 2, 3]


def test_owners_speak_at_several_levels():
    cells = ["E11", CodeRange("E08", "E13", ICD), "E116", "F02", CodeRange("A00", "Z99", ICD)]
    node = build_index(range(5), [(0, "under", cells)])
    assert list(find_rows(node, ("E1165",))) == [0, 1, 2, 4]
    assert list(find_rows(node, ("E08",))) == [1, 4]
    assert list(find_rows(node, ("E07",))) == [4]
    assert sorted(all_rows(node)) == [0, 1, 2, 3, 4]


def test_an_hcpcs_range_speaks_only_for_codes_of_its_form():
    node = build_index([0], [(0, "under", [CodeRange("0001T", "0010T", System.HCPCS)])])
    assert list(find_rows(node, ("0005T",))) == [0]
    assert list(find_rows(node, ("00051",))) == []


def test_lists_through_the_index_and_one_by_one():
    texts = ("E11.9", "under E08, E11.9", "V00 .. Y99", 'like "S52.???A"', "E08 .. E13 except E11.9")
    few = build_index(range(5), [(0, "in", lists(*texts))])
    many = build_index(range(10), [(0, "in", lists(*texts, *texts))])
    for code, rows in (("E119", [0, 1]), ("E0800", [1, 4]), ("W19", [2]), ("S52501A", [3]), ("A00", [])):
        assert list(find_rows(few, (code,))) == rows
        assert list(find_rows(many, (code,))) == rows + [row + 5 for row in rows]
    assert sorted(all_rows(many)) == list(range(10))


def test_columns_of_all_kinds_work_together_whatever_their_order():
    columns = [
        (0, "in", lists("K58.9", "under K58", "K58.9")),
        (1, "under", ["K50", CodeRange("K50", "K52", ICD), "K51"]),
        (2, "exact", ["plan", "plan", "other"]),
    ]
    node = build_index(range(3), columns)
    assert list(find_rows(node, ("K589", "K509", "plan"))) == [0, 1]
    assert list(find_rows(node, ("K580", "K519", "plan"))) == [1]
    assert list(find_rows(node, ("K589", "K519", "other"))) == [2]


def test_the_plain_tests_of_a_cell():
    assert HOLDS["exact"]("E11", "E11")
    assert HOLDS["under"]("E11", "E119")
    assert HOLDS["under"](CodeRange("E08", "E13", ICD), "E119")
    assert not HOLDS["in"](lists("E11.9")[0], "E11")
