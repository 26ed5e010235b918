import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from havenlight.mse.errors import TableRefused
from havenlight.mse.read import read_counts, read_records, read_strata
from havenlight.mse.table import CaptureTable

dense_tables = st.integers(2, 5).flatmap(
    lambda k: arrays(np.int64, (1 << k) - 1, elements=st.integers(0, 999))
)


def make_file(folder, text):
    path = folder / "lists.csv"
    path.write_text(text, encoding="utf-8")
    return path


def make_names(n_cells):
    return tuple("ABCDE"[: (n_cells + 1).bit_length() - 1])


@given(dense_tables)
def test_a_dense_vector_survives_the_table(dense):
    table = CaptureTable.from_dense(make_names(dense.size), dense)
    assert table.dense().tolist() == dense.tolist()
    assert table.n_observed == dense.sum()


@given(dense_tables)
def test_leaving_a_list_out_loses_only_those_whom_it_alone_saw(dense):
    table = CaptureTable.from_dense(make_names(dense.size), dense)
    if table.n_lists > 2:
        alone = table.dense()[0]
        assert table.without("A").n_observed == table.n_observed - alone


def test_binary_order_is_a_b_ab_c_ac_bc_abc():
    table = CaptureTable.from_dense(("A", "B", "C"), [1, 2, 3, 4, 5, 6, 7])
    assert table.list_totals().tolist() == [1 + 3 + 5 + 7, 2 + 3 + 6 + 7, 4 + 5 + 6 + 7]
    assert table.overlaps()[0].tolist() == [16, 10, 12]


def test_a_table_cannot_be_changed():
    table = CaptureTable.from_dense(("A", "B"), [1, 2, 3])
    with pytest.raises(ValueError, match="read-only"):
        table.counts[0] = 9


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_counts_are_read_and_missing_histories_are_empty(tmp_path, separator):
    text = "A,B,C,count\n1,0,0,5\n0,1,1,2\n1,1,0,4\n".replace(",", separator)
    table = read_counts(make_file(tmp_path, text))
    assert table.lists == ("A", "B", "C")
    assert table.dense().tolist() == [5, 0, 4, 0, 0, 2, 0]


REFUSALS = {
    "A,B,count\n1,0,5\n0,0,3\n1,1,1\n": (3, "no list saw these persons"),
    "A,B,count\n1,0,5\n0,1,-3\n1,1,1\n": (3, "negative"),
    "A,B,count\n1,0,5\n0,1,3\n1,1,1.5\n": (4, "not a whole number"),
    "A,B,count\n1,0,5\n0,1,3\n1,0,1\n": (4, "the same history as in row 2"),
    "A,B,count\n1,0,5\n0,1,many\n": (3, "instead of a count"),
    "A,B,count\n1,0,5\n0,1,nan\n": (3, "not a number"),
    "A,sex,B,count\n1,girl,0,5\n0,boy,1,3\n": (2, "column 'sex' holds 'girl'"),
    "A,B,count\n1,0,5\n0,1\n": (3, "2 cells, but 3 columns"),
    "A,B,C,count\n1,1,0,5\n0,0,1,3\n": (None, "'C' has no person in common"),
    "A,B,C,count\n1,1,0,5\n1,0,0,3\n": (None, "list 'C' saw nobody"),
    "A,A,count\n1,1,5\n": (None, "two lists are called 'A'"),
    "A,count\n1,5\n": (None, "number of lists: 1"),
    "A,B,count\n": (None, "no row"),
    "": (None, "empty"),
}


@pytest.mark.parametrize("text", REFUSALS)
def test_what_is_no_table_is_refused_with_row_and_reason(tmp_path, text):
    row, reason = REFUSALS[text]
    with pytest.raises(TableRefused, match=re.escape(reason)) as refusal:
        read_counts(make_file(tmp_path, text))
    assert refusal.value.row == row


def test_another_encoding_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "lists.csv"
    path.write_text("Café,B,count\n1,1,5\n", encoding="latin-1")
    with pytest.raises(TableRefused, match="save it again as CSV UTF-8"):
        read_counts(path)


def test_an_unknown_column_is_refused_by_name(tmp_path):
    path = make_file(tmp_path, "A,B,note,count\n1,0,1,5\n0,1,1,3\n1,1,0,2\n")
    with pytest.raises(TableRefused, match="'note' is neither a list nor a stratum"):
        read_counts(path, lists=("A", "B"))
    with pytest.raises(TableRefused, match="no column 'Z'"):
        read_counts(path, lists=("A", "Z"))


def test_unit_records_count_each_person_once(tmp_path):
    path = make_file(tmp_path, "code,A,B\nx,1,0\ny,1,1\nz,1,1\n")
    assert read_records(path, person="code").dense().tolist() == [1, 0, 2]


def test_a_person_who_comes_twice_is_refused(tmp_path):
    path = make_file(tmp_path, "code,A,B\nx,1,0\ny,1,1\nx,1,1\n")
    with pytest.raises(TableRefused, match="row 4: the same person as in row 2"):
        read_records(path, person="code")


def test_strata_may_lack_a_list(tmp_path):
    text = (
        "year,A,B,C,count\n2020,1,0,,5\n2020,0,1,,4\n2020,1,1,,2\n"
        "2021,1,0,1,3\n2021,0,1,0,3\n2021,1,1,0,1\n"
    )
    strata = read_strata(make_file(tmp_path, text), strata=("year",))
    assert strata.tables["2020",].lists == ("A", "B")
    assert strata.tables["2021",].lists == ("A", "B", "C")
    assert strata.n_observed == 18


def test_strata_refuse_a_list_that_is_missing_in_some_rows_only(tmp_path):
    text = "year,A,B,C,count\n2020,1,0,,5\n2020,0,1,1,4\n2020,1,1,,2\n"
    with pytest.raises(TableRefused, match="row 2: column 'C' holds ''"):
        read_strata(make_file(tmp_path, text), strata=("year",))


def test_strata_refuse_a_list_without_overlap_in_any_stratum(tmp_path):
    text = "year,A,B,C,count\n2020,1,1,0,5\n2020,0,0,1,4\n2021,1,1,0,2\n2021,0,0,1,2\n"
    with pytest.raises(TableRefused, match="'C' has no person in common"):
        read_strata(make_file(tmp_path, text), strata=("year",))


def test_a_stratum_with_one_list_is_refused(tmp_path):
    text = "year,A,B,count\n2020,1,0,5\n2020,0,1,4\n2020,1,1,4\n2021,1,,2\n"
    with pytest.raises(TableRefused, match=r"row 5: stratum .* fewer than two lists"):
        read_strata(make_file(tmp_path, text), strata=("year",))
