"""Telephone numbers as people write them."""

import pytest

from roster.phones import phone_problem, tidy_phone
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
        ("", ""),
        ("无", ""),
        ("-", ""),
    ],
)
def test_numbers_are_kept_in_one_form(written, kept):
    assert tidy_phone(written) == kept


@pytest.mark.parametrize(
    "written", ["13800", "138819248651", "12345678901", "abc", "13881924865/1380", "381234", "381234567"]
)
def test_what_is_no_number_is_none(written):
    assert tidy_phone(written) is None


def test_what_was_kept_reads_the_same_again():
    kept = tidy_phone("13881924865/0766-3812345转8") or ""
    assert tidy_phone(kept) == kept == "13881924865、0766-3812345-8"


def test_the_problem_counts_the_digits():
    assert phone_problem("13800").startswith("有 5 位数字。手机 11 位")
    assert phone_problem("见备注").startswith("没有数字。")
