"""Merging cannot be undone: a number that is typed is shown with its people before anything is done."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.access import NotAllowed
from core.errors import Refused
from disputes.models import Dispute, Party
from mediation.actions.merging import check_merge
from tests.conftest import SHUANGDONG
from tests.mediation.test_together_pages import html_of, url

pytestmark = pytest.mark.django_db
TYPED = {"code": "tp23080146", "reason": "同一张欠条，电话13800006072", "on": "2023-09-18"}


@pytest.fixture
def double(dispute, make_dispute) -> Dispute:
    return make_dispute(dispute.handler, code="TP2309-0002")


@pytest.fixture
def mine(client_of, dispute):
    return client_of(dispute.handler)


def test_a_typed_number_is_shown_beside_this_one_and_nothing_is_merged_yet(mine, double, dispute):
    answer = mine.post(url("merge", double), TYPED)

    html = answer.content.decode()
    double.refresh_from_db()
    assert (answer.status_code, double.merged_into) == (200, None)
    for one in (double, dispute):
        told = [one.code, str(one.case_type), one.get_state_display(), one.division.short_name]
        told += [party.name for party in one.parties.all()]
        assert [words for words in told if words not in html] == []
    assert "TP2309-0002 并入 TP2308-0146，并案后不能撤销。" in html
    assert html.count("<dt>登记日</dt>") == 2


def test_no_number_stands_on_that_page_but_what_is_sent_on(mine, double, dispute):
    dispute.parties.update(name="陈某13912345678")

    html = mine.post(url("merge", double), TYPED).content.decode()

    shown = re.sub(r'<input type="hidden"[^>]*>', "", html)
    assert [number for number in ("13800006072", "13912345678") if number in shown] == []


def test_confirmed_it_is_merged(mine, double, dispute):
    first = mine.post(url("merge", double), TYPED).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(code|reason|on)" value="([^"]*)"', first))

    done = mine.post(url("merge", double), fields | {"confirmed": dispute.code})

    double.refresh_from_db()
    assert (done.status_code, double.merged_into) == (302, dispute)


def test_confirming_one_does_not_merge_into_another(mine, double, make_dispute, dispute):
    third = make_dispute(dispute.handler, code="TP2309-0003")

    answer = mine.post(url("merge", double), TYPED | {"code": third.code, "confirmed": dispute.code})

    double.refresh_from_db()
    assert (answer.status_code, double.merged_into) == (200, None)
    assert "并入 TP2309-0003，并案后不能撤销。" in answer.content.decode()


def test_who_goes_back_finds_what_was_typed(mine, double):
    html = mine.post(url("merge", double), TYPED | {"again": "1"}).content.decode()

    double.refresh_from_db()
    assert ("同一张欠条" in html, 'value="tp23080146"' in html, double.merged_into) == (True, True, None)
    assert 'class="err' not in html


def test_one_that_was_never_offered_is_shown_too_though_it_comes_as_chosen(mine, double, make_dispute, dispute):
    stranger = make_dispute(dispute.handler, code="TP2309-0003")
    stranger.parties.all().delete()

    answer = mine.post(url("merge", double), TYPED | {"code": "", "chosen": stranger.code})

    double.refresh_from_db()
    assert (answer.status_code, double.merged_into) == (200, None)
    assert "还没有登记" in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"code": "TP2309-0002"}, "不能并入它自己。"),
        ({"code": "TP2309-9999"}, "没有编号「TP2309-9999」，或不在您的范围内。"),
        ({"code": "SD2309-0001"}, "没有编号「SD2309-0001」，或不在您的范围内。"),
        ({"code": "", "chosen": "T" * 21}, "没有这么长的编号"),
        ({"code": "", "chosen": "长" * 100_000}, "没有这么长的编号"),
    ],
)
def test_what_cannot_be_merged_into_is_said_before_anything_is_asked(
    typed, said, mine, double, make_dispute, mediator_of_shuangdong
):
    make_dispute(mediator_of_shuangdong, code="SD2309-0001", town=SHUANGDONG, title="不该看见的一件")

    answer = mine.post(url("merge", double), TYPED | typed)

    html = answer.content.decode()
    assert (answer.status_code, said in html, "不该看见" in html, len(html) < 100_000) == (422, True, False, True)


def test_asking_refuses_what_merging_would(double, dispute, make_user, reviewing_judge):
    with pytest.raises(Refused):
        check_merge(dispute=double, kept=double, by=dispute.handler)
    with pytest.raises(NotAllowed):
        check_merge(dispute=double, kept=dispute, by=reviewing_judge)


def test_the_page_asks_the_database_the_same_with_more_people(mine, double, dispute, django_assert_num_queries):
    with CaptureQueriesContext(connection) as asked:
        mine.post(url("merge", double), TYPED)
    for name in ("梁大", "梁二"):
        Party.objects.create(dispute=dispute, side="respondent", name=name)

    with django_assert_num_queries(len(asked)):
        html = mine.post(url("merge", double), TYPED).content.decode()

    assert ("梁二" in html, len(asked) <= 20) == (True, True)


# ── what is offered, what stays ──────────────────────────────────────────────
def test_a_double_that_somebody_else_handles_is_not_offered_but_said_beside(
    client_of, dispute, make_dispute, make_user, officer_of_taiping
):
    colleague = make_user("another", "mediator", name="黎桂生")
    double = make_dispute(dispute.handler, code="TP2309-0002")
    for serial in range(3, 9):  # newer ones of a colleague do not push out what may be chosen
        make_dispute(colleague, code=f"TP2309-000{serial}")

    mine, theirs = (html_of(client_of(user), url("merge", double)) for user in (dispute.handler, officer_of_taiping))

    assert re.findall(r'name="chosen" value="(TP[^"]*)"', mine) == ["TP2308-0146"]
    assert ("TP2309-0008（黎桂生承办）" in mine, "请承办人或本镇（街）联络人员来并。" in mine) == (True, True)
    assert re.findall(r'name="chosen" value="(TP[^"]*)"', theirs) == [f"TP2309-000{n}" for n in range(8, 3, -1)]
    assert "不由您承办" not in theirs


def test_the_page_to_merge_asks_no_more_for_what_is_not_ones_own(
    client_of, dispute, make_dispute, make_user, django_assert_num_queries
):
    colleague = make_user("another", "mediator")
    double, mine = make_dispute(dispute.handler, code="TP2309-0002"), client_of(dispute.handler)
    with CaptureQueriesContext(connection) as without:
        mine.get(url("merge", double))
    for serial in range(3, 6):
        make_dispute(colleague, code=f"TP2309-000{serial}")

    with django_assert_num_queries(len(without)):
        mine.get(url("merge", double))


def test_one_that_somebody_else_handles_is_refused_at_the_field_and_what_was_typed_stays(
    client_of, dispute, make_dispute, make_user
):
    double = make_dispute(dispute.handler, code="TP2309-0002")
    Dispute.objects.filter(pk=dispute.pk).update(handler=None, registered_by=make_user("another", "mediator"))
    typed = {"chosen": dispute.code, "reason": "同一张欠条", "on": "2023-09-18"}

    refused = client_of(double.handler).post(url("merge", double), typed)

    html = refused.content.decode()
    assert (refused.status_code, "TP2308-0146 不由您承办" in html, "同一张欠条" in html) == (422, True, True)


def test_the_merged_page_leads_to_the_one_kept(client_of, dispute, make_dispute, mediator_of_taiping):
    double = make_dispute(mediator_of_taiping, code="TP2309-0002")
    mine = client_of(mediator_of_taiping)

    sure = {"code": dispute.code, "confirmed": dispute.code, "reason": "同一张欠条", "on": "2023-09-18"}
    mine.post(url("merge", double), sure)

    html = html_of(mine, double.get_absolute_url())
    assert f'本件已并入 <a href="{dispute.get_absolute_url()}">TP2308-0146</a>' in html
    assert "TP2309-0002</a> 并入本件" in html_of(mine, url("together", dispute))


def test_the_merged_page_offers_no_writing_and_says_where_to_go(client_of, dispute, make_dispute, officer_of_taiping):
    double = make_dispute(officer_of_taiping, code="TP2309-0002")
    double.parties.update(consents_to_mediation=False)
    edits = [reverse(f"disputes:{name}", args=[double.code]) for name in ("edit", "add-party")]
    edits += [
        reverse(f"disputes:{name}", args=[double.code, one.pk])
        for one in double.parties.all()
        for name in ("edit-party", "consent")
    ]
    edits += [url("paper-new", double)]
    mine = client_of(officer_of_taiping)
    before = html_of(mine, double.get_absolute_url())
    sure = {"code": dispute.code, "confirmed": dispute.code, "reason": "同一张欠条", "on": "2023-09-18"}
    mine.post(url("merge", double), sure)

    after, refused = html_of(mine, double.get_absolute_url()), mine.get(edits[0])

    assert [[f'"{edit}"' in html for edit in edits] for html in (before, after)] == [[True] * 7, [False] * 7]
    assert (refused.status_code, "请到 TP2308-0146 里办。" in refused.content.decode()) == (403, True)
