"""Which town a text speaks of."""

import pytest

from roster.towns import Gazetteer

FUCHENG, TAIPING, FENJIE, LUOJING = "445381003", "445381101", "445381102", "445381100"


@pytest.mark.parametrize(
    ("post", "town"),
    [
        ("太平镇综治中心 主任", TAIPING),
        ("罗定市附城街道太平村委会 主任", FUCHENG),
        ("太平村委会 主任", FUCHENG),
        ("太平社区居委会 主任", TAIPING),
        ("太平镇太平村 主任", TAIPING),
        ("石牌村委会 主任", FENJIE),
        ("石牌村民委员会", FENJIE),
        ("三和村委会 主任", None),
        ("分界镇三和村委会 主任", FENJIE),
        ("黄沙口村委会 主任", "445381113"),
        ("分界司法所 所长", None),
        ("罗定市人民法院 审判员", None),
        ("石牌村、三和村委会 联络员", FENJIE),
        ("素龙街道办事处 干部", "445381002"),
        ("", None),
    ],
)
def test_a_full_town_name_beats_any_village_and_a_repeated_village_decides_nothing(county, post, town):
    meant = county.towns_meant(post)
    assert (meant[0] if len(meant) == 1 else None) == town


@pytest.mark.parametrize(
    ("post", "towns"),
    [
        ("三和村委会 主任", (FENJIE, "445381114")),
        ("云龙村 支部书记", (FUCHENG, LUOJING)),
        ("太平镇、罗镜镇", (TAIPING, LUOJING)),
        ("石牌村、太平村 驻村律师", (FUCHENG, FENJIE)),
        ("司法所 所长", ()),
    ],
)
def test_where_several_towns_remain_all_of_them_are_named(county, post, towns):
    assert county.towns_meant(post) == towns


@pytest.mark.parametrize(
    ("name", "town"),
    [
        ("分界", FENJIE),
        ("3.分界镇名单", FENJIE),
        ("2、分界（名单）", FENJIE),
        ("分 界 镇", FENJIE),
        ("名单", None),
        ("太平镇罗镜镇", None),
        ("Sheet1", None),
        ("", None),
    ],
)
def test_a_sheet_may_be_named_after_its_town(county, name, town):
    assert county.town_of_sheet(name) == town


@pytest.mark.parametrize(
    ("line", "town"),
    [("太 平 镇 “法官联络点” 人 员 名 单", TAIPING), ("太平镇、罗镜镇名单", None), ("人员名单", None)],
)
def test_a_title_names_its_town_though_its_letters_are_spaced_out(county, line, town):
    assert county.town_of_line(line) == town


@pytest.mark.parametrize(
    "note",
    [
        "负责太平镇、罗镜镇",
        "兼太平镇、罗镜镇",
        "分管太平镇和罗镜镇",
        "挂点：太平镇，罗镜镇",
        "负责太平、罗镜两镇",
        "负责太平、罗镜片区",
        "负责太平镇、罗镜镇的诉前调解；家住分界镇",
        "联系太平镇 罗镜镇，联系电话见上",
        "原负责分界镇；现负责太平镇、罗镜镇",
        "驻太平镇及罗镜镇法官联络点",
        "负责太平镇；兼罗镜镇",
        "太平镇、罗镜镇",
        "太平、罗镜",
        "太平镇、罗镜",
        "太平、罗镜两镇",
        "太平镇、罗境镇、罗镜镇",
    ],
)
def test_a_note_names_the_towns_a_judge_is_responsible_for(county, note):
    assert county.responsible_towns(note) == [TAIPING, LUOJING]


@pytest.mark.parametrize(
    "note",
    [
        "家住太平镇",
        "原负责太平镇",
        "不再负责太平镇",
        "联系电话：太平镇政府转",
        "负责太平村",
        "负责全市",
        "家住罗镜镇、太平镇",
        "原太平镇、罗镜镇",
        "家住高村镇、太平镇",
        "太平镇、党员",
        "罗境镇、分届镇",
        "",
    ],
)
def test_a_note_without_such_a_word_names_none(county, note):
    assert county.responsible_towns(note) == []


@pytest.mark.parametrize(
    ("note", "unknown"),
    [
        ("太平镇、罗境镇", ["罗境镇"]),
        ("太平、罗境镇、其他镇街", ["罗境镇", "其他镇街"]),
        ("负责太平镇、罗境镇", ["罗境镇"]),
        ("太平、罗镜", []),
        ("家住罗境镇、太平镇", []),
        ("罗境镇", []),
    ],
)
def test_of_a_list_of_towns_what_is_none_is_told(county, note, unknown):
    assert county.unknown_towns(note) == unknown


@pytest.mark.parametrize(
    ("note", "towns"),
    [
        ("太平镇、党员", [TAIPING]),
        ("家住罗境镇、太平镇", []),
        ("原太平镇、罗镜镇", []),
        ("太平镇、罗境镇、党员", [TAIPING]),
        ("太平镇、罗镜、中共党员", [TAIPING, LUOJING]),
        ("员额法官；太平镇、罗镜镇", [TAIPING, LUOJING]),
        ("群众，太平镇，2022年3月到任", [TAIPING]),
    ],
)
def test_a_town_in_full_beside_what_says_nothing_else_is_served(county, note, towns):
    assert county.noted_towns(note) == towns


@pytest.mark.parametrize(
    ("note", "towns"),
    [
        ("不再负责：太平镇、罗镜镇", [TAIPING, LUOJING]),
        ("不再负责 太平镇", [TAIPING]),
        ("不再 负责太平镇", []),
        ("不负责太平镇", []),
        ("原负责：太平镇、罗镜镇", [TAIPING, LUOJING]),
        ("曾任职于：太平镇", [TAIPING]),
        ("原任：罗镜镇 法庭", [LUOJING]),
        ("原单位：罗镜镇", [LUOJING]),
        ("2019年调离，太平镇、罗镜镇", [TAIPING, LUOJING]),
        ("籍贯：太平镇", [TAIPING]),
        ("户籍地：罗镜镇", [LUOJING]),
        ("家住 罗镜镇", [LUOJING]),
        ("回避：罗镜镇", [LUOJING]),
        ("除：罗镜镇", [LUOJING]),
        ("党员、太平镇，家住县城", [TAIPING]),
    ],
)
def test_beside_words_that_may_say_otherwise_none_is_served_and_those_alone_are_told(county, note, towns):
    assert county.noted_towns(note) == []
    assert county.responsible_towns(note) == []
    assert county.towns_passed_over(note) == towns


# ── a cell made for towns ────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("cell", "towns", "unread"),
    [
        ("太平镇、罗镜", (TAIPING, LUOJING), ()),
        ("太平、罗镜镇", (TAIPING, LUOJING), ()),
        ("太平 罗镜镇", (TAIPING, LUOJING), ()),
        ("太平和罗镜两镇", (TAIPING, LUOJING), ()),
        ("太平镇罗镜镇", (TAIPING, LUOJING), ()),
        ("太平镇、罗境镇", (TAIPING,), ("罗境镇",)),
        ("太平镇和罗境镇", (TAIPING,), ("罗境镇",)),
        ("太平镇等两镇", (TAIPING,), ("等两镇",)),
        ("太平镇、罗镜镇等三镇", (TAIPING, LUOJING), ("等三镇",)),
        ("太平镇、罗镜镇等", (TAIPING, LUOJING), ("等",)),
        ("太平镇（不含罗镜镇）", (TAIPING,), ("不含罗镜镇",)),
        ("太平镇（不含罗镜镇、罗平镇）", (TAIPING,), ("不含罗镜镇", "罗平镇")),
        ("不含：罗镜镇", (), ("不含", "罗镜镇")),
        ("太平镇、罗镜镇除外", (), ("太平镇", "罗镜镇除外")),
        ("原太平镇", (), ("原太平镇",)),
        ("家住太平镇", (), ("家住太平镇",)),
        ("三和村", (), ("三和村",)),
        ("同上", (), ("同上",)),
    ],
)
def test_a_cell_made_for_towns_is_read_part_by_part(county, cell, towns, unread):
    assert county.towns_written(cell) == (towns, unread)


@pytest.mark.parametrize(
    "cell",
    [
        "太平",
        "太 平 镇",
        "罗定市太平镇",
        "罗定市 太平镇",
        "罗定市太平",
        "太平镇人民政府",
        "太平司法所",
        "太平镇法官联络点",
        "1.太平镇",
        "太平镇石牌村",
        "太平（镇）",
        "太平镇综治中心",
    ],
)
def test_what_belongs_to_a_town_is_no_other(county, cell):
    assert county.towns_written(cell) == ((TAIPING,), ())


@pytest.mark.parametrize("cell", ["", "/", "无", "——"])
def test_strokes_are_no_town_and_nothing_to_say(county, cell):
    assert county.towns_written(cell) == ((), ())


def test_an_empty_county_finds_nothing():
    assert Gazetteer({}, {}).towns_meant("太平镇太平村") == ()


@pytest.mark.parametrize("note", ["负责太平镇以外的镇", "负责除太平镇外的各镇", "联系除太平镇、罗镜镇之外的镇街"])
def test_all_but_some_towns_are_none_and_that_is_said(county, note):
    assert (county.noted_towns(note), bool(county.unknown_towns(note))) == ([], True)
