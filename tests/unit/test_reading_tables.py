"""Tables of problem texts: values, labels and spans, in every layout that people write."""

from __future__ import annotations

import pytest

from verify.reading.tables import Table, find_tables

PIPE = """Costs:

| From / To | R1 | R2 |
|---|---|---|
| H1 | 11 | 1,250 |
| H2 | 0.5 | - |

Done.
"""
LATEX = r"""\begin{tabular}{|c|c|c|} \hline
 & A & B \\ \hline
P & 3 & 4 \\
Q & 5 & 6 \\ \hline
\end{tabular}"""
ALIGNED = """Plant    Protein   Cost
Oats     12        3.5
Beans    20        4
Rice     7         1
"""


def only(text: str) -> Table:
    (table,) = find_tables(text)
    return table


def test_a_pipe_table_gives_labels_values_and_gaps() -> None:
    table = only(PIPE)
    assert table.row_labels == ("H1", "H2")
    assert table.column_labels == ("R1", "R2")
    assert [[cell.value for cell in row] for row in table.body] == [[11, 1250], [0.5, None]]
    assert table.body[1][1].empty
    assert table.numeric and table.regular


@pytest.mark.parametrize("text", [PIPE, LATEX, ALIGNED, PIPE.replace("\n", "\r\n")])
def test_every_cell_lies_where_its_span_says(text: str) -> None:
    table = only(text)
    for row in (table.header, *table.rows):
        for cell in row:
            assert text[cell.start : cell.end] == cell.text


def test_latex_and_aligned_columns_read_like_pipes() -> None:
    assert [[cell.value for cell in row] for row in only(LATEX).body] == [[3, 4], [5, 6]]
    assert only(LATEX).row_labels == ("P", "Q")
    aligned = only(ALIGNED)
    assert aligned.column_labels == ("Protein", "Cost")
    assert [[cell.value for cell in row] for row in aligned.body] == [[12, 3.5], [20, 4], [7, 1]]


def test_a_table_numbered_on_both_sides_keeps_its_labels() -> None:
    table = only("| | 1 | 2 |\n|--|--|--|\n| 1 | 0 | 7 |\n| 2 | 7 | 0 |\n")
    assert table.row_labels == ("1", "2")
    assert table.column_labels == ("1", "2")
    assert [[cell.value for cell in row] for row in table.body] == [[0, 7], [7, 0]]


def test_transposing_exchanges_rows_and_columns() -> None:
    table = only(PIPE)
    turned = table.transposed()
    assert turned.row_labels == table.column_labels
    assert turned.column_labels == table.row_labels
    assert [[cell.text for cell in row] for row in turned.transposed().body] == [
        [cell.text for cell in row] for row in table.body
    ]


def test_a_ragged_table_says_so() -> None:
    table = only("| a | b | c |\n|-|-|-|\n| x | 1 |\n| y | 1 | 2 |\n")
    assert not table.regular
    with pytest.raises(ValueError, match="regular"):
        table.transposed()


def test_units_signs_and_currencies_are_read() -> None:
    table = only("| k | v |\n|-|-|\n| a | $1,200 |\n| b | 15% |\n| c | -3 kg |\n| d | 2e3 |\n")
    assert [(row[0].value, row[0].unit) for row in table.body] == [(1200, "$"), (15, "%"), (-3, "kg"), (2000.0, "")]


@pytest.mark.parametrize(
    "text", ["", "|", "|||||", "|---|---|", "a | b", "\t\t\t\n\t\t", "| 1 |" * 2000, "\\begin{tabular}"]
)
def test_hostile_text_is_no_table_and_no_error(text: str) -> None:
    for table in find_tables(text):
        assert table.rows
