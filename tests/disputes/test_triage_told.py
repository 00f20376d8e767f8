"""What is told as done and over is no threat, who goes to an office together is a crowd, a paid promise is private."""

import pytest

from disputes.triage import suggest
from tools.learn_triage import written_lexicon


@pytest.mark.parametrize(
    "story",
    [
        "邻居把老人推下楼梯。",
        "拉扯中被推下楼梯。",
        "不小心把老人推下楼梯",
        "我被他推下河，衣服手机都湿了，只要他赔手机。",
        "孩子在学校被推下楼梯，要求学校赔偿。",
        "两人争执时，他把我妈推下楼梯，造成骨折。",
        "我儿子被人推下台阶摔伤，就想请他出药费。",
        "微信已被拉黑，找上门也不开门。",
        "对方已经拉黑我，就是不还钱。",
        "退货的钱没到账，对方已经拉黑我。",
    ],
)
def test_a_fall_that_is_told_or_being_blocked_is_no_alarm(story):
    found = suggest(story)
    assert (found.risk == "high", found.suitable) == (False, True)


@pytest.mark.parametrize(
    "story",
    [
        "他说再去闹就把我推下楼梯摔死。",
        "她威胁要推我下楼梯。",
        "他扬言下次就把我妈从楼梯上推下去。",
        "他对我女儿说，不还钱就推你下河。",
        "他拉黑我之前说，今晚就来砍死我全家。",
    ],
)
def test_who_announces_a_push_or_blocks_and_threatens_is_an_alarm(story):
    assert suggest(story).risk == "high"


def test_a_push_of_ones_kin_by_others_is_no_violence_at_home():
    assert suggest("两人争执时，他把我妈推下楼梯，造成骨折。", written_lexicon()).suitable is True
    at_home = "我老公把我妈推下楼梯，造成骨折，我怕得不敢回家。"
    assert suggest(at_home, written_lexicon()).unsuitable_because == "domestic_violence"


@pytest.mark.parametrize(
    "story",
    [
        "他说认识教育局的人，收我五万办学位，没有办成，要他还钱。",
        "有人承诺帮孩子进重点学校，收了两万，没办成不退钱。",
        "熟人说有关系能让孩子进重点小学，收了五万，没办成，要他退钱。",
        "表哥说能给我儿子弄个编制，收了八万活动费，没消息，钱也不退。",
    ],
)
def test_a_paid_promise_of_a_place_is_a_private_claim(story):
    assert suggest(story).unsuitable_because is None


@pytest.mark.parametrize(
    ("story", "code"),
    [
        ("学校招生办说我孩子户口不符，不给学位，我不服。", "administrative"),
        ("他冒充教育局科长，说能进重点学校，骗了我们几家人的钱就跑了。", "criminal"),
    ],
)
def test_what_a_school_office_decides_and_a_swindler_are_none(story, code):
    assert suggest(story).unsuitable_because == code


@pytest.mark.parametrize(
    ("story", "level"),
    [
        ("我们十个人一起去镇政府讨说法", "medium"),
        ("大家约好明天一起去镇政府讨说法。", "medium"),
        ("工友们商量好，一齐到县政府门口坐着讨薪。", "medium"),
        ("约了十来个人到镇里反映。", "medium"),
        ("六十多个村民一起到镇政府门口静坐，不答应就不走。", "high"),
        ("十个人一起去镇政府办社保，坐我的车，车费没给。", "low"),
        ("二十几个阿婆一起去镇政府领高龄牌，挤坏了一把伞。", "low"),
    ],
)
def test_who_goes_to_an_office_together_to_demand_is_a_crowd(story, level):
    found = suggest(story, written_lexicon())
    assert (found.risk, "聚众" in found.risk_kinds) == (level, level != "low")


@pytest.mark.parametrize(
    "told",
    [
        "三十多个工人围住老板要他签字，不签不让走。",
        "五十几个人堵在办证大厅门口，不让别人进出。",
        "他上次打伤我住了医院，昨天又扬言要把我儿子丢到河里。",
        "他扬言不给钱就把我儿子丢到河里。",
    ],
)
def test_a_paper_to_be_signed_or_an_old_injury_hides_no_danger(told):
    assert (suggest(told, written_lexicon()).risk, suggest(told).risk) == ("high", "high")


@pytest.mark.parametrize(
    ("told", "level"),
    [
        ("我想唔开，净系想同个女一齐走咗去。", "high"),
        ("老人家谂唔开，唔食唔饮几日。", "high"),
        ("你唔好咁谂唔开，钱可以慢慢还。", "low"),
    ],
    ids=["with her child", "an old man", "said to comfort"],
)
def test_who_sees_no_way_out_is_heard_in_cantonese_too(told, level):
    assert suggest(told).risk == level
