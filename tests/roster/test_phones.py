"""Telephone numbers as people write them."""

import pytest

from roster.phones import has_short_number, phone_problem, share_a_number, tidy_phone
from tests.roster.workbooks import wide


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13881924865", "13881924865"),
        ("138 8192 4865", "13881924865"),
        ("138-8192-4865", "13881924865"),
        ("+86 13881924865", "13881924865"),
        ("8613881924865", "13881924865"),
        (wide("13881924865"), "13881924865"),
        ("手机：13881924865", "13881924865"),
        ("0766-3812345", "0766-3812345"),
        ("0766－3812345", "0766-3812345"),
        ("07663812345", "0766-3812345"),
        ("(0766)3812345", "0766-3812345"),
        ("0766-3812345转8", "0766-3812345-8"),
        ("02087654321", "020-87654321"),
        ("3812345", "3812345"),
        ("381 2345", "3812345"),
        ("38123456", "38123456"),
        ("13881924865/0766-3812345", "13881924865、0766-3812345"),
        ("13881924865、3812345", "13881924865、3812345"),
        ("13881924865\n13881924866", "13881924865、13881924866"),
        ("13881924865 13881924866", "13881924865、13881924866"),
        ("13881924865，13881924865", "13881924865"),
        ("86-13881924865", "13881924865"),
        ("+86-138-8192-4865", "13881924865"),
        ("\u202d13881924865\u202c", "13881924865"),
        ("138\xa08192\u30004865\u200b", "13881924865"),
        ("0766/3812345", "0766-3812345"),
        ("0766—3812345", "0766-3812345"),
        ("13881924865（微信同号）", "13881924865"),
        ("13881924865（本人）", "13881924865"),
        ("13881924865（短号661234）", "13881924865"),
        ("13881924865 短号：661234", "13881924865"),
        ("13881924865/661234（短号）", "13881924865"),
        ("办公：3812345 手机：13881924865", "3812345、13881924865"),
        ("13881924865（本人）13881924866（妻子）", "13881924865、13881924866"),
        ("13881924865.0", "13881924865"),
        ("", ""),
        ("无", ""),
        ("-", ""),
    ],
)
def test_numbers_are_kept_in_one_form(written, kept):
    assert tidy_phone(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "13800",
        "13881924865/661234",
        "短号661234",
        "138819248651",
        "12345678901",
        "abc",
        "13881924865/1380",
        "381234",
        "381234567",
        "1.38E+10",
    ],
)
def test_what_is_no_number_is_none(written):
    assert tidy_phone(written) is None


def test_what_was_kept_reads_the_same_again():
    kept = tidy_phone("13881924865/0766-3812345转8") or ""
    assert tidy_phone(kept) == kept == "13881924865、0766-3812345-8"


def test_the_problem_counts_the_digits():
    assert phone_problem("13800").startswith("有 5 位数字。手机 11 位")
    assert phone_problem("见备注").startswith("没有数字。")
    assert "两个号码用「/」隔开" in phone_problem("13800")


def test_a_number_that_a_table_cut_short_is_said_to_be_cut_short():
    assert phone_problem(" 1.38E+10").startswith("这一格存成了数字，后面几位已经丢了。")


def test_a_short_number_left_out_is_known_to_be():
    assert [has_short_number(text) for text in ("13881924865（短号661234）", "13881924865", "短号")] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("13800000001", "13800000001", True),
        ("13800000001、0766-3811122", "0766-3811122", True),
        ("13800000001", "13800000002、0766-3811122", False),
        ("3800000001", "13800000001", False),
        ("", "", False),
    ],
)
def test_two_cells_share_a_number_only_where_one_stands_in_both(one, other, shared):
    assert share_a_number(one, other) is shared
