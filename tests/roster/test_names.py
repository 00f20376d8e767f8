"""Names, their initials, and the order they stand in."""

import pytest

from roster.names import ORDER_LENGTH, name_initials, name_order, tidy_name
from tests.roster.workbooks import wide


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" 林 文英\u200b", "林文英"),
        ("买买提•艾山", "买买提·艾山"),
        (f"买买提{wide('.')}艾山", "买买提·艾山"),
        *((f"买买提{dot}艾山", "买买提·艾山") for dot in "•‧∙⋅・･˙●▪᛫⸱﹒.。"),
        ("买买提 · 艾山", "买买提·艾山"),
        ("张\xa0三\u202c", "张三"),
        ("测四（女）", "测四"),
        ("测四(壮族)", "测四"),
        ("Li Wei", "Li Wei"),
        ("𠮷𣸣", "𠮷𣸣"),
        ("*张三", "张三"),
        ("　", ""),
    ],
)
def test_names_are_tidied(written, kept):
    assert tidy_name(written) == kept


@pytest.mark.parametrize(("name", "initials"), [("林文英", "lwy"), ("买买提·艾山", "mmtas"), ("𠮷文", "w")])
def test_initials_leave_out_what_has_no_reading(name, initials):
    assert name_initials(name) == initials


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("区庆芳", "oqf"),
        ("单志强", "szq"),
        ("仇文和", "qwh"),
        ("解晓东", "xxd"),
        ("曾国华", "zgh"),
        ("冼星海", "xxh"),
        ("查建英", "zjy"),
        ("覃志明", "qzm"),
        ("翟文", "zw"),
        ("缪华", "mh"),
        ("阚晓", "kx"),
        ("尉迟敬德", "ycjd"),
        ("尉迟", "wc"),
        ("单于", "sy"),
        ("欧阳海", "oyh"),
    ],
)
def test_a_surname_is_read_as_a_surname(name, initials):
    assert name_initials(name) == initials


def test_a_reading_of_its_own_holds_for_the_surname_only():
    assert (name_initials("林解"), name_initials("陈曾区")) == ("lj", "ccq")


def test_names_stand_in_the_order_of_a_dictionary():
    by_hand = [
        "陈大文",
        "陈晓岚",
        "黎桂生",  # lí before lǐ: the same letters stand by tone
        "李安",
        "李梅",
        "连安",  # after li: a whole syllable comes first
        "临文英",  # beside 林, not among them
        "林文英",
        "林志强",
        "Li Wei",
        "卢一",
        "罗一",
        "吕一",  # ü is typed v
        "区一",
        "欧一",
        "单一",
        "沈一",
        "曾一",
        "张一",
        "𠮷文",  # no dictionary reads it
    ]
    assert sorted(set(by_hand), key=name_order) == by_hand


def test_people_of_one_surname_stand_together():
    """By initials alone 林安, 刘本, 林川 would take turns."""
    assert sorted(["林安", "刘本", "林川", "刘安"], key=name_order) == ["林安", "林川", "刘安", "刘本"]


def test_the_order_is_told_in_what_every_collation_sorts_alike():
    told = [name_order(name) for name in ("买买提·艾山", "𠮷𣸣", "Li Wei", "张3", "嗯某", "么么", "", "é林", "林" * 60)]
    assert all(order.isascii() and order == order.lower() for order in told)
    assert all(order.isalnum() for order in told if order)
    assert max(map(len, told)) <= ORDER_LENGTH
