"""What a dispute is called."""

import pytest

from disputes.titles import title_of


@pytest.mark.parametrize(
    ("applicants", "respondents", "cause", "title"),
    [
        (["沈水旺"], ["梁伯坚"], "民间借贷纠纷", "沈水旺与梁伯坚民间借贷纠纷"),
        (["沈水旺"], [], "民间借贷纠纷", "沈水旺民间借贷纠纷"),
        (["沈水旺", "沈金娣"], ["梁伯坚"], "劳动争议", "沈水旺等2人与梁伯坚劳动争议"),
        (["沈水旺"], ["梁伯坚", "梁少强", "梁少明"], "纠纷", "沈水旺与梁伯坚等3人纠纷"),
        (["甲" * 80], ["乙" * 80], "农村土地承包合同纠纷", f"{'甲' * 24}与{'乙' * 24}农村土地承包合同纠纷"),
    ],
    ids=["one each", "respondent unknown", "two applicants", "three respondents", "very long names"],
)
def test_a_dispute_is_called_by_its_first_names_and_its_cause(applicants, respondents, cause, title):
    assert title_of(applicants, respondents, cause) == title
