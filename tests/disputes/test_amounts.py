"""Sums as people write them, worked out by hand; what is not certain is not guessed."""

from decimal import Decimal

import pytest

from disputes.amounts import read_amount


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
    ],
)
def test_what_is_not_certain_is_not_guessed(written):
    assert read_amount(written) is None
