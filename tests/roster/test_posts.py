"""Which seat a post means."""

import csv

import pytest

from roster.posts import Post, read_post
from tests.roster.workbooks import DATA

# Posts as town offices write them, with the seat that the plan gives them. The words of `roster.posts` were chosen on
# every other line, beginning with the first; the lines between were only counted.
with (DATA / "posts.csv").open(encoding="utf-8") as file:
    POSTS = list(csv.DictReader(file))
CHOSEN_ON, HELD_OUT = POSTS[::2], POSTS[1::2]


def kind(name: str, words: str) -> Post:
    return Post("mediator", name, (words,))


@pytest.mark.parametrize(
    ("unit_and_duty", "post"),
    [
        ("罗定市人民法院立案庭 审判员", Post("judge", "", ("审判员",))),
        ("罗定市人民法院太平人民法庭 庭长", Post("judge", "", ("庭长",))),
        ("罗定市人民法院 四级高级法官", Post("judge", "", ("法官",))),
        ("罗定市人民法院 法官助理", Post("judge_assistant", "", ("法官助理",))),
        ("分界镇综治中心 联络人员", Post("liaison_officer", "", ("联络人员",))),
        ("双东司法所 联络员", Post("liaison_officer", "", ("联络员",))),
        ("分界镇党委委员、政法委员", kind("town_cadre", "党委委员")),
        ("太平镇综治中心 主任", kind("town_cadre", "综治中心")),
        ("附城街道办事处 工作人员", kind("town_cadre", "工作人员")),
        ("太平镇文化站站长", kind("town_cadre", "站长")),
        ("分界镇石牌村委会 支部书记、主任", kind("village_cadre", "支部书记")),
        ("双东社区居委会 副主任", kind("village_cadre", "副主任")),
        ("石牌村民委员会委员", kind("village_cadre", "委员")),
        ("石牌村妇联主席", kind("village_cadre", "主席")),
        ("石牌村党支部书记、网格长", kind("village_cadre", "支部书记")),
        ("罗定市司法局分界司法所 所长", kind("judicial_office", "司法所")),
        ("司法所所长、镇人民调解委员会主任", kind("judicial_office", "司法所")),
        ("罗定市司法局 科员", kind("judicial_office", "司法局")),
        ("分界镇人民调解委员会 专职人民调解员", kind("peoples_mediator", "专职人民调解员")),
        ("分界司法所专职人民调解员", kind("peoples_mediator", "专职人民调解员")),
        ("分界镇人民调解委员会 委员", kind("peoples_mediator", "人民调解委员会")),
        ("分界镇分界社区网格员", kind("grid_worker", "网格员")),
        ("广东某律师事务所 律师（分界镇驻村律师）", kind("village_lawyer", "律师")),
        ("分界镇村居法律顾问", kind("village_lawyer", "法律顾问")),
        ("太平镇“法官联络点”调解员", Post("mediator", "", ("调解员",))),
        ("罗定市人民法院 书记员", Post()),
        ("人民陪审员", Post()),
        ("太平派出所 民警", Post()),
        ("石牌村村民", Post()),
        ("个体户", Post()),
        ("", Post()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_post_decides(unit_and_duty, post):
    assert read_post(unit_and_duty) == post


@pytest.mark.parametrize(
    ("unit_and_duty", "note", "post"),
    [
        ("太平镇综治中心主任", "兼任联络人员", Post("liaison_officer", "", ("联络人员",))),
        ("太平镇综治中心主任", "原联络员", kind("town_cadre", "综治中心")),
        ("太平镇综治中心主任", "不再担任联络员", kind("town_cadre", "综治中心")),
        ("罗定市人民法院", "法官助理", Post("judge_assistant", "", ("法官助理",))),
        ("广东某律师事务所 律师", "驻村", kind("village_lawyer", "律师")),
        ("太平镇人民政府 科员", "调解人员", kind("town_cadre", "科员")),
        ("退休教师", "调解员", Post("mediator", "", ("调解员",))),
        ("退休法官", "人民调解员", kind("peoples_mediator", "人民调解员")),
        ("分界镇前法官助理 现石牌村村民", "", Post()),
        ("太平镇前支部书记 网格员", "", kind("grid_worker", "网格员")),
        ("太平镇石前村干部", "", kind("village_cadre", "村干部")),
        ("太平镇塘前网格员", "", kind("grid_worker", "网格员")),
        ("太平镇目前法官助理", "", Post("judge_assistant", "", ("法官助理",))),
        ("太平镇前进村支部书记", "", kind("village_cadre", "支部书记")),
        ("太平镇", "综治办主任", kind("town_cadre", "综治办")),
        ("太平镇综治中心主任", "协助法官调解", kind("town_cadre", "综治中心")),
        ("太平镇综治中心主任", "联络人：测四 13800000001", kind("town_cadre", "综治中心")),
        ("罗定市人民法院 法官助理", "联络员", Post("judge_assistant", "", ("法官助理",))),
        ("罗定市人民法院太平人民法庭", "员额法官 负责太平镇", Post("judge", "", ("员额法官",))),
        ("罗定市人民法院 书记员", "协助法官", Post()),
        ("罗定市人民法院 书记员", "联络员", Post("liaison_officer", "", ("联络员",))),
        ("", "法官助理", Post("judge_assistant", "", ("法官助理",))),
        ("太平镇“法官联络员”", "", Post("liaison_officer", "", ("联络员",))),
        ("个体户", "网格员", kind("grid_worker", "网格员")),
        ("罗定市人民法院立案庭 审判员", "负责太平镇、罗镜镇", Post("judge", "", ("审判员",))),
    ],
)
def test_the_note_helps_and_its_word_for_the_seat_goes_first(unit_and_duty, note, post):
    assert read_post(unit_and_duty, note) == post


def right(row: dict[str, str]) -> bool:
    post = read_post(row["unit_and_duty"], row["note"])
    return (post.role, post.kind) == (row["role"], row["kind"])


def test_every_post_the_words_were_chosen_on_is_understood():
    assert [row["unit_and_duty"] for row in CHOSEN_ON if not right(row)] == []


def test_of_the_posts_held_out_ninety_five_in_a_hundred_are_understood():
    understood = sum(right(row) for row in HELD_OUT)
    assert (len(CHOSEN_ON), len(HELD_OUT), understood >= 0.95 * len(HELD_OUT)) == (79, 79, True)


def test_what_decided_is_told_in_the_words_of_the_post():
    for row in POSTS:
        post = read_post(row["unit_and_duty"], row["note"])
        written = f"{row['unit_and_duty']} {row['note']}".replace(" ", "")
        assert all(word in written for word in post.words), row
        assert bool(post.words) == bool(post.role), row
