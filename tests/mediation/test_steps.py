"""The pages of the steps: what they refuse, what they keep, where they lead, who is let in."""

from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.models import StoredFile
from disputes.choices import DisputeState, Side
from disputes.models import Dispute
from mediation.models import Mediation, PerformanceItem, Session
from tests.mediation.conftest import start
from tests.mediation.test_performance import PDF

pytestmark = pytest.mark.django_db


def url(name: str, dispute: Dispute, *more) -> str:
    return reverse(f"mediation:{name}", args=[dispute.code, *more])


@pytest.fixture
def mediator(client_of, mediator_of_taiping):
    return client_of(mediator_of_taiping)


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


# ── start ────────────────────────────────────────────────────────────────────
def test_mediation_is_started_from_its_page(mediator, dispute):
    response = mediator.post(url("start", dispute), {"on": "2023-09-20", "mode": "offline", "version": 1})

    dispute.refresh_from_db()
    assert (response.status_code, response.url) == (302, dispute.get_absolute_url())
    assert (dispute.state, said(response)) == (DisputeState.MEDIATING, ["已开始调解。"])


def test_the_start_page_asks_only_those_whose_consent_is_not_on_file(mediator, dispute):
    dispute.parties.filter(side=Side.RESPONDENT).update(consents_to_mediation=False)

    html = mediator.get(url("start", dispute)).content.decode()

    assert "被申请人梁伯坚同意调解吗" in html
    assert "申请人沈水旺同意调解吗" not in html


def test_an_explicit_refusal_is_shown_and_what_was_typed_stays(mediator, dispute):
    dispute.parties.filter(side=Side.RESPONDENT).update(consents_to_mediation=False)
    respondent = dispute.parties.get(side=Side.RESPONDENT)
    typed = {"on": "2023-09-20", "mode": "online", "version": 1, f"will-{respondent.pk}": "refuses", "active": "on"}

    response = mediator.post(url("start", dispute), typed)

    html = response.content.decode()
    assert response.status_code == 422
    assert "梁伯坚明确拒绝调解，不得调解（人民调解法第十七条）。" in html
    assert response.context["form"]["mode"].value() == "online"
    assert Mediation.objects.count() == 0


def test_a_stale_start_page_is_a_conflict_and_then_carries_the_new_version(mediator, dispute, mediator_of_taiping):
    start(dispute, mediator_of_taiping)

    response = mediator.post(url("start", dispute), {"on": "2023-09-20", "mode": "offline", "version": 1})

    assert response.status_code == 409
    page = response.content.decode()
    assert ("黎桂生 8月28日 11:00 已经办了" in page, page.count("没有保存")) == (True, 1)
    assert response.context["form"]["version"].value() == "2"


def test_the_officer_chooses_a_mediator_of_the_town(client_of, dispute, officer_of_taiping, mediator_of_taiping):
    officer = client_of(officer_of_taiping)
    typed = {"on": "2023-09-20", "mode": "offline", "version": 1}

    without = officer.post(url("start", dispute), typed)
    response = officer.post(url("start", dispute), {**typed, "mediator": mediator_of_taiping.pk})

    assert (without.status_code, without.context["form"].errors["mediator"]) == (422, ["请选择由谁调解。"])
    assert response.status_code == 302


# ── meetings ─────────────────────────────────────────────────────────────────
def test_a_meeting_is_recorded_from_its_page(mediator, mediating):
    parties = [str(party.pk) for party in mediating.parties.all()]
    typed = {
        "held_on": "2023-08-30",
        "from_time": "15:00",
        "to_time": "16:10",
        "mode": "onsite",
        "attended": parties,
        "rights_told": "on",
        "record": "双方各自陈述。",
        "private_note": "底线四万五",
    }

    response = mediator.post(url("session-new", mediating), typed)

    session = Session.objects.get()
    assert (response.status_code, session.held_on, session.private_note) == (302, date(2023, 8, 30), "底线四万五")


def test_a_meeting_without_anybody_is_refused_at_the_field(mediator, mediating):
    typed = {"held_on": "2023-08-30", "mode": "onsite", "record": "双方各自陈述。", "rights_told": "on"}

    response = mediator.post(url("session-new", mediating), typed)

    assert response.status_code == 422
    assert response.context["form"].errors == {"attended": ["请勾选到场的当事人。只见了一方的，勾这一方。"]}
    assert response.context["form"]["record"].value() == "双方各自陈述。"


# ── endings ──────────────────────────────────────────────────────────────────
def test_failure_needs_the_other_ways_to_be_told(mediator, met):
    typed = {"on": "2023-09-05", "reason": "差距太大", "version": 2}

    refused = mediator.post(url("fail", met), typed)
    done = mediator.post(url("fail", met), {**typed, "ways_told": "on"})

    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["ways_told"])
    met.refresh_from_db()
    assert (done.status_code, met.state) == (302, DisputeState.FAILED)


def test_a_mediation_is_ended_and_taken_up_again_and_archived(mediator, met):
    mediator.post(url("end", met), {"on": "2023-09-05", "ground": "withdrawn", "reason": "申请人不谈了", "version": 2})
    mediator.post(url("reopen", met), {"on": "2023-09-10", "mode": "offline", "reason": "又愿意谈了", "version": 3})
    mediator.post(url("fail", met), {"on": "2023-09-12", "reason": "还是谈不拢", "ways_told": "on", "version": 4})

    response = mediator.post(url("archive", met), {"on": "2023-09-20", "note": "", "version": 5})

    met.refresh_from_db()
    assert (response.status_code, met.state, met.outcome) == (302, DisputeState.ARCHIVED, "failed")
    assert met.mediations.count() == 2


# ── after the agreement ──────────────────────────────────────────────────────
def test_performance_is_noted_with_its_receipt(mediator, agreed):
    item = PerformanceItem.objects.get(serial=1)
    receipt = SimpleUploadedFile("收条.pdf", PDF, content_type="application/pdf")

    response = mediator.post(
        url("performance-done", agreed), {"item": item.pk, "on": "2023-09-15", "note": "转账", "file": receipt}
    )

    item.refresh_from_db()
    assert (response.status_code, item.done_on) == (302, date(2023, 9, 15))
    assert StoredFile.objects.get().kind == "receipt"


@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_can_be_noted_as_performed_before_the_agreement_binds(mediator, drafted, method):
    response = getattr(mediator, method)(url("performance-done", drafted))

    assert (response.status_code, response.url, said(response)) == (
        302,
        drafted.get_absolute_url(),
        ["还不能登记履行：本件没有已经生效的协议。协议签齐生效后再登记。"],
    )


def test_an_item_already_performed_is_no_longer_offered(mediator, agreed):
    item = PerformanceItem.objects.get(serial=1)
    typed = {"item": item.pk, "on": "2023-09-15"}
    mediator.post(url("performance-done", agreed), typed)

    response = mediator.post(url("performance-done", agreed), typed)

    assert (response.status_code, response.context["form"].errors["item"]) == (
        422,
        ["这一期已经登记过，请刷新页面。"],
    )


def test_a_file_that_is_not_what_it_says_is_refused_at_its_field(mediator, met):
    upload = SimpleUploadedFile("欠条.pdf", b"MZ nothing", content_type="application/pdf")

    response = mediator.post(url("paper-new", met), {"kind": "evidence", "file": upload})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["file"])
    assert StoredFile.objects.count() == 0


def test_of_several_papers_the_good_ones_are_filed_and_the_others_named(mediator, met):
    good, bad = SimpleUploadedFile("欠条.pdf", PDF), SimpleUploadedFile("录音.amr", b"#!AMR")

    response = mediator.post(url("paper-new", met), {"kind": "evidence", "file": [good, bad]})

    assert response.status_code == 422
    assert "已收进 1 份。没有收进：录音.amr：不能接收「.amr」这种文件。" in response.content.decode()
    assert [one.name for one in StoredFile.objects.all()] == ["欠条.pdf"]


def test_a_paper_sent_by_itself_is_answered_with_its_line(mediator, met):
    sent = {"kind": "evidence", "file": SimpleUploadedFile("欠条.pdf", PDF)}
    wrong = {"kind": "evidence", "file": SimpleUploadedFile("录音.amr", b"#!AMR")}

    kept = mediator.post(url("paper-new", met), sent, headers={"X-Upload": "1"})
    refused = mediator.post(url("paper-new", met), wrong, headers={"X-Upload": "1"})

    assert (kept.status_code, refused.status_code) == (200, 422)
    assert "欠条.pdf　已收进卷宗" in kept.content.decode()
    assert "录音.amr：不能接收" in refused.content.decode()


def test_parties_who_want_no_confirmation_are_noted(mediator, agreed):
    response = mediator.post(url("waive", agreed), {"on": "2023-09-20", "version": agreed.version})

    assert (response.status_code, said(response)) == (302, ["已记下。"])


# ── who is let in ────────────────────────────────────────────────────────────
STEPS = [
    *("start", "session-new", "fail", "end", "reopen", "archive", "waive", "performance-done", "paper-new"),
    *("agreement-new", "agreement-edit", "agreement-sign"),
]


@pytest.mark.parametrize("name", STEPS)
def test_another_towns_dispute_is_not_there(client_of, agreed, mediator_of_shuangdong, name):
    client = client_of(mediator_of_shuangdong)

    assert (client.get(url(name, agreed)).status_code, client.post(url(name, agreed)).status_code) == (404, 404)


@pytest.mark.parametrize(
    "who", ["reviewing_judge", "court_clerk", "justice_officer", "committee_officer", "admin", "auditor"]
)
@pytest.mark.parametrize("name", STEPS)
def test_who_has_no_part_in_it_is_forbidden(cast, client_of, agreed, name, who):
    client = client_of(cast[who])

    assert (client.get(url(name, agreed)).status_code, client.post(url(name, agreed)).status_code) == (403, 403)


@pytest.mark.parametrize("name", STEPS)
def test_a_colleague_of_the_town_does_not_act_on_the_case(client_of, agreed, make_user, name):
    client = client_of(make_user("colleague", "mediator", "445381101"))

    assert client.get(url(name, agreed)).status_code == 403


@pytest.mark.parametrize("name", STEPS)
def test_a_stranger_is_sent_to_sign_in(client, agreed, name):
    assert client.get(url(name, agreed)).status_code == 302
