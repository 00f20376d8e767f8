"""Addresses that a list does not write out."""

import pytest

from tests.roster.workbooks import person, roster

HOME, MAIL = "广东省罗定市太平镇石牌村3号", "罗定市太平镇政府"


@pytest.mark.parametrize(
    "words", ["同左", "同 左", "同户籍地址", "同户籍", "与户籍地址一致", "同户口所在地", "和户籍地址相同", "同左边"]
)
def test_as_the_registered_one(check, words):
    _, (row,) = check(roster(person(1, 户籍地址=HOME, 通讯地址=words)))
    assert (row.facts.contact_address, row.issues) == (HOME, ())


@pytest.mark.parametrize("words", ["同右", "同通讯地址", "与现住址一致", "同现居住地"])
def test_as_the_one_for_letters(check, words):
    _, (row,) = check(roster(person(1, 户籍地址=words, 通讯地址=MAIL)))
    assert (row.facts.registered_address, row.issues) == (MAIL, ())


@pytest.mark.parametrize("words", ["同上", "〃", '"', "同前"])
def test_as_the_row_above_is_not_guessed(check, words):
    _, (_, row) = check(roster(person(1), person(3, 通讯地址=words)))
    said = [(issue.column, issue.code.value) for issue in row.issues]
    assert (row.facts.contact_address, said) == ("", [("通讯地址", "address_not_written")])


def test_each_as_the_other_is_nothing(check):
    _, (row,) = check(roster(person(1, 户籍地址="同右", 通讯地址="同左")))
    assert (row.facts.registered_address, row.facts.contact_address) == ("", "")


@pytest.mark.parametrize("address", ["同乐村委会", "和平路3号", "与民村5号", "左岸花园2栋", "户籍派出所旁"])
def test_an_address_that_only_begins_so_stays(check, address):
    _, (row,) = check(roster(person(1, 通讯地址=address)))
    assert (row.facts.contact_address, row.issues) == (address, ())
