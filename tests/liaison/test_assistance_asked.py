"""What the court may ask a point for: what starts with it, what is refused at which field."""

from datetime import timedelta

import pytest

from core.errors import Refused
from core.models import Deadline
from liaison.actions import assistance as acts
from liaison.choices import AssistanceKind, AssistanceState, Commissioner
from liaison.models import AssistanceRequest, Tribunal
from tests.conftest import TAIPING
from tests.liaison import assistance_kit as kit
from tests.liaison.assistance_kit import DUE, SENT, VISITED, ask, deadline, told

K, S = AssistanceKind, AssistanceState
pytestmark = pytest.mark.usefixtures("visit_day")


def test_asking_starts_the_courts_day_for_the_officer_and_tells_them(asked, officer_of_taiping):
    assert (asked.state, asked.asking_court) == (S.SENT, "罗定市人民法院")
    assert deadline(asked) == (DUE, officer_of_taiping, None, "")
    assert told(officer_of_taiping) == [f"{kit.NUMBER}：罗定市人民法院请协助直接送达，请接收。"]


def test_no_day_of_this_kind_is_counted_by_a_rule(asked):
    rule = Deadline.objects.about(asked).get().rule

    assert (rule.length, rule.internal) == (None, True)
    assert "法律没有规定日数" in rule.basis


def test_the_tribunal_that_serves_the_town_is_proposed(point, court_clerk):
    tribunal = Tribunal.objects.create(name="太平人民法庭")
    tribunal.towns.add(TAIPING)

    assert [ask(point, court_clerk, **given).asking_court for given in ({}, {"asking_court": "罗定市人民法院"})] == [
        "太平人民法庭",
        "罗定市人民法院",
    ]


def test_the_clerk_records_what_the_post_asks(point, court_clerk):
    request = ask(point, court_clerk, commissioner=Commissioner.POST, postal_office="罗定市邮政分公司")

    assert (request.commissioner, request.postal_office) == (Commissioner.POST, "罗定市邮政分公司")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "tea"}, "kind"),
        ({"court_number": " "}, "court_number"),
        ({"task": ""}, "task"),
        ({"due_on": SENT}, "due_on"),
        ({"due_on": SENT - timedelta(days=1)}, "due_on"),
        ({"person_name": ""}, "person_name"),
        ({"address": ""}, "address"),
        ({"instrument": ""}, "instrument"),
        ({"copies": 0}, "copies"),
        ({"copies": 101}, "copies"),
        ({"kind": K.FIND_PERSON}, "instrument"),
        ({"asking_court": "别处人民法庭"}, "asking_court"),
        ({"commissioner": "bank"}, "commissioner"),
        ({"commissioner": Commissioner.POST}, "postal_office"),
        (
            {
                "commissioner": Commissioner.POST,
                "postal_office": "邮政",
                "kind": K.OUTREACH,
                "instrument": "",
                "copies": 0,
            },
            "kind",
        ),
    ],
)
def test_what_is_missing_or_does_not_fit_is_refused_at_its_field(changed, field, point, court_clerk):
    with pytest.raises(Refused) as refused:
        ask(point, court_clerk, **changed)

    assert (refused.value.field, AssistanceRequest.objects.count()) == (field, 0)


def test_a_judge_does_not_record_for_the_post(point, reviewing_judge):
    with pytest.raises(Refused) as refused:
        ask(point, reviewing_judge, commissioner=Commissioner.POST, postal_office="罗定市邮政分公司")

    assert (refused.value.field, str(refused.value)) == (
        "commissioner",
        "邮政机构提出的请求由立案人员登记。请交给立案人员。",
    )


def test_a_day_to_come_is_no_day_of_sending(point, court_clerk):
    with pytest.raises(Refused) as refused:
        acts.request_assistance(point_id=point.pk, asked=kit.SERVICE, by=court_clerk, on=VISITED + timedelta(days=1))

    assert refused.value.field == "on"


def test_the_same_form_sent_twice_is_one_request(point, court_clerk):
    first, second = (
        acts.request_assistance(
            point_id=point.pk, asked=kit.SERVICE, by=court_clerk, on=SENT, idempotency_key="one form"
        )
        for _ in range(2)
    )

    assert (first.pk, AssistanceRequest.objects.count()) == (second.pk, 1)
