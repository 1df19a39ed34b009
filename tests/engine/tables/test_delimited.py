"""CSV and TSV text as columns."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from sequela.engine.tables.delimited import BATCH, open_delimited


def batches(data, wanted):
    return list(open_delimited("a.csv", data, ",").batches(wanted))


def test_columns_in_the_order_wanted():
    (batch,) = batches(b"a,b,c\n1,2,3\n4,5,6\n", [2, 0])
    assert [list(column) for column in batch.columns] == [["3", "6"], ["1", "4"]]
    assert batch.lines == [2, 3]


def test_large_files_come_in_batches():
    found = batches(b"a\n" + b"1\n" * (BATCH + 3), [0])
    assert [len(batch.columns[0]) for batch in found] == [BATCH, 3]
    assert found[1].lines == [BATCH + 2, BATCH + 3, BATCH + 4]


def test_rows_of_another_width_are_noted():
    (batch,) = batches(b"a,b\n1\n1,2,3\n1,2\n", [0, 1])
    assert batch.misshapen == ((0, 1), (1, 3))
    assert [list(column) for column in batch.columns] == [["1", "1", "1"], ["", "2", "2"]]


def test_a_header_below_blank_lines():
    opened = open_delimited("a.csv", b"\n,,\na,b\n1,2\n", ",")
    assert (opened.header, opened.header_line) == (("a", "b"), 3)
    (batch,) = opened.batches([0])
    assert batch.lines == [4]


def test_a_cell_longer_than_the_usual_limit():
    (batch,) = batches(b"a\n" + b"x" * 200_000 + b"\n", [0])
    assert len(batch.columns[0][0]) == 200_000


@given(st.lists(st.tuples(st.text('a,"\n\r é', max_size=5), st.text('a,"\n\r ', max_size=5)), max_size=12))
def test_what_the_csv_module_wrote_comes_back_with_its_lines(rows):
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["a", "b"])
    kept, lines, line = [], [], 2
    for row in rows:
        before = text.tell()
        writer.writerow(row)
        if any(cell.strip() for cell in row):
            kept.append(row)
            lines.append(line)
        written = text.getvalue()[before:]
        line += len(written.replace("\r\n", "\n").replace("\r", "\n").splitlines())
    found = batches(text.getvalue().encode(), [0, 1])
    assert [row for batch in found for row in zip(*batch.columns, strict=True)] == kept
    assert [number for batch in found for number in batch.lines] == lines
