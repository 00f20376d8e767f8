"""What a dispute is called."""

import pytest

from disputes.models import Dispute
from disputes.titles import LENGTH, title_of

UNION = "广东省罗定市太平镇大南村第一经济合作社股份经济合作联合社农业部"  # made up, of 31 characters


@pytest.mark.parametrize(
    ("applicants", "respondents", "cause", "title"),
    [
        (["沈水旺"], ["梁伯坚"], "民间借贷纠纷", "沈水旺与梁伯坚民间借贷纠纷"),
        (["沈水旺"], [], "民间借贷纠纷", "沈水旺民间借贷纠纷"),
        (["沈水旺", "沈金娣"], ["梁伯坚"], "劳动争议", "沈水旺等2人与梁伯坚劳动争议"),
        (["沈水旺"], ["梁伯坚", "梁少强", "梁少明"], "纠纷", "沈水旺与梁伯坚等3人纠纷"),
        ([UNION], ["梁伯坚"], "买卖合同纠纷", f"{UNION}与梁伯坚买卖合同纠纷"),
        (["甲" * 80], ["乙" * 80], "农村土地承包合同纠纷", f"{'甲' * 33}…与{'乙' * 33}…农村土地承包合同纠纷"),
        (["甲" * 80], ["梁伯坚"] * 3, "纠纷", f"{'甲' * 70}…与梁伯坚等3人纠纷"),
        (["梁伯坚", "梁少强"], ["乙" * 80], "纠纷", f"梁伯坚等2人与{'乙' * 70}…纠纷"),
        (["甲" * 80], [], "纠纷", f"{'甲' * 77}…纠纷"),
        ([], [], "纠纷", "纠纷"),
    ],
    ids=["one each", "respondent unknown", "two applicants", "three respondents", "a long name stays whole",
         "both too long", "the first too long", "the second too long", "one alone too long", "nobody"],
)  # fmt: skip
def test_a_dispute_is_called_by_its_first_names_and_its_cause(applicants, respondents, cause, title):
    assert title_of(applicants, respondents, cause) == title


def test_the_title_fills_its_column_and_does_not_overflow_it():
    assert Dispute._meta.get_field("title").max_length == LENGTH
    assert len(title_of(["甲" * 80] * 100, ["乙" * 80] * 10, "农村土地承包合同纠纷")) == LENGTH
