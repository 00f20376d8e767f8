"""司法建议 and 研判报告: drafted with figures from a cluster or a place, signed by the judge alone, sent, answered."""

import io
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.http import Http404
from docx import Document

from core.choices import Role
from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, Deadline, DeadlineRule
from disputes.actions.clusters import compare_marked
from disputes.actions.parties import PartyData
from disputes.actions.suggestions import (
    Paper,
    draft_suggestion,
    edit_suggestion,
    record_reply,
    send_suggestion,
    sign_suggestion,
)
from disputes.choices import PartyKind, Side, SuggestionKind, SuggestionState
from disputes.models import ClusterWarning, Dispute, JudicialSuggestion
from disputes.queries.suggestions import around, figures_for, ground_of
from disputes.suggestion_text import Figures, body_for, title_for
from tests.conftest import SHUANGDONG, TAIPING
from tests.disputes.conftest import NOW, TODAY, a_village

PAPER = Paper(SuggestionKind.JUDICIAL, "罗定市人力资源和社会保障局", "关于欠薪的司法建议书", "一、按月足额支付工资。")
DUE = TODAY + timedelta(days=60)
NEW = "/disputes/suggestions/new/"


@pytest.fixture(autouse=True)
def rule(db) -> DeadlineRule:
    return DeadlineRule.objects.create(
        key="suggestion_reply", title="回复司法建议", length=None, unit="set", actor="court", internal=True,
        certainty="I", valid_from="2023-01-01",
    )  # fmt: skip


@pytest.fixture
def cluster(register, mediator_of_taiping) -> ClusterWarning:
    factory = PartyData(side=Side.RESPONDENT, kind=PartyKind.ORGANISATION, name="泷州五金制品厂")
    for number in range(3):
        worker = PartyData(side=Side.APPLICANT, name=f"工友{number}", phone=f"1380001000{number}")
        register(
            mediator_of_taiping, parties=(worker, factory), case_type="labour", on=TODAY - timedelta(days=number),
            narrative="厂里拖欠三个月工资。", amount=Decimal(9_000),
        )  # fmt: skip
    compare_marked(NOW)
    return ClusterWarning.objects.get()


@pytest.fixture
def draft(cluster, judges_assistant) -> JudicialSuggestion:
    ground = ground_of(judges_assistant, {"cluster": str(cluster.pk)}, TODAY)
    return draft_suggestion(ground=ground, paper=PAPER, by=judges_assistant)


@pytest.fixture
def sent(draft, reviewing_judge, judges_assistant) -> JudicialSuggestion:
    sign_suggestion(suggestion_id=draft.pk, number="罗法建〔2023〕3号", on=TODAY, by=reviewing_judge)
    return send_suggestion(suggestion_id=draft.pk, on=TODAY, reply_due_on=DUE, by=judges_assistant)


# ── the words ────────────────────────────────────────────────────────────────
FIGURES = Figures(
    "泷州五金制品厂", "太平镇", "labour", "劳动争议", date(2023, 7, 1), TODAY, 12, 5, 2, 4, Decimal(48_000)
)  # fmt: skip


def test_the_draft_says_the_figures_and_what_might_be_done():
    assert FIGURES.said == "12 件，其中达成协议 5 件、调解不成 2 件、还在办 4 件，涉及 48,000 元"
    body = body_for(SuggestionKind.JUDICIAL, FIGURES, "罗定市人民法院")
    assert "2023年7月1日至2023年9月20日，太平镇登记以泷州五金制品厂为一方的劳动争议纠纷 12 件" in body
    assert "按月足额支付工资" in body
    assert title_for(SuggestionKind.RISK, FIGURES) == "关于泷州五金制品厂劳动争议纠纷的风险研判报告"


def test_a_title_too_long_names_the_first_towns_and_says_how_many_there_are():
    towns = tuple(f"{number}号镇" for number in range(10, 31))
    many = replace(FIGURES, about="", place="、".join(towns), towns=towns)
    few = replace(many, place="、".join(towns[:3]), towns=towns[:3])
    title = title_for(SuggestionKind.JUDICIAL, many)

    assert title == "关于10号镇、11号镇等 21 个镇（街）劳动争议纠纷的司法建议书"
    assert title_for(SuggestionKind.JUDICIAL, few) == "关于10号镇、11号镇、12号镇劳动争议纠纷的司法建议书"


def test_a_title_keeps_its_end_when_the_name_alone_is_too_long():
    title = title_for(SuggestionKind.RISK, replace(FIGURES, about="甲" * 90))

    assert (len(title), title[-16:]) == (80, "甲甲…劳动争议纠纷的风险研判报告")


def test_the_figures_of_a_cluster_and_of_a_cell_of_the_heat_are_counted(cluster, reviewing_judge):
    found = figures_for(reviewing_judge, ground_of(reviewing_judge, {"cluster": str(cluster.pk)}, TODAY))
    assert (found.count, found.open, found.amount, found.about) == (3, 3, Decimal(27_000), "泷州五金制品厂")
    village = Dispute.objects.all()[0].division_id
    cell = {"village": village, "type": "labour", "from": (TODAY - timedelta(days=1)).isoformat()}
    found = figures_for(reviewing_judge, ground_of(reviewing_judge, cell, TODAY))
    assert (found.count, found.place[:3], found.about) == (2, "太平镇", "")


def test_a_cluster_of_several_types_is_told_as_what_it_is(cluster, reviewing_judge):
    one = Dispute.objects.order_by("pk")[0]
    Dispute.objects.filter(pk=one.pk).update(case_type="private_loan", amount=Decimal(35_000))

    found = figures_for(reviewing_judge, ground_of(reviewing_judge, {"cluster": str(cluster.pk)}, TODAY))

    body = body_for(SuggestionKind.JUDICIAL, found, "罗定市人民法院")
    assert "为一方的纠纷 3 件（劳动争议 2 件、民间借贷 1 件），其中还在办 3 件，涉及 53,000 元。" in body
    assert ("按月足额支付工资" in body, title_for(SuggestionKind.JUDICIAL, found)) == (
        False,
        "关于泷州五金制品厂纠纷的司法建议书",
    )
    assert "为从源头上减少与同一方的纠纷，建议：" in body
    assert "与同一方的纠纷集中" in body_for(SuggestionKind.RISK, found, "罗定市人民法院")


def test_what_is_kept_of_a_paper_on_several_types_counts_them_all(
    cluster, reviewing_judge, judges_assistant, client_of
):
    one = Dispute.objects.order_by("pk")[0]
    Dispute.objects.filter(pk=one.pk).update(case_type="private_loan")
    ground = ground_of(judges_assistant, {"cluster": str(cluster.pk)}, TODAY)
    kept = draft_suggestion(ground=ground, paper=PAPER, by=judges_assistant)
    sign_suggestion(suggestion_id=kept.pk, number="罗法建〔2023〕4号", on=TODAY, by=reviewing_judge)
    kept = send_suggestion(suggestion_id=kept.pk, on=TODAY, reply_due_on=DUE, by=judges_assistant)

    found = around(reviewing_judge, kept, TODAY)
    html = client_of(reviewing_judge).get(kept.get_absolute_url()).content.decode()

    assert (found.before + found.after, sorted(found.kinds)) == (3, ["劳动争议", "民间借贷"])
    assert re.search("太平镇，聚集里的各类（(劳动争议、民间借贷|民间借贷、劳动争议)），按登记日计。", html)
    entry = AuditEntry.objects.get(action="suggestion.draft")
    assert entry.detail["case_types"] == ["labour", "private_loan"]


def test_a_type_that_joins_the_cluster_later_is_not_what_the_paper_is_about(cluster, sent, reviewing_judge):
    last = cluster.members.order_by("pk")[0]
    Dispute.objects.filter(pk=last.dispute_id).update(case_type="private_loan")
    cluster.members.filter(pk=last.pk).update(joined_at=sent.drafted_at + timedelta(days=1))

    assert around(reviewing_judge, sent, TODAY).kinds == ()


def test_a_cluster_over_two_towns_is_told_of_both(cluster, register, mediator_of_shuangdong, reviewing_judge):
    factory = PartyData(side=Side.RESPONDENT, kind=PartyKind.ORGANISATION, name="泷州五金制品厂")
    worker = PartyData(side=Side.APPLICANT, name="工友九", phone="13800010009")
    register(mediator_of_shuangdong, parties=(worker, factory), case_type="labour", narrative="厂里拖欠三个月工资。")
    compare_marked(NOW)

    found = figures_for(reviewing_judge, ground_of(reviewing_judge, {"cluster": str(cluster.pk)}, TODAY))

    assert (found.count, found.place, found.towns) == (4, "双东街道、太平镇", ("双东街道", "太平镇"))


def test_a_title_has_two_lines_to_be_typed_in_and_is_kept_as_one(cluster, judges_assistant, client_of):
    page, url = client_of(judges_assistant), f"{NEW}?cluster={cluster.pk}"
    typed = {"kind": "judicial", "addressee": "罗定市人力资源和社会保障局", "body": "一、按月支付。"}

    html = page.get(url).content.decode()
    page.post(url, typed | {"title": "关于泷州五金制品厂\r\n纠纷的司法建议书"})

    assert re.search(r'<textarea name="title"[^>]*rows="2"', html)
    assert JudicialSuggestion.objects.get().title == "关于泷州五金制品厂纠纷的司法建议书"


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"town": TAIPING},
        {"town": "445381110", "type": "labour"},
        {"cluster": "999"},
        {"town": "x", "type": "labour"},
    ],
)
def test_what_is_not_there_or_not_in_the_scope_is_no_ground(asked, cluster, reviewing_judge):
    with pytest.raises(Http404):
        ground_of(reviewing_judge, asked, TODAY)


# ── its life ─────────────────────────────────────────────────────────────────
def test_the_assistant_drafts_the_judge_alone_signs(draft, judges_assistant, reviewing_judge, court_clerk):
    with pytest.raises(NotAllowed):
        sign_suggestion(suggestion_id=draft.pk, number="", on=TODAY, by=judges_assistant)
    with pytest.raises(NotAllowed):
        edit_suggestion(suggestion_id=draft.pk, version=1, paper=PAPER, by=court_clerk)
    signed = sign_suggestion(suggestion_id=draft.pk, number="", on=TODAY, by=reviewing_judge)
    assert (signed.state, signed.signed_by) == (SuggestionState.SIGNED, reviewing_judge)
    with pytest.raises(Conflict):
        edit_suggestion(suggestion_id=draft.pk, version=2, paper=PAPER, by=judges_assistant)


def test_a_stale_draft_is_not_saved_over_somebodys_work(draft, judges_assistant, reviewing_judge):
    edit_suggestion(suggestion_id=draft.pk, version=1, paper=PAPER, by=reviewing_judge)
    with pytest.raises(Conflict):
        edit_suggestion(suggestion_id=draft.pk, version=1, paper=PAPER, by=judges_assistant)


def test_sent_it_has_a_day_to_reply_that_the_answer_settles(sent, reviewing_judge, judges_assistant):
    period = Deadline.objects.about(sent).get()
    assert (period.due_on, period.responsible, period.rule.internal) == (DUE, reviewing_judge, True)
    record_reply(suggestion_id=sent.pk, on=TODAY, reply="已开展检查", measures="补发工资", by=judges_assistant)
    period.refresh_from_db()
    sent.refresh_from_db()
    assert (period.settled_on, sent.state) == (TODAY, SuggestionState.REPLIED)


def test_days_must_follow_each_other(draft, reviewing_judge):
    sign_suggestion(suggestion_id=draft.pk, number="", on=TODAY, by=reviewing_judge)
    common = {"suggestion_id": draft.pk, "by": reviewing_judge}
    with pytest.raises(Refused):
        send_suggestion(on=TODAY - timedelta(days=1), reply_due_on=DUE, **common)
    with pytest.raises(Refused) as refused:
        send_suggestion(on=TODAY, reply_due_on=TODAY, **common)
    assert refused.value.field == "reply_due_on"
    assert Deadline.objects.count() == 0


def test_same_kind_before_and_after_are_told_apart_by_the_day_it_went_out(
    sent, register, mediator_of_taiping, reviewing_judge
):
    register(mediator_of_taiping, case_type="labour", narrative="厂里拖欠三个月工资。")
    register(mediator_of_taiping)  # another type
    found = around(reviewing_judge, sent, TODAY)
    assert (found.before, found.after, found.is_over) == (2, 2, False)  # of today's: the third worker and the new one
    assert around(reviewing_judge, sent, TODAY + timedelta(days=120)).is_over


def test_a_paper_that_names_two_towns_counts_both_as_far_as_one_reads(
    cluster, register, mediator_of_shuangdong, divisions, reviewing_judge, judges_assistant, make_user, client_of
):
    [factory] = cluster.members.first().dispute.parties.filter(side=Side.RESPONDENT)
    respondent = PartyData(side=Side.RESPONDENT, kind=PartyKind.ORGANISATION, name=factory.name)
    worker = PartyData(side=Side.APPLICANT, name="工友9", phone="13800010009")
    there = {"case_type": "labour", "narrative": "厂里拖欠三个月工资。", "on": TODAY - timedelta(days=1)}
    village = a_village(divisions, SHUANGDONG)
    register(mediator_of_shuangdong, parties=(worker, respondent), village=village, **there)
    compare_marked(NOW)
    ground = ground_of(judges_assistant, {"cluster": str(cluster.pk)}, TODAY)
    paper = draft_suggestion(ground=ground, paper=PAPER, by=judges_assistant)
    sign_suggestion(suggestion_id=paper.pk, number="罗法建〔2023〕5号", on=TODAY, by=reviewing_judge)
    paper = send_suggestion(suggestion_id=paper.pk, on=TODAY, reply_due_on=DUE, by=judges_assistant)
    of_one_town = make_user("judge_of_taiping", Role.JUDGE, TAIPING)

    whole, part = around(reviewing_judge, paper, TODAY), around(of_one_town, paper, TODAY)

    assert figures_for(reviewing_judge, ground).count == whole.before + whole.after == 4
    assert set(whole.place.split("、")) == {"太平镇", "双东街道"}
    assert (part.before + part.after, part.place) == (3, "太平镇")
    page = client_of(reviewing_judge).get(paper.get_absolute_url()).content.decode()
    assert f"{whole.place}，同一类型，按登记日计。" in page


# ── the pages ────────────────────────────────────────────────────────────────
def test_from_the_cluster_to_the_reply_on_the_pages(cluster, client_of, reviewing_judge, committee_officer):
    browser = client_of(reviewing_judge)
    asked = f"{NEW}?cluster={cluster.pk}"
    form = browser.get(asked).context["form"]
    typed = {name: form[name].value() for name in ("kind", "title", "body")}
    assert browser.post(asked, typed).status_code == 422
    url = browser.post(asked, typed | {"addressee": PAPER.addressee}).url
    assert client_of(committee_officer).get(url).status_code == 404  # a draft is the court's own
    assert browser.post(f"{url}sign/", {"number": "", "on": "2023-09-21"}).status_code == 422
    for verb, data in (
        ("sign", {"number": "罗法建〔2023〕3号", "on": "2023-09-20"}),
        ("send", {"on": "2023-09-20", "reply_due_on": "2023-11-20"}),
        ("reply", {"on": "2023-09-20", "reply": "已开展检查", "measures": "补发工资"}),
    ):
        assert browser.post(f"{url}{verb}/", data).status_code == 302, verb
    assert browser.post(f"{url}send/", {"on": "2023-09-20", "reply_due_on": "2023-11-20"}).status_code == 409
    html = client_of(committee_officer).get(url).content.decode()
    assert "补发工资" in html
    assert "发出前后三个月" in html
    assert browser.post(f"{url}nothing/").status_code == 404


def test_the_word_paper_holds_its_words_line_by_line(sent, client_of, judges_assistant):
    answer = client_of(judges_assistant).post(f"{sent.get_absolute_url()}paper/")
    lines = [paragraph.text for paragraph in Document(io.BytesIO(answer.content)).paragraphs]
    assert "罗定市人力资源和社会保障局：" in lines
    assert "一、按月足额支付工资。" in lines
    assert "以上请研究办理，并于2023年11月19日前将办理情况书面回复本院。" in lines


def test_a_town_does_not_read_them(sent, client_of, officer_of_taiping):
    assert client_of(officer_of_taiping).get("/disputes/suggestions/").status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_number_of_queries(rows, cluster, reviewing_judge, client_of, django_assert_num_queries):
    ground = ground_of(reviewing_judge, {"cluster": str(cluster.pk)}, TODAY)
    for _ in range(rows):
        draft_suggestion(ground=ground, paper=PAPER, by=reviewing_judge)
    browser = client_of(reviewing_judge)
    with django_assert_num_queries(5):
        browser.get("/disputes/suggestions/")
