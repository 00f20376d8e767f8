"""Sums of a story that are offered to be tapped: only those of which somebody said the figure."""

from decimal import Decimal

import pytest

from disputes.queries.stories import sums_told
from disputes.triage.numerals import moneys


@pytest.mark.parametrize(
    "story",
    [
        "前后借了二十几万，一直不还。",
        "欠我三四万元。",
        "少说也有二三十万",
        "借走20万多",
        "借走五万多元",
        "欠十来万",
        "赔了三万来块",
        "花去五万余元",
        "欠百把块",
        "欠几百块钱",
        "数万元没给",
        "数十万没给",
        "上万元的货",
        "好几十万",
        "两万几没还",
        "欠款五万来。",
        "三百块多。",
        "三块五毛",
        "五百八十元五角",
        "3-5万元",
        "三至五万元",
    ],
)
def test_a_vague_sum_is_not_offered_as_a_figure_that_nobody_said(story):
    assert sums_told(story) == ()


def test_the_sure_sum_beside_a_vague_one_is_offered():
    assert sums_told("先借三万元，后来又借二十几万。") == (Decimal(30_000),)


@pytest.mark.parametrize(
    ("story", "sum_"),
    [
        ("欠李四四十五万没还", 450_000),
        ("借了廿三万", 230_000),
        ("两万三没还", 23_000),
        ("三万元左右", 30_000),
        ("差不多三万元", 30_000),
        ("加上三万元", 30_000),
        ("说好十万元", 100_000),
        ("总数三万元", 30_000),
        ("借三万来装修房屋", 30_000),
        ("借三万元来还债", 30_000),
        ("借五万多次催讨不还", 50_000),
        ("还了三万余下不还", 30_000),
        ("欠八百蚊", 800),
        ("欠12,000元", 12_000),
        ("1.235万元货款", 12_350),
        ("工资5百元", 500),
    ],
)
def test_a_sum_that_was_said_is_offered(story, sum_):
    assert sums_told(story) == (Decimal(sum_),)


def test_cents_are_offered_as_they_were_said():
    assert sums_told("货款1200.50元") == (Decimal("1200.5"),)


def test_vague_sums_are_still_read_as_money_where_a_text_is_judged():
    assert [value for _, _, value in moneys("前后借了二十几万")] == [230_000]


def test_the_panel_offers_no_vague_sum(client_of, mediator_of_taiping, tables):
    page = client_of(mediator_of_taiping)
    html = page.post(
        "/disputes/suggest/", {"narrative": "他前后借了二十几万，又借4.8万元，一直不还。"}
    ).content.decode()
    assert ("填 48,000 元" in html, "填 230,000 元" in html) == (True, False)
    assert '{"id_amount":"48000"}' in html.replace("&quot;", '"')
