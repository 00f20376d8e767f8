"""Sums as people write them, worked out by hand; what is not certain is not guessed."""

from decimal import Decimal

import pytest

from disputes.amounts import is_about, read_about, read_amount, why_unread


@pytest.mark.parametrize(
    ("written", "yuan"),
    [
        ("48000", "48000"),
        ("48,000元", "48000"),
        ("¥ 300.50", "300.5"),
        ("4.8万", "48000"),
        ("３千", "3000"),
        ("三万元", "30000"),
        ("人民币三万元整", "30000"),
        ("壹万贰仟元整", "12000"),
        ("两万五", "25000"),
        ("三千五", "3500"),
        ("一百二", "120"),
        ("十二", "12"),
        ("一百零五", "105"),
        ("一千零五十", "1050"),
        ("三万零五百", "30500"),
        ("三万五百", "30500"),
        ("三万零五", "30005"),
        ("二十三万五千", "235000"),
        ("一亿二", "120000000"),
        ("五块钱", "5"),
        ("2万3", "23000"),
        ("12万5千", "125000"),
        ("2万0300", "20300"),
        ("3千2", "3200"),
        ("廿三万", "230000"),
        ("一百卅五", "135"),
    ],
)
def test_a_sum_is_read(written, yuan):
    assert read_amount(written) == Decimal(yuan)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "元",
        "很多",
        "几万",
        "三万多",
        "约三万",
        "三五",
        "二〇二三",
        "三百五千",
        "三万四万",
        "百万",
        "一万零",
        "1.234",
        "2万30",
        "2千30",
        "12345万6",
        "2万3左右",
    ],
)
def test_what_is_not_certain_is_not_guessed(written):
    assert read_amount(written) is None


@pytest.mark.parametrize(
    ("written", "yuan"),
    [
        ("五万左右", "50000"),
        ("大概五万", "50000"),
        ("约3.5万", "35000"),
        ("大约5万元左右", "50000"),
        ("人民币约三万元", "30000"),
        ("差不多 2万3 上下", "23000"),
    ],
)
def test_a_sum_that_is_about_so_much_is_taken_only_where_it_may_be(written, yuan):
    assert (read_about(written), is_about(written), read_amount(written)) == (Decimal(yuan), True, None)
    assert why_unread(written) == "看不出是多少：这里要写确定的数，不写「约」「左右」。"


@pytest.mark.parametrize("written", ["三十来万", "三万多", "好几万", "十几万元", "数十万", "五万多元", "五千把块"])
def test_a_sum_that_is_none_is_asked_for(written):
    said = "看不出是多少：「几」「多」「来」定不下一个数。请问清楚再填，问不清的留空。"
    assert (read_about(written), why_unread(written, about=True)) == (None, said)


@pytest.mark.parametrize("written", ["很多", "约定", "左右", "", "48000", "两万五", "五约万"])
def test_not_every_word_means_about(written):
    assert not is_about(written)
    assert read_about(written) == read_amount(written)
