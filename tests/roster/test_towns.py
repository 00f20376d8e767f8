"""Which town a text speaks of."""

import pytest

from roster.towns import Gazetteer, towns_in_note

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
        ("太平镇、罗镜镇", None),
        ("罗定市人民法院 审判员", None),
    ],
)
def test_a_full_town_name_beats_any_village_and_a_repeated_village_decides_nothing(county, post, town):
    assert county.town_in(post) == town


@pytest.mark.parametrize(
    ("name", "town"),
    [("分界", FENJIE), ("3.分界镇名单", FENJIE), ("名单", None), ("太平镇罗镜镇", None), ("Sheet1", None)],
)
def test_a_sheet_may_be_named_after_its_town(county, name, town):
    assert county.town_of_sheet(name) == town


def test_a_note_names_the_towns_a_judge_is_responsible_for(county):
    assert towns_in_note("负责太平镇、罗镜镇", county) == [TAIPING, LUOJING]
    assert towns_in_note("家住太平镇", county) == []


def test_an_empty_county_finds_nothing():
    assert Gazetteer({}, {}).town_in("太平镇太平村") is None
